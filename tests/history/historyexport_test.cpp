// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/historyfile.h"
#include "tests/history/historyfolder.h"
#include "tests/history/historywatch.h"
#include "tests/support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace pulsedeck {

/// Spans of a history as files of their own: what is in them, what they replace, and that nothing else writes to them.
class HistoryExportTest : public HistoryFolderTest
{
    Q_OBJECT

private slots:
    void aSpanIsExported();
    void anExportReplacesNoHistoryInUse();
    void anEmptySpanIsSaid();
    void aCancelledExportLeavesWhatWasThere();
    void questionsAreAnsweredMeanwhile();
    void nothingIsRecordedInAnExportedFile();
    void whatCannotBeShownIsSaidWithoutRecording();

private:
    QStringList filesThere() const { return QDir(m_folder->path()).entryList(QDir::Files, QDir::Name); }
    /// Of everything; its error, empty for none.
    static QString exportTo(SqlHistory &history, const QString &file, qint64 from = 0, qint64 to = 4'000'000'000'000)
    {
        QSignalSpy exported(&history, &History::exported);
        history.exportSpan(from, to, file, history.nextToken());
        return exported.wait(patience) ? exported.at(0).at(1).toString() : u"no answer"_s;
    }
    static QByteArray bytesOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

void HistoryExportTest::aSpanIsExported()
{
    const qint64 start = 1'800'000'000'000 / 300'000 * 300'000;
    SqlHistory history(path());
    std::vector<qint64> beats;
    for (int i = 0; i < 2'400; ++i) {
        HistoryFrame frame = frameOf(1, {start + i * 500}, i == 0);
        beats.push_back(frame.at);
        HistoryEvent event;
        event.at = frame.at;
        event.kind = u"fleet"_s;
        if (i % 100 == 0)
            frame.events.push_back(event);
        history.write(frame);
    }
    QSignalSpy exported(&history, &History::exported);
    const QString file = m_folder->filePath(u"span.sqlite"_s);
    history.exportSpan(start + 400'000, start + 1'300'000, file, 5);
    QVERIFY(exported.wait(patience));
    QCOMPARE(exported.at(0).at(1).toString(), QString());
    QVERIFY(!QFile::exists(file + u".part"_s));
    QVERIFY(!QFile::exists(file + u"-wal"_s));
    QVERIFY(QFile::setPermissions(file, QFileDevice::ReadOwner));
    SqlHistory other(file, {}, SqlHistory::Use::Read);
    const LaneTrack track = trackOf(other, "worker-1");
    // Whole segments: from five minutes on.
    QCOMPARE(track.beats, std::vector<qint64>(beats.begin() + 600, beats.end()));
    QCOMPARE(askHistory<EventsAnswer>(other, EventsQuery{0, start * 2}).events.size(), size_t(18));
    const auto runs = runsOf(other);
    QCOMPARE(runs.size(), size_t(1));
    QCOMPARE(runs[0].from, start + 300'000);
    QVERIFY(!runs[0].open);
    history.exportSpan(start, start + 1, file + u"/below"_s, 6);
    QVERIFY(exported.wait(patience));
    QVERIFY(!exported.at(1).at(1).toString().isEmpty());
}

void HistoryExportTest::anExportReplacesNoHistoryInUse()
{
    SqlHistory history(path());
    for (int i = 0; i < 100; ++i)
        history.write(frameOf(1, {m_start + i * 1'000}, i == 0));
    QCOMPARE(trackOf(history, "worker-1").beats.size(), size_t(100));
    const QString link = m_folder->filePath(u"link.sqlite"_s);
    QVERIFY(QFile::link(path(), link));
    for (const QString &own : {path(), link})
        QVERIFY2(exportTo(history, own).contains(u"in use"_s), qPrintable(own));
    {
        SqlHistory reader(path(), {}, SqlHistory::Use::Read);
        QVERIFY(exportTo(reader, path()).contains(u"in use"_s));
    }
    const QString theirs = m_folder->filePath(u"theirs.sqlite"_s);
    {
        SqlHistory other(theirs);
        other.write(frameOf(2, {m_start}, true));
        QCOMPARE(trackOf(other, "worker-2").beats.size(), size_t(1));
        QVERIFY(exportTo(history, theirs).contains(u"in use"_s));
        QCOMPARE(trackOf(other, "worker-2").beats.size(), size_t(1));
    }
    // Nothing of what was recorded is gone, and once nobody records it a file is replaced.
    QCOMPARE(trackOf(history, "worker-1").beats.size(), size_t(100));
    QCOMPARE(exportTo(history, theirs), QString());
    SqlHistory replaced(theirs, {}, SqlHistory::Use::Read);
    QCOMPARE(trackOf(replaced, "worker-1").beats.size(), size_t(100));
}

void HistoryExportTest::anEmptySpanIsSaid()
{
    SqlHistory history(path());
    history.write(frameOf(1, {m_start, m_start + 500}, true));
    const QString file = m_folder->filePath(u"span.sqlite"_s);
    QFile before(file);
    QVERIFY(before.open(QIODevice::WriteOnly));
    before.write("notes");
    before.close();
    QVERIFY(exportTo(history, file, m_start - 900'000, m_start - 600'000).contains(u"Nothing is recorded"_s));
    QCOMPARE(bytesOf(file), "notes"_ba);
    QCOMPARE(exportTo(history, file), QString());
    SqlHistory shown(file, {}, SqlHistory::Use::Read);
    QCOMPARE(trackOf(shown, "worker-1").beats.size(), size_t(2));
}

void HistoryExportTest::aCancelledExportLeavesWhatWasThere()
{
    // What is there was left by a process that was killed: it needs the file next to it.
    const QString theirs = m_folder->filePath(u"theirs.sqlite"_s);
    QProcess recorder;
    recorder.start(QStringLiteral(HISTORYRECORDER), {theirs, u"--hold"_s});
    QVERIFY(recorder.waitForReadyRead(patience));
    const QByteArray worker = "worker-" + QByteArray::number(recorder.processId());
    recorder.kill();
    QVERIFY(recorder.waitForFinished(patience));
    QVERIFY(QFile::exists(theirs + u"-wal"_s));
    const auto theirBeats = [&] {
        SqlHistory history(theirs, {}, SqlHistory::Use::Read);
        return trackOf(history, worker).beats.size();
    };
    QCOMPARE(theirBeats(), size_t(500));

    SqlHistory history(path());
    QSignalSpy exported(&history, &History::exported);
    QSignalSpy progressed(&history, &History::exportProgressed);
    // It begins only when all of these are written.
    for (int i = 0; i < 3'000; ++i)
        history.write(frameOf(1, {m_start + i * 1'000}, i == 0));
    const quint64 token = history.nextToken();
    history.exportSpan(0, 4'000'000'000'000, theirs, token);
    history.cancelExport(token);
    QVERIFY(exported.wait(patience));
    QCOMPARE(exported.at(0).at(0).toULongLong(), token);
    QVERIFY(exported.at(0).at(1).toString().contains(u"cancelled"_s));
    QVERIFY(progressed.isEmpty());
    QCOMPARE(theirBeats(), size_t(500));
    QVERIFY2(filesThere().filter(u".part"_s).isEmpty(), qPrintable(filesThere().join(u' ')));

    QCOMPARE(exportTo(history, theirs), QString());
    QVERIFY(!progressed.isEmpty());
    QCOMPARE(progressed.last().at(1).toInt(), 100);
    QVERIFY2(filesThere().filter(QRegularExpression(u"^theirs.*(wal|shm|part)"_s)).isEmpty(),
             qPrintable(filesThere().join(u' ')));
    SqlHistory replaced(theirs, {}, SqlHistory::Use::Read);
    QCOMPARE(trackOf(replaced, "worker-1").beats.size(), size_t(3'000));
    QCOMPARE(laneNamed(replaced, worker), noLane);
}

void HistoryExportTest::questionsAreAnsweredMeanwhile()
{
    SqlHistory history(path());
    for (int i = 0; i < 4'000; ++i)
        history.write(frameOf(1, {m_start + i * 5'000}, i == 0));
    QCOMPARE(runsOf(history).size(), size_t(1));
    // Answered while the export is under way: both are there, whichever ends first.
    QSignalSpy exported(&history, &History::exported);
    history.exportSpan(0, 4'000'000'000'000, m_folder->filePath(u"span.sqlite"_s), history.nextToken());
    QCOMPARE(trackOf(history, "worker-1").beats.size(), size_t(4'000));
    if (exported.isEmpty())
        QVERIFY(exported.wait(patience));
    QCOMPARE(exported.at(0).at(1).toString(), QString());
}

void HistoryExportTest::nothingIsRecordedInAnExportedFile()
{
    const QString file = m_folder->filePath(u"span.sqlite"_s);
    {
        SqlHistory history(path());
        for (int i = 0; i < 100; ++i)
            history.write(frameOf(1, {m_start + i * 1'000}, i == 0));
        QCOMPARE(exportTo(history, file), QString());
    }
    const QByteArray bytes = bytesOf(file);
    {
        SqlHistory wrong(file);
        QTRY_VERIFY_WITH_TIMEOUT(wrong.state().message.contains(u"exported"_s), patience);
        QVERIFY(!wrong.state().hint.isEmpty());
        wrong.write(frameOf(2, {m_start + 10'000'000}, true));
        QCOMPARE(runsOf(wrong).size(), size_t(1));
        QVERIFY(!wrong.state().recording);
        QVERIFY(!wrong.state().shown);
    }
    {
        SqlHistory shown(file, {}, SqlHistory::Use::Read);
        QCOMPARE(trackOf(shown, "worker-1").beats.size(), size_t(100));
        shown.write(frameOf(2, {m_start + 10'000'000}, true));
        QCOMPARE(laneNamed(shown, "worker-2"), noLane);
        QVERIFY(shown.state().shown);
        QVERIFY(shown.state().message.isEmpty());
        // And of it spans can be exported again.
        const QString again = m_folder->filePath(u"again.sqlite"_s);
        QCOMPARE(exportTo(shown, again), QString());
        SqlHistory copy(again, {}, SqlHistory::Use::Read);
        QCOMPARE(trackOf(copy, "worker-1").beats.size(), size_t(100));
    }
    QVERIFY(bytesOf(file) == bytes);
    QVERIFY2(filesThere().filter(QRegularExpression(u"^span.*(wal|shm|lock)"_s)).isEmpty(), qPrintable(filesThere().join(u' ')));
}

void HistoryExportTest::whatCannotBeShownIsSaidWithoutRecording()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(20'000, 'x'));
    file.close();
    for (const auto &[name, word] :
         {std::pair(path(), u"is damaged"_s), {m_folder->filePath(u"none"_s), u"cannot be opened"_s}}) {
        SqlHistory shown(name, {}, SqlHistory::Use::Read);
        QTRY_VERIFY_WITH_TIMEOUT(shown.state().message.contains(word), patience);
        const QString all = shown.state().message + shown.state().hint;
        QVERIFY2(!all.contains(u"record"_s) && !all.contains(u"new history"_s), qPrintable(all));
    }
    QCOMPARE(filesThere(), QStringList{u"history.sqlite"_s});
}

} // namespace pulsedeck

using pulsedeck::HistoryExportTest;
PULSEDECK_TEST(HistoryExportTest, pulsedeck::runWithEvents)
#include "historyexport_test.moc"
