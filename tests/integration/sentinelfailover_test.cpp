// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fleet/fleetprocess.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/patience.h"
#include "tests/support/sentinelscene.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QTest>
#include <QUuid>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// A source follows the master of three real Sentinels from one server to another, and invents nothing while it does.
class SentinelFailoverTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void isFollowed_data();
    void isFollowed();
    void silentSentinelsAreSaid();
    void commandUnderWayIsSentOnce();
    void deadMasterThatStillHoldsItsConnectionsIsLeft();

private:
    static constexpr int failoverLimitMs =
        90'000; ///< Sentinels that do not agree at once wait some seconds before they vote again.

    /// What happened since, besides beats that came late: while there was no master no worker could beat.
    static QStringList eventsSince(const FleetStore &store, quint64 sequence)
    {
        QStringList names;
        for (const FleetEvent &event : store.events().since(sequence, 10'000)) {
            switch (event.kind) {
            case FleetEventKind::SourceLost:
            case FleetEventKind::SourceBack:
            case FleetEventKind::BeatGap:
            case FleetEventKind::WentLate:
            case FleetEventKind::WentStale:
            case FleetEventKind::StatusChanged:
            case FleetEventKind::SessionsChanged:
            case FleetEventKind::ClockSkewSeen:
                break;
            default:
                names.append(QString::number(int(event.kind))); // As FleetEventKind counts them.
            }
        }
        return names;
    }
};

void SentinelFailoverTest::isFollowed_data()
{
    QTest::addColumn<bool>("killed");
    QTest::addColumn<QString>("ttl");
    QTest::newRow("ordered") << false << u"30"_s;
    QTest::newRow("master dead") << true << u"30"_s;
    QTest::newRow("master dead, keys expire meanwhile") << true << u"2"_s;
}

