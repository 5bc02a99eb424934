// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandpreview.h"
#include "models/commands/rollingfloors.h"
#include "models/commands/rollingoptions.h"
#include "models/commands/rollingsurvey.h"
#include "models/fleet/sourcelistmodel.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "tests/models/modelfleet.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

using Reason = Exclusion::Reason;

struct Scene
{
    ModelFleet fleet;
    SourceListModel sources{fleet.store};
    WriteAccess access{fleet.store, sources, fleet.clock};
    CommandLedger ledger{fleet.store, fleet.clock};
    WorkerNumber next = 1;

    Scene()
    {
        SourceSettings settings;
        settings.id = 1;
        settings.name = u"prod"_s;
        sources.setSource(settings);
        access.unlock();
    }

    /// A worker with this sample; its handle.
    WorkerHandle add(const QByteArray &type = "chromium", int sessions = 0, WorkerStatus status = WorkerStatus::Available,
                     WorkerFlags flags = {})
    {
        const WorkerNumber number = next++;
        const QByteArray id = type + ":w" + QByteArray::number(number);
        fleet.text(number, id, type);
        WorkerSample sample = fleet.alive(number, 0, status);
        sample.activeSessions = sessions;
        sample.flags = flags;
        fleet.apply(sample);
        return fleet.store.find(1, id);
    }

    WorkerSample sampleOf(WorkerHandle handle) const
    {
        const Worker &worker = fleet.store.worker(handle);
        WorkerSample sample = fleet.alive(worker.number, 0, worker.status);
        sample.activeSessions = worker.activeSessions;
        sample.flags = worker.flags;
        return sample;
    }

    CommandPreview preview(Act act, const std::vector<WorkerHandle> &workers, int floor = 80)
    {
        fleet.store.publish();
        return previewCommand(fleet.store, ledger, access, act, workers, floor);
    }

    Exclusion why(Act act, WorkerHandle worker)
    {
        const CommandPreview result = preview(act, {worker});
        return result.leftOut.empty() ? Exclusion() : result.leftOut.front().why;
    }

    void issue(Act act, WorkerHandle worker)
    {
        CommandRequest request;
        request.act = act;
        request.workers = {worker};
        ledger.issue(request);
    }
};

} // namespace

class CommandPreviewTest : public QObject
{
    Q_OBJECT

private slots:
    /// It counts as unknown, and as available neither in figures nor in floors.
    void whoWasNotAskedIsNotAvailable()
    {
        Scene s;
        const WorkerHandle known = s.add();
        const WorkerHandle other = s.add("chromium", 0, WorkerStatus::Available, WorkerFlag::NotAsked);
        s.add("chromium", 0, WorkerStatus::Available, WorkerFlag::NotAsked);
        s.add("chromium", 0, WorkerStatus::Available, WorkerFlag::NotAsked);
        const FleetStore &store = s.fleet.store;
        QVERIFY(takesSessions(store.worker(known)) && !mayTakeSessions(store.worker(known)));
        QVERIFY(!takesSessions(store.worker(other)) && mayTakeSessions(store.worker(other)));
        const std::vector<RollingView::Capacity> capacity = RollingSurvey(store, {}, s.fleet.clock.nowMs(), false).capacity();
        QCOMPARE(capacity.size(), size_t(1));
        QCOMPARE(capacity.front().available, 1);
        QCOMPARE(capacity.front().unknown, 3);
        RollingFloors floors;
        floors.percent = 50;
        QCOMPARE(floors.floorOf(floors.add(1, capacity.front().type, capacity)), 2);

        const CommandPreview preview = s.preview(Act::Shutdown, {other}, 50);
        QCOMPARE(preview.acting.size(), size_t(1));
        const CapacityChange &change = preview.capacity.front();
        QCOMPARE(change.before, 1);
        QCOMPARE(change.after, 1);
        QCOMPARE(change.unknown, 3);
        QCOMPARE(change.unknownActing, 1);
        QCOMPARE(change.floor, 2); // Half of those that may be available.
        QVERIFY(change.underFloor()); // Only one is known to be.
        QCOMPARE(preview.overFloor, 1);
    }

