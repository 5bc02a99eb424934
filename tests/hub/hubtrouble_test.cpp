// SPDX-License-Identifier: GPL-3.0-or-later
// What a hub, the network or other clients do to a connection.
#include "app/simulator/hubactors.h"
#include "tests/hub/hubrawclient.h"
#include "tests/hub/hubwatch.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>

using namespace pulsedeck;
using namespace pulsedeck::fleet;
using namespace Qt::StringLiterals;
using State = HubConnection::State;
using HubTroubleKind = SourceFailure::Kind;
using HubTroubleOutcome = HubAnswer::Outcome;

class HubTroubleTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void wipeWhileReady();
    void forgottenAfterSilence();
    void forgottenInHandshake();
    void forgottenAgainAndAgain();
    void wipeWhilePaging();
    void massShutdownIsNoWipe();
    void closeCodes_data();
    void closeCodes();
    void closeInHandshake();
    void forgottenWhileClosing();
    void killed();
    void silence();
    void lateAnswers();
    void twiceAnswered();
    void shuffledAnswers();
    void astrayAnswers();
    void garbledBinaryOversize_data();
    void garbledBinaryOversize();
    void fragments();
    void imitations();
    void rateLimitedByOthers();
    void broadcastCopiesCarryOwnId();
    void duplicateIsNotFought();
    void twoConsoles();

private:
    void open();

    std::unique_ptr<HubWatch> m_hub;
    std::unique_ptr<HubConnection> m_connection;
    HubConnectionOptions m_options;
};

void HubTroubleTest::init()
{
    m_hub = std::make_unique<HubWatch>();
    QVERIFY(m_hub->listen());
    m_options = m_hub->options();
}

void HubTroubleTest::cleanup()
{
    m_connection.reset();
    m_hub.reset();
}

void HubTroubleTest::open()
{
    m_connection = std::make_unique<HubConnection>(m_options, m_hub->clock);
    m_connection->open();
    QVERIFY(HubWatch::becomes(*m_connection, State::Ready));
    // Until the first heartbeat is acknowledged the connection is on probation.
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->vitals().clockKnown, HubWatch::limitMs);
}

void HubTroubleTest::wipeWhileReady()
{
    open();
    m_connection->setRegistered(true);
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->isRegistered(), HubWatch::limitMs);
    QSignalSpy wiped(m_connection.get(), &HubConnection::wiped);
    QList<HubTroubleKind> kinds;
    connect(m_connection.get(), &HubConnection::stateChanged, this, [&](State state) {
        if (state == State::Waiting)
            kinds.append(m_connection->failure().kind);
    });
    m_hub->server->core().wipe();
    QCOMPARE(HubWatch::ask(*m_connection, HubRequest::queueStats()).outcome, HubTroubleOutcome::Lost);
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->generation(), 2u, HubWatch::limitMs);
    QCOMPARE(wiped.size(), 1);
    QCOMPARE(kinds, QList<HubTroubleKind>{HubTroubleKind::Forgotten});
    QCOMPARE(m_connection->vitals().wipes, 1u);
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->isRegistered(), HubWatch::limitMs); // Again.
    QVERIFY(m_hub->server->core().registry().find(m_connection->address()));
}

