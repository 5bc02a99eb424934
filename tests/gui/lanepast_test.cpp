// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of many lanes in the past: those that overlap, as a heading and the folds below it, are each of all their lanes.
#include "tests/support/fleetscene.h"
#include "tests/support/memoryhistory.h"
#include "tests/support/testprogram.h"
#include "ui/timeline/lanepast.h"
#include "ui/timeline/rangepieces.h"

#include <QTest>
#include <QThreadPool>

#include <numeric>

using namespace pulsedeck;

namespace {

constexpr int pastAnswerMs = 20'000;

} // namespace

class LanePastTest : public QObject
{
    Q_OBJECT

private slots:
    void rowsAreMadeOfPieces()
    {
        const std::vector<LaneRange> ranges{{1, 0, 10, 0}, {2, 0, 4, 0}, {3, 4, 6, 0}, {4, 12, 100, 0}, {5, 50, 3, 0}};
        const RangePieces pieces(ranges, 20);
        std::vector<int> users;
        for (size_t piece = 0; piece < pieces.count(); ++piece)
            users.push_back(pieces.users(piece));
        QCOMPARE(users, (std::vector<int>{2, 2, 0, 1})); // 0 to 4, 4 to 10, 10 to 12, 12 to 20.
        QCOMPARE(pieces.of(0), (std::pair<size_t, size_t>{0, 2}));
        QCOMPARE(pieces.of(2), (std::pair<size_t, size_t>{1, 2}));
        QCOMPARE(pieces.first(3), 12u);
        QCOMPARE(pieces.end(3), 20u); // There are no more lanes.
        QCOMPARE(pieces.of(4).first, pieces.of(4).second); // All of it lies beyond them.
        QCOMPARE(pieces.largestFirst().front(), size_t(0));
        QCOMPARE(RangePieces({}, 20).count(), size_t(0));
    }

