// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/systemclock.h"

namespace pulsedeck {

/// The true time, which a test can put forward: ten silent seconds pass at once.
class HubClock final : public Clock
{
public:
    qint64 nowMs() const override { return m_clock.nowMs() + m_ahead; }
    void step(qint64 ms) { m_ahead += ms; }

private:
    SystemClock m_clock;
    qint64 m_ahead = 0;
};

} // namespace pulsedeck
