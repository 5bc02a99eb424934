// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/timetext.h"

#include <QLocale>

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

} // namespace

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
    const QString format = time.date().year() == today.year() ? u"d MMM"_s : u"d MMM yyyy"_s;
    return QLocale::c().toString(time.date(), format) + u"  "_s + clockPart(time);
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
