// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layouttime.h"

#include <QDateTime>

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

} // namespace pulsedeck
