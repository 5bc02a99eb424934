// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/alerts/alertqueue.h"

#include <QDateTime>
#include <QDeadlineTimer>
#include <QRandomGenerator>

#include <algorithm>

namespace pulsedeck {

namespace {

qint64 steadyMs()
{
    return QDeadlineTimer::current().deadline();
}

} // namespace

AlertQueue::AlertQueue(const AlertOutlet &outlet, const AlertPace &pace)
    : m_outlet(outlet)
    , m_pace(pace)
    , m_sender(AlertSender::make(outlet))
    , m_backoff(pace.firstRetryMs, pace.lastRetryMs)
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &AlertQueue::next);
    connect(m_sender.get(), &AlertSender::ended, this, &AlertQueue::take);
}

void AlertQueue::add(const QString &id, const QByteArray &message)
{
    const qint64 until = steadyMs() + m_pace.giveUpMs;
    // The one on its way stays as it is.
    const auto first = m_messages.begin() + (m_busy ? 1 : 0);
    const auto same = std::find_if(first, m_messages.end(), [&](const Message &one) { return one.id == id; });
    if (same != m_messages.end()) {
        same->text = message;
        same->until = until;
    } else {
        m_messages.push_back({id, message, until});
        if (m_messages.size() > mostWaiting) {
            m_messages.erase(m_messages.begin() + (m_busy ? 1 : 0));
            ++m_state.lost;
        }
    }
    m_state.waiting = int(m_messages.size());
    if (!m_retry.isActive())
        next();
}

void AlertQueue::next()
{
    if (m_busy || m_messages.empty())
        return;
    m_busy = true;
    m_state.retryAt = 0;
    ++m_state.attempts;
    m_sender->send(m_messages.front().text);
}

void AlertQueue::take(const AlertAttempt &attempt)
{
    m_busy = false;
    m_state.last = attempt.text;
    m_state.lastAt = QDateTime::currentMSecsSinceEpoch();
    m_state.ok = attempt.ok;
    const int wait = attempt.ok ? 0 : m_backoff.next(QRandomGenerator::global()->generateDouble());
    const bool again = !attempt.ok && attempt.again && steadyMs() + wait < m_messages.front().until;
    if (again) {
        m_state.retryAt = m_state.lastAt + wait;
        m_retry.start(wait);
    } else {
        m_messages.pop_front();
        ++(attempt.ok ? m_state.sent : m_state.lost);
        m_state.attempts = 0;
        m_backoff.reset();
        if (!m_messages.empty())
            m_retry.start(0);
    }
    m_state.waiting = int(m_messages.size());
    emit attempted(attempt);
}

} // namespace pulsedeck
