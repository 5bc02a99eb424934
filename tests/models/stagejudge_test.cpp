// SPDX-License-Identifier: GPL-3.0-or-later
// The judges of commands alone: no ledger, no store, no clock. And the tables they and everybody else read.
#include "models/commands/actorjudge.h"
#include "models/commands/formerjournal.h"
#include "models/commands/lookupjudge.h"
#include "models/fleet/pastends.h"
#include "models/protocol/sourcetraits.h"
#include "models/sources/hubprotocol.h"
#include "tests/support/testprogram.h"

#include <QSet>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Commands and workers to be judged.
struct StageJudgeCases
{
    using Stage = CommandStage;

    static constexpr qint64 start = 1'800'000'000'000; // When the command was written.
    static constexpr qint64 ttl = 60'000;
    static constexpr qint64 drainTimeout = 30'000;

    static TrackedCommand shutdownAt(Stage stage)
    {
        TrackedCommand command;
        CommandEntry &entry = command.entry;
        entry.command.act = Act::ShutdownNow;
        entry.command.ttlMs = ttl;
        entry.stage = stage;
        entry.requestedAt = entry.writtenAt = start;
        entry.commandUntil = start + ttl;
        entry.sessionsBefore = entry.sessionsLeft = 3;
        if (stage == Stage::PickedUp || stage == Stage::Emptying) {
            entry.pickedUpAt = start + 1'000;
            command.sessionsHigh = 3;
        }
        return command;
    }

    static Worker workerThat(WorkerStatus status, qint32 sessions = 3)
    {
        Worker worker;
        worker.used = true;
        worker.liveness = Liveness::Alive;
        worker.status = status;
        worker.activeSessions = sessions;
        worker.statusSince = worker.readAt = start + 2'000;
        return worker;
    }

    static Worker ended(WorkerEnd end, WorkerStatus status, qint32 sessions = 0)
    {
        Worker worker = workerThat(status, sessions);
        worker.end = end;
        worker.endedAt = start + 5'000;
        return worker;
    }

    static CommandScene sceneAt(const Worker &worker, qint64 after)
    {
        return {worker, {true, true, drainTimeout, 0}, start + after};
    }
};

