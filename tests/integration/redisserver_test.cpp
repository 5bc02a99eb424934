// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/connectionwatch.h"
#include "tests/support/redisserver.h"
#include "tests/support/testcertificates.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QFile>

#include <utility>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using State = RedisConnection::State;
using Outcome = RedisAnswer::Outcome;
using Kind = RedisFailure::Kind;

/// RedisConnection against real Redis servers, each the test's own.
class RedisServerTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void talksOverAUnixSocket();
    void talksOverTcp();
    void selectsADatabase();
    void logsInWithAPassword();
    void logsInAsAUser();
    void isToldThatNoPasswordIsNeeded();
    void talksOverTls();
    void refusesAnUnknownAuthority();
    void refusesACertificateForAnotherHost();
    void refusesAnExpiredCertificate();
    void saysWhenTheAuthorityCannotBeRead();
    void tellsWhenAClientCertificateIsDemanded();
    void tellsTlsFromPlain();
    void survivesARestart();
    void survivesAKillInThePipeline();
    void timesOutOnAHungServer();
    void findsASocketThatComesLater();
    void tracksKeysByPush();
    void readsTogetherWhatIsNotUrgent();
    void carriesALongPipeline();

private:
    /// Waits until the first attempt ended, well or not.
    static RedisFailure firstOutcome(RedisConnection &connection, ConnectionWatch &watch);
    static void compareEcho(const RedisUrl &url);
};

void RedisServerTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("There is no redis-server on this machine.");
}

RedisFailure RedisServerTest::firstOutcome(RedisConnection &connection, ConnectionWatch &watch)
{
    connection.open();
    [&] { QTRY_VERIFY_WITH_TIMEOUT(watch.states.size() >= 2, patience); }();
    return watch.failures.size() >= 2 ? watch.failures.at(1) : RedisFailure{Kind::None, u"nothing happened"_s, {}};
}

void RedisServerTest::compareEcho(const RedisUrl &url)
{
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(watch.states.size() >= 2, patience);
    QVERIFY2(connection.state() == State::Ready, qPrintable(connection.failure().text));
    for (int i = 0; i < 100; ++i)
        watch.send({"ECHO", QByteArray::number(i)});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QVERIFY(watch.eachOnce());
    QVERIFY(watch.inOrder());
    for (int i = 0; i < 100; ++i)
        QCOMPARE(watch.text(i), QByteArray::number(i));
}

void RedisServerTest::talksOverAUnixSocket()
{
    RedisServer server;
    QVERIFY2(server.start(), qPrintable(server.errorString()));
    compareEcho(server.url());
    QVERIFY(server.command({"CLIENT", "LIST"}).ok());
}

void RedisServerTest::talksOverTcp()
{
    RedisServer server;
    RedisServer::Options options;
    options.tcp = true;
    QVERIFY2(server.start(options), qPrintable(server.errorString()));
    compareEcho(server.tcpUrl());
    RedisConnection connection(server.tcpUrl(), calmOptions());
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    QVERIFY(server.command({"CLIENT", "LIST"}).text.contains("name=pulsedeck"));
}

