// SPDX-License-Identifier: GPL-3.0-or-later
// Trying out a connection: against real servers that are well, refuse, forbid, or are something else.
#include "app/hub/hubownaddress.h"
#include "app/simulator/hubtoken.h"
#include "models/commands/writeaccess.h"
#include "models/fleet/sourcelistmodel.h"
#include "tests/app/connectionrun.h"
#include "tests/hub/hubrawclient.h"
#include "tests/hub/hubwatch.h"
#include "tests/support/fakeserver.h"
#include "tests/support/memorysecretstore.h"
#include "tests/support/redisserver.h"
#include "tests/support/stepclock.h"
#include "tests/support/testcertificates.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTcpServer>

using namespace Qt::StringLiterals;
using namespace pulsedeck;
using State = TestStep::State;

namespace {

const QString secret = u"hunter2-very-secret"_s;

/// A port of loopback where nobody listens.
int freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

} // namespace

class ProbeThreadTest : public QObject
{
    Q_OBJECT

private slots:
    void redisWithThePasswordOfTheKeychain()
    {
        RedisServer server;
        QVERIFY2(
            server.start({.tcp = true, .certFile = {}, .keyFile = {}, .caFile = {}, .arguments = {u"--requirepass"_s, secret}}),
            qPrintable(server.errorString()));
        MemorySecretStore keychain;
        ProbeThread tests(&keychain);
        SourceSettings settings = redis(server.tcpUrl());
        settings.passwordFrom = {SecretPlace::From::Keychain, {}};
        const Run missing(tests, settings);
        QVERIFY2(missing.has(u"Sign in"_s, State::Failed), qPrintable(missing.all));
        QVERIFY2(missing.step(u"Sign in"_s)->text.contains("keychain has no password"_L1), qPrintable(missing.all));
        keychain.entries.insert(settings.passwordKey(), secret);
        const Run good(tests, settings);
        QVERIFY2(good.has(u"Sign in"_s, State::Passed), qPrintable(good.all));
        QVERIFY(!good.all.contains(secret));
        // Another entry counts at the next start.
        keychain.entries.insert(settings.passwordKey(), u"another"_s);
        const Run wrong(tests, settings);
        QVERIFY2(wrong.has(u"Sign in"_s, State::Failed), qPrintable(wrong.all));
        QVERIFY(!wrong.all.contains(u"another"_s));
        // Of another user it is another one.
        settings.user = u"op"_s;
        const Run other(tests, settings);
        QVERIFY2(other.step(u"Sign in"_s)->text.contains("keychain has no password"_L1), qPrintable(other.all));
    }

    void redisThatIsWell()
    {
        RedisServer server;
        QVERIFY2(server.start({.tcp = true, .certFile = {}, .keyFile = {}, .caFile = {}, .arguments = {}}),
                 qPrintable(server.errorString()));
        server.command({"HSET", "worker:chromium:a1", "status", "available", "lastHeartbeat", "1"});
        server.command({"HSET", "worker:chromium:a2", "status", "available", "lastHeartbeat", "1"});
        const QByteArray changes = changesOf(server);
        const Run run(m_tests, redis(server.tcpUrl()));
        QCOMPARE(run.test->failedStep(), -1);
        for (const QString &name : {u"Name look-up"_s, u"TCP"_s, u"Sign in"_s, u"Server"_s, u"Workers"_s, u"Commands"_s}) {
            QVERIFY2(run.has(name, State::Passed), qPrintable(run.all));
            QVERIFY(run.step(name)->elapsedMs >= 0);
        }
        QVERIFY(!run.step(u"TLS"_s));
        QVERIFY2(run.step(u"Server"_s)->text.startsWith("Redis "_L1), qPrintable(run.all));
        QVERIFY2(run.step(u"Workers"_s)->text.contains("2 workers"_L1), qPrintable(run.all));
        QCOMPARE(run.step(u"Commands"_s)->text, u"all are permitted"_s);
        // Nothing was written: neither keys nor counts of changes moved.
        QCOMPARE(changesOf(server), changes);
        QCOMPARE(server.command({"DBSIZE"}).integer, 2);
        QTRY_VERIFY_WITH_TIMEOUT(!server.command({"CLIENT", "LIST"}).text.contains("name=pulsedeck-test"), patienceMs);
    }

