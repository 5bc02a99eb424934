// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"

namespace pulsedeck {

/// Reports to its owner once each time the machine slept. On the thread of its owner; asking costs the reading of a clock.
class SleepGauge
{
public:
    static constexpr qint64 atLeastMs = 1'000; ///< Shorter ones are nothing a worker or a person would notice.

    explicit SleepGauge(const Clock &clock)
        : m_clock(clock)
        , m_known(clock.sleptMs())
    { }

    /// For how long the machine slept since it was asked last; 0 if it did not.
    qint64 take()
    {
        const qint64 slept = m_clock.sleptMs() - m_known;
        if (slept < atLeastMs)
            return 0;
        m_known += slept;
        return slept;
    }

private:
    const Clock &m_clock;
    qint64 m_known;
};

} // namespace pulsedeck
