// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/timetravel.h"

#include "models/core/format.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 firstStepSpanMs = 10 * 60'000; ///< In which the next event is looked for first; then in ever longer ones.
constexpr int stepSpanGrows = 6;

} // namespace

TimeTravel::TimeTravel(const FleetStore &live, const SourceListModel &liveSources, History &history, QObject *parent)
    : QObject(parent)
    , m_live(live)
    , m_liveSources(liveSources)
    , m_history(history)
    , m_fleet(live.clock())
{
    m_playing.setInterval(playEveryMs);
    connect(&m_playing, &QTimer::timeout, this, &TimeTravel::playOn);
    connect(&history, &History::answered, this, &TimeTravel::take);
}

void TimeTravel::goTo(qint64 at)
{
    if (at >= m_live.clock().nowMs()) {
        if (hasNow()) {
            backToNow();
            return;
        }
        at = m_live.clock().nowMs() - 1;
    }
    const bool left = !isAway();
    if (m_wanted == at)
        return;
    m_wanted = at;
    m_stepDirection = 0;
    if (left)
        emit awayChanged(true);
    emit moved();
    askMoment();
}

void TimeTravel::backToNow()
{
    if (!isAway())
        return;
    setPlaying(false);
    if (!hasNow()) {
        goTo(m_live.clock().nowMs() - 1);
        return;
    }
    m_wanted.reset();
    m_stepDirection = 0;
    emit awayChanged(false);
}

void TimeTravel::setPlaying(bool playing)
{
    if (playing == isPlaying() || (playing && !isAway()))
        return;
    if (playing) {
        m_sincePlayed.start();
        m_playing.start();
    } else {
        m_playing.stop();
    }
    emit playingChanged(playing);
}

void TimeTravel::setSpeed(int speed)
{
    m_speed = speed;
}

void TimeTravel::playOn()
{
    if (m_momentToken != 0)
        return; // A disk that is slow makes steps larger, not the playing slower.
    const qint64 next = at() + m_sincePlayed.restart() * m_speed;
    if (next >= m_live.clock().nowMs()) {
        backToNow();
        if (!hasNow()) {
            emit noticed(tr("This is the end of the file"), {});
            return;
        }
        emit noticed(tr("This is now"), tr("Playing has ended: what is shown is the present again."));
        return;
    }
    goTo(next);
}

void TimeTravel::step(int direction)
{
    if (!isAway() || m_eventsToken != 0)
        return;
    setPlaying(false);
    m_stepDirection = direction;
    m_stepFrom = direction > 0 ? at() + 1 : 0;
    m_stepTo = direction > 0 ? at() + 1 + firstStepSpanMs : at();
    askEvents();
}

void TimeTravel::askEvents()
{
    EventsQuery query;
    query.from = m_stepFrom;
    query.to = m_stepTo;
    if (m_stepDirection < 0)
        query.most = 1; // Of more the latest.
    m_eventsToken = m_history.nextToken();
    m_history.ask(query, m_eventsToken, 0);
}

void TimeTravel::takeEvents(const EventsAnswer &answer)
{
    if (m_stepDirection == 0)
        return; // The playhead was put elsewhere since.
    if (!answer.events.empty()) {
        goTo(m_stepDirection > 0 ? answer.events.front().at : answer.events.back().at);
        return;
    }
    if (m_stepDirection < 0) {
        emit noticed(tr("There is no earlier event"), {});
        return;
    }
    if (m_stepTo > m_live.clock().nowMs()) {
        emit noticed(tr("There is no later event"), {});
        return;
    }
    const qint64 span = (m_stepTo - m_stepFrom) * stepSpanGrows;
    m_stepFrom = m_stepTo;
    m_stepTo += span;
    askEvents();
}

void TimeTravel::askMoment()
{
    if (!isAway() || m_momentToken != 0)
        return; // The answer under way asks again.
    m_moment.reset();
    m_lanesTried = false;
    m_momentToken = m_history.nextToken();
    m_history.ask(MomentQuery{at()}, m_momentToken, 0);
    askTracks(at());
}

std::vector<LaneId> TimeTravel::seenLanes() const
{
    std::vector<LaneId> lanes = m_fleet.lanesOf(m_seen ? m_seen() : std::vector<WorkerHandle>(), m_queuesSeen && m_queuesSeen());
    if (lanes.size() > size_t(History::mostTracks))
        lanes.resize(size_t(History::mostTracks));
    return lanes;
}

