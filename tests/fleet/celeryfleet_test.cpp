// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/celerymailbox.h"
#include "app/redis/redisconnection.h"
#include "tests/fleet/systemscene.h"
#include "tests/support/testprogram.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr char pidboxBindings[] = "_kombu.binding.celery.pidbox";
constexpr char replyBindings[] = "_kombu.binding.reply.celery.pidbox";
constexpr char pidbox[] = "/0.celery.pidbox";
constexpr char answers[] = "me.reply.celery.pidbox";

QByteArray controlMessage(const QJsonObject &body)
{
    const QByteArray text = QJsonDocument(body).toJson(QJsonDocument::Compact);
    const QJsonObject outer{{u"body"_s, QString::fromLatin1(text.toBase64())},
                            {u"content-type"_s, u"application/json"_s},
                            {u"content-encoding"_s, u"utf-8"_s},
                            {u"headers"_s, QJsonObject{{u"clock"_s, 1}}},
                            {u"properties"_s, QJsonObject{{u"body_encoding"_s, u"base64"_s}}}};
    return QJsonDocument(outer).toJson(QJsonDocument::Compact);
}

} // namespace

/// A simulated Celery fleet as it looks in a real Redis: events, remote control, ends.
class CeleryFleetTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void eventsLookLikeCelerys();
    void answersQuestions();
    void twoThatAskHaveAnswersOfTheirOwn();
    void leavingAsksNothingMore();
    void drainsQueueByQueue();
    void offlineWhileItWorks();
    void killedLeavesItsBinding();
    void silentIsStillCounted();
    void starvedBeatsAndTakesNothing();
    void wrongMessages();
    void endsInOrder();
    void aFullServerIsSaid();

private:
    bool start(const QStringList &further = {});
    qint64 publish(const QJsonObject &body) { return m_scene.number({"PUBLISH", pidbox, controlMessage(body)}); }
    /// Asks one worker, and returns what it answers.
    QJsonValue call(const QString &node, const QString &method, const QJsonObject &arguments = {});
    /// The bodies of the events of a type that came so far.
    QList<QJsonObject> events(const QString &type) const;
    bool sees(const QString &type, const QString &node);
    QByteArray binding(const QByteArray &node) const { return "\x06\x16\x06\x16" + node + ".celery.pidbox"; }

    SystemScene m_scene;
    std::unique_ptr<RedisConnection> m_listener;
    QList<QJsonObject> m_events;
};

void CeleryFleetTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("redis-server is not installed");
}

/// More workers than the server takes connections: said once, in words.
void CeleryFleetTest::aFullServerIsSaid()
{
    RedisServer server;
    RedisServer::Options options;
    options.arguments = QStringList{u"--maxclients"_s, u"10"_s};
    QVERIFY(server.start(options));
    FleetProcess fleet;
    QVERIFY(fleet.start({server.url().display(), u"--layout"_s, u"celery"_s, u"--workers"_s, u"40"_s, u"--sessions"_s, u"0"_s}));
    QByteArray errors;
    QTRY_VERIFY_WITH_TIMEOUT((errors += fleet.errors()).contains("has no connection of its own"), SystemScene::limitMs);
    fleet.stop();
    errors += fleet.errors();
    QCOMPARE(errors.count("has no connection of its own"), 1);
    QVERIFY2(!errors.contains("not open"), errors.constData());
}

bool CeleryFleetTest::start(const QStringList &further)
{
    m_listener.reset();
    m_events.clear();
    if (!m_scene.start(u"celery"_s, QStringList{u"--queues"_s, u"celery,slow"_s} + further))
        return false;
    m_listener = std::make_unique<RedisConnection>(m_scene.server().url());
    for (const char *type : {"online", "heartbeat", "offline"})
        m_listener->subscribe(QByteArray("/0.celeryev/worker.") + type);
    QObject::connect(m_listener.get(), &RedisConnection::pushed, this, [this](const RedisReply &message) {
        const QJsonObject outer = SystemScene::json(message.at(2).bytes().toByteArray());
        m_events.append(SystemScene::json(QByteArray::fromBase64(outer.value(u"body"_s).toString().toLatin1())));
    });
    m_listener->open();
    return QTest::qWaitFor([this] { return !events(u"worker-heartbeat"_s).isEmpty(); }, SystemScene::limitMs);
}

