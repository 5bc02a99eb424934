// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/ctlprocess.h"
#include "tests/support/fakeserver.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// pulsedeckctl list as its users run it, against real servers with keys made by hand.
class CtlTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void tellsItsVersionAndHelp();
    void refusesWrongUsage();
    void listsAnEmptyFleet();
    void listsASoundWorkerAsJson();
    void listsATable();
    void findsWhatNeedsAttention_data();
    void findsWhatNeedsAttention();
    void findsAStaleWorker();
    void namesTheKeyOfThoseBelowOthers();
    void listsOnlyWhatMatches();
    void keepsControlCharactersFromTheTerminal();
    void shortensALongIdInTheTable();
    void takesTheUrlFromTheEnvironment();
    void saysWhyThereIsNoConnection_data();
    void saysWhyThereIsNoConnection();
    void saysWhenAPasswordIsWrong();
    void listsWhatItCanReach();
    void aViewThatIsNotCompleteIsNone();
    void anEntryLeftOutIsAFinding();
    void listsTheSameServerOnce();
    void givesUpInTime();
    void saysWhenItCannotWrite();

private:
    QString url() const { return m_server.url().display(); }

    RedisServer m_server;
};

void CtlTest::initTestCase()
{
    if (!RedisServer::isInstalled())
        QSKIP("There is no redis-server on this machine.");
    QVERIFY2(m_server.start(), qPrintable(m_server.errorString()));
}

void CtlTest::init()
{
    if (!m_server.isRunning())
        QVERIFY(m_server.restartEmpty());
    QVERIFY(m_server.command({"FLUSHALL"}).ok());
    QVERIFY(tellTiming(m_server));
}

void CtlTest::tellsItsVersionAndHelp()
{
    Ctl version({u"--version"_s});
    QCOMPARE(version.run(), 0);
    QVERIFY(version.out.startsWith("pulsedeckctl ") && version.out.endsWith('\n'));
    Ctl help({u"--help"_s});
    QCOMPARE(help.run(), 0);
    QVERIFY(help.out.contains("Usage: pulsedeckctl"));
    QVERIFY(help.err.isEmpty());
}

void CtlTest::refusesWrongUsage()
{
    for (const QStringList &arguments :
         {QStringList{}, QStringList{u"list"_s}, QStringList{u"lust"_s, url()}, QStringList{u"list"_s, u"redis://:SECRET@h:x"_s},
          QStringList{u"list"_s, url(), u"--nope"_s}, QStringList{u"list"_s, url(), u"--where"_s, u"sessions>many"_s}}) {
        Ctl ctl(arguments);
        QCOMPARE(ctl.run(), 2);
        QVERIFY(ctl.out.isEmpty());
        // Of a password on the command line it is warned as well.
        const bool warned = !arguments.filter(u"SECRET"_s).isEmpty();
        QVERIFY2(ctl.err.startsWith("pulsedeckctl: ") && ctl.err.count('\n') == (warned ? 2 : 1), ctl.err.constData());
        QVERIFY(!ctl.err.contains("SECRET"));
    }
}

void CtlTest::listsAnEmptyFleet()
{
    Ctl json({u"list"_s, url(), u"--json"_s});
    QCOMPARE(json.run(), 0);
    const QJsonDocument document = QJsonDocument::fromJson(json.out);
    QVERIFY(document.isArray() && document.array().isEmpty());
    Ctl table({u"list"_s, url()});
    QCOMPARE(table.run(), 0);
    QCOMPARE(table.out.count('\n'), 1);
}

