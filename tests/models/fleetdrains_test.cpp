// SPDX-License-Identifier: GPL-3.0-or-later
// Drains as the store sees them: which are noted, forgotten, undone, or overdue.
#include "models/fleet/fleetstore.h"
#include "tests/models/fleetstorelook.h"
#include "tests/models/modelfleet.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class FleetDrainsTest : public QObject
{
    Q_OBJECT

private slots:
    void theDrainTimeoutIsUnknownUntilToldOrSeenTwice()
    {
        ModelFleet fleet;
        QCOMPARE(fleet.store.drainTimeoutMs(1), TimingProfile().drainTimeout);
        tellNothing(fleet);
        QCOMPARE(fleet.store.drainTimeoutMs(1), TimingProfile::unknownDrain);
        for (WorkerNumber number = 0; number < 2; ++number) {
            fleet.add(number, "chromium:" + QByteArray::number(number));
            fleet.apply(fleet.alive(number));
            QCOMPARE(fleet.store.drainTimeoutMs(1), TimingProfile::unknownDrain);
            WorkerSample sample = fleet.alive(number, 0, WorkerStatus::Draining);
            sample.activeSessions = 2;
            fleet.apply(sample);
            fleet.clock.step(300'000 + number * 800);
            sample = fleet.alive(number, 0, WorkerStatus::ShuttingDown);
            sample.activeSessions = 2; // Forced out.
            fleet.apply(sample);
        }
        QCOMPARE(fleet.store.drainTimeoutMs(1), qint64(300'800));
    }

    void aForgottenDrainIsSeenAndAResumedOneIsNot()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        fleet.apply(fleet.alive(0, 0, WorkerStatus::Draining));
        fleet.clock.step(1'000);
        fleet.apply(fleet.alive(0));
        QVERIFY(fleet.store.worker(handle).flags.testFlag(WorkerFlag::DrainForgotten));

        ModelFleet other;
        const WorkerHandle resumed = other.add(0, "chromium:a");
        WorkerSample draining = other.alive(0, 0, WorkerStatus::Draining);
        draining.flags = WorkerFlag::DrainedByOperator;
        other.apply(draining);
        other.clock.step(1'000);
        WorkerSample available = other.alive(0);
        available.flags = WorkerFlag::DrainedByOperator;
        other.apply(available);
        QVERIFY(!other.store.worker(resumed).flags.testFlag(WorkerFlag::DrainForgotten));
        QVERIFY(other.store.worker(resumed).flags.testFlag(WorkerFlag::DrainUndone)); // Whoever resumes takes the note away.
        other.clock.step(1'000);
        other.apply(other.alive(0));
        QVERIFY(!other.store.worker(resumed).flags.testFlag(WorkerFlag::DrainUndone));
    }

    void aDrainsNoteIsProvenByItsBeginning()
    {
        constexpr qint64 drainedAt = 1'700'000'000'000;
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        const auto flags = [&] { return fleet.store.worker(handle).flags; };
        fleet.clock.step(1'000);
        fleet.apply(notedSample(fleet, WorkerStatus::Draining, drainedAt));
        QVERIFY(flags().testFlag(WorkerFlag::DrainedByOperator) && !flags().testFlag(WorkerFlag::DrainUnseen));
        QCOMPARE(fleet.store.provenDrain(handle), drainedAt);
        // While nobody looked the worker may have registered again, and been told to go.
        fleet.setState(SourceState::Waiting);
        ++fleet.generation;
        fleet.clock.step(1'000);
        fleet.setState(SourceState::Live);
        fleet.apply(notedSample(fleet, WorkerStatus::Draining, drainedAt));
        QVERIFY(flags().testFlag(WorkerFlag::DrainedByOperator) && flags().testFlag(WorkerFlag::DrainUnseen));
        QCOMPARE(fleet.store.provenDrain(handle), qint64(0));
        // Resumed and drained again before our eyes.
        fleet.apply(notedSample(fleet, WorkerStatus::Draining, drainedAt + 5));
        QCOMPARE(fleet.store.provenDrain(handle), drainedAt + 5);
    }

    void whoDrainsWithoutASessionAndBeatsOnStays()
    {
        constexpr qint64 drainedAt = 1'700'000'000'000;
        ModelFleet fleet;
        fleet.apply(notedSample(fleet, WorkerStatus::Draining, drainedAt, 1));
        const WorkerHandle handle = fleet.store.find(1, "chromium:a");
        QVERIFY(fleet.store.worker(handle).flags.testFlag(WorkerFlag::DrainUnseen));
        const auto seen = [&](int sessions) {
            fleet.clock.step(2'000);
            fleet.apply(notedSample(fleet, WorkerStatus::Draining, drainedAt, sessions));
            return fleet.store.provenDrain(handle);
        };
        QCOMPARE(seen(1), qint64(0));
        QCOMPARE(seen(1), qint64(0));
        QCOMPARE(seen(0), qint64(0)); // From here on it would go within a second.
        QCOMPARE(seen(0), qint64(0));
        QCOMPARE(seen(0), drainedAt);
    }

    void aStaleNoteIsNoDrain()
    {
        constexpr qint64 drainedAt = 1'700'000'000'000;
        ModelFleet fleet;
        fleet.apply(notedSample(fleet, WorkerStatus::Available, drainedAt)); // There when the console came: nobody resumed it.
        const WorkerHandle handle = fleet.store.find(1, "chromium:a");
        const auto &worker = fleet.store.worker(handle);
        QVERIFY(worker.flags.testFlag(WorkerFlag::DrainUndone));
        QVERIFY(!worker.flags.testFlag(WorkerFlag::DrainedByOperator));
        QVERIFY(needsAttention(worker));
        fleet.clock.step(1'000);
        fleet.apply(notedSample(fleet, WorkerStatus::Draining, drainedAt));
        QVERIFY(!worker.flags.testFlag(WorkerFlag::DrainedByOperator));
        QVERIFY(!worker.flags.testFlag(WorkerFlag::DrainUndone));
        QCOMPARE(fleet.store.provenDrain(handle), qint64(0));
        fleet.clock.step(1'000);
        fleet.apply(notedSample(fleet, WorkerStatus::Available, drainedAt)); // It forgot the drain of its own.
        QVERIFY(worker.flags.testFlag(WorkerFlag::DrainForgotten));
    }

    void anUndoneDrainIsToldWhenItHappens()
    {
        constexpr qint64 drainedAt = 1'700'000'000'000;
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        fleet.apply(notedSample(fleet, WorkerStatus::Draining, drainedAt));
        fleet.apply(notedSample(fleet, WorkerStatus::Available, drainedAt));
        QVERIFY(hasEvent(fleet, handle, FleetEventKind::DrainUndone));
        QVERIFY(!hasEvent(fleet, handle, FleetEventKind::DrainForgotten));
    }
};

PULSEDECK_TEST(FleetDrainsTest, runWithEvents)
#include "fleetdrains_test.moc"
