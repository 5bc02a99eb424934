// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisreply.h"
#include "models/sources/redisurl.h"

#include <QList>

#include <array>
#include <optional>

namespace pulsedeck {

/// Which master of a Redis Cluster has which of the 16,384 slots, as one of its nodes says. A value.
class ClusterSlots
{
public:
    static constexpr int count = 16'384;
    static constexpr int mostMasters = 1'000; ///< Redis recommends no more nodes than that.

    /// The slot of a key: of the part between its first { and the } that follows, if there is one and it is not empty.
    static int slotOf(QByteArrayView key);
    /// An answer to CLUSTER SLOTS. \a asked is the node that gave it: one that does not know its own address leaves the host
    /// empty. Nothing if it is no such answer, or names no master.
    static std::optional<ClusterSlots> fromReply(const RedisReply &reply, const RedisPlace &asked);

    /// Sorted by host and port, so that two maps of the same masters have the same list.
    const QList<RedisPlace> &masters() const { return m_masters; }
    const QList<RedisPlace> &replicas() const { return m_replicas; }
    /// Index into masters(); -1 if no master has it.
    int masterOf(int slot) const { return m_owners[size_t(slot)]; }
    /// So many slots have no master.
    int unserved() const;
    /// How many rows the answer had: a measure of what it costs to ask.
    int ranges() const { return m_ranges; }

private:
    ClusterSlots() { m_owners.fill(-1); }

    QList<RedisPlace> m_masters;
    QList<RedisPlace> m_replicas;
    std::array<qint16, count> m_owners{};
    int m_ranges = 0;
};

} // namespace pulsedeck
