// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fleet/systemscene.h"
#include "tests/support/testprogram.h"

#include <QRegularExpression>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// A simulated RQ fleet as it looks in a real Redis: start, beats, messages, suspension, ends.
class RqFleetTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void looksLikeRq();
    void idleAndWorkingBeats();
    void idleObeysShutdownAtOnce();
    void shutdownAtWorkWaits();
    void secondShutdownKillsTheJob();
    void jobsCanBeKilled();
    void wrongMessageMakesItDeaf_data();
    void wrongMessageMakesItDeaf();
    void suspensionIsNoticedLate();
    void killedIdle();
    void killedAtWorkKeepsItsSocket();
    void halfHash();
    void hashWithoutTtl();
    void frozenHearsAndActsLater();
    void endsInOrder();

private:
    bool start(const QStringList &further = {})
    {
        if (!m_scene.start(u"rq"_s, further))
            return false;
        m_keys = m_scene.members("rq:workers");
        m_key = m_keys.value(0);
        m_id = m_key.mid(10);
        return m_id.size() == 32;
    }
    qint64 publish(const QByteArray &message) { return m_scene.number({"PUBLISH", "rq:pubsub:" + m_id, message}); }
    QByteArray field(const QByteArray &name) { return m_scene.field(m_key, name); }
    bool work(const QByteArray &seconds)
    {
        return m_scene.fleet().idOf("work " + m_id + ' ' + seconds) == m_id
               && QTest::qWaitFor([this] { return field("state") == "busy"; }, SystemScene::limitMs);
    }
    qint64 listeners() { return m_scene.listeners("rq:pubsub:" + m_id); }

    SystemScene m_scene;
    QByteArrayList m_keys;
    QByteArray m_key;
    QByteArray m_id;
};

void RqFleetTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("redis-server is not installed");
}

void RqFleetTest::looksLikeRq()
{
    QVERIFY(start());
    QCOMPARE(m_keys.size(), 2);
    QVERIFY(m_key.startsWith("rq:worker:"));
    QCOMPARE(m_scene.members("rq:workers:default"), m_keys);
    QCOMPARE(m_scene.members("rq:workers:mailers"), m_keys);
    QCOMPARE(m_scene.members("rq:queues"), (QByteArrayList{"rq:queue:default", "rq:queue:mailers"}));
    const auto fields = m_scene.hash(m_key);
    static const QRegularExpression time(u"^20[0-9-]{8}T[0-9:]{8}\\.[0-9]{6}Z$"_s);
    QVERIFY(time.match(QString::fromUtf8(fields.value("birth"))).hasMatch());
    QVERIFY(time.match(QString::fromUtf8(fields.value("last_heartbeat"))).hasMatch());
    QCOMPARE(fields.value("queues"), "default,mailers");
    QCOMPARE(fields.value("hostname"), "app-1");
    QCOMPARE(fields.value("version"), "2.10.0");
    QVERIFY(fields.value("pid").toInt() > 0);
    QVERIFY(fields.value("ip_address").contains(':'));
    QCOMPARE(fields.value("state"), "idle");
    QCOMPARE(listeners(), 1);
    const qint64 ttl = m_scene.pttl(m_key);
    QVERIFY(ttl > 20'000 && ttl <= 24'000);
}