    void redisBySocketAndEmpty()
    {
        RedisServer server;
        QVERIFY(server.start());
        const Run run(m_tests, redis(server.url()));
        QVERIFY2(run.has(u"Socket"_s, State::Passed), qPrintable(run.all));
        QVERIFY(!run.step(u"TCP"_s));
        QVERIFY(run.has(u"Workers"_s, State::Limited));
        QVERIFY2(run.step(u"Workers"_s)->hint.contains("worker:<type>:<id>"_L1), qPrintable(run.all));

        SourceSettings wrong = redis(server.url());
        wrong.socketPath += u".not"_s;
        const Run missing(m_tests, wrong);
        QCOMPARE(missing.test->failedStep(), 0);
        QVERIFY2(missing.step(u"Socket"_s)->text.contains("no socket at"_L1), qPrintable(missing.all));
    }

    void redisBehindASentinel()
    {
        RedisServer master;
        RedisServer sentinel;
        RedisServer::Options options;
        options.tcp = true;
        QVERIFY2(master.start(options), qPrintable(master.errorString()));
        const int port = master.tcpUrl().port;
        options.sentinel = "sentinel monitor orders 127.0.0.1 " + QByteArray::number(port) + " 1\n";
        QVERIFY2(sentinel.start(options), qPrintable(sentinel.errorString()));
        RedisUrl url = sentinel.tcpUrl();
        const Run itself(m_tests, redis(url));
        QVERIFY2(itself.has(u"Sign in"_s, State::Failed), qPrintable(itself.all));
        url.master = u"orders"_s;
        QCOMPARE(itself.step(u"Sign in"_s)->addresses, QStringList(url.display()));

        const Run run(m_tests, redis(url));
        QCOMPARE(run.test->failedStep(), -1);
        QCOMPARE(run.test->steps().constFirst().name, u"Sentinels"_s);
        QVERIFY2(run.test->steps().constFirst().text.contains(QString::number(port)), qPrintable(run.all));
        for (const QString &name : {u"Sentinels"_s, u"TCP"_s, u"Sign in"_s, u"Server"_s, u"Commands"_s})
            QVERIFY2(run.has(name, State::Passed), qPrintable(run.all));

        url.master = u"carts"_s;
        const Run other(m_tests, redis(url));
        QVERIFY2(other.has(u"Sentinels"_s, State::Failed), qPrintable(other.all));
        QVERIFY2(other.step(u"Sentinels"_s)->hint.contains(u"orders at 127.0.0.1"_s), qPrintable(other.all));
        QVERIFY2(other.has(u"TCP"_s, State::NotReached), qPrintable(other.all));

        url.master = u"orders"_s;
        master.kill();
        const Run dead(m_tests, redis(url));
        QVERIFY2(dead.has(u"Sentinels"_s, State::Passed) && dead.has(u"TCP"_s, State::Failed), qPrintable(dead.all));
        QVERIFY2(dead.step(u"TCP"_s)->text.contains(QString::number(port)), qPrintable(dead.all));
    }

    void wrongPassword()
    {
        RedisServer server;
        QVERIFY(server.start(
            {.tcp = true, .certFile = {}, .keyFile = {}, .caFile = {}, .arguments = {u"--requirepass"_s, u"right"_s}}));
        SourceSettings settings = redis(server.tcpUrl());
        settings.password = secret;
        const Run run(m_tests, settings);
        QVERIFY2(run.has(u"TCP"_s, State::Passed), qPrintable(run.all));
        QVERIFY(run.has(u"Sign in"_s, State::Failed));
        QVERIFY(isLoginTrouble(run.step(u"Sign in"_s)->trouble));
        QVERIFY(!run.step(u"Sign in"_s)->hint.isEmpty());
        QVERIFY(run.has(u"Server"_s, State::NotReached) && run.has(u"Commands"_s, State::NotReached));
        QVERIFY(!run.all.contains(secret));

        settings.password.clear();
        const Run none(m_tests, settings);
        QVERIFY2(none.step(u"Sign in"_s)->text.contains("asks for a password"_L1), qPrintable(none.all));
        settings.password = u"right"_s;
        QCOMPARE(Run(m_tests, settings).test->failedStep(), -1);
    }

