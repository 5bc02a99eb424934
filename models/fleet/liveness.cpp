// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/liveness.h"

namespace pulsedeck {

qint64 staleAfterMs(const Worker &worker, const TimingProfile &profile)
{
    return worker.actor && worker.learntTtl > 0 ? worker.learntTtl : profile.reaperStaleThreshold;
}

qint64 lateAfterMs(const Worker &worker, const TimingProfile &profile)
{
    if (!worker.actor)
        return profile.lateAfterMs();
    // Three quarters of the registration without a renewal; whoever renews later than that is known by its own gaps.
    const qint64 ttl = staleAfterMs(worker, profile);
    const qint64 byHabit = worker.interval > 0 ? qint64(worker.interval) * 5 / 4 : 0;
    return qBound(ttl * 3 / 4, byHabit, ttl);
}

qint64 expectedIntervalMs(const Worker &worker, const TimingProfile &profile)
{
    if (worker.interval > 0)
        return worker.interval;
    return worker.actor ? staleAfterMs(worker, profile) / 2 : profile.heartbeatInterval;
}

LivenessResult deriveLiveness(const Worker &worker, const TimingProfile &profile, bool connected, qint64 now)
{
    if (worker.liveness == Liveness::Departed)
        return {Liveness::Departed, 0};
    if (!connected)
        return {Liveness::Unknown, 0};
    if (worker.flags.testFlag(WorkerFlag::CountersLeft))
        return {Liveness::Zombie, 0};
    // A key of another type cannot be read, so nothing is known of its beats.
    if (worker.flags.testFlag(WorkerFlag::WrongType))
        return {Liveness::Unknown, 0};
    // The key is gone and no end was told: it may live, and register again.
    if (worker.ttlAtRead == -2)
        return {Liveness::KeyLost, 0};
    if (worker.ttlAtRead == -1)
        return {Liveness::NoTtl, 0};
    if (worker.beatAt == 0)
        return {Liveness::Unknown, 0};

    const qint64 age = now - worker.beatAt;
    const qint64 stale = staleAfterMs(worker, profile);
    const qint64 late = lateAfterMs(worker, profile);
    if (age > stale)
        return {Liveness::Stale, 0};
    const qint64 staleAt = worker.beatAt + stale + 1;
    if (age > late)
        return {Liveness::Late, staleAt};
    return {Liveness::Alive, qMin(staleAt, worker.beatAt + late + 1)};
}

int severity(const Worker &worker)
{
    switch (worker.liveness) {
    case Liveness::Crashed:
    case Liveness::Hung:
    case Liveness::Stale:
        return 100;
    case Liveness::Late:
        return 90;
    case Liveness::KeyLost:
        return 85;
    case Liveness::NoTtl:
        return 80;
    case Liveness::Zombie:
        return 70;
    case Liveness::Departed:
        return 0;
    case Liveness::Unknown:
        // A lost source is one finding of its own, never one per worker; an unreadable worker is a finding.
        if (worker.flags & (WorkerFlag::WrongType | WorkerFlag::BadField | WorkerFlag::TooLarge))
            return 60;
        return 0;
    case Liveness::Settling:
    case Liveness::Alive:
        break;
    }
    if (worker.flags.testFlag(WorkerFlag::NoListener))
        return 85;
    if (worker.flags & (WorkerFlag::WrongType | WorkerFlag::BadField | WorkerFlag::TooLarge))
        return 60;
    if (worker.flags & (WorkerFlag::DrainForgotten | WorkerFlag::DrainUndone))
        return 55;
    if (worker.status == WorkerStatus::Draining)
        return 50;
    if (worker.status == WorkerStatus::ShuttingDown)
        return 45;
    return 0;
}

bool needsAttention(const Worker &worker)
{
    return severity(worker) > 0;
}

bool isNew(const Worker &worker)
{
    return worker.beatCount < 3 && worker.firstSeenAt > 0 && !worker.flags.testFlag(WorkerFlag::Returned)
        && worker.liveness == Liveness::Alive;
}

} // namespace pulsedeck
