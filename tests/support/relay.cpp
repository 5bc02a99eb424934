// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/relay.h"

#include <QTcpSocket>

#include <utility>

namespace pulsedeck {

Relay::Relay(QObject *parent)
    : QObject(parent)
{
    connect(&m_listener, &QTcpServer::newConnection, this, &Relay::accept);
}

Relay::~Relay()
{
    dropAll();
}

bool Relay::listen(const std::vector<RedisUrl> &targets)
{
    for (const RedisUrl &target : targets)
        m_ports.push_back(target.port);
    return m_listener.listen(QHostAddress::LocalHost);
}

RedisUrl Relay::url() const
{
    RedisUrl url;
    url.port = m_listener.serverPort();
    return url;
}

void Relay::freeze(size_t number)
{
    if (number < m_links.size())
        m_links[number].frozen = true;
}

void Relay::freezeAll()
{
    m_frozen = true;
    for (Link &link : m_links)
        link.frozen = true;
}

void Relay::lose(size_t number, const QByteArray &beginning)
{
    if (number < m_links.size())
        m_links[number].lost = beginning;
}

void Relay::release()
{
    m_heldFrom.clear();
    const QByteArray bytes = std::exchange(m_held, {});
    if (!bytes.isEmpty() && m_links[m_holding].server)
        m_links[m_holding].server->write(bytes);
}

void Relay::dropAll()
{
    for (Link &link : m_links) {
        for (QTcpSocket *socket : {link.client, link.server}) {
            if (!socket)
                continue;
            socket->disconnect(this);
            socket->abort();
            socket->deleteLater();
        }
        link.client = link.server = nullptr;
    }
}

void Relay::accept()
{
    while (QTcpSocket *client = m_listener.nextPendingConnection()) {
        const size_t number = m_links.size();
        auto *server = new QTcpSocket(this);
        m_links.push_back({client, server, 0, m_cutAfter, m_frozen, {}});
        connect(client, &QTcpSocket::readyRead, this, [this, number] { pass(number, true); });
        connect(server, &QTcpSocket::readyRead, this, [this, number] { pass(number, false); });
        connect(server, &QTcpSocket::connected, this, [this, number] { pass(number, true); });
        connect(client, &QTcpSocket::disconnected, server, [this, server, number] {
            if (!m_links[number].frozen)
                server->abort();
        });
        connect(server, &QTcpSocket::disconnected, client, [this, client, number] {
            if (!m_links[number].frozen)
                client->disconnectFromHost();
        });
        server->connectToHost(QHostAddress::LocalHost, quint16(m_ports[number % m_ports.size()]));
    }
}

void Relay::pass(size_t number, bool toServer)
{
    Link &link = m_links[number];
    QTcpSocket *from = toServer ? link.client : link.server;
    QTcpSocket *to = toServer ? link.server : link.client;
    if (!from || !to || (toServer && to->state() != QAbstractSocket::ConnectedState))
        return;
    QByteArray bytes = from->readAll();
    if (link.frozen)
        return; // Taken, so that nobody notices, and gone.
    if (!toServer && !link.lost.isEmpty() && bytes.startsWith(link.lost))
        return;
    const bool holds = m_held.isEmpty() ? !m_heldFrom.isEmpty() && bytes.contains(m_heldFrom) : m_holding == number;
    if (toServer && holds) {
        m_holding = number;
        m_held += bytes;
        return;
    }
    const bool cut = !toServer && link.cutAfter > 0 && link.sent + bytes.size() > link.cutAfter;
    if (cut)
        bytes.truncate(link.cutAfter - link.sent);
    link.sent += toServer ? 0 : bytes.size();
    to->write(bytes);
    if (m_recording && !toServer)
        m_recorded += bytes;
    if (!cut)
        return;
    link.server->disconnect(this);
    link.server->abort();
    link.client->flush();
    link.client->disconnectFromHost();
}

} // namespace pulsedeck
