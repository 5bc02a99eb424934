// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/hubaddress.h"
#include "models/sources/sourcesettings.h"

namespace pulsedeck {

/// A Signal Hub: addresses as HubAddress has them, from the environment SIGNAL_HUB_URL.
const SourceProtocol &hubProtocol();
/// An actor at a Signal Hub.
TraitsRef hubTraits();
/// The settings of a hub as those of a new source, and back.
SourceSettings hubSettings(const HubAddress &hub);
HubAddress hubAddressOf(const SourceSettings &settings);

} // namespace pulsedeck
