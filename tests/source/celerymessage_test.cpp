// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/celerymessage.h"
#include "tests/source/celerybytes.h"
#include "tests/support/testprogram.h"

#include <QRandomGenerator>
#include <QTest>

#include <ctime>
#include <limits>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// The bytes that Celery's workers and the console exchange.
class CeleryMessageTest : public QObject
{
    Q_OBJECT

    static QJsonObject object(const QByteArray &json) { return QJsonDocument::fromJson(json).object(); }
    static QJsonObject bodyOf(const QByteArray &message)
    {
        return object(QByteArray::fromBase64(object(message).value(u"body"_s).toString().toLatin1()));
    }
    static CeleryMessage::Reply reply() { return {"11-22", "reply.celery.pidbox", "me"}; }

private slots:
    void anEventIsRead()
    {
        const auto events = CeleryMessage::events(CeleryBytes::event("w1@app-1", "heartbeat", 3, 120));
        QVERIFY(events);
        QCOMPARE(events->size(), 1);
        const CeleryEvent &event = events->front();
        QCOMPARE(event.kind, CeleryEvent::Kind::Heartbeat);
        QCOMPARE(event.node, "w1@app-1");
        QCOMPARE(event.pid, 4'711);
        QCOMPARE(event.active, 3);
        QCOMPARE(event.processed, 120);
        QCOMPARE(event.frequency, 2.0);
        QCOMPARE(event.at, 1'764'240'000'250);
        QCOMPARE(event.version, u"5.2.6"_s);
        QCOMPARE(CeleryMessage::events(CeleryBytes::event("w", "online"))->front().kind, CeleryEvent::Kind::Online);
        QCOMPARE(CeleryMessage::events(CeleryBytes::event("w", "offline"))->front().kind, CeleryEvent::Kind::Offline);
    }

    void aBodyMayBePlainOrAList()
    {
        const QByteArray one = QJsonDocument(CeleryBytes::eventBody("w1@h", "heartbeat")).toJson(QJsonDocument::Compact);
        QCOMPARE(CeleryMessage::events(CeleryBytes::envelope(one, false))->size(), 1);
        QCOMPARE(CeleryMessage::events(CeleryBytes::envelope('[' + one + ',' + one + ",7]"))->size(), 2);
        // Of tasks nothing is wanted.
        QCOMPARE(CeleryMessage::events(CeleryBytes::envelope(R"({"type":"task-sent","hostname":"w1@h"})"))->size(), 0);
    }

    void whatIsNotJsonIsUnreadable()
    {
        QVERIFY(!CeleryMessage::events(CeleryBytes::packed()));
        QVERIFY(!CeleryMessage::events(QByteArray()));
        QVERIFY(!CeleryMessage::events("\x82\xa4type\xa1x"));
        QVERIFY(!CeleryMessage::events("[]"));
        QVERIFY(!CeleryMessage::events("{}"));
        QVERIFY(!CeleryMessage::events(CeleryBytes::envelope("no json")));
        QVERIFY(!CeleryMessage::events(QByteArray(CeleryMessage::largest + 1, ' ')));
    }

    void strangeValuesAreNotBelieved()
    {
        const auto read = [](const QJsonObject &changed) {
            QJsonObject body = CeleryBytes::eventBody("w1@h", "heartbeat", 1, 1);
            for (auto one = changed.begin(); one != changed.end(); ++one)
                body[one.key()] = one.value();
            const auto events = CeleryMessage::events(CeleryBytes::event(body));
            return events && !events->isEmpty() ? events->front() : CeleryEvent();
        };
        QCOMPARE(read({{u"active"_s, -5}}).active, -1);
        QCOMPARE(read({{u"active"_s, 1e12}}).active, std::numeric_limits<qint32>::max());
        QCOMPARE(read({{u"active"_s, u"many"_s}}).active, -1);
        QCOMPARE(read({{u"processed"_s, 1e300}}).processed, -1);
        QCOMPARE(read({{u"timestamp"_s, -1}}).at, 0);
        QCOMPARE(read({{u"freq"_s, 0}}).frequency, 0.1);
        QCOMPARE(read({{u"freq"_s, 1e9}}).frequency, 3'600.0);
        QCOMPARE(read({{u"sw_ver"_s, QString(1'000, u'9')}}).version.size(), 64);
        for (const QJsonValue &name : {QJsonValue(), QJsonValue(7), QJsonValue(QString()), QJsonValue(QString(256, u'w'))})
            QVERIFY(read({{u"hostname"_s, name}}).node.isEmpty());
        QCOMPARE(read({{u"hostname"_s, u"w\n1@h"_s}}).node, QByteArray()); // No name of a worker, and none could command it.
    }

    void hostileBytesAreSurvived()
    {
        QRandomGenerator random(4'711);
        const QByteArray sound = CeleryBytes::event("w1@app-1", "heartbeat", 3, 120);
        for (int round = 0; round < 20'000; ++round) {
            QByteArray bytes = sound;
            for (int i = random.bounded(1, 6); i > 0; --i)
                bytes[random.bounded(int(bytes.size()))] = char(random.bounded(256));
            if (random.bounded(4) == 0)
                bytes.truncate(random.bounded(int(bytes.size())));
            for (const CeleryEvent &event : CeleryMessage::events(bytes).value_or(QList<CeleryEvent>())) {
                QVERIFY(!event.node.isEmpty() && event.node.size() <= CeleryMessage::longestNode);
                QVERIFY(event.frequency > 0 && event.active >= -1 && event.processed >= -1 && event.at >= 0);
            }
            CeleryMessage::answer(bytes, "11-22");
        }
        QVERIFY(!CeleryMessage::events(CeleryBytes::envelope(QByteArray(100'000, '[')))); // Deeper than a parser goes.
    }

    void oneCommandIsForSeveral()
    {
        const auto command = [](const QByteArrayList &nodes) {
            return CeleryMessage::command(nodes, "active_queues", {}, {}, "tag");
        };
        const QByteArray body = QByteArray::fromBase64(
            QJsonDocument::fromJson(command({"w1@h", "w2@h"})).object().value(u"body"_s).toString().toLatin1());
        QVERIFY(body.contains(R"("destination":["w1@h","w2@h"])"));
        QVERIFY2(command({}).isEmpty(), "it would be for everybody");
        QVERIFY(command({"w1@h", ""}).isEmpty() && command({"w1@h", "w\n@h"}).isEmpty());
        QVERIFY(!command(QByteArrayList(CeleryMessage::mostNodes, "w@h")).isEmpty());
        QVERIFY(command(QByteArrayList(CeleryMessage::mostNodes + 1, "w@h")).isEmpty());
    }

    /// Each of these is read without a default by the worker: without one of them it ends, or goes deaf.
    void commandsHaveAllThatIsReadWithoutDefault()
    {
        const QByteArray message =
            CeleryMessage::command("w1@app-1", "cancel_consumer", {{u"queue"_s, u"slow"_s}}, reply(), "aa-bb");
        const QJsonObject outer = object(message);
        QCOMPARE(outer.value(u"content-type"_s).toString(), u"application/json"_s);
        QCOMPARE(outer.value(u"content-encoding"_s).toString(), u"utf-8"_s);
        QVERIFY(outer.value(u"headers"_s).isObject());
        const QJsonObject properties = outer.value(u"properties"_s).toObject();
        QCOMPARE(properties.value(u"body_encoding"_s).toString(), u"base64"_s);
        QCOMPARE(properties.value(u"delivery_tag"_s).toString(), u"aa-bb"_s);
        QVERIFY(properties.value(u"delivery_info"_s).toObject().contains(u"exchange"_s));
        QVERIFY(properties.value(u"delivery_info"_s).toObject().contains(u"routing_key"_s));
        const QJsonObject body = bodyOf(message);
        QCOMPARE(body.value(u"method"_s).toString(), u"cancel_consumer"_s);
        QCOMPARE(body.value(u"arguments"_s).toObject(), (QJsonObject{{u"queue"_s, u"slow"_s}}));
        QCOMPARE(body.value(u"destination"_s).toArray(), QJsonArray{u"w1@app-1"_s});
        QVERIFY(body.value(u"pattern"_s).isNull() && body.contains(u"pattern"_s));
        QVERIFY(body.value(u"matcher"_s).isNull() && body.contains(u"matcher"_s));
        QCOMPARE(body.value(u"ticket"_s).toString(), u"11-22"_s);
        QCOMPARE(body.value(u"reply_to"_s).toObject(),
                 (QJsonObject{{u"exchange"_s, u"reply.celery.pidbox"_s}, {u"routing_key"_s, u"me"_s}}));
        // Without arguments it is an empty object, never null.
        QVERIFY(bodyOf(CeleryMessage::command("w", "shutdown", {}, {}, "t")).value(u"arguments"_s).isObject());
        QVERIFY(!bodyOf(CeleryMessage::command("w", "shutdown", {}, {}, "t")).contains(u"reply_to"_s));
    }

    /// A message without a destination is obeyed by all workers.
    void anEmptyDestinationIsImpossible()
    {
        for (const QByteArray &node : {QByteArray(), QByteArray(""), QByteArray("w\0001", 3), QByteArray("w\n"),
                                       QByteArray("\x7f"), QByteArray("\xff\xfe"), QByteArray(256, 'w')})
            QCOMPARE(CeleryMessage::command(node, "shutdown", {}, {}, "t"), QByteArray());
        QCOMPARE(CeleryMessage::command("w", "", {}, {}, "t"), QByteArray());
        QCOMPARE(CeleryMessage::command("w", "shut down", {}, {}, "t"), QByteArray());
        QCOMPARE(CeleryMessage::command("w", "shutdown", {}, {}, ""), QByteArray());
        QCOMPARE(CeleryMessage::command("w", "ping", {}, CeleryMessage::Reply(), "t"), QByteArray());
        QRandomGenerator random(1);
        for (int round = 0; round < 5'000; ++round) {
            QByteArray node(random.bounded(0, 12), Qt::Uninitialized);
            for (char &c : node)
                c = char(random.bounded(256));
            const QByteArray message = CeleryMessage::command(node, "ping", {}, reply(), "t");
            if (message.isEmpty())
                continue;
            const QJsonArray destination = bodyOf(message).value(u"destination"_s).toArray();
            QCOMPARE(destination.size(), 1);
            QCOMPARE(destination.first().toString().toUtf8(), node);
            QVERIFY(!node.isEmpty());
        }
    }

    void answersBelongToATicket()
    {
        const auto answer = [](const QByteArray &ticket) {
            QJsonObject outer = object(CeleryBytes::envelope(R"({"w1@h":{"ok":"pong"}})"));
            outer.insert(u"headers"_s, QJsonObject{{u"ticket"_s, QString::fromLatin1(ticket)}, {u"clock"_s, 4}});
            return QJsonDocument(outer).toJson(QJsonDocument::Compact);
        };
        QCOMPARE(CeleryMessage::answer(answer("11-22"), "11-22").value(u"w1@h"_s).toObject().value(u"ok"_s).toString(),
                 u"pong"_s);
        QVERIFY(CeleryMessage::answer(answer("other"), "11-22").isEmpty());
        QVERIFY(CeleryMessage::answer("", "11-22").isEmpty());
        QVERIFY(CeleryMessage::answer("{}", "").isEmpty());
    }

    /// 5,000 a second may take a quarter of a core: 50 µs for each.
    void fiftyThousandEventsAreDecodedInTime()
    {
        const QByteArray message = CeleryBytes::event("w1@app-1", "heartbeat", 3, 120);
        constexpr int count = 50'000;
        const std::clock_t before = std::clock();
        int read = 0;
        for (int i = 0; i < count; ++i)
            read += int(CeleryMessage::events(message)->size());
        const double us = double(std::clock() - before) * 1e6 / CLOCKS_PER_SEC / count;
        qInfo("%.1f µs each: at 5,000 a second %.1f %% of a core", us, us * 5'000 / 1e6 * 100);
        QCOMPARE(read, count);
    }
};

PULSEDECK_TEST(CeleryMessageTest, runPlain)
#include "celerymessage_test.moc"
