// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/dialectregistry.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/fleet/systemscene.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// A fleet of a pattern written by hand, and a source that watches it by the layout of that name, under the layout's own prefix.
struct PatternWatch
{
    SourceWatch watch;
    FleetProcess fleet;

    bool start(const QString &layout, int speed = 10)
    {
        const Layout *own = LayoutCatalog::builtIn().find(layout);
        if (!own || !watch.startServer())
            return false;
        SystemChoices choices;
        watch.options.dialects.clear(); // Playwright's workers have keys that begin alike.
        choices[u"playwright"_s].on = false;
        choices[layout].prefix = QString::fromUtf8(own->prefix);
        watch.options.layouts = chosenLayouts(LayoutCatalog::builtIn().layouts(), choices);
        watch.options.timing = TimingProfile::assumedDocument(); // They are judged by what is measured.
        const QStringList arguments{u"--layout"_s,    layout,   u"--workers"_s,       u"4"_s,
                                    u"--sessions"_s,  u"0"_s,   u"--speed"_s,         QString::number(speed),
                                    u"--seed"_s,      u"5"_s,   u"--replace-after"_s, u"3600"_s,
                                    u"--down-time"_s, u"3600"_s};
        if (!fleet.startRegistered(watch.server, arguments))
            return false;
        watch.watch();
        return QTest::qWaitFor([this] { return watch.isWatching(); }, SystemScene::limitMs);
    }

    int alive() const
    {
        int count = 0;
        for (int handle = 0; handle < watch.store.capacity(); ++handle) {
            const Worker &worker = watch.store.worker(WorkerHandle(handle));
            count += worker.used && worker.endedAt == 0 && livenessName(worker) == u"alive";
        }
        return count;
    }

    /// What is seen of a worker: its liveness, or that it has ended.
    QString fate(const QByteArray &id) const { return watch.worker(id).endedAt > 0 ? u"ended"_s : watch.liveness(id); }
};

} // namespace

/// The simulated fleets of asynq, arq, SAQ, Dramatiq, streams, locks, and of what people write by hand, as they look in a real
/// Redis, the last also as their layouts read them.
class OtherFleetsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void asynqServers();
    void asynqQueueIsPaused();
    void arqKeyIsDeletedByANeighbour();
    void saqWorkers();
    void dramatiqIsNeverRemoved();
    void streamConsumers();
    void streamsThatFail();
    void locksHaveOneHolder();
    void lastSeen();
    void patternsAreReadByTheirLayouts_data();
    void patternsAreReadByTheirLayouts();
    void hashesWithoutATtlAndWithAStatus();
    void aLockOfOnesOwnIsTakenOver();

private:
    bool never(const QByteArray &list);

    SystemScene m_scene;
};

void OtherFleetsTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("redis-server is not installed");
}

/// A job that waits there is not taken for some beats.
bool OtherFleetsTest::never(const QByteArray &list)
{
    const qint64 before = m_scene.fleet().figure("beats");
    return QTest::qWaitFor([&] { return m_scene.fleet().figure("beats") > before + 4; }, SystemScene::limitMs)
           && m_scene.length(list) == 1;
}

