// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/textplaces.h"

namespace pulsedeck {

QRect TextPlaces::place(const QRect &room, int width, int letters)
{
    QRect wanted(room.left(), room.center().y() - letters / 2, width, letters);
    for (bool moved = true; moved;) {
        if (width <= 0 || wanted.right() > room.right())
            return {};
        moved = false;
        for (const QRect &taken : m_taken) {
            if (wanted.adjusted(-apart, 0, apart, 0).intersects(taken)) {
                wanted.moveLeft(taken.right() + apart + 1);
                moved = true;
            }
        }
    }
    m_taken.push_back(wanted);
    return wanted;
}

} // namespace pulsedeck
