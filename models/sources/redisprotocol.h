// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourceprotocol.h"

namespace pulsedeck {

/// A Redis, or what speaks its protocol: addresses as RedisUrl has them, from the environment REDIS_URL.
const SourceProtocol &redisProtocol();

} // namespace pulsedeck
