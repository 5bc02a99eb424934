// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/sourcelistmodel.h"
#include "models/history/historyrecorder.h"
#include "models/history/pastfleet.h"
#include "tests/models/modelfleet.h"
#include "tests/support/notehistory.h"
#include "tests/support/testprogram.h"

#include <QTest>

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
