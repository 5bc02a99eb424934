// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <functional>

namespace pulsedeck::bench {

/// Stands still but where it is set.
class SetClock final : public Clock
{
public:
    static constexpr qint64 startMs = 1'800'000'000'000;

    qint64 nowMs() const override { return now; }
    qint64 now = startMs;
};

/// Steady lanes with some jitter, a beat every ten seconds from SetClock::startMs on; every thousandth beat does not come. The
/// clock ends at the last one. \a after is called after each round of beats.
void fillLanes(FleetStore &store, SetClock &clock, int lanes, int beats, const std::function<void()> &after = {});

} // namespace pulsedeck::bench
