// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/spanreader.h"
#include "models/history/spanwalk.h"
#include "tests/support/patience.h"
#include "tests/support/spanscene.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include <numeric>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class SpanReportTest : public QObject
{
    Q_OBJECT

    static constexpr qint64 at = SpanScene::begins + 120'000;

    static const SpanCause *causeOf(const SpanReport &report, SpanGroup group)
    {
        for (const SpanCause &cause : report.causes) {
            if (cause.group == group)
                return &cause;
        }
        return nullptr;
    }
    template <typename Number> static quint64 sum(const std::vector<Number> &values)
    {
        return std::accumulate(values.begin(), values.end(), quint64(0));
    }

private slots:
    void aCalmSpanHasNobody()
    {
        SpanScene scene;
        scene.addFleet();
        const SpanReport report = scene.report();
        QCOMPARE(report.workers, 400);
        QVERIFY(!report.isBlank());
        QVERIFY(report.causes.empty());
        QVERIFY(report.gaps.empty());
        QVERIFY(report.lanes.empty());
        QVERIFY(report.unwatched.empty());
        QCOMPARE(report.beginsAt, SpanScene::begins);
        QCOMPARE(sum(report.steps.received), quint64(400 * 60));
        QCOMPARE(sum(report.steps.expected), quint64(400 * 60));
        QCOMPARE(sum(report.steps.late), quint64(0));
    }

    void lostWorkersOfOneHostAreItsFault()
    {
        SpanScene scene;
        scene.addFleet();
        for (int i = 170; i < 180; ++i)
            SpanScene::lose(scene.entries[size_t(i)], at + i * 10);
        SpanScene::silence(scene.entries[3], at - 30'000, at - 20'000); // Late by itself.
        const SpanReport report = scene.report();
        QCOMPARE(report.count(SpanGroup::Lost).workers, 10);
        QCOMPARE(report.count(SpanGroup::Silent).workers, 11);
        QCOMPARE(report.count(SpanFact::Late).workers, 11);
        QCOMPARE(report.count(SpanFact::Stale).workers, 10);
        QCOMPARE(report.count(SpanFact::Lost).already, 0);
        qint64 lastBeat = SpanScene::ends;
        for (size_t i = 170; i < 180; ++i)
            lastBeat = std::min(lastBeat, SpanScene::lastBeat(scene.entries[i], SpanScene::ends));
        QCOMPARE(report.count(SpanFact::Lost).first, lastBeat + 60'000);
        QCOMPARE(report.beginsAt, lastBeat + 15'000); // Not when it was known for sure, but when it showed.

        const SpanCause *cause = causeOf(report, SpanGroup::Lost);
        QVERIFY(cause && cause->cause.likeliest);
        QCOMPARE(cause->cause.likeliest->trait, SharedTrait::Host);
        QCOMPARE(cause->cause.likeliest->value, u"10.4.2.17"_s);
        QCOMPARE(cause->cause.likeliest->affectedInside, 10);
        QCOMPARE(cause->silentOutside, 1);
        QVERIFY(!cause->outage);

        const auto hosts = std::find_if(report.traits.begin(), report.traits.end(),
                                        [](const SpanTrait &trait) { return trait.trait == SharedTrait::Host; });
        QVERIFY(hosts != report.traits.end());
        QCOMPARE(hosts->values.front().value, u"10.4.2.17"_s);
        QCOMPARE(hosts->values.front().affected[size_t(SpanGroup::Lost)], 10);
        QCOMPARE(hosts->values.size(), size_t(2));
        QCOMPARE(hosts->unaffected, 38);
        QCOMPARE(report.lanes.size(), size_t(11));
        QCOMPARE(report.lanes.back().worker.id, QByteArray("w3"));
    }

    void randomLatenessHasNoCommonCause()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 20; ++round) {
            SpanScene scene;
            scene.addFleet();
            for (SpanScene::Entry &entry : scene.entries) {
                if (random.bounded(100) < 7)
                    SpanScene::silence(entry, at + random.bounded(60'000), at + 80'000);
            }
            const SpanReport report = scene.report();
            QVERIFY(report.count(SpanGroup::Silent).workers > 5);
            const SpanCause *cause = causeOf(report, SpanGroup::Silent);
            QVERIFY(cause);
            QVERIFY(!cause->cause.likeliest);
        }
    }

    void nearlyAllPointsAtTheOutageOfTheSource()
    {
        SpanScene scene;
        scene.addFleet();
        SpanScene::Entry &source = scene.addSource(u"prod-eu"_s);
        SpanScene::change(source, at, LaneFact::State, qint64(SourceState::Stalled));
        SpanScene::change(source, at + 22'000, LaneFact::State, qint64(SourceState::Live));
        HistoryEvent &event = scene.event(at + 22'000, "outage");
        event.facts = {{u"from"_s, at}, {u"to"_s, at + 22'000}};
        for (size_t i = 0; i < 400; ++i) {
            if (i % 100 != 0)
                SpanScene::silence(scene.entries[i], at, at + 22'000);
        }
        const SpanReport report = scene.report();
        QCOMPARE(report.outages, (std::vector<SpanOutage>{{u"prod-eu"_s, at, at + 22'000}})); // Told twice, and one.
        const SpanCause *cause = causeOf(report, SpanGroup::Silent);
        QVERIFY(cause);
        QVERIFY(cause->cause.nearlyAll);
        QVERIFY(!cause->cause.likeliest);
        QVERIFY(cause->outage);
        QCOMPARE(cause->outage->from, at);
        QCOMPARE(report.changes.size(), size_t(1));
        QCOMPARE(report.changes.front().kind, SpanChangeKind::Outage);
    }

    void anOutageOfAnotherTimeIsNotNamed()
    {
        SpanScene scene;
        scene.addFleet();
        HistoryEvent &event = scene.event(at, "outage");
        event.facts = {{u"from"_s, SpanScene::begins - 250'000}, {u"to"_s, SpanScene::begins - 200'000}};
        for (size_t i = 0; i < 400; ++i)
            SpanScene::silence(scene.entries[i], at, at + 22'000);
        const SpanReport report = scene.report();
        QVERIFY(causeOf(report, SpanGroup::Silent)->cause.nearlyAll);
        QVERIFY(!causeOf(report, SpanGroup::Silent)->outage);
    }

    void changesAreOrderedByNearness()
    {
        SpanScene scene;
        scene.addFleet();
        for (int i = 0; i < 10; ++i)
            SpanScene::lose(scene.entries[size_t(i)], at);
        const QString group = u"11111111-1111-1111-1111-111111111111"_s;
        for (int i = 0; i < 12; ++i) {
            for (const char *step : {"requested", "picked-up"}) {
                HistoryEvent &event = scene.event(SpanScene::begins - 100'000 + i * 10, "command");
                event.worker = "w" + QByteArray::number(i);
                event.act = u"drain"_s;
                event.step = QString::fromLatin1(step);
                event.by = u"anna"_s;
                event.facts = {{u"group"_s, group}, {u"command"_s, QString::number(i)}};
            }
        }
        scene.event(at - 5'000, "timing").text = u"Timing applied"_s;
        HistoryEvent &clock = scene.event(at - 1'000, "console");
        clock.source.clear();
        clock.step = u"clock-set"_s;
        scene.event(SpanScene::begins - 301'000, "timing").text = u"long before"_s;
        scene.event(at + 200'000, "timing").text = u"afterwards"_s;
        scene.event(at - 200, "console").step = u"started"_s; // Changes no worker.
        scene.event(at - 100, "fleet").text = u"what came of it is no change"_s;
        for (int i = 0; i < 3; ++i) {
            SpanScene::Entry &fresh = scene.add("new" + QByteArray::number(i), "10.9.9.9");
            SpanScene::begin(fresh, at - 40'000 + i * 1'000);
            fresh.lane.version = u"2.8.1"_s;
        }
        const SpanReport report = scene.report();
        QCOMPARE(report.count(SpanFact::Began).workers, 3);
        std::vector<SpanChangeKind> kinds;
        for (const SpanChange &change : report.changes)
            kinds.push_back(change.kind);
        QCOMPARE(kinds, (std::vector{SpanChangeKind::Clock, SpanChangeKind::Timing, SpanChangeKind::Version,
                                     SpanChangeKind::Command, SpanChangeKind::Timing}));
        QCOMPARE(report.changes[2].what, u"2.8.1"_s);
        QCOMPARE(report.changes[2].step, u"new"_s);
        QCOMPARE(report.changes[2].workers, 3);
        QCOMPARE(report.changes[3].workers, 12);
        QCOMPARE(report.changes[3].step, u"requested"_s);
        QVERIFY(report.changes[3].beforeMs > 0);
        QVERIFY(report.changes[4].beforeMs < 0);
    }

    void aVersionThatIsKnownIsNotNew()
    {
        SpanScene scene;
        scene.addFleet();
        for (SpanScene::Entry &entry : scene.entries)
            entry.lane.version = u"2.8.0"_s;
        SpanScene::begin(scene.entries[5], at);
        HistoryEvent &event = scene.event(at + 1'000, "version");
        event.lane = scene.entries[7].lane.id;
        event.facts = {{u"to"_s, u"2.8.1"_s}};
        scene.entries[7].lane.version = u"2.8.1"_s;
        const SpanReport report = scene.report();
        QCOMPARE(report.changes.size(), size_t(2));
        for (const SpanChange &change : report.changes) {
            QCOMPARE(change.kind, SpanChangeKind::Version);
            QCOMPARE(change.step, change.what == u"2.8.1"_s ? u"new"_s : u"more"_s);
            QCOMPARE(change.workers, 1);
        }
    }

    void whatWasFoundWhenASourceWasConnectedDidNotBegin()
    {
        SpanScene scene;
        SpanScene::Entry &source = scene.addSource(u"prod-eu"_s);
        source.track.before = {};
        SpanScene::change(source, at - 2'000, LaneFact::State, qint64(SourceState::Live));
        for (int i = 0; i < 5; ++i)
            SpanScene::begin(scene.add("w" + QByteArray::number(i), "h"), at);
        SpanScene::begin(scene.add("later", "h"), at + 60'000);
        QCOMPARE(scene.report().count(SpanFact::Began).workers, 1);
    }

    void drainsEndsAndReturns()
    {
        SpanScene scene;
        scene.addFleet();
        SpanScene::drain(scene.entries[0], at);
        SpanScene::change(scene.entries[1], at, LaneFact::End, qint64(WorkerEnd::Left));
        SpanScene::change(scene.entries[1], at + 40'000, LaneFact::End, qint64(WorkerEnd::None));
        SpanScene::change(scene.entries[2], at, LaneFact::End, qint64(WorkerEnd::Crashed));
        const SpanReport report = scene.report();
        QCOMPARE(report.count(SpanFact::Draining).workers, 1);
        QCOMPARE(report.count(SpanFact::Draining).first, at - 20'000);
        QCOMPARE(report.count(SpanFact::Drained).workers, 1);
        QCOMPARE(report.count(SpanFact::Ended).workers, 1);
        QCOMPARE(report.count(SpanFact::Returned).first, at + 40'000);
        QCOMPARE(report.count(SpanFact::Crashed).workers, 1);
        QCOMPARE(report.count(SpanFact::Lost).workers, 1);
        QCOMPARE(report.count(SpanGroup::Ended).workers, 2);
    }

    void whatWasSoBeforeIsCountedAsAlready()
    {
        SpanScene scene;
        scene.addFleet();
        for (size_t i = 0; i < 5; ++i)
            SpanScene::silence(scene.entries[i], SpanScene::begins - 60'000, at);
        SpanScene::lose(scene.entries[9], SpanScene::begins - 200'000); // Over before the span: it was not there.
        const SpanReport report = scene.report();
        QCOMPARE(report.workers, 399);
        QCOMPARE(report.count(SpanGroup::Silent).workers, 5);
        QCOMPARE(report.count(SpanGroup::Silent).already, 5);
        QCOMPARE(report.count(SpanGroup::Silent).first, 0);
        QCOMPARE(report.beginsAt, SpanScene::begins);
        QCOMPARE(report.count(SpanGroup::Lost).workers, 0);
    }

    void longestGaps()
    {
        SpanScene scene;
        scene.addFleet();
        SpanScene::silence(scene.entries[5], at, at + 95'000);
        SpanScene::silence(scene.entries[6], at, at + 25'000);
        SpanScene::lose(scene.entries[7], SpanScene::ends - 40'000); // Open at the end.
        const SpanReport report = scene.report();
        QCOMPARE(report.gaps.size(), size_t(3));
        QCOMPARE(report.gaps[0].worker.id, QByteArray("w5"));
        QCOMPARE(report.gaps[0].to - report.gaps[0].from, 110'000);
        QCOMPARE(report.gaps[0].missed, 10);
        QCOMPARE(report.gaps[1].worker.id, QByteArray("w7"));
        QVERIFY(report.gaps[1].open);
        QCOMPARE(report.gaps[2].missed, 3);
        qint64 missed = 0;
        for (const SpanGap &gap : report.gaps)
            missed += gap.missed;
        QCOMPARE(sum(report.steps.expected) - sum(report.steps.received), quint64(missed));
    }

    void affectedOverTimeIsCountedOnceInAStep()
    {
        SpanScene scene;
        scene.addFleet();
        const qint64 step = (SpanScene::ends - SpanScene::begins) / SpanSteps::most;
        SpanScene::Entry &entry = scene.entries[0];
        const qint64 from = SpanScene::begins + 10 * step;
        for (const qint64 offset : {0, 100, 200}) {
            SpanScene::change(entry, from + offset * 2, LaneFact::Liveness, qint64(Liveness::Late));
            SpanScene::change(entry, from + offset * 2 + 100, LaneFact::Liveness, qint64(Liveness::Alive));
        }
        const SpanReport report = scene.report();
        QCOMPARE(report.steps.late[9], 0);
        QCOMPARE(report.steps.late[10], 1);
        QCOMPARE(report.steps.late[11], 0);
        // Late and then worse in one step: worse.
        SpanScene::change(scene.entries[1], from, LaneFact::Liveness, qint64(Liveness::Late));
        SpanScene::change(scene.entries[1], from + 100, LaneFact::Liveness, qint64(Liveness::Stale));
        SpanScene::change(scene.entries[1], from + 200, LaneFact::Liveness, qint64(Liveness::Alive));
        const SpanReport both = scene.report();
        QCOMPARE(both.steps.late[10], 1);
        QCOMPARE(both.steps.worse[10], 1);
    }

    void whatNobodyRecordedIsNoGap()
    {
        SpanScene scene;
        scene.addFleet();
        scene.runs = {{1, SpanScene::start - 3'600'000, at, u"here"_s, 1, u"1"_s, false, false},
                      {2, at + 60'000, SpanScene::ends, u"here"_s, 2, u"1"_s, true, false}};
        for (SpanScene::Entry &entry : scene.entries) {
            std::erase_if(entry.track.beats, [](qint64 beat) { return beat > at && beat < at + 60'000; });
            SpanScene::change(entry, at + 60'000, LaneFact::Liveness, qint64(Liveness::Alive));
            SpanScene::change(entry, at + 60'000, LaneFact::Interval, SpanScene::interval);
        }
        const SpanReport report = scene.report();
        QCOMPARE(report.unwatched, (std::vector<std::pair<qint64, qint64>>{{at, at + 60'000}}));
        QVERIFY(report.gaps.empty());
        QCOMPARE(report.count(SpanGroup::Silent).workers, 0);
        QCOMPARE(report.count(SpanFact::Returned).workers, 0);
        QCOMPARE(report.workers, 400);
    }

    void blankWhereNothingIsRecorded()
    {
        SpanScene scene;
        scene.runs.clear();
        const SpanReport report = scene.report();
        QVERIFY(report.isBlank());
    }

    void strangeTimesDoNoHarm()
    {
        SpanScene scene;
        SpanScene::Entry &entry = scene.add("odd", "h");
        entry.track.before.interval = 1; // Millions of moments were due.
        entry.track.beats = {SpanScene::start - 5'000, SpanScene::ends - 1};
        SpanScene::Entry &none = scene.add("none", "h");
        none.track.before.interval = unknownValue;
        none.track.beats.clear();
        SpanScene::change(none, at, LaneFact::Gone, 1);
        SpanScene::change(none, at + 1, LaneFact::Liveness, 200);
        const SpanReport report = scene.report();
        QCOMPARE(report.workers, 2);
        QCOMPARE(report.gaps.size(), size_t(1));
        QCOMPARE(sum(report.steps.expected), quint64(SpanScene::ends - SpanScene::begins));
        // A span without length is one of a millisecond.
        QCOMPARE(scene.report({at, at - 5, 0, {}}).scope.to, at + 1);
    }

    void boundsAreKept()
    {
        SpanScene scene;
        for (int i = 0; i < 400; ++i)
            scene.add("w" + QByteArray::number(i), "h" + QByteArray::number(i), u"t"_s + QString::number(i));
        for (int i = 0; i < 100; ++i) {
            SpanScene::silence(scene.entries[size_t(i)], at + i * 100, at + 60'000);
            scene.event(at - i, "timing").text = QString::number(i);
        }
        const SpanReport report = scene.report();
        QCOMPARE(int(report.gaps.size()), SpanReport::mostGaps);
        QCOMPARE(report.moreGaps, 80);
        QCOMPARE(int(report.lanes.size()), SpanLane::most);
        QCOMPARE(report.moreLanes, 60);
        QCOMPARE(int(report.changes.size()), SpanChange::most);
        QCOMPARE(report.moreChanges, 70);
        for (const SpanTrait &trait : report.traits) {
            QVERIFY(int(trait.values.size()) <= SpanTrait::mostValues);
            QCOMPARE(int(trait.values.size()) + trait.more + trait.unaffected,
                     trait.trait == SharedTrait::Host || trait.trait == SharedTrait::Type ? 400 : 1);
        }
        for (size_t i = 1; i < report.gaps.size(); ++i)
            QVERIFY(report.gaps[i - 1].to - report.gaps[i - 1].from >= report.gaps[i].to - report.gaps[i].from);
    }

    void theOrderOfLanesDoesNotMatter()
    {
        SpanScene scene;
        scene.addFleet();
        for (size_t i = 0; i < 100; ++i)
            SpanScene::silence(scene.entries[i], at, at + 60'000);
        const SpanReport one = scene.report();
        std::reverse(scene.entries.begin(), scene.entries.end());
        const SpanReport other = scene.report();
        QCOMPARE(one.gaps, other.gaps);
        QCOMPARE(one.changes, other.changes);
        QCOMPARE(one.traits, other.traits);
        QCOMPARE(one.lanes.size(), other.lanes.size());
        for (size_t i = 0; i < one.lanes.size(); ++i)
            QCOMPARE(one.lanes[i].worker, other.lanes[i].worker);
    }

    void onlyTheSourceThatIsAskedFor()
    {
        SpanScene scene;
        scene.addFleet();
        for (int i = 0; i < 20; ++i)
            SpanScene::lose(scene.add("s" + QByteArray::number(i), "h", u"chromium"_s, u"staging"_s), at);
        scene.event(at, "timing");
        SpanReport report = scene.report();
        QCOMPARE(causeOf(report, SpanGroup::Lost)->cause.likeliest->trait, SharedTrait::Host);
        report = scene.report(SpanScene::scope(u"prod-eu"_s));
        QCOMPARE(report.workers, 400);
        QVERIFY(report.causes.empty());
        report = scene.report(SpanScene::scope(u"staging"_s));
        QCOMPARE(report.workers, 20);
        QVERIFY(report.changes.empty());
        QVERIFY(causeOf(report, SpanGroup::Lost)->cause.nearlyAll);
    }

    void aLargeFleetCostsAsItsSize()
    {
        SpanScene scene;
        SpanScene::Entry &model = scene.add("model", "h");
        SpanCollector collector(SpanScene::scope(), scene.runs);
        HistoryLane lane = model.lane;
        QElapsedTimer clock;
        clock.start();
        SpanScene::Entry lost = model;
        SpanScene::lose(lost, at);
        for (int i = 0; i < 100'000; ++i) {
            lane.id = LaneId(i + 1);
            lane.name = QByteArray::number(i);
            lane.host = "10.0." + QByteArray::number(i / 5'000) + '.' + QByteArray::number(i / 100 % 50);
            collector.addLane(lane, i / 100 == 77 ? lost.track : model.track);
        }
        const SpanReport report = collector.finish();
        QCOMPARE(report.workers, 100'000);
        QCOMPARE(report.causes.front().cause.likeliest->value, u"10.0.1.27"_s);
        // 9 million beats. Unoptimized, on a busy machine; squared it would take hours.
        QVERIFY2(clock.elapsed() < 60'000, qPrintable(QString::number(clock.elapsed())));
        qInfo("100,000 lanes in %lld ms", clock.elapsed());
    }

    void aReaderAsksInPieces()
    {
        SpanScene scene;
        for (int i = 0; i < 1'300; ++i)
            scene.add("w" + QByteArray::number(i), "10.4.2." + QByteArray::number(i / 10));
        for (int i = 170; i < 180; ++i)
            SpanScene::lose(scene.entries[size_t(i)], at + i * 10);
        scene.addSource(u"prod-eu"_s);
        SceneHistory history(scene);
        SpanReader reader(history);
        QSignalSpy finished(&reader, &SpanReader::finished);
        QSignalSpy progressed(&reader, &SpanReader::progressed);
        reader.read(SpanScene::scope());
        QVERIFY(reader.isReading());
        QVERIFY(finished.wait(patience));
        QVERIFY(!reader.isReading());
        const auto report = finished.front().front().value<SharedSpanReport>();
        QCOMPARE(report->workers, 1'300);
        QCOMPARE(report->gaps, scene.report().gaps);
        QCOMPARE(history.tracksAsked, 3);
        QCOMPARE(history.mostAtOnce, size_t(History::mostTracks));
        QCOMPARE(progressed.last().at(0).toInt(), 1'301);
    }

    void aLongSpanIsReadInSmallerPieces()
    {
        SpanScene scene;
        scene.addFleet();
        SceneHistory history(scene);
        SpanReader reader(history);
        QSignalSpy finished(&reader, &SpanReader::finished);
        SpanScope day = SpanScene::scope();
        day.from -= 24 * 3'600'000LL;
        reader.read(day);
        QVERIFY(finished.wait(patience));
        QCOMPARE(history.mostAtOnce, size_t(400)); // What is not recorded is not read.
        scene.runs.front().from = day.from;
        reader.read(day);
        history.mostAtOnce = 0;
        QVERIFY(finished.wait(patience));
        QVERIFY(history.mostAtOnce < 100);
    }

    void damagedTimesDoNoHarm()
    {
        SpanScene scene;
        SpanScene::Entry &entry = scene.add("damaged", "h");
        entry.track.beats = {SpanScene::ends - 5, 17, at, -4, SpanScene::ends + 5, at + 3};
        entry.track.changes = {{1, LaneFact::Liveness, at, 250},
                               {1, LaneFact::Liveness, 3, qint64(Liveness::Late)},
                               {1, LaneFact::End, SpanScene::ends - 1, qint64(WorkerEnd::Expired)},
                               {1, LaneFact::Interval, at - 9, -7},
                               {1, LaneFact::Status, 1, 77}};
        const SpanReport report = scene.report();
        QCOMPARE(report.workers, 1);
    }

    void aReaderCanBeStoppedAndAskedAgain()
    {
        SpanScene scene;
        scene.addFleet();
        SceneHistory history(scene);
        SpanReader reader(history);
        QSignalSpy finished(&reader, &SpanReader::finished);
        reader.read(SpanScene::scope(u"staging"_s));
        reader.read(SpanScene::scope());
        QVERIFY(finished.wait(patience));
        QCOMPARE(finished.size(), 1);
        QCOMPARE(finished.front().front().value<SharedSpanReport>()->workers, 400);
        reader.read(SpanScene::scope());
        reader.cancel();
        QVERIFY(!reader.isReading());
        reader.read(SpanScene::scope());
        QVERIFY(finished.wait(patience));
        QCOMPARE(finished.size(), 2);
    }

    void aFailureIsReported()
    {
        SpanScene scene;
        SceneHistory history(scene);
        history.failure = u"disk I/O error"_s;
        SpanReader reader(history);
        QSignalSpy failed(&reader, &SpanReader::failed);
        reader.read(SpanScene::scope());
        QVERIFY(failed.wait(patience));
        QCOMPARE(failed.front().front().toString(), u"disk I/O error"_s);
        QVERIFY(!reader.isReading());
    }

    void theFutureIsNoSilence()
    {
        SpanScene scene;
        scene.addFleet();
        SceneHistory history(scene);
        SpanReader reader(history);
        QSignalSpy finished(&reader, &SpanReader::finished);
        SpanScope scope = SpanScene::scope();
        scope.to += 3'600'000;
        reader.read(scope);
        QVERIFY(finished.wait(patience));
        const auto report = finished.front().front().value<SharedSpanReport>();
        QCOMPARE(report->scope.to, SpanScene::ends + 1);
        QVERIFY(report->gaps.empty());
        // All of it: then it is as it was asked for.
        scope.from = SpanScene::ends + 60'000;
        reader.read(scope);
        QVERIFY(finished.wait(patience));
        const auto later = finished.back().front().value<SharedSpanReport>();
        QCOMPARE(later->scope, scope);
        QVERIFY(later->isBlank());
    }
};

PULSEDECK_TEST(SpanReportTest, runWithEvents)
#include "spanreport_test.moc"
