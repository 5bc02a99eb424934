// SPDX-License-Identifier: GPL-3.0-or-later
// What the simulated hub does at the edges of the protocol: forgetting, closing, duplicates, expiry, frames.
#include "app/simulator/hubactors.h"
#include "app/simulator/hubserver.h"
#include "tests/hub/hubclock.h"
#include "tests/hub/hubrawclient.h"
#include "tests/support/testprogram.h"

#include <QJsonDocument>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

using namespace pulsedeck;
using namespace pulsedeck::fleet;
using namespace Qt::StringLiterals;

class HubQuirksTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QVERIFY(listen({})); }

    void forgetsAfterSilence();
    void anybodysMessageKeepsItAwake();
    void pingsDoNotKeepItAwake();
    void connectTooLate();
    void brokenMessages_data();
    void brokenMessages();
    void binaryAndFragments();
    void tooLarge();
    void tooLargeNewerRuntime();
    void closeFrameIsNotAnswered();
    void abruptEnd();
    void expiry();
    void duplicateByConnectAddress();
    void duplicateByLastRegistered();
    void earlierAddressMovesSilently();
    void refusedRegisterKicksAllTheSame();
    void publishDropsUnregistered();
    void subscriptionEndsWithItsSession();
    void subscribingNeedsAnAddressFirst();
    void metricsAreForgottenToo();
    void actorsObey();
    void actorsComeBackAfterWipe();

private:
    bool listen(const HubRules &rules);
    int registered() { return m_server->core().registry().size(); }

    HubClock m_clock;
    std::unique_ptr<HubServer> m_server;
};

bool HubQuirksTest::listen(const HubRules &rules)
{
    m_server = std::make_unique<HubServer>(rules, m_clock);
    QString problem;
    return m_server->listen(0, &problem);
}

