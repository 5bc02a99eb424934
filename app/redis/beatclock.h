// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <limits>

namespace pulsedeck {

/// Learns a worker key's full TTL and the moments of its beats from PTTL readings alone, so that no worker's clock decides
/// anything. A beat renews the TTL: the time of expiry jumps, and the jump shows when the beat was. A value; milliseconds,
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
        qint64 expectedTtl = 0; ///< The TTL workers are configured with, 0 if unknown. Never taken for the measured one.
        bool registered = false; ///< It was seen to appear: its TTL was set just before, when the key was announced.
    };
    /// Takes one reading; returns whether a beat came since the one before.
    bool read(const Reading &reading);

    /// What a first look can say before a beat was seen: a TTL taken from elsewhere. \a proven: from what workers were
    /// told.
    void assume(qint32 ttl, bool proven)
    {
        m_assumed = ttl;
        m_assumedProven = proven;
    }

    bool isLearnt() const { return m_learnt > 0; }
    /// Whether beatAt() can be relied on: a beat was seen, or the TTL is the configured one.
    bool isProven() const { return isLearnt() || (m_assumed > 0 && m_assumedProven); }
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
    bool m_assumedProven = false;
};

/// The largest TTL left that was read of one kind of worker: the full TTL is at least that, and where many are read it
/// is little more. A hint for ages to be shown as estimates. It proves nothing: TTLs differ in every roll-out.
class TtlHint
{
public:
    void add(qint32 pttl) { m_most = qMax(m_most, pttl); }
    /// In milliseconds, up to the next whole second as EXPIRE sets it; 0 if none was read.
    qint32 ttl() const { return m_most > std::numeric_limits<qint32>::max() - 1'000 ? m_most : (m_most + 999) / 1'000 * 1'000; }

private:
    qint32 m_most = 0;
};

} // namespace pulsedeck