class StageJudgeTest : public QObject, private StageJudgeCases
{
    Q_OBJECT

private slots:
    void aStageFollows_data()
    {
        QTest::addColumn<TrackedCommand>("command");
        QTest::addColumn<Worker>("worker");
        QTest::addColumn<qint64>("after"); ///< ms since it was written.
        QTest::addColumn<Stage>("stage"); ///< The same if none follows.
        QTest::addColumn<CommandNote>("note");
        const auto add = [](const char *name, const TrackedCommand &command, const Worker &worker, qint64 after, Stage stage,
                            CommandNote note = CommandNote::None) {
            QTest::newRow(name) << command << worker << after << stage << note;
        };
        const Worker available = workerThat(WorkerStatus::Available);
        Worker commanded = available;
        commanded.command = CommandState::Shutdown;
        const TrackedCommand written = shutdownAt(Stage::Written);
        TrackedCommand keySeen = written;
        keySeen.keySeen = true;
        TrackedCommand vanished = keySeen;
        vanished.vanishedAt = start + 3'000;
        add("not read yet", written, commanded, 3'000, Stage::Written);
        add("its key vanishes", keySeen, available, 3'000, Stage::Written);
        add("its key has vanished for long", vanished, available, 5'500, Stage::Withdrawn, CommandNote::VanishedUnread);
        add("it is read", written, workerThat(WorkerStatus::ShuttingDown), 3'000, Stage::PickedUp);
        add("it drains", written, workerThat(WorkerStatus::Draining), 3'000, Stage::PickedUp);
        TrackedCommand drained = keySeen;
        drained.wasDraining = true;
        add("it drained before", drained, workerThat(WorkerStatus::Draining), 3'000, Stage::PickedUp,
            CommandNote::ReadWhileDraining);
        drained.entry.receivers = 1;
        add("it drained before, and was announced to", drained, workerThat(WorkerStatus::Draining), 3'000, Stage::Written);
        add("it drained before, and its time is over", drained, workerThat(WorkerStatus::Draining), ttl + 2'000, Stage::Overdue,
            CommandNote::ReadUnseen);
        Worker operatorDrain = workerThat(WorkerStatus::Draining);
        operatorDrain.flags = WorkerFlag::DrainedByOperator;
        add("an operator drains it", written, operatorDrain, 3'000, Stage::Written);
        add("it runs out", written, available, ttl + 1'499, Stage::Written);
        add("it has run out", written, available, ttl + 1'500, Stage::ExpiredUnread);

        const TrackedCommand read = shutdownAt(Stage::PickedUp);
        add("no session ends", read, workerThat(WorkerStatus::Draining), 3'000, Stage::PickedUp);
        add("a session ends", read, workerThat(WorkerStatus::Draining, 2), 3'000, Stage::Emptying);
        add("it says available", read, available, 3'000, Stage::Forgotten);
        add("it drains for too long", read, workerThat(WorkerStatus::Draining), drainTimeout + 3'000, Stage::Overdue);
        add("it goes", read, ended(WorkerEnd::Drained, WorkerStatus::Draining), 6'000, Stage::Gone);
        add("it expires while draining", read, ended(WorkerEnd::Expired, WorkerStatus::Draining), 6'000, Stage::Lost);
        add("it expires while shutting down", read, ended(WorkerEnd::Expired, WorkerStatus::ShuttingDown), 6'000, Stage::Gone);
        add("its key is removed", read, ended(WorkerEnd::KeyRemoved, WorkerStatus::Draining), 6'000, Stage::Gone,
            CommandNote::StaleWhenRemoved);
        add("its key is removed unread", written, ended(WorkerEnd::KeyRemoved, WorkerStatus::Available), 6'000, Stage::Lost,
            CommandNote::DeadWhenRemoved);
        add("it went unseen", written, ended(WorkerEnd::Unseen, WorkerStatus::Available), 6'000, Stage::Gone,
            CommandNote::WentUnseen);
        Worker lost = workerThat(WorkerStatus::Draining);
        lost.liveness = Liveness::KeyLost;
        add("its key is lost", read, lost, 3'000, Stage::PickedUp, CommandNote::KeyLost);

        TrackedCommand drain = shutdownAt(Stage::Written);
        drain.entry.command.act = Act::Drain;
        drain.entry.commandUntil = 0;
        drain.entry.pickedUpAt = start;
        drain.sessionsHigh = 3;
        add("a drain lasts", drain, workerThat(WorkerStatus::Draining), 3'000, Stage::Written);
        add("a drain empties", drain, workerThat(WorkerStatus::Draining, 1), 3'000, Stage::Emptying);
        TrackedCommand empty = drain;
        empty.entry.stage = Stage::Emptying;
        add("a drain is through", empty, workerThat(WorkerStatus::Draining, 0), 3'000, Stage::Done);
        add("a drain is taken back", drain, available, 3'000, Stage::Withdrawn, CommandNote::ByOther);
        Worker again = available;
        again.flags = WorkerFlag::DrainUndone;
        add("a drain is undone", drain, again, 3'000, Stage::Undone);
        again.flags = WorkerFlag::DrainForgotten;
        add("a drain is forgotten", drain, again, 3'000, Stage::Forgotten);
    }

    void aStageFollows()
    {
        QFETCH(TrackedCommand, command);
        QFETCH(Worker, worker);
        QFETCH(qint64, after);
        QFETCH(Stage, stage);
        QFETCH(CommandNote, note);
        const Judgement judgement = judgeStage(command, sceneAt(worker, after));
        QCOMPARE(judgement.stage.value_or(command.entry.stage), stage);
        QCOMPARE(command.entry.note, note);
        QCOMPARE(command.entry.text, commandNoteText(note));
    }

    /// What a withdrawal or a resume of our own will say is not guessed.
    void ourOwnAnswersAreAwaited()
    {
        TrackedCommand command = shutdownAt(Stage::Written);
        const Worker worker = workerThat(WorkerStatus::Available);
        CommandScene scene = sceneAt(worker, ttl + 5'000);
        scene.withdrawalUnderWay = true;
        QVERIFY(!judgeStage(command, scene).stage);
        scene.withdrawalUnderWay = false;
        QCOMPARE(judgeStage(command, scene).stage, Stage::ExpiredUnread);
        TrackedCommand drain = shutdownAt(Stage::Written);
        drain.entry.command.act = Act::Drain;
        scene.resumeUnderWay = true;
        QVERIFY(!judgeStage(drain, scene).stage);
        scene.resumeUnderWay = false;
        QCOMPARE(judgeStage(drain, scene).stage, Stage::Withdrawn);
    }

    /// Time alone moves nothing where the view is not whole.
    void timeCountsOnlyInAWholeView()
    {
        TrackedCommand command = shutdownAt(Stage::Written);
        const Worker worker = workerThat(WorkerStatus::Available);
        CommandScene scene = sceneAt(worker, ttl + 5'000);
        scene.source.live = false;
        QVERIFY(!judgeStage(command, scene).stage);
        scene.source.live = true;
        scene.source.sweepMs = 10'000;
        QVERIFY(!judgeStage(command, scene).stage);
        QCOMPARE(nextJudgementAt(command, scene.source, start), start + ttl + 11'500);
        QCOMPARE(nextJudgementAt(shutdownAt(Stage::PickedUp), scene.source, start), start + 1'000 + drainTimeout + 2'000);
        QCOMPARE(nextJudgementAt(shutdownAt(Stage::Gone), scene.source, start), qint64(0));
    }

    void whatEndedMayGoOn_data()
    {
        QTest::addColumn<Stage>("ended");
        QTest::addColumn<qint32>("receivers");
        QTest::addColumn<Worker>("worker");
        QTest::addColumn<Stage>("stage");
        Worker back = workerThat(WorkerStatus::Draining);
        back.returnedAt = start + 70'000;
        Worker late = workerThat(WorkerStatus::Draining);
        late.statusSince = start + 70'000;
        QTest::newRow("back") << Stage::Gone << unknownValue << back << Stage::PickedUp;
        back.status = WorkerStatus::Available;
        QTest::newRow("back and available") << Stage::Lost << unknownValue << back << Stage::Forgotten;
        QTest::newRow("read late") << Stage::ExpiredUnread << 1 << late << Stage::PickedUp;
        QTest::newRow("nobody heard") << Stage::ExpiredUnread << 0 << late << Stage::ExpiredUnread;
        Worker gone = ended(WorkerEnd::Drained, WorkerStatus::Draining);
        gone.endedAt = start + 70'000;
        QTest::newRow("went late") << Stage::ExpiredUnread << 1 << gone << Stage::Gone;
    }

    void whatEndedMayGoOn()
    {
        QFETCH(Stage, ended);
        QFETCH(qint32, receivers);
        QFETCH(Worker, worker);
        QFETCH(Stage, stage);
        TrackedCommand command = shutdownAt(Stage::PickedUp);
        command.before = Stage::PickedUp;
        command.entry.stage = ended;
        command.entry.receivers = receivers;
        command.entry.endedAt = start + ttl;
        QCOMPARE(judgeAgain(command, sceneAt(worker, 71'000)).stage.value_or(ended), stage);
    }

    void lookUpsSettle_data()
    {
        QTest::addColumn<Act>("act");
        QTest::addColumn<CommandProgress>("found");
        QTest::addColumn<Stage>("stage");
        QTest::addColumn<Refusal>("refusal");
        QTest::addColumn<CommandNote>("note");
        const auto found = [](bool key, WorkerStatus status, qint32 commandTtl = unknownValue, bool ownDrain = false) {
            CommandProgress progress;
            progress.outcome = CommandProgress::Outcome::Found;
            progress.at = start + 10'000;
            progress.keyPresent = key;
            progress.status = status;
            progress.commandPresent = commandTtl != unknownValue;
            progress.commandTtl = commandTtl;
            progress.ownDrain = ownDrain;
            return progress;
        };
        const auto add = [](const char *name, Act act, const CommandProgress &progress, Stage stage, CommandNote note,
                            Refusal refusal = Refusal::None) {
            QTest::newRow(name) << act << progress << stage << refusal << note;
        };
        const CommandProgress gone = found(false, WorkerStatus::Missing);
        const CommandProgress available = found(true, WorkerStatus::Available);
        const CommandProgress draining = found(true, WorkerStatus::Draining);
        add("shutdown: the key is gone", Act::Shutdown, gone, Stage::Gone, CommandNote::FoundGone);
        add("shutdown: it is there", Act::Shutdown, found(true, WorkerStatus::Available, 40'000), Stage::Written,
            CommandNote::FoundCommand);
        add("shutdown: another is there", Act::Shutdown, found(true, WorkerStatus::Available, 90'000), Stage::Refused,
            CommandNote::FoundOtherCommand, Refusal::AlreadyCommanded);
        add("shutdown: it was read", Act::Shutdown, found(true, WorkerStatus::ShuttingDown), Stage::PickedUp,
            CommandNote::FoundDraining);
        add("shutdown: nothing is there", Act::Shutdown, available, Stage::Refused, CommandNote::FoundNoCommand,
            Refusal::NotConnected);
        add("drain: ours", Act::Drain, found(true, WorkerStatus::Draining, unknownValue, true), Stage::Written,
            CommandNote::FoundOwnDrain);
        add("drain: another's", Act::Drain, draining, Stage::Refused, CommandNote::FoundOtherDrain, Refusal::NotAvailable);
        add("drain: resumed", Act::Drain, found(true, WorkerStatus::Available, unknownValue, true), Stage::Withdrawn,
            CommandNote::FoundResumed);
        add("resume: available", Act::Resume, available, Stage::Done, CommandNote::FoundAvailable);
        add("resume: draining", Act::Resume, draining, Stage::Refused, CommandNote::FoundNotResumed, Refusal::NotConnected);
        add("cancel: still there", Act::Cancel, found(true, WorkerStatus::Available, 40'000), Stage::Refused,
            CommandNote::FoundStillThere, Refusal::NotConnected);
        add("cancel: gone", Act::Cancel, available, Stage::Done, CommandNote::FoundWithdrawn);
        add("cancel: read", Act::Cancel, draining, Stage::TooLate, CommandNote::DrainsAlready);
        add("reap: gone", Act::Reap, gone, Stage::Done, CommandNote::FoundCountersGone);
        add("reap: back", Act::Reap, available, Stage::Refused, CommandNote::FoundKey, Refusal::KeyBack);
        add("remove key: gone", Act::RemoveKey, gone, Stage::Done, CommandNote::FoundKeyGone);
        add("remove key: there", Act::RemoveKey, available, Stage::Refused, CommandNote::FoundKeyLeft, Refusal::NotConnected);
    }

    void lookUpsSettle()
    {
        QFETCH(Act, act);
        QFETCH(CommandProgress, found);
        QFETCH(Stage, stage);
        QFETCH(Refusal, refusal);
        QFETCH(CommandNote, note);
        TrackedCommand command = shutdownAt(Stage::Unknown);
        command.entry.command.act = act;
        command.entry.writtenAt = 0;
        const LookupScene scene{nullptr, {true, true, drainTimeout, 0}, start + 10'000, 0, start};
        QCOMPARE(judgeFound(command, found, scene).stage, stage);
        QCOMPARE(command.entry.refusal, refusal);
        QCOMPARE(command.entry.note, note);
    }

    void actorsAnswerOrGo()
    {
        TrackedCommand command = shutdownAt(Stage::Requested);
        command.entry.writtenAt = 0;
        command.entry.traits = hubTraits();
        CommandProgress progress;
        progress.at = start + 2'000;
        progress.outcome = CommandProgress::Outcome::Delivered;
        progress.setNote(CommandNote::NotAnswered);
        QCOMPARE(judgeActorAnswer(command, progress).stage, Stage::Delivered);
        QCOMPARE(command.entry.writtenAt, progress.at);
        command.entry.stage = Stage::Delivered;
        const Worker expired = ended(WorkerEnd::Expired, WorkerStatus::Registered);
        TrackedCommand silent = command;
        QCOMPARE(judgeActorAgain(silent, sceneAt(expired, 6'000)).stage, Stage::Lost);
        QCOMPARE(silent.entry.note, CommandNote::ExpiredUnanswered);
        progress.outcome = CommandProgress::Outcome::Acknowledged;
        progress.setNote(CommandNote::None);
        QCOMPARE(judgeActorAnswer(command, progress).stage, Stage::PickedUp);
        QCOMPARE(command.entry.note, CommandNote::Answered);
        command.entry.stage = Stage::PickedUp;
        QCOMPARE(judgeActor(command, sceneAt(expired, 6'000)).stage, Stage::Gone);
        QCOMPARE(command.entry.note, CommandNote::RegistrationRanOut);
    }

    /// Words for people may be alike; names, which are kept in files, may not.
    void tablesNameEverythingOnce()
    {
        QSet<QString> names;
        for (const Act act : allActs) {
            QCOMPARE(actFromName(actName(act)), act);
            QVERIFY(!actTitle(act).isEmpty() && actRow(act).concerns && actRow(act).intent && actRow(act).undoText);
            QCOMPARE(actRow(act).message == nullptr, !hubTraits()->offers(act));
            names.insert(actName(act));
        }
        QCOMPARE(names.size(), actCount);
        names.clear();
        for (int stage = 0; stage < stageCount; ++stage) {
            QCOMPARE(stageFromName(stageName(Stage(stage))), Stage(stage));
            QVERIFY(!stageText(Stage(stage)).isEmpty() && !groupText(Stage(stage)).isEmpty());
            names.insert(stageName(Stage(stage)));
        }
        QCOMPARE(names.size(), stageCount);
        for (int refusal = 1; refusal < refusalCount; ++refusal) {
            QCOMPARE(refusalFromName(refusalName(Refusal(refusal))), Refusal(refusal));
            QVERIFY(!refusalText(Refusal(refusal)).isEmpty());
        }
        QCOMPARE(refusalFromName(u"no such"), Refusal::None);
        for (int note = 0; note <= int(CommandNote::ResumedOrBegan); ++note) {
            QCOMPARE(commandNoteFromName(commandNoteName(CommandNote(note))), CommandNote(note));
            QCOMPARE(commandNoteFromText(commandNoteText(CommandNote(note))), CommandNote(note));
        }
    }

    /// Facts of the version before had refusals and notes in words.
    void formerWordsAreUnderstood_data()
    {
        QTest::addColumn<bool>("actor");
        QTest::addColumn<QString>("refusal");
        QTest::addColumn<QString>("text");
        QTest::addColumn<Refusal>("read");
        QTest::newRow("a worker's") << false << u"key gone"_s << QString() << Refusal::KeyGone;
        QTest::newRow("the server's") << false << u"refused by the server"_s << u"OOM"_s << Refusal::Server;
        QTest::newRow("an actor's") << true << u"refused by the server"_s << u"the actor refused: busy"_s
                                    << Refusal::ActorRefused;
        QTest::newRow("a hub's") << true << u"refused by the server"_s << u"Rate limit exceeded"_s << Refusal::Server;
        QTest::newRow("expired") << true << u"key gone"_s << u"its registration has expired"_s << Refusal::RegistrationExpired;
        QTest::newRow("none") << false << QString() << u"it drains already"_s << Refusal::None;
    }

    void formerWordsAreUnderstood()
    {
        QFETCH(bool, actor);
        QFETCH(QString, refusal);
        QFETCH(QString, text);
        QFETCH(Refusal, read);
        CommandEntry entry;
        entry.traits = actor ? hubTraits() : TraitsRef();
        entry.text = text;
        takeFormerWords(&entry, {{u"refusal"_s, refusal}, {u"text"_s, text}});
        QCOMPARE(entry.refusal, read);
        QCOMPARE(entry.note, text == u"it drains already" ? CommandNote::DrainsAlready : CommandNote::None);
    }
};

PULSEDECK_TEST(StageJudgeTest, runWithEvents)
#include "stagejudge_test.moc"
