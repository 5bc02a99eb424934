// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layouttime.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace pulsedeck {

namespace {

constexpr double layoutFewestMs = 1e12;
constexpr double layoutMostMs = 9'999'999'999'999.0;
constexpr qsizetype longestTime = 40;

qint64 fromNumber(double value, LayoutUnit unit)
{
    constexpr double smallestMs = 1e11; // As seconds it would be the year 5138.
    if (unit == LayoutUnit::Seconds || (unit == LayoutUnit::Auto && value < smallestMs))
        value *= 1000;
    if (unit == LayoutUnit::Nanoseconds)
        value /= 1e6;
    return std::isfinite(value) && value >= layoutFewestMs && value <= layoutMostMs ? qint64(std::llround(value)) : 0;
}

qint64 fromDate(QByteArrayView bytes)
{
    QString text = QString::fromLatin1(bytes).trimmed();
    // Ruby writes "2026-11-28 23:02:47 +0000".
    if (text.size() > 19 && text.at(10) == u' ')
        text[10] = u'T';
    text.remove(u' ');
    QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (!time.isValid())
        return 0;
    // Without an offset it is UTC: no system writes local times there.
    if (time.timeSpec() == Qt::LocalTime)
        time.setTimeSpec(Qt::UTC);
    return fromNumber(double(time.toMSecsSinceEpoch()), LayoutUnit::Milliseconds);
}

qint64 fromJson(const QJsonValue &value, LayoutUnit unit)
{
    if (value.isDouble())
        return fromNumber(value.toDouble(), unit);
    return value.isString() ? layoutTime(value.toString().left(longestTime + 1).toUtf8(), unit) : 0;
}

} // namespace

qint64 layoutTime(QByteArrayView text, LayoutUnit unit)
{
    if (text.isEmpty() || text.size() > longestTime)
        return 0;
    if (unit == LayoutUnit::Iso8601 || unit == LayoutUnit::Ruby)
        return fromDate(text);
    bool ok = false;
    const double value = text.toDouble(&ok);
    if (ok)
        return fromNumber(value, unit);
    return unit == LayoutUnit::Auto ? fromDate(text) : 0;
}

qint64 layoutTimeIn(QByteArrayView text, LayoutUnit unit)
{
    if (!text.startsWith('{'))
        return layoutTime(text, unit);
    if (text.size() > longestTimedJson)
        return 0;
    const QJsonObject object = QJsonDocument::fromJson(text.toByteArray()).object();
    for (const char *name : {"heartbeat", "last_heartbeat", "lastHeartbeat", "beat", "last_beat", "lastBeat", "last_seen",
                             "lastSeen", "seen", "ts", "timestamp", "time", "at", "updated_at", "updatedAt"}) {
        if (const qint64 time = fromJson(object.value(QLatin1StringView(name)), unit); time > 0)
            return time;
    }
    qint64 only = 0;
    for (const QJsonValue &value : object) {
        const qint64 time = fromJson(value, unit);
        if (time > 0 && only > 0)
            return 0; // Which of them is the beat is not known.
        only = qMax(only, time);
    }
    return only;
}

} // namespace pulsedeck
