// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/connectionwatch.h"
#include "tests/support/fakeserver.h"
#include "tests/support/testprogram.h"

#include <QEventLoop>
#include <QPointer>
#include <QSignalSpy>
#include <QThread>
#include <QTimer>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using State = RedisConnection::State;
using Outcome = RedisAnswer::Outcome;

/// What handlers and slots may do to the connection that calls them. Worth most under the address sanitizer.
class RedisReentryTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void requestsInAHandler();
    void closesInAHandler();
    void closesAndReopensInAHandler();
    void deletesInAHandler();
    void deletesInAHandlerOfALoss();
    void deletesInStateChanged_data();
    void deletesInStateChanged();
    void closesInStateChanged_data();
    void closesInStateChanged();
    void runsAnEventLoopInAHandler();
    void deletesInsideAnEventLoopInAHandler();
    void answersWhatIsLeftOnDeletion();
    void letsGoOfAHandlerThatAsksForEver();
    void keepsTheReplyWhileAHandlerCloses();
    void subscribesAndPushes();
    void deletesInPushed();
    void livesOnAnotherThread();

private:
    /// A connection that is Ready.
    std::unique_ptr<RedisConnection> ready(const RedisConnectionOptions &options = calmOptions());

    std::unique_ptr<FakeServer> m_server;
};

void RedisReentryTest::init()
{
    m_server = std::make_unique<FakeServer>();
    QVERIFY(m_server->listen());
    m_server->answer("HANG", "");
}

std::unique_ptr<RedisConnection> RedisReentryTest::ready(const RedisConnectionOptions &options)
{
    auto connection = std::make_unique<RedisConnection>(m_server->url(), options);
    QSignalSpy spy(connection.get(), &RedisConnection::stateChanged);
    connection->open();
    while (connection->state() != State::Ready && spy.wait(patience)) { }
    return connection;
}

void RedisReentryTest::requestsInAHandler()
{
    const auto connection = ready();
    int left = 1'000;
    bool inside = false;
    std::function<void(const RedisAnswer &)> next = [&](const RedisAnswer &answer) {
        QVERIFY(answer.ok());
        QVERIFY(!inside);
        if (--left > 0) {
            inside = true;
            connection->request({"GET", "x"}, next);
            inside = false;
        }
    };
    connection->request({"GET", "x"}, next);
    QTRY_COMPARE_WITH_TIMEOUT(left, 0, patience);
}

