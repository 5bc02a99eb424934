// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <vector>

namespace pulsedeck {

class HubStore;

/// What is known from the connected hubs of the timing of a source: of a hub its own, of a fleet in Redis that of all hubs,
/// since its actors may be registered with any of them. A value.
struct HubTiming
{
    std::vector<SourceId> hubs; ///< Those that have been listed whole at least once.
    int actors = 0; ///< Registered with them, as they count.
    std::vector<qint64> advertised; ///< Heartbeat intervals in ms, one for each hub that advertises one.
    std::vector<qint64> measured; ///< Between this console's last two acknowledged heartbeats.
    std::vector<qint64> kept; ///< The intervals this console is set to keep.
};

/// GUI thread. \a hubs may be null: no hubs.
HubTiming hubTiming(const HubStore *hubs, SourceId source);

} // namespace pulsedeck
