// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandledger.h"
#include "models/commands/processmark.h"
#include "models/commands/rollingrunner.h"
#include "models/journal/journal.h"
#include "models/sources/sourcelistmodel.h"
#include "tests/models/modelfleet.h"

#include <QJsonArray>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

/// A journal that keeps plans and answers when it is told to.
class MemoryJournal : public Journal
{
public:
    enum class Answer { AtOnce, Later, Fails, Never };
    Answer answer = Answer::AtOnce;
    QHash<QUuid, RollingRecord> plans;
    QList<quint64> open; ///< Tokens not answered yet.

    void write(const QList<JournalEntry> &, quint64 token, const QList<RollingRecord> &records) override
    {
        for (const RollingRecord &record : records)
            plans.insert(record.group, record);
        if (token == 0)
            return;
        open.append(token);
        if (answer == Answer::AtOnce || answer == Answer::Fails)
            answerAll(answer == Answer::AtOnce);
    }
    void answerAll(bool ok)
    {
        const QList<quint64> tokens = std::exchange(open, {});
        for (const quint64 token : tokens)
            emit written(token, ok);
    }
    void query(const JournalQuery &, quint64) override { }
    void readPlans() override
    {
        QList<RollingRecord> unfinished;
        for (const RollingRecord &record : std::as_const(plans)) {
            if (!record.ended)
                unfinished.append(record);
        }
        emit plansRead(unfinished);
    }
    void readOpenCommands(qint64) override { }
    JournalState state() const override { return {true, {}, {}, {}, -1, 0}; }
};

/// A console's models, with a fleet that a test moves by hand.
struct Scene
{
    ModelFleet fleet;
    SourceListModel sources{fleet.store};
    WriteAccess access{fleet.store, sources, fleet.clock};
    CommandLedger ledger{fleet.store, fleet.clock};
    RollingRunner runner{fleet.store, sources, ledger, access};
    QList<Command> sent;
    QList<Command> lookedUp;

    explicit Scene(SourceId id = 1)
        : fleet(id)
    {
        SourceSettings settings;
        settings.id = id;
        settings.name = u"prod"_s;
        sources.setSource(settings);
        ledger.setOperator(u"anna@desk"_s);
        QObject::connect(&ledger, &CommandLedger::carryOut, &ledger,
                         [this](SourceId, const QList<Command> &commands) { sent += commands; });
        QObject::connect(&ledger, &CommandLedger::lookUp, &ledger,
                         [this](SourceId, const QList<Command> &commands) { lookedUp += commands; });
        access.unlock();
        fleet.store.publish();
    }

    std::vector<WorkerHandle> add(WorkerNumber first, int count, const QByteArray &type = "chromium")
    {
        std::vector<WorkerHandle> handles;
        for (int i = 0; i < count; ++i)
            handles.push_back(
                fleet.add(first + WorkerNumber(i), type + ":w" + QByteArray::number(int(first) + i), type));
        fleet.store.publish();
        return handles;
    }

    /// Time passes while everybody beats who is there.
    void tick(qint64 ms = 300)
    {
        fleet.clock.step(ms);
        for (int handle = 0; handle < fleet.store.capacity(); ++handle) {
            const Worker &worker = fleet.store.worker(WorkerHandle(handle));
            if (worker.used && worker.endedAt == 0)
                fleet.apply(fleet.alive(worker.number, 0, worker.status));
        }
        fleet.store.publish();
    }

    void answer(const Command &command, CommandProgress::Outcome outcome = CommandProgress::Outcome::Written)
    {
        CommandProgress progress;
        progress.command = command.id;
        progress.source = command.source;
        progress.at = fleet.clock.nowMs();
        progress.outcome = outcome;
        ledger.takeProgress({progress});
    }

    /// The worker of this command reads it, drains and goes.
    void obey(const Command &command)
    {
        answer(command);
        const WorkerHandle handle = fleet.store.find(command.source, command.worker);
        const WorkerNumber number = fleet.store.worker(handle).number;
        fleet.clock.step(50);
        fleet.apply(fleet.alive(number, 0, WorkerStatus::Draining));
        fleet.store.publish();
        fleet.clock.step(50);
        fleet.apply(fleet.gone(number, WorkerEnd::Drained, false));
        fleet.store.publish();
    }

