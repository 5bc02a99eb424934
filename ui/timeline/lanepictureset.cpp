// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanepictureset.h"

namespace pulsedeck {

void LanePictureSet::add(const SharedLanePicture &picture)
{
    if (!m_exact || picture->token >= m_exact->token)
        m_exact = picture;
    if (picture->whole) {
        // Until it is known who was late, what was known of it before holds.
        if (picture->last || !m_whole)
            m_whole = picture;
        else
            m_rows = picture;
    }
    if (picture->whole && picture->last)
        m_rows.reset();
}

const LaneGeometry *LanePictureSet::geometryOf(const LaneRow &row) const
{
    for (const SharedLanePicture *picture : {&m_exact, &m_whole}) {
        if (!*picture)
            continue;
        const auto found = (*picture)->lanes.constFind(row.key());
        if (found != (*picture)->lanes.constEnd())
            return &*found;
    }
    return nullptr;
}

const FoldedLanes *LanePictureSet::foldOf(const LaneRow &row) const
{
    for (const SharedLanePicture *picture : {&m_rows, &m_whole}) {
        if (!*picture)
            continue;
        const auto found = (*picture)->rows.constFind(row.key());
        if (found != (*picture)->rows.constEnd())
            return &*found;
    }
    return nullptr;
}

const FoldedLanes *LanePictureSet::foldNear(const LaneRow &row) const
{
    if (const FoldedLanes *exact = foldOf(row); exact || row.place() == 0)
        return exact;
    for (const SharedLanePicture *picture : {&m_rows, &m_whole}) {
        if (!*picture)
            continue;
        const auto key = (*picture)->keyAt.constFind(row.place());
        const auto found = key == (*picture)->keyAt.constEnd() ? (*picture)->rows.constEnd() : (*picture)->rows.constFind(*key);
        if (found != (*picture)->rows.constEnd())
            return &*found;
    }
    return nullptr;
}

} // namespace pulsedeck
