// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/redisclient.h"
#include "tests/support/redisserver.h"

#include <QHash>
#include <QProcess>

namespace pulsedeck {

/// The simulator as a child process, driven by its standard input and read by its lines. Ends with the object.
class FleetProcess
{
public:
    ~FleetProcess();

    /// Starts it on the server with these arguments and waits until all workers are registered.
    bool startRegistered(const RedisServer &server, const QStringList &arguments);
    /// Starts it with these arguments only and waits for nothing but the process.
    bool start(const QStringList &arguments);
    /// Writes a line that has no answer.
    void tell(const QByteArray &line);
    /// Writes a line and waits for the line that answers it: the first that begins with its first word.
    QByteArray ask(const QByteArray &line);
    /// The ids that ask() told.
    QByteArrayList idsOf(const QByteArray &line);
    /// The single id that ask() told, or nothing.
    QByteArray idOf(const QByteArray &line);
    /// Waits for a line that begins so; those before it are dropped.
    QByteArray waitForLine(const QByteArray &prefix);
    /// The value of a key in the line that "status" answers.
    qint64 figure(const QByteArray &key);
    void signal(int number);
    /// Waits for the end; the exit code, or -1 if there was none.
    int waitForEnd();
    /// SIGTERM, then waitForEnd().
    int stop();

    bool isRunning() const { return m_process.state() == QProcess::Running; }
    qint64 pid() const { return m_process.processId(); }
    QByteArray errors() { return m_process.readAllStandardError(); }

    static QString program();

private:
    QProcess m_process;
};

/// What a fleet left in Redis, asked for over a plain client.
class FleetView
{
public:
    explicit FleetView(const RedisServer &server)
        : m_client(server.url())
    { }

    RedisValue ask(const QByteArrayList &arguments) { return m_client.command(arguments); }
    QHash<QByteArray, QByteArray> worker(const QByteArray &id);
    QByteArray status(const QByteArray &id);
    bool exists(const QByteArray &id);
    qint64 pttl(const QByteArray &id);
    qint64 listeners(const QByteArray &id);
    /// A counter, or nothing where it is missing.
    std::optional<qint64> active(const QByteArray &id);
    std::optional<qint64> lifetime(const QByteArray &id);
    QByteArray pendingCommand(const QByteArray &id);
    /// Ids of all worker keys, sorted.
    QByteArrayList ids();
    /// Ids of all worker keys whose status is available and whose worker listens.
    QByteArray anyAvailable();
    /// Calls of a command that Redis has counted.
    qint64 calls(const QByteArray &command);

private:
    std::optional<qint64> counter(const QByteArray &hash, const QByteArray &id);

    RedisClient m_client;
};

} // namespace pulsedeck
