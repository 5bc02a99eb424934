// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/protocols/allprotocols.h"

#include "app/hub/hubfactory.h"
#include "app/redis/redisfactory.h"

#include <algorithm>

namespace pulsedeck {

namespace {

std::deque<SourceFactory> &allFactories()
{
    static std::deque<SourceFactory> all{redisFactory(), hubFactory()};
    return all;
}

} // namespace

const std::deque<SourceFactory> &sourceFactories()
{
    return allFactories();
}

const SourceFactory &sourceFactory(SourceKind kind)
{
    const auto &all = sourceFactories();
    const auto found =
        std::find_if(all.begin(), all.end(), [kind](const SourceFactory &factory) { return factory.kind == kind; });
    Q_ASSERT(found != all.end());
    return *found;
}

void addSourceFactory(const SourceFactory &factory)
{
    allFactories().push_back(factory);
}

} // namespace pulsedeck
