// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"

#include <QToolButton>

namespace pulsedeck {

/// Shows only entries of this kind (and of other kinds that are chosen): a mark and a word, framed when chosen.
class KindChip : public QToolButton
{
    Q_OBJECT

public:
    KindChip(JournalKind kind, QWidget *parent);

    JournalKind kind() const { return m_kind; }
    /// Only the mark; the word is in the tool tip.
    void setNarrow(bool narrow);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    JournalKind m_kind;
    bool m_narrow = false;
};

} // namespace pulsedeck
