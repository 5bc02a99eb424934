// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/history/lanebook.h"
#include "models/history/segmentblock.h"

#include <QMutex>

#include <memory>
#include <vector>

namespace pulsedeck {

/// What the writing and the reading thread of a history have in common: what is not on the disk yet. Everything behind the mutex.
struct HistoryShared
{
    mutable QMutex mutex;
    LaneBook book;
    LaneStates states; ///< Now.
    /// Not sealed yet, in the order they were begun; the last is being recorded, the others do not change any more.
    std::vector<std::shared_ptr<OpenSegment>> open;
    HistoryRun run; ///< Being recorded, by this process or another; id 0 for none.
    std::vector<std::pair<qint64, qint64>> unreadable; ///< Spans that were found damaged.
};

} // namespace pulsedeck
