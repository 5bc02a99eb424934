// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleettally.h"

#include "models/fleet/liveness.h"

namespace pulsedeck {

void FleetTally::add(const Worker &worker, int sign)
{
    if (worker.liveness != Liveness::Departed) {
        const size_t kind = worker.traits.number();
        if (kind >= m_byTraits.size())
            m_byTraits.resize(kind + 1);
        m_byTraits[kind] += sign;
    }
    if (worker.child) {
        m_children += worker.liveness != Liveness::Departed ? sign : 0;
        m_attention += needsAttention(worker) ? sign : 0;
        return;
    }
    const bool unheard = nobodyListens(worker);
    const bool alive = worker.liveness == Liveness::Alive && !unheard;
    const bool drains = worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown;
    (unheard ? m_nobodyListens : alive && drains ? m_draining : m_byLiveness[size_t(worker.liveness)]) += sign;
    if (alive && isStatusAssumed(worker))
        m_statusUnknown += sign;
    if (worker.liveness == Liveness::Zombie && worker.end == WorkerEnd::Unseen)
        m_zombiesUnseen += sign;
    if (worker.traits->registers() && worker.liveness != Liveness::Departed)
        m_actors += sign;
    if (needsAttention(worker))
        m_attention += sign;
    // What a lost source said last is no sum of today.
    if (worker.endedAt == 0 && worker.activeSessions > 0 && worker.liveness != Liveness::Unknown)
        m_sessions += sign * qint64(worker.activeSessions);
    if (worker.endedAt == 0 && worker.capacity > 0 && worker.liveness != Liveness::Unknown
        && worker.liveness != Liveness::Ghost) {
        m_capacity += sign * qint64(worker.capacity);
        m_busy += sign * qint64(qMax(0, worker.activeSessions));
        m_sized += sign;
    }
}

void FleetTally::addTo(FleetFigures *figures) const
{
    const auto count = [this](Liveness liveness) { return m_byLiveness[size_t(liveness)]; };
    figures->alive += count(Liveness::Alive);
    figures->settling += count(Liveness::Settling);
    figures->late += count(Liveness::Late);
    figures->stale += count(Liveness::Stale);
    figures->crashed += count(Liveness::Crashed);
    figures->hung += count(Liveness::Hung);
    figures->keyLost += count(Liveness::KeyLost);
    figures->draining += m_draining;
    figures->nobodyListens += m_nobodyListens;
    figures->statusUnknown += m_statusUnknown;
    figures->zombie += count(Liveness::Zombie);
    figures->ghost += count(Liveness::Ghost);
    figures->zombieOrGhost += count(Liveness::Zombie) + count(Liveness::Ghost);
    figures->zombieUnseen += m_zombiesUnseen;
    figures->noTtl += count(Liveness::NoTtl);
    figures->unknown += count(Liveness::Unknown);
    figures->departed += count(Liveness::Departed);
    figures->actors += m_actors;
    figures->attention += m_attention;
    figures->activeSessions += m_sessions;
    figures->capacity += m_capacity;
    figures->busy += m_busy;
    figures->sized += m_sized;
}

} // namespace pulsedeck
