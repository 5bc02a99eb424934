// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/pickupjudge.h"

#include "models/fleet/pastends.h"

#include <limits>

namespace pulsedeck {

namespace {

// The source asks for the proof a few times a second, and its last answer may be on its way.
constexpr qint64 lastAnswerMs = 1'500;
// A beat shows what happened at some time before it.
constexpr qint64 drainSlackMs = 5'000;

const ActTraits &traitsOf(const CommandEntry &entry)
{
    return entry.traits->of(entry.command.act);
}

bool isDrain(const CommandEntry &entry)
{
    return entry.command.act == Act::Drain;
}

/// Nothing of the worker shows more than that it was taken.
bool endsWhenTaken(const CommandEntry &entry)
{
    return !isDrain(entry) && !isShutdown(entry.command.act) && entry.command.act != Act::Resume;
}

/// When a worker that took it is seen to drain at the latest; 0 if that is not known.
qint64 drainsBy(const CommandEntry &entry)
{
    const qint32 within = traitsOf(entry).drainingMs;
    return within > 0 ? entry.pickedUpAt + within + drainSlackMs : 0;
}

qint64 overdueAt(const CommandEntry &entry, const JudgedSource &source)
{
    const qint32 after = traitsOf(entry).overdueMs;
    return entry.pickedUpAt + (after > 0 ? after : source.drainTimeout + overdueGraceMs);
}

Judgement lateStage(TrackedCommand &command, CommandNote note, qint64 now)
{
    CommandEntry &entry = command.entry;
    entry.overdueAt = now;
    if (note != CommandNote::None)
        entry.setNote(note);
    return {CommandStage::Overdue, 0, true};
}

/// It was taken.
Judgement judgeObeying(TrackedCommand &command, const CommandScene &scene)
{
    CommandEntry &entry = command.entry;
    const Worker &worker = scene.worker;
    if (endsWhenTaken(entry))
        return {CommandStage::Done, entry.pickedUpAt, true};
    if (entry.command.act == Act::Resume) {
        const bool resumed = !drains(worker.status) && worker.status != WorkerStatus::Paused;
        if (!resumed || worker.readAt <= entry.writtenAt)
            return {};
        if (entry.note == CommandNote::TakenOrWithdrawn)
            entry.setNote(CommandNote::None);
        return {CommandStage::Done, 0, true};
    }
    const bool knowsStatus = entry.traits->has(SourceFact::StatusWord);
    const bool draining = obeys(entry, worker.status);
    if (draining && entry.pickedUpAt > 0) {
        command.drainSeen = true;
        if (entry.note == CommandNote::TakenOrWithdrawn)
            entry.setNote(CommandNote::None); // It was taken.
    }
    // It may have finished some of it between the command and its pick-up.
    Judgement judgement = takeWork(command, scene, qMax(command.sessionsHigh, entry.sessionsBefore), scene.now);
    // What was known of it when the command was requested may be as old as its last beat.
    if (draining && entry.pickedUpAt > 0 && entry.sessionsLeft > qMax(0, entry.sessionsBefore)) {
        entry.sessionsBefore = entry.sessionsLeft;
        judgement.changed = true;
    }
    if (judgement.stage)
        return judgement;
    if (isDrain(entry) && (draining || !knowsStatus)) {
        // Without a word for it that it was taken is all that is ever seen.
        if (!knowsStatus || entry.sessionsLeft <= 0)
            judgement.stage = CommandStage::Done;
        return judgement;
    }
    const bool late = entry.stage == CommandStage::Overdue || entry.stage == CommandStage::Forgotten;
    if (!scene.source.live || late)
        return judgement;
    const bool works = worker.status == WorkerStatus::Available || worker.status == WorkerStatus::Busy;
    if (isDrain(entry) && works && command.drainSeen && worker.readAt > entry.pickedUpAt) {
        if (scene.resumeUnderWay)
            return judgement;
        if (entry.traits->resumesUnmarked()) {
            entry.setNote(CommandNote::ResumedOrBegan);
            judgement.stage = CommandStage::Withdrawn;
            judgement.at = worker.statusSince;
            return judgement;
        }
        entry.forgottenAt = worker.statusSince > entry.pickedUpAt ? worker.statusSince : scene.now;
        judgement.stage = CommandStage::Forgotten;
        return judgement;
    }
    if (isDrain(entry)) {
        const qint64 by = drainsBy(entry);
        if (by == 0 || scene.now < by + scene.source.sweepMs)
            return judgement;
        const bool sure = entry.note != CommandNote::TakenOrWithdrawn;
        return lateStage(command, sure ? CommandNote::TakenNotDraining : CommandNote::None, scene.now);
    }
    if (scene.now >= overdueAt(entry, scene.source))
        return lateStage(command, CommandNote::None, scene.now);
    return judgement;
}

Judgement judgeWaiting(TrackedCommand &command, const CommandScene &scene)
{
    CommandEntry &entry = command.entry;
    const Worker &worker = scene.worker;
    const bool asksToGo = isDrain(entry) || isShutdown(entry.command.act);
    const bool shows = worker.status == WorkerStatus::ShuttingDown || (obeys(entry, worker.status) && !command.wasDraining);
    if (asksToGo && shows && worker.readAt > entry.writtenAt)
        return pickedUp(command, qMax(worker.statusSince, entry.writtenAt));
    if (scene.withdrawalUnderWay || !scene.source.live || entry.commandUntil == 0)
        return {};
    if (scene.now >= entry.commandUntil + lastAnswerMs + scene.source.sweepMs)
        return {CommandStage::ExpiredUnread, entry.commandUntil, true};
    return {};
}

/// Its worker has gone: that is what a shutdown is for, and nothing else.
Judgement judgeLeft(TrackedCommand &command, const CommandScene &scene)
{
    CommandEntry &entry = command.entry;
    if (entry.note == CommandNote::TakenOrWithdrawn)
        entry.setNote(CommandNote::None);
    if (isShutdown(entry.command.act) || (isDrain(entry) && entry.pickedUpAt > 0))
        return judgeGone(command, scene);
    entry.setNote(isOrderly(scene.worker.end) ? CommandNote::WentUnread : CommandNote::DiedUnread);
    return {CommandStage::Lost, scene.worker.endedAt, true};
}

} // namespace

bool isPickedUp(const CommandEntry &entry)
{
    return entry.command.scope == ActScope::Worker && traitsOf(entry).proof == ActProof::PickUp;
}

Judgement judgePickUp(TrackedCommand &command, const CommandScene &scene)
{
    const CommandEntry &entry = command.entry;
    // What was taken is done, whatever became of the worker since.
    if (entry.pickedUpAt > 0 && endsWhenTaken(entry))
        return {CommandStage::Done, entry.pickedUpAt, true};
    if (scene.worker.endedAt > 0)
        return scene.worker.endedAt >= entry.requestedAt ? judgeLeft(command, scene) : Judgement();
    return entry.pickedUpAt > 0 ? judgeObeying(command, scene) : judgeWaiting(command, scene);
}

Judgement judgePickUpAgain(TrackedCommand &command, const CommandScene &scene)
{
    CommandEntry &entry = command.entry;
    const Worker &worker = scene.worker;
    const bool unread = entry.stage == CommandStage::ExpiredUnread || entry.stage == CommandStage::NotObeyed;
    if (unread && (isDrain(entry) || isShutdown(entry.command.act)) && !command.wasDraining) {
        if (worker.endedAt == 0 && obeys(entry, worker.status) && worker.statusSince >= entry.writtenAt) {
            entry.setNote(CommandNote::TakenUnseen);
            return pickedUp(command, worker.statusSince);
        }
        if (isShutdown(entry.command.act) && isOrderly(worker.end) && worker.endedAt >= entry.endedAt) {
            entry.setNote(CommandNote::TakenUnseen);
            return judgeGone(command, scene);
        }
    }
    // A worker that was gone is back under the same id.
    const bool wentAway = entry.stage == CommandStage::Gone || entry.stage == CommandStage::Lost;
    if (!wentAway || worker.endedAt > 0 || worker.returnedAt == 0 || worker.returnedAt < entry.endedAt)
        return {};
    entry.sessionsCut = unknownValue;
    entry.setNote(CommandNote::KeyBack);
    return {command.before, 0, true};
}

Judgement judgePickUpNews(TrackedCommand &command, const CommandProgress &progress, const Worker *worker)
{
    CommandEntry &entry = command.entry;
    if (entry.writtenAt == 0 || entry.pickedUpAt > 0)
        return {};
    const bool waits = entry.stage == CommandStage::Written || entry.stage == CommandStage::Announced;
    if (progress.outcome == CommandProgress::Outcome::PickedUp) {
        if (!waits && entry.stage != CommandStage::ExpiredUnread && entry.stage != CommandStage::NotObeyed)
            return {};
        if (!waits || entry.note == CommandNote::FoundWaiting || progress.note != CommandNote::None)
            entry.setNote(progress.note);
        return pickedUp(command, progress.at);
    }
    if (!waits)
        return {};
    const bool idle = worker && worker->status != WorkerStatus::Busy && worker->activeSessions <= 0;
    entry.setNote(idle ? CommandNote::HeardAndDeaf : CommandNote::HeardNotObeyed);
    return {CommandStage::NotObeyed, progress.at, true};
}

Judgement judgePickUpFound(TrackedCommand &command, const CommandProgress &found, const LookupScene &scene)
{
    CommandEntry &entry = command.entry;
    const auto settled = [&entry](CommandStage stage, CommandNote note, qint64 at) {
        entry.setNote(note);
        return Judgement{stage, at, true};
    };
    const bool asksToGo = isDrain(entry) || isShutdown(entry.command.act);
    if (scene.worker && scene.worker->endedAt > 0)
        return judgeLeft(command, {*scene.worker, scene.source, scene.now});
    if (found.commandPresent) {
        entry.timesFound = true;
        entry.writtenAt = entry.writtenAt > 0 ? entry.writtenAt : found.at;
        if (found.commandTtl != unknownValue)
            entry.commandUntil = found.at + found.commandTtl;
        return settled(CommandStage::Written, CommandNote::FoundWaiting, 0);
    }
    const bool shows = asksToGo && scene.worker && obeys(entry, scene.worker->status) && !command.wasDraining;
    if (found.pickedUp || shows) {
        entry.timesFound = true;
        entry.writtenAt = entry.writtenAt > 0 ? entry.writtenAt : found.at;
        entry.setNote(CommandNote::FoundPickedUp);
        return pickedUp(command, found.at);
    }
    if (!found.keyPresent && asksToGo) {
        if (!scene.worker)
            return settled(CommandStage::Gone, CommandNote::FoundGone, found.at);
        // The store does not say yet that it ended.
        const bool news = entry.note != CommandNote::FoundNoKeyYet;
        entry.setNote(CommandNote::FoundNoKeyYet);
        command.askAt = scene.now + askAgainMs;
        return {{}, 0, news};
    }
    if (entry.writtenAt > 0 && entry.commandUntil > 0 && found.at >= entry.commandUntil)
        return settled(CommandStage::ExpiredUnread, CommandNote::TakenUnseen, entry.commandUntil);
    entry.refusal = Refusal::NotConnected;
    return settled(CommandStage::Refused, CommandNote::FoundTakenOrNot, 0);
}

qint64 nextPickUpAt(const TrackedCommand &command, const JudgedSource &source)
{
    const CommandEntry &entry = command.entry;
    if (!entry.isOpen())
        return 0;
    if (entry.stage == CommandStage::Unknown)
        return command.asked ? 0 : command.askAt;
    if (entry.pickedUpAt > 0) {
        const bool underway = entry.stage == CommandStage::PickedUp || entry.stage == CommandStage::Emptying;
        if (!underway)
            return 0;
        if (isDrain(entry))
            return drainsBy(entry) > 0 && !command.drainSeen ? drainsBy(entry) + source.sweepMs : 0;
        return isShutdown(entry.command.act) ? overdueAt(entry, source) : 0;
    }
    const bool waits = entry.stage == CommandStage::Written || entry.stage == CommandStage::Announced;
    return waits && entry.commandUntil > 0 ? entry.commandUntil + lastAnswerMs + source.sweepMs : 0;
}

} // namespace pulsedeck
