// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redissource.h"
#include "app/sources/systemclock.h"
#include "models/fleet/fleetstore.h"
#include "tests/support/patience.h"
#include "tests/support/redisclient.h"
#include "tests/support/redisserver.h"

#include <QTimer>

#include <atomic>
#include <memory>

namespace pulsedeck {

/// The console's clock, which a test puts ahead instead of waiting.
class AheadClock final : public Clock
{
public:
    qint64 nowMs() const override { return m_clock.nowMs() + m_ahead; }
    qint64 wallOffsetMs() const override { return m_clock.wallOffsetMs() - m_ahead; }
    qint64 sleptMs() const override { return m_clock.sleptMs(); }
    void step(qint64 ms) { m_ahead += ms; }

private:
    SystemClock m_clock;
    std::atomic<qint64> m_ahead = 0;
};

/// A source on a real Redis with a store behind it, and ways to write what workers write.
struct SourceWatch
{
    RedisServer server;
    AheadClock clock;
    FleetStore store{clock};
    RedisSourceOptions options;
    std::unique_ptr<RedisSource> source;
    std::unique_ptr<RedisClient> client;
    QTimer publisher;
    SourceStatus status;
    std::vector<SourceState> states;

    SourceWatch()
    {
        options.connection.backoffFirstMs = 20;
        options.connection.backoffCapMs = 100;
        options.sweepMs = 150;
        options.reregisterMs = 500;
        options.timing.heartbeatInterval = 400;
        options.timing.reaperStaleThreshold = 1'200;
        store.addSource(1, QStringLiteral("test"));
        QObject::connect(&publisher, &QTimer::timeout, &store, &FleetStore::publish);
        publisher.start(20);
    }

    ~SourceWatch() { source.reset(); }

    bool startServer(const QStringList &arguments = {})
    {
        RedisServer::Options serverOptions;
        serverOptions.arguments = arguments;
        if (!server.start(serverOptions))
            return false;
        client = std::make_unique<RedisClient>(server.url());
        return true;
    }

    void watch() { watch(server.url()); }

    void watch(const RedisUrl &url)
    {
        source = std::make_unique<RedisSource>(1, url, options, clock);
        QObject::connect(source.get(), &FleetSource::batchReady, &store, &FleetStore::apply);
        QObject::connect(source.get(), &FleetSource::statusChanged, &store, [this](const SourceStatus &now) {
            if (states.empty() || states.back() != now.state)
                states.push_back(now.state);
            status = now;
            store.applyStatus(now);
        });
        source->start();
    }

    bool isWatching() const { return status.state == SourceState::Live || status.state == SourceState::Sweeping; }

    RedisValue run(const QByteArrayList &command) { return client->command(command); }

    /// As a worker does: counters first, then the hash, then its TTL.
    /// Before watch(): what workers were told. Those a test writes by hand do not beat, and their age is known by it.
    void tellTiming(qint64 ttlMs = 30'000)
    {
        options.timing = TimingProfile();
        options.timing.workerKeyTtl = ttlMs;
    }

    void registerWorker(const QByteArray &id, int ttlMs = 30'000, qint64 clockOffMs = 0)
    {
        run({"HSETNX", "cluster:active_connections", id, "0"});
        run({"HSETNX", "cluster:lifetime_connections", id, "0"});
        const QByteArray now = QByteArray::number(clock.nowMs() + clockOffMs);
        run({"HSET", "worker:" + id, "id", id.mid(id.indexOf(':') + 1), "browserType",
             id.left(qMax<qsizetype>(0, id.indexOf(':'))), "endpoint", "ws://10.1.2.3:3131/playwright/secretpath", "status",
             "available", "startedAt", now, "lastHeartbeat", now});
        run({"PEXPIRE", "worker:" + id, QByteArray::number(ttlMs)});
    }

    void beat(const QByteArray &id, int ttlMs = 30'000, qint64 clockOffMs = 0)
    {
        run({"HSET", "worker:" + id, "lastHeartbeat", QByteArray::number(clock.nowMs() + clockOffMs)});
        run({"PEXPIRE", "worker:" + id, QByteArray::number(ttlMs)});
    }

    void setStatus(const QByteArray &id, const QByteArray &text) { run({"HSET", "worker:" + id, "status", text}); }

    WorkerHandle handle(const QByteArray &id) const { return store.find(1, id); }
    bool knows(const QByteArray &id) const { return handle(id) != noWorker; }
    /// An unknown worker when there is none.
    Worker worker(const QByteArray &id) const { return knows(id) ? store.worker(handle(id)) : Worker(); }
    QString liveness(const QByteArray &id) const { return knows(id) ? livenessName(worker(id)) : QStringLiteral("none"); }
};

} // namespace pulsedeck