    /// Where being busy is a status of its own: it takes the next job when it is done, so that the floor holds for it.
    void whoIsBusyWithAJobBelongsToTheCapacity()
    {
        Scene s;
        std::vector<WorkerHandle> workers;
        for (int i = 0; i < 2; ++i) {
            FleetBatch batch = s.fleet.emptyBatch();
            WorkerText text;
            text.number = s.next++;
            text.id = "rq-" + QByteArray::number(i);
            text.traits = traitsOf(*LayoutCatalog::builtIn().find(u"rq"_s));
            batch.texts.append(text);
            s.fleet.store.apply(batch);
            WorkerSample sample = s.fleet.alive(text.number, 0, WorkerStatus::Busy);
            sample.activeSessions = 1;
            sample.flags = WorkerFlag::Listener;
            s.fleet.apply(sample);
            workers.push_back(s.fleet.store.find(1, text.id));
            QVERIFY(takesSessions(s.fleet.store.worker(workers.back())));
        }
        const CommandPreview preview = s.preview(Act::Shutdown, workers);
        QCOMPARE(preview.acting.size(), size_t(2));
        QCOMPARE(preview.capacity.size(), size_t(1));
        QCOMPARE(preview.capacity.front().before, 2);
        QCOMPARE(preview.capacity.front().after, 0);
        QVERIFY(preview.isUnderFloor());
        QCOMPARE(preview.overFloor, 2);
        const RollingSurvey survey(s.fleet.store, {workers.front()}, s.fleet.clock.nowMs(), false);
        QCOMPARE(survey.capacity().front().available, 1); // The one that stays.
        // One that is told to leave, or is paused, takes nothing more.
        for (const WorkerStatus status : {WorkerStatus::ShuttingDown, WorkerStatus::Paused}) {
            WorkerSample sample = s.sampleOf(workers.front());
            sample.status = status;
            s.fleet.apply(sample);
            QVERIFY(!takesSessions(s.fleet.store.worker(workers.front())));
        }
    }

    /// As in every other count: supervisors hang under their masters.
    void thoseBelowOthersAreNotCountedAmongThem()
    {
        Scene s;
        const std::vector<WorkerHandle> masters{s.add(), s.add()};
        std::vector<WorkerHandle> below;
        for (const WorkerHandle master : masters) {
            FleetBatch batch = s.fleet.emptyBatch();
            WorkerText text;
            text.number = s.next++;
            text.parent = s.fleet.store.worker(master).id;
            text.id = text.parent + ":pool";
            text.type = "chromium";
            batch.texts.append(text);
            s.fleet.store.apply(batch);
            s.fleet.apply(s.fleet.alive(text.number));
            below.push_back(s.fleet.store.find(1, text.id));
            QVERIFY(s.fleet.store.worker(below.back()).child);
        }
        const CommandPreview ofMasters = s.preview(Act::Shutdown, masters);
        QCOMPARE(ofMasters.capacity.size(), size_t(1));
        QCOMPARE(ofMasters.capacity.front().total, 2);
        QCOMPARE(ofMasters.capacity.front().before, 2);
        QCOMPARE(ofMasters.capacity.front().after, 0);
        const std::vector<RollingView::Capacity> counted =
            RollingSurvey(s.fleet.store, {}, s.fleet.clock.nowMs(), false).capacity();
        QCOMPARE(counted.size(), size_t(2));
        for (const RollingView::Capacity &one : counted)
            QCOMPARE(one.available, 2);
        QVERIFY(counted[0].child != counted[1].child);
        // They have a floor of their own.
        const CommandPreview ofPool = s.preview(Act::Shutdown, {below.front()});
        QCOMPARE(ofPool.capacity.size(), size_t(1));
        QCOMPARE(ofPool.capacity.front().before, 2);
        QCOMPARE(ofPool.capacity.front().after, 1);
    }

    /// Grouped by reason and detail, whatever the words are.
    void aReasonIsComparedByWhatItIs()
    {
        QCOMPARE(Exclusion(Reason::Gone), Exclusion(Reason::Gone));
        QVERIFY(Exclusion(Reason::NotAvailable, u"busy"_s) != Exclusion(Reason::NotAvailable, u"idle"_s));
        QVERIFY(Exclusion(Reason::NotAvailable, u"busy"_s) < Exclusion(Reason::NotAvailable, u"idle"_s));
        QVERIFY(!Exclusion());
        QCOMPARE(exclusionText({}), QString());
        QCOMPARE(exclusionText({Reason::NotAvailable, u"100%1"_s}), u"not available: 100%1"_s);
        for (int reason = 1; reason <= int(Reason::ByHand); ++reason)
            QVERIFY(!exclusionText({Reason(reason), u"x"_s}).isEmpty());
    }

