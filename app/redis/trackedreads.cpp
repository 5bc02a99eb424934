// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/trackedreads.h"

#include <utility>

namespace pulsedeck {

TrackedReads::TrackedReads(RedisSession &session)
    : QObject(&session)
    , m_session(session)
{ }

TrackedReads::~TrackedReads()
{
    if (m_connection)
        m_connection->disconnect(this);
    delete m_connection; // Its unanswered requests are answered while this is still whole.
}

void TrackedReads::review()
{
    if (!m_session.pushing || m_session.pushClient == 0) {
        m_pushClient = 0; // Else the same one would not be asked for again when it is back.
        setTracking(false);
        return;
    }
    if (!m_connection) {
        m_connection = new RedisConnection(m_session.url, m_session.options.connection, this);
        connect(m_connection, &RedisConnection::stateChanged, this, &TrackedReads::onState);
        m_connection->open();
    } else if (m_connection->state() == RedisConnection::State::Ready && m_pushClient != m_session.pushClient) {
        track();
    } else if (m_connection->state() == RedisConnection::State::Closed) {
        m_connection->open();
    }
}

void TrackedReads::stop()
{
    m_tracking = false;
    m_pushClient = 0;
    if (!m_connection)
        return;
    m_connection->disconnect(this);
    m_connection->deleteLater();
    std::exchange(m_connection, nullptr)->close();
}

void TrackedReads::onState(RedisConnection::State state)
{
    if (state == RedisConnection::State::Ready) {
        track();
    } else {
        m_pushClient = 0;
        setTracking(false);
    }
}

void TrackedReads::track()
{
    setTracking(false);
    if (!m_session.pushing || m_session.pushClient == 0)
        return;
    m_pushClient = m_session.pushClient;
    const QByteArray client = QByteArray::number(m_pushClient);
    m_connection->request({"CLIENT", "TRACKING", "OFF"}, {});
    m_connection->request({"CLIENT", "TRACKING", "ON", "REDIRECT", client},
                          [this, asked = m_connection->generation(), followed = m_pushClient](const RedisAnswer &answer) {
                              // It may be another server behind the same address: then the push client is not known there.
                              if (m_connection && m_connection->generation() == asked && m_pushClient == followed)
                                  setTracking(answer.ok());
                          });
}

void TrackedReads::setTracking(bool tracking)
{
    if (std::exchange(m_tracking, tracking) != tracking)
        emit switched();
}

} // namespace pulsedeck
