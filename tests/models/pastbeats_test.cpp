// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/pastbeats.h"
#include "models/timing/whatif.h"
#include "tests/models/modelfleet.h"
#include "tests/support/memoryhistory.h"
#include "tests/support/patience.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// A history of many workers, and a past that shows a moment of it.
struct RememberedBeats
{
    ModelFleet live;
    SourceListModel sources{live.store};
    MemoryHistory history;
    PastFleet past{live.clock};
    PastBeats beats{past, history};
    QSignalSpy taken{&beats, &PastBeats::taken};
    qint64 now = live.clock.nowMs();

    explicit RememberedBeats(int workers)
    {
        HistoryLane source;
        source.id = 1;
        source.kind = LaneKind::Source;
        source.source = u"prod"_s;
        history.lanes = {source};
        history.tracks[1] = {1, {}, {}, {{1, LaneFact::State, now - 3'600'000, qint64(SourceState::Live)}}};
        for (int i = 0; i < workers; ++i) {
            HistoryLane lane = source;
            lane.id = LaneId(i + 2);
            lane.kind = LaneKind::Worker;
            lane.name = "chromium:" + QByteArray::number(i);
            history.lanes.push_back(lane);
            LaneTrack &track = history.tracks[lane.id];
            track.lane = lane.id;
            track.changes = {{lane.id, LaneFact::Liveness, now - 3'600'000, qint64(Liveness::Alive)}};
            for (qint64 at = now - 3'600'000 + i; at < now; at += 10'000)
                track.beats.push_back(at);
        }
        HistoryRun run;
        run.id = 1;
        run.from = now - 3'600'000;
        run.to = now;
        history.overview.runs = {run};
        past.setLanes(history.lanes);
    }
    void show(qint64 at)
    {
        MomentAnswer moment;
        moment.at = at;
        moment.run = 1;
        for (const auto &[lane, track] : history.tracks) {
            LaneState state;
            for (const LaneChange &change : track.changes) {
                if (change.at <= at)
                    state.take(change.fact, change.value);
            }
            if (!state.known)
                continue;
            moment.lanes.push_back(lane);
            moment.states.push_back(state);
        }
        past.show(&moment, {}, sources);
    }
    const BeatRecording *recording() const
    {
        return taken.isEmpty() ? nullptr : taken.last().at(0).value<std::shared_ptr<const BeatRecording>>().get();
    }
    bool takes(qint64 at)
    {
        show(at);
        beats.take(past.store().sources().front());
        return QTest::qWaitFor([this] { return !taken.isEmpty(); }, patience);
    }
};

} // namespace

class PastBeatsTest : public QObject
{
    Q_OBJECT

private slots:
    void theLastBeatsBeforeTheMomentAreTaken()
    {
        RememberedBeats f(1'203); // More than one question.
        const qint64 at = f.now - 600'000;
        QVERIFY(f.takes(at));
        QCOMPARE(f.taken.size(), 1);
        QVERIFY(f.taken.last().at(1).toString().isEmpty());
        QCOMPARE(f.history.asked[HistoryQuery(TracksQuery()).index()], 3);
        const BeatRecording &recording = *f.recording();
        QCOMPARE(recording.workers.size(), size_t(1'203));
        QCOMPARE(recording.to, at);
        QCOMPARE(recording.source, u"prod"_s);
        for (const BeatRecording::Worker &worker : recording.workers) {
            QCOMPARE(worker.count, quint32(BeatHistory::capacity));
            QCOMPARE(worker.interval, 10'000);
            QVERIFY(recording.beats[worker.first + worker.count - 1] <= at);
            QVERIFY(recording.beats[worker.first + worker.count - 1] > at - 10'000);
        }
        QCOMPARE(WhatIf(recording).answer(TimingProfile()).deaths, 0);
    }

    void gapsAfterTheMomentAreNotInIt()
    {
        RememberedBeats f(10);
        // One was silent for a minute, a quarter of an hour ago.
        std::erase_if(f.history.tracks[5].beats, [&f](qint64 at) { return at > f.now - 900'000 && at < f.now - 840'000; });
        QVERIFY(f.takes(f.now - 1'200'000));
        QCOMPARE(WhatIf(*f.recording()).answer(TimingProfile()).deaths, 0);
        f.taken.clear();
        QVERIFY(f.takes(f.now - 300'000));
        const WhatIfAnswer answer = WhatIf(*f.recording()).answer(TimingProfile());
        QCOMPARE(answer.deaths, 1);
        QCOMPARE(answer.worst.front().worker, "chromium:3"_ba);
    }

    void outagesAndTheTimeBetweenTwoLivesAreNoGaps()
    {
        RememberedBeats f(3);
        std::vector<LaneChange> &source = f.history.tracks[1].changes;
        source.push_back({1, LaneFact::State, f.now - 500'000, qint64(SourceState::Waiting)});
        source.push_back({1, LaneFact::State, f.now - 400'000, qint64(SourceState::Live)});
        for (const LaneId lane : {2u, 3u})
            std::erase_if(f.history.tracks[lane].beats, [&f](qint64 at) { return at > f.now - 500'000 && at < f.now - 400'000; });
        std::vector<LaneChange> &second = f.history.tracks[4].changes;
        second.push_back({4, LaneFact::End, f.now - 700'000, qint64(WorkerEnd::Left)});
        second.push_back({4, LaneFact::End, f.now - 600'000, qint64(WorkerEnd::None)});
        std::erase_if(f.history.tracks[4].beats, [&f](qint64 at) { return at > f.now - 700'000 && at < f.now - 600'000; });
        QVERIFY(f.takes(f.now - 1));
        const BeatRecording &recording = *f.recording();
        QCOMPARE(recording.unknown.size(), size_t(1));
        QCOMPARE(recording.unknown.front().from, f.now - 500'000);
        QCOMPARE(recording.unknown.front().to, f.now - 400'000);
        QCOMPARE(WhatIf(recording).answer(TimingProfile()).deaths, 0);
        QVERIFY(recording.beats[recording.workers.back().first] >= f.now - 700'000);
    }

    void anotherQuestionTakesThePlaceAndWorkersMayBeMissing()
    {
        RememberedBeats f(4);
        f.show(f.now - 60'000);
        const SourceId source = f.past.store().sources().front();
        f.beats.take(source);
        f.beats.take(source, u"rq"_s); // None of its workers is of that system.
        QVERIFY(QTest::qWaitFor([&f] { return !f.taken.isEmpty(); }, patience));
        QVERIFY(f.recording()->workers.empty());
        f.taken.clear();
        f.beats.take(source);
        f.beats.stop();
        f.beats.take(source);
        QVERIFY(QTest::qWaitFor([&f] { return !f.taken.isEmpty(); }, patience));
        QCOMPARE(f.taken.size(), 1);
        QCOMPARE(f.recording()->workers.size(), size_t(4));
    }
};

PULSEDECK_TEST(PastBeatsTest, runWithEvents)
#include "pastbeats_test.moc"
