// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/history/history.h"

#include <QHash>

#include <map>

namespace pulsedeck {

class Journal;
struct JournalEntry;

/// Records the fleet in a history: after each publish of the store it compares every row that changed with what it recorded of it
/// last, and hands what is new to the history twice a second. What a journal notes goes there too. With a pause of the store the
/// recording pauses, and what came meanwhile is recorded when it goes on. Workers that another source shows already (twins) are
/// not recorded twice. GUI thread; a beat costs a comparison and no allocation.
class HistoryRecorder : public QObject
{
    Q_OBJECT

public:
    static constexpr int handOverMs = 500;
    static constexpr int quietMs = 5'000; ///< So often at least, also while nothing happens: that it was watched is news.
    static constexpr int intervalShare = 20; ///< An interval that moved by less than one in so many is the same.
    static constexpr int countEveryMs =
        10'000; ///< So often at most the counters of a queue are recorded: they move with every job.
    static constexpr quint32 describeEvery = 16; ///< Beats after which label, version and queues are looked at again.

    /// \a journal may be null. All outlive this.
    HistoryRecorder(FleetStore &store, History &history, Journal *journal, QObject *parent = nullptr);
    /// Hands over what is left.
    ~HistoryRecorder() override;

    /// Hands over what came, without waiting for its time.
    void flush();

private:
    /// What was recorded last of the worker at one handle.
    struct Seen
    {
        quint32 serial = 0; ///< 0: nothing was.
        LaneId lane = noLane;
        quint32 beats = 0; ///< Worker::beatCount.
        qint32 sessions = unknownValue;
        qint32 learntTtl = unknownValue;
        qint32 interval = unknownValue;
        qint32 capacity = unknownValue;
        qint32 measured = unknownValue; ///< Worker::interval, when that was looked at.
        qint32 pid = unknownValue;
        quint32 flags = 0;
        quint32 version = 0;
        qint64 startedAt = 0;
        qint64 endedAt = 0;
        const char *host = nullptr; ///< Where its text was; only compared.
        WorkerStatus status = WorkerStatus::Missing;
        Liveness liveness = Liveness::Unknown;
        WorkerEnd end = WorkerEnd::None;
        CommandState command = CommandState::None;
    };
    struct SeenQueue
    {
        LaneId lane = noLane;
        LaneState state;
        qint64 countedAt = 0; ///< When its counters were looked at last.
        bool there = false;
    };
    struct SeenSource
    {
        QString name;
        LaneId lane = noLane;
        SourceState state = SourceState::Off;
        qint64 outage = 0; ///< When the last one began that was recorded.
        bool outageOver = true;
        quint32 timingMark = 0;
        TimingProfile timing;
    };

    void startOver();
    void takeChanges(const FleetChanges &changes);
    void takeAll();
    void takeWorker(WorkerHandle handle);
    void takeBeats(WorkerHandle handle, Seen &seen, const Worker &worker);
    void takeRemoved(WorkerHandle handle);
    void describe(WorkerHandle handle, Seen &seen, const Worker &worker);
    void takeInterval(WorkerHandle handle, Seen &seen);
    void takeSource(SourceId source);
    void takeTiming(SeenSource &seen, const SourceStatus &status);
    void removeSource(SourceId source);
    void takeQueues();
    void takeQueue(const QueueKey &key, const QueueRecord &queue);
    void takeEntries(const QList<JournalEntry> &entries);
    void change(LaneId lane, LaneFact fact, qint64 value);
    template <typename Value> void compare(Seen &seen, Value &kept, Value now, LaneFact fact);
    void handOver();

    FleetStore &m_store;
    History &m_history;
    std::vector<Seen> m_seen; ///< By handle.
    std::map<QueueKey, SeenQueue> m_queues;
    std::map<SourceId, SeenSource> m_sources;
    HistoryFrame m_frame;
    LaneId m_lastLane = noLane;
    qint64 m_now = 0; ///< Of the publish being looked at.
    qint64 m_handedAt = 0;
    bool m_queuesDue = true;
    bool m_startingOver = false;
};

} // namespace pulsedeck
