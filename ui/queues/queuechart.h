// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/queuefacts.h"

#include <QWidget>

namespace pulsedeck {

/// How many jobs waited in one queue over time, with an axis; hatched from when it was seen to be paused. GUI thread.
class QueueChart : public QWidget
{
    Q_OBJECT

public:
    explicit QueueChart(QWidget *parent = nullptr);

    void show(const QueueFacts &queue, const QueueHistory &history, qint64 now, qint64 spanMs);
    /// "last 15 min · most 163".
    QString summary() const { return m_summary; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QueueFacts m_queue;
    QueueHistory m_history;
    QString m_summary;
    qint64 m_now = 0;
    qint64 m_spanMs = 15 * 60'000;
    qint64 m_most = 0;
};

} // namespace pulsedeck
