// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/celeryevents.h"

#include <utility>

namespace pulsedeck {

CeleryEvents::CeleryEvents(RedisSession &session, const QByteArray &pattern, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_pattern(pattern)
{ }

CeleryEvents::~CeleryEvents()
{
    if (m_connection)
        m_connection->disconnect(this);
    delete m_connection;
}

void CeleryEvents::begin()
{
    if (m_connection) {
        if (m_connection->state() == RedisConnection::State::Closed)
            m_connection->open();
        return;
    }
    m_connection = new RedisConnection(m_session.url, m_session.options.connection, this);
    m_connection->psubscribe(m_pattern);
    connect(m_connection, &RedisConnection::stateChanged, this, &CeleryEvents::onState);
    connect(m_connection, &RedisConnection::pushed, this, &CeleryEvents::onPushed);
    m_connection->open();
}

void CeleryEvents::stop()
{
    m_listening = m_settled = false;
    m_unreadableAt = 0;
    drop();
}

void CeleryEvents::review(qint64 now)
{
    constexpr qint64 complainedOfMs = 30'000; // Some of the senders may be readable, and others not.
    if (m_unreadableAt == 0 || now - m_unreadableAt < complainedOfMs || !m_listening)
        return;
    m_unreadableAt = 0;
    m_session.endLimit(RedisSession::Limit::Events);
}

void CeleryEvents::drop()
{
    if (!m_connection)
        return;
    m_connection->disconnect(this);
    m_connection->deleteLater();
    std::exchange(m_connection, nullptr)->close();
}

void CeleryEvents::onState(RedisConnection::State state)
{
    if (state == RedisConnection::State::Connecting)
        return;
    m_listening = state == RedisConnection::State::Ready;
    m_settled = true;
    if (m_listening) {
        m_since = m_session.now();
        m_session.endLimit(RedisSession::Limit::Events);
    } else if (m_connection->failure().kind == RedisFailure::Kind::Refused) {
        m_session.setLimit(RedisSession::Limit::Events,
                           tr("Celery's workers are known by their events, and this user may not subscribe to %1.")
                               .arg(QString::fromUtf8(m_pattern)));
    } else {
        m_session.setLimit(RedisSession::Limit::Events,
                           tr("Celery's workers are known by their events, and the connection for these is lost."));
    }
    emit switched();
}

void CeleryEvents::onPushed(const RedisReply &message)
{
    if (message.at(0).bytes() != QByteArrayView("pmessage") || message.at(3).isTooLarge())
        return;
    const std::optional<QList<CeleryEvent>> events = CeleryMessage::events(message.at(3).bytes());
    if (!events) {
        m_unreadableAt = m_session.now();
        m_session.setLimit(RedisSession::Limit::Events,
                           tr("Events of Celery's workers are unreadable: they are not JSON, as where event_serializer was "
                              "changed."));
        return;
    }
    for (const CeleryEvent &event : *events)
        emit heard(event);
}

} // namespace pulsedeck
