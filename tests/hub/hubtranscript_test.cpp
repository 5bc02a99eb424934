// SPDX-License-Identifier: GPL-3.0-or-later
// What was heard on a true Signal Hub, said again to the simulated one: "…" stands for any text, a time for any time.
#include "app/simulator/hubserver.h"
#include "tests/hub/hubclock.h"
#include "tests/hub/hubrawclient.h"
#include "tests/support/testprogram.h"

#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace pulsedeck::fleet;
using namespace Qt::StringLiterals;

namespace {

constexpr double earliestTime = 1e12;

/// Nothing if \a actual is what was heard, else where it is not.
QString difference(const QJsonValue &heard, const QJsonValue &actual, const QString &where = u"$"_s)
{
    if (heard.type() != actual.type())
        return where + u" is of another type"_s;
    switch (heard.type()) {
    case QJsonValue::Object: {
        const QJsonObject a = heard.toObject();
        const QJsonObject b = actual.toObject();
        if (a.keys() != b.keys())
            return where + u" has "_s + b.keys().join(u' ') + u" in place of "_s + a.keys().join(u' ');
        for (const QString &key : a.keys()) {
            if (const QString text = difference(a.value(key), b.value(key), where + u'.' + key); !text.isEmpty())
                return text;
        }
        return {};
    }
    case QJsonValue::Array: {
        const QJsonArray a = heard.toArray();
        const QJsonArray b = actual.toArray();
        if (a.size() != b.size())
            return where + u" is of another length"_s;
        for (qsizetype i = 0; i < a.size(); ++i) {
            if (const QString text = difference(a[i], b[i], where + u'[' + QString::number(i) + u']'); !text.isEmpty())
                return text;
        }
        return {};
    }
    case QJsonValue::String: {
        const QString text = heard.toString();
        const bool same = text.endsWith(u'…')
                              ? actual.toString().startsWith(text.chopped(1)) && actual.toString().size() >= text.size()
                              : text == actual.toString();
        return same ? QString() : QString(where + u" is “"_s + actual.toString() + u"”"_s);
    }
    case QJsonValue::Double:
        if (heard.toDouble() >= earliestTime)
            return actual.toDouble() >= earliestTime ? QString() : QString(where + u" is no time"_s);
        return heard == actual ? QString() : QString(where + u" is another number"_s);
    default:
        return heard == actual ? QString() : QString(where + u" differs"_s);
    }
}

QJsonObject json(const char *text)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    Q_ASSERT_X(document.isObject(), text, qPrintable(error.errorString()));
    return document.object();
}

} // namespace

#define HEARD(actual, ...)                                                                                                       \
    do {                                                                                                                         \
        const QString differs = difference(json(__VA_ARGS__), actual);                                                           \
        QVERIFY2(differs.isEmpty(), qPrintable(differs));                                                                        \
    } while (false)

class HubTranscriptTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void health();
    void plainHttp_data();
    void plainHttp();
    void upgradePaths();
    void connectAnswer();
    void heartbeat();
    void registration();
    void renewal();
    void list();
    void discover();
    void sending();
    void sendingWithoutData();
    void unknownActor();
    void broadcast();
    void publication();
    void queueStatsAndMetrics();
    void disconnect();
    void rateLimit();
    void silentRequests();

private:
    QJsonObject answer(const QString &type, const char *payload) { return m_client->ask(type, json(payload)); }

    HubClock m_clock;
    std::unique_ptr<HubServer> m_server;
    std::unique_ptr<HubRawClient> m_client;
};

void HubTranscriptTest::init()
{
    m_server = std::make_unique<HubServer>(HubRules(), m_clock);
    QString problem;
    QVERIFY2(m_server->listen(0, &problem), qPrintable(problem));
    m_client = std::make_unique<HubRawClient>();
    QVERIFY(m_client->join(m_server->port()));
}

void HubTranscriptTest::cleanup()
{
    m_client.reset();
    m_server.reset();
}

