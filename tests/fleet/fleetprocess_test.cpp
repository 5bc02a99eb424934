// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/timingprofile.h"
#include "tests/fleet/fleetprocess.h"
#include "tests/support/testprogram.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <csignal>

using namespace pulsedeck;

namespace {

constexpr int fleetProcessLimitMs = 25'000;

} // namespace

/// The simulator as a program: its start and end, its seed, the shared timing record, and the demo.
class FleetProcessTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void sameSeedSameFleet();
    void figuresAreCounted();
    void timingIsObeyedAtStart();
    void timingIsObeyedWhenChanged();
    void timingIsPublishedOnce();
    void wrongUsage_data();
    void wrongUsage();
    void noConnectionAtStart();
    void wrongPasswordAtStart();
    void helpAndVersion();
    void endsInOrder_data();
    void endsInOrder();
    void survivesRestartOfRedis();
    void endsWithParent();
    void largeFleetRegistersAndLeaves();
    void demoShowsEveryMode();

private:
    static QStringList quick(const QStringList &further = {});
    QString url() const { return QStringLiteral("unix://") + m_server->url().path; }

    std::unique_ptr<RedisServer> m_server;
    std::unique_ptr<FleetProcess> m_fleet;
    std::unique_ptr<FleetView> m_view;
};

void FleetProcessTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("redis-server is not installed");
}

void FleetProcessTest::init()
{
    m_server = std::make_unique<RedisServer>();
    QVERIFY2(m_server->start(), qPrintable(m_server->errorString()));
    m_fleet = std::make_unique<FleetProcess>();
    m_view = std::make_unique<FleetView>(*m_server);
}

void FleetProcessTest::cleanup()
{
    m_fleet.reset();
    m_view.reset();
    m_server.reset();
}

QStringList FleetProcessTest::quick(const QStringList &further)
{
    return QStringList{QStringLiteral("--workers"), QStringLiteral("5"), QStringLiteral("--heartbeat"), QStringLiteral("0.2"),
                       QStringLiteral("--ttl"),     QStringLiteral("3"), QStringLiteral("--sessions"),  QStringLiteral("0")}
           + further;
}

void FleetProcessTest::sameSeedSameFleet()
{
    const QStringList seven =
        quick({QStringLiteral("--seed"), QStringLiteral("7"), QStringLiteral("--fail"), QStringLiteral("untyped=0.4")});
    QVERIFY(m_fleet->startRegistered(*m_server, seven));
    const auto describe = [](FleetView &view) {
        QByteArrayList lines;
        for (const QByteArray &id : view.ids())
            lines.append(id + ' ' + view.worker(id).value("endpoint"));
        return lines;
    };
    const QByteArrayList first = describe(*m_view);
    const QByteArray struck = m_fleet->idOf("crash 1");

    for (const auto &[seed, same] : {std::pair{"7", true}, std::pair{"8", false}}) {
        RedisServer server;
        QVERIFY2(server.start(), qPrintable(server.errorString()));
        FleetProcess fleet;
        FleetView view(server);
        QStringList arguments = seven;
        arguments[arguments.indexOf(QStringLiteral("7"))] = QString::fromLatin1(seed);
        QVERIFY(fleet.startRegistered(server, arguments));
        QCOMPARE(describe(view) == first, same);
        QCOMPARE(fleet.idOf("crash 1") == struck, same);
    }
}

void FleetProcessTest::figuresAreCounted()
{
    QVERIFY(m_fleet->startRegistered(*m_server, quick({QStringLiteral("--stats-every"), QStringLiteral("0.3")})));
    const QByteArray line = m_fleet->waitForLine("beats=");
    static const QRegularExpression shape(QStringLiteral("^beats=\\d+ sent=\\d+ registered=5 lag_ms=\\d+ "));
    QVERIFY2(shape.match(QString::fromLatin1(line)).hasMatch(), line.constData());
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet->figure("sent") >= 20, fleetProcessLimitMs);
    QVERIFY(m_fleet->figure("beats") >= 20);
    // Each beat it says was sent is one that Redis has counted: HSET of five registrations, and one a beat.
    const qint64 sent = m_fleet->figure("sent");
    QVERIFY(m_view->calls("hset") - 5 >= sent);
}

