// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// Processes of which one is in charge: who holds a lock with a TTL, renewed with each beat. The others try to get it with each
/// of theirs. resque-scheduler, and the pattern for a lock of one's own, write the holder's name into it, RedBeat a random word.
/// There are no queues.
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
    struct Lock;

    static const Lock &lockOf(const QString &layout);
    QByteArray valueOf(quint32 slot) const;

    const Lock &m_lock;
    std::vector<QByteArray> m_words; ///< By slot: what is written where it is no name.
};

} // namespace pulsedeck::fleet
