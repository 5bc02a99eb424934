// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/lostkeys.h"

#include "app/redis/redisnames.h"
#include "app/redis/workerreader.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace pulsedeck {

bool mayLive(const LostKeyFacts &facts)
{
    if (facts.listeners == 0 && facts.listened)
        return false; // Its process is away.
    if (facts.listeners > 0 && !facts.toldToGo)
        return true;
    // A fleet that never listens says nothing by its silence: then sessions that were not closed are all there is to go
    // by.
    return facts.sessions > 0 && (facts.listeners > 0 || !facts.unseen || facts.toldToGo);
}

void LostKeys::add(Slot slot)
{
    m_fleet[slot].lostWatched = true;
    m_keys.push_back({slot, m_fleet[slot].number, m_session.now()});
    ask(slot, m_fleet[slot].number);
}

void LostKeys::look(qint64 now)
{
    constexpr qint64 everyMs = 500;
    std::erase_if(m_keys, [this](const Awaited &key) { return !isLost(key.slot, key.number); });
    for (Awaited &key : m_keys) {
        if (now - key.askedAt < everyMs)
            continue;
        key.askedAt = now;
        ask(key.slot, key.number);
    }
}

void LostKeys::ask(Slot slot, WorkerNumber number)
{
    m_listeners.ask(slot);
    const QByteArray id = m_fleet.watch.id(slot);
    // The id is kept as long as the answer is awaited.
    const auto take = [this, slot, number, id](const RedisAnswer &answer) {
        if (!isLost(slot, number))
            return;
        if (answer.ok()) {
            bool ok = false;
            const qint64 value = decimalNumber(answer.reply.at(0).bytes(), &ok);
            constexpr qint64 most = std::numeric_limits<qint32>::max();
            m_fleet[slot].active = ok ? qint32(std::clamp<qint64>(value, -most, most)) : unknownValue;
        }
        judge(slot, m_session.now());
    };
    m_session.readFields(activeHash.toByteArray(), {id}, take);
}

void LostKeys::judge(Slot slot, qint64 now)
{
    KnownWorker &worker = m_fleet[slot];
    LostKeyFacts facts;
    facts.sessions = worker.active;
    facts.listeners = worker.listeners;
    facts.listened = worker.listened;
    facts.unseen = worker.end == WorkerEnd::Unseen;
    // A drain that a console ordered lets the process stay.
    facts.toldToGo = worker.everDraining
                     && (!worker.flags.testFlag(WorkerFlag::DrainedByOperator) || worker.flags.testFlag(WorkerFlag::Leaving));
    const bool over = now >= worker.lostUntil;
    if (!over && mayLive(facts)) {
        if (!std::exchange(worker.lostTold, true))
            m_fleet.report(slot);
    } else {
        if (over && mayLive(facts))
            worker.end = WorkerEnd::Expired;
        worker.lostUntil = 0;
        worker.lostTold = worker.lostWatched = false;
        worker.readAt = now;
        m_ended(slot);
    }
    m_session.flushIfIdle();
}

} // namespace pulsedeck
