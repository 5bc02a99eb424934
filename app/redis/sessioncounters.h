// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/playwrightfleet.h"
#include "app/redis/scanpages.h"

#include <QCoreApplication>

namespace pulsedeck {

/// Reads the two hashes in which proxies count sessions, active and lifetime, whole by HSCAN: they announce only that something
/// in them changed. Where they hold so much else that a pass has to wait, the counters of known workers are asked for by name.
/// A worker only counted is one whose key is gone. Belongs to a PlaywrightDialect.
class SessionCounters final : public QObject
{
    Q_DECLARE_TR_FUNCTIONS(SessionCounters)

public:
    using Slot = PlaywrightFleet::Slot;

    explicit SessionCounters(PlaywrightFleet &fleet);

    void readAll();
    void lost();
    /// Something in one of the hashes has changed.
    void markChanged() { m_changed = true; }
    /// With a full view: reads when it is time and the budget allows.
    void look(qint64 now);
    /// Before it: what could not be sent, as too much was waiting, is sent now.
    void resume();
    bool isRead() const { return m_open == 0 && !m_openAgain; }
    void workerAdded(KnownWorker &worker) const;
    /// Alive but in neither hash: no proxy will select it. Known only once both hashes were read whole after it was found.
    void judge(KnownWorker &worker) const;
    /// Whether both hashes were read whole since it was found.
    bool isCountedSince(const KnownWorker &worker) const { return m_passDone > worker.bornPass; }

private:
    enum Hash { Lifetime, Active }; ///< In the order of m_pages.

    void end(Hash hash, const RedisAnswer &last);
    ScanPages pagesOf(Hash hash);
    void take(Hash hash, const RedisReply &items);
    void takeOne(Slot slot, Hash hash, const RedisReply &value);
    void readKnown();
    void askKnown(Hash hash, const std::vector<std::pair<Slot, WorkerNumber>> &asked);
    void finish();
    int periodMs() const;

    PlaywrightFleet &m_fleet;
    RedisSession &m_session;
    DiscoveryBudget m_budget{10};
    ScanPages m_pages[2];
    quint32 m_pass = 0; ///< The pass under way or last begun.
    quint32 m_passDone = 0; ///< The last one finished.
    qint64 m_readAt = 0;
    qint64 m_knownReadAt = 0;
    int m_open = 0; ///< Hashes of the pass still being read.
    bool m_openAgain = false; ///< It was not finished: another one is wanted.
    bool m_changed = false;
    bool m_refused = false; ///< In the pass under way: what is not counted is then not known to be missing.
};

} // namespace pulsedeck
