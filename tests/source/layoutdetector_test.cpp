// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/dialectregistry.h"
#include "app/redis/layoutdetector.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/support/patience.h"
#include "tests/support/redisclient.h"
#include "tests/support/redisserver.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Which systems live in a real Redis.
class LayoutDetectorTest : public QObject
{
    Q_OBJECT

    RedisServer m_server;
    std::unique_ptr<RedisClient> m_client;
    std::unique_ptr<RedisConnection> m_connection;

    void run(const QByteArrayList &command) { QVERIFY(m_client->command(command).ok()); }

    /// The names of what is there, with prefix and number of workers.
    QStringList found(const LayoutDetector &detector) const
    {
        QStringList texts;
        const std::vector<FoundSystem> systems = detector.systems();
        for (const FoundSystem &system : systems)
            texts.append(u"%1 %2 %3"_s.arg(system.layout, QString::fromUtf8(system.prefix)).arg(system.workers));
        texts.sort();
        return texts;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        QVERIFY(m_server.start());
        m_client = std::make_unique<RedisClient>(m_server.url());
        m_connection = std::make_unique<RedisConnection>(m_server.url());
        m_connection->open();
        QTRY_VERIFY_WITH_TIMEOUT(m_connection->state() == RedisConnection::State::Ready, 10'000);
    }
    void cleanup()
    {
        if (m_client)
            m_client->command({"FLUSHALL"});
    }
    void cleanupTestCase() { m_connection.reset(); }

    void nothingIsThere()
    {
        LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        QVERIFY2(detector.systems().empty(), qPrintable(found(detector).join(u", "_s)));
        QVERIFY(detector.isWhole());
        QVERIFY(detector.commandsSent() <= LayoutDetector::mostCommands);
    }

    /// How often its workers beat is read where it is written; what is no time is not told.
    void theTimingRecordSaysHowOftenItBeats()
    {
        run({"HSET", "worker:chromium:a", "status", "available", "lastHeartbeat", "2026-11-30T00:00:00Z"});
        const auto look = [this] {
            LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
            QSignalSpy finished(&detector, &LayoutDetector::finished);
            detector.look();
            const bool over = finished.wait(20'000);
            const std::vector<FoundSystem> systems = detector.systems();
            return over && systems.size() == 1 && systems.front().layout == u"playwright"_s ? systems.front() : FoundSystem();
        };
        QCOMPARE(look().layout, u"playwright"_s);
        QCOMPARE(look().beatMs, -1);
        run({"HSET", "fleet:timing", "version", "1", "heartbeatInterval", "2000", "workerKeyTtl", "8000"});
        QCOMPARE(look().beatMs, 2'000);
        QCOMPARE(look().ttlMs, 8'000);
        run({"HSET", "fleet:timing", "heartbeatInterval", "soon"});
        QCOMPARE(look().beatMs, -1);
        QCOMPARE(look().ttlMs, 8'000);
    }

    /// Channels and connections are of the whole server: those of another database show nothing here.
    void workersOfAnotherDatabaseAreNotHere()
    {
        RedisUrl third = m_server.url();
        third.database = 3;
        RedisConnection listener(m_server.url());
        listener.subscribe("rq:pubsub:one");
        listener.open();
        RedisConnectionOptions named;
        named.clientName = "bull:bWFpbA==";
        RedisConnection worker(m_server.url(), named);
        worker.open();
        TRY_TRUE(listener.state() == RedisConnection::State::Ready && worker.state() == RedisConnection::State::Ready);
        const auto look = [this](RedisConnection &connection) {
            LayoutDetector detector(connection, LayoutCatalog::builtIn().layouts());
            QSignalSpy finished(&detector, &LayoutDetector::finished);
            detector.look();
            return finished.wait(10'000) ? found(detector) : QStringList{u"not finished"_s};
        };
        RedisConnection connection(third);
        connection.open();
        TRY_TRUE(connection.state() == RedisConnection::State::Ready);
        // As long as no database has a key, the listener may be of any.
        QVERIFY(!look(*m_connection).filter(u"rq"_s).isEmpty());
        run({"SADD", "rq:workers", "rq:worker:one"});
        QVERIFY(!look(*m_connection).filter(u"rq"_s).isEmpty());
        QVERIFY2(look(connection).isEmpty(), qPrintable(look(connection).join(u", "_s)));
    }

    /// A name of a worker of its own fits both ways in which BullMQ's workers are found.
    void aWorkerOfBullMQIsCountedOnce()
    {
        const auto named = [this](const QByteArray &name) {
            RedisConnectionOptions options;
            options.clientName = name;
            auto connection = std::make_unique<RedisConnection>(m_server.url(), options);
            connection->open();
            return connection;
        };
        const std::vector<std::unique_ptr<RedisConnection>> connections = [&] {
            std::vector<std::unique_ptr<RedisConnection>> made;
            for (const char *name : {"bull:bWFpbA==:w:one", "bull:bWFpbA==:w:two", "bull:bWFpbA==", "bull:bWFpbA==:qe"})
                made.push_back(named(name));
            return made;
        }();
        for (const auto &connection : connections)
            QTRY_VERIFY_WITH_TIMEOUT(connection->state() == RedisConnection::State::Ready, 10'000);
        run({"HSET", "bull:mail:meta", "version", "bullmq:5.76.10"});
        LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        QCOMPARE(found(detector).filter(u"bullmq"_s), QStringList{u"bullmq bull: 3"_s});
    }

    /// Which release they are of, and what they have at work, stands in the records that are read for their queues.
    void recordsTellVersionsAndWork()
    {
        const auto process = [this](const QByteArray &id, const QByteArray &version, const QByteArray &busy) {
            run({"SADD", "processes", id});
            run({"HSET", id, "info", R"({"concurrency":10,"queues":["default"],"version":")" + version + R"("})", "busy", busy,
                 "beat", "1764240000.5", "quiet", "false"});
        };
        process("app-1:1:abc", "7.3.9", "2");
        process("app-2:2:def", "7.2.4", "0");
        run({"SADD", "processes", "ghost-1:3:fff"});
        const auto found = [this] {
            LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
            QSignalSpy finished(&detector, &LayoutDetector::finished);
            detector.look();
            const std::vector<FoundSystem> systems = finished.wait(10'000) ? detector.systems() : std::vector<FoundSystem>();
            return systems.size() == 1 ? systems.front() : FoundSystem();
        };
        const FoundSystem all = found();
        QCOMPARE(all.versions, (QStringList{u"7.2.4"_s, u"7.3.9"_s}));
        QCOMPARE(all.busy, 2);
        QCOMPARE(all.capacity, 20);
        // Of more workers than are asked a part is no sum.
        for (int i = 0; i < SystemCounts::mostRecords; ++i)
            process("app-9:" + QByteArray::number(100 + i) + ":abc", "7.3.9", "1");
        QCOMPARE(found().busy, -1);
    }

    /// The pattern of keys finds the prefix that the layout names, and another one.
    void aPrefixInBracesIsFoundWhole()
    {
        run({"SADD", "{hangfire}:servers", "a:1:00000000-0000-0000-0000-000000000000"});
        run({"SADD", "{my-hangfire}:servers", "b:1:00000000-0000-0000-0000-000000000000"});
        LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        QCOMPARE(found(detector), (QStringList{u"hangfire {hangfire}: 1"_s, u"hangfire {my-hangfire}: 1"_s}));
    }

    /// In their records, in their ids, or in the names of their connections; one that has several keys is one queue.
    void queuesAreCountedByName()
    {
        RedisConnectionOptions named;
        named.clientName = "bull:bWFpbA==";
        RedisConnection worker(m_server.url(), named);
        worker.open();
        QTRY_VERIFY_WITH_TIMEOUT(worker.state() == RedisConnection::State::Ready, 10'000);
        run({"SADD", "resque:workers", "app-1:3:low,high", "app-1:4:*"});
        run({"SADD", "resque:queues", "low"});
        run({"SET", "bull:pages:id", "1"});
        run({"RPUSH", "bull:pages:wait", "1"});
        run({"ZADD", "dramatiq:__heartbeats__", "1764240000000", "a-uuid"});
        run({"RPUSH", "dramatiq:default", "m1"});
        run({"RPUSH", "dramatiq:default.DQ", "m2"});
        for (const char *key : {"dramatiq:default.msgs", "dramatiq:default.DQ.msgs"})
            run({"HSET", key, "m1", "{}"}); // The messages themselves: no queues.
        run({"ZADD", "dramatiq:default.XQ", "1", "m3"});
        LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        QHash<QString, qint64> queues;
        for (const FoundSystem &system : detector.systems())
            queues.insert(system.layout, system.queues);
        QCOMPARE(queues.value(u"resque"_s), 2); // "low" and "high".
        QCOMPARE(queues.value(u"bull"_s), 2); // "pages", and "mail" of the connection.
        QCOMPARE(queues.value(u"dramatiq"_s), 1);
    }

    /// They have one prefix: whose a queue is, and who serves it, is decided queue by queue.
    void bullNextToBullMQ()
    {
        std::vector<std::unique_ptr<RedisConnection>> workers;
        for (const QByteArray &name :
             QByteArrayList{"bull:" + QByteArray("old").toBase64(), "bull:" + QByteArray("new-0").toBase64(),
                            "bull:" + QByteArray("new-0").toBase64() + ":w:one"}) {
            RedisConnectionOptions options;
            options.clientName = name;
            workers.push_back(std::make_unique<RedisConnection>(m_server.url(), options));
            workers.back()->open();
        }
        for (const auto &worker : workers)
            QTRY_VERIFY_WITH_TIMEOUT(worker->state() == RedisConnection::State::Ready, 20'000);
        // More than are asked for: none of BullMQ's keys may take the place of Bull's.
        for (int i = 0; i < 5 * KeyPatterns::mostTypesAsked; ++i) {
            const QByteArray queue = "bull:new-" + QByteArray::number(i);
            run({"HSET", queue + ":meta", "version", "bullmq:5.76.10"});
            run({"SET", queue + ":stalled-check", "1764240000000"});
            run({"RPUSH", queue + ":wait", "1"});
            run({"SET", queue + ":id", "1"});
        }
        const auto look = [this] {
            LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
            QSignalSpy finished(&detector, &LayoutDetector::finished);
            detector.look();
            return finished.wait(20'000) ? detector.systems() : std::vector<FoundSystem>();
        };
        std::vector<FoundSystem> systems = look();
        QCOMPARE(systems.size(), size_t(1));
        QCOMPARE(systems.front().layout, u"bullmq"_s);
        // A worker of either writes this before there is any job: it shows no system.
        run({"SET", "bull:fresh:stalled-check", "1764240000000"});
        systems = look();
        QCOMPARE(systems.size(), size_t(1));
        QCOMPARE(systems.front().layout, u"bullmq"_s);
        run({"SET", "bull:old:id", "3"});
        run({"SET", "bull:late:id", "1"});
        systems = look();
        QCOMPARE(systems.size(), size_t(2));
        for (const FoundSystem &system : systems) {
            const bool isBull = system.layout == u"bull"_s;
            QVERIFY2(isBull || system.layout == u"bullmq"_s, qPrintable(system.layout));
            QCOMPARE(system.queues, isBull ? 2 : 5 * KeyPatterns::mostTypesAsked);
            QCOMPARE(system.workers, isBull ? 1 : 2);
        }
    }

    void severalAtOnce()
    {
        run({"SADD", "processes", "app-1:1:abc", "app-2:2:def"});
        run({"SADD", "queues", "default"});
        run({"SADD", "rq:workers", "rq:worker:one"});
        run({"SADD", "resque:workers", "app-1:3:default"});
        run({"ZADD", "shop_horizon:masters", "1764240000", "web-1-abcd"});
        LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        QCOMPARE(found(detector),
                 (QStringList{u"horizon shop_horizon: 1"_s, u"resque resque: 1"_s, u"rq rq: 1"_s, u"sidekiq  2"_s}));
    }

    void aKeyOfAnotherTypeShowsNothing()
    {
        run({"SET", "processes", "12"});
        run({"RPUSH", "rq:workers", "x"});
        LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        QVERIFY2(detector.systems().empty(), qPrintable(found(detector).join(u", "_s)));
    }

    /// Of keys that look alike the first that SCAN gives may be of another type by chance.
    void aKeyOfAnotherTypeHidesNoOther()
    {
        const auto scanned = [this] {
            QByteArrayList order;
            const RedisValue reply = m_client->command({"SCAN", "0", "COUNT", "1000"});
            if (reply.elements.size() == 2) {
                for (const RedisValue &key : reply.elements[1].elements)
                    order.append(key.text);
            }
            return order;
        };
        // What keys hold does not change their order, unless they meet in one bucket: then others are taken.
        QByteArray right;
        for (int attempt = 0; attempt < 50 && (right.isEmpty() || scanned().constFirst() == right); ++attempt) {
            run({"FLUSHALL"});
            for (const char *name : {"a", "b", "c"})
                run({"SET", "bull:" + QByteArray::number(attempt) + name + ":meta", "12"});
            QCOMPARE(scanned().size(), 3);
            right = scanned().constLast();
            run({"DEL", right});
            run({"HSET", right, "version", "bullmq:5.0.0"});
        }
        QVERIFY(scanned().constFirst() != right);
        LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        QVERIFY2(!found(detector).filter(u"bullmq"_s).isEmpty(), qPrintable(found(detector).join(u", "_s)));
    }

    /// A queue that no job came to yet is named by its workers alone.
    void queuesThatOnlyWorkersNameAreCounted()
    {
        run({"SADD", "rq:queues", "rq:queue:default", "rq:queue:low"});
        run({"SADD", "rq:workers", "rq:worker:one", "rq:worker:gone"});
        run({"HSET", "rq:worker:one", "state", "idle", "queues", "default,quiet,other"});
        run({"SADD", "queues", "default"});
        run({"SADD", "processes", "app-1:1:abc"});
        run({"HSET", "app-1:1:abc", "info", R"({"queues":["default","mail"],"pid":1})"});
        const auto look = [this] {
            LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
            QSignalSpy finished(&detector, &LayoutDetector::finished);
            detector.look();
            return finished.wait(10'000) ? detector.report() : DetectionReport();
        };
        const auto of = [](const DetectionReport &report, const QString &layout) {
            const auto one = std::find_if(report.systems.cbegin(), report.systems.cend(),
                                          [&layout](const FoundSystem &system) { return system.layout == layout; });
            return one == report.systems.cend() ? FoundSystem() : *one;
        };
        DetectionReport report = look();
        QCOMPARE(of(report, u"rq"_s).queues, 4);
        QVERIFY(!of(report, u"rq"_s).moreQueues);
        QCOMPARE(of(report, u"sidekiq"_s).queues, 2);
        QVERIFY(report.commands <= LayoutDetector::mostCommands);
        // Of many workers only some are asked: the others may name further ones.
        for (int i = 0; i < 2 * SystemCounts::mostRecords; ++i)
            run({"SADD", "rq:workers", "rq:worker:" + QByteArray::number(i)});
        report = look();
        QVERIFY(of(report, u"rq"_s).queues >= 2 && of(report, u"rq"_s).moreQueues);
        QVERIFY(report.commands <= LayoutDetector::mostCommands);
    }

    /// A prefix that was set is the only one that is looked for.
    void aPrefixThatWasSetReplacesTheLayouts()
    {
        run({"SADD", "rq:workers", "rq:worker:one"});
        run({"SADD", "jobs:workers", "jobs:worker:one", "jobs:worker:two"});
        run({"ZADD", "shop_horizon:masters", "1764240000", "web-1-abcd"});
        run({"ZADD", "web_horizon:masters", "1764240000", "web-1-abcd"});
        run({"ZADD", "myapp:beats", "1764240000", "web-1"});
        SystemChoices choices;
        choices[u"rq"_s].prefix = u"jobs:"_s;
        choices[u"horizon"_s].prefix = u"web_horizon:"_s;
        choices[u"last-seen"_s].prefix = u"myapp:beats"_s; // A pattern that has a prefix is looked for, too.
        choices[u"sidekiq"_s].on = false;
        run({"SADD", "processes", "app-1:1:abc"});
        LayoutDetector detector(*m_connection, chosenLayouts(LayoutCatalog::builtIn().layouts(), choices));
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        QCOMPARE(found(detector), (QStringList{u"horizon web_horizon: 1"_s, u"last-seen myapp:beats 1"_s, u"rq jobs: 2"_s}));
        QVERIFY(detector.report().unknown.isEmpty() || detector.report().unknown.front().prefix != "myapp:beats");
    }

    /// Its workers have no keys, so that no key is one of theirs, whatever their ids may look like.
    void ownKeysAreSeenNextToCelery()
    {
        run({"SADD", "_kombu.binding.celery.pidbox", "\x06\x16\x06\x16w1@app-1.celery.pidbox"});
        run({"SADD", "_kombu.binding.celeryev", "worker.#\x06\x16\x06\x16some.queue"});
        for (const char *name : {"a", "b", "c"})
            run({"SET", QByteArray("heartbeat:") + name, "1", "EX", "100"});
        LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        const DetectionReport report = detector.report();
        QCOMPARE(report.systems.size(), 1);
        QCOMPARE(report.systems.front().layout, u"celery"_s);
        QCOMPARE(report.unknown.size(), 1);
        QCOMPARE(report.unknown.front().keys, "heartbeat:*");
        QCOMPARE(report.unknown.front().pattern, u"heartbeat-keys"_s);
        QCOMPARE(report.unknown.front().count, 3);
    }

    /// All its workers have ended, and its jobs wait: the bindings of the queues are left.
    void celeryWithoutWorkersIsFoundByItsQueues()
    {
        const auto layouts = [this] {
            LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
            QSignalSpy finished(&detector, &LayoutDetector::finished);
            detector.look();
            return finished.wait(10'000) ? found(detector) : QStringList{u"not finished"_s};
        };
        run({"SET", "_kombu.binding.none", "no set"});
        QCOMPARE(layouts(), QStringList());
        run({"SADD", "_kombu.binding.emails",
             "emails\x06\x16\x06\x16"
             "emails"});
        QVERIFY2(layouts().join(u' ').startsWith(u"celery "_s), qPrintable(layouts().join(u' ')));
        QCOMPARE(layouts().size(), 1);
    }

    /// What showed that a system is there, what the look cost, and which keys look like beats and are nobody's.
    void theReportSaysHowAndWhatElse()
    {
        run({"SADD", "processes", "worker-1:1:abc"});
        run({"HSET", "worker-1:1:abc", "beat", "1764240000.5"}); // Sidekiq's, whatever its host is called.
        run({"EXPIRE", "worker-1:1:abc", "60"});
        run({"SADD", "rq:workers", "rq:worker:one"});
        run({"HSET", "rq:worker:one", "state", "idle"});
        run({"ZADD", "myapp:beats", "1764240000", "web-1", "1764240001.5", "web-2"});
        run({"ZADD", "game:heartbeat:scores", "12", "ann"}); // Its scores are no times.
        for (const char *name : {"a", "b", "c"})
            run({"SET", QByteArray("shop:heartbeat:") + name, "1", "EX", "100"});
        run({"HSET", "last_seen", "w1", "1764240000000"});
        run({"SET", "cron:leader", "host-1", "EX", "30"});
        run({"SET", "my:heartbeat", "of the operator"}); // Never expires.
        run({"SET", "worker-token", "of a session", "EX", "30"}); // A single key that expires may be anything.
        run({"SET", "unrelated", "1", "EX", "30"});
        LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        const DetectionReport report = detector.report();
        QCOMPARE(report.systems.size(), 2);
        for (const FoundSystem &system : report.systems) {
            QCOMPARE(system.by, FoundSystem::By::Key);
            QCOMPARE(system.evidence, system.layout == "rq"_L1 ? QByteArray("rq:workers") : QByteArray("processes"));
            QVERIFY(system.hasPrefix);
        }
        QStringList unknown;
        for (const UnknownBeats &beats : report.unknown)
            unknown.append(u"%1 %2 %3"_s.arg(QString::fromUtf8(beats.keys), beats.pattern).arg(beats.count));
        unknown.sort();
        QCOMPARE(unknown, (QStringList{u"cron:leader lock-holder 1"_s, u"last_seen hash-fields 1"_s, u"myapp:beats last-seen 2"_s,
                                       u"shop:heartbeat:* heartbeat-keys 3"_s}));
        QVERIFY(report.commands > 0 && report.commands <= LayoutDetector::mostCommands);
        QVERIFY(report.whole);
        QVERIFY(report.refused.isEmpty());
        QVERIFY(!m_client->command({"INFO", "commandstats"}).text.contains("cmdstat_keys:"));
    }

    /// Hashes of workers written by hand begin as Playwright's do: its fields show it, and else they are the operator's own.
    void hashesOfOnesOwnAreNotPlaywrights()
    {
        const auto look = [this] {
            LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
            QSignalSpy finished(&detector, &LayoutDetector::finished);
            detector.look();
            return finished.wait(20'000) ? detector.report() : DetectionReport();
        };
        for (int i = 0; i < 5 * KeyPatterns::mostTypesAsked; ++i) {
            const QByteArray key = "worker:web-" + QByteArray::number(i) + ":1840";
            run({"HSET", key, "host", "web-7", "pid", "1840", "status", "busy"});
            run({"EXPIRE", key, "60"});
        }
        // An id may be of the same form.
        run({"HSET", "worker:0b1c2d3e-2222-4333-8444-555555555555", "host", "web-7", "status", "busy"});
        run({"EXPIRE", "worker:0b1c2d3e-2222-4333-8444-555555555555", "60"});
        DetectionReport report = look();
        QVERIFY2(report.systems.isEmpty(), qPrintable(report.systems.isEmpty() ? QString() : report.systems.front().layout));
        QCOMPARE(report.unknown.size(), 1);
        QCOMPARE(report.unknown.front().pattern, u"worker-hashes"_s);
        QCOMPARE(report.unknown.front().prefix, "worker:");
        QCOMPARE(report.unknown.front().count, 5 * KeyPatterns::mostTypesAsked + 1);
        // One of Playwright's among them is found, of today's and of an older fleet.
        for (const QByteArray &id : QByteArrayList{"chromium:11111111-2222-4333-8444-555555555555",
                                                   "11111111-2222-4333-8444-555555555555", "firefox:odd"}) {
            run({"HSET", "worker:" + id, "status", "available", "lastHeartbeat", "2026-11-30T00:00:00Z"});
            if (id == "firefox:odd") {
                for (int i = 0; i < 5 * KeyPatterns::mostTypesAsked; ++i)
                    run({"DEL", "worker:web-" + QByteArray::number(i) + ":1840"});
            }
            report = look();
            QCOMPARE(report.systems.size(), 1);
            QCOMPARE(report.systems.front().layout, u"playwright"_s);
            run({"DEL", "worker:" + id});
        }
    }

    /// The key of a queue of any name, and nothing else that is called so.
    void arqIsFoundByAnyQueue()
    {
        const QByteArray beat = "Nov-28 23:21:26 j_complete=0 j_failed=0 j_retried=0 j_ongoing=1 queued=1";
        const auto look = [this] {
            LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
            QSignalSpy finished(&detector, &LayoutDetector::finished);
            detector.look();
            return finished.wait(20'000) ? found(detector) : QStringList{u"not finished"_s};
        };
        run({"SET", "shop:health-check", "ok at Nov-28 23:21:26"});
        run({"HSET", "site:health-check", "j_complete", "0"});
        QCOMPARE(look(), QStringList());
        run({"FLUSHALL"});
        run({"SET", "critical:health-check", beat, "PX", "3601000"});
        run({"SET", "low:health-check", beat, "PX", "3601000"});
        QCOMPARE(look(), QStringList{u"arq  2"_s});
    }

    /// Short words say that keys are beats where they stand alone, and nothing as a part of another word.
    void shortWordsOfBeatsStandAlone()
    {
        for (const char *name : {"web-1", "web-2", "web-3"}) {
            run({"SET", QByteArray("myapp:hb:") + name, "1", "EX", "100"});
            run({"SET", QByteArray("shop/ping/") + name, "1", "EX", "100"});
            run({"SET", QByteArray("mailbhb:") + name, "1", "EX", "100"});
            run({"SET", QByteArray("shipping:") + name, "1", "EX", "100"});
            run({"SET", QByteArray("session:") + name, "1", "EX", "100"});
            run({"SET", QByteArray("old:pulse:") + name, "1"}); // Never expire.
        }
        run({"ZADD", "jobs:hb", "1764240000", "web-1"});
        LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        const DetectionReport report = detector.report();
        QStringList unknown;
        for (const UnknownBeats &beats : report.unknown)
            unknown.append(u"%1 %2 %3"_s.arg(QString::fromUtf8(beats.keys), beats.pattern).arg(beats.count));
        unknown.sort();
        QCOMPARE(unknown,
                 (QStringList{u"jobs:hb last-seen 1"_s, u"myapp:hb:* heartbeat-keys 3"_s, u"shop/ping/* heartbeat-keys 3"_s}));
        QVERIFY(report.systems.isEmpty());
        QVERIFY(report.commands <= LayoutDetector::mostCommands);
    }

    void whatIsNotPermittedIsReported()
    {
        run({"ACL", "SETUSER", "viewer", "on", ">pw", "~*", "+@all", "-scan", "-pubsub"});
        RedisUrl url = m_server.url();
        url.user = u"viewer"_s;
        url.password = u"pw"_s;
        RedisConnection connection(url);
        connection.open();
        QTRY_VERIFY_WITH_TIMEOUT(connection.state() == RedisConnection::State::Ready, 10'000);
        run({"SADD", "rq:workers", "rq:worker:one"});
        LayoutDetector detector(connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        QStringList refused = detector.report().refused;
        refused.sort();
        QCOMPARE(refused, (QStringList{u"PUBSUB"_s, u"SCAN"_s}));
        QCOMPARE(found(detector), QStringList{u"rq rq: 1"_s});
        run({"ACL", "DELUSER", "viewer"});
    }

    /// Very many keys of others: the look stays small, and the rest is looked at page by page.
    void whatTheLookDoesNotReachIsFoundLater()
    {
        run({"EVAL", "for i = 1, 150000 do redis.call('SET', 'other:' .. i, '1') end", "0"});
        run({"ZADD", "shop_horizon:masters", "1764240000", "web-1-abcd"});
        LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(10'000));
        QVERIFY(detector.commandsSent() <= LayoutDetector::mostCommands);
        QVERIFY(!detector.isWhole());
        QTRY_VERIFY_WITH_TIMEOUT(!detector.goOn(), 60'000);
        QTRY_COMPARE_WITH_TIMEOUT(found(detector), QStringList{u"horizon shop_horizon: 1"_s}, 10'000);
    }

    /// That a key was not reached does not say that it is not there: whose the queues of connected workers are is asked.
    void connectedWorkersAreCountedWhereNotAllKeysWereSeen()
    {
        constexpr int ofBullMQ = 12;
        constexpr int ofBull = 3;
        std::vector<std::unique_ptr<RedisConnection>> workers;
        for (int i = 1; i <= ofBullMQ + ofBull; ++i) {
            const QByteArray queue = (i <= ofBullMQ ? "new-" : "old-") + QByteArray::number(i);
            RedisConnectionOptions options;
            options.clientName = "bull:" + queue.toBase64();
            workers.push_back(std::make_unique<RedisConnection>(m_server.url(), options));
            workers.back()->open();
        }
        for (const auto &worker : workers)
            QTRY_VERIFY_WITH_TIMEOUT(worker->state() == RedisConnection::State::Ready, 20'000);
        // Both are found by some of very many queues.
        run({"EVAL",
             "for i = 1, 150000 do redis.call('SET', 'other:' .. i, '1') end "
             "for i = 1, 4000 do redis.call('SET', 'bull:old-' .. i .. ':id', '1') end "
             "for i = 1, 200 do redis.call('SET', 'bull:new-' .. i .. ':id', '1') "
             "redis.call('HSET', 'bull:new-' .. i .. ':meta', 'version', 'bullmq:6.7.0') end",
             "0"});
        LayoutDetector detector(*m_connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy finished(&detector, &LayoutDetector::finished);
        detector.look();
        QVERIFY(finished.wait(20'000));
        QVERIFY(!detector.isWhole());
        QVERIFY(detector.commandsSent() <= LayoutDetector::mostCommands);
        QCOMPARE(found(detector), (QStringList{u"bull bull: 3"_s, u"bullmq bull: 12"_s}));
        // Where it may not be asked, what is counted is said to be a part, or is not known.
        run({"ACL", "SETUSER", "viewer", "on", ">pw", "~*", "&*", "+@all", "-exists"});
        RedisUrl url = m_server.url();
        url.user = u"viewer"_s;
        url.password = u"pw"_s;
        RedisConnection connection(url);
        connection.open();
        QTRY_VERIFY_WITH_TIMEOUT(connection.state() == RedisConnection::State::Ready, 20'000);
        LayoutDetector other(connection, LayoutCatalog::builtIn().layouts());
        QSignalSpy ended(&other, &LayoutDetector::finished);
        other.look();
        QVERIFY(ended.wait(20'000));
        QVERIFY(!other.isWhole());
        for (const FoundSystem &system : other.systems()) {
            const int all = system.layout == u"bull"_s ? ofBull : ofBullMQ;
            QVERIFY2(system.workers < 0 || system.workers == all || (system.more && system.workers < all),
                     qPrintable(u"%1 %2"_s.arg(system.layout).arg(system.workers)));
        }
        run({"ACL", "DELUSER", "viewer"});
    }
};

PULSEDECK_TEST(LayoutDetectorTest, runWithEvents)

#include "layoutdetector_test.moc"
