// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubhealth.h"
#include "app/redis/redisprobe.h"
#include "app/sources/sshproxy.h"
#include "tests/hub/hubwatch.h"
#include "tests/integration/connectionwatch.h"
#include "tests/support/rediscluster.h"
#include "tests/support/redisserver.h"
#include "tests/support/relay.h"
#include "tests/support/sentinelscene.h"
#include "tests/support/sshserver.h"
#include "tests/support/testcertificates.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTcpSocket>

#include <algorithm>
#include <csignal>
#include <optional>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using Kind = RedisFailure::Kind;

/// Redis and hubs through an SSH host: by a stand-in for ssh that says what ssh says, and by an sshd of the test's own.
class SshTunnelTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup() { m_program.reset(); }

    void asksForWhatIsSet();
    void saysWhyThereIsNoWay_data();
    void saysWhyThereIsNoWay();
    void saysWhenThereIsNoSsh();
    void startsNothingForAHostileRoute();
    void carriesAndSaysWhyItEnded();
    void nothingIsLeftBehind();
    void isPatientWithASlowLogin();
    void theProxyLetsNoOthersIn();
    void aTestOfTheConnectionShowsTheWay();

    void realCarries();
    void realLeadsThroughAJumpHost();
    void realRefuses_data();
    void realRefuses();
    void realSaysThatNothingListensThere();
    void realSaysThatForwardingIsOff();
    void realChecksTheCertificateOfTheServer();
    void realNoticesSilence();
    void realLeadsToSentinels();
    void realLeadsToACluster();
    void realLeadsToAHub();
    void realChecksTheCertificateOfAHub();

private:
    RedisUrl throughStandIn() const;
    /// Skips where no sshd can be had.
    bool startSshd(const QByteArray &options = {});
    static RedisFailure firstFailure(const RedisUrl &url);
    static void compareEcho(const RedisUrl &url);

    RedisServer m_server;
    SshServer m_sshd;
    std::unique_ptr<SshProgram> m_program;
};

void SshTunnelTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("There is no redis-server on this machine.");
    QVERIFY2(m_server.start({.tcp = true, .certFile = {}, .keyFile = {}, .caFile = {}, .arguments = {}}),
             qPrintable(m_server.errorString()));
}

void SshTunnelTest::init()
{
    m_program = std::make_unique<SshProgram>();
}

RedisUrl SshTunnelTest::throughStandIn() const
{
    RedisUrl url = m_server.tcpUrl();
    url.ssh = {u"deploy@bastion.example:2222"_s, {}};
    return url;
}

bool SshTunnelTest::startSshd(const QByteArray &options)
{
    return SshServer::isInstalled() && m_sshd.start(options) && m_sshd.writeClient(*m_program);
}

#define NEED_SSHD(...)                                                                                                           \
    if (!startSshd(__VA_ARGS__))                                                                                                 \
    QSKIP(qPrintable(u"There is no sshd to be had on this machine. "_s + m_sshd.errorString()))

RedisFailure SshTunnelTest::firstFailure(const RedisUrl &url)
{
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    [&] { TRY_TRUE(watch.states.size() >= 2); }();
    return watch.failures.size() >= 2 ? watch.failures.at(1) : RedisFailure();
}

