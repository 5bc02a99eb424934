// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/sourcelistmodel.h"
#include "models/history/historyrecorder.h"
#include "models/history/pastfleet.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "tests/models/modelfleet.h"
#include "tests/support/notehistory.h"
#include "tests/support/testprogram.h"

#include <QTest>

#include <random>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// A fleet that is recorded, and its past.
struct RecordedFleet
{
    ModelFleet live;
    SourceListModel sources{live.store};
    NoteHistory history;
    HistoryRecorder recorder{live.store, history, nullptr};
    PastFleet past{live.clock};

    MomentAnswer moment() const
    {
        MomentAnswer answer;
        answer.at = live.clock.nowMs();
        answer.run = 1;
        for (const auto &[id, lane] : history.lanes()) {
            if (!history.stateOf(id).known)
                continue;
            answer.lanes.push_back(id);
            answer.states.push_back(history.stateOf(id));
        }
        return answer;
    }
    void publish()
    {
        live.store.publish();
        recorder.flush();
    }
    void show(const MomentAnswer &moment, const TracksAnswer &tracks = {})
    {
        if (!past.knows(moment)) {
            std::vector<HistoryLane> lanes;
            for (const auto &[id, lane] : history.lanes())
                lanes.push_back(lane);
            past.setLanes(std::move(lanes));
        }
        past.show(&moment, tracks, sources);
    }
    WorkerHandle find(const QByteArray &id) const { return past.find(u"prod"_s, id, u"playwright"_s); }
};

} // namespace

