// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/livenessupdate.h"

namespace pulsedeck {

namespace {

/// \a result, or that it is not known whether it is late: while the connection was lost its server may have been away as well, so
/// that it could not beat, and the time in which it was watched is not enough yet.
LivenessResult silenceWatched(const Worker &worker, const SourceRecord &source, const Thresholds &thresholds, qint64 now,
                              const LivenessResult &result)
{
    const bool late = result.liveness == Liveness::Late || result.liveness == Liveness::Stale || result.liveness == Liveness::Hung
                      || (result.liveness == Liveness::Crashed && !worker.flags.testFlag(WorkerFlag::NoListener));
    const UnknownSpan &away = source.away;
    const qint64 since = worker.isAgeProven() ? worker.beatAt : worker.unbeatenSince;
    if (!late || worker.traits->registers() || since == 0 || away.to <= since)
        return result;
    const qint64 unwatched = away.to - qMax(away.from, since);
    const qint64 lateAt = since + unwatched + qMin(thresholds.late, thresholds.stale);
    const bool polled = worker.flags.testFlag(WorkerFlag::PolledBeats);
    if ((polled ? qMin(now, worker.readAt) : now) > lateAt)
        return result;
    return {Liveness::Unknown, polled ? 0 : lateAt + 1};
}

} // namespace

void LivenessUpdate::derive(WorkerHandle handle, qint64 now)
{
    Worker &worker = m_records.workers[handle];
    const SourceRecord &source = m_records.sourceOf(worker);
    const bool connected = source.status.isConnected() && worker.readAt >= source.connectedAt;
    const bool endKnown = source.status.isConnected() || source.status.lostAt == 0 || worker.endedAt <= source.status.lostAt;
    const Thresholds thresholds = source.thresholdsOf(worker);
    const LivenessResult result =
        silenceWatched(worker, source, thresholds, now, deriveLiveness(worker, thresholds, connected, now, endKnown));
    m_records.due.set(handle, result.nextChangeAt);
    if (result.liveness == worker.liveness)
        return;
    worker.liveness = result.liveness;
    noteLiveness(handle, now);
    m_records.touch(handle);
}

void LivenessUpdate::deriveCounted(WorkerHandle handle, qint64 now)
{
    const Worker &worker = m_records.workers[handle];
    FleetTally &tally = m_records.sourceOf(worker).tally;
    tally.add(worker, -1);
    derive(handle, now);
    tally.add(worker, 1);
}

void LivenessUpdate::deriveDue(qint64 now)
{
    m_records.due.eachDue(now, [&](WorkerHandle handle) { deriveCounted(handle, now); });
}

void LivenessUpdate::deriveAll(SourceRecord &source, qint64 now)
{
    source.byId.forEach([this, now](WorkerHandle handle) {
        deriveCounted(handle, now);
        m_records.touch(handle);
    });
}

void LivenessUpdate::deriveUnmeasured(SourceRecord &source, qint64 now)
{
    source.paceChanged = false;
    if (!source.status.timing.assumed)
        return;
    source.byId.forEach([this, now](WorkerHandle handle) {
        const Worker &worker = m_records.workers[handle];
        if (!worker.traits->registers() && worker.beatCount <= 3 && worker.liveness != Liveness::Departed)
            deriveCounted(handle, now);
    });
}

/// What it just became, if that is news.
void LivenessUpdate::noteLiveness(WorkerHandle handle, qint64 now)
{
    const Worker &worker = m_records.workers[handle];
    const qint64 since = worker.isAgeProven() ? worker.beatAt : worker.unbeatenSince;
    const qint32 age = since > 0 ? storedMs(now - since) : 0;
    switch (worker.liveness) {
    case Liveness::Late:
        m_records.note(handle, FleetEventKind::WentLate, now, age);
        break;
    case Liveness::Stale:
        m_records.note(handle, FleetEventKind::WentStale, now, age);
        break;
    case Liveness::Hung:
        m_records.note(handle, FleetEventKind::WentHung, now, age);
        break;
    case Liveness::Crashed:
        m_records.crashedAt.insert(handle, now);
        m_records.note(handle, FleetEventKind::ListenerLost, now);
        break;
    default:
        break;
    }
}

} // namespace pulsedeck
