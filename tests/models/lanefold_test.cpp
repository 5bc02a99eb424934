// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/lanefold.h"
#include "tests/models/beattimes.h"
#include "tests/support/testprogram.h"

#include <QTest>

#include <array>
#include <random>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 foldStart = 1'800'000'000'000;

LaneState alive(qint64 beatAt, qint32 interval = 5'000)
{
    LaneState state;
    state.take(LaneFact::Liveness, qint64(Liveness::Alive));
    state.interval = interval;
    state.beatAt = beatAt;
    return state;
}

int sumOf(const std::vector<FoldCell> &cells, quint32 FoldCell::*count)
{
    quint32 sum = 0;
    for (const FoldCell &cell : cells)
        sum += cell.*count;
    return int(sum);
}

} // namespace

class LaneFoldTest : public QObject
{
    Q_OBJECT

private slots:
    void beatsFallIntoTheirBuckets()
    {
        std::mt19937 random(4);
        for (const qint64 bucketMs : {1, 7, 640, 10'000, 60'000}) {
            constexpr int buckets = 37;
            LaneFold fold(foldStart, bucketMs, 1, buckets);
            std::vector<qint64> times;
            std::vector<quint32> expected(buckets);
            qint64 at = foldStart - 3 * bucketMs;
            while (at < foldStart + (buckets + 3) * bucketMs) {
                times.push_back(at);
                if (at >= foldStart && at < foldStart + buckets * bucketMs)
                    ++expected[size_t((at - foldStart) / bucketMs)];
                // Also exactly at the edges.
                at += random() % 3 == 0 ? bucketMs - (at - foldStart) % bucketMs : qint64(random() % size_t(bucketMs * 2)) + 1;
            }
            const BeatPacker packer = packerOf(times);
            const PackedBeats beats = packer.packed();
            fold.beginSpan(foldStart, foldStart + buckets * bucketMs);
            LaneState state = alive(0);
            state.interval = unknownValue;
            fold.addLane(0, state, {}, &beats);
            fold.endSpan();
            const auto cells = fold.takeCells();
            for (int i = 0; i < buckets; ++i) {
                QCOMPARE(cells[size_t(i)].received, expected[size_t(i)]);
                QCOMPARE(cells[size_t(i)].expected, expected[size_t(i)]);
                QCOMPARE(cells[size_t(i)].worst, quint8(Liveness::Alive));
                QCOMPARE(cells[size_t(i)].marks, 0);
            }
        }
    }

