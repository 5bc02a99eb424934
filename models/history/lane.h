// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcestatus.h"
#include "models/protocol/worker.h"

#include <QByteArray>
#include <QJsonObject>
#include <QMetaType>
#include <QString>
#include <QStringList>

#include <vector>

namespace pulsedeck {

/// The number of a lane in a history: kept over restarts, never used twice in one file. 0: none.
using LaneId = quint32;
constexpr LaneId noLane = 0;

enum class LaneKind : quint8 { Worker, Queue, Source };
/// For files and JSON: "worker", "queue", "source".
QString laneKindName(LaneKind kind);

/// One row of the history: a worker, a queue or a source, known by kind, source, system and name. A worker that comes back under
/// its id is the same lane; in another version, too. A value.
struct HistoryLane
{
    LaneId id = noLane;
    LaneKind kind = LaneKind::Worker;
    QString source; ///< The source's name.
    QString system; ///< Of a worker SourceTraits::fullKind(), of a queue SourceTraits::layout, of a source its fullKind() too.
    QByteArray name; ///< Worker::id, or the queue's name; empty for a source, and for what a system counts for all of its queues
                     ///< together.
    QString type; ///< "chromium"; empty for a worker without a type.
    QByteArray host;
    QString label; ///< A name for people; empty where the id is one.
    QString version; ///< As reported last.
    QStringList queues; ///< That it serves.
    QByteArray parent; ///< Id of the worker above it.
    QStringList timings; ///< Of a source: those that were in force, as laneTimingText(), at most mostLaneTimings.
    qint64 first = 0; ///< When it was first seen in this history, ms.
    qint64 last = 0; ///< When it ended, or until when something is known of it.

    bool operator==(const HistoryLane &) const = default;
};

/// What of a lane changed. The value is a qint64; what it means stands here. In files by number: new ones are added at the end.
enum class LaneFact : quint8 {
    Status, ///< WorkerStatus.
    Liveness, ///< Liveness.
    End, ///< WorkerEnd; None when it came back.
    Sessions, ///< Active sessions, or unknownValue.
    Flags, ///< WorkerFlags, those of shownLaneFlags.
    Command, ///< CommandState.
    LearntTtl, ///< ms, or unknownValue.
    Interval, ///< Expected from one beat to the next, ms: what its thresholds rest on. Moves of less than a twentieth are not
              ///< kept.
    Waiting, ///< Of a queue: jobs that wait, or -1.
    AtWork, ///< Of a queue.
    Delayed, ///< Of a queue.
    Failed, ///< Of a queue.
    Paused, ///< Of a queue: 0 or 1.
    State, ///< Of a source: SourceState.
    Version, ///< A worker reports another version: laneVersionMark() of the words. The words are in a HistoryEvent. Of a
             ///< source: the mark of that of its timings that is in force.
    Gone, ///< 1: its row went, and from here on nothing is known of it. What comes later begins with a new LaneState().
    Capacity, ///< How much it takes at most, or unknownValue.
    EndedAt, ///< When its key went, ms; 0 while it is there.
    Taken, ///< Of a queue: jobs taken since some moment, or -1; only differences mean anything. At most every ten seconds.
    Done, ///< Of a queue: jobs finished, likewise.
    Added, ///< Of a queue: jobs that came, likewise.
};
constexpr int laneFactCount = 21;
/// For JSON: "status", "liveness".
QString laneFactName(LaneFact fact);
/// A source has so many timings at most; of more the latest.
constexpr qsizetype mostLaneTimings = 100;
/// A timing as one line; empty for one that is assumed.
QString laneTimingText(const TimingProfile &timing);
/// What laneTimingText() wrote; an assumed one for anything else.
TimingProfile timingOfLaneText(const QString &text);
/// A number for a version's words, the same in every process; 0 for none.
quint32 laneVersionMark(const QString &version);

/// The flags that a history keeps: those that a row shows.
constexpr WorkerFlags shownLaneFlags =
    WorkerFlags(WorkerFlag::CountersLeft) | WorkerFlag::AgeEstimated | WorkerFlag::ClockSkew | WorkerFlag::Returned
    | WorkerFlag::NoListener | WorkerFlag::DrainForgotten | WorkerFlag::DrainedByOperator | WorkerFlag::DrainUndone
    | WorkerFlag::Leaving | WorkerFlag::Silent | WorkerFlag::Incomplete | WorkerFlag::Deaf | WorkerFlag::NotConsuming
    | WorkerFlag::StillWorking | WorkerFlag::BadField | WorkerFlag::NoCounters | WorkerFlag::NobodyListens;

struct LaneChange
{
    LaneId lane = noLane;
    LaneFact fact = LaneFact::Status;
    qint64 at = 0; ///< Console's clock, ms: when the store showed it.
    qint64 value = 0;

