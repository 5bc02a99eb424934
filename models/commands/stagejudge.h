// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/trackedcommand.h"

namespace pulsedeck {

/// What judging needs to know of a source. Durations are ms.
struct JudgedSource
{
    bool connected = false;
    bool live = false; ///< Live or Sweeping: what the store shows is whole, and time may be counted against a worker.
    qint64 drainTimeout = 0;
    qint64 sweepMs = 0; ///< A source that is swept shows things so much later.
    bool operator==(const JudgedSource &) const = default;
};

/// What is seen at one moment, the console's clock in ms.
struct CommandScene
{
    const Worker &worker;
    JudgedSource source;
    qint64 now = 0;
    qint64 drainNoteAt = 0; ///< drainedAt of the note on the worker.
    bool withdrawalUnderWay = false; ///< A Cancel for this command is not answered yet.
    bool resumeUnderWay = false; ///< A Resume of this console for the worker is not answered yet.
};

/// What follows for a command. Judging writes what it finds out into the command, all but its stage, which its owner sets.
struct Judgement
{
    std::optional<CommandStage> stage; ///< The next one; nothing if it stays where it is.
    qint64 at = 0; ///< When it was reached; 0 for now.
    bool changed = false; ///< Something that is shown has changed.
};

/// The pure judge of stages: where a command to a worker in Redis stands, from its worker, its source and time alone. One stage
/// at a time: ask again after a stage has been set, until none follows. Actors of hubs: actorjudge.h.
/// \a command is open and has been answered.
Judgement judgeStage(TrackedCommand &command, const CommandScene &scene);
/// For one that has ended: its worker may be back, or have read its announcement later than the command key lived.
Judgement judgeAgain(TrackedCommand &command, const CommandScene &scene);
/// Its worker has ended: how the command ended with it.
Judgement judgeGone(TrackedCommand &command, const CommandScene &scene);
/// Its worker has read it at \a at.
Judgement pickedUp(TrackedCommand &command, qint64 at);
/// When time alone may move it, if nothing else comes; 0 never.
qint64 nextJudgementAt(const TrackedCommand &command, const JudgedSource &source, qint64 now);

/// Takes over what its worker has to do, and when there was nothing more; as it drains, Emptying once it is less than \a before,
/// or while there is any where the worker itself takes its commands (isPickedUp()).
/// \a emptyAt: when it had become empty, should it be.
Judgement takeWork(TrackedCommand &command, const CommandScene &scene, qint32 before, qint64 emptyAt);

/// Whether the worker's status is the command's doing.
bool provesPickUp(const TrackedCommand &command, const Worker &worker, qint64 drainNoteAt);
bool drains(WorkerStatus status);
/// Whether a worker with this status does what the command asks of it. Where a drain is a pause, it says so.
bool obeys(const CommandEntry &entry, WorkerStatus status);
/// So much later than the drain timeout a worker that still stays is overdue: it looks at its sessions once a second, and takes
/// its time to close them.
constexpr qint64 overdueGraceMs = 2'000;

} // namespace pulsedeck
