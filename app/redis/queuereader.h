// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/queuemarks.h"
#include "app/redis/workingjobs.h"

#include <QCoreApplication>
#include <QSet>

namespace pulsedeck {

/// Counts the jobs of a system's queues as its layout says: names every ten seconds, counts every two. Only lengths, counters and
/// times are asked for (LLEN, ZCARD, SCARD, HLEN, GET, of streams what XINFO GROUPS says of them, and since when the next job
/// waits); no job is read. Queues are those that the layout finds and those that workers name. A beat of the queue's own has
/// stopped once it was missing for its grace, longer than the moment in which it expires and is renewed. Bounded by mostQueues,
/// and by mostCommands in one round: of more queues some are counted in the next. Lives on the I/O thread, belongs to a
/// LayoutDialect.
class QueueReader
{
    Q_DECLARE_TR_FUNCTIONS(QueueReader)

public:
    static constexpr int mostQueues = 1'000; ///< Beyond it further ones are not counted.
    static constexpr int mostCommands = 2'000; ///< In one round, but for what one queue more takes.

    QueueReader(RedisSession &session, const Layout &layout, const LayoutVariables &variables, TraitsRef traits);

    /// Who is told of each count, and of each queue that is gone, as the session is.
    void setObserver(std::function<void(const QueueSample &)> observer) { m_observer = std::move(observer); }
    /// Who has what at work; the tiers tell it.
    WorkingJobs &workingJobs() { return m_working; }

    /// From the next count on.
    void setTraits(TraitsRef traits) { m_traits = traits; }
    /// A worker serves these. Patterns are no names.
    void takeNamed(const QStringList &queues);

    void lost();
    void look(qint64 now);
    /// As far as they are known now: found, or named by workers, living or not.
    QByteArrayList names() const { return m_known.keys(); }
    /// At the next look.
    void readSoon() { m_namedAt = m_countedAt = 0; }

private:
    struct Queue
    {
        QByteArray key; ///< The member or key found; empty: only workers name it.
        qint64 missingSince = 0; ///< Its beat is not there; 0: it is.
        qint64 waiting = -1; ///< As counted last.
        qint64 countedAt = 0;
    };
    /// A sample under way; it is told when the last answer for it has come.
    struct Pending;
    using PendingRef = std::shared_ptr<Pending>;
    using Counts = std::vector<LayoutQueues::Count>;

    void askNames();
    void takeName(QHash<QByteArray, QByteArray> *found, QByteArrayView member) const;
    void takeNames(const QHash<QByteArray, QByteArray> &names, bool all);
    void takeScanned(const QHash<QByteArray, QByteArray> &names, bool all);
    void scan(int pagesLeft);
    QByteArray nameOf(QByteArrayView member) const;

    void askCounts(qint64 now);
    void askQueue(const PendingRef &pending);
    void askWhole();
    void add(const PendingRef &pending, const Counts &counts, qint64 QueueSample::*member, const LayoutVariables &variables);
    void askPaused(const PendingRef &pending, const LayoutCondition &condition, const LayoutVariables &variables);
    void askOldest(const PendingRef &pending, const LayoutQueues::Oldest &oldest, const LayoutVariables &variables);
    void askTimes(const std::vector<PendingRef> &all);
    void takeBeat(const PendingRef &pending, bool beats);
    void ask(const PendingRef &pending, std::initializer_list<QByteArrayView> words, RedisConnection::Handler handler);
    void finish(const PendingRef &pending);
    void tell(const QueueSample &sample);

    RedisSession &m_session;
    const LayoutQueues m_queues;
    const LayoutVariables m_variables;
    TraitsRef m_traits;
    std::function<void(const QueueSample &)> m_observer;
    WorkingJobs m_working;
    ReadingScript m_times;
    QueueMarks m_marks; ///< Of queues that may be another system's.
    const bool m_needsKey; ///< Nothing can be counted without the key.
    QHash<QByteArray, Queue> m_known;
    QSet<QByteArray> m_named; ///< By workers.
    QHash<QByteArray, QByteArray> m_scanned; ///< Names and keys of the scan under way.
    QByteArray m_cursor; ///< Of the scan under way; empty: none is.
    qint64 m_namedAt = 0;
    qint64 m_countedAt = 0;
    int m_asked = 0; ///< Commands in this round.
    bool m_asking = false;
    bool m_untyped = false; ///< Redis does not know SCAN with TYPE.
    bool m_scannedOnce = false;
};

} // namespace pulsedeck
