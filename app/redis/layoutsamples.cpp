// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layoutsamples.h"

namespace pulsedeck {

namespace {

constexpr qint64 skewShownFromMs = 1'000;

} // namespace

WorkerSample LayoutSamples::present(const LayoutMember &member, bool registered, bool beat, int sweepMs) const
{
    WorkerSample sample;
    sample.number = member.number;
    sample.readAt = member.readAt;
    sample.keyPresent = true;
    sample.newBeat = beat;
    sample.flags = member.flags;
    sample.status = member.status;
    sample.activeSessions = member.busy;
    sample.lifetimeSessions = member.processed;
    sample.lastHeartbeat = member.stamp;
    const bool byKey = m_liveness.by == LayoutLiveness::By::Ttl || m_liveness.by == LayoutLiveness::By::Expiry;
    if (byKey) {
        sample.beatAt = member.beats.beatAt();
        sample.learntTtl = member.beats.ttl();
        sample.flags.setFlag(WorkerFlag::AgeEstimated, !member.beats.isProven());
    } else {
        // A TTL that agrees with what its own clock says proves it, before a beat was seen.
        const bool byTtl = !member.seenProven && member.beats.isProven() && member.beats.beatAt() > 0;
        sample.beatAt = byTtl ? member.beats.beatAt() : member.seenAt;
        sample.flags.setFlag(WorkerFlag::AgeEstimated, !byTtl && !member.seenProven);
        sample.flags.setFlag(WorkerFlag::OwnClock, !byTtl && !member.seenProven && member.seenAt > 0);
        sample.learntTtl = member.beats.ttl();
    }
    // No TTL is a finding only where there should be one.
    const bool expires = byKey || !m_liveness.fullTtlMs.empty();
    sample.ttl = expires ? member.pttl : unknownValue;
    sample.clockSkew = member.skew;
    const qint64 shown = skewShownFromMs + (member.flags.testFlag(WorkerFlag::PolledBeats) ? sweepMs : 0);
    sample.flags.setFlag(WorkerFlag::ClockSkew, member.skew != unknownValue && qAbs(member.skew) > shown);
    sample.flags.setFlag(WorkerFlag::Registered, registered);
    sample.flags.setFlag(WorkerFlag::Unregistered,
                         !registered && m_liveness.registry == LayoutLiveness::Registry::Optional && !member.incomplete);
    sample.flags.setFlag(WorkerFlag::Incomplete, member.incomplete);
    sample.flags.setFlag(WorkerFlag::Listener, member.listeners > 0);
    sample.flags.setFlag(WorkerFlag::Deaf, member.deaf);
    sample.flags.setFlag(WorkerFlag::NobodyListens,
                         member.silentLooks == LayoutMember::silentAfterLooks && !member.flags.testFlag(WorkerFlag::NoListener));
    return sample;
}

WorkerSample LayoutSamples::ghost(const LayoutMember &member)
{
    WorkerSample sample;
    sample.number = member.number;
    sample.readAt = member.readAt;
    sample.flags = WorkerFlag::Registered;
    // Its socket may outlive its process, and it may live without a key: nothing is removed while somebody listens.
    sample.flags.setFlag(WorkerFlag::Listener, member.listeners > 0);
    sample.ttl = -2;
    return sample;
}

WorkerSample LayoutSamples::ended(const LayoutMember &member, WorkerEnd how, qint64 now) const
{
    WorkerSample sample;
    sample.number = member.number;
    sample.readAt = now;
    sample.end = how;
    sample.status = member.status;
    // One that left its registry leaves its key to expire.
    const qint64 left = member.pttl - (sample.readAt - member.readAt);
    sample.ttl = m_hasRecord && member.present && member.pttl > 0 && left > 0 ? qint32(left) : -2;
    return sample;
}

} // namespace pulsedeck
