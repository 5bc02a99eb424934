// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetevents.h"
#include "models/history/history.h"

namespace pulsedeck {

/// What happened to a worker by its track, as the store noted it then; oldest first. \a serial names it in the events. Pure.
std::vector<FleetEvent> eventsOf(const LaneTrack &track, quint32 serial, SourceId source);
/// The losses of a source, by its own track.
std::vector<FleetEvent> sourceEventsOf(const LaneTrack &track, SourceId source);

} // namespace pulsedeck
