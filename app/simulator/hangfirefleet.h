// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// Hangfire.Redis.StackExchange on the wire: servers in a set, each with a hash that has no TTL and the time of its last beat. A
/// server that died stays until the watchdog of another one finds it.
class HangfireFleet : public SystemFleet
{
    Q_OBJECT

public:
    HangfireFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    void pushJob(const QByteArray &queue) override;
    void popJob(const QByteArray &queue, RedisConnection::Handler handler) override;
    bool canQuiet() const override { return false; }
    void everySecond() override;
    QByteArray queueKey(const QByteArray &queue) const override { return "{hangfire}:queue:" + queue; }
    bool hasJobIds() const override { return true; }
    void jobEnded(quint32 slot, const SimJob &job, bool failed) override;

private:
    QByteArray serverKey(quint32 slot) const { return "{hangfire}:server:" + process(slot).id; }
    void watchdog();

    int m_seconds = 0;
};

} // namespace pulsedeck::fleet
