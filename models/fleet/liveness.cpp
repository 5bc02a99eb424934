// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/liveness.h"

namespace pulsedeck {

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
    if (worker.ttlAtRead == -1)
        return {Liveness::NoTtl, 0};
    if (worker.beatAt == 0)
        return {Liveness::Unknown, 0};

    const qint64 age = now - worker.beatAt;
    if (age > profile.reaperStaleThreshold)
        return {Liveness::Stale, 0};
    const qint64 staleAt = worker.beatAt + profile.reaperStaleThreshold + 1;
    if (age > profile.lateAfterMs())
        return {Liveness::Late, staleAt};
    return {Liveness::Alive, qMin(staleAt, worker.beatAt + profile.lateAfterMs() + 1)};
}

int severity(const Worker &worker)
{
    switch (worker.liveness) {
    case Liveness::Stale:
        return 100;
    case Liveness::Late:
        return 90;
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
    case Liveness::Alive:
        break;
    }
    if (worker.flags.testFlag(WorkerFlag::NoListener))
        return 85;
    if (worker.flags & (WorkerFlag::WrongType | WorkerFlag::BadField | WorkerFlag::TooLarge))
        return 60;
    if (worker.flags.testFlag(WorkerFlag::DrainForgotten))
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
