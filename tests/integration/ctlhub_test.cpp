// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/hubtoken.h"
#include "tests/integration/ctlhubfixture.h"
#include "tests/support/testcertificates.h"
#include "tests/support/testprogram.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QTcpServer>
#include <QTcpSocket>

#include <csignal>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// pulsedeckctl hub as its users run it, reading: against the simulator's hub in a process of its own, and against one
/// inside of the test for what no sound hub does. What sends is in ctlhubsend_test.
class CtlHubTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void explainsItself();
    void refusesWrongUsage();
    void tellsHealth();
    void tellsWhatIsNotHealthy();
    void listsActors();
    void listsTwoThousand();
    void listsWhatMatches();
    void authentication();
    void keepsSecretsAndEscapesToItself_data();
    void keepsSecretsAndEscapesToItself();
    void leavesOutWhatCannotBeRead();
    void discovers();
    void tellsMetrics();
    void tellsMetricsUntilInterrupted();
    void metricsEndWithTheConnection();
    void noHubThere_data();
    void noHubThere();
    void silentHub_data();
    void silentHub();
    void refusals();
    void certificates_data();
    void certificates();
    void saysGoodbye();
    void outputThatCannotBeWritten();
};

void CtlHubTest::initTestCase()
{
    for (const char *name : {"REDIS_URL", "REDIS_HOST", "SIGNAL_HUB_URL", "SIGNAL_HUB_TOKEN", "PULSEDECK_HUB_SECRET"})
        qunsetenv(name);
}

void CtlHubTest::explainsItself()
{
    Ctl help({u"hub"_s, u"--help"_s});
    QCOMPARE(help.run(), 0);
    QVERIFY(help.out.contains("Usage: pulsedeckctl hub") && help.err.isEmpty());
}

void CtlHubTest::refusesWrongUsage()
{
    for (const QStringList &arguments :
         {QStringList{u"hub"_s}, QStringList{u"hub"_s, u"health"_s}, QStringList{u"hub"_s, u"health"_s, u"redis://h"_s},
          QStringList{u"hub"_s, u"actors"_s, u"ws://h"_s, u"--token"_s, u"SECRET"_s},
          QStringList{u"hub"_s, u"actors"_s, u"ws://h"_s, u"--token-file"_s, u"/not/there"_s},
          QStringList{u"hub"_s, u"health"_s, u"wss://h"_s, u"--cacert"_s, u"/not/there"_s},
          QStringList{u"hub"_s, u"health"_s, u"wss://h"_s, u"--fingerprint"_s, u"12:34"_s},
          QStringList{u"list"_s, u"ws://h"_s, u"--token=SECRET"_s},
          QStringList{u"list"_s, u"ws://h"_s, u"--cacert"_s, u"/not/there"_s}}) {
        Ctl ctl(arguments);
        QCOMPARE(ctl.run(), 2);
        QVERIFY(ctl.out.isEmpty());
        QVERIFY2(ctl.err.startsWith("pulsedeckctl: ") && ctl.err.count('\n') == 1, ctl.err.constData());
        QVERIFY(!ctl.err.contains("SECRET"));
    }
}

void CtlHubTest::tellsHealth()
{
    HubProcess hub;
    QVERIFY(hub.start({}));
    Ctl text({u"hub"_s, u"health"_s, hub.url()});
    QCOMPARE(text.run(), 0);
    QVERIFY2(text.out.startsWith(QByteArray(hub.url().toUtf8() + "  healthy, signal-hub 0.1.0, answered after ")),
             text.out.constData());
    QVERIFY(text.err.isEmpty());
    Ctl json({u"hub"_s, u"health"_s, u"--json"_s, u"http://127.0.0.1:%1"_s.arg(hub.port)});
    QCOMPARE(json.run(), 0);
    const QJsonObject health = json.object();
    QCOMPARE(health.keys(), (QStringList{u"elapsedMs"_s, u"healthy"_s, u"problem"_s, u"reachable"_s, u"service"_s, u"timestamp"_s,
                                         u"url"_s, u"version"_s}));
    QVERIFY(health[u"healthy"_s].toBool() && health[u"problem"_s].isNull());
    QVERIFY(health[u"timestamp"_s].toInteger() > 1'700'000'000'000);
}

