// SPDX-License-Identifier: GPL-3.0-or-later
// Commands that are left for a worker to take: the judge alone, and the ledger with it.
#include "models/commands/commandwords.h"
#include "models/commands/pickupjudge.h"
#include "tests/models/ledgerfixture.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using Stage = CommandStage;
using PickUpOutcome = CommandProgress::Outcome;

namespace {

/// Signals as Sidekiq's, and messages as RQ's.
TraitsRef signalTraits()
{
    SourceTraits traits;
    traits.system = u"Signals"_s;
    traits.layout = u"signals"_s;
    for (const Act act : {Act::Drain, Act::Shutdown, Act::Dump}) {
        ActTraits &one = traits.acts[size_t(act)];
        one = {};
        one.proof = ActProof::PickUp;
        one.withdrawable = true;
        one.pickedUpMs = 5'000;
        one.drainingMs = 10'000;
        one.lastsMs = 60'000;
        one.overdueMs = 40'000;
    }
    ActTraits &kill = traits.acts[size_t(Act::KillJob)];
    kill = {};
    kill.proof = ActProof::PickUp;
    ActTraits &now = traits.acts[size_t(Act::ShutdownNow)];
    now = {};
    now.proof = ActProof::PickUp;
    now.once = true;
    now.overdueMs = 40'000;
    return TraitsRef::of(traits);
}

constexpr qint64 start = 1'800'000'000'000;

TrackedCommand commandOf(Act act, Stage stage = Stage::Written)
{
    TrackedCommand command;
    CommandEntry &entry = command.entry;
    entry.traits = signalTraits();
    entry.command.act = act;
    entry.stage = stage;
    entry.requestedAt = entry.writtenAt = start;
    entry.commandUntil = entry.traits->of(act).lastsMs > 0 ? start + entry.traits->of(act).lastsMs : 0;
    entry.sessionsBefore = entry.sessionsLeft = 3;
    if (stage == Stage::PickedUp)
        entry.pickedUpAt = start + 3'000;
    return command;
}

Worker workerThat(WorkerStatus status, qint32 busy = 3)
{
    Worker worker;
    worker.used = true;
    worker.traits = signalTraits();
    worker.liveness = Liveness::Alive;
    worker.status = status;
    worker.activeSessions = busy;
    worker.statusSince = worker.readAt = start + 4'000;
    return worker;
}

CommandScene sceneAt(const Worker &worker, qint64 after)
{
    JudgedSource source;
    source.connected = source.live = true;
    source.drainTimeout = 30'000;
    return {worker, source, start + after};
}

CommandProgress news(PickUpOutcome outcome, qint64 after)
{
    CommandProgress progress;
    progress.outcome = outcome;
    progress.at = start + after;
    return progress;
}

} // namespace

class PickUpJudgeTest : public QObject
{
    Q_OBJECT

