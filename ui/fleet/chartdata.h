// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/beathistory.h"

#include <QList>
#include <QPointF>

#include <vector>

namespace pulsedeck {

/// One gap between two beats, at the time of the later beat.
struct GapPoint
{
    qint64 at = 0;
    qint32 gap = 0;
};

/// The last \a most gaps that touch no unknown span, oldest first. Pure.
std::vector<GapPoint> lastGaps(const BeatHistory &beats, const std::vector<UnknownSpan> &unknown, qint64 now, int most);

/// The median and the 99th percentile of gaps; unknownValue without any.
struct GapSummary
{
    qint32 median;
    qint32 p99;
};
GapSummary summarise(const std::vector<GapPoint> &gaps);

/// How a key's TTL went up and down: each beat sets it to the full TTL, between beats it runs off, at 0 the key is
/// gone.
struct Sawtooth
{
    QList<QPointF> line; ///< x: seconds from now (≤ 0), y: seconds left.
    QPointF lowest; ///< The lowest point a beat rescued it from; only with hasLowest.
    bool hasLowest = false;
};
/// Pure. \a until is now, or when the worker ended or was last seen.
Sawtooth ttlSawtooth(const BeatHistory &beats, qint64 ttl, qint64 now, qint64 span, qint64 until);

} // namespace pulsedeck
