// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/pushtrust.h"

#include <algorithm>

namespace pulsedeck {

void PushTrust::begin(qint64 now)
{
    *this = PushTrust();
    m_since = now;
    m_heardAt = now;
}

void PushTrust::heard(qint64 now)
{
    m_heardAt = now;
    m_pingedAt = 0;
}

bool PushTrust::wantsPing(qint64 now)
{
    const bool silent = now - m_heardAt >= pingAfterMs;
    const bool doubted = !m_found.empty() && now - m_found.front().at >= announcedWithinMs && !m_asked;
    if (m_pingedAt > 0 || (!silent && !doubted))
        return false;
    m_pingedAt = now;
    m_asked = true;
    return true;
}

void PushTrust::answered(qint64 sentAt, qint64 now)
{
    m_asked = false;
    m_missed = m_missed || (!m_found.empty() && sentAt - m_found.front().at >= announcedWithinMs);
    heard(now);
}

void PushTrust::foundWritten(quint32 key, qint64 now)
{
    const bool known = std::any_of(m_found.begin(), m_found.end(), [key](const Found &found) { return found.key == key; });
    if (!known && m_found.size() < mostFound)
        m_found.push_back({key, now});
}

void PushTrust::announced(quint32 key)
{
    if (!m_found.empty())
        std::erase_if(m_found, [key](const Found &found) { return found.key == key; });
}

PushTrust::Doubt PushTrust::judge(qint64 now) const
{
    if (m_missed)
        return Doubt::MissedBeat;
    // A server that answers nobody says nothing about this connection: that is a stall, which is noticed elsewhere.
    const bool unanswered = m_pingedAt > 0 && now - m_pingedAt >= pingLimitMs && m_otherAnswered > m_pingedAt;
    return unanswered ? Doubt::UnansweredPing : Doubt::None;
}

} // namespace pulsedeck
