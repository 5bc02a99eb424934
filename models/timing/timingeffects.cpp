// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timingeffects.h"

namespace pulsedeck {

namespace {

constexpr int commandsPerBeat = 4; // EXISTS, HSET, EXPIRE, GET: seen on the wire.

std::optional<MissedBeats> missed(qint64 ttl, qint64 interval)
{
    if (ttl <= 0 || interval <= 0)
        return std::nullopt;
    const qint64 beats = ttl / interval - 1;
    // Below one interval not even the first beat is in time: nothing is tolerated, and nothing is left.
    if (beats < 0)
        return MissedBeats{0, ttl - interval};
    return MissedBeats{beats, ttl - (beats + 1) * interval};
}

} // namespace

TimingEffects timingEffects(const TimingProfile &profile, int workers, int actors)
{
    TimingEffects effects;
    const qint64 interval = profile.heartbeatInterval;
    if (profile.workerKeyTtl > 0) {
        effects.workerDetectionWorstMs = profile.workerKeyTtl;
        if (interval > 0)
            effects.workerDetectionMeanMs = qMax<qint64>(0, profile.workerKeyTtl - interval / 2);
        if (profile.reaperRunInterval > 0)
            effects.zombieWorstMs = profile.workerKeyTtl + profile.reaperRunInterval;
    }
    if (profile.hubTimeout > 0) {
        effects.hubDetectionWorstMs = profile.hubTimeout;
        if (profile.hubClientHeartbeat > 0)
            effects.hubDetectionMeanMs = qMax<qint64>(0, profile.hubTimeout - profile.hubClientHeartbeat / 2);
    }
    effects.workerMissed = missed(profile.workerKeyTtl, interval);
    effects.hubMissed = missed(profile.hubTimeout, profile.hubClientHeartbeat);
    if (interval > 0) {
        effects.workerBeatsPerSecond = workers * 1'000.0 / double(interval);
        effects.workerCommandsPerSecond = effects.workerBeatsPerSecond * commandsPerBeat;
        effects.workerBeatsPerHour = effects.workerBeatsPerSecond * 3'600;
    }
    if (profile.hubClientHeartbeat > 0) {
        effects.hubBeatsPerHourEach = 3'600'000.0 / double(profile.hubClientHeartbeat);
        effects.hubBeatsPerHour = effects.hubBeatsPerHourEach * actors;
    }
    return effects;
}

double trafficFactor(qint64 fromIntervalMs, qint64 toIntervalMs)
{
    return fromIntervalMs > 0 && toIntervalMs > 0 ? double(toIntervalMs) / double(fromIntervalMs) : 0;
}

} // namespace pulsedeck
