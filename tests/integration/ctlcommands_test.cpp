// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/sqljournal.h"
#include "tests/fleet/fleetprocess.h"
#include "tests/integration/ctlprocess.h"
#include "tests/support/fakeserver.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QTemporaryDir>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

const QByteArray otherWorker("chromium:11112222-2222-4333-8444-555555555555");
const QByteArray drained("firefox:33333333-2222-4333-8444-555555555555");
const QByteArray commanded("firefox:44444444-2222-4333-8444-555555555555");
const QByteArray zombie("webkit:55555555-2222-4333-8444-555555555555");
const QByteArray eternal("webkit:66666666-2222-4333-8444-555555555555");

} // namespace

/// The acts of pulsedeckctl as its users run them: on keys made by hand, where nothing answers, and on the simulator.
class CtlCommandsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void dryRunChangesNothing_data();
    void dryRunChangesNothing();
    void writesAShutdown();
    void takesAShutdownBack();
    void withdrawsWhatIsLeftForADeadMaster();
    void withdrawsWhatIsLeftForOneThatIsRemoved();
    void withdrawsInALaterRunWhatStillWaits_data();
    void withdrawsInALaterRunWhatStillWaits();
    void looksForWhatIsLeftUnderEachPrefix();
    void drainsAndResumes();
    void reapsTheZombiesOnly();
    void judgesCountersByTheJournal_data();
    void judgesCountersByTheJournal();
    void removesAKeyWithoutTtl();
    void followsAShutdownToItsEnd_data();
    void followsAShutdownToItsEnd();
    void followsADrainToItsEnd();
    void aHungWorkerDoesNotReadIt();
    void waitingCanBeGivenUp();
    void isInterruptedInOrder();
    void aLostConnectionIsGivenUp();
    void manyAtOnce();
    void namesHaveToBeUnique();
    void anUnknownWorkerDoesNotStopTheOthers();
    void leavesOutWhatCannotBe();
    void theFloorAndTheReasonAreTheWindows();
    void missingRightsAreToldAndNothingIsSent();
    void recordsWhatItDoes();
    void recordsInTheOldPlaceWhereThereIsOne();
    void commandsWithoutAJournal();
    void saysThatThereIsNoConnection();

private:
    /// Runs it on the server, recording nothing unless told.
    int act(const QStringList &arguments, bool record = false)
    {
        m_ctl =
            std::make_unique<Ctl>(QStringList(arguments) << u"--url"_s << m_server->url().display()
                                                         << (record ? QStringList() : QStringList{u"--journal"_s, u"none"_s}));
        return m_ctl->run();
    }
    QList<QJsonObject> objects() const
    {
        QList<QJsonObject> list;
        const QJsonArray array = QJsonDocument::fromJson(m_ctl->out).array();
        for (const QJsonValue &value : array)
            list.append(value.toObject());
        return list;
    }
    QByteArray text(const QByteArrayList &command) const { return m_server->command(command).text; }
    bool isMissing(const QByteArray &key) const { return m_server->command({"EXISTS", key}).integer == 0; }
    /// Everything that is in Redis, by key.
    QMap<QByteArray, QByteArray> dump() const
    {
        QMap<QByteArray, QByteArray> all;
        for (const RedisValue &key : m_server->command({"KEYS", "*"}).elements)
            all.insert(key.text, text({"DUMP", key.text}));
        return all;
    }
    /// One worker in each condition, made by hand: nobody answers for them.
    void addFleet()
    {
        QVERIFY(addWorker(*m_server, soundWorker));
        QVERIFY(addWorker(*m_server, otherWorker));
        QVERIFY(addWorker(*m_server, drained, "draining"));
        QVERIFY(m_server->command({"HSET", "worker:" + drained, "drainedBy", "bob@desk", "drainedAt", "1700000000000"}).ok());
        QVERIFY(addWorker(*m_server, commanded));
        QVERIFY(m_server->command({"SET", "worker:cmd:" + commanded, "shutdown", "EX", "60"}).ok());
        QVERIFY(addWorker(*m_server, zombie));
        QVERIFY(m_server->command({"DEL", "worker:" + zombie}).ok());
        QVERIFY(addWorker(*m_server, eternal));
        QVERIFY(m_server->command({"PERSIST", "worker:" + eternal}).ok());
        for (const QByteArray &firefox : {drained, commanded})
            QVERIFY(m_server->command({"HSET", "worker:" + firefox, "browserType", "firefox"}).ok());
    }
    void startFleet(const QStringList &further = {})
    {
        QVERIFY(m_fleet.startRegistered(*m_server, QStringList{u"--workers"_s, u"4"_s, u"--heartbeat"_s, u"0.3"_s, u"--ttl"_s,
                                                               u"5"_s, u"--sessions"_s, u"0"_s}
                                                       + further));
    }

    std::unique_ptr<RedisServer> m_server;
    std::unique_ptr<Ctl> m_ctl;
    FleetProcess m_fleet;
    QTemporaryDir m_home;
};

void CtlCommandsTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("There is no redis-server on this machine.");
    QVERIFY(m_home.isValid());
    qputenv("XDG_DATA_HOME", m_home.path().toUtf8());
}

void CtlCommandsTest::init()
{
    m_server = std::make_unique<RedisServer>();
    RedisServer::Options options;
    options.tcp = true;
    QVERIFY2(m_server->start(options), qPrintable(m_server->errorString()));
}

void CtlCommandsTest::cleanup()
{
    if (m_fleet.isRunning())
        m_fleet.stop();
    m_ctl.reset();
    m_server.reset();
}

void CtlCommandsTest::dryRunChangesNothing_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("line");
    const QString sound = QString::fromLatin1(soundWorker);
    QTest::newRow("shutdown") << QStringList{u"shutdown"_s, sound} << "would be shut down at its next heartbeat, 2 sessions"_ba;
    QTest::newRow("shutdown now") << QStringList{u"shutdown"_s, u"--now"_s, sound} << "would be shut down now"_ba;
    QTest::newRow("drain") << QStringList{u"drain"_s, u"--where"_s, u"type:chromium id:1111"_s, u"--force"_s}
                           << "2 → 0 available"_ba;
    QTest::newRow("resume") << QStringList{u"resume"_s, QString::fromLatin1(drained)} << "would be resumed"_ba;
    QTest::newRow("cancel") << QStringList{u"cancel"_s, QString::fromLatin1(commanded)} << "its command would be withdrawn"_ba;
    QTest::newRow("reap") << QStringList{u"reap"_s} << "its counters would be removed"_ba;
    QTest::newRow("remove-key") << QStringList{u"remove-key"_s, QString::fromLatin1(eternal)} << "its key would be removed"_ba;
}

void CtlCommandsTest::dryRunChangesNothing()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QByteArray, line);
    addFleet();
    const auto before = dump();
    QVERIFY(before.size() >= 7);
    QCOMPARE(act(arguments + QStringList{u"--dry-run"_s}, true), 0);
    QVERIFY2(m_ctl->out.contains(line), m_ctl->out.constData());
    // What the act itself would require is named, and nothing else.
    const bool asks = arguments.first() == "drain"_L1 || arguments.first() == "remove-key"_L1;
    QVERIFY2(asks ? m_ctl->err.contains("A reason will be required") && m_ctl->err.count('\n') == 1 : m_ctl->err.isEmpty(),
             m_ctl->err.constData());
    QVERIFY(dump() == before);
    QVERIFY(!QFile::exists(m_home.filePath(u"pulsedeck/journal.sqlite"_s))); // Nor is anything recorded.
    QCOMPARE(act(arguments + QStringList{u"--dry-run"_s, u"--json"_s}), 0);
    QVERIFY(!objects().isEmpty());
    QCOMPARE(objects().first()[u"stage"_s].toString(), u"dry-run"_s);
}

void CtlCommandsTest::writesAShutdown()
{
    addFleet();
    QCOMPARE(act({u"shutdown"_s, QString::fromLatin1(soundWorker), u"--ttl"_s, u"90s"_s}), 0);
    QCOMPARE(m_ctl->out, QByteArray(soundWorker + "  written, waits for the next heartbeat, at most 90 s\n"));
    QCOMPARE(text({"GET", "worker:cmd:" + soundWorker}), "shutdown"_ba);
    const qint64 ttl = m_server->command({"TTL", "worker:cmd:" + soundWorker}).integer;
    QVERIFY(ttl > 60 && ttl <= 90);
    QVERIFY(isMissing("worker:cmd:" + otherWorker));
    // The second time it has one already.
    QCOMPARE(act({u"shutdown"_s, QString::fromLatin1(soundWorker), u"--json"_s}), 1);
    QCOMPARE(objects().size(), 1);
    QCOMPARE(objects().first()[u"stage"_s].toString(), u"left-out"_s);
    QCOMPARE(objects().first()[u"text"_s].toString(), u"has a command"_s);
    // By the bare uuid, and announced: nobody listens.
    QCOMPARE(act({u"shutdown"_s, u"--now"_s, QString::fromLatin1(otherWorker.mid(9)), u"--json"_s}), 0);
    QCOMPARE(objects().first()[u"worker"_s].toString(), QString::fromLatin1(otherWorker));
    QCOMPARE(objects().first()[u"act"_s].toString(), u"shutdown-now"_s);
    QCOMPARE(objects().first()[u"receivers"_s].toInt(-1), 0);
}

void CtlCommandsTest::takesAShutdownBack()
{
    addFleet();
    QCOMPARE(act({u"cancel"_s, QString::fromLatin1(commanded)}), 0);
    QVERIFY2(m_ctl->out.contains("command withdrawn"), m_ctl->out.constData());
    QVERIFY(isMissing("worker:cmd:" + commanded));
    QCOMPARE(act({u"cancel"_s, QString::fromLatin1(commanded)}), 1);
    QVERIFY2(m_ctl->out.contains("left out: no command pending"), m_ctl->out.constData());
}

