// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandmaker.h"

#include "models/commands/stagejudge.h"

namespace pulsedeck {

/// What the store shows of the worker at the moment of the request.
void CommandMaker::describe(TrackedCommand &command, WorkerHandle handle) const
{
    const Worker &worker = m_store.worker(handle);
    CommandEntry &entry = command.entry;
    entry.requestedAt = m_clock.nowMs();
    entry.command.issuedAt = m_clock.toWall(entry.requestedAt);
    entry.command.lastHeartbeat = worker.lastHeartbeat;
    entry.command.drainSeen = m_store.provenDrain(handle);
    entry.takeSessions(worker);
    command.wasDraining = drains(worker.status);
    command.drainNoteBefore = worker.flags.testFlag(WorkerFlag::DrainedByOperator) ? m_store.drainNote(handle).at : 0;
}

TrackedCommand CommandMaker::make(const CommandRequest &request, const QUuid &group) const
{
    TrackedCommand made;
    Command &command = made.entry.command;
    command.id = QUuid::createUuid();
    command.group = group;
    command.act = request.act;
    command.ttlMs = qMax<qint64>(1, (request.ttlMs + 999) / 1000) * 1000;
    command.unprovenToo = request.unprovenToo;
    command.by = m_by;
    command.reason = request.reason;
    return made;
}

TrackedCommand CommandMaker::make(const CommandRequest &request, WorkerHandle handle, const QUuid &group) const
{
    TrackedCommand made = make(request, group);
    if (request.act == Act::Cancel)
        made.entry.command.commandUntil = m_store.worker(handle).commandUntil;
    made.entry.takeWorker(m_store, handle);
    describe(made, handle);
    made.entry.command.queues = request.queues;
    if (request.act == Act::Resume && (request.queues.isEmpty() || request.queuesForUnknown)) {
        const QStringList taken = m_orders.drainedQueues(made.entry.sourceName, made.entry.command.worker);
        if (!taken.isEmpty())
            made.entry.command.queues = taken;
    }
    return made;
}

TrackedCommand CommandMaker::make(const CommandRequest &request, const CommandTarget &target, const QUuid &group) const
{
    TrackedCommand made = make(request, group);
    CommandEntry &entry = made.entry;
    entry.command.source = target.source;
    entry.command.scope = target.scope;
    entry.command.queue = target.queue;
    entry.command.worker = target.worker;
    entry.command.system = target.traits->layout;
    entry.sourceName = m_store.sourceName(target.source);
    entry.traits = target.traits;
    entry.requestedAt = m_clock.nowMs();
    entry.command.issuedAt = m_clock.toWall(entry.requestedAt);
    return made;
}

} // namespace pulsedeck
