// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// RQ 1 (--release 1) or 2 on the wire. A worker runs one job at a time in a child process, so that a killed worker's child goes
/// on and keeps its socket; an idle one writes only every 405 s; what it hears on its channel may also end its listening.
class RqFleet : public SystemFleet
{
    Q_OBJECT

public:
    RqFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return "rq:queue:" + queue; }
    void pushJob(const QByteArray &queue) override;
    bool hasJobIds() const override { return true; }
    void popJob(const QByteArray &queue, RedisConnection::Handler handler) override;
    bool mayTake(quint32 slot, const QByteArray &queue) const override;
    int capacity(quint32 slot) const override;
    void jobBegan(quint32 slot, const SimJob &job) override;
    void jobEnded(quint32 slot, const SimJob &job, bool failed) override;
    void killed(quint32 slot, const std::vector<SimJob> &jobs) override;
    bool canQuiet() const override { return false; }
    void quieted(quint32 slot) override;
    void stopAgain(quint32 slot) override;
    qint64 graceMs() const override;
    void thawed(quint32 slot) override;
    QByteArrayList channelsOf(quint32 slot) const override;
    void heard(const QByteArray &channel, const QByteArray &message) override;
    void everySecond() override;
    QByteArrayList ownVerbs() const override { return {"deaf", "half", "no-ttl", "orphan"}; }
    bool act(const QByteArray &verb, quint32 slot, std::optional<double> seconds) override;

private:
    struct Life
    {
        bool suspended = false;
        bool asking = false; ///< Whether the fleet is suspended; it takes no job meanwhile.
        qint64 stopAskedMs = 0; ///< 0: not asked to stop.
        QByteArrayList held; ///< Messages that came while it was frozen.
    };

    QByteArray keyOf(quint32 slot) const;
    /// The fields that only a start writes.
    void writeBirth(quint32 slot);
    void writeBeat(quint32 slot, qint64 ttlMs);
    void obeyMessage(quint32 slot, const QByteArray &message);
    /// Between two jobs, and when a wait for one is over.
    void askWhetherSuspended(quint32 slot);
    void removeMissing();

    std::vector<Life> m_lives; ///< By slot.
    int m_seconds = 0;
};

} // namespace pulsedeck::fleet
