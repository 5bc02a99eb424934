// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/historyrecorder.h"

#include "models/journal/journal.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

HistoryRecorder::HistoryRecorder(FleetStore &store, History &history, Journal *journal, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_history(history)
    , m_now(store.viewNow())
    , m_handedAt(m_now)
{
    connect(&store, &FleetStore::published, this, &HistoryRecorder::takeChanges);
    connect(&store, &FleetStore::queuesChanged, this, [this] { m_queuesDue = true; });
    connect(&store, &FleetStore::sourceAdded, this, &HistoryRecorder::takeSource);
    connect(&store, &FleetStore::sourceChanged, this, &HistoryRecorder::takeSource);
    connect(&store, &FleetStore::sourceRemoved, this, &HistoryRecorder::removeSource);
    connect(&store, &FleetStore::ticked, this, [this] {
        m_now = m_store.viewNow();
        if (m_now - m_handedAt >= handOverMs)
            handOver();
    });
    if (journal)
        connect(journal, &Journal::noted, this, &HistoryRecorder::takeEntries);
    connect(&history, &History::beganAnew, this, &HistoryRecorder::startOver);
    startOver();
}

/// Tells everything there is. Of the beats so far only the last of each worker: the others are recorded, or of no recording.
void HistoryRecorder::startOver()
{
    m_now = m_store.viewNow();
    m_frame = HistoryFrame();
    m_seen.clear();
    m_queues.clear();
    m_sources.clear();
    m_queuesDue = true;
    m_startingOver = true;
    for (const SourceId source : m_store.sources())
        takeSource(source);
    takeAll();
    m_startingOver = false;
}

HistoryRecorder::~HistoryRecorder()
{
    handOver();
}

void HistoryRecorder::flush()
{
    m_now = m_store.viewNow();
    handOver();
}

void HistoryRecorder::takeChanges(const FleetChanges &changes)
{
    m_now = m_store.viewNow();
    if (changes.reset) {
        takeAll();
        return;
    }
    for (const WorkerHandle handle : changes.removed)
        takeRemoved(handle);
    for (const WorkerHandle handle : changes.added)
        takeWorker(handle);
    for (const WorkerHandle handle : changes.changed)
        takeWorker(handle);
}

void HistoryRecorder::takeAll()
{
    for (int handle = 0; handle < m_store.capacity(); ++handle) {
        if (m_store.worker(WorkerHandle(handle)).used)
            takeWorker(WorkerHandle(handle));
        else
            takeRemoved(WorkerHandle(handle));
    }
}

void HistoryRecorder::change(LaneId lane, LaneFact fact, qint64 value)
{
    m_frame.changes.push_back({lane, fact, m_now, value});
}

template <typename Value> void HistoryRecorder::compare(Seen &seen, Value &kept, Value now, LaneFact fact)
{
    if (kept == now)
        return;
    kept = now;
    change(seen.lane, fact, qint64(now));
}

void HistoryRecorder::takeWorker(WorkerHandle handle)
{
    const Worker &worker = m_store.worker(handle);
    if (!worker.used)
        return;
    if (m_store.twinOf(worker.source) != 0) {
        takeRemoved(handle);
        return;
    }
    if (handle >= m_seen.size())
        m_seen.resize(qMax<size_t>(handle + 1, m_seen.size() + m_seen.size() / 2));
    Seen &seen = m_seen[handle];
    if (seen.serial != worker.serial) {
        takeRemoved(handle);
        seen.serial = worker.serial;
        describe(handle, seen, worker);
        // One fact at least, so that the lane is known from here on.
        seen.liveness = worker.liveness;
        change(seen.lane, LaneFact::Liveness, qint64(worker.liveness));
        takeInterval(handle, seen);
        if (m_startingOver && worker.beatCount > 0)
            seen.beats = worker.beatCount - 1;
    } else if (worker.host.constData() != seen.host || worker.startedAt != seen.startedAt || worker.pid != seen.pid
               || (worker.described && worker.beatCount != seen.beats && worker.beatCount % describeEvery == 0)) {
        describe(handle, seen, worker);
    }
    if (worker.interval != seen.measured || (worker.beatCount != seen.beats && worker.beatCount % describeEvery == 0))
        takeInterval(handle, seen);
    if (worker.beatCount != seen.beats)
        takeBeats(handle, seen, worker);
    compare(seen, seen.status, worker.status, LaneFact::Status);
    compare(seen, seen.end, worker.end, LaneFact::End);
    compare(seen, seen.liveness, worker.liveness, LaneFact::Liveness);
    compare(seen, seen.sessions, worker.activeSessions, LaneFact::Sessions);
    compare(seen, seen.flags, quint32((worker.flags & shownLaneFlags).toInt()), LaneFact::Flags);
    compare(seen, seen.command, worker.command, LaneFact::Command);
    compare(seen, seen.learntTtl, worker.learntTtl, LaneFact::LearntTtl);
    compare(seen, seen.capacity, worker.capacity, LaneFact::Capacity);
    compare(seen, seen.endedAt, worker.endedAt, LaneFact::EndedAt);
}

void HistoryRecorder::takeBeats(WorkerHandle handle, Seen &seen, const Worker &worker)
{
    const BeatHistory &beats = m_store.beats(handle);
    const int news = int(qMin<quint32>(worker.beatCount - seen.beats, quint32(beats.size())));
    seen.beats = worker.beatCount;
    if (m_frame.at == 0)
        m_frame.at = m_now;
    for (int i = beats.size() - news; i < beats.size(); ++i)
        m_frame.beats.push_back({seen.lane, qint32(beats.at(i, m_now) - m_frame.at)});
}

void HistoryRecorder::takeRemoved(WorkerHandle handle)
{
    if (handle >= m_seen.size() || m_seen[handle].serial == 0)
        return;
    change(m_seen[handle].lane, LaneFact::Gone, 1);
    m_seen[handle] = Seen();
}

void HistoryRecorder::describe(WorkerHandle handle, Seen &seen, const Worker &worker)
{
    seen.host = worker.host.constData();
    seen.startedAt = worker.startedAt;
    seen.pid = worker.pid;
    HistoryLane lane;
    lane.id = seen.lane;
    lane.kind = LaneKind::Worker;
    lane.source = m_store.sourceName(worker.source);
    lane.system = worker.traits->fullKind();
    lane.name = worker.id;
    lane.type = m_store.typeName(worker.type);
    lane.host = worker.host;
    if (const LayoutFacts *facts = m_store.facts(handle)) {
        lane.label = facts->label;
        lane.version = facts->version;
        lane.queues = facts->queues;
        lane.parent = facts->parent;
    } else if (const ActorFacts *actor = m_store.actor(handle)) {
        lane.label = actor->displayName;
    }
    lane.first = lane.last = m_now;
    const bool isNew = seen.lane == noLane;
    if (isNew)
        lane.id = seen.lane = ++m_lastLane;
    const quint32 version = laneVersionMark(lane.version);
    if (version != seen.version) {
        if (!isNew && seen.version != 0) {
            HistoryEvent event;
            event.at = m_now;
            event.kind = u"version"_s;
            event.source = lane.source;
            event.lane = seen.lane;
            event.worker = lane.name;
            event.facts = {{u"to"_s, lane.version}};
            m_frame.events.push_back(event);
        }
        seen.version = version;
        change(seen.lane, LaneFact::Version, version);
    }
    m_frame.lanes.push_back(std::move(lane));
}

void HistoryRecorder::takeInterval(WorkerHandle handle, Seen &seen)
{
    seen.measured = m_store.worker(handle).interval;
    const qint64 found = m_store.thresholds(handle).interval;
    const qint32 interval = found > 0 ? storedMs(found) : unknownValue;
    const bool moved = seen.interval == unknownValue || interval == unknownValue
                           ? interval != seen.interval
                           : qAbs(interval - seen.interval) * intervalShare > seen.interval;
    if (moved) {
        seen.interval = interval;
        change(seen.lane, LaneFact::Interval, interval);
    }
}

void HistoryRecorder::takeSource(SourceId source)
{
    m_now = m_store.viewNow();
    SeenSource &seen = m_sources[source];
    const SourceStatus status = m_store.sourceStatus(source);
    const QString &name = m_store.sourceName(source);
    if (seen.lane == noLane || seen.name != name) {
        if (seen.lane != noLane)
            change(seen.lane, LaneFact::Gone, 1);
        // Under another name it is another one, with its workers.
        const bool renamed = seen.lane != noLane;
        HistoryLane lane;
        lane.id = seen.lane = ++m_lastLane;
        lane.kind = LaneKind::Source;
        lane.source = seen.name = name;
        lane.system = status.traits->fullKind();
        lane.first = lane.last = m_now;
        m_frame.lanes.push_back(lane);
        seen.timingMark = 0;
        seen.state = status.state;
        change(seen.lane, LaneFact::State, qint64(status.state));
        if (renamed) {
            for (int handle = 0; handle < m_store.capacity(); ++handle) {
                if (m_store.worker(WorkerHandle(handle)).source == source)
                    takeRemoved(WorkerHandle(handle));
            }
            takeAll();
        }
    }
    if (seen.state != status.state) {
        seen.state = status.state;
        change(seen.lane, LaneFact::State, qint64(status.state));
    }
    takeTiming(seen, status);
    if (seen.timing != status.timing) {
        seen.timing = status.timing;
        for (size_t handle = 0; handle < m_seen.size(); ++handle) {
            if (m_seen[handle].serial != 0 && m_store.worker(WorkerHandle(handle)).source == source)
                takeInterval(WorkerHandle(handle), m_seen[handle]);
        }
    }
    const std::vector<UnknownSpan> &spans = m_store.unknownSpans(source);
    if (spans.empty())
        return;
    const UnknownSpan &span = spans.back();
    if (m_startingOver) {
        seen.outage = span.from;
        seen.outageOver = span.to > 0;
    }
    if (span.from == seen.outage && (span.to == 0 || seen.outageOver))
        return;
    seen.outage = span.from;
    seen.outageOver = span.to > 0;
    HistoryEvent event;
    event.at = span.to > 0 ? span.to : span.from;
    event.kind = u"outage"_s;
    event.source = name;
    event.lane = seen.lane;
    event.step = span.to > 0 ? u"restored"_s : u"lost"_s;
    event.facts = {{u"from"_s, span.from}};
    if (span.to > 0)
        event.facts.insert(u"to"_s, span.to);
    m_frame.events.push_back(event);
}

/// The lane has its words, and a change says from when on they hold.
void HistoryRecorder::takeTiming(SeenSource &seen, const SourceStatus &status)
{
    if (seen.timingMark != 0 && seen.timing == status.timing)
        return; // It is looked at once a second.
    const QString text = laneTimingText(status.timing);
    const quint32 mark = laneVersionMark(text);
    if (mark == seen.timingMark)
        return;
    seen.timingMark = mark;
    if (mark != 0) {
        HistoryLane lane;
        lane.id = seen.lane;
        lane.kind = LaneKind::Source;
        lane.source = seen.name;
        lane.system = status.traits->fullKind();
        lane.timings = {text};
        lane.first = lane.last = m_now;
        m_frame.lanes.push_back(lane);
    }
    change(seen.lane, LaneFact::Version, mark);
}

void HistoryRecorder::removeSource(SourceId source)
{
    m_now = m_store.viewNow();
    const auto found = m_sources.find(source);
    if (found == m_sources.end())
        return;
    change(found->second.lane, LaneFact::Gone, 1);
    m_sources.erase(found);
}

void HistoryRecorder::takeQueues()
{
    m_queuesDue = false;
    for (auto &[key, seen] : m_queues)
        seen.there = false;
    for (const auto &[key, queue] : m_store.queues().all())
        takeQueue(key, queue);
    // What is counted for all queues of a system together is a queue without a name.
    for (const auto &[of, whole] : m_store.queues().wholes())
        takeQueue({of.first, of.second, {}}, whole);
    std::erase_if(m_queues, [this](const auto &entry) {
        if (!entry.second.there)
            change(entry.second.lane, LaneFact::Gone, 1);
        return !entry.second.there;
    });
}

void HistoryRecorder::takeQueue(const QueueKey &key, const QueueRecord &queue)
{
    SeenQueue &seen = m_queues[key];
    seen.there = true;
    const bool isNew = seen.lane == noLane;
    if (isNew) {
        HistoryLane lane;
        lane.id = seen.lane = ++m_lastLane;
        lane.kind = LaneKind::Queue;
        lane.source = m_store.sourceName(key.source);
        lane.system = key.system;
        lane.name = key.name;
        lane.first = lane.last = m_now;
        m_frame.lanes.push_back(lane);
    }
    const FleetPause *all = m_store.queues().fleetPause(key.source, key.system);
    const bool paused = queue.latest.paused || (all && all->isPaused() && !queue.latest.whole);
    const std::pair<LaneFact, qint64> facts[] = {{LaneFact::Waiting, queue.latest.waiting},
                                                 {LaneFact::AtWork, queue.latest.atWork},
                                                 {LaneFact::Delayed, queue.latest.delayed},
                                                 {LaneFact::Failed, queue.latest.failed},
                                                 {LaneFact::Paused, paused ? 1 : 0}};
    for (const auto &[fact, value] : facts) {
        if (seen.state.valueOf(fact) == value && !(isNew && fact == LaneFact::Waiting))
            continue;
        seen.state.take(fact, value);
        change(seen.lane, fact, value);
    }
    if (seen.countedAt > 0 && m_now - seen.countedAt < countEveryMs)
        return;
    seen.countedAt = m_now;
    const std::pair<LaneFact, qint64> counters[] = {
        {LaneFact::Taken, queue.latest.taken}, {LaneFact::Done, queue.latest.done}, {LaneFact::Added, queue.latest.added}};
    for (const auto &[fact, value] : counters) {
        if (seen.state.valueOf(fact) == value)
            continue;
        seen.state.take(fact, value);
        change(seen.lane, fact, value);
    }
}

void HistoryRecorder::takeEntries(const QList<JournalEntry> &entries)
{
    for (const JournalEntry &entry : entries) {
        HistoryEvent event;
        event.at = m_store.clock().fromWall(entry.at);
        event.kind = journalKindName(entry.kind);
        event.source = entry.source;
        event.worker = entry.worker;
        event.act = entry.act;
        event.step = entry.step;
        event.by = entry.by;
        event.text = entry.text;
        event.facts = entry.facts;
        if (!entry.command.isNull())
            event.facts.insert(u"command"_s, journalIdText(entry.command));
        if (!entry.group.isNull())
            event.facts.insert(u"group"_s, journalIdText(entry.group));
        const QString kind = entry.facts[journalKindFact].toString();
        for (const auto &[id, source] : m_sources) {
            if (entry.worker.isEmpty() || source.name != entry.source)
                continue;
            const WorkerHandle handle =
                kind.isEmpty() ? m_store.find(id, entry.worker) : m_store.find(id, entry.worker, TraitsRef::named(kind)->layout);
            if (handle != noWorker && handle < m_seen.size())
                event.lane = m_seen[handle].lane;
        }
        m_frame.events.push_back(std::move(event));
    }
}

void HistoryRecorder::handOver()
{
    if (m_queuesDue)
        takeQueues();
    if (m_frame.isEmpty() && m_now - m_handedAt < quietMs)
        return;
    m_handedAt = m_frame.until = m_now;
    if (m_frame.at == 0)
        m_frame.at = m_now;
    HistoryFrame next;
    // As many will come again: then no beat allocates.
    next.beats.reserve(m_frame.beats.size() + m_frame.beats.size() / 4);
    next.changes.reserve(m_frame.changes.size());
    m_history.write(std::exchange(m_frame, std::move(next)));
}

} // namespace pulsedeck
