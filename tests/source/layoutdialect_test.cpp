// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/dialectregistry.h"
#include "app/redis/layoutdialect.h"
#include "models/fleet/eventwords.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/queuefacts.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layoutreader.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/relay.h"
#include "tests/support/testprogram.h"

#include <QDateTime>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

TraitsRef traitsNamed(const QString &layout, BeatBasis basis, BeatPace pace)
{
    SourceTraits traits;
    traits.layout = layout;
    traits.worker = u"process"_s;
    traits.workers = u"processes"_s;
    traits.facts = SourceFact::Ttl | SourceFact::Sessions | SourceFact::StatusWord | SourceFact::Push;
    traits.basis = basis;
    traits.idlePace = traits.busyPace = pace;
    return TraitsRef::of(traits);
}

} // namespace

/// Fleets that a layout describes, in a real Redis: found, read, judged, ended.
class LayoutDialectTest : public QObject
{
    Q_OBJECT

    static void modes()
    {
        QTest::addColumn<bool>("push");
        QTest::newRow("push") << true;
        QTest::newRow("sweep") << false;
    }

    static Layout layoutFrom(const QByteArray &json)
    {
        const LayoutReading reading = LayoutReader::read(json, u"test.json"_s);
        for (const LayoutProblem &problem : reading.problems)
            qWarning("%s", qPrintable(problem.toString()));
        return reading.layout.value_or(Layout());
    }

    static Layout builtIn(const QString &name)
    {
        const LayoutReading reading = LayoutReader::readFile(QStringLiteral(PULSEDECK_LAYOUTS "/") + name + u".json"_s);
        for (const LayoutProblem &problem : reading.problems)
            qWarning("%s", qPrintable(problem.toString()));
        return reading.layout.value_or(Layout());
    }

