// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/rediscommand.h"
#include "app/redis/redisfailure.h"
#include "app/redis/redisreply.h"
#include "models/sources/redisurl.h"

#include <QObject>

#include <functional>
#include <initializer_list>
#include <memory>
#include <span>

namespace pulsedeck {

struct RedisConnectionOptions
{
    int connectTimeoutMs = 5'000;
    /// The connection is given up when the oldest unanswered request is older than this and nothing at all has come for
    /// as long: a long pipeline that is steadily being answered does not time out because of its length.
    int replyTimeoutMs = 10'000;
    int keepAliveMs = 5'000; ///< After so long without a word a PING is sent, so that a dead peer is noticed.
    qint64 maxReplyBytes = 8LL * 1024 * 1024;
    /// A longer string in a reply is passed over and costs only itself; see RedisReply::isTooLarge(). 0: it ends the connection.
    qint64 maxStringBytes = 256LL * 1024;
    /// Requests made but not yet taken by the system; what would be more is answered Refused.
    qint64 maxWaitingBytes = 64LL * 1024 * 1024;
    /// Doubles with each failure up to backoffCapMs; each wait is jittered to 50–100 % of it.
    int backoffFirstMs = 250;
    int backoffCapMs = 15'000;
    bool reconnect = true;
    /// Only prove() makes the next failure the first of a new row. Otherwise any answer does, or having held for 3 s: which
    /// lets a server that ends each connection a moment later be asked several times a second for ever.
    bool provedByOwner = false;
    bool tellServer = false; ///< A subscriber asks for INFO server before it subscribes; see serverInfo().
    QByteArray clientName = "pulsedeck"; ///< For CLIENT SETNAME; empty for none.
};

/// The one answer every request gets.
struct RedisAnswer
{
    enum class Outcome : quint8 {
        Reply, ///< reply() holds it, and it is no error.
        Error, ///< Redis answered with an error; reply().bytes() is its text.
        Timeout, ///< No answer within the limit. Whether the server acted on it is unknown.
        Lost, ///< The connection ended first. Whether the server acted on it is unknown.
        Refused, ///< Never sent: no connection, or too much is waiting.
    };
    Outcome outcome = Outcome::Lost;
    RedisReply reply;
    qint64 elapsedUs = 0; ///< From writing to reading, for answered ones.
    bool repeatsPassword = false; ///< The error's text holds the password: text() leaves it out.

    bool ok() const { return outcome == Outcome::Reply; }
    /// True for an error that begins with the word, as in isError("NOPERM").
    bool isError(QByteArrayView word) const;
    /// What happened, in words, for anything but Reply.
    QString text() const;
};

/// A pipelined connection to one Redis: hiredis' reader and formatter over Qt's sockets. Lives on its thread and never
/// blocks it. Every request is answered exactly once, in order, from the event loop and never from inside request();
/// only close() and the destructor answer what is left before they return. Nothing sent is ever taken out of the queue.
/// After a loss everything unanswered is answered Lost before stateChanged() is emitted, and the connection tries again
/// with capped, jittered backoff. Handlers and slots may call request(), open() and close(), and may delete the
/// connection. Commands with none or several answers (MONITOR, CLIENT REPLY, SUBSCRIBE to several channels) must not be
/// sent.
class RedisConnection : public QObject
{
    Q_OBJECT

public:
    enum class State {
        Closed, ///< Not wanted, or failed for good: see failure().
        Connecting, ///< Socket, TLS or handshake under way.
        Ready,
        Waiting, ///< Until retryAt() for the next attempt.
    };
    Q_ENUM(State)

    using Handler = std::function<void(const RedisAnswer &)>;

    explicit RedisConnection(const RedisUrl &url, const RedisConnectionOptions &options = {}, QObject *parent = nullptr);
    /// Everything unanswered is answered Lost.
    ~RedisConnection() override;

    void open();
    /// Ends the connection; everything unanswered is answered Lost before it returns. open() may be called again.
    void close();
    /// Ends a wait and tries at once.
    void retryNow();

    State state() const;
    /// Counts connections that became Ready. Compare it to tell whether an answer belongs to the present one.
    quint32 generation() const;
    /// Why the last connection failed or ended; Kind::None while Ready.
    RedisFailure failure() const;
    /// Milliseconds until the next attempt while Waiting, else -1.
    int retryInMs() const;
    /// Requests made and not answered yet.
    int pending() const;
    /// How long the oldest unanswered request, the connection's own PING included, has waited, in milliseconds; 0 when
    /// there is none.
    qint64 oldestPendingMs() const;

    /// Sends one command. Arguments are copied. \a handler may be empty.
    void request(std::span<const QByteArrayView> arguments, Handler handler);
    void request(std::initializer_list<QByteArrayView> arguments, Handler handler);
    /// The same for a command formatted beforehand, with \a value in its place.
    void request(const RedisCommand &command, QByteArrayView value, Handler handler);

    /// Makes this a subscriber: after SUBSCRIBE, arrays that are no answers go to pushed() ("message", channel,
    /// payload). Call before open(); the subscription is made anew after each reconnect, and the state is Ready only
    /// once it is confirmed.
    void subscribe(const QByteArray &channel);
    /// The connection did what it was made for: waits begin anew with the shortest when it ends.
    void prove();
    /// What a Ready subscriber was answered to INFO server; empty if it was refused or not asked.
    QByteArray serverInfo() const;
    /// CLIENT ID of a Ready subscriber, asked before it subscribed; 0 if the server refused to tell.
    qint64 clientId() const;

signals:
    void stateChanged(pulsedeck::RedisConnection::State state);
    /// A published message; the reply is valid during the emission only, so connect directly.
    void pushed(const pulsedeck::RedisReply &message);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck
