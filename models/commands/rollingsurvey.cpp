// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/rollingsurvey.h"

#include "models/fleet/consoleaddress.h"

#include <algorithm>
#include <limits>

namespace pulsedeck {

bool takesSessions(const Worker &worker)
{
    // Of an actor a hub says no more than that it is registered. A worker of a system of jobs that is busy takes the next job
    // when it is done: where the system has no word for that, as in Sidekiq, it is available all the time.
    const bool available = worker.status == WorkerStatus::Available || worker.status == WorkerStatus::Registered
                           || (worker.status == WorkerStatus::Busy && worker.traits->isLaidOut());
    // Before its age is known a worker is selected like any other.
    const bool living = worker.liveness == Liveness::Alive || worker.liveness == Liveness::Settling;
    return living && available && !isStatusAssumed(worker) && !isConsole(worker)
           && !worker.flags.testFlag(WorkerFlag::DrainForgotten);
}

bool mayTakeSessions(const Worker &worker)
{
    return isStatusAssumed(worker) && (worker.liveness == Liveness::Alive || worker.liveness == Liveness::Settling);
}

CapacityKey capacityKeyOf(const Worker &worker)
{
    return {worker.source, worker.type, worker.child};
}

RollingSurvey::RollingSurvey(const FleetStore &store, const std::vector<WorkerHandle> &leaving, qint64 since, bool byOwnClock)
    : m_store(&store)
    , m_counted(size_t(store.capacity()), false)
{
    std::vector<bool> leaves(m_counted.size(), false);
    for (const WorkerHandle handle : leaving) {
        if (handle < leaves.size())
            leaves[handle] = true;
    }
    std::vector<qint64> clockOffsets;
    for (const SourceId source : store.sources()) {
        clockOffsets.resize(qMax(clockOffsets.size(), size_t(source) + 1), 0);
        if (const SourceStatus status = store.sourceStatus(source); status.clockKnown)
            clockOffsets[source] = status.clockOffsetMs;
    }
    // Most of a fleet is of one type on one source: the map is asked only when that changes.
    int *count = nullptr;
    CapacityKey key;
    for (size_t handle = 0; handle < m_counted.size(); ++handle) {
        const Worker &worker = store.worker(WorkerHandle(handle));
        if (!worker.used || worker.endedAt > 0)
            continue;
        const bool takes = takesSessions(worker);
        if (takes && !leaves[handle] && worker.command != CommandState::Shutdown) {
            m_counted[handle] = true;
            if (const CapacityKey own = capacityKeyOf(worker); !count || key != own) {
                key = own;
                count = &m_available[key];
            }
            ++*count;
        }
        if (!leaves[handle] && mayTakeSessions(worker))
            ++m_unknown[capacityKeyOf(worker)];
        qint64 bornAt = worker.firstSeenAt;
        if (bornAt == 0 && byOwnClock && worker.startedAt > 0 && worker.source < clockOffsets.size())
            bornAt = worker.startedAt + (worker.clockSkew == unknownValue ? 0 : worker.clockSkew) - clockOffsets[worker.source];
        if (bornAt <= since)
            continue;
        // A registration says as much on the first day: renewals come minutes apart.
        const int healthy = worker.traits->registers() ? std::numeric_limits<int>::max() : int(worker.beatCount);
        Newcomer newcomer;
        newcomer.view = {worker.source, worker.id, store.typeName(worker.type), worker.host, bornAt, takes ? healthy : 0};
        newcomer.view.child = worker.child;
        newcomer.watched = worker.firstSeenAt > 0;
        m_newcomers.push_back(newcomer);
    }
}

std::vector<RollingView::Capacity> RollingSurvey::capacity() const
{
    std::vector<RollingView::Capacity> list;
    const auto add = [&](const CapacityKey &key, int available, int unknown) {
        const auto &[source, type, child] = key;
        list.push_back({source, m_store->typeName(type), available, unknown, child});
    };
    for (const auto &[key, available] : m_available) {
        const auto unknown = m_unknown.find(key);
        add(key, available, unknown == m_unknown.end() ? 0 : unknown->second);
    }
    for (const auto &[key, unknown] : m_unknown) {
        if (m_available.count(key) == 0)
            add(key, 0, unknown);
    }
    return list;
}

RollingView::Presence RollingSurvey::presence(WorkerHandle handle) const
{
    if (handle >= m_counted.size())
        return RollingView::Presence::Left;
    const Worker &worker = m_store->worker(handle);
    if (worker.endedAt > 0 || worker.liveness == Liveness::Departed) {
        const bool died = worker.end == WorkerEnd::Expired || worker.end == WorkerEnd::Crashed
                          || worker.end == WorkerEnd::KeyRemoved || worker.liveness == Liveness::Zombie;
        return died ? RollingView::Presence::Died : RollingView::Presence::Left;
    }
    return m_counted[handle] ? RollingView::Presence::Counted : RollingView::Presence::Uncounted;
}

void RollingSurvey::remove(WorkerHandle handle)
{
    if (handle >= m_counted.size() || !m_counted[handle])
        return;
    m_counted[handle] = false;
    --m_available[capacityKeyOf(m_store->worker(handle))];
}

} // namespace pulsedeck
