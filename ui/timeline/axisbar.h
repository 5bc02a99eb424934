// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/laneview.h"

#include <QWidget>

namespace pulsedeck {

/// Above the lanes: the headings of their columns, the time, the flags of what happened, and the moment under the pointer. GUI
/// thread.
class AxisBar : public QWidget
{
    Q_OBJECT

public:
    AxisBar(LaneView &view, TimeWindow &window, QWidget *parent = nullptr);

    void setFlags(const std::vector<TimelineFlag> &flags);
    void setMarkersShown(bool shown);
    void setPointer(std::optional<double> at);
    /// As LaneView::setPlayhead().
    void setPlayhead(std::optional<double> at);
    QSize sizeHint() const override;
    /// All of it in words, for readers of the screen.
    QString summary() const;

signals:
    /// A flag was clicked.
    void flagChosen(const pulsedeck::TimelineFlag &flag);
    /// The axis was clicked or the button is held over it: the whole console is to show this moment.
    void momentRequested(double at);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    bool event(QEvent *event) override;

private:
    /// A flag's place on the screen; one that has no room for words has its mark only.
    struct Placed
    {
        const TimelineFlag *flag;
        QRect rect;
        bool words;
    };
    std::vector<Placed> placed() const;
    int flagHeight() const;
    void requestMoment(const QPoint &place);
    QString momentText(double at) const;
    QRect momentBox(const QFontMetrics &metrics, const QRect &axis, double at) const;
    void paintMoment(QPainter &painter, const QRect &axis, double at, const QColor &ground, const QColor &text) const;
    const TimelineFlag *flagAt(const QPoint &place) const;

    LaneView &m_view;
    TimeWindow &m_window;
    std::vector<TimelineFlag> m_flags;
    std::optional<double> m_pointer;
    std::optional<double> m_playhead;
    bool m_scrubs = false; ///< The button is held on the axis.
    bool m_markersShown = true;
};

} // namespace pulsedeck
