// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/worker.h"

#include <QHash>

namespace pulsedeck {

/// Learns a worker key's full TTL and the moments of its beats from PTTL readings alone, so that no worker's clock decides
/// anything. A beat renews the TTL: the moment of expiry jumps, and the jump tells when the beat was. A value; milliseconds,
/// console's clock.
class BeatClock
{
public:
    struct Reading
    {
        qint64 pttl = 0; ///< As answered, > 0.
        qint64 readAt = 0;
        qint64 changedAgo = -1; ///< How long before readAt the key was announced as changed; -1 when it was not (a sweep).
        bool heartbeatChanged = false; ///< lastHeartbeat is another than at the reading before.
        bool shuttingDown = false; ///< The TTL is no heartbeat's any more.
        qint64 sinceLastRead = -1; ///< From the reading before to this one; -1 if there was none.
        qint64 expectedTtl = 0; ///< The TTL workers were told to use, 0 if nobody told them. Never taken for the measured one.
    };
    /// Takes one reading; returns whether a beat came since the one before.
    bool read(const Reading &reading);

    /// What a first look can say before a beat was seen: a TTL taken from elsewhere.
    void assume(qint32 ttl) { m_assumed = ttl; }

    bool isLearnt() const { return m_learnt > 0; }
    /// The full TTL, learnt or assumed; unknownValue if neither.
    qint32 ttl() const { return m_learnt > 0 ? m_learnt : m_assumed > 0 ? m_assumed : unknownValue; }
    /// The moment of the last beat; 0 if no TTL is known.
    qint64 beatAt() const { return m_beatExpiry > 0 && ttl() > 0 ? m_beatExpiry - ttl() : 0; }
    /// When the key expires; 0 if not known.
    qint64 expiresAt() const { return m_expiresAt; }
    void clear() { *this = BeatClock(); }

private:
    void learn(qint64 full);

    qint64 m_expiresAt = 0;
    qint64 m_beatExpiry = 0; ///< The expiry the last beat set; shutting down moves only m_expiresAt.
    qint32 m_learnt = 0;
    qint32 m_assumed = 0;
    qint32 m_lower = 0; ///< Greatest of the last few full TTLs that were below the learnt one.
    quint8 m_lowerCount = 0;
};

/// Which TTL a fleet uses, voted for by its workers' first readings: PTTL plus the age their own clock claims, which agrees
/// in whole seconds for all whose clocks are right.
class TtlVote
{
public:
    void add(qint64 ttlMs)
    {
        ++m_total;
        if (ttlMs <= 0 || ttlMs >= 86'400'000)
            return;
        const int seconds = int((ttlMs + 500) / 1000);
        const int votes = ++m_votes[seconds];
        // Kept at each vote: it is asked for at each read, and a fleet of wrong clocks votes for very many.
        if (votes > m_most || (votes == m_most && seconds > m_seconds)) {
            m_most = votes;
            m_seconds = seconds;
        }
    }
    /// The TTL most agree on, in milliseconds; 0 if fewer than two or a fifth do.
    qint32 winner() const
    {
        return m_most >= 2 && m_most * 5 >= m_total ? m_seconds * 1000 : 0;
    }
    void clear()
    {
        *this = TtlVote();
    }

private:
    QHash<int, int> m_votes; ///< By seconds.
    int m_seconds = 0; ///< Those with the most votes.
    int m_most = 0;
    int m_total = 0;
};

} // namespace pulsedeck
