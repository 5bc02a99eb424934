// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/measuredtiming.h"
#include "tests/fleet/fleetprocess.h"
#include "tests/models/timingfixture.h"
#include "tests/support/testprogram.h"
#include "tests/timing/timingwatch.h"

#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// A running fleet that reads its timing from the shared record, a console that changes it, and how the change is seen
/// to arrive.
class RolloutTest : public QObject
{
    Q_OBJECT

    static constexpr int workers = 12;

    /// A source, a store behind it, and the controller over both, as the console has them.
    struct Console : SourceWatch
    {
        std::unique_ptr<TimingController> controller;
        NoteJournal journal;

        ~Console() { source.reset(); }

        bool begin(const QStringList &fleetArguments, FleetProcess &fleet)
        {
            if (!startServer() || !fleet.startRegistered(server, fleetArguments))
                return false;
            controller = std::make_unique<TimingController>(store, clock);
            controller->setJournal(&journal);
            controller->setOperator(u"ann@desk"_s);
            watch();
            source->setWritable(true);
            QObject::connect(controller.get(), &TimingController::applyRequested, source.get(),
                             [this](SourceId, const TimingApply &apply) { source->applyTiming(apply); });
            QObject::connect(controller.get(), &TimingController::historyRequested, source.get(),
                             [this](SourceId) { source->readTimingHistory(); });
            QObject::connect(source.get(), &FleetSource::timingApplied, controller.get(), &TimingController::takeApplied);
            QObject::connect(source.get(), &FleetSource::timingHistoryRead, controller.get(), &TimingController::takeHistory);
            return QTest::qWaitFor([this] { return isWatching() && store.timing(1).version > 0; }, 20'000);
        }

        std::vector<WorkerHandle> handles() const
        {
            std::vector<WorkerHandle> all;
            for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
                if (store.worker(handle).used)
                    all.push_back(handle);
            }
            return all;
        }

        /// The age the TTL tells against the one lastHeartbeat tells; all clocks here are one. The greatest difference,
        /// ms.
        qint64 ageError() const
        {
            qint64 worst = 0;
            for (const WorkerHandle handle : handles()) {
                const Worker &worker = store.worker(handle);
                if (worker.endedAt == 0 && worker.beatAt > 0)
                    worst = qMax(worst, qAbs(worker.beatAt - worker.lastHeartbeat));
            }
            return worst;
        }
    };

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void aChangeReachesAllWorkersAndTheAgesStayTrue_data()
    {
        QTest::addColumn<bool>("push");
        QTest::addColumn<QStringList>("before");
        QTest::addColumn<qint64>("interval");
        QTest::addColumn<qint64>("ttl");
        QTest::newRow("longer") << true << QStringList{u"1"_s, u"6"_s} << qint64(3'000) << qint64(15'000);
        QTest::newRow("shorter") << true << QStringList{u"3"_s, u"20"_s} << qint64(1'000) << qint64(5'000);
        QTest::newRow("shorter by a beat") << true << QStringList{u"3"_s, u"12"_s} << qint64(3'000) << qint64(9'000);
        QTest::newRow("shorter, by the sweep") << false << QStringList{u"3"_s, u"20"_s} << qint64(1'000) << qint64(5'000);
    }

