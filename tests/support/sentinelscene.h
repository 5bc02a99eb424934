// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/redisserver.h"

#include <array>

namespace pulsedeck {

/// Three real Sentinels that watch a master called "orders" and its two replicas, all on loopback.
class SentinelScene
{
public:
    /// Waits until each Sentinel knows the others and both replicas. False with errorString() if that does not come.
    bool start();
    QString errorString() const { return m_error; }

    RedisUrl url() const;
    /// Where the first Sentinel that answers says that the master is; 0 if none does.
    int masterPort() const;
    /// The server at that port; null if it is none of these.
    RedisServer *serverAt(int port);
    RedisServer &sentinel(int index) { return m_sentinels[size_t(index)]; }
    /// Has the Sentinels choose another master, with the present one alive.
    bool failOver();
    /// Whether some server besides the one at \a port says that it is a master, and takes commands.
    bool hasMasterBesides(int port) const;

private:
    std::array<RedisServer, 3> m_servers;
    std::array<RedisServer, 3> m_sentinels;
    QString m_error;
};

} // namespace pulsedeck