void CtlTest::listsASoundWorkerAsJson()
{
    QVERIFY(addWorker(m_server, soundWorker));
    QVERIFY(m_server.command({"SET", "worker:cmd:" + soundWorker, "shutdown", "EX", "30"}).ok());
    Ctl ctl({u"list"_s, url(), u"--json"_s});
    QCOMPARE(ctl.run(), 0);
    QVERIFY2(ctl.err.isEmpty(), ctl.err.constData());
    QJsonParseError error;
    const QJsonArray array = QJsonDocument::fromJson(ctl.out, &error).array();
    QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(error.errorString()));
    QCOMPARE(array.size(), 1);
    const QJsonObject worker = array.first().toObject();
    QStringList keys = worker.keys();
    QStringList expected{u"kind"_s,
                         u"source"_s,
                         u"key"_s,
                         u"id"_s,
                         u"type"_s,
                         u"drainedAt"_s,
                         u"drainedBy"_s,
                         u"endpointHost"_s,
                         u"status"_s,
                         u"statusWord"_s,
                         u"liveness"_s,
                         u"startedAt"_s,
                         u"lastHeartbeat"_s,
                         u"end"_s,
                         u"beatAgeMs"_s,
                         u"ttlLeftMs"_s,
                         u"intervalMs"_s,
                         u"activeSessions"_s,
                         u"lifetimeSessions"_s,
                         u"pendingCommand"_s,
                         u"clockSkewMs"_s,
                         u"flags"_s,
                         u"system"_s,
                         u"host"_s,
                         u"pid"_s,
                         u"queues"_s,
                         u"jobs"_s,
                         u"ageBy"_s,
                         u"version"_s,
                         u"capacity"_s};
    keys.sort();
    expected.sort();
    QCOMPARE(keys, expected);
    QCOMPARE(worker[u"source"_s].toString(), m_server.url().shortName());
    QCOMPARE(worker[u"key"_s].toString(), QString(u"worker:"_s + QString::fromLatin1(soundWorker)));
    QCOMPARE(worker[u"kind"_s].toString(), u"worker"_s);
    QCOMPARE(worker[u"type"_s].toString(), u"chromium"_s);
    QCOMPARE(worker[u"endpointHost"_s].toString(), u"10.1.2.3:4567"_s);
    QCOMPARE(worker[u"system"_s].toString(), u"playwright"_s);
    QCOMPARE(worker[u"host"_s].toString(), u"10.1.2.3"_s);
    QCOMPARE(worker[u"ageBy"_s].toString(), u"ttl"_s);
    QVERIFY(worker[u"pid"_s].isNull() && worker[u"queues"_s].isNull());
    QCOMPARE(worker[u"status"_s].toString(), u"available"_s);
    QCOMPARE(worker[u"liveness"_s].toString(), u"alive"_s);
    QCOMPARE(worker[u"startedAt"_s].toInteger(), 1'700'000'000'000);
    QVERIFY(worker[u"lastHeartbeat"_s].toInteger() > 1'700'000'000'000);
    QVERIFY(worker[u"ttlLeftMs"_s].toInteger() > 20'000 && worker[u"ttlLeftMs"_s].toInteger() <= 60'000);
    QVERIFY(worker[u"intervalMs"_s].isNull());
    QCOMPARE(worker[u"activeSessions"_s].toInteger(), 2);
    QCOMPARE(worker[u"lifetimeSessions"_s].toInteger(), 17);
    QCOMPARE(worker[u"pendingCommand"_s].toString(), u"shutdown"_s);
    QVERIFY(worker[u"flags"_s].isArray());
    QVERIFY(!ctl.out.contains("TOPSECRET"));
}

void CtlTest::listsATable()
{
    QVERIFY(addWorker(m_server, soundWorker));
    QVERIFY(addWorker(m_server, "firefox:22222222-2222-4333-8444-555555555555", "draining"));
    Ctl ctl({u"list"_s, url()});
    QCOMPARE(ctl.run(), 0);
    const auto lines = ctl.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines.at(0).startsWith("ID ") && lines.at(0).contains("LIVENESS") && lines.at(0).contains("TTL LEFT"));
    QVERIFY(lines.at(1).startsWith(soundWorker) && lines.at(1).contains("available") && lines.at(1).contains("alive"));
    QVERIFY(lines.at(2).startsWith("firefox:") && lines.at(2).contains("draining"));
    QVERIFY(lines.at(1).contains("–"));
    QVERIFY(!ctl.out.contains("TOPSECRET"));
    // Aligned: the same column begins at the same place in each line.
    const auto column = QString::fromUtf8(lines.at(0)).indexOf(u"STATUS"_s);
    QCOMPARE(QString::fromUtf8(lines.at(1)).mid(column, 9), u"available"_s);
    QCOMPARE(QString::fromUtf8(lines.at(2)).mid(column, 8), u"draining"_s);
}