    void refusedPortAndUnknownHost()
    {
        SourceSettings settings;
        settings.port = freePort();
        const Run run(m_tests, settings);
        QVERIFY2(run.has(u"TCP"_s, State::Failed), qPrintable(run.all));
        QVERIFY(run.step(u"TCP"_s)->text.contains("Nothing listens"_L1));
        QVERIFY(run.step(u"TCP"_s)->hint.contains("port"_L1));

        settings.host = u"no-such-host.invalid"_s;
        const Run unknown(m_tests, settings);
        QVERIFY2(unknown.has(u"Name look-up"_s, State::Failed), qPrintable(unknown.all));
        QVERIFY(!unknown.step(u"Name look-up"_s)->hint.isEmpty());
    }

    void rightsThatAreMissing()
    {
        RedisServer server;
        QVERIFY(server.start({.tcp = true, .certFile = {}, .keyFile = {}, .caFile = {}, .arguments = {}}));
        const auto user = [&server](const QByteArray &name, const QByteArrayList &rules) {
            server.command(QByteArrayList{"ACL", "SETUSER", name, "on", ">pw"} + rules);
        };
        user("watcher", {"~*", "&*", "+@read", "+@connection", "+info"});
        user("noreap", {"~*", "&*", "+@all", "-hdel"});
        user("blind", {"~other:*", "+@all"});
        user("noscan", {"~*", "+@all", "-scan"});
        SourceSettings settings = redis(server.tcpUrl());
        settings.password = u"pw"_s;

        settings.user = u"watcher"_s;
        const Run watcher(m_tests, settings);
        QCOMPARE(watcher.test->failedStep(), -1);
        QVERIFY2(watcher.has(u"Commands"_s, State::Limited), qPrintable(watcher.all));
        QVERIFY2(watcher.step(u"Commands"_s)->text.contains("none is permitted"_L1), qPrintable(watcher.all));
        QVERIFY(watcher.step(u"Commands"_s)->hint.contains("EVAL"_L1));

        settings.user = u"noreap"_s;
        const Run noReap(m_tests, settings);
        QVERIFY2(noReap.step(u"Commands"_s)->text.contains("Reap"_L1), qPrintable(noReap.all));
        QVERIFY2(noReap.step(u"Commands"_s)->hint.contains("HDEL"_L1), qPrintable(noReap.all));

        settings.user = u"blind"_s;
        const Run blind(m_tests, settings);
        QVERIFY2(blind.has(u"Workers"_s, State::Failed), qPrintable(blind.all));
        settings.user = u"noscan"_s;
        const Run noScan(m_tests, settings);
        QVERIFY2(noScan.has(u"Workers"_s, State::Failed), qPrintable(noScan.all));
        QVERIFY(noScan.step(u"Workers"_s)->hint.contains("SCAN"_L1));

        settings.user = u"watcher"_s;
        settings.readOnly = true; // What is never commanded is not asked about.
        const Run readOnly(m_tests, settings);
        QVERIFY2(readOnly.has(u"Commands"_s, State::Skipped), qPrintable(readOnly.all));
    }

    void forbiddenByTheProgram()
    {
        RedisServer server;
        QVERIFY(server.start());
        StepClock clock;
        FleetStore store(clock);
        SourceListModel sources(store);
        WriteAccess access(store, sources, clock);
        access.setForbidden(true);
        ProbeThread tests(nullptr, &access);
        const Run run(tests, redis(server.url()));
        QVERIFY2(run.has(u"Commands"_s, State::Skipped), qPrintable(run.all));
        QVERIFY(run.step(u"Commands"_s)->text.contains("--read-only"_L1));
    }

