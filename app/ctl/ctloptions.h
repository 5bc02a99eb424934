// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/commonoptions.h"
#include "models/protocol/act.h"
#include "models/sources/sourcesettings.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace pulsedeck {

/// The command line of pulsedeckctl for fleets. Pure: files it names are not opened.
struct CtlOptions : CommonOptions
{
    enum class Action { List, Watch, Queues, Act, AlertsCheck, AlertsRun, AlertsRules, Help, Version, Wrong };
    static constexpr int shortestPrefix = 4; ///< Of a worker's name.

    Action action = Action::Wrong;
    std::vector<SourceSettings> sources; ///< Redis servers and hubs.
    bool actorColumns = false; ///< Of list: those an actor fills.
    int settleMs = 16'000; ///< How long to wait for ages to be proven; a beat of the slowest interval that is a default.
    bool settles = false; ///< That was asked for.
    int exitAfterMs = 0; ///< Of watch and of --wait; 0: until interrupted.

    // For Action::Alerts…
    int metricsPort = -1; ///< Where figures are served; -1: nowhere, 0: at any port.
    QString metricsAddress; ///< An address of this machine; empty: loopback.
    QString alertsFile; ///< Empty: the one of the settings folder, if it is there.

    // For Action::Act
    pulsedeck::Act act = pulsedeck::Act::Shutdown;
    QStringList workers; ///< And actors, as named; empty with a filter, or to reap whatever is a zombie.
    QStringList queues; ///< Of resume: see Command::queues.
    bool wait = false;
    bool dryRun = false;
    bool force = false; ///< Also below half of a type's capacity.
    qint64 ttlMs = 0; ///< Of the command key; 0: what is configured.

    /// \a arguments without the program's name. The environment is used when no URL is given.
    static CtlOptions parse(const QStringList &arguments, const QProcessEnvironment &environment);
    bool hasHubs() const;
};

} // namespace pulsedeck
