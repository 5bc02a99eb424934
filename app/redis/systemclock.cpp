// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/systemclock.h"

#include <ctime>

namespace pulsedeck {

namespace {

#ifdef CLOCK_BOOTTIME
constexpr clockid_t steadyClock = CLOCK_BOOTTIME;
#else
constexpr clockid_t steadyClock = CLOCK_MONOTONIC; // Elsewhere it counts sleep, or nobody knows of it.
#endif

qint64 read(clockid_t id)
{
    timespec time = {};
    ::clock_gettime(id, &time);
    return qint64(time.tv_sec) * 1'000 + time.tv_nsec / 1'000'000;
}

/// \a first minus \a second, read as closely together as the scheduler lets us.
qint64 difference(clockid_t first, clockid_t second)
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

} // namespace

SystemClock::SystemClock()
    : m_wallAtStart(read(CLOCK_REALTIME)), m_bootAtStart(read(steadyClock)), m_sleptAtStart(difference(steadyClock, CLOCK_MONOTONIC))
{
}

qint64 SystemClock::nowMs() const
{
    return m_wallAtStart + (read(steadyClock) - m_bootAtStart);
}

qint64 SystemClock::wallOffsetMs() const
{
    const qint64 measured = difference(CLOCK_REALTIME, steadyClock) - (m_wallAtStart - m_bootAtStart);
    const qint64 known = m_wallOffset.load(std::memory_order_relaxed);
    if (qAbs(measured - known) < wallSlackMs)
        return known;
    m_wallOffset.store(measured, std::memory_order_relaxed);
    return measured;
}

qint64 SystemClock::sleptMs() const
{
    return qMax<qint64>(0, difference(steadyClock, CLOCK_MONOTONIC) - m_sleptAtStart);
}

} // namespace pulsedeck
