// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/laneview.h"

#include <QWidget>

namespace pulsedeck {

/// Below the lanes: the whole time that is known, with beats per second and gaps per minute, and which part of it is shown. The
/// part is dragged, and its edges by their handles; a click elsewhere shows what is there. By keys like the lanes. GUI thread.
class OverviewBar : public QWidget
{
    Q_OBJECT

public:
    OverviewBar(LaneView &view, TimeWindow &window, QWidget *parent = nullptr);

    void setOverview(const LaneOverview &overview);
    void setFlags(const std::vector<TimelineFlag> &flags);
    /// Times in which nothing was recorded.
    void setUnwatched(const std::vector<LaneTimes> &unwatched);
    /// As LaneView::setPlayhead().
    void setPlayhead(std::optional<double> at);
    QSize sizeHint() const override;
    QString summary() const;
    /// The part that is shown, on the screen.
    QRect shownRect() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    enum class Grip : quint8 { None, Left, Right, Whole };
    TimeScale scale() const;
    QRect chart() const;
    Grip gripAt(const QPoint &place) const;
    double beatsPerSecond() const;

    LaneView &m_view;
    TimeWindow &m_window;
    LaneOverview m_overview;
    std::vector<TimelineFlag> m_flags;
    std::vector<LaneTimes> m_unwatched;
    std::optional<double> m_playhead;
    Grip m_grip = Grip::None;
    double m_gripTime = 0; ///< Of the pointer, when it was pressed.
    double m_gripFrom = 0;
    double m_gripTo = 0;
};

} // namespace pulsedeck
