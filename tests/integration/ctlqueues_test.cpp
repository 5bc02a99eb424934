// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisconnection.h"
#include "tests/integration/ctlprocess.h"
#include "tests/support/testprogram.h"

#include <QTemporaryDir>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// pulsedeckctl queues on a real server that holds what Sidekiq, RQ, BullMQ and asynq write.
class CtlQueuesTest : public QObject
{
    Q_OBJECT

    RedisServer m_server;
    QTemporaryDir m_folder; ///< Settings and journal.

    /// "queues" and these, on our server.
    std::unique_ptr<Ctl> queues(const QStringList &arguments) const
    {
        auto ctl = std::make_unique<Ctl>(QStringList(u"queues"_s) + arguments, m_server.url().display());
        ctl->with(u"XDG_CONFIG_HOME"_s, m_folder.path()).with(u"XDG_DATA_HOME"_s, m_folder.path());
        return ctl;
    }
    bool put(const std::vector<QByteArrayList> &commands) const
    {
        const auto answers = RedisClient(m_server.url()).pipeline(commands);
        return std::all_of(answers.begin(), answers.end(), [](const RedisValue &answer) { return answer.ok(); });
    }
    static QHash<QString, QJsonObject> byName(const QByteArray &json)
    {
        QHash<QString, QJsonObject> found;
        for (const QJsonValue &one : QJsonDocument::fromJson(json).array())
            found.insert(one[u"system"_s].toString() + u'/' + one[u"queue"_s].toString(), one.toObject());
        return found;
    }

    bool addSidekiq() const
    {
        const QByteArray now = QByteArray::number(double(QDateTime::currentMSecsSinceEpoch()) / 1000, 'f', 3);
        return put({{"SADD", "processes", "jobs-1:12:0f3a"},
                    {"HSET", "jobs-1:12:0f3a", "info",
                     R"({"hostname":"jobs-1","pid":12,"identity":"jobs-1:12:0f3a","concurrency":10,"queues":["default","low"],)"
                     R"("started_at":1700000000.5,"version":"7.3.9","tag":"shop"})",
                     "busy", "2", "quiet", "false", "beat", now, "concurrency", "10"},
                    {"EXPIRE", "jobs-1:12:0f3a", "60"},
                    {"HSET", "jobs-1:12:0f3a:work", "a", R"({"queue":"default","payload":"SECRET"})", "b",
                     R"({"queue":"default","payload":"SECRET"})"},
                    {"SADD", "queues", "default", "low", "orphan"},
                    {"RPUSH", "queue:default", R"({"class":"Mail","args":["SECRET"]})", "{}"},
                    {"RPUSH", "queue:orphan", "{}", "{}", "{}"}});
    }
    bool addRq() const
    {
        const QByteArray now = QDateTime::currentDateTimeUtc().toString(u"yyyy-MM-ddThh:mm:ss.zzz000Z"_s).toLatin1();
        return put({{"SADD", "rq:workers", "rq:worker:w1"},
                    {"HSET", "rq:worker:w1", "state", "busy", "birth", now, "last_heartbeat", now, "queues", "high", "version",
                     "1.11.1", "pid", "77", "hostname", "jobs-2"},
                    {"EXPIRE", "rq:worker:w1", "90"},
                    {"SADD", "rq:queues", "rq:queue:high"},
                    {"RPUSH", "rq:queue:high", "a", "b", "c"},
                    {"ZADD", "rq:wip:high", "1", "d"},
                    {"ZADD", "rq:scheduled:high", "1", "e", "2", "f"}});
    }

private slots:
    void initTestCase() { QVERIFY(m_server.start()); }
    void init() { QVERIFY(m_server.command({"FLUSHALL"}).ok()); }

