// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/dialectregistry.h"
#include "app/redis/queuereader.h"
#include "models/fleet/queuefacts.h"
#include "models/layouts/layoutreader.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/relay.h"
#include "tests/support/testprogram.h"

#include <QDateTime>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

const QByteArray secret = "sesame-open-7731";

QByteArray quoted(const QByteArray &text)
{
    return '"' + text + '"';
}

QByteArray secondsAgo(qint64 seconds)
{
    return QByteArray::number(QDateTime::currentSecsSinceEpoch() - seconds);
}

QByteArray processInfo(const QByteArray &queues)
{
    return R"({"hostname":"app-1","pid":18412,"started_at":1764240000.5,"tag":"shop","concurrency":10,"queues":)" + queues
           + R"(,"labels":[],"identity":"x","version":"7.3.9","embedded":false})";
}

} // namespace

/// The queues of systems as their own keys are, in a real Redis behind a relay that keeps all it passes on.
class QueueReaderTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<SourceWatch> m_watch;
    std::unique_ptr<Relay> m_relay;

    static Layout builtIn(const QString &name)
    {
        const LayoutReading reading = LayoutReader::readFile(QStringLiteral(PULSEDECK_LAYOUTS "/") + name + u".json"_s);
        for (const LayoutProblem &problem : reading.problems)
            qWarning("%s", qPrintable(problem.toString()));
        return reading.layout.value_or(Layout());
    }

    RedisValue run(const QByteArrayList &command) { return m_watch->run(command); }

    bool watch(const QString &name)
    {
        const Layout layout = builtIn(name);
        m_watch->options.dialects.clear();
        m_watch->options.dialects.push_back(
            [layout](RedisSession &session) { return makeDialect(session, layout, layout.prefix); });
        m_relay = std::make_unique<Relay>();
        m_relay->record();
        if (layout.isNull() || !m_relay->listen({m_watch->server.tcpUrl()}))
            return false;
        m_watch->watch(m_relay->url());
        return QTest::qWaitFor([this] { return m_watch->isWatching(); }, 20'000);
    }

    /// As it is shown; without a name if there is none.
    QueueFacts queue(const QString &name) const
    {
        for (const QueueFacts &one : queueFacts(m_watch->store)) {
            if (one.name == name)
                return one;
        }
        return {};
    }

    /// Time goes on until the queue fits.
    template <typename Fits> bool becomes(const QString &name, Fits fits)
    {
        return QTest::qWaitFor(
            [&] {
                m_watch->clock.step(200);
                return fits(queue(name));
            },
            20'000);
    }

    /// The calls of the server so far; of one command, or of all.
    qint64 calls(const QByteArray &command)
    {
        const QByteArray start = "cmdstat_" + command + ":calls=";
        for (const QByteArray &line : run({"INFO", "commandstats"}).text.split('\n')) {
            if (line.startsWith(start))
                return line.mid(line.indexOf('=') + 1).split(',').first().toLongLong();
        }
        return 0;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }
    void init()
    {
        m_watch = std::make_unique<SourceWatch>();
        RedisServer::Options options;
        options.tcp = true;
        QVERIFY(m_watch->server.start(options));
        m_watch->client = std::make_unique<RedisClient>(m_watch->server.url());
    }
    void cleanup()
    {
        if (m_relay)
            QVERIFY2(!m_relay->recorded().contains(secret), "An argument of a job was read");
        m_watch.reset();
        m_relay.reset();
    }

    void sidekiqSaysMoreByScripts()
    {
        const QByteArray job = R"({"class":"Mail","args":[)" + quoted(secret) + R"(],"enqueued_at":)";
        run({"SADD", "queues", "default", "low"});
        run({"LPUSH", "queue:default", job + secondsAgo(90) + '}', job + secondsAgo(30) + '}'});
        run({"LPUSH", "queue:low", R"({"enqueued_at":)" + quoted(secret) + '}'}); // No time.
        run({"SADD", "processes", "app-1:18412:0f3a"});
        run({"HSET", "app-1:18412:0f3a", "info", processInfo(R"(["default","named"])"), "busy", "3", "quiet", "false", "beat",
             secondsAgo(1), "concurrency", "10"});
        run({"EXPIRE", "app-1:18412:0f3a", "60"});
        const auto work = [](const QByteArray &queue) -> QByteArray {
            return R"({"queue":)" + quoted(queue) + R"(,"run_at":1764240000,"payload":)" + quoted(secret) + '}';
        };
        run({"HSET", "app-1:18412:0f3a:work", "a", work("default"), "b", work("default"), "c", work("low")});
        run({"ZADD", "schedule", "1", "x", "2", "y"});
        run({"ZADD", "retry", "1", "z"});
        run({"SET", "stat:processed", "1000"});
        QVERIFY(watch(u"sidekiq"_s));
        QVERIFY(
            becomes(u"default"_s, [](const QueueFacts &one) { return one.latest.oldestMs >= 85'000 && one.latest.atWork == 2; }));
        QCOMPARE(queue(u"default"_s).latest.waiting, 2);
        QCOMPARE(queue(u"default"_s).latest.key, "queue:default"_ba);
        QVERIFY(becomes(u"low"_s, [](const QueueFacts &one) { return one.latest.atWork == 1; }));
        QCOMPARE(queue(u"low"_s).latest.oldestMs, -1);
        // And who has them, the queue with most of its jobs first.
        const WorkerHandle process = m_watch->handle("app-1:18412:0f3a");
        const auto has = [&](const QString &text) { return atWorkByQueueText(m_watch->store, process) == text; };
        QTRY_VERIFY_WITH_TIMEOUT(has(u"default 2, low 1"_s), 20'000);
        QCOMPARE(atWorkOn(m_watch->store, process, "low"), 1);
        QCOMPARE(atWorkOn(m_watch->store, process, "named"), 0);
        // Nothing but a process says that it is there.
        QCOMPARE(queue(u"named"_s).latest.waiting, 0);
        QVERIFY(queue(u"named"_s).latest.named);
        const QueueRecord *whole = m_watch->store.queues().whole(1, u"sidekiq"_s);
        QVERIFY(whole);
        QCOMPARE(whole->latest.delayed, 3);
        run({"INCRBY", "stat:processed", "50"});
        QVERIFY(becomes(u"low"_s, [whole](const QueueFacts &) { return whole->outPerMinute > 0; }));
        // No job of its any more.
        run({"HSET", "app-1:18412:0f3a", "busy", "0"});
        QVERIFY(becomes(u"default"_s, [](const QueueFacts &one) { return one.latest.atWork == 0; }));
        QTRY_VERIFY_WITH_TIMEOUT(!m_watch->store.jobsByQueue(process), 20'000);
        // And has some again.
        run({"HSET", "app-1:18412:0f3a", "busy", "3"});
        QVERIFY(becomes(u"default"_s, [](const QueueFacts &one) { return one.latest.atWork == 2; }));
        // A queue that nobody names and that has no jobs is none.
        run({"DEL", "app-1:18412:0f3a"});
        run({"SREM", "processes", "app-1:18412:0f3a"});
        QVERIFY(becomes(u"named"_s, [](const QueueFacts &one) { return one.name.isEmpty(); }));
    }

    void withoutTheRightToScriptsTheRestIsThere()
    {
        run({"SADD", "queues", "default"});
        run({"LPUSH", "queue:default", R"({"enqueued_at":1700000000,"args":[)" + quoted(secret) + "]}"});
        run({"ACL", "SETUSER", "default", "-eval", "-eval_ro"});
        QVERIFY(watch(u"sidekiq"_s));
        QVERIFY(becomes(u"default"_s, [](const QueueFacts &one) { return one.latest.scriptRefused; }));
        const QueueFacts one = queue(u"default"_s);
        QCOMPARE(one.latest.waiting, 1);
        QCOMPARE(one.latest.oldestMs, -1);
        QVERIFY(whyUnknown(one, QueueFigure::Oldest).contains(u"EVAL_RO"_s));
    }

    void rqSaysSinceWhenAJobWaits()
    {
        run({"SADD", "rq:queues", "rq:queue:high"});
        run({"RPUSH", "rq:queue:high", "j1", "j2"});
        run({"HSET", "rq:job:j1", "enqueued_at",
             QDateTime::currentDateTimeUtc().addSecs(-60).toString(u"yyyy-MM-ddThh:mm:ss.zzz000Z"_s).toLatin1(), "data", secret});
        const auto worker = [this](const QByteArray &name, const QByteArray &queues, const QByteArray &done) {
            run({"SADD", "rq:workers", "rq:worker:" + name});
            run({"HSET",
                 "rq:worker:" + name,
                 "state",
                 "busy",
                 "birth",
                 "2026-11-28T10:00:00.000000Z",
                 "last_heartbeat",
                 QDateTime::currentDateTimeUtc().toString(u"yyyy-MM-ddThh:mm:ss.zzz000Z"_s).toLatin1(),
                 "queues",
                 queues,
                 "version",
                 "1.13.0",
                 "pid",
                 "77",
                 "hostname",
                 "jobs-2",
                 "successful_job_count",
                 done,
                 "failed_job_count",
                 "2"});
            run({"EXPIRE", "rq:worker:" + name, "90"});
        };
        worker("w1", "high", "10");
        QVERIFY(watch(u"rq"_s));
        QVERIFY(
            becomes(u"high"_s, [](const QueueFacts &one) { return one.latest.oldestMs >= 55'000 && one.workerCount() == 1; }));
        QVERIFY(becomes(u"high"_s, [](const QueueFacts &one) { return one.outPerMinute == 0; }));
        run({"HINCRBY", "rq:worker:w1", "successful_job_count", "20"});
        QVERIFY(becomes(u"high"_s, [](const QueueFacts &one) { return one.outPerMinute > 0 && one.inPerMinute > 0; }));
        // One that serves two queues does jobs of either.
        worker("w2", "high,low", "0");
        QVERIFY(becomes(u"high"_s, [](const QueueFacts &one) { return one.outPerMinute < 0; }));
        QVERIFY(whyUnknown(queue(u"high"_s), QueueFigure::Out).contains(u"several queues"_s));
        QVERIFY(becomes(u"low"_s, [](const QueueFacts &one) { return one.latest.waiting == 0; }));
    }

    void asynqCountsWhatWasDone()
    {
        run({"SADD", "asynq:queues", "critical"});
        run({"LPUSH", "asynq:{critical}:pending", "t1", "t2"});
        run({"HSET", "asynq:{critical}:t:t1", "msg", secret, "pending_since", secondsAgo(45) + "000000000"});
        run({"RPUSH", "asynq:{critical}:active", "t0"});
        run({"SET", "asynq:{critical}:processed", "500"});
        run({"ZADD", "asynq:servers", secondsAgo(-3'600), "asynq:servers:{host:1:aa}"}); // It is asynq's Redis.
        QVERIFY(watch(u"asynq"_s));
        QVERIFY(
            becomes(u"critical"_s, [](const QueueFacts &one) { return one.latest.oldestMs >= 40'000 && one.outPerMinute == 0; }));
        run({"INCRBY", "asynq:{critical}:processed", "30"});
        QVERIFY(becomes(u"critical"_s, [](const QueueFacts &one) { return one.outPerMinute > 0 && one.inPerMinute > 0; }));
        // Emptied, it counts from the beginning.
        run({"SET", "asynq:{critical}:processed", "1"});
        QVERIFY(becomes(u"critical"_s, [](const QueueFacts &one) { return one.outPerMinute < 0; }));
        QVERIFY(becomes(u"critical"_s, [](const QueueFacts &one) { return one.outPerMinute == 0; }));
    }

    void bullmqCountsWhatCame()
    {
        run({"HSET", "bull:mail:meta", "version", "bullmq:6.7.0"});
        run({"SET", "bull:mail:id", "700"});
        run({"LPUSH", "bull:mail:wait", "699", "700"});
        run({"HSET", "bull:mail:699", "timestamp", secondsAgo(20) + "000", "data", secret});
        run({"SET", "bull:mail:stalled-check", "1", "PX", "30000"});
        QVERIFY(watch(u"bullmq"_s));
        QVERIFY(becomes(u"mail"_s, [](const QueueFacts &one) { return one.latest.oldestMs >= 15'000 && one.inPerMinute == 0; }));
        run({"INCRBY", "bull:mail:id", "12"});
        run({"LPUSH", "bull:mail:wait", "701", "702"});
        QVERIFY(becomes(u"mail"_s, [](const QueueFacts &one) { return one.inPerMinute > 0 && one.outPerMinute > 0; }));
        QVERIFY(queue(u"mail"_s).inPerMinute > queue(u"mail"_s).outPerMinute);
    }

    /// Its own hash says which queue a job came from; nothing else of it is read, and no counter of a queue is replaced by it.
    void rqSaysWhoseJobIsOfWhichQueue()
    {
        run({"SADD", "rq:queues", "rq:queue:high", "rq:queue:low"});
        run({"SADD", "rq:workers", "rq:worker:w1"});
        run({"HSET", "rq:job:j1", "origin", "low", "data", secret});
        run({"HSET", "rq:job:j2", "origin", "high", "data", secret});
        run({"HSET", "rq:worker:w1", "queues", "high,low", "state", "busy", "current_job", "j1", "birth",
             "2026-11-28T10:00:00.000000Z", "pid", "77", "last_heartbeat",
             QDateTime::currentDateTimeUtc().toString(u"yyyy-MM-ddThh:mm:ss.zzz000Z"_s).toLatin1()});
        run({"EXPIRE", "rq:worker:w1", "90"});
        QVERIFY(watch(u"rq"_s));
        QTRY_VERIFY_WITH_TIMEOUT(m_watch->handle("w1") != noWorker, 20'000);
        const auto has = [&](const QString &text) { return atWorkByQueueText(m_watch->store, m_watch->handle("w1")) == text; };
        QTRY_VERIFY_WITH_TIMEOUT(has(u"low 1"_s), 20'000);
        QVERIFY(becomes(u"low"_s, [](const QueueFacts &one) { return one.latest.atWork == 0; })); // Its own key says so.
        run({"HSET", "rq:worker:w1", "current_job", "j2"});
        QTRY_VERIFY_WITH_TIMEOUT(has(u"high 1"_s), 20'000);
        run({"HSET", "rq:worker:w1", "current_job", "gone"}); // A job whose hash has gone.
        QTRY_VERIFY_WITH_TIMEOUT(has(QString()), 20'000);
        QCOMPARE(atWorkOn(m_watch->store, m_watch->handle("w1"), "high"), -1);
        run({"HSET", "rq:worker:w1", "state", "idle"});
        run({"HDEL", "rq:worker:w1", "current_job"});
        QTRY_COMPARE_WITH_TIMEOUT(m_watch->worker("w1").status, WorkerStatus::Available, 20'000);
        QVERIFY(!m_watch->store.jobsByQueue(m_watch->handle("w1")));
    }

    /// Its queues are known by nothing but its workers' keys.
    void arqHasTheTimeAsScore()
    {
        run({"SET", "arq:queue:health-check", "Nov-28 23:21:26 j_complete=0 j_failed=0 j_retried=0 j_ongoing=1 queued=1", "PX",
             "3601000"});
        run({"ZADD", "arq:queue", secondsAgo(30) + "000", "j1", secondsAgo(-60) + "000", "later"});
        QVERIFY(watch(u"arq"_s));
        QVERIFY(becomes(u"arq:queue"_s, [](const QueueFacts &one) { return one.latest.oldestMs >= 25'000; }));
        QCOMPARE(queue(u"arq:queue"_s).latest.waiting, 2);
    }

    void resqueAndDramatiqSayWhoseJobsAreAtWork()
    {
        run({"SADD", "resque:queues", "default", "low"});
        for (const QByteArray &worker : {"app-1:1:default,low"_ba, "app-1:2:default,low"_ba}) {
            run({"SADD", "resque:workers", worker});
            run({"HSET", "resque:workers:heartbeat", worker, QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toLatin1()});
        }
        run({"SET", "resque:worker:app-1:1:default,low", R"({"queue":"low","run_at":"2026-11-28T10:00:00Z","payload":{}})"});
        QVERIFY(watch(u"resque"_s));
        QVERIFY(becomes(u"low"_s, [](const QueueFacts &one) { return one.latest.atWork == 1; }));
        QCOMPARE(queue(u"default"_s).latest.atWork, 0);
        run({"DEL", "resque:worker:app-1:1:default,low"});
        QVERIFY(becomes(u"low"_s, [](const QueueFacts &one) { return one.latest.atWork == 0; }));

        cleanup();
        init();
        const QByteArray id = "0d7c2f0e-5a54-4b1c-9a63-1f6d7e1a2b3c";
        run({"ZADD", "dramatiq:__heartbeats__", QByteArray::number(QDateTime::currentMSecsSinceEpoch()), id});
        run({"RPUSH", "dramatiq:mails", "m1", "m2"});
        run({"HSET", "dramatiq:mails.msgs", "m1", secret, "m2", secret});
        run({"SADD", "dramatiq:__acks__." + id + ".mails", "m3", "m4", "m5"});
        QVERIFY(watch(u"dramatiq"_s));
        QVERIFY(becomes(u"mails"_s, [](const QueueFacts &one) { return one.latest.atWork == 3; }));
        QCOMPARE(queue(u"mails"_s).latest.waiting, 2);
        QCOMPARE(queueFacts(m_watch->store).size(), size_t(1)); // The hash of messages is no queue.
    }

    /// What is asked does not grow with the jobs, and with queues and workers only up to a bound.
    void costsAreBounded()
    {
        QByteArrayList names{"SADD", "queues"};
        for (int i = 0; i < 1'500; ++i)
            names.append("q" + QByteArray::number(i));
        run(names);
        for (int i = 0; i < 500; ++i) {
            const QByteArray id = "app-1:" + QByteArray::number(i + 1) + ":0f3a";
            run({"SADD", "processes", id});
            run({"HSET", id, "info", processInfo(R"(["q0","q1"])"), "busy", "1", "quiet", "false", "beat", secondsAgo(1)});
            run({"EXPIRE", id, "600"});
            run({"HSET", id + ":work", "a", R"({"queue":"q0"})"});
        }
        QVERIFY(watch(u"sidekiq"_s));
        QVERIFY(becomes(u"q0"_s, [](const QueueFacts &one) { return one.latest.atWork == 500; }));
        QCOMPARE(m_watch->store.queues().all().size(), size_t(QueueReader::mostQueues));
        const qint64 lengthsBefore = calls("llen");
        const qint64 hashesBefore = calls("hvals");
        const qint64 scriptsBefore = calls("eval_ro");
        const qint64 begun = m_watch->clock.nowMs();
        for (int i = 0; i < 5; ++i) {
            const qint64 before = calls("llen");
            m_watch->clock.step(2'000);
            QTRY_VERIFY_WITH_TIMEOUT(calls("llen") > before, 20'000);
        }
        const qint64 lengths = calls("llen") - lengthsBefore;
        const qint64 hashes = calls("hvals") - hashesBefore;
        const qint64 scripts = calls("eval_ro") - scriptsBefore;
        const qint64 rounds = (m_watch->clock.nowMs() - begun) / 2'000 + 2; // A busy machine makes more than five.
        // Two commands for each queue, and not all of them in one round if that is too much.
        QVERIFY(lengths <= rounds * QueueReader::mostCommands / 2);
        QVERIFY(hashes <= rounds * WorkingJobs::mostAsked);
        QVERIFY(scripts <= rounds * (WorkingJobs::mostAsked / 20 + 1 + 20));
    }
};

PULSEDECK_TEST(QueueReaderTest, runWithEvents)
#include "queuereader_test.moc"
