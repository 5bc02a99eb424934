// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fleet/systemscene.h"
#include "tests/support/testprogram.h"

#include <QDateTime>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

QByteArray command(const char *name, const char *options = "[]")
{
    return QByteArray("{\"command\":\"Laravel\\\\Horizon\\\\SupervisorCommands\\\\") + name + "\",\"options\":" + options + '}';
}

} // namespace

/// The simulated fleets of Resque, Horizon, gocraft/work and Hangfire as they look in a real Redis.
class SmallFleetsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void resqueLooksLikeResque();
    void resquePausesAsAWhole();
    void resqueAliveAndUnregistered();
    void resqueDeadStaysUntilAnotherStarts();
    void resqueEndsInOrder();
    void horizonLooksLikeHorizon();
    void horizonObeysCommands();
    void horizonKilledMaster();
    void horizonEndsInOrder();
    void gocraftLooksLikeGocraft();
    void hangfireLooksLikeHangfire();

private:
    QByteArray beatOf(const QByteArray &id) { return m_scene.field("resque:workers:heartbeat", id); }

    SystemScene m_scene;
};

void SmallFleetsTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("redis-server is not installed");
}

void SmallFleetsTest::gocraftLooksLikeGocraft()
{
    QVERIFY(m_scene.start(u"gocraft"_s, {u"--session-length"_s, u"0.2"_s}));
    const QByteArrayList ids = m_scene.members("work:worker_pools");
    QCOMPARE(ids.size(), 2);
    const QByteArray key = "work:worker_pools:" + ids.first();
    QCOMPARE(m_scene.field(key, "job_names"), "default,mailers");
    QVERIFY(m_scene.field(key, "pid").toInt() > 0);
    QCOMPARE(m_scene.pttl(key), -1);
    QCOMPARE(m_scene.members("work:known_jobs"), (QByteArrayList{"default", "mailers"}));
    m_scene.ask({"SET", "work:jobs:default:paused", "1"});
    m_scene.fleet().ask("jobs 2 default");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("work:jobs:default"), 2, SystemScene::limitMs);
    const QJsonObject job = SystemScene::json(m_scene.text({"LINDEX", "work:jobs:default", "-1"}));
    QVERIFY(job.value(u"t"_s).toDouble() > 1.7e9);
    m_scene.ask({"DEL", "work:jobs:default:paused"});
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("work:jobs:default"), 0, SystemScene::limitMs);
    QCOMPARE(m_scene.fleet().idOf("kill " + ids.first()), ids.first());
    QVERIFY(m_scene.exists(key)); // It stays.
    m_scene.fleet().tell("quit");
    QCOMPARE(m_scene.fleet().waitForEnd(), 0);
    QCOMPARE(m_scene.members("work:worker_pools"), QByteArrayList{ids.first()});
}

void SmallFleetsTest::hangfireLooksLikeHangfire()
{
    QVERIFY(m_scene.start(u"hangfire"_s, {u"--session-length"_s, u"0.2"_s}));
    const QByteArrayList ids = m_scene.members("{hangfire}:servers");
    QCOMPARE(ids.size(), 2);
    QVERIFY2(ids.first().startsWith("app-1:"), ids.first().constData());
    const QByteArray key = "{hangfire}:server:" + ids.first();
    QVERIFY(m_scene.field(key, "Heartbeat").toLongLong() > 1'700'000'000'000);
    QCOMPARE(m_scene.pttl(key), -1);
    QCOMPARE(m_scene.members(key + ":queues"), (QByteArrayList{"default", "mailers"}));
    m_scene.fleet().ask("jobs 2 mailers");
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.fleet().figure("working") == 0 && m_scene.length("{hangfire}:queue:mailers") == 0,
                             SystemScene::limitMs);
    QCOMPARE(m_scene.fleet().idOf("stop " + ids.first()), ids.first());
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists(key), SystemScene::limitMs);
}

