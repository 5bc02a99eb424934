// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/workerreader.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Feeds hashes as Redis would answer them, sound and hostile.
class WorkerReaderTest : public QObject
{
    Q_OBJECT

    static QByteArray bulk(const QByteArray &value) { return '$' + QByteArray::number(value.size()) + "\r\n" + value + "\r\n"; }

    /// Values in the order of workerFields; a null QByteArray is a missing field.
    static QByteArray answer(const QByteArrayList &values)
    {
        QByteArray bytes = '*' + QByteArray::number(values.size()) + "\r\n";
        for (const QByteArray &value : values)
            bytes += value.isNull() ? QByteArray("$-1\r\n") : bulk(value);
        return bytes;
    }

    static QByteArrayList sound()
    {
        return {"0d9e6f20",      "chromium",  "ws://10.4.2.17:3131/playwright/secret", "available", "1795288874164",
                "1795288894336", QByteArray()};
    }

private slots:
    void readsASoundWorker()
    {
        RedisReader reader(1 << 20);
        reader.feed(answer(sound()));
        QCOMPARE(reader.next(), RedisReader::Result::Ready);
        const WorkerFields fields = decodeWorkerFields(reader.reply(), "chromium:0d9e6f20");
        QVERIFY(fields.present);
        QCOMPARE(fields.status, WorkerStatus::Available);
        QCOMPARE(fields.type, QByteArrayView("chromium"));
        QCOMPARE(fields.host, QByteArrayView("10.4.2.17:3131"));
        QCOMPARE(fields.startedAt, 1'795'288'874'164);
        QCOMPARE(fields.flags, WorkerFlags());
        const WorkerText text = workerText(3, "chromium:0d9e6f20", fields);
        QVERIFY(text.problems.isEmpty());
        QVERIFY(!text.host.contains("secret"));
    }

    void takesAnything_data()
    {
        QTest::addColumn<int>("field");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<quint32>("flag");
        const auto bad = WorkerFlags(WorkerFlag::BadField).toInt();
        const auto large = WorkerFlags(WorkerFlag::TooLarge).toInt();
        QTest::newRow("status missing") << 3 << QByteArray() << bad;
        QTest::newRow("status empty") << 3 << QByteArray("") << bad;
        QTest::newRow("status binary") << 3 << QByteArray("\xff\xfe\x01", 3) << bad;
        QTest::newRow("status enormous") << 3 << QByteArray(100'000, 'x') << large;
        QTest::newRow("status of another word") << 3 << QByteArray("resting") << 0u;
        QTest::newRow("beat missing") << 5 << QByteArray() << bad;
        QTest::newRow("beat no number") << 5 << QByteArray("soon") << bad;
        QTest::newRow("beat negative") << 5 << QByteArray("-5") << bad;
        QTest::newRow("beat in seconds") << 5 << QByteArray("1795288894") << bad;
        QTest::newRow("beat overflows") << 5 << QByteArray("99999999999999999999999") << bad;
        QTest::newRow("beat a fraction") << 5 << QByteArray("1795288894336.5") << bad;
        QTest::newRow("started empty") << 4 << QByteArray("") << bad;
        QTest::newRow("endpoint missing") << 2 << QByteArray() << bad;
        QTest::newRow("endpoint no address") << 2 << QByteArray("http://x/y") << bad;
        QTest::newRow("endpoint with control characters") << 2 << QByteArray("ws://a\nb:1/x") << bad;
        QTest::newRow("type binary") << 1 << QByteArray("\x01", 1) << bad;
        QTest::newRow("type missing, as in old fleets") << 1 << QByteArray() << 0u;
    }

    void takesAnything()
    {
        QFETCH(int, field);
        QFETCH(QByteArray, value);
        QFETCH(quint32, flag);
        QByteArrayList values = sound();
        values[field] = value;
        RedisReader reader(1 << 20);
        reader.feed(answer(values));
        QCOMPARE(reader.next(), RedisReader::Result::Ready);
        const WorkerFields fields = decodeWorkerFields(reader.reply(), "chromium:0d9e6f20");
        QVERIFY(fields.present);
        if (flag != 0)
            QVERIFY(fields.flags.toInt() & flag);
        else
            QCOMPARE(fields.flags, WorkerFlags());
        const WorkerText text = workerText(1, "chromium:0d9e6f20", fields);
        QCOMPARE(text.problems.isEmpty(), flag == 0);
        QVERIFY(text.host.size() <= 128 && text.statusText.size() <= 64 && text.type.size() <= 64);
    }

    void nothingIsNothing()
    {
        RedisReader reader(1 << 20);
        reader.feed(answer(QByteArrayList(7)));
        QCOMPARE(reader.next(), RedisReader::Result::Ready);
        QVERIFY(!decodeWorkerFields(reader.reply(), "a").present);
        reader.feed("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n");
        QCOMPARE(reader.next(), RedisReader::Result::Ready);
        const WorkerFields fields = decodeWorkerFields(reader.reply(), "a");
        QVERIFY(fields.wrongType);
        QCOMPARE(workerText(1, "a", fields).problems, QStringList{u"the key is not a hash"_s});
    }

    void theEndpointsPathIsLeftOut_data()
    {
        QTest::addColumn<QByteArray>("endpoint");
        QTest::addColumn<QByteArray>("host");
        QTest::newRow("plain") << QByteArray("ws://h:1/playwright/abc") << QByteArray("h:1");
        QTest::newRow("tls") << QByteArray("wss://h/abc") << QByteArray("h");
        QTest::newRow("query") << QByteArray("ws://h:1?token=abc") << QByteArray("h:1");
        QTest::newRow("user info") << QByteArray("ws://user:secret@h:1/x") << QByteArray("h:1");
        QTest::newRow("nothing") << QByteArray() << QByteArray();
        QTest::newRow("long") << QByteArray("ws://" + QByteArray(500, 'h') + "/x") << QByteArray();
    }

    void theEndpointsPathIsLeftOut()
    {
        QFETCH(QByteArray, endpoint);
        QFETCH(QByteArray, host);
        QCOMPARE(endpointHost(endpoint).toByteArray(), host);
    }
};

PULSEDECK_TEST(WorkerReaderTest, runWithEvents)
#include "workerreader_test.moc"
