// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/beatclock.h"
#include "app/redis/keywatch.h"

namespace pulsedeck {

/// What a PlaywrightDialect knows of one worker. Plain data in whole cache lines; times are the console's clock in milliseconds,
/// 0 for not known.
struct alignas(64) KnownWorker
{
    WorkerNumber number = 0;
    bool present = false; ///< Its key was there at the last read, or is awaited again since (see missed).
    bool everPresent = false;
    bool told = false; ///< The store knows its text.
    bool missed = false; ///< The server lost its key with all others: it is awaited, see Reregistration.
    bool commandQueued = false;
    bool commandAwaited = false; ///< The full view is not whole before its command key has been read.
    bool commandExpires = false; ///< Its command key is asked for when its TTL is over.
    bool lostTold = false; ///< While its key is lost: the store knows.
    bool lostWatched = false; ///< While its key is lost: it is asked about.
    quint8 badCounters = 0; ///< A bit per counter hash whose value is no whole number in range, or too large to be read.
    BeatClock beats;
    size_t textHash = 0;
    size_t noteHash = 0; ///< Of when and why it was drained; 0 if it was not.
    qint64 lastHeartbeat = 0;
    qint64 heartbeatBefore = 0; ///< lastHeartbeat of the read before, while one is under way.
    qint64 readAt = 0;
    qint64 firstReadAt = 0; ///< When the key was first found.
    qint64 deafSince = 0; ///< When its listener was found to be gone.
    qint64 gap = 0; ///< Between its last beats.
    qint64 commandUntil = 0;
    qint64 lostUntil = 0; ///< Its key was lost, and so long it may come back; 0 if it was not.
    WorkerFlags flags;
    qint32 pttl = unknownValue;
    qint32 skew = unknownValue;
    qint32 active = unknownValue;
    qint32 lifetime = unknownValue;
    quint32 generation = 0; ///< Of the last read.
    quint32 activePass = 0; ///< Number of the counter pass that saw it in the hash.
    quint32 lifetimePass = 0;
    quint32 bornPass = 0; ///< Counter passes up to this one say nothing about it.
    quint32 commandInScan = 0; ///< Number of the scan during which its command key was last asked for.
    quint16 kind = 0; ///< Of its browser type, see KindTtls.
    qint8 listeners = -1; ///< On its command channel; -1 not asked yet.
    WorkerStatus status = WorkerStatus::Missing;
    CommandState command = CommandState::None;
    WorkerEnd end = WorkerEnd::None;
    bool everDraining = false;
    bool listened = false; ///< A process listens, or did when its key vanished, on its command channel.
    bool appeared = false; ///< Seen to appear, and its TTL not read since.

    bool hasCounters() const { return active != unknownValue || lifetime != unknownValue || badCounters != 0; }
};

/// The workers of a PlaywrightDialect, by the slots of its KeyWatch; what its parts share. Used by one dialect.
class PlaywrightFleet
{
public:
    using Slot = KeyWatch::Slot;
    static constexpr Slot noSlot = KeyWatch::noSlot;

    PlaywrightFleet(RedisSession &sourceSession, KeyWatch &workerKeys)
        : session(sourceSession)
        , watch(workerKeys)
    { }

    KnownWorker &operator[](Slot slot) { return m_workers[slot]; }
    const KnownWorker &operator[](Slot slot) const { return m_workers[slot]; }
    KnownWorker &add(Slot slot);
    /// Neither key nor counters are left. The store keeps it as departed; here it is gone.
    void forget(Slot slot);
    /// Sends what is known now.
    void report(Slot slot, bool newBeat = false);
    void noteBeat(Slot slot);
    /// Prefetches what a read will touch.
    void prepare(Slot slot) const
    {
        prefetch(&m_workers[slot]);
        prefetch(&m_lastBeats[slot]);
    }
    /// Since when no beat was seen: the moment of the last beat, long ago for a worker that was there and is gone, 0 for what is
    /// not asked about.
    qint64 unbeatenSince(Slot slot) const { return m_lastBeats[slot]; }

    RedisSession &session;
    KeyWatch &watch;

private:
    WorkerSample sampleOf(const KnownWorker &worker, bool newBeat) const;

    std::vector<KnownWorker> m_workers;
    std::vector<qint64> m_lastBeats; ///< By slot, apart from the workers so that looking for the late ones reads little.
};

} // namespace pulsedeck
