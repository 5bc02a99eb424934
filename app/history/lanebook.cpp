// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/lanebook.h"

#include "models/history/beatcoding.h"

namespace pulsedeck {

namespace {

/// Each once, the latest at the end.
QStringList withTimings(QStringList known, const QStringList &told)
{
    for (const QString &timing : told) {
        known.removeAll(timing);
        known.append(timing);
    }
    return known.mid(qMax<qsizetype>(0, known.size() - mostLaneTimings));
}

} // namespace

void LaneBook::clear()
{
    *this = LaneBook();
}

void LaneBook::load(std::span<const HistoryLane> lanes, LaneId next)
{
    clear();
    LaneId most = qMax<LaneId>(next, 1);
    for (const HistoryLane &lane : lanes)
        most = qMax(most, lane.id + 1);
    m_entries.resize(most);
    m_byKey.reserve(qsizetype(lanes.size()));
    for (const HistoryLane &lane : lanes) {
        if (lane.id != noLane)
            set(lane.id, lane);
    }
    m_outdated.clear();
}

void LaneBook::outdateAll()
{
    for (LaneId id = 1; id < next(); ++id) {
        if (has(id))
            m_outdated.insert(BeatBlock::blockOf(id));
    }
}

/// A type is what a worker is of now, not what it is known by.
size_t LaneBook::keyOf(const HistoryLane &lane)
{
    return qHashMulti(0, int(lane.kind), lane.source, lane.system, lane.name);
}

LaneId LaneBook::find(const HistoryLane &lane) const
{
    const auto [begin, end] = m_byKey.equal_range(keyOf(lane));
    for (auto found = begin; found != end; ++found) {
        const Entry &entry = m_entries[*found];
        const Group &group = m_groups[size_t(entry.group)];
        if (entry.name == lane.name && group.kind == lane.kind && group.source == lane.source && group.system == lane.system)
            return *found;
    }
    return noLane;
}

qint32 LaneBook::groupOf(const HistoryLane &lane)
{
    // The latest is the likeliest, and there are few.
    for (size_t i = m_groups.size(); i-- > 0;) {
        const Group &group = m_groups[i];
        if (group.kind == lane.kind && group.type == lane.type && group.source == lane.source && group.system == lane.system)
            return qint32(i);
    }
    m_groups.push_back({lane.kind, lane.source, lane.system, lane.type});
    return qint32(m_groups.size() - 1);
}

void LaneBook::set(LaneId id, const HistoryLane &lane)
{
    Entry &entry = m_entries[id];
    if (entry.group < 0) {
        m_byKey.insert(keyOf(lane), id);
        entry.first = lane.first;
        entry.last = lane.last;
    }
    entry.group = groupOf(lane);
    entry.name = lane.name;
    entry.host = lane.host;
    entry.first = qMin(entry.first, lane.first);
    entry.last = qMax(entry.last, lane.last);
    const Extra extra{lane.label, lane.version, lane.queues, lane.parent, withTimings(m_extras.value(id).timings, lane.timings)};
    if (extra == Extra())
        m_extras.remove(id);
    else
        m_extras.insert(id, extra);
    m_outdated.insert(BeatBlock::blockOf(id));
}

LaneId LaneBook::add(const HistoryLane &lane)
{
    LaneId id = find(lane);
    if (id == noLane) {
        if (m_entries.empty())
            m_entries.resize(1);
        id = next();
        m_entries.emplace_back();
        set(id, lane);
        return id;
    }
    HistoryLane known = this->lane(id);
    known.first = lane.first;
    known.last = lane.last;
    known.id = lane.id;
    HistoryLane told = lane;
    told.timings = withTimings(known.timings, lane.timings);
    if (known == told)
        extend(id, lane.last);
    else
        set(id, lane);
    return id;
}

void LaneBook::put(const HistoryLane &lane)
{
    constexpr LaneId mostLanes = 50'000'000; // Of a file that is wrong.
    if (lane.id == noLane || lane.id > mostLanes)
        return;
    if (lane.id >= next())
        m_entries.resize(lane.id + 1);
    set(lane.id, lane);
}

HistoryLane LaneBook::lane(LaneId lane) const
{
    const Entry &entry = m_entries[lane];
    const Group &group = m_groups[size_t(entry.group)];
    HistoryLane result;
    result.id = lane;
    result.kind = group.kind;
    result.source = group.source;
    result.system = group.system;
    result.type = group.type;
    result.name = entry.name;
    result.host = entry.host;
    result.first = entry.first;
    result.last = entry.last;
    if (const auto extra = m_extras.find(lane); extra != m_extras.end()) {
        result.label = extra->label;
        result.version = extra->version;
        result.queues = extra->queues;
        result.parent = extra->parent;
        result.timings = extra->timings;
    }
    return result;
}

void LaneBook::remove(LaneId lane)
{
    if (!has(lane))
        return;
    m_byKey.remove(keyOf(this->lane(lane)), lane);
    m_extras.remove(lane);
    m_entries[lane] = Entry();
    m_outdated.insert(BeatBlock::blockOf(lane));
}

std::vector<HistoryLane> LaneBook::ofBlock(LaneId block) const
{
    std::vector<HistoryLane> lanes;
    for (LaneId low = 0; low < BeatBlock::lanes; ++low) {
        if (const LaneId id = block * BeatBlock::lanes + low; has(id))
            lanes.push_back(lane(id));
    }
    return lanes;
}

} // namespace pulsedeck
