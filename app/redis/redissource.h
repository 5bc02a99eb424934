// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/beatclock.h"
#include "app/redis/discoverybudget.h"
#include "app/redis/idindex.h"
#include "app/redis/pushtrust.h"
#include "app/redis/pushverifier.h"
#include "app/redis/rediscommander.h"
#include "app/redis/redisconnection.h"
#include "app/redis/replicawatch.h"
#include "app/redis/reregistration.h"
#include "app/redis/serveridentity.h"
#include "app/redis/viewlimits.h"
#include "app/redis/workerreader.h"
#include "models/core/backoff.h"
#include "models/core/clock.h"
#include "models/core/clockoffset.h"
#include "models/core/sleepgauge.h"
#include "models/fleet/fleetsource.h"

#include <QTimer>

#include <queue>
#include <vector>

namespace pulsedeck {

struct RedisSourceOptions
{
    RedisConnectionOptions connection;
    /// In force unless the source has a shared record of its own.
    TimingProfile timing = TimingProfile::assumedDocument();
    bool push = true; ///< False: never ask for tracking, always sweep.
    int collectMs = 50; ///< Announced keys are collected for so long, then read in one pipeline.
    int sweepMs = 2'000; ///< Cadence at which known workers are read where push is refused; longer for fleets above 20,000.
    int reconcileMs = 60'000; ///< With push: how often the keys are counted anew all the same.
    int stallMs = 2'000; ///< A request unanswered for so long makes the source Stalled.
    int pushWaitMs = 1'500; ///< How long the first view waits for the second connection.
    int pushAgainMs = 15'000; ///< After trust in push ended it is tried again; doubles each time, up to ten minutes.
    int reregisterMs =
        30'000; ///< A server that lost its keys: workers are awaited for so long, or for three heartbeats if that is more.
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
    using Limit = ViewLimits::Kind;

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
        bool careful = false; ///< A field of it is too large to be read: sizes are asked before values.
        bool missed = false; ///< The server lost its key with all others: it is awaited, see Reregistration.
        quint8 badCounters = 0; ///< A bit per counter hash whose value is no whole number in range, or too large to be read.
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
        qint64 deafSince = 0; ///< When its listener was found to be gone.
        qint64 gap = 0; ///< Between its last beats; 0 while not known.
        qint64 commandUntil = 0;
        qint64 lostUntil = 0; ///< Its key was lost, and so long it may come back; 0 if it was not.
        qint64 deadlineAt = 0; ///< When it is read though nobody announced it; 0: not.
        WorkerFlags flags;
        qint32 pttl = unknownValue;
        qint32 skew = unknownValue;
        qint32 active = unknownValue;
        qint32 lifetime = unknownValue;
        quint32 generation = 0; ///< Of the last read.
        quint32 activePass = 0; ///< Number of the counter pass that saw it in the hash.
        quint32 lifetimePass = 0;
        quint16 kind = 0; ///< Index into m_kinds: those of one browser type.
        quint32 bornPass = 0; ///< Counter passes up to this one say nothing about it.
        qint8 listeners = -1; ///< On its command channel; -1 not asked yet.
        WorkerStatus status = WorkerStatus::Missing;
        CommandState command = CommandState::None;
        WorkerEnd end = WorkerEnd::None;
        bool fieldsPresent = false; ///< The first half of the read under way found a hash, or another type.
        bool everDraining = false;
        bool listened = false; ///< Somebody listens, or did when its key vanished, on its command channel.
        bool appeared = false; ///< Seen to appear, and its TTL not read since.
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
    void takeVerdict(PushVerifier::Verdict verdict, std::function<void()> then);
    void doubtPush(qint64 now);
    void endPush(const QString &why);
    void beginFullView();
    void finishFullView();
    bool isViewRead() const;
    void settle();
    void onLost();
    void onTick();
    void checkStall(qint64 now);
    void askTime();
    void askServer();
    void takeServer(const ServerIdentity &identity);
    void askRole();
    void takeRole(const ReplicaLink &link);
    void awaitAnew(Reregistration::Cause cause);
    void reviewAwaited(qint64 now);
    void describe();
    void setState(SourceState state);
    void reportFailure(const RedisFailure &failure);
    void emitStatus();
    void addLimit(const QString &text);
    void setLimit(Limit kind, const QString &text);
    void endLimit(Limit kind);
    void tellLimits(const QStringList &before);
    /// The connection ended before the answer: nothing can be concluded from it, and whoever asked has been reset by the end.
    static bool isEnd(const RedisAnswer &answer)
    {
        return answer.outcome == RedisAnswer::Outcome::Lost || answer.outcome == RedisAnswer::Outcome::Timeout;
    }
    bool current(quint32 generation) const { return m_main && generation == m_generation && m_running; }

