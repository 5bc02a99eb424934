// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sources/sshfailure.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>

class QProcess;
class QSocketNotifier;

namespace pulsedeck {

/// One connection to a server through an SSH host, by the system's own ssh (ssh -W): agent, keys, configuration and known hosts
/// are as they are for this account, and nothing is asked. Its bytes go through a pair of sockets that only this process and that
/// ssh have, so that no port is open for others. What ssh reads comes from the system's buffer of that pair, what it writes waits
/// in one buffer of 64 KiB here: whoever is slow slows down the other end. Used once. Lives on the thread of its owner, which has
/// an event loop, and never blocks it.
class SshTunnel : public QObject
{
    Q_OBJECT

public:
    static constexpr int loginMs = 15'000; ///< What a login may take, beyond what the server itself may.
    static constexpr qsizetype mostWords = 4'096; ///< Bytes kept of what ssh says.

    /// To \a host and \a port, as the host at the end of \a route knows them.
    SshTunnel(const SshRoute &route, const QString &host, int port, QObject *parent = nullptr);
    /// The input of ssh ends. It is asked to end 0.5 s later, and is killed if it has not after 2 s.
    ~SshTunnel() override;

    /// Starts ssh. Returns the near end, a stream socket that the caller closes and writes to at once; what is wrong is found at
    /// its end, see failure(). -1, with failure(), if nothing can be started.
    int open();
    /// The same with a connected stream socket, which is closed by the tunnel.
    void carry(int descriptor);

    /// Something has come from the server.
    bool isThrough() const { return m_through; }
    /// Why it ended, known before the near end is told. Kind::None as long as it holds, and where the server ended it.
    const SourceFailure &failure() const { return m_failure; }
    QString where() const; ///< "host:port" of the server.

signals:
    /// Once, after which the near end reads what is left and then its end.
    void ended();

private:
    bool check();
    void start();
    void pass();
    void onFarEnd();
    void keepWords();
    void settle();

    const SshRoute m_route;
    const QString m_host;
    const int m_port;
    QProcess *m_ssh = nullptr;
    QSocketNotifier *m_readable = nullptr;
    QSocketNotifier *m_writable = nullptr;
    QTimer m_endTimer;
    int m_near = -1;
    int m_far = -1; ///< Where ssh's output comes from.
    QByteArray m_waiting; ///< What the near end has not taken yet.
    SshEnd m_end;
    SourceFailure m_failure;
    bool m_through = false;
    bool m_farOver = false;
    bool m_settled = false;
};

} // namespace pulsedeck
