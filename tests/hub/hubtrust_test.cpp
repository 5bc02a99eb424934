// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens and certificates.
#include "app/hub/hubhealth.h"
#include "app/simulator/hubtoken.h"
#include "tests/hub/hubrawclient.h"
#include "tests/hub/hubwatch.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>

using namespace pulsedeck;
using namespace pulsedeck::fleet;
using namespace Qt::StringLiterals;
using State = HubConnection::State;
using HubTrustKind = SourceFailure::Kind;

class HubTrustTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_hub.reset(); }

    void tokens_data();
    void tokens();
    void tokenExpiresWhileConnected();
    void tokenIsRefreshed();
    void aWatcherComesBackWhenItsTokensActorRegisters();
    void aRegisteredConsoleIsNotEndedByItsTokensActor();
    void whoeverTookOurAddressWhileWeOnlyWatchedKeepsIt();
    void wss();
    void wssWrongCertificate_data();
    void wssWrongCertificate();
    void wssByTheServersName();
    void wssPinned();
    void wssWithAClientsCertificate();

private:
    std::unique_ptr<HubWatch> m_hub;
};

void HubTrustTest::init()
{
    m_hub = std::make_unique<HubWatch>();
    QVERIFY(m_hub->listen());
}

void HubTrustTest::tokens_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("words");
    const qint64 now = SystemClock().nowMs();
    QTest::newRow("good") << HubToken::issue(u"a"_s, "secret", now) << QString();
    QTest::newRow("none") << QByteArray() << u"asks for a token"_s;
    QTest::newRow("expired") << HubToken::issue(u"a"_s, "secret", now, -1) << u"has expired"_s;
    QTest::newRow("other hub's") << HubToken::issue(u"a"_s, "other", now) << u"did not sign"_s;
    QTest::newRow("nonsense") << QByteArray("nonsense") << u"refused the token"_s;
}

void HubTrustTest::tokens()
{
    QFETCH(QByteArray, token);
    QFETCH(QString, words);
    QVERIFY(m_hub->listen({.secret = "secret"}));
    HubConnectionOptions options = m_hub->options();
    options.token = HubSecret(QString::fromLatin1(token));
    HubConnection connection(options, m_hub->clock);
    connection.open();
    if (words.isEmpty()) {
        QVERIFY(HubWatch::becomes(connection, State::Ready));
        return;
    }
    QVERIFY(HubWatch::becomes(connection, State::Closed)); // Trying again would not mend it.
    QCOMPARE(connection.failure().kind, token.isEmpty() ? HubTrustKind::LoginWanted : HubTrustKind::LoginRefused);
    QVERIFY2(connection.failure().text.contains(words), qPrintable(connection.failure().text));
    QVERIFY(!connection.failure().text.contains(QString::fromLatin1(token)) || token.isEmpty());
    QVERIFY(!connection.failure().hint.isEmpty());
}

void HubTrustTest::tokenExpiresWhileConnected()
{
    QVERIFY(m_hub->listen({.forgets = false, .secret = "secret"}));
    HubConnectionOptions options = m_hub->options();
    options.token = HubSecret(QString::fromLatin1(HubToken::issue(u"a"_s, "secret", m_hub->clock.nowMs(), 60)));
    HubConnection connection(options, m_hub->clock);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Ready));
    m_hub->clock.step(120'000);
    QVERIFY(HubWatch::ask(connection, HubRequest::queueStats()).ok()); // The session lives on …
    m_hub->server->cut(-1);
    QVERIFY(HubWatch::becomes(connection, State::Closed)); // … but there is no way back into it.
    QCOMPARE(connection.failure().kind, HubTrustKind::LoginRefused);
    QVERIFY(connection.failure().text.contains(u"has expired"_s));
}

