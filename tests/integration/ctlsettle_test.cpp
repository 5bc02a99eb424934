// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/ctlprocess.h"
#include "tests/support/testprogram.h"

#include <QTimer>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// What pulsedeckctl takes for proven of a worker's age: no clock of the worker, no other worker's TTL, only a beat,
/// the shared timing record, or the time it was watched without a beat. Against real servers; the workers are written
/// by hand.
class CtlSettleTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void aShorterTtlIsNoAge();
    void clocksOfTheWorkersDecideNothing();
    void actsLeaveOutWhoseAgeIsNotProven();
    void theRecordProvesAnAgeAtOnce();
    void aRecordJustWrittenProvesNothing();
    void saysCrashedAsTheWindowDoes();
    void countersOfAnOrderlyEndAreNoFinding();
    void countersThatAreNoNumbersAreFlagged();

private:
    QString url() const { return m_server.url().display(); }
    static QJsonObject workerIn(const Ctl &ctl, const QString &id)
    {
        const QJsonArray array = QJsonDocument::fromJson(ctl.out).array();
        for (const QJsonValue &value : array) {
            if (value.toObject()[u"id"_s].toString() == id)
                return value.toObject();
        }
        return {};
    }

    RedisServer m_server;
};

void CtlSettleTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("There is no redis-server on this machine.");
    QVERIFY2(m_server.start(), qPrintable(m_server.errorString()));
}

void CtlSettleTest::init()
{
    QVERIFY(m_server.command({"FLUSHALL"}).ok());
}

void CtlSettleTest::aShorterTtlIsNoAge()
{
    QVERIFY(addWorker(m_server, "chromium:a", "available", 60));
    QVERIFY(addWorker(m_server, "chromium:b", "available", 60));
    QVERIFY(addWorker(m_server, "chromium:c", "available", 12)); // Rolled out with another TTL.
    Ctl ctl({u"list"_s, url(), u"--json"_s, u"--settle"_s, u"0.5"_s});
    QCOMPARE(ctl.run(), 1); // Nothing proves that they live.
    for (const QString &id : {u"a"_s, u"b"_s, u"c"_s}) {
        const QJsonObject worker = workerIn(ctl, id);
        QCOMPARE(worker[u"liveness"_s].toString(), u"settling"_s);
        QVERIFY(worker[u"beatAgeMs"_s].isNull());
        QVERIFY(worker[u"clockSkewMs"_s].isNull());
        QVERIFY(!worker[u"flags"_s].toArray().contains(u"clock-skew"_s));
    }
    QVERIFY2(ctl.err.contains("Waiting up to 0.5 s for a heartbeat of 3 workers"), ctl.err.constData());
    QVERIFY2(ctl.err.contains("it is not proven that they are alive: chromium:a, chromium:b, chromium:c."), ctl.err.constData());
}

