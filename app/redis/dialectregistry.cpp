// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/dialectregistry.h"

#include "app/redis/celerydialect.h"
#include "app/redis/layoutdialect.h"
#include "app/redis/lockdialect.h"
#include "app/redis/playwrightdialect.h"
#include "app/redis/streamdialect.h"
#include "models/layouts/layouttraits.h"

#include <algorithm>

namespace pulsedeck {

std::vector<DialectMaker> registeredDialects()
{
    return {[](RedisSession &session) { return std::make_unique<PlaywrightDialect>(session); }};
}

bool canWatch(const Layout &layout)
{
    if (!layout.code.isEmpty())
        return layout.code == QLatin1StringView("playwright") || layout.code == QLatin1StringView("celery");
    if (layout.findsOnly(LayoutDiscovery::Kind::Stream) || layout.findsOnly(LayoutDiscovery::Kind::Lock))
        return true;
    return std::any_of(layout.discover.begin(), layout.discover.end(), [](const LayoutDiscovery &discovery) {
        using Found = LayoutDiscovery::Kind;
        return discovery.kind == Found::Scan || discovery.kind == Found::Set || discovery.kind == Found::SortedSet
               || discovery.kind == Found::Hash || discovery.kind == Found::Clients;
    });
}

std::unique_ptr<FleetDialect> makeDialect(RedisSession &session, const Layout &layout, const QByteArray &prefix)
{
    if (layout.code == QLatin1StringView("celery"))
        return std::make_unique<CeleryDialect>(session, layout, prefix);
    if (!layout.code.isEmpty() || !canWatch(layout))
        return nullptr;
    Layout placed = layout;
    placed.prefix = prefix; // Traits tell which words are written, and to which keys.
    if (layout.findsOnly(LayoutDiscovery::Kind::Stream))
        return std::make_unique<StreamDialect>(session, placed, traitsOf(placed));
    if (layout.findsOnly(LayoutDiscovery::Kind::Lock))
        return std::make_unique<LockDialect>(session, placed, traitsOf(placed));
    return std::make_unique<LayoutDialect>(session, layout, std::vector{traitsOf(placed)}, prefix);
}

} // namespace pulsedeck