void CtlTest::findsWhatNeedsAttention_data()
{
    QTest::addColumn<QByteArrayList>("command");
    QTest::addColumn<QString>("liveness"); ///< Empty for any.
    QTest::addColumn<QString>("flag"); ///< Empty for any.
    QTest::newRow("without TTL") << QByteArrayList{"PERSIST", "worker:" + soundWorker} << u"no-ttl"_s << QString();
    QTest::newRow("zombie") << QByteArrayList{"DEL", "worker:" + soundWorker} << u"zombie"_s << QString();
    QTest::newRow("number that is none") << QByteArrayList{"HSET", "worker:" + soundWorker, "lastHeartbeat", "yesterday"}
                                         << QString() << u"bad-field"_s;
    QTest::newRow("wrong type") << QByteArrayList{"SET", "worker:" + soundWorker, "text", "EX", "60"} << QString()
                                << u"wrong-type"_s;
}

void CtlTest::findsWhatNeedsAttention()
{
    QFETCH(QByteArrayList, command);
    QFETCH(QString, liveness);
    QFETCH(QString, flag);
    QVERIFY(addWorker(m_server, soundWorker));
    QVERIFY(m_server.command(command).ok());
    Ctl ctl({u"list"_s, url(), u"--json"_s});
    QCOMPARE(ctl.run(), 1);
    const QJsonArray array = QJsonDocument::fromJson(ctl.out).array();
    QCOMPARE(array.size(), 1);
    const QJsonObject worker = array.first().toObject();
    QVERIFY2(liveness.isEmpty() || worker[u"liveness"_s].toString() == liveness, ctl.out.constData());
    QVERIFY2(flag.isEmpty() || worker[u"flags"_s].toArray().contains(flag), ctl.out.constData());
    Ctl table({u"list"_s, url()});
    QCOMPARE(table.run(), 1);
    QVERIFY(table.out.contains(soundWorker));
}

