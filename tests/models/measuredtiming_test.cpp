// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/fleetfilter.h"
#include "models/timing/measuredtiming.h"
#include "tests/models/ledgerfixture.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// What is measured of a fleet next to what was reported, and how a worker that differs is found and marked.
class MeasuredTimingTest : public QObject
{
    Q_OBJECT

    static void beats(ModelFleet &fleet, WorkerNumber number, qint64 ttlMs)
    {
        WorkerSample sample = fleet.alive(number);
        sample.ttl = sample.learntTtl = qint32(ttlMs);
        fleet.apply(sample);
    }

    static Worker worker(qint64 interval, qint64 ttl)
    {
        Worker made;
        made.used = true;
        made.liveness = Liveness::Alive;
        made.interval = qint32(interval);
        made.learntTtl = qint32(ttl);
        made.beatCount = 20;
        return made;
    }

private slots:
    void driftHasATolerance_data()
    {
        QTest::addColumn<qint64>("interval");
        QTest::addColumn<qint64>("ttl");
        QTest::addColumn<QStringList>("drift");
        QTest::newRow("as told") << qint64(10'000) << qint64(30'000) << QStringList();
        QTest::newRow("at the edge") << qint64(10'900) << qint64(32'400) << QStringList();
        QTest::newRow("slower") << qint64(10'901) << qint64(30'000) << QStringList{u"interval"_s};
        QTest::newRow("faster") << qint64(9'099) << qint64(30'000) << QStringList{u"interval"_s};
        QTest::newRow("TTL over") << qint64(10'000) << qint64(32'401) << QStringList{u"ttl"_s};
        QTest::newRow("both") << qint64(15'000) << qint64(60'000) << QStringList{u"interval"_s, u"ttl"_s};
        QTest::newRow("nothing measured") << qint64(unknownValue) << qint64(unknownValue) << QStringList();
    }

    void driftHasATolerance()
    {
        QFETCH(qint64, interval);
        QFETCH(qint64, ttl);
        QFETCH(QStringList, drift);
        QCOMPARE(driftNames(driftOf(worker(interval, ttl), TimingProfile())), drift);
        Worker gone = worker(interval, ttl);
        gone.liveness = Liveness::Departed;
        QCOMPARE(driftOf(gone, TimingProfile()), Drift::None);
    }