/// A master of Horizon that died before it read its command leaves it in a list that does not expire.
void CtlCommandsTest::withdrawsWhatIsLeftForADeadMaster()
{
    const QByteArray list = "horizon:commands:master:web-1-abcd";
    const QByteArray terminate = R"({"command":"Laravel\\Horizon\\SupervisorCommands\\Terminate","options":[]})";
    QVERIFY(m_server->command({"ZADD", "horizon:masters", "1764240000", "web-1-abcd"}).ok());
    QVERIFY(m_server->command({"RPUSH", list, "another", terminate}).ok());
    QCOMPARE(act({u"cancel"_s, u"web-1-abcd"_s}), 0);
    QVERIFY2(m_ctl->out.contains("command withdrawn"), m_ctl->out.constData());
    QCOMPARE(m_server->command({"LLEN", list}).integer, 1);
    QCOMPARE(text({"LINDEX", list, "0"}), "another");
    QCOMPARE(act({u"cancel"_s, u"web-1-abcd"_s}), 1); // There is none of ours.
}

/// The other masters remove one that died: then only the journal tells whose command still waits there, and for ever.
void CtlCommandsTest::withdrawsWhatIsLeftForOneThatIsRemoved()
{
    QTemporaryDir folder;
    const QStringList journal{u"--journal"_s, folder.filePath(u"journal.sqlite"_s)};
    const QByteArray list = "horizon:commands:master:web-1-abcd";
    const QByteArray now = QByteArray::number(QDateTime::currentSecsSinceEpoch() + 10);
    QVERIFY(m_server->command({"ZADD", "horizon:masters", "1764240000", "web-2-efgh", now, "web-1-abcd"}).ok());
    QVERIFY(m_server->command({"HSET", "horizon:master:web-1-abcd", "name", "web-1-abcd", "pid", "7", "status", "running"}).ok());
    QVERIFY(m_server->command({"EXPIRE", "horizon:master:web-1-abcd", "15"}).ok());
    QCOMPARE(act(QStringList{u"drain"_s, u"web-1-abcd"_s, u"--force"_s, u"--reason"_s, u"upgrade"_s} + journal, true), 0);
    QCOMPARE(m_server->command({"LLEN", list}).integer, 1);
    QVERIFY(m_server->command({"ZREM", "horizon:masters", "web-1-abcd"}).ok());
    QVERIFY(m_server->command({"DEL", "horizon:master:web-1-abcd"}).ok());
    QCOMPARE(act(QStringList{u"cancel"_s, u"web-3-ijkl"_s} + journal, true), 1); // No command was given to it.
    QVERIFY2(m_ctl->err.contains("There is no"), m_ctl->err.constData());
    QCOMPARE(act(QStringList{u"cancel"_s, u"web-1-abcd"_s, u"--dry-run"_s} + journal, true), 0);
    QVERIFY2(m_ctl->out.contains("would be withdrawn"), m_ctl->out.constData());
    QCOMPARE(m_server->command({"LLEN", list}).integer, 1);
    QCOMPARE(act(QStringList{u"cancel"_s, u"web-1-abcd"_s} + journal, true), 0);
    QVERIFY2(m_ctl->out.contains("command withdrawn"), m_ctl->out.constData());
    QVERIFY(isMissing(list));
}

void CtlCommandsTest::withdrawsInALaterRunWhatStillWaits_data()
{
    QTest::addColumn<QByteArray>("worker");
    QTest::addColumn<QByteArray>("list");
    const QByteArray process = "app-2:18412:9f2c41ab77de";
    QTest::newRow("Sidekiq") << process << QByteArray(process + "-signals");
    QTest::newRow("Horizon") << "web-1-abcd"_ba
                             << "horizon:commands:master:web-1-abcd"_ba;
}

