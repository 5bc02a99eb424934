// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/pastfleet.h"

#include "models/core/prefetch.h"
#include "models/history/trackevents.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace pulsedeck {

namespace {

/// Its key was there at the moment, as far as is known.
bool hadKey(const LaneState &state)
{
    switch (state.liveness) {
    case Liveness::Departed:
    case Liveness::Zombie:
    case Liveness::Ghost:
    case Liveness::KeyLost:
    case Liveness::NoTtl:
    case Liveness::Unknown:
        return false;
    default:
        return state.beatAt > 0 && state.learntTtl > 0;
    }
}

QueueSample sampleOf(const HistoryLane &lane, TraitsRef traits, const LaneState &state, qint64 at)
{
    QueueSample sample;
    sample.name = lane.name;
    sample.traits = traits;
    sample.readAt = at;
    sample.waiting = state.waiting;
    sample.atWork = state.atWork;
    sample.delayed = state.delayed;
    sample.failed = state.failed;
    sample.taken = state.taken;
    sample.done = state.done;
    sample.added = state.added;
    sample.pausable = sample.paused = state.paused;
    sample.whole = lane.name.isEmpty();
    return sample;
}

/// A queue is recorded by its layout alone. What a layout describes is known whether or not a source was connected that has it.
TraitsRef kindOf(const HistoryLane &lane)
{
    const bool isQueue = lane.kind == LaneKind::Queue;
    const QString word = isQueue ? lane.system : lane.system.left(qMax<qsizetype>(0, lane.system.indexOf(u':')));
    if (const Layout *layout = word.isEmpty() ? nullptr : LayoutCatalog::inUse().find(word)) {
        const TraitsRef described = traitsOf(*layout);
        if (isQueue)
            return described;
    }
    return TraitsRef::named(lane.system);
}

bool isCounter(LaneFact fact)
{
    return fact == LaneFact::Taken || fact == LaneFact::Done || fact == LaneFact::Added;
}

/// When a queue is taken to have been read: where its counters moved, as rates are differences of them, and each ten seconds
/// where they did not.
std::vector<qint64> readTimes(const LaneTrack &track, qint64 from, qint64 until)
{
    constexpr qint64 stepMs = QueueHistory::fineStepMs;
    constexpr qint64 nearMs = stepMs + 2'000; // Counters that move are recorded within this.
    std::vector<qint64> times;
    qint64 last = from;
    const auto fill = [&times, &last](qint64 to) {
        while (to - last > nearMs) {
            last += stepMs;
            times.push_back(last);
        }
    };
    bool counts = false;
    for (const LaneChange &change : track.changes) {
        if (!isCounter(change.fact) || change.at <= last)
            continue;
        fill(change.at);
        times.push_back(last = change.at);
        counts = true;
    }
    fill(until);
    if (!counts || times.empty())
        times.push_back(until);
    return times;
}

bool isConnected(SourceState state)
{
    SourceStatus status;
    status.state = state;
    return status.isConnected();
}

/// The times that are in both, each ascending.
std::vector<UnknownSpan> commonSpans(const std::vector<UnknownSpan> &some, const std::vector<UnknownSpan> &others)
{
    constexpr qint64 never = std::numeric_limits<qint64>::max();
    const auto endOf = [](const UnknownSpan &span) { return span.to == 0 ? never : span.to; };
    std::vector<UnknownSpan> common;
    for (auto one = some.begin(), other = others.begin(); one != some.end() && other != others.end();) {
        const qint64 from = std::max(one->from, other->from);
        const qint64 to = std::min(endOf(*one), endOf(*other));
        if (from < to)
            common.push_back({from, to == never ? 0 : to});
        endOf(*one) < endOf(*other) ? ++one : ++other;
    }
    return common;
}

/// The one of the source's timings with this mark; an assumed one where none was reported. Rows are judged as they were judged
/// then, whichever it is.
TimingProfile timingOf(const HistoryLane &lane, quint32 mark)
{
    if (mark != 0) {
        for (const QString &text : lane.timings) {
            if (laneVersionMark(text) == mark)
                return timingOfLaneText(text);
        }
    }
    return TimingProfile::assumedDocument();
}

} // namespace

