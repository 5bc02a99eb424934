// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QRegularExpression>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Losing the server, and having less than all rights.
class SourceConnectionTest : public QObject
{
    Q_OBJECT

    static bool hasState(const SourceWatch &watch, SourceState state)
    {
        return std::find(watch.states.begin(), watch.states.end(), state) != watch.states.end();
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void nothingIsGuessedWhileItIsGone()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.registerWorker("chromium:a", 2'000);
        watch.registerWorker("chromium:b", 60'000);
        watch.watch();
        TRY_TRUE(watch.isWatching());
        watch.client.reset();
        watch.server.kill();
        TRY_EQUAL(watch.status.state, SourceState::Waiting);
        QVERIFY(!watch.status.message.isEmpty());
        QVERIFY(watch.status.lostAt > 0);
        QCOMPARE(watch.liveness("chromium:a"), u"unknown"_s);
        // Its TTL passes, and still nobody is declared dead.
        const qint64 until = watch.clock.nowMs() + 2'500;
        TRY_TRUE(watch.clock.nowMs() > until);
        QCOMPARE(watch.liveness("chromium:a"), u"unknown"_s);
        QCOMPARE(watch.store.figures().unknown, 2);

        // It comes back empty: they are gone, and nobody saw how.
        QVERIFY(watch.server.restartEmpty());
        TRY_TRUE(watch.isWatching());
        TRY_EQUAL(watch.liveness("chromium:a"), u"gone-unseen"_s);
        QCOMPARE(watch.liveness("chromium:b"), u"gone-unseen"_s);
        QVERIFY(watch.store.unknownSpans(1).front().to > 0);
        // And a worker that registers again is the old one.
        watch.client = std::make_unique<RedisClient>(watch.server.url());
        watch.registerWorker("chromium:b");
        TRY_EQUAL(watch.liveness("chromium:b"), u"alive"_s);
        QVERIFY(watch.worker("chromium:b").flags.testFlag(WorkerFlag::Returned));
    }

    /// A server that takes no more connections ends them at once: no warning, whatever kind of socket it is.
    void aServerThatIsFullIsNoWarning()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer({u"--maxclients"_s, u"3"_s}));
        QTest::failOnWarning(QRegularExpression(u"not open"_s));
        std::vector<std::unique_ptr<RedisConnection>> many;
        int refused = 0;
        for (int i = 0; i < 20; ++i) {
            many.push_back(std::make_unique<RedisConnection>(watch.server.url(), watch.options.connection));
            RedisConnection &one = *many.back();
            QObject::connect(&one, &RedisConnection::stateChanged, &watch.store,
                             [&refused](RedisConnection::State state) { refused += state == RedisConnection::State::Waiting; });
            one.open();
        }
        TRY_TRUE(refused >= 40);
    }

    void aServerThatStopsAnsweringIsAStall()
    {
        SourceWatch watch;
        watch.options.stallMs = 400;
        QVERIFY(watch.startServer());
        watch.registerWorker("chromium:a", 60'000);
        watch.watch();
        TRY_TRUE(watch.isWatching());
        watch.server.pause();
        TRY_EQUAL(watch.status.state, SourceState::Stalled);
        QCOMPARE(watch.liveness("chromium:a"), u"unknown"_s);
        watch.server.resume();
        TRY_TRUE(watch.isWatching());
        TRY_TRUE(watch.liveness("chromium:a") != u"unknown"_s);
        QCOMPARE(watch.status.generation, 1u);
        QCOMPARE(watch.store.unknownSpans(1).size(), size_t(1));
    }

    void withoutPushItSweepsAndSaysSo()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.run({"ACL", "SETUSER", "reader", "on", ">s3cret", "~*", "&*", "+@all", "-client|tracking"});
        watch.registerWorker("chromium:a");
        RedisUrl url = watch.server.url();
        url.user = u"reader"_s;
        url.password = u"s3cret"_s;
        watch.watch(url);
        TRY_EQUAL(watch.status.state, SourceState::Sweeping);
        QVERIFY2(watch.status.limits.join(u' ').contains(u"push"_s), qPrintable(watch.status.limits.join(u'\n')));
        watch.setStatus("chromium:a", "draining");
        TRY_EQUAL(watch.worker("chromium:a").status, WorkerStatus::Draining);
    }

