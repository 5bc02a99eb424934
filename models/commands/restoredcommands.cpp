// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/restoredcommands.h"

#include "models/commands/pickupjudge.h"

namespace pulsedeck {

quint64 RestoredCommands::add(const RecordedCommand &recorded, bool rolling, qint64 groupStartedAt)
{
    const Command &command = recorded.entry.command;
    if (const quint64 known = m_book.keyOf(command.id))
        return known;
    const WorkerHandle handle = workerOf(m_store, command);
    TrackedCommand restored{recorded};
    CommandEntry &entry = restored.entry;
    entry.sourceName = m_store.sourceName(command.source);
    if (handle != noWorker)
        entry.traits = m_store.worker(handle).traits;
    else if (entry.traits == TraitsRef()) // An earlier version named no other kind.
        entry.traits = m_store.sourceStatus(command.source).traits;
    restored.sessionsHigh = entry.pickedUpAt > 0 ? entry.sessionsLeft : unknownValue;
    restored.keySeen = entry.commandUntil > 0;
    restored.sent = true;
    restored.restored = true;
    // What became of a command without an answer is not known, nor of a message to an actor.
    const bool waits = isPickedUp(entry) && entry.stage == CommandStage::Written; // Nobody saw whether it was taken since.
    if (entry.isOpen()
        && (entry.stage == CommandStage::Requested || entry.stage == CommandStage::Queued || entry.isAnswered() || waits))
        entry.stage = CommandStage::Unknown;
    if (entry.stage == CommandStage::Unknown) {
        entry.setNote(CommandNote::EarlierRun);
        restored.askAt = m_clock.nowMs();
    }
    if (groupStartedAt > 0)
        m_book.groupOf(command, groupStartedAt);
    const quint64 key = m_book.add(std::move(restored));
    if (rolling)
        m_book.findGroup(command.group)->rolling = true;
    if (command.scope == ActScope::Worker)
        m_unbound[{command.source, command.worker}].push_back(key);
    if (handle != noWorker)
        bind(handle);
    m_mover.schedule(key);
    return key;
}

void RestoredCommands::addSkipped(const std::vector<std::pair<Command, QString>> &commands, const QString &why)
{
    for (const auto &[command, type] : commands) {
        if (m_book.keyOf(command.id) > 0)
            continue;
        TrackedCommand skipped;
        CommandEntry &entry = skipped.entry;
        entry.command = command;
        entry.stage = CommandStage::Queued;
        entry.sourceName = m_store.sourceName(command.source);
        entry.type = type;
        entry.traits = m_store.sourceStatus(command.source).traits;
        entry.requestedAt = command.issuedAt;
        entry.setText(why);
        const quint64 key = m_book.add(std::move(skipped));
        m_book.findGroup(command.group)->rolling = true;
        m_mover.setStage(key, CommandStage::Skipped); // Reported to the journal as any other.
    }
}

/// A restored command meets its worker.
void RestoredCommands::bind(WorkerHandle handle)
{
    const Worker &worker = m_store.worker(handle);
    const std::pair<SourceId, QByteArray> of(worker.source, worker.id);
    const std::vector<quint64> keys = m_unbound.take(of);
    for (const quint64 key : keys) {
        TrackedCommand *command = m_book.find(key);
        if (!command)
            continue;
        CommandEntry &entry = command->entry;
        if (!entry.command.system.isEmpty() && entry.command.system != worker.traits->layout) {
            m_unbound[of].push_back(key); // Of another system's worker with the same id.
            continue;
        }
        m_book.setTraits(key, worker.traits);
        entry.takeWorker(m_store, handle);
        if (entry.isOpen() || (entry.command.act == Act::Drain && entry.stage == CommandStage::Done))
            m_mover.enter(key);
        // Of a system that was not known yet when it was restored.
        if (command->restored && entry.stage == CommandStage::Written && isPickedUp(entry)) {
            entry.setNote(CommandNote::EarlierRun);
            command->askAt = m_clock.nowMs();
            m_mover.setStage(key, CommandStage::Unknown);
        }
        const bool answered = entry.isOpen() && entry.stage != CommandStage::Unknown;
        if (command->restored && answered && isShutdown(entry.command.act) && !isPickedUp(entry)) {
            CommandedWorker &mine = m_workers.of(entry);
            mine.knowCommand(m_clock.nowMs()); // The key that is there is the one that was written.
            mine.told = mine.told || entry.pickedUpAt > 0 || entry.receivers > 0;
        }
        m_book.touch(key);
    }
}

} // namespace pulsedeck
