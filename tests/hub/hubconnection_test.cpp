// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubhealth.h"
#include "app/simulator/hubactors.h"
#include "tests/hub/hubrawclient.h"
#include "tests/hub/hubwatch.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTimer>

#include <algorithm>

using namespace pulsedeck;
using namespace pulsedeck::fleet;
using namespace Qt::StringLiterals;
using State = HubConnection::State;
using HubConnectionKind = SourceFailure::Kind;
using HubConnectionOutcome = HubAnswer::Outcome;

class HubConnectionTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void connectsAndBeats();
    void wakesNobodyAtRest();
    void heartbeatIsBounded();
    void requestsOfEveryKind();
    void listsTwoThousandInTime();
    void registersAndHears();
    void reregistersAndSubscribesAfterReconnect();
    void unregistersWhenNotWanted();
    void closesGracefully();
    void closesWithinLimit();
    void reopensWhileClosing();
    void unreachableThenThere();
    void unreachableWithTls_data();
    void unreachableWithTls();
    void nobodyAnswers();
    void notAHub_data();
    void notAHub();
    void versionRefused();
    void health();
    void deletedInHandler();
    void neverAnswersFromInside();

private:
    std::unique_ptr<HubWatch> m_hub;
};

void HubConnectionTest::init()
{
    m_hub = std::make_unique<HubWatch>();
    QVERIFY(m_hub->listen());
}

void HubConnectionTest::cleanup()
{
    m_hub.reset();
}

void HubConnectionTest::connectsAndBeats()
{
    HubConnectionOptions options = m_hub->options();
    options.heartbeatMs = 50;
    HubConnection connection(options, m_hub->clock);
    QSignalSpy beats(&connection, &HubConnection::beat);
    connection.open();
    QCOMPARE(connection.state(), State::Connecting);
    QTRY_VERIFY_WITH_TIMEOUT(beats.size() >= 5, HubWatch::limitMs);
    QCOMPARE(connection.state(), State::Ready);
    QCOMPARE(connection.failure().kind, HubConnectionKind::None);
    const HubVitals vitals = connection.vitals();
    QCOMPARE(vitals.serverVersion, u"0.1.0"_s);
    QCOMPARE(vitals.advertisedHeartbeatMs, 300'000);
    QCOMPARE(vitals.keptHeartbeatMs, 50);
    QVERIFY(vitals.measuredHeartbeatMs > 0);
    QVERIFY(vitals.clockKnown && vitals.roundTripMs >= 0);
    QVERIFY2(qAbs(vitals.clockOffsetMs) < 200, qPrintable(QString::number(vitals.clockOffsetMs)));
    QCOMPARE(vitals.unreadable + vitals.forNobody, 0u);
}

void HubConnectionTest::wakesNobodyAtRest()
{
    HubConnection connection(m_hub->options(), m_hub->clock);
    QSignalSpy beats(&connection, &HubConnection::beat);
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(!beats.isEmpty(), HubWatch::limitMs);
    // Nothing is waited for: only the next heartbeat and the renewal of the token are to come.
    constexpr int oftenMs = 100;
    const auto ticks = [&connection] {
        const auto timers = connection.findChildren<QTimer *>();
        return std::any_of(timers.begin(), timers.end(),
                           [](const QTimer *timer) { return timer->isActive() && timer->interval() <= oftenMs; });
    };
    QTRY_VERIFY_WITH_TIMEOUT(!ticks(), HubWatch::limitMs);
}

void HubConnectionTest::heartbeatIsBounded()
{
    HubConnectionOptions options = m_hub->options();
    options.heartbeatMs = 300'000; // As advertised, and deadly.
    HubConnection connection(options, m_hub->clock);
    QCOMPARE(connection.vitals().keptHeartbeatMs, 8'000);
}

void HubConnectionTest::requestsOfEveryKind()
{
    HubConnectionOptions options = m_hub->options();
    HubConnection connection(options, m_hub->clock);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Ready));
    const auto ask = [&](const HubRequest &request) { return HubWatch::ask(connection, request); };
    const HubAnswer registered = ask(HubRequest::registerActor(u"@(local/a)"_s, {u"agent"_s}, {}, 600));
    QVERIFY(registered.as<hub::Registered>());
    QVERIFY(ask(HubRequest::renew(registered.as<hub::Registered>()->renewalToken)).as<hub::Renewed>());
    QCOMPARE(ask(HubRequest::listActors(0)).as<hub::ActorList>()->actors.size(), 1);
    QCOMPARE(ask(HubRequest::discover(u"*"_s, u"agent"_s)).as<hub::Discovered>()->actors.size(), 1);
    QVERIFY(ask(HubRequest::ask(u"@(local/a)"_s, u"hello"_s, 1)).as<hub::DeliveryAck>());
    QCOMPARE(ask(HubRequest::ask(u"@(local/b)"_s, u"hello"_s, 1)).outcome, HubConnectionOutcome::UnknownActor);
    QCOMPARE(ask(HubRequest::tell(u"@(local/b)"_s, u"hello"_s, 1)).outcome, HubConnectionOutcome::Sent);
    QCOMPARE(ask(HubRequest::broadcast(u"hello"_s, 1, false, {})).as<hub::BroadcastAck>()->delivered, 1);
    QVERIFY(ask(HubRequest::subscribe(u"t"_s)).as<hub::Subscribed>());
    QCOMPARE(ask(HubRequest::publish(u"t"_s, u"x"_s, 1)).as<hub::Published>()->subscribers, 1);
    QCOMPARE(ask(HubRequest::unsubscribe(u"t"_s)).outcome, HubConnectionOutcome::Sent);
    QVERIFY(ask(HubRequest::queueStats()).as<hub::QueueStats>());
    QVERIFY(ask(HubRequest::metrics()).as<hub::Metrics>()->received > 5);
    const HubAnswer refused = ask(HubRequest::refreshToken(HubSecret(u"x"_s)));
    QCOMPARE(refused.outcome, HubConnectionOutcome::Refused);
    QCOMPARE(refused.text(), u"Token is not a valid session token"_s);
    QCOMPARE(ask(HubRequest::unregister(u"@(local/a)"_s)).outcome, HubConnectionOutcome::Sent);
    QCOMPARE(ask(HubRequest::listActors(0)).as<hub::ActorList>()->total, 0);
    QCOMPARE(ask(HubRequest::tell(u"@(a)"_s, u"x"_s, QString(1'050'000, u'x'))).outcome, HubConnectionOutcome::TooLarge);
    QCOMPARE(connection.vitals().refusedForRate, 0u);
    QCOMPARE(connection.generation(), 1u);
}

