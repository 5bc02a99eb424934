// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/rollingplan.h"
#include "models/fleet/fleetstore.h"

#include <map>
#include <tuple>
#include <vector>

namespace pulsedeck {

/// Whether it takes new sessions, as far as can be known: alive, available, and not draining unseen. A worker of a system of jobs
/// that is busy counts, too: it takes the next job when it is done.
bool takesSessions(const Worker &worker);

/// Whether it is not known if it takes any: it lives, and says so only when it is asked. It counts as available nowhere, and in a
/// floor as one that may be.
bool mayTakeSessions(const Worker &worker);

/// Whose capacity is counted together: its source, its type, and whether it hangs under another worker. Those below others, as
/// supervisors below their masters, are not counted among these.
using CapacityKey = std::tuple<SourceId, quint16, bool>;
CapacityKey capacityKeyOf(const Worker &worker);

/// Who takes sessions, and who is new: one pass over the store, for rolling shutdowns. A value; GUI thread.
class RollingSurvey
{
public:
    struct Newcomer
    {
        RollingView::Newcomer view;
        bool watched = false; ///< Seen registering; otherwise its age rests on its own clock.
    };

    /// \a leaving are not counted; \a since: workers that registered later are newcomers. With \a byOwnClock that includes
    /// those that were there when the console connected and report a later start.
    RollingSurvey(const FleetStore &store, const std::vector<WorkerHandle> &leaving, qint64 since, bool byOwnClock);

    std::vector<RollingView::Capacity> capacity() const;
    const std::vector<Newcomer> &newcomers() const { return m_newcomers; }
    RollingView::Presence presence(WorkerHandle handle) const;
    /// It leaves from now on.
    void remove(WorkerHandle handle);

private:
    const FleetStore *m_store;
    std::vector<bool> m_counted; ///< By handle.
    std::map<CapacityKey, int> m_available;
    std::map<CapacityKey, int> m_unknown; ///< Of which it is not known whether they take any.
    std::vector<Newcomer> m_newcomers;
};

} // namespace pulsedeck
