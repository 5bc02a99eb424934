// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/fleetbatch.h"

#include <QHash>
#include <QString>

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace pulsedeck {

/// How many waited at a time.
struct QueuePoint
{
    qint64 at = 0; ///< Console's clock, ms.
    qint64 waiting = 0;
    bool operator==(const QueuePoint &) const = default;
};

/// In and out per minute at a time; -1: not known.
struct QueueFlow
{
    qint64 at = 0;
    double in = -1;
    double out = -1;
    bool operator==(const QueueFlow &) const = default;
};

/// A time in which a queue was seen to be paused.
struct QueuePause
{
    qint64 from = 0; ///< 0: it was paused when it was first seen.
    qint64 until = 0;
    bool operator==(const QueuePause &) const = default;
};

/// How many jobs waited over time: every ten seconds for a quarter of an hour, every minute for six hours; older ones are
/// dropped. Of several in one slot the last counts. A value.
class QueueHistory
{
public:
    static constexpr qint64 fineStepMs = 10'000;
    static constexpr qint64 coarseStepMs = 60'000;
    static constexpr size_t mostFine = 90;
    static constexpr size_t mostCoarse = 360;

    void add(QueuePoint point);
    /// Oldest first.
    const std::vector<QueuePoint> &fine() const { return m_fine; }
    const std::vector<QueuePoint> &coarse() const { return m_coarse; }
    /// The last one that is not younger than \a at; null if there is none.
    const QueuePoint *at(qint64 at) const;
    /// It has waited more and more for \a overMs: longer by a tenth, and by ten jobs at least, than then, and not shorter in
    /// the middle of the time.
    bool grows(qint64 overMs) const;

private:
    std::vector<QueuePoint> m_fine;
    std::vector<QueuePoint> m_coarse;
};

/// A queue is known by its source, its system and its name.
struct QueueKey
{
    SourceId source = 0;
    QString system; ///< SourceTraits::layout.
    QByteArray name;
    auto operator<=>(const QueueKey &other) const
    {
        if (source != other.source)
            return source <=> other.source;
        const int systems = system.compare(other.system);
        return systems != 0 ? systems <=> 0 : name.compare(other.name) <=> 0;
    }
    bool operator==(const QueueKey &) const = default;
};

/// What is to be said of a queue: the worst of what holds.
enum class QueueState : quint8 {
    Active,
    Paused, ///< Its system takes no jobs from it.
    Unserved, ///< Jobs wait, it is not paused, and no worker serves it.
    Growing, ///< More and more jobs wait.
};
/// The word for filters and JSON: "active", "paused", "unserved", "growing".
QString queueStateName(QueueState state);

/// Whether all workers of one system in one source are paused.
struct FleetPause
{
    PauseSample latest;
    qint64 since = 0; ///< Seen to become paused; 0: it is not, or was so from the beginning.
    qint64 endedAt = 0; ///< When a pause was last seen to end; 0: none was.

    bool isPaused() const { return latest.known && latest.paused; }
};

/// One queue: what was counted last, and how that moved.
struct QueueRecord
{
    QueueKey key;
    QueueSample latest;
    QueueHistory history;
    double inPerMinute = -1; ///< Jobs that came; -1: not known.
    double outPerMinute = -1; ///< Jobs that were taken or, where that is not counted, finished.
    qint64 pausedSince = 0; ///< Seen to become paused; 0: it is not, or was so from the beginning.
    qint64 firstAt = 0; ///< Its first sample.
    std::vector<QueuePause> pauses; ///< Those that are over, the newest last; at most QueueStore::mostPauses.
    std::vector<QueueFlow> flow; ///< Oldest first; at most QueueStore::mostFlows.
    qint64 workersDone = 0; ///< By the workers that serve it alone, since they were first seen.
    qint64 workersAt = 0; ///< When they were asked last; 0: not yet.
    bool workersMixed = false; ///< Some of them serve other queues, too: whose jobs they did is not known.

    /// Its counts at a time, for rates.
    struct Count
    {
        qint64 at = 0;
        qint64 waiting = -1;
        qint64 atWork = -1;
        qint64 delayed = -1;
        qint64 taken = -1;
        qint64 done = -1;
        qint64 added = -1;
    };
    std::vector<Count> counts; ///< At most QueueStore::mostCounts.
};

/// The queues of all sources, and which workers serve them. Counts only; no job is ever here. At most mostQueues per source:
/// further ones are counted in refused(). A value, on the thread of its owner; times are the console's clock in Unix
/// milliseconds.
class QueueStore
{
public:
    static constexpr size_t mostQueues = 2'000; ///< Per source.
    static constexpr qsizetype mostName = 512; ///< Bytes; a longer name is refused.
    static constexpr size_t mostCounts = 8;
    static constexpr qint64 rateOverMs = 60'000; ///< Rates are of the last minute.
    static constexpr qint64 growsOverMs = 10 * 60'000;
    static constexpr size_t mostPauses = 10;
    static constexpr size_t mostFlows = 180;
    static constexpr qint64 flowStepMs = 30'000; ///< The last one of each such time is kept.
    static constexpr qint64 workersEveryMs = 4'000; ///< So often workers are asked what they have done.

    /// How many jobs a worker has done since it started; -1: it does not say so, or is not there any more.
    struct WorkerDone
    {
        qint64 jobs = -1; ///< -1: it does not say.
        bool isNew = false; ///< It appeared while the console watched: all of its jobs were done since.
    };
    using DoneBy = std::function<WorkerDone(WorkerHandle)>;

    /// \a doneBy is asked where only workers count what was done.
    void apply(SourceId source, const QueueSample &sample, const DoneBy &doneBy = {});
    void applyPause(SourceId source, const PauseSample &sample);
    /// This worker serves these queues, and none but these. Without any: its system does not say which.
    void serve(WorkerHandle worker, SourceId source, TraitsRef traits, const QStringList &queues);
    void unserve(WorkerHandle worker);
    void removeSource(SourceId source);
    /// No queue is known any more; who serves which still is.
    void forgetQueues();

    /// By source, system and name.
    const std::map<QueueKey, QueueRecord> &all() const { return m_queues; }
    const QueueRecord *find(const QueueKey &key) const;
    /// What systems count for all of their queues in a source together, by source and system.
    const std::map<std::pair<SourceId, QString>, QueueRecord> &wholes() const { return m_wholes; }
    /// The same of one; null: nothing.
    const QueueRecord *whole(SourceId source, const QString &system) const;
    /// Whether all workers of a system are paused; null where no key says it, or it was not read yet.
    const FleetPause *fleetPause(SourceId source, const QString &system) const;
    /// The same of all systems of a source, by system.
    std::vector<const FleetPause *> fleetPauses(SourceId source) const;
    /// Whoever serves it says so and serves no other queue: what such a worker does, it does for this one.
    bool isServedAlone(const QueueKey &key) const;
    /// The workers that name it, and those that serve every queue ("*"); in the order of their handles.
    std::vector<WorkerHandle> servers(const QueueKey &key) const;
    /// Whether all workers of its system for which \a lives holds say which queues they serve.
    bool isToldByAll(const QueueKey &key, const std::function<bool(WorkerHandle)> &lives) const;
    /// \a lives says whether a worker can take jobs. It is unserved only if none is known that serves it, and its own beat has
    /// stopped or, where it has none, all living workers of its system say which queues they serve.
    QueueState state(const QueueRecord &queue, const std::function<bool(WorkerHandle)> &lives) const;
    /// Grows with each change of a queue or of who serves it.
    quint64 revision() const { return m_revision; }
    int refused() const { return m_refused; }

private:
    /// The workers of one system in one source.
    struct System
    {
        QHash<QString, std::vector<WorkerHandle>> byQueue; ///< Sorted.
        QHash<QString, int> several; ///< Of how many of byQueue each serves other queues as well.
        std::vector<WorkerHandle> ofAll; ///< They serve patterns; sorted.
        std::vector<WorkerHandle> untold; ///< They do not say which they serve; sorted.
    };
    struct Served
    {
        std::pair<SourceId, QString> system;
        QStringList queues;
        qint64 done = -1; ///< As it said last; -1: it was not asked yet.
    };

    std::vector<WorkerHandle> &listOf(System &system, const QString &queue);
    static void takeCount(QueueRecord &queue);
    static void takePause(QueueRecord &queue, const QueueSample &sample);
    void countWorkers(QueueRecord &queue, QueueSample &sample, const DoneBy &doneBy);

    std::map<QueueKey, QueueRecord> m_queues;
    std::map<std::pair<SourceId, QString>, QueueRecord> m_wholes; ///< By source and system.
    std::map<std::pair<SourceId, QString>, FleetPause> m_pauses; ///< By source and system.
    std::map<std::pair<SourceId, QString>, System> m_systems;
    QHash<WorkerHandle, Served> m_served;
    quint64 m_revision = 0;
    int m_refused = 0;
};

} // namespace pulsedeck
