// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/ctlprocess.h"
#include "tests/support/testprogram.h"

#include <QSaveFile>
#include <QTemporaryDir>

#include <csignal>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// pulsedeckctl watch as its users run it, against real servers with keys made by hand.
class CtlWatchTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void watchesChanges();
    void everyWorkerThatAppearedHasAnEnd();
    void saysThatASystemIsPaused();
    void watchesAsText();
    void watchesSourcesComeAndGo();
    void aClockThatIsSetMovesNoAge();
    void endsWatchingOnASignal();
    void endsWatchingInTime();
    void endsQuietlyWhenNobodyReads();

private:
    QString url() const { return m_server.url().display(); }

    RedisServer m_server;
};

void CtlWatchTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("There is no redis-server on this machine.");
    QVERIFY2(m_server.start(), qPrintable(m_server.errorString()));
}

void CtlWatchTest::init()
{
    if (!m_server.isRunning())
        QVERIFY(m_server.restartEmpty());
    QVERIFY(m_server.command({"FLUSHALL"}).ok());
}

void CtlWatchTest::watchesChanges()
{
    QVERIFY(addWorker(m_server, soundWorker));
    Ctl ctl({u"watch"_s, url(), u"--json"_s});
    ctl.start();
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"source-live"_s), patience);
    QCOMPARE(ctl.lines().size(), size_t(1));
    QCOMPARE(ctl.lines().front()[u"workers"_s].toInt(), 1);

    const QString second = u"webkit:22222222-2222-4333-8444-555555555555"_s;
    QVERIFY(addWorker(m_server, second.toLatin1()));
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"appeared"_s, second, u"alive"_s), patience);
    m_server.command({"HSET", "worker:" + soundWorker, "status", "draining"});
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"status"_s, QString::fromLatin1(soundWorker), u"draining"_s), patience);
    m_server.command({"PERSIST", "worker:" + second.toLatin1()});
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"liveness"_s, second, u"no-ttl"_s), patience);
    m_server.command({"DEL", "worker:" + soundWorker});
    m_server.command({"HDEL", "cluster:active_connections", soundWorker});
    m_server.command({"HDEL", "cluster:lifetime_connections", soundWorker});
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"ended"_s, QString::fromLatin1(soundWorker), u"drained"_s), patience);
    QVERIFY(addWorker(m_server, soundWorker));
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"returned"_s, QString::fromLatin1(soundWorker), u"alive"_s), patience);
    for (const QJsonObject &line : ctl.lines()) {
        QVERIFY(line[u"at"_s].toInteger() > 1'700'000'000'000);
        QCOMPARE(line[u"source"_s].toString(), m_server.url().shortName());
    }
    ::kill(pid_t(ctl.process.processId()), SIGINT);
    QCOMPARE(ctl.exitCode(), 1); // A worker without TTL was seen.
    QVERIFY2(ctl.err.isEmpty(), ctl.err.constData());
    QVERIFY(!ctl.out.contains("TOPSECRET"));
}