void HubQuirksTest::forgetsAfterSilence()
{
    HubRawClient client;
    HubRawClient second(u"@(desktop/console-2)"_s);
    QVERIFY(client.join(m_server->port()));
    QVERIFY(second.join(m_server->port()));
    client.registerActor(u"@(local/a)"_s);
    m_clock.step(8'500);
    QCOMPARE(client.ask(u"hub:heartbeat"_s, QJsonObject{{u"timestamp"_s, 1}}).value(u"type"_s), u"hub:heartbeat_ack"_s);
    QCOMPARE(registered(), 1);
    m_clock.step(10'200);
    QVERIFY(client.nothingCame()); // Open and silent.
    client.send(client.envelope(u"hub:heartbeat"_s, QJsonObject{{u"timestamp"_s, 1}}));
    QVERIFY(client.waitClosed());
    QCOMPARE(client.closeCode(), 1011);
    QCOMPARE(client.closeReason(), u"Unknown session"_s);
    QCOMPARE(registered(), 0);
    second.send(second.envelope(u"hub:heartbeat"_s, QJsonObject{{u"timestamp"_s, 1}}));
    QVERIFY(second.waitClosed());
    QCOMPARE(second.closeCode(), 1011);
    QVERIFY(HubRawClient().join(m_server->port()));
}

void HubQuirksTest::anybodysMessageKeepsItAwake()
{
    HubRawClient quiet;
    HubRawClient other(u"@(desktop/console-2)"_s);
    QVERIFY(quiet.join(m_server->port()));
    QVERIFY(other.join(m_server->port()));
    for (int i = 0; i < 90; ++i) { // Twelve minutes.
        m_clock.step(8'000);
        other.ask(u"hub:heartbeat"_s, QJsonObject{{u"timestamp"_s, 1}});
    }
    QCOMPARE(quiet.ask(u"hub:queue_stats"_s, QJsonObject()).value(u"type"_s), u"hub:queue_stats_response"_s);
}

void HubQuirksTest::pingsDoNotKeepItAwake()
{
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    QSignalSpy pong(&client.socket(), &QWebSocket::pong);
    for (int i = 0; i < 3; ++i) {
        m_clock.step(4'000);
        QVERIFY(client.nothingCame()); // Answered all the same.
        client.socket().ping();
        QVERIFY(pong.wait(15'000));
    }
    client.send(client.envelope(u"hub:queue_stats"_s, QJsonObject()));
    QVERIFY(client.waitClosed());
    QCOMPARE(client.closeReason(), u"Unknown session"_s);
}

void HubQuirksTest::connectTooLate()
{
    HubRawClient client;
    QVERIFY(client.open(m_server->port()));
    QVERIFY(client.nothingCame());
    m_clock.step(10'100);
    client.send(client.envelope(u"hub:connect"_s, QJsonObject(),
                                {{u"protocolVersion"_s, u"0.1.0"_s}, {u"capabilities"_s, QJsonArray{u"a"_s}}}));
    QVERIFY(client.waitClosed());
    QCOMPARE(client.closeCode(), 1011);
}

void HubQuirksTest::brokenMessages_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no JSON") << QByteArray("hello");
    QTest::newRow("half") << QByteArray(R"J({"id":"1)J");
    QTest::newRow("null") << QByteArray("null");
    QTest::newRow("two") << QByteArray("{},{}");
    QTest::newRow("space") << QByteArray(" ");
}

void HubQuirksTest::brokenMessages()
{
    QFETCH(QByteArray, text);
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    client.registerActor(u"@(local/a)"_s);
    client.sendText(text);
    QVERIFY(client.waitClosed());
    QCOMPARE(client.closeCode(), 1011);
    QCOMPARE(client.closeReason(), u"Internal error"_s);
    QCOMPARE(registered(), 0);
}

void HubQuirksTest::binaryAndFragments()
{
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    const QByteArray request = QJsonDocument(client.envelope(u"hub:queue_stats"_s, QJsonObject())).toJson();
    client.socket().sendBinaryMessage(request);
    QVERIFY(!client.takeType(u"hub:queue_stats_response"_s).isEmpty());
    client.socket().setOutgoingFrameSize(7); // Qt cuts the message into many frames.
    client.sendText(request);
    QVERIFY(!client.takeType(u"hub:queue_stats_response"_s).isEmpty());
}

void HubQuirksTest::tooLarge()
{
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    client.registerActor(u"@(local/a)"_s);
    // The limit counts UTF-8 bytes: this has fewer characters than it.
    QJsonObject request = client.envelope(u"hub:queue_stats"_s, QJsonObject{{u"fill"_s, QString(520'000, u'ü')}});
    const qsizetype missing = HubCore::largestMessage - QJsonDocument(request).toJson(QJsonDocument::Compact).size();
    request.insert(u"payload"_s, QJsonObject{{u"fill"_s, QString(QString(520'000, u'ü') + QString(missing, u'x'))}});
    QCOMPARE(client.ask(request).value(u"type"_s), u"hub:queue_stats_response"_s);
    request.insert(u"payload"_s, QJsonObject{{u"fill"_s, QString(QString(520'000, u'ü') + QString(missing + 1, u'x'))}});
    client.send(request);
    QVERIFY(client.waitClosed());
    QCOMPARE(client.closeCode(), 1009);
    QCOMPARE(client.closeReason(), u"Message is too large: 1048577 > 1048576"_s);
    QCOMPARE(registered(), 0);
}

void HubQuirksTest::tooLargeNewerRuntime()
{
    QVERIFY(listen({.newerRuntime = true}));
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    client.sendText('"' + QByteArray(2'000'000, 'x') + '"');
    const QJsonObject payload = client.takeType(u"hub:error"_s).value(u"payload"_s).toObject();
    QCOMPARE(payload.value(u"code"_s), u"message_too_large"_s);
    QCOMPARE(payload.value(u"details"_s).toObject().value(u"actualSize"_s).toInt(), 2'000'002);
    QVERIFY(client.nothingCame());
}

void HubQuirksTest::closeFrameIsNotAnswered()
{
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    client.registerActor(u"@(local/a)"_s);
    // By hand, since QWebSocket ends TCP itself.
    QTcpSocket raw;
    raw.connectToHost(u"127.0.0.1"_s, m_server->port());
    raw.write("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    QByteArray got;
    connect(&raw, &QTcpSocket::readyRead, &raw, [&] { got += raw.readAll(); });
    QTRY_VERIFY_WITH_TIMEOUT(got.endsWith("\r\n\r\n"), 15'000);
    QVERIFY(got.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")); // The example of RFC 6455.
    QCOMPARE(m_server->connections(), 2);
    got.clear();
    raw.write(QByteArray::fromHex("8880000000008900")); // Close, then a ping that is heard by nobody.
    QTRY_COMPARE_WITH_TIMEOUT(m_server->connections(), 1, 15'000);
    QVERIFY(client.nothingCame()); // Whatever the hub had answered would have come by now.
    QCOMPARE(raw.state(), QAbstractSocket::ConnectedState);
    QVERIFY(got.isEmpty());
    client.socket().close();
    QTRY_COMPARE_WITH_TIMEOUT(registered(), 0, 15'000);
}

void HubQuirksTest::abruptEnd()
{
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    client.registerActor(u"@(local/a)"_s);
    client.socket().abort();
    QTRY_COMPARE_WITH_TIMEOUT(registered(), 0, 15'000);
}

void HubQuirksTest::expiry()
{
    QVERIFY(listen({.forgets = false}));
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    const QJsonObject payload = client.registerActor(u"@(local/a)"_s, {u"a"_s}, 300).value(u"payload"_s).toObject();
    m_clock.step(300'200);
    // Expired and not swept: it can be renewed.
    QCOMPARE(client.ask(u"hub:renew"_s, QJsonObject{{u"renewalToken"_s, payload.value(u"renewalToken"_s)}}).value(u"type"_s),
             u"hub:renewed"_s);
    const auto total = [&] {
        return client.ask(u"hub:list_actors"_s, QJsonObject()).value(u"payload"_s).toObject().value(u"total"_s).toInt();
    };
    QCOMPARE(total(), 1);
    m_clock.step(300'200);
    QCOMPARE(total(), 0);
    QVERIFY(client.nothingCame()); // Nobody is told.
}

void HubQuirksTest::duplicateByConnectAddress()
{
    HubRawClient first(u"@(desktop/same)"_s);
    HubRawClient second(u"@(desktop/same)"_s);
    QVERIFY(first.join(m_server->port()));
    QVERIFY(second.join(m_server->port())); // Two of one name live next to each other …
    QVERIFY(first.nothingCame());
    second.registerActor(u"@(desktop/same)"_s); // … until one registers it.
    const QJsonObject notice = first.takeType(u"hub:disconnect"_s);
    QCOMPARE(notice.value(u"payload"_s).toObject().value(u"reason"_s), u"duplicate_connection"_s);
    QVERIFY(notice.value(u"correlationId"_s).isNull());
    QVERIFY(first.waitClosed());
    QCOMPARE(first.closeCode(), 1000);
    QCOMPARE(first.closeReason(), u"Duplicate connection - new session established"_s);
}

void HubQuirksTest::duplicateByLastRegistered()
{
    HubRawClient first;
    HubRawClient second(u"@(desktop/console-2)"_s);
    QVERIFY(first.join(m_server->port()));
    QVERIFY(second.join(m_server->port()));
    first.registerActor(u"@(local/a)"_s);
    first.registerActor(u"@(local/b)"_s);
    second.registerActor(u"@(local/b)"_s);
    QVERIFY(first.waitClosed());
    QCOMPARE(registered(), 1); // All of the first one's actors went with it.
}

void HubQuirksTest::earlierAddressMovesSilently()
{
    HubRawClient first;
    HubRawClient second(u"@(desktop/console-2)"_s);
    QVERIFY(first.join(m_server->port()));
    QVERIFY(second.join(m_server->port()));
    first.registerActor(u"@(local/a)"_s);
    first.registerActor(u"@(local/b)"_s);
    const QJsonObject moved = second.registerActor(u"@(local/a)"_s).value(u"payload"_s).toObject();
    QCOMPARE(moved.value(u"version"_s).toInt(), 2);
    QVERIFY(first.nothingCame());
    first.ask(u"hub:disconnect"_s, QJsonObject());
    QCOMPARE(registered(), 1); // It belongs to the second now.
}

void HubQuirksTest::refusedRegisterKicksAllTheSame()
{
    HubRawClient first;
    HubRawClient second(u"@(desktop/console-2)"_s);
    QVERIFY(first.join(m_server->port()));
    QVERIFY(second.join(m_server->port()));
    first.registerActor(u"@(local/a)"_s);
    QCOMPARE(errorOf(second.registerActor(u"@(local/a)"_s, {})), u"internal_error: capabilities must be a non-empty array"_s);
    QVERIFY(first.waitClosed());
}

void HubQuirksTest::publishDropsUnregistered()
{
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    client.ask(u"hub:subscribe"_s, QJsonObject{{u"topic"_s, u"events"_s}}); // As connect's address, which is not registered.
    const QJsonObject publish{{u"topic"_s, u"events"_s}, {u"type"_s, u"x"_s}};
    const auto reached = [&] {
        return client.ask(u"hub:publish"_s, publish).value(u"payload"_s).toObject().value(u"subscriberCount"_s).toInt();
    };
    QCOMPARE(reached(), 0);
    client.registerActor(u"@(desktop/console-1)"_s);
    QCOMPARE(reached(), 0); // The subscription is gone, and nobody was told.
}

void HubQuirksTest::subscriptionEndsWithItsSession()
{
    HubRawClient first(u"@(local/first)"_s);
    HubRawClient second(u"@(local/second)"_s);
    QVERIFY(first.join(m_server->port()) && second.join(m_server->port()));
    const QJsonObject news{{u"topic"_s, u"events"_s}, {u"type"_s, u"event"_s}};
    const auto reached = [&] { return second.ask(u"hub:publish"_s, news)[u"payload"_s][u"subscriberCount"_s].toInt(-1); };
    first.registerActor(u"@(local/shared)"_s);
    first.ask(u"hub:subscribe"_s, QJsonObject{{u"topic"_s, u"events"_s}});
    QCOMPARE(reached(), 1);
    first.socket().abort();
    QTRY_COMPARE_WITH_TIMEOUT(registered(), 0, HubRawClient::limitMs);
    second.registerActor(u"@(local/shared)"_s); // The same address, of somebody who has not subscribed.
    QCOMPARE(reached(), 0);
}

void HubQuirksTest::subscribingNeedsAnAddressFirst()
{
    HubRawClient nobody;
    QVERIFY(nobody.open(m_server->port()));
    const QString refusal = u"unauthorized: Actor identity required for subscriptions"_s;
    QCOMPARE(errorOf(nobody.ask(u"hub:subscribe"_s, QJsonObject())), refusal); // Before the topic is looked at.
    QCOMPARE(errorOf(nobody.ask(u"hub:unsubscribe"_s, QJsonObject{{u"topic"_s, u"events"_s}})), refusal);
}

void HubQuirksTest::metricsAreForgottenToo()
{
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    HubRawClient broken;
    QVERIFY(broken.join(m_server->port()));
    const auto metrics = [](HubRawClient &from) { return from.ask(u"hub:metrics"_s, QJsonObject())[u"payload"_s].toObject(); };
    const QJsonObject before = metrics(client);
    broken.sendText("no JSON");
    QVERIFY(broken.waitClosed());
    const QJsonObject counted = metrics(client);
    QCOMPARE(counted[u"messages_received"_s].toInt(), before[u"messages_received"_s].toInt() + 2);
    QCOMPARE(counted[u"errors"_s].toInt(), before[u"errors"_s].toInt() + 1);
    m_clock.step(1'000);
    m_server->core().wipe();
    HubRawClient again;
    QVERIFY(again.join(m_server->port()));
    const QJsonObject after = metrics(again);
    QVERIFY(after[u"messages_received"_s].toInt() < counted[u"messages_received"_s].toInt());
    QVERIFY(after[u"windowStart"_s].toInteger() > counted[u"windowStart"_s].toInteger());
}

void HubQuirksTest::actorsObey()
{
    HubActorOptions options;
    options.count = 3;
    options.shutdownTakes = 50;
    options.replaceAfter = 100;
    HubActors actors(m_server->core(), options, m_clock);
    QSignalSpy all(&actors, &HubActors::allRegistered);
    actors.start();
    QVERIFY(all.wait(15'000));
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    client.registerActor(u"@(desktop/console-1)"_s);
    const QString target = u"@(local/planner-1)"_s;
    const auto order = [&](const QString &type, const QString &id) {
        return client
            .ask(u"hub:send"_s,
                 QJsonObject{{u"to"_s, target},
                             {u"type"_s, type},
                             {u"data"_s, QJsonObject{{u"commandId"_s, id}, {u"reason"_s, u"test"_s}, {u"by"_s, u"me"_s}}}})
            .value(u"type"_s)
            .toString();
    };
    const auto ack = [&] { return client.takeType(u"worker:ack"_s).value(u"payload"_s).toObject(); };
    QCOMPARE(order(u"worker:drain"_s, u"d1"_s), u"hub:delivery_ack"_s);
    QCOMPARE(ack(), (QJsonObject{{u"commandId"_s, u"d1"_s}, {u"accepted"_s, true}, {u"status"_s, u"draining"_s}}));
    QCOMPARE(order(u"worker:shutdown"_s, u"s1"_s), u"hub:delivery_ack"_s);
    QCOMPARE(ack().value(u"status"_s), u"shutting-down"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!m_server->core().registry().find(target), 15'000);
    QCOMPARE(order(u"worker:shutdown"_s, u"s2"_s), u"hub:unknown_actor"_s);
    QTRY_COMPARE_WITH_TIMEOUT(actors.registered(), 3, 15'000); // Somebody takes its place.

    const QStringList refusing = actors.makeRefuse(1);
    client.ask(u"hub:send"_s, QJsonObject{{u"to"_s, refusing.first()},
                                          {u"type"_s, u"worker:shutdown"_s},
                                          {u"data"_s, QJsonObject{{u"commandId"_s, u"r1"_s}}}});
    QCOMPARE(ack().value(u"accepted"_s), QJsonValue(false));
}

void HubQuirksTest::actorsComeBackAfterWipe()
{
    HubActorOptions options;
    options.count = 20;
    options.heartbeat = 200;
    HubActors actors(m_server->core(), options, m_clock);
    QSignalSpy all(&actors, &HubActors::allRegistered);
    actors.start();
    QVERIFY(all.wait(15'000));
    m_server->core().wipe();
    QCOMPARE(registered(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(registered(), 20, 15'000);
}

PULSEDECK_TEST(HubQuirksTest, runWithEvents)
#include "hubquirks_test.moc"
