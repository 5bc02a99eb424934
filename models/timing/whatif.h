// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/beatrecording.h"

#include <QPointF>

#include <vector>

namespace pulsedeck {

/// The result of a draft for the recorded beats.
struct WhatIfAnswer
{
    struct Death
    {
        QByteArray worker;
        qint64 at = 0; ///< When its key would have expired (Unix ms), by the time of the recorded beats.
        qint64 gapMs = 0; ///< The gap as it would have been with the draft's interval.
        qint64 recordedMs = 0; ///< The gap as it was.
    };

    int workers = 0; ///< It is based on these: workers with a known gap.
    qint64 gaps = 0;
    qint64 spanMs = 0; ///< From the first to the last of these beats, without the times in between that are unknown.
    qint64 unknownGaps = 0; ///< Left out: the console was not connected in them.
    qint64 unknownMs = 0; ///< How long that was, in the recording or the window of it.
    int deaths = 0; ///< Workers that would have been declared dead though they came back.
    std::vector<Death> worst; ///< Of these the worst first, at most mostListed.
    /// Share of gaps longer than the command TTL: a command written at a random moment would have expired unread.
    double missedShare = 0;
    qint64 missedGaps = 0;
    qint64 safeTtlMs = 0; ///< Smallest key TTL with which no worker would have been taken for dead; 0 if nothing is known.
    qint64 safeTtl01Ms = 0; ///< … at most 0.1 % of the workers.
    qint64 safeTtl1Ms = 0; ///< … at most 1 %.
    int paused = 0; ///< Additional workers that would be dead if source-wide pauses counted.

    static constexpr int mostListed = 1'000;
};

/// A recording, prepared so that each keystroke is answered at once: building takes one pass over the beats (not on the GUI
/// thread for large fleets), an answer a few binary searches. A gap g of a worker whose own interval was m becomes g − m + the
/// draft's interval; a worker with a gap beyond the draft's key TTL would have been declared dead. Gaps that touch a time in
/// which the console was not connected are unknown and not counted. Immutable once built; any thread.
class WhatIf
{
public:
    /// A time in which at least half of the source's workers were late together: the source paused, not its workers.
    struct Pause
    {
        qint64 from = 0;
        qint64 to = 0;
        int workers = 0; ///< Late in it.
    };

    WhatIf() = default;
    /// Only gaps that end within the last \a windowMs of the recording count; 0: all.
    /// With \a configuredMs the interval that all workers were set to takes the place of each one's own: of workers that beat in
    /// more than one pace no median is what the gaps have to be held against. The draft then moves gaps by what it changes.
    explicit WhatIf(const BeatRecording &recording, qint64 windowMs = 0, qint64 configuredMs = 0);

    WhatIfAnswer answer(const TimingProfile &draft, bool countPauses = false) const;
    /// Workers declared dead against key TTL in ms, for the draft's interval: a staircase from \a fromMs to \a toMs, at most \a
    /// points long.
    std::vector<QPointF> curve(const TimingProfile &draft, qint64 fromMs, qint64 toMs, bool countPauses = false,
                               int points = 400) const;
    /// Deaths at one key TTL.
    int deathsAt(qint64 intervalMs, qint64 ttlMs, bool countPauses = false) const;
    /// The gaps as recorded, by 1/\a buckets of \a toMs; what is longer is counted in the last.
    std::vector<qint64> histogram(qint64 toMs, int buckets) const;
    const std::vector<Pause> &pauses() const { return m_pauses; }
    int workerCount() const { return m_counted; }

private:
    struct Worst
    {
        qint32 lateness = 0; ///< Gap minus the worker's own interval; the greatest of its gaps.
        qint32 gap = 0;
        quint32 worker = 0; ///< Index into m_ids.
        qint64 lastBeat = 0; ///< The beat before the gap.
    };
    /// How many workers have a worst gap later than \a lateness.
    static int later(const std::vector<Worst> &list, qint64 lateness);
    const std::vector<Worst> &list(bool countPauses) const { return countPauses ? m_withPauses : m_worst; }
    qint64 gapsLaterThan(qint64 lateness) const;
    void findPauses(const BeatRecording &recording, const std::vector<UnknownSpan> &unknown, qint64 since, qint64 configuredMs);
    bool isPaused(qint64 from, qint64 to) const;

    std::vector<QByteArray> m_ids;
    std::vector<Worst> m_worst; ///< One per worker, latest first, without gaps that lie in pauses.
    std::vector<Worst> m_withPauses;
    /// By ms from earliestMs to latestMs: how many gaps have at most that lateness, those below included.
    std::vector<quint32> m_upTo;
    std::vector<qint32> m_below; ///< Latenesses outside that table, ascending.
    std::vector<qint32> m_beyond;
    std::vector<quint32> m_gapCounts; ///< By gapStepMs.
    quint32 m_longGaps = 0; ///< Past them.
    std::vector<Pause> m_pauses;
    qint64 m_gaps = 0;
    qint64 m_unknownGaps = 0;
    qint64 m_unknownMs = 0;
    qint64 m_knownMs = 0;
    qint64 m_first = 0;
    qint64 m_last = 0;
    int m_counted = 0;
};

} // namespace pulsedeck
