// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"
#include "models/history/spanreport.h"

#include <array>
#include <vector>

namespace pulsedeck {

/// Walks through what is known of one worker in the time of a SpanScope: which facts became true of it and when, where beats were
/// missing, when it was not well. Its vectors are used again by the next walk. Pure; linear in beats and changes.
class SpanWalk
{
public:
    struct Gap
    {
        qint64 from = 0;
        qint64 to = 0;
        qint64 interval = 0;
        qint64 missed = 0;
        bool open = false;
    };

    /// \a runEnds: ascending, when recordings ended: what was known then is not known after it.
    SpanWalk(const SpanScope &scope, const std::vector<qint64> &runEnds)
        : m_scope(scope)
        , m_runEnds(runEnds)
    { }

    void walk(const LaneTrack &track);

    bool isThere() const { return m_there; } ///< It was there at some time in the span.
    const std::array<qint64, spanFactCount> &at() const { return m_at; } ///< As SpanLane::at.
    const std::array<bool, spanFactCount> &already() const { return m_already; }
    /// When it first was of this group, or the span's beginning if it was so already; 0: never.
    qint64 firstOf(SpanGroup group) const;
    /// Of this group when the span began.
    bool alreadyOf(SpanGroup group) const;
    const std::vector<Gap> &gaps() const { return m_gaps; } ///< That end in the span.
    const std::vector<SpanStretch> &stretches() const { return m_stretches; } ///< Inside the span.
    qint64 longestGapMs() const { return m_longestGapMs; }

private:
    void reset(const LaneState &before);
    void takeUntil(const LaneTrack &track, qint64 end);
    void takeBeat(qint64 at);
    void takeChange(const LaneChange &change);
    void takeRunEnd(qint64 at);
    void enterSpan();
    void noteState(qint64 at, bool already);
    void note(SpanFact fact, qint64 at, bool already);
    void closeGap(qint64 to, bool open, qint64 interval);
    void reviewStretch(qint64 at);

    const SpanScope &m_scope;
    const std::vector<qint64> &m_runEnds;
    LaneState m_state;
    size_t m_beat = 0; ///< The next of each.
    size_t m_change = 0;
    size_t m_runEnd = 0;
    qint64 m_lastBeat = 0; ///< From which a gap counts; 0: none.
    bool m_inSpan = false;
    bool m_there = false;
    std::array<qint64, spanFactCount> m_at{};
    std::array<bool, spanFactCount> m_already{};
    std::vector<Gap> m_gaps;
    std::vector<SpanStretch> m_stretches;
    qint64 m_longestGapMs = 0;
    int m_stretch = -1; ///< SpanStretch::Kind that goes on; -1: it is well.
    qint64 m_stretchFrom = 0;
};

/// The moments in a gap at which a beat was due and did not come: each counts once half an interval has passed.
inline qint64 missedBeats(qint64 gapMs, qint64 interval)
{
    return interval > 0 && gapMs * 2 > interval * 3 ? (gapMs * 2 - interval) / (interval * 2) : 0;
}

} // namespace pulsedeck