void OtherFleetsTest::asynqServers()
{
    QVERIFY(m_scene.start(u"asynq"_s));
    const QByteArrayList keys = m_scene.members("asynq:servers");
    QCOMPARE(keys.size(), 2);
    QVERIFY2(keys.first().startsWith("asynq:servers:{app-1:") && keys.first().endsWith('}'), keys.first().constData());
    QCOMPARE(m_scene.listeners("asynq:cancel"), 2);
    QVERIFY(m_scene.pttl(keys.first()) > 0 && m_scene.pttl(keys.first()) <= 1'000);
    const QByteArray info = m_scene.text({"GET", keys.first()});
    QVERIFY2(info.startsWith("\x0a\x05"
                             "app-1\x10"),
             info.toHex().constData()); // Host, then the pid.
    QVERIFY(info.contains("\x3a\x06"
                          "active\x42")); // Status, then the start.
    QVERIFY(info.contains("\x2a\x0b\x0a\x07"
                          "default\x10\x01")); // A queue and its priority.
    const QByteArray id = keys.first().mid(15).chopped(1);
    m_scene.fleet().ask("work " + id + " 3000");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.number({"HLEN", "asynq:workers:{" + id + '}'}), 1, SystemScene::limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.text({"GET", keys.first()}).endsWith("\x48\x01"), SystemScene::limitMs);
    QCOMPARE(m_scene.fleet().idOf("quiet " + id), id);
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.text({"GET", keys.first()}).contains("stopped"), SystemScene::limitMs);
    QCOMPARE(m_scene.fleet().idOf("kill " + id), id);
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.listeners("asynq:cancel"), 1, SystemScene::limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists(keys.first()), SystemScene::limitMs);
    QCOMPARE(m_scene.members("asynq:servers").size(), 2);
    m_scene.fleet().tell("quit");
    QCOMPARE(m_scene.fleet().waitForEnd(), 0);
    QCOMPARE(m_scene.members("asynq:servers"), QByteArrayList{keys.first()});
}

void OtherFleetsTest::asynqQueueIsPaused()
{
    QVERIFY(m_scene.start(u"asynq"_s, {u"--session-length"_s, u"0.1"_s}));
    m_scene.ask({"SET", "asynq:{default}:paused", "1"});
    m_scene.fleet().ask("jobs 1");
    QVERIFY(never("asynq:{default}:pending"));
    m_scene.ask({"DEL", "asynq:{default}:paused"});
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("asynq:{default}:pending"), 0, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("asynq:{default}:active"), 0, SystemScene::limitMs);
}

void OtherFleetsTest::arqKeyIsDeletedByANeighbour()
{
    QVERIFY(m_scene.start(u"arq"_s, {u"--session-length"_s, u"5000"_s}));
    const QByteArray key = "arq:queue:health-check";
    const QByteArray text = m_scene.text({"GET", key});
    QVERIFY2(text.contains(" j_complete=0 j_failed=0 j_retried=0 j_ongoing=0 queued=0"), text.constData());
    QVERIFY(m_scene.pttl(key) > 100'000);
    m_scene.fleet().ask("jobs 1");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.fleet().figure("working"), 1, SystemScene::limitMs);
    QCOMPARE(m_scene.number({"ZCARD", "arq:queue"}), 0);
    m_scene.fleet().ask("kill 1");
    QVERIFY(m_scene.exists(key));
    m_scene.fleet().ask("jobs 1");
    m_scene.fleet().ask("restart 1"); // Whoever starts writes it again.
    QVERIFY(m_scene.exists(key));
    QVERIFY(m_scene.start(u"arq"_s));
    m_scene.fleet().ask("stop 1");
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists(key), SystemScene::limitMs);
    QCOMPARE(m_scene.fleet().figure("registered"), 1);
}

void OtherFleetsTest::saqWorkers()
{
    QVERIFY(m_scene.start(u"saq"_s));
    const QByteArrayList keys = m_scene.members("saq:default:stats");
    QCOMPARE(keys.size(), 1);
    QVERIFY(keys.first().startsWith("saq:default:worker_info:"));
    const QJsonObject info = SystemScene::json(m_scene.text({"GET", keys.first()}));
    QCOMPARE(info.value(u"queue_key"_s).toString(), u"saq:default"_s);
    QVERIFY(info.value(u"stats"_s).toObject().contains(u"uptime"_s));
    m_scene.fleet().ask("kill " + keys.first().mid(24));
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists(keys.first()), SystemScene::limitMs);
    QCOMPARE(m_scene.members("saq:default:stats"), keys);
}

