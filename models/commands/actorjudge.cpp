// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/actorjudge.h"

namespace pulsedeck {

namespace {

/// Its registration has gone.
Judgement judgeUnregistered(TrackedCommand &command, const Worker &worker)
{
    CommandEntry &entry = command.entry;
    const bool answered = entry.pickedUpAt > 0;
    CommandStage stage = CommandStage::Gone;
    if (worker.end == WorkerEnd::Unseen) {
        entry.setNote(CommandNote::WentUnseen);
    } else if (worker.end == WorkerEnd::Expired) {
        // Who said that it goes may let its registration run out; who never answered may have died.
        stage = answered ? CommandStage::Gone : CommandStage::Lost;
        entry.setNote(answered ? CommandNote::RegistrationRanOut : CommandNote::ExpiredUnanswered);
    } else {
        entry.setNote(answered ? CommandNote::WentAnswered : CommandNote::WentUnanswered);
    }
    entry.lookedUpAt = 0;
    return {stage, worker.endedAt, true};
}

} // namespace

Judgement judgeActor(TrackedCommand &command, const CommandScene &scene)
{
    CommandEntry &entry = command.entry;
    if (scene.worker.endedAt > 0)
        return scene.worker.endedAt >= entry.requestedAt ? judgeUnregistered(command, scene.worker) : Judgement();
    // Until it answers time alone says nothing.
    if (!isShutdown(entry.command.act) || entry.stage != CommandStage::PickedUp || !scene.source.live)
        return {};
    if (scene.now < entry.pickedUpAt + scene.source.drainTimeout + overdueGraceMs)
        return {};
    entry.overdueAt = scene.now;
    return {CommandStage::Overdue, 0, true};
}

Judgement judgeActorAgain(TrackedCommand &command, const CommandScene &scene)
{
    const CommandEntry &entry = command.entry;
    const bool went = scene.worker.endedAt > 0 && scene.worker.endedAt >= entry.requestedAt;
    return entry.stage == CommandStage::Delivered && went ? judgeUnregistered(command, scene.worker) : Judgement();
}

Judgement judgeActorAnswer(TrackedCommand &command, const CommandProgress &progress)
{
    CommandEntry &entry = command.entry;
    const bool delivered = progress.outcome == CommandProgress::Outcome::Delivered;
    if (delivered || entry.writtenAt == 0)
        entry.writtenAt = progress.at;
    entry.lookedUpAt = 0;
    entry.setRemark(progress);
    if (delivered)
        return {CommandStage::Delivered, progress.at, true};
    if (entry.saysNothing())
        entry.setNote(CommandNote::Answered);
    if (entry.command.act != Act::Drain)
        return pickedUp(command, progress.at);
    entry.pickedUpAt = progress.at;
    return {CommandStage::Done, progress.at, true};
}

Judgement judgeActorFound(TrackedCommand &command, const CommandProgress &found, const Worker *worker)
{
    CommandEntry &entry = command.entry;
    if (found.keyPresent) {
        // Not an end: it may still answer, or go. But nothing more can be found out, so it blocks no other command.
        entry.lookedUpAt = found.at;
        entry.setNote(CommandNote::FoundRegistered);
        command.askAt = 0;
        return {{}, 0, true};
    }
    if (worker && worker->endedAt > 0)
        return judgeUnregistered(command, *worker);
    entry.setNote(CommandNote::FoundUnregistered);
    return {CommandStage::Gone, found.at, true};
}

} // namespace pulsedeck