void HubConnectionTest::listsTwoThousandInTime()
{
    HubActorOptions actorOptions;
    actorOptions.count = 2'000;
    HubActors actors(m_hub->server->core(), actorOptions, m_hub->clock);
    QSignalSpy all(&actors, &HubActors::allRegistered);
    actors.start();
    QVERIFY(all.wait(HubWatch::limitMs));
    HubConnection connection(m_hub->options(), m_hub->clock);
    QSet<QString> addresses;
    int pages = 0;
    qint64 readyAt = 0;
    qint64 doneAt = 0;
    std::function<void(int)> page = [&](int offset) {
        connection.request(HubRequest::listActors(offset), [&, offset](const HubAnswer &answer) {
            const auto *list = answer.as<hub::ActorList>();
            QVERIFY2(list, qPrintable(answer.text()));
            ++pages;
            for (const HubActor &actor : list->actors)
                addresses.insert(actor.address);
            if (list->hasMore)
                page(offset + int(list->actors.size()));
            else
                doneAt = m_hub->clock.nowMs();
        });
    };
    connect(&connection, &HubConnection::stateChanged, this, [&](State state) {
        if (state != State::Ready)
            return;
        readyAt = m_hub->clock.nowMs();
        page(0);
    });
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(doneAt > 0, HubWatch::limitMs);
    QCOMPARE(pages, 20);
    QCOMPARE(addresses.size(), 2'000);
    QCOMPARE(connection.vitals().refusedForRate, 0u); // Without a single refusal.
    QCOMPARE(m_hub->server->core().refusedForRate(), 0u);
    qInfo("2,000 actors listed in %lld ms", doneAt - readyAt);
    QVERIFY2(doneAt - readyAt < 4'000,
             qPrintable(QString::number(doneAt - readyAt))); // 1.3 s where the machine is free.
}

void HubConnectionTest::registersAndHears()
{
    HubActorOptions actorOptions;
    actorOptions.count = 1;
    HubActors actors(m_hub->server->core(), actorOptions, m_hub->clock);
    actors.start();
    HubConnection connection(m_hub->options(), m_hub->clock);
    QSignalSpy received(&connection, &HubConnection::received);
    connection.setRegistered(true);
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(connection.isRegistered() && actors.registered() == 1, HubWatch::limitMs);
    QVERIFY(m_hub->server->core().registry().find(connection.address()));
    const QString actor = u"@(local/planner-1)"_s;
    const QJsonObject data{{u"commandId"_s, u"c1"_s}, {u"reason"_s, u"maintenance"_s}, {u"by"_s, u"me"_s}};
    QVERIFY(HubWatch::ask(connection, HubRequest::ask(actor, u"worker:drain"_s, data)).as<hub::DeliveryAck>());
    QTRY_COMPARE_WITH_TIMEOUT(received.size(), 1, HubWatch::limitMs);
    const auto message = received.first().first().value<HubMessage>();
    QCOMPARE(message.type(), u"worker:ack"_s);
    QCOMPARE(message.from(), actor);
    QCOMPARE(message.as<hub::Application>()->payload.toObject().value(u"commandId"_s), u"c1"_s);
}

void HubConnectionTest::reregistersAndSubscribesAfterReconnect()
{
    HubConnection connection(m_hub->options(), m_hub->clock);
    QSignalSpy subscribed(&connection, &HubConnection::subscriptionChanged);
    QSignalSpy received(&connection, &HubConnection::received);
    connection.setRegistered(true);
    connection.subscribe(u"events"_s);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(subscribed.size(), 1, HubWatch::limitMs);
    m_hub->server->cut(-1);
    QTRY_COMPARE_WITH_TIMEOUT(subscribed.size(), 2, HubWatch::limitMs);
    QCOMPARE(subscribed.last(), (QVariantList{u"events"_s, true, QString()}));
    QCOMPARE(connection.generation(), 2u);
    HubRawClient publisher(u"@(local/pub)"_s);
    QVERIFY(publisher.join(m_hub->server->port()));
    publisher.ask(u"hub:publish"_s, QJsonObject{{u"topic"_s, u"events"_s}, {u"type"_s, u"it"_s}, {u"data"_s, 1}});
    QTRY_COMPARE_WITH_TIMEOUT(received.size(), 1, HubWatch::limitMs);
    QCOMPARE(received.first().first().value<HubMessage>().as<hub::Application>()->topic, u"events"_s);
    connection.unsubscribe(u"events"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_hub->count(u"hub:unsubscribe"_s), 1, HubWatch::limitMs);
}

void HubConnectionTest::unregistersWhenNotWanted()
{
    HubConnection connection(m_hub->options(), m_hub->clock);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Ready));
    HubWatch::ask(connection, HubRequest::queueStats());
    QCOMPARE(m_hub->server->core().registry().size(), 0); // Nothing is written before it is wanted.
    connection.setRegistered(true);
    QTRY_COMPARE_WITH_TIMEOUT(m_hub->server->core().registry().size(), 1, HubWatch::limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(connection.isRegistered(), HubWatch::limitMs);
    connection.setRegistered(false);
    QVERIFY(!connection.isRegistered());
    QTRY_COMPARE_WITH_TIMEOUT(m_hub->server->core().registry().size(), 0, HubWatch::limitMs);
}

