// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

class QMenu;

namespace pulsedeck {

class FleetPage;
class WorkerActs;

/// Fills the context menu of the fleet table: details, acts on the selected workers, copying, and filters.
/// \a acts is null where nothing can be commanded; \a current is the worker last moved to, or noWorker.
void fillFleetMenu(QMenu &menu, FleetPage &page, WorkerActs *acts, WorkerHandle current);

} // namespace pulsedeck
