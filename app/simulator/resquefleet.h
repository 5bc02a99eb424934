// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// Resque 2 on the wire: a set of workers, one hash with the time of each one's last beat by Redis' clock, nothing with a TTL.
/// There is no command to one worker, only a pause of all. Those that died stay until another worker starts.
class ResqueFleet : public SystemFleet
{
    Q_OBJECT

public:
    ResqueFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return "resque:queue:" + queue; }
    void pushJob(const QByteArray &queue) override;
    void popJob(const QByteArray &queue, RedisConnection::Handler handler) override;
    bool mayTake(quint32 slot, const QByteArray &queue) const override;
    int capacity(quint32) const override { return 1; }
    void jobBegan(quint32 slot, const SimJob &job) override;
    void jobEnded(quint32 slot, const SimJob &job, bool failed) override;
    bool canQuiet() const override { return false; }
    qint64 graceMs() const override;
    void everySecond() override;

private:
    void remove(const QByteArray &id);
    /// Removes whoever has not beaten for five minutes; only at a start.
    void prune();

    bool m_paused = false;
    int m_seconds = 0;
};

} // namespace pulsedeck::fleet
