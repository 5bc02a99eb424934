// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/fleetlinks.h"
#include "app/simulator/fleetoptions.h"
#include "app/simulator/seededrandom.h"
#include "app/simulator/timingwheel.h"
#include "app/simulator/workertable.h"
#include "models/core/clock.h"

namespace pulsedeck::fleet {

/// What the parts of the simulator share. Belongs to FleetSimulator and outlives them.
struct FleetContext
{
    FleetContext(const FleetOptions &fleetOptions, const Clock &systemClock)
        : options(fleetOptions)
        , timing(fleetOptions.timing)
        , random(fleetOptions.seed)
        , clock(systemClock)
        , wheel(systemClock.nowMs())
        , links(fleetOptions.url, fleetOptions.workers)
    { }

    const FleetOptions options;
    TimingProfile timing; ///< In force: the options', or the shared record's where there is one.
    const SeededRandom random;
    const Clock &clock;
    TimingWheel wheel;
    WorkerTable table;
    FleetLinks links;
    bool stopping = false;

    void schedule(qint64 dueMs, Event event, quint32 slot) { wheel.schedule(dueMs, event, slot, table[slot].life); }
    void scheduleIn(qint64 delayMs, Event event, quint32 slot) { schedule(clock.nowMs() + delayMs, event, slot); }
};

/// The hashes of counters.
constexpr QByteArrayView activeKey("cluster:active_connections");
constexpr QByteArrayView lifetimeKey("cluster:lifetime_connections");

} // namespace pulsedeck::fleet