QList<QJsonObject> CeleryFleetTest::events(const QString &type) const
{
    QList<QJsonObject> found;
    for (const QJsonObject &event : m_events) {
        if (event.value(u"type"_s).toString() == type)
            found.append(event);
    }
    return found;
}

bool CeleryFleetTest::sees(const QString &type, const QString &node)
{
    return QTest::qWaitFor(
        [&] {
            for (const QJsonObject &event : events(type)) {
                if (event.value(u"hostname"_s).toString() == node)
                    return true;
            }
            return false;
        },
        SystemScene::limitMs);
}

QJsonValue CeleryFleetTest::call(const QString &node, const QString &method, const QJsonObject &arguments)
{
    m_scene.ask({"SADD", replyBindings, QByteArray("me\x06\x16\x06\x16") + answers});
    publish({{u"method"_s, method},
             {u"arguments"_s, arguments},
             {u"destination"_s, QJsonArray{node}},
             {u"ticket"_s, u"t1"_s},
             {u"reply_to"_s, QJsonObject{{u"exchange"_s, u"reply.celery.pidbox"_s}, {u"routing_key"_s, u"me"_s}}}});
    const RedisValue popped = m_scene.ask({"BRPOP", answers, "8"});
    if (popped.elements.size() != 2)
        return {};
    const QJsonObject outer = SystemScene::json(popped.elements[1].text);
    if (outer.value(u"headers"_s).toObject().value(u"ticket"_s).toString() != u"t1")
        return {};
    return SystemScene::json(QByteArray::fromBase64(outer.value(u"body"_s).toString().toLatin1())).value(node);
}

void CeleryFleetTest::eventsLookLikeCelerys()
{
    QVERIFY(start());
    QCOMPARE(m_scene.members(pidboxBindings), (QByteArrayList{binding("w1@app-1"), binding("w2@app-1")}));
    QVERIFY(sees(u"worker-heartbeat"_s, u"w1@app-1"_s));
    const QJsonObject event = events(u"worker-heartbeat"_s).constLast();
    for (const QString &name : {u"pid"_s, u"freq"_s, u"active"_s, u"processed"_s, u"clock"_s, u"utcoffset"_s, u"timestamp"_s})
        QVERIFY2(event.value(name).isDouble(), qPrintable(name));
    QCOMPARE(event.value(u"freq"_s).toDouble(), 0.1);
    QCOMPARE(event.value(u"loadavg"_s).toArray().size(), 3);
    QCOMPARE(event.value(u"sw_ident"_s).toString(), u"py-celery"_s);
    QVERIFY(sees(u"worker-heartbeat"_s, u"w2@app-1"_s));
    QCOMPARE(m_scene.listeners(pidbox), 0); // They subscribe to patterns.
    QCOMPARE(publish({{u"method"_s, u"ping"_s}, {u"destination"_s, QJsonArray{u"-"_s}}}), 2);
}

void CeleryFleetTest::answersQuestions()
{
    QVERIFY(start());
    const QString node = u"w1@app-1"_s;
    QCOMPARE(call(node, u"ping"_s).toObject().value(u"ok"_s).toString(), u"pong"_s);
    QCOMPARE(call(node, u"active_queues"_s).toArray().size(), 2);
    QVERIFY(call(node, u"stats"_s).toObject().value(u"pid"_s).toInt() > 0);
    QVERIFY(call(node, u"nonsense"_s).toObject().contains(u"error"_s));
    QVERIFY(call(node, u"cancel_consumer"_s).toObject().contains(u"error"_s));
    QCOMPARE(m_scene.fleet().idOf("work w1@app-1 3000"), "w1@app-1");
    const QJsonArray active = call(node, u"active"_s).toArray();
    QCOMPARE(active.size(), 1);
    const QString id = active.first().toObject().value(u"id"_s).toString();
    QCOMPARE(m_scene.number({"HLEN", "unacked"}), 1);
    call(node, u"revoke"_s, {{u"task_id"_s, id}, {u"terminate"_s, true}});
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.number({"HLEN", "unacked"}), 0, SystemScene::limitMs);
    // Where nothing is bound, the answer is lost, and the worker says so.
    m_scene.ask({"DEL", replyBindings});
    publish({{u"method"_s, u"ping"_s},
             {u"ticket"_s, u"t1"_s},
             {u"reply_to"_s, QJsonObject{{u"exchange"_s, u"reply.celery.pidbox"_s}, {u"routing_key"_s, u"me"_s}}}});
    QByteArray errors;
    QTRY_VERIFY_WITH_TIMEOUT((errors += m_scene.fleet().errors()).contains("nothing is bound"), SystemScene::limitMs);
    QVERIFY(!m_scene.exists(answers));
}

