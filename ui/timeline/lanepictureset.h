// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/lanelist.h"
#include "ui/timeline/lanepicture.h"

namespace pulsedeck {

/// The newest pictures of the lanes, of which each may know a part: what is shown of a row is the newest that has it. GUI thread.
class LanePictureSet
{
public:
    void add(const SharedLanePicture &picture);
    /// The newest with everything; null before the first.
    const SharedLanePicture &whole() const { return m_whole; }
    /// For what a lane's row shows now; null before the first answer.
    const LaneGeometry *geometryOf(const LaneRow &row) const;
    const FoldedLanes *foldOf(const LaneRow &row) const;
    /// The same to be painted until there is one: for a fold, what its neighbours showed at its place. In a large fleet workers
    /// come, go and change their group all the time, and each of them moves all folds behind it.
    const FoldedLanes *foldNear(const LaneRow &row) const;

private:
    SharedLanePicture m_exact; ///< The newest for single lanes.
    SharedLanePicture m_whole;
    SharedLanePicture m_rows; ///< A newer one for rows of many lanes; null for none.
};

} // namespace pulsedeck
