// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/preparedrequest.h"
#include "app/redis/readdelay.h"
#include "app/redis/redisanswer.h"
#include "app/redis/requestqueue.h"
#include "models/core/backoff.h"
#include "models/sources/redisurl.h"

#include <QIODevice>
#include <QObject>

#include <deque>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <vector>

class QTimer;

namespace pulsedeck {

class ClusterConnection;
class ClusterSlots;
class ClusterWatch;
class MasterLookup;
class RedisSocket;

/// What a subscriber hears.
struct RedisSubscription
{
    QByteArray word; ///< SUBSCRIBE or PSUBSCRIBE.
    QByteArray channel; ///< Or the pattern.
};

struct RedisConnectionOptions
{
    int connectTimeoutMs = 5'000; ///< Through an SSH host SshTunnel::loginMs more.
    /// The connection is given up when the oldest unanswered request is older than this and nothing at all has come for
    /// as long: a long pipeline that is steadily being answered does not time out because of its length.
    int replyTimeoutMs = 10'000;
    int keepAliveMs = 5'000; ///< After so long without traffic a PING is sent, so that a dead peer is noticed.
    qint64 maxReplyBytes = 8LL * 1024 * 1024;
    /// A longer string in a reply is passed over and costs only itself; see RedisReply::isTooLarge(). 0: it ends the connection.
    qint64 maxStringBytes = 256LL * 1024;
    /// Requests made but not yet taken by the system; what would be more is answered Refused.
    qint64 maxWaitingBytes = 64LL * 1024 * 1024;
    /// Doubles with each failure up to backoffCapMs; each wait is jittered to 50–100 % of it. A server that reads its data is
    /// asked again every second and a half at least.
    int backoffFirstMs = 250;
    int backoffCapMs = 15'000;
    bool reconnect = true;
    /// Only prove() makes the next failure the first of a new row. Otherwise any answer does, or having held for 3 s: which
    /// lets a server that ends each connection a moment later be asked several times a second for ever.
    bool provedByOwner = false;
    bool tellServer = false; ///< A subscriber asks for INFO server before it subscribes; see serverInfo().
    /// A Sentinel is refused in words, and where one of several nodes of a cluster answers all of its masters are connected to.
    /// Subscribers do not ask: they follow a connection that did.
    bool recognize = true;
    /// A subscriber asks all the same, and subscribes at each master of a cluster: its channel is not passed on between them.
    bool everyMaster = false;
    QByteArray clientName = "pulsedeck"; ///< For CLIENT SETNAME; empty for none.
};

/// A pipelined connection to one Redis: hiredis' reader and formatter over Qt's sockets. Lives on its thread and never
/// blocks it. Every request is answered exactly once, in order, from the event loop and never from inside request();
/// only close() and the destructor answer what is left before they return. Nothing sent is ever taken out of the queue.
/// Where the URL names Sentinels, they are asked for each attempt where the master is, and who is connected to has to say that it
/// is the master. In a cluster it stands for the connections to all masters (ClusterConnection): answers are in order for each
/// slot only, and it is lost when one of them is. After a loss everything unanswered is answered Lost before stateChanged() is
/// emitted, and the connection tries again with capped, jittered backoff. Handlers and slots may call request(), open() and
/// close(), and may delete the connection. Commands with none or several answers (MONITOR, CLIENT REPLY, SUBSCRIBE to several
/// channels) must not be sent.
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

    using Handler = RedisHandler;

    explicit RedisConnection(const RedisUrl &url, const RedisConnectionOptions &options = {}, QObject *parent = nullptr);
    const RedisUrl &url() const { return m_url; }
    /// The bytes of a command as they are sent.
    static QByteArray formatted(std::span<const QByteArrayView> arguments);
    /// The server that is, or was last, connected to: the master that Sentinels named, else url(). In a cluster any of its nodes.
    const RedisUrl &target() const { return m_target; }
    /// Everything unanswered is answered Lost.
    ~RedisConnection() override;

    void open();
    /// Hands what was requested to the system at once, if Ready: what is to reach the server before close().
    void sendNow();
    /// Ends the connection; everything unanswered is answered Lost before it returns. open() may be called again.
    void close();
    /// Ends a wait and tries at once.
    void retryNow();
    /// Leaves the present server, as after a loss, for the reason given, and tries again at once.
    void leave(const RedisFailure &why);
    /// Sentinels have told where the master is now: leaves for there, unless it is there or on the way.
    void follow(const RedisPlace &master, const RedisFailure &why);

    State state() const;
    /// Counts connections that became Ready. Compare it to tell whether an answer belongs to the present one.
    quint32 generation() const;
    /// When the certificate of the server ends, in Unix ms; 0 without TLS, and while not connected. Of several masters the one
    /// that ends first.
    qint64 certificateUntil() const;
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
    /// The same for a request formatted beforehand, with \a value in its place.
    void request(const PreparedRequest &command, QByteArrayView value, Handler handler);

    /// The same for the bytes of one whole command, see formatted().
    void requestBytes(const QByteArray &bytes, Handler handler);

