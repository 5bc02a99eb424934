// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisfailure.h"

#include <QObject>

class QIODevice;
class QSslSocket;
class QTcpSocket;

namespace pulsedeck {

class SshTunnel;

/// One attempt at a TCP, TLS or Unix socket to a Redis, TCP and TLS also through an SSH host: one interface for all of them, with
/// one way to fail. Used once.
/// Lives on the thread of its owner; nothing is emitted from inside connectToServer() or after abort().
class RedisSocket : public QObject
{
    Q_OBJECT

public:
    explicit RedisSocket(const RedisUrl &url, QObject *parent = nullptr);
    ~RedisSocket() override;

    void connectToServer();
    void abort();
    /// Hands what was written to the system at once, as far as it takes it.
    void flush();

    QIODevice *device() const;
    /// Something may be read. A local socket calls itself open for a while after the other end has gone.
    bool isReadable() const;
    /// The other end took the connection; TLS may not be set up yet. Through an SSH host that is known only once it has sent
    /// something.
    bool isConnected() const;
    bool isEncrypted() const;
    bool isBySsh() const { return m_tunnel; }
    /// It was ssh that ended, and not the server.
    bool isWayLost() const;
    /// When the server's certificate ends, in Unix ms; 0 without TLS.
    qint64 certificateUntil() const;
    /// With 1, the system is not asked for more while a byte waits to be read, so that nothing wakes the thread; 0: no limit. Not
    /// for TLS, which reads from a socket of its own.
    void setReadBufferSize(qint64 bytes);

signals:
    /// Bytes can be exchanged; for TLS the certificate was accepted. Without TLS through an SSH host: they wait for the login
    /// there.
    void ready();
    void readyRead();
    /// Emitted once. Bytes that came before may still wait to be read.
    void ended(const pulsedeck::RedisFailure &failure);

private:
    void makeTcp();
    void makeTls();
    void makeLocal();
    bool prepareTls(QString *problem);
    void connectBySsh();
    /// Why the way by SSH ended, or else \a failure.
    RedisFailure orOfTunnel(const RedisFailure &failure) const;
    void end(const RedisFailure &failure);

    RedisUrl m_url;
    QTcpSocket *m_tcp = nullptr; ///< For TLS too.
    QSslSocket *m_tls = nullptr;
    QLocalSocket *m_local = nullptr;
    SshTunnel *m_tunnel = nullptr; ///< Carries m_tcp.
    bool m_ended = false;
};

} // namespace pulsedeck
