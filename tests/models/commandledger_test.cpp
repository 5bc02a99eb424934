// SPDX-License-Identifier: GPL-3.0-or-later
// The ladder of a shutdown, rung by rung, and each of its ends. Withdrawals, drains and the other acts:
// commandledgeracts_test.cpp.
#include "tests/models/ledgerfixture.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using CommandLedgerOutcome = CommandProgress::Outcome;

class CommandLedgerTest : public QObject
{
    Q_OBJECT

private slots:
    void anAnnouncedShutdownClimbsEveryRung()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 3);
        const quint64 key = f.give(Act::ShutdownNow, worker, u"new image"_s);
        QCOMPARE(f.stage(key), CommandStage::Requested);
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.sent.first().worker, "chromium:a");
        QCOMPARE(f.sent.first().by, u"ann@ops"_s);
        QCOMPARE(f.sent.first().reason, u"new image"_s);
        QCOMPARE(f.at(key).sessionsBefore, 3);

        f.fleet.clock.step(40);
        f.answer(key, CommandLedgerOutcome::Written, 1);
        QCOMPARE(f.stage(key), CommandStage::Announced);
        QCOMPARE(f.at(key).receivers, 1);
        QCOMPARE(f.at(key).commandUntil, f.fleet.clock.nowMs() + 60'000);
        QVERIFY(!f.at(key).canCancel());

        f.fleet.clock.step(60);
        const qint64 pickedUp = f.fleet.clock.nowMs();
        f.see(f.sample(0, WorkerStatus::Draining, 3, true));
        QCOMPARE(f.stage(key), CommandStage::PickedUp);
        QCOMPARE(f.at(key).pickedUpAt, pickedUp);

        f.fleet.clock.step(2'000);
        f.see(f.sample(0, WorkerStatus::Draining, 1, true));
        QCOMPARE(f.stage(key), CommandStage::Emptying);
        QCOMPARE(f.at(key).sessionsLeft, 1);

        f.fleet.clock.step(1'000);
        f.see(f.sample(0, WorkerStatus::ShuttingDown, 0, true));
        QCOMPARE(f.at(key).emptiedAt, f.fleet.clock.nowMs());

        f.fleet.clock.step(500);
        f.see(f.fleet.gone(0, WorkerEnd::Drained, true));
        QCOMPARE(f.stage(key), CommandStage::Gone);
        QCOMPARE(f.at(key).endedAt, f.fleet.clock.nowMs());
        QCOMPARE(f.at(key).sessionsBefore, 3);
        const CommandGroup *group = f.ledger.group(f.at(key).command.group);
        QCOMPARE(group->ended(), 1);
        QCOMPARE(group->succeeded(), 1);
        QVERIFY(group->endedAt > 0);
        QCOMPARE(f.ledger.openCount(), 0);
    }

    void atTheNextHeartbeatTheCommandKeyGoesWhenItIsRead()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 1);
        const quint64 key = f.written(Act::Shutdown, worker);
        QCOMPARE(f.stage(key), CommandStage::Written);
        QVERIFY(f.at(key).canCancel());
        f.see(f.sample(0, WorkerStatus::Available, 1, true));
        QCOMPARE(f.stage(key), CommandStage::Written);
        f.fleet.clock.step(5'000);
        // Read in two parts: the key is gone, the status not yet there.
        f.see(f.sample(0, WorkerStatus::Available, 1));
        f.fleet.clock.step(200);
        f.see(f.sample(0, WorkerStatus::Draining, 1));
        QCOMPARE(f.stage(key), CommandStage::PickedUp);
        QVERIFY(!f.at(key).canCancel());
    }

    void anIdleWorkerMayGoFasterThanCanBeSeen()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 key = f.give(Act::ShutdownNow, worker);
        f.fleet.clock.step(50);
        f.see(f.fleet.gone(0, WorkerEnd::Left, true)); // Before the answer is here.
        QCOMPARE(f.stage(key), CommandStage::Requested);
        f.answer(key, CommandLedgerOutcome::Written, 1);
        QCOMPARE(f.stage(key), CommandStage::Gone);
        QCOMPARE(f.at(key).pickedUpAt, qint64(0));
        QCOMPARE(f.at(key).sessionsCut, unknownValue); // It was last read as one, and that may have ended since.
    }

    void aWorkerThatDiesIsLost_data()
    {
        QTest::addColumn<bool>("pickedUp");
        QTest::newRow("before it read the command") << false;
        QTest::newRow("while it drains") << true;
    }
    void aWorkerThatDiesIsLost()
    {
        QFETCH(bool, pickedUp);
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 2);
        const quint64 key = f.written(Act::ShutdownNow, worker, 1);
        f.fleet.clock.step(100);
        if (pickedUp)
            f.see(f.sample(0, WorkerStatus::Draining, 2, true));
        f.fleet.clock.step(20'000);
        f.see(f.fleet.gone(0, WorkerEnd::Expired, true));
        QCOMPARE(f.stage(key), CommandStage::Lost);
        QCOMPARE(f.at(key).sessionsCut, 2);
    }

    void aCommandNobodyReadsExpires_data()
    {
        QTest::addColumn<int>("act");
        QTest::addColumn<qint32>("receivers");
        QTest::newRow("set only") << int(Act::Shutdown) << unknownValue;
        QTest::newRow("hung: counted as receiver") << int(Act::ShutdownNow) << qint32(1);
        QTest::newRow("old fleet: nobody listens") << int(Act::ShutdownNow) << qint32(0);
    }
    void aCommandNobodyReadsExpires()
    {
        QFETCH(int, act);
        QFETCH(qint32, receivers);
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 key = f.written(Act(act), worker, receivers);
        const qint64 until = f.at(key).commandUntil;
        f.fleet.clock.step(1'000);
        f.see(f.sample(0, WorkerStatus::Available, 0, true));
        for (int i = 0; i < 5; ++i) {
            f.fleet.clock.step(10'000);
            f.see(f.sample(0, WorkerStatus::Available, 0, true));
        }
        f.step(until - f.fleet.clock.nowMs());
        f.see(f.sample(0, WorkerStatus::Available)); // The key runs out on time: that is no withdrawal.
        f.step(1'000);
        QVERIFY(f.at(key).isOpen()); // A pick-up in the last moment may still show.
        f.step(1'000);
        QCOMPARE(f.stage(key), CommandStage::ExpiredUnread);
        QCOMPARE(f.at(key).endedAt, until);
        QCOMPARE(f.ledger.wasToldToShutDown(worker), receivers == 1); // It may read the announcement yet.
    }

    void aPickUpInTheLastMomentCounts()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 key = f.written(Act::Shutdown, worker);
        f.step(60'500);
        f.see(f.sample(0, WorkerStatus::Draining));
        QCOMPARE(f.stage(key), CommandStage::PickedUp);
    }

    void aHungWorkerMayReadTheAnnouncementLate()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 key = f.written(Act::ShutdownNow, worker, 1);
        f.step(62'000);
        QCOMPARE(f.stage(key), CommandStage::ExpiredUnread);
        f.fleet.clock.step(1'000);
        f.see(f.sample(0, WorkerStatus::Draining));
        QCOMPARE(f.stage(key), CommandStage::PickedUp);
        QCOMPARE(f.at(key).endedAt, qint64(0));
        QCOMPARE(f.ledger.openCount(), 1);
    }

    void anOverdueDrainIsWatchedUntilItGoes()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 2);
        const quint64 key = f.written(Act::ShutdownNow, worker, 1);
        f.fleet.clock.step(100);
        f.see(f.sample(0, WorkerStatus::Draining, 2, true));
        f.step(31'000);
        QCOMPARE(f.stage(key), CommandStage::PickedUp);
        f.step(2'000);
        QCOMPARE(f.stage(key), CommandStage::Overdue);
        QVERIFY(f.at(key).isOpen());
        QVERIFY(f.at(key).overdueAt > 0);
        f.see(f.fleet.gone(0, WorkerEnd::Drained, true));
        QCOMPARE(f.stage(key), CommandStage::Gone);
        QCOMPARE(f.at(key).sessionsCut, 2);
        QVERIFY(f.at(key).overdueAt > 0);
    }

    void aForgottenDrainIsWatchedUntilItGoes()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 2);
        const quint64 key = f.written(Act::ShutdownNow, worker, 1);
        f.fleet.clock.step(100);
        f.see(f.sample(0, WorkerStatus::Draining, 2, true));
        f.fleet.clock.step(3'000);
        f.see(f.sample(0, WorkerStatus::Available, 2, true));
        QCOMPARE(f.stage(key), CommandStage::Forgotten);
        QCOMPARE(f.at(key).forgottenAt, f.fleet.clock.nowMs());
        f.fleet.clock.step(9'000);
        f.see(f.fleet.gone(0, WorkerEnd::Drained, true));
        QCOMPARE(f.stage(key), CommandStage::Gone);
        QVERIFY(f.at(key).forgottenAt > 0);
    }

    void aKeyLostInTheMiddleOfADrainIsNoEnd()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 2);
        const quint64 key = f.written(Act::ShutdownNow, worker, 1);
        f.fleet.clock.step(100);
        f.see(f.sample(0, WorkerStatus::Draining, 2, true));
        f.fleet.clock.step(1'000);
        f.see(f.fleet.gone(0, WorkerEnd::Drained, true)); // Somebody deleted its key.
        QCOMPARE(f.stage(key), CommandStage::Gone);
        f.fleet.clock.step(4'000);
        f.see(f.sample(0, WorkerStatus::Available, 2, true)); // Its beat makes it again.
        QCOMPARE(f.stage(key), CommandStage::Forgotten);
        QCOMPARE(f.at(key).endedAt, qint64(0));
        QCOMPARE(f.ledger.group(f.at(key).command.group)->endedAt, qint64(0));
    }

    void aSecondCommandIsRefusedWithTheReason()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 key = f.written(Act::Shutdown, worker);
        for (const Act act : {Act::Shutdown, Act::ShutdownNow, Act::Drain, Act::Resume}) {
            const quint64 second = f.give(act, worker);
            QCOMPARE(f.stage(second), CommandStage::Refused);
            QCOMPARE(f.at(second).refusal, Refusal::HasCommand);
        }
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.ledger.openKey(worker), key);
        // The same worker twice in one request.
        CommandRequest twice;
        twice.act = Act::Drain;
        const WorkerHandle other = f.add(1, "chromium:b");
        twice.workers = {other, other};
        const CommandGroup *group = f.ledger.group(f.ledger.issue(twice));
        QCOMPARE(group->total(), 2);
        QCOMPARE(group->counts[size_t(CommandStage::Refused)], 1);
        QCOMPARE(f.sent.size(), 2);
    }

    void whatTheServerRefusesIsKeptInItsWords()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 key = f.give(Act::Shutdown, worker);
        CommandProgress refused = f.progress(key, CommandLedgerOutcome::Refused);
        refused.refusal = Refusal::NotPermitted;
        refused.text = u"NOPERM this user has no permissions to run the 'set' command"_s;
        f.ledger.takeProgress({refused});
        QCOMPARE(f.stage(key), CommandStage::Refused);
        QCOMPARE(f.at(key).refusal, Refusal::NotPermitted);
        QCOMPARE(f.at(key).text, refused.text);
        // One answer each: a second one changes nothing.
        f.answer(key, CommandLedgerOutcome::Written);
        QCOMPARE(f.stage(key), CommandStage::Refused);
        QVERIFY(!f.ledger.openEntry(worker));
    }

    void aThousandGoAsOneList()
    {
        LedgerFixture f;
        CommandRequest request;
        request.ttlMs = 1'500;
        for (WorkerNumber i = 0; i < 1'000; ++i)
            request.workers.push_back(f.fleet.add(i, "chromium:" + QByteArray::number(i)));
        f.fleet.store.publish();
        QSignalSpy added(&f.ledger, &CommandLedger::entriesAdded);
        QSignalSpy changed(&f.ledger, &CommandLedger::entriesChanged);
        const QUuid group = f.ledger.issue(request);
        QCOMPARE(added.size(), 1);
        QCOMPARE(f.sendings, 1);
        QCOMPARE(f.sent.size(), 1'000);
        QCOMPARE(f.sent.last().ttlMs, 2'000); // Whole seconds.
        QCOMPARE(f.ledger.group(group)->total(), 1'000);
        QList<CommandProgress> answers;
        for (const Command &command : std::as_const(f.sent)) {
            CommandProgress one;
            one.command = command.id;
            one.source = command.source;
            one.at = f.fleet.clock.nowMs();
            one.outcome = CommandLedgerOutcome::Written;
            answers.append(one);
        }
        changed.clear();
        f.ledger.takeProgress(answers);
        QCOMPARE(changed.size(), 1);
        const auto keys = changed.first().first().value<std::vector<quint64>>();
        QCOMPARE(keys.size(), size_t(1'000));
        QVERIFY(std::is_sorted(keys.begin(), keys.end()));
    }

    void theOldestEndedGiveWay()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 open = f.written(Act::Shutdown, worker);
        CommandRequest request;
        request.act = Act::Drain;
        request.workers.assign(size_t(CommandLedger::maxEntries) + 500, worker);
        QSignalSpy dropped(&f.ledger, &CommandLedger::entriesDropped);
        const CommandGroup *group = f.ledger.group(f.ledger.issue(request)); // All refused.
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(dropped.size(), 1);
        QCOMPARE(f.ledger.dropped(), quint64(501));
        QCOMPARE(group->total(), CommandLedger::maxEntries - 1);
        QCOMPARE(f.stage(open), CommandStage::Written); // What is open stays.
        QVERIFY(!f.ledger.entry(open + 1));
        QVERIFY(f.ledger.entry(open + 502));
        f.answer(f.give(Act::Cancel, worker), CommandLedgerOutcome::Done);
        QCOMPARE(f.stage(open), CommandStage::Withdrawn);
        f.give(Act::Reap, worker);
        QVERIFY(!f.ledger.entry(open));
        QVERIFY(f.ledger.firstKey() > open);
    }

    void aPlanQueuesReleasesAndSkips()
    {
        LedgerFixture f;
        CommandRequest request;
        request.act = Act::ShutdownNow;
        request.workers = {f.add(0, "chromium:a"), f.add(1, "chromium:b"), f.add(2, "chromium:c")};
        const QUuid mine = QUuid::createUuid();
        const QUuid group = f.ledger.enqueue(request, {mine});
        const std::vector<quint64> keys = f.ledger.group(group)->entries;
        QVERIFY(f.ledger.group(group)->rolling);
        QCOMPARE(f.at(keys[0]).command.id, mine);
        QCOMPARE(f.stage(keys[0]), CommandStage::Queued);
        QVERIFY(f.sent.isEmpty());
        QVERIFY(!f.ledger.openEntry(request.workers[0])); // Nothing was written: it forbids nothing.
        f.fleet.clock.step(5'000);
        f.ledger.release({keys[0]});
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.sent.first().id, mine);
        QCOMPARE(f.sent.first().issuedAt, f.fleet.clock.nowMs());
        f.ledger.release({keys[0]}); // Never twice.
        QCOMPARE(f.sent.size(), 1);
        f.written(Act::Shutdown, request.workers[1]);
        f.ledger.release({keys[1]});
        QCOMPARE(f.at(keys[1]).refusal, Refusal::HasCommand);
        f.ledger.skip(keys);
        QCOMPARE(f.stage(keys[0]), CommandStage::Requested);
        QCOMPARE(f.stage(keys[2]), CommandStage::Skipped);
    }
};

PULSEDECK_TEST(CommandLedgerTest, runWithEvents)
#include "commandledger_test.moc"
