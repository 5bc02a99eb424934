// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/beatmarks.h"
#include "ui/timeline/lanegeometry.h"
#include "ui/timeline/timescale.h"

#include <QColor>
#include <QFont>
#include <QImage>
#include <QObject>
#include <QRect>

#include <vector>

class QPainter;

namespace pulsedeck {

/// How many waited in a queue from a time on.
struct DepthStep
{
    qint64 at = 0;
    qint64 waiting = 0;
};

/// Paints the lanes of the Timeline page: geometry in times onto pixels, and nothing else. All times fall on one grid of whole
/// pixels that moves as a whole, so that ticks do not shiver against each other while one pans. GUI thread.
class LanePainter : public QObject
{
    Q_OBJECT

public:
    /// What is left out.
    struct Options
    {
        bool drains = true;
        bool commands = true;
    };

    explicit LanePainter(QObject *parent = nullptr);

    void setOptions(const Options &options) { m_options = options; }
    const Options &options() const { return m_options; }
    /// \a left: the pixel at which the scale begins.
    void setScale(const TimeScale &scale, int left);
    const TimeScale &scale() const { return m_scale; }
    int left() const { return m_left; }
    int right() const { return m_left + int(m_scale.width()); }
    int x(double at) const;

    /// \a ended: ticks in the colour of what is gone.
    void paintLane(QPainter &painter, const QRect &row, const LaneGeometry &lane, bool ended);
    /// All lanes of a group: received of expected, and what is worst.
    void paintGroup(QPainter &painter, const QRect &row, const FoldedLanes &lanes);
    /// Lanes folded into a low row: what is worst.
    void paintFold(QPainter &painter, const QRect &row, const FoldedLanes &lanes);
    /// Depth of a queue, logarithmic; \a most is a full row.
    void paintDepth(QPainter &painter, const QRect &row, const std::vector<DepthStep> &steps, qint64 until, qint64 most);
    /// A time for which nothing is known, over all lanes.
    void paintUnwatched(QPainter &painter, const QRect &rows, double from, double to);
    /// A source pause, over all lanes: hatched, between two lines.
    void paintPause(QPainter &painter, const QRect &rows, double from, double to);

private:
    template <typename Same, typename Paint> void eachRun(const FoldedLanes &lanes, Same same, Paint paint) const;
    void adopt();

    TimeScale m_scale;
    int m_left = 0;
    double m_grid = 0; ///< Pixels from the beginning of all time to the left edge.
    Options m_options;
    const BeatMarks m_marks;
    QPixmap m_pauseTile;
    QImage m_foldImage; ///< Kept for its memory.
    QFont m_font;
    std::vector<QRect> m_rects; ///< Kept for its memory.
};

} // namespace pulsedeck
