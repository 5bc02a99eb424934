// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/clusterroute.h"
#include "app/redis/replycopy.h"
#include "tests/support/testprogram.h"

#include <QByteArrayList>
#include <QTest>

#include <vector>

using namespace pulsedeck;
using To = ClusterRoute::To;

class ClusterRouteTest : public QObject
{
    Q_OBJECT

private slots:
    void commandsFindTheirNodes_data();
    void commandsFindTheirNodes();
    void copyIsWhatWasCopied();
};

void ClusterRouteTest::commandsFindTheirNodes_data()
{
    QTest::addColumn<QByteArrayList>("words");
    QTest::addColumn<int>("to");
    QTest::addColumn<int>("key");
    const auto row = [](const QByteArrayList &words, To to, int key) {
        QTest::newRow(words.join(' ').constData()) << words << int(to) << key;
    };
    row({"HMGET", "worker:a", "id"}, To::Slot, 1);
    row({"hscan", "counters", "0"}, To::Slot, 1);
    row({"XINFO", "GROUPS", "jobs"}, To::Slot, 2);
    row({"MEMORY", "USAGE", "jobs"}, To::Slot, 2);
    row({"EVAL", "return 1", "2", "a", "b", "x"}, To::Slot, 3);
    row({"eval_ro", "return 1", "1", "a"}, To::Slot, 3);
    row({"EVAL", "return 1", "0", "x"}, To::First, 0);
    row({"EVAL", "return 1"}, To::First, 0);
    row({"MGET", "a"}, To::Slot, 1);
    row({"MGET", "a", "b"}, To::Split, 1);
    row({"EXISTS", "a", "b", "a"}, To::Split, 1);
    row({"SCAN", "0", "MATCH", "*"}, To::Scan, 1);
    row({"TIME"}, To::All, 0);
    row({"PUBSUB", "NUMSUB", "x"}, To::All, 0);
    row({"INFO", "server"}, To::First, 0);
    row({"CLIENT", "LIST"}, To::Refused, 0);
    row({"CLIENT", "TRACKING", "OFF"}, To::All, 0);
    row({"GET"}, To::First, 0);
    row({"XINFO", "GROUPS"}, To::First, 0);
}

void ClusterRouteTest::commandsFindTheirNodes()
{
    QFETCH(const QByteArrayList, words);
    const std::vector<QByteArrayView> views(words.begin(), words.end());
    const ClusterRoute route = ClusterRoute::of(views);
    QTEST(int(route.to), "to");
    QTEST(route.key, "key");
}

void ClusterRouteTest::copyIsWhatWasCopied()
{
    const QByteArray bytes("*6\r\n:-3\r\n$-1\r\n$0\r\n\r\n$4\r\na\r\nb\r\n+OK\r\n*2\r\n-ERR no\r\n*0\r\n");
    const ReplyCopy copy(bytes);
    QByteArray again;
    ReplyCopy::append(&again, copy.reply());
    QCOMPARE(again, bytes);
    QVERIFY(!ReplyCopy::hasTooLarge(copy.reply()));
    const QByteArray line = ReplyCopy::error("ERR one\r\ntwo");
    const ReplyCopy error(line);
    QVERIFY(error.reply().isError());
    QCOMPARE(error.reply().bytes(), QByteArrayView("ERR one  two"));
}

PULSEDECK_TEST(ClusterRouteTest, runPlain)
#include "clusterroute_test.moc"
