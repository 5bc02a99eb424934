// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/unknownvalue.h"
#include "models/protocol/sourcetraits.h"

#include <QByteArray>
#include <QFlags>
#include <QString>
#include <QtGlobal>

#include <limits>

namespace pulsedeck {

/// A source's number, given by the console, never used twice in one process.
using SourceId = quint16;
/// A worker's number inside its source: dense, given by the source, never used twice by it.
using WorkerNumber = quint32;
/// A worker's place in the FleetStore, stable for as long as the worker is shown.
using WorkerHandle = quint32;

constexpr WorkerHandle noWorker = std::numeric_limits<WorkerHandle>::max();

/// What the worker reports of itself; never derived.
enum class WorkerStatus : quint8 {
    Missing, ///< No status field, or no key.
    Available,
    Busy, ///< At work, where a system says so: it takes no more until it is done.
    Paused, ///< Takes no work until it is resumed.
    Draining,
    ShuttingDown,
    Registered, ///< A hub actor: hubs report no other status.
    Other, ///< A word the console does not know; shown as received.
};

/// What the console derives from beats and keys. Never mixed with the status.
enum class Liveness : quint8 {
    Alive,
    Settling, ///< Read, but no beat seen yet and nothing else proves its age: known within an interval.
    Late, ///< Older than one and a half intervals.
    Stale, ///< Older than the stale threshold, and the key is still there.
    Crashed, ///< The key is there and its process died: it no longer listens on its command channel, or it is late and
             ///< does not listen.
    Hung, ///< Stale, and its process still listens on its command channel.
    NoTtl, ///< The key never expires: a registration that died half-way, or a plain HSET by hand.
    Zombie, ///< Counters without a key.
    Ghost, ///< In its system's registry and without a key: its process died.
    KeyLost, ///< The key vanished with sessions or a listener left: watched until it returns or is surely gone.
    Unknown, ///< The source is not connected, or the worker could not be read.
    Departed, ///< Ended; see WorkerEnd.
};

/// How a worker ended.
enum class WorkerEnd : quint8 {
    None,
    Drained, ///< The key was removed after a drain.
    Left, ///< The key was removed while available: SIGTERM or an orderly crash, which look the same.
    Expired, ///< The key reached its TTL: it was not renewed.
    Crashed, ///< The key reached its TTL after the process had died: its listener was gone before.
    KeyRemoved, ///< The key of a worker that was already dead was removed by hand.
    Unseen, ///< Found missing after a time without connection: how it ended was not seen.
};

enum class CommandState : quint8 {
    None,
    Shutdown, ///< The command key says shutdown.
    Other, ///< The command key holds a word no worker acts on.
};

enum class WorkerFlag : quint32 {
    Untyped = 1u << 0, ///< The id has no browser type: a fleet before 0.1.0.
    NoCounters = 1u << 1, ///< Alive, but in no counter hash: no proxy will select it.
    CountersLeft = 1u << 2, ///< The key is gone and counters are still there.
    BadField = 1u << 3, ///< A field is missing, no number, or no text.
    WrongType = 1u << 4, ///< The key is not a hash.
    TooLarge = 1u << 5, ///< A field is larger than what is read.
    NegativeSessions = 1u << 6, ///< The active counter fell below zero.
    AgeEstimated = 1u << 7, ///< No beat seen and no timing record in force: beatAt is an estimate from the TTLs of its
                            ///< kind, and proves nothing.
    ClockSkew = 1u << 8, ///< The worker's clock is more than a second off.
    Returned = 1u << 9, ///< Ended before and came back under the same id.
    NoListener = 1u << 10, ///< It no longer listens on its command channel: its process died.
    Listener = 1u << 11, ///< Its process still listens on its command channel.
    DrainForgotten = 1u << 12, ///< Reports available again although it is still draining.
    NeverSeenAlive = 1u << 13, ///< Only ever known by its counters.
    PolledBeats = 1u << 14, ///< Beats are seen by polling: their times are uncertain by the cadence.
    DrainedByOperator = 1u << 15, ///< The drain it is in was ordered from a console; its note is not known to be stale.
    DrainUndone = 1u << 16, ///< An operator's drain was undone when the worker registered again: it takes sessions and stays.
    Leaving = 1u << 17, ///< A shutdown was given under an operator's drain: it leaves, whatever status and note say.
    BadCounter = 1u << 18, ///< A counter is no whole number in range.
    DrainUnseen =
        1u << 19, ///< DrainedByOperator, but the drain began before this console looked: that it still stands is not proven.
    Silent = 1u << 20, ///< No process listens on its command channel while others of its source have listeners: no proof of
                       ///< a crash unless it is late as well.
    Incomplete = 1u << 21, ///< Its record lacks fields that every whole one has: it was lost and is written only in part.
    Unregistered = 1u << 22, ///< It has a record or beats, and is not in its system's registry.
    Deaf = 1u << 23, ///< It was sent a command, has a listener, and did nothing in the time that takes.
    NotConsuming = 1u << 24, ///< It beats, jobs wait in its queues, and it takes none.
    OwnClock = 1u << 25, ///< beatAt is by its own clock: as right as that is.
    StillWorking = 1u << 26, ///< It has said that it leaves, or is in no registry any more, and may still be at work.
    Registered = 1u << 27, ///< In its system's registry; without a key it is a ghost.
    Unheard = 1u << 28, ///< It has nothing to do, and nothing else would make it call: its silence does not say whether it lives.
    NobodyListens = 1u << 29, ///< Its system's workers listen on a command channel, and no process was seen to on its own: it is
                              ///< gone, or of a version that takes no commands. Unlike NoListener no end was seen.
    NotAsked = 1u << 30, ///< Whether it takes work it says only when it is asked, and it has not answered yet: its status
                         ///< Available stands for that it is not known: it is shown nowhere, and counts nowhere as available.
};
/// Bits in use, from the lowest.
constexpr int workerFlagCount = 31;
Q_DECLARE_FLAGS(WorkerFlags, WorkerFlag)
Q_DECLARE_OPERATORS_FOR_FLAGS(WorkerFlags)

/// One worker as the console shows it: plain data in whole cache lines, one per row of the FleetStore. Times are the console's
/// clock in Unix milliseconds unless said otherwise, durations are milliseconds; 0 as a time means not known.
struct alignas(64) Worker
{
    QByteArray id; ///< "chromium:<uuid>", a bare uuid in old fleets, an address for a hub actor. UTF-8, at most 512 bytes.
    QByteArray host; ///< Host and port of the endpoint; its path is a secret and is not kept.
    qint64 startedAt = 0; ///< By the worker's own clock.
    qint64 lastHeartbeat = 0; ///< By the worker's own clock.
    qint64 firstSeenAt = 0; ///< When it appeared while the console watched; 0 if it was there before.
    qint64 beatAt = 0; ///< The moment of the last beat, no worker's clock in it; proves nothing while AgeEstimated.
    qint64 unbeatenSince = 0; ///< Read first then, and no beat was seen since: its age is at least that. 0 once one was seen.
    qint64 readAt = 0; ///< When key and TTL were last read.
    qint64 statusSince = 0;
    qint64 endedAt = 0; ///< When the key went, for zombies and departed workers.
    qint64 returnedAt = 0;
    qint64 commandUntil = 0; ///< When the pending command key expires, 0 if unknown or none.
    qint32 ttlAtRead = unknownValue; ///< PTTL at readAt: -1 no TTL, -2 no key.
    qint32 learntTtl = unknownValue; ///< Full TTL of the key, as seen right after a beat.
    qint32 interval = unknownValue; ///< Median of the gaps between beats.
    qint32 jitter = unknownValue; ///< 95th percentile of the gaps minus their median.
    qint32 activeSessions = unknownValue;
    qint32 lifetimeSessions = unknownValue;
    qint32 clockSkew = unknownValue; ///< Positive: the worker's clock is behind Redis' clock.
    qint32 pid = unknownValue; ///< Process id on its host.
    qint32 capacity = unknownValue; ///< How much it takes at most: threads, sessions, processes.
    quint32 beatCount = 0; ///< Beats seen by this console.
    quint32 serial = 0; ///< Unlike the handle never used twice; names the worker in events.
    WorkerNumber number = 0;
    WorkerFlags flags;
    SourceId source = 0;
    quint16 type = 0; ///< Index into FleetStore::typeName().
    WorkerStatus status = WorkerStatus::Missing;
    WorkerStatus statusBefore = WorkerStatus::Missing;
    Liveness liveness = Liveness::Unknown;
    WorkerEnd end = WorkerEnd::None;
    CommandState command = CommandState::None;
    bool used : 1 = false; ///< False for a free place in the store.
    bool described : 1 = false; ///< FleetStore::facts() has more of it.
    bool child : 1 = false; ///< It hangs under another one, which is counted in its place.
    quint8 statusWord = 0; ///< Index into FleetStore::statusWord().
    TraitsRef traits; ///< What it is called, and which facts of it exist.