void SentinelFailoverTest::isFollowed()
{
    QFETCH(const bool, killed);
    QFETCH(const QString, ttl);
    constexpr int workers = 40;
    SentinelScene scene;
    QVERIFY2(scene.start(), qPrintable(scene.errorString()));
    FleetProcess fleet;
    QVERIFY(fleet.start({scene.url().display(), u"--workers"_s, QString::number(workers), u"--heartbeat"_s, u"0.5"_s, u"--ttl"_s,
                         ttl, u"--sessions"_s, u"0"_s}));
    QVERIFY(!fleet.waitForLine("registered").isEmpty());

    SourceWatch watch;
    watch.options.connection = RedisConnectionOptions();
    watch.options.timing = TimingProfile::assumedDocument();
    watch.options.reregisterMs = 30'000;
    watch.watch(scene.url());
    TRY_EQUAL(watch.status.state, SourceState::Live);
    TRY_EQUAL(watch.store.figures().alive, workers);
    TRY_TRUE(watch.status.listenersKnown);
    QTRY_VERIFY2_WITH_TIMEOUT(watch.status.server.endsWith(u" with 2 replicas"_s), qPrintable(watch.status.server), 20'000);
    QVERIFY2(watch.status.limits.isEmpty(), qPrintable(watch.status.limits.join(u'\n')));
    const int before = scene.masterPort();
    QVERIFY(watch.status.server.contains(u":%1"_s.arg(before)));
    const quint64 sequence = watch.store.events().appended();
    const quint32 generation = watch.status.generation;

    if (killed)
        scene.serverAt(before)->kill();
    else
        QVERIFY(scene.failOver());
    QTRY_VERIFY_WITH_TIMEOUT(scene.hasMasterBesides(before), failoverLimitMs);
    QElapsedTimer since;
    since.start();
    QTRY_VERIFY_WITH_TIMEOUT(watch.status.generation > generation && watch.status.state == SourceState::Live, failoverLimitMs);
    qInfo("live %lld ms after the new master answered", since.elapsed());
    QVERIFY(watch.status.server.contains(u":%1"_s.arg(scene.masterPort())));
    QVERIFY(scene.masterPort() != before);

    QTRY_COMPARE_WITH_TIMEOUT(watch.store.figures().alive, workers, failoverLimitMs);
    QCOMPARE(watch.store.figures().total, workers);
    QCOMPARE(watch.store.figures().departed, 0);
    const QStringList invented = eventsSince(watch.store, sequence);
    QVERIFY2(invented.isEmpty(), qPrintable(invented.join(u' ')));
    QCOMPARE(watch.store.unknownSpans(1).size(), size_t(1));
    // What follows is announced again.
    RedisServer &now = *scene.serverAt(scene.masterPort());
    const QByteArray key = now.command({"SCAN", "0", "MATCH", "worker:*:*", "COUNT", "1000"}).elements.at(1).elements.at(0).text;
    QVERIFY(now.command({"HSET", key, "status", "draining"}).ok());
    TRY_EQUAL(watch.worker(key.mid(key.indexOf(':') + 1)).status, WorkerStatus::Draining);
}

void SentinelFailoverTest::silentSentinelsAreSaid()
{
    SentinelScene scene;
    QVERIFY2(scene.start(), qPrintable(scene.errorString()));
    SourceWatch watch;
    watch.watch(scene.url());
    TRY_EQUAL(watch.status.state, SourceState::Live);
    for (int i = 0; i < 3; ++i)
        scene.sentinel(i).kill();
    TRY_TRUE(watch.status.limits.join(u' ').contains(u"No Sentinel is heard"_s));
    QCOMPARE(watch.status.state, SourceState::Live);
    QVERIFY(!watch.status.isPartial());
    RedisServer &master = *scene.serverAt(watch.status.server.section(u':', -1).section(u' ', 0, 0).toInt());
    // While no Sentinel says where it is, the source waits for them, and comes back with them.
    QVERIFY(master.restartEmpty());
    TRY_EQUAL(watch.status.state, SourceState::Waiting);
    QVERIFY2(watch.status.message.contains(u"No Sentinel says"_s) || watch.status.message.contains(u"ended"_s),
             qPrintable(watch.status.message));
}

/// The answer to a command is lost with its server: it is not known whether it arrived, and it is not sent to the next one.
void SentinelFailoverTest::commandUnderWayIsSentOnce()
{
    SentinelScene scene;
    QVERIFY2(scene.start(), qPrintable(scene.errorString()));
    RedisServer &first = *scene.serverAt(scene.masterPort());
    SourceWatch watch;
    watch.options.connection = RedisConnectionOptions();
    watch.tellTiming(600'000);
    watch.client = std::make_unique<RedisClient>(first.url());
    watch.registerWorker("chromium:a", 600'000);
    watch.watch(scene.url());
    QList<CommandProgress> progress;
    connect(watch.source.get(), &FleetSource::commandsProgressed, this,
            [&progress](const QList<CommandProgress> &news) { progress += news; });
    watch.source->setWritable(true);
    TRY_TRUE(watch.isWatching() && watch.status.rights.known);
    TRY_TRUE(watch.knows("chromium:a"));
    const int before = first.tcpUrl().port;

    first.pause();
    Command command;
    command.id = command.group = QUuid::createUuid();
    command.act = Act::Shutdown;
    command.source = 1;
    command.worker = "chromium:a";
    watch.source->carryOut({command});
    QTRY_VERIFY_WITH_TIMEOUT(watch.status.generation > 1 && watch.isWatching(), failoverLimitMs);
    QCOMPARE(progress.size(), 1);
    QCOMPARE(progress.constFirst().outcome, CommandProgress::Outcome::Unknown);
    QVERIFY(scene.masterPort() != before);
    RedisServer &second = *scene.serverAt(scene.masterPort());
    QCOMPARE(second.command({"EXISTS", "worker:cmd:chromium:a"}).integer, 0);
    QVERIFY(watch.knows("chromium:a"));
    first.resume();
}

/// A server that hangs keeps its connections open: they are left because the Sentinels say so.
void SentinelFailoverTest::deadMasterThatStillHoldsItsConnectionsIsLeft()
{
    SentinelScene scene;
    QVERIFY2(scene.start(), qPrintable(scene.errorString()));
    const int before = scene.masterPort();
    SourceWatch watch;
    watch.options.connection = RedisConnectionOptions();
    watch.options.connection.replyTimeoutMs = 10 * failoverLimitMs; // Only the Sentinels can tell.
    watch.tellTiming(600'000);
    watch.client = std::make_unique<RedisClient>(scene.serverAt(before)->url());
    watch.registerWorker("chromium:a", 600'000);
    watch.watch(scene.url());
    TRY_EQUAL(watch.status.state, SourceState::Live);
    const quint64 sequence = watch.store.events().appended();
    scene.serverAt(before)->pause();
    QTRY_VERIFY_WITH_TIMEOUT(watch.status.generation > 1 && watch.status.state == SourceState::Live, failoverLimitMs);
    QVERIFY(watch.status.server.contains(u":%1"_s.arg(scene.masterPort())));
    QCOMPARE(eventsSince(watch.store, sequence), QStringList());
    // It comes back, and is a replica soon: no Sentinel goes there.
    scene.serverAt(before)->resume();
    QTRY_VERIFY_WITH_TIMEOUT(scene.serverAt(before)->command({"ROLE"}).elements.front().text == "slave", failoverLimitMs);
    QCOMPARE(watch.status.state, SourceState::Live);
    QCOMPARE(watch.status.generation, 2u);
}

PULSEDECK_TEST(SentinelFailoverTest, runWithEvents)
#include "sentinelfailover_test.moc"
