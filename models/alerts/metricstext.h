// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <utility>
#include <vector>

namespace pulsedeck {

/// Figures in the text format that Prometheus reads (version 0.0.4). A metric is begun once, its samples follow. What is not
/// known is left out.
class MetricsText
{
public:
    using Labels = std::vector<std::pair<const char *, QString>>;
    enum class Type { Gauge, Counter };

    void begin(const char *name, Type type, const char *help);
    /// Of the metric that was begun last.
    void add(const Labels &labels, double value);
    /// The same if \a value is not negative: -1 is how counts that are not reported are kept.
    void addKnown(const Labels &labels, double value);
    const QByteArray &text() const { return m_text; }

private:
    QByteArray m_text;
    QByteArray m_name;
};

class AlertEngine;
class FleetStore;

/// How many workers of each source, system and liveness there are, the figures of queues, which sources are connected, and what
/// fires. Where the store lives; one pass over all workers.
void addFleetMetrics(const FleetStore &store, MetricsText *metrics);
void addAlertMetrics(const AlertEngine &engine, MetricsText *metrics);

} // namespace pulsedeck