    void whatWasAskedForLastIsKept()
    {
        FleetScene scene(2, 0, 30);
        const qint64 now = scene.store.viewNow();
        const qint64 from = now - 60'000;
        MemoryHistory history;
        constexpr LaneId round = LaneId(History::mostTracks);
        constexpr LaneId lanes = LaneId(LanePast::mostStories) + round;
        for (LaneId id = 1; id <= lanes; ++id) {
            LaneTrack &track = history.tracks[id];
            track.changes = {{id, LaneFact::Liveness, from, qint64(Liveness::Alive)}, {id, LaneFact::Interval, from, 10'000}};
            track.beats = {from + id, from + 10'000 + id};
        }
        LanePast past(scene.store, history);
        for (LaneId first = 1; first <= lanes; first += round) {
            std::vector<LaneId> some(round);
            std::iota(some.begin(), some.end(), first);
            past.want(some, from, now);
            QTRY_VERIFY_WITH_TIMEOUT(past.story(first + round - 1, from, now) != nullptr, pastAnswerMs);
            for (const LaneId lane : some)
                QVERIFY(past.story(lane, from, now) != nullptr);
        }
        for (LaneId lane = 1; lane <= round; ++lane)
            QVERIFY(!past.story(lane, from, now)); // They made room.
        const auto kept = past.story(round + 1, from, now);
        QVERIFY(kept != nullptr);
        QCOMPARE(kept->beats, (std::vector<qint64>{from + round + 1, from + 10'000 + round + 1}));
        QCOMPARE(kept->lives.size(), size_t(1));
    }

    /// Of too many that ended not all have a row, which is said.
    void whoEndedOfTooManyIsCut()
    {
        FleetScene scene(2, 0, 30);
        const qint64 now = scene.store.viewNow();
        for (const size_t more : {size_t(0), size_t(1), LanePast::mostGone + 1}) {
            MemoryHistory history;
            for (size_t i = 0; i < LanePast::mostGone + more; ++i) {
                HistoryLane lane;
                lane.id = LaneId(i + 1);
                lane.name = "gone-" + QByteArray::number(i);
                lane.source = QStringLiteral("elsewhere");
                lane.first = now - 7'200'000;
                lane.last = now - 3'600'000;
                history.lanes.push_back(lane);
            }
            LanePast past(scene.store, history);
            past.look(now - 60'000, now);
            QTRY_COMPARE_WITH_TIMEOUT(past.gone().size(), LanePast::mostGone, pastAnswerMs);
            QCOMPARE(past.hasMoreGone(), more > 0);
        }
    }

    void aHeadingAndItsFoldsHaveAllTheirLanes()
    {
        FleetScene scene(12, 0, 30);
        const qint64 now = scene.store.viewNow();
        MemoryHistory history;
        history.cell = {3, 4, quint8(Liveness::Late), 0};
        std::vector<WorkerHandle> order;
        for (int i = 0; i < scene.store.capacity(); ++i) {
            const Worker &worker = scene.store.worker(WorkerHandle(i));
            HistoryLane lane;
            lane.id = LaneId(i + 1);
            lane.source = scene.store.sourceName(worker.source);
            lane.system = worker.traits->fullKind();
            lane.name = worker.id;
            lane.first = now - 3'600'000;
            lane.last = now;
            history.lanes.push_back(lane);
            order.push_back(WorkerHandle(i));
        }
        QCOMPARE(order.size(), size_t(12));
        LanePast past(scene.store, history);
        past.look(now - 60'000, now);
        QTRY_VERIFY_WITH_TIMEOUT(past.laneOf(0) != noLane, pastAnswerMs);
        const std::vector<LaneRange> ranges{{10, 0, 12, 0}, {11, 0, 5, 0}, {12, 5, 7, 0}};
        const std::vector<quint64> keys{10, 11, 12};
        past.wantFold(ranges, order, now - 600'000, 60'000, 10);
        QTRY_VERIFY_WITH_TIMEOUT(past.fold(keys) != nullptr, pastAnswerMs);
        const auto fold = past.fold(keys);
        QCOMPARE(fold->rows, 3);
        for (int bucket = 0; bucket < 10; ++bucket) {
            QCOMPARE(fold->at(0, bucket).received, 36u);
            QCOMPARE(fold->at(1, bucket).received, 15u);
            QCOMPARE(fold->at(2, bucket).received, 21u);
            QCOMPARE(fold->at(2, bucket).expected, 28u);
            QCOMPARE(fold->at(1, bucket).worst, quint8(Liveness::Late));
        }
        // The same lanes cut elsewhere are asked for again.
        const std::vector<LaneRange> others{{10, 0, 12, 0}, {11, 0, 6, 0}, {12, 6, 6, 0}};
        past.wantFold(others, order, now - 600'000, 60'000, 10);
        QTRY_VERIFY_WITH_TIMEOUT(past.fold(keys) && past.fold(keys)->at(1, 0).received == 18u, pastAnswerMs);
    }

    /// The window does not wait for many rows, and may be gone before they are added up.
    void aFoldIsAddedUpElsewhere()
    {
        FleetScene scene(2, 0, 30);
        const qint64 now = scene.store.viewNow();
        MemoryHistory history;
        history.cell = {3, 4, quint8(Liveness::Late), 0};
        const Worker &worker = scene.store.worker(0);
        HistoryLane lane;
        lane.id = 1;
        lane.source = scene.store.sourceName(worker.source);
        lane.system = worker.traits->fullKind();
        lane.name = worker.id;
        lane.first = now - 3'600'000;
        lane.last = now;
        history.lanes.push_back(lane);
        auto past = std::make_unique<LanePast>(scene.store, history);
        past->look(now - 60'000, now);
        QTRY_VERIFY_WITH_TIMEOUT(past->laneOf(0) != noLane, pastAnswerMs);
        int answers = 0;
        bool atOnce = false;
        // After the one that takes it.
        connect(&history, &History::answered, this, [&](quint64, const SharedHistoryAnswer &answer) {
            if (!std::holds_alternative<FoldAnswer>(*answer))
                return;
            if (++answers == 1)
                atOnce = past->fold({10}) != nullptr;
            else
                past.reset();
        });
        past->wantFold({{10, 0, 1, 0}}, {0}, now - 600'000, 60'000, 10);
        QTRY_VERIFY_WITH_TIMEOUT(past->fold({10}) != nullptr, pastAnswerMs);
        QCOMPARE(past->fold({10})->at(0, 9).received, 3u);
        QVERIFY(!atOnce);
        past->wantFold({{11, 0, 1, 0}}, {0}, now - 600'000, 60'000, 10);
        QTRY_COMPARE_WITH_TIMEOUT(answers, 2, pastAnswerMs);
        QVERIFY(QThreadPool::globalInstance()->waitForDone(pastAnswerMs));
        QCoreApplication::processEvents();
        QVERIFY(!past);
        disconnect(&history, nullptr, this, nullptr);
    }
};

PULSEDECK_TEST(LanePastTest, runWithEvents)
#include "lanepast_test.moc"