/// Its worker lives and has not read it yet: only the journal tells a later run that there is one.
void CtlCommandsTest::withdrawsInALaterRunWhatStillWaits()
{
    QFETCH(const QByteArray, worker);
    QFETCH(const QByteArray, list);
    QTemporaryDir folder;
    const QStringList journal{u"--journal"_s, folder.filePath(u"journal.sqlite"_s)};
    const QString name = QString::fromLatin1(worker);
    const auto beat = [&] {
        const QByteArray now = QByteArray::number(QDateTime::currentSecsSinceEpoch());
        if (!list.startsWith("horizon:"))
            return m_server->command({"SADD", "processes", worker}).ok()
                   && m_server
                          ->command({"HSET", worker, "info", R"({"hostname":"app-2","pid":18412})", "busy", "0", "beat", now,
                                     "quiet", "false"})
                          .ok()
                   && m_server->command({"EXPIRE", worker, "60"}).ok();
        return m_server->command({"ZADD", "horizon:masters", now, worker}).ok()
               && m_server->command({"HSET", "horizon:master:" + worker, "name", worker, "pid", "7", "status", "running"}).ok()
               && m_server->command({"EXPIRE", "horizon:master:" + worker, "15"}).ok();
    };
    const auto cancel = [&](const QStringList &further) {
        return beat() ? act(QStringList{u"cancel"_s, name} + further, true) : -1;
    };
    const auto drain = [&] {
        return beat() ? act(QStringList{u"drain"_s, name, u"--force"_s, u"--reason"_s, u"upgrade"_s} + journal, true) : -1;
    };
    QCOMPARE(cancel(journal), 1); // No command was given to it.
    QVERIFY2(m_ctl->out.contains("left out: no command pending"), m_ctl->out.constData());
    QCOMPARE(drain(), 0);
    QCOMPARE(m_server->command({"LLEN", list}).integer, 1);
    QCOMPARE(cancel({u"--journal"_s, u"none"_s}), 1);
    QVERIFY2(m_ctl->out.contains("left out: no command pending"), m_ctl->out.constData());
    QCOMPARE(cancel(journal + QStringList{u"--dry-run"_s}), 0);
    QVERIFY2(m_ctl->out.contains("would be"), m_ctl->out.constData());
    QCOMPARE(m_server->command({"LLEN", list}).integer, 1);
    QCOMPARE(cancel(journal), 0);
    QVERIFY2(m_ctl->out.contains("command withdrawn"), m_ctl->out.constData());
    QVERIFY(isMissing(list));
    // The journal does not have whether its worker has read it: the server finds out.
    QCOMPARE(cancel(journal), 1);
    QVERIFY2(m_ctl->out.contains("nothing was left for it"), m_ctl->out.constData());
    QCOMPARE(drain(), 0);
    QVERIFY(m_server->command({"DEL", list}).ok()); // It has read it.
    QCOMPARE(cancel(journal), 1);
    QVERIFY2(m_ctl->out.contains("nothing was left for it"), m_ctl->out.constData());
}

/// Two applications in one Redis: under whose prefix it was left is not known any more.
void CtlCommandsTest::looksForWhatIsLeftUnderEachPrefix()
{
    QTemporaryDir folder;
    const QStringList journal{u"--journal"_s, folder.filePath(u"journal.sqlite"_s)};
    const QByteArray later = QByteArray::number(QDateTime::currentSecsSinceEpoch() + 300);
    const std::vector<std::pair<QByteArray, QByteArray>> masters{{"horizon:", "web-1-abcd"}, {"shop_horizon:", "web-7-ijkl"}};
    for (const auto &[prefix, master] : masters) {
        QVERIFY(m_server->command({"ZADD", prefix + "masters", "1764240000", "web-2-efgh", later, master}).ok());
        QVERIFY(m_server->command({"HSET", prefix + "master:" + master, "name", master, "pid", "7", "status", "running"}).ok());
        QVERIFY(m_server->command({"EXPIRE", prefix + "master:" + master, "300"}).ok());
    }
    for (const auto &[prefix, master] : masters) {
        const QString name = QString::fromLatin1(master);
        QCOMPARE(act(QStringList{u"drain"_s, name, u"--force"_s, u"--reason"_s, u"upgrade"_s} + journal, true), 0);
        QCOMPARE(m_server->command({"LLEN", prefix + "commands:master:" + master}).integer, 1);
    }
    for (const auto &[prefix, master] : masters) {
        QVERIFY(m_server->command({"ZREM", prefix + "masters", master}).ok());
        QVERIFY(m_server->command({"DEL", prefix + "master:" + master}).ok());
    }
    for (const auto &[prefix, master] : masters) {
        const QString name = QString::fromLatin1(master);
        QCOMPARE(act(QStringList{u"cancel"_s, name} + journal, true), 0);
        QVERIFY2(m_ctl->out.contains("command withdrawn"), m_ctl->out.constData());
        QVERIFY(isMissing(prefix + "commands:master:" + master));
        // Nobody is there who could have picked it up.
        QCOMPARE(act(QStringList{u"cancel"_s, name} + journal, true), 1);
        QVERIFY2(m_ctl->out.contains("nothing was left for it"), m_ctl->out.constData());
    }
}

void CtlCommandsTest::drainsAndResumes()
{
    addFleet();
    const QByteArray key = "worker:" + soundWorker;
    QCOMPARE(act({u"drain"_s, QString::fromLatin1(soundWorker), u"--reason"_s, u"new image"_s}), 0);
    QCOMPARE(text({"HGET", key, "status"}), "draining"_ba);
    QCOMPARE(text({"HGET", key, "drainReason"}), "new image"_ba);
    QVERIFY(text({"HGET", key, "drainedBy"}).contains('@'));
    QCOMPARE(act({u"resume"_s, QString::fromLatin1(soundWorker)}), 0);
    QCOMPARE(text({"HGET", key, "status"}), "available"_ba);
    QVERIFY2(m_ctl->out.contains("resumed"), m_ctl->out.constData());
    QCOMPARE(act({u"resume"_s, QString::fromLatin1(soundWorker)}), 1);
    QVERIFY2(m_ctl->out.contains("left out: not draining"), m_ctl->out.constData());
}