class PastFleetTest : public QObject
{
    Q_OBJECT

private slots:
    void aMomentIsAsTheLiveStoreWas()
    {
        RecordedFleet f;
        f.live.add(1, "chromium:one");
        f.live.add(2, "chromium:two");
        f.publish();
        f.live.clock.step(20'000);
        f.live.apply(f.live.alive(1));
        f.publish();
        f.show(f.moment());
        QVERIFY(f.past.isKnown());
        for (const QByteArray &id : {"chromium:one"_ba, "chromium:two"_ba}) {
            const Worker &was = f.live.store.worker(f.live.store.find(1, id));
            QVERIFY(f.find(id) != noWorker);
            const Worker &is = f.past.store().worker(f.find(id));
            QCOMPARE(is.liveness, was.liveness);
            QCOMPARE(is.status, was.status);
            QCOMPARE(is.beatAt, was.beatAt);
            QCOMPARE(is.activeSessions, was.activeSessions);
            QCOMPARE(is.ttlLeftAt(f.past.at()), 30'000 - (f.past.at() - was.beatAt));
            QCOMPARE(f.past.store().typeName(is.type), f.live.store.typeName(was.type));
        }
        QVERIFY(f.live.store.worker(f.live.store.find(1, "chromium:one")).liveness
                != f.live.store.worker(f.live.store.find(1, "chromium:two")).liveness);
        QCOMPARE(f.past.store().figures().alive, f.live.store.figures().alive);
        QCOMPARE(f.past.store().figures().late, f.live.store.figures().late);
        QCOMPARE(f.past.store().figures().total, f.live.store.figures().total);
        QCOMPARE(f.past.store().viewNow(), f.live.clock.nowMs());
    }

    void rowsKeepTheirPlacesAndWhatIsNotKnownIsNotThere()
    {
        RecordedFleet f;
        f.live.add(1, "chromium:one");
        f.live.add(2, "chromium:two");
        f.publish();
        const MomentAnswer both = f.moment();
        f.show(both);
        const WorkerHandle handle = f.find("chromium:two");
        MomentAnswer one = both;
        const size_t place =
            size_t(std::find(one.lanes.begin(), one.lanes.end(), f.history.laneOf("chromium:one")) - one.lanes.begin());
        one.lanes.erase(one.lanes.begin() + qsizetype(place));
        one.states.erase(one.states.begin() + qsizetype(place));
        one.at -= 1'000;
        f.show(one);
        QCOMPARE(f.find("chromium:two"), handle);
        QCOMPARE(f.find("chromium:one"), noWorker);
        // Nor by any system's name: its row is kept for later, and is not one of that moment.
        const FleetStore &store = f.past.store();
        QCOMPARE(store.find(store.worker(handle).source, "chromium:one"), noWorker);
        QCOMPARE(f.past.store().figures().total, 1);
        MomentAnswer nothing;
        nothing.at = both.at - 60'000;
        f.show(nothing);
        QVERIFY(!f.past.isKnown());
        QCOMPARE(f.past.at(), nothing.at);
        QCOMPARE(f.past.store().figures().total, 0);
        // And back again.
        f.show(both);
        QCOMPARE(f.past.store().figures().total, 2);
        QVERIFY(f.find("chromium:one") != noWorker && f.find("chromium:one") != f.find("chromium:two"));
    }

    /// As after an update, or where another kind of source got its name: what the one lane does not have the other one does.
    void aSourceOfTwoLanesIsUnknownWhereBothAre()
    {
        RecordedFleet f;
        MomentAnswer moment;
        moment.at = f.live.clock.nowMs();
        moment.run = 2;
        std::vector<HistoryLane> lanes;
        for (const LaneId id : {LaneId(1), LaneId(2)}) {
            HistoryLane lane;
            lane.id = id;
            lane.kind = LaneKind::Source;
            lane.source = u"prod"_s;
            lane.system = id == 1 ? u"former:worker"_s : u"playwright:worker"_s;
            lanes.push_back(lane);
        }
        LaneState live;
        live.take(LaneFact::State, qint64(SourceState::Live));
        moment.lanes = {2};
        moment.states = {live};
        f.past.setLanes(lanes);
        TracksAnswer tracks;
        tracks.tracks.resize(2);
        tracks.tracks[0].lane = 1;
        tracks.tracks[0].before = live;
        tracks.tracks[0].changes = {{1, LaneFact::Gone, moment.at - 60'000, 1}};
        tracks.tracks[1].lane = 2;
        tracks.tracks[1].changes = {{2, LaneFact::State, moment.at - 50'000, qint64(SourceState::Live)}};
        // The first moment finds out which sources there are.
        MomentAnswer both = moment;
        both.lanes = {1, 2};
        both.states = {live, live};
        f.past.show(&both, {}, f.sources);
        for (int i = 0; i < 2; ++i) {
            f.past.show(&moment, tracks, f.sources);
            const std::vector<SourceId> sources = f.past.store().sources();
            QCOMPARE(sources.size(), size_t(1));
            const std::vector<UnknownSpan> &spans = f.past.store().unknownSpans(sources.front());
            QCOMPARE(spans.size(), size_t(1));
            QCOMPARE(spans.front().from, moment.at - 60'000);
            QCOMPARE(spans.front().to, moment.at - 50'000);
            std::swap(tracks.tracks[0], tracks.tracks[1]);
        }
        tracks.tracks[0].changes = {{2, LaneFact::State, moment.at - 60'000, qint64(SourceState::Live)}};
        tracks.tracks[0].lane = 2;
        tracks.tracks[1].lane = 1;
        tracks.tracks[1].before = live;
        tracks.tracks[1].changes = {{1, LaneFact::Gone, moment.at - 60'000, 1}};
        tracks.tracks[0].before = {};
        f.past.show(&moment, tracks, f.sources);
        QVERIFY(f.past.store().unknownSpans(f.past.store().sources().front()).empty());
    }

    /// Over a time in which no worker was there rows keep their places; nobody can see that they do.
    void rowsWaitWhileNoWorkerIsThere()
    {
        RecordedFleet f;
        const QString system = traitsOf(*LayoutCatalog::builtIn().find(u"rq"))->fullKind();
        MomentAnswer both;
        both.at = f.live.clock.nowMs();
        both.run = 1;
        std::vector<HistoryLane> lanes;
        for (const LaneId id : {LaneId(1), LaneId(2)}) {
            HistoryLane lane;
            lane.id = id;
            lane.source = u"prod"_s;
            lane.system = system;
            lane.name = "worker-" + QByteArray::number(id);
            lane.label = u"label"_s;
            lane.queues = QStringList(u"high"_s);
            lanes.push_back(lane);
            LaneState state;
            state.take(LaneFact::Liveness, qint64(Liveness::Alive));
            state.beatAt = both.at - 1'000;
            both.lanes.push_back(id);
            both.states.push_back(state);
        }
        f.past.setLanes(lanes);
        TracksAnswer tracks;
        tracks.tracks.resize(1);
        tracks.tracks.front().lane = 2;
        tracks.tracks.front().beats = {both.at - 11'000, both.at - 1'000};
        f.past.show(&both, tracks, f.sources);
        const FleetStore &store = f.past.store();
        const auto find = [&f](const QByteArray &id) { return f.past.find(u"prod"_s, id, u"rq"_s); };
        const WorkerHandle handle = find("worker-2");
        QVERIFY(handle != noWorker);
        const quint32 serial = store.worker(handle).serial;
        QCOMPARE(store.beats(handle).size(), 2);
        MomentAnswer nobody;
        nobody.at = both.at - 60'000;
        for (int i = 0; i < 2; ++i) {
            // What was seen before is asked for with the moment: it has no row now.
            f.past.show(&nobody, tracks, f.sources);
            QCOMPARE(store.figures().total, 0);
            QCOMPARE(find("worker-2"), noWorker);
            QCOMPARE(store.findSerial(serial), noWorker);
            QVERIFY(!store.worker(handle).used);
            QVERIFY(!store.facts(handle));
        }
        f.past.show(&both, {}, f.sources);
        QCOMPARE(find("worker-2"), handle);
        QCOMPARE(store.findSerial(serial), handle);
        QCOMPARE(store.figures().total, 2);
        QCOMPARE(store.figures().alive, 2);
        QCOMPARE(store.beats(handle).size(), 0);
        QVERIFY(store.facts(handle));
        QCOMPARE(store.facts(handle)->label, u"label"_s);
        QCOMPARE(store.facts(handle)->queues, QStringList(u"high"_s));
        // Who is not there when others are again has no row any more.
        f.past.show(&nobody, {}, f.sources);
        MomentAnswer one = both;
        one.lanes.pop_back();
        one.states.pop_back();
        f.past.show(&one, {}, f.sources);
        QCOMPARE(store.figures().total, 1);
        QCOMPARE(find("worker-2"), noWorker);
        // Nor one that the history has no more.
        f.past.show(&nobody, {}, f.sources);
        lanes.erase(lanes.begin());
        f.past.setLanes(lanes);
        one = both;
        one.lanes.erase(one.lanes.begin());
        one.states.erase(one.states.begin());
        f.past.show(&one, {}, f.sources);
        QCOMPARE(store.figures().total, 1);
        QCOMPARE(find("worker-1"), noWorker);
        QVERIFY(find("worker-2") != noWorker);
    }

    void aQueueIsAsItWas()
    {
        RecordedFleet f;
        FleetBatch batch = f.live.emptyBatch();
        QueueSample sample;
        sample.name = "mail";
        sample.traits = f.live.store.sourceStatus(1).traits;
        sample.readAt = f.live.clock.nowMs();
        sample.waiting = 7;
        sample.pausable = true;
        batch.queues.append(sample);
        f.live.store.apply(batch);
        f.publish();
        const MomentAnswer before = f.moment();
        batch.queues.front().waiting = 9;
        batch.queues.front().paused = true;
        f.live.store.apply(batch);
        f.publish();
        const auto shown = [&f]() -> const QueueSample & { return f.past.store().queues().all().begin()->second.latest; };
        f.show(f.moment());
        QCOMPARE(f.past.store().queues().all().size(), size_t(1));
        QCOMPARE(shown().waiting, 9);
        QVERIFY(shown().paused);
        f.show(before);
        QCOMPARE(shown().waiting, 7);
        QVERIFY(!shown().paused);
    }

    /// Tiers, capacities, counters that are left: whatever happens, the past has the figures that the store had.
    void allFiguresAreAsTheyWere()
    {
        std::mt19937 random(5);
        RecordedFleet f;
        FleetBatch texts = f.live.emptyBatch();
        for (WorkerNumber number = 1; number <= 60; ++number) {
            WorkerText text;
            text.number = number;
            text.id = "chromium:" + QByteArray::number(number);
            text.type = "chromium";
            text.capacity = qint32(number % 3 == 0 ? unknownValue : number % 8);
            if (number > 20)
                text.parent = "chromium:" + QByteArray::number(number % 20 + 1);
            texts.texts.append(text);
        }
        f.live.store.apply(texts);
        for (int round = 0; round < 120; ++round) {
            f.live.clock.step(500 + qint64(random() % 4'000));
            for (WorkerNumber number = 1; number <= 60; ++number) {
                if (random() % 25 == 0) {
                    f.live.apply(f.live.gone(number, random() % 2 ? WorkerEnd::Expired : WorkerEnd::Left, random() % 2));
                } else if (random() % 3 != 0) {
                    WorkerSample sample = f.live.alive(number, qint64(random() % 900),
                                                       random() % 8 ? WorkerStatus::Available : WorkerStatus::Draining);
                    sample.activeSessions = qint32(random() % 4);
                    f.live.apply(sample);
                }
            }
            if (round % 40 == 20)
                f.live.setState(SourceState::Waiting);
            if (round % 40 == 23)
                f.live.setState(SourceState::Live);
            f.publish();
            f.show(f.moment());
            // Rows that only beat are not made again; they are as if they were.
            PastFleet anew(f.live.clock);
            std::vector<HistoryLane> lanes;
            for (const auto &[id, lane] : f.history.lanes())
                lanes.push_back(lane);
            anew.setLanes(std::move(lanes));
            const MomentAnswer moment = f.moment();
            anew.show(&moment, {}, f.sources);
            const FleetFigures was = f.live.store.figures();
            const FleetFigures is = f.past.store().figures();
            for (const auto figure : {&FleetFigures::alive, &FleetFigures::settling, &FleetFigures::late, &FleetFigures::stale,
                                      &FleetFigures::crashed, &FleetFigures::hung, &FleetFigures::keyLost,
                                      &FleetFigures::draining, &FleetFigures::zombie, &FleetFigures::zombieUnseen,
                                      &FleetFigures::ghost, &FleetFigures::noTtl, &FleetFigures::unknown, &FleetFigures::departed,
                                      &FleetFigures::total, &FleetFigures::attention, &FleetFigures::sized})
                QCOMPARE(is.*figure, was.*figure);
            for (const auto figure : {&FleetFigures::activeSessions, &FleetFigures::capacity, &FleetFigures::busy})
                QCOMPARE(is.*figure, was.*figure);
            QCOMPARE(is.blind, was.blind);
            for (int i = 0; i < f.live.store.capacity(); ++i) {
                const Worker &live = f.live.store.worker(WorkerHandle(i));
                if (!live.used)
                    continue;
                QVERIFY(f.find(live.id) != noWorker);
                const Worker &past = f.past.store().worker(f.find(live.id));
                QCOMPARE(past.endedAt, live.endedAt);
                QCOMPARE(past.capacity, live.capacity);
                QCOMPARE(past.child, live.child);
                const WorkerHandle other = anew.find(u"prod"_s, live.id, u"playwright"_s);
                QVERIFY(other != noWorker);
                const Worker &whole = anew.store().worker(other);
                QCOMPARE(past.beatAt, whole.beatAt);
                QCOMPARE(past.readAt, whole.readAt);
                QCOMPARE(past.ttlAtRead, whole.ttlAtRead);
                QCOMPARE(past.learntTtl, whole.learntTtl);
                QCOMPARE(past.interval, whole.interval);
                QCOMPARE(past.liveness, whole.liveness);
                QCOMPARE(past.status, whole.status);
                QCOMPARE(past.flags, whole.flags);
            }
        }
        QVERIFY(f.live.store.figures().sized > 0);
    }

    /// A queue is recorded by the name of its layout: its workers are found by it, and it is what it was.
    void aQueueIsOfItsSystem()
    {
        RecordedFleet f;
        FleetBatch batch = f.live.emptyBatch();
        QueueSample sample;
        sample.name = "high";
        sample.traits = traitsOf(*LayoutCatalog::builtIn().find(u"rq"));
        sample.readAt = f.live.clock.nowMs();
        sample.waiting = 3;
        batch.queues.append(sample);
        f.live.store.apply(batch);
        f.publish();
        f.show(f.moment());
        const auto &queues = f.past.store().queues().all();
        QCOMPARE(queues.size(), size_t(1));
        QCOMPARE(queues.begin()->first.system, u"rq"_s);
        QVERIFY(queues.begin()->second.latest.traits == sample.traits);
    }

    void aQueueHasItsRatesAndItsLine()
    {
        RecordedFleet f;
        FleetBatch batch = f.live.emptyBatch();
        QueueSample sample;
        sample.name = "mail";
        sample.traits = f.live.store.sourceStatus(1).traits;
        sample.done = sample.atWork = sample.waiting = 0;
        batch.queues.append(sample);
        for (int second = 0; second < 400; ++second) {
            f.live.clock.step(1'000);
            QueueSample &now = batch.queues.front();
            now.readAt = f.live.clock.nowMs();
            now.done += 3;
            now.waiting = second < 300 ? second : 600 - second;
            f.live.store.apply(batch);
            f.publish();
        }
        f.show(f.moment());
        const std::vector<LaneId> lanes = f.past.lanesOf({}, true);
        const LaneId queue = f.history.laneOf("mail", LaneKind::Queue);
        QVERIFY(std::find(lanes.begin(), lanes.end(), queue) != lanes.end());
        QVERIFY(f.past.lanesOf({}).size() < lanes.size());
        LaneTrack track;
        track.lane = queue;
        for (const HistoryFrame &frame : f.history.frames) {
            for (const LaneChange &change : frame.changes) {
                if (change.lane == queue)
                    track.changes.push_back(change);
            }
        }
        TracksAnswer tracks;
        tracks.tracks = {track};
        f.show(f.moment(), tracks);
        const QueueRecord &was = f.live.store.queues().all().begin()->second;
        const QueueRecord &is = f.past.store().queues().all().begin()->second;
        QCOMPARE(is.latest.waiting, was.latest.waiting);
        QVERIFY2(qAbs(is.outPerMinute - 180) < 10, qPrintable(QString::number(is.outPerMinute)));
        QVERIFY2(qAbs(is.inPerMinute - was.inPerMinute) < 25, qPrintable(QString::number(is.inPerMinute)));
        // Its line has the top in the same place.
        const auto top = [](const QueueRecord &record) {
            const auto &points = record.history.fine();
            return *std::max_element(points.begin(), points.end(),
                                     [](const QueuePoint &one, const QueuePoint &other) { return one.waiting < other.waiting; });
        };
        QVERIFY(qAbs(top(is).waiting - top(was).waiting) <= 12);
        QVERIFY(qAbs(top(is).at - top(was).at) <= 12'000);
        // Counters are recorded every ten seconds, not with every job.
        QVERIFY(f.history.changesOf(queue, LaneFact::Done).size() <= 41);
    }

    /// What is kept of many queues is bounded: the last ones have the line of the last minutes alone.
    void ofVeryManyQueuesTheLastHaveShortLines()
    {
        constexpr size_t queues = PastFleet::mostLines + PastFleet::queuesAtOnce + 51;
        RecordedFleet f;
        MomentAnswer moment;
        moment.at = f.live.clock.nowMs();
        moment.run = 1;
        std::vector<HistoryLane> lanes;
        const auto add = [&](LaneKind kind, const QByteArray &name, int source, LaneFact fact, qint64 value) {
            HistoryLane lane;
            lane.id = LaneId(lanes.size() + 1);
            lane.kind = kind;
            lane.source = u"prod-%1"_s.arg(source);
            lane.system = kind == LaneKind::Queue ? u"rq"_s : QString();
            lane.name = name;
            lane.first = moment.at - PastFleet::linesOverMs;
            lane.last = moment.at;
            LaneState state;
            state.take(fact, value);
            moment.lanes.push_back(lane.id);
            moment.states.push_back(state);
            lanes.push_back(lane);
        };
        for (int source = 0; source < 2; ++source) // One alone has fewer.
            add(LaneKind::Source, {}, source, LaneFact::State, int(SourceState::Live));
        for (size_t i = 0; i < queues; ++i)
            add(LaneKind::Queue, "queue-" + QByteArray::number(i), int(i % 2), LaneFact::Waiting, 5);
        f.past.setLanes(std::move(lanes));
        const auto answerTo = [](const std::vector<LaneId> &asked) {
            TracksAnswer answer;
            for (const LaneId lane : asked) {
                LaneTrack track;
                track.lane = lane;
                track.before.take(LaneFact::Waiting, 5);
                answer.tracks.push_back(track);
            }
            return answer;
        };
        f.past.show(&moment, {}, f.sources);
        QCOMPARE(f.past.store().queues().all().size(), queues);
        QCOMPARE(f.past.queueLanes().size(), queues);
        QCOMPARE(f.past.queuesWithoutLines(), queues - PastFleet::mostLines);
        const std::vector<LaneId> &all = f.past.queueLanes();
        f.past.show(nullptr, answerTo({all.begin(), all.begin() + qsizetype(PastFleet::queuesAtOnce)}), f.sources);
        size_t asked = 0;
        for (std::optional<TracksQuery> query; (query = f.past.wantedLines()); ++asked) {
            QVERIFY(query->lanes.size() <= PastFleet::queuesAtOnce);
            f.past.showLines(*query, answerTo(query->lanes));
        }
        QCOMPARE(asked, queues / PastFleet::queuesAtOnce + PastFleet::mostLines / PastFleet::queuesAtOnce);
        const auto count = [&f](size_t coarse) {
            const auto &shown = f.past.store().queues().all();
            return size_t(std::count_if(shown.begin(), shown.end(), [coarse](const auto &entry) {
                return entry.second.history.fine().size() > 30 && entry.second.history.coarse().size() > coarse;
            }));
        };
        QCOMPARE(count(10), queues);
        QCOMPARE(count(300), PastFleet::mostLines);
        // Rows that come into sight ask for the first ones again: these keep their lines.
        f.past.show(nullptr, answerTo({all.front()}), f.sources);
        QCOMPARE(count(300), PastFleet::mostLines);
    }

    /// Sidekiq and others count jobs for all of their queues together: these rates have a past, too, and are no queue.
    void ratesOfAllQueuesTogether()
    {
        RecordedFleet f;
        FleetBatch batch = f.live.emptyBatch();
        QueueSample queue;
        queue.name = "mail";
        queue.traits = traitsOf(*LayoutCatalog::builtIn().find(u"sidekiq"));
        queue.waiting = 4;
        QueueSample whole;
        whole.traits = queue.traits;
        whole.whole = true;
        whole.done = 0;
        batch.queues = {queue, whole};
        for (int second = 0; second < 120; ++second) {
            f.live.clock.step(1'000);
            for (QueueSample &one : batch.queues)
                one.readAt = f.live.clock.nowMs();
            batch.queues[1].done += 2;
            f.live.store.apply(batch);
            f.publish();
        }
        f.show(f.moment());
        const QString system = queue.traits->layout;
        QCOMPARE(f.past.store().queues().all().size(), size_t(1));
        QVERIFY(f.past.store().queues().whole(1, system));
        const LaneId lane = f.history.laneOf({}, LaneKind::Queue);
        QVERIFY(lane != noLane);
        QCOMPARE(f.past.queueLanes().front(), lane); // Of many the last have their lines last.
        LaneTrack track;
        track.lane = lane;
        for (const HistoryFrame &frame : f.history.frames) {
            for (const LaneChange &change : frame.changes) {
                if (change.lane == lane)
                    track.changes.push_back(change);
            }
        }
        TracksAnswer tracks;
        tracks.tracks = {track};
        f.show(f.moment(), tracks);
        const QueueRecord *was = f.live.store.queues().whole(1, system);
        const QueueRecord *is = f.past.store().queues().whole(1, system);
        QVERIFY(was && is);
        QVERIFY2(qAbs(was->outPerMinute - 120) < 10, qPrintable(QString::number(was->outPerMinute)));
        QVERIFY2(qAbs(is->outPerMinute - 120) < 10, qPrintable(QString::number(is->outPerMinute)));
        QCOMPARE(f.past.store().queues().all().size(), size_t(1));
    }

    /// What happened to a worker until then stands as the store had it.
    void eventsComeWithTheTracks()
    {
        RecordedFleet f;
        f.live.add(1, "chromium:one");
        f.publish();
        const auto next = [&f](qint64 ms, const WorkerSample &sample) {
            f.live.clock.step(ms);
            f.live.store.publish();
            WorkerSample now = sample;
            now.readAt = now.beatAt = f.live.clock.nowMs();
            f.live.apply(now);
            f.publish();
        };
        next(10'000, f.live.alive(1));
        f.live.clock.step(17'000);
        f.publish(); // It is late.
        next(3'000, f.live.alive(1));
        next(10'000, f.live.alive(1, 0, WorkerStatus::Draining));
        WorkerSample busy = f.live.alive(1, 0, WorkerStatus::Draining);
        busy.activeSessions = 2;
        next(10'000, busy);
        f.live.clock.step(5'000);
        f.live.apply(f.live.gone(1, WorkerEnd::Drained, false));
        f.publish();
        const LaneId lane = f.history.laneOf("chromium:one");
        LaneTrack track;
        track.lane = lane;
        track.beats = f.history.beatsOf(lane);
        for (const HistoryFrame &frame : f.history.frames) {
            for (const LaneChange &change : frame.changes) {
                if (change.lane == lane)
                    track.changes.push_back(change);
            }
        }
        const WorkerHandle live = f.live.store.find(1, "chromium:one");
        const auto kinds = [](const std::vector<FleetEvent> &events) {
            QStringList words;
            for (const FleetEvent &event : events) {
                if (event.kind != FleetEventKind::Registered && event.kind != FleetEventKind::Found)
                    words.append(u"%1:%2:%3"_s.arg(int(event.kind)).arg(event.a / 1'000).arg(event.b));
            }
            words.sort();
            return words;
        };
        const QStringList was = kinds(f.live.store.events().ofWorker(f.live.store.worker(live).serial, 1, 100));
        QVERIFY2(was.size() >= 5, qPrintable(was.join(u' ')));
        TracksAnswer tracks;
        tracks.tracks = {track};
        f.show(f.moment(), tracks);
        const PastFleet &past = f.past;
        const QStringList is = kinds(past.store().events().ofWorker(past.store().worker(f.find("chromium:one")).serial, 1, 100));
        QCOMPARE(is.join(u' '), was.join(u' '));
        // Of another moment they say nothing.
        f.show(f.moment());
        QCOMPARE(f.past.store().events().size(), 0);
    }

    void theTimingIsTheOneThatWasInForce()
    {
        RecordedFleet f;
        f.live.add(1, "chromium:one");
        f.live.status.timing = TimingProfile::assumedDocument();
        f.live.setState(SourceState::Live);
        f.publish();
        const MomentAnswer none = f.moment();
        f.live.clock.step(5'000);
        f.live.status.timing = TimingProfile();
        f.live.status.timing.version = 3;
        f.live.status.timing.name = u"v3"_s;
        f.live.setState(SourceState::Live);
        f.publish();
        const MomentAnswer third = f.moment();
        f.show(third);
        const SourceId id = f.past.store().sources().front();
        QVERIFY(f.past.store().timing(id) == f.live.status.timing);
        const TimingProfile before = f.live.status.timing;
        f.live.clock.step(5'000);
        f.live.status.timing.version = 4;
        f.live.status.timing.heartbeatInterval = 20'000;
        f.live.setState(SourceState::Live);
        f.publish();
        QVERIFY(!f.past.knows(f.moment())); // Its words came since.
        f.show(f.moment());
        QCOMPARE(f.past.store().timing(id).version, 4);
        QCOMPARE(f.past.store().timing(id).heartbeatInterval, 20'000);
        f.show(none);
        QVERIFY(f.past.store().timing(id).assumed);
        // The recorder tells the latest timing alone; a history keeps those before, as LaneBook does.
        std::vector<HistoryLane> lanes;
        for (const auto &[number, lane] : f.history.lanes()) {
            lanes.push_back(lane);
            if (lane.kind == LaneKind::Source)
                lanes.back().timings.prepend(laneTimingText(before));
        }
        f.past.setLanes(lanes);
        f.show(third);
        QVERIFY(f.past.store().timing(id) == before);
    }

    void beatsAndOutagesComeWithTheTracks()
    {
        RecordedFleet f;
        f.live.add(1, "chromium:one");
        f.publish();
        f.show(f.moment());
        const std::vector<LaneId> lanes = f.past.lanesOf({f.find("chromium:one")});
        QCOMPARE(lanes.size(), size_t(2));
        const qint64 at = f.past.at();
        TracksAnswer tracks;
        LaneTrack source;
        source.lane = lanes[0];
        source.before.known = true;
        source.before.state = SourceState::Live;
        source.changes = {{lanes[0], LaneFact::State, at - 50'000, qint64(SourceState::Waiting)},
                          {lanes[0], LaneFact::State, at - 40'000, qint64(SourceState::Live)}};
        LaneTrack worker;
        worker.lane = lanes[1];
        worker.beats = {at - 60'000, at - 10'000};
        tracks.tracks = {source, worker};
        f.show(f.moment(), tracks);
        const SourceId id = f.past.store().sources().front();
        QCOMPARE(f.past.store().unknownSpans(id).size(), size_t(1));
        QCOMPARE(f.past.store().unknownSpans(id).front().from, at - 50'000);
        QCOMPARE(f.past.store().unknownSpans(id).front().to, at - 40'000);
        const BeatHistory &beats = f.past.store().beats(f.find("chromium:one"));
        QCOMPARE(beats.size(), 2);
        QCOMPARE(beats.at(0, at), at - 60'000);
        // Of another moment they say nothing.
        f.show(f.moment());
        QVERIFY(f.past.store().beats(f.find("chromium:one")).isEmpty());
        QVERIFY(f.past.store().unknownSpans(id).empty());
    }
};

PULSEDECK_TEST(PastFleetTest, runWithEvents)
#include "pastfleet_test.moc"
