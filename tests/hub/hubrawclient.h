// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QWebSocket>

#include <functional>

namespace pulsedeck {

/// A bare client of a hub: writes what a test says, sound or not, and keeps all that comes.
class HubRawClient : public QObject
{
    Q_OBJECT

public:
    static constexpr int limitMs = 15'000;

    explicit HubRawClient(const QString &from = QStringLiteral("@(desktop/console-1)"));

    /// True once the socket stands.
    bool open(quint16 port, const QString &path = QStringLiteral("/ws"));
    /// open(), and hub:connect answered with hub:connected.
    bool join(quint16 port, const QString &token = {});

    QJsonObject envelope(const QString &type, const QJsonValue &payload, const QJsonObject &metadata = {},
                         const QString &pattern = QStringLiteral("ask")) const;
    /// Sends it and returns its id.
    QString send(const QJsonObject &envelope);
    void sendText(const QByteArray &text) { m_socket.sendTextMessage(QString::fromUtf8(text)); }
    QWebSocket &socket() { return m_socket; }

    /// Sends, and waits for what answers that id; empty if nothing came.
    QJsonObject ask(const QJsonObject &envelope);
    QJsonObject ask(const QString &type, const QJsonValue &payload, const QJsonObject &metadata = {},
                    const QString &pattern = QStringLiteral("ask"));
    /// The first message, waiting or to come, that is such; it is taken out.
    QJsonObject take(const std::function<bool(const QJsonObject &)> &wanted);
    QJsonObject takeType(const QString &type);
    /// True if nothing has come before a pong that is asked for now: a ping's answer follows all that was sent before
    /// it.
    bool nothingCame();
    bool waitClosed();
    int closeCode() const { return m_socket.closeCode(); }
    QString closeReason() const { return m_socket.closeReason(); }
    QJsonObject registerActor(const QString &address, const QStringList &capabilities = {QStringLiteral("agent")},
                              const QJsonValue &ttl = 300);

private:
    QString m_from;
    QWebSocket m_socket;
    QList<QJsonObject> m_messages;
};

/// The payload's code and message: "internal_error: topic is required".
QString errorOf(const QJsonObject &message);

} // namespace pulsedeck
