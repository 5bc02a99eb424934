// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <QList>
#include <QMetaType>
#include <QStringList>

#include <optional>

namespace pulsedeck {

/// The describing part of a worker: sent when it is first seen and when it changes, which is seldom.
struct WorkerText
{
    WorkerNumber number = 0;
    QByteArray id; ///< See Worker::id; already cut to 512 bytes.
    QByteArray type; ///< Browser type, or empty.
    QByteArray host; ///< host:port, or empty.
    QByteArray statusText; ///< The status word as it came, cut to 64 bytes: for WorkerStatus::Other, and where a system has words
                           ///< of its own.
    qint64 startedAt = 0; ///< Worker's clock, 0 if not given.
    QString drainedBy; ///< Who ordered the drain from a console, cut to 128 characters; empty if no operator did.
    QString drainReason; ///< Cut to 512 characters.
    qint64 drainedAt = 0; ///< By the clock of that console's machine, 0 if not given.
    QStringList problems; ///< What is wrong with its fields, in words; empty for a sound worker.
    std::optional<TraitsRef> traits; ///< Not set: those of its source.
    bool wasThere = false; ///< It was there before it was found: no newcomer, though all others were seen already.
    qint32 pid = unknownValue;
    qint32 capacity = unknownValue;
    QString label; ///< A name for people, where the id is none; cut to 128 characters.
    QString version; ///< Of its system, as it reports it; cut to 64 characters.
    QStringList queues; ///< That it serves, in its order; at most 64, each cut to 128 characters.
    QByteArray parent; ///< Id of the worker above it, in systems with tiers; empty for none.
    qint64 memory = unknownValue; ///< Of its process, in bytes.
    QStringList jobs; ///< Ids or names of what it has at work, never an argument; at most 8, each cut to 128 characters.
};

/// What a hub's registry says of an actor beyond what every worker has. Sent with each change of it.
struct ActorFacts
{
    WorkerNumber number = 0;
    QString displayName; ///< May be empty.
    QStringList capabilities;
    qint64 registeredAt = 0; ///< Console's clock, ms.
    qint64 expiresAt = 0; ///< Console's clock; 0 if the hub gives no end.
    qint64 version = 0; ///< Counts registrations and renewals.
};

/// Of which queues the jobs are that a worker has at work, where its system says so; no job is ever read. Sent whole with each
/// change.
struct WorkerJobs
{
    static constexpr qsizetype mostQueues = 16;
    static constexpr qsizetype longestName = 128; ///< Bytes.

    WorkerNumber number = 0;
    /// The name of a queue, and how many of its jobs; those with most first, at most mostQueues. Empty: none, or not known.
    QList<std::pair<QByteArray, qint64>> byQueue;
};

/// What can be counted of one queue; no job is ever read. -1 in a count: not reported by its system.
struct QueueSample
{
    QByteArray name;
    TraitsRef traits; ///< Of its system. A queue is known by source, system and name.
    QByteArray key; ///< In Redis, where its jobs wait; empty where it has none of its own.
    qint64 readAt = 0; ///< Console's clock.
    qint64 waiting = -1;
    qint64 atWork = -1;
    qint64 reserved = -1; ///< Of a whole: at work, or fetched by workers and waiting there; which is which is not reported.
    qint64 delayed = -1; ///< Scheduled for later, retries among them.
    qint64 failed = -1;
    qint64 oldestMs = -1; ///< Age of the job that has waited longest.
    qint64 taken = -1; ///< Jobs taken since some moment; only differences mean anything.
    qint64 done = -1; ///< Jobs finished, well or not; likewise.
    qint64 added = -1; ///< Jobs that came, those for later among them; likewise.
    bool whole = false; ///< Not a queue: what its system counts for all of its queues together. Without a name.
    bool named = false; ///< Only workers name it: nothing else shows that it is there.
    bool doneByWorkers = false; ///< Its workers say how many jobs they have done.
    bool tellsOldest = false; ///< Its system says since when the next job waits.
    bool scriptRefused = false; ///< What more is known of it takes a script that may not be called.
    bool pausable = false; ///< Its system can pause it, or shows that it is paused.
    bool paused = false;
    bool unserved = false; ///< Its own beat has stopped: no worker serves it, unless one is known that does.
    bool served = false; ///< Its own beat is there: some worker has served it lately, known or not.
    bool gone = false; ///< It is not there any more; the last sample of it.
};

/// Whether no worker of a system takes a job, as one key of the system says it for all of them.
struct PauseSample
{
    TraitsRef traits; ///< Of its system.
    qint64 readAt = 0; ///< Console's clock.
    qint64 until = 0; ///< Console's clock: it ends by itself then; 0: it does not, or that is not known.
    bool known = false; ///< The key could be read.
    bool paused = false;
    QString word; ///< The system's own word for it ("suspended"); empty: ours.
};

/// The changing part of a worker, as one read of its key, its counters and its command said it.
struct WorkerSample
{
    qint64 readAt = 0; ///< Console's clock.
    qint64 beatAt = 0; ///< Console's clock, the moment of the last beat; 0 if it cannot be known.
    qint64 lastHeartbeat = 0; ///< Worker's clock; 0 if missing or no number.
    qint64 commandUntil = 0; ///< Console's clock.
    WorkerNumber number = 0;
    WorkerFlags flags; ///< Those a source knows; the store keeps its own (Returned, DrainForgotten, DrainUndone, CountersLeft),
                       ///< and makes of DrainedByOperator, here "a note is there", what the note is worth.
    qint32 ttl = unknownValue; ///< PTTL as answered at readAt.
    qint32 learntTtl = unknownValue;
    qint32 activeSessions = unknownValue;
    qint32 lifetimeSessions = unknownValue;
    qint32 clockSkew = unknownValue;
    WorkerStatus status = WorkerStatus::Missing;
    CommandState command = CommandState::None;
    WorkerEnd end = WorkerEnd::None; ///< Not None: the key is gone, and this is how. With WorkerFlag::NotAsked, one that Left may
                                     ///< have been drained: the store knows it by the order on record.
    bool keyPresent = false; ///< False with an end of None: the key was lost, and whether its worker ended is not known yet.
    bool unread = false; ///< Reading it is refused since, or its server has lost it: whether it lives is not known, and nothing
                         ///< else here is news.
    bool newBeat = false; ///< This read saw a beat the one before had not.
};

/// What one source learned since its last batch. A value: made on the I/O thread, applied on the GUI thread.
/// At most maxSamples samples each, so that applying one never holds the GUI thread for long.
struct FleetBatch
{
    static constexpr int maxSamples = 2'000;

    SourceId source = 0;
    quint32 generation = 0; ///< Counts the source's connections; a batch older than the newest seen is dropped.
    qint64 at = 0; ///< Console's clock when it was sent.
    QList<WorkerText> texts; ///< Applied before the samples.
    QList<ActorFacts> actors; ///< Applied after the texts.
    QList<WorkerSample> samples;
    QList<QueueSample> queues; ///< At most a few hundred; independent of the samples.
    QList<PauseSample> pauses; ///< At most one per system; independent of the others.
    QList<WorkerJobs> workerJobs; ///< At most maxSamples; applied after the samples.
    QList<WorkerNumber> removed; ///< Neither key nor counters are left: it is departed then, or dropped if it was never alive.
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::FleetBatch)