std::vector<UnknownSpan> unknownSpansOf(const LaneTrack &track, qint64 from)
{
    std::vector<UnknownSpan> spans;
    LaneState state = track.before;
    const auto isUnknown = [&state] { return !state.known || !isConnected(state.state); };
    if (isUnknown())
        spans.push_back({from, 0});
    for (const LaneChange &change : track.changes) {
        const bool was = isUnknown();
        state.take(change.fact, change.value);
        if (was && !isUnknown())
            spans.back().to = change.at;
        else if (!was && isUnknown())
            spans.push_back({change.at, 0});
    }
    return spans;
}

PastFleet::PastFleet(const Clock &live)
    : m_clock(0, &live)
    , m_store(m_clock)
    , m_sources(m_store)
{ }

void PastFleet::setLanes(std::vector<HistoryLane> lanes)
{
    std::vector<Place> places;
    places.reserve(lanes.size());
    m_sourceLanes.clear();
    std::map<std::pair<LaneKind, QString>, TraitsRef> kinds;
    const LaneId last = lanes.empty() ? noLane : lanes.back().id;
    std::vector<quint32> placeOf(size_t(last) + 1);
    for (HistoryLane &lane : lanes) {
        Place place;
        const auto [kind, isNew] = kinds.try_emplace({lane.kind, lane.system});
        if (isNew)
            kind->second = kindOf(lane);
        place.traits = kind->second;
        place.version = laneVersionMark(lane.version);
        place.kind = lane.kind;
        if (Place *before = this->placeOf(lane.id)) {
            place.source = before->source;
            place.handle = std::exchange(before->handle, noWorker);
        }
        if (lane.kind == LaneKind::Source)
            m_sourceLanes.push_back(lane.id);
        placeOf[lane.id] = quint32(places.size() + 1);
        place.lane = std::move(lane);
        places.push_back(std::move(place));
    }
    for (const Place &place : m_places) {
        if (place.handle != noWorker) // The history has it no more.
            m_store.forget(place.handle);
    }
    m_places = std::move(places);
    m_rounds.assign(m_places.size(), 0);
    m_placeOf = std::move(placeOf);
}

const PastFleet::Place *PastFleet::placeOf(LaneId lane) const
{
    return lane < m_placeOf.size() && m_placeOf[lane] > 0 ? &m_places[m_placeOf[lane] - 1] : nullptr;
}

bool PastFleet::knows(const MomentAnswer &moment) const
{
    for (size_t i = 0; i < moment.lanes.size(); ++i) {
        const Place *place = placeOf(moment.lanes[i]);
        if (!place)
            return false;
        // The words of a timing that came since.
        if (moment.states[i].version != 0 && place->kind == LaneKind::Source
            && timingOf(place->lane, moment.states[i].version).assumed)
            return false;
    }
    return true;
}

SourceId PastFleet::sourceOf(const Place &place, const SourceListModel &live)
{
    const auto [found, isNew] = m_sourceIds.try_emplace(place.lane.source, SourceId(m_sourceIds.size() + 1));
    if (!isNew)
        return found->second;
    SourceSettings settings;
    for (const SourceSettings &one : live.all()) {
        if (one.name == place.lane.source)
            settings = one;
    }
    settings.id = found->second;
    settings.name = place.lane.source;
    m_sources.setSource(settings);
    return found->second;
}

