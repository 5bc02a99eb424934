// SPDX-License-Identifier: GPL-3.0-or-later
// Commands to actors of a hub. A hub tells that it has delivered a message, and nothing of what became of it: what the actor
// answers, and whether it stays registered, are all that moves its command further.
#include "models/commands/commandledgerprivate.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

bool CommandLedger::Private::isActor(const Command &command, WorkerHandle handle) const
{
    // Before the store shows it, what is known of its source decides: nothing else has addresses.
    if (handle == noWorker)
        return command.worker.startsWith("@(") || store.sourceStatus(command.source).traits->registers();
    return store.worker(handle).traits->registers();
}

/// Whether news still moves a command that was delivered: its actor may answer minutes later.
bool CommandLedger::Private::awaitsActor(const Slot &slot, CommandProgress::Outcome outcome) const
{
    return slot.entry.stage == CommandStage::Delivered
           && (outcome == CommandProgress::Outcome::Acknowledged || outcome == CommandProgress::Outcome::Refused);
}

void CommandLedger::Private::takeDelivered(quint64 key, Slot &slot, const CommandProgress &progress)
{
    CommandEntry &entry = slot.entry;
    entry.writtenAt = progress.at;
    entry.lookedUpAt = 0;
    entry.text = progress.text;
    CommandGroup &group = groupOf(entry.command, entry.requestedAt);
    group.deliveredAt = qMax(group.deliveredAt, entry.writtenAt);
    setStage(key, slot, CommandStage::Delivered, progress.at);
    // It may have gone while the answer was waited for.
    const Worker *worker = workerOf(slot);
    if (worker && worker->endedAt > 0 && worker->endedAt >= entry.requestedAt)
        settleActor(key, slot, *worker);
}

void CommandLedger::Private::takeAcknowledged(quint64 key, Slot &slot, const CommandProgress &progress)
{
    CommandEntry &entry = slot.entry;
    if (entry.writtenAt == 0)
        entry.writtenAt = progress.at;
    entry.lookedUpAt = 0;
    entry.text = progress.text.isEmpty() ? u"answered by the actor"_s : progress.text;
    if (entry.command.act == Act::Drain) {
        entry.pickedUpAt = progress.at;
        setStage(key, slot, CommandStage::Done, progress.at);
        return;
    }
    pickUp(key, slot, progress.at);
    judge(key, slot);
}

/// Looked up after a lost connection: that an actor is registered or not is all that a hub can tell.
void CommandLedger::Private::foundActor(quint64 key, Slot &slot, const CommandProgress &found)
{
    CommandEntry &entry = slot.entry;
    if (found.keyPresent) {
        // Not an end: it may still answer, or go. But nothing more can be found out, so it stands in nobody's way.
        entry.lookedUpAt = found.at;
        entry.text = u"looked up: it is registered; whether the message reached it cannot be known"_s;
        slot.askAt = 0;
        schedule(key, slot);
        touch(key);
        return;
    }
    const Worker *worker = workerOf(slot);
    if (worker && worker->endedAt > 0) {
        settleActor(key, slot, *worker);
        return;
    }
    entry.text = u"looked up: it is not registered any more; whether by this command is not known"_s;
    setStage(key, slot, CommandStage::Gone, found.at);
}

/// \a worker is registered. Until it answers time alone says nothing.
void CommandLedger::Private::judgeActor(quint64 key, Slot &slot, const Worker &, const Seen &source)
{
    CommandEntry &entry = slot.entry;
    if (!isShutdown(entry.command.act) || entry.stage != CommandStage::PickedUp || !source.live)
        return;
    if (clock.nowMs() < entry.pickedUpAt + source.drainTimeout + overdueGraceMs)
        return;
    entry.overdueAt = clock.nowMs();
    setStage(key, slot, CommandStage::Overdue);
}

/// Its registration has gone.
void CommandLedger::Private::settleActor(quint64 key, Slot &slot, const Worker &worker)
{
    CommandEntry &entry = slot.entry;
    const bool answered = entry.pickedUpAt > 0;
    CommandStage stage = CommandStage::Gone;
    if (worker.end == WorkerEnd::Unseen) {
        entry.text = u"it went unseen; whether by this command is not known"_s;
    } else if (worker.end == WorkerEnd::Expired) {
        // Who said that it goes may let its registration run out; who never answered may have died.
        stage = answered ? CommandStage::Gone : CommandStage::Lost;
        entry.text =
            answered ? u"it had answered; its registration ran out"_s : u"its registration expired, and it had not answered"_s;
    } else if (!answered) {
        entry.text = u"it had not answered; whether it went by this command is not known"_s;
    } else {
        entry.text = u"it had answered"_s;
    }
    entry.lookedUpAt = 0;
    setStage(key, slot, stage, worker.endedAt);
    // An older command that was answered after this one was given is watched by nobody else.
    const quint32 serial = entry.serial;
    const std::set<quint64> others = openBySource.value(entry.command.source);
    for (const quint64 other : others) {
        Slot *one = other == key ? nullptr : openSlot(other);
        if (one && one->entry.serial == serial)
            judge(other, *one);
    }
}

} // namespace pulsedeck
