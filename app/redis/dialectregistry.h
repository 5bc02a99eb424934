// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"
#include "models/sources/systemchoice.h"

#include <QByteArray>

#include <functional>
#include <memory>
#include <vector>

namespace pulsedeck {

class FleetDialect;
class RedisSession;

using DialectMaker = std::function<std::unique_ptr<FleetDialect>(RedisSession &)>;

/// The systems that are known: a RedisSource looks for the workers of each.
std::vector<DialectMaker> registeredDialects();

/// The layouts that are looked for in one source: those that are not switched off, with the prefixes that the operator has set.
/// A pattern for what is written by hand is one of them only with a prefix.
std::vector<Layout> chosenLayouts(const std::vector<Layout> &layouts, const SystemChoices &choices);
/// Whether the system of the layout that is always watched is looked for in the source.
bool isPlaywrightChosen(const SystemChoices &choices);

/// Whether the console can find the workers of a layout.
bool canWatch(const Layout &layout);
/// Who watches the fleet of a layout whose keys begin with \a prefix; null for one that is watched anyway or cannot be.
std::unique_ptr<FleetDialect> makeDialect(RedisSession &session, const Layout &layout, const QByteArray &prefix);

} // namespace pulsedeck