void CtlCommandsTest::reapsTheZombiesOnly()
{
    addFleet();
    QCOMPARE(act({u"reap"_s, u"--json"_s}), 0);
    QCOMPARE(objects().size(), 1);
    QCOMPARE(objects().first()[u"worker"_s].toString(), QString::fromLatin1(zombie));
    QCOMPARE(objects().first()[u"stage"_s].toString(), u"done"_s);
    QCOMPARE(m_server->command({"HEXISTS", "cluster:lifetime_connections", zombie}).integer, 0);
    QCOMPARE(m_server->command({"HEXISTS", "cluster:active_connections", zombie}).integer, 0);
    QCOMPARE(m_server->command({"HEXISTS", "cluster:lifetime_connections", soundWorker}).integer, 1);
    QCOMPARE(act({u"reap"_s}), 0);
    QVERIFY2(m_ctl->err.contains("There are no zombies and no ghosts."), m_ctl->err.constData());
    QVERIFY(m_ctl->out.isEmpty());
    QCOMPARE(act({u"reap"_s, QString::fromLatin1(soundWorker)}), 1);
    QVERIFY2(m_ctl->out.contains("left out: not a zombie"), m_ctl->out.constData());
}

void CtlCommandsTest::judgesCountersByTheJournal_data()
{
    QTest::addColumn<WorkerEnd>("end");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("word");
    QTest::newRow("ended in order") << WorkerEnd::Left << 0 << QByteArray();
    QTest::newRow("lost") << WorkerEnd::Expired << 1 << QByteArray("zombie-lost");
    QTest::newRow("nobody saw it") << WorkerEnd::None << 1 << QByteArray("zombie-unseen");
}

/// What a console saw is known to a list: counters of a worker that left in order are no finding.
void CtlCommandsTest::judgesCountersByTheJournal()
{
    QFETCH(WorkerEnd, end);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, word);
    QVERIFY(addWorker(*m_server, zombie));
    QVERIFY(m_server->command({"DEL", "worker:" + zombie}).ok());
    QTemporaryDir folder;
    const QString file = folder.filePath(u"journal.sqlite"_s);
    {
        SqlJournal journal(file);
        if (end != WorkerEnd::None)
            journal.writeEnds({{u"a console's name for it"_s, zombie, end, QDateTime::currentMSecsSinceEpoch() - 3'600'000}});
    }
    const auto list = [&](const QStringList &more) {
        Ctl ctl(QStringList{u"list"_s, m_server->url().display(), u"--journal"_s, file} + more);
        const int code = ctl.run();
        return std::pair(code, ctl.out);
    };
    const auto [code, table] = list({});
    QCOMPARE(code, exitCode);
    QCOMPARE(table.contains(zombie), exitCode == 1);
    QVERIFY2(word.isEmpty() || table.contains(word), table.constData());
    const QJsonArray json = QJsonDocument::fromJson(list({u"--json"_s}).second).array();
    QCOMPARE(json.size(), exitCode);
    if (exitCode == 1)
        QCOMPARE(json.first().toObject()[u"end"_s].toString(), end == WorkerEnd::None ? u"gone-unseen"_s : u"expired"_s);
    QCOMPARE(list({u"--where"_s, u"liveness:zombie-lost"_s}).first, end == WorkerEnd::Expired ? 1 : 0);
    QCOMPARE(list({u"--where"_s, u"liveness:zombie-unseen"_s}).first, end == WorkerEnd::None ? 1 : 0);
    // What is to be reaped are counters, whoever left them.
    Ctl reap({u"reap"_s, u"--url"_s, m_server->url().display(), u"--journal"_s, file});
    QCOMPARE(reap.run(), 0);
    QVERIFY(!m_server->command({"HEXISTS", "cluster:lifetime_connections", zombie}).integer);
}

void CtlCommandsTest::removesAKeyWithoutTtl()
{
    addFleet();
    QCOMPARE(act({u"remove-key"_s, QString::fromLatin1(eternal), u"--wait"_s}), 2); // As in the window.
    QVERIFY2(m_ctl->err.contains("--reason"), m_ctl->err.constData());
    QCOMPARE(act({u"remove-key"_s, QString::fromLatin1(eternal), u"--wait"_s, u"--reason"_s, u"half registered"_s}), 0);
    QVERIFY(isMissing("worker:" + eternal));
    QCOMPARE(act({u"remove-key"_s, QString::fromLatin1(soundWorker)}), 1);
    QVERIFY(!isMissing("worker:" + soundWorker));
    QVERIFY2(m_ctl->out.contains("left out: its key has a TTL"), m_ctl->out.constData());
}

void CtlCommandsTest::followsAShutdownToItsEnd_data()
{
    QTest::addColumn<bool>("now");
    QTest::newRow("at the next heartbeat") << false;
    QTest::newRow("now") << true;
}

