// SPDX-License-Identifier: GPL-3.0-or-later
// The book of commands itself: entries, groups, and what is told of them. How commands come in stands in commandrequests.cpp,
// what sources answer in commandanswers.cpp, and how the store's news moves them in commandladder.cpp.
#include "models/commands/commandledger.h"

#include "models/commands/commandledgerprivate.h"
#include "models/commands/commandwords.h"

#include <algorithm>

namespace pulsedeck {

CommandLedger::CommandLedger(FleetStore &store, const Clock &clock, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, store, clock))
{ }

CommandLedger::~CommandLedger() = default;

CommandLedger::Private::Private(CommandLedger &ledger, FleetStore &fleet, const Clock &theClock)
    : q(ledger)
    , store(fleet)
    , clock(theClock)
{
    connect(&store, &FleetStore::published, &q, [this](const FleetChanges &changes) { onPublished(changes); });
    connect(&store, &FleetStore::ticked, &q, [this] { onTicked(); });
    connect(&store, &FleetStore::sourceChanged, &q, [this](SourceId source) { onSourceChanged(source); });
    connect(&store, &FleetStore::sourceRemoved, &q, [this](SourceId source) { onSourceRemoved(source); });
    for (const SourceId source : store.sources())
        onSourceChanged(source);
}

void CommandLedger::setOperator(const QString &by)
{
    d->by = by;
}

QString CommandLedger::operatorName() const
{
    return d->by;
}

// Looking -------------------------------------------------------------------------------------------------------------

quint64 CommandLedger::firstKey() const
{
    return d->first;
}

int CommandLedger::size() const
{
    return int(d->book.size());
}

const CommandEntry *CommandLedger::entry(quint64 key) const
{
    const Private::Slot *slot = d->slotOf(key);
    return slot ? &slot->entry : nullptr;
}

const CommandEntry *CommandLedger::entry(const QUuid &command) const
{
    return entry(d->byCommand.value(command));
}

quint64 CommandLedger::openKey(WorkerHandle handle) const
{
    if (handle >= WorkerHandle(d->store.capacity()))
        return 0;
    const Private::Watch *watch = d->watchOf(d->store.worker(handle).serial);
    if (!watch)
        return 0;
    for (const quint64 key : {watch->shutdown, watch->drain, watch->other}) {
        if (const CommandEntry *open = entry(key); open && open->isInTheWay())
            return key;
    }
    return 0;
}

const CommandEntry *CommandLedger::openEntry(WorkerHandle handle) const
{
    return entry(openKey(handle));
}

const CommandGroup *CommandLedger::group(const QUuid &id) const
{
    const auto found = d->groups.find(id);
    return found == d->groups.end() ? nullptr : &found->second;
}

const std::vector<QUuid> &CommandLedger::groups() const
{
    return d->groupOrder;
}

bool CommandLedger::wasToldToShutDown(WorkerHandle handle) const
{
    if (handle >= WorkerHandle(d->store.capacity()))
        return false;
    const Private::Watch *watch = d->watchOf(d->store.worker(handle).serial);
    return watch && watch->told;
}

int CommandLedger::openCount() const
{
    return d->open;
}

quint64 CommandLedger::dropped() const
{
    return d->dropped;
}

// The book ------------------------------------------------------------------------------------------------------------

CommandLedger::Private::Slot *CommandLedger::Private::slotOf(quint64 key)
{
    return key < first || key - first >= book.size() ? nullptr : book[size_t(key - first)].get();
}

const CommandLedger::Private::Slot *CommandLedger::Private::slotOf(quint64 key) const
{
    return key < first || key - first >= book.size() ? nullptr : book[size_t(key - first)].get();
}

CommandLedger::Private::Slot *CommandLedger::Private::openSlot(quint64 key)
{
    Slot *slot = slotOf(key);
    return slot && slot->entry.isOpen() ? slot : nullptr;
}

