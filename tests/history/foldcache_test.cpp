// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of many lanes that are kept are what they are when they are made of their lanes again.
#include "app/history/foldcache.h"
#include "app/history/historyreader.h"
#include "models/history/lanefold.h"
#include "tests/history/historyfolder.h"
#include "tests/history/historywatch.h"
#include "tests/support/testprogram.h"

#include <array>
#include <numeric>
#include <random>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr LaneId foldedLanes = 40;
constexpr qint64 foldedMs = 1'500'000; ///< Five segments.
constexpr qint64 foldStart = 1'800'000'000'000 / segmentMs * segmentMs;

/// Lanes that are late, drain, end and come back, and beats that are read a segment later.
void recordRestlessLanes(const QString &path)
{
    std::mt19937 random(23);
    SqlHistory history(path);
    for (qint64 at = foldStart; at < foldStart + foldedMs; at += 500) {
        HistoryFrame frame;
        frame.at = at;
        frame.until = at + 499;
        for (LaneId lane = 1; lane <= foldedLanes; ++lane) {
            if (at == foldStart) {
                const HistoryFrame told = frameOf(lane, {at}, true);
                frame.lanes.push_back(told.lanes[0]);
                frame.changes.push_back(told.changes[0]);
                frame.changes.push_back({lane, LaneFact::Interval, at, 2'000});
            } else if (random() % 400 == 0) {
                static constexpr std::array livenesses{Liveness::Alive, Liveness::Late, Liveness::Stale, Liveness::Unknown};
                frame.changes.push_back({lane, LaneFact::Liveness, at + 1, qint64(livenesses[random() % 4])});
            } else if (random() % 900 == 0) {
                const WorkerStatus status = random() % 2 ? WorkerStatus::Draining : WorkerStatus::Available;
                frame.changes.push_back({lane, LaneFact::Status, at + 2, qint64(status)});
            } else if (random() % 2'000 == 0) {
                const WorkerEnd end = random() % 2 ? WorkerEnd::Crashed : WorkerEnd::None;
                frame.changes.push_back({lane, LaneFact::End, at + 3, qint64(end)});
            }
            if (random() % 3 == 0)
                continue;
            const bool readLate = random() % 500 == 0 && at > foldStart + 60'000;
            frame.beats.push_back({lane, readLate ? -qint32(random() % 40'000) : qint32(random() % 500)});
        }
        history.write(frame);
    }
}

FoldAnswer askReader(HistoryReader &reader, const FoldQuery &query)
{
    QSignalSpy answered(&reader, &HistoryReader::answered);
    reader.answer(query, 1);
    if (answered.isEmpty())
        return {};
    const auto answer = answered.last().at(1).value<SharedHistoryAnswer>();
    const auto *fold = std::get_if<FoldAnswer>(answer.get());
    return fold ? *fold : FoldAnswer();
}

} // namespace

class FoldCacheTest : public HistoryFolderTest
{
    Q_OBJECT

private slots:
    void keptRowsAreWhatTheirLanesAre();
    void itIsBounded();
};

void FoldCacheTest::keptRowsAreWhatTheirLanesAre()
{
    recordRestlessLanes(path());
    std::vector<LaneId> order;
    {
        SqlHistory history(path(), {}, SqlHistory::Use::Read);
        for (LaneId lane = foldedLanes; lane > 0; --lane)
            order.push_back(laneNamed(history, "worker-" + QByteArray::number(lane)));
    }
    const std::vector<quint32> rows{0, 13, 28};
    const auto shared = std::make_shared<const std::vector<LaneId>>(order);
    std::vector<quint32> alone(order.size());
    std::iota(alone.begin(), alone.end(), 0);
    HistoryShared nothing;
    for (const quint64 exactBeats : {HistoryReader::mostBeats, quint64(1'000)}) { // From the beats, and from levels of detail.
        HistoryReader reader(path(), nothing, exactBeats);
        for (const qint64 bucketMs : {1'000, 7'000, 10'000, 50'000, 60'000, 300'000, 900'000}) {
            for (const qint64 from : {foldStart - bucketMs, foldStart + 420'000 / bucketMs * bucketMs}) {
                FoldQuery query{from / bucketMs * bucketMs, bucketMs, int(600'000 / bucketMs) + 2, shared, rows};
                const FoldAnswer made = askReader(reader, query);
                const FoldAnswer kept = askReader(reader, query);
                query.rows = alone; // A row for each lane: nothing of that is kept.
                const FoldAnswer single = askReader(reader, query);
                QCOMPARE(single.rows, int(foldedLanes));
                QCOMPARE(made.levelMs, single.levelMs);
                if (exactBeats == 1'000 && bucketMs == 60'000)
                    QCOMPARE(made.levelMs, minuteLevelMs);
                if (exactBeats == HistoryReader::mostBeats)
                    QCOMPARE(made.levelMs, 0);
                std::vector<FoldCell> sums(made.cells.size());
                QCOMPARE(sums.size(), rows.size() * size_t(made.buckets));
                quint64 received = 0;
                for (size_t lane = 0; lane < order.size(); ++lane) {
                    const size_t row = lane >= rows[2] ? 2 : lane >= rows[1] ? 1 : 0;
                    for (int bucket = 0; bucket < made.buckets; ++bucket) {
                        mergeCells(sums[row * size_t(made.buckets) + size_t(bucket)], single.at(int(lane), bucket));
                        received += single.at(int(lane), bucket).received;
                    }
                }
                QVERIFY(received > 1'000);
                for (size_t i = 0; i < sums.size(); ++i) {
                    const QString place = u"%1 ms, cell %2"_s.arg(bucketMs).arg(i);
                    QVERIFY2(made.cells[i] == sums[i], qPrintable(place));
                    QVERIFY2(kept.cells[i] == sums[i], qPrintable(place));
                }
            }
        }
    }
}

void FoldCacheTest::itIsBounded()
{
    FoldCache cache;
    const std::vector<LaneId> lanes{3, 4, 5};
    const FoldCache::RowName name = FoldCache::nameOf(lanes);
    QVERIFY(name != FoldCache::nameOf(std::vector<LaneId>{3, 5, 4}));
    QVERIFY(name != FoldCache::nameOf(std::vector<LaneId>{3, 4}));
    QVERIFY(name == FoldCache::nameOf(std::vector<LaneId>{3, 4, 5}));
    for (qint64 segment = 1; segment <= 2'000; ++segment)
        cache.insert({segment, 0, 1'000, name}, {segment, std::vector<FoldCell>(2'000)});
    QVERIFY(cache.bytes() <= FoldCache::mostBytes);
    QVERIFY(cache.bytes() > FoldCache::mostBytes / 2);
    QVERIFY(!cache.find({1, 0, 1'000, name})); // The least used one made room.
    QVERIFY(cache.find({2'000, 0, 1'000, name}));
    QCOMPARE(cache.find({2'000, 0, 1'000, name})->from, 2'000);
    QVERIFY(!cache.find({2'000, 0, 2'000, name}));
    QVERIFY(!cache.find({2'000, 7, 1'000, name}));
    cache.clear();
    QCOMPARE(cache.bytes(), 0);
}

} // namespace pulsedeck

using pulsedeck::FoldCacheTest;
PULSEDECK_TEST(FoldCacheTest, pulsedeck::runWithEvents)
#include "foldcache_test.moc"
