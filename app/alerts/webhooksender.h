// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/alerts/alertsender.h"

#include <QNetworkAccessManager>
#include <QPointer>
#include <QTimer>

class QNetworkReply;

namespace pulsedeck {

/// Posts messages. Redirects are not followed, no cookie is kept, and at most mostAnswer bytes of an answer are read. With a key
/// a message is signed: X-Pulsedeck-Signature is "sha256=" and the HMAC-SHA256, in hexadecimal digits, of X-Pulsedeck-Timestamp
/// (Unix seconds), a full stop and the body. Without its key a message that should be signed is not sent.
class WebhookSender final : public AlertSender
{
    Q_OBJECT

public:
    static constexpr qint64 mostAnswer = 64 * 1024;
    static constexpr qint64 mostKey = 4 * 1024; ///< Bytes of the key.

    explicit WebhookSender(const AlertOutlet &outlet);
    ~WebhookSender() override;

    void send(const QByteArray &message) override;
    static QByteArray signature(const QByteArray &key, const QByteArray &timestamp, const QByteArray &message);

private:
    bool readKey(QByteArray *key, QString *problem) const;
    void end(const AlertAttempt &attempt);
    AlertAttempt judge(QNetworkReply *reply) const;

    QNetworkAccessManager m_network;
    QPointer<QNetworkReply> m_reply;
    QTimer m_limit;
};

} // namespace pulsedeck
