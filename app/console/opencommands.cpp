// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/opencommands.h"

#include "models/commands/commandwords.h"

namespace pulsedeck {

OpenCommands::OpenCommands(FleetStore &store, CommandLedger &ledger, RollingRunner &rolling, Journal &journal, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_ledger(ledger)
    , m_rolling(rolling)
{
    connect(&journal, &Journal::commandsRead, this, [this](const QList<JournalEntry> &intents) {
        m_waiting = intents;
        bringBack();
    });
    connect(&store, &FleetStore::sourceAdded, this, &OpenCommands::bringBack);
    // The plans are read first, so that their commands are known to be theirs.
    journal.readOpenCommands(withinMs);
}

void OpenCommands::bringBack()
{
    const std::vector<SourceId> sources = m_store.sources();
    m_waiting.removeIf([&](const JournalEntry &intent) {
        if (m_ledger.entry(intent.command) || m_rolling.plan(intent.group))
            return true;
        for (const SourceId source : sources) {
            if (m_store.sourceName(source) != intent.source)
                continue;
            if (const std::optional<Command> command = commandFromIntent(intent, source))
                m_ledger.restore(*command, intent.at, false);
            return true;
        }
        return false;
    });
}

} // namespace pulsedeck