    void countsCapacityAndSessions()
    {
        Scene scene;
        std::vector<WorkerHandle> workers;
        for (int i = 0; i < 10; ++i)
            workers.push_back(scene.add("chromium", i % 3));
        workers.push_back(scene.add("firefox", 4));
        scene.add("firefox", 0);
        scene.add("webkit", 0);
        const WorkerHandle draining = scene.add("chromium", 5, WorkerStatus::Draining);
        const CommandPreview preview =
            scene.preview(Act::Shutdown, {workers[0], workers[1], workers[2], workers[1], workers[10], draining});
        QCOMPARE(preview.acting.size(), size_t(5)); // Each once, in the order of the request.
        QCOMPARE(preview.acting[3], workers[10]);
        QVERIFY(preview.leftOut.empty());
        QCOMPARE(preview.sessions, qint64(0 + 1 + 2 + 4 + 5));
        QCOMPARE(preview.idle, 1);
        QCOMPARE(preview.alreadyDraining, 1);
        QCOMPARE(preview.sources, std::vector<SourceId>{1});
        QCOMPARE(preview.capacity.size(), size_t(2)); // webkit is not touched.
        const CapacityChange &chromium = preview.capacity[0];
        QCOMPARE(chromium.type, u"chromium"_s);
        QCOMPARE(chromium.before, 10);
        QCOMPARE(chromium.after, 7); // The one that drains already costs nothing.
        QCOMPARE(chromium.draining, 1);
        QCOMPARE(chromium.total, 11);
        QCOMPARE(chromium.floor, 8);
        QVERIFY(chromium.underFloor());
        const CapacityChange &firefox = preview.capacity[1];
        QCOMPARE(firefox.before, 2);
        QCOMPARE(firefox.after, 1);
        QCOMPARE(firefox.floor, 2);
        QCOMPARE(preview.friction, Friction::TypeName);
        // From the end: the draining one changes nothing, the firefox mends its type, and one chromium more.
        QCOMPARE(preview.overFloor, 3);
        QVERIFY(preview.undoable);
        QCOMPARE(preview.drainTimeoutMs, TimingProfile().drainTimeout);
        QCOMPARE(scene.preview(Act::Shutdown, {workers[0], workers[1]}).overFloor, 0);
    }

    void frictionGrowsWithDamage()
    {
        Scene scene;
        std::vector<WorkerHandle> idle;
        for (int i = 0; i < 10; ++i)
            idle.push_back(scene.add());
        const WorkerHandle busy = scene.add("chromium", 2);
        const WorkerHandle unknown = scene.add("chromium", unknownValue);
        QCOMPARE(scene.preview(Act::Shutdown, {idle[0]}).friction, Friction::Plain);
        QCOMPARE(scene.preview(Act::ShutdownNow, {busy}).friction, Friction::Reason);
        const CommandPreview uncounted = scene.preview(Act::Shutdown, {unknown});
        QCOMPARE(uncounted.friction, Friction::Reason);
        QCOMPARE(uncounted.sessionsUnknown, 1);
        QCOMPARE(scene.preview(Act::Drain, {busy}).friction, Friction::Plain); // Ends no session.
        QCOMPARE(scene.preview(Act::Shutdown, {idle[0], idle[1]}).friction, Friction::Reason);
        QCOMPARE(scene.preview(Act::Drain, {idle[0], idle[1]}).friction, Friction::Reason);
        QCOMPARE(scene.preview(Act::Shutdown, {idle[0], idle[1], idle[2]}).friction, Friction::TypeName);
        QCOMPARE(scene.preview(Act::Shutdown, {idle[0], idle[1], idle[2]}, 50).friction, Friction::Reason);
        QCOMPARE(scene.preview(Act::Resume, {idle[0], idle[1]}).friction, Friction::Plain);
        const CommandPreview nobody = scene.preview(Act::Shutdown, {});
        QVERIFY(nobody.isEmpty());
        QCOMPARE(nobody.friction, Friction::Plain);
    }