void HubTroubleTest::forgottenAfterSilence()
{
    open();
    QSignalSpy wiped(m_connection.get(), &HubConnection::wiped);
    m_hub->clock.step(10'500); // As when a laptop slept.
    m_connection->request(HubRequest::queueStats(), {});
    QVERIFY(wiped.wait(HubWatch::limitMs));
    QVERIFY(HubWatch::becomes(*m_connection, State::Ready));
}

void HubTroubleTest::forgottenInHandshake()
{
    bool once = false;
    connect(m_hub->server.get(), &HubServer::connectionsChanged, this, [&](int count) {
        if (count == 1 && !std::exchange(once, true))
            m_hub->server->core().wipe(); // Between the upgrade and hub:connect.
    });
    m_connection = std::make_unique<HubConnection>(m_options, m_hub->clock);
    QSignalSpy wiped(m_connection.get(), &HubConnection::wiped);
    m_connection->open();
    QVERIFY(wiped.wait(HubWatch::limitMs));
    QVERIFY(HubWatch::becomes(*m_connection, State::Ready));
    QCOMPARE(wiped.size(), 1);
}

void HubTroubleTest::forgottenAgainAndAgain()
{
    m_options.backoffFirstMs = 400;
    m_options.backoffCapMs = 400;
    open();
    connect(m_hub->server.get(), &HubServer::connectionsChanged, this, [&](int count) {
        if (count == 1)
            m_hub->server->core().wipe();
    });
    QList<int> waits;
    connect(m_connection.get(), &HubConnection::stateChanged, this, [&](State state) {
        if (state == State::Waiting)
            waits.append(m_connection->retryInMs());
    });
    m_hub->server->core().wipe();
    m_connection->request(HubRequest::queueStats(), {});
    QTRY_VERIFY_WITH_TIMEOUT(waits.size() >= 3, HubWatch::limitMs);
    QCOMPARE(waits[0], 0); // At once,
    QVERIFY(waits[1] > 100 && waits[2] > 100); // and then with patience.
}

void HubTroubleTest::wipeWhilePaging()
{
    HubActorOptions actorOptions;
    actorOptions.count = 300;
    actorOptions.heartbeats = false;
    HubActors actors(m_hub->server->core(), actorOptions, m_hub->clock);
    QSignalSpy all(&actors, &HubActors::allRegistered);
    actors.start();
    QVERIFY(all.wait(HubWatch::limitMs));
    open();
    QCOMPARE(HubWatch::ask(*m_connection, HubRequest::listActors(0)).as<hub::ActorList>()->total, 300);
    m_hub->server->core().wipe();
    QCOMPARE(HubWatch::ask(*m_connection, HubRequest::listActors(100)).outcome, HubTroubleOutcome::Lost);
    QVERIFY(HubWatch::becomes(*m_connection, State::Ready));
    QCOMPARE(m_connection->vitals().wipes, 1u); // So that the empty list is known for what it is.
    QCOMPARE(HubWatch::ask(*m_connection, HubRequest::listActors(0)).as<hub::ActorList>()->total, 0);
}

void HubTroubleTest::massShutdownIsNoWipe()
{
    HubActorOptions actorOptions;
    actorOptions.count = 50;
    HubActors actors(m_hub->server->core(), actorOptions, m_hub->clock);
    QSignalSpy all(&actors, &HubActors::allRegistered);
    actors.start();
    QVERIFY(all.wait(HubWatch::limitMs));
    open();
    actors.stop();
    QCOMPARE(HubWatch::ask(*m_connection, HubRequest::listActors(0)).as<hub::ActorList>()->total, 0);
    QCOMPARE(m_connection->vitals().wipes, 0u);
    QCOMPARE(m_connection->generation(), 1u);
}

void HubTroubleTest::closeCodes_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<int>("kind");
    QTest::newRow("internal") << 1011 << u"Internal error"_s << int(HubTroubleKind::InternalError);
    QTest::newRow("too large") << 1009 << u"Message is too large: 1048577 > 1048576"_s << int(HubTroubleKind::TooLarge);
    QTest::newRow("unasked") << 1000 << u"Maintenance eyJhbGciOiJIUzI1NiJ9.e30.x"_s << int(HubTroubleKind::Closed);
    QTest::newRow("going away") << 1001 << QString() << int(HubTroubleKind::Closed);
}

