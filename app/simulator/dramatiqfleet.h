// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// Dramatiq on the wire: one set of ids with the time that each last called Redis, by its own clock. Nothing is removed, neither
/// at an orderly end nor later.
class DramatiqFleet : public SystemFleet
{
    Q_OBJECT

public:
    DramatiqFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return "dramatiq:" + queue; }
    void pushJob(const QByteArray &queue) override;
    void popJob(const QByteArray &queue, RedisConnection::Handler handler) override;
    void jobBegan(quint32 slot, const SimJob &job) override;
    void jobEnded(quint32 slot, const SimJob &job, bool failed) override;
    bool canQuiet() const override { return false; }

private:
    QByteArray acksKey(quint32 slot, const QByteArray &queue) const;
};

} // namespace pulsedeck::fleet
