// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"

#include <atomic>

namespace pulsedeck {

/// Stands where it is set: at a moment of the past that is shown, or at the end of a file.
class StoppedClock final : public Clock
{
public:
    /// \a scale: the clock on whose scale it is, which outlives this; null: the machine's.
    explicit StoppedClock(qint64 now, const Clock *scale = nullptr)
        : m_now(now)
        , m_scale(scale)
    { }

    qint64 nowMs() const override { return m_now.load(std::memory_order_relaxed); }
    qint64 wallOffsetMs() const override { return m_scale ? m_scale->wallOffsetMs() : 0; }
    bool isStopped() const override { return true; }
    void set(qint64 now) { m_now.store(now, std::memory_order_relaxed); }

private:
    std::atomic<qint64> m_now;
    const Clock *m_scale;
};

} // namespace pulsedeck
