// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"

#include <atomic>
#include <ctime>

namespace pulsedeck {

/// The machine's clocks. The console's scale begins at the wall clock and is carried on by CLOCK_BOOTTIME, which cannot be set
/// and which counts while the machine sleeps: what was open for five minutes is over after a night. Callable from any thread.
class SystemClock final : public Clock
{
public:
    static constexpr qint64 wallSlackMs = 20;

    /// What is watched asks several times a second, on each thread: the time is not asked for so long only where the process does
    /// not run, as it was stopped (SIGSTOP, Ctrl+Z, a frozen container).
    static constexpr qint64 stoppedFromMs = 10'000;

    qint64 nowMs() const override
    {
        const qint64 now = read(steady);
        noteRun(read(CLOCK_MONOTONIC));
        return m_wallAtStart + (now - m_steadyAtStart);
    }

    /// Follows the wall clock as soon as it is off by wallSlackMs: less is the reading of two clocks, and would make times that
    /// belong together differ.
    qint64 wallOffsetMs() const override
    {
        const qint64 measured = difference(CLOCK_REALTIME, steady) - (m_wallAtStart - m_steadyAtStart);
        const qint64 known = m_wallOffset.load(std::memory_order_relaxed);
        if (qAbs(measured - known) < wallSlackMs)
            return known;
        m_wallOffset.store(measured, std::memory_order_relaxed);
        return measured;
    }

    /// A process that was stopped has missed as much as on a machine that slept.
    qint64 sleptMs() const override
    {
        noteRun(read(CLOCK_MONOTONIC));
        return qMax<qint64>(0, difference(steady, CLOCK_MONOTONIC) - m_sleptAtStart) + m_stopped.load(std::memory_order_relaxed);
    }

private:
#ifdef CLOCK_BOOTTIME
    static constexpr clockid_t steady = CLOCK_BOOTTIME;
#else
    static constexpr clockid_t steady = CLOCK_MONOTONIC; // Elsewhere it counts sleep, or does not exist.
#endif

    static qint64 read(clockid_t id)
    {
        timespec time = {};
        ::clock_gettime(id, &time);
        return qint64(time.tv_sec) * 1'000 + time.tv_nsec / 1'000'000;
    }

    void noteRun(qint64 now) const
    {
        const qint64 before = m_ranAt.exchange(now, std::memory_order_relaxed);
        if (now - before >= stoppedFromMs)
            m_stopped.fetch_add(now - before, std::memory_order_relaxed);
    }

    /// \a first minus \a second, read as closely together as the scheduler lets us.
    static qint64 difference(clockid_t first, clockid_t second)
    {
        constexpr int tries = 8;
        qint64 result = 0;
        for (int i = 0; i < tries; ++i) {
            const qint64 before = read(second);
            const qint64 value = read(first);
            const qint64 after = read(second);
            result = value - after;
            if (after - before <= 1)
                break;
        }
        return result;
    }

    qint64 m_wallAtStart = read(CLOCK_REALTIME);
    qint64 m_steadyAtStart = read(steady);
    qint64 m_sleptAtStart = difference(steady, CLOCK_MONOTONIC);
    mutable std::atomic<qint64> m_wallOffset = 0;
    mutable std::atomic<qint64> m_ranAt = read(CLOCK_MONOTONIC); ///< When the time was asked for last.
    mutable std::atomic<qint64> m_stopped = 0; ///< For how long the process did not run, in all.
};

} // namespace pulsedeck
