// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/historyfile.h"
#include "app/history/historyreader.h"
#include "tests/history/historyfolder.h"
#include "tests/history/historywatch.h"
#include "tests/support/testprogram.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include <random>
#include <set>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

LaneState stateOf(const Worker &worker, const BeatHistory &beats, qint64 now)
{
    LaneState state;
    state.take(LaneFact::Liveness, qint64(worker.liveness));
    state.status = worker.status;
    state.end = worker.end;
    state.sessions = worker.activeSessions;
    state.flags = quint32((worker.flags & shownLaneFlags).toInt());
    state.command = worker.command;
    state.learntTtl = worker.learntTtl;
    state.capacity = worker.capacity;
    state.endedAt = worker.endedAt;
    state.beatAt = beats.isEmpty() ? 0 : beats.at(beats.size() - 1, now);
    return state;
}

/// All that is kept, so that a difference can be seen.
QString textOf(const LaneState &state)
{
    QStringList words;
    for (int fact = 0; fact < laneFactCount; ++fact)
        words.append(laneFactName(LaneFact(fact)) + u'=' + QString::number(state.valueOf(LaneFact(fact))));
    return words.join(u' ') + u" beat="_s + QString::number(state.beatAt);
}

} // namespace

/// What is recorded is read back as it was.
class SqlHistoryTest : public HistoryFolderTest
{
    Q_OBJECT

private slots:
    void theStateAtAMomentIsTheStores();
    void beatsComeBackOverRestarts();
    void whatWasNotWatchedIsMarked();
    void lanesKeepTheirNumbers();
    void foldsAreTheSameWhicheverWay();
    void aSharedFoldIsTheSame();
    void aLongSpanIsReadInSteps();
    void eventsAreRead();
    void theOverviewCountsEverything();
    void aLaterQuestionTakesThePlace();
    void aFileIsOpenedForReadingOnly();
    void tiersAndTimingsAreKept();
    void aFileOfTheFirstVersionGoesOn();
};

