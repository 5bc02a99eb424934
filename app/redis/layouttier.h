// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/beatclock.h"
#include "app/redis/keywatch.h"
#include "app/redis/recordreader.h"
#include "app/redis/registryreader.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>

namespace pulsedeck {

class WorkingJobs;

/// What a LayoutTier knows of one worker. Plain data in whole cache lines; times are the console's clock in ms, 0 for not known.
struct alignas(64) LayoutMember
{
    static constexpr size_t mostRegistries = 4;

    WorkerNumber number = 0;
    bool present = false; ///< Its record was there at the last read.
    bool told = false; ///< The store shows it.
    bool ended = false; ///< The store was told of its end, and its record is still there.
    bool missed = false; ///< The server lost its record with all others: it is awaited, see Reregistration.
    bool appeared = false; ///< Seen to appear, and its TTL not read since.
    bool everDraining = false;
    bool gone = false; ///< Its record says that it has left.
    bool incomplete = false;
    bool ghost = false; ///< Shown as in the registry and without a record.
    bool deaf = false; ///< It received a command and did nothing.
    BeatClock beats; ///< Of a TTL or a time of expiry.
    size_t textHash = 0;
    qint64 stamp = 0; ///< As written, Unix ms by whoever's clock it is.
    qint64 stampBefore = 0; ///< Of the read before.
    qint64 seenAt = 0; ///< The moment a beat was last seen, where it is a stamp or score.
    qint64 readAt = 0;
    qint64 gap = 0; ///< Between its last beats.
    QByteArray score; ///< As the registry has it.
    std::array<quint32, mostRegistries> passes{}; ///< Of each registry, the last one that had it; 0: not in it.
    WorkerFlags flags;
    qint32 pttl = unknownValue;
    qint32 busy = unknownValue;
    qint32 processed = unknownValue;
    qint32 skew = unknownValue;
    quint32 generation = 0; ///< Of the last read.
    qint8 listeners = -1; ///< On its channel; -1 not asked yet.
    quint8 silentLooks = 0; ///< In a row that found no listener; at most LayoutTier::silentAfterLooks.
    bool seenProven = false; ///< seenAt is a beat that was seen, not a time that its own clock claims.
    WorkerStatus status = WorkerStatus::Missing;
};

/// The workers of one tier of a layout: finds them as the layout says, compares registry and record, reads records, and judges
/// beats by TTL, stamp, score or expiry, so that no worker's clock decides anything once a beat was seen. Systems without tiers
/// have one. Lives on the I/O thread, belongs to a LayoutDialect.
class LayoutTier final : private KeyWatch::Reader
{
public:
    using Slot = KeyWatch::Slot;

    static constexpr quint8 silentAfterLooks = 2; ///< A worker that begins has its record a moment before it listens.

    /// \a tracked: null unless the layout reads by a tracked connection.
    LayoutTier(RedisSession &session, const Layout &layout, int tier, const LayoutVariables &variables, TraitsRef traits,
               TrackedReads *tracked);
    ~LayoutTier() override;

    void beginView();
    bool isViewRead() const;
    void viewFinished() { m_watch.viewFinished(); }
    void lost();
    void tick(qint64 now);
    void takeAnnounced(const RedisReply &keys, qint64 now);
    void emptied() { beginView(); }
    void pushEnded();
    void keysLost();
    void awaitingOver();
    void readsMoved();
    int sweepPeriodMs() const { return qMax(m_watch.sweepPeriodMs(), int(m_layout.sweepMs)); }
    int scanPeriodMs() const { return m_watch.scanPeriodMs(); }
    bool knows(const QByteArray &worker) const { return m_watch.find(worker) != KeyWatch::noSlot; }
    /// Something was written about it: it is read at once.
    void readSoon(const QByteArray &worker);
    /// It was sent a command that its listener received, and did nothing; or it has obeyed one.
    void setDeaf(const QByteArray &worker, bool deaf);
    /// All workers of the system are paused, or not any more; nothing: that is not known. Records are read again if they are
    /// judged by it.
    void setAllPaused(std::optional<bool> paused);
    TraitsRef traits() const { return m_traits; }

