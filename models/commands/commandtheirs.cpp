// SPDX-License-Identifier: GPL-3.0-or-later
// Commands that this console did not give: other operators' and the proxy's, as Redis shows them.
#include "models/commands/commandledgerprivate.h"
#include "models/commands/commandwords.h"

namespace pulsedeck {

namespace {

// A first view may bring thousands at once: more than so many are taken up tick by tick.
constexpr int theirsPerTick = 500;
// What others do in so short a time is one group.
constexpr qint64 theirGroupMs = 10'000;
// So long a drain's note is waited for.
constexpr qint64 noteWaitMs = 3'000;

} // namespace

/// What was put off: each once more, and what has to wait still queues anew.
void CommandLedger::Private::takeUpLater()
{
    theirsLeft = theirsPerTick;
    for (size_t count = later.size(); count > 0 && theirsLeft > 0; --count) {
        const auto [handle, serial] = later.front();
        later.pop_front();
        if (store.worker(handle).used && store.worker(handle).serial == serial)
            look(handle);
    }
}

/// Takes up what this worker shows that is not from here.
void CommandLedger::Private::notice(WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    Watch *mine = watchOf(worker.serial);
    // A sample that was made before the answer and is published after it says nothing of the key that was written.
    if (mine && worker.command != CommandState::None)
        mine->commandShown = true;
    else if (mine && (mine->commandShown || worker.readAt > mine->commandKnownAt))
        mine->commandKnown = mine->commandShown = false;
    const bool operatorDrain = worker.flags.testFlag(WorkerFlag::DrainedByOperator) && worker.status == WorkerStatus::Draining;
    if (mine && !operatorDrain)
        mine->foreignDrain = false;
    if (worker.endedAt > 0)
        return;
    if (historyAwaited || (!stepsAwaited.isEmpty() && stepsAwaited.contains({store.sourceName(worker.source), worker.id}))) {
        later.emplace_back(handle, worker.serial);
        return;
    }
    bool newCommand = worker.command == CommandState::Shutdown && !(mine && mine->commandKnown);
    // Until ours is answered nobody can say whose key it is.
    if (const Slot *shutdown = mine && newCommand ? openSlot(mine->shutdown) : nullptr)
        newCommand = shutdown->entry.stage != CommandStage::Requested && shutdown->entry.stage != CommandStage::Unknown;
    bool newDrain = operatorDrain && !(mine && mine->foreignDrain);
    const qint64 drainedAt = newDrain ? store.drainNote(handle).at : 0;
    // The note is read a moment after the status, and says whose drain it is.
    const bool early = newDrain && drainedAt == 0 && clock.nowMs() < worker.statusSince + noteWaitMs;
    if (const Slot *drain = mine && newDrain ? slotOf(mine->drain) : nullptr) {
        const bool ours = !drain->entry.theirs && (drainedAt == 0 || drain->entry.command.issuedAt == drainedAt);
        newDrain = !ours;
    }
    newDrain = newDrain && !early;
    if (newDrain && drainedAt > 0 && recallDrain(handle, drainedAt))
        newDrain = false;
    if (!newCommand && !newDrain) {
        if (early)
            later.emplace_back(handle, worker.serial);
        return;
    }
    if (open >= maxEntries)
        return;
    if (theirsLeft <= 0 || early) {
        later.emplace_back(handle, worker.serial);
        if (theirsLeft <= 0)
            return;
    }
    if (newDrain)
        addTheirs(handle, Act::Drain);
    if (newCommand)
        addTheirs(handle, Act::Shutdown);
}

QUuid CommandLedger::Private::theirGroup(SourceId source, Act act, const QString &who, const QString &reason, qint64 now)
{
    // Only the newest few can be young enough.
    for (auto id = groupOrder.rbegin(); id != groupOrder.rend(); ++id) {
        const CommandGroup &group = groups.at(*id);
        if (group.startedAt + theirGroupMs < now)
            break;
        if (group.startedAt > now + theirGroupMs)
            continue;
        const Slot *slot = group.entries.empty() ? nullptr : slotOf(group.entries.back());
        if (group.theirs && group.act == act && group.by == who && group.reason == reason && slot
            && slot->entry.command.source == source)
            return *id;
    }
    return QUuid::createUuid();
}

/// A drain that is in force and was given by this console, before it was started anew.
bool CommandLedger::Private::recallDrain(WorkerHandle handle, qint64 drainedAt)
{
    const Worker &worker = store.worker(handle);
    const auto found = std::find_if(pastDrains.begin(), pastDrains.end(), [&](const auto &past) {
        const CommandEntry &entry = past.second.entry;
        return entry.command.worker == worker.id && entry.command.issuedAt == drainedAt
               && entry.sourceName == store.sourceName(worker.source);
    });
    if (found == pastDrains.end())
        return false;
    RecordedCommand recorded = found->second;
    pastDrains.erase(found);
    recorded.entry.command.source = worker.source;
    const quint64 key = q.restore(recorded, false);
    bind(handle);
    if (Slot *slot = slotOf(key); slot && slot->entry.isOpen())
        judge(key, *slot);
    return true;
}

void CommandLedger::Private::addTheirs(WorkerHandle handle, Act act)
{
    --theirsLeft;
    const Worker &worker = store.worker(handle);
    const qint64 now = clock.nowMs();
    // A drain says when it was ordered, by a clock that may be off; what lies ahead of now is none.
    const qint64 noted = act == Act::Drain ? clock.fromWall(store.drainNote(handle).at) : 0;
    const qint64 entryAt = noted > 0 ? qMin(noted, now) : now;
    Slot slot;
    CommandEntry &entry = slot.entry;
    Command &command = entry.command;
    command.id = QUuid::createUuid();
    command.act = act;
    command.source = worker.source;
    command.worker = worker.id;
    command.issuedAt = clock.toWall(now);
    entry.theirs = true;
    entry.stage = CommandStage::Written;
    entry.sourceName = store.sourceName(worker.source);
    entry.type = store.typeName(worker.type);
    entry.host = worker.host;
    entry.handle = handle;
    entry.serial = worker.serial;
    entry.requestedAt = entryAt;
    entry.writtenAt = entryAt;
    entry.sessionsBefore = worker.activeSessions == unknownValue ? unknownValue : qMax(0, worker.activeSessions);
    entry.sessionsLeft = entry.sessionsBefore;
    slot.sent = true;
    Watch &mine = watch(entry);
    if (act == Act::Drain) {
        const DrainNote note = store.drainNote(handle);
        command.by = note.by;
        command.reason = note.reason;
        if (note.at > 0)
            command.issuedAt = note.at;
        entry.pickedUpAt = noted > 0 ? entryAt : worker.statusSince;
        mine.foreignDrain = true;
    } else {
        entry.commandUntil = worker.commandUntil;
        command.ttlMs = worker.commandUntil > now ? worker.commandUntil - now : 0;
        slot.keySeen = true;
        slot.wasDraining = worker.flags.testFlag(WorkerFlag::DrainedByOperator) && worker.status == WorkerStatus::Draining;
        slot.drainNoteBefore = worker.flags.testFlag(WorkerFlag::DrainedByOperator) ? store.drainNote(handle).at : 0;
        mine.knowCommand(now);
        mine.commandShown = true;
        if (slot.wasDraining)
            mine.told = true; // Whether it was read cannot be seen.
    }
    command.group = theirGroup(worker.source, act, command.by, command.reason, entryAt);
    const quint64 key = add(std::move(slot));
    groups.at(slotOf(key)->entry.command.group).theirs = true;
    (act == Act::Drain ? mine.drain : mine.shutdown) = key;
    if (journal)
        lines.append(lineOf(*slotOf(key), entryAt));
    judge(key, *slotOf(key));
    schedule(key, *slotOf(key));
}

} // namespace pulsedeck
