// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/queuefacts.h"
#include "ui/common/band.h"
#include "ui/theme/glyphs.h"

#include <utility>
#include <vector>

class QBoxLayout;

namespace pulsedeck {

class FigureButton;
class Sparkline;
class ToneLabel;

/// How many jobs waited in all queues of the table over time. GUI thread.
class WaitingTrend final : public QWidget
{
    Q_OBJECT

public:
    explicit WaitingTrend(QWidget *parent);

    void show(const std::vector<QueuePoint> &points, qint64 now, qint64 spanMs, const Clock &clock);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<QueuePoint> m_points;
    qint64 m_now = 0;
    qint64 m_spanMs = 1;
    qint64 m_most = 0;
    QString m_end; ///< Of the time.
};

/// The figures above the queues: sums of what the table shows. Those of exceptions filter the list when they are clicked. GUI
/// thread.
class QueuesHeader : public Band
{
    Q_OBJECT

public:
    explicit QueuesHeader(QWidget *parent = nullptr);

    void setSums(const QueueSums &sums);
    /// How many waited in all of them, over \a spanMs until \a now, which \a clock says to be now or not.
    void setTrend(const std::vector<QueuePoint> &points, qint64 now, qint64 spanMs, const Clock &clock);
    QString trendSummary() const;
    /// How many came and were taken per minute, over the same time.
    void setFlow(const std::vector<QueueFlow> &flow, qint64 spanMs);
    /// Which figure's filter is in force.
    void setFilter(const QString &text);

signals:
    /// Empty: show all again.
    void filterRequested(const QString &text);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    /// What gives way where the row has no room, in this order.
    enum Room { Everything, TightFigures, NoLines, NoZeros, NoRates };

    void fitParts();
    void setRoom(Room room);
    ToneLabel *addFigure(QBoxLayout &row, const QString &word, const QString &name);
    /// With its line below, which has the height of the words below the others.
    QWidget *addRate(QBoxLayout &row, const QString &word, const QString &name, ToneLabel *&figure, Sparkline *&curve);
    FigureButton *addException(QBoxLayout &row, Glyph glyph, const QString &word, const QString &filter);

    ToneLabel *m_queues;
    ToneLabel *m_waiting;
    ToneLabel *m_atWork;
    ToneLabel *m_in = nullptr;
    ToneLabel *m_out = nullptr;
    Sparkline *m_inLine = nullptr;
    Sparkline *m_outLine = nullptr;
    QWidget *m_inColumn = nullptr;
    QWidget *m_outColumn = nullptr;
    FigureButton *m_unserved;
    FigureButton *m_growing;
    FigureButton *m_paused;
    WaitingTrend *m_trend;
};

} // namespace pulsedeck