/// As a window and a terminal that ask at the same time: with one list for both, one takes the other's answers.
void CeleryFleetTest::twoThatAskHaveAnswersOfTheirOwn()
{
    QVERIFY(start());
    RedisConnection connections[] = {RedisConnection(m_scene.server().url()), RedisConnection(m_scene.server().url())};
    CeleryMailbox window({}, 0, nullptr);
    CeleryMailbox terminal({}, 0, nullptr);
    for (RedisConnection &connection : connections) {
        connection.open();
        QTRY_COMPARE_WITH_TIMEOUT(connection.state(), RedisConnection::State::Ready, SystemScene::limitMs);
    }
    QByteArrayList answered;
    int over = 0;
    const auto take = [&](const CeleryMailbox::Result &result) {
        ++over;
        if (result.outcome == CeleryMailbox::Outcome::Answered)
            answered.append(result.node);
    };
    const QByteArrayList both{"w1@app-1", "w2@app-1"};
    window.ask(connections[0], both, "active_queues", {}, take);
    terminal.ask(connections[1], both, "active_queues", {}, take);
    QVERIFY(!window.listKey().isEmpty() && !terminal.listKey().isEmpty());
    QVERIFY2(window.listKey() != terminal.listKey(), window.listKey().constData());
    QTRY_COMPARE_WITH_TIMEOUT(over, 4, SystemScene::limitMs);
    QCOMPARE(answered.size(), 4);
    // Each takes away its own binding, and the last one the set.
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists(replyBindings), SystemScene::limitMs);
}

/// Whoever hears that the connection is closed may ask again: what that would leave in Redis nothing would remove.
void CeleryFleetTest::leavingAsksNothingMore()
{
    QVERIFY(start({u"--workers"_s, u"1"_s}));
    m_scene.fleet().ask("hang w1@app-1");
    RedisConnection connection(m_scene.server().url());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), RedisConnection::State::Ready, SystemScene::limitMs);
    CeleryMailbox mailbox({}, 0, nullptr);
    QList<CeleryMailbox::Outcome> outcomes;
    const auto take = [&](const CeleryMailbox::Result &result) {
        outcomes.append(result.outcome);
        if (outcomes.size() == 1)
            mailbox.ask(connection, "w1@app-1", "active", {},
                        [&](const CeleryMailbox::Result &again) { outcomes.append(again.outcome); });
    };
    mailbox.ask(connection, "w1@app-1", "active_queues", {}, take);
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.exists(replyBindings), SystemScene::limitMs);
    QVERIFY(outcomes.isEmpty());
    mailbox.leave();
    connection.sendNow();
    connection.close();
    QTRY_COMPARE_WITH_TIMEOUT(outcomes.size(), 2, SystemScene::limitMs);
    QCOMPARE(outcomes, (QList{CeleryMailbox::Outcome::Lost, CeleryMailbox::Outcome::Lost}));
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists(replyBindings), SystemScene::limitMs);
    QCOMPARE(mailbox.pending(), 0);
}

void CeleryFleetTest::drainsQueueByQueue()
{
    QVERIFY(start({u"--workers"_s, u"1"_s}));
    const QString node = u"w1@app-1"_s;
    const QJsonObject slow{{u"queue"_s, u"slow"_s}};
    QVERIFY(call(node, u"cancel_consumer"_s, slow).toObject().contains(u"ok"_s));
    QVERIFY(call(node, u"cancel_consumer"_s, {{u"queue"_s, u"never-had"_s}}).toObject().contains(u"ok"_s));
    QCOMPARE(call(node, u"active_queues"_s).toArray().size(), 1);
    m_scene.fleet().ask("jobs 1 slow");
    m_scene.fleet().ask("jobs 1 celery");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("celery"), 0, SystemScene::limitMs);
    QCOMPARE(m_scene.length("slow"), 1);
    QVERIFY(call(node, u"add_consumer"_s, slow).toObject().contains(u"ok"_s));
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("slow"), 0, SystemScene::limitMs);
}