void CtlHubTest::tellsWhatIsNotHealthy()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    connect(&server, &QTcpServer::newConnection, this, [&server] {
        QTcpSocket *socket = server.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket] {
            socket->write("HTTP/1.1 503 \x1b[31mdown\r\nContent-Length: 0\r\n\r\n");
            socket->disconnectFromHost();
        });
    });
    const QString url = u"ws://127.0.0.1:%1"_s.arg(server.serverPort());
    Ctl text({u"hub"_s, u"health"_s, url});
    QCOMPARE(text.run(), 1);
    QVERIFY2(text.out.contains("not healthy") && text.err.contains("503"), text.err.constData());
    QVERIFY(isSafe(text.out + text.err));
    Ctl json({u"hub"_s, u"health"_s, url, u"--json"_s});
    QCOMPARE(json.run(), 1);
    QVERIFY(json.object()[u"reachable"_s].toBool() && !json.object()[u"healthy"_s].toBool());
    QVERIFY(json.object()[u"problem"_s].toString().contains(u"503"_s));
}

void CtlHubTest::listsActors()
{
    HubProcess hub;
    QVERIFY(hub.start({u"--actors"_s, u"250"_s}));
    Ctl json({u"hub"_s, u"actors"_s, hub.url(), u"--json"_s});
    QCOMPARE(json.run(), 0);
    QVERIFY2(json.err.isEmpty(), json.err.constData());
    const QJsonArray actors = QJsonDocument::fromJson(json.out).array();
    QCOMPARE(actors.size(), 250);
    const QJsonObject actor = actors.first().toObject();
    QCOMPARE(actor[u"kind"_s].toString(), u"actor"_s);
    QVERIFY(actor[u"address"_s].toString().startsWith(u"@("_s));
    QVERIFY(!actor[u"capabilities"_s].toArray().isEmpty());
    QCOMPARE(actor[u"liveness"_s].toString(), u"alive"_s);
    QVERIFY(actor[u"activeSessions"_s].isNull()); // A hub knows nothing of them.
    QVERIFY(isSafe(json.out));
    Ctl table({u"hub"_s, u"actors"_s, hub.url()});
    QCOMPARE(table.run(), 0);
    const auto lines = table.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 251);
    for (const char *title : {"ADDRESS", "LIVENESS", "REGISTERED", "TTL LEFT", "VERSION", "CAPABILITIES", "NAME"})
        QVERIFY2(lines.first().contains(title), title);
    QVERIFY2(lines.at(1).startsWith("@(") && lines.at(1).contains(" ago "), lines.at(1).constData());
}

