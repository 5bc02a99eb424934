// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/textplaces.h"

#include <algorithm>

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

QRect TextPlaces::placeUpright(const QRect &wanted, int top, int bottom, int farthest)
{
    const auto isFree = [this](const QRect &place) {
        const QRect around = place.adjusted(-apart, 0, apart, 0);
        return std::none_of(m_taken.begin(), m_taken.end(), [&around](const QRect &other) { return around.intersects(other); });
    };
    QRect best;
    const auto consider = [&](int y) {
        const int away = qAbs(y - wanted.top());
        const QRect place(QPoint(wanted.left(), y), wanted.size());
        if (place.top() >= top && place.bottom() <= bottom && away <= farthest
            && (best.isNull() || away < qAbs(best.top() - wanted.top())) && isFree(place))
            best = place;
    };
    consider(qMax(top, qMin(wanted.top(), bottom + 1 - wanted.height())));
    for (const QRect &other : m_taken) {
        consider(other.top() - wanted.height());
        consider(other.bottom() + 1);
    }
    if (!best.isNull())
        m_taken.push_back(best);
    return best;
}

} // namespace pulsedeck
