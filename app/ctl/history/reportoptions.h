// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/commonoptions.h"
#include "models/history/momentinput.h"

namespace pulsedeck {

/// The command line of pulsedeckctl report. Pure: files it names are not opened.
struct ReportOptions : CommonOptions
{
    enum class Action { Report, Help, Wrong };

    Action action = Action::Wrong;
    MomentInput from; ///< If relative, before the end of the span.
    MomentInput to{true, 0, {}}; ///< If relative, before the last moment that was recorded.
    QString source; ///< Empty: all.
    QString historyFile; ///< Empty: the console's.
    QString htmlFile; ///< Empty: no page.

    /// \a arguments without the program's name; \a now by the machine's clock.
    static ReportOptions parse(const QStringList &arguments, qint64 now);
};

} // namespace pulsedeck
