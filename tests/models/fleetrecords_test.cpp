// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the fleet store, each alone.
#include "models/fleet/departedworkers.h"
#include "models/fleet/fleetrecords.h"
#include "models/sources/hubprotocol.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;

class FleetRecordsTest : public QObject
{
    Q_OBJECT

private slots:
    void dueTimesCallThoseThatAreDue()
    {
        DueTimes due;
        due.set(3, 100);
        due.set(700, 50);
        due.set(701, 200);
        due.set(5, 80);
        due.set(5, 0);
        std::vector<WorkerHandle> called;
        const auto look = [&](WorkerHandle handle) {
            called.push_back(handle);
            due.set(handle, handle == 3 ? 0 : 150);
        };
        due.eachDue(49, look);
        QVERIFY(called.empty());
        due.eachDue(100, look);
        QCOMPARE(called, (std::vector<WorkerHandle>{3, 700}));
        due.eachDue(149, look);
        QCOMPARE(called.size(), size_t(2));
        due.eachDue(200, look);
        QCOMPARE(called, (std::vector<WorkerHandle>{3, 700, 700, 701}));
    }

    void whatIsLeftDueIsDueAgain()
    {
        DueTimes due;
        due.set(1, 10);
        int calls = 0;
        due.eachDue(20, [&](WorkerHandle) { ++calls; });
        due.eachDue(20, [&](WorkerHandle) { ++calls; });
        QCOMPARE(calls, 2);
    }

    void aPaceBeganWithItsFirstBeats()
    {
        BeatHistory beats;
        qint64 at = 1'000'000;
        const auto add = [&](qint64 gap, int times) {
            for (; times > 0; --times)
                beats.append(at += gap);
        };
        add(8'000, 10);
        const qint64 shorter = at;
        add(5'000, 4);
        add(10'000, 1); // One was missed.
        add(5'000, 4);
        QCOMPARE(paceBeganAt(beats, 8'000, 5'000, at), shorter);
        const qint64 longer = at;
        add(8'000, 6);
        QCOMPARE(paceBeganAt(beats, 5'000, 8'000, at), longer);
        add(2'000, 2);
        QCOMPARE(paceBeganAt(beats, 5'000, 8'000, at), at);
        QVERIFY(!isOtherPace(5'000, 5'800) && isOtherPace(5'000, 8'000) && isOtherPace(8'000, 5'000));

        // What does not come later than what was known is added to it.
        PastPaces past;
        past.add(100'000, {8'000, 24'000});
        past.add(90'000, {10'000, 20'000});
        QCOMPARE(past.over(50'000, 60'000, {5'000, 15'000}), (GapLimits{10'000, 24'000}));
        QCOMPARE(past.over(110'000, 120'000, {5'000, 15'000}), (GapLimits{5'000, 15'000}));
        QCOMPARE(past.over(95'000, 110'000, {5'000, 15'000}), (GapLimits{10'000, 24'000}));
    }

    void ratesAreOfWholeSecondsBeforeNow()
    {
        BeatRate rate;
        for (const qint64 at : {100'000, 100'999, 101'000, 104'000, 103'000})
            rate.add(at);
        const std::vector<int> perSecond = rate.perSecond(105'500);
        QCOMPARE(perSecond.size(), size_t(BeatRate::seconds));
        QCOMPARE(std::vector<int>(perSecond.end() - 6, perSecond.end()), (std::vector<int>{0, 2, 1, 0, 1, 1}));
        QCOMPARE(rate.recent(105'000), 1.0);
        QCOMPARE(rate.seen(), quint64(5));
        // Long after that there is nothing, and what was counted in a second of the same place in the ring is gone.
        rate.add(500'000);
        QCOMPARE(rate.recent(501'000), 0.2);
        QCOMPARE(rate.recent(900'000), 0.0);
    }

    void tallyTakesOutWhatItAdded()
    {
        Worker draining;
        draining.liveness = Liveness::Alive;
        draining.status = WorkerStatus::Draining;
        draining.activeSessions = 3;
        Worker unseen;
        unseen.liveness = Liveness::Zombie;
        unseen.end = WorkerEnd::Unseen;
        unseen.endedAt = 1;
        unseen.activeSessions = 4; // Of one that ended: no session of today.
        Worker actor;
        actor.liveness = Liveness::Alive;
        actor.traits = hubTraits();
        FleetTally tally;
        for (const Worker &worker : {draining, unseen, actor})
            tally.add(worker, 1);
        FleetFigures figures;
        tally.addTo(&figures);
        QCOMPARE(figures.alive, 1);
        QCOMPARE(figures.draining, 1);
        QCOMPARE(figures.zombie, 1);
        QCOMPARE(figures.zombieUnseen, 1);
        QCOMPARE(figures.actors, 1);
        QCOMPARE(figures.attention, 2);
        QCOMPARE(figures.activeSessions, 3);
        for (const Worker &worker : {draining, unseen, actor})
            tally.add(worker, -1);
        figures = {};
        tally.addTo(&figures);
        QCOMPARE(figures.alive + figures.draining + figures.zombie + figures.zombieUnseen + figures.actors + figures.attention,
                 0);
        QCOMPARE(figures.activeSessions, 0);
    }

    void departedGivesTheOldestFirst()
    {
        DepartedWorkers departed;
        departed.add({1, 100, 100});
        departed.add({2, 300, 300});
        departed.add({3, 50, 200}); // It waited for the reaper.
        QVERIFY(!departed.takeFirst(99));
        QCOMPARE(departed.takeFirst(250)->handle, WorkerHandle(1));
        QCOMPARE(departed.takeFirst(250)->handle, WorkerHandle(3));
        QVERIFY(!departed.takeFirst(250));
        for (int i = 0; i < DepartedWorkers::mostKept; ++i)
            departed.add({10, 400, 400});
        QCOMPARE(departed.takeFirst(0)->handle, WorkerHandle(2)); // One too many.
        QVERIFY(!departed.takeFirst(0));
    }

    void aReleasedPlaceIsFreeAfterThePublish()
    {
        FleetRecords records;
        records.sources.resize(2);
        const WorkerHandle first = records.allocate(1);
        const quint32 serial = records.workers[first].serial;
        QCOMPARE(records.findSerial(serial), first);
        records.touch(first); // It counts as added.
        QCOMPARE(records.takeChanges().changed.size(), size_t(0));
        records.touch(first);
        records.touch(first);
        QCOMPARE(records.takeChanges().changed, std::vector<WorkerHandle>{first});
        QVERIFY(!records.hasChanges());
        records.release(first);
        QVERIFY(records.allocate(1) != first);
        records.freeReleased();
        QCOMPARE(records.allocate(1), first);
        QCOMPARE(records.findSerial(serial), noWorker);
        QVERIFY(records.workers[first].serial != serial);
    }

    void typesAreBounded()
    {
        FleetRecords records;
        QCOMPARE(records.typeNumber({}), quint16(0));
        const quint16 chromium = records.typeNumber("chromium");
        QCOMPARE(records.typeNumber("chromium"), chromium);
        for (int i = 0; i < 2'000; ++i)
            records.typeNumber("type" + QByteArray::number(i));
        QCOMPARE(records.typeNames().size(), size_t(1'000));
        QCOMPARE(records.typeNumber("one more"), quint16(0));
    }
};

PULSEDECK_TEST(FleetRecordsTest, runWithEvents)
#include "fleetrecords_test.moc"
