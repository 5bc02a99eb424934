// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/lanegeometry.h"

#include <memory>
#include <span>

namespace pulsedeck {

/// What the store knows of one worker beyond its beats, as passes over all lanes need it.
struct MirroredLane
{
    qint64 startedAt = 0; ///< Seen to begin; 0: it was there.
    qint64 endedAt = 0; ///< 0: it lives.
    qint64 crashedSince = 0; ///< FleetStore::crashedSince(), and of one that ended crashedBeforeEnd().
    qint32 interval = 10'000;
    qint32 lostAfter = 30'000;
    SourceId source = 0;
    PastPaces past; ///< What these were before.
    bool operator==(const MirroredLane &) const = default;
};

/// What came since the mirror was last brought up to date. A value, moved to the thread of the mirror.
struct LaneNews
{
    struct Whole
    {
        WorkerHandle handle;
        MirroredLane lane;
        BeatHistory beats;
        bool used = true;
    };
    std::vector<Whole> whole; ///< New ones.
    std::vector<std::pair<WorkerHandle, MirroredLane>> facts;
    std::vector<std::pair<WorkerHandle, qint64>> beats; ///< Of one lane ascending.
    std::vector<WorkerHandle> gone;
    std::vector<std::vector<UnknownSpan>> unknown; ///< By source; empty: as before.
    bool isEmpty() const { return whole.empty() && facts.empty() && beats.empty() && gone.empty() && unknown.empty(); }
};

/// One lane was late for a time.
struct LateLane
{
    WorkerHandle handle = noWorker;
    SourceId source = 0;
    qint64 from = 0; ///< The beat was due.
    qint64 to = 0;
    bool lost = false;
};

/// Half of the workers of a source, or more, were late together: the source paused, not its workers.
struct SourcePause
{
    SourceId source = 0; ///< 0: one that was recorded and is not there now.
    qint64 from = 0;
    qint64 to = 0; ///< While it lasts, now.
    int late = 0; ///< So many of them at once.
    int there = 0; ///< Of so many.
    QString name = {}; ///< Of the source, where it was recorded; else the store has it.
    bool operator==(const SourcePause &) const = default;
};

/// Fewer workers than this say nothing about their source.
inline constexpr int fewestForSourcePause = 5;

/// Where at least half of the lanes of a source were late together. \a there: how many lanes each source has, by SourceId. Pure.
std::vector<SourcePause> findSourcePauses(const std::vector<LateLane> &late, const std::vector<int> &there);

/// All lanes of the store, and their last beats, for passes over all of them that are not to be made where the store lives. Of
/// each lane it keeps which gaps are long enough to be late: a pass over millions of beats looks at these few. Any one thread.
class LaneMirror
{
public:
    static constexpr size_t mostLate = 200'000; ///< Of more gaps the first are returned.

    /// The lanes that come whole are kept where they are: a fleet of them is 50 MB.
    void apply(LaneNews news);
    /// The first beat that any lane has; 0 for none.
    qint64 earliest(qint64 now) const;
    /// From here on every beat of every lane is known: the rings that are full hold nothing older.
    qint64 completeFrom(qint64 now) const;
    /// Folds these lanes into one row.
    void fold(std::span<const WorkerHandle> lanes, qint64 now, LaneFolder &folder) const;
    /// Whoever was late in the span, by the time it was due.
    std::vector<LateLane> late(qint64 from, qint64 to, qint64 now) const;
    /// How many lanes each source has that were there in the span, by SourceId.
    std::vector<int> there(qint64 from, qint64 to, qint64 now) const;
    /// Beats of all lanes, bucket by bucket.
    std::vector<quint32> beats(qint64 from, qint64 bucketMs, int buckets, qint64 now) const;

private:
    using Lane = LaneNews::Whole;
    /// From one beat to the next, as the ring has them: see BeatHistory::timeOf().
    struct Gap
    {
        quint32 beat;
        quint32 to;
    };
    struct Place
    {
        Lane *lane = nullptr; ///< Null for none.
        std::vector<Gap> gaps; ///< Those longer than longest, ascending.
        qint64 longest = 0; ///< No gap up to here is late, whichever of its paces held.
        quint32 first = 0; ///< Of its beats.
        quint32 last = 0;
        bool any = false; ///< It has beats.
        bool full = false; ///< Its ring is, so that earlier ones may have been dropped.
        bool isThere() const { return lane && lane->used; }
        qint64 firstBeat(qint64 now) const { return any ? BeatHistory::timeOf(first, now) : 0; }
    };
    static qint64 longestOf(const MirroredLane &lane);
    static void index(Place &place);
    static void addBeat(Place &place, qint64 at);
    template <typename Found> void eachLate(const Place &place, qint64 now, Found found) const;
    bool isUnknown(SourceId source, qint64 from, qint64 to) const;
    static qint64 firstOf(const Place &place, qint64 now);

    std::vector<std::vector<Lane>>
        m_blocks; ///< Where they are kept; a lane that goes leaves its place to the next of its handle.
    std::vector<Place> m_places; ///< By handle.
    std::vector<std::vector<UnknownSpan>> m_unknown; ///< By source.
};

} // namespace pulsedeck
