// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/commonoptions.h"
#include "models/layouts/layoutcatalog.h"
#include "models/sources/systemchoice.h"

namespace pulsedeck {

/// What --system and --without say about the systems of \a catalog: with --system all that are not named are switched off. A
/// sentence if a name or a prefix makes no sense; \a choices are without a meaning then. Pure.
QString chooseSystems(const CommonOptions &options, const LayoutCatalog &catalog, SystemChoices *choices);

} // namespace pulsedeck
