// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/clockwatch.h"

namespace pulsedeck {

ClockWatch::ClockWatch(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_sleep(clock)
    , m_offset(clock.wallOffsetMs())
{ }

void ClockWatch::look()
{
    if (const qint64 ms = m_sleep.take(); ms > 0)
        emit slept(ms);
    const qint64 setBy = m_clock.wallOffsetMs() - m_offset;
    if (qAbs(setBy) >= setAtLeastMs) {
        m_offset += setBy;
        emit wallSet(setBy);
    }
}

} // namespace pulsedeck
