// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sources/sourcefactory.h"

namespace pulsedeck {

/// Of sources that are a Redis.
SourceFactory redisFactory();

} // namespace pulsedeck
