// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandentry.h"

#include "models/core/enumtable.h"
#include "models/fleet/fleetstore.h"

namespace pulsedeck {

namespace {

int countOf(const CommandGroup &group, bool (*counted)(CommandStage))
{
    int count = 0;
    for (int stage = 0; stage < stageCount; ++stage)
        count += counted(CommandStage(stage)) ? group.counts[size_t(stage)] : 0;
    return count;
}

} // namespace

QString refusalText(const CommandEntry &entry)
{
    return tableText("Refusal", refusalWords(entry));
}

const char *refusalWords(const CommandEntry &entry)
{
    if (entry.traits->registers() && entry.refusal == Refusal::KeyGone)
        return QT_TRANSLATE_NOOP("Refusal", "not registered");
    if (entry.traits->registers() && entry.refusal == Refusal::Server)
        return QT_TRANSLATE_NOOP("Refusal", "refused by the hub");
    // What is written of a worker is not a key everywhere.
    if (entry.traits->hasOwnActs() && entry.refusal == Refusal::KeyGone)
        return QT_TRANSLATE_NOOP("Refusal", "it is gone");
    if (entry.traits->hasOwnActs() && entry.refusal == Refusal::KeyBack)
        return QT_TRANSLATE_NOOP("Refusal", "it is back");
    return refusalWords(entry.refusal);
}

bool saysWhy(const CommandEntry &entry)
{
    switch (entry.refusal) {
    case Refusal::KeyGone:
    case Refusal::StillListening:
    case Refusal::KeyBack:
    case Refusal::HeartbeatMoved:
    case Refusal::SignalWaiting:
    case Refusal::NotRegistered:
    case Refusal::GuardFailed:
    case Refusal::NobodyListens:
    case Refusal::AlreadyShuttingDown:
        return entry.traits->hasOwnActs() && entry.text.endsWith(u'.');
    default:
        return false; // The words of a server say nothing without the refusal.
    }
}

QString refusalReason(const CommandEntry &entry)
{
    if (saysWhy(entry))
        return entry.text.chopped(1);
    const QString why = refusalText(entry);
    return entry.text.isEmpty() ? why : QCoreApplication::translate("Refusal", "%1 (%2)").arg(why, entry.text);
}

void CommandEntry::takeWorker(const FleetStore &store, WorkerHandle shown)
{
    const Worker &worker = store.worker(shown);
    command.source = worker.source;
    command.worker = worker.id;
    command.system = worker.traits->layout;
    sourceName = store.sourceName(worker.source);
    type = store.typeName(worker.type);
    host = worker.host;
    handle = shown;
    serial = worker.serial;
    traits = worker.traits;
}

void CommandEntry::takeSessions(const Worker &worker)
{
    sessionsBefore = worker.activeSessions == unknownValue ? unknownValue : qMax(0, worker.activeSessions);
    sessionsLeft = sessionsBefore;
}

int CommandGroup::ended() const
{
    return countOf(*this, isEnd);
}

int CommandGroup::succeeded() const
{
    return countOf(*this, isSuccess);
}

WorkerHandle workerOf(const FleetStore &store, const Command &command)
{
    return command.system.isEmpty() ? store.find(command.source, command.worker)
                                    : store.find(command.source, command.worker, command.system);
}

} // namespace pulsedeck
