// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "ui/common/plotview.h"

class QAreaSeries;

namespace pulsedeck {

/// How the TTL of a worker's key ran down and was renewed over the last two minutes, drawn from its beats and its full
/// TTL.
class TtlChart : public PlotView
{
    Q_OBJECT

public:
    static constexpr qint64 spanMs = 120'000;

    explicit TtlChart(QWidget *parent = nullptr);

    void showWorker(const FleetStore &store, WorkerHandle handle, qint64 now);

protected:
    void adoptTheme() override;
    void paintMarks(QPainter &painter) override;

private:
    QLineSeries *m_line;
    QLineSeries *m_floor;
    QAreaSeries *m_area;
    QLineSeries *m_edge; ///< The area's upper edge; the area itself would be framed all round.
    QPointF m_lowest;
    QPointF m_end;
    bool m_hasLowest = false;
    bool m_hasEnd = false;
};

} // namespace pulsedeck
