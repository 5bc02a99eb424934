// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/beathistory.h"
#include "models/protocol/worker.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;

class BeatHistoryTest : public QObject
{
    Q_OBJECT

private slots:
    void keepsTheNewest()
    {
        BeatHistory history;
        constexpr qint64 start = 1'800'000'000'000;
        for (int i = 0; i < BeatHistory::capacity + 30; ++i)
            QVERIFY(history.append(start + i * 1000));
        const qint64 now = start + (BeatHistory::capacity + 30) * 1000;
        QCOMPARE(history.size(), BeatHistory::capacity);
        QCOMPARE(history.at(0, now), start + 30 * 1000);
        QCOMPARE(history.at(history.size() - 1, now), now - 1000);
        QCOMPARE(history.lowerBound(now - 10'000, now), BeatHistory::capacity - 10);
        QCOMPARE(history.lowerBound(now, now), history.size());
        QCOMPARE(history.lowerBound(0, now), 0);
    }

    void ignoresWhatIsNotLater()
    {
        BeatHistory history;
        QVERIFY(history.append(5'000));
        QVERIFY(!history.append(5'000));
        QVERIFY(!history.append(4'000));
        QVERIFY(history.append(5'001));
        QCOMPARE(history.size(), 2);
    }

    void survivesTheWrapOfItsOffsets()
    {
        BeatHistory history;
        constexpr qint64 wrap = (qint64(1) << 32) * 400; // Some multiple of 2^32 ms.
        QVERIFY(history.append(wrap - 5'000));
        QVERIFY(history.append(wrap + 5'000));
        QCOMPARE(history.at(0, wrap + 6'000), wrap - 5'000);
        QCOMPARE(history.at(1, wrap + 6'000), wrap + 5'000);
        // A beat may be a moment after now.
        QCOMPARE(history.at(1, wrap + 4'990), wrap + 5'000);
    }

    void measuresGaps()
    {
        BeatHistory history;
        const qint64 beats[] = {0, 10'000, 20'000, 31'000, 41'000, 66'000};
        for (const qint64 beat : beats)
            history.append(1'000'000 + beat);
        const GapStatistics statistics = gapStatistics(history, {}, 1'070'000);
        QCOMPARE(statistics.gaps, 5);
        QCOMPARE(statistics.median, 10'000);
        QCOMPARE(statistics.longest, 25'000);
        // A span nobody saw takes away the gap it touches, and only that one.
        const GapStatistics seen = gapStatistics(history, {{1'050'000, 1'060'000}}, 1'070'000);
        QCOMPARE(seen.gaps, 4);
        QCOMPARE(seen.longest, 11'000);
        QCOMPARE(gapStatistics(history, {{1'065'000, 0}}, 1'070'000).gaps, 4);
        QCOMPARE(gapStatistics(BeatHistory(), {}, 0).median, unknownValue);
    }
};

PULSEDECK_TEST(BeatHistoryTest, runWithEvents)
#include "beathistory_test.moc"