    void listsTheQueuesOfAllSystems()
    {
        QVERIFY(addSidekiq());
        QVERIFY(addRq());
        // Its process: where none listens, none is there.
        RedisConnection process(m_server.url(), RedisConnectionOptions());
        process.subscribe("rq:pubsub:w1");
        process.open();
        QTRY_COMPARE_WITH_TIMEOUT(process.state(), RedisConnection::State::Ready, patience);
        const auto json = queues({u"list"_s, u"--json"_s});
        QCOMPARE(json->run(), 1); // Jobs wait in a queue that no worker serves.
        const QHash<QString, QJsonObject> all = byName(json->out);
        QCOMPARE(all.size(), 4);
        const QJsonObject high = all[u"rq/high"_s];
        QCOMPARE(high[u"waiting"_s].toInt(), 3);
        QCOMPARE(high[u"atWork"_s].toInt(), 1);
        QCOMPARE(high[u"delayed"_s].toInt(), 2);
        QCOMPARE(high[u"workers"_s].toInt(), 1);
        QCOMPARE(high[u"state"_s].toString(), u"active"_s);
        const QJsonObject usual = all[u"sidekiq/default"_s];
        QCOMPARE(usual[u"waiting"_s].toInt(), 2);
        QCOMPARE(usual[u"atWork"_s].toInt(), 2);
        QVERIFY(usual[u"delayed"_s].isNull()); // Not reported is not nothing.
        QVERIFY(usual[u"inPerMinute"_s].isNull());
        QVERIFY(usual[u"paused"_s].isBool() && high[u"paused"_s].isNull());
        QVERIFY(!usual[u"canPause"_s].toBool(true));
        QCOMPARE(all[u"sidekiq/orphan"_s][u"state"_s].toString(), u"unserved"_s);
        QCOMPARE(all[u"sidekiq/orphan"_s][u"workers"_s].toInt(), 0);
        QVERIFY(!json->out.contains("SECRET"));

        const auto table = queues({u"list"_s, m_server.url().display()});
        QCOMPARE(table->run(), 1);
        for (const char *text : {"QUEUE", "WAITING", "default", "high", "jobs wait, nobody works here", "active, no jobs"})
            QVERIFY2(table->out.contains(text), table->out.constData());
        QVERIFY(!table->out.contains("SECRET"));
    }

    /// They have one prefix, and the queues of both are listed.
    void bullNextToBullMQ()
    {
        QVERIFY(put({{"HSET", "bull:new:meta", "version", "bullmq:6.7.0"},
                     {"RPUSH", "bull:new:wait", "1", "2"},
                     {"SET", "bull:new:id", "2"},
                     {"RPUSH", "bull:old:wait", "1"},
                     {"SET", "bull:old:id", "1"},
                     {"SET", "bull:quiet:id", "7"},
                     {"SET", "bull:fresh:stalled-check", "1764240000000", "PX", "600000"}})); // Of either.
        const auto json = queues({u"list"_s, u"--json"_s});
        json->run();
        const QHash<QString, QJsonObject> all = byName(json->out);
        QCOMPARE(all.size(), 3);
        QCOMPARE(all[u"bullmq/new"_s][u"waiting"_s].toInt(), 2);
        QCOMPARE(all[u"bull/old"_s][u"waiting"_s].toInt(), 1);
        QVERIFY(all.contains(u"bull/quiet"_s));
    }

    /// They may have any name.
    void queuesOfArq()
    {
        const QByteArray at = QByteArray::number(QDateTime::currentMSecsSinceEpoch());
        QVERIFY(put({{"SET", "critical:health-check", "Nov-28 23:21:26 j_complete=0 j_failed=0 j_retried=0 j_ongoing=1 queued=1",
                      "PX", "3601000"},
                     {"ZADD", "critical", at, "j1", at, "j2"}}));
        for (const QStringList &options : {QStringList(), QStringList{u"--system"_s, u"arq"_s}}) {
            const auto json = queues(QStringList{u"list"_s, u"--json"_s} + options);
            json->run();
            const QHash<QString, QJsonObject> all = byName(json->out);
            QCOMPARE(all.size(), 1);
            QCOMPARE(all[u"arq/critical"_s][u"waiting"_s].toInt(), 2);
        }
    }

    void withoutQueuesItSaysSoByNoRow()
    {
        const auto json = queues({u"list"_s, u"--json"_s});
        QCOMPARE(json->run(), 0);
        QCOMPARE(QJsonDocument::fromJson(json->out).array().size(), 0);
    }

