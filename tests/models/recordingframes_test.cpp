// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/recordingframes.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class RecordingFramesTest : public QObject
{
    Q_OBJECT

    static constexpr qint64 m_start = 1'800'000'000'000;

    static void addWorker(BeatRecording &recording, const QByteArray &id, const std::vector<qint64> &seconds)
    {
        BeatRecording::Worker worker;
        worker.id = id;
        worker.type = "chromium";
        worker.interval = 5'000;
        worker.ttl = 15'000;
        worker.first = quint32(recording.beats.size());
        worker.count = quint32(seconds.size());
        for (const qint64 second : seconds)
            recording.beats.push_back(m_start + second * 1'000);
        recording.workers.push_back(worker);
    }

private slots:
    void itsBeatsAndWhatFollowsFromThem()
    {
        BeatRecording recording;
        recording.source = u"prod"_s;
        recording.from = m_start;
        recording.to = m_start + 100'000;
        recording.unknown = {{m_start + 60'000, m_start + 80'000}};
        addWorker(recording, "chromium:a", {0, 5, 10, 15, 25, 30, 50, 55, 82, 87, 92, 97});
        addWorker(recording, "chromium:b", {3, 8, 13, 18, 23, 28, 33, 38, 43, 48, 53});
        RecordingFrames frames(recording);
        QVERIFY(!frames.isEmpty());
        std::vector<HistoryLane> lanes;
        std::vector<qint64> beats;
        std::vector<LaneChange> changes;
        qint64 until = m_start - 1;
        while (const auto frame = frames.next()) {
            QCOMPARE(frame->at, until + 1); // Nothing is left out, and nothing comes twice.
            QVERIFY(frame->until - frame->at < RecordingFrames::frameMs);
            until = frame->until;
            lanes.insert(lanes.end(), frame->lanes.begin(), frame->lanes.end());
            for (const HistoryBeat &beat : frame->beats) {
                QVERIFY(frame->at + beat.offset <= frame->until);
                if (beat.lane == 2)
                    beats.push_back(frame->at + beat.offset);
            }
            changes.insert(changes.end(), frame->changes.begin(), frame->changes.end());
        }
        QCOMPARE(until, recording.to);
        QCOMPARE(lanes.size(), size_t(3));
        QCOMPARE(lanes[0].kind, LaneKind::Source);
        QCOMPARE(lanes[1].name, "chromium:a"_ba);
        QCOMPARE(lanes[1].system, SourceTraits().fullKind());
        QCOMPARE(beats, std::vector<qint64>(recording.beats.begin(), recording.beats.begin() + 12));
        const auto told = [&](LaneId lane, LaneFact fact) {
            QStringList words;
            for (const LaneChange &change : changes) {
                if (change.lane == lane && change.fact == fact)
                    words.append(u"%1 %2"_s.arg((change.at - m_start) / 1'000.0).arg(change.value));
            }
            return words.join(u", "_s);
        };
        const auto word = [](double second, auto value) { return u"%1 %2"_s.arg(second).arg(qint64(value)); };
        QCOMPARE(
            told(1, LaneFact::State),
            QStringList({word(0, SourceState::Live), word(60, SourceState::Failed), word(80, SourceState::Live)}).join(u", "_s));
        QCOMPARE(told(2, LaneFact::Liveness),
                 QStringList({word(0, Liveness::Alive), word(22.5, Liveness::Late), word(25, Liveness::Alive),
                              word(37.5, Liveness::Late), word(45, Liveness::Departed), word(50, Liveness::Alive),
                              word(60, Liveness::Unknown), word(82, Liveness::Alive)})
                     .join(u", "_s));
        QCOMPARE(told(2, LaneFact::End), QStringList({word(45, WorkerEnd::Expired), word(50, WorkerEnd::None)}).join(u", "_s));
        // Whether it was late after that is not known: the source was not connected.
        QCOMPARE(told(3, LaneFact::Liveness), QStringList({word(3, Liveness::Alive), word(60, Liveness::Unknown)}).join(u", "_s));
    }

    void timesThatCannotBeAreRefused()
    {
        BeatRecording none;
        QVERIFY(RecordingFrames(none).isEmpty());
        BeatRecording recording;
        recording.from = m_start;
        recording.to = m_start + 10'000;
        addWorker(recording, "chromium:a", {0, 5, 20});
        QVERIFY(RecordingFrames(recording).isEmpty()); // A beat after its end.
        recording.to = m_start + RecordingFrames::longestMs + 1;
        QVERIFY(RecordingFrames(recording).isEmpty());
        recording.to = m_start + 20'000;
        RecordingFrames frames(recording);
        QVERIFY(!frames.isEmpty());
        recording.from = -5;
        QVERIFY(RecordingFrames(recording).isEmpty());
        QVERIFY(!RecordingFrames(recording).next());
    }
};

PULSEDECK_TEST(RecordingFramesTest, runPlain)
#include "recordingframes_test.moc"
