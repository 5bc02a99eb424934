// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetfilter.h"
#include "models/history/lane.h"

namespace pulsedeck {

/// Whether a lane that is only recorded fits the filter, by what is known of it: its id, label, type, source and host. A term
/// about the present, as one about liveness, fits none. Pure.
bool fitsRecorded(const FleetFilter &filter, const HistoryLane &lane);

} // namespace pulsedeck
