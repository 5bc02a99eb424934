// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/timingprofile.h"
#include "models/protocol/worker.h"

namespace pulsedeck {

struct LivenessResult
{
    Liveness liveness = Liveness::Unknown;
    qint64 nextChangeAt = 0; ///< Console's clock at which time alone can change it; 0 when only news can.
};

/// What the age of a worker's last beat is compared with, in milliseconds.
struct Thresholds
{
    static constexpr qint64 unknown = -1; ///< Not known: no worker becomes late or stale by it.

    qint64 interval = unknown; ///< Expected from one beat to the next.
    qint64 late = unknown; ///< Late when older than this.
    qint64 stale = unknown; ///< Stale when older than this.
    bool measured = false; ///< Taken from beats that were seen; else from the profile, or an actor's own registration.
};

/// Stale after so many intervals where no stale threshold is reported: what rule W6 requires of that threshold.
inline constexpr qint64 staleIntervals = 3;

/// What its system says of its pace now: of a worker at work, of one that is paused, or of one that waits.
const BeatPace &beatPaceOf(const Worker &worker);

/// The thresholds of one worker. Those of the profile if it was reported. If it is only assumed, late after one and a
/// half intervals as measured and stale after staleIntervals of them: the worker's own interval, or while fewer than
/// three of its gaps were seen the longer of its own and \a kindInterval, the longest measured among its type. With a
/// TTL and no interval at all, late after three quarters of the TTL. An actor is judged by its own registration: only its
/// end is known, not when the actor will renew it. Where the worker's system has a pace, that of idle or of busy workers
/// counts, and what it leaves open is as above. Pure.
Thresholds thresholdsOf(const Worker &worker, const TimingProfile &profile, qint32 kindInterval = unknownValue);

/// What a worker's beats, key and listener say at \a now. \a connected is whether its source is: without it every
/// worker is Unknown but those that ended and those whose counters were left. An age that is not proven makes no worker
/// late or stale, but the time the worker was watched without a beat does. \a endKnown is false
/// for one that was found gone after its source had stopped reporting anything new. Pure, and cheap: it runs for 100,000
/// workers.
LivenessResult deriveLiveness(const Worker &worker, const Thresholds &thresholds, bool connected, qint64 now,
                              bool endKnown = true);
LivenessResult deriveLiveness(const Worker &worker, const TimingProfile &profile, bool connected, qint64 now);

/// When it will be known at the latest whether a settling worker is alive: it beats, is late by then, or its key expires.
/// 0 if unknown.
qint64 settledBy(const Worker &worker, const Thresholds &thresholds);

/// True for states an operator should look at: late, stale, no TTL, zombie, ghost, deaf, without a listener where there should be
/// one, incomplete, consuming nothing, paused, draining, leaving, shutting down, hung, unreadable. Workers that ended are not
/// among them. The one definition, used by group headings, figures, saved views and the filter liveness:attention.
bool needsAttention(const Worker &worker);
/// It ended by a command or by itself, and removed its key: a drain, a shutdown, SIGTERM. False while it is there.
bool endedInOrder(const Worker &worker);
/// Not merely slow: it died, is hung, lost its key, never had a TTL, or only its counters are left. Such workers are
/// announced while the order of the list is held.
bool isWorseThanLate(const Worker &worker);
/// The order inside a list of what needs attention: greater is worse, 0 for an ordinary worker.
int severity(const Worker &worker);
/// What is to be said of a worker that beats, or is expected to: the worst of what its flags and its status say.
enum class WorkerTrouble : quint8 {
    None,
    Deaf, ///< It was sent a command and did nothing.
    NobodyListens, ///< No process was seen to listen on its command channel: it is gone, or takes no commands.
    NotConsuming, ///< It beats, jobs wait in its queues, and it takes none.
    Incomplete, ///< Its record lacks facts.
    Leaving, ///< It said that it leaves, and may still be at work: no beats are expected.
    Paused, ///< It takes no work until it is resumed.
};
/// None unless it is alive or settling.
WorkerTrouble troubleOf(const Worker &worker);
/// The word for filters and JSON: "deaf", "not-consuming", "paused", …; empty for none.
QString troubleName(WorkerTrouble trouble);
/// The same for people: "consumes nothing". GUI thread.
QString troubleLabel(WorkerTrouble trouble);
/// Fewer than three beats seen, and young enough that this says something.
bool isNew(const Worker &worker);

} // namespace pulsedeck
