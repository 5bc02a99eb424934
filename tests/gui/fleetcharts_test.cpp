// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/worker.h"
#include "tests/support/testprogram.h"
#include "ui/common/fleetmaplayout.h"
#include "ui/common/plotview.h"
#include "ui/fleet/chartdata.h"

#include <QTest>

using namespace pulsedeck;

namespace {

constexpr qint64 now = 1'800'000'000'000;

BeatHistory beatsAt(const QList<qint64> &before)
{
    BeatHistory beats;
    for (const qint64 ms : before)
        beats.append(now - ms);
    return beats;
}

} // namespace

/// The pure parts behind the dock's charts and the fleet map.
class FleetChartsTest : public QObject
{
    Q_OBJECT

private slots:
    void gapsAreTheLastOnes()
    {
        const BeatHistory beats = beatsAt({50'000, 40'000, 29'000, 19'000, 5'000});
        const std::vector<GapPoint> gaps = lastGaps(beats, {}, now, 3);
        QCOMPARE(gaps.size(), size_t(3));
        QCOMPARE(gaps[0].gap, 11'000);
        QCOMPARE(gaps[1].gap, 10'000);
        QCOMPARE(gaps[2].gap, 14'000);
        QCOMPARE(gaps[2].at, now - 5'000);
    }

    void gapsAcrossUnknownSpansAreNotMeasured()
    {
        const BeatHistory beats = beatsAt({60'000, 50'000, 12'000, 2'000});
        const std::vector<GapPoint> gaps = lastGaps(beats, {{now - 45'000, now - 20'000}}, now, 30);
        QCOMPARE(gaps.size(), size_t(2));
        for (const GapPoint &gap : gaps)
            QCOMPARE(gap.gap, 10'000);
    }

    void summaryOfNothingIsUnknown()
    {
        QCOMPARE(summarise({}).median, unknownValue);
        const GapSummary some = summarise({{0, 10}, {0, 30}, {0, 20}});
        QCOMPARE(some.median, 20);
        QCOMPARE(some.p99, 30);
    }

    void sawtoothFallsAndIsRenewed()
    {
        const Sawtooth teeth = ttlSawtooth(beatsAt({25'000, 15'000, 5'000}), 30'000, now, 120'000, now);
        const QList<QPointF> wanted{{-25, 30}, {-15, 20}, {-15, 30}, {-5, 20}, {-5, 30}, {0, 25}};
        QCOMPARE(teeth.line, wanted);
        QVERIFY(teeth.hasLowest);
        QCOMPARE(teeth.lowest.y(), 20.0);
    }

    void sawtoothIsCutAtTheWindow()
    {
        const Sawtooth teeth = ttlSawtooth(beatsAt({130'000, 115'000}), 30'000, now, 120'000, now);
        QCOMPARE(teeth.line.first(), QPointF(-120, 20));
        QCOMPARE(teeth.line.last(), QPointF(0, 0)); // It ran off long ago.
        for (const QPointF &point : teeth.line)
            QVERIFY(point.x() >= -120 && point.y() >= 0 && point.y() <= 30);
    }

    void sawtoothEndsWhenTheWorkerDid()
    {
        const Sawtooth teeth = ttlSawtooth(beatsAt({60'000, 50'000}), 30'000, now, 120'000, now - 20'000);
        QCOMPARE(teeth.line.last(), QPointF(-20, 0));
    }

    void sawtoothWithoutBeatsIsEmpty()
    {
        QVERIFY(ttlSawtooth(BeatHistory(), 30'000, now, 120'000, now).line.isEmpty());
        QVERIFY(ttlSawtooth(beatsAt({5'000}), 0, now, 120'000, now).line.isEmpty());
    }

    void axisStepsAreRound_data()
    {
        QTest::addColumn<double>("top");
        QTest::addColumn<double>("step");
        QTest::newRow("0.4") << 0.4 << 0.1;
        QTest::newRow("7") << 7.0 << 2.0;
        QTest::newRow("34") << 34.0 << 10.0;
        QTest::newRow("69") << 69.0 << 20.0;
        QTest::newRow("330") << 330.0 << 100.0;
    }

    void axisStepsAreRound()
    {
        QFETCH(double, top);
        QFETCH(double, step);
        QVERIFY(qFuzzyCompare(axisStep(top), step));
    }

    void mapGivesEachWorkerACellWhileTheyFit()
    {
        const FleetMapMetrics metrics;
        const FleetMapLayout layout = layoutFleetMap({{120, 0}, {0, 40}, {60, 30}}, 400, metrics);
        QVERIFY(layout.fits);
        QCOMPARE(layout.perCell, 1);
        QCOMPARE(layout.groups[0].columns, 20);
        QCOMPARE(layout.groups[1].columns, 0);
        QCOMPARE(layout.groups[1].width, 0);
        QVERIFY(layout.groups[2].width >= 60);
        QVERIFY(layout.groups[2].left >= layout.groups[0].left + layout.groups[0].width);
    }

    void labelsOnTwoLinesHaveTheRoomOfTwoGroups()
    {
        FleetMapMetrics metrics;
        const std::vector<FleetMapGroup> groups{{6, 60}, {0, 60}, {6, 60}, {6, 60}, {6, 60}};
        QVERIFY(!layoutFleetMap(groups, 150, metrics).fits);
        metrics.labelLines = 2;
        const FleetMapLayout layout = layoutFleetMap(groups, 150, metrics);
        QVERIFY(layout.fits);
        QCOMPARE(layout.perCell, 1);
        QCOMPARE(layout.labelLines, 2);
        int ends[2] = {0, 0};
        int cellsEnd = 0;
        for (const FleetMapLayout::Group &group : layout.groups) {
            if (group.columns == 0)
                continue;
            QVERIFY(group.left >= ends[group.line] && group.left >= cellsEnd);
            cellsEnd = group.left + group.columns * layout.pitch;
            ends[group.line] = group.left + 60;
            QVERIFY(ends[group.line] <= 150);
        }
    }

    void mapMovesCellsTogetherBeforeItAggregates()
    {
        const FleetMapMetrics metrics;
        QCOMPARE(layoutFleetMap({{600, 0}}, 600, metrics).pitch, metrics.pitch);
        const FleetMapLayout tight = layoutFleetMap({{600, 0}}, 520, metrics);
        QCOMPARE(tight.perCell, 1);
        QCOMPARE(tight.pitch, metrics.leastPitch);
    }

    void mapAggregatesNoFurtherThanItHelps()
    {
        // Labels alone are wider than the map: no number of workers a cell would change that.
        const FleetMapMetrics metrics;
        const FleetMapLayout layout = layoutFleetMap({{40, 60}, {30, 60}, {15, 60}}, 120, metrics);
        QVERIFY(!layout.fits);
        QVERIFY2(layout.perCell <= 10, qPrintable(QString::number(layout.perCell)));
    }

    void mapAggregatesByRoundNumbers()
    {
        const FleetMapMetrics metrics;
        const FleetMapLayout layout = layoutFleetMap({{60'000, 50}, {40'000, 50}}, 640, metrics);
        QVERIFY(layout.fits);
        QCOMPARE(layout.perCell, 200);
        const FleetMapLayout::Group &last = layout.groups.back();
        QVERIFY(last.left + last.width <= 640);
    }
};

PULSEDECK_TEST(FleetChartsTest, runWithEvents)
#include "fleetcharts_test.moc"
