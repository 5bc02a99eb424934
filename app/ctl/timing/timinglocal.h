// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctloptions.h"
#include "app/ctl/output.h"
#include "app/ctl/timing/timingoptions.h"

namespace pulsedeck {

/// What pulsedeckctl timing does without any Redis: check, diff, what-if. Each returns what the program ends with.
CtlExit checkTimingFiles(const TimingOptions &options, Output &output);
CtlExit diffTimingProfiles(const TimingOptions &options, Output &output);
CtlExit judgeRecording(const TimingOptions &options, Output &output);

/// The rule set that --rules names; nothing, after complaining, if there is none. A file's sets are added to \a
/// library.
const TimingRuleSet *chosenRules(const TimingOptions &options, TimingLibrary *library);
/// Writes \a text; Usage instead of \a code if it cannot be written.
CtlExit tell(Output &output, const QByteArray &text, CtlExit code);

} // namespace pulsedeck