void CtlSettleTest::clocksOfTheWorkersDecideNothing()
{
    const QByteArrayList ids{"chromium:1", "chromium:2", "firefox:3", "firefox:4", "webkit:5"};
    for (const QByteArray &id : ids)
        QVERIFY(addWorker(m_server, id, "available", 30));
    RedisClient client(m_server.url());
    // Their hosts are 90 s behind the Redis host, and they all agree.
    const auto beat = [&] {
        const QByteArray at = QByteArray::number(QDateTime::currentMSecsSinceEpoch() - 90'000);
        std::vector<QByteArrayList> commands;
        for (const QByteArray &id : ids) {
            commands.push_back({"HSET", "worker:" + id, "lastHeartbeat", at});
            commands.push_back({"EXPIRE", "worker:" + id, "30"});
        }
        client.pipeline(commands);
    };
    beat();
    QTimer beats;
    connect(&beats, &QTimer::timeout, this, beat);
    beats.start(1'000);
    Ctl list({u"list"_s, url(), u"--json"_s});
    QCOMPARE(list.run(), 0);
    for (const QByteArray &id : ids) {
        const QJsonObject worker = workerIn(list, QString::fromLatin1(id.mid(id.indexOf(':') + 1)));
        QCOMPARE(worker[u"liveness"_s].toString(), u"alive"_s);
        const qint64 skew = worker[u"clockSkewMs"_s].toInteger();
        QVERIFY2(skew > 85'000 && skew < 95'000, qPrintable(QString::number(skew)));
    }
    QVERIFY2(list.err.contains("The clocks of 5 of 5 workers are "), list.err.constData());

    Ctl shutdown({u"shutdown"_s, u"--where"_s, u"liveness:stale"_s, u"--now"_s, u"--force"_s, u"--reason"_s, u"stuck"_s,
                  u"--url"_s, url(), u"--journal"_s, u"none"_s});
    QCOMPARE(shutdown.run(), 0);
    QVERIFY2(shutdown.err.contains("No worker matches."), shutdown.err.constData());
    for (const QByteArray &id : ids)
        QCOMPARE(m_server.command({"EXISTS", "worker:cmd:" + id}).integer, 0);
}

void CtlSettleTest::actsLeaveOutWhoseAgeIsNotProven()
{
    QVERIFY(addWorker(m_server, "chromium:quiet", "available", 60));
    QVERIFY(addWorker(m_server, "firefox:other", "available", 60));
    for (const QString &where :
         {u"liveness:stale"_s, u"not liveness:stale"_s, u"age>30s"_s, u"age<30s"_s, u"liveness:attention"_s}) {
        Ctl drain({u"drain"_s, u"--where"_s, QString(where + u" id:quiet"_s), u"--force"_s, u"--settle"_s, u"0.5"_s,
                   u"--reason"_s, u"test"_s, u"--url"_s, url(), u"--journal"_s, u"none"_s});
        QCOMPARE(drain.run(), 1);
        QVERIFY2(drain.out.contains("chromium:quiet") && drain.out.contains("left out: its age is not proven"),
                 drain.out.constData());
        QVERIFY2(!drain.out.contains("firefox"), drain.out.constData()); // The filter excludes it whatever its age.
        QCOMPARE(m_server.command({"HGET", "worker:chromium:quiet", "status"}).text, QByteArray("available"));
    }
    // A filter that asks for no age waits for none.
    Ctl other({u"drain"_s, u"--where"_s, u"id:other"_s, u"--force"_s, u"--reason"_s, u"test"_s, u"--url"_s, url(), u"--journal"_s,
               u"none"_s});
    QCOMPARE(other.run(), 0);
    QVERIFY2(!other.err.contains("Waiting"), other.err.constData());
    QCOMPARE(m_server.command({"HGET", "worker:firefox:other", "status"}).text, QByteArray("draining"));
}

void CtlSettleTest::theRecordProvesAnAgeAtOnce()
{
    QVERIFY(tellTiming(m_server));
    QVERIFY(addWorker(m_server, "chromium:fresh", "available", 60));
    QVERIFY(addWorker(m_server, "chromium:old", "available", 15));
    Ctl ctl({u"list"_s, url(), u"--json"_s});
    QCOMPARE(ctl.run(), 1);
    QVERIFY2(!ctl.err.contains("Waiting"), ctl.err.constData());
    QCOMPARE(workerIn(ctl, u"fresh"_s)[u"liveness"_s].toString(), u"alive"_s);
    QCOMPARE(workerIn(ctl, u"old"_s)[u"liveness"_s].toString(), u"stale"_s);
    QVERIFY(workerIn(ctl, u"old"_s)[u"beatAgeMs"_s].toInteger() >= 35'000);
}

void CtlSettleTest::aRecordJustWrittenProvesNothing()
{
    QVERIFY(tellTiming(m_server));
    // Workers are on their way from 30 s to the 60 s it now says.
    const QByteArray now = QByteArray::number(QDateTime::currentMSecsSinceEpoch());
    QVERIFY(m_server.command({"HSET", "fleet:timing", "updatedAt", now}).ok());
    QVERIFY(addWorker(m_server, "chromium:before", "available", 28));
    Ctl ctl({u"list"_s, url(), u"--json"_s, u"--settle"_s, u"0"_s});
    QCOMPARE(ctl.run(), 1);
    QCOMPARE(workerIn(ctl, u"before"_s)[u"liveness"_s].toString(), u"settling"_s);
}

void CtlSettleTest::saysCrashedAsTheWindowDoes()
{
    QVERIFY(tellTiming(m_server));
    QVERIFY(addWorker(m_server, "chromium:fresh", "available", 60));
    QVERIFY(addWorker(m_server, "chromium:hangs", "available", 15));
    QVERIFY(addWorker(m_server, "chromium:died", "available", 21));
    RedisClient fresh(m_server.url());
    RedisClient hangs(m_server.url());
    QVERIFY(fresh.command({"SUBSCRIBE", "worker:cmd:chromium:fresh"}).ok());
    QVERIFY(hangs.command({"SUBSCRIBE", "worker:cmd:chromium:hangs"}).ok());
    Ctl ctl({u"list"_s, url(), u"--json"_s});
    QCOMPARE(ctl.run(), 1);
    QCOMPARE(workerIn(ctl, u"fresh"_s)[u"liveness"_s].toString(), u"alive"_s);
    QCOMPARE(workerIn(ctl, u"hangs"_s)[u"liveness"_s].toString(), u"hung"_s);
    QCOMPARE(workerIn(ctl, u"died"_s)[u"liveness"_s].toString(), u"crashed"_s);
    Ctl table({u"list"_s, url(), u"--where"_s, u"liveness:crashed"_s});
    QCOMPARE(table.run(), 1);
    QVERIFY2(table.out.contains("chromium:died") && !table.out.contains("hangs"), table.out.constData());
}

void CtlSettleTest::countersOfAnOrderlyEndAreNoFinding()
{
    QVERIFY(tellTiming(m_server));
    QVERIFY(addWorker(m_server, "chromium:lives"));
    QVERIFY(m_server.command({"HSET", "cluster:active_connections", "chromium:left", "0"}).ok());
    QVERIFY(m_server.command({"HSET", "cluster:lifetime_connections", "chromium:left", "31"}).ok());
    Ctl calm({u"list"_s, url(), u"--json"_s});
    QCOMPARE(calm.run(), 0);
    QCOMPARE(workerIn(calm, u"left"_s)[u"liveness"_s].toString(), u"zombie"_s);
    QVERIFY(m_server.command({"HSET", "cluster:active_connections", "chromium:left", "1"}).ok());
    Ctl lost({u"list"_s, url(), u"--json"_s});
    QCOMPARE(lost.run(), 1);
}

void CtlSettleTest::countersThatAreNoNumbersAreFlagged()
{
    QVERIFY(tellTiming(m_server));
    const QByteArrayList values{"many", "1.5", "99999999999", "-99999999999", "", " 3", "0x10"};
    for (int i = 0; i < values.size(); ++i) {
        const QByteArray id = "chromium:w" + QByteArray::number(i);
        QVERIFY(addWorker(m_server, id));
        QVERIFY(m_server.command({"HSET", "cluster:active_connections", id, values.at(i)}).ok());
    }
    QVERIFY(addWorker(m_server, "chromium:sound"));
    Ctl ctl({u"list"_s, url(), u"--json"_s});
    QCOMPARE(ctl.run(), 1);
    for (int i = 0; i < values.size(); ++i) {
        const QJsonObject worker = workerIn(ctl, u"w%1"_s.arg(i));
        QVERIFY2(worker[u"flags"_s].toArray().contains(u"bad-counter"_s), values.at(i).constData());
        QVERIFY(worker[u"activeSessions"_s].isNull());
        QCOMPARE(worker[u"lifetimeSessions"_s].toInteger(), 17);
    }
    QVERIFY(!workerIn(ctl, u"sound"_s)[u"flags"_s].toArray().contains(u"bad-counter"_s));
    QVERIFY(m_server.command({"HSET", "cluster:active_connections", "chromium:w0", "2"}).ok());
    Ctl mended({u"list"_s, url(), u"--json"_s, u"--where"_s, u"id:w0"_s});
    QCOMPARE(mended.run(), 0);
}

PULSEDECK_TEST(CtlSettleTest, runWithEvents)
#include "ctlsettle_test.moc"
