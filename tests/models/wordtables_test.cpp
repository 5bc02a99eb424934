// SPDX-License-Identifier: GPL-3.0-or-later
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
    for (int note = 0; note <= int(CommandNote::FoundTakenOrNot); ++note)
        QCOMPARE(commandNoteFromName(commandNoteName(CommandNote(note))), CommandNote(note));
}

void WordTablesTest::everyEventHasWords()
{
    for (int kind = 0; kind <= int(FleetEventKind::SourceBack); ++kind) {
        for (int value = -1; value <= int(WorkerEnd::Unseen); ++value) {
            for (const BeatBasis basis : {BeatBasis::KeyTtl, BeatBasis::Registration, BeatBasis::Connection}) {
                FleetEvent event;
                event.kind = FleetEventKind(kind);
                const bool statuses = event.kind == FleetEventKind::StatusChanged;
                event.a = statuses ? qMin(qMax(value, 0), int(WorkerStatus::Other)) : value;
                event.b = int(WorkerStatus::Draining);
                const QString line = eventText(event, basis);
                QVERIFY2(!line.isEmpty() && !line.contains(u'%'), qPrintable(line));
                const QString step = eventStep(event);
                if (step.isEmpty())
                    continue;
                const QString sentence = eventSentence(event, basis, u"Worker 7f3a9c12"_s);
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
    QCOMPARE(eventText(event, BeatBasis::Registration), u"stale, last renewal 30.0 s ago"_s);
    event.kind = FleetEventKind::Ended;
    event.a = int(WorkerEnd::Drained);
    event.b = int(WorkerStatus::ShuttingDown);
    QCOMPARE(eventText(event), u"gone after its drain"_s);
    QCOMPARE(eventText(event, BeatBasis::Registration), u"gone after the shutdown"_s);
    // Nor is anything known of a connection but that it is there no more.
    event.a = int(WorkerEnd::Left);
    QCOMPARE(eventText(event, BeatBasis::Connection), u"gone: its connection ended, and why cannot be known"_s);
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
