// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/beatclock.h"
#include "app/redis/fleetdialect.h"
#include "app/redis/recordreader.h"

#include <QCoreApplication>

namespace pulsedeck {

/// Whoever holds a lock as a worker: one row for each lock of the layout. The key is there while its holder lives, and its value
/// tells one holder from the next: another value is another worker, also where the layout says nothing of who it is. The age of
/// the holder's last renewal is what is left of the key's TTL. Without the key there is no holder, which the list of systems
/// says. Reads each key when it is announced, at a cadence, and when it expires. There are no commands: a lock is left to its
/// holder. Lives on the I/O thread.
class LockDialect final : public FleetDialect
{
    Q_DECLARE_TR_FUNCTIONS(LockDialect)

public:
    static constexpr int longestPauseMs = 2'000; ///< Two small commands: also where changes are announced.

    /// \a layout: with the prefix in force.
    LockDialect(RedisSession &session, const Layout &layout, TraitsRef traits);
    ~LockDialect() override;

    QByteArrayList prefixes() const override;
    void beginView() override;
    bool isViewRead() const override;
    void lost() override;
    void tick(qint64 now) override;
    void takeAnnounced(const RedisReply &keys, qint64 at) override;
    void emptied(qint64) override { readAll(); }
    void pushEnded() override { readAll(); }
    void keysLost() override;
    void awaitingOver() override { readAll(); }
    int sweepPeriodMs() const override { return qMin(m_session.options.sweepMs, longestPauseMs); }
    bool knows(const QByteArray &worker) const override;

private:
    /// Times are the console's clock in ms, 0 for not known.
    struct Lock
    {
        QByteArray key;
        bool valueIsId = false;
        bool reading = false;
        bool again = false; ///< Announced while it was being read.
        bool read = false; ///< Since the view began.
        qint64 announcedAt = 0;
        qint64 askedAt = 0;
        // Of the answer under way:
        bool hasValue = false;
        size_t value = 0; ///< A hash of it.
        QByteArray id;
        WorkerText text;
        // Of its holder:
        WorkerNumber number = 0;
        QByteArray holder; ///< Id; empty: there is none.
        size_t holderValue = 0;
        BeatClock beats;
        qint64 readAt = 0;
        qint32 pttl = unknownValue;
        quint32 generation = 0;
        bool missed = false; ///< The server lost it with all its keys: it is awaited, see Reregistration.
    };

    void readAll();
    void read(Lock &lock);
    void takeValue(Lock &lock, const RedisAnswer &answer);
    void takeTtl(Lock &lock, const RedisAnswer &answer);
    void takeRefusal(Lock &lock, const RedisAnswer &answer);
    void takeHeld(Lock &lock, qint64 pttl, qint64 announcedAt);
    void takeFree(Lock &lock);
    void end(Lock &lock);
    void tellSystem();
    bool isPushing() const { return m_session.pushing && m_layout.watch == Layout::Watch::Prefix; }

    RedisSession &m_session;
    const Layout m_layout;
    const TraitsRef m_traits;
    const RecordReader m_records;
    std::vector<Lock> m_locks; ///< As many as the layout names, none is added later.
};

} // namespace pulsedeck
