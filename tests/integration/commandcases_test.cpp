// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/ctlprocess.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

const QByteArray w1("chromium:w1");

} // namespace

/// What a real worker was seen to do around its commands, its own steps written by hand, and what pulsedeckctl makes of
/// it. Each run of the program is a fresh one that has watched nothing: what it is safe by has to stand in Redis.
class CommandCasesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void aLeavingWorkerIsNotResumed();
    void whatWasHeardIsNotWithdrawn();
    void aDrainedWorkerHidesNobodysCommand();
    void anOldNoteDoesNotResumeTheFleetsOwnDrain();
    void aYoungDrainIsResumedAndAnOldOneIfItIsMeant();
    void anUndoneDrainHasAWordOfItsOwn();
    void aLostKeyIsNoEnd();

private:
    QStringList withServer(const QStringList &arguments) const
    {
        return arguments + QStringList{u"--url"_s, m_server->url().display(), u"--journal"_s, u"none"_s};
    }
    int act(const QStringList &arguments)
    {
        m_ctl = std::make_unique<Ctl>(withServer(arguments));
        return m_ctl->run();
    }
    RedisValue run(const QByteArrayList &command) const { return m_server->command(command); }
    QByteArray status(const QByteArray &id) const { return run({"HGET", "worker:" + id, "status"}).text; }
    void setStatus(const QByteArray &id, const QByteArray &status) const { run({"HSET", "worker:" + id, "status", status}); }
    bool isCommanded(const QByteArray &id) const { return run({"EXISTS", "worker:cmd:" + id}).integer == 1; }
    void add(const QByteArray &id, int sessions, const QByteArray &status = "available") const
    {
        QVERIFY(addWorker(*m_server, id, status));
        run({"HSET", "cluster:active_connections", id, QByteArray::number(sessions)});
    }
    /// What list says of a worker.
    QJsonObject listed(const QByteArray &id)
    {
        Ctl list({u"list"_s, m_server->url().display(), u"--json"_s, u"--settle"_s, u"0"_s}); // Nobody beats here.
        list.run();
        const QJsonArray array = QJsonDocument::fromJson(list.out).array();
        for (const QJsonValue &worker : array) {
            if (worker[u"id"_s].toString().endsWith(QString::fromLatin1(id.mid(id.indexOf(':') + 1))))
                return worker.toObject();
        }
        return {};
    }

    std::unique_ptr<RedisServer> m_server;
    std::unique_ptr<Ctl> m_ctl;
};

void CommandCasesTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("There is no redis-server on this machine.");
}

void CommandCasesTest::init()
{
    m_server = std::make_unique<RedisServer>();
    QVERIFY2(m_server->start(), qPrintable(m_server->errorString()));
}

void CommandCasesTest::cleanup()
{
    m_ctl.reset();
    m_server.reset();
}

/// Drained by an operator, then told to shut down: it reads that at its heartbeat, and is on its way out.
void CommandCasesTest::aLeavingWorkerIsNotResumed()
{
    add(w1, 1);
    QCOMPARE(act({u"drain"_s, u"chromium:w1"_s}), 0);
    QCOMPARE(act({u"shutdown"_s, u"chromium:w1"_s}), 0);
    run({"DEL", "worker:cmd:" + w1});
    QCOMPARE(listed(w1)[u"flags"_s].toArray().contains(u"leaving"_s), true);
    for (const QStringList &further : {QStringList(), QStringList{u"--force"_s, u"--reason"_s, u"now"_s}}) {
        QCOMPARE(act(QStringList{u"resume"_s, u"chromium:w1"_s} + further), 1);
        QVERIFY2(m_ctl->out.contains("sent a shutdown"), m_ctl->out.constData());
        QCOMPARE(status(w1), "draining"_ba);
    }
}

void CommandCasesTest::whatWasHeardIsNotWithdrawn()
{
    add(w1, 1);
    // Its process, as far as Redis sees it.
    QProcess process;
    process.start(u"redis-cli"_s, {u"-s"_s, m_server->url().path, u"subscribe"_s, u"worker:cmd:chromium:w1"_s});
    QTRY_COMPARE_WITH_TIMEOUT(run({"PUBSUB", "NUMSUB", "worker:cmd:" + w1}).elements.at(1).integer, 1, patience);
    QCOMPARE(act({u"drain"_s, u"chromium:w1"_s}), 0);
    QCOMPARE(act({u"shutdown"_s, u"chromium:w1"_s, u"--now"_s}), 0);
    setStatus(w1, "draining");
    QCOMPARE(act({u"cancel"_s, u"chromium:w1"_s}), 1);
    QVERIFY2(m_ctl->out.contains("too late (it was announced"), m_ctl->out.constData());
    QVERIFY(isCommanded(w1));
    QCOMPARE(act({u"resume"_s, u"chromium:w1"_s}), 1);
    QCOMPARE(status(w1), "draining"_ba);
    process.kill();
    process.waitForFinished();
}

void CommandCasesTest::aDrainedWorkerHidesNobodysCommand()
{
    for (const char *id : {"chromium:w1", "chromium:w2", "chromium:w3"})
        add(id, 0);
    run({"SET", "worker:cmd:chromium:w2", "shutdown", "EX", "60"});
    QCOMPARE(act({u"drain"_s, u"chromium:w1"_s}), 0);
    for (int i = 0; i < 5; ++i)
        QVERIFY(!listed("chromium:w2")[u"pendingCommand"_s].isNull());
    QCOMPARE(act({u"drain"_s, u"chromium:w2"_s}), 1);
    QCOMPARE(status("chromium:w2"), "available"_ba);
    QCOMPARE(act({u"cancel"_s, u"chromium:w2"_s}), 0);
    QVERIFY(!isCommanded("chromium:w2"));
}

