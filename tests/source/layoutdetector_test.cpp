// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layoutdetector.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/support/redisclient.h"
#include "tests/support/redisserver.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTest>

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
};

PULSEDECK_TEST(LayoutDetectorTest, runWithEvents)

#include "layoutdetector_test.moc"
