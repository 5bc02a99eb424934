// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <array>
#include <optional>
#include <vector>

namespace pulsedeck {

/// What a worker that serves a queue is at the moment, the worst first.
enum class QueueWorker : quint8 {
    Lost, ///< Crashed, hung, stale, or its key is gone: it takes nothing.
    Troubled, ///< Late, deaf, consuming nothing, incomplete, or of unknown condition.
    Leaving,
    Paused,
    Silent, ///< It has nothing to do and makes no calls: it waits, or is gone.
    TakesJobs,
};
constexpr int queueWorkerCount = int(QueueWorker::TakesJobs) + 1;
QueueWorker queueWorkerOf(const Worker &worker);

/// One queue as it is shown: what was counted last, and what is to be said of it. -1 in a count: not reported.
struct QueueFacts
{
    QueueKey key;
    QString name; ///< The bytes of the key as text.
    QString source; ///< Its name.
    QueueSample latest;
    QueueState state = QueueState::Active;
    double inPerMinute = -1;
    double outPerMinute = -1;
    qint64 pausedSince = 0; ///< 0: not paused, or not known.
    bool allPaused = false; ///< Not the queue by itself: no worker of its system takes a job.
    QString allPausedWord; ///< The system's own word for that ("suspended"); empty: ours.
    qint64 asOf = 0; ///< The last answer of a source that is not connected; 0: it is.
    bool workersKnown = false; ///< Its system says which queues its workers serve.
    bool workersMixed = false; ///< Some that serve it serve other queues as well, or do not say which they serve.
    bool counted = false; ///< Something is counted that makes rates, once it was counted for a while.
    double wholeIn = -1; ///< Jobs of all queues of its system together, per minute, where that is all that is counted.
    double wholeOut = -1;
    std::array<int, queueWorkerCount> workers{}; ///< Those that serve it, by QueueWorker.

    int workerCount() const;
    /// Nothing waits and nothing is at work, as far as that is reported.
    bool isIdle() const;
    /// How many more come than are taken, per minute; nothing where one of the two is not known.
    std::optional<double> growth() const;
    /// All that a view shows is the same; when it was read is not shown.
    bool looksAs(const QueueFacts &other) const;
};

/// All queues of the visible sources, by source, system and name. GUI thread, or where the store lives.
std::vector<QueueFacts> queueFacts(const FleetStore &store);
/// How many there are.
int visibleQueues(const FleetStore &store);
/// The workers of a queue that are there, the worst first, then by handle.
std::vector<WorkerHandle> queueWorkers(const FleetStore &store, const QueueKey &key);
/// How many jobs of \a queue a worker has at work: as its system says, or all it has if it serves no other; -1: not known.
qint64 atWorkOn(const FleetStore &store, WorkerHandle handle, const QByteArray &queue);
/// "critical 3, default 2": the jobs a worker has at work, by queue; empty where that is not known, or there are none.
QString atWorkByQueueText(const FleetStore &store, WorkerHandle handle);
/// "suspended", "paused": the state of all workers of a system, in its own word.
QString fleetPauseWord(const FleetPause &pause);
/// "All workers of RQ are suspended since 12:31:05, by anna: deploy. That ends by itself at 13:00:00."; empty if they are not,
/// or that is not known.
QString fleetPauseText(const FleetStore &store, SourceId source, const FleetPause &pause);
/// "RQ suspended": the same in two words.
QString fleetPauseLabel(const FleetPause &pause);
/// Since when, by the command that this console knows of or as it was seen; 0: that is not known, or it is not paused.
qint64 fleetPausedSince(const FleetStore &store, SourceId source, const FleetPause &pause);
/// "active", "active, no jobs", "paused", a sentence for jobs that wait without a worker, "growing", or for a lost source "as of
/// 14:12:36".
QString queueStateText(const QueueFacts &queue);
/// What a row says behind that: "16:30" for how long it is paused, "+25/min"; empty for most.
QString queueStateNote(const QueueFacts &queue, qint64 now);

/// What of a queue may be unknown.
enum class QueueFigure : quint8 { AtWork, Delayed, Oldest, In, Out, Workers };
/// Why it is "–", in a sentence; empty if it is known.
QString whyUnknown(const QueueFacts &queue, QueueFigure figure);

/// Sums of several queues. What no queue reports is not known: -1. Queues of a lost source are counted, and nothing else of them.
struct QueueSums
{
    int queues = 0;
    int unserved = 0;
    int growing = 0;
    int paused = 0;
    QString pausedWord; ///< What all of these are called, "suspended" or "paused"; empty while there are none.
    qint64 waiting = -1;
    qint64 atWork = -1;
    int atWorkUnknown = 0; ///< Queues of which that is not reported.
    double inPerMinute = -1;
    double outPerMinute = -1;
    int inUnknown = 0; ///< Queues of which that is not known, neither by themselves nor with all of their system.
    int outUnknown = 0;

    void add(const QueueFacts &queue);
    /// Of how many of the queues that were added the rates are not known.
    struct Without
    {
        int in = 0;
        int out = 0;
    };
    /// What a system counts for all of its queues together, where it does not count for each, as not for \a without of them.
    void addWhole(const QueueRecord &whole, Without without);
    /// "suspended", if all that are paused are so by the word of their system; else "paused".
    QString pausedText() const;
    /// "12"; "12+" if some queues do not report it, and "–" if those that do have none.
    QString atWorkText() const;
    /// The same of the jobs that came and were taken, per minute.
    QString inText() const;
    QString outText() const;
    bool operator==(const QueueSums &) const = default;
};

/// "Sidekiq: 251 delayed, 12 failed, 388 in per minute, 391 out per minute in all its queues": what a system counts for all of
/// its queues together; empty if that is nothing. \a atWork: also how many are at work, which its queues do not say.
QString queueWholeText(const QueueRecord &whole, bool atWork);
/// "12", "1,204"; "–" for what is not reported.
QString queueCountText(qint64 count);
/// Jobs per minute in whole jobs, below ten to the tenth; "–" for what is not known.
QString queueRateText(double perMinute);
/// The age of the oldest job: "1 s", "31 s", "4:05", "1:02:18"; "–" for what is not reported.
QString queueAgeText(qint64 ms);

} // namespace pulsedeck
