// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/celerydialect.h"
#include "app/redis/dialectregistry.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/source/celerybytes.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QTest>

#include <functional>
#include <memory>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr char bindings[] = "_kombu.binding.celery.pidbox";

/// Celery's workers, played by PUBLISH of what they write.
struct CeleryWatch : SourceWatch
{
    struct Played
    {
        QByteArray node;
        int active = 0;
        int processed = 0;
    };

    QTimer beating;
    std::vector<Played> played;

    CeleryWatch()
    {
        const Layout *layout = LayoutCatalog::builtIn().find(u"celery");
        options.dialects = {[layout](RedisSession &session) { return makeDialect(session, *layout, ""); }};
        options.timing = TimingProfile();
        QObject::connect(&beating, &QTimer::timeout, &store, [this] {
            for (const Played &one : played)
                publish(one.node, "heartbeat", one.active, one.processed);
        });
        beating.start(200);
    }

    void publish(const QByteArray &type, const QByteArray &message) { run({"PUBLISH", "/0.celeryev/worker." + type, message}); }
    void publish(const QByteArray &node, const QByteArray &type, int active, int processed)
    {
        publish(type, CeleryBytes::event(node, type, active, processed));
    }
    void bind(const QByteArray &node) { run({"SADD", bindings, CeleryBytes::binding(node)}); }
    void unbind(const QByteArray &node) { run({"SREM", bindings, CeleryBytes::binding(node)}); }

    bool isSeen()
    {
        if (!isWatching() && !source)
            watch();
        return QTest::qWaitFor([this] { return isWatching(); }, 20'000);
    }
    /// On the connection of a worker.
    static void say(RedisClient &own, const QByteArray &node, const QByteArray &type, int active)
    {
        own.command({"PUBLISH", "/0.celeryev/worker." + type, CeleryBytes::event(node, type, active, 40)});
    }
    /// How often connections were listed so far.
    int lists()
    {
        const QByteArray stats = run({"INFO", "commandstats"}).text;
        const QByteArray call = "cmdstat_client|list:calls=";
        const qsizetype at = stats.indexOf(call);
        return at < 0 ? 0 : stats.mid(at + call.size()).split(',').first().toInt();
    }
    /// A worker says that it leaves while it is at work, and its connection is told from those that are \a used since. Where its
    /// message was taken too late for that, another one does. Answers its connection, or null; \a node is its name then.
    std::unique_ptr<RedisClient> leave(const std::function<void()> &used, QByteArray *node)
    {
        constexpr int mostTries = 5;
        constexpr int listsOfMoment = 6; // More than there are before a worker is given up whose connection is not found.
        for (int i = 1; i <= mostTries; ++i) {
            *node = "busy" + QByteArray::number(i) + "@h";
            auto own = std::make_unique<RedisClient>(server.url());
            say(*own, *node, "heartbeat", 2);
            if (!QTest::qWaitFor([&] { return knows(*node); }, patience))
                return nullptr;
            used();
            const int before = lists();
            say(*own, *node, "offline", 2);
            const bool found = QTest::qWaitFor(
                [&] {
                    used();
                    return hasFlag(*node, WorkerFlag::StillWorking) && lists() >= before + listsOfMoment;
                },
                patience);
            if (found)
                return own;
        }
        return nullptr;
    }
    /// Jobs in a queue; -1 while it is not known.
    qint64 waiting(const QByteArray &queueName) const
    {
        for (const auto &[key, queue] : store.queues().all()) {
            if (key.name == queueName)
                return queue.latest.waiting;
        }
        return -1;
    }
    bool hasFlag(const QByteArray &id, WorkerFlag flag) const { return worker(id).flags.testFlag(flag); }
};

} // namespace