void CtlCommandsTest::followsAShutdownToItsEnd()
{
    QFETCH(const bool, now);
    startFleet();
    FleetView view(*m_server);
    const QByteArray worker = view.anyAvailable();
    QStringList arguments{u"shutdown"_s, QString::fromLatin1(worker), u"--wait"_s};
    if (now)
        arguments.append(u"--now"_s);
    QCOMPARE(act(arguments + QStringList{u"--json"_s}), 0);
    QVERIFY(!view.exists(worker));
    const QJsonObject done = objects().value(0);
    QCOMPARE(done[u"stage"_s].toString(), u"gone"_s);
    QVERIFY(!done[u"writtenAt"_s].toString().isEmpty());
    QVERIFY(!done[u"endedAt"_s].toString().isEmpty());
    QVERIFY(done[u"sessionsCut"_s].toInt(0) == 0); // Or null: the counters are read a moment after they change.
    // The same for people: one line when it is written, one for the end.
    const QByteArray second = view.anyAvailable();
    arguments[1] = QString::fromLatin1(second);
    QCOMPARE(act(arguments), 0);
    const auto lines = m_ctl->out.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY2(lines[0].startsWith(second) && lines[0].contains("written"), lines[0].constData());
    QVERIFY2(lines[1].startsWith(second) && lines[1].contains("gone ") && lines[1].contains(" after "), lines[1].constData());
}

void CtlCommandsTest::followsADrainToItsEnd()
{
    startFleet();
    FleetView view(*m_server);
    const QByteArray worker = view.anyAvailable();
    QVERIFY(view.ask({"HSET", "cluster:active_connections", worker, "1"}).ok());
    m_ctl = std::make_unique<Ctl>(QStringList{u"drain"_s, QString::fromLatin1(worker), u"--wait"_s, u"--journal"_s, u"none"_s,
                                              u"--url"_s, m_server->url().display()});
    m_ctl->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_ctl->out.contains("draining, 1 session"), patience);
    QVERIFY(view.ask({"HSET", "cluster:active_connections", worker, "0"}).ok());
    QCOMPARE(m_ctl->exitCode(), 0);
    QVERIFY2(m_ctl->out.contains("drained after"), m_ctl->out.constData());
    QCOMPARE(view.status(worker), "draining"_ba);
}

void CtlCommandsTest::aHungWorkerDoesNotReadIt()
{
    startFleet({u"--ttl"_s, u"60"_s});
    const QByteArray worker = m_fleet.idOf("hang 1");
    QVERIFY(!worker.isEmpty());
    QCOMPARE(act({u"shutdown"_s, QString::fromLatin1(worker), u"--wait"_s, u"--ttl"_s, u"2s"_s, u"--json"_s}), 1);
    QCOMPARE(objects().value(0)[u"stage"_s].toString(), u"expired-unread"_s);
    QVERIFY(isMissing("worker:cmd:" + worker));
    QVERIFY(FleetView(*m_server).exists(worker));
}

void CtlCommandsTest::waitingCanBeGivenUp()
{
    addFleet();
    QCOMPARE(act({u"shutdown"_s, QString::fromLatin1(soundWorker), u"--wait"_s, u"--exit-after"_s, u"2"_s}), 1);
    QVERIFY2(m_ctl->out.contains("not completed: written"), m_ctl->out.constData());
}

void CtlCommandsTest::isInterruptedInOrder()
{
    addFleet();
    m_ctl = std::make_unique<Ctl>(QStringList{u"shutdown"_s, QString::fromLatin1(soundWorker), u"--wait"_s, u"--json"_s,
                                              u"--journal"_s, u"none"_s, u"--url"_s, m_server->url().display()});
    m_ctl->start();
    QTRY_COMPARE_WITH_TIMEOUT(text({"GET", "worker:cmd:" + soundWorker}), "shutdown"_ba, patience);
    m_ctl->process.terminate();
    QCOMPARE(m_ctl->exitCode(), 1);
    QCOMPARE(objects().size(), 1); // What is known so far, whole.
    QCOMPARE(text({"GET", "worker:cmd:" + soundWorker}), "shutdown"_ba); // Nothing is taken back by itself.
}

void CtlCommandsTest::aLostConnectionIsGivenUp()
{
    addFleet();
    m_ctl = std::make_unique<Ctl>(QStringList{u"shutdown"_s, QString::fromLatin1(soundWorker), u"--wait"_s, u"--timeout"_s,
                                              u"3"_s, u"--journal"_s, u"none"_s, u"--url"_s, m_server->url().display()});
    m_ctl->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_ctl->out.contains("written"), patience);
    m_server->kill();
    QCOMPARE(m_ctl->exitCode(), 1);
    QVERIFY2(m_ctl->out.contains("not completed"), m_ctl->out.constData());
    QVERIFY(!m_ctl->err.isEmpty());
}

