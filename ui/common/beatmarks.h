// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/stripgeometry.h"

#include <QObject>
#include <QPixmap>

class QPainter;

namespace pulsedeck {

/// How the blocks and marks of a row of heartbeats are painted, wherever beats stand in a row: gaps by severity, draining,
/// unknown, start, end, expiry, commands. Follows the theme. GUI thread.
class BeatMarks : public QObject
{
    Q_OBJECT

public:
    explicit BeatMarks(QObject *parent = nullptr);

    /// Pixels, scaled to the screen.
    struct Heights
    {
        int block; ///< Of a gap of full height, and of a drain.
        int tick;
    };
    /// The line, the gaps and the beats of a row, but no marks and no dots. \a tick is the colour of a beat.
    void paintBeats(QPainter &painter, const StripGeometry &geometry, const QRect &strip, Heights heights,
                    const QColor &tick) const;
    /// \a full is as high as a block of full height; a late one fills its lower part, which is returned.
    QRect paintBlock(QPainter &painter, const QRect &full, StripGeometry::Block block) const;
    /// \a top: of the row; \a middle: where the beats stand.
    void paintMark(QPainter &painter, StripGeometry::Mark mark, int x, int top, int middle) const;
    /// Counters are left: dots at the height of the beats.
    void paintDots(QPainter &painter, int from, int to, int middle) const;

private:
    void makeTiles();

    QPixmap m_drainTile;
    QPixmap m_unknownTile;
};

} // namespace pulsedeck
