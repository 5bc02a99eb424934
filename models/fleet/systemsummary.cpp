// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/systemsummary.h"

#include "models/core/format.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// As it was set, most likely: what is measured is some milliseconds off.
QString roundTime(qint64 ms)
{
    return exactText((ms + 250) / 500 * 500);
}

} // namespace

void SystemSummary::add(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    if (!worker.child)
        ++m_bySource[worker.source];
    const bool healthy = worker.liveness == Liveness::Alive && !worker.child;
    if (m_example == noWorker || (healthy && !m_exampleIsHealthy)) {
        m_example = handle;
        m_exampleIsHealthy = healthy;
        m_interval = worker.interval;
        m_ttl = worker.learntTtl;
        m_traits = worker.traits;
    }
    if (const LayoutFacts *facts = store.facts(handle); facts && !facts->version.isEmpty()) {
        m_versionsDiffer = m_versionsDiffer || (!m_version.isEmpty() && facts->version != m_version);
        m_version = facts->version;
    }
}

QString SystemSummary::beatText(const Thresholds &thresholds) const
{
    const SourceTraits &traits = *m_traits;
    if (traits.basis == BeatBasis::Connection)
        return tr("alive by their connections");
    if (traits.basis == BeatBasis::Calls)
        return tr("alive by their calls to Redis");
    const QString ttl = m_ttl > 0 ? roundTime(m_ttl) : QString();
    const qint64 interval = m_interval > 0 ? qint64(m_interval) : thresholds.interval;
    if (traits.registers()) {
        return ttl.isEmpty()    ? QString()
               : m_interval > 0 ? tr("renewed every %1, TTL %2").arg(roundTime(m_interval), ttl)
                                : tr("TTL %1").arg(ttl);
    }
    if (traits.idlePace != traits.busyPace && traits.idlePace.intervalMs > 0 && traits.busyPace.intervalMs > 0)
        return tr("beat %1 idle, %2 at work").arg(exactText(traits.idlePace.intervalMs), exactText(traits.busyPace.intervalMs));
    if (interval <= 0)
        return {};
    const QString beat = roundTime(interval);
    if (traits.basis == BeatBasis::Events)
        return tr("beat %1 by events, no keys").arg(beat);
    return ttl.isEmpty() ? tr("beat %1").arg(beat) : tr("beat %1, key TTL %2").arg(beat, ttl);
}

QString SystemSummary::text(const FleetStore &store) const
{
    if (m_example == noWorker)
        return {};
    QStringList sources;
    for (const auto &[source, count] : m_bySource) {
        const QString &name = store.sourceName(source);
        sources.append(m_bySource.size() == 1 ? name
                                              : tr("%1 %2", "a source and how many workers").arg(name, groupedNumber(count)));
    }
    QStringList parts;
    if (!sources.isEmpty())
        parts.append(sources.join(u", "_s));
    if (!m_version.isEmpty())
        parts.append(m_versionsDiffer ? tr("several versions") : m_version);
    if (const QString beat = beatText(store.thresholds(m_example)); !beat.isEmpty())
        parts.append(beat);
    return parts.join(u" · "_s);
}

} // namespace pulsedeck
