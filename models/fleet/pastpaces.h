// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/beathistory.h"
#include "models/fleet/liveness.h"

#include <vector>

namespace pulsedeck {

/// What a gap between two beats is compared with, in milliseconds.
struct GapLimits
{
    qint64 interval = 0; ///< Longer: a beat was missed. See gapTolerance().
    qint64 lostAfter = 0; ///< Longer: past the stale threshold or the TTL, whichever is shorter.

    bool operator==(const GapLimits &) const = default;
};
/// Of a worker as it is now; \a thresholds are its own.
GapLimits gapLimits(const Worker &worker, const Thresholds &thresholds, const TimingProfile &timing);

/// Two intervals or limits, ms, differ by more than a gap may miss its interval by. See gapTolerance().
bool isOtherPace(qint64 one, qint64 other);
/// The beat from which on one came each \a after ms, and no longer each \a before ms: a median says so many beats later. Where no
/// gap does yet, the last beat. Times are the console's clock, ms; \a now is any within 49 days after the beats.
qint64 paceBeganAt(const BeatHistory &beats, qint64 before, qint64 after, qint64 now);

/// The limits that a worker had before the timing in force or its own interval or TTL changed, and before it went to work or
/// ended it, where its system beats more slowly while idle: what was in order then stays so. A value; times are the console's
/// clock, ms.
class PastPaces
{
public:
    static constexpr size_t most = 32; ///< Older ones are dropped.

    /// \a limits held until \a until. Where that is not later than that of the one before, both held until then.
    void add(qint64 until, const GapLimits &limits);
    bool isEmpty() const { return m_paces.empty(); }
    /// When the worker went over to the pace it has now: a beat that was read by then is of that pace at the earliest. 0: never.
    qint64 lastUntil() const;
    /// Until when a pace of this interval held last; 0: none did.
    qint64 heldUntil(qint64 intervalMs) const;
    /// Those that a gap from one beat to the next, or until now, is compared with: the longest that held at any time in it.
    /// \a now hold since the last change.
    GapLimits over(qint64 from, qint64 to, const GapLimits &now) const;
    /// The shortest interval of all, \a now included.
    qint64 shortestInterval(const GapLimits &now) const;
    bool operator==(const PastPaces &) const = default;

private:
    struct Pace
    {
        qint64 until;
        GapLimits limits;
        bool operator==(const Pace &) const = default;
    };
    std::vector<Pace> m_paces; ///< Ascending.
};

} // namespace pulsedeck
