// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <vector>

namespace pulsedeck {

/// All workers that have not ended, each once where two sources show it.
std::vector<WorkerHandle> presentWorkers(const FleetStore &store);
/// By source, then by id.
void sortById(const FleetStore &store, std::vector<WorkerHandle> *workers);

/// Which workers of a store a command line means. Pure.
struct WorkerChoice
{
    std::vector<WorkerHandle> workers; ///< Each once; by source and id if chosen by a filter, else as named.
    std::vector<WorkerHandle> undecided; ///< Of a filter: whether they match rests on an age that is not proven.
    QStringList missing; ///< Names no worker has.
    QString problem; ///< A name that several have, in one sentence; nothing may be done then.

    /// Each name is an id ("chromium:<uuid>"), an id without its type, an actor's address with or without its @( ), or
    /// a beginning of one of these that only one worker has. A whole id counts before a beginning.
    static WorkerChoice named(const FleetStore &store, const QStringList &names);
    /// Those that match the filter; departed ones are left out.
    static WorkerChoice matching(const FleetStore &store, const QString &filter);
};

} // namespace pulsedeck
