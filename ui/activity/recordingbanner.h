// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"

#include <QWidget>

namespace pulsedeck {

class ToneLabel;

/// An amber line above the list while nothing is recorded: why, and what to do.
class RecordingBanner : public QWidget
{
    Q_OBJECT

public:
    explicit RecordingBanner(QWidget *parent);

    /// \a journal is whether there is one at all.
    void setState(const JournalState &state, bool journal);
    QString text() const;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    ToneLabel *m_words;
    ToneLabel *m_hint;
};

} // namespace pulsedeck