void HubTroubleTest::closeCodes()
{
    QFETCH(int, code);
    QFETCH(QString, reason);
    m_options.reconnect = false;
    open();
    m_hub->server->setFault(HubFault::Silent);
    QList<HubTroubleOutcome> outcomes;
    m_connection->request(HubRequest::metrics(), [&](const HubAnswer &answer) { outcomes.append(answer.outcome); });
    QTRY_VERIFY_WITH_TIMEOUT(m_hub->heard.contains(u"hub:metrics"_s), HubWatch::limitMs);
    m_hub->server->closeAll(code, reason);
    QVERIFY(HubWatch::becomes(*m_connection, State::Closed));
    QTEST(int(m_connection->failure().kind), "kind");
    QVERIFY(!m_connection->failure().text.contains(u"eyJ"_s));
    QCOMPARE(outcomes, QList<HubTroubleOutcome>{HubTroubleOutcome::Lost});
}

void HubTroubleTest::closeInHandshake()
{
    int connections = 0;
    connect(m_hub->server.get(), &HubServer::received, this, [&](const QByteArray &) {
        if (++connections == 1)
            m_hub->server->closeAll(1011, u"Internal error"_s);
    });
    m_connection = std::make_unique<HubConnection>(m_options, m_hub->clock);
    m_connection->open();
    QVERIFY(HubWatch::becomes(*m_connection, State::Waiting));
    QCOMPARE(m_connection->failure().kind, HubTroubleKind::InternalError);
    QVERIFY(HubWatch::becomes(*m_connection, State::Ready));
}

/// Being told that it has forgotten us is as good an end as any: nothing is connected again.
void HubTroubleTest::forgottenWhileClosing()
{
    open();
    QSignalSpy wiped(m_connection.get(), &HubConnection::wiped);
    QList<State> states;
    connect(m_connection.get(), &HubConnection::stateChanged, this, [&](State state) { states.append(state); });
    m_hub->server->core().wipe();
    m_connection->close();
    QCOMPARE(m_connection->state(), State::Closing);
    QVERIFY(HubWatch::becomes(*m_connection, State::Closed));
    QCOMPARE(states, (QList<State>{State::Closing, State::Closed}));
    QCOMPARE(wiped.size(), 0);
    QCOMPARE(m_connection->failure().kind, HubTroubleKind::None);
    QTRY_COMPARE_WITH_TIMEOUT(m_hub->server->connections(), 0, HubWatch::limitMs);
}

void HubTroubleTest::killed()
{
    open();
    m_hub->server->goDown();
    QVERIFY(HubWatch::becomes(*m_connection, State::Waiting));
    QCOMPARE(m_connection->failure().kind, HubTroubleKind::Closed);
    QString problem;
    QVERIFY2(m_hub->server->comeUp(&problem), qPrintable(problem));
    QVERIFY(HubWatch::becomes(*m_connection, State::Ready));
}

void HubTroubleTest::silence()
{
    m_options.heartbeatMs = 100;
    m_options.ackTimeoutMs = 1'500;
    m_options.requestTimeoutMs = 60'000;
    m_options.reconnect = false;
    open();
    m_hub->server->setFault(HubFault::Silent);
    QList<HubTroubleOutcome> outcomes;
    m_connection->request(HubRequest::metrics(), [&](const HubAnswer &answer) { outcomes.append(answer.outcome); });
    QVERIFY(HubWatch::becomes(*m_connection, State::Closed));
    QCOMPARE(m_connection->failure().kind, HubTroubleKind::HeartbeatLost);
    QCOMPARE(outcomes, QList<HubTroubleOutcome>{HubTroubleOutcome::Lost});
}

