// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/clusterslots.h"
#include "app/redis/redisconnection.h"

#include <QTimer>

namespace pulsedeck {

/// Keeps asking one node of a Redis Cluster which master has which slots, by a connection of its own, and the next node where
/// that one does not answer, or is cut off from the others. Lives on the thread of its owner; nothing is emitted from inside its
/// functions.
class ClusterWatch final : public QObject
{
    Q_OBJECT

public:
    static constexpr int nodeLimitMs = 1'500; ///< For one node: to take a connection, and again to answer.
    static constexpr int pollMs = 1'000; ///< How often the map is asked for; ten times as rarely if it has many ranges.
    static constexpr int mostSeeds = 64; ///< Nodes that are asked one after the other; further ones of a map are not.

    ClusterWatch(const RedisUrl &url, const QList<RedisPlace> &seeds, QObject *parent);
    ~ClusterWatch() override;

    /// Asks now. Once for each start() found() or failed() follows; until stop() found() goes on coming.
    void start();
    void stop();
    /// The map is known to be out of date: it is asked for in a moment.
    void doubt();

signals:
    void found(const pulsedeck::ClusterSlots &map);
    /// No node gave a map of a cluster that works: the words of the one that came nearest.
    void failed(const pulsedeck::RedisFailure &failure);
    /// A node is connected to, with this socket.
    void attempting(QIODevice *socket);

private:
    void connectNext();
    void ask();
    void takeState(const RedisAnswer &answer);
    void takeMap(const RedisAnswer &answer);
    void giveUp(const RedisFailure &failure);
    void remember(const ClusterSlots &map);
    void drop();

    const RedisUrl m_url;
    const QList<RedisPlace> m_given;
    QList<RedisPlace> m_places; ///< Those to be asked: those given, and those of the last map.
    QTimer m_timer; ///< Until the map is asked for again, or the next node is tried.
    RedisConnection *m_connection = nullptr;
    RedisFailure m_failure; ///< The one that says most, of the nodes asked since start().
    qsizetype m_at = 0; ///< Which of the places is asked.
    qsizetype m_tried = 0;
    int m_everyMs = pollMs;
    bool m_wanted = false; ///< start() has no answer yet.
    bool m_mapped = false; ///< There was a map once.
    bool m_asking = false;
    bool m_down = false; ///< The node says that its cluster does not work.
};

} // namespace pulsedeck