void CtlCommandsTest::manyAtOnce()
{
    constexpr int count = 1'000;
    startFleet({u"--workers"_s, QString::number(count), u"--heartbeat"_s, u"2"_s, u"--ttl"_s, u"30"_s});
    QCOMPARE(
        act({u"drain"_s, u"--where"_s, u"status:available"_s, u"--force"_s, u"--wait"_s, u"--json"_s, u"--reason"_s, u"move"_s}),
        0);
    const QList<QJsonObject> all = objects();
    QCOMPARE(all.size(), count);
    QVERIFY(std::all_of(all.begin(), all.end(), [](const QJsonObject &one) { return one[u"stage"_s].toString() == u"done"_s; }));
    FleetView view(*m_server);
    const QByteArrayList ids = view.ids();
    QVERIFY(std::all_of(ids.begin(), ids.end(), [&view](const QByteArray &id) { return view.status(id) == "draining"; }));
}

void CtlCommandsTest::namesHaveToBeUnique()
{
    addFleet();
    const auto before = dump();
    QCOMPARE(act({u"drain"_s, u"chromium:1111"_s}), 2);
    QVERIFY2(m_ctl->err.contains(soundWorker) && m_ctl->err.contains(otherWorker), m_ctl->err.constData());
    QCOMPARE(m_ctl->err.count('\n'), 1);
    // One unclear name, and nobody is touched.
    QCOMPARE(act({u"drain"_s, QString::fromLatin1(drained), u"1111"_s}), 2);
    QVERIFY(dump() == before);
    QCOMPARE(act({u"drain"_s, u"11111"_s}), 0);
    QCOMPARE(text({"HGET", "worker:" + soundWorker, "status"}), "draining"_ba);
    QCOMPARE(act({u"drain"_s, u"111"_s}), 2);
    QCOMPARE(act({u"drain"_s}), 2);
}

void CtlCommandsTest::anUnknownWorkerDoesNotStopTheOthers()
{
    addFleet();
    QCOMPARE(act({u"drain"_s, u"nobody-of-this-name"_s, QString::fromLatin1(soundWorker)}), 1);
    QVERIFY2(m_ctl->err.contains("nobody-of-this-name"), m_ctl->err.constData());
    QCOMPARE(text({"HGET", "worker:" + soundWorker, "status"}), "draining"_ba);
}

void CtlCommandsTest::leavesOutWhatCannotBe()
{
    addFleet();
    // A filter takes in many; that for some there is nothing to do is no failure.
    QCOMPARE(act({u"drain"_s, u"--where"_s, u"type:firefox"_s, u"--force"_s}), 0);
    QVERIFY2(m_ctl->out.contains(QByteArray(drained + "  left out: already draining")), m_ctl->out.constData());
    QVERIFY2(m_ctl->out.contains(QByteArray(commanded + "  left out: has a command")), m_ctl->out.constData());
    QCOMPARE(act({u"drain"_s, QString::fromLatin1(drained)}), 1); // By name it is.
    QCOMPARE(act({u"drain"_s, u"--where"_s, u"type:opera"_s}), 0);
    QVERIFY(m_ctl->err.contains("No worker matches."));
}

void CtlCommandsTest::theFloorAndTheReasonAreTheWindows()
{
    for (int i = 0; i < 10; ++i)
        QVERIFY(addWorker(*m_server, "chromium:worker-" + QByteArray::number(i)));
    const auto before = dump();
    // The floor is 80 %: two of ten may go, three may not, chosen by a filter or by name.
    const QStringList three{u"chromium:worker-0"_s, u"chromium:worker-1"_s, u"chromium:worker-2"_s};
    const QStringList reason{u"--reason"_s, u"move"_s};
    for (const QStringList &choice : {QStringList{u"--where"_s, u"id:worker-0,worker-1,worker-2"_s}, three}) {
        QCOMPARE(act(QStringList{u"shutdown"_s} + choice + reason), 2);
        QVERIFY2(m_ctl->err.contains("10 → 7 available, below the floor of 80 % (8)") && m_ctl->err.contains("--force"),
                 m_ctl->err.constData());
        QVERIFY(dump() == before);
    }
    // Of two a reason is asked for; of one that is named it is not, though it may be given.
    QCOMPARE(act({u"shutdown"_s, three[0], three[1]}), 2);
    QVERIFY2(m_ctl->err.contains("--reason"), m_ctl->err.constData());
    QVERIFY(dump() == before);
    QCOMPARE(act(QStringList{u"shutdown"_s, three[0], three[1]} + reason), 0);
    QCOMPARE(act({u"shutdown"_s, three[2]}), 0);
    QCOMPARE(act(QStringList{u"shutdown"_s, u"--where"_s, u"id:worker-3,worker-4,worker-5"_s, u"--force"_s} + reason), 0);
    for (int i = 0; i < 6; ++i)
        QVERIFY(!isMissing("worker:cmd:chromium:worker-" + QByteArray::number(i)));
}