/// Of other systems too: one that was taken out of its registry, or lost with all keys, when it was dead already.
void CtlWatchTest::everyWorkerThatAppearedHasAnEnd()
{
    const QByteArray process = "app-1:18412:9f2c41ab77de";
    const QByteArray node = "dead@h";
    const QByteArray binding = "\x06\x16\x06\x16" + node + ".celery.pidbox";
    const auto add = [&] {
        m_server.command({"SADD", "processes", process});
        m_server.command({"HSET", process, "info", R"({"hostname":"app-1","pid":18412,"queues":[]})", "busy", "0", "beat",
                          "1700000000.5", "quiet", "false"});
        m_server.command({"EXPIRE", process, "60"});
        m_server.command({"SADD", "_kombu.binding.celery.pidbox", binding});
    };
    const auto has = [](const Ctl &ctl, const QString &event, const QByteArray &id, const QString &to) {
        const auto lines = ctl.lines();
        return std::any_of(lines.begin(), lines.end(), [&](const QJsonObject &line) {
            return line[u"event"_s].toString() == event && line[u"id"_s].toString() == QString::fromUtf8(id)
                   && line[u"to"_s].toString() == to;
        });
    };
    for (const bool flushed : {false, true}) {
        add();
        Ctl ctl({u"watch"_s, url(), u"--json"_s, u"--system"_s, u"sidekiq"_s, u"--system"_s, u"celery"_s});
        ctl.start();
        QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"source-live"_s), patience);
        m_server.command({"DEL", process});
        QTRY_VERIFY_WITH_TIMEOUT(has(ctl, u"liveness"_s, process, u"ghost"_s), patience);
        Ctl list({u"list"_s, url(), u"--json"_s, u"--system"_s, u"sidekiq"_s, u"--system"_s, u"celery"_s});
        list.run();
        const QJsonArray rows = QJsonDocument::fromJson(list.out).array();
        QCOMPARE(rows.size(), 2);
        for (const QJsonValue &row : rows)
            QCOMPARE(row[u"liveness"_s].toString(), u"ghost"_s); // The same words.
        if (flushed) {
            m_server.command({"FLUSHALL"});
        } else {
            m_server.command({"SREM", "processes", process});
            m_server.command({"SREM", "_kombu.binding.celery.pidbox", binding});
        }
        QTRY_VERIFY_WITH_TIMEOUT(has(ctl, u"ended"_s, process, u"key-removed"_s), patience);
        QTRY_VERIFY_WITH_TIMEOUT(has(ctl, u"ended"_s, node, u"key-removed"_s), patience);
    }
}

void CtlWatchTest::saysThatASystemIsPaused()
{
    m_server.command({"SADD", "rq:workers", "rq:worker:w1"});
    m_server.command({"HSET", "rq:worker:w1", "state", "idle", "queues", "high"});
    m_server.command({"EXPIRE", "rq:worker:w1", "480"});
    Ctl ctl({u"watch"_s, url(), u"--json"_s});
    ctl.start();
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"source-live"_s), patience);
    m_server.command({"SET", "rq:suspended", "1"});
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"system-paused"_s), patience);
    QVERIFY(!ctl.hasLine(u"system-resumed"_s));
    m_server.command({"DEL", "rq:suspended"});
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"system-resumed"_s), patience);
    for (const QJsonObject &line : ctl.lines()) {
        if (line[u"event"_s].toString().startsWith(u"system-"_s))
            QCOMPARE(line[u"system"_s].toString(), u"rq"_s);
    }
    ::kill(pid_t(ctl.process.processId()), SIGINT);
    ctl.exitCode();
}

void CtlWatchTest::watchesAsText()
{
    QVERIFY(addWorker(m_server, soundWorker));
    Ctl ctl({u"watch"_s, url(), u"--where"_s, u"type:chromium"_s});
    ctl.start();
    QTRY_VERIFY_WITH_TIMEOUT(ctl.out.contains("source live, 1 worker\n"), patience);
    QVERIFY(addWorker(m_server, "firefox:\x1b[31m"));
    m_server.command({"HSET", "worker:firefox:\x1b[31m", "browserType", "firefox"});
    m_server.command({"HSET", "worker:" + soundWorker, "status", "draining"});
    const QByteArray expected = soundWorker + "  status available → draining\n";
    QTRY_VERIFY_WITH_TIMEOUT(ctl.out.contains(expected), patience);
    QVERIFY(!ctl.out.contains('\x1b'));
    ::kill(pid_t(ctl.process.processId()), SIGTERM);
    QCOMPARE(ctl.exitCode(), 0);
}

void CtlWatchTest::watchesSourcesComeAndGo()
{
    for (int i = 0; i < 20; ++i)
        QVERIFY(addWorker(m_server, "chromium:" + QByteArray::number(i)));
    Ctl ctl({u"watch"_s, url(), u"--json"_s});
    ctl.start();
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"source-live"_s), patience);
    m_server.kill();
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"source-lost"_s), patience);
    QVERIFY(!ctl.lines().at(1)[u"message"_s].toString().isEmpty());
    // It ended, and now there is nothing: each reason once, and no line for a worker.
    const auto reasons = [&ctl] {
        QStringList found;
        for (const QJsonObject &line : ctl.lines()) {
            if (line[u"event"_s].toString() == u"source-lost")
                found.append(line[u"message"_s].toString());
        }
        return found;
    };
    QTRY_VERIFY_WITH_TIMEOUT(reasons().size() >= 2, patience);
    QStringList once = reasons();
    QCOMPARE(once.removeDuplicates(), qsizetype(0));
    for (const QJsonObject &line : ctl.lines())
        QVERIFY(line[u"event"_s].toString().startsWith(u"source-"_s));
    QVERIFY(m_server.restartEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"source-emptied"_s), patience);
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"source-back"_s), patience);
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"ended"_s, u"chromium:7"_s), patience);
    ::kill(pid_t(ctl.process.processId()), SIGINT);
    QVERIFY(ctl.exitCode() >= 0);
}