    void whatWasDueInAGapIsExpected()
    {
        LaneFold fold(foldStart, 10'000, 1, 6);
        const BeatPacker packer = packerOf({foldStart + 5'000, foldStart + 10'000, foldStart + 30'000, foldStart + 35'000});
        const PackedBeats beats = packer.packed();
        fold.beginSpan(foldStart, foldStart + 60'000);
        fold.addLane(0, alive(foldStart), {}, &beats);
        fold.endSpan();
        const auto cells = fold.takeCells();
        // At 15, 20 and 25 s it was due; and after 35 s at 40 to 55 s, of which 57.5 s is past.
        const std::vector<quint32> received{1, 1, 0, 2, 0, 0};
        const std::vector<quint32> expected{1, 2, 2, 2, 2, 2};
        for (size_t i = 0; i < 6; ++i) {
            QCOMPARE(cells[i].received, received[i]);
            QCOMPARE(cells[i].expected, expected[i]);
        }
    }

    void aGapOverSegmentsCountsOnce()
    {
        // The same time as one segment and as many: the expected beats are as many.
        const std::vector<qint64> times{foldStart + 1'000, foldStart + 6'000, foldStart + 41'000, foldStart + 46'000};
        const auto expectedOf = [&times](const std::vector<qint64> &cuts) {
            LaneFold fold(foldStart, 1'000, 1, 60);
            qint64 last = 0;
            for (size_t i = 0; i + 1 < cuts.size(); ++i) {
                std::vector<qint64> part;
                for (const qint64 at : times) {
                    if (at >= cuts[i] && at < cuts[i + 1])
                        part.push_back(at);
                }
                const BeatPacker packer = packerOf(part);
                const PackedBeats beats = packer.packed();
                fold.beginSpan(cuts[i], cuts[i + 1]);
                fold.addLane(0, alive(last), {}, part.empty() ? nullptr : &beats);
                fold.endSpan();
                if (!part.empty())
                    last = part.back();
            }
            return sumOf(fold.takeCells(), &FoldCell::expected);
        };
        const int whole = expectedOf({foldStart, foldStart + 60'000});
        QCOMPARE(whole, 4 + 6 + 2);
        QCOMPARE(expectedOf({foldStart, foldStart + 10'000, foldStart + 60'000}), whole);
        QCOMPARE(expectedOf({foldStart, foldStart + 12'500, foldStart + 13'000, foldStart + 20'000, foldStart + 40'500,
                             foldStart + 60'000}),
                 whole);
    }

    void whoIsUnknownOrGoneIsNotExpected()
    {
        LaneFold fold(foldStart, 10'000, 1, 6);
        const std::vector<LaneChange> changes{{1, LaneFact::Liveness, foldStart + 12'000, qint64(Liveness::Unknown)},
                                              {1, LaneFact::Liveness, foldStart + 42'000, qint64(Liveness::Departed)},
                                              {1, LaneFact::End, foldStart + 42'000, qint64(WorkerEnd::Crashed)},
                                              {1, LaneFact::Gone, foldStart + 45'000, 1}};
        fold.beginSpan(foldStart, foldStart + 60'000);
        fold.addLane(0, alive(foldStart), changes, nullptr);
        fold.endSpan();
        const auto cells = fold.takeCells();
        QCOMPARE(sumOf(cells, &FoldCell::expected), 2); // At 5 and 10 s.
        QCOMPARE(cells[0].worst, quint8(Liveness::Alive));
        QCOMPARE(cells[1].worst, quint8(Liveness::Alive));
        QVERIFY(cells[1].marks & FoldCell::Mixed);
        QCOMPARE(cells[2].worst, quint8(Liveness::Unknown));
        QVERIFY(cells[4].marks & FoldCell::Lost);
        QCOMPARE(cells[5].worst, FoldCell::nothing);
    }

    void theWorstOfARowWins()
    {
        LaneFold fold(foldStart, 1'000, 2, 10);
        fold.beginSpan(foldStart, foldStart + 10'000);
        LaneState late = alive(0);
        late.liveness = Liveness::Late;
        fold.addLane(0, alive(0), {}, nullptr);
        fold.addLane(0, late, {}, nullptr);
        fold.addLane(0, alive(0), {}, nullptr);
        const std::vector<LaneChange> changes{{1, LaneFact::Liveness, foldStart + 3'500, qint64(Liveness::Crashed)},
                                              {1, LaneFact::Liveness, foldStart + 5'000, qint64(Liveness::Alive)},
                                              {1, LaneFact::Command, foldStart + 6'000, qint64(CommandState::Shutdown)},
                                              {1, LaneFact::Status, foldStart + 7'000, qint64(WorkerStatus::Draining)},
                                              {1, LaneFact::End, foldStart + 8'000, qint64(WorkerEnd::Drained)},
                                              {1, LaneFact::End, foldStart + 9'000, qint64(WorkerEnd::None)}};
        fold.addLane(1, alive(0), changes, nullptr);
        fold.endSpan();
        const auto cells = fold.takeCells();
        for (size_t i = 0; i < 10; ++i) {
            QCOMPARE(cells[i].worst, quint8(Liveness::Late));
            QCOMPARE(cells[i].marks, quint8(FoldCell::Mixed));
        }
        QCOMPARE(cells[12].worst, quint8(Liveness::Alive));
        QCOMPARE(cells[13].worst, quint8(Liveness::Crashed));
        QCOMPARE(cells[14].worst, quint8(Liveness::Crashed));
        QVERIFY(!(cells[14].marks & FoldCell::Mixed));
        QCOMPARE(cells[15].worst, quint8(Liveness::Alive));
        QVERIFY(cells[16].marks & FoldCell::Commanded);
        QVERIFY(!(cells[16].marks & FoldCell::Draining));
        QVERIFY(cells[17].marks & FoldCell::Draining);
        QVERIFY(cells[18].marks & FoldCell::Ended);
        QVERIFY(cells[19].marks & FoldCell::Returned);
    }

    /// Against each cell by itself, over the words of 64 cells that states are noted in.
    void statesFillTheirCells()
    {
        constexpr int rows = 3;
        constexpr int buckets = 200;
        constexpr qint64 bucketMs = 100;
        constexpr qint64 end = foldStart + buckets * bucketMs;
        std::mt19937 random(6);
        const std::array kinds{Liveness::Alive, Liveness::Late, Liveness::Stale, Liveness::Unknown};
        LaneFold fold(foldStart, bucketMs, rows, buckets);
        std::vector<FoldCell> expected(rows * buckets);
        const auto note = [&](int row, qint64 from, qint64 to, const LaneState &state) {
            for (qint64 bucket = 0; bucket < buckets; ++bucket) {
                const qint64 begins = foldStart + bucket * bucketMs;
                if (from >= to || from >= begins + bucketMs || to <= begins)
                    continue;
                const bool leaves = state.status == WorkerStatus::Draining && state.liveness != Liveness::Departed;
                mergeCells(expected[size_t(row * buckets + bucket)],
                           {0, 0, quint8(state.liveness), quint8(leaves ? FoldCell::Draining : 0)});
            }
        };
        // Two recordings, which begin before and end after what is seen, with a time between them that nobody watched.
        for (const auto &[from, to] : {std::pair(foldStart - 3'000, foldStart + 7'777), {foldStart + 8'333, end + 2'000}}) {
            fold.beginSpan(from, to);
            for (LaneId lane = 0; lane < 12; ++lane) {
                const int row = int(lane) % (rows - 1); // The last one stays empty.
                LaneState state = alive(0, 0);
                std::vector<LaneChange> changes;
                qint64 since = from;
                for (qint64 at = from + qint64(random() % 900); at < to; at += 1 + qint64(random() % 5'000)) {
                    note(row, since, at, state);
                    const bool status = random() % 3 == 0;
                    changes.push_back(
                        status ? LaneChange{lane, LaneFact::Status, at,
                                            qint64(random() % 2 == 0 ? WorkerStatus::Draining : WorkerStatus::Available)}
                               : LaneChange{lane, LaneFact::Liveness, at, qint64(kinds[random() % kinds.size()])});
                    state.take(changes.back().fact, changes.back().value);
                    since = at;
                }
                note(row, since, to, state);
                fold.addLane(row, alive(0, 0), changes, nullptr);
            }
            fold.endSpan();
        }
        const std::vector<FoldCell> cells = fold.takeCells();
        for (size_t i = 0; i < cells.size(); ++i) {
            QCOMPARE(cells[i].worst, expected[i].worst);
            QCOMPARE(cells[i].marks, expected[i].marks);
        }
        QCOMPARE(cells.back().worst, FoldCell::nothing);
    }

    /// Lanes that two folds have shared, whichever way, give what one fold of all gives.
    void twoFoldsGiveWhatOneGives()
    {
        constexpr int rows = 3;
        constexpr int buckets = 150;
        constexpr qint64 bucketMs = 1'000;
        std::mt19937 random(12);
        const std::array kinds{Liveness::Alive, Liveness::Late, Liveness::Stale, Liveness::Departed};
        LaneFold whole(foldStart, bucketMs, rows, buckets);
        std::array<LaneFold, 2> shares{whole, whole};
        for (const auto &[from, to] : {std::pair(foldStart, foldStart + 60'000), {foldStart + 60'000, foldStart + 120'000}}) {
            whole.beginSpan(from, to);
            for (LaneFold &share : shares)
                share.beginSpan(from, to);
            for (LaneId lane = 0; lane < 60; ++lane) {
                std::vector<qint64> times;
                for (qint64 at = from + qint64(random() % 9'000); at < to; at += 3'000 + qint64(random() % 9'000))
                    times.push_back(at);
                std::vector<LaneChange> changes;
                // Most lanes of a row do not change.
                for (qint64 at = from + 5'000; random() % 3 == 0 && at < to; at += 1 + qint64(random() % 20'000)) {
                    if (random() % 2 == 0)
                        changes.push_back({lane, LaneFact::Liveness, at, qint64(kinds[random() % kinds.size()])});
                    else
                        changes.push_back({lane, LaneFact::Status, at,
                                           qint64(random() % 2 ? WorkerStatus::Draining : WorkerStatus::Available)});
                }
                LaneState state = alive(from);
                if (random() % 20 == 0)
                    state.liveness = Liveness::Late;
                const BeatPacker packer = packerOf(times);
                const PackedBeats beats = packer.packed();
                for (LaneFold *fold : {&whole, &shares[random() % 2]})
                    fold->addLane(int(lane) % rows, state, changes, &beats);
            }
            whole.endSpan();
            for (LaneFold &share : shares)
                share.endSpan();
        }
        const std::array level{FoldCell{3, 4, quint8(Liveness::Stale), FoldCell::Mixed | FoldCell::Lost}, FoldCell()};
        whole.addCells(1, foldStart + 130'000, 10'000, level);
        shares[1].addCells(1, foldStart + 130'000, 10'000, level);
        shares[0].merge(std::move(shares[1]));
        const auto cells = shares[0].takeCells();
        QVERIFY(sumOf(cells, &FoldCell::expected) > sumOf(cells, &FoldCell::received));
        QCOMPARE(cells, whole.takeCells());
    }

    void aLevelGivesWhatTheBeatsGive()
    {
        std::mt19937 random(8);
        std::vector<qint64> times;
        for (qint64 at = foldStart + 700; at < foldStart + 300'000; at += 4'000 + qint64(random() % 9'000))
            times.push_back(at);
        const BeatPacker packer = packerOf(times);
        const PackedBeats beats = packer.packed();
        const auto foldAt = [&](qint64 bucketMs, int buckets) {
            LaneFold fold(foldStart, bucketMs, 1, buckets);
            fold.beginSpan(foldStart, foldStart + 300'000);
            fold.addLane(0, alive(foldStart), {}, &beats);
            fold.endSpan();
            return fold.takeCells();
        };
        const auto fine = foldAt(10'000, 30);
        const auto minutes = foldAt(60'000, 5);
        std::vector<FoldCell> merged(5);
        for (size_t i = 0; i < fine.size(); ++i)
            mergeCells(merged[i / 6], fine[i]);
        QCOMPARE(merged, minutes);
        LaneFold fold(foldStart, 60'000, 1, 5);
        fold.addCells(0, foldStart, 10'000, fine);
        QCOMPARE(fold.takeCells(), minutes);
        // Coarser than what is asked for: counted in the first cell, its state in all.
        LaneFold spread(foldStart, 2'500, 1, 120);
        spread.addCells(0, foldStart, 10'000, fine);
        const auto cells = spread.takeCells();
        QCOMPARE(sumOf(cells, &FoldCell::received), sumOf(fine, &FoldCell::received));
        QCOMPARE(cells[4].received, fine[1].received);
        QCOMPARE(cells[5].received, 0u);
        QCOMPARE(cells[7].worst, fine[1].worst);
    }

    void wrongValuesDoNoHarm()
    {
        LaneFold fold(foldStart, 1'000, 1, 10);
        LaneState state = alive(1, 1);
        const BeatPacker packer = packerOf({std::numeric_limits<qint64>::min(), std::numeric_limits<qint64>::max(), 5, -5});
        const PackedBeats beats = packer.packed();
        fold.beginSpan(foldStart, foldStart + 10'000);
        fold.addLane(0, state, {}, &beats);
        fold.endSpan();
        QCOMPARE(sumOf(fold.takeCells(), &FoldCell::received), 0);
        LaneFold empty(foldStart, 0, 0, 0);
        empty.beginSpan(foldStart, foldStart + 1);
        empty.endSpan();
        QVERIFY(empty.takeCells().empty());
    }
};

PULSEDECK_TEST(LaneFoldTest, runPlain)
#include "lanefold_test.moc"
