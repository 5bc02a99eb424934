// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"

namespace pulsedeck {

/// A clock that stands still until a test steps it.
class StepClock final : public Clock
{
public:
    explicit StepClock(qint64 startMs = 1'800'000'000'000) : m_now(startMs) {}
    qint64 nowMs() const override { return m_now; }
    void step(qint64 ms) { m_now += ms; }

private:
    qint64 m_now;
};

} // namespace pulsedeck
