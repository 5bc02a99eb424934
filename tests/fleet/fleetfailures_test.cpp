// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fleet/fleetprocess.h"
#include "tests/support/testprogram.h"

#include <QTest>

#include <csignal>

using namespace pulsedeck;

namespace {

constexpr int limitMs = 25'000;

} // namespace

/// Each named failure mode, seen with plain commands.
class FleetFailuresTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void crashWritesNothing();
    void crashedComesBackUnderItsId();
    void crashedIsReplaced();
    void crashEndsSessions();
    void stopEndsPinnedSessions();
    void hangKeepsItsSubscription();
    void hangHearsCommandsLater();
    void lateBeats();
    void skewedClock();
    void halfRegistration();
    void stuckDrain();
    void forgottenDrain();
    void garbage();
    void wrongType();
    void outageSilencesAll();
    void outageForgetsDrains();
    void outageOfSome();
    void sharesAreKept();
    void signalsBeginFailures();

private:
    bool startFleet(const QStringList &further = {});
    qint64 lastBeat(const QByteArray &id) { return m_view->worker(id).value("lastHeartbeat").toLongLong(); }
    qint64 serverMs() { return m_view->ask({"TIME"}).elements.at(0).text.toLongLong() * 1000; }

    std::unique_ptr<RedisServer> m_server;
    std::unique_ptr<FleetProcess> m_fleet;
    std::unique_ptr<FleetView> m_view;
};

void FleetFailuresTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("redis-server is not installed");
}

void FleetFailuresTest::init()
{
    m_server = std::make_unique<RedisServer>();
    QVERIFY2(m_server->start(), qPrintable(m_server->errorString()));
    m_fleet = std::make_unique<FleetProcess>();
    m_view = std::make_unique<FleetView>(*m_server);
}

void FleetFailuresTest::cleanup()
{
    m_fleet.reset();
    m_view.reset();
    m_server.reset();
}

bool FleetFailuresTest::startFleet(const QStringList &further)
{
    return m_fleet->startRegistered(*m_server,
                                    QStringList{QStringLiteral("--workers"), QStringLiteral("4"), QStringLiteral("--heartbeat"),
                                                QStringLiteral("0.2"), QStringLiteral("--ttl"), QStringLiteral("2"),
                                                QStringLiteral("--sessions"), QStringLiteral("0"), QStringLiteral("--seed"),
                                                QStringLiteral("3"), QStringLiteral("--replace-after"), QStringLiteral("0.5")}
                                        + further);
}

void FleetFailuresTest::crashWritesNothing()
{
    QVERIFY(startFleet({QStringLiteral("--ttl"), QStringLiteral("3")}));
    const QByteArray id = m_fleet->idOf("crash 1 60");
    QTRY_COMPARE_WITH_TIMEOUT(m_view->listeners(id), 0, limitMs); // At once, long before the key goes.
    const auto last = m_view->worker(id);
    QCOMPARE(last.value("status"), "available");
    const qint64 ttl = m_view->pttl(id);
    QTRY_VERIFY_WITH_TIMEOUT(m_view->pttl(id) < ttl - 700, limitMs); // More than three beats.
    if (m_view->exists(id))
        QCOMPARE(m_view->worker(id), last);
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), limitMs);
    QCOMPARE(m_view->active(id), 0); // A zombie.
    QCOMPARE(m_view->lifetime(id), 0);
}

void FleetFailuresTest::crashedComesBackUnderItsId()
{
    QVERIFY(startFleet({QStringLiteral("--ttl"), QStringLiteral("1")}));
    const QByteArray id = m_fleet->idOf("crash 1 2.5");
    const qint64 startedAt = m_view->worker(id).value("startedAt").toLongLong();
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(m_view->exists(id), limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->listeners(id), 1, limitMs);
    QVERIFY(m_view->worker(id).value("startedAt").toLongLong() > startedAt);
    QCOMPARE(m_view->ids().size(), 4);
}

void FleetFailuresTest::crashedIsReplaced()
{
    QVERIFY(startFleet({QStringLiteral("--ttl"), QStringLiteral("1"), QStringLiteral("--down-time"), QStringLiteral("1.5"),
                        QStringLiteral("--return-share"), QStringLiteral("0")}));
    const QByteArrayList before = m_view->ids();
    const QByteArrayList crashed = m_fleet->idsOf("crash 2");
    QCOMPARE(crashed.size(), 2);
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(crashed[0]) && !m_view->exists(crashed[1]), limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->ids().size(), 4, limitMs);
    int fresh = 0;
    for (const QByteArray &id : m_view->ids())
        fresh += before.contains(id) ? 0 : 1;
    QCOMPARE(fresh, 2);
}

