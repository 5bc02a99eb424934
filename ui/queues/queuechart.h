// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/queuefacts.h"

#include <QWidget>

class QPainter;

namespace pulsedeck {

/// How many jobs waited in one queue over time, with an axis; hatched while it was seen to be paused. GUI thread.
class QueueChart : public QWidget
{
    Q_OBJECT

public:
    explicit QueueChart(QWidget *parent = nullptr);

    /// \a clock says whether \a now is now.
    void show(const QueueFacts &queue, const QueueRecord &record, qint64 now, qint64 spanMs, const Clock &clock);
    /// "last 15 min · most 163".
    QString summary() const { return m_summary; }
    QString endText() const { return m_end; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintPause(QPainter &painter, const QRectF &plot, const QueuePause &pause) const;

    QueueFacts m_queue;
    QueueHistory m_history;
    std::vector<QueuePause> m_pauses; ///< With the one that goes on.
    QString m_summary;
    QString m_end; ///< Of the time.
    qint64 m_now = 0;
    qint64 m_spanMs = 15 * 60'000;
    qint64 m_most = 0;
};

/// How many jobs came and how many were taken per minute over time: bars above and below a line. GUI thread.
class QueueFlowChart : public QWidget
{
    Q_OBJECT

public:
    explicit QueueFlowChart(QWidget *parent = nullptr);

    void show(const std::vector<QueueFlow> &flow, qint64 now, qint64 spanMs, const Clock &clock);
    /// There is nothing to show.
    bool isBare() const { return m_flow.empty(); }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<QueueFlow> m_flow; ///< Within the span.
    qint64 m_now = 0;
    qint64 m_spanMs = 1;
};

} // namespace pulsedeck