void HubConnectionTest::closesGracefully()
{
    HubConnection connection(m_hub->options(), m_hub->clock);
    connection.setRegistered(true);
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(connection.isRegistered(), HubWatch::limitMs);
    QList<HubConnectionOutcome> outcomes;
    connection.request(HubRequest::metrics(), [&](const HubAnswer &answer) { outcomes.append(answer.outcome); });
    connection.close();
    QCOMPARE(outcomes, QList<HubConnectionOutcome>{HubConnectionOutcome::NotSent}); // Answered before close() returned.
    QCOMPARE(connection.state(), State::Closing);
    QVERIFY(HubWatch::becomes(connection, State::Closed));
    QCOMPARE(m_hub->heard.last(), u"hub:disconnect"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_hub->server->connections(), 0, HubWatch::limitMs);
    QCOMPARE(m_hub->server->core().registry().size(), 0);
    QCOMPARE(HubWatch::ask(connection, HubRequest::metrics()).outcome, HubConnectionOutcome::NotSent);
}

void HubConnectionTest::closesWithinLimit()
{
    HubConnectionOptions options = m_hub->options();
    options.graceMs = 100;
    HubConnection connection(options, m_hub->clock);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Ready));
    m_hub->server->setFault(HubFault::Silent);
    connection.close();
    QVERIFY(HubWatch::becomes(connection, State::Closed));
}

