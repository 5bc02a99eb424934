// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/beatclock.h"
#include "app/redis/idindex.h"
#include "app/redis/rediscommander.h"
#include "app/redis/redisconnection.h"
#include "app/redis/workerreader.h"
#include "models/core/clock.h"
#include "models/core/clockoffset.h"
#include "models/fleet/fleetsource.h"

#include <QTimer>

#include <queue>
#include <vector>

namespace pulsedeck {

struct RedisSourceOptions
{
    RedisConnectionOptions connection;
    TimingProfile timing; ///< In force unless the source has a shared record of its own.
    bool push = true; ///< False: never ask for tracking, always sweep.
    int collectMs = 50; ///< Announced keys are collected for so long, then read in one pipeline.
    int sweepMs = 2'000; ///< Cadence of the sweep where push is refused; longer for fleets above 20,000.
    int reconcileMs = 60'000; ///< With push: how often the keys are counted anew all the same.
    int stallMs = 2'000; ///< A request unanswered for so long makes the source Stalled.
    int pushWaitMs = 1'500; ///< How long the first view waits for the second connection.
};

/// The workers of one Redis. Finds them by their keys and by both counter hashes, is told of changes by client-side caching's
/// tracking, reads what changed in one pipeline, and asks for a key when its TTL is over. Only reads; its RedisCommander writes,
/// while it is writable. Lives on the I/O thread; memory is bounded by FleetStore::maxWorkers workers.
class RedisSource final : public FleetSource
{
    Q_OBJECT

public:
    RedisSource(SourceId id, const RedisUrl &url, const RedisSourceOptions &options, const Clock &clock,
                QObject *parent = nullptr);
    ~RedisSource() override;

public slots:
    void start() override;
    void stop() override;
    void retryNow() override;
    void setWritable(bool writable) override;
    void carryOut(const QList<pulsedeck::Command> &commands) override;
    void lookUp(const QList<pulsedeck::Command> &commands) override;
    void applyTiming(const pulsedeck::TimingApply &apply) override;
    void readTimingHistory() override;

private:
    /// Index into m_records; reused, so answers also carry the number they belong to.
    using Slot = quint32;

    /// In whole cache lines, the first of which holds all that an announced change touches.
    struct alignas(64) Record
    {
        QByteArray id; ///< Without "worker:"; empty for a free place.
        qint64 announcedAt = 0; ///< First announcement not read yet.
        WorkerNumber number = 0;
        quint32 seenInScan = 0; ///< Number of the scan that saw its key last.
        quint32 queuedInScan = 0; ///< Number of the scan during which it was last asked for.
        quint32 readInScan = 0; ///< Number of the scan during which it was last read.
        quint32 commandInScan = 0; ///< Number of the scan during which its command key was last awaited.
        bool queued = false;
        bool reading = false;
        bool again = false; ///< Announced while it was being read.
        bool awaited = false; ///< The full view is not whole before it has been read.
        bool commandQueued = false;
        bool commandAwaited = false; ///< The full view is not whole before its command key has been read.
        bool lostTold = false; ///< While its key is lost: the store knows.
        bool lostWatched = false; ///< While its key is lost: it is asked about.
        bool present = false; ///< The key was there at the last read.
        bool everPresent = false;
        bool told = false; ///< The store knows its text.
        BeatClock beats;
        size_t textHash = 0;
        size_t noteHash = 0; ///< Of when and why it was drained; 0 if it was not.
        qint64 lastHeartbeat = 0;
        qint64 heartbeatBefore = 0; ///< lastHeartbeat of the read before, while one is under way.
        qint64 readAt = 0;
        qint64 firstReadAt = 0; ///< When the key was first found.
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
        qint8 listeners = -1; ///< On its command channel; -1 not asked yet.
        WorkerStatus status = WorkerStatus::Missing;
        CommandState command = CommandState::None;
        WorkerEnd end = WorkerEnd::None;
        bool fieldsPresent = false; ///< The first half of the read under way found a hash, or another type.
        bool everDraining = false;
        bool listened = false; ///< Somebody listens, or did when its key vanished, on its command channel.
        bool inDeadlines = false;
    };
    struct Deadline
    {
        qint64 at;
        Slot slot;
        WorkerNumber number;
        bool operator<(const Deadline &other) const { return at > other.at; }
    };

