// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubanswers.h"
#include "models/protocol/sourcetrouble.h"
#include "models/sources/hubaddress.h"

#include <QObject>

class QNetworkAccessManager;
class QNetworkReply;

namespace pulsedeck {

class SshProxy;

/// Asks one hub for its health. One question at a time: asking again while one is open changes nothing. Lives on any
/// one thread.
class HubHealthProbe : public QObject
{
    Q_OBJECT

public:
    explicit HubHealthProbe(const HubAddress &hub, QObject *parent = nullptr);

    void ask(int timeoutMs = 5'000);

signals:
    /// Exactly one for each question.
    void answered(const pulsedeck::HubHealth &health);

private:
    void finish(QNetworkReply *reply, qint64 elapsedMs);

    HubAddress m_hub;
    QNetworkAccessManager *m_network;
    QNetworkReply *m_reply = nullptr;
    SshProxy *m_proxy = nullptr; ///< Where there is a way by SSH.
    SourceFailure m_refusal; ///< Of its certificate, as it is not the trusted one.
};

} // namespace pulsedeck
