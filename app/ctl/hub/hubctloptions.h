// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctloptions.h"

namespace pulsedeck {

/// The command line of pulsedeckctl hub, read. Pure: files it names are not opened.
struct HubCtlOptions
{
    enum class Action { Health, Actors, Discover, Send, Metrics, Help, Wrong };

    Action action = Action::Wrong;
    QString problem; ///< For Wrong: one sentence, without any token.
    QString text; ///< For Help: what is printed.
    HubAddress hub;
    HubAccess access;
    bool json = false;
    int timeoutMs = 15'000; ///< For the connection, and for each answer.

    QString where; ///< Of actors; a filter, checked already.
    QString pattern = QStringLiteral("*"); ///< Of discover, like the next.
    QString capability;

    // For Action::Send
    QString actor;
    QString type;
    QString data; ///< JSON, "@FILE" or "-" as given.
    bool hasData = false;
    bool tell = false;
    int replyMs = 0; ///< How long to wait for the actor's own answer; 0: not at all.
    QString journalFile; ///< Empty: where the console keeps its own; "none": nothing is recorded.

    int everyMs = 0; ///< Of metrics; 0: once.

    /// \a arguments without the program's name and "hub". The environment is used when no URL is given.
    static HubCtlOptions parse(const QStringList &arguments, const QProcessEnvironment &environment);
    /// Action::Actors as the list it is.
    CtlOptions asList() const;
};

} // namespace pulsedeck
