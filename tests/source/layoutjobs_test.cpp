// SPDX-License-Identifier: GPL-3.0-or-later
// Workers of job systems as their layouts read them.
#include "app/redis/dialectregistry.h"
#include "models/fleet/eventwords.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/queuefacts.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/source/layoutscene.h"
#include "tests/support/relay.h"
#include "tests/support/testprogram.h"

#include <QDateTime>
#include <QJsonObject>
#include <QTest>

#include <algorithm>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class LayoutJobsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void sidekiqProcesses_data() { layoutModes(); }
    void sidekiqProcesses()
    {
        SourceWatch watch;
        const Layout layout = builtInLayout(u"sidekiq"_s);
        QVERIFY(beginLayouts(watch, {layout}));
        QVERIFY(watch.startServer());
        const QByteArray alive = "app-1:18412:9f2c41ab77de";
        const QByteArray quiet = "app-2:11873:0123456789ab";
        const QByteArray ghost = "app-1:20877:ffffffffffff";
        const QByteArray left = "app-3:1:eeeeeeeeeeee";
        sidekiqProcess(watch, alive);
        sidekiqProcess(watch, quiet, "true", "3");
        sidekiqProcess(watch, left);
        watch.run({"SREM", "processes", left});
        watch.run({"SADD", "processes", ghost});
        watch.run({"SADD", "queues", "default", "critical"});
        watch.run({"RPUSH", "queue:default", "{}", "{}"});
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.knows(alive) && watch.knows(quiet) && watch.knows(ghost));
        QVERIFY2(!watch.knows(left), "its hash stays, and it has left");
        QCOMPARE(watch.liveness(alive), u"alive"_s);
        QVERIFY2(watch.worker(alive).isAgeProven(), "the full TTL is always 60 s");
        QCOMPARE(watch.worker(alive).host, "app-1");
        QCOMPARE(watch.worker(alive).activeSessions, 1);
        QCOMPARE(watch.worker(alive).status, WorkerStatus::Available);
        QCOMPARE(watch.worker(quiet).status, WorkerStatus::Draining);
        QCOMPARE(watch.liveness(ghost), u"ghost"_s);
        TRY_TRUE(watch.worker(alive).readAt > 0);
        // A beat is announced: the key was read by the connection that tracks its reads.
        QTimer beating;
        QObject::connect(&beating, &QTimer::timeout, &watch.store, [&] { sidekiqProcess(watch, alive); });
        beating.start(400);
        TRY_TRUE(watch.worker(alive).beatCount >= 3);
        // One that starts is found by the set, one that ends in order is gone though its hash stays.
        const QByteArray fresh = "app-9:7:aaaaaaaaaaaa";
        sidekiqProcess(watch, fresh);
        TRY_TRUE(watch.knows(fresh));
        watch.run({"SREM", "processes", quiet});
        TRY_EQUAL(watch.worker(quiet).end, WorkerEnd::Drained);
        QVERIFY(watch.worker(quiet).ttlAtRead > 0); // Its key is there until it expires.
        // Killed: the key runs out, the member stays; then a sweep of its own takes it out. What it had at work is known.
        TRY_TRUE(watch.worker(fresh).activeSessions == 1);
        watch.run({"PEXPIRE", fresh, "300"});
        TRY_EQUAL(watch.liveness(fresh), u"ghost"_s);
        const std::vector<FleetEvent> events =
            watch.store.events().ofWorker(watch.worker(fresh).serial, watch.worker(fresh).source, 100);
        QVERIFY(std::any_of(events.begin(), events.end(), [&watch, &fresh](const FleetEvent &event) {
            return eventText(event, *watch.worker(fresh).traits).endsWith(u"1 at work when last read"_s);
        }));
        watch.run({"SREM", "processes", fresh});
        TRY_TRUE(watch.worker(fresh).liveness == Liveness::Departed);
        watch.run({"SREM", "processes", ghost});
        TRY_TRUE(watch.liveness(ghost) != u"ghost"_s);
    }

    void rqWorkers_data() { layoutModes(); }
    void rqWorkers()
    {
        SourceWatch watch;
        QVERIFY(beginLayouts(watch, {builtInLayout(u"rq"_s)}));
        QVERIFY(watch.startServer());
        const auto now = [&watch] {
            return QDateTime::fromMSecsSinceEpoch(watch.clock.nowMs(), Qt::UTC)
                .toString(u"yyyy-MM-ddTHH:mm:ss.zzz000Z"_s)
                .toLatin1();
        };
        const auto worker = [&](const QByteArray &name, const QByteArray &state) {
            const QByteArray key = "rq:worker:" + name;
            watch.run({"SADD", "rq:workers", key});
            watch.run({"HSET", key, "birth", now(), "last_heartbeat", now(), "queues", "imports,thumbs", "pid", "77", "hostname",
                       "tasks-1", "ip_address", "10.4.5.12:5000", "version", "2.10.0", "state", state});
            watch.run({"EXPIRE", key, state == "busy" ? "90" : "480"});
        };
        worker("one", "idle");
        worker("two", "busy");
        worker("dead", "idle");
        watch.run({"HSET", "rq:worker:dead", "death", now()});
        watch.run({"SREM", "rq:workers", "rq:worker:dead"});
        watch.run({"HSET", "rq:worker:half", "last_heartbeat", now(), "state", "idle"});
        watch.run({"EXPIRE", "rq:worker:half", "480"});
        watch.run({"SADD", "rq:workers", "rq:worker:ghost"});
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.knows("one") && watch.knows("two") && watch.knows("half"));
        QVERIFY2(!watch.knows("dead"), "it has left");
        QVERIFY2(watch.worker("one").isAgeProven(), "480 s and its stamp agree");
        QCOMPARE(watch.worker("two").status, WorkerStatus::Busy);
        QCOMPARE(watch.worker("one").host, "tasks-1");
        TRY_TRUE(watch.worker("half").flags.testFlag(WorkerFlag::Incomplete));
        TRY_EQUAL(watch.liveness("ghost"), u"ghost"_s);
        watch.run({"HSET", "rq:worker:one", "death", now()});
        watch.run({"SREM", "rq:workers", "rq:worker:one"});
        watch.run({"EXPIRE", "rq:worker:one", "60"});
        TRY_EQUAL(watch.worker("one").end, WorkerEnd::Left);
    }

    /// RQ has each worker in one set of all and in one set for each of its queues.
    void anRqGhostIsRemovedFromTheSetsOfItsQueues()
    {
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        const QByteArray ghost = "rq:worker:ghost";
        watch.run({"SADD", "rq:queues", "rq:queue:imports"});
        watch.run({"SADD", "rq:workers", ghost, "rq:worker:lives"});
        watch.run({"SADD", "rq:workers:imports", ghost, "rq:worker:lives"});
        watch.run({"SADD", "rq:workers:never", ghost}); // Nothing was ever put into this queue: only a living worker names it.
        const QByteArray stamp =
            QDateTime::fromMSecsSinceEpoch(watch.clock.nowMs(), Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss.zzz000Z"_s).toLatin1();
        watch.run({"HSET", "rq:worker:lives", "birth", stamp, "last_heartbeat", stamp, "queues", "imports,never", "pid", "1",
                   "state", "idle"});
        watch.run({"EXPIRE", "rq:worker:lives", "480"});
        QVERIFY(isLayoutSeen(watch));
        TRY_EQUAL(watch.liveness("ghost"), u"ghost"_s);
        TRY_TRUE(watch.store.queues().all().size() >= 2);
        std::vector<CommandProgress> answers;
        QObject::connect(
            watch.source.get(), &FleetSource::commandsProgressed, &watch.store,
            [&answers](const QList<CommandProgress> &news) { answers.insert(answers.end(), news.begin(), news.end()); });
        watch.source->setWritable(true);
        const auto reap = [&](const QByteArray &worker) {
            Command command;
            command.id = QUuid::createUuid();
            command.group = command.id;
            command.act = Act::Reap;
            command.source = 1;
            command.worker = worker;
            answers.clear();
            watch.source->carryOut({command});
            return QTest::qWaitFor([&answers] { return !answers.empty(); }, 20'000) ? answers.front().outcome
                                                                                    : CommandProgress::Outcome::Unknown;
        };
        QCOMPARE(reap("lives"), CommandProgress::Outcome::Refused);
        QCOMPARE(watch.run({"SCARD", "rq:workers:imports"}).integer, 2);
        QCOMPARE(reap("ghost"), CommandProgress::Outcome::Done);
        for (const QByteArray &set : {QByteArray("rq:workers"), QByteArray("rq:workers:imports"), QByteArray("rq:workers:never")})
            QVERIFY2(watch.run({"SISMEMBER", set, ghost}).integer == 0, set.constData());
        QCOMPARE(watch.run({"SCARD", "rq:workers:imports"}).integer, 1);
    }

    void resqueWorkers_data() { layoutModes(); }
    void resqueWorkers()
    {
        SourceWatch watch;
        QVERIFY(beginLayouts(watch, {builtInLayout(u"resque"_s)}));
        QVERIFY(watch.startServer());
        const auto beat = [&watch](const QByteArray &id) {
            const QDateTime now = QDateTime::fromMSecsSinceEpoch(watch.clock.nowMs(), Qt::UTC);
            watch.run({"HSET", "resque:workers:heartbeat", id, now.toString(u"yyyy-MM-ddTHH:mm:ss+00:00"_s).toLatin1()});
        };
        const QByteArray idle = "app-1:100:default";
        const QByteArray busy = "app-1:200:critical,default";
        const QByteArray lost = "app-2:300:*";
        for (const QByteArray &id : {idle, busy})
            watch.run({"SADD", "resque:workers", id});
        watch.run({"SET", "resque:worker:" + busy,
                   R"({"queue":"critical","run_at":"2026-11-28T23:02:47Z","payload":{"class":"Resize","args":["s3cret"]}})"});
        for (const QByteArray &id : {idle, busy, lost})
            beat(id);
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.knows(idle) && watch.knows(busy) && watch.knows(lost));
        TRY_EQUAL(watch.worker(busy).status, WorkerStatus::Busy);
        const auto jobs = [&watch](const QByteArray &id) {
            const LayoutFacts *facts = watch.store.facts(watch.handle(id));
            return facts ? facts->jobs : QStringList();
        };
        TRY_EQUAL(jobs(busy), QStringList{u"a job of critical"_s}); // Its class stands among its arguments.
        QCOMPARE(watch.worker(idle).status, WorkerStatus::Available);
        QVERIFY2(watch.worker(idle).isAgeProven(), "Redis' own clock wrote it");
        QCOMPARE(watch.worker(idle).host, "app-1");
        TRY_TRUE(watch.worker(lost).flags.testFlag(WorkerFlag::Unregistered));
        // Ended in order: everything of it is removed.
        watch.run({"SREM", "resque:workers", idle});
        watch.run({"HDEL", "resque:workers:heartbeat", idle});
        TRY_EQUAL(watch.worker(idle).end, WorkerEnd::Left);
        watch.run({"DEL", "resque:worker:" + busy});
        TRY_EQUAL(watch.worker(busy).status, WorkerStatus::Available);
        TRY_EQUAL(jobs(busy), QStringList());
    }

    /// The record of a job at work has its arguments: whatever the console reads of it, they stay in Redis.
    void argumentsOfJobsAreNotRead_data() { layoutModes(); }
    void argumentsOfJobsAreNotRead()
    {
        const QByteArray busy = "app-1:200:critical,default";
        for (const QByteArrayList &taken : {QByteArrayList(), QByteArrayList{"-eval", "-eval_ro"}, QByteArrayList{"-mget"}}) {
            const bool permitted = taken.isEmpty();
            SourceWatch watch;
            QVERIFY(beginLayouts(watch, {builtInLayout(u"resque"_s)}));
            RedisServer::Options overTcp;
            overTcp.tcp = true;
            QVERIFY(watch.server.start(overTcp));
            watch.client = std::make_unique<RedisClient>(watch.server.url());
            if (!permitted)
                QVERIFY(watch.run(QByteArrayList{"ACL", "SETUSER", "default"} + taken).ok());
            const QDateTime now = QDateTime::fromMSecsSinceEpoch(watch.clock.nowMs(), Qt::UTC);
            watch.run({"SADD", "resque:workers", busy});
            watch.run({"SADD", "resque:queues", "critical"});
            watch.run({"HSET", "resque:workers:heartbeat", busy, now.toString(u"yyyy-MM-ddTHH:mm:ss+00:00"_s).toLatin1()});
            watch.run({"SET", "resque:worker:" + busy,
                       R"({"queue":"critical","run_at":"2026-11-28T23:02:47Z","payload":{"class":"Resize","args":["s3cret"]}})"});
            Relay relay;
            QVERIFY(relay.listen({watch.server.tcpUrl()}));
            relay.record();
            watch.watch(relay.url());
            TRY_TRUE(watch.isWatching() && watch.knows(busy));
            QCOMPARE(watch.worker(busy).host, "app-1"); // By its id.
            const auto says = [&watch] { return watch.status.limits.join(u' ').contains(u"EVAL_RO"_s); };
            const auto jobs = [&] {
                const LayoutFacts *facts = watch.store.facts(watch.handle(busy));
                return facts ? facts->jobs : QStringList();
            };
            if (permitted) {
                TRY_EQUAL(watch.worker(busy).status, WorkerStatus::Busy);
                TRY_EQUAL(jobs(), QStringList{u"a job of critical"_s});
                QVERIFY(!says());
                // A number that is none is left out, and of another one no digit is lost.
                watch.run({"SET", "resque:worker:" + busy,
                           R"({"queue":8007199254740993,"run_at":1e999,"payload":{"class":"Resize","args":["s3cret"]}})"});
                TRY_EQUAL(jobs(), QStringList{u"a job of 8007199254740993"_s});
            } else {
                TRY_TRUE(says());
                QCOMPARE(watch.worker(busy).status, WorkerStatus::Missing);
                QCOMPARE(jobs(), QStringList());
                // Permitted again, it is read.
                QVERIFY(watch.run({"ACL", "SETUSER", "default", "+@all"}).ok());
                relay.dropAll(); // It tries again with the next connection.
                TRY_EQUAL(jobs(), QStringList{u"a job of critical"_s});
                TRY_TRUE(!says());
            }
            QVERIFY(!relay.recorded().contains("s3cret"));
            QVERIFY(relay.recorded().contains("app-1"));
        }
    }

    /// Its listener receives a command and nothing comes of it: what a count of receivers cannot tell.
    void allWorkersArePaused_data() { layoutModes(); }
    void allWorkersArePaused()
    {
        SourceWatch watch;
        QVERIFY(beginLayouts(watch, {builtInLayout(u"resque"_s), builtInLayout(u"rq"_s)}));
        QVERIFY(watch.startServer());
        const QByteArray idle = "host:4243:default";
        const QDateTime now = QDateTime::fromMSecsSinceEpoch(watch.clock.nowMs(), Qt::UTC);
        watch.run({"SADD", "resque:workers", idle});
        watch.run({"HSET", "resque:workers:heartbeat", idle, now.toString(u"yyyy-MM-ddTHH:mm:ss+00:00"_s).toLatin1()});
        watch.run({"SET", "resque:pause-all-workers", "true"});
        const QByteArray stamp = now.toString(u"yyyy-MM-ddTHH:mm:ss.zzz000Z"_s).toLatin1();
        watch.run({"SADD", "rq:workers", "rq:worker:w1"});
        watch.run(
            {"HSET", "rq:worker:w1", "birth", stamp, "last_heartbeat", stamp, "queues", "high", "pid", "7", "state", "idle"});
        watch.run({"EXPIRE", "rq:worker:w1", "480"});
        watch.run({"SADD", "rq:queues", "rq:queue:high"});
        watch.run({"RPUSH", "rq:queue:high", "a"});
        QVERIFY(isLayoutSeen(watch));
        const auto pause = [&](const QString &system) {
            const FleetPause *const found = watch.store.queues().fleetPause(1, system);
            return found && found->latest.known ? std::optional(found->latest) : std::nullopt;
        };
        const auto isPaused = [&](const QString &system) { return pause(system) && pause(system)->paused; };
        // It was so when they were first seen.
        TRY_TRUE(isPaused(u"resque"_s) && pause(u"rq"_s) && !isPaused(u"rq"_s));
        TRY_EQUAL(watch.worker(idle).status, WorkerStatus::Paused);
        QCOMPARE(fleetPauseText(watch.store, 1, *watch.store.queues().fleetPause(1, u"resque"_s)).count(u"since"_s), 0);
        watch.run({"SET", "resque:pause-all-workers", "false"});
        TRY_TRUE(!isPaused(u"resque"_s));
        TRY_EQUAL(watch.worker(idle).status, WorkerStatus::Available);
        // An idle worker of RQ notices it after one more job, and says so by itself then.
        const auto high = [&] {
            for (const QueueFacts &queue : queueFacts(watch.store)) {
                if (queue.name == u"high"_s)
                    return queueStateText(queue);
            }
            return QString();
        };
        TRY_EQUAL(high(), u"active"_s);
        watch.run({"SET", "rq:suspended", "1"});
        TRY_TRUE(isPaused(u"rq"_s) && watch.store.queues().fleetPause(1, u"rq"_s)->since > 0);
        TRY_EQUAL(high(), u"suspended"_s);
        QCOMPARE(pause(u"rq"_s)->until, 0);
        QCOMPARE(watch.worker("w1").status, WorkerStatus::Available);
        TRY_EQUAL(watch.store.statusWord(watch.handle("w1")), u"suspended"_s); // The same word as when it has noticed.
        const QJsonObject told = workerJson(watch.store, watch.handle("w1"), watch.clock.nowMs());
        QCOMPARE(told[u"status"_s].toString(), u"available"_s);
        QCOMPARE(told[u"statusWord"_s].toString(), u"suspended"_s);
        // With a TTL it ends by itself.
        watch.run({"PEXPIRE", "rq:suspended", "5000"});
        TRY_TRUE(pause(u"rq"_s)->until > 0);
        QVERIFY(fleetPauseText(watch.store, 1, *watch.store.queues().fleetPause(1, u"rq"_s)).contains(u"ends by itself"_s));
        TRY_TRUE(!isPaused(u"rq"_s));
        TRY_TRUE(high() == u"active"_s && watch.store.statusWord(watch.handle("w1")).isEmpty());
    }

    /// What may not be read is not known, and that is said; given the right it is known.
    void whetherAllArePausedMayBeUnknown_data() { layoutModes(); }
    void whetherAllArePausedMayBeUnknown()
    {
        SourceWatch watch;
        QVERIFY(beginLayouts(watch, {builtInLayout(u"rq"_s)}));
        QVERIFY(watch.startServer());
        watch.run({"SADD", "rq:workers", "rq:worker:w1"});
        watch.run({"HSET", "rq:worker:w1", "queues", "high", "state", "idle"});
        watch.run({"SET", "rq:suspended", "1"});
        watch.run({"ACL", "SETUSER", "default", "resetkeys", "%RW~rq:worker*", "%RW~rq:queue*"});
        QVERIFY(isLayoutSeen(watch));
        const auto limits = [&watch] { return watch.status.limits.join(u' '); };
        TRY_TRUE(limits().contains(u"rq:suspended"_s));
        const FleetPause *const pause = watch.store.queues().fleetPause(1, u"rq"_s);
        QVERIFY(pause && !pause->latest.known && !pause->isPaused());
        QVERIFY(!watch.status.isPartial());
        TRY_TRUE(watch.knows("w1"));
        QVERIFY(watch.store.statusWord(watch.handle("w1")).isEmpty());
        watch.run({"ACL", "SETUSER", "default", "allkeys"});
        watch.run({"SET", "rq:suspended", "1"});
        TRY_TRUE(watch.store.queues().fleetPause(1, u"rq"_s)->isPaused());
        TRY_TRUE(!limits().contains(u"rq:suspended"_s));
    }
};

PULSEDECK_TEST(LayoutJobsTest, runWithEvents)
#include "layoutjobs_test.moc"
