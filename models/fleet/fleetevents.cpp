// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetevents.h"

#include "models/core/format.h"

#include <QStringBuilder>

#include <algorithm>

using namespace Qt::StringLiterals;

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

namespace {

/// The words that a registration needs where a key has others; empty where they are the same.
QString actorEventText(const FleetEvent &event)
{
    switch (event.kind) {
    case FleetEventKind::Returned:
        return u"registered again after "_s % durationText(event.a);
    case FleetEventKind::BeatGap:
        return u"no renewal for "_s % durationText(event.a) % u", expected after "_s % durationText(event.b);
    case FleetEventKind::WentLate:
        return u"late, last renewal "_s % durationText(event.a) % u" ago"_s;
    case FleetEventKind::WentStale:
        return u"stale, last renewal "_s % durationText(event.a) % u" ago"_s;
    case FleetEventKind::KeyExpired:
        return u"registration expired, nobody renewed it"_s;
    case FleetEventKind::Ended:
        if (WorkerEnd(event.a) == WorkerEnd::Left)
            return u"left: its registration was removed, or its connection ended"_s;
        if (WorkerEnd(event.a) == WorkerEnd::Expired)
            return u"gone: its registration expired"_s;
        if (WorkerEnd(event.a) == WorkerEnd::Unseen)
            return u"gone unseen: not registered any more when the hub was read again"_s;
        if (WorkerEnd(event.a) == WorkerEnd::Drained && WorkerStatus(event.b) == WorkerStatus::ShuttingDown)
            return u"gone after the shutdown"_s;
        return {};
    default:
        return {};
    }
}

} // namespace

QString eventText(const FleetEvent &event, bool actor)
{
    if (actor) {
        if (const QString text = actorEventText(event); !text.isEmpty())
            return text;
    }
    const auto duration = [](qint32 ms) { return durationText(ms); };
    switch (event.kind) {
    case FleetEventKind::Registered:
        return u"registered"_s;
    case FleetEventKind::Found:
        return u"was there when the console connected"_s;
    case FleetEventKind::Returned:
        return u"returned under the same id after "_s % duration(event.a);
    case FleetEventKind::StatusChanged:
        return statusName(WorkerStatus(event.a)) % u" → "_s % statusName(WorkerStatus(event.b));
    case FleetEventKind::SessionsChanged:
        return u"sessions "_s % QString::number(event.a) % u" → "_s % QString::number(event.b);
    case FleetEventKind::BeatGap:
        return u"beat gap "_s % duration(event.a) % u", expected "_s % duration(event.b);
    case FleetEventKind::WentLate:
        return u"late, last beat "_s % duration(event.a) % u" ago"_s;
    case FleetEventKind::WentStale:
        return u"stale, last beat "_s % duration(event.a) % u" ago"_s;
    case FleetEventKind::WentHung:
        return u"hung, last beat "_s % duration(event.a) % u" ago and its process still listens"_s;
    case FleetEventKind::KeyExpired:
        return WorkerEnd(event.a) == WorkerEnd::Crashed ? u"key expired: crashed, its process had died before"_s
                                                        : u"key expired, nobody beat any more"_s;
    case FleetEventKind::CountersLeft:
        return u"key gone, counters left for the reaper"_s;
    case FleetEventKind::CountersReaped:
        return u"counters removed"_s;
    case FleetEventKind::Ended:
        switch (WorkerEnd(event.a)) {
        case WorkerEnd::Drained:
            return u"gone after its drain"_s;
        case WorkerEnd::Left:
            return u"left: removed its own key"_s;
        case WorkerEnd::Expired:
            return u"gone: its key expired"_s;
        case WorkerEnd::Crashed:
            return u"crashed: its process died, then its key expired"_s;
        case WorkerEnd::KeyRemoved:
            return u"its key was removed"_s;
        case WorkerEnd::Unseen:
            return u"gone while there was no connection"_s;
        case WorkerEnd::None:
            break;
        }
        return u"gone"_s;
    case FleetEventKind::CommandSeen:
        return event.a > 0 ? QString(u"shutdown command written, expires in "_s % duration(event.a))
                           : u"shutdown command written"_s;
    case FleetEventKind::CommandGone:
        return u"command key gone"_s;
    case FleetEventKind::ListenerLost:
        return u"crashed: nobody listens on its command channel any more"_s;
    case FleetEventKind::DrainForgotten:
        return u"says available again while it drains"_s;
    case FleetEventKind::DrainUndone:
        return u"registered again, which undid an operator's drain"_s;
    case FleetEventKind::KeyLost:
        return u"its key is lost: watched until it returns or is surely gone"_s;
    case FleetEventKind::ProblemSeen:
        return u"a field cannot be read"_s;
    case FleetEventKind::ClockSkewSeen:
        return u"its clock is off by "_s % duration(event.a);
    case FleetEventKind::SourceLost:
        return u"connection to the source lost"_s;
    case FleetEventKind::SourceBack:
        return u"connection back after "_s % duration(event.a);
    }
    return {};
}

} // namespace pulsedeck
