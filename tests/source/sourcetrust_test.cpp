// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/source/sourcewatch.h"
#include "tests/support/relay.h"
#include "tests/support/testcertificates.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// Beats for some workers at a cadence, as workers do, and notes whether any was ever called late or worse.
class Beating : public QObject
{
public:
    Beating(SourceWatch &watch, const QByteArrayList &ids, int everyMs, int ttlMs)
        : m_watch(watch)
        , m_ids(ids)
    {
        for (const QByteArray &id : ids)
            watch.registerWorker(id, ttlMs);
        connect(&m_timer, &QTimer::timeout, this, [this, ttlMs] {
            for (const QByteArray &id : std::as_const(m_ids))
                m_watch.beat(id, ttlMs);
            ++m_rounds;
        });
        m_timer.start(everyMs);
        connect(&watch.store, &FleetStore::published, this, [this] { look(); });
    }
    void stop() { m_timer.stop(); }
    int rounds() const { return m_rounds; }
    QStringList accused() const { return m_accused; }

private:
    void look()
    {
        for (const QByteArray &id : std::as_const(m_ids)) {
            const Worker worker = m_watch.worker(id);
            const bool bad = worker.liveness == Liveness::Late || worker.liveness == Liveness::Stale
                             || worker.liveness == Liveness::Zombie || worker.liveness == Liveness::Departed;
            if (bad)
                m_accused.append(QString::fromUtf8(id) + u' ' + livenessName(worker) + u" at beat "_s
                                 + QString::number(m_rounds));
        }
    }

    SourceWatch &m_watch;
    QByteArrayList m_ids;
    QTimer m_timer;
    QStringList m_accused;
    int m_rounds = 0;
};

RedisServer::Options overTcp(const QStringList &arguments = {})
{
    RedisServer::Options options;
    options.tcp = true;
    options.arguments = arguments;
    return options;
}

QByteArrayList manyIds(int count)
{
    QByteArrayList ids;
    for (int i = 0; i < count; ++i)
        ids.append("chromium:w" + QByteArray::number(i));
    return ids;
}

} // namespace

