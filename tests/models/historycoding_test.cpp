// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/beatcoding.h"
#include "models/history/segmentblock.h"
#include "tests/models/beattimes.h"
#include "tests/support/testprogram.h"

#include <QTest>

#include <map>
#include <random>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 codingStart = 1'800'000'000'000;

std::vector<qint64> timesOf(const PackedBeats &packed)
{
    std::vector<qint64> times;
    eachBeat(packed, [&times](qint64 at) { times.push_back(at); });
    return times;
}

/// A worker that beats every \a interval with a jitter, and misses some.
std::vector<qint64> someBeats(std::mt19937 &random, int count, qint64 interval, double jitter)
{
    std::normal_distribution<double> noise(0, jitter);
    std::vector<qint64> times;
    qint64 at = codingStart + qint64(random() % 5'000);
    for (int i = 0; i < count; ++i) {
        at += interval * (random() % 50 == 0 ? 3 : 1);
        times.push_back(at + qint64(noise(random)));
    }
    return times;
}

template <typename Check> void truncated(const QByteArray &whole, Check check)
{
    for (qsizetype size = 0; size < whole.size(); ++size)
        check(whole.first(size));
}

} // namespace

class HistoryCodingTest : public QObject
{
    Q_OBJECT

private slots:
    void numbersComeBack()
    {
        const std::vector<qint64> values{0,
                                         1,
                                         -1,
                                         63,
                                         64,
                                         -64,
                                         -65,
                                         1'000'000,
                                         std::numeric_limits<qint64>::max(),
                                         std::numeric_limits<qint64>::min(),
                                         unknownValue};
        ByteWriter writer;
        for (const qint64 value : values)
            writer.signedNumber(value);
        writer.text(u"späť"_s);
        ByteReader reader(writer.view());
        for (const qint64 value : values)
            QCOMPARE(reader.signedNumber(), value);
        QCOMPARE(reader.words(), u"späť"_s);
        QVERIFY(reader.isComplete());
        reader.byte();
        QVERIFY(!reader.isSound());
    }

    void numbersThatAreTheSameAreTakenAtOnce()
    {
        ByteWriter writer;
        for (const quint64 value : {5, 5, 5, 6, 300, 300})
            writer.number(value);
        ByteReader reader(writer.view());
        quint64 same = 0;
        QVERIFY(!reader.takeSame(0, &same));
        QVERIFY(!reader.takeSame(4, &same)); // One of them is another.
        QVERIFY(!reader.takeSame(100, &same)); // There are not so many.
        QVERIFY(reader.takeSame(3, &same));
        QCOMPARE(same, quint64(5));
        QVERIFY(reader.takeSame(1, &same));
        QCOMPARE(same, quint64(6));
        QVERIFY(!reader.takeSame(1, &same)); // It has more than one byte.
        QCOMPARE(reader.number(), quint64(300));
        QCOMPARE(reader.number(), quint64(300));
        QVERIFY(reader.isComplete());
        QVERIFY(!reader.takeSame(1, &same));
    }