void HubTroubleTest::lateAnswers()
{
    open();
    m_hub->server->setFault(HubFault::Late, 400);
    QCOMPARE(HubWatch::ask(*m_connection, HubRequest::metrics(), 100).outcome, HubTroubleOutcome::TimedOut);
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->vitals().forNobody, 1u, HubWatch::limitMs); // It came after all.
    QCOMPARE(m_connection->state(), State::Ready);
    QVERIFY(HubWatch::ask(*m_connection, HubRequest::metrics(), 20'000).ok());
}

void HubTroubleTest::twiceAnswered()
{
    open();
    m_hub->server->setFault(HubFault::Twice);
    int answers = 0;
    for (int i = 0; i < 5; ++i)
        m_connection->request(HubRequest::queueStats(), [&](const HubAnswer &answer) { answers += answer.ok() ? 1 : 100; });
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->vitals().forNobody, 5u, HubWatch::limitMs);
    QCOMPARE(answers, 5);
}

void HubTroubleTest::shuffledAnswers()
{
    open();
    m_hub->server->setFault(HubFault::Shuffle);
    QStringList got;
    const auto note = [&got](const QString &name, bool right) { got.append(right ? name : QString(u"wrong "_s + name)); };
    m_connection->request(HubRequest::queueStats(), [&](const HubAnswer &a) { note(u"stats"_s, a.as<hub::QueueStats>()); });
    m_connection->request(HubRequest::metrics(), [&](const HubAnswer &a) { note(u"metrics"_s, a.as<hub::Metrics>()); });
    m_connection->request(HubRequest::listActors(0), [&](const HubAnswer &a) { note(u"list"_s, a.as<hub::ActorList>()); });
    QTRY_COMPARE_WITH_TIMEOUT(got.size(), 3, HubWatch::limitMs);
    QCOMPARE(got, (QStringList{u"list"_s, u"metrics"_s, u"stats"_s})); // Backwards, and each to its own.
}

void HubTroubleTest::astrayAnswers()
{
    open();
    m_hub->server->setFault(HubFault::Astray);
    QCOMPARE(HubWatch::ask(*m_connection, HubRequest::metrics(), 300).outcome, HubTroubleOutcome::TimedOut);
    QVERIFY(m_connection->vitals().forNobody >= 1);
    QCOMPARE(m_connection->state(), State::Ready);
}

void HubTroubleTest::garbledBinaryOversize_data()
{
    QTest::addColumn<int>("fault");
    QTest::newRow("garbled") << int(HubFault::Garble);
    QTest::newRow("binary") << int(HubFault::Binary);
}

void HubTroubleTest::garbledBinaryOversize()
{
    QFETCH(int, fault);
    open();
    m_hub->server->setFault(HubFault(fault));
    QCOMPARE(HubWatch::ask(*m_connection, HubRequest::metrics(), 300).outcome, HubTroubleOutcome::TimedOut);
    QVERIFY(m_connection->vitals().unreadable >= 1);
    QVERIFY(!m_connection->vitals().whyUnreadable.isEmpty());
    m_hub->server->setFault(HubFault::None);
    QVERIFY(HubWatch::ask(*m_connection, HubRequest::metrics()).ok()); // One bad message does not end it.
    // More than is ever read ends it, within bounds.
    m_hub->server->setFault(HubFault::Oversize);
    m_connection->request(HubRequest::metrics(), {});
    QVERIFY(HubWatch::becomes(*m_connection, State::Waiting));
    m_hub->server->setFault(HubFault::None);
    QVERIFY(HubWatch::becomes(*m_connection, State::Ready));
}

void HubTroubleTest::fragments()
{
    open();
    m_hub->server->setFault(HubFault::Fragments);
    QVERIFY(HubWatch::ask(*m_connection, HubRequest::metrics()).as<hub::Metrics>());
}

void HubTroubleTest::imitations()
{
    m_hub->server->setFault(HubFault::Imitate);
    open(); // Even the handshake is not misled by a forwarded refusal with its own id.
    QSignalSpy received(m_connection.get(), &HubConnection::received);
    const HubAnswer answer = HubWatch::ask(*m_connection, HubRequest::metrics());
    QVERIFY(answer.as<hub::Metrics>());
    QVERIFY(received.size() >= 2);
    QCOMPARE(received.first().first().value<HubMessage>().type(), u"hub:error"_s);
    QCOMPARE(m_connection->state(), State::Ready); // Nor does a forwarded hub:disconnect end it.
    QCOMPARE(m_connection->generation(), 1u);
}

