// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/beatcoding.h"
#include "models/history/history.h"

#include <array>
#include <span>
#include <vector>

namespace pulsedeck {

/// Adds \a other to \a cell: another lane in the same place, or another time of the same lane.
void mergeCells(FoldCell &cell, const FoldCell &other);

/// Folds lanes into rows and buckets, segment by segment. What is expected of a lane is every beat that came, and in each gap
/// longer than one and a half intervals the moments at which one was due, as long as beats were expected of it: a moment counts
/// once half an interval has passed, and in the segment in which that is. Pure, one thread;
/// several can share the lanes, each with a fold of its own, see merge().
class LaneFold
{
public:
    LaneFold(qint64 from, qint64 bucketMs, int rows, int buckets);

    /// What follows are lanes in the time [from, to), during which a recording went on.
    void beginSpan(qint64 from, qint64 to);
    /// \a before: at the beginning of the span. \a changes: of this lane, in the span, as they came. \a beats: null for none.
    void addLane(int row, const LaneState &before, std::span<const LaneChange> changes, const PackedBeats *beats);
    void endSpan();

    /// Adds what is known of a lane already folded: buckets of \a levelMs from \a from. For levels of detail.
    void addCells(int row, qint64 from, qint64 levelMs, std::span<const FoldCell> cells);

    /// Adds what \a other folded of the same place: the same times, rows and buckets. As if all of its lanes had been added here.
    /// Both are between two spans.
    void merge(LaneFold &&other);

    std::vector<FoldCell> takeCells();

private:
    struct Shade
    {
        quint8 worst = FoldCell::nothing;
        quint8 marks = 0;
    };

    /// Liveness, with and without Draining.
    static constexpr size_t stateKinds = 2 * (size_t(Liveness::Departed) + 1);

    int bucketAt(qint64 at) const;
    static void shade(Shade &shade, quint8 worst, quint8 marks);
    void paint(int row, qint64 from, qint64 to, const LaneState &state);
    void mark(int row, qint64 at, quint8 marks);
    void countBeats(int row, const PackedBeats &beats, qint64 longGap, qint64 &last);
    void countMissing(int row, const LaneState &before, std::span<const LaneChange> changes, qint64 gapFrom, qint64 gapTo);

    qint64 m_from;
    qint64 m_bucketMs;
    double m_perMs;
    int m_rows;
    int m_buckets;
    qint64 m_end; ///< Of the last bucket.
    qint64 m_spanFrom = 0;
    qint64 m_spanTo = 0;
    std::vector<quint32> m_received; ///< Of their own, as every beat goes in there: a row of them stays in the cache.
    std::vector<quint32> m_missing;
    std::vector<Shade> m_shades;
    size_t m_words; ///< Of 64 buckets, in a row.
    std::array<std::vector<quint64>, stateKinds> m_painted; ///< By row: buckets in which a lane was so. Empty: none was.
    std::vector<Shade> m_steady; ///< By row: of the lanes that did not change in this span.
    std::vector<std::pair<qint64, qint64>> m_gaps; ///< Of the lane being added.
};

} // namespace pulsedeck