void FleetFailuresTest::crashEndsSessions()
{
    QVERIFY(startFleet({QStringLiteral("--ttl"), QStringLiteral("1"), QStringLiteral("--sessions"), QStringLiteral("1"),
                        QStringLiteral("--slots"), QStringLiteral("2"), QStringLiteral("--session-length"), QStringLiteral("2"),
                        QStringLiteral("--lifetime-limit"), QStringLiteral("0")}));
    for (const QByteArray &id : m_view->ids())
        QTRY_VERIFY_WITH_TIMEOUT(m_view->lifetime(id).value_or(0) > 0, limitMs);
    const QByteArray id = m_fleet->idOf("crash 1 60");
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), limitMs); // Until then the selector may still choose it.
    QTRY_COMPARE_WITH_TIMEOUT(m_view->active(id), 0, limitMs);
    QVERIFY(m_view->lifetime(id).value_or(0) > 0);
}

void FleetFailuresTest::stopEndsPinnedSessions()
{
    QVERIFY(startFleet({QStringLiteral("--drain-timeout"), QStringLiteral("60")}));
    const QByteArray id = m_fleet->idOf("stuck-drain 1"); // Has a session that does not end by itself.
    QTRY_COMPARE_WITH_TIMEOUT(m_view->active(id), 1, limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->status(id), "draining", limitMs);
    QCOMPARE(m_fleet->stop(), 0);
    QCOMPARE(m_view->active(id), 0);
    QCOMPARE(m_view->lifetime(id), 1);
}

void FleetFailuresTest::hangKeepsItsSubscription()
{
    QVERIFY(startFleet({QStringLiteral("--ttl"), QStringLiteral("1")}));
    const QByteArray id = m_fleet->idOf("hang 1 3");
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), limitMs);
    QCOMPARE(m_view->listeners(id), 1);
    QCOMPARE(m_fleet->figure("hung"), 1);
    QTRY_VERIFY_WITH_TIMEOUT(m_view->pttl(id) > 0, limitMs); // It goes on and finds its key gone.
    QCOMPARE(m_view->status(id), "available");
    QCOMPARE(m_fleet->figure("hung"), 0);
    const qint64 before = lastBeat(id);
    QTRY_VERIFY_WITH_TIMEOUT(lastBeat(id) > before + 500, limitMs);
}

void FleetFailuresTest::hangHearsCommandsLater()
{
    QVERIFY(startFleet({QStringLiteral("--ttl"), QStringLiteral("10")}));
    const QByteArray id = m_fleet->idOf("hang 1 2");
    m_view->ask({"SET", "worker:cmd:" + id, "shutdown", "EX", "60", "NX"});
    QCOMPARE(m_view->ask({"PUBLISH", "worker:cmd:" + id, "shutdown"}).integer, 1); // Counted as received,
    QTRY_VERIFY_WITH_TIMEOUT(m_view->pttl(id) < 9'000, limitMs);
    QCOMPARE(m_view->status(id), "available"); // and not acted on
    QTRY_COMPARE_WITH_TIMEOUT(m_view->status(id), "draining", limitMs); // until it goes on.
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), limitMs);
}

void FleetFailuresTest::lateBeats()
{
    QVERIFY(startFleet({QStringLiteral("--heartbeat"), QStringLiteral("0.4"), QStringLiteral("--ttl"), QStringLiteral("5")}));
    const QByteArray id = m_fleet->idOf("late 1");
    QList<qint64> times;
    const auto enough = [&] {
        const qint64 beat = lastBeat(id);
        if (times.isEmpty() || beat != times.last())
            times.append(beat);
        qint64 longest = 0;
        qint64 shortest = 1'000'000;
        for (qsizetype i = 1; i < times.size(); ++i) {
            longest = qMax(longest, times[i] - times[i - 1]);
            shortest = qMin(shortest, times[i] - times[i - 1]);
        }
        return longest >= 630 && shortest <= 430; // 1.6 intervals less 2 %, and one interval.
    };
    QTRY_VERIFY_WITH_TIMEOUT(enough(), limitMs);
}

void FleetFailuresTest::skewedClock()
{
    QVERIFY(startFleet());
    const QByteArray ahead = m_fleet->idOf("skew 1 4200");
    const QByteArray behind = m_fleet->idOf("skew 1 -90");
    QVERIFY(ahead != behind);
    QTRY_VERIFY_WITH_TIMEOUT(qAbs(lastBeat(ahead) - serverMs() - 4'200'000) < 20'000, limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(qAbs(lastBeat(behind) - serverMs() + 90'000) < 20'000, limitMs);
    QVERIFY(m_view->pttl(ahead) > 0); // The key lives by the clock of Redis.
}

