// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>

namespace pulsedeck {

/// How long to wait before each attempt: doubling from the first to the cap, jittered so that many clients of a server
/// that comes back do not come back all at once. A value; durations are milliseconds.
class Backoff
{
public:
    Backoff(int firstMs, int capMs)
        : m_firstMs(std::max(1, firstMs))
        , m_capMs(std::max(m_firstMs, capMs))
    { }

    /// The wait after one more failure: 50 to 100 % of its step. \a random lies in [0, 1).
    int next(double random)
    {
        double step = m_firstMs;
        for (int i = 0; i < m_failures && step < m_capMs; ++i)
            step *= 2;
        step = std::min(step, double(m_capMs));
        ++m_failures;
        return std::max(1, int(step * (0.5 + 0.5 * random)));
    }

    void reset() { m_failures = 0; }
    int failures() const { return m_failures; }

private:
    int m_firstMs;
    int m_capMs;
    int m_failures = 0;
};

} // namespace pulsedeck
