// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/idindex.h"
#include "app/redis/preparedrequest.h"
#include "app/redis/readingscript.h"
#include "app/redis/redissession.h"
#include "app/redis/scanpages.h"
#include "app/redis/trackedreads.h"
#include "models/fleet/duetimes.h"

#include <QTimer>

#include <array>
#include <functional>
#include <memory>

namespace pulsedeck {

/// Watches keys that begin with one prefix, whatever is in them: finds them by SCAN and by announcements, or is told of them by
/// findOrAdd(); reads those announced in one pipeline, all of them at a cadence where nothing is announced, and each at a moment
/// its reader names, such as the end of its TTL. A read is HMGET of the fields wanted, or MGET of a text, then PTTL; where values
/// are very large, sizes are asked first. Knows no field, and no key name of a system. Lives on the I/O thread, belongs to a
/// FleetDialect; memory is bounded by mostKeys.
class KeyWatch final : public QObject
{
    Q_OBJECT

public:
    using Slot = IdIndex::Slot; ///< Reused when a key is forgotten; its number is not.
    static constexpr Slot noSlot = IdIndex::none;
    static const int mostKeys; ///< As many as there are places for workers.
    static constexpr qsizetype longestId = 512; ///< A key longer than this is no worker's; it is counted, not read.
    /// Asked so many milliseconds after the last moment of a TTL, a key that expires has surely expired.
    static constexpr qint64 deadlineGraceMs = 20;
    /// A pass over everything may read so many a second, so that it never fills the connection.
    static constexpr int readsPerSecond = 20'000;

    struct Plan
    {
        QByteArray prefix; ///< The rest of a key is its id.
        QByteArray
            siblingPrefix; ///< Longer: keys that begin with it are of another kind, and given to takeOther(). May be empty.
        std::vector<QByteArrayView> fields; ///< At most 32, of static bytes.
        int perMille = 40; ///< Of the server's time, for scans.
        enum class Values : quint8 { Hash, Text, None } values = Values::Hash; ///< Text: one value, of at most 256 KB.
        QByteArray suffix = {}; ///< What follows an id in its key.
        QByteArray match = {}; ///< For SCAN, glob-style; empty: all keys that have prefix and suffix.
        bool finds = true; ///< False: only keys that were named by findOrAdd() are read; there is no scan.
        QByteArrayList members = {}; ///< Text: a JSON text of which a script lets these members out of Redis, and nothing else.
        std::function<bool(QByteArrayView id)> accepts = {}; ///< Which ids are a worker's; null: all.
        TrackedReads *tracked = nullptr; ///< Reads go by its connection while it tracks them; may be null.
    };

    /// Who understands the keys. Called from the event loop; may call the watch.
    class Reader
    {
    public:
        virtual ~Reader() = default;
        /// A key was found, or asked for by findOrAdd().
        virtual void keyAdded(Slot slot) = 0;
        /// The values as Redis answered, or its error; a bit in \a tooLarge for each field not asked for.
        virtual void takeFields(Slot slot, const RedisReply &reply, quint32 tooLarge) = 0;
        /// Instead, where members are wanted: the script that takes them may not be called, so that nothing is known of the
        /// values.
        virtual void takeUnread(Slot slot) { Q_UNUSED(slot) }
        /// Reading it, or a part of it that was read before, is refused: see isRefused().
        virtual void takeRefused(Slot slot) { Q_UNUSED(slot) }
        /// The second half of a read: -2 no key, -1 no TTL. \a announcedAt is 0 if no change was announced.
        virtual void takeTtl(Slot slot, qint64 pttl, qint64 now, qint64 announcedAt) = 0;
        /// When the key is to be read without an announcement; 0 for never.
        virtual qint64 dueAt(Slot slot) const = 0;
        /// A read is answered in a moment: prefetches what takeFields() and takeTtl() will touch.
        virtual void prepare(Slot slot) const { Q_UNUSED(slot) }
        /// A key of another kind was announced, at \a at on the source's clock, or a sibling was found by a scan just now.
        virtual void takeOther(QByteArrayView key, qint64 at) = 0;
        /// A scan has seen all keys.
        virtual void scanned() { }
        /// The time for collecting is over: what else was collected is to be sent.
        virtual void collected() { }
    };

    KeyWatch(RedisSession &session, const Plan &plan, Reader &reader);

    /// A full view begins, or known keys may have changed: every key is looked for and read.
    void scan(bool readAll);
    /// The connection ended: nothing is under way any more.
    void lost();
    /// What tracking announced, and when; keys of other kinds are passed on.
    void takeAnnounced(const RedisReply &keys, qint64 at);
    void fireDeadlines(qint64 now);
    /// Without push: reads every known key when it is time. True if it did.
    bool sweep(qint64 now);
    void sweepAtOnce() { m_sweptAt = 0; }
    void viewFinished() { m_sweptAt = m_session.now(); }
    /// With a full view: looks for keys not known yet, when it is time and the budget allows.
    void look(qint64 now);
    /// Before it: what could not be sent, as too much was waiting, is sent now.
    void resume();
    /// All keys of a full view were found; RedisSession::awaited counts those that are not read yet.
    bool isScanned() const { return !m_scanning && !m_scanOpen; }

