// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanegeometry.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace pulsedeck {

namespace {

bool touchesUnknownSpan(const LaneStory &story, qint64 from, qint64 to)
{
    return std::any_of(story.states.begin(), story.states.end(), [&](const LaneSpan &span) {
        return span.block == StripGeometry::Block::Unknown && span.from < to && span.to > from;
    });
}

/// Where the blocks of a gap end: from when its process is known to be dead, that is shown.
qint64 deadFrom(const LaneStory &story, const LaneGap &gap)
{
    for (const LaneSpan &span : story.states) {
        if (span.block == StripGeometry::Block::Lost && span.from < gap.to && span.to > gap.beat)
            return span.from;
    }
    return gap.to;
}

/// What is cut to [from, to]; nothing if it lies outside.
template <typename T> void addCut(std::vector<T> &list, T span, qint64 from, qint64 to)
{
    span.from = std::max(span.from, from);
    span.to = std::min(span.to, to);
    if (span.from < span.to)
        list.push_back(span);
}

/// Beats that cannot be told apart become a band, from the third of a run on. The mean decides, as for strips.
void layoutBeats(const std::vector<qint64> &beats, size_t first, size_t last, double closestMs, LaneGeometry &out)
{
    for (size_t i = first; i < last;) {
        size_t end = i + 1;
        while (end < last && double(beats[end] - beats[end - 1]) <= closestMs)
            ++end;
        if (end - i >= 3)
            out.bands.push_back({beats[i], beats[end - 1]});
        else
            out.ticks.insert(out.ticks.end(), beats.begin() + qsizetype(i), beats.begin() + qsizetype(end));
        i = end;
    }
}

/// What a gap is compared with: the longest that held at any time in it.
GapLimits limitsOver(const LaneStory &story, qint64 from, qint64 to)
{
    const LanePace &pace = paceAt(story, from);
    GapLimits limits{pace.interval, pace.lostAfter};
    const auto later = std::upper_bound(story.paces.begin(), story.paces.end(), from,
                                        [](qint64 time, const LanePace &next) { return time < next.at; });
    for (auto next = later; next != story.paces.end() && next->at < to; ++next)
        limits = {std::max(limits.interval, next->interval), std::max(limits.lostAfter, next->lostAfter)};
    return to > story.pastFrom ? story.past.over(from, to, limits) : limits;
}

} // namespace

const LanePace &paceAt(const LaneStory &story, qint64 at)
{
    static const LanePace none;
    if (story.paces.empty())
        return none;
    const auto next = std::upper_bound(story.paces.begin(), story.paces.end(), at,
                                       [](qint64 time, const LanePace &pace) { return time < pace.at; });
    return next == story.paces.begin() ? story.paces.front() : *(next - 1);
}

std::vector<LaneGap> gapsOf(const LaneStory &story, qint64 from, qint64 to)
{
    std::vector<LaneGap> gaps;
    if (story.paces.empty())
        return gaps;
    for (const LaneTimes &life : story.lives) {
        if (life.to < from || life.from > to)
            continue;
        auto beat = std::lower_bound(story.beats.begin(), story.beats.end(), std::max(life.from, from));
        // The one before decides what the left edge looks like.
        if (beat != story.beats.begin() && *(beat - 1) >= life.from)
            --beat;
        for (; beat != story.beats.end() && *beat <= life.to && *beat <= to; ++beat) {
            const bool open = beat + 1 == story.beats.end() || *(beat + 1) > life.to;
            const qint64 next = open ? life.to : *(beat + 1);
            const GapLimits limits = limitsOver(story, *beat, next);
            LaneGap gap{*beat, next, limits.interval, std::max(limits.lostAfter, limits.interval), false, open};
            if (gap.length() <= gap.interval + gapTolerance(gap.interval) || touchesUnknownSpan(story, gap.beat, gap.to))
                continue;
            gap.lost = gap.length() > gap.lostAfter;
            if (gap.to > from)
                gaps.push_back(gap);
        }
    }
    return gaps;
}

