// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubaddress.h"

#include <QMetaType>
#include <QObject>

class QNetworkAccessManager;
class QNetworkReply;

namespace pulsedeck {

/// What a hub's GET /health says. It does not touch the hub's memory: a hub can be healthy and have forgotten
/// everything.
struct HubHealth
{
    bool reachable = false;
    bool healthy = false; ///< 200, and status is "ok".
    QString service;
    QString version;
    qint64 timestamp = 0; ///< Hub's clock, Unix ms; 0 if not told.
    qint64 elapsedMs = 0;
    QString problem; ///< In words; empty if healthy.
};

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
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::HubHealth)