    Slot find(QByteArrayView id) const;
    /// noSlot if it cannot be a worker's, or if there are too many.
    Slot findOrAdd(QByteArrayView id);
    void forget(Slot slot);
    void queueRead(Slot slot);
    /// Sends what is queued, as much as may be under way at once.
    void pump();
    /// Has it sent soon; at once if \a afterMs is 0.
    void collect(int afterMs = -1);
    /// The moment dueAt() says has changed.
    void updateDeadline(Slot slot) { m_due.set(slot, m_reader.dueAt(slot)); }
    /// A read that was not announced found that the key had been written.
    void foundWritten(Slot slot, qint64 now) { m_session.pushTrust.foundWritten(m_entries[slot].number, now); }

    Slot size() const { return Slot(m_entries.size()); }
    int count() const { return int(m_byId.size()); }
    /// Changes of the keys read here are announced.
    bool isPushing() const;
    /// Reads are tracked from now on, or not any more: every key is read again.
    void readsMoved();
    const QByteArray &id(Slot slot) const { return m_entries[slot].id; } ///< Empty for a free place.
    WorkerNumber number(Slot slot) const { return m_entries[slot].number; }
    bool isKnown(Slot slot, WorkerNumber number) const
    {
        return m_entries[slot].number == number && !m_entries[slot].id.isEmpty();
    }
    /// Queued, or being read.
    bool isBusy(Slot slot) const { return m_entries[slot].queued || m_entries[slot].reading; }
    bool isPresent(Slot slot) const { return m_entries[slot].present; } ///< At the last read.
    /// The last read was refused: whether it lives is not known.
    bool isRefused(Slot slot) const { return m_entries[slot].refused; }
    bool isAwaited(Slot slot) const { return m_entries[slot].awaited; } ///< By the full view under way.
    /// From now on sizes are asked first: a value is too large to come along with each read.
    void setCareful(Slot slot, bool careful) { m_entries[slot].careful = careful; }
    quint32 scanNumber() const { return m_scanNumber; }
    int sweepPeriodMs() const;
    /// How often keys not known yet are looked for.
    int scanPeriodMs() const;

private:
    using Limit = RedisSession::Limit;

    /// One cache line: all that an announced change touches.
    struct alignas(64) Entry
    {
        QByteArray id; ///< Without the prefix; empty for a free place.
        qint64 announcedAt = 0; ///< First announcement not read yet.
        qint64 announcedInRead = 0; ///< First one that came while it was being read.
        WorkerNumber number = 0;
        quint32 seenInScan = 0; ///< Number of the scan that saw its key last.
        quint32 queuedInScan = 0; ///< Number of the scan during which it was last asked for.
        quint32 readInScan = 0; ///< Number of the scan during which it was last read.
        bool queued = false;
        bool reading = false;
        bool again = false; ///< Announced while it was being read.
        bool awaited = false; ///< The full view is not whole before it has been read.
        bool careful = false;
        bool present = false;
        bool refused = false; ///< At the last read.
        bool fieldsRead = false; ///< At some time.
        bool fieldsRefused = false; ///< In the read under way, of one whose fields were read before.
        bool byTracked = false; ///< It is being read by the connection of tracked reads.
    };

    QByteArrayView idOf(QByteArrayView key) const;
    bool hasWorkerName(QByteArrayView key) const;
    bool isWorkerKey(QByteArrayView key) const;
    RedisConnection *readConnection() const;
    void announce(QByteArrayView key, qint64 at);
    void pumpSoon();
    void takeScanned(const RedisReply &keys);
    void endScan(const RedisAnswer &last);
    void finishScan();
    void send(Slot slot);
    void track(QByteArrayView key);
    void sendSized(Slot slot, quint32 tooLarge);
    void sendMembers(Slot slot);
    void takeMembers(Slot slot, WorkerNumber number, const RedisReply &reply);
    void finishFields(Slot slot, WorkerNumber number, const RedisAnswer &answer, quint32 tooLarge);
    void finishTtl(Slot slot, WorkerNumber number, const RedisAnswer &answer);
    void takeRefusal(Slot slot);
    void finishRead(Slot slot);
    void prepareNext();
    QByteArrayView keyOf(Slot slot);

    RedisSession &m_session;
    const Plan m_plan;
    Reader &m_reader;
    std::unique_ptr<ReadingScript> m_script; ///< Members only.
    const PreparedRequest m_fieldsRequest;
    const PreparedRequest m_ttlRequest{{"PTTL", ""}, 1};
    QTimer m_collectTimer;
    std::vector<Entry> m_entries;
    std::vector<Slot> m_freeSlots;
    IdIndex m_byId;
    std::vector<Slot> m_readQueue;
    DueTimes m_due; ///< When each is read without an announcement.
    std::array<Slot, 2048> m_sent{}; ///< The slots read last, a ring: answers come in their order.
    size_t m_sentCount = 0;
    size_t m_answeredCount = 0;
    DiscoveryBudget m_budget;
    ScanPages m_pages;
    QByteArray m_keyScratch; ///< The key being asked for, kept so that asking allocates nothing.
    quint32 m_scanNumber = 0;
    qint64 m_scannedAt = 0;
    qint64 m_sweptAt = 0;
    bool m_scanning = false;
    bool m_scanOpen = false; ///< It was not finished: another one is wanted.
    bool m_readingAll = false; ///< The scan under way reads every key it sees.
    bool m_pumpsSoon = false;
    int m_refusals = 0; ///< Keys whose last read was refused.
    bool m_rescan = false; ///< Another scan is wanted after the one under way.
};

/// What the server said, as the end of a sentence.
QString sentence(const RedisAnswer &answer);

} // namespace pulsedeck
