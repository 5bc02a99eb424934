// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/discoverybudget.h"
#include "app/redis/redissession.h"

#include <QHash>

#include <deque>

namespace pulsedeck {

/// Sees when workers of Celery have ended that said they leave while tasks were at work: no key and no message shows that. The
/// connection on which a worker said so is used for nothing after that, and is closed when its process ends. CLIENT LIST has it:
/// it published at that moment, and not since. Other workers that published at the same moment are told apart by their next beat;
/// where several remain, all have to be gone. One that sends events of its tasks (-E) may use its connection again, so that those
/// which remain have to be at least as many as the workers that left at about the same time. Where they are fewer, and where the
/// list is refused, too long, a replica's, or has no such connection, nothing is said. Each list costs at most one percent of the
/// server's time, or comes less often, and is read only while a worker leaves and can be told. At most mostLeaving at a time,
/// and none while more than mostRecent leave at once. Times are the console's clock in ms. Lives on the I/O thread, belongs to
/// a CeleryDialect.
class CeleryExits final : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostLeaving = 64;
    static constexpr int mostRecent = 1'000;
    static constexpr qint64 lookEveryMs = 1'000;

    CeleryExits(RedisSession &session, QObject *parent);

    /// \a node said \a at that it leaves, and is known for as long as \a knownSince.
    void begin(const QByteArray &node, qint64 at, qint64 knownSince);
    /// Another one said \a at that it leaves, and had nothing to do: its connection is closed, too.
    void alsoLeft(qint64 at) { noteLeft(at, false); }
    /// It came up again, or has ended otherwise.
    void forget(const QByteArray &node) { m_leaving.remove(node); }
    void look(qint64 now);
    /// The connection is: on the next one nothing proves that its clients are the same.
    void lost();

signals:
    void ended(const QByteArray &node);

private:
    struct Leaving
    {
        qint64 at = 0;
        qint64 knownSince = 0;
        QHash<QByteArray, quint32> candidates; ///< By CLIENT ID: the last list that had it.
        int atWork = 0; ///< Workers that left at about the same time and were at work, itself among them.
        int idle = 0; ///< Those that had nothing to do.
        bool narrowed = false; ///< A connection was taken out, and it may have been its own.
        /// So many connections have to remain, or its own may be none of them.
        int needed() const { return narrowed ? atWork + idle : atWork; }
    };
    struct Left
    {
        qint64 at = 0;
        bool atWork = false;
    };

    void noteLeft(qint64 at, bool atWork);
    void ask();
    void takeList(QByteArrayView list);

    RedisSession &m_session;
    QHash<QByteArray, Leaving> m_leaving; ///< By node.
    std::deque<Left> m_recent; ///< Who left a moment ago, in order.
    DiscoveryBudget m_budget{10};
    qint64 m_askedAt = 0;
    quint32 m_pass = 0; ///< Number of the last list.
    bool m_asking = false;
    bool m_soon = false; ///< Another one said that it leaves, and the list could not be asked for at once.
    bool m_refused = false;
};

} // namespace pulsedeck
