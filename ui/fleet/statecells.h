// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/fleet/celldelegate.h"

namespace pulsedeck {

// What the columns for a worker's state say; each is a CellPainter.

/// The state's mark, in the middle of its narrow column.
void paintGlyphCell(QPainter &painter, FleetLook &look, const FleetCell &cell);
/// Start of the id in the fixed-width face, and the host behind it.
void paintWorkerCell(QPainter &painter, FleetLook &look, const FleetCell &cell);
/// The reported status, and at the right what the console adds to it.
void paintStatusCell(QPainter &painter, FleetLook &look, const FleetCell &cell);
/// A small bar for each active session, up to six, and their number.
void paintSessionsCell(QPainter &painter, FleetLook &look, const FleetCell &cell);
/// The command waiting for the worker, with the time it has left.
void paintCommandCell(QPainter &painter, FleetLook &look, const FleetCell &cell);

} // namespace pulsedeck
