// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layoutdialect.h"
#include "app/redis/protobufrecord.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QJsonArray>
#include <QRandomGenerator>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

const QString asynqServer = u"asynq.ServerInfo"_s;

/// As asynq 0.23 wrote it: host "app-1", pid 4211, server "0b1c-77", concurrency 10, queues "critical" (6) and "low" (1), status,
/// start 1764370982.5 s, and how many tasks are at work, which is absent for none.
QByteArray serverBytes(const QByteArray &status, int active)
{
    QByteArray bytes("\x0a\x05"
                     "app-1"
                     "\x10\xf3\x20"
                     "\x1a\x07"
                     "0b1c-77"
                     "\x20\x0a"
                     "\x2a\x0c\x0a\x08"
                     "critical"
                     "\x10\x06"
                     "\x2a\x07\x0a\x03"
                     "low"
                     "\x10\x01");
    bytes += '\x3a' + QByteArray(1, char(status.size())) + status;
    bytes += "\x42\x0c\x08\xa6\xd4\xa8\xc9\x06\x10\x80\xca\xb5\xee\x01";
    return active == 0 ? bytes : QByteArray(bytes + '\x48' + char(active));
}

} // namespace

/// Records that are protobuf, and the servers of asynq that write them.
class ProtobufRecordTest : public QObject
{
    Q_OBJECT

private slots:
    void theServersOfAsynq()
    {
        QVERIFY(ProtobufRecord::knows(asynqServer));
        QVERIFY(!ProtobufRecord::knows(u"some.Info"_s));
        const auto read = ProtobufRecord::read(asynqServer, serverBytes("active", 3));
        QVERIFY(read);
        QCOMPARE(read->value(u"host"_s).toString(), u"app-1"_s);
        QCOMPARE(read->value(u"pid"_s).toInteger(), 4211);
        QCOMPARE(read->value(u"server"_s).toString(), u"0b1c-77"_s);
        QCOMPARE(read->value(u"concurrency"_s).toInteger(), 10);
        QCOMPARE(read->value(u"queues"_s).toArray(), (QJsonArray{u"critical"_s, u"low"_s}));
        QCOMPARE(read->value(u"status"_s).toString(), u"active"_s);
        QCOMPARE(read->value(u"start"_s).toInteger(), 1'764'370'982);
        QCOMPARE(read->value(u"active"_s).toInteger(), 3);
        QCOMPARE(ProtobufRecord::read(asynqServer, serverBytes("active", 0))->value(u"active"_s).toInteger(-1), 0);
        QVERIFY(!ProtobufRecord::read(u"some.Info"_s, serverBytes("active", 3)));
    }

    /// Fields of later versions, of any form, are passed over; so are those that are not wanted.
    void otherFieldsArePassedOver()
    {
        const QByteArray more = serverBytes("active", 1) + QByteArray("\x30\x01", 2) // strict
                                + QByteArray("\x79\x01\x02\x03\x04\x05\x06\x07\x08", 9) // 64 bits
                                + QByteArray("\x7d\x01\x02\x03\x04", 5) // 32 bits
                                + QByteArray("\xfa\x7f\x02hi", 5); // with a length
        const auto read = ProtobufRecord::read(asynqServer, more);
        QVERIFY(read);
        QCOMPARE(read->value(u"active"_s).toInteger(), 1);
        QCOMPARE(read->size(), 8);
    }

    void whatIsNoMessage_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("text") << QByteArray("hello");
        QTest::newRow("field 0") << QByteArray("\x00\x01", 2);
        QTest::newRow("length beyond the end") << QByteArray("\x0a\xff\x01x", 4);
        QTest::newRow("huge length") << QByteArray("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11);
        QTest::newRow("endless number") << QByteArray(40, '\xff');
        QTest::newRow("no value") << QByteArray("\x10");
        QTest::newRow("group") << QByteArray("\x0b\x0c");
        QTest::newRow("a number for a text") << QByteArray("\x08\x01");
        QTest::newRow("a text for a number") << QByteArray("\x12\x01x");
        QTest::newRow("a broken queue") << QByteArray("\x2a\x02\x0a\x09", 4);
        QTest::newRow("a broken time") << QByteArray("\x42\x01\x08", 3);
    }
    void whatIsNoMessage()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(!ProtobufRecord::read(asynqServer, bytes));
    }

