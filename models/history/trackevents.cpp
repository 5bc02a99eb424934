// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/trackevents.h"

#include "models/fleet/fleetrecords.h"

#include <algorithm>

namespace pulsedeck {

namespace {

/// Walks a track, and notes an event for each change that the store has one for.
class TrackEvents
{
public:
    TrackEvents(const LaneTrack &track, quint32 serial, SourceId source)
        : m_track(track)
        , m_serial(serial)
        , m_source(source)
        , m_state(track.before)
    { }

    std::vector<FleetEvent> take()
    {
        for (const LaneChange &change : m_track.changes) {
            if (change.at != m_at) {
                m_at = change.at;
                m_expected = m_state.interval;
            }
            const LaneState before = m_state;
            m_state.take(change.fact, change.value);
            if (before.known)
                note(change, before);
            else if (m_track.before.known || change.at > m_track.changes.front().at)
                noteReturn(change);
        }
        return std::move(m_events);
    }

private:
    void add(FleetEventKind kind, qint64 at, qint64 a = 0, qint64 b = 0)
    {
        m_events.push_back({at, m_serial, storedMs(a), storedMs(b), m_source, kind});
    }
    /// Age of its last beat; 0 if none is known.
    qint64 ageAt(qint64 at) const
    {
        const auto later = std::upper_bound(m_track.beats.begin(), m_track.beats.end(), at);
        const qint64 last = later == m_track.beats.begin() ? m_track.before.beatAt : *(later - 1);
        return last > 0 ? at - last : 0;
    }
    /// Nothing was known of it, as its row had gone or nothing was recorded.
    void noteReturn(const LaneChange &change)
    {
        if (m_goneAt > 0 && change.fact == LaneFact::Liveness)
            add(FleetEventKind::Found, change.at);
    }
    void noteLiveness(const LaneChange &change, const LaneState &before);
    void noteEnd(const LaneChange &change, const LaneState &before);
    void noteFlags(const LaneChange &change, const LaneState &before);
    void note(const LaneChange &change, const LaneState &before);

    const LaneTrack &m_track;
    quint32 m_serial;
    SourceId m_source;
    LaneState m_state;
    qint64 m_at = 0; ///< Of the changes being walked, which came together.
    qint32 m_expected = unknownValue; ///< The interval before them: a gap that ends moves it.
    qint64 m_endedAt = 0;
    qint64 m_goneAt = 0;
    std::vector<FleetEvent> m_events;
};

void TrackEvents::noteLiveness(const LaneChange &change, const LaneState &before)
{
    switch (m_state.liveness) {
    case Liveness::Late:
        add(FleetEventKind::WentLate, change.at, ageAt(change.at));
        break;
    case Liveness::Stale:
        add(FleetEventKind::WentStale, change.at, ageAt(change.at));
        break;
    case Liveness::Hung:
        add(FleetEventKind::WentHung, change.at, ageAt(change.at));
        break;
    case Liveness::Crashed:
        add(FleetEventKind::ListenerLost, change.at);
        break;
    case Liveness::KeyLost:
    case Liveness::Ghost:
        add(FleetEventKind::KeyLost, change.at, qMax(0, m_state.sessions), m_state.liveness == Liveness::Ghost);
        break;
    case Liveness::Zombie:
        add(FleetEventKind::CountersLeft, change.at);
        break;
    case Liveness::Alive: {
        const bool wasSilent =
            before.liveness == Liveness::Late || before.liveness == Liveness::Stale || before.liveness == Liveness::Hung;
        // The beat that ended it, and the one before.
        const auto later = std::upper_bound(m_track.beats.begin(), m_track.beats.end(), change.at);
        if (wasSilent && later - m_track.beats.begin() >= 2)
            add(FleetEventKind::BeatGap, change.at, *(later - 1) - *(later - 2), qMax(0, m_expected));
        break;
    }
    default:
        break;
    }
}

void TrackEvents::noteEnd(const LaneChange &change, const LaneState &before)
{
    switch (m_state.end) {
    case WorkerEnd::None:
        if (m_endedAt > 0 || before.endedAt > 0)
            add(FleetEventKind::Returned, change.at, change.at - (m_endedAt > 0 ? m_endedAt : before.endedAt));
        break;
    case WorkerEnd::Expired:
    case WorkerEnd::Crashed:
        add(FleetEventKind::KeyExpired, change.at, qint64(m_state.end));
        break;
    default:
        add(FleetEventKind::Ended, change.at, qint64(m_state.end), qint64(m_state.status));
        break;
    }
    m_endedAt = m_state.end == WorkerEnd::None ? 0 : change.at;
}

void TrackEvents::noteFlags(const LaneChange &change, const LaneState &before)
{
    const WorkerFlags fresh = WorkerFlags::fromInt(m_state.flags & ~before.flags);
    for (const auto &[flag, kind] : {std::pair(WorkerFlag::DrainForgotten, FleetEventKind::DrainForgotten),
                                     std::pair(WorkerFlag::DrainUndone, FleetEventKind::DrainUndone)}) {
        if (fresh.testFlag(flag))
            add(kind, change.at);
    }
}

void TrackEvents::note(const LaneChange &change, const LaneState &before)
{
    switch (change.fact) {
    case LaneFact::Status:
        if (before.status != WorkerStatus::Missing && m_state.status != WorkerStatus::Missing)
            add(FleetEventKind::StatusChanged, change.at, qint64(before.status), qint64(m_state.status));
        break;
    case LaneFact::Sessions:
        if (before.sessions >= 0 && m_state.sessions >= 0)
            add(FleetEventKind::SessionsChanged, change.at, before.sessions, m_state.sessions);
        break;
    case LaneFact::Command:
        if (m_state.command == CommandState::Shutdown)
            add(FleetEventKind::CommandSeen, change.at);
        else if (before.command == CommandState::Shutdown)
            add(FleetEventKind::CommandGone, change.at);
        break;
    case LaneFact::Liveness:
        noteLiveness(change, before);
        break;
    case LaneFact::End:
        noteEnd(change, before);
        break;
    case LaneFact::Flags:
        noteFlags(change, before);
        break;
    case LaneFact::Gone:
        m_goneAt = change.at;
        m_endedAt = 0;
        break;
    default:
        break;
    }
}

} // namespace

std::vector<FleetEvent> eventsOf(const LaneTrack &track, quint32 serial, SourceId source)
{
    return TrackEvents(track, serial, source).take();
}

std::vector<FleetEvent> sourceEventsOf(const LaneTrack &track, SourceId source)
{
    const auto isConnected = [](const LaneState &state) {
        SourceStatus status;
        status.state = state.state;
        return state.known && status.isConnected();
    };
    std::vector<FleetEvent> events;
    LaneState state = track.before;
    qint64 lostAt = 0;
    for (const LaneChange &change : track.changes) {
        const bool was = isConnected(state);
        state.take(change.fact, change.value);
        if (was && !isConnected(state)) {
            lostAt = change.at;
            events.push_back({change.at, 0, 0, 0, source, FleetEventKind::SourceLost});
        } else if (!was && isConnected(state) && lostAt > 0) {
            events.push_back({change.at, 0, storedMs(change.at - lostAt), 0, source, FleetEventKind::SourceBack});
        }
    }
    return events;
}

} // namespace pulsedeck
