// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/output.h"
#include "app/ctl/timing/timingoptions.h"

namespace pulsedeck {

/// pulsedeckctl timing with --system: the parameters of a system that a layout describes, its rules, and what its recorded beats
/// say. Needs no Redis and writes nothing: only the system's own settings change the values. Each returns what the
/// program ends with.
CtlExit checkSystemTiming(const TimingOptions &options, Output &output);
CtlExit showSystemTiming(const TimingOptions &options, Output &output);
CtlExit judgeSystemRecording(const TimingOptions &options, Output &output);

} // namespace pulsedeck
