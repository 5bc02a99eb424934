// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"
#include "models/layouts/layout.h"

#include <QObject>
#include <QStringList>

namespace pulsedeck {

/// Finds out whether the fleet of a layout may be watched: sends once, with little to answer, each command that watching it
/// takes. Lives on the connection's thread.
class WatchRights final : public QObject
{
    Q_OBJECT

public:
    /// \a sample: the key of a record that is there, as rights may be for such keys only; empty: none is known.
    WatchRights(const Layout &layout, const QByteArray &prefix, const QByteArray &sample, QObject *parent);

    void start(RedisConnection &connection);
    /// What is not permitted: "HMGET on rq:worker:*".
    const QStringList &missing() const { return m_missing; }

signals:
    /// Not if the connection ends before.
    void finished();

private:
    struct Trial
    {
        QByteArrayList words;
        QByteArray on; ///< The pattern of the keys it is about; empty: none.
        int named = 1; ///< So many of the words are the name of the command.
    };

    void add(const QByteArrayList &words, const QByteArray &on = {}, int named = 1);
    void addDiscovery(const LayoutDiscovery &discovery, const LayoutVariables &open, const LayoutVariables &absent);
    void addQueues(const LayoutQueues &queues, const LayoutVariables &open, const LayoutVariables &absent);

    std::vector<Trial> m_trials;
    QStringList m_missing;
    int m_waiting = 0;
};

} // namespace pulsedeck
