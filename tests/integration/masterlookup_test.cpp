// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/connectionwatch.h"
#include "tests/integration/ctlprocess.h"
#include "tests/support/redisserver.h"
#include "tests/support/testcertificates.h"
#include "tests/support/testprogram.h"

#include <QTcpServer>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using State = RedisConnection::State;
using Kind = RedisFailure::Kind;

/// A master is found by asking Sentinels, and what stands in the way of that is said.
class MasterLookupTest : public QObject
{
    Q_OBJECT

private slots:
    void sentinelsAreAskedInTurn();
    void oneThatDoesNotAnswerIsPassedOver();
    void unknownMasterNamesThoseThatAreWatched();
    void whatIsNoSentinelIsSaid();
    void nobodyThere();
    void sentinelsHaveALoginOfTheirOwn();
    void sentinelsByTls();
    void replicaThatIsNamedIsNotTaken();
    void terminalAsksThemToo();

private:
    static bool startWatcher(RedisServer &sentinel, const RedisServer &master, const QStringList &arguments = {});
    static RedisUrl urlOf(const RedisServer &sentinel)
    {
        RedisUrl url = sentinel.tcpUrl();
        url.master = u"orders"_s;
        return url;
    }
    static bool startTcp(RedisServer &server, const QStringList &arguments = {})
    {
        RedisServer::Options options;
        options.tcp = true;
        options.arguments = arguments;
        return server.start(options);
    }
};

bool MasterLookupTest::startWatcher(RedisServer &sentinel, const RedisServer &master, const QStringList &arguments)
{
    RedisServer::Options options;
    options.tcp = true;
    options.arguments = arguments;
    options.sentinel = "sentinel monitor orders 127.0.0.1 " + QByteArray::number(master.tcpUrl().port) + " 1\n";
    return sentinel.start(options);
}

void MasterLookupTest::sentinelsAreAskedInTurn()
{
    RedisServer master;
    RedisServer sentinel;
    QVERIFY2(startTcp(master), qPrintable(master.errorString()));
    QVERIFY2(startWatcher(sentinel, master), qPrintable(sentinel.errorString()));
    RedisServer gone;
    QVERIFY2(startTcp(gone), qPrintable(gone.errorString()));
    RedisUrl url = urlOf(gone);
    gone.kill();
    url.furtherSentinels.append({u"127.0.0.1"_s, sentinel.tcpUrl().port});
    url.database = 2;
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    QCOMPARE(connection.target().port, master.tcpUrl().port);
    QVERIFY(!connection.target().isSentinel());
    const int set = watch.send({"SET", "here", "yes"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(watch.outcome(set), RedisAnswer::Outcome::Reply);
    QVERIFY(master.command({"INFO", "keyspace"}).text.contains("db2:keys=1"));
}

void MasterLookupTest::oneThatDoesNotAnswerIsPassedOver()
{
    RedisServer master;
    RedisServer sentinel;
    QVERIFY2(startTcp(master), qPrintable(master.errorString()));
    QVERIFY2(startWatcher(sentinel, master), qPrintable(sentinel.errorString()));
    QTcpServer silent; // The system takes connections for it, and nobody answers.
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    RedisUrl url = urlOf(sentinel);
    url.furtherSentinels.append({u"127.0.0.1"_s, url.port});
    url.port = silent.serverPort();
    RedisConnection connection(url, calmOptions());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    QCOMPARE(connection.target().port, master.tcpUrl().port);
}

void MasterLookupTest::unknownMasterNamesThoseThatAreWatched()
{
    RedisServer master;
    RedisServer sentinel;
    QVERIFY2(startTcp(master), qPrintable(master.errorString()));
    QVERIFY2(startWatcher(sentinel, master), qPrintable(sentinel.errorString()));
    RedisUrl url = urlOf(sentinel);
    url.master = u"carts"_s;
    RedisConnection connection(url, calmOptions());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Waiting, patience);
    QVERIFY2(connection.failure().text.contains(u"no master called carts"_s), qPrintable(connection.failure().text));
    QVERIFY2(connection.failure().hint.contains(u"orders at 127.0.0.1"_s), qPrintable(connection.failure().hint));
    // It may be told to watch one at any time.
    QVERIFY(sentinel.command({"SENTINEL", "MONITOR", "carts", "127.0.0.1", QByteArray::number(master.tcpUrl().port), "1"}).ok());
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
}

void MasterLookupTest::whatIsNoSentinelIsSaid()
{
    RedisServer redis;
    QVERIFY2(startTcp(redis), qPrintable(redis.errorString()));
    RedisConnection connection(urlOf(redis), calmOptions());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Closed, patience);
    QCOMPARE(connection.failure().kind, Kind::OtherKind);
    QVERIFY(connection.failure().text.contains(u"is no Sentinel"_s));
}

