// SPDX-License-Identifier: GPL-3.0-or-later
// What the ledger does when the journal is slow, and when a connection is lost before the answer. Commands of others:
// commandledgertheirs_test.cpp.
#include "models/commands/commandwords.h"
#include "tests/models/ledgerfixture.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using CommandLedgerLostOutcome = CommandProgress::Outcome;

namespace {

/// A command whose answer was lost with the connection, up to the question what became of it.
struct LostCommand : LedgerFixture
{
    WorkerHandle worker;
    quint64 key;

    explicit LostCommand(Act act, WorkerStatus before = WorkerStatus::Available)
        : worker(add(0, "chromium:a"))
    {
        if (before != WorkerStatus::Available)
            see(sample(0, before));
        fleet.clock.step(100);
        key = give(act, worker);
        lose();
        answer(key, CommandLedgerLostOutcome::Unknown);
        step(20'000);
        find();
    }

    /// Connected again, with this to be seen of the worker.
    CommandProgress foundAs(const WorkerSample &sample)
    {
        fleet.apply(sample);
        live();
        CommandProgress found = progress(key, CommandLedgerLostOutcome::Found);
        found.keyPresent = sample.keyPresent;
        found.status = sample.status;
        return found;
    }
};

} // namespace

class CommandLedgerLostTest : public QObject
{
    Q_OBJECT

private slots:
    // The journal ---------------------------------------------------------------------------------------------------

    void theIntentIsRecordedBeforeTheAct()
    {
        LedgerFixture f;
        FakeJournal journal;
        journal.answersAtOnce = false;
        f.ledger.setJournal(&journal);
        CommandRequest request;
        request.act = Act::ShutdownNow;
        request.reason = u"new image"_s;
        request.workers = {f.add(0, "chromium:a"), f.add(1, "chromium:b")};
        const QUuid group = f.ledger.issue(request);
        QCOMPARE(journal.writes.size(), 1); // All intents at once.
        QCOMPARE(journal.writes.first().entries.size(), 2);
        const JournalEntry intent = journal.writes.first().entries.first();
        QCOMPARE(intent.kind, JournalKind::Command);
        QCOMPARE(intent.step, u"requested"_s);
        QCOMPARE(intent.act, u"shutdown-now"_s);
        QCOMPARE(intent.source, u"prod"_s);
        QCOMPARE(intent.worker, "chromium:a");
        QCOMPARE(intent.group, group);
        QCOMPARE(intent.by, u"ann@ops"_s);
        QCOMPARE(intent.reason, u"new image"_s);
        QVERIFY(f.sent.isEmpty());
        emit journal.written(journal.writes.first().token + 1, true); // Somebody else's.
        QVERIFY(f.sent.isEmpty());
        emit journal.written(journal.writes.first().token, true);
        QCOMPARE(f.sent.size(), 2);
        QVERIFY(!f.ledger.entry(f.sent.first().id)->unrecorded);
        emit journal.written(journal.writes.first().token, true);
        QCOMPARE(f.sent.size(), 2);
    }

    void whatTheJournalCannotTakeGoesUnrecorded()
    {
        LedgerFixture f;
        FakeJournal journal;
        journal.works = false;
        f.ledger.setJournal(&journal);
        const quint64 key = f.give(Act::Drain, f.add(0, "chromium:a"));
        QCOMPARE(f.sent.size(), 1);
        QVERIFY(f.at(key).unrecorded);
    }

