// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/connectionwatch.h"
#include "tests/support/fakeserver.h"
#include "tests/support/testprogram.h"

#include <QRandomGenerator>
#include <QTimer>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using State = RedisConnection::State;
using Outcome = RedisAnswer::Outcome;
using Kind = RedisFailure::Kind;

/// Timeouts, losses and coming back, against a server that does what a test wants.
class RedisLossTest : public QObject
{
    Q_OBJECT

private slots:
    void saysWhenNothingListens();
    void timesOutWhenTheServerNeverAnswers();
    void timesOutWhenAnAnswerNeverComes_data();
    void timesOutWhenAnAnswerNeverComes();
    void doesNotTimeOutWhileAnswersCome();
    void noticesADeadPeerWhenIdle();
    void losesWhatIsUnansweredWhenTheServerDies();
    void countsGenerations();
    void retriesWithinBounds();
    void backsOffFromAServerThatOnlyGreets();
    void answersOnceUnderRandomDrops();
};

void RedisLossTest::saysWhenNothingListens()
{
    FakeServer server;
    QVERIFY(server.listen());
    server.stopListening();
    RedisConnection connection(server.url(), calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QCOMPARE(connection.state(), State::Connecting);
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Waiting, patience);
    QCOMPARE(connection.failure().kind, Kind::Unreachable);
    QVERIFY(connection.failure().text.contains(u"Nothing listens"_s));
    QVERIFY(connection.retryInMs() >= 0);
    // And the same when it must not try again.
    RedisConnectionOptions once = calmOptions();
    once.reconnect = false;
    RedisConnection other(server.url(), once);
    other.open();
    QTRY_COMPARE_WITH_TIMEOUT(other.state(), State::Closed, patience);
    QCOMPARE(other.failure().kind, Kind::Unreachable);
    // A server that comes up is found.
    QVERIFY(server.listen(server.port()));
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
}

void RedisLossTest::timesOutWhenTheServerNeverAnswers()
{
    FakeServer server;
    QVERIFY(server.listen());
    server.setSilent(true);
    RedisConnection connection(server.url(), quickOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(watch.states.size() >= 2, patience);
    QCOMPARE(watch.states.at(1), State::Waiting);
    QCOMPARE(watch.failures.at(1).kind, Kind::Timeout);
    QVERIFY(watch.failures.at(1).text.contains(u"took the connection but did not answer"_s));
    QTRY_VERIFY_WITH_TIMEOUT(server.connectionsSeen() >= 2, patience);
}

void RedisLossTest::timesOutWhenAnAnswerNeverComes_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("half a reply") << QByteArray("*2\r\n$5\r\nhel");
    QTest::newRow("line without end") << QByteArray("+OK");
}

