// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/foreigncommands.h"

#include <algorithm>

namespace pulsedeck {

namespace {

constexpr int foreignPerTick = 500;
// What others do in so short a time is one group.
constexpr qint64 foreignGroupMs = 10'000;
// So long a drain's note is waited for.
constexpr qint64 noteWaitMs = 3'000;

bool isOperatorDrain(const Worker &worker)
{
    return worker.flags.testFlag(WorkerFlag::DrainedByOperator) && worker.status == WorkerStatus::Draining;
}

} // namespace

ForeignCommands::ForeignCommands(FleetStore &store, CommandBook &book, CommandedWorkers &workers, const Clock &clock)
    : m_store(store)
    , m_book(book)
    , m_workers(workers)
    , m_clock(clock)
{ }

void ForeignCommands::takePastDrains(const std::vector<RecordedCommand> &drains)
{
    m_historyAwaited = false;
    for (const RecordedCommand &drain : drains)
        m_pastDrains.insert(drain.entry.command.id, drain);
}

size_t ForeignCommands::beginTick()
{
    m_left = foreignPerTick;
    return m_waiting.size();
}

std::optional<WorkerHandle> ForeignCommands::takeWaiting()
{
    if (m_left <= 0 || m_waiting.empty())
        return std::nullopt;
    const auto [handle, serial] = m_waiting.front();
    m_waiting.pop_front();
    const Worker &worker = m_store.worker(handle);
    return worker.used && worker.serial == serial ? handle : noWorker;
}

bool ForeignCommands::isAwaited(const Worker &worker) const
{
    return m_historyAwaited
           || (!m_stepsAwaited.isEmpty() && m_stepsAwaited.contains({m_store.sourceName(worker.source), worker.id}));
}

bool ForeignCommands::showsNewCommand(const Worker &worker, CommandedWorker *mine)
{
    if (worker.command != CommandState::Shutdown || (mine && mine->commandKnown))
        return false;
    // Until ours is answered it is not known whose key it is.
    const TrackedCommand *ours = mine ? m_book.findOpen(mine->shutdown) : nullptr;
    return !ours || (ours->entry.stage != CommandStage::Requested && ours->entry.stage != CommandStage::Unknown);
}

ForeignCommands::Noticed ForeignCommands::notice(WorkerHandle handle)
{
    Noticed noticed;
    const Worker &worker = m_store.worker(handle);
    CommandedWorker *mine = m_workers.find(worker.serial);
    // A sample that was made before the answer and is published after it says nothing of the key that was written.
    if (mine && worker.command != CommandState::None)
        mine->commandShown = true;
    else if (mine && (mine->commandShown || worker.readAt > mine->commandKnownAt))
        mine->commandKnown = mine->commandShown = false;
    if (mine && !isOperatorDrain(worker))
        mine->foreignDrain = false;
    if (worker.endedAt > 0)
        return noticed;
    if (isAwaited(worker)) {
        m_waiting.emplace_back(handle, worker.serial);
        return noticed;
    }
    const bool newCommand = showsNewCommand(worker, mine);
    bool newDrain = isOperatorDrain(worker) && !(mine && mine->foreignDrain);
    const qint64 drainedAt = newDrain ? m_store.drainNote(handle).at : 0;
    // The note is read a moment after the status, and says whose drain it is.
    const bool early = newDrain && drainedAt == 0 && m_clock.nowMs() < worker.statusSince + noteWaitMs;
    if (const TrackedCommand *drain = mine && newDrain ? m_book.find(mine->drain) : nullptr) {
        const bool ours = !drain->entry.theirs && (drainedAt == 0 || drain->entry.command.issuedAt == drainedAt);
        newDrain = !ours;
    }
    newDrain = newDrain && !early;
    if (newDrain && drainedAt > 0) {
        noticed.recalled = recall(worker, drainedAt);
        newDrain = !noticed.recalled;
    }
    const bool full = m_book.openCount() >= CommandBook::maxEntries;
    const bool putOff = (newCommand || newDrain) && m_left <= 0;
    if (early || (putOff && !full))
        m_waiting.emplace_back(handle, worker.serial);
    if (full || putOff)
        return noticed;
    if (newDrain)
        noticed.added.push_back(add(handle, Act::Drain));
    if (newCommand)
        noticed.added.push_back(add(handle, Act::Shutdown));
    return noticed;
}

QUuid ForeignCommands::groupFor(const Command &command, qint64 now) const
{
    // Only the newest few can be young enough.
    const std::vector<QUuid> &groups = m_book.groups();
    for (auto id = groups.rbegin(); id != groups.rend(); ++id) {
        const CommandGroup &group = *m_book.findGroup(*id);
        if (group.startedAt + foreignGroupMs < now)
            break;
        if (group.startedAt > now + foreignGroupMs)
            continue;
        const TrackedCommand *last = group.entries.empty() ? nullptr : m_book.find(group.entries.back());
        if (group.theirs && group.act == command.act && group.by == command.by && group.reason == command.reason && last
            && last->entry.command.source == command.source)
            return *id;
    }
    return QUuid::createUuid();
}

/// A drain that is in force and was given by this console, before it was restarted.
std::optional<RecordedCommand> ForeignCommands::recall(const Worker &worker, qint64 drainedAt)
{
    const QString source = m_store.sourceName(worker.source);
    const auto found = std::find_if(m_pastDrains.begin(), m_pastDrains.end(), [&](const RecordedCommand &past) {
        const CommandEntry &entry = past.entry;
        return entry.command.worker == worker.id && entry.command.issuedAt == drainedAt && entry.sourceName == source;
    });
    if (found == m_pastDrains.end())
        return std::nullopt;
    RecordedCommand recorded = *found;
    m_pastDrains.erase(found);
    recorded.entry.command.source = worker.source;
    return recorded;
}

quint64 ForeignCommands::add(WorkerHandle handle, Act act)
{
    --m_left;
    const Worker &worker = m_store.worker(handle);
    const DrainNote note = m_store.drainNote(handle);
    const qint64 now = m_clock.nowMs();
    // A drain says when it was ordered, by a clock that may be off; what lies ahead of now is none.
    const qint64 noted = act == Act::Drain ? m_clock.fromWall(note.at) : 0;
    const qint64 entryAt = noted > 0 ? qMin(noted, now) : now;
    TrackedCommand added;
    CommandEntry &entry = added.entry;
    Command &command = entry.command;
    command.id = QUuid::createUuid();
    command.act = act;
    command.issuedAt = m_clock.toWall(now);
    entry.theirs = true;
    entry.stage = CommandStage::Written;
    entry.takeWorker(m_store, handle);
    entry.takeSessions(worker);
    entry.requestedAt = entryAt;
    entry.writtenAt = entryAt;
    added.sent = true;
    CommandedWorker &mine = m_workers.of(entry);
    if (act == Act::Drain) {
        command.by = note.by;
        command.reason = note.reason;
        if (note.at > 0)
            command.issuedAt = note.at;
        entry.pickedUpAt = noted > 0 ? entryAt : worker.statusSince;
        mine.foreignDrain = true;
    } else {
        entry.commandUntil = worker.commandUntil;
        command.ttlMs = worker.commandUntil > now ? worker.commandUntil - now : 0;
        added.keySeen = true;
        added.wasDraining = isOperatorDrain(worker);
        added.drainNoteBefore = worker.flags.testFlag(WorkerFlag::DrainedByOperator) ? note.at : 0;
        mine.knowCommand(now);
        mine.commandShown = true;
        if (added.wasDraining)
            mine.told = true; // Whether it was read cannot be seen.
    }
    command.group = groupFor(command, entryAt);
    const quint64 key = m_book.add(std::move(added));
    m_book.findGroup(m_book.find(key)->entry.command.group)->theirs = true;
    (act == Act::Drain ? mine.drain : mine.shutdown) = key;
    m_book.writeLine(key, entryAt);
    return key;
}

} // namespace pulsedeck
