// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fleet/commandlog.h"
#include "tests/fleet/fleetprocess.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QTest>

using namespace pulsedeck;

namespace {

constexpr int fleetWorkerLimitMs = 20'000;

} // namespace

/// What a simulated worker does in Redis, rule by rule, seen with plain commands.
class FleetWorkerTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void registers();
    void registersAndBeatsInOrder();
    void beatRenewsKey();
    void beatLeavesStatusAlone();
    void registersAgainWhenKeyIsGone();
    void obeysSetAndPublish();
    void obeysSetAloneAtNextBeat();
    void ignoresOtherWords();
    void drainWaitsForSessions_data();
    void drainWaitsForSessions();
    void drainTimeoutForcesOut();
    void sigtermShowsShuttingDown();
    void drainIsForgottenWithKey();

private:
    bool startFleet(const QStringList &further = {});
    void command(const QByteArray &id);
    qint64 lastBeat(const QByteArray &id) { return m_view->worker(id).value("lastHeartbeat").toLongLong(); }

    std::unique_ptr<RedisServer> m_server;
    std::unique_ptr<FleetProcess> m_fleet;
    std::unique_ptr<FleetView> m_view;
};

void FleetWorkerTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("redis-server is not installed");
}

void FleetWorkerTest::init()
{
    m_server = std::make_unique<RedisServer>();
    QVERIFY2(m_server->start(), qPrintable(m_server->errorString()));
    m_fleet = std::make_unique<FleetProcess>();
    m_view = std::make_unique<FleetView>(*m_server);
}

void FleetWorkerTest::cleanup()
{
    m_fleet.reset();
    m_view.reset();
    m_server.reset();
}

bool FleetWorkerTest::startFleet(const QStringList &further)
{
    return m_fleet->startRegistered(*m_server,
                                    QStringList{QStringLiteral("--workers"), QStringLiteral("3"), QStringLiteral("--heartbeat"),
                                                QStringLiteral("0.2"), QStringLiteral("--ttl"), QStringLiteral("4"),
                                                QStringLiteral("--sessions"), QStringLiteral("0"), QStringLiteral("--seed"),
                                                QStringLiteral("1"), QStringLiteral("--replace-after"), QStringLiteral("1")}
                                        + further);
}

void FleetWorkerTest::command(const QByteArray &id)
{
    QCOMPARE(m_view->ask({"SET", "worker:cmd:" + id, "shutdown", "EX", "60", "NX"}).text, "OK");
    QCOMPARE(m_view->ask({"PUBLISH", "worker:cmd:" + id, "shutdown"}).integer, 1);
}

