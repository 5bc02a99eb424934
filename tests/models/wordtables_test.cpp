// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandpreview.h"
#include "models/commands/commandwords.h"
#include "models/fleet/eventwords.h"
#include "models/protocol/command.h"
#include "models/protocol/commandnote.h"
#include "models/protocol/timingparameter.h"
#include "models/sources/hubprotocol.h"
#include "tests/support/testprogram.h"

#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

SourceTraits restingOn(BeatBasis basis)
{
    SourceTraits traits;
    traits.basis = basis;
    return traits;
}

/// Of a system that a layout describes.
SourceTraits laidOut(BeatBasis basis)
{
    SourceTraits traits = restingOn(basis);
    traits.facts.setFlag(SourceFact::Counters, false);
    return traits;
}

} // namespace

/// The tables of words: what files and other programs read, and what people read.
class WordTablesTest : public QObject
{
    Q_OBJECT

private slots:
    void machineWordsStayApartFromLabels();
    void endsAreReadBack();
    void everyFlagHasAWord();
    void formerWordsAreStillRead();
    void everyEventHasWords();
    void registrationsHaveTheirOwnWords();
    void otherSystemsHaveTheirOwnWords();
    void aSentenceOfTheSystemSaysWhy();
    void manyEventsAreOneSentence();
    void timingParametersHaveLabels();
};

void WordTablesTest::machineWordsStayApartFromLabels()
{
    QCOMPARE(livenessName(Liveness::NoTtl), u"no-ttl"_s);
    QCOMPARE(livenessLabel(Liveness::NoTtl), u"no TTL"_s);
    QCOMPARE(statusName(WorkerStatus::ShuttingDown), u"shutting-down"_s);
    QCOMPARE(statusLabel(WorkerStatus::ShuttingDown), u"shutting down"_s);
    Worker worker;
    worker.liveness = Liveness::Departed;
    worker.end = WorkerEnd::Drained;
    worker.status = WorkerStatus::ShuttingDown;
    QCOMPARE(livenessName(worker), u"drained"_s); // Its status would have shown a drain.
    worker.traits = hubTraits();
    QCOMPARE(livenessName(worker), u"shut-down"_s);
    QCOMPARE(livenessLabel(worker), u"shut down"_s);
    worker.end = WorkerEnd::Unseen;
    QCOMPARE(livenessName(worker), u"gone-unseen"_s);
    QCOMPARE(livenessLabel(worker), u"gone, unseen"_s);
    worker.end = WorkerEnd::None;
    QCOMPARE(livenessName(worker), u"departed"_s);
}

void WordTablesTest::endsAreReadBack()
{
    for (int end = 0; end <= int(WorkerEnd::Unseen); ++end)
        QCOMPARE(endFromName(endName(WorkerEnd(end))), WorkerEnd(end));
    QCOMPARE(endFromName(u"eaten"_s), WorkerEnd::None);
}

void WordTablesTest::everyFlagHasAWord()
{
    const WorkerFlags all = WorkerFlags::fromInt((1u << workerFlagCount) - 1);
    QCOMPARE(flagNames(all).size(), workerFlagCount);
    QCOMPARE(flagNames(all).removeDuplicates(), 0);
    QCOMPARE(flagLabels(all).size(), workerFlagCount);
    QCOMPARE(flagNames(WorkerFlag::ClockSkew | WorkerFlag::Untyped), (QStringList{u"untyped"_s, u"clock-skew"_s}));
    QCOMPARE(flagLabels(WorkerFlag::ClockSkew), QStringList{u"clock skew"_s});
}

// Entries of earlier versions hold words instead of names, and those words were others.
void WordTablesTest::formerWordsAreStillRead()
{
    QCOMPARE(refusalFromText(u"told to shut down"), Refusal::ShutdownGiven);
    QCOMPARE(refusalFromText(u"already commanded"), Refusal::AlreadyCommanded);
    QCOMPARE(refusalFromText(u"has eaten"), Refusal::None);
    QCOMPARE(refusalFromText(u""), Refusal::None);
    QCOMPARE(commandNoteFromText(u"it drains already"), CommandNote::DrainsAlready);
    QCOMPARE(commandNoteFromText(u"it went unseen; whether by this command is not known"), CommandNote::WentUnseen);
    QCOMPARE(commandNoteFromText(u"it has eaten"), std::nullopt);
    for (int note = 0; note <= int(CommandNote::ResumedOrBegan); ++note)
        QCOMPARE(commandNoteFromName(commandNoteName(CommandNote(note))), CommandNote(note));
}