    void leavesOutTheDead()
    {
        Scene scene;
        const WorkerHandle zombie = scene.add();
        scene.fleet.apply(scene.fleet.gone(scene.fleet.store.worker(zombie).number, WorkerEnd::Expired, true));
        const WorkerHandle left = scene.add();
        scene.fleet.apply(scene.fleet.gone(scene.fleet.store.worker(left).number, WorkerEnd::Left, false));
        const WorkerHandle crashed = scene.add("chromium", 1, WorkerStatus::Available, WorkerFlag::NoListener);
        const WorkerHandle eternal = scene.add();
        WorkerSample noTtl = scene.sampleOf(eternal);
        noTtl.ttl = -1;
        scene.fleet.apply(noTtl);
        const WorkerHandle odd = scene.add("chromium", 0, WorkerStatus::Missing, WorkerFlag::WrongType);
        const WorkerHandle sound = scene.add();
        const std::vector<WorkerHandle> all{zombie, left, crashed, eternal, odd, sound};
        for (const Act act : {Act::Shutdown, Act::ShutdownNow, Act::Drain}) {
            const CommandPreview preview = scene.preview(act, all);
            QCOMPARE(preview.acting, std::vector<WorkerHandle>{sound});
            QCOMPARE(preview.leftOut.size(), size_t(5));
            QCOMPARE(preview.leftOut[0].why, Exclusion(Reason::OnlyCounters));
            QCOMPARE(preview.leftOut[1].why, Exclusion(Reason::Gone));
            QCOMPARE(preview.leftOut[2].why, Exclusion(Reason::WouldNotRead));
            QCOMPARE(preview.leftOut[3].why, Exclusion(Reason::NotRenewed));
            QCOMPARE(preview.leftOut[4].why, Exclusion(Reason::NotAHash));
        }
        // The other way round.
        const CommandPreview reap = scene.preview(Act::Reap, all);
        QCOMPARE(reap.acting, std::vector<WorkerHandle>{zombie});
        QCOMPARE(reap.friction, Friction::Plain);
        QVERIFY(reap.capacity.empty());
        QVERIFY(!reap.undoable);
        QCOMPARE(scene.why(Act::Reap, sound), Exclusion(Reason::NoZombie));
        const CommandPreview remove = scene.preview(Act::RemoveKey, all);
        QCOMPARE(remove.acting, std::vector<WorkerHandle>{eternal});
        QCOMPARE(remove.friction, Friction::Reason);
        QCOMPARE(scene.why(Act::RemoveKey, sound), Exclusion(Reason::HasTtl));
    }

    void leavesOutWhoHasACommand()
    {
        Scene scene;
        const WorkerHandle commanded = scene.add();
        WorkerSample pending = scene.sampleOf(commanded);
        pending.command = CommandState::Shutdown;
        pending.commandUntil = scene.fleet.clock.nowMs() + 60'000;
        scene.fleet.apply(pending);
        QCOMPARE(scene.why(Act::Shutdown, commanded), Exclusion(Reason::HasCommand));
        QCOMPARE(scene.why(Act::Drain, commanded), Exclusion(Reason::HasCommand));
        QCOMPARE(scene.why(Act::Cancel, commanded), Exclusion());
        const WorkerHandle own = scene.add();
        scene.issue(Act::Shutdown, own); // Requested: the store does not know of it yet.
        QCOMPARE(scene.why(Act::Shutdown, own), Exclusion(Reason::HasCommand));
        const WorkerHandle strange = scene.add();
        WorkerSample word = scene.sampleOf(strange);
        word.command = CommandState::Other;
        scene.fleet.apply(word);
        QCOMPARE(scene.why(Act::Shutdown, strange), Exclusion(Reason::OtherWord));
        QCOMPARE(scene.why(Act::Drain, strange), Exclusion());
        QCOMPARE(scene.why(Act::Cancel, strange), Exclusion(Reason::NoCommand));
    }

