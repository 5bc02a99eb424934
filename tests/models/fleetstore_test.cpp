// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/jsonwriter.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/fleetfilter.h"
#include "models/fleet/fleetstore.h"
#include "models/fleet/liveness.h"
#include "tests/models/fleetstorelook.h"
#include "tests/models/modelfleet.h"
#include "tests/support/testprogram.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class FleetStoreTest : public QObject
{
    Q_OBJECT

private slots:
    /// Two systems of one Redis have a worker each under one id.
    void anIdIsSharedByTwoSystems()
    {
        ModelFleet fleet;
        FleetBatch batch = fleet.emptyBatch();
        batch.texts = {textOf(0, "w1", u"one"_s), textOf(1, "w1", u"two"_s)};
        batch.samples = {fleet.alive(0), fleet.alive(1, 0, WorkerStatus::Draining)};
        fleet.store.apply(batch);
        fleet.store.publish();
        const WorkerHandle one = fleet.store.find(1, "w1", u"one"_s);
        const WorkerHandle two = fleet.store.find(1, "w1", u"two"_s);
        QVERIFY(one != noWorker && two != noWorker && one != two);
        QCOMPARE(fleet.store.find(1, "w1", u"three"_s), noWorker);
        QCOMPARE(fleet.store.find(1, "w1"), one);
        QCOMPARE(fleet.store.sourceWorkerCount(1), 2);
        QCOMPARE(fleet.store.worker(one).status, WorkerStatus::Available);
        QCOMPARE(fleet.store.worker(two).status, WorkerStatus::Draining);

        // What ends is the one whose number it is, and what comes back is the one of that system.
        fleet.apply(fleet.gone(0, WorkerEnd::Left, false));
        QVERIFY(fleet.store.worker(one).endedAt > 0 && fleet.store.worker(two).endedAt == 0);
        batch.texts = {textOf(5, "w1", u"two"_s), textOf(6, "w1", u"one"_s)};
        batch.samples = {fleet.alive(5), fleet.alive(6)};
        fleet.store.apply(batch);
        QCOMPARE(fleet.store.find(1, "w1", u"one"_s), one);
        QCOMPARE(fleet.store.worker(one).endedAt, 0);
        QCOMPARE(fleet.store.find(1, "w1", u"two"_s), two);
        QCOMPARE(fleet.store.sourceWorkerCount(1), 2);
        fleet.store.forget(one);
        QCOMPARE(fleet.store.find(1, "w1", u"one"_s), noWorker);
        QCOMPARE(fleet.store.find(1, "w1"), two);
        fleet.store.removeSource(1);
        QVERIFY(!fleet.store.worker(two).used);
    }

    void workersBeyondTheLimitCountOnceEach()
    {
        ModelFleet fleet;
        fleet.store.setMostWorkers(2);
        fleet.add(0, "chromium:a");
        fleet.add(1, "chromium:b");
        for (int i = 0; i < 3; ++i) {
            fleet.text(2, "chromium:c");
            fleet.apply(fleet.alive(2));
            fleet.text(3, "chromium:d");
        }
        QCOMPARE(fleet.store.refusedWorkers(1), 2);
        QCOMPARE(fleet.store.sourceWorkerCount(1), 2);
        FleetBatch batch = fleet.emptyBatch();
        batch.removed.append(3); // It is gone, as far as its source knows.
        fleet.store.apply(batch);
        QCOMPARE(fleet.store.refusedWorkers(1), 1);
        fleet.store.setMostWorkers(10);
        fleet.text(2, "chromium:c"); // There is room again.
        QCOMPARE(fleet.store.refusedWorkers(1), 0);
        QCOMPARE(fleet.store.sourceWorkerCount(1), 3);
        fleet.store.setMostWorkers(3);
        fleet.text(4, "chromium:e");
        QCOMPARE(fleet.store.refusedWorkers(1), 1);
        ++fleet.generation;
        fleet.setState(SourceState::Live); // From now on numbers mean other workers.
        QCOMPARE(fleet.store.refusedWorkers(1), 0);
        QCOMPARE(fleet.store.refusedWorkers(7), 0);
    }

    void withoutToldTimingNobodyHealthyFlaps()
    {
        ModelFleet fleet;
        tellNothing(fleet);
        const WorkerHandle slow = fleet.add(0, "firefox:slow", "firefox");
        const WorkerHandle quick = fleet.add(1, "chromium:quick");
        for (int second = 1; second <= 120; ++second) {
            fleet.clock.step(1'000);
            if (second % 20 == 0)
                fleet.apply(fleet.alive(0));
            if (second % 5 == 0)
                fleet.apply(fleet.alive(1));
            fleet.store.publish();
            QCOMPARE(fleet.store.worker(slow).liveness, Liveness::Alive);
            QCOMPARE(fleet.store.worker(quick).liveness, Liveness::Alive);
        }
        QVERIFY(!hasEvent(fleet, slow, FleetEventKind::WentLate) && !hasEvent(fleet, slow, FleetEventKind::BeatGap));
        QVERIFY(fleet.store.thresholds(slow).measured);
        QCOMPARE(fleet.store.thresholds(slow).late, qint64(30'000));
        QCOMPARE(fleet.store.thresholds(quick).stale, qint64(15'000));
        fleet.clock.step(7'600);
        fleet.store.publish();
        QCOMPARE(fleet.store.worker(quick).liveness, Liveness::Late);
    }

    void anUnprovenAgeSettlesByItsTypesInterval()
    {
        ModelFleet fleet;
        tellNothing(fleet);
        fleet.add(0, "chromium:beats");
        fleet.text(1, "chromium:unseen");
        WorkerSample sample = fleet.alive(1, 54'000); // What the longest TTL of its kind would make of it.
        sample.flags = WorkerFlag::AgeEstimated;
        sample.newBeat = false;
        sample.learntTtl = unknownValue;
        sample.ttl = 60'000;
        fleet.apply(sample);
        const WorkerHandle unseen = fleet.store.find(1, "chromium:unseen");
        QCOMPARE(fleet.store.worker(unseen).liveness, Liveness::Settling);
        QCOMPARE(fleet.store.figures().settling, 1);
        QCOMPARE(workerJson(fleet.store, unseen, fleet.clock.nowMs())["beatAgeMs"_L1].isNull(), true);
        for (int i = 0; i < 2; ++i) {
            fleet.clock.step(5'000);
            fleet.apply(fleet.alive(0));
            fleet.store.publish();
        }
        // Ten seconds without a beat, and its type beats every five.
        QCOMPARE(fleet.store.worker(unseen).liveness, Liveness::Late);
        // A beat proves that it lives.
        fleet.apply(fleet.alive(1));
        QCOMPARE(fleet.store.worker(unseen).liveness, Liveness::Alive);
        QCOMPARE(fleet.store.worker(unseen).unbeatenSince, qint64(0));
    }

    void aLostSourceIsUnknownInAllCounts()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        WorkerSample sample = fleet.alive(0);
        sample.activeSessions = 3;
        fleet.apply(sample);
        QCOMPARE(fleet.store.figures().activeSessions, qint64(3));
        QVERIFY(!fleet.store.figures().blind && fleet.store.isCountKnown(1));
        fleet.clock.step(1'000);
        fleet.setState(SourceState::Stalled);
        const FleetFigures figures = fleet.store.figures();
        QVERIFY(figures.blind && figures.sessionsUnknown);
        QCOMPARE(figures.activeSessions, qint64(0));
        QCOMPARE(figures.unknown, 1);
        QVERIFY(!fleet.store.isCountKnown(1) && !fleet.store.isInView(1));
        // One that was drained here is not taken for somebody only ever known by its counters.
        fleet.setState(SourceState::Live);
        fleet.apply(fleet.gone(0, WorkerEnd::Drained, true));
        WorkerSample counters = fleet.gone(0, WorkerEnd::Unseen, true);
        counters.flags = WorkerFlag::NeverSeenAlive;
        fleet.apply(counters);
        QVERIFY(!fleet.store.worker(handle).flags.testFlag(WorkerFlag::NeverSeenAlive));
    }

    void timeAloneMakesLateAndStale()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        fleet.store.publish();
        QCOMPARE(fleet.store.figures().alive, 1);
        fleet.clock.step(15'001);
        fleet.store.publish();
        QCOMPARE(fleet.store.worker(handle).liveness, Liveness::Late);
        QCOMPARE(fleet.store.figures().late, 1);
        fleet.clock.step(15'000);
        fleet.store.publish();
        QCOMPARE(fleet.store.worker(handle).liveness, Liveness::Stale);
        QVERIFY(hasEvent(fleet, handle, FleetEventKind::WentLate));
        QVERIFY(hasEvent(fleet, handle, FleetEventKind::WentStale));
        // A beat mends it, and the gap is told.
        fleet.apply(fleet.alive(0));
        QCOMPARE(fleet.store.worker(handle).liveness, Liveness::Alive);
        fleet.clock.step(31'000);
        fleet.apply(fleet.alive(0));
        QVERIFY(hasEvent(fleet, handle, FleetEventKind::BeatGap));
    }

    void oldReadingsInFreshNewsDoNotTurnBackTime()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        const WorkerSample old = fleet.alive(0);
        fleet.clock.step(16'000);
        fleet.store.publish();
        QCOMPARE(fleet.store.worker(handle).liveness, Liveness::Late);
        // A counter moved: the sample repeats what was read of the key sixteen seconds ago.
        WorkerSample counted = old;
        counted.newBeat = false;
        counted.activeSessions = 1;
        fleet.apply(counted);
        QCOMPARE(fleet.store.worker(handle).liveness, Liveness::Late);
        fleet.store.publish();
        const auto list = eventKinds(fleet, handle);
        QCOMPARE(std::count(list.begin(), list.end(), FleetEventKind::WentLate), 1);
        const auto events = fleet.store.events().ofWorker(fleet.store.worker(handle).serial, 1, 100);
        QCOMPARE(events.back().kind, FleetEventKind::SessionsChanged);
        QCOMPARE(events.back().at, fleet.clock.nowMs());
    }

    /// What was left in order, what was lost and what nobody saw end are three things, also for a console that was not there.
    void countersAreJudgedByWhatOthersSaw_data()
    {
        QTest::addColumn<WorkerEnd>("end");
        QTest::addColumn<QString>("word");
        QTest::addColumn<bool>("attention");
        QTest::newRow("drained") << WorkerEnd::Drained << u"drained"_s << false;
        QTest::newRow("left") << WorkerEnd::Left << u"left"_s << false;
        QTest::newRow("lost") << WorkerEnd::Expired << u"zombie-lost"_s << true;
        QTest::newRow("nobody saw it") << WorkerEnd::None << u"zombie-unseen"_s << true;
    }

    void countersAreJudgedByWhatOthersSaw()
    {
        QFETCH(WorkerEnd, end);
        QFETCH(QString, word);
        QFETCH(bool, attention);
        const QByteArray id = "chromium:11111111-2222-4333-8444-555555555555";
        for (const bool toldFirst : {true, false}) {
            ModelFleet fleet(1, u"staging"_s);
            const qint64 endedAt = fleet.clock.nowMs() - 3'600'000;
            // Another name for the same Redis: the id says whose it is.
            const auto tell = [&] {
                if (end != WorkerEnd::None)
                    fleet.store.takePastEnd(u"10.0.0.5:6379"_s, id, {end, endedAt});
            };
            if (toldFirst)
                tell();
            fleet.text(0, id);
            WorkerSample counters = fleet.gone(0, WorkerEnd::Unseen, true);
            counters.flags = WorkerFlag::NeverSeenAlive;
            fleet.apply(counters);
            if (!toldFirst)
                tell();
            fleet.store.publish();
            const WorkerHandle handle = fleet.store.find(1, id);
            QVERIFY(handle != noWorker); // One that ended long ago is shown for a while all the same.
            const Worker &worker = fleet.store.worker(handle);
            QVERIFY(worker.flags.testFlag(WorkerFlag::CountersLeft));
            QCOMPARE(needsAttention(worker), attention);
            QVERIFY(FleetFilter::parse(u"liveness:"_s + word).matches(fleet.store, handle, fleet.clock.nowMs()));
            QCOMPARE(FleetFilter::parse(u"liveness:zombie"_s).matches(fleet.store, handle, fleet.clock.nowMs()), attention);
            QCOMPARE(fleet.store.figures().zombie, attention ? 1 : 0);
            QCOMPARE(fleet.store.unseenZombies(), end == WorkerEnd::None ? 1 : 0);
            QCOMPARE(fleet.store.sourceWorkerCount(1), attention ? 1 : 0);
            QCOMPARE(worker.endedAt, end == WorkerEnd::None ? fleet.clock.nowMs() : endedAt);
            // It is no news: nothing is noted of what was noted when it happened.
            QVERIFY(!hasEvent(fleet, handle, FleetEventKind::Ended));
            QVERIFY(!hasEvent(fleet, handle, FleetEventKind::KeyExpired));
            fleet.clock.step(16 * 60 * 1000);
            fleet.store.publish();
            QCOMPARE(fleet.store.find(1, id) == noWorker, !attention);
        }
    }

    void anIdWithoutAUuidIsKnownOnItsSourceOnly()
    {
        ModelFleet fleet(1, u"staging"_s);
        fleet.store.takePastEnd(u"production"_s, "chromium:a", {WorkerEnd::Left, 1});
        fleet.text(0, "chromium:a");
        fleet.apply(fleet.gone(0, WorkerEnd::Unseen, true));
        QCOMPARE(fleet.store.worker(fleet.store.find(1, "chromium:a")).liveness, Liveness::Zombie);
        fleet.store.takePastEnd(u"staging"_s, "chromium:a", {WorkerEnd::Left, 1});
        QCOMPARE(fleet.store.worker(fleet.store.find(1, "chromium:a")).liveness, Liveness::Departed);
    }

    /// A machine that slept knows nothing: no age of an hour, nobody late or stale, until each is read again.
    void aSleepMakesNobodyLate()
    {
        ModelFleet fleet;
        fleet.status.timing.heartbeatInterval = 10'000;
        fleet.setState(SourceState::Live);
        const WorkerHandle a = fleet.add(0, "chromium:a");
        const WorkerHandle b = fleet.add(1, "chromium:b");
        fleet.store.publish();
        fleet.clock.step(80);
        fleet.store.publish();
        const quint64 events = fleet.store.events().appended();
        fleet.clock.sleep(3'600'000);
        // The source wakes a little before the views do.
        const WorkerSample fresh = fleet.alive(0, 2'000);
        fleet.clock.step(50);
        fleet.apply(fresh);
        fleet.store.publish();
        QCOMPARE(fleet.store.worker(a).liveness, Liveness::Alive);
        QCOMPARE(fleet.store.worker(b).liveness, Liveness::Unknown);
        QCOMPARE(fleet.store.events().appended(), events); // No gap of an hour either.
        fleet.apply(fleet.alive(1, 1'000));
        fleet.store.publish();
        QCOMPARE(fleet.store.figures().alive, 2);
        QCOMPARE(fleet.store.unknownSpans(1).size(), size_t(1));
    }

    void nothingIsTrueWhileTheSourceIsLost()
    {
        ModelFleet fleet;
        const WorkerHandle first = fleet.add(0, "chromium:a");
        const WorkerHandle second = fleet.add(1, "chromium:b");
        fleet.clock.step(2'000);
        fleet.status.lostAt = fleet.clock.nowMs();
        fleet.setState(SourceState::Waiting);
        QCOMPARE(fleet.store.worker(first).liveness, Liveness::Unknown);
        QCOMPARE(fleet.store.figures().unknown, 2);
        fleet.clock.step(60'000);
        fleet.store.publish();
        QCOMPARE(fleet.store.worker(first).liveness, Liveness::Unknown); // And not late or stale.
        QCOMPARE(fleet.store.unknownSpans(1).size(), size_t(1));
        QCOMPARE(fleet.store.unknownSpans(1).front().to, qint64(0));

        ++fleet.generation;
        fleet.status.lostAt = 0;
        fleet.setState(SourceState::Loading);
        // Back, and not read again yet: still unknown.
        QCOMPARE(fleet.store.worker(first).liveness, Liveness::Unknown);
        fleet.apply(fleet.alive(0, 4'000));
        QCOMPARE(fleet.store.worker(first).liveness, Liveness::Alive);
        QCOMPARE(fleet.store.worker(second).liveness, Liveness::Unknown);
        QVERIFY(fleet.store.unknownSpans(1).front().to > 0);
        // The gap over the loss is unknown, not silence.
        QVERIFY(!hasEvent(fleet, first, FleetEventKind::BeatGap));
        QVERIFY(hasEvent(fleet, first, FleetEventKind::SourceLost));
        QVERIFY(hasEvent(fleet, first, FleetEventKind::SourceBack));
        QCOMPARE(fleet.store.gaps(first).gaps, 0);
    }

    /// A server that was away took no beats: who is read with an old one is late once it was watched for long enough.
    void aLossMakesNobodyLate()
    {
        ModelFleet fleet;
        fleet.status.timing.heartbeatInterval = 10'000;
        fleet.setState(SourceState::Live);
        const WorkerHandle worker = fleet.add(0, "chromium:a");
        fleet.store.publish();
        fleet.clock.step(2'000);
        fleet.status.lostAt = fleet.clock.nowMs();
        fleet.setState(SourceState::Waiting);
        fleet.clock.step(60'000);
        ++fleet.generation;
        fleet.status.lostAt = 0;
        fleet.setState(SourceState::Live);
        const quint64 events = fleet.store.events().appended();
        WorkerSample old = fleet.alive(0, 62'000);
        old.ttl = 10'000; // As the server has it again.
        old.newBeat = false;
        fleet.apply(old);
        QCOMPARE(fleet.store.worker(worker).liveness, Liveness::Unknown);
        // Watched without a beat for longer than is usual.
        fleet.clock.step(5'000);
        fleet.store.publish();
        QCOMPARE(fleet.store.worker(worker).liveness, Liveness::Unknown);
        QCOMPARE(fleet.store.events().appended(), events);
        fleet.clock.step(120'000);
        fleet.store.publish();
        QVERIFY(fleet.store.worker(worker).liveness == Liveness::Late || fleet.store.worker(worker).liveness == Liveness::Stale);
        fleet.apply(fleet.alive(0, 100));
        QCOMPARE(fleet.store.worker(worker).liveness, Liveness::Alive);
    }

    void oldConnectionsAreNotListenedTo()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        FleetBatch old = fleet.emptyBatch();
        old.samples.append(fleet.alive(0, 0, WorkerStatus::Draining));
        ++fleet.generation;
        fleet.setState(SourceState::Live);
        fleet.store.apply(old);
        QCOMPARE(fleet.store.worker(handle).status, WorkerStatus::Available);
    }

    void newAndFoundAreNotTheSame()
    {
        ModelFleet loading;
        StepClock clock;
        FleetStore store(clock);
        store.addSource(1, u"prod"_s);
        SourceStatus status;
        status.source = 1;
        status.state = SourceState::Loading;
        status.since = clock.nowMs();
        store.applyStatus(status);
        FleetBatch batch;
        batch.source = 1;
        batch.at = clock.nowMs();
        WorkerText text;
        text.id = "chromium:a";
        batch.texts.append(text);
        store.apply(batch);
        QCOMPARE(store.worker(store.find(1, "chromium:a")).firstSeenAt, qint64(0));
        const WorkerHandle fresh = loading.add(0, "chromium:b");
        QVERIFY(loading.store.worker(fresh).firstSeenAt > 0);
        QVERIFY(hasEvent(loading, fresh, FleetEventKind::Registered));
    }

    void aPauseKeepsNewsBack()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        fleet.store.publish();
        fleet.store.setPaused(true);
        const qint64 then = fleet.clock.nowMs();
        fleet.clock.step(5'000);
        fleet.apply(fleet.alive(0, 0, WorkerStatus::Draining));
        fleet.store.publish();
        QCOMPARE(fleet.store.viewNow(), then);
        QCOMPARE(fleet.store.worker(handle).status, WorkerStatus::Available);
        QCOMPARE(fleet.store.pausedSamples(), 1);
        fleet.store.setPaused(false);
        QCOMPARE(fleet.store.worker(handle).status, WorkerStatus::Draining);
        QCOMPARE(fleet.store.viewNow(), fleet.clock.nowMs());
    }

    void aPauseThatGrowsTooLargeEnds()
    {
        ModelFleet fleet;
        fleet.add(0, "chromium:a");
        fleet.store.setPaused(true);
        FleetBatch batch = fleet.emptyBatch();
        for (int i = 0; i < FleetBatch::maxSamples; ++i)
            batch.samples.append(fleet.alive(0));
        for (int i = 0; i <= FleetStore::maxPausedSamples / FleetBatch::maxSamples; ++i)
            fleet.store.apply(batch);
        QVERIFY(!fleet.store.isPaused());
    }

    void figuresCountVisibleSourcesOnly()
    {
        ModelFleet fleet;
        fleet.add(0, "chromium:a");
        fleet.store.addSource(2, u"staging"_s);
        QCOMPARE(fleet.store.figures().total, 1);
        fleet.store.setSourceVisible(1, false);
        QCOMPARE(fleet.store.figures().total, 0);
        fleet.store.setSourceVisible(1, true);
        fleet.store.removeSource(1);
        fleet.store.publish();
        QCOMPARE(fleet.store.figures().total, 0);
        QCOMPARE(fleet.store.find(1, "chromium:a"), noWorker);
    }

    void beatsAreCountedBySecond()
    {
        ModelFleet fleet;
        fleet.add(0, "chromium:a");
        for (int i = 0; i < 20; ++i) {
            fleet.clock.step(500);
            fleet.apply(fleet.alive(0));
        }
        fleet.clock.step(1'000);
        QCOMPARE(fleet.store.beatsSeen(), quint64(21));
        QVERIFY2(qAbs(fleet.store.figures().beatsPerSecond - 2.0) < 0.5,
                 qPrintable(QString::number(fleet.store.figures().beatsPerSecond)));
        QCOMPARE(fleet.store.worker(fleet.store.find(1, "chromium:a")).interval, 500);
        fleet.clock.step(600'000);
        QCOMPARE(fleet.store.figures().beatsPerSecond, 0.0);
    }

    void jsonHasTheAgreedKeys()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:0d9e6f20-1111");
        const QJsonObject object = workerJson(fleet.store, handle, fleet.clock.nowMs());
        QStringList keys = object.keys();
        keys.sort();
        QStringList expected =
            u"source key id type endpointHost status statusWord liveness startedAt lastHeartbeat beatAgeMs ttlLeftMs "
            "intervalMs activeSessions lifetimeSessions pendingCommand clockSkewMs flags kind end system host "
            "pid queues jobs ageBy "
            "version capacity drainedAt drainedBy"_s.split(u' ');
        expected.sort();
        QCOMPARE(keys, expected);
        QCOMPARE(object["key"_L1].toString(), u"worker:chromium:0d9e6f20-1111"_s);
        QCOMPARE(object["liveness"_L1].toString(), u"alive"_s);
        QVERIFY(object["intervalMs"_L1].isNull());

        QByteArray written;
        JsonWriter json(written);
        writeWorker(json, fleet.store, handle, fleet.clock.nowMs());
        QCOMPARE(written, QJsonDocument(object).toJson(QJsonDocument::Compact));
    }

    void aHostileFleetDoesNotFillTheTypes()
    {
        ModelFleet fleet;
        for (WorkerNumber i = 0; i < 3'000; ++i)
            fleet.text(i, "t:" + QByteArray::number(i), "type" + QByteArray::number(i));
        QVERIFY(fleet.store.typeCount() <= 1'000);
        QCOMPARE(fleet.store.sourceWorkerCount(1), 3'000);
    }
};

PULSEDECK_TEST(FleetStoreTest, runWithEvents)
#include "fleetstore_test.moc"
