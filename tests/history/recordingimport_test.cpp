// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/sqlrecordingimporter.h"
#include "models/timing/beatrecording.h"
#include "tests/history/historyfolder.h"
#include "tests/history/historywatch.h"
#include "tests/support/testprogram.h"

#include <QDir>
#include <QFile>

using namespace Qt::StringLiterals;

namespace pulsedeck {

/// Recordings of the Timing page as history files: what is in them, how far they are, and that nothing is left of one that was
/// cancelled.
class RecordingImportTest : public HistoryFolderTest
{
    Q_OBJECT

    QString recordingPath() const { return m_folder->filePath(u"beats.pulsedeck"_s); }
    QString madePath() const { return m_folder->filePath(u"made.sqlite"_s); }

    /// Workers that beat every thirty seconds for an hour.
    void record(int workers) const
    {
        BeatRecording recording;
        recording.source = u"prod"_s;
        recording.from = m_start;
        recording.to = m_start + 3'600'000;
        for (int i = 0; i < workers; ++i) {
            BeatRecording::Worker worker;
            worker.id = "chromium:worker-" + QByteArray::number(i);
            worker.type = "chromium";
            worker.interval = 30'000;
            worker.ttl = 90'000;
            worker.first = quint32(recording.beats.size());
            for (qint64 at = m_start + i; at < recording.to; at += 30'000)
                recording.beats.push_back(at);
            worker.count = quint32(recording.beats.size()) - worker.first;
            recording.workers.push_back(worker);
        }
        QFile file(recordingPath());
        QVERIFY(file.open(QIODevice::WriteOnly));
        QString error;
        QVERIFY2(recording.save(file, &error), qPrintable(error));
    }
    static QByteArray bytesAt(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void aRecordingBecomesAHistory()
    {
        record(40);
        SqlRecordingImporter importer;
        QSignalSpy ended(&importer, &RecordingImporter::ended);
        std::vector<int> percents;
        connect(&importer, &RecordingImporter::progressed, this,
                [&percents](quint64, int percent) { percents.push_back(percent); });
        const quint64 token = importer.start(recordingPath(), madePath());
        QVERIFY(token != 0);
        QVERIFY(ended.wait(patience));
        QCOMPARE(ended.at(0).at(0).toULongLong(), token);
        QCOMPARE(ended.at(0).at(1).toString(), QString());
        QVERIFY(percents.size() > 2);
        QVERIFY(std::is_sorted(percents.begin(), percents.end()));
        QCOMPARE(percents.back(), 100);
        SqlHistory made(madePath(), {}, SqlHistory::Use::Read);
        QCOMPARE(lanesOf(made).size(), size_t(41)); // And their source.
        const LaneTrack track = trackOf(made, "chromium:worker-7");
        QCOMPARE(track.beats.size(), size_t(120));
        QCOMPARE(track.beats.front(), m_start + 7);
        QVERIFY(made.state().shown);
    }

    void aCancelledImportLeavesWhatWasThere()
    {
        record(40);
        QFile before(madePath());
        QVERIFY(before.open(QIODevice::WriteOnly));
        before.write("notes");
        before.close();
        SqlRecordingImporter importer;
        QSignalSpy ended(&importer, &RecordingImporter::ended);
        const quint64 token = importer.start(recordingPath(), madePath());
        importer.cancel(token); // While it is being read.
        QVERIFY(ended.wait(patience));
        QVERIFY2(ended.at(0).at(1).toString().contains(u"cancelled"_s), qPrintable(ended.at(0).at(1).toString()));
        QCOMPARE(bytesAt(madePath()), "notes"_ba);
        // And while it is being recorded.
        QMetaObject::Connection connection;
        connection =
            connect(&importer, &RecordingImporter::progressed, this, [&importer](quint64 under) { importer.cancel(under); });
        importer.start(recordingPath(), madePath());
        QVERIFY(ended.wait(patience));
        QVERIFY2(ended.at(1).at(1).toString().contains(u"cancelled"_s), qPrintable(ended.at(1).at(1).toString()));
        disconnect(connection);
        QCOMPARE(bytesAt(madePath()), "notes"_ba);
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files, QDir::Name),
                 (QStringList{u"beats.pulsedeck"_s, u"made.sqlite"_s}));
        // One that has ended cannot be cancelled, and the next one is whole.
        importer.cancel(token);
        importer.start(recordingPath(), madePath());
        QVERIFY(ended.wait(patience));
        QCOMPARE(ended.at(2).at(1).toString(), QString());
        QVERIFY(bytesAt(madePath()) != "notes"_ba);
    }

    void whatIsNoRecordingIsSaid()
    {
        SqlRecordingImporter importer;
        QSignalSpy ended(&importer, &RecordingImporter::ended);
        importer.start(recordingPath(), madePath());
        QVERIFY(ended.wait(patience));
        QVERIFY2(ended.at(0).at(1).toString().startsWith(recordingPath()), qPrintable(ended.at(0).at(1).toString()));
        QFile file(recordingPath());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("SQLite format 3");
        file.close();
        importer.start(recordingPath(), madePath());
        QVERIFY(ended.wait(patience));
        QVERIFY2(ended.at(1).at(1).toString().contains(u"not a recording"_s), qPrintable(ended.at(1).at(1).toString()));
        QVERIFY(!QFile::exists(madePath()));
    }
};

} // namespace pulsedeck

using pulsedeck::RecordingImportTest;
PULSEDECK_TEST(RecordingImportTest, pulsedeck::runWithEvents)
#include "recordingimport_test.moc"
