// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetevents.h"

#include <algorithm>

namespace pulsedeck {

void FleetEvents::append(const FleetEvent &event)
{
    const bool routine = event.kind == FleetEventKind::SessionsChanged;
    std::deque<FleetEvent> &ring = routine ? m_routine : m_events;
    ring.push_back(event);
    if (!routine)
        ++m_appended;
    if (ring.size() > size_t(routine ? maxRoutine : maxEvents)) {
        ring.pop_front();
        ++m_dropped;
    }
}

std::vector<FleetEvent> FleetEvents::ofWorker(quint32 serial, SourceId source, int most) const
{
    std::vector<FleetEvent> found;
    const auto collect = [&](const std::deque<FleetEvent> &ring) {
        int left = most - int(found.size());
        const auto before = std::ptrdiff_t(found.size());
        for (auto it = ring.rbegin(); it != ring.rend() && left > 0; ++it) {
            if (it->worker == serial || (it->worker == 0 && it->source == source)) {
                found.push_back(*it);
                --left;
            }
        }
        // Oldest first, so that of one millisecond what came first stands first.
        std::reverse(found.begin() + before, found.end());
    };
    collect(m_events);
    collect(m_routine);
    std::stable_sort(found.begin(), found.end(), [](const FleetEvent &a, const FleetEvent &b) { return a.at < b.at; });
    return found;
}

std::vector<FleetEvent> FleetEvents::since(quint64 sequence, int most) const
{
    const quint64 first = qBound(firstKept(), sequence, m_appended);
    const auto from = m_events.begin() + std::ptrdiff_t(first - firstKept());
    const auto count = std::min<std::ptrdiff_t>(most, m_events.end() - from);
    return {from, from + count};
}

} // namespace pulsedeck
