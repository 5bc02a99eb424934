// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/spancollector.h"

#include <algorithm>
#include <tuple>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// What appears within this time after a recording began or a source was connected was there before.
constexpr qint64 foundMs = 30'000;
/// An outage that ended this long before the first was affected may still show in its age.
constexpr qint64 afterOutageMs = 60'000;
/// More beats of a worker than this are drawn as a bar.
constexpr qsizetype mostDrawnBeats = 1'000;

bool isUp(SourceState state)
{
    return state == SourceState::Live || state == SourceState::Sweeping;
}

/// How badly a worker fared: greater is worse.
constexpr std::array<int, spanFactCount> factRanks = [] {
    std::array<int, spanFactCount> ranks{};
    ranks[size_t(SpanFact::Lost)] = 9;
    ranks[size_t(SpanFact::Crashed)] = 8;
    ranks[size_t(SpanFact::Hung)] = 7;
    ranks[size_t(SpanFact::Stale)] = 6;
    ranks[size_t(SpanFact::KeyLost)] = 5;
    ranks[size_t(SpanFact::Late)] = 4;
    ranks[size_t(SpanFact::Ended)] = 3;
    ranks[size_t(SpanFact::Drained)] = 2;
    ranks[size_t(SpanFact::Returned)] = 1;
    ranks[size_t(SpanFact::Draining)] = 1;
    return ranks;
}();

SpanWorker workerOf(const HistoryLane &lane, const QString &host)
{
    return {lane.id, lane.name, lane.label, lane.source, lane.system, lane.type, host, lane.version};
}

/// No two workers are alike in it, so that a report does not depend on the order of the lanes.
auto gapRank(const SpanGap &gap)
{
    return std::tuple(gap.to - gap.from, gap.missed, -qint64(gap.worker.lane), -gap.from);
}

} // namespace

SpanCollector::SpanCollector(const SpanScope &scope, const std::vector<HistoryRun> &runs)
    : m_scope(scope)
    , m_changes(m_scope)
    , m_runs(runs)
    , m_walk(m_scope, m_runEnds)
{
    m_scope.to = std::max(m_scope.to, m_scope.from + 1);
    takeRuns(runs);
    m_report.scope = m_scope;
    m_report.program = QStringLiteral(PULSEDECK_VERSION);
    SpanSteps &steps = m_report.steps;
    const qint64 length = m_scope.to - m_scope.from;
    steps.from = m_scope.from;
    steps.stepMs = std::max<qint64>(1, (length + SpanSteps::most - 1) / SpanSteps::most);
    const auto count = size_t((length + steps.stepMs - 1) / steps.stepMs);
    steps.received.resize(count);
    steps.expected.resize(count);
    steps.late.resize(count);
    steps.worse.resize(count);
    steps.lost.resize(count);
}

void SpanCollector::takeRuns(const std::vector<HistoryRun> &runs)
{
    std::vector<std::pair<qint64, qint64>> watched;
    for (const HistoryRun &run : runs) {
        watched.emplace_back(run.from, run.to);
        // Times of a recording that overlaps another belong to either.
        const bool alone = std::none_of(runs.begin(), runs.end(), [&run](const HistoryRun &other) {
            return other.id != run.id && other.from <= run.to && other.to >= run.to;
        });
        if (alone && !run.open && run.to < m_scope.to)
            m_runEnds.push_back(run.to);
    }
    std::sort(m_runEnds.begin(), m_runEnds.end());
    std::sort(watched.begin(), watched.end());
    qint64 known = m_scope.from;
    for (const auto &[from, to] : watched) {
        if (from > known && known < m_scope.to)
            m_report.unwatched.emplace_back(known, std::min(from, m_scope.to));
        known = std::max(known, to);
    }
    if (known < m_scope.to)
        m_report.unwatched.emplace_back(known, m_scope.to);
    // A last moment is not a hole.
    std::erase_if(m_report.unwatched, [this](const auto &hole) {
        return hole.second - hole.first < 1'000 && hole != std::pair(m_scope.from, m_scope.to);
    });
}

void SpanCollector::addEvents(const std::vector<HistoryEvent> &events)
{
    for (const HistoryEvent &event : events)
        m_changes.addEvent(event);
}

void SpanCollector::addLane(const HistoryLane &lane, const LaneTrack &track)
{
    if (!isOfScope(lane.source))
        return;
    switch (lane.kind) {
    case LaneKind::Source:
        addSource(lane, track);
        break;
    case LaneKind::Queue:
        m_changes.addQueue(lane, track);
        break;
    case LaneKind::Worker:
        addWorker(lane, track);
        break;
    }
}