/// A Celery fleet as a source shows it: by events, by its bindings, and by what its queues do.
class CeleryDialectTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void eventsMakeWorkers()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        watch.bind("w1@app-1");
        watch.bind("dead@app-9");
        watch.run({"SADD", bindings, "no binding", QByteArray("\x06\x16\x06\x16") + ".celery.pidbox"});
        watch.played = {{"w1@app-1", 2, 40}, {"w2@app-1", 0, 7}};
        QVERIFY(watch.isSeen());
        // The first view waits for those that are bound.
        TRY_TRUE(watch.knows("w1@app-1") && watch.knows("w2@app-1"));
        TRY_TRUE(watch.knows("dead@app-9")); // At once, unless the subscription took longer than the rest of the view.
        const Worker worker = watch.worker("w1@app-1");
        QCOMPARE(worker.host, "app-1");
        QCOMPARE(worker.pid, 4'711);
        QCOMPARE(worker.activeSessions, 2);
        QCOMPARE(worker.lifetimeSessions, 40);
        QCOMPARE(worker.status, WorkerStatus::Available);
        QVERIFY(worker.flags.testFlag(WorkerFlag::NotAsked)); // Which queues it serves was not asked: nothing may be written.
        QVERIFY(worker.isAgeProven());
        QCOMPARE(watch.liveness("w1@app-1"), u"alive"_s);
        QCOMPARE(ageBasisName(worker), u"events"_s);
        TRY_TRUE(watch.hasFlag("w1@app-1", WorkerFlag::Registered));
        QVERIFY(!watch.hasFlag("w2@app-1", WorkerFlag::Registered));
        QVERIFY(watch.hasFlag("w1@app-1", WorkerFlag::ClockSkew)); // Its stamps are of long ago.
        // Who is not heard is a ghost, until its binding is removed.
        TRY_EQUAL(watch.liveness("dead@app-9"), u"ghost"_s);
        QVERIFY(!watch.knows("") && !watch.knows("no binding"));
        watch.unbind("dead@app-9");
        TRY_TRUE(!watch.knows("dead@app-9") || watch.worker("dead@app-9").liveness == Liveness::Departed);
        // And whoever is heard after all is no ghost.
        watch.bind("late@app-2");
        TRY_EQUAL(watch.liveness("late@app-2"), u"ghost"_s);
        watch.played.push_back({"late@app-2"});
        TRY_EQUAL(watch.liveness("late@app-2"), u"alive"_s);
    }

    /// Who is heard late, on a busy machine, was there all the same: what the journal has of it still holds.
    void aLateHeartbeatMakesNoNewcomer()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        watch.played = {{"w1@h"}};
        QVERIFY(watch.isSeen());
        TRY_TRUE(watch.knows("w1@h"));
        watch.publish("late@h", "heartbeat", 0, 0);
        TRY_TRUE(watch.knows("late@h"));
        QCOMPARE(watch.worker("late@h").firstSeenAt, 0);
        watch.publish("new@h", "online", 0, 0);
        TRY_TRUE(watch.knows("new@h"));
        QVERIFY(watch.worker("new@h").firstSeenAt > 0);
    }

    /// Whoever lists the fleet once waits until each worker had the time for two heartbeats.
    void theFirstRoundIsAwaited()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        QVERIFY(watch.isSeen());
        QVERIFY(watch.status.listening);
        TRY_TRUE(!watch.status.listening);
        QVERIFY(watch.isWatching());
    }

    void silenceEnds()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        watch.bind("bound@h");
        watch.played = {{"bound@h"}, {"free@h"}, {"other@h"}};
        QVERIFY(watch.isSeen());
        TRY_TRUE(watch.hasFlag("bound@h", WorkerFlag::Registered) && watch.knows("free@h") && watch.knows("other@h"));
        watch.played = {{"other@h"}};
        watch.clock.step(7'000);
        TRY_EQUAL(watch.liveness("free@h"), u"late"_s);
        TRY_EQUAL(watch.liveness("other@h"), u"alive"_s);
        watch.clock.step(25'000);
        TRY_EQUAL(watch.liveness("free@h"), u"stale"_s);
        TRY_EQUAL(watch.liveness("bound@h"), u"ghost"_s); // As to a view that is opened now.
        watch.clock.step(CeleryDialect::forgottenMs);
        TRY_EQUAL(watch.worker("free@h").end, WorkerEnd::Expired);
        TRY_EQUAL(watch.liveness("bound@h"), u"ghost"_s);
        TRY_EQUAL(watch.liveness("other@h"), u"alive"_s);
        watch.unbind("bound@h");
        watch.clock.step(5'000);
        TRY_EQUAL(watch.worker("bound@h").end, WorkerEnd::KeyRemoved);
    }

    void slowBeatsAreNotLate()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        QVERIFY(watch.isSeen());
        QJsonObject body = CeleryBytes::eventBody("slow@h", "heartbeat");
        body[u"freq"_s] = 10.0;
        watch.publish("heartbeat", CeleryBytes::event(body));
        TRY_TRUE(watch.knows("slow@h"));
        watch.clock.step(15'000);
        watch.played = {{"new@h"}};
        TRY_TRUE(watch.knows("new@h"));
        QCOMPARE(watch.liveness("slow@h"), u"alive"_s);
        watch.clock.step(6'000);
        TRY_EQUAL(watch.liveness("slow@h"), u"late"_s);
        QCOMPARE(watch.worker("slow@h").traits->layout, u"celery"_s);
    }

    void leavingAndStillWorking()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        watch.bind("busy@h");
        watch.played = {{"busy@h", 2}, {"idle@h"}};
        QVERIFY(watch.isSeen());
        TRY_TRUE(watch.hasFlag("busy@h", WorkerFlag::Registered) && watch.knows("idle@h"));
        watch.played.clear();
        watch.publish("busy@h", "offline", 2, 40);
        watch.publish("idle@h", "offline", 0, 7);
        TRY_EQUAL(watch.worker("busy@h").status, WorkerStatus::ShuttingDown);
        QVERIFY(watch.hasFlag("busy@h", WorkerFlag::StillWorking));
        // Who had nothing to do is gone.
        TRY_EQUAL(watch.worker("idle@h").end, WorkerEnd::Left);
        // No beats are expected of the other one; while its binding stays nothing says that it ended.
        watch.clock.step(CeleryDialect::leavesWithinMs + 1'000);
        watch.played = {{"new@h"}};
        TRY_TRUE(watch.knows("new@h"));
        QCOMPARE(watch.worker("busy@h").liveness, Liveness::Alive);
        QCOMPARE(watch.worker("busy@h").end, WorkerEnd::None);
        watch.unbind("busy@h");
        watch.clock.step(5'000); // The next look at the bindings.
        TRY_EQUAL(watch.worker("busy@h").end, WorkerEnd::Left);
        // The same name, another process.
        watch.publish("busy@h", "online", 0, 0);
        TRY_EQUAL(watch.liveness("busy@h"), u"alive"_s);
        // So it is where it comes up while the one before may still be at work: that one has ended.
        watch.publish("busy@h", "offline", 1, 3);
        TRY_TRUE(watch.hasFlag("busy@h", WorkerFlag::StillWorking));
        QJsonObject body = CeleryBytes::eventBody("busy@h", "online");
        body[u"pid"_s] = 4'712;
        watch.publish("online", CeleryBytes::event(body));
        TRY_EQUAL(watch.worker("busy@h").pid, 4'712);
        QVERIFY(!watch.hasFlag("busy@h", WorkerFlag::StillWorking));
        QCOMPARE(watch.worker("busy@h").status, WorkerStatus::Available);
        QVERIFY(watch.hasFlag("busy@h", WorkerFlag::Returned));
    }

    /// No key shows that a worker which left at work is through: its connection is closed then.
    void itsConnectionShowsThatItHasEnded()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        RedisClient other(watch.server.url()); // Of a worker that goes on.
        const auto beat = [&] { CeleryWatch::say(other, "other@h", "heartbeat", 1); };
        QVERIFY(watch.isSeen());
        QByteArray node;
        std::unique_ptr<RedisClient> own = watch.leave(beat, &node);
        QVERIFY(own);
        // While it is connected it may be at work, however often that is looked up.
        QCOMPARE(watch.worker(node).end, WorkerEnd::None);
        QVERIFY(watch.hasFlag(node, WorkerFlag::StillWorking));
        own.reset();
        const auto hasEnded = [&] {
            beat();
            return watch.worker(node).end == WorkerEnd::Left;
        };
        TRY_TRUE(hasEnded());
        QCOMPARE(watch.liveness("other@h"), u"alive"_s);
    }

    /// One that sends events of its tasks uses its connection again, which is not told from the next beat of another one.
    void whoLeavesTogetherIsNotTakenForEachOther_data()
    {
        QTest::addColumn<int>("active");
        QTest::newRow("both at work") << 1;
        QTest::newRow("one had nothing to do") << 0;
    }
    void whoLeavesTogetherIsNotTakenForEachOther()
    {
        QFETCH(const int, active);
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        RedisClient eager(watch.server.url());
        auto quiet = std::make_unique<RedisClient>(watch.server.url());
        CeleryWatch::say(eager, "eager@h", "heartbeat", 1);
        watch.played = {{"eager@h", 1}, {"quiet@h", active}};
        QVERIFY(watch.isSeen());
        TRY_TRUE(watch.knows("eager@h") && watch.knows("quiet@h"));
        watch.played.clear();
        watch.lists(); // The connection of this test has published as well, and is told by another call.
        CeleryWatch::say(eager, "eager@h", "offline", 1);
        CeleryWatch::say(*quiet, "quiet@h", "offline", active);
        TRY_TRUE(watch.hasFlag("eager@h", WorkerFlag::StillWorking));
        TRY_TRUE(watch.worker("quiet@h").status == WorkerStatus::ShuttingDown);
        const auto finishTask = [&] { eager.command({"PUBLISH", "/0.celeryev/task.succeeded", "{}"}); };
        const QElapsedTimer left = [] {
            QElapsedTimer timer;
            timer.start();
            return timer;
        }();
        // Later than what may be the same moment, and than others that leave together with them.
        const auto isLater = [&] {
            finishTask();
            return left.hasExpired(8'000);
        };
        TRY_TRUE(isLater());
        quiet.reset();
        // A third one that leaves and ends proves that connections were listed after that.
        QByteArray node;
        std::unique_ptr<RedisClient> own = watch.leave(finishTask, &node);
        QVERIFY(own);
        own.reset();
        const auto hasEnded = [&] {
            finishTask();
            return watch.worker(node).end == WorkerEnd::Left;
        };
        TRY_TRUE(hasEnded());
        QCOMPARE(watch.worker("eager@h").end, WorkerEnd::None);
        QVERIFY(watch.hasFlag("eager@h", WorkerFlag::StillWorking));
    }

    /// Where its connection is not found nothing comes of more lists.
    void listsEndWhereNothingCanBeTold()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        watch.played = {{"busy@h", 1}};
        QVERIFY(watch.isSeen());
        TRY_TRUE(watch.knows("busy@h"));
        watch.played.clear();
        const int before = watch.lists();
        watch.publish("busy@h", "offline", 1, 3); // The connection of this test asks on.
        TRY_TRUE(watch.hasFlag("busy@h", WorkerFlag::StillWorking));
        TRY_TRUE(watch.lists() > before);
        QElapsedTimer since;
        int last = 0;
        const auto isQuiet = [&] {
            if (const int now = watch.lists(); now != last) {
                last = now;
                since.start();
            }
            return since.hasExpired(5'000);
        };
        TRY_TRUE(isQuiet());
        QVERIFY(watch.hasFlag("busy@h", WorkerFlag::StillWorking));
    }

    void beatingAndTakingNothing()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        watch.run({"SADD", "_kombu.binding.celery",
                   "celery\x06\x16\x06\x16"
                   "celery"});
        watch.run({"RPUSH", "celery", "{}"});
        watch.run({"RPUSH", QByteArray("celery\x06\x16") + "3", "{}", "{}"});
        watch.bind("w1@h");
        watch.played = {{"w1@h", 0, 5}};
        QVERIFY(watch.isSeen());
        TRY_TRUE(watch.knows("w1@h"));
        TRY_EQUAL(watch.waiting("celery"), 3); // All priorities together.
        TRY_TRUE(watch.status.weighing); // Jobs wait, and it has nothing.
        watch.run({"RPUSH", "celery", "{}"});
        TRY_EQUAL(watch.waiting("celery"), 4);
        QVERIFY(!watch.hasFlag("w1@h", WorkerFlag::NotConsuming));
        watch.clock.step(CeleryDialect::starvedMs);
        TRY_TRUE(watch.hasFlag("w1@h", WorkerFlag::NotConsuming));
        TRY_TRUE(!watch.status.weighing);
        // It takes one: it consumes.
        watch.played = {{"w1@h", 0, 6}};
        TRY_TRUE(!watch.hasFlag("w1@h", WorkerFlag::NotConsuming));
    }

    /// While its queue was empty there was nothing to take.
    void theFirstJobAfterALongRestIsGivenTime()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        watch.run({"SADD", "_kombu.binding.celery",
                   "celery\x06\x16\x06\x16"
                   "celery"});
        watch.bind("w1@h");
        watch.played = {{"w1@h", 0, 5}};
        QVERIFY(watch.isSeen());
        TRY_TRUE(watch.knows("w1@h"));
        TRY_EQUAL(watch.waiting("celery"), 0);
        watch.clock.step(CeleryDialect::starvedMs);
        const qint64 pushedAt = watch.clock.nowMs();
        watch.run({"RPUSH", "celery", "{}"});
        TRY_EQUAL(watch.waiting("celery"), 1);
        // All are judged several times in that span; where the machine is held up, its time may be over before that is seen.
        const qint64 seenAt = watch.clock.nowMs();
        TRY_TRUE(watch.hasFlag("w1@h", WorkerFlag::NotConsuming) || watch.clock.nowMs() - seenAt >= 3'000);
        QVERIFY(!watch.hasFlag("w1@h", WorkerFlag::NotConsuming) || watch.clock.nowMs() - pushedAt >= CeleryDialect::starvedMs);
        watch.clock.step(CeleryDialect::starvedMs);
        TRY_TRUE(watch.hasFlag("w1@h", WorkerFlag::NotConsuming));
    }

    void unreadableEventsAreToldOf()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        QVERIFY(watch.isSeen());
        watch.publish("heartbeat", CeleryBytes::packed());
        watch.publish("heartbeat", "\x82\xa4type\xa1x");
        watch.publish("heartbeat", QByteArray(300'000, 'x'));
        TRY_TRUE(watch.status.limits.join(u' ').contains(u"unreadable"_s));
        watch.played = {{"w1@h"}};
        TRY_EQUAL(watch.liveness("w1@h"), u"alive"_s);
        watch.clock.step(31'000);
        TRY_TRUE(watch.status.limits.isEmpty());
    }

    void leastRightsAreEnough()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        watch.run({"ACL", "SETUSER", "eyes", "reset", "on", ">s3cret", "resetchannels", "&/0.celeryev/worker.*",
                   "%R~_kombu.binding.*", "+psubscribe", "+sscan", "+scan", "+llen", "+ping", "+time", "+info"});
        RedisUrl url = watch.server.url();
        url.user = u"eyes"_s;
        url.password = u"s3cret"_s;
        watch.bind("ghost@h");
        watch.played = {{"w1@h"}};
        watch.watch(url);
        QVERIFY(watch.isSeen());
        TRY_EQUAL(watch.liveness("w1@h"), u"alive"_s);
        TRY_EQUAL(watch.liveness("ghost@h"), u"ghost"_s);
        // Without the pattern nobody is heard, and the source says so.
        watch.source.reset();
        watch.run({"ACL", "SETUSER", "eyes", "resetchannels", "&/0.celeryev/*"});
        watch.watch(url);
        TRY_TRUE(watch.status.limits.join(u' ').contains(u"/0.celeryev/worker.*"_s));
        TRY_TRUE(watch.isWatching());
    }

    /// Whoever leaves while a question is still open takes its binding away: no key of it would expire.
    void leavingTakesTheBindingAway_data()
    {
        QTest::addColumn<bool>("stopped");
        QTest::newRow("stopped") << true;
        QTest::newRow("ended with its program") << false;
    }
    void leavingTakesTheBindingAway()
    {
        QFETCH(const bool, stopped);
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        // Connected, and never answers.
        RedisConnection listener(watch.server.url());
        listener.subscribe("/0.celery.pidbox");
        listener.open();
        TRY_TRUE(listener.state() == RedisConnection::State::Ready);
        watch.played = {{"w1@h"}};
        watch.watch();
        watch.source->setWritable(true);
        TRY_TRUE(watch.run({"SCARD", "_kombu.binding.reply.celery.pidbox"}).integer == 1);
        if (stopped)
            watch.source->stop();
        else
            watch.source.reset();
        TRY_TRUE(watch.run({"EXISTS", "_kombu.binding.reply.celery.pidbox"}).integer == 0);
    }

    void heardAgainAfterALoss()
    {
        CeleryWatch watch;
        QVERIFY(watch.startServer());
        watch.bind("stays@h");
        watch.bind("dies@h");
        watch.played = {{"stays@h"}, {"dies@h"}, {"goes@h"}};
        QVERIFY(watch.isSeen());
        TRY_TRUE(watch.hasFlag("stays@h", WorkerFlag::Registered) && watch.knows("dies@h") && watch.knows("goes@h"));
        const quint32 before = watch.status.generation;
        watch.played = {{"stays@h"}};
        watch.run({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
        TRY_TRUE(watch.status.generation > before && watch.isWatching());
        TRY_EQUAL(watch.liveness("stays@h"), u"alive"_s);
        TRY_EQUAL(watch.liveness("dies@h"), u"ghost"_s);
        TRY_EQUAL(watch.worker("goes@h").end, WorkerEnd::Unseen);
        // Only the events are lost: nobody is called late for that.
        watch.run({"CLIENT", "KILL", "TYPE", "pubsub"});
        TRY_TRUE(watch.status.limits.isEmpty());
        TRY_EQUAL(watch.liveness("stays@h"), u"alive"_s);
    }
};

PULSEDECK_TEST(CeleryDialectTest, runWithEvents)
#include "celerydialect_test.moc"
