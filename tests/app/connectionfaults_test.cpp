// SPDX-License-Identifier: GPL-3.0-or-later
// Trying out a connection where not all goes well on the way: what is said of it, how long it takes, and who hears it.
#include "tests/app/connectionrun.h"
#include "tests/support/fakeserver.h"
#include "tests/support/memorysecretstore.h"
#include "tests/support/redisserver.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QTcpServer>

using namespace Qt::StringLiterals;
using namespace pulsedeck;
using State = TestStep::State;

namespace {

/// As it goes over the wire.
QByteArray encoded(const RedisValue &value)
{
    switch (value.type) {
    case RedisValue::Type::Integer:
        return ':' + QByteArray::number(value.integer) + "\r\n";
    case RedisValue::Type::Text:
        return '$' + QByteArray::number(value.text.size()) + "\r\n" + value.text + "\r\n";
    case RedisValue::Type::Error:
        return '-' + value.text + "\r\n";
    case RedisValue::Type::Array: {
        QByteArray all = '*' + QByteArray::number(value.elements.size()) + "\r\n";
        for (const RedisValue &element : value.elements)
            all += encoded(element);
        return all;
    }
    default:
        return "$-1\r\n";
    }
}

} // namespace

class ConnectionFaultsTest : public QObject
{
    Q_OBJECT

private slots:
    void onlyAMissingRightIsCalledOne_data()
    {
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("step");
        QTest::addColumn<State>("state");
        QTest::addColumn<bool>("right");
        const auto row = [](const char *name, const char *word, const char *answer, const QString &step, State state,
                            bool right) {
            QTest::newRow(name) << QByteArray(word) << QByteArray(answer) << step << state << right;
        };
        row("INFO denied", "INFO", "-NOPERM this user has no permissions\r\n", u"Server"_s, State::Limited, true);
        row("INFO busy", "INFO", "-BUSY Redis is busy running a script\r\n", u"Server"_s, State::Limited, false);
        // Asked first in the handshake, too: what it is decides whether it is let in.
        row("INFO silent", "INFO", "", u"Sign in"_s, State::Failed, false);
        row("INFO cut off", "INFO", "drop", u"Sign in"_s, State::Failed, false);
        row("SCAN denied", "SCAN", "-NOPERM this user has no permissions\r\n", u"Workers"_s, State::Failed, true);
        row("SCAN loading", "SCAN", "-LOADING Redis is loading the dataset\r\n", u"Workers"_s, State::Failed, false);
        row("SCAN cut off", "SCAN", "drop", u"Workers"_s, State::Failed, false);
        row("HMGET denied", "HMGET", "-NOPERM this user has no permissions\r\n", u"Workers"_s, State::Failed, true);
        row("HMGET busy", "HMGET", "-BUSY Redis is busy running a script\r\n", u"Workers"_s, State::Failed, false);
    }

    void onlyAMissingRightIsCalledOne()
    {
        QFETCH(QByteArray, word);
        QFETCH(QByteArray, answer);
        QFETCH(QString, step);
        QFETCH(State, state);
        QFETCH(bool, right);
        FakeServer server;
        QVERIFY(server.listen());
        server.answer("INFO", "$20\r\nredis_version:6.2.0\n\r\n");
        server.answer("SCAN", "*2\r\n$1\r\n0\r\n*0\r\n");
        server.answer("HMGET", "*2\r\n$-1\r\n$-1\r\n");
        server.answer("EVAL", "*1\r\n$7\r\nallowed\r\n");
        server.answer(word, answer);
        connect(&server, &FakeServer::commandCame, &server, [&](const QByteArrayList &command) {
            if (command.first() == word && answer == "drop")
                server.dropAll();
            else if (command.first() == word && answer.isEmpty())
                server.setSilent(true);
        });
        const Run run(m_tests, redis(server.url()));
        QVERIFY2(run.has(step, state), qPrintable(run.all));
        const QString said = run.step(step)->text + u' ' + run.step(step)->hint;
        QCOMPARE(said.contains("the right to"_L1), right);
        if (!right)
            QVERIFY2(!said.contains("not permitted"_L1), qPrintable(said));
        if (answer.startsWith('-') && !right)
            QVERIFY2(said.contains(QString::fromLatin1(answer.mid(1, 10))), qPrintable(said));
        QVERIFY(!run.step(step)->hint.isEmpty());
    }

    /// A server that cannot be asked for rights has to be tried: but nothing is sent that anybody could hear.
    void nobodyHearsTheTest()
    {
        RedisServer server;
        QVERIFY(server.start());
        RedisClient client(server.url());
        FakeServer old; // As before version 7: the same server without the function that was new then.
        QVERIFY(old.listen());
        old.answer("PING", "+PONG\r\n");
        old.answer("CLIENT", "+OK\r\n");
        old.setScript([&client](QByteArrayList command) {
            if (command.first() == "EVAL")
                command[1].replace("redis.acl_check_cmd", "redis.not_there");
            return encoded(client.command(command));
        });
        const Run run(m_tests, redis(old.url()));
        QVERIFY2(run.has(u"Commands"_s, State::Passed), qPrintable(run.all));
        QVERIFY2(run.step(u"Commands"_s)->text.contains("PUBLISH was not tried"_L1), qPrintable(run.all));
        const QByteArray calls = server.command({"INFO", "commandstats"}).text;
        QVERIFY(calls.contains("cmdstat_eval:") && calls.contains("cmdstat_hdel:"));
        QVERIFY(!calls.contains("cmdstat_publish:"));
    }

    /// The whole test has one limit, and the keychain is the first that may be slow.
    void theKeychainCountsToo()
    {
        QTcpServer deaf;
        QVERIFY(deaf.listen(QHostAddress::LocalHost));
        SourceSettings settings = hubAt(deaf.serverPort());
        settings.tokenFrom = TokenFrom::Keychain;
        MemorySecretStore keychain;
        keychain.entries.insert(settings.tokenKey(), u"a.b.c"_s);
        keychain.holds = true;
        QObject owner;
        {
            ProbeThread tests(&keychain, nullptr, 500);
            const Run never(tests, settings);
            QVERIFY2(never.has(u"Sign in"_s, State::Failed), qPrintable(never.all));
            QVERIFY2(never.step(u"Sign in"_s)->text.contains("keychain did not answer"_L1), qPrintable(never.all));
            QVERIFY(never.has(u"Name look-up"_s, State::NotReached));
        }
        ProbeThread tests(&keychain, nullptr, 4'000);
        const std::unique_ptr<ConnectionTest> test(tests.start(settings, nullptr));
        const auto login = [&] { return test->steps().at(3); };
        QCOMPARE(login().name, u"Sign in"_s);
        QCOMPARE(login().state, State::Running); // What is waited for is shown.
        QVERIFY(login().text.contains("keychain"_L1));
        QElapsedTimer held;
        held.start();
        QTRY_VERIFY_WITH_TIMEOUT(held.elapsed() > 2'500, patienceMs);
        QVERIFY(!test->isOver());
        keychain.release();
        QTRY_VERIFY_WITH_TIMEOUT(test->isOver(), patienceMs);
        const TestStep health = test->steps().at(2);
        QCOMPARE(health.state, State::Failed);
        QVERIFY2(health.text.contains("not over within"_L1), qPrintable(health.text));
        QVERIFY2(health.elapsedMs < 3'000, qPrintable(QString::number(health.elapsedMs)));
        QCOMPARE(login().state, State::NotReached);
    }

private:
    ProbeThread m_tests;
};

PULSEDECK_TEST(ConnectionFaultsTest, runWithEvents)
#include "connectionfaults_test.moc"
