// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/ordermemory.h"

namespace pulsedeck {

namespace {

bool isKept(const CommandEntry &entry)
{
    const Act act = entry.command.act;
    return entry.writtenAt > 0 && entry.command.scope == ActScope::Worker && (act == Act::Drain || act == Act::Resume);
}

} // namespace

/// A resume in another run has to give back what was taken here.
void OrderMemory::take(const CommandEntry &entry)
{
    if (!isKept(entry) || entry.command.queues.isEmpty())
        return;
    const WorkerName of(entry.sourceName, entry.command.worker);
    if (entry.command.act == Act::Resume)
        m_queues.remove(of);
    else if (m_queues.size() < mostRemembered || m_queues.contains(of))
        m_queues.insert(of, entry.command.queues);
}

void OrderMemory::takeOther(const CommandEntry &entry)
{
    take(entry);
    if (!isKept(entry))
        return;
    const WorkerName of(entry.sourceName, entry.command.worker);
    if (m_others.size() < mostRemembered || m_others.contains(of))
        m_others.insert(of, qMax(entry.writtenAt, m_others.value(of)));
}

void OrderMemory::takeLeft(const CommandEntry &entry)
{
    const Command &command = entry.command;
    // One that was never written says nothing of the one before it.
    const bool isOrder = command.scope == ActScope::Worker && command.act != Act::Cancel;
    if (!isOrder || (entry.writtenAt == 0 && entry.stage != CommandStage::Unknown))
        return;
    const WorkerName of(entry.sourceName, command.worker);
    if (!entry.isOpen() || entry.pickedUpAt > 0)
        m_left.remove(of);
    else if (m_left.size() < mostRemembered || m_left.contains(of))
        m_left.insert(of, {entry.traits->layout, command.act});
}

std::optional<Act> OrderMemory::leftFor(const QString &source, const QString &system, const QByteArray &worker) const
{
    const auto left = m_left.constFind({source, worker});
    return left != m_left.constEnd() && left->system == system ? std::optional(left->act) : std::nullopt;
}

bool OrderMemory::isOvertaken(const CommandEntry &entry) const
{
    return m_others.value({entry.sourceName, entry.command.worker}) > qMax(entry.requestedAt, entry.writtenAt);
}

} // namespace pulsedeck