void SmallFleetsTest::resqueLooksLikeResque()
{
    QVERIFY(m_scene.start(u"resque"_s));
    const QByteArrayList ids = m_scene.members("resque:workers");
    QCOMPARE(ids.size(), 2);
    QVERIFY2(ids.first().startsWith("app-1:") && ids.first().endsWith(":default,mailers"), ids.first().constData());
    for (const QByteArray &id : ids) {
        QTRY_VERIFY_WITH_TIMEOUT(!beatOf(id).isEmpty(), SystemScene::limitMs);
        const QDateTime beat = QDateTime::fromString(QString::fromUtf8(beatOf(id)), Qt::ISODate);
        QVERIFY(qAbs(beat.secsTo(QDateTime::currentDateTimeUtc())) < 10);
        QVERIFY(m_scene.text({"GET", "resque:worker:" + id + ":started"}).endsWith(" +0000"));
        QVERIFY(!m_scene.exists("resque:worker:" + id));
    }
    QCOMPARE(m_scene.fleet().idOf("work " + ids.first() + " 1"), ids.first());
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.exists("resque:worker:" + ids.first()), SystemScene::limitMs);
    QCOMPARE(SystemScene::json(m_scene.text({"GET", "resque:worker:" + ids.first()})).value(u"queue"_s).toString(), u"default"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists("resque:worker:" + ids.first()), SystemScene::limitMs);
    QCOMPARE(m_scene.text({"GET", "resque:stat:processed"}), "1");
}

void SmallFleetsTest::resquePausesAsAWhole()
{
    QVERIFY(m_scene.start(u"resque"_s, {u"--session-length"_s, u"0.1"_s}));
    m_scene.ask({"SET", "resque:pause-all-workers", "TRUE"});
    // Within one poll; until then jobs are taken.
    QVERIFY(QTest::qWaitFor(
        [this] {
            m_scene.fleet().ask("jobs 1");
            return m_scene.length("resque:queue:default") > 2;
        },
        SystemScene::limitMs));
    m_scene.ask({"DEL", "resque:pause-all-workers"});
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("resque:queue:default"), 0, SystemScene::limitMs);
}

void SmallFleetsTest::resqueAliveAndUnregistered()
{
    QVERIFY(m_scene.start(u"resque"_s, {u"--speed"_s, u"200"_s}));
    const QByteArrayList ids = m_scene.members("resque:workers");
    m_scene.ask({"FLUSHALL"});
    QTRY_VERIFY_WITH_TIMEOUT(!beatOf(ids.first()).isEmpty(), SystemScene::limitMs);
    QCOMPARE(m_scene.members("resque:workers"), QByteArrayList());
    m_scene.fleet().ask("jobs 2");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("resque:queue:default"), 0, SystemScene::limitMs); // It works.
}

void SmallFleetsTest::resqueDeadStaysUntilAnotherStarts()
{
    QVERIFY(m_scene.start(u"resque"_s, {u"--speed"_s, u"200"_s})); // Dead after one and a half seconds.
    const QByteArrayList ids = m_scene.members("resque:workers");
    QCOMPARE(m_scene.fleet().idOf("kill " + ids.first()), ids.first());
    const qint64 beats = m_scene.fleet().figure("beats");
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.fleet().figure("beats") > beats + 3, SystemScene::limitMs);
    QVERIFY(m_scene.isMember("resque:workers", ids.first()));
    QVERIFY(!beatOf(ids.first()).isEmpty());
    const auto restart = [this] {
        m_scene.fleet().ask("restart 1");
        return m_scene.members("resque:workers");
    };
    QTRY_COMPARE_WITH_TIMEOUT(restart().size(), 1, SystemScene::limitMs);
    QVERIFY(beatOf(ids.first()).isEmpty());
}

void SmallFleetsTest::resqueEndsInOrder()
{
    QVERIFY(m_scene.start(u"resque"_s));
    m_scene.fleet().tell("quit");
    QCOMPARE(m_scene.fleet().waitForEnd(), 0);
    m_scene.ask({"DEL", "resque:pruning_dead_workers_in_progress"});
    QCOMPARE(m_scene.members("resque:workers"), QByteArrayList());
    QCOMPARE(m_scene.number({"DBSIZE"}), 0);
}

void SmallFleetsTest::horizonLooksLikeHorizon()
{
    QVERIFY(m_scene.start(u"horizon"_s, {u"--speed"_s, u"5"_s}));
    const QByteArrayList masters = m_scene.members("app_horizon:masters");
    QCOMPARE(masters.size(), 2);
    const QByteArray master = masters.first();
    const auto fields = m_scene.hash("app_horizon:master:" + master);
    QCOMPARE(fields.value("name"), master);
    QCOMPARE(fields.value("status"), "running");
    QCOMPARE(fields.value("supervisors"), "[\"" + master + ":supervisor-1\",\"" + master + ":supervisor-2\"]");
    QVERIFY(m_scene.pttl("app_horizon:master:" + master) <= 3'000);
    QCOMPARE(m_scene.members("app_horizon:supervisors").size(), 4);
    const auto supervisor = m_scene.hash("app_horizon:supervisor:" + master + ":supervisor-2");
    QCOMPARE(supervisor.value("master"), master);
    QCOMPARE(supervisor.value("processes"), R"({"redis:mailers":5})");
    QCOMPARE(SystemScene::json(supervisor.value("options")).value(u"maxProcesses"_s).toInt(), 5);
    const QByteArray score = m_scene.text({"ZSCORE", "app_horizon:masters", master});
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.text({"ZSCORE", "app_horizon:masters", master}) != score, SystemScene::limitMs);
}

