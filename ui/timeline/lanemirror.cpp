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
    const auto placeOf = [this](WorkerHandle handle) {
        return handle < m_places.size() && m_places[handle].lane ? &m_places[handle] : nullptr;
    };
    for (const WorkerHandle handle : news.gone) {
        if (const Place *place = placeOf(handle))
            place->lane->used = false;
    }
    for (const Lane &lane : news.whole) {
        if (m_places.size() <= lane.handle)
            m_places.resize(size_t(lane.handle) + 1);
    }
    // A place that is there is taken again; the others are kept as they came.
    std::erase_if(news.whole, [this](const Lane &lane) {
        Place &place = m_places[lane.handle];
        if (!place.lane)
            return false;
        *place.lane = lane;
        index(place);
        return true;
    });
    if (!news.whole.empty()) {
        m_blocks.push_back(std::move(news.whole));
        for (Lane &lane : m_blocks.back()) {
            m_places[lane.handle].lane = &lane;
            index(m_places[lane.handle]);
        }
    }
    for (const auto &[handle, facts] : news.facts) {
        Place *place = placeOf(handle);
        if (!place)
            continue;
        place->lane->lane = facts;
        if (longestOf(facts) != place->longest)
            index(*place);
    }
    for (const auto &[handle, at] : news.beats) {
        if (Place *place = placeOf(handle))
            addBeat(*place, at);
    }
    if (!news.unknown.empty())
        m_unknown = std::move(news.unknown);
}

qint64 LaneMirror::longestOf(const MirroredLane &lane)
{
    const qint64 shortest = lane.past.shortestInterval({lane.interval, lane.lostAfter});
    return shortest + gapTolerance(shortest);
}

/// Looks at all beats of a lane. The ring's own times are its offsets, whatever now is.
void LaneMirror::index(Place &place)
{
    const BeatHistory &beats = place.lane->beats;
    const auto offsetOf = [](qint64 at) { return quint32(quint64(at)); };
    place.longest = longestOf(place.lane->lane);
    place.any = !beats.isEmpty();
    place.full = beats.size() == BeatHistory::capacity;
    place.first = place.any ? offsetOf(beats.at(0, 0)) : 0;
    place.last = place.any ? offsetOf(beats.at(beats.size() - 1, 0)) : 0;
    place.gaps.clear();
    beats.eachGap(place.longest, 0, [&](qint64 beat, qint64 to) { place.gaps.push_back({offsetOf(beat), offsetOf(to)}); });
}

void LaneMirror::addBeat(Place &place, qint64 at)
{
    BeatHistory &beats = place.lane->beats;
    if (!beats.append(at))
        return;
    const auto offset = quint32(quint64(at));
    if (place.any && qint64(offset - place.last) > place.longest)
        place.gaps.push_back({place.last, offset});
    place.last = offset;
    place.any = true;
    place.full = beats.size() == BeatHistory::capacity;
    place.first = quint32(quint64(beats.at(0, at)));
    // What the ring dropped is no gap any more.
    const auto kept =
        std::find_if(place.gaps.begin(), place.gaps.end(), [&](const Gap &gap) { return qint32(gap.beat - place.first) >= 0; });
    place.gaps.erase(place.gaps.begin(), kept);
}

bool LaneMirror::isUnknown(SourceId source, qint64 from, qint64 to) const
{
    if (source >= m_unknown.size())
        return false;
    const std::vector<UnknownSpan> &spans = m_unknown[source];
    return std::any_of(spans.begin(), spans.end(),
                       [&](const UnknownSpan &span) { return span.from < to && (span.to == 0 || span.to > from); });
}

qint64 LaneMirror::firstOf(const Place &place, qint64 now)
{
    const qint64 first = place.firstBeat(now);
    const qint64 startedAt = place.lane->lane.startedAt;
    return startedAt > 0 && (first == 0 || startedAt < first) ? startedAt : first;
}

qint64 LaneMirror::earliest(qint64 now) const
{
    qint64 earliest = 0;
    for (const Place &place : m_places) {
        if (!place.isThere() || !place.any)
            continue;
        const qint64 first = place.firstBeat(now);
        earliest = earliest == 0 ? first : std::min(earliest, first);
    }
    return earliest;
}

qint64 LaneMirror::completeFrom(qint64 now) const
{
    qint64 from = 0;
    for (const Place &place : m_places) {
        if (place.full && place.isThere())
            from = std::max(from, place.firstBeat(now));
    }
    return from > 0 ? from : earliest(now);
}

