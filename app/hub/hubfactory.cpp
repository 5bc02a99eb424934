// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubfactory.h"

#include "app/hub/hubownaddress.h"
#include "app/hub/hubprobe.h"
#include "app/hub/hubsource.h"

namespace pulsedeck {

FleetSource *HubFactory::makeSource(SourceId id, const SourceSettings &settings, const SourceRequest &request,
                                    const Clock &clock) const
{
    HubSourceOptions options;
    if (settings.demo)
        options.timing = TimingProfile::demo();
    HubConnectionOptions &connection = options.connection;
    connection.hub = settings.hubAddress();
    if (!request.caFile.isEmpty())
        connection.hub.caFile = request.caFile;
    // Two that registered the same address would end each other.
    connection.address = request.ownAddress.isEmpty() ? hubOwnAddress(request.program) : request.ownAddress;
    if (request.program != SourceRequest().program)
        connection.displayName = request.program;
    if (request.timeoutMs > 0) {
        connection.connectTimeoutMs = qMin(connection.connectTimeoutMs, request.timeoutMs);
        connection.requestTimeoutMs = qMin(connection.requestTimeoutMs, request.timeoutMs);
    }
    connection.reconnect = !request.once;
    return new HubSource(id, options, clock);
}

QList<TestStep> HubFactory::testSteps(const SourceSettings &settings) const
{
    return HubProbe::steps(settings);
}

SourceProbe *HubFactory::makeProbe(const SourceSettings &settings, const QString &secret, const QString &whyNoRights) const
{
    return new HubProbe(settings, HubSecret(secret), whyNoRights);
}

} // namespace pulsedeck
