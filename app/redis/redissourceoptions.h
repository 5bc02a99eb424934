// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/dialectregistry.h"
#include "app/redis/redisconnection.h"
#include "models/layouts/layout.h"
#include "models/protocol/timingprofile.h"

namespace pulsedeck {

struct RedisSourceOptions
{
    RedisConnectionOptions connection;
    /// In force unless the source has a shared record of its own.
    TimingProfile timing = TimingProfile::assumedDocument();
    std::vector<DialectMaker> dialects = registeredDialects(); ///< The systems whose workers are looked for.
    /// Systems that are looked for when the connection is made, and joined if they are there. None: only the dialects above.
    std::vector<Layout> layouts;
    bool push = true; ///< False: never ask for tracking, always sweep.
    int collectMs = 50; ///< Announcements are collected for so long, then their keys are read in one pipeline.
    int sweepMs = 2'000; ///< Cadence at which known workers are read where push is refused; longer for fleets above 20,000.
    int reconcileMs = 60'000; ///< With push: how often the keys are counted again all the same.
    int stallMs = 2'000; ///< A request unanswered for so long makes the source Stalled.
    int pushWaitMs = 1'500; ///< How long the first view waits for the second connection.
    int pushAgainMs = 15'000; ///< After trust in push ended it is tried again; doubles each time, up to ten minutes.
    int reregisterMs =
        30'000; ///< A server that lost its keys: workers are awaited for so long, or for three heartbeats if that is more.
};

} // namespace pulsedeck
