// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"

namespace pulsedeck {

class MasterLookup;

/// Listens to all Sentinels of one master for +switch-master, so that a failover is followed at once. A Sentinel that comes back
/// after it could not be heard for a while is asked where the master is. Lives on the I/O thread.
class SentinelWatch : public QObject
{
    Q_OBJECT

public:
    /// \a options: of the connections, but for what a Sentinel does not understand.
    SentinelWatch(const RedisUrl &url, RedisConnectionOptions options, QObject *parent = nullptr);
    ~SentinelWatch() override;

    void start();
    void stop();
    /// Why none of the Sentinels is heard; Kind::None while one is, or may be in a moment.
    RedisFailure silence() const;

signals:
    /// A Sentinel says where the master is: it has moved there, or it may have while this one was not heard.
    void masterAt(const pulsedeck::RedisPlace &master);
    /// silence() may have changed.
    void heardChanged();

private:
    void onState(RedisConnection &connection, RedisConnection::State state);
    void onPushed(const RedisReply &message);

    const RedisUrl m_url;
    const RedisConnectionOptions m_options;
    std::vector<std::unique_ptr<RedisConnection>> m_connections;
    MasterLookup *const m_lookup; ///< A child.
};

} // namespace pulsedeck
