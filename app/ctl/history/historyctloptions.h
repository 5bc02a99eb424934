// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/commonoptions.h"

#include <QStringList>

#include <limits>

namespace pulsedeck {

/// The command line of pulsedeckctl history. Pure: no file is opened.
struct HistoryCtlOptions : CommonOptions
{
    /// The first ones in the order in which the commands are declared.
    enum class Action { List, Export, Replay, Prune, Import, Help, Wrong };

    Action action = Action::Wrong;
    QString historyFile; ///< Empty: the console's own.
    QString recording; ///< To import.
    QString file; ///< To export or import into.
    qint64 from = 0; ///< Unix ms; also what Prune keeps.
    qint64 until = std::numeric_limits<qint64>::max();

    /// \a arguments without the program's name and without "history"; \a now is Unix ms.
    static HistoryCtlOptions parse(const QStringList &arguments, qint64 now);
};

} // namespace pulsedeck
