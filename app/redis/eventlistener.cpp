// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/eventlistener.h"

#include <utility>

namespace pulsedeck {

EventListener::EventListener(const RedisUrl &url, const RedisConnectionOptions &options, EventReading events, QObject *parent)
    : QObject(parent)
    , m_events(std::move(events))
    , m_connection(url, options)
{
    m_end.setSingleShot(true);
    connect(&m_end, &QTimer::timeout, this, &EventListener::finish);
    connect(&m_connection, &RedisConnection::stateChanged, this, &EventListener::onState);
    connect(&m_connection, &RedisConnection::pushed, this, [this](const RedisReply &message) {
        if (message.at(0).bytes() != QByteArrayView("pmessage") || message.at(3).isTooLarge())
            return;
        const QByteArrayList senders = m_events.senders(message.at(3).bytes());
        for (const QByteArray &sender : senders) {
            if (m_senders.size() < mostSenders)
                m_senders.insert(sender);
        }
    });
}

EventListener::~EventListener()
{
    m_connection.disconnect(this);
}

void EventListener::start(int ms)
{
    m_ms = ms;
    m_connection.psubscribe(m_events.pattern);
    m_connection.open();
}

void EventListener::onState(RedisConnection::State state)
{
    if (state == RedisConnection::State::Ready) {
        m_end.start(m_ms);
    } else if (state == RedisConnection::State::Closed) {
        m_refused = m_connection.failure().kind == RedisFailure::Kind::Refused;
        finish();
    }
}

void EventListener::finish()
{
    if (!std::exchange(m_over, true))
        emit over();
}

} // namespace pulsedeck