void SpanCollector::addSource(const HistoryLane &lane, const LaneTrack &track)
{
    m_changes.addSource(lane, track);
    auto &up = m_sourceUp[lane.source];
    if (track.before.known)
        up.emplace_back(m_scope.from - m_scope.leadMs, isUp(track.before.state));
    for (const LaneChange &change : track.changes) {
        if (change.fact == LaneFact::State)
            up.emplace_back(change.at, isUp(SourceState(change.value)));
    }
}

bool SpanCollector::began(const HistoryLane &lane) const
{
    if (lane.first < m_scope.from - m_scope.leadMs || lane.first >= m_scope.to)
        return false;
    const qint64 before = lane.first - foundMs;
    const bool recorded =
        std::any_of(m_runs.begin(), m_runs.end(), [&](const HistoryRun &run) { return run.from <= before && run.to >= before; });
    if (!recorded)
        return false;
    // Without a word of its source it counts as watched.
    bool watched = true;
    const auto up = m_sourceUp.constFind(lane.source);
    if (up != m_sourceUp.constEnd()) {
        for (const auto &[at, isUp] : *up) {
            if (at <= before)
                watched = isUp;
            else if (at <= lane.first)
                watched = watched && isUp;
        }
        if (!up->empty() && up->front().first > before)
            watched = false;
    }
    return watched;
}

void SpanCollector::addWorker(const HistoryLane &lane, const LaneTrack &track)
{
    const qint64 beganAt = began(lane) ? lane.first : 0;
    m_changes.addWorker(lane, beganAt);
    m_walk.walk(track);
    countBeats(track);
    countStretches();
    if (!m_walk.isThere())
        return;
    const bool beginsInSpan = beganAt >= m_scope.from;
    countFacts(beginsInSpan, beganAt);
    Worker &kept = m_workers.emplace_back();
    kept.examined = {lane.source, lane.system, lane.type, hostText(lane.host), lane.version, lane.queues, 0};
    for (int group = 0; group < spanGroupCount; ++group)
        kept.at[size_t(group)] = m_walk.firstOf(SpanGroup(group));
    const SpanWorker worker = workerOf(lane, kept.examined.host);
    keepGaps(worker);
    keepLane(worker, track, beginsInSpan ? beganAt : 0);
}

QString SpanCollector::hostText(const QByteArray &host)
{
    QString &text = m_hosts[host];
    if (text.isEmpty() && !host.isEmpty())
        text = QString::fromUtf8(host);
    return text;
}

int SpanCollector::stepAt(qint64 at) const
{
    // Damaged bytes may hold any time.
    return int(std::clamp<qint64>((at - m_scope.from) / m_report.steps.stepMs, 0, m_report.steps.size() - 1));
}

void SpanCollector::countFacts(bool isBeginning, qint64 beganAt)
{
    const auto count = [](SpanCount &one, qint64 at, bool already) {
        ++one.workers;
        if (already) {
            ++one.already;
            return;
        }
        one.first = one.first == 0 ? at : std::min(one.first, at);
        one.last = std::max(one.last, at);
    };
    for (size_t fact = 0; fact < spanFactCount; ++fact) {
        if (m_walk.at()[fact] != 0)
            count(m_report.facts[fact], m_walk.at()[fact], m_walk.already()[fact]);
    }
    if (isBeginning)
        count(m_report.facts[size_t(SpanFact::Began)], beganAt, false);
    for (size_t group = 0; group < spanGroupCount; ++group) {
        if (const qint64 at = m_walk.firstOf(SpanGroup(group)))
            count(m_report.groups[group], at, m_walk.alreadyOf(SpanGroup(group)));
    }
}

void SpanCollector::countBeats(const LaneTrack &track)
{
    SpanSteps &steps = m_report.steps;
    const auto first = std::lower_bound(track.beats.begin(), track.beats.end(), m_scope.from);
    for (auto beat = first; beat != track.beats.end() && *beat < m_scope.to; ++beat) {
        const auto step = size_t(stepAt(*beat));
        ++steps.received[step];
        ++steps.expected[step];
    }
    for (const SpanWalk::Gap &gap : m_walk.gaps()) {
        // The moments from + n * interval, n from 1 to missed: counted by step, as there may be very many of them.
        qint64 counted = std::clamp<qint64>((m_scope.from - 1 - gap.from) / gap.interval, 0, gap.missed);
        while (counted < gap.missed) {
            const qint64 due = gap.from + (counted + 1) * gap.interval;
            if (due >= m_scope.to)
                break;
            const int step = stepAt(due);
            const qint64 stepEnd = m_scope.from + (step + 1) * steps.stepMs;
            const qint64 until = std::min(gap.missed, (stepEnd - 1 - gap.from) / gap.interval);
            steps.expected[size_t(step)] += quint64(until - counted);
            counted = until;
        }
    }
}

