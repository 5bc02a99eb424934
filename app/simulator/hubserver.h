// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/hubcore.h"
#include "app/simulator/hubfault.h"

#include <QHostAddress>
#include <QSslConfiguration>

#include <memory>
#include <vector>

class QTcpServer;

namespace pulsedeck::fleet {

class HubWire;

/// The simulated Signal Hub on a port: GET /health, WebSockets at /ws and /, and a HubCore behind them. Loopback unless
/// told otherwise. Lives on one thread.
class HubServer : public QObject
{
    Q_OBJECT

public:
    HubServer(const HubRules &rules, const Clock &clock, QObject *parent = nullptr);
    ~HubServer() override;

    /// Before listen(): TLS with this certificate and key.
    void setTls(const QSslConfiguration &tls) { m_tls = tls; }
    /// 0 picks a port. False, with the reason in \a problem.
    bool listen(quint16 port, QString *problem, const QHostAddress &address = QHostAddress::LocalHost);
    quint16 port() const { return m_port; }
    /// Ends all connections without a word and listens no more, as a process that is killed; what was registered is
    /// lost.
    void goDown();
    /// Listens again on the same port.
    bool comeUp(QString *problem);

    HubCore &core() { return m_core; }
    void setFault(HubFault fault, int ms = 0);
    /// Resets \a count connections, the newest first; all below 0. How many there were.
    int cut(int count);
    /// Open WebSockets.
    int connections() const;
    /// Sends a text to every WebSocket, whatever it is.
    void sendRaw(const QByteArray &text);
    /// Sends a Close frame to every WebSocket.
    void closeAll(int code, const QString &reason);

signals:
    /// A message from a socket, as it came; before it is acted on.
    void received(const QByteArray &utf8);
    void connectionsChanged(int count);

private:
    class Connection;

    void take();
    void onRequested(Connection *connection, const QByteArray &path, bool wantsUpgrade);
    void remove(Connection *connection);
    void send(Connection *connection, const QByteArray &utf8);
    void sendShuffled();

    HubCore m_core;
    const Clock &m_clock;
    QSslConfiguration m_tls;
    QTcpServer *m_server = nullptr;
    std::vector<std::unique_ptr<Connection>> m_connections;
    struct Held
    {
        HubCore::SessionKey key;
        QByteArray text;
    };
    std::vector<Held> m_held;
    QTimer m_shuffleTimer;
    QHostAddress m_address;
    HubFault m_fault = HubFault::None;
    int m_faultMs = 0;
    quint16 m_port = 0;
};

} // namespace pulsedeck::fleet
