// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/stripgeometry.h"

#include <QString>

#include <vector>

namespace pulsedeck {

/// A stretch of time in a lane. Times are the console's clock, ms.
struct LaneSpan
{
    StripGeometry::Block block = StripGeometry::Block::Late;
    qint64 from = 0;
    qint64 to = 0;
    bool operator==(const LaneSpan &) const = default;
};

struct LaneMark
{
    StripGeometry::Mark mark = StripGeometry::Mark::Start;
    qint64 at = 0;
    bool operator==(const LaneMark &) const = default;
};

/// Between two beats of one lane came more time than its interval.
struct LaneGap
{
    qint64 beat = 0; ///< The one before.
    qint64 to = 0; ///< The next one, or until when none had come.
    qint64 interval = 0; ///< Expected then.
    qint64 lostAfter = 0; ///< Beyond it the gap is lost.
    bool lost = false; ///< Longer than the stale threshold or the TTL.
    bool open = false; ///< No beat has come since.
    qint64 length() const { return to - beat; }
    /// From here on it was late.
    qint64 from() const { return beat + interval; }
    bool operator==(const LaneGap &) const = default;
};

/// From here on this was expected of a lane.
struct LanePace
{
    qint64 at = 0;
    qint64 interval = 10'000;
    qint64 lostAfter = 30'000; ///< A gap beyond it is lost.
    bool operator==(const LanePace &) const = default;
};

struct LaneTimes
{
    qint64 from = 0;
    qint64 to = 0;
    bool operator==(const LaneTimes &) const = default;
};

/// What is known of one lane, whoever knows it: the store, or a history. A value.
struct LaneStory
{
    std::vector<qint64> beats; ///< Ascending.
    std::vector<LanePace> paces; ///< Ascending; the first holds before, too. None: no gap is shown.
    PastPaces past; ///< What held before the last pace, where that has changed.
    qint64 pastFrom = 0; ///< Gaps that end before are told by paces alone.
    std::vector<LaneTimes> lives; ///< From its start, or the first that is known, until its end or now; ascending.
    std::vector<LaneSpan> states; ///< Draining, unknown, and lost: its process was known to be dead, whatever beat was due.
    std::vector<LaneTimes> leftovers; ///< Only counters are left.
    std::vector<LaneMark> marks;
    QString lastWord; ///< How it ended; empty while it lives.
};

/// A lane as it is painted, in times and not in pixels, so that it holds while one pans. A value.
struct LaneGeometry
{
    std::vector<qint64> ticks;
    std::vector<LaneTimes> bands; ///< Beats that stand too close to be told apart.
    std::vector<LaneTimes> lines; ///< The thin line of its life.
    std::vector<LaneTimes> dots;
    std::vector<LaneSpan> spans; ///< Gaps and states, states first.
    std::vector<LaneGap> gaps; ///< What the blocks are parts of.
    std::vector<LaneMark> marks;
    qint64 longest = 0; ///< The longest time between two beats, or since the last one; 0: fewer than two.
    qint64 endedAt = 0; ///< Where lastWord stands; 0 while it lives.
    QString lastWord;

    void clear() { *this = LaneGeometry(); }
    bool operator==(const LaneGeometry &) const = default;
};

/// The pace that held at a time.
const LanePace &paceAt(const LaneStory &story, qint64 at);
/// All its gaps that touch the span, in order; not those that touch a time of which nothing is known, and none between two lives.
std::vector<LaneGap> gapsOf(const LaneStory &story, qint64 from, qint64 to);
/// Pure. What of the story lies in [from, to]; beats closer than StripGeometry::closestTicks pixels become bands.
LaneGeometry layoutLane(const LaneStory &story, qint64 from, qint64 to, double msPerPixel);

/// How bad it is in one place of a row that stands for many lanes.
enum class LaneTone : quint8 {
    None, ///< No lane is there.
    Fine,
    Unknown, ///< Of none of them anything is known.
    Late, ///< One is past its interval.
    Lost, ///< One is past its stale threshold or its TTL.
};

/// Many lanes in one row, bucket by bucket: how many were there, how many were past their interval, how many past their
/// threshold. A value.
struct FoldedLanes
{
    struct Bucket
    {
        quint32 there = 0;
        quint32 late = 0; ///< Those that are lost included.
        quint32 lost = 0;
        quint32 unknown = 0;
        LaneTone tone() const
        {
            if (late > 0)
                return lost > 0 ? LaneTone::Lost : LaneTone::Late;
            if (unknown > 0 && unknown >= there)
                return LaneTone::Unknown;
            return there > 0 ? LaneTone::Fine : LaneTone::None;
        }
        /// Beats received of those expected, from 0 to 1.
        double received() const { return there > 0 ? 1.0 - double(late) / there : 0; }
        bool operator==(const Bucket &) const = default;
    };

    qint64 from = 0;
    qint64 bucketMs = 1;
    std::vector<Bucket> buckets;
    bool operator==(const FoldedLanes &) const = default;
};

/// Adds lanes to a row, each in the time of its gaps: first differences, sums at the end. Any thread.
class LaneFolder
{
public:
    LaneFolder(qint64 from, qint64 bucketMs, int buckets);

    void addLife(qint64 from, qint64 to) { add(from, to, &FoldedLanes::Bucket::there); }
    void addLate(qint64 from, qint64 to) { add(from, to, &FoldedLanes::Bucket::late); }
    void addLost(qint64 from, qint64 to) { add(from, to, &FoldedLanes::Bucket::lost); }
    void addUnknown(qint64 from, qint64 to) { add(from, to, &FoldedLanes::Bucket::unknown); }
    /// The row; a new one begins.
    FoldedLanes take();

private:
    void add(qint64 from, qint64 to, quint32 FoldedLanes::Bucket::*what);
    const qint64 m_from;
    const qint64 m_bucketMs;
    std::vector<FoldedLanes::Bucket> m_steps; ///< One more than there are buckets.
};

/// What lies before \a until is taken from \a past, whose buckets may have other lengths.
void replaceBefore(FoldedLanes &row, const FoldedLanes &past, qint64 until);

/// A length of bucket that is at least a pixel, from a ladder of round ones, so that a picture serves while one zooms a little.
qint64 bucketFor(double msPerPixel);

} // namespace pulsedeck
