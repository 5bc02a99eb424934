// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"

#include <QCache>

#include <span>

namespace pulsedeck {

/// Rows of many lanes as they were folded of one sealed segment: the levels of detail of a group. They are made when a view asks
/// for them first, and from then on a view of the same rows costs by its rows and not by their lanes. A sealed segment does not
/// change any more, so neither do they; what is used least makes room. One thread.
class FoldCache
{
public:
    static constexpr qsizetype mostBytes = 24 << 20;

    /// Stands for the lanes of a row, in their order.
    struct RowName
    {
        quint64 one = 0;
        quint64 other = 0;
        quint64 lanes = 0; ///< How many.
        bool operator==(const RowName &) const = default;
    };
    /// 128 bits of two hashes, and the number.
    static RowName nameOf(std::span<const LaneId> lanes);

    struct Key
    {
        qint64 segment = 0; ///< SegmentInfo::id.
        qint64 begins = 0; ///< Its begin: a file that was emptied numbers from the beginning again.
        qint64 stepMs = 0; ///< Of the cells.
        RowName row;
        bool operator==(const Key &) const = default;
    };
    struct Cells
    {
        qint64 from = 0; ///< Of the first.
        std::vector<FoldCell> cells;
    };

    FoldCache()
        : m_cells(mostBytes)
    { }
    /// Null if it is not kept. Valid until the next insert().
    const Cells *find(const Key &key) const { return m_cells.object(key); }
    void insert(const Key &key, Cells cells);
    void clear() { m_cells.clear(); }
    qsizetype bytes() const { return m_cells.totalCost(); }

private:
    QCache<Key, Cells> m_cells;
};

size_t qHash(const FoldCache::Key &key, size_t seed = 0);

} // namespace pulsedeck
