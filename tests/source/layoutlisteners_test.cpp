// SPDX-License-Identifier: GPL-3.0-or-later
// Who listens for the commands of a described fleet: ghosts, workers that are deaf, and those without a listener.
#include "models/fleet/fleetcolumns.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/source/layoutscene.h"
#include "tests/support/testprogram.h"

#include <QDateTime>
#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class LayoutListenersTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    /// A process may live without its key: nothing is removed while somebody listens, and the row says why.
    void aGhostWithAListenerSaysSo()
    {
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        auto listener = std::make_unique<RedisConnection>(watch.server.url());
        listener->subscribe("rq:pubsub:one");
        listener->open();
        TRY_TRUE(listener->state() == RedisConnection::State::Ready);
        QVERIFY(isLayoutSeen(watch));
        TRY_EQUAL(watch.liveness("one"), u"ghost"_s);
        TRY_TRUE(watch.worker("one").flags.testFlag(WorkerFlag::Listener));
        listener.reset();
        watch.clock.step(6'000);
        TRY_TRUE(!watch.worker("one").flags.testFlag(WorkerFlag::Listener));
        QCOMPARE(watch.liveness("one"), u"ghost"_s);
    }

    void aDeafWorkerIsFlagged_data() { layoutModes(); }
    void aDeafWorkerIsFlagged()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        const QByteArray stamp =
            QDateTime::fromMSecsSinceEpoch(watch.clock.nowMs(), Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss.zzz000Z"_s).toLatin1();
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        watch.run({"HSET", "rq:worker:one", "birth", stamp, "last_heartbeat", stamp, "queues", "a", "pid", "1", "state", "idle"});
        watch.run({"EXPIRE", "rq:worker:one", "480"});
        RedisConnection listener(watch.server.url());
        listener.subscribe("rq:pubsub:one");
        listener.open();
        TRY_TRUE(listener.state() == RedisConnection::State::Ready);
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.worker("one").flags.testFlag(WorkerFlag::Listener));
        std::vector<CommandProgress::Outcome> outcomes;
        QObject::connect(watch.source.get(), &FleetSource::commandsProgressed, &watch.store,
                         [&outcomes](const QList<CommandProgress> &progress) {
                             for (const CommandProgress &one : progress)
                                 outcomes.push_back(one.outcome);
                         });
        watch.source->setWritable(true);
        Command command;
        command.id = QUuid::createUuid();
        command.group = QUuid::createUuid();
        command.act = Act::Shutdown;
        command.source = 1;
        command.worker = "one";
        watch.source->carryOut({command});
        TRY_TRUE(outcomes.size() >= 2);
        QCOMPARE(outcomes.back(), CommandProgress::Outcome::NotObeyed);
        TRY_TRUE(watch.worker("one").flags.testFlag(WorkerFlag::Deaf));
    }

    /// Channels are common to all databases of a server.
    void aListenerOfAnotherDatabaseIsNoWorkerHere()
    {
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        watch.run({"SADD", "rq:workers", "rq:worker:here"});
        watch.run({"SELECT", "3"});
        watch.run({"SADD", "rq:workers", "rq:worker:there"});
        watch.run({"SELECT", "0"});
        RedisConnection listener(watch.server.url());
        listener.subscribe("rq:pubsub:there");
        listener.open();
        TRY_TRUE(listener.state() == RedisConnection::State::Ready);
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.knows("here"));
        QSignalSpy told(watch.source.get(), &FleetSource::statusChanged);
        watch.clock.step(6'000); // Listeners are listed every five seconds.
        TRY_TRUE(told.count() >= 2);
        QVERIFY(!watch.knows("there"));
        // Once no other database has keys it may be one of here.
        watch.run({"SELECT", "3"});
        watch.run({"FLUSHDB"});
        watch.run({"SELECT", "0"});
        watch.clock.step(6'000);
        TRY_TRUE(watch.knows("there"));
    }

    /// It died before it was first looked at: its record says for minutes that it is there, and nothing changes.
    void whomNobodyListensForIsFlagged_data() { layoutModes(); }
    void whomNobodyListensForIsFlagged()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        const QByteArray stamp =
            QDateTime::fromMSecsSinceEpoch(watch.clock.nowMs(), Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss.zzz000Z"_s).toLatin1();
        for (const QByteArray &name : {QByteArray("one"), QByteArray("dead")}) {
            const QByteArray key = "rq:worker:" + name;
            watch.run({"SADD", "rq:workers", key});
            watch.run({"HSET", key, "birth", stamp, "last_heartbeat", stamp, "queues", "a", "pid", "1", "state", "idle"});
            watch.run({"EXPIRE", key, "480"});
        }
        const auto listen = [&watch](const QByteArray &name) {
            auto listener = std::make_unique<RedisConnection>(watch.server.url());
            listener->subscribe("rq:pubsub:" + name);
            listener->open();
            return listener;
        };
        auto one = listen("one");
        TRY_TRUE(one->state() == RedisConnection::State::Ready);
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.worker("dead").flags.testFlag(WorkerFlag::NobodyListens));
        TRY_EQUAL(troubleOf(watch.worker("dead")), WorkerTrouble::NobodyListens);
        QVERIFY(needsAttention(watch.worker("dead")));
        QVERIFY2(watch.liveness("dead") != u"crashed"_s, "no end was seen");
        QVERIFY(!watch.worker("one").flags.testFlag(WorkerFlag::NobodyListens));
        // One that came later than its record did; and then its end is seen.
        auto late = listen("dead");
        TRY_TRUE(watch.worker("dead").flags.testFlag(WorkerFlag::Listener));
        TRY_EQUAL(troubleOf(watch.worker("dead")), WorkerTrouble::None);
        late.reset();
        TRY_EQUAL(watch.liveness("dead"), u"crashed"_s);
        QVERIFY(!watch.worker("dead").flags.testFlag(WorkerFlag::NobodyListens));
        // Who died before does not come back after a flush, and is not waited for.
        watch.run({"FLUSHALL"});
        TRY_EQUAL(watch.worker("dead").end, WorkerEnd::KeyRemoved);
    }

    /// A replica knows its own subscribers only: that it has none says nothing.
    void onAReplicaListenersAreNotMissed()
    {
        RedisServer master;
        RedisServer::Options options;
        options.tcp = true;
        QVERIFY(master.start(options));
        const QByteArray stamp = QDateTime::currentDateTimeUtc().toString(u"yyyy-MM-ddTHH:mm:ss.zzz000Z"_s).toLatin1();
        master.command({"SADD", "rq:workers", "rq:worker:one"});
        master.command(
            {"HSET", "rq:worker:one", "birth", stamp, "last_heartbeat", stamp, "queues", "a", "pid", "1", "state", "idle"});
        master.command({"EXPIRE", "rq:worker:one", "480"});
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer({u"--replicaof"_s, u"127.0.0.1"_s, QString::number(master.tcpUrl().port)}));
        TRY_TRUE(watch.run({"EXISTS", "rq:worker:one"}).integer == 1);
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.knows("one"));
        const auto looks = [&watch] {
            const QByteArray info = watch.run({"INFO", "commandstats"}).text;
            const qsizetype at = info.indexOf("cmdstat_pubsub|numsub:calls=");
            return at < 0 ? 0 : info.mid(info.indexOf('=', at) + 1, 8).split(',').first().toInt();
        };
        TRY_TRUE(looks() >= 5);
        QVERIFY(!watch.worker("one").flags.testFlag(WorkerFlag::NobodyListens));
    }
};

PULSEDECK_TEST(LayoutListenersTest, runWithEvents)
#include "layoutlisteners_test.moc"
