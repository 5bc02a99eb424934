// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

#include <QJsonObject>

namespace pulsedeck::fleet {

/// Celery 5 with the Redis broker on the wire: no key of a worker says that it lives. It publishes events and hears one channel
/// of remote control, each worker over a connection of its own, so that the answer to PUBLISH counts them. Workers do not ask
/// their neighbours at the start, and gossip only by their events.
class CeleryFleet : public SystemFleet
{
    Q_OBJECT

public:
    CeleryFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return queue; }
    bool mayTake(quint32 slot, const QByteArray &queue) const override;
    void jobBegan(quint32 slot, const SimJob &job) override;
    void jobEnded(quint32 slot, const SimJob &job, bool failed) override;
    bool canQuiet() const override { return false; }
    void quieted(quint32 slot) override;
    void stopAgain(quint32 slot) override;
    qint64 graceMs() const override;
    void thawed(quint32 slot) override;
    void ownReady(quint32 slot) override;
    void ownHeard(quint32 slot, const QByteArray &channel, const QByteArray &message) override;
    QByteArrayList ownVerbs() const override { return {"starve"}; }
    bool act(const QByteArray &verb, quint32 slot, std::optional<double> seconds) override;

private:
    struct Life
    {
        bool online = false; ///< Its first event is out.
        bool offline = false; ///< Its last event is out; it may still work.
        bool starved = false; ///< Beats and takes nothing, as after a loss of the broker.
        QByteArrayList queues; ///< That it takes jobs of.
        QByteArrayList held; ///< Messages that came while it was frozen.
    };

    QByteArray bindingOf(quint32 slot) const;
    QByteArray envelope(const QByteArray &body, const QJsonObject &headers, const QJsonObject &properties);
    void publishEvent(quint32 slot, const QByteArray &type);
    void obeyMessage(quint32 slot, const QByteArray &message);
    /// What the method answers; empty for none.
    QJsonObject call(quint32 slot, const QString &method, const QJsonObject &arguments);
    QJsonObject answerTo(quint32 slot, const QJsonObject &body);
    void reply(quint32 slot, const QJsonObject &body, const QJsonObject &answer);

    const QByteArray m_database;
    std::vector<Life> m_lives; ///< By slot.
    qint64 m_lamport = 0; ///< The logical clock in events and answers.
};

} // namespace pulsedeck::fleet