void FleetWorkerTest::registers()
{
    QVERIFY(
        startFleet({QStringLiteral("--workers"), QStringLiteral("10"), QStringLiteral("--fail"), QStringLiteral("untyped=0.2")}));
    const QByteArrayList ids = m_view->ids();
    QCOMPARE(ids.size(), 10);
    const qint64 now = m_view->ask({"TIME"}).elements.at(0).text.toLongLong() * 1000;
    int untyped = 0;
    for (const QByteArray &id : ids) {
        const auto fields = m_view->worker(id);
        const qsizetype colon = id.indexOf(':');
        untyped += colon < 0 ? 1 : 0;
        QCOMPARE(fields.size(), colon < 0 ? 5 : 6);
        QCOMPARE(fields.value("id"), id.mid(colon + 1));
        QCOMPARE(fields.value("browserType"), colon < 0 ? QByteArray() : id.left(colon));
        QCOMPARE(fields.value("status"), "available");
        QVERIFY(fields.value("endpoint").startsWith("ws://10."));
        QVERIFY(fields.value("endpoint").contains("/playwright/"));
        QVERIFY(qAbs(fields.value("startedAt").toLongLong() - now) < 30'000);
        QVERIFY(fields.value("lastHeartbeat").toLongLong() >= fields.value("startedAt").toLongLong());
        QVERIFY(m_view->pttl(id) > 0 && m_view->pttl(id) <= 4000);
        QCOMPARE(m_view->active(id), 0);
        QCOMPARE(m_view->lifetime(id), 0);
        QCOMPARE(m_view->listeners(id), colon < 0 ? 0 : 1);
    }
    QCOMPARE(untyped, 2);
}

void FleetWorkerTest::registersAndBeatsInOrder()
{
    CommandLog log(*m_server);
    QVERIFY(startFleet({QStringLiteral("--workers"), QStringLiteral("1")}));
    const QByteArray id = m_view->ids().at(0);
    // What it did itself: the proxy's and this test's commands are none of these.
    const auto entries = log.take(id, {"HSETNX", "HSET", "EXPIRE", "EXISTS", "GET"}, 12);
    QCOMPARE(entries.size(), size_t(12));
    const QByteArray key = "worker:" + id;
    QCOMPARE(entries[0].words, (QByteArrayList{"HSETNX", "cluster:active_connections", id, "0"}));
    QCOMPARE(entries[1].words, (QByteArrayList{"HSETNX", "cluster:lifetime_connections", id, "0"}));
    QCOMPARE(entries[2].words.mid(0, 2), (QByteArrayList{"HSET", key}));
    QCOMPARE(entries[2].words.size(), 2 + 2 * 6);
    QCOMPARE(entries[3].words, (QByteArrayList{"EXPIRE", key, "4"}));
    for (size_t first = 4; first < 12; first += 4) {
        QCOMPARE(entries[first].words, (QByteArrayList{"EXISTS", key}));
        QCOMPARE(entries[first + 1].words.mid(0, 3), (QByteArrayList{"HSET", key, "lastHeartbeat"}));
        QCOMPARE(entries[first + 1].words.size(), 4);
        QCOMPARE(entries[first + 2].words, (QByteArrayList{"EXPIRE", key, "4"}));
        QCOMPARE(entries[first + 3].words, (QByteArrayList{"GET", "worker:cmd:" + id}));
    }
    const double gap = entries[8].time - entries[4].time; // 0.2 s and 2 % of jitter, on a machine that may be busy.
    QVERIFY2(gap > 0.15, qPrintable(QString::number(gap)));
}

void FleetWorkerTest::beatRenewsKey()
{
    QVERIFY(startFleet());
    const QByteArray id = m_view->anyAvailable();
    const qint64 before = lastBeat(id);
    m_view->ask({"EXPIRE", "worker:" + id, "2"});
    QTRY_VERIFY_WITH_TIMEOUT(m_view->pttl(id) > 3000, fleetWorkerLimitMs);
    QTRY_VERIFY_WITH_TIMEOUT(lastBeat(id) > before, fleetWorkerLimitMs);
}

void FleetWorkerTest::beatLeavesStatusAlone()
{
    QVERIFY(startFleet());
    const QByteArray id = m_view->anyAvailable();
    m_view->ask({"HSET", "worker:" + id, "status", "draining", "drainedBy", "somebody"});
    const qint64 before = lastBeat(id);
    QTRY_VERIFY_WITH_TIMEOUT(lastBeat(id) > before + 600, fleetWorkerLimitMs);
    QCOMPARE(m_view->status(id), "draining");
    QCOMPARE(m_view->worker(id).value("drainedBy"), "somebody");
}

void FleetWorkerTest::registersAgainWhenKeyIsGone()
{
    QVERIFY(startFleet());
    const QByteArray id = m_view->anyAvailable();
    const auto before = m_view->worker(id);
    m_view->ask({"HINCRBY", "cluster:lifetime_connections", id, "7"});
    m_view->ask({"HDEL", "cluster:active_connections", id});
    m_view->ask({"DEL", "worker:" + id});
    QTRY_VERIFY_WITH_TIMEOUT(m_view->pttl(id) > 0, fleetWorkerLimitMs);
    const auto after = m_view->worker(id);
    QCOMPARE(after.value("status"), "available");
    QCOMPARE(after.value("startedAt"), before.value("startedAt"));
    QCOMPARE(after.value("endpoint"), before.value("endpoint"));
    QCOMPARE(m_view->lifetime(id), 7); // HSETNX leaves what is there
    QCOMPARE(m_view->active(id), 0); // and makes what is not.
}

void FleetWorkerTest::obeysSetAndPublish()
{
    QVERIFY(startFleet());
    const QByteArray id = m_view->anyAvailable();
    QElapsedTimer elapsed;
    elapsed.start();
    command(id);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->status(id), "draining", fleetWorkerLimitMs);
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), fleetWorkerLimitMs);
    QVERIFY2(elapsed.elapsed() >= 950, "the counter is polled each second, so it cannot be gone earlier");
    QCOMPARE(m_view->pendingCommand(id), "shutdown"); // Left to its TTL.
    QCOMPARE(m_view->active(id), 0); // Counters are the reaper's.
    QCOMPARE(m_view->lifetime(id), 0);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->listeners(id), 0, fleetWorkerLimitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->ids().size(), 3, fleetWorkerLimitMs); // Replaced,
    QVERIFY(!m_view->ids().contains(id)); // by another.
}

void FleetWorkerTest::obeysSetAloneAtNextBeat()
{
    QVERIFY(startFleet());
    const QByteArray id = m_view->anyAvailable();
    m_view->ask({"SET", "worker:cmd:" + id, "shutdown", "EX", "60", "NX"});
    QTRY_COMPARE_WITH_TIMEOUT(m_view->status(id), "draining", fleetWorkerLimitMs);
    QCOMPARE(m_view->pendingCommand(id), "");
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), fleetWorkerLimitMs);
}