void RedisServerTest::selectsADatabase()
{
    RedisServer server;
    QVERIFY2(server.start(), qPrintable(server.errorString()));
    RedisUrl url = server.url();
    url.database = 5;
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    QCOMPARE(firstOutcome(connection, watch).kind, Kind::None);
    watch.send({"SET", "where", "five"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(RedisClient(url).command({"GET", "where"}).text, "five");
    QCOMPARE(server.command({"GET", "where"}).type, RedisValue::Type::Nil);

    url.database = 16;
    RedisConnection wrong(url, calmOptions());
    ConnectionWatch wrongWatch(wrong);
    QCOMPARE(firstOutcome(wrong, wrongWatch).kind, Kind::NoDatabase);
    QCOMPARE(wrong.state(), State::Closed);
    QVERIFY(wrong.failure().text.contains(u"16"_s));
}

void RedisServerTest::logsInWithAPassword()
{
    RedisServer server;
    RedisServer::Options options;
    options.arguments = QStringList{u"--requirepass"_s, u"hush-hush%/@:"_s};
    QVERIFY2(server.start(options), qPrintable(server.errorString()));
    RedisUrl url = server.url();

    RedisConnection none(url, calmOptions());
    ConnectionWatch noneWatch(none);
    QCOMPARE(firstOutcome(none, noneWatch).kind, Kind::LoginWanted);
    QCOMPARE(none.state(), State::Closed);

    url.password = u"wrong-secret"_s;
    RedisConnection wrong(url, calmOptions());
    ConnectionWatch wrongWatch(wrong);
    QCOMPARE(firstOutcome(wrong, wrongWatch).kind, Kind::LoginRefused);
    QCOMPARE(wrong.state(), State::Closed);
    QVERIFY(!wrongWatch.allTexts().contains(u"wrong-secret"_s));

    url.password = u"hush-hush%/@:"_s;
    compareEcho(url);
}

void RedisServerTest::logsInAsAUser()
{
    RedisServer server;
    QVERIFY2(server.start(), qPrintable(server.errorString()));
    QVERIFY(server.command({"ACL", "SETUSER", "watcher", "on", ">hush", "~worker:*", "resetchannels", "-@all", "+hmget", "+get"})
                .ok());
    QVERIFY(server.command({"SET", "other", "1"}).ok());
    RedisUrl url = server.url();
    url.user = u"watcher"_s;
    url.password = u"wrong-secret"_s;
    RedisConnection wrong(url, calmOptions());
    ConnectionWatch wrongWatch(wrong);
    QCOMPARE(firstOutcome(wrong, wrongWatch).kind, Kind::LoginRefused);
    QVERIFY(!wrongWatch.allTexts().contains(u"wrong-secret"_s) && !wrongWatch.allTexts().contains(u"watcher"_s));

    // May neither PING nor name itself, and works all the same.
    url.password = u"hush"_s;
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    QCOMPARE(firstOutcome(connection, watch).kind, Kind::None);
    const int good = watch.send({"HMGET", "worker:x", "id"});
    const int command = watch.send({"DEL", "worker:x"});
    const int key = watch.send({"GET", "other"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(watch.outcome(good), Outcome::Reply);
    QCOMPARE(watch.outcome(command), Outcome::Error);
    QVERIFY(watch.text(command).startsWith("NOPERM"));
    QVERIFY(watch.text(key).startsWith("NOPERM"));
    QCOMPARE(connection.state(), State::Ready);

    url.database = 1;
    RedisConnection elsewhere(url, calmOptions());
    ConnectionWatch elsewhereWatch(elsewhere);
    QCOMPARE(firstOutcome(elsewhere, elsewhereWatch).kind, Kind::NoDatabase);
    QVERIFY(elsewhere.failure().text.contains(u"may not select"_s));

    url.database = 0;
    RedisConnection subscriber(url, calmOptions());
    subscriber.subscribe("__redis__:invalidate");
    ConnectionWatch subscriberWatch(subscriber);
    QCOMPARE(firstOutcome(subscriber, subscriberWatch).kind, Kind::Refused);
    QVERIFY(subscriberWatch.failures.at(1).text.contains(u"subscribe"_s));
}

void RedisServerTest::isToldThatNoPasswordIsNeeded()
{
    RedisServer server;
    QVERIFY2(server.start(), qPrintable(server.errorString()));
    RedisUrl url = server.url();
    url.password = u"needless"_s;
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    const RedisFailure failure = firstOutcome(connection, watch);
    QCOMPARE(failure.kind, Kind::LoginRefused);
    QVERIFY2(failure.hint.contains(u"none is needed"_s), qPrintable(failure.text + failure.hint));
}

void RedisServerTest::talksOverTls()
{
    const TestCertificates certificates(u"DNS:localhost"_s);
    QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
    RedisServer server;
    QVERIFY2(server.start({false, certificates.certFile(), certificates.keyFile(), certificates.caFile(), {}}),
             qPrintable(server.errorString()));
    compareEcho(server.tlsUrl());

    RedisConnectionOptions whole = calmOptions();
    whole.maxStringBytes = 0;
    RedisConnection connection(server.tlsUrl(), whole);
    ConnectionWatch watch(connection);
    QCOMPARE(firstOutcome(connection, watch).kind, Kind::None);
    QVERIFY(connection.certificateUntil() > QDateTime::currentMSecsSinceEpoch());
    const QByteArray large(3'000'000, 'x');
    watch.send({"SET", "large", large});
    const int get = watch.send({"GET", "large"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(watch.text(get), large);
    server.kill();
    QTRY_VERIFY_WITH_TIMEOUT(watch.states.size() >= 3, patience);
    QCOMPARE(watch.states.at(2), State::Waiting);
    QVERIFY(server.restartEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
}

void RedisServerTest::refusesAnUnknownAuthority()
{
    const TestCertificates certificates(u"DNS:localhost"_s);
    const TestCertificates others(u"DNS:localhost"_s);
    QVERIFY2(certificates.isValid() && others.isValid(), qPrintable(certificates.errorString()));
    RedisServer server;
    QVERIFY2(server.start({false, certificates.certFile(), certificates.keyFile(), certificates.caFile(), {}}),
             qPrintable(server.errorString()));
    for (const QString &caFile : {QString(), others.caFile()}) {
        RedisUrl url = server.tlsUrl();
        url.caFile = caFile;
        url.password = u"hushhush"_s;
        RedisConnection connection(url, calmOptions());
        ConnectionWatch watch(connection);
        const RedisFailure failure = firstOutcome(connection, watch);
        QCOMPARE(failure.kind, Kind::Tls);
        QVERIFY2(failure.text.contains(u"certificate"_s), qPrintable(failure.text));
        QVERIFY2(failure.hint.contains(u"CA file"_s), qPrintable(failure.hint));
        QVERIFY(!watch.allTexts().contains(u"hushhush"_s));
    }
}

void RedisServerTest::refusesACertificateForAnotherHost()
{
    const TestCertificates certificates(u"DNS:redis.example,DNS:other.example"_s);
    QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
    RedisServer server;
    QVERIFY2(server.start({false, certificates.certFile(), certificates.keyFile(), certificates.caFile(), {}}),
             qPrintable(server.errorString()));
    RedisConnection connection(server.tlsUrl(), calmOptions());
    ConnectionWatch watch(connection);
    const RedisFailure failure = firstOutcome(connection, watch);
    QCOMPARE(failure.kind, Kind::Tls);
    QVERIFY2(failure.text.contains(u"host name"_s), qPrintable(failure.text));
    QVERIFY2(failure.hint.contains(u"other.example, redis.example"_s), qPrintable(failure.hint));
}

void RedisServerTest::refusesAnExpiredCertificate()
{
    const TestCertificates certificates(u"DNS:localhost"_s, -1);
    QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
    RedisServer server;
    QVERIFY2(server.start({false, certificates.certFile(), certificates.keyFile(), certificates.caFile(), {}}),
             qPrintable(server.errorString()));
    RedisConnection connection(server.tlsUrl(), calmOptions());
    ConnectionWatch watch(connection);
    const RedisFailure failure = firstOutcome(connection, watch);
    QCOMPARE(failure.kind, Kind::Tls);
    QVERIFY2(failure.text.contains(u"expired"_s), qPrintable(failure.text));
    QVERIFY2(failure.hint.contains(u"Renew"_s), qPrintable(failure.hint));
}

void RedisServerTest::saysWhenTheAuthorityCannotBeRead()
{
    RedisUrl url;
    url.transport = RedisUrl::Transport::Tls;
    url.port = 1;
    url.caFile = u"/nonexistent/ca.pem"_s;
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    RedisFailure failure = firstOutcome(connection, watch);
    QCOMPARE(failure.kind, Kind::Tls);
    QVERIFY2(failure.text.contains(u"/nonexistent/ca.pem cannot be read"_s), qPrintable(failure.text));

    QTemporaryDir folder;
    url.caFile = folder.filePath(u"empty.pem"_s);
    QFile file(url.caFile);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    RedisConnection empty(url, calmOptions());
    ConnectionWatch emptyWatch(empty);
    failure = firstOutcome(empty, emptyWatch);
    QVERIFY2(failure.text.contains(u"contains no PEM certificate"_s), qPrintable(failure.text));
}

void RedisServerTest::tellsWhenAClientCertificateIsDemanded()
{
    const TestCertificates certificates(u"DNS:localhost"_s);
    QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
    RedisServer server;
    QVERIFY2(
        server.start(
            {true, certificates.certFile(), certificates.keyFile(), certificates.caFile(), {u"--tls-auth-clients"_s, u"yes"_s}}),
        qPrintable(server.errorString()));
    RedisConnection connection(server.tlsUrl(), calmOptions());
    ConnectionWatch watch(connection);
    const RedisFailure failure = firstOutcome(connection, watch);
    QVERIFY2(failure.kind == Kind::ClientCertificate, qPrintable(failure.text + failure.hint));
    QVERIFY2(failure.text.contains(u"demands a certificate of its clients"_s), qPrintable(failure.text));
    QVERIFY2(!failure.hint.contains(u"turn TLS off"_s), qPrintable(failure.hint));
}

void RedisServerTest::tellsTlsFromPlain()
{
    const TestCertificates certificates(u"DNS:localhost"_s);
    QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
    RedisServer server;
    QVERIFY2(server.start({true, certificates.certFile(), certificates.keyFile(), certificates.caFile(), {}}),
             qPrintable(server.errorString()));
    RedisUrl plainToTls = server.tlsUrl();
    plainToTls.transport = RedisUrl::Transport::Tcp;
    RedisUrl tlsToPlain = server.tcpUrl();
    tlsToPlain.transport = RedisUrl::Transport::Tls;
    tlsToPlain.caFile = certificates.caFile();
    for (const RedisUrl &url : {plainToTls, tlsToPlain}) {
        RedisConnectionOptions options = calmOptions();
        options.connectTimeoutMs = 2'000; // A plain server may wait for the end of what it takes for a line.
        RedisConnection connection(url, options);
        ConnectionWatch watch(connection);
        const RedisFailure failure = firstOutcome(connection, watch);
        QVERIFY(failure.kind != Kind::None);
        const QString all = failure.text + u' ' + failure.hint;
        QVERIFY2(all.contains(u"TLS"_s), qPrintable(all));
        QVERIFY2(failure.hint.contains(u"rediss://"_s), qPrintable(failure.text + failure.hint));
    }
}

void RedisServerTest::survivesARestart()
{
    RedisServer server;
    QVERIFY2(server.start(), qPrintable(server.errorString()));
    RedisConnection connection(server.url(), calmOptions());
    ConnectionWatch watch(connection);
    QCOMPARE(firstOutcome(connection, watch).kind, Kind::None);
    watch.send({"SET", "a", "1"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QVERIFY2(server.restartEmpty(), qPrintable(server.errorString()));
    QTRY_VERIFY_WITH_TIMEOUT(connection.state() == State::Ready && connection.generation() == 2, patience);
    const int exists = watch.send({"GET", "a"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(watch.outcome(exists), Outcome::Reply);
    QCOMPARE(watch.text(exists), "");
    QVERIFY(watch.failures.at(2).kind == Kind::Closed || watch.failures.at(2).kind == Kind::Unreachable);
    QCOMPARE(watch.failures.back().kind, Kind::None);
}

void RedisServerTest::survivesAKillInThePipeline()
{
    RedisServer server;
    QVERIFY2(server.start(), qPrintable(server.errorString()));
    RedisConnection connection(server.url(), calmOptions());
    ConnectionWatch watch(connection);
    QCOMPARE(firstOutcome(connection, watch).kind, Kind::None);
    for (int i = 0; i < 50'000; ++i)
        watch.send({"ECHO", QByteArray::number(i)});
    connection.request({"ECHO", "x"}, {});
    QTRY_VERIFY_WITH_TIMEOUT(watch.answered() > 100, patience);
    if (!watch.allAnswered())
        server.kill();
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    server.kill();
    QVERIFY(watch.eachOnce());
    QVERIFY(watch.inOrder());
    bool lost = false;
    for (int i = 0; i < 50'000; ++i) {
        // Answers up to a point, and none behind it.
        lost = lost || watch.outcome(i) == Outcome::Lost;
        QCOMPARE(watch.outcome(i), lost ? Outcome::Lost : Outcome::Reply);
    }
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Waiting, patience);
}

void RedisServerTest::timesOutOnAHungServer()
{
    RedisServer server;
    QVERIFY2(server.start(), qPrintable(server.errorString()));
    RedisConnection connection(server.url(), quickOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    server.pause();
    const int first = watch.send({"GET", "a"});
    QTRY_VERIFY_WITH_TIMEOUT(connection.oldestPendingMs() > 50, patience);
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(watch.outcome(first), Outcome::Timeout);
    // Connecting goes on failing, as nobody answers the greeting, until it wakes up.
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Waiting, patience);
    server.resume();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
}

void RedisServerTest::findsASocketThatComesLater()
{
    RedisServer server;
    RedisConnection connection(server.url(), calmOptions());
    ConnectionWatch watch(connection);
    const RedisFailure failure = firstOutcome(connection, watch);
    QCOMPARE(failure.kind, Kind::Unreachable);
    QVERIFY2(failure.text.contains(u"no socket at"_s), qPrintable(failure.text));
    QVERIFY2(server.start(), qPrintable(server.errorString()));
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
}

void RedisServerTest::tracksKeysByPush()
{
    RedisServer server;
    QVERIFY2(server.start(), qPrintable(server.errorString()));
    RedisConnection subscriber(server.url(), calmOptions());
    subscriber.subscribe("__redis__:invalidate");
    QByteArrayList pushed;
    connect(&subscriber, &RedisConnection::pushed, this, [&](const RedisReply &message) {
        for (int i = 0; i < message.at(2).size(); ++i)
            pushed.append(message.at(2).at(i).bytes().toByteArray());
        if (message.at(2).isNil())
            pushed.append("flush");
    });
    subscriber.open();
    RedisConnection connection(server.url(), calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(subscriber.state() == State::Ready && connection.state() == State::Ready, patience);
    QVERIFY(subscriber.clientId() > 0);
    const int tracking = watch.send(
        {"CLIENT", "TRACKING", "ON", "REDIRECT", QByteArray::number(subscriber.clientId()), "BCAST", "PREFIX", "worker:"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(watch.outcome(tracking), Outcome::Reply);
    server.command({"SET", "other", "1"});
    server.command({"HSET", "worker:a", "status", "available"});
    QTRY_COMPARE_WITH_TIMEOUT(pushed, (QByteArrayList{"worker:a"}), patience);
    server.command({"FLUSHALL"});
    QTRY_COMPARE_WITH_TIMEOUT(pushed, (QByteArrayList{"worker:a", "flush"}), patience);
}

void RedisServerTest::readsTogetherWhatIsNotUrgent()
{
    RedisServer server;
    QVERIFY2(server.start(), qPrintable(server.errorString()));
    RedisConnection subscriber(server.url(), calmOptions());
    subscriber.subscribe("news");
    QByteArrayList pushed;
    int turns = 0; // Of the event loop in which anything came.
    bool counted = false;
    qint64 longestHeld = 0;
    qint64 lastHeld = -1;
    connect(&subscriber, &RedisConnection::pushed, this, [&](const RedisReply &message) {
        pushed.append(message.at(2).bytes().toByteArray());
        lastHeld = subscriber.heldMs();
        longestHeld = qMax(longestHeld, lastHeld);
        if (std::exchange(counted, true))
            return;
        ++turns;
        QMetaObject::invokeMethod(
            &subscriber, [&counted] { counted = false; }, Qt::QueuedConnection);
    });
    constexpr int delayMs = 200;
    subscriber.setReadDelay(delayMs); // Holds for the connections to come.
    subscriber.open();
    QTRY_COMPARE_WITH_TIMEOUT(subscriber.state(), State::Ready, patience);
    QElapsedTimer time;
    time.start();
    QByteArrayList sent;
    for (int i = 0; i < 50; ++i) {
        sent.append(QByteArray::number(i));
        server.command({"PUBLISH", "news", sent.constLast()});
        QCoreApplication::processEvents();
    }
    QTRY_COMPARE_WITH_TIMEOUT(pushed, sent, patience);
    QVERIFY2(turns <= time.elapsed() / delayMs + 1, qPrintable(u"%1 turns in %2 ms"_s.arg(turns).arg(time.elapsed())));
    QVERIFY2(longestHeld >= delayMs / 2 && longestHeld <= time.elapsed(), qPrintable(u"%1 ms"_s.arg(longestHeld)));
    QCOMPARE(subscriber.heldMs(), qint64(0)); // Nothing is being read now.
    subscriber.setReadDelay(0);
    server.command({"PUBLISH", "news", "prompt"});
    QTRY_COMPARE_WITH_TIMEOUT(pushed.size(), sent.size() + 1, patience);
    QCOMPARE(lastHeld, qint64(0));
    // An end is noticed too, and what came before it is read.
    subscriber.setReadDelay(delayMs);
    server.command({"PUBLISH", "news", "last"});
    server.stop();
    QTRY_VERIFY_WITH_TIMEOUT(subscriber.state() != State::Ready, patience);
    QCOMPARE(pushed.constLast(), QByteArray("last"));
}

void RedisServerTest::carriesALongPipeline()
{
    RedisServer server;
    QVERIFY2(server.start(), qPrintable(server.errorString()));
    RedisConnection connection(server.url(), calmOptions());
    ConnectionWatch watch(connection);
    QCOMPARE(firstOutcome(connection, watch).kind, Kind::None);
    constexpr int count = 100'000;
    int answers = 0;
    int wrong = 0;
    for (int i = 0; i < count; ++i) {
        connection.request({"ECHO", QByteArray::number(i)}, [&, i](const RedisAnswer &answer) {
            ++answers;
            wrong += answer.reply.toInteger(-1) == i ? 0 : 1;
        });
    }
    QCOMPARE(connection.pending(), count);
    QTRY_COMPARE_WITH_TIMEOUT(answers, count, 60'000);
    QCOMPARE(wrong, 0);
    QCOMPARE(connection.pending(), 0);
    QCOMPARE(connection.generation(), 1u);
}

PULSEDECK_TEST(RedisServerTest, runWithEvents)
#include "redisserver_test.moc"