void HubConnectionTest::reopensWhileClosing()
{
    HubConnection connection(m_hub->options(), m_hub->clock);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Ready));
    connection.close();
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Ready));
    QCOMPARE(connection.generation(), 2u);
}

void HubConnectionTest::unreachableThenThere()
{
    m_hub->server->goDown();
    HubConnection connection(m_hub->options(), m_hub->clock);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Waiting));
    QCOMPARE(connection.failure().kind, HubConnectionKind::Unreachable);
    QVERIFY2(connection.failure().text.contains(u"Nothing listens"_s), qPrintable(connection.failure().text));
    QVERIFY(connection.retryInMs() >= 0);
    QString problem;
    QVERIFY(m_hub->server->comeUp(&problem));
    connection.retryNow();
    QVERIFY(HubWatch::becomes(connection, State::Ready));
    QCOMPARE(connection.failure().kind, HubConnectionKind::None);
}

void HubConnectionTest::unreachableWithTls_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("words");
    QTest::newRow("nobody listens") << u"127.0.0.1"_s << u"Nothing listens at 127.0.0.1:"_s;
    QTest::newRow("no such host") << u"nosuch.invalid"_s << u"“nosuch.invalid” was not found"_s;
}

/// An encrypted socket tells that it is disconnected before it tells why.
void HubConnectionTest::unreachableWithTls()
{
    QFETCH(QString, host);
    QFETCH(QString, words);
    m_hub->server->goDown();
    HubConnectionOptions options = m_hub->options();
    options.hub.host = host;
    options.hub.tls = true;
    options.connectTimeoutMs = HubWatch::limitMs;
    HubConnection connection(options, m_hub->clock);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Waiting));
    QCOMPARE(connection.failure().kind, HubConnectionKind::Unreachable);
    QVERIFY2(connection.failure().text.contains(words), qPrintable(connection.failure().text));
}

void HubConnectionTest::nobodyAnswers()
{
    QTcpServer mute; // Takes the connection and says nothing.
    QVERIFY(mute.listen(QHostAddress::LocalHost));
    HubConnectionOptions options = m_hub->options();
    options.hub.port = mute.serverPort();
    options.connectTimeoutMs = 1'000;
    HubConnection connection(options, m_hub->clock);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Waiting));
    QCOMPARE(connection.failure().kind, HubConnectionKind::Timeout);
    // A hub that upgrades and then does not answer hub:connect.
    m_hub->server->setFault(HubFault::Silent);
    options.hub.port = m_hub->server->port();
    options.reconnect = false;
    HubConnection second(options, m_hub->clock);
    second.open();
    QVERIFY(HubWatch::becomes(second, State::Closed));
    QCOMPARE(second.failure().kind, HubConnectionKind::Timeout);
    QVERIFY(second.failure().text.contains(u"took the connection"_s));
}

void HubConnectionTest::notAHub_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("words");
    QTest::newRow("404") << u"/elsewhere"_s << u"HTTP 404"_s;
    QTest::newRow("200") << u"/health"_s << u"HTTP 200"_s;
}

