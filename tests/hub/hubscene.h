// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/hubactors.h"
#include "tests/hub/hubseen.h"
#include "tests/hub/hubwatch.h"

#include <QElapsedTimer>
#include <QSignalSpy>

namespace pulsedeck {

/// A hub with actors and a source that watches them. Set what is to differ before start().
struct HubScene
{
    static constexpr SourceId sourceId = 1;

    /// Listens at once, by default with so large a budget that tests need not wait for pages.
    explicit HubScene(bool quick = true)
    {
        fleet::HubRules rules;
        if (quick)
            rules.burst = rules.perSecond = 100'000;
        if (!hub.listen(rules))
            qFatal("no port for the hub");
        options.connection = hub.options();
        if (quick) {
            options.connection.limits.perSecond = options.connection.limits.burst = 50'000;
            options.passEveryMs = 30;
        }
        actorOptions.replaced = false;
        actorOptions.shutdownTakes = 100;
    }

    /// True once \a count actors are registered and the source has seen them.
    bool start(int count, bool writable)
    {
        actorOptions.count = count;
        actors = std::make_unique<fleet::HubActors>(hub.server->core(), actorOptions, hub.clock);
        actors->start();
        if (!QTest::qWaitFor([&] { return actors->registered() == count; }, HubWatch::limitMs))
            return false;
        source = std::make_unique<HubSource>(sourceId, options, hub.clock);
        seen.watch(source.get());
        source->setWritable(writable);
        QSignalSpy status(source.get(), &FleetSource::statusChanged);
        QElapsedTimer elapsed;
        elapsed.start();
        source->start();
        while (seen.status.state != SourceState::Sweeping && elapsed.elapsed() < 3 * HubWatch::limitMs)
            status.wait(HubWatch::limitMs);
        return seen.status.state == SourceState::Sweeping
               && (!writable || QTest::qWaitFor([&] { return source->connection()->isRegistered(); }, HubWatch::limitMs));
    }

    Command command(Act act, const QString &worker) const
    {
        Command one;
        one.id = QUuid::createUuid();
        one.group = QUuid::createUuid();
        one.act = act;
        one.source = sourceId;
        one.worker = worker.toUtf8();
        one.issuedAt = hub.clock.nowMs();
        one.by = QStringLiteral("me@here");
        one.reason = QStringLiteral("test");
        return one;
    }
    static HubCall call(HubCall::Kind kind, const QString &target = {}, const QString &type = {},
                        const QJsonValue &data = QJsonValue::Undefined)
    {
        HubCall one;
        one.id = QUuid::createUuid();
        one.kind = kind;
        one.target = target;
        one.type = type;
        one.data = data;
        return one;
    }
    /// Waits for the one answer to \a one.
    HubCallAnswer ask(const HubCall &one)
    {
        source->call(one);
        const auto found = [&]() -> const HubCallAnswer * {
            for (const HubCallAnswer &answer : std::as_const(seen.answers)) {
                if (answer.id == one.id)
                    return &answer;
            }
            return nullptr;
        };
        if (!QTest::qWaitFor([&] { return found() != nullptr; }, HubWatch::limitMs))
            qFatal("a call was never answered");
        return *found();
    }

    HubWatch hub;
    std::unique_ptr<fleet::HubActors> actors;
    fleet::HubActorOptions actorOptions;
    HubSourceOptions options;
    HubSeen seen;
    std::unique_ptr<HubSource> source; ///< Ends before what it talks to.
};

} // namespace pulsedeck