void SpanCollector::countStretches()
{
    if (m_walk.stretches().empty())
        return;
    // In each step a worker counts as its worst: lost, then worse, then late.
    SpanSteps &steps = m_report.steps;
    const std::array<std::vector<int> *, 3> kinds{&steps.late, &steps.worse, &steps.lost};
    m_worstInStep.assign(steps.received.size(), 0);
    for (const SpanStretch &stretch : m_walk.stretches()) {
        if (stretch.kind > SpanStretch::Lost)
            continue;
        const int last = stepAt(stretch.to - 1);
        for (int step = stepAt(stretch.from); step <= last; ++step)
            m_worstInStep[size_t(step)] = std::max(m_worstInStep[size_t(step)], quint8(stretch.kind + 1));
    }
    for (size_t step = 0; step < m_worstInStep.size(); ++step) {
        if (m_worstInStep[step] > 0)
            ++(*kinds[m_worstInStep[step] - 1])[step];
    }
}

void SpanCollector::keepGaps(const SpanWorker &worker)
{
    std::vector<SpanGap> &kept = m_report.gaps;
    const auto shorter = [](const SpanGap &a, const SpanGap &b) { return gapRank(a) > gapRank(b); };
    for (const SpanWalk::Gap &gap : m_walk.gaps()) {
        if (int(kept.size()) < SpanReport::mostGaps) {
            kept.push_back({worker, gap.from, gap.to, gap.interval, gap.missed, gap.open});
            std::push_heap(kept.begin(), kept.end(), shorter);
            continue;
        }
        ++m_report.moreGaps;
        if (gap.to - gap.from < kept.front().to - kept.front().from)
            continue;
        const SpanGap candidate{worker, gap.from, gap.to, gap.interval, gap.missed, gap.open};
        if (!shorter(candidate, kept.front()))
            continue;
        std::pop_heap(kept.begin(), kept.end(), shorter);
        kept.back() = candidate;
        std::push_heap(kept.begin(), kept.end(), shorter);
    }
}

void SpanCollector::keepLane(const SpanWorker &worker, const LaneTrack &track, qint64 beganAt)
{
    int rank = 0;
    for (size_t fact = 0; fact < spanFactCount; ++fact) {
        if (m_walk.at()[fact] != 0)
            rank = std::max(rank, factRanks[fact]);
    }
    if (rank == 0)
        return;
    const auto better = [](const Ranked &a, const Ranked &b) {
        return std::tuple(a.rank, a.gapMs, b.lane.worker.lane) > std::tuple(b.rank, b.gapMs, a.lane.worker.lane);
    };
    Ranked candidate{rank, m_walk.longestGapMs(), {}};
    candidate.lane.worker.lane = worker.lane;
    if (int(m_worst.size()) >= SpanLane::most) {
        ++m_report.moreLanes;
        if (!better(candidate, m_worst.front()))
            return;
        std::pop_heap(m_worst.begin(), m_worst.end(), better);
        m_worst.pop_back();
    }
    SpanLane &lane = candidate.lane;
    lane.worker = worker;
    lane.at = m_walk.at();
    lane.already = m_walk.already();
    lane.at[size_t(SpanFact::Began)] = beganAt;
    lane.longestGapMs = m_walk.longestGapMs();
    lane.stretches = m_walk.stretches();
    const auto first = std::lower_bound(track.beats.begin(), track.beats.end(), m_scope.from);
    const auto last = std::lower_bound(first, track.beats.end(), m_scope.to);
    // Of beats closer than a pixel the later ones are left out.
    const qint64 apart = last - first > mostDrawnBeats ? (m_scope.to - m_scope.from) / mostDrawnBeats : 0;
    for (auto beat = first; beat != last; ++beat) {
        if (lane.beats.empty() || *beat - lane.beats.back() >= apart)
            lane.beats.push_back(*beat);
    }
    m_worst.push_back(std::move(candidate));
    std::push_heap(m_worst.begin(), m_worst.end(), better);
}

SpanReport SpanCollector::finish()
{
    m_report.workers = int(m_workers.size());
    std::sort(m_report.gaps.begin(), m_report.gaps.end(),
              [](const SpanGap &a, const SpanGap &b) { return gapRank(a) > gapRank(b); });
    std::sort(m_worst.begin(), m_worst.end(), [](const Ranked &a, const Ranked &b) {
        return std::tuple(-a.rank, -a.gapMs, a.lane.worker.lane) < std::tuple(-b.rank, -b.gapMs, b.lane.worker.lane);
    });
    for (Ranked &ranked : m_worst)
        m_report.lanes.push_back(std::move(ranked.lane));
    m_worst.clear();

    findBeginning();
    m_report.outages = m_changes.outages();
    m_report.changes = m_changes.changes(m_report.beginsAt);
    if (int(m_report.changes.size()) > SpanChange::most) {
        m_report.moreChanges = int(m_report.changes.size()) - SpanChange::most;
        m_report.changes.resize(SpanChange::most);
    }
    findCauses();
    findTraits();
    return std::move(m_report);
}