/// Its connection is re-made: it writes its status and leaves the note. Later the proxy tells it to go, and it reads
/// that.
void CommandCasesTest::anOldNoteDoesNotResumeTheFleetsOwnDrain()
{
    add(w1, 1);
    QCOMPARE(act({u"drain"_s, u"chromium:w1"_s}), 0);
    setStatus(w1, "available");
    setStatus(w1, "draining");
    // By Redis' clock a while ago; nothing else tells this drain from the one of the note.
    const qint64 since = run({"HGET", "worker:" + w1, "drainSince"}).text.toLongLong();
    QVERIFY(since > 0);
    run({"HSET", "worker:" + w1, "drainSince", QByteArray::number(since - 5'000)});
    QCOMPARE(act({u"resume"_s, u"chromium:w1"_s}), 1);
    QVERIFY2(m_ctl->out.contains("the drain was not seen to begin"), m_ctl->out.constData());
    QCOMPARE(status(w1), "draining"_ba);
}

void CommandCasesTest::aYoungDrainIsResumedAndAnOldOneIfItIsMeant()
{
    add(w1, 1);
    QCOMPARE(act({u"drain"_s, u"chromium:w1"_s}), 0);
    const qint64 since = run({"HGET", "worker:" + w1, "drainSince"}).text.toLongLong();
    // On a machine that takes its time the drain is no longer young: so it is made so.
    run({"HSET", "worker:" + w1, "drainSince", QByteArray::number(since + 20'000)});
    QCOMPARE(act({u"resume"_s, u"chromium:w1"_s}), 1); // In the future: no proof either.
    run({"HSET", "worker:" + w1, "drainSince", QByteArray::number(since - 60'000)});
    QCOMPARE(act({u"resume"_s, u"chromium:w1"_s, u"--force"_s}), 2);
    QVERIFY2(m_ctl->err.contains("--reason"), m_ctl->err.constData());
    QCOMPARE(status(w1), "draining"_ba);
    QCOMPARE(act({u"resume"_s, u"chromium:w1"_s, u"--force"_s, u"--reason"_s, u"patched"_s}), 0);
    QCOMPARE(status(w1), "available"_ba);
    QCOMPARE(run({"HEXISTS", "worker:" + w1, "drainedBy"}).integer, 0);
}

void CommandCasesTest::anUndoneDrainHasAWordOfItsOwn()
{
    add(w1, 1);
    QCOMPARE(act({u"drain"_s, u"chromium:w1"_s}), 0);
    setStatus(w1, "available");
    const QJsonArray flags = listed(w1)[u"flags"_s].toArray();
    QVERIFY(flags.contains(u"drain-undone"_s) && !flags.contains(u"drain-forgotten"_s));
    // Who has seen to it takes the note away.
    QCOMPARE(act({u"resume"_s, u"chromium:w1"_s}), 0);
    QVERIFY(!listed(w1)[u"flags"_s].toArray().contains(u"drain-undone"_s));
    QCOMPARE(status(w1), "available"_ba);
}

/// Its key is lost during the drain, while its counter says that a session is left; two seconds later it is back.
void CommandCasesTest::aLostKeyIsNoEnd()
{
    add(w1, 1);
    m_ctl = std::make_unique<Ctl>(withServer({u"shutdown"_s, u"chromium:w1"_s, u"--now"_s, u"--wait"_s}));
    m_ctl->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_ctl->out.contains("written"), patience);
    // It has to be seen draining before its key goes. Both in one go, so that each HMGET counted later reads the new
    // status.
    const QByteArrayList calls{"INFO", "commandstats"};
    const auto reads = [](const RedisValue &info) {
        const QByteArray name("cmdstat_hmget:calls=");
        const qsizetype at = info.text.indexOf(name);
        return at < 0 ? 0 : info.text.mid(at + name.size()).split(',').first().toInt();
    };
    const int before =
        reads(RedisClient(m_server->url()).pipeline({calls, {"HSET", "worker:" + w1, "status", "draining"}}).front());
    QTRY_VERIFY_WITH_TIMEOUT(reads(run(calls)) > before, patience);
    run({"DEL", "worker:" + w1});
    QTRY_VERIFY_WITH_TIMEOUT(m_ctl->out.contains("key lost, watching"), patience);
    QVERIFY(!m_ctl->out.contains("gone"));
    add(w1, 1);
    QTRY_VERIFY_WITH_TIMEOUT(m_ctl->out.contains("drain forgotten"), patience);
    // It ends its session and goes.
    run({"HSET", "cluster:active_connections", w1, "0"});
    setStatus(w1, "shutting-down");
    run({"DEL", "worker:" + w1});
    QCOMPARE(m_ctl->exitCode(), 0);
    QVERIFY2(m_ctl->out.contains("gone after") || m_ctl->out.contains(" after it took the command"), m_ctl->out.constData());
}

PULSEDECK_TEST(CommandCasesTest, runWithEvents)
#include "commandcases_test.moc"
