// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fleet/systemscene.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// The simulated workers of BullMQ, as CLIENT LIST and the keys of their queues show them.
class BullFleetTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void workersAreConnections();
    void queueIsPaused();
    void pausedQueuesHaveAListOfTheirOwn_data();
    void pausedQueuesHaveAListOfTheirOwn();
    void aFrozenWorkerSeemsToWork();
    void aLostConnectionComesBackFromAnotherPort();
    void theCheckOutlivesTheLastWorker();
    void aWorkerWithoutChecks();
    void releaseFive();
    void bullFourWaitsForTheListItself();
    void jobsHaveNumbersAndLocks();

private:
    /// Lines of CLIENT LIST whose connection has this name, or has it and a worker's.
    QByteArrayList connections(const QByteArray &name);
    static QByteArray named(const QByteArray &queue, const QByteArray &worker)
    {
        return "bull:" + queue.toBase64() + ":w:" + worker;
    }
    /// A job that waits there is not taken for some beats.
    bool never(const QByteArray &list);

    SystemScene m_scene;
};

void BullFleetTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("redis-server is not installed");
}

QByteArrayList BullFleetTest::connections(const QByteArray &name)
{
    QByteArrayList found;
    for (const QByteArray &line : m_scene.text({"CLIENT", "LIST"}).split('\n')) {
        if (line.contains(QByteArray(" name=" + name + ' ')))
            found.append(line);
    }
    return found;
}

bool BullFleetTest::never(const QByteArray &list)
{
    const qint64 before = m_scene.fleet().figure("beats");
    return QTest::qWaitFor([&] { return m_scene.fleet().figure("beats") > before + 4; }, SystemScene::limitMs)
           && m_scene.length(list) == 1;
}

void BullFleetTest::workersAreConnections()
{
    QVERIFY(m_scene.start(u"bullmq"_s, {u"--slots"_s, u"1"_s}));
    const QByteArray name = named("default", "worker-1");
    QTRY_VERIFY_WITH_TIMEOUT(connections(name).value(0).contains("cmd=bzpopmin"), SystemScene::limitMs);
    QCOMPARE(connections(named("mailers", "worker-2")).size(), 1);
    QVERIFY(m_scene.pttl("bull:default:stalled-check") > 0);
    QVERIFY(m_scene.field("bull:default:meta", "version").startsWith("bullmq:6."));
    QCOMPARE(m_scene.fleet().idOf("kill worker-1"), "worker-1");
    QTRY_COMPARE_WITH_TIMEOUT(connections(name).size(), 0, SystemScene::limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists("bull:default:stalled-check"), SystemScene::limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.exists("bull:mailers:stalled-check"), SystemScene::limitMs); // Renewed.
}

void BullFleetTest::queueIsPaused()
{
    QVERIFY(m_scene.start(u"bullmq"_s, {u"--session-length"_s, u"0.2"_s}));
    m_scene.ask({"HSET", "bull:default:meta", "paused", "1"});
    m_scene.fleet().ask("jobs 1 default");
    QVERIFY(never("bull:default:wait"));
    m_scene.ask({"HDEL", "bull:default:meta", "paused"});
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.number({"ZCARD", "bull:default:completed"}), 1, SystemScene::limitMs);
    QCOMPARE(m_scene.length("bull:default:wait"), 0);
    QCOMPARE(m_scene.length("bull:default:active"), 0);
}

void BullFleetTest::pausedQueuesHaveAListOfTheirOwn_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QStringList>("more");
    QTest::newRow("BullMQ 5") << u"bullmq"_s << QStringList{u"--release"_s, u"5"_s};
    QTest::newRow("Bull") << u"bull"_s << QStringList();
}
void BullFleetTest::pausedQueuesHaveAListOfTheirOwn()
{
    QFETCH(QString, layout);
    QFETCH(QStringList, more);
    QVERIFY(m_scene.start(layout, QStringList{u"--session-length"_s, u"0.2"_s} + more));
    const bool isBull = layout == u"bull"_s;
    m_scene.ask(isBull ? QByteArrayList{"SET", "bull:default:meta-paused", "1"}
                       : QByteArrayList{"HSET", "bull:default:meta", "paused", "1"});
    m_scene.fleet().ask("jobs 1 default");
    QVERIFY(never("bull:default:paused"));
    QCOMPARE(m_scene.length("bull:default:wait"), 0);
    m_scene.ask({"RENAMENX", "bull:default:paused", "bull:default:wait"});
    m_scene.ask(isBull ? QByteArrayList{"DEL", "bull:default:meta-paused"}
                       : QByteArrayList{"HDEL", "bull:default:meta", "paused"});
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.number({"ZCARD", "bull:default:completed"}), 1, SystemScene::limitMs);
}

void BullFleetTest::aFrozenWorkerSeemsToWork()
{
    QVERIFY(m_scene.start(u"bullmq"_s));
    const QByteArray name = named("default", "worker-1");
    QTRY_VERIFY_WITH_TIMEOUT(connections(name).value(0).contains(" flags=b"), SystemScene::limitMs);
    QCOMPARE(m_scene.fleet().idOf("hang worker-1"), "worker-1");
    m_scene.ask({"ZADD", "bull:default:marker", "0", "0"}); // It waits no more, and does nothing else.
    QTRY_VERIFY_WITH_TIMEOUT(!connections(name).value(0, " flags=b").contains(" flags=b"), SystemScene::limitMs);
    m_scene.fleet().ask("jobs 1 default");
    QVERIFY(never("bull:default:wait"));
    QCOMPARE(connections(name).size(), 1);
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists("bull:default:stalled-check"), SystemScene::limitMs);
}

