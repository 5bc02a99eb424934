// SPDX-License-Identifier: GPL-3.0-or-later
// Withdrawals, drains, resumes and the acts that are done or refused at once.
#include "tests/models/ledgerfixture.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using CommandLedgerActsOutcome = CommandProgress::Outcome;

class CommandLedgerActsTest : public QObject
{
    Q_OBJECT

private slots:
    void aWithdrawalInTime()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 key = f.written(Act::Shutdown, worker);
        f.see(f.sample(0, WorkerStatus::Available, 0, true));
        f.ledger.cancel({key}, u"wrong one"_s);
        QCOMPARE(f.sent.size(), 2);
        QCOMPARE(f.sent.last().act, Act::Cancel);
        QCOMPARE(f.sent.last().commandUntil, f.at(key).commandUntil);
        QVERIFY(f.at(key).cancelAskedAt > 0);
        QCOMPARE(f.stage(key), CommandStage::Written);
        f.answer(key + 1, CommandLedgerActsOutcome::Done);
        QCOMPARE(f.stage(key + 1), CommandStage::Done);
        QCOMPARE(f.stage(key), CommandStage::Withdrawn);
        // The store has not read the command key again: that it still shows it is no command of somebody else.
        f.see(f.sample(0, WorkerStatus::Available, 0, true));
        QCOMPARE(f.ledger.size(), 2);
        QVERIFY(!f.ledger.wasToldToShutDown(worker));
        f.fleet.clock.step(100);
        f.see(f.sample(0, WorkerStatus::Available));
        QVERIFY(f.give(Act::Shutdown, worker) > 0);
        QCOMPARE(f.sent.size(), 3);
    }

    void aWithdrawalTooLate()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 1);
        const quint64 key = f.written(Act::Shutdown, worker);
        f.ledger.cancel({key}, {});
        CommandProgress late = f.progress(key + 1, CommandLedgerActsOutcome::TooLate);
        late.status = WorkerStatus::Draining;
        f.ledger.takeProgress({late});
        QCOMPARE(f.stage(key + 1), CommandStage::TooLate);
        QVERIFY(f.at(key).tooLateAt > 0);
        QVERIFY(f.at(key).isOpen());
        QVERIFY(f.ledger.wasToldToShutDown(worker));
        f.fleet.clock.step(100);
        f.see(f.sample(0, WorkerStatus::Draining, 1));
        QCOMPARE(f.stage(key), CommandStage::PickedUp);
        // Now it is known here: nothing is sent any more.
        f.ledger.cancel({key}, {});
        QCOMPARE(f.sent.size(), 2);
        QCOMPARE(f.stage(key + 2), CommandStage::TooLate);
    }

    void anAnnouncedCommandIsNotWithdrawn()
    {
        LedgerFixture f;
        const WorkerHandle heard = f.add(0, "chromium:a");
        const WorkerHandle unheard = f.add(1, "chromium:b");
        const quint64 first = f.written(Act::ShutdownNow, heard, 1);
        const quint64 second = f.written(Act::ShutdownNow, unheard, 0);
        f.ledger.cancel({first, second}, {});
        QCOMPARE(f.stage(second + 1), CommandStage::TooLate);
        QCOMPARE(f.stage(second + 2), CommandStage::Requested);
        QCOMPARE(f.sent.size(), 3);
        QCOMPARE(f.sent.last().worker, "chromium:b");
    }

    void aWithdrawalUnderWayIsNotJudgedBeforeItsAnswer()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 key = f.written(Act::Shutdown, worker);
        f.see(f.sample(0, WorkerStatus::Available, 0, true));
        f.ledger.cancel({key}, {});
        f.fleet.clock.step(100);
        f.see(f.sample(0, WorkerStatus::Available)); // The key is gone; by whom, the answer says.
        for (int i = 0; i < 10; ++i)
            f.step(1'000);
        QCOMPARE(f.stage(key), CommandStage::Written);
        f.answer(key + 1, CommandLedgerActsOutcome::Done);
        QCOMPARE(f.stage(key), CommandStage::Withdrawn);
        QVERIFY(f.at(key).text.isEmpty()); // By us.
    }

    void aSweptSourceIsGivenMoreTime()
    {
        LedgerFixture f;
        f.fleet.status.sweepEveryMs = 5'000;
        f.fleet.setState(SourceState::Sweeping);
        const quint64 key = f.written(Act::Shutdown, f.add(0, "chromium:a"));
        f.step(65'000);
        QVERIFY(f.at(key).isOpen()); // Its pick-up may be on the next page.
        f.step(2'000);
        QCOMPARE(f.stage(key), CommandStage::ExpiredUnread);
    }

    void withdrawnBySomebodyElse()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 key = f.written(Act::Shutdown, worker);
        f.see(f.sample(0, WorkerStatus::Available, 0, true));
        f.fleet.clock.step(4'000);
        f.see(f.sample(0, WorkerStatus::Available));
        QCOMPARE(f.stage(key), CommandStage::Written);
        f.step(3'000);
        QCOMPARE(f.stage(key), CommandStage::Withdrawn);
        QVERIFY(f.at(key).text.contains("somebody else"_L1));
    }

    void aDrainIsDoneWhenItIsEmpty()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 2);
        const quint64 key = f.give(Act::Drain, worker);
        f.fleet.clock.step(20);
        f.answer(key, CommandLedgerActsOutcome::Done);
        QCOMPARE(f.stage(key), CommandStage::Written);
        QVERIFY(f.at(key).pickedUpAt > 0);
        f.fleet.clock.step(20);
        f.note(0, "chromium:a", u"ann@ops"_s, f.at(key).command.issuedAt);
        f.see(f.drained(0, 2));
        QCOMPARE(f.stage(key), CommandStage::Written);
        f.see(f.drained(0, 1));
        QCOMPARE(f.stage(key), CommandStage::Emptying);
        f.step(100'000); // No time is set to a drain.
        QCOMPARE(f.stage(key), CommandStage::Emptying);
        f.see(f.drained(0, -1)); // Below zero counts as empty, as it does for the worker.
        QCOMPARE(f.stage(key), CommandStage::Done);
        QCOMPARE(f.ledger.size(), 1); // Its own drain is nobody else's.
    }

    void aDrainIsResumed()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 2);
        const quint64 key = f.give(Act::Drain, worker);
        f.answer(key, CommandLedgerActsOutcome::Done);
        f.fleet.clock.step(20);
        f.note(0, "chromium:a", u"ann@ops"_s, f.at(key).command.issuedAt);
        f.see(f.drained(0, 2));
        const quint64 resume = f.give(Act::Resume, worker);
        f.fleet.clock.step(20);
        f.see(f.sample(0, WorkerStatus::Available, 2)); // Before the answer.
        QCOMPARE(f.stage(key), CommandStage::Written);
        f.answer(resume, CommandLedgerActsOutcome::Done);
        QCOMPARE(f.stage(resume), CommandStage::Done);
        QCOMPARE(f.stage(key), CommandStage::Withdrawn);
    }

    void aDrainIsResumedBySomebodyElseOrUndone()
    {
        LedgerFixture f;
        const WorkerHandle resumed = f.add(0, "chromium:a", 2);
        const WorkerHandle forgotten = f.add(1, "chromium:b", 2);
        const quint64 first = f.give(Act::Drain, resumed);
        f.answer(first, CommandLedgerActsOutcome::Done);
        const quint64 second = f.give(Act::Drain, forgotten);
        f.answer(second, CommandLedgerActsOutcome::Done);
        f.fleet.clock.step(20);
        f.note(0, "chromium:a", u"ann@ops"_s, f.at(first).command.issuedAt);
        f.note(1, "chromium:b", u"ann@ops"_s, f.at(second).command.issuedAt);
        f.see(f.drained(0, 2));
        f.see(f.drained(1, 2));
        f.fleet.clock.step(1'000);
        f.see(f.sample(0, WorkerStatus::Available, 2));
        f.see(f.fleet.gone(1, WorkerEnd::Expired, true));
        QCOMPARE(f.stage(second), CommandStage::Lost);
        f.fleet.clock.step(1'000);
        f.see(f.sample(1, WorkerStatus::Available, 2)); // Registered again.
        QCOMPARE(f.stage(first), CommandStage::Withdrawn);
        // That worker never knew of it, takes sessions and stays: that is not a drain forgotten, and it is over.
        QCOMPARE(f.stage(second), CommandStage::Undone);
        QVERIFY(f.fleet.store.worker(forgotten).flags.testFlag(WorkerFlag::DrainUndone));
        // It can be drained again.
        const quint64 third = f.give(Act::Drain, forgotten);
        QCOMPARE(f.stage(third), CommandStage::Requested);
        QCOMPARE(f.stage(second), CommandStage::Undone);
    }

    void aDrainIsUndoneByARegistrationAnew()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 2);
        const quint64 drain = f.give(Act::Drain, worker);
        f.answer(drain, CommandLedgerActsOutcome::Done);
        f.fleet.clock.step(20);
        f.note(0, "chromium:a", u"ann@ops"_s, f.at(drain).command.issuedAt);
        f.see(f.drained(0, 2));
        // A note that this console saw begin is proven, and Resume says which one.
        QCOMPARE(f.at(f.give(Act::Resume, worker)).command.drainSeen, f.at(drain).command.issuedAt);
        f.refuse(drain + 1, Refusal::Server);
        f.fleet.clock.step(1'000);
        WorkerSample again = f.drained(0, 2); // It writes its status and leaves the note.
        again.status = WorkerStatus::Available;
        f.see(again);
        QCOMPARE(f.stage(drain), CommandStage::Undone);
        // Later the fleet's own command is read: no operator's drain, and not to be resumed.
        f.fleet.clock.step(1'000);
        again.command = CommandState::Shutdown;
        again.commandUntil = f.fleet.clock.nowMs() + 60'000;
        f.see(again);
        f.fleet.clock.step(1'000);
        f.see(f.drained(0, 2));
        const CommandEntry *theirs = f.ledger.openEntry(worker);
        QVERIFY(theirs && theirs->theirs && theirs->command.act == Act::Shutdown);
        QCOMPARE(theirs->stage, CommandStage::PickedUp);
        QVERIFY(!f.fleet.store.worker(worker).flags.testFlag(WorkerFlag::DrainedByOperator));
        QVERIFY(f.ledger.wasToldToShutDown(worker));
    }

    /// A receiver of the announcement hangs: the command key is gone before it wakes and leaves.
    void aHungWorkerLeavesByTheAnnouncement()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 0);
        const quint64 key = f.written(Act::ShutdownNow, worker, 1);
        f.step(62'000);
        QCOMPARE(f.stage(key), CommandStage::ExpiredUnread);
        f.fleet.clock.step(1'000);
        f.see(f.fleet.gone(0, WorkerEnd::Left, true)); // Idle: nobody saw it drain.
        QCOMPARE(f.stage(key), CommandStage::Gone);
        QVERIFY(f.at(key).text.contains("announcement"_L1));
    }

    void whatWasHeardIsToldSoByTheServer()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 2);
        f.see(f.sample(0, WorkerStatus::Available, 2, true)); // Somebody else's.
        const quint64 theirs = f.ledger.openKey(worker);
        QVERIFY(theirs > 0 && f.at(theirs).canCancel());
        const quint64 cancel = f.give(Act::Cancel, worker);
        CommandProgress late = f.progress(cancel, CommandLedgerActsOutcome::TooLate);
        late.status = WorkerStatus::Available;
        late.heard = true;
        f.ledger.takeProgress({late});
        QCOMPARE(f.stage(cancel), CommandStage::TooLate);
        QVERIFY(f.ledger.wasToldToShutDown(worker));
        QVERIFY(!f.at(theirs).canCancel());
    }

    void aLostKeyIsNoEnd()
    {
        LedgerFixture f;
        f.add(0, "chromium:a", 1);
        const quint64 key = f.written(Act::ShutdownNow, f.fleet.store.find(1, "chromium:a"), 0);
        f.fleet.clock.step(100);
        f.see(f.sample(0, WorkerStatus::Draining, 1, true));
        QCOMPARE(f.stage(key), CommandStage::PickedUp);
        WorkerSample lost = f.fleet.gone(0, WorkerEnd::None, true);
        lost.command = CommandState::Shutdown; // The command key is another key.
        f.fleet.clock.step(1'000);
        f.see(lost);
        QCOMPARE(f.stage(key), CommandStage::PickedUp);
        QVERIFY(f.at(key).text.contains("lost"_L1));
        f.fleet.clock.step(2'000);
        f.see(f.sample(0, WorkerStatus::Available, 1, true));
        QCOMPARE(f.stage(key), CommandStage::Forgotten);
        // Lost again, and it never comes back.
        f.fleet.clock.step(1'000);
        f.see(lost);
        f.fleet.clock.step(40'000);
        f.see(f.fleet.gone(0, WorkerEnd::Expired, true));
        QCOMPARE(f.stage(key), CommandStage::Lost);
    }

    void drainThenShutDownThenNoResume()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 2);
        const quint64 drain = f.give(Act::Drain, worker);
        f.answer(drain, CommandLedgerActsOutcome::Done);
        f.fleet.clock.step(20);
        f.note(0, "chromium:a", u"ann@ops"_s, f.at(drain).command.issuedAt);
        f.see(f.drained(0, 2));
        const quint64 shutdown = f.written(Act::ShutdownNow, worker, 1);
        QCOMPARE(f.stage(shutdown), CommandStage::Announced);
        QCOMPARE(f.ledger.openKey(worker), shutdown); // Before the drain.
        // Its status proves nothing: it was draining already.
        f.fleet.clock.step(1'000);
        f.see(f.drained(0, 2));
        QCOMPARE(f.stage(shutdown), CommandStage::Announced);
        const quint64 resume = f.give(Act::Resume, worker);
        QCOMPARE(f.stage(resume), CommandStage::Refused);
        QCOMPARE(f.at(resume).refusal, Refusal::ShutdownGiven);
        QCOMPARE(f.sent.size(), 2);
        f.fleet.clock.step(1'000);
        f.see(f.fleet.gone(0, WorkerEnd::Drained, true));
        QCOMPARE(f.stage(shutdown), CommandStage::Gone);
        QCOMPARE(f.stage(drain), CommandStage::Gone);
    }

    void whetherADrainingWorkerReadItCannotAlwaysBeSeen()
    {
        LedgerFixture f;
        QByteArrayList ids{"chromium:a", "chromium:b", "chromium:c"};
        std::vector<WorkerHandle> workers;
        for (WorkerNumber i = 0; i < 3; ++i) {
            workers.push_back(f.add(i, ids[i], 1));
            f.note(i, ids[i], u"bob@ops"_s, 1'700'000'000'000);
            f.see(f.drained(i, 1));
        }
        QCOMPARE(f.ledger.size(), 3); // Somebody else's drains.
        const quint64 heard = f.written(Act::ShutdownNow, workers[0], 1);
        const quint64 unheard = f.written(Act::ShutdownNow, workers[1], 0);
        const quint64 setOnly = f.written(Act::Shutdown, workers[2]);
        for (WorkerNumber i = 0; i < 3; ++i) {
            WorkerSample sample = f.drained(i, 1);
            sample.command = CommandState::Shutdown;
            f.see(sample);
        }
        f.fleet.clock.step(3'000);
        f.see(f.drained(2, 1)); // Its command key is gone before its time: it was read.
        QCOMPARE(f.stage(setOnly), CommandStage::PickedUp);
        f.step(59'000);
        QCOMPARE(f.stage(unheard), CommandStage::ExpiredUnread);
        QCOMPARE(f.stage(heard), CommandStage::Overdue);
        QVERIFY(f.at(heard).text.contains("cannot be seen"_L1));
        f.see(f.fleet.gone(0, WorkerEnd::Drained, true));
        QCOMPARE(f.stage(heard), CommandStage::Gone);
    }

    void theOtherActsAreDoneOrRefused_data()
    {
        QTest::addColumn<int>("act");
        QTest::newRow("resume") << int(Act::Resume);
        QTest::newRow("reap") << int(Act::Reap);
        QTest::newRow("remove key") << int(Act::RemoveKey);
        QTest::newRow("cancel") << int(Act::Cancel);
    }
    void theOtherActsAreDoneOrRefused()
    {
        QFETCH(int, act);
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 key = f.give(Act(act), worker);
        QCOMPARE(f.stage(key), CommandStage::Requested);
        QCOMPARE(f.sent.last().lastHeartbeat, f.fleet.store.worker(worker).lastHeartbeat);
        f.answer(key, CommandLedgerActsOutcome::Done);
        QCOMPARE(f.stage(key), CommandStage::Done);
        const quint64 again = f.give(Act(act), worker);
        f.refuse(again, Refusal::KeyGone);
        QCOMPARE(f.stage(again), CommandStage::Refused);
        QCOMPARE(f.ledger.openCount(), 0);
    }
};

PULSEDECK_TEST(CommandLedgerActsTest, runWithEvents)
#include "commandledgeracts_test.moc"
