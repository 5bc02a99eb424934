// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <functional>
#include <memory>
#include <vector>

namespace pulsedeck {

struct Layout;
class FleetDialect;
class RedisSession;

using DialectMaker = std::function<std::unique_ptr<FleetDialect>(RedisSession &)>;

/// The systems that are known: a RedisSource looks for the workers of each.
std::vector<DialectMaker> registeredDialects();

/// Whether the console can find the workers of a layout.
bool canWatch(const Layout &layout);
/// Who watches the fleet of a layout whose keys begin with \a prefix; null for one that is watched anyway or cannot be.
std::unique_ptr<FleetDialect> makeDialect(RedisSession &session, const Layout &layout, const QByteArray &prefix);

} // namespace pulsedeck
