// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/timingparameter.h"

namespace pulsedeck {

/// How many beats may be lost before a key expires or a connection is dropped: floor(TTL ÷ interval) − 1, and the time that is
/// left then. With a margin of 0 the next beat arrives exactly on the deadline.
struct MissedBeats
{
    qint64 beats = 0;
    qint64 marginMs = 0;
};

/// What follows from a profile by arithmetic. Empty where a value is not used.
struct TimingEffects
{
    std::optional<qint64> workerDetectionWorstMs; ///< workerKeyTtl
    std::optional<qint64> workerDetectionMeanMs; ///< TTL − interval ÷ 2
    std::optional<qint64> hubDetectionWorstMs; ///< hubTimeout
    std::optional<qint64> hubDetectionMeanMs;
    std::optional<MissedBeats> workerMissed;
    std::optional<MissedBeats> hubMissed;
    std::optional<qint64> zombieWorstMs; ///< workerKeyTtl + reaperRunInterval: from a crash to the removal of its counters.
    double workerBeatsPerSecond = 0; ///< All workers together.
    double workerCommandsPerSecond = 0; ///< Redis commands for them: EXISTS, HSET, EXPIRE, GET per beat.
    double workerBeatsPerHour = 0;
    double hubBeatsPerHour = 0; ///< All actors together.
    double hubBeatsPerHourEach = 0;
};

TimingEffects timingEffects(const TimingProfile &profile, int workers, int actors);

/// How many times fewer (above 1) or more (below 1) beats \a to means, compared with \a from: 25 s → 45 s is 1.8. 0 if either is
/// not used.
double trafficFactor(qint64 fromIntervalMs, qint64 toIntervalMs);

} // namespace pulsedeck
