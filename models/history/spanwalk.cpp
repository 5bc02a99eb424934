// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/spanwalk.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace pulsedeck {

namespace {

constexpr qint64 never = std::numeric_limits<qint64>::max();

bool isWorkerThere(const LaneState &state)
{
    return state.known && state.end == WorkerEnd::None && state.liveness != Liveness::Departed;
}

bool isBeatDue(const LaneState &state)
{
    return isWorkerThere(state) && expectsBeats(state.liveness);
}

std::optional<SpanFact> factOf(Liveness liveness)
{
    switch (liveness) {
    case Liveness::Late:
        return SpanFact::Late;
    case Liveness::Stale:
        return SpanFact::Stale;
    case Liveness::Hung:
        return SpanFact::Hung;
    case Liveness::KeyLost:
        return SpanFact::KeyLost;
    case Liveness::Crashed:
        return SpanFact::Crashed;
    default:
        return {};
    }
}

bool isDraining(const LaneState &state)
{
    return state.status == WorkerStatus::Draining || state.status == WorkerStatus::ShuttingDown;
}

/// -1: nothing to show.
int stretchOf(const LaneState &state)
{
    // Before it was there and after its row went there is nothing to show.
    if (!state.known)
        return -1;
    if (state.end != WorkerEnd::None)
        return isLoss(state.end) ? SpanStretch::Lost : SpanStretch::Gone;
    if (state.liveness == Liveness::Departed)
        return SpanStretch::Gone;
    if (state.liveness == Liveness::Unknown)
        return SpanStretch::Unknown;
    if (const auto fact = factOf(state.liveness))
        return *fact == SpanFact::Late ? SpanStretch::Late : SpanStretch::Worse;
    return isDraining(state) ? SpanStretch::Draining : -1;
}

} // namespace

void SpanWalk::reset(const LaneState &before)
{
    m_state = before;
    m_beat = m_change = m_runEnd = 0;
    m_lastBeat = isBeatDue(before) ? before.beatAt : 0;
    m_inSpan = m_there = false;
    m_at.fill(0);
    m_already.fill(false);
    m_gaps.clear();
    m_stretches.clear();
    m_longestGapMs = 0;
    m_stretch = -1;
}

void SpanWalk::walk(const LaneTrack &track)
{
    reset(track.before);
    takeUntil(track, m_scope.from);
    enterSpan();
    takeUntil(track, m_scope.to);
    if (isBeatDue(m_state))
        closeGap(m_scope.to, true, m_state.interval);
    m_state = LaneState();
    reviewStretch(m_scope.to);
}

void SpanWalk::takeUntil(const LaneTrack &track, qint64 end)
{
    for (;;) {
        const qint64 beatAt = m_beat < track.beats.size() ? track.beats[m_beat] : never;
        const qint64 changeAt = m_change < track.changes.size() ? track.changes[m_change].at : never;
        const qint64 runEnd = m_runEnd < m_runEnds.size() ? m_runEnds[m_runEnd] : never;
        const qint64 next = std::min({beatAt, changeAt, runEnd});
        if (next >= end)
            return;
        // A change is seen at or after the beat that makes it; the end of a recording is its last moment.
        if (beatAt == next) {
            takeBeat(beatAt);
            ++m_beat;
        } else if (changeAt == next) {
            takeChange(track.changes[m_change++]);
        } else {
            takeRunEnd(runEnd);
            ++m_runEnd;
        }
    }
}

void SpanWalk::takeBeat(qint64 at)
{
    if (isBeatDue(m_state))
        closeGap(at, false, m_state.interval);
    m_lastBeat = at;
}

void SpanWalk::takeChange(const LaneChange &change)
{
    const LaneState before = m_state;
    m_state.take(change.fact, change.value);
    if (isBeatDue(before) && !isBeatDue(m_state)) {
        closeGap(change.at, true, before.interval);
        m_lastBeat = 0;
    }
    if (!m_inSpan)
        return;
    reviewStretch(change.at);
    m_there = m_there || isWorkerThere(m_state);
    if (change.fact == LaneFact::End && before.known && before.end != m_state.end) {
        if (m_state.end == WorkerEnd::None)
            note(SpanFact::Returned, change.at, false);
        else if (isLoss(m_state.end))
            note(SpanFact::Lost, change.at, false);
        else
            note(m_state.end == WorkerEnd::Drained ? SpanFact::Drained : SpanFact::Ended, change.at, false);
        if (m_state.end == WorkerEnd::Crashed)
            note(SpanFact::Crashed, change.at, false);
    }
    if (isWorkerThere(m_state))
        noteState(change.at, false);
}

void SpanWalk::takeRunEnd(qint64 at)
{
    if (isBeatDue(m_state))
        closeGap(at, true, m_state.interval);
    m_lastBeat = 0;
    m_state = LaneState();
    if (m_inSpan)
        reviewStretch(at);
}

void SpanWalk::enterSpan()
{
    m_inSpan = true;
    m_gaps.clear();
    m_longestGapMs = 0;
    m_there = isWorkerThere(m_state);
    m_stretch = stretchOf(m_state);
    m_stretchFrom = m_scope.from;
    if (m_there)
        noteState(m_scope.from, true);
}

void SpanWalk::noteState(qint64 at, bool already)
{
    if (const auto fact = factOf(m_state.liveness))
        note(*fact, at, already);
    if (isDraining(m_state))
        note(SpanFact::Draining, at, already);
}

void SpanWalk::note(SpanFact fact, qint64 at, bool already)
{
    if (m_at[size_t(fact)] != 0)
        return;
    m_at[size_t(fact)] = at;
    m_already[size_t(fact)] = already;
}

void SpanWalk::closeGap(qint64 to, bool open, qint64 interval)
{
    if (m_lastBeat == 0)
        return;
    const qint64 missed = missedBeats(to - m_lastBeat, interval);
    if (missed == 0)
        return;
    m_gaps.push_back({m_lastBeat, to, interval, missed, open});
    m_longestGapMs = std::max(m_longestGapMs, to - m_lastBeat);
}

void SpanWalk::reviewStretch(qint64 at)
{
    const int stretch = at >= m_scope.to ? -1 : stretchOf(m_state);
    if (stretch == m_stretch)
        return;
    if (m_stretch >= 0 && at > m_stretchFrom)
        m_stretches.push_back({m_stretchFrom, at, SpanStretch::Kind(m_stretch)});
    m_stretch = stretch;
    m_stretchFrom = at;
}

qint64 SpanWalk::firstOf(SpanGroup group) const
{
    qint64 first = 0;
    for (int fact = 0; fact < spanFactCount; ++fact) {
        if (m_at[size_t(fact)] != 0 && isOfGroup(SpanFact(fact), group))
            first = first == 0 ? m_at[size_t(fact)] : std::min(first, m_at[size_t(fact)]);
    }
    return first;
}

bool SpanWalk::alreadyOf(SpanGroup group) const
{
    for (int fact = 0; fact < spanFactCount; ++fact) {
        if (m_already[size_t(fact)] && isOfGroup(SpanFact(fact), group))
            return true;
    }
    return false;
}

} // namespace pulsedeck
