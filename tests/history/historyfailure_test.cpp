// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/historyfile.h"
#include "app/history/historyreader.h"
#include "tests/history/historyfolder.h"
#include "tests/history/historywatch.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QSqlQuery>

#include <set>

using namespace Qt::StringLiterals;

namespace pulsedeck {

/// What can happen to a file, and to who records it.
class HistoryFailureTest : public HistoryFolderTest
{
    Q_OBJECT

private slots:
    void whatWasHandedOverSurvivesAKill();
    void aFullDiskIsSaidAndSurvived();
    void aDamagedPartLosesOnlyItself();
    void damageMetByTwoThreadsIsUnknown();
    void aDamagedFileIsLeftAlone();
    void anotherProgramsFileIsLeftAlone();
    void theClockIsSetBack();
    void aLongSleepIsNoTimeWatched();
    void oneOfTwoRecords();
    void aFileThatIsMovedAwayIsBegunAnew();
    void aFolderThatCannotBeMade();

private:
    bool change(const QString &statement)
    {
        HistoryFile file(path(), HistoryFile::Mode::Write);
        return !file.open() && !file.run(statement);
    }
};

void HistoryFailureTest::whatWasHandedOverSurvivesAKill()
{
    // Again and again on the same file, each time killed at another moment of its work.
    for (int round = 0; round < 6; ++round) {
        QProcess recorder;
        recorder.start(QStringLiteral(HISTORYRECORDER), {path()});
        QByteArray out;
        // Some rounds go over the end of a segment, so that they are killed while it is sealed.
        const int lines =
            round % 2 == 0 ? 1 + QRandomGenerator::global()->bounded(60) : 600 + QRandomGenerator::global()->bounded(20);
        while (out.count('\n') < lines) {
            QVERIFY2(recorder.waitForReadyRead(patience), qPrintable(recorder.errorString()));
            out += recorder.readAllStandardOutput();
        }
        const qint64 pid = recorder.processId();
        recorder.kill();
        QVERIFY(recorder.waitForFinished(patience));
        out += recorder.readAllStandardOutput();
        const QByteArrayList last = out.left(out.lastIndexOf('\n')).split('\n').last().split(' ');
        const qint64 start = last.at(0).toLongLong();
        const qint64 beats = last.at(1).toLongLong();

        SqlHistory history(path());
        const LaneTrack track = trackOf(history, "worker-" + QByteArray::number(pid));
        QVERIFY(qint64(track.beats.size()) >= beats);
        for (qint64 i = 0; i < beats; ++i)
            QCOMPARE(track.beats[size_t(i)], start + i);
        QCOMPARE(runsOf(history).size(), size_t(round + 1));
        QVERIFY(history.state().message.isEmpty());
    }
}

void HistoryFailureTest::aFullDiskIsSaidAndSurvived()
{
    constexpr qint64 most = 600'000;
    std::vector<qint64> beats;
    {
        SqlHistory history(path(), {}, SqlHistory::Use::Record, most);
        qint64 at = m_start;
        for (int i = 0; history.state().message.isEmpty() && i < 20'000; ++i) {
            std::vector<qint64> some;
            for (int beat = 0; beat < 500; ++beat)
                some.push_back(at += 1 + QRandomGenerator::global()->bounded(3));
            history.write(frameOf(1, some, i == 0));
            beats.insert(beats.end(), some.begin(), some.end());
            if (i % 10 == 0)
                askHistory<SpansAnswer>(history, SpansQuery());
        }
        QVERIFY(history.state().message.contains(u"no space left"_s));
        QVERIFY(!history.state().hint.isEmpty());
        QVERIFY(!history.state().recording);
        // What came meanwhile is there, in memory.
        QCOMPARE(trackOf(history, "worker-1").beats, beats);
    }
    // With space again everything that was on the disk is there, and it goes on.
    SqlHistory history(path());
    const auto kept = trackOf(history, "worker-1").beats;
    QVERIFY(!kept.empty());
    QVERIFY(std::includes(beats.begin(), beats.end(), kept.begin(), kept.end()));
    const qint64 later = beats.back() + 1'000'000;
    history.write(frameOf(1, {later}, true));
    QCOMPARE(trackOf(history, "worker-1").beats.back(), later);
    QVERIFY(history.state().recording);
    QVERIFY(history.state().message.isEmpty());
}

void HistoryFailureTest::aDamagedPartLosesOnlyItself()
{
    std::vector<qint64> beats;
    {
        SqlHistory history(path());
        for (int i = 0; i < 3'000; ++i) {
            history.write(frameOf(1, {m_start + i * 500}, i == 0));
            beats.push_back(m_start + i * 500);
        }
    }
    // One byte in the middle of the bytes of the second segment.
    QVERIFY(change(u"UPDATE beats SET packed = substr(packed, 1, 20) || x'ff' || substr(packed, 22) WHERE key IN "
                   "(SELECT key FROM beats ORDER BY key LIMIT 1 OFFSET 1)"_s));
    SqlHistory history(path());
    const auto kept = trackOf(history, "worker-1").beats;
    QCOMPARE(kept.size(), beats.size() - 600);
    QVERIFY(std::includes(beats.begin(), beats.end(), kept.begin(), kept.end()));
    const auto spans = askHistory<SpansAnswer>(history, SpansQuery());
    QCOMPARE(spans.unreadable.size(), size_t(1));
    QCOMPARE(spans.unreadable[0].first, m_start + 300'000);
    // Of the worker nothing is known then: it did not live on without a beat.
    const LaneTrack track = trackOf(history, "worker-1", m_start + 100'000, m_start + 1'000'000);
    for (const auto &[after, known] : {std::pair(200'000, true), {301'000, false}, {599'000, false}, {601'000, true}}) {
        LaneState state = track.before;
        for (const LaneChange &change : track.changes) {
            if (change.at <= m_start + after)
                state.take(change.fact, change.value);
        }
        QVERIFY2(state.known == known, qPrintable(QString::number(after)));
        QVERIFY(!known || state.liveness == Liveness::Alive);
    }
    QTRY_VERIFY_WITH_TIMEOUT(history.state().message.contains(u"damaged"_s), patience);
    // It records all the same.
    QVERIFY(history.state().recording);
    history.write(frameOf(1, {m_start + 10'000'000}, true));
    QCOMPARE(trackOf(history, "worker-1").beats.back(), m_start + 10'000'000);
}

/// A view of so many beats that two threads fold it, one half of the blocks each. In both halves there are blocks with a changed
/// byte, and blocks whose bytes are what was written and no beats.
void HistoryFailureTest::damageMetByTwoThreadsIsUnknown()
{
    constexpr LaneId blocks = 8;
    constexpr LaneId lanes = blocks * BeatBlock::lanes - 1; // Lane 0 is none.
    constexpr qint64 stepMs = 2'000;
    constexpr int buckets = 100;
    {
        SqlHistory history(path());
        for (qint64 at = m_start; at < m_start + 300'000; at += stepMs) {
            HistoryFrame frame;
            frame.at = at;
            frame.until = at + stepMs - 1;
            for (LaneId lane = 1; lane <= lanes; ++lane) {
                if (at == m_start) {
                    const HistoryFrame told = frameOf(lane, {at}, true);
                    frame.lanes.push_back(told.lanes[0]);
                    frame.changes.push_back(told.changes[0]);
                    frame.changes.push_back({lane, LaneFact::Interval, at, stepMs});
                }
                frame.beats.push_back({lane, qint32(lane % 100)});
            }
            history.write(frame);
            if (frame.at % 20'000 == 0)
                QVERIFY(!runsOf(history).empty()); // Until it is written: no more than fits waits.
        }
    }
    const auto fold = [](SqlHistory &history) {
        auto order = std::make_shared<std::vector<LaneId>>();
        std::vector<quint32> rows;
        for (const HistoryLane &lane : lanesOf(history)) { // By number.
            if (rows.size() <= BeatBlock::blockOf(lane.id))
                rows.push_back(quint32(order->size()));
            order->push_back(lane.id);
        }
        return askHistory<FoldAnswer>(history, FoldQuery{m_start, 3'000, buckets, order, rows});
    };
    const auto receivedIn = [](const FoldAnswer &answer, int row) {
        quint64 received = 0;
        for (int bucket = 0; bucket < buckets; ++bucket)
            received += answer.at(row, bucket).received;
        return received;
    };
    FoldAnswer sound;
    {
        SqlHistory history(path());
        sound = fold(history);
        QCOMPARE(sound.rows, int(blocks));
        QCOMPARE(sound.levelMs, 0);
        quint64 received = 0;
        for (int row = 0; row < sound.rows; ++row)
            received += receivedIn(sound, row);
        QCOMPARE(received, quint64(lanes) * 150);
        QVERIFY(received >= HistoryReader::sharedBeats); // Else one thread would do it.
    }
    std::vector<SegmentInfo> segments;
    {
        HistoryFile file(path(), HistoryFile::Mode::Write);
        QVERIFY(!file.open());
        QVERIFY(file.readSegments(m_start, m_start + 1, &segments));
        QCOMPARE(segments.size(), size_t(1));
        QVERIFY(segments[0].beats >= HistoryReader::sharedBeats);
        for (const LaneId block : {3, 4})
            QVERIFY(file.writePart(HistoryFile::Part::Beats, segments[0].id, block, QByteArray(200, '\xff')));
    }
    for (const auto &[table, block] : {std::pair(u"beats"_s, 1), {u"states"_s, 6}}) {
        QVERIFY(
            change(u"UPDATE %1 SET packed = substr(packed, 1, 20) || x'ff' || substr(packed, 22) WHERE key = %2"_s.arg(table).arg(
                HistoryFile::keyOf(segments[0].id, LaneId(block)))));
    }
    SqlHistory history(path());
    const std::set<int> damaged{1, 3, 4, 6};
    for (int round = 0; round < 2; ++round) { // From the file, and from what is kept of it.
        const FoldAnswer folded = fold(history);
        QCOMPARE(folded.rows, sound.rows);
        QCOMPARE(folded.levelMs, 0);
        for (int row = 0; row < folded.rows; ++row) {
            for (int bucket = 0; bucket < buckets; ++bucket)
                QCOMPARE(folded.at(row, bucket), damaged.contains(row) ? FoldCell() : sound.at(row, bucket));
        }
    }
    QTRY_VERIFY_WITH_TIMEOUT(history.state().message.contains(u"damaged"_s), patience);
    const auto spans = askHistory<SpansAnswer>(history, SpansQuery());
    QCOMPARE(spans.unreadable.size(), size_t(1));
    QCOMPARE(spans.unreadable[0], std::pair(segments[0].begins, segments[0].ends));
    // So for a moment: who cannot be read is not there.
    const auto then = askHistory<MomentAnswer>(history, MomentQuery{m_start + 100'000});
    QVERIFY(then.run != 0);
    std::set<int> there;
    for (const LaneId lane : then.lanes)
        there.insert(int(BeatBlock::blockOf(lane)));
    QCOMPARE(there, (std::set<int>{0, 2, 5, 7}));
}

void HistoryFailureTest::aDamagedFileIsLeftAlone()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QByteArray bytes(20'000, 'x');
    file.write(bytes);
    file.close();
    {
        SqlHistory history(path());
        QTRY_VERIFY_WITH_TIMEOUT(history.state().message.contains(u"damaged"_s), patience);
        history.write(frameOf(1, {m_start}, true));
        askHistory<SpansAnswer>(history, SpansQuery());
        QTRY_COMPARE_WITH_TIMEOUT(history.state().lost, 2, 20'000);
        QVERIFY(!history.state().recording);
    }
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll() == bytes);
}

void HistoryFailureTest::anotherProgramsFileIsLeftAlone()
{
    {
        const QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"other"_s);
        QSqlDatabase other = database;
        other.setDatabaseName(path());
        QVERIFY(other.open());
        QVERIFY(QSqlQuery(other).exec(u"CREATE TABLE x (y)"_s));
    }
    QSqlDatabase::removeDatabase(u"other"_s);
    SqlHistory history(path());
    QTRY_VERIFY_WITH_TIMEOUT(history.state().message.contains(u"is not a history"_s), patience);
}

void HistoryFailureTest::theClockIsSetBack()
{
    {
        SqlHistory history(path());
        for (int i = 0; i < 1'000; ++i)
            history.write(frameOf(1, {m_start + i * 1'000}, i == 0));
    }
    {
        SqlHistory history(path());
        for (int i = 0; i < 100; ++i)
            history.write(frameOf(2, {m_start + 500'000 + i * 1'000}, i == 0));
    }
    SqlHistory history(path());
    const auto runs = runsOf(history);
    QCOMPARE(runs.size(), size_t(2));
    QVERIFY(!runs[0].overlaps);
    QVERIFY(runs[1].overlaps);
    QCOMPARE(trackOf(history, "worker-1").beats.size(), size_t(1'000));
    QCOMPARE(trackOf(history, "worker-2").beats.size(), size_t(100));
    // Of the time that both have the later run counts.
    QCOMPARE(askHistory<MomentAnswer>(history, MomentQuery{m_start + 550'000}).run, runs[1].id);
    QCOMPARE(askHistory<MomentAnswer>(history, MomentQuery{m_start + 700'000}).run, runs[0].id);
    QCOMPARE(askHistory<OverviewAnswer>(history, OverviewQuery()).runs.size(), size_t(2));
}

void HistoryFailureTest::aLongSleepIsNoTimeWatched()
{
    SqlHistory history(path());
    history.write(frameOf(1, {m_start, m_start + 500}, true));
    history.write(frameOf(1, {m_start + 20 * segmentMs}, false));
    const LaneTrack track = trackOf(history, "worker-1");
    QCOMPARE(track.beats.size(), size_t(3));
    QCOMPARE(askHistory<MomentAnswer>(history, MomentQuery{m_start + 10 * segmentMs}).run, 0);
    QVERIFY(std::any_of(track.changes.begin(), track.changes.end(),
                        [](const LaneChange &change) { return change.fact == LaneFact::Gone; }));
    QCOMPARE(runsOf(history).size(), size_t(1));
}

void HistoryFailureTest::oneOfTwoRecords()
{
    QProcess other;
    other.start(QStringLiteral(HISTORYRECORDER), {path(), u"--hold"_s});
    QVERIFY(other.waitForReadyRead(patience));
    QCOMPARE(other.readLine().trimmed(), "recording"_ba);
    SqlHistory history(path());
    QTRY_COMPARE_WITH_TIMEOUT(history.state().recorder, other.processId(), patience);
    QVERIFY(!history.state().recording);
    QVERIFY(history.state().message.isEmpty());
    // It shows what the other one records, and adds nothing.
    const QByteArray theirs = "worker-" + QByteArray::number(other.processId());
    QTRY_VERIFY_WITH_TIMEOUT(laneNamed(history, theirs) != noLane, patience);
    QCOMPARE(trackOf(history, theirs).beats.size(), size_t(500));
    history.write(frameOf(5, {m_start}, true));
    QCOMPARE(laneNamed(history, "worker-5"), noLane);
    QVERIFY(runsOf(history).back().open);
    // A third one, in another process.
    QProcess third;
    third.start(QStringLiteral(HISTORYRECORDER), {path(), u"--hold"_s});
    QVERIFY(third.waitForReadyRead(patience));
    QCOMPARE(third.readLine().trimmed(), "reading"_ba);
    third.closeWriteChannel();
    QVERIFY(third.waitForFinished(patience));
    // When that process was killed this one takes over, and asks for everything there is.
    QSignalSpy anew(&history, &History::beganAnew);
    other.kill();
    QVERIFY(other.waitForFinished(patience));
    QTRY_COMPARE_WITH_TIMEOUT(anew.size(), 1, patience);
    history.write(frameOf(5, {QDateTime::currentMSecsSinceEpoch() + 1'000'000}, true));
    QVERIFY(laneNamed(history, "worker-5") != noLane);
    QCOMPARE(trackOf(history, theirs).beats.size(), size_t(500));
    QTRY_VERIFY_WITH_TIMEOUT(history.state().recording, patience);
    QCOMPARE(history.state().recorder, 0);
}

void HistoryFailureTest::aFileThatIsMovedAwayIsBegunAnew()
{
    SqlHistory history(path());
    for (int i = 0; i < 100; ++i)
        history.write(frameOf(1, {m_start + i * 1'000}, i == 0));
    QCOMPARE(trackOf(history, "worker-1").beats.size(), size_t(100));
    QVERIFY(QFile::rename(path(), m_folder->filePath(u"old.sqlite"_s)));
    for (int i = 100; i < 700; ++i)
        history.write(frameOf(1, {m_start + i * 1'000}, false));
    QCOMPARE(trackOf(history, "worker-1").beats.size(), size_t(700));
    QVERIFY(QFile::exists(path()));
    QVERIFY(history.state().message.isEmpty());
}

void HistoryFailureTest::aFolderThatCannotBeMade()
{
    QFile file(m_folder->filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    SqlHistory history(m_folder->filePath(u"file/history.sqlite"_s));
    QTRY_VERIFY_WITH_TIMEOUT(history.state().message.contains(u"cannot be created"_s), patience);
    history.write(frameOf(1, {m_start}, true));
    QVERIFY(runsOf(history).empty());
}

} // namespace pulsedeck

using pulsedeck::HistoryFailureTest;
PULSEDECK_TEST(HistoryFailureTest, pulsedeck::runWithEvents)
#include "historyfailure_test.moc"