void HubTroubleTest::rateLimitedByOthers()
{
    // Somebody else used up what the hub allows: we are refused well within our own budget.
    HubRules rules;
    rules.burst = 3;
    QVERIFY(m_hub->listen(rules));
    m_options = m_hub->options();
    open();
    int answered = 0;
    for (int i = 0; i < 6; ++i)
        m_connection->request(HubRequest::queueStats(), [&](const HubAnswer &answer) { answered += answer.ok() ? 1 : 100; });
    QTRY_COMPARE_WITH_TIMEOUT(answered, 6, HubWatch::limitMs);
    QVERIFY(m_connection->vitals().refusedForRate > 0);
    // Nothing was written while the hub had asked for patience.
    qint64 longestGap = 0;
    for (qsizetype i = 1; i < m_hub->heardAt.size(); ++i)
        longestGap = qMax(longestGap, m_hub->heardAt[i] - m_hub->heardAt[i - 1]);
    QVERIFY2(longestGap >= 950, qPrintable(QString::number(longestGap)));
    QCOMPARE(m_connection->state(), State::Ready);
}

void HubTroubleTest::broadcastCopiesCarryOwnId()
{
    open();
    m_connection->setRegistered(true);
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->isRegistered(), HubWatch::limitMs);
    QSignalSpy received(m_connection.get(), &HubConnection::received);
    const HubAnswer answer =
        HubWatch::ask(*m_connection, HubRequest::broadcast(u"hub:error"_s, QJsonObject{{u"code"_s, u"x"_s}}, false, {}));
    QVERIFY(answer.as<hub::BroadcastAck>()); // And not the copy of our own that came before it.
    QCOMPARE(received.size(), 1);
    QCOMPARE(m_connection->vitals().forNobody, 0u);
}

void HubTroubleTest::duplicateIsNotFought()
{
    open();
    m_connection->setRegistered(true);
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->isRegistered(), HubWatch::limitMs);
    HubConnection second(m_options, m_hub->clock);
    second.setRegistered(true);
    second.open();
    QVERIFY(HubWatch::becomes(*m_connection, State::Closed));
    QCOMPARE(m_connection->failure().kind, HubTroubleKind::Duplicate);
    QTRY_VERIFY_WITH_TIMEOUT(second.isRegistered(), HubWatch::limitMs);
    QCOMPARE(m_connection->state(), State::Closed);
    QCOMPARE(m_connection->retryInMs(), -1);
    m_connection->retryNow(); // Unless an operator wants it.
    QVERIFY(HubWatch::becomes(*m_connection, State::Ready));
}

void HubTroubleTest::twoConsoles()
{
    open();
    HubConnectionOptions options = m_options;
    options.address = u"@(desktop/console-2)"_s;
    HubConnection second(options, m_hub->clock);
    second.setRegistered(true);
    second.open();
    m_connection->setRegistered(true);
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->isRegistered() && second.isRegistered(), HubWatch::limitMs);
    QSignalSpy received(&second, &HubConnection::received);
    QVERIFY(HubWatch::ask(*m_connection, HubRequest::ask(second.address(), u"hello"_s, 1)).as<hub::DeliveryAck>());
    QTRY_COMPARE_WITH_TIMEOUT(received.size(), 1, HubWatch::limitMs);
    QCOMPARE(m_connection->generation() + second.generation(), 2u);
    second.close();
    QVERIFY(HubWatch::becomes(second, State::Closed));
    QVERIFY(HubWatch::ask(*m_connection, HubRequest::metrics()).ok());
}

PULSEDECK_TEST(HubTroubleTest, runWithEvents)
#include "hubtrouble_test.moc"
