// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redissession.h"
#include "models/layouts/layout.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

namespace pulsedeck {

/// Counts the jobs of a system's queues as its layout says: names every ten seconds, counts every two. Only lengths are asked for
/// (LLEN, ZCARD, SCARD, HLEN, and of streams what XINFO GROUPS says of them); no job is read. A beat of the queue's own has
/// stopped once it was missing for its grace, longer than the moment in which it expires and is renewed. Bounded by mostQueues.
/// Lives on the I/O thread, belongs to a LayoutDialect.
class QueueReader
{
    Q_DECLARE_TR_FUNCTIONS(QueueReader)

public:
    static constexpr int mostQueues = 1'000; ///< Beyond it further ones are not counted, and the source's limits say so.

    QueueReader(RedisSession &session, const Layout &layout, const LayoutVariables &variables, TraitsRef traits);

    /// Who is told of each count, and of each queue that is gone, as the session is.
    void setObserver(std::function<void(const QueueSample &)> observer) { m_observer = std::move(observer); }

    /// From the next count on.
    void setTraits(TraitsRef traits) { m_traits = traits; }

    void lost();
    void look(qint64 now);
    /// At the next look.
    void readSoon() { m_namedAt = m_countedAt = 0; }

private:
    void askNames();
    void takeNames(const QSet<QByteArray> &names);
    void askCounts();
    void takeBeat(QueueSample &sample, bool beats);
    void scan(const QByteArray &cursor, QSet<QByteArray> found);
    QByteArray nameOf(QByteArrayView member) const;
    void tell(const QueueSample &sample);

    RedisSession &m_session;
    const LayoutQueues m_queues;
    const LayoutVariables m_variables;
    TraitsRef m_traits;
    std::function<void(const QueueSample &)> m_observer;
    QSet<QByteArray> m_names;
    QHash<QByteArray, qint64> m_missingSince; ///< By queue: since when its beat is not there.
    qint64 m_namedAt = 0;
    qint64 m_countedAt = 0;
    quint32 m_pages = 0; ///< Of the scan under way.
    bool m_asking = false;
};

} // namespace pulsedeck
