// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertengine.h"
#include "models/alerts/alertplanreader.h"
#include "tests/models/modelfleet.h"

#include <QTest>

namespace pulsedeck {

constexpr qint64 alertTickMs = 100; ///< As the application looks.
constexpr auto crashedByHost = R"({"name": "c", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed",
                                   "group": "host", "clear": 5})";

/// A fleet with an engine, and what the engine said.
struct AlertScene
{
    ModelFleet fleet;
    AlertEngine engine{fleet.store};
    QStringList said; ///< "fired workers-lost 10.0.0.1".

    explicit AlertScene(const QByteArray &rules = {})
    {
        QObject::connect(&engine, &AlertEngine::happened, &engine, [this](const QString &id, AlertGroups::Event event) {
            static const QStringList words{QStringLiteral("pending"), QStringLiteral("fired"), QStringLiteral("changed"),
                                           QStringLiteral("resolved"), QStringLiteral("dropped")};
            const std::optional<Alert> alert = engine.alert(id);
            said.append(words[int(event)] + (alert ? QString(u' ' + alert->rule.name + u' ' + alert->group) : QString()));
        });
        engine.setPlan(rules.isEmpty() ? usual() : plan(rules));
    }

    /// The built-in rules, but for capacity: a few lost workers are much of so small a fleet.
    static AlertPlan usual()
    {
        AlertPlan plan = AlertPlanReader::builtIn();
        plan.rules.removeIf([](const AlertRule &rule) { return rule.scope == AlertScope::Capacity; });
        return plan;
    }
    static AlertPlan plan(const QByteArray &rules)
    {
        const AlertPlanReading reading = AlertPlanReader::read("{\"alerts\": 1, \"rules\": [" + rules + "]}");
        for (const LayoutProblem &problem : reading.problems)
            qWarning("%s", qPrintable(problem.toString()));
        return reading.plan;
    }

    /// Steps as the application ticks. Workers stand still.
    void run(qint64 ms)
    {
        for (qint64 done = 0; done < ms; done += alertTickMs) {
            fleet.clock.step(alertTickMs);
            fleet.store.publish();
        }
    }
    QStringList take()
    {
        said.removeIf([](const QString &one) { return one.startsWith(QStringLiteral("changed")); });
        return std::exchange(said, {});
    }
    void crash(WorkerNumber number)
    {
        WorkerSample sample = fleet.alive(number);
        sample.flags = WorkerFlag::NoListener;
        fleet.apply(sample);
    }
    void queue(const QByteArray &name, qint64 waiting)
    {
        QueueSample sample;
        sample.name = name;
        SourceTraits traits;
        traits.layout = QStringLiteral("sidekiq");
        traits.facts.setFlag(SourceFact::Queues, true);
        sample.traits = TraitsRef::of(traits);
        sample.readAt = fleet.clock.nowMs();
        sample.waiting = waiting;
        FleetBatch batch = fleet.emptyBatch();
        batch.queues.append(sample);
        fleet.store.apply(batch);
    }
};

inline Alert onlyAlert(const AlertEngine &engine)
{
    const std::vector<Alert> alerts = engine.alerts();
    return alerts.size() == 1 ? alerts.front() : Alert();
}

} // namespace pulsedeck
