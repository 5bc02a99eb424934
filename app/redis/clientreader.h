// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/clientids.h"
#include "app/redis/discoverybudget.h"
#include "app/redis/queuemarks.h"
#include "app/redis/recordreader.h"
#include "app/redis/redissession.h"
#include "app/redis/viewlimits.h"
#include "models/layouts/layout.h"

#include <QCoreApplication>
#include <QHash>

namespace pulsedeck {

/// Finds workers by their connections, where a layout says so: reads CLIENT LIST at the layout's cadence and takes those whose
/// name fits. A connection is all that is known of such a worker: it lives while it is listed, and how it ended, or that it is
/// back under another address, cannot be known. A list of which one string may be longer than the session reads comes by a
/// connection of its own, of largestList at most; each costs at most one percent of the server's time, or comes less often. Where
/// the list is refused, too long or a replica's, the source's limits say that no worker can be seen; names that fit and say no
/// queue are left out and counted there. A worker whose queue is another system's is that one's. Lives on the I/O thread, belongs
/// to a LayoutDialect.
class ClientReader final
{
    Q_DECLARE_TR_FUNCTIONS(ClientReader)

public:
    static constexpr qint64 largestList = 6LL * 1024 * 1024; ///< Bytes: some 18,000 connections.

    ClientReader(RedisSession &session, const Layout &layout, const LayoutVariables &variables, TraitsRef traits);
    ~ClientReader();
    ClientReader(const ClientReader &) = delete;
    ClientReader &operator=(const ClientReader &) = delete;

    void beginView();
    /// It was read, or cannot be, since the view began.
    bool isViewRead() const { return m_read; }
    void lost();
    void tick(qint64 now);
    int sweepPeriodMs() const;
    bool knows(const QByteArray &worker) const { return m_members.contains(worker); }

private:
    struct Member
    {
        WorkerNumber number = 0;
        quint32 pass = 0; ///< The last one that saw it.
        quint32 generation = 0; ///< Of the session's connection then.
        size_t textHash = 0;
    };

    void ask();
    void openOwn();
    void closeOwn();
    void takeAnswer(const RedisAnswer &answer);
    void sift(QByteArrayView list);
    void takeList(QByteArrayView list);
    bool isHere(const ListedClient &client) const;
    void takeClient(const ListedClient &client);
    void takeWorker(const QByteArray &id, const ListedClient &client);
    void endMissing();
    void cannotSee(const QString &why);

    RedisSession &m_session;
    const Layout m_layout;
    const LayoutVariables m_variables;
    const TraitsRef m_traits;
    const ClientIds m_ids;
    const RecordReader m_reader;
    QHash<QByteArray, Member> m_members; ///< By id.
    QueueMarks m_marks; ///< Of queues whose workers may be another system's.
    qint64 m_marksAt = 0; ///< When they were asked for; 0: never.
    LeftOut m_leftOut; ///< Of the last list.
    DiscoveryBudget m_budget{10};
    RedisConnection *m_own = nullptr; ///< For long lists; null while they are short.
    bool m_isLong = false; ///< The session cannot read it.
    qint64 m_askedAt = 0;
    quint32 m_pass = 0;
    bool m_asking = false;
    bool m_read = false;
    bool m_full = false; ///< The last list had more workers than are shown.
};

} // namespace pulsedeck
