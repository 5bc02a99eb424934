// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>
#include <QObject>

#include <functional>
#include <memory>

class QHttpServer;

namespace pulsedeck {

/// Answers GET /metrics with figures for Prometheus, and nothing else. It has no password and no TLS: it is for loopback, or for
/// a network that is trusted.
class MetricsServer : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 keptMs = 500; ///< Requests that come faster get the same text.

    /// \a text makes the figures, on this thread.
    explicit MetricsServer(std::function<QByteArray()> text, QObject *parent = nullptr);
    ~MetricsServer() override;

    /// \a port 0: any. Returns what is wrong, in a sentence; empty if it listens.
    QString listen(const QHostAddress &address, quint16 port);
    quint16 port() const { return m_port; }

private:
    QByteArray text();

    const std::function<QByteArray()> m_text;
    std::unique_ptr<QHttpServer> m_server;
    QByteArray m_last;
    qint64 m_lastAt = 0; ///< By the steady clock.
    quint16 m_port = 0;
};

} // namespace pulsedeck