void RedisReentryTest::closesInAHandler()
{
    const auto connection = ready();
    ConnectionWatch watch(*connection);
    watch.send({"GET", "a"});
    connection->request({"GET", "b"}, [&](const RedisAnswer &) {
        connection->close();
        QCOMPARE(connection->state(), State::Closed);
        QVERIFY(watch.allAnswered());
    });
    for (int i = 0; i < 20; ++i)
        watch.send({"GET", "c"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QVERIFY(watch.eachOnce());
    QCOMPARE(watch.outcome(0), Outcome::Reply);
    for (int i = 1; i <= 20; ++i)
        QCOMPARE(watch.outcome(i), Outcome::Lost);
    QCOMPARE(watch.states, (std::vector<State>{State::Closed}));
    QCOMPARE(connection->failure().kind, RedisFailure::Kind::None);
}

void RedisReentryTest::closesAndReopensInAHandler()
{
    const auto connection = ready();
    ConnectionWatch watch(*connection);
    connection->request({"GET", "b"}, [&](const RedisAnswer &) {
        connection->close();
        connection->open();
    });
    for (int i = 0; i < 20; ++i)
        watch.send({"GET", "c"});
    QTRY_VERIFY_WITH_TIMEOUT(connection->state() == State::Ready && connection->generation() == 2, patience);
    QVERIFY(watch.allAnswered());
    QVERIFY(watch.eachOnce());
    QCOMPARE(watch.states, (std::vector<State>{State::Closed, State::Connecting, State::Ready}));
    const int after = watch.send({"GET", "d"});
    QTRY_VERIFY_WITH_TIMEOUT(watch.allAnswered(), patience);
    QCOMPARE(watch.outcome(after), Outcome::Reply);
}

void RedisReentryTest::deletesInAHandler()
{
    for (const int at : {0, 7, 19}) {
        auto connection = ready();
        int answers = 0;
        int lost = 0;
        for (int i = 0; i < 20; ++i) {
            connection->request({"GET", "x"}, [&, i](const RedisAnswer &answer) {
                ++answers;
                lost += answer.outcome == Outcome::Lost ? 1 : 0;
                if (i == at)
                    connection.reset();
            });
        }
        QTRY_COMPARE_WITH_TIMEOUT(answers, 20, patience);
        QCOMPARE(lost, 19 - at);
        QVERIFY(!connection);
    }
}

void RedisReentryTest::deletesInAHandlerOfALoss()
{
    auto connection = ready();
    int answers = 0;
    for (int i = 0; i < 10; ++i) {
        connection->request({"HANG"}, [&, i](const RedisAnswer &answer) {
            QCOMPARE(answer.outcome, Outcome::Lost);
            ++answers;
            if (i == 4) {
                connection.reset();
                QCOMPARE(answers, 10); // What is left is answered before the destructor returns.
            }
        });
    }
    QTRY_VERIFY_WITH_TIMEOUT(!m_server->commands().empty() && m_server->commands().back().first() == "HANG", patience);
    m_server->dropAll();
    QTRY_COMPARE_WITH_TIMEOUT(answers, 10, patience);
    QVERIFY(!connection);
}

void RedisReentryTest::deletesInStateChanged_data()
{
    QTest::addColumn<int>("state");
    QTest::newRow("Connecting") << int(State::Connecting);
    QTest::newRow("Ready") << int(State::Ready);
    QTest::newRow("Waiting") << int(State::Waiting);
    QTest::newRow("Closed") << int(State::Closed);
}

void RedisReentryTest::deletesInStateChanged()
{
    QFETCH(int, state);
    QPointer<RedisConnection> connection = new RedisConnection(m_server->url(), calmOptions());
    connect(connection, &RedisConnection::stateChanged, this, [&](State now) {
        if (int(now) == state)
            delete connection;
    });
    connection->open();
    if (state == int(State::Waiting)) {
        QTRY_COMPARE_WITH_TIMEOUT(connection->state(), State::Ready, patience);
        m_server->dropAll();
    } else if (state == int(State::Closed)) {
        QTRY_COMPARE_WITH_TIMEOUT(connection->state(), State::Ready, patience);
        connection->close();
    }
    QTRY_VERIFY_WITH_TIMEOUT(!connection, patience);
}

void RedisReentryTest::closesInStateChanged_data()
{
    deletesInStateChanged_data();
}

void RedisReentryTest::closesInStateChanged()
{
    QFETCH(int, state);
    RedisConnection connection(m_server->url(), calmOptions());
    bool done = false;
    connect(&connection, &RedisConnection::stateChanged, this, [&](State now) {
        if (int(now) != state || done)
            return;
        done = true;
        connection.close();
        QCOMPARE(connection.state(), State::Closed);
        connection.open();
        QCOMPARE(connection.state(), State::Connecting);
    });
    connection.open();
    if (state == int(State::Waiting) || state == int(State::Closed)) {
        QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
        if (state == int(State::Waiting))
            m_server->dropAll();
        else
            connection.close();
    }
    QTRY_VERIFY_WITH_TIMEOUT(done && connection.state() == State::Ready, patience);
}

void RedisReentryTest::runsAnEventLoopInAHandler()
{
    const auto connection = ready();
    ConnectionWatch watch(*connection);
    bool done = false;
    connection->request({"GET", "x"}, [&](const RedisAnswer &answer) {
        const QByteArray before = answer.reply.bytes().toByteArray();
        watch.send({"GET", "y"});
        QEventLoop loop;
        QTimer::singleShot(20, &loop, &QEventLoop::quit);
        loop.exec();
        QCOMPARE(answer.reply.bytes(), QByteArrayView(before));
        done = true;
    });
    watch.send({"GET", "z"});
    QTRY_VERIFY_WITH_TIMEOUT(done && watch.allAnswered(), patience);
    QVERIFY(watch.eachOnce());
    QCOMPARE(watch.outcome(0), Outcome::Reply);
    QCOMPARE(watch.outcome(1), Outcome::Reply);
}

void RedisReentryTest::deletesInsideAnEventLoopInAHandler()
{
    auto connection = ready();
    int answers = 0;
    connection->request({"GET", "x"}, [&](const RedisAnswer &) {
        QEventLoop loop;
        QTimer::singleShot(0, &loop, [&] {
            connection.reset();
            loop.quit();
        });
        loop.exec();
        ++answers;
    });
    connection->request({"GET", "y"}, [&](const RedisAnswer &) { ++answers; });
    QTRY_COMPARE_WITH_TIMEOUT(answers, 2, patience);
    QVERIFY(!connection);
}

void RedisReentryTest::answersWhatIsLeftOnDeletion()
{
    auto connection = ready();
    QSignalSpy states(connection.get(), &RedisConnection::stateChanged);
    std::vector<Outcome> outcomes;
    for (int i = 0; i < 3; ++i) {
        connection->request({"HANG"}, [&](const RedisAnswer &answer) {
            outcomes.push_back(answer.outcome);
            // It is told that nothing can be sent any more, too.
            connection->request({"GET"}, [&](const RedisAnswer &second) { outcomes.push_back(second.outcome); });
        });
    }
    delete connection.get();
    (void)connection.release();
    QCOMPARE(outcomes, (std::vector<Outcome>{Outcome::Lost, Outcome::Lost, Outcome::Lost, Outcome::Refused, Outcome::Refused,
                                             Outcome::Refused}));
    QCOMPARE(states.count(), 0);
}

void RedisReentryTest::letsGoOfAHandlerThatAsksForEver()
{
    auto *connection = ready().release();
    std::function<void(const RedisAnswer &)> again = [&](const RedisAnswer &) { connection->request({"GET"}, again); };
    connection->request({"HANG"}, again);
    delete connection; // Returns.
}

void RedisReentryTest::keepsTheReplyWhileAHandlerCloses()
{
    m_server->answer("LIST", "*2\r\n$3\r\nabc\r\n$3\r\ndef\r\n");
    auto connection = ready();
    QByteArray seen;
    connection->request({"LIST"}, [&](const RedisAnswer &answer) {
        connection->close();
        connection->open();
        seen = answer.reply.at(0).bytes().toByteArray();
        connection.reset();
        seen += answer.reply.at(1).bytes().toByteArray();
    });
    QTRY_COMPARE_WITH_TIMEOUT(seen, "abcdef", patience);
}

void RedisReentryTest::subscribesAndPushes()
{
    m_server->answer("SUBSCRIBE", "*3\r\n$9\r\nsubscribe\r\n$2\r\nch\r\n:1\r\n");
    m_server->setScript(
        [](const QByteArrayList &command) -> QByteArray { return command.value(1) == "ID" ? ":4711\r\n" : "+OK\r\n"; });
    RedisConnectionOptions options = calmOptions();
    options.keepAliveMs = 40;
    RedisConnection connection(m_server->url(), options);
    connection.subscribe("ch");
    QByteArrayList pushed;
    connect(&connection, &RedisConnection::pushed, this, [&](const RedisReply &message) {
        pushed.append(message.at(1).bytes().toByteArray() + '='
                      + (message.at(2).isArray() ? message.at(2).at(0).bytes().toByteArray()
                         : message.at(2).isNil() ? QByteArray("nil")
                                                 : message.at(2).bytes().toByteArray()));
    });
    connection.open();
    QTRY_COMPARE_WITH_TIMEOUT(connection.state(), State::Ready, patience);
    QCOMPARE(connection.clientId(), 4711);
    // From now on a subscriber's PING is answered by an array.
    m_server->answer("PING", "*2\r\n$4\r\npong\r\n$0\r\n\r\n");
    m_server->send("*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$2\r\nm1\r\n*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n*-1\r\n");
    m_server->send("*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n*1\r\n$3\r\nkey\r\n");
    QTRY_COMPARE_WITH_TIMEOUT(pushed, (QByteArrayList{"ch=m1", "ch=nil", "ch=key"}), patience);
    const auto pings = [&] {
        return std::count_if(m_server->commands().begin(), m_server->commands().end(),
                             [](const QByteArrayList &command) { return command.first() == "PING"; });
    };
    QTRY_VERIFY_WITH_TIMEOUT(pings() >= 4, patience);
    QCOMPARE(connection.generation(), 1u);
    QCOMPARE(pushed.size(), 3);

    m_server->answer("PING", "+PONG\r\n");
    m_server->dropAll();
    QTRY_VERIFY_WITH_TIMEOUT(connection.state() == State::Ready && connection.generation() == 2, patience);
    m_server->answer("PING", "*2\r\n$4\r\npong\r\n$0\r\n\r\n");
    m_server->send("*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$2\r\nm2\r\n");
    QTRY_COMPARE_WITH_TIMEOUT(pushed.size(), 4, patience);

    // A subscription that is refused is told.
    m_server->answer("SUBSCRIBE", "-NOPERM this user has no permissions to access one of the channels\r\n");
    m_server->answer("PING", "+PONG\r\n");
    m_server->dropAll();
    QTRY_COMPARE_WITH_TIMEOUT(connection.failure().kind, RedisFailure::Kind::Refused, patience);
}

void RedisReentryTest::deletesInPushed()
{
    m_server->answer("SUBSCRIBE", "*3\r\n$9\r\nsubscribe\r\n$2\r\nch\r\n:1\r\n");
    m_server->answer("CLIENT", "-NOPERM no\r\n");
    auto connection = std::make_unique<RedisConnection>(m_server->url(), calmOptions());
    connection->subscribe("ch");
    connect(connection.get(), &RedisConnection::pushed, this, [&](const RedisReply &) { connection.reset(); });
    connection->open();
    QTRY_COMPARE_WITH_TIMEOUT(connection->state(), State::Ready, patience);
    QCOMPARE(connection->clientId(), 0);
    m_server->send(QByteArray("*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$2\r\nm1\r\n").repeated(5));
    QTRY_VERIFY_WITH_TIMEOUT(!connection, patience);
}

void RedisReentryTest::livesOnAnotherThread()
{
    QThread thread;
    auto *connection = new RedisConnection(m_server->url(), calmOptions());
    connection->moveToThread(&thread);
    connect(&thread, &QThread::finished, connection, &QObject::deleteLater);
    std::atomic<int> answers = 0;
    std::atomic<bool> elsewhere = true;
    connect(connection, &RedisConnection::stateChanged, connection, [&, connection](State state) {
        if (state != State::Ready)
            return;
        for (int i = 0; i < 100; ++i) {
            connection->request({"GET", "x"}, [&](const RedisAnswer &answer) {
                elsewhere = elsewhere && QThread::currentThread() == &thread;
                answers += answer.ok() ? 1 : 0;
            });
        }
    });
    thread.start();
    QMetaObject::invokeMethod(connection, &RedisConnection::open, Qt::QueuedConnection);
    QTRY_COMPARE_WITH_TIMEOUT(answers.load(), 100, patience);
    thread.quit();
    QVERIFY(thread.wait(patience));
    QVERIFY(elsewhere);
}

PULSEDECK_TEST(RedisReentryTest, runWithEvents)
#include "redisreentry_test.moc"
