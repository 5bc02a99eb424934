// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"

#include <atomic>

namespace pulsedeck {

/// The machine's clocks. The console's scale begins at the wall clock and is carried on by CLOCK_BOOTTIME, which nobody sets and
/// which counts while the machine sleeps: what was open for five minutes is over after a night. Callable from any thread.
class SystemClock final : public Clock
{
public:
    SystemClock();

    qint64 nowMs() const override;
    /// Follows the wall clock as soon as it is off by wallSlackMs: less is the reading of two clocks, and would make times that
    /// belong together differ.
    qint64 wallOffsetMs() const override;
    qint64 sleptMs() const override;

    static constexpr qint64 wallSlackMs = 20;

private:
    qint64 m_wallAtStart;
    qint64 m_bootAtStart;
    qint64 m_sleptAtStart;
    mutable std::atomic<qint64> m_wallOffset = 0;
};

} // namespace pulsedeck
