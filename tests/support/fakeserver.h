// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/redisurl.h"

#include <QByteArrayList>
#include <QHash>
#include <QObject>
#include <QTcpServer>

#include <functional>
#include <vector>

class QTcpSocket;

namespace pulsedeck {

/// A TCP server on loopback that answers with bytes a test gives it, good or bad. It lives on the test's thread.
/// Without any script it says +PONG to PING and +OK to everything else.
class FakeServer : public QObject
{
    Q_OBJECT

public:
    /// Given each command that comes. What it returns is sent as it is.
    using Script = std::function<QByteArray(const QByteArrayList &command)>;

    explicit FakeServer(QObject *parent = nullptr);
    ~FakeServer() override;

    /// \a port 0: any free one.
    bool listen(int port = 0);
    /// No new connections; those there are stay.
    void stopListening();
    int port() const { return m_port; }
    RedisUrl url() const;

    /// The answer to one command, by its first word in capitals.
    void answer(const QByteArray &word, const QByteArray &bytes);
    /// Answers everything that answer() does not know.
    void setScript(Script script) { m_script = std::move(script); }
    /// Sent to each new connection before it asks anything.
    void setGreeting(const QByteArray &bytes) { m_greeting = bytes; }
    /// Ends each connection after its greeting, or at once if there is none.
    void setHangUp(bool hangUp) { m_hangUp = hangUp; }
    /// Takes what comes and never answers.
    void setSilent(bool silent) { m_silent = silent; }

    /// To all that are connected.
    void send(const QByteArray &bytes);
    /// Ends all connections; \a abort: by a reset, without sending what waits.
    void dropAll(bool abort = false);

    int connectionsSeen() const { return m_seen; }
    int connectionsNow() const { return int(m_sockets.size()); }
    const std::vector<QByteArrayList> &commands() const { return m_commands; }
    /// Everything received, as it came.
    QByteArray received() const { return m_received; }

signals:
    void connected();
    void commandCame(const QByteArrayList &command);
    void bytesCame();

private:
    void accept();
    void receive(QTcpSocket *socket);
    QByteArray answerTo(const QByteArrayList &command) const;

    QTcpServer m_server;
    std::vector<QTcpSocket *> m_sockets;
    QHash<QTcpSocket *, QByteArray> m_unread;
    QHash<QByteArray, QByteArray> m_answers;
    std::vector<QByteArrayList> m_commands;
    Script m_script;
    QByteArray m_greeting;
    QByteArray m_received;
    int m_port = 0;
    int m_seen = 0;
    bool m_hangUp = false;
    bool m_silent = false;
};

} // namespace pulsedeck
