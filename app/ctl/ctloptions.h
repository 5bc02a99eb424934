// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/hub/hubaccess.h"
#include "models/protocol/act.h"
#include "models/sources/sourcesettings.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace pulsedeck {

/// What pulsedeckctl ends with.
enum class CtlExit {
    Done = 0,
    Findings = 1, ///< Done, and something an operator should look at was seen; an act: some did not reach their end.
    Usage = 2, ///< The command line, or the output cannot be written.
    NoConnection = 3, ///< Or the view of a source is not complete.
};

/// The command line of pulsedeckctl, read. Pure: files it names are not opened.
struct CtlOptions
{
    enum class Action { List, Watch, Act, Help, Version, Wrong };
    static constexpr int shortestPrefix = 4; ///< Of a worker's name.

    Action action = Action::Wrong;
    QString problem; ///< For Wrong: one sentence, without any password.
    QString text; ///< For Help and Version: what is printed; a completion file is Help too.
    std::vector<SourceSettings> sources; ///< Redis servers and hubs.
    HubAccess hubAccess; ///< The same for all hubs.
    bool actorColumns = false; ///< Of list: those an actor fills.
    QString where; ///< A filter, checked already.
    bool json = false;
    int timeoutMs = 15'000; ///< For the first full view.
    int settleMs = 16'000; ///< How long to wait for ages to be proven; a beat of the slowest interval that is a default.
    int exitAfterMs = 0; ///< Of watch and of --wait; 0: until interrupted.

    // For Action::Act
    pulsedeck::Act act = pulsedeck::Act::Shutdown;
    QStringList workers; ///< And actors, as named; empty with a filter, or to reap whatever is a zombie.
    QString reason;
    bool wait = false;
    bool dryRun = false;
    bool force = false; ///< Also below half of a type's capacity.
    qint64 ttlMs = 0; ///< Of the command key; 0: what is configured.
    QString journalFile; ///< Empty: where the console keeps its own; "none": nothing is recorded.

    /// \a arguments without the program's name. The environment is used when no URL is given.
    static CtlOptions parse(const QStringList &arguments, const QProcessEnvironment &environment);
    bool hasHubs() const;
};

} // namespace pulsedeck