    /// A worker that was told to shut down, while nobody announces changes.
    struct Followed
    {
        Slot slot;
        WorkerNumber number;
        qint64 until;
    };

    /// A worker whose key vanished before its time, and whose answers say or have to say whether it ended.
    struct LostKey
    {
        Slot slot;
        WorkerNumber number;
        qint64 askedAt;
    };

    // Life of the connections (redissource.cpp)
    void onMainState(RedisConnection::State state);
    void onPushState(RedisConnection::State state);
    void begin();
    void askForPush(std::function<void()> then);
    void beginFullView();
    void finishFullView();
    void onLost();
    void onTick();
    void checkStall(qint64 now);
    void askTime();
    void askServer();
    void setState(SourceState state);
    void reportFailure(const RedisFailure &failure);
    void emitStatus();
    void addLimit(const QString &text);
    bool current(quint32 generation) const { return m_main && generation == m_generation && m_running; }

    // Finding workers (redisdiscovery.cpp)
    void onPushed(const RedisReply &message);
    void onAnnounced(QByteArrayView key, qint64 now);
    void scan(bool readAll);
    void scanPage(const QByteArray &cursor, bool readAll);
    void onScanned(const RedisReply &reply, bool readAll);
    void scanFinished(bool readAll);
    void readCounters();
    void counterPage(bool activeHash, const QByteArray &cursor);
    void takeCounters(const RedisReply &items, bool activeHash);
    void countersFinished();
    void judgeCounters(Record &record) const;
    int counterPeriodMs() const;
    int sweepPeriodMs() const;
    Slot find(QByteArrayView id) const;
    Slot findOrAdd(QByteArrayView id);
    void forget(Slot slot);

    // Reading workers (redisreading.cpp)
    void queueRead(Slot slot);
    void queueCommandRead(Slot slot);
    void commandReadDone(Record &record);
    void pump();
    void sendRead(Slot slot);
    void sendPlainly(Slot slot);
    void sendFields(Slot slot, quint32 tooLarge);
    void finishPttl(Slot slot, WorkerNumber number, const RedisAnswer &answer);
    void takeFields(Slot slot, WorkerNumber number, const RedisReply &reply, quint32 tooLarge);
    void finishRead(Slot slot, WorkerNumber number, qint64 pttl);
    bool takePresent(Record &record, qint64 pttl, qint64 now);
    void takeAbsent(Slot slot, qint64 now);
    void finishAbsent(Slot slot, bool firstWord);
    void readDone(Slot slot);
    void guessTtl(Record &record);
    void guessTtls();
    void setClaims(Record &record, qint64 now);
    void takeCommandWord(Slot slot, const RedisReply &value);
    void takeCommandTtl(Slot slot, qint64 pttl);

    // Asking on its own, and sending on (redisfollowup.cpp)
    void fireDeadlines(qint64 now);
    void watchDeadline(Slot slot);
    void askListeners(qint64 now);
    void askListener(Slot slot);
    void noteBeat(Slot slot);
    void takeListeners(const std::vector<std::pair<Slot, WorkerNumber>> &asked, const RedisReply &reply);
    WorkerSample sampleOf(const Record &record, bool newBeat) const;
    void addSample(const Record &record, bool newBeat);
    void flush();

    void askLostKey(LostKey &lost, qint64 now);
    void readLostCounter(Slot slot, WorkerNumber number);
    void askLostKeys(qint64 now);
    void judgeLostKey(Slot slot, qint64 now);

