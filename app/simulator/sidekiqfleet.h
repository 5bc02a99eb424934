// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// Sidekiq 6.5 (--release 6) or 7 on the wire: one MULTI a beat, which also takes one signal from the process' list. A process
/// that ended in order leaves its hash to expire, a killed one leaves its member in the set until another one starts.
class SidekiqFleet : public SystemFleet
{
    Q_OBJECT

public:
    SidekiqFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return "queue:" + queue; }
    void pushJob(const QByteArray &queue) override;
    void jobEnded(quint32 slot, const SimJob &job, bool failed) override;
    QByteArrayList ownVerbs() const override { return {"embed"}; }
    bool act(const QByteArray &verb, quint32 slot, std::optional<double> seconds) override;

private:
    /// The JSON that never changes while a process lives.
    QByteArray infoOf(const SimProcess &process) const;
    void obeySignal(quint32 slot, const QByteArray &signal);
    /// Removes members whose key is gone; once in a while, by whoever starts.
    void sweep();
    bool isSeven() const { return release(7) >= 7; }

    std::vector<bool> m_embedded; ///< By slot: inside another program, which does not obey.
    quint64 m_processed = 0; ///< Not written yet.
    quint64 m_failed = 0;
};

} // namespace pulsedeck::fleet
