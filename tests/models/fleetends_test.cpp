// SPDX-License-Identifier: GPL-3.0-or-later
// How workers end, and what of them stays.
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/fleetfilter.h"
#include "models/fleet/fleetstore.h"
#include "models/fleet/liveness.h"
#include "tests/models/fleetstorelook.h"
#include "tests/models/modelfleet.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class FleetEndsTest : public QObject
{
    Q_OBJECT

private slots:
    void theDeadTakeNoKeyAway()
    {
        ModelFleet fleet;
        const WorkerHandle crashed = addDrainingDeaf(fleet);
        QCOMPARE(fleet.store.worker(crashed).liveness, Liveness::Crashed);
        QCOMPARE(fleet.store.figures().crashed, 1);
        QCOMPARE(fleet.store.figures().alive, 0);
        QVERIFY(hasEvent(fleet, crashed, FleetEventKind::ListenerLost));
        fleet.clock.step(2'000);
        fleet.apply(fleet.gone(0, WorkerEnd::Drained, false));
        QCOMPARE(fleet.store.worker(crashed).end, WorkerEnd::KeyRemoved);
        QCOMPARE(livenessName(fleet.store.worker(crashed)), u"key-removed"_s);
    }

    /// Its subscription is closed a moment before its key is taken away.
    void whoGoesIsNoCrash()
    {
        ModelFleet fleet;
        const WorkerHandle going = addDrainingDeaf(fleet);
        fleet.clock.step(300);
        fleet.apply(fleet.gone(0, WorkerEnd::Drained, false));
        QCOMPARE(fleet.store.worker(going).end, WorkerEnd::Drained);
    }

    void whoCrashedKeepsTheWord()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        WorkerSample sample = fleet.alive(0, 1'000);
        sample.flags = WorkerFlag::NoListener;
        fleet.apply(sample);
        fleet.apply(fleet.gone(0, WorkerEnd::Crashed, true));
        QCOMPARE(fleet.store.worker(handle).liveness, Liveness::Zombie);
        QCOMPARE(fleet.store.worker(handle).end, WorkerEnd::Crashed);
        const FleetFilter filter = FleetFilter::parse(u"liveness:crashed"_s);
        QVERIFY(filter.matches(fleet.store, handle, fleet.clock.nowMs()));
        QVERIFY(FleetFilter::parse(u"flag:crashed"_s).matches(fleet.store, handle, fleet.clock.nowMs()));
        QVERIFY(accessibleText(fleet.store, handle, fleet.clock.nowMs()).contains(u"crashed"_s));
        QCOMPARE(workerJson(fleet.store, handle, fleet.clock.nowMs())["end"_L1].toString(), u"crashed"_s);
        // It is a zombie without a connection too.
        fleet.setState(SourceState::Waiting);
        QCOMPARE(fleet.store.worker(handle).liveness, Liveness::Zombie);
        fleet.setState(SourceState::Live);
        FleetBatch batch;
        batch.source = 1;
        batch.generation = fleet.generation;
        batch.at = fleet.clock.nowMs();
        batch.removed.append(0);
        fleet.store.apply(batch);
        QCOMPARE(livenessName(fleet.store.worker(handle)), u"crashed"_s);
    }

    void endsAreToldApart_data()
    {
        QTest::addColumn<WorkerEnd>("end");
        QTest::addColumn<bool>("counters");
        QTest::addColumn<Liveness>("liveness");
        QTest::newRow("drained") << WorkerEnd::Drained << false << Liveness::Departed;
        QTest::newRow("drained, counters left") << WorkerEnd::Drained << true << Liveness::Departed;
        QTest::newRow("left") << WorkerEnd::Left << true << Liveness::Departed;
        QTest::newRow("expired") << WorkerEnd::Expired << false << Liveness::Departed;
        QTest::newRow("zombie") << WorkerEnd::Expired << true << Liveness::Zombie;
        QTest::newRow("unseen") << WorkerEnd::Unseen << false << Liveness::Departed;
    }

    void endsAreToldApart()
    {
        QFETCH(WorkerEnd, end);
        QFETCH(bool, counters);
        QFETCH(Liveness, liveness);
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        fleet.clock.step(3'000);
        fleet.apply(fleet.gone(0, end, counters));
        const Worker &worker = fleet.store.worker(handle);
        QCOMPARE(worker.liveness, liveness);
        QCOMPARE(worker.end, end);
        QCOMPARE(worker.endedAt, fleet.clock.nowMs());
        QCOMPARE(worker.flags.testFlag(WorkerFlag::CountersLeft), counters);
        QCOMPARE(livenessName(worker), liveness == Liveness::Zombie ? u"zombie"_s : endName(end));
    }

    /// Its row goes after a quarter of an hour, its counters may stay: a new connection does not make a zombie of it.
    void anOrderlyEndOutlivesItsRow()
    {
        ModelFleet fleet;
        fleet.add(0, "chromium:a");
        fleet.apply(fleet.gone(0, WorkerEnd::Drained, true));
        fleet.clock.step(16 * 60 * 1000);
        fleet.store.publish();
        QCOMPARE(fleet.store.find(1, "chromium:a"), noWorker);
        fleet.text(1, "chromium:a");
        fleet.apply(fleet.gone(1, WorkerEnd::Unseen, true));
        QCOMPARE(fleet.store.figures().zombie, 0);
        // Who comes back under the same id is there, and dies like any other.
        fleet.apply(fleet.alive(1));
        fleet.apply(fleet.gone(1, WorkerEnd::Unseen, true));
        QCOMPARE(fleet.store.figures().zombie, 1);
    }

    /// Where a worker says only when it is asked that it serves nothing, the order on record tells that it was drained.
    void aRecordedDrainIsHowItEnded_data()
    {
        QTest::addColumn<bool>("recorded");
        QTest::addColumn<bool>("asked");
        QTest::addColumn<WorkerEnd>("end");
        QTest::newRow("recorded") << true << false << WorkerEnd::Drained;
        QTest::newRow("not recorded") << false << false << WorkerEnd::Left;
        QTest::newRow("it said that it serves queues") << true << true << WorkerEnd::Left;
    }
    void aRecordedDrainIsHowItEnded()
    {
        QFETCH(const bool, recorded);
        QFETCH(const bool, asked);
        QFETCH(const WorkerEnd, end);
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        const OrderNote drain{u"ada@ops"_s, {}, fleet.clock.nowMs()};
        if (recorded)
            fleet.store.takeRecordedDrain(fleet.store.sourceName(1), u"playwright"_s, "chromium:a", drain);
        WorkerSample leaves = fleet.alive(0, 0, WorkerStatus::ShuttingDown);
        leaves.flags = WorkerFlag::StillWorking;
        fleet.apply(leaves);
        WorkerSample gone = fleet.gone(0, WorkerEnd::Left, false);
        gone.flags.setFlag(WorkerFlag::NotAsked, !asked);
        fleet.apply(gone);
        QCOMPARE(fleet.store.worker(handle).end, end);
        QVERIFY(!fleet.store.worker(handle).flags.testFlag(WorkerFlag::NotAsked));
    }

    void departedWorkersStayAWhile()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        fleet.apply(fleet.gone(0, WorkerEnd::Left, false));
        fleet.remove(0);
        fleet.store.publish();
        QCOMPARE(fleet.store.figures().departed, 1);
        QCOMPARE(fleet.store.sourceWorkerCount(1), 0);
        fleet.clock.step(15 * 60 * 1000 - 1);
        fleet.store.publish();
        QVERIFY(fleet.store.worker(handle).used);
        QSignalSpy spy(&fleet.store, &FleetStore::published);
        fleet.clock.step(1);
        fleet.store.publish();
        QCOMPARE(fleet.store.find(1, "chromium:a"), noWorker);
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy.at(0).at(0).value<FleetChanges>().removed.size(), size_t(1));
        QCOMPARE(fleet.store.figures().departed, 0);
        // Its place is free for the next one.
        QCOMPARE(fleet.add(1, "chromium:b"), handle);
    }

    void theSameIdIsReturnedNotNew()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        fleet.apply(fleet.gone(0, WorkerEnd::Expired, false));
        fleet.remove(0);
        fleet.clock.step(34'000);
        QCOMPARE(fleet.add(7, "chromium:a"), handle); // The source gave it a new number.
        const Worker &worker = fleet.store.worker(handle);
        QVERIFY(worker.flags.testFlag(WorkerFlag::Returned));
        QCOMPARE(worker.liveness, Liveness::Alive);
        QCOMPARE(worker.endedAt, qint64(0));
        QVERIFY(hasEvent(fleet, handle, FleetEventKind::Returned));
        QCOMPARE(fleet.store.sourceWorkerCount(1), 1);
        QCOMPARE(fleet.store.figures().alive, 1);
        QCOMPARE(fleet.store.figures().departed, 0);
        // It is not removed from a list it is no longer in.
        fleet.clock.step(20 * 60 * 1000);
        fleet.apply(fleet.alive(7));
        fleet.store.publish();
        QVERIFY(fleet.store.worker(handle).used);
    }

    void aZombieThatComesBackIsReturned()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        fleet.apply(fleet.gone(0, WorkerEnd::Expired, true));
        QCOMPARE(fleet.store.worker(handle).liveness, Liveness::Zombie);
        fleet.clock.step(5'000);
        fleet.apply(fleet.alive(0));
        QCOMPARE(fleet.store.worker(handle).liveness, Liveness::Alive);
        QVERIFY(fleet.store.worker(handle).flags.testFlag(WorkerFlag::Returned));
        QCOMPARE(fleet.store.figures().zombie, 0);
    }

    void aReapedZombieIsDeparted()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        fleet.apply(fleet.gone(0, WorkerEnd::Expired, true));
        fleet.remove(0);
        QCOMPARE(fleet.store.worker(handle).liveness, Liveness::Departed);
        QCOMPARE(fleet.store.worker(handle).end, WorkerEnd::Expired);
        QVERIFY(hasEvent(fleet, handle, FleetEventKind::CountersReaped));
    }

    void aLostKeyIsWatched_data()
    {
        QTest::addColumn<bool>("byOperator");
        QTest::addColumn<bool>("told");
        QTest::addColumn<quint32>("flag");
        QTest::newRow("its own drain") << false << false << quint32(WorkerFlag::DrainForgotten);
        QTest::newRow("an operator's") << true << false << quint32(WorkerFlag::DrainUndone);
        QTest::newRow("an operator's, and told to go") << true << true << quint32(WorkerFlag::DrainForgotten);
    }

    void aLostKeyIsWatched()
    {
        QFETCH(const bool, byOperator);
        QFETCH(const bool, told);
        QFETCH(const quint32, flag);
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        const auto &worker = fleet.store.worker(handle);
        WorkerSample draining = fleet.alive(0, 0, WorkerStatus::Draining);
        draining.activeSessions = 1;
        draining.flags.setFlag(WorkerFlag::DrainedByOperator, byOperator);
        draining.flags.setFlag(WorkerFlag::Leaving, told);
        fleet.apply(draining);
        fleet.clock.step(1'000);
        WorkerSample lost = fleet.gone(0, WorkerEnd::None, true);
        fleet.apply(lost);
        QCOMPARE(worker.liveness, Liveness::KeyLost);
        QCOMPARE(worker.endedAt, qint64(0));
        QCOMPARE(fleet.store.figures().keyLost, 1);
        QVERIFY(needsAttention(worker));
        fleet.clock.step(20'000);
        fleet.store.publish();
        QCOMPARE(worker.liveness, Liveness::KeyLost); // Time alone does not make an end.
        fleet.apply(fleet.alive(0));
        QCOMPARE(worker.liveness, Liveness::Alive);
        QVERIFY(worker.flags.testFlag(WorkerFlag::Returned));
        QVERIFY(worker.flags.testFlag(WorkerFlag(flag)));
        QVERIFY(hasEvent(fleet, handle, FleetEventKind::KeyLost));
        QVERIFY(needsAttention(worker));
    }
};

PULSEDECK_TEST(FleetEndsTest, runWithEvents)
#include "fleetends_test.moc"