void CtlWatchTest::aClockThatIsSetMovesNoAge()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("A sanitizer's library has to be the first that is loaded, and faketime is loaded before it.");
#endif
    const QString library = u"/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"_s;
    if (!QFile::exists(library))
        QSKIP("faketime is not installed.");
    QTemporaryDir folder;
    const QString file = folder.filePath(u"offset"_s);
    const auto set = [&file](const QByteArray &offset) {
        QSaveFile written(file);
        QVERIFY(written.open(QIODevice::WriteOnly));
        written.write(offset + '\n');
        QVERIFY(written.commit());
    };
    set("+0");
    QVERIFY(addWorker(m_server, soundWorker));
    Ctl ctl({u"watch"_s, url(), u"--json"_s, u"--journal"_s, u"none"_s});
    ctl.with(u"LD_PRELOAD"_s, library).with(u"FAKETIME_TIMESTAMP_FILE"_s, file).with(u"FAKETIME_NO_CACHE"_s, u"1"_s);
    ctl.with(u"FAKETIME_DONT_FAKE_MONOTONIC"_s, u"1"_s);
    ctl.start();
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"source-live"_s), patience);
    for (const qint64 hours : {2, -3}) {
        set((hours > 0 ? "+" : "") + QByteArray::number(hours * 3'600));
        const bool draining = hours > 0;
        m_server.command({"HSET", "worker:" + soundWorker, "status", draining ? "draining" : "available"});
        QTRY_VERIFY_WITH_TIMEOUT(
            ctl.hasLine(u"status"_s, QString::fromLatin1(soundWorker), draining ? u"draining"_s : u"available"_s), patience);
        const qint64 at = ctl.lines().back()[u"at"_s].toInteger();
        const qint64 expected = QDateTime::currentMSecsSinceEpoch() + hours * 3'600'000;
        QVERIFY2(qAbs(at - expected) < patience, qPrintable(QString::number(at - expected)));
    }
    // Nobody became late, stale or lost by it.
    for (const QJsonObject &line : ctl.lines())
        QVERIFY2(line[u"event"_s].toString() != u"liveness"_s, QJsonDocument(line).toJson().constData());
    ::kill(pid_t(ctl.process.processId()), SIGINT);
    ctl.exitCode();
}

void CtlWatchTest::endsWatchingOnASignal()
{
    Ctl ctl({u"watch"_s, url(), u"--json"_s});
    ctl.start();
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"source-live"_s), patience);
    ::kill(pid_t(ctl.process.processId()), SIGINT);
    QCOMPARE(ctl.exitCode(), 0);
}

void CtlWatchTest::endsWatchingInTime()
{
    Ctl ctl({u"watch"_s, url(), u"--exit-after"_s, u"1"_s});
    QCOMPARE(ctl.run(), 0);
    QVERIFY(ctl.out.contains("source live, 0 workers"));
}

void CtlWatchTest::endsQuietlyWhenNobodyReads()
{
    Ctl ctl({u"watch"_s, url()});
    QProcess reader;
    ctl.process.setStandardOutputProcess(&reader);
    reader.start(u"head"_s, {u"-n"_s, u"1"_s});
    ctl.start();
    QSignalSpy readerGone(&reader, &QProcess::finished);
    QVERIFY(reader.state() == QProcess::NotRunning || readerGone.wait(patience));
    QVERIFY(reader.readAllStandardOutput().contains("source live"));
    QVERIFY(addWorker(m_server, soundWorker));
    QCOMPARE(ctl.exitCode(), 0);
    QVERIFY2(ctl.err.isEmpty(), ctl.err.constData());
}

PULSEDECK_TEST(CtlWatchTest, runWithEvents)
#include "ctlwatch_test.moc"
