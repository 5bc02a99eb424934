// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/dialectregistry.h"

#include "app/redis/playwrightdialect.h"

namespace pulsedeck {

std::vector<DialectMaker> registeredDialects()
{
    return {[](RedisSession &session) { return std::make_unique<PlaywrightDialect>(session); }};
}

} // namespace pulsedeck
