// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/beatmarks.h"
#include "ui/common/textplaces.h"
#include "ui/fleet/celldelegate.h"

namespace pulsedeck {

/// The inline heartbeat timeline of a row: the last stripSpanMs, now at the right.
class BeatStripDelegate : public CellDelegate
{
    Q_OBJECT

public:
    static constexpr qint64 stripSpanMs = 120'000;

    BeatStripDelegate(FleetLook &look, const FleetTableModel &model, QObject *parent);

    /// Where the strip lies inside its cell; the header's time axis uses the same edges.
    static QRect stripRect(const QRect &cell);
    /// When the last beat was, for beats farther apart than the strip is long, and when the next is due \a interval ms after it:
    /// none is promised of a worker that is not known to live.
    static QString rareBeatText(const Worker &worker, qint64 now, qint64 interval);
    /// Where the texts and marks of the row that was painted last stand.
    const std::vector<QRect> &lastPlaces() const { return m_places.taken(); }

protected:
    void paintCell(QPainter &painter, const FleetCell &cell) const override;

private:
    void paintRareBeat(QPainter &painter, const FleetCell &cell, const QRect &strip, const StripFacts &facts) const;
    void labelSpans(QPainter &painter, const FleetCell &cell, const QRect &strip) const;
    /// Where there is a place for it in \a room.
    void write(QPainter &painter, const QRect &room, const QString &text, const QColor &colour) const;

    mutable StripGeometry m_geometry; ///< Filled again for each row, kept for its memory.
    mutable TextPlaces m_places; ///< The same.
    const BeatMarks m_marks;
};

} // namespace pulsedeck
