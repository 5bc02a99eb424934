// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanemirror.h"

#include <algorithm>

namespace pulsedeck {

std::vector<SourcePause> findSourcePauses(const std::vector<LateLane> &late, const std::vector<int> &there)
{
    std::vector<SourcePause> pauses;
    struct Step
    {
        qint64 at;
        int by;
    };
    std::vector<std::vector<Step>> steps(there.size());
    for (const LateLane &lane : late) {
        if (lane.source < steps.size() && there[lane.source] >= fewestForSourcePause) {
            steps[lane.source].push_back({lane.from, 1});
            steps[lane.source].push_back({lane.to, -1});
        }
    }
    for (size_t source = 0; source < steps.size(); ++source) {
        // At the same moment what ends goes first.
        std::sort(steps[source].begin(), steps[source].end(),
                  [](const Step &a, const Step &b) { return a.at != b.at ? a.at < b.at : a.by < b.by; });
        const int enough = (there[source] + 1) / 2;
        int count = 0;
        for (const Step &step : steps[source]) {
            const bool before = count >= enough;
            count += step.by;
            if (count >= enough && !before)
                pauses.push_back({SourceId(source), step.at, step.at, count, there[source]});
            if (count >= enough)
                pauses.back().late = std::max(pauses.back().late, count);
            else if (before)
                pauses.back().to = step.at;
        }
    }
    std::sort(pauses.begin(), pauses.end(), [](const SourcePause &a, const SourcePause &b) { return a.from < b.from; });
    return pauses;
}

void LaneMirror::apply(LaneNews news)
{
    for (const WorkerHandle handle : news.gone) {
        if (handle < m_lanes.size() && m_lanes[handle])
            m_lanes[handle]->used = false;
    }
    for (const Lane &lane : news.whole) {
        if (m_lanes.size() <= lane.handle)
            m_lanes.resize(size_t(lane.handle) + 1);
    }
    // A place that is there is taken again; the others are kept as they came.
    std::erase_if(news.whole, [this](const Lane &lane) {
        if (m_lanes[lane.handle])
            *m_lanes[lane.handle] = lane;
        return m_lanes[lane.handle] != nullptr;
    });
    if (!news.whole.empty()) {
        m_blocks.push_back(std::move(news.whole));
        for (Lane &lane : m_blocks.back())
            m_lanes[lane.handle] = &lane;
    }
    for (const auto &[handle, facts] : news.facts) {
        if (handle < m_lanes.size() && m_lanes[handle])
            m_lanes[handle]->lane = facts;
    }
    for (const auto &[handle, at] : news.beats) {
        if (handle < m_lanes.size() && m_lanes[handle])
            m_lanes[handle]->beats.append(at);
    }
    if (!news.unknown.empty())
        m_unknown = std::move(news.unknown);
}

bool LaneMirror::isUnknown(SourceId source, qint64 from, qint64 to) const
{
    if (source >= m_unknown.size())
        return false;
    const std::vector<UnknownSpan> &spans = m_unknown[source];
    return std::any_of(spans.begin(), spans.end(),
                       [&](const UnknownSpan &span) { return span.from < to && (span.to == 0 || span.to > from); });
}

qint64 LaneMirror::firstOf(const Lane &lane, qint64 now) const
{
    const qint64 first = lane.beats.isEmpty() ? 0 : lane.beats.at(0, now);
    return lane.lane.startedAt > 0 && (first == 0 || lane.lane.startedAt < first) ? lane.lane.startedAt : first;
}

qint64 LaneMirror::earliest(qint64 now) const
{
    qint64 earliest = 0;
    for (size_t i = 0; i < m_lanes.size(); ++i) {
        const Lane *lane = find(i);
        if (!lane || lane->beats.isEmpty())
            continue;
        const qint64 first = lane->beats.at(0, now);
        earliest = earliest == 0 ? first : std::min(earliest, first);
    }
    return earliest;
}

qint64 LaneMirror::completeFrom(qint64 now) const
{
    qint64 from = 0;
    for (size_t i = 0; i < m_lanes.size(); ++i) {
        const Lane *lane = find(i);
        if (lane && lane->beats.size() == BeatHistory::capacity)
            from = std::max(from, lane->beats.at(0, now));
    }
    return from > 0 ? from : earliest(now);
}

template <typename Found> void LaneMirror::eachLate(const Lane &lane, qint64 now, Found found) const
{
    if (lane.beats.isEmpty())
        return;
    const GapLimits present{lane.lane.interval, lane.lane.lostAfter};
    const qint64 shortest = lane.lane.past.shortestInterval(present);
    const qint64 longest = shortest + gapTolerance(shortest);
    const auto say = [&](qint64 beat, qint64 to) {
        const GapLimits limits = lane.lane.past.isEmpty() ? present : lane.lane.past.over(beat, to, present);
        if (to - beat <= limits.interval + gapTolerance(limits.interval) || isUnknown(lane.lane.source, beat, to))
            return;
        const qint64 lost = std::max(limits.lostAfter, limits.interval);
        found(beat + limits.interval, to, to - beat > lost ? beat + lost : to);
    };
    lane.beats.eachGap(longest, now, say);
    const qint64 last = lane.beats.at(lane.beats.size() - 1, now);
    const qint64 end = lane.lane.endedAt > 0 ? lane.lane.endedAt : now;
    if (end - last > longest)
        say(last, end);
}

void LaneMirror::fold(std::span<const WorkerHandle> lanes, qint64 now, LaneFolder &folder) const
{
    for (const WorkerHandle handle : lanes) {
        const Lane *found = find(handle);
        if (!found)
            continue;
        const Lane &lane = *found;
        const qint64 first = firstOf(lane, now);
        if (first == 0)
            continue;
        const qint64 end = lane.lane.endedAt > 0 ? lane.lane.endedAt : now;
        folder.addLife(first, end);
        if (lane.lane.source < m_unknown.size()) {
            for (const UnknownSpan &span : m_unknown[lane.lane.source])
                folder.addUnknown(std::max(first, span.from), std::min(end, span.to > 0 ? span.to : now));
        }
        eachLate(lane, now, [&folder](qint64 from, qint64 to, qint64 lost) {
            folder.addLate(from, to);
            folder.addLost(lost, to);
        });
    }
}

std::vector<LateLane> LaneMirror::late(qint64 from, qint64 to, qint64 now) const
{
    std::vector<LateLane> found;
    for (size_t i = 0; i < m_lanes.size() && found.size() < mostLate; ++i) {
        const Lane *lane = find(i);
        if (!lane)
            continue;
        eachLate(*lane, now, [&](qint64 due, qint64 until, qint64 lost) {
            if (due < to && until > from)
                found.push_back({WorkerHandle(i), lane->lane.source, due, until, lost < until});
        });
    }
    std::sort(found.begin(), found.end(), [](const LateLane &a, const LateLane &b) { return a.from < b.from; });
    return found;
}

std::vector<int> LaneMirror::there(qint64 from, qint64 to, qint64 now) const
{
    std::vector<int> counts;
    for (size_t i = 0; i < m_lanes.size(); ++i) {
        const Lane *lane = find(i);
        const qint64 first = lane ? firstOf(*lane, now) : 0;
        if (first == 0 || first >= to || (lane->lane.endedAt > 0 && lane->lane.endedAt <= from))
            continue;
        if (counts.size() <= lane->lane.source)
            counts.resize(size_t(lane->lane.source) + 1);
        ++counts[lane->lane.source];
    }
    return counts;
}

std::vector<quint32> LaneMirror::beats(qint64 from, qint64 bucketMs, int buckets, qint64 now) const
{
    std::vector<quint32> counts(size_t(std::max(0, buckets)));
    bucketMs = std::max<qint64>(1, bucketMs);
    for (size_t i = 0; i < m_lanes.size(); ++i) {
        const Lane *lane = find(i);
        if (!lane)
            continue;
        for (int beat = lane->beats.lowerBound(from, now); beat < lane->beats.size(); ++beat) {
            const qint64 bucket = (lane->beats.at(beat, now) - from) / bucketMs;
            if (bucket >= 0 && bucket < buckets)
                ++counts[size_t(bucket)];
        }
    }
    return counts;
}

} // namespace pulsedeck
