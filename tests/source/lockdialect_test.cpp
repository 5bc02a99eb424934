// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/dialectregistry.h"
#include "app/redis/fleetdialect.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layoutreader.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Holders of locks in a real Redis: who holds one, until when, and who comes next.
class LockDialectTest : public QObject
{
    Q_OBJECT

    static void modes()
    {
        QTest::addColumn<bool>("push");
        QTest::newRow("push") << true;
        QTest::newRow("sweep") << false;
    }

    static bool begin(SourceWatch &watch, const QString &name, const QByteArray &prefix)
    {
        const LayoutReading reading = LayoutReader::readFile(QStringLiteral(PULSEDECK_LAYOUTS "/") + name + u".json"_s);
        for (const LayoutProblem &problem : reading.problems)
            qWarning("%s", qPrintable(problem.toString()));
        if (!reading.layout || !canWatch(*reading.layout))
            return false;
        watch.options.dialects.clear();
        watch.options.dialects.push_back(
            [layout = *reading.layout, prefix](RedisSession &session) { return makeDialect(session, layout, prefix); });
        return true;
    }

    static bool isSeen(SourceWatch &watch)
    {
        watch.watch();
        return QTest::qWaitFor([&] { return watch.isWatching(); }, 20'000);
    }

    static QString note(const SourceWatch &watch)
    {
        return watch.status.systems.isEmpty() ? QString() : watch.status.systems.first().note;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void aHolderRenewsAndExpires_data() { modes(); }
    void aHolderRenewsAndExpires()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        QVERIFY(begin(watch, u"lock-holder"_s, "scheduler:lock"));
        QVERIFY(watch.startServer());
        QVERIFY(isSeen(watch));
        QCOMPARE(watch.store.figures().total, 0);
        TRY_EQUAL(note(watch), u"the lock is free: there is no holder"_s);
        // Taken.
        watch.run({"SET", "scheduler:lock", "web-1", "NX", "PX", "3000"});
        TRY_TRUE(watch.knows("web-1"));
        QVERIFY(watch.worker("web-1").ttlAtRead > 0);
        TRY_EQUAL(note(watch), QString());
        QCOMPARE(watch.status.systems.first().workers, 1);
        // Renewed: each is a beat, by the TTL and no clock.
        QTimer renewing;
        QObject::connect(&renewing, &QTimer::timeout, &watch.store, [&] { watch.run({"PEXPIRE", "scheduler:lock", "3000"}); });
        renewing.start(400);
        TRY_TRUE(watch.worker("web-1").beatCount >= 3);
        QCOMPARE(watch.liveness("web-1"), u"alive"_s);
        QVERIFY(watch.worker("web-1").isAgeProven());
        if (push)
            QCOMPARE(watch.worker("web-1").learntTtl, 3'000);
        // Not renewed any more.
        renewing.stop();
        TRY_EQUAL(watch.worker("web-1").end, WorkerEnd::Expired);
        TRY_EQUAL(note(watch), u"the lock is free: there is no holder"_s);
        QCOMPARE(watch.run({"DBSIZE"}).integer, 0); // Nothing was written.
    }

    void anotherHolderIsAnotherWorker_data() { modes(); }
    void anotherHolderIsAnotherWorker()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        QVERIFY(begin(watch, u"resque-scheduler"_s, "resque:"));
        QVERIFY(watch.startServer());
        const QByteArray key = "resque:resque_scheduler_master_lock";
        watch.run({"SET", key, "app-1:100", "EX", "180"});
        QVERIFY(isSeen(watch));
        QVERIFY(watch.knows("app-1:100"));
        QCOMPARE(watch.worker("app-1:100").host, "app-1");
        QCOMPARE(watch.worker("app-1:100").pid, 100);
        QVERIFY2(watch.worker("app-1:100").isAgeProven(), "its full TTL is always 180 s");
        QCOMPARE(watch.liveness("app-1:100"), u"alive"_s);
        watch.run({"SET", key, "app-2:200", "EX", "180"});
        TRY_TRUE(watch.knows("app-2:200"));
        TRY_EQUAL(watch.worker("app-1:100").end, WorkerEnd::Left);
        QCOMPARE(watch.liveness("app-2:200"), u"alive"_s);
        QCOMPARE(watch.store.figures().total, 1);
        // Given up: nobody.
        watch.run({"DEL", key});
        TRY_EQUAL(watch.worker("app-2:200").end, WorkerEnd::Left);
        TRY_EQUAL(note(watch), u"the lock is free: there is no holder"_s);
        // Somebody whose name is of another kind holds it: listed under the lock's name, and said.
        watch.run({"SET", key, "who knows", "EX", "180"});
        TRY_TRUE(watch.knows(key));
        QVERIFY(!watch.store.problems(watch.handle(key)).isEmpty());
        watch.run({"PERSIST", key});
        TRY_EQUAL(watch.liveness(key), u"no-ttl"_s);
    }

    /// Its value is a random word: who holds it is unknown, and that it is somebody else is not.
    void aHolderWithoutAName_data() { modes(); }
    void aHolderWithoutAName()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        QVERIFY(begin(watch, u"redbeat"_s, "redbeat:"));
        QVERIFY(watch.startServer());
        const QByteArray key = "redbeat::lock";
        watch.run({"SET", key, QByteArray("\x01\xff random", 9), "EX", "1500"});
        QVERIFY(isSeen(watch));
        QVERIFY(watch.knows(key));
        const quint32 first = watch.worker(key).serial;
        QVERIFY(!watch.worker(key).flags.testFlag(WorkerFlag::Returned));
        watch.run({"SET", key, "another", "EX", "1500"});
        TRY_TRUE(watch.worker(key).flags.testFlag(WorkerFlag::Returned));
        QCOMPARE(watch.worker(key).endedAt, 0);
        QVERIFY(watch.worker(key).serial >= first);
        QCOMPARE(watch.store.figures().total, 1);
        // Another thing in its place.
        watch.run({"DEL", key});
        TRY_TRUE(watch.worker(key).endedAt > 0);
        watch.run({"RPUSH", key, "x"});
        TRY_TRUE(watch.worker(key).endedAt == 0);
        TRY_TRUE(!watch.store.problems(watch.handle(key)).isEmpty());
    }