void CeleryFleetTest::offlineWhileItWorks()
{
    QVERIFY(start());
    const QString node = u"w1@app-1"_s;
    QCOMPARE(m_scene.fleet().idOf("work w1@app-1 2"), "w1@app-1");
    publish({{u"method"_s, u"shutdown"_s}, {u"destination"_s, QJsonArray{node}}});
    QVERIFY(sees(u"worker-offline"_s, node));
    QCOMPARE(m_scene.members(pidboxBindings), QByteArrayList{binding("w2@app-1")});
    QCOMPARE(m_scene.number({"HLEN", "unacked"}), 1); // It still works.
    QTRY_COMPARE_WITH_TIMEOUT(publish({{u"method"_s, u"ping"_s}, {u"destination"_s, QJsonArray{u"-"_s}}}), 1,
                              SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.number({"HLEN", "unacked"}), 0, SystemScene::limitMs);
    QCOMPARE(events(u"worker-offline"_s).size(), 1);
}

void CeleryFleetTest::killedLeavesItsBinding()
{
    QVERIFY(start());
    QCOMPARE(m_scene.fleet().idOf("kill w1@app-1"), "w1@app-1");
    QTRY_COMPARE_WITH_TIMEOUT(publish({{u"method"_s, u"ping"_s}, {u"destination"_s, QJsonArray{u"-"_s}}}), 1,
                              SystemScene::limitMs);
    QCOMPARE(m_scene.members(pidboxBindings).size(), 2);
    QVERIFY(events(u"worker-offline"_s).isEmpty());
}

void CeleryFleetTest::silentIsStillCounted()
{
    QVERIFY(start({u"--workers"_s, u"1"_s}));
    m_scene.fleet().ask("hang w1@app-1");
    QCOMPARE(publish({{u"method"_s, u"shutdown"_s}}), 1);
    const qint64 beats = m_scene.fleet().figure("beats");
    m_events.clear();
    m_scene.ask({"PUBLISH", "/0.celeryev/worker.heartbeat", "{\"body\":\"\"}"}); // Comes after all that was sent before.
    QTRY_COMPARE_WITH_TIMEOUT(m_events.size(), 1, SystemScene::limitMs);
    QCOMPARE(m_scene.fleet().figure("beats"), beats);
    QCOMPARE(m_scene.fleet().figure("registered"), 1);
}

void CeleryFleetTest::starvedBeatsAndTakesNothing()
{
    QVERIFY(start({u"--workers"_s, u"1"_s}));
    QCOMPARE(m_scene.fleet().idOf("starve 1"), "w1@app-1");
    m_scene.fleet().ask("jobs 3");
    m_events.clear();
    QVERIFY(sees(u"worker-heartbeat"_s, u"w1@app-1"_s));
    QCOMPARE(m_scene.length("celery"), 3);
    QCOMPARE(call(u"w1@app-1"_s, u"ping"_s).toObject().value(u"ok"_s).toString(), u"pong"_s);
}

void CeleryFleetTest::wrongMessages()
{
    QVERIFY(start());
    m_scene.ask({"PUBLISH", pidbox, "hello"});
    QVERIFY(call(u"w1@app-1"_s, u"ping"_s).isObject()); // Only logged.
    // A body that is no object: beats go on, commands and tasks do not.
    m_scene.ask({"PUBLISH", pidbox, R"({"body": "[1]", "properties": {}})"});
    QCOMPARE(publish({{u"method"_s, u"shutdown"_s}}), 2);
    m_events.clear();
    QVERIFY(sees(u"worker-heartbeat"_s, u"w1@app-1"_s));
    QVERIFY(sees(u"worker-heartbeat"_s, u"w2@app-1"_s));
    QVERIFY(events(u"worker-offline"_s).isEmpty());
    QVERIFY(start());
    m_scene.ask({"PUBLISH", pidbox, R"({"body": "{}"})"});
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.fleet().figure("registered"), 0, SystemScene::limitMs); // All of them.
}

void CeleryFleetTest::endsInOrder()
{
    QVERIFY(start());
    m_scene.fleet().tell("quit");
    QCOMPARE(m_scene.fleet().waitForEnd(), 0);
    QCOMPARE(m_scene.members(pidboxBindings), QByteArrayList());
    QTRY_COMPARE_WITH_TIMEOUT(events(u"worker-offline"_s).size(), 2, SystemScene::limitMs);
}

PULSEDECK_TEST(CeleryFleetTest, runWithEvents)
#include "celeryfleet_test.moc"