void SpanCollector::findBeginning()
{
    m_report.beginsAt = m_scope.from;
    const auto group =
        std::find_if(m_report.groups.begin(), m_report.groups.end(), [](const SpanCount &count) { return count.workers > 0; });
    // Where most were so already, it began before the span.
    if (group == m_report.groups.end() || group->already * 2 > group->workers)
        return;
    m_report.beginsAt = group->first;
    // What is lost was silent before.
    if (group != m_report.groups.begin())
        return;
    for (const Worker &worker : m_workers) {
        const qint64 silentAt = worker.at[size_t(SpanGroup::Silent)];
        if (worker.at[size_t(SpanGroup::Lost)] != 0 && silentAt > m_scope.from)
            m_report.beginsAt = std::min(m_report.beginsAt, silentAt);
    }
}

void SpanCollector::findCauses()
{
    std::vector<ExaminedWorker> workers;
    workers.reserve(m_workers.size());
    for (const Worker &worker : m_workers)
        workers.push_back(worker.examined);
    for (size_t group = 0; group < spanGroupCount; ++group) {
        const int affected = m_report.groups[group].workers;
        if (affected == 0)
            continue;
        // Each that was late was lost, too: the same workers, and the same cause.
        if (SpanGroup(group) == SpanGroup::Silent && affected == m_report.count(SpanGroup::Lost).workers)
            continue;
        for (size_t i = 0; i < workers.size(); ++i)
            workers[i].affectedAt = m_workers[i].at[group];
        SpanCause cause{SpanGroup(group), commonCause(workers), 0, {}};
        if (cause.cause.likeliest) {
            for (const Worker &worker : m_workers) {
                const bool inside = hasTrait(worker.examined, cause.cause.likeliest->trait, cause.cause.likeliest->value);
                cause.silentOutside += !inside && worker.at[size_t(SpanGroup::Silent)] != 0 ? 1 : 0;
            }
        }
        findOutage(cause);
        m_report.causes.push_back(std::move(cause));
    }
}

void SpanCollector::findOutage(SpanCause &cause) const
{
    const std::optional<SharedValue> &likeliest = cause.cause.likeliest;
    const bool ofSource = likeliest && likeliest->trait == SharedTrait::Source;
    if (!ofSource && !cause.cause.nearlyAll)
        return;
    for (const SpanOutage &outage : m_report.outages) {
        const bool inTime = outage.from <= cause.cause.last && (outage.to == 0 || outage.to + afterOutageMs >= cause.cause.first);
        if (inTime && (!ofSource || outage.source == likeliest->value)) {
            cause.outage = outage;
            return;
        }
    }
}

void SpanCollector::findTraits()
{
    using Counts = QHash<QString, SpanValue>;
    std::array<Counts, 6> all;
    for (const Worker &worker : m_workers) {
        forEachTrait(worker.examined, [&](SharedTrait trait, const QString &value) {
            SpanValue &count = all[size_t(trait)][value];
            ++count.workers;
            for (size_t group = 0; group < spanGroupCount; ++group)
                count.affected[group] += worker.at[group] != 0 ? 1 : 0;
        });
    }
    // Most affected first: by the group that matters most, then by share.
    const auto rank = [](const SpanValue &value) { return std::tuple(value.affected, -value.workers); };
    for (size_t trait = 0; trait < all.size(); ++trait) {
        if (all[trait].isEmpty())
            continue;
        SpanTrait found;
        found.trait = SharedTrait(trait);
        for (auto value = all[trait].begin(); value != all[trait].end(); ++value) {
            value->value = value.key();
            if (value->affected == std::array<int, spanGroupCount>{})
                ++found.unaffected;
            else
                found.values.push_back(*value);
        }
        std::sort(found.values.begin(), found.values.end(), [&rank](const SpanValue &a, const SpanValue &b) {
            return rank(a) != rank(b) ? rank(a) > rank(b) : a.value < b.value;
        });
        if (int(found.values.size()) > SpanTrait::mostValues) {
            found.more = int(found.values.size()) - SpanTrait::mostValues;
            found.values.resize(SpanTrait::mostValues);
        }
        m_report.traits.push_back(std::move(found));
    }
}

} // namespace pulsedeck
