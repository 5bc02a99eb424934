// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/commandactions.h"

class QMenu;

namespace pulsedeck {

/// Adds the acts offered for these workers to \a menu, those that are not possible disabled with the reason as their tool tip.
/// While writing is locked the way to unlock stands on top. \a keys: the window's keys do the same, and are shown.
void fillCommandMenu(QMenu &menu, CommandActions &actions, const std::vector<WorkerHandle> &workers, bool withUnlock,
                     bool keys = true);
/// A submenu "All 412 that match the filter" with the same acts for \a matching, filled when it opens. It acts on those
/// it counts.
QMenu *addMatchingMenu(QMenu &menu, CommandActions &actions, const MatchingWorkers &matching);
/// Adds the acts on a whole fleet that any system of \a source, or of all sources for 0, offers; false if there are none.
bool addFleetActs(QMenu &menu, CommandActions &actions, SourceId source = 0);

} // namespace pulsedeck