void TimeTravel::askTracks(qint64 at)
{
    TracksQuery query;
    query.from = at - PastFleet::beatsOverMs;
    query.to = at + 1;
    m_trackLanes = seenLanes();
    query.lanes = m_trackLanes;
    m_tracks.reset();
    m_tracksToken = m_history.nextToken();
    m_history.ask(query, m_tracksToken, 0);
}

void TimeTravel::reviewSeen()
{
    if (isAway() && m_momentToken == 0 && m_tracksToken == 0 && m_fleet.at() == at() && seenLanes() != m_trackLanes)
        askTracks(at());
}

void TimeTravel::reviewLines()
{
    const bool rests = std::exchange(m_restsAt, at()) == at();
    if (rests)
        askLines();
}

void TimeTravel::askLines()
{
    if (!isAway() || isPlaying() || !isSettled() || m_linesToken != 0 || !m_queuesSeen || !m_queuesSeen())
        return;
    std::optional<TracksQuery> query = m_fleet.wantedLines();
    if (!query)
        return;
    m_linesFor = at();
    m_linesAsked = *query;
    m_linesToken = m_history.nextToken();
    m_history.ask(std::move(*query), m_linesToken, 0);
}

void TimeTravel::askLanes()
{
    m_lanesTried = true;
    m_lanesToken = m_history.nextToken();
    m_history.ask(LanesQuery{0, m_live.clock().nowMs() + 1}, m_lanesToken, 0);
}

void TimeTravel::take(quint64 token, const SharedHistoryAnswer &answer)
{
    if (token == 0 || !answer)
        return;
    if (token == m_eventsToken) {
        m_eventsToken = 0;
        if (const auto *events = std::get_if<EventsAnswer>(answer.get()))
            takeEvents(*events);
        return;
    }
    if (token == m_linesToken) {
        m_linesToken = 0;
        const auto *tracks = std::get_if<TracksAnswer>(answer.get());
        const std::optional<TracksQuery> wanted = m_fleet.wantedLines();
        if (tracks && isAway() && m_fleet.at() == m_linesFor && wanted && wanted->from == m_linesAsked.from
            && wanted->lanes == m_linesAsked.lanes) {
            m_fleet.showLines(m_linesAsked, *tracks);
            askLines(); // Of many queues some at a time.
        }
        return;
    }
    if (token == m_lanesToken) {
        m_lanesToken = 0;
        if (const auto *lanes = std::get_if<LanesAnswer>(answer.get()))
            m_fleet.setLanes(lanes->lanes);
    } else if (token == m_tracksToken) {
        m_tracksToken = 0;
        m_tracks = answer;
    } else if (token == m_momentToken) {
        m_moment = answer;
        const auto *failed = std::get_if<FailedAnswer>(answer.get());
        if (failed && isAway()) {
            m_momentToken = 0;
            m_moment.reset();
            if (hasNow()) {
                backToNow();
            } else if (m_fleet.at() > 0) {
                setPlaying(false);
                m_wanted = m_fleet.at(); // What is shown stays.
                emit moved();
            }
            emit noticed(tr("That time cannot be shown"), failed->message);
            return;
        }
    } else {
        return;
    }
    showIfWhole();
}

/// As soon as the moment, its lanes and its tracks are there.
void TimeTravel::showIfWhole()
{
    if (m_lanesToken != 0 || m_tracksToken != 0 || (m_momentToken != 0 && !m_moment))
        return;
    const auto *moment = m_moment ? std::get_if<MomentAnswer>(m_moment.get()) : nullptr;
    if (moment && !m_fleet.knows(*moment) && !m_lanesTried) {
        askLanes();
        return;
    }
    static const TracksAnswer noTracks;
    const auto *tracks = m_tracks ? std::get_if<TracksAnswer>(m_tracks.get()) : nullptr;
    if (isAway() && (moment || tracks)) {
        m_fleet.show(moment, tracks ? *tracks : noTracks, m_liveSources);
        m_momentToken = 0;
        m_moment.reset();
        m_tracks.reset();
        emit shown();
        if (at() != m_fleet.at())
            askMoment();
        else
            reviewSeen();
        return;
    }
    m_momentToken = 0;
    m_moment.reset();
    m_tracks.reset();
}

} // namespace pulsedeck
