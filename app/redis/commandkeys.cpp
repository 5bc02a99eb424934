// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/commandkeys.h"

#include "app/redis/redisnames.h"

#include <utility>

namespace pulsedeck {

void CommandKeys::lost()
{
    m_queue.clear();
    m_seen.clear();
    for (Slot slot = 0; slot < m_fleet.watch.size(); ++slot)
        m_fleet[slot].commandQueued = m_fleet[slot].commandAwaited = false;
}

void CommandKeys::found(QByteArrayView worker)
{
    if (const Slot slot = m_fleet.watch.find(worker); slot != KeyWatch::noSlot)
        queue(slot);
    else if (!m_fleet.watch.isScanned() && m_seen.size() < size_t(KeyWatch::mostKeys))
        m_seen.push_back(worker.toByteArray());
}

void CommandKeys::scanned()
{
    for (Slot slot = 0; slot < m_fleet.watch.size(); ++slot) {
        const KnownWorker &worker = m_fleet[slot];
        if (worker.command != CommandState::None && worker.commandInScan != m_fleet.watch.scanNumber())
            queue(slot);
    }
    for (const QByteArray &id : std::exchange(m_seen, {})) {
        if (const Slot slot = m_fleet.watch.find(id); slot != KeyWatch::noSlot)
            queue(slot);
    }
}

void CommandKeys::sweep(bool anybody)
{
    for (Slot slot = 0; slot < m_fleet.watch.size(); ++slot) {
        const KnownWorker &worker = m_fleet[slot];
        if (worker.command != CommandState::None || (anybody && worker.present))
            queue(slot);
    }
}

void CommandKeys::queue(Slot slot)
{
    KnownWorker &worker = m_fleet[slot];
    const bool first = std::exchange(worker.commandInScan, m_fleet.watch.scanNumber()) != m_fleet.watch.scanNumber();
    // Once per scan: a view is not whole before it is known who was told to go.
    if (!m_session.fullView && first && !std::exchange(worker.commandAwaited, true))
        ++m_session.awaited;
    if (std::exchange(worker.commandQueued, true))
        return;
    m_queue.push_back(slot);
    m_fleet.watch.collect();
}

void CommandKeys::send()
{
    constexpr size_t atOnce = 1'000;
    const size_t count = qMin(m_queue.size(), atOnce);
    for (size_t i = 0; i < count; ++i) {
        m_fleet[m_queue[i]].commandQueued = false;
        if (!m_fleet.watch.id(m_queue[i]).isEmpty())
            sendOne(m_queue[i]);
    }
    m_queue.erase(m_queue.begin(), m_queue.begin() + qsizetype(count));
    if (!m_queue.empty())
        m_fleet.watch.collect();
}

void CommandKeys::sendOne(Slot slot)
{
    const WorkerNumber number = m_fleet[slot].number;
    const QByteArray key = commandPrefix.toByteArray() + m_fleet.watch.id(slot);
    const auto take = [this, slot, number](const RedisAnswer &answer) {
        if (answer.outcome == RedisAnswer::Outcome::Error)
            m_session.setLimit(RedisSession::Limit::Commands,
                               tr("Pending commands are not shown, because their keys cannot be read: %1").arg(answer.text()));
        if (!answer.ok() || !m_fleet.watch.isKnown(slot, number))
            return;
        takeWord(slot, (answer.reply.isArray() ? answer.reply.at(0) : answer.reply).bytes());
        m_session.endLimit(RedisSession::Limit::Commands);
    };
    // MGET is what least rights include; it says nil for a key of another type, whose TTL then tells that it is there.
    if (m_session.careful)
        m_session.ask({"GETRANGE", key, "0", "15"}, take);
    else
        m_session.ask({"MGET", key}, take);
    m_session.ask({"PTTL", key}, [this, slot, number](const RedisAnswer &answer) {
        if (!m_fleet.watch.isKnown(slot, number))
            return;
        if (answer.ok())
            takeTtl(slot, answer.reply.toInteger(-2));
        if (std::exchange(m_fleet[slot].commandAwaited, false)) {
            --m_session.awaited;
            m_session.partRead();
        }
    });
}

void CommandKeys::takeWord(Slot slot, QByteArrayView word)
{
    m_fleet[slot].command = word.isEmpty()       ? CommandState::None
                            : word == "shutdown" ? CommandState::Shutdown
                                                 : CommandState::Other;
}

void CommandKeys::takeTtl(Slot slot, qint64 pttl)
{
    KnownWorker &worker = m_fleet[slot];
    if (pttl == -2)
        worker.command = CommandState::None;
    else if (worker.command == CommandState::None)
        worker.command = CommandState::Other; // There, and no text.
    setUntil(slot, worker.command != CommandState::None && pttl > 0 ? m_session.now() + pttl : 0);
    if (worker.told)
        m_fleet.report(slot);
    m_session.flushIfIdle();
}

void CommandKeys::setUntil(Slot slot, qint64 until)
{
    KnownWorker &worker = m_fleet[slot];
    worker.commandUntil = until;
    if (until > 0 && !std::exchange(worker.commandExpires, true))
        m_expiring.emplace_back(slot, worker.number);
}

void CommandKeys::fireDeadlines(qint64 now)
{
    const auto any = std::erase_if(m_expiring, [this, now](const std::pair<Slot, WorkerNumber> &one) {
        const auto [slot, number] = one;
        KnownWorker &worker = m_fleet[slot];
        const bool there = worker.number == number && worker.commandUntil > 0;
        if (there && now < worker.commandUntil + KeyWatch::deadlineGraceMs)
            return false;
        worker.commandExpires = worker.commandExpires && worker.number != number;
        if (there)
            queue(slot);
        return true;
    });
    if (any > 0)
        m_fleet.watch.pump();
}

void CommandKeys::note(Slot slot, CommandState state, qint64 until)
{
    m_fleet[slot].command = state;
    setUntil(slot, until);
}

} // namespace pulsedeck