    // Finding workers (redisdiscovery.cpp)
    void onPushed(const RedisReply &message);
    void onAnnounced(QByteArrayView key, qint64 now);
    void scan(bool readAll);
    void scanPage(const QByteArray &cursor, bool readAll);
    void scanNext(const QByteArray &cursor, bool readAll);
    void onScanned(const RedisReply &reply, bool readAll);
    void look(qint64 now);
    void readKnown(qint64 now);
    void scanFinished(bool readAll);
    void readCounters();
    void counterPage(bool activeHash, const QByteArray &cursor);
    void counterNext(bool activeHash, const QByteArray &cursor);
    void takeCounter(Slot slot, const RedisReply &value, bool activeHash);
    void readKnownCounters();
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
    bool awaitMissed(Record &record);
    void assumeTtl(Record &record);
    void assumeTtls();
    bool recordProves(const Record &record, qint64 now) const;
    quint16 kindOf(QByteArrayView id);
    void setClaims(Record &record, qint64 now);
    void takeCommandWord(Slot slot, const RedisReply &value);
    void takeCommandTtl(Slot slot, qint64 pttl);

    // Asking on its own, and sending on (redisfollowup.cpp)
    void fireDeadlines(qint64 now);
    void watchDeadline(Slot slot);
    qint64 nextLook(const Record &record) const;
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
    SleepGauge m_sleep;
    RedisConnection *m_main = nullptr;
    RedisConnection *m_pushConnection = nullptr;
    RedisCommander *const m_commander; ///< A child; outlives the connections' last answers.
    QTimer *m_collectTimer = nullptr;
    QTimer *m_tickTimer = nullptr;
    QTimer *m_pushWaitTimer = nullptr;
    QTimer *m_scanTimer = nullptr; ///< Until the scan under way may go on.
    QTimer *m_counterTimers[2] = {nullptr, nullptr}; ///< The same for the passes over the lifetime and the active counters.

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
    ViewLimits m_limits;
    LeftOut m_leftOutKeys; ///< Of the scan under way.
    LeftOut m_leftOutCounters[2]; ///< Of the pass under way, lifetime and active.
    ServerIdentity m_identity; ///< Of the server last connected to.
    ReplicaWatch m_replica;
    Reregistration m_reregistration;
    PushTrust m_pushTrust;
    Backoff m_pushBackoff;
    QByteArray m_pushName;
    DiscoveryBudget m_keyBudget{40}; // Together one twentieth of the server's time.
    DiscoveryBudget m_counterBudget{10};
    ClockOffset m_clockOffset;
    QHash<QByteArray, quint16> m_kindNumbers; ///< By the part of an id before its colon.
    std::vector<TtlHint> m_kinds; ///< Of this connection's view; 0 is for ids without a type, and for those beyond mostKinds.
    QByteArray m_keyScratch; ///< The key being asked for, kept so that asking allocates nothing.

    quint32 m_generation = 0;
    WorkerNumber m_nextNumber = 0;
    quint32 m_scanNumber = 0;
    quint32 m_counterPass = 0; ///< The pass under way or last begun.
    quint32 m_countersDone = 0; ///< The last one finished.
    QByteArray m_scanCursor; ///< Where the scan under way goes on.
    QByteArray m_counterCursor[2];
    qint64 m_lastAnswerAt = 0;
    qint64 m_scannedAt = 0;
    qint64 m_knownReadAt = 0;
    qint64 m_countersAt = 0;
    qint64 m_knownCountersAt = 0;
    qint64 m_roleAskedAt = 0;
    qint64 m_pushAgainAt = 0; ///< When the push connection is made anew; 0: not planned.
    qint64 m_flushedAt = 0; ///< When it was last announced that a database was emptied.
    qint64 m_lostContactAt = 0; ///< The last answer of the connection before.
    qint64 m_timeAskedAt = 0;
    qint64 m_timingAskedAt = 0;
    qint64 m_timingWrittenAt = 0; ///< When the record in force was written, by the clock of whoever wrote it; 0 if not known.
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
    bool m_scanOpen = false; ///< It was not finished: another one is wanted.
    bool m_countersOpenAgain = false; ///< The same for the counters.
    bool m_roleRefused = false;
    bool m_infoRefused = false;
    bool m_readingAll = false; ///< The scan under way reads every worker it sees.
    bool m_fullView = false; ///< Everything there was has been read once on this connection.
    bool m_rescan = false; ///< Another scan is wanted after the one under way.
    bool m_countersDirty = false;
    bool m_countersRefused = false; ///< In the pass under way: what is not counted is then not known to be missing.
    bool m_ttlTold = false; ///< The shared record says which key TTL workers use.
    bool m_listenersAsked = false;
    bool m_listenersDenied = false;
    bool m_anyListener = false;
    bool m_careful = false; ///< A reply was larger than one may be: sizes are asked before values, and smaller pages.
};

} // namespace pulsedeck
