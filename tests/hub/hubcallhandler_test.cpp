// SPDX-License-Identifier: GPL-3.0-or-later
// What a console asks of a hub besides its actors, and what others send it.
#include "app/hub/actormessage.h"
#include "app/hub/hubownaddress.h"
#include "tests/hub/hubrawclient.h"
#include "tests/hub/hubscene.h"
#include "tests/support/testprogram.h"

#include <QJsonArray>

using namespace pulsedeck;
using namespace pulsedeck::fleet;
using namespace Qt::StringLiterals;
using Kind = HubCall::Kind;
using Outcome = HubCallAnswer::Outcome;

class HubCallHandlerTest : public QObject
{
    Q_OBJECT

private slots:
    void everyKindIsAnswered();
    void lockedNothingIsSent();
    void whatTheHubWouldNotTake();
    void noActorNoHub();
    void withoutAConnection();
    void healthOfAHubThatIsDown();
    void topics();
    void aTopicIsHeardAgainAfterALoss();
    void lockingEndsHearing();
    void receivedMessagesAreFitToBeShown();
    void ourOwnAddressIsNotCounted();
    void figuresDoNotStarveTheFleet();
    void someoneElsesRateIsObeyedAndShown();
    void everyAddressIsAnother();
};

void HubCallHandlerTest::everyKindIsAnswered()
{
    HubScene scene;
    QVERIFY(scene.start(6, true));
    HubRawClient other(u"@(local/other)"_s);
    QVERIFY(other.join(scene.hub.server->port()));
    other.registerActor(u"@(local/other)"_s, {u"rare"_s});

    HubCallAnswer answer = scene.ask(HubScene::call(Kind::Health));
    QCOMPARE(answer.outcome, Outcome::Answered);
    QVERIFY(answer.as<HubHealth>() && answer.as<HubHealth>()->healthy);

    answer = scene.ask(HubScene::call(Kind::Metrics));
    QCOMPARE(answer.outcome, Outcome::Answered);
    QVERIFY(answer.as<hub::Metrics>() && answer.as<hub::Metrics>()->received > 0);

    answer = scene.ask(HubScene::call(Kind::QueueStats));
    QVERIFY(answer.as<hub::QueueStats>());
    QCOMPARE(answer.as<hub::QueueStats>()->pauseThreshold, 1'000);

    HubCall discover = HubScene::call(Kind::Discover, u"@(local/*)"_s);
    answer = scene.ask(discover);
    QCOMPARE(answer.as<hub::Discovered>()->actors.size(), 7);
    discover.id = QUuid::createUuid();
    discover.capability = u"rare"_s;
    answer = scene.ask(discover);
    QCOMPARE(answer.as<hub::Discovered>()->actors.size(), 1);
    QCOMPARE(answer.as<hub::Discovered>()->actors.first().address, u"@(local/other)"_s);

    answer = scene.ask(HubScene::call(Kind::Ask, u"@(local/other)"_s, u"task:assign"_s, QJsonObject{{u"n"_s, 1}}));
    QCOMPARE(answer.outcome, Outcome::Answered);
    QCOMPARE(answer.as<hub::DeliveryAck>()->status, u"delivered"_s);
    QJsonObject came = other.takeType(u"task:assign"_s);
    QCOMPARE(came.value(u"payload"_s).toObject().value(u"n"_s).toInt(), 1);
    QCOMPARE(came.value(u"from"_s).toString(), scene.options.connection.address);

    answer = scene.ask(HubScene::call(Kind::Tell, u"@(local/other)"_s, u"note"_s));
    QCOMPARE(answer.outcome, Outcome::Sent);
    came = other.takeType(u"note"_s);
    QVERIFY(!came.contains(u"payload"_s));

    HubCall broadcast = HubScene::call(Kind::Broadcast, {}, u"system:notice"_s, u"hello"_s);
    broadcast.capability = u"rare"_s;
    answer = scene.ask(broadcast);
    QCOMPARE(answer.as<hub::BroadcastAck>()->delivered, 1);
    QCOMPARE(other.takeType(u"system:notice"_s).value(u"payload"_s).toString(), u"hello"_s);

    other.ask(u"hub:subscribe"_s, QJsonObject{{u"topic"_s, u"events"_s}});
    answer = scene.ask(HubScene::call(Kind::Publish, u"events"_s, u"event:made"_s, 7));
    QCOMPARE(answer.as<hub::Published>()->subscribers, 1);
    QCOMPARE(other.takeType(u"event:made"_s).value(u"payload"_s).toInt(), 7);

    answer = scene.ask(HubScene::call(Kind::Subscribe, u"news"_s));
    QCOMPARE(answer.outcome, Outcome::Answered);
    answer = scene.ask(HubScene::call(Kind::Unsubscribe, u"news"_s));
    QCOMPARE(answer.outcome, Outcome::Sent);

    QSet<QUuid> ids; // Each once.
    for (const HubCallAnswer &one : std::as_const(scene.seen.answers)) {
        QVERIFY(!ids.contains(one.id));
        ids.insert(one.id);
        QCOMPARE(one.source, HubScene::sourceId);
        QVERIFY(one.at > 0 && one.elapsedMs >= 0);
    }
    QCOMPARE(ids.size(), 11);
}

void HubCallHandlerTest::lockedNothingIsSent()
{
    HubScene scene;
    QVERIFY(scene.start(2, false));
    for (const Kind kind : {Kind::Ask, Kind::Tell, Kind::Broadcast, Kind::Publish, Kind::Subscribe}) {
        const HubCallAnswer answer = scene.ask(HubScene::call(kind, u"@(local/planner-1)"_s, u"t"_s));
        QCOMPARE(answer.outcome, Outcome::Refused);
        QVERIFY(!answer.text.isEmpty());
    }
    QCOMPARE(scene.ask(HubScene::call(Kind::Discover, u"*"_s)).outcome, Outcome::Answered);
    QCOMPARE(scene.ask(HubScene::call(Kind::Metrics)).outcome, Outcome::Answered);
    static const QSet<QString> reading{u"hub:connect"_s, u"hub:heartbeat"_s, u"hub:list_actors"_s, u"hub:discover"_s,
                                       u"hub:metrics"_s};
    for (const QString &type : std::as_const(scene.hub.heard))
        QVERIFY2(reading.contains(type), qPrintable(type));
}

void HubCallHandlerTest::whatTheHubWouldNotTake()
{
    HubScene scene;
    QVERIFY(scene.start(1, true));
    for (const HubCall &wrong : {HubScene::call(Kind::Ask, {}, u"t"_s), HubScene::call(Kind::Ask, u"@(local/planner-1)"_s),
                                 HubScene::call(Kind::Publish, {}, u"t"_s), HubScene::call(Kind::Discover),
                                 HubScene::call(Kind::Subscribe), HubScene::call(Kind::Publish, QString(600, u'x'), u"t"_s)}) {
        const HubCallAnswer answer = scene.ask(wrong);
        QCOMPARE(answer.outcome, Outcome::Refused);
        QVERIFY(!answer.text.isEmpty());
    }
    // One byte more than the hub takes would end the session.
    const HubCallAnswer large = scene.ask(HubScene::call(Kind::Ask, u"@(local/planner-1)"_s, u"t"_s, QString(1'100'000, u'x')));
    QCOMPARE(large.outcome, Outcome::NotSent);
    QVERIFY(large.text.contains(u"larger"_s));
    QCOMPARE(scene.hub.count(u"hub:send"_s) + scene.hub.count(u"hub:publish"_s), 0);
    QCOMPARE(scene.source->connection()->generation(), 1u);
}

void HubCallHandlerTest::noActorNoHub()
{
    HubScene scene;
    scene.options.connection.requestTimeoutMs = 300;
    QVERIFY(scene.start(1, true));
    HubCallAnswer answer = scene.ask(HubScene::call(Kind::Ask, u"@(local/nobody)"_s, u"t"_s));
    QCOMPARE(answer.outcome, Outcome::UnknownActor);
    QVERIFY(answer.text.contains(u"not registered"_s));
    scene.hub.server->core().registry().find(u"@(local/planner-1)"_s)->expiresAt = 1;
    answer = scene.ask(HubScene::call(Kind::Ask, u"@(local/planner-1)"_s, u"t"_s));
    QCOMPARE(answer.outcome, Outcome::UnknownActor);
    QVERIFY(answer.text.contains(u"expired"_s));
    scene.hub.server->setFault(HubFault::Silent);
    answer = scene.ask(HubScene::call(Kind::Publish, u"x"_s, u"t"_s));
    QCOMPARE(answer.outcome, Outcome::Unknown);
    QVERIFY(answer.text.contains(u"in time"_s));
}

void HubCallHandlerTest::withoutAConnection()
{
    HubScene scene;
    QVERIFY(scene.start(1, true));
    const HubCall lost = HubScene::call(Kind::Ask, u"@(local/planner-1)"_s, u"t"_s);
    scene.hub.server->setFault(HubFault::Silent);
    scene.source->call(lost);
    const HubCall health = HubScene::call(Kind::Health);
    QTRY_VERIFY_WITH_TIMEOUT(scene.hub.heard.contains(u"hub:send"_s), HubWatch::limitMs);
    scene.source->call(health);
    scene.source->stop(); // Everything is answered before it is off.
    QCOMPARE(scene.seen.status.state, SourceState::Off);
    QCOMPARE(scene.seen.answers.size(), 2);
    QCOMPARE(scene.ask(lost).outcome, Outcome::Unknown);
    QCOMPARE(scene.seen.answers.takeLast().outcome, Outcome::NotSent); // Asked again, above.
    for (const Kind kind : {Kind::Health, Kind::Metrics, Kind::Ask, Kind::Subscribe})
        QCOMPARE(scene.ask(HubScene::call(kind, u"@(local/planner-1)"_s, u"t"_s)).outcome, Outcome::NotSent);
}

void HubCallHandlerTest::healthOfAHubThatIsDown()
{
    HubScene scene;
    QVERIFY(scene.start(0, false));
    scene.hub.server->goDown();
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.status.state, SourceState::Waiting, HubWatch::limitMs);
    const HubCallAnswer answer = scene.ask(HubScene::call(Kind::Health));
    QCOMPARE(answer.outcome, Outcome::Answered);
    QVERIFY(answer.as<HubHealth>() && !answer.as<HubHealth>()->reachable);
    QVERIFY(!answer.as<HubHealth>()->problem.isEmpty());
    QCOMPARE(scene.ask(HubScene::call(Kind::Metrics)).outcome, Outcome::NotSent);
}