    void tlsAndPlain()
    {
        const TestCertificates certificates(u"DNS:localhost,IP:127.0.0.1"_s);
        QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
        RedisServer server;
        QVERIFY(server.start({.tcp = true,
                              .certFile = certificates.certFile(),
                              .keyFile = certificates.keyFile(),
                              .caFile = certificates.caFile(),
                              .arguments = {}}));
        const Run good(m_tests, redis(server.tlsUrl()));
        QCOMPARE(good.test->failedStep(), -1);
        QVERIFY2(good.step(u"TLS"_s)->text.startsWith("TLS 1."_L1), qPrintable(good.all));
        QVERIFY2(good.has(u"TLS"_s, State::Limited), qPrintable(good.all)); // It ends within a day.

        SourceSettings untrusted = redis(server.tlsUrl());
        untrusted.caFile.clear();
        const Run refused(m_tests, untrusted);
        QVERIFY2(refused.has(u"TCP"_s, State::Passed), qPrintable(refused.all));
        QVERIFY2(refused.has(u"TLS"_s, State::Failed), qPrintable(refused.all));
        QVERIFY(refused.step(u"TLS"_s)->text.contains("certificate"_L1));

        SourceSettings noFile = redis(server.tlsUrl());
        noFile.caFile += u".not"_s;
        QVERIFY(Run(m_tests, noFile).all.contains("cannot be read"_L1));

        SourceSettings plain = redis(server.tlsUrl()); // To the TLS port without TLS.
        plain.tls = false;
        const Run wrong(m_tests, plain);
        QVERIFY2(wrong.has(u"Sign in"_s, State::Failed), qPrintable(wrong.all));
        QVERIFY2(wrong.step(u"Sign in"_s)->hint.contains("TLS on"_L1), qPrintable(wrong.all));

        SourceSettings tls = redis(server.tcpUrl()); // And the other way round.
        tls.tls = true;
        const Run other(m_tests, tls);
        QVERIFY2(other.has(u"TLS"_s, State::Failed), qPrintable(other.all));
        QVERIFY2(other.step(u"TLS"_s)->hint.contains("TLS off"_L1), qPrintable(other.all));
    }

    void somethingElseListens()
    {
        FakeServer server;
        server.setGreeting("HTTP/1.1 400 Bad Request\r\n\r\n");
        server.setHangUp(true);
        QVERIFY(server.listen());
        const Run run(m_tests, redis(server.url()));
        QVERIFY2(run.has(u"Sign in"_s, State::Failed), qPrintable(run.all));
        QVERIFY(!run.step(u"Sign in"_s)->hint.isEmpty());
    }

    void hubThatIsWell()
    {
        HubWatch hub;
        QVERIFY(hub.listen());
        const Run empty(m_tests, hubAt(hub.server->port()));
        QCOMPARE(empty.test->failedStep(), -1);
        for (const QString &name : {u"Name look-up"_s, u"TCP"_s, u"Health"_s, u"Sign in"_s, u"Hub"_s, u"Commands"_s})
            QVERIFY2(empty.has(name, State::Passed), qPrintable(empty.all));
        QVERIFY2(empty.has(u"Registry"_s, State::Limited), qPrintable(empty.all));
        QVERIFY2(empty.step(u"Hub"_s)->text.startsWith("Signal Hub 0.1.0"_L1), qPrintable(empty.all));
        // It has looked, and changed nothing.
        for (const QString &type : std::as_const(hub.heard))
            QVERIFY2(
                (QStringList{u"hub:connect"_s, u"hub:heartbeat"_s, u"hub:list_actors"_s, u"hub:disconnect"_s}.contains(type)),
                qPrintable(type));
        QTRY_COMPARE_WITH_TIMEOUT(hub.server->connections(), 0, patienceMs);
        QCOMPARE(hub.count(u"hub:disconnect"_s), 1); // It took its leave.

        // A console that is connected there and unlocked is nobody's actor: this one is known as such.
        HubRawClient ours(hubOwnAddress());
        QVERIFY(ours.join(hub.server->port()));
        ours.registerActor(hubOwnAddress());
        const Run alone(m_tests, hubAt(hub.server->port()));
        QVERIFY2(alone.step(u"Registry"_s)->text.contains("no actor registered"_L1), qPrintable(alone.all));
        HubRawClient other(u"@(local/other)"_s);
        QVERIFY(other.join(hub.server->port()));
        other.registerActor(u"@(local/other)"_s);
        const Run two(m_tests, hubAt(hub.server->port()));
        QVERIFY2(two.has(u"Registry"_s, State::Passed), qPrintable(two.all));
        QCOMPARE(two.step(u"Registry"_s)->text, u"2 addresses registered"_s);
    }