/// Most lanes are from one moment to the next as they were.
void PastFleet::showWorker(Place &place, const LaneState &state)
{
    if (place.handle != noWorker && place.isDescribed) {
        const qint64 beatAt = std::exchange(place.state.beatAt, state.beatAt);
        if (place.state == static_cast<const LaneCore &>(state) && (beatAt > 0) == (state.beatAt > 0)) {
            if (beatAt != state.beatAt)
                m_store.restoreBeat(place.handle, state.beatAt);
            return;
        }
    }
    place.state = state;
    Worker row;
    row.traits = place.traits;
    row.beatAt = state.beatAt;
    row.learntTtl = state.learntTtl;
    row.interval = state.interval;
    // The interval was one to be relied on: of the beats behind it only this is known.
    row.beatCount = state.interval > 0 ? BeatHistory::capacity : 0;
    row.activeSessions = state.sessions;
    row.capacity = state.capacity;
    row.endedAt = state.endedAt;
    row.child = !place.lane.parent.isEmpty();
    row.flags = WorkerFlags::fromInt(state.flags);
    row.status = state.status;
    row.liveness = state.liveness;
    row.end = state.end;
    row.command = state.command;
    if (hadKey(state)) {
        row.readAt = state.beatAt;
        row.ttlAtRead = state.learntTtl;
    }
    // The words are those of its latest version, which it may not have had then.
    const bool sameVersion = state.version == place.version;
    RestoredWords words;
    const bool describe = place.handle == noWorker || !place.isDescribed || sameVersion != place.versionShown;
    if (describe) {
        row.id = place.lane.name;
        row.host = place.lane.host;
        words.type = place.lane.type.toUtf8();
        words.facts.label = place.lane.label;
        words.facts.queues = place.lane.queues;
        words.facts.parent = place.lane.parent;
        if (sameVersion)
            words.facts.version = place.lane.version;
    }
    place.versionShown = sameVersion;
    place.isDescribed = true;
    place.handle = m_store.restore(place.source, place.handle, std::move(row), describe ? &words : nullptr);
    if (place.handle == noWorker)
        return;
    if (m_laneOf.size() <= place.handle)
        m_laneOf.resize(qMax<size_t>(size_t(place.handle) + 1, m_laneOf.size() * 2), noLane);
    m_laneOf[place.handle] = place.lane.id;
}

void PastFleet::prefetchLane(LaneId lane, LaneId next) const
{
    if (const Place *place = placeOf(lane))
        prefetch(&place->state); // And what shares its line.
    if (const Place *place = placeOf(next); place && place->handle != noWorker)
        prefetch(&m_store.worker(place->handle));
}

void PastFleet::showMoment(const MomentAnswer &moment, const SourceListModel &live)
{
    m_clock.set(moment.at);
    m_known = moment.run != 0;
    ++m_round;
    m_queueLanes.clear();
    m_samples.clear();
    m_latelyShown = queuesAtOnce;
    m_linesShown = 0;
    std::map<SourceId, SourceStatus> statuses;
    std::vector<std::pair<SourceId, QueueSample>> queues;
    bool anyWorker = false;
    for (size_t i = 0; i < moment.lanes.size(); ++i) {
        const LaneId lane = moment.lanes[i];
        if (!moment.states[i].known || lane >= m_placeOf.size() || m_placeOf[lane] == 0)
            continue;
        m_rounds[m_placeOf[lane] - 1] = m_round;
        anyWorker = anyWorker || m_places[m_placeOf[lane] - 1].kind == LaneKind::Worker;
    }
    // They are of the moment before.
    for (const WorkerHandle worker : m_beating) {
        if (m_store.worker(worker).used)
            m_store.restoreBeats(worker, {});
    }
    m_beating.clear();
    // First who was not there: another lane may have the same id. The last goes first, so that lists of rows shrink at their end,
    // and the next new rows have ascending places again.
    for (size_t i = m_places.size(); i-- > 0;) {
        if (m_rounds[i] == m_round || m_places[i].handle == noWorker)
            continue;
        if (anyWorker) {
            m_store.forget(std::exchange(m_places[i].handle, noWorker));
        } else {
            // A gap in the recording that the playhead passes: beyond it most are there again.
            m_store.park(m_places[i].handle);
            m_places[i].isDescribed = false;
        }
    }
    constexpr size_t ahead = 8; // A place, and then its row, are on their way from the memory while others are shown.
    for (size_t i = 0; i < moment.lanes.size(); ++i) {
        if (i + 2 * ahead < moment.lanes.size())
            prefetchLane(moment.lanes[i + 2 * ahead], moment.lanes[i + ahead]);
        const LaneState &state = moment.states[i];
        Place *place = placeOf(moment.lanes[i]);
        if (!state.known || !place)
            continue;
        if (place->source == 0)
            place->source = sourceOf(*place, live);
        switch (place->kind) {
        case LaneKind::Source:
            statuses[place->source].state = state.state;
            statuses[place->source].traits = place->traits;
            statuses[place->source].timing = timingOf(place->lane, state.version);
            break;
        case LaneKind::Worker:
            showWorker(*place, state);
            break;
        case LaneKind::Queue:
            // What a system counts for all of its queues first: of many the last have their lines last.
            m_queueLanes.insert(place->lane.name.isEmpty() ? m_queueLanes.begin() : m_queueLanes.end(), place->lane.id);
            queues.emplace_back(place->source, sampleOf(place->lane, place->traits, state, moment.at));
            break;
        }
    }
    for (const auto &[name, source] : m_sourceIds) {
        const auto then = statuses.find(source);
        SourceStatus status = then == statuses.end() ? SourceStatus() : then->second;
        status.source = source;
        if (then == statuses.end())
            status.timing = TimingProfile::assumedDocument();
        m_store.restoreStatus(status);
    }
    m_store.restoreQueues(queues);
}