    /// The same acts as pause-queue and resume-queue.
    void pausesAndResumes()
    {
        QVERIFY(put({{"SADD", "asynq:queues", "mail"},
                     {"ZADD", "asynq:servers", "9999999999", "asynq:servers:{jobs-3:7:0b1c}"},
                     {"SET", "asynq:servers:{jobs-3:7:0b1c}", "x", "EX", "60"},
                     {"LPUSH", "asynq:{mail}:pending", "1", "2"}}));
        const auto rehearsed = queues({u"pause"_s, u"mail"_s, u"--dry-run"_s});
        QCOMPARE(rehearsed->run(), 0);
        Ctl same({u"pause-queue"_s, u"mail"_s, u"--dry-run"_s}, m_server.url().display());
        same.with(u"XDG_CONFIG_HOME"_s, m_folder.path()).with(u"XDG_DATA_HOME"_s, m_folder.path());
        QCOMPARE(same.run(), 0);
        QCOMPARE(rehearsed->out, same.out);
        const auto paused = queues({u"pause"_s, u"mail"_s, u"--reason"_s, u"import"_s});
        QVERIFY2(paused->run() == 0, QByteArray(paused->out + paused->err).constData());
        const auto list = queues({u"list"_s, u"--json"_s});
        QCOMPARE(list->run(), 0);
        QCOMPARE(byName(list->out)[u"asynq/mail"_s][u"state"_s].toString(), u"paused"_s);
        QCOMPARE(queues({u"resume"_s, u"mail"_s, u"--reason"_s, u"done"_s})->run(), 0);
        const auto after = queues({u"list"_s, u"--json"_s});
        after->run();
        QVERIFY(byName(after->out)[u"asynq/mail"_s][u"state"_s].toString() != u"paused"_s);
    }

    /// Two systems have a queue of that name: both are meant, each time, and so a reason is asked for.
    void aNameThatTwoSystemsHave()
    {
        QVERIFY(put({{"SADD", "asynq:queues", "six"},
                     {"LPUSH", "asynq:{six}:pending", "1", "2"},
                     {"HSET", "bull:six:meta", "version", "bullmq:6.7.0"},
                     {"RPUSH", "bull:six:wait", "1", "2"}}));
        for (int i = 0; i < 5; ++i) {
            const auto rehearsed = queues({u"pause"_s, u"six"_s, u"--dry-run"_s});
            QCOMPARE(rehearsed->run(), 0);
            for (const char *text : {"queue six of asynq", "queue six of BullMQ"})
                QVERIFY2(rehearsed->out.contains(text), rehearsed->out.constData());
        }
        const auto unasked = queues({u"pause"_s, u"six"_s});
        QVERIFY(unasked->run() != 0);
        QVERIFY2(unasked->err.contains("A reason is required"), unasked->err.constData());
        QCOMPARE(m_server.command({"EXISTS", "asynq:{six}:paused"}).integer, 0);
        QCOMPARE(m_server.command({"HEXISTS", "bull:six:meta", "paused"}).integer, 0);
    }

    /// The system that has the queue says why it cannot be paused, and no other.
    void aQueueThatCannotBePaused()
    {
        QVERIFY(addSidekiq());
        QVERIFY(addRq());
        QVERIFY(put({{"SADD", "_kombu.binding.celery",
                      "celery\x06\x16\x06\x16"
                      "celery"},
                     {"LPUSH", "celery", "{}"}}));
        const auto low = queues({u"pause"_s, u"low"_s});
        QCOMPARE(low->run(), 1);
        QVERIFY2(low->err.contains("Sidekiq"), low->err.constData());
        QVERIFY2(!low->err.contains("Celery"), low->err.constData());
        const auto none = queues({u"pause"_s, u"nowhere"_s});
        QCOMPARE(none->run(), 1);
        QVERIFY2(none->err.contains("No source has the queue “nowhere”."), none->err.constData());
    }

    /// Its workers have ended, so that nothing of them is left: jobs wait all the same.
    void aCeleryQueueWithoutWorkers()
    {
        QVERIFY(put({{"SADD", "_kombu.binding.celery",
                      "celery\x06\x16\x06\x16"
                      "celery"},
                     {"LPUSH", "celery", "{}", "{}"}}));
        for (const QStringList &further : {QStringList(), QStringList{u"--system"_s, u"celery"_s}}) {
            const auto list = queues(QStringList{u"list"_s, u"--json"_s} + further);
            QCOMPARE(list->run(), 1);
            const QJsonObject queue = byName(list->out)[u"celery/celery"_s];
            QCOMPARE(queue[u"waiting"_s].toInt(), 2);
            QCOMPARE(queue[u"state"_s].toString(), u"unserved"_s);
        }
    }