void CtlCommandsTest::missingRightsAreToldAndNothingIsSent()
{
    addFleet();
    QVERIFY(m_server->command({"ACL", "SETUSER", "looker", "on", ">SECRET", "~*", "&*", "+@all", "-set"}).ok());
    const auto before = dump();
    const RedisUrl url = m_server->tcpUrl();
    const QString address = u"redis://looker:SECRET@%1:%2"_s.arg(url.host).arg(url.port);
    for (const QStringList &choice :
         {QStringList{QString::fromLatin1(soundWorker)}, QStringList{u"--where"_s, u"id:11111"_s, u"--force"_s}}) {
        Ctl ctl(QStringList{u"shutdown"_s, u"--url"_s, address, u"--journal"_s, u"none"_s} + choice);
        QCOMPARE(ctl.run(), 1);
        QVERIFY2(ctl.out.contains("left out: not permitted: SET"), ctl.out.constData());
        QVERIFY(!ctl.out.contains("SECRET") && !ctl.err.contains("SECRET"));
    }
    QVERIFY(dump() == before);
    Ctl drain({u"drain"_s, u"--url"_s, address, u"--journal"_s, u"none"_s, QString::fromLatin1(soundWorker)});
    QCOMPARE(drain.run(), 0); // This it may.
}

void CtlCommandsTest::recordsWhatItDoes()
{
    addFleet();
    QCOMPARE(act({u"drain"_s, QString::fromLatin1(soundWorker), u"--reason"_s, u"new image"_s, u"--json"_s}, true), 0);
    QCOMPARE(objects().first()[u"recorded"_s].toBool(), true);
    SqlJournal journal(m_home.filePath(u"pulsedeck/journal.sqlite"_s)); // Where the console keeps its own.
    QSignalSpy answered(&journal, &Journal::answered);
    JournalQuery query;
    query.worker = soundWorker;
    journal.query(query, journal.nextToken());
    QVERIFY(answered.wait(patience));
    const JournalPage page = answered.first().at(1).value<JournalPage>();
    QVERIFY2(page.error.isEmpty(), qPrintable(page.error));
    QVERIFY(page.entries.size() >= 2);
    QCOMPARE(page.entries.last().step, u"requested"_s);
    QCOMPARE(page.entries.last().reason, u"new image"_s);
    QCOMPARE(page.entries.last().act, u"drain"_s);
}

/// Where an earlier version made one, a folder deeper, it goes on being the journal.
void CtlCommandsTest::recordsInTheOldPlaceWhereThereIsOne()
{
    addFleet();
    QTemporaryDir home;
    const QString old = home.filePath(u"pulsedeck/pulsedeck/journal.sqlite"_s);
    {
        SqlJournal journal(old);
        JournalEntry entry;
        entry.at = QDateTime::currentMSecsSinceEpoch();
        entry.kind = JournalKind::Console;
        journal.write({entry});
    }
    Ctl drain({u"drain"_s, u"--url"_s, m_server->url().display(), QString::fromLatin1(soundWorker)});
    drain.with(u"XDG_DATA_HOME"_s, home.path());
    QCOMPARE(drain.run(), 0);
    QVERIFY(!QFile::exists(home.filePath(u"pulsedeck/journal.sqlite"_s)));
    SqlJournal journal(old);
    QSignalSpy answered(&journal, &Journal::answered);
    journal.query({}, journal.nextToken());
    QVERIFY(answered.wait(patience));
    QVERIFY(answered.first().at(1).value<JournalPage>().entries.size() > 2);
}

void CtlCommandsTest::commandsWithoutAJournal()
{
    addFleet();
    QFile file(m_home.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QString path = file.fileName() + u"/journal.sqlite"_s; // No folder can be made where a file is.
    QCOMPARE(act({u"drain"_s, QString::fromLatin1(soundWorker), u"--json"_s, u"--journal"_s, path}, true), 0);
    QVERIFY2(m_ctl->err.contains("Nothing is recorded: "), m_ctl->err.constData());
    QCOMPARE(m_ctl->err.count("Nothing is recorded"), 1);
    QCOMPARE(objects().first()[u"recorded"_s].toBool(), false);
    QCOMPARE(text({"HGET", "worker:" + soundWorker, "status"}), "draining"_ba);
}

void CtlCommandsTest::saysThatThereIsNoConnection()
{
    addFleet();
    FakeServer nobody;
    QVERIFY(nobody.listen());
    nobody.stopListening();
    const auto before = dump();
    QCOMPARE(act({u"drain"_s, QString::fromLatin1(soundWorker), u"--timeout"_s, u"2"_s, u"--url"_s, nobody.url().display()}), 3);
    QVERIFY(m_ctl->out.isEmpty());
    QVERIFY(!m_ctl->err.isEmpty());
    QVERIFY(dump() == before); // Not even on the one that is there.
}

PULSEDECK_TEST(CtlCommandsTest, runWithEvents)
#include "ctlcommands_test.moc"
