// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutcatalog.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/relay.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// The ways in which a real Redis misleads a console that believes what it sees first.
class SourcePitfallsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void discoveryIsAUnion()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.registerWorker("chromium:whole");
        watch.registerWorker("chromium:uncounted");
        watch.run({"HDEL", "cluster:active_connections", "chromium:uncounted"});
        watch.run({"HDEL", "cluster:lifetime_connections", "chromium:uncounted"});
        watch.run({"HSET", "cluster:lifetime_connections", "chromium:ghost", "7"});
        watch.run({"HSET", "cluster:active_connections", "chromium:shade", "2"});
        watch.registerWorker("9b2f-untyped");
        watch.run({"SET", "worker:cmd:chromium:whole", "shutdown", "EX", "60"});
        watch.watch();
        TRY_TRUE(watch.isWatching());
        QCOMPARE(watch.store.figures().total, 5);
        TRY_TRUE(watch.worker("chromium:uncounted").flags.testFlag(WorkerFlag::NoCounters));
        QVERIFY(!watch.worker("chromium:whole").flags.testFlag(WorkerFlag::NoCounters));
        QCOMPARE(watch.liveness("chromium:ghost"), u"zombie"_s);
        QVERIFY(watch.worker("chromium:ghost").flags.testFlag(WorkerFlag::NeverSeenAlive));
        QCOMPARE(watch.worker("chromium:ghost").lifetimeSessions, 7);
        QCOMPARE(watch.liveness("chromium:shade"), u"zombie"_s);
        QVERIFY(watch.worker("9b2f-untyped").flags.testFlag(WorkerFlag::Untyped));
        QCOMPARE(watch.worker("9b2f-untyped").type, 0);
        TRY_EQUAL(watch.worker("chromium:whole").command, CommandState::Shutdown);
        // The row a person found at connect is not a new worker.
        QCOMPARE(watch.worker("chromium:whole").firstSeenAt, 0);
    }

    void noWorkersClockDecidesLiveness()
    {
        SourceWatch watch;
        watch.tellTiming();
        QVERIFY(watch.startServer());
        for (int i = 0; i < 6; ++i)
            watch.registerWorker("chromium:right" + QByteArray::number(i));
        watch.registerWorker("chromium:ahead", 30'000, 3'600'000);
        watch.registerWorker("chromium:behind", 30'000, -3'600'000);
        watch.options.timing.heartbeatInterval = 10'000;
        watch.options.timing.reaperStaleThreshold = 30'000;
        watch.watch();
        TRY_TRUE(watch.isWatching());
        TRY_EQUAL(watch.liveness("chromium:ahead"), u"alive"_s);
        QCOMPARE(watch.liveness("chromium:behind"), u"alive"_s);
        // Before any beat the fleet's own agreement on the TTL is enough to see the clocks.
        TRY_TRUE(qAbs(watch.worker("chromium:ahead").clockSkew + 3'600'000) < 2'000);
        QVERIFY(watch.worker("chromium:ahead").flags.testFlag(WorkerFlag::ClockSkew));
        watch.beat("chromium:behind", 30'000, -3'600'000);
        TRY_TRUE(watch.worker("chromium:behind").beatCount > 0);
        QVERIFY(qAbs(watch.worker("chromium:behind").clockSkew - 3'600'000) < 2'000);
        QVERIFY(watch.worker("chromium:behind").beatAgeAt(watch.clock.nowMs()) < 20'000);
        QVERIFY(!watch.worker("chromium:right0").flags.testFlag(WorkerFlag::ClockSkew));
    }

    void oneBadWorkerNeverHidesTheOthers()
    {
        SourceWatch watch;
        watch.tellTiming();
        QVERIFY(watch.startServer());
        watch.registerWorker("chromium:sound");
        watch.run({"HSET", "worker:chromium:empty", "status", "", "lastHeartbeat", ""});
        watch.run({"HSET", "worker:chromium:foreign", "somebody", "else"});
        watch.run({"HSET", "worker:chromium:text", "lastHeartbeat", "soon", "status", "available", "extra", "kept out"});
        watch.run({"EXPIRE", "worker:chromium:text", "30"});
        watch.run({"LPUSH", "worker:chromium:list", "a"});
        watch.run({"SET", "worker:chromium:string", "a"});
        watch.run(
            {"HSET", "worker:chromium:binary", "status", QByteArray("\xff\x00\x01", 3), "endpoint", QByteArray(300, '\xfe')});
        watch.run({"HSET", "cluster:active_connections", "chromium:sound", "-3"});
        watch.run({"HSET", "cluster:lifetime_connections", "chromium:sound", "many"});
        watch.watch();
        TRY_TRUE(watch.isWatching());
        QCOMPARE(watch.store.figures().total, 7);
        QCOMPARE(watch.liveness("chromium:sound"), u"alive"_s);
        QVERIFY(watch.worker("chromium:sound").flags.testFlag(WorkerFlag::NegativeSessions));
        QCOMPARE(watch.worker("chromium:sound").lifetimeSessions, unknownValue);
        for (const QByteArray id : {"chromium:empty", "chromium:foreign", "chromium:text", "chromium:binary"}) {
            QVERIFY2(watch.worker(id).flags.testFlag(WorkerFlag::BadField), id.constData());
            QVERIFY2(!watch.store.problems(watch.handle(id)).isEmpty(), id.constData());
        }
        QVERIFY(watch.worker("chromium:list").flags.testFlag(WorkerFlag::WrongType));
        QVERIFY(watch.worker("chromium:string").flags.testFlag(WorkerFlag::WrongType));
        QCOMPARE(watch.liveness("chromium:empty"), u"no-ttl"_s);
    }

    void anEnormousFieldCostsNothingElse()
    {
        SourceWatch watch;
        watch.tellTiming();
        QVERIFY(watch.startServer());
        watch.registerWorker("chromium:sound");
        watch.registerWorker("chromium:huge");
        watch.run({"HSET", "worker:chromium:huge", "endpoint", QByteArray(9'000'000, 'x')});
        watch.watch();
        TRY_TRUE(watch.isWatching());
        QCOMPARE(watch.liveness("chromium:sound"), u"alive"_s);
        TRY_TRUE(watch.worker("chromium:huge").flags.testFlag(WorkerFlag::TooLarge));
        QCOMPARE(watch.status.generation, 1u);
        watch.setStatus("chromium:huge", "draining");
        TRY_EQUAL(watch.worker("chromium:huge").status, WorkerStatus::Draining);
    }

    void aKeyWithoutTtlIsNeitherAliveNorDead()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.registerWorker("chromium:a");
        watch.run({"PERSIST", "worker:chromium:a"});
        watch.watch();
        TRY_TRUE(watch.isWatching());
        QCOMPARE(watch.liveness("chromium:a"), u"no-ttl"_s);
        QCOMPARE(watch.worker("chromium:a").ttlAtRead, -1);
        watch.run({"EXPIRE", "worker:chromium:a", "30"});
        TRY_EQUAL(watch.liveness("chromium:a"), u"alive"_s);
    }

    void crashAndHangAreToldApart()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        auto crashing = std::make_unique<RedisClient>(watch.server.url());
        RedisClient hanging(watch.server.url());
        crashing->command({"SUBSCRIBE", "worker:cmd:chromium:crash"});
        hanging.command({"SUBSCRIBE", "worker:cmd:chromium:hang"});
        watch.registerWorker("chromium:crash", 60'000);
        watch.registerWorker("chromium:hang", 60'000);
        watch.options.timing.assumed = false; // Told: stale after 1,200 ms.
        watch.options.timing.workerKeyTtl = 60'000;
        watch.watch();
        TRY_TRUE(watch.worker("chromium:crash").flags.testFlag(WorkerFlag::Listener));
        TRY_TRUE(watch.worker("chromium:hang").flags.testFlag(WorkerFlag::Listener));
        crashing.reset();
        TRY_TRUE(watch.worker("chromium:crash").flags.testFlag(WorkerFlag::NoListener));
        TRY_EQUAL(watch.liveness("chromium:crash"), u"crashed"_s);
        QVERIFY(watch.worker("chromium:hang").flags.testFlag(WorkerFlag::Listener));
        TRY_EQUAL(watch.liveness("chromium:hang"), u"hung"_s);
        QVERIFY(!watch.worker("chromium:hang").flags.testFlag(WorkerFlag::NoListener));
    }

    void theTimingInForceIsRead()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.run({"HSET", "fleet:timing", "heartbeatInterval", "4000", "version", "7"});
        watch.watch();
        TRY_TRUE(watch.isWatching());
        TRY_EQUAL(watch.status.timing.heartbeatInterval, 4'000);
        QCOMPARE(watch.status.timing.version, 7);
        watch.run({"HSET", "fleet:timing", "heartbeatInterval", "2000", "version", "8"});
        TRY_EQUAL(watch.status.timing.version, 8);
        QCOMPARE(watch.store.timing(1).heartbeatInterval, 2'000);
        watch.run({"DEL", "fleet:timing"});
        TRY_EQUAL(watch.status.timing.heartbeatInterval, watch.options.timing.heartbeatInterval);
    }

    void itNeverWrites()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.registerWorker("chromium:a", 700);
        watch.run({"SET", "worker:cmd:chromium:a", "shutdown", "EX", "60"});
        watch.run({"CONFIG", "RESETSTAT"});
        watch.watch();
        TRY_EQUAL(watch.liveness("chromium:a"), u"zombie"_s);
        const QByteArray statistics = watch.run({"INFO", "commandstats"}).text;
        QVERIFY(statistics.contains("cmdstat_hmget"));
        for (const QByteArray command :
             {"set", "del", "hset", "hdel", "expire", "pexpire", "eval", "publish", "unlink", "persist"})
            QVERIFY2(!statistics.contains(QByteArray("cmdstat_" + command + ':')), command.constData());
    }

    /// A system may have a connection of its own, with a request under way: it is answered while the systems go.
    void endsWhileASystemWaitsForAnAnswer()
    {
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        RedisServer::Options overTcp;
        overTcp.tcp = true;
        QVERIFY(watch.server.start(overTcp));
        watch.client = std::make_unique<RedisClient>(watch.server.url());
        Relay relay;
        QVERIFY(relay.listen({watch.server.tcpUrl()}));
        const QByteArray beat = QByteArray::number(double(watch.clock.nowMs()) / 1000, 'f', 3);
        watch.run({"SADD", "processes", "app-1:7:9f2c41ab77de"});
        watch.run({"HSET", "app-1:7:9f2c41ab77de", "info", R"({"hostname":"app-1","pid":7})", "beat", beat, "quiet", "false"});
        relay.hold("REDIRECT");
        watch.watch(relay.url());
        TRY_TRUE(relay.held().contains("REDIRECT"));
        watch.source.reset();
        QVERIFY(!watch.status.limits.join(u'\n').contains(u"not announced for now"_s)); // Of what is ended nothing is told.
    }

    void manyWorkersComeInBoundedBatches()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        constexpr int count = 7'000;
        std::vector<QByteArrayList> commands;
        const QByteArray now = QByteArray::number(watch.clock.nowMs());
        for (int i = 0; i < count; ++i) {
            const QByteArray id = "webkit:" + QByteArray::number(i);
            commands.push_back({"HSET", "worker:" + id, "id", QByteArray::number(i), "browserType", "webkit", "endpoint",
                                "ws://h:1/x", "status", "available", "startedAt", now, "lastHeartbeat", now});
            commands.push_back({"EXPIRE", "worker:" + id, "600"});
        }
        watch.client->pipeline(commands);
        qsizetype largest = 0;
        watch.watch();
        QObject::connect(watch.source.get(), &FleetSource::batchReady, this,
                         [&](const FleetBatch &batch) { largest = qMax(largest, batch.samples.size()); });
        TRY_TRUE(watch.isWatching());
        QCOMPARE(watch.store.figures().total, count);
        QVERIFY(largest <= FleetBatch::maxSamples);
    }
};

PULSEDECK_TEST(SourcePitfallsTest, runWithEvents)
#include "sourcepitfalls_test.moc"
