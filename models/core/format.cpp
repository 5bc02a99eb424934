// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/format.h"

#include "models/core/unknownvalue.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

ShownZone currentZone = ShownZone::Local;
const Clock *currentClock = nullptr;

qint64 wallOf(qint64 at)
{
    return currentClock ? currentClock->toWall(at) : at;
}

QString clockPart(const QDateTime &time)
{
    return time.time().toString(u"HH:mm:ss"_s);
}

QString tenthsPart(const QDateTime &time)
{
    return time.time().toString(u"HH:mm:ss.zzz"_s).chopped(2);
}

QString zonePart(const QDateTime &time)
{
    if (time.timeSpec() == Qt::UTC)
        return u"UTC"_s;
    const QString name = time.timeZoneAbbreviation();
    return name.isEmpty() ? time.toString(u"t"_s) : name;
}

QString decimal(double value, int decimals)
{
    return QString::number(value, 'f', decimals);
}

/// Hours and minutes, days and hours: where seconds say nothing any more.
QString longText(qint64 seconds)
{
    const auto pair = [](qint64 large, const QString &unit, qint64 small, const QString &smallUnit) {
        return QString(QString::number(large) % unit % QString::number(small) % smallUnit);
    };
    if (seconds < 3'600)
        return QString::number(seconds / 60) % u" min"_s;
    if (seconds < 48 * 3'600)
        return pair(seconds / 3'600, u" h "_s, seconds / 60 % 60, u" min"_s);
    return pair(seconds / 86'400, u" d "_s, seconds / 3'600 % 24, u" h"_s);
}

QString twoDigits(qint64 number)
{
    return QString::number(number).rightJustified(2, u'0');
}

class FormatTexts
{
    Q_DECLARE_TR_FUNCTIONS(FormatTexts)
};

/// Numbers are English, whatever the machine's language is.
const QLocale &english()
{
    static const QLocale locale(QLocale::English, QLocale::UnitedStates);
    return locale;
}

} // namespace

QString placed(const QString &text, const QStringList &values)
{
    QString whole;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const int place = text[i] == u'%' && i + 1 < text.size() ? text[i + 1].digitValue() : 0;
        if (place < 1 || place > values.size()) {
            whole += text[i];
            continue;
        }
        whole += values[place - 1];
        ++i;
    }
    return whole;
}

QString groupedNumber(qint64 number)
{
    return english().toString(number);
}

QString timesText(qint64 count)
{
    return count == 1   ? FormatTexts::tr("once")
           : count == 2 ? FormatTexts::tr("twice")
                        : FormatTexts::tr("%1 times").arg(groupedNumber(count));
}

QString shortNumber(double number)
{
    return number >= 1'000'000 ? QString(QString::number(number / 1'000'000) % u'M')
           : number >= 1'000   ? QString(QString::number(number / 1'000) % u'k')
                               : QString::number(number);
}

QString knownNumber(qint32 number)
{
    return number == unknownValue ? u"–"_s : groupedNumber(number);
}

QString decimalText(double number, int decimals)
{
    return decimal(number, decimals);
}

QString significantText(double number, int digits)
{
    const int before = number == 0 ? 1 : int(std::floor(std::log10(std::abs(number)))) + 1;
    QString text = decimal(number, qMax(0, digits - before));
    // As 'g' does, but never with an exponent.
    while (text.contains(u'.') && (text.endsWith(u'0') || text.endsWith(u'.')))
        text.chop(1);
    return text;
}

QString amountText(double amount)
{
    return amount < 100 && amount != std::floor(amount) ? decimal(amount, 1) : groupedNumber(std::llround(amount));
}

QString rateText(std::optional<double> rate)
{
    if (!rate)
        return u"–"_s;
    return *rate > 0 && *rate < 99.95 ? decimal(*rate, 1) : groupedNumber(std::llround(*rate));
}

QString ratioText(double ratio)
{
    const int decimals = ratio < 10 && std::abs(ratio * 10 - std::round(ratio * 10)) > 0.001 ? 2 : 1;
    return QString(decimal(ratio, ratio >= 100 ? 0 : decimals) % u'×');
}

QString signedPercent(qint64 percent)
{
    return QString((percent < 0 ? u"−"_s : percent > 0 ? u"+"_s : u"±"_s) % groupedNumber(qAbs(percent)) % u" %"_s);
}

