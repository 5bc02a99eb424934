// SPDX-License-Identifier: GPL-3.0-or-later
// Rolling shutdowns that an earlier run of the console left unfinished.
#include "models/commands/processmark.h"
#include "tests/models/rollingscene.h"
#include "tests/support/testprogram.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;
using namespace pulsedeck::rollingtest;

class RollingRestartTest : public QObject
{
    Q_OBJECT

private slots:
    void aRestartSendsNobodyTwice()
    {
        MemoryJournal journal;
        QUuid group;
        QList<QUuid> commands;
        {
            RollingScene scene;
            scene.runner.setJournal(&journal);
            group = scene.runner.begin(scene.add(1, 4), options(2, 0), u"new image"_s);
            scene.tick();
            QCOMPARE(scene.sent.size(), 2);
            scene.obey(scene.sent[0]);
            scene.tick();
            QCOMPARE(scene.sent.size(), 3); // The first is gone, two are under way, the last is queued.
            for (const RollingStep &step : scene.plan(group).steps())
                commands.append(step.command);
        }
        QVERIFY(!journal.plans.value(group).ended);

        RollingScene scene(7); // The source has another number now.
        scene.fleet.setState(SourceState::Loading);
        scene.runner.setJournal(&journal);
        QVERIFY(!scene.runner.plan(group)); // Its source has not been seen whole.
        scene.add(2, 3);
        QSignalSpy changed(&scene.runner, &RollingRunner::planChanged);
        scene.fleet.setState(SourceState::Live);
        scene.tick();
        QVERIFY(scene.runner.plan(group));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(scene.plan(group).state(), RollingPlan::State::Paused);
        QCOMPARE(scene.plan(group).explanation(), u"The console was restarted."_s);
        QCOMPARE(scene.plan(group).finished(), 1);
        QVERIFY(!scene.access.isHeld());
        QCOMPARE(scene.ledger.entry(commands[1])->stage, CommandStage::Unknown);
        QCOMPARE(scene.ledger.entry(commands[2])->stage, CommandStage::Unknown);
        QCOMPARE(scene.ledger.entry(commands[3])->stage, CommandStage::Queued);
        QVERIFY(scene.ledger.group(group)->rolling);
        scene.tick(2'000);
        QCOMPARE(scene.lookedUp.size(), 2);
        QVERIFY(scene.sent.isEmpty());

        for (const WorkerNumber number : {2u, 3u})
            scene.fleet.apply(scene.fleet.alive(number, 0, WorkerStatus::Draining));
        scene.tick();
        for (const Command &command : std::as_const(scene.lookedUp)) {
            CommandProgress found;
            found.command = command.id;
            found.source = 7;
            found.at = scene.fleet.clock.nowMs();
            found.outcome = CommandProgress::Outcome::Found;
            found.status = WorkerStatus::Draining;
            found.keyPresent = true;
            scene.ledger.takeProgress({found});
        }
        scene.runner.resume(group);
        QVERIFY(scene.access.isHeld());
        for (const WorkerNumber number : {2u, 3u}) {
            scene.fleet.apply(scene.fleet.gone(number, WorkerEnd::Drained, false));
            scene.tick();
        }
        QCOMPARE(scene.sent.size(), 1);
        QCOMPARE(scene.sent[0].id, commands[3]);
        scene.obey(scene.sent[0]);
        scene.tick();
        QCOMPARE(scene.plan(group).state(), RollingPlan::State::Finished);
        QVERIFY(journal.plans.value(group).ended);
        QCOMPARE(scene.sent.size(), 1);
    }

    void aPlanThatAnotherConsoleRunsIsLeftToIt()
    {
        MemoryJournal journal;
        QUuid group;
        {
            RollingScene scene;
            scene.runner.setJournal(&journal);
            group = scene.runner.begin(scene.add(1, 2), options(1, 0), {});
        }
        QProcess other;
        other.start(u"sleep"_s, {u"600"_s});
        QVERIFY(other.waitForStarted());
        journal.plans[group].plan.insert(u"console"_s, processMark(other.processId()));
        RollingScene scene;
        scene.add(1, 2);
        scene.runner.setJournal(&journal);
        QVERIFY(!scene.runner.plan(group));
        other.kill();
        QVERIFY(other.waitForFinished());
        journal.readPlans();
        QVERIFY(scene.runner.plan(group)); // It died: the plan is anybody's.
    }

    void whoLeftWhileTheConsoleWasAwayIsPassedOver()
    {
        MemoryJournal journal;
        QUuid group;
        {
            RollingScene scene;
            scene.runner.setJournal(&journal);
            group = scene.runner.begin(scene.add(1, 2), options(1, 0), {});
            scene.runner.pause(group);
        }
        RollingScene scene;
        scene.add(2, 1);
        scene.runner.setJournal(&journal);
        QVERIFY(scene.runner.plan(group));
        QCOMPARE(scene.plan(group).steps()[0].state, RollingStep::State::Skipped);
        // It is in the group all the same, with the reason.
        QCOMPARE(scene.ledger.group(group)->total(), 2);
        const CommandEntry *left = scene.ledger.entry(scene.plan(group).steps()[0].command);
        QVERIFY(left);
        QCOMPARE(left->stage, CommandStage::Skipped);
        QVERIFY2(left->text.contains(u"gone when the console was started again"_s), qPrintable(left->text));
        scene.runner.resume(group);
        scene.tick();
        QCOMPARE(scene.sent.size(), 1);
        QCOMPARE(scene.sent[0].worker, "chromium:w2"_ba);
    }

    void aPlanThatLostAllItsWorkersSaysSo()
    {
        MemoryJournal journal;
        QUuid group;
        {
            RollingScene scene;
            scene.runner.setJournal(&journal);
            group = scene.runner.begin(scene.add(1, 3), options(1, 0), u"new image"_s);
            scene.runner.pause(group);
        }
        journal.lines.clear();
        RollingScene scene;
        scene.add(9, 1); // Somebody else is there now.
        scene.ledger.setJournal(&journal);
        scene.runner.setJournal(&journal);
        scene.tick();
        QCOMPARE(scene.plan(group).state(), RollingPlan::State::Finished);
        // On the page: a group with its three, and how it ended.
        QCOMPARE(scene.plan(group).explanation(), u"All 3 had already gone before their turn came."_s);
        const CommandGroup *entries = scene.ledger.group(group);
        QVERIFY(entries);
        QVERIFY(entries->rolling);
        QCOMPARE(entries->total(), 3);
        QCOMPARE(entries->counts[size_t(CommandStage::Skipped)], 3);
        QCOMPARE(entries->ended(), 3);
        QVERIFY(entries->endedAt > 0);
        QCOMPARE(entries->by, u"anna@desk"_s);
        QCOMPARE(entries->reason, u"new image"_s);
        QCOMPARE(scene.ledger.openCount(), 0);
        // In the journal: each of them, and the end of the plan.
        QCOMPARE(journal.lines.size(), 4);
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(journal.lines[i].step, u"skipped"_s);
            QVERIFY2(journal.lines[i].text.contains(u"gone when the console was started again"_s),
                     qPrintable(journal.lines[i].text));
        }
        QCOMPARE(journal.lines[3].group, group);
        QCOMPARE(journal.lines[3].text,
                 u"Rolling shutdown ended, 0 of 3 gone, 3 skipped. All 3 had already gone before their turn came."_s);
        QVERIFY(journal.plans.value(group).ended);
        QVERIFY(scene.sent.isEmpty());
    }
};

PULSEDECK_TEST(RollingRestartTest, runWithEvents)
#include "rollingrestart_test.moc"
