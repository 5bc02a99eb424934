// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandmover.h"

namespace pulsedeck {

/// Brings back the commands of earlier runs: each stands where it stood, and meets its worker when the store shows it. GUI
/// thread.
class RestoredCommands
{
public:
    RestoredCommands(FleetStore &store, CommandBook &book, CommandedWorkers &workers, CommandMover &mover, const Clock &clock)
        : m_store(store)
        , m_book(book)
        , m_workers(workers)
        , m_mover(mover)
        , m_clock(clock)
    { }

    /// See CommandLedger::restore(). Returns its key.
    quint64 add(const RecordedCommand &recorded, bool rolling, qint64 groupStartedAt);
    /// See CommandLedger::restoreSkipped().
    void addSkipped(const std::vector<std::pair<Command, QString>> &commands, const QString &why);
    /// The store shows this worker: those that were for it are its commands.
    void bind(WorkerHandle handle);

private:
    FleetStore &m_store;
    CommandBook &m_book;
    CommandedWorkers &m_workers;
    CommandMover &m_mover;
    const Clock &m_clock;
    QHash<std::pair<SourceId, QByteArray>, std::vector<quint64>> m_unbound; ///< Their workers are not in the store yet.
};

} // namespace pulsedeck
