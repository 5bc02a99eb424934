// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/sourcecondition.h"

namespace pulsedeck {

void SourceCondition::look(qint64, AlertFindings *findings)
{
    QSet<SourceId> lost;
    for (const SourceId source : m_fleet.store().sources()) {
        const SourceStatus status = m_fleet.store().sourceStatus(source);
        if (m_fleet.isWatched(m_rule, source) && status.state != SourceState::Off && (!status.isConnected() || status.isCutOff()))
            lost.insert(source);
    }
    for (const SourceId source : std::as_const(lost)) {
        if (m_lost.contains(source))
            continue;
        const bool alone = m_rule.group == AlertGrouping::Each || m_rule.group == AlertGrouping::Source;
        const QString group = alone ? m_fleet.store().sourceName(source) : QString();
        findings->held.push_back({source, group, source, noWorker, 0, 0, 1});
    }
    for (const SourceId source : std::as_const(m_lost)) {
        if (!lost.contains(source))
            findings->over.push_back(source);
    }
    m_lost = lost;
}

} // namespace pulsedeck