void OtherFleetsTest::dramatiqIsNeverRemoved()
{
    QVERIFY(m_scene.start(u"dramatiq"_s));
    const QByteArrayList ids = m_scene.members("dramatiq:__heartbeats__");
    QCOMPARE(ids.size(), 2);
    QCOMPARE(ids.first().size(), 36);
    const auto score = [&] { return m_scene.text({"ZSCORE", "dramatiq:__heartbeats__", ids.first()}); };
    const QByteArray first = score();
    QTRY_VERIFY_WITH_TIMEOUT(score() != first, SystemScene::limitMs);
    m_scene.fleet().ask("work " + ids.first() + " 3000");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.members("dramatiq:__acks__." + ids.first() + ".default").size(), 1, SystemScene::limitMs);
    m_scene.fleet().tell("quit");
    QCOMPARE(m_scene.fleet().waitForEnd(), 0);
    QCOMPARE(m_scene.members("dramatiq:__heartbeats__"), ids);
}

void OtherFleetsTest::streamConsumers()
{
    QVERIFY(m_scene.start(u"streams"_s, {u"--session-length"_s, u"5000"_s}));
    const RedisValue groups = m_scene.ask({"XINFO", "GROUPS", "stream:orders"});
    QCOMPARE(groups.elements.size(), 1);
    const auto pending = [this] {
        const RedisValue value = m_scene.ask({"XPENDING", "stream:orders", "workers"});
        return value.elements.empty() ? -1 : value.elements.front().integer;
    };
    m_scene.fleet().ask("jobs 3 stream:orders");
    QTRY_COMPARE_WITH_TIMEOUT(pending(), 3, SystemScene::limitMs);
    QCOMPARE(m_scene.ask({"XINFO", "CONSUMERS", "stream:orders", "workers"}).elements.size(), 1);
    m_scene.fleet().ask("kill all");
    QCOMPARE(pending(), 3); // Nothing takes them over.
    QVERIFY(m_scene.start(u"streams"_s, {u"--session-length"_s, u"0.1"_s}));
    m_scene.fleet().ask("jobs 5 stream:mails");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.fleet().figure("jobs"), 5, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.ask({"XPENDING", "stream:mails", "workers"}).elements.at(0).integer, 0,
                              SystemScene::limitMs);
}

void OtherFleetsTest::streamsThatFail()
{
    QVERIFY(m_scene.start(u"streams"_s, {u"--session-length"_s, u"0.1"_s}));
    const auto pending = [this](const QByteArray &stream) {
        const RedisValue value = m_scene.ask({"XPENDING", stream, "workers"});
        return value.elements.empty() ? -1 : value.elements.front().integer;
    };
    const auto taken = [this](qint64 jobs) {
        return QTest::qWaitFor([&] { return m_scene.fleet().figure("jobs") == jobs; }, SystemScene::limitMs);
    };
    // It keeps what it was given.
    QCOMPARE(m_scene.fleet().idsOf("hoard all").size(), 2);
    m_scene.fleet().ask("jobs 3 stream:mails");
    QVERIFY(taken(3));
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.fleet().figure("working"), 0, SystemScene::limitMs);
    QCOMPARE(pending("stream:mails"), 3);
    // Its group is gone, and with it what it kept; it is made again, and goes on.
    QCOMPARE(m_scene.fleet().idsOf("drop all").size(), 2);
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.ask({"XINFO", "GROUPS", "stream:mails"}).elements.size() == 1, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(pending("stream:mails"), 0, SystemScene::limitMs);
    m_scene.fleet().ask("jobs 1 stream:mails");
    QVERIFY(taken(4));
    QTRY_COMPARE_WITH_TIMEOUT(pending("stream:mails"), 1, SystemScene::limitMs);
    // A connection that waits without an end is given its entry all the same.
    QCOMPARE(m_scene.fleet().idsOf("endless all").size(), 2);
    m_scene.fleet().ask("jobs 2 stream:orders");
    QVERIFY(taken(6));
    // One that ends leaves its name behind.
    const size_t before = m_scene.ask({"XINFO", "CONSUMERS", "stream:orders", "workers"}).elements.size();
    QCOMPARE(m_scene.fleet().idsOf("stop all").size(), 2);
    QCOMPARE(m_scene.ask({"XINFO", "CONSUMERS", "stream:orders", "workers"}).elements.size(), before);
}

