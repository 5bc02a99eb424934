// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/beatrate.h"

#include <numeric>

namespace pulsedeck {

void BeatRate::add(qint64 at)
{
    ++m_seen;
    const qint64 second = at / 1000;
    for (qint64 s = qMax(m_newest + 1, second - seconds); s <= second; ++s)
        m_counts[size_t(s % (seconds + 1))] = 0;
    m_newest = qMax(m_newest, second);
    if (second > m_newest - seconds)
        ++m_counts[size_t(second % (seconds + 1))];
}

std::vector<int> BeatRate::perSecond(qint64 now) const
{
    std::vector<int> rates(seconds, 0);
    const qint64 oldest = now / 1000 - seconds;
    for (int i = 0; i < seconds; ++i) {
        const qint64 second = oldest + i;
        if (second <= m_newest && second >= m_newest - seconds && second >= 0)
            rates[size_t(i)] = m_counts[size_t(second % (seconds + 1))];
    }
    return rates;
}

double BeatRate::recent(qint64 now) const
{
    constexpr int recentSeconds = 5;
    const std::vector<int> rates = perSecond(now);
    return double(std::accumulate(rates.end() - recentSeconds, rates.end(), 0)) / recentSeconds;
}

} // namespace pulsedeck
