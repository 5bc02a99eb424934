// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubconnection.h"
#include "app/simulator/hubserver.h"
#include "tests/hub/hubclock.h"
#include "tests/support/testcertificates.h"

#include <QFile>
#include <QJsonDocument>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QTest>

#include <memory>

namespace pulsedeck {

/// A simulated hub and the options with which a connection meets it quickly.
class HubWatch
{
public:
    static constexpr int limitMs = 20'000;

    bool listen(const fleet::HubRules &rules = {})
    {
        server = std::make_unique<fleet::HubServer>(rules, clock);
        QString problem;
        if (!server->listen(0, &problem))
            return false;
        QObject::connect(server.get(), &fleet::HubServer::received, server.get(), [this](const QByteArray &utf8) {
            const QJsonObject message = QJsonDocument::fromJson(utf8).object();
            heard.append(message.value(QStringLiteral("type")).toString());
            heardAt.append(clock.nowMs());
        });
        return true;
    }
    /// \a demanding: clients have to present a certificate of the same authority.
    bool listenWithTls(const TestCertificates &certificates, bool demanding = false)
    {
        QFile key(certificates.keyFile());
        if (!key.open(QIODevice::ReadOnly))
            return false;
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setLocalCertificateChain(QSslCertificate::fromPath(certificates.certFile()));
        tls.setPrivateKey(QSslKey(&key, QSsl::Ec));
        if (demanding) {
            tls.setCaCertificates(QSslCertificate::fromPath(certificates.caFile()));
            tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
        }
        server = std::make_unique<fleet::HubServer>(fleet::HubRules(), clock);
        server->setTls(tls);
        QString problem;
        return server->listen(0, &problem);
    }
    HubConnectionOptions options() const
    {
        HubConnectionOptions all;
        all.hub.port = server->port();
        all.address = QStringLiteral("@(desktop/console-1)");
        all.backoffFirstMs = 20;
        all.backoffCapMs = 100;
        return all;
    }
    static bool becomes(HubConnection &connection, HubConnection::State state)
    {
        return QTest::qWaitFor([&] { return connection.state() == state; }, limitMs);
    }
    /// Waits for the answer to one request.
    static HubAnswer ask(HubConnection &connection, const HubRequest &request, int timeoutMs = 0)
    {
        auto answer = std::make_shared<std::optional<HubAnswer>>();
        connection.request(
            request, [answer](const HubAnswer &one) { *answer = one; }, timeoutMs);
        if (!QTest::qWaitFor([&] { return answer->has_value(); }, limitMs))
            qFatal("a request was never answered");
        return **answer;
    }
    int count(const QString &type) const { return int(heard.count(type)); }

    HubClock clock;
    std::unique_ptr<fleet::HubServer> server;
    QStringList heard; ///< The types of the messages that came over sockets.
    QList<qint64> heardAt;
};

} // namespace pulsedeck
