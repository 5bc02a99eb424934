// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/workerends.h"

namespace pulsedeck {

namespace {

// A worker that goes closes its subscription and takes its key away at once: one may be seen a moment before the other.
constexpr qint64 leavingMs = 2'000;

/// How it ended: what the source saw, but the dead take no key of theirs away. Somebody else did. \a crashedFor: since it was
/// found crashed.
WorkerEnd endOf(const Worker &worker, WorkerEnd seen, qint64 crashedFor)
{
    const bool dead = worker.liveness == Liveness::Crashed
                          ? crashedFor >= leavingMs
                          : !worker.flags.testFlag(WorkerFlag::Listener)
                                && (worker.liveness == Liveness::Stale || worker.liveness == Liveness::NoTtl);
    const bool removed = seen == WorkerEnd::Left || seen == WorkerEnd::Drained;
    return dead && removed && worker.traits->hasKey() ? WorkerEnd::KeyRemoved : seen;
}

} // namespace

void WorkerEnds::takeEnd(WorkerHandle handle, const WorkerSample &sample)
{
    Worker &worker = m_records.workers[handle];
    const bool countersLeft = sample.activeSessions != unknownValue || sample.lifetimeSessions != unknownValue
                              || sample.flags.testFlag(WorkerFlag::BadCounter);
    const bool firstWord = worker.endedAt == 0;
    if (firstWord) {
        const WorkerEnd seen =
            sample.end == WorkerEnd::Left && sample.flags.testFlag(WorkerFlag::NotAsked) && m_records.recordedDrain(worker)
                ? WorkerEnd::Drained
                : sample.end;
        worker.endedAt = sample.readAt;
        worker.end = endOf(worker, seen, sample.readAt - m_records.crashedAt.value(handle, sample.readAt));
        // A key that is left expires; nothing of it is counted any more.
        worker.ttlAtRead = worker.traits->isLaidOut() && sample.ttl > 0 ? sample.ttl : -2;
        // Its row goes after a while, and its counters may stay for longer.
        if (worker.traits->has(SourceFact::Counters) && worker.end != WorkerEnd::Unseen && worker.end != WorkerEnd::None)
            m_pastEnds.add(m_records.sourceOf(worker).name, worker.id, {worker.end, worker.endedAt});
        if (worker.end == WorkerEnd::Expired || worker.end == WorkerEnd::Crashed)
            m_records.note(handle, FleetEventKind::KeyExpired, sample.readAt, int(worker.end));
    } else if (worker.end == WorkerEnd::Expired && sample.end == WorkerEnd::Crashed) {
        worker.end = WorkerEnd::Crashed; // Who listens was asked a moment later.
        m_pastEnds.add(m_records.sourceOf(worker).name, worker.id, {worker.end, worker.endedAt});
    }
    worker.flags.setFlag(WorkerFlag::NotAsked, false); // There is nobody to ask any more.
    worker.flags.setFlag(WorkerFlag::CountersLeft, countersLeft);
    if (worker.liveness == Liveness::Departed)
        return;
    if (firstWord && worker.end == WorkerEnd::Unseen && countersLeft && recallEnd(handle))
        return;
    const bool inOrder = isOrderly(worker.end);
    // An orderly end leaves counters for the reaper too; it did not crash, so it is departed at once.
    if (inOrder || !countersLeft)
        depart(handle, worker.end, worker.endedAt);
    else if (firstWord && !worker.flags.testFlag(WorkerFlag::NeverSeenAlive))
        m_records.note(handle, FleetEventKind::CountersLeft, sample.readAt);
}

/// Counters of a worker that ended unseen by this run's connection: somebody else may have seen it. True if that was in order, so
/// that it is departed now. No event is noted: that was done when it happened.
bool WorkerEnds::recallEnd(WorkerHandle handle)
{
    Worker &worker = m_records.workers[handle];
    const PastEnd *past = m_pastEnds.find(m_records.sourceOf(worker).name, worker.id);
    if (!past)
        return false;
    worker.end = past->end;
    worker.flags.setFlag(WorkerFlag::NeverSeenAlive, false);
    const qint64 foundAt = worker.endedAt;
    if (past->at > 0)
        worker.endedAt = qMin(past->at, foundAt);
    if (!isOrderly(past->end))
        return false;
    keepDeparted(handle, foundAt);
    return true;
}

const PastEnd *WorkerEnds::pastEnd(SourceId source, const QByteArray &id) const
{
    const SourceRecord *known = m_records.source(source);
    return known ? m_pastEnds.find(known->name, id) : nullptr;
}

void WorkerEnds::takePastEnd(const QString &sourceName, const QByteArray &id, const PastEnd &end)
{
    if (end.end == WorkerEnd::None) {
        m_pastEnds.remove(sourceName, id);
        return;
    }
    for (const SourceRecord &source : m_records.sources) {
        if (!source.present)
            continue;
        bool there = false; // So that it came back.
        source.byId.forEachOf(id, [&](WorkerHandle handle) {
            there = there || (m_records.workers[handle].endedAt == 0 && m_records.workers[handle].readAt > 0);
        });
        if (there)
            return;
    }
    m_pastEnds.add(sourceName, id, end);
    for (SourceRecord &source : m_records.sources) {
        if (!source.present)
            continue;
        source.byId.forEachOf(id, [&](WorkerHandle handle) {
            const Worker &worker = m_records.workers[handle];
            if (worker.endedAt == 0 || worker.end != WorkerEnd::Unseen || worker.liveness == Liveness::Departed)
                return;
            source.tally.add(worker, -1);
            recallEnd(handle);
            source.tally.add(worker, 1);
            m_records.touch(handle);
        });
    }
}

void WorkerEnds::depart(WorkerHandle handle, WorkerEnd end, qint64 at)
{
    Worker &worker = m_records.workers[handle];
    worker.end = end;
    worker.endedAt = at;
    keepDeparted(handle, at);
    // That its key expired was noted when it did.
    if (end != WorkerEnd::Expired && end != WorkerEnd::Crashed)
        m_records.note(handle, FleetEventKind::Ended, at, int(end), int(worker.status)); // What it said last.
}

void WorkerEnds::keepDeparted(WorkerHandle handle, qint64 at)
{
    Worker &worker = m_records.workers[handle];
    worker.liveness = Liveness::Departed;
    m_records.due.set(handle, 0);
    --m_records.sourceOf(worker).count;
    m_departed.add({handle, worker.endedAt, at});
}

void WorkerEnds::reviewDeparted(qint64 departedUntil)
{
    while (const auto departed = m_departed.takeFirst(departedUntil)) {
        const WorkerHandle handle = departed->handle;
        const Worker &worker = m_records.workers[handle];
        // It may have returned since, or its source may have been taken away and the place be another's.
        if (!worker.used || worker.liveness != Liveness::Departed || worker.endedAt != departed->endedAt)
            continue;
        SourceRecord &source = m_records.sourceOf(worker);
        source.tally.add(worker, -1);
        source.byId.remove(worker.id, handle);
        if (source.handleOf(worker.number) == handle)
            source.handles[worker.number] = noWorker;
        m_records.release(handle);
    }
}

} // namespace pulsedeck