void BullFleetTest::aLostConnectionComesBackFromAnotherPort()
{
    QVERIFY(m_scene.start(u"bullmq"_s));
    const QByteArray name = named("mailers", "worker-2");
    QTRY_COMPARE_WITH_TIMEOUT(connections(name).size(), 1, SystemScene::limitMs);
    const auto number = [&] { return connections(name).value(0).split(' ').value(0); };
    const QByteArray first = number();
    QCOMPARE(m_scene.fleet().idOf("reconnect worker-2"), "worker-2");
    QTRY_VERIFY_WITH_TIMEOUT(!number().isEmpty() && number() != first, SystemScene::limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(connections(name).value(0).contains("cmd=bzpopmin"), SystemScene::limitMs);
    QCOMPARE(m_scene.fleet().idOf("unnamed worker-2"), "worker-2");
    QTRY_COMPARE_WITH_TIMEOUT(connections("bull:" + QByteArray("mailers").toBase64()).size(), 1, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(connections(name).size(), 0, SystemScene::limitMs);
    m_scene.fleet().ask("jobs 1 mailers");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("bull:mailers:wait"), 0, SystemScene::limitMs);
}

void BullFleetTest::theCheckOutlivesTheLastWorker()
{
    QVERIFY(m_scene.start(u"bullmq"_s, {u"--speed"_s, u"5"_s}));
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.exists("bull:default:stalled-check"), SystemScene::limitMs);
    m_scene.fleet().ask("stop worker-1");
    QTRY_COMPARE_WITH_TIMEOUT(connections(named("default", "worker-1")).size(), 0, SystemScene::limitMs);
    QVERIFY(m_scene.pttl("bull:default:stalled-check") > 0);
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists("bull:default:stalled-check"), SystemScene::limitMs);
}

void BullFleetTest::aWorkerWithoutChecks()
{
    QVERIFY(m_scene.start(u"bullmq"_s));
    QCOMPARE(m_scene.fleet().idOf("no-check worker-1"), "worker-1");
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists("bull:default:stalled-check"), SystemScene::limitMs);
    QCOMPARE(connections(named("default", "worker-1")).size(), 1);
}

void BullFleetTest::bullFourWaitsForTheListItself()
{
    QVERIFY(m_scene.start(u"bull"_s, {u"--session-length"_s, u"0.2"_s}));
    const QByteArray name = "bull:" + QByteArray("default").toBase64();
    QTRY_VERIFY_WITH_TIMEOUT(connections(name).value(0).contains("cmd=brpoplpush"), SystemScene::limitMs);
    QVERIFY(!m_scene.exists("bull:default:meta"));
    m_scene.fleet().ask("jobs 3 default");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.number({"ZCARD", "bull:default:completed"}), 3, SystemScene::limitMs);
    QCOMPARE(m_scene.text({"GET", "bull:default:id"}), "3");
}

void BullFleetTest::jobsHaveNumbersAndLocks()
{
    QVERIFY(m_scene.start(u"bullmq"_s, {u"--session-length"_s, u"5000"_s, u"--slots"_s, u"1"_s, u"--speed"_s, u"10"_s}));
    m_scene.fleet().ask("jobs 2 default");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("bull:default:active"), 1, SystemScene::limitMs);
    QCOMPARE(m_scene.text({"LINDEX", "bull:default:active", "0"}), "1");
    QCOMPARE(m_scene.text({"LINDEX", "bull:default:wait", "-1"}), "2");
    QVERIFY(m_scene.field("bull:default:2", "timestamp").toLongLong() > 0);
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.pttl("bull:default:1:lock") > 0, SystemScene::limitMs);
    // Its worker dies: whoever checks the queue puts the job back when the lock is over.
    QVERIFY(m_scene.start(
        u"bullmq"_s, {u"--session-length"_s, u"5000"_s, u"--slots"_s, u"1"_s, u"--workers"_s, u"3"_s, u"--speed"_s, u"10"_s}));
    m_scene.fleet().ask("jobs 1 default");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("bull:default:active"), 1, SystemScene::limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.field("bull:default:1", "pb").isEmpty(), SystemScene::limitMs);
    const QByteArray first = m_scene.field("bull:default:1", "pb");
    QCOMPARE(m_scene.fleet().idOf("kill " + first), first);
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.field("bull:default:1", "pb") != first, SystemScene::limitMs);
    // One in eight is for later, and comes.
    m_scene.fleet().ask("jobs 8 mailers");
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.exists("bull:mailers:delayed"), SystemScene::limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists("bull:mailers:delayed"), SystemScene::limitMs);
}

void BullFleetTest::releaseFive()
{
    QVERIFY(m_scene.start(u"bullmq"_s, {u"--release"_s, u"5"_s}));
    QVERIFY(m_scene.field("bull:default:meta", "version").startsWith("bullmq:5."));
}

PULSEDECK_TEST(BullFleetTest, runWithEvents)
#include "bullfleet_test.moc"