template <typename Found> void LaneMirror::eachLate(const Place &place, qint64 now, Found found) const
{
    if (!place.any)
        return;
    const MirroredLane &lane = place.lane->lane;
    const GapLimits present{lane.interval, lane.lostAfter};
    const auto say = [&](qint64 beat, qint64 to) {
        const GapLimits limits = lane.past.isEmpty() ? present : lane.past.over(beat, to, present);
        if (to - beat <= limits.interval + gapTolerance(limits.interval) || isUnknown(lane.source, beat, to))
            return;
        const qint64 lost = std::max(limits.lostAfter, limits.interval);
        found(beat + limits.interval, to, to - beat > lost ? beat + lost : to);
    };
    for (const Gap &gap : place.gaps)
        say(BeatHistory::timeOf(gap.beat, now), BeatHistory::timeOf(gap.to, now));
    const qint64 last = BeatHistory::timeOf(place.last, now);
    const qint64 end = lane.endedAt > 0 ? lane.endedAt : now;
    if (end - last > place.longest)
        say(last, end);
}

void LaneMirror::fold(std::span<const WorkerHandle> lanes, qint64 now, LaneFolder &folder) const
{
    for (const WorkerHandle handle : lanes) {
        if (handle >= m_places.size() || !m_places[handle].isThere())
            continue;
        const Place &place = m_places[handle];
        const MirroredLane &lane = place.lane->lane;
        const qint64 first = firstOf(place, now);
        if (first == 0)
            continue;
        const qint64 end = lane.endedAt > 0 ? lane.endedAt : now;
        folder.addLife(first, end);
        if (lane.source < m_unknown.size()) {
            for (const UnknownSpan &span : m_unknown[lane.source])
                folder.addUnknown(std::max(first, span.from), std::min(end, span.to > 0 ? span.to : now));
        }
        // From when its process is known to be dead no beat needs to be due.
        const qint64 dead = lane.crashedSince > 0 ? std::min(lane.crashedSince, end) : end;
        folder.addLate(dead, end);
        folder.addLost(dead, end);
        eachLate(place, now, [&folder, dead](qint64 from, qint64 to, qint64 lost) {
            folder.addLate(from, std::min(to, dead));
            folder.addLost(lost, std::min(to, dead));
        });
    }
}

std::vector<LateLane> LaneMirror::late(qint64 from, qint64 to, qint64 now) const
{
    std::vector<LateLane> found;
    for (size_t i = 0; i < m_places.size() && found.size() < mostLate; ++i) {
        const Place &place = m_places[i];
        if (!place.isThere())
            continue;
        eachLate(place, now, [&](qint64 due, qint64 until, qint64 lost) {
            if (due < to && until > from)
                found.push_back({WorkerHandle(i), place.lane->lane.source, due, until, lost < until});
        });
    }
    std::sort(found.begin(), found.end(), [](const LateLane &a, const LateLane &b) { return a.from < b.from; });
    return found;
}

std::vector<int> LaneMirror::there(qint64 from, qint64 to, qint64 now) const
{
    std::vector<int> counts;
    for (const Place &place : m_places) {
        const qint64 first = place.isThere() ? firstOf(place, now) : 0;
        if (first == 0 || first >= to)
            continue;
        const MirroredLane &lane = place.lane->lane;
        if (lane.endedAt > 0 && lane.endedAt <= from)
            continue;
        if (counts.size() <= lane.source)
            counts.resize(size_t(lane.source) + 1);
        ++counts[lane.source];
    }
    return counts;
}

std::vector<quint32> LaneMirror::beats(qint64 from, qint64 bucketMs, int buckets, qint64 now) const
{
    std::vector<quint32> counts(size_t(std::max(0, buckets)));
    bucketMs = std::max<qint64>(1, bucketMs);
    for (const Place &place : m_places) {
        if (!place.isThere())
            continue;
        const BeatHistory &beats = place.lane->beats;
        for (int beat = beats.lowerBound(from, now); beat < beats.size(); ++beat) {
            const qint64 bucket = (beats.at(beat, now) - from) / bucketMs;
            if (bucket >= 0 && bucket < buckets)
                ++counts[size_t(bucket)];
        }
    }
    return counts;
}

} // namespace pulsedeck