void HubCallHandlerTest::topics()
{
    HubScene scene;
    QVERIFY(scene.start(0, true));
    QCOMPARE(scene.ask(HubScene::call(Kind::Subscribe, u"news"_s)).outcome, Outcome::Answered);
    QCOMPARE(scene.seen.subscriptions.value(u"news"_s).state, HubSubscription::State::Subscribed);
    const auto asked = scene.hub.count(u"hub:subscribe"_s);
    QCOMPARE(scene.ask(HubScene::call(Kind::Subscribe, u"news"_s)).outcome, Outcome::Answered);
    QCOMPARE(scene.hub.count(u"hub:subscribe"_s), asked); // It knows.
    HubRawClient other(u"@(local/other)"_s);
    QVERIFY(other.join(scene.hub.server->port()));
    other.ask(u"hub:publish"_s, QJsonObject{{u"topic"_s, u"news"_s}, {u"type"_s, u"event"_s}, {u"data"_s, 3}});
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.received.size(), 1, HubWatch::limitMs);
    QCOMPARE(scene.seen.received.first().way, ActorMessage::Way::Publication);
    QCOMPARE(scene.seen.received.first().topic, u"news"_s);
    QCOMPARE(scene.seen.received.first().payload.toInt(), 3);
    QCOMPARE(scene.ask(HubScene::call(Kind::Unsubscribe, u"news"_s)).outcome, Outcome::Sent);
    // After the hub has taken that in, nobody hears.
    QCOMPARE(scene.ask(HubScene::call(Kind::Metrics)).outcome, Outcome::Answered);
    const QJsonObject published = other.ask(u"hub:publish"_s, QJsonObject{{u"topic"_s, u"news"_s}, {u"type"_s, u"event"_s}});
    QCOMPARE(published.value(u"payload"_s).toObject().value(u"subscriberCount"_s).toInt(), 0);
    for (int i = 0; i < HubCallHandler::mostTopics; ++i)
        scene.source->call(HubScene::call(Kind::Subscribe, u"t%1"_s.arg(i)));
    const HubCallAnswer tooMany = scene.ask(HubScene::call(Kind::Subscribe, u"one more"_s));
    QCOMPARE(tooMany.outcome, Outcome::Refused);
}

