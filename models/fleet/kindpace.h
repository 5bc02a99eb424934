// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <algorithm>
#include <array>

namespace pulsedeck {

/// The heartbeat intervals recently measured for one type of workers: a worker whose own is not known yet is judged by them.
/// During every change of timing a fleet has workers of different timing, so the longest interval counts: no healthy
/// worker is late by it. A value of 132 bytes.
class KindPace
{
public:
    static constexpr int kept = 32;

    /// Takes the interval of one worker as just measured; true if longest() moved by more than a tenth.
    bool add(qint32 intervalMs)
    {
        m_intervals[size_t(m_next)] = intervalMs;
        m_next = (m_next + 1) % kept;
        m_size = std::min(m_size + 1, kept);
        const qint32 before = m_told;
        const qint32 longest = *std::max_element(m_intervals.begin(), m_intervals.begin() + m_size);
        m_longest = longest;
        if (before > 0 && std::abs(longest - before) * 10 <= before)
            return false;
        m_told = longest;
        return true;
    }
    /// unknownValue while none was measured.
    qint32 longest() const { return m_size > 0 ? m_longest : unknownValue; }
    void clear() { *this = KindPace(); }

private:
    std::array<qint32, kept> m_intervals{};
    qint32 m_longest = 0;
    qint32 m_told = 0; ///< longest() when it last counted as moved.
    int m_size = 0;
    int m_next = 0;
};

} // namespace pulsedeck