    // Commands (rediscommands.cpp)
    void onCommandAnswered(const Command &command, CommandProgress::Outcome outcome);
    void readFollowed(qint64 now);
    void readDrainNote(Slot slot, const WorkerText &text);
    void sendDrainNote(Slot slot, const WorkerText &text, quint32 tooLarge, bool awaited);
    void takeDrainNote(Slot slot, const WorkerText &text, const RedisReply &reply);

    // The shared timing record (redistimingrecord.cpp)
    void readTiming();
    void sendReadTiming(quint32 tooLarge);
    void takeTiming(const RedisAnswer &answer);
    void takeApplied(const TimingApply &apply, const RedisAnswer &answer);
    void sendReadHistory();
    void takeHistory(const RedisAnswer &answer);
    void tellNoHistory(const QString &why);

    qint64 serverNow(qint64 now) const { return now + m_clockOffset.offsetMs(); }

    static constexpr Slot noSlot = std::numeric_limits<Slot>::max();

    const SourceId m_id;
    const RedisUrl m_url;
    const RedisSourceOptions m_options;
    const Clock &m_clock;
    RedisConnection *m_main = nullptr;
    RedisConnection *m_pushConnection = nullptr;
    RedisCommander *const m_commander; ///< A child; outlives the connections' last answers.
    QTimer *m_collectTimer = nullptr;
    QTimer *m_tickTimer = nullptr;
    QTimer *m_pushWaitTimer = nullptr;

    std::vector<Record> m_records;
    /// By slot, beside the records so that looking for the late ones reads little: the moment of the last beat, goneMark for a
    /// worker that was there and is gone, 0 for what is not asked about.
    std::vector<qint64> m_lastBeats;
    std::vector<Slot> m_freeSlots;
    IdIndex m_byId;
    std::vector<Slot> m_readQueue;
    std::vector<Slot> m_commandQueue;
    std::vector<QByteArray> m_commandsSeen; ///< Workers whose command key the scan under way has seen.
    std::priority_queue<Deadline> m_deadlines;
    std::vector<Followed> m_followed;
    std::vector<LostKey> m_lostKeys;
    FleetBatch m_batch;
    SourceStatus m_status;
    ClockOffset m_clockOffset;
    TtlVote m_ttlVote;
    QByteArray m_keyScratch; ///< The key being asked for, kept so that asking allocates nothing.

    quint32 m_generation = 0;
    WorkerNumber m_nextNumber = 0;
    quint32 m_scanNumber = 0;
    quint32 m_counterPass = 0; ///< The pass under way or last begun.
    quint32 m_countersDone = 0; ///< The last one finished.
    qint64 m_lastAnswerAt = 0;
    qint64 m_scannedAt = 0;
    qint64 m_countersAt = 0;
    qint64 m_timeAskedAt = 0;
    qint64 m_timingAskedAt = 0;
    qint64 m_listenersAt = 0;
    qint64 m_followedAt = 0;
    qint64 m_statusSentAt = 0;
    qint64 m_readsAtLastStatus = 0;
    qint64 m_reads = 0;
    qint64 m_lagSumMs = 0;
    int m_lagCount = 0;
    Slot m_listenerCursor = 0;
    int m_inFlight = 0; ///< Worker reads sent and not answered.
    int m_awaited = 0; ///< Records, command keys and drain notes the full view under way still waits for.
    int m_countersOpen = 0; ///< Counter hashes of the pass still being read.
    bool m_running = false;
    bool m_begun = false; ///< The present connection has been taken into use.
    bool m_pushing = false; ///< Tracking is on for this connection.
    bool m_scanning = false;
    bool m_readingAll = false; ///< The scan under way reads every worker it sees.
    bool m_fullView = false; ///< Everything there was has been read once on this connection.
    bool m_rescan = false; ///< Another scan is wanted after the one under way.
    bool m_countersDirty = false;
    bool m_countersRefused = false; ///< In the pass under way: what is not counted is then not known to be missing.
    bool m_listenersAsked = false;
    bool m_listenersDenied = false;
    bool m_anyListener = false;
    bool m_careful = false; ///< A field was larger than a reply may be: sizes are asked before values.
};

} // namespace pulsedeck
