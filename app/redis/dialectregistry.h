// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"
#include "models/sources/systemchoice.h"

#include <QByteArray>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace pulsedeck {

class ActScripts;
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

/// Whether every source has the dialect that watches the workers of this layout: it needs none of its own.
bool isAlwaysWatched(const Layout &layout);

/// Whether the console can find the workers of a layout.
bool canWatch(const Layout &layout);
/// Who watches the fleet of a layout whose keys begin with \a prefix; null for one that is watched anyway or cannot be.
std::unique_ptr<FleetDialect> makeDialect(RedisSession &session, const Layout &layout, const QByteArray &prefix);

/// What would carry out the commands of such a fleet, for trying its rights; null where it has none.
std::unique_ptr<ActScripts> makeScripts(const Layout &layout, const QByteArray &prefix, int database);

/// How workers are heard that are known by the events they send.
struct EventReading
{
    QByteArray pattern; ///< Of channels.
    /// Who sent this message: the ids of workers that are there by it.
    std::function<QByteArrayList(QByteArrayView message)> senders;
};
/// Nothing for a layout whose workers are found in other ways.
std::optional<EventReading> eventsOf(const Layout &layout, const QByteArray &prefix, int database);

} // namespace pulsedeck
