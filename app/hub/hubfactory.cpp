// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubfactory.h"

#include "app/hub/hubownaddress.h"
#include "app/hub/hubprobe.h"
#include "app/hub/hubsource.h"
#include "models/sources/hubprotocol.h"

namespace pulsedeck {

namespace {

FleetSource *makeHubSource(SourceId id, const SourceSettings &settings, const SourceRequest &request, const Clock &clock)
{
    HubSourceOptions options;
    if (settings.demo)
        options.timing = TimingProfile::demo();
    HubConnectionOptions &connection = options.connection;
    connection.hub = hubAddressOf(settings);
    if (!request.caFile.isEmpty())
        connection.hub.caFile = request.caFile;
    if (request.tlsOptions != TlsOptions())
        connection.hub.tlsOptions = request.tlsOptions;
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

SourceProbe *makeHubProbe(const SourceSettings &settings, const QString &whyNoRights)
{
    return new HubProbe(settings, whyNoRights);
}

} // namespace

SourceFactory hubFactory()
{
    return {SourceKind::Hub, &makeHubSource, &makeHubProbe};
}

} // namespace pulsedeck