void HubTrustTest::tokenIsRefreshed()
{
    HubRules rules;
    rules.secret = "secret";
    rules.forgets = false;
    QVERIFY(m_hub->listen(rules));
    HubConnectionOptions options = m_hub->options();
    options.token = HubSecret(QString::fromLatin1(HubToken::issue(u"a"_s, "secret", m_hub->clock.nowMs(), 6)));
    QVERIFY(options.token.expiresAt() > m_hub->clock.nowMs());
    HubConnection connection(options, m_hub->clock);
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(m_hub->heard.contains(u"hub:refresh_token"_s), HubWatch::limitMs);
    QVERIFY(HubWatch::ask(connection, HubRequest::queueStats()).ok()); // Answers come in order.
    m_hub->clock.step(60'000);
    m_hub->server->cut(-1); // The first token is worth nothing any more.
    QTRY_COMPARE_WITH_TIMEOUT(connection.generation(), 2u, HubWatch::limitMs);
    QCOMPARE(connection.state(), State::Ready);
    QCOMPARE(HubSecret(u"nonsense"_s).expiresAt(), 0);
}

void HubTrustTest::aWatcherComesBackWhenItsTokensActorRegisters()
{
    HubRules rules;
    rules.secret = "secret";
    QVERIFY(m_hub->listen(rules));
    const QString token = QString::fromLatin1(HubToken::issue(u"local/planner"_s, "secret", m_hub->clock.nowMs()));
    HubConnectionOptions options = m_hub->options();
    options.token = HubSecret(token);
    HubConnection connection(options, m_hub->clock);
    QSignalSpy states(&connection, &HubConnection::stateChanged);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Ready));
    // Not by what its messages say they are from.
    QCOMPARE(connection.vitals().identity, u"@(local/planner)"_s);
    QVERIFY(connection.address() != connection.vitals().identity);

    HubRawClient owner(u"@(local/planner)"_s);
    QVERIFY(owner.join(m_hub->server->port(), token));
    for (quint32 times = 1; times <= 2; ++times) { // A registration is renewed by registering again.
        states.clear();
        QCOMPARE(owner.registerActor(u"@(local/planner)"_s).value(u"type"_s), u"hub:registered"_s);
        QTRY_COMPARE_WITH_TIMEOUT(connection.generation(), times + 1, HubWatch::limitMs);
        QVERIFY(HubWatch::becomes(connection, State::Ready));
        bool waited = false;
        for (const QList<QVariant> &one : std::as_const(states)) {
            waited = waited || one.first().value<State>() == State::Waiting;
            QVERIFY(one.first().value<State>() != State::Closed);
        }
        QVERIFY(waited);
    }
    QVERIFY(HubWatch::ask(connection, HubRequest::queueStats()).ok());
    QVERIFY(owner.nothingCame()); // And nobody was ended by it.
    QCOMPARE(m_hub->count(u"hub:register"_s), 2);
}

void HubTrustTest::aRegisteredConsoleIsNotEndedByItsTokensActor()
{
    HubRules rules;
    rules.secret = "secret";
    QVERIFY(m_hub->listen(rules));
    const QString token = QString::fromLatin1(HubToken::issue(u"local/planner"_s, "secret", m_hub->clock.nowMs()));
    HubConnectionOptions options = m_hub->options();
    options.token = HubSecret(token);
    HubConnection connection(options, m_hub->clock);
    connection.setRegistered(true);
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(connection.isRegistered(), HubWatch::limitMs);
    HubRawClient owner(u"@(local/planner)"_s);
    QVERIFY(owner.join(m_hub->server->port(), token));
    owner.registerActor(u"@(local/planner)"_s);
    QVERIFY(HubWatch::ask(connection, HubRequest::queueStats()).ok());
    QCOMPARE(connection.generation(), 1u);
    // Its own address is another matter, whoever's the token.
    owner.registerActor(connection.address());
    QVERIFY(HubWatch::becomes(connection, State::Closed));
    QCOMPARE(connection.failure().kind, HubTrustKind::Duplicate);
}

