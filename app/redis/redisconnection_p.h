// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"
#include "app/redis/redissocket.h"
#include "models/core/backoff.h"

#include <QPointer>

#include <deque>
#include <vector>

class QTimer;

namespace pulsedeck {

/// What RedisConnection is made of. Any handler and any slot may close, reopen or delete the connection, so after each
/// call of one `epoch` and a guard tell whether there is anything left to go on with.
class RedisConnection::Private
{
public:
    struct Request
    {
        enum class Kind : quint8 {
            User,
            Unsent, ///< Too much was waiting: it only keeps its place in the order of answers.
            Handshake,
            KeepAlive,
        };
        Handler handler;
        qint64 sentAt = 0; ///< Steady clock, microseconds.
        Kind kind = Kind::User;
        HandshakeStep step = HandshakeStep::Ping;
        RedisAnswer::Outcome end = RedisAnswer::Outcome::Lost; ///< If the connection ends first.
    };

    /// A queue in one piece of memory: a pipeline of 100,000 requests allocates nothing per request.
    class Queue
    {
    public:
        bool isEmpty() const { return m_head == m_requests.size(); }
        Request &front() { return m_requests[m_head]; }
        std::vector<Request>::iterator begin() { return m_requests.begin() + std::ptrdiff_t(m_head); }
        std::vector<Request>::iterator end() { return m_requests.end(); }
        void push(Request &&request) { m_requests.push_back(std::move(request)); }
        Request take()
        {
            Request request = std::move(m_requests[m_head++]);
            if (isEmpty()) {
                if (m_requests.capacity() > keptRequests)
                    std::vector<Request>().swap(m_requests);
                else
                    m_requests.clear();
                m_head = 0;
            } else if (m_head >= 1024 && m_head > m_requests.size() / 2) {
                m_requests.erase(m_requests.begin(), begin());
                m_head = 0;
            }
            return request;
        }

    private:
        static constexpr size_t keptRequests = 16'384;
        std::vector<Request> m_requests;
        size_t m_head = 0;
    };

    Private(RedisConnection *connection, const RedisUrl &address, const RedisConnectionOptions &wishes);

    /// The steady clock, in microseconds.
    static qint64 nowUs();
    void announce();
    void startConnecting();
    void dropSocket();
    void greet();
    void ask(HandshakeStep step, std::initializer_list<QByteArrayView> arguments);
    bool append(std::span<const QByteArrayView> arguments);
    void scheduleFlush();
    void flush();
    void read();
    void take(const RedisReply &reply);
    void answerUnsent();
    void shake(HandshakeStep step, const RedisReply &reply);
    void socketEnded(const RedisFailure &why);
    void watch();
    void fail(const RedisFailure &why);
    /// False when a handler deleted, closed or reopened the connection.
    bool answerOrphans();
    void refuse(Handler &&handler);
    /// Whether so many more bytes may wait for the socket.
    bool hasRoom(qint64 bytes) const;
    void enqueue(Handler &&handler, bool sent);
    void answerRefused();

    /// Runs something that may end inside a signal of the socket, which then must not be deleted at once.
    template <typename Function> void inSocket(Function function)
    {
        QPointer<RedisConnection> guard(q);
        ++socketDepth;
        function();
        if (guard)
            --socketDepth;
    }

    RedisConnection *q;
    RedisUrl url;
    RedisConnectionOptions options;
    Backoff backoff;
    std::shared_ptr<RedisReader> reader;
    QTimer *connectTimer;
    QTimer *retryTimer;
    QTimer *watchTimer;
    RedisSocket *socket = nullptr;
    State state = State::Closed;
    State announced = State::Closed;
    RedisFailure failure;
    std::vector<QByteArray> channels;
    QByteArray out; ///< Written in this turn of the event loop, not yet given to the socket.
    QByteArray greeting; ///< The first bytes that came.
    Queue queue;
    std::deque<Request> orphans; ///< Of a connection that ended, being answered.
    std::deque<Handler> refused;
    qint64 channelId = 0;
    qint64 lastReceived = 0;
    qint64 readyAt = 0;
    quint32 generation = 0;
    quint32 epoch = 0; ///< Changes with every attempt and every end.
    int users = 0; ///< Requests of users in the queue.
    int handshakeLeft = 0;
    int socketDepth = 0;
    bool reading = false;
    QByteArray serverInfo;
    bool gotReplies = false;
    bool proved = false; ///< By its owner, since it was made.
    bool everReady = false; ///< A server has answered there before.
    bool suspect = false;
    bool flushScheduled = false;
    bool refusedScheduled = false;
};

} // namespace pulsedeck
