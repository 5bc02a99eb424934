// SPDX-License-Identifier: GPL-3.0-or-later
// What a source answers: to a command that was sent, and to the question what became of one whose answer was lost.
#include "models/commands/commandledgerprivate.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// A look-up that was not answered is tried again after so long; it only reads.
constexpr qint64 askAgainMs = 5'000;

} // namespace

void CommandLedger::takeProgress(const QList<CommandProgress> &progress)
{
    for (const CommandProgress &one : progress)
        d->take(one);
    d->flush();
}

void CommandLedger::Private::take(const CommandProgress &progress)
{
    const quint64 key = byCommand.value(progress.command);
    Slot *slot = slotOf(key);
    if (!slot || slot->entry.theirs)
        return;
    const bool unknown = slot->entry.stage == CommandStage::Unknown;
    const bool lookedUp = slot->restored && slot->asked && progress.outcome == CommandProgress::Outcome::Found;
    if (lookedUp && !unknown) {
        foundLeft(key, *slot, progress);
        return;
    }
    if (slot->entry.stage != CommandStage::Requested && !unknown && !awaitsActor(*slot, progress.outcome))
        return; // It was answered before.
    using Outcome = CommandProgress::Outcome;
    switch (progress.outcome) {
    case Outcome::Written:
        takeWritten(key, *slot, progress);
        break;
    case Outcome::Done:
        takeDone(key, *slot, progress);
        break;
    case Outcome::TooLate:
        takeTooLate(key, *slot, progress);
        break;
    case Outcome::Refused:
        refuse(key, *slot, progress.refusal, progress.text);
        // Whoever was there first is shown as theirs.
        if (workerOf(*slot))
            notice(slot->entry.handle);
        break;
    case Outcome::Unknown:
        slot->asked = false;
        if (!progress.text.isEmpty())
            slot->entry.text = progress.text;
        slot->askAt = clock.nowMs() + (unknown ? askAgainMs : 0);
        setStage(key, *slot, CommandStage::Unknown);
        schedule(key, *slot);
        break;
    case Outcome::Found:
        if (unknown)
            takeFound(key, *slot, progress);
        break;
    case Outcome::Delivered:
        takeDelivered(key, *slot, progress);
        break;
    case Outcome::Acknowledged:
        takeAcknowledged(key, *slot, progress);
        break;
    }
    // A shutdown that waits to be withdrawn is not judged meanwhile.
    if (Slot *target = openSlot(slot->target))
        judge(slot->target, *target);
}

void CommandLedger::Private::takeWritten(quint64 key, Slot &slot, const CommandProgress &progress)
{
    CommandEntry &entry = slot.entry;
    entry.writtenAt = progress.at;
    entry.commandUntil = progress.at + entry.command.ttlMs;
    entry.text = progress.text;
    if (Watch *mine = watchOf(entry.serial))
        mine->knowCommand(progress.at);
    const bool announced = entry.command.act == Act::ShutdownNow && progress.receivers != unknownValue;
    if (announced) {
        entry.announcedAt = progress.at;
        entry.receivers = progress.receivers;
        if (entry.receivers > 0)
            tell(slot);
    }
    setStage(key, slot, announced ? CommandStage::Announced : CommandStage::Written);
    judge(key, slot);
}

void CommandLedger::Private::takeDone(quint64 key, Slot &slot, const CommandProgress &progress)
{
    CommandEntry &entry = slot.entry;
    entry.writtenAt = progress.at;
    entry.text = progress.text;
    if (entry.command.act == Act::Drain) {
        // The status is the drain itself: that it stands there is its own proof.
        entry.pickedUpAt = progress.at;
        setStage(key, slot, CommandStage::Written);
        judge(key, slot);
        return;
    }
    setStage(key, slot, CommandStage::Done, progress.at);
    if (entry.command.act == Act::Resume) {
        const Watch *mine = watchOf(entry.serial);
        if (Slot *drain = mine ? openSlot(mine->drain) : nullptr)
            setStage(mine->drain, *drain, CommandStage::Withdrawn, progress.at);
    } else if (entry.command.act == Act::Cancel) {
        if (Slot *target = openSlot(slot.target))
            setStage(slot.target, *target, CommandStage::Withdrawn, progress.at);
    }
}

void CommandLedger::Private::takeTooLate(quint64 key, Slot &slot, const CommandProgress &progress)
{
    const bool draining = progress.status == WorkerStatus::Draining || progress.status == WorkerStatus::ShuttingDown;
    slot.entry.text = progress.text;
    if (draining || progress.heard)
        tell(slot);
    if (slot.entry.text.isEmpty()) {
        if (draining)
            slot.entry.text = u"it drains already"_s;
        else if (progress.status == WorkerStatus::Missing)
            slot.entry.text = u"its key is gone"_s;
        else
            slot.entry.text = u"its command key is not there any more"_s;
    }
    setStage(key, slot, CommandStage::TooLate, progress.at);
    if (Slot *target = openSlot(slot.target)) {
        target->entry.tooLateAt = progress.at;
        touch(slot.target);
    }
}

