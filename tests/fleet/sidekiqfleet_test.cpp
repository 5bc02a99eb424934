// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fleet/systemscene.h"
#include "tests/support/testprogram.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

#include <csignal>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// A simulated Sidekiq fleet as it looks in a real Redis: start, beats, signals, ends.
class SidekiqFleetTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void looksLikeSidekiq_data();
    void looksLikeSidekiq();
    void quietShowsOneBeatAfterItWasTaken();
    void stopLeavesTheHashBehind();
    void stopWaitsForJobsAndPutsThemBack();
    void killedMemberStaysUntilAnotherStarts();
    void embeddedTakesSignalsAndIgnoresThem();
    void unknownSignalIsOnlyLogged();
    void jobsComeAndGo();
    void lostKeysComeBack();
    void endsInOrderAndHard();
    void wrongLines();

private:
    bool start(const QStringList &further = {})
    {
        if (!m_scene.start(u"sidekiq"_s, further))
            return false;
        m_ids = m_scene.members("processes");
        return !m_ids.isEmpty();
    }
    void signal(const QByteArray &id, const QByteArray &name)
    {
        m_scene.ask({"LPUSH", id + "-signals", name});
        m_scene.ask({"EXPIRE", id + "-signals", "60"});
    }

    SystemScene m_scene;
    QByteArrayList m_ids;
};

void SidekiqFleetTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("redis-server is not installed");
}

void SidekiqFleetTest::looksLikeSidekiq_data()
{
    QTest::addColumn<QString>("release");
    QTest::newRow("6.5") << u"6"_s;
    QTest::newRow("7") << u"7"_s;
}

void SidekiqFleetTest::looksLikeSidekiq()
{
    QFETCH(QString, release);
    QVERIFY(start({u"--release"_s, release, u"--queues"_s, u"default,mailers"_s}));
    QCOMPARE(m_ids.size(), 2);
    const QByteArray id = m_ids.first();
    static const QRegularExpression shape(u"^app-1:[0-9]+:[0-9a-f]{12}$"_s);
    QVERIFY2(shape.match(QString::fromUtf8(id)).hasMatch(), id.constData());
    const auto fields = m_scene.hash(id);
    QCOMPARE(fields.value("busy"), "0");
    QCOMPARE(fields.value("quiet"), "false");
    QVERIFY(fields.contains("rss") && fields.contains("rtt_us"));
    QVERIFY(qAbs(fields.value("beat").toDouble() - m_scene.ask({"TIME"}).elements.at(0).text.toDouble()) < 10);
    const QJsonObject info = SystemScene::json(fields.value("info"));
    QCOMPARE(info.value(u"hostname"_s).toString(), u"app-1"_s);
    QCOMPARE(info.value(u"pid"_s).toInt(), id.split(':').at(1).toInt());
    QCOMPARE(info.value(u"queues"_s).toArray(), (QJsonArray{u"default"_s, u"mailers"_s}));
    QCOMPARE(info.value(u"identity"_s).toString().toUtf8(), id);
    QCOMPARE(info.value(u"concurrency"_s).toInt(), 5);
    QCOMPARE(info.contains(u"version"_s), release == u"7");
    QVERIFY(info.value(u"started_at"_s).isDouble());
    QVERIFY(!m_scene.exists(id + ":work"));
    const qint64 ttl = m_scene.pttl(id);
    QVERIFY(ttl > 0 && ttl <= 3'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.field(id, "beat") != fields.value("beat"), SystemScene::limitMs);
}

void SidekiqFleetTest::quietShowsOneBeatAfterItWasTaken()
{
    QVERIFY(start({u"--speed"_s, u"5"_s, u"--workers"_s, u"1"_s}));
    const QByteArray id = m_ids.first();
    signal(id, "TSTP");
    // In one script, so that no beat comes in between.
    const QByteArray look = "if redis.call('LLEN', KEYS[1]) > 0 then return 'waits' end "
                            "return redis.call('HGET', KEYS[2], 'quiet') .. ' ' .. redis.call('HGET', KEYS[2], 'beat')";
    const auto seen = [&] { return m_scene.text({"EVAL", look, "2", id + "-signals", id}); };
    QByteArray taken;
    QTRY_VERIFY_WITH_TIMEOUT((taken = seen()) != "waits", SystemScene::limitMs);
    QVERIFY2(taken.startsWith("false "), taken.constData());
    QTRY_VERIFY_WITH_TIMEOUT(seen().startsWith("true "), SystemScene::limitMs);
    QVERIFY(m_scene.isMember("processes", id));
    m_scene.ask({"LPUSH", "queue:default", "{}"});
    const qint64 beats = m_scene.fleet().figure("beats");
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.fleet().figure("beats") > beats, SystemScene::limitMs);
    QCOMPARE(m_scene.length("queue:default"), 1);
}

