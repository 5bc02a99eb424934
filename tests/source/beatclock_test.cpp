// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/beatclock.h"
#include "models/core/clockoffset.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;

class BeatClockTest : public QObject
{
    Q_OBJECT

    static constexpr qint64 start = 1'800'000'000'000;

    static bool push(BeatClock &clock, qint64 at, qint64 pttl, qint64 changedAgo, bool heartbeat = true)
    {
        return clock.read({pttl, at, changedAgo, heartbeat, false});
    }

private slots:
    void learnsTheTtlFromBeats()
    {
        BeatClock clock;
        QVERIFY(!push(clock, start, 21'345, -1, false)); // The first look shows no beat.
        QVERIFY(!clock.isLearnt());
        QCOMPARE(clock.beatAt(), qint64(0));
        clock.assume(30'000, false);
        QCOMPARE(clock.beatAt(), start + 21'345 - 30'000);
        QVERIFY(!clock.isProven()); // Shown as an estimate, and no more.
        clock.assume(30'000, true);
        QVERIFY(clock.isProven() && !clock.isLearnt());
        QVERIFY(push(clock, start + 1'400, 29'955, 45));
        QVERIFY(clock.isLearnt());
        QCOMPARE(clock.ttl(), 30'000);
        QCOMPARE(clock.beatAt(), start + 1'355);
        // Reading it again is no beat.
        QVERIFY(!push(clock, start + 3'000, 28'354, 60, false));
        QCOMPARE(clock.beatAt(), start + 1'354);
    }

    void aHalfDoneBeatIsTakenOnceItIsWhole()
    {
        BeatClock clock;
        push(clock, start, 30'000, -1, false);
        push(clock, start + 10'010, 29'990, 10);
        QCOMPARE(clock.beatAt(), start + 10'000);
        // lastHeartbeat is written, EXPIRE is not yet: the time of the beat is still the old one…
        push(clock, start + 20'000, 20'000, 5);
        QCOMPARE(clock.beatAt(), start + 10'000);
        QCOMPARE(clock.ttl(), 30'000);
        // …and with the second announcement it is there.
        QVERIFY(push(clock, start + 20'050, 29'952, 50, false));
        QCOMPARE(clock.beatAt(), start + 20'002);
    }

    void oneLateReadDoesNotShortenTheTtl()
    {
        BeatClock clock;
        push(clock, start, 30'000, -1, false);
        push(clock, start + 10'000, 30'000, 0);
        push(clock, start + 21'500, 28'500, 0);
        QCOMPARE(clock.ttl(), 30'000);
        push(clock, start + 30'000, 30'000, 0);
        QCOMPARE(clock.ttl(), 30'000);
    }

    void aMuchShorterTtlIsBelievedWithTheFirstBeatThatShowsIt()
    {
        BeatClock clock;
        push(clock, start, 30'000, -1, false);
        push(clock, start + 10'000, 30'000, 0);
        // The interval goes to 4 s and the TTL to 12 s: the expiry moves back.
        QVERIFY(push(clock, start + 14'050, 11'950, 50));
        QCOMPARE(clock.ttl(), 12'000);
        QCOMPARE(clock.beatAt(), start + 14'000);
        QVERIFY(push(clock, start + 18'000, 12'000, 0));
        QCOMPARE(clock.beatAt(), start + 18'000);
        // An announcement processed two seconds late is still no proof.
        QVERIFY(push(clock, start + 24'000, 10'100, 0));
        QCOMPARE(clock.ttl(), 12'000);
    }

    void aShorterTtlThatKeepsTheExpiryIsSeenIfWorkersWereToldIt()
    {
        BeatClock clock;
        push(clock, start, 30'000, -1, false);
        push(clock, start + 10'000, 30'000, 0);
        QVERIFY(clock.read({19'950, start + 20'050, 50, true, false, 10'050, 20'000}));
        QCOMPARE(clock.ttl(), 20'000);
        QCOMPARE(clock.beatAt(), start + 20'000);
        // A half-done beat under a TTL that did not change is none.
        QVERIFY(clock.read({20'000, start + 30'000, 0, true, false, 9'950, 20'000}));
        clock.read({10'000, start + 40'000, 5, true, false, 10'000, 20'000});
        QCOMPARE(clock.ttl(), 20'000);
        QCOMPARE(clock.beatAt(), start + 30'000);
    }

    void aSweepLearnsAShorterTtl()
    {
        BeatClock clock;
        const auto sweep = [&](qint64 at, qint64 pttl, qint64 since) { return clock.read({pttl, at, -1, true, false, since}); };
        sweep(start, 29'000, -1);
        QVERIFY(sweep(start + 9'500, 29'900, 2'000));
        QCOMPARE(clock.ttl(), 30'000);
        // 30 s becomes 12 s, and 1.5 s pass until the sweep: at most 12.5 s can it have been.
        QVERIFY(sweep(start + 20'500, 10'500, 2'000));
        QVERIFY(clock.ttl() >= 10'500 && clock.ttl() <= 12'500);
        QVERIFY(sweep(start + 29'600, 11'900, 2'000));
        QCOMPARE(clock.ttl(), 12'000);
        QCOMPARE(clock.beatAt(), start + 29'500);
        // One that is late by less than the cadence teaches nothing.
        QVERIFY(sweep(start + 40'900, 10'600, 2'000));
        QCOMPARE(clock.ttl(), 12'000);
    }

    void aShorterTtlIsBelievedAfterThreeBeats()
    {
        BeatClock clock;
        push(clock, start, 30'000, -1, false);
        push(clock, start + 10'000, 30'000, 0);
        // 30 s becomes 20 s: the expiry stays where it was, and only lastHeartbeat shows the first such beat.
        QVERIFY(push(clock, start + 20'000, 20'000, 0));
        QVERIFY(push(clock, start + 30'000, 20'000, 0));
        QVERIFY(push(clock, start + 40'000, 20'000, 0));
        QCOMPARE(clock.ttl(), 20'000);
        QCOMPARE(clock.beatAt(), start + 40'000);
    }

    void aLongerTtlIsBelievedAtOnce()
    {
        BeatClock clock;
        push(clock, start, 30'000, -1, false);
        push(clock, start + 10'000, 60'000, 0);
        QCOMPARE(clock.ttl(), 60'000);
        QCOMPARE(clock.beatAt(), start + 10'000);
    }

    void shuttingDownIsNoBeat()
    {
        BeatClock clock;
        push(clock, start, 30'000, -1, false);
        push(clock, start + 10'000, 30'000, 0);
        QVERIFY(!clock.read({10'000, start + 15'000, 0, false, true}));
        QCOMPARE(clock.beatAt(), start + 10'000);
        QCOMPARE(clock.ttl(), 30'000);
        QCOMPARE(clock.expiresAt(), start + 25'000);
    }

    void aSweepLearnsByTheGreatest()
    {
        BeatClock clock;
        const auto sweep = [&](qint64 at, qint64 pttl) { return clock.read({pttl, at, -1, true, false}); };
        sweep(start, 28'000);
        QVERIFY(sweep(start + 10'000, 28'700));
        QVERIFY(sweep(start + 20'000, 29'900));
        QCOMPARE(clock.ttl(), 30'000);
        QVERIFY(sweep(start + 30'000, 28'200));
        QCOMPARE(clock.ttl(), 30'000);
        QCOMPARE(clock.beatAt(), start + 28'200);
    }

    /// What workers are known to set is not unlearnt from a reading that is late by the cadence.
    void aSweptBeatDoesNotShortenAKnownTtl()
    {
        BeatClock clock;
        const auto sweep = [&](qint64 at, qint64 pttl) { return clock.read({pttl, at, -1, true, false, 2'000}); };
        clock.assume(60'000, true);
        sweep(start, 55'000);
        QVERIFY(sweep(start + 10'000, 58'500));
        QCOMPARE(clock.ttl(), 60'000);
        QCOMPARE(clock.beatAt(), start + 8'500);
        // One that is shorter by more than a reading can be late is learnt all the same.
        QVERIFY(sweep(start + 20'000, 29'000));
        QCOMPARE(clock.ttl(), 29'000);
    }

    void theMostThatIsLeftHintsAtTheTtl()
    {
        TtlHint hint;
        QCOMPARE(hint.ttl(), 0);
        hint.add(12'345);
        hint.add(29'412);
        hint.add(3'000);
        QCOMPARE(hint.ttl(), 30'000);
    }

    void theSmallestRoundTripDecides()
    {
        ClockOffset offset;
        QVERIFY(!offset.isKnown());
        offset.add(1'000'000, 40'000, 1'000'000 + 7'500'000); // Slow and wrong by up to 20 ms.
        offset.add(2'000'000, 1'000, 2'000'500 + 7'490'000);
        offset.add(3'000'000, 90'000, 3'000'000 + 7'600'000);
        QCOMPARE(offset.offsetMs(), 7'490);
        QCOMPARE(offset.roundTripUs(), 1'000);
    }
};

PULSEDECK_TEST(BeatClockTest, runWithEvents)
#include "beatclock_test.moc"
