// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"

#include <vector>

class QSettings;

namespace pulsedeck {

/// Writes all but the demo's. A password or a token is never written, only where a token comes from.
void rememberSources(QSettings &settings, const std::vector<SourceSettings> &sources);
/// What was written, also by versions that knew no hubs.
std::vector<SourceSettings> rememberedSources(QSettings &settings);

} // namespace pulsedeck
