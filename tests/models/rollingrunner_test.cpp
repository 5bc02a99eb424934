// SPDX-License-Identifier: GPL-3.0-or-later
// Rolling shutdowns as the console runs them. After a restart of the console: rollingrestart_test.cpp.
#include "models/commands/rollingwords.h"
#include "tests/models/rollingscene.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

using namespace Qt::StringLiterals;
using namespace pulsedeck;
using namespace pulsedeck::rollingtest;

class RollingRunnerTest : public QObject
{
    Q_OBJECT

private slots:
    void rollsThroughAndLetsGo()
    {
        RollingScene scene;
        const std::vector<WorkerHandle> workers = scene.add(1, 5);
        QSignalSpy changed(&scene.runner, &RollingRunner::planChanged);
        const QUuid group = scene.runner.begin(workers, options(2, 0), u"new image"_s);
        QVERIFY(scene.access.isHeld());
        QCOMPARE(scene.runner.runningCount(), 1);
        QVERIFY(scene.sent.isEmpty());
        QVERIFY(scene.ledger.group(group)->rolling);
        scene.tick();
        QCOMPARE(scene.sent.size(), 2);
        QCOMPARE(scene.sent[0].id, scene.plan(group).steps()[0].command);
        QCOMPARE(scene.sent[0].act, Act::Shutdown);
        QCOMPARE(scene.sent[0].reason, u"new image"_s);
        QCOMPARE(scene.plan(group).by(), u"anna@desk"_s);
        for (int i = 0; i < 5; ++i) {
            QVERIFY(scene.sent.size() > i);
            scene.obey(scene.sent[i]);
            scene.tick();
            QVERIFY(scene.plan(group).underway() <= 2);
        }
        QCOMPARE(scene.sent.size(), 5);
        QCOMPARE(scene.plan(group).state(), RollingPlan::State::Finished);
        QCOMPARE(scene.plan(group).finished(), 5);
        QVERIFY(!scene.access.isHeld());
        QVERIFY(scene.access.isUnlocked());
        QCOMPARE(scene.runner.runningCount(), 0);
        QVERIFY(!changed.isEmpty());
        QVERIFY(!scene.runner.plan(QUuid::createUuid()));
    }

    void nothingIsSentBeforeItIsDurable()
    {
        RollingScene scene;
        MemoryJournal journal;
        journal.answer = MemoryJournal::Answer::Later;
        scene.runner.setJournal(&journal);
        const QUuid group = scene.runner.begin(scene.add(1, 3), options(1, 0), {});
        scene.tick();
        QCOMPARE(journal.open.size(), 1);
        QVERIFY(scene.sent.isEmpty());
        const QJsonArray steps = journal.plans.value(group).plan["steps"_L1].toArray();
        QCOMPARE(steps[0]["state"_L1].toString(), u"sent"_s);
        QCOMPARE(steps[1]["state"_L1].toString(), u"queued"_s);
        scene.tick();
        QVERIFY(scene.sent.isEmpty()); // And nobody else in its place.
        journal.answerAll(true);
        QCOMPARE(scene.sent.size(), 1);
    }

