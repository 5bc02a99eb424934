// SPDX-License-Identifier: GPL-3.0-or-later
// pulsedeckctl as a process, on simulated workers of Celery: what one run drains, another one resumes.
#include "tests/fleet/systemscene.h"
#include "tests/integration/ctlprocess.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class CtlCeleryTest : public QObject
{
    Q_OBJECT

    SystemScene m_scene;
    QTemporaryDir m_folder;

    QString journal() const { return m_folder.filePath(u"journal.sqlite"_s); }

    /// Its exit code, and all that it said.
    std::pair<int, QByteArray> ctl(const QStringList &arguments, const QString &journalFile = {})
    {
        const QString url = m_scene.server().url().display();
        Ctl run(arguments
                + QStringList{u"--url"_s, url, u"--system"_s, u"celery"_s, u"--journal"_s,
                              journalFile.isEmpty() ? journal() : journalFile});
        const int code = run.run();
        return {code, run.out + run.err};
    }

    /// The answers' list and its binding are removed by a program that ends.
    void leavesNothing()
    {
        // What it sent at the end may be read a moment after it is gone.
        QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists("_kombu.binding.reply.celery.pidbox"), SystemScene::limitMs);
        QVERIFY(m_scene.ask({"KEYS", "*.reply.celery.pidbox"}).elements.empty());
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        QVERIFY(m_scene.start(u"celery"_s, {u"--queues"_s, u"celery,slow"_s}));
    }

    void theBytesArePrintedBefore()
    {
        const auto [stopCode, stop] = ctl({u"shutdown"_s, u"w1@app-1"_s, u"--dry-run"_s});
        QVERIFY2(stopCode == 0 && stop.count("PUBLISH /0.celery.pidbox {") == 1, stop.constData());
        const auto [drainCode, drain] = ctl({u"drain"_s, u"w1@app-1"_s, u"--dry-run"_s});
        // It is asked again, each of its two queues is cancelled, and it is asked what is at work.
        QVERIFY2(drainCode == 0 && drain.count("PUBLISH /0.celery.pidbox {") == 4, drain.constData());
        // All have said that they take work before a floor is judged.
        QVERIFY2(drain.contains(" available") && !drain.contains("not known of"), drain.constData());
        leavesNothing();
    }

    void anotherRunResumes()
    {
        const auto [drainCode, drain] = ctl({u"drain"_s, u"w1@app-1"_s});
        QVERIFY2(drainCode == 0, drain.constData());
        QVERIFY2(!drain.contains("published to"), drain.constData()); // It was meant for one of those that heard it.
        leavesNothing();
        // The list may not ask it; the journal has who drained it.
        const auto [listCode, list] = ctl({u"list"_s});
        QVERIFY2(list.contains("w1@app-1") && list.contains("drained by "), list.constData());
        // Of which system they are stands there, though there is only one, and what they work on is called as there.
        QVERIFY2(list.startsWith("SYSTEM") && list.contains("\ncelery "), list.constData());
        QVERIFY2(list.contains("  TASKS  ") && !list.contains("SESSIONS"), list.constData());
        const auto [jsonCode, json] = ctl({u"list"_s, u"--json"_s});
        const QJsonObject worker = QJsonDocument::fromJson(json.first(json.indexOf("\n]") + 2)).array().first().toObject();
        QCOMPARE(worker[u"system"_s].toString(), u"celery"_s);
        QVERIFY2(worker.contains(u"type"_s) && worker[u"type"_s].isNull(), json.constData()); // "–" in the table.
        const auto [otherCode, otherList] = ctl({u"list"_s}, u"none"_s);
        QVERIFY2(otherList.contains("not-asked") && !otherList.contains("drained by "), otherList.constData());
        // Nobody else knows what it served.
        const auto [unknownCode, unknown] = ctl({u"resume"_s, u"w1@app-1"_s}, u"none"_s);
        QVERIFY2(unknownCode == 1 && unknown.contains("--queue"), unknown.constData());
        QVERIFY2(!unknown.contains("not draining"), unknown.constData());
        const auto [resumeCode, resume] = ctl({u"resume"_s, u"w1@app-1"_s});
        QVERIFY2(resumeCode == 0, resume.constData());
        leavesNothing();
        const auto [laterCode, later] = ctl({u"list"_s});
        QVERIFY2(later.contains("w1@app-1") && !later.contains("drained by "), later.constData());
        const auto [againCode, again] = ctl({u"resume"_s, u"w1@app-1"_s});
        QVERIFY2(againCode == 1 && again.contains("it serves celery, slow"), again.constData());
    }

    /// It asks nobody, and follows the journal, which need not be there when it begins.
    void aWatchReportsOrders()
    {
        const QString file = m_folder.filePath(u"watched.sqlite"_s);
        const QString url = m_scene.server().url().display();
        Ctl watch({u"watch"_s, url, u"--json"_s, u"--system"_s, u"celery"_s, u"--journal"_s, file});
        Ctl text({u"watch"_s, url, u"--system"_s, u"celery"_s, u"--journal"_s, file});
        watch.start();
        text.start();
        QTRY_VERIFY_WITH_TIMEOUT(watch.hasLine(u"source-live"_s), patience);
        QTRY_VERIFY_WITH_TIMEOUT(text.out.contains("source live"), patience);
        QVERIFY(!QFile::exists(file));
        const auto heard = [&watch](const QString &event) {
            const auto lines = watch.lines();
            const auto line = std::find_if(lines.begin(), lines.end(), [&event](const QJsonObject &one) {
                return one[u"event"_s].toString() == event && one[u"id"_s].toString() == u"w1@app-1";
            });
            return line == lines.end() ? QJsonObject() : *line;
        };
        const auto [drainCode, drain] = ctl({u"drain"_s, u"w1@app-1"_s, u"--reason"_s, u"new image"_s}, file);
        QVERIFY2(drainCode == 0, drain.constData());
        QTRY_VERIFY_WITH_TIMEOUT(!heard(u"drained"_s).isEmpty(), patience);
        QCOMPARE(heard(u"drained"_s)[u"reason"_s].toString(), u"new image"_s);
        QVERIFY(!heard(u"drained"_s)[u"by"_s].toString().isEmpty());
        QVERIFY(heard(u"resumed"_s).isEmpty());
        const auto [resumeCode, resume] = ctl({u"resume"_s, u"w1@app-1"_s}, file);
        QVERIFY2(resumeCode == 0, resume.constData());
        QTRY_VERIFY_WITH_TIMEOUT(!heard(u"resumed"_s).isEmpty(), patience);
        QVERIFY(!heard(u"resumed"_s)[u"by"_s].toString().isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(text.out.contains("w1@app-1  drained by ") && text.out.contains("w1@app-1  resumed by "),
                                 patience);
        leavesNothing();
    }

    /// A watch asks nobody, and has from the journal what the window has from the worker.
    void aDrainedWorkerThatIsShutDownEndsAsDrained()
    {
        SystemScene scene;
        QVERIFY(scene.start(u"celery"_s));
        const QString file = m_folder.filePath(u"ended.sqlite"_s);
        const QStringList common{u"--url"_s, scene.server().url().display(), u"--system"_s, u"celery"_s, u"--journal"_s, file};
        Ctl watch(QStringList{u"watch"_s, u"--json"_s} + common);
        watch.start();
        QTRY_VERIFY_WITH_TIMEOUT(watch.hasLine(u"source-live"_s), patience);
        const auto has = [&watch](const QString &event, const QString &id, const QString &to) {
            const auto lines = watch.lines();
            return std::any_of(lines.begin(), lines.end(), [&](const QJsonObject &one) {
                return one[u"event"_s].toString() == event && one[u"id"_s].toString() == id
                       && (to.isEmpty() || one[u"to"_s].toString() == to);
            });
        };
        Ctl drain(QStringList{u"drain"_s, u"w1@app-1"_s} + common);
        QVERIFY2(drain.run() == 0, QByteArray(drain.out + drain.err).constData());
        QTRY_VERIFY_WITH_TIMEOUT(has(u"drained"_s, u"w1@app-1"_s, {}), patience);
        QCOMPARE(scene.fleet().idOf("stop w1@app-1"), "w1@app-1");
        QCOMPARE(scene.fleet().idOf("stop w2@app-1"), "w2@app-1");
        QTRY_VERIFY_WITH_TIMEOUT(has(u"ended"_s, u"w1@app-1"_s, {}) && has(u"ended"_s, u"w2@app-1"_s, {}), patience);
        QVERIFY2(has(u"ended"_s, u"w1@app-1"_s, u"drained"_s), watch.out.constData());
        QVERIFY2(has(u"ended"_s, u"w2@app-1"_s, u"left"_s), watch.out.constData()); // Nobody has drained it.
    }

    /// It cannot be asked any more: that makes no status of it, and ends no drain.
    void aGhostHasNoNewStatus()
    {
        SystemScene scene;
        QVERIFY(scene.start(u"celery"_s));
        const QString file = m_folder.filePath(u"ghosts.sqlite"_s);
        const QStringList common{u"--url"_s, scene.server().url().display(), u"--system"_s, u"celery"_s, u"--journal"_s, file};
        Ctl watch(QStringList{u"watch"_s} + common);
        watch.start();
        QTRY_VERIFY_WITH_TIMEOUT(watch.out.contains("source live"), patience);
        Ctl drain(QStringList{u"drain"_s, u"w1@app-1"_s} + common);
        QVERIFY2(drain.run() == 0, QByteArray(drain.out + drain.err).constData());
        QTRY_VERIFY_WITH_TIMEOUT(watch.out.contains("w1@app-1  drained by "), patience);
        QCOMPARE(scene.fleet().idOf("kill w1@app-1"), "w1@app-1");
        QCOMPARE(scene.fleet().idOf("kill w2@app-1"), "w2@app-1");
        QTRY_VERIFY_WITH_TIMEOUT(watch.out.count("→ ghost") == 2, patience);
        QVERIFY2(!watch.out.contains("w1@app-1  status ") && !watch.out.contains("w2@app-1  status "), watch.out.constData());
        QVERIFY2(!watch.out.contains("w1@app-1  resumed"), watch.out.constData());
    }

    /// A list that is told to wait long enough has the flag, and a watch has a line when it comes and when it is over.
    void whoTakesNothingIsToldOf()
    {
        SystemScene scene;
        QVERIFY(scene.start(u"celery"_s, {u"--workers"_s, u"1"_s}));
        const QString url = scene.server().url().display();
        const QStringList common{url, u"--system"_s, u"celery"_s, u"--journal"_s, u"none"_s};
        Ctl watch(QStringList{u"watch"_s, u"--json"_s} + common);
        Ctl text(QStringList{u"watch"_s} + common);
        watch.start();
        text.start();
        QTRY_VERIFY_WITH_TIMEOUT(watch.hasLine(u"source-live"_s), patience);
        QTRY_VERIFY_WITH_TIMEOUT(text.out.contains("source live"), patience);
        const auto toldOf = [&watch](const QString &event, const QString &from, const QString &to) {
            const auto lines = watch.lines();
            return std::any_of(lines.begin(), lines.end(), [&](const QJsonObject &one) {
                return one[u"event"_s].toString() == event && one[u"id"_s].toString() == u"w1@app-1"
                       && one[u"from"_s].toString() == from && one[u"to"_s].toString() == to;
            });
        };
        const auto told = [&toldOf](const QString &from, const QString &to) { return toldOf(u"trouble"_s, from, to); };
        QCOMPARE(scene.fleet().idOf("starve 1"), "w1@app-1");
        scene.fleet().ask("jobs 3");
        // Where the machine is held up for seconds, its time is over before that is seen.
        int code = 0;
        QByteArray listed;
        for (int round = 0; round < 3 && !listed.contains("not-consuming"); ++round) {
            Ctl list(QStringList{u"list"_s, u"--json"_s} + common);
            list.start();
            QTRY_VERIFY_WITH_TIMEOUT(list.err.contains("jobs wait"), patience);
            scene.fleet().ask("jobs 3");
            code = list.exitCode();
            listed = list.out;
        }
        QVERIFY2(listed.contains("not-consuming"), listed.constData());
        QCOMPARE(code, 1); // Something to look at.
        QTRY_VERIFY_WITH_TIMEOUT(told({}, u"not-consuming"_s), patience);
        QTRY_VERIFY_WITH_TIMEOUT(text.out.contains("w1@app-1  trouble not-consuming"), patience);
        // What waits is taken while it is silent: that it is over is told when it beats again.
        scene.fleet().ask("hang w1@app-1 12");
        QTRY_VERIFY_WITH_TIMEOUT(toldOf(u"liveness"_s, u"alive"_s, u"late"_s), patience);
        QVERIFY(scene.number({"DEL", "celery"}) == 1);
        QTRY_VERIFY_WITH_TIMEOUT(told(u"not-consuming"_s, {}), patience);
        QTRY_VERIFY_WITH_TIMEOUT(text.out.contains("w1@app-1  trouble not-consuming →"), patience);
    }

    void whatItServedCanBeNamed()
    {
        const auto [drainCode, drain] = ctl({u"drain"_s, u"w2@app-1"_s}, u"none"_s);
        QVERIFY2(drainCode == 0, drain.constData());
        const auto [code, out] = ctl({u"resume"_s, u"w2@app-1"_s, u"--queue"_s, u"slow"_s}, u"none"_s);
        QVERIFY2(code == 0, out.constData());
        const auto [againCode, again] = ctl({u"resume"_s, u"w2@app-1"_s}, u"none"_s);
        QVERIFY2(againCode == 1 && again.contains("it serves slow"), again.constData());
        leavesNothing();
    }
};

PULSEDECK_TEST(CtlCeleryTest, runWithEvents)
#include "ctlcelery_test.moc"