void RedisLossTest::timesOutWhenAnAnswerNeverComes()
{
    QFETCH(QByteArray, answer);
    FakeServer server;
    QVERIFY(server.listen());
    server.answer("HANG", answer);
    RedisConnection connection(server.url(), quickOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    // On a busy machine even the handshake may have needed a second try.
    const size_t before = watch.states.size();
    watch.send({"GET", "a"});
    const int hangs = watch.send({"HANG"});
    QTRY_VERIFY_WITH_TIMEOUT(server.commands().back().first() == "HANG", patience);
    const int later = watch.send({"HANG"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QVERIFY(watch.eachOnce());
    QCOMPARE(watch.outcome(hangs), Outcome::Timeout);
    QCOMPARE(watch.outcome(later), Outcome::Lost);
    QCOMPARE(watch.states.at(before), State::Waiting);
    QCOMPARE(watch.failures.at(before).kind, Kind::Timeout);
    QVERIFY(!watch.text(hangs).isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
}

void RedisLossTest::doesNotTimeOutWhileAnswersCome()
{
    // Ten answers, each after half the limit: all together five times the limit for the last one.
    FakeServer server;
    QVERIFY(server.listen());
    server.answer("SLOW", "");
    RedisConnectionOptions options = quickOptions();
    options.replyTimeoutMs = 400;
    RedisConnection connection(server.url(), options);
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    for (int i = 0; i < 10; ++i)
        watch.send({"SLOW"});
    QTimer answers;
    connect(&answers, &QTimer::timeout, this, [&] { server.send("+OK\r\n"); });
    answers.start(100);
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    answers.stop();
    QVERIFY(watch.eachOnce());
    for (int i = 0; i < 10; ++i)
        QCOMPARE(watch.outcome(i), Outcome::Reply);
    QCOMPARE(connection.generation(), 1u);
}

void RedisLossTest::noticesADeadPeerWhenIdle()
{
    FakeServer server;
    QVERIFY(server.listen());
    RedisConnectionOptions options = quickOptions();
    options.keepAliveMs = 40;
    RedisConnection connection(server.url(), options);
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    const auto pings = [&] {
        return std::count_if(server.commands().begin(), server.commands().end(),
                             [](const QByteArrayList &command) { return command == QByteArrayList{"PING"}; });
    };
    QTRY_VERIFY_WITH_TIMEOUT(pings() >= 4, patience);
    QCOMPARE(connection.pending(), 0);
    server.setSilent(true);
    QTRY_VERIFY_WITH_TIMEOUT(watch.states.back() != State::Ready, patience);
    QVERIFY(connection.failure().kind == Kind::Timeout);
}

void RedisLossTest::losesWhatIsUnansweredWhenTheServerDies()
{
    FakeServer server;
    QVERIFY(server.listen());
    server.answer("HANG", "");
    RedisConnection connection(server.url(), calmOptions());
    ConnectionWatch watch(connection);
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    for (int i = 0; i < 50; ++i)
        watch.send({"GET", "x"});
    for (int i = 0; i < 50; ++i)
        watch.send({"HANG"});
    connect(&server, &FakeServer::commandCame, this, [&](const QByteArrayList &) {
        if (server.commands().size() == 2 + 100)
            QTimer::singleShot(0, &server, [&] { server.dropAll(); });
    });
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QVERIFY(watch.eachOnce());
    QVERIFY(watch.inOrder());
    for (int i = 0; i < 100; ++i)
        QCOMPARE(watch.outcome(i), i < 50 ? Outcome::Reply : Outcome::Lost);
    // All were answered before anybody heard of the loss.
    QTRY_VERIFY_WITH_TIMEOUT(watch.states.size() >= 3, patience);
    QCOMPARE(watch.states.at(2), State::Waiting);
    QCOMPARE(watch.answersAtState.at(2), 100);
    QCOMPARE(watch.failures.at(2).kind, Kind::Closed);
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    QCOMPARE(connection.generation(), 2u);
}

void RedisLossTest::countsGenerations()
{
    FakeServer server;
    QVERIFY(server.listen());
    RedisConnection connection(server.url(), calmOptions());
    ConnectionWatch watch(connection);
    QCOMPARE(connection.generation(), 0u);
    connection.open();
    for (quint32 i = 1; i <= 5; ++i) {
        QTRY_VERIFY_WITH_TIMEOUT(connection.state() == State::Ready && connection.generation() == i, patience);
        if (i == 3) { // By hand as by accident.
            connection.close();
            connection.open();
        } else {
            server.dropAll(i % 2 == 0);
        }
    }
}

void RedisLossTest::retriesWithinBounds()
{
    FakeServer server;
    QVERIFY(server.listen());
    server.stopListening();
    RedisConnectionOptions options = calmOptions();
    options.backoffFirstMs = 8;
    options.backoffCapMs = 64;
    RedisConnection connection(server.url(), options);
    std::vector<int> waits;
    connect(&connection, &RedisConnection::stateChanged, this, [&](State state) {
        if (state == State::Waiting)
            waits.push_back(connection.retryInMs());
    });
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(waits.size() >= 8, patience);
    int step = 8;
    for (const int wait : waits) {
        // What is left of a coarse timer is rounded up, and the timer itself may be a twentieth late.
        QVERIFY2(wait <= step + step / 20 + 2, qPrintable(QString::number(wait)));
        step = qMin(64, step * 2);
    }
    connection.close();

    // A wait can be cut short.
    options.backoffFirstMs = options.backoffCapMs = 1'000'000;
    RedisConnection patient(server.url(), options);
    patient.retryNow();
    QCOMPARE(patient.state(), State::Closed);
    patient.open();
    QTRY_COMPARE_WITH_TIMEOUT(patient.state(), State::Waiting, patience);
    QVERIFY(patient.retryInMs() >= 490'000 && patient.retryInMs() <= 1'000'000);
    QVERIFY(server.listen(server.port()));
    patient.retryNow();
    QTRY_COMPARE_WITH_TIMEOUT(patient.state(), State::Ready, patience);
}

void RedisLossTest::backsOffFromAServerThatOnlyGreets()
{
    // It becomes Ready each time, and that alone is no reason to try again at once.
    FakeServer server;
    QVERIFY(server.listen());
    RedisConnectionOptions options = calmOptions();
    options.backoffFirstMs = 2;
    options.backoffCapMs = 500;
    RedisConnection connection(server.url(), options);
    int longest = 0;
    int ready = 0;
    connect(&connection, &RedisConnection::stateChanged, this, [&](State state) {
        if (state == State::Ready) {
            ++ready;
            server.dropAll();
        } else if (state == State::Waiting) {
            longest = qMax(longest, connection.retryInMs());
        }
    });
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(longest > 100, patience);
    QVERIFY(ready >= 5);

    // An answer to somebody's request is.
    connection.close();
    longest = 0;
    ready = 0;
    disconnect(&connection, &RedisConnection::stateChanged, this, nullptr);
    connect(&connection, &RedisConnection::stateChanged, this, [&](State state) {
        if (state == State::Ready) {
            ++ready;
            connection.request({"GET", "x"}, [&](const RedisAnswer &) { server.dropAll(); });
        } else if (state == State::Waiting) {
            longest = qMax(longest, connection.retryInMs());
        }
    });
    connection.open();
    QTRY_VERIFY_WITH_TIMEOUT(ready >= 15, patience);
    QVERIFY2(longest <= 2, qPrintable(QString::number(longest)));
}

void RedisLossTest::answersOnceUnderRandomDrops()
{
    QRandomGenerator random(20240611);
    FakeServer server;
    QVERIFY(server.listen());
    server.answer("PING", "+PONG\r\n");
    server.answer("CLIENT", "+OK\r\n");
    server.setScript([&](const QByteArrayList &command) -> QByteArray { return '+' + command.value(1) + "\r\n"; });
    RedisConnectionOptions options = calmOptions();
    options.backoffFirstMs = 1;
    options.backoffCapMs = 2;
    options.maxWaitingBytes = 20'000;
    RedisConnection connection(server.url(), options);
    ConnectionWatch watch(connection);
    // Ended mid-way, from both sides, at any point of the stream, also in the middle of an answer.
    connect(&server, &FakeServer::commandCame, this, [&](const QByteArrayList &) {
        switch (random.bounded(300)) {
        case 0:
            server.dropAll(true);
            break;
        case 1:
            server.dropAll(false);
            break;
        case 2:
            QTimer::singleShot(0, &server, [&] {
                server.send("+cut sh");
                server.dropAll(false);
            });
            break;
        default:
            break;
        }
    });
    connection.open();
    int byHand = 0;
    QTimer driver;
    connect(&driver, &QTimer::timeout, this, [&] {
        for (int i = random.bounded(60); i > 0; --i)
            watch.send({"ECHO", QByteArray::number(int(watch.counts.size()))});
        if (random.bounded(40) == 0) {
            ++byHand;
            connection.close();
            connection.open();
        }
    });
    driver.start(0);
    QTRY_VERIFY_WITH_TIMEOUT(watch.counts.size() > 30'000, 60'000);
    driver.stop();
    connection.close();
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QVERIFY(watch.eachOnce());
    int replies = 0;
    int lost = 0;
    for (size_t i = 0; i < watch.counts.size(); ++i) {
        lost += watch.outcomes[i] == Outcome::Lost ? 1 : 0;
        if (watch.outcomes[i] == Outcome::Reply) {
            ++replies;
            QCOMPARE(watch.texts[i], QByteArray::number(qlonglong(i)));
        } else {
            QVERIFY(watch.outcomes[i] == Outcome::Lost || watch.outcomes[i] == Outcome::Refused);
        }
    }
    QVERIFY2(replies > 100 && lost > 100 && byHand > 3 && connection.generation() > 10,
             qPrintable(u"%1 %2 %3 %4"_s.arg(replies).arg(lost).arg(byHand).arg(connection.generation())));
}

PULSEDECK_TEST(RedisLossTest, runWithEvents)
#include "redisloss_test.moc"
