// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctloptions.h"
#include "app/ctl/output.h"

namespace pulsedeck {

/// pulsedeckctl alerts rules: the rules in force, as a table or as a file that can be given as --alerts.
CtlExit reportAlertRules(const CtlOptions &options, Output &output);

} // namespace pulsedeck