    void anyBytes()
    {
        QRandomGenerator random(17);
        const QByteArray good = serverBytes("stopped", 5);
        for (int round = 0; round < 20'000; ++round) {
            QByteArray bytes = good.first(random.bounded(int(good.size()) + 1));
            for (int i = random.bounded(4); i > 0 && !bytes.isEmpty(); --i)
                bytes[random.bounded(int(bytes.size()))] = char(random.bounded(256));
            ProtobufRecord::read(asynqServer, bytes);
        }
        QByteArray many;
        for (int i = 0; i < 1'000; ++i)
            many += QByteArray("\x2a\x03\x0a\x01q", 5);
        QCOMPARE(ProtobufRecord::read(asynqServer, many)->value(u"queues"_s).toArray().size(), ProtobufRecord::mostRepeated);
    }

    void serversInRedis()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        SourceWatch watch;
        const Layout *layout = LayoutCatalog::builtIn().find(u"asynq"_s);
        QVERIFY(layout);
        watch.options.dialects = {[layout](RedisSession &session) {
            return std::make_unique<LayoutDialect>(session, *layout, std::vector{traitsOf(*layout)});
        }};
        QVERIFY(watch.startServer());
        const QByteArray id = "app-1:4211:0b1c-77";
        const QByteArray key = "asynq:servers:{" + id + '}';
        const auto beat = [&](const QByteArray &bytes) {
            watch.run({"SET", key, bytes, "EX", "10"});
            watch.run({"ZADD", "asynq:servers", QByteArray::number(watch.clock.nowMs() / 1000 + 10), key});
        };
        beat(serverBytes("active", 0));
        watch.watch();
        TRY_TRUE(watch.isWatching() && watch.knows(id));
        TRY_EQUAL(watch.liveness(id), u"alive"_s);
        QCOMPARE(watch.worker(id).status, WorkerStatus::Available);
        QCOMPARE(watch.worker(id).activeSessions, 0);
        QCOMPARE(watch.worker(id).capacity, 10);
        QCOMPARE(watch.worker(id).pid, 4211);
        QCOMPARE(watch.worker(id).startedAt, 1'764'370'982'000);
        QVERIFY(watch.store.facts(watch.handle(id)));
        QCOMPARE(watch.store.facts(watch.handle(id))->queues, (QStringList{u"critical"_s, u"low"_s}));
        beat(serverBytes("active", 7));
        TRY_EQUAL(watch.worker(id).activeSessions, 7);
        beat(serverBytes("stopped", 7));
        TRY_EQUAL(watch.worker(id).status, WorkerStatus::Draining);
        QCOMPARE(watch.store.statusWord(watch.handle(id)), u"stopped"_s);
        beat(serverBytes("closed", 0));
        TRY_EQUAL(watch.worker(id).status, WorkerStatus::ShuttingDown);
        // Bytes that are no message: it is listed, and said to be unreadable.
        beat("hello");
        TRY_TRUE(watch.worker(id).flags.testFlag(WorkerFlag::BadField));
        QCOMPARE(watch.worker(id).activeSessions, unknownValue);
        beat(serverBytes("active", 1));
        TRY_TRUE(!watch.worker(id).flags.testFlag(WorkerFlag::BadField));
        QCOMPARE(watch.worker(id).activeSessions, 1);
    }
};

PULSEDECK_TEST(ProtobufRecordTest, runWithEvents)
#include "protobufrecord_test.moc"