    void afterAFlush_data() { modes(); }
    void afterAFlush()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        QVERIFY(begin(watch, u"lock-holder"_s, "l"));
        QVERIFY(watch.startServer());
        watch.run({"SET", "l", "web-1", "EX", "60"});
        QVERIFY(isSeen(watch));
        QVERIFY(watch.knows("web-1"));
        watch.run({"FLUSHALL"});
        if (push)
            TRY_TRUE(watch.status.forgotten);
        else
            TRY_TRUE(watch.worker("web-1").endedAt > 0);
        watch.run({"SET", "l", "web-1", "EX", "60"});
        TRY_TRUE(!watch.status.forgotten && watch.worker("web-1").endedAt == 0);
        watch.run({"FLUSHALL"});
        TRY_EQUAL(watch.worker("web-1").end, push ? WorkerEnd::Unseen : WorkerEnd::Left);
        TRY_TRUE(!watch.status.forgotten);
    }

    void refusalsAreSaid()
    {
        SourceWatch watch;
        QVERIFY(begin(watch, u"lock-holder"_s, "l"));
        QVERIFY(watch.startServer());
        watch.run({"SET", "l", "web-1", "EX", "60"});
        watch.run({"ACL", "SETUSER", "default", "-mget"});
        QVERIFY(isSeen(watch));
        QCOMPARE(watch.store.figures().total, 0);
        TRY_TRUE(watch.status.isPartial());
        QVERIFY2(watch.status.limits.join(u' ').contains(u"Who holds the lock l cannot be read"),
                 qPrintable(watch.status.limits.join(u' ')));
        watch.run({"ACL", "SETUSER", "default", "+mget"});
        TRY_TRUE(watch.knows("web-1") && watch.status.limits.isEmpty());
    }

    /// A lock that the operator has named is watched while it is free.
    void aNamedLockNeedNotBeHeld()
    {
        SourceWatch watch;
        SystemChoice choice;
        choice.prefix = u"jobs:leader"_s;
        watch.options.layouts = chosenLayouts(LayoutCatalog::builtIn().layouts(), {{u"lock-holder"_s, choice}});
        QVERIFY(watch.startServer());
        watch.registerWorker("chromium:a");
        QVERIFY(isSeen(watch));
        TRY_TRUE(std::any_of(watch.status.systems.begin(), watch.status.systems.end(), [](const FoundSystem &system) {
            return system.layout == u"lock-holder"_s && system.watched && system.workers == 0 && !system.note.isEmpty();
        }));
        watch.run({"SET", "jobs:leader", "web-1", "EX", "60"});
        TRY_TRUE(watch.knows("web-1"));
        watch.source->lookForSystems();
        watch.run({"DEL", "jobs:leader"});
        TRY_EQUAL(watch.worker("web-1").end, WorkerEnd::Left);
        // In the list once, whatever the look found.
        const auto listed = [&watch] {
            return std::count_if(watch.status.systems.begin(), watch.status.systems.end(), [](const FoundSystem &system) {
                return system.layout == u"lock-holder"_s && !system.note.isEmpty();
            });
        };
        TRY_EQUAL(listed(), 1);
    }

    void locksAreDetected()
    {
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        watch.run({"SET", "redbeat::lock", "x", "EX", "1500"});
        watch.run({"SET", "other:resque_scheduler_master_lock", "app-1:7", "EX", "180"});
        QVERIFY(isSeen(watch));
        QVERIFY(watch.knows("redbeat::lock") && watch.knows("app-1:7"));
        QCOMPARE(watch.status.systems.size(), 2);
        for (const FoundSystem &system : std::as_const(watch.status.systems)) {
            QVERIFY(system.watched);
            QCOMPARE(system.workers, 1);
        }
        watch.run({"DEL", "redbeat::lock"});
        TRY_TRUE(watch.worker("redbeat::lock").endedAt > 0);
        watch.source->lookForSystems();
        TRY_TRUE(std::any_of(watch.status.systems.begin(), watch.status.systems.end(), [](const FoundSystem &system) {
            return system.layout == u"redbeat"_s && system.note == u"the lock is free: there is no holder"_s;
        }));
    }
};

PULSEDECK_TEST(LockDialectTest, runWithEvents)

#include "lockdialect_test.moc"
