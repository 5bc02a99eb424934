// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench/report.h"

namespace pulsedeck::bench {

/// Each takes its measures if they were asked for and adds them to \a run. They need a QCoreApplication.
void measureLoad(Run &run);
void measureLive(Run &run);
void measureRest(Run &run);
void measureCost(Run &run);
void measureAlerts(Run &run);
void measureStart(Run &run);
void measureTimeline(Run &run);
void measureTiming(Run &run);
void measureHubs(Run &run);
void measureLayouts(Run &run);
void measureCommands(Run &run);
void measureJournal(Run &run);
void measureHistory(Run &run);

} // namespace pulsedeck::bench
