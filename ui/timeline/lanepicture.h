// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"
#include "ui/timeline/lanemirror.h"
#include "ui/timeline/lanestory.h"

#include <QHash>
#include <QMetaType>

#include <memory>

namespace pulsedeck {

/// Which lanes of an order make one row.
struct LaneRange
{
    quint64 key = 0; ///< LaneRow::key().
    quint32 first = 0;
    quint32 count = 0;
    quint64 place = 0; ///< LaneRow::place().
};

/// What is known of a lane by two that know it: a history, and the store beyond it. They are joined where it is laid out, as a
/// day of beats takes its time. A value.
struct KnownLane
{
    quint64 key = 0; ///< LaneRow::key().
    LaneStory story; ///< The store's; nothing for a lane that only the history has.
    std::shared_ptr<const LaneStory> before; ///< The history's; null for none.
    qint64 seam = 0; ///< From here on the store's counts; 0: only the history's.

    LaneStory whole() const
    {
        if (!before)
            return story;
        return seam == 0 ? *before : joined(*before, story, seam);
    }
};

/// What the page wants to have laid out. A value, moved to the thread that does it.
struct LaneAsk
{
    quint64 token = 0;
    qint64 now = 0;
    qint64 from = 0;
    qint64 to = 0;
    double msPerPixel = 1;
    std::vector<KnownLane> stories; ///< Rows that are one lane.
    std::shared_ptr<const std::vector<WorkerHandle>> order;
    std::vector<LaneRange> ranges; ///< Rows that stand for many lanes.
    bool alone = false; ///< Single lanes alone: no pass over all lanes.
    std::shared_ptr<const FoldAnswer>
        past; ///< The same rows as a history has them, for what is older than the store; may be null.
};

/// What came of it. Shared, and never changed after it was made.
struct LanePicture
{
    quint64 token = 0;
    bool whole = false; ///< With rows of many lanes; else only single lanes.
    bool last = false; ///< Nothing follows it: with who was late, if it is whole.
    qint64 now = 0; ///< What it knows ends here.
    qint64 from = 0;
    qint64 to = 0;
    double msPerPixel = 1;
    QHash<quint64, LaneGeometry> lanes;
    QHash<quint64, FoldedLanes> rows;
    QHash<quint64, quint64> keyAt; ///< Of rows, by LaneRow::place().
    std::vector<LateLane> late;
    std::vector<int> there; ///< Lanes by source.
    qint64 completeFrom = 0; ///< From here on the store knows all lanes; before, rows of many lanes are the history's.
    std::vector<SourcePause> pauses;
};
using SharedLanePicture = std::shared_ptr<const LanePicture>;

/// The whole time that is known, coarsely.
struct LaneOverview
{
    qint64 from = 0;
    qint64 bucketMs = 1;
    std::vector<quint32> beats; ///< In each bucket.
    std::vector<quint32> late; ///< Times a lane became late in it; those that became lost included.
    std::vector<quint32> lost;
    qint64 earliest = 0; ///< The first beat of all; 0: there is none.
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::SharedLanePicture)
Q_DECLARE_METATYPE(pulsedeck::LaneOverview)
