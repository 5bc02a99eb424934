// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/scriptcall.h"
#include "tests/commands/commandwatch.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using Outcome = CommandProgress::Outcome;

namespace {

const QByteArray someWorker("chromium:a");

/// What docs/commands.md gives an administrator to paste.
const QByteArrayList enough{"~worker:*", "~cluster:*", "%R~fleet:*", "&worker:cmd:*", "&__redis__:invalidate",
                            "-@all",     "+scan",      "+hscan",     "+hgetall",      "+hmget",
                            "+mget",     "+pttl",      "+type",      "+time",         "+pubsub",
                            "+client",   "+subscribe", "+ping",      "+eval",         "+set",
                            "+publish",  "+del",       "+hset",      "+hdel"};

} // namespace

/// Which acts a user of Redis may not carry out is known before one is tried, and said by the name of the right.
class CommandRightsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<CommandWatch> m_watch;

    QStringList denied() const
    {
        QStringList acts;
        for (const Act act : allActs) {
            if (!m_watch->status.rights.whyNot(act).isEmpty())
                acts.append(actName(act));
        }
        return acts;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void init()
    {
        m_watch = std::make_unique<CommandWatch>();
        QVERIFY(m_watch->startServer());
        m_watch->registerWorker(someWorker);
    }
    void cleanup() { m_watch.reset(); }

    void nothingIsAskedWhileNotWritable()
    {
        m_watch->watch();
        TRY_TRUE(m_watch->isWatching());
        QVERIFY(!m_watch->status.writable);
        QVERIFY(!m_watch->status.rights.known);
        QCOMPARE(m_watch->calls("eval"), 0);
        m_watch->source->setWritable(true);
        TRY_TRUE(m_watch->status.rights.known);
        QVERIFY(m_watch->status.writable);
        QCOMPARE(denied(), QStringList());
        const qint64 asked = m_watch->calls("eval");
        QVERIFY(asked > 0);
        m_watch->source->setWritable(false);
        TRY_TRUE(!m_watch->status.writable && !m_watch->status.rights.known);
        QCOMPARE(m_watch->calls("eval"), asked);
    }

    void probingChangesNothing()
    {
        const qint64 keys = m_watch->run({"DBSIZE"}).integer;
        const QByteArray before = m_watch->run({"INFO", "persistence"}).text;
        const auto changes = [](const QByteArray &info) {
            const qsizetype at = info.indexOf("rdb_changes_since_last_save:");
            return info.mid(at, info.indexOf('\r', at) - at);
        };
        QVERIFY(m_watch->watchWritable());
        QCOMPARE(denied(), QStringList());
        QCOMPARE(m_watch->run({"DBSIZE"}).integer, keys);
        QCOMPARE(changes(m_watch->run({"INFO", "persistence"}).text), changes(before));
        QCOMPARE(m_watch->calls("publish"), 0);
    }

    void theDocumentedRightsAreEnough()
    {
        QVERIFY(m_watch->watchWritable(m_watch->urlFor(enough)));
        QCOMPARE(denied(), QStringList());
        QCOMPARE(m_watch->status.state, SourceState::Live);
        QCOMPARE(m_watch->carryOut(Act::Drain, someWorker).outcome, Outcome::Done);
        QCOMPARE(m_watch->carryOut(Act::Resume, someWorker).outcome, Outcome::Done);
        QCOMPARE(m_watch->carryOut(Act::ShutdownNow, someWorker).outcome, Outcome::Written);
        QCOMPARE(m_watch->carryOut(Act::Cancel, someWorker).outcome, Outcome::Done);
        m_watch->run({"PERSIST", "worker:" + someWorker});
        Command remove = m_watch->commandFor(Act::RemoveKey, someWorker);
        remove.lastHeartbeat = m_watch->field(someWorker, "lastHeartbeat").toLongLong();
        QCOMPARE(m_watch->carryOut(remove).outcome, Outcome::Done);
        QCOMPARE(m_watch->carryOut(Act::Reap, someWorker).outcome, Outcome::Done);
        QCOMPARE(m_watch->lookUp(remove).outcome, Outcome::Found);
    }

    void eachMissingRightIsNamed_data()
    {
        QTest::addColumn<QByteArrayList>("missing");
        QTest::addColumn<QStringList>("acts");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const QByteArrayList &missing, const QStringList &acts, const QString &words) {
            QTest::newRow(name) << missing << acts << words;
        };
        row("SET", {"-set"}, {u"shutdown"_s, u"shutdown-now"_s}, u"SET on worker:cmd:* is not permitted"_s);
        row("PUBLISH", {"-publish"}, {u"shutdown-now"_s}, u"PUBLISH to worker:cmd:* is not permitted"_s);
        row("channel", {"resetchannels", "&__redis__:invalidate"}, {u"shutdown-now"_s},
            u"PUBLISH to worker:cmd:* is not permitted"_s);
        row("HSET", {"-hset"}, {u"drain"_s, u"resume"_s}, u"HSET on worker:* is not permitted"_s);
        row("HDEL", {"-hdel"}, {u"resume"_s, u"reap"_s}, u"HDEL on worker:* is not permitted"_s);
        row("DEL", {"-del"}, {u"cancel"_s, u"remove-key"_s}, u"DEL on worker:cmd:* is not permitted"_s);
        row("TYPE", {"-type"}, {u"shutdown"_s, u"shutdown-now"_s, u"drain"_s, u"resume"_s, u"reap"_s, u"remove-key"_s},
            u"TYPE on worker:* is not permitted"_s);
        row("two", {"-hset", "-hdel"}, {u"drain"_s, u"resume"_s, u"reap"_s}, u"HSET on worker:* is not permitted"_s);
        row("EVAL", {"-eval"},
            {u"shutdown"_s, u"shutdown-now"_s, u"drain"_s, u"resume"_s, u"cancel"_s, u"reap"_s, u"remove-key"_s},
            u"EVAL is not permitted"_s);
        row("counters", {"resetkeys", "~worker:*", "%R~cluster:*", "%R~fleet:*"}, {u"reap"_s},
            u"EVAL on cluster:* is not permitted"_s);
        row("workers", {"resetkeys", "%R~worker:*", "~cluster:*", "%R~fleet:*"},
            {u"shutdown"_s, u"shutdown-now"_s, u"drain"_s, u"resume"_s, u"cancel"_s, u"reap"_s, u"remove-key"_s},
            u"EVAL on worker:* is not permitted"_s);
    }
    void eachMissingRightIsNamed()
    {
        QFETCH(QByteArrayList, missing);
        QFETCH(QStringList, acts);
        QFETCH(QString, words);
        QVERIFY(m_watch->watchWritable(m_watch->urlFor(enough + missing)));
        QCOMPARE(denied(), acts);
        const QString why = m_watch->status.rights.whyNot(*actFromName(acts.first()));
        QVERIFY2(why == words || (acts.size() > 5 && why.startsWith(words.section(u" is not"_s, 0, 0))), qPrintable(why));

        // Tried all the same, Redis refuses, and nothing has changed.
        m_watch->run({"DEL", "worker:cmd:" + someWorker});
        for (const QString &name : acts) {
            const Act act = *actFromName(name);
            if (act == Act::Cancel)
                m_watch->run({"SET", "worker:cmd:" + someWorker, "shutdown", "EX", "60"});
            if (act == Act::Resume) {
                m_watch->run({"HSET", "worker:" + someWorker, "status", "draining", "drainedBy", "ann@desk", "drainedAt",
                              "1700000000000"});
            } else {
                m_watch->run({"HDEL", "worker:" + someWorker, "drainedBy"});
                m_watch->setStatus(someWorker, "available");
            }
            if (act == Act::RemoveKey)
                m_watch->run({"PERSIST", "worker:" + someWorker});
            if (act == Act::Reap)
                m_watch->run({"DEL", "worker:" + someWorker});
            else if (!m_watch->exists("worker:" + someWorker))
                m_watch->registerWorker(someWorker);
            if (act == Act::RemoveKey)
                m_watch->run({"PERSIST", "worker:" + someWorker});
            Command command = m_watch->commandFor(act, someWorker);
            command.lastHeartbeat = m_watch->field(someWorker, "lastHeartbeat").toLongLong();
            command.drainSeen = act == Act::Resume ? 1'700'000'000'000 : 0;
            const QByteArrayList before = snapshot();
            const CommandProgress answer = m_watch->carryOut(command);
            if (act == Act::ShutdownNow && acts.size() == 1) {
                // The command is given; only nobody is told before the next heartbeat.
                QCOMPARE(answer.outcome, Outcome::Written);
                QCOMPARE(answer.receivers, unknownValue);
                QCOMPARE(answer.text, u"PUBLISH not permitted: the command is read at the next heartbeat"_s);
                QCOMPARE(m_watch->commandKey(someWorker), "shutdown");
                continue;
            }
            QCOMPARE(answer.outcome, Outcome::Refused);
            QCOMPARE(answer.refusal, Refusal::NotPermitted);
            QVERIFY2(!answer.text.isEmpty() && !answer.text.contains(u"s3cret"_s), qPrintable(answer.text));
            // The call that was refused stands before Redis' words.
            const QString refused = m_watch->status.rights.whyNot(act).section(u' ', 0, 0);
            QVERIFY2(answer.text.startsWith(refused + u": "_s), qPrintable(answer.text));
            QVERIFY2(!answer.text.contains(u"user_script"_s), qPrintable(answer.text));
            QCOMPARE(snapshot(), before);
            m_watch->run({"DEL", "worker:cmd:" + someWorker});
        }
    }

    QByteArrayList snapshot()
    {
        QByteArrayList all;
        for (const RedisValue &value : m_watch->run({"HGETALL", "worker:" + someWorker}).elements)
            all.append(value.text);
        for (const char *hash : {"cluster:active_connections", "cluster:lifetime_connections"}) {
            for (const RedisValue &value : m_watch->run({"HGETALL", hash}).elements)
                all.append(value.text);
        }
        all.append(m_watch->commandKey(someWorker));
        return all;
    }

    void rightsAreAskedForAnewAfterAReconnect()
    {
        QVERIFY(m_watch->watchWritable(m_watch->urlFor(enough + QByteArrayList{"-set"})));
        QCOMPARE(denied(), QStringList({u"shutdown"_s, u"shutdown-now"_s}));
        m_watch->run({"ACL", "SETUSER", "console", "+set"});
        const quint32 generation = m_watch->status.generation;
        m_watch->run({"CLIENT", "KILL", "USER", "console"});
        TRY_TRUE(m_watch->status.generation > generation && m_watch->status.rights.known);
        QCOMPARE(denied(), QStringList());
    }

    void aReplicaSaysSo()
    {
        RedisServer::Options options;
        options.tcp = true;
        RedisServer master;
        QVERIFY(master.start(options));
        RedisServer replica;
        options.arguments = {u"--replicaof"_s, u"127.0.0.1 %1"_s.arg(master.tcpUrl().port)};
        QVERIFY(replica.start(options));
        RedisClient onMaster(master.url());
        onMaster.command({"HSET", "worker:" + someWorker, "id", "a", "status", "available"});
        onMaster.command({"EXPIRE", "worker:" + someWorker, "60"});
        RedisClient onReplica(replica.url());
        TRY_EQUAL(onReplica.command({"EXISTS", "worker:" + someWorker}).integer, 1);

        QVERIFY(m_watch->watchWritable(replica.url()));
        QCOMPARE(denied().size(), commonActs.size());
        QVERIFY(m_watch->status.rights.nothing);
        for (const Act act : commonActs)
            QCOMPARE(m_watch->status.rights.whyNot(act), u"this server is a replica"_s);
        const CommandProgress answer = m_watch->carryOut(Act::Shutdown, someWorker);
        QCOMPARE(answer.outcome, Outcome::Refused);
        QCOMPARE(answer.refusal, Refusal::Replica);
        QCOMPARE(m_watch->carryOut(Act::Drain, someWorker).refusal, Refusal::Replica);
        m_watch->source.reset();
    }

    void aServerThatCannotBeAskedIsTried_data()
    {
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<QByteArrayList>("command");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("SET allowed") << QByteArray("+set")
                                     << QByteArrayList{"SET", "worker:cmd:none", "shutdown", "EX", "1", "XX"} << true;
        QTest::newRow("SET denied") << QByteArray("-set") << QByteArrayList{"SET", "worker:cmd:none", "shutdown", "EX", "1", "XX"}
                                    << false;
        QTest::newRow("HSET allowed") << QByteArray("+hset")
                                      << QByteArrayList{"HSET", "worker:cmd:none", "status", "draining", "drainedBy"} << true;
        QTest::newRow("HSET denied") << QByteArray("-hset")
                                     << QByteArrayList{"HSET", "worker:cmd:none", "status", "draining", "drainedBy"} << false;
        QTest::newRow("PUBLISH denied") << QByteArray("-publish") << QByteArrayList{"PUBLISH", "worker:cmd:none", ""} << false;
    }
    /// What servers before version 7 go through: the same script, without the function they do not have.
    void aServerThatCannotBeAskedIsTried()
    {
        QFETCH(QByteArray, right);
        QFETCH(QByteArrayList, command);
        QFETCH(bool, allowed);
        QByteArray script = scriptText("rights");
        QVERIFY(script.contains("redis.acl_check_cmd"));
        script.replace("redis.acl_check_cmd", "redis.not_there");
        m_watch->urlFor(enough + QByteArrayList{right});
        RedisClient client(m_watch->server.url());
        QVERIFY(client.command({"AUTH", "console", "s3cret"}).ok());
        const qint64 keys = m_watch->run({"DBSIZE"}).integer;
        const RedisValue answer = client.command(QByteArrayList{"EVAL", script, "1", "worker:cmd:none"} + command);
        QVERIFY2(answer.ok() && !answer.elements.empty(), answer.text.constData());
        const bool said = answer.elements.size() < 3 || refusalOf(answer.elements[2].text) != Refusal::NotPermitted;
        QCOMPARE(said, allowed);
        QCOMPARE(m_watch->run({"DBSIZE"}).integer, keys);
    }

    void serverWordsAreSorted_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<int>("refusal");
        const auto row = [](const char *name, const char *words, Refusal refusal) {
            QTest::newRow(name) << QByteArray(words) << int(refusal);
        };
        row("7", "NOPERM this user has no permissions to run the 'set' command", Refusal::NotPermitted);
        row("7 raised",
            "ERR NOPERM The user executing the script can't run this command or subcommand script: 5b, on @user_script:1.",
            Refusal::NotPermitted);
        row("6 raised", "ERR Error running script (call to f_5b): @user_script:1: @user_script: 1: -NOPERM No permissions",
            Refusal::NotPermitted);
        row("6 inside", "The user executing the script can't access at least one of the keys mentioned in the command arguments",
            Refusal::NotPermitted);
        row("replica", "READONLY You can't write against a read only replica.", Refusal::Replica);
        row("replica raised",
            "ERR Error running script (call to f_5b): @user_script:1: -READONLY You can't write against a read only replica.",
            Refusal::Replica);
        row("memory", "OOM command not allowed when used memory > 'maxmemory'.", Refusal::Server);
        row("disk", "MISCONF Redis is configured to save RDB snapshots", Refusal::Server);
    }
    void serverWordsAreSorted()
    {
        QFETCH(QByteArray, words);
        QFETCH(int, refusal);
        QCOMPARE(int(refusalOf(words)), refusal);
    }
};

PULSEDECK_TEST(CommandRightsTest, runWithEvents)
#include "commandrights_test.moc"
