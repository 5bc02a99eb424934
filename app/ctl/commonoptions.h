// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/hub/hubaccess.h"

namespace pulsedeck {

/// The options that several groups of commands have. Each group adds its own.
struct CommonOptions
{
    QString problem; ///< What is wrong with the command line: one sentence, without any password or token.
    QString text; ///< Printed instead of doing anything: help, version or a completion file.
    bool json = false;
    int timeoutMs = 15'000; ///< For the connection, for the first full view, and for each answer.
    QString where; ///< A filter, checked already.
    QString reason;
    QString journalFile; ///< Empty: the console's own; "none": nothing is recorded.
    QStringList layoutFiles; ///< Layouts of one's own, besides those of the settings folder.
    QStringList onlySystems; ///< Only these are looked for in a Redis: "rq", "rq=PREFIX". Empty: all.
    QStringList withoutSystems; ///< And these are not.
    HubAccess hubAccess; ///< The same for all hubs.
};

} // namespace pulsedeck
