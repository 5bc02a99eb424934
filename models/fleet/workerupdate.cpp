// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/workerupdate.h"

#include <utility>

namespace pulsedeck {

namespace {

// Flags the store sets itself; the source's reads do not clear them.
constexpr WorkerFlags storeFlags =
    WorkerFlags(WorkerFlag::Returned) | WorkerFlag::DrainForgotten | WorkerFlag::DrainUndone | WorkerFlag::CountersLeft;
constexpr WorkerFlags problemFlags = WorkerFlags(WorkerFlag::BadField) | WorkerFlag::WrongType | WorkerFlag::TooLarge;

} // namespace

void WorkerUpdate::apply(SourceRecord &source, const FleetBatch &batch)
{
    for (const WorkerText &text : batch.texts)
        applyText(batch.source, source, text, batch.at);
    for (const ActorFacts &facts : batch.actors)
        applyActor(source, facts);
    const auto handleOf = [&](qsizetype i) {
        return i < batch.samples.size() ? source.handleOf(batch.samples.at(i).number) : noWorker;
    };
    constexpr qsizetype ahead = 4;
    for (qsizetype i = 0; i < batch.samples.size(); ++i) {
        if (const WorkerHandle later = handleOf(i + 2 * ahead); later != noWorker)
            prepareFor(later);
        if (const WorkerHandle soon = handleOf(i + ahead); soon != noWorker)
            m_records.beats[soon].prepareEnd();
        applySample(source, batch.samples.at(i), batch.at);
    }
    for (const WorkerJobs &jobs : batch.workerJobs) {
        const WorkerHandle handle = jobs.number < source.handles.size() ? source.handles[jobs.number] : noWorker;
        if (handle == noWorker)
            continue;
        if (jobs.byQueue.isEmpty())
            m_records.jobsByQueue.remove(handle);
        else
            m_records.jobsByQueue.insert(handle, jobs);
        m_records.touch(handle);
    }
    for (const WorkerNumber number : batch.removed)
        applyRemoved(source, number, batch.at);
    const auto doneBy = [this](WorkerHandle handle) {
        const Worker &worker = m_records.workers[handle];
        return QueueStore::WorkerDone{worker.lifetimeSessions, worker.firstSeenAt > 0};
    };
    for (const QueueSample &queue : batch.queues)
        m_records.queues.apply(batch.source, queue, doneBy);
    for (const PauseSample &pause : batch.pauses) {
        const auto isPaused = [&] {
            const FleetPause *known = m_records.queues.fleetPause(batch.source, pause.traits->layout);
            return known && known->isPaused();
        };
        const bool before = isPaused();
        m_records.queues.applyPause(batch.source, pause);
        if (before == isPaused())
            continue;
        // Each of its workers looks different now, and may say nothing for minutes.
        source.byId.forEach([&](WorkerHandle handle) {
            if (m_records.workers[handle].traits->layout == pause.traits->layout)
                m_records.touch(handle);
        });
    }
}

/// Fetches what the sample of a worker, a few further on, will touch.
void WorkerUpdate::prepareFor(WorkerHandle handle) const
{
    prefetch(&m_records.workers[handle]);
    m_records.beats[handle].prepareSize();
    m_records.due.prepareFor(handle);
}

void WorkerUpdate::applyText(SourceId sourceId, SourceRecord &source, const WorkerText &text, qint64 at)
{
    if (text.number >= source.handles.size())
        source.handles.resize(qMax<size_t>(size_t(text.number) + 1, source.handles.size() * 2), noWorker);
    const TraitsRef traits = text.traits.value_or(source.status.traits);
    WorkerHandle handle = source.handles[text.number];
    if (handle != noWorker && m_records.workers[handle].id != text.id)
        handle = noWorker; // A source that began again counts from 0: the number is another worker's now.
    if (handle == noWorker) {
        // The same id under a new number: the source had forgotten it, the list of the departed has not.
        handle = source.byId.find(text.id,
                                  [&](WorkerHandle other) { return m_records.workers[other].traits->layout == traits->layout; });
        if (handle == noWorker) {
            handle = m_records.allocate(sourceId);
            if (handle == noWorker) {
                source.refused.insert(text.number);
                return;
            }
            source.refused.remove(text.number);
            source.byId.insert(text.id, handle);
            ++source.count;
            Worker &fresh = m_records.workers[handle];
            fresh.id = text.id;
            fresh.traits = traits;
            if (source.everLoaded && source.status.state != SourceState::Loading && !text.wasThere) {
                fresh.firstSeenAt = at;
                m_records.note(handle, FleetEventKind::Registered, at);
            } else if (source.everLoaded) {
                // Of a system that was found late, or started while the connection was lost: known from now on only.
                m_records.note(handle, FleetEventKind::Found, at, 1);
            }
            source.tally.add(fresh, 1);
        }
        source.handles[text.number] = handle;
        m_records.workers[handle].number = text.number;
    }
    Worker &worker = m_records.workers[handle];
    if (worker.traits != traits) {
        source.tally.add(worker, -1);
        worker.traits = traits;
        source.tally.add(worker, 1);
    }
    worker.type = m_records.typeNumber(text.type);
    worker.host = text.host;
    worker.startedAt = text.startedAt;
    worker.pid = text.pid;
    if (worker.capacity != text.capacity || worker.child == text.parent.isEmpty()) {
        source.tally.add(worker, -1);
        worker.capacity = text.capacity;
        worker.child = !text.parent.isEmpty();
        source.tally.add(worker, 1);
    }
    takeFacts(handle, text);
    // The words of a system are few and in a table; of a fleet with too many, each is kept with its worker.
    worker.statusWord = m_records.statusWordNumber(text.statusText);
    const QByteArray ownWord = worker.statusWord == 0 ? text.statusText : QByteArray();
    if (ownWord.isEmpty() && text.problems.isEmpty() && text.drainedBy.isEmpty()) {
        m_records.notes.remove(handle);
    } else {
        const bool hadProblems = !m_records.notes.value(handle).problems.isEmpty();
        m_records.notes.insert(handle,
                               {QString::fromUtf8(ownWord), text.problems, {text.drainedBy, text.drainReason, text.drainedAt}});
        if (!hadProblems && !text.problems.isEmpty())
            m_records.note(handle, FleetEventKind::ProblemSeen, at);
    }
    m_records.touch(handle);
}

/// The side table has only those that there is something to say of.
void WorkerUpdate::takeFacts(WorkerHandle handle, const WorkerText &text)
{
    Worker &worker = m_records.workers[handle];
    if (worker.traits->has(SourceFact::Queues))
        m_records.queues.serve(handle, worker.source, worker.traits, text.queues);
    else
        m_records.queues.unserve(handle);
    LayoutFacts facts = LayoutFacts::of(text);
    if (facts.isEmpty()) {
        if (worker.described)
            m_records.facts.remove(handle);
        worker.described = false;
        return;
    }
    worker.described = true;
    m_records.facts.insert(handle, facts);
}

void WorkerUpdate::applyActor(SourceRecord &source, const ActorFacts &facts)
{
    const WorkerHandle handle = source.handleOf(facts.number);
    if (handle == noWorker)
        return;
    ActorFacts &kept = m_records.actors[handle];
    kept = facts;
    const auto tooLong = [](const QString &text) { return text.size() > maxActorText; };
    if (tooLong(kept.displayName))
        kept.displayName.truncate(maxActorText);
    if (kept.capabilities.size() > maxCapabilities)
        kept.capabilities.resize(maxCapabilities);
    // Who has nothing too long shares its list with whoever sent it.
    if (std::any_of(kept.capabilities.cbegin(), kept.capabilities.cend(), tooLong)) {
        for (QString &capability : kept.capabilities)
            capability.truncate(maxActorText);
    }
    m_records.touch(handle);
}

/// \a at is when the news was sent; sample.readAt is when the key was read, which may be long before news of a counter or a
/// listener.
void WorkerUpdate::applySample(SourceRecord &source, const WorkerSample &sample, qint64 at)
{
    const WorkerHandle handle = source.handleOf(sample.number);
    if (handle == noWorker)
        return;
    Worker &worker = m_records.workers[handle];
    if (sample.unread) {
        // As after a lost connection: what was read before does not count, and the next read does.
        source.tally.add(worker, -1);
        worker.readAt = qMin(worker.readAt, source.connectedAt - 1);
        m_liveness.derive(handle, at);
        source.tally.add(worker, 1);
        m_records.touch(handle);
        return;
    }
    source.tally.add(worker, -1);
    const BeatPace paceBefore = beatPaceOf(worker);
    std::optional<GapLimits> pace;
    if (worker.readAt > 0)
        pace = source.gapLimitsOf(worker);
    const qint32 intervalBefore = worker.interval;
    const qint32 ttlBefore = worker.learntTtl;

    const bool wasLost = worker.endedAt == 0 && worker.ttlAtRead == -2;
    if (sample.keyPresent && (worker.endedAt > 0 || wasLost || worker.readAt == 0))
        m_ends.forget(source.name, worker.id); // Whoever is there has not ended.
    if (sample.keyPresent && (worker.endedAt > 0 || wasLost))
        takeReturn(handle, sample);

    const WorkerFlags before = worker.flags;
    worker.flags = (worker.flags & storeFlags) | sample.flags;
    judgeDrain(source, handle, sample, before);
    // A source that had forgotten it knows no better; here, or by somebody else, it was seen.
    if (worker.lastHeartbeat > 0 || worker.beatAt > 0 || (worker.end != WorkerEnd::None && worker.end != WorkerEnd::Unseen))
        worker.flags.setFlag(WorkerFlag::NeverSeenAlive, false);
    if (sample.flags.testFlag(WorkerFlag::ClockSkew) && !before.testFlag(WorkerFlag::ClockSkew))
        m_records.note(handle, FleetEventKind::ClockSkewSeen, at, sample.clockSkew);
    if ((sample.flags & problemFlags) && !(before & problemFlags) && m_records.notes.value(handle).problems.isEmpty())
        m_records.note(handle, FleetEventKind::ProblemSeen, at);

    const bool sessionsMoved = worker.activeSessions != sample.activeSessions && worker.activeSessions != unknownValue
                               && sample.activeSessions != unknownValue;
    if (sessionsMoved)
        m_records.note(handle, FleetEventKind::SessionsChanged, at, worker.activeSessions, sample.activeSessions);
    const qint32 sessionsBefore = std::exchange(worker.activeSessions, sample.activeSessions);
    worker.lifetimeSessions = sample.lifetimeSessions;

    if (worker.command != sample.command) {
        if (sample.command == CommandState::None)
            m_records.note(handle, FleetEventKind::CommandGone, at);
        else
            m_records.note(handle, FleetEventKind::CommandSeen, at,
                           sample.commandUntil > 0 ? storedMs(sample.commandUntil - at) : 0);
    }
    worker.command = sample.command;
    worker.commandUntil = sample.commandUntil;

    if (sample.keyPresent) {
        takeStatus(handle, sample, before);
        worker.readAt = sample.readAt;
        worker.ttlAtRead = sample.ttl;
        worker.lastHeartbeat = sample.lastHeartbeat;
        worker.learntTtl = sample.learntTtl;
        worker.clockSkew = sample.clockSkew;
        // From here on it is watched; a beat since then would have been seen.
        if (!sample.flags.testFlag(WorkerFlag::AgeEstimated))
            worker.unbeatenSince = 0;
        else if (worker.unbeatenSince == 0)
            worker.unbeatenSince = sample.readAt;
        takeBeat(source, handle, sample);
    } else if (sample.end == WorkerEnd::None && worker.endedAt == 0 && !worker.traits->registers()) {
        takeKeyLost(handle, sample, sessionsBefore);
    } else {
        worker.readAt = sample.readAt;
        if (sample.end != WorkerEnd::None || worker.endedAt == 0)
            m_ends.takeEnd(handle, sample);
    }
    if (pace && worker.traits->changesPace() && beatPaceOf(worker) != paceBefore) {
        // Idle, busy and paused workers beat differently.
        m_records.pastPaces[handle].add(sample.readAt, *pace);
        // What was measured is the interval of the pace before.
        if (paceBefore.intervalMs > 0 && beatPaceOf(worker).intervalMs > 0)
            worker.interval = worker.jitter = unknownValue;
    } else if (pace) {
        keepPace(source, handle, *pace, intervalBefore, ttlBefore);
    }
    judgeIdle(worker);
    m_liveness.derive(handle, qMax(at, sample.readAt));
    source.tally.add(worker, 1);
    m_records.touch(handle);
}

void WorkerUpdate::keepPaces(const SourceRecord &source, const TimingProfile &timing, bool changed, qint64 at)
{
    source.byId.forEach([&](WorkerHandle handle) {
        const Worker &worker = m_records.workers[handle];
        if (&source.timingOf(worker) != &source.status.timing || m_records.beats[handle].isEmpty())
            return;
        const GapLimits held = source.gapLimitsOf(worker, timing, changed);
        if (held != source.gapLimitsOf(worker))
            m_records.pastPaces[handle].add(at, held);
    });
}

/// What was held before a sample, if its own interval or TTL has changed with it. One that was not known before was a guess.
void WorkerUpdate::keepPace(const SourceRecord &source, WorkerHandle handle, const GapLimits &held, qint32 intervalBefore,
                            qint32 ttlBefore)
{
    const Worker &worker = m_records.workers[handle];
    const auto moved = [](qint32 before, qint32 now) { return before > 0 && now > 0 && isOtherPace(before, now); };
    const bool intervalMoved = moved(intervalBefore, worker.interval);
    if (!intervalMoved && !moved(ttlBefore, worker.learntTtl))
        return;
    const GapLimits limits = source.gapLimitsOf(worker);
    if (intervalMoved && limits.interval != held.interval) {
        const BeatHistory &beats = m_records.beats[handle];
        m_records.pastPaces[handle].add(paceBeganAt(beats, intervalBefore, worker.interval, worker.readAt), held);
    } else if (isOtherPace(held.lostAfter, limits.lostAfter)) {
        m_records.pastPaces[handle].add(worker.readAt, held);
    }
}

/// One that serves no queue needs attention, unless that is what was wanted from here.
void WorkerUpdate::judgeIdle(Worker &worker) const
{
    if (worker.status == WorkerStatus::Draining && worker.flags.testFlag(WorkerFlag::NotConsuming)
        && m_records.recordedDrain(worker))
        worker.flags.setFlag(WorkerFlag::NotConsuming, false);
}

void WorkerUpdate::takeRecordedDrain(const QString &sourceName, const QString &system, const QByteArray &id,
                                     const OrderNote &drain)
{
    const std::pair<QString, QByteArray> of(sourceName, id);
    if (drain.at == 0)
        m_records.recordedDrains.remove(of);
    else if (m_records.recordedDrains.size() < mostRecordedDrains || m_records.recordedDrains.contains(of))
        m_records.recordedDrains.insert(of, {system, drain});
    for (SourceRecord &source : m_records.sources) {
        if (!source.present || source.name != sourceName)
            continue;
        source.byId.forEachOf(id, [&](WorkerHandle handle) {
            Worker &worker = m_records.workers[handle];
            source.tally.add(worker, -1);
            judgeIdle(worker);
            source.tally.add(worker, 1);
            m_records.touch(handle);
        });
    }
}

void WorkerUpdate::applyRemoved(SourceRecord &source, WorkerNumber number, qint64 at)
{
    const WorkerHandle handle = source.handleOf(number);
    if (handle == noWorker) {
        source.refused.remove(number);
        return;
    }
    Worker &worker = m_records.workers[handle];
    source.tally.add(worker, -1);
    if (worker.flags.testFlag(WorkerFlag::CountersLeft)) {
        m_records.note(handle, FleetEventKind::CountersReaped, at);
        m_ends.forget(source.name, worker.id);
    }
    worker.flags.setFlag(WorkerFlag::CountersLeft, false);
    worker.activeSessions = unknownValue;
    worker.lifetimeSessions = unknownValue;
    if (worker.liveness != Liveness::Departed) {
        if (worker.endedAt == 0)
            worker.endedAt = at;
        m_ends.depart(handle, worker.end == WorkerEnd::None ? WorkerEnd::Expired : worker.end, worker.endedAt);
    }
    // The source forgets the number; should the id come back, it comes under a new one.
    source.handles[number] = noWorker;
    source.tally.add(worker, 1);
    m_records.touch(handle);
}

/// \a before: its flags until now.
void WorkerUpdate::takeStatus(WorkerHandle handle, const WorkerSample &sample, WorkerFlags before)
{
    Worker &worker = m_records.workers[handle];
    if (worker.status == sample.status)
        return;
    const bool first = worker.statusSince == 0 || worker.status == WorkerStatus::Missing;
    if (!first) {
        m_records.note(handle, FleetEventKind::StatusChanged, sample.readAt, int(worker.status), int(sample.status));
        const bool drainSeen = worker.status == WorkerStatus::Draining && worker.statusBefore != WorkerStatus::Missing;
        if (drainSeen && sample.status == WorkerStatus::ShuttingDown && sample.activeSessions > 0)
            noteCut(m_records.sourceOf(worker), sample.readAt - worker.statusSince);
        // A drain a console ordered can be resumed, which takes its note away where there is one, or be undone; any other way
        // from draining to available is a drain forgotten.
        const bool noted = before.testFlag(WorkerFlag::DrainedByOperator) && !before.testFlag(WorkerFlag::Leaving);
        const bool resumable = noted || worker.traits->resumesUnmarked();
        if (worker.status == WorkerStatus::Draining && sample.status == WorkerStatus::Available && !resumable
            && worker.endedAt == 0)
            flagForgotten(handle, WorkerFlag::DrainForgotten, FleetEventKind::DrainForgotten, sample.readAt);
    }
    worker.statusBefore = worker.status;
    worker.status = sample.status;
    worker.statusSince = sample.readAt;
}

void WorkerUpdate::takeReturn(WorkerHandle handle, const WorkerSample &sample)
{
    Worker &worker = m_records.workers[handle];
    const qint64 at = sample.readAt;
    const bool toldToGo = !worker.flags.testFlag(WorkerFlag::DrainedByOperator) || worker.flags.testFlag(WorkerFlag::Leaving);
    const bool drained = worker.status == WorkerStatus::Draining || worker.flags.testFlag(WorkerFlag::DrainForgotten);
    const bool forgot = drained && sample.status == WorkerStatus::Available;
    // A row only ever known by its counters was never seen alive, so this is its first appearance.
    if (!worker.flags.testFlag(WorkerFlag::NeverSeenAlive)) {
        m_records.note(handle, FleetEventKind::Returned, at,
                       storedMs(at - (worker.endedAt > 0 ? worker.endedAt : worker.readAt)));
        worker.flags |= WorkerFlag::Returned;
        worker.returnedAt = at;
    } else {
        worker.firstSeenAt = at;
        m_records.note(handle, FleetEventKind::Registered, at);
    }
    if (worker.liveness == Liveness::Departed) {
        ++m_records.sourceOf(worker).count;
        worker.liveness = Liveness::Unknown;
    }
    worker.flags &= ~(WorkerFlags(WorkerFlag::CountersLeft) | WorkerFlag::DrainForgotten);
    // It writes available although it drains: one that was sent a shutdown ends all the same, one that an operator drained stays.
    if (forgot && toldToGo)
        flagForgotten(handle, WorkerFlag::DrainForgotten, FleetEventKind::DrainForgotten, at);
    else if (forgot)
        flagForgotten(handle, WorkerFlag::DrainUndone, FleetEventKind::DrainUndone, at);
    worker.endedAt = 0;
    worker.unbeatenSince = 0;
    worker.end = WorkerEnd::None;
    worker.status = WorkerStatus::Missing;
    worker.statusBefore = WorkerStatus::Missing;
}

/// The key has vanished, and it is not known yet whether its worker ended.
void WorkerUpdate::takeKeyLost(WorkerHandle handle, const WorkerSample &sample, qint32 sessionsBefore)
{
    Worker &worker = m_records.workers[handle];
    worker.readAt = sample.readAt;
    if (worker.ttlAtRead == -2)
        return;
    worker.ttlAtRead = -2;
    m_records.note(handle, FleetEventKind::KeyLost, sample.readAt, qMax(0, sessionsBefore),
                   sample.flags.testFlag(WorkerFlag::Registered) ? 1 : 0);
}

void WorkerUpdate::takeBeat(SourceRecord &source, WorkerHandle handle, const WorkerSample &sample)
{
    Worker &worker = m_records.workers[handle];
    const qint64 before = worker.beatAt;
    if (sample.beatAt > 0)
        worker.beatAt = sample.beatAt;
    if (!sample.newBeat || sample.beatAt == 0)
        return;
    if (!m_records.beats[handle].append(sample.beatAt))
        return;
    ++worker.beatCount;
    if (source.twin == 0)
        m_records.rate.add(sample.beatAt);
    const Thresholds thresholds = source.thresholdsOf(worker);
    const qint64 gap = sample.beatAt - before;
    if (before > 0 && worker.beatCount > 1 && thresholds.late > 0 && gap > thresholds.late) {
        const bool seenWhole = source.unknown.empty() || source.unknown.back().to < before;
        if (seenWhole && worker.returnedAt < before)
            m_records.note(handle, FleetEventKind::BeatGap, sample.beatAt, storedMs(gap),
                           storedMs(worker.traits->registers() || source.timingOf(worker).assumed || thresholds.measured
                                        ? thresholds.interval
                                        : source.status.timing.heartbeatInterval));
    }
    measure(source, handle);
}

void WorkerUpdate::measure(SourceRecord &source, WorkerHandle handle)
{
    Worker &worker = m_records.workers[handle];
    // A median of many gaps hardly moves with one more of them: after the first dozen every eighth beat is enough.
    const bool intervalIsNew =
        source.intervalSince > 0
        && worker.beatAt - source.intervalSince < 12 * qMax<qint64>(1, source.status.timing.heartbeatInterval);
    if (worker.beatCount > 12 && worker.beatCount % 8 != 0 && !intervalIsNew && worker.interval != unknownValue)
        return;
    const GapStatistics statistics =
        gapStatistics(m_records.beats[handle], source.unknown, worker.beatAt, m_records.measuredFrom(handle));
    if (statistics.gaps == 0 && intervalIsNew)
        return; // The interval from before is the last that was measured.
    worker.interval = statistics.median;
    worker.jitter = statistics.gaps > 0 ? statistics.p95 - statistics.median : unknownValue;
    if (worker.interval <= 0 || worker.traits->registers())
        return;
    if (worker.type >= source.kinds.size())
        source.kinds.resize(size_t(worker.type) + 1);
    KindPace &kind = source.kinds[worker.type];
    // One gap is a guess, taken only where there is nothing better.
    constexpr int enoughGaps = 2;
    if (statistics.gaps >= enoughGaps || kind.longest() == unknownValue)
        source.paceChanged = kind.add(worker.interval) || source.paceChanged;
}

/// A drain ended with sessions left: it was cut by the timeout, or its counter came late. Two that agree are believed.
void WorkerUpdate::noteCut(SourceRecord &source, qint64 drainMs)
{
    if (source.lastCutMs > 0 && qAbs(drainMs - source.lastCutMs) * 20 <= source.lastCutMs)
        source.drainSeenMs = qMax(drainMs, source.lastCutMs);
    source.lastCutMs = drainMs;
}

/// Makes of "a note is there" what the note is worth. \a before: its flags until now.
void WorkerUpdate::judgeDrain(const SourceRecord &source, WorkerHandle handle, const WorkerSample &sample, WorkerFlags before)
{
    Worker &worker = m_records.workers[handle];
    if (!sample.keyPresent) {
        // What it was in when its key went says what becomes of it should it return.
        constexpr WorkerFlags ofDrain =
            WorkerFlags(WorkerFlag::DrainedByOperator) | WorkerFlag::DrainUnseen | WorkerFlag::Leaving;
        worker.flags = (worker.flags & ~ofDrain) | (before & ofDrain);
        return;
    }
    const bool available = sample.status == WorkerStatus::Available;
    if (!sample.flags.testFlag(WorkerFlag::DrainedByOperator)) {
        // The note of an undone drain is taken away by whoever has seen to it.
        const auto known = m_records.drains.constFind(handle);
        const bool wasStale = known != m_records.drains.constEnd() && known->kind() == DrainStanding::Kind::Stale;
        if (wasStale || !available)
            worker.flags.setFlag(WorkerFlag::DrainUndone, false);
        m_records.drains.remove(handle);
        return;
    }
    const DrainNote drain = m_records.notes.value(handle).drain;
    DrainStanding::Look look;
    look.by = drain.by;
    look.at = drain.at;
    look.readAt = sample.readAt;
    look.beatAt = sample.beatAt;
    look.sessions = sample.activeSessions;
    look.status = sample.status;
    look.watched = worker.readAt > 0 && worker.readAt >= source.connectedAt && worker.ttlAtRead != -2;
    look.newBeat = sample.newBeat;
    DrainStanding &standing = m_records.drains[handle];
    standing.see(look);
    const bool stale = standing.kind() == DrainStanding::Kind::Stale;
    worker.flags.setFlag(WorkerFlag::DrainedByOperator, !stale);
    worker.flags.setFlag(WorkerFlag::DrainUnseen, standing.kind() == DrainStanding::Kind::Unseen);
    if (!available) {
        worker.flags.setFlag(WorkerFlag::DrainUndone, false);
        return;
    }
    const qint64 since = look.watched ? sample.readAt : 0; // When it happened before is not known.
    if (sample.flags.testFlag(WorkerFlag::Leaving))
        flagForgotten(handle, WorkerFlag::DrainForgotten, FleetEventKind::DrainForgotten, since);
    else
        flagForgotten(handle, WorkerFlag::DrainUndone, FleetEventKind::DrainUndone, since);
}

void WorkerUpdate::flagForgotten(WorkerHandle handle, WorkerFlag flag, FleetEventKind kind, qint64 at)
{
    Worker &worker = m_records.workers[handle];
    if (worker.flags.testFlag(flag))
        return;
    worker.flags |= flag;
    if (at > 0)
        m_records.note(handle, kind, at);
}

} // namespace pulsedeck
