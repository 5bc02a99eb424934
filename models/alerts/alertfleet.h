// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertrule.h"
#include "models/fleet/queuefacts.h"

#include <QHash>

#include <vector>

namespace pulsedeck {

/// The fleet as rules look at it: the store, what each source is used for, and the queues, which are read once for all rules.
/// Where the store lives.
class AlertFleet
{
public:
    static constexpr qint64 queuesEveryMs = 250; ///< So often queues are read at most.
    static constexpr qint64 queuesAgainMs = 1'000; ///< And so often at least, as some of what is said of them changes with time.
    static constexpr qint64 queuesShare = 50; ///< Where reading takes long: at most this part of the time goes into it.

    explicit AlertFleet(const FleetStore &store)
        : m_store(store)
    { }

    const FleetStore &store() const { return m_store; }

    /// None for a source whose environment was not set.
    SourceEnvironment environment(SourceId source) const { return m_environments.value(source, SourceEnvironment::None); }
    /// Returns whether it is another one.
    bool setEnvironment(SourceId source, SourceEnvironment environment);
    void forget(SourceId source) { m_environments.remove(source); }
    /// The rule is about this source: it is visible, no other source shows the same workers, and its environment fits.
    bool isWatched(const AlertRule &rule, SourceId source) const
    {
        return rule.isFor(environment(source)) && m_store.isSourceVisible(source);
    }

    /// A timing parameter as the source reports it; 0 if it does not.
    qint64 reportedTiming(SourceId source, TimingId id) const;

    /// Reads the queues again if that is due.
    void readQueues(qint64 now);
    const std::vector<QueueFacts> &queues() const { return m_queues; }
    /// Grows with each reading.
    quint64 queuesRead() const { return m_queuesRead; }

private:
    const FleetStore &m_store;
    QHash<SourceId, SourceEnvironment> m_environments;
    std::vector<QueueFacts> m_queues;
    quint64 m_queuesRead = 0;
    quint64 m_revision = 0; ///< QueueStore::revision() when they were read.
    qint64 m_readAt = 0;
    qint64 m_spentMs = 0; ///< By the last reading.
};

} // namespace pulsedeck
