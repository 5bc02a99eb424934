// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/spanchanges.h"

#include "models/journal/journal.h"

#include <algorithm>
#include <limits>
#include <tuple>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 stillAway = std::numeric_limits<qint64>::max();

/// Outages this close to each other are one: the journal and the lane of a source tell of the same one at slightly other times.
constexpr qint64 sameOutageMs = 5'000;

bool isAway(SourceState state)
{
    return state == SourceState::Waiting || state == SourceState::Stalled || state == SourceState::Failed;
}

qint64 endOf(const SpanOutage &outage)
{
    return outage.to == 0 ? stillAway : outage.to;
}

} // namespace

void SpanChanges::addEvent(const HistoryEvent &event)
{
    if (!m_scope.source.isEmpty() && !event.source.isEmpty() && event.source != m_scope.source)
        return;
    if (event.kind == "outage"_L1) {
        const qint64 from = event.facts["from"_L1].toInteger(event.at);
        const qint64 to = event.facts["to"_L1].toInteger();
        if (from < m_scope.to && (to == 0 || to >= m_scope.from - m_scope.leadMs))
            m_outages.push_back({event.source, from, to});
        return;
    }
    if (!isInTime(event.at))
        return;
    if (event.kind == "version"_L1) {
        if (event.lane != noLane) {
            auto &first = m_changedVersions[event.lane];
            if (first.first == 0 || event.at < first.first)
                first = {event.at, event.facts["to"_L1].toString()};
        }
    } else if (event.kind == journalKindName(JournalKind::Command)) {
        addEntry(event, SpanChangeKind::Command);
    } else if (event.kind == journalKindName(JournalKind::Message)) {
        addEntry(event, SpanChangeKind::Message);
    } else if (event.kind == journalKindName(JournalKind::Timing)) {
        addEntry(event, SpanChangeKind::Timing);
    } else if (event.kind == journalKindName(JournalKind::Connection)) {
        addEntry(event, SpanChangeKind::Connection);
    } else if (event.kind == journalKindName(JournalKind::Console)) {
        // That a console was started or unlocked changes no worker.
        if (event.step == "clock-set"_L1)
            addEntry(event, SpanChangeKind::Clock);
        else if (event.step == "slept"_L1)
            addEntry(event, SpanChangeKind::Console);
    }
    // Entries about the fleet are what came of it.
}

void SpanChanges::addEntry(const HistoryEvent &event, SpanChangeKind kind)
{
    SpanChange change;
    change.kind = kind;
    change.at = event.at;
    change.source = event.source;
    change.act = event.act;
    change.step = event.step;
    change.by = event.by;
    change.text = event.text;
    const QString group = event.facts[event.facts.contains("group"_L1) ? "group"_L1 : "command"_L1].toString();
    if (group.isEmpty()) {
        change.workers = event.worker.isEmpty() ? 0 : 1;
        m_single.push_back(change);
        return;
    }
    // A command has an entry for each worker and stage. The earliest entry is its beginning.
    const QString key = spanChangeName(kind) + u' ' + group;
    const auto found = m_groups.find(key);
    if (found == m_groups.end())
        m_groups.insert(key, change);
    else if (event.at < found->at)
        *found = change;
    if (!event.worker.isEmpty())
        m_groupWorkers[key].insert(event.worker);
}

void SpanChanges::addSource(const HistoryLane &lane, const LaneTrack &track)
{
    LaneState state = track.before;
    qint64 since = state.known && isAway(state.state) ? m_scope.from - m_scope.leadMs : 0;
    for (const LaneChange &change : track.changes) {
        state.take(change.fact, change.value);
        const bool away = state.known && isAway(state.state);
        // An attempt to connect again is no return.
        if (since == 0 && away)
            since = change.at;
        else if (since != 0 && !away && state.state != SourceState::Connecting) {
            m_outages.push_back({lane.source, since, change.at});
            since = 0;
        }
    }
    if (since != 0)
        m_outages.push_back({lane.source, since, 0});
}