    /// Are told of the jobs that its workers have at work, and of the queues they serve.
    void setJobs(WorkingJobs *jobs) { m_jobs = jobs; }
    void setNamed(std::function<void(const QStringList &queues)> named) { m_named = std::move(named); }

    // For the listeners of its workers.
    Slot size() const { return m_watch.size(); }
    const QByteArray &id(Slot slot) const { return m_watch.id(slot); }
    bool isKnown(Slot slot, WorkerNumber number) const { return m_watch.isKnown(slot, number); }
    WorkerNumber number(Slot slot) const { return m_watch.number(slot); }
    /// So many listen on its channel. An unknown worker is listed as incomplete if its channel has a listener.
    void takeListeners(Slot slot, int listeners);
    void foundListening(const QByteArray &worker);
    /// A listener is missing, and was not looked for often enough to say so.
    bool hasSilentOnce() const;

private:
    void keyAdded(Slot slot) override;
    void takeFields(Slot slot, const RedisReply &reply, quint32 tooLarge) override;
    void takeTtl(Slot slot, qint64 pttl, qint64 now, qint64 announcedAt) override;
    qint64 dueAt(Slot slot) const override;
    void prepare(Slot slot) const override { prefetch(&m_members[slot]); }
    void takeOther(QByteArrayView key) override;
    void scanned() override { m_scanRead = true; }

    void addRegistry(const LayoutDiscovery &discovery);
    void takeRegistered(size_t registry, QByteArrayView member, QByteArrayView score);
    void registryPassed(size_t registry, bool whole);
    QByteArray idOfMember(const LayoutDiscovery &discovery, QByteArrayView member) const;

    bool isRegistered(const LayoutMember &member) const;
    bool isForeignKey(const LayoutMember &member) const;
    bool hasRecord() const { return m_reader.hasRecord(); }
    bool isByScore() const
    {
        return m_layout.liveness.by == LayoutLiveness::By::Score || m_layout.liveness.by == LayoutLiveness::By::Expiry;
    }
    void takeScore(LayoutMember &member, qint64 now, qint64 announcedAt);
    bool takeStamp(LayoutMember &member, qint64 stamp, LayoutClock clock, qint64 now, qint64 announcedAt, bool first);
    bool takePresent(Slot slot, qint64 pttl, qint64 now, qint64 announcedAt);
    void takeAbsent(Slot slot, qint64 now);
    bool awaitMissed(LayoutMember &member);
    qint32 fullTtl(const LayoutMember &member, qint64 pttl, qint64 now) const;
    void judgeMember(Slot slot, qint64 now);
    void report(Slot slot, bool beat);
    void reportGhost(Slot slot);
    void tellText(Slot slot);
    void addText(const WorkerText &text);
    void end(Slot slot, WorkerEnd how);
    void forget(Slot slot);

    RedisSession &m_session;
    const Layout m_layout;
    const LayoutVariables m_variables;
    const TraitsRef m_traits;
    RecordReader m_reader;
    TrackedReads *const m_tracked;
    WorkingJobs *m_jobs = nullptr; ///< Null unless it is wanted.
    std::function<void(const QStringList &queues)> m_named;
    KeyWatch m_watch;
    std::vector<LayoutDiscovery> m_discoveries; ///< Of the registries, in their order.
    std::vector<std::unique_ptr<RegistryReader>> m_registries;
    std::array<quint32, LayoutMember::mostRegistries> m_passes{}; ///< Number of the pass under way.
    std::vector<LayoutMember> m_members; ///< By slot.
    QHash<Slot, WorkerText> m_texts; ///< Read and not told yet: whether it is shown is known once its TTL is read.
    bool m_scanRead = false;
    bool m_scoreAnnounced = false;
    qint64 m_announcedAt = 0; ///< When a registry was announced whose scores are beats; 0: it was not.
};

} // namespace pulsedeck
