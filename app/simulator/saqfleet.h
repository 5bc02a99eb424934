// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// SAQ on the wire: each worker of a queue writes its figures as JSON with a TTL of eleven seconds, and its key into a set whose
/// score is the expiry. Each worker serves one queue; there are no commands.
class SaqFleet : public SystemFleet
{
    Q_OBJECT

public:
    SaqFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return "saq:" + queue + ":queued"; }
    bool mayTake(quint32 slot, const QByteArray &queue) const override;
    bool canQuiet() const override { return false; }

private:
    QByteArray queueOf(quint32 slot) const;
    QByteArray keyOf(quint32 slot) const;
};

} // namespace pulsedeck::fleet
