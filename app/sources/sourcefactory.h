// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/fleetsource.h"
#include "models/sources/connectiontest.h"
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
    QString caFile; ///< PEM, instead of the one in the settings; empty for none.
};

/// One protocol: makes what a program needs to watch, test and command a source of it. Immutable; any thread.
class SourceFactory
{
public:
    virtual ~SourceFactory() = default;

    virtual SourceKind kind() const = 0;
    /// Not started, without a parent, and not moved to another thread yet. \a clock outlives it.
    virtual FleetSource *makeSource(SourceId id, const SourceSettings &settings, const SourceRequest &request,
                                    const Clock &clock) const = 0;
    /// The steps of a connection test, in order.
    virtual QList<TestStep> testSteps(const SourceSettings &settings) const = 0;
    /// Carries these steps out. \a secret is what to sign in with where the settings do not hold it; \a whyNoRights not empty:
    /// why the rights to command are not asked for. Without a parent.
    virtual SourceProbe *makeProbe(const SourceSettings &settings, const QString &secret, const QString &whyNoRights) const = 0;
};

} // namespace pulsedeck