    /// Whether this stands for the masters of a cluster.
    bool isCluster() const { return m_cluster != nullptr; }
    /// The connections that this stands for, one per master and in the order of their addresses; itself outside of a cluster.
    /// Valid until the state changes. They must not be opened or closed.
    std::vector<RedisConnection *> masters();

    /// Makes this a subscriber: after SUBSCRIBE, arrays that are no answers go to pushed() ("message", channel,
    /// payload). Call before open(); the subscription is made again after each reconnect, and the state is Ready only
    /// once it is confirmed.
    void subscribe(const QByteArray &channel);
    /// The same by PSUBSCRIBE, for all channels that fit: "pmessage", pattern, channel, payload. A user whose rights name a
    /// pattern may subscribe to exactly that one.
    void psubscribe(const QByteArray &pattern);
    /// The connection did what it was made for: when it ends, waits begin with the shortest again.
    void prove();
    /// From now on what comes is read so long after the first byte of it, all at once: for a subscriber whose news is not urgent.
    /// Each wake-up of the thread costs more than what it reads. 0, as at first: at once. Without effect over TLS.
    void setReadDelay(int ms);
    /// How long ago, in milliseconds, that came which pushed() is giving: exact for the first of what is read together, and of
    /// the others the middle of the time in which they came. 0 where nothing was held back.
    qint64 heldMs() const;
    /// What a Ready subscriber was answered to INFO server; empty if it was refused or not asked.
    QByteArray serverInfo() const;
    /// CLIENT ID of a Ready subscriber, asked before it subscribed; 0 if the server refused to tell.
    qint64 clientId() const;

signals:
    /// An attempt begins, with this socket; what is connected to it must not close or delete the connection.
    void attempting(QIODevice *socket);
    void stateChanged(pulsedeck::RedisConnection::State state);
    /// A published message; the reply is valid during the emission only, so connect directly.
    void pushed(const pulsedeck::RedisReply &message);

private:
    using Request = RequestQueue::Request;

    // Any handler and any slot may close, reopen or delete the connection, so after each call of one m_epoch and a guard tell
    // whether there is anything left to go on with.
    void announce();
    void startConnecting();
    void connectTo(const RedisUrl &server);
    void onMasterFound(const RedisPlace &master);
    void watchCluster(const QList<RedisPlace> &seeds);
    void dropWatch();
    void onClusterMap(const ClusterSlots &map);
    void becomeReady();
    void askSubscriptions();
    int longestWait(int ms) const;
    int connectLimitMs() const;
    void dropSocket();
    void greet();
    void ask(HandshakeStep step, std::initializer_list<QByteArrayView> arguments);
    bool append(std::span<const QByteArrayView> arguments);
    void scheduleFlush();
    void flush();
    bool waitsToRead();
    void read();
    void take(const RedisReply &reply);
    void answerUnsent();
    /// False when the connection was given up.
    bool recognize(HandshakeStep step, const RedisReply &reply);
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

    template <typename Function> void inSocket(Function function);

    const RedisUrl m_url;
    RedisUrl m_target;
    const RedisConnectionOptions m_options;
    Backoff m_backoff;
    std::shared_ptr<RedisReader> m_reader;
    QTimer *m_connectTimer;
    QTimer *m_retryTimer;
    QTimer *m_watchTimer;
    ReadDelay m_readDelay{this};
    RedisSocket *m_socket = nullptr;
    MasterLookup *m_lookup = nullptr; ///< A child; null where there are no Sentinels.
    ClusterWatch *m_clusterWatch = nullptr; ///< A child; null where no cluster was found, or named.
    std::unique_ptr<ClusterConnection> m_cluster; ///< In place of the socket; null outside of a cluster.
    std::unique_ptr<ClusterConnection> m_endedCluster; ///< What it has not answered is being answered.
    State m_state = State::Closed;
    State m_announced = State::Closed;
    RedisFailure m_failure;
    std::vector<RedisSubscription> m_channels;
    QByteArray m_out; ///< Written in this turn of the event loop, not yet given to the socket.
    QByteArray m_greeting; ///< The first bytes that came.
    RequestQueue m_queue;
    std::deque<Request> m_orphans; ///< Of a connection that ended, being answered.
    std::deque<Handler> m_refused;
    qint64 m_channelId = 0;
    qint64 m_lastReceived = 0;
    qint64 m_turnUs = 0; ///< When the first request was made of those that wait to be sent.
    qint64 m_readyAt = 0;
    quint32 m_generation = 0;
    quint32 m_epoch = 0; ///< Changes with every attempt and every end.
    int m_users = 0; ///< Requests of users in the queue.
    int m_handshakeLeft = 0;
    int m_socketDepth = 0;
    bool m_reading = false;
    QByteArray m_serverInfo;
    bool m_isSentinel = false; ///< The handshake goes on only to ask for its masters.
    bool m_leadsToCluster = false; ///< It is one of several nodes of a cluster.
    bool m_gotReplies = false;
    bool m_proved = false; ///< By its owner, since it was made.
    bool m_everReady = false; ///< A server has answered there before.
    bool m_suspect = false;
    bool m_flushScheduled = false;
    bool m_refusedScheduled = false;
};

} // namespace pulsedeck