void WordTablesTest::everyEventHasWords()
{
    for (int kind = 0; kind <= int(FleetEventKind::SourceBack); ++kind) {
        for (int value = -1; value <= int(WorkerEnd::Unseen); ++value) {
            for (const SourceTraits &traits :
                 {SourceTraits(), restingOn(BeatBasis::Registration), restingOn(BeatBasis::Connection),
                  laidOut(BeatBasis::KeyTtl), laidOut(BeatBasis::Events)}) {
                FleetEvent event;
                event.kind = FleetEventKind(kind);
                const bool statuses = event.kind == FleetEventKind::StatusChanged;
                event.a = statuses ? qMin(qMax(value, 0), int(WorkerStatus::Other)) : value;
                event.b = int(WorkerStatus::Draining);
                const QString line = eventText(event, traits);
                QVERIFY2(!line.isEmpty() && !line.contains(u'%'), qPrintable(line));
                const QString step = eventStep(event);
                if (step.isEmpty())
                    continue;
                const QString sentence = eventSentence(event, traits, u"Worker 7f3a9c12"_s);
                QVERIFY2(sentence.startsWith(u"Worker 7f3a9c12 "_s) && !sentence.contains(u'%'), qPrintable(sentence));
                const QString summary = eventSummary(step, 73, {u"one"_s, u"two"_s});
                QVERIFY2(summary.startsWith(u"73 workers "_s) && summary.endsWith(u": one, two and 71 more"_s),
                         qPrintable(summary));
            }
        }
    }
}

void WordTablesTest::registrationsHaveTheirOwnWords()
{
    FleetEvent event;
    event.kind = FleetEventKind::WentStale;
    event.a = 30'000;
    QCOMPARE(eventText(event), u"stale, last beat 30.0 s ago"_s);
    QCOMPARE(eventText(event, restingOn(BeatBasis::Registration)), u"stale, last renewal 30.0 s ago"_s);
    event.kind = FleetEventKind::Ended;
    event.a = int(WorkerEnd::Drained);
    event.b = int(WorkerStatus::ShuttingDown);
    QCOMPARE(eventText(event), u"gone after its drain"_s);
    QCOMPARE(eventText(event, restingOn(BeatBasis::Registration)), u"gone after the shutdown"_s);
    // Nor is anything known of a connection but that it is there no more.
    event.a = int(WorkerEnd::Left);
    QCOMPARE(eventText(event, restingOn(BeatBasis::Connection)), u"gone: its connection ended, and why cannot be known"_s);
    event.kind = FleetEventKind::ClockSkewSeen;
    event.a = -2'000;
    QCOMPARE(eventText(event), u"its clock is 2.0 s ahead"_s);
    event.kind = FleetEventKind::StatusChanged;
    event.a = int(WorkerStatus::Available);
    QCOMPARE(eventText(event), u"available → shutting down"_s);
    QCOMPARE(eventTone(event), EventTone::Draining);
    event.b = int(WorkerStatus::Available);
    QCOMPARE(eventTone(event), EventTone::Ordinary);
}