void FleetProcessTest::timingIsObeyedAtStart()
{
    m_view->ask(
        {"HSET", "fleet:timing", "heartbeatInterval", "250", "workerKeyTtl", "2000", "drainTimeout", "soon", "version", "4"});
    QVERIFY(m_fleet->startRegistered(
        *m_server, quick({QStringLiteral("--heartbeat"), QStringLiteral("20"), QStringLiteral("--ttl"), QStringLiteral("60")})));
    QCOMPARE(m_fleet->figure("heartbeat_ms"), 250);
    QCOMPARE(m_fleet->figure("timing_version"), 4);
    const QByteArray id = m_view->ids().at(0);
    QVERIFY(m_view->pttl(id) <= 2000);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet->figure("sent") >= 20, fleetProcessLimitMs);
    QVERIFY(m_fleet->errors().contains("drainTimeout"));
}

void FleetProcessTest::timingIsObeyedWhenChanged()
{
    QVERIFY(m_fleet->startRegistered(*m_server, quick({QStringLiteral("--heartbeat"), QStringLiteral("0.3")})));
    m_view->ask({"HSET", "fleet:timing", "heartbeatInterval", "150", "workerKeyTtl", "9000", "version", "2"});
    m_view->ask({"PUBLISH", "fleet:timing", "2"});
    QTRY_COMPARE_WITH_TIMEOUT(m_fleet->figure("heartbeat_ms"), 150, fleetProcessLimitMs);
    for (const QByteArray &id : m_view->ids())
        QTRY_VERIFY_WITH_TIMEOUT(m_view->pttl(id) > 8000, fleetProcessLimitMs); // Within a beat of each.
    m_view->ask({"DEL", "fleet:timing"});
    m_view->ask({"PUBLISH", "fleet:timing", "0"});
    QTRY_COMPARE_WITH_TIMEOUT(m_fleet->figure("heartbeat_ms"), 300, fleetProcessLimitMs); // The command line's again.
}

void FleetProcessTest::timingIsPublishedOnce()
{
    QVERIFY(m_fleet->startRegistered(*m_server, quick({QStringLiteral("--publish-timing")})));
    const auto record = [this](const char *field) { return m_view->ask({"HGET", "fleet:timing", field}).text; };
    QCOMPARE(record("heartbeatInterval"), "200");
    QCOMPARE(record("workerKeyTtl"), "3000");
    QCOMPARE(record("version"), "1");
    QCOMPARE(record("updatedBy"), "pulsedeck-fleet");
    QCOMPARE(m_view->ask({"XLEN", "fleet:timing:history"}).integer, 1);
    QCOMPARE(m_fleet->stop(), 0);

    FleetProcess second;
    QVERIFY(second.startRegistered(
        *m_server, quick({QStringLiteral("--publish-timing"), QStringLiteral("--heartbeat"), QStringLiteral("0.7")})));
    QCOMPARE(record("heartbeatInterval"), "200");
    QCOMPARE(second.figure("heartbeat_ms"), 200);
    QCOMPARE(m_view->ask({"XLEN", "fleet:timing:history"}).integer, 1);
}

void FleetProcessTest::wrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("workers") << QStringList{QStringLiteral("/tmp/none"), QStringLiteral("--workers"), QStringLiteral("x")};
    QTest::newRow("option") << QStringList{QStringLiteral("/tmp/none"), QStringLiteral("--nonsense")};
    QTest::newRow("url") << QStringList{QStringLiteral("gopher://here")};
}

void FleetProcessTest::wrongUsage()
{
    QFETCH(QStringList, arguments);
    QVERIFY(m_fleet->start(arguments));
    QCOMPARE(m_fleet->waitForEnd(), 2);
    QVERIFY(m_fleet->errors().startsWith("pulsedeck-fleet: "));
}

void FleetProcessTest::noConnectionAtStart()
{
    QVERIFY(m_fleet->start({m_server->folder() + QStringLiteral("/nobody.sock")}));
    QCOMPARE(m_fleet->waitForEnd(), 3);
    const QByteArray errors = m_fleet->errors();
    QCOMPARE(errors.count('\n'), 1);
    QVERIFY(errors.size() > 30);
}