void HubTrustTest::whoeverTookOurAddressWhileWeOnlyWatchedKeepsIt()
{
    QVERIFY(m_hub->listen());
    HubConnection connection(m_hub->options(), m_hub->clock);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Ready));
    HubRawClient other(u"@(desktop/other)"_s);
    QVERIFY(other.join(m_hub->server->port()));
    other.registerActor(connection.address());
    QTRY_COMPARE_WITH_TIMEOUT(connection.generation(), 2u, HubWatch::limitMs);
    QVERIFY(HubWatch::becomes(connection, State::Ready));
    connection.setRegistered(true); // Would end the other, which might come back and end us.
    QVERIFY(HubWatch::ask(connection, HubRequest::queueStats()).ok());
    QVERIFY(!connection.isRegistered());
    QVERIFY(connection.vitals().registrationProblem.contains(u"another connection"_s));
    QVERIFY(other.nothingCame());
}

void HubTrustTest::wss()
{
    const TestCertificates certificates(u"DNS:localhost,IP:127.0.0.1"_s);
    QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
    QVERIFY(m_hub->listenWithTls(certificates));
    HubConnectionOptions options = m_hub->options();
    options.hub.tls = true;
    options.hub.caFile = certificates.caFile();
    HubConnection connection(options, m_hub->clock);
    connection.open();
    QVERIFY2(HubWatch::becomes(connection, State::Ready), qPrintable(connection.failure().text));
    QVERIFY(HubWatch::ask(connection, HubRequest::queueStats()).ok());
    const qint64 until = connection.vitals().certificateUntil;
    QVERIFY(until > QDateTime::currentMSecsSinceEpoch());
    QVERIFY(until < QDateTime::currentDateTimeUtc().addYears(10).toMSecsSinceEpoch());
    HubHealthProbe probe(options.hub);
    QSignalSpy answered(&probe, &HubHealthProbe::answered);
    probe.ask();
    QVERIFY(answered.wait(HubWatch::limitMs));
    QVERIFY2(answered.first().first().value<HubHealth>().healthy,
             qPrintable(answered.first().first().value<HubHealth>().problem));
}

void HubTrustTest::wssWrongCertificate_data()
{
    QTest::addColumn<QString>("names");
    QTest::addColumn<int>("days");
    QTest::addColumn<bool>("trusted");
    QTest::newRow("unknown authority") << u"IP:127.0.0.1"_s << 1 << false;
    QTest::newRow("other name") << u"DNS:other.example"_s << 1 << true;
    QTest::newRow("expired") << u"IP:127.0.0.1"_s << -1 << true;
}

void HubTrustTest::wssWrongCertificate()
{
    QFETCH(QString, names);
    QFETCH(int, days);
    QFETCH(bool, trusted);
    const TestCertificates certificates(names, days);
    QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
    QVERIFY(m_hub->listenWithTls(certificates));
    HubConnectionOptions options = m_hub->options();
    options.hub.tls = true;
    options.reconnect = false;
    if (trusted)
        options.hub.caFile = certificates.caFile();
    HubConnection connection(options, m_hub->clock);
    connection.open();
    QVERIFY(HubWatch::becomes(connection, State::Closed));
    QCOMPARE(connection.failure().kind, HubTrustKind::Tls);
    QVERIFY2(connection.failure().text.contains(u"is not trusted"_s), qPrintable(connection.failure().text));
    QCOMPARE(m_hub->server->connections(), 0);
}

void HubTrustTest::wssByTheServersName()
{
    const TestCertificates certificates(u"DNS:hub.internal"_s);
    QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
    QVERIFY(m_hub->listenWithTls(certificates));
    HubConnectionOptions options = m_hub->options();
    options.hub.tls = true;
    options.hub.caFile = certificates.caFile();
    options.hub.tlsOptions.serverName = u"hub.internal"_s;
    HubConnection connection(options, m_hub->clock);
    connection.open();
    QVERIFY2(HubWatch::becomes(connection, State::Ready), qPrintable(connection.failure().text));
    HubHealthProbe probe(options.hub);
    QSignalSpy answered(&probe, &HubHealthProbe::answered);
    probe.ask();
    QVERIFY(answered.wait(HubWatch::limitMs));
    QVERIFY2(answered.first().first().value<HubHealth>().healthy,
             qPrintable(answered.first().first().value<HubHealth>().problem));
}