    bool operator==(const LaneChange &) const = default;
};

/// What workers and sources have of a LaneState. Plain data.
struct LaneCore
{
    qint64 beatAt = 0; ///< Its last beat; 0 for none seen.
    qint64 endedAt = 0;
    qint32 sessions = unknownValue;
    qint32 learntTtl = unknownValue;
    qint32 interval = unknownValue;
    qint32 capacity = unknownValue;
    quint32 flags = 0;
    quint32 version = 0; ///< See LaneFact::Version.
    WorkerStatus status = WorkerStatus::Missing;
    Liveness liveness = Liveness::Unknown;
    WorkerEnd end = WorkerEnd::None;
    CommandState command = CommandState::None;
    SourceState state = SourceState::Off;
    bool known = false; ///< False: nothing is known of it at that moment, because it was not there or no console recorded.

    bool operator==(const LaneCore &) const = default;
};
static_assert(sizeof(LaneCore) <= 48); // One for each of 100,000 workers is kept: see LaneStates.

/// What queues have of it. Plain data.
struct LaneQueue
{
    qint64 waiting = -1;
    qint64 atWork = -1;
    qint64 delayed = -1;
    qint64 failed = -1;
    qint64 taken = -1;
    qint64 done = -1;
    qint64 added = -1;
    bool paused = false;

    bool operator==(const LaneQueue &) const = default;
};

/// What is known of a lane at one moment. Only what its kind has is meaningful. Plain data.
struct LaneState : LaneCore, LaneQueue
{
    /// It is known from here on, unless it is Gone.
    void take(LaneFact fact, qint64 value);
    qint64 valueOf(LaneFact fact) const;
    bool operator==(const LaneState &) const = default;
};

/// How bad a liveness is where several share a place: greater is worse. Departed, Unknown, Alive, Settling, Late, KeyLost, NoTtl,
/// Stale, Hung, Zombie, Ghost, Crashed.
int livenessRank(Liveness liveness);
/// Beats are expected of a worker that is so: it did not end, and its source is connected.
bool expectsBeats(Liveness liveness);
/// It ended without an order: expired or crashed.
bool isLoss(WorkerEnd end);

/// What happened beyond the beats: an entry of the journal, a deploy, a pause of a source.
struct HistoryEvent
{
    qint64 at = 0; ///< Console's clock, ms.
    QString kind; ///< journalKindName(); or "outage" (a source's, facts: from, to), "version" (of a worker, facts: from, to).
    QString source;
    LaneId lane = noLane;
    QByteArray worker; ///< Worker::id; empty if it concerns none or many.
    QString act; ///< As JournalEntry::act and step.
    QString step;
    QString by;
    QString text; ///< A sentence for a person; empty for kinds that are none of the journal's.
    QJsonObject facts; ///< JournalEntry::facts, and command and group as journalIdText().

    bool operator==(const HistoryEvent &) const = default;
};

/// One beat of one lane.
struct HistoryBeat
{
    LaneId lane = noLane;
    qint32 offset = 0; ///< From HistoryFrame::at, ms.

    bool operator==(const HistoryBeat &) const = default;
};

/// What came within half a second or so. In a frame of HistoryRecorder the lane numbers are the recorder's own, counted from 1;
/// the history gives them its own. A value.
struct HistoryFrame
{
    qint64 at = 0; ///< What the offsets of its beats count from, console's clock.
    qint64 until = 0; ///< When it was handed over: everything up to here is in it, or in one before it.
    std::vector<HistoryLane> lanes; ///< New ones, and those of which something but their numbers changed.
    std::vector<HistoryBeat> beats; ///< Of one lane ascending.
    std::vector<LaneChange> changes;
    std::vector<HistoryEvent> events;

    bool isEmpty() const { return lanes.empty() && beats.empty() && changes.empty() && events.empty(); }
    bool operator==(const HistoryFrame &) const = default;
};

} // namespace pulsedeck
