// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/dialectregistry.h"

#include "app/redis/celerydialect.h"
#include "app/redis/celeryscripts.h"
#include "app/redis/layoutdialect.h"
#include "app/redis/layoutscripts.h"
#include "app/redis/lockdialect.h"
#include "app/redis/playwrightdialect.h"
#include "app/redis/playwrightscripts.h"
#include "app/redis/streamdialect.h"
#include "models/layouts/layouttraits.h"

#include <algorithm>
#include <utility>

namespace pulsedeck {

namespace {

/// Rights are tried with workers that do not exist.
class NoNodes final : public CeleryNodes
{
public:
    CeleryStanding standing(const QByteArray &) const override { return {}; }
    void tookQueues(const QByteArray &, const QStringList &) override { }
    void drains(const QByteArray &, const QStringList &) override { }
    void sentStop(const QByteArray &) override { }
    void wasSilent(const QByteArray &) override { }
    void tookActive(const QByteArray &, qint32) override { }
    void askSoon(const QByteArray &) override { }
};

} // namespace

std::vector<DialectMaker> registeredDialects()
{
    return {[](RedisSession &session) { return std::make_unique<PlaywrightDialect>(session); }};
}

std::vector<Layout> chosenLayouts(const std::vector<Layout> &layouts, const SystemChoices &choices)
{
    std::vector<Layout> chosen;
    for (const Layout &layout : layouts) {
        const SystemChoice choice = choices.value(layout.name);
        if (!choice.on)
            continue;
        Layout &one = chosen.emplace_back(layout);
        if (choice.prefix.isEmpty() || !one.hasPrefix())
            continue;
        one.prefix = choice.prefix.toUtf8();
        one.prefixIsSet = true;
        if (std::exchange(one.isTemplate, false) && one.detect.empty() && !one.discover.empty()) {
            if (std::optional<LayoutDetection> detection = one.discover.front().detection())
                one.detect.push_back(std::move(*detection));
        }
    }
    return chosen;
}

bool isPlaywrightChosen(const SystemChoices &choices)
{
    return choices.value(QStringLiteral("playwright")).on;
}

bool isAlwaysWatched(const Layout &layout)
{
    return layout.code == QLatin1StringView("playwright");
}

bool canWatch(const Layout &layout)
{
    if (!layout.code.isEmpty())
        return isAlwaysWatched(layout) || layout.code == QLatin1StringView("celery");
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

std::unique_ptr<ActScripts> makeScripts(const Layout &layout, const QByteArray &prefix, int database)
{
    if (isAlwaysWatched(layout))
        return std::make_unique<PlaywrightScripts>();
    if (layout.code == QLatin1StringView("celery")) {
        static NoNodes nobody;
        return std::make_unique<CeleryScripts>(nobody, prefix, database, nullptr);
    }
    const bool commanded = std::any_of(layout.commands.begin(), layout.commands.end(),
                                       [](const LayoutCommand &command) { return command.whyNot.isEmpty(); });
    return layout.code.isEmpty() && commanded ? std::make_unique<LayoutScripts>(layout, prefix) : nullptr;
}

std::optional<EventReading> eventsOf(const Layout &layout, const QByteArray &prefix, int database)
{
    const bool heard = std::any_of(layout.discover.begin(), layout.discover.end(), [](const LayoutDiscovery &discovery) {
        return discovery.kind == LayoutDiscovery::Kind::Events;
    });
    if (!heard || layout.code != QLatin1StringView("celery"))
        return std::nullopt;
    return EventReading{CeleryEvents::patternOf(prefix, database), [](QByteArrayView message) {
                            QByteArrayList nodes;
                            const std::optional<QList<CeleryEvent>> events = CeleryMessage::events(message);
                            for (const CeleryEvent &event : events.value_or(QList<CeleryEvent>())) {
                                if (event.kind != CeleryEvent::Kind::Offline)
                                    nodes.append(event.node);
                            }
                            return nodes;
                        }};
}

} // namespace pulsedeck
