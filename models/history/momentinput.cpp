// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/momentinput.h"

#include "models/core/format.h"
#include "models/timing/durationinput.h"

#include <QCoreApplication>
#include <QDateTime>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 leastUnixMs = 100'000'000'000; // In 1973: a shorter number is none.

class MomentTexts
{
    Q_DECLARE_TR_FUNCTIONS(MomentTexts)
};

MomentInput noMoment(const QString &text)
{
    return {false, 0, text};
}

Qt::TimeSpec shownSpec()
{
    return shownZone() == ShownZone::Utc ? Qt::UTC : Qt::LocalTime;
}

/// \a length: without its sign.
MomentInput readRelative(const QString &text, const QString &length)
{
    // "-15" may be minutes or seconds.
    if (!length.isEmpty() && !length.back().isLetter())
        return noMoment(MomentTexts::tr("“%1” has no unit: write “-15min” or “-90s”.").arg(text));
    const DurationInput duration = readDuration(length, TimingUnit::Seconds);
    return duration.ok() ? MomentInput{true, -duration.ms, {}} : noMoment(duration.error);
}

QTime readTime(const QString &text)
{
    for (const QString &form : {u"H:mm"_s, u"H:mm:ss"_s, u"H:mm:ss.z"_s}) {
        const QTime time = QTime::fromString(text, form);
        if (time.isValid())
            return time;
    }
    return {};
}

} // namespace

MomentInput readMoment(const QString &text, qint64 now)
{
    const QString moment = text.trimmed();
    if (moment == u"now"_s)
        return {true, 0, {}};
    if (moment.startsWith(u'-') || moment.startsWith(QChar(0x2212)))
        return readRelative(moment, moment.mid(1).trimmed());
    bool isNumber = false;
    const qint64 number = moment.toLongLong(&isNumber);
    if (isNumber && number >= leastUnixMs)
        return {false, number, {}};
    if (const QTime time = readTime(moment); time.isValid()) {
        const QDate today = shownWallTime(now).date();
        QDateTime at(today, time, shownSpec());
        if (at.toMSecsSinceEpoch() > now)
            at = QDateTime(today.addDays(-1), time, shownSpec());
        return {false, at.toMSecsSinceEpoch(), {}};
    }
    // A date alone is its beginning; between date and time there may be a blank.
    const qsizetype blank = moment.indexOf(u' ');
    const QString dateText = blank > 0 ? moment.left(blank) : moment;
    if (const QDate date = QDate::fromString(dateText, Qt::ISODate); date.isValid() && dateText.size() == 10) {
        const QTime time = blank > 0 ? readTime(moment.mid(blank + 1).trimmed()) : QTime(0, 0);
        if (time.isValid())
            return {false, QDateTime(date, time, shownSpec()).toMSecsSinceEpoch(), {}};
    }
    QString iso = moment;
    if (blank == 10)
        iso[10] = u'T';
    QDateTime at = QDateTime::fromString(iso, Qt::ISODateWithMs);
    if (at.isValid() && iso.size() > 10) {
        if (at.timeSpec() == Qt::LocalTime)
            at = QDateTime(at.date(), at.time(), shownSpec());
        return {false, at.toMSecsSinceEpoch(), {}};
    }
    if (!moment.isEmpty() && moment.back().isLetter() && readDuration(moment, TimingUnit::Seconds).ok())
        return readRelative(moment, moment);
    return noMoment(
        MomentTexts::tr("“%1” is no time: write “14:05”, “2026-11-28 14:05”, “2026-11-28T14:05:00Z”, “-15min” or “now”.")
            .arg(text));
}

} // namespace pulsedeck
