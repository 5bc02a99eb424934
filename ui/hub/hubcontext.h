// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pulsedeck {

class Clock;
class FleetStore;
class HubStore;
class SourceListModel;
class WriteAccess;

/// What all parts of the hub panel look at. Outlives them.
struct HubContext
{
    HubStore &hubs;
    FleetStore &store;
    const SourceListModel &sources;
    WriteAccess &access;
    const Clock &clock;
};

} // namespace pulsedeck
