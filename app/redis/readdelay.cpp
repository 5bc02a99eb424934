// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/readdelay.h"

#include <utility>

namespace pulsedeck {

ReadDelay::ReadDelay(QObject *parent)
    : QObject(parent)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_due = true;
        emit due();
    });
}

void ReadDelay::setLength(int ms)
{
    m_lengthMs = ms;
    reset();
}

bool ReadDelay::holdsBack(qint64 now)
{
    if (m_lengthMs == 0 || std::exchange(m_due, false))
        return false;
    if (!m_timer.isActive()) {
        m_timer.start(m_lengthMs);
        m_heldSince = now;
        m_given = 0;
    }
    return true;
}

void ReadDelay::noteRead(bool amid)
{
    if (m_due && amid)
        return; // The first byte alone was there; the rest is read next, however late the thread is.
    m_due = false;
    m_heldSince = 0;
}

qint64 ReadDelay::heldMs(qint64 now) const
{
    if (m_heldSince == 0)
        return 0;
    const qint64 held = (now - m_heldSince) / 1000;
    return m_given <= 1 ? held : held / 2;
}

void ReadDelay::reset()
{
    m_timer.stop();
    m_due = false;
    m_heldSince = 0;
}

} // namespace pulsedeck
