// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/connectionwatch.h"
#include "tests/support/fakeserver.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using State = RedisConnection::State;
using Outcome = RedisAnswer::Outcome;
using Kind = RedisFailure::Kind;

/// What RedisConnection sends, and how it answers, against a server that does what a test wants, good or bad.
class RedisConnectionTest : public QObject
{
    Q_OBJECT

private slots:
    void greetsAndAnswersInOrder();
    void answersErrorsToTheirRequests();
    void failsOverWhatTheServerSays_data();
    void failsOverWhatTheServerSays();
    void waitsWhileTheServerLoads();
    void looksSoonAgainWhileTheServerLoads();
    void refusesWithoutConnection();
    void refusesWhenTooMuchWaits();
    void keepsOrderBehindItsOwnPing();
    void endsOverOversizedAndMalformedReplies_data();
    void endsOverOversizedAndMalformedReplies();
    void passesOnPartingWords();
    void sendsArgumentsAsTheyAre();
};

void RedisConnectionTest::greetsAndAnswersInOrder()
{
    FakeServer server;
    QVERIFY(server.listen());
    server.setScript([](const QByteArrayList &command) -> QByteArray { return '+' + command.value(1, "OK") + "\r\n"; });
    server.answer("PING", "+PONG\r\n");
    RedisUrl url = server.url();
    url.user = u"watcher"_s;
    url.password = u"hush"_s;
    url.database = 3;
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    QCOMPARE(connection.state(), State::Closed);
    connection.open();
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    QCOMPARE(watch.states, (std::vector<State>{State::Connecting, State::Ready}));
    QCOMPARE(connection.failure().kind, Kind::None);
    QCOMPARE(connection.retryInMs(), -1);
    QCOMPARE(
        server.commands(),
        (std::vector<QByteArrayList>{
            {"AUTH", "watcher", "hush"}, {"INFO", "server"}, {"SELECT", "3"}, {"CLIENT", "SETNAME", "pulsedeck"}, {"PING"}}));

    for (int i = 0; i < 1'000; ++i)
        watch.send({"ECHO", QByteArray::number(i)});
    QCOMPARE(watch.answered(), 0);
    QCOMPARE(connection.pending(), 1'000);
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QVERIFY(watch.eachOnce());
    QVERIFY(watch.inOrder());
    QCOMPARE(watch.text(0), "0");
    QCOMPARE(watch.text(999), "999");
    QCOMPARE(connection.pending(), 0);
    QCOMPARE(connection.oldestPendingMs(), 0);

    connection.close();
    QCOMPARE(connection.state(), State::Closed);
    QCOMPARE(watch.states.back(), State::Closed);
}

void RedisConnectionTest::answersErrorsToTheirRequests()
{
    FakeServer server;
    QVERIFY(server.listen());
    server.answer("MOVED", "-MOVED 3999 127.0.0.1:6381\r\n");
    server.answer("ASK", "-ASK 3999 127.0.0.1:6381\r\n");
    server.answer("NOPERM", "-NOPERM this user has no permissions\r\n");
    server.answer("READONLY", "-READONLY You can't write against a read only replica.\r\n");
    server.answer("CLUSTERDOWN", "-CLUSTERDOWN The cluster is down\r\n");
    server.answer("WRONGTYPE", "-WRONGTYPE Operation against a key\r\n");
    RedisConnection connection(server.url(), calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    QByteArrayList matched;
    for (const QByteArray &word : {QByteArray("MOVED"), QByteArray("ASK"), QByteArray("NOPERM"), QByteArray("READONLY"),
                                   QByteArray("CLUSTERDOWN"), QByteArray("WRONGTYPE")}) {
        connection.request({word}, [&, word](const RedisAnswer &answer) {
            if (answer.outcome == Outcome::Error && answer.isError(word) && !answer.isError("MOVE") && !answer.ok()
                && answer.text().startsWith(QString::fromLatin1(word)))
                matched.append(word);
        });
    }
    const int after = watch.send({"GET", "x"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(matched.size(), 6);
    QCOMPARE(watch.outcome(after), Outcome::Reply);
    QCOMPARE(connection.state(), State::Ready);
}

void RedisConnectionTest::failsOverWhatTheServerSays_data()
{
    QTest::addColumn<QByteArray>("word"); ///< The command that is answered so; empty: said at once, then hung up.
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const QByteArray &word, const QByteArray &bytes, Kind kind, const QString &text) {
        QTest::newRow(name) << word << bytes << int(kind) << text;
    };
    row("NOAUTH", "PING", "-NOAUTH Authentication required.\r\n", Kind::LoginWanted, u"asks for a password"_s);
    row("WRONGPASS", "AUTH", "-WRONGPASS invalid username-password pair or user is disabled.\r\n", Kind::LoginRefused,
        u"refused"_s);
    row("no such database", "SELECT", "-ERR DB index is out of range\r\n", Kind::NoDatabase, u"no database"_s);
    row("LOADING", "PING", "-LOADING Redis is loading the dataset in memory\r\n", Kind::Loading, u"reading its data"_s);
    row("protected mode", "", "-DENIED Redis is running in protected mode because…\r\n", Kind::Refused, u"protected mode"_s);
    row("full", "", "-ERR max number of clients reached\r\n", Kind::Refused, u"as many clients"_s);
    row("login refused otherwise", "AUTH", "-ERR go away\r\n", Kind::LoginRefused, u"go away"_s);
    row("password echoed", "AUTH", "-ERR unknown command 'AUTH', with args beginning with: 'hushhush'\r\n", Kind::LoginRefused,
        u"is not shown"_s);
    row("web server", "", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", Kind::Protocol, u"web server"_s);
    row("TLS", "", QByteArray("\x15\x03\x01\x00\x02\x02\x46", 7), Kind::Protocol, u"expects TLS"_s);
    row("echo", "AUTH", "*2\r\n$4\r\nAUTH\r\n$8\r\nhushhush\r\n", Kind::Protocol, u"does not speak the Redis protocol"_s);
    row("greeting", "", "220 mail ready\r\n", Kind::Protocol, u"does not speak the Redis protocol"_s);
    row("huge header", "PING", "$2000000000\r\n", Kind::TooLarge, u"larger than the limit"_s);
    row("hangs up", "", "", Kind::Closed, u"without an answer"_s);
}

void RedisConnectionTest::failsOverWhatTheServerSays()
{
    QFETCH(QByteArray, word);
    QFETCH(QByteArray, bytes);
    QFETCH(int, kind);
    QFETCH(QString, text);
    FakeServer server;
    QVERIFY(server.listen());
    if (word.isEmpty()) {
        server.setGreeting(bytes);
        server.setHangUp(true);
        server.setSilent(true);
    } else {
        server.answer(word, bytes);
    }
    RedisUrl url = server.url();
    url.user = u"Watcher"_s;
    url.password = u"hushhush"_s;
    url.database = 99;
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(watch.states.size() >= 2, patience);
    const RedisFailure failure = watch.failures.at(1);
    QCOMPARE(int(failure.kind), kind);
    QVERIFY2(failure.text.contains(text), qPrintable(failure.text));
    QVERIFY2(!watch.allTexts().contains(u"hushhush"_s) && !watch.allTexts().contains(u"Watcher"_s), qPrintable(watch.allTexts()));
    if (failure.isFinal()) {
        QCOMPARE(watch.states, (std::vector<State>{State::Connecting, State::Closed}));
        QCOMPARE(connection.failure().kind, failure.kind);
        QCOMPARE(connection.retryInMs(), -1);
    } else {
        QCOMPARE(watch.states.at(1), State::Waiting);
        QTRY_VERIFY_WITH_TIMEOUT(server.connectionsSeen() >= 3, patience);
    }
}

void RedisConnectionTest::waitsWhileTheServerLoads()
{
    FakeServer server;
    QVERIFY(server.listen());
    server.answer("PING", "-LOADING Redis is loading the dataset in memory\r\n");
    RedisConnection connection(server.url(), calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(server.connectionsSeen() >= 3, patience);
    server.answer("PING", "+PONG\r\n");
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    QCOMPARE(connection.generation(), 1u);
    QCOMPARE(connection.failure().kind, Kind::None);
}

/// However often it was tried before, and however long the data takes.
void RedisConnectionTest::looksSoonAgainWhileTheServerLoads()
{
    FakeServer server;
    QVERIFY(server.listen());
    server.answer("PING", "-LOADING Redis is loading the dataset in memory\r\n");
    RedisConnectionOptions options = calmOptions();
    options.backoffFirstMs = 600'000;
    options.backoffCapMs = 600'000;
    RedisConnection connection(server.url(), options);
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Waiting, patience);
    QVERIFY2(connection.retryInMs() <= 1'600, qPrintable(QString::number(connection.retryInMs()))); // A coarse timer.
    server.answer("PING", "+PONG\r\n");
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
}

void RedisConnectionTest::refusesWithoutConnection()
{
    FakeServer server;
    QVERIFY(server.listen());
    RedisConnection connection(server.url(), calmOptions());
    ConnectionWatch watch(connection);
    watch.send({"GET", "a"});
    connection.open();
    watch.send({"GET", "b"});
    QCOMPARE(watch.answered(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(watch.outcome(0), Outcome::Refused);
    QCOMPARE(watch.outcome(1), Outcome::Refused);
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    watch.send({});
    const int after = watch.send({"GET", "c"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(watch.outcome(2), Outcome::Refused);
    QCOMPARE(watch.outcome(after), Outcome::Reply);
    QVERIFY(watch.eachOnce());
    for (const QByteArrayList &command : server.commands())
        QVERIFY(command != QByteArrayList({"GET", "a"}) && command != QByteArrayList({"GET", "b"}) && !command.isEmpty());
}

void RedisConnectionTest::refusesWhenTooMuchWaits()
{
    FakeServer server;
    QVERIFY(server.listen());
    RedisConnectionOptions options = calmOptions();
    options.maxWaitingBytes = 10'000;
    RedisConnection connection(server.url(), options);
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    const QByteArray large(4'000, 'x');
    const int alone = watch.send({"SET", QByteArray(20'000, 'x')});
    for (int i = 0; i < 10; ++i)
        watch.send({"SET", large});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QVERIFY(watch.eachOnce());
    QVERIFY(watch.inOrder());
    QCOMPARE(watch.outcome(alone), Outcome::Refused);
    for (int i = 1; i <= 10; ++i)
        QCOMPARE(watch.outcome(i), i <= 2 ? Outcome::Reply : Outcome::Refused);
    const int after = watch.send({"SET", large});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(watch.outcome(after), Outcome::Reply);
    QCOMPARE(connection.pending(), 0);
}

void RedisConnectionTest::keepsOrderBehindItsOwnPing()
{
    FakeServer server;
    QVERIFY(server.listen());
    RedisConnectionOptions options = calmOptions();
    options.maxWaitingBytes = 1'000;
    options.keepAliveMs = 40;
    RedisConnection connection(server.url(), options);
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    server.answer("PING", ""); // Answered by hand below.
    const size_t before = server.commands().size();
    QTRY_VERIFY_WITH_TIMEOUT(server.commands().size() > before && connection.oldestPendingMs() > 0, patience);
    const int large = watch.send({"SET", QByteArray(2'000, 'x')});
    const int small = watch.send({"ECHO", "x"});
    QCOMPARE(connection.pending(), 2);
    server.answer("ECHO", "+echoed\r\n");
    // Sent before the server has read the ECHO, so it comes first.
    server.send("+PONG\r\n");
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(watch.outcome(large), Outcome::Refused);
    QCOMPARE(watch.text(small), "echoed");
    QVERIFY(watch.inOrder());
    QCOMPARE(connection.pending(), 0);
}

void RedisConnectionTest::endsOverOversizedAndMalformedReplies_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("kind");
    QTest::newRow("garbage") << QByteArray("hello\r\n") << int(Kind::Protocol);
    QTest::newRow("RESP3") << QByteArray("%1\r\n+a\r\n+b\r\n") << int(Kind::Protocol);
    QTest::newRow("bad length") << QByteArray("$-5\r\n") << int(Kind::Protocol);
    QTest::newRow("deep") << QByteArray("*1\r\n").repeated(100) << int(Kind::Protocol);
    QTest::newRow("huge string") << QByteArray("$2000000000\r\n") << int(Kind::TooLarge);
    QTest::newRow("huge array") << QByteArray("*2000000000\r\n") << int(Kind::TooLarge);
    QTest::newRow("large string") << QByteArray("$100000\r\n" + QByteArray(100'000, 'x') + "\r\n") << int(Kind::TooLarge);
    QTest::newRow("answers nobody asked for") << QByteArray("+OK\r\n+OK\r\n+OK\r\n") << int(Kind::Protocol);
}

void RedisConnectionTest::endsOverOversizedAndMalformedReplies()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, kind);
    FakeServer server;
    QVERIFY(server.listen());
    server.answer("BAD", bytes);
    RedisConnectionOptions options = calmOptions();
    options.maxReplyBytes = 50'000;
    options.maxStringBytes = 0; // Passing over is RedisReaderTest's and SourceTrustTest's.
    RedisConnection connection(server.url(), options);
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    watch.send({"GET", "a"});
    watch.send({"BAD"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.states.size() >= 3, patience);
    QVERIFY(watch.allAnswered());
    QVERIFY(watch.eachOnce());
    QCOMPARE(watch.outcome(0), Outcome::Reply);
    QCOMPARE(watch.states.at(2), State::Waiting);
    QCOMPARE(int(watch.failures.at(2).kind), kind);
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    const int after = watch.send({"GET", "a"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(watch.outcome(after), Outcome::Reply);
}

void RedisConnectionTest::passesOnPartingWords()
{
    FakeServer server;
    QVERIFY(server.listen());
    RedisUrl url = server.url();
    url.password = u"hushhush"_s;
    RedisConnection connection(url, calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    server.send("-ERR closing for the night\r\n");
    QTRY_VERIFY_WITH_TIMEOUT(watch.states.size() >= 3, patience);
    QCOMPARE(watch.failures.at(2).kind, Kind::Closed);
    QVERIFY(watch.failures.at(2).text.contains(u"closing for the night"_s));
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    server.send("-ERR you said hushhush\r\n");
    QTRY_VERIFY_WITH_TIMEOUT(watch.states.size() >= 6, patience);
    QVERIFY(watch.failures.at(5).kind == Kind::Closed);

    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    server.answer("ECHO", "-ERR unknown command 'hushhush'\r\n");
    watch.send({"ECHO", "hushhush"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QVERIFY(watch.outcome(0) == Outcome::Error);
    QVERIFY2(!watch.allTexts().contains(u"hushhush"_s), qPrintable(watch.allTexts()));
}

void RedisConnectionTest::sendsArgumentsAsTheyAre()
{
    FakeServer server;
    QVERIFY(server.listen());
    RedisConnection connection(server.url(), calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    const QByteArray odd("a\r\nb\0c $5 \xff", 12);
    QByteArrayList many;
    std::vector<QByteArrayView> views;
    for (int i = 0; i < 500; ++i)
        many.append(QByteArray::number(i));
    for (const QByteArray &one : many)
        views.push_back(one);
    watch.send({"SET", odd, "", QByteArrayView()});
    connection.request(views, {});
    watch.send({"GET", odd});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    const auto &commands = server.commands();
    QCOMPARE(commands.at(commands.size() - 3), (QByteArrayList{"SET", odd, "", ""}));
    QCOMPARE(commands.at(commands.size() - 2), many);
}

PULSEDECK_TEST(RedisConnectionTest, runWithEvents)
#include "redisconnection_test.moc"
