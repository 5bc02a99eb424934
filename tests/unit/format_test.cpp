// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/format.h"
#include "models/core/unknownvalue.h"
#include "tests/support/testprogram.h"

#include <QtTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

using Format = QString (*)(qint64);

constexpr qint64 minute = 60'000;
constexpr qint64 hour = 60 * minute;
constexpr qint64 day = 24 * hour;

/// 2026-11-29 14:03:11.402 UTC, a Sunday.
constexpr qint64 sunday = 1'795'960'991'402;

} // namespace

class FormatTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { setShownZone(ShownZone::Utc); }

    void durations_data()
    {
        QTest::addColumn<Format>("format");
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, Format format, qint64 ms, const QString &words) {
            QTest::addRow("%s of %lld", name, ms) << format << ms << words;
        };
        row("duration", durationText, unknownValue, u"–"_s);
        row("duration", durationText, 0, u"0.0 s"_s);
        row("duration", durationText, 250, u"250 ms"_s);
        row("duration", durationText, 300, u"0.3 s"_s);
        row("duration", durationText, 9'840, u"9.8 s"_s);
        row("duration", durationText, -9'840, u"−9.8 s"_s);
        row("duration", durationText, 340'000, u"340 s"_s);
        row("duration", durationText, 12 * minute + 59'000, u"12 min"_s);
        row("duration", durationText, 80 * minute, u"1 h 20 min"_s);
        row("duration", durationText, 47 * hour, u"47 h 0 min"_s);
        row("duration", durationText, 3 * day + 4 * hour, u"3 d 4 h"_s);
        row("span", spanText, -5, u"0 s"_s);
        row("span", spanText, 59'999, u"59 s"_s);
        row("span", spanText, 119'000, u"1 min"_s);
        row("span", spanText, 3 * day + 4 * hour, u"3 d 4 h"_s);
        row("measured", measuredText, 950, u"950 ms"_s);
        row("measured", measuredText, 10'016, u"10.02 s"_s);
        row("measured", measuredText, 125'420, u"125.4 s"_s);
        row("measured", measuredText, 2'000'000, u"2000 s"_s);
        row("round trip", roundTripText, 0, u"< 1 ms"_s);
        row("round trip", roundTripText, 12, u"12 ms"_s);
        row("round trip", roundTripText, 1'250, u"1,250 ms"_s);
        row("exact", exactText, 0, u"0 s"_s);
        row("exact", exactText, 500, u"500 ms"_s);
        row("exact", exactText, 2'500, u"2.5 s"_s);
        row("exact", exactText, 10 * minute, u"600 s"_s);
        row("exact", exactText, 3'690'000, u"1 h 1 min 30 s"_s);
        row("exact", exactText, -2 * hour, u"−2 h"_s);
        row("exact", exactText, 3'690'001, u"3690.001 s"_s);
        row("exact seconds", exactSeconds, hour, u"3600 s"_s);
        row("exact seconds", exactSeconds, -1'500, u"−1.5 s"_s);
        row("round", roundText, 9'960, u"10 s"_s);
        row("round", roundText, 9'840, u"9.8 s"_s);
        row("left", secondsLeft, -1, u"0 s"_s);
        row("left", secondsLeft, 7'001, u"8 s"_s);
        row("count", countText, 18'999, u"0:18"_s);
        row("count", countText, hour + 2 * minute + 18'000, u"1:02:18"_s);
        row("column", columnTime, 99'949, u"99.9 s"_s);
        row("column", columnTime, 99'950, u"99 s"_s);
        row("column", columnTime, 12 * minute + 7'000, u"12:07"_s);
        row("estimate", estimateText, 119'001, u"2 min"_s);
        row("estimate", estimateText, 90'000, u"90 s"_s);
        row("estimate", estimateText, 121'000, u"3 min"_s);
        row("estimate", estimateText, 2 * hour + 4 * minute + 1, u"2 h 5 min"_s);
        row("offset", offsetText, 4, u"0.00 s"_s);
        row("offset", offsetText, 250, u"+0.25 s"_s);
        row("offset", offsetText, -4'200, u"−4.2 s"_s);
        row("offset", offsetText, 12 * minute, u"+12 min"_s);
    }

    void durations()
    {
        QFETCH(Format, format);
        QFETCH(qint64, ms);
        QTEST(format(ms), "words");
    }

    void numbers()
    {
        QCOMPARE(groupedNumber(1'207), u"1,207"_s);
        QCOMPARE(groupedNumber(-1'000'000), u"-1,000,000"_s);
        QCOMPARE(placed(u"%2 of %1, %3"_s, {u"a %2"_s, u"b"_s}), u"b of a %2, %3"_s);
        QCOMPARE(placed(u"100 %"_s, {u"a"_s}), u"100 %"_s);
        QCOMPARE(timesText(1), u"once"_s);
        QCOMPARE(timesText(2), u"twice"_s);
        QCOMPARE(timesText(1'200), u"1,200 times"_s);
        QCOMPARE(shortNumber(950), u"950"_s);
        QCOMPARE(shortNumber(2'500), u"2.5k"_s);
        QCOMPARE(shortNumber(3'000'000), u"3M"_s);
        QCOMPARE(rateText(std::nullopt), u"–"_s);
        QCOMPARE(rateText(0), u"0"_s);
        QCOMPARE(rateText(2), u"2.0"_s);
        QCOMPARE(rateText(99.94), u"99.9"_s);
        QCOMPARE(rateText(99.95), u"100"_s);
        QCOMPARE(rateText(12'345.6), u"12,346"_s);
        QCOMPARE(ratioText(2.5), u"2.5×"_s);
        QCOMPARE(ratioText(3.25), u"3.25×"_s);
        QCOMPARE(ratioText(120.4), u"120×"_s);
        QCOMPARE(signedPercent(5), u"+5 %"_s);
        QCOMPARE(signedPercent(-1'200), u"−1,200 %"_s);
        QCOMPARE(signedPercent(0), u"±0 %"_s);
        QCOMPARE(secondsNumber(10'016, 2), u"10.02"_s);
        QCOMPARE(secondsNumber(125'420, 2), u"125.4"_s);
        QCOMPARE(knownNumber(unknownValue), u"–"_s);
        QCOMPARE(knownNumber(1'207), u"1,207"_s);
        QCOMPARE(decimalText(2.5, 2), u"2.50"_s);
        QCOMPARE(significantText(0, 3), u"0"_s);
        QCOMPARE(significantText(0.25, 3), u"0.25"_s);
        QCOMPARE(significantText(12.6, 2), u"13"_s);
        QCOMPARE(significantText(1'200, 3), u"1200"_s);
        QCOMPARE(significantText(1.0 / 3, 3), u"0.333"_s);
        QCOMPARE(amountText(4), u"4"_s);
        QCOMPARE(amountText(4.52), u"4.5"_s);
        QCOMPARE(amountText(1'207.4), u"1,207"_s);
        QCOMPARE(spentText(-1), QString());
        QCOMPARE(spentText(12), u"12 ms"_s);
        QCOMPARE(spentText(1'240), u"1.2 s"_s);
        QCOMPARE(preciseTripText(420), u"0.4 ms"_s);
        QCOMPARE(preciseTripText(12'400), u"12 ms"_s);
        QCOMPARE(chartStartText(90), u"−90 s"_s);
        QCOMPARE(chartStartText(150), u"−2.5 min"_s);
    }

    // Months and weekdays are words: those of the user's language.
    void daysInTheUsersLanguage()
    {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
        const QString day = momentText(sunday, sunday + 2 * ::day);
        const QString date = wallDayText(sunday, sunday + 200 * ::day);
        const QString number = groupedNumber(1'207);
        QLocale::setDefault(before);
        QVERIFY2(day.startsWith(u"So"), qPrintable(day));
        QVERIFY2(date.startsWith(u"29 Nov"), qPrintable(date));
        QCOMPARE(number, u"1,207"_s);
    }

    void times()
    {
        QCOMPARE(wallClockText(sunday), u"14:03:11"_s);
        QCOMPARE(wallClockTextTenths(sunday), u"14:03:11.4"_s);
        QCOMPARE(wallDateTimeText(sunday), u"2026-11-29 14:03:11"_s);
        QCOMPARE(fullWallTimeText(sunday), u"2026-11-29 14:03:11.402 UTC"_s);
        QCOMPARE(isoText(sunday), u"2026-11-29T14:03:11.402Z"_s);
        QCOMPARE(isoText(0), QString());
        QCOMPARE(wallDayText(sunday, sunday + hour), u"14:03:11"_s);
        QCOMPARE(wallDayText(sunday, sunday + day), u"29 Nov  14:03:11"_s);
        QCOMPARE(wallDayText(sunday, sunday + 40 * day), u"29 Nov 2026  14:03:11"_s);
        QCOMPARE(columnDayText(sunday, sunday + hour), u"14:03:11"_s);
        QCOMPARE(columnDayText(sunday, sunday + day), u"29 Nov 14:03"_s);
        QCOMPARE(columnDayText(0, sunday), u"–"_s);
        QCOMPARE(momentText(0, sunday), u"at an unknown time"_s);
        QCOMPARE(momentText(sunday, sunday + hour), u"today 14:03"_s);
        QCOMPARE(momentText(sunday, sunday + day), u"yesterday 14:03"_s);
        QCOMPARE(momentText(sunday, sunday + 2 * day), u"Sun 14:03"_s);
        QCOMPARE(momentText(sunday, sunday + 8 * day), u"29 Nov 14:03"_s);
    }
};

PULSEDECK_TEST(FormatTest, runPlain)
#include "format_test.moc"