QString durationText(qint64 ms)
{
    if (ms == qint64(unknownValue))
        return u"–"_s;
    if (ms < 0)
        return QString(u"−"_s % durationText(-ms));
    if (ms < 1'000 && ms % 100 != 0)
        return QString::number(ms) % u" ms"_s;
    if (ms < 100'000)
        return decimal(double(ms) / 1'000, 1) % u" s"_s;
    return ms < 600'000 ? QString(QString::number(ms / 1'000) % u" s"_s) : longText(ms / 1'000);
}

QString spanText(qint64 ms)
{
    const qint64 seconds = qMax<qint64>(0, ms) / 1'000;
    return seconds < 60 ? QString(QString::number(seconds) % u" s"_s) : longText(seconds);
}

QString measuredText(qint64 ms)
{
    if (ms < 1'000)
        return QString::number(ms) % u" ms"_s;
    return decimal(double(ms) / 1'000, ms < 100'000 ? 2 : ms < 1'000'000 ? 1 : 0) % u" s"_s;
}

QString secondsNumber(qint64 ms, int decimals)
{
    return decimal(double(ms) / 1'000, ms >= 100'000 ? qMin(decimals, 1) : decimals);
}

QString roundTripText(qint64 ms)
{
    return ms < 1 ? u"< 1 ms"_s : QString(groupedNumber(ms) % u" ms"_s);
}

QString spentText(qint64 ms)
{
    return ms < 0 ? QString() : ms < 1'000 ? roundTripText(ms) : durationText(ms);
}

QString preciseTripText(qint64 microseconds)
{
    return decimal(double(microseconds) / 1'000, microseconds < 10'000 ? 1 : 0) % u" ms"_s;
}

QString chartStartText(double seconds)
{
    return u"−"_s
           % (seconds < 100 ? QString(QString::number(qRound(seconds)) % u" s"_s)
                            : QString(significantText(seconds / 60, 2) % u" min"_s));
}

QString chartEndText(qint64 at, const Clock &clock)
{
    return clock.isStopped() ? clockText(at) : FormatTexts::tr("now");
}

QString exactText(qint64 ms)
{
    // Up to ten minutes seconds compare at a glance with the seconds of other values.
    if (qAbs(ms) <= 600'000 || ms % 1'000 != 0)
        return exactSeconds(ms);
    if (ms < 0)
        return QString(u'−' % exactText(-ms));
    QStringList parts;
    for (const auto &[value, unit] :
         {std::pair(ms / 3'600'000, u" h"_s), std::pair(ms / 60'000 % 60, u" min"_s), std::pair(ms / 1'000 % 60, u" s"_s)}) {
        if (value > 0)
            parts.append(QString::number(value) % unit);
    }
    return parts.join(u' ');
}

QString roundText(qint64 ms)
{
    return exactText((ms + 50) / 100 * 100);
}

QString exactSeconds(qint64 ms)
{
    if (ms < 0)
        return QString(u'−' % exactSeconds(-ms));
    if (ms < 1'000 && ms > 0)
        return QString::number(ms) % u" ms"_s;
    return QString::number(double(ms) / 1'000, 'g', 15) % u" s"_s;
}

QString secondsLeft(qint64 ms)
{
    return QString::number((qMax<qint64>(0, ms) + 999) / 1'000) % u" s"_s;
}

QString countText(qint64 ms)
{
    const qint64 seconds = qMax<qint64>(0, ms) / 1'000;
    if (seconds < 3'600)
        return QString::number(seconds / 60) % u':' % twoDigits(seconds % 60);
    return QString::number(seconds / 3'600) % u':' % twoDigits(seconds / 60 % 60) % u':' % twoDigits(seconds % 60);
}

QString columnTime(qint64 ms)
{
    if (ms < 99'950)
        return decimal(double(qMax<qint64>(0, ms)) / 1'000, 1) % u" s"_s;
    return ms < 600'000 ? QString(QString::number(ms / 1'000) % u" s"_s) : countText(ms);
}

QString estimateText(qint64 ms)
{
    const qint64 seconds = (qMax<qint64>(0, ms) + 999) / 1'000;
    if (seconds < 120)
        return QString::number(seconds) % u" s"_s;
    return longText((seconds + 59) / 60 * 60);
}

QString offsetText(qint64 ms)
{
    const qint64 size = qAbs(ms);
    if (size < 5)
        return u"0.00 s"_s; // What rounds to nothing has no sign.
    return QString((ms < 0 ? u"−"_s : u"+"_s)
                   % (size < 1'000 ? QString(decimal(double(size) / 1'000, 2) % u" s"_s) : durationText(size)));
}

void setShownZone(ShownZone zone)
{
    currentZone = zone;
}

ShownZone shownZone()
{
    return currentZone;
}

QString shownZoneName(ShownZone zone)
{
    return zone == ShownZone::Utc ? u"utc"_s : u"local"_s;
}

ShownZone shownZoneFromName(const QString &name)
{
    return name == "utc"_L1 ? ShownZone::Utc : ShownZone::Local;
}

ShownClock::ShownClock(const Clock &clock)
    : m_before(std::exchange(currentClock, &clock))
{ }

ShownClock::~ShownClock()
{
    currentClock = m_before;
}

QDateTime shownTime(qint64 at)
{
    return shownWallTime(wallOf(at));
}

QDateTime shownWallTime(qint64 wall)
{
    return QDateTime::fromMSecsSinceEpoch(wall, currentZone == ShownZone::Utc ? Qt::UTC : Qt::LocalTime);
}

QString clockText(qint64 at)
{
    return clockPart(shownTime(at));
}

QString clockTextTenths(qint64 at)
{
    return tenthsPart(shownTime(at));
}

QString dateTimeText(qint64 at)
{
    return wallDateTimeText(wallOf(at));
}

QString wallClockText(qint64 wall)
{
    return clockPart(shownWallTime(wall));
}

QString wallClockTextTenths(qint64 wall)
{
    return tenthsPart(shownWallTime(wall));
}

QString wallDateTimeText(qint64 wall)
{
    return shownWallTime(wall).toString(u"yyyy-MM-dd HH:mm:ss"_s);
}

QString fullTimeText(qint64 at)
{
    return fullWallTimeText(wallOf(at));
}

QString fullWallTimeText(qint64 wall)
{
    const QDateTime time = shownWallTime(wall);
    return time.toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s) + u' ' + zonePart(time);
}

QString wallDayText(qint64 wall, qint64 wallNow)
{
    const QDateTime time = shownWallTime(wall);
    const QDate today = shownWallTime(wallNow).date();
    if (time.date() == today)
        return clockPart(time);
    const QString format = time.date().year() == today.year() ? u"d MMM"_s : u"d MMM yyyy"_s; // untranslated: a format
    return QLocale().toString(time.date(), format) + u"  "_s + clockPart(time);
}

QString columnDayText(qint64 at, qint64 now)
{
    if (at <= 0)
        return u"–"_s;
    const QDateTime time = shownTime(at);
    return time.date() == shownTime(now).date() ? clockPart(time) : QLocale().toString(time, u"d MMM HH:mm"_s);
}

QString momentText(qint64 wall, qint64 wallNow)
{
    if (wall <= 0)
        return FormatTexts::tr("at an unknown time");
    const QDateTime time = shownWallTime(wall);
    const qint64 days = time.date().daysTo(shownWallTime(wallNow).date());
    const QString clock = time.toString(u"HH:mm"_s);
    if (days == 0)
        return FormatTexts::tr("today %1").arg(clock);
    if (days == 1)
        return FormatTexts::tr("yesterday %1").arg(clock);
    return QLocale().toString(time, days > 1 && days < 7 ? u"ddd HH:mm"_s : u"d MMM HH:mm"_s);
}

qint64 shownOffsetMs(qint64 aheadOfConsole)
{
    return currentClock ? aheadOfConsole - currentClock->wallOffsetMs() : aheadOfConsole;
}

QString zoneText(qint64 wall)
{
    return zonePart(shownWallTime(wall));
}

QString isoTimeText(qint64 at)
{
    return isoText(wallOf(at));
}

QString isoText(qint64 wall)
{
    return wall > 0 ? QDateTime::fromMSecsSinceEpoch(wall, Qt::UTC).toString(Qt::ISODateWithMs) : QString();
}

} // namespace pulsedeck
