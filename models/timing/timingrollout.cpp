// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timingrollout.h"

#include "models/timing/measuredtiming.h"

#include <array>
#include <utility>

namespace pulsedeck {

namespace {

bool isAsked(const Worker &worker)
{
    const bool alive = worker.liveness != Liveness::Departed && worker.liveness != Liveness::Zombie
                       && worker.liveness != Liveness::Ghost && worker.liveness != Liveness::NoTtl;
    return alive && worker.ttlAtRead > 0 && worker.status != WorkerStatus::ShuttingDown
           && !worker.flags.testFlag(WorkerFlag::WrongType);
}

/// The gap before the last beat, if it began after \a since; 0 if there is none.
qint64 lastGap(const BeatHistory &beats, qint64 since, qint64 now)
{
    if (beats.size() < 2)
        return 0;
    const qint64 begun = beats.at(beats.size() - 2, now);
    return begun >= since ? beats.at(beats.size() - 1, now) - begun : 0;
}

} // namespace

bool isOn(qint64 measured, qint64 set, qint64 before, qint64 slackMs)
{
    if (differsFromSet(measured, set, slackMs))
        return false;
    // Two settings closer than the tolerance: the nearer one it is.
    return set == before || qAbs(measured - set) <= qAbs(measured - before);
}

bool TimingRollout::look(const FleetStore &store, SourceId source, qint64 now)
{
    const std::array counted{workers, onInterval, onTtl, onBoth};
    const qint64 wasComplete = completeAt;
    const std::vector<WorkerHandle> wereBehind = std::exchange(behind, {});
    workers = onInterval = onTtl = onBoth = 0;
    for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
        const Worker &worker = store.worker(handle);
        if (!worker.used || worker.source != source || !isAsked(worker))
            continue;
        ++workers;
        const qint64 gap = lastGap(store.beats(handle), appliedAt, now);
        // If the interval does not change, beats from before the change count as well.
        const qint64 interval = gap > 0 ? gap : profile.heartbeatInterval == before.heartbeatInterval ? worker.interval : 0;
        const bool newInterval =
            interval > 0 && isOn(interval, profile.heartbeatInterval, before.heartbeatInterval, intervalSlackMs);
        const qint64 ttl = worker.beatAt > 0 ? worker.ttlAtRead + (worker.readAt - worker.beatAt) : 0;
        const bool newTtl = ttl > 0 && isOn(ttl, profile.workerKeyTtl, before.workerKeyTtl, ttlSlackMs);
        onInterval += newInterval;
        onTtl += newTtl;
        onBoth += newInterval && newTtl;
        if (!(newInterval && newTtl) && behind.size() < mostBehind)
            behind.push_back(handle);
    }
    if (completeAt == 0 && workers > 0 && onBoth == workers)
        completeAt = now;
    return counted != std::array{workers, onInterval, onTtl, onBoth} || wasComplete != completeAt || wereBehind != behind;
}

} // namespace pulsedeck
