// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertfleet.h"

namespace pulsedeck {

bool AlertFleet::setEnvironment(SourceId source, SourceEnvironment environment)
{
    if (this->environment(source) == environment)
        return false;
    m_environments.insert(source, environment);
    return true;
}

void AlertFleet::readQueues(qint64 now)
{
    const quint64 revision = m_store.queues().revision();
    const qint64 ago = now - m_readAt;
    if (m_queuesRead > 0 && ago < (revision == m_revision ? queuesAgainMs : queuesEveryMs))
        return;
    m_queues = queueFacts(m_store);
    m_revision = revision;
    m_readAt = now;
    ++m_queuesRead;
}

} // namespace pulsedeck
