// SPDX-License-Identifier: GPL-3.0-or-later
// Times to pixels and back on every span there may be, the ticks of the axis, and the one place that decides what is shown.
#include "models/core/format.h"
#include "tests/support/testprogram.h"
#include "ui/timeline/timescale.h"
#include "ui/timeline/timewindow.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimeZone>

#include <cmath>
#include <limits>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr double noon = 1'796'040'000'000; // 2026-11-30 12:00:00 UTC.
constexpr double minute = 60'000;

QStringList labels(const TimeScale &scale, double pixels = 60)
{
    QStringList found;
    for (const TimeScale::Tick &tick : scale.ticks(pixels))
        found.append(tick.label);
    return found;
}

/// The ticks where local time is that of \a zone.
std::vector<TimeScale::Tick> localTicks(const char *zone, const TimeScale &scale, double pixels)
{
    const QByteArray before = qgetenv("TZ");
    qputenv("TZ", zone);
    tzset();
    setShownZone(ShownZone::Local);
    auto ticks = scale.ticks(pixels);
    if (before.isNull())
        qunsetenv("TZ");
    else
        qputenv("TZ", before);
    tzset();
    return ticks;
}

} // namespace

class TimeScaleTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { setShownZone(ShownZone::Utc); }
    void cleanup() { setShownZone(ShownZone::Local); }

    void everySpanMakesAScale_data()
    {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        QTest::addColumn<double>("width");
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        constexpr double inf = std::numeric_limits<double>::infinity();
        QTest::newRow("15 min") << noon << noon + 15 * minute << 1'000.0;
        QTest::newRow("none") << noon << noon << 1'000.0;
        QTest::newRow("backwards") << noon << noon - minute << 1'000.0;
        QTest::newRow("1 ms") << noon << noon + 1 << 1'000.0;
        QTest::newRow("a hundredth of a ms") << noon << noon + 0.01 << 1'000.0;
        QTest::newRow("50 years") << 0.0 << 50 * 365.25 * 86'400'000 << 1'000.0;
        QTest::newRow("all there is") << 0.0 << 1e300 << 1'000.0;
        QTest::newRow("from nan") << nan << noon << 1'000.0;
        QTest::newRow("to nan") << noon << nan << 1'000.0;
        QTest::newRow("all nan") << nan << nan << nan;
        QTest::newRow("infinite") << -inf << inf << inf;
        QTest::newRow("negative") << -noon << -noon + minute << 1'000.0;
        QTest::newRow("width 0") << noon << noon + minute << 0.0;
        QTest::newRow("width -5") << noon << noon + minute << -5.0;
    }
    void everySpanMakesAScale()
    {
        QFETCH(double, from);
        QFETCH(double, to);
        QFETCH(double, width);
        const TimeScale scale(from, to, width);
        QVERIFY(scale.span() >= TimeScale::leastSpan / 2); // A double at today's times has steps of a four-thousandth of a ms.
        QVERIFY(scale.span() <= TimeScale::longestSpan);
        QVERIFY(scale.width() >= 1);
        QVERIFY(std::isfinite(scale.msPerPixel()) && scale.msPerPixel() > 0);
        for (const double share : {0.0, 0.1, 0.5, 1.0}) {
            const double x = share * scale.width();
            QVERIFY(std::abs(scale.x(scale.at(x)) - x) < 1 + scale.width() / 1'000);
        }
        QCOMPARE(scale.x(scale.from()), 0.0);
        QVERIFY(std::isfinite(scale.x(std::numeric_limits<double>::quiet_NaN())));
        QVERIFY(std::isfinite(scale.x(std::numeric_limits<double>::infinity())));
        QVERIFY(std::isfinite(scale.at(std::numeric_limits<double>::quiet_NaN())));
        double before = -1;
        const auto ticks = scale.ticks(60);
        QVERIFY(ticks.size() <= 1'000);
        for (const TimeScale::Tick &tick : ticks) {
            QVERIFY(tick.x > before);
            QVERIFY(tick.at >= scale.from() && tick.at <= scale.to());
            QVERIFY(!tick.label.isEmpty());
            before = tick.x;
        }
    }

    void ticksAreRoundTimes()
    {
        QCOMPARE(labels(TimeScale(noon - 5 * minute, noon, 500), 80),
                 QStringList({u"11:55"_s, u"11:56"_s, u"11:57"_s, u"11:58"_s, u"11:59"_s, u"12:00"_s}));
        QCOMPARE(labels(TimeScale(noon + 100, noon + 450, 350), 90),
                 QStringList({u"12:00:00.1"_s, u"12:00:00.2"_s, u"12:00:00.3"_s, u"12:00:00.4"_s}));
        QCOMPARE(labels(TimeScale(noon, noon + 4, 400)),
                 QStringList({u"12:00:00.000"_s, u"12:00:00.001"_s, u"12:00:00.002"_s, u"12:00:00.003"_s, u"12:00:00.004"_s}));
        QCOMPARE(labels(TimeScale(noon - 1'000, noon + 40'000, 300), 90),
                 QStringList({u"12:00:00"_s, u"12:00:15"_s, u"12:00:30"_s}));
    }

    void aDayIsNamedWhereItBegins()
    {
        const QDateTime day(QDate(2026, 11, 30), {}, Qt::UTC);
        const double begin = double(day.toMSecsSinceEpoch());
        const auto ticks = TimeScale(begin - 3 * 60 * minute, begin + 3 * 60 * minute, 600).ticks(90);
        const auto found = std::find_if(ticks.begin(), ticks.end(), [](const TimeScale::Tick &tick) { return tick.day; });
        QVERIFY(found != ticks.end());
        QCOMPARE(found->at, begin);
        QCOMPARE(found->label, QLocale().toString(day.date(), u"d MMM"_s));
    }

    void calendarSteps()
    {
        const double from = double(QDateTime(QDate(2024, 1, 15), {}, Qt::UTC).toMSecsSinceEpoch());
        constexpr double day = 86'400'000;
        QCOMPARE(labels(TimeScale(from, from + 365 * day, 900), 60).size(), 12);
        QCOMPARE(labels(TimeScale(from, from + 5 * 365 * day, 500), 90),
                 QStringList({u"2025"_s, u"2026"_s, u"2027"_s, u"2028"_s, u"2029"_s}));
        for (const TimeScale::Tick &tick : TimeScale(from, from + 90 * day, 900).ticks(60))
            QCOMPARE(shownTime(qint64(tick.at)).date().dayOfWeek(), 1);
    }

    void ticksFollowTheZone()
    {
        // Half an hour from UTC: hours begin elsewhere.
        const auto ticks = localTicks("Asia/Kolkata", TimeScale(noon, noon + 4 * 60 * minute, 400), 90);
        QCOMPARE(ticks.front().label, u"18:00"_s);
        QCOMPARE(ticks.front().at, noon + 30 * minute);
    }

    /// Summer time ends at 01:00 UTC: two hours are called the same, and the next day begins an hour later.
    void ticksFollowAChangeOfTheClock()
    {
        const double begin = double(QDateTime(QDate(2026, 10, 24), QTime(23, 0), Qt::UTC).toMSecsSinceEpoch());
        constexpr double hour = 60 * minute;
        const auto ticks = localTicks("Europe/Berlin", TimeScale(begin, begin + 25 * hour, 1'600), 60);
        QCOMPARE(ticks.size(), size_t(26));
        QStringList shown;
        for (const TimeScale::Tick &tick : ticks) {
            shown.append(tick.label);
            QCOMPARE(tick.day, tick.at == begin + 24 * hour);
        }
        QCOMPARE(shown.mid(0, 4), QStringList({u"01:00"_s, u"02:00"_s, u"02:00"_s, u"03:00"_s}));
        QCOMPARE(shown.mid(23), QStringList({u"23:00"_s, QLocale().toString(QDate(2026, 10, 26), u"d MMM"_s), u"01:00"_s}));
    }

    // The one place ------------------------------------------------------------------------------------------------

    void followsNowUntilOneScrollsBack()
    {
        TimeWindow window;
        QSignalSpy follow(&window, &TimeWindow::followChanged);
        window.setLimits(noon - 60 * minute, noon);
        QCOMPARE(window.span(), 15 * minute);
        QCOMPARE(window.to(), noon);
        window.setLimits(noon - 60 * minute, noon + 1'000);
        QCOMPARE(window.to(), noon + 1'000);
        window.pan(-minute);
        QVERIFY(!window.isFollowing());
        QCOMPARE(follow.size(), 1);
        window.setLimits(noon - 60 * minute, noon + 2'000);
        QCOMPARE(window.to(), noon + 1'000 - minute);
        window.pan(2 * minute); // Against the end: there is no more.
        QVERIFY(window.isFollowing());
        QCOMPARE(window.to(), noon + 2'000);
        window.stopFollowing();
        QVERIFY(!window.isFollowing());
        window.followNow();
        QVERIFY(window.isFollowing());
    }

    void zoomKeepsThePointWhereItIs()
    {
        TimeWindow window;
        window.setLimits(noon - 600 * minute, noon);
        window.show(noon - 100 * minute, noon - 60 * minute);
        const double at = noon - 70 * minute;
        const double share = (at - window.from()) / window.span();
        for (const double factor : {2.0, 3.0, 0.5, 1.25}) {
            window.zoomAt(at, factor);
            QVERIFY(std::abs((at - window.from()) / window.span() - share) < 1e-6);
        }
        // While it follows, now is the point.
        window.followNow();
        window.zoomAt(window.from(), 2);
        QVERIFY(window.isFollowing());
        QCOMPARE(window.to(), noon);
    }

    void limitsHold()
    {
        TimeWindow window;
        window.setLimits(noon - 10 * minute, noon);
        QVERIFY(window.isFitted()); // There is less than was asked for.
        window.zoom(1e12);
        QCOMPARE(window.span(), TimeWindow::leastSpan);
        window.zoom(1e-12);
        QCOMPARE(window.span(), 10 * minute);
        window.show(noon - minute, noon - 5 * minute); // Backwards is the same.
        QCOMPARE(window.from(), noon - 5 * minute);
        window.pan(-1e15);
        QCOMPARE(window.from(), noon - 10 * minute);
        const double span = window.span();
        window.pan(std::numeric_limits<double>::quiet_NaN());
        window.zoomAt(noon, 0);
        window.zoomAt(noon, -1);
        window.show(std::numeric_limits<double>::quiet_NaN(), noon);
        window.setLimits(std::numeric_limits<double>::infinity(), noon);
        QCOMPARE(window.span(), span);
        // What was asked for comes as soon as there is so much.
        TimeWindow young;
        young.setLimits(noon - 1'000, noon);
        QCOMPARE(young.span(), TimeWindow::leastLimits);
        QVERIFY(young.span() <= minute / 2); // Else the first minute of a fleet would be mostly empty.
        young.setLimits(noon - 1'000, noon + 30 * minute);
        QCOMPARE(young.span(), 15 * minute);
    }

    void afterAStartOnlyWhatThereIsIsShown()
    {
        TimeWindow window;
        window.setWanted(15 * minute);
        window.setLimits(noon - 600 * minute, noon); // Yesterday is there, too.
        QCOMPARE(window.span(), 15 * minute);
        window.setBegun(noon - minute);
        QCOMPARE(window.span(), minute);
        QCOMPARE(window.to(), noon);
        QCOMPARE(window.wanted(), 15 * minute); // That is what is kept for the next time.
        // It grows with its left edge where it is, up to what is wanted.
        window.setLimits(noon - 600 * minute, noon + 2 * minute);
        QCOMPARE(window.from(), noon - minute);
        QCOMPARE(window.span(), 3 * minute);
        window.setLimits(noon - 600 * minute, noon + 60 * minute);
        QCOMPARE(window.span(), 15 * minute);
        // It was never chosen by anybody; what a hand chooses holds.
        window.setBegun(noon + 59 * minute);
        QCOMPARE(window.span(), minute);
        window.setSpan(5 * minute);
        window.setLimits(noon - 600 * minute, noon + 61 * minute);
        QCOMPARE(window.span(), 5 * minute);
        window.setBegun(0);
        QCOMPARE(window.span(), 5 * minute);
    }

    /// Less is shown so far, and a hand that only moves that asks for no other span.
    void whoOnlyMovesKeepsTheWantedSpan()
    {
        const auto young = [](TimeWindow &window) {
            window.setWanted(15 * minute);
            window.setLimits(noon - 600 * minute, noon);
            window.setBegun(noon - 40'000);
            QCOMPARE(window.span(), 40'000.0);
        };
        TimeWindow panned;
        young(panned);
        panned.pan(-1'000);
        QCOMPARE(panned.span(), 40'000.0);
        QCOMPARE(panned.wanted(), 15 * minute);
        panned.followNow();
        QCOMPARE(panned.wanted(), 15 * minute);
        TimeWindow stopped;
        young(stopped);
        stopped.stopFollowing();
        QVERIFY(!stopped.isFollowing());
        QCOMPARE(stopped.wanted(), 15 * minute);
        stopped.reveal(noon - 300 * minute);
        QCOMPARE(stopped.wanted(), 15 * minute);
        stopped.show(noon - 100'000, noon - 60'000); // As a click on the overview: as long as before.
        QCOMPARE(stopped.wanted(), 15 * minute);
        // What asks for one is kept, and given back with what it is undone to.
        stopped.show(noon - 10 * minute, noon - 8 * minute);
        QCOMPARE(stopped.wanted(), 2 * minute);
        stopped.zoom(2);
        QCOMPARE(stopped.wanted(), minute);
        stopped.goBack();
        QCOMPARE(stopped.wanted(), 15 * minute);
        stopped.goForward();
        QCOMPARE(stopped.wanted(), minute);
        stopped.setSpan(5 * minute);
        QCOMPARE(stopped.wanted(), 5 * minute);
        stopped.fit();
        QCOMPARE(stopped.wanted(), 600 * minute);
    }

    void aJumpCanBeUndone()
    {
        TimeWindow window;
        window.setLimits(noon - 600 * minute, noon);
        window.show(noon - 100 * minute, noon - 90 * minute);
        window.fit();
        QVERIFY(window.isFitted());
        window.goBack();
        QCOMPARE(window.from(), noon - 100 * minute);
        window.goBack();
        QVERIFY(window.isFollowing());
        QVERIFY(!window.canGoBack());
        window.goForward();
        QCOMPARE(window.from(), noon - 100 * minute);
        for (int i = 0; i < 200; ++i)
            window.show(noon - (100 + i) * minute, noon - 90 * minute);
        int back = 0;
        for (; window.canGoBack(); ++back)
            window.goBack();
        QCOMPARE(back, int(TimeWindow::mostKept));
    }

    void revealMovesOnlyWhatIsNotInSight()
    {
        TimeWindow window;
        window.setLimits(noon - 600 * minute, noon);
        window.reveal(noon - 5 * minute);
        QVERIFY(window.isFollowing());
        window.reveal(noon - 100 * minute);
        QCOMPARE(window.from() + window.span() / 2, noon - 100 * minute);
        QCOMPARE(window.span(), 15 * minute);
    }
};

PULSEDECK_TEST(TimeScaleTest, runWithEvents)
#include "timescale_test.moc"
