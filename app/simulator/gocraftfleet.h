// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// gocraft/work on the wire: worker pools in a set, each with a hash that has no TTL and the time of its last beat. A pool that
/// died stays until another one reaps it.
class GocraftFleet : public SystemFleet
{
    Q_OBJECT

public:
    GocraftFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

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
    QByteArray queueKey(const QByteArray &queue) const override { return "work:jobs:" + queue; }
    void jobEnded(quint32 slot, const SimJob &job, bool failed) override;

private:
    QByteArray poolKey(quint32 slot) const { return "work:worker_pools:" + process(slot).id; }
    void reap();

    int m_seconds = 0;
};

} // namespace pulsedeck::fleet