void OtherFleetsTest::locksHaveOneHolder()
{
    QVERIFY(m_scene.start(u"resque-scheduler"_s));
    const QByteArray key = "resque:resque_scheduler_master_lock";
    const QByteArray holder = m_scene.text({"GET", key});
    QVERIFY2(holder.startsWith("app-"), holder.constData());
    QVERIFY(m_scene.pttl(key) > 0);
    // Renewed for longer than its TTL of nine seconds, twenty times as short as in earnest.
    const qint64 beats = m_scene.fleet().figure("beats");
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.fleet().figure("beats") > beats + 8, SystemScene::limitMs);
    QCOMPARE(m_scene.text({"GET", key}), holder);
    // It ends in order: the other one is in charge.
    QCOMPARE(m_scene.fleet().idOf("stop " + holder), holder);
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.text({"GET", key}).startsWith("app-") && m_scene.text({"GET", key}) != holder,
                             SystemScene::limitMs);
    // Killed: it stays until it expires.
    m_scene.fleet().ask("kill all");
    QVERIFY(m_scene.exists(key));
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists(key), SystemScene::limitMs);
    QVERIFY(m_scene.start(u"redbeat"_s));
    const QByteArray word = m_scene.text({"GET", "redbeat::lock"});
    QCOMPARE(word.size(), 32);
    m_scene.fleet().ask("lose 1");
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.exists("redbeat::lock"), SystemScene::limitMs);
}

void OtherFleetsTest::lastSeen()
{
    QVERIFY(m_scene.start(u"last-seen"_s));
    const QByteArrayList ids = m_scene.members("workers:last-seen");
    QCOMPARE(ids.size(), 2);
    QCOMPARE(m_scene.fleet().idOf("stop " + ids.first()), ids.first());
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.members("workers:last-seen"), QByteArrayList{ids.last()}, SystemScene::limitMs);
    m_scene.fleet().ask("kill " + ids.last());
    QCOMPARE(m_scene.members("workers:last-seen"), QByteArrayList{ids.last()});
}

void OtherFleetsTest::patternsAreReadByTheirLayouts_data()
{
    QTest::addColumn<QString>("killed"); // What is seen of one that was killed, or hangs.
    QTest::newRow("last-seen") << u"stale"_s;
    QTest::newRow("hash-fields") << u"stale"_s;
    QTest::newRow("expiry-set") << u"ended"_s;
    QTest::newRow("heartbeat-keys") << u"ended"_s;
    QTest::newRow("worker-hashes") << u"ended"_s;
    QTest::newRow("set-and-keys") << u"ghost"_s;
}

