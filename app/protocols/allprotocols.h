// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sources/sourcefactory.h"

#include <vector>

namespace pulsedeck {

/// Every protocol there is, each once.
const std::vector<const SourceFactory *> &sourceFactories();
/// The one of this kind.
const SourceFactory &sourceFactory(SourceKind kind);

} // namespace pulsedeck
