// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/stagejudge.h"

#include "models/commands/pickupjudge.h"
#include "models/fleet/pastends.h"

#include <limits>

namespace pulsedeck {

namespace {

// A command that is read in the last moment shows as draining a little after its key has run out.
constexpr qint64 unreadGraceMs = 1'500;
// A worker that reads its command deletes the key and writes its status, which may be read in two parts.
constexpr qint64 vanishGraceMs = 2'500;
// What vanishes so shortly before its end has run out: the two clocks and the reading of PTTL are not finer than that.
constexpr qint64 ranOutSlackMs = 500;
// A worker whose time is over goes a little before or after the console counts it so.
constexpr qint64 timeOverSlackMs = 1'000;

bool isProcessGone(const Worker &worker)
{
    return worker.flags.testAnyFlags(WorkerFlag::NoListener | WorkerFlag::Silent);
}

void takeNote(TrackedCommand &command, CommandNote note, Judgement &judgement)
{
    judgement.changed = judgement.changed || command.entry.note != note;
    command.entry.setNote(note);
}

Judgement overdue(TrackedCommand &command, qint64 now, Judgement judgement)
{
    command.entry.overdueAt = now;
    judgement.stage = CommandStage::Overdue;
    return judgement;
}

/// One that never had any was empty from the start.
Judgement takeSessions(TrackedCommand &command, const CommandScene &scene)
{
    const qint64 emptyAt = command.sessionsHigh > 0 ? scene.now : command.entry.pickedUpAt;
    return takeWork(command, scene, command.sessionsHigh, emptyAt);
}

/// The command key's time is over, and no pick-up was seen.
Judgement judgeRunOut(TrackedCommand &command, const CommandScene &scene, Judgement judgement)
{
    CommandEntry &entry = command.entry;
    if (!command.wasDraining || (entry.receivers <= 0 && !entry.theirs)) {
        judgement.stage = CommandStage::ExpiredUnread;
        judgement.at = entry.commandUntil;
        return judgement;
    }
    if (entry.stage == CommandStage::Overdue)
        return judgement;
    takeNote(command, CommandNote::ReadUnseen, judgement);
    if (scene.now >= entry.writtenAt + scene.source.drainTimeout + overdueGraceMs)
        return overdue(command, scene.now, judgement);
    return judgement;
}

/// It has been written and nothing proves yet that it was read.
Judgement judgeUnread(TrackedCommand &command, const CommandScene &scene, Judgement judgement)
{
    CommandEntry &entry = command.entry;
    if (scene.worker.command == CommandState::Shutdown) {
        command.keySeen = true;
        command.vanishedAt = 0;
        if (entry.theirs)
            entry.commandUntil = scene.worker.commandUntil;
    } else if (command.keySeen && command.vanishedAt == 0) {
        command.vanishedAt = scene.now;
    }
    // What a withdrawal found out comes with its answer.
    if (scene.withdrawalUnderWay)
        return judgement;
    const qint64 seenGoneAt = command.vanishedAt > 0 ? command.vanishedAt : scene.now;
    const bool ranOut = entry.commandUntil > 0 && seenGoneAt >= entry.commandUntil - ranOutSlackMs;
    const qint64 late = scene.source.sweepMs;
    if (ranOut) {
        if (scene.source.live && scene.now >= entry.commandUntil + unreadGraceMs + late)
            return judgeRunOut(command, scene, judgement);
        return judgement;
    }
    if (command.vanishedAt == 0 || !scene.source.live)
        return judgement;
    const bool published = entry.receivers > 0; // Who hears of it so leaves the key alone.
    if (command.wasDraining && published)
        return judgement;
    if (command.wasDraining) {
        entry.setNote(CommandNote::ReadWhileDraining);
        return pickedUp(command, command.vanishedAt);
    }
    if (scene.now >= command.vanishedAt + vanishGraceMs + late) {
        entry.setNote(CommandNote::VanishedUnread);
        judgement.stage = CommandStage::Withdrawn;
        judgement.at = command.vanishedAt;
    }
    return judgement;
}

Judgement judgeShutdown(TrackedCommand &command, const CommandScene &scene)
{
    CommandEntry &entry = command.entry;
    const Worker &worker = scene.worker;
    Judgement judgement = takeSessions(command, scene);
    const bool lost = worker.liveness == Liveness::KeyLost;
    if (command.keyLost != lost) {
        command.keyLost = lost;
        takeNote(command, lost ? CommandNote::KeyLost : CommandNote::KeyLostAndBack, judgement);
    }
    if (judgement.stage)
        return judgement;
    if (entry.pickedUpAt == 0) {
        if (provesPickUp(command, worker, scene.drainNoteAt))
            return pickedUp(command, entry.theirs ? worker.statusSince : qMax(worker.statusSince, entry.writtenAt));
        return judgeUnread(command, scene, judgement);
    }
    const bool saysAvailable = worker.status == WorkerStatus::Available && worker.readAt > entry.pickedUpAt;
    if (saysAvailable && entry.stage != CommandStage::Forgotten) {
        entry.forgottenAt = worker.statusSince > entry.pickedUpAt ? worker.statusSince : scene.now;
        judgement.stage = CommandStage::Forgotten;
        return judgement;
    }
    const bool underway = entry.stage == CommandStage::PickedUp || entry.stage == CommandStage::Emptying;
    if (underway && scene.source.live && scene.now >= entry.pickedUpAt + scene.source.drainTimeout + overdueGraceMs)
        return overdue(command, scene.now, judgement);
    return judgement;
}

Judgement judgeDrain(TrackedCommand &command, const CommandScene &scene)
{
    CommandEntry &entry = command.entry;
    const Worker &worker = scene.worker;
    Judgement judgement;
    if (drains(worker.status)) {
        judgement = takeSessions(command, scene);
        if (!judgement.stage && entry.sessionsLeft <= 0)
            judgement.stage = CommandStage::Done;
        return judgement;
    }
    // What was read before the drain was written says nothing of it.
    if (worker.status != WorkerStatus::Available || worker.readAt <= entry.writtenAt || scene.resumeUnderWay)
        return judgement;
    // Who resumes takes the note of the drain away; a worker that writes its status again leaves it, or makes its key again.
    const bool registeredAgain =
        worker.flags.testFlag(WorkerFlag::DrainUndone) || (worker.returnedAt > 0 && worker.returnedAt >= entry.writtenAt);
    judgement.at = worker.statusSince;
    if (worker.flags.testFlag(WorkerFlag::DrainForgotten)) {
        judgement.at = 0;
        if (entry.stage != CommandStage::Forgotten) {
            entry.forgottenAt = worker.statusSince;
            judgement.stage = CommandStage::Forgotten;
        }
    } else if (registeredAgain) {
        judgement.stage = CommandStage::Undone;
    } else {
        entry.setNote(CommandNote::ByOther);
        judgement.stage = CommandStage::Withdrawn;
    }
    return judgement;
}

} // namespace

bool drains(WorkerStatus status)
{
    return status == WorkerStatus::Draining || status == WorkerStatus::ShuttingDown;
}

bool obeys(const CommandEntry &entry, WorkerStatus status)
{
    return drains(status) || (entry.command.act == Act::Drain && status == WorkerStatus::Paused);
}

Judgement takeWork(TrackedCommand &command, const CommandScene &scene, qint32 before, qint64 emptyAt)
{
    Judgement judgement;
    CommandEntry &entry = command.entry;
    const qint32 active = scene.worker.activeSessions;
    const qint32 left = active == unknownValue ? unknownValue : qMax(0, active);
    judgement.changed = left != entry.sessionsLeft;
    entry.sessionsLeft = left;
    if (entry.pickedUpAt == 0 || !obeys(entry, scene.worker.status))
        return judgement;
    command.sessionsHigh = qMax(before, left);
    if (left <= 0 && entry.emptiedAt == 0)
        entry.emptiedAt = emptyAt;
    const bool atStart =
        entry.stage == CommandStage::PickedUp || entry.stage == CommandStage::Written || entry.stage == CommandStage::Announced;
    // A session that has ended shows that it empties. A worker that took a command says so itself, and what it has left is
    // enough.
    if (atStart && left != unknownValue && (isPickedUp(entry) ? left > 0 : left < before))
        judgement.stage = CommandStage::Emptying;
    return judgement;
}

bool provesPickUp(const TrackedCommand &command, const Worker &worker, qint64 drainNoteAt)
{
    if (worker.status == WorkerStatus::ShuttingDown)
        return true;
    if (worker.status != WorkerStatus::Draining || command.wasDraining)
        return false;
    // A drain ordered from a console since: it is not the worker that says so.
    return !worker.flags.testFlag(WorkerFlag::DrainedByOperator)
           || (command.drainNoteBefore > 0 && drainNoteAt == command.drainNoteBefore);
}

Judgement pickedUp(TrackedCommand &command, qint64 at)
{
    command.entry.pickedUpAt = at;
    command.entry.timesFound = command.entry.timesFound || command.restored;
    command.sessionsHigh = command.entry.sessionsLeft;
    return {CommandStage::PickedUp, 0, true};
}

Judgement judgeStage(TrackedCommand &command, const CommandScene &scene)
{
    if (scene.worker.endedAt > 0)
        return scene.worker.endedAt >= command.entry.requestedAt ? judgeGone(command, scene) : Judgement();
    if (isShutdown(command.entry.command.act))
        return judgeShutdown(command, scene);
    return command.entry.command.act == Act::Drain ? judgeDrain(command, scene) : Judgement();
}

Judgement judgeGone(TrackedCommand &command, const CommandScene &scene)
{
    CommandEntry &entry = command.entry;
    const Worker &worker = scene.worker;
    CommandStage stage = CommandStage::Gone;
    // One whose heartbeats are late and that was told may well take its own key away, unless its process is known to be gone.
    const bool heard = entry.pickedUpAt > 0 || entry.receivers > 0;
    if (worker.end == WorkerEnd::KeyRemoved && heard && !isProcessGone(worker)) {
        if (entry.saysNothing())
            entry.setNote(CommandNote::StaleWhenRemoved);
    } else if (worker.end == WorkerEnd::KeyRemoved) {
        stage = CommandStage::Lost;
        entry.setNote(CommandNote::DeadWhenRemoved);
    } else if (worker.end == WorkerEnd::Expired || worker.end == WorkerEnd::Crashed) {
        stage = worker.status == WorkerStatus::ShuttingDown ? CommandStage::Gone : CommandStage::Lost;
    } else if (!isOrderly(worker.end)) {
        entry.setNote(CommandNote::WentUnseen);
    }
    if (command.keyLost)
        entry.setNote(stage == CommandStage::Gone ? CommandNote::None : CommandNote::NeverCameBack);
    command.keyLost = false;
    // It goes by itself when no session is left. What it still had when its time was over, or when it died, was cut.
    const bool timeOver =
        entry.pickedUpAt > 0 && worker.endedAt >= entry.pickedUpAt + scene.source.drainTimeout - timeOverSlackMs;
    if (stage == CommandStage::Lost || timeOver || entry.overdueAt > 0)
        entry.sessionsCut = entry.sessionsLeft;
    else if (worker.activeSessions <= 0 && worker.activeSessions != unknownValue)
        entry.sessionsCut = 0;
    else
        entry.sessionsCut = unknownValue; // Counters are read a moment after they change: the last session may well have ended.
    return {stage, worker.endedAt, true};
}

Judgement judgeAgain(TrackedCommand &command, const CommandScene &scene)
{
    CommandEntry &entry = command.entry;
    const Worker &worker = scene.worker;
    // An announcement waits in the socket of a worker that hangs, longer than the command key lives. Whether others announced
    // theirs is not seen, but the proxy does.
    const bool heard = entry.stage == CommandStage::ExpiredUnread && (entry.receivers > 0 || entry.theirs)
                       && worker.command == CommandState::None;
    if (heard && worker.endedAt == 0 && worker.statusSince >= entry.endedAt && provesPickUp(command, worker, scene.drainNoteAt)) {
        entry.setNote(CommandNote::ReadLate);
        return pickedUp(command, worker.statusSince);
    }
    // An idle one may be gone before anybody sees it drain.
    const bool inOrder = isOrderly(worker.end) || (worker.end == WorkerEnd::KeyRemoved && !isProcessGone(worker));
    if (heard && inOrder && worker.endedAt >= entry.endedAt) {
        entry.setNote(CommandNote::WentLate);
        return judgeGone(command, scene);
    }
    // A worker that was gone is back under the same id, so that it was only its key that was gone.
    const bool wentAway = entry.stage == CommandStage::Gone || entry.stage == CommandStage::Lost;
    if (!wentAway || worker.endedAt > 0 || worker.returnedAt == 0 || worker.returnedAt < entry.endedAt)
        return {};
    entry.sessionsCut = unknownValue;
    entry.setNote(CommandNote::KeyBack);
    command.vanishedAt = 0;
    if (entry.command.act == Act::Drain && worker.flags.testFlag(WorkerFlag::DrainUndone))
        return {CommandStage::Undone, worker.returnedAt, true};
    if (entry.pickedUpAt > 0 && worker.status == WorkerStatus::Available) {
        entry.forgottenAt = worker.returnedAt;
        return {CommandStage::Forgotten, 0, true};
    }
    return {command.before, 0, true};
}

qint64 nextJudgementAt(const TrackedCommand &command, const JudgedSource &source, qint64 now)
{
    const CommandEntry &entry = command.entry;
    if (!entry.isOpen())
        return 0;
    if (entry.stage == CommandStage::Unknown)
        return command.asked ? 0 : command.askAt;
    if (!isShutdown(entry.command.act))
        return 0;
    if (entry.stage == CommandStage::PickedUp || entry.stage == CommandStage::Emptying)
        return entry.pickedUpAt + source.drainTimeout + overdueGraceMs;
    if (entry.stage != CommandStage::Written && entry.stage != CommandStage::Announced)
        return 0;
    constexpr qint64 never = std::numeric_limits<qint64>::max();
    qint64 next = never;
    if (entry.commandUntil > 0) {
        next = entry.commandUntil + unreadGraceMs + source.sweepMs;
        if (next <= now)
            next = qMax(next, entry.writtenAt + source.drainTimeout + overdueGraceMs);
    }
    if (command.vanishedAt > 0 && !(command.wasDraining && entry.receivers > 0))
        next = qMin(next, command.vanishedAt + vanishGraceMs + source.sweepMs);
    return next == never ? 0 : next;
}

} // namespace pulsedeck
