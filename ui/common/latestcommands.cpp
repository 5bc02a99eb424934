// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/latestcommands.h"

#include "ui/common/commandtexts.h"

namespace pulsedeck {

namespace {

/// It succeeded, and its worker has been seen to do the opposite since.
bool isUndone(const CommandEntry &entry, const Worker &worker)
{
    if (!isSuccess(entry.stage) || entry.isAnswered() || worker.endedAt > 0 || isStatusAssumed(worker)
        || worker.statusSince <= entry.endedAt)
        return false;
    const bool stopped = worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::Paused;
    const bool works = worker.status == WorkerStatus::Available || worker.status == WorkerStatus::Busy;
    return (entry.command.act == Act::Resume && stopped) || (entry.command.act == Act::Drain && works);
}

} // namespace

LatestCommands::LatestCommands(const FleetStore &store, CommandLedger &ledger, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_ledger(ledger)
{
    connect(&ledger, &CommandLedger::entriesAdded, this, &LatestCommands::take);
    connect(&ledger, &CommandLedger::entriesDropped, this, [this] {
        const quint64 first = m_ledger.firstKey();
        m_keys.removeIf([first](const auto &item) { return item.value() < first; });
    });
    if (ledger.size() > 0)
        take(ledger.firstKey(), ledger.firstKey() + quint64(ledger.size()) - 1);
}

void LatestCommands::take(quint64 first, quint64 last)
{
    for (quint64 key = first; key <= last; ++key) {
        const CommandEntry *entry = m_ledger.entry(key);
        // What became of a command that is to be cancelled, the command itself says.
        if (entry && entry->serial != 0 && entry->command.act != Act::Cancel)
            m_keys.insert(entry->serial, key);
    }
}

const CommandEntry *LatestCommands::last(WorkerHandle handle) const
{
    const auto found = m_keys.constFind(m_store.worker(handle).serial);
    return found == m_keys.constEnd() ? nullptr : m_ledger.entry(*found);
}

const CommandEntry *LatestCommands::of(WorkerHandle handle, qint64 now) const
{
    if (const CommandEntry *open = m_ledger.openEntry(handle))
        return open;
    const CommandEntry *entry = last(handle);
    if (!entry || entry->isOpen())
        return entry;
    if (m_ledger.isOvertaken(*entry) || isUndone(*entry, m_store.worker(handle)))
        return nullptr;
    return now - entry->endedAt < (isProblem(*entry) ? problemShownMs : successShownMs) ? entry : nullptr;
}

} // namespace pulsedeck
