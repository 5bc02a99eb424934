// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/clusterroute.h"
#include "app/redis/clusterslots.h"
#include "app/redis/redisconnection.h"

#include <QTimer>

#include <array>

namespace pulsedeck {

/// The connections to all masters of a Redis Cluster, used as one by the RedisConnection that owns it: each request goes to the
/// master of its key, and where that says that the slot is elsewhere (MOVED, ASK) or on its way (TRYAGAIN), it follows. What is
/// not about a key is asked of all masters, and their answers become one. Answers about one slot come in the order of the
/// requests, unless one of them was redirected or put off; those of different slots may not, but a TIME or PING is answered after
/// everything before it that was not.
/// Used for one set of masters: when one of them ends, or another one comes, the owner makes another. Lives on the I/O thread.
class ClusterConnection final : public QObject
{
    Q_OBJECT

public:
    /// \a options and \a channels are those of the owner.
    ClusterConnection(const RedisUrl &url, const ClusterSlots &map, const RedisConnectionOptions &options,
                      const std::vector<RedisSubscription> &channels);
    ~ClusterConnection() override;

    /// Connects to all masters; ready() or ended() follows.
    void open();
    /// Closes everything; what is not answered yet is answered Lost before it returns. Nothing is emitted any more.
    void end();
    /// Takes over which master has which slot. False, and nothing is taken over, if there are others than before.
    bool follow(const ClusterSlots &map);

    /// Only after ready(). Never answered from inside.
    void request(std::span<const QByteArrayView> words, RedisHandler handler);
    void request(const PreparedRequest &command, QByteArrayView key, RedisHandler handler);

    /// One per master, in the order of their addresses.
    std::vector<RedisConnection *> masters() const;
    QList<RedisPlace> places() const { return m_map.masters(); }
    int pending() const { return m_pending; }
    qint64 oldestPendingMs() const;
    void setReadDelay(int ms);
    /// Of the node whose message is being given.
    qint64 heldMs() const;

signals:
    /// All masters can be asked.
    void ready();
    /// One of them cannot be asked any more.
    void ended(const pulsedeck::RedisFailure &why);
    /// An answer showed that the map is out of date.
    void doubted();
    void pushed(const pulsedeck::RedisReply &message);

private:
    struct Call
    {
        QByteArray bytes; ///< As they are sent: they may be sent again elsewhere.
        RedisHandler handler;
        int slot = -1; ///< Of the key; -1 if there is none.
        int hops = 0;
        int tries = 0;
        bool asking = false; ///< The next node was named by ASK.
    };
    using CallRef = std::shared_ptr<Call>;
    struct Node
    {
        RedisPlace place;
        std::unique_ptr<RedisConnection> connection;
        std::vector<CallRef> waiting; ///< Until it is connected to.
    };
    struct Gathering;

    int addNode(const RedisPlace &place);
    int nodeAt(const RedisPlace &place);
    void onState(int node, RedisConnection::State state);
    int nodeOf(int slot) const;
    void start(QByteArray bytes, int slot, int node, RedisHandler handler);
    void send(int node, const CallRef &call);
    void take(int node, const CallRef &call, const RedisAnswer &answer);
    bool redirected(int node, const CallRef &call, QByteArrayView words);
    bool putOff(const CallRef &call);
    void finish(const CallRef &call, const RedisAnswer &answer);
    void sendLater();
    void toAll(std::span<const QByteArrayView> words, ClusterRoute::Merge merge, RedisHandler handler);
    void split(std::span<const QByteArrayView> words, const ClusterRoute &route, RedisHandler handler);
    void scan(std::span<const QByteArrayView> words, int cursorAt, RedisHandler handler);
    void answerHere(const QString &text, RedisHandler handler);
    RedisHandler partOf(const std::shared_ptr<Gathering> &gathering, size_t part);

    const RedisUrl m_url;
    RedisConnectionOptions m_options;
    const std::vector<RedisSubscription> m_channels;
    ClusterSlots m_map;
    std::vector<Node> m_nodes; ///< The masters, then those that a redirection named.
    std::array<qint16, ClusterSlots::count> m_owners{}; ///< Index into m_nodes; -1: no node.
    std::vector<CallRef> m_later; ///< Sent again in a moment.
    std::vector<std::pair<QByteArray, RedisHandler>> m_here; ///< Errors that no server gave, answered in a moment.
    QTimer m_laterTimer;
    int m_pending = 0;
    int m_readDelayMs = 0;
    bool m_ready = false;
    bool m_ended = false;
};

} // namespace pulsedeck
