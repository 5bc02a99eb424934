// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "ui/common/plotview.h"

class QAreaSeries;
class QScatterSeries;

namespace pulsedeck {

/// The last gaps between a worker's beats, with the lines beyond which a beat is late, stale, or its key gone.
class IntervalChart : public PlotView
{
    Q_OBJECT

public:
    static constexpr int mostGaps = 30;

    explicit IntervalChart(QWidget *parent = nullptr);

    void showWorker(const FleetStore &store, WorkerHandle handle, qint64 now);
    int pointCount() const;

protected:
    void adoptTheme() override;
    void paintMarks(QPainter &painter) override;

private:
    void setAcross(QLineSeries *line, double value);

    QLineSeries *m_zoneTop;
    QLineSeries *m_zoneStale;
    QLineSeries *m_zoneLate;
    QAreaSeries *m_staleZone;
    QAreaSeries *m_lateZone;
    QLineSeries *m_interval;
    QLineSeries *m_late;
    QLineSeries *m_stale;
    QLineSeries *m_ttl;
    QScatterSeries *m_points;
    QList<QPointF> m_outliers;
    double m_intervalSeconds = 0;
};

} // namespace pulsedeck
