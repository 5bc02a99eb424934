// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// asynq on the wire: a server is a protobuf string with a TTL of ten seconds, and a member of a set whose score is its expiry.
/// All hear one channel for tasks to cancel, each over a connection of its own. No command reaches one server; a queue can be
/// paused.
class AsynqFleet : public SystemFleet
{
    Q_OBJECT

public:
    AsynqFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return "asynq:{" + queue + "}:pending"; }
    void pushJob(const QByteArray &queue) override;
    bool hasJobIds() const override { return true; }
    void popJob(const QByteArray &queue, RedisConnection::Handler handler) override;
    void jobBegan(quint32 slot, const SimJob &job) override;
    void jobEnded(quint32 slot, const SimJob &job, bool failed) override;
    qint64 graceMs() const override { return scaled(8'000); }
    void ownReady(quint32 slot) override;

private:
    QByteArray serverInfo(const SimProcess &process) const;
    QByteArray workerInfo(const SimProcess &process, const SimJob &job) const;
};

} // namespace pulsedeck::fleet
