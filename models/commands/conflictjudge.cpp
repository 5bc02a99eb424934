// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/conflictjudge.h"

#include "models/commands/pickupjudge.h"

namespace pulsedeck {

Refusal ConflictJudge::conflict(const CommandEntry &entry, QString *text)
{
    if (entry.command.scope != ActScope::Worker)
        return conflictOfTarget(entry, text);
    const Act act = entry.command.act;
    const CommandedWorker *worker = m_workers.find(entry.serial);
    if (!worker)
        return Refusal::None;
    const auto inTheWay = [text](const CommandEntry &other) {
        *text = tr("%1: %2", "an act, and its stage").arg(actTitle(other.command.act), stageText(other.stage));
        return other.theirs ? Refusal::AlreadyCommanded : Refusal::HasCommand;
    };
    const TrackedCommand *shutdown = m_book.findOpen(worker->shutdown);
    const bool shutsDown = shutdown && shutdown->entry.isInTheWay();
    if (act == Act::Cancel) {
        const TrackedCommand *target = m_book.findOpen(withdrawableOf(*worker));
        if (target && target->entry.isInTheWay())
            return m_book.findOpen(target->cancel) ? Refusal::HasCommand : Refusal::None;
    }
    if (shutsDown && isShutdown(act) && entry.traits->of(act).once && shutdown->entry.pickedUpAt > 0) {
        *text = tr("a second command would end its running job");
        return Refusal::AlreadyShuttingDown;
    }
    if (act == Act::Resume && worker->told)
        return Refusal::ShutdownGiven;
    if (shutsDown)
        return inTheWay(shutdown->entry);
    const TrackedCommand *drain = m_book.findOpen(worker->drain);
    if (drain && act == Act::Drain && drain->entry.isInTheWay() && drain->entry.stage != CommandStage::Forgotten)
        return inTheWay(drain->entry);
    if (const TrackedCommand *other = m_book.findOpen(worker->other); other && other->entry.command.act == act)
        return inTheWay(other->entry);
    return Refusal::None;
}

/// What a Cancel would withdraw: an open shutdown, or another open command that may still be withdrawn; 0 if there is none.
quint64 ConflictJudge::withdrawableOf(const CommandedWorker &worker)
{
    if (m_book.findOpen(worker.shutdown))
        return worker.shutdown;
    for (const quint64 key : {worker.drain, worker.other}) {
        if (const TrackedCommand *open = m_book.findOpen(key); open && isPickedUp(open->entry) && open->entry.isWithdrawable())
            return key;
    }
    return 0;
}

/// One act at a time on a queue or a fleet: which of two came last could not be seen.
Refusal ConflictJudge::conflictOfTarget(const CommandEntry &entry, QString *text) const
{
    const Command &command = entry.command;
    for (const quint64 key : m_book.openOf(command.source)) {
        const CommandEntry &other = m_book.find(key)->entry;
        const Command &first = other.command;
        if (&other == &entry || first.scope != command.scope || first.queue != command.queue || first.system != command.system)
            continue;
        *text = tr("%1: %2", "an act, and its stage").arg(other.traits->actTitle(first.act), stageText(other.stage));
        return Refusal::HasCommand;
    }
    return Refusal::None;
}

} // namespace pulsedeck