/// Neither sessions nor counters nor keys of its own are claimed of the workers of other systems.
void WordTablesTest::otherSystemsHaveTheirOwnWords()
{
    FleetEvent event;
    event.kind = FleetEventKind::SessionsChanged;
    event.a = 2;
    event.b = 1;
    QCOMPARE(eventText(event), u"sessions 2 → 1"_s);
    QCOMPARE(eventText(event, laidOut(BeatBasis::KeyTtl)), u"at work: 2 → 1"_s);
    event.kind = FleetEventKind::CountersReaped;
    QCOMPARE(eventText(event, laidOut(BeatBasis::KeyTtl)), u"its entry was removed"_s);
    event.kind = FleetEventKind::Ended;
    event.a = int(WorkerEnd::Left);
    QCOMPARE(eventText(event, laidOut(BeatBasis::KeyTtl)), u"left: it removed its entry"_s);
    event.a = int(WorkerEnd::Expired);
    QCOMPARE(eventText(event, laidOut(BeatBasis::KeyTtl)), u"gone: its key expired"_s);
    QCOMPARE(eventText(event, laidOut(BeatBasis::Events)), u"gone: no beat came in time"_s);
    // One that was killed, and one that may have lost its key.
    event.kind = FleetEventKind::KeyLost;
    event.a = 2;
    event.b = 1;
    QCOMPARE(eventStep(event), u"ghost"_s);
    QCOMPARE(
        eventSentence(event, laidOut(BeatBasis::KeyTtl), u"Process app-4"_s),
        u"Process app-4 is a ghost: its key is gone, and it did not leave the registry; it had 2 at work when it was last read"_s);
    event.a = 0;
    QCOMPARE(eventText(event, laidOut(BeatBasis::KeyTtl)), u"a ghost: its key is gone, and it did not leave the registry"_s);
    event.b = 0;
    QCOMPARE(eventStep(event), u"key-lost"_s);
    QVERIFY(eventText(event).startsWith(u"its key is lost"_s));
    QCOMPARE(workLeftText(SourceTraits(), 1), u"1 session open"_s);
    SourceTraits jobs = laidOut(BeatBasis::KeyTtl);
    jobs.countingJobs = SourceTraits::countingOf(u"job"_s);
    QCOMPARE(workLeftText(jobs, 2), u"2 jobs at work"_s);
    QCOMPARE(workLeftText(jobs, unknownValue), u"how much is at work is not known"_s);
}

/// A sentence of the system stands for itself: the words of the refusal before it would say it twice, or say something else.
void WordTablesTest::aSentenceOfTheSystemSaysWhy()
{
    SourceTraits traits = laidOut(BeatBasis::KeyTtl);
    traits.acts[size_t(Act::PauseQueue)].writes = {{"SET", "{queue}:paused", "1"}};
    CommandEntry entry;
    entry.traits = TraitsRef::of(traits);
    entry.command.act = Act::PauseQueue;
    // Two systems may have a queue of that name.
    entry.command.scope = ActScope::Queue;
    entry.command.queue = "default";
    entry.stage = CommandStage::Requested;
    QCOMPARE(stageSentence(entry), u"Pause the queue default of %1."_s.arg(traits.system));
    entry.stage = CommandStage::Refused;
    entry.refusal = Refusal::GuardFailed;
    entry.setText(u"The queue is paused already."_s);
    QCOMPARE(stageSentence(entry), u"Nothing was done. The queue is paused already."_s);
    QCOMPARE(refusalReason(entry), u"The queue is paused already"_s);
    entry.setText(u"state is idle"_s);
    QCOMPARE(refusalReason(entry), u"not possible in its state (state is idle)"_s);
    // What a server says ends with a full stop as well, and needs the words before it.
    entry.refusal = Refusal::Server;
    entry.setText(u"OOM command not allowed."_s);
    QCOMPARE(refusalReason(entry), u"refused by the server (OOM command not allowed.)"_s);
    // Not every system has keys.
    entry.refusal = Refusal::KeyGone;
    entry.setText({});
    QCOMPARE(refusalText(entry), u"it is gone"_s);
    entry.traits = {};
    QCOMPARE(refusalText(entry), u"key gone"_s);
    CapacityChange change;
    QCOMPARE(change.name(), u"workers without a type"_s);
    traits.system = u"RQ"_s;
    change.traits = TraitsRef::of(traits);
    QCOMPARE(change.name(), u"RQ workers"_s);
}

void WordTablesTest::manyEventsAreOneSentence()
{
    QCOMPARE(withRest({u"one"_s}, 1), u"one"_s);
    QCOMPARE(withRest({u"one"_s, u"two"_s}, 1'209), u"one, two and 1,207 more"_s);
    QCOMPARE(eventSummary(u"stale"_s, 1'209, {u"one"_s, u"two"_s}), u"1,209 workers are stale: one, two and 1,207 more"_s);
}

void WordTablesTest::timingParametersHaveLabels()
{
    QSet<QString> labels;
    for (const TimingId id : allTimings)
        labels.insert(timingLabel(id));
    QCOMPARE(labels.size(), timingCount);
    QCOMPARE(timingLabel(TimingId::WorkerKeyTtl), u"key TTL"_s);
    QCOMPARE(timingText(TimingProfile::notUsed), u"none"_s);
}

} // namespace pulsedeck

using pulsedeck::WordTablesTest;
PULSEDECK_TEST(WordTablesTest, pulsedeck::runWithEvents)
#include "wordtables_test.moc"
