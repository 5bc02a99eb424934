// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisfailure.h"
#include "models/sources/redisurl.h"

#include <QObject>

#include <memory>

namespace pulsedeck {

struct RedisAnswer;
class RedisConnection;

/// Asks Sentinels, one after the other, where the master is that they watch, until one of them says it. Each gets a connection of
/// its own and a bounded time. Lives on the thread of its owner; nothing is emitted from inside start().
class MasterLookup : public QObject
{
    Q_OBJECT

public:
    static constexpr int seedLimitMs = 1'500; ///< For one Sentinel: to take a connection, and again to answer.

    explicit MasterLookup(const RedisUrl &url, QObject *parent = nullptr);
    ~MasterLookup() override;

    /// Begins with the Sentinel that answered last. One that is under way begins again.
    void start();
    void stop();
    /// What the last one said was wrong: another one is asked first the next time.
    void doubt();

signals:
    /// Once for each start(), one of the two.
    void found(const pulsedeck::RedisPlace &master);
    /// Why none of them said it: the words of the one that came nearest.
    void failed(const pulsedeck::RedisFailure &failure);

private:
    void askNext();
    void take(const RedisAnswer &answer);
    void takeNames(const RedisAnswer &answer);
    void giveUp(const RedisFailure &failure);
    void drop();

    const RedisUrl m_url;
    const QList<RedisPlace> m_seeds;
    RedisConnection *m_connection = nullptr; ///< To the Sentinel that is being asked.
    RedisFailure m_failure; ///< The one that says most, of those asked so far.
    qsizetype m_first = 0; ///< Asked first.
    qsizetype m_asked = 0; ///< So many were asked.
};

} // namespace pulsedeck