void SidekiqFleetTest::stopLeavesTheHashBehind()
{
    QVERIFY(start());
    const QByteArray id = m_ids.first();
    signal(id, "TERM");
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.isMember("processes", id), SystemScene::limitMs);
    QVERIFY(m_scene.exists(id));
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists(id), SystemScene::limitMs);
    QVERIFY(m_scene.isMember("processes", m_ids.last()));
    QVERIFY(m_scene.exists(m_ids.last()));
}

void SidekiqFleetTest::stopWaitsForJobsAndPutsThemBack()
{
    QVERIFY(start({u"--workers"_s, u"1"_s, u"--queues"_s, u"default"_s, u"--speed"_s, u"10"_s}));
    const QByteArray id = m_ids.first();
    QCOMPARE(m_scene.fleet().idOf("work 1 3000"), id);
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.field(id, "busy"), "1", SystemScene::limitMs);
    const auto work = m_scene.hash(id + ":work");
    QCOMPARE(work.size(), 1);
    const QJsonObject job = SystemScene::json(work.begin().value());
    QCOMPARE(job.value(u"queue"_s).toString(), u"default"_s);
    QCOMPARE(job.value(u"payload"_s).toString(), u"{}"_s);
    QVERIFY(job.value(u"run_at"_s).isDouble());
    signal(id, "TERM");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.field(id, "quiet"), "true", SystemScene::limitMs); // It beats on meanwhile.
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.isMember("processes", id), SystemScene::limitMs);
    QVERIFY(!m_scene.exists(id + ":work"));
    QCOMPARE(m_scene.length("queue:default"), 1);
}

void SidekiqFleetTest::killedMemberStaysUntilAnotherStarts()
{
    QVERIFY(start());
    const QByteArray id = m_ids.first();
    QCOMPARE(m_scene.fleet().idOf("kill " + id), id);
    QVERIFY(m_scene.exists(id));
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists(id), SystemScene::limitMs);
    QVERIFY(m_scene.isMember("processes", id));
    // Whoever starts removes it, once a minute in true time.
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists("process_cleanup"), SystemScene::limitMs);
    QCOMPARE(m_scene.fleet().idOf("restart " + m_ids.last()), m_ids.last());
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.isMember("processes", id), SystemScene::limitMs);
    const QByteArrayList left = m_scene.members("processes");
    QCOMPARE(left.size(), 1);
    QVERIFY(left.first() != m_ids.last());
    QCOMPARE(left.first().split(':').first(), m_ids.last().split(':').first()); // The host stays.
}

void SidekiqFleetTest::embeddedTakesSignalsAndIgnoresThem()
{
    QVERIFY(start({u"--workers"_s, u"1"_s}));
    const QByteArray id = m_ids.first();
    const auto embedded = [&] { return SystemScene::json(m_scene.field(id, "info")).value(u"embedded"_s).toBool(); };
    QVERIFY(!embedded());
    QCOMPARE(m_scene.fleet().idOf("embed " + id), id);
    QTRY_VERIFY_WITH_TIMEOUT(embedded(), SystemScene::limitMs);
    signal(id, "TSTP");
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists(id + "-signals"), SystemScene::limitMs);
    const qint64 beats = m_scene.fleet().figure("beats");
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.fleet().figure("beats") > beats + 1, SystemScene::limitMs);
    QCOMPARE(m_scene.field(id, "quiet"), "false");
}

