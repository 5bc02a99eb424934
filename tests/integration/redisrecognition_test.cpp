// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/connectionwatch.h"
#include "tests/support/fakeserver.h"
#include "tests/support/redisserver.h"
#include "tests/support/testprogram.h"

#include <QTimer>

#include <algorithm>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using State = RedisConnection::State;
using Kind = RedisFailure::Kind;

/// What is not one Redis with all of its keys is recognised when it is connected to.
class RedisRecognitionTest : public QObject
{
    Q_OBJECT

private slots:
    void sentinelNamesItsMasters();
    void sentinelThatRefusesItsMastersIsRecognised();
    void clusterWithPartOfTheSlotsIsNotWatched();
    void nodeBySocketIsRefused();
    void clusterAddressOfAnotherRedisIsRefused();
    void nodeWithAllSlotsIsLetIn();
    void nodeWithoutSlotsIsNotWatched();

private:
    /// One node of a cluster, with the slots up to \a lastSlot.
    static bool startNode(RedisServer &server, const QByteArray &lastSlot);
};

void RedisRecognitionTest::sentinelNamesItsMasters()
{
    RedisServer server;
    RedisServer::Options options;
    options.tcp = true;
    options.sentinel = "sentinel monitor orders 127.0.0.1 6 1\nsentinel monitor carts 127.0.0.1 7 1\n";
    QVERIFY2(server.start(options), qPrintable(server.errorString()));
    RedisUrl url = server.tcpUrl();
    url.database = 3; // A Sentinel knows no SELECT.
    RedisConnection connection(url, calmOptions());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Closed, patience);
    QCOMPARE(connection.failure().kind, Kind::OtherKind);
    QVERIFY(connection.failure().text.contains(u"is a Sentinel"_s));
    QVERIFY2(connection.failure().hint.contains(u"orders at 127.0.0.1:6"_s), qPrintable(connection.failure().hint));
    QVERIFY2(connection.failure().hint.contains(u"carts at 127.0.0.1:7"_s), qPrintable(connection.failure().hint));
    QStringList addresses = connection.failure().addresses;
    addresses.sort();
    const QString sentinel = u"redis+sentinel://127.0.0.1:"_s + QString::number(url.port);
    QCOMPARE(addresses, (QStringList{sentinel + u"/carts/3"_s, sentinel + u"/orders/3"_s}));
    QCOMPARE(connection.generation(), 0u);
}

void RedisRecognitionTest::sentinelThatRefusesItsMastersIsRecognised()
{
    FakeServer server;
    QVERIFY(server.listen());
    server.setScript([](const QByteArrayList &command) -> QByteArray {
        if (command.first() == "INFO")
            return "$21\r\nredis_mode:sentinel\r\n\r\n";
        if (command.first() == "SENTINEL")
            return "-NOPERM this user has no permissions to run the 'sentinel|masters' command\r\n";
        return command.first() == "PING" ? "+PONG\r\n" : "+OK\r\n";
    });
    RedisConnection connection(server.url(), calmOptions());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Closed, patience);
    QCOMPARE(connection.failure().kind, Kind::OtherKind);
    QVERIFY(connection.failure().text.contains(u"is a Sentinel"_s));
}

bool RedisRecognitionTest::startNode(RedisServer &server, const QByteArray &lastSlot)
{
    RedisServer::Options options;
    options.tcp = true;
    options.arguments = {u"--cluster-enabled"_s, u"yes"_s};
    return server.start(options) && server.command({"CLUSTER", "ADDSLOTSRANGE", "0", lastSlot}).ok();
}

/// Redis itself serves nothing then.
void RedisRecognitionTest::clusterWithPartOfTheSlotsIsNotWatched()
{
    RedisServer server;
    QVERIFY2(startNode(server, "8191"), qPrintable(server.errorString()));
    RedisConnection connection(server.tcpUrl(), calmOptions());
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(connection.failure().text.contains(u"is down"_s), patience);
    QVERIFY2(connection.failure().hint.contains(u"no master"_s), qPrintable(connection.failure().hint));
    QCOMPARE(connection.generation(), 0u);
    // It goes on being asked, and is watched once it is whole.
    QVERIFY(server.command({"CLUSTER", "ADDSLOTSRANGE", "8192", "16383"}).ok());
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    QVERIFY(connection.isCluster());
}

/// The other nodes have no socket here.
void RedisRecognitionTest::nodeBySocketIsRefused()
{
    RedisServer server;
    QVERIFY2(startNode(server, "8191"), qPrintable(server.errorString()));
    RedisConnection connection(server.url(), calmOptions());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Closed, patience);
    QCOMPARE(connection.failure().kind, Kind::OtherKind);
    QVERIFY(connection.failure().text.contains(u"one node of a cluster"_s));
    QCOMPARE(connection.generation(), 0u);
}

void RedisRecognitionTest::clusterAddressOfAnotherRedisIsRefused()
{
    RedisServer server;
    RedisServer::Options options;
    options.tcp = true;
    QVERIFY2(server.start(options), qPrintable(server.errorString()));
    RedisUrl url = server.tcpUrl();
    url.isCluster = true;
    RedisConnection connection(url, calmOptions());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Closed, patience);
    QCOMPARE(connection.failure().kind, Kind::OtherKind);
    QVERIFY2(connection.failure().text.contains(u"is no node of a cluster"_s), qPrintable(connection.failure().text));
    // And nothing goes on asking it, four times a second.
    const QList<QTimer *> timers = connection.findChildren<QTimer *>();
    QVERIFY(!timers.isEmpty());
    QVERIFY(std::none_of(timers.begin(), timers.end(), [](const QTimer *timer) { return timer->isActive(); }));
}

void RedisRecognitionTest::nodeWithAllSlotsIsLetIn()
{
    RedisServer server;
    QVERIFY2(startNode(server, "16383"), qPrintable(server.errorString()));
    RedisConnection connection(server.tcpUrl(), calmOptions());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
}

void RedisRecognitionTest::nodeWithoutSlotsIsNotWatched()
{
    RedisServer server;
    RedisServer::Options options;
    options.tcp = true;
    options.arguments = {u"--cluster-enabled"_s, u"yes"_s};
    QVERIFY2(server.start(options), qPrintable(server.errorString()));
    RedisConnection connection(server.tcpUrl(), calmOptions());
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(connection.failure().text.contains(u"is down"_s), patience);
    QCOMPARE(connection.generation(), 0u);
}

PULSEDECK_TEST(RedisRecognitionTest, runWithEvents)
#include "redisrecognition_test.moc"