void FleetFailuresTest::halfRegistration()
{
    QVERIFY(startFleet());
    const QByteArray id = m_fleet->idOf("no-ttl 1");
    QTRY_COMPARE_WITH_TIMEOUT(m_view->pttl(id), -1, limitMs);
    const auto fields = m_view->worker(id);
    QCOMPARE(fields.size(), 6);
    QCOMPARE(fields.value("status"), "available");
    QCOMPARE(m_view->active(id), 0);
    QCOMPARE(m_view->listeners(id), 0);
    QCOMPARE(m_view->ids().size(), 5);
    const QByteArray other = m_view->ids().at(m_view->ids().at(0) == id ? 1 : 0);
    const qint64 before = lastBeat(other);
    QTRY_VERIFY_WITH_TIMEOUT(lastBeat(other) > before + 1'000, limitMs);
    QCOMPARE(m_view->worker(id), fields); // Nobody beats.

    const QByteArray passing = m_fleet->idOf("no-ttl 1 1");
    QTRY_COMPARE_WITH_TIMEOUT(m_view->pttl(passing), -1, limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(passing), limitMs);
    QVERIFY(m_view->exists(id));
}

void FleetFailuresTest::stuckDrain()
{
    QVERIFY(startFleet(
        {QStringLiteral("--drain-timeout"), QStringLiteral("3"), QStringLiteral("--command-ttl"), QStringLiteral("40")}));
    const QByteArray id = m_fleet->idOf("stuck-drain 1");
    QTRY_COMPARE_WITH_TIMEOUT(m_view->status(id), "draining", limitMs);
    QCOMPARE(m_view->active(id), 1);
    const qint64 before = lastBeat(id);
    QTRY_VERIFY_WITH_TIMEOUT(lastBeat(id) > before + 1'500, limitMs);
    QCOMPARE(m_view->status(id), "draining");
    QCOMPARE(m_view->active(id), 1);
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), limitMs); // Forced out.
    QTRY_COMPARE_WITH_TIMEOUT(m_view->active(id), 0, limitMs);
    QCOMPARE(m_view->pendingCommand(id), "shutdown");
}

