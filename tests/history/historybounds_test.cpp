// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/historyfile.h"
#include "tests/history/historyfolder.h"
#include "tests/history/historywatch.h"
#include "tests/support/testprogram.h"

#include <random>

using namespace Qt::StringLiterals;

namespace pulsedeck {

/// A history stays within its limits, while it records.
class HistoryBoundsTest : public HistoryFolderTest
{
    Q_OBJECT

private slots:
    void whatIsTooOldIsRemoved();
    void theSizeIsKeptUnderLoad();
    void aLowerLimitShrinksTheFile();
    void whatIsPrunedIsGone();
    void lanesThatAreGoneAreForgotten();
    void theQueueIsBounded();

private:
    /// Half-second frames of \a lanes lanes that beat at random, so that they do not pack well.
    void load(History &history, qint64 from, qint64 to, LaneId lanes, int perFrame)
    {
        for (qint64 at = from; at < to; at += 500) {
            HistoryFrame frame;
            frame.at = at;
            frame.until = at + 499;
            if (at == from) {
                for (LaneId lane = 1; lane <= lanes; ++lane) {
                    HistoryFrame told = frameOf(lane, {at}, true);
                    frame.lanes.push_back(told.lanes[0]);
                    frame.changes.push_back(told.changes[0]);
                }
            }
            for (int i = 0; i < perFrame; ++i)
                frame.beats.push_back({LaneId(1 + m_random() % lanes), qint32(m_random() % 500)});
            history.write(std::move(frame));
        }
    }
    static void settle(History &history)
    {
        // Everything is worked off, and twice, as what is sealed is so in between.
        askHistory<SpansAnswer>(history, SpansQuery());
        askHistory<SpansAnswer>(history, SpansQuery());
    }

    std::mt19937 m_random{3};
};

void HistoryBoundsTest::whatIsTooOldIsRemoved()
{
    HistoryLimits limits;
    limits.keepForMs = 1'800'000;
    const qint64 start = 1'800'000'000'000;
    SqlHistory history(path(), limits);
    load(history, start, start + 4'500'000, 20, 4);
    QTRY_VERIFY_WITH_TIMEOUT(history.state().from >= start + 4'500'000 - 1'800'000 - 2 * segmentMs, patience);
    QVERIFY(history.state().from <= start + 4'500'000 - 1'800'000);
    const LaneTrack track = trackOf(history, "worker-1");
    QVERIFY(!track.beats.empty());
    QVERIFY(track.beats.front() >= history.state().from);
    QVERIFY(history.state().message.isEmpty());
    // What is left is whole.
    const auto fold = askHistory<FoldAnswer>(
        history, FoldQuery{start + 3'600'000, 60'000, 15, std::make_shared<const std::vector<LaneId>>(1, track.lane), {0}});
    QVERIFY(fold.at(0, 5).worst == quint8(Liveness::Alive));
}

void HistoryBoundsTest::theSizeIsKeptUnderLoad()
{
    HistoryLimits limits;
    limits.maxBytes = 3'000'000;
    const qint64 start = 1'800'000'000'000;
    SqlHistory history(path(), limits);
    qint64 most = 0;
    for (int part = 0; part < 8; ++part) {
        load(history, start + part * 1'200'000, start + (part + 1) * 1'200'000, 500, 150);
        settle(history);
        most = qMax(most, QFileInfo(path()).size());
    }
    QTRY_VERIFY_WITH_TIMEOUT(history.state().bytes > 0 && history.state().bytes <= limits.maxBytes, patience);
    // The segment being recorded and its tail come on top.
    QVERIFY2(most < 3 * limits.maxBytes, qPrintable(QString::number(most)));
    QVERIFY(history.state().from > start);
    QCOMPARE(history.state().lost, 0);
    QVERIFY(trackOf(history, "worker-3").beats.size() > 100);
}

void HistoryBoundsTest::aLowerLimitShrinksTheFile()
{
    const qint64 start = 1'800'000'000'000;
    SqlHistory history(path());
    load(history, start, start + 3'000'000, 500, 150);
    settle(history);
    QTRY_VERIFY_WITH_TIMEOUT(history.state().bytes > 2'000'000, patience);
    HistoryLimits limits;
    limits.maxBytes = 1'000'000;
    history.setLimits(limits);
    QCOMPARE(history.state().limits.maxBytes, limits.maxBytes);
    QTRY_VERIFY_WITH_TIMEOUT(history.state().bytes <= limits.maxBytes, patience);
    QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(path()).size() <= 2 * limits.maxBytes + 500'000, patience);
    QVERIFY(!trackOf(history, "worker-3").beats.empty());
}

void HistoryBoundsTest::whatIsPrunedIsGone()
{
    const qint64 start = 1'800'000'000'000 / 300'000 * 300'000;
    SqlHistory history(path());
    load(history, start, start + 1'500'000, 20, 4);
    settle(history);
    history.prune(start + 900'000);
    QTRY_COMPARE_WITH_TIMEOUT(history.state().from, start + 900'000, patience);
    QVERIFY(trackOf(history, "worker-1").beats.front() >= start + 900'000);
    const auto overview = askHistory<OverviewAnswer>(history, OverviewQuery());
    QCOMPARE(overview.cells.front().at, start + 900'000);
}

void HistoryBoundsTest::lanesThatAreGoneAreForgotten()
{
    const qint64 start = 1'800'000'000'000 / 300'000 * 300'000;
    LaneId number = noLane;
    {
        SqlHistory history(path());
        load(history, start, start + 10'000, 30, 4);
        number = laneNamed(history, "worker-7");
    }
    {
        SqlHistory history(path());
        load(history, start + 3'600'000, start + 4'500'000, 2, 1);
        settle(history);
        history.prune(start + 3'000'000);
        QTRY_VERIFY_WITH_TIMEOUT(lanesOf(history).size() == 2, patience);
    }
    SqlHistory history(path());
    QCOMPARE(lanesOf(history).size(), size_t(2));
    // Its number is no other lane's.
    history.write(frameOf(50, {start + 5'000'000}, true));
    QVERIFY(laneNamed(history, "worker-50") > number);
    QVERIFY(laneNamed(history, "worker-50") > 30);
}

void HistoryBoundsTest::theQueueIsBounded()
{
    // The writer cannot be held up from here: what it could not take at once is either recorded or counted.
    SqlHistory history(path());
    const qint64 start = 1'800'000'000'000;
    qint64 given = 0;
    for (int i = 0; i < 8; ++i) {
        HistoryFrame frame = frameOf(1, {start + i * 400'000}, i == 0);
        for (int beat = 0; beat < 300'000; ++beat)
            frame.beats.push_back({1, beat + 1});
        given += qint64(frame.beats.size());
        history.write(std::move(frame));
    }
    const auto kept = qint64(trackOf(history, "worker-1").beats.size());
    QVERIFY(kept <= given);
    QTRY_VERIFY2_WITH_TIMEOUT(given - kept <= history.state().lost, qPrintable(QString::number(given - kept)), patience);
    QVERIFY(kept >= qint64(SqlHistory::maxQueued) / 2);
}

} // namespace pulsedeck

using pulsedeck::HistoryBoundsTest;
PULSEDECK_TEST(HistoryBoundsTest, pulsedeck::runWithEvents)
#include "historybounds_test.moc"