void FleetWorkerTest::ignoresOtherWords()
{
    QVERIFY(startFleet());
    const QByteArray id = m_view->anyAvailable();
    m_view->ask({"SET", "worker:cmd:" + id, "SHUTDOWN", "EX", "60"});
    for (const char *word : {"SHUTDOWN", "shutdown ", "stop", ""})
        QCOMPARE(m_view->ask({"PUBLISH", "worker:cmd:" + id, word}).integer, 1);
    const qint64 before = lastBeat(id);
    QTRY_VERIFY_WITH_TIMEOUT(lastBeat(id) > before + 600, fleetWorkerLimitMs);
    QCOMPARE(m_view->status(id), "available");
    QCOMPARE(m_view->pendingCommand(id), "SHUTDOWN");
}

void FleetWorkerTest::drainWaitsForSessions_data()
{
    QTest::addColumn<QByteArrayList>("ending");
    QTest::newRow("zero") << QByteArrayList{"HSET", "cluster:active_connections", "ID", "0"};
    QTest::newRow("negative") << QByteArrayList{"HSET", "cluster:active_connections", "ID", "-3"};
    QTest::newRow("missing") << QByteArrayList{"HDEL", "cluster:active_connections", "ID"};
}

void FleetWorkerTest::drainWaitsForSessions()
{
    QFETCH(QByteArrayList, ending);
    QVERIFY(startFleet());
    const QByteArray id = m_view->anyAvailable();
    m_view->ask({"HSET", "cluster:active_connections", id, "2"});
    command(id);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->status(id), "draining", fleetWorkerLimitMs);
    const qint64 before = lastBeat(id);
    QTRY_VERIFY_WITH_TIMEOUT(lastBeat(id) > before + 2'200, fleetWorkerLimitMs); // Beats go on; two polls have passed.
    QCOMPARE(m_view->status(id), "draining");
    ending.replace(ending.indexOf("ID"), id);
    m_view->ask(ending);
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), fleetWorkerLimitMs);
}

void FleetWorkerTest::drainTimeoutForcesOut()
{
    QVERIFY(startFleet({QStringLiteral("--drain-timeout"), QStringLiteral("2.5")}));
    const QByteArray id = m_view->anyAvailable();
    m_view->ask({"HSET", "cluster:active_connections", id, "1"});
    QElapsedTimer elapsed;
    elapsed.start();
    command(id);
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), fleetWorkerLimitMs);
    QVERIFY(elapsed.elapsed() >= 2'400);
    QCOMPARE(m_view->active(id), 1);
}

void FleetWorkerTest::sigtermShowsShuttingDown()
{
    QVERIFY(startFleet());
    CommandLog log(*m_server);
    const QByteArray id = m_fleet->idOf("sigterm 1");
    QVERIFY(!id.isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), fleetWorkerLimitMs);
    const QByteArray key = "worker:" + id;
    const auto entries = log.takeUntil(id, {"DEL", key});
    QVERIFY(entries.size() >= 3);
    const auto &set = entries[entries.size() - 3];
    QCOMPARE(set.words, (QByteArrayList{"HSET", key, "status", "shutting-down"}));
    QCOMPARE(entries[entries.size() - 2].words, (QByteArrayList{"EXPIRE", key, "10"}));
    const double visible = entries.back().time - set.time;
    QVERIFY2(visible >= 0.03, qPrintable(QString::number(visible)));
    for (const auto &entry : entries)
        QVERIFY(!entry.words.contains("draining"));
    QCOMPARE(m_view->active(id), 0);
    QCOMPARE(m_view->lifetime(id), 0);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->ids().size(), 3, fleetWorkerLimitMs);
}

void FleetWorkerTest::drainIsForgottenWithKey()
{
    QVERIFY(startFleet());
    const QByteArray id = m_view->anyAvailable();
    m_view->ask({"HSET", "cluster:active_connections", id, "1"});
    command(id);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->status(id), "draining", fleetWorkerLimitMs);
    m_view->ask({"DEL", "worker:" + id, "worker:cmd:" + id});
    QTRY_COMPARE_WITH_TIMEOUT(m_view->status(id), "available", fleetWorkerLimitMs);
    command(id); // Is not listened to: it drains as it is.
    const qint64 before = lastBeat(id);
    QTRY_VERIFY_WITH_TIMEOUT(lastBeat(id) > before + 600, fleetWorkerLimitMs);
    QCOMPARE(m_view->status(id), "available");
    QCOMPARE(m_view->pendingCommand(id), "shutdown"); // Nor does a beat take it away.
    m_view->ask({"HSET", "cluster:active_connections", id, "0"});
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), fleetWorkerLimitMs);
}

PULSEDECK_TEST(FleetWorkerTest, runWithEvents)
#include "fleetworker_test.moc"