void OtherFleetsTest::patternsAreReadByTheirLayouts()
{
    QFETCH(const QString, killed);
    PatternWatch pattern;
    QVERIFY(pattern.start(QString::fromLatin1(QTest::currentDataTag())));
    QTRY_COMPARE_WITH_TIMEOUT(pattern.alive(), 4, SystemScene::limitMs);
    const QByteArray dead = pattern.fleet.idOf("kill 1");
    const QByteArray hung = pattern.fleet.idOf("hang 1");
    const QByteArray left = pattern.fleet.idOf("stop 1");
    QVERIFY(dead.startsWith("app-1:") && hung.startsWith("app-1:") && left.startsWith("app-1:"));
    QTRY_COMPARE_WITH_TIMEOUT(pattern.fate(dead), killed, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(pattern.fate(hung), killed, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(pattern.fate(left), u"ended"_s, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(pattern.alive(), 1, SystemScene::limitMs);
    // All that was written by those that are gone: of one killed that nobody removes, and of none that ended in order.
    pattern.fleet.tell("quit");
    QCOMPARE(pattern.fleet.waitForEnd(), 0);
    const bool stays = killed == u"stale" || killed == u"ghost" || QByteArray(QTest::currentDataTag()) == "expiry-set";
    QCOMPARE(pattern.watch.run({"DBSIZE"}).integer, stays ? 1 : 0);
}

void OtherFleetsTest::hashesWithoutATtlAndWithAStatus()
{
    PatternWatch pattern;
    QVERIFY(pattern.start(u"worker-hashes"_s));
    QTRY_COMPARE_WITH_TIMEOUT(pattern.alive(), 4, SystemScene::limitMs);
    const QByteArray dead = pattern.fleet.idOf("no-ttl 1");
    QTRY_COMPARE_WITH_TIMEOUT(pattern.fate(dead), u"no-ttl"_s, SystemScene::limitMs);
    QCOMPARE(pattern.watch.run({"PTTL", "worker:" + dead}).integer, -1);
    const QByteArray busy = pattern.fleet.idOf("work 1 600");
    QTRY_COMPARE_WITH_TIMEOUT(pattern.watch.worker(busy).status, WorkerStatus::Busy, SystemScene::limitMs);
    QCOMPARE(pattern.watch.worker(busy).host, "app-1");
    QVERIFY(pattern.watch.worker(busy).pid > 0 && pattern.watch.worker(busy).startedAt > 0);
    const QByteArray quiet = pattern.fleet.idOf("quiet 1");
    QTRY_COMPARE_WITH_TIMEOUT(pattern.watch.worker(quiet).status, WorkerStatus::Draining, SystemScene::limitMs);
    // Only this pattern has a TTL of its own command.
    QVERIFY(m_scene.start(u"heartbeat-keys"_s));
    m_scene.fleet().tell("no-ttl 1");
    QVERIFY(m_scene.fleet().waitForLine("error: ").contains("no-ttl"));
}

void OtherFleetsTest::aLockOfOnesOwnIsTakenOver()
{
    PatternWatch pattern;
    QVERIFY(pattern.start(u"lock-holder"_s, 4)); // A stall of the machine is no reason for another one to take it over.
    const auto holder = [&pattern] { return pattern.watch.run({"GET", "scheduler:lock"}).text; };
    const QByteArray first = holder();
    QVERIFY2(first.startsWith("app-1:"), first.constData());
    QTRY_COMPARE_WITH_TIMEOUT(pattern.fate(first), u"alive"_s, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(pattern.watch.store.sourceWorkerCount(1), 1, SystemScene::limitMs); // Who waits is not seen.
    // It hangs: its time runs out, and another one is in charge.
    QCOMPARE(pattern.fleet.idOf("hang " + first), first);
    QTRY_VERIFY_WITH_TIMEOUT(!holder().isEmpty() && holder() != first, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(pattern.fate(first), u"ended"_s, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(pattern.fate(holder()), u"alive"_s, SystemScene::limitMs);
    // It ends in order, and gives it up.
    const QByteArray second = holder();
    QCOMPARE(pattern.fleet.idOf("stop " + second), second);
    QTRY_VERIFY_WITH_TIMEOUT(!holder().isEmpty() && holder() != second, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(pattern.fate(second), u"ended"_s, SystemScene::limitMs);
    // All are killed: it stays until it expires.
    QByteArray last;
    QTRY_VERIFY_WITH_TIMEOUT(!(last = holder()).isEmpty(), SystemScene::limitMs);
    pattern.fleet.ask("kill all");
    QTRY_COMPARE_WITH_TIMEOUT(pattern.fate(last), u"ended"_s, SystemScene::limitMs);
    QCOMPARE(holder(), QByteArray());
}

PULSEDECK_TEST(OtherFleetsTest, runWithEvents)
#include "otherfleets_test.moc"
