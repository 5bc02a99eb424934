// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/alerts/webhooksender.h"

#include "models/core/format.h"

#include <QDateTime>
#include <QFile>
#include <QMessageAuthenticationCode>
#include <QNetworkReply>

using namespace Qt::StringLiterals;

namespace pulsedeck {

WebhookSender::WebhookSender(const AlertOutlet &outlet)
    : AlertSender(outlet)
{
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    m_limit.setSingleShot(true);
    m_limit.setInterval(int(outlet.timeoutMs));
    connect(&m_limit, &QTimer::timeout, this, [this] {
        const bool answered = m_reply && m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() > 0;
        end(answered ? judge(m_reply) : AlertAttempt{false, true, tr("No answer within %1").arg(exactText(m_outlet.timeoutMs))});
    });
}

WebhookSender::~WebhookSender()
{
    if (m_reply)
        m_reply->disconnect(this);
}

void WebhookSender::send(const QByteArray &message)
{
    QByteArray key;
    QString problem;
    if (!readKey(&key, &problem)) {
        QMetaObject::invokeMethod(
            this,
            [this, problem] {
                emit ended({false, true, problem});
            },
            Qt::QueuedConnection);
        return;
    }
    QNetworkRequest request{QUrl(m_outlet.url)};
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setHeader(QNetworkRequest::UserAgentHeader, u"pulsedeck/" PULSEDECK_VERSION ""_s);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    if (!key.isEmpty()) {
        const QByteArray timestamp = QByteArray::number(QDateTime::currentSecsSinceEpoch());
        request.setRawHeader("X-Pulsedeck-Timestamp", timestamp);
        request.setRawHeader("X-Pulsedeck-Signature", signature(key, timestamp, message));
    }
    m_reply = m_network.post(request, message);
    m_reply->setReadBufferSize(mostAnswer);
    // The answer is not kept; one that does not end is ended.
    connect(m_reply, &QNetworkReply::readyRead, this, [this, read = qint64(0)]() mutable {
        read += m_reply->read(mostAnswer).size();
        if (read >= mostAnswer) // What the buffer holds: once it is full and read, Qt may announce nothing more.
            end(judge(m_reply));
    });
    connect(m_reply, &QNetworkReply::finished, this, [this] { end(judge(m_reply)); });
    m_limit.start();
}

QByteArray WebhookSender::signature(const QByteArray &key, const QByteArray &timestamp, const QByteArray &message)
{
    const QByteArray signedText = timestamp + '.' + message;
    return "sha256=" + QMessageAuthenticationCode::hash(signedText, key, QCryptographicHash::Sha256).toHex();
}

bool WebhookSender::readKey(QByteArray *key, QString *problem) const
{
    if (!m_outlet.secretVariable.isEmpty()) {
        *key = qgetenv(m_outlet.secretVariable.toLatin1().constData());
        *problem =
            tr("Not sent: the environment variable %1 with the key of its signature is not set").arg(m_outlet.secretVariable);
        return !key->isEmpty();
    }
    if (m_outlet.secretFile.isEmpty())
        return true;
    QFile file(m_outlet.secretFile);
    if (file.open(QIODevice::ReadOnly))
        *key = file.read(mostKey).trimmed();
    *problem = tr("Not sent: the file %1 with the key of its signature cannot be read, or is empty").arg(m_outlet.secretFile);
    return !key->isEmpty();
}

AlertAttempt WebhookSender::judge(QNetworkReply *reply) const
{
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status >= 200 && status < 300)
        return {true, false, QString::number(status)};
    if (status >= 300 && status < 400)
        return {false, false, tr("%1, a redirect, which is not followed").arg(status)};
    if (status > 0)
        return {false, status >= 500 || status == 408 || status == 425 || status == 429, QString::number(status)};
    // Qt's own sentence may repeat the address, whose path may be a secret.
    switch (reply->error()) {
    case QNetworkReply::ConnectionRefusedError:
        return {false, true, tr("The connection was refused")};
    case QNetworkReply::HostNotFoundError:
        return {false, true, tr("The host was not found")};
    case QNetworkReply::SslHandshakeFailedError:
        return {false, true, tr("The certificate was not accepted, or there was no TLS")};
    case QNetworkReply::RemoteHostClosedError:
        return {false, true, tr("The connection was closed without an answer")};
    default:
        return {false, true, tr("The connection failed (%1)").arg(int(reply->error()))};
    }
}

void WebhookSender::end(const AlertAttempt &attempt)
{
    if (!m_reply)
        return;
    m_limit.stop();
    QNetworkReply *reply = m_reply;
    m_reply = nullptr;
    reply->disconnect(this);
    reply->abort();
    reply->deleteLater();
    emit ended(attempt);
}

} // namespace pulsedeck