// Looking up ----------------------------------------------------------------------------------------------------------

void CommandLedger::Private::ask(quint64 key, Slot &slot)
{
    slot.asked = true;
    schedule(key, slot);
    const Command &command = slot.entry.command;
    auto place = std::find_if(lookUps.begin(), lookUps.end(), [&](const auto &pair) { return pair.first == command.source; });
    if (place == lookUps.end())
        place = lookUps.insert(lookUps.end(), {command.source, {}});
    place->second.append(command);
}

/// Its key is gone and the store has not said that it ended: it may have been lost, so it is looked up again until one of the two
/// is known.
void CommandLedger::Private::foundNoKey(quint64 key, Slot &slot)
{
    setText(key, slot, u"looked up: its key is gone, which is no end yet"_s);
    slot.askAt = clock.nowMs() + askAgainMs;
    schedule(key, slot);
}

/// Nothing is there that shows that it happened, and it is not tried again.
void CommandLedger::Private::nothingFound(quint64 key, Slot &slot, const QString &text)
{
    refuse(key, slot, Refusal::NotConnected, text);
}

void CommandLedger::Private::takeFound(quint64 key, Slot &slot, const CommandProgress &found)
{
    slot.asked = false;
    CommandEntry &entry = slot.entry;
    if (entry.actor) {
        foundActor(key, slot, found);
        return;
    }
    switch (entry.command.act) {
    case Act::Shutdown:
    case Act::ShutdownNow:
        foundShutdown(key, slot, found);
        break;
    case Act::Drain:
        foundDrain(key, slot, found);
        break;
    case Act::Cancel:
        foundCancel(key, slot, found);
        break;
    case Act::Resume:
        if (!found.keyPresent) {
            refuse(key, slot, Refusal::KeyGone, u"looked up: its key is gone"_s);
        } else if (found.status == WorkerStatus::Available) {
            entry.text = u"looked up: it is available"_s;
            setStage(key, slot, CommandStage::Done, found.at);
        } else {
            nothingFound(key, slot, u"looked up: it was not resumed"_s);
        }
        break;
    case Act::Reap: {
        const Worker *worker = workerOf(slot);
        if (found.keyPresent) {
            refuse(key, slot, Refusal::KeyBack, u"looked up: its key is there"_s);
        } else if (worker && worker->flags.testFlag(WorkerFlag::CountersLeft)) {
            nothingFound(key, slot, u"looked up: its counters are still there"_s);
        } else {
            entry.text = u"looked up: its counters are gone"_s;
            setStage(key, slot, CommandStage::Done, found.at);
        }
        break;
    }
    case Act::RemoveKey:
        if (found.keyPresent) {
            nothingFound(key, slot, u"looked up: its key is still there"_s);
        } else {
            entry.text = u"looked up: its key is gone"_s;
            setStage(key, slot, CommandStage::Done, found.at);
        }
        break;
    }
}

/// Of an earlier run's command that had been answered, and whose worker is in no view any more.
void CommandLedger::Private::foundLeft(quint64 key, Slot &slot, const CommandProgress &found)
{
    slot.asked = false;
    CommandEntry &entry = slot.entry;
    if (found.keyPresent || !entry.isOpen())
        return; // It is there after all: what it shows is judged as ever.
    const PastEnd *past = store.pastEnd(entry.command.source, entry.command.worker);
    const bool wasSeen = past && past->at >= entry.requestedAt;
    if (!wasSeen)
        entry.text = u"it went while no console looked"_s;
    entry.timesFound = entry.timesFound || !wasSeen;
    const bool died = wasSeen && !isOrderly(past->end);
    setStage(key, slot, died ? CommandStage::Lost : CommandStage::Gone, wasSeen ? past->at : found.at);
}

