// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/source/lastseendialect.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Two systems in one Redis, watched by one source: Playwright workers, and robots in a sorted set.
class SourceDialectsTest : public QObject
{
    Q_OBJECT

    static constexpr const char *worker = "chromium:a";

    static void modes()
    {
        QTest::addColumn<bool>("push");
        QTest::newRow("push") << true;
        QTest::newRow("sweep") << false;
    }

    static void seen(SourceWatch &watch, const QByteArray &robot)
    {
        watch.run({"ZADD", LastSeenDialect::setKey, QByteArray::number(watch.clock.nowMs()), robot});
    }

    /// One worker and two robots, and a full view of them.
    static bool begin(SourceWatch &watch)
    {
        QFETCH(bool, push);
        watch.options.push = push;
        watch.options.dialects.push_back([](RedisSession &session) { return std::make_unique<LastSeenDialect>(session); });
        watch.tellTiming();
        watch.options.timing.heartbeatInterval = 400;
        watch.options.timing.reaperStaleThreshold = 2'000;
        if (!watch.startServer())
            return false;
        watch.registerWorker(worker);
        seen(watch, "robot-1");
        seen(watch, "robot-2");
        watch.watch();
        return QTest::qWaitFor([&] { return watch.isWatching(); }, 20'000);
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void oneViewHoldsBoth_data() { modes(); }
    void oneViewHoldsBoth()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        QCOMPARE(watch.store.figures().total, 3);
        for (const QByteArray id : {worker, "robot-1", "robot-2"})
            QVERIFY2(watch.knows(id), id.constData());
        QCOMPARE(watch.store.typeName(watch.worker(worker).type), u"chromium"_s);
        QCOMPARE(watch.store.typeName(watch.worker("robot-1").type), u"robot"_s);
        QCOMPARE(watch.worker(worker).traits->worker, u"worker"_s);
        QCOMPARE(watch.worker("robot-1").traits->worker, u"robot"_s);
        QCOMPARE(watch.worker("robot-1").traits->basis, BeatBasis::Score);
        QCOMPARE(watch.worker("robot-1").ttlAtRead, unknownValue);
        QVERIFY(watch.worker(worker).ttlAtRead > 0);
        // Those that come later are found too.
        watch.registerWorker("firefox:b");
        seen(watch, "robot-3");
        TRY_TRUE(watch.knows("firefox:b") && watch.knows("robot-3"));
        QCOMPARE(watch.store.figures().total, 5);
    }

    void eachBeatsAndIsJudgedByItsOwn_data() { modes(); }
    void eachBeatsAndIsJudgedByItsOwn()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        QTimer beating;
        QObject::connect(&beating, &QTimer::timeout, &watch.store, [&watch] {
            watch.beat(worker);
            seen(watch, "robot-1");
        });
        beating.start(300);
        TRY_TRUE(watch.worker(worker).beatCount >= 3 && watch.worker("robot-1").beatCount >= 3);
        TRY_EQUAL(watch.liveness("robot-2"), u"stale"_s);
        TRY_EQUAL(watch.liveness(worker), u"alive"_s);
        TRY_EQUAL(watch.liveness("robot-1"), u"alive"_s);
        QVERIFY(watch.worker("robot-1").isAgeProven());
        beating.stop();
        TRY_EQUAL(watch.liveness("robot-1"), u"stale"_s);
        TRY_EQUAL(watch.liveness(worker), u"stale"_s);
    }

    void eachEndsInItsOwnWay_data() { modes(); }
    void eachEndsInItsOwnWay()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        watch.run({"ZREM", LastSeenDialect::setKey, "robot-1"});
        TRY_EQUAL(watch.worker("robot-1").end, WorkerEnd::Left);
        QCOMPARE(watch.worker(worker).end, WorkerEnd::None);
        watch.run({"HDEL", "cluster:active_connections", worker});
        watch.run({"HDEL", "cluster:lifetime_connections", worker});
        watch.setStatus(worker, "draining");
        TRY_EQUAL(watch.worker(worker).status, WorkerStatus::Draining);
        watch.run({"DEL", QByteArray("worker:") + worker});
        TRY_EQUAL(watch.worker(worker).end, WorkerEnd::Drained);
        QCOMPARE(watch.worker("robot-2").end, WorkerEnd::None);
        QCOMPARE(watch.store.figures().total, 1);
        // Whoever comes back is nobody new.
        seen(watch, "robot-1");
        TRY_TRUE(watch.worker("robot-1").flags.testFlag(WorkerFlag::Returned));
    }

    void aNewConnectionFindsBothAgain_data() { modes(); }
    void aNewConnectionFindsBothAgain()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        const WorkerHandle robot = watch.handle("robot-1");
        watch.run({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
        TRY_TRUE(watch.status.generation > 1 && watch.isWatching());
        QCOMPARE(watch.store.figures().total, 3);
        QCOMPARE(watch.handle("robot-1"), robot);
        for (const QByteArray id : {worker, "robot-1", "robot-2"})
            QCOMPARE(watch.worker(id).end, WorkerEnd::None);
    }

    void aSystemWithoutScriptsTakesNoCommands_data() { modes(); }
    void aSystemWithoutScriptsTakesNoCommands()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        watch.source->setWritable(true);
        TRY_TRUE(watch.status.rights.known);
        QList<CommandProgress> answers;
        QObject::connect(watch.source.get(), &FleetSource::commandsProgressed, &watch.store,
                         [&answers](const QList<CommandProgress> &progress) { answers += progress; });
        QList<Command> commands;
        for (const QByteArray id : {worker, "robot-1"}) {
            Command command;
            command.id = QUuid::createUuid();
            command.act = Act::Drain;
            command.source = 1;
            command.worker = id;
            command.issuedAt = watch.clock.nowMs();
            command.by = u"somebody"_s;
            commands.append(command);
        }
        watch.source->carryOut(commands);
        TRY_EQUAL(answers.size(), qsizetype(2));
        for (const CommandProgress &answer : std::as_const(answers)) {
            const bool ours = answer.command == commands.first().id;
            QCOMPARE(answer.outcome, ours ? CommandProgress::Outcome::Done : CommandProgress::Outcome::Refused);
            QCOMPARE(answer.text.isEmpty(), ours);
        }
        TRY_EQUAL(watch.worker(worker).status, WorkerStatus::Draining);
    }
};

PULSEDECK_TEST(SourceDialectsTest, runWithEvents)

#include "sourcedialects_test.moc"
