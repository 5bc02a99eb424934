// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// Schedulers of which one is in charge: who holds a lock with a TTL, renewed with each beat. The others try to get it with each
/// of theirs. resque-scheduler writes its name into it, RedBeat a random word. There are no queues.
class LockFleet : public SystemFleet
{
    Q_OBJECT

public:
    LockFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return queue; }
    void pushJob(const QByteArray &) override { }
    bool mayTake(quint32, const QByteArray &) const override { return false; }

private:
    QByteArray valueOf(quint32 slot) const;

    const bool m_isRedBeat;
    const QByteArray m_key;
    const qint64 m_ttlMs;
    std::vector<QByteArray> m_words; ///< By slot: what RedBeat writes.
};

} // namespace pulsedeck::fleet
