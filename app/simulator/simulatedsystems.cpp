// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/simulatedsystems.h"

#include "app/simulator/arqworkers.h"
#include "app/simulator/asynqfleet.h"
#include "app/simulator/bullfleet.h"
#include "app/simulator/celeryfleet.h"
#include "app/simulator/dramatiqfleet.h"
#include "app/simulator/fleetoptions.h"
#include "app/simulator/gocraftfleet.h"
#include "app/simulator/hangfirefleet.h"
#include "app/simulator/horizonfleet.h"
#include "app/simulator/lockfleet.h"
#include "app/simulator/patternfleet.h"
#include "app/simulator/resquefleet.h"
#include "app/simulator/rqfleet.h"
#include "app/simulator/saqfleet.h"
#include "app/simulator/sidekiqfleet.h"
#include "app/simulator/streamfleet.h"

#include <array>

namespace pulsedeck::fleet {

namespace {

template <typename Fleet> std::unique_ptr<SystemFleet> makeOne(const FleetOptions &options, const Clock &clock)
{
    return std::make_unique<Fleet>(options, clock);
}

QStringList usualQueues()
{
    return {QStringLiteral("default"), QStringLiteral("mailers")};
}

QStringList arqQueue()
{
    return {QStringLiteral("arq:queue")};
}

QStringList celeryQueues()
{
    return {QStringLiteral("celery"), QStringLiteral("mailers")};
}

QStringList streamNames()
{
    return {QStringLiteral("stream:orders"), QStringLiteral("stream:mails")};
}

struct SystemRow
{
    const char *name;
    QStringList (*queues)(); ///< Where none are named.
    std::unique_ptr<SystemFleet> (*make)(const FleetOptions &options, const Clock &clock);
};

constexpr auto systemRows = std::to_array<SystemRow>({
    {"sidekiq", usualQueues, makeOne<SidekiqFleet>},
    {"rq", usualQueues, makeOne<RqFleet>},
    {"celery", celeryQueues, makeOne<CeleryFleet>},
    {"resque", usualQueues, makeOne<ResqueFleet>},
    {"horizon", usualQueues, makeOne<HorizonFleet>},
    {"asynq", usualQueues, makeOne<AsynqFleet>},
    {"bullmq", usualQueues, makeOne<BullFleet>},
    {"bull", usualQueues, makeOne<BullFleet>},
    {"gocraft", usualQueues, makeOne<GocraftFleet>},
    {"hangfire", usualQueues, makeOne<HangfireFleet>},
    {"arq", arqQueue, makeOne<ArqWorkers>},
    {"saq", usualQueues, makeOne<SaqFleet>},
    {"dramatiq", usualQueues, makeOne<DramatiqFleet>},
    {"streams", streamNames, makeOne<StreamFleet>},
    {"resque-scheduler", usualQueues, makeOne<LockFleet>},
    {"redbeat", usualQueues, makeOne<LockFleet>},
    {"lock-holder", usualQueues, makeOne<LockFleet>},
    {"last-seen", usualQueues, makeOne<PatternFleet>},
    {"expiry-set", usualQueues, makeOne<PatternFleet>},
    {"heartbeat-keys", usualQueues, makeOne<PatternFleet>},
    {"worker-hashes", usualQueues, makeOne<PatternFleet>},
    {"hash-fields", usualQueues, makeOne<PatternFleet>},
    {"set-and-keys", usualQueues, makeOne<PatternFleet>},
});

} // namespace

QStringList simulatedSystems()
{
    QStringList names;
    for (const SystemRow &row : systemRows)
        names.append(QString::fromLatin1(row.name));
    return names;
}

std::unique_ptr<SystemFleet> makeSystemFleet(const FleetOptions &options, const Clock &clock)
{
    for (const SystemRow &row : systemRows) {
        if (options.layout != QLatin1StringView(row.name))
            continue;
        FleetOptions own = options;
        if (own.queues.isEmpty())
            own.queues = row.queues();
        return row.make(own, clock);
    }
    return nullptr;
}

} // namespace pulsedeck::fleet
