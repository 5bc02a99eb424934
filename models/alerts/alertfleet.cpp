// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertfleet.h"

#include <QElapsedTimer>

#include <algorithm>

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
    if (m_queuesRead > 0 && ago < std::max(revision == m_revision ? queuesAgainMs : queuesEveryMs, m_spentMs * queuesShare))
        return;
    QElapsedTimer spent;
    spent.start();
    m_queues = queueFacts(m_store);
    m_spentMs = spent.elapsed();
    m_revision = revision;
    m_readAt = now;
    ++m_queuesRead;
}

} // namespace pulsedeck