void RqFleetTest::idleAndWorkingBeats()
{
    QVERIFY(start());
    QVERIFY(work("3"));
    const QByteArray job = field("current_job");
    QVERIFY(!job.isEmpty());
    QCOMPARE(m_scene.members("rq:wip:default"), QByteArrayList{job});
    QVERIFY(m_scene.pttl(m_key) <= 5'000);
    const QByteArray stamp = field("last_heartbeat");
    QTRY_VERIFY_WITH_TIMEOUT(field("last_heartbeat") != stamp, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(field("state"), "idle", SystemScene::limitMs);
    QCOMPARE(field("successful_job_count"), "1");
    QVERIFY(field("total_working_time").toDouble() >= 3);
    QVERIFY(!m_scene.hash(m_key).contains("current_job"));
    QVERIFY(!m_scene.exists("rq:wip:default"));
    QVERIFY(m_scene.pttl(m_key) > 20'000);
}

void RqFleetTest::idleObeysShutdownAtOnce()
{
    QVERIFY(start());
    QCOMPARE(publish(R"({"command": "shutdown"})"), 1);
    QTRY_VERIFY_WITH_TIMEOUT(!field("death").isEmpty(), SystemScene::limitMs);
    QVERIFY(field("shutdown_requested_date").isEmpty());
    QVERIFY(!m_scene.isMember("rq:workers", m_key));
    QVERIFY(!m_scene.isMember("rq:workers:default", m_key));
    QVERIFY(m_scene.pttl(m_key) <= 3'000);
    QTRY_COMPARE_WITH_TIMEOUT(listeners(), 0, SystemScene::limitMs);
    QVERIFY(m_scene.isMember("rq:workers", m_keys.last()));
}

void RqFleetTest::shutdownAtWorkWaits()
{
    QVERIFY(start());
    QVERIFY(work("2"));
    QCOMPARE(publish(R"({"command": "shutdown"})"), 1);
    QTRY_VERIFY_WITH_TIMEOUT(!field("shutdown_requested_date").isEmpty(), SystemScene::limitMs);
    QCOMPARE(field("state"), "busy");
    QVERIFY(field("death").isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(!field("death").isEmpty(), SystemScene::limitMs);
    QCOMPARE(field("successful_job_count"), "1");
}

void RqFleetTest::secondShutdownKillsTheJob()
{
    QVERIFY(start({u"--release"_s, u"1"_s}));
    QCOMPARE(field("version"), "1.13.0");
    QVERIFY(work("3000"));
    publish(R"({"command": "shutdown"})");
    QTRY_VERIFY_WITH_TIMEOUT(!field("shutdown_requested_date").isEmpty(), SystemScene::limitMs);
    publish(R"({"command": "shutdown"})");
    QTRY_VERIFY_WITH_TIMEOUT(!field("death").isEmpty(), SystemScene::limitMs);
    QCOMPARE(field("failed_job_count"), "1");
}

void RqFleetTest::jobsCanBeKilled()
{
    QVERIFY(start());
    QVERIFY(work("3000"));
    const QByteArray job = field("current_job");
    publish(R"({"command": "stop-job", "job_id": "another"})");
    publish(R"({"command": "nothing"})");
    publish(R"({"command": "stop-job", "job_id": ")" + job + R"("})");
    QTRY_COMPARE_WITH_TIMEOUT(field("state"), "idle", SystemScene::limitMs);
    QCOMPARE(field("failed_job_count"), "1");
    QVERIFY(work("3000"));
    publish(R"({"command": "kill-horse"})");
    QTRY_COMPARE_WITH_TIMEOUT(field("failed_job_count"), "2", SystemScene::limitMs);
    QVERIFY(field("death").isEmpty());
    QCOMPARE(listeners(), 1);
}

void RqFleetTest::wrongMessageMakesItDeaf_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("no JSON") << QByteArray("hello");
    QTest::newRow("no object") << QByteArray("[1]");
    QTest::newRow("no command") << QByteArray("{}");
    QTest::newRow("by itself") << QByteArray();
}

void RqFleetTest::wrongMessageMakesItDeaf()
{
    QFETCH(QByteArray, message);
    QVERIFY(start());
    if (message.isEmpty())
        QCOMPARE(m_scene.fleet().idOf("deaf " + m_id), m_id);
    else
        QCOMPARE(publish(message), 1);
    QCOMPARE(publish(R"({"command": "shutdown"})"), 1);
    QVERIFY(work("0.2")); // It works on,
    QTRY_COMPARE_WITH_TIMEOUT(field("state"), "idle", SystemScene::limitMs);
    QVERIFY(field("death").isEmpty()); // and never obeyed.
    QCOMPARE(listeners(), 1);
}

void RqFleetTest::suspensionIsNoticedLate()
{
    QVERIFY(start({u"--workers"_s, u"1"_s}));
    m_scene.ask({"SET", "rq:suspended", "1"});
    QVERIFY(work("0.3")); // It was waiting for a job, and takes one more.
    QTRY_COMPARE_WITH_TIMEOUT(field("state"), "suspended", SystemScene::limitMs);
    m_scene.fleet().ask("jobs 1");
    const QByteArray stamp = field("last_heartbeat");
    QTRY_VERIFY_WITH_TIMEOUT(field("last_heartbeat") != stamp, SystemScene::limitMs);
    QCOMPARE(m_scene.length("rq:queue:default"), 1);
    m_scene.ask({"DEL", "rq:suspended"});
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("rq:queue:default"), 0, SystemScene::limitMs);
}

void RqFleetTest::killedIdle()
{
    QVERIFY(start({u"--speed"_s, u"100"_s}));
    QCOMPARE(m_scene.fleet().idOf("kill " + m_id), m_id);
    QTRY_COMPARE_WITH_TIMEOUT(listeners(), 0, SystemScene::limitMs);
    QCOMPARE(field("state"), "idle");
    QVERIFY(m_scene.isMember("rq:workers", m_key));
    // Another worker removes the member once the key is gone.
    m_scene.ask({"PEXPIRE", m_key, "1"});
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.isMember("rq:workers", m_key), SystemScene::limitMs);
}

void RqFleetTest::killedAtWorkKeepsItsSocket()
{
    QVERIFY(start());
    QVERIFY(m_scene.fleet().idOf("orphan " + m_id + " 4") == m_id);
    QTRY_COMPARE_WITH_TIMEOUT(field("state"), "busy", SystemScene::limitMs);
    QCOMPARE(publish(R"({"command": "shutdown"})"), 1); // Heard by a socket that nobody reads.
    QCOMPARE(listeners(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(listeners(), 0, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(field("successful_job_count"), "1", SystemScene::limitMs);
    QVERIFY(field("death").isEmpty());
}

void RqFleetTest::halfHash()
{
    QVERIFY(start({u"--release"_s, u"1"_s}));
    QCOMPARE(m_scene.fleet().ask("flush"), "flush");
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists(m_key), SystemScene::limitMs);
    QCOMPARE(listeners(), 1); // Alive, and without any key.
    QVERIFY(work("0.2"));
    QVERIFY(!m_scene.hash(m_key).contains("birth"));
    QVERIFY(!m_scene.isMember("rq:workers", m_key));
    QCOMPARE(m_scene.fleet().idOf("half " + m_id), m_id);
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.hash(m_key).keys(), QByteArrayList{"last_heartbeat"}, SystemScene::limitMs);
}

void RqFleetTest::hashWithoutTtl()
{
    QVERIFY(start());
    QCOMPARE(m_scene.fleet().idOf("no-ttl " + m_id), m_id);
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.pttl(m_key), -1, SystemScene::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(listeners(), 0, SystemScene::limitMs);
    QVERIFY(field("death").isEmpty());
    QCOMPARE(m_scene.fleet().ask("quiet"), "quiet 0"); // There is no such thing.
}

void RqFleetTest::frozenHearsAndActsLater()
{
    QVERIFY(start());
    QCOMPARE(m_scene.fleet().idOf("hang " + m_id + " 1"), m_id);
    QCOMPARE(publish(R"({"command": "shutdown"})"), 1);
    QVERIFY(field("death").isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(!field("death").isEmpty(), SystemScene::limitMs);
}

void RqFleetTest::endsInOrder()
{
    QVERIFY(start());
    m_scene.fleet().tell("quit");
    QCOMPARE(m_scene.fleet().waitForEnd(), 0);
    QCOMPARE(m_scene.members("rq:workers"), QByteArrayList());
    QVERIFY(!field("death").isEmpty());
}

PULSEDECK_TEST(RqFleetTest, runWithEvents)
#include "rqfleet_test.moc"
