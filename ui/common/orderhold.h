// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace pulsedeck {

/// Whether the order of the fleet table waits: while a hand is at work, a menu is open or an act is being prepared, and
/// never for a pointer that rests or for a selection. Times are the view's clock in Unix milliseconds. Pure except for
/// its memory.
class OrderHold
{
public:
    static constexpr qint64 handMs = 3'000; ///< So long after a movement or a key the user may be about to click.

    /// The pointer moved over the list, or a key was pressed there.
    void noteHand(qint64 now)
    {
        m_handAt = now;
        m_released = false;
    }
    void menuOpened() { ++m_menus; }
    void menuClosed() { --m_menus; }
    bool isMenuOpen() const { return m_menus > 0; }
    /// A question about an act stands open.
    void setPreparing(bool preparing) { m_preparing = preparing; }
    /// The operator releases the order, until a hand moves again.
    void release() { m_released = true; }

    bool isHeld(qint64 now) const
    {
        // A clock that was set back makes no hold that lasts.
        const bool hand = m_handAt != 0 && now >= m_handAt && now - m_handAt < handMs;
        return !m_released && (hand || m_menus > 0 || m_preparing);
    }

private:
    qint64 m_handAt = 0;
    int m_menus = 0;
    bool m_preparing = false;
    bool m_released = false;
};

} // namespace pulsedeck
