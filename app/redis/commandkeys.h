// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/playwrightfleet.h"

#include <QCoreApplication>

namespace pulsedeck {

/// Reads the keys in which commands wait for workers, worker:cmd:W, each a short word with a TTL. Belongs to a PlaywrightDialect.
class CommandKeys
{
    Q_DECLARE_TR_FUNCTIONS(CommandKeys)

public:
    using Slot = PlaywrightFleet::Slot;

    explicit CommandKeys(PlaywrightFleet &fleet)
        : m_fleet(fleet)
        , m_session(fleet.session)
    { }

    void lost();
    /// A command key was announced, or seen by a scan.
    void found(QByteArrayView worker);
    /// A scan is over: those it has seen are read, and those known before.
    void scanned();
    /// All known ones are read. \a anybody: scans take long, so every worker's key is asked for by its name.
    void sweep(bool anybody);
    void queue(Slot slot);
    /// Sends what is queued.
    void send();
    /// An expiring key is announced late: it is asked for when its time is over.
    void fireDeadlines(qint64 now);
    /// The console has written or removed it. Known from now on: if a sample made after the answer said otherwise,
    /// the command that is read next would be taken for that of another console.
    void note(Slot slot, CommandState state, qint64 until);

private:
    void sendOne(Slot slot);
    void takeWord(Slot slot, QByteArrayView word);
    void takeTtl(Slot slot, qint64 pttl);
    void setUntil(Slot slot, qint64 until);

    PlaywrightFleet &m_fleet;
    RedisSession &m_session;
    std::vector<Slot> m_queue;
    std::vector<QByteArray> m_seen; ///< Workers whose command key the scan under way has seen; they may come on a later page.
    std::vector<std::pair<Slot, WorkerNumber>> m_expiring; ///< Those with commandExpires.
};

} // namespace pulsedeck
