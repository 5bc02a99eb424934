// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// BullMQ 6, or 5 (--release 5), or Bull 4 (--layout bull) on the wire: a worker is nothing but a named connection that blocks
/// while it waits for work. What remains in Redis is the queue's own: its meta data, its jobs, and a check that some worker of it
/// renews, and that stays for its TTL after the last one has ended. Each worker serves one queue. A worker that is frozen stays
/// connected and looks as if it worked; one whose connection was lost comes back under another address; one without checks
/// (skipStalledCheck) renews none; one without a name has its queue's alone. One job in eight is for later. Jobs of a worker that
/// died come back when their locks are over and another worker checks.
class BullFleet : public SystemFleet
{
    Q_OBJECT

public:
    BullFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return "bull:" + queue + ":wait"; }
    void pushJob(const QByteArray &queue) override;
    bool hasJobIds() const override { return true; }
    void popJob(const QByteArray &queue, RedisConnection::Handler handler) override;
    bool mayTake(quint32 slot, const QByteArray &queue) const override;
    void jobBegan(quint32 slot, const SimJob &job) override;
    void jobEnded(quint32 slot, const SimJob &job, bool failed) override;
    bool canQuiet() const override { return false; }
    void thawed(quint32 slot) override;
    void ownReady(quint32 slot) override;
    void everySecond() override;
    QByteArrayList ownVerbs() const override { return {"reconnect", "no-check", "unnamed"}; }
    bool act(const QByteArray &verb, quint32 slot, std::optional<double> seconds) override;

private:
    bool isBull() const { return options().layout == u"bull"; }
    QByteArray queueOf(quint32 slot) const;
    void promoteDelayed();
    void renewLocks();
    void writeMeta(const QByteArray &queue);
    /// Runs a script that adds to the list where jobs of a queue wait, with keys and arguments of its own.
    void sendToWaits(const QByteArray &queue, const char *script, const QByteArrayList &keys, const QByteArrayList &arguments,
                     RedisConnection::Handler handler = {});
    void connectWorker(quint32 slot);
    /// Blocks its connection until there is work, or five seconds are over.
    void waitForWork(quint32 slot);
    void checkStalled();

    std::vector<bool> m_waiting; ///< By slot: its connection blocks.
    std::vector<quint32> m_connections; ///< By slot: counts them, so that no answer of an earlier one counts.
    std::vector<bool> m_checks; ///< By slot: it renews its queue's check.
    std::vector<bool> m_unnamed;
    quint32 m_pushed = 0;
    int m_seconds = 0;
};

} // namespace pulsedeck::fleet
