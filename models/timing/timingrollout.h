// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/protocol/timingparameter.h"

#include <vector>

namespace pulsedeck {

/// How many workers of a source use an applied profile. A value.
struct TimingRollout
{
    qint64 version = 0;
    qint64 appliedAt = 0; ///< 0: nothing was applied while this console was running.
    TimingProfile profile;
    TimingProfile before; ///< In force until then: unchanged values are not waited for.
    int workers = 0; ///< With a key that a worker renews: no keys without TTL, no workers that shut down.
    int onInterval = 0; ///< The last gap that began after the change matches the new interval.
    int onTtl = 0; ///< The TTL right after the last beat is the new one.
    int onBoth = 0;
    std::vector<WorkerHandle> behind; ///< Those not on both, at most 1,000.
    qint64 completeAt = 0; ///< When all were on both for the first time; 0 while not.

    static constexpr size_t mostBehind = 1'000;

    /// One pass over the source's workers; true if anything changed. Some milliseconds for 100,000.
    bool look(const FleetStore &store, SourceId source, qint64 now);
};

/// Whether a measured value is the one that was set, and no longer the one before. The tolerance is driftOf()'s.
bool isOn(qint64 measured, qint64 set, qint64 before, qint64 slackMs);

} // namespace pulsedeck
