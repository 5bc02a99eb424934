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

qint64 AlertFleet::reportedTiming(SourceId source, TimingId id) const
{
    const TimingProfile timing = m_store.sourceStatus(source).timing;
    // Systems that a layout describes have parameters of their own, and these mean nothing there.
    if (timing.assumed || timing.own != TimingProfile::unusedOwn())
        return 0;
    return std::max<qint64>(0, timingValue(timing, id));
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
