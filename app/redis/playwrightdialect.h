// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/channellisteners.h"
#include "app/redis/commandkeys.h"
#include "app/redis/fleetdialect.h"
#include "app/redis/kindttls.h"
#include "app/redis/lostkeys.h"
#include "app/redis/playwrightfleet.h"
#include "app/redis/playwrightscripts.h"
#include "app/redis/sessioncounters.h"
#include "app/redis/timinginforce.h"

namespace pulsedeck {

struct WorkerFields;

/// The fleet of Playwright workers: a hash worker:W with a TTL per worker, command keys and channels worker:cmd:W, two counter
/// hashes, a shared timing record. A beat is what renews the TTL; how a worker ended is judged by its TTL, its last status, its
/// sessions and its listener.
class PlaywrightDialect final : public FleetDialect, private KeyWatch::Reader
{
public:
    explicit PlaywrightDialect(RedisSession &session);

    QByteArrayList prefixes() const override;
    void begin() override;
    void beginView() override;
    bool isViewRead() const override { return m_watch.isScanned() && m_counters.isRead(); }
    void viewFinished() override;
    void lost() override;
    void tick(qint64 now) override;
    void takeAnnounced(const RedisReply &keys, qint64 at) override { m_watch.takeAnnounced(keys, at); }
    void emptied(qint64 now) override;
    void pushEnded() override;
    void keysLost() override;
    void awaitingOver() override;
    int sweepPeriodMs() const override { return m_watch.sweepPeriodMs(); }
    int scanPeriodMs() const override { return m_watch.scanPeriodMs(); }
    bool knows(const QByteArray &worker) const override { return m_watch.find(worker) != KeyWatch::noSlot; }
    const ActScripts *scripts() const override { return &m_scripts; }
    void commandAnswered(const Command &command, CommandProgress::Outcome outcome) override;
    bool applyTiming(const TimingApply &apply) override;
    bool readTimingHistory() override;

private:
    using Slot = KeyWatch::Slot;

    /// A worker with a shutdown command, while changes are not announced.
    struct Followed
    {
        Slot slot;
        WorkerNumber number;
        qint64 until;
    };

    void keyAdded(Slot slot) override;
    void takeFields(Slot slot, const RedisReply &reply, quint32 tooLarge) override;
    void takeRefused(Slot slot) override;
    void takeTtl(Slot slot, qint64 pttl, qint64 now, qint64 announcedAt) override;
    qint64 dueAt(Slot slot) const override;
    void prepare(Slot slot) const override { m_fleet.prepare(slot); }
    void takeOther(QByteArrayView key, qint64 at) override;
    void scanned() override { m_commands.scanned(); }
    void collected() override { m_commands.send(); }

    bool takePresent(Slot slot, qint64 pttl, qint64 now, qint64 announcedAt);
    bool takeBeat(KnownWorker &worker, const BeatClock::Reading &reading);
    bool awaitMissed(KnownWorker &worker);
    void takeAbsent(Slot slot, qint64 now);
    void finishAbsent(Slot slot, bool firstWord);
    qint64 nextLook(const KnownWorker &worker) const;

    void setClaims(KnownWorker &worker, qint64 now);
    bool recordProves(const KnownWorker &worker, qint64 now) const;
    void assumeTtl(KnownWorker &worker);
    void assumeTtls();

    void readDrainNote(Slot slot, const WorkerText &text);
    void takeDrainNote(Slot slot, const WorkerText &text, const RedisReply &reply);
    void readFollowed(qint64 now);

    RedisSession &m_session;
    KeyWatch m_watch;
    PlaywrightFleet m_fleet;
    SessionCounters m_counters;
    ChannelListeners m_listeners;
    CommandKeys m_commands;
    LostKeys m_lost;
    TimingInForce m_timing;
    PlaywrightScripts m_scripts;
    KindTtls m_kinds;
    std::vector<Followed> m_followed;
    qint64 m_followedAt = 0;
    qint64 m_emptiedAt = 0; ///< When it was last announced that a database was emptied.
};

} // namespace pulsedeck
