// SPDX-License-Identifier: GPL-3.0-or-later
// Fleets that a layout describes, in a real Redis: found, read, judged, ended.
#include "tests/source/layoutscene.h"
#include "tests/support/testprogram.h"

#include <QDateTime>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class LayoutDialectTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void aSortedSetOfLastSeen_data() { layoutModes(); }
    void aSortedSetOfLastSeen()
    {
        SourceWatch watch;
        const Layout layout = layoutFrom(R"({"layout": "own", "schema": 1, "title": "Own", "prefix": "my:",
            "detect": [{"exists": "{prefix}beats", "type": "zset"}],
            "discover": [{"kind": "zset", "key": "{prefix}beats", "score": "beat", "unit": "ms", "clock": "worker"}],
            "idPattern": "^(?<host>[^:]+):(?<pid>[0-9]+)$",
            "record": {"type": "none"},
            "identity": {"host": "$host", "pid": "$pid"},
            "liveness": {"by": "score", "registry": "none", "interval": [1], "hideAfter": 86400},
            "status": [{"else": "available"}],
            "watch": "prefix", "watched": ["{prefix}beats"]})");
        QVERIFY(beginLayouts(watch, {layout}));
        QVERIFY(watch.startServer());
        const auto seen = [&watch](const QByteArray &id, qint64 agoMs = 0) {
            watch.run({"ZADD", "my:beats", QByteArray::number(watch.clock.nowMs() - agoMs), id});
        };
        seen("web-1:100");
        seen("web-2:200");
        seen("web-3:300", 3LL * 24 * 60 * 60 * 1000);
        seen("no pid", 0);
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.knows("web-1:100") && watch.knows("web-2:200"));
        QVERIFY2(!watch.knows("web-3:300"), "silent for days: hidden");
        QVERIFY2(!watch.knows("no pid"), "its id does not fit");
        QCOMPARE(watch.worker("web-1:100").host, "web-1");
        QVERIFY2(!watch.worker("web-1:100").isAgeProven(), "only its own clock says so");
        QTimer beating;
        QObject::connect(&beating, &QTimer::timeout, &watch.store, [&] { seen("web-1:100"); });
        beating.start(300);
        TRY_TRUE(watch.worker("web-1:100").beatCount >= 3);
        QVERIFY(watch.worker("web-1:100").isAgeProven());
        TRY_EQUAL(watch.liveness("web-1:100"), u"alive"_s);
        watch.run({"ZREM", "my:beats", "web-2:200"});
        TRY_EQUAL(watch.worker("web-2:200").end, WorkerEnd::Left);
        // A worker whose clock is an hour behind beats as well as any.
        QTimer late;
        QObject::connect(&late, &QTimer::timeout, &watch.store, [&] { seen("web-4:400", 3'600'000); });
        late.start(300);
        TRY_TRUE(watch.worker("web-4:400").beatCount >= 3);
        TRY_EQUAL(watch.liveness("web-4:400"), u"alive"_s); // A busy machine may beat late.
        QVERIFY(watch.worker("web-4:400").flags.testFlag(WorkerFlag::ClockSkew));
    }

    void hashesWithATtl_data() { layoutModes(); }
    void hashesWithATtl()
    {
        SourceWatch watch;
        const Layout layout = layoutFrom(R"({"layout": "own", "schema": 1, "title": "Own", "prefix": "job:",
            "detect": [{"scan": "{prefix}*", "type": "hash"}],
            "discover": [{"kind": "scan", "key": "{prefix}*", "type": "hash"}],
            "record": {"key": "{prefix}{id}", "type": "hash", "fields": {"busy": "n", "host": "host"}},
            "identity": {"host": "host"},
            "liveness": {"by": "ttl", "registry": "none", "interval": [1]},
            "status": [{"if": {"busy": "0"}, "is": "available"}, {"else": "busy"}],
            "watch": "prefix", "watched": ["{prefix}"]})");
        QVERIFY(beginLayouts(watch, {layout}));
        QVERIFY(watch.startServer());
        const auto beat = [&watch](const QByteArray &id, const QByteArray &busy, int ttlMs) {
            watch.run({"HSET", "job:" + id, "n", busy, "host", "h-1"});
            watch.run({"PEXPIRE", "job:" + id, QByteArray::number(ttlMs)});
        };
        beat("a", "0", 3'000);
        beat("b", "2", 30'000);
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.knows("a") && watch.knows("b"));
        QCOMPARE(watch.worker("a").status, WorkerStatus::Available);
        QCOMPARE(watch.worker("b").status, WorkerStatus::Busy);
        QCOMPARE(watch.worker("b").activeSessions, 2);
        QCOMPARE(watch.worker("b").host, "h-1");
        TRY_EQUAL(watch.worker("a").end, WorkerEnd::Expired);
        watch.run({"DEL", "job:b"});
        TRY_EQUAL(watch.worker("b").end, WorkerEnd::Left);
        beat("b", "0", 30'000);
        TRY_TRUE(watch.knows("b") && watch.worker("b").endedAt == 0);
        // Never expires: shown as that.
        watch.run({"HSET", "job:c", "n", "0"});
        TRY_EQUAL(watch.liveness("c"), u"no-ttl"_s);
    }

    /// What changes with every beat of Sidekiq, and is in no text, is no reason to parse its record and to tell all of it again.
    void isDescribedAgainOnlyWhereItsTextChanges_data() { layoutModes(); }
    void isDescribedAgainOnlyWhereItsTextChanges()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        QVERIFY(beginLayouts(watch, {builtInLayout(u"sidekiq"_s)}));
        const QByteArray id = "app-1:18412:9f2c41ab77de";
        sidekiqProcess(watch, id);
        QVERIFY(isLayoutSeen(watch));
        TRY_EQUAL(watch.worker(id).activeSessions, 1);
        QList<WorkerText> texts;
        QObject::connect(watch.source.get(), &FleetSource::batchReady, &watch.store,
                         [&texts](const FleetBatch &batch) { texts += batch.texts; });
        watch.run({"HSET", id, "rss", "2500", "rtt_us", "950", "busy", "7"}); // From 2048: of the same MiB.
        TRY_EQUAL(watch.worker(id).activeSessions, 7);
        QCOMPARE(texts.size(), qsizetype(0));
        watch.run({"HSET", id, "rss", "409600", "busy", "8"});
        TRY_EQUAL(watch.worker(id).activeSessions, 8);
        QCOMPARE(texts.size(), qsizetype(1));
        QCOMPARE(texts.constFirst().memory, qint64(409'600) * 1024);
    }

    void everythingIsBackAfterAFlush_data() { layoutModes(); }
    void everythingIsBackAfterAFlush()
    {
        SourceWatch watch;
        QVERIFY(beginLayouts(watch, {builtInLayout(u"sidekiq"_s)}));
        QVERIFY(watch.startServer());
        const QByteArray id = "app-1:18412:9f2c41ab77de";
        sidekiqProcess(watch, id);
        QVERIFY(isLayoutSeen(watch));
        TRY_EQUAL(watch.liveness(id), u"alive"_s);
        watch.run({"FLUSHALL"});
        sidekiqProcess(watch, id);
        TRY_TRUE(watch.worker(id).endedAt == 0 && watch.liveness(id) == u"alive"_s && watch.worker(id).readAt > 0);
        QTimer beating;
        QObject::connect(&beating, &QTimer::timeout, &watch.store, [&] { sidekiqProcess(watch, id); });
        beating.start(400);
        TRY_TRUE(watch.worker(id).beatCount >= 2);
    }

    /// A server that was emptied is no departure of its workers: each is the same row again with its next beat.
    void emptiedNoneHasLeft_data()
    {
        QTest::addColumn<bool>("push");
        QTest::addColumn<QString>("system");
        QTest::addColumn<bool>("restart");
        for (const bool restart : {false, true}) {
            for (const QString &system : {u"sidekiq"_s, u"asynq"_s, u"resque"_s, u"dramatiq"_s})
                QTest::addRow("%s, %s", qPrintable(system), restart ? "restarted" : "flushed") << true << system << restart;
        }
    }

    void emptiedNoneHasLeft()
    {
        QFETCH(QString, system);
        QFETCH(bool, restart);
        SourceWatch watch;
        QVERIFY(beginLayouts(watch, {builtInLayout(system)}));
        watch.options.reregisterMs = 60'000;
        QVERIFY(watch.startServer());
        QByteArrayList ids;
        const auto beat = [&] {
            const qint64 now = watch.clock.nowMs();
            const QByteArray time = QDateTime::fromMSecsSinceEpoch(now, Qt::UTC).toString(Qt::ISODate).toLatin1();
            for (const QByteArray &id : std::as_const(ids)) {
                if (system == u"sidekiq") {
                    // The record first: a console may read it before the registry.
                    watch.run({"HSET", id, "info", R"({"hostname":"app-1","concurrency":10,"queues":["default"]})", "busy", "0",
                               "beat", QByteArray::number(double(now) / 1000, 'f', 3), "quiet", "false"});
                    watch.run({"EXPIRE", id, "60"});
                    watch.run({"SADD", "processes", id});
                } else if (system == u"asynq") {
                    const QByteArray key = "asynq:servers:{" + id + '}';
                    watch.run({"SET", key, QByteArray("\x0a\x03web\x10\x64", 7), "PX", "60000"});
                    watch.run({"ZADD", "asynq:servers", QByteArray::number(now / 1000 + 60), key});
                } else if (system == u"resque") {
                    watch.run({"HSET", "resque:workers:heartbeat", id, time});
                    watch.run({"SADD", "resque:workers", id});
                } else {
                    watch.run({"ZADD", "dramatiq:__heartbeats__", QByteArray::number(now), id});
                }
            }
        };
        for (int i = 1; i <= 4; ++i) {
            const QByteArray number = QByteArray::number(i);
            ids.append(system == u"sidekiq"  ? QByteArray("app-1:" + number + ":9f2c41ab77de")
                       : system == u"asynq"  ? QByteArray("app-1:" + number + ":689fca2e-d7bd-b228-24df-7cf629e6b7e" + number)
                       : system == u"resque" ? QByteArray("app-1:" + number + ":default")
                                             : QByteArray("689fca2e-d7bd-4228-84df-7cf629e6b7e" + number));
        }
        beat();
        QVERIFY(isLayoutSeen(watch));
        TRY_EQUAL(watch.store.figures().total, int(ids.size()));
        QList<WorkerNumber> ended;
        QObject::connect(watch.source.get(), &FleetSource::batchReady, &watch.store, [&ended](const FleetBatch &batch) {
            for (const WorkerSample &sample : batch.samples) {
                if (sample.end != WorkerEnd::None)
                    ended.append(sample.number);
            }
        });
        if (system == u"sidekiq") {
            // Its keys have no prefix by which a flush is announced before. And nothing of them is under way: what is read of a
            // flush before it is announced is not known to be one.
            TRY_TRUE(!trackedClient(watch).isEmpty());
            QByteArray before;
            int same = 0;
            QVERIFY(QTest::qWaitFor(
                [&] {
                    const QByteArray stats = watch.run({"INFO", "commandstats"}).text;
                    const qsizetype at = stats.indexOf("cmdstat_pttl:calls=");
                    const QByteArray calls = stats.mid(at, stats.indexOf(',', at) - at);
                    same = std::exchange(before, calls) == calls ? same + 1 : 0;
                    return at >= 0 && same > 30;
                },
                int(patience)));
        }
        if (restart) {
            QVERIFY(watch.server.restartEmpty());
            watch.client = std::make_unique<RedisClient>(watch.server.url());
        } else {
            watch.run({"FLUSHALL"});
        }
        TRY_TRUE(watch.status.forgotten);
        QVERIFY(watch.status.message.contains(restart ? u"was restarted"_s : u"was emptied"_s));
        for (const QByteArray &id : std::as_const(ids))
            TRY_EQUAL(watch.liveness(id), u"unknown"_s);
        beat();
        TRY_TRUE(!watch.status.forgotten && watch.isWatching());
        for (const QByteArray &id : std::as_const(ids)) {
            TRY_TRUE(watch.liveness(id) != u"unknown"_s);
            QCOMPARE(watch.worker(id).endedAt, 0);
            QVERIFY(!watch.worker(id).flags.testFlag(WorkerFlag::Returned));
        }
        QVERIFY(ended.isEmpty());
    }

    /// What may not be read any more is unknown since then, and nothing has happened to it when it may be read again.
    void rightsTakenAwayMakeUnknown_data()
    {
        QTest::addColumn<bool>("push");
        QTest::addColumn<QString>("system");
        QTest::addColumn<QByteArray>("taken");
        QTest::addColumn<QByteArray>("given");
        for (const bool push : {true, false}) {
            for (const QString &system : {u"sidekiq"_s, u"dramatiq"_s}) {
                const char *how = push ? "push" : "sweep";
                QTest::addRow("%s, no command, %s", qPrintable(system), how)
                    << push << system << QByteArray("-@read") << QByteArray("+@all");
                QTest::addRow("%s, no key, %s", qPrintable(system), how)
                    << push << system << QByteArray("resetkeys") << QByteArray("allkeys");
            }
        }
    }

    void rightsTakenAwayMakeUnknown()
    {
        QFETCH(QString, system);
        QFETCH(QByteArray, taken);
        QFETCH(QByteArray, given);
        SourceWatch watch;
        QVERIFY(beginLayouts(watch, {builtInLayout(system)}));
        QVERIFY(watch.startServer());
        if (!watch.run({"ACL", "SETUSER", "console", "on", ">word", "allkeys", "allchannels", "+@all"}).ok())
            QSKIP("this server has no ACL");
        const bool sidekiq = system == u"sidekiq";
        const QByteArray id = sidekiq ? "app-1:18412:9f2c41ab77de" : "689fca2e-d7bd-4228-84df-7cf629e6b7e1";
        const auto beat = [&] {
            if (sidekiq)
                sidekiqProcess(watch, id);
            else
                watch.run({"ZADD", "dramatiq:__heartbeats__", QByteArray::number(watch.clock.nowMs()), id});
        };
        beat();
        RedisUrl url = watch.server.url();
        url.user = u"console"_s;
        url.password = u"word"_s;
        watch.watch(url);
        TRY_TRUE(watch.isWatching() && watch.knows(id));
        QTimer beating;
        QObject::connect(&beating, &QTimer::timeout, &watch.store, beat);
        beating.start(300);
        TRY_TRUE(watch.worker(id).beatCount >= 2);
        QList<WorkerEnd> ends;
        QObject::connect(watch.source.get(), &FleetSource::batchReady, &watch.store, [&ends](const FleetBatch &batch) {
            for (const WorkerSample &sample : batch.samples) {
                if (sample.end != WorkerEnd::None)
                    ends.append(sample.end);
            }
        });
        const Worker before = watch.worker(id);
        watch.run({"ACL", "SETUSER", "console", taken});
        TRY_EQUAL(watch.liveness(id), u"unknown"_s);
        TRY_TRUE(!watch.status.limits.isEmpty() && watch.status.trouble == SourceTrouble::Incomplete);
        QCOMPARE(watch.worker(id).status, before.status);
        QVERIFY(!watch.worker(id).flags.testFlag(WorkerFlag::BadField));
        watch.run({"ACL", "SETUSER", "console", given});
        TRY_EQUAL(watch.liveness(id), u"alive"_s);
        TRY_TRUE(watch.status.trouble == SourceTrouble::None);
        QCOMPARE(watch.worker(id).status, before.status);
        QCOMPARE(watch.worker(id).serial, before.serial);
        QVERIFY(!watch.worker(id).flags.testFlag(WorkerFlag::Returned));
        QVERIFY(ends.isEmpty());
    }

    void hostileValues_data() { layoutModes(); }
    void hostileValues()
    {
        SourceWatch watch;
        QVERIFY(beginLayouts(watch, {builtInLayout(u"sidekiq"_s)}));
        QVERIFY(watch.startServer());
        const QByteArray odd = "app-1:1:abc";
        const QByteArray list = "app-2:2:abc";
        const QByteArray large = "app-3:3:abc";
        watch.run({"SADD", "processes", odd, list, large, QByteArray(5'000, 'x'), "\xff\xfe", "", "no:such"});
        watch.run({"HSET", odd, "info", "{\"hostname\": [1, {\"x\"", "busy", "-99999999999999", "beat", "nan", "quiet", "\xff"});
        watch.run({"EXPIRE", odd, "60"});
        watch.run({"RPUSH", list, "x"});
        watch.run({"HSET", large, "info", QByteArray(2'000'000, 'y'), "busy", "1", "beat", "1"});
        watch.run({"EXPIRE", large, "60"});
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.knows(odd) && watch.knows(list) && watch.knows(large));
        QCOMPARE(watch.worker(odd).host, "app-1"); // The id has it, too.
        QVERIFY(watch.worker(list).flags.testFlag(WorkerFlag::WrongType));
        TRY_TRUE(watch.worker(large).flags.testFlag(WorkerFlag::TooLarge));
        QCOMPARE(watch.store.figures().total, 3);
        QCOMPARE(watch.run({"DBSIZE"}).integer, 4); // Nothing was written.
    }
};

PULSEDECK_TEST(LayoutDialectTest, runWithEvents)
#include "layoutdialect_test.moc"