void CommandLedger::Private::foundShutdown(quint64 key, Slot &slot, const CommandProgress &found)
{
    CommandEntry &entry = slot.entry;
    const bool draining = found.status == WorkerStatus::Draining || found.status == WorkerStatus::ShuttingDown;
    // PTTL may be read a moment after the key was set, never before.
    const bool maybeOurs = found.commandPresent && found.commandTtl != unknownValue && found.commandTtl >= 0
                           && found.commandTtl <= entry.command.ttlMs;
    const Worker *worker = workerOf(slot);
    if (!found.keyPresent) {
        if (worker && worker->endedAt > 0) {
            settleGone(key, slot, *worker);
        } else if (worker) {
            foundNoKey(key, slot);
        } else {
            entry.text = u"looked up: its key is gone; whether by this command is not known"_s;
            setStage(key, slot, CommandStage::Gone, found.at);
        }
        return;
    }
    if (found.commandPresent && !maybeOurs && !draining) {
        refuse(key, slot, Refusal::AlreadyCommanded, u"looked up: a command of somebody else is there"_s);
        if (worker)
            notice(entry.handle);
        return;
    }
    const bool operatorDrains = worker && worker->flags.testFlag(WorkerFlag::DrainedByOperator);
    const bool proof = found.status == WorkerStatus::ShuttingDown
                       || (draining && !slot.wasDraining && (!operatorDrains || (worker && provesPickUp(slot, *worker))));
    if (maybeOurs || proof) {
        entry.timesFound = true;
        entry.writtenAt = entry.writtenAt > 0 ? entry.writtenAt : found.at;
        entry.commandUntil = found.commandPresent ? found.at + found.commandTtl : 0;
        slot.keySeen = found.commandPresent;
        if (Watch *mine = watchOf(entry.serial)) {
            mine->commandKnown = false;
            if (found.commandPresent)
                mine->knowCommand(found.at);
        }
        if (entry.command.act == Act::ShutdownNow)
            tell(slot); // It may have been announced.
        entry.text = proof ? u"looked up: it drains; whether by this command is not known"_s
                           : u"looked up: a shutdown command is there; it may be this one"_s;
        setStage(key, slot, CommandStage::Written);
        if (proof)
            pickUp(key, slot, found.at);
        judge(key, slot);
        return;
    }
    if (draining) {
        tell(slot);
        nothingFound(key, slot,
                     u"looked up: it was draining already, so that it cannot be told whether it was told to shut down"_s);
    } else if (found.at >= entry.requestedAt + entry.command.ttlMs) {
        entry.text = u"looked up: nothing is there, and its time is over"_s;
        setStage(key, slot, CommandStage::ExpiredUnread, found.at);
    } else {
        nothingFound(key, slot, u"looked up: nothing was found; it was not written or is withdrawn"_s);
    }
}

void CommandLedger::Private::foundDrain(quint64 key, Slot &slot, const CommandProgress &found)
{
    CommandEntry &entry = slot.entry;
    const bool draining = found.status == WorkerStatus::Draining || found.status == WorkerStatus::ShuttingDown;
    const Worker *worker = workerOf(slot);
    if (!found.keyPresent) {
        if (worker && worker->endedAt > 0) {
            settleGone(key, slot, *worker);
        } else if (worker) {
            foundNoKey(key, slot);
        } else {
            entry.text = u"looked up: its key is gone; whether it drained first is not known"_s;
            setStage(key, slot, CommandStage::Gone, found.at);
        }
    } else if (found.ownDrain && draining) {
        // When it was written the key says; that it is written is all there is to a drain.
        const qint64 writtenAt = entry.command.issuedAt > 0 ? qMin(clock.fromWall(entry.command.issuedAt), found.at) : found.at;
        entry.timesFound = true;
        entry.writtenAt = writtenAt;
        entry.pickedUpAt = writtenAt;
        entry.text = u"looked up: it drains by this command"_s;
        setStage(key, slot, CommandStage::Written);
        judge(key, slot);
    } else if (found.ownDrain) {
        entry.text = u"looked up: it was drained, and was resumed"_s;
        setStage(key, slot, CommandStage::Withdrawn, found.at);
    } else if (draining) {
        refuse(key, slot, Refusal::NotAvailable, u"looked up: it drains, but not by this command"_s);
    } else {
        nothingFound(key, slot, u"looked up: nothing was found; it was not drained or is resumed"_s);
    }
}

void CommandLedger::Private::foundCancel(quint64 key, Slot &slot, const CommandProgress &found)
{
    CommandEntry &entry = slot.entry;
    const bool draining = found.status == WorkerStatus::Draining || found.status == WorkerStatus::ShuttingDown;
    Slot *target = openSlot(slot.target);
    if (found.commandPresent && !draining) {
        nothingFound(key, slot, u"looked up: the command is still there"_s);
        return;
    }
    const bool ranOut = entry.command.commandUntil > 0 && found.at >= entry.command.commandUntil;
    if (found.keyPresent && !draining && !ranOut) {
        entry.text = u"looked up: the command is not there any more"_s;
        setStage(key, slot, CommandStage::Done, found.at);
        if (target)
            setStage(slot.target, *target, CommandStage::Withdrawn, found.at);
        return;
    }
    takeTooLate(key, slot, found);
}

} // namespace pulsedeck