void CtlTest::findsAStaleWorker()
{
    for (int i = 0; i < 5; ++i)
        QVERIFY(addWorker(m_server, "chromium:fresh-" + QByteArray::number(i)));
    QVERIFY(addWorker(m_server, soundWorker, "available", 15));
    const QByteArray then = QByteArray::number(QDateTime::currentMSecsSinceEpoch() - 45'000);
    QVERIFY(m_server.command({"HSET", "worker:" + soundWorker, "lastHeartbeat", then}).ok());
    Ctl ctl({u"list"_s, url(), u"--json"_s, u"--where"_s, u"liveness:stale"_s});
    QCOMPARE(ctl.run(), 1);
    const QJsonArray array = QJsonDocument::fromJson(ctl.out).array();
    QCOMPARE(array.size(), 1);
    QCOMPARE(array.first().toObject()[u"key"_s].toString(), QString(u"worker:"_s + QString::fromLatin1(soundWorker)));
    QVERIFY(array.first().toObject()[u"beatAgeMs"_s].toInteger() >= 44'000);
}

/// A supervisor of Horizon has a key of another name than its master.
void CtlTest::namesTheKeyOfThoseBelowOthers()
{
    const QByteArray now = QByteArray::number(QDateTime::currentSecsSinceEpoch());
    const QByteArray master = "web-1-abcd";
    const QByteArray pool = "web-1-abcd:supervisor-1";
    const QByteArray masterKey = "app_horizon:master:" + master;
    const QByteArray poolKey = "app_horizon:supervisor:" + pool;
    QVERIFY(m_server.command({"ZADD", "app_horizon:masters", now, master}).ok());
    QVERIFY(m_server.command({"HSET", masterKey, "name", master, "pid", "7", "status", "running"}).ok());
    QVERIFY(m_server.command({"EXPIRE", masterKey, "15"}).ok());
    QVERIFY(m_server.command({"ZADD", "app_horizon:supervisors", now, pool}).ok());
    QVERIFY(m_server.command({"HSET", poolKey, "name", pool, "master", master, "pid", "8", "status", "running"}).ok());
    QVERIFY(m_server.command({"EXPIRE", poolKey, "30"}).ok());
    Ctl ctl({u"list"_s, url(), u"--json"_s, u"--settle"_s, u"0"_s}); // Nobody beats here.
    ctl.run();
    QMap<QString, QString> keys;
    const QJsonArray array = QJsonDocument::fromJson(ctl.out).array();
    for (const QJsonValue &worker : array)
        keys.insert(worker[u"id"_s].toString(), worker[u"key"_s].toString());
    QCOMPARE(keys.size(), 2);
    QCOMPARE(keys.value(QString::fromLatin1(master)), QString::fromLatin1(masterKey));
    QCOMPARE(keys.value(QString::fromLatin1(pool)), QString::fromLatin1(poolKey));
}

void CtlTest::listsOnlyWhatMatches()
{
    QVERIFY(addWorker(m_server, soundWorker));
    QVERIFY(addWorker(m_server, "chromium:bad", "draining"));
    QVERIFY(m_server.command({"PERSIST", "worker:chromium:bad"}).ok());
    Ctl all({u"list"_s, url(), u"--json"_s});
    QCOMPARE(all.run(), 1);
    QCOMPARE(QJsonDocument::fromJson(all.out).array().size(), 2);
    // The finding is not among what was asked for.
    Ctl some({u"list"_s, url(), u"--json"_s, u"--where"_s, u"status:available"_s});
    QCOMPARE(some.run(), 0);
    QCOMPARE(QJsonDocument::fromJson(some.out).array().size(), 1);
}

void CtlTest::keepsControlCharactersFromTheTerminal()
{
    QVERIFY(addWorker(m_server, "chromium:\x1b[31m\r\nred\x07"));
    Ctl table({u"list"_s, url()});
    QVERIFY(table.run() >= 0);
    QVERIFY(!table.out.contains('\x1b') && !table.out.contains('\r') && !table.out.contains('\x07'));
    QCOMPARE(table.out.count('\n'), 2);
    Ctl json({u"list"_s, url(), u"--json"_s});
    QVERIFY(json.run() >= 0);
    QVERIFY(!json.out.contains('\x1b'));
    QCOMPARE(QJsonDocument::fromJson(json.out).array().first().toObject()[u"key"_s].toString(),
             u"worker:chromium:\x1b[31m\r\nred\x07"_s);
}

void CtlTest::shortensALongIdInTheTable()
{
    const QByteArray id = "chromium:" + QByteArray(200, 'a') + "-the-end-of-it";
    QVERIFY(addWorker(m_server, id));
    Ctl table({u"list"_s, url()});
    table.run();
    QVERIFY(!table.out.contains(id));
    QVERIFY2(table.out.contains("…") && table.out.contains("-the-end-of-it"), table.out.constData());
    for (const QByteArray &line : table.out.split('\n'))
        QVERIFY2(QString::fromUtf8(line).size() < 230, line.constData());
    Ctl json({u"list"_s, url(), u"--json"_s});
    json.run();
    QVERIFY(json.out.contains(id.mid(9)));
}

void CtlTest::takesTheUrlFromTheEnvironment()
{
    QVERIFY(addWorker(m_server, soundWorker));
    Ctl ctl({u"list"_s, u"--json"_s}, url());
    QCOMPARE(ctl.run(), 0);
    QCOMPARE(QJsonDocument::fromJson(ctl.out).array().size(), 1);
}

void CtlTest::saysWhyThereIsNoConnection_data()
{
    QTest::addColumn<QString>("action");
    QTest::newRow("list") << u"list"_s;
    QTest::newRow("watch") << u"watch"_s;
}

void CtlTest::saysWhyThereIsNoConnection()
{
    QFETCH(QString, action);
    FakeServer nobody;
    QVERIFY(nobody.listen());
    nobody.stopListening();
    Ctl ctl({action, nobody.url().display(), u"/nonexistent/redis.sock"_s, u"--timeout"_s, u"1"_s});
    QCOMPARE(ctl.run(), 3);
    QVERIFY(ctl.out.isEmpty());
    QVERIFY2(ctl.err.contains("Nothing listens at 127.0.0.1"), ctl.err.constData());
    QVERIFY2(ctl.err.contains("There is no socket at /nonexistent/redis.sock"), ctl.err.constData());
    QCOMPARE(ctl.err.count('\n'), 2);
}

void CtlTest::saysWhenAPasswordIsWrong()
{
    RedisServer server;
    RedisServer::Options options;
    options.tcp = true;
    options.arguments = QStringList{u"--requirepass"_s, u"rightsecret"_s};
    QVERIFY2(server.start(options), qPrintable(server.errorString()));
    const QString address = server.tcpUrl().shortName();
    for (const QString &action : {u"list"_s, u"watch"_s}) {
        Ctl wrong({action, QString(u"redis://Bob:wrongsecret@"_s + address)});
        QCOMPARE(wrong.run(), 3);
        QVERIFY2(wrong.err.contains("refused this user name and password"), wrong.err.constData());
        QVERIFY2(!wrong.err.contains("secret") && !wrong.err.contains("Bob"), wrong.err.constData());
        Ctl none({action, address});
        QCOMPARE(none.run(), 3);
        QVERIFY2(none.err.contains("asks for a password"), none.err.constData());
    }
    Ctl right({u"list"_s, QString(u"redis://:rightsecret@"_s + address), u"--json"_s});
    QCOMPARE(right.run(), 0);
    QVERIFY(!right.out.contains("secret"));
}

void CtlTest::listsWhatItCanReach()
{
    QVERIFY(addWorker(m_server, soundWorker));
    RedisUrl other = m_server.url();
    other.database = 1;
    Ctl both({u"list"_s, url(), other.display(), u"--json"_s});
    QCOMPARE(both.run(), 0);
    QCOMPARE(QJsonDocument::fromJson(both.out).array().size(), 1);

    Ctl half({u"list"_s, u"/nonexistent/redis.sock"_s, url(), u"--json"_s});
    QCOMPARE(half.run(), 3);
    QCOMPARE(QJsonDocument::fromJson(half.out).array().size(), 1);
    QVERIFY(half.err.contains("/nonexistent/redis.sock"));
}

void CtlTest::aViewThatIsNotCompleteIsNone()
{
    QVERIFY(addWorker(m_server, soundWorker));
    QVERIFY(m_server.command({"ACL", "SETUSER", "nothing", "on", ">pass", "~*", "&*", "-@all"}).ok());
    QVERIFY(m_server.command({"ACL", "SETUSER", "noscan", "on", ">pass", "~*", "&*", "+@all", "-scan"}).ok());
    const QString blind = QString(url()).replace(u"unix://"_s, u"unix://nothing:pass@"_s);
    Ctl nothing({u"list"_s, blind});
    QCOMPARE(nothing.run(), 3);
    QVERIFY2(nothing.out.isEmpty(), nothing.out.constData()); // No table that looks like an empty fleet.
    QVERIFY2(nothing.err.contains("Workers cannot be found") && nothing.err.contains("Active counters"), nothing.err.constData());
    // What the counters name is shown, and still it is not all there may be.
    Ctl partly({u"list"_s, QString(url()).replace(u"unix://"_s, u"unix://noscan:pass@"_s)});
    QCOMPARE(partly.run(), 3);
    QVERIFY(partly.out.contains(soundWorker));
    QVERIFY2(partly.err.contains("Workers cannot be found"), partly.err.constData());
    Ctl watch({u"watch"_s, blind, u"--exit-after"_s, u"1"_s});
    QCOMPARE(watch.run(), 3);
    QVERIFY2(watch.err.contains("Workers cannot be found"), watch.err.constData());
}

void CtlTest::anEntryLeftOutIsAFinding()
{
    QVERIFY(addWorker(m_server, soundWorker));
    QVERIFY(m_server.command({"HSET", "cluster:active_connections", QByteArray(700, 'n'), "1"}).ok());
    Ctl ctl({u"list"_s, url()});
    QCOMPARE(ctl.run(), 1);
    QVERIFY(ctl.out.contains(soundWorker));
    QVERIFY2(ctl.err.contains("1 active counter is left out") && ctl.err.contains("nnnn"), ctl.err.constData());
}

void CtlTest::listsTheSameServerOnce()
{
    QVERIFY(addWorker(m_server, soundWorker));
    Ctl ctl({u"list"_s, url(), QString(url() + u"?db=0"_s)});
    ctl.run();
    QCOMPARE(ctl.out.count(soundWorker), 1);
    QVERIFY2(ctl.err.contains("This is the same server as"), ctl.err.constData());
}

void CtlTest::givesUpInTime()
{
    FakeServer silent;
    QVERIFY(silent.listen());
    silent.setSilent(true);
    Ctl ctl({u"list"_s, silent.url().display(), u"--timeout"_s, u"0.3"_s});
    QCOMPARE(ctl.run(), 3);
    QVERIFY2(ctl.err.contains("did not answer in time"), ctl.err.constData());
}

void CtlTest::saysWhenItCannotWrite()
{
    QVERIFY(addWorker(m_server, soundWorker));
    Ctl ctl({u"list"_s, url()});
    ctl.process.setStandardOutputFile(u"/dev/full"_s);
    QCOMPARE(ctl.run(), 2);
    QVERIFY2(ctl.err.contains("No space left"), ctl.err.constData());
}

PULSEDECK_TEST(CtlTest, runWithEvents)
#include "ctl_test.moc"
