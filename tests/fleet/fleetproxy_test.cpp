// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fleet/fleetprocess.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QTest>

using namespace pulsedeck;

namespace {

constexpr int fleetProxyLimitMs = 60'000;
const QByteArray activeHash("cluster:active_connections");
const QByteArray lifetimeHash("cluster:lifetime_connections");

} // namespace

/// What the simulated proxy does in Redis: selector, sessions, lifetime limits, reaper.
class FleetProxyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void selectorTakesLeastActive();
    void selectorPassesOver_data();
    void selectorPassesOver();
    void sessionsComeAndGo();
    void drainedWorkerGetsNoSessions();
    void lifetimeLimitEndsWorkers();
    void commandIsGivenOnce();
    void drainSetIsNotPublished();
    void reaperRemovesWhatHasNoKey();
    void reaperReadsAllPages();
    void churnReplaces();

private:
    bool startFleet(const QStringList &further);
    void makeWorker(const QByteArray &id, const QByteArray &active, const QByteArray &lifetime);
    RedisValue select(const QByteArrayList &ids);

    std::unique_ptr<RedisServer> m_server;
    std::unique_ptr<FleetProcess> m_fleet;
    std::unique_ptr<FleetView> m_view;
};

void FleetProxyTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("redis-server is not installed");
}

void FleetProxyTest::init()
{
    m_server = std::make_unique<RedisServer>();
    QVERIFY2(m_server->start(), qPrintable(m_server->errorString()));
    m_fleet = std::make_unique<FleetProcess>();
    m_view = std::make_unique<FleetView>(*m_server);
}

void FleetProxyTest::cleanup()
{
    m_fleet.reset();
    m_view.reset();
    m_server.reset();
}

bool FleetProxyTest::startFleet(const QStringList &further)
{
    return m_fleet->startRegistered(
        *m_server, QStringList{QStringLiteral("--workers"), QStringLiteral("4"), QStringLiteral("--heartbeat"),
                               QStringLiteral("0.2"), QStringLiteral("--ttl"), QStringLiteral("4"), QStringLiteral("--seed"),
                               QStringLiteral("1"), QStringLiteral("--replace-after"), QStringLiteral("0.5")}
                       + further);
}

void FleetProxyTest::makeWorker(const QByteArray &id, const QByteArray &active, const QByteArray &lifetime)
{
    m_view->ask({"HSET", "worker:" + id, "id", id, "status", "available"});
    m_view->ask({"EXPIRE", "worker:" + id, "60"});
    m_view->ask({"HSET", activeHash, id, active});
    m_view->ask({"HSET", lifetimeHash, id, lifetime});
}

RedisValue FleetProxyTest::select(const QByteArrayList &ids)
{
    QFile script(QStringLiteral(PULSEDECK_LUA_FOLDER "/fleet-selector.lua"));
    if (!script.open(QIODevice::ReadOnly))
        return {};
    return m_view->ask(QByteArrayList{"EVAL", script.readAll(), "2", activeHash, lifetimeHash, "5", "10"} + ids);
}

void FleetProxyTest::selectorTakesLeastActive()
{
    makeWorker("a", "3", "3");
    makeWorker("b", "1", "7");
    makeWorker("c", "2", "2");
    const RedisValue chosen = select({"a", "b", "c"});
    QCOMPARE(chosen.elements.size(), size_t(3));
    QCOMPARE(chosen.elements[0].text, "b");
    QCOMPARE(chosen.elements[1].integer, 2);
    QCOMPARE(chosen.elements[2].integer, 8);
    QCOMPARE(m_view->active("b"), 2);
    QCOMPARE(m_view->lifetime("b"), 8);
    QCOMPARE(m_view->active("a"), 3);
}

void FleetProxyTest::selectorPassesOver_data()
{
    QTest::addColumn<QByteArrayList>("spoil");
    QTest::newRow("no key") << QByteArrayList{"DEL", "worker:a"};
    QTest::newRow("no TTL") << QByteArrayList{"PERSIST", "worker:a"};
    QTest::newRow("draining") << QByteArrayList{"HSET", "worker:a", "status", "draining"};
    QTest::newRow("no status") << QByteArrayList{"HDEL", "worker:a", "status"};
    QTest::newRow("wrong type") << QByteArrayList{"SET", "worker:a", "x", "EX", "60"};
    QTest::newRow("no counter") << QByteArrayList{"HDEL", activeHash, "a"};
    QTest::newRow("no lifetime counter") << QByteArrayList{"HDEL", lifetimeHash, "a"};
    QTest::newRow("counter is a word") << QByteArrayList{"HSET", activeHash, "a", "many"};
    QTest::newRow("full") << QByteArrayList{"HSET", activeHash, "a", "5"};
    QTest::newRow("used up") << QByteArrayList{"HSET", lifetimeHash, "a", "10"};
}

