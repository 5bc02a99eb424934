// SPDX-License-Identifier: GPL-3.0-or-later
// Workers of other systems in the same fleet: what is kept of them, how they are judged, found, counted and written down.
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/fleetexport.h"
#include "models/fleet/fleetfilter.h"
#include "models/fleet/fleetgroups.h"
#include "models/fleet/liveness.h"
#include "models/timing/beatrecording.h"
#include "tests/models/modelfleet.h"
#include "tests/support/systemscene.h"
#include "tests/support/testprogram.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include <algorithm>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

const QByteArray quiet = "app-4:18409:9f2c41ab77d3";
const QByteArray ghost = "app-4:18421:9f2c41ab77d7";
const QByteArray running = "app-1:18400:9f2c41ab77d0";

} // namespace

class SystemFleetTest : public QObject
{
    Q_OBJECT

    struct Scene
    {
        FleetScene fleet{20, 0};
        SystemScene systems{fleet};
        const Worker &worker(const QByteArray &id) const { return fleet.store.worker(systems.find(id)); }
        int matches(const QString &text) const
        {
            const FleetFilter filter = FleetFilter::parse(text);
            int count = 0;
            for (int i = 0; i < fleet.store.capacity(); ++i) {
                const Worker &worker = fleet.store.worker(WorkerHandle(i));
                count += worker.used && filter.matches(fleet.store, WorkerHandle(i), fleet.clock.nowMs());
            }
            return filter.isReadable() ? count : -1;
        }
    };

private slots:
    void factsAreKeptAndCut()
    {
        Scene s;
        const WorkerHandle handle = s.systems.find(running);
        const LayoutFacts *facts = s.fleet.store.facts(handle);
        QVERIFY(facts);
        QCOMPARE(facts->queues, (QStringList{u"critical"_s, u"default"_s, u"mailers"_s}));
        QCOMPARE(facts->version, u"7.3.9"_s);
        QCOMPARE(facts->memory, qint64(412) << 20);
        QCOMPARE(s.worker(running).pid, 18'400);
        QCOMPARE(s.worker(running).capacity, 10);
        // Of today's fleet there is nothing in the side table.
        QCOMPARE(s.fleet.store.facts(s.fleet.find(FleetScene::Part::Healthy)), nullptr);
        WorkerText hostile;
        hostile.label = QString(1'000, u'x');
        hostile.version = QString(1'000, u'y');
        for (int i = 0; i < 100; ++i)
            hostile.queues.append(QString(1'000, u'q'));
        hostile.parent = QByteArray(1'000, 'p');
        for (int i = 0; i < 100; ++i)
            hostile.jobs.append(QString(1'000, u'j'));
        const LayoutFacts cut = LayoutFacts::of(hostile);
        QCOMPARE(cut.label.size(), LayoutFacts::mostLabel);
        QCOMPARE(cut.version.size(), LayoutFacts::mostVersion);
        QCOMPARE(cut.queues.size(), LayoutFacts::mostQueues);
        QCOMPARE(cut.queues.constLast().size(), LayoutFacts::mostQueueName);
        QCOMPARE(cut.parent.size(), LayoutFacts::mostParent);
        QCOMPARE(cut.jobs.size(), LayoutFacts::mostJobs);
        QCOMPARE(cut.jobs.constLast().size(), LayoutFacts::mostJob);
        // They go with the source, and a fact that is not there any more goes, too.
        s.fleet.store.removeSource(FleetScene::prod);
        s.fleet.store.publish();
        QCOMPARE(s.fleet.store.facts(handle), nullptr);
        QVERIFY(s.fleet.store.queues().servers({FleetScene::prod, u"sidekiq"_s, "critical"}).empty());
        QVERIFY(s.fleet.store.queues().all().empty());
    }

    void theWordOfASystemIsShown()
    {
        Scene s;
        QCOMPARE(reportedStatus(s.fleet.store, s.systems.find(quiet)), u"quiet"_s);
        QCOMPARE(s.fleet.store.statusText(s.systems.find(quiet)), u"draining"_s); // For other programs.
        QCOMPARE(reportedStatus(s.fleet.store, s.systems.find("w1@tasks-a")), u"online"_s);
        QCOMPARE(reportedStatus(s.fleet.store, s.fleet.find(FleetScene::Part::Healthy)), u"available"_s);
    }

    /// What was drained from here is told apart from what others drained, also while nobody may ask.
    void aRecordedDrainIsKnown()
    {
        ModelFleet f;
        f.setState(SourceState::Loading); // It was there before.
        f.text(1, "a:1");
        f.setState(SourceState::Live);
        WorkerSample sample = f.alive(1);
        sample.flags = WorkerFlag::NotAsked;
        f.apply(sample);
        const WorkerHandle handle = f.store.find(1, "a:1");
        const QString source = f.store.sourceName(1);
        QVERIFY(!f.store.recordedDrain(handle) && f.store.knownDrain(handle).by.isEmpty());
        f.store.takeRecordedDrain(source, u"playwright"_s, "a:1", {u"ada@ops"_s, u"new image"_s, f.clock.nowMs() - 60'000});
        QVERIFY(f.store.recordedDrain(handle));
        QCOMPARE(f.store.knownDrain(handle).by, u"ada@ops"_s);
        QCOMPARE(workerJson(f.store, handle, f.clock.nowMs())[u"drainedBy"_s].toString(), u"ada@ops"_s);
        QVERIFY(workerJson(f.store, handle, f.clock.nowMs())[u"status"_s].isNull());

        // It says that it serves nothing: that is what was wanted.
        sample.flags = WorkerFlag::NotConsuming;
        sample.status = WorkerStatus::Draining;
        f.apply(sample);
        QCOMPARE(troubleOf(f.store.worker(handle)), WorkerTrouble::None);
        f.store.takeRecordedDrain(source, u"playwright"_s, "a:1", {});
        f.apply(sample);
        QCOMPARE(troubleOf(f.store.worker(handle)), WorkerTrouble::NotConsuming);
        // The journal may answer later than Redis.
        f.store.takeRecordedDrain(source, u"playwright"_s, "a:1", {u"ada@ops"_s, {}, f.clock.nowMs() - 60'000});
        QCOMPARE(troubleOf(f.store.worker(handle)), WorkerTrouble::None);

        // One that works is in no drain, and one that ended since is in none any more.
        sample.flags = {};
        sample.status = WorkerStatus::Available;
        f.apply(sample);
        QVERIFY(!f.store.recordedDrain(handle));
        sample.flags = WorkerFlag::NotAsked;
        f.apply(sample);
        QVERIFY(f.store.recordedDrain(handle));
        f.store.takePastEnd(source, "a:1", {WorkerEnd::Left, f.clock.nowMs() - 90'000});
        QVERIFY(f.store.recordedDrain(handle));
        f.store.takePastEnd(source, "a:1", {WorkerEnd::None, f.clock.nowMs() - 30'000});
        QVERIFY(!f.store.recordedDrain(handle));
    }

    void aStatusThatWasNotAskedForIsNotShown()
    {
        ModelFleet f;
        f.text(1, "a:1");
        WorkerSample sample = f.alive(1);
        sample.flags = WorkerFlag::NotAsked;
        f.apply(sample);
        const WorkerHandle handle = f.store.find(1, "a:1");
        const auto matches = [&](const QString &text) {
            return FleetFilter::parse(text).matches(f.store, handle, f.clock.nowMs());
        };
        QCOMPARE(f.store.worker(handle).status, WorkerStatus::Available);
        QCOMPARE(f.store.statusText(handle), QString());
        QCOMPARE(reportedStatus(f.store, handle), u"–"_s);
        QVERIFY(!matches(u"status:available"_s) && !matches(u"available"_s));
        QVERIFY(accessibleText(f.store, handle, f.clock.nowMs()).contains(u"status not known"_s));
        // Nor is it counted or listed as one that takes work.
        FleetGroups groups(f.store);
        const auto heading = [&] { return groups.group(size_t(groups.placeOf(handle, f.clock.nowMs()).group)).title; };
        QCOMPARE(f.store.figures().statusUnknown, 1);
        QCOMPARE(heading(), u"Unknown"_s);
        sample.flags = {};
        f.apply(sample);
        QCOMPARE(f.store.figures().statusUnknown, 0);
        QCOMPARE(heading(), u"Available"_s);
        QCOMPARE(f.store.statusText(handle), u"available"_s);
        QVERIFY(matches(u"status:available"_s) && matches(u"available"_s));
        sample.flags = WorkerFlag::NotAsked;
        sample.status = WorkerStatus::ShuttingDown; // That it says of itself.
        f.apply(sample);
        QCOMPARE(f.store.statusText(handle), u"shutting-down"_s);
    }

    /// No worker of a suspended system is listed as available, and each is told to have changed.
    void aSuspendedFleetIsNotAvailable()
    {
        Scene s;
        const WorkerHandle idle = s.systems.find("rq-thumbs-05");
        const WorkerHandle other = s.systems.find(running);
        FleetGroups groups(s.fleet.store);
        const auto heading = [&](WorkerHandle handle) {
            return groups.group(size_t(groups.placeOf(handle, s.fleet.clock.nowMs()).group)).title;
        };
        FleetBatch batch;
        batch.source = FleetScene::prod;
        batch.generation = s.fleet.store.sourceStatus(FleetScene::prod).generation;
        batch.at = s.fleet.clock.nowMs();
        PauseSample pause;
        pause.traits = rqTraits();
        pause.known = true;
        pause.word = u"suspended"_s;
        const auto tell = [&](bool paused) {
            pause.readAt = s.fleet.clock.nowMs();
            pause.paused = paused;
            batch.pauses = {pause};
            s.fleet.store.apply(batch);
        };
        tell(false);
        s.fleet.store.publish();
        QCOMPARE(heading(idle), u"Available"_s);
        std::vector<WorkerHandle> changed;
        connect(&s.fleet.store, &FleetStore::published, this,
                [&changed](const FleetChanges &changes) { changed.assign(changes.changed.begin(), changes.changed.end()); });
        tell(true);
        s.fleet.store.publish();
        QCOMPARE(heading(idle), u"Suspended"_s);
        QCOMPARE(heading(other), u"Available"_s);
        QVERIFY(std::find(changed.begin(), changed.end(), idle) != changed.end());
        QVERIFY(std::find(changed.begin(), changed.end(), other) == changed.end());
        tell(false);
        s.fleet.store.publish();
        QCOMPARE(heading(idle), u"Available"_s);
    }

    void manyWordsOfAHostileFleetAreKeptWithTheirWorkers()
    {
        Scene s;
        FleetBatch batch;
        batch.source = FleetScene::prod;
        batch.generation = s.fleet.store.sourceStatus(FleetScene::prod).generation;
        batch.at = s.fleet.clock.nowMs();
        for (int i = 0; i < 400; ++i) {
            WorkerText text;
            text.number = 500'000 + WorkerNumber(i);
            text.id = "w" + QByteArray::number(i);
            text.traits = rqTraits();
            text.statusText = "word " + QByteArray::number(i);
            batch.texts.append(text);
        }
        s.fleet.store.apply(batch);
        QCOMPARE(s.fleet.store.statusWord(s.systems.find("w0")), u"word 0"_s);
        QCOMPARE(s.fleet.store.statusWord(s.systems.find("w399")), u"word 399"_s);
        QCOMPARE(s.worker("w399").statusWord, quint8(0));
    }

    void eachIsJudgedByThePaceOfItsSystem()
    {
        Scene s;
        // An idle RQ worker beats every 405 s, one at work every 30 s.
        QCOMPARE(s.worker("rq-thumbs-11").liveness, Liveness::Alive);
        QVERIFY(s.worker("rq-thumbs-11").beatAgeAt(s.fleet.clock.nowMs()) > 300'000);
        Worker worker = s.worker("rq-thumbs-11");
        QCOMPARE(thresholdsOf(worker, TimingProfile()).late, 420'000);
        worker.activeSessions = 1;
        QCOMPARE(thresholdsOf(worker, TimingProfile()).interval, 30'000);
        QVERIFY(!thresholdsOf(worker, TimingProfile()).measured); // It is the system's.
        QCOMPARE(thresholdsOf(worker, TimingProfile()).late, 60'000);
        QCOMPARE(thresholdsOf(worker, TimingProfile()).stale, 90'000);
        worker.activeSessions = unknownValue;
        worker.status = WorkerStatus::Busy;
        QCOMPARE(thresholdsOf(worker, TimingProfile()).late, 60'000);
        // The values in force for another system in the same Redis say nothing of it.
        SourceTraits traits = *rqTraits();
        traits.idlePace = traits.busyPace = BeatPace();
        traits.layout = u"own"_s;
        FleetBatch batch;
        batch.source = FleetScene::prod;
        batch.generation = s.fleet.store.sourceStatus(FleetScene::prod).generation;
        WorkerText text;
        text.number = 600'000;
        text.id = "own";
        text.traits = TraitsRef::of(traits);
        batch.texts.append(text);
        s.fleet.store.apply(batch);
        QVERIFY(!s.fleet.store.timing(FleetScene::prod).assumed);
        QVERIFY(s.fleet.store.thresholds(s.systems.find("own")).measured);
        TimingProfile told;
        told.assumed = false;
        // Without a pace of its own, today's fleet is judged as ever.
        QCOMPARE(thresholdsOf(s.fleet.store.worker(s.fleet.find(FleetScene::Part::Healthy)), told).late, 15'000);
    }

    /// Workers of a system without types are of one that is named like it; the column of the system says that.
    void aTypeThatRepeatsTheSystemIsNotShown()
    {
        ModelFleet f;
        FleetBatch batch = f.emptyBatch();
        for (const char *type : {"RQ", "import"}) {
            WorkerText text;
            text.number = WorkerNumber(batch.texts.size()) + 1;
            text.id = QByteArray("worker-") + type;
            text.type = type;
            text.traits = rqTraits();
            batch.texts.append(text);
        }
        f.store.apply(batch);
        const auto type = [&f](const QByteArray &id) {
            return fleetColumn(FleetColumnId::Type).text(f.store, f.store.find(1, id), f.clock.nowMs());
        };
        QCOMPARE(type("worker-RQ"), QString());
        QCOMPARE(type("worker-import"), u"import"_s);
    }

    /// A gap is compared with what was expected while it lasted: an RQ worker beats rarely while idle.
    void aPastStretchIsJudgedByThePaceItHad()
    {
        ModelFleet f;
        FleetBatch batch = f.emptyBatch();
        WorkerText text;
        text.number = 1;
        text.id = "import-1";
        text.traits = rqTraits();
        batch.texts.append(text);
        f.store.apply(batch);
        const WorkerHandle handle = f.store.find(1, "import-1");
        const qint64 begin = f.clock.nowMs();
        const auto beat = [&](WorkerStatus status, qint32 ttl) {
            WorkerSample sample = f.alive(1, 0, status);
            sample.ttl = sample.learntTtl = ttl;
            sample.activeSessions = status == WorkerStatus::Busy ? 1 : 0;
            f.apply(sample);
        };
        beat(WorkerStatus::Available, 480'000);
        QCOMPARE(f.store.gapLimitsOf(handle), (GapLimits{405'000, 480'000}));
        QCOMPARE(f.store.pastPaces(handle), nullptr);
        f.clock.step(98'000);
        beat(WorkerStatus::Busy, 90'000);
        const GapLimits busy = f.store.gapLimitsOf(handle);
        QCOMPARE(busy, (GapLimits{30'000, 90'000}));
        const PastPaces *past = f.store.pastPaces(handle);
        QVERIFY(past);
        QCOMPARE(past->over(begin, begin + 98'000, busy), (GapLimits{405'000, 480'000}));
        // What follows is of the new pace alone, also while it lasts.
        QCOMPARE(past->over(begin + 98'000, begin + 160'000, busy), busy);
        QCOMPARE(past->shortestInterval(busy), 30'000);
        // Idle again: the gap that began while it was busy lasts by the pace of an idle one, and the one before is as it was.
        f.clock.step(30'000);
        beat(WorkerStatus::Busy, 90'000);
        f.clock.step(10'000);
        beat(WorkerStatus::Available, 480'000);
        f.clock.step(70'000);
        const GapLimits idle = f.store.gapLimitsOf(handle);
        past = f.store.pastPaces(handle);
        QCOMPARE(past->over(begin + 128'000, begin + 208'000, idle), idle);
        QCOMPARE(past->over(begin + 98'000, begin + 128'000, idle), busy);
    }

    /// One that is suspended beats each second: that is no interval of one that works.
    void aPauseHasAPaceOfItsOwn()
    {
        ModelFleet f;
        SourceTraits traits = *rqTraits();
        traits.pausedPace = {1'000, 60'000, 480'000};
        FleetBatch batch = f.emptyBatch();
        WorkerText text;
        text.number = 1;
        text.id = "import-1";
        text.traits = TraitsRef::of(traits);
        batch.texts.append(text);
        f.store.apply(batch);
        const WorkerHandle handle = f.store.find(1, "import-1");
        const auto beat = [&](qint64 afterMs, WorkerStatus status) {
            f.clock.step(afterMs);
            WorkerSample sample = f.alive(1, 0, status);
            sample.ttl = sample.learntTtl = 480'000;
            f.apply(sample);
        };
        const auto recorded = [&] {
            BeatRecording recording = BeatRecording::begin(f.store, 1);
            recording.addWorkers(f.store, 1, 0, WorkerHandle(f.store.capacity()));
            return recording;
        };
        beat(0, WorkerStatus::Available);
        beat(405'000, WorkerStatus::Available);
        QCOMPARE(f.store.worker(handle).interval, 405'000);
        beat(100'000, WorkerStatus::Paused);
        QCOMPARE(f.store.gapLimitsOf(handle).interval, 1'000); // The next beat is due then, and not in seven minutes.
        QCOMPARE(f.store.worker(handle).interval, unknownValue);
        for (int i = 0; i < 30; ++i)
            beat(1'000, WorkerStatus::Paused);
        QCOMPARE(f.store.worker(handle).interval, 1'000);
        QCOMPARE(f.store.gaps(handle).longest, 1'000);
        QVERIFY(recorded().workers.empty());
        beat(1'000, WorkerStatus::Available);
        QCOMPARE(f.store.worker(handle).interval, unknownValue);
        QCOMPARE(f.store.gapLimitsOf(handle).interval, 405'000);
        beat(405'000, WorkerStatus::Available);
        QCOMPARE(f.store.worker(handle).interval, 405'000);
        QCOMPARE(f.store.gaps(handle).gaps, 1);
        const BeatRecording recording = recorded();
        QCOMPARE(recording.beats.size(), size_t(2));
        QCOMPARE(recording.beats[1] - recording.beats[0], 405'000);
    }

    void statesHaveWordsOfTheirOwn()
    {
        Scene s;
        QCOMPARE(s.worker(ghost).liveness, Liveness::Ghost);
        QCOMPARE(troubleOf(s.worker("rq-thumbs-02")), WorkerTrouble::Deaf);
        QCOMPARE(troubleOf(s.worker("rq-thumbs-07")), WorkerTrouble::NobodyListens);
        QVERIFY(s.worker("rq-thumbs-07").liveness != Liveness::Crashed); // No end of it was seen.
        QCOMPARE(s.worker("rq-thumbs-01").liveness, Liveness::Crashed);
        QCOMPARE(troubleOf(s.worker("rq-thumbs-04")), WorkerTrouble::Incomplete);
        QCOMPARE(s.worker("rq-thumbs-04").liveness, Liveness::Alive); // Its channel has a listener.
        QCOMPARE(troubleOf(s.worker("w1@tasks-b")), WorkerTrouble::Leaving);
        QCOMPARE(s.worker("w1@tasks-b").liveness, Liveness::Alive); // No beats are expected of it.
        QCOMPARE(troubleOf(s.worker("w1@tasks-c")), WorkerTrouble::NotConsuming);
        QCOMPARE(troubleOf(s.worker("shop-web-1-x7Qd:supervisor-mail")), WorkerTrouble::Paused);
        QCOMPARE(s.worker("images:900").liveness, Liveness::Alive); // Its connection stands.
        QVERIFY(!isNew(s.worker("images:900"))); // That it has no beats says nothing.
        for (const char *id :
             {"rq-thumbs-02", "rq-thumbs-07", "rq-thumbs-04", "w1@tasks-b", "w1@tasks-c", "shop-web-1-x7Qd:supervisor-mail"})
            QVERIFY2(needsAttention(s.worker(id)), id);
        QVERIFY(severity(s.worker(ghost)) > severity(s.worker("rq-thumbs-02")));
        QVERIFY(severity(s.worker("rq-thumbs-02")) > severity(s.worker("w1@tasks-c")));
        QVERIFY(severity(s.worker("w1@tasks-c")) > severity(s.worker("w1@tasks-b")));
        QVERIFY(isWorseThanLate(s.worker(ghost)));
        QVERIFY(accessibleText(s.fleet.store, s.systems.find("rq-thumbs-02"), s.fleet.clock.nowMs()).contains(u"deaf"_s));
        QVERIFY(accessibleText(s.fleet.store, s.systems.find(ghost), s.fleet.clock.nowMs()).contains(u"ghost"_s));
        // Who is not known to live is called alive nowhere.
        const WorkerHandle unheard = s.systems.find("rq-thumbs-07");
        const QString spoken = accessibleText(s.fleet.store, unheard, s.fleet.clock.nowMs());
        QCOMPARE(spoken.count(u"nobody listens"_s), 1);
        QVERIFY2(!spoken.contains(u"alive"_s), qPrintable(spoken));
        QCOMPARE(workerJson(s.fleet.store, unheard, s.fleet.clock.nowMs())[u"liveness"_s].toString(), u"nobody-listens"_s);
        QVERIFY(accessibleText(s.fleet.store, s.systems.find(running), s.fleet.clock.nowMs()).contains(u"Sidekiq"_s));
    }

    void countsAreOfWorkersAndNotOfTheirChildren()
    {
        Scene s;
        const FleetFigures figures = s.fleet.store.figures();
        QCOMPARE(figures.total, 20 + 12 + 12 + 8 + 2 + 6);
        QCOMPARE(figures.ghost, 1);
        QCOMPARE(figures.zombieOrGhost, 1);
        QCOMPARE(s.matches(u"liveness:ghost"_s), 1);
        QCOMPARE(s.matches(u"liveness:attention"_s), figures.attention);
        QCOMPARE(figures.nobodyListens, 1);
        QCOMPARE(s.matches(u"liveness:nobody-listens"_s), figures.nobodyListens);
        QCOMPARE(s.matches(u"liveness:alive not status:draining,shutting-down"_s),
                 figures.alive + 4); // Supervisors hang under others.
        QCOMPARE(figures.sized, 11 + 11 + 8);
        QCOMPARE(figures.capacity, 11 * 10 + 11 + 8 * 8);
    }

    void filtersFindThem()
    {
        Scene s;
        QCOMPARE(s.matches(u"system:sidekiq"_s), 12);
        QCOMPARE(s.matches(u"system:sidekiq,rq"_s), 24);
        QCOMPARE(s.matches(u"not system:playwright"_s), 12 + 12 + 8 + 6 + 6);
        QCOMPARE(s.matches(u"system:none"_s), 0);
        QCOMPARE(s.matches(u"host:app-2"_s), 3);
        QCOMPARE(s.matches(u"pid:18400"_s), 1);
        QCOMPARE(s.matches(u"pid>18400 system:sidekiq"_s), 11);
        QCOMPARE(s.matches(u"queue:critical"_s), 10);
        QCOMPARE(s.matches(u"queue:crit"_s), 0);
        for (const auto &[word, count] : {std::pair(u"deaf"_s, 1),
                                          {u"nobody-listens"_s, 1},
                                          {u"incomplete"_s, 1},
                                          {u"not-consuming"_s, 1},
                                          {u"leaving"_s, 1},
                                          {u"crashed"_s, 1}})
            QCOMPARE(s.matches(u"liveness:"_s + word), count);
        QCOMPARE(s.matches(u"status:paused"_s), 1);
        QCOMPARE(s.matches(u"status:busy"_s), 4);
        QCOMPARE(s.matches(u"quiet"_s), 1); // The system's own word is text as any other.
        QCOMPARE(s.matches(u"supervisor-mail"_s), 2);
        QVERIFY(FleetFilter::completions(u"system:side"_s, s.fleet.store).contains(u"system:sidekiq"_s));
        QVERIFY(FleetFilter::completions(u"queue:cr"_s, s.fleet.store).contains(u"queue:critical"_s));
        QVERIFY(FleetFilter::completions(u"queue:ex"_s, s.fleet.store).contains(u"queue:exports"_s));
        QVERIFY(FleetFilter::completions(u"host:app-"_s, s.fleet.store).contains(u"host:app-3"_s));
        QVERIFY(FleetFilter::completions(u"host:10.4.0"_s, s.fleet.store).contains(u"host:10.4.0.1"_s));
        QVERIFY(FleetFilter::completions(u"liveness:gh"_s, s.fleet.store).contains(u"liveness:ghost"_s));
    }

    void queuesHaveAState()
    {
        Scene s;
        const QueueStore &queues = s.fleet.store.queues();
        const QueueRecord *critical = queues.find({FleetScene::prod, u"sidekiq"_s, "critical"});
        QVERIFY(critical);
        QCOMPARE(queues.servers(critical->key).size(), size_t(10));
        QCOMPARE(s.fleet.store.queueState(*critical), QueueState::Active);
        // One process says nothing of its queues, but it is quiet: whichever they are, it takes no jobs.
        const QueueRecord *exports = queues.find({FleetScene::prod, u"sidekiq"_s, "exports"});
        QCOMPARE(s.fleet.store.queueState(*exports), QueueState::Unserved);
    }

    void jsonAndCsvHaveThem()
    {
        Scene s;
        const qint64 now = s.fleet.clock.nowMs();
        const QJsonObject sidekiq = workerJson(s.fleet.store, s.systems.find(running), now);
        QCOMPARE(sidekiq.value(u"system"_s).toString(), u"sidekiq"_s);
        QCOMPARE(sidekiq.value(u"host"_s).toString(), u"app-1"_s);
        QCOMPARE(sidekiq.value(u"pid"_s).toInt(), 18'400);
        QCOMPARE(sidekiq.value(u"queues"_s).toArray().size(), 3);
        QCOMPARE(sidekiq.value(u"ageBy"_s).toString(), u"ttl"_s);
        QCOMPARE(sidekiq.value(u"version"_s).toString(), u"7.3.9"_s);
        QCOMPARE(sidekiq.value(u"capacity"_s).toInt(), 10);
        const auto ageBy = [&](const QByteArray &id) {
            return workerJson(s.fleet.store, s.systems.find(id), now).value(u"ageBy"_s).toString();
        };
        QCOMPARE(ageBy("rq-thumbs-00"), u"clock"_s);
        QCOMPARE(ageBy("w1@tasks-a"), u"events"_s);
        QCOMPARE(ageBy("shop-web-1-x7Qd"), u"score"_s);
        QCOMPARE(ageBy("images:900"), u"connection"_s);
        const QJsonObject today = workerJson(s.fleet.store, s.fleet.find(FleetScene::Part::Healthy), now);
        QCOMPARE(today.value(u"system"_s).toString(), u"playwright"_s);
        QCOMPARE(today.value(u"endpointHost"_s).toString(), u"10.4.0.19:3131"_s);
        QCOMPARE(today.value(u"host"_s).toString(), u"10.4.0.19"_s);
        QVERIFY(today.value(u"pid"_s).isNull() && today.value(u"queues"_s).isNull() && today.value(u"version"_s).isNull());
        for (const char *column : {"system", "host", "pid", "queues", "ageBy", "version", "capacity"})
            QVERIFY2(fleetCsvColumns().contains(QString::fromLatin1(column)), column);
        QVERIFY(fleetCsvLine(sidekiq).endsWith("sidekiq,app-1,18400,10,critical default mailers,ttl"));
    }

    // Three cache lines for each of a hundred thousand: what only some systems know is elsewhere.
    void aWorkerTakesNoMoreRoom() { QCOMPARE(sizeof(Worker), size_t(192)); }

    void hostsHaveNoPort()
    {
        Worker worker;
        for (const auto &[host, name] : {std::pair("10.4.0.1:3131", "10.4.0.1"),
                                         {"app-1", "app-1"},
                                         {"", ""},
                                         {"[2001:db8::1]:3131", "[2001:db8::1]"},
                                         {"2001:db8::1", "2001:db8::1"},
                                         {"host:name", "host:name"},
                                         {"host:", "host:"}}) {
            worker.host = host;
            QCOMPARE(hostName(worker), QByteArray(name));
        }
    }
};

PULSEDECK_TEST(SystemFleetTest, runWithEvents)
#include "systemfleet_test.moc"
