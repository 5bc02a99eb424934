// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/commands/commandwatch.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using Outcome = CommandProgress::Outcome;

namespace {

const QByteArray victim("chromium:a");

} // namespace

/// What must never happen: a write to a source that is not writable, a key left for ever, a command sent twice or without an
/// answer.
class CommandSafetyTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<CommandWatch> m_watch;

    QList<Command> commandsFor(Act act, int count)
    {
        QList<Command> commands;
        for (int i = 0; i < count; ++i)
            commands.append(m_watch->commandFor(act, workerName(i)));
        return commands;
    }
    static QByteArray workerName(int i) { return "chromium:" + QByteArray::number(i); }

    void registerMany(int count, const QByteArray &ttlMs)
    {
        std::vector<QByteArrayList> orders;
        for (int i = 0; i < count; ++i) {
            orders.push_back({"HSET", "worker:" + workerName(i), "id", QByteArray::number(i), "status", "available",
                              "lastHeartbeat", "1700000000000"});
            if (!ttlMs.isEmpty())
                orders.push_back({"PEXPIRE", "worker:" + workerName(i), ttlMs});
        }
        m_watch->client->pipeline(orders);
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void init()
    {
        m_watch = std::make_unique<CommandWatch>();
        QVERIFY(m_watch->startServer());
        m_watch->registerWorker(victim);
    }
    void cleanup() { m_watch.reset(); }

    void aSourceThatIsNotWritableSendsNothing()
    {
        m_watch->begin(m_watch->server.url());
        TRY_TRUE(m_watch->isWatching());
        QList<Command> commands;
        for (const Act act : allActs)
            commands.append(m_watch->commandFor(act, victim));
        m_watch->source->carryOut(commands);
        for (const CommandProgress &answer : m_watch->answersTo(commands)) {
            QCOMPARE(answer.outcome, Outcome::Refused);
            QCOMPARE(answer.refusal, Refusal::ReadOnlySource);
        }
        // Looking is not writing.
        QCOMPARE(m_watch->lookUp(commands.first()).outcome, Outcome::Found);
        for (const char *name : {"eval", "evalsha", "set", "publish", "del", "hdel"})
            QCOMPARE(m_watch->calls(name), 0);
        QVERIFY(!m_watch->exists("worker:cmd:" + victim));
        QCOMPARE(m_watch->field(victim, "status"), "available");
    }

    void lockingRefusesWhatHasNotBeenSent()
    {
        QVERIFY(m_watch->watchWritable());
        const int count = ScriptRunner::mostUnderWay + 500;
        registerMany(count, "60000");
        const QList<Command> commands = commandsFor(Act::Shutdown, count);
        m_watch->source->carryOut(commands);
        m_watch->source->setWritable(false);
        const QList<CommandProgress> answers = m_watch->answersTo(commands);
        for (int i = 0; i < count; ++i) {
            const bool sent = i < ScriptRunner::mostUnderWay;
            QCOMPARE(answers[i].outcome, sent ? Outcome::Written : Outcome::Refused);
            QCOMPARE(answers[i].refusal, sent ? Refusal::None : Refusal::ReadOnlySource);
            QCOMPARE(m_watch->exists("worker:cmd:" + workerName(i)), sent);
        }
    }

    void withoutAConnectionNothingIsSent()
    {
        m_watch->begin(m_watch->server.url());
        m_watch->source->setWritable(true);
        TRY_TRUE(m_watch->isWatching());
        m_watch->client.reset();
        m_watch->server.kill();
        TRY_EQUAL(m_watch->status.state, SourceState::Waiting);
        const CommandProgress answer = m_watch->carryOut(Act::Shutdown, victim);
        QCOMPARE(answer.outcome, Outcome::Refused);
        QCOMPARE(answer.refusal, Refusal::NotConnected);
        QCOMPARE(m_watch->lookUp(m_watch->commandFor(Act::Shutdown, victim)).outcome, Outcome::Unknown);
        QVERIFY(!m_watch->status.rights.known);
        // Nor is it sent later.
        QVERIFY(m_watch->server.restartEmpty());
        m_watch->client = std::make_unique<RedisClient>(m_watch->server.url());
        m_watch->registerWorker(victim);
        TRY_TRUE(m_watch->isWatching() && m_watch->status.rights.known);
        QVERIFY(!m_watch->exists("worker:cmd:" + victim));
    }

    void stoppingAnswersEverything()
    {
        QVERIFY(m_watch->watchWritable());
        m_watch->server.pause();
        const QList<Command> commands = commandsFor(Act::Shutdown, ScriptRunner::mostUnderWay + 10);
        m_watch->source->carryOut(commands);
        m_watch->source->stop();
        const QList<CommandProgress> answers = m_watch->answersTo(commands);
        QCOMPARE(m_watch->progress.size(), commands.size());
        for (int i = 0; i < answers.size(); ++i) {
            QCOMPARE(answers[i].outcome, i < ScriptRunner::mostUnderWay ? Outcome::Unknown : Outcome::Refused);
            if (i >= ScriptRunner::mostUnderWay)
                QCOMPARE(answers[i].refusal, Refusal::NotConnected);
        }
        m_watch->server.resume();
    }

    void lostBeforeTheAnswerIsUnknownAndNeverSentAgain()
    {
        QVERIFY(m_watch->watchWritable());
        m_watch->client.reset();
        m_watch->server.pause();
        const Command command = m_watch->commandFor(Act::ShutdownNow, victim);
        m_watch->source->carryOut({command});
        // The words have left for the server, which has not read them.
        TRY_TRUE(m_watch->status.state == SourceState::Stalled || m_watch->progress.size() == 1);
        m_watch->server.kill();
        const CommandProgress answer = m_watch->answersTo({command}).first();
        QCOMPARE(answer.outcome, Outcome::Unknown);
        QVERIFY(!answer.text.isEmpty());

        QVERIFY(m_watch->server.restartEmpty());
        m_watch->client = std::make_unique<RedisClient>(m_watch->server.url());
        TRY_TRUE(m_watch->isWatching() && m_watch->status.rights.known);
        const qint64 evals = m_watch->calls("eval");
        CommandProgress found = m_watch->lookUp(command);
        QCOMPARE(found.outcome, Outcome::Found);
        QVERIFY(!found.keyPresent);
        QVERIFY(!found.commandPresent);
        m_watch->registerWorker(victim);
        m_watch->run({"SET", "worker:cmd:" + victim, "shutdown", "EX", "60"});
        found = m_watch->lookUp(command);
        QVERIFY(found.keyPresent);
        QVERIFY(found.commandPresent);
        QCOMPARE(m_watch->calls("eval"), evals);
        QCOMPARE(m_watch->calls("publish"), 0);
    }

    /// Workers whose keys expire within 20 ms from now, or a few times that, while commands reach them: before the command, while
    /// others are carried out, and after it.
    void noActMakesAKeyThatStaysForEver_data()
    {
        QTest::addColumn<int>("act");
        for (const Act act : commonActs)
            QTest::newRow(qPrintable(actName(act))) << int(act);
    }
    void noActMakesAKeyThatStaysForEver()
    {
        QFETCH(int, act);
        QVERIFY(m_watch->watchWritable());
        constexpr int count = 200;
        int acted = 0;
        int late = 0;
        int spanMs =
            20; // A machine that is busy may need longer than that for a round: then every key is gone before its command.
        const bool wantsGone = Act(act) == Act::Reap; // The others want a key that is there.
        constexpr int rounds = 6;
        const auto sawBoth = [&] { return late > 0 && (acted > 0 || Act(act) == Act::RemoveKey); };
        for (int round = 0; round < rounds || (!sawBoth() && round < 2 * rounds); ++round) {
            std::vector<QByteArrayList> orders;
            for (int i = 0; i < count; ++i) {
                const QByteArray name = workerName(i);
                orders.push_back({"DEL", "worker:" + name, "worker:cmd:" + name});
                orders.push_back({"HSET", "worker:" + name, "status", "available", "lastHeartbeat", "1700000000000"});
                if (Act(act) == Act::Resume)
                    orders.push_back(
                        {"HSET", "worker:" + name, "status", "draining", "drainedBy", "ann@desk", "drainedAt", "1700000000000"});
                orders.push_back({"HSET", "cluster:lifetime_connections", name, "1"});
                orders.push_back({"HSET", "cluster:active_connections", name, "1"});
                if (Act(act) == Act::Cancel)
                    orders.push_back({"SET", "worker:cmd:" + name, "shutdown", "PX", QByteArray::number(1 + i % spanMs)});
            }
            // All deadlines in the last moment, so that they lie around the commands.
            for (int i = 0; i < count; ++i)
                orders.push_back({"PEXPIRE", "worker:" + workerName(i), QByteArray::number(1 + (i * 7) % spanMs)});
            m_watch->client->pipeline(orders);
            QList<Command> commands = commandsFor(Act(act), count);
            for (Command &command : commands)
                command.drainSeen = Act(act) == Act::Resume ? 1'700'000'000'000 : 0;
            for (const Command &command : std::as_const(commands))
                m_watch->source->carryOut({command});
            for (const CommandProgress &answer : m_watch->answersTo(commands)) {
                const bool didIt = answer.outcome == Outcome::Written || answer.outcome == Outcome::Done;
                QVERIFY(didIt || answer.outcome == Outcome::Refused || answer.outcome == Outcome::TooLate);
                acted += didIt;
                late += !didIt;
            }
            if ((wantsGone ? late : acted) == 0 && Act(act) != Act::RemoveKey)
                spanMs *= 4;
            else if ((wantsGone ? acted : late) == 0)
                spanMs = std::max(spanMs / 2, 1);
            for (int i = 0; i < count; ++i) {
                for (const char *prefix : {"worker:", "worker:cmd:"}) {
                    const QByteArray key = prefix + workerName(i);
                    QVERIFY2(m_watch->run({"PTTL", key}).integer != -1, key.constData());
                }
            }
        }
        // RemoveKey acts on no key with a TTL; of the others some came in time and some did not.
        QVERIFY2(Act(act) == Act::RemoveKey ? acted == 0 : acted > 0, qPrintable(QString::number(acted)));
        QVERIFY(late > 0);
    }

    void aThousandAtOnce()
    {
        constexpr int count = 1'000;
        registerMany(count, "60000");
        QVERIFY(m_watch->watchWritable());
        const QList<Command> commands = commandsFor(Act::ShutdownNow, count);
        m_watch->signalsSeen = 0;
        const qint64 setBefore = m_watch->calls("set");
        QElapsedTimer timer;
        timer.start();
        m_watch->source->carryOut(commands);
        const QList<CommandProgress> answers = m_watch->answersTo(commands);
        const qint64 took = timer.elapsed();
        qInfo("1,000 shutdowns written and announced in %lld ms, in %d signals", took, m_watch->signalsSeen);
        for (const CommandProgress &answer : answers)
            QCOMPARE(answer.outcome, Outcome::Written);
        QVERIFY2(m_watch->signalsSeen < count / 2, qPrintable(QString::number(m_watch->signalsSeen)));
        QCOMPARE(m_watch->calls("set") - setBefore, count);
    }

    void moreThanOnePipelineKeepsTheOrder()
    {
        constexpr int count = ScriptRunner::mostUnderWay * 2 + 100;
        registerMany(count, "60000");
        QVERIFY(m_watch->watchWritable());
        const QList<Command> commands = commandsFor(Act::Drain, count);
        m_watch->source->carryOut(commands);
        TRY_EQUAL(m_watch->progress.size(), count);
        for (int i = 0; i < count; ++i) {
            QCOMPARE(m_watch->progress[i].command, commands[i].id);
            QCOMPARE(m_watch->progress[i].outcome, Outcome::Done);
        }
    }
};

PULSEDECK_TEST(CommandSafetyTest, runWithEvents)
#include "commandsafety_test.moc"
