// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/celerymessage.h"
#include "app/redis/redissession.h"

namespace pulsedeck {

/// Hears what Celery's workers say of themselves: a connection of its own that subscribes to one pattern, and so needs no other
/// right. Says in the source's limits if it may not, or if what comes cannot be read. Messages that are too large are passed
/// over. Lives on the I/O thread, belongs to a CeleryDialect.
class CeleryEvents final : public QObject
{
    Q_OBJECT

public:
    CeleryEvents(RedisSession &session, const QByteArray &pattern, QObject *parent);
    /// The channels of what workers say of themselves, as an account's rights have to name them.
    static QByteArray patternOf(const QByteArray &prefix, int database)
    {
        return prefix + '/' + QByteArray::number(database) + ".celeryev/worker.*";
    }
    ~CeleryEvents() override;

    /// Connects, unless it has.
    void begin();
    void stop();
    /// Now and then: what could not be read some time ago is not complained of any more.
    void review(qint64 now);
    bool isListening() const { return m_listening; }
    /// Whether it listens, or it is known that it does not for now.
    bool isSettled() const { return m_settled; }
    /// The moment since which nothing was missed; 0 while it does not listen.
    qint64 listeningSince() const { return m_listening ? m_since : 0; }

signals:
    void heard(const pulsedeck::CeleryEvent &event);
    /// isListening() or isSettled() has changed.
    void switched();

private:
    void onState(RedisConnection::State state);
    void onPushed(const RedisReply &message);
    void drop();

    RedisSession &m_session;
    const QByteArray m_pattern;
    RedisConnection *m_connection = nullptr;
    qint64 m_since = 0;
    bool m_listening = false;
    bool m_settled = false;
    qint64 m_unreadableAt = 0; ///< A message was, and the source's limits say so; 0: none was.
};

} // namespace pulsedeck
