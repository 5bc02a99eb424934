// SPDX-License-Identifier: GPL-3.0-or-later
// Every error a hub is known for, from the simulated one.
#include "app/simulator/hubserver.h"
#include "app/simulator/hubtoken.h"
#include "tests/hub/hubclock.h"
#include "tests/hub/hubrawclient.h"
#include "tests/support/testprogram.h"

#include <QJsonDocument>
#include <QTest>

using namespace pulsedeck;
using namespace pulsedeck::fleet;
using namespace Qt::StringLiterals;

class HubErrorsTest : public QObject
{
    Q_OBJECT

private slots:
    void connecting_data();
    void connecting();
    void emptyCapabilitiesWithGoodToken();
    void requests_data();
    void requests();
    void structure_data();
    void structure();
    void tellIsAnsweredToo();
    void notConnectedWithAuth();
    void subscribeWithoutIdentity();
    void registryFull();
    void broadcastLimit();
    void targetNeverConnected();
    void refreshToken();
    void tokenExpiresWithinSession();

private:
    bool listen(const HubRules &rules);

    HubClock m_clock;
    std::unique_ptr<HubServer> m_server;
};

bool HubErrorsTest::listen(const HubRules &rules)
{
    m_server = std::make_unique<HubServer>(rules, m_clock);
    QString problem;
    return m_server->listen(0, &problem);
}

void HubErrorsTest::connecting_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<QString>("token");
    QTest::addColumn<bool>("capable");
    QTest::addColumn<QString>("error");
    const qint64 now = m_clock.nowMs();
    const auto token = [now](const QByteArray &secret, qint64 life) {
        return QString::fromLatin1(HubToken::issue(u"desktop/console-1"_s, secret, now, life));
    };
    const auto claims = [now](QJsonObject object) {
        object.insert(u"iat"_s, now / 1000);
        return QString::fromLatin1(HubToken::sign(object, "secret"));
    };
    const QString good = token("secret", 3600);
    const QString current = u"0.1.0"_s;
    QTest::newRow("no version") << QString() << good << true << u"version_mismatch: Missing protocolVersion in metadata"_s;
    QTest::newRow("other version") << u"1.0.0"_s << good << true
                                   << u"version_mismatch: Protocol version mismatch: client=1.0.0, server=0.1.0"_s;
    QTest::newRow("no token") << current << QString() << true
                              << u"unauthorized: Authentication required but no authToken provided"_s;
    QTest::newRow("no JWT") << current << u"abc"_s << true << u"unauthorized: JWT validation failed: Invalid Compact JWS"_s;
    QTest::newRow("wrong secret") << current << token("other", 3600) << true
                                  << u"unauthorized: JWT signature verification failed"_s;
    QTest::newRow("expired") << current << token("secret", -1) << true << u"unauthorized: JWT token has expired"_s;
    QTest::newRow("issuer") << current << claims({{u"iss"_s, u"else"_s}, {u"sub"_s, u"a"_s}, {u"actorId"_s, u"a"_s}}) << true
                            << u"unauthorized: JWT claim validation failed: unexpected \"iss\" claim value"_s;
    QTest::newRow("claims") << current << claims({{u"iss"_s, u"signal-hub"_s}}) << true
                            << u"unauthorized: JWT missing required claims (sub, actorId)"_s;
    QTest::newRow("capabilities") << current << good << false << u"unauthorized: capabilities must be a non-empty array"_s;
    QTest::newRow("good") << current << good << true << u"no error: hub:connected"_s;
    QTest::newRow("bearer") << current << QString(u"Bearer "_s + good) << true << u"no error: hub:connected"_s;
}

