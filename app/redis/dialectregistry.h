// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

namespace pulsedeck {

class FleetDialect;
class RedisSession;

using DialectMaker = std::function<std::unique_ptr<FleetDialect>(RedisSession &)>;

/// The systems that are known: a RedisSource looks for the workers of each.
std::vector<DialectMaker> registeredDialects();

} // namespace pulsedeck