    /// A queue that only a quiet process serves is served by nobody.
    void aQuietProcessServesNoQueue()
    {
        QVERIFY(addSidekiq());
        QVERIFY(put({{"DEL", "queue:orphan"}}));
        const auto served = queues({u"list"_s, u"--json"_s});
        QCOMPARE(served->run(), 0);
        QVERIFY(put({{"HSET", "jobs-1:12:0f3a", "quiet", "true"}}));
        const auto quiet = queues({u"list"_s, u"--json"_s});
        QCOMPARE(quiet->run(), 1);
        QCOMPARE(byName(quiet->out)[u"sidekiq/default"_s][u"state"_s].toString(), u"unserved"_s);
    }

    /// BullMQ 6 by two writes; version 4 is refused, in words of its layout. A queue whose beat has stopped is said to be that.
    void queuesOfBullMq()
    {
        QVERIFY(put({{"HSET", "bull:six:meta", "version", "bullmq:6.7.0"},
                     {"RPUSH", "bull:six:wait", "1", "2"},
                     {"SET", "bull:six:stalled-check", "1764370982000", "PX", "60000"},
                     {"HSET", "bull:five:meta", "version", "bullmq:4.18.2"},
                     {"RPUSH", "bull:five:wait", "1"}}));
        const auto list = queues({u"list"_s, u"--json"_s, u"--settle"_s, u"5"_s});
        QCOMPARE(list->run(), 1);
        const QHash<QString, QJsonObject> all = byName(list->out);
        QCOMPARE(all[u"bullmq/six"_s][u"beat"_s].toString(), u"there"_s);
        QCOMPARE(all[u"bullmq/six"_s][u"state"_s].toString(), u"active"_s);
        QCOMPARE(all[u"bullmq/five"_s][u"beat"_s].toString(), u"stopped"_s);
        QCOMPARE(all[u"bullmq/five"_s][u"state"_s].toString(), u"unserved"_s);
        const auto rehearsed = queues({u"pause"_s, u"six"_s, u"--dry-run"_s});
        QCOMPARE(rehearsed->run(), 0);
        QVERIFY2(rehearsed->out.contains("HSET bull:six:meta paused 1") && rehearsed->out.contains("DEL bull:six:marker"),
                 rehearsed->out.constData());
        const auto paused = queues({u"pause"_s, u"six"_s, u"--reason"_s, u"import"_s});
        QVERIFY2(paused->run() == 0, QByteArray(paused->out + paused->err).constData());
        QCOMPARE(m_server.command({"HGET", "bull:six:meta", "paused"}).text, "1");
        QCOMPARE(queues({u"resume"_s, u"six"_s, u"--reason"_s, u"done"_s})->run(), 0);
        QCOMPARE(m_server.command({"HEXISTS", "bull:six:meta", "paused"}).integer, 0);
        const auto refused = queues({u"pause"_s, u"five"_s, u"--reason"_s, u"import"_s});
        QVERIFY(refused->run() != 0);
        const QByteArray words = refused->out + refused->err;
        QVERIFY2(words.contains("BullMQ 5 and 6 only"), words.constData());
        QCOMPARE(m_server.command({"HEXISTS", "bull:five:meta", "paused"}).integer, 0);
    }

