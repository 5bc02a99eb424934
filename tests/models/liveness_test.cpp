// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/liveness.h"
#include "models/sources/hubprotocol.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;

class LivenessTest : public QObject
{
    Q_OBJECT

    static constexpr qint64 now = 1'800'000'000'000;

    static Worker worker(qint64 age)
    {
        Worker worker;
        worker.used = true;
        worker.beatAt = now - age;
        worker.readAt = now;
        worker.ttlAtRead = 60'000;
        worker.status = WorkerStatus::Available;
        return worker;
    }

private slots:
    void followsTheAge_data()
    {
        QTest::addColumn<qint64>("age");
        QTest::addColumn<Liveness>("expected");
        QTest::newRow("fresh") << qint64(0) << Liveness::Alive;
        QTest::newRow("a beat a moment ahead of our clock") << qint64(-40) << Liveness::Alive;
        QTest::newRow("exactly one and a half intervals") << qint64(15'000) << Liveness::Alive;
        QTest::newRow("just over") << qint64(15'001) << Liveness::Late;
        QTest::newRow("exactly the stale threshold") << qint64(30'000) << Liveness::Late;
        QTest::newRow("just over the stale threshold") << qint64(30'001) << Liveness::Stale;
    }

    void followsTheAge()
    {
        QFETCH(qint64, age);
        QFETCH(Liveness, expected);
        QCOMPARE(deriveLiveness(worker(age), TimingProfile(), true, now).liveness, expected);
    }

    void saysWhenItChanges()
    {
        const Worker alive = worker(0);
        const LivenessResult first = deriveLiveness(alive, TimingProfile(), true, now);
        QCOMPARE(first.nextChangeAt, now + 15'001);
        const LivenessResult second = deriveLiveness(alive, TimingProfile(), true, first.nextChangeAt);
        QCOMPARE(second.liveness, Liveness::Late);
        QCOMPARE(second.nextChangeAt, now + 30'001);
        const LivenessResult third = deriveLiveness(alive, TimingProfile(), true, second.nextChangeAt);
        QCOMPARE(third.liveness, Liveness::Stale);
        QCOMPARE(third.nextChangeAt, qint64(0));
    }

    // Without announcements it may have beaten since it was last read, however long ago that is.
    void polledWorkersAreLateByTheirReads()
    {
        Worker polled = worker(14'000);
        polled.flags = WorkerFlag::PolledBeats;
        QCOMPARE(deriveLiveness(polled, TimingProfile(), true, now).nextChangeAt, qint64(0));
        QCOMPARE(deriveLiveness(polled, TimingProfile(), true, now + 20'000).liveness, Liveness::Alive);
        polled.readAt = now + 2'000;
        QCOMPARE(deriveLiveness(polled, TimingProfile(), true, now + 2'000).liveness, Liveness::Late);
        polled.readAt = now + 20'000;
        QCOMPARE(deriveLiveness(polled, TimingProfile(), true, now + 20'000).liveness, Liveness::Stale);
        // A registration ends by itself, whoever looks.
        Worker actor = worker(40'000);
        actor.traits = hubTraits();
        actor.flags = WorkerFlag::PolledBeats;
        actor.readAt = now - 40'000;
        QVERIFY(deriveLiveness(actor, TimingProfile(), true, now).liveness != Liveness::Alive);
    }

    void thresholdsComeFromTheProfile()
    {
        TimingProfile slow;
        slow.heartbeatInterval = 60'000;
        slow.reaperStaleThreshold = 70'000; // Below one and a half intervals: stale wins.
        QCOMPARE(deriveLiveness(worker(69'000), slow, true, now).liveness, Liveness::Alive);
        QCOMPARE(deriveLiveness(worker(71'000), slow, true, now).liveness, Liveness::Stale);
    }

    void nothingIsGuessedWhileDisconnected()
    {
        QCOMPARE(deriveLiveness(worker(0), TimingProfile(), false, now).liveness, Liveness::Unknown);
        Worker departed = worker(0);
        departed.liveness = Liveness::Departed;
        QCOMPARE(deriveLiveness(departed, TimingProfile(), false, now).liveness, Liveness::Departed);
    }

    void keysTellTheRest()
    {
        Worker untimed = worker(1'000'000);
        untimed.ttlAtRead = -1;
        QCOMPARE(deriveLiveness(untimed, TimingProfile(), true, now).liveness, Liveness::NoTtl);
        Worker zombie = worker(0);
        zombie.flags = WorkerFlag::CountersLeft;
        QCOMPARE(deriveLiveness(zombie, TimingProfile(), true, now).liveness, Liveness::Zombie);
        Worker odd = worker(0);
        odd.flags = WorkerFlag::WrongType;
        QCOMPARE(deriveLiveness(odd, TimingProfile(), true, now).liveness, Liveness::Unknown);
        Worker unheard = worker(0);
        unheard.beatAt = 0;
        QCOMPARE(deriveLiveness(unheard, TimingProfile(), true, now).liveness, Liveness::Unknown);
        // However old its last call is: it has nothing to do, so that it may wait as well as be gone.
        Worker silent = worker(1'000'000);
        silent.flags = WorkerFlag::Unheard;
        silent.liveness = deriveLiveness(silent, TimingProfile(), true, now).liveness;
        QCOMPARE(silent.liveness, Liveness::Unknown);
        QVERIFY(!needsAttention(silent));
        QVERIFY(!isWorseThanLate(silent));
    }

    void aSkewedClockDecidesNothing()
    {
        Worker skewed = worker(2'000);
        skewed.clockSkew = 3'600'000;
        skewed.lastHeartbeat = now - 3'602'000;
        skewed.flags = WorkerFlag::ClockSkew;
        QCOMPARE(deriveLiveness(skewed, TimingProfile(), true, now).liveness, Liveness::Alive);
        QVERIFY(!needsAttention(skewed) || severity(skewed) == 0);
    }

    void withoutToldTimingTheWorkersOwnIntervalCounts()
    {
        // 15 s and 60 s, a real default: by the document's 10 s and 30 s it would be late before each beat.
        Worker slow = worker(22'000);
        slow.interval = 15'000;
        slow.beatCount = 9;
        slow.learntTtl = 60'000;
        const TimingProfile nobody = TimingProfile::assumedDocument();
        const Thresholds thresholds = thresholdsOf(slow, nobody);
        QVERIFY(thresholds.measured);
        QCOMPARE(thresholds.late, qint64(22'500));
        QCOMPARE(thresholds.stale, qint64(45'000));
        QCOMPARE(deriveLiveness(slow, nobody, true, now).liveness, Liveness::Alive);
        QCOMPARE(deriveLiveness(slow, nobody, true, now + 600).liveness, Liveness::Late);
        QCOMPARE(deriveLiveness(slow, nobody, true, now + 23'001).liveness, Liveness::Stale);
        // What was told is in force, whatever was measured.
        QVERIFY(!thresholdsOf(slow, TimingProfile()).measured);
        QCOMPARE(thresholdsOf(slow, TimingProfile()).late, qint64(15'000));
    }

    void theTypesIntervalCountsUntilItsOwnIsKnown()
    {
        const TimingProfile nobody = TimingProfile::assumedDocument();
        Worker young = worker(9'000);
        young.beatCount = 1;
        young.learntTtl = 60'000;
        QCOMPARE(thresholdsOf(young, nobody).late, qint64(45'000)); // By its TTL alone.
        QCOMPARE(thresholdsOf(young, nobody, 5'000).late, qint64(7'500));
        // One gap of its own is a guess: in a mixed fleet the longer of the two makes nobody healthy late.
        young.interval = 15'000;
        young.beatCount = 2;
        QCOMPARE(thresholdsOf(young, nobody, 5'000).late, qint64(22'500));
        young.beatCount = 4;
        young.interval = 4'000;
        QCOMPARE(thresholdsOf(young, nobody, 15'000).late, qint64(6'000));
    }

    void anEstimatedAgeMakesNobodyLate()
    {
        const TimingProfile nobody = TimingProfile::assumedDocument();
        Worker unproven = worker(54'000); // Estimated from another's TTL.
        unproven.flags = WorkerFlag::AgeEstimated;
        unproven.unbeatenSince = now - 2'000;
        unproven.ttlAtRead = 6'000;
        QCOMPARE(deriveLiveness(unproven, TimingProfile(), true, now).liveness, Liveness::Settling);
        QCOMPARE(deriveLiveness(unproven, nobody, true, now).liveness, Liveness::Settling);
        QCOMPARE(settledBy(unproven, thresholdsOf(unproven, nobody)), now + 6'000);
        // Watched for long enough without a beat, it is late by that alone.
        const Thresholds byType = thresholdsOf(unproven, nobody, 5'000);
        QCOMPARE(settledBy(unproven, byType), now + 5'500);
        QCOMPARE(deriveLiveness(unproven, byType, true, now).nextChangeAt, now + 5'501);
        QCOMPARE(deriveLiveness(unproven, byType, true, now + 5'501).liveness, Liveness::Late);
        QCOMPARE(deriveLiveness(unproven, byType, true, now + 13'001).liveness, Liveness::Stale);
        QVERIFY(!needsAttention(unproven));
    }

    void aDeadProcessIsCrashedAndASilentOneOnlyWhenLate()
    {
        Worker dead = worker(1'000);
        dead.flags = WorkerFlag::NoListener;
        QCOMPARE(deriveLiveness(dead, TimingProfile(), true, now).liveness, Liveness::Crashed);
        Worker silent = worker(1'000); // A fleet before the Pub/Sub path among others, or one that has died.
        silent.flags = WorkerFlag::Silent;
        QCOMPARE(deriveLiveness(silent, TimingProfile(), true, now).liveness, Liveness::Alive);
        QCOMPARE(deriveLiveness(silent, TimingProfile(), true, now + 15'000).liveness, Liveness::Crashed);
        // It died before anyone looked, or takes no commands: it is never merely late, and is alive to nobody.
        Worker unheard = worker(1'000);
        unheard.flags = WorkerFlag::NobodyListens;
        unheard.liveness = deriveLiveness(unheard, TimingProfile(), true, now).liveness;
        QCOMPARE(unheard.liveness, Liveness::Alive);
        QVERIFY(nobodyListens(unheard));
        QCOMPARE(livenessName(unheard), QStringLiteral("nobody-listens"));
        QCOMPARE(livenessLabel(unheard), QStringLiteral("nobody listens"));
        // Of a version that takes no commands it may be as well, so that late is all that is known; where others listen it died.
        QCOMPARE(deriveLiveness(unheard, TimingProfile(), true, now + 15'000).liveness, Liveness::Late);
        QCOMPARE(deriveLiveness(unheard, TimingProfile(), true, now + 40'000).liveness, Liveness::Stale);
        const int before = severity(unheard);
        unheard.flags |= WorkerFlag::Silent;
        for (const qint64 later : {15'000, 40'000}) {
            unheard.liveness = deriveLiveness(unheard, TimingProfile(), true, now + later).liveness;
            QCOMPARE(unheard.liveness, Liveness::Crashed);
            QVERIFY(!nobodyListens(unheard));
            QVERIFY(severity(unheard) > before);
        }
        Worker hung = worker(31'000);
        hung.flags = WorkerFlag::Listener;
        QCOMPARE(deriveLiveness(hung, TimingProfile(), true, now).liveness, Liveness::Hung);
        QCOMPARE(deriveLiveness(hung, TimingProfile(), false, now).liveness, Liveness::Unknown);
    }

    void whatEndedIsKnownWithoutAConnection()
    {
        Worker zombie = worker(0);
        zombie.flags = WorkerFlag::CountersLeft;
        zombie.endedAt = now;
        zombie.end = WorkerEnd::Expired;
        QCOMPARE(deriveLiveness(zombie, TimingProfile(), false, now).liveness, Liveness::Zombie);
        Worker lost = worker(0);
        lost.endedAt = now; // And no end: nobody knows yet.
        QCOMPARE(deriveLiveness(lost, TimingProfile(), true, now).liveness, Liveness::KeyLost);
        QCOMPARE(deriveLiveness(lost, TimingProfile(), false, now).liveness, Liveness::Unknown);
    }

    void aThresholdThatIsNotUsedMakesNobodyStaleAtOnce()
    {
        TimingProfile profile;
        profile.reaperStaleThreshold = TimingProfile::notUsed;
        QCOMPARE(deriveLiveness(worker(1'000), profile, true, now).liveness, Liveness::Alive);
        QCOMPARE(deriveLiveness(worker(30'001), profile, true, now).liveness, Liveness::Stale);
    }

    void worseComesFirst()
    {
        Worker stale = worker(0);
        stale.liveness = Liveness::Stale;
        Worker late = worker(0);
        late.liveness = Liveness::Late;
        Worker crashed = worker(0);
        crashed.liveness = Liveness::Alive;
        crashed.flags = WorkerFlag::NoListener;
        Worker draining = worker(0);
        draining.liveness = Liveness::Alive;
        draining.status = WorkerStatus::Draining;
        Worker sound = worker(0);
        sound.liveness = Liveness::Alive;
        QVERIFY(severity(stale) > severity(late));
        QVERIFY(severity(late) > severity(crashed));
        QVERIFY(severity(crashed) > severity(draining));
        QVERIFY(severity(draining) > severity(sound));
        QVERIFY(!needsAttention(sound));
        // A lost source is one finding, not one per worker.
        sound.liveness = Liveness::Unknown;
        QVERIFY(!needsAttention(sound));
    }
};

PULSEDECK_TEST(LivenessTest, runWithEvents)
#include "liveness_test.moc"
