// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/dialectregistry.h"
#include "app/redis/redisconnection.h"

#include <QSet>
#include <QTimer>

namespace pulsedeck {

/// Listens for a while to the events of one system, on a connection of its own, and counts who sends some; for a time of 0 it
/// only finds out whether it may listen. Lives on one thread, that of its connection.
class EventListener final : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype mostSenders = 100'000; ///< More are not counted.

    EventListener(const RedisUrl &url, const RedisConnectionOptions &options, EventReading events, QObject *parent);
    ~EventListener() override;

    void start(int ms);
    const QByteArray &pattern() const { return m_events.pattern; }
    qint64 heard() const { return m_senders.size(); }
    /// The account may not subscribe to these channels.
    bool isRefused() const { return m_refused; }

signals:
    /// Once: the time is over, or the connection ended.
    void over();

private:
    void onState(RedisConnection::State state);
    void finish();

    const EventReading m_events;
    RedisConnection m_connection;
    QTimer m_end;
    QSet<QByteArray> m_senders;
    int m_ms = 0;
    bool m_refused = false;
    bool m_over = false;
};

} // namespace pulsedeck
