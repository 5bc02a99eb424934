// SPDX-License-Identifier: GPL-3.0-or-later
// Lanes are laid out away from the GUI thread: a store larger than one slice goes there piece by piece.
#include "tests/support/fleetscene.h"
#include "tests/support/testprogram.h"
#include "ui/timeline/lanefeed.h"
#include "ui/timeline/lanelist.h"
#include "ui/timeline/lanepictureset.h"

#include <QSignalSpy>
#include <QTest>

#include <numeric>

using namespace pulsedeck;

namespace {

constexpr int feedAnswerMs = 20'000;

/// All lanes of a store in rows of a thousand, and one row of all.
LaneAsk askForAll(const FleetStore &store)
{
    LaneAsk ask;
    ask.from = store.viewNow() - 60'000;
    ask.to = store.viewNow();
    ask.msPerPixel = 100;
    std::vector<WorkerHandle> order(size_t(store.capacity()));
    std::iota(order.begin(), order.end(), WorkerHandle(0));
    ask.order = std::make_shared<const std::vector<WorkerHandle>>(std::move(order));
    ask.ranges.push_back({1, 0, quint32(store.capacity())});
    for (quint32 first = 0; first < quint32(store.capacity()); first += 1'000)
        ask.ranges.push_back({100 + first, first, std::min<quint32>(1'000, quint32(store.capacity()) - first)});
    return ask;
}

/// Lanes in the last bucket of a row that is over.
quint32 lastLanesOf(const FoldedLanes &row)
{
    return row.buckets.size() < 2 ? 0 : row.buckets[row.buckets.size() - 2].there;
}

} // namespace

class LaneFeedTest : public QObject
{
    Q_OBJECT

private slots:
    void aLargeStoreIsTakenOverInSlices()
    {
        constexpr int workers = 2 * int(LaneFeed::lanesInSlice) + 500;
        FleetScene scene(workers, 0, 40);
        LaneFeed feed(scene.store);
        QSignalSpy ready(&feed, &LaneFeed::ready);
        std::vector<SharedLanePicture> pictures;
        connect(&feed, &LaneFeed::answered, this, [&](const SharedLanePicture &picture) { pictures.push_back(picture); });
        feed.setActive(true);
        // Not all at once: the GUI thread has events to work off in between.
        QVERIFY(!feed.isReady());
        QCOMPARE(feed.firstBeat(), 0);
        const quint64 token = feed.ask(askForAll(scene.store));
        QTRY_VERIFY_WITH_TIMEOUT(feed.isReady(), feedAnswerMs);
        QCOMPARE(ready.size(), 1);
        qint64 first = 0;
        for (int i = 0; i < scene.store.capacity(); ++i) {
            const BeatHistory &beats = scene.store.beats(WorkerHandle(i));
            const qint64 at = beats.isEmpty() ? 0 : beats.at(0, scene.store.viewNow());
            first = first == 0 || (at > 0 && at < first) ? at : first;
        }
        QCOMPARE(feed.firstBeat(), first);
        QTRY_VERIFY_WITH_TIMEOUT(feed.isIdle(), feedAnswerMs);
        // Single lanes first, then all of them, then who was late: asked for before the store was taken over, and yet of all of
        // it.
        QCOMPARE(pictures.size(), size_t(3));
        QVERIFY(!pictures[0]->whole && pictures[1]->whole && !pictures[1]->last && pictures[2]->last);
        QCOMPARE(pictures[2]->token, token);
        QCOMPARE(lastLanesOf(pictures[2]->rows.value(1)), quint32(workers));
        quint32 sum = 0;
        for (quint32 at = 0; at < quint32(workers); at += 1'000)
            sum += lastLanesOf(pictures[2]->rows.value(100 + at));
        QCOMPARE(sum, quint32(workers));
        QCOMPARE(std::accumulate(pictures[2]->there.begin(), pictures[2]->there.end(), 0), workers);
    }

    void whatWaitsWhenThePageIsHiddenIsAnsweredLater()
    {
        FleetScene scene(int(LaneFeed::lanesInSlice) + 500, 0, 40);
        LaneFeed feed(scene.store);
        QSignalSpy answered(&feed, &LaneFeed::answered);
        feed.setActive(true);
        feed.ask(askForAll(scene.store));
        feed.setActive(false);
        QVERIFY(!feed.isReady());
        scene.advance(5'000);
        feed.setActive(true);
        QTRY_VERIFY_WITH_TIMEOUT(feed.isReady() && feed.isIdle(), feedAnswerMs);
        const auto picture = answered.back().front().value<SharedLanePicture>();
        QVERIFY(picture->whole && picture->last);
        QCOMPARE(lastLanesOf(picture->rows.value(1)), quint32(scene.store.capacity()));
        // What beats meanwhile is in the next one.
        scene.advance(12'000);
        feed.ask(askForAll(scene.store));
        QTRY_VERIFY_WITH_TIMEOUT(feed.isIdle(), feedAnswerMs);
        const auto next = answered.back().front().value<SharedLanePicture>();
        QVERIFY(next->last && next->token > picture->token);
        QVERIFY(next->late.size() < 50); // Nearly all of them beat on.
    }

    /// Its row says so while it is there; the bar of its group must not forget it when its key expires.
    void aCrashIsToldAfterTheEnd()
    {
        FleetScene scene(60);
        LaneFeed feed(scene.store);
        QSignalSpy answered(&feed, &LaneFeed::answered);
        feed.setActive(true);
        const WorkerHandle handle = scene.find(FleetScene::Part::Crashed);
        const qint64 since = scene.store.crashedSince(handle);
        QVERIFY(since > 0);
        QCOMPARE(scene.store.crashedBeforeEnd(handle), 0);
        scene.advance(40'000);
        const Worker &worker = scene.store.worker(handle);
        QVERIFY(worker.used);
        QCOMPARE(worker.liveness, Liveness::Departed);
        QCOMPARE(scene.store.crashedSince(handle), 0);
        QCOMPARE(scene.store.crashedBeforeEnd(handle), since);
        LaneAsk ask;
        ask.from = since - 20'000;
        ask.to = scene.store.viewNow();
        ask.msPerPixel = 1'000;
        ask.order = std::make_shared<const std::vector<WorkerHandle>>(1, handle);
        ask.ranges.push_back({1, 0, 1});
        feed.ask(ask);
        QTRY_VERIFY_WITH_TIMEOUT(feed.isReady() && feed.isIdle() && !answered.isEmpty(), feedAnswerMs);
        const FoldedLanes row = answered.back().front().value<SharedLanePicture>()->rows.value(1);
        int dead = 0;
        for (size_t i = 0; i < row.buckets.size(); ++i) {
            const qint64 from = row.from + qint64(i) * row.bucketMs;
            if (from < since || from + row.bucketMs > worker.endedAt)
                continue;
            ++dead;
            QCOMPARE(row.buckets[i].tone(), LaneTone::Lost);
        }
        QVERIFY2(dead >= 20, qPrintable(QString::number(dead)));
        QVERIFY(scene.store.crashedBeforeEnd(scene.find(FleetScene::Part::Expired)) == 0);
    }

    /// Of a large fleet some worker moves all the time, and with it where each fold begins: it shows what was there until it has
    /// a picture of its own.
    void aFoldThatMovedShowsWhatStoodThere()
    {
        LaneRow row;
        row.kind = LaneRow::Kind::Fold;
        row.group = 2;
        row.number = 7;
        row.serial = 1'000;
        LaneRow moved = row;
        moved.serial = 1'001; // Another lane is its first one.
        LaneRow other = moved;
        other.number = 8;
        QVERIFY(row.key() != moved.key());
        auto picture = std::make_shared<LanePicture>();
        picture->whole = picture->last = true;
        picture->rows.insert(row.key(), FoldedLanes{5'000, 100, {}});
        picture->keyAt.insert(row.place(), row.key());
        LanePictureSet pictures;
        pictures.add(picture);
        QVERIFY(pictures.foldOf(row) && pictures.foldNear(row) == pictures.foldOf(row));
        QVERIFY(!pictures.foldOf(moved)); // It is asked for.
        QCOMPARE(pictures.foldNear(moved), pictures.foldOf(row));
        QVERIFY(!pictures.foldNear(other));
        LaneRow heading = row;
        heading.kind = LaneRow::Kind::Heading;
        QCOMPARE(heading.place(), 0u);
        QVERIFY(!pictures.foldNear(heading));
    }
};

PULSEDECK_TEST(LaneFeedTest, runWithEvents)
#include "lanefeed_test.moc"
