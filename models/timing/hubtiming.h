// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <vector>

namespace pulsedeck {

class HubStore;

/// What the connected hubs show of the timing that concerns a source: a hub its own, a fleet in Redis that of all hubs,
/// since its actors may be registered with any of them. A value.
struct HubTiming
{
    std::vector<SourceId> hubs; ///< Those that have been listed whole at least once.
    int actors = 0; ///< Registered with them, as they count.
    std::vector<qint64> advertised; ///< Heartbeat intervals in ms, one for each hub that tells one.
    std::vector<qint64> measured; ///< What this console keeps, between the last two acknowledged heartbeats.
    std::vector<qint64> kept; ///< What it means to keep.
};

/// GUI thread. \a desk may be null: no hubs.
HubTiming hubTiming(const HubStore *hubs, SourceId source);

} // namespace pulsedeck
