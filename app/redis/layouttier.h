// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/keywatch.h"
#include "app/redis/layoutbeats.h"
#include "app/redis/layoutregistries.h"
#include "app/redis/layoutsamples.h"
#include "app/redis/recordreader.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>

namespace pulsedeck {

class WorkingJobs;

/// The workers of one tier of a layout: finds them as the layout says, compares registry and record, reads records, and judges
/// beats by TTL, stamp, score or expiry, so that no worker's clock decides anything once a beat was seen. Systems without tiers
/// have one. Lives on the I/O thread, belongs to a LayoutDialect.
class LayoutTier final : private KeyWatch::Reader
{
public:
    using Slot = KeyWatch::Slot;

    /// \a tracked: null unless the layout reads by a tracked connection.
    LayoutTier(RedisSession &session, const Layout &layout, int tier, const LayoutVariables &variables, TraitsRef traits,
               TrackedReads *tracked);
    ~LayoutTier() override;

    void beginView();
    bool isViewRead() const;
    void viewFinished() { m_watch.viewFinished(); }
    void lost();
    void tick(qint64 now);
    void takeAnnounced(const RedisReply &keys, qint64 at);
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
    void takeUnread(Slot slot) override;
    void takeRefused(Slot slot) override;
    void takeTtl(Slot slot, qint64 pttl, qint64 now, qint64 announcedAt) override;
    qint64 dueAt(Slot slot) const override;
    void prepare(Slot slot) const override { prefetch(&m_members[slot]); }
    void takeOther(QByteArrayView key, qint64 at) override;
    void scanned() override { m_scanRead = true; }

    void takeRegistered(size_t registry, const QByteArray &id, QByteArrayView score);
    void registryPassed(size_t registry, bool whole);
    void registryRefused(size_t registry);
    bool isRefused(Slot slot) const;

    /// What is kept of it besides its status and its job.
    void takeReading(Slot slot, const RedisReply &reply, const RecordReading &reading);
    bool isForeignKey(const LayoutMember &member) const;
    bool hasRecord() const { return m_reader.hasRecord(); }
    bool isByScore() const
    {
        return m_layout.liveness.by == LayoutLiveness::By::Score || m_layout.liveness.by == LayoutLiveness::By::Expiry;
    }
    bool takePresent(Slot slot, qint64 pttl, qint64 now, qint64 announcedAt);
    void takeAbsent(Slot slot, qint64 now);
    bool awaitMissed(Slot slot);
    bool takeBack(LayoutMember &member);
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
    const LayoutBeats m_beats;
    const LayoutSamples m_samples;
    bool m_someListen = false; ///< A worker was seen to listen on its command channel.
    WorkingJobs *m_jobs = nullptr; ///< Null unless it is wanted.
    std::function<void(const QStringList &queues)> m_named;
    KeyWatch m_watch;
    LayoutRegistries m_registries;
    std::vector<LayoutMember> m_members; ///< By slot.
    QHash<Slot, WorkerText> m_texts; ///< Read and not told yet: whether it is shown is known once its TTL is read.
    std::array<bool, LayoutMember::mostRegistries> m_refused{}; ///< By registry, as of its last pass.
    bool m_scanRead = false;
    bool m_scoreAnnounced = false;
    qint64 m_announcedAt = 0; ///< When a registry was announced whose scores are beats; 0: it was not.
};

} // namespace pulsedeck
