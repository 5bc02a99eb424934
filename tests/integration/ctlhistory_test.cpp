// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/sqlhistory.h"
#include "models/timing/beatrecording.h"
#include "tests/integration/ctlprocess.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QTemporaryDir>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// pulsedeckctl history, on a file that was recorded before.
class CtlHistoryTest : public QObject
{
    Q_OBJECT

    static constexpr qint64 m_start = 1'800'000'000'000 / 300'000 * 300'000;
    QTemporaryDir m_folder;

    QString path() const { return m_folder.filePath(u"history.sqlite"_s); }

    struct Ended
    {
        int code = -1;
        QByteArray out;
        QByteArray err;
    };
    Ended history(const QStringList &arguments) const
    {
        Ctl ctl(QStringList{u"history"_s} + arguments + QStringList{u"--history"_s, path()});
        Ended ended;
        ended.code = ctl.run();
        ended.out = ctl.out;
        ended.err = ctl.err;
        return ended;
    }

private slots:
    /// A worker for twenty minutes that is late, drains, ends and returns; and its source, lost for a while.
    void initTestCase()
    {
        SqlHistory history(path());
        for (qint64 at = m_start; at < m_start + 1'200'000; at += 500) {
            HistoryFrame frame;
            frame.at = at;
            frame.until = at + 499;
            if (at == m_start) {
                HistoryLane worker;
                worker.id = 1;
                worker.source = u"prod"_s;
                worker.system = SourceTraits().fullKind();
                worker.name = soundWorker;
                worker.type = u"chromium"_s;
                worker.first = worker.last = at;
                HistoryLane source;
                source.id = 2;
                source.kind = LaneKind::Source;
                source.source = u"prod"_s;
                source.first = source.last = at;
                frame.lanes = {worker, source};
                frame.changes = {{2, LaneFact::State, at, qint64(SourceState::Live)}};
            }
            const auto change = [&](qint64 after, LaneId lane, LaneFact fact, auto value) {
                if (at == m_start + after)
                    frame.changes.push_back({lane, fact, at, qint64(value)});
            };
            change(1'000, 1, LaneFact::Status, WorkerStatus::Available);
            change(1'000, 1, LaneFact::Liveness, Liveness::Settling);
            change(6'000, 1, LaneFact::Liveness, Liveness::Alive);
            change(400'000, 1, LaneFact::Liveness, Liveness::Late);
            change(410'000, 1, LaneFact::Liveness, Liveness::Alive);
            change(500'000, 2, LaneFact::State, SourceState::Waiting);
            change(500'000, 1, LaneFact::Liveness, Liveness::Unknown);
            change(520'000, 2, LaneFact::State, SourceState::Live);
            change(520'000, 1, LaneFact::Liveness, Liveness::Alive);
            change(700'000, 1, LaneFact::Status, WorkerStatus::Draining);
            change(800'000, 1, LaneFact::End, WorkerEnd::Drained);
            change(800'000, 1, LaneFact::Liveness, Liveness::Departed);
            change(900'000, 1, LaneFact::End, WorkerEnd::None);
            change(900'000, 1, LaneFact::Liveness, Liveness::Alive);
            if (at % 5'000 == 0)
                frame.beats.push_back({1, 3});
            history.write(frame);
        }
    }

    void spansAreListed()
    {
        const Ended text = history({u"list"_s});
        QCOMPARE(text.code, 0);
        QVERIFY(text.out.startsWith("FROM"));
        QCOMPARE(text.out.count('\n'), 2);
        const Ended json = history({u"list"_s, u"--json"_s});
        const QJsonObject object = QJsonDocument::fromJson(json.out).object();
        QCOMPARE(object[u"spans"_s].toArray().size(), 1);
        const QJsonObject span = object[u"spans"_s].toArray().first().toObject();
        QCOMPARE(span[u"from"_s].toInteger(), m_start);
        QCOMPARE(span[u"to"_s].toInteger(), m_start + 1'199'999);
        QCOMPARE(span[u"recording"_s].toBool(), false);
    }

    void itIsReplayedAsWatchTellsIt()
    {
        const Ended ended = history({u"replay"_s});
        QVERIFY2(ended.code == 0, ended.err.constData());
        QStringList told;
        for (const QByteArray &line : ended.out.trimmed().split('\n')) {
            const QJsonObject object = QJsonDocument::fromJson(line).object();
            QVERIFY2(!object.isEmpty(), line.constData());
            told.append(u"%1 %2 %3 %4"_s.arg(QString::number((object[u"at"_s].toInteger() - m_start) / 1'000),
                                             object[u"event"_s].toString(), object[u"from"_s].toString(),
                                             object[u"to"_s].toString()));
        }
        QCOMPARE(told, (QStringList{u"0 source-live  "_s, u"1 appeared  settling"_s, u"400 liveness alive late"_s,
                                    u"410 liveness late alive"_s, u"500 source-lost  "_s, u"520 source-back  "_s,
                                    u"700 status available draining"_s, u"800 ended alive drained"_s,
                                    u"900 returned drained alive"_s}));
        const Ended part = history(
            {u"replay"_s, u"--from"_s, QString::number(m_start + 390'000), u"--until"_s, QString::number(m_start + 405'000)});
        QCOMPARE(part.out.count('\n'), 1);
        QVERIFY(part.out.contains("\"late\""));
        const QJsonObject line = QJsonDocument::fromJson(part.out).object();
        QCOMPARE(line[u"source"_s].toString(), u"prod"_s);
        QCOMPARE(line[u"type"_s].toString(), u"chromium"_s);
        QVERIFY(soundWorker.endsWith(line[u"id"_s].toString().toUtf8()));
    }

    void aSpanIsExportedAndPruned()
    {
        const QString file = m_folder.filePath(u"span.sqlite"_s);
        const Ended exported = history({u"export"_s, file, u"--from"_s, QString::number(m_start + 600'000)});
        QVERIFY2(exported.code == 0, exported.err.constData());
        Ctl other({u"history"_s, u"list"_s, u"--json"_s, u"--history"_s, file});
        QCOMPARE(other.run(), 0);
        const QJsonObject object = QJsonDocument::fromJson(other.out).object();
        QCOMPARE(object[u"spans"_s].toArray().first().toObject()[u"from"_s].toInteger(), m_start + 600'000);

        const Ended pruned = history({u"prune"_s, u"--from"_s, QString::number(m_start + 900'000)});
        QVERIFY2(pruned.code == 0, pruned.err.constData());
        QCOMPARE(history({u"replay"_s}).out.count("\"event\""), 1); // That it returned.
    }

    void aRecordingIsImported()
    {
        BeatRecording recording;
        recording.source = u"prod"_s;
        recording.from = m_start;
        recording.to = m_start + 700'000;
        BeatRecording::Worker worker;
        worker.id = soundWorker;
        worker.type = "chromium";
        worker.interval = 10'000;
        worker.ttl = 30'000;
        for (qint64 at = m_start; at <= recording.to; at += 10'000) {
            if (at <= m_start + 400'000 || at >= m_start + 460'000)
                recording.beats.push_back(at);
        }
        worker.count = quint32(recording.beats.size());
        recording.workers.push_back(worker);
        const QString path = m_folder.filePath(u"beats.pulsedeck"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(recording.save(file, nullptr));
        file.close();
        const QString made = m_folder.filePath(u"made.sqlite"_s);
        Ctl import({u"history"_s, u"import"_s, path, made});
        QVERIFY2(import.run() == 0, import.err.constData());
        Ctl replay({u"history"_s, u"replay"_s, u"--history"_s, made});
        QCOMPARE(replay.run(), 0);
        QStringList told;
        for (const QByteArray &line : replay.out.trimmed().split('\n')) {
            const QJsonObject object = QJsonDocument::fromJson(line).object();
            told.append(u"%1 %2 %3"_s.arg(QString::number((object[u"at"_s].toInteger() - m_start) / 1'000),
                                          object[u"event"_s].toString(), object[u"to"_s].toString()));
        }
        QCOMPARE(told, (QStringList{u"0 source-live "_s, u"0 appeared alive"_s, u"415 liveness late"_s, u"430 ended expired"_s,
                                    u"460 returned alive"_s}));
        Ctl wrong({u"history"_s, u"import"_s, made, m_folder.filePath(u"none.sqlite"_s)});
        QCOMPARE(wrong.run(), 2);
        QVERIFY2(wrong.err.contains("not a recording"), wrong.err.constData());
        QVERIFY(!QFile::exists(m_folder.filePath(u"none.sqlite"_s)));
        Ctl one({u"history"_s, u"import"_s, path});
        QCOMPARE(one.run(), 2);
    }

    void whatCannotBeIsSaid()
    {
        // Of a time of which nothing is recorded no file is made.
        const QString nothing = m_folder.filePath(u"nothing.sqlite"_s);
        const Ended empty = history({u"export"_s, nothing, u"--from"_s, QString::number(m_start - 7'200'000), u"--until"_s,
                                     QString::number(m_start - 3'600'000)});
        QCOMPARE(empty.code, 2);
        QVERIFY2(empty.err.contains("Nothing is recorded"), empty.err.constData());
        QVERIFY(!QFile::exists(nothing));
        QCOMPARE(history({u"prune"_s}).code, 2);
        QCOMPARE(history({u"replay"_s, u"--from"_s, u"yesterday"_s}).code, 2);
        QCOMPARE(history({u"export"_s}).code, 2);
        Ctl missing({u"history"_s, u"list"_s, u"--history"_s, m_folder.filePath(u"none.sqlite"_s)});
        QCOMPARE(missing.run(), 2);
        QVERIFY(missing.err.contains("There is no history"));
        // Not while a console records.
        SqlHistory recording(path());
        QSignalSpy said(&recording, &History::stateChanged);
        QVERIFY(said.wait(patience));
        const Ended refused = history({u"prune"_s, u"--from"_s, QString::number(m_start + 1'000'000)});
        QCOMPARE(refused.code, 2);
        QVERIFY(refused.err.contains("records this history"));
    }
};

PULSEDECK_TEST(CtlHistoryTest, runWithEvents)
#include "ctlhistory_test.moc"
