// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/protocol/timingparameter.h"

#include <vector>

namespace pulsedeck {

/// How far an applied profile has reached the workers of its source. A value.
struct TimingRollout
{
    qint64 version = 0;
    qint64 appliedAt = 0; ///< 0: nothing was applied since the console watches.
    TimingProfile profile;
    TimingProfile before; ///< In force until then: what has not changed is not waited for.
    int workers = 0; ///< With a key now that a worker keeps alive: no keys without TTL, none that shuts down.
    int onInterval = 0; ///< Last gap, begun after the change, fits the new interval.
    int onTtl = 0; ///< TTL right after its last beat is the new one.
    int onBoth = 0;
    std::vector<WorkerHandle> behind; ///< Not on both, at most 1,000.
    qint64 completeAt = 0; ///< When all were on both for the first time; 0 while not.

    static constexpr size_t mostBehind = 1'000;

    /// One pass over the source's workers; true if anything changed. Some milliseconds for 100,000.
    bool look(const FleetStore &store, SourceId source, qint64 now);
};

/// Whether a measured value is the one that was set, and no longer the one before. The tolerance is driftOf()'s.
bool isOn(qint64 measured, qint64 set, qint64 before, qint64 slackMs);

} // namespace pulsedeck