/// A live run over several segments, looked at in the middle: sealed, unsealed, and after a restart.
void SqlHistoryTest::theStateAtAMomentIsTheStores()
{
    struct Moment
    {
        qint64 at = 0;
        std::map<QByteArray, LaneState> states;
    };
    std::vector<Moment> moments;
    std::mt19937 random(17);
    const auto check = [&moments](History &history) {
        std::map<LaneId, QByteArray> names;
        for (const HistoryLane &lane : lanesOf(history)) {
            if (lane.kind == LaneKind::Worker)
                names[lane.id] = lane.name;
        }
        for (const Moment &moment : moments) {
            const auto answer = askHistory<MomentAnswer>(history, MomentQuery{moment.at});
            QVERIFY(answer.run != 0);
            std::map<QByteArray, LaneState> found;
            for (size_t i = 0; i < answer.lanes.size(); ++i) {
                if (names.contains(answer.lanes[i])) {
                    LaneState state = answer.states[i];
                    state.interval = unknownValue; // Kept to a twentieth.
                    found[names[answer.lanes[i]]] = state;
                }
            }
            QCOMPARE(found.size(), moment.states.size());
            for (const auto &[name, state] : moment.states)
                QCOMPARE(textOf(found[name]), textOf(state));
        }
    };
    {
        RecordedFleet recorded(path());
        ModelFleet &fleet = recorded.fleet;
        fleet.store.setDepartedForMs(200'000);
        for (WorkerNumber number = 1; number <= 30; ++number)
            fleet.add(number, "chromium:" + QByteArray::number(number));
        for (int round = 0; round < 700; ++round) {
            fleet.clock.step(400); // So that no beat that is read now is older than what was looked at before.
            for (WorkerNumber number = 1; number <= 30; ++number) {
                if (random() % 4 == 0)
                    continue;
                if (random() % 300 == 0) {
                    fleet.apply(fleet.gone(number, random() % 2 ? WorkerEnd::Expired : WorkerEnd::Drained, false));
                    continue;
                }
                WorkerSample sample =
                    fleet.alive(number, qint64(random() % 300), random() % 30 ? WorkerStatus::Available : WorkerStatus::Draining);
                sample.activeSessions = qint32(random() % 3);
                fleet.apply(sample);
            }
            if (round == 350)
                fleet.setState(SourceState::Waiting);
            if (round == 360)
                fleet.setState(SourceState::Live);
            recorded.step(1'000 + qint64(random() % 700));
            if (round % 70 == 35) {
                Moment moment;
                moment.at = fleet.clock.nowMs();
                for (int i = 0; i < fleet.store.capacity(); ++i) {
                    const Worker &worker = fleet.store.worker(WorkerHandle(i));
                    if (worker.used)
                        moment.states[worker.id] = stateOf(worker, fleet.store.beats(WorkerHandle(i)), moment.at);
                }
                moments.push_back(moment);
            }
        }
        recorded.recorder.flush();
        check(recorded.history);
    }
    SqlHistory again(path());
    check(again);
    SqlHistory reader(path(), {}, SqlHistory::Use::Read);
    check(reader);
}

void SqlHistoryTest::beatsComeBackOverRestarts()
{
    std::mt19937 random(2);
    std::vector<qint64> all;
    qint64 at = 1'800'000'000'000;
    for (int run = 0; run < 3; ++run) {
        SqlHistory history(path());
        for (int frame = 0; frame < 400; ++frame) {
            std::vector<qint64> beats;
            for (int i = 0; i < 2; ++i)
                beats.push_back(at += 500 + qint64(random() % 2'000));
            all.insert(all.end(), beats.begin(), beats.end());
            history.write(frameOf(9, beats, frame == 0));
        }
        QCOMPARE(trackOf(history, "worker-9").beats, all);
        at += 100'000;
    }
    SqlHistory history(path());
    const LaneTrack track = trackOf(history, "worker-9", all[100], all[1'500]);
    QCOMPARE(track.beats, std::vector<qint64>(all.begin() + 100, all.begin() + 1'500));
    QVERIFY(track.before.known);
    QCOMPARE(track.before.beatAt, all[99]);
    QCOMPARE(runsOf(history).size(), size_t(3));
}

void SqlHistoryTest::whatWasNotWatchedIsMarked()
{
    const qint64 start = 1'800'000'000'000;
    for (int run = 0; run < 2; ++run) {
        SqlHistory history(path());
        const qint64 begin = start + run * 3'600'000;
        for (int i = 0; i < 20; ++i)
            history.write(frameOf(1, {begin + i * 1'000, begin + i * 1'000 + 500}, i == 0));
    }
    SqlHistory history(path());
    const LaneTrack track = trackOf(history, "worker-1");
    QVERIFY(!track.before.known);
    // Known, gone with the end of the run, known again, gone.
    QCOMPARE(track.changes.size(), size_t(4));
    QCOMPARE(track.changes[0].fact, LaneFact::Liveness);
    QCOMPARE(track.changes[1].fact, LaneFact::Gone);
    QCOMPARE(track.changes[1].at, start + 19'500);
    QCOMPARE(track.changes[2].at, start + 3'600'000);
    QCOMPARE(askHistory<MomentAnswer>(history, MomentQuery{start + 1'800'000}).run, 0);
    QCOMPARE(askHistory<MomentAnswer>(history, MomentQuery{start + 10'000}).lanes.size(), size_t(1));
    const auto fold = askHistory<FoldAnswer>(
        history, FoldQuery{start, 600'000, 7, std::make_shared<const std::vector<LaneId>>(1, track.lane), {0}});
    QCOMPARE(fold.at(0, 0).worst, quint8(Liveness::Alive));
    QCOMPARE(fold.at(0, 3).worst, FoldCell::nothing);
    QCOMPARE(fold.at(0, 6).received, 40u);
}

void SqlHistoryTest::lanesKeepTheirNumbers()
{
    const qint64 start = 1'800'000'000'000;
    std::map<QByteArray, LaneId> numbers;
    for (int run = 0; run < 3; ++run) {
        SqlHistory history(path());
        // In another order each time, as the numbers of a recorder are its own.
        for (LaneId i = 0; i < 700; ++i) {
            HistoryFrame frame = frameOf(1 + (i * 3 + LaneId(run) * 11) % 700, {start + run * 1'000'000 + i}, true);
            frame.lanes[0].id = frame.beats[0].lane = frame.changes[0].lane = i + 1;
            if (run == 2 && i == 5)
                frame.lanes[0].version = u"2"_s;
            history.write(frame);
        }
        const auto lanes = lanesOf(history);
        QCOMPARE(lanes.size(), size_t(700));
        for (const HistoryLane &lane : lanes) {
            if (run == 0)
                numbers[lane.name] = lane.id;
            QCOMPARE(lane.id, numbers[lane.name]);
            QVERIFY(lane.first < start + 1'000'000);
            QVERIFY(lane.last >= start + run * 1'000'000);
        }
    }
    SqlHistory history(path());
    QCOMPARE(lanesOf(history, start + 2'500'000).size(), size_t(0));
    const auto lanes = lanesOf(history);
    QCOMPARE(std::count_if(lanes.begin(), lanes.end(), [](const HistoryLane &lane) { return lane.version == u"2"_s; }), 1);
}

void SqlHistoryTest::foldsAreTheSameWhicheverWay()
{
    std::mt19937 random(6);
    const qint64 start = 1'800'000'000'000 / 300'000 * 300'000;
    SqlHistory history(path());
    std::vector<std::vector<qint64>> beats(40);
    for (qint64 at = start; at < start + 1'200'000; at += 500) {
        HistoryFrame frame;
        frame.at = at;
        frame.until = at + 499;
        for (LaneId lane = 1; lane <= 40; ++lane) {
            if (at == start) {
                HistoryFrame told = frameOf(lane, {at}, true);
                frame.lanes.push_back(told.lanes[0]);
                frame.changes.push_back(told.changes[0]);
                frame.changes.push_back({lane, LaneFact::Interval, at, 5'000});
            }
            if (random() % 10 == 0) {
                const qint64 when = at + qint64(random() % 500);
                frame.beats.push_back({lane, qint32(when - at)});
                beats[lane - 1].push_back(when);
            }
        }
        history.write(frame);
    }
    std::vector<LaneId> order;
    for (LaneId lane = 1; lane <= 40; ++lane)
        order.push_back(laneNamed(history, "worker-" + QByteArray::number(lane)));
    const auto shared = std::make_shared<const std::vector<LaneId>>(order);
    for (const qint64 bucketMs : {700, 10'000, 47'000, 60'000, 300'000}) {
        const int buckets = int(1'200'000 / bucketMs) + 2;
        const auto fold = askHistory<FoldAnswer>(history, FoldQuery{start - bucketMs, bucketMs, buckets, shared, {0, 1, 20}});
        QCOMPARE(fold.levelMs, 0);
        QCOMPARE(fold.rows, 3);
        std::vector<quint32> first(static_cast<size_t>(buckets));
        std::vector<quint32> rest(static_cast<size_t>(buckets));
        for (size_t lane = 0; lane < beats.size(); ++lane) {
            for (const qint64 at : beats[lane]) {
                const auto bucket = size_t((at - start + bucketMs) / bucketMs);
                if (bucket < size_t(buckets) && lane == 0)
                    ++first[bucket];
                if (bucket < size_t(buckets) && lane >= 20)
                    ++rest[bucket];
            }
        }
        for (int i = 0; i < buckets; ++i) {
            QCOMPARE(fold.at(0, i).received, first[size_t(i)]);
            QCOMPARE(fold.at(2, i).received, rest[size_t(i)]);
        }
    }
}

/// What is asked of many beats is worked out by two threads: a fold against those of its blocks, each too few for that, and a
/// moment against what was written.
void SqlHistoryTest::aSharedFoldIsTheSame()
{
    constexpr LaneId lanes = 8 * BeatBlock::lanes;
    constexpr qint64 stepMs = 2'000;
    std::mt19937 random(9);
    const qint64 start = 1'800'000'000'000 / segmentMs * segmentMs;
    SqlHistory history(path());
    const qint64 moment = start + 200'000;
    std::vector<qint64> lastBeats(lanes);
    quint64 beats = 0;
    for (qint64 at = start; beats < 2 * HistoryReader::sharedBeats; at += stepMs) {
        HistoryFrame frame;
        frame.at = at;
        frame.until = at + stepMs - 1;
        for (LaneId lane = 1; lane <= lanes; ++lane) {
            if (at == start) {
                const HistoryFrame told = frameOf(lane, {at}, true);
                frame.lanes.push_back(told.lanes[0]);
                frame.changes.push_back(told.changes[0]);
                frame.changes.push_back({lane, LaneFact::Interval, at, qint64(stepMs)});
            } else if (random() % 5'000 == 0) {
                frame.changes.push_back({lane, LaneFact::Liveness, at, qint64(random() % 2 ? Liveness::Late : Liveness::Alive)});
            }
            if (random() % 8 == 0)
                continue;
            frame.beats.push_back({lane, qint32(random() % 100)});
            if (const qint64 beat = at + frame.beats.back().offset; beat <= moment)
                lastBeats[lane - 1] = beat;
        }
        beats += frame.beats.size();
        history.write(frame);
    }
    std::vector<LaneId> order;
    std::map<LaneId, qint64> expected;
    for (const HistoryLane &lane : lanesOf(history)) {
        order.push_back(lane.id);
        expected[lane.id] = lastBeats[lane.name.mid(7).toUInt() - 1]; // "worker-7".
    }
    QCOMPARE(order.size(), size_t(lanes));
    const auto then = askHistory<MomentAnswer>(history, MomentQuery{moment});
    QCOMPARE(then.lanes.size(), size_t(lanes));
    QVERIFY(std::is_sorted(then.lanes.begin(), then.lanes.end()));
    for (size_t i = 0; i < then.lanes.size(); ++i)
        QCOMPARE(then.states[i].beatAt, expected[then.lanes[i]]);
    std::shuffle(order.begin(), order.end(), random); // A page sorts them by anything: each row has lanes of all blocks.
    FoldQuery query{start, 3'000, 100, std::make_shared<const std::vector<LaneId>>(order), {0, 700, 2'800}};
    const auto whole = askHistory<FoldAnswer>(history, query);
    QCOMPARE(whole.levelMs, 0);
    quint64 received = 0;
    for (const FoldCell &cell : whole.cells)
        received += cell.received;
    QVERIFY(received > HistoryReader::sharedBeats / 2);
    // Block by block, added up.
    std::vector<FoldCell> cells(whole.cells.size());
    for (LaneId block = 0; block <= BeatBlock::blockOf(lanes); ++block) {
        auto few = std::make_shared<std::vector<LaneId>>();
        FoldQuery part = query;
        part.rows.clear();
        for (size_t row = 0; row < query.rows.size(); ++row) {
            part.rows.push_back(quint32(few->size()));
            const size_t end = row + 1 < query.rows.size() ? query.rows[row + 1] : order.size();
            for (size_t i = query.rows[row]; i < end; ++i) {
                if (BeatBlock::blockOf(order[i]) == block)
                    few->push_back(order[i]);
            }
        }
        part.order = few;
        const auto folded = askHistory<FoldAnswer>(history, part);
        QCOMPARE(folded.cells.size(), cells.size());
        for (size_t i = 0; i < cells.size(); ++i)
            mergeCells(cells[i], folded.cells[i]);
    }
    QCOMPARE(whole.cells, cells);
}

/// As much of it as a line can show: of each step the last value.
void SqlHistoryTest::aLongSpanIsReadInSteps()
{
    constexpr qint64 stepMs = 60'000;
    SqlHistory history(path());
    for (int second = 0; second < 1'200; ++second) { // Over several segments.
        HistoryFrame frame;
        frame.at = m_start + second * 1'000;
        frame.until = frame.at + 999;
        if (second == 0) {
            HistoryLane lane;
            lane.id = 1;
            lane.kind = LaneKind::Queue;
            lane.source = u"prod"_s;
            lane.name = "mail";
            lane.first = lane.last = frame.at;
            frame.lanes.push_back(lane);
        }
        frame.changes.push_back({1, LaneFact::Waiting, frame.at, second});
        if (second % 600 == 0)
            frame.changes.push_back({1, LaneFact::Paused, frame.at, second / 600});
        history.write(frame);
    }
    TracksQuery query{m_start, m_start + 1'200'000, {laneNamed(history, "mail")}};
    const auto changesOf = [&history](const TracksQuery &asked, LaneFact fact) {
        std::vector<LaneChange> found;
        const auto answer = askHistory<TracksAnswer>(history, asked);
        for (const LaneChange &change : answer.tracks.at(0).changes) {
            if (change.fact == fact)
                found.push_back(change);
        }
        return found;
    };
    QCOMPARE(changesOf(query, LaneFact::Waiting).size(), size_t(1'200));
    query.stepMs = stepMs;
    const std::vector<LaneChange> steps = changesOf(query, LaneFact::Waiting);
    QCOMPARE(steps.size(), size_t(20));
    for (size_t i = 0; i < steps.size(); ++i) {
        QCOMPARE(steps[i].value, qint64(i) * 60 + 59);
        QCOMPARE(steps[i].at, m_start + steps[i].value * 1'000);
    }
    QCOMPARE(changesOf(query, LaneFact::Paused).size(), size_t(2)); // What changes seldom is all there.
}

void SqlHistoryTest::eventsAreRead()
{
    const qint64 start = 1'800'000'000'000;
    SqlHistory history(path());
    for (int i = 0; i < 50; ++i) {
        HistoryFrame frame = frameOf(3, {start + i * 1'000}, i == 0);
        HistoryEvent event;
        event.at = start + i * 1'000;
        event.kind = u"fleet"_s;
        event.lane = 3;
        event.text = QString::number(i);
        frame.events.push_back(event);
        history.write(frame);
    }
    auto answer = askHistory<EventsAnswer>(history, EventsQuery{start + 10'000, start + 20'000});
    QCOMPARE(answer.events.size(), size_t(10));
    QCOMPARE(answer.events.front().text, u"10"_s);
    QCOMPARE(answer.events.front().lane, laneNamed(history, "worker-3"));
    QVERIFY(!answer.more);
    answer = askHistory<EventsAnswer>(history, EventsQuery{start, start + 100'000, 5});
    QVERIFY(answer.more);
    QCOMPARE(answer.events.back().text, u"49"_s);
}

void SqlHistoryTest::theOverviewCountsEverything()
{
    const qint64 start = 1'800'000'000'000 / 300'000 * 300'000;
    const auto sums = [](History &history) {
        const auto overview = askHistory<OverviewAnswer>(history, OverviewQuery());
        std::array<int, 3> sum{};
        qint64 before = 0;
        for (const OverviewCell &cell : overview.cells) {
            sum[0] += int(cell.received);
            sum[1] += int(cell.late);
            sum[2] += int(cell.lost);
            if (cell.at <= before || cell.at % 60'000 != 0)
                sum[0] += 1'000'000;
            before = cell.at;
        }
        return sum;
    };
    {
        SqlHistory history(path());
        for (int i = 0; i < 2'000; ++i) {
            HistoryFrame frame = frameOf(1, {start + i * 500}, i == 0);
            if (i == 300)
                frame.changes.push_back({1, LaneFact::Liveness, frame.at, qint64(Liveness::Late)});
            if (i == 1'900)
                frame.changes.push_back({1, LaneFact::End, frame.at, qint64(WorkerEnd::Crashed)});
            history.write(frame);
        }
        QCOMPARE(sums(history), (std::array<int, 3>{2'000, 1, 1}));
    }
    SqlHistory history(path());
    QCOMPARE(sums(history), (std::array<int, 3>{2'000, 1, 1}));
}

void SqlHistoryTest::aLaterQuestionTakesThePlace()
{
    SqlHistory history(path());
    history.write(frameOf(1, {1'800'000'000'000}, true));
    QSignalSpy answered(&history, &History::answered);
    for (quint64 token = 1; token <= 40; ++token)
        history.ask(OverviewQuery(), token, 7);
    history.ask(SpansQuery(), 99, 0);
    while (answered.size() < 41)
        QVERIFY(answered.wait(patience));
    // Each is answered once, and the last one surely.
    std::set<quint64> tokens;
    for (const auto &one : answered) {
        tokens.insert(one.at(0).toULongLong());
        const auto answer = one.at(1).value<SharedHistoryAnswer>();
        if (one.at(0).toULongLong() == 40)
            QVERIFY(std::holds_alternative<OverviewAnswer>(*answer));
        if (one.at(0).toULongLong() == 1)
            QVERIFY(std::holds_alternative<SupersededAnswer>(*answer));
    }
    QCOMPARE(tokens.size(), size_t(41));
}

void SqlHistoryTest::aFileIsOpenedForReadingOnly()
{
    {
        SqlHistory missing(path(), {}, SqlHistory::Use::Read);
        QVERIFY(lanesOf(missing).empty());
        QVERIFY(!missing.state().message.isEmpty());
        QVERIFY(!QFile::exists(path()));
    }
    {
        SqlHistory history(path());
        history.write(frameOf(1, {1'800'000'000'000}, true));
    }
    SqlHistory reader(path(), {}, SqlHistory::Use::Read);
    QCOMPARE(lanesOf(reader).size(), size_t(1));
    reader.write(frameOf(2, {1'800'000'000'500}, true));
    QCOMPARE(lanesOf(reader).size(), size_t(1));
    QVERIFY(!reader.state().recording);
    QVERIFY(reader.state().message.isEmpty());
}

void SqlHistoryTest::tiersAndTimingsAreKept()
{
    const qint64 start = 1'800'000'000'000;
    const auto timingFrame = [](qint64 at, const QString &timing) {
        HistoryFrame frame;
        frame.at = frame.until = at;
        HistoryLane source;
        source.id = 1;
        source.kind = LaneKind::Source;
        source.source = u"prod"_s;
        source.first = source.last = at;
        source.timings = {timing};
        frame.lanes = {source};
        frame.changes = {{1, LaneFact::Version, at, laneVersionMark(timing)}};
        return frame;
    };
    {
        SqlHistory history(path());
        HistoryFrame frame = frameOf(2, {start}, true);
        frame.lanes.front().parent = "worker-1";
        frame.changes.push_back({2, LaneFact::Capacity, start, 12});
        history.write(frame);
        history.write(timingFrame(start + 1'000, u"1 first"_s));
        history.write(timingFrame(start + 2'000, u"2 second"_s));
    }
    const auto check = [start](History &history) {
        const auto lanes = lanesOf(history);
        const auto source =
            std::find_if(lanes.begin(), lanes.end(), [](const auto &one) { return one.kind == LaneKind::Source; });
        QVERIFY(source != lanes.end());
        QCOMPARE(source->timings, (QStringList{u"1 first"_s, u"2 second"_s}));
        const auto worker =
            std::find_if(lanes.begin(), lanes.end(), [](const auto &one) { return one.kind == LaneKind::Worker; });
        QVERIFY(worker != lanes.end());
        QCOMPARE(worker->parent, "worker-1"_ba);
        const auto moment = askHistory<MomentAnswer>(history, MomentQuery{start + 1'500});
        for (size_t i = 0; i < moment.lanes.size(); ++i) {
            if (moment.lanes[i] == source->id)
                QCOMPARE(moment.states[i].version, laneVersionMark(u"1 first"_s));
            else
                QCOMPARE(moment.states[i].capacity, 12);
        }
        QCOMPARE(moment.lanes.size(), size_t(2));
    };
    {
        SqlHistory reader(path(), {}, SqlHistory::Use::Read);
        check(reader);
    }
    SqlHistory again(path());
    check(again);
}

void SqlHistoryTest::aFileOfTheFirstVersionGoesOn()
{
    const qint64 start = 1'800'000'000'000;
    const auto version = [this](int wanted) {
        const QString name = u"version"_s;
        int found = 0;
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
            database.setDatabaseName(path());
            if (database.open()) {
                QSqlQuery query(database);
                if (wanted > 0)
                    query.exec(u"PRAGMA user_version=%1"_s.arg(wanted));
                query.exec(u"PRAGMA user_version"_s);
                query.next();
                found = query.value(0).toInt();
            }
        }
        QSqlDatabase::removeDatabase(name);
        return found;
    };
    {
        SqlHistory history(path());
        history.write(frameOf(1, {start}, true));
    }
    QCOMPARE(version(1), 1);
    {
        SqlHistory reader(path(), {}, SqlHistory::Use::Read);
        QCOMPARE(trackOf(reader, "worker-1").beats.size(), size_t(1));
    }
    QCOMPARE(version(0), 1); // Whoever only reads leaves it as it is.
    {
        SqlHistory history(path());
        history.write(frameOf(1, {start + 3'600'000}, true));
        QCOMPARE(trackOf(history, "worker-1").beats.size(), size_t(2));
    }
    QCOMPARE(version(0), 2);
}

} // namespace pulsedeck

using pulsedeck::SqlHistoryTest;
PULSEDECK_TEST(SqlHistoryTest, pulsedeck::runWithEvents)
#include "sqlhistory_test.moc"