    /// A dry run names what the act itself would ask for; a refusal says why in the words of the system, and only in those.
    void aWholeFleetIsSuspended()
    {
        QVERIFY(addRq());
        const auto fleet = [this](const QStringList &arguments) {
            auto ctl = std::make_unique<Ctl>(arguments, m_server.url().display());
            ctl->with(u"XDG_CONFIG_HOME"_s, m_folder.path()).with(u"XDG_DATA_HOME"_s, m_folder.path());
            ctl->run();
            return ctl;
        };
        const auto rehearsed = fleet({u"pause-fleet"_s, u"rq"_s, u"--dry-run"_s});
        QVERIFY2(rehearsed->out.contains("whole fleet of RQ") && rehearsed->out.contains("SET rq:suspended 1"),
                 rehearsed->out.constData());
        QVERIFY2(rehearsed->err.contains("A reason will be required"), rehearsed->err.constData());
        const auto without = fleet({u"pause-fleet"_s, u"rq"_s});
        QVERIFY2(without->err.contains("A reason is required"), without->err.constData());
        QCOMPARE(m_server.command({"EXISTS", "rq:suspended"}).integer, 0);
        const auto paused = fleet({u"pause-fleet"_s, u"rq"_s, u"--reason"_s, u"deploy"_s});
        QCOMPARE(paused->out.simplified(), "whole fleet of RQ paused");
        QCOMPARE(m_server.command({"GET", "rq:suspended"}).text, "1");
        // Both lists say so, and by whom, as the journal knows.
        const auto listed = queues({u"list"_s, u"--json"_s});
        listed->run();
        const QJsonObject high = byName(listed->out).value(u"rq/high"_s);
        QCOMPARE(high[u"state"_s], u"paused"_s);
        QCOMPARE(high[u"systemPaused"_s], QJsonValue(true));
        const auto table = queues({u"list"_s});
        table->run();
        QVERIFY2(table->out.contains(" suspended"), table->out.constData());
        const auto workers = fleet({u"list"_s, u"--settle"_s, u"0"_s});
        for (const QByteArray &words : {table->err, workers->err})
            QVERIFY2(words.contains("All workers of RQ are suspended since") && words.contains(": deploy."), words.constData());
        const auto json = fleet({u"list"_s, u"--json"_s, u"--settle"_s, u"0"_s});
        QCOMPARE(QJsonDocument::fromJson(json->out)[0][u"systemPaused"_s], QJsonValue(true));
        const auto again = fleet({u"pause-fleet"_s, u"rq"_s, u"--reason"_s, u"deploy"_s});
        QCOMPARE(again->out.simplified(), "whole fleet of RQ refused: All workers are suspended already.");
        const auto unknown = fleet({u"pause-fleet"_s, u"rqq"_s, u"--reason"_s, u"deploy"_s});
        QVERIFY2(unknown->err.contains("No source has the system “rqq”."), unknown->err.constData());
    }

    /// One look proves nothing of a worker that may just begin: a list waits for the second.
    void aListLooksTwiceForListeners()
    {
        QVERIFY(addRq());
        const auto list = [this](const QStringList &further) {
            auto ctl = std::make_unique<Ctl>(QStringList{u"list"_s, u"--settle"_s, u"0"_s} + further, m_server.url().display());
            ctl->with(u"XDG_CONFIG_HOME"_s, m_folder.path()).with(u"XDG_DATA_HOME"_s, m_folder.path());
            return ctl;
        };
        const auto json = list({u"--json"_s});
        QCOMPARE(json->run(), 1);
        const QJsonArray flags = QJsonDocument::fromJson(json->out)[0][u"flags"_s].toArray();
        QVERIFY2(flags.contains(u"nobody-listens"_s), json->out.constData());
        QCOMPARE(QJsonDocument::fromJson(json->out)[0][u"liveness"_s].toString(), u"nobody-listens"_s);
        const auto table = list({});
        QCOMPARE(table->run(), 1);
        QVERIFY2(!table->out.contains("alive"), table->out.constData());
    }

    void wrongUsage()
    {
        QCOMPARE(queues({u"pause"_s})->run(), 2);
        QCOMPARE(queues({u"drop"_s, u"mail"_s})->run(), 2);
        QCOMPARE(queues({u"list"_s, u"--where"_s, u"x"_s})->run(), 2);
        const auto lost = queues({u"list"_s, u"redis://127.0.0.1:1"_s});
        QCOMPARE(lost->run(), 3);
        QVERIFY(lost->out.isEmpty());
        const auto help = queues({u"--help"_s});
        QCOMPARE(help->run(), 0);
        QVERIFY(help->out.contains("queues pause"));
    }
};

PULSEDECK_TEST(CtlQueuesTest, runWithEvents)
#include "ctlqueues_test.moc"
