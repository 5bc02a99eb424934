// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"

#include <QObject>

namespace pulsedeck::fleet {

class WorkerTable;

/// The command channels of all workers on one shared subscriber, so that PUBSUB NUMSUB of a worker's channel is 1 while
/// its process lives, and 0 at once when it ends. Also hears the channel of the shared timing record. Single-threaded.
class CommandListener : public QObject
{
    Q_OBJECT

public:
    CommandListener(const RedisUrl &url, WorkerTable &table, QObject *parent = nullptr);

    void open();
    void cut();
    /// Deletes the connection, so that everything under way is answered now. No request may follow.
    void end();
    bool isReady() const { return m_link->state() == RedisConnection::State::Ready; }
    int pending() const { return m_link->pending(); }

    /// Subscribes the worker of the slot; heard() follows. Nothing for an old fleet's worker, which has no channel.
    void add(quint32 slot);
    void remove(quint32 slot);

signals:
    /// The subscription of a slot's worker was confirmed.
    void subscribed(quint32 slot, quint32 life);
    /// A listening worker received a shutdown.
    void shutdownHeard(quint32 slot);
    void timingChanged();
    /// There is none, and there never was.
    void failed(const pulsedeck::RedisFailure &failure);
    void ready();

private:
    void onState(RedisConnection::State state);
    void onPushed(const RedisReply &message);

    WorkerTable &m_table;
    RedisConnection *m_link;
    bool m_everReady = false;
};

} // namespace pulsedeck::fleet
