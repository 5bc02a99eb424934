// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/lanepicture.h"

#include <utility>

namespace pulsedeck {

/// Rows of many lanes may overlap, as a heading has the lanes of all folds below it. What no row begins or ends inside of is a
/// piece: pieces are folded once, and each row is the sum of its own. A value.
class RangePieces
{
public:
    /// \a size: how many lanes the order has; what lies beyond it is left out.
    RangePieces(const std::vector<LaneRange> &ranges, size_t size);

    size_t count() const { return m_users.size(); }
    /// The first lane of a piece in the order, and the one behind its last.
    quint32 first(size_t piece) const { return m_cuts[piece]; }
    quint32 end(size_t piece) const { return m_cuts[piece + 1]; }
    /// So many rows have it; 0: it lies between two rows.
    int users(size_t piece) const { return m_users[piece]; }
    /// Those of a row, by its place among the ranges: the first, and the one behind the last.
    std::pair<size_t, size_t> of(size_t range) const { return m_of[range]; }
    /// The rows, those of the most pieces first.
    std::vector<size_t> largestFirst() const;

private:
    std::vector<quint32> m_cuts; ///< One more than there are pieces, unless there is none.
    std::vector<int> m_users;
    std::vector<std::pair<size_t, size_t>> m_of;
};

} // namespace pulsedeck
