// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/certificatecondition.h"

namespace pulsedeck {

void CertificateCondition::look(qint64, AlertFindings *findings)
{
    const qint64 wall = m_fleet.store().clock().wallNowMs();
    QHash<SourceId, qint64> ending;
    for (const SourceId source : m_fleet.store().sources()) {
        const SourceStatus status = m_fleet.store().sourceStatus(source);
        const qint64 until = status.certificateUntil;
        if (until > 0 && until - wall < m_rule.beforeMs && status.state != SourceState::Off && m_fleet.isWatched(m_rule, source))
            ending.insert(source, until);
    }
    for (auto one = ending.cbegin(); one != ending.cend(); ++one) {
        if (m_ending.value(one.key()) == *one)
            continue;
        const bool alone = m_rule.group == AlertGrouping::Each || m_rule.group == AlertGrouping::Source;
        AlertFinding finding;
        finding.key = one.key();
        finding.group = alone ? m_fleet.store().sourceName(one.key()) : QString();
        finding.source = one.key();
        finding.until = *one;
        findings->held.push_back(finding);
    }
    for (auto one = m_ending.cbegin(); one != m_ending.cend(); ++one) {
        if (!ending.contains(one.key()))
            findings->over.push_back(one.key());
    }
    m_ending = ending;
}

} // namespace pulsedeck
