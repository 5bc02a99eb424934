// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/commands/commandwatch.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using Outcome = CommandProgress::Outcome;

namespace {

const QByteArray worker("chromium:a");

} // namespace

/// What each act does to a Redis, and each answer it can give.
class CommandScriptsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<CommandWatch> m_watch;

    /// Nothing was changed, for this reason.
    void compareRefused(const CommandProgress &answer, Refusal refusal)
    {
        QCOMPARE(answer.outcome, Outcome::Refused);
        QCOMPARE(answer.refusal, refusal);
        QCOMPARE(answer.source, SourceId(1));
        QVERIFY(answer.at > 0);
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
        QVERIFY(m_watch->watchWritable());
        m_watch->registerWorker(worker);
    }
    void cleanup() { m_watch.reset(); }

    void shutdownSetsTheKeyAndIsSilent()
    {
        Command command = m_watch->commandFor(Act::Shutdown, worker);
        command.ttlMs = 29'001;
        const CommandProgress answer = m_watch->carryOut(command);
        QCOMPARE(answer.outcome, Outcome::Written);
        QCOMPARE(answer.receivers, unknownValue);
        QCOMPARE(answer.text, QString());
        QCOMPARE(m_watch->commandKey(worker), "shutdown");
        const qint64 left = m_watch->run({"PTTL", "worker:cmd:" + worker}).integer;
        QVERIFY2(left > 20'000 && left <= 30'000, qPrintable(QString::number(left)));
        QCOMPARE(m_watch->calls("publish"), 0);
        QCOMPARE(m_watch->field(worker, "status"), "available");
    }

    void shutdownNowIsAnnouncedToThoseWhoListen()
    {
        m_watch->registerWorker("chromium:b");
        RedisConnection listener(m_watch->server.url());
        listener.subscribe("worker:cmd:" + worker);
        QByteArray heard;
        connect(&listener, &RedisConnection::pushed, this, [&heard](const RedisReply &message) {
            heard = message.at(1).bytes().toByteArray() + ' ' + message.at(2).bytes().toByteArray();
        });
        listener.open();
        TRY_EQUAL(listener.state(), RedisConnection::State::Ready);

        const CommandProgress answer = m_watch->carryOut(Act::ShutdownNow, worker);
        QCOMPARE(answer.outcome, Outcome::Written);
        QCOMPARE(answer.receivers, 1);
        TRY_EQUAL(heard, QByteArray("worker:cmd:chromium:a shutdown"));
        QCOMPARE(m_watch->commandKey(worker), "shutdown");
        // Nobody listens for the other: it is given all the same.
        const CommandProgress unheard = m_watch->carryOut(Act::ShutdownNow, "chromium:b");
        QCOMPARE(unheard.outcome, Outcome::Written);
        QCOMPARE(unheard.receivers, 0);
    }

    void aSecondShutdownFindsTheFirst()
    {
        m_watch->run({"SET", "worker:cmd:" + worker, "shutdown", "EX", "42"});
        const CommandProgress answer = m_watch->carryOut(Act::ShutdownNow, worker);
        compareRefused(answer, Refusal::AlreadyCommanded);
        QVERIFY2(answer.text.startsWith(u"shutdown, expires in 4"_s), qPrintable(answer.text));
        QCOMPARE(m_watch->calls("publish"), 0);
        QVERIFY(m_watch->run({"PTTL", "worker:cmd:" + worker}).integer <= 42'000);
    }

    void noCommandForAWorkerThatIsGone_data()
    {
        QTest::addColumn<int>("act");
        for (const Act act : {Act::Shutdown, Act::ShutdownNow, Act::Drain, Act::Resume, Act::RemoveKey})
            QTest::newRow(qPrintable(actName(act))) << int(act);
    }
    void noCommandForAWorkerThatIsGone()
    {
        QFETCH(int, act);
        m_watch->run({"DEL", "worker:" + worker});
        compareRefused(m_watch->carryOut(Act(act), worker), Refusal::KeyGone);
        QVERIFY(!m_watch->exists("worker:" + worker));
        QVERIFY(!m_watch->exists("worker:cmd:" + worker));
    }

    void aKeyOfAnotherTypeIsLeftAlone_data() { noCommandForAWorkerThatIsGone_data(); }
    void aKeyOfAnotherTypeIsLeftAlone()
    {
        QFETCH(int, act);
        m_watch->run({"SET", "worker:" + worker, "text"});
        const CommandProgress answer = m_watch->carryOut(Act(act), worker);
        compareRefused(answer, Refusal::NotAHash);
        QVERIFY2(answer.text.contains(u"string"_s), qPrintable(answer.text));
        QCOMPARE(m_watch->run({"GET", "worker:" + worker}).text, "text");
        QVERIFY(!m_watch->exists("worker:cmd:" + worker));
    }

    void drainTellsWhoWhenAndWhy()
    {
        const Command command = m_watch->commandFor(Act::Drain, worker);
        QCOMPARE(m_watch->carryOut(command).outcome, Outcome::Done);
        QCOMPARE(m_watch->field(worker, "status"), "draining");
        QCOMPARE(m_watch->field(worker, "drainedBy"), "ann@desk");
        QCOMPARE(m_watch->field(worker, "drainedAt"), QByteArray::number(command.issuedAt));
        QCOMPARE(m_watch->field(worker, "drainReason"), "new image");
        QVERIFY(m_watch->run({"PTTL", "worker:" + worker}).integer > 0);
        TRY_TRUE(m_watch->worker(worker).flags.testFlag(WorkerFlag::DrainedByOperator));

        const CommandProgress again = m_watch->carryOut(Act::Drain, worker);
        compareRefused(again, Refusal::NotAvailable);
        QCOMPARE(again.status, WorkerStatus::Draining);
        QCOMPARE(again.text, u"draining"_s);
    }

    void drainOfAnOddStatusIsRefused()
    {
        m_watch->run({"HSET", "worker:" + worker, "status", QByteArray(100'000, 'x')});
        const CommandProgress answer = m_watch->carryOut(Act::Drain, worker);
        compareRefused(answer, Refusal::NotAvailable);
        QCOMPARE(answer.text, QString(64, u'x'));
        m_watch->run({"HDEL", "worker:" + worker, "status"});
        const CommandProgress missing = m_watch->carryOut(Act::Drain, worker);
        compareRefused(missing, Refusal::NotAvailable);
        QCOMPARE(missing.status, WorkerStatus::Missing);
    }

    void theStoreLearnsWhoDrained()
    {
        Command command = m_watch->commandFor(Act::Drain, worker);
        command.by = QString(300, u'b');
        command.reason = u"line one\nline two "_s + QString(1'000, u'r');
        QCOMPARE(m_watch->carryOut(command).outcome, Outcome::Done);
        TRY_EQUAL(m_watch->store.drainNote(m_watch->handle(worker)).by, QString(128, u'b'));
        const DrainNote note = m_watch->store.drainNote(m_watch->handle(worker));
        QVERIFY2(note.reason.startsWith(u"line one line two rrr"_s), qPrintable(note.reason));
        QCOMPARE(note.reason.size(), 512);
        QCOMPARE(note.at, command.issuedAt);
        QVERIFY(!m_watch->worker(worker).flags.testFlag(WorkerFlag::TooLarge));

        QCOMPARE(m_watch->carryOut(Act::Resume, worker).outcome, Outcome::Done);
        TRY_EQUAL(m_watch->store.drainNote(m_watch->handle(worker)).by, QString());
    }

    void resumeTakesBackAConsolesDrain()
    {
        QCOMPARE(m_watch->carryOut(Act::Drain, worker).outcome, Outcome::Done);
        QCOMPARE(m_watch->carryOut(Act::Resume, worker).outcome, Outcome::Done);
        QCOMPARE(m_watch->field(worker, "status"), "available");
        QCOMPARE(m_watch->run({"HEXISTS", "worker:" + worker, "drainedBy"}).integer, 0);
        QCOMPARE(m_watch->run({"HEXISTS", "worker:" + worker, "drainedAt"}).integer, 0);
        QCOMPARE(m_watch->run({"HEXISTS", "worker:" + worker, "drainReason"}).integer, 0);
        TRY_TRUE(!m_watch->worker(worker).flags.testFlag(WorkerFlag::DrainedByOperator));
    }

    void resumeLeavesAWorkersOwnDrainAlone()
    {
        compareRefused(m_watch->carryOut(Act::Resume, worker), Refusal::NotDrained);
        m_watch->setStatus(worker, "draining");
        const CommandProgress answer = m_watch->carryOut(Act::Resume, worker);
        compareRefused(answer, Refusal::NotDrained);
        QCOMPARE(answer.status, WorkerStatus::Draining);
        QCOMPARE(m_watch->field(worker, "status"), "draining");
    }

    void resumeNotAfterAShutdown()
    {
        QCOMPARE(m_watch->carryOut(Act::Drain, worker).outcome, Outcome::Done);
        QCOMPARE(m_watch->carryOut(Act::Shutdown, worker).outcome, Outcome::Written);
        const CommandProgress answer = m_watch->carryOut(Act::Resume, worker);
        compareRefused(answer, Refusal::ShutdownGiven);
        QCOMPARE(m_watch->field(worker, "status"), "draining");
        QCOMPARE(m_watch->field(worker, "drainedBy"), "ann@desk");
    }

    /// Drained, told to shut down, and the worker has read it: its key is gone, and status and note are as before.
    void resumeNotAfterTheCommandWasRead()
    {
        QCOMPARE(m_watch->carryOut(Act::Drain, worker).outcome, Outcome::Done);
        QCOMPARE(m_watch->carryOut(Act::Shutdown, worker).outcome, Outcome::Written);
        QVERIFY(m_watch->field(worker, "shutdownGiven").startsWith("written "));
        TRY_TRUE(m_watch->worker(worker).flags.testFlag(WorkerFlag::Leaving));
        m_watch->run({"DEL", "worker:cmd:" + worker});
        Command resume = m_watch->commandFor(Act::Resume, worker);
        resume.unprovenToo = true; // No word of an operator helps there.
        compareRefused(m_watch->carryOut(resume), Refusal::ShutdownGiven);
        QCOMPARE(m_watch->field(worker, "status"), "draining");
    }

    void resumeAfterTheCommandWasWithdrawn()
    {
        QCOMPARE(m_watch->carryOut(Act::Drain, worker).outcome, Outcome::Done);
        QCOMPARE(m_watch->carryOut(Act::Shutdown, worker).outcome, Outcome::Written);
        QCOMPARE(m_watch->carryOut(Act::Cancel, worker).outcome, Outcome::Done);
        QCOMPARE(m_watch->field(worker, "shutdownGiven"), "");
        TRY_TRUE(!m_watch->worker(worker).flags.testFlag(WorkerFlag::Leaving));
        QCOMPARE(m_watch->carryOut(Act::Resume, worker).outcome, Outcome::Done);
        QCOMPARE(m_watch->field(worker, "status"), "available");
        QCOMPARE(m_watch->run({"HEXISTS", "worker:" + worker, "shutdownGiven"}).integer, 0);
        QCOMPARE(m_watch->run({"HEXISTS", "worker:" + worker, "drainSince"}).integer, 0);
    }

    void aRefusedShutdownLeavesNoMark()
    {
        QCOMPARE(m_watch->carryOut(Act::Drain, worker).outcome, Outcome::Done);
        m_watch->run({"SET", "worker:cmd:" + worker, "shutdown", "EX", "42"});
        compareRefused(m_watch->carryOut(Act::Shutdown, worker), Refusal::AlreadyCommanded);
        QCOMPARE(m_watch->field(worker, "shutdownGiven"), "");
    }

    void resumeNeedsProof()
    {
        // Drained before this console looked, a minute ago.
        const QByteArray minuteAgo = QByteArray::number(m_watch->clock.nowMs() - 60'000);
        m_watch->run({"HSET", "worker:" + worker, "status", "draining", "drainedBy", "bob@desk", "drainedAt", minuteAgo,
                      "drainSince", minuteAgo});
        compareRefused(m_watch->carryOut(Act::Resume, worker), Refusal::DrainUnproven);
        Command resume = m_watch->commandFor(Act::Resume, worker);
        resume.drainSeen = minuteAgo.toLongLong() - 1; // Another drain than this one.
        compareRefused(m_watch->carryOut(resume), Refusal::DrainUnproven);
        QCOMPARE(m_watch->field(worker, "status"), "draining");
        resume = m_watch->commandFor(Act::Resume, worker);
        resume.drainSeen = minuteAgo.toLongLong();
        QCOMPARE(m_watch->carryOut(resume).outcome, Outcome::Done);
        QCOMPARE(m_watch->field(worker, "status"), "available");
        // One of an older console has no time by Redis' clock; the operator may mean it all the same.
        m_watch->run({"HSET", "worker:" + worker, "status", "draining", "drainedBy", "bob@desk", "drainedAt",
                      QByteArray::number(m_watch->clock.nowMs())});
        compareRefused(m_watch->carryOut(Act::Resume, worker), Refusal::DrainUnproven);
        resume = m_watch->commandFor(Act::Resume, worker);
        resume.unprovenToo = true;
        QCOMPARE(m_watch->carryOut(resume).outcome, Outcome::Done);
    }

    void resumeTakesTheNoteOfAnUndoneDrainAway()
    {
        QCOMPARE(m_watch->carryOut(Act::Drain, worker).outcome, Outcome::Done);
        m_watch->setStatus(worker, "available");
        TRY_TRUE(m_watch->worker(worker).flags.testFlag(WorkerFlag::DrainUndone));
        QCOMPARE(m_watch->carryOut(Act::Resume, worker).outcome, Outcome::Done);
        QCOMPARE(m_watch->run({"HEXISTS", "worker:" + worker, "drainedBy"}).integer, 0);
        QCOMPARE(m_watch->field(worker, "status"), "available");
        TRY_TRUE(!m_watch->worker(worker).flags.testFlag(WorkerFlag::DrainUndone));
    }

    void drainNotOfACommandedWorker()
    {
        m_watch->run({"SET", "worker:cmd:" + worker, "shutdown", "EX", "42"});
        compareRefused(m_watch->carryOut(Act::Drain, worker), Refusal::AlreadyCommanded);
        QCOMPARE(m_watch->field(worker, "status"), "available");
        m_watch->run({"SET", "worker:cmd:" + worker, "restart", "EX", "42"}); // No worker acts on that.
        QCOMPARE(m_watch->carryOut(Act::Drain, worker).outcome, Outcome::Done);
    }

    void whatWasHeardCannotBeWithdrawn_data()
    {
        QTest::addColumn<bool>("drained");
        QTest::newRow("a drained worker") << true;
        QTest::newRow("one that hangs") << false; // It still says available, and keeps the message in its socket.
    }
    void whatWasHeardCannotBeWithdrawn()
    {
        QFETCH(const bool, drained);
        RedisConnection listener(m_watch->server.url());
        listener.subscribe("worker:cmd:" + worker);
        listener.open();
        TRY_EQUAL(listener.state(), RedisConnection::State::Ready);
        if (drained)
            QCOMPARE(m_watch->carryOut(Act::Drain, worker).outcome, Outcome::Done);
        QCOMPARE(m_watch->carryOut(Act::ShutdownNow, worker).receivers, 1);
        const CommandProgress answer = m_watch->carryOut(Act::Cancel, worker);
        QCOMPARE(answer.outcome, Outcome::TooLate);
        QVERIFY(answer.heard);
        QVERIFY(m_watch->exists("worker:cmd:" + worker));
        // Its command key is over, and an operator drains it: when it wakes it leaves.
        m_watch->run({"DEL", "worker:cmd:" + worker});
        if (!drained)
            QCOMPARE(m_watch->carryOut(Act::Drain, worker).outcome, Outcome::Done);
        compareRefused(m_watch->carryOut(Act::Resume, worker), Refusal::ShutdownGiven);
    }

    void somebodyElsesCommandUnderADrain()
    {
        QCOMPARE(m_watch->carryOut(Act::Drain, worker).outcome, Outcome::Done);
        m_watch->run({"SET", "worker:cmd:" + worker, "shutdown", "EX", "42"});
        {
            RedisConnection listener(m_watch->server.url());
            listener.subscribe("worker:cmd:" + worker);
            listener.open();
            TRY_EQUAL(listener.state(), RedisConnection::State::Ready);
            const CommandProgress answer = m_watch->carryOut(Act::Cancel, worker);
            QCOMPARE(answer.outcome, Outcome::TooLate);
            QVERIFY(answer.heard);
        }
        TRY_EQUAL(m_watch->run({"PUBSUB", "NUMSUB", "worker:cmd:" + worker}).elements.at(1).integer, 0);
        QCOMPARE(m_watch->carryOut(Act::Cancel, worker).outcome, Outcome::Done); // Nobody can have heard it.
    }

    void reapAndRemoveKeySpareWhoListens()
    {
        RedisConnection listener(m_watch->server.url());
        listener.subscribe("worker:cmd:" + worker);
        listener.open();
        TRY_EQUAL(listener.state(), RedisConnection::State::Ready);
        m_watch->run({"PERSIST", "worker:" + worker});
        Command remove = m_watch->commandFor(Act::RemoveKey, worker);
        remove.lastHeartbeat = m_watch->field(worker, "lastHeartbeat").toLongLong();
        compareRefused(m_watch->carryOut(remove), Refusal::StillListening);
        QVERIFY(m_watch->exists("worker:" + worker));
        m_watch->run({"DEL", "worker:" + worker}); // Its key was lost; it registers again at its next beat.
        compareRefused(m_watch->carryOut(Act::Reap, worker), Refusal::StillListening);
        QCOMPARE(m_watch->run({"HGET", "cluster:lifetime_connections", worker}).text, "0");
    }

    void cancelInTime()
    {
        QCOMPARE(m_watch->carryOut(Act::Shutdown, worker).outcome, Outcome::Written);
        Command cancel = m_watch->commandFor(Act::Cancel, worker);
        cancel.commandUntil = m_watch->clock.nowMs() + 60'000;
        const CommandProgress answer = m_watch->carryOut(cancel);
        QCOMPARE(answer.outcome, Outcome::Done);
        QCOMPARE(answer.status, WorkerStatus::Available);
        QVERIFY(!m_watch->exists("worker:cmd:" + worker));
        TRY_EQUAL(m_watch->worker(worker).command, CommandState::None);
    }

    void cancelOfAnOperatorsDrainedWorkerInTime()
    {
        QCOMPARE(m_watch->carryOut(Act::Drain, worker).outcome, Outcome::Done);
        QCOMPARE(m_watch->carryOut(Act::Shutdown, worker).outcome, Outcome::Written);
        QCOMPARE(m_watch->carryOut(Act::Cancel, worker).outcome, Outcome::Done);
        QVERIFY(!m_watch->exists("worker:cmd:" + worker));
    }

    void cancelTooLate()
    {
        // Nothing is there any more: it was read, or it expired.
        const CommandProgress none = m_watch->carryOut(Act::Cancel, worker);
        QCOMPARE(none.outcome, Outcome::TooLate);
        QCOMPARE(none.status, WorkerStatus::Available);
        // The worker keeps an announced command's key, and its status tells that it was heard.
        m_watch->run({"SET", "worker:cmd:" + worker, "shutdown", "EX", "60"});
        for (const char *status : {"draining", "shutting-down"}) {
            m_watch->setStatus(worker, status);
            const CommandProgress answer = m_watch->carryOut(Act::Cancel, worker);
            QCOMPARE(answer.outcome, Outcome::TooLate);
            QCOMPARE(answer.status, statusFromText(status));
            QVERIFY(m_watch->exists("worker:cmd:" + worker));
        }
        m_watch->run({"DEL", "worker:" + worker, "worker:cmd:" + worker});
        const CommandProgress gone = m_watch->carryOut(Act::Cancel, worker);
        QCOMPARE(gone.outcome, Outcome::TooLate);
        QCOMPARE(gone.status, WorkerStatus::Missing);
    }

    void cancelSparesAnotherCommand()
    {
        // Longer than the one meant can last: another operator's.
        m_watch->run({"SET", "worker:cmd:" + worker, "shutdown", "EX", "60"});
        Command cancel = m_watch->commandFor(Act::Cancel, worker);
        cancel.commandUntil = m_watch->clock.nowMs() + 20'000;
        compareRefused(m_watch->carryOut(cancel), Refusal::OtherCommand);
        QVERIFY(m_watch->exists("worker:cmd:" + worker));
        // For ever: no console writes that.
        m_watch->run({"PERSIST", "worker:cmd:" + worker});
        compareRefused(m_watch->carryOut(cancel), Refusal::OtherCommand);
        // Another word, another type.
        m_watch->run({"SET", "worker:cmd:" + worker, "restart", "EX", "10"});
        const CommandProgress answer = m_watch->carryOut(Act::Cancel, worker);
        compareRefused(answer, Refusal::OtherCommand);
        QCOMPARE(answer.text, u"restart"_s);
        m_watch->run({"DEL", "worker:cmd:" + worker});
        m_watch->run({"RPUSH", "worker:cmd:" + worker, "shutdown"});
        compareRefused(m_watch->carryOut(Act::Cancel, worker), Refusal::OtherCommand);
        QVERIFY(m_watch->exists("worker:cmd:" + worker));
    }

    void cancelOfACommandWhoseWorkerIsNoHash()
    {
        m_watch->run({"SET", "worker:cmd:" + worker, "shutdown", "EX", "60"});
        m_watch->run({"SET", "worker:" + worker, "text", "EX", "60"});
        QCOMPARE(m_watch->carryOut(Act::Cancel, worker).outcome, Outcome::Done);
        QVERIFY(!m_watch->exists("worker:cmd:" + worker));
    }

    void reapByTheReapersRule()
    {
        compareRefused(m_watch->carryOut(Act::Reap, worker), Refusal::KeyBack);
        QCOMPARE(m_watch->run({"HGET", "cluster:lifetime_connections", worker}).text, "0");
        m_watch->run({"DEL", "worker:" + worker});
        QCOMPARE(m_watch->carryOut(Act::Reap, worker).outcome, Outcome::Done);
        QCOMPARE(m_watch->run({"HEXISTS", "cluster:lifetime_connections", worker}).integer, 0);
        QCOMPARE(m_watch->run({"HEXISTS", "cluster:active_connections", worker}).integer, 0);
        // Only in the active hash: the reaper leaves it, and so does this.
        m_watch->run({"HSET", "cluster:active_connections", worker, "1"});
        compareRefused(m_watch->carryOut(Act::Reap, worker), Refusal::NotInLifetime);
        QCOMPARE(m_watch->run({"HGET", "cluster:active_connections", worker}).text, "1");
    }

    void reapChangesNothingIfItCannotChangeAll()
    {
        m_watch->run({"DEL", "worker:" + worker, "cluster:active_connections"});
        m_watch->run({"SET", "cluster:active_connections", "text"});
        const CommandProgress answer = m_watch->carryOut(Act::Reap, worker);
        compareRefused(answer, Refusal::Server);
        QVERIFY2(answer.text.startsWith(u"HDEL: WRONGTYPE"_s), qPrintable(answer.text));
        QCOMPARE(m_watch->run({"HGET", "cluster:lifetime_connections", worker}).text, "0");
    }

    void removeKeyOnlyWhatStandsStill()
    {
        Command command = m_watch->commandFor(Act::RemoveKey, worker);
        command.lastHeartbeat = m_watch->field(worker, "lastHeartbeat").toLongLong();
        compareRefused(m_watch->carryOut(command), Refusal::HasTtl);
        m_watch->run({"PERSIST", "worker:" + worker});
        command = m_watch->commandFor(Act::RemoveKey, worker);
        command.lastHeartbeat = 1'700'000'000'000;
        compareRefused(m_watch->carryOut(command), Refusal::HeartbeatMoved);
        command = m_watch->commandFor(Act::RemoveKey, worker);
        compareRefused(m_watch->carryOut(command), Refusal::HeartbeatMoved);
        QVERIFY(m_watch->exists("worker:" + worker));
        command = m_watch->commandFor(Act::RemoveKey, worker);
        command.lastHeartbeat = m_watch->field(worker, "lastHeartbeat").toLongLong();
        QCOMPARE(m_watch->carryOut(command).outcome, Outcome::Done);
        QVERIFY(!m_watch->exists("worker:" + worker));
    }

    void removeKeyWithAHeartbeatThatIsNone_data()
    {
        QTest::addColumn<QByteArray>("heartbeat");
        QTest::newRow("missing") << QByteArray();
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("text") << QByteArray("soon");
        QTest::newRow("before 2001") << QByteArray("12345");
        QTest::newRow("enormous") << QByteArray(10'000, '9');
    }
    void removeKeyWithAHeartbeatThatIsNone()
    {
        QFETCH(QByteArray, heartbeat);
        if (heartbeat.isNull())
            m_watch->run({"HDEL", "worker:" + worker, "lastHeartbeat"});
        else
            m_watch->run({"HSET", "worker:" + worker, "lastHeartbeat", heartbeat});
        m_watch->run({"PERSIST", "worker:" + worker});
        // As the console shows it, so the operator saw it.
        TRY_EQUAL(m_watch->worker(worker).ttlAtRead, -1);
        TRY_EQUAL(m_watch->worker(worker).lastHeartbeat, 0);
        QCOMPARE(m_watch->carryOut(Act::RemoveKey, worker).outcome, Outcome::Done);
        QVERIFY(!m_watch->exists("worker:" + worker));
    }

    void lookingUpChangesNothing()
    {
        Command drain = m_watch->commandFor(Act::Drain, worker);
        CommandProgress found = m_watch->lookUp(drain);
        QCOMPARE(found.outcome, Outcome::Found);
        QCOMPARE(found.status, WorkerStatus::Available);
        QVERIFY(found.keyPresent);
        QVERIFY(!found.commandPresent);
        QCOMPARE(found.commandTtl, unknownValue);
        QVERIFY(!found.ownDrain);

        QCOMPARE(m_watch->carryOut(drain).outcome, Outcome::Done);
        m_watch->run({"SET", "worker:cmd:" + worker, "shutdown", "EX", "60"});
        found = m_watch->lookUp(drain);
        QCOMPARE(found.status, WorkerStatus::Draining);
        QVERIFY(found.ownDrain);
        QVERIFY(found.commandPresent);
        QVERIFY(found.commandTtl > 30'000 && found.commandTtl <= 60'000);
        drain.issuedAt += 1; // The same operator's later drain.
        QVERIFY(!m_watch->lookUp(drain).ownDrain);
        drain.issuedAt -= 1;
        drain.by = u"bob@desk"_s;
        QVERIFY(!m_watch->lookUp(drain).ownDrain);

        m_watch->run({"DEL", "worker:" + worker, "worker:cmd:" + worker});
        found = m_watch->lookUp(drain);
        QCOMPARE(found.outcome, Outcome::Found);
        QCOMPARE(found.status, WorkerStatus::Missing);
        QVERIFY(!found.keyPresent);
        QVERIFY(!found.commandPresent);

        m_watch->run({"SET", "worker:" + worker, "text"});
        m_watch->run({"SET", "worker:cmd:" + worker, "restart", "EX", "60"});
        found = m_watch->lookUp(drain);
        QCOMPARE(found.outcome, Outcome::Found);
        QVERIFY(found.keyPresent);
        QVERIFY(!found.commandPresent);
    }

    void lookingUpSparesEnormousFields()
    {
        m_watch.reset();
        m_watch = std::make_unique<CommandWatch>();
        m_watch->options.connection.maxReplyBytes = 1024 * 1024;
        QVERIFY(m_watch->startServer());
        m_watch->registerWorker(worker);
        m_watch->run({"HSET", "worker:" + worker, "status", QByteArray(2 * 1024 * 1024, 'x')});
        QVERIFY(m_watch->watchWritable());
        TRY_TRUE(m_watch->worker(worker).flags.testFlag(WorkerFlag::TooLarge));
        const quint32 generation = m_watch->status.generation;
        const CommandProgress found = m_watch->lookUp(m_watch->commandFor(Act::Shutdown, worker));
        QCOMPARE(found.outcome, Outcome::Found);
        QVERIFY(found.keyPresent);
        QCOMPARE(found.status, WorkerStatus::Missing);
        QCOMPARE(m_watch->status.generation, generation);
    }

    void theWorkerIsReadAtOnceEvenWithoutPush()
    {
        m_watch.reset();
        m_watch = std::make_unique<CommandWatch>();
        m_watch->options.push = false;
        m_watch->options.sweepMs = 3'600'000; // Only what commands ask for is read.
        QVERIFY(m_watch->startServer());
        m_watch->registerWorker(worker);
        QVERIFY(m_watch->watchWritable());
        QCOMPARE(m_watch->status.state, SourceState::Sweeping);
        QCOMPARE(m_watch->carryOut(Act::Shutdown, worker).outcome, Outcome::Written);
        TRY_EQUAL(m_watch->worker(worker).command, CommandState::Shutdown);
        QVERIFY(m_watch->worker(worker).commandUntil > m_watch->clock.nowMs());
        // What the worker does with it is followed too.
        m_watch->run({"DEL", "worker:cmd:" + worker});
        m_watch->setStatus(worker, "draining");
        TRY_EQUAL(m_watch->worker(worker).status, WorkerStatus::Draining);
        TRY_EQUAL(m_watch->worker(worker).command, CommandState::None);
    }
};

PULSEDECK_TEST(CommandScriptsTest, runWithEvents)
#include "commandscripts_test.moc"
