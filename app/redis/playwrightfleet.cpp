// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/playwrightfleet.h"

#include <utility>

namespace pulsedeck {

KnownWorker &PlaywrightFleet::add(Slot slot)
{
    // Slots are given without gaps, and a forgotten one was cleared.
    if (slot == m_workers.size()) {
        m_workers.emplace_back();
        m_lastBeats.push_back(0);
    }
    m_workers[slot].number = watch.number(slot);
    return m_workers[slot];
}

void PlaywrightFleet::forget(Slot slot)
{
    KnownWorker &worker = m_workers[slot];
    if (worker.told)
        session.addRemoved(worker.number);
    session.awaited -= int(worker.commandAwaited);
    if (worker.missed)
        session.reregistration.cameBack();
    worker = KnownWorker();
    noteBeat(slot);
    watch.forget(slot);
}

void PlaywrightFleet::noteBeat(Slot slot)
{
    constexpr qint64 longAgo = 1;
    const KnownWorker &worker = m_workers[slot];
    // Without a proven age it has been watched without a beat since it was first read.
    const qint64 since = worker.beats.isProven() ? worker.beats.beatAt() : worker.firstReadAt;
    m_lastBeats[slot] = worker.present ? since : worker.everPresent ? longAgo : 0;
}

void PlaywrightFleet::report(Slot slot, bool newBeat)
{
    const KnownWorker &worker = m_workers[slot];
    // Whether a vanished key means an end is reported once that is known.
    if (worker.lostUntil == 0 || worker.present || worker.lostTold) {
        WorkerSample sample = sampleOf(worker, newBeat);
        sample.unread = worker.present && watch.isRefused(slot);
        session.addSample(sample);
    }
}

WorkerSample PlaywrightFleet::sampleOf(const KnownWorker &worker, bool newBeat) const
{
    WorkerSample sample;
    sample.readAt = worker.readAt;
    sample.beatAt = worker.beats.beatAt();
    // Without a TTL nothing but the worker's own clock tells when it last beat.
    if (worker.present && worker.pttl == -1 && worker.lastHeartbeat > 0 && session.clockOffset.isKnown())
        sample.beatAt = qMin(worker.readAt, worker.lastHeartbeat - session.clockOffset.offsetMs());
    sample.lastHeartbeat = worker.lastHeartbeat;
    sample.commandUntil = worker.commandUntil;
    sample.number = worker.number;
    sample.flags = worker.flags;
    sample.flags.setFlag(WorkerFlag::BadCounter, worker.badCounters != 0);
    sample.flags.setFlag(WorkerFlag::NegativeSessions, worker.active < 0 && worker.active != unknownValue);
    sample.ttl = worker.pttl;
    sample.learntTtl = worker.beats.isLearnt() ? worker.beats.ttl() : unknownValue;
    sample.activeSessions = worker.active;
    sample.lifetimeSessions = worker.lifetime;
    sample.clockSkew = worker.skew;
    sample.status = worker.status;
    sample.command = worker.command;
    sample.end = worker.present || worker.lostUntil > 0 ? WorkerEnd::None : worker.end;
    sample.keyPresent = worker.present;
    sample.newBeat = newBeat;
    return sample;
}

} // namespace pulsedeck
