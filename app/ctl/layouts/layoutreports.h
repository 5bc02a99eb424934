// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/layouts/layoutctloptions.h"
#include "app/ctl/output.h"
#include "models/layouts/layoutcatalog.h"

namespace pulsedeck {

/// The built-in layouts, those of the user's settings folder, and those of --layout; says nothing.
LayoutCatalog readLayouts(const CommonOptions &options);
/// The same; what is wrong with files is reported on standard error.
LayoutCatalog loadLayouts(const CommonOptions &options);

/// Carries out a command of pulsedeckctl layouts. Reads files only.
CtlExit reportLayouts(const LayoutCtlOptions &options, Output &output);

} // namespace pulsedeck
