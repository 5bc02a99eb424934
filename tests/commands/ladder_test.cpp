// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/commands/ladderwatch.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using Stage = CommandStage;

/// Each rung and each end of the ladder, with a real Redis and simulated workers that behave and misbehave as real ones do.
class LadderTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<LadderWatch> m_watch;

    QByteArray someWorker() { return m_watch->view->anyAvailable(); }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }
    void init() { m_watch = std::make_unique<LadderWatch>(); }
    void cleanup() { m_watch.reset(); }

    void atTheNextHeartbeat()
    {
        QVERIFY(m_watch->startAll());
        const QByteArray id = someWorker();
        const quint64 key = m_watch->give(Act::Shutdown, id);
        TRY_STAGE(m_watch, key, Stage::Gone);
        const CommandEntry &entry = m_watch->entry(key);
        QVERIFY(entry.writtenAt >= entry.requestedAt);
        QCOMPARE(entry.announcedAt, 0);
        QCOMPARE(entry.receivers, unknownValue);
        QVERIFY2(entry.pickedUpAt >= entry.writtenAt, m_watch->told(key));
        QVERIFY(entry.endedAt >= entry.pickedUpAt);
        QVERIFY(!m_watch->exists("worker:" + id));
        QVERIFY(!m_watch->exists("worker:cmd:" + id)); // Who reads it at a heartbeat takes it away.
    }

    void now()
    {
        QVERIFY(m_watch->startAll({u"--heartbeat"_s, u"5"_s, u"--ttl"_s, u"20"_s}));
        const QByteArray id = someWorker();
        const quint64 key = m_watch->give(Act::ShutdownNow, id);
        TRY_STAGE(m_watch, key, Stage::Gone);
        const CommandEntry &entry = m_watch->entry(key);
        QCOMPARE(entry.receivers, 1);
        QVERIFY(entry.announcedAt > 0);
        QVERIFY(entry.pickedUpAt > 0);
        // About a second, not a heartbeat later.
        QVERIFY2(entry.endedAt - entry.writtenAt < 4'000, qPrintable(QString::number(entry.endedAt - entry.writtenAt)));
        QVERIFY(m_watch->exists("worker:cmd:" + id)); // Who hears of it leaves it.
    }

    void sessionsFallUntilItGoes()
    {
        QVERIFY(m_watch->startAll());
        const QByteArray id = someWorker();
        m_watch->setSessions(id, 2);
        TRY_EQUAL(m_watch->worker(id).activeSessions, 2);
        const quint64 key = m_watch->give(Act::ShutdownNow, id);
        TRY_STAGE(m_watch, key, Stage::PickedUp);
        QCOMPARE(m_watch->entry(key).sessionsBefore, 2);
        m_watch->setSessions(id, 1);
        TRY_STAGE(m_watch, key, Stage::Emptying);
        QCOMPARE(m_watch->entry(key).sessionsLeft, 1);
        m_watch->setSessions(id, 0);
        TRY_STAGE(m_watch, key, Stage::Gone);
        QVERIFY(m_watch->entry(key).sessionsCut <= 0); // Or not known: the counters are read a moment later.
    }

    void aHungWorkerIsCountedAndNeverReads()
    {
        QVERIFY(m_watch->startAll());
        const QByteArray id = m_watch->fleet.idOf("hang 1 60");
        const quint64 key = m_watch->give(Act::ShutdownNow, id, 1'000);
        TRY_STAGE(m_watch, key, Stage::Announced);
        QCOMPARE(m_watch->entry(key).receivers, 1);
        TRY_STAGE(m_watch, key, Stage::ExpiredUnread);
        QCOMPARE(m_watch->entry(key).pickedUpAt, 0);
        QVERIFY(m_watch->exists("worker:" + id));
        QVERIFY(!m_watch->exists("worker:cmd:" + id));
    }

    void aHungWorkersCommandExpiresUnread()
    {
        QVERIFY(m_watch->startAll());
        const QByteArray id = m_watch->fleet.idOf("hang 1 60");
        const quint64 key = m_watch->give(Act::Shutdown, id, 1'000);
        TRY_STAGE(m_watch, key, Stage::Written);
        TRY_STAGE(m_watch, key, Stage::ExpiredUnread);
        QCOMPARE(m_watch->entry(key).announcedAt, 0);
    }

    void anOldFleetHearsNothingAndReadsAtItsBeat()
    {
        QVERIFY(m_watch->startAll({u"--fail"_s, u"untyped=1"_s}));
        const QByteArray id = m_watch->view->ids().first();
        QVERIFY(!id.contains(':'));
        const quint64 key = m_watch->give(Act::ShutdownNow, id);
        TRY_STAGE(m_watch, key, Stage::Gone);
        QCOMPARE(m_watch->entry(key).receivers, 0);
        QVERIFY(m_watch->entry(key).announcedAt > 0);
        QVERIFY(m_watch->entry(key).pickedUpAt > 0);
    }

    void aWorkerThatDiesMidDrainIsLost()
    {
        QVERIFY(m_watch->startAll({u"--ttl"_s, u"2"_s}));
        const QByteArray id = someWorker();
        m_watch->setSessions(id, 1);
        TRY_EQUAL(m_watch->worker(id).activeSessions, 1);
        const quint64 key = m_watch->give(Act::ShutdownNow, id);
        TRY_STAGE(m_watch, key, Stage::PickedUp);
        QCOMPARE(m_watch->fleet.idOf("crash " + id), id);
        TRY_STAGE(m_watch, key, Stage::Lost);
        QCOMPARE(m_watch->entry(key).sessionsCut, 1);
    }

    void aDrainIsForgotten()
    {
        QVERIFY(m_watch->startAll({u"--heartbeat"_s, u"2"_s, u"--ttl"_s, u"8"_s}));
        const QByteArray id = someWorker();
        m_watch->setSessions(id, 1);
        TRY_EQUAL(m_watch->worker(id).activeSessions, 1);
        const quint64 key = m_watch->give(Act::ShutdownNow, id);
        TRY_STAGE(m_watch, key, Stage::PickedUp);
        // The key is lost; at its next beat the worker makes it again and says available, though it drains. It was never gone.
        bool wasGone = false;
        bool wasLost = false;
        connect(&m_watch->store, &FleetStore::published, &m_watch->ledger, [&] {
            wasGone = wasGone || m_watch->stage(key) == Stage::Gone;
            wasLost = wasLost || m_watch->worker(id).liveness == Liveness::KeyLost;
        });
        // Just after a beat, so that there is time to see it.
        const QByteArray beat = m_watch->field(id, "lastHeartbeat");
        TRY_TRUE(m_watch->field(id, "lastHeartbeat") != beat);
        m_watch->run({"DEL", "worker:" + id});
        TRY_STAGE(m_watch, key, Stage::Forgotten);
        QVERIFY(!wasGone);
        QVERIFY(wasLost);
        QVERIFY(m_watch->worker(id).flags.testFlag(WorkerFlag::DrainForgotten));
        QVERIFY(m_watch->entry(key).forgottenAt > 0);
        QCOMPARE(m_watch->field(id, "status"), "available");
        // It goes all the same.
        m_watch->setSessions(id, 0);
        TRY_STAGE(m_watch, key, Stage::Gone);
    }

    void withdrawnInTime()
    {
        QVERIFY(m_watch->startAll());
        const QByteArray id = m_watch->fleet.idOf("hang 1 3");
        const quint64 key = m_watch->give(Act::Shutdown, id);
        TRY_STAGE(m_watch, key, Stage::Written);
        QVERIFY(m_watch->entry(key).canCancel());
        const quint64 cancel = m_watch->ledger.group(m_watch->ledger.cancel({key}, u"a mistake"_s))->entries.front();
        TRY_STAGE(m_watch, key, Stage::Withdrawn);
        QCOMPARE(m_watch->stage(cancel), Stage::Done);
        QVERIFY(!m_watch->exists("worker:cmd:" + id));
        // When it goes on it knows of nothing.
        const QByteArray beat = m_watch->field(id, "lastHeartbeat");
        TRY_TRUE(m_watch->field(id, "lastHeartbeat") != beat);
        QCOMPARE(m_watch->field(id, "status"), "available");
        QCOMPARE(m_watch->stage(key), Stage::Withdrawn);
    }

    void withdrawnTooLate()
    {
        QVERIFY(m_watch->startAll());
        const QByteArray id = someWorker();
        m_watch->setSessions(id, 1);
        TRY_EQUAL(m_watch->worker(id).activeSessions, 1);
        const quint64 key = m_watch->give(Act::ShutdownNow, id);
        TRY_STAGE(m_watch, key, Stage::PickedUp);
        const quint64 cancel = m_watch->ledger.group(m_watch->ledger.cancel({key}, u"a mistake"_s))->entries.front();
        TRY_STAGE(m_watch, cancel, Stage::TooLate);
        QVERIFY(m_watch->entry(key).tooLateAt > 0);
        QCOMPARE(m_watch->stage(key), Stage::PickedUp);
        m_watch->setSessions(id, 0);
        TRY_STAGE(m_watch, key, Stage::Gone);
    }

    void racedByAnotherOperator()
    {
        QVERIFY(m_watch->startAll());
        const QByteArray id = m_watch->fleet.idOf("hang 1 60");
        // No event loop in between: this console does not know yet.
        m_watch->run({"SET", "worker:cmd:" + id, "shutdown", "EX", "3", "NX"});
        const quint64 key = m_watch->give(Act::ShutdownNow, id);
        TRY_STAGE(m_watch, key, Stage::Refused);
        QCOMPARE(m_watch->entry(key).refusal, Refusal::AlreadyCommanded);
        // The other's is shown, and followed to its end.
        TRY_TRUE(m_watch->ledger.openEntry(m_watch->handle(id)) != nullptr);
        const CommandEntry theirs = *m_watch->ledger.openEntry(m_watch->handle(id));
        QVERIFY(theirs.theirs);
        QCOMPARE(theirs.command.by, QString());
        TRY_EQUAL(m_watch->ledger.entry(theirs.command.id)->stage, Stage::ExpiredUnread);
    }

    void theProxysCommandIsFollowed()
    {
        QVERIFY(m_watch->startAll());
        const QByteArray id = m_watch->fleet.idOf("drain 1");
        const auto theirs = [&]() -> quint64 {
            for (quint64 key = m_watch->ledger.firstKey(); key < m_watch->ledger.firstKey() + quint64(m_watch->ledger.size());
                 ++key) {
                if (m_watch->entry(key).command.worker == id)
                    return key;
            }
            return 0;
        };
        TRY_TRUE(theirs() != 0);
        TRY_STAGE(m_watch, theirs(), Stage::Gone);
        QVERIFY(m_watch->entry(theirs()).theirs);
    }

    /// The answer is lost, the command is not: Redis was only slow, and acts when the console has hung up.
    void lostAnswerOfACommandThatWasWritten()
    {
        m_watch->options.connection.replyTimeoutMs = 700;
        m_watch->options.stallMs = 300;
        QVERIFY(m_watch->startAll());
        const QByteArray id = m_watch->fleet.idOf("hang 1 60");
        m_watch->server.pause();
        const quint64 key = m_watch->give(Act::Shutdown, id);
        TRY_STAGE(m_watch, key, Stage::Unknown);
        m_watch->server.resume();
        TRY_STAGE(m_watch, key, Stage::Written);
        QVERIFY2(m_watch->told(key).contains("looked up"), m_watch->told(key));
        QCOMPARE(m_watch->commandKey(id), "shutdown");
        const qint64 until = m_watch->entry(key).commandUntil - m_watch->clock.nowMs();
        QVERIFY2(until > 30'000 && until <= 61'000, qPrintable(QString::number(until)));
    }

    /// The server dies with the command unread: nothing is there afterwards, and nothing is sent again.
    void redisDownBetweenClickAndAnswer()
    {
        QVERIFY(m_watch->startAll());
        const QByteArray id = someWorker();
        m_watch->client.reset();
        m_watch->view.reset();
        m_watch->server.pause();
        const quint64 key = m_watch->give(Act::ShutdownNow, id);
        m_watch->server.kill();
        TRY_STAGE(m_watch, key, Stage::Unknown);
        QVERIFY(m_watch->server.restartEmpty());
        m_watch->client = std::make_unique<RedisClient>(m_watch->server.url());
        QVERIFY2(QTest::qWaitFor([&] { return isEnd(m_watch->stage(key)); }, 20'000), m_watch->told(key));
        // Its key was lost with the server: either the worker has made it again by then, or not.
        QVERIFY2(m_watch->stage(key) == Stage::Refused || m_watch->stage(key) == Stage::Gone
                     || m_watch->stage(key) == Stage::Lost,
                 m_watch->told(key));
        TRY_TRUE(m_watch->exists("worker:" + id));
        QCOMPARE(m_watch->calls("publish"), 0);
        QVERIFY(!m_watch->exists("worker:cmd:" + id));
    }

    void aStuckDrainIsOverdue()
    {
        m_watch->options.timing.assumed = false; // Nothing is overdue by a timeout nobody told.
        m_watch->options.timing.drainTimeout = 1'000;
        QVERIFY(m_watch->startAll());
        const QByteArray id = someWorker();
        m_watch->setSessions(id, 1);
        TRY_EQUAL(m_watch->worker(id).activeSessions, 1);
        const quint64 key = m_watch->give(Act::ShutdownNow, id);
        TRY_STAGE(m_watch, key, Stage::Overdue);
        QVERIFY(m_watch->entry(key).overdueAt >= m_watch->entry(key).pickedUpAt + 1'000);
        m_watch->setSessions(id, 0);
        TRY_STAGE(m_watch, key, Stage::Gone);
    }

    void drainAndResume()
    {
        QVERIFY(m_watch->startAll());
        const QByteArray id = someWorker();
        m_watch->setSessions(id, 1);
        TRY_EQUAL(m_watch->worker(id).activeSessions, 1);
        const quint64 drain = m_watch->give(Act::Drain, id);
        TRY_STAGE(m_watch, drain, Stage::Written);
        TRY_TRUE(m_watch->worker(id).flags.testFlag(WorkerFlag::DrainedByOperator));
        TRY_EQUAL(m_watch->store.drainNote(m_watch->handle(id)).reason, u"test"_s);
        // The worker beats on and stays.
        const QByteArray beat = m_watch->field(id, "lastHeartbeat");
        TRY_TRUE(m_watch->field(id, "lastHeartbeat") != beat);
        QCOMPARE(m_watch->field(id, "status"), "draining");
        QVERIFY(m_watch->entry(drain).isOpen());
        QVERIFY(!m_watch->entry(drain).theirs);

        const quint64 resume = m_watch->give(Act::Resume, id);
        TRY_STAGE(m_watch, resume, Stage::Done);
        TRY_STAGE(m_watch, drain, Stage::Withdrawn);
        QCOMPARE(m_watch->field(id, "status"), "available");

        m_watch->setSessions(id, 0);
        TRY_EQUAL(m_watch->worker(id).activeSessions, 0);
        TRY_EQUAL(m_watch->worker(id).status, WorkerStatus::Available);
        const quint64 again = m_watch->give(Act::Drain, id);
        TRY_STAGE(m_watch, again, Stage::Done); // Nothing to wait for.
        // It drained by a console's word, so it can still be told to go.
        const quint64 shutdown = m_watch->give(Act::ShutdownNow, id);
        TRY_STAGE(m_watch, shutdown, Stage::Gone);
    }

    void theDrainOfAnotherConsoleIsTheirs()
    {
        QVERIFY(m_watch->startAll());
        const QByteArray id = someWorker();
        m_watch->run({"HSET", "worker:" + id, "status", "draining", "drainedBy", "bob@elsewhere", "drainedAt",
                      QByteArray::number(m_watch->clock.nowMs()), "drainReason", "his own"});
        TRY_TRUE(m_watch->ledger.size() == 1);
        const CommandEntry &entry = m_watch->entry(m_watch->ledger.firstKey());
        QVERIFY(entry.theirs);
        QCOMPARE(entry.command.act, Act::Drain);
        QCOMPARE(entry.command.by, u"bob@elsewhere"_s);
        QCOMPARE(entry.command.reason, u"his own"_s);
        const quint64 resume = m_watch->give(Act::Resume, id);
        TRY_STAGE(m_watch, resume, Stage::Done);
    }

    void zombiesAndKeysWithoutTtl()
    {
        QVERIFY(m_watch->startAll({u"--ttl"_s, u"2"_s, u"--reaper-interval"_s, u"600"_s}));
        const QByteArray dead = m_watch->fleet.idOf("crash 1");
        TRY_EQUAL(m_watch->worker(dead).liveness, Liveness::Zombie);
        const quint64 reap = m_watch->give(Act::Reap, dead);
        TRY_STAGE(m_watch, reap, Stage::Done);
        QVERIFY(!m_watch->view->lifetime(dead));

        const QByteArray half = m_watch->fleet.idOf("no-ttl 1");
        TRY_EQUAL(m_watch->worker(half).liveness, Liveness::NoTtl);
        const quint64 remove = m_watch->give(Act::RemoveKey, half);
        TRY_STAGE(m_watch, remove, Stage::Done);
        QVERIFY(!m_watch->exists("worker:" + half));
    }
};

PULSEDECK_TEST(LadderTest, runWithEvents)
#include "ladder_test.moc"