void HubCallHandlerTest::aTopicIsHeardAgainAfterALoss()
{
    HubScene scene;
    QVERIFY(scene.start(0, true));
    QCOMPARE(scene.ask(HubScene::call(Kind::Subscribe, u"news"_s)).outcome, Outcome::Answered);
    scene.hub.server->cut(-1);
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.subscriptions.value(u"news"_s).state, HubSubscription::State::Asked, HubWatch::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.subscriptions.value(u"news"_s).state, HubSubscription::State::Subscribed,
                              HubWatch::limitMs);
    scene.source->stop();
    scene.source->start(); // A new connection knows it too.
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.subscriptions.value(u"news"_s).state, HubSubscription::State::Subscribed,
                              HubWatch::limitMs);
}

void HubCallHandlerTest::lockingEndsHearing()
{
    HubScene scene;
    QVERIFY(scene.start(0, true));
    QCOMPARE(scene.ask(HubScene::call(Kind::Subscribe, u"news"_s)).outcome, Outcome::Answered);
    scene.source->setWritable(false);
    QCOMPARE(scene.seen.subscriptions.value(u"news"_s).state, HubSubscription::State::Asked);
    QVERIFY(!scene.seen.subscriptions.value(u"news"_s).problem.isEmpty());
    scene.source->setWritable(true);
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.subscriptions.value(u"news"_s).state, HubSubscription::State::Subscribed,
                              HubWatch::limitMs);
}

