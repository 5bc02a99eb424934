// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/drift.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int fewestBeats = 3; // A median of fewer gaps says more about chance than about the worker.

} // namespace

bool differsFromSet(qint64 measured, qint64 set, qint64 slackMs)
{
    return std::abs(measured - set) > std::max(slackMs, set * 8 / 100);
}

QStringList driftNames(Drift drift)
{
    QStringList names;
    if (int(drift) & int(Drift::Interval))
        names.append(u"interval"_s);
    if (int(drift) & int(Drift::Ttl))
        names.append(u"ttl"_s);
    return names;
}

Drift driftOf(const Worker &worker, const TimingProfile &profile)
{
    int drift = 0;
    const bool alive =
        worker.liveness != Liveness::Departed && worker.liveness != Liveness::Zombie && worker.liveness != Liveness::Ghost;
    // Without reported values there is nothing to differ from.
    if (!alive || profile.assumed)
        return Drift::None;
    // When an actor will renew its registration is not known: only its duration can differ.
    if (!worker.traits->registers() && worker.interval > 0 && worker.beatCount > fewestBeats && profile.heartbeatInterval > 0
        && differsFromSet(worker.interval, profile.heartbeatInterval, intervalSlackMs))
        drift |= int(Drift::Interval);
    if (worker.learntTtl > 0 && profile.workerKeyTtl > 0 && worker.status != WorkerStatus::ShuttingDown
        && differsFromSet(worker.learntTtl, profile.workerKeyTtl, ttlSlackMs))
        drift |= int(Drift::Ttl);
    return Drift(drift);
}

} // namespace pulsedeck
