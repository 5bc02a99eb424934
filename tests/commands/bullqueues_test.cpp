// SPDX-License-Identifier: GPL-3.0-or-later
// Pause and resume of BullMQ's queues on a real Redis: by version, with the bytes that are shown.
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "tests/commands/layoutbench.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using BullOutcome = CommandProgress::Outcome;

class BullQueuesTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<LayoutBench> m_bench;

    static Layout builtIn(const QString &name)
    {
        const Layout *layout = LayoutCatalog::builtIn().find(name);
        return layout ? *layout : Layout();
    }
    Command commandFor(Act act, const QByteArray &queue = "emails", const QString &system = u"bullmq"_s) const
    {
        Command command = m_bench->commandFor(act, {});
        command.scope = ActScope::Queue;
        command.queue = queue;
        command.system = system;
        return command;
    }
    bool start(const QByteArray &version)
    {
        m_bench = std::make_unique<LayoutBench>();
        const Layout found = builtIn(u"bullmq"_s);
        if (!m_bench->start(found, found.prefix))
            return false;
        m_bench->run({"HSET", "bull:emails:meta", "opts.maxLenEvents", "10000"});
        if (!version.isEmpty())
            m_bench->run({"HSET", "bull:emails:meta", "version", version});
        m_bench->run({"RPUSH", "bull:emails:wait", "1", "2"});
        m_bench->run({"ZADD", "bull:emails:marker", "0", "0"});
        return true;
    }
    void refused(Act act, const QString &words)
    {
        const QByteArrayList before = m_bench->digest();
        const CommandProgress answer = m_bench->carryOut(commandFor(act));
        QCOMPARE(answer.outcome, BullOutcome::Refused);
        QCOMPARE(answer.refusal, Refusal::GuardFailed);
        QVERIFY2(answer.text.contains(words), qPrintable(answer.text));
        QCOMPARE(m_bench->digest(), before);
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }
    void cleanup() { m_bench.reset(); }

    void pausedAndResumed()
    {
        QVERIFY(start("bullmq:6.7.0"));
        WireMonitor wire(m_bench->server);
        QVERIFY(wire.ready);
        const Command pause = commandFor(Act::PauseQueue);
        QCOMPARE(m_bench->scripts->bytesFor(pause),
                 QStringList({u"RENAMENX bull:emails:wait bull:emails:paused # if bull:emails:meta version begins with bullmq:5. "
                              "and bull:emails:wait is there"_s,
                              u"HSET bull:emails:meta paused 1"_s, u"DEL bull:emails:marker"_s}));
        QCOMPARE(m_bench->carryOut(pause).outcome, BullOutcome::Done);
        QCOMPARE(m_bench->run({"HGET", "bull:emails:meta", "paused"}).text, "1");
        QCOMPARE(m_bench->run({"EXISTS", "bull:emails:marker"}).integer, 0);
        QCOMPARE(m_bench->list("bull:emails:wait"), QByteArrayList({"1", "2"})); // Never renamed.
        refused(Act::PauseQueue, u"paused already"_s);
        const Command resume = commandFor(Act::ResumeQueue);
        QCOMPARE(m_bench->scripts->bytesFor(resume),
                 QStringList({u"RENAMENX bull:emails:paused bull:emails:wait # if bull:emails:meta version begins with bullmq:5. "
                              "and bull:emails:paused is there"_s,
                              u"ZADD bull:emails:marker 0 0 # if bull:emails:wait or bull:emails:prioritized is there"_s,
                              u"HDEL bull:emails:meta paused"_s}));
        QCOMPARE(m_bench->carryOut(resume).outcome, BullOutcome::Done);
        QCOMPARE(m_bench->run({"HEXISTS", "bull:emails:meta", "paused"}).integer, 0);
        QCOMPARE(m_bench->run({"ZSCORE", "bull:emails:marker", "0"}).text, "0");
        refused(Act::ResumeQueue, u"not paused"_s);
        QVERIFY(wire.waitFor("\"HDEL\" \"bull:emails:meta\" \"paused\""));
        QByteArrayList writes;
        for (const QByteArray &line : wire.fromScripts()) {
            if (!line.startsWith("\"HMGET\"") && !line.startsWith("\"EXISTS\""))
                writes.append(line);
        }
        QCOMPARE(writes,
                 QByteArrayList({"\"HSET\" \"bull:emails:meta\" \"paused\" \"1\"", "\"DEL\" \"bull:emails:marker\"",
                                 "\"ZADD\" \"bull:emails:marker\" \"0\" \"0\"", "\"HDEL\" \"bull:emails:meta\" \"paused\""}));
    }

    /// Workers that wait are woken only if there is a job for them.
    void resumedWithoutJobs()
    {
        QVERIFY(start("bullmq:6.7.0"));
        QCOMPARE(m_bench->carryOut(commandFor(Act::PauseQueue)).outcome, BullOutcome::Done);
        m_bench->run({"DEL", "bull:emails:wait"});
        QCOMPARE(m_bench->carryOut(commandFor(Act::ResumeQueue)).outcome, BullOutcome::Done);
        QCOMPARE(m_bench->run({"EXISTS", "bull:emails:marker"}).integer, 0);
        QCOMPARE(m_bench->run({"HEXISTS", "bull:emails:meta", "paused"}).integer, 0);
        QCOMPARE(m_bench->carryOut(commandFor(Act::PauseQueue)).outcome, BullOutcome::Done);
        m_bench->run({"ZADD", "bull:emails:prioritized", "1", "3"});
        QCOMPARE(m_bench->carryOut(commandFor(Act::ResumeQueue)).outcome, BullOutcome::Done);
        QCOMPARE(m_bench->run({"ZSCORE", "bull:emails:marker", "0"}).text, "0");
    }

    void otherVersionsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("version");
        QTest::newRow("50") << QByteArray("bullmq:50.0.0");
        QTest::newRow("4") << QByteArray("bullmq:4.0.0");
        QTest::newRow("none") << QByteArray();
        QTest::newRow("60") << QByteArray("bullmq:60.1.0");
        QTest::newRow("another") << QByteArray("other:6.0.0");
    }
    void otherVersionsAreRefused()
    {
        QFETCH(QByteArray, version);
        QVERIFY(start(version));
        refused(Act::PauseQueue, u"BullMQ 5 and 6 only"_s);
        m_bench->run({"HSET", "bull:emails:meta", "paused", "1"});
        refused(Act::ResumeQueue, u"BullMQ 5 and 6 only"_s);
    }

    void aQueueThatIsNotThere()
    {
        QVERIFY(start("bullmq:6.7.0"));
        m_bench->run({"DEL", "bull:emails:meta"});
        refused(Act::PauseQueue, u"BullMQ 5 and 6 only"_s);
        m_bench->run({"SET", "bull:emails:meta", "x"});
        const QByteArrayList before = m_bench->digest();
        QCOMPARE(m_bench->carryOut(commandFor(Act::PauseQueue)).outcome, BullOutcome::Refused);
        QCOMPARE(m_bench->digest(), before);
    }

    /// Up to version 5 the jobs are in another list while a queue is paused: each is in one of the two, in the same order.
    void versionFiveMovesTheJobs()
    {
        QVERIFY(start("bullmq:5.76.10"));
        WireMonitor wire(m_bench->server);
        QVERIFY(wire.ready);
        QCOMPARE(m_bench->carryOut(commandFor(Act::PauseQueue)).outcome, BullOutcome::Done);
        QCOMPARE(m_bench->run({"EXISTS", "bull:emails:wait", "bull:emails:marker"}).integer, 0);
        QCOMPARE(m_bench->list("bull:emails:paused"), QByteArrayList({"1", "2"}));
        QCOMPARE(m_bench->run({"HGET", "bull:emails:meta", "paused"}).text, "1");
        refused(Act::PauseQueue, u"paused already"_s);
        m_bench->run({"LPUSH", "bull:emails:paused", "3"}); // Added meanwhile.
        QCOMPARE(m_bench->carryOut(commandFor(Act::ResumeQueue)).outcome, BullOutcome::Done);
        QCOMPARE(m_bench->run({"EXISTS", "bull:emails:paused"}).integer, 0);
        QCOMPARE(m_bench->list("bull:emails:wait"), QByteArrayList({"3", "1", "2"}));
        QCOMPARE(m_bench->run({"HEXISTS", "bull:emails:meta", "paused"}).integer, 0);
        QCOMPARE(m_bench->run({"ZSCORE", "bull:emails:marker", "0"}).text, "0");
        refused(Act::ResumeQueue, u"not paused"_s);
        QVERIFY(wire.waitFor("\"HDEL\" \"bull:emails:meta\" \"paused\""));
        QVERIFY(wire.fromScripts().contains("\"RENAMENX\" \"bull:emails:wait\" \"bull:emails:paused\""));
        QVERIFY(wire.fromScripts().contains("\"RENAMENX\" \"bull:emails:paused\" \"bull:emails:wait\""));
    }

    void versionFiveWithoutJobs()
    {
        QVERIFY(start("bullmq:5.0.0"));
        m_bench->run({"DEL", "bull:emails:wait"});
        QCOMPARE(m_bench->carryOut(commandFor(Act::PauseQueue)).outcome, BullOutcome::Done);
        QCOMPARE(m_bench->run({"HGET", "bull:emails:meta", "paused"}).text, "1");
        QCOMPARE(m_bench->carryOut(commandFor(Act::ResumeQueue)).outcome, BullOutcome::Done);
        QCOMPARE(m_bench->run({"EXISTS", "bull:emails:wait", "bull:emails:paused", "bull:emails:marker"}).integer, 0);
    }

    /// Jobs in both lists: nothing is moved over any of them, and nothing else is written.
    void noJobIsOverwritten()
    {
        QVERIFY(start("bullmq:5.76.10"));
        m_bench->run({"RPUSH", "bull:emails:paused", "9"});
        refused(Act::PauseQueue, u"bull:emails:paused is there already"_s);
        m_bench->run({"HSET", "bull:emails:meta", "paused", "1"});
        refused(Act::ResumeQueue, u"bull:emails:wait is there already"_s);
    }

    void bullMovesTheJobs()
    {
        m_bench = std::make_unique<LayoutBench>();
        QVERIFY(m_bench->start(builtIn(u"bull"_s), "bull:"));
        m_bench->run({"RPUSH", "bull:emails:wait", "1", "2"});
        const Command pause = commandFor(Act::PauseQueue, "emails", u"bull"_s);
        const Command resume = commandFor(Act::ResumeQueue, "emails", u"bull"_s);
        const auto carriedOut = [this](const Command &command) { return m_bench->carryOut(command); };
        QVERIFY(carriedOut(pause).text.contains(u"no such queue"_s));
        m_bench->run({"SET", "bull:emails:id", "2"});
        QVERIFY(carriedOut(resume).text.contains(u"not paused"_s));
        QCOMPARE(m_bench->scripts->bytesFor(pause),
                 QStringList({u"RENAMENX bull:emails:wait bull:emails:paused # if bull:emails:wait is there"_s,
                              u"SET bull:emails:meta-paused 1"_s}));
        QCOMPARE(carriedOut(pause).outcome, BullOutcome::Done);
        QCOMPARE(m_bench->run({"GET", "bull:emails:meta-paused"}).text, "1");
        QCOMPARE(m_bench->run({"EXISTS", "bull:emails:wait"}).integer, 0);
        QCOMPARE(m_bench->list("bull:emails:paused"), QByteArrayList({"1", "2"}));
        QVERIFY(carriedOut(pause).text.contains(u"paused already"_s));
        // An old one adds there all the same: its jobs stay, and so do those of the other list.
        m_bench->run({"RPUSH", "bull:emails:wait", "3"});
        const QByteArrayList both = m_bench->digest();
        const CommandProgress taken = carriedOut(resume);
        QCOMPARE(taken.outcome, BullOutcome::Refused);
        QVERIFY2(taken.text.contains(u"bull:emails:wait is there already"_s), qPrintable(taken.text));
        QCOMPARE(m_bench->digest(), both);
        m_bench->run({"DEL", "bull:emails:wait"});
        QCOMPARE(carriedOut(resume).outcome, BullOutcome::Done);
        QCOMPARE(m_bench->list("bull:emails:wait"), QByteArrayList({"1", "2"}));
        QCOMPARE(m_bench->run({"EXISTS", "bull:emails:paused", "bull:emails:meta-paused"}).integer, 0);
        // What has keys of BullMQ is not paused by half.
        m_bench->run({"HSET", "bull:emails:meta", "paused", "0"});
        QVERIFY(carriedOut(pause).text.contains(u"keys of BullMQ"_s));
        QCOMPARE(m_bench->list("bull:emails:wait"), QByteArrayList({"1", "2"}));
    }

    /// No more than these: nothing of a job.
    void itsRights_data()
    {
        QTest::addColumn<QByteArray>("version");
        QTest::newRow("5") << QByteArray("bullmq:5.76.10");
        QTest::newRow("6") << QByteArray("bullmq:6.7.0");
    }
    void itsRights()
    {
        QFETCH(QByteArray, version);
        QVERIFY(start(version));
        m_bench->run({"ACL", "SETUSER", "console", "reset", "on", ">s3cret", "resetchannels", "+@connection", "+eval", "+evalsha",
                      "+script|load", "+hmget", "+hset", "+hdel", "+del", "+zadd", "+exists", "+renamenx", "~bull:*:meta",
                      "~bull:*:marker",
                      // A key that a script reads has to be named as written, too.
                      "~bull:*:wait", "~bull:*:paused", "~bull:*:prioritized"});
        RedisUrl url = m_bench->server.url();
        url.user = u"console"_s;
        url.password = u"s3cret"_s;
        QVERIFY(m_bench->connectAs(url));
        QCOMPARE(m_bench->carryOut(commandFor(Act::PauseQueue)).outcome, BullOutcome::Done);
        QCOMPARE(m_bench->carryOut(commandFor(Act::ResumeQueue)).outcome, BullOutcome::Done);
    }
};

PULSEDECK_TEST(BullQueuesTest, runWithEvents)
#include "bullqueues_test.moc"
