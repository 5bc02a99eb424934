// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/chartdata.h"

#include "models/protocol/worker.h"

#include <algorithm>

namespace pulsedeck {

std::vector<GapPoint> lastGaps(const BeatHistory &beats, const std::vector<UnknownSpan> &unknown, qint64 now, int most)
{
    std::vector<GapPoint> gaps;
    const int first = std::max(1, beats.size() - most);
    for (int i = first; i < beats.size(); ++i) {
        const qint64 from = beats.at(i - 1, now);
        const qint64 to = beats.at(i, now);
        const bool seen = std::none_of(unknown.begin(), unknown.end(), [&](const UnknownSpan &span) {
            return span.from < to && (span.to == 0 || span.to > from);
        });
        if (seen)
            gaps.push_back({to, qint32(to - from)});
    }
    return gaps;
}

GapSummary summarise(const std::vector<GapPoint> &gaps)
{
    if (gaps.empty())
        return {unknownValue, unknownValue};
    std::vector<qint32> sorted;
    sorted.reserve(gaps.size());
    for (const GapPoint &gap : gaps)
        sorted.push_back(gap.gap);
    std::sort(sorted.begin(), sorted.end());
    return {sorted[sorted.size() / 2], sorted[std::min(sorted.size() - 1, sorted.size() * 99 / 100)]};
}

Sawtooth ttlSawtooth(const BeatHistory &beats, qint64 ttl, qint64 now, qint64 span, qint64 until)
{
    Sawtooth teeth;
    if (ttl <= 0 || beats.isEmpty())
        return teeth;
    const qint64 from = now - span;
    const auto point = [&](qint64 at, qint64 left) {
        teeth.line.append({double(at - now) / 1000.0, double(std::max<qint64>(0, left)) / 1000.0});
    };
    const int first = std::max(0, beats.lowerBound(from, now) - 1);
    qint64 before = 0;
    for (int i = first; i < beats.size(); ++i) {
        const qint64 at = beats.at(i, now);
        if (at > until)
            break;
        if (before > 0) {
            if (before < from)
                point(from, ttl - (from - before));
            if (before + ttl < at)
                point(before + ttl, 0); // It reached zero before somebody wrote it again.
            point(at, ttl - (at - before));
            if (!teeth.hasLowest || teeth.line.last().y() < teeth.lowest.y()) {
                teeth.lowest = teeth.line.last();
                teeth.hasLowest = true;
            }
        }
        if (at >= from)
            point(at, ttl);
        before = at;
    }
    if (before > 0 && until > before) {
        if (before < from)
            point(from, ttl - (from - before));
        if (before + ttl < until)
            point(std::max(from, before + ttl), 0);
        point(until, ttl - (until - before));
    }
    return teeth;
}

} // namespace pulsedeck
