// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"
#include "ui/timeline/lanegeometry.h"

#include <QHash>

namespace pulsedeck {

/// What the store remembers of the events of the workers whose lanes are told: one pass over all events for those that come into
/// sight, and after it only over what is new. Session changes are not among them. What the store dropped goes here too. GUI
/// thread.
class LaneEvents
{
public:
    static constexpr qsizetype mostFollowed = 4'000; ///< Beyond it only those that were asked for last are followed on.

    explicit LaneEvents(const FleetStore &store)
        : m_store(store)
    { }
    /// From now on of() has the events of these, too, and of all whatever came until now.
    void follow(const std::vector<quint32> &serials);
    /// Of one that is followed, as of the last follow(); oldest first.
    const std::vector<FleetEvent> &of(quint32 serial) const;

private:
    using Lists = QHash<quint32, std::vector<FleetEvent>>; ///< By Worker::serial.
    void collect(Lists &lists, quint64 from);

    const FleetStore &m_store;
    Lists m_events;
    quint64 m_taken = 0; ///< FleetEvents::appended() as of the last follow().
    size_t m_kept = 0; ///< In all lists.
};

/// What the store knows of a worker: its last beats, and \a events, oldest first. GUI thread.
LaneStory storyOf(const FleetStore &store, WorkerHandle handle, const std::vector<FleetEvent> &events);
/// What a history has of a lane up to \a to. \a watched: it recorded at \a from already, so a lane that appears later was seen to
/// begin. Any thread.
LaneStory storyOf(const LaneTrack &track, qint64 from, qint64 to, bool watched);
/// A row of a history's fold, as rows of many lanes are painted: of so many lanes, the share that missed its beats is late.
FoldedLanes foldedRow(const FoldAnswer &answer, int row, quint32 lanes);
/// \a earlier until \a at, \a later from then on: what was recorded, and what the store has beyond it.
LaneStory joined(LaneStory earlier, const LaneStory &later, qint64 at);

} // namespace pulsedeck