    void hubTokens()
    {
        HubWatch hub;
        QVERIFY(hub.listen({.secret = "secret"}));
        SourceSettings settings = hubAt(hub.server->port());
        const Run none(m_tests, settings);
        QVERIFY2(none.has(u"Sign in"_s, State::Failed), qPrintable(none.all));
        QVERIFY2(none.step(u"Sign in"_s)->text.contains("asks for a token"_L1), qPrintable(none.all));
        QVERIFY(isLoginTrouble(none.step(u"Sign in"_s)->trouble));

        const qint64 now = SystemClock().nowMs();
        settings.tokenFrom = TokenFrom::Typed;
        settings.token = QString::fromLatin1(fleet::HubToken::issue(u"a"_s, "other", now));
        const Run wrong(m_tests, settings);
        QVERIFY2(wrong.has(u"Sign in"_s, State::Failed), qPrintable(wrong.all));
        QVERIFY(!wrong.step(u"Sign in"_s)->hint.isEmpty());
        QVERIFY(!wrong.all.contains(settings.token));

        const QString good = QString::fromLatin1(fleet::HubToken::issue(u"a"_s, "secret", now));
        settings.token = good;
        QCOMPARE(Run(m_tests, settings).test->failedStep(), -1);

        MemorySecretStore keychain;
        ProbeThread tests(&keychain);
        settings.token.clear();
        settings.tokenFrom = TokenFrom::Keychain;
        const Run missing(tests, settings);
        QVERIFY2(missing.step(u"Sign in"_s)->text.contains("keychain has no token"_L1), qPrintable(missing.all));
        keychain.entries.insert(settings.tokenKey(), good);
        const Run kept(tests, settings);
        QVERIFY2(kept.test->failedStep() == -1, qPrintable(kept.all));
        QVERIFY(!kept.all.contains(good));
    }

    /// The steps are those of the connection itself, so its certificates count, and what it says.
    void hubWithTls()
    {
        const TestCertificates certificates(u"DNS:localhost,IP:127.0.0.1"_s);
        QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
        HubWatch hub;
        QVERIFY(hub.listenWithTls(certificates));
        SourceSettings settings = hubAt(hub.server->port());
        settings.host = u"localhost"_s;
        settings.tls = true;
        settings.caFile = certificates.caFile();
        const Run good(m_tests, settings);
        QVERIFY2(good.test->failedStep() == -1, qPrintable(good.all));
        QVERIFY2(good.has(u"Name look-up"_s, State::Passed) && good.has(u"TCP"_s, State::Passed), qPrintable(good.all));
        QVERIFY2(good.step(u"Name look-up"_s)->text.contains("localhost"_L1), qPrintable(good.all));
        QVERIFY2(good.has(u"TLS"_s, State::Limited), qPrintable(good.all)); // It ends within a day.
        QVERIFY2(good.step(u"TLS"_s)->text.contains("the host's name matches"_L1), qPrintable(good.all));

        settings.caFile.clear();
        const Run refused(m_tests, settings);
        QVERIFY2(refused.has(u"TCP"_s, State::Passed) && refused.has(u"TLS"_s, State::Failed), qPrintable(refused.all));
        QVERIFY2(refused.step(u"TLS"_s)->text.contains("is not trusted"_L1), qPrintable(refused.all));

        settings.caFile = u"/nowhere/ca.pem"_s;
        const Run noFile(m_tests, settings);
        QVERIFY2(noFile.has(u"TCP"_s, State::Skipped) && noFile.has(u"TLS"_s, State::Failed), qPrintable(noFile.all));
        QVERIFY2(noFile.step(u"TLS"_s)->text.contains("/nowhere/ca.pem cannot be read"_L1), qPrintable(noFile.all));
        QVERIFY(!noFile.step(u"TLS"_s)->hint.isEmpty());
    }

