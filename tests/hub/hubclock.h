// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sources/systemclock.h"

namespace pulsedeck {

/// The true time, which a test can put forward: ten silent seconds pass at once.
class HubClock final : public Clock
{
public:
    qint64 nowMs() const override { return m_clock.nowMs() + m_ahead; }
    qint64 sleptMs() const override { return m_slept; }
    void step(qint64 ms) { m_ahead += ms; }
    /// The machine sleeps: time goes on, and no process runs.
    void sleep(qint64 ms)
    {
        m_ahead += ms;
        m_slept += ms;
    }

private:
    SystemClock m_clock;
    qint64 m_ahead = 0;
    qint64 m_slept = 0;
};

} // namespace pulsedeck
