// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisfactory.h"

#include "app/redis/redisprobe.h"
#include "app/redis/redissource.h"

namespace pulsedeck {

namespace {

FleetSource *makeRedisSource(SourceId id, const SourceSettings &settings, const SourceRequest &request, const Clock &clock)
{
    // A look is short: beats that prove an age are seen soon, and their moments are exact enough.
    constexpr int onceSweepMs = 500;
    RedisSourceOptions options;
    if (settings.demo)
        options.timing = TimingProfile::demo();
    RedisConnectionOptions &connection = options.connection;
    if (!request.clientName.isEmpty())
        connection.clientName = request.clientName;
    // For one look the limit is all there is to wait for. Who watches goes on after the first view, with the usual limits.
    if (request.timeoutMs > 0 && (request.once || request.timeoutMs < connection.connectTimeoutMs))
        connection.connectTimeoutMs = request.timeoutMs;
    if (request.once) {
        connection.replyTimeoutMs = request.timeoutMs;
        options.sweepMs = onceSweepMs;
    }
    connection.reconnect = !request.once;
    options.push = !request.once;
    options.layouts = chosenLayouts(request.layouts, settings.systems);
    if (!isPlaywrightChosen(settings.systems))
        options.dialects.clear();
    return new RedisSource(id, settings.url(), options, clock);
}

SourceProbe *makeRedisProbe(const SourceSettings &settings, const QString &whyNoRights)
{
    return new RedisProbe(settings, whyNoRights);
}

} // namespace

SourceFactory redisFactory()
{
    return {SourceKind::Redis, &makeRedisSource, &makeRedisProbe};
}

} // namespace pulsedeck