    /// Whole columns of the same are read in one go: states come back from them as from any others.
    void statesThatAreAlikeComeBack()
    {
        for (const bool fresh : {true, false}) {
            std::vector<LaneId> lanes;
            std::vector<LaneState> states;
            for (LaneId lane = 512; lane < 1'024; ++lane) {
                LaneState state;
                state.take(LaneFact::Liveness, qint64(fresh ? Liveness::Unknown : Liveness::Alive));
                if (!fresh) {
                    state.take(LaneFact::Status, qint64(WorkerStatus::Available));
                    state.take(LaneFact::Sessions, 3);
                    state.take(LaneFact::Paused, 1);
                    state.take(LaneFact::Interval, 10'000 + lane % 3);
                    state.beatAt = codingStart - lane;
                }
                lanes.push_back(lane);
                states.push_back(state);
            }
            const QByteArray packed = packStates(lanes, states, 1, codingStart).toByteArray();
            std::vector<LaneId> readLanes;
            std::vector<LaneState> readStates;
            ByteReader reader(packed);
            QVERIFY(unpackStates(reader, 1, codingStart, &readLanes, &readStates));
            QVERIFY(reader.isComplete());
            QCOMPARE(readLanes, lanes);
            QVERIFY(readStates == states);
        }
    }

    /// Of each lane in the order they came, however they are mixed.
    void changesOfABlockStandByLane()
    {
        std::mt19937 random(23);
        std::vector<LaneChange> changes;
        std::map<LaneId, std::vector<LaneChange>> expected;
        for (int i = 0; i < 3'000; ++i) {
            const LaneChange change{512 + LaneId(random() % 200), LaneFact::Sessions, codingStart + qint64(random() % 50), i};
            changes.push_back(change);
            expected[change.lane].push_back(change);
        }
        QByteArray states(1, '\0'); // Of no lane.
        states.append(packChanges(changes, 1, codingStart).view());
        const SegmentBlock block(1, codingStart, states, {});
        QVERIFY(block.isSound());
        std::map<LaneId, std::vector<LaneChange>> read;
        block.eachLane([&read](LaneId lane, const LaneState &, std::span<const LaneChange> some, const PackedBeats *) {
            read[lane] = {some.begin(), some.end()};
        });
        QVERIFY(read == expected);
        QVERIFY(!block.withLane(1'000, [](LaneId, const LaneState &, std::span<const LaneChange>, const PackedBeats *) {}));
    }

    void aNumberThatDoesNotEndIsWrong()
    {
        const QByteArray bytes(20, char(0xff));
        ByteReader reader(bytes);
        reader.number();
        QVERIFY(!reader.isSound());
        QCOMPARE(reader.left(), size_t(0));
    }

    void aCountIsNeverMoreThanThereIsRoomFor()
    {
        ByteWriter writer;
        writer.number(1'000'000'000);
        writer.text(QByteArray(50, 'x'));
        ByteReader reader(writer.view());
        QCOMPARE(reader.count(), size_t(0));
        QVERIFY(!reader.isSound());
    }

    void beatsComeBack_data()
    {
        QTest::addColumn<QList<qint64>>("times");
        QTest::newRow("none") << QList<qint64>();
        QTest::newRow("one") << QList<qint64>{codingStart};
        QTest::newRow("even") << QList<qint64>{codingStart, codingStart + 5'000, codingStart + 10'000, codingStart + 15'000};
        QTest::newRow("backward") << QList<qint64>{codingStart, codingStart - 100'000, codingStart + 1, codingStart, codingStart};
        QTest::newRow("extreme") << QList<qint64>{
            std::numeric_limits<qint64>::min(), std::numeric_limits<qint64>::max(), 0, std::numeric_limits<qint64>::min(), -1, 1};
        QTest::newRow("at the escape") << QList<qint64>{0, 1'000, 2'127, 3'000, 4'126, 4'999, 6'127, 7'000};
    }

    void beatsComeBack()
    {
        QFETCH(QList<qint64>, times);
        const std::vector<qint64> expected(times.begin(), times.end());
        const BeatPacker packer = packerOf(expected);
        QCOMPARE(packer.count(), quint32(expected.size()));
        QCOMPARE(timesOf(packer.packed()), expected);
        if (expected.empty())
            return;
        for (const bool again : {false, true}) {
            BeatBlock::Writer writer(3, codingStart);
            again ? writer.addAgain(3 * BeatBlock::lanes + 7, packer.packed())
                  : writer.add(3 * BeatBlock::lanes + 7, packer.packed());
            const QByteArray bytes = writer.finish().toByteArray();
            const BeatBlock block(bytes, 3, codingStart);
            QVERIFY(block.isSound());
            QCOMPARE(block.all().size(), size_t(1));
            QVERIFY(block.find(3 * BeatBlock::lanes + 7));
            QVERIFY(!block.find(3 * BeatBlock::lanes + 8));
            QCOMPARE(timesOf(block.all().front().beats), expected);
        }
    }

    void aBlockOfRandomLanesComesBack()
    {
        std::mt19937 random(7);
        for (int round = 0; round < 30; ++round) {
            std::map<LaneId, std::vector<qint64>> lanes;
            BeatBlock::Writer writer(2, codingStart);
            for (LaneId lane = 2 * BeatBlock::lanes; lane < 3 * BeatBlock::lanes; lane += 1 + random() % 40) {
                const auto times = someBeats(random, 1 + int(random() % 70), 5'000, round % 3 == 0 ? 4'000.0 : 5.0);
                writer.addAgain(lane, packerOf(times).packed());
                lanes.emplace(lane, times);
            }
            const QByteArray bytes = writer.finish().toByteArray();
            const BeatBlock block(bytes, 2, codingStart);
            QVERIFY(block.isSound());
            QCOMPARE(block.all().size(), lanes.size());
            for (const auto &[lane, times] : lanes) {
                QVERIFY(block.find(lane));
                QCOMPARE(timesOf(block.find(lane)->beats), times);
            }
        }
    }

    void aSteadyBeatIsOneByte()
    {
        std::mt19937 random(1);
        BeatBlock::Writer writer(0, codingStart);
        size_t beats = 0;
        for (LaneId lane = 1; lane < BeatBlock::lanes; ++lane) {
            std::vector<qint64> times;
            for (int i = 0; i < 60; ++i)
                times.push_back(codingStart + i * 5'000 + int(random() % 20));
            beats += times.size();
            writer.addAgain(lane, packerOf(times).packed());
        }
        const double each = double(writer.finish().size()) / double(beats);
        QVERIFY2(each < 1.2, qPrintable(QString::number(each)));
    }

    void truncatedAndHostileBytesAreRefused()
    {
        std::mt19937 random(3);
        BeatBlock::Writer writer(0, codingStart);
        for (LaneId lane = 1; lane < 9; ++lane)
            writer.add(lane, packerOf(someBeats(random, 20, 1'000, 300)).packed());
        const QByteArray whole = writer.finish().toByteArray();
        QVERIFY(BeatBlock(whole, 0, codingStart).isSound());
        truncated(whole, [](const QByteArray &part) {
            const BeatBlock block(part, 0, codingStart);
            QVERIFY(!block.isSound());
            QVERIFY(block.all().empty());
        });
        for (int round = 0; round < 20'000; ++round) {
            QByteArray wrong = whole;
            for (int change = 0; change < 1 + round % 4; ++change)
                wrong[qsizetype(random() % size_t(wrong.size()))] = char(random());
            const BeatBlock block(wrong, 0, codingStart);
            for (const BeatBlock::Lane &lane : block.all()) {
                QVERIFY(lane.lane < BeatBlock::lanes);
                QCOMPARE(timesOf(lane.beats).size(), size_t(lane.beats.count));
            }
        }
    }

    void statesAndChangesComeBack()
    {
        const std::vector<LaneId> lanes{1'024, 1'030, 1'535};
        std::vector<LaneState> states(3);
        states[0].take(LaneFact::Liveness, qint64(Liveness::Late));
        states[0].beatAt = codingStart - 4'000;
        states[0].interval = 5'000;
        states[1].take(LaneFact::Waiting, 123'456'789'012);
        states[1].take(LaneFact::Paused, 1);
        states[1].take(LaneFact::Capacity, 16);
        states[1].take(LaneFact::EndedAt, codingStart - 900);
        states[2].take(LaneFact::State, qint64(SourceState::Live));
        states[2].beatAt = codingStart + 1;
        const QByteArray packed = packStates(lanes, states, 2, codingStart).toByteArray();
        std::vector<LaneId> readLanes;
        std::vector<LaneState> readStates;
        ByteReader reader(packed);
        QVERIFY(unpackStates(reader, 2, codingStart, &readLanes, &readStates));
        QVERIFY(reader.isComplete());
        QCOMPARE(readLanes, lanes);
        QVERIFY(readStates == states);

        const std::vector<LaneChange> changes{{1'024, LaneFact::Sessions, codingStart + 5, unknownValue},
                                              {1'535, LaneFact::Flags, codingStart + 5, qint64(0xffff'ffffu)},
                                              {1'030, LaneFact::Waiting, codingStart - 70'000, -1},
                                              {1'024, LaneFact::Gone, codingStart + 9, 1}};
        const QByteArray packedChanges = packChanges(changes, 2, codingStart).toByteArray();
        ByteReader changeReader(packedChanges);
        std::vector<LaneChange> readChanges;
        QVERIFY(unpackChanges(changeReader, 2, codingStart, &readChanges));
        QVERIFY(changeReader.isComplete());
        QCOMPARE(readChanges, changes);

        const auto readBoth = [](const QByteArray &bytes) {
            ByteReader one(bytes);
            std::vector<LaneId> numbers;
            std::vector<LaneState> values;
            const bool sound = unpackStates(one, 2, codingStart, &numbers, &values);
            ByteReader other(bytes);
            std::vector<LaneChange> news;
            const bool soundChanges = unpackChanges(other, 2, codingStart, &news);
            return std::pair(sound, soundChanges);
        };
        truncated(packed, [&readBoth](const QByteArray &part) { QVERIFY(!readBoth(part).first); });
        truncated(packedChanges, [&readBoth](const QByteArray &part) { QVERIFY(!readBoth(part).second); });
        std::mt19937 random(11);
        for (int round = 0; round < 5'000; ++round) {
            QByteArray wrong = round % 2 == 0 ? packed : packedChanges;
            wrong[qsizetype(random() % size_t(wrong.size()))] = char(random());
            readBoth(wrong);
        }
    }

    void cellsLanesFramesAndOverviewsComeBack()
    {
        LaneCells cells{codingStart, 3, {5, 900, 70'000}, {}};
        for (int i = 0; i < 9; ++i)
            cells.cells.push_back({quint32(i * 1'000), quint32(i * 1'000 + i), quint8(i % 2 ? i : FoldCell::nothing), quint8(i)});
        LaneCells readCells;
        const QByteArray cellBytes = packCells(cells, codingStart + 77).toByteArray();
        QVERIFY(unpackCells(cellBytes, codingStart + 77, &readCells));
        QCOMPARE(readCells, cells);
        QCOMPARE(readCells.of(1)[0].received, 3'000u);

        HistoryFrame frame;
        frame.at = codingStart;
        frame.until = codingStart + 480;
        HistoryLane lane;
        lane.id = 7;
        lane.kind = LaneKind::Queue;
        lane.source = u"prod"_s;
        lane.system = u"sidekiq"_s;
        lane.name = "mail\0s"_ba;
        lane.type = u"firefox"_s;
        lane.host = "10.0.0.1:80";
        lane.label = u"ä"_s;
        lane.version = u"7.1"_s;
        lane.queues = {u"a"_s, u""_s};
        lane.parent = "host-1";
        lane.timings = {u"1 10000"_s, u"2 20000"_s};
        lane.first = codingStart - 1;
        lane.last = codingStart;
        frame.lanes = {lane, HistoryLane()};
        frame.beats = {{7, 20}, {3, -9}, {std::numeric_limits<LaneId>::max(), 2'000'000'000}};
        frame.changes = {{7, LaneFact::Status, codingStart + 3, 2}};
        HistoryFrame readFrame;
        const QByteArray frameBytes = packFrame(frame).toByteArray();
        QVERIFY(unpackFrame(frameBytes, &readFrame));
        QCOMPARE(readFrame, frame);

        std::vector<OverviewCell> overview{{codingStart, 10, 12, 3, 1, 0}, {codingStart + 60'000, 0, 0, 0, 0, 9}};
        std::vector<OverviewCell> readOverview;
        const QByteArray overviewBytes = packOverview(overview, codingStart).toByteArray();
        QVERIFY(unpackOverview(overviewBytes, codingStart, &readOverview));
        QCOMPARE(readOverview.size(), size_t(2));
        QCOMPARE(readOverview[0].expected, 12u);
        QCOMPARE(readOverview[1].lost, 9u);

        truncated(cellBytes, [&](const QByteArray &part) { QVERIFY(!unpackCells(part, codingStart, &readCells)); });
        truncated(frameBytes, [&](const QByteArray &part) { QVERIFY(!unpackFrame(part, &readFrame)); });
        truncated(overviewBytes, [&](const QByteArray &part) { QVERIFY(!unpackOverview(part, codingStart, &readOverview)); });
        std::mt19937 random(5);
        for (int round = 0; round < 5'000; ++round) {
            QByteArray wrong = round % 2 == 0 ? cellBytes : frameBytes;
            wrong[qsizetype(random() % size_t(wrong.size()))] = char(random());
            unpackCells(wrong, codingStart, &readCells);
            unpackFrame(wrong, &readFrame);
        }
    }

    /// A file of the first version does not say how many facts its states have.
    void statesOfTheFirstVersionAreRead()
    {
        constexpr std::array facts{LaneFact::Status,  LaneFact::Liveness, LaneFact::End,       LaneFact::Sessions,
                                   LaneFact::Flags,   LaneFact::Command,  LaneFact::LearntTtl, LaneFact::Interval,
                                   LaneFact::Waiting, LaneFact::AtWork,   LaneFact::Delayed,   LaneFact::Failed,
                                   LaneFact::Paused,  LaneFact::State,    LaneFact::Version};
        std::vector<LaneState> states(2);
        states[0].take(LaneFact::Liveness, qint64(Liveness::Stale));
        states[0].take(LaneFact::Sessions, 3);
        states[1].take(LaneFact::Version, 77);
        ByteWriter writer;
        writer.number(2);
        writer.number(7);
        writer.number(2);
        for (int i = 0; i < 2; ++i)
            writer.number(0); // No beat.
        for (const LaneFact fact : facts) {
            for (const LaneState &state : states) {
                const qint64 value = state.valueOf(fact);
                writer.number(value == unknownValue ? 0 : zigzag(value) + 1);
            }
        }
        const QByteArray packed = writer.toByteArray();
        ByteReader reader(packed);
        std::vector<LaneId> lanes;
        std::vector<LaneState> read;
        QVERIFY(unpackStates(reader, 0, codingStart, &lanes, &read));
        QVERIFY(reader.isComplete());
        QCOMPARE(lanes, (std::vector<LaneId>{7, 9}));
        QVERIFY(read == states);
        // One that has more facts than are known is of a later version.
        ByteWriter later;
        later.number(BeatBlock::lanes + 40);
        later.number(0);
        const QByteArray unknown = later.toByteArray();
        ByteReader other(unknown);
        QVERIFY(!unpackStates(other, 0, codingStart, &lanes, &read));
    }

    void aTimingIsOneLine()
    {
        TimingProfile timing = TimingProfile::demo();
        timing.version = 12;
        timing.reaperStaleThreshold = TimingProfile::notUsed;
        QVERIFY(timingOfLaneText(laneTimingText(timing)) == timing);
        QVERIFY(laneTimingText(TimingProfile::assumedDocument()).isEmpty());
        for (const QString &wrong : {u""_s, u"12 10000"_s, u"1 a b c d e f g h i j name"_s})
            QVERIFY(timingOfLaneText(wrong).assumed);
    }

    void anEventIsReadableJson()
    {
        HistoryEvent event;
        event.at = codingStart;
        event.kind = u"command"_s;
        event.source = u"prod"_s;
        event.lane = 12;
        event.worker = "chromium:1";
        event.act = u"drain"_s;
        event.step = u"requested"_s;
        event.by = u"ann"_s;
        event.text = u"A sentence."_s;
        event.facts = {{u"x"_s, 1}};
        QCOMPARE(historyEventOf(historyEventJson(event)), event);
        QVERIFY(historyEventOf(QJsonObject()) == HistoryEvent());
    }

    /// What is asked for again is not packed again, until something comes to the block; then it is what a new packing gives.
    void anOpenSegmentIsPackedOnce()
    {
        const LaneStates nobody;
        OpenSegment open(1, 1, codingStart, nobody);
        const auto fill = [](OpenSegment &segment, qint64 from, LaneId lane) {
            for (qint64 at = from; at < from + 60'000; at += 5'000)
                segment.takeBeat(lane, at + lane);
            segment.takeChange({lane, LaneFact::Liveness, from, qint64(Liveness::Late)});
        };
        fill(open, codingStart, 3);
        fill(open, codingStart, 700);
        const QByteArray beats = open.beats(0);
        const QByteArray states = open.states(0);
        QVERIFY(!beats.isEmpty() && !states.isEmpty());
        fill(open, codingStart + 60'000, 700); // In the other block.
        QCOMPARE(static_cast<const void *>(open.beats(0).constData()), static_cast<const void *>(beats.constData()));
        QCOMPARE(static_cast<const void *>(open.states(0).constData()), static_cast<const void *>(states.constData()));
        fill(open, codingStart + 60'000, 3);
        OpenSegment again(1, 1, codingStart, nobody);
        for (const LaneId lane : {3, 700}) {
            fill(again, codingStart, lane);
            fill(again, codingStart + 60'000, lane);
        }
        for (const LaneId block : {0, 1}) {
            QCOMPARE(open.beats(block), again.beats(block));
            QCOMPARE(open.states(block), again.states(block));
        }
        QVERIFY(open.beats(0) != beats && open.states(0) != states);
        const size_t held = open.bytesHeld();
        open.forgetPacked(0);
        QVERIFY(open.bytesHeld() < held);
        QCOMPARE(open.beats(0), again.beats(0));
    }

    /// What only queues have is kept next to the others: each lane is as a plain state would be.
    void statesOfAllKindsAreKept()
    {
        LaneStates states;
        std::map<LaneId, LaneState> plain;
        const auto take = [&](LaneId lane, LaneFact fact, qint64 value) {
            states.take({lane, fact, codingStart, value});
            plain[lane].take(fact, value);
        };
        const auto kept = [&states] {
            std::map<LaneId, LaneState> all;
            states.eachKnown([&all](LaneId lane, const LaneState &state) { all[lane] = state; });
            return all;
        };
        take(1, LaneFact::Liveness, qint64(Liveness::Alive));
        take(1, LaneFact::Interval, 10'000);
        states.takeBeat(1, codingStart + 5);
        plain[1].beatAt = codingStart + 5;
        take(2, LaneFact::Waiting, 40);
        take(2, LaneFact::Paused, 1);
        take(2, LaneFact::Added, 7);
        take(3, LaneFact::State, qint64(SourceState::Live));
        take(4, LaneFact::Waiting, 9);
        take(700, LaneFact::EndedAt, codingStart);
        QVERIFY(kept() == plain);
        QCOMPARE(states.blocks(), (std::vector<LaneId>{0, 1}));
        // One that went and comes back has nothing of what it had.
        states.take({4, LaneFact::Gone, codingStart, 1});
        plain.erase(4);
        QVERIFY(kept() == plain);
        take(4, LaneFact::AtWork, 2);
        QCOMPARE(kept()[4].waiting, -1);
        QVERIFY(kept() == plain);
        states.take({700, LaneFact::Gone, codingStart, 1});
        states.tidy();
        QCOMPARE(states.blocks(), (std::vector<LaneId>{0}));
    }

    void factsAreKeptAsTheyAre()
    {
        LaneState state;
        for (int fact = 0; fact < laneFactCount; ++fact) {
            if (LaneFact(fact) == LaneFact::Gone)
                continue;
            state.take(LaneFact(fact), 1);
            QCOMPARE(state.valueOf(LaneFact(fact)), 1);
            QVERIFY(!laneFactName(LaneFact(fact)).isEmpty());
        }
        QVERIFY(state.known);
        state.take(LaneFact::Gone, 1);
        QVERIFY(state == LaneState());
        state.take(LaneFact::Liveness, 4'000); // Of a file that is wrong.
        QCOMPARE(state.liveness, Liveness::Departed);
        QVERIFY(livenessRank(Liveness::Crashed) > livenessRank(Liveness::Late));
        QVERIFY(livenessRank(Liveness::Late) > livenessRank(Liveness::Alive));
        QVERIFY(laneVersionMark(u""_s) == 0 && laneVersionMark(u"1"_s) != laneVersionMark(u"2"_s));
    }
};

PULSEDECK_TEST(HistoryCodingTest, runPlain)
#include "historycoding_test.moc"
