// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"

#include <QStringList>

namespace pulsedeck {

/// The requests of a look for systems: counted, and of each look no more than a bound. What is asked between two looks is not
/// bounded here. An answer that the end of the connection left out is not passed on. Lives on the thread of its connection, whose
/// owner keeps it.
class DetectionRequests final : public QObject
{
    Q_OBJECT

public:
    using Then = std::function<void(const RedisAnswer &)>;

    DetectionRequests(RedisConnection &connection, int most, QObject *parent);

    /// A look begins: done() follows when all that it asks was answered, at the earliest after everythingAsked().
    void begin();
    void everythingAsked();
    bool isLooking() const { return m_looking; }
    bool isWaiting() const { return m_waiting > 0; }
    /// Whether a look may ask for so many more.
    bool hasRoom(int more) const { return !m_looking || m_sent + more < m_most; }
    int sent() const { return m_sent; }
    /// Of a look beyond the bound: nothing is sent, and \a then is not called.
    void ask(std::span<const QByteArrayView> words, Then then);
    void ask(std::initializer_list<QByteArrayView> words, Then then);
    /// The account may not send \a command, if that is what the answer says.
    void noteRefusal(const RedisAnswer &answer, const char *command);
    /// Since the look began.
    const QStringList &refused() const { return m_refused; }
    /// After a done(): the look goes on with further requests, as after begin().
    void goOn() { m_waiting = 1; }
    void end() { m_looking = false; }
    RedisConnection &connection() const { return m_connection; }

signals:
    /// Nothing of the look is under way: goOn() or end() it.
    void done();

private:
    void answered();

    RedisConnection &m_connection;
    const int m_most;
    QStringList m_refused;
    int m_sent = 0;
    int m_waiting = 0; ///< Not answered.
    bool m_looking = false;
};

} // namespace pulsedeck
