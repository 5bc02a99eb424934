// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <optional>

namespace pulsedeck {

// Numbers, durations and times in words: for the window, the terminal and the journal alike. Numbers and units are those of
// technical English, months and weekdays those of the user's language; durations and times are in milliseconds. Any thread,
// except for what depends on the zone.

/// \a text with \a values in its places, %1 the first: unlike with QString::arg() a text need not have all of the places.
QString placed(const QString &text, const QStringList &values);

// Numbers

/// Thousands separated: "1,207".
QString groupedNumber(qint64 number);
/// "once", "twice", "12 times".
QString timesText(qint64 count);
/// For an axis: "950", "12k", "3M".
QString shortNumber(double number);
/// "12", "1,207"; "–" for unknownValue.
QString knownNumber(qint32 number);
/// Always with so many decimals: "2.50".
QString decimalText(double number, int decimals);
/// With at most so many digits behind the first one that counts, and no more than it needs: "0.25", "12.5", "1200".
QString significantText(double number, int digits);
/// An amount that is calculated: "4", "4.5", "1,207".
QString amountText(double amount);
/// Per second, or another rate: one decimal below 100, none for 0 and from 100 on; "–" if it is not known.
QString rateText(std::optional<double> rate);
/// "2.5×", "3.25×", "120×".
QString ratioText(double ratio);
/// A change: "+5 %", "−1,200 %", "±0 %".
QString signedPercent(qint64 percent);

// Durations

/// Measured: "250 ms", "9.8 s", "340 s", "12 min", "1 h 20 min", "3 d 4 h"; "–" for unknownValue.
QString durationText(qint64 ms);
/// The same in whole seconds, for what is long ago or goes on: "12 s".
QString spanText(qint64 ms);
/// Measured, and compared to the hundredth: "950 ms", "10.02 s", "125.4 s".
QString measuredText(qint64 ms);
/// Seconds without their unit, for a column: "10.02"; at most one decimal from 100 on.
QString secondsNumber(qint64 ms, int decimals);
/// A round trip: "< 1 ms", "12 ms", "1,250 ms".
QString roundTripText(qint64 ms);
/// Of a step that was tried: "12 ms", "1.2 s"; empty for a negative time, which is not known.
QString spentText(qint64 ms);
/// A round trip, measured in microseconds: "0.4 ms", "12 ms".
QString preciseTripText(qint64 microseconds);
/// How far back a chart begins: "−90 s", "−5 min", "−2.5 min".
QString chartStartText(double seconds);
/// Where a chart of the time up to \a at ends: "now", or where its clock is stopped that moment.
QString chartEndText(qint64 at, const Clock &clock);
/// What was set, exactly: "500 ms", "2.5 s", "300 s", "1 h 1 min 30 s".
QString exactText(qint64 ms);
/// To the tenth, without a zero behind the point: "10 s", "9.8 s".
QString roundText(qint64 ms);
/// Exact, and in milliseconds or seconds only, as a field of seconds is read: "3600 s".
QString exactSeconds(qint64 ms);
/// Of a time to come, rounded up so that "0 s" means now: "8 s".
QString secondsLeft(qint64 ms);
/// A running time as minutes and seconds, "0:18", or hours from the first hour on, "1:02:18".
QString countText(qint64 ms);
/// In a narrow column: tenths below 100 s, whole seconds below 10 min, then as countText().
QString columnTime(qint64 ms);
/// How long something will take at most, rounded up: "90 s", "12 min", "2 h 5 min".
QString estimateText(qint64 ms);
/// How far a clock is ahead, with its sign: "+0.25 s", "−4.2 s", "+12 min".
QString offsetText(qint64 ms);

// Times

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
/// In a narrow column: "14:02:11", on another day than \a now "21 Nov 14:02". On the console's scale.
QString columnDayText(qint64 at, qint64 now);
/// In a sentence: "today 14:02", "yesterday 14:02", "Sun 14:02", "21 Nov 14:02".
QString momentText(qint64 wall, qint64 wallNow);
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