void HubErrorsTest::connecting()
{
    QFETCH(QString, version);
    QFETCH(QString, token);
    QFETCH(bool, capable);
    QVERIFY(listen({.secret = "secret"}));
    HubRawClient client;
    QVERIFY(client.open(m_server->port()));
    QJsonObject metadata{{u"capabilities"_s, capable ? QJsonArray{u"console"_s} : QJsonArray()}};
    if (!version.isEmpty())
        metadata.insert(u"protocolVersion"_s, version);
    if (!token.isEmpty())
        metadata.insert(u"authToken"_s, token);
    QTEST(errorOf(client.ask(u"hub:connect"_s, QJsonObject(), metadata)), "error");
    // The socket stays open, and a right connect on it works.
    metadata = {{u"capabilities"_s, QJsonArray{u"console"_s}},
                {u"protocolVersion"_s, u"0.1.0"_s},
                {u"authToken"_s, QString::fromLatin1(HubToken::issue(u"a"_s, "secret", m_clock.nowMs()))}};
    QCOMPARE(errorOf(client.ask(u"hub:connect"_s, QJsonObject(), metadata)), u"no error: hub:connected"_s);
}

void HubErrorsTest::emptyCapabilitiesWithGoodToken()
{
    QVERIFY(listen({.secret = "secret"}));
    HubRawClient client;
    QVERIFY(client.open(m_server->port()));
    client.ask(u"hub:connect"_s, QJsonObject(),
               {{u"protocolVersion"_s, u"0.1.0"_s},
                {u"capabilities"_s, QJsonArray()},
                {u"authToken"_s, QString::fromLatin1(HubToken::issue(u"a"_s, "secret", m_clock.nowMs()))}});
    // Refused, and yet authenticated; but nothing can be delivered to it.
    QCOMPARE(client.registerActor(u"@(local/a)"_s).value(u"type"_s), u"hub:registered"_s);
    QCOMPARE(errorOf(client.ask(u"hub:send"_s, QJsonObject{{u"to"_s, u"@(local/a)"_s}, {u"type"_s, u"x"_s}})),
             u"internal_error: Target actor connection not found"_s);
}

void HubErrorsTest::requests_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QJsonValue>("payload");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const QString &type, const QJsonValue &payload, const QString &error) {
        QTest::newRow(name) << type << payload << error;
    };
    const QJsonObject none;
    const QString internal = u"internal_error: "_s;
    row("register without capabilities", u"hub:register"_s,
        QJsonObject{{u"actorAddress"_s, u"@(a)"_s}, {u"capabilities"_s, QJsonArray()}},
        internal + u"capabilities must be a non-empty array"_s);
    row("register without address", u"hub:register"_s, none, internal + u"actorAddress is required"_s);
    row("renew unknown", u"hub:renew"_s, QJsonObject{{u"renewalToken"_s, u"renewal-x"_s}},
        u"unauthorized: Invalid or expired renewal token"_s);
    row("renew nothing", u"hub:renew"_s, none, internal + u"renewalToken is required"_s);
    row("null payload", u"hub:heartbeat"_s, QJsonValue::Null,
        internal + u"Cannot read properties of null (reading 'timestamp')"_s);
    row("unknown type", u"hub:nonsense"_s, none, internal + u"Unknown message type: hub:nonsense"_s);
    row("pause", u"hub:pause"_s, none, internal + u"Unknown message type: hub:pause"_s);
    row("resume", u"hub:resume"_s, none, internal + u"Unknown message type: hub:resume"_s);
    row("discover without pattern", u"hub:discover"_s, none, internal + u"pattern is required"_s);
    row("subscribe without topic", u"hub:subscribe"_s, none, internal + u"topic is required"_s);
    row("unsubscribe by id", u"hub:unsubscribe"_s, QJsonObject{{u"subscriptionId"_s, u"sub-1"_s}},
        internal + u"topic is required"_s);
    row("publish without topic", u"hub:publish"_s, none, internal + u"topic is required"_s);
    row("send without type", u"hub:send"_s, QJsonObject{{u"to"_s, u"@(a)"_s}}, internal + u"type is required"_s);
    row("refresh with authentication off", u"hub:refresh_token"_s, QJsonObject{{u"token"_s, u"abc"_s}},
        u"invalid_token: Token is not a valid session token"_s);
}

void HubErrorsTest::requests()
{
    QFETCH(QString, type);
    QFETCH(QJsonValue, payload);
    QVERIFY(listen({}));
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    const QJsonObject error = client.ask(type, payload);
    QTEST(errorOf(error), "error");
    QCOMPARE(error.value(u"pattern"_s), u"tell"_s);
    QCOMPARE(client.ask(u"hub:queue_stats"_s, QJsonObject()).value(u"type"_s), u"hub:queue_stats_response"_s);
}