    /// A worker of the system in a ledger.
    static WorkerHandle addWorker(LedgerFixture &f, qint32 busy = 2)
    {
        f.fleet.status.traits = signalTraits();
        f.fleet.setState(SourceState::Live);
        f.add(0, "a:1:f", busy);
        const WorkerHandle handle = f.fleet.store.find(f.fleet.status.source, "a:1:f");
        return handle;
    }

private slots:
    void aDrainIsTakenThenEmptiesThenDone()
    {
        TrackedCommand command = commandOf(Act::Drain);
        const Worker working = workerThat(WorkerStatus::Available);
        QVERIFY(!judgePickUp(command, sceneAt(working, 2'000)).stage);
        QCOMPARE(judgePickUpNews(command, news(PickUpOutcome::PickedUp, 3'000), &working).stage, Stage::PickedUp);
        QCOMPARE(command.entry.pickedUpAt, start + 3'000);
        command.entry.stage = Stage::PickedUp;
        // It says available until its next beat: that is no change of mind.
        QVERIFY(!judgePickUp(command, sceneAt(working, 9'000)).stage);
        // Its rungs are seen as they come, and not once all of it is over.
        QCOMPARE(judgePickUp(command, sceneAt(workerThat(WorkerStatus::Draining), 10'000)).stage, Stage::Emptying);
        command.entry.stage = Stage::Emptying;
        QVERIFY(!judgePickUp(command, sceneAt(workerThat(WorkerStatus::Draining, 2), 11'000)).stage);
        QVERIFY(!judgePickUp(command, sceneAt(workerThat(WorkerStatus::Draining, 1), 600'000)).stage);
        QCOMPARE(judgePickUp(command, sceneAt(workerThat(WorkerStatus::Draining, 0), 700'000)).stage, Stage::Done);
        // Available again after it was seen to drain.
        QCOMPARE(judgePickUp(command, sceneAt(working, 700'000)).stage, Stage::Forgotten);
    }

    /// Its last beat before the command was older than the job.
    void whatItHadIsWhatIsSeenOfIt()
    {
        TrackedCommand command = commandOf(Act::Drain, Stage::PickedUp);
        command.entry.sessionsBefore = command.entry.sessionsLeft = 0;
        QCOMPARE(judgePickUp(command, sceneAt(workerThat(WorkerStatus::Draining, 1), 4'000)).stage, Stage::Emptying);
        QCOMPARE(command.entry.sessionsBefore, 1);
        QCOMPARE(command.entry.emptiedAt, 0);
        command.entry.stage = Stage::Emptying;
        QCOMPARE(judgePickUp(command, sceneAt(workerThat(WorkerStatus::Draining, 0), 18'000)).stage, Stage::Done);
        QCOMPARE(command.entry.emptiedAt, start + 18'000);
        command.entry.stage = Stage::Done;
        command.entry.endedAt = start + 18'000;
        QVERIFY2(stageSentence(command.entry).startsWith(u"It had 1 session at work, and nothing any more "_s),
                 qPrintable(stageSentence(command.entry)));
        // One that had nothing goes no rung that is not there.
        TrackedCommand idle = commandOf(Act::Drain, Stage::PickedUp);
        idle.entry.sessionsBefore = idle.entry.sessionsLeft = 0;
        QCOMPARE(judgePickUp(idle, sceneAt(workerThat(WorkerStatus::Draining, 0), 4'000)).stage, Stage::Done);
        idle.entry.stage = Stage::Done;
        QCOMPARE(stageSentence(idle.entry), u"It had nothing at work."_s);
        // What it worked on ended before it was seen to drain.
        TrackedCommand fast = commandOf(Act::Drain, Stage::PickedUp);
        QCOMPARE(judgePickUp(fast, sceneAt(workerThat(WorkerStatus::Draining, 0), 4'000)).stage, Stage::Done);
    }

    /// As far as it is seen: by the worker's own word, by its status, or not at all.
    void aResumeNamesItsProof()
    {
        SourceTraits traits = *signalTraits();
        traits.layout = u"resumable"_s;
        traits.acts[size_t(Act::Resume)] = traits.acts[size_t(Act::Drain)];
        TrackedCommand command = commandOf(Act::Resume, Stage::PickedUp);
        command.entry.traits = TraitsRef::of(traits);
        QVERIFY(!judgePickUp(command, sceneAt(workerThat(WorkerStatus::Draining), 4'000)).stage);
        QCOMPARE(judgePickUp(command, sceneAt(workerThat(WorkerStatus::Available), 4'000)).stage, Stage::Done);
        command.entry.stage = Stage::Done;
        QCOMPARE(stageSentence(command.entry), u"Its status shows that it takes work again."_s);
        command.entry.command.queues = {u"celery"_s, u"slow"_s};
        QCOMPARE(stageSentence(command.entry), u"It says that it serves celery, slow again."_s);
        command.entry.command.queues.clear();
        traits.layout = u"silent"_s;
        traits.facts.setFlag(SourceFact::StatusWord, false);
        command.entry.traits = TraitsRef::of(traits);
        QCOMPARE(stageSentence(command.entry), u"It was picked up, which is all that is seen of it."_s);
    }

    /// Where workers can be resumed and keep no mark of it, one that works again has not forgotten its drain.
    void aDrainThatIsUndoneElsewhereIsNotForgotten()
    {
        SourceTraits traits = *signalTraits();
        traits.layout = u"resumable"_s;
        traits.acts[size_t(Act::Resume)] = traits.acts[size_t(Act::Drain)];
        const TraitsRef resumable = TraitsRef::of(traits);
        TrackedCommand command = commandOf(Act::Drain, Stage::PickedUp);
        command.entry.traits = resumable;
        Worker worker = workerThat(WorkerStatus::Draining);
        worker.traits = resumable;
        QCOMPARE(judgePickUp(command, sceneAt(worker, 10'000)).stage, Stage::Emptying);
        command.entry.stage = Stage::Emptying;
        worker.status = WorkerStatus::Available;
        CommandScene resuming = sceneAt(worker, 20'000);
        resuming.resumeUnderWay = true;
        QVERIFY(!judgePickUp(command, resuming).stage); // That is what was asked for.
        QCOMPARE(judgePickUp(command, sceneAt(worker, 20'000)).stage, Stage::Withdrawn);
        QCOMPARE(command.entry.note, CommandNote::ResumedOrBegan);

        ModelFleet fleet;
        for (const bool canBeResumed : {true, false}) {
            const QByteArray id = canBeResumed ? "a" : "b";
            FleetBatch batch = fleet.emptyBatch();
            WorkerText text;
            text.number = canBeResumed;
            text.id = id;
            text.traits = canBeResumed ? resumable : signalTraits();
            batch.texts.append(text);
            fleet.store.apply(batch);
            fleet.apply(fleet.alive(text.number, 0, WorkerStatus::Draining));
            fleet.clock.step(1'000);
            fleet.apply(fleet.alive(text.number));
            const Worker &again = fleet.store.worker(fleet.store.find(1, id));
            QCOMPARE(again.status, WorkerStatus::Available);
            QCOMPARE(again.flags.testFlag(WorkerFlag::DrainForgotten), !canBeResumed);
        }
    }

    void aDrainThatIsTakenAndNotSeenIsOverdue()
    {
        TrackedCommand command = commandOf(Act::Drain, Stage::PickedUp);
        const Worker working = workerThat(WorkerStatus::Busy);
        QVERIFY(!judgePickUp(command, sceneAt(working, 17'999)).stage);
        QCOMPARE(nextPickUpAt(command, sceneAt(working, 0).source), start + 18'000);
        QCOMPARE(judgePickUp(command, sceneAt(working, 18'000)).stage, Stage::Overdue);
        QCOMPARE(command.entry.note, CommandNote::TakenNotDraining);
        command.entry.stage = Stage::Overdue;
        QCOMPARE(judgePickUp(command, sceneAt(workerThat(WorkerStatus::Draining, 0), 20'000)).stage, Stage::Done);
    }

    /// Only its worker shows whether a command was taken or withdrawn by somebody else.
    void whatIsNotThereAnyMoreIsTakenOrWithdrawn()
    {
        const Worker working = workerThat(WorkerStatus::Available);
        const auto taken = [&working](Act act) {
            TrackedCommand command = commandOf(act);
            CommandProgress gone = news(PickUpOutcome::PickedUp, 3'000);
            gone.setNote(CommandNote::TakenOrWithdrawn);
            const Judgement judged = judgePickUpNews(command, gone, &working);
            command.entry.stage = judged.stage.value_or(Stage::Written);
            return command;
        };
        TrackedCommand drain = taken(Act::Drain);
        QCOMPARE(drain.entry.stage, Stage::PickedUp);
        QVERIFY(stageSentence(drain.entry).startsWith(u"It was taken, or withdrawn by another console;"_s));
        // What it has begun since its last beat is not known: the number is of then.
        CommandEntry told = drain.entry;
        SourceTraits laidOut = *told.traits;
        laidOut.facts.setFlag(SourceFact::Counters, false);
        QVERIFY(laidOut.isLaidOut());
        told.traits = TraitsRef::of(laidOut);
        told.sessionsLeft = 0;
        QVERIFY2(stageSentence(told).contains(u" at work by its last report."_s), qPrintable(stageSentence(told)));
        told.sessionsLeft = unknownValue;
        QVERIFY2(stageSentence(told).contains(u"how much is at work is not known."_s), qPrintable(stageSentence(told)));
        TrackedCommand withdrawn = drain;
        QCOMPARE(judgePickUp(withdrawn, sceneAt(working, 18'000)).stage, Stage::Overdue);
        QCOMPARE(withdrawn.entry.note, CommandNote::TakenOrWithdrawn);
        QCOMPARE(judgePickUp(drain, sceneAt(workerThat(WorkerStatus::Draining), 10'000)).stage, Stage::Emptying);
        QCOMPARE(drain.entry.note, CommandNote::None); // It was taken.
        TrackedCommand stop = taken(Act::Shutdown);
        Worker left = working;
        left.end = WorkerEnd::Left;
        left.endedAt = start + 8'000;
        QCOMPARE(judgePickUp(stop, sceneAt(left, 9'000)).stage, Stage::Gone);
        QCOMPARE(stop.entry.note, CommandNote::None);
        TrackedCommand dump = taken(Act::Dump);
        QCOMPARE(judgePickUp(dump, sceneAt(working, 4'000)).stage, Stage::Done);
        dump.entry.stage = Stage::Done;
        QVERIFY(stageSentence(dump.entry).startsWith(u"It was taken, or withdrawn by another console."_s));
    }

    /// Where a drain is a pause, its worker says that it is paused.
    void aPauseIsADrainThere()
    {
        TrackedCommand command = commandOf(Act::Drain, Stage::PickedUp);
        QCOMPARE(judgePickUp(command, sceneAt(workerThat(WorkerStatus::Paused, 2), 10'000)).stage, Stage::Emptying);
        command.entry.stage = Stage::Emptying;
        QCOMPARE(judgePickUp(command, sceneAt(workerThat(WorkerStatus::Paused, 0), 10'000)).stage, Stage::Done);
        // A paused worker that is told to stop shows nothing yet.
        TrackedCommand stop = commandOf(Act::Shutdown);
        QVERIFY(!judgePickUp(stop, sceneAt(workerThat(WorkerStatus::Paused, 0), 10'000)).stage);
    }

    void whatNobodyTakesExpires()
    {
        TrackedCommand command = commandOf(Act::Shutdown);
        const Worker working = workerThat(WorkerStatus::Available);
        QVERIFY(!judgePickUp(command, sceneAt(working, 61'000)).stage);
        QCOMPARE(nextPickUpAt(command, sceneAt(working, 0).source), start + 61'500);
        const Judgement expired = judgePickUp(command, sceneAt(working, 61'500));
        QCOMPARE(expired.stage, Stage::ExpiredUnread);
        QCOMPARE(expired.at, start + 60'000);
        command.entry.stage = Stage::ExpiredUnread;
        // It was taken in the last moment, and nobody saw it.
        Worker draining = workerThat(WorkerStatus::Draining);
        QCOMPARE(judgePickUpAgain(command, sceneAt(draining, 62'000)).stage, Stage::PickedUp);
        QCOMPARE(command.entry.note, CommandNote::TakenUnseen);
    }

    void aStopIsGoneLostOrOverdue()
    {
        TrackedCommand command = commandOf(Act::Shutdown, Stage::PickedUp);
        Worker worker = workerThat(WorkerStatus::Draining);
        QCOMPARE(judgePickUp(command, sceneAt(worker, 41'000)).stage, Stage::Emptying);
        command.entry.stage = Stage::Emptying;
        QVERIFY(!judgePickUp(command, sceneAt(worker, 42'000)).stage);
        QCOMPARE(judgePickUp(command, sceneAt(worker, 43'000)).stage, Stage::Overdue);
        command.entry.stage = Stage::Overdue;
        worker.endedAt = start + 50'000;
        worker.end = WorkerEnd::Drained;
        TrackedCommand other = command;
        QCOMPARE(judgePickUp(command, sceneAt(worker, 50'000)).stage, Stage::Gone);
        worker.end = WorkerEnd::Expired;
        QCOMPARE(judgePickUp(other, sceneAt(worker, 50'000)).stage, Stage::Lost);
        // By its system's own time; without one by the source's.
        QCOMPARE(nextPickUpAt(commandOf(Act::Shutdown, Stage::PickedUp), sceneAt(worker, 0).source), start + 43'000);
    }

    void heardIsNotObeyed()
    {
        TrackedCommand command = commandOf(Act::ShutdownNow);
        const Worker idle = workerThat(WorkerStatus::Available, 0);
        QCOMPARE(judgePickUpNews(command, news(PickUpOutcome::NotObeyed, 3'000), &idle).stage, Stage::NotObeyed);
        QCOMPARE(command.entry.note, CommandNote::HeardAndDeaf);
        TrackedCommand atWork = commandOf(Act::ShutdownNow);
        const Worker busy = workerThat(WorkerStatus::Busy, 1);
        QCOMPARE(judgePickUpNews(atWork, news(PickUpOutcome::NotObeyed, 3'000), &busy).stage, Stage::NotObeyed);
        QCOMPARE(atWork.entry.note, CommandNote::HeardNotObeyed);
        atWork.entry.stage = Stage::NotObeyed;
        atWork.entry.endedAt = start + 3'000;
        // After all.
        QCOMPARE(judgePickUpNews(atWork, news(PickUpOutcome::PickedUp, 9'000), &busy).stage, Stage::PickedUp);
        QVERIFY(!judgePickUpNews(atWork, news(PickUpOutcome::PickedUp, 9'500), &busy).stage); // Once.
        // What was never written is not taken.
        TrackedCommand unsent = commandOf(Act::ShutdownNow, Stage::Requested);
        unsent.entry.writtenAt = 0;
        QVERIFY(!judgePickUpNews(unsent, news(PickUpOutcome::PickedUp, 1'000), &busy).stage);
    }

    void whatNothingShowsIsDoneWhenTaken()
    {
        for (const Act act : {Act::Dump, Act::KillJob}) {
            TrackedCommand command = commandOf(act, Stage::PickedUp);
            QCOMPARE(judgePickUp(command, sceneAt(workerThat(WorkerStatus::Busy), 4'000)).stage, Stage::Done);
            Worker gone = workerThat(WorkerStatus::Busy);
            gone.endedAt = start + 9'000;
            gone.end = WorkerEnd::Crashed;
            QCOMPARE(judgePickUp(command, sceneAt(gone, 9'000)).stage, Stage::Done);
            TrackedCommand unread = commandOf(act);
            QCOMPARE(judgePickUp(unread, sceneAt(gone, 9'000)).stage, Stage::Lost);
            QCOMPARE(unread.entry.note, CommandNote::DiedUnread);
        }
    }

    /// It was published: nothing waited that could have been withdrawn.
    void aKilledJobIsGone()
    {
        TrackedCommand command = commandOf(Act::KillJob);
        CommandProgress gone = news(PickUpOutcome::PickedUp, 3'000);
        gone.setNote(CommandNote::TakenOrWithdrawn);
        const Worker idle = workerThat(WorkerStatus::Available);
        command.entry.stage = judgePickUpNews(command, gone, &idle).stage.value_or(Stage::Written);
        QCOMPARE(judgePickUp(command, sceneAt(idle, 4'000)).stage, Stage::Done);
        command.entry.stage = Stage::Done;
        QCOMPARE(stageSentence(command.entry), u"Its job is not at work any more: it was killed, or ended by itself."_s);
    }

    void lookedUpAfterALoss()
    {
        const Worker working = workerThat(WorkerStatus::Available);
        const auto found = [](bool present, bool taken, qint64 after) {
            CommandProgress progress = news(PickUpOutcome::Found, after);
            progress.keyPresent = true;
            progress.commandPresent = present;
            progress.pickedUp = taken;
            progress.commandTtl = present ? 40'000 : unknownValue;
            return progress;
        };
        const auto judged = [&](const CommandProgress &progress, qint64 writtenAt, CommandNote note, Stage stage) {
            TrackedCommand command = commandOf(Act::Shutdown, Stage::Unknown);
            command.entry.writtenAt = writtenAt;
            const LookupScene scene{&working, sceneAt(working, 0).source, progress.at};
            QCOMPARE(judgePickUpFound(command, progress, scene).stage, stage);
            QCOMPARE(command.entry.note, note);
        };
        judged(found(true, false, 20'000), 0, CommandNote::FoundWaiting, Stage::Written);
        judged(found(false, true, 20'000), 0, CommandNote::FoundPickedUp, Stage::PickedUp);
        judged(found(false, false, 20'000), 0, CommandNote::FoundTakenOrNot, Stage::Refused);
        judged(found(false, false, 70'000), start, CommandNote::TakenUnseen, Stage::ExpiredUnread);
        Worker gone = working;
        gone.endedAt = start + 5'000;
        gone.end = WorkerEnd::Left;
        TrackedCommand command = commandOf(Act::Shutdown, Stage::Unknown);
        const LookupScene scene{&gone, sceneAt(gone, 0).source, start + 20'000};
        QCOMPARE(judgePickUpFound(command, found(false, false, 20'000), scene).stage, Stage::Gone);
    }

    // The ledger ------------------------------------------------------------------------------------------------------

    void theLedgerFollowsADrain()
    {
        LedgerFixture f;
        const WorkerHandle worker = addWorker(f);
        QVERIFY(worker != noWorker);
        QCOMPARE(f.fleet.store.worker(worker).traits, signalTraits());
        const quint64 key = f.written(Act::Drain, worker);
        QCOMPARE(f.stage(key), Stage::Written);
        QVERIFY(f.at(key).canCancel());
        QCOMPARE(f.at(key).commandUntil, f.fleet.clock.nowMs() + 60'000);
        f.fleet.clock.step(2'000);
        f.answer(key, PickUpOutcome::PickedUp);
        QCOMPARE(f.stage(key), Stage::PickedUp);
        QVERIFY(!f.at(key).canCancel());
        QVERIFY(!f.ledger.wasToldToShutDown(worker));
        f.fleet.clock.step(5'000);
        f.see(f.sample(0, WorkerStatus::Available, 2));
        QCOMPARE(f.stage(key), Stage::PickedUp);
        f.fleet.clock.step(5'000);
        f.see(f.sample(0, WorkerStatus::Draining, 1));
        QCOMPARE(f.stage(key), Stage::Emptying);
        f.fleet.clock.step(5'000);
        f.see(f.sample(0, WorkerStatus::Draining, 0));
        QCOMPARE(f.stage(key), Stage::Done);
    }

    /// The time a command waited for its worker is no time of the drain.
    void howLongItTookIsCountedFromThePickUp()
    {
        CommandEntry entry = commandOf(Act::Shutdown, Stage::PickedUp).entry;
        entry.stage = Stage::Gone;
        entry.endedAt = start + 15'000;
        QCOMPARE(endedAfterText(entry), u"12.0 s after it took the command, which had waited for 3.0 s"_s);
        QCOMPARE(stageSentence(entry), QString(u"Gone "_s + endedAfterText(entry) + u'.'));
        entry.sessionsCut = 2;
        QVERIFY(stageSentence(entry).startsWith(QString(u"Gone "_s + endedAfterText(entry) + u';')));
        // What took it at once did not wait, and a pick-up that was only found has no time.
        entry.pickedUpAt = start;
        QCOMPARE(endedAfterText(entry), u"after 15.0 s"_s);
        entry.pickedUpAt = start + 3'000;
        entry.timesFound = true;
        QCOMPARE(endedAfterText(entry), u"after 15.0 s"_s);
        entry.endedAt = 0;
        QCOMPARE(endedAfterText(entry), QString());
        CommandEntry drain = commandOf(Act::Drain, Stage::PickedUp).entry;
        drain.stage = Stage::Done;
        drain.endedAt = start + 8'000;
        QCOMPARE(stageSentence(drain),
                 QString(u"It had 3 sessions at work, and nothing any more "_s + endedAfterText(drain) + u'.'));
        drain.sessionsBefore = unknownValue;
        QCOMPARE(stageSentence(drain), QString(u"Nothing was at work any more "_s + endedAfterText(drain) + u'.'));
    }

    /// Where a worker is drained of single queues a resume has to name them: this run's, or those that the journal has.
    void aResumeGivesBackWhatADrainTook()
    {
        LedgerFixture f;
        FakeJournal journal;
        f.ledger.setJournal(&journal);
        const WorkerHandle worker = addWorker(f);
        const QStringList queues{u"celery"_s, u"slow"_s};
        QVERIFY(f.ledger.drainedQueues(worker).isEmpty());
        const quint64 drain = f.give(Act::Drain, worker);
        CommandProgress written = news(PickUpOutcome::Written, 0);
        written.command = f.at(drain).command.id;
        written.source = f.fleet.status.source;
        written.at = f.fleet.clock.nowMs();
        written.queues = queues;
        f.ledger.takeProgress({written});
        QCOMPARE(f.stage(drain), Stage::Written);
        QCOMPARE(f.ledger.drainedQueues(worker), queues);
        const auto drainedBy = [](LedgerFixture &fixture, WorkerHandle handle) {
            fixture.see(fixture.sample(0, WorkerStatus::Draining, 0));
            return fixture.fleet.store.knownDrain(handle).by;
        };
        QCOMPARE(drainedBy(f, worker), f.at(drain).command.by);
        f.give(Act::Resume, worker);
        QCOMPARE(f.sent.last().act, Act::Resume);
        QCOMPARE(f.sent.last().queues, queues);

        QList<JournalEntry> entries;
        for (const FakeJournal::Write &write : std::as_const(journal.writes))
            entries += write.entries;
        LedgerFixture later;
        const WorkerHandle same = addWorker(later);
        later.ledger.takePastQueues(commandsFromHistory(entries, later.fleet.clock));
        QCOMPARE(later.ledger.drainedQueues(same), queues);
        written.command = f.at(drain + 1).command.id;
        f.ledger.takeProgress({written});
        QVERIFY(f.ledger.drainedQueues(worker).isEmpty()); // It has them again.
        QCOMPARE(drainedBy(f, worker), QString());
        f.ledger.setJournal(nullptr);
    }

    void aDrainIsWithdrawnInTimeOrTooLate()
    {
        LedgerFixture f;
        const WorkerHandle worker = addWorker(f);
        const quint64 drain = f.written(Act::Drain, worker);
        f.ledger.cancel({drain}, {});
        const quint64 cancel = drain + 1;
        QCOMPARE(f.at(cancel).command.act, Act::Cancel);
        QCOMPARE(f.sent.last().undoes, std::optional(Act::Drain));
        f.answer(cancel, PickUpOutcome::Done);
        QCOMPARE(f.stage(cancel), Stage::Done);
        QCOMPARE(f.stage(drain), Stage::Withdrawn);
        f.answer(drain, PickUpOutcome::PickedUp); // Nothing comes of a late word.
        QCOMPARE(f.stage(drain), Stage::Withdrawn);

        const quint64 stop = f.written(Act::Shutdown, worker);
        f.ledger.cancel({stop}, {});
        QCOMPARE(f.sent.last().undoes, std::optional(Act::Shutdown));
        f.answer(stop + 1, PickUpOutcome::TooLate);
        QCOMPARE(f.stage(stop + 1), Stage::TooLate);
        QCOMPARE(f.stage(stop), Stage::Written);
        f.answer(stop, PickUpOutcome::PickedUp);
        QCOMPARE(f.stage(stop), Stage::PickedUp);
        QVERIFY(f.ledger.wasToldToShutDown(worker));
    }

    void aSecondShutdownIsRefusedWithTheReason()
    {
        LedgerFixture f;
        const WorkerHandle worker = addWorker(f);
        const quint64 first = f.written(Act::ShutdownNow, worker, 1);
        QCOMPARE(f.at(first).receivers, 1);
        QCOMPARE(f.at(first).commandUntil, 0);
        f.answer(first, PickUpOutcome::PickedUp);
        const qsizetype sent = f.sent.size();
        const quint64 second = f.give(Act::ShutdownNow, worker);
        QCOMPARE(f.stage(second), Stage::Refused);
        QCOMPARE(f.at(second).refusal, Refusal::AlreadyShuttingDown);
        QVERIFY(f.at(second).text.contains(u"running job"_s));
        QCOMPARE(f.sent.size(), sent);
    }

    void heardAndNotObeyedIsAnEndThatMayMoveOn()
    {
        LedgerFixture f;
        const WorkerHandle worker = addWorker(f, 0);
        const quint64 key = f.written(Act::ShutdownNow, worker, 1);
        f.fleet.clock.step(3'000);
        f.answer(key, PickUpOutcome::NotObeyed);
        QCOMPARE(f.stage(key), Stage::NotObeyed);
        QVERIFY(stageSentence(f.at(key)).contains(u"not obeyed"_s));
        QVERIFY(f.ledger.openKey(worker) == 0);
        f.answer(key, PickUpOutcome::PickedUp);
        QCOMPARE(f.stage(key), Stage::PickedUp);
        f.fleet.clock.step(3'000);
        f.see(f.fleet.gone(0, WorkerEnd::Drained, false));
        QCOMPARE(f.stage(key), Stage::Gone);
    }

    void whatNobodyTookExpiresInTheLedger()
    {
        LedgerFixture f;
        const WorkerHandle worker = addWorker(f);
        const quint64 key = f.written(Act::Dump, worker);
        f.step(61'000);
        QCOMPARE(f.stage(key), Stage::Written);
        f.step(600);
        QCOMPARE(f.stage(key), Stage::ExpiredUnread);
    }

    void aQueueAndAFleetAreTargets()
    {
        LedgerFixture f;
        FakeJournal journal;
        f.ledger.setJournal(&journal);
        addWorker(f);
        CommandRequest request;
        request.act = Act::PauseQueue;
        request.targets = {{f.fleet.status.source, ActScope::Queue,
                            "de\xff"
                            "fault",
                            signalTraits()}};
        request.reason = u"backlog"_s;
        f.ledger.issue(request);
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.sent.last().scope, ActScope::Queue);
        QCOMPARE(f.sent.last().queue, request.targets.front().queue);
        QCOMPARE(f.sent.last().system, u"signals"_s);
        QVERIFY(f.sent.last().worker.isEmpty());
        const quint64 key = f.ledger.firstKey();
        // One at a time on the same queue.
        f.ledger.issue(request);
        QCOMPARE(f.stage(key + 1), Stage::Refused);
        QCOMPARE(f.at(key + 1).refusal, Refusal::HasCommand);
        f.answer(key, PickUpOutcome::Done);
        QCOMPARE(f.stage(key), Stage::Done);
        request.act = Act::ResumeFleet;
        request.targets.front().scope = ActScope::Fleet;
        request.targets.front().queue.clear();
        f.ledger.issue(request);
        QCOMPARE(f.sent.last().act, Act::ResumeFleet);

        QList<JournalEntry> steps;
        for (const FakeJournal::Write &write : journal.writes) {
            for (const JournalEntry &entry : write.entries) {
                if (entry.command == f.at(key).command.id)
                    steps.append(entry);
            }
        }
        const std::optional<RecordedCommand> restored = commandFromHistory(steps, f.fleet.clock);
        QVERIFY(restored.has_value());
        QCOMPARE(restored->entry.command.scope, ActScope::Queue);
        QCOMPARE(restored->entry.command.queue, "de\xff"
                                                "fault"_ba);
        QCOMPARE(restored->entry.command.system, u"signals"_s);
        QCOMPARE(restored->entry.traits, signalTraits());
        QCOMPARE(restored->entry.stage, Stage::Done);
    }

    void aLostTargetIsLookedUp()
    {
        LedgerFixture f;
        addWorker(f);
        CommandRequest request;
        request.act = Act::PauseFleet;
        request.targets = {{f.fleet.status.source, ActScope::Fleet, {}, signalTraits()}};
        f.ledger.issue(request);
        const quint64 key = f.ledger.firstKey();
        f.lose();
        f.answer(key, PickUpOutcome::Unknown);
        QCOMPARE(f.stage(key), Stage::Unknown);
        f.find();
        f.live();
        f.step(100);
        QCOMPARE(f.asked.size(), 1);
        QCOMPARE(f.asked.last().scope, ActScope::Fleet);
        CommandProgress found = f.progress(key, PickUpOutcome::Found);
        found.commandPresent = true;
        f.ledger.takeProgress({found});
        QCOMPARE(f.stage(key), Stage::Done);
        QCOMPARE(f.at(key).note, CommandNote::FoundAsWritten);
    }

    void aWaitingCommandOfAnEarlierRunIsLookedUp()
    {
        LedgerFixture f;
        FakeJournal journal;
        f.ledger.setJournal(&journal);
        const WorkerHandle worker = addWorker(f);
        const quint64 key = f.written(Act::Drain, worker);
        QList<JournalEntry> steps;
        for (const FakeJournal::Write &write : journal.writes)
            steps += write.entries;
        std::optional<RecordedCommand> restored = commandFromHistory(steps, f.fleet.clock);
        QVERIFY(restored.has_value());
        QCOMPARE(restored->entry.stage, Stage::Written);
        LedgerFixture next;
        const WorkerHandle same = addWorker(next);
        QVERIFY(same != noWorker);
        restored->entry.command.source = next.fleet.status.source;
        const quint64 again = next.ledger.restore(*restored, false);
        QCOMPARE(next.stage(again), Stage::Unknown);
        next.step(100);
        QCOMPARE(next.asked.size(), 1);
        CommandProgress found = next.progress(again, PickUpOutcome::Found);
        found.keyPresent = found.commandPresent = true;
        found.commandTtl = 30'000;
        next.ledger.takeProgress({found});
        QCOMPARE(next.stage(again), Stage::Written);
        next.answer(again, PickUpOutcome::PickedUp);
        QCOMPARE(next.stage(again), Stage::PickedUp);
        Q_UNUSED(key)
    }
};

PULSEDECK_TEST(PickUpJudgeTest, runWithEvents)
#include "pickupjudge_test.moc"
