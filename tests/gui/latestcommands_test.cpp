// SPDX-License-Identifier: GPL-3.0-or-later
// Which command of a worker is shown next to it.
#include "tests/gui/commandfixture.h"
#include "tests/support/testapplication.h"
#include "ui/common/latestcommands.h"

using namespace Qt::StringLiterals;
using namespace pulsedeck;

class LatestCommandsTest : public QObject
{
    Q_OBJECT

    /// Gives one that succeeds, and is seen to.
    static void give(CommandFixture &f, Act act, WorkerHandle handle)
    {
        CommandRequest request;
        request.act = act;
        request.workers = {handle};
        f.ledger.issue(request);
        f.step(100);
        f.answerAll(CommandProgress::Outcome::Done);
        f.step(100);
        f.report(handle, act == Act::Drain ? WorkerStatus::Draining : WorkerStatus::Available, 0);
    }

    static RecordedCommand theirs(const CommandFixture &f, WorkerHandle handle, Act act)
    {
        const Worker &worker = f.scene.store.worker(handle);
        RecordedCommand recorded;
        CommandEntry &entry = recorded.entry;
        entry.command.id = QUuid::createUuid();
        entry.command.act = act;
        entry.command.worker = worker.id;
        entry.command.by = u"ada@ops"_s;
        entry.sourceName = f.scene.store.sourceName(worker.source);
        entry.requestedAt = entry.writtenAt = f.scene.clock.nowMs();
        return recorded;
    }

private slots:
    /// The worker does the opposite since: who ordered that may not be known.
    void aSuccessThatIsUndoneIsNotShown()
    {
        CommandFixture f;
        LatestCommands latest(f.scene.store, f.ledger);
        const WorkerHandle worker = f.workers(1).front();
        give(f, Act::Drain, worker);
        const CommandEntry *drain = latest.of(worker, f.scene.clock.nowMs());
        QVERIFY(drain && drain->command.act == Act::Drain && drain->stage == CommandStage::Done);
        give(f, Act::Resume, worker);
        const CommandEntry *resume = latest.of(worker, f.scene.clock.nowMs());
        QVERIFY(resume && resume->command.act == Act::Resume && resume->stage == CommandStage::Done);
        f.step(1'000);
        f.report(worker, WorkerStatus::Draining, 0);
        QVERIFY(!latest.of(worker, f.scene.clock.nowMs()));
        QVERIFY(latest.last(worker)); // It is kept.
    }

    /// Nothing shows it yet, or ever, and the journal has it.
    void anOrderOfAnotherConsoleIsNewer()
    {
        CommandFixture f;
        LatestCommands latest(f.scene.store, f.ledger);
        const std::vector<WorkerHandle> workers = f.workers(2);
        for (const WorkerHandle worker : workers) {
            give(f, Act::Drain, worker);
            give(f, Act::Resume, worker);
        }
        const RecordedCommand before = theirs(f, workers.back(), Act::Drain);
        f.step(1'000);
        f.ledger.takeOrders({theirs(f, workers.front(), Act::Drain)});
        QVERIFY(!latest.of(workers.front(), f.scene.clock.nowMs()));
        QVERIFY(latest.of(workers.back(), f.scene.clock.nowMs())); // Another worker's.
        give(f, Act::Drain, workers.back());
        f.ledger.takeOrders({before});
        QVERIFY(latest.of(workers.back(), f.scene.clock.nowMs())); // Ours was given after it.
    }
};

PULSEDECK_TEST(LatestCommandsTest, runWithTheme)
#include "latestcommands_test.moc"