void HubErrorsTest::structure_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QJsonValue>("value");
    for (const char *field : {"id", "from", "to", "type", "pattern", "timestamp", "correlationId", "ttl", "signature"})
        QTest::addRow("no %s", field) << QString::fromLatin1(field) << QJsonValue(QJsonValue::Undefined);
    QTest::newRow("from") << u"from"_s << QJsonValue(u"desktop"_s);
    QTest::newRow("to") << u"to"_s << QJsonValue(u"hub"_s);
    QTest::newRow("pattern") << u"pattern"_s << QJsonValue(u"shout"_s);
    QTest::newRow("timestamp") << u"timestamp"_s << QJsonValue(u"now"_s);
    QTest::newRow("ttl") << u"ttl"_s << QJsonValue(u"long"_s);
}

void HubErrorsTest::structure()
{
    QFETCH(QString, field);
    QFETCH(QJsonValue, value);
    QVERIFY(listen({}));
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    QJsonObject request = client.envelope(u"hub:queue_stats"_s, QJsonObject());
    if (value.isUndefined())
        request.remove(field);
    else
        request.insert(field, value);
    client.send(request);
    const QJsonObject error = client.takeType(u"hub:error"_s);
    QCOMPARE(errorOf(error), u"internal_error: Invalid SharedMessage structure"_s);
    QCOMPARE(error.contains(u"to"_s), request.contains(u"from"_s));
    QCOMPARE(error.contains(u"correlationId"_s), request.contains(u"id"_s));
    // A ping with a space in it is no ping.
    client.sendText(R"J({"type": "ping"})J");
    QCOMPARE(errorOf(client.takeType(u"hub:error"_s)), u"internal_error: Invalid SharedMessage structure"_s);
}

void HubErrorsTest::tellIsAnsweredToo()
{
    QVERIFY(listen({}));
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    QCOMPARE(errorOf(client.ask(u"hub:discover"_s, QJsonObject(), {}, u"tell"_s)), u"internal_error: pattern is required"_s);
    QCOMPARE(errorOf(client.ask(u"hub:send"_s, QJsonObject{{u"to"_s, u"@(a)"_s}}, {}, u"tell"_s)),
             u"internal_error: type is required"_s);
}

void HubErrorsTest::notConnectedWithAuth()
{
    QVERIFY(listen({.secret = "secret"}));
    HubRawClient client;
    QVERIFY(client.open(m_server->port()));
    for (const QString &type : {u"hub:heartbeat"_s, u"hub:list_actors"_s, u"hub:queue_stats"_s}) {
        QCOMPARE(errorOf(client.ask(type, QJsonObject())), u"unauthorized: Not authenticated - send hub:connect first"_s);
    }
}

void HubErrorsTest::subscribeWithoutIdentity()
{
    QVERIFY(listen({}));
    HubRawClient client;
    QVERIFY(client.open(m_server->port()));
    const QJsonObject topic{{u"topic"_s, u"events"_s}};
    QCOMPARE(errorOf(client.ask(u"hub:subscribe"_s, topic)), u"unauthorized: Actor identity required for subscriptions"_s);
    client.registerActor(u"@(local/a)"_s); // Authentication is off: this works without hub:connect, and gives an identity.
    QCOMPARE(errorOf(client.ask(u"hub:subscribe"_s, topic)), u"no error: hub:subscribed"_s);
}

void HubErrorsTest::registryFull()
{
    QVERIFY(listen({.mostActors = 3}));
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    for (int i = 0; i < 3; ++i)
        client.registerActor(u"@(local/%1)"_s.arg(i));
    const QJsonObject error = client.registerActor(u"@(local/4)"_s);
    QVERIFY2(errorOf(error).startsWith(u"rate_limited: Registry at capacity (3/3 actors)"_s), qPrintable(errorOf(error)));
    const QJsonObject details = error.value(u"payload"_s).toObject().value(u"details"_s).toObject();
    QCOMPARE(details.keys(), (QStringList{u"action"_s, u"currentSize"_s, u"limit"_s}));
    QCOMPARE(client.registerActor(u"@(local/1)"_s).value(u"type"_s), u"hub:registered"_s);
}

