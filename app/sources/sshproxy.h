// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sources/sshtunnel.h"

#include <QNetworkProxy>
#include <QTcpServer>

#include <memory>
#include <vector>

namespace pulsedeck {

/// Lets what takes a proxy only, Qt's WebSocket and its HTTP, reach one server by SSH: a SOCKS 5 proxy on loopback, each
/// connection of which is an SshTunnel to that server, whatever is asked for. So the server keeps its name, by which its
/// certificate is checked. Other programs of this machine do not know the login, which is made for each proxy and never
/// leaves this process. Lives on the thread of its owner.
class SshProxy : public QTcpServer
{
    Q_OBJECT

public:
    SshProxy(const SshRoute &route, const QString &host, int port, QObject *parent = nullptr);
    ~SshProxy() override;

    /// Listens from now on. Where it cannot, connecting to the proxy fails.
    QNetworkProxy proxy();
    /// Of the last connection, see SshTunnel.
    bool isThrough() const { return m_tunnel && m_tunnel->isThrough(); }
    SourceFailure failure() const { return m_tunnel ? m_tunnel->failure() : SourceFailure(); }

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    struct Caller;

    void hear(Caller &caller);
    /// How many bytes of what came were understood: 0 if more has to come first, -1 for what is none of ours.
    qsizetype take(Caller &caller) const;
    void drop(const Caller &caller);

    const SshRoute m_route;
    const QString m_host;
    const int m_port;
    const QByteArray m_secret;
    std::vector<std::unique_ptr<Caller>> m_callers; ///< That have not signed in yet.
    SshTunnel *m_tunnel = nullptr;
};

} // namespace pulsedeck
