// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/queuecondition.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QueueCondition::QueueCondition(const AlertRule &rule, const AlertFleet &fleet)
    : AlertCondition(rule, fleet)
    , m_match(QueueFilter::parse(rule.match))
    , m_keep(QueueFilter::parse(rule.keep.isEmpty() ? rule.match : rule.keep))
{ }

void QueueCondition::look(qint64, AlertFindings *findings)
{
    if (m_seen == m_fleet.queuesRead())
        return;
    m_seen = m_fleet.queuesRead();
    for (const QueueFacts &queue : m_fleet.queues()) {
        Known &known = m_queues[queue.key];
        if (known.number == 0)
            known.number = ++m_lastNumber;
        known.seen = m_seen;
        const bool watched = m_fleet.isWatched(m_rule, queue.key.source);
        if (watched && queue.asOf != 0)
            continue;
        const bool holds = watched && (known.held ? m_keep : m_match).matches(queue);
        if (holds && !known.held)
            findings->held.push_back({known.number, groupOfQueue(queue), queue.key.source, noWorker, 0, 0, 1});
        else if (!holds && known.held)
            findings->over.push_back(known.number);
        known.held = holds;
    }
    for (auto one = m_queues.begin(); one != m_queues.end();) {
        const bool gone = one->second.seen != m_seen;
        if (gone && one->second.held)
            findings->over.push_back(one->second.number);
        one = gone ? m_queues.erase(one) : std::next(one);
    }
}

QString QueueCondition::groupOfQueue(const QueueFacts &queue) const
{
    const QString system = meetSystem(queue.latest.traits);
    switch (m_rule.group) {
    case AlertGrouping::System:
        return system;
    case AlertGrouping::Source:
        return queue.source;
    case AlertGrouping::All:
        return {};
    default:
        return queue.source + u" · "_s + queue.name; // untranslated: two names
    }
}

QString QueueCondition::nameOf(const AlertFinding &finding) const
{
    const QueueKey *key = keyOf(finding);
    return key ? QString::fromUtf8(key->name) : QString();
}

QString QueueCondition::systemOf(const AlertFinding &finding) const
{
    const QueueKey *key = keyOf(finding);
    return key ? key->system : QString();
}

const QueueKey *QueueCondition::keyOf(const AlertFinding &finding) const
{
    for (const auto &[key, known] : m_queues) {
        if (known.number == finding.key)
            return &key;
    }
    return nullptr;
}

} // namespace pulsedeck
