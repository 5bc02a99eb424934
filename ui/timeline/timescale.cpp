// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timescale.h"

#include "models/core/format.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr double furthestPixel = 1e7;
constexpr size_t mostTicks = 1'000;
constexpr qint64 secondMs = 1'000;
constexpr qint64 minuteMs = 60 * secondMs;
constexpr qint64 hourMs = 60 * minuteMs;
constexpr qint64 dayMs = 24 * hourMs;

/// Steps that are so many milliseconds, up to half a day.
constexpr std::array evenSteps{qint64(1),     qint64(2),     qint64(5),     qint64(10), qint64(20),   qint64(50),
                               qint64(100),   qint64(200),   qint64(500),   secondMs,   2 * secondMs, 5 * secondMs,
                               10 * secondMs, 15 * secondMs, 30 * secondMs, minuteMs,   2 * minuteMs, 5 * minuteMs,
                               10 * minuteMs, 15 * minuteMs, 30 * minuteMs, hourMs,     2 * hourMs,   3 * hourMs,
                               6 * hourMs,    12 * hourMs};

/// Steps of the calendar, whose lengths differ.
struct CalendarStep
{
    int days;
    int months;
    double ms() const
    {
        return months > 0 ? (months % 12 == 0 ? double(months) / 12 * 365.0 : months * 30.0) * dayMs : days * double(dayMs);
    }
};
constexpr CalendarStep calendarSteps[]{{1, 0},  {2, 0},  {7, 0},  {0, 1},   {0, 3},   {0, 6},
                                       {0, 12}, {0, 24}, {0, 60}, {0, 120}, {0, 240}, {0, 600}};

double bounded(double value, double least, double most, double instead)
{
    return std::isnan(value) ? instead : std::clamp(value, least, most);
}

/// What is added to a time of the console's clock to get what its clock on the wall says, as if that were UTC.
qint64 shownOffset(qint64 at)
{
    const QDateTime shown = shownTime(at);
    return shown.toMSecsSinceEpoch() - at + shown.offsetFromUtc() * secondMs;
}

/// \a shown: as shownOffset() makes it.
QString tickLabel(const QDateTime &shown, qint64 step)
{
    if (step >= minuteMs)
        return QLocale::c().toString(shown.time(), u"HH:mm"_s);
    if (step >= secondMs)
        return QLocale::c().toString(shown.time(), u"HH:mm:ss"_s);
    const QString whole = QLocale::c().toString(shown.time(), u"HH:mm:ss.zzz"_s);
    return whole.chopped(step >= 100 ? 2 : step >= 10 ? 1 : 0);
}

QString calendarLabel(const QDate &day, const CalendarStep &step)
{
    if (step.months >= 12)
        return QString::number(day.year());
    return QLocale().toString(day, step.months > 0 ? u"MMM yyyy"_s : u"d MMM"_s); // untranslated: a pattern
}

/// The moment on the console's clock at which this day begins in the shown zone.
qint64 dayBegin(const QDate &day, qint64 near)
{
    const QDateTime wall = shownZone() == ShownZone::Utc ? day.startOfDay(Qt::UTC) : day.startOfDay(Qt::LocalTime);
    return wall.toMSecsSinceEpoch() - (shownTime(near).toMSecsSinceEpoch() - near);
}

QDate firstDay(const QDate &day, const CalendarStep &step)
{
    if (step.months >= 12)
        return {day.year() - day.year() % (step.months / 12), 1, 1};
    if (step.months > 0)
        return {day.year(), (day.month() - 1) / step.months * step.months + 1, 1};
    if (step.days == 7)
        return day.addDays(1 - day.dayOfWeek());
    return day.addDays(-(day.toJulianDay() % step.days));
}

} // namespace

TimeScale::TimeScale(double from, double to, double width)
    : m_from(bounded(from, 0, latest - leastSpan, 0))
    , m_width(bounded(width, 1, furthestPixel, 1))
{
    m_to = bounded(to, m_from + leastSpan, std::min(latest, m_from + longestSpan), m_from + leastSpan);
}

double TimeScale::x(double at) const
{
    return bounded((at - m_from) / span() * m_width, -furthestPixel, furthestPixel, 0);
}

double TimeScale::at(double x) const
{
    return bounded(m_from + x / m_width * span(), 0, latest, m_from);
}

double TimeScale::tickStep(double leastPixels) const
{
    const double least = bounded(leastPixels, 1, furthestPixel, 1) * msPerPixel();
    for (const qint64 step : evenSteps) {
        if (double(step) >= least)
            return double(step);
    }
    for (const CalendarStep &step : calendarSteps) {
        if (step.ms() >= least)
            return step.ms();
    }
    return calendarSteps[std::size(calendarSteps) - 1].ms();
}

std::vector<TimeScale::Tick> TimeScale::ticks(double leastPixels) const
{
    std::vector<Tick> found;
    const double wanted = tickStep(leastPixels);
    const auto add = [&](qint64 at, const QString &label, bool day) {
        if (double(at) >= m_from && double(at) <= m_to)
            found.push_back({double(at), x(double(at)), label, day});
    };
    if (wanted < dayMs) {
        const auto step = qint64(wanted);
        qint64 offset = shownOffset(qint64(m_from));
        // Each question for the local time looks at the zone's file: where nothing changes two are enough.
        const bool changes = shownOffset(qint64(m_to)) != offset;
        qint64 at = (qint64(std::floor(m_from)) + offset) / step * step - offset;
        for (size_t count = 0; double(at) <= m_to && count < mostTicks; ++count, at += step) {
            // Where summer time begins or ends, later ticks stand at round hours again.
            const qint64 offsetThere = changes ? shownOffset(at) : offset;
            if (offsetThere != offset && step > hourMs) {
                at -= offsetThere - offset;
                offset = offsetThere;
            }
            const QDateTime shown = QDateTime::fromMSecsSinceEpoch(at + offsetThere, Qt::UTC);
            const bool day = (at + offsetThere) % dayMs == 0;
            add(at, day ? QLocale().toString(shown.date(), u"d MMM"_s) : tickLabel(shown, step), day);
        }
        return found;
    }
    for (const CalendarStep &step : calendarSteps) {
        if (step.ms() < wanted && &step != &calendarSteps[std::size(calendarSteps) - 1])
            continue;
        QDate day = firstDay(shownTime(qint64(m_from)).date(), step);
        for (size_t count = 0; day.isValid() && count < mostTicks; ++count) {
            const qint64 at = dayBegin(day, qint64(m_from));
            if (double(at) > m_to)
                break;
            add(at, calendarLabel(day, step), true);
            day = step.months > 0 ? day.addMonths(step.months) : day.addDays(step.days);
        }
        return found;
    }
    return found;
}

} // namespace pulsedeck
