// SPDX-License-Identifier: GPL-3.0-or-later
// Fleets of one's own by the layouts that only need a prefix, and the records of Horizon: on the wire, as such workers write
// them.
#include "app/redis/dialectregistry.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QDateTime>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using ReapOutcome = CommandProgress::Outcome;

/// As an operator has them: the system is switched on by giving it a prefix, and the rest is found.
class OwnPatternsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<SourceWatch> m_watch;
    QList<CommandProgress> m_progress;

    static void modes()
    {
        QTest::addColumn<bool>("push");
        QTest::newRow("push") << true;
        QTest::newRow("sweep") << false;
    }

    void begin(const QString &layout, const QString &prefix) { begin({{layout, prefix}}); }
    void begin(const QMap<QString, QString> &prefixes)
    {
        QFETCH(bool, push);
        m_watch->options.push = push;
        SystemChoices choices;
        choices[u"playwright"_s].on = false;
        for (const auto &[layout, prefix] : prefixes.asKeyValueRange())
            choices[layout].prefix = prefix;
        m_watch->options.layouts = chosenLayouts(LayoutCatalog::builtIn().layouts(), choices);
        m_watch->options.dialects.clear();
        QVERIFY(m_watch->startServer());
    }
    void see()
    {
        m_watch->watch();
        QObject::connect(m_watch->source.get(), &FleetSource::commandsProgressed, m_watch->source.get(),
                         [this](const QList<CommandProgress> &news) { m_progress += news; });
        m_watch->source->setWritable(true);
        TRY_TRUE(m_watch->isWatching());
    }

    RedisValue run(const QByteArrayList &words) { return m_watch->run(words); }
    Worker worker(const QByteArray &id) const { return m_watch->worker(id); }
    QString liveness(const QByteArray &id) const { return m_watch->liveness(id); }
    qint64 now() const { return m_watch->clock.nowMs(); }
    QByteArray ms(qint64 ago = 0) const { return QByteArray::number(now() - ago); }
    QByteArray seconds(qint64 ago = 0) const { return QByteArray::number(double(now() - ago) / 1000, 'f', 3); }

    CommandProgress carryOut(Act act, const QByteArray &id, const QString &system = {})
    {
        Command command;
        command.id = command.group = QUuid::createUuid();
        command.act = act;
        command.source = 1;
        command.worker = id;
        command.system = system;
        const WorkerHandle meant = system.isEmpty() ? m_watch->handle(id) : m_watch->store.find(1, id, system);
        command.lastHeartbeat = meant == noWorker ? 0 : m_watch->store.worker(meant).lastHeartbeat;
        m_watch->source->carryOut({command});
        const auto answer = [&] {
            return std::find_if(m_progress.cbegin(), m_progress.cend(),
                                [&command](const CommandProgress &one) { return one.command == command.id; });
        };
        return QTest::qWaitFor([&] { return answer() != m_progress.cend(); }, 20'000) ? *answer() : CommandProgress();
    }

    /// Beats until the end of the test.
    template <typename Beat> void keepBeating(Beat beat)
    {
        auto *timer = new QTimer(m_watch->source.get());
        QObject::connect(timer, &QTimer::timeout, m_watch->source.get(), beat);
        timer->start(300);
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }
    void init()
    {
        m_watch = std::make_unique<SourceWatch>();
        m_watch->options.timing.reaperStaleThreshold = 10'000; // The machine may be busy.
        m_progress.clear();
    }
    void cleanup() { m_watch.reset(); }

    /// Written: until when it counts as living. When it beat last nobody knows.
    void sortedSetOfExpiry_data() { modes(); }
    void sortedSetOfExpiry()
    {
        begin(u"expiry-set"_s, u"crawlers"_s);
        run({"ZADD", "crawlers", ms(-60'000), "web-1", seconds(-60'000), "web-2", ms(5'000), "web-3", ms(2 * 86'400'000LL),
             "web-4"});
        see();
        TRY_TRUE(m_watch->knows("web-1") && m_watch->knows("web-2"));
        QVERIFY(liveness("web-3") != u"alive"_s);
        QVERIFY2(!m_watch->knows("web-4"), "expired days ago");
        // When it beat last is not known before it renews its time, which may be in milliseconds or seconds.
        const auto renewing = std::make_shared<QByteArrayList>(QByteArrayList{"web-1", "web-2"});
        keepBeating([this, renewing] {
            for (const QByteArray &id : std::as_const(*renewing))
                run({"ZADD", "crawlers", id == "web-1" ? ms(-60'000) : seconds(-60'000), id});
        });
        TRY_EQUAL(liveness("web-1"), u"alive"_s);
        TRY_EQUAL(liveness("web-2"), u"alive"_s);
        // And it is dead when that time has passed.
        renewing->removeAll("web-2");
        run({"ZADD", "crawlers", ms(-1'500), "web-2"});
        TRY_TRUE(worker("web-2").endedAt > 0);
        TRY_EQUAL(liveness("web-1"), u"alive"_s);
        QCOMPARE(carryOut(Act::Reap, "web-1").refusal, Refusal::NotOffered);
        renewing->removeAll("web-1");
        run({"ZREM", "crawlers", "web-1"});
        TRY_TRUE(worker("web-1").endedAt > 0);
    }

    /// Systems that share a Redis know nothing of each other's ids: each worker is shown, and a command reaches the one meant.
    void workersOfTwoSystemsWithOneId_data() { modes(); }
    void workersOfTwoSystemsWithOneId()
    {
        begin({{u"last-seen"_s, u"seen"_s}, {u"hash-fields"_s, u"beats"_s}});
        run({"ZADD", "seen", seconds(600'000), "w1", seconds(600'000), "w2"});
        run({"HSET", "beats", "w1", ms(), "w2", ms(600'000)});
        see();
        const auto of = [this](const QByteArray &id, const QString &system) { return m_watch->store.find(1, id, system); };
        for (const QByteArray &id : {"w1"_ba, "w2"_ba}) {
            TRY_TRUE(of(id, u"last-seen"_s) != noWorker && of(id, u"hash-fields"_s) != noWorker);
            QVERIFY(of(id, u"last-seen"_s) != of(id, u"hash-fields"_s));
        }
        QCOMPARE(m_watch->store.sourceWorkerCount(1), 4);
        keepBeating([this] { run({"HSET", "beats", "w1", ms()}); });
        TRY_EQUAL(livenessName(m_watch->store.worker(of("w1", u"hash-fields"_s))), u"alive"_s);
        QVERIFY(livenessName(m_watch->store.worker(of("w1", u"last-seen"_s))) != u"alive"_s);

        QCOMPARE(carryOut(Act::Reap, "w1", u"hash-fields"_s).outcome, ReapOutcome::Refused); // That one is alive.
        QCOMPARE(carryOut(Act::Reap, "w1", u"last-seen"_s).outcome, ReapOutcome::Done);
        QCOMPARE(run({"ZSCORE", "seen", "w1"}).type, RedisValue::Type::Nil);
        QCOMPARE(run({"HEXISTS", "beats", "w1"}).integer, 1);
        TRY_TRUE(m_watch->store.worker(of("w1", u"last-seen"_s)).endedAt > 0);
        QCOMPARE(m_watch->store.worker(of("w1", u"hash-fields"_s)).endedAt, 0);
        QCOMPARE(carryOut(Act::Reap, "w2", u"hash-fields"_s).outcome, ReapOutcome::Done);
        QVERIFY(run({"ZSCORE", "seen", "w2"}).type != RedisValue::Type::Nil);
        QCOMPARE(carryOut(Act::Reap, "w2", u"rq"_s).refusal, Refusal::Server); // A system that is not looked for.
    }

    void fieldsOfOneHash_data() { modes(); }
    void fieldsOfOneHash()
    {
        begin(u"hash-fields"_s, u"beats"_s);
        const auto iso = [this](qint64 ago) {
            return QDateTime::fromMSecsSinceEpoch(now() - ago, Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss.zzzZ"_s).toLatin1();
        };
        run({"HSET", "beats", "a", ms(), "b", seconds(), "c", iso(0), "d", "no time", "e", ms(2 * 86'400'000LL)});
        see();
        TRY_TRUE(m_watch->knows("a") && m_watch->knows("b") && m_watch->knows("c"));
        QVERIFY2(!m_watch->knows("e"), "silent for days: hidden");
        keepBeating([&] { run({"HSET", "beats", "a", ms(), "b", seconds(), "c", iso(0)}); });
        for (const QByteArray &id : {"a"_ba, "b"_ba, "c"_ba}) {
            TRY_TRUE(worker(id).beatCount >= 3);
            TRY_EQUAL(liveness(id), u"alive"_s);
        }
        if (m_watch->knows("d"))
            QVERIFY(liveness("d") != u"alive"_s);
        QCOMPARE(run({"HGET", "beats", "d"}).text, "no time");
        run({"HDEL", "beats", "d", "e"});
        // Another one that falls silent is removed, as long as it is silent.
        run({"HSET", "beats", "f", ms(600'000)});
        TRY_TRUE(m_watch->knows("f"));
        QCOMPARE(carryOut(Act::Reap, "a").outcome, ReapOutcome::Refused);
        const CommandProgress silent = carryOut(Act::Reap, "f");
        QVERIFY2(silent.outcome == ReapOutcome::Done, qPrintable(refusalText(silent.refusal) + silent.text + liveness("f")));
        QCOMPARE(run({"HEXISTS", "beats", "f"}).integer, 0);
        QCOMPARE(run({"HEXISTS", "beats", "a"}).integer, 1);
        TRY_TRUE(worker("f").endedAt > 0 || !m_watch->knows("f"));
    }

    /// The time may stand in a JSON text, among other things.
    void fieldsOfOneHashAsJson_data() { modes(); }
    void fieldsOfOneHashAsJson()
    {
        begin(u"hash-fields"_s, u"beats"_s);
        const auto iso = [this] {
            return QDateTime::fromMSecsSinceEpoch(now(), Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss.zzzZ"_s).toLatin1();
        };
        const auto beat = [this, iso] {
            run({"HSET", "beats", "number", R"({"started":1764240000,"ts":)" + ms() + R"(,"args":"SECRET"})", "text",
                 R"({"heartbeat":")" + iso() + R"(","pid":18412})", "seconds", R"({"pid":1,"lastSeen":)" + seconds() + "}",
                 "only", R"({"who":"w","when":)" + ms() + "}"});
        };
        beat();
        // Two times, and no name that says which of them is the beat; and no JSON.
        run({"HSET", "beats", "both", R"({"a":)" + ms() + R"(,"b":)" + ms(90'000) + "}", "torn", R"({"ts":)" + ms()});
        run({"HSET", "beats", "silent", R"({"args":"SECRET","ts":)" + ms(600'000) + "}"});
        see();
        keepBeating(beat);
        for (const QByteArray &id : {"number"_ba, "text"_ba, "seconds"_ba, "only"_ba}) {
            TRY_TRUE(worker(id).beatCount >= 3);
            TRY_EQUAL(liveness(id), u"alive"_s);
            QVERIFY(qAbs(worker(id).lastHeartbeat - now()) < 60'000);
        }
        for (const QByteArray &id : {"both"_ba, "torn"_ba})
            QVERIFY(!m_watch->knows(id) || worker(id).lastHeartbeat == 0);
        // The script that removes one reads the time as the console does, and tells nothing of what else is there.
        TRY_TRUE(m_watch->knows("silent"));
        const CommandProgress living = carryOut(Act::Reap, "number");
        QCOMPARE(living.outcome, ReapOutcome::Refused);
        QVERIFY2(!living.text.contains(u"SECRET"_s), qPrintable(living.text));
        const CommandProgress silent = carryOut(Act::Reap, "silent");
        QVERIFY2(silent.outcome == ReapOutcome::Done, qPrintable(refusalText(silent.refusal) + silent.text));
        QCOMPARE(run({"HEXISTS", "beats", "silent"}).integer, 0);
        QCOMPARE(run({"HEXISTS", "beats", "number"}).integer, 1);
    }

    void stringsWithATtl_data() { modes(); }
    void stringsWithATtl()
    {
        begin(u"heartbeat-keys"_s, u"hb:"_s);
        run({"SET", "hb:web-1", "1", "PX", "30000"});
        run({"SET", "hb:web-2", R"({"secret":"x"})", "PX", "30000"});
        run({"SET", "hb:web-3", "for ever"});
        see();
        TRY_TRUE(m_watch->knows("web-1") && m_watch->knows("web-2") && m_watch->knows("web-3"));
        run({"RPUSH", "hb:list", "of another kind"});
        TRY_EQUAL(liveness("web-3"), u"no-ttl"_s);
        keepBeating([this] { run({"SET", "hb:web-1", "1", "PX", "30000"}); });
        TRY_TRUE(worker("web-1").beatCount >= 3);
        TRY_EQUAL(liveness("web-1"), u"alive"_s);
        QVERIFY(worker("web-1").learntTtl > 29'000 && worker("web-1").learntTtl <= 30'000);
        QVERIFY2(!m_watch->knows("list"), "a key of another type, though it is called like theirs");
        run({"PEXPIRE", "hb:web-2", "2500"});
        TRY_EQUAL(worker("web-2").end, WorkerEnd::Expired);
        run({"SET", "hb:web-4", "1", "PX", "30000"});
        TRY_TRUE(m_watch->knows("web-4"));
        run({"DEL", "hb:web-4"});
        TRY_EQUAL(worker("web-4").end, WorkerEnd::Left);
        QCOMPARE(carryOut(Act::Shutdown, "web-1").refusal, Refusal::NotOffered);
    }

    void aSetAndKeys_data() { modes(); }
    void aSetAndKeys()
    {
        begin(u"set-and-keys"_s, u"pool"_s);
        run({"SADD", "pool", "web-1", "web-2", "ghost"});
        run({"SET", "pool:web-1", "1", "PX", "30000"});
        run({"SET", "pool:web-2", "1", "PX", "30000"});
        see();
        TRY_TRUE(m_watch->knows("web-1") && m_watch->knows("web-2") && m_watch->knows("ghost"));
        TRY_EQUAL(liveness("ghost"), u"ghost"_s);
        keepBeating([this] { run({"SET", "pool:web-1", "1", "PX", "30000"}); });
        TRY_TRUE(worker("web-1").beatCount >= 3);
        TRY_EQUAL(liveness("web-1"), u"alive"_s);
        run({"PEXPIRE", "pool:web-2", "500"});
        // Its key has run out: a ghost, for as long as its name stays.
        TRY_EQUAL(liveness("web-2"), u"ghost"_s);
        QCOMPARE(carryOut(Act::Reap, "web-1").refusal, Refusal::KeyBack);
        QCOMPARE(carryOut(Act::Reap, "ghost").outcome, ReapOutcome::Done);
        QCOMPARE(run({"SMEMBERS", "pool"}).elements.size(), size_t(2));
        TRY_TRUE(liveness("ghost") != u"ghost"_s);
        run({"SREM", "pool", "web-1"});
        TRY_TRUE(worker("web-1").endedAt > 0);
    }

    void hashesOfWorkers_data() { modes(); }
    void hashesOfWorkers()
    {
        begin(u"worker-hashes"_s, u"crawler:"_s);
        const auto beat = [this](const QByteArray &id, const QByteArray &status, int ttlMs) {
            run({"HSET", "crawler:" + id, "host", "h-1", "pid", "77", "status", status, "queues", "a,b", "started_at",
                 seconds(5'000)});
            run({"PEXPIRE", "crawler:" + id, QByteArray::number(ttlMs)});
        };
        beat("one", "idle", 30'000);
        beat("two", "busy", 30'000);
        beat("three", "draining", 30'000);
        beat("four", "paused", 30'000);
        see();
        TRY_TRUE(m_watch->knows("one") && m_watch->knows("two") && m_watch->knows("three") && m_watch->knows("four"));
        TRY_TRUE(worker("one").pid == 77);
        QCOMPARE(worker("one").host, "h-1");
        QVERIFY(worker("one").startedAt > 0);
        QCOMPARE(worker("one").status, WorkerStatus::Available);
        QCOMPARE(worker("two").status, WorkerStatus::Busy);
        QCOMPARE(worker("three").status, WorkerStatus::Draining);
        QCOMPARE(worker("four").status, WorkerStatus::Paused);
        keepBeating([&] { beat("one", "idle", 30'000); });
        TRY_TRUE(worker("one").beatCount >= 3);
        TRY_EQUAL(liveness("one"), u"alive"_s);
        run({"PEXPIRE", "crawler:four", "500"});
        TRY_TRUE(worker("four").endedAt > 0);
        // A field that is written after that makes a hash that never expires.
        run({"HSET", "crawler:four", "status", "paused"});
        TRY_EQUAL(liveness("four"), u"no-ttl"_s);
    }

    /// Nothing of a worker of Resque expires: one that died stays until it is removed, its job too.
    void aDeadWorkerOfResque_data() { modes(); }
    void aDeadWorkerOfResque()
    {
        QFETCH(bool, push);
        m_watch->options.push = push;
        m_watch->options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(m_watch->startServer());
        const auto beat = [this](const QByteArray &id, qint64 ago) {
            const QDateTime at = QDateTime::fromMSecsSinceEpoch(now() - ago, Qt::UTC);
            run({"HSET", "resque:workers:heartbeat", id, at.toString(u"yyyy-MM-ddTHH:mm:ss+00:00"_s).toLatin1()});
        };
        const QByteArray alive = "app-1:100:default";
        const QByteArray dead = "app-1:200:critical";
        for (const QByteArray &id : {alive, dead}) {
            run({"SADD", "resque:workers", id});
            run({"SET", "resque:worker:" + id, R"({"queue":"critical","run_at":"2026-11-28T23:02:47Z","payload":{"args":[1]}})"});
        }
        beat(alive, 1'000);
        beat(dead, 3'600'000);
        see();
        TRY_TRUE(m_watch->knows(alive) && m_watch->knows(dead));
        TRY_EQUAL(liveness(dead), u"stale"_s);
        QVERIFY(actRow(Act::Reap).concerns(worker(dead)) && !actRow(Act::Reap).concerns(worker(alive)));
        TRY_TRUE(worker(alive).lastHeartbeat > 0 && worker(dead).lastHeartbeat > 0);
        QCOMPARE(carryOut(Act::Reap, alive).refusal, Refusal::GuardFailed);
        QCOMPARE(carryOut(Act::Reap, dead).outcome, ReapOutcome::Done);
        TRY_TRUE(worker(dead).endedAt > 0 || !m_watch->knows(dead));
        QCOMPARE(run({"EXISTS", "resque:worker:" + dead}).integer, 0);
        QCOMPARE(run({"SMEMBERS", "resque:workers"}).elements.size(), size_t(1));
        QCOMPARE(run({"HLEN", "resque:workers:heartbeat"}).integer, 1);
    }

    /// One restored from a dump, or written in part after its end: nothing takes it away, so the console does, if it stands
    /// still.
    void aKeyThatNeverExpires_data() { modes(); }
    void aKeyThatNeverExpires()
    {
        QFETCH(bool, push);
        m_watch->options.push = push;
        m_watch->options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(m_watch->startServer());
        const QByteArray process = "app-1:18412:9f2c41ab77de";
        const auto beat = [&](qint64 ago) {
            run({"SADD", "processes", process});
            run({"HSET", process, "info", R"({"hostname":"app-1","pid":18412,"queues":[]})", "busy", "0", "quiet", "false",
                 "beat", QByteArray::number(double(now() - ago) / 1'000.0, 'f', 3)});
        };
        const QByteArray name = "3d1c0af2";
        const QByteArray key = "rq:worker:" + name;
        const auto beatOfRq = [&](qint64 ago) {
            const QDateTime at = QDateTime::fromMSecsSinceEpoch(now() - ago, Qt::UTC);
            run({"SADD", "rq:workers", key});
            run({"HSET", key, "birth", "2026-11-28T10:00:00.000000Z", "queues", "a", "pid", "1", "state", "idle",
                 "last_heartbeat", at.toString(u"yyyy-MM-ddTHH:mm:ss.zzz"_s).toLatin1() + "000Z"});
        };
        beat(5'000);
        beatOfRq(5'000);
        see();
        TRY_EQUAL(liveness(process), u"no-ttl"_s);
        TRY_TRUE(m_watch->knows(name));
        QVERIFY(actRow(Act::RemoveKey).concerns(worker(process)) && actRow(Act::RemoveKey).concerns(worker(name)));
        // It beat a moment ago.
        QCOMPARE(carryOut(Act::RemoveKey, process).outcome, ReapOutcome::Refused);
        QCOMPARE(carryOut(Act::RemoveKey, name).outcome, ReapOutcome::Refused);
        beat(3'600'000);
        beatOfRq(3'600'000);
        const qint64 hourAgo = now() - 3'500'000;
        TRY_TRUE(worker(process).lastHeartbeat < hourAgo && worker(name).lastHeartbeat < hourAgo);
        // Alive, and it only lacks a beat: it goes by itself.
        run({"EXPIRE", process, "60"});
        QCOMPARE(carryOut(Act::RemoveKey, process).outcome, ReapOutcome::Refused);
        run({"PERSIST", process});
        // Somebody listens.
        RedisClient listener(m_watch->server.url());
        QVERIFY(listener.command({"SUBSCRIBE", "rq:pubsub:" + name}).ok());
        QCOMPARE(carryOut(Act::RemoveKey, name).outcome, ReapOutcome::Refused);
        QCOMPARE(run({"EXISTS", process, key}).integer, 2);
        QVERIFY(listener.command({"UNSUBSCRIBE"}).ok());
        QCOMPARE(carryOut(Act::RemoveKey, process).outcome, ReapOutcome::Done);
        QCOMPARE(carryOut(Act::RemoveKey, name).outcome, ReapOutcome::Done);
        QCOMPARE(run({"EXISTS", process, key}).integer, 0);
        QCOMPARE(run({"SISMEMBER", "processes", process}).integer, 0);
        TRY_TRUE(worker(process).endedAt > 0 || !m_watch->knows(process));
    }

    // Horizon ---------------------------------------------------------------------------------------------------------

    void horizon_data() { modes(); }
    void horizon()
    {
        QFETCH(bool, push);
        m_watch->options.push = push;
        m_watch->options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(m_watch->startServer());
        const QByteArray prefix = "shop_horizon:"; // As version 5 makes it from the name of the application.
        const QByteArray master = "web-1-aB3d";
        const QByteArray pool = "web-1-aB3d:supervisor-1";
        const QByteArray dead = "web-2-zzzz";
        const auto loop = [&] {
            const QByteArray at = QByteArray::number(now() / 1000);
            run({"HSET", prefix + "master:" + master, "name", master, "pid", "4711", "status", "running", "supervisors",
                 R"(["web-1-aB3d:supervisor-1"])", "environment", "production"});
            run({"EXPIRE", prefix + "master:" + master, "15"});
            run({"ZADD", prefix + "masters", at, master});
            run({"HSET", prefix + "supervisor:" + pool, "name", pool, "master", master, "pid", "4712", "status", "running",
                 "processes", R"({"redis:default":3,"redis:mail":2})", "options",
                 R"({"queue":"default,mail","maxProcesses":10,"timeout":60})"});
            run({"EXPIRE", prefix + "supervisor:" + pool, "30"});
            run({"ZADD", prefix + "supervisors", at, pool});
        };
        loop();
        run({"ZADD", prefix + "masters", QByteArray::number(now() / 1000 - 600), dead});
        see();
        TRY_TRUE(m_watch->knows(master) && m_watch->knows(pool) && m_watch->knows(dead));
        keepBeating(loop);
        TRY_TRUE(worker(master).beatCount >= 2 && worker(pool).beatCount >= 2);
        TRY_EQUAL(liveness(master), u"alive"_s);
        QCOMPARE(worker(master).pid, 4711);
        QCOMPARE(worker(master).host, "web-1");
        QCOMPARE(worker(master).status, WorkerStatus::Available);
        QCOMPARE(worker(pool).pid, 4712);
        QCOMPARE(worker(pool).capacity, 10);
        QVERIFY(worker(pool).child && !worker(master).child);
        const auto key = [this](const QByteArray &id) {
            return worker(id).traits->recordName(id, worker(id).child).toString().toUtf8();
        };
        QCOMPARE(key(master), QByteArray(prefix + "master:" + master));
        QCOMPARE(key(pool), QByteArray(prefix + "supervisor:" + pool));
        const LayoutFacts *facts = m_watch->store.facts(m_watch->handle(pool));
        QVERIFY(facts);
        QCOMPARE(facts->parent, master);
        QCOMPARE(facts->queues, (QStringList{u"default"_s, u"mail"_s}));
        QCOMPARE(facts->label, u"supervisor-1"_s);
        // Killed: its member stays until another master loops. What is pushed for it would stay for ever.
        TRY_EQUAL(liveness(dead), u"ghost"_s);
        for (const Act act : {Act::Drain, Act::Resume, Act::Shutdown})
            QCOMPARE(carryOut(act, dead).outcome, ReapOutcome::Refused);
        QCOMPARE(carryOut(Act::Reap, dead).refusal, Refusal::NotOffered);
        QCOMPARE(run({"EXISTS", prefix + "commands:master:" + dead}).integer, 0);
        // To a living one it is written, in the bytes that Horizon reads, and one at a time.
        QCOMPARE(carryOut(Act::Drain, master).outcome, ReapOutcome::Written);
        QCOMPARE(run({"LINDEX", prefix + "commands:master:" + master, "0"}).text,
                 R"({"command":"Laravel\\Horizon\\SupervisorCommands\\Pause","options":[]})");
        QCOMPARE(carryOut(Act::Shutdown, master).outcome, ReapOutcome::Refused);
        QCOMPARE(carryOut(Act::Drain, pool).outcome, ReapOutcome::Written);
        QCOMPARE(run({"LLEN", prefix + "commands:" + pool}).integer, 1);
        // Its hash is there for some seconds after it was killed; its loop is what counts.
        const QByteArray killed = "web-3-qqqq";
        run({"HSET", prefix + "master:" + killed, "name", killed, "pid", "1", "status", "running", "supervisors", "[]"});
        run({"EXPIRE", prefix + "master:" + killed, "300"});
        run({"ZADD", prefix + "masters", QByteArray::number(now() / 1000 - 20), killed});
        TRY_TRUE(m_watch->knows(killed));
        QCOMPARE(carryOut(Act::Shutdown, killed).refusal, Refusal::GuardFailed);
        QCOMPARE(run({"EXISTS", prefix + "commands:master:" + killed}).integer, 0);
        // Where phpredis packs what it writes, plain JSON would be read as nothing, and stay.
        const QByteArray packed = "web-4-pppp";
        run({"HSET", prefix + "master:" + packed, "name", "s:10:\"web-4-pppp\";", "pid", "i:7;", "status", "s:7:\"running\";"});
        run({"EXPIRE", prefix + "master:" + packed, "300"});
        run({"ZADD", prefix + "masters", QByteArray::number(now() / 1000 + 300), packed});
        TRY_TRUE(m_watch->knows(packed));
        QCOMPARE(worker(packed).status, WorkerStatus::Other);
        QCOMPARE(m_watch->store.statusText(m_watch->handle(packed)), u"unreadable"_s);
        for (const Act act : {Act::Drain, Act::Resume, Act::Shutdown}) {
            const CommandProgress answer = carryOut(act, packed);
            QCOMPARE(answer.outcome, ReapOutcome::Refused);
            QVERIFY2(answer.text.contains(u"no plain text"_s), qPrintable(answer.text));
        }
        QCOMPARE(run({"EXISTS", prefix + "commands:master:" + packed}).integer, 0);
    }
};

PULSEDECK_TEST(OwnPatternsTest, runWithEvents)
#include "ownpatterns_test.moc"
