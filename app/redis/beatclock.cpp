// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/beatclock.h"

#include <limits>
#include <utility>

namespace pulsedeck {

namespace {

// Readings of one expiry differ by the round trip; a beat moves it by a heartbeat interval, which is far more.
constexpr qint64 sameExpiryMs = 100;
// EXPIRE takes whole seconds: a reading this close to one is that second.
constexpr qint64 wholeSecondSlackMs = 250;
// The time since an announcement is added to what is left; beyond this the announcement says nothing about the beat.
constexpr qint64 longestDelayMs = 2'000;
// So many beats in a row have to show a slightly shorter TTL before it is believed: a late read looks the same.
constexpr quint8 shorterAfter = 3;

} // namespace

void BeatClock::learn(qint64 full)
{
    const qint64 second = (full + 500) / 1000 * 1000;
    const bool whole = second > 0 && qAbs(second - full) <= wholeSecondSlackMs;
    const qint32 ttl = qint32(qMin<qint64>(whole ? second : full, std::numeric_limits<qint32>::max()));
    if (ttl >= m_learnt) {
        m_learnt = ttl;
        m_lower = 0;
        m_lowerCount = 0;
        return;
    }
    m_lower = qMax(m_lower, ttl);
    if (++m_lowerCount >= shorterAfter) {
        m_learnt = m_lower;
        m_lower = 0;
        m_lowerCount = 0;
    }
}

bool BeatClock::read(const Reading &reading)
{
    const qint64 expiresAt = reading.readAt + reading.pttl;
    const qint64 before = std::exchange(m_expiresAt, expiresAt);
    if (reading.shuttingDown)
        return false;
    m_beatExpiry = expiresAt;
    const bool announced = reading.changedAgo >= 0 && reading.changedAgo <= longestDelayMs;
    if (before == 0) {
        if (reading.registered && announced)
            learn(reading.pttl + reading.changedAgo);
        return false;
    }
    const bool moved = expiresAt > before + sameExpiryMs;
    const bool movedBack = reading.heartbeatChanged && expiresAt < before - sameExpiryMs;
    // The beat was after the reading before, and after the key was announced as changed: its full TTL was at most this.
    const qint64 sinceBeat = announced ? reading.changedAgo : reading.sinceLastRead;
    const qint64 most = sinceBeat >= 0 ? reading.pttl + sinceBeat : -1;
    // A TTL that was set shorter can leave the expiry where it was, as a half-done beat does. Of the two it is the
    // shorter TTL if that is the one workers were told to use.
    const bool asTold = reading.heartbeatChanged && reading.expectedTtl > 0
                        && reading.pttl <= reading.expectedTtl + wholeSecondSlackMs
                        && most >= reading.expectedTtl - wholeSecondSlackMs && !moved && !movedBack;
    // Otherwise lastHeartbeat is the only sign of such a beat.
    if (!moved && !movedBack && !asTold && !(reading.heartbeatChanged && announced))
        return false;
    const qint64 full = reading.pttl + (announced ? reading.changedAgo : 0);
    // Renewed, and shorter by more than any delay: no doubt is left, and the age would be wrong until there were three.
    const bool renewed = moved || movedBack || asTold;
    const qint32 known = m_learnt > 0 ? m_learnt : m_assumedProven ? m_assumed : 0;
    if (renewed && most >= 0 && most < known - longestDelayMs) {
        m_learnt = 0;
        m_lower = 0;
        m_lowerCount = 0;
        learn(full);
    } else if (announced || reading.pttl > known) {
        // By a sweep the reading may be up to a cadence late: then only a greater TTL than the known one teaches anything more.
        learn(full);
    }
    return true;
}

} // namespace pulsedeck
