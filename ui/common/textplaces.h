// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>

#include <vector>

namespace pulsedeck {

/// Finds a place for each of several texts that are painted into one small room, so that none stands upon another or upon a mark.
/// What finds no place is left out. In pixels of one painter. GUI thread.
class TextPlaces
{
public:
    static constexpr int apart = 4; ///< Pixels that stay free between two texts of one line.

    /// For the next room; its memory is kept.
    void clear() { m_taken.clear(); }
    /// No text may stand here.
    void take(const QRect &rect) { m_taken.push_back(rect); }
    /// The first place from the left in \a room for a text so wide, in the middle of its height, where its letters are so high;
    /// it is taken. Null if there is none.
    QRect place(const QRect &room, int width, int letters);
    /// The place for \a wanted that is nearest to it straight above or below, between \a top and \a bottom and no more than
    /// \a farthest pixels away; it is taken. Null if there is none.
    QRect placeUpright(const QRect &wanted, int top, int bottom, int farthest);
    const std::vector<QRect> &taken() const { return m_taken; }

private:
    std::vector<QRect> m_taken;
};

} // namespace pulsedeck
