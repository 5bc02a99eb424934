// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetgroups.h"

#include <set>

namespace pulsedeck {

/// What the headings of the fleet table count: the workers that belong to them now, also while the order is held. Workers that
/// go, come or get worse are counted at once where they belong. A gone worker that still keeps its place is counted apart in
/// the heading above it. On the thread of its store.
class HeadingCounts
{
public:
    HeadingCounts(const FleetStore &store, FleetGroups &groups)
        : m_store(store)
        , m_groups(groups)
    { }

    /// \a matches: it passes the filter.
    void recount(WorkerHandle handle, bool matches, qint64 now);
    /// Its handle is free for another worker.
    void uncount(WorkerHandle handle);
    /// As recount() for all of them; \a fresh, by handle, is where each would stand now, and so says who matches. Looks at
    /// hardly any worker: 100,000 of them are far apart in memory.
    void recountAll(const std::vector<FleetGroups::Place> &fresh);

    /// Workers that match the filter, in collapsed groups too.
    int matches() const { return m_matches; }
    bool anyGone() const { return !m_goneRows.empty(); }
    /// A gone worker kept its place when it was counted, and time alone will move it.
    bool goneWaits() const { return m_goneWaits; }
    /// Those that have kept their place for their time at \a now, but for \a kept.
    std::vector<WorkerHandle> goneLongAgo(qint64 now, WorkerHandle kept);
    /// It does not keep its place any longer.
    void letGo(WorkerHandle handle) { m_goneRows.erase(handle); }

private:
    /// How a worker is counted: as it is now, while its place is as of the last ordering.
    struct Counted
    {
        qint32 group = -1; ///< -1: in no heading.
        qint8 part = 0;
        bool matches = false;
        bool child = false; ///< Counted by its word only, and only if it needs attention.
        bool gone = false; ///< Departed, and still where it stood.
        bool operator==(const Counted &) const = default;
    };

    Counted countedAt(WorkerHandle handle, FleetGroups::Place place) const;
    void count(const Counted &counted, int sign);

    const FleetStore &m_store;
    FleetGroups &m_groups;
    std::vector<Counted> m_counted; ///< By handle, as of the last publish.
    std::set<WorkerHandle> m_goneRows; ///< Departed, still where they stood, and counted as gone there.
    int m_matches = 0;
    bool m_goneWaits = false;
};

} // namespace pulsedeck
