// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/commandlistener.h"
#include "app/simulator/fleetcontext.h"

#include <QObject>

namespace pulsedeck::fleet {

class Proxy;

/// What a worker does: registers, beats, obeys shutdown commands, drains, leaves, and is replaced. Each worker goes
/// through the very commands a real one sends, over shared connections. Lives on the simulator's thread.
class WorkerLife : public QObject
{
    Q_OBJECT

public:
    struct Counts
    {
        quint64 beats = 0; ///< Beats begun.
        quint64 sent = 0; ///< Beats whose HSET Redis answered.
        qint64 lagMs = 0; ///< The most a beat was begun after it was due, since the last look.
        quint32 running = 0; ///< Registered processes that have not ended.
        quint32 ended = 0; ///< Processes that ended, in whatever way.
    };

    WorkerLife(FleetContext &context, CommandListener &listener, Proxy &proxy, QObject *parent = nullptr);

    /// Begins to register the first workers; a bounded number at a time, as answers come in.
    void start();
    /// Once per tick of the simulator.
    void tick();
    /// The TTL may have changed.
    void timingChanged();
    /// Acts on Beat, RegisterAgain, DrainPoll, DrainDeadline, DeleteKey, Spawn and Return.
    void handle(const TimingWheel::Entry &entry);

    /// Ends the process without a word, as SIGKILL does. After \a downMs it comes back under the same id, or another
    /// process takes its place.
    void crash(quint32 slot, qint64 downMs, bool returns);
    /// Says shutting-down, and its key goes in a moment: SIGTERM, and the end of every drain.
    void leave(quint32 slot);
    void drain(quint32 slot);
    /// A hung worker goes on: beats at once and acts on what it heard.
    void resume(quint32 slot);
    /// Stops or resumes reaching Redis for one worker alone.
    void setCutOff(quint32 slot, bool cutOff);
    /// A process on top of the fleet's size, whose registration dies before EXPIRE.
    quint32 spawnHalfRegistered();
    /// Nothing is left of an extra worker's process; its slot can be used again.
    void forget(quint32 slot);

    const Counts &counts() const { return m_counts; }
    void resetLag() { m_counts.lagMs = 0; }

signals:
    /// Every worker of the fleet's size has registered once and listens.
    void allRegistered(qint64 elapsedMs);
    /// A process registered for the first time: the failure mode it was drawn for may begin.
    void registered(quint32 slot);
    /// A process died between HSET and EXPIRE; its hash stays.
    void halfRegistered(quint32 slot);
    void complained(const QString &text);

private:
    void spawn(quint32 slot, FailureMode mode);
    void registerWorker(quint32 slot);
    void onRegistered(quint32 slot, bool ok);
    void countFirst(quint32 slot);
    void beat(quint32 slot);
    void onExists(quint32 slot, bool exists);
    void pollDrain(quint32 slot);
    void deleteKey(quint32 slot);
    void endProcess(quint32 slot, SimWorker::Process after);
    void scheduleBeat(quint32 slot);
    void complainAbout(const char *what, const RedisAnswer &answer);

    FleetContext &m_context;
    CommandListener &m_listener;
    Proxy &m_proxy;
    Counts m_counts;
    QByteArray m_ttl; ///< Seconds, as EXPIRE takes them.
    std::vector<FailureMode> m_firstModes;
    quint32 m_nextFirst = 0; ///< First slot not begun yet.
    quint32 m_counted = 0; ///< Of the first workers, how many have registered.
    qint64 m_startMs = 0;
    qint64 m_lastComplaint = 0;
};

} // namespace pulsedeck::fleet