LaneGeometry layoutLane(const LaneStory &story, qint64 from, qint64 to, double msPerPixel)
{
    LaneGeometry out;
    for (const LaneSpan &state : story.states)
        addCut(out.spans, state, from, to);
    for (const LaneTimes &life : story.lives)
        addCut(out.lines, life, from, to);
    for (const LaneTimes &left : story.leftovers)
        addCut(out.dots, left, from, to);
    for (const LaneMark &mark : story.marks) {
        if (mark.at >= from && mark.at <= to)
            out.marks.push_back(mark);
    }
    out.gaps = gapsOf(story, from, to);
    for (const LaneGap &gap : out.gaps) {
        const qint64 lost = gap.beat + gap.lostAfter;
        const qint64 end = deadFrom(story, gap);
        addCut(out.spans, {StripGeometry::Block::Late, gap.from(), std::min(end, lost)}, from, to);
        if (gap.lost)
            addCut(out.spans, {StripGeometry::Block::Lost, lost, end}, from, to);
    }
    const auto begin = std::lower_bound(story.beats.begin(), story.beats.end(), from);
    const auto end = std::upper_bound(begin, story.beats.end(), to);
    layoutBeats(story.beats, size_t(begin - story.beats.begin()), size_t(end - story.beats.begin()),
                StripGeometry::closestTicks * msPerPixel, out);
    for (const LaneTimes &life : story.lives) {
        auto beat = std::lower_bound(story.beats.begin(), story.beats.end(), std::max(from, life.from));
        if (beat != story.beats.begin() && *(beat - 1) >= life.from)
            --beat;
        for (; beat != story.beats.end() && *beat <= std::min(life.to, to); ++beat) {
            const bool last = beat + 1 == story.beats.end() || *(beat + 1) > life.to;
            if (!last)
                out.longest = std::max(out.longest, *(beat + 1) - *beat);
        }
    }
    // What goes on counts once it is longer than it should be.
    for (const LaneGap &gap : out.gaps)
        out.longest = std::max(out.longest, gap.length());
    if (!story.lastWord.isEmpty() && !story.lives.empty()) {
        out.lastWord = story.lastWord;
        out.endedAt = story.lives.back().to;
    }
    return out;
}

LaneFolder::LaneFolder(qint64 from, qint64 bucketMs, int buckets)
    : m_from(from)
    , m_bucketMs(std::max<qint64>(1, bucketMs))
    , m_steps(size_t(std::max(0, buckets)) + 1)
{ }

void LaneFolder::add(qint64 from, qint64 to, quint32 FoldedLanes::Bucket::*what)
{
    const auto buckets = qint64(m_steps.size()) - 1;
    if (to <= m_from || from >= m_from + buckets * m_bucketMs || to <= from)
        return;
    const qint64 first = from <= m_from ? 0 : (from - m_from) / m_bucketMs;
    const qint64 last = std::min(buckets - 1, (to - 1 - m_from) / m_bucketMs);
    // Sums wrap around and back: a step down is a step up by 2^32 less.
    ++(m_steps[size_t(first)].*what);
    --(m_steps[size_t(last) + 1].*what);
}

FoldedLanes LaneFolder::take()
{
    FoldedLanes row{m_from, m_bucketMs, {}};
    row.buckets.resize(m_steps.size() - 1);
    FoldedLanes::Bucket sum;
    for (size_t i = 0; i + 1 < m_steps.size(); ++i) {
        sum.there += m_steps[i].there;
        sum.late += m_steps[i].late;
        sum.lost += m_steps[i].lost;
        sum.unknown += m_steps[i].unknown;
        row.buckets[i] = sum;
        // Whoever ends in a bucket and is late in it counts in both.
        row.buckets[i].there = std::max(row.buckets[i].there, row.buckets[i].late);
    }
    std::fill(m_steps.begin(), m_steps.end(), FoldedLanes::Bucket());
    return row;
}

void replaceBefore(FoldedLanes &row, const FoldedLanes &past, qint64 until)
{
    for (size_t i = 0; i < row.buckets.size(); ++i) {
        const qint64 at = row.from + qint64(i) * row.bucketMs;
        if (at >= until)
            return;
        const qint64 bucket = past.bucketMs > 0 && at >= past.from ? (at - past.from) / past.bucketMs : -1;
        row.buckets[i] =
            bucket >= 0 && bucket < qint64(past.buckets.size()) ? past.buckets[size_t(bucket)] : FoldedLanes::Bucket();
    }
}

qint64 bucketFor(double msPerPixel)
{
    if (!(msPerPixel > 1))
        return 1;
    qint64 step = 1;
    while (step < qint64(1) << 52) {
        for (const qint64 factor : {1, 2, 5}) {
            if (double(step * factor) >= msPerPixel)
                return step * factor;
        }
        step *= 10;
    }
    return step;
}

} // namespace pulsedeck
