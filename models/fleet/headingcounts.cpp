// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/headingcounts.h"

namespace pulsedeck {

/// \a place is where it belongs, unless it departed: then where it stands counts.
HeadingCounts::Counted HeadingCounts::countedAt(WorkerHandle handle, FleetGroups::Place place) const
{
    const bool departed = place.part == FleetGroups::DepartedPart;
    return {departed ? m_groups.place(handle).group : place.group, place.part, true, place.child,
            departed && m_groups.standsAmongLiving(handle)};
}

void HeadingCounts::count(const Counted &counted, int sign)
{
    m_matches += counted.matches ? sign : 0;
    if (counted.group < 0)
        return;
    FleetGroups::Group &group = m_groups.group(size_t(counted.group));
    group.changed = true;
    if (counted.gone) {
        group.gone += sign;
    } else if (counted.part == FleetGroups::BlindPart) {
        group.unknown += sign;
    } else if (counted.child) {
        const bool healthy = counted.part == int(Liveness::Alive) || counted.part == int(Liveness::Settling);
        group.parts[size_t(counted.part)] += healthy ? 0 : sign;
    } else {
        group.count += sign;
        group.parts[size_t(counted.part)] += sign;
    }
}

void HeadingCounts::recount(WorkerHandle handle, bool matches, qint64 now)
{
    if (m_counted.size() <= handle)
        m_counted.resize(size_t(m_store.capacity()));
    const Counted counted = matches ? countedAt(handle, m_groups.placeOf(handle, now)) : Counted();
    if (counted != m_counted[handle]) {
        count(m_counted[handle], -1);
        count(counted, 1);
        m_counted[handle] = counted;
    }
    const bool keepsPlace = m_store.worker(handle).liveness == Liveness::Departed && m_groups.standsAmongLiving(handle);
    m_goneWaits |= keepsPlace;
    if (keepsPlace)
        m_goneRows.insert(handle);
    else if (!m_goneRows.empty())
        m_goneRows.erase(handle);
}

void HeadingCounts::uncount(WorkerHandle handle)
{
    m_goneRows.erase(handle);
    if (handle < m_counted.size())
        count(std::exchange(m_counted[handle], Counted()), -1);
}

void HeadingCounts::recountAll(const std::vector<FleetGroups::Place> &fresh)
{
    std::vector<FleetGroups::Group> before;
    for (size_t i = 0; i < m_groups.size(); ++i) {
        FleetGroups::Group &group = m_groups.group(i);
        before.push_back(group);
        group.count = group.unknown = group.gone = 0;
        group.parts.fill(0);
    }
    m_matches = 0;
    m_goneWaits = false;
    m_goneRows.clear();
    m_counted.assign(fresh.size(), Counted());
    for (size_t i = 0; i < fresh.size(); ++i) {
        const WorkerHandle handle = WorkerHandle(i);
        const bool matches = fresh[i].group >= 0;
        if (!matches && m_groups.place(handle).group < 0)
            continue;
        const bool departed =
            matches ? fresh[i].part == FleetGroups::DepartedPart : m_store.worker(handle).liveness == Liveness::Departed;
        if (departed && m_groups.standsAmongLiving(handle)) {
            m_goneWaits = true;
            m_goneRows.insert(m_goneRows.end(), handle);
        }
        if (!matches)
            continue;
        m_counted[i] = countedAt(handle, fresh[i]);
        count(m_counted[i], 1);
    }
    for (size_t i = 0; i < m_groups.size(); ++i) {
        FleetGroups::Group &group = m_groups.group(i);
        const FleetGroups::Group &was = before[i];
        group.changed = was.changed || group.count != was.count || group.unknown != was.unknown || group.gone != was.gone
                        || group.parts != was.parts;
    }
}

std::vector<WorkerHandle> HeadingCounts::goneLongAgo(qint64 now, WorkerHandle kept)
{
    std::vector<WorkerHandle> due;
    std::erase_if(m_goneRows, [&](WorkerHandle handle) {
        const Worker &worker = m_store.worker(handle);
        const bool waits = worker.used && worker.liveness == Liveness::Departed && m_groups.standsAmongLiving(handle);
        if (waits && now - worker.endedAt >= FleetGroups::goneKeepsPlaceMs && handle != kept)
            due.push_back(handle);
        return !waits;
    });
    return due;
}

} // namespace pulsedeck