void HubConnectionTest::notAHub()
{
    QFETCH(QString, path);
    HubConnectionOptions options = m_hub->options();
    options.hub.path = path;
    options.reconnect = false;
    HubConnection connection(options, m_hub->clock);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Closed));
    QCOMPARE(connection.failure().kind, HubConnectionKind::Protocol);
    QFETCH(QString, words);
    QVERIFY2(connection.failure().text.contains(words), qPrintable(connection.failure().text));
}

void HubConnectionTest::versionRefused()
{
    // The simulated hub takes our version, so this one's refusal is written out.
    HubWatch other;
    QVERIFY(other.listen());
    other.server->setFault(HubFault::Silent);
    HubConnectionOptions options = other.options();
    HubConnection connection(options, other.clock);
    connect(other.server.get(), &HubServer::received, this, [&](const QByteArray &utf8) {
        QJsonObject request = QJsonDocument::fromJson(utf8).object();
        const QJsonObject refusal{
            {u"id"_s, u"1"_s},
            {u"from"_s, HubMessage::hubAddress()},
            {u"to"_s, request.value(u"from"_s)},
            {u"type"_s, u"hub:error"_s},
            {u"correlationId"_s, request.value(u"id"_s)},
            {u"payload"_s, QJsonObject{{u"code"_s, u"version_mismatch"_s},
                                       {u"message"_s, u"Protocol version mismatch: client=0.1.0, server=2.0.0"_s}}}};
        other.server->sendRaw(QJsonDocument(refusal).toJson());
    });
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Closed));
    QCOMPARE(connection.failure().kind, HubConnectionKind::VersionMismatch);
    QVERIFY(connection.failure().text.contains(u"server=2.0.0"_s));
}

void HubConnectionTest::health()
{
    HubHealthProbe probe(m_hub->options().hub);
    QSignalSpy answered(&probe, &HubHealthProbe::answered);
    probe.ask();
    probe.ask(); // One question at a time.
    QVERIFY(answered.wait(HubWatch::limitMs));
    const auto health = answered.takeFirst().first().value<HubHealth>();
    QVERIFY(health.healthy && health.reachable);
    QCOMPARE(health.service, u"signal-hub"_s);
    QCOMPARE(health.version, u"0.1.0"_s);
    QVERIFY(health.timestamp > 1'700'000'000'000);
    m_hub->server->goDown();
    probe.ask();
    QVERIFY(answered.wait(HubWatch::limitMs));
    const auto gone = answered.takeFirst().first().value<HubHealth>();
    QVERIFY(!gone.healthy && !gone.reachable);
    QVERIFY(gone.problem.contains(u"cannot be reached"_s));
    QVERIFY(answered.isEmpty());
}

void HubConnectionTest::deletedInHandler()
{
    auto *connection = new HubConnection(m_hub->options(), m_hub->clock);
    connection->open();
    QVERIFY(HubWatch::becomes(*connection, State::Ready));
    QList<HubConnectionOutcome> outcomes;
    connection->request(HubRequest::queueStats(), [&](const HubAnswer &answer) {
        outcomes.append(answer.outcome);
        delete connection;
    });
    connection->request(HubRequest::metrics(), [&](const HubAnswer &answer) { outcomes.append(answer.outcome); });
    QTRY_COMPARE_WITH_TIMEOUT(outcomes.size(), 2, HubWatch::limitMs);
    QCOMPARE(outcomes, (QList<HubConnectionOutcome>{HubConnectionOutcome::Answered, HubConnectionOutcome::Lost}));
}

void HubConnectionTest::neverAnswersFromInside()
{
    HubConnection connection(m_hub->options(), m_hub->clock);
    int answers = 0;
    const auto count = [&answers](const HubAnswer &) { ++answers; };
    connection.request(HubRequest::metrics(), count);
    QCOMPARE(answers, 0);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Ready));
    connection.request(HubRequest::tell(u"@(a)"_s, u"x"_s, 1), count);
    connection.request(HubRequest::tell(u"@(a)"_s, u"x"_s, QString(1'050'000, u'x')), count);
    QCOMPARE(answers, 1);
    QTRY_COMPARE_WITH_TIMEOUT(answers, 3, HubWatch::limitMs);
}

PULSEDECK_TEST(HubConnectionTest, runWithEvents)
#include "hubconnection_test.moc"