/// A view is shown as the truth only where it is: whole, of one server, up to date.
class SourceTrustTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void theEndOfTheCertificateIsKnown()
    {
        const TestCertificates certificates(u"DNS:localhost"_s);
        QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
        SourceWatch watch;
        RedisServer::Options options;
        options.certFile = certificates.certFile();
        options.keyFile = certificates.keyFile();
        options.caFile = certificates.caFile();
        QVERIFY(watch.server.start(options));
        watch.watch(watch.server.tlsUrl());
        QTRY_VERIFY_WITH_TIMEOUT(watch.status.isUp(), 20'000);
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        QVERIFY(watch.status.certificateUntil > now);
        QVERIFY(watch.status.certificateUntil < now + 3 * 24 * 3'600'000LL); // It is made for a day.
    }

    void theEndOfACertificateOfAClusterIsKnown()
    {
        const TestCertificates certificates(u"DNS:localhost"_s);
        QVERIFY2(certificates.isValid(), qPrintable(certificates.errorString()));
        RedisServer::Options options;
        options.certFile = certificates.certFile();
        options.keyFile = certificates.keyFile();
        options.caFile = certificates.caFile();
        options.cluster = true;
        options.arguments = {u"--tls-cluster"_s, u"yes"_s};
        SourceWatch watch;
        QVERIFY(watch.server.start(options));
        QVERIFY(watch.server.command({"CLUSTER", "ADDSLOTSRANGE", "0", "16383"}).ok());
        RedisUrl url = watch.server.tlsUrl();
        url.isCluster = true;
        watch.watch(url);
        QTRY_VERIFY_WITH_TIMEOUT(watch.status.isUp(), 20'000);
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        QVERIFY(watch.status.certificateUntil > now);
        QVERIFY(watch.status.certificateUntil < now + 3 * 24 * 3'600'000LL); // It is made for a day.
    }

    void aConnectionThatEndsWhileLoadingIsNoView()
    {
        SourceWatch watch;
        QVERIFY(watch.server.start(overTcp()));
        watch.client = std::make_unique<RedisClient>(watch.server.url());
        for (const QByteArray &id : manyIds(300))
            watch.registerWorker(id, 900'000);
        Relay relay;
        QVERIFY(relay.listen({watch.server.tcpUrl()}));
        relay.setCutAfter(20'000);
        watch.options.push = false;
        watch.options.connection.backoffFirstMs = 20;
        watch.options.connection.backoffCapMs = 60'000;
        watch.watch(relay.url());
        // Each attempt waits longer than the one before: it never was of use.
        TRY_TRUE(watch.status.state == SourceState::Waiting && watch.status.retryAt - watch.clock.nowMs() > 400);
        QVERIFY2(relay.connectionsSeen() <= 12, qPrintable(QString::number(relay.connectionsSeen())));
        QVERIFY(!watch.states.empty());
        for (const SourceState state : watch.states)
            QVERIFY2(state != SourceState::Sweeping && state != SourceState::Live, qPrintable(QString::number(int(state))));
        relay.setCutAfter(0);
        watch.source->retryNow();
        TRY_TRUE(watch.isWatching());
        QCOMPARE(watch.store.figures().total, 300);
        QCOMPARE(watch.status.gaps, ViewGaps());
    }

    void whatIsRefusedIsMissing_data()
    {
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<int>("gap");
        QTest::newRow("scan") << QByteArray("scan") << int(ViewGap::KeysUnlisted);
        QTest::newRow("hscan") << QByteArray("hscan") << int(ViewGap::ActiveUnlisted) + int(ViewGap::LifetimeUnlisted);
        QTest::newRow("hmget") << QByteArray("hmget") << int(ViewGap::WorkersUnread);
        QTest::newRow("pttl") << QByteArray("pttl") << int(ViewGap::TtlsUnread);
        QTest::newRow("mget") << QByteArray("mget") << int(ViewGap::CommandsUnread);
    }

    void whatIsRefusedIsMissing()
    {
        QFETCH(QByteArray, right);
        QFETCH(int, gap);
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.run({"ACL", "SETUSER", "reader", "on", ">s3cret", "~*", "&*", "+@all", "-" + right});
        watch.registerWorker("chromium:a");
        watch.run({"SET", "worker:cmd:chromium:a", "shutdown", "EX", "60"});
        RedisUrl url = watch.server.url();
        url.user = u"reader"_s;
        url.password = u"s3cret"_s;
        watch.watch(url);
        TRY_TRUE(watch.isWatching());
        TRY_EQUAL(int(watch.status.gaps.toInt()), gap);
        QVERIFY(watch.status.isPartial());
        QVERIFY(!watch.status.message.isEmpty());
        QVERIFY(!watch.status.message.contains(u"s3cret"_s));
        // Once it is permitted the view is whole, and nothing is said any more.
        watch.run({"ACL", "SETUSER", "reader", "+" + right});
        if (right != "scan" && right != "hscan")
            watch.setStatus("chromium:a", "draining");
        if (right == "mget" || right == "hscan")
            watch.source->retryNow();
        TRY_TRUE(!watch.status.isPartial());
        TRY_TRUE(watch.status.message.isEmpty());
        TRY_TRUE(watch.liveness("chromium:a") != u"none"_s && watch.liveness("chromium:a") != u"unknown"_s);
    }

    void commandsThatWereRenamedAreMissing()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer({u"--rename-command"_s, u"SCAN"_s, u""_s}));
        watch.registerWorker("chromium:a");
        watch.watch();
        TRY_TRUE(watch.isWatching());
        QVERIFY(watch.status.isCountUnknown());
        // The counters name it all the same.
        TRY_TRUE(watch.worker("chromium:a").readAt > 0);
    }

    void oneEntryTooLargeCostsThatEntry()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        const QByteArrayList ids = manyIds(10);
        for (const QByteArray &id : ids)
            watch.registerWorker(id, 600'000);
        const QByteArray huge(9'000'000, '9');
        watch.run({"HSET", "cluster:active_connections", "chromium:evil", huge});
        watch.run({"HSET", "cluster:active_connections", huge, "1"});
        watch.run({"HSET", "cluster:lifetime_connections", QByteArray(600, 'n'), "1"});
        watch.run({"HSET", "worker:" + huge, "status", "available"});
        watch.run({"HSET", "worker:chromium:w3", "endpoint", huge});
        watch.run({"SET", "worker:cmd:chromium:w4", huge, "EX", "60"});
        watch.options.timing.heartbeatInterval = 20'000;
        watch.options.timing.reaperStaleThreshold = 60'000;
        watch.watch();
        TRY_TRUE(watch.isWatching());
        const auto others = [&] {
            QStringList found;
            for (const QByteArray &id : ids) {
                const QString text = watch.liveness(id);
                if (text != u"alive"_s && text != u"settling"_s) // Nobody beats here.
                    found.append(QString::fromUtf8(id) + u' ' + text + u' ' + QString::number(watch.worker(id).ttlAtRead));
            }
            return found.join(u", "_s);
        };
        TRY_EQUAL(others(), QString());
        TRY_TRUE(watch.worker("chromium:evil").flags.testFlag(WorkerFlag::BadCounter));
        TRY_TRUE(watch.worker("chromium:w3").flags.testFlag(WorkerFlag::TooLarge));
        TRY_EQUAL(watch.worker("chromium:w4").command, CommandState::Other);
        QCOMPARE(watch.store.figures().total, 11);
        QCOMPARE(watch.status.generation, 1u); // Not even the connection.
        TRY_EQUAL(watch.status.gaps, ViewGaps(ViewGap::EntriesLeftOut));
        QVERIFY(!watch.status.isPartial());
        const QString limits = watch.status.limits.join(u'\n');
        QVERIFY2(limits.contains(u"1 key is left out"_s), qPrintable(limits));
        QVERIFY2(limits.contains(u"1 active counter is left out"_s), qPrintable(limits));
        QVERIFY2(limits.contains(u"1 lifetime counter is left out"_s) && limits.contains(u"nnnn"_s), qPrintable(limits));
        watch.run({"HDEL", "cluster:active_connections", huge});
        watch.run({"HDEL", "cluster:lifetime_connections", QByteArray(600, 'n')});
        watch.run({"DEL", "worker:" + huge});
        watch.source->retryNow();
        TRY_EQUAL(watch.status.gaps, ViewGaps());
    }

    void pushFromAnotherServerIsNotTaken()
    {
        SourceWatch watch;
        QVERIFY(watch.server.start(overTcp()));
        watch.client = std::make_unique<RedisClient>(watch.server.url());
        RedisServer other;
        QVERIFY(other.start(overTcp()));
        // Numbers of clients in the same range, and strangers who bear them.
        std::vector<std::unique_ptr<RedisClient>> strangers;
        for (int i = 0; i < 20; ++i) {
            strangers.push_back(std::make_unique<RedisClient>(watch.server.url()));
            strangers.back()->command({"SUBSCRIBE", "foo"});
            other.command({"PING"});
        }
        Beating beating(watch, manyIds(4), 400, 6'000);
        Relay relay;
        // The push connection is made first.
        QVERIFY(relay.listen({other.tcpUrl(), watch.server.tcpUrl()}));
        watch.watch(relay.url());
        TRY_EQUAL(watch.status.state, SourceState::Sweeping);
        QVERIFY2(watch.status.limits.join(u' ').contains(u"different servers"_s), qPrintable(watch.status.limits.join(u'\n')));
        const int rounds = beating.rounds();
        TRY_TRUE(beating.rounds() > rounds + 8);
        QCOMPARE(beating.accused().join(u", "_s), QString());
        for (const SourceState state : watch.states)
            QVERIFY(state != SourceState::Live);
    }

    void whereNothingCanBeVerifiedThereIsNoPush()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.run({"ACL", "SETUSER", "reader", "on", ">s3cret", "~*", "&*", "+@all", "-client|list", "-info"});
        watch.run({"ACL", "SETUSER", "other", "on", ">s3cret", "~*", "&*", "+@all", "-client|list"});
        watch.registerWorker("chromium:a");
        RedisUrl url = watch.server.url();
        url.user = u"reader"_s;
        url.password = u"s3cret"_s;
        watch.watch(url);
        TRY_EQUAL(watch.status.state, SourceState::Sweeping);
        QVERIFY2(watch.status.limits.join(u' ').contains(u"cannot be verified"_s), qPrintable(watch.status.limits.join(u'\n')));
        // The run id is enough.
        url.user = u"other"_s;
        watch.watch(url);
        TRY_EQUAL(watch.status.state, SourceState::Live);
    }

    void aDeafPushConnectionIsFoundOutBeforeAnybodyIsLate()
    {
        SourceWatch watch;
        QVERIFY(watch.server.start(overTcp()));
        watch.client = std::make_unique<RedisClient>(watch.server.url());
        watch.options.timing.heartbeatInterval = 1'000;
        watch.options.timing.reaperStaleThreshold = 3'000;
        Beating beating(watch, manyIds(5), 1'000, 10'000);
        Relay relay;
        QVERIFY(relay.listen({watch.server.tcpUrl()}));
        watch.watch(relay.url());
        TRY_EQUAL(watch.status.state, SourceState::Live);
        TRY_TRUE(watch.worker("chromium:w0").beatCount > 2);
        relay.freeze(0);
        TRY_EQUAL(watch.status.state, SourceState::Sweeping);
        QVERIFY2(watch.status.limits.join(u' ').contains(u"No push:"_s), qPrintable(watch.status.limits.join(u'\n')));
        const int rounds = beating.rounds();
        TRY_TRUE(beating.rounds() > rounds + 3);
        QCOMPARE(beating.accused().join(u", "_s), QString());
    }

    void announcementsThatGoElsewhereAreFoundOut()
    {
        SourceWatch watch;
        QVERIFY(watch.server.start(overTcp()));
        watch.client = std::make_unique<RedisClient>(watch.server.url());
        watch.options.timing.heartbeatInterval = 1'000;
        watch.options.timing.reaperStaleThreshold = 3'000;
        Beating beating(watch, manyIds(5), 1'000, 10'000);
        Relay relay;
        QVERIFY(relay.listen({watch.server.tcpUrl()}));
        watch.watch(relay.url());
        TRY_EQUAL(watch.status.state, SourceState::Live);
        TRY_TRUE(watch.worker("chromium:w0").beatCount > 2);
        // The connection answers as ever; only what it is for does not come.
        relay.lose(0, "*3\r\n$7\r\nmessage");
        TRY_EQUAL(watch.status.state, SourceState::Sweeping);
        QVERIFY2(watch.status.limits.join(u' ').contains(u"had not been announced"_s),
                 qPrintable(watch.status.limits.join(u'\n')));
        const int rounds = beating.rounds();
        TRY_TRUE(beating.rounds() > rounds + 3);
        QCOMPARE(beating.accused().join(u", "_s), QString());
    }

    void aReplicaWithoutItsMasterKnowsNothingNew()
    {
        SourceWatch watch;
        QVERIFY(watch.server.start(overTcp()));
        watch.client = std::make_unique<RedisClient>(watch.server.url());
        Relay link;
        QVERIFY(link.listen({watch.server.tcpUrl()}));
        RedisServer replica;
        QVERIFY(replica.start({}));
        Beating beating(watch, manyIds(4), 500, 4'000);
        replica.command({"CONFIG", "SET", "repl-timeout", "3"});
        replica.command({"REPLICAOF", "127.0.0.1", QByteArray::number(link.url().port)});
        TRY_TRUE(replica.command({"INFO", "replication"}).text.contains("master_link_status:up"));
        watch.watch(replica.url());
        TRY_EQUAL(watch.status.state, SourceState::Live);
        TRY_EQUAL(watch.liveness("chromium:w0"), u"alive"_s);
        const qint64 brokeAt = watch.clock.nowMs();
        link.freezeAll();
        TRY_TRUE(watch.status.state == SourceState::Stalled && watch.status.isCutOff());
        QCOMPARE(watch.liveness("chromium:w0"), u"unknown"_s);
        QVERIFY2(qAbs(watch.status.lostAt - brokeAt) < 3'000, qPrintable(QString::number(watch.status.lostAt - brokeAt)));
        TRY_EQUAL(watch.status.trouble, SourceTrouble::MasterLost);
        // Long after their keys have expired on the replica they are what they were: not known.
        TRY_TRUE(watch.clock.nowMs() - brokeAt > 6'000);
        for (const QByteArray &id : manyIds(4))
            QCOMPARE(watch.liveness(id), u"unknown"_s);
        link.thaw();
        link.dropAll();
        TRY_EQUAL(watch.status.state, SourceState::Live);
        TRY_EQUAL(watch.liveness("chromium:w0"), u"alive"_s);
        QCOMPARE(watch.status.trouble, SourceTrouble::None);
    }

    void aServerThatLostItsKeysIsOneFinding_data()
    {
        QTest::addColumn<bool>("restart");
        QTest::newRow("restarted") << true;
        QTest::newRow("flushed") << false;
    }

    void aServerThatLostItsKeysIsOneFinding()
    {
        QFETCH(bool, restart);
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.options.reregisterMs = 6'000; // Longer than a loaded machine takes for what is registered below.
        watch.options.timing.heartbeatInterval = 800;
        const QByteArrayList ids = manyIds(6);
        for (const QByteArray &id : ids)
            watch.registerWorker(id, 60'000);
        watch.watch();
        TRY_EQUAL(watch.status.state, SourceState::Live);
        QCOMPARE(watch.store.figures().total, 6);
        if (restart) {
            QVERIFY(watch.server.restartEmpty());
            watch.client = std::make_unique<RedisClient>(watch.server.url());
        } else {
            watch.run({"FLUSHALL"});
        }
        TRY_TRUE(watch.status.forgotten);
        TRY_TRUE(watch.status.message.contains(u"6 workers have not registered again yet"_s));
        QVERIFY(watch.status.message.contains(restart ? u"was restarted"_s : u"was emptied"_s));
        for (const QByteArray &id : ids)
            TRY_EQUAL(watch.liveness(id), u"unknown"_s);
        for (int i = 0; i < 5; ++i)
            watch.registerWorker(ids.at(i), 60'000);
        for (int i = 0; i < 5; ++i) {
            TRY_TRUE(watch.liveness(ids.at(i)) != u"unknown"_s);
            QCOMPARE(watch.worker(ids.at(i)).endedAt, 0);
            QVERIFY(!watch.worker(ids.at(i)).flags.testFlag(WorkerFlag::Returned));
        }
        TRY_TRUE(watch.status.message.contains(u"1 worker has not registered again yet"_s));
        // Who does not come back within the grace was not seen to end.
        TRY_EQUAL(watch.worker(ids.at(5)).end, WorkerEnd::Unseen);
        TRY_TRUE(!watch.status.forgotten);
        TRY_TRUE(watch.status.message.isEmpty());
        QCOMPARE(watch.store.figures().total, 5);
    }

    void emptyingAnotherDatabaseIsNone()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.registerWorker("chromium:a", 60'000);
        watch.watch();
        TRY_EQUAL(watch.status.state, SourceState::Live);
        RedisUrl url = watch.server.url();
        url.database = 3;
        RedisClient other(url);
        other.command({"SELECT", "3"});
        other.command({"FLUSHDB"});
        watch.setStatus("chromium:a", "draining");
        TRY_EQUAL(watch.worker("chromium:a").status, WorkerStatus::Draining);
        QVERIFY(!watch.status.forgotten);
        QVERIFY(watch.liveness("chromium:a") != u"unknown"_s);
    }

    void lookingForWorkersIsBounded()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer({u"--enable-debug-command"_s, u"yes"_s}));
        watch.run({"DEBUG", "POPULATE", "1000000", "k", "3"});
        watch.registerWorker("chromium:known", 60'000);
        watch.options.push = false;
        watch.watch();
        TRY_EQUAL(watch.status.state, SourceState::Sweeping);
        QTRY_VERIFY_WITH_TIMEOUT(looksSeldom(watch.status), 120'000); // After a pass over a million keys.
        QVERIFY(sourceStateText(watch.status, watch.clock.nowMs()).contains(u"new workers within"_s));
        // Known workers are read at their cadence all the while.
        watch.setStatus("chromium:known", "draining");
        TRY_EQUAL(watch.worker("chromium:known").status, WorkerStatus::Draining);
        watch.registerWorker("chromium:new", 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(watch.knows("chromium:new"), 120'000);
    }

    void theSameServerTwiceIsTold()
    {
        SourceWatch watch;
        QVERIFY(watch.startServer());
        watch.registerWorker("chromium:a", 60'000);
        watch.watch();
        TRY_TRUE(watch.isWatching());
        TRY_TRUE(!watch.status.serverId.isEmpty());
        watch.store.addSource(2, u"again"_s);
        RedisSource second(2, watch.server.url(), watch.options, watch.clock);
        QObject::connect(&second, &FleetSource::batchReady, &watch.store, &FleetStore::apply);
        QObject::connect(&second, &FleetSource::statusChanged, &watch.store, &FleetStore::applyStatus);
        second.start();
        TRY_EQUAL(watch.store.sourceWorkerCount(2), 1);
        TRY_EQUAL(watch.store.twinOf(2), SourceId(1));
        QCOMPARE(watch.store.figures().total, 1);
        QVERIFY(!watch.store.isSourceVisible(2));
        // Another database of it is another fleet; and who is alone again is shown.
        watch.store.setSourceVisible(1, false);
        QCOMPARE(watch.store.twinOf(2), SourceId(0));
        QVERIFY(watch.store.isSourceVisible(2));
        watch.store.setSourceVisible(1, true);
        QCOMPARE(watch.store.twinOf(2), SourceId(1));
        watch.source->stop();
        TRY_EQUAL(watch.store.twinOf(2), SourceId(0));
        second.disconnect(&watch.store);
    }
};

PULSEDECK_TEST(SourceTrustTest, runWithEvents)

#include "sourcetrust_test.moc"
