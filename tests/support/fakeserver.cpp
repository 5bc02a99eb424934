// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeserver.h"

#include <QTcpSocket>

#include <algorithm>
#include <optional>

namespace pulsedeck {

namespace {

/// A header line of a command, such as "*2" or "$5"; moves \a at behind it. Nothing while it is not whole.
std::optional<qint64> header(const QByteArray &bytes, qsizetype &at, char mark)
{
    const qsizetype end = bytes.indexOf("\r\n", at);
    if (end < 0 || bytes.at(at) != mark)
        return std::nullopt;
    const qint64 value = bytes.mid(at + 1, end - at - 1).toLongLong();
    at = end + 2;
    return value;
}

/// Takes one whole command from the front of \a bytes.
std::optional<QByteArrayList> takeCommand(QByteArray &bytes)
{
    qsizetype at = 0;
    const auto count = bytes.isEmpty() ? std::nullopt : header(bytes, at, '*');
    if (!count)
        return std::nullopt;
    QByteArrayList command;
    for (qint64 i = 0; i < *count; ++i) {
        const auto length = at < bytes.size() ? header(bytes, at, '$') : std::nullopt;
        if (!length || at + *length + 2 > bytes.size())
            return std::nullopt;
        command.append(bytes.mid(at, *length));
        at += *length + 2;
    }
    bytes.remove(0, at);
    return command;
}

} // namespace

FakeServer::FakeServer(QObject *parent)
    : QObject(parent)
{
    connect(&m_server, &QTcpServer::newConnection, this, &FakeServer::accept);
}

FakeServer::~FakeServer()
{
    dropAll(true);
}

bool FakeServer::listen(int port)
{
    if (!m_server.listen(QHostAddress::LocalHost, quint16(port)))
        return false;
    m_port = m_server.serverPort();
    return true;
}

void FakeServer::stopListening()
{
    m_server.close();
}

RedisUrl FakeServer::url() const
{
    RedisUrl url;
    url.port = m_port;
    return url;
}

void FakeServer::answer(const QByteArray &word, const QByteArray &bytes)
{
    m_answers.insert(word, bytes);
}

void FakeServer::send(const QByteArray &bytes)
{
    const auto sockets = m_sockets;
    for (QTcpSocket *socket : sockets)
        socket->write(bytes);
}

void FakeServer::dropAll(bool abort)
{
    const auto sockets = m_sockets;
    m_sockets.clear();
    m_unread.clear();
    for (QTcpSocket *socket : sockets) {
        socket->disconnect(this);
        if (abort)
            socket->abort();
        else
            socket->disconnectFromHost();
        socket->deleteLater();
    }
}

void FakeServer::accept()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        ++m_seen;
        m_sockets.push_back(socket);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { receive(socket); });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            m_sockets.erase(std::remove(m_sockets.begin(), m_sockets.end(), socket), m_sockets.end());
            m_unread.remove(socket);
            socket->deleteLater();
        });
        socket->write(m_greeting);
        if (m_hangUp)
            socket->disconnectFromHost();
        emit connected();
    }
}

void FakeServer::receive(QTcpSocket *socket)
{
    const QByteArray bytes = socket->readAll();
    m_received += bytes;
    QByteArray unread = m_unread.value(socket) + bytes;
    QByteArray answers;
    while (const auto command = takeCommand(unread)) {
        m_commands.push_back(*command);
        if (!m_silent)
            answers += answerTo(*command);
        emit commandCame(*command);
    }
    emit bytesCame();
    // A slot may have ended it.
    if (std::find(m_sockets.begin(), m_sockets.end(), socket) == m_sockets.end())
        return;
    m_unread.insert(socket, unread);
    socket->write(answers);
}

QByteArray FakeServer::answerTo(const QByteArrayList &command) const
{
    const QByteArray word = command.value(0).toUpper();
    const auto known = m_answers.constFind(word);
    if (known != m_answers.constEnd())
        return *known;
    if (m_script)
        return m_script(command);
    return word == "PING" ? QByteArray("+PONG\r\n") : QByteArray("+OK\r\n");
}

} // namespace pulsedeck
