// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubstore.h"
#include "ui/common/plotview.h"

#include <array>

namespace pulsedeck {

/// Messages a second as the hub counts them: received, sent, errors. A line ends where the hub began a new window and
/// goes on behind it.
class HubMetricsChart : public PlotView
{
    Q_OBJECT

public:
    static constexpr double longestSpan = 15 * 60; ///< Seconds.

    explicit HubMetricsChart(QWidget *parent = nullptr);

    void showSamples(const std::deque<HubMetricsSample> &samples, qint64 now);
    /// Pieces of the line of messages received, for tests.
    int pieces() const { return m_pieces; }

protected:
    void adoptTheme() override;
    void paintMarks(QPainter &painter) override;

private:
    enum Measure : size_t { Received, Sent, Errors, MeasureCount };

    QPen penOf(Measure measure) const;
    void makeRoomForLegend();

    /// One series for each unbroken piece; more are made when they are needed, and kept.
    std::array<std::vector<QLineSeries *>, MeasureCount> m_lines;
    std::array<QString, MeasureCount> m_legend;
    int m_pieces = 0;
};

} // namespace pulsedeck
