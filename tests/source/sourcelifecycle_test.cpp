// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QDir>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Everything a worker does, as the console sees it: by push, and by the sweep where push is refused.
class SourceLifecycleTest : public QObject
{
    Q_OBJECT

    static void modes()
    {
        QTest::addColumn<bool>("push");
        QTest::newRow("push") << true;
        QTest::newRow("sweep") << false;
    }

    /// One that registered and has not beaten: push sees it appear, a sweep cannot tell how old it is.
    static QString calm(const SourceWatch &watch) { return watch.options.push ? u"alive"_s : u"settling"_s; }

    static bool begin(SourceWatch &watch)
    {
        QFETCH(bool, push);
        watch.options.push = push;
        if (!watch.startServer())
            return false;
        watch.watch();
        return QTest::qWaitFor([&] { return watch.isWatching(); }, 20'000)
               && watch.status.state == (push ? SourceState::Live : SourceState::Sweeping);
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void registersBeatsAndIsMeasured_data() { modes(); }
    void registersBeatsAndIsMeasured()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        watch.registerWorker("chromium:a", 5'000);
        // Push sees it register. A sweep finds it, and until it beats nothing proves how old its last heartbeat is.
        TRY_EQUAL(watch.liveness("chromium:a"), calm(watch));
        const Worker first = watch.worker("chromium:a");
        QVERIFY(first.firstSeenAt > 0);
        QCOMPARE(first.status, WorkerStatus::Available);
        QCOMPARE(first.host, QByteArray("10.1.2.3:3131"));
        QCOMPARE(watch.store.typeName(first.type), u"chromium"_s);
        TRY_EQUAL(watch.worker("chromium:a").activeSessions, 0);
        for (quint32 beats = 1; beats <= 3; ++beats) {
            // The next one is sent once this one is seen: what a beat is told by is its own time.
            QTRY_VERIFY_WITH_TIMEOUT(watch.clock.nowMs() - watch.worker("chromium:a").beatAt > 300, 20'000);
            watch.beat("chromium:a", 5'000);
            TRY_TRUE(watch.worker("chromium:a").beatCount >= beats);
        }
        QCOMPARE(watch.worker("chromium:a").beatCount, 3u);
        QVERIFY(watch.worker("chromium:a").interval > 0);
        TRY_TRUE(qAbs(watch.worker("chromium:a").learntTtl - 5'000) <= 200);
        watch.run({"HINCRBY", "cluster:active_connections", "chromium:a", "2"});
        TRY_EQUAL(watch.worker("chromium:a").activeSessions, 2);
    }

    /// A snapshot that fails ends all writes: that is said, and why commands are refused, before one is given.
    void aServerThatCannotSaveIsNamed()
    {
        SourceWatch watch;
        QVERIFY(
            watch.startServer({u"--dir"_s, watch.server.folder(), u"--dbfilename"_s, u"taken.rdb"_s, u"--save"_s, u"3600 1"_s}));
        watch.registerWorker("chromium:a", 60'000);
        watch.watch();
        TRY_TRUE(watch.isWatching() && watch.knows("chromium:a"));
        watch.source->setWritable(true);
        TRY_TRUE(watch.status.rights.known);
        QVERIFY(watch.status.rights.whyNot(Act::Drain).isEmpty());
        const QDir folder(watch.server.folder());
        QVERIFY(folder.mkdir(u"taken.rdb"_s)); // No file can have its name.
        watch.run({"BGSAVE"});
        const auto isNamed = [&watch] { return watch.status.limits.join(u' ').contains(u"MISCONF"_s); };
        TRY_TRUE(isNamed());
        TRY_TRUE(watch.status.rights.whyNot(Act::Drain).contains(u"MISCONF"_s));
        QVERIFY(watch.isWatching());
        QVERIFY(folder.rmdir(u"taken.rdb"_s));
        watch.run({"BGSAVE"});
        TRY_TRUE(!isNamed());
        TRY_TRUE(watch.status.rights.known && watch.status.rights.whyNot(Act::Drain).isEmpty());
    }

    /// Its key is taken away with a session left: no proof that it went. It registers again at its next beat, or never.
    void aLostKeyIsWatched_data() { modes(); }
    void aLostKeyIsWatched()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        watch.registerWorker("chromium:a", 3'000);
        watch.run({"HSET", "cluster:active_connections", "chromium:a", "1"});
        TRY_EQUAL(watch.worker("chromium:a").activeSessions, 1);
        watch.setStatus("chromium:a", "draining");
        TRY_EQUAL(watch.worker("chromium:a").status, WorkerStatus::Draining);
        watch.run({"DEL", "worker:chromium:a"});
        TRY_EQUAL(watch.liveness("chromium:a"), u"key-lost"_s);
        QCOMPARE(watch.worker("chromium:a").endedAt, qint64(0));
        watch.registerWorker("chromium:a", 3'000);
        TRY_EQUAL(watch.worker("chromium:a").status, WorkerStatus::Available);
        QVERIFY(watch.worker("chromium:a").flags.testFlag(WorkerFlag::DrainForgotten));
        // The next time nobody comes back: after an interval and a TTL it is over.
        watch.run({"DEL", "worker:chromium:a"});
        TRY_EQUAL(watch.liveness("chromium:a"), u"key-lost"_s);
        TRY_EQUAL(watch.liveness("chromium:a"), u"zombie"_s);
        QCOMPARE(watch.worker("chromium:a").end, WorkerEnd::Expired);
    }

    /// What says that it went after all: its counter, or that its process has stopped listening.
    void aLostKeyIsAnEndWhen_data()
    {
        QTest::addColumn<bool>("push");
        QTest::addColumn<bool>("byListener");
        QTest::newRow("its session ends") << true << false;
        QTest::newRow("its session ends, swept") << false << false;
        QTest::newRow("its process is away") << true << true;
        QTest::newRow("its process is away, swept") << false << true;
    }
    void aLostKeyIsAnEndWhen()
    {
        QFETCH(const bool, byListener);
        SourceWatch watch;
        QVERIFY(begin(watch));
        watch.registerWorker("chromium:a");
        watch.run({"HSET", "cluster:active_connections", "chromium:a", "1"});
        auto process = std::make_unique<RedisConnection>(watch.server.url());
        process->subscribe("worker:cmd:chromium:a");
        process->open();
        TRY_TRUE(watch.worker("chromium:a").flags.testFlag(WorkerFlag::Listener));
        TRY_EQUAL(watch.worker("chromium:a").activeSessions, 1);
        watch.setStatus("chromium:a", "draining");
        TRY_EQUAL(watch.worker("chromium:a").status, WorkerStatus::Draining);
        watch.run({"DEL", "worker:chromium:a"});
        TRY_EQUAL(watch.liveness("chromium:a"), u"key-lost"_s);
        if (byListener)
            process.reset();
        else
            watch.run({"HSET", "cluster:active_connections", "chromium:a", "0"});
        TRY_EQUAL(watch.liveness("chromium:a"), u"drained"_s);
    }

    /// A process that is dead takes no key away: somebody else did, and whoever listened was perhaps not the worker.
    void aListenerThatWentBeforeTheKeyProvesNoEnd()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.watch();
        TRY_TRUE(watch.isWatching());
        watch.registerWorker("chromium:a");
        watch.run({"HSET", "cluster:active_connections", "chromium:a", "1"});
        auto process = std::make_unique<RedisConnection>(watch.server.url());
        process->subscribe("worker:cmd:chromium:a");
        process->open();
        TRY_TRUE(watch.worker("chromium:a").flags.testFlag(WorkerFlag::Listener));
        TRY_EQUAL(watch.worker("chromium:a").activeSessions, 1);
        process.reset();
        TRY_TRUE(!watch.worker("chromium:a").flags.testFlag(WorkerFlag::Listener));
        watch.run({"DEL", "worker:chromium:a"});
        TRY_EQUAL(watch.liveness("chromium:a"), u"key-lost"_s);
        QCOMPARE(watch.worker("chromium:a").endedAt, qint64(0));
    }

    void drainsAndGoes_data() { modes(); }
    void drainsAndGoes()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        watch.registerWorker("chromium:a");
        TRY_EQUAL(watch.liveness("chromium:a"), calm(watch));
        watch.setStatus("chromium:a", "draining");
        TRY_EQUAL(watch.worker("chromium:a").status, WorkerStatus::Draining);
        watch.run({"DEL", "worker:chromium:a"});
        TRY_EQUAL(watch.liveness("chromium:a"), u"drained"_s);
        TRY_TRUE(watch.worker("chromium:a").flags.testFlag(WorkerFlag::CountersLeft));
        watch.run({"HDEL", "cluster:active_connections", "chromium:a"});
        watch.run({"HDEL", "cluster:lifetime_connections", "chromium:a"});
        TRY_TRUE(!watch.worker("chromium:a").flags.testFlag(WorkerFlag::CountersLeft));
        QCOMPARE(watch.liveness("chromium:a"), u"drained"_s);
    }

    void leavesWithoutADrain_data() { modes(); }
    void leavesWithoutADrain()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        watch.registerWorker("chromium:a");
        TRY_EQUAL(watch.liveness("chromium:a"), calm(watch));
        watch.setStatus("chromium:a", "shutting-down");
        watch.run({"EXPIRE", "worker:chromium:a", "10"});
        watch.run({"DEL", "worker:chromium:a"});
        TRY_EQUAL(watch.liveness("chromium:a"), u"left"_s);
    }

    void crashesIntoAZombieThatIsReaped_data() { modes(); }
    void crashesIntoAZombieThatIsReaped()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        watch.registerWorker("chromium:a", 1'500);
        TRY_EQUAL(watch.liveness("chromium:a"), calm(watch));
        // Nobody touches the key: it is the console's own deadline that finds it expired.
        TRY_EQUAL(watch.liveness("chromium:a"), u"zombie"_s);
        QCOMPARE(watch.worker("chromium:a").end, WorkerEnd::Expired);
        watch.run({"HDEL", "cluster:active_connections", "chromium:a"});
        watch.run({"HDEL", "cluster:lifetime_connections", "chromium:a"});
        TRY_EQUAL(watch.liveness("chromium:a"), u"expired"_s);
    }

    void returnsUnderTheSameId_data() { modes(); }
    void returnsUnderTheSameId()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        watch.registerWorker("chromium:a", 800);
        TRY_EQUAL(watch.liveness("chromium:a"), u"zombie"_s);
        watch.registerWorker("chromium:a", 30'000);
        TRY_EQUAL(watch.liveness("chromium:a"), calm(watch));
        QVERIFY(watch.worker("chromium:a").flags.testFlag(WorkerFlag::Returned));
    }

    void forgetsItsDrain_data() { modes(); }
    void forgetsItsDrain()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        watch.registerWorker("chromium:a");
        watch.setStatus("chromium:a", "draining");
        TRY_EQUAL(watch.worker("chromium:a").status, WorkerStatus::Draining);
        watch.setStatus("chromium:a", "available");
        TRY_TRUE(watch.worker("chromium:a").flags.testFlag(WorkerFlag::DrainForgotten));
    }

    void aCommandIsSeenAndItsEndToo_data() { modes(); }
    void aCommandIsSeenAndItsEndToo()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        watch.registerWorker("chromium:a");
        TRY_EQUAL(watch.liveness("chromium:a"), calm(watch));
        watch.run({"SET", "worker:cmd:chromium:a", "shutdown", "EX", "60", "NX"});
        TRY_EQUAL(watch.worker("chromium:a").command, CommandState::Shutdown);
        QVERIFY(watch.worker("chromium:a").commandUntil > watch.clock.nowMs() + 50'000);
        watch.run({"DEL", "worker:cmd:chromium:a"});
        TRY_EQUAL(watch.worker("chromium:a").command, CommandState::None);
        // One that expires is announced late or never; its deadline is ours.
        watch.run({"SET", "worker:cmd:chromium:a", "restart", "PX", "700"});
        TRY_EQUAL(watch.worker("chromium:a").command, CommandState::Other);
        TRY_EQUAL(watch.worker("chromium:a").command, CommandState::None);
        QVERIFY(!watch.knows("cmd:chromium:a"));
    }

    void goesLateThenStale_data() { modes(); }
    void goesLateThenStale()
    {
        SourceWatch watch;
        watch.options.timing.assumed = false; // Told: late after 600 ms, stale after 1,200.
        watch.options.timing.workerKeyTtl = 30'000;
        QVERIFY(begin(watch));
        watch.registerWorker("chromium:a", 30'000);
        TRY_EQUAL(watch.liveness("chromium:a"), u"alive"_s);
        watch.beat("chromium:a");
        TRY_EQUAL(watch.liveness("chromium:a"), u"late"_s);
        TRY_EQUAL(watch.liveness("chromium:a"), u"stale"_s);
        watch.beat("chromium:a");
        TRY_EQUAL(watch.liveness("chromium:a"), u"alive"_s);
    }

    void aFlushTakesEverythingAtOnce_data() { modes(); }
    void aFlushTakesEverythingAtOnce()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        for (int i = 0; i < 20; ++i)
            watch.registerWorker("chromium:" + QByteArray::number(i));
        TRY_EQUAL(watch.store.figures().total, 20);
        watch.run({"FLUSHALL"});
        TRY_EQUAL(watch.store.figures().total, 0);
        QCOMPARE(watch.store.figures().departed, 20);
    }
};

PULSEDECK_TEST(SourceLifecycleTest, runWithEvents)
#include "sourcelifecycle_test.moc"
