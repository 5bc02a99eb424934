// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"

#include <QDateTime>
#include <QString>

namespace pulsedeck {

/// How times are shown: everywhere the same.
enum class ShownZone : quint8 { Local, Utc };

/// Process-wide, as a locale is. GUI thread (the only one in pulsedeckctl).
void setShownZone(ShownZone zone);
ShownZone shownZone();
/// "local", "utc": for settings and options; nothing else is one.
QString shownZoneName(ShownZone zone);
ShownZone shownZoneFromName(const QString &name);

/// As long as it lives, times on the scale of this clock are shown by the machine's clock as that is set at the moment.
/// Where there is none, as in tests, both are the same. The last one made counts.
class ShownClock
{
public:
    explicit ShownClock(const Clock &clock);
    ~ShownClock();
    Q_DISABLE_COPY_MOVE(ShownClock)

private:
    const Clock *m_before;
};

/// A time on the console's scale (Clock::nowMs) as it is shown: by the machine's clock, in the zone that was chosen.
QDateTime shownTime(qint64 at);
/// The same for a time that is the machine's already: from the journal, a drain note, a timing record.
QDateTime shownWallTime(qint64 wall);

/// "14:03:11", "14:03:11.4" and "2026-11-29 14:03:11" of a time on the console's scale.
QString clockText(qint64 at);
QString clockTextTenths(qint64 at);
QString dateTimeText(qint64 at);
/// The same of a time by the machine's clock.
QString wallClockText(qint64 wall);
QString wallClockTextTenths(qint64 wall);
QString wallDateTimeText(qint64 wall);
/// "2026-11-29 14:03:11.402 CET": nothing is left open.
QString fullTimeText(qint64 at);
QString fullWallTimeText(qint64 wall);
/// "14:03:11" if \a wall is of the same day as \a wallNow, else with its day: "28 Nov  14:03:11".
QString wallDayText(qint64 wall, qint64 wallNow);
/// How far another clock is ahead of the machine's, from how far it is ahead of the console's scale.
qint64 shownOffsetMs(qint64 aheadOfConsole);
/// The zone times are shown in: "UTC", "CET", "+0530".
QString zoneText(qint64 wall);

/// ISO 8601 in UTC with milliseconds, for files and other programs, whatever is shown; empty for 0. Of a time by the
/// machine's clock.
QString isoText(qint64 wall);
/// The same of a time on the console's scale.
QString isoTimeText(qint64 at);

} // namespace pulsedeck