void MasterLookupTest::nobodyThere()
{
    RedisServer gone;
    QVERIFY2(startTcp(gone), qPrintable(gone.errorString()));
    const RedisUrl url = urlOf(gone);
    gone.kill();
    RedisConnection connection(url, calmOptions());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Waiting, patience);
    QCOMPARE(connection.failure().kind, Kind::Unreachable);
    QVERIFY2(connection.failure().text.contains(u"No Sentinel says where the master orders is"_s),
             qPrintable(connection.failure().text));
}

void MasterLookupTest::sentinelsHaveALoginOfTheirOwn()
{
    RedisServer master;
    RedisServer sentinel;
    QVERIFY2(startTcp(master, {u"--requirepass"_s, u"ofmaster"_s}), qPrintable(master.errorString()));
    QVERIFY2(startWatcher(sentinel, master, {u"--requirepass"_s, u"ofsentinel"_s}), qPrintable(sentinel.errorString()));
    RedisUrl url = urlOf(sentinel);
    url.password = u"ofmaster"_s;
    RedisConnection none(url, calmOptions());
    none.open();
    QTRY_COMPARE_WITH_TIMEOUT(none.state(), State::Closed, patience);
    QCOMPARE(none.failure().kind, Kind::LoginWanted);

    url.sentinelPassword = u"ofmaster"_s;
    RedisConnection wrong(url, calmOptions());
    wrong.open();
    QTRY_COMPARE_WITH_TIMEOUT(wrong.state(), State::Closed, patience);
    QCOMPARE(wrong.failure().kind, Kind::LoginRefused);
    QVERIFY(!wrong.failure().text.contains(u"ofmaster"_s));

    url.sentinelPassword = u"ofsentinel"_s;
    RedisConnection right(url, calmOptions());
    right.open();
    QTRY_COMPARE_WITH_TIMEOUT(right.state(), State::Ready, patience);
}

void MasterLookupTest::sentinelsByTls()
{
    TestCertificates certificates(u"DNS:localhost,IP:127.0.0.1"_s);
    if (!certificates.isValid())
        QSKIP("openssl is not installed");
    RedisServer master;
    RedisServer sentinel;
    QVERIFY2(startTcp(master), qPrintable(master.errorString()));
    RedisServer::Options options;
    options.certFile = certificates.certFile();
    options.keyFile = certificates.keyFile();
    options.caFile = certificates.caFile();
    options.sentinel = "sentinel monitor orders 127.0.0.1 " + QByteArray::number(master.tcpUrl().port) + " 1\n";
    QVERIFY2(sentinel.start(options), qPrintable(sentinel.errorString()));
    RedisUrl url = sentinel.tlsUrl();
    url.transport = RedisUrl::Transport::Tcp; // Of the master.
    url.master = u"orders"_s;
    url.sentinelTls = true;
    RedisConnection connection(url, calmOptions());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    QCOMPARE(connection.target().transport, RedisUrl::Transport::Tcp);
}

/// Where a Sentinel has not noticed it yet, the one that it names is a replica already.
void MasterLookupTest::replicaThatIsNamedIsNotTaken()
{
    RedisServer master;
    RedisServer sentinel;
    QVERIFY2(startTcp(master), qPrintable(master.errorString()));
    QVERIFY2(startWatcher(sentinel, master), qPrintable(sentinel.errorString()));
    QVERIFY(master.command({"REPLICAOF", "127.0.0.1", "1"}).ok());
    RedisConnection connection(urlOf(sentinel), calmOptions());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Waiting, patience);
    QVERIFY2(connection.failure().text.contains(u"is not the master of orders"_s), qPrintable(connection.failure().text));
    QCOMPARE(connection.generation(), 0u);
    QVERIFY(master.command({"REPLICAOF", "NO", "ONE"}).ok());
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
}

void MasterLookupTest::terminalAsksThemToo()
{
    RedisServer master;
    RedisServer sentinel;
    QVERIFY2(startTcp(master), qPrintable(master.errorString()));
    QVERIFY2(startWatcher(sentinel, master), qPrintable(sentinel.errorString()));
    QVERIFY(addWorker(master, "chromium:a") && tellTiming(master));
    const RedisUrl url = urlOf(sentinel);
    Ctl list({u"list"_s, url.display(), u"--json"_s});
    QCOMPARE(list.run(), 0);
    QVERIFY2(list.out.contains("chromium:a"), list.err.constData());
    // By its own address it only says where to go.
    Ctl itself({u"list"_s, sentinel.tcpUrl().display()});
    QCOMPARE(itself.run(), 3);
    QVERIFY2(itself.err.contains(url.display().toUtf8()), itself.err.constData());
}

PULSEDECK_TEST(MasterLookupTest, runWithEvents)
#include "masterlookup_test.moc"