CommandLedger::Private::Watch &CommandLedger::Private::watch(const CommandEntry &entry)
{
    if (watched.size() <= entry.handle)
        watched.resize(size_t(store.capacity()));
    watched[entry.handle] = 1;
    return watches[entry.serial];
}

CommandLedger::Private::Watch *CommandLedger::Private::watchOf(quint32 serial)
{
    const auto found = watches.find(serial);
    return found == watches.end() ? nullptr : &*found;
}

const Worker *CommandLedger::Private::workerOf(const Slot &slot) const
{
    const CommandEntry &entry = slot.entry;
    if (entry.serial == 0 || entry.handle >= WorkerHandle(store.capacity()))
        return nullptr;
    const Worker &worker = store.worker(entry.handle);
    return worker.used && worker.serial == entry.serial ? &worker : nullptr;
}

void CommandLedger::Private::tell(const Slot &slot)
{
    if (Watch *watch = watchOf(slot.entry.serial))
        watch->told = true;
}

JournalEntry CommandLedger::Private::lineOf(const Slot &slot, qint64 at) const
{
    return journalLine({slot.entry, slot.drainNoteBefore, slot.wasDraining}, at, clock);
}

CommandGroup &CommandLedger::Private::groupOf(const Command &command, qint64 startedAt)
{
    const auto [place, isNew] = groups.try_emplace(command.group);
    CommandGroup &group = place->second;
    if (isNew) {
        group.id = command.group;
        group.act = command.act;
        group.by = command.by;
        group.reason = command.reason;
        group.startedAt = startedAt;
        // Nearly always the newest; those of an earlier run are older than what happened since the start.
        auto at = groupOrder.end();
        while (at != groupOrder.begin() && groups.at(*std::prev(at)).startedAt > startedAt)
            --at;
        groupOrder.insert(at, group.id);
        groupsAdded.push_back(group.id);
    }
    return group;
}

quint64 CommandLedger::Private::add(Slot &&slot)
{
    const quint64 key = first + book.size();
    const CommandEntry &entry = slot.entry;
    CommandGroup &group = groupOf(entry.command, entry.requestedAt);
    ++group.counts[size_t(entry.stage)];
    group.actors += entry.actor;
    group.entries.push_back(key);
    group.endedAt = 0;
    if (group.entries.size() > 1 && (groupsChanged.empty() || groupsChanged.back() != group.id))
        groupsChanged.push_back(group.id);
    byCommand.insert(entry.command.id, key);
    if (entry.isOpen()) {
        ++open;
        if (entry.stage != CommandStage::Queued)
            openBySource[entry.command.source].insert(key);
    }
    ++kept;
    book.push_back(std::make_unique<Slot>(std::move(slot)));
    if (addedFirst == 0)
        addedFirst = key;
    addedLast = key;
    return key;
}

void CommandLedger::Private::setStage(quint64 key, Slot &slot, CommandStage stage, qint64 at)
{
    CommandEntry &entry = slot.entry;
    if (entry.stage == stage)
        return;
    const qint64 now = at > 0 ? at : clock.nowMs();
    CommandGroup &group = groupOf(entry.command, entry.requestedAt);
    --group.counts[size_t(entry.stage)];
    ++group.counts[size_t(stage)];
    const bool wasOpen = entry.isOpen();
    const bool wasListed = wasOpen && entry.stage != CommandStage::Queued;
    if (wasOpen)
        slot.before = entry.stage;
    entry.stage = stage;
    if (wasOpen != entry.isOpen()) {
        open += wasOpen ? -1 : 1;
        entry.endedAt = wasOpen ? now : 0;
    } else if (!wasOpen) {
        entry.endedAt = now; // From one end to another: a delivered command's actor went, or refused.
    }
    if (entry.isOpen() && !wasListed)
        openBySource[entry.command.source].insert(key);
    else if (!entry.isOpen() && wasListed)
        openBySource[entry.command.source].erase(key);
    if (group.ended() < group.total())
        group.endedAt = 0;
    else if (group.endedAt == 0)
        group.endedAt = now;
    // An intent is recorded before anything is done about it: see record().
    if (journal && stage != CommandStage::Requested)
        lines.append(lineOf(slot, now));
    schedule(key, slot);
    touch(key);
}

