// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/opencommands.h"

#include <QSet>

#include <algorithm>

namespace pulsedeck {

OpenCommands::OpenCommands(FleetStore &store, CommandLedger &ledger, RollingRunner &rolling, Journal &journal, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_ledger(ledger)
    , m_rolling(rolling)
{
    m_ledger.expectHistory();
    m_rolling.expectHistory();
    connect(&journal, &Journal::commandHistoryRead, this, &OpenCommands::take);
    connect(&store, &FleetStore::sourceAdded, this, &OpenCommands::bringBack);
    // The plans are read first, so that their commands are known to be theirs.
    journal.readCommandHistory(withinMs);
}

void OpenCommands::take(const QList<JournalEntry> &entries)
{
    const std::vector<RecordedCommand> all = commandsFromHistory(entries, m_store.clock());
    QSet<QUuid> openGroups;
    for (const RecordedCommand &recorded : all) {
        if (recorded.entry.isOpen())
            openGroups.insert(recorded.entry.command.group);
    }
    std::vector<RecordedCommand> drains;
    m_waiting.clear();
    for (const RecordedCommand &recorded : all) {
        const CommandEntry &entry = recorded.entry;
        if (openGroups.contains(entry.command.group))
            m_waiting.push_back(recorded);
        else if (entry.command.act == Act::Drain && entry.stage == CommandStage::Done && !entry.isAnswered())
            drains.push_back(recorded);
    }
    m_rolling.takeHistory(all);
    m_ledger.takePastQueues(all);
    m_ledger.takePastDrains(drains);
    bringBack();
}

void OpenCommands::bringBack()
{
    const std::vector<SourceId> sources = m_store.sources();
    std::erase_if(m_waiting, [&](RecordedCommand &recorded) {
        Command &command = recorded.entry.command;
        if (m_ledger.entry(command.id) || m_rolling.owns(command.group))
            return true;
        const auto source = std::find_if(sources.begin(), sources.end(),
                                         [&](SourceId id) { return m_store.sourceName(id) == recorded.entry.sourceName; });
        if (source == sources.end())
            return false;
        command.source = *source;
        m_ledger.restore(recorded, false);
        return true;
    });
}

} // namespace pulsedeck
