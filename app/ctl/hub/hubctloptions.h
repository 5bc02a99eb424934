// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctloptions.h"
#include "models/sources/hubaddress.h"

namespace pulsedeck {

/// The command line of pulsedeckctl hub. Pure: files it names are not opened.
struct HubCtlOptions : CommonOptions
{
    /// The first ones in the order in which the commands are declared.
    enum class Action { Health, Actors, Discover, Metrics, Send, Help, Wrong };

    Action action = Action::Wrong;
    HubAddress hub;

    QString pattern = QStringLiteral("*"); ///< Of discover, like the next.
    QString capability;

    // For Action::Send
    QString actor;
    QString type;
    QString data; ///< JSON, "@FILE" or "-" as given.
    bool hasData = false;
    bool tell = false;
    int replyMs = 0; ///< How long to wait for the actor's own answer; 0: not at all.

    int everyMs = 0; ///< Of metrics; 0: once.

    /// \a arguments without the program's name and "hub". The environment is used when no URL is given.
    static HubCtlOptions parse(const QStringList &arguments, const QProcessEnvironment &environment);
    /// Action::Actors as the list it is.
    CtlOptions asList() const;
};

} // namespace pulsedeck
