// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/redisserver.h"

#include <array>
#include <functional>
#include <map>

namespace pulsedeck {

/// A real Redis Cluster on loopback: three masters, each with one replica. A master that is silent is replaced after 15 s, so
/// that a machine that stands still for some seconds makes no failover.
class RedisCluster
{
public:
    static constexpr int nodes = 6;

    /// Waits until it isWhole(). False with errorString() if that does not come.
    bool start();
    /// Whether all nodes that run say that it works, and every master has a replica that has caught up and can take its place.
    bool isWhole() const;
    /// From now on a master that is silent for 2 s is replaced. False if a node does not take that.
    bool failsOverSoon() const;
    QString errorString() const { return m_error; }

    /// redis+cluster:// with all nodes.
    RedisUrl url() const;
    RedisServer &node(int index) { return m_servers[size_t(index)]; }
    int port(int index) const { return m_servers[size_t(index)].tcpUrl().port; }
    /// The running node that is the master of a slot, as another one than \a besides says; -1 while none is.
    int masterOf(int slot, int besides = -1) const;
    /// A running node that is a replica now, -1 if there is none: on a busy machine one may take its master's place by itself.
    int replica() const;
    /// At the master of the key, which is looked for by MOVED.
    RedisValue command(const QByteArrayList &words);
    /// Moves one slot with all of its keys, as redis-cli --cluster reshard does. \a between is called after each step.
    bool moveSlot(int slot, int from, int to, const std::function<void()> &between = {});

private:
    QByteArray id(int index) const { return m_servers[size_t(index)].command({"CLUSTER", "MYID"}).text; }

    std::array<RedisServer, nodes> m_servers;
    std::map<int, std::unique_ptr<RedisClient>> m_clients; ///< By port.
    QString m_error;
};

} // namespace pulsedeck
