// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
struct ProfileInput;
/// Takes \a spec, of a file with several profiles the one that --env names; a problem in \a input if it has none such,
/// or if the file leaves open which is meant.
void takeProfile(const TimingOptions &options, const ProfileSpec &spec, const TimingLibrary &library, ProfileInput *input);

} // namespace pulsedeck