void FleetProcessTest::wrongPasswordAtStart()
{
    m_view->ask({"CONFIG", "SET", "requirepass", "sesame"});
    QVERIFY(m_fleet->start({QStringLiteral("unix://:hunter2@") + m_server->url().path}));
    QCOMPARE(m_fleet->waitForEnd(), 3);
    const QByteArray errors = m_fleet->errors();
    QVERIFY(!errors.isEmpty());
    QVERIFY(!errors.contains("hunter2"));
}

void FleetProcessTest::helpAndVersion()
{
    QVERIFY(m_fleet->start({QStringLiteral("--help")}));
    QCOMPARE(m_fleet->waitForEnd(), 0);
    QVERIFY(!m_fleet->waitForLine("Usage").isEmpty());
    FleetProcess version;
    QVERIFY(version.start({QStringLiteral("--version")}));
    QCOMPARE(version.waitForEnd(), 0);
    QVERIFY(!version.waitForLine("pulsedeck-fleet ").isEmpty());
}

void FleetProcessTest::endsInOrder_data()
{
    QTest::addColumn<QString>("way");
    QTest::newRow("SIGTERM") << QStringLiteral("SIGTERM");
    QTest::newRow("SIGINT") << QStringLiteral("SIGINT");
    QTest::newRow("quit") << QStringLiteral("quit");
    QTest::newRow("exit-after") << QStringLiteral("exit-after");
}

void FleetProcessTest::endsInOrder()
{
    QFETCH(QString, way);
    QStringList arguments = quick();
    if (way == u"exit-after")
        arguments << QStringLiteral("--exit-after") << QStringLiteral("1.5");
    QVERIFY(m_fleet->startRegistered(*m_server, arguments));
    const QByteArrayList ids = m_view->ids();
    QCOMPARE(ids.size(), 5);
    if (way == u"quit")
        m_fleet->tell("quit");
    else if (way != u"exit-after")
        m_fleet->signal(way == u"SIGTERM" ? SIGTERM : SIGINT);
    QCOMPARE(m_fleet->waitForEnd(), 0);
    QCOMPARE(m_view->ids(), QByteArrayList());
    for (const QByteArray &id : ids) {
        QCOMPARE(m_view->active(id), 0); // A worker deletes its key and nothing else.
        QCOMPARE(m_view->lifetime(id), 0);
    }
}

void FleetProcessTest::survivesRestartOfRedis()
{
    QVERIFY(m_fleet->startRegistered(*m_server, quick()));
    const QByteArrayList ids = m_view->ids();
    m_view.reset();
    QVERIFY2(m_server->restartEmpty(), qPrintable(m_server->errorString()));
    m_view = std::make_unique<FleetView>(*m_server);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->ids(), ids, fleetProcessLimitMs);
    for (const QByteArray &id : ids) {
        QTRY_COMPARE_WITH_TIMEOUT(m_view->listeners(id), 1, fleetProcessLimitMs);
        QCOMPARE(m_view->active(id), 0);
    }
    QCOMPARE(m_fleet->stop(), 0);
}

void FleetProcessTest::endsWithParent()
{
    QProcess parent;
    parent.start(QStringLiteral("/bin/sh"),
                 {QStringLiteral("-c"),
                  QStringLiteral("\"$0\" \"$1\" --workers 2 --sessions 0 --parent-pid $$ </dev/null & echo child $!; wait"),
                  FleetProcess::program(), url()});
    QByteArray output;
    while (!(output.contains("registered") && output.contains("child ")) && parent.waitForReadyRead(fleetProcessLimitMs))
        output += parent.readAll();
    const qsizetype at = output.indexOf("child ");
    QVERIFY(at >= 0);
    const auto child = pid_t(output.mid(at + 6, output.indexOf('\n', at) - at - 6).toInt());
    QVERIFY(child > 1);
    QCOMPARE(::kill(child, 0), 0);
    QCOMPARE(::kill(child, SIGHUP), 0); // No reason to end while the parent is there.
    QCOMPARE(m_view->listeners(m_view->ids().at(0)), 1);
    QCOMPARE(m_view->ids().size(), 2);
    parent.kill();
    QVERIFY(parent.waitForFinished(fleetProcessLimitMs));
    // Its connections end with it. Its number may stay for a while, until somebody has taken note of its end.
    for (const QByteArray &id : m_view->ids())
        QTRY_COMPARE_WITH_TIMEOUT(m_view->listeners(id), 0, fleetProcessLimitMs);
}

