// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"
#include "tests/support/redisclient.h"

#include <QTest>

namespace pulsedeck {

/// A worker of BullMQ or Bull as Redis sees it: a connection with a name, which blocks while it waits for a job. Connects at
/// once; the event loop has to run.
class NamedWorker
{
public:
    /// \a blocking: the command that it waits with; none: it is at work.
    NamedWorker(const RedisUrl &url, const QByteArray &name, const QByteArrayList &blocking = {})
        : m_connection(url, options(name))
    {
        QObject::connect(&m_connection, &RedisConnection::stateChanged, &m_connection,
                         [this, blocking](RedisConnection::State state) {
                             if (state == RedisConnection::State::Ready && !blocking.isEmpty())
                                 wait(blocking);
                         });
        m_connection.open();
    }

    bool isReady() const { return m_connection.state() == RedisConnection::State::Ready; }
    /// From now on it waits for a job, or has got one.
    void wait(const QByteArrayList &command)
    {
        const std::vector<QByteArrayView> words(command.begin(), command.end());
        m_connection.request(words, {});
    }
    /// As by kill -9.
    void kill() { m_connection.close(); }

    static QByteArray nameOf(const QByteArray &queue, const QByteArray &worker = {}, const QByteArray &prefix = "bull")
    {
        const QByteArray name = prefix + ':' + queue.toBase64();
        return worker.isEmpty() ? name : QByteArray(name + ":w:" + worker);
    }
    static QByteArrayList popMin(const QByteArray &queue) { return {"BZPOPMIN", "bull:" + queue + ":marker", "0"}; }

    /// The addresses of all connections of that name, as CLIENT LIST has them.
    static QByteArrayList addresses(RedisClient &client, const QByteArray &name)
    {
        QByteArrayList found;
        for (const QByteArray &line : client.command({"CLIENT", "LIST"}).text.split('\n')) {
            if (!line.contains(QByteArray(" name=" + name + ' ')))
                continue;
            const qsizetype at = line.indexOf(" addr=") + 6;
            found.append(line.mid(at, line.indexOf(' ', at) - at));
        }
        return found;
    }

private:
    static RedisConnectionOptions options(const QByteArray &name)
    {
        RedisConnectionOptions options;
        options.clientName = name;
        options.replyTimeoutMs = options.keepAliveMs = 600'000;
        options.reconnect = false;
        return options;
    }

    RedisConnection m_connection;
};

} // namespace pulsedeck
