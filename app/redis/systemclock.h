// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"

#include <chrono>

namespace pulsedeck {

/// The machine's clock, read once at the start and then carried on by the steady clock, so that a correction of the
/// system's time never shows as a jump in a timeline. Callable from any thread.
class SystemClock final : public Clock
{
public:
    qint64 nowMs() const override
    {
        using namespace std::chrono;
        return m_wallAtStart + duration_cast<milliseconds>(steady_clock::now() - m_start).count();
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    qint64 m_wallAtStart
        = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
};

} // namespace pulsedeck