void FleetProxyTest::selectorPassesOver()
{
    QFETCH(QByteArrayList, spoil);
    makeWorker("a", "0", "0");
    QVERIFY(m_view->ask(spoil).ok());
    QCOMPARE(select({"a", "ghost"}).type, RedisValue::Type::Nil);
    makeWorker("b", "4", "9");
    QCOMPARE(select({"a", "b"}).elements.at(0).text, "b"); // The bad one does not hide the other.
}

void FleetProxyTest::sessionsComeAndGo()
{
    QVERIFY(startFleet({QStringLiteral("--sessions"), QStringLiteral("0.5"), QStringLiteral("--slots"), QStringLiteral("4"),
                        QStringLiteral("--session-length"), QStringLiteral("0.4"), QStringLiteral("--lifetime-limit"),
                        QStringLiteral("0")}));
    const auto total = [this](const QByteArray &hash) {
        qint64 sum = 0;
        for (const RedisValue &value : m_view->ask({"HVALS", hash}).elements)
            sum += value.text.toLongLong();
        return sum;
    };
    QTRY_VERIFY_WITH_TIMEOUT(total(activeHash) >= 4, fleetProxyLimitMs);
    QTRY_VERIFY_WITH_TIMEOUT(total(lifetimeHash) >= 40, fleetProxyLimitMs);
    QVERIFY(total(activeHash) <= 16);
    for (const RedisValue &value : m_view->ask({"HVALS", activeHash}).elements)
        QVERIFY(value.text.toLongLong() >= 0 && value.text.toLongLong() <= 4);
    QVERIFY(m_fleet->figure("sessions") > 0);
    QCOMPARE(m_fleet->stop(), 0);
    QCOMPARE(total(activeHash), 0); // Every session was given back.
}

void FleetProxyTest::drainedWorkerGetsNoSessions()
{
    QVERIFY(startFleet({QStringLiteral("--workers"), QStringLiteral("2"), QStringLiteral("--sessions"), QStringLiteral("0.5"),
                        QStringLiteral("--session-length"), QStringLiteral("0.2"), QStringLiteral("--lifetime-limit"),
                        QStringLiteral("0")}));
    const QByteArrayList ids = m_view->ids();
    m_view->ask({"HSET", "worker:" + ids[0], "status", "draining"});
    const auto lifetime = m_view->lifetime(ids[0]); // Scripts run alone, so nothing is chosen from here on.
    QTRY_VERIFY_WITH_TIMEOUT(m_view->lifetime(ids[1]).value_or(0) > lifetime.value_or(0) + 20, fleetProxyLimitMs);
    QCOMPARE(m_view->lifetime(ids[0]), lifetime);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->active(ids[0]), 0, fleetProxyLimitMs);
}

void FleetProxyTest::lifetimeLimitEndsWorkers()
{
    QVERIFY(startFleet({QStringLiteral("--sessions"), QStringLiteral("0.4"), QStringLiteral("--session-length"),
                        QStringLiteral("0.3"), QStringLiteral("--lifetime-limit"), QStringLiteral("3"),
                        QStringLiteral("--command-ttl"), QStringLiteral("50")}));
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->ask({"KEYS", "worker:cmd:*"}).elements.empty(), fleetProxyLimitMs);
    const QByteArray key = m_view->ask({"KEYS", "worker:cmd:*"}).elements.at(0).text;
    const QByteArray id = key.mid(11);
    QCOMPARE(m_view->ask({"GET", key}).text, "shutdown");
    const qint64 ttl = m_view->ask({"PTTL", key}).integer;
    QVERIFY(ttl > 20'000 && ttl <= 50'000);
    QCOMPARE(m_view->lifetime(id), 3);
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), fleetProxyLimitMs);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet->figure("ended") >= 6, fleetProxyLimitMs); // It goes on with the replacements.
}

