// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/systemscene.h"
#include "tests/support/testprogram.h"
#include "ui/common/stripgeometry.h"

#include <QTest>

using namespace pulsedeck;

namespace {

constexpr qint64 stripGeometryNow = 1'800'000'000'000;

/// Beats so many milliseconds before stripGeometryNow, oldest first.
BeatHistory stripGeometryBeatsAt(const QList<qint64> &before)
{
    BeatHistory beats;
    for (const qint64 ms : before)
        beats.append(stripGeometryNow - ms);
    return beats;
}

/// 120 px for two minutes: a pixel is a second.
StripScale secondScale()
{
    return {stripGeometryNow, 120'000, 120};
}

StripGeometry laidOut(const BeatHistory &beats, const StripFacts &facts = {}, const StripScale &scale = secondScale())
{
    StripGeometry geometry;
    layoutStrip(beats, facts, scale, geometry);
    return geometry;
}

std::vector<StripGeometry::Span> blocks(const StripGeometry &geometry, StripGeometry::Block block)
{
    std::vector<StripGeometry::Span> found;
    for (const StripGeometry::Span &span : geometry.spans) {
        if (span.block == block)
            found.push_back(span);
    }
    return found;
}

const StripGeometry::Place *markOf(const StripGeometry &geometry, StripGeometry::Mark mark)
{
    for (const StripGeometry::Place &place : geometry.marks) {
        if (place.mark == mark)
            return &place;
    }
    return nullptr;
}

using Block = StripGeometry::Block;
using Mark = StripGeometry::Mark;

} // namespace

class StripGeometryTest : public QObject
{
    Q_OBJECT

private slots:
    void nowIsTheRightEdge()
    {
        const StripScale scale = secondScale();
        QCOMPARE(scale.x(stripGeometryNow), 120);
        QCOMPARE(scale.x(stripGeometryNow - 120'000), 0);
        QCOMPARE(scale.x(stripGeometryNow - 30'000), 90);
        QCOMPARE(scale.timeAt(90), stripGeometryNow - 30'000);
    }

    void marksMoveTogether()
    {
        // Whatever the moment, the distance between two beats never changes: nothing shivers while it scrolls.
        StripScale scale{stripGeometryNow, 120'000, 317};
        const qint64 a = stripGeometryNow - 50'123;
        const qint64 b = stripGeometryNow - 40'077;
        const int distance = scale.x(b) - scale.x(a);
        for (int i = 0; i < 400; ++i) {
            scale.now = stripGeometryNow + i * 37;
            QCOMPARE(scale.x(b) - scale.x(a), distance);
        }
    }

    void healthyBeatsAreTicksAndNothingElse()
    {
        const StripGeometry g = laidOut(stripGeometryBeatsAt({35'000, 25'000, 15'000, 5'000}));
        QCOMPARE(g.ticks, (std::vector<int>{85, 95, 105, 115}));
        QVERIFY(g.spans.empty());
        QVERIFY(g.marks.empty());
        QCOMPARE(g.lineFrom, 85);
        QCOMPARE(g.lineTo, 120);
    }

    void beatsBeforeTheWindowAreLeftOut()
    {
        const StripGeometry g = laidOut(stripGeometryBeatsAt({140'000, 130'000, 121'000, 111'000, 101'000}));
        QCOMPARE(g.ticks, (std::vector<int>{9, 19}));
        QCOMPARE(g.lineFrom, 0);
    }

    void gapShowsOnlyBeyondTheTolerance_data()
    {
        QTest::addColumn<qint64>("interval");
        QTest::addColumn<qint64>("gap");
        QTest::addColumn<bool>("shows");
        QTest::newRow("10 s, at 0.9 s over") << qint64(10'000) << qint64(10'900) << false;
        QTest::newRow("10 s, just beyond") << qint64(10'000) << qint64(10'901) << true;
        QTest::newRow("25 s, at 8 % over") << qint64(25'000) << qint64(27'000) << false;
        QTest::newRow("25 s, just beyond") << qint64(25'000) << qint64(27'001) << true;
        QTest::newRow("2 s, at 0.9 s over") << qint64(2'000) << qint64(2'900) << false;
        QTest::newRow("2 s, just beyond") << qint64(2'000) << qint64(2'901) << true;
    }

    void gapShowsOnlyBeyondTheTolerance()
    {
        QFETCH(qint64, interval);
        QFETCH(qint64, gap);
        QFETCH(bool, shows);
        StripFacts facts;
        facts.limits.interval = interval;
        const StripGeometry g = laidOut(stripGeometryBeatsAt({gap + 1'000, 1'000}), facts);
        QCOMPARE(!blocks(g, Block::Late).empty(), shows);
    }

    void lateBlockBeginsWhereTheBeatWasDue()
    {
        const StripGeometry g = laidOut(stripGeometryBeatsAt({24'000, 5'000}));
        const auto late = blocks(g, Block::Late);
        QCOMPARE(late.size(), size_t(1));
        QCOMPARE(late[0].left, 106); // 24 s ago + 10 s
        QCOMPARE(late[0].right, 115);
        QCOMPARE(late[0].gapMs, 19'000);
        QVERIFY(blocks(g, Block::Lost).empty());
    }

    void heightIsSeverity()
    {
        // The last beat 41 s ago: amber from 10 s after it, full height from the 30 s threshold on, up to stripGeometryNow.
        const StripGeometry g = laidOut(stripGeometryBeatsAt({51'000, 41'000}));
        const auto late = blocks(g, Block::Late);
        const auto lost = blocks(g, Block::Lost);
        QCOMPARE(late.size(), size_t(1));
        QCOMPARE(lost.size(), size_t(1));
        QCOMPARE(late[0].left, 120 - 31);
        QCOMPARE(late[0].right, 120 - 11);
        QCOMPARE(late[0].gapMs, 41'000);
        QCOMPARE(lost[0].left, 120 - 11);
        QCOMPARE(lost[0].right, 120);
        QCOMPARE(lost[0].gapMs, 0); // The label stands in the first block only.
    }

    void sliverPastTheThresholdStaysLow()
    {
        const StripGeometry g = laidOut(stripGeometryBeatsAt({51'000, 41'000, 10'500}));
        QCOMPARE(blocks(g, Block::Late).size(), size_t(1));
        QVERIFY(blocks(g, Block::Lost).empty());
        QCOMPARE(blocks(g, Block::Late)[0].right, secondScale().x(stripGeometryNow - 10'500));
    }

    void gapThatBeganBeforeTheWindow()
    {
        const StripGeometry g = laidOut(stripGeometryBeatsAt({200'000, 50'000, 40'000, 30'000, 20'000, 10'000}));
        const auto lost = blocks(g, Block::Lost);
        QCOMPARE(lost.size(), size_t(1));
        QCOMPARE(lost[0].left, 0);
        QCOMPARE(lost[0].right, 70);
        QVERIFY(blocks(g, Block::Late).empty());
        QCOMPARE(lost[0].gapMs, 150'000); // Nobody else is there to carry it.
    }

    void unknownSpansAreNoGaps()
    {
        const std::vector<UnknownSpan> unknown{{stripGeometryNow - 60'000, stripGeometryNow - 20'000}};
        StripFacts facts;
        facts.unknown = &unknown;
        const StripGeometry g = laidOut(stripGeometryBeatsAt({75'000, 65'000, 15'000, 5'000}), facts);
        QVERIFY(blocks(g, Block::Late).empty());
        QVERIFY(blocks(g, Block::Lost).empty());
        const auto spans = blocks(g, Block::Unknown);
        QCOMPARE(spans.size(), size_t(1));
        QCOMPARE(spans[0].left, 60);
        QCOMPARE(spans[0].right, 100);
    }

    void openUnknownSpanReachesNow()
    {
        const std::vector<UnknownSpan> unknown{{stripGeometryNow - 300'000, stripGeometryNow - 200'000},
                                               {stripGeometryNow - 25'000, 0}};
        StripFacts facts;
        facts.unknown = &unknown;
        const StripGeometry g = laidOut(stripGeometryBeatsAt({45'000, 35'000}), facts);
        QVERIFY(blocks(g, Block::Lost).empty());
        const auto spans = blocks(g, Block::Unknown);
        QCOMPARE(spans.size(), size_t(1));
        QCOMPARE(spans[0].left, 95);
        QCOMPARE(spans[0].right, 120);
    }

    void zombieEndsInACrossAndDots()
    {
        StripFacts facts;
        facts.endedAt = stripGeometryNow - 40'000;
        facts.keyExpired = true;
        facts.countersLeft = true;
        const StripGeometry g = laidOut(stripGeometryBeatsAt({90'000, 80'000, 70'000}), facts);
        QVERIFY(markOf(g, Mark::Expired));
        QCOMPARE(markOf(g, Mark::Expired)->x, 80);
        QCOMPARE(g.dotsFrom, 80);
        QCOMPARE(g.dotsTo, 120);
        QCOMPARE(g.lineTo, 80);
        QCOMPARE(blocks(g, Block::Late)[0].right, 80); // Nothing is late after the key went.
    }

    void orderlyEndIsABracket()
    {
        StripFacts facts;
        facts.endedAt = stripGeometryNow - 40'000;
        facts.departed = true;
        const StripGeometry g = laidOut(stripGeometryBeatsAt({60'000, 50'000, 40'500}), facts);
        QVERIFY(markOf(g, Mark::End));
        QVERIFY(!markOf(g, Mark::Expired));
        QVERIFY(g.spans.empty());
        QVERIFY(g.dotsFrom >= g.dotsTo);
    }

    void startIsABracketWhereItRegistered()
    {
        StripFacts facts;
        facts.startedAt = stripGeometryNow - 23'000;
        const StripGeometry g = laidOut(stripGeometryBeatsAt({23'000, 13'000, 3'000}), facts);
        QVERIFY(markOf(g, Mark::Start));
        QCOMPARE(markOf(g, Mark::Start)->x, 97);
        QCOMPARE(g.lineFrom, 97);
    }

    void drainIsHatchedFromItsStart()
    {
        StripFacts facts;
        facts.drainingSince = stripGeometryNow - 12'000;
        facts.commandAt = stripGeometryNow - 15'000;
        facts.commandRead = true;
        const StripGeometry g = laidOut(stripGeometryBeatsAt({21'000, 11'000, 1'000}), facts);
        const auto drain = blocks(g, Block::Draining);
        QCOMPARE(drain.size(), size_t(1));
        QCOMPARE(drain[0].left, 108);
        QCOMPARE(drain[0].right, 120);
        QCOMPARE(markOf(g, Mark::CommandSent)->x, 105);
        QCOMPARE(markOf(g, Mark::CommandRead)->x, 108);
        // Where the reading itself was seen it stands there, also while it does not drain yet.
        facts.drainingSince = 0;
        facts.commandRead = false;
        facts.commandReadAt = stripGeometryNow - 14'000;
        QCOMPARE(markOf(laidOut(stripGeometryBeatsAt({21'000, 11'000, 1'000}), facts), Mark::CommandRead)->x, 106);
    }

    void tightBeatsShareAPixel()
    {
        QList<qint64> before;
        for (qint64 ms = 119'000; ms >= 0; ms -= 250)
            before.append(ms);
        const StripGeometry g = laidOut(stripGeometryBeatsAt(before)); // More than the ring holds.
        QVERIFY(g.ticks.size() <= 120);
        for (size_t i = 1; i < g.ticks.size(); ++i)
            QVERIFY(g.ticks[i] > g.ticks[i - 1]);
    }

    void beatsCloserThanThreePixelsAreABand()
    {
        QList<qint64> before;
        for (qint64 ms = 100'000; ms >= 60'000; ms -= 2'000) // Two pixels apart.
            before.append(ms);
        before += {40'000, 20'000, 19'000};
        StripFacts facts;
        facts.limits.interval = 2'000;
        const StripGeometry g = laidOut(stripGeometryBeatsAt(before), facts);
        QCOMPARE(g.bands.size(), size_t(1));
        QCOMPARE(g.bands.front().left, 20);
        QCOMPARE(g.bands.front().right, 60);
        QCOMPARE(g.ticks, (std::vector<int>{80, 100, 101})); // Two are no band.
        QVERIFY(!g.spans.empty()); // A gap after a band shows as any other.
        // 2.4 pixels apart, which is two or three; and 3.6, which is three or four.
        const auto every = [&](qint64 apart) {
            QList<qint64> times;
            for (qint64 ms = 100'000; ms >= 0; ms -= apart)
                times.append(ms);
            return laidOut(stripGeometryBeatsAt(times), facts);
        };
        QCOMPARE(every(2'400).bands.size(), size_t(1));
        QVERIFY(every(2'400).ticks.empty());
        QVERIFY(every(3'600).bands.empty());
    }

    void noBeatIsExpectedOfOneThatLeaves()
    {
        FleetScene fleet(4, 0);
        SystemScene systems(fleet);
        const StripFacts facts = stripFacts(fleet.store, systems.find("w1@tasks-b"));
        QCOMPARE(facts.drainingSince, fleet.store.worker(systems.find("w1@tasks-b")).beatAt);
        StripGeometry geometry;
        layoutStrip(fleet.store.beats(systems.find("w1@tasks-b")), facts, {fleet.clock.nowMs(), 120'000, 240}, geometry);
        QVERIFY(blocks(geometry, StripGeometry::Block::Late).empty());
        QVERIFY(blocks(geometry, StripGeometry::Block::Lost).empty());
        QCOMPARE(blocks(geometry, StripGeometry::Block::Draining).size(), size_t(1));
        // Nor was one expected once it has ended: it left, and was not lost.
        const WorkerHandle worker = systems.find("w1@tasks-b");
        FleetBatch batch;
        batch.source = SystemScene::tasks;
        batch.generation = fleet.store.sourceStatus(SystemScene::tasks).generation;
        batch.at = fleet.clock.nowMs();
        WorkerSample sample;
        sample.number = fleet.store.worker(worker).number;
        sample.readAt = batch.at;
        sample.beatAt = fleet.store.worker(worker).beatAt;
        sample.keyPresent = true;
        sample.flags = WorkerFlag::StillWorking;
        sample.status = WorkerStatus::ShuttingDown;
        sample.activeSessions = 3;
        batch.samples = {sample};
        fleet.store.apply(batch);
        sample = {};
        sample.number = fleet.store.worker(worker).number;
        sample.readAt = batch.at;
        sample.end = WorkerEnd::Left;
        batch.samples = {sample};
        fleet.store.apply(batch);
        QCOMPARE(fleet.store.worker(worker).liveness, Liveness::Departed);
        layoutStrip(fleet.store.beats(worker), stripFacts(fleet.store, worker), {fleet.clock.nowMs(), 120'000, 240}, geometry);
        QVERIFY(blocks(geometry, StripGeometry::Block::Late).empty());
        QVERIFY(blocks(geometry, StripGeometry::Block::Lost).empty());
    }

    void aGhostHasDotsFromItsLastBeatOn()
    {
        StripFacts facts;
        facts.ghost = true;
        QCOMPARE(laidOut({}, facts).dotsFrom, 0);
        QCOMPARE(laidOut({}, facts).dotsTo, 120);
        QCOMPARE(laidOut(stripGeometryBeatsAt({100'000, 90'000}), facts).dotsFrom, 30);
    }

    void geometryIsUsedAgainWithoutLeftovers()
    {
        StripGeometry g;
        StripFacts facts;
        facts.drainingSince = stripGeometryNow - 50'000;
        facts.countersLeft = true;
        facts.endedAt = stripGeometryNow - 10'000;
        layoutStrip(stripGeometryBeatsAt({100'000, 10'000}), facts, secondScale(), g);
        layoutStrip(BeatHistory(), StripFacts(), secondScale(), g);
        QVERIFY(g.ticks.empty());
        QVERIFY(g.spans.empty());
        QVERIFY(g.marks.empty());
        QVERIFY(g.lineFrom >= g.lineTo);
        QVERIFY(g.dotsFrom >= g.dotsTo);
    }
};

PULSEDECK_TEST(StripGeometryTest, runWithEvents)
#include "stripgeometry_test.moc"