    void drainResumeAndShutdownOfThoseThatDrain()
    {
        Scene scene;
        const WorkerHandle plain = scene.add();
        const WorkerHandle drained = scene.add("chromium", 1, WorkerStatus::Draining, WorkerFlag::DrainedByOperator);
        const WorkerHandle told = scene.add("chromium", 1, WorkerStatus::Draining);
        const WorkerHandle leaving = scene.add("chromium", 0, WorkerStatus::ShuttingDown);
        QCOMPARE(scene.why(Act::Drain, drained), Exclusion(Reason::Draining));
        QCOMPARE(scene.why(Act::Drain, leaving), Exclusion(Reason::ShuttingDown));
        QCOMPARE(scene.why(Act::Shutdown, drained), Exclusion());
        QCOMPARE(scene.why(Act::Shutdown, told), Exclusion());
        QCOMPARE(scene.why(Act::Shutdown, leaving), Exclusion(Reason::ShuttingDown));
        const CommandPreview resume = scene.preview(Act::Resume, {plain, drained, told});
        QCOMPARE(resume.acting, std::vector<WorkerHandle>{drained});
        QCOMPARE(resume.leftOut[0].why, Exclusion(Reason::NotDraining));
        QCOMPARE(resume.leftOut[1].why, Exclusion(Reason::NotDrainedByOperator));
        QCOMPARE(resume.capacity.front().before, 1);
        QCOMPARE(resume.capacity.front().after, 2);
        WorkerSample pending = scene.sampleOf(drained);
        pending.command = CommandState::Shutdown;
        scene.fleet.apply(pending);
        QCOMPARE(scene.why(Act::Resume, drained), Exclusion(Reason::ToldToShutDown));
    }

    /// One that counts as available, as long as it has not said what it serves, adds nothing when it is resumed.
    void whoCountsAlreadyIsNotCountedTwice()
    {
        Scene scene;
        SourceTraits traits;
        traits.layout = u"asked"_s;
        traits.acts[size_t(Act::Resume)].proof = ActProof::PickUp;
        traits.acts[size_t(Act::Resume)].asks = true;
        scene.add();
        FleetBatch batch = scene.fleet.emptyBatch();
        WorkerText text;
        text.number = scene.next++;
        text.id = "asked:1";
        text.type = "chromium";
        text.traits = TraitsRef::of(traits);
        batch.texts.append(text);
        scene.fleet.store.apply(batch);
        scene.fleet.apply(scene.fleet.alive(text.number));
        const CommandPreview preview = scene.preview(Act::Resume, {scene.fleet.store.find(1, "asked:1")});
        QCOMPARE(preview.acting.size(), size_t(1));
        QCOMPARE(preview.capacity.front().before, 2);
        QCOMPARE(preview.capacity.front().after, 2);
    }

    void aDrainNobodySawBeginIsSaidSo()
    {
        Scene scene;
        scene.add();
        const WorkerHandle drained = scene.add("chromium", 1, WorkerStatus::Draining, WorkerFlag::DrainedByOperator);
        const CommandPreview unseen = scene.preview(Act::Resume, {drained});
        QCOMPARE(unseen.unseenDrains, 1);
        QCOMPARE(unseen.friction, Friction::Reason);
        QVERIFY(unseen.asksForReason());
        // Its command was marked next to the note: it leaves, whether the command key is still there or not.
        WorkerSample leaving = scene.sampleOf(drained);
        leaving.flags = WorkerFlags(WorkerFlag::DrainedByOperator) | WorkerFlag::Leaving;
        scene.fleet.apply(leaving);
        QCOMPARE(scene.why(Act::Resume, drained), Exclusion(Reason::ToldToShutDown));
    }

    /// The same for workers in the window and in pulsedeckctl.
    void reasonAndFloor()
    {
        Scene scene;
        std::vector<WorkerHandle> workers;
        for (int i = 0; i < 10; ++i)
            workers.push_back(scene.add("chromium", i == 0 ? 2 : 0));
        const auto some = [&](int from, int count) {
            return std::vector<WorkerHandle>(workers.begin() + from, workers.begin() + from + count);
        };
        QVERIFY(!scene.preview(Act::ShutdownNow, some(0, 1)).asksForReason()); // One, with sessions: it may be given.
        QVERIFY(scene.preview(Act::Shutdown, some(1, 2)).asksForReason());
        QVERIFY(scene.preview(Act::Drain, some(1, 2)).asksForReason());
        QVERIFY(!scene.preview(Act::Cancel, some(1, 2)).asksForReason());
        QVERIFY(!scene.preview(Act::Shutdown, some(0, 2), defaultFloorPercent).breaksFloor(false));
        QVERIFY(scene.preview(Act::Shutdown, some(0, 3), defaultFloorPercent).breaksFloor(false));
        QVERIFY(scene.preview(Act::Shutdown, some(0, 3), defaultFloorPercent).breaksFloor(true));
        Scene single;
        const WorkerHandle only = single.add();
        QVERIFY(single.preview(Act::Shutdown, {only}, defaultFloorPercent).breaksFloor(false));
        QVERIFY(!single.preview(Act::Shutdown, {only}, defaultFloorPercent).breaksFloor(true)); // It was named.
    }

