// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// Consumers of stream groups: each blocks for up to five seconds on a connection of its own and acknowledges what it has done.
/// Nothing ever removes a consumer, so that those of processes that ended pile up. Each serves one stream; the group is
/// "workers". One whose group is lost makes it again a second later.
class StreamFleet : public SystemFleet
{
    Q_OBJECT

public:
    StreamFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return queue; }
    void pushJob(const QByteArray &queue) override;
    bool mayTake(quint32 slot, const QByteArray &queue) const override;
    void jobEnded(quint32 slot, const SimJob &job, bool failed) override;
    void thawed(quint32 slot) override;
    void ownReady(quint32 slot) override;
    void everySecond() override;
    QByteArrayList ownVerbs() const override { return {"hoard", "drop", "endless"}; }
    bool act(const QByteArray &verb, quint32 slot, std::optional<double> seconds) override;

private:
    QByteArray queueOf(quint32 slot) const;
    void readNext(quint32 slot);

    std::vector<bool> m_reading; ///< By slot: its connection blocks.
    std::vector<bool> m_hoards; ///< By slot: it acknowledges nothing.
    std::vector<bool> m_endless; ///< By slot: it blocks without an end, and so calls only when it is given something.
    std::vector<bool> m_lost; ///< By slot: there is no such group.
    std::vector<QByteArrayList> m_entries; ///< By slot: what it has read and not acknowledged, oldest first.
};

} // namespace pulsedeck::fleet