void HubTrustTest::wssPinned()
{
    const TestCertificates certificates(u"DNS:other.example"_s);
    QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
    QVERIFY(m_hub->listenWithTls(certificates));
    HubConnectionOptions options = m_hub->options();
    options.hub.tls = true;
    options.reconnect = false;
    SourceFailure failure;
    {
        HubConnection unknown(options, m_hub->clock);
        unknown.open();
        QVERIFY(HubWatch::becomes(unknown, State::Closed));
        failure = unknown.failure();
    }
    QCOMPARE(failure.kind, HubTrustKind::Tls);
    QCOMPARE(failure.certificate.fingerprint, certificates.fingerprint());
    QVERIFY2(failure.hint.contains(TlsOptions::fingerprintText(certificates.fingerprint())), qPrintable(failure.hint));

    options.hub.tlsOptions.addPin(failure.certificate.fingerprint);
    {
        HubConnection trusted(options, m_hub->clock);
        trusted.open();
        QVERIFY2(HubWatch::becomes(trusted, State::Ready), qPrintable(trusted.failure().text));
        HubHealthProbe probe(options.hub);
        QSignalSpy answered(&probe, &HubHealthProbe::answered);
        probe.ask();
        QVERIFY(answered.wait(HubWatch::limitMs));
        QVERIFY2(answered.first().first().value<HubHealth>().healthy,
                 qPrintable(answered.first().first().value<HubHealth>().problem));
    }

    // Another one at the same place, with and without an authority that vouches for it.
    const TestCertificates others(u"IP:127.0.0.1"_s);
    QVERIFY2(others.isValid(), qPrintable(others.errorString()));
    QVERIFY(m_hub->listenWithTls(others));
    options.hub.port = m_hub->server->port();
    for (const QString &authority : {QString(), others.caFile()}) {
        options.hub.caFile = authority;
        HubConnection refused(options, m_hub->clock);
        refused.open();
        QVERIFY(HubWatch::becomes(refused, State::Closed));
        QCOMPARE(refused.failure().kind, HubTrustKind::Tls);
        const QString hint = refused.failure().hint;
        QVERIFY2(refused.failure().text.contains(u"another certificate"_s), qPrintable(refused.failure().text));
        QVERIFY2(hint.contains(TlsOptions::fingerprintText(certificates.fingerprint())), qPrintable(hint));
        QVERIFY2(hint.contains(TlsOptions::fingerprintText(others.fingerprint())), qPrintable(hint));
        HubHealthProbe probe(options.hub);
        QSignalSpy answered(&probe, &HubHealthProbe::answered);
        probe.ask();
        QVERIFY(answered.wait(HubWatch::limitMs));
        QVERIFY(!answered.first().first().value<HubHealth>().healthy);
    }
}

void HubTrustTest::wssWithAClientsCertificate()
{
    TestCertificates certificates(u"IP:127.0.0.1"_s);
    QVERIFY2(certificates.makeClient(u"pass phrase"_s), qPrintable(certificates.errorString()));
    QVERIFY(m_hub->listenWithTls(certificates, true));
    HubConnectionOptions options = m_hub->options();
    options.hub.tls = true;
    options.reconnect = false;
    options.hub.caFile = certificates.caFile();
    {
        HubConnection without(options, m_hub->clock);
        without.open();
        QVERIFY(HubWatch::becomes(without, State::Closed));
        QVERIFY(without.failure().kind != SourceTrouble::None);
    }
    options.hub.tlsOptions.certFile = certificates.clientCertFile();
    options.hub.tlsOptions.keyFile = certificates.clientKeyFile();
    {
        HubConnection locked(options, m_hub->clock);
        locked.open();
        QVERIFY(HubWatch::becomes(locked, State::Closed));
        QVERIFY2(locked.failure().text.contains(u"passphrase is not given"_s), qPrintable(locked.failure().text));
    }
    options.hub.tlsOptions.keyPassphrase = u"pass phrase"_s;
    HubConnection connection(options, m_hub->clock);
    connection.open();
    QVERIFY2(HubWatch::becomes(connection, State::Ready), qPrintable(connection.failure().text));
}

PULSEDECK_TEST(HubTrustTest, runWithEvents)
#include "hubtrust_test.moc"
