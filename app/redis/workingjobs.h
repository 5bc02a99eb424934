// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/readingscript.h"
#include "models/layouts/layout.h"

#include <QHash>
#include <QSet>

#include <deque>

namespace pulsedeck {

/// Of which queues the jobs are that workers have at work, where no key of a queue counts them: see LayoutQueues::Working.
/// Workers take turns, so that a look costs no more than mostAsked commands or hashes however many there are. No job is read:
/// sets are counted, and of JSON texts a script lets nothing but names of queues out of Redis. Lives on the I/O thread, belongs
/// to a QueueReader.
class WorkingJobs
{
public:
    static constexpr int mostAsked = 60; ///< In one look.
    static constexpr int mostAtFirst = 800; ///< The same until all were asked once: before that nothing is known.
    static constexpr qint64 againMs = 4'000; ///< A worker is not asked again before.

    WorkingJobs(RedisSession &session, const LayoutQueues &queues, const LayoutVariables &variables);

    bool isNeeded() const { return m_working.how != LayoutQueues::Working::How::None; }
    /// It is how the jobs at work of a queue are counted; else only who has which is of interest.
    bool counts() const { return isNeeded() && m_working.how != LayoutQueues::Working::How::Records; }
    bool isRefused() const { return m_unread || (m_script && m_script->isRefused()); }

    // Of the tiers.

    /// A worker was seen with so many jobs at work; unknownValue: it does not say.
    void takeWorker(WorkerNumber worker, const QByteArray &id, qint32 busy);
    /// Its record names the queue of its job, or with LayoutQueues::Working::How::Records the job; empty: it has none.
    void takeQueue(WorkerNumber worker, const QByteArray &queue);
    /// The records that name it may not be read, or may again.
    void setUnread(bool unread) { m_unread = unread; }
    void forget(WorkerNumber worker);

    void lost();
    /// Asks those whose turn it is. \a queues: all there are.
    void look(qint64 now, const QList<QByteArray> &queues);
    /// Jobs at work of a queue; -1: not known, or not of all workers yet.
    qint64 of(const QByteArray &queue) const;
    /// Of all queues together; -1 likewise.
    qint64 total() const;

private:
    struct Jobs
    {
        QByteArray id; ///< Of the worker; with Records that of its job.
        QHash<QByteArray, qint64> byQueue;
        qint64 askedAt = 0;
        bool known = false;
        int key = -1; ///< Which of LayoutQueues::Working::keys has its jobs; -1: not known, so that all are asked.
    };

    bool isKnown() const { return isNeeded() && !isRefused() && (m_settled || m_unknown == 0); }
    /// \a each: what a question costs whose keys are not known yet.
    std::vector<WorkerNumber> next(qint64 now, qsizetype each);
    void set(WorkerNumber worker, const QHash<QByteArray, qint64> &byQueue);
    /// What the store is to show of it.
    void tell(WorkerNumber worker, const QHash<QByteArray, qint64> &byQueue);
    void addFresh(WorkerNumber worker);
    void takeJob(WorkerNumber worker, const QByteArray &job);
    void askRecords(const std::vector<WorkerNumber> &workers);
    void askHashes(const std::vector<WorkerNumber> &workers);
    void takeHashes(const std::vector<WorkerNumber> &workers, const std::vector<std::pair<size_t, int>> &asked,
                    const RedisReply &reply);
    void askSets(const std::vector<WorkerNumber> &workers, const QList<QByteArray> &queues);

    RedisSession &m_session;
    const LayoutQueues::Working m_working;
    const LayoutVariables m_variables;
    std::unique_ptr<ReadingScript> m_script; ///< Hashes only.
    QHash<WorkerNumber, Jobs> m_jobs; ///< Of those that have any, or may have.
    QHash<QByteArray, qint64> m_sums;
    std::deque<WorkerNumber> m_fresh; ///< Each once, never asked since they have any; some may be gone.
    QSet<WorkerNumber> m_inFresh;
    std::deque<WorkerNumber> m_turn; ///< Each once, those first that were asked longest ago; some may be gone.
    QSet<WorkerNumber> m_inTurn;
    int m_unknown = 0; ///< Of m_jobs, those not answered yet.
    qsizetype m_firstLeft = -1; ///< Of those that had jobs at the first look, so many have not answered yet; -1 before it.
    bool m_unread = false;
    bool m_settled = false; ///< All of these have answered: one that has just begun is left out until it was asked.
};

} // namespace pulsedeck
