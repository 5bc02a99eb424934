// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/metricstext.h"

#include "models/alerts/alertengine.h"
#include "models/fleet/queuefacts.h"

#include <map>
#include <tuple>

using namespace Qt::StringLiterals;

namespace pulsedeck {

void MetricsText::begin(const char *name, Type type, const char *help)
{
    m_name = name;
    m_text += "# HELP " + m_name + ' ' + help + "\n# TYPE " + m_name + (type == Type::Gauge ? " gauge\n" : " counter\n");
}

void MetricsText::add(const Labels &labels, double value)
{
    m_text += m_name;
    char separator = '{';
    for (const auto &[name, text] : labels) {
        QByteArray escaped = text.toUtf8();
        escaped.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        m_text += separator + QByteArray(name) + "=\"" + escaped + '"';
        separator = ',';
    }
    m_text += (labels.empty() ? "" : "}") + (' ' + QByteArray::number(value, 'g', 15)) + '\n';
}

void MetricsText::addKnown(const Labels &labels, double value)
{
    if (value >= 0)
        add(labels, value);
}

void addFleetMetrics(const FleetStore &store, MetricsText *metrics)
{
    struct Sums
    {
        qint64 sessions = -1;
        qint64 capacity = -1;
    };
    std::map<std::tuple<SourceId, QString, QString>, int> workers;
    std::map<std::pair<SourceId, QString>, Sums> sums;
    for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
        const Worker &worker = store.worker(handle);
        if (!worker.used || worker.child || worker.liveness == Liveness::Departed || !store.isSourceVisible(worker.source))
            continue;
        ++workers[{worker.source, worker.traits->layout, livenessName(worker)}];
        if (!store.isInView(worker.source))
            continue;
        Sums &sum = sums[{worker.source, worker.traits->layout}];
        if (worker.activeSessions >= 0)
            sum.sessions = std::max<qint64>(sum.sessions, 0) + worker.activeSessions;
        if (worker.capacity >= 0)
            sum.capacity = std::max<qint64>(sum.capacity, 0) + worker.capacity;
    }
    metrics->begin("pulsedeck_source_up", MetricsText::Type::Gauge, "1 if the source is connected and was read whole.");
    for (const SourceId source : store.sources())
        metrics->add({{"source", store.sourceName(source)}}, store.isInView(source) ? 1 : 0);
    metrics->begin("pulsedeck_source_certificate_end_seconds", MetricsText::Type::Gauge,
                   "When the certificate of its server ends, in Unix time.");
    for (const SourceId source : store.sources()) {
        const qint64 until = store.sourceStatus(source).certificateUntil;
        metrics->addKnown({{"source", store.sourceName(source)}}, until > 0 ? double(until) / 1'000 : -1);
    }
    metrics->begin("pulsedeck_workers", MetricsText::Type::Gauge, "Workers by liveness; those that ended are not counted.");
    for (const auto &[key, count] : workers) {
        const auto &[source, system, liveness] = key;
        metrics->add({{"source", store.sourceName(source)}, {"system", system}, {"liveness", liveness}}, count);
    }
    metrics->begin("pulsedeck_worker_sessions", MetricsText::Type::Gauge,
                   "Sessions or jobs that are at work, as workers report them.");
    for (const auto &[key, sum] : sums)
        metrics->addKnown({{"source", store.sourceName(key.first)}, {"system", key.second}}, double(sum.sessions));
    metrics->begin("pulsedeck_worker_capacity", MetricsText::Type::Gauge, "Sessions or jobs that workers take at most.");
    for (const auto &[key, sum] : sums)
        metrics->addKnown({{"source", store.sourceName(key.first)}, {"system", key.second}}, double(sum.capacity));
    metrics->begin("pulsedeck_beats_total", MetricsText::Type::Counter, "Heartbeats seen.");
    metrics->add({}, double(store.beatsSeen()));

    const std::vector<QueueFacts> queues = queueFacts(store);
    const auto eachQueue = [&](const char *name, const char *help, auto value) {
        metrics->begin(name, MetricsText::Type::Gauge, help);
        for (const QueueFacts &queue : queues) {
            if (queue.asOf == 0) // Of a lost source nothing is known.
                metrics->addKnown({{"source", queue.source}, {"system", queue.key.system}, {"queue", queue.name}}, value(queue));
        }
    };
    eachQueue("pulsedeck_queue_waiting", "Jobs that wait.", [](const QueueFacts &queue) { return double(queue.latest.waiting); });
    eachQueue("pulsedeck_queue_working", "Jobs that are at work.",
              [](const QueueFacts &queue) { return double(queue.latest.atWork); });
    eachQueue("pulsedeck_queue_delayed", "Jobs that are to be done later.",
              [](const QueueFacts &queue) { return double(queue.latest.delayed); });
    eachQueue("pulsedeck_queue_oldest_seconds", "Age of the oldest job that waits.",
              [](const QueueFacts &queue) { return queue.latest.oldestMs < 0 ? -1 : double(queue.latest.oldestMs) / 1'000; });
    eachQueue("pulsedeck_queue_workers", "Workers that serve it.",
              [](const QueueFacts &queue) { return queue.workersKnown ? double(queue.workerCount()) : -1; });
    eachQueue("pulsedeck_queue_paused", "1 if it is paused.",
              [](const QueueFacts &queue) { return queue.latest.pausable ? double(queue.latest.paused) : -1; });
    eachQueue("pulsedeck_queue_unserved", "1 if jobs wait and no worker serves it.",
              [](const QueueFacts &queue) { return queue.state == QueueState::Unserved ? 1.0 : 0.0; });
}

void addAlertMetrics(const AlertEngine &engine, MetricsText *metrics)
{
    std::map<std::pair<QString, QString>, int> counts;
    for (const AlertRule &rule : engine.plan().rules) {
        if (rule.on)
            counts[{rule.name, u"firing"_s}] = 0; // A series that comes only with an alert cannot be watched for its end.
    }
    for (const Alert &alert : engine.alerts()) {
        if (alert.state != AlertState::Resolved)
            ++counts[{alert.rule.name, alert.isFiring() && alert.isSilenced() ? u"silenced"_s : alertStateName(alert.state)}];
    }
    metrics->begin("pulsedeck_alerts", MetricsText::Type::Gauge, "Alerts of each rule by state.");
    for (const auto &[key, count] : counts) {
        const AlertRule *rule = engine.plan().rule(key.first);
        metrics->add(
            {{"rule", key.first}, {"state", key.second}, {"severity", rule ? alertSeverityName(rule->severity) : QString()}},
            count);
    }
}

} // namespace pulsedeck