void SmallFleetsTest::horizonObeysCommands()
{
    QVERIFY(m_scene.start(u"horizon"_s, {u"--workers"_s, u"1"_s}));
    const QByteArray master = m_scene.members("app_horizon:masters").value(0);
    const QByteArray one = master + ":supervisor-1";
    const auto tell = [this](const QByteArray &list, const QByteArray &text) {
        m_scene.ask({"RPUSH", "app_horizon:commands:" + list, text});
        return QTest::qWaitFor([&] { return !m_scene.exists("app_horizon:commands:" + list); }, SystemScene::limitMs);
    };
    const auto status = [this](const QByteArray &key) { return m_scene.field("app_horizon:" + key, "status"); };
    QVERIFY(tell("master:" + master, command("Pause")));
    QTRY_COMPARE_WITH_TIMEOUT(status("master:" + master), "paused", SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(status("supervisor:" + one), "paused", SystemScene::limitMs);
    QVERIFY(tell("master:" + master, command("ContinueWorking")));
    QTRY_COMPARE_WITH_TIMEOUT(status("supervisor:" + one), "running", SystemScene::limitMs);
    QVERIFY(tell(one, command("Pause")));
    QTRY_COMPARE_WITH_TIMEOUT(status("supervisor:" + one), "paused", SystemScene::limitMs);
    QCOMPARE(status("master:" + master), "running");
    QVERIFY(tell(one, command("Scale", R"({"scale":3})")));
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.field("app_horizon:supervisor:" + one, "processes"), R"({"redis:default":3})",
                              SystemScene::limitMs);
    const QByteArray pid = m_scene.field("app_horizon:supervisor:" + one, "pid");
    QVERIFY(tell(one, command("Terminate", R"({"status":1})")));
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.field("app_horizon:supervisor:" + one, "pid") != pid, SystemScene::limitMs);
    QVERIFY(tell(one, command("Terminate", R"({"status":0})")));
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.members("app_horizon:supervisors"), QByteArrayList{master + ":supervisor-2"},
                              SystemScene::limitMs);
    QVERIFY(tell("master:" + master, "hello")); // Only logged.
    QVERIFY(tell("master:" + master, command("Terminate")));
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists("app_horizon:master:" + master), SystemScene::limitMs);
    QVERIFY(!m_scene.exists("app_horizon:masters"));
    QVERIFY(m_scene.fleet().errors().contains("cannot be carried out"));
}

void SmallFleetsTest::horizonKilledMaster()
{
    QVERIFY(m_scene.start(u"horizon"_s));
    const QByteArrayList masters = m_scene.members("app_horizon:masters");
    QCOMPARE(m_scene.fleet().idOf("kill " + masters.first()), masters.first());
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.members("app_horizon:supervisors").size(), 2, SystemScene::limitMs);
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists("app_horizon:master:" + masters.first()), SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.members("app_horizon:masters"), QByteArrayList{masters.last()}, SystemScene::limitMs);
    // What is written for it now stays for ever.
    const QByteArray list = "app_horizon:commands:master:" + masters.first();
    m_scene.ask({"RPUSH", list, command("Pause")});
    const qint64 beats = m_scene.fleet().figure("beats");
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.fleet().figure("beats") > beats + 3, SystemScene::limitMs);
    QCOMPARE(m_scene.length(list), 1);
    QCOMPARE(m_scene.pttl(list), -1);
}

void SmallFleetsTest::horizonEndsInOrder()
{
    QVERIFY(m_scene.start(u"horizon"_s));
    m_scene.fleet().tell("quit");
    QCOMPARE(m_scene.fleet().waitForEnd(), 0);
    QCOMPARE(m_scene.number({"DBSIZE"}), 0);
}

PULSEDECK_TEST(SmallFleetsTest, runWithEvents)
#include "smallfleets_test.moc"
