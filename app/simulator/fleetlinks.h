// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"

#include <QObject>

#include <vector>

namespace pulsedeck::fleet {

/// The connections of the fleet: a few that all workers share, one of the proxy. Single-threaded.
class FleetLinks : public QObject
{
    Q_OBJECT

public:
    FleetLinks(const RedisUrl &url, int workers, QObject *parent = nullptr);

    void open();
    /// Drops the workers' connections, as when the network to Redis goes; the proxy keeps its own.
    void cutWorkers();
    void restoreWorkers();
    /// Deletes all connections, so that everything under way is answered now. No request may follow.
    void end();
    bool isCut() const { return m_cut; }

    RedisConnection &worker(quint32 slot) { return *m_workers[slot % m_workers.size()]; }
    RedisConnection &proxy() { return *m_proxy; }
    int workerLinkCount() const { return int(m_workers.size()); }
    RedisConnection &workerLink(int index) { return *m_workers[size_t(index)]; }
    /// Which of the shared connections a slot uses.
    int linkOf(quint32 slot) const { return int(slot % m_workers.size()); }

    static bool isReady(const RedisConnection &link) { return link.state() == RedisConnection::State::Ready; }
    bool allReady() const;

signals:
    /// All connections are there for the first time.
    void ready();
    /// There is none, and there never was.
    void failed(const pulsedeck::RedisFailure &failure);
    /// A shared connection of the workers was made again.
    void workerLinkRemade(int index);
    void proxyReady();
    /// In words, for the log.
    void lost(const QString &text);

private:
    void watch(RedisConnection *link, int index);

    std::vector<RedisConnection *> m_workers;
    RedisConnection *m_proxy;
    bool m_started = false;
    bool m_cut = false;
    bool m_everFailed = false;
};

} // namespace pulsedeck::fleet