    void driftersAreFoundByTheFilterAndMarkedInTheirRows()
    {
        ModelFleet fleet;
        fleet.add(0, "chromium:fits");
        fleet.add(1, "chromium:slow");
        fleet.add(2, "chromium:ttl");
        for (int i = 0; i < 24; ++i) {
            fleet.clock.step(5'000);
            beats(fleet, 2, 60'000);
            if (i % 2 == 1)
                beats(fleet, 0, 30'000);
            if (i % 4 == 3)
                beats(fleet, 1, 30'000);
        }
        beats(fleet, 2, 60'000);
        const auto matching = [&fleet](const QString &text) {
            const FleetFilter filter = FleetFilter::parse(text);
            QStringList ids;
            for (WorkerHandle handle = 0; handle < WorkerHandle(fleet.store.capacity()); ++handle) {
                if (filter.problems().isEmpty() && fleet.store.worker(handle).used
                    && filter.matches(fleet.store, handle, fleet.clock.nowMs()))
                    ids.append(shortId(fleet.store.worker(handle)));
            }
            return ids;
        };
        QCOMPARE(matching(u"drift:any"_s), QStringList({u"slow"_s, u"ttl"_s}));
        QCOMPARE(matching(u"drift:interval"_s), QStringList({u"slow"_s, u"ttl"_s}));
        QCOMPARE(matching(u"drift:TTL"_s), QStringList{u"ttl"_s});
        QCOMPARE(matching(u"drift:ttl,interval"_s), QStringList({u"slow"_s, u"ttl"_s}));
        QCOMPARE(matching(u"not drift:any"_s), QStringList{u"fits"_s});
        QCOMPARE(FleetFilter::parse(u"drift:much"_s).problems(),
                 QStringList{u"drift:much: the values of drift are any, interval, ttl"_s});
        QCOMPARE(FleetFilter::completions(u"drift:"_s, fleet.store),
                 QStringList({u"drift:any"_s, u"drift:interval"_s, u"drift:ttl"_s}));

        const auto text = [&fleet](const QByteArray &id, FleetColumnId column) {
            return fleetColumn(column).text(fleet.store, fleet.store.find(1, id), fleet.clock.nowMs());
        };
        QVERIFY(!text("chromium:fits", FleetColumnId::Interval).contains(u'≠'));
        QVERIFY(text("chromium:slow", FleetColumnId::Interval).startsWith(u"≠ 20.00 s"_s));
        QCOMPARE(text("chromium:slow", FleetColumnId::Flags), u"interval is not 10 s"_s);
        QCOMPARE(text("chromium:ttl", FleetColumnId::Flags), u"interval is not 10 s, TTL is not 30 s"_s);
        QVERIFY(
            accessibleText(fleet.store, fleet.store.find(1, "chromium:ttl"), fleet.clock.nowMs()).contains(u"TTL is not 30 s"_s));

        const MeasuredTiming measured = measureTiming(fleet.store, nullptr, 1);
        QCOMPARE(measured.workers, 3);
        QCOMPARE(measured.drifting, 2);
        QCOMPARE(measured.of(TimingId::HeartbeatInterval).samples, 3);
        QCOMPARE(measured.of(TimingId::HeartbeatInterval).ms, 10'000);
        QCOMPARE(measured.of(TimingId::WorkerKeyTtl).ms, 30'000);
        QVERIFY(!measured.of(TimingId::ReaperRunInterval).known());
        QVERIFY(!measured.of(TimingId::DrainTimeout).known());
    }

    void jitterIsMeasuredForEachAndForAll()
    {
        ModelFleet fleet;
        const WorkerHandle steady = fleet.add(0, "chromium:steady");
        const WorkerHandle shaky = fleet.add(1, "chromium:shaky");
        fleet.add(2, "chromium:steady too");
        for (int i = 0; i < 40; ++i) {
            fleet.clock.step(10'000);
            beats(fleet, 0, 30'000);
            beats(fleet, 2, 30'000);
            if (i % 8 != 7)
                beats(fleet, 1, 30'000);
            fleet.clock.step(1'200);
            if (i % 8 == 7)
                beats(fleet, 1, 30'000);
        }
        QCOMPARE(fleet.store.worker(steady).interval, 11'200);
        QCOMPARE(fleet.store.worker(steady).jitter, 0);
        QCOMPARE(fleet.store.worker(shaky).interval, 11'200);
        QCOMPARE(fleet.store.worker(shaky).jitter, 1'200);
        const MeasuredValue all = measureTiming(fleet.store, nullptr, 1).of(TimingId::HeartbeatInterval);
        QCOMPARE(all.samples, 3);
        QCOMPARE(all.ms, 11'200);
        QCOMPARE(all.p99Ms, 11'200);
        QCOMPARE(all.jitterMs, 0);
    }

    void whatIsReadAtOnceIsMeasuredToo()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:0", 1);
        const quint64 key = f.give(Act::ShutdownNow, worker);
        f.answer(key, CommandProgress::Outcome::Written, 1);
        f.see(f.sample(0, WorkerStatus::Draining, 1)); // Within the millisecond: it listens.
        QCOMPARE(f.at(key).pickedUpAt, f.at(key).writtenAt);
        const MeasuredValue measured = measureTiming(f.fleet.store, &f.ledger, 1).of(TimingId::ShutdownCommandTtl);
        QCOMPARE(measured.samples, 1);
        QCOMPARE(measured.ms, 0);
    }

    void drainsAndPickUpsAreMeasuredForEachAndForAll()
    {
        LedgerFixture f;
        using Outcome = CommandProgress::Outcome;
        std::vector<WorkerHandle> workers;
        for (WorkerNumber number = 0; number < 4; ++number)
            workers.push_back(f.add(number, "chromium:" + QByteArray::number(number), 1));
        const auto measured = [&f] { return measureTiming(f.fleet.store, &f.ledger, 1); };
        QVERIFY(!measured().pickUp.known());
        QVERIFY(!measured().of(TimingId::DrainTimeout).known());
        // Two are told to, and read it after 4 and 2 s; the third drains by itself; the fourth's command is not read.
        const quint64 first = f.give(Act::Shutdown, workers[0]);
        f.answer(first, Outcome::Written, 0);
        f.step(2'000);
        const quint64 second = f.give(Act::ShutdownNow, workers[1]);
        f.answer(second, Outcome::Written, 1);
        const quint64 unread = f.give(Act::Shutdown, workers[3]);
        f.answer(unread, Outcome::Written, 0);
        f.step(2'000);
        for (const WorkerNumber number : {0u, 1u})
            f.see(f.sample(number, WorkerStatus::Draining, 1, true));
        f.see(f.sample(2, WorkerStatus::Draining, 1));
        QCOMPARE(measured().pickUp.samples, 2);
        QCOMPARE(measured().pickUp.ms, 4'000);
        QCOMPARE(measured().of(TimingId::ShutdownCommandTtl).ms, 4'000);
        QCOMPARE(paceOf(f.fleet.store, &f.ledger, workers[0]).pickUpMs, 4'000);
        QCOMPARE(paceOf(f.fleet.store, &f.ledger, workers[1]).pickUpMs, 2'000);
        QCOMPARE(paceOf(f.fleet.store, &f.ledger, workers[2]).pickUpMs, qint64(unknownValue));
        QCOMPARE(paceOf(f.fleet.store, &f.ledger, workers[3]).pickUpMs, qint64(unknownValue));
        QVERIFY(!measured().of(TimingId::DrainTimeout).known());
        f.step(5'000);
        f.see(f.fleet.gone(1, WorkerEnd::Drained, false));
        f.step(7'000);
        f.see(f.fleet.gone(0, WorkerEnd::Drained, false));
        f.step(8'000);
        f.see(f.fleet.gone(2, WorkerEnd::Drained, false));
        const MeasuredValue drain = measured().of(TimingId::DrainTimeout);
        QCOMPARE(drain.samples, 3); // Each once, whoever ordered it.
        QCOMPARE(drain.ms, 12'000);
        QCOMPARE(drain.p99Ms, 20'000);
        QCOMPARE(paceOf(f.fleet.store, &f.ledger, workers[0]).drainMs, 12'000);
        QCOMPARE(paceOf(f.fleet.store, &f.ledger, workers[1]).drainMs, 5'000);
        QCOMPARE(paceOf(f.fleet.store, &f.ledger, workers[2]).drainMs, 20'000);
        QCOMPARE(paceOf(f.fleet.store, nullptr, workers[2]).drainMs, 20'000);
        QCOMPARE(paceOf(f.fleet.store, &f.ledger, workers[3]).drainMs, qint64(unknownValue));
    }

    void momentsNobodySawGiveNoTimes()
    {
        LedgerFixture f;
        using Outcome = CommandProgress::Outcome;
        // Somebody else's command: when it was written is not known, from draining to gone is.
        f.add(0, "chromium:0", 1);
        f.step(1'000);
        f.see(f.sample(0, WorkerStatus::Available, 1, true));
        f.step(1'000);
        f.see(f.sample(0, WorkerStatus::Draining, 1, true));
        f.step(5'000);
        f.see(f.fleet.gone(0, WorkerEnd::Drained, false));
        // One that drained when it was first seen.
        f.fleet.text(1, "chromium:1");
        f.see(f.sample(1, WorkerStatus::Draining));
        f.step(3'000);
        f.see(f.fleet.gone(1, WorkerEnd::Drained, false));
        // One whose command was found by looking, after the connection had been lost; it was draining for 20 s at most by then.
        const WorkerHandle lost = f.add(2, "chromium:2", 1);
        const quint64 key = f.give(Act::Shutdown, lost);
        f.lose();
        f.answer(key, Outcome::Unknown);
        f.step(20'000);
        f.find();
        f.fleet.apply(f.sample(2, WorkerStatus::Draining, 1, true));
        f.live();
        CommandProgress found = f.progress(key, Outcome::Found);
        found.keyPresent = true;
        found.status = WorkerStatus::Draining;
        found.commandPresent = true;
        found.commandTtl = 30'000;
        f.ledger.takeProgress({found});
        QVERIFY(f.at(key).timesFound);
        QVERIFY(f.at(key).pickedUpAt > 0);
        f.step(2'000);
        f.see(f.fleet.gone(2, WorkerEnd::Drained, false));
        const MeasuredTiming measured = measureTiming(f.fleet.store, &f.ledger, 1);
        QCOMPARE(measured.pickUp.samples, 0);
        QCOMPARE(paceOf(f.fleet.store, &f.ledger, lost).pickUpMs, qint64(unknownValue));
        QCOMPARE(paceOf(f.fleet.store, &f.ledger, f.fleet.store.find(1, "chromium:1")).drainMs, qint64(unknownValue));
        QCOMPARE(paceOf(f.fleet.store, &f.ledger, f.fleet.store.find(1, "chromium:0")).drainMs, 5'000);
    }

    void theHubsIntervalIsWhatItAdvertises()
    {
        ModelFleet fleet;
        fleet.add(0, "chromium:a");
        HubTiming hubs;
        hubs.hubs = {7, 8};
        hubs.advertised = {300'000, 30'000};
        hubs.kept = {300'000, 6'000};
        hubs.measured = {6'010};
        const MeasuredTiming measured = measureTiming(fleet.store, nullptr, 1, hubs);
        QCOMPARE(measured.of(TimingId::HubServerHeartbeat).samples, 2);
        QCOMPARE(measured.of(TimingId::HubServerHeartbeat).note, u"advertised, 6 s kept"_s);
        QCOMPARE(measured.of(TimingId::HubClientHeartbeat).ms, 6'010);
        QVERIFY(!measured.of(TimingId::HubTimeout).known());
        QVERIFY(!measured.of(TimingId::HubActorTtl).known());
        QVERIFY(!measureTiming(fleet.store, nullptr, 1).of(TimingId::HubServerHeartbeat).known());
    }

    void afterAChangeTheIntervalIsMeasuredAnew()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        fleet.add(1, "chromium:b");
        for (int i = 0; i < 40; ++i) {
            fleet.clock.step(10'000);
            beats(fleet, 0, 30'000);
            beats(fleet, 1, 30'000);
        }
        QCOMPARE(fleet.store.worker(handle).interval, 10'000);
        fleet.status.timing.heartbeatInterval = 4'000;
        fleet.status.timing.version = 2;
        fleet.clock.step(1);
        fleet.store.applyStatus(fleet.status);
        fleet.clock.step(9'999);
        beats(fleet, 0, 30'000);
        beats(fleet, 1, 30'000);
        // No gap has begun since: the last that was measured is what it drifts by.
        QCOMPARE(fleet.store.worker(handle).interval, 10'000);
        QCOMPARE(driftOf(fleet.store.worker(handle), fleet.store.timing(1)), Drift::Interval);
        fleet.clock.step(4'000);
        beats(fleet, 0, 30'000);
        QCOMPARE(fleet.store.worker(handle).interval, 4'000);
        QCOMPARE(driftOf(fleet.store.worker(handle), fleet.store.timing(1)), Drift::None);
        QCOMPARE(fleet.store.gaps(handle).median, 4'000);
        // The one that did not follow is found by the first gap it makes.
        fleet.clock.step(6'000);
        beats(fleet, 1, 30'000);
        QCOMPARE(driftOf(fleet.store.worker(fleet.store.find(1, "chromium:b")), fleet.store.timing(1)), Drift::Interval);
    }
};

PULSEDECK_TEST(MeasuredTimingTest, runWithEvents)
#include "measuredtiming_test.moc"