void SpanChanges::addQueue(const HistoryLane &lane, const LaneTrack &track)
{
    LaneState state = track.before;
    for (const LaneChange &change : track.changes) {
        const bool wasKnown = state.known;
        const bool wasPaused = state.paused;
        state.take(change.fact, change.value);
        if (!wasKnown || !state.known || wasPaused == state.paused || !isInTime(change.at))
            continue;
        SpanChange paused;
        paused.kind = SpanChangeKind::Queue;
        paused.at = change.at;
        paused.source = lane.source;
        paused.step = state.paused ? u"paused"_s : u"resumed"_s;
        paused.what = QString::fromUtf8(lane.name);
        m_single.push_back(paused);
    }
}

void SpanChanges::addVersion(const VersionKey &key, qint64 at)
{
    Version &version = m_versions[key];
    version.first = version.first == 0 ? at : std::min(version.first, at);
    ++version.workers;
}

void SpanChanges::addWorker(const HistoryLane &lane, qint64 beganAt)
{
    const auto changed = m_changedVersions.constFind(lane.id);
    if (changed != m_changedVersions.constEnd() && !changed->second.isEmpty()) {
        addVersion({lane.source, lane.system, changed->second}, changed->first);
        return;
    }
    if (lane.version.isEmpty())
        return;
    const VersionKey key{lane.source, lane.system, lane.version};
    if (beganAt != 0)
        addVersion(key, beganAt);
    else
        m_versions[key].former = true;
}

std::vector<SpanOutage> SpanChanges::outages() const
{
    std::vector<SpanOutage> sorted = m_outages;
    std::sort(sorted.begin(), sorted.end(), [](const SpanOutage &a, const SpanOutage &b) {
        return std::tuple(a.source, a.from, endOf(a)) < std::tuple(b.source, b.from, endOf(b));
    });
    std::vector<SpanOutage> joined;
    for (const SpanOutage &outage : sorted) {
        SpanOutage *last = joined.empty() ? nullptr : &joined.back();
        if (!last || last->source != outage.source
            || (last->to != 0 && outage.from > last->to + sameOutageMs && outage.from != last->from)) {
            joined.push_back(outage);
            continue;
        }
        // One that was written when it began has its end in another event.
        const bool begins = last->from == outage.from && (last->to == 0 || outage.to == 0);
        last->to = begins ? std::max(last->to, outage.to) : (last->to == 0 || outage.to == 0) ? 0 : std::max(last->to, outage.to);
    }
    std::stable_sort(joined.begin(), joined.end(), [](const SpanOutage &a, const SpanOutage &b) { return a.from < b.from; });
    return joined;
}

std::vector<SpanChange> SpanChanges::changes(qint64 beginsAt) const
{
    std::vector<SpanChange> all = m_single;
    const std::vector<SpanOutage> away = outages();
    // The journal's line about a lost connection is that of the outage.
    std::erase_if(all, [&away](const SpanChange &change) {
        return change.kind == SpanChangeKind::Connection
               && std::any_of(away.begin(), away.end(), [&change](const SpanOutage &outage) {
                      return outage.source == change.source && change.at >= outage.from - sameOutageMs
                             && (outage.to == 0 || change.at <= outage.to + sameOutageMs);
                  });
    });
    for (auto group = m_groups.begin(); group != m_groups.end(); ++group) {
        all.push_back(*group);
        all.back().workers = int(m_groupWorkers.value(group.key()).size());
    }
    for (const SpanOutage &outage : away) {
        SpanChange change;
        change.kind = SpanChangeKind::Outage;
        change.at = outage.from;
        change.source = outage.source;
        change.until = outage.to;
        all.push_back(change);
    }
    for (const auto &[key, version] : m_versions) {
        if (version.first == 0)
            continue;
        SpanChange change;
        change.kind = SpanChangeKind::Version;
        change.at = version.first;
        change.source = std::get<0>(key);
        change.act = std::get<1>(key);
        change.what = std::get<2>(key);
        change.step = version.former ? u"more"_s : u"new"_s;
        change.workers = version.workers;
        all.push_back(change);
    }
    for (SpanChange &change : all)
        change.beforeMs = beginsAt - change.at;
    // All before it come before all after it; each side by nearness, and then by what can be compared.
    std::sort(all.begin(), all.end(), [](const SpanChange &a, const SpanChange &b) {
        const auto rank = [](const SpanChange &change) {
            return std::tuple(change.beforeMs < 0, std::abs(change.beforeMs), change.kind, change.source, change.what, change.act,
                              change.text);
        };
        return rank(a) < rank(b);
    });
    return all;
}

} // namespace pulsedeck