    void aChangeReachesAllWorkersAndTheAgesStayTrue()
    {
        QFETCH(bool, push);
        QFETCH(QStringList, before);
        QFETCH(qint64, interval);
        QFETCH(qint64, ttl);
        Console console;
        console.options.push = push;
        FleetProcess fleet;
        QVERIFY(console.begin({u"--workers"_s, QString::number(workers), u"--publish-timing"_s, u"--heartbeat"_s, before.first(),
                               u"--ttl"_s, before.last(), u"--sessions"_s, u"0"_s},
                              fleet));
        const qint64 oldTtl = console.store.timing(1).workerKeyTtl;
        TRY_EQUAL(console.handles().size(), size_t(workers));
        TRY_TRUE(measureTiming(console.store, nullptr, 1).of(TimingId::WorkerKeyTtl).samples == workers);
        TRY_TRUE(measureTiming(console.store, nullptr, 1).of(TimingId::HeartbeatInterval).samples == workers);

        TimingProfile profile = console.store.timing(1);
        profile.heartbeatInterval = interval;
        profile.workerKeyTtl = ttl;
        const qint64 appliedAt = console.clock.nowMs();
        console.controller->apply(1, profile, console.controller->versionOf(1), u"a test"_s);
        TRY_EQUAL(console.controller->versionOf(1), 2);
        QCOMPARE(console.store.timing(1).heartbeatInterval, interval); // The thresholds follow at once.
        TRY_EQUAL(console.controller->rollout(1).version, 2);
        // All of them, in the end.
        QTRY_VERIFY_WITH_TIMEOUT(console.controller->rollout(1).completeAt > 0, 40'000);
        const TimingRollout rollout = console.controller->rollout(1);
        QCOMPARE(rollout.workers, workers);
        QCOMPARE(rollout.onBoth, workers);
        QVERIFY(rollout.behind.empty());
        const qint64 oldInterval = before.first().toInt() * 1'000;
        QVERIFY2(rollout.completeAt - appliedAt < oldInterval + 3 * interval + 8'000,
                 qPrintable(QString::number(rollout.completeAt - appliedAt)));
        TRY_EQUAL(console.journal.steps().count(u"rolled-out"_s), 1);
        QCOMPARE(console.journal.steps().first(2), QStringList({u"requested"_s, u"applied"_s}));
        QCOMPARE(fleet.figure("timing_version"), 2);
        // A TTL that shrank and was not noticed would make every age wrong by the difference.
        const qint64 tolerance = push ? qMin<qint64>(1'500, qAbs(oldTtl - ttl) / 2) : 2'000;
        QVERIFY2(console.ageError() < tolerance, qPrintable(QString::number(console.ageError())));
        QTRY_COMPARE_WITH_TIMEOUT(measureTiming(console.store, nullptr, 1).drifting, 0, 20'000);
    }

    void goingBackIsAVersionOfItsOwn()
    {
        Console console;
        FleetProcess fleet;
        QVERIFY(
            console.begin({u"--workers"_s, u"3"_s, u"--publish-timing"_s, u"--heartbeat"_s, u"1"_s, u"--ttl"_s, u"6"_s}, fleet));
        TimingProfile profile = console.store.timing(1);
        profile.heartbeatInterval = 2'000;
        console.controller->apply(1, profile, 1, u"slower"_s);
        TRY_EQUAL(console.controller->versionOf(1), 2);
        console.controller->refreshHistory(1);
        TRY_EQUAL(console.controller->history(1).versions.size(), 2);
        const TimingVersion first = console.controller->history(1).versions.last();
        QCOMPARE(first.profile.version, 1);
        QCOMPARE(first.by, u"pulsedeck-fleet"_s);
        QCOMPARE(first.profile.heartbeatInterval, 1'000);
        console.controller->rollBack(1, first, 2, u"too slow"_s);
        TRY_EQUAL(console.controller->versionOf(1), 3);
        QCOMPARE(console.store.timing(1).heartbeatInterval, 1'000);
        // The history follows by itself.
        TRY_EQUAL(console.controller->history(1).versions.size(), 3);
        QCOMPARE(console.controller->history(1).versions.first().reason, u"back to v1: too slow"_s);
        QTRY_VERIFY_WITH_TIMEOUT(console.controller->rollout(1).completeAt > 0, 40'000);
    }

    void whoDoesNotFollowIsNamed()
    {
        Console console;
        FleetProcess fleet;
        QVERIFY(
            console.begin({u"--workers"_s, u"4"_s, u"--publish-timing"_s, u"--heartbeat"_s, u"1"_s, u"--ttl"_s, u"60"_s}, fleet));
        TRY_TRUE(measureTiming(console.store, nullptr, 1).of(TimingId::HeartbeatInterval).samples == 4);
        const QByteArray hung = fleet.idOf("hang 1 600");
        QVERIFY(!hung.isEmpty());
        TimingProfile profile = console.store.timing(1);
        profile.heartbeatInterval = 2'000;
        profile.workerKeyTtl = 90'000;
        // Somebody else's console does it.
        TimingWriter bob;
        QVERIFY(bob.open(console.server.url()));
        TimingApply change = bob.change(1, 2'000);
        change.profile = profile;
        QCOMPARE(bob.apply(change).outcome, TimingApplied::Outcome::Applied);
        TRY_EQUAL(console.controller->rollout(1).version, 2);
        QTRY_COMPARE_WITH_TIMEOUT(console.controller->rollout(1).onBoth, 3, 40'000);
        const TimingRollout rollout = console.controller->rollout(1);
        QCOMPARE(rollout.workers, 4);
        QCOMPARE(rollout.behind.size(), size_t(1));
        QCOMPARE(console.store.worker(rollout.behind.front()).id, hung);
        QCOMPARE(rollout.completeAt, 0);
        QCOMPARE(console.journal.steps(), QStringList{u"changed"_s});
    }
};

PULSEDECK_TEST(RolloutTest, runWithEvents)
#include "rollout_test.moc"
