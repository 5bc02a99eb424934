// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/celerymessage.h"
#include "app/redis/redisconnection.h"

#include <QHash>
#include <QJsonValue>
#include <QLockFile>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <memory>

namespace pulsedeck {

/// Asks single workers of Celery by remote control, and reads what they answer. For that it binds a list of its own, which it
/// takes away, binding and all, as soon as nothing is awaited: no key of it would ever expire. An answer that comes after its
/// time finds no binding, and one on its way is removed a moment later. No two mailboxes have the
/// same list at the same time, as one would take the other's answers. Its name is one of a few of this user and machine, which
/// are used again: so is what a crash leaves behind. Lives on the I/O thread.
class CeleryMailbox final : public QObject
{
    Q_OBJECT

public:
    static constexpr int pollMs = 20; ///< A worker answers within a few ms.
    static constexpr int answerMs = 3'000; ///< Who has not answered by then does not.

    enum class Outcome : quint8 {
        Answered,
        Heard, ///< Without an answer in time; or none was asked for.
        Nobody, ///< No worker is connected.
        Refused, ///< By Redis, or the message cannot be made.
        Lost, ///< The connection was lost: it may or may not have been sent.
    };
    struct Result
    {
        QByteArray node; ///< Who was asked.
        Outcome outcome = Outcome::Lost;
        QJsonValue answer;
        qint32 receivers = 0; ///< Connected workers; one that is stopped counts.
        QByteArray error; ///< Redis' words.
    };
    using Then = std::function<void(const Result &)>;

    /// \a prefix: before keys and channels. \a database: of the broker.
    CeleryMailbox(const QByteArray &prefix, int database, QObject *parent);

    /// "/0.celery.pidbox": where commands go.
    const QByteArray &channel() const { return m_channel; }
    const QByteArray &bindingsKey() const { return m_bindings; }
    /// Empty before the first question.
    const QByteArray &listKey() const { return m_list; }

    /// Calls \a then once for each node, from the event loop. All hear each message: several are asked by one.
    void ask(RedisConnection &connection, const QByteArrayList &nodes, const QByteArray &method, const QJsonObject &arguments,
             const Then &then);
    void ask(RedisConnection &connection, const QByteArray &node, const QByteArray &method, const QJsonObject &arguments,
             const Then &then)
    {
        ask(connection, QByteArrayList{node}, method, arguments, then);
    }
    /// The same without an answer: Heard says that it was published.
    void tell(RedisConnection &connection, const QByteArray &node, const QByteArray &method, const Then &then);
    /// The connection is about to be closed: nothing is awaited any more (Lost), and the list and its binding are removed.
    void leave();
    /// How many messages are not answered in full.
    int pending() const { return int(m_asked.size()); }

private:
    struct Asked
    {
        QByteArrayList nodes; ///< That have not answered.
        Then then;
        qint64 until = 0; ///< The steady clock, ms; 0 until it was published.
        qint32 receivers = 0;
    };

    void takePlace();
    void publish(RedisConnection &connection, const QByteArray &message, const RedisHandler &handler);
    void poll();
    void take(QByteArrayView message);
    void finish(const QByteArray &ticket, Result result);
    void clean();
    static Result failed(const RedisAnswer &answer);

    const QByteArray m_prefix;
    const QByteArray m_channel;
    const QByteArray m_bindings;
    std::unique_ptr<QLockFile> m_place; ///< Null: it has a name that is used once.
    QByteArray m_oid;
    QByteArray m_binding;
    QByteArray m_list;
    QPointer<RedisConnection> m_connection;
    QHash<QByteArray, Asked> m_asked; ///< By ticket.
    QTimer m_poll;
    QTimer m_late; ///< What was on its way when the list was removed.
    bool m_polling = false;
    bool m_bound = false;
    bool m_leaving = false;
    bool m_timedOut = false; ///< Since it was bound.
};

} // namespace pulsedeck
