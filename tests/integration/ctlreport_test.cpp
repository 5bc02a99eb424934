// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/sqlhistory.h"
#include "tests/integration/ctlprocess.h"
#include "tests/support/spanscene.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QTemporaryDir>
#include <QXmlStreamReader>

#include <map>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// pulsedeckctl report on a history that a recorder wrote: text, JSON and page, the ways to name a span, and what ends it
/// otherwise.
class CtlReportTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;
    QString m_file;

    /// As HistoryRecorder hands it over, a frame each ten seconds.
    static void record(const SpanScene &scene, const QString &path)
    {
        SqlHistory history(path);
        std::map<qint64, HistoryFrame> frames;
        const auto frameAt = [&frames](qint64 at) -> HistoryFrame & {
            HistoryFrame &frame = frames[at / 10'000];
            frame.at = at / 10'000 * 10'000;
            frame.until = frame.at + 9'999;
            return frame;
        };
        for (const SpanScene::Entry &entry : scene.entries) {
            HistoryFrame &first = frameAt(SpanScene::start);
            first.lanes.push_back(entry.lane);
            const LaneState &before = entry.track.before;
            for (const LaneFact fact : {LaneFact::Liveness, LaneFact::Status, LaneFact::Interval})
                first.changes.push_back({entry.lane.id, fact, SpanScene::start, before.valueOf(fact)});
            for (const LaneChange &change : entry.track.changes)
                frameAt(change.at).changes.push_back(change);
            for (const qint64 beat : entry.track.beats) {
                HistoryFrame &frame = frameAt(beat);
                frame.beats.push_back({entry.lane.id, qint32(beat - frame.at)});
            }
        }
        for (const HistoryEvent &event : scene.events)
            frameAt(event.at).events.push_back(event);
        for (auto &[number, frame] : frames)
            history.write(std::move(frame));
    }
    static QString iso(qint64 at) { return QDateTime::fromMSecsSinceEpoch(at, Qt::UTC).toString(Qt::ISODate); }
    QStringList report(const QStringList &more) const { return QStringList{u"report"_s, u"--history"_s, m_file} + more; }
    QStringList ofSpan(const QStringList &more = {}) const
    {
        return report(QStringList{u"--from"_s, iso(SpanScene::begins), u"--to"_s, iso(SpanScene::ends)} + more);
    }

private slots:
    void initTestCase()
    {
        SpanScene scene;
        scene.addFleet();
        for (int i = 170; i < 180; ++i)
            SpanScene::lose(scene.entries[size_t(i)], SpanScene::begins + 120'000 + i * 10);
        scene.event(SpanScene::begins + 60'000, "timing").text = u"Timing applied"_s;
        m_file = m_dir.filePath(u"history.sqlite"_s);
        record(scene, m_file);
    }

    void printsWhatHappened()
    {
        Ctl ctl(ofSpan());
        QCOMPARE(ctl.run(), 1);
        QVERIFY2(ctl.out.contains("10 of 10 lost workers are on host 10.4.2.17."), ctl.out);
        QVERIFY(ctl.out.contains("Timing applied"));
        QVERIFY2(ctl.err.isEmpty(), ctl.err);
        Ctl calm(report({u"--from"_s, iso(SpanScene::start + 60'000), u"--to"_s, iso(SpanScene::start + 180'000)}));
        QCOMPARE(calm.run(), 0);
        QVERIFY(calm.out.contains("None of 400 workers"));
    }

    void printsJsonAndWritesAPage()
    {
        const QString page = m_dir.filePath(u"report.html"_s);
        Ctl ctl(ofSpan({u"--json"_s, u"--html"_s, page}));
        QCOMPARE(ctl.run(), 1);
        const QJsonObject json = QJsonDocument::fromJson(ctl.out).object();
        QCOMPARE(json["groups"_L1]["lost"_L1]["workers"_L1].toInt(), 10);
        QCOMPARE(json["workers"_L1].toInt(), 400);
        QCOMPARE(json["causes"_L1][0]["likeliest"_L1]["value"_L1].toString(), u"10.4.2.17"_s);
        QFile file(page);
        QVERIFY(file.open(QFile::ReadOnly));
        QXmlStreamReader reader(&file);
        while (!reader.atEnd())
            reader.readNext();
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        Ctl onlyPage(ofSpan({u"--html"_s, m_dir.filePath(u"second.html"_s)}));
        QCOMPARE(onlyPage.run(), 1);
        QVERIFY(onlyPage.out.isEmpty());
        Ctl nowhere(ofSpan({u"--html"_s, m_dir.filePath(u"not/there.html"_s)}));
        QCOMPARE(nowhere.run(), 2);
        QVERIFY(nowhere.err.contains("cannot be written"));
    }

    void relativeTimesCountFromTheEndOfTheRecording()
    {
        Ctl ctl(report({u"--from"_s, u"-10min"_s, u"--json"_s}));
        QCOMPARE(ctl.run(), 1);
        const QJsonObject json = QJsonDocument::fromJson(ctl.out).object();
        const QDateTime from = QDateTime::fromString(json["from"_L1].toString(), Qt::ISODateWithMs);
        QVERIFY(qAbs(from.toMSecsSinceEpoch() - SpanScene::begins) < 11'000);
    }

    void onlyASource()
    {
        Ctl ctl(ofSpan({u"--source"_s, u"staging"_s}));
        QCOMPARE(ctl.run(), 0);
        QVERIFY(ctl.out.contains("No worker was there"));
    }

    void whatWasNotRecorded()
    {
        Ctl ctl(report({u"--from"_s, u"2020-01-01 10:00"_s, u"--to"_s, u"2020-01-01 10:05"_s}));
        QCOMPARE(ctl.run(), 3);
        QVERIFY(ctl.out.contains("Nothing was recorded"));
    }

    void refused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("no time") << QStringList{} << QByteArray("Give --from");
        QTest::newRow("no file") << QStringList{u"--from"_s, u"-15min"_s, u"--history"_s, u"/not/there"_s}
                                 << QByteArray("no file");
        QTest::newRow("not a time") << QStringList{u"--from"_s, u"soon"_s} << QByteArray("--from: ");
        QTest::newRow("no unit") << QStringList{u"--from"_s, u"-15"_s} << QByteArray("no unit");
        QTest::newRow("backwards") << QStringList{u"--from"_s, u"2026-01-02"_s, u"--to"_s, u"2026-01-01"_s}
                                   << QByteArray("not before");
        QTest::newRow("a word") << QStringList{u"redis://h"_s, u"--from"_s, u"-15min"_s} << QByteArray("options only");
        QTest::newRow("of another command") << QStringList{u"--where"_s, u"x"_s} << QByteArray("not for report");
    }
    void refused()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, words);
        Ctl ctl(QStringList{u"report"_s, u"--history"_s, m_file} + arguments);
        QCOMPARE(ctl.run(), 2);
        QVERIFY2(ctl.err.contains(words), ctl.err);
        QVERIFY(ctl.out.isEmpty());
    }

    void aFileThatIsNoHistory()
    {
        QFile file(m_dir.filePath(u"other"_s));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write("something else");
        file.close();
        Ctl ctl({u"report"_s, u"--history"_s, file.fileName(), u"--from"_s, u"-15min"_s});
        QVERIFY(ctl.run() >= 2);
        QVERIFY(!ctl.err.isEmpty());
    }

    void isHelped()
    {
        Ctl help({u"help"_s, u"report"_s});
        QCOMPARE(help.run(), 0);
        QVERIFY(help.out.contains("--html FILE"));
        Ctl shell({u"completion"_s, u"bash"_s});
        QCOMPARE(shell.run(), 0);
        QVERIFY(shell.out.contains("--html"));
    }
};

PULSEDECK_TEST(CtlReportTest, runWithEvents)
#include "ctlreport_test.moc"
