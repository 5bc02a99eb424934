// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/redisurl.h"

#include <QObject>
#include <QTcpServer>

#include <vector>

class QTcpSocket;

namespace pulsedeck {

/// A TCP port on loopback that passes everything on to others, in turn if there are several, as a balancer does; and that can do
/// what networks do: end a connection after so many bytes, or let all that is under way vanish without a word. It lives on the
/// test's thread.
class Relay : public QObject
{
    Q_OBJECT

public:
    explicit Relay(QObject *parent = nullptr);
    ~Relay() override;

    /// To the TCP addresses of \a targets.
    bool listen(const std::vector<RedisUrl> &targets);
    RedisUrl url() const;
    /// Each new connection ends after so many bytes from the server; 0: none does.
    void setCutAfter(qint64 bytes) { m_cutAfter = bytes; }
    /// From now on nothing passes over connection \a number (from 0, in the order they came), in either direction.
    void freeze(size_t number);
    void freezeAll(); ///< And over those to come.
    void thaw() { m_frozen = false; } ///< Those to come pass again.
    /// From now on what the server sends over connection \a number is lost where it begins so; all else passes.
    void lose(size_t number, const QByteArray &beginning);
    /// From now on the connection on which a client sends \a word sends nothing more to its server until release(): from that
    /// word on all of it waits here, in order.
    void hold(const QByteArray &word) { m_heldFrom = word; }
    void release();
    const QByteArray &held() const { return m_held; }
    /// All connections end.
    void dropAll();
    /// From now on what servers send is kept: all of it, as it came.
    void record() { m_recording = true; }
    const QByteArray &recorded() const { return m_recorded; }
    int connectionsSeen() const { return int(m_links.size()); }

private:
    struct Link
    {
        QTcpSocket *client = nullptr;
        QTcpSocket *server = nullptr;
        qint64 sent = 0;
        qint64 cutAfter = 0;
        bool frozen = false;
        QByteArray lost;
    };
    void accept();
    void pass(size_t number, bool toServer);

    QTcpServer m_listener;
    std::vector<int> m_ports;
    std::vector<Link> m_links; ///< Those that ended keep their place.
    qint64 m_cutAfter = 0;
    bool m_frozen = false;
    bool m_recording = false;
    QByteArray m_recorded;
    QByteArray m_heldFrom;
    QByteArray m_held;
    size_t m_holding = 0; ///< The connection whose bytes those are.
};

} // namespace pulsedeck
