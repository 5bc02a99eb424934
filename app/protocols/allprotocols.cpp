// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/protocols/allprotocols.h"

#include "app/hub/hubfactory.h"
#include "app/redis/redisfactory.h"

#include <algorithm>

namespace pulsedeck {

const std::vector<const SourceFactory *> &sourceFactories()
{
    static const RedisFactory redis;
    static const HubFactory hub;
    static const std::vector<const SourceFactory *> all{&redis, &hub};
    return all;
}

const SourceFactory &sourceFactory(SourceKind kind)
{
    const auto &all = sourceFactories();
    const auto found =
        std::find_if(all.begin(), all.end(), [kind](const SourceFactory *factory) { return factory->kind() == kind; });
    Q_ASSERT(found != all.end());
    return **found;
}

} // namespace pulsedeck
