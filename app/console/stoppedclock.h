// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"

#include <atomic>

namespace pulsedeck {

/// Stands where it is set: for a window that shows a file, whose now is the end of that file. Callable from any thread.
class StoppedClock final : public Clock
{
public:
    explicit StoppedClock(qint64 now)
        : m_now(now)
    { }

    qint64 nowMs() const override { return m_now.load(std::memory_order_relaxed); }
    void set(qint64 now) { m_now.store(now, std::memory_order_relaxed); }

private:
    std::atomic<qint64> m_now;
};

} // namespace pulsedeck
