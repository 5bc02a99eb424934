// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

/// A name for a running process that no later process on any machine has: machine, start of its system, process id and
/// start of the process. With it a console distinguishes what a crash left behind from what another console is still doing.
/// Only where there is /proc; empty elsewhere.
QString processMark(qint64 pid);
/// Of this process.
QString ownProcessMark();
/// Whether that process still runs on this machine. False for an empty mark and for another machine's.
bool isProcessRunning(const QString &mark);

} // namespace pulsedeck
