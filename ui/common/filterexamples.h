// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

class FleetStore;

/// What stands in an empty filter field: terms that can match here, with a system and a queue that are there. They are the
/// filter's own words, which are not translated. Cheap enough for each publish. GUI thread.
QString fleetFilterExample(const FleetStore &store);
/// The same for queues.
QString queueFilterExample(const FleetStore &store);

} // namespace pulsedeck
