// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/whatif.h"

#include <algorithm>
#include <cmath>

namespace pulsedeck {

namespace {

constexpr qint64 earliestMs = -120'000; // Nearly every gap is within two minutes of its interval.
constexpr qint64 latestMs = 120'000;
constexpr qint64 gapStepMs = 10;
constexpr qint64 longestCountedMs = 600'000;
constexpr int fewestForPause = 5; // Of fewer workers "half of them" says nothing about the source.

/// The unknown spans in order and without overlaps, so that a gap meets them by a binary search. One that is open reaches to the
/// end.
std::vector<UnknownSpan> joined(std::vector<UnknownSpan> spans)
{
    for (UnknownSpan &span : spans) {
        if (span.to == 0)
            span.to = std::numeric_limits<qint64>::max();
    }
    std::sort(spans.begin(), spans.end(), [](const UnknownSpan &a, const UnknownSpan &b) { return a.from < b.from; });
    std::vector<UnknownSpan> whole;
    for (const UnknownSpan &span : spans) {
        if (span.to <= span.from)
            continue;
        if (!whole.empty() && span.from <= whole.back().to)
            whole.back().to = qMax(whole.back().to, span.to);
        else
            whole.push_back(span);
    }
    return whole;
}

/// Whether anything of \a spans, which are in order and apart, lies between \a from and \a to.
template <typename Span> bool touches(const std::vector<Span> &spans, qint64 from, qint64 to)
{
    const auto first = std::partition_point(spans.begin(), spans.end(), [&](const Span &span) { return span.to <= from; });
    return first != spans.end() && first->from < to;
}

/// Calls \a use(worker index, beat before, beat, own interval) for every gap that is known, and returns how many are not. With \a
/// configuredMs that is the interval of all.
template <typename Use>
qint64 eachGap(const BeatRecording &recording, const std::vector<UnknownSpan> &unknown, qint64 since, qint64 configuredMs,
               Use use)
{
    qint64 leftOut = 0;
    for (quint32 w = 0; w < recording.workers.size(); ++w) {
        const BeatRecording::Worker &worker = recording.workers[w];
        const qint64 interval = configuredMs > 0 ? configuredMs : qint64(worker.interval);
        if (interval <= 0)
            continue; // Without an interval of its own its lateness is not known.
        const qint64 *beats = recording.beats.data() + worker.first;
        for (quint32 i = 1; i < worker.count; ++i) {
            if (beats[i] < since)
                continue;
            if (touches(unknown, beats[i - 1], beats[i]))
                ++leftOut;
            else
                use(w, beats[i - 1], beats[i], interval);
        }
    }
    return leftOut;
}

qint32 clamped(qint64 ms)
{
    return qint32(qBound(qint64(std::numeric_limits<qint32>::min()) + 1, ms, qint64(std::numeric_limits<qint32>::max())));
}

} // namespace

WhatIf::WhatIf(const BeatRecording &recording, qint64 windowMs, qint64 configuredMs)
{
    const qint64 since = windowMs > 0 ? recording.to - windowMs : std::numeric_limits<qint64>::min();
    m_ids.reserve(recording.workers.size());
    for (const BeatRecording::Worker &worker : recording.workers)
        m_ids.push_back(worker.id);
    const std::vector<UnknownSpan> unknown = joined(recording.unknown);
    findPauses(recording, unknown, since, configuredMs);

    constexpr qint32 none = std::numeric_limits<qint32>::min();
    std::vector<Worst> worst(recording.workers.size(), Worst{none, 0, 0, 0});
    std::vector<Worst> withPauses = worst;
    m_upTo.assign(size_t(latestMs - earliestMs + 1), 0);
    m_gapCounts.assign(size_t(longestCountedMs / gapStepMs), 0);
    m_unknownGaps = eachGap(recording, unknown, since, configuredMs, [&](quint32 w, qint64 before, qint64 beat, qint64 interval) {
        const qint64 gap = beat - before;
        const qint32 lateness = clamped(gap - interval);
        const Worst found{lateness, clamped(gap), w, before};
        if (lateness > withPauses[w].lateness)
            withPauses[w] = found;
        if (lateness > worst[w].lateness && (lateness <= 0 || !isPaused(before + interval, beat)))
            worst[w] = found;
        if (lateness < earliestMs)
            m_below.push_back(lateness);
        else if (lateness > latestMs)
            m_beyond.push_back(lateness);
        else
            ++m_upTo[size_t(lateness - earliestMs)];
        if (gap < longestCountedMs)
            ++m_gapCounts[size_t(gap / gapStepMs)];
        else
            ++m_longGaps;
        m_first = m_gaps == 0 ? before : qMin(m_first, before);
        m_last = m_gaps == 0 ? beat : qMax(m_last, beat);
        ++m_gaps;
    });
    const auto within = [&unknown](qint64 from, qint64 to) {
        qint64 sum = 0;
        for (const UnknownSpan &span : unknown)
            sum += qMax<qint64>(0, qMin(span.to, to) - qMax(span.from, from));
        return sum;
    };
    m_unknownMs = within(qMax(since, recording.from), recording.to);
    m_knownMs = m_last - m_first - within(m_first, m_last);
    std::sort(m_below.begin(), m_below.end());
    std::sort(m_beyond.begin(), m_beyond.end());
    quint32 sum = quint32(m_below.size());
    for (quint32 &count : m_upTo)
        count = sum += count;

    const auto latestFirst = [](const Worst &a, const Worst &b) { return a.lateness > b.lateness; };
    for (size_t w = 0; w < withPauses.size(); ++w) {
        if (withPauses[w].lateness == none)
            continue;
        ++m_counted;
        m_withPauses.push_back(withPauses[w]);
        if (worst[w].lateness != none)
            m_worst.push_back(worst[w]);
    }
    std::stable_sort(m_worst.begin(), m_worst.end(), latestFirst);
    std::stable_sort(m_withPauses.begin(), m_withPauses.end(), latestFirst);
}

void WhatIf::findPauses(const BeatRecording &recording, const std::vector<UnknownSpan> &unknown, qint64 since,
                        qint64 configuredMs)
{
    // Each worker is silent beyond its interval for a while; where at least half of all are so together the source paused.
    std::vector<std::pair<qint64, int>> steps;
    int known = 0;
    quint32 lastCounted = std::numeric_limits<quint32>::max();
    eachGap(recording, unknown, since, configuredMs, [&](quint32 w, qint64 before, qint64 beat, qint64 interval) {
        if (w != lastCounted) {
            ++known;
            lastCounted = w;
        }
        if (beat - before > interval + interval / 2) {
            steps.emplace_back(before + interval, +1);
            steps.emplace_back(beat, -1);
        }
    });
    if (known < fewestForPause)
        return;
    std::sort(steps.begin(), steps.end()); // At the same moment what ends goes first.
    const int enough = (known + 1) / 2;
    int late = 0;
    for (const auto &[at, step] : steps) {
        const bool before = late >= enough;
        late += step;
        const bool now = late >= enough;
        if (now && !before)
            m_pauses.push_back({at, at, late});
        if (now)
            m_pauses.back().workers = qMax(m_pauses.back().workers, late);
        if (before && !now)
            m_pauses.back().to = at;
    }
}

bool WhatIf::isPaused(qint64 from, qint64 to) const
{
    return touches(m_pauses, from, to);
}

int WhatIf::later(const std::vector<Worst> &list, qint64 lateness)
{
    const auto end =
        std::partition_point(list.begin(), list.end(), [&](const Worst &worst) { return worst.lateness > lateness; });
    return int(end - list.begin());
}

qint64 WhatIf::gapsLaterThan(qint64 lateness) const
{
    if (lateness < earliestMs) {
        const auto from = std::partition_point(m_below.begin(), m_below.end(), [&](qint32 one) { return one <= lateness; });
        return m_gaps - qint64(from - m_below.begin());
    }
    if (lateness > latestMs) {
        const auto from = std::partition_point(m_beyond.begin(), m_beyond.end(), [&](qint32 one) { return one <= lateness; });
        return qint64(m_beyond.end() - from);
    }
    return m_gaps - qint64(m_upTo[size_t(lateness - earliestMs)]);
}

int WhatIf::deathsAt(qint64 intervalMs, qint64 ttlMs, bool countPauses) const
{
    return later(list(countPauses), ttlMs - intervalMs);
}

WhatIfAnswer WhatIf::answer(const TimingProfile &draft, bool countPauses) const
{
    WhatIfAnswer answer;
    answer.workers = m_counted;
    answer.gaps = m_gaps;
    answer.spanMs = m_knownMs;
    answer.unknownGaps = m_unknownGaps;
    answer.unknownMs = m_unknownMs;
    if (m_counted == 0 || draft.heartbeatInterval <= 0)
        return answer;
    const qint64 interval = draft.heartbeatInterval;
    const std::vector<Worst> &worst = list(countPauses);
    if (draft.workerKeyTtl > 0) {
        answer.deaths = later(worst, draft.workerKeyTtl - interval);
        answer.paused = countPauses ? 0 : later(m_withPauses, draft.workerKeyTtl - interval) - answer.deaths;
        const int listed = qMin(answer.deaths, WhatIfAnswer::mostListed);
        answer.worst.reserve(size_t(listed));
        for (int i = 0; i < listed; ++i) {
            const Worst &one = worst[size_t(i)];
            answer.worst.push_back({m_ids[one.worker], one.lastBeat + draft.workerKeyTtl, one.lateness + interval, one.gap});
        }
    }
    if (draft.shutdownCommandTtl > 0 && m_gaps > 0) {
        answer.missedGaps = gapsLaterThan(draft.shutdownCommandTtl - interval);
        answer.missedShare = double(answer.missedGaps) / double(m_gaps);
    }
    // With a TTL of exactly the longest gap nobody dies: a key that expires then has just been renewed.
    const auto safeFor = [&](double share) -> qint64 {
        const auto allowed = size_t(std::floor(share * m_counted));
        if (allowed >= worst.size())
            return 1;
        return qMax<qint64>(1, interval + worst[allowed].lateness);
    };
    answer.safeTtlMs = safeFor(0);
    answer.safeTtl01Ms = safeFor(0.001);
    answer.safeTtl1Ms = safeFor(0.01);
    return answer;
}

std::vector<QPointF> WhatIf::curve(const TimingProfile &draft, qint64 fromMs, qint64 toMs, bool countPauses, int points) const
{
    std::vector<QPointF> curve;
    if (m_counted == 0 || toMs <= fromMs || points < 2)
        return curve;
    int before = -1;
    for (int i = 0; i < points; ++i) {
        const qint64 ttl = fromMs + (toMs - fromMs) * i / (points - 1);
        const int deaths = deathsAt(draft.heartbeatInterval, ttl, countPauses);
        // A staircase: straight on until the step, so that no slope is drawn where none is.
        if (before >= 0 && deaths != before)
            curve.emplace_back(double(ttl), double(before));
        curve.emplace_back(double(ttl), double(deaths));
        before = deaths;
    }
    return curve;
}

std::vector<qint64> WhatIf::histogram(qint64 toMs, int buckets) const
{
    std::vector<qint64> counts(size_t(qMax(1, buckets)), 0);
    for (size_t i = 0; i < m_gapCounts.size(); ++i) {
        const qint64 bucket = qint64(i) * gapStepMs * buckets / qMax<qint64>(1, toMs);
        counts[size_t(qMin<qint64>(bucket, buckets - 1))] += m_gapCounts[i];
    }
    counts.back() += m_longGaps;
    return counts;
}

} // namespace pulsedeck