    const RollingPlan &plan(const QUuid &group) const { return *runner.plan(group); }
};

RollingOptions options(int atATime, int floor)
{
    RollingOptions options;
    options.atATime = atATime;
    options.floorPercent = floor;
    return options;
}

} // namespace

class RollingRunnerTest : public QObject
{
    Q_OBJECT

private slots:
    void rollsThroughAndLetsGo()
    {
        Scene scene;
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
        Scene scene;
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

    void aJournalThatFailsDoesNotStopIt_data()
    {
        QTest::addColumn<bool>("answers");
        QTest::newRow("fails") << true;
        QTest::newRow("never answers") << false;
    }

    void aJournalThatFailsDoesNotStopIt()
    {
        QFETCH(const bool, answers);
        Scene scene;
        MemoryJournal journal;
        journal.answer = answers ? MemoryJournal::Answer::Fails : MemoryJournal::Answer::Never;
        scene.runner.setJournal(&journal);
        scene.runner.begin(scene.add(1, 2), options(1, 0), {});
        scene.tick();
        QTRY_COMPARE_WITH_TIMEOUT(scene.sent.size(), 1, 10'000);
    }

    void aRestartSendsNobodyTwice()
    {
        MemoryJournal journal;
        QUuid group;
        QList<QUuid> commands;
        {
            Scene scene;
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

        Scene scene(7); // The source has another number now.
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
            Scene scene;
            scene.runner.setJournal(&journal);
            group = scene.runner.begin(scene.add(1, 2), options(1, 0), {});
        }
        QProcess other;
        other.start(u"sleep"_s, {u"600"_s});
        QVERIFY(other.waitForStarted());
        journal.plans[group].plan.insert(u"console"_s, processMark(other.processId()));
        Scene scene;
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
            Scene scene;
            scene.runner.setJournal(&journal);
            group = scene.runner.begin(scene.add(1, 2), options(1, 0), {});
            scene.runner.pause(group);
        }
        Scene scene;
        scene.add(2, 1);
        scene.runner.setJournal(&journal);
        QVERIFY(scene.runner.plan(group));
        QCOMPARE(scene.plan(group).steps()[0].state, RollingStep::State::Skipped);
        scene.runner.resume(group);
        scene.tick();
        QCOMPARE(scene.sent.size(), 1);
        QCOMPARE(scene.sent[0].worker, "chromium:w2"_ba);
    }

    void stopsWhenWritingIsLocked()
    {
        Scene scene;
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
        Scene scene;
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
        Scene scene;
        const std::vector<WorkerHandle> workers = scene.add(1, 10);
        const QUuid first = scene.runner.begin({workers.begin(), workers.begin() + 5}, options(5, 80), {});
        const QUuid second = scene.runner.begin({workers.begin() + 5, workers.end()}, options(5, 80), {});
        scene.tick();
        QCOMPARE(scene.sent.size(), 2); // 8 of 10 stay, whoever asks.
        QCOMPARE(scene.plan(first).underway() + scene.plan(second).underway(), 2);
        scene.tick();
        QCOMPARE(scene.sent.size(), 2);
    }

    void whatTheOperatorDrainsBesidesCountsAtOnce()
    {
        Scene scene;
        const std::vector<WorkerHandle> workers = scene.add(1, 10);
        scene.runner.begin({workers.begin(), workers.begin() + 5}, options(5, 80), {});
        CommandRequest drain;
        drain.act = Act::Drain;
        drain.workers = {workers[9]};
        scene.ledger.issue(drain); // The store shows it available still.
        scene.tick();
        QCOMPARE(std::count_if(scene.sent.begin(), scene.sent.end(),
                               [](const Command &c) { return c.act == Act::Shutdown; }),
                 1);
    }

    void countsNewcomersAsReplacements()
    {
        Scene scene;
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
        Scene scene;
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
        Scene scene;
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

QTEST_GUILESS_MAIN(RollingRunnerTest)
#include "rollingrunner_test.moc"
