// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/pastlateness.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>

namespace pulsedeck {

namespace {

QByteArray hostOf(const HistoryLane &lane)
{
    Worker worker;
    worker.host = lane.host;
    return hostName(worker);
}

} // namespace

PastLateness::PastLateness(const FleetStore &store, LanePast &past, History &history, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_past(past)
    , m_history(history)
{
    connect(&history, &History::answered, this, &PastLateness::take);
}

void PastLateness::want(qint64 from, qint64 to)
{
    const qint64 now = m_store.clock().nowMs();
    to = std::min(to, now);
    if (m_token != 0 || to <= from || covers(from, to))
        return;
    std::vector<LaneId> lanes;
    for (const HistoryLane &lane : m_past.lanes()) {
        if (lane.kind == LaneKind::Worker && lane.first <= to && lane.last >= from)
            lanes.push_back(lane.id);
    }
    if (lanes.empty() || double(lanes.size()) * double(to - from) > mostLaneMs)
        return;
    // As much before and behind it as there is room for.
    const qint64 span = to - from;
    const bool wide = double(lanes.size()) * double(2 * span) <= mostLaneMs;
    m_readFrom = wide ? from - span / 2 : from;
    m_readTo = wide ? std::min(to + span / 2, now) : to;
    m_lanes = std::move(lanes);
    m_next = 0;
    m_reading.clear();
    askNext();
}

void PastLateness::askNext()
{
    TracksQuery query;
    query.from = m_readFrom;
    query.to = m_readTo;
    for (; m_next < m_lanes.size() && query.lanes.size() < size_t(History::mostTracks); ++m_next)
        query.lanes.push_back(m_lanes[m_next]);
    m_token = m_history.nextToken();
    m_history.ask(std::move(query), m_token, 0);
}

void PastLateness::take(quint64 token, const SharedHistoryAnswer &answer)
{
    if (m_token == 0 || token != m_token || !answer)
        return;
    m_token = 0;
    const auto *tracks = std::get_if<TracksAnswer>(answer.get());
    if (!tracks)
        return; // It is asked for again as long as it is looked at.
    for (const LaneTrack &track : tracks->tracks) {
        const LaneStory story = storyOf(track, m_readFrom, m_readTo, true);
        for (const LaneGap &gap : gapsOf(story, m_readFrom, m_readTo))
            m_reading.push_back({track.lane, gap.from(), gap.to});
    }
    if (m_next < m_lanes.size())
        askNext();
    else
        finish();
}

void PastLateness::finish()
{
    std::sort(m_reading.begin(), m_reading.end(), [](const Late &one, const Late &other) { return one.from < other.from; });
    m_late = std::exchange(m_reading, {});
    m_from = m_readFrom;
    m_to = m_readTo;
    // By name: those of a file are not there now. Their numbers here are of this answer only.
    std::unordered_map<LaneId, SourceId> numbers;
    std::vector<QString> names;
    std::vector<int> there;
    for (const LaneId id : m_lanes) {
        const HistoryLane *lane = m_past.lane(id);
        if (!lane)
            continue;
        const auto known = std::find(names.begin(), names.end(), lane->source);
        const auto number = size_t(known - names.begin());
        if (known == names.end()) {
            names.push_back(lane->source);
            there.push_back(0);
        }
        numbers[id] = SourceId(number);
        ++there[number];
    }
    std::vector<LateLane> late;
    for (const Late &one : m_late) {
        if (const auto number = numbers.find(one.lane); number != numbers.end())
            late.push_back({noWorker, number->second, one.from, one.to, false});
    }
    m_pauses = findSourcePauses(late, there);
    m_there.clear();
    std::vector<SourceId> nowAt(names.size());
    for (const SourceId source : m_store.sources()) {
        const auto known = std::find(names.begin(), names.end(), m_store.sourceName(source));
        if (known == names.end())
            continue;
        const auto number = size_t(known - names.begin());
        nowAt[number] = source;
        m_there.resize(std::max(m_there.size(), size_t(source) + 1));
        m_there[source] = there[number];
    }
    for (SourcePause &pause : m_pauses) {
        pause.name = names[pause.source];
        pause.source = nowAt[pause.source];
    }
    emit changed();
}

std::vector<SourcePause> PastLateness::joinedPauses(const std::vector<SourcePause> &stored, qint64 completeFrom) const
{
    std::vector<SourcePause> joined;
    std::copy_if(m_pauses.begin(), m_pauses.end(), std::back_inserter(joined),
                 [completeFrom](const SourcePause &one) { return completeFrom == 0 || one.from < completeFrom; });
    const auto recorded = qsizetype(joined.size());
    for (const SourcePause &one : stored) {
        // One over the border is known to both.
        const bool known = std::any_of(joined.begin(), joined.begin() + recorded, [&one](const SourcePause &other) {
            return other.source == one.source && other.from < one.to && other.to > one.from;
        });
        if (!known)
            joined.push_back(one);
    }
    return joined;
}

std::optional<PastLateness::Others> PastLateness::others(LaneId lane, qint64 from, qint64 to) const
{
    if (!covers(from, std::min(to, m_store.clock().nowMs())))
        return std::nullopt;
    Others others;
    const HistoryLane *own = m_past.lane(lane);
    others.host = own ? hostOf(*own) : QByteArray();
    std::unordered_set<LaneId> counted;
    for (const Late &late : m_late) {
        if (late.from >= to)
            break;
        if (late.to <= from || late.lane == lane || !counted.insert(late.lane).second)
            continue;
        ++others.count;
        const HistoryLane *other = others.host.isEmpty() ? nullptr : m_past.lane(late.lane);
        others.sameHost += other && hostOf(*other) == others.host;
    }
    return others;
}

} // namespace pulsedeck
