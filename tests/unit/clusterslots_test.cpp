// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/clusterslots.h"
#include "app/redis/replycopy.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class ClusterSlotsTest : public QObject
{
    Q_OBJECT

private slots:
    void keysHaveTheSlotsOfTheSpecification_data();
    void keysHaveTheSlotsOfTheSpecification();
    void mapIsRead();
    void whatIsNoMapIsRefused_data();
    void whatIsNoMapIsRefused();
};

void ClusterSlotsTest::keysHaveTheSlotsOfTheSpecification_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("slot");
    QTest::newRow("test value of the CRC") << QByteArray("123456789") << 0x31C3;
    QTest::newRow("empty") << QByteArray() << 0;
    QTest::newRow("foo") << QByteArray("foo") << 12'182;
    QTest::newRow("bar") << QByteArray("bar") << 5'061;
    QTest::newRow("somekey") << QByteArray("somekey") << 11'058;
    QTest::newRow("hash tag") << QByteArray("foo{hash_tag}") << 2'515;
    QTest::newRow("another key of it") << QByteArray("bar{hash_tag}") << 2'515;
    QTest::newRow("only the first tag") << QByteArray("foo{bar}{zap}") << 5'061;
    QTest::newRow("tag alone") << QByteArray("{foo}") << 12'182;
    QTest::newRow("tag with a brace") << QByteArray("foo{{bar}}zap") << ClusterSlots::slotOf("{bar");
    QTest::newRow("no end") << QByteArray("foo{bar") << ClusterSlots::slotOf("foo{bar");
}

void ClusterSlotsTest::keysHaveTheSlotsOfTheSpecification()
{
    QFETCH(const QByteArray, key);
    QFETCH(const int, slot);
    QCOMPARE(ClusterSlots::slotOf(key), slot);
    // A tag that is empty is none: then the whole key counts.
    QVERIFY(ClusterSlots::slotOf("foo{}{bar}") != ClusterSlots::slotOf("bar"));
    QVERIFY(ClusterSlots::slotOf("foo{}{bar}") != ClusterSlots::slotOf(""));
}

void ClusterSlotsTest::mapIsRead()
{
    const ReplyCopy copy(
        "*3\r\n"
        "*4\r\n:8192\r\n:16382\r\n*3\r\n$4\r\nhost\r\n:7001\r\n$1\r\na\r\n*3\r\n$4\r\nhost\r\n:7003\r\n$1\r\nc\r\n"
        "*3\r\n:0\r\n:4095\r\n*3\r\n$0\r\n\r\n:7000\r\n$1\r\nb\r\n"
        "*3\r\n:4096\r\n:8191\r\n*3\r\n$0\r\n\r\n:7000\r\n$1\r\nb\r\n");
    const std::optional<ClusterSlots> map = ClusterSlots::fromReply(copy.reply(), {u"asked"_s, 7000});
    QVERIFY(map);
    // A node that does not know its own address is where it was asked.
    QCOMPARE(map->masters(), (QList<RedisPlace>{{u"asked"_s, 7000}, {u"host"_s, 7001}}));
    QCOMPARE(map->replicas(), (QList<RedisPlace>{{u"host"_s, 7003}}));
    QCOMPARE(map->masterOf(0), 0);
    QCOMPARE(map->masterOf(8'191), 0);
    QCOMPARE(map->masterOf(8'192), 1);
    QCOMPARE(map->masterOf(16'383), -1);
    QCOMPARE(map->unserved(), 1);
    QCOMPARE(map->ranges(), 3);
}

void ClusterSlotsTest::whatIsNoMapIsRefused_data()
{
    QTest::addColumn<QByteArray>("reply");
    QTest::newRow("text") << QByteArray("+OK\r\n");
    QTest::newRow("no slot is served") << QByteArray("*0\r\n");
    QTest::newRow("no master") << QByteArray("*1\r\n*2\r\n:0\r\n:1\r\n");
    QTest::newRow("no port") << QByteArray("*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$4\r\nhost\r\n:70000\r\n");
    QTest::newRow("slot out of range") << QByteArray("*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n$4\r\nhost\r\n:7000\r\n");
    QTest::newRow("slot below zero") << QByteArray("*1\r\n*3\r\n:-1\r\n:5\r\n*2\r\n$4\r\nhost\r\n:7000\r\n");
}

void ClusterSlotsTest::whatIsNoMapIsRefused()
{
    QFETCH(const QByteArray, reply);
    const ReplyCopy copy(reply);
    QVERIFY(!ClusterSlots::fromReply(copy.reply(), {u"asked"_s, 7000}));
}

PULSEDECK_TEST(ClusterSlotsTest, runPlain)
#include "clusterslots_test.moc"