void FleetProxyTest::commandIsGivenOnce()
{
    QVERIFY(startFleet({QStringLiteral("--workers"), QStringLiteral("1"), QStringLiteral("--sessions"), QStringLiteral("0"),
                        QStringLiteral("--heartbeat"), QStringLiteral("3"), QStringLiteral("--ttl"), QStringLiteral("20")}));
    const QByteArray id = m_view->ids().at(0);
    m_view->ask({"SET", "worker:cmd:" + id, "something", "EX", "60"});
    const qint64 published = m_view->calls("publish");
    QCOMPARE(m_fleet->idOf("drain 1"), id);
    QVERIFY(m_fleet->figure("registered") == 1);
    QTRY_VERIFY_WITH_TIMEOUT(m_view->calls("set") >= 2, fleetProxyLimitMs);
    QVERIFY(m_fleet->figure("registered") == 1); // One more turn of the simulator, in which PUBLISH would have followed.
    QCOMPARE(m_view->pendingCommand(id), "something");
    QCOMPARE(m_view->calls("publish"), published);
}

void FleetProxyTest::drainSetIsNotPublished()
{
    QVERIFY(startFleet({QStringLiteral("--sessions"), QStringLiteral("0")}));
    const QByteArrayList ids = m_fleet->idsOf("drain-set 2");
    QCOMPARE(ids.size(), 2);
    for (const QByteArray &id : ids)
        QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), fleetProxyLimitMs);
    QCOMPARE(m_view->calls("publish"), 0);
    for (const QByteArray &id : ids)
        QCOMPARE(m_view->pendingCommand(id), ""); // Read at a beat, and deleted.
}

void FleetProxyTest::reaperRemovesWhatHasNoKey()
{
    m_view->ask({"HSET", lifetimeHash, "ghost", "5", "nottl", "6"});
    m_view->ask({"HSET", activeHash, "ghost", "1", "nottl", "2", "onlyactive", "3"});
    m_view->ask({"HSET", "worker:nottl", "status", "available"});
    QVERIFY(startFleet(
        {QStringLiteral("--sessions"), QStringLiteral("0"), QStringLiteral("--reaper-interval"), QStringLiteral("0.3")}));
    QTRY_COMPARE_WITH_TIMEOUT(m_view->lifetime("ghost"), std::optional<qint64>(), fleetProxyLimitMs);
    QCOMPARE(m_view->active("ghost"), std::optional<qint64>());
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet->figure("reaped") >= 1, fleetProxyLimitMs);
    QCOMPARE(m_fleet->idsOf("crash 1").size(), 1);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet->figure("reaped") >= 2, fleetProxyLimitMs); // The crashed one, so it has run once more.
    QCOMPARE(m_view->active("onlyactive"), 3);
    QCOMPARE(m_view->active("nottl"), 2);
    QCOMPARE(m_view->lifetime("nottl"), 6);
    for (const QByteArray &id : m_view->ids())
        QVERIFY(m_view->active(id).has_value()); // Nobody who has a key lost a counter.
}

void FleetProxyTest::reaperReadsAllPages()
{
    for (int part = 0; part < 50; ++part) {
        QByteArrayList words{"HSET", lifetimeHash};
        for (int i = 0; i < 100; ++i)
            words << "ghost" + QByteArray::number(part * 100 + i) << "1";
        QCOMPARE(m_view->ask(words).integer, 100);
    }
    QVERIFY(startFleet(
        {QStringLiteral("--sessions"), QStringLiteral("0"), QStringLiteral("--reaper-interval"), QStringLiteral("1")}));
    QTRY_COMPARE_WITH_TIMEOUT(m_view->ask({"HLEN", lifetimeHash}).integer, 4, fleetProxyLimitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_fleet->figure("reaped"), 5000, fleetProxyLimitMs);
}

void FleetProxyTest::churnReplaces()
{
    QVERIFY(startFleet({QStringLiteral("--sessions"), QStringLiteral("0"), QStringLiteral("--churn"), QStringLiteral("15")}));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet->figure("ended") >= 4, fleetProxyLimitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->ids().size(), 4, fleetProxyLimitMs);
}

PULSEDECK_TEST(FleetProxyTest, runWithEvents)
#include "fleetproxy_test.moc"
