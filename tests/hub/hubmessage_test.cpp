// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubrequest.h"
#include "app/hub/hubtext.h"
#include "tests/hub/hubsamples.h"
#include "tests/support/testprogram.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace pulsedeck;
using namespace pulsedeck::hubsamples;
using namespace Qt::StringLiterals;

class HubMessageTest : public QObject
{
    Q_OBJECT

private slots:
    void connected();
    void everyTypeIsRead();
    void everyFieldMatters_data();
    void everyFieldMatters();
    void registered();
    void actorList();
    void actorListSkipsBroken();
    void errors_data();
    void errors();
    void disconnects();
    void imitations_data();
    void imitations();
    void notTheHub();
    void unfamiliarType();
    void malformed_data();
    void malformed();
    void absentAddressees();
    void publicationTopic();
    void shownTexts();
    void shownJson();
    void utf8Sizes();
    void requestsAreWhole();
    void answersMatchByType();
};

void HubMessageTest::connected()
{
    const auto message = read(envelope(u"hub:connected"_s, json(samples[0].payload)));
    QVERIFY(message);
    QCOMPARE(message->correlationId(), u"7e8b9cc6"_s);
    QCOMPARE(message->timestamp(), 1'795'288'894'334);
    const auto *body = message->as<hub::Connected>();
    QVERIFY(body);
    QCOMPARE(body->serverVersion, u"0.1.0"_s);
    QCOMPARE(body->maxMessageSize, 1'048'576);
    QCOMPARE(body->heartbeatInterval, 300'000);
    QCOMPARE(body->maxActors, 50'000);
    QVERIFY(message->isFromHub());
    const auto pong = HubMessage::read(R"J({"type":"pong"})J", nullptr);
    QVERIFY(pong && pong->as<hub::Pong>());
}

void HubMessageTest::everyTypeIsRead()
{
    QSet<size_t> kinds;
    for (const Sample &sample : samples) {
        QString problem;
        const auto message = read(envelope(QString::fromLatin1(sample.type), json(sample.payload)), &problem);
        QVERIFY2(message, qPrintable(problem));
        kinds.insert(message->body().index());
    }
    QCOMPARE(kinds.size(), qsizetype(std::size(samples))); // Each another kind.
}

void HubMessageTest::everyFieldMatters_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QJsonObject>("payload");
    QTest::addColumn<QString>("field");
    static const QSet<QString> free{u"sessionId"_s,    u"serverVersion"_s, u"maxMessageSize"_s, u"heartbeatInterval"_s,
                                    u"capabilities"_s, u"message"_s,       u"details"_s,        u"acknowledged"_s};
    for (const Sample &sample : samples) {
        const QJsonObject payload = json(sample.payload);
        for (const QString &field : payload.keys()) {
            if (!free.contains(field))
                QTest::addRow("%s %s", sample.type, qPrintable(field)) << QString::fromLatin1(sample.type) << payload << field;
        }
    }
}

void HubMessageTest::everyFieldMatters()
{
    QFETCH(QString, type);
    QFETCH(QJsonObject, payload);
    QFETCH(QString, field);
    const QJsonValue sound = payload.value(field);
    const QList<QJsonValue> wrong{QJsonValue(QJsonValue::Undefined),
                                  sound.isBool() ? QJsonValue(1) : QJsonValue(true),
                                  QJsonObject(),
                                  sound.isString() ? QJsonValue(QString(100'000, u'x')) : QJsonValue(u"text"_s),
                                  sound.isString() ? QJsonValue(u"a\nb"_s) : QJsonValue(u""_s),
                                  sound.isDouble() ? QJsonValue(1e300) : QJsonValue(12)};
    for (const QJsonValue &value : wrong) {
        if (value.isDouble() && field == u"processingRate"_s)
            continue; // Any number.
        if (value.isUndefined())
            payload.remove(field);
        else
            payload.insert(field, value);
        QString problem;
        QVERIFY2(!read(envelope(type, payload), &problem), qPrintable(QString::fromUtf8(QJsonDocument(payload).toJson())));
        QVERIFY2(problem.contains(field), qPrintable(problem));
    }
}

void HubMessageTest::registered()
{
    const auto message = read(envelope(u"hub:registered"_s, json(samples[2].payload)));
    const auto *body = message->as<hub::Registered>();
    QCOMPARE(body->renewalToken.forTheWire(), u"renewal-489da4e3"_s);
    QCOMPARE(body->expiresAt.value(), 1'795'290'174'047);
    QJsonObject payload = json(samples[2].payload);
    payload.insert(u"expiresAt"_s, QJsonValue::Null);
    QVERIFY(!read(envelope(u"hub:registered"_s, payload))->as<hub::Registered>()->expiresAt);
}

void HubMessageTest::actorList()
{
    const auto message = read(envelope(u"hub:actor_list"_s, json(samples[4].payload)));
    const auto *list = message->as<hub::ActorList>();
    QCOMPARE(list->total, 7);
    QVERIFY(list->hasMore);
    QCOMPARE(list->actors.size(), 1);
    const HubActor &actor = list->actors.first();
    QCOMPARE(actor.address, u"@(local/p-0)"_s);
    QCOMPARE(actor.capabilities, (QStringList{u"even"_s, u"agent"_s}));
    QCOMPARE(actor.displayName, u"P zero"_s);
    QCOMPARE(actor.expiresAt.value() - actor.registeredAt, 300'000);
}

void HubMessageTest::actorListSkipsBroken()
{
    QJsonObject payload = json(samples[4].payload);
    const QJsonObject sound = payload.value(u"actors"_s).toArray().first().toObject();
    QJsonArray actors{sound, QJsonValue::Null, 12, QJsonObject()};
    for (const char *field : {"actorAddress", "capabilities", "registeredAt", "expiresAt", "version"}) {
        QJsonObject broken = sound;
        broken.remove(QString::fromLatin1(field));
        actors.append(broken);
    }
    QJsonObject odd = sound;
    odd.insert(u"metadata"_s, u"no object"_s);
    odd.insert(u"expiresAt"_s, -5'000); // A negative TTL: in the past, and sound.
    actors.append(odd);
    payload.insert(u"actors"_s, actors);
    const auto message = read(envelope(u"hub:actor_list"_s, payload));
    QVERIFY(message);
    QCOMPARE(message->as<hub::ActorList>()->actors.size(), 2);
    QCOMPARE(message->as<hub::ActorList>()->skipped, 8);
    QCOMPARE(message->as<hub::ActorList>()->actors.last().expiresAt.value(), 0);
}

void HubMessageTest::errors_data()
{
    using Code = hub::Error::Code;
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<int>("code");
    QTest::addColumn<qint64>("retryAfterMs");
    const auto row = [](const char *name, const char *payload, Code code, qint64 retry = 0) {
        QTest::newRow(name) << QByteArray(payload) << int(code) << retry;
    };
    row("version", R"J({"code":"version_mismatch","message":"x"})J", Code::VersionMismatch);
    row("unauthorized", R"J({"code":"unauthorized","message":"x"})J", Code::Unauthorized);
    row("token", R"J({"code":"invalid_token","message":"x"})J", Code::InvalidToken);
    row("rate", R"J({"code":"rate_limited","details":{"retryAfter":1}})J", Code::RateLimited, 1'000);
    row("rate, fraction", R"J({"code":"rate_limited","details":{"retryAfter":0.25}})J", Code::RateLimited, 250);
    row("rate, for ever", R"J({"code":"rate_limited","details":{"retryAfter":1e300}})J", Code::RateLimited, 3'600'000);
    row("rate, negative", R"J({"code":"rate_limited","details":{"retryAfter":-4}})J", Code::RegistryFull);
    row("full", R"J({"code":"rate_limited","details":{"currentSize":3,"limit":3,"action":"x"}})J", Code::RegistryFull);
    row("full, no details", R"J({"code":"rate_limited"})J", Code::RegistryFull);
    row("broadcast", R"J({"code":"BROADCAST_LIMIT_EXCEEDED","message":"x"})J", Code::BroadcastLimit);
    row("large", R"J({"code":"message_too_large","details":{"actualSize":2,"maxSize":1}})J", Code::MessageTooLarge);
    row("internal", R"J({"code":"internal_error","message":"x","retryable":false})J", Code::Internal);
    row("other", R"J({"code":"something_new","message":7})J", Code::Other);
}

void HubMessageTest::errors()
{
    QFETCH(QByteArray, payload);
    const auto message = read(envelope(u"hub:error"_s, json(payload)));
    QVERIFY(message);
    QTEST(int(message->as<hub::Error>()->code), "code");
    QTEST(message->as<hub::Error>()->retryAfterMs, "retryAfterMs");
}

void HubMessageTest::disconnects()
{
    const auto body = [](const char *payload) {
        return *read(envelope(u"hub:disconnect"_s, json(payload)))->as<hub::Disconnect>();
    };
    QVERIFY(body(R"J({"acknowledged":true})J").acknowledged);
    QVERIFY(!body(R"J({"acknowledged":true})J").duplicate);
    QVERIFY(body(R"J({"reason":"duplicate_connection","message":"New connection established for this actor"})J").duplicate);
    QVERIFY(!body(R"J({"reason":"shutdown"})J").duplicate);
    QVERIFY(!read(envelope(u"hub:disconnect"_s, QJsonObject())));
}

void HubMessageTest::imitations_data()
{
    QTest::addColumn<QString>("mark");
    QTest::addColumn<QJsonValue>("value");
    for (const char *mark : {"forwarded", "broadcast", "publication"}) {
        QTest::addRow("%s", mark) << QString::fromLatin1(mark) << QJsonValue(true);
        QTest::addRow("%s false", mark) << QString::fromLatin1(mark) << QJsonValue(false);
        QTest::addRow("%s null", mark) << QString::fromLatin1(mark) << QJsonValue(QJsonValue::Null);
    }
}

void HubMessageTest::imitations()
{
    QFETCH(QString, mark);
    QFETCH(QJsonValue, value);
    for (const Sample &sample : samples) {
        const auto message = read(envelope(QString::fromLatin1(sample.type), json(sample.payload), {{mark, value}}));
        QVERIFY(message);
        QVERIFY(message->as<hub::Application>()); // Whatever it says it is, and whoever it says it is from.
        QVERIFY(!message->isFromHub());
    }
}

void HubMessageTest::notTheHub()
{
    QJsonObject object = envelope(u"hub:error"_s, QJsonObject{{u"code"_s, u"unauthorized"_s}});
    object.insert(u"from"_s, u"@(evil/actor)"_s);
    QVERIFY(!read(object));
    object.insert(u"type"_s, u"task:assign"_s);
    QVERIFY(!read(object));
}

void HubMessageTest::unfamiliarType()
{
    const auto message = read(envelope(u"hub:something_new"_s, QJsonValue::Null));
    QVERIFY(message && message->as<hub::Unfamiliar>());
}

void HubMessageTest::malformed_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const QByteArray &text) { QTest::newRow(name) << text; };
    const auto without = [](const char *field) {
        QJsonObject object = envelope(u"hub:queue_stats_response"_s, json(samples[11].payload));
        object.remove(QString::fromLatin1(field));
        return QJsonDocument(object).toJson();
    };
    const auto with = [](const char *field, const QJsonValue &value) {
        QJsonObject object = envelope(u"hub:queue_stats_response"_s, json(samples[11].payload));
        object.insert(QString::fromLatin1(field), value);
        return QJsonDocument(object).toJson();
    };
    row("empty", {});
    row("text", "hello");
    row("half", QJsonDocument(envelope(u"hub:connected"_s, QJsonObject())).toJson().left(40));
    row("list", "[1,2]");
    row("null", "null");
    row("nothing", "{}");
    row("deep", QByteArray(5'000, '[') + QByteArray(5'000, ']'));
    row("not UTF-8", "{\"type\":\"\xff\xfe\"}");
    row("pong and more", R"J({"type":"pong","from":5})J");
    row("no type", without("type"));
    row("no from", without("from"));
    row("no payload", without("payload"));
    row("null payload", with("payload", QJsonValue::Null));
    row("type of another type", with("type", 5));
    row("long type", with("type", QString(200, u'x')));
    row("metadata is a list", with("metadata", QJsonArray{1}));
    row("correlation is a number", with("correlationId", 7));
    row("time of the far future", with("timestamp", 1e18));
    row("bell in from", with("from", u"@(cloudflare/signal-hub)\a"_s));
    row("too large", '{' + QByteArray(HubMessage::maxBytes, ' ') + '}');
}

void HubMessageTest::malformed()
{
    QFETCH(QByteArray, text);
    QString problem;
    QVERIFY(!HubMessage::read(text, &problem));
    QVERIFY(!problem.isEmpty());
    QVERIFY(!problem.contains(u'\a'));
}

void HubMessageTest::absentAddressees()
{
    QJsonObject object = envelope(u"hub:error"_s, QJsonObject{{u"code"_s, u"internal_error"_s}});
    object.remove(u"to"_s);
    object.remove(u"correlationId"_s);
    const auto message = read(object);
    QVERIFY(message);
    QVERIFY(message->to().isEmpty() && message->correlationId().isEmpty());
}

void HubMessageTest::publicationTopic()
{
    QJsonObject object = envelope(u"event:created"_s, 7, {{u"publication"_s, true}, {u"topic"_s, u"events"_s}});
    auto message = read(object);
    QCOMPARE(message->as<hub::Application>()->topic, u"events"_s);
    QCOMPARE(message->as<hub::Application>()->payload, QJsonValue(7));
    object.remove(u"payload"_s);
    QVERIFY(read(object)->as<hub::Application>()->payload.isUndefined());
}

void HubMessageTest::shownTexts()
{
    QCOMPARE(hubShownText(u"two\nlines\t\x1b[31m"_s), u"two lines [31m"_s);
    QCOMPARE(hubShownText(QString(1'000, u'x'), 10).size(), 10);
    for (const QString &secret :
         {u"renewal-489da4e3-aa"_s, u"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.abc_-"_s, u"stkn-YWJjOjE6Mg=="_s}) {
        const QString shown = hubShownText(u"before "_s + secret + u" after"_s);
        QCOMPARE(shown, u"before — after"_s);
    }
    QCOMPARE(hubShownText(u"Bearer hunter2"_s), u"—"_s);
}

void HubMessageTest::shownJson()
{
    const QJsonObject object =
        json(R"J({"renewalToken":"x1","nested":[{"authToken":"x2","ok":1}],"text":"see renewal-x3","jwt":"x4",
                                        "password":{"deep":"x5"},"key renewal-x6":1,"capacityTokens":12,"n":null})J");
    const QByteArray shown = QJsonDocument(hubShownJson(object).toObject()).toJson();
    for (const char *secret : {"x1", "x2", "x3", "x4", "x5", "x6"})
        QVERIFY2(!shown.contains(secret), shown.constData());
    QVERIFY(shown.contains("\"ok\": 1"));
}

void HubMessageTest::utf8Sizes()
{
    for (const QString &text : {u"abc"_s, u"ü€"_s, u"😀x"_s, QString()})
        QCOMPARE(utf8Size(text), text.toUtf8().size());
    QCOMPARE(utf8Size(QString(QChar(0xd800))), 3);
}

void HubMessageTest::requestsAreWhole()
{
    const HubSecret secret(u"renewal-abc"_s);
    const QList<HubRequest> requests{HubRequest::connectWith({u"console"_s}, HubSecret(u"eyJx"_s)),
                                     HubRequest::heartbeat(5),
                                     HubRequest::registerActor(u"@(a)"_s, {u"x"_s}, {}, 600),
                                     HubRequest::renew(secret),
                                     HubRequest::unregister(u"@(a)"_s),
                                     HubRequest::listActors(100),
                                     HubRequest::discover(u"*"_s, u"odd"_s),
                                     HubRequest::ask(u"@(a)"_s, u"worker:drain"_s, QJsonObject{{u"commandId"_s, u"1"_s}}),
                                     HubRequest::tell(u"@(a)"_s, u"hello"_s, QJsonValue::Undefined),
                                     HubRequest::broadcast(u"n"_s, 1, true, u"agent"_s),
                                     HubRequest::subscribe(u"t"_s),
                                     HubRequest::unsubscribe(u"t"_s),
                                     HubRequest::publish(u"t"_s, u"n"_s, 1),
                                     HubRequest::queueStats(),
                                     HubRequest::metrics(),
                                     HubRequest::refreshToken(secret),
                                     HubRequest::disconnect(u"done"_s)};
    const QStringList fields{u"correlationId"_s, u"from"_s,      u"id"_s, u"metadata"_s, u"pattern"_s, u"payload"_s,
                             u"signature"_s,     u"timestamp"_s, u"to"_s, u"ttl"_s,      u"type"_s};
    for (const HubRequest &request : requests) {
        const QJsonObject object = json(request.toWire(u"1"_s, u"@(me)"_s, 7));
        QCOMPARE(object.keys(), fields);
        QVERIFY(object.value(u"payload"_s).isObject() && object.value(u"metadata"_s).isObject());
        QVERIFY(object.value(u"ttl"_s).isNull());
        const QString type = object.value(u"type"_s).toString();
        const bool silent =
            type == u"hub:unregister"_s || type == u"hub:unsubscribe"_s || object.value(u"pattern"_s) == u"tell"_s;
        QCOMPARE(request.expectsAnswer(), !silent);
    }
    QCOMPARE(json(requests[0].toWire(u"1"_s, u"@(me)"_s, 7)).value(u"metadata"_s).toObject().value(u"authToken"_s), u"eyJx"_s);
    QVERIFY(!json(HubRequest::connectWith({u"a"_s}, {}).toWire(u"1"_s, u"@(me)"_s, 7))
                 .value(u"metadata"_s)
                 .toObject()
                 .contains(u"authToken"_s));
    QCOMPARE(json(HubRequest::listActors(-1, -1).toWire(u"1"_s, u"@(me)"_s, 7)).value(u"payload"_s).toObject(),
             (QJsonObject{{u"limit"_s, 1}, {u"offset"_s, 0}}));
}

void HubMessageTest::answersMatchByType()
{
    const auto ack = read(envelope(u"hub:heartbeat_ack"_s, json(samples[1].payload)));
    const auto error = read(envelope(u"hub:error"_s, json(samples[15].payload)));
    const auto unknown = read(envelope(u"hub:unknown_actor"_s, json(samples[7].payload)));
    const auto copy = read(envelope(u"hub:heartbeat_ack"_s, json(samples[1].payload), {{u"broadcast"_s, true}}));
    const HubRequest heartbeat = HubRequest::heartbeat(1);
    QVERIFY(heartbeat.isAnsweredBy(ack->body()) && heartbeat.isAnsweredBy(error->body()));
    QVERIFY(!heartbeat.isAnsweredBy(unknown->body()) && !heartbeat.isAnsweredBy(copy->body()));
    QVERIFY(HubRequest::ask(u"@(a)"_s, u"x"_s, 1).isAnsweredBy(unknown->body()));
    QVERIFY(!HubRequest::metrics().isAnsweredBy(ack->body()));
}

PULSEDECK_TEST(HubMessageTest, runWithEvents)
#include "hubmessage_test.moc"
