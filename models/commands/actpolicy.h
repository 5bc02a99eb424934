// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pulsedeck {

struct CommandPreview;

/// Share in percent of the available workers of each type that should stay, until an operator sets another in the
/// window.
constexpr int defaultFloorPercent = 80;

/// Whether a reason is asked for, of workers and of actors alike, in the window and in pulsedeckctl: where several go
/// or are drained, where a type would fall below its floor, where a key is removed, and where a drain is undone
/// whose beginning was not seen. For a single worker it is optional.
bool asksForReason(const CommandPreview &preview);

/// Whether the floor stands in the way unless the operator says that it is meant. \a singled: the one worker was named
/// by its id, which says it.
bool breaksFloor(const CommandPreview &preview, bool singled);

} // namespace pulsedeck