    void leastRightsAreEnough()
    {
        SourceWatch watch;
        watch.tellTiming();
        QVERIFY(watch.startServer());
        // The rights a read-only console is promised to make do with, and no INFO or CONFIG.
        watch.run({"ACL",          "SETUSER",    "reader",
                   "on",           ">s3cret",    "%R~worker:*",
                   "%R~cluster:*", "%R~fleet:*", "&__redis__:invalidate",
                   "-@all",        "+scan",      "+hscan",
                   "+hgetall",     "+hmget",     "+mget",
                   "+pttl",        "+type",      "+time",
                   "+pubsub",      "+client",    "+subscribe"});
        watch.registerWorker("chromium:a");
        RedisUrl url = watch.server.url();
        url.user = u"reader"_s;
        url.password = u"s3cret"_s;
        watch.watch(url);
        TRY_EQUAL(watch.status.state, SourceState::Live);
        QCOMPARE(watch.liveness("chromium:a"), u"alive"_s);
        watch.setStatus("chromium:a", "draining");
        TRY_EQUAL(watch.worker("chromium:a").status, WorkerStatus::Draining);
        watch.run({"SET", "worker:cmd:chromium:a", "shutdown", "EX", "60"});
        TRY_EQUAL(watch.worker("chromium:a").command, CommandState::Shutdown);
    }

    void missingRightsAreNamedAndTheRestWorks()
    {
        SourceWatch watch;
        watch.tellTiming();
        QVERIFY(watch.startServer());
        watch.run({"ACL", "SETUSER", "reader", "on", ">s3cret", "~*", "&*", "+@all", "-hscan", "-pubsub"});
        watch.registerWorker("chromium:a");
        RedisUrl url = watch.server.url();
        url.user = u"reader"_s;
        url.password = u"s3cret"_s;
        watch.watch(url);
        TRY_EQUAL(watch.status.state, SourceState::Live);
        QCOMPARE(watch.liveness("chromium:a"), u"alive"_s);
        TRY_TRUE(watch.status.limits.join(u' ').contains(u"counters"_s));
        TRY_TRUE(watch.status.limits.join(u' ').contains(u"hung"_s));
        QVERIFY(!watch.status.limits.join(u' ').contains(u"s3cret"_s));
        // Counters nobody may read are unknown, which is not the same as missing.
        QCOMPARE(watch.worker("chromium:a").activeSessions, unknownValue);
        QVERIFY(!watch.worker("chromium:a").flags.testFlag(WorkerFlag::NoCounters));
    }

    void aWrongPasswordWaitsForTheOperator()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer({u"--requirepass"_s, u"right"_s}));
        RedisUrl url = watch.server.url();
        url.password = u"wr0ng-secret"_s;
        watch.watch(url);
        TRY_EQUAL(watch.status.state, SourceState::Failed);
        QVERIFY(!watch.status.message.isEmpty());
        QVERIFY(!watch.status.hint.isEmpty());
        QVERIFY(!watch.status.message.contains(u"wr0ng"_s));
        QVERIFY(!watch.status.hint.contains(u"wr0ng"_s));
    }

    void stoppingAndStartingAgain()
    {
        SourceWatch watch;
        watch.tellTiming(60'000);
        QVERIFY(watch.startServer());
        watch.registerWorker("chromium:a", 60'000);
        watch.watch();
        TRY_TRUE(watch.isWatching());
        watch.source->stop();
        QCOMPARE(watch.status.state, SourceState::Off);
        QCOMPARE(watch.liveness("chromium:a"), u"unknown"_s);
        watch.source->retryNow();
        TRY_TRUE(watch.isWatching());
        TRY_EQUAL(watch.liveness("chromium:a"), u"alive"_s);
        QCOMPARE(watch.store.figures().total, 1);
    }

    void losingThePushConnectionAlone()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.registerWorker("chromium:a", 60'000);
        watch.watch();
        TRY_EQUAL(watch.status.state, SourceState::Live);
        watch.states.clear();
        watch.run({"CLIENT", "KILL", "TYPE", "pubsub"});
        // It sweeps for a moment, subscribes again, and what changed meanwhile is not lost.
        TRY_TRUE(hasState(watch, SourceState::Sweeping) || hasState(watch, SourceState::Loading));
        watch.setStatus("chromium:a", "draining");
        TRY_EQUAL(watch.status.state, SourceState::Live);
        TRY_EQUAL(watch.worker("chromium:a").status, WorkerStatus::Draining);
        watch.setStatus("chromium:a", "shutting-down");
        TRY_EQUAL(watch.worker("chromium:a").status, WorkerStatus::ShuttingDown);
    }
};

PULSEDECK_TEST(SourceConnectionTest, runWithEvents)
#include "sourceconnection_test.moc"