    void aLostKeyIsNotCommanded()
    {
        Scene scene;
        const WorkerHandle worker = scene.add("chromium", 1);
        WorkerSample lost = scene.fleet.gone(scene.fleet.store.worker(worker).number, WorkerEnd::None, true);
        scene.fleet.apply(lost);
        QCOMPARE(scene.why(Act::Shutdown, worker), Exclusion(Reason::KeyLost));
        QCOMPARE(scene.why(Act::Reap, worker), Exclusion(Reason::NoZombie));
    }

    /// That nothing is seen of it but a registration does not prove that its process is gone.
    void aGhostIsNotCalledGone()
    {
        Scene scene;
        const auto ghostOf = [&scene](WorkerHandle worker) {
            WorkerSample lost = scene.fleet.gone(scene.fleet.store.worker(worker).number, WorkerEnd::None, false);
            lost.flags = WorkerFlag::Registered;
            scene.fleet.apply(lost);
            return worker;
        };
        QCOMPARE(scene.why(Act::Shutdown, ghostOf(scene.add())), Exclusion(Reason::OnlyRegistered));
        SourceTraits traits;
        traits.basis = BeatBasis::Events;
        const WorkerNumber number = scene.next++;
        FleetBatch batch = scene.fleet.emptyBatch();
        WorkerText text;
        text.number = number;
        text.id = "w1@tasks";
        text.traits = TraitsRef::of(traits);
        batch.texts.append(text);
        batch.samples.append(scene.fleet.alive(number));
        scene.fleet.store.apply(batch);
        const Exclusion why = scene.why(Act::Shutdown, ghostOf(scene.fleet.store.find(1, "w1@tasks")));
        QCOMPARE(why, Exclusion(Reason::NotHeard));
        QVERIFY(exclusionText(why).contains("stopped"_L1) && !exclusionText(why).contains("gone"_L1));
    }

    void cancelOnlyWhatIsPending()
    {
        Scene scene;
        const WorkerHandle plain = scene.add();
        QCOMPARE(scene.why(Act::Cancel, plain), Exclusion(Reason::NoCommand));
        const WorkerHandle read = scene.add("chromium", 1, WorkerStatus::Draining);
        WorkerSample kept = scene.sampleOf(read);
        kept.command = CommandState::Shutdown; // After an announcement the key stays until its TTL.
        scene.fleet.apply(kept);
        QCOMPARE(scene.why(Act::Cancel, read), Exclusion(Reason::ReadAlready));
    }

    void leavesOutWhatTheSourceForbids()
    {
        Scene scene;
        const WorkerHandle worker = scene.add();
        scene.access.lock();
        QCOMPARE(scene.why(Act::Drain, worker), Exclusion()); // A lock is opened by the operator who looks at this.
        scene.fleet.status.rights.known = true;
        scene.fleet.status.rights.denied[size_t(Act::Drain)] = u"EVAL is not permitted"_s;
        scene.fleet.setState(SourceState::Live);
        QCOMPARE(scene.why(Act::Drain, worker), Exclusion(Reason::NotPermitted, u"EVAL is not permitted"_s));
        QCOMPARE(scene.why(Act::Shutdown, worker), Exclusion());
        scene.fleet.setState(SourceState::Waiting);
        QCOMPARE(scene.why(Act::Shutdown, worker), Exclusion(Reason::NotConnected));
        SourceSettings settings = scene.sources.settings(1);
        settings.readOnly = true;
        scene.sources.setSource(settings);
        QCOMPARE(scene.why(Act::Shutdown, worker), Exclusion(Reason::ReadOnlySource));
        QCOMPARE(scene.preview(Act::Shutdown, {worker}).friction, Friction::Plain);
    }

