// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/rangepieces.h"

#include <algorithm>
#include <numeric>

namespace pulsedeck {

RangePieces::RangePieces(const std::vector<LaneRange> &ranges, size_t size)
{
    const auto most = quint32(size);
    for (const LaneRange &range : ranges) {
        m_cuts.push_back(std::min(range.first, most));
        m_cuts.push_back(std::min(range.first + range.count, most));
    }
    std::sort(m_cuts.begin(), m_cuts.end());
    m_cuts.erase(std::unique(m_cuts.begin(), m_cuts.end()), m_cuts.end());
    m_users.resize(m_cuts.empty() ? 0 : m_cuts.size() - 1);
    const auto cutAt = [this, most](quint32 at) {
        return size_t(std::lower_bound(m_cuts.begin(), m_cuts.end(), std::min(at, most)) - m_cuts.begin());
    };
    for (const LaneRange &range : ranges) {
        m_of.emplace_back(cutAt(range.first), cutAt(range.first + range.count));
        for (size_t piece = m_of.back().first; piece < m_of.back().second; ++piece)
            ++m_users[piece];
    }
}

std::vector<size_t> RangePieces::largestFirst() const
{
    std::vector<size_t> numbers(m_of.size());
    std::iota(numbers.begin(), numbers.end(), size_t(0));
    std::stable_sort(numbers.begin(), numbers.end(),
                     [this](size_t a, size_t b) { return m_of[a].second - m_of[a].first > m_of[b].second - m_of[b].first; });
    return numbers;
}

} // namespace pulsedeck
