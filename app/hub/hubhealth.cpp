// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubhealth.h"

#include "app/hub/hubfailure.h"
#include "app/hub/hubfields.h"
#include "app/hub/hubtext.h"
#include "app/sources/certificates.h"
#include "app/sources/sshproxy.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QSslError>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 largestAnswer = 64 * 1024;
constexpr int httpOk = 200;

} // namespace

HubHealthProbe::HubHealthProbe(const HubAddress &hub, QObject *parent)
    : QObject(parent)
    , m_hub(hub)
    , m_network(new QNetworkAccessManager(this))
{
    if (hub.ssh.isSet())
        m_proxy = new SshProxy(hub.ssh, hub.host, hub.port, this);
}

void HubHealthProbe::ask(int timeoutMs)
{
    if (m_reply)
        return;
    QNetworkRequest request(m_hub.healthUrl());
    request.setTransferTimeout(timeoutMs + (m_proxy ? SshTunnel::loginMs : 0));
    if (m_proxy)
        m_network->setProxy(m_proxy->proxy());
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    if (m_hub.tls) {
        // A file that cannot be used is reported by the connection.
        QSslConfiguration ssl = request.sslConfiguration();
        setUpTls(m_hub.caFile, m_hub.tlsOptions, &ssl);
        request.setSslConfiguration(ssl);
        if (!m_hub.tlsOptions.serverName.isEmpty())
            request.setPeerVerifyName(m_hub.tlsOptions.serverName);
    }
    QElapsedTimer elapsed;
    elapsed.start();
    m_reply = m_network->get(request);
    m_reply->setReadBufferSize(largestAnswer + 1);
    QNetworkReply *const reply = m_reply;
    connect(reply, &QNetworkReply::readyRead, this, [reply] {
        if (reply->bytesAvailable() > largestAnswer)
            reply->abort();
    });
    connect(reply, &QNetworkReply::sslErrors, this, [this, reply](const QList<QSslError> &errors) {
        const QSslCertificate shown = errors.isEmpty() ? QSslCertificate() : errors.first().certificate();
        if (isTrustedByPin(errors, shown, m_hub.tlsOptions))
            reply->ignoreSslErrors(errors);
        else if (!isPinKept(shown, m_hub.tlsOptions))
            m_refusal = hubOtherCertificateFailure(shown, m_hub);
    });
    connect(reply, &QNetworkReply::encrypted, this, [this, reply] {
        const QSslCertificate shown = reply->sslConfiguration().peerCertificate();
        if (isPinKept(shown, m_hub.tlsOptions))
            return;
        m_refusal = hubOtherCertificateFailure(shown, m_hub);
        reply->abort();
    });
    connect(reply, &QNetworkReply::finished, this, [this, reply, elapsed] { finish(reply, elapsed.elapsed()); });
}

void HubHealthProbe::finish(QNetworkReply *reply, qint64 elapsedMs)
{
    HubHealth health;
    health.elapsedMs = elapsedMs;
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    health.reachable = status > 0;
    if (m_refusal.kind != SourceTrouble::None) {
        health.problem = m_refusal.text + u' ' + m_refusal.hint;
    } else if (status == 0 && m_proxy && m_proxy->failure().kind != SourceFailure::Kind::None) {
        health.problem = m_proxy->failure().text;
    } else if (status == 0) {
        health.problem = reply->error() == QNetworkReply::OperationCanceledError
                             ? tr("%1 does not answer.").arg(m_hub.shortName())
                             : tr("%1 cannot be reached: %2").arg(m_hub.shortName(), hubShownText(reply->errorString(), 120));
    } else if (reply->error() != QNetworkReply::NoError || status != httpOk) {
        health.problem = tr("%1 answered with HTTP %2.").arg(m_hub.shortName(), QString::number(status));
    } else {
        const QJsonObject object = QJsonDocument::fromJson(reply->read(largestAnswer)).object();
        HubFields fields(object, nullptr);
        const QString state = fields.optionalText("status"_L1, 64);
        health.service = hubShownText(fields.optionalText("service"_L1, 64));
        health.version = hubShownText(fields.optionalText("version"_L1, 64));
        health.timestamp = fields.optionalWhole("timestamp"_L1, 0, HubFields::latestMs);
        health.healthy = fields.isSound() && state == "ok"_L1;
        if (!health.healthy)
            health.problem = tr("%1 did not answer as a hub does.").arg(m_hub.shortName());
    }
    m_reply = nullptr;
    reply->deleteLater();
    emit answered(health);
}

} // namespace pulsedeck