    void hubThatIsNone()
    {
        const Run refused(m_tests, hubAt(freePort()));
        QVERIFY2(refused.has(u"TCP"_s, State::Failed), qPrintable(refused.all));
        QVERIFY(!refused.step(u"TCP"_s)->hint.isEmpty());

        RedisServer server;
        QVERIFY(server.start({.tcp = true, .certFile = {}, .keyFile = {}, .caFile = {}, .arguments = {}}));
        const Run redisThere(m_tests, hubAt(server.tcpUrl().port));
        QVERIFY2(redisThere.has(u"TCP"_s, State::Passed), qPrintable(redisThere.all));
        QVERIFY2(redisThere.has(u"Sign in"_s, State::Failed), qPrintable(redisThere.all));
        QVERIFY(!redisThere.step(u"Sign in"_s)->hint.isEmpty());

        HubWatch hub;
        QVERIFY(hub.listen());
        SourceSettings elsewhere = hubAt(hub.server->port());
        elsewhere.path = u"/nowhere"_s;
        const Run path(m_tests, elsewhere);
        QVERIFY2(path.has(u"Health"_s, State::Passed) && path.has(u"Sign in"_s, State::Failed), qPrintable(path.all));
        QVERIFY2(path.step(u"Sign in"_s)->hint.contains("/ws"_L1), qPrintable(path.all));
    }

    void silenceHasALimit()
    {
        QTcpServer deaf; // Takes connections, as the system does that for it, and never says a word.
        QVERIFY(deaf.listen(QHostAddress::LocalHost));
        SourceSettings settings;
        settings.port = deaf.serverPort();
        const Run run(m_tests, settings);
        QVERIFY2(run.has(u"Sign in"_s, State::Failed), qPrintable(run.all));
        QVERIFY2(run.step(u"Sign in"_s)->text.contains("did not answer within"_L1), qPrintable(run.all));
        QVERIFY(run.step(u"Sign in"_s)->elapsedMs >= 4'500);
    }

    void stoppedAndDeleted()
    {
        QTcpServer deaf;
        QVERIFY(deaf.listen(QHostAddress::LocalHost));
        SourceSettings settings;
        settings.port = deaf.serverPort();
        QObject owner;
        ConnectionTest *test = m_tests.start(settings, &owner);
        QTRY_COMPARE_WITH_TIMEOUT(test->steps().at(2).state, State::Running, patienceMs);
        QSignalSpy over(test, &ConnectionTest::over);
        test->stop();
        QCOMPARE(over.count(), 1);
        QCOMPARE(test->steps().at(0).state, State::Passed);
        QCOMPARE(test->steps().at(2).state, State::NotReached);
        QCOMPARE(test->steps().at(2).text, u"stopped"_s);
        test->stop();
        QCOMPARE(over.count(), 1);
        delete m_tests.start(settings, &owner); // At once: nothing comes of it.
        delete m_tests.start(hubAt(deaf.serverPort()), &owner);
    }

private:
    static QByteArray changesOf(const RedisServer &server)
    {
        const QByteArray info = server.command({"INFO", "persistence"}).text;
        const qsizetype from = info.indexOf("rdb_changes_since_last_save:");
        return info.mid(from, info.indexOf('\r', from) - from);
    }

    ProbeThread m_tests;
};

PULSEDECK_TEST(ProbeThreadTest, runWithEvents)
#include "probethread_test.moc"