void HubTranscriptTest::health()
{
    QNetworkAccessManager network;
    std::unique_ptr<QNetworkReply> reply(
        network.get(QNetworkRequest(QUrl(u"http://127.0.0.1:%1/health"_s.arg(m_server->port())))));
    QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 15'000);
    QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 200);
    HEARD(QJsonDocument::fromJson(reply->readAll()).object(),
          R"J({"status":"ok","service":"signal-hub","version":"0.1.0","timestamp":1795288874164})J");
}

void HubTranscriptTest::plainHttp_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("socket") << u"/ws"_s << 426 << QByteArray("Expected WebSocket upgrade");
    QTest::newRow("root") << u"/"_s << 426 << QByteArray("Expected WebSocket upgrade");
    QTest::newRow("other") << u"/elsewhere"_s << 404 << QByteArray("Not Found");
}

void HubTranscriptTest::plainHttp()
{
    QFETCH(QString, path);
    QNetworkAccessManager network;
    std::unique_ptr<QNetworkReply> reply(
        network.get(QNetworkRequest(QUrl(u"http://127.0.0.1:%1%2"_s.arg(m_server->port()).arg(path)))));
    QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 15'000);
    QTEST(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), "status");
    QTEST(reply->readAll(), "body");
}

void HubTranscriptTest::upgradePaths()
{
    HubRawClient root;
    QVERIFY(root.open(m_server->port(), u"/"_s));
    HubRawClient health;
    QSignalSpy failed(&health.socket(), qOverload<QAbstractSocket::SocketError>(&QWebSocket::error));
    health.socket().open(QUrl(u"ws://127.0.0.1:%1/health"_s.arg(m_server->port())));
    QTRY_VERIFY_WITH_TIMEOUT(!failed.isEmpty(), 15'000);
    QVERIFY2(health.socket().errorString().contains(u"200"_s), qPrintable(health.socket().errorString()));
}

void HubTranscriptTest::connectAnswer()
{
    QJsonObject request = json(
        R"J({"id":"7e8b9cc6-…","from":"@(desktop/console-1)","to":"@(cloudflare/signal-hub)","type":"hub:connect","payload":{},"pattern":"ask","correlationId":null,"timestamp":1795288894333,"metadata":{"protocolVersion":"0.1.0","capabilities":["console"]},"ttl":null,"signature":null})J");
    HEARD(
        m_client->ask(request),
        R"J({"id":"…","from":"@(cloudflare/signal-hub)","to":"@(desktop/console-1)","type":"hub:connected","payload":{"sessionId":"session-…","serverVersion":"0.1.0","maxMessageSize":1048576,"heartbeatInterval":300000,"capabilities":{"maxActorsPerInstance":50000,"supportsBackpressure":true,"supportedContentTypes":["application/json"]}},"pattern":"tell","correlationId":"7e8b9cc6-…","timestamp":1795288894334,"metadata":{"actorIdentity":"@(desktop/console-1)"},"ttl":null,"signature":null})J");
    for (const char *version : {"0.9.7", "0"}) { // Only what stands before the first dot counts.
        const QJsonObject metadata{{u"protocolVersion"_s, QString::fromLatin1(version)}, {u"capabilities"_s, QJsonArray{u"a"_s}}};
        QCOMPARE(m_client->ask(u"hub:connect"_s, QJsonObject(), metadata).value(u"type"_s), u"hub:connected"_s);
    }
}

void HubTranscriptTest::heartbeat()
{
    const QJsonObject message = answer(u"hub:heartbeat"_s, R"J({"timestamp":1795288894336})J");
    QCOMPARE(message.value(u"type"_s), u"hub:heartbeat_ack"_s);
    HEARD(message.value(u"payload"_s), R"J({"timestamp":1795288894336,"serverTime":1795288894336})J");
    QCOMPARE(message.value(u"payload"_s).toObject().value(u"timestamp"_s).toInteger(), 1795288894336);
}

void HubTranscriptTest::registration()
{
    const char *request =
        R"J({"actorAddress":"@(local/agent-1)","capabilities":["agent","planner"],"metadata":{"displayName":"Planner"},"ttlSeconds":600})J";
    QJsonObject message = answer(u"hub:register"_s, request);
    QCOMPARE(message.value(u"type"_s), u"hub:registered"_s);
    QJsonObject payload = message.value(u"payload"_s).toObject();
    HEARD(payload, R"J({"actorAddress":"@(local/agent-1)","expiresAt":1795290174047,"renewalToken":"renewal-…","version":1})J");
    const double left = payload.value(u"expiresAt"_s).toDouble() - double(m_clock.nowMs());
    QVERIFY2(left > 590'000 && left <= 600'000, qPrintable(QString::number(left)));
    const QJsonObject again = answer(u"hub:register"_s, request).value(u"payload"_s).toObject();
    QCOMPARE(again.value(u"version"_s).toInt(), 2);
    QVERIFY(again.value(u"renewalToken"_s) != payload.value(u"renewalToken"_s));

    const auto ttlGiven = [this](const QJsonValue &ttl) {
        const QJsonObject body = m_client->registerActor(u"plain"_s, {u"a"_s}, ttl).value(u"payload"_s).toObject();
        return body.value(u"expiresAt"_s).isNull()
                   ? -1.0
                   : std::round((body.value(u"expiresAt"_s).toDouble() - double(m_clock.nowMs())) / 1000);
    };
    QCOMPARE(ttlGiven(QJsonValue::Undefined), 300.0);
    QCOMPARE(ttlGiven(7'200), 3'600.0);
    QCOMPARE(ttlGiven(0), 0.0);
    QCOMPARE(ttlGiven(-5), -5.0);
    QCOMPARE(ttlGiven(u"abc"_s), -1.0); // null.
}

void HubTranscriptTest::renewal()
{
    const QJsonObject first = m_client->registerActor(u"@(local/long)"_s, {u"agent"_s}, 3'600).value(u"payload"_s).toObject();
    const QJsonObject message = m_client->ask(u"hub:renew"_s, QJsonObject{{u"renewalToken"_s, first.value(u"renewalToken"_s)}});
    QCOMPARE(message.value(u"type"_s), u"hub:renewed"_s);
    const QJsonObject payload = message.value(u"payload"_s).toObject();
    HEARD(payload, R"J({"expiresAt":1795289880598,"renewalToken":"renewal-…"})J");
    // Five minutes always, which shortens the hour.
    QVERIFY(payload.value(u"expiresAt"_s).toDouble() < first.value(u"expiresAt"_s).toDouble() - 3'000'000);
    QVERIFY(payload.value(u"renewalToken"_s) != first.value(u"renewalToken"_s));
    const QJsonObject old = m_client->ask(u"hub:renew"_s, QJsonObject{{u"renewalToken"_s, first.value(u"renewalToken"_s)}});
    QCOMPARE(errorOf(old), u"unauthorized: Invalid or expired renewal token"_s);
    const QJsonArray actors = answer(u"hub:list_actors"_s, "{}").value(u"payload"_s).toObject().value(u"actors"_s).toArray();
    QCOMPARE(actors.at(0).toObject().value(u"version"_s).toInt(), 2);
}

void HubTranscriptTest::list()
{
    for (int i = 0; i < 7; ++i)
        m_client->registerActor(u"@(local/p-%1)"_s.arg(i), {i % 2 ? u"odd"_s : u"even"_s, u"agent"_s});
    const QJsonObject message = answer(u"hub:list_actors"_s, R"J({"limit":2,"offset":0})J");
    HEARD(
        message.value(u"payload"_s),
        R"J({"actors":[{"actorAddress":"@(local/p-0)","capabilities":["even","agent"],"metadata":{},"connectionId":"session-…","registeredAt":1795289583910,"expiresAt":1795289883910,"version":1,"renewalToken":"renewal-…"},{"actorAddress":"@(local/p-1)","capabilities":["odd","agent"],"metadata":{},"connectionId":"session-…","registeredAt":1795289583910,"expiresAt":1795289883910,"version":1,"renewalToken":"renewal-…"}],"total":7,"offset":0,"limit":2,"hasMore":true})J");
    m_clock.step(1'100); // The hub's patience for ten more messages.
    m_client->registerActor(u"@(local/p-0)"_s); // Keeps its place.
    const auto listed = [this](int limit, int offset) {
        const QJsonObject payload = m_client->ask(u"hub:list_actors"_s, QJsonObject{{u"limit"_s, limit}, {u"offset"_s, offset}})
                                        .value(u"payload"_s)
                                        .toObject();
        QStringList names{payload.value(u"hasMore"_s).toBool() ? u"more"_s : u"all"_s,
                          QString::number(payload.value(u"limit"_s).toInt())};
        const QJsonArray actors = payload.value(u"actors"_s).toArray();
        for (const QJsonValue &actor : actors)
            names.append(actor.toObject().value(u"actorAddress"_s).toString().chopped(1).last(1));
        return names.join(u' ');
    };
    QCOMPARE(listed(500, -3), u"all 100 0 1 2 3 4 5 6"_s);
    QCOMPARE(listed(0, 0), u"more 0"_s);
    QCOMPARE(listed(-1, 0), u"more -1 0 1 2 3 4 5"_s);
    QCOMPARE(listed(3, 5), u"all 3 5 6"_s);
    QCOMPARE(listed(3, 50), u"all 3"_s);
}

void HubTranscriptTest::discover()
{
    m_client->registerActor(u"@(local/p-0)"_s, {u"even"_s, u"agent"_s});
    m_client->registerActor(u"@(local/p-1)"_s, {u"odd"_s, u"agent"_s});
    m_client->registerActor(u"@(far/away/p-1)"_s, {u"odd"_s});
    HEARD(answer(u"hub:discover"_s, R"J({"pattern":"@(local/p-*)","capability":"odd","limit":100})J").value(u"payload"_s),
          R"J({"actors":[{"address":"@(local/p-1)","capabilities":["odd","agent"]}],"hasMore":false})J");
    const auto found = [this](const QString &pattern, int limit = 100) {
        const QJsonObject payload = m_client->ask(u"hub:discover"_s, QJsonObject{{u"pattern"_s, pattern}, {u"limit"_s, limit}})
                                        .value(u"payload"_s)
                                        .toObject();
        return payload.value(u"actors"_s).toArray().size() * (payload.value(u"hasMore"_s).toBool() ? -1 : 1);
    };
    QCOMPARE(found(u"*"_s), 3);
    QCOMPARE(found(u"*/p-1"_s), 2); // * crosses the slash, and the brackets may be left out.
    QCOMPARE(found(u"local/p-?"_s), 0);
    m_clock.step(1'100);
    QCOMPARE(found(u"Local/*"_s), 0);
    QCOMPARE(found(u"*"_s, 3), -3); // "More" at an exact fit.
    QCOMPARE(found(u"*"_s, 0), -1);
}

void HubTranscriptTest::sending()
{
    HubRawClient actor(u"@(local/a1)"_s);
    QVERIFY(actor.join(m_server->port()));
    actor.registerActor(u"@(local/a1)"_s);
    QJsonObject request = m_client->envelope(
        u"hub:send"_s, json(R"J({"to":"@(local/a1)","type":"task:assign","data":{"taskId":"456"}})J"), {{u"mine"_s, u"kept"_s}});
    request.insert(u"correlationId"_s, u"not carried"_s);
    const QJsonObject ack = m_client->ask(request);
    QCOMPARE(ack.value(u"type"_s), u"hub:delivery_ack"_s);
    HEARD(ack.value(u"payload"_s), R"J({"messageId":"…","deliveredAt":1795289654179,"status":"delivered"})J");
    const QJsonObject got = actor.takeType(u"task:assign"_s);
    HEARD(
        got,
        R"J({"id":"…","from":"@(desktop/console-1)","to":"@(local/a1)","type":"task:assign","payload":{"taskId":"456"},"pattern":"tell","correlationId":null,"timestamp":1795289654179,"metadata":{"mine":"kept","forwarded":true,"via":"@(cloudflare/signal-hub)","originalMessageId":"…"},"ttl":30000,"signature":null})J");
    QVERIFY(got.value(u"id"_s) != request.value(u"id"_s));
    QCOMPARE(got.value(u"metadata"_s).toObject().value(u"originalMessageId"_s),
             ack.value(u"payload"_s).toObject().value(u"messageId"_s));
}

void HubTranscriptTest::sendingWithoutData()
{
    HubRawClient actor(u"@(local/a1)"_s);
    QVERIFY(actor.join(m_server->port()));
    actor.registerActor(u"@(local/a1)"_s);
    QJsonObject request = m_client->envelope(u"hub:send"_s, json(R"J({"type":"task:poke"})J"), {}, u"tell"_s);
    request.insert(u"to"_s, u"@(local/a1)"_s); // payload.to left out: the envelope's counts.
    m_client->send(request);
    QVERIFY(!actor.takeType(u"task:poke"_s).contains(u"payload"_s));
    QVERIFY(m_client->nothingCame());
}

void HubTranscriptTest::unknownActor()
{
    const char *payload = R"J({"to":"@(local/nobody)","type":"task:assign","data":{}})J";
    HEARD(answer(u"hub:send"_s, payload).value(u"payload"_s),
          R"J({"actorAddress":"@(local/nobody)","message":"Actor not registered with Signal Hub"})J");
    m_client->registerActor(u"@(local/nobody)"_s, {u"a"_s}, 0);
    HEARD(answer(u"hub:send"_s, payload).value(u"payload"_s),
          R"J({"actorAddress":"@(local/nobody)","message":"Actor registration expired"})J");
    m_client->send(m_client->envelope(u"hub:send"_s, json(payload), {}, u"tell"_s));
    QVERIFY(m_client->nothingCame()); // Dropped silently.
}

void HubTranscriptTest::broadcast()
{
    HubRawClient two(u"@(local/two)"_s);
    QVERIFY(two.join(m_server->port()));
    two.registerActor(u"@(local/b1)"_s, {u"agent"_s});
    two.registerActor(u"@(local/b2)"_s, {u"planner"_s});
    m_client->registerActor(u"@(desktop/console-1)"_s, {u"console"_s});
    const QJsonObject request =
        m_client->envelope(u"hub:broadcast"_s, json(R"J({"type":"system:notice","data":{"msg":"hi"},"excludeSelf":true})J"));
    HEARD(m_client->ask(request).value(u"payload"_s), R"J({"messageId":"…","deliveredCount":2,"failedCount":0})J");
    const QJsonObject copy = two.takeType(u"system:notice"_s);
    QCOMPARE(copy.value(u"correlationId"_s), request.value(u"id"_s));
    HEARD(copy.value(u"metadata"_s), R"J({"broadcast":true,"via":"@(cloudflare/signal-hub)"})J");
    QVERIFY(!two.takeType(u"system:notice"_s).isEmpty()); // One copy for each actor, on the same socket.

    const QJsonObject toAll =
        m_client->envelope(u"hub:broadcast"_s, json(R"J({"type":"system:notice","data":1,"excludeSelf":false})J"),
                           {{u"targetCapability"_s, u"console"_s}});
    const QString id = m_client->send(toAll);
    const auto isOurs = [id](const QJsonObject &message) { return message.value(u"correlationId"_s) == id; };
    QCOMPARE(m_client->take(isOurs).value(u"type"_s),
             u"system:notice"_s); // The sender's own copy comes before the ack.
    HEARD(m_client->take(isOurs).value(u"payload"_s), R"J({"messageId":"…","deliveredCount":1,"failedCount":0})J");
}

void HubTranscriptTest::publication()
{
    HubRawClient reader(u"@(local/reader)"_s);
    QVERIFY(reader.join(m_server->port()));
    reader.registerActor(u"@(local/reader)"_s);
    m_client->registerActor(u"@(desktop/console-1)"_s);
    for (HubRawClient *client : {&reader, m_client.get()}) {
        HEARD(client->ask(u"hub:subscribe"_s, json(R"J({"topic":"events"})J")).value(u"payload"_s),
              R"J({"topic":"events","subscriptionId":"sub-…"})J");
    }
    const QJsonObject request =
        m_client->envelope(u"hub:publish"_s, json(R"J({"topic":"events","type":"event:created","data":{"id":7}})J"));
    const QJsonObject done = m_client->ask(request);
    QCOMPARE(done.value(u"type"_s), u"hub:published"_s);
    HEARD(done.value(u"payload"_s), R"J({"topic":"events","subscriberCount":2})J");
    const QJsonObject copy = reader.takeType(u"event:created"_s);
    HEARD(copy.value(u"metadata"_s), R"J({"topic":"events","publication":true,"via":"@(cloudflare/signal-hub)"})J");
    QCOMPARE(copy.value(u"correlationId"_s), request.value(u"id"_s));
    QVERIFY(!m_client->takeType(u"event:created"_s).isEmpty()); // The publisher too.

    reader.send(reader.envelope(u"hub:unsubscribe"_s, json(R"J({"topic":"events"})J")));
    QVERIFY(reader.nothingCame()); // No answer.
    HEARD(m_client->ask(request).value(u"payload"_s), R"J({"topic":"events","subscriberCount":1})J");
}

void HubTranscriptTest::queueStatsAndMetrics()
{
    HEARD(answer(u"hub:queue_stats"_s, "{}").value(u"payload"_s),
          R"J({"queueDepth":0,"processingRate":0,"pauseThreshold":1000,"resumeThreshold":100})J");
    answer(u"hub:pause"_s, "{}");
    const QJsonObject message = answer(u"hub:metrics"_s, "{}");
    QCOMPARE(message.value(u"type"_s), u"hub:metrics_response"_s);
    HEARD(
        message.value(u"payload"_s),
        R"J({"messages_received":4,"messages_sent":3,"errors":1,"connections_opened":1,"connections_closed":0,"windowStart":1795288874249,"timestamp":1795288894341})J");
}

void HubTranscriptTest::disconnect()
{
    m_client->registerActor(u"@(local/mine)"_s);
    const QJsonObject message = answer(u"hub:disconnect"_s, R"J({"reason":"done"})J");
    QCOMPARE(message.value(u"type"_s), u"hub:disconnect"_s);
    HEARD(message.value(u"payload"_s), R"J({"acknowledged":true})J");
    QVERIFY(m_client->waitClosed());
    QCOMPARE(m_client->closeCode(), 1000);
    QCOMPARE(m_client->closeReason(), u"Client requested disconnect"_s);
    QCOMPARE(m_server->core().registry().size(), 0);
}

void HubTranscriptTest::rateLimit()
{
    QStringList ids;
    for (int i = 0; i < 20; ++i)
        ids.append(m_client->send(m_client->envelope(u"hub:queue_stats"_s, QJsonObject())));
    const QJsonObject error = m_client->takeType(u"hub:error"_s);
    QVERIFY(ids.contains(error.value(u"correlationId"_s).toString()));
    HEARD(
        error.value(u"payload"_s),
        R"J({"code":"rate_limited","message":"Rate limit exceeded. Max 10 messages per second per session.","resolution":"Try slowing …","details":{"retryAfter":1,"limit":"10 msg/sec","code":"RATE_LIMIT_EXCEEDED"}})J");
    // Neither connect nor a ping counts, and the socket stays.
    const QJsonObject metadata{{u"protocolVersion"_s, u"0.1.0"_s}, {u"capabilities"_s, QJsonArray{u"a"_s}}};
    QCOMPARE(m_client->ask(u"hub:connect"_s, QJsonObject(), metadata).value(u"type"_s), u"hub:connected"_s);
    m_clock.step(1'000);
    QCOMPARE(answer(u"hub:queue_stats"_s, "{}").value(u"type"_s), u"hub:queue_stats_response"_s);
}

void HubTranscriptTest::silentRequests()
{
    m_client->registerActor(u"@(local/x)"_s);
    HubRawClient stranger(u"@(other/one)"_s);
    QVERIFY(stranger.join(m_server->port()));
    stranger.send(stranger.envelope(u"hub:unregister"_s, json(R"J({"actorAddress":"@(local/x)"})J"))); // Whoever's it is.
    stranger.send(stranger.envelope(u"hub:unregister"_s, json(R"J({"actorAddress":"@(local/unknown)"})J")));
    QVERIFY(stranger.nothingCame());
    QCOMPARE(m_server->core().registry().size(), 0);
}

PULSEDECK_TEST(HubTranscriptTest, runWithEvents)
#include "hubtranscript_test.moc"
