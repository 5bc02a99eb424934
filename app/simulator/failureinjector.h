// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/fleetcontext.h"

#include <QObject>

namespace pulsedeck::fleet {

class CommandListener;
class Proxy;
class WorkerLife;

/// Makes failure modes happen to workers. Lives on the simulator's thread.
class FailureInjector : public QObject
{
    Q_OBJECT

public:
    /// How a mode is to show. What is not set is drawn at random or left open.
    struct Manner
    {
        std::optional<double> seconds; ///< Crash: down time, then back under its id. Hang: until it goes on. Skew: the offset.
        qint64 lastsMs = 0; ///< Late, skew, garbage, wrong type, no TTL: until it is over; 0 stays.
    };

    FailureInjector(FleetContext &context, WorkerLife &life, Proxy &proxy, CommandListener &listener, QObject *parent = nullptr);

    /// Strikes up to \a count healthy workers picked at random and returns their slots. Outage cuts off these alone.
    std::vector<quint32> strike(FailureMode mode, int count, const Manner &manner);
    /// Strikes the running worker with this id, whatever its condition: a drain can be cut short so. Its slot, or nothing.
    std::vector<quint32> strikeOne(FailureMode mode, const QByteArray &id, const Manner &manner);
    /// Draws a healthy worker for a mode that shows after some beats.
    bool doom(FailureMode mode);
    /// The proxy commands healthy workers to shut down.
    std::vector<quint32> command(int count, bool publish);
    std::vector<quint32> commandOne(const QByteArray &id, bool publish);
    /// All workers lose Redis for so long.
    void outage(qint64 durationMs);

    /// Acts on Strike, Resume, Kill, Mend, Leave, LoseKey, Unpin, Reconnect and RemoveRemains.
    void handle(const TimingWheel::Entry &entry);

private:
    /// A healthy worker that is not among \a others.
    std::optional<quint32> pick(const std::vector<quint32> &others = {});
    /// The slot of the running worker with this id.
    std::optional<quint32> running(const QByteArray &id) const;
    void begin(quint32 slot, FailureMode mode, const Manner &manner);
    void beginHang(quint32 slot, const Manner &manner);
    void beginForgottenDrain(quint32 slot);
    void loseKey(quint32 slot);
    void settle(quint32 slot);
    qint32 drawSkew(quint32 slot) const;
    qint64 beats(double count) const { return qint64(double(m_context.timing.heartbeatInterval) * count); }

    FleetContext &m_context;
    WorkerLife &m_life;
    Proxy &m_proxy;
    CommandListener &m_listener;
    quint64 m_picks = 0; ///< Numbers the random picks.
    quint32 m_garbage = 0; ///< Workers spoiled so far, to deal out the kinds in turn.
    quint32 m_forgotten = 0; ///< Drains made forgotten so far: both ways in turn.
    QHash<quint32, qint64> m_remains; ///< Slots of half registrations that are to be removed, and when after they die.
};

} // namespace pulsedeck::fleet