    void aLongPlanIsWrittenDownElsewhere()
    {
        RollingScene scene;
        MemoryJournal journal;
        journal.materialises = false;
        scene.runner.setJournal(&journal);
        const QUuid group = scene.runner.begin(scene.add(1, 3'000), options(1, 0), {});
        const RollingRecord kept = journal.plans.value(group);
        QVERIFY(kept.plan.isEmpty()); // Nothing was made of it here, where the window waits.
        QVERIFY(kept.make);
        const QJsonObject before = scene.plan(group).toJson();
        scene.tick();
        QCOMPARE(scene.plan(group).underway(), 1);
        // On another thread, and as it was when it was given.
        QJsonObject made;
        const std::unique_ptr<QThread> thread(QThread::create([&made, kept] { made = kept.content(); }));
        thread->start();
        QVERIFY(thread->wait(30'000));
        QVERIFY(!made.value(u"console"_s).toString().isEmpty());
        made.remove(u"console"_s);
        QCOMPARE(made, before);

        // What is left to do here costs a small part of that.
        QElapsedTimer watch;
        constexpr int rounds = 8;
        watch.start();
        for (int i = 0; i < rounds; ++i)
            kept.content();
        const qint64 writing = watch.nsecsElapsed();
        watch.start();
        for (int i = 0; i < rounds; ++i) {
            const RollingPlan copy = scene.plan(group);
            QCOMPARE(copy.total(), 3'000);
        }
        QVERIFY2(watch.nsecsElapsed() * 3 < writing, qPrintable(u"%1 of %2 ns"_s.arg(watch.nsecsElapsed()).arg(writing)));
    }

    void theEndIsTold()
    {
        RollingScene scene;
        MemoryJournal journal;
        scene.runner.setJournal(&journal);
        const QUuid group = scene.runner.begin(scene.add(1, 3), options(1, 0), u"new image"_s);
        scene.tick();
        scene.fleet.apply(scene.fleet.gone(2, WorkerEnd::Left, false)); // Without this plan.
        scene.obey(scene.sent[0]);
        scene.tick();
        QCOMPARE(scene.sent.size(), 2);
        QCOMPARE(scene.sent[1].worker, "chromium:w3"_ba);
        QVERIFY(journal.lines.isEmpty());
        scene.obey(scene.sent[1]);
        scene.tick();
        QCOMPARE(scene.plan(group).state(), RollingPlan::State::Finished);
        QCOMPARE(journal.lines.size(), 1);
        const JournalEntry &line = journal.lines.first();
        QCOMPARE(line.group, group);
        QVERIFY(line.command.isNull());
        QCOMPARE(line.source, u"prod"_s);
        QCOMPARE(line.by, u"anna@desk"_s);
        QCOMPARE(line.reason, u"new image"_s);
        QCOMPARE(line.step, u"ended"_s);
        QCOMPARE(line.text, u"Rolling shutdown ended, 2 of 3 gone, 1 skipped. 1 of 3 had already gone before its turn came."_s);
        scene.tick(5'000);
        QCOMPARE(journal.lines.size(), 1);
    }

    void aFullJournalKnowsThatItEnded()
    {
        MemoryJournal journal;
        QUuid group;
        {
            RollingScene scene;
            scene.runner.setJournal(&journal);
            group = scene.runner.begin(scene.add(1, 3), options(1, 0), {});
            scene.tick();
            journal.full = true;
            scene.runner.abort(group);
            scene.tick();
            QCOMPARE(scene.plan(group).state(), RollingPlan::State::Aborted);
        }
        QVERIFY(journal.lines.isEmpty()); // Its line is lost, which the journal counts; that it ended is not.
        QVERIFY(journal.plans.value(group).ended);
        journal.full = false;
        RollingScene next;
        next.add(2, 2);
        next.runner.setJournal(&journal);
        QVERIFY(!next.runner.plan(group)); // What was stopped is not taken up again.
    }

    void aJournalThatFailsDoesNotStopIt_data()
    {
        QTest::addColumn<bool>("answers");
        QTest::newRow("fails") << true;
        QTest::newRow("never answers") << false;
    }

    void aJournalThatFailsDoesNotStopIt()
    {
        QFETCH(const bool, answers);
        RollingScene scene;
        MemoryJournal journal;
        journal.answer = answers ? MemoryJournal::Answer::Fails : MemoryJournal::Answer::Never;
        scene.runner.setJournal(&journal);
        scene.runner.begin(scene.add(1, 2), options(1, 0), {});
        scene.tick();
        QTRY_COMPARE_WITH_TIMEOUT(scene.sent.size(), 1, 10'000);
    }

    void stopsWhenWritingIsLocked()
    {
        RollingScene scene;
        const QUuid group = scene.runner.begin(scene.add(1, 3), options(1, 0), {});
        scene.access.lock();
        scene.tick();
        QVERIFY(scene.sent.isEmpty());
        QCOMPARE(scene.plan(group).state(), RollingPlan::State::Paused);
        QCOMPARE(scene.plan(group).explanation(), u"Writing is locked. Unlock it first."_s);
        QVERIFY(!scene.access.isHeld());
        scene.access.unlock();
        scene.runner.resume(group);
        scene.tick();
        QCOMPARE(scene.sent.size(), 1);
    }

    void pauseResumeSkipAbort()
    {
        RollingScene scene;
        const QUuid group = scene.runner.begin(scene.add(1, 4), options(1, 0), {});
        scene.runner.pause(group);
        QVERIFY(!scene.access.isHeld());
        scene.tick();
        QVERIFY(scene.sent.isEmpty());
        QCOMPARE(scene.plan(group).explanation(), u"Paused by anna@desk."_s);
        scene.runner.skip(group, scene.plan(group).steps()[0].command);
        QCOMPARE(scene.ledger.entry(scene.plan(group).steps()[0].command)->stage, CommandStage::Skipped);
        scene.runner.resume(group);
        scene.tick();
        QCOMPARE(scene.sent.size(), 1);
        QCOMPARE(scene.sent[0].id, scene.plan(group).steps()[1].command);
        scene.runner.abort(group);
        QCOMPARE(scene.plan(group).state(), RollingPlan::State::Aborted);
        QCOMPARE(endSentence(scene.plan(group).data()),
                 u"Rolling shutdown stopped, 0 of 4 gone, 1 still under way, 3 skipped."_s);
        QVERIFY(!scene.access.isHeld());
        for (const int step : {2, 3})
            QCOMPARE(scene.ledger.entry(scene.plan(group).steps()[size_t(step)].command)->stage, CommandStage::Skipped);
        QCOMPARE(scene.ledger.entry(scene.sent[0].id)->stage, CommandStage::Requested); // What was sent goes on.
        scene.obey(scene.sent[0]);
        scene.tick();
        QCOMPARE(scene.plan(group).underway(), 0);
    }

    void twoPlansShareTheFloor()
    {
        RollingScene scene;
        const std::vector<WorkerHandle> workers = scene.add(1, 10);
        const QUuid first = scene.runner.begin({workers.begin(), workers.begin() + 5}, options(5, 80), {});
        const QUuid second = scene.runner.begin({workers.begin() + 5, workers.end()}, options(5, 80), {});
        scene.tick();
        QCOMPARE(scene.sent.size(), 2); // 8 of 10 stay, whoever asks.
        QCOMPARE(scene.plan(first).underway() + scene.plan(second).underway(), 2);
        scene.tick();
        QCOMPARE(scene.sent.size(), 2);
    }

    void thoseBelowOthersAreNotCountedAmongThem()
    {
        RollingScene scene;
        const std::vector<WorkerHandle> masters = scene.add(1, 2);
        std::vector<WorkerHandle> pools;
        for (const WorkerNumber number : {11, 12, 13, 14}) {
            FleetBatch batch = scene.fleet.emptyBatch();
            WorkerText text;
            text.number = number;
            text.parent = "chromium:w1";
            text.id = "chromium:w1:pool-" + QByteArray::number(number);
            text.type = "chromium";
            batch.texts.append(text);
            scene.fleet.store.apply(batch);
            scene.fleet.apply(scene.fleet.alive(number));
            pools.push_back(scene.fleet.store.find(1, text.id));
        }
        scene.fleet.store.publish();
        const QUuid ofMasters = scene.runner.begin(masters, options(2, 50), {});
        QCOMPARE(scene.plan(ofMasters).baselineOf(1, u"chromium"_s), 2);
        scene.tick();
        QCOMPARE(scene.sent.size(), 1); // One of two stays, and no pool in its place.
        const QUuid ofPools = scene.runner.begin(pools, options(4, 50), {});
        QCOMPARE(scene.plan(ofPools).baselineOf(1, u"chromium"_s, true), 4);
        scene.tick();
        QCOMPARE(scene.sent.size(), 3);
    }

    void whatTheOperatorDrainsBesidesCountsAtOnce()
    {
        RollingScene scene;
        const std::vector<WorkerHandle> workers = scene.add(1, 10);
        scene.runner.begin({workers.begin(), workers.begin() + 5}, options(5, 80), {});
        CommandRequest drain;
        drain.act = Act::Drain;
        drain.workers = {workers[9]};
        scene.ledger.issue(drain); // The store shows it available still.
        scene.tick();
        QCOMPARE(std::count_if(scene.sent.begin(), scene.sent.end(), [](const Command &c) { return c.act == Act::Shutdown; }), 1);
    }

    void countsNewcomersAsReplacements()
    {
        RollingScene scene;
        const std::vector<WorkerHandle> workers = scene.add(1, 3);
        RollingOptions wanted = options(1, 0);
        wanted.replacement = RollingOptions::Replacement::SameType;
        wanted.healthyBeats = 2;
        const QUuid group = scene.runner.begin(workers, wanted, {});
        scene.tick();
        QCOMPARE(scene.sent.size(), 1);
        scene.obey(scene.sent[0]);
        scene.tick();
        QCOMPARE(scene.plan(group).steps()[0].state, RollingStep::State::WaitingReplacement);
        QCOMPARE(scene.sent.size(), 1);
        scene.fleet.add(20, "chromium:new");
        scene.tick();
        scene.tick();
        QCOMPARE(scene.plan(group).steps()[0].replacedBy, "chromium:new"_ba);
        QCOMPARE(scene.sent.size(), 2);
    }

    void aPausedViewSendsNothing()
    {
        RollingScene scene;
        scene.runner.begin(scene.add(1, 2), options(1, 0), {});
        scene.fleet.store.setPaused(true);
        scene.tick();
        QVERIFY(scene.sent.isEmpty());
        scene.fleet.store.setPaused(false);
        scene.tick();
        QCOMPARE(scene.sent.size(), 1);
    }

    void pausesForARefusalWithItsReason()
    {
        RollingScene scene;
        const QUuid group = scene.runner.begin(scene.add(1, 2), options(1, 0), {});
        scene.tick();
        CommandProgress refused;
        refused.command = scene.sent[0].id;
        refused.source = 1;
        refused.outcome = CommandProgress::Outcome::Refused;
        refused.refusal = Refusal::AlreadyCommanded;
        scene.ledger.takeProgress({refused});
        scene.tick();
        QCOMPARE(scene.plan(group).state(), RollingPlan::State::Paused);
        QVERIFY2(scene.plan(group).explanation().contains(u"w1 was refused: already commanded"_s),
                 qPrintable(scene.plan(group).explanation()));
        QCOMPARE(scene.sent.size(), 1);
    }
};

PULSEDECK_TEST(RollingRunnerTest, runWithEvents)
#include "rollingrunner_test.moc"
