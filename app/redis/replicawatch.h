// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisreply.h"
#include "models/protocol/sourcestatus.h"

namespace pulsedeck {

/// What a server reports of its role in replication. A value.
struct ReplicaLink
{
    bool known = false; ///< It said something.
    bool replica = false;
    int replicas = -1; ///< Of a master, that are connected to it; -1 if it does not say.
    bool up = true; ///< Its link to the master; true for a master.
    qint64 downForMs = -1; ///< How long the link has been down; -1 if it does not say.
    qint64 quietForMs = -1; ///< Since it last heard from its master, in whole seconds; -1 if it does not say.

    static ReplicaLink fromInfo(QByteArrayView info); ///< Of INFO replication.
    static ReplicaLink fromRole(const RedisReply &role); ///< Of ROLE.
};

/// Judges whether what a server shows is up to date. A replica whose link to its master is down keeps answering with old
/// data; one whose link is silent looks connected for a minute (repl-timeout), but receives nothing. A master is always up to
/// date. A value; milliseconds, console's clock.
class ReplicaWatch
{
public:
    void take(const ReplicaLink &link, qint64 now);
    void clear() { *this = ReplicaWatch(); }

    bool isReplica() const { return m_link.replica; }
    SourceTrouble trouble() const { return m_trouble; }
    /// When nothing new could reach it any more; 0 while it is up to date.
    qint64 truthEndedAt() const { return m_endedAt; }
    /// From so much silence on the link counts as standing still: a master says something every ten seconds at least
    /// (repl-ping-replica-period), and in a fleet far more often. What was heard before teaches how often.
    qint64 quietLimitMs() const;

private:
    ReplicaLink m_link;
    SourceTrouble m_trouble = SourceTrouble::None;
    qint64 m_endedAt = 0;
    qint64 m_heardAt = 0; ///< When it had last heard from its master, as it said while the link was up.
    qint64 m_quietBefore = 0; ///< At the take before.
    qint64 m_longestQuiet = 0; ///< After which it heard something again, over a link that stood all the time.
};

} // namespace pulsedeck
