// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandbook.h"

#include "models/commands/commandwords.h"

#include <algorithm>

namespace pulsedeck {

namespace {

template <typename T> void sortUnique(std::vector<T> &values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

} // namespace

// Entries -------------------------------------------------------------------------------------------------------------

TrackedCommand *CommandBook::find(quint64 key)
{
    return const_cast<TrackedCommand *>(std::as_const(*this).find(key));
}

const TrackedCommand *CommandBook::find(quint64 key) const
{
    return key < m_first || key - m_first >= m_entries.size() ? nullptr : m_entries[size_t(key - m_first)].get();
}

TrackedCommand *CommandBook::findOpen(quint64 key)
{
    TrackedCommand *command = find(key);
    return command && command->entry.isOpen() ? command : nullptr;
}

quint64 CommandBook::add(TrackedCommand &&command)
{
    const quint64 key = m_first + m_entries.size();
    const CommandEntry &entry = command.entry;
    CommandGroup &group = groupOf(entry.command, entry.requestedAt);
    ++group.counts[size_t(entry.stage)];
    group.actors += entry.traits->registers();
    if (group.entries.empty() && entry.traits->hasOwnActs())
        group.system = entry.traits;
    else if (group.system && (*group.system)->layout != entry.traits->layout)
        group.system.reset();
    group.entries.push_back(key);
    group.endedAt = 0;
    if (group.entries.size() > 1)
        groupChanged(group.id);
    m_byCommand.insert(entry.command.id, key);
    if (entry.isOpen()) {
        ++m_open;
        if (entry.stage != CommandStage::Queued)
            m_openBySource[entry.command.source].insert(key);
    }
    ++m_kept;
    m_entries.push_back(std::make_unique<TrackedCommand>(std::move(command)));
    if (m_added.first == 0)
        m_added.first = key;
    m_added.last = key;
    return key;
}

void CommandBook::setStage(quint64 key, CommandStage stage, qint64 at)
{
    TrackedCommand &command = *find(key);
    CommandEntry &entry = command.entry;
    if (entry.stage == stage)
        return;
    const qint64 now = at > 0 ? at : m_clock.nowMs();
    CommandGroup &group = groupOf(entry.command, entry.requestedAt);
    --group.counts[size_t(entry.stage)];
    ++group.counts[size_t(stage)];
    const bool wasOpen = entry.isOpen();
    const bool wasListed = wasOpen && entry.stage != CommandStage::Queued;
    if (wasOpen)
        command.before = entry.stage;
    entry.stage = stage;
    if (wasOpen != entry.isOpen()) {
        m_open += wasOpen ? -1 : 1;
        entry.endedAt = wasOpen ? now : 0;
    } else if (!wasOpen) {
        entry.endedAt = now; // From one end to another: a delivered command's actor went, or refused.
    }
    if (entry.isOpen() && !wasListed)
        m_openBySource[entry.command.source].insert(key);
    else if (!entry.isOpen() && wasListed)
        m_openBySource[entry.command.source].erase(key);
    if (stage == CommandStage::Delivered)
        group.deliveredAt = qMax(group.deliveredAt, entry.writtenAt);
    if (group.ended() < group.total())
        group.endedAt = 0;
    else if (group.endedAt == 0)
        group.endedAt = now;
    // An intent is recorded before anything is done about it: see IntentRecorder.
    if (stage != CommandStage::Requested)
        writeLine(key, now);
    touch(key);
}

void CommandBook::setTraits(quint64 key, TraitsRef traits)
{
    CommandEntry &entry = find(key)->entry;
    CommandGroup &group = m_groups.at(entry.command.group);
    group.actors += int(traits->registers()) - int(entry.traits->registers());
    entry.traits = traits;
}

void CommandBook::touch(quint64 key)
{
    m_changed.push_back(key);
    groupChanged(find(key)->entry.command.group);
}

void CommandBook::writeLine(quint64 key, qint64 at)
{
    if (m_recording)
        m_lines.append(journalLine(*find(key), at, m_clock));
}

// Time ----------------------------------------------------------------------------------------------------------------

void CommandBook::setDue(quint64 key, qint64 at)
{
    TrackedCommand &command = *find(key);
    if (at == command.dueAt)
        return;
    if (command.dueAt > 0)
        m_due.erase({command.dueAt, key});
    command.dueAt = at;
    if (at > 0)
        m_due.insert({at, key});
}

quint64 CommandBook::takeDue(qint64 now)
{
    if (m_due.empty() || m_due.begin()->first > now)
        return 0;
    const quint64 key = m_due.begin()->second;
    setDue(key, 0);
    return key;
}

// Groups --------------------------------------------------------------------------------------------------------------

CommandGroup &CommandBook::groupOf(const Command &command, qint64 startedAt)
{
    const auto [place, isNew] = m_groups.try_emplace(command.group);
    CommandGroup &group = place->second;
    if (isNew) {
        group.id = command.group;
        group.act = command.act;
        group.by = command.by;
        group.reason = command.reason;
        group.startedAt = startedAt;
        // Nearly always the newest; those of an earlier run are older than what happened since the start.
        auto at = m_groupOrder.end();
        while (at != m_groupOrder.begin() && m_groups.at(*std::prev(at)).startedAt > startedAt)
            --at;
        m_groupOrder.insert(at, group.id);
        m_addedGroups.push_back(group.id);
    }
    return group;
}

CommandGroup *CommandBook::findGroup(const QUuid &id)
{
    return const_cast<CommandGroup *>(std::as_const(*this).findGroup(id));
}

const CommandGroup *CommandBook::findGroup(const QUuid &id) const
{
    const auto found = m_groups.find(id);
    return found == m_groups.end() ? nullptr : &found->second;
}

void CommandBook::groupChanged(const QUuid &id)
{
    if (m_changedGroups.empty() || m_changedGroups.back() != id)
        m_changedGroups.push_back(id);
}

// Bounds --------------------------------------------------------------------------------------------------------------

void CommandBook::trim()
{
    std::set<QUuid> touchedGroups;
    const auto dropFrom = [&](quint64 key) {
        touchedGroups.insert(find(key)->entry.command.group);
        drop(key);
    };
    for (size_t i = 0; m_kept > maxEntries && i < m_entries.size(); ++i) {
        if (m_entries[i] && !m_entries[i]->entry.isOpen())
            dropFrom(m_first + i);
    }
    while (!m_entries.empty() && (!m_entries.front() || m_entries.size() > size_t(maxEntries) * 10)) {
        if (m_entries.front())
            dropFrom(m_first);
        m_entries.pop_front();
        ++m_first;
    }
    tidyGroups(touchedGroups);
}

void CommandBook::drop(quint64 key)
{
    setDue(key, 0);
    const CommandEntry &entry = find(key)->entry;
    m_byCommand.remove(entry.command.id);
    CommandGroup &group = m_groups.at(entry.command.group);
    --group.counts[size_t(entry.stage)];
    group.actors -= entry.traits->registers();
    if (entry.isOpen()) {
        --m_open;
        m_openBySource[entry.command.source].erase(key);
    }
    m_entries[size_t(key - m_first)].reset();
    --m_kept;
    ++m_dropped;
    m_anyDropped = true;
}

void CommandBook::tidyGroups(const std::set<QUuid> &ids)
{
    bool anyEmpty = false;
    for (const QUuid &id : ids) {
        const auto place = m_groups.find(id);
        std::erase_if(place->second.entries, [this](quint64 key) { return find(key) == nullptr; });
        if (place->second.entries.empty()) {
            m_groups.erase(place);
            anyEmpty = true;
        } else {
            groupChanged(id);
        }
    }
    if (anyEmpty)
        std::erase_if(m_groupOrder, [this](const QUuid &id) { return !m_groups.contains(id); });
}

// News ----------------------------------------------------------------------------------------------------------------

std::vector<QUuid> CommandBook::takeAddedGroups()
{
    std::vector<QUuid> ids = std::exchange(m_addedGroups, {});
    std::erase_if(ids, [this](const QUuid &id) { return !m_groups.contains(id); });
    return ids;
}

std::vector<quint64> CommandBook::takeChanged(const Span &added)
{
    std::vector<quint64> keys = std::exchange(m_changed, {});
    sortUnique(keys);
    std::erase_if(keys, [&](quint64 key) { return added.contains(key) || !find(key); });
    return keys;
}

std::vector<QUuid> CommandBook::takeChangedGroups()
{
    std::vector<QUuid> ids = std::exchange(m_changedGroups, {});
    sortUnique(ids);
    std::erase_if(ids, [this](const QUuid &id) { return !m_groups.contains(id); });
    return ids;
}

} // namespace pulsedeck
