// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layoutbeats.h"

#include "app/redis/keywatch.h"

#include <algorithm>
#include <limits>

namespace pulsedeck {

namespace {

// Two ways to tell an age agree within that.
constexpr qint64 agreeMs = 2'000;

qint32 skewOf(qint64 ms)
{
    return qint32(std::clamp<qint64>(ms, -(1LL << 30), 1LL << 30));
}

/// One gap that is far off moves what is known of them by half.
void takeGap(LayoutMember &member, qint64 gap)
{
    member.gap = member.gap > 0 ? std::clamp(gap, member.gap / 2, member.gap * 3 / 2) : gap;
}

} // namespace

bool LayoutBeats::take(LayoutMember &member, const Reading &reading) const
{
    bool beat = false;
    if (reading.pttl > 0)
        takeTtl(member, reading, &beat);
    if (m_liveness.by == LayoutLiveness::By::Stamp)
        beat = takeStamp(member, member.stamp, m_liveness.stampClock, reading.readAt, reading.announcedAt, reading.first);
    return beat;
}

void LayoutBeats::takeTtl(LayoutMember &member, const Reading &reading, bool *beat) const
{
    BeatClock::Reading clock;
    clock.pttl = reading.pttl;
    clock.readAt = reading.readAt;
    clock.registered = reading.registered;
    clock.changedAgo =
        reading.announcedAt > 0 && (!reading.first || reading.registered) ? reading.readAt - reading.announcedAt : -1;
    clock.heartbeatChanged = member.stamp != member.stampBefore && member.stampBefore > 0;
    clock.sinceLastRead = reading.readBefore > 0 ? reading.readAt - reading.readBefore : -1;
    clock.expectedTtl = m_liveness.fullTtlMs.size() == 1 ? m_liveness.fullTtlMs.front() : 0;
    const qint64 before = member.beats.isLearnt() ? member.beats.beatAt() : 0;
    if (const qint32 full = fullTtl(member, reading.pttl, reading.readAt); full > 0)
        member.beats.assume(full, true);
    const bool renewed = member.beats.read(clock);
    if (m_liveness.by != LayoutLiveness::By::Ttl)
        return;
    *beat = renewed;
    if (renewed && before > 0 && member.beats.beatAt() > before)
        takeGap(member, member.beats.beatAt() - before);
    if (member.stamp > 0 && m_session.clockOffset.isKnown() && member.beats.isProven()
        && m_liveness.stampClock == LayoutClock::Worker && member.beats.beatAt() > 0) {
        const qint64 claimedAge = m_session.serverNow(reading.readAt) - member.stamp;
        member.skew = skewOf(claimedAge - (reading.readAt - member.beats.beatAt()));
    }
}

bool LayoutBeats::takeExpiry(LayoutMember &member, const Reading &reading) const
{
    BeatClock::Reading clock;
    clock.pttl = reading.pttl;
    clock.readAt = reading.readAt;
    clock.changedAgo = reading.announcedAt > 0 && !reading.first ? reading.readAt - reading.announcedAt : -1;
    clock.sinceLastRead = reading.readBefore > 0 ? reading.readAt - reading.readBefore : -1;
    if (m_liveness.fullTtlMs.size() == 1)
        member.beats.assume(qint32(m_liveness.fullTtlMs.front()), true);
    const bool beat = member.beats.read(clock);
    member.pttl = qint32(qMin<qint64>(reading.pttl, std::numeric_limits<qint32>::max()));
    return beat;
}

/// The full TTL that the present one is surely a rest of; 0 if that is not known.
qint32 LayoutBeats::fullTtl(const LayoutMember &member, qint64 pttl, qint64 now) const
{
    const std::vector<qint64> &usual = m_liveness.fullTtlMs;
    if (usual.size() == 1)
        return pttl <= usual.front() ? qint32(usual.front()) : 0;
    // Several are usual: the one that agrees with the time its own clock gives.
    if (member.stamp == 0 || !m_session.clockOffset.isKnown())
        return 0;
    const qint64 claimed = m_session.serverNow(now) - member.stamp;
    for (const qint64 full : usual) {
        if (qAbs(full - pttl - claimed) <= agreeMs)
            return qint32(full);
    }
    return 0;
}

bool LayoutBeats::takeStamp(LayoutMember &member, qint64 stamp, LayoutClock clock, qint64 now, qint64 announcedAt,
                            bool first) const
{
    if (stamp == 0)
        return false;
    const bool moved = !first && member.stampBefore != 0 && stamp != member.stampBefore;
    const qint64 claimedAt = stamp - m_session.clockOffset.offsetMs();
    if (clock == LayoutClock::Redis && m_session.clockOffset.isKnown()) {
        member.seenAt = qMin(claimedAt, now);
        member.seenProven = true;
        return moved;
    }
    if (moved) {
        const qint64 before = member.seenProven ? member.seenAt : 0;
        member.seenAt = announcedAt > 0 ? announcedAt : now;
        member.seenProven = true;
        member.skew = skewOf(member.seenAt - claimedAt);
        if (before > 0)
            takeGap(member, member.seenAt - before);
    } else if (!member.seenProven) {
        member.seenAt = qMin(claimedAt, now);
        member.skew = unknownValue;
    }
    return moved;
}

qint64 LayoutBeats::dueAt(const LayoutMember &member, bool pushing) const
{
    if (!member.present || member.pttl < 0)
        return 0;
    const qint64 expiry = member.readAt + member.pttl + KeyWatch::deadlineGraceMs;
    const qint64 beatAt = m_liveness.by == LayoutLiveness::By::Ttl ? member.beats.beatAt() : member.seenAt;
    if (!pushing || beatAt == 0 || member.gap == 0)
        return expiry;
    // So that nobody is called late whose beat was merely not announced.
    constexpr int hundredths[] = {125, 145, 200, 250, 300};
    for (const int share : hundredths) {
        const qint64 at = beatAt + member.gap * share / 100;
        if (at > member.readAt)
            return qMin(at, expiry);
    }
    return expiry;
}

} // namespace pulsedeck
