// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/format.h"
#include "models/history/momentinput.h"
#include "tests/support/testprogram.h"

#include <QDateTime>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class MomentInputTest : public QObject
{
    Q_OBJECT

    static qint64 utc(const QString &iso) { return QDateTime::fromString(iso, Qt::ISODateWithMs).toMSecsSinceEpoch(); }

private slots:
    void initTestCase() { setShownZone(ShownZone::Utc); }

    void absolute_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("moment");
        // Now is 2026-11-29 12:00 UTC.
        QTest::newRow("time") << u"11:05"_s << u"2026-11-29T11:05:00Z"_s;
        QTest::newRow("one digit") << u"9:05"_s << u"2026-11-29T09:05:00Z"_s;
        QTest::newRow("to come") << u"12:01"_s << u"2026-11-28T12:01:00Z"_s;
        QTest::newRow("seconds") << u"11:05:30"_s << u"2026-11-29T11:05:30Z"_s;
        QTest::newRow("fraction") << u"11:05:30.250"_s << u"2026-11-29T11:05:30.250Z"_s;
        QTest::newRow("date") << u"2026-11-28"_s << u"2026-11-28T00:00:00Z"_s;
        QTest::newRow("date and time") << u" 2026-11-28 14:05 "_s << u"2026-11-28T14:05:00Z"_s;
        QTest::newRow("iso") << u"2026-11-28T14:05:00.5Z"_s << u"2026-11-28T14:05:00.500Z"_s;
        QTest::newRow("offset") << u"2026-11-28T14:05:00+01:00"_s << u"2026-11-28T13:05:00Z"_s;
        QTest::newRow("unix") << u"1795874700250"_s << u"2026-11-28T14:05:00.250Z"_s;
        QTest::newRow("no zone") << u"2026-11-28T14:05:00"_s << u"2026-11-28T14:05:00Z"_s;
    }
    void absolute()
    {
        QFETCH(QString, text);
        QFETCH(QString, moment);
        const MomentInput input = readMoment(text, utc(u"2026-11-29T12:00:00Z"_s));
        QVERIFY2(input.ok(), qPrintable(input.error));
        QVERIFY(!input.relative);
        QCOMPARE(input.ms, utc(moment));
        QCOMPARE(input.from(5), utc(moment));
    }

    void relative()
    {
        QCOMPARE(readMoment(u"-15min"_s, 0).from(1'000'000), 100'000);
        QCOMPARE(readMoment(u"-1 h 30 min"_s, 0).ms, -5'400'000);
        QCOMPARE(readMoment(u"−90s"_s, 0).ms, -90'000);
        QCOMPARE(readMoment(u"2h"_s, 0).ms, -7'200'000);
        QCOMPARE(readMoment(u"15 min"_s, 0).ms, -900'000);
        QVERIFY(readMoment(u"now"_s, 0).relative);
        QCOMPARE(readMoment(u"now"_s, 0).ms, 0);
    }

    void refused_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"", "-", "-15", "-min", "25:00", "14", "yesterday", "2026-13-01", "2026-11-28 25:00", "18000",
                                 "5 parsecs", "-5min ago", "2026-11-28 14:05 or so", "%1"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void refused()
    {
        QFETCH(QString, text);
        QVERIFY(!readMoment(text, utc(u"2026-11-29T12:00:00Z"_s)).ok());
    }
};

PULSEDECK_TEST(MomentInputTest, runWithEvents)
#include "momentinput_test.moc"
