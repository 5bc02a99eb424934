// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/fleet/celldelegate.h"

namespace pulsedeck {

// What the columns of times say; each is a CellPainter.

/// Age of the last beat, in the colour of the state when that is an exception, grey when it stands still.
void paintAgeCell(QPainter &painter, FleetLook &look, const FleetCell &cell);
/// The measured interval and how far it scatters; with few beats also their number.
void paintIntervalCell(QPainter &painter, FleetLook &look, const FleetCell &cell);
/// A bar for the time the key has left, with a notch where a healthy worker renews it, and the time in words.
void paintTtlCell(QPainter &painter, FleetLook &look, const FleetCell &cell);

} // namespace pulsedeck
