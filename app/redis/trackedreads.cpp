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
    delete std::exchange(m_connection, nullptr); // What is unanswered is answered now, and of no use any more.
}

void TrackedReads::review()
{
    if (!m_session.pushing || m_session.pushClient == 0) {
        // Push is switched off and on again whenever a system is found. Changes between the two are announced to nobody, so that
        // reads are tracked again afterwards, and by the same connection.
        m_pushClient = 0;
        m_againAt = 0;
        setTracking(false);
        if (!m_session.pushing || !m_session.connection || !m_session.connection->isCluster()) {
            endLimit(); // That there is no push at all is said elsewhere.
        } else if (!std::exchange(m_limited, true)) {
            m_session.setLimit(RedisSession::Limit::TrackedReads,
                               tr("Workers whose keys have no prefix in common are read every few seconds: in a cluster the "
                                  "changes of single keys are not announced."),
                               this);
        }
        return;
    }
    const bool due = m_againAt > 0 && m_session.now() >= m_againAt;
    if (!m_connection) {
        m_connection = new RedisConnection(m_session.url, m_session.options.connection, this);
        connect(m_connection, &RedisConnection::stateChanged, this, &TrackedReads::onState);
        m_connection->open();
    } else if (m_connection->state() == RedisConnection::State::Ready) {
        if (m_pushClient != m_session.pushClient || due)
            track();
    } else if (m_connection->state() == RedisConnection::State::Closed && (m_againAt == 0 || due)) {
        m_againAt = 0;
        m_connection->open();
    }
}

void TrackedReads::stop()
{
    m_tracking = m_limited = false; // Limits are of one connection of the source.
    m_pushClient = 0;
    m_againAt = 0;
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
        return;
    }
    m_pushClient = 0;
    m_againAt = 0;
    setTracking(false);
    if (state != RedisConnection::State::Connecting)
        giveUp(m_connection->failure().text); // One that waits connects by itself.
}

void TrackedReads::track()
{
    setTracking(false);
    m_againAt = 0;
    if (!m_session.pushing || m_session.pushClient == 0)
        return;
    m_pushClient = m_session.pushClient;
    const QByteArray client = QByteArray::number(m_pushClient);
    m_connection->request({"CLIENT", "TRACKING", "OFF"}, {});
    m_connection->request({"CLIENT", "TRACKING", "ON", "REDIRECT", client},
                          [this, asked = m_connection->generation(), followed = m_pushClient](const RedisAnswer &answer) {
                              // It may be another server behind the same address: then the push client is not known there.
                              if (!m_connection || m_connection->generation() != asked || m_pushClient != followed)
                                  return;
                              if (answer.ok())
                                  endLimit();
                              else
                                  giveUp(answer.text());
                              setTracking(answer.ok());
                          });
}

/// The source is live all the same: what can be announced by prefix is.
void TrackedReads::giveUp(const QString &why)
{
    m_againAt = m_session.now() + m_session.options.pushAgainMs;
    m_limited = true;
    m_session.setLimit(RedisSession::Limit::TrackedReads,
                       tr("Workers whose keys have no prefix in common are read every few seconds, because their changes are not "
                          "announced for now: %1")
                           .arg(why),
                       this);
}

void TrackedReads::endLimit()
{
    if (std::exchange(m_limited, false))
        m_session.endLimit(RedisSession::Limit::TrackedReads, this);
}

void TrackedReads::setTracking(bool tracking)
{
    if (std::exchange(m_tracking, tracking) != tracking)
        emit switched();
}

} // namespace pulsedeck
