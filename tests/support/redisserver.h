// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/redisurl.h"
#include "tests/support/redisclient.h"

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace pulsedeck {

/// A redis-server of one's own in a folder of its own: a Unix socket, and TCP and TLS ports on loopback if wanted, no
/// persistence. It ends with the object, and with the thread that started it, also if the test crashes.
class RedisServer
{
public:
    struct Options
    {
        bool tcp = false;
        /// Not empty: a TLS port with these. See TestCertificates.
        QString certFile;
        QString keyFile;
        QString caFile;
        QStringList arguments; ///< Further ones, such as {"--requirepass", "secret"}.
        QByteArray sentinel =
            {}; ///< Not empty: it is a Sentinel with these lines, such as "sentinel monitor NAME HOST PORT 1\n".
        bool cluster = false; ///< A node of a cluster, with a port of its own for the bus.
    };

    RedisServer();
    ~RedisServer();
    RedisServer(const RedisServer &) = delete;
    RedisServer &operator=(const RedisServer &) = delete;

    /// False when there is no redis-server on this machine; a test can only skip then.
    static bool isInstalled();

    /// Starts it and waits until it takes connections. False with errorString() if it does not come up.
    bool start();
    bool start(const Options &options);
    /// SIGTERM, and waits for the end.
    void stop();
    /// SIGKILL, and waits for the end.
    void kill();
    /// As after kill(), at the same addresses and with nothing in it.
    bool restartEmpty();
    /// SIGSTOP: it takes connections, as the system does that for it, and never answers.
    void pause();
    void resume();
    bool isRunning() const;

    /// The Unix socket.
    RedisUrl url() const;
    RedisUrl tcpUrl() const;
    int busPort() const { return m_busPort; } ///< 0 unless it is a node of a cluster.
    /// With the CA file in it.
    RedisUrl tlsUrl() const;
    QString errorString() const { return m_error; }
    QString folder() const { return m_folder.path(); }

    /// One command over a blocking client that does not log in. Makes a connection each time.
    RedisValue command(const QByteArrayList &arguments) const;

private:
    bool launch();

    QTemporaryDir m_folder;
    Options m_options;
    std::unique_ptr<QProcess> m_process;
    QString m_error;
    int m_port = 0;
    int m_tlsPort = 0;
    int m_busPort = 0;
    bool m_paused = false;
};

} // namespace pulsedeck
