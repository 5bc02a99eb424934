// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"
#include "models/protocol/fleetsource.h"
#include "models/sources/sourcesettings.h"

#include <QByteArray>

namespace pulsedeck {

class Clock;
class SourceProbe;

/// How a program wants its source. The defaults are the console's.
struct SourceRequest
{
    bool once = false; ///< For one look: one attempt, no push, and known workers are read often.
    int timeoutMs = 0; ///< What one attempt and one request may take at most; 0 for the usual limits.
    QString program = QStringLiteral("pulsedeck"); ///< The console's name where it registers.
    QString ownAddress; ///< Its address there; empty for a new one.
    QByteArray clientName; ///< As which it is listed by the server; empty for the usual one.
    std::vector<Layout> layouts; ///< Systems that are looked for in a Redis; none: only the one that needs no layout.
    QString caFile; ///< Of a hub: PEM, instead of the one in the settings; empty for none.
    TlsOptions tlsOptions; ///< Of a hub, instead of those in the settings, unless they are the default.
};

/// One protocol: makes what a program needs to watch, test and command a source of it. The form for its settings is made from
/// what its kind describes, see SourceProtocol. A value; any thread.
struct SourceFactory
{
    SourceKind kind;
    /// Not started, without a parent, and not moved to another thread yet. \a clock outlives it.
    FleetSource *(*makeSource)(SourceId id, const SourceSettings &settings, const SourceRequest &request, const Clock &clock);
    /// A connection test, not started and without a parent. \a whyNoRights not empty: why the rights to command are not tested.
    SourceProbe *(*makeProbe)(const SourceSettings &settings, const QString &whyNoRights);
};

} // namespace pulsedeck
