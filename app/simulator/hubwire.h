// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QObject>

class QTcpSocket;

namespace pulsedeck::fleet {

/// The server's side of one HTTP connection that may become a WebSocket. Written out here and not left to a library,
/// since a Signal Hub differs from a polite server: it never answers a Close frame, leaves TCP open after its own, and
/// its size limit has a text of its own. Also sends what a sound server would not, for tests.
class HubWire : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 mostBytes = 32LL * 1024 * 1024; ///< Of one message; more ends the connection.

    /// Takes the socket over.
    explicit HubWire(QTcpSocket *socket, QObject *parent = nullptr);

    void respond(int status, const QByteArray &reason, const QByteArray &type, const QByteArray &body);
    /// Answers the request with 101.
    void upgrade();
    void sendText(const QByteArray &utf8);
    void sendBinary(const QByteArray &data);
    /// One text message in several frames, with a ping between two of them.
    void sendFragments(const QByteArray &utf8, qsizetype frameBytes);
    /// From here on nothing that comes is heard. TCP stays open until the client ends it.
    void sendClose(int code, const QByteArray &reason);
    void abort();

signals:
    void requested(const QByteArray &path, bool wantsUpgrade);
    /// Text or binary: a hub reads both alike.
    void message(const QByteArray &bytes);
    /// The client sent a Close frame.
    void closeReceived();
    /// TCP ended.
    void ended();

private:
    void read();
    bool readRequest();
    bool readFrame();
    void sendFrame(quint8 head, const QByteArray &data);

    QTcpSocket *m_socket;
    QByteArray m_buffer;
    qsizetype m_at = 0; ///< How much of the buffer has been read.
    QByteArray m_key;
    QByteArray m_message; ///< Fragments so far.
    bool m_requested = false;
    bool m_upgraded = false;
    bool m_deaf = false;
    bool m_inMessage = false;
};

} // namespace pulsedeck::fleet