void HubCallHandlerTest::receivedMessagesAreFitToBeShown()
{
    HubScene scene;
    QVERIFY(scene.start(0, true));
    HubRawClient other(u"@(local/other)"_s);
    QVERIFY(other.join(scene.hub.server->port()));
    const QString me = scene.options.connection.address;
    const auto tell = [&](const QJsonValue &data) {
        other.send(other.envelope(u"hub:send"_s, QJsonObject{{u"to"_s, me}, {u"type"_s, u"hub:error"_s}, {u"data"_s, data}}));
    };
    tell(QJsonObject{{u"authToken"_s, u"eyJhbGciOi.J9.x"_s}, {u"note"_s, u"renewal-489da4e3-1"_s}, {u"n"_s, 1}});
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.received.size(), 1, HubWatch::limitMs);
    const ActorMessage first = scene.seen.received.first();
    QCOMPARE(first.way, ActorMessage::Way::Forwarded);
    QCOMPARE(first.from, u"@(local/other)"_s);
    QCOMPARE(first.to, me);
    QCOMPARE(first.type, u"hub:error"_s); // A type is a word; it is the hub's only without the marks of others.
    const QByteArray shown = QJsonDocument(first.payload.toObject()).toJson();
    QVERIFY(!shown.contains("eyJ") && !shown.contains("renewal-"));
    QCOMPARE(first.payload.toObject().value(u"n"_s).toInt(), 1);
    QVERIFY(!first.cut && first.bytes > 40);

    tell(QJsonObject{{u"long"_s, QString(300'000, u'ä')}});
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.received.size(), 2, HubWatch::limitMs);
    const ActorMessage second = scene.seen.received.last();
    QVERIFY(second.cut);
    QVERIFY(second.bytes > 600'000);
    QVERIFY(second.payload.toString().toUtf8().size() <= mostPayloadBytes + 8);
    QVERIFY(second.payload.toString().startsWith(u"{\"long\""_s));
    // A message without any payload is one too.
    other.send(other.envelope(u"hub:send"_s, QJsonObject{{u"to"_s, me}, {u"type"_s, u"empty"_s}}));
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.received.size(), 3, HubWatch::limitMs);
    QVERIFY(scene.seen.received.last().payload.isUndefined());
    QCOMPARE(scene.seen.received.last().bytes, 0);
}

/// Registered so that actors can answer, it stands in the hub's list: there it is, but it is none of the actors.
void HubCallHandlerTest::ourOwnAddressIsNotCounted()
{
    HubScene scene;
    QVERIFY(scene.start(24, true));
    const auto wholePass = [&] { // One that began from now on.
        const qint64 since = scene.hub.clock.nowMs();
        return QTest::qWaitFor([&] { return scene.seen.view.wholeSince > since; }, HubWatch::limitMs);
    };
    QVERIFY(wholePass());
    QCOMPARE(scene.ask(HubScene::call(Kind::Discover, u"*"_s)).as<hub::Discovered>()->actors.size(), 25);
    QCOMPARE(scene.seen.texts.size(), 24);
    QCOMPARE(scene.seen.view.total, 24);
    QVERIFY(scene.seen.view.vitals.registered);
    QCOMPARE(scene.seen.view.vitals.address, scene.options.connection.address);
    QVERIFY(scene.seen.view.connected);
    // Another console is one of the others.
    HubRawClient other(u"@(pulsedeck/other)"_s);
    QVERIFY(other.join(scene.hub.server->port()));
    other.registerActor(u"@(pulsedeck/other)"_s);
    QVERIFY(wholePass());
    QCOMPARE(scene.seen.view.total, 25);
    scene.source->setWritable(false);
    QVERIFY(wholePass() && wholePass());
    QCOMPARE(scene.seen.view.total, 25);
    QVERIFY(!scene.seen.view.vitals.registered);
    // Connecting again while it is registered: what is loaded is counted against the same.
    scene.source->setWritable(true);
    QTRY_VERIFY_WITH_TIMEOUT(scene.seen.view.vitals.registered, HubWatch::limitMs);
    scene.source->stop();
    QCOMPARE(scene.seen.status.state, SourceState::Off);
    QVERIFY(!scene.seen.view.connected && !scene.seen.view.vitals.registered); // Nothing is asked of it any more.
    scene.source->start();
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.status.state, SourceState::Sweeping, HubWatch::limitMs);
    QCOMPARE(scene.seen.status.loaded, scene.seen.status.total);
    QVERIFY(wholePass());
    QCOMPARE(scene.seen.view.total, 25);
}

/// With the hub's own limit: 2,000 actors are read while figures are asked for all the time, and nothing is refused.
void HubCallHandlerTest::figuresDoNotStarveTheFleet()
{
    HubScene scene(false);
    scene.options.connection.heartbeatMs = 300;
    QVERIFY(scene.start(2'000, true));
    QCOMPARE(scene.seen.texts.size(), 2'000);
    for (int i = 0; i < 60; ++i)
        scene.source->call(HubScene::call(i % 2 == 0 ? Kind::Metrics : Kind::QueueStats));
    const qint64 before = scene.seen.view.wholeSince;
    // Another whole pass long before the 60 are through: they take 7 s of the budget alone.
    QTRY_VERIFY_WITH_TIMEOUT(scene.seen.view.wholeSince != before, HubWatch::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.answers.size(), 60, 2 * HubWatch::limitMs);
    for (const HubCallAnswer &answer : std::as_const(scene.seen.answers))
        QCOMPARE(answer.outcome, Outcome::Answered);
    QCOMPARE(scene.hub.server->core().refusedForRate(), 0u);
    QCOMPARE(scene.seen.view.vitals.refusedForRate, 0u);
    QCOMPARE(scene.seen.status.generation, 1u);
    QVERIFY(scene.hub.count(u"hub:heartbeat"_s) > 10);
    QVERIFY(scene.seen.ended.isEmpty());
}

/// The hub counts by session, and our own limit cannot know what else is counted there.
void HubCallHandlerTest::someoneElsesRateIsObeyedAndShown()
{
    HubScene scene(false);
    scene.options.passEveryMs = 100;
    scene.options.connection.limits.perSecond = scene.options.connection.limits.burst = 60; // More than the hub takes.
    QVERIFY(scene.start(300, true));
    for (int i = 0; i < 40; ++i)
        scene.source->call(HubScene::call(Kind::Tell, u"@(local/planner-1)"_s, u"n"_s));
    QTRY_VERIFY_WITH_TIMEOUT(scene.hub.server->core().refusedForRate() > 0, HubWatch::limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(scene.seen.view.vitals.refusedForRate > 0, HubWatch::limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(scene.seen.status.limits.join(u' ').contains(u"slowed down"_s), HubWatch::limitMs);
    const qint64 before = scene.seen.view.wholeSince;
    QTRY_VERIFY_WITH_TIMEOUT(scene.seen.view.wholeSince != before, 2 * HubWatch::limitMs);
    QCOMPARE(scene.seen.status.generation, 1u);
    QVERIFY(scene.seen.ended.isEmpty());
}

void HubCallHandlerTest::everyAddressIsAnother()
{
    const QString one = hubOwnAddress();
    QVERIFY2(one.startsWith(u"@(pulsedeck/"_s) && one.endsWith(u')'), qPrintable(one));
    QVERIFY(one.contains(u'-' + QString::number(QCoreApplication::applicationPid()) + u'-'));
    QSet<QString> all;
    for (int i = 0; i < 20; ++i)
        all.insert(hubOwnAddress());
    QVERIFY(all.size() > 15);
}

PULSEDECK_TEST(HubCallHandlerTest, runWithEvents)
#include "hubcallhandler_test.moc"