std::vector<LaneId> PastFleet::lanesOf(const std::vector<WorkerHandle> &workers, bool queues) const
{
    std::vector<LaneId> lanes = m_sourceLanes; // First: of too many lanes the last are left out.
    if (queues) {
        const size_t some = std::min(m_queueLanes.size(), queuesAtOnce);
        lanes.insert(lanes.end(), m_queueLanes.begin(), m_queueLanes.begin() + qsizetype(some));
    }
    for (const WorkerHandle worker : workers) {
        if (worker < m_laneOf.size() && m_laneOf[worker] != noLane)
            lanes.push_back(m_laneOf[worker]);
    }
    return lanes;
}

std::optional<TracksQuery> PastFleet::wantedLines() const
{
    TracksQuery query;
    const bool lately = m_latelyShown < m_queueLanes.size();
    const size_t first = lately ? m_latelyShown : m_linesShown;
    const size_t most = lately ? m_queueLanes.size() : std::min(m_queueLanes.size(), mostLines);
    if (first >= most)
        return {};
    query.from = at() - (lately ? beatsOverMs : linesOverMs);
    query.to = at() + 1 - (lately ? 0 : beatsOverMs);
    query.stepMs = lately ? 0 : lineStepMs;
    const size_t end = std::min(most, first + queuesAtOnce);
    query.lanes.assign(m_queueLanes.begin() + qsizetype(first), m_queueLanes.begin() + qsizetype(end));
    return query;
}

void PastFleet::showTracks(const TracksAnswer &answer)
{
    std::vector<FleetEvent> events;
    std::map<SourceId, std::vector<UnknownSpan>> unknown;
    const auto note = [&events](const std::vector<FleetEvent> &more) { events.insert(events.end(), more.begin(), more.end()); };
    for (const LaneTrack &track : answer.tracks) {
        const Place *place = placeOf(track.lane);
        if (!place || place->source == 0)
            continue;
        if (place->lane.kind == LaneKind::Source) {
            // A source may have several lanes, as of one that was of another kind before: it is unknown where all of them are.
            std::vector<UnknownSpan> spans = unknownSpansOf(track, at() - beatsOverMs);
            if (const auto [found, isFirst] = unknown.try_emplace(place->source, spans); !isFirst)
                found->second = commonSpans(found->second, spans);
            note(sourceEventsOf(track, place->source));
        } else if (place->lane.kind == LaneKind::Queue) {
            showQueue(*place, track, true);
        } else if (place->handle != noWorker && m_store.worker(place->handle).used) {
            m_store.restoreBeats(place->handle, track.beats);
            m_beating.push_back(place->handle);
            note(eventsOf(track, m_store.worker(place->handle).serial, place->source));
        }
    }
    for (const auto &[source, spans] : unknown)
        m_store.restoreUnknown(source, spans);
    std::stable_sort(events.begin(), events.end(),
                     [](const FleetEvent &one, const FleetEvent &other) { return one.at < other.at; });
    m_store.restoreEvents(events);
}