void HubErrorsTest::broadcastLimit()
{
    HubRules rules;
    rules.burst = rules.perSecond = 10'000;
    QVERIFY(listen(rules));
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    for (int i = 0; i < 1'001; ++i)
        client.send(client.envelope(u"hub:register"_s, QJsonObject{{u"actorAddress"_s, u"@(local/%1)"_s.arg(i)},
                                                                   {u"capabilities"_s, QJsonArray{i ? u"a"_s : u"b"_s}}}));
    const QJsonObject payload{{u"type"_s, u"notice"_s}};
    const QJsonObject error = client.ask(u"hub:broadcast"_s, payload);
    QCOMPARE(error.value(u"payload"_s).toObject().value(u"code"_s), u"BROADCAST_LIMIT_EXCEEDED"_s);
    QVERIFY(!error.value(u"payload"_s).toObject().contains(u"details"_s));
    const QJsonObject ack = client.ask(u"hub:broadcast"_s, payload, {{u"targetCapability"_s, u"a"_s}});
    QCOMPARE(ack.value(u"payload"_s).toObject().value(u"deliveredCount"_s).toInt(), 1'000);
}

void HubErrorsTest::targetNeverConnected()
{
    QVERIFY(listen({}));
    HubRawClient actor(u"@(local/a)"_s);
    QVERIFY(actor.open(m_server->port()));
    actor.registerActor(u"@(local/a)"_s);
    HubRawClient client;
    QVERIFY(client.join(m_server->port()));
    const QJsonObject error = client.ask(u"hub:send"_s, QJsonObject{{u"to"_s, u"@(local/a)"_s}, {u"type"_s, u"x"_s}});
    QCOMPARE(errorOf(error), u"internal_error: Target actor connection not found"_s);
    QCOMPARE(error.value(u"payload"_s).toObject().value(u"retryable"_s), QJsonValue(false));
    QVERIFY(!error.value(u"payload"_s).toObject().contains(u"details"_s));
}

void HubErrorsTest::refreshToken()
{
    QVERIFY(listen({.secret = "secret"}));
    const QString token = QString::fromLatin1(HubToken::issue(u"desktop/console-1"_s, "secret", m_clock.nowMs()));
    HubRawClient client;
    QVERIFY(client.join(m_server->port(), token));
    const QJsonObject message = client.ask(u"hub:refresh_token"_s, QJsonObject{{u"token"_s, token}});
    QCOMPARE(message.value(u"type"_s), u"hub:token_refreshed"_s);
    const QJsonObject payload = message.value(u"payload"_s).toObject();
    QVERIFY(payload.value(u"expiresAt"_s).toDouble() > double(m_clock.nowMs()) + 3'500'000);
    QString problem;
    const auto claims = HubToken::verify(payload.value(u"token"_s).toString(), "secret", m_clock.nowMs(), &problem);
    QVERIFY2(claims, qPrintable(problem));
    QCOMPARE(claims->value(u"actorId"_s), u"desktop/console-1"_s);
    QCOMPARE(errorOf(client.ask(u"hub:refresh_token"_s, QJsonObject{{u"token"_s, u"nonsense"_s}})),
             u"invalid_token: JWT validation failed: Invalid Compact JWS"_s);
}

void HubErrorsTest::tokenExpiresWithinSession()
{
    HubRules rules;
    rules.secret = "secret";
    rules.forgets = false;
    QVERIFY(listen(rules));
    const QString token = QString::fromLatin1(HubToken::issue(u"a"_s, "secret", m_clock.nowMs(), 60));
    HubRawClient client;
    QVERIFY(client.join(m_server->port(), token));
    m_clock.step(120'000);
    QCOMPARE(errorOf(client.ask(u"hub:queue_stats"_s, QJsonObject())),
             u"no error: hub:queue_stats_response"_s); // Checked at connect only.
    HubRawClient second;
    QVERIFY(!second.join(m_server->port(), token));
}

PULSEDECK_TEST(HubErrorsTest, runWithEvents)
#include "huberrors_test.moc"
