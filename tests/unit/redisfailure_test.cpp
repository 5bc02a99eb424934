// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisfailure.h"
#include "models/core/backoff.h"
#include "tests/support/testprogram.h"

#include <QRandomGenerator>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using Kind = RedisFailure::Kind;

namespace {

RedisUrl secretUrl(RedisUrl::Transport transport = RedisUrl::Transport::Tcp)
{
    RedisUrl url;
    url.transport = transport;
    url.host = u"db.example"_s;
    url.path = u"/run/redis.sock"_s;
    url.user = u"Watcher"_s;
    url.password = u"p@ss/w:rd"_s;
    return url;
}

} // namespace

class RedisFailureTest : public QObject
{
    Q_OBJECT

private slots:
    void tellsHandshakeErrorsApart_data();
    void tellsHandshakeErrorsApart();
    void showsTheServersWordsSafely_data();
    void showsTheServersWordsSafely();
    void doubtsOnlyWhatWasGiven();
    void hasWordsForEveryEnd();
    void tellsOtherServersApart_data();
    void tellsOtherServersApart();
    void backsOffWithinBounds();
    void backsOffAnewAfterSuccess();
    void backsOffWithOddSettings();
};

void RedisFailureTest::tellsHandshakeErrorsApart_data()
{
    QTest::addColumn<int>("step");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("word"); ///< Found in text or hint.
    const auto row = [](const char *name, HandshakeStep step, const char *answer, Kind kind, const char *word) {
        QTest::newRow(name) << int(step) << QByteArray(answer) << int(kind) << QString::fromLatin1(word);
    };
    using Step = HandshakeStep;
    row("wrong password", Step::Auth, "WRONGPASS invalid username-password pair or user is disabled.", Kind::LoginRefused,
        "refused");
    row("wrong password, old", Step::Auth, "ERR invalid password", Kind::LoginRefused, "refused");
    row("no password set", Step::Auth,
        "ERR AUTH <password> called without any password configured for the default user. Are you sure your "
        "configuration is correct?",
        Kind::LoginRefused, "none is needed");
    row("no password set, old", Step::Auth, "ERR Client sent AUTH, but no password is set", Kind::LoginRefused, "none is needed");
    row("users unknown", Step::Auth, "ERR wrong number of arguments for 'auth' command", Kind::LoginRefused, "before version 6");
    row("AUTH unknown", Step::Auth, "ERR unknown command 'AUTH', with args beginning with: 'Watcher' 'p@ss/w:rd' ",
        Kind::LoginRefused, "is not shown");
    row("AUTH while loading", Step::Auth, "LOADING Redis is loading the dataset in memory", Kind::Loading, "reading its data");
    row("password wanted", Step::Ping, "NOAUTH Authentication required.", Kind::LoginWanted, "password");
    row("password wanted at once", Step::SetName, "NOAUTH Authentication required.", Kind::LoginWanted, "password");
    row("loading", Step::Ping, "LOADING Redis is loading the dataset in memory", Kind::Loading, "reading its data");
    row("master down", Step::Ping, "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        Kind::Refused, "replica");
    row("busy", Step::Ping, "BUSY Redis is busy running a script.", Kind::Refused, "script");
    row("protected mode", Step::SetName, "DENIED Redis is running in protected mode because protected mode is enabled",
        Kind::Refused, "protected mode");
    row("full", Step::Ping, "ERR max number of clients reached", Kind::Refused, "as many clients");
    row("no such database", Step::Select, "ERR DB index is out of range", Kind::NoDatabase, "no database");
    row("cluster", Step::Select, "ERR SELECT is not allowed in cluster mode", Kind::NoDatabase, "cluster");
    row("SELECT not permitted", Step::Select, "NOPERM this user has no permissions to run the 'select' command", Kind::NoDatabase,
        "may not select");
    row("PING not permitted", Step::Ping, "NOPERM this user has no permissions to run the 'ping' command", Kind::None, "");
    row("cannot write to disk", Step::Ping, "MISCONF Redis is configured to save RDB snapshots", Kind::None, "");
    row("SETNAME not permitted", Step::SetName, "NOPERM this user has no permissions", Kind::None, "");
    row("SETNAME unknown", Step::SetName, "ERR unknown command 'CLIENT'", Kind::None, "");
    row("ID unknown", Step::ClientId, "ERR Unknown subcommand", Kind::None, "");
    row("SUBSCRIBE not permitted", Step::Subscribe, "NOPERM this user has no permissions to access one of the channels",
        Kind::Refused, "subscribe");
    row("word only looks alike", Step::Ping, "LOADINGS are nice", Kind::None, "");
}

void RedisFailureTest::tellsHandshakeErrorsApart()
{
    QFETCH(int, step);
    QFETCH(QByteArray, answer);
    QFETCH(int, kind);
    QFETCH(QString, word);
    const RedisFailure failure = handshakeFailure(HandshakeStep(step), answer, secretUrl());
    QCOMPARE(int(failure.kind), kind);
    const QString all = failure.text + u' ' + failure.hint;
    QVERIFY2(all.contains(word), qPrintable(all));
    QVERIFY2(!all.contains(u"p@ss"_s) && !all.contains(u"Watcher"_s), qPrintable(all));
    QCOMPARE(failure.isFinal(),
             kind == int(Kind::LoginRefused) || kind == int(Kind::LoginWanted) || kind == int(Kind::NoDatabase));
}

void RedisFailureTest::showsTheServersWordsSafely_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("shown");
    const QString leftOut = u"(the server's error message is not shown, as it repeats the password)"_s;
    QTest::newRow("plain") << QByteArray("ERR no") << u"ERR no"_s;
    QTest::newRow("empty") << QByteArray() << QString();
    QTest::newRow("control characters") << QByteArray("ERR \x1b[31mred\a\r\n \x00x", 18) << u"ERR [31mred x"_s;
    QTest::newRow("password") << QByteArray("ERR args 'p@ss/w:rd'") << leftOut;
    QTest::newRow("password inside") << QByteArray("xp@ss/w:rdx") << leftOut;
    QTest::newRow("escaped password") << QByteArray("redis://x:p%40ss%2Fw%3Ard@h") << leftOut;
    QTest::newRow("password behind the cut") << QByteArray(QByteArray(295, 'x') + "p@ss/w:rd") << leftOut;
    QTest::newRow("another login") << QByteArray("MOVED to redis://bob:hush@h:1") << u"MOVED to redis://h:1"_s;
    QTest::newRow("long") << QByteArray(1'000, 'x') << QString(QString(300, u'x') + u'…');
}

void RedisFailureTest::showsTheServersWordsSafely()
{
    QFETCH(QByteArray, text);
    QTEST(serverText(text, secretUrl()), "shown");
}

void RedisFailureTest::doubtsOnlyWhatWasGiven()
{
    const QByteArray refusal = "WRONGPASS invalid username-password pair or user is disabled.";
    RedisUrl url = secretUrl();
    QVERIFY(handshakeFailure(HandshakeStep::Auth, refusal, url).hint.startsWith(u"Check both."_s));
    url.user.clear();
    const QString hint = handshakeFailure(HandshakeStep::Auth, refusal, url).hint;
    QVERIFY2(hint.startsWith(u"Check the password."_s), qPrintable(hint));
    // A server that has answered there before does not suddenly want TLS.
    for (const auto transport : {RedisUrl::Transport::Tcp, RedisUrl::Transport::Tls}) {
        const RedisUrl there = secretUrl(transport);
        QVERIFY(connectTimeoutFailure(5'000, true, false, there).hint.contains(u"TLS"_s));
        QVERIFY(!connectTimeoutFailure(5'000, true, false, there, true).hint.contains(u"TLS"_s));
    }
    QVERIFY(demandsClientCertificate(u"error:0A00045C:SSL routines::tlsv13 alert certificate required"_s));
    QVERIFY(!demandsClientCertificate(u"certificate verify failed"_s));
    QVERIFY(clientCertificateFailure(url).isFinal());
}

void RedisFailureTest::hasWordsForEveryEnd()
{
    QList<RedisFailure> failures;
    for (const auto transport : {RedisUrl::Transport::Tcp, RedisUrl::Transport::Tls, RedisUrl::Transport::Unix}) {
        const RedisUrl url = secretUrl(transport);
        for (int error = -1; error <= int(QAbstractSocket::TemporaryError); ++error)
            failures << socketFailure(QAbstractSocket::SocketError(error), u"system text"_s, url);
        for (int error = -1; error <= int(QLocalSocket::OperationError); ++error)
            failures << localSocketFailure(QLocalSocket::LocalSocketError(error), u"system text"_s, url);
        for (const bool connected : {false, true}) {
            for (const bool encrypted : {false, true})
                failures << connectTimeoutFailure(5'000, connected, encrypted, url);
        }
        failures << replyTimeoutFailure(250, url) << closedFailure(true, url) << closedFailure(false, url)
                 << tlsFailure(u"wrong version number"_s, url) << certificateFailure({}, {}, url)
                 << certificateFailure({QSslError(QSslError::HostNameMismatch)}, {u"other.example"_s}, url)
                 << certificateFailure({QSslError(QSslError::CertificateExpired)}, {}, url)
                 << protocolFailure("x", u"reason"_s, false, url) << protocolFailure("x", u"reason"_s, true, url);
    }
    for (const RedisFailure &failure : std::as_const(failures)) {
        QVERIFY(failure.kind != Kind::None);
        QVERIFY2(failure.text.endsWith(u'.'), qPrintable(failure.text));
        QVERIFY2(failure.text.contains(u"db.example"_s) || failure.text.contains(u"/run/redis.sock"_s), qPrintable(failure.text));
        const QString all = failure.text + failure.hint;
        QVERIFY2(!all.contains(u"p@ss"_s) && !all.contains(u"Watcher"_s), qPrintable(all));
        QVERIFY(!failure.isFinal());
    }
}

void RedisFailureTest::tellsOtherServersApart_data()
{
    QTest::addColumn<QByteArray>("greeting");
    QTest::addColumn<QString>("word");
    QTest::newRow("web") << QByteArray("HTTP/1.1 ") << u"web server"_s;
    QTest::newRow("TLS") << QByteArray("\x15\x03\x03\x00\x02", 5) << u"expects TLS"_s;
    QTest::newRow("SSH") << QByteArray("SSH-2.0-") << u"SSH"_s;
    QTest::newRow("other") << QByteArray("220 mail") << u"does not speak the Redis protocol"_s;
    QTest::newRow("one byte") << QByteArray("\x15") << u"does not speak the Redis protocol"_s;
    QTest::newRow("nothing") << QByteArray() << u"does not speak the Redis protocol"_s;
}

void RedisFailureTest::tellsOtherServersApart()
{
    QFETCH(QByteArray, greeting);
    QFETCH(QString, word);
    const RedisFailure failure = protocolFailure(greeting, u"reason"_s, false, secretUrl());
    QCOMPARE(failure.kind, Kind::Protocol);
    QVERIFY2(failure.text.contains(word), qPrintable(failure.text));
    QVERIFY(!failure.hint.isEmpty());
}

void RedisFailureTest::backsOffWithinBounds()
{
    QRandomGenerator random(3);
    for (int round = 0; round < 200; ++round) {
        Backoff backoff(250, 15'000);
        double step = 250;
        for (int i = 0; i < 40; ++i) {
            const int wait = backoff.next(random.generateDouble());
            QVERIFY2(wait >= int(step / 2) && wait <= int(step), qPrintable(QString::number(wait)));
            step = qMin(step * 2, 15'000.0);
        }
        QCOMPARE(backoff.failures(), 40);
    }
    Backoff least(250, 15'000);
    Backoff most(250, 15'000);
    QCOMPARE(least.next(0), 125);
    QCOMPARE(most.next(0.999999), 249);
}

void RedisFailureTest::backsOffAnewAfterSuccess()
{
    Backoff backoff(100, 10'000);
    for (int i = 0; i < 5; ++i)
        backoff.next(0.5);
    QVERIFY(backoff.next(0) > 1'000);
    backoff.reset();
    QCOMPARE(backoff.next(0), 50);
}

void RedisFailureTest::backsOffWithOddSettings()
{
    Backoff zero(0, 0);
    Backoff inverted(1'000, 10);
    Backoff huge(1, std::numeric_limits<int>::max());
    for (int i = 0; i < 2'000; ++i) {
        QCOMPARE(zero.next(0.9), 1);
        QVERIFY(inverted.next(0.9) <= 1'000);
        QVERIFY(huge.next(0.99) >= 1);
    }
}

PULSEDECK_TEST(RedisFailureTest, runWithEvents)
#include "redisfailure_test.moc"