    static bool begin(SourceWatch &watch, const std::vector<Layout> &layouts)
    {
        QFETCH(bool, push);
        watch.options.push = push;
        // Those a test writes by hand do not beat, and are not to be called dead for it.
        watch.options.timing.reaperStaleThreshold = 60'000;
        watch.options.dialects.clear();
        for (const Layout &layout : layouts) {
            if (layout.isNull())
                return false;
            watch.options.dialects.push_back([layout](RedisSession &session) {
                return std::make_unique<LayoutDialect>(
                    session, layout, std::vector{traitsNamed(layout.name, BeatBasis::KeyTtl, {400, 600, 60'000})});
            });
        }
        return true;
    }

    static bool isSeen(SourceWatch &watch)
    {
        watch.watch();
        return QTest::qWaitFor([&] { return watch.isWatching(); }, 20'000);
    }

    static void process(SourceWatch &watch, const QByteArray &id, const QByteArray &quiet = "false", const QByteArray &busy = "1")
    {
        const QByteArray info =
            R"({"hostname":"app-1","pid":18412,"started_at":1764240000.5,"tag":"shop","concurrency":10,)"
            R"("queues":["critical","default"],"labels":[],"identity":"x","version":"7.3.9","embedded":false})";
        const QByteArray beat = QByteArray::number(double(watch.clock.nowMs()) / 1000.0, 'f', 6);
        watch.run({"SADD", "processes", id});
        watch.run({"HSET", id, "info", info, "busy", busy, "beat", beat, "quiet", quiet, "rss", "2048", "rtt_us", "200"});
        watch.run({"EXPIRE", id, "60"});
    }

    static void registerRqWorker(SourceWatch &watch, const QByteArray &name)
    {
        const QByteArray key = "rq:worker:" + name;
        watch.run({"HSET", key, "birth", "2026-11-28T10:00:00.000000Z", "queues", "a", "pid", "1", "state", "idle"});
        watch.run({"EXPIRE", key, "480"});
        watch.run({"SADD", "rq:workers", key});
    }

    static bool beatIsSeen(SourceWatch &watch, const QByteArray &id)
    {
        const qint64 at = watch.clock.nowMs() + 250;
        watch.run({"HSET", id, "beat", QByteArray::number(double(at) / 1000, 'f', 3)});
        return QTest::qWaitFor([&watch, &id, at] { return qAbs(watch.worker(id).lastHeartbeat - at) <= 1; }, 20'000);
    }

    /// The number of the connection whose reads are announced one by one; empty while there is none.
    static QByteArray trackedClient(SourceWatch &watch)
    {
        const QByteArrayList lines = watch.run({"CLIENT", "LIST"}).text.split('\n');
        for (const QByteArray &line : lines) {
            const QByteArrayList words = line.split(' ');
            const auto flags =
                std::find_if(words.begin(), words.end(), [](const auto &word) { return word.startsWith("flags="); });
            // t: it tracks; B: by prefix.
            if (flags != words.end() && flags->contains('t') && !flags->contains('B'))
                return words.first().mid(3);
        }
        return {};
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void aSortedSetOfLastSeen_data() { modes(); }
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
        QVERIFY(begin(watch, {layout}));
        QVERIFY(watch.startServer());
        const auto seen = [&watch](const QByteArray &id, qint64 agoMs = 0) {
            watch.run({"ZADD", "my:beats", QByteArray::number(watch.clock.nowMs() - agoMs), id});
        };
        seen("web-1:100");
        seen("web-2:200");
        seen("web-3:300", 3LL * 24 * 60 * 60 * 1000);
        seen("no pid", 0);
        QVERIFY(isSeen(watch));
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
        QCOMPARE(watch.liveness("web-1:100"), u"alive"_s);
        watch.run({"ZREM", "my:beats", "web-2:200"});
        TRY_EQUAL(watch.worker("web-2:200").end, WorkerEnd::Left);
        // A worker whose clock is an hour behind beats as well as any.
        QTimer late;
        QObject::connect(&late, &QTimer::timeout, &watch.store, [&] { seen("web-4:400", 3'600'000); });
        late.start(300);
        TRY_TRUE(watch.worker("web-4:400").beatCount >= 3);
        QCOMPARE(watch.liveness("web-4:400"), u"alive"_s);
        QVERIFY(watch.worker("web-4:400").flags.testFlag(WorkerFlag::ClockSkew));
    }

    void hashesWithATtl_data() { modes(); }
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
        QVERIFY(begin(watch, {layout}));
        QVERIFY(watch.startServer());
        const auto beat = [&watch](const QByteArray &id, const QByteArray &busy, int ttlMs) {
            watch.run({"HSET", "job:" + id, "n", busy, "host", "h-1"});
            watch.run({"PEXPIRE", "job:" + id, QByteArray::number(ttlMs)});
        };
        beat("a", "0", 3'000);
        beat("b", "2", 30'000);
        QVERIFY(isSeen(watch));
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
    void isDescribedAgainOnlyWhereItsTextChanges_data() { modes(); }
    void isDescribedAgainOnlyWhereItsTextChanges()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        QVERIFY(begin(watch, {builtIn(u"sidekiq"_s)}));
        const QByteArray id = "app-1:18412:9f2c41ab77de";
        process(watch, id);
        QVERIFY(isSeen(watch));
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

    void sidekiqProcesses_data() { modes(); }
    void sidekiqProcesses()
    {
        SourceWatch watch;
        const Layout layout = builtIn(u"sidekiq"_s);
        QVERIFY(begin(watch, {layout}));
        QVERIFY(watch.startServer());
        const QByteArray alive = "app-1:18412:9f2c41ab77de";
        const QByteArray quiet = "app-2:11873:0123456789ab";
        const QByteArray ghost = "app-1:20877:ffffffffffff";
        const QByteArray left = "app-3:1:eeeeeeeeeeee";
        process(watch, alive);
        process(watch, quiet, "true", "3");
        process(watch, left);
        watch.run({"SREM", "processes", left});
        watch.run({"SADD", "processes", ghost});
        watch.run({"SADD", "queues", "default", "critical"});
        watch.run({"RPUSH", "queue:default", "{}", "{}"});
        QVERIFY(isSeen(watch));
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
        QObject::connect(&beating, &QTimer::timeout, &watch.store, [&] { process(watch, alive); });
        beating.start(400);
        TRY_TRUE(watch.worker(alive).beatCount >= 3);
        // One that starts is found by the set, one that ends in order is gone though its hash stays.
        const QByteArray fresh = "app-9:7:aaaaaaaaaaaa";
        process(watch, fresh);
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

    void everythingIsBackAfterAFlush_data() { modes(); }
    void everythingIsBackAfterAFlush()
    {
        SourceWatch watch;
        QVERIFY(begin(watch, {builtIn(u"sidekiq"_s)}));
        QVERIFY(watch.startServer());
        const QByteArray id = "app-1:18412:9f2c41ab77de";
        process(watch, id);
        QVERIFY(isSeen(watch));
        TRY_EQUAL(watch.liveness(id), u"alive"_s);
        watch.run({"FLUSHALL"});
        process(watch, id);
        TRY_TRUE(watch.worker(id).endedAt == 0 && watch.liveness(id) == u"alive"_s && watch.worker(id).readAt > 0);
        QTimer beating;
        QObject::connect(&beating, &QTimer::timeout, &watch.store, [&] { process(watch, id); });
        beating.start(400);
        TRY_TRUE(watch.worker(id).beatCount >= 2);
    }

    void rqWorkers_data() { modes(); }
    void rqWorkers()
    {
        SourceWatch watch;
        QVERIFY(begin(watch, {builtIn(u"rq"_s)}));
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
        QVERIFY(isSeen(watch));
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
        QVERIFY(isSeen(watch));
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

    /// A process may live without its key: nothing is removed while somebody listens, and the row says why.
    void aGhostWithAListenerSaysSo()
    {
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        auto listener = std::make_unique<RedisConnection>(watch.server.url());
        listener->subscribe("rq:pubsub:one");
        listener->open();
        TRY_TRUE(listener->state() == RedisConnection::State::Ready);
        QVERIFY(isSeen(watch));
        TRY_EQUAL(watch.liveness("one"), u"ghost"_s);
        TRY_TRUE(watch.worker("one").flags.testFlag(WorkerFlag::Listener));
        listener.reset();
        watch.clock.step(6'000);
        TRY_TRUE(!watch.worker("one").flags.testFlag(WorkerFlag::Listener));
        QCOMPARE(watch.liveness("one"), u"ghost"_s);
    }

    void resqueWorkers_data() { modes(); }
    void resqueWorkers()
    {
        SourceWatch watch;
        QVERIFY(begin(watch, {builtIn(u"resque"_s)}));
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
        QVERIFY(isSeen(watch));
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
    void argumentsOfJobsAreNotRead_data() { modes(); }
    void argumentsOfJobsAreNotRead()
    {
        const QByteArray busy = "app-1:200:critical,default";
        for (const QByteArrayList &taken : {QByteArrayList(), QByteArrayList{"-eval", "-eval_ro"}, QByteArrayList{"-mget"}}) {
            const bool permitted = taken.isEmpty();
            SourceWatch watch;
            QVERIFY(begin(watch, {builtIn(u"resque"_s)}));
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
    void allWorkersArePaused_data() { modes(); }
    void allWorkersArePaused()
    {
        SourceWatch watch;
        QVERIFY(begin(watch, {builtIn(u"resque"_s), builtIn(u"rq"_s)}));
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
        QVERIFY(isSeen(watch));
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
    void whetherAllArePausedMayBeUnknown_data() { modes(); }
    void whetherAllArePausedMayBeUnknown()
    {
        SourceWatch watch;
        QVERIFY(begin(watch, {builtIn(u"rq"_s)}));
        QVERIFY(watch.startServer());
        watch.run({"SADD", "rq:workers", "rq:worker:w1"});
        watch.run({"HSET", "rq:worker:w1", "queues", "high", "state", "idle"});
        watch.run({"SET", "rq:suspended", "1"});
        watch.run({"ACL", "SETUSER", "default", "resetkeys", "%RW~rq:worker*", "%RW~rq:queue*"});
        QVERIFY(isSeen(watch));
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

    void aDeafWorkerIsFlagged_data() { modes(); }
    void aDeafWorkerIsFlagged()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        const QByteArray stamp =
            QDateTime::fromMSecsSinceEpoch(watch.clock.nowMs(), Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss.zzz000Z"_s).toLatin1();
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        watch.run({"HSET", "rq:worker:one", "birth", stamp, "last_heartbeat", stamp, "queues", "a", "pid", "1", "state", "idle"});
        watch.run({"EXPIRE", "rq:worker:one", "480"});
        RedisConnection listener(watch.server.url());
        listener.subscribe("rq:pubsub:one");
        listener.open();
        TRY_TRUE(listener.state() == RedisConnection::State::Ready);
        QVERIFY(isSeen(watch));
        TRY_TRUE(watch.worker("one").flags.testFlag(WorkerFlag::Listener));
        std::vector<CommandProgress::Outcome> outcomes;
        QObject::connect(watch.source.get(), &FleetSource::commandsProgressed, &watch.store,
                         [&outcomes](const QList<CommandProgress> &progress) {
                             for (const CommandProgress &one : progress)
                                 outcomes.push_back(one.outcome);
                         });
        watch.source->setWritable(true);
        Command command;
        command.id = QUuid::createUuid();
        command.group = QUuid::createUuid();
        command.act = Act::Shutdown;
        command.source = 1;
        command.worker = "one";
        watch.source->carryOut({command});
        TRY_TRUE(outcomes.size() >= 2);
        QCOMPARE(outcomes.back(), CommandProgress::Outcome::NotObeyed);
        TRY_TRUE(watch.worker("one").flags.testFlag(WorkerFlag::Deaf));
    }

    /// Channels are common to all databases of a server.
    void aListenerOfAnotherDatabaseIsNoWorkerHere()
    {
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        watch.run({"SADD", "rq:workers", "rq:worker:here"});
        watch.run({"SELECT", "3"});
        watch.run({"SADD", "rq:workers", "rq:worker:there"});
        watch.run({"SELECT", "0"});
        RedisConnection listener(watch.server.url());
        listener.subscribe("rq:pubsub:there");
        listener.open();
        TRY_TRUE(listener.state() == RedisConnection::State::Ready);
        QVERIFY(isSeen(watch));
        TRY_TRUE(watch.knows("here"));
        QSignalSpy told(watch.source.get(), &FleetSource::statusChanged);
        watch.clock.step(6'000); // Listeners are listed every five seconds.
        TRY_TRUE(told.count() >= 2);
        QVERIFY(!watch.knows("there"));
        // Once no other database has keys it may be one of here.
        watch.run({"SELECT", "3"});
        watch.run({"FLUSHDB"});
        watch.run({"SELECT", "0"});
        watch.clock.step(6'000);
        TRY_TRUE(watch.knows("there"));
    }

    /// It died before it was first looked at: its record says for minutes that it is there, and nothing changes.
    void whomNobodyListensForIsFlagged_data() { modes(); }
    void whomNobodyListensForIsFlagged()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        const QByteArray stamp =
            QDateTime::fromMSecsSinceEpoch(watch.clock.nowMs(), Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss.zzz000Z"_s).toLatin1();
        for (const QByteArray &name : {QByteArray("one"), QByteArray("dead")}) {
            const QByteArray key = "rq:worker:" + name;
            watch.run({"SADD", "rq:workers", key});
            watch.run({"HSET", key, "birth", stamp, "last_heartbeat", stamp, "queues", "a", "pid", "1", "state", "idle"});
            watch.run({"EXPIRE", key, "480"});
        }
        const auto listen = [&watch](const QByteArray &name) {
            auto listener = std::make_unique<RedisConnection>(watch.server.url());
            listener->subscribe("rq:pubsub:" + name);
            listener->open();
            return listener;
        };
        auto one = listen("one");
        TRY_TRUE(one->state() == RedisConnection::State::Ready);
        QVERIFY(isSeen(watch));
        TRY_TRUE(watch.worker("dead").flags.testFlag(WorkerFlag::NobodyListens));
        TRY_EQUAL(troubleOf(watch.worker("dead")), WorkerTrouble::NobodyListens);
        QVERIFY(needsAttention(watch.worker("dead")));
        QVERIFY2(watch.liveness("dead") != u"crashed"_s, "no end was seen");
        QVERIFY(!watch.worker("one").flags.testFlag(WorkerFlag::NobodyListens));
        // One that came later than its record did; and then its end is seen.
        auto late = listen("dead");
        TRY_TRUE(watch.worker("dead").flags.testFlag(WorkerFlag::Listener));
        TRY_EQUAL(troubleOf(watch.worker("dead")), WorkerTrouble::None);
        late.reset();
        TRY_EQUAL(watch.liveness("dead"), u"crashed"_s);
        QVERIFY(!watch.worker("dead").flags.testFlag(WorkerFlag::NobodyListens));
        // Who died before does not come back after a flush, and is not waited for.
        watch.run({"FLUSHALL"});
        TRY_EQUAL(watch.worker("dead").end, WorkerEnd::KeyRemoved);
    }

    /// A replica knows its own subscribers only: that it has none says nothing.
    void onAReplicaListenersAreNotMissed()
    {
        RedisServer master;
        RedisServer::Options options;
        options.tcp = true;
        QVERIFY(master.start(options));
        const QByteArray stamp = QDateTime::currentDateTimeUtc().toString(u"yyyy-MM-ddTHH:mm:ss.zzz000Z"_s).toLatin1();
        master.command({"SADD", "rq:workers", "rq:worker:one"});
        master.command(
            {"HSET", "rq:worker:one", "birth", stamp, "last_heartbeat", stamp, "queues", "a", "pid", "1", "state", "idle"});
        master.command({"EXPIRE", "rq:worker:one", "480"});
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer({u"--replicaof"_s, u"127.0.0.1"_s, QString::number(master.tcpUrl().port)}));
        TRY_TRUE(watch.run({"EXISTS", "rq:worker:one"}).integer == 1);
        QVERIFY(isSeen(watch));
        TRY_TRUE(watch.knows("one"));
        const auto looks = [&watch] {
            const QByteArray info = watch.run({"INFO", "commandstats"}).text;
            const qsizetype at = info.indexOf("cmdstat_pubsub|numsub:calls=");
            return at < 0 ? 0 : info.mid(info.indexOf('=', at) + 1, 8).split(',').first().toInt();
        };
        TRY_TRUE(looks() >= 5);
        QVERIFY(!watch.worker("one").flags.testFlag(WorkerFlag::NobodyListens));
    }

    void twoLayoutsOnOneRedis_data() { modes(); }
    void twoLayoutsOnOneRedis()
    {
        SourceWatch watch;
        QVERIFY(begin(watch, {builtIn(u"sidekiq"_s), builtIn(u"rq"_s)}));
        QVERIFY(watch.startServer());
        process(watch, "app-1:18412:9f2c41ab77de");
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        watch.run({"HSET", "rq:worker:one", "birth", "2026-11-28T10:00:00.000000Z", "queues", "a", "pid", "1", "state", "idle"});
        watch.run({"EXPIRE", "rq:worker:one", "480"});
        QVERIFY(isSeen(watch));
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
        process(watch, id);
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
        process(watch, id);
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
        process(watch, id);
        watch.run({"HSET", id, "quiet", QByteArray(9'000'000, '9')});
        QVERIFY(isSeen(watch));
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
        QVERIFY(isSeen(watch));
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

    /// What is there is found when the connection is made, and again when it is asked for; nothing is to be configured.
    void detectedSystemsAreWatched_data() { modes(); }
    void detectedSystemsAreWatched()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        const QByteArray id = "app-1:18412:9f2c41ab77de";
        process(watch, id);
        watch.registerWorker("chromium:a");
        QVERIFY(isSeen(watch));
        QVERIFY2(watch.knows(id), "in the first view");
        QVERIFY(watch.knows("chromium:a"));
        QCOMPARE(watch.worker(id).traits->layout, u"sidekiq"_s);
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        watch.run({"HSET", "rq:worker:one", "birth", "2026-11-28T10:00:00.000000Z", "queues", "a", "pid", "1", "state", "idle"});
        watch.run({"EXPIRE", "rq:worker:one", "480"});
        watch.source->lookForSystems();
        TRY_TRUE(watch.knows("one"));
        const QList<FoundSystem> systems = watch.status.systems;
        QStringList names;
        for (const FoundSystem &system : systems) {
            QVERIFY(system.watched);
            names.append(system.layout);
        }
        names.sort();
        QCOMPARE(names, (QStringList{u"playwright"_s, u"rq"_s, u"sidekiq"_s}));
        // All of them go on beating.
        QTimer beating;
        QObject::connect(&beating, &QTimer::timeout, &watch.store, [&] {
            process(watch, id);
            watch.beat("chromium:a");
        });
        beating.start(300);
        TRY_TRUE(watch.worker(id).beatCount >= 2 && watch.worker("chromium:a").beatCount >= 2);
    }

    /// A system that is switched off is neither looked for nor watched, today's fleet included; and nothing at all may be left.
    void systemsSwitchedOffAreNotWatched_data() { modes(); }
    void systemsSwitchedOffAreNotWatched()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        SystemChoices choices;
        choices[u"playwright"_s].on = choices[u"rq"_s].on = false;
        watch.options.layouts = chosenLayouts(LayoutCatalog::builtIn().layouts(), choices);
        watch.options.dialects.clear();
        QVERIFY(watch.startServer());
        const QByteArray id = "app-1:18412:9f2c41ab77de";
        watch.registerWorker("chromium:a");
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        QVERIFY(isSeen(watch)); // With no system at all.
        QVERIFY(watch.status.systems.isEmpty());
        process(watch, id);
        watch.source->lookForSystems();
        TRY_TRUE(watch.knows(id));
        QVERIFY(!watch.knows("chromium:a"));
        QVERIFY(!watch.knows("one"));
        QCOMPARE(watch.status.systems.size(), 1);
        QCOMPARE(watch.status.look.systems, watch.status.systems);
    }

    /// Where nothing is found it is looked for again by itself, less and less often.
    void itIsLookedForAgainWhereNothingIs()
    {
        SourceWatch watch;
        watch.options.layouts = chosenLayouts(LayoutCatalog::builtIn().layouts(), {});
        QVERIFY(watch.startServer());
        QVERIFY(isSeen(watch));
        const auto looks = [&watch] {
            const QByteArray stats = watch.run({"INFO", "commandstats"}).text;
            const qsizetype at = stats.indexOf("cmdstat_type:calls=");
            return at < 0 ? 0 : stats.mid(at + 19, 10).split(',').front().toInt();
        };
        const int first = looks();
        QVERIFY(first > 0);
        watch.clock.step(11'000);
        TRY_TRUE(looks() > first);
        const int second = looks();
        // Now twice as long: eleven seconds are not enough.
        QSignalSpy told(watch.source.get(), &FleetSource::statusChanged);
        watch.clock.step(11'000);
        TRY_TRUE(told.count() >= 2);
        QCOMPARE(looks(), second);
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        watch.clock.step(11'000);
        TRY_TRUE(!watch.status.systems.isEmpty());
    }

    void aSystemThatIsStartedLaterIsFound()
    {
        SourceWatch watch;
        watch.options.layouts = chosenLayouts(LayoutCatalog::builtIn().layouts(), {});
        QVERIFY(watch.startServer());
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        QVERIFY(isSeen(watch));
        TRY_TRUE(watch.status.systems.size() == 1);
        const QByteArray id = "app-1:18412:9f2c41ab77de";
        process(watch, id);
        watch.clock.step(31'000);
        TRY_TRUE(watch.status.systems.size() == 2);
        TRY_TRUE(watch.knows(id));
        QVERIFY(watch.knows("one"));
    }

    /// However long ago the last look was: the key that shows a system by itself is asked for every 30 s, with few commands.
    void aSystemThatIsStartedMuchLaterIsFoundAsSoon()
    {
        SourceWatch watch;
        watch.options.layouts = chosenLayouts(LayoutCatalog::builtIn().layouts(), {});
        QVERIFY(watch.startServer());
        const QByteArray id = "app-1:18412:9f2c41ab77de";
        process(watch, id);
        QVERIFY(isSeen(watch));
        TRY_TRUE(watch.status.systems.size() == 1);
        const auto calls = [&watch](const QByteArray &command) {
            const QByteArray stats = watch.run({"INFO", "commandstats"}).text;
            const QByteArray name = "cmdstat_" + command + ":calls=";
            const qsizetype at = stats.indexOf(name);
            return at < 0 ? 0 : stats.mid(at + name.size(), 10).split(',').front().toInt();
        };
        // Looks after 30 and after 60 s: the next one is in two minutes. Each finds one more process, which shows that it is
        // over.
        int looked = 0;
        for (int look = 0; look < 2; ++look) {
            process(watch, "app-1:1841" + QByteArray::number(look) + ":9f2c41ab77de");
            looked = calls("client|list");
            TRY_TRUE((watch.clock.step(1'000), calls("client|list") > looked));
            TRY_TRUE(watch.status.systems.at(0).workers == look + 2);
            looked = calls("client|list");
        }
        QSignalSpy reported(watch.source.get(), &FleetSource::statusChanged);
        const int asked = calls("type");
        watch.clock.step(31'000);
        TRY_TRUE(calls("type") > asked);
        TRY_TRUE(reported.count() >= 2); // What was asked is answered by then.
        QVERIFY2(calls("type") - asked < 40, "few commands");
        QCOMPARE(calls("client|list"), looked);
        QCOMPARE(watch.status.systems.size(), 1);
        registerRqWorker(watch, "one");
        watch.clock.step(31'000); // The next look is further away.
        TRY_TRUE(watch.status.systems.size() == 2);
        TRY_TRUE(watch.knows("one"));
        for (const FoundSystem &system : std::as_const(watch.status.systems)) // As after a whole look.
            QVERIFY2(system.workers == (system.layout == u"rq"_s ? 1 : 3), qPrintable(system.layout));
    }

    void hostileValues_data() { modes(); }
    void hostileValues()
    {
        SourceWatch watch;
        QVERIFY(begin(watch, {builtIn(u"sidekiq"_s)}));
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
        QVERIFY(isSeen(watch));
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
