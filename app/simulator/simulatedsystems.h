// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <memory>

namespace pulsedeck {
class Clock;
}

namespace pulsedeck::fleet {

class SystemFleet;
struct FleetOptions;

/// What --layout takes, except for "playwright", which is a FleetSimulator.
QStringList simulatedSystems();

/// The fleet of options.layout; null for a name that is none of simulatedSystems().
std::unique_ptr<SystemFleet> makeSystemFleet(const FleetOptions &options, const Clock &clock);

} // namespace pulsedeck::fleet