/// As if it had been read again and again: what is recorded of it are changes. \a keep: more of its line is to come.
void PastFleet::showQueue(const Place &place, const LaneTrack &track, bool keep)
{
    std::vector<QueueSample> samples;
    LaneState state = track.before;
    auto change = track.changes.begin();
    for (const qint64 time : readTimes(track, at() - beatsOverMs, at())) {
        for (; change != track.changes.end() && change->at <= time; ++change)
            state.take(change->fact, change->value);
        if (state.known)
            samples.push_back(sampleOf(place.lane, place.traits, state, time));
    }
    for (; change != track.changes.end(); ++change) // Since its counters were looked at last.
        state.take(change->fact, change->value);
    if (!samples.empty() && state.known)
        samples.back() = sampleOf(place.lane, place.traits, state, samples.back().readAt);
    if (!keep) {
        m_store.restoreQueue(place.source, samples);
        return;
    }
    m_samples[place.lane.id].lately = std::move(samples);
    restoreQueue(place);
}

/// Rates are of what came lately; the hours before are only in its line.
void PastFleet::restoreQueue(const Place &place)
{
    const Samples &known = m_samples[place.lane.id];
    std::vector<QueueSample> all = known.before;
    all.insert(all.end(), known.lately.begin(), known.lately.end());
    m_store.restoreQueue(place.source, all);
}

void PastFleet::showBefore(const Place &place, const LaneTrack &track)
{
    std::vector<QueueSample> samples;
    samples.reserve(size_t((linesOverMs - beatsOverMs) / lineStepMs));
    LaneState state = track.before;
    auto change = track.changes.begin();
    for (qint64 time = at() - linesOverMs + lineStepMs; time <= at() - beatsOverMs; time += lineStepMs) {
        for (; change != track.changes.end() && change->at <= time; ++change)
            state.take(change->fact, change->value);
        if (state.known)
            samples.push_back(sampleOf(place.lane, place.traits, state, time));
    }
    Samples &known = m_samples[track.lane];
    known.before = std::move(samples);
    if (!known.lately.empty()) // Else it comes with what is on its way.
        restoreQueue(place);
}

void PastFleet::showLines(const TracksQuery &asked, const TracksAnswer &answer)
{
    const bool lately = asked.stepMs == 0;
    const size_t first = lately ? m_latelyShown : m_linesShown;
    (lately ? m_latelyShown : m_linesShown) += asked.lanes.size();
    for (const LaneTrack &track : answer.tracks) {
        const Place *place = placeOf(track.lane);
        if (!place || place->source == 0 || place->lane.kind != LaneKind::Queue)
            continue;
        if (lately)
            showQueue(*place, track, first < mostLines);
        else
            showBefore(*place, track);
    }
    // Of these nothing is read again for this moment; what came lately of the first ones is, with the rows that are seen.
    if (!lately && first >= queuesAtOnce) {
        for (const LaneId lane : asked.lanes)
            m_samples.erase(lane);
    }
    m_store.publish();
}

void PastFleet::show(const MomentAnswer *moment, const TracksAnswer &tracks, const SourceListModel &live)
{
    if (moment)
        showMoment(*moment, live);
    showTracks(tracks);
    m_store.publish();
}

std::vector<LaneId> PastFleet::lanesOfSource(SourceId source) const
{
    std::vector<LaneId> lanes;
    for (const LaneId lane : m_sourceLanes) {
        if (const Place *place = placeOf(lane); place && place->source == source)
            lanes.push_back(lane);
    }
    return lanes;
}

WorkerHandle PastFleet::find(const QString &source, const QByteArray &id, const QString &system) const
{
    const auto found = m_sourceIds.find(source);
    return found == m_sourceIds.end() ? noWorker : m_store.find(found->second, id, system);
}

} // namespace pulsedeck