void FleetFailuresTest::forgottenDrain()
{
    QVERIFY(startFleet({QStringLiteral("--heartbeat"), QStringLiteral("0.8"), QStringLiteral("--ttl"), QStringLiteral("5")}));
    for (int i = 0; i < 2; ++i) { // By a new connection, then by a lost key.
        const QByteArray id = m_fleet->idOf("forgotten-drain 1");
        QTRY_COMPARE_WITH_TIMEOUT(m_view->status(id), "draining", limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(m_view->status(id), "available", limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(m_view->pttl(id) > 0, limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), limitMs); // It still exits.
        QTRY_COMPARE_WITH_TIMEOUT(m_view->listeners(id), 0, limitMs);
    }
}

void FleetFailuresTest::garbage()
{
    QVERIFY(startFleet({QStringLiteral("--workers"), QStringLiteral("12")}));
    const QByteArrayList ids = m_fleet->idsOf("garbage 9");
    QCOMPARE(ids.size(), 9);
    const auto field = [this, &ids](int index, const char *name) { return m_view->worker(ids[index]).value(name); };
    QTRY_VERIFY_WITH_TIMEOUT(field(8, "browserType").size() == 100'000, limitMs);
    // Each worker writes by a connection of its own, so that no order among them is sure.
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->worker(ids[0]).contains("endpoint"), limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(m_view->worker(ids[1]).contains("status"), limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(field(1, "status"), "", limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(field(2, "startedAt"), "yesterday", limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(field(3, "lastHeartbeat"), "soon", limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(field(4, "endpoint").size() > 100'000, limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(field(5, "status").contains('\0') && field(5, "status").contains('\xff'), limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(m_view->worker(ids[6]).contains("id"), limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->worker(ids[6]).contains("status"), limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->ask({"HGET", "cluster:active_connections", ids[7]}).text, "many", limitMs);
    // They beat on, and their keys live.
    const qint64 before = lastBeat(ids[0]);
    QTRY_VERIFY_WITH_TIMEOUT(lastBeat(ids[0]) > before + 600, limitMs);
    QCOMPARE(field(3, "lastHeartbeat"), "soon");
    for (const QByteArray &id : ids) {
        QVERIFY(m_view->pttl(id) > 0);
        QCOMPARE(m_view->listeners(id), 1);
    }
}

void FleetFailuresTest::wrongType()
{
    QVERIFY(startFleet({QStringLiteral("--workers"), QStringLiteral("8")}));
    const QByteArrayList ids = m_fleet->idsOf("wrong-type 6");
    QCOMPARE(ids.size(), 6);
    QByteArrayList types;
    for (const QByteArray &id : ids) {
        const auto type = [this, &id] { return m_view->ask({"TYPE", "worker:" + id}).text; };
        QTRY_VERIFY_WITH_TIMEOUT(type() != "hash", limitMs);
        types.append(type());
        QVERIFY(m_view->pttl(id) > 0);
        QCOMPARE(m_view->listeners(id), 1);
    }
    QVERIFY(types.contains("string") && types.contains("list"));
    m_view->ask({"EXPIRE", "worker:" + ids[0], "1"});
    QTRY_VERIFY_WITH_TIMEOUT(m_view->pttl(ids[0]) > 1'200, limitMs); // EXPIRE works on any type.
    QCOMPARE(m_fleet->stop(), 0);
    QCOMPARE(m_view->ids().size(), 0);
}

void FleetFailuresTest::outageSilencesAll()
{
    QVERIFY(startFleet({QStringLiteral("--ttl"), QStringLiteral("1")}));
    const QByteArrayList before = m_view->ids();
    m_fleet->ask("outage 2.5");
    for (const QByteArray &id : before)
        QTRY_COMPARE_WITH_TIMEOUT(m_view->listeners(id), 0, limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->ids().size(), 0, limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->ids(), before, limitMs); // The same ids, registered again.
    for (const QByteArray &id : before)
        QTRY_COMPARE_WITH_TIMEOUT(m_view->listeners(id), 1, limitMs);
}

void FleetFailuresTest::outageForgetsDrains()
{
    QVERIFY(startFleet({QStringLiteral("--ttl"), QStringLiteral("20"), QStringLiteral("--drain-timeout"), QStringLiteral("60")}));
    const QByteArray id = m_fleet->idOf("stuck-drain 1");
    QTRY_COMPARE_WITH_TIMEOUT(m_view->status(id), "draining", limitMs);
    m_fleet->ask("outage 1");
    QTRY_COMPARE_WITH_TIMEOUT(m_view->status(id), "available", limitMs); // The connection was re-made.
    QCOMPARE(m_fleet->figure("draining"), 1);
}

void FleetFailuresTest::outageOfSome()
{
    QVERIFY(startFleet());
    const QByteArray id = m_fleet->idOf("outage 3 1");
    QTRY_COMPARE_WITH_TIMEOUT(m_view->listeners(id), 0, limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), limitMs);
    QCOMPARE(m_view->ids().size(), 3); // The others go on.
    QTRY_VERIFY_WITH_TIMEOUT(m_view->exists(id), limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->listeners(id), 1, limitMs);
}

void FleetFailuresTest::sharesAreKept()
{
    QVERIFY(startFleet({QStringLiteral("--workers"), QStringLiteral("10"), QStringLiteral("--fail"),
                        QStringLiteral("skew=0.3,untyped=0.2,no-ttl=0.1,garbage=0.1")}));
    const auto count = [this](auto condition) {
        int found = 0;
        for (const QByteArray &id : m_view->ids())
            found += condition(id) ? 1 : 0;
        return found;
    };
    const auto skewed = [this](const QByteArray &id) {
        const qint64 beat = lastBeat(id);
        return beat != 0 && qAbs(beat - serverMs()) > 1'500 && m_view->pttl(id) > 0;
    };
    QTRY_COMPARE_WITH_TIMEOUT(count(skewed), 3, limitMs);
    QCOMPARE(count([](const QByteArray &id) { return !id.contains(':'); }), 2);
    QCOMPARE(count([this](const QByteArray &id) { return m_view->pttl(id) == -1; }), 1);
    // One that ended is made up for by another.
    for (const QByteArray &id : m_view->ids()) {
        if (skewed(id)) {
            m_view->ask({"PUBLISH", "worker:cmd:" + id, "shutdown"});
            QTRY_VERIFY_WITH_TIMEOUT(!m_view->exists(id), limitMs);
            break;
        }
    }
    QTRY_COMPARE_WITH_TIMEOUT(count(skewed), 3, limitMs);
}

void FleetFailuresTest::signalsBeginFailures()
{
    QVERIFY(startFleet({QStringLiteral("--workers"), QStringLiteral("10")}));
    for (const char *mode : {"crash", "hang", "late"}) {
        m_fleet->signal(SIGUSR1);
        QCOMPARE(m_fleet->waitForLine(mode), QByteArray(mode));
    }
    QCOMPARE(m_fleet->figure("crashed"), 1);
    QCOMPARE(m_fleet->figure("hung"), 1);
    m_fleet->signal(SIGUSR2);
    QCOMPARE(m_fleet->waitForLine("outage"), "outage");
    for (const QByteArray &id : m_view->ids())
        QTRY_COMPARE_WITH_TIMEOUT(m_view->listeners(id), 0, limitMs);
    QCOMPARE(m_fleet->stop(), 0); // Without a connection too.
}

PULSEDECK_TEST(FleetFailuresTest, runWithEvents)
#include "fleetfailures_test.moc"
