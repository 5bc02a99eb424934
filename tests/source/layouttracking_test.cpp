// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of records without a common prefix are announced to who has read them.
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/queuefacts.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/source/layoutscene.h"
#include "tests/support/relay.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class LayoutTrackingTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void twoLayoutsOnOneRedis_data() { layoutModes(); }
    void twoLayoutsOnOneRedis()
    {
        SourceWatch watch;
        QVERIFY(beginLayouts(watch, {builtInLayout(u"sidekiq"_s), builtInLayout(u"rq"_s)}));
        QVERIFY(watch.startServer());
        sidekiqProcess(watch, "app-1:18412:9f2c41ab77de");
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        watch.run({"HSET", "rq:worker:one", "birth", "2026-11-28T10:00:00.000000Z", "queues", "a", "pid", "1", "state", "idle"});
        watch.run({"EXPIRE", "rq:worker:one", "480"});
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.knows("app-1:18412:9f2c41ab77de") && watch.knows("one"));
        QCOMPARE(watch.worker("one").traits->layout, u"rq"_s);
        QCOMPARE(watch.store.typeName(watch.worker("one").type), u"RQ"_s);
        QCOMPARE(watch.store.typeName(watch.worker("app-1:18412:9f2c41ab77de").type), u"shop"_s);
        QCOMPARE(watch.worker("app-1:18412:9f2c41ab77de").traits->layout, u"sidekiq"_s);
    }

    /// Beats of the first system are announced as before when another one is found, however long it takes until push is on again.
    void aSystemFoundLaterLeavesTheReadsTracked()
    {
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        watch.options.sweepMs = 120'000; // Without announcements nothing is seen in time.
        watch.options.stallMs = 60'000;
        RedisServer::Options overTcp;
        overTcp.tcp = true;
        QVERIFY(watch.server.start(overTcp));
        watch.client = std::make_unique<RedisClient>(watch.server.url());
        Relay relay;
        QVERIFY(relay.listen({watch.server.tcpUrl()}));
        const QByteArray id("app-1:18412:9f2c41ab77de");
        sidekiqProcess(watch, id);
        watch.watch(relay.url());
        TRY_EQUAL(watch.status.state, SourceState::Live);
        TRY_TRUE(!trackedClient(watch).isEmpty());
        QVERIFY(beatIsSeen(watch, id));
        const qint64 since = watch.status.since;
        QVERIFY(since > 0);
        // The answer that push is on again comes only after a tick has looked for it.
        relay.hold("BCAST");
        registerRqWorker(watch, "one");
        watch.source->lookForSystems();
        TRY_TRUE(relay.held().contains("\r\nTIME\r\n"));
        relay.release();
        TRY_TRUE(watch.knows("one"));
        TRY_EQUAL(watch.status.state, SourceState::Live);
        for (int beat = 0; beat < 3; ++beat)
            QVERIFY2(beatIsSeen(watch, id), QByteArray::number(beat).constData());
        // It is the same connection, and what is read on it is still counted.
        QCOMPARE(watch.status.since, since);
        TRY_TRUE(watch.status.updatesPerSecond > 0 && watch.status.lagMs != unknownValue);
    }

    /// Where Redis refuses to track what is read, the source says so although it is live, and asks again later.
    void readsThatAreNotTrackedAreSaid()
    {
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        watch.options.pushAgainMs = 200;
        QVERIFY(watch.startServer());
        watch.run({"ACL", "SETUSER", "reader", "on", ">s3cret", "~*", "&*", "+@all"});
        const QByteArray id("app-1:18412:9f2c41ab77de");
        sidekiqProcess(watch, id);
        RedisUrl url = watch.server.url();
        url.user = u"reader"_s;
        url.password = u"s3cret"_s;
        watch.watch(url);
        TRY_EQUAL(watch.status.state, SourceState::Live);
        TRY_TRUE(!trackedClient(watch).isEmpty());
        const auto saysSo = [&watch] { return watch.status.limits.join(u'\n').contains(u"changes are not announced for now"_s); };
        TRY_TRUE(!saysSo());
        watch.run({"ACL", "SETUSER", "reader", "-client|tracking"});
        watch.run({"CLIENT", "KILL", "ID", trackedClient(watch)});
        TRY_TRUE(saysSo());
        QCOMPARE(watch.status.state, SourceState::Live);
        QVERIFY2(beatIsSeen(watch, id), "by reading it again and again");
        watch.run({"ACL", "SETUSER", "reader", "+client|tracking"});
        TRY_TRUE(!trackedClient(watch).isEmpty());
        TRY_TRUE(!saysSo());
    }

    /// One enormous field has its sizes asked first, by another connection: its changes are announced all the same.
    void aProcessThatIsReadWithCareIsAnnounced()
    {
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        watch.options.sweepMs = 120'000;
        watch.options.reconcileMs = 120'000;
        QVERIFY(watch.startServer());
        const QByteArray id("app-1:18412:9f2c41ab77de");
        sidekiqProcess(watch, id);
        watch.run({"HSET", id, "quiet", QByteArray(9'000'000, '9')});
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.worker(id).flags.testFlag(WorkerFlag::TooLarge));
        TRY_TRUE(!trackedClient(watch).isEmpty());
        for (int beat = 0; beat < 3; ++beat)
            QVERIFY2(beatIsSeen(watch, id), QByteArray::number(beat).constData());
    }

    /// A script reads it, by another connection: its changes are announced all the same.
    void aSecretRecordIsAnnounced()
    {
        const LayoutReading reading = LayoutReader::read(R"({ "layout": "mine", "schema": 1, "title": "Mine", "prefix": "mine:",
            "detect": [{ "exists": "{prefix}workers", "type": "set" }],
            "discover": [{ "kind": "set", "key": "{prefix}workers", "memberIs": "id", "registry": true }],
            "record": { "key": "{prefix}worker:{id}", "type": "json", "secret": true, "fields": { "state": "#/state" } },
            "liveness": { "by": "ttl", "fullTtl": [600], "registry": "required", "interval": [60] },
            "status": [{ "if": { "state": "off" }, "is": "draining" }, { "else": "available" }],
            "watch": "tracking-read" })",
                                                         u"mine.json"_s);
        QVERIFY2(reading.layout, qPrintable(reading.problems.empty() ? QString() : reading.problems.front().toString()));
        SourceWatch watch;
        watch.options.layouts = {*reading.layout};
        watch.options.sweepMs = 120'000;
        watch.options.reconcileMs = 120'000;
        QVERIFY(watch.startServer());
        const auto set = [&watch](const QByteArray &state) {
            watch.run({"SET", "mine:worker:w1", R"({"state":")" + state + R"(","args":["sesame"]})", "EX", "600"});
        };
        set("on");
        watch.run({"SADD", "mine:workers", "w1"});
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.knows("w1"));
        TRY_TRUE(!trackedClient(watch).isEmpty());
        TRY_EQUAL(watch.worker("w1").status, WorkerStatus::Available);
        for (int change = 0; change < 3; ++change) {
            set("off");
            TRY_EQUAL(watch.worker("w1").status, WorkerStatus::Draining);
            set("on");
            TRY_EQUAL(watch.worker("w1").status, WorkerStatus::Available);
        }
    }
};

PULSEDECK_TEST(LayoutTrackingTest, runWithEvents)
#include "layouttracking_test.moc"
