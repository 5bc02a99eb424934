// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <cmath>

namespace pulsedeck {

/// So many a second on average and so many at once. Full at the start. Times are milliseconds of any clock that never
/// runs backwards. A value.
class TokenBucket
{
public:
    TokenBucket(double perSecond, double burst)
        : m_perMs(std::max(0.001, perSecond) / 1000.0)
        , m_burst(std::max(1.0, burst))
        , m_tokens(m_burst)
    { }

    /// False if there are not so many; then none is taken. Never more than the burst at once.
    bool take(qint64 nowMs, double amount = 1.0)
    {
        fill(nowMs);
        if (m_tokens < amount)
            return false;
        m_tokens -= amount;
        return true;
    }
    /// Milliseconds until one can be taken; 0 for now.
    qint64 waitMs(qint64 nowMs)
    {
        fill(nowMs);
        return m_tokens >= 1.0 ? 0 : qint64(std::ceil((1.0 - m_tokens) / m_perMs));
    }
    double available(qint64 nowMs)
    {
        fill(nowMs);
        return m_tokens;
    }
    double burst() const { return m_burst; }
    void empty(qint64 nowMs)
    {
        fill(nowMs);
        m_tokens = 0;
    }
    void refill() { m_tokens = m_burst; }

private:
    void fill(qint64 nowMs)
    {
        if (m_filledAt >= 0 && nowMs > m_filledAt)
            m_tokens = std::min(m_burst, m_tokens + double(nowMs - m_filledAt) * m_perMs);
        m_filledAt = std::max(m_filledAt, nowMs);
    }

    double m_perMs;
    double m_burst;
    double m_tokens;
    qint64 m_filledAt = -1;
};

} // namespace pulsedeck
