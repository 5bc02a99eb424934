// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/livenessupdate.h"

namespace pulsedeck {

void LivenessUpdate::derive(WorkerHandle handle, qint64 now)
{
    Worker &worker = m_records.workers[handle];
    const SourceRecord &source = m_records.sourceOf(worker);
    const bool connected = source.status.isConnected() && worker.readAt >= source.connectedAt;
    const bool endKnown = source.status.isConnected() || source.status.lostAt == 0 || worker.endedAt <= source.status.lostAt;
    const LivenessResult result = deriveLiveness(worker, source.thresholdsOf(worker), connected, now, endKnown);
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