void FleetProcessTest::largeFleetRegistersAndLeaves()
{
    QVERIFY(m_fleet->startRegistered(*m_server,
                                     quick({QStringLiteral("--workers"), QStringLiteral("20000"), QStringLiteral("--heartbeat"),
                                            QStringLiteral("5"), QStringLiteral("--ttl"), QStringLiteral("60")})));
    QCOMPARE(m_view->ask({"DBSIZE"}).integer, 20'002);
    QCOMPARE(m_view->ask({"HLEN", "cluster:active_connections"}).integer, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet->figure("sent") >= 8'000, fleetProcessLimitMs);
    QCOMPARE(m_fleet->stop(), 0);
    QCOMPARE(m_view->ask({"DBSIZE"}).integer, 2);
}

void FleetProcessTest::demoShowsEveryMode()
{
    QVERIFY(m_fleet->startRegistered(*m_server, {QStringLiteral("--demo"), QStringLiteral("--seed"), QStringLiteral("5")}));
    QCOMPARE(m_view->ask({"HGET", "fleet:timing", "heartbeatInterval"}).text, "2000");

    QSet<QByteArray> seen;
    QSet<QByteArray> everSeen;
    QSet<QByteArray> present;
    QSet<QByteArray> drained;
    const auto look = [&] {
        const qint64 now = m_view->ask({"TIME"}).elements.at(0).text.toLongLong() * 1000;
        const QByteArrayList ids = m_view->ids();
        int healthy = 0;
        for (const QByteArray &id : ids) {
            const qint64 ttl = m_view->pttl(id);
            const auto fields = m_view->worker(id);
            const QByteArray status = fields.value("status");
            const qint64 listeners = m_view->listeners(id);
            const qint64 age = 12'000 - ttl;
            if (fields.isEmpty() && ttl > 0)
                seen.insert("wrong-type");
            else if (ttl == -1)
                seen.insert("no-ttl");
            else if (ttl > 0
                     && (!fields.contains("endpoint")
                         || (status != "available" && status != "draining" && status != "shutting-down")))
                seen.insert("garbage");
            if (!id.contains(':'))
                seen.insert("untyped");
            else if (ttl > 0 && listeners == 0)
                seen.insert("crash");
            if (ttl > 0 && age > 6'300 && listeners == 1)
                seen.insert("hang");
            if (ttl > 0 && age > 3'100 && age < 6'000 && listeners == 1)
                seen.insert("late");
            if (ttl > 0 && qAbs(fields.value("lastHeartbeat").toLongLong() + qMax<qint64>(0, age) - now) > 4'000)
                seen.insert("skew");
            if (status == "draining") {
                seen.insert("draining");
                drained.insert(id);
            }
            if (status == "available" && drained.contains(id))
                seen.insert("forgotten-drain");
            if (ttl > 0 && !present.contains(id) && everSeen.contains(id) && !drained.contains(id))
                seen.insert("returned");
            healthy += status == "available" && ttl > 8'900 && fields.size() >= 5 ? 1 : 0;
            present.insert(id);
            everSeen.insert(id);
        }
        for (const QByteArray &id : QSet<QByteArray>(present)) {
            if (ids.contains(id))
                continue;
            present.remove(id);
            if (m_view->lifetime(id))
                seen.insert("zombie");
        }
        if (healthy < 36)
            seen.insert("too few healthy");
        return seen.size() >= 12;
    };
    const bool all12 = QTest::qWaitFor(look, 60'000);
    const QSet<QByteArray> all{"wrong-type", "no-ttl", "garbage",  "untyped",         "crash",    "hang",
                               "late",       "skew",   "draining", "forgotten-drain", "returned", "zombie"};
    const QByteArray missing = (all - seen).values().join(", ");
    const QByteArray unexpected = (seen - all).values().join(", ");
    QCOMPARE(missing, "");
    QCOMPARE(unexpected, "");
    QVERIFY(all12);
}

PULSEDECK_TEST(FleetProcessTest, runWithEvents)
#include "fleetprocess_test.moc"
