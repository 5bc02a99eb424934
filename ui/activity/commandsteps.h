// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"

#include <QWidget>

namespace pulsedeck {

/// The steps of one command as a ladder, oldest first: mark, step, when, and how long after the first.
class CommandSteps : public QWidget
{
    Q_OBJECT

public:
    explicit CommandSteps(QWidget *parent);

    void setSteps(const QList<JournalEntry> &steps);
    int count() const { return int(m_steps.size()); }
    /// "picked up, 14:12:37, +3.2 s".
    QString stepText(int step) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    int rowHeight() const;
    QString afterText(int step) const;

    QList<JournalEntry> m_steps;
};

} // namespace pulsedeck
