// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/lookupjudge.h"

#include "models/fleet/pastends.h"

namespace pulsedeck {

namespace {

Judgement settled(TrackedCommand &command, CommandStage stage, CommandNote note, qint64 at)
{
    command.entry.setNote(note);
    return {stage, at, true};
}

Judgement refused(TrackedCommand &command, Refusal refusal, CommandNote note)
{
    command.entry.refusal = refusal;
    return settled(command, CommandStage::Refused, note, 0);
}

/// Nothing is there that shows that it happened.
Judgement notFound(TrackedCommand &command, CommandNote note)
{
    return refused(command, Refusal::NotConnected, note);
}

/// Its key is gone. Where the store has not said that its worker ended it may have been lost, so it is looked up again until one
/// of the two is known.
Judgement foundNoKey(TrackedCommand &command, const CommandProgress &found, const LookupScene &scene, CommandNote note)
{
    if (!scene.worker)
        return settled(command, CommandStage::Gone, note, found.at);
    if (scene.worker->endedAt > 0)
        return judgeGone(command, {*scene.worker, scene.source, scene.now, scene.drainNoteAt});
    const bool news = command.entry.note != CommandNote::FoundNoKeyYet;
    command.entry.setNote(CommandNote::FoundNoKeyYet);
    command.askAt = scene.now + askAgainMs;
    return {{}, 0, news};
}

Judgement foundShutdown(TrackedCommand &command, const CommandProgress &found, const LookupScene &scene)
{
    CommandEntry &entry = command.entry;
    if (!found.keyPresent)
        return foundNoKey(command, found, scene, CommandNote::FoundGone);
    const bool draining = drains(found.status);
    // PTTL may be read a moment after the key was set, never before.
    const bool maybeOurs = found.commandPresent && found.commandTtl != unknownValue && found.commandTtl >= 0
                           && found.commandTtl <= entry.command.ttlMs;
    if (found.commandPresent && !maybeOurs && !draining)
        return refused(command, Refusal::AlreadyCommanded, CommandNote::FoundOtherCommand);
    const bool operatorDrains = scene.worker && scene.worker->flags.testFlag(WorkerFlag::DrainedByOperator);
    const bool proof = found.status == WorkerStatus::ShuttingDown
                       || (draining && !command.wasDraining
                           && (!operatorDrains || (scene.worker && provesPickUp(command, *scene.worker, scene.drainNoteAt))));
    if (maybeOurs || proof) {
        entry.timesFound = true;
        entry.writtenAt = entry.writtenAt > 0 ? entry.writtenAt : found.at;
        entry.commandUntil = found.commandPresent ? found.at + found.commandTtl : 0;
        command.keySeen = found.commandPresent;
        if (!proof)
            return settled(command, CommandStage::Written, CommandNote::FoundCommand, 0);
        entry.setNote(CommandNote::FoundDraining);
        return pickedUp(command, found.at);
    }
    if (draining)
        return notFound(command, CommandNote::FoundDrainingBefore);
    if (found.at >= entry.requestedAt + entry.command.ttlMs)
        return settled(command, CommandStage::ExpiredUnread, CommandNote::FoundTimeOver, found.at);
    return notFound(command, CommandNote::FoundNoCommand);
}

Judgement foundDrain(TrackedCommand &command, const CommandProgress &found, const LookupScene &scene)
{
    CommandEntry &entry = command.entry;
    const bool draining = drains(found.status);
    if (!found.keyPresent)
        return foundNoKey(command, found, scene, CommandNote::FoundDrainedOrGone);
    if (found.ownDrain && draining) {
        // When it was written the key says; that it is written is all there is to a drain.
        const qint64 writtenAt = scene.drainWrittenAt > 0 ? qMin(scene.drainWrittenAt, found.at) : found.at;
        entry.timesFound = true;
        entry.writtenAt = writtenAt;
        entry.pickedUpAt = writtenAt;
        return settled(command, CommandStage::Written, CommandNote::FoundOwnDrain, 0);
    }
    if (found.ownDrain)
        return settled(command, CommandStage::Withdrawn, CommandNote::FoundResumed, found.at);
    if (draining)
        return refused(command, Refusal::NotAvailable, CommandNote::FoundOtherDrain);
    return notFound(command, CommandNote::FoundNoDrain);
}

Judgement foundResume(TrackedCommand &command, const CommandProgress &found, const LookupScene &)
{
    if (!found.keyPresent)
        return refused(command, Refusal::KeyGone, CommandNote::FoundKeyGone);
    if (found.status == WorkerStatus::Available)
        return settled(command, CommandStage::Done, CommandNote::FoundAvailable, found.at);
    return notFound(command, CommandNote::FoundNotResumed);
}

Judgement foundCancel(TrackedCommand &command, const CommandProgress &found, const LookupScene &)
{
    const bool draining = drains(found.status);
    if (found.commandPresent && !draining)
        return notFound(command, CommandNote::FoundStillThere);
    const qint64 until = command.entry.command.commandUntil;
    const bool ranOut = until > 0 && found.at >= until;
    if (found.keyPresent && !draining && !ranOut)
        return settled(command, CommandStage::Done, CommandNote::FoundWithdrawn, found.at);
    return judgeTooLate(command, found);
}

Judgement foundReap(TrackedCommand &command, const CommandProgress &found, const LookupScene &scene)
{
    if (found.keyPresent)
        return refused(command, Refusal::KeyBack, CommandNote::FoundKey);
    if (scene.worker && scene.worker->flags.testFlag(WorkerFlag::CountersLeft))
        return notFound(command, CommandNote::FoundCountersLeft);
    return settled(command, CommandStage::Done, CommandNote::FoundCountersGone, found.at);
}

Judgement foundRemoveKey(TrackedCommand &command, const CommandProgress &found, const LookupScene &)
{
    if (found.keyPresent)
        return notFound(command, CommandNote::FoundKeyLeft);
    return settled(command, CommandStage::Done, CommandNote::FoundKeyGone, found.at);
}

/// Of acts that change nothing of a worker that could be seen: what they left is there, or it was taken, or it was never written.
Judgement foundWritten(TrackedCommand &command, const CommandProgress &found, const LookupScene &)
{
    if (found.commandPresent)
        return settled(command, CommandStage::Done, CommandNote::FoundAsWritten, found.at);
    return notFound(command, CommandNote::FoundNotWritten);
}

} // namespace

Judgement judgeFound(TrackedCommand &command, const CommandProgress &found, const LookupScene &scene)
{
    switch (actRow(command.entry.command.act).proof) {
    case Proof::Gone:
        return foundShutdown(command, found, scene);
    case Proof::Draining:
        return foundDrain(command, found, scene);
    case Proof::Available:
        return foundResume(command, found, scene);
    case Proof::CommandGone:
        return foundCancel(command, found, scene);
    case Proof::CountersGone:
        return foundReap(command, found, scene);
    case Proof::KeyGone:
        return foundRemoveKey(command, found, scene);
    case Proof::Taken:
    case Proof::Written:
        return foundWritten(command, found, scene);
    }
    return {};
}

Judgement judgeFoundLeft(TrackedCommand &command, const CommandProgress &found, const PastEnd *past)
{
    CommandEntry &entry = command.entry;
    if (found.keyPresent || !entry.isOpen())
        return {}; // It is there after all: what it shows is judged as ever.
    const bool wasSeen = past && past->at >= entry.requestedAt;
    if (!wasSeen)
        entry.setNote(CommandNote::WentUnwatched);
    entry.timesFound = entry.timesFound || !wasSeen;
    const bool died = wasSeen && !isOrderly(past->end);
    return {died ? CommandStage::Lost : CommandStage::Gone, wasSeen ? past->at : found.at, true};
}

Judgement judgeTooLate(TrackedCommand &command, const CommandProgress &progress)
{
    CommandEntry &entry = command.entry;
    entry.setRemark(progress);
    if (entry.saysNothing()) {
        entry.setNote(drains(progress.status)                    ? CommandNote::DrainsAlready
                      : progress.status == WorkerStatus::Missing ? CommandNote::KeyGone
                                                                 : CommandNote::CommandKeyGone);
    }
    return {CommandStage::TooLate, progress.at, true};
}

} // namespace pulsedeck