void SidekiqFleetTest::unknownSignalIsOnlyLogged()
{
    QVERIFY(start({u"--workers"_s, u"1"_s}));
    const QByteArray id = m_ids.first();
    signal(id, "TTIN");
    signal(id, "HELLO");
    QCOMPARE(m_scene.fleet().waitForLine("dump "), "dump " + id); // First in, first out, one a beat.
    QTRY_VERIFY_WITH_TIMEOUT(!m_scene.exists(id + "-signals"), SystemScene::limitMs);
    const qint64 beats = m_scene.fleet().figure("beats");
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.fleet().figure("beats") > beats, SystemScene::limitMs);
    QVERIFY(m_scene.fleet().errors().contains("HELLO"));
    QVERIFY(m_scene.isMember("processes", id));
}

void SidekiqFleetTest::jobsComeAndGo()
{
    QVERIFY(start({u"--sessions"_s, u"0.5"_s, u"--session-length"_s, u"0.2"_s}));
    QTRY_VERIFY_WITH_TIMEOUT(m_scene.text({"GET", "stat:processed"}).toInt() > 20, SystemScene::limitMs);
    QCOMPARE(m_scene.members("queues"), (QByteArrayList{"default", "mailers"}));
    QVERIFY(m_scene.fleet().figure("jobs") > 20);
    // Jobs of others are taken too.
    QCOMPARE(m_scene.fleet().ask("jobs 4 mailers"), "jobs 4");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.length("queue:mailers"), 0, SystemScene::limitMs);
}

void SidekiqFleetTest::lostKeysComeBack()
{
    QVERIFY(start());
    m_scene.ask({"SET", "other", "1"});
    QCOMPARE(m_scene.fleet().ask("flush"), "flush");
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.members("processes"), m_ids, SystemScene::limitMs);
    m_scene.ask({"FLUSHALL"});
    QTRY_COMPARE_WITH_TIMEOUT(m_scene.members("processes"), m_ids, SystemScene::limitMs);
    QVERIFY(m_scene.field(m_ids.first(), "info").contains("hostname"));
}

void SidekiqFleetTest::endsInOrderAndHard()
{
    QVERIFY(start());
    m_scene.fleet().tell("quit");
    QCOMPARE(m_scene.fleet().waitForEnd(), 0);
    QCOMPARE(m_scene.members("processes"), QByteArrayList());
    QVERIFY(m_scene.exists(m_ids.first()));

    QVERIFY(start());
    m_scene.fleet().signal(SIGKILL);
    QCOMPARE(m_scene.fleet().waitForEnd(), -1);
    QCOMPARE(m_scene.members("processes"), m_ids);
}

void SidekiqFleetTest::wrongLines()
{
    QVERIFY(start());
    QVERIFY(m_scene.fleet().ask("error").contains("is none of embed, quiet, stop"));
    m_scene.fleet().tell("quiet somebody");
    QVERIFY(m_scene.fleet().waitForLine("error").contains("somebody"));
    m_scene.fleet().tell("hang 1 soon");
    QVERIFY(m_scene.fleet().waitForLine("error").contains("soon"));
    m_scene.fleet().tell("jobs 0");
    QVERIFY(m_scene.fleet().waitForLine("error").contains("jobs takes"));
    FleetProcess wrong;
    QVERIFY(wrong.start({u"--layout"_s, u"celeriac"_s}));
    QCOMPARE(wrong.waitForEnd(), 2);
    QVERIFY(wrong.errors().contains("sidekiq"));
}

PULSEDECK_TEST(SidekiqFleetTest, runWithEvents)
#include "sidekiqfleet_test.moc"