void CommandLedger::Private::setText(quint64 key, Slot &slot, const QString &text)
{
    if (slot.entry.text == text)
        return;
    slot.entry.text = text;
    touch(key);
}

void CommandLedger::Private::touch(quint64 key)
{
    changed.push_back(key);
    const QUuid &group = slotOf(key)->entry.command.group;
    if (groupsChanged.empty() || groupsChanged.back() != group)
        groupsChanged.push_back(group);
}

/// Lets the oldest ended entries give way. Should the oldest stay open while tenfold that many come and go, they give way too.
void CommandLedger::Private::trim()
{
    std::set<QUuid> touchedGroups;
    for (size_t i = 0; kept > maxEntries && i < book.size(); ++i) {
        if (book[i] && !book[i]->entry.isOpen()) {
            touchedGroups.insert(book[i]->entry.command.group);
            letGo(first + i);
        }
    }
    while (!book.empty() && (!book.front() || book.size() > size_t(maxEntries) * 10)) {
        if (book.front()) {
            touchedGroups.insert(book.front()->entry.command.group);
            letGo(first);
        }
        book.pop_front();
        ++first;
    }
    tidyGroups(touchedGroups);
}

void CommandLedger::Private::letGo(quint64 key)
{
    Slot &slot = *slotOf(key);
    const CommandEntry &entry = slot.entry;
    byCommand.remove(entry.command.id);
    CommandGroup &group = groups.at(entry.command.group);
    --group.counts[size_t(entry.stage)];
    group.actors -= entry.actor;
    if (entry.isOpen()) {
        --open;
        openBySource[entry.command.source].erase(key);
    }
    due.erase({slot.dueAt, key});
    book[size_t(key - first)].reset();
    --kept;
    ++dropped;
    anyDropped = true;
}

void CommandLedger::Private::tidyGroups(const std::set<QUuid> &ids)
{
    bool anyEmpty = false;
    for (const QUuid &id : ids) {
        const auto place = groups.find(id);
        std::erase_if(place->second.entries, [this](quint64 key) { return slotOf(key) == nullptr; });
        if (place->second.entries.empty()) {
            groups.erase(place);
            anyEmpty = true;
        } else {
            groupsChanged.push_back(id);
        }
    }
    if (anyEmpty)
        std::erase_if(groupOrder, [this](const QUuid &id) { return !groups.contains(id); });
}

/// Each pile is taken away just before it is told, so that a listener may issue the next command from inside a signal.
void CommandLedger::Private::flush()
{
    trim();
    for (const QUuid &id : std::exchange(groupsAdded, {})) {
        if (groups.contains(id))
            emit q.groupAdded(id);
    }
    const quint64 newFrom = std::exchange(addedFirst, 0);
    if (newFrom > 0)
        emit q.entriesAdded(newFrom, addedLast);
    if (std::exchange(anyDropped, false))
        emit q.entriesDropped();
    std::vector<quint64> keys = std::exchange(changed, {});
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    // What was added just now was told as it is now.
    std::erase_if(keys, [&](quint64 key) { return (newFrom > 0 && key >= newFrom && key <= addedLast) || !slotOf(key); });
    if (!keys.empty())
        emit q.entriesChanged(keys);
    std::vector<QUuid> ids = std::exchange(groupsChanged, {});
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (const QUuid &id : ids) {
        if (groups.contains(id))
            emit q.groupChanged(id);
    }
    const QList<JournalEntry> news = std::exchange(lines, {});
    if (journal && !news.isEmpty())
        journal->write(news);
    for (const auto &[source, commands] : std::exchange(outgoing, {}))
        emit q.carryOut(source, commands);
    for (const auto &[source, commands] : std::exchange(lookUps, {}))
        emit q.lookUp(source, commands);
}

} // namespace pulsedeck
