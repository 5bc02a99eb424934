// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/beatmarks.h"
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

protected:
    void paintCell(QPainter &painter, const FleetCell &cell) const override;

private:
    void paintRareBeat(QPainter &painter, const FleetCell &cell, const QRect &strip, const StripFacts &facts) const;
    void paintSpan(QPainter &painter, const FleetCell &cell, const QRect &strip, const StripGeometry::Span &span) const;

    mutable StripGeometry m_geometry; ///< Filled again for each row, kept for its memory.
    const BeatMarks m_marks;
};

} // namespace pulsedeck
