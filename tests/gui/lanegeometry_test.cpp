// SPDX-License-Identifier: GPL-3.0-or-later
// Lanes as they are laid out: ticks, density, gaps by severity, states, marks; many lanes in one row; source pauses; stories from
// the store and from a history.
#include "tests/models/modelfleet.h"
#include "tests/support/fleetscene.h"
#include "tests/support/testprogram.h"
#include "ui/timeline/lanemirror.h"
#include "ui/timeline/lanestory.h"

#include <QTest>

#include <algorithm>

using namespace pulsedeck;

namespace {

constexpr qint64 laneNow = 1'800'000'000'000;
using Block = StripGeometry::Block;
using Mark = StripGeometry::Mark;

/// Beats so many seconds before laneNow, oldest first; 10 s expected, lost after 30 s.
LaneStory storyWith(const QList<int> &secondsBefore)
{
    LaneStory story;
    for (const int seconds : secondsBefore)
        story.beats.push_back(laneNow - seconds * 1'000);
    story.paces = {{0, 10'000, 30'000}};
    story.lives = {{story.beats.front(), laneNow}};
    return story;
}

LaneGeometry laid(const LaneStory &story, int secondsBefore = 120, double msPerPixel = 1'000)
{
    return layoutLane(story, laneNow - secondsBefore * 1'000, laneNow, msPerPixel);
}

BeatHistory ringOf(const std::vector<qint64> &beats)
{
    BeatHistory ring;
    for (const qint64 beat : beats)
        ring.append(beat);
    return ring;
}

/// One lane for each list of seconds before laneNow.
LaneMirror mirrorOf(const QList<QList<int>> &lanes, SourceId source = 1)
{
    LaneNews news;
    for (qsizetype i = 0; i < lanes.size(); ++i) {
        MirroredLane facts;
        facts.source = source;
        news.whole.push_back({WorkerHandle(i), facts, ringOf(storyWith(lanes[i]).beats)});
    }
    LaneMirror mirror;
    mirror.apply(news);
    return mirror;
}

/// One worker under a timing that changes.
struct PacedFleet : ModelFleet
{
    PacedFleet() { text(0, "w1"); }
    void setTiming(qint64 interval, qint64 stale)
    {
        status.timing.heartbeatInterval = interval;
        status.timing.workerKeyTtl = status.timing.reaperStaleThreshold = stale;
        store.applyStatus(status);
    }
    void beatAfter(qint64 ms, qint32 ttl, int times = 1)
    {
        for (; times > 0; --times) {
            clock.step(ms);
            WorkerSample sample = alive(0);
            sample.ttl = sample.learntTtl = ttl;
            apply(sample);
        }
    }
    /// As the lane shows them; the passes over all lanes and the strips must find as many.
    std::vector<LaneGap> gaps() const
    {
        const WorkerHandle handle = store.find(1, "w1");
        const qint64 now = store.viewNow();
        const StripFacts strip = stripFacts(store, handle);
        LaneNews news;
        MirroredLane facts;
        facts.source = 1;
        facts.interval = qint32(strip.limits.interval);
        facts.lostAfter = qint32(strip.limits.lostAfter);
        if (strip.past)
            facts.past = *strip.past;
        news.whole.push_back({handle, facts, store.beats(handle)});
        LaneMirror mirror;
        mirror.apply(std::move(news));
        const std::vector<LaneGap> found = gapsOf(storyOf(store, handle, {}), 0, now);
        StripGeometry geometry;
        layoutStrip(store.beats(handle), strip, {now, 3'600'000, 36'000}, geometry);
        const bool same = mirror.late(0, now, now).size() == found.size() && geometry.spans.empty() == found.empty();
        return same ? found : std::vector<LaneGap>(99);
    }
};

} // namespace

class LaneGeometryTest : public QObject
{
    Q_OBJECT

private slots:
    void ticksWhileThereIsRoom()
    {
        const LaneStory story = storyWith({60, 50, 40, 30, 20, 10, 1});
        const LaneGeometry wide = laid(story);
        QCOMPARE(wide.ticks.size(), size_t(7));
        QVERIFY(wide.bands.empty() && wide.gaps.empty() && wide.spans.empty());
        QCOMPARE(wide.longest, 10'000);
        // Ten seconds are two pixels: no tick can be told from the next.
        const LaneGeometry narrow = laid(story, 120, 5'000);
        QVERIFY(narrow.ticks.empty());
        QCOMPARE(narrow.bands, (std::vector<LaneTimes>{{laneNow - 60'000, laneNow - 1'000}}));
        QCOMPARE(narrow.longest, 10'000);
        // Only what is in the span, and the gap that reaches into it.
        QCOMPARE(laid(story, 25).ticks.size(), size_t(3));
    }

    void gapsBySeverity()
    {
        const LaneGeometry late = laid(storyWith({60, 50, 30, 20, 10, 1}));
        QCOMPARE(late.gaps.size(), size_t(1));
        QCOMPARE(late.gaps[0].length(), 20'000);
        QVERIFY(!late.gaps[0].lost && !late.gaps[0].open);
        QCOMPARE(late.spans, (std::vector<LaneSpan>{{Block::Late, laneNow - 40'000, laneNow - 30'000}}));
        const LaneGeometry lost = laid(storyWith({100, 90, 10, 1}));
        QVERIFY(lost.gaps[0].lost);
        QCOMPARE(lost.spans, (std::vector<LaneSpan>{{Block::Late, laneNow - 80'000, laneNow - 60'000},
                                                    {Block::Lost, laneNow - 60'000, laneNow - 10'000}}));
        QCOMPARE(lost.longest, 80'000);
        // Half a second more than the interval is no gap; and one that goes on is open.
        LaneStory jitter = storyWith({31, 21});
        jitter.beats.push_back(laneNow - 10'500);
        QVERIFY(laid(jitter).gaps.empty());
        const LaneGeometry open = laid(storyWith({40, 30, 20}));
        QVERIFY(open.gaps[0].open);
        QCOMPARE(open.gaps[0].to, laneNow);
        // One that began before the span is cut to it.
        const LaneGeometry cut = laid(storyWith({200, 100}), 50);
        QCOMPARE(cut.spans, (std::vector<LaneSpan>{{Block::Lost, laneNow - 50'000, laneNow}}));
    }

    void thePaceThatHeldThenCounts()
    {
        LaneStory story = storyWith({120, 90, 60, 50, 40, 10});
        story.paces = {{0, 30'000, 90'000}, {laneNow - 60'000, 10'000, 25'000}};
        const LaneGeometry lane = laid(story, 200);
        QCOMPARE(lane.gaps.size(), size_t(1));
        QCOMPARE(lane.gaps[0].beat, laneNow - 40'000);
        QVERIFY(lane.gaps[0].lost);
        // Where nothing is known of the pace no gap is claimed.
        story.paces.clear();
        QVERIFY(laid(story, 200).gaps.empty());
    }

    void aShorterIntervalLeavesThePastAsItWas()
    {
        PacedFleet f;
        f.setTiming(8'000, 24'000);
        f.beatAfter(8'000, 24'000, 20);
        f.beatAfter(20'000, 24'000); // Late, and not lost.
        f.beatAfter(8'000, 24'000, 4);
        QCOMPARE(f.gaps().size(), size_t(1));
        f.clock.step(3'000);
        f.setTiming(5'000, 15'000);
        QCOMPARE(f.gaps().size(), size_t(1));
        f.beatAfter(5'000, 15'000); // Eight seconds after the one before.
        for (int i = 0; i < 12; ++i) {
            f.beatAfter(5'000, 15'000);
            QCOMPARE(f.gaps().size(), size_t(1));
        }
        QCOMPARE(f.store.gapLimitsOf(f.store.find(1, "w1")), (GapLimits{5'000, 15'000}));
        QCOMPARE(f.gaps().front().interval, 8'000);
        QVERIFY(!f.gaps().front().lost);
        f.clock.step(7'000); // What is late now is late.
        QCOMPARE(f.gaps().size(), size_t(2));
        QCOMPARE(f.gaps().back().interval, 5'000);
    }

    void aLongerIntervalIsTakenOverAtAnyTime()
    {
        PacedFleet f;
        f.setTiming(2'000, 20'000);
        f.beatAfter(2'000, 20'000, 20);
        f.beatAfter(6'000, 20'000);
        f.beatAfter(2'000, 20'000, 20);
        f.clock.step(1'000);
        f.setTiming(8'000, 24'000);
        f.beatAfter(1'000, 20'000);
        f.beatAfter(2'000, 20'000, 6);
        QCOMPARE(f.gaps().size(), size_t(1));
        for (int i = 0; i < 20; ++i) {
            f.beatAfter(8'000, 24'000);
            QCOMPARE(f.gaps().size(), size_t(1));
        }
        QCOMPARE(f.gaps().front().interval, 2'000);
    }

    /// Nothing is reported: the worker's own interval counts, and that another holds is seen many beats later.
    void aMeasuredIntervalLeavesThePastAsItWas()
    {
        for (const auto &[before, after] : {std::pair(8'000, 5'000), std::pair(5'000, 8'000)}) {
            PacedFleet f;
            f.status.timing = TimingProfile::assumedDocument();
            f.store.applyStatus(f.status);
            f.beatAfter(before, 60'000, 20);
            f.beatAfter(after, 60'000, 60);
            QCOMPARE(f.store.gapLimitsOf(f.store.find(1, "w1")).interval, after);
            QVERIFY(f.store.pastPaces(f.store.find(1, "w1")));
            QVERIFY(f.gaps().empty());
        }
    }

    void nothingIsSaidOfUnknownTimes()
    {
        LaneStory story = storyWith({100, 90, 30, 20, 10, 1});
        story.states = {{Block::Unknown, laneNow - 80'000, laneNow - 40'000}};
        const LaneGeometry lane = laid(story);
        QVERIFY(lane.gaps.empty());
        QCOMPARE(lane.spans, story.states);
        // Nor of the time between an end and a return.
        LaneStory two = storyWith({100, 90, 30, 20, 10, 1});
        two.lives = {{laneNow - 100'000, laneNow - 85'000}, {laneNow - 30'000, laneNow}};
        QVERIFY(laid(two).gaps.empty());
        QCOMPARE(laid(two).lines, two.lives);
        QCOMPARE(laid(two).longest, 10'000);
    }

    void degenerateSpansAndStories()
    {
        const LaneGeometry none = layoutLane(LaneStory(), 0, laneNow, 1);
        QVERIFY(none.ticks.empty() && none.lines.empty() && none.longest == 0);
        const LaneStory story = storyWith({20, 10});
        QVERIFY(layoutLane(story, laneNow, laneNow - 100'000, 1).ticks.empty());
        layoutLane(story, laneNow - 10'000, laneNow - 10'000, 0);
        layoutLane(story, std::numeric_limits<qint64>::min() / 4, std::numeric_limits<qint64>::max() / 4, 1e12);
        QCOMPARE(bucketFor(0), 1);
        QCOMPARE(bucketFor(std::numeric_limits<double>::quiet_NaN()), 1);
        QCOMPARE(bucketFor(1.5), 2);
        QCOMPARE(bucketFor(900), 1'000);
        QCOMPARE(bucketFor(2'000), 2'000);
        QVERIFY(bucketFor(1e300) > 0);
    }

    // Many lanes in one row ---------------------------------------------------------------------------------------------

    void theWorstStateWins()
    {
        const LaneMirror mirror = mirrorOf({{60, 50, 40, 30, 20, 10, 1}, {60, 50, 30, 20, 10, 1}, {60, 20, 10, 1}});
        LaneFolder folder(laneNow - 60'000, 10'000, 6);
        const std::vector<WorkerHandle> all{0, 1, 2};
        mirror.fold(all, laneNow, folder);
        const FoldedLanes row = folder.take();
        std::vector<LaneTone> tones;
        for (const FoldedLanes::Bucket &bucket : row.buckets)
            tones.push_back(bucket.tone());
        // The second is late from 40 to 30 s ago, the third from 50 on, lost from 30 on.
        QCOMPARE(tones, (std::vector<LaneTone>{LaneTone::Fine, LaneTone::Late, LaneTone::Late, LaneTone::Lost, LaneTone::Fine,
                                               LaneTone::Fine}));
        QCOMPARE(row.buckets[0].there, 3u);
        QCOMPARE(row.buckets[2].late, 2u);
        QCOMPARE(row.buckets[3].lost, 1u);
        QVERIFY(qFuzzyCompare(row.buckets[1].received(), 1.0 - 1.0 / 3));
        // A row that was taken is empty again; lanes that are not there add nothing.
        const std::vector<WorkerHandle> strange{7, 100'000};
        mirror.fold(strange, laneNow, folder);
        for (const FoldedLanes::Bucket &bucket : folder.take().buckets)
            QCOMPARE(bucket.tone(), LaneTone::None);
    }

    void foldingAddsUpToTheSameWhereverItIsCut()
    {
        // Against a plain count, lane by lane and bucket by bucket.
        QList<QList<int>> lanes;
        quint32 seed = 7;
        for (int lane = 0; lane < 40; ++lane) {
            QList<int> beats;
            for (int at = 300; at > 0; at -= 8 + int((seed = seed * 1664525u + 1013904223u) >> 24) % 20)
                beats.append(at);
            lanes.append(beats);
        }
        const LaneMirror mirror = mirrorOf(lanes);
        std::vector<WorkerHandle> all(40);
        for (size_t i = 0; i < all.size(); ++i)
            all[i] = WorkerHandle(i);
        LaneFolder folder(laneNow - 300'000, 1'000, 300);
        mirror.fold(all, laneNow, folder);
        const FoldedLanes row = folder.take();
        for (int bucket = 0; bucket < 300; ++bucket) {
            const qint64 from = laneNow - 300'000 + bucket * 1'000;
            quint32 late = 0;
            quint32 there = 0;
            for (const QList<int> &lane : lanes) {
                const LaneStory story = storyWith(lane);
                there += story.beats.front() < from + 1'000;
                bool isLate = false;
                for (const LaneGap &gap : gapsOf(story, 0, laneNow))
                    isLate = isLate || (gap.from() < from + 1'000 && gap.to > from);
                late += isLate;
            }
            QCOMPARE(row.buckets[size_t(bucket)].late, late);
            QCOMPARE(row.buckets[size_t(bucket)].there, there);
        }
    }

    void newsKeepTheMirrorUpToDate()
    {
        LaneMirror mirror = mirrorOf({{60, 50, 40}, {60, 50, 40}});
        LaneNews news;
        for (const int before : {30, 20, 10, 1})
            news.beats.emplace_back(0, laneNow - before * 1'000);
        news.gone.push_back(1);
        mirror.apply(news);
        QVERIFY(mirror.late(laneNow - 100'000, laneNow, laneNow).empty());
        QCOMPARE(mirror.there(laneNow - 100'000, laneNow, laneNow), (std::vector<int>{0, 1}));
        QCOMPARE(mirror.earliest(laneNow), laneNow - 60'000);
        QCOMPARE(mirror.beats(laneNow - 60'000, 30'000, 2, laneNow), (std::vector<quint32>{3, 4}));
        LaneNews ended;
        MirroredLane facts;
        facts.source = 1;
        facts.endedAt = laneNow;
        ended.facts.emplace_back(0, facts);
        mirror.apply(ended);
        QVERIFY(mirror.late(laneNow - 100'000, laneNow + 100'000, laneNow + 100'000).empty());
    }

    /// Which gaps a lane has is kept and not looked up: also while beats come, the ring drops the oldest, and another interval
    /// holds.
    void gapsAreKeptAsBeatsCome()
    {
        std::vector<qint64> beats;
        quint32 seed = 11;
        qint64 at = laneNow - 3'000'000;
        for (int i = 0; i < 2 * BeatHistory::capacity; ++i) {
            seed = seed * 1664525u + 1013904223u;
            beats.push_back(at += 9'000 + qint64(seed >> 24) * 40);
        }
        LaneNews first;
        MirroredLane facts;
        facts.source = 1;
        first.whole.push_back({0, facts, {}});
        LaneMirror mirror;
        mirror.apply(std::move(first));
        int found = 0;
        for (size_t i = 0; i < beats.size(); ++i) {
            LaneNews news;
            news.beats.emplace_back(0, beats[i]);
            const qint64 interval = i < 180 ? 10'000 : 14'000;
            if (i == 180) {
                facts.interval = 14'000;
                facts.lostAfter = 42'000;
                news.facts.emplace_back(0, facts);
            }
            mirror.apply(std::move(news));
            // As one reads them off the ring.
            LaneStory story;
            const size_t kept = std::min(i + 1, size_t(BeatHistory::capacity));
            story.beats.assign(beats.begin() + qsizetype(i + 1 - kept), beats.begin() + qsizetype(i + 1));
            story.paces = {{0, interval, 3 * interval}};
            story.lives = {{story.beats.front(), beats[i]}};
            const std::vector<LaneGap> gaps = gapsOf(story, 0, beats[i]);
            const std::vector<LateLane> late = mirror.late(0, beats[i], beats[i]);
            QCOMPARE(late.size(), gaps.size());
            for (size_t gap = 0; gap < gaps.size(); ++gap) {
                QCOMPARE(late[gap].from, gaps[gap].from());
                QCOMPARE(late[gap].to, gaps[gap].to);
            }
            found = std::max(found, int(gaps.size()));
            QCOMPARE(mirror.earliest(beats[i]), story.beats.front());
        }
        QVERIFY(found > 10);
    }

    void aPauseIsHalfOfASourceTogether()
    {
        QList<QList<int>> lanes;
        for (int i = 0; i < 8; ++i)
            lanes.append({80, 70, 60 - i % 3, 30 - i % 3, 20, 10, 1}); // All silent for 30 s.
        for (int i = 0; i < 4; ++i)
            lanes.append({80, 70, 60, 50, 40, 30, 20, 10, 1});
        const LaneMirror mirror = mirrorOf(lanes);
        const auto late = mirror.late(laneNow - 100'000, laneNow, laneNow);
        const auto there = mirror.there(laneNow - 100'000, laneNow, laneNow);
        const std::vector<SourcePause> pauses = findSourcePauses(late, there);
        QCOMPARE(pauses.size(), size_t(1));
        QCOMPARE(pauses[0].late, 8);
        QCOMPARE(pauses[0].there, 12);
        QVERIFY(pauses[0].from >= laneNow - 50'000 && pauses[0].from <= laneNow - 48'000);
        QVERIFY(pauses[0].to >= laneNow - 30'000 && pauses[0].to <= laneNow - 27'000);
        // One lane of one says nothing about its source.
        const LaneMirror lonely = mirrorOf({{80, 40, 1}});
        QVERIFY(findSourcePauses(lonely.late(0, laneNow, laneNow), lonely.there(0, laneNow, laneNow)).empty());
        QVERIFY(findSourcePauses({}, {}).empty());
    }

    // Stories -----------------------------------------------------------------------------------------------------------

    void theStoreTellsWhatHappened()
    {
        FleetScene scene(60);
        LaneEvents events(scene.store);
        const auto storyOfPart = [&](FleetScene::Part part) {
            const WorkerHandle handle = scene.find(part);
            events.follow({scene.store.worker(handle).serial});
            return storyOf(scene.store, handle, events.of(scene.store.worker(handle).serial));
        };
        const auto has = [](const LaneStory &story, Mark mark) {
            return std::any_of(story.marks.begin(), story.marks.end(), [&](const LaneMark &one) { return one.mark == mark; });
        };
        const LaneStory healthy = storyOfPart(FleetScene::Part::Healthy);
        QVERIFY(healthy.beats.size() > 5);
        QCOMPARE(healthy.lives.size(), size_t(1));
        QVERIFY(healthy.lastWord.isEmpty() && healthy.states.empty());
        const LaneStory draining = storyOfPart(FleetScene::Part::Draining);
        QVERIFY(!draining.states.empty());
        QCOMPARE(draining.states.back().block, Block::Draining);
        QCOMPARE(draining.states.back().to, scene.store.viewNow());
        const LaneStory drained = storyOfPart(FleetScene::Part::Drained);
        QVERIFY(has(drained, Mark::End));
        QVERIFY(!drained.lastWord.isEmpty());
        QVERIFY(drained.lives.back().to < scene.store.viewNow());
        QVERIFY(has(storyOfPart(FleetScene::Part::Expired), Mark::Expired));
        const LaneStory zombie = storyOfPart(FleetScene::Part::Zombie);
        QVERIFY(has(zombie, Mark::Expired));
        QCOMPARE(zombie.leftovers.size(), size_t(1));
        QVERIFY(has(storyOfPart(FleetScene::Part::New), Mark::Start));
        // Of a key that never expires no beat is expected.
        QVERIFY(gapsOf(storyOfPart(FleetScene::Part::NoTtl), 0, scene.store.viewNow()).empty());
        const LaneStory returned = storyOfPart(FleetScene::Part::Returned);
        QVERIFY(has(returned, Mark::Start));
        QVERIFY(std::is_sorted(returned.lives.begin(), returned.lives.end(),
                               [](const LaneTimes &a, const LaneTimes &b) { return a.from < b.from; }));
    }

    /// Whenever a lane comes into sight, its events are those that the store has of it.
    void eventsAreFollowedFromWhenTheyAreAskedFor()
    {
        FleetScene scene(60);
        const auto serialOf = [&scene](FleetScene::Part part) { return scene.store.worker(scene.find(part)).serial; };
        const quint32 first = serialOf(FleetScene::Part::Healthy);
        const quint32 second = serialOf(FleetScene::Part::Drained);
        const auto kept = [&scene](quint32 serial) {
            std::vector<std::pair<qint64, FleetEventKind>> all;
            for (const FleetEvent &event : scene.store.events().since(0, FleetEvents::maxEvents)) {
                if (event.worker == serial)
                    all.emplace_back(event.at, event.kind);
            }
            return all;
        };
        const auto known = [](const LaneEvents &events, quint32 serial) {
            std::vector<std::pair<qint64, FleetEventKind>> all;
            for (const FleetEvent &event : events.of(serial))
                all.emplace_back(event.at, event.kind);
            return all;
        };
        LaneEvents events(scene.store);
        events.follow({first});
        QVERIFY(known(events, first) == kept(first));
        QVERIFY(events.of(second).empty()); // Nobody asked.
        events.follow({second, first});
        QVERIFY(!kept(second).empty());
        QVERIFY(known(events, second) == kept(second));
        // What comes is added, and nothing is told twice.
        const size_t before = kept(first).size();
        scene.silence(scene.find(FleetScene::Part::Healthy));
        scene.advance(60'000);
        QVERIFY(kept(first).size() > before);
        events.follow({});
        QVERIFY(known(events, first) == kept(first));
        QVERIFY(known(events, second) == kept(second));
    }

    /// RQ beats each 405 s: long before one is due it is known that the process is gone.
    void aCrashedLaneIsLostFromThenOn()
    {
        FleetScene scene(60);
        LaneEvents events(scene.store);
        const WorkerHandle handle = scene.find(FleetScene::Part::Crashed);
        events.follow({scene.store.worker(handle).serial});
        const qint64 now = scene.store.viewNow();
        const qint64 since = scene.store.crashedSince(handle);
        QVERIFY(since > 0 && since < now);
        QCOMPARE(scene.store.crashedSince(scene.find(FleetScene::Part::Healthy)), 0);
        LaneStory story = storyOf(scene.store, handle, events.of(scene.store.worker(handle).serial));
        const std::vector<LaneSpan> dead{{Block::Lost, since, now}};
        QCOMPARE(story.states, dead);
        QCOMPARE(storyOf(scene.store, handle, {}).states, dead); // The same where its events are not kept any more.
        // One that came back and died again was not dead in between.
        const qint64 beat = story.beats[story.beats.size() - 2];
        std::vector<FleetEvent> twice = events.of(scene.store.worker(handle).serial);
        FleetEvent crash;
        crash.kind = FleetEventKind::ListenerLost;
        crash.at = beat - 3'000;
        twice.insert(std::find_if(twice.begin(), twice.end(),
                                  [](const FleetEvent &one) { return one.kind == FleetEventKind::ListenerLost; }),
                     crash);
        QCOMPARE(storyOf(scene.store, handle, twice).states,
                 (std::vector<LaneSpan>{{Block::Lost, beat - 3'000, beat}, {Block::Lost, since, now}}));
        story.paces = {{0, 405'000, 480'000}};
        QCOMPARE(layoutLane(story, now - 120'000, now, 1'000).spans, dead);
        // It is late before, and no block lies on another.
        story.states.front().from = story.beats.back() + 15'000;
        story.paces = {{0, 10'000, 30'000}};
        const LaneGeometry late = layoutLane(story, story.beats.back() - 1'000, now, 1'000);
        QCOMPARE(late.spans, (std::vector<LaneSpan>{{Block::Lost, story.beats.back() + 15'000, now},
                                                    {Block::Late, story.beats.back() + 10'000, story.beats.back() + 15'000}}));

        LaneTrack track;
        track.lane = 7;
        track.beats = storyWith({100, 40}).beats;
        const auto change = [&](int secondsBefore, LaneFact fact, qint64 value) {
            track.changes.push_back({7, fact, laneNow - secondsBefore * 1'000, value});
        };
        change(100, LaneFact::Liveness, int(Liveness::Alive));
        change(100, LaneFact::Interval, 405'000);
        change(80, LaneFact::Liveness, int(Liveness::Crashed));
        change(40, LaneFact::Liveness, int(Liveness::Alive)); // It was restarted under the same name.
        change(30, LaneFact::Liveness, int(Liveness::Crashed));
        change(20, LaneFact::Liveness, int(Liveness::Ghost));
        QCOMPARE(
            storyOf(track, laneNow - 200'000, laneNow, true).states,
            (std::vector<LaneSpan>{{Block::Lost, laneNow - 80'000, laneNow - 40'000}, {Block::Lost, laneNow - 30'000, laneNow}}));
    }

    /// The bar of its group, too: it counts once, whether it is late or not.
    void aCrashedLaneIsLostInTheRowOfItsGroup()
    {
        for (const qint32 interval : {405'000, 10'000}) {
            LaneNews news;
            for (WorkerHandle handle = 0; handle < 2; ++handle) {
                MirroredLane facts;
                facts.source = 1;
                facts.interval = interval;
                facts.lostAfter = 3 * interval;
                facts.crashedSince = handle == 0 ? laneNow - 30'000 : 0;
                news.whole.push_back(
                    {handle, facts,
                     ringOf(storyWith(handle == 0 ? QList<int>{60, 50} : QList<int>{60, 50, 40, 30, 20, 10, 1}).beats)});
            }
            LaneMirror mirror;
            mirror.apply(news);
            LaneFolder folder(laneNow - 60'000, 10'000, 6);
            const std::vector<WorkerHandle> all{0, 1};
            mirror.fold(all, laneNow, folder);
            const FoldedLanes row = folder.take();
            QCOMPARE(row.buckets[0].tone(), LaneTone::Fine);
            QCOMPARE(row.buckets[2].tone(), interval == 10'000 ? LaneTone::Late : LaneTone::Fine);
            for (size_t bucket = 3; bucket < 6; ++bucket) {
                QCOMPARE(row.buckets[bucket].tone(), LaneTone::Lost);
                QCOMPARE(row.buckets[bucket].late, 1u);
                QCOMPARE(row.buckets[bucket].lost, 1u);
                QCOMPARE(row.buckets[bucket].there, 2u);
            }
        }
    }

    void aHistoryTellsTheSame()
    {
        LaneTrack track;
        track.lane = 7;
        track.beats = storyWith({100, 90, 80, 70, 20, 10, 1}).beats;
        const auto change = [&](int secondsBefore, LaneFact fact, qint64 value) {
            track.changes.push_back({7, fact, laneNow - secondsBefore * 1'000, value});
        };
        change(100, LaneFact::Status, int(WorkerStatus::Available));
        change(100, LaneFact::Liveness, int(Liveness::Alive));
        change(100, LaneFact::Interval, 10'000);
        change(76, LaneFact::Command, int(CommandState::Shutdown));
        change(75, LaneFact::Status, int(WorkerStatus::Draining));
        change(65, LaneFact::End, int(WorkerEnd::Drained));
        change(65, LaneFact::Liveness, int(Liveness::Departed));
        change(20, LaneFact::End, int(WorkerEnd::None));
        change(20, LaneFact::Liveness, int(Liveness::Alive));
        change(20, LaneFact::Status, int(WorkerStatus::Available));
        const LaneStory story = storyOf(track, laneNow - 200'000, laneNow, true);
        QCOMPARE(story.lives, (std::vector<LaneTimes>{{laneNow - 100'000, laneNow - 65'000}, {laneNow - 20'000, laneNow}}));
        QCOMPARE(story.states, (std::vector<LaneSpan>{{Block::Draining, laneNow - 75'000, laneNow - 65'000}}));
        std::vector<Mark> marks;
        for (const LaneMark &mark : story.marks)
            marks.push_back(mark.mark);
        QCOMPARE(marks, (std::vector<Mark>{Mark::Start, Mark::CommandSent, Mark::CommandRead, Mark::End, Mark::Start}));
        QVERIFY(laid(story, 200).gaps.empty()); // Between its lives it was not late.
        // Nobody recorded before: then it was not seen to begin.
        QCOMPARE(storyOf(track, laneNow - 200'000, laneNow, false).marks.front().mark, Mark::CommandSent);
    }

    void rowsOfAHistoryReplaceWhatTheStoreDoesNotKnow()
    {
        FoldAnswer answer;
        answer.from = laneNow - 100'000;
        answer.bucketMs = 20'000;
        answer.rows = 1;
        answer.buckets = 5;
        const auto cell = [](Liveness worst, quint32 received, quint32 expected) {
            return FoldCell{received, expected, quint8(worst), 0};
        };
        answer.cells = {cell(Liveness::Alive, 8, 8), cell(Liveness::Late, 6, 8), cell(Liveness::Crashed, 0, 8),
                        cell(Liveness::Unknown, 0, 0), FoldCell()};
        const FoldedLanes past = foldedRow(answer, 0, 8);
        std::vector<LaneTone> tones;
        for (const FoldedLanes::Bucket &bucket : past.buckets)
            tones.push_back(bucket.tone());
        QCOMPARE(tones,
                 (std::vector<LaneTone>{LaneTone::Fine, LaneTone::Late, LaneTone::Lost, LaneTone::Unknown, LaneTone::None}));
        QVERIFY(qFuzzyCompare(past.buckets[1].received(), 0.75));
        // Between two beats one of the eight is late; counters that are left are not.
        answer.cells[0] = cell(Liveness::Stale, 0, 0);
        answer.cells[1] = cell(Liveness::Zombie, 8, 8);
        const FoldedLanes between = foldedRow(answer, 0, 8);
        QCOMPARE(between.buckets[0].tone(), LaneTone::Lost);
        QCOMPARE(between.buckets[0].late, 1u);
        QCOMPARE(between.buckets[1].tone(), LaneTone::Fine);
        LaneFolder folder(laneNow - 120'000, 10'000, 12);
        folder.addLife(laneNow - 50'000, laneNow);
        FoldedLanes row = folder.take();
        replaceBefore(row, past, laneNow - 50'000);
        tones.clear();
        for (const FoldedLanes::Bucket &bucket : row.buckets)
            tones.push_back(bucket.tone());
        QCOMPARE(tones, (std::vector<LaneTone>{LaneTone::None, LaneTone::None, LaneTone::Fine, LaneTone::Fine, LaneTone::Late,
                                               LaneTone::Late, LaneTone::Lost, LaneTone::Fine, LaneTone::Fine, LaneTone::Fine,
                                               LaneTone::Fine, LaneTone::Fine}));
    }

    void whatWasRecordedAndWhatTheStoreHasJoin()
    {
        LaneStory earlier = storyWith({100, 90, 80, 70, 60, 50});
        earlier.states = {{Block::Draining, laneNow - 60'000, laneNow - 40'000}};
        earlier.lives = {{laneNow - 100'000, laneNow - 40'000}};
        LaneStory later = storyWith({60, 50, 40, 30, 20, 10, 1});
        later.states = {{Block::Draining, laneNow - 60'000, laneNow - 20'000}};
        const LaneStory whole = joined(earlier, later, laneNow - 40'000);
        QCOMPARE(whole.beats, storyWith({100, 90, 80, 70, 60, 50, 40, 30, 20, 10, 1}).beats);
        QCOMPARE(whole.lives, (std::vector<LaneTimes>{{laneNow - 100'000, laneNow}}));
        QCOMPARE(whole.states, (std::vector<LaneSpan>{{Block::Draining, laneNow - 60'000, laneNow - 20'000}}));
        QVERIFY(laid(whole).gaps.empty());
    }
};

PULSEDECK_TEST(LaneGeometryTest, runWithEvents)
#include "lanegeometry_test.moc"
