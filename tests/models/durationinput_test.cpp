// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/durationinput.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

/// What somebody types or pastes where a duration is wanted.
class DurationInputTest : public QObject
{
    Q_OBJECT

private slots:
    void good_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("ms");
        for (const auto &[text, ms] : std::vector<std::pair<const char16_t *, qint64>>{{u"20", 20'000},
                                                                                       {u" 20 s ", 20'000},
                                                                                       {u"1m30s", 90'000},
                                                                                       {u"1 min 30 s", 90'000},
                                                                                       {u"500 ms", 500},
                                                                                       {u"500ms", 500},
                                                                                       {u"2.5", 2'500},
                                                                                       {u"2,5 s", 2'500},
                                                                                       {u"1:30", 90'000},
                                                                                       {u"1:00:00", 3'600'000},
                                                                                       {u"1 h", 3'600'000},
                                                                                       {u"1d", 86'400'000},
                                                                                       {u"0", 0},
                                                                                       {u"0.001", 1},
                                                                                       {u"1.500", 1'500},
                                                                                       {u"2 Minutes", 120'000},
                                                                                       {u"1h1m1s1ms", 3'661'001},
                                                                                       {u".5 s", 500},
                                                                                       {u"1.0000000000", 1'000},
                                                                                       {u"0,500 s", 500},
                                                                                       {u"1,50 s", 1'500},
                                                                                       {u"1500,250", 1'500'250}}) {
            QTest::newRow(QString::fromUtf16(text).toUtf8().constData()) << QString::fromUtf16(text) << ms;
        }
    }

    void good()
    {
        QFETCH(QString, text);
        QFETCH(qint64, ms);
        const DurationInput input = readDuration(text, TimingUnit::Seconds);
        QVERIFY2(input.ok(), qPrintable(input.error));
        QCOMPARE(input.ms, ms);
    }

    void bareNumberHasTheUnitOfItsPlace()
    {
        QCOMPARE(readDuration(u"250", TimingUnit::Milliseconds).ms, 250);
        QCOMPARE(readDuration(u"250", TimingUnit::MillisecondsText).ms, 250);
        QCOMPARE(readDuration(u"250", TimingUnit::Seconds).ms, 250'000);
        QVERIFY(!readDuration(u"2.5", TimingUnit::Milliseconds).ok());
    }

    void bad_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("word");
        for (const auto &[text, word] :
             std::vector<std::pair<const char16_t *, const char16_t *>>{{u"", u"expected"},
                                                                        {u"-5", u"negative"},
                                                                        {u"−5 s", u"negative"},
                                                                        {u"ten", u"not a duration"},
                                                                        {u"10 parsecs", u"not a unit"},
                                                                        {u"30s1m", u"order"},
                                                                        {u"1m1m", u"order"},
                                                                        {u"10 20", u"not a duration"},
                                                                        {u"1m 30", u"not a duration"},
                                                                        {u"0.0001 s", u"smaller"},
                                                                        {u"0.5 ms", u"smaller"},
                                                                        {u"99999999999999999999", u"too large"},
                                                                        {u"9999999 d", u"too large"},
                                                                        {u"1:99", u"colon"},
                                                                        {u"1:2:3:4", u"such as"},
                                                                        {u"1e3", u"not a unit"},
                                                                        {u"10 s !", u"not a duration"},
                                                                        {u"0x10", u"not a unit"},
                                                                        {u"NaN", u"not a duration"},
                                                                        {u"1..5", u"not a duration"},
                                                                        {u"1,500s", u"ambiguous"},
                                                                        {u"12,000 ms", u"ambiguous"},
                                                                        {u"1,500,000", u"ambiguous"},
                                                                        {u"1h1,500s", u"ambiguous"}}) {
            QTest::newRow(QString::fromUtf16(text).toUtf8().constData()) << QString::fromUtf16(text) << QString::fromUtf16(word);
        }
    }

    void bad()
    {
        QFETCH(QString, text);
        QFETCH(QString, word);
        const DurationInput input = readDuration(text, TimingUnit::Seconds);
        QVERIFY(!input.ok());
        QVERIFY2(input.error.contains(word), qPrintable(input.error));
    }
};

PULSEDECK_TEST(DurationInputTest, runWithEvents)
#include "durationinput_test.moc"