    void measuresTheHeartbeat()
    {
        Scene scene;
        std::vector<WorkerHandle> workers;
        for (int i = 0; i < 3; ++i)
            workers.push_back(scene.add());
        const WorkerHandle silent = scene.add();
        for (int beat = 0; beat < 10; ++beat) {
            scene.fleet.clock.step(beat == 4 ? 14'000 : 10'000);
            for (const WorkerHandle worker : workers)
                scene.fleet.apply(scene.sampleOf(worker));
        }
        const CommandPreview preview = scene.preview(Act::Shutdown, workers, 0);
        QCOMPARE(preview.intervalMs, qint64(10'000));
        QCOMPARE(preview.slowestBeatMs, qint64(14'000)); // Fewer than 100 gaps: the longest.
        QCOMPARE(preview.measuredOn, 3);
        const CommandPreview nothing = scene.preview(Act::Shutdown, {silent}, 0);
        QCOMPARE(nothing.intervalMs, qint64(0));
        QCOMPARE(nothing.slowestBeatMs, qint64(0));
        QCOMPARE(nothing.measuredOn, 0);
        // A time nobody watched is no slow beat.
        scene.fleet.setState(SourceState::Waiting);
        scene.fleet.clock.step(100'000);
        ++scene.fleet.generation;
        scene.fleet.setState(SourceState::Live);
        for (const WorkerHandle worker : workers)
            scene.fleet.apply(scene.sampleOf(worker));
        QCOMPARE(scene.preview(Act::Shutdown, workers, 0).slowestBeatMs, qint64(14'000));
    }

    void ttlAgainstTheHeartbeat_data()
    {
        using Level = TtlFinding::Level;
        QTest::addColumn<qint64>("ttl");
        QTest::addColumn<qint64>("measured");
        QTest::addColumn<qint64>("slowest");
        QTest::addColumn<int>("level");
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("better");
        QTest::newRow("enough") << qint64(60'000) << qint64(10'000) << qint64(10'400) << int(Level::Ok)
                                << u"6 × the 10 s heartbeat"_s << qint64(0);
        QTest::newRow("just enough") << qint64(40'000) << qint64(10'000) << qint64(0) << int(Level::Ok)
                                     << u"4 × the 10 s heartbeat"_s << qint64(0);
        QTest::newRow("just under") << qint64(39'000) << qint64(10'000) << qint64(0) << int(Level::Warning)
                                    << u"only 3.9 × the 10 s heartbeat: a few lost beats, and it expires unread"_s
                                    << qint64(40'000);
        QTest::newRow("as long") << qint64(10'000) << qint64(10'000) << qint64(0) << int(Level::Error)
                                 << u"not longer than the 10 s heartbeat: it can expire before it is read"_s << qint64(40'000);
        QTest::newRow("just longer") << qint64(11'000) << qint64(10'000) << qint64(0) << int(Level::Warning)
                                     << u"only 1.1 × the 10 s heartbeat: a few lost beats, and it expires unread"_s
                                     << qint64(40'000);
        QTest::newRow("slow beat") << qint64(60'000) << qint64(10'000) << qint64(61'200) << int(Level::Warning)
                                   << u"shorter than the slowest beat (61.2 s): it can expire before it is read"_s
                                   << qint64(62'000);
        QTest::newRow("configured") << qint64(20'000) << qint64(0) << qint64(0) << int(Level::Ok)
                                    << u"4 × the 5 s heartbeat (configured)"_s << qint64(0);
        QTest::newRow("nothing") << qint64(0) << qint64(10'000) << qint64(0) << int(Level::Error)
                                 << u"less than a second: Redis keeps it for whole seconds"_s << qint64(40'000);
    }

    void ttlAgainstTheHeartbeat()
    {
        QFETCH(const qint64, ttl);
        CommandPreview preview;
        QFETCH(const qint64, measured);
        QFETCH(const qint64, slowest);
        preview.intervalMs = measured;
        preview.slowestBeatMs = slowest;
        const TtlFinding finding = checkCommandTtl(ttl, preview, 5'000);
        QTEST(int(finding.level), "level");
        QTEST(finding.text, "text");
        QTEST(finding.betterMs, "better");
        if (finding.betterMs > 0)
            QCOMPARE(checkCommandTtl(finding.betterMs, preview, 5'000).level, TtlFinding::Level::Ok);
    }
};

PULSEDECK_TEST(CommandPreviewTest, runWithEvents)
#include "commandpreview_test.moc"