void CtlHubTest::listsTwoThousand()
{
    HubProcess hub;
    QVERIFY(hub.start({u"--actors"_s, u"2000"_s}));
    Ctl json({u"hub"_s, u"actors"_s, hub.url(), u"--json"_s});
    QCOMPARE(json.run(), 0);
    QCOMPARE(QJsonDocument::fromJson(json.out).array().size(), 2'000);
    QCOMPARE(hub.figure("rate_refusals"), 0);
}

void CtlHubTest::listsWhatMatches()
{
    HubProcess hub;
    QVERIFY(hub.start({u"--actors"_s, u"20"_s}));
    const QString address = hub.struck("deaf 1");
    QVERIFY(!address.isEmpty());
    Ctl one({u"hub"_s, u"actors"_s, hub.url(), u"--json"_s, u"--where"_s, u"id:\"%1\""_s.arg(address)});
    QCOMPARE(one.run(), 0);
    const QJsonArray found = QJsonDocument::fromJson(one.out).array();
    QCOMPARE(found.size(), 1);
    QCOMPARE(found.first()[u"address"_s].toString(), address);
    Ctl none({u"hub"_s, u"actors"_s, hub.url(), u"--where"_s, u"type:chromium"_s});
    QCOMPARE(none.run(), 0);
    QCOMPARE(none.out.count('\n'), 1);
}

void CtlHubTest::authentication()
{
    HubProcess hub;
    QVERIFY(hub.start({u"--actors"_s, u"3"_s, u"--hub-auth"_s, u"hunter2"_s}));
    const QString token =
        QString::fromLatin1(fleet::HubToken::issue(u"desktop/ctl"_s, "hunter2", QDateTime::currentMSecsSinceEpoch()));
    const QStringList actors{u"hub"_s, u"actors"_s, hub.url(), u"--json"_s};
    Ctl none(actors);
    QCOMPARE(none.run(), 3);
    QVERIFY2(none.err.contains("asks for a token"), none.err.constData());
    Ctl wrong(actors);
    QCOMPARE(wrong.with(u"SIGNAL_HUB_TOKEN"_s, token.chopped(4) + u"aaaa"_s).run(), 3);
    QVERIFY2(!wrong.err.contains("eyJ"), wrong.err.constData());
    Ctl environment(actors);
    QCOMPARE(environment.with(u"SIGNAL_HUB_TOKEN"_s, token).run(), 0);
    QCOMPARE(QJsonDocument::fromJson(environment.out).array().size(), 3);
    QVERIFY(isSafe(environment.out + environment.err));
    QTemporaryDir folder;
    QFile file(folder.filePath(u"token"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(token.toLatin1() + '\n') > 0);
    file.close();
    Ctl byFile(actors + QStringList{u"--token-file"_s, file.fileName()});
    QCOMPARE(byFile.with(u"SIGNAL_HUB_TOKEN"_s, u"nonsense"_s).run(), 0); // Which the file goes before.
    Ctl metrics({u"hub"_s, u"metrics"_s, hub.url(), u"--token-file"_s, file.fileName()});
    QCOMPARE(metrics.run(), 0);
    Ctl list({u"list"_s, hub.url(), u"--token-file"_s, file.fileName()});
    QCOMPARE(list.run(), 0);
    Ctl health({u"hub"_s, u"health"_s, hub.url()});
    QCOMPARE(health.run(), 0); // It needs none.
}

void CtlHubTest::keepsSecretsAndEscapesToItself_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("actors") << QStringList{u"hub"_s, u"actors"_s};
    QTest::newRow("actors as JSON") << QStringList{u"hub"_s, u"actors"_s, u"--json"_s};
    QTest::newRow("discover") << QStringList{u"hub"_s, u"discover"_s};
    QTest::newRow("discover as JSON") << QStringList{u"hub"_s, u"discover"_s, u"--json"_s};
    QTest::newRow("list") << QStringList{u"list"_s};
    QTest::newRow("list as JSON") << QStringList{u"list"_s, u"--json"_s};
}

void CtlHubTest::keepsSecretsAndEscapesToItself()
{
    QFETCH(QStringList, arguments);
    HubInside hub;
    QVERIFY(hub.listen());
    HubRawClient actor;
    QVERIFY(actor.join(hub.server.port()));
    const QString escapes = u"\x1b[31mred\x07\x9b\x202e"_s;
    actor.ask(u"hub:register"_s,
              QJsonObject{{u"actorAddress"_s, u"@(evil/one)"_s},
                          {u"capabilities"_s, QJsonArray{u"good"_s, u"renewal-123-abc"_s, u"eyJhbGciOi.J9.sig"_s}},
                          {u"metadata"_s, QJsonObject{{u"displayName"_s, u"eyJhbGciOi.J9.sig renewal-9-9"_s}}}});
    actor.ask(u"hub:register"_s,
              QJsonObject{{u"actorAddress"_s, u"@(evil/two)"_s},
                          {u"capabilities"_s, QJsonArray{escapes}},
                          {u"metadata"_s, QJsonObject{{u"displayName"_s, escapes}, {u"token"_s, u"renewal-1"_s}}}});
    actor.ask(u"hub:register"_s,
              QJsonObject{{u"actorAddress"_s, QString(u"@(evil/\x9b\x202e-three)"_s)}, {u"capabilities"_s, QJsonArray{u"x"_s}}});
    arguments.insert(arguments.first() == u"hub"_s ? 2 : 1, hub.url());
    Ctl ctl(arguments);
    QVERIFY(ctl.run() >= 0);
    QVERIFY2(ctl.out.contains("evil/one"), ctl.err.constData());
    QVERIFY2(isSafe(ctl.out + ctl.err), ctl.out.toPercentEncoding().constData());
    if (arguments.contains(u"--json"_s)) {
        QJsonParseError error;
        QJsonDocument::fromJson(ctl.out, &error);
        QCOMPARE(error.error, QJsonParseError::NoError);
    }
}

void CtlHubTest::leavesOutWhatCannotBeRead()
{
    HubInside hub;
    QVERIFY(hub.listen());
    HubRawClient actor;
    QVERIFY(actor.join(hub.server.port()));
    actor.registerActor(u"@(local/good)"_s);
    actor.registerActor(QString(u"@("_s + QString(2'000, u'x') + u')')); // Longer than an address may be.
    Ctl ctl({u"hub"_s, u"actors"_s, hub.url()});
    QCOMPARE(ctl.run(), 1);
    QCOMPARE(ctl.out.count('\n'), 2);
    QVERIFY2(ctl.err.contains("because they could not be read: 1"), ctl.err.constData());
}

void CtlHubTest::discovers()
{
    HubProcess hub;
    QVERIFY(hub.start({u"--actors"_s, u"120"_s}));
    Ctl all({u"hub"_s, u"discover"_s, hub.url(), u"--json"_s});
    QCOMPARE(all.run(), 0);
    QCOMPARE(all.object()[u"actors"_s].toArray().size(), 100);
    QVERIFY(all.object()[u"hasMore"_s].toBool());
    QVERIFY2(all.err.contains("may be more"), all.err.constData());
    const QJsonObject first = all.object()[u"actors"_s].toArray().first().toObject();
    const QString address = first[u"address"_s].toString();
    Ctl one({u"hub"_s, u"discover"_s, hub.url(), address});
    QCOMPARE(one.run(), 0);
    QVERIFY2(one.out.startsWith("ADDRESS") && one.out.count('\n') == 2 && one.out.contains(address.toUtf8()),
             one.out.constData());
    QVERIFY(one.err.isEmpty());
    Ctl none({u"hub"_s, u"discover"_s, hub.url(), address, u"--capability"_s, u"no such thing"_s, u"--json"_s});
    QCOMPARE(none.run(), 0);
    QVERIFY(none.object()[u"actors"_s].toArray().isEmpty());
}

void CtlHubTest::tellsMetrics()
{
    HubProcess hub;
    QVERIFY(hub.start({u"--actors"_s, u"5"_s}));
    Ctl text({u"hub"_s, u"metrics"_s, hub.url()});
    QCOMPARE(text.run(), 0);
    QVERIFY2(text.out.startsWith("TIME") && text.out.count('\n') == 2, text.out.constData());
    Ctl json({u"hub"_s, u"metrics"_s, hub.url(), u"--json"_s});
    QCOMPARE(json.run(), 0);
    QVERIFY(json.object()[u"received"_s].toInteger() > 5);
    QVERIFY(json.object()[u"opened"_s].toInteger() >= 6);
    QVERIFY(!json.object().contains(u"receivedPerSecond"_s));
}

void CtlHubTest::tellsMetricsUntilInterrupted()
{
    HubProcess hub;
    QVERIFY(hub.start({u"--actors"_s, u"5"_s}));
    Ctl ctl({u"hub"_s, u"metrics"_s, hub.url(), u"--every"_s, u"1"_s, u"--json"_s});
    ctl.start();
    QTRY_VERIFY_WITH_TIMEOUT(ctl.lines().size() >= 3, patience);
    const auto lines = ctl.lines();
    QVERIFY(lines.at(0)[u"receivedPerSecond"_s].isNull());
    QVERIFY(lines.at(1)[u"receivedPerSecond"_s].isDouble() || lines.at(2)[u"receivedPerSecond"_s].isDouble());
    QVERIFY(lines.at(1)[u"at"_s].toInteger() > lines.at(0)[u"at"_s].toInteger());
    ::kill(pid_t(ctl.process.processId()), SIGINT);
    QCOMPARE(ctl.exitCode(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(hub.figure("clients"), 0, patience); // It said good-bye.
}

void CtlHubTest::metricsEndWithTheConnection()
{
    HubProcess hub;
    QVERIFY(hub.start({u"--actors"_s, u"5"_s}));
    Ctl ctl({u"hub"_s, u"metrics"_s, hub.url(), u"--every"_s, u"1"_s});
    ctl.start();
    QTRY_VERIFY_WITH_TIMEOUT(ctl.out.count('\n') >= 2, patience);
    hub.fleet.tell("hub wipe");
    QCOMPARE(ctl.exitCode(), 3);
    QVERIFY2(ctl.err.contains("forgot"), ctl.err.constData());
}

void CtlHubTest::noHubThere_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("health") << QStringList{u"health"_s};
    QTest::newRow("actors") << QStringList{u"actors"_s};
    QTest::newRow("discover") << QStringList{u"discover"_s};
    QTest::newRow("metrics") << QStringList{u"metrics"_s, u"--every"_s, u"1"_s};
    QTest::newRow("send") << QStringList{u"send"_s, u"@(local/a)"_s, u"t"_s, u"--journal"_s, u"none"_s};
}

void CtlHubTest::noHubThere()
{
    QFETCH(QStringList, arguments);
    QTcpServer taken; // Whose port is free again.
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    const QString url = u"ws://127.0.0.1:%1"_s.arg(taken.serverPort());
    taken.close();
    Ctl ctl(QStringList{u"hub"_s} + arguments + QStringList{u"--url"_s, url});
    QCOMPARE(ctl.run(), 3);
    QVERIFY(ctl.out.isEmpty());
    QVERIFY2(ctl.err.count('\n') == 1 && ctl.err.contains("127.0.0.1"), ctl.err.constData());
}

void CtlHubTest::silentHub_data()
{
    noHubThere_data();
}

void CtlHubTest::silentHub()
{
    QFETCH(QStringList, arguments);
    QTcpServer silent; // Takes connections and says nothing.
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Ctl ctl(QStringList{u"hub"_s} + arguments
            + QStringList{u"--url"_s, u"ws://127.0.0.1:%1"_s.arg(silent.serverPort()), u"--timeout"_s, u"1"_s});
    QCOMPARE(ctl.run(), 3);
    QVERIFY2(!ctl.err.isEmpty() && ctl.out.isEmpty(), ctl.err.constData());
    if (arguments.first() == u"health"_s)
        return;
    // One that upgrades and then answers nothing.
    HubInside hub;
    QVERIFY(hub.listen());
    hub.server.setFault(fleet::HubFault::Silent);
    Ctl late(QStringList{u"hub"_s} + arguments + QStringList{u"--url"_s, hub.url(), u"--timeout"_s, u"1"_s});
    QCOMPARE(late.run(), 3);
    QVERIFY2(!late.err.isEmpty() && late.out.isEmpty(), late.err.constData());
}

void CtlHubTest::refusals()
{
    QTcpServer server; // No hub, but a web server.
    QVERIFY(server.listen(QHostAddress::LocalHost));
    connect(&server, &QTcpServer::newConnection, this, [&server] {
        QTcpSocket *socket = server.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket] {
            socket->write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            socket->disconnectFromHost();
        });
    });
    Ctl ctl({u"hub"_s, u"discover"_s, u"ws://127.0.0.1:%1"_s.arg(server.serverPort())});
    QCOMPARE(ctl.run(), 3);
    QVERIFY2(ctl.err.count('\n') == 1 && ctl.out.isEmpty(), ctl.err.constData());
}

void CtlHubTest::certificates_data()
{
    QTest::addColumn<QString>("names");
    QTest::addColumn<bool>("trusted");
    QTest::addColumn<int>("code");
    QTest::newRow("good") << u"DNS:localhost,IP:127.0.0.1"_s << true << 0;
    QTest::newRow("unknown authority") << u"IP:127.0.0.1"_s << false << 3;
    QTest::newRow("other name") << u"DNS:other.example"_s << true << 3;
}

void CtlHubTest::certificates()
{
    QFETCH(QString, names);
    QFETCH(bool, trusted);
    QFETCH(int, code);
    const TestCertificates files(names);
    QVERIFY2(files.isValid(), qPrintable(files.errorString()));
    QFile key(files.keyFile());
    QVERIFY(key.open(QIODevice::ReadOnly));
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificateChain(QSslCertificate::fromPath(files.certFile()));
    tls.setPrivateKey(QSslKey(&key, QSsl::Ec));
    HubInside hub;
    hub.server.setTls(tls);
    QVERIFY(hub.listen());
    const QString url = u"wss://127.0.0.1:%1"_s.arg(hub.server.port());
    QStringList authority;
    if (trusted)
        authority << u"--cacert"_s << files.caFile();
    for (const QStringList &arguments :
         {QStringList{u"hub"_s, u"discover"_s, url}, QStringList{u"hub"_s, u"health"_s, url}, QStringList{u"list"_s, url}}) {
        Ctl ctl(arguments + authority);
        const int got = ctl.run();
        QVERIFY2(got == code, ctl.err.constData());
        QVERIFY2(code == 0 || ctl.err.contains("ertificate"), ctl.err.constData());
    }
    QVERIFY(code == 0 || hub.heard.isEmpty());
    // By its fingerprint each of them is trusted, and by that of another one none.
    const QStringList commands{u"discover"_s, u"health"_s};
    for (const QString &command : commands) {
        Ctl pinned({u"hub"_s, command, url, u"--fingerprint"_s, files.fingerprint()});
        QCOMPARE(pinned.run(), 0);
        Ctl other(QStringList{u"hub"_s, command, url, u"--fingerprint"_s, QString(64, u'a')} + authority);
        QCOMPARE(other.run(), 3);
        QVERIFY2(other.err.contains("another certificate") && other.err.contains("AA:AA:AA"), other.err.constData());
    }
    // Or by the name that it is for.
    if (names == "DNS:other.example"_L1) {
        Ctl named(QStringList{u"hub"_s, u"discover"_s, url, u"--server-name"_s, u"other.example"_s} + authority);
        QCOMPARE(named.run(), 0);
    }
}

void CtlHubTest::saysGoodbye()
{
    HubInside hub;
    QVERIFY(hub.listen());
    for (const QStringList &arguments :
         {QStringList{u"hub"_s, u"discover"_s}, QStringList{u"hub"_s, u"actors"_s}, QStringList{u"hub"_s, u"metrics"_s}}) {
        hub.heard.clear();
        Ctl ctl(arguments + QStringList{u"--url"_s, hub.url()});
        QCOMPARE(ctl.run(), 0);
        const QStringList types = hub.heardTypes();
        QVERIFY2(!types.isEmpty() && types.last() == u"hub:disconnect"_s, qPrintable(types.join(u' ')));
        QVERIFY2(!types.contains(u"hub:register"_s), "Reading leaves no trace in the registry.");
        const QString from = hub.heard.last()[u"from"_s].toString();
        QVERIFY2(from.startsWith(u"@(pulsedeckctl/"_s), qPrintable(from));
    }
}

void CtlHubTest::outputThatCannotBeWritten()
{
    HubProcess hub;
    QVERIFY(hub.start({u"--actors"_s, u"5"_s}));
    for (const QString &what : {u"health"_s, u"actors"_s, u"discover"_s, u"metrics"_s}) {
        Ctl ctl({u"hub"_s, what, hub.url()});
        ctl.process.setStandardOutputFile(u"/dev/full"_s);
        QCOMPARE(ctl.run(), 2);
        QVERIFY2(ctl.err.contains("space"), ctl.err.constData());
    }
}

PULSEDECK_TEST(CtlHubTest, runWithEvents)
#include "ctlhub_test.moc"