    /// It takes work and has some: what its pace depends on in some systems.
    bool isAtWork() const { return activeSessions > 0 || status == WorkerStatus::Busy; }

    /// TTL left at \a now in milliseconds; -1 no TTL, -2 no key, unknownValue if never read.
    qint32 ttlLeftAt(qint64 now) const
    {
        if (ttlAtRead < 0)
            return ttlAtRead;
        return qint32(qMax<qint64>(0, ttlAtRead - (now - readAt)));
    }

    /// Gaps between beats count from here: just before the first beat after it returned.
    qint64 countedFrom() const
    {
        constexpr qint64 readLaterMs = 2'000; // The return is noticed a moment after the beat that made it.
        return returnedAt > 0 ? returnedAt - readLaterMs : 0;
    }

    /// How long it has been running at \a now, or unknownValue: both times are its own clock's, so that a wrong one does no harm.
    qint64 uptimeAt(qint64 now) const
    {
        if (startedAt == 0 || lastHeartbeat < startedAt || beatAt == 0)
            return unknownValue;
        return lastHeartbeat - startedAt + qMax<qint64>(0, now - beatAt);
    }

    /// Age of the last beat at \a now in milliseconds, or unknownValue. Only an estimate while isAgeProven() is false.
    qint64 beatAgeAt(qint64 now) const { return beatAt > 0 ? qMax<qint64>(0, now - beatAt) : qint64(unknownValue); }
    bool isAgeProven() const { return beatAt > 0 && !flags.testFlag(WorkerFlag::AgeEstimated); }
};

/// Its last beat is young enough for one that lives, but where its system's workers listen for commands no process does: whether
/// it lives is not known, and it counts nowhere as alive.
inline bool nobodyListens(const Worker &worker)
{
    return (worker.liveness == Liveness::Alive || worker.liveness == Liveness::Settling)
           && worker.flags.testFlag(WorkerFlag::NobodyListens)
           && !worker.flags.testAnyFlags(WorkerFlag::Deaf | WorkerFlag::StillWorking);
}

/// The word for filters, JSON and the journal: "no-ttl", "shutting-down".
QString livenessName(Liveness liveness);
QString statusName(WorkerStatus status);
QString endName(WorkerEnd end);
/// The end with this name; None for any other.
WorkerEnd endFromName(const QString &name);
/// Of a worker: its liveness, for a departed one how it ended, and where nobodyListens() holds the name of that flag.
QString livenessName(const Worker &worker);
/// The same for people, in their language: "no TTL", "shutting down". GUI thread.
QString livenessLabel(Liveness liveness);
QString livenessLabel(const Worker &worker);
QString statusLabel(WorkerStatus status);
/// For counters without a key: "zombie-lost", or "zombie-unseen" if the end was not seen.
QString zombieName(const Worker &worker);
/// Reads the status field as the fleet writes it; any other text is Other.
WorkerStatus statusFromText(QByteArrayView text);
/// Its status is not known, see WorkerFlag::NotAsked.
inline bool isStatusAssumed(const Worker &worker)
{
    return worker.flags.testFlag(WorkerFlag::NotAsked) && worker.status == WorkerStatus::Available;
}
/// The words for the flags that are set, in a fixed order: for filters and JSON ("clock-skew"), and for people ("clock skew").
QStringList flagNames(WorkerFlags flags);
QStringList flagLabels(WorkerFlags flags);

/// The id without its browser type: the uuid. One that is not IdForm::typed stays whole.
QByteArray bareId(const QByteArray &id, const SourceTraits &traits);
QByteArray bareId(const Worker &worker);
/// The short form of an id shown in lists: the first eight characters of the uuid. One that is not IdForm::typed stays whole.
QString shortId(const QByteArray &id, const SourceTraits &traits);
QString shortId(const Worker &worker);
/// Host of its process or endpoint, without a port.
QByteArray hostName(const Worker &worker);
/// What the age of its beats rests on: "ttl", "clock", "score", "events", "connection", "registration", "calls".
QString ageBasisName(const Worker &worker);
/// The same of the basis alone.
BeatBasis ageBasis(const Worker &worker);

} // namespace pulsedeck
