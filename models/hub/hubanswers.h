// SPDX-License-Identifier: GPL-3.0-or-later
// What a Signal Hub answers, as values without any secret. Times are the hub's clock in Unix milliseconds.
#pragma once

#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>

namespace pulsedeck {

/// The answer to GET /health. It says nothing about the hub's memory: a hub can be healthy and have forgotten everything.
struct HubHealth
{
    bool reachable = false;
    bool healthy = false; ///< 200, and status is "ok".
    QString service;
    QString version;
    qint64 timestamp = 0; ///< Hub's clock, Unix ms; 0 if not reported.
    qint64 elapsedMs = 0;
    QString problem; ///< In words; empty if healthy.
};

namespace hub {

struct Discovered
{
    struct Found
    {
        QString address;
        QStringList capabilities;
    };
    QList<Found> actors;
    bool hasMore = false; ///< The limit was reached: there may be more, or not.
    int skipped = 0;
};
struct DeliveryAck
{
    QString messageId;
    QString status; ///< "delivered": written to the actor's socket, which says nothing about handling.
    qint64 deliveredAt = 0;
};
struct BroadcastAck
{
    QString messageId;
    qint64 delivered = 0;
    qint64 failed = 0;
};
struct Published
{
    QString topic;
    qint64 subscribers = 0;
};
struct QueueStats
{
    qint64 depth = 0;
    double processingRate = 0;
    qint64 pauseThreshold = 0;
    qint64 resumeThreshold = 0;
};
struct Metrics
{
    qint64 received = 0; ///< Hub-wide, since windowStart.
    qint64 sent = 0;
    qint64 errors = 0;
    qint64 opened = 0;
    qint64 closed = 0;
    qint64 windowStart = 0;
    qint64 timestamp = 0;
};

} // namespace hub

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::HubHealth)
