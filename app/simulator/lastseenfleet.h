// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// What many write by hand: one sorted set, workers:seen, with the Unix time in seconds at which each worker was last seen, each
/// five seconds. No process removes a dead one; jobs are lists.
class LastSeenFleet : public SystemFleet
{
    Q_OBJECT

public:
    LastSeenFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return "jobs:" + queue; }
};

} // namespace pulsedeck::fleet
