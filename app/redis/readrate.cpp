// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/readrate.h"

#include <algorithm>

namespace pulsedeck {

void ReadRate::count(qint64 lagMs)
{
    if (m_stretches.empty())
        m_stretches.emplace_back();
    Stretch &stretch = m_stretches.back();
    ++stretch.reads;
    if (lagMs >= 0) {
        stretch.lagSumMs += lagMs;
        ++stretch.lags;
    }
}

void ReadRate::look(qint64 now)
{
    if (m_stretches.empty() || m_stretches.front().from == 0) {
        // When it began is not known: what was read until now tells no rate.
        clear(now);
        return;
    }
    while (m_stretches.size() > 1 && now - m_stretches.front().from > longestMs)
        m_stretches.pop_front();
    qint64 reads = 0;
    qint64 lagSumMs = 0;
    qint64 lags = 0;
    qint64 passed = 0;
    for (auto it = m_stretches.rbegin(); it != m_stretches.rend(); ++it) {
        reads += it->reads;
        lagSumMs += it->lagSumMs;
        lags += it->lags;
        passed = now - it->from;
        if (reads >= enough && passed >= shortestMs)
            break;
    }
    m_perSecond = double(reads) * 1000.0 / double(std::max<qint64>(1, passed));
    m_lagMs = lags > 0 ? lagSumMs / lags : -1;
    m_stretches.push_back({now});
}

void ReadRate::clear(qint64 now)
{
    m_stretches.assign(1, {now});
    m_perSecond = 0;
    m_lagMs = -1;
}

} // namespace pulsedeck