void SshTunnelTest::compareEcho(const RedisUrl &url)
{
    RedisConnectionOptions options = calmOptions();
    options.maxStringBytes = 0;
    RedisConnection connection(url, options);
    ConnectionWatch watch(connection);
    connection.open();
    TRY_TRUE(watch.states.size() >= 2);
    QVERIFY2(connection.state() == RedisConnection::State::Ready, qPrintable(connection.failure().text));
    const QByteArray large(5'000'000, 'x'); // More than all buffers on the way together.
    watch.send({"SET", "large", large});
    const int get = watch.send({"GET", "large"});
    for (int i = 0; i < 1'000; ++i)
        watch.send({"ECHO", QByteArray::number(i)});
    TRY_TRUE(watch.allAnswered());
    QVERIFY(watch.eachOnce());
    QVERIFY(watch.inOrder());
    QCOMPARE(watch.text(get), large);
    QCOMPARE(watch.text(get + 1'000), QByteArray("999"));
}

void SshTunnelTest::asksForWhatIsSet()
{
    QVERIFY(m_program->refuses("Permission denied (publickey).\n"));
    RedisUrl url = throughStandIn();
    url.ssh.jump = u"a@gate:22,gate2"_s;
    QCOMPARE(firstFailure(url).kind, RedisFailure::Kind::Refused);
    const QByteArray call = m_program->calls().split('\n').constFirst();
    QVERIFY2(call.contains("-o BatchMode=yes "), call.constData());
    QVERIFY2(call.contains(" -o ServerAliveInterval="), call.constData());
    QVERIFY2(call.contains(QByteArray(" -W 127.0.0.1:" + QByteArray::number(url.port) + ' ')), call.constData());
    QVERIFY2(call.endsWith("-p 2222 -l deploy -J a@gate:22,gate2 -- bastion.example"), call.constData());
}

void SshTunnelTest::saysWhyThereIsNoWay_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *name, const QByteArray &said, Kind kind, const QString &words) {
        QTest::newRow(name) << said << kind << words;
    };
    row("host key unknown",
        "No ED25519 host key is known for bastion.example and you have requested strict checking.\r\nHost key verification "
        "failed.\r\n",
        Kind::Refused, u"is not known here"_s);
    row("host key changed",
        "@@@@\r\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n@@@@\r\nHost key verification failed.\r\n",
        Kind::Refused, u"has changed"_s);
    row("login", "deploy@bastion.example: Permission denied (publickey,password).\r\n", Kind::Refused, u"login"_s);
    row("too many keys", "Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\r\n", Kind::Refused,
        u"login"_s);
    row("no such host", "ssh: Could not resolve hostname bastion.example: Name or service not known\r\n", Kind::Unreachable,
        u"“bastion.example” was not found"_s);
    row("no sshd", "ssh: connect to host bastion.example port 2222: Connection refused\r\n", Kind::Unreachable,
        u"bastion.example cannot be reached: Connection refused"_s);
    row("nothing listens there", "channel 0: open failed: connect failed: Connection refused\r\nstdio forwarding failed\r\n",
        Kind::Unreachable, u"Nothing listens at 127.0.0.1"_s);
    row("no such host there", "channel 0: open failed: connect failed: Name or service not known\r\nstdio forwarding failed\r\n",
        Kind::Unreachable, u"does not know the host"_s);
    row("no route there", "channel 0: open failed: connect failed: No route to host\r\nstdio forwarding failed\r\n",
        Kind::Unreachable, u"cannot be reached from bastion.example: connect failed: No route to host"_s);
    row("forwarding off", "channel 0: open failed: administratively prohibited: open failed\r\nstdio forwarding failed\r\n",
        Kind::Refused, u"does not let SSH lead on"_s);
    row("too many logins", "kex_exchange_identification: Connection closed by remote host\r\n", Kind::Closed,
        u"ended the SSH connection"_s);
    row("configuration", "/root/.ssh/config: line 3: Bad configuration option: nonsense\r\n", Kind::Unreachable,
        u"Bad configuration option: nonsense"_s);
    row("hostile words", "\x1b[2J\x1b]0;title\x07 odd\r\n", Kind::Unreachable, u"odd"_s);
    row("no words", "", Kind::Closed, u"without a reason"_s);
    row("very many words", QByteArray("nonsense ").repeated(100'000) + "\nthe last line\n", Kind::Unreachable,
        u"the last line"_s);
}

void SshTunnelTest::saysWhyThereIsNoWay()
{
    QFETCH(QByteArray, said);
    QFETCH(RedisFailure::Kind, kind);
    QFETCH(QString, words);
    QVERIFY(m_program->refuses(said));
    RedisUrl url = throughStandIn();
    url.password = u"hushhush"_s;
    const RedisFailure failure = firstFailure(url);
    QVERIFY2(failure.kind == kind, qPrintable(failure.text));
    QVERIFY2(failure.text.contains(words), qPrintable(failure.text));
    QVERIFY(failure.text.size() < 400);
    QVERIFY(!failure.hint.isEmpty());
    const QString all = failure.text + failure.hint;
    for (const QChar c : all)
        QVERIFY2(c.category() != QChar::Other_Control, qPrintable(failure.text));
    QVERIFY(!m_program->calls().contains("hushhush"));

    // A hub says the same.
    HubWatch hub;
    QVERIFY(hub.listen());
    HubConnectionOptions options = hub.options();
    options.hub.ssh = url.ssh;
    options.reconnect = false;
    HubConnection connection(options, hub.clock);
    connection.open();
    TRY_EQUAL(connection.state(), HubConnection::State::Closed);
    QVERIFY2(connection.failure().kind == kind, qPrintable(connection.failure().text));
    QVERIFY2(connection.failure().text.contains(words), qPrintable(connection.failure().text));
    QCOMPARE(hub.server->connections(), 0);
}

void SshTunnelTest::saysWhenThereIsNoSsh()
{
    m_program->isMissing();
    const RedisFailure failure = firstFailure(throughStandIn());
    QVERIFY2(failure.text.contains(u"ssh cannot be started"_s), qPrintable(failure.text));
    QVERIFY2(failure.hint.contains(u"OpenSSH"_s), qPrintable(failure.hint));
}

void SshTunnelTest::startsNothingForAHostileRoute()
{
    QVERIFY(m_program->refuses("called"));
    const std::pair<QString, QString> hosts[] = {{u"-oProxyCommand=touch x"_s, {}},
                                                 {u"a b"_s, {}},
                                                 {u"x;touch"_s, {}},
                                                 {u"x@-oA=b"_s, {}},
                                                 {u"$(id)"_s, {}},
                                                 {u"bastion"_s, u"-oA=b"_s},
                                                 {u"bastion"_s, u"a,%h"_s},
                                                 {u"a%h"_s, {}}};
    for (const auto &[host, jump] : hosts) {
        RedisUrl url = throughStandIn();
        url.ssh = {host, jump}; // As a settings file could have it.
        const RedisFailure failure = firstFailure(url);
        QVERIFY2(failure.text.contains(u"cannot be used"_s), qPrintable(failure.text));
    }
    RedisUrl url = throughStandIn();
    url.host = u"/run/redis.sock"_s; // As a Sentinel could name it.
    QVERIFY(firstFailure(url).text.contains(u"cannot be used"_s));
    QVERIFY(m_program->calls().isEmpty());
}

void SshTunnelTest::carriesAndSaysWhyItEnded()
{
    QVERIFY(m_program->leads("Timeout, server bastion.example not responding.\r\n"));
    compareEcho(throughStandIn());
    TRY_TRUE(!m_program->pids().isEmpty());

    const qsizetype before = m_program->pids().size();
    RedisConnection connection(throughStandIn(), calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    TRY_EQUAL(connection.state(), RedisConnection::State::Ready);
    TRY_TRUE(m_program->pids().size() > before);
    QCOMPARE(::kill(pid_t(m_program->pids().constLast()), SIGUSR1), 0);
    TRY_TRUE(watch.states.size() >= 3);
    QCOMPARE(watch.states.at(2), RedisConnection::State::Waiting);
    QCOMPARE(watch.failures.at(2).kind, RedisFailure::Kind::Timeout);
    QVERIFY2(watch.failures.at(2).text.contains(u"bastion.example does not answer any more"_s),
             qPrintable(watch.failures.at(2).text));
    TRY_EQUAL(connection.generation(), 2u); // It comes back by itself, by another ssh.
    TRY_TRUE(m_program->pids().size() > before + 1);

    // Where it is the server that ends the connection, ssh is not blamed.
    const size_t states = watch.states.size();
    QVERIFY(m_server.command({"CLIENT", "KILL", "TYPE", "normal"}).ok());
    TRY_TRUE(watch.states.size() > states);
    QCOMPARE(watch.failures.at(states).kind, RedisFailure::Kind::Closed);
    QVERIFY2(!watch.failures.at(states).text.contains(u"SSH"_s, Qt::CaseInsensitive), qPrintable(watch.failures.at(states).text));
    TRY_EQUAL(connection.generation(), 3u);
}

void SshTunnelTest::nothingIsLeftBehind()
{
    QVERIFY(m_program->leads("end\n"));
    {
        RedisConnection first(throughStandIn(), calmOptions());
        RedisConnection second(throughStandIn(), calmOptions());
        first.open();
        second.open();
        TRY_EQUAL(first.state(), RedisConnection::State::Ready);
        TRY_EQUAL(second.state(), RedisConnection::State::Ready);
        TRY_EQUAL(m_program->pids().size(), 2);
        first.close();
    }
    const QList<qint64> pids = m_program->pids();
    const auto isGone = [](qint64 pid) { return ::kill(pid_t(pid), 0) != 0; };
    TRY_TRUE(std::all_of(pids.begin(), pids.end(), isGone));
}

void SshTunnelTest::isPatientWithASlowLogin()
{
    // An ssh that waits for nothing, as for a login that never comes.
    QVERIFY(m_program->runs("exec sleep 600\n"));
    RedisConnectionOptions options = calmOptions();
    options.connectTimeoutMs = 100 - SshTunnel::loginMs;
    RedisConnection connection(throughStandIn(), options);
    ConnectionWatch watch(connection);
    connection.open();
    TRY_TRUE(watch.states.size() >= 2);
    QCOMPARE(watch.failures.at(1).kind, RedisFailure::Kind::Timeout);
    QVERIFY2(watch.failures.at(1).text.contains(u"through bastion.example"_s), qPrintable(watch.failures.at(1).text));
}

void SshTunnelTest::theProxyLetsNoOthersIn()
{
    QVERIFY(m_program->leads("end\n"));
    SshProxy proxy(throughStandIn().ssh, u"127.0.0.1"_s, m_server.tcpUrl().port);
    const QNetworkProxy ours = proxy.proxy();
    for (const QByteArray &said : {QByteArray("\5\1\0", 3), QByteArray("\5\1\2\1\11pulsedeck\5wrong", 20), QByteArray("PING\r\n"),
                                   QByteArray(4'096, 'x'), QByteArray("\5\0\0\0", 4)}) {
        QTcpSocket other;
        other.setProxy(QNetworkProxy::NoProxy);
        other.connectToHost(u"127.0.0.1"_s, ours.port());
        TRY_EQUAL(other.state(), QAbstractSocket::ConnectedState);
        other.write(said);
        TRY_EQUAL(other.state(), QAbstractSocket::UnconnectedState);
    }
    QVERIFY(m_program->calls().isEmpty());

    QTcpSocket own;
    own.setProxy(ours);
    own.connectToHost(u"redis.example"_s, 1); // It leads to one place, whatever is asked for.
    TRY_EQUAL(own.state(), QAbstractSocket::ConnectedState);
    own.write("PING\r\n");
    TRY_TRUE(own.bytesAvailable() >= 7);
    QCOMPARE(own.readAll(), QByteArray("+PONG\r\n"));
}

void SshTunnelTest::aTestOfTheConnectionShowsTheWay()
{
    QVERIFY(m_program->leads("end\n"));
    SourceSettings settings = SourceSettings::fromUrl(throughStandIn());
    {
        RedisProbe probe(settings, {});
        QSignalSpy over(&probe, &SourceProbe::over);
        QCOMPARE(probe.steps().at(0).name, u"SSH tunnel"_s);
        probe.start(patience, patience);
        TRY_TRUE(over.size() == 1);
        QCOMPARE(probe.steps().at(0).state, TestStep::State::Passed);
        QCOMPARE(probe.steps().at(0).text, u"through bastion.example"_s);
        QCOMPARE(probe.steps().at(1).state, TestStep::State::Passed); // Sign in.
    }
    QVERIFY(m_program->refuses("Host key verification failed.\n"));
    RedisProbe probe(settings, {});
    QSignalSpy over(&probe, &SourceProbe::over);
    probe.start(patience, patience);
    TRY_TRUE(over.size() == 1);
    QCOMPARE(probe.steps().at(0).state, TestStep::State::Failed);
    QVERIFY2(probe.steps().at(0).text.contains(u"is not known here"_s), qPrintable(probe.steps().at(0).text));
    QCOMPARE(probe.steps().at(1).state, TestStep::State::NotReached);
}

void SshTunnelTest::realCarries()
{
    NEED_SSHD();
    RedisUrl url = m_server.tcpUrl();
    url.ssh = m_sshd.route();
    compareEcho(url);

    // An end of the server is the server's, and it is reached again by the same way.
    RedisServer server;
    QVERIFY(server.start({.tcp = true, .certFile = {}, .keyFile = {}, .caFile = {}, .arguments = {}}));
    url = server.tcpUrl();
    url.ssh = m_sshd.route();
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    TRY_EQUAL(connection.state(), RedisConnection::State::Ready);
    server.kill();
    TRY_TRUE(watch.states.size() >= 3);
    QVERIFY2(!watch.failures.at(2).text.contains(u"SSH"_s, Qt::CaseInsensitive), qPrintable(watch.failures.at(2).text));
    QVERIFY(server.restartEmpty());
    TRY_EQUAL(connection.generation(), 2u);
}

void SshTunnelTest::realLeadsThroughAJumpHost()
{
    NEED_SSHD();
    RedisUrl url = m_server.tcpUrl();
    url.ssh = m_sshd.route();
    url.ssh.jump = QString(url.ssh.host).replace(u"127.0.0.1"_s, u"localhost"_s); // ssh refuses a loop.
    compareEcho(url);
}

void SshTunnelTest::realRefuses_data()
{
    QTest::addColumn<int>("client");
    QTest::addColumn<QString>("words");
    QTest::newRow("host key unknown") << int(SshServer::Client::HostUnknown) << u"is not known here"_s;
    QTest::newRow("host key changed") << int(SshServer::Client::HostChanged) << u"has changed"_s;
    QTest::newRow("key refused") << int(SshServer::Client::KeyRefused) << u"login on the way to 127.0.0.1 was refused"_s;
}

void SshTunnelTest::realRefuses()
{
    QFETCH(int, client);
    QFETCH(QString, words);
    NEED_SSHD();
    QVERIFY(m_sshd.writeClient(*m_program, SshServer::Client(client)));
    RedisUrl url = m_server.tcpUrl();
    url.ssh = m_sshd.route();
    const RedisFailure failure = firstFailure(url);
    QVERIFY2(failure.kind == RedisFailure::Kind::Refused, qPrintable(failure.text));
    QVERIFY2(failure.text.contains(words), qPrintable(failure.text));
}

void SshTunnelTest::realSaysThatNothingListensThere()
{
    NEED_SSHD();
    RedisServer server;
    QVERIFY(server.start({.tcp = true, .certFile = {}, .keyFile = {}, .caFile = {}, .arguments = {}}));
    server.stop();
    RedisUrl url = server.tcpUrl();
    url.ssh = m_sshd.route();
    const RedisFailure nothing = firstFailure(url);
    QVERIFY2(nothing.text.contains(u"Nothing listens at 127.0.0.1:"_s), qPrintable(nothing.text));

    url.ssh.host = u"127.0.0.1:"_s + QString::number(url.port); // No sshd there.
    const RedisFailure noHost = firstFailure(url);
    QVERIFY2(noHost.text.contains(u"The SSH host 127.0.0.1 cannot be reached: Connection refused"_s), qPrintable(noHost.text));
}

void SshTunnelTest::realSaysThatForwardingIsOff()
{
    NEED_SSHD("AllowTcpForwarding no\n");
    RedisUrl url = m_server.tcpUrl();
    url.ssh = m_sshd.route();
    const RedisFailure failure = firstFailure(url);
    QVERIFY2(failure.text.contains(u"127.0.0.1 does not let SSH lead on"_s), qPrintable(failure.text));
}

void SshTunnelTest::realChecksTheCertificateOfTheServer()
{
    NEED_SSHD();
    for (const bool right : {true, false}) {
        const TestCertificates certificates(right ? u"DNS:localhost"_s : u"DNS:redis.example,IP:127.0.0.1"_s);
        QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
        RedisServer server;
        QVERIFY2(server.start({false, certificates.certFile(), certificates.keyFile(), certificates.caFile(), {}}),
                 qPrintable(server.errorString()));
        RedisUrl url = server.tlsUrl();
        QCOMPARE(url.host, u"localhost"_s);
        url.ssh = m_sshd.route();
        if (right) {
            compareEcho(url);
        } else {
            const RedisFailure failure = firstFailure(url);
            QVERIFY2(failure.kind == RedisFailure::Kind::Tls, qPrintable(failure.text));
            QVERIFY2(failure.text.contains(u"host name"_s), qPrintable(failure.text));
        }
    }
}

void SshTunnelTest::realNoticesSilence()
{
    NEED_SSHD();
    RedisUrl sshd;
    sshd.port = m_sshd.port();
    Relay relay;
    QVERIFY(relay.listen({sshd}));
    RedisUrl url = m_server.tcpUrl();
    url.ssh = m_sshd.route();
    url.ssh.host = url.ssh.host.section(u':', 0, 0) + u':' + QString::number(relay.url().port);
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    TRY_EQUAL(connection.state(), RedisConnection::State::Ready);
    relay.freezeAll();
    TRY_TRUE(watch.states.size() >= 3);
    QCOMPARE(watch.failures.at(2).kind, RedisFailure::Kind::Timeout);
    QVERIFY2(watch.failures.at(2).text.contains(u"The SSH connection to 127.0.0.1"_s), qPrintable(watch.failures.at(2).text));
    relay.thaw();
    TRY_EQUAL(connection.generation(), 2u);
}

void SshTunnelTest::realLeadsToSentinels()
{
    NEED_SSHD();
    SentinelScene scene;
    QVERIFY2(scene.start(), qPrintable(scene.errorString()));
    RedisUrl url = scene.url();
    url.ssh = m_sshd.route();
    RedisConnection connection(url, calmOptions());
    connection.open();
    TRY_EQUAL(connection.state(), RedisConnection::State::Ready);
    QCOMPARE(connection.target().port, scene.masterPort());
    QCOMPARE(connection.target().ssh, url.ssh);
}

void SshTunnelTest::realLeadsToACluster()
{
    NEED_SSHD();
    RedisCluster cluster;
    QVERIFY2(cluster.start(), qPrintable(cluster.errorString()));
    RedisUrl url = cluster.url();
    url.ssh = m_sshd.route();
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    TRY_EQUAL(connection.state(), RedisConnection::State::Ready);
    QCOMPARE(connection.masters().size(), 3u);
    for (const RedisConnection *master : connection.masters())
        QCOMPARE(master->url().ssh, url.ssh);
    for (int i = 0; i < 100; ++i)
        watch.send({"SET", QByteArray("key:" + QByteArray::number(i)), QByteArray::number(i)});
    TRY_TRUE(watch.allAnswered());
    for (int i = 0; i < 100; ++i)
        QCOMPARE(watch.text(i), QByteArray("OK"));
}

void SshTunnelTest::realLeadsToAHub()
{
    NEED_SSHD();
    HubWatch hub;
    QVERIFY(hub.listen());
    HubConnectionOptions options = hub.options();
    options.hub.ssh = m_sshd.route();
    HubConnection connection(options, hub.clock);
    connection.open();
    TRY_TRUE(connection.state() == HubConnection::State::Ready);
    QVERIFY(HubWatch::ask(connection, HubRequest::queueStats()).ok());

    HubHealthProbe probe(options.hub);
    QSignalSpy answered(&probe, &HubHealthProbe::answered);
    probe.ask(patience);
    TRY_TRUE(answered.size() == 1);
    QVERIFY2(answered.first().first().value<HubHealth>().healthy,
             qPrintable(answered.first().first().value<HubHealth>().problem));

    hub.server->cut(-1);
    TRY_EQUAL(connection.generation(), 2u);
}

void SshTunnelTest::realChecksTheCertificateOfAHub()
{
    NEED_SSHD();
    for (const bool right : {true, false}) {
        const TestCertificates certificates(right ? u"DNS:localhost"_s : u"DNS:other.example,IP:127.0.0.1"_s);
        QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
        HubWatch hub;
        QVERIFY(hub.listenWithTls(certificates));
        HubConnectionOptions options = hub.options();
        options.hub.host = u"localhost"_s;
        options.hub.tls = true;
        options.hub.caFile = certificates.caFile();
        options.hub.ssh = m_sshd.route();
        options.reconnect = false;
        HubConnection connection(options, hub.clock);
        connection.open();
        TRY_TRUE(connection.state() == (right ? HubConnection::State::Ready : HubConnection::State::Closed));
        if (!right)
            QVERIFY2(connection.failure().kind == SourceFailure::Kind::Tls, qPrintable(connection.failure().text));
    }
}

PULSEDECK_TEST(SshTunnelTest, runWithEvents)
#include "sshtunnel_test.moc"
