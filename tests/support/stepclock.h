// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"

namespace pulsedeck {

/// A clock that stands still until a test steps it.
class StepClock final : public Clock
{
public:
    explicit StepClock(qint64 startMs = 1'800'000'000'000)
        : m_now(startMs)
    { }
    qint64 nowMs() const override { return m_now; }
    qint64 wallOffsetMs() const override { return m_wallOffset; }
    qint64 sleptMs() const override { return m_slept; }
    void step(qint64 ms) { m_now += ms; }
    /// The machine sleeps: time goes on, and no process runs.
    void sleep(qint64 ms)
    {
        m_now += ms;
        m_slept += ms;
    }
    /// The machine's clock is set ahead, or back.
    void setWall(qint64 aheadMs) { m_wallOffset += aheadMs; }

private:
    qint64 m_now;
    qint64 m_wallOffset = 0;
    qint64 m_slept = 0;
};

} // namespace pulsedeck