    void aSlowJournalIsWaitedForSoLongAndNoLonger()
    {
        LedgerFixture f;
        FakeJournal journal;
        journal.answersAtOnce = false;
        f.ledger.setJournal(&journal);
        const quint64 key = f.give(Act::Shutdown, f.add(0, "chromium:a"));
        QVERIFY(f.sent.isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(f.sent.size(), 1, 15'000);
        QVERIFY(f.at(key).unrecorded);
        // It has got it after all; nothing is sent again.
        emit journal.written(journal.writes.first().token, true);
        QVERIFY(!f.at(key).unrecorded);
        QCOMPARE(f.sent.size(), 1);
    }

    void withoutAJournalItGoesAtOnce()
    {
        LedgerFixture f;
        const quint64 key = f.give(Act::Drain, f.add(0, "chromium:a"));
        QCOMPARE(f.sent.size(), 1);
        QVERIFY(f.at(key).unrecorded);
    }

    void whatWaitsForTheJournalCanBeTakenBack()
    {
        LedgerFixture f;
        FakeJournal journal;
        journal.answersAtOnce = false;
        f.ledger.setJournal(&journal);
        const quint64 key = f.give(Act::ShutdownNow, f.add(0, "chromium:a"));
        f.ledger.cancel({key}, {});
        QCOMPARE(f.stage(key), CommandStage::Withdrawn);
        QCOMPARE(f.stage(key + 1), CommandStage::Done);
        emit journal.written(journal.writes.first().token, true);
        QVERIFY(f.sent.isEmpty());
    }

    void everyStepIsRecorded()
    {
        LedgerFixture f;
        FakeJournal journal;
        f.ledger.setJournal(&journal);
        std::vector<quint64> keys;
        for (WorkerNumber i = 0; i < 3; ++i)
            keys.push_back(f.written(Act::ShutdownNow, f.add(i, "chromium:" + QByteArray::number(i), 2), 1));
        f.fleet.clock.step(100);
        const qsizetype before = journal.writes.size();
        for (WorkerNumber i = 0; i < 3; ++i)
            f.fleet.apply(f.sample(i, WorkerStatus::Draining, 2, true));
        f.fleet.store.publish();
        QCOMPARE(journal.writes.size(), before + 1); // One write a publish.
        QCOMPARE(journal.writes.last().token, quint64(0));
        f.fleet.clock.step(100);
        f.see(f.sample(0, WorkerStatus::Draining, 1, true));
        f.fleet.clock.step(100);
        f.see(f.fleet.gone(0, WorkerEnd::Drained, false));
        QCOMPARE(journal.steps("chromium:0"),
                 (QStringList{u"requested"_s, u"announced"_s, u"picked-up"_s, u"emptying"_s, u"gone"_s}));
    }

    void anIntentHoldsWhatARestartNeeds_data()
    {
        QTest::addColumn<int>("act");
        for (const Act act : allActs)
            QTest::addRow("%s", qPrintable(actName(act))) << int(act);
    }
    void anIntentHoldsWhatARestartNeeds()
    {
        QFETCH(int, act);
        LedgerFixture f;
        FakeJournal journal;
        f.ledger.setJournal(&journal);
        CommandRequest request;
        request.act = Act(act);
        request.ttlMs = 45'000;
        request.reason = u"why; 12 s."_s;
        const WorkerHandle worker = f.add(0, "chromium:a");
        request.workers = {worker};
        if (Act(act) == Act::Cancel)
            f.written(Act::Shutdown, worker);
        f.ledger.issue(request);
        const Command given = f.sent.last();
        const auto restored = commandFromIntent(journal.writes.last().entries.last(), 7);
        QVERIFY(restored.has_value());
        QCOMPARE(restored->id, given.id);
        QCOMPARE(restored->group, given.group);
        QCOMPARE(restored->act, given.act);
        QCOMPARE(restored->source, SourceId(7));
        QCOMPARE(restored->worker, given.worker);
        QCOMPARE(restored->issuedAt, given.issuedAt);
        QCOMPARE(restored->by, given.by);
        QCOMPARE(restored->reason, given.reason);
        QCOMPARE(restored->commandUntil, given.commandUntil);
        if (Act(act) == Act::Shutdown || Act(act) == Act::ShutdownNow)
            QCOMPARE(restored->ttlMs, qint64(45'000));
        if (Act(act) == Act::RemoveKey)
            QCOMPARE(restored->lastHeartbeat, given.lastHeartbeat);
    }

    /// What the journal has of a command is the command, by whatever clock the next run goes.
    void theHistoryIsTheCommand()
    {
        LedgerFixture f;
        f.fleet.clock.setWall(7'200'000);
        FakeJournal journal;
        f.ledger.setJournal(&journal);
        const quint64 key = f.written(Act::Shutdown, f.add(0, "chromium:a"));
        f.fleet.clock.step(3'000);
        f.fleet.apply(f.fleet.alive(0, 0, WorkerStatus::Draining));
        f.step(0);
        const CommandEntry &given = f.at(key);
        QCOMPARE(given.stage, CommandStage::PickedUp);
        QList<JournalEntry> steps;
        for (const auto &write : journal.writes)
            steps += write.entries;
        QCOMPARE(steps.first().at, f.fleet.clock.toWall(given.requestedAt));
        QCOMPARE(steps.first().at, given.command.issuedAt);
        QCOMPARE(steps.last().step, u"picked-up"_s);

        StepClock later(f.fleet.clock.nowMs() + 60'000);
        later.setWall(-1'000); // The machine was started again, and its clock set.
        const qint64 moved = later.toWall(given.writtenAt) - f.fleet.clock.toWall(given.writtenAt);
        const std::optional<RecordedCommand> recorded = commandFromHistory(steps, later);
        QVERIFY(recorded);
        const CommandEntry &read = recorded->entry;
        QCOMPARE(read.stage, CommandStage::PickedUp);
        QCOMPARE(read.command.id, given.command.id);
        QCOMPARE(read.command.issuedAt, given.command.issuedAt);
        QCOMPARE(read.command.ttlMs, given.command.ttlMs);
        QCOMPARE(read.requestedAt + moved, given.requestedAt);
        QCOMPARE(read.writtenAt + moved, given.writtenAt);
        QCOMPARE(read.pickedUpAt + moved, given.pickedUpAt);
        QCOMPARE(read.commandUntil + moved, given.commandUntil);
        QCOMPARE(read.sessionsBefore, given.sessionsBefore);
        QCOMPARE(read.sessionsCut, unknownValue);
        QCOMPARE(read.host, given.host);

        // As an earlier version wrote it: without facts.
        for (JournalEntry &step : steps)
            step.facts = {};
        const std::optional<RecordedCommand> old = commandFromHistory(steps, later);
        QVERIFY(old);
        QCOMPARE(old->entry.stage, CommandStage::PickedUp);
        QCOMPARE(old->entry.command.ttlMs, given.command.ttlMs);
        QCOMPARE(old->entry.requestedAt + moved, given.requestedAt);
        QVERIFY(old->entry.writtenAt > 0 && old->entry.pickedUpAt >= old->entry.writtenAt);
        QVERIFY(!commandFromHistory(steps.mid(1), later)); // Without its intent nobody knows what it was.
    }

    /// Sentences and flags of earlier versions count only where facts have no version.
    void formerWordsCountInFormerFactsOnly_data()
    {
        QTest::addColumn<bool>("former");
        QTest::addColumn<bool>("flag");
        QTest::addColumn<QByteArray>("worker");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<Refusal>("refusal");
        const QByteArray id("chromium:a");
        QTest::newRow("now") << false << false << id << u"worker"_s << Refusal::Server;
        QTest::newRow("now, with a flag") << false << true << id << u"worker"_s << Refusal::Server;
        QTest::newRow("now, like an address") << false << false << QByteArray("@(a)") << u"worker"_s << Refusal::Server;
        QTest::newRow("formerly") << true << false << id << u"worker"_s << Refusal::Server;
        QTest::newRow("formerly, an actor") << true << true << id << u"actor"_s << Refusal::ActorRefused;
        QTest::newRow("formerly, an address") << true << false << QByteArray("@(a)") << u"actor"_s << Refusal::ActorRefused;
    }

    void formerWordsCountInFormerFactsOnly()
    {
        QFETCH(const bool, former);
        QFETCH(const bool, flag);
        QFETCH(const QByteArray, worker);
        StepClock clock;
        RecordedCommand given;
        given.entry.command.id = given.entry.command.group = QUuid::createUuid();
        given.entry.command.worker = worker;
        given.entry.refusal = Refusal::Server;
        given.entry.text = u"the actor refused: busy"_s; // untranslated: as it was written
        JournalEntry line = journalLine(given, clock.nowMs(), clock);
        QCOMPARE(line.facts["version"_L1].toInt(), 1);
        if (former) {
            line.facts.remove("version"_L1);
            line.facts.remove("kind"_L1);
        }
        if (flag)
            line.facts.insert("actor"_L1, true);
        const std::optional<RecordedCommand> read = commandFromHistory({line}, clock);
        QVERIFY(read);
        QTEST(read->entry.traits->kindName(), "kind");
        QTEST(read->entry.refusal, "refusal");
    }

    /// A command that had been read before the restart, and whose worker is in no view any more.
    void whoWentMeanwhileIsLookedUpAndKeepsItsTimes_data()
    {
        QTest::addColumn<WorkerEnd>("seen"); ///< By another console.
        QTest::addColumn<CommandStage>("stage");
        QTest::newRow("nobody looked") << WorkerEnd::None << CommandStage::Gone;
        QTest::newRow("seen to end in order") << WorkerEnd::Drained << CommandStage::Gone;
        QTest::newRow("seen to die") << WorkerEnd::Expired << CommandStage::Lost;
    }

    void whoWentMeanwhileIsLookedUpAndKeepsItsTimes()
    {
        QFETCH(WorkerEnd, seen);
        QFETCH(CommandStage, stage);
        LedgerFixture f;
        f.fleet.setState(SourceState::Loading);
        f.step(0);
        RecordedCommand recorded;
        CommandEntry &entry = recorded.entry;
        entry.command.id = QUuid::createUuid();
        entry.command.group = QUuid::createUuid();
        entry.command.source = f.fleet.status.source;
        entry.command.worker = "chromium:a";
        entry.stage = CommandStage::PickedUp;
        entry.requestedAt = f.fleet.clock.nowMs() - 60'000;
        entry.writtenAt = entry.requestedAt + 10;
        entry.pickedUpAt = entry.requestedAt + 4'000;
        if (seen != WorkerEnd::None)
            f.fleet.store.takePastEnd(f.fleet.store.sourceName(entry.command.source), "chromium:a",
                                      {seen, entry.requestedAt + 9'000});
        const quint64 key = f.ledger.restore(recorded, false);
        QCOMPARE(f.at(key).stage, CommandStage::PickedUp);
        f.step(0);
        QVERIFY(f.asked.isEmpty()); // Its worker may be in what is still being read.
        f.fleet.setState(SourceState::Live);
        f.step(0);
        QCOMPARE(f.asked.size(), 1);
        CommandProgress found;
        found.command = entry.command.id;
        found.source = entry.command.source;
        found.at = f.fleet.clock.nowMs();
        found.outcome = CommandProgress::Outcome::Found;
        f.ledger.takeProgress({found});
        QCOMPARE(f.at(key).stage, stage);
        QCOMPARE(f.at(key).writtenAt, entry.writtenAt);
        QCOMPARE(f.at(key).pickedUpAt, entry.pickedUpAt);
        QCOMPARE(f.at(key).endedAt, seen == WorkerEnd::None ? found.at : entry.requestedAt + 9'000);
        QCOMPARE(f.at(key).timesFound, seen == WorkerEnd::None);
    }

    // The connection is lost ----------------------------------------------------------------------------------------

    void nothingIsGuessedWhileTheSourceIsAway()
    {
        LedgerFixture f;
        const quint64 unread = f.written(Act::Shutdown, f.add(0, "chromium:a"));
        const quint64 draining = f.written(Act::ShutdownNow, f.add(1, "chromium:b", 2), 1);
        f.fleet.clock.step(100);
        f.see(f.sample(1, WorkerStatus::Draining, 2, true));
        f.lose();
        for (int i = 0; i < 20; ++i)
            f.step(10'000);
        QCOMPARE(f.stage(unread), CommandStage::Written);
        QCOMPARE(f.stage(draining), CommandStage::PickedUp);
        f.find();
        f.fleet.apply(f.sample(0, WorkerStatus::Available));
        f.fleet.apply(f.sample(1, WorkerStatus::Draining, 2));
        f.live();
        f.step(1'000);
        QCOMPARE(f.stage(unread), CommandStage::ExpiredUnread);
        QCOMPARE(f.stage(draining), CommandStage::Overdue);
    }

    void whatIsUncertainIsLookedUpAndNeverRepeated()
    {
        LostCommand f(Act::Shutdown);
        QCOMPARE(f.stage(f.key), CommandStage::Unknown);
        QVERIFY(f.asked.isEmpty());
        f.foundAs(f.sample(0, WorkerStatus::Available));
        QCOMPARE(f.asked.size(), 1);
        QCOMPARE(f.asked.first().id, f.at(f.key).command.id);
        f.answer(f.key, CommandLedgerLostOutcome::Unknown); // It could not be read: asked again after a while.
        f.step(1'000);
        QCOMPARE(f.asked.size(), 1);
        f.step(5'000);
        QCOMPARE(f.asked.size(), 2);
        QCOMPARE(f.sent.size(), 1);
        // Until it is known the worker takes no other.
        QCOMPARE(f.at(f.give(Act::Shutdown, f.worker)).refusal, Refusal::HasCommand);
    }

    void foundShutdownIsThere()
    {
        LostCommand f(Act::ShutdownNow);
        CommandProgress found = f.foundAs(f.sample(0, WorkerStatus::Available, 0, true));
        found.commandPresent = true;
        found.commandTtl = 39'000;
        f.ledger.takeProgress({found});
        QCOMPARE(f.stage(f.key), CommandStage::Written);
        QCOMPARE(f.at(f.key).commandUntil, f.fleet.clock.nowMs() + 39'000);
        QVERIFY(f.at(f.key).text.contains("may be this one"_L1));
        QVERIFY(f.ledger.wasToldToShutDown(f.worker));
        QCOMPARE(f.ledger.size(), 1); // And is not shown as somebody else's.
    }

    void foundShutdownOfSomebodyElse()
    {
        LostCommand f(Act::Shutdown);
        WorkerSample sample = f.sample(0, WorkerStatus::Available, 0, true);
        sample.commandUntil = f.fleet.clock.nowMs() + 300'000;
        CommandProgress found = f.foundAs(sample);
        found.commandPresent = true;
        found.commandTtl = 300'000; // Longer than ours would ever last.
        f.ledger.takeProgress({found});
        QCOMPARE(f.stage(f.key), CommandStage::Refused);
        QCOMPARE(f.at(f.key).refusal, Refusal::AlreadyCommanded);
        f.step(100);
        QCOMPARE(f.ledger.size(), 2);
        QVERIFY(f.at(f.key + 1).theirs);
    }

    void foundDraining()
    {
        LostCommand f(Act::ShutdownNow);
        f.ledger.takeProgress({f.foundAs(f.sample(0, WorkerStatus::Draining, 1))});
        QCOMPARE(f.stage(f.key), CommandStage::PickedUp);
        QVERIFY(f.at(f.key).text.contains("not known"_L1));
    }

    void foundDrainingAsItWasBefore()
    {
        LostCommand f(Act::ShutdownNow, WorkerStatus::Draining);
        f.ledger.takeProgress({f.foundAs(f.sample(0, WorkerStatus::Draining, 1))});
        QCOMPARE(f.stage(f.key), CommandStage::Refused);
        QCOMPARE(f.at(f.key).refusal, Refusal::NotConnected);
        QVERIFY(f.ledger.wasToldToShutDown(f.worker)); // It may have been.
    }

    void foundGone()
    {
        LostCommand f(Act::ShutdownNow);
        f.ledger.takeProgress({f.foundAs(f.fleet.gone(0, WorkerEnd::Unseen, false))});
        QCOMPARE(f.stage(f.key), CommandStage::Gone);
        QVERIFY(f.at(f.key).text.contains("not known"_L1));
    }

    /// The look-up finds no key, and the store has not seen the worker end: its key may be lost, and that is no end.
    void foundNoKey_data()
    {
        QTest::addColumn<int>("act");
        QTest::newRow("shutdown") << int(Act::ShutdownNow);
        QTest::newRow("drain") << int(Act::Drain);
    }
    void foundNoKey()
    {
        QFETCH(const int, act);
        LostCommand f{Act(act)};
        f.live();
        f.ledger.takeProgress({f.progress(f.key, CommandProgress::Outcome::Found)});
        QCOMPARE(f.stage(f.key), CommandStage::Unknown);
        const qsizetype asked = f.asked.size();
        f.step(6'000);
        QVERIFY(f.asked.size() > asked); // It is looked up again.
        f.see(f.fleet.gone(0, WorkerEnd::Drained, false));
        f.ledger.takeProgress({f.progress(f.key, CommandProgress::Outcome::Found)});
        QCOMPARE(f.stage(f.key), CommandStage::Gone);
    }

    void foundNothing_data()
    {
        QTest::addColumn<qint64>("later");
        QTest::addColumn<int>("stage");
        QTest::newRow("in its time: it was not written") << qint64(0) << int(CommandStage::Refused);
        QTest::newRow("after its time") << qint64(60'000) << int(CommandStage::ExpiredUnread);
    }
    void foundNothing()
    {
        QFETCH(qint64, later);
        QFETCH(int, stage);
        LostCommand f(Act::Shutdown);
        f.fleet.clock.step(later);
        f.ledger.takeProgress({f.foundAs(f.sample(0, WorkerStatus::Available))});
        QCOMPARE(int(f.stage(f.key)), stage);
        QCOMPARE(f.at(f.key).refusal, later > 0 ? Refusal::None : Refusal::NotConnected);
        QCOMPARE(f.sent.size(), 1);
    }

    void foundDrain_data()
    {
        QTest::addColumn<bool>("own");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("stage");
        QTest::newRow("ours") << true << int(WorkerStatus::Draining) << int(CommandStage::Done);
        QTest::newRow("ours, resumed") << true << int(WorkerStatus::Available) << int(CommandStage::Withdrawn);
        QTest::newRow("somebody else's") << false << int(WorkerStatus::Draining) << int(CommandStage::Refused);
        QTest::newRow("none") << false << int(WorkerStatus::Available) << int(CommandStage::Refused);
    }
    void foundDrain()
    {
        QFETCH(bool, own);
        QFETCH(int, status);
        QFETCH(int, stage);
        LostCommand f(Act::Drain);
        CommandProgress found = f.foundAs(f.sample(0, WorkerStatus(status)));
        found.ownDrain = own;
        f.ledger.takeProgress({found});
        QCOMPARE(int(f.stage(f.key)), stage); // It has no sessions: ours is done.
    }

    void foundOthers_data()
    {
        QTest::addColumn<int>("act");
        QTest::addColumn<bool>("present");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("stage");
        QTest::newRow("resumed") << int(Act::Resume) << true << int(WorkerStatus::Available) << int(CommandStage::Done);
        QTest::newRow("not resumed") << int(Act::Resume) << true << int(WorkerStatus::Draining) << int(CommandStage::Refused);
        QTest::newRow("key removed") << int(Act::RemoveKey) << false << int(WorkerStatus::Missing) << int(CommandStage::Done);
        QTest::newRow("key not removed") << int(Act::RemoveKey) << true << int(WorkerStatus::Available)
                                         << int(CommandStage::Refused);
        QTest::newRow("reap: key back") << int(Act::Reap) << true << int(WorkerStatus::Available) << int(CommandStage::Refused);
    }
    void foundOthers()
    {
        QFETCH(int, act);
        QFETCH(bool, present);
        QFETCH(int, status);
        QFETCH(int, stage);
        LostCommand f{Act(act)};
        WorkerSample sample = f.sample(0, WorkerStatus(status));
        if (!present)
            sample = f.fleet.gone(0, WorkerEnd::Left, false);
        f.ledger.takeProgress({f.foundAs(sample)});
        QCOMPARE(int(f.stage(f.key)), stage);
    }

    void foundCancel_data()
    {
        QTest::addColumn<bool>("there");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("cancel");
        QTest::addColumn<int>("target");
        QTest::newRow("taken back") << false << int(WorkerStatus::Available) << int(CommandStage::Done)
                                    << int(CommandStage::Withdrawn);
        QTest::newRow("still there") << true << int(WorkerStatus::Available) << int(CommandStage::Refused)
                                     << int(CommandStage::Written);
        QTest::newRow("read") << false << int(WorkerStatus::Draining) << int(CommandStage::TooLate)
                              << int(CommandStage::PickedUp);
    }
    void foundCancel()
    {
        QFETCH(bool, there);
        QFETCH(int, status);
        QFETCH(int, cancel);
        QFETCH(int, target);
        LedgerFixture f;
        const quint64 key = f.written(Act::Shutdown, f.add(0, "chromium:a", 1));
        f.see(f.sample(0, WorkerStatus::Available, 1, true));
        f.ledger.cancel({key}, {});
        f.lose();
        f.answer(key + 1, CommandLedgerLostOutcome::Unknown);
        f.step(5'000);
        f.find();
        f.fleet.apply(f.sample(0, WorkerStatus(status), 1, there));
        f.live();
        QCOMPARE(f.asked.size(), 1);
        CommandProgress found = f.progress(key + 1, CommandLedgerLostOutcome::Found);
        found.keyPresent = true;
        found.status = WorkerStatus(status);
        found.commandPresent = there;
        f.ledger.takeProgress({found});
        QCOMPARE(int(f.stage(key + 1)), cancel);
        QCOMPARE(int(f.stage(key)), target);
    }

    void aCommandOfAnEarlierRunIsLookedUp()
    {
        LedgerFixture f;
        f.lose();
        Command command;
        command.id = QUuid::createUuid();
        command.group = QUuid::createUuid();
        command.act = Act::ShutdownNow;
        command.source = 1;
        command.worker = "chromium:a";
        command.issuedAt = f.fleet.clock.nowMs() - 10'000;
        const quint64 key = f.ledger.restore(command, command.issuedAt, true);
        QCOMPARE(f.ledger.restore(command, command.issuedAt, true), key);
        QCOMPARE(f.stage(key), CommandStage::Unknown);
        QVERIFY(f.ledger.group(command.group)->rolling);
        f.step(100);
        QVERIFY(f.asked.isEmpty());
        f.find();
        const WorkerHandle worker = f.add(0, "chromium:a", 2); // Not known until now.
        QCOMPARE(f.at(key).handle, worker);
        QCOMPARE(f.ledger.openKey(worker), key);
        f.live();
        QCOMPARE(f.asked.size(), 1);
        CommandProgress found = f.progress(key, CommandLedgerLostOutcome::Found);
        found.keyPresent = true;
        found.status = WorkerStatus::Draining;
        f.ledger.takeProgress({found});
        QCOMPARE(f.stage(key), CommandStage::PickedUp);
        QVERIFY(f.ledger.wasToldToShutDown(worker));
        QVERIFY(f.sent.isEmpty());
        f.fleet.clock.step(1'000);
        f.see(f.fleet.gone(0, WorkerEnd::Drained, false));
        QCOMPARE(f.stage(key), CommandStage::Gone);
    }

    void aSourceThatIsTakenAwayLeavesNothingWaiting()
    {
        LedgerFixture f;
        FakeJournal journal;
        journal.answersAtOnce = false;
        f.ledger.setJournal(&journal);
        const quint64 unsent = f.give(Act::Drain, f.add(0, "chromium:a"));
        const quint64 waiting = f.give(Act::Drain, f.add(1, "chromium:b"));
        emit journal.written(journal.writes.last().token, true);
        QCOMPARE(f.sent.size(), 1);
        f.fleet.store.removeSource(1);
        f.fleet.store.publish();
        QCOMPARE(f.stage(unsent), CommandStage::Refused);
        QCOMPARE(f.stage(waiting), CommandStage::Unknown);
        emit journal.written(journal.writes.first().token, true);
        QCOMPARE(f.sent.size(), 1);
    }
};

PULSEDECK_TEST(CommandLedgerLostTest, runWithEvents)
#include "commandledgerlost_test.moc"
