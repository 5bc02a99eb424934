// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <array>
#include <chrono>

namespace pulsedeck {

/// How soon the next request that looks for workers may be sent, so that looking costs no more than a set share of the server's
/// time, however much else it holds. What a request costs is taken from how long answers take, less the round trip: of the last
/// few the smallest, since answers also wait behind others. The round trip is given each time, as it is known the better
/// the longer a connection exists. A value; microseconds by a steady clock.
class DiscoveryBudget
{
public:
    /// \a perMille of the server's time.
    explicit DiscoveryBudget(int perMille)
        : m_perMille(std::clamp(perMille, 1, 1000))
    { }

    /// A pass over everything begins. What the ones before cost and is not paid off yet stays.
    void beginPass(qint64 now, qint64 roundTrip)
    {
        if (waitUs(now, roundTrip) <= 0) {
            m_from = now;
            m_unpaid = 0;
        }
        m_pages = 0;
    }
    /// One of its requests was answered \a took after it was sent.
    void spent(qint64 took)
    {
        m_recent[size_t(m_count++ % m_recent.size())] = took;
        ++m_unpaid;
        ++m_pages;
    }
    void endPass() { m_lastPages = m_pages; }
    /// How long to wait at \a now for the next request; 0 or less: it may be sent. What a first view cost at once is paid off in
    /// ten minutes at most.
    qint64 waitUs(qint64 now, qint64 roundTrip) const
    {
        constexpr qint64 longestUs = 600'000'000;
        return std::min(m_from + m_unpaid * costUs(roundTrip) * 1000 / m_perMille - now, longestUs);
    }
    /// The same at this moment, in whole milliseconds as timers need it; 0: it may be sent.
    int waitMs(qint64 roundTrip) const
    {
        constexpr qint64 leastUs = 1'000; // What timers can do; what is less is waited for together.
        const qint64 wait = waitUs(steadyUs(), roundTrip);
        return wait < leastUs ? 0 : int((wait + 999) / 1000);
    }
    static qint64 steadyUs()
    {
        using namespace std::chrono;
        return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
    }
    /// How long a pass such as the last one takes within the share.
    qint64 passUs(qint64 roundTrip) const { return std::max(m_pages, m_lastPages) * costUs(roundTrip) * 1000 / m_perMille; }

private:
    qint64 costUs(qint64 roundTrip) const
    {
        const auto end = m_recent.begin() + std::ptrdiff_t(std::min(m_count, m_recent.size()));
        const auto least = std::min_element(m_recent.begin(), end);
        return least == end ? 0 : std::max<qint64>(0, *least - roundTrip);
    }

    int m_perMille;
    std::array<qint64, 8> m_recent{};
    size_t m_count = 0;
    qint64 m_from = 0; ///< When the requests not paid off yet began.
    qint64 m_unpaid = 0;
    qint64 m_pages = 0; ///< Requests of the pass under way.
    qint64 m_lastPages = 0;
};

} // namespace pulsedeck
