// SPDX-License-Identifier: GPL-3.0-or-later
// Commands of layouts on a real Redis: guards, exact bytes, withdrawal, proof.
#include "app/redis/layoutdialect.h"
#include "app/redis/redissource.h"
#include "tests/commands/layoutbench.h"
#include "tests/support/patience.h"
#include "tests/support/testprogram.h"

#include <QThread>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using LayoutOutcome = CommandProgress::Outcome;

namespace {

const QByteArray process = "app-2:18412:9f2c41ab77de";
const QByteArray waiting = process + "-signals";

} // namespace

class LayoutScriptsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<LayoutBench> m_bench;

    void refused(Act act, const QByteArray &worker, Refusal refusal, const QString &words = {})
    {
        const QByteArrayList before = m_bench->digest();
        const CommandProgress answer = m_bench->carryOut(act, worker);
        QCOMPARE(answer.outcome, LayoutOutcome::Refused);
        QCOMPARE(answer.refusal, refusal);
        if (!words.isEmpty())
            QVERIFY2(answer.text.contains(words), qPrintable(answer.text));
        QCOMPARE(m_bench->digest(), before);
    }

    void addWorker(const QByteArray &name, const QByteArray &state = "idle")
    {
        m_bench->run({"SADD", "rq:workers", "rq:worker:" + name});
        m_bench->run({"HSET", "rq:worker:" + name, "state", state, "birth", "2026-01-02T03:04:05.5Z", "last_heartbeat",
                      "2026-01-02T03:04:05.678901Z"});
        m_bench->run({"EXPIRE", "rq:worker:" + name, "480"});
    }

    void runSetUser(const QByteArrayList &rights)
    {
        m_bench->run(QByteArrayList{"ACL", "SETUSER", "console", "reset", "on", ">s3cret"} + rights);
    }
    RedisUrl userUrl() const
    {
        RedisUrl url = m_bench->server.url();
        url.user = u"console"_s;
        url.password = u"s3cret"_s;
        return url;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }
    void init()
    {
        m_bench = std::make_unique<LayoutBench>();
        QVERIFY(m_bench->start(TestLayouts::sidekiq()));
        m_bench->addProcess(process);
    }
    void cleanup() { m_bench.reset(); }

    void quietIsWrittenOnceWithItsTtl()
    {
        const Command drain = m_bench->commandFor(Act::Drain, process);
        QCOMPARE(m_bench->carryOut(drain).outcome, LayoutOutcome::Written);
        QCOMPARE(m_bench->list(waiting), QByteArrayList({"TSTP"}));
        const qint64 left = m_bench->run({"PTTL", waiting}).integer;
        QVERIFY(left > 50'000 && left <= 60'000);
        // One at a time: a second one would be a second beat.
        refused(Act::Shutdown, process, Refusal::SignalWaiting, u"1 in app-2"_s);
        QVERIFY(!m_bench->isSaid(drain, LayoutOutcome::PickedUp, 700));
        // The worker takes it.
        QCOMPARE(m_bench->run({"RPOP", waiting}).text, "TSTP");
        QVERIFY(m_bench->isSaid(drain, LayoutOutcome::PickedUp));
        QCOMPARE(m_bench->said(drain).size(), 2);
    }

    void theBytesOnTheWireAreTheBytesShown()
    {
        const WireMonitor monitor(m_bench->server);
        QVERIFY(monitor.ready);
        const Command stop = m_bench->commandFor(Act::Shutdown, process);
        QCOMPARE(m_bench->scripts->bytesFor(stop), QStringList({u"LPUSH app-2:18412:9f2c41ab77de-signals TERM"_s,
                                                                u"EXPIRE app-2:18412:9f2c41ab77de-signals 60"_s}));
        QCOMPARE(m_bench->carryOut(stop).outcome, LayoutOutcome::Written);
        auto &wire = const_cast<WireMonitor &>(monitor);
        QVERIFY(wire.waitFor("\"EXPIRE\" \"app-2:18412:9f2c41ab77de-signals\" \"60\""));
        QByteArrayList writes;
        for (const QByteArray &line : wire.fromScripts()) {
            if (line.startsWith("\"LPUSH\"") || line.startsWith("\"EXPIRE\""))
                writes.append(line);
        }
        QCOMPARE(writes, QByteArrayList({"\"LPUSH\" \"app-2:18412:9f2c41ab77de-signals\" \"TERM\"",
                                         "\"EXPIRE\" \"app-2:18412:9f2c41ab77de-signals\" \"60\""}));
        QCOMPARE(m_bench->scripts->bytesFor(m_bench->commandFor(Act::Drain, "a 'b\xff:1:0")).first(),
                 u"LPUSH \"a 'b\\xff:1:0-signals\" TSTP"_s);
    }

    void withdrawnInTimeOrTooLate()
    {
        const Command drain = m_bench->commandFor(Act::Drain, process);
        QCOMPARE(m_bench->carryOut(drain).outcome, LayoutOutcome::Written);
        Command cancel = m_bench->commandFor(Act::Cancel, process);
        cancel.undoes = Act::Drain;
        QCOMPARE(m_bench->carryOut(cancel).outcome, LayoutOutcome::Done);
        QVERIFY(m_bench->list(waiting).isEmpty());
        // What was withdrawn is not taken for read.
        QVERIFY(!m_bench->isSaid(drain, LayoutOutcome::PickedUp, 900));

        QCOMPARE(m_bench->carryOut(Act::Shutdown, process).outcome, LayoutOutcome::Written);
        cancel = m_bench->commandFor(Act::Cancel, process);
        cancel.undoes = Act::Drain; // Another one's command stays.
        QCOMPARE(m_bench->carryOut(cancel).outcome, LayoutOutcome::TooLate);
        QCOMPARE(m_bench->list(waiting), QByteArrayList({"TERM"}));
        m_bench->run({"RPOP", waiting});
        cancel = m_bench->commandFor(Act::Cancel, process);
        cancel.undoes = Act::Shutdown;
        const CommandProgress late = m_bench->carryOut(cancel);
        QCOMPARE(late.outcome, LayoutOutcome::TooLate);
        QCOMPARE(late.note, CommandNote::PickedUpAlready);
    }

    /// That its list is empty is all that is seen: another console's withdrawal looks the same.
    void whatAnotherConsoleWithdrewIsNotSurelyTaken()
    {
        const Command drain = m_bench->commandFor(Act::Drain, process);
        QCOMPARE(m_bench->carryOut(drain).outcome, LayoutOutcome::Written);
        m_bench->run({"LREM", waiting, "1", "TSTP"});
        QVERIFY(m_bench->isSaid(drain, LayoutOutcome::PickedUp));
        QCOMPARE(m_bench->said(drain).last().note, CommandNote::TakenOrWithdrawn);
    }

    void nothingIsWrittenWithoutItsGuard()
    {
        // Its record is there and its name is not: it has left, and the hash stays for a while.
        m_bench->run({"SREM", "processes", process});
        refused(Act::Drain, process, Refusal::NotRegistered);
        // Its name is there and its record is not: a ghost.
        m_bench->run({"SADD", "processes", process});
        m_bench->run({"DEL", process});
        refused(Act::Shutdown, process, Refusal::KeyGone);
        refused(Act::Dump, "nobody:1:2", Refusal::KeyGone);
        m_bench->addProcess(process, R"({"pid":1,"embedded":true})");
        refused(Act::Drain, process, Refusal::GuardFailed, u"embedded is true"_s);
        m_bench->addProcess(process, "no JSON");
        refused(Act::Drain, process, Refusal::GuardFailed);
        m_bench->addProcess(process, R"({"pid":1,"embedded":null})");
        QCOMPARE(m_bench->carryOut(Act::Drain, process).outcome, LayoutOutcome::Written);
        m_bench->run({"DEL", waiting});
        m_bench->run({"SET", waiting, "no list"});
        refused(Act::Drain, process, Refusal::NotAHash);
        refused(Act::Resume, process, Refusal::NotOffered);
        refused(Act::PauseFleet, {}, Refusal::NotOffered);
    }

    void aGhostIsRemovedOnlyIfItIsOne()
    {
        refused(Act::Reap, process, Refusal::KeyBack);
        m_bench->run({"DEL", process});
        QCOMPARE(m_bench->carryOut(Act::Reap, process).outcome, LayoutOutcome::Done);
        QCOMPARE(m_bench->run({"SCARD", "processes"}).integer, 0);
    }

    /// The record that named its queues is gone: what is left is looked for in all, also where a key of the queue decides.
    void whatIsLeftInQueuesIsRemovedWhereItsKeyIsThere()
    {
        Layout layout = TestLayouts::sidekiq();
        const auto ifQueue = [](const QByteArray &key) {
            LayoutOp op = TestLayouts::op(LayoutOp::Kind::Del, key, {});
            op.ifAny = {LayoutText("{prefix}list:{queue}")};
            return op;
        };
        layout.reap->ops = {ifQueue("{prefix}taken:{queue}:{id}"), ifQueue("{prefix}mark:{id}"),
                            TestLayouts::op(LayoutOp::Kind::SRem, "{prefix}serving:{queue}", "{queue}/{id}"),
                            layout.reap->ops.front()};
        m_bench->scripts = std::make_unique<LayoutScripts>(layout, QByteArray(), LayoutScripts::TierOf(), [] {
            return QByteArrayList{"a", "b"};
        });
        QVERIFY(m_bench->connectAs(m_bench->server.url()));
        m_bench->run({"DEL", process});
        m_bench->run({"MSET", "taken:a:" + process, "1", "taken:b:" + process, "1", "mark:" + process, "1"});
        m_bench->run({"SADD", "serving:a", "a/" + process, "a/other"});
        QCOMPARE(m_bench->carryOut(Act::Reap, process).outcome, LayoutOutcome::Done); // No queue has its key.
        QCOMPARE(m_bench->run({"EXISTS", "taken:a:" + process, "taken:b:" + process, "mark:" + process}).integer, 3);
        QCOMPARE(m_bench->run({"SMEMBERS", "serving:a"}).elements.size(), 1);
        m_bench->run({"SADD", "processes", process});
        m_bench->run({"SET", "list:b", "1"});
        QCOMPARE(m_bench->scripts->bytesFor(m_bench->commandFor(Act::Reap, process)).filter(u"mark:"_s),
                 QStringList{u"DEL mark:"_s + QString::fromLatin1(process) + u" # if list:a or list:b is there"_s});
        QCOMPARE(m_bench->carryOut(Act::Reap, process).outcome, LayoutOutcome::Done);
        QCOMPARE(m_bench->run({"EXISTS", "taken:a:" + process}).integer, 1);
        QCOMPARE(m_bench->run({"EXISTS", "taken:b:" + process, "mark:" + process}).integer, 0);
        QCOMPARE(m_bench->run({"SCARD", "processes"}).integer, 0);
    }

    void hostileIds_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::newRow("spaces") << "a b\tc:1:ff"_ba;
        QTest::newRow("braces") << "{id}{prefix}{{queue}}:1:ff"_ba;
        QTest::newRow("not UTF-8") << "h\xff\xfe\xc3:77:0a"_ba;
        QTest::newRow("lines") << "a\r\nb\n:1:2"_ba;
        QTest::newRow("zero") << QByteArray("a\0b:1:2", 7);
        QTest::newRow("Lua") << "'..redis.call('FLUSHALL')..':1:2"_ba;
        QTest::newRow("long") << QByteArray(512, 'x');
        QTest::newRow("marks") << "{now-s}{now-ms}:1:2"_ba;
    }
    void hostileIds()
    {
        QFETCH(QByteArray, id);
        m_bench->addProcess(id);
        const qint64 keys = m_bench->run({"DBSIZE"}).integer;
        QCOMPARE(m_bench->carryOut(Act::Drain, id).outcome, LayoutOutcome::Written);
        QCOMPARE(m_bench->list(id + "-signals"), QByteArrayList({"TSTP"}));
        QCOMPARE(m_bench->run({"DBSIZE"}).integer, keys + 1);
        QVERIFY(!m_bench->scripts->bytesFor(m_bench->commandFor(Act::Drain, id)).isEmpty());
    }

    void lookedUp()
    {
        const Command drain = m_bench->commandFor(Act::Drain, process);
        m_bench->carryOut(drain);
        CommandProgress found = m_bench->lookUp(drain);
        QCOMPARE(found.outcome, LayoutOutcome::Found);
        QVERIFY(found.keyPresent && found.commandPresent && !found.pickedUp);
        QVERIFY(found.commandTtl > 50'000 && found.commandTtl <= 60'000);
        QVERIFY(!m_bench->lookUp(m_bench->commandFor(Act::Shutdown, process)).commandPresent);
        m_bench->run({"DEL", waiting});
        found = m_bench->lookUp(drain);
        QVERIFY(found.keyPresent && !found.commandPresent && !found.pickedUp); // That nothing waits proves nothing.
        QCOMPARE(found.commandTtl, unknownValue);
        m_bench->run({"SREM", "processes", process});
        QVERIFY(!m_bench->lookUp(drain).keyPresent);
    }

    void aCommandThatWaitsIsFollowedAfterALookUp()
    {
        m_bench->run({"LPUSH", waiting, "TSTP"});
        m_bench->run({"EXPIRE", waiting, "60"});
        const Command drain = m_bench->commandFor(Act::Drain, process);
        QVERIFY(m_bench->lookUp(drain).commandPresent);
        m_bench->run({"RPOP", waiting});
        QVERIFY(m_bench->isSaid(drain, LayoutOutcome::PickedUp));
    }

    /// The console makes a source on one thread and moves it to another one.
    void aPickUpIsSeenOnTheThreadOfTheSource()
    {
        RedisSourceOptions options;
        options.dialects = {[](RedisSession &session) {
            return std::make_unique<LayoutDialect>(session, TestLayouts::sidekiq(), std::vector<TraitsRef>(), QByteArray());
        }};
        RedisSource source(1, m_bench->server.url(), options, m_bench->clock);
        bool live = false;
        QObject::connect(&source, &FleetSource::statusChanged, this, [&live](const SourceStatus &status) {
            live = (status.state == SourceState::Live || status.state == SourceState::Sweeping) && status.rights.known;
        });
        QList<CommandProgress::Outcome> outcomes;
        QObject::connect(&source, &FleetSource::commandsProgressed, this, [&outcomes](const QList<CommandProgress> &progress) {
            for (const CommandProgress &one : progress)
                outcomes.append(one.outcome);
        });
        QThread thread;
        thread.start();
        source.moveToThread(&thread);
        const Command stop = m_bench->commandFor(Act::Shutdown, process);
        const auto onItsThread = [&source](const auto &what) {
            QMetaObject::invokeMethod(&source, what, Qt::BlockingQueuedConnection);
        };
        onItsThread([&source] {
            source.setWritable(true);
            source.start();
        });
        const bool ready = QTest::qWaitFor([&live] { return live; }, patience);
        onItsThread([&source, &stop] { source.carryOut({stop}); });
        const bool written = QTest::qWaitFor([&] { return outcomes.contains(LayoutOutcome::Written); }, patience);
        m_bench->run({"RPOP", waiting});
        const bool pickedUp = QTest::qWaitFor([&] { return outcomes.contains(LayoutOutcome::PickedUp); }, patience);
        onItsThread([&source, home = QThread::currentThread()] {
            source.stop();
            source.moveToThread(home);
        });
        thread.quit();
        QVERIFY(thread.wait());
        QCoreApplication::sendPostedEvents(); // The timers that came along are registered here by an event.
        QVERIFY(ready);
        QVERIFY(written);
        QVERIFY2(pickedUp, "only the worker's next beat would show it");
    }

    void whatExpiresIsNotTakenForRead()
    {
        const Command drain = m_bench->commandFor(Act::Drain, process);
        m_bench->run({"LPUSH", waiting, "TSTP"});
        m_bench->run({"PEXPIRE", waiting, "1400"});
        QVERIFY(m_bench->lookUp(drain).commandPresent);
        QVERIFY(QTest::qWaitFor([this] { return m_bench->run({"EXISTS", waiting}).integer == 0; }, 20'000));
        QVERIFY(!m_bench->isSaid(drain, LayoutOutcome::PickedUp, 900));
    }

    // RQ --------------------------------------------------------------------------------------------------------------

    void aMessageThatNobodyHearsIsRefused()
    {
        m_bench = std::make_unique<LayoutBench>();
        QVERIFY(m_bench->start(TestLayouts::rq(), "rq:"));
        addWorker("w1");
        refused(Act::Shutdown, "w1", Refusal::NobodyListens);
        refused(Act::Shutdown, "w2", Refusal::KeyGone);
        m_bench->run({"HSET", "rq:worker:w1", "death", "2026-01-02T03:04:05.678901Z"});
        refused(Act::Shutdown, "w1", Refusal::KeyGone, u"2026"_s);
    }

    void aSecondShutdownIsRefused()
    {
        m_bench = std::make_unique<LayoutBench>();
        QVERIFY(m_bench->start(TestLayouts::rq(), "rq:"));
        addWorker("w1", "busy");
        RedisConnection listener(m_bench->server.url());
        listener.subscribe("rq:pubsub:w1");
        QByteArrayList heard;
        connect(&listener, &RedisConnection::pushed, this,
                [&heard](const RedisReply &message) { heard.append(message.at(2).bytes().toByteArray()); });
        listener.open();
        QVERIFY(QTest::qWaitFor([&] { return listener.state() == RedisConnection::State::Ready; }, 20'000));

        const Command stop = m_bench->commandFor(Act::Shutdown, "w1");
        const CommandProgress written = m_bench->carryOut(stop);
        QCOMPARE(written.outcome, LayoutOutcome::Written);
        QCOMPARE(written.receivers, 1);
        QCOMPARE(m_bench->scripts->bytesFor(stop), QStringList({uR"(PUBLISH rq:pubsub:w1 '{"command": "shutdown"}')"_s}));
        QVERIFY(QTest::qWaitFor([&] { return heard.size() == 1; }, 20'000));
        QCOMPARE(heard.first(), R"({"command": "shutdown"})");
        m_bench->run({"HSET", "rq:worker:w1", "shutdown_requested_date", "2026-01-02T03:04:05.678901Z"});
        QVERIFY(m_bench->isSaid(stop, LayoutOutcome::PickedUp));
        refused(Act::Shutdown, "w1", Refusal::AlreadyShuttingDown, u"running job"_s);
        QCOMPARE(heard.size(), 1);
        QVERIFY(m_bench->lookUp(stop).pickedUp);
        // Of a job that runs, and of no other.
        QCOMPARE(m_bench->carryOut(Act::KillJob, "w1").outcome, LayoutOutcome::Done);
        m_bench->run({"HSET", "rq:worker:w1", "state", "idle"});
        refused(Act::KillJob, "w1", Refusal::GuardFailed, u"state is idle"_s);
    }

    void heardIsNotObeyed()
    {
        m_bench = std::make_unique<LayoutBench>();
        QVERIFY(m_bench->start(TestLayouts::rq(), "rq:"));
        addWorker("w1");
        RedisConnection deaf(m_bench->server.url());
        deaf.subscribe("rq:pubsub:w1");
        deaf.open();
        QVERIFY(QTest::qWaitFor([&] { return deaf.state() == RedisConnection::State::Ready; }, 20'000));
        const Command stop = m_bench->commandFor(Act::Shutdown, "w1");
        QCOMPARE(m_bench->carryOut(stop).outcome, LayoutOutcome::Written);
        QVERIFY(m_bench->isSaid(stop, LayoutOutcome::NotObeyed));
        // It ends after all: then it had heard.
        m_bench->run({"HSET", "rq:worker:w1", "death", "2026-01-02T03:04:05.678901Z"});
        QVERIFY(m_bench->isSaid(stop, LayoutOutcome::PickedUp));
        QCOMPARE(m_bench->said(stop).size(), 3);
    }

    void theFleetIsSuspendedAndResumed()
    {
        m_bench = std::make_unique<LayoutBench>();
        QVERIFY(m_bench->start(TestLayouts::rq(), "rq:"));
        Command suspend = m_bench->commandFor(Act::PauseFleet, {});
        suspend.scope = ActScope::Fleet;
        suspend.system = u"rq"_s;
        QCOMPARE(m_bench->carryOut(suspend).outcome, LayoutOutcome::Done);
        QCOMPARE(m_bench->run({"GET", "rq:suspended"}).text, "1");
        QVERIFY(m_bench->lookUp(suspend).commandPresent);
        Command resume = suspend;
        resume.id = QUuid::createUuid();
        resume.act = Act::ResumeFleet;
        QCOMPARE(m_bench->carryOut(resume).outcome, LayoutOutcome::Done);
        QCOMPARE(m_bench->run({"EXISTS", "rq:suspended"}).integer, 0);
        QVERIFY(m_bench->lookUp(resume).commandPresent);
        QVERIFY(!m_bench->lookUp(suspend).commandPresent);
    }

    // Guards on time --------------------------------------------------------------------------------------------------

    void beatsAreJudgedByRedisTime_data()
    {
        QTest::addColumn<LayoutUnit>("unit");
        QTest::addColumn<QByteArray>("stamp");
        QTest::addColumn<qint64>("shown");
        QTest::newRow("seconds") << LayoutUnit::Seconds << "1700000000.5"_ba << Q_INT64_C(1700000000500);
        QTest::newRow("milliseconds") << LayoutUnit::Milliseconds << "1700000000500"_ba << Q_INT64_C(1700000000500);
        QTest::newRow("auto seconds") << LayoutUnit::Auto << "1700000000"_ba << Q_INT64_C(1700000000000);
        QTest::newRow("auto ms") << LayoutUnit::Auto << "1700000000500"_ba << Q_INT64_C(1700000000500);
        QTest::newRow("ISO") << LayoutUnit::Iso8601 << "2023-11-14T22:13:20.500000Z"_ba << Q_INT64_C(1700000000500);
        QTest::newRow("ISO with offset") << LayoutUnit::Iso8601 << "2023-11-15T00:13:20+02:00"_ba << Q_INT64_C(1700000000000);
        QTest::newRow("Ruby") << LayoutUnit::Ruby << "2023-11-14 17:13:20 -0500"_ba << Q_INT64_C(1700000000000);
        QTest::newRow("leap day") << LayoutUnit::Iso8601 << "2024-02-29T12:00:00Z"_ba << Q_INT64_C(1709208000000);
    }
    void beatsAreJudgedByRedisTime()
    {
        QFETCH(LayoutUnit, unit);
        QFETCH(QByteArray, stamp);
        QFETCH(qint64, shown);
        Layout layout = TestLayouts::sidekiq();
        layout.liveness.stampUnit = unit;
        layout.commands[0].guard = {TestLayouts::condition(LayoutCondition::Kind::Unmoved)};
        layout.commands[1].guard = {TestLayouts::condition(LayoutCondition::Kind::Fresh)};
        layout.commands[1].guard.front().ms = 10'000;
        m_bench->scripts = std::make_unique<LayoutScripts>(layout, QByteArray());
        QVERIFY(m_bench->connectAs(m_bench->server.url()));
        m_bench->run({"HSET", process, "beat", stamp});
        Command drain = m_bench->commandFor(Act::Drain, process);
        drain.lastHeartbeat = shown + 1'000;
        QCOMPARE(m_bench->carryOut(drain).refusal, Refusal::HeartbeatMoved);
        drain = m_bench->commandFor(Act::Drain, process);
        drain.lastHeartbeat = shown;
        QCOMPARE(m_bench->carryOut(drain).outcome, LayoutOutcome::Written);
        refused(Act::Shutdown, process, Refusal::GuardFailed, u"old"_s);
        if (unit != LayoutUnit::Seconds)
            return;
        m_bench->run({"HSET", process, "beat", QByteArray::number(double(m_bench->clock.nowMs()) / 1000, 'f', 3)});
        m_bench->run({"HSET", process, "beat", m_bench->run({"TIME"}).elements.front().text});
        QCOMPARE(m_bench->carryOut(Act::Shutdown, process).outcome, LayoutOutcome::Written);
    }

    // Rights ----------------------------------------------------------------------------------------------------------

    void probingRightsChangesNothingAndNamesWhatIsMissing()
    {
        const QByteArrayList before = m_bench->digest();
        runSetUser({"+@all", "~*", "&*"});
        QVERIFY(m_bench->connectAs(userUrl()));
        QCOMPARE(m_bench->digest(), before);
        for (const Act act : allActs)
            QVERIFY2(m_bench->runner->rights().whyNot(act).isEmpty(), qPrintable(m_bench->runner->rights().whyNot(act)));
        const QByteArrayList least{"~processes", "~*:*:*", "+eval",   "+exists", "+sismember", "+hmget",
                                   "+llen",      "+lpush", "+expire", "+lrem",   "+srem",      "+ping"};
        runSetUser(least);
        QVERIFY(m_bench->connectAs(userUrl()));
        for (const Act act : {Act::Drain, Act::Shutdown, Act::Cancel, Act::Reap})
            QVERIFY2(m_bench->runner->rights().whyNot(act).isEmpty(), qPrintable(m_bench->runner->rights().whyNot(act)));
        QCOMPARE(m_bench->carryOut(Act::Drain, process).outcome, LayoutOutcome::Written);
        m_bench->run({"DEL", waiting});
        runSetUser(least + QByteArrayList{"-lpush"});
        QVERIFY(m_bench->connectAs(userUrl()));
        QCOMPARE(m_bench->runner->rights().whyNot(Act::Drain), u"LPUSH on *-signals is not permitted"_s);
        QVERIFY(m_bench->runner->rights().whyNot(Act::Reap).isEmpty());
        QVERIFY(m_bench->runner->rights().whyNot(Act::PauseFleet).isEmpty()); // There is none: that is no question of rights.
        refused(Act::Drain, process, Refusal::NotPermitted);
        // What may be pushed and may not expire is not left behind.
        runSetUser(least + QByteArrayList{"-expire"});
        QVERIFY(m_bench->connectAs(userUrl()));
        refused(Act::Drain, process, Refusal::NotPermitted);
    }
};

PULSEDECK_TEST(LayoutScriptsTest, runWithEvents)
#include "layoutscripts_test.moc"
