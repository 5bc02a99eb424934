// SPDX-License-Identifier: GPL-3.0-or-later
// How the news of a batch becomes what the store knows: the second half of FleetStore.
#include "models/fleet/fleetstore.h"

#include "models/fleet/liveness.h"

#include <algorithm>

namespace pulsedeck {

namespace {

// Flags the store sets itself; the source's reads do not clear them.
constexpr WorkerFlags storeFlags =
    WorkerFlags(WorkerFlag::Returned) | WorkerFlag::DrainForgotten | WorkerFlag::DrainUndone | WorkerFlag::CountersLeft;
constexpr WorkerFlags problemFlags = WorkerFlags(WorkerFlag::BadField) | WorkerFlag::WrongType | WorkerFlag::TooLarge;

qint32 clamped(qint64 ms)
{
    return qint32(std::clamp<qint64>(ms, -(1LL << 30), 1LL << 30));
}

// A worker that goes closes its subscription and takes its key away at once: one may be seen a moment before the other.
constexpr qint64 leavingMs = 2'000;

/// How it ended: what the source saw, but the dead take no key of theirs away. Somebody else did. \a crashedFor: since it was
/// found crashed.
WorkerEnd endOf(const Worker &worker, WorkerEnd seen, qint64 crashedFor)
{
    const bool dead = worker.liveness == Liveness::Crashed
                          ? crashedFor >= leavingMs
                          : !worker.flags.testFlag(WorkerFlag::Listener)
                                && (worker.liveness == Liveness::Stale || worker.liveness == Liveness::NoTtl);
    const bool removed = seen == WorkerEnd::Left || seen == WorkerEnd::Drained;
    return dead && removed && !worker.traits->registers() ? WorkerEnd::KeyRemoved : seen;
}

} // namespace

void FleetStore::applyText(SourceId sourceId, Source &source, const WorkerText &text, qint64 at)
{
    if (text.number >= source.handles.size())
        source.handles.resize(qMax<size_t>(size_t(text.number) + 1, source.handles.size() * 2), noWorker);
    const TraitsRef traits = text.traits.value_or(source.status.traits);
    WorkerHandle handle = source.handles[text.number];
    if (handle != noWorker && m_workers[handle].id != text.id)
        handle = noWorker; // A source that began anew counts anew: the number is another worker's now.
    if (handle == noWorker) {
        // The same id under a new number: the source had forgotten it, the departed shelf has not.
        handle = source.byId.value(text.id, noWorker);
        if (handle == noWorker) {
            handle = allocate(sourceId);
            if (handle == noWorker)
                return;
            source.byId.insert(text.id, handle);
            ++source.count;
            Worker &fresh = m_workers[handle];
            fresh.id = text.id;
            fresh.traits = traits;
            if (source.everLoaded && source.status.state != SourceState::Loading) {
                fresh.firstSeenAt = at;
                note(handle, FleetEventKind::Registered, at);
            }
            m_tallies[sourceId].add(fresh, 1);
        }
        source.handles[text.number] = handle;
        m_workers[handle].number = text.number;
    }
    Worker &worker = m_workers[handle];
    if (worker.traits != traits) {
        m_tallies[sourceId].add(worker, -1);
        worker.traits = traits;
        m_tallies[sourceId].add(worker, 1);
    }
    worker.type = internType(text.type);
    worker.host = text.host;
    worker.startedAt = text.startedAt;
    if (text.statusText.isEmpty() && text.problems.isEmpty() && text.drainedBy.isEmpty()) {
        m_notes.remove(handle);
    } else {
        const bool hadProblems = !m_notes.value(handle).problems.isEmpty();
        m_notes.insert(handle,
                       {QString::fromUtf8(text.statusText), text.problems, {text.drainedBy, text.drainReason, text.drainedAt}});
        if (!hadProblems && !text.problems.isEmpty())
            note(handle, FleetEventKind::ProblemSeen, at);
    }
    touch(handle);
}

void FleetStore::applyActor(Source &source, const ActorFacts &facts)
{
    if (facts.number >= source.handles.size() || source.handles[facts.number] == noWorker)
        return;
    const WorkerHandle handle = source.handles[facts.number];
    ActorFacts &kept = m_actors[handle];
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
    touch(handle);
}

/// \a at is when the news was sent; sample.readAt is when the key was read, which may be long before news of a counter or a
/// listener.
void FleetStore::applySample(Source &source, const WorkerSample &sample, qint64 at)
{
    if (sample.number >= source.handles.size())
        return;
    const WorkerHandle handle = source.handles[sample.number];
    if (handle == noWorker)
        return;
    Worker &worker = m_workers[handle];
    Tally &tally = m_tallies[worker.source];
    tally.add(worker, -1);

    const bool wasLost = worker.endedAt == 0 && worker.ttlAtRead == -2;
    if (sample.keyPresent && (worker.endedAt > 0 || wasLost || worker.readAt == 0))
        m_pastEnds.remove(source.name, worker.id); // Whoever is there has not ended.
    if (sample.keyPresent && (worker.endedAt > 0 || wasLost))
        takeReturn(handle, sample);

    const WorkerFlags before = worker.flags;
    worker.flags = (worker.flags & storeFlags) | sample.flags;
    judgeDrain(source, handle, sample, before);
    // A source that had forgotten it knows no better; here, or by somebody else, it was seen.
    if (worker.lastHeartbeat > 0 || worker.beatAt > 0 || (worker.end != WorkerEnd::None && worker.end != WorkerEnd::Unseen))
        worker.flags.setFlag(WorkerFlag::NeverSeenAlive, false);
    if (sample.flags.testFlag(WorkerFlag::ClockSkew) && !before.testFlag(WorkerFlag::ClockSkew))
        note(handle, FleetEventKind::ClockSkewSeen, at, sample.clockSkew);
    if ((sample.flags & problemFlags) && !(before & problemFlags) && m_notes.value(handle).problems.isEmpty())
        note(handle, FleetEventKind::ProblemSeen, at);

    const bool sessionsMoved = worker.activeSessions != sample.activeSessions && worker.activeSessions != unknownValue
                               && sample.activeSessions != unknownValue;
    if (sessionsMoved)
        note(handle, FleetEventKind::SessionsChanged, at, worker.activeSessions, sample.activeSessions);
    worker.activeSessions = sample.activeSessions;
    worker.lifetimeSessions = sample.lifetimeSessions;

    if (worker.command != sample.command) {
        if (sample.command == CommandState::None)
            note(handle, FleetEventKind::CommandGone, at);
        else
            note(handle, FleetEventKind::CommandSeen, at, sample.commandUntil > 0 ? clamped(sample.commandUntil - at) : 0);
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
        takeKeyLost(handle, sample);
    } else {
        worker.readAt = sample.readAt;
        if (sample.end != WorkerEnd::None || worker.endedAt == 0)
            takeEnd(handle, sample);
    }
    derive(handle, qMax(at, sample.readAt));
    tally.add(worker, 1);
    touch(handle);
}

void FleetStore::flagForgotten(WorkerHandle handle, WorkerFlag flag, FleetEventKind kind, qint64 at)
{
    Worker &worker = m_workers[handle];
    if (worker.flags.testFlag(flag))
        return;
    worker.flags |= flag;
    if (at > 0)
        note(handle, kind, at);
}

/// Makes of "a note is there" what the note is worth. \a before: its flags until now.
void FleetStore::judgeDrain(const Source &source, WorkerHandle handle, const WorkerSample &sample, WorkerFlags before)
{
    Worker &worker = m_workers[handle];
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
        const auto known = m_drains.constFind(handle);
        const bool wasStale = known != m_drains.constEnd() && known->kind() == DrainStanding::Kind::Stale;
        if (wasStale || !available)
            worker.flags.setFlag(WorkerFlag::DrainUndone, false);
        m_drains.remove(handle);
        return;
    }
    const DrainNote drain = m_notes.value(handle).drain;
    DrainStanding::Look look;
    look.by = drain.by;
    look.at = drain.at;
    look.readAt = sample.readAt;
    look.beatAt = sample.beatAt;
    look.sessions = sample.activeSessions;
    look.status = sample.status;
    look.watched = worker.readAt > 0 && worker.readAt >= source.connectedAt && worker.ttlAtRead != -2;
    look.newBeat = sample.newBeat;
    DrainStanding &standing = m_drains[handle];
    standing.see(look);
    const bool stale = standing.kind() == DrainStanding::Kind::Stale;
    worker.flags.setFlag(WorkerFlag::DrainedByOperator, !stale);
    worker.flags.setFlag(WorkerFlag::DrainUnseen, standing.kind() == DrainStanding::Kind::Unseen);
    if (!available) {
        worker.flags.setFlag(WorkerFlag::DrainUndone, false);
        return;
    }
    const qint64 since = look.watched ? sample.readAt : 0; // Of what happened before nobody knows when.
    if (sample.flags.testFlag(WorkerFlag::Leaving))
        flagForgotten(handle, WorkerFlag::DrainForgotten, FleetEventKind::DrainForgotten, since);
    else
        flagForgotten(handle, WorkerFlag::DrainUndone, FleetEventKind::DrainUndone, since);
}

/// The key has vanished, and whether its worker ended nobody knows yet.
void FleetStore::takeKeyLost(WorkerHandle handle, const WorkerSample &sample)
{
    Worker &worker = m_workers[handle];
    worker.readAt = sample.readAt;
    if (worker.ttlAtRead == -2)
        return;
    worker.ttlAtRead = -2;
    note(handle, FleetEventKind::KeyLost, sample.readAt);
}

void FleetStore::takeReturn(WorkerHandle handle, const WorkerSample &sample)
{
    Worker &worker = m_workers[handle];
    const qint64 at = sample.readAt;
    const bool toldToGo = !worker.flags.testFlag(WorkerFlag::DrainedByOperator) || worker.flags.testFlag(WorkerFlag::Leaving);
    const bool drained = worker.status == WorkerStatus::Draining || worker.flags.testFlag(WorkerFlag::DrainForgotten);
    const bool forgot = drained && sample.status == WorkerStatus::Available;
    // A row only ever known by its counters was never seen alive, so this is its first appearance.
    if (!worker.flags.testFlag(WorkerFlag::NeverSeenAlive)) {
        note(handle, FleetEventKind::Returned, at, clamped(at - (worker.endedAt > 0 ? worker.endedAt : worker.readAt)));
        worker.flags |= WorkerFlag::Returned;
        worker.returnedAt = at;
    } else {
        worker.firstSeenAt = at;
        note(handle, FleetEventKind::Registered, at);
    }
    if (worker.liveness == Liveness::Departed) {
        ++m_sources[worker.source].count;
        worker.liveness = Liveness::Unknown;
    }
    worker.flags &= ~(WorkerFlags(WorkerFlag::CountersLeft) | WorkerFlag::DrainForgotten);
    // It writes available although it drains: one that was told to go ends all the same, one that an operator drained stays.
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

/// \a before: its flags until now.
void FleetStore::takeStatus(WorkerHandle handle, const WorkerSample &sample, WorkerFlags before)
{
    Worker &worker = m_workers[handle];
    if (worker.status == sample.status)
        return;
    const bool first = worker.statusSince == 0 || worker.status == WorkerStatus::Missing;
    if (!first) {
        note(handle, FleetEventKind::StatusChanged, sample.readAt, int(worker.status), int(sample.status));
        const bool drainSeen = worker.status == WorkerStatus::Draining && worker.statusBefore != WorkerStatus::Missing;
        if (drainSeen && sample.status == WorkerStatus::ShuttingDown && sample.activeSessions > 0)
            noteCut(m_sources[worker.source], sample.readAt - worker.statusSince);
        // A drain a console ordered can be resumed, which takes its note away, or be undone; any other way from draining to
        // available is a drain forgotten.
        const bool resumable = before.testFlag(WorkerFlag::DrainedByOperator) && !before.testFlag(WorkerFlag::Leaving);
        if (worker.status == WorkerStatus::Draining && sample.status == WorkerStatus::Available && !resumable
            && worker.endedAt == 0)
            flagForgotten(handle, WorkerFlag::DrainForgotten, FleetEventKind::DrainForgotten, sample.readAt);
    }
    worker.statusBefore = worker.status;
    worker.status = sample.status;
    worker.statusSince = sample.readAt;
}

void FleetStore::takeBeat(Source &source, WorkerHandle handle, const WorkerSample &sample)
{
    Worker &worker = m_workers[handle];
    const qint64 before = worker.beatAt;
    if (sample.beatAt > 0)
        worker.beatAt = sample.beatAt;
    if (!sample.newBeat || sample.beatAt == 0)
        return;
    if (!m_beats[handle].append(sample.beatAt))
        return;
    ++worker.beatCount;
    if (source.twin == 0)
        countBeat(sample.beatAt);
    const Thresholds thresholds = thresholdsIn(source, worker);
    const qint64 gap = sample.beatAt - before;
    if (before > 0 && worker.beatCount > 1 && thresholds.late > 0 && gap > thresholds.late) {
        const bool seenWhole = source.unknown.empty() || source.unknown.back().to < before;
        if (seenWhole && worker.returnedAt < before)
            note(handle, FleetEventKind::BeatGap, sample.beatAt, clamped(gap),
                 clamped(worker.traits->registers() || thresholds.measured ? thresholds.interval
                                                                           : source.status.timing.heartbeatInterval));
    }
    measure(source, handle);
}

void FleetStore::measure(Source &source, WorkerHandle handle)
{
    Worker &worker = m_workers[handle];
    // A median of many gaps hardly moves with one more of them: after the first dozen every eighth beat is enough.
    const bool countsAnew =
        source.intervalSince > 0
        && worker.beatAt - source.intervalSince < 12 * qMax<qint64>(1, source.status.timing.heartbeatInterval);
    if (worker.beatCount > 12 && worker.beatCount % 8 != 0 && !countsAnew)
        return;
    const GapStatistics statistics =
        gapStatistics(m_beats[handle], source.unknown, worker.beatAt, qMax(worker.countedFrom(), source.intervalSince));
    if (statistics.gaps == 0 && countsAnew)
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
void FleetStore::noteCut(Source &source, qint64 drainMs)
{
    if (source.lastCutMs > 0 && qAbs(drainMs - source.lastCutMs) * 20 <= source.lastCutMs)
        source.drainSeenMs = qMax(drainMs, source.lastCutMs);
    source.lastCutMs = drainMs;
}

/// What its type's interval is has become known or has changed: whoever has none of its own is judged by it.
void FleetStore::deriveUnmeasured(Source &source, qint64 now)
{
    source.paceChanged = false;
    if (!source.status.timing.assumed)
        return;
    for (const WorkerHandle handle : std::as_const(source.byId)) {
        Worker &worker = m_workers[handle];
        if (worker.traits->registers() || worker.beatCount > 3 || worker.liveness == Liveness::Departed)
            continue;
        Tally &tally = m_tallies[worker.source];
        tally.add(worker, -1);
        derive(handle, now);
        tally.add(worker, 1);
    }
}

void FleetStore::takeEnd(WorkerHandle handle, const WorkerSample &sample)
{
    Worker &worker = m_workers[handle];
    const bool countersLeft = sample.activeSessions != unknownValue || sample.lifetimeSessions != unknownValue
                              || sample.flags.testFlag(WorkerFlag::BadCounter);
    const bool firstWord = worker.endedAt == 0;
    if (firstWord) {
        worker.endedAt = sample.readAt;
        worker.end = endOf(worker, sample.end, sample.readAt - m_crashedAt.value(handle, sample.readAt));
        worker.ttlAtRead = -2;
        // Its row goes after a while, and its counters may stay for longer.
        if (worker.traits->has(SourceFact::Counters) && worker.end != WorkerEnd::Unseen && worker.end != WorkerEnd::None)
            m_pastEnds.add(m_sources[worker.source].name, worker.id, {worker.end, worker.endedAt});
        if (worker.end == WorkerEnd::Expired || worker.end == WorkerEnd::Crashed)
            note(handle, FleetEventKind::KeyExpired, sample.readAt, int(worker.end));
    } else if (worker.end == WorkerEnd::Expired && sample.end == WorkerEnd::Crashed) {
        worker.end = WorkerEnd::Crashed; // Who listens was asked a moment later.
        m_pastEnds.add(m_sources[worker.source].name, worker.id, {worker.end, worker.endedAt});
    }
    worker.flags.setFlag(WorkerFlag::CountersLeft, countersLeft);
    if (worker.liveness == Liveness::Departed)
        return;
    if (firstWord && worker.end == WorkerEnd::Unseen && countersLeft && recallEnd(handle))
        return;
    const bool inOrder = isOrderly(worker.end);
    // An orderly end leaves counters for the reaper too; it is no corpse, so it goes to the shelf at once.
    if (inOrder || !countersLeft)
        depart(handle, worker.end, worker.endedAt);
    else if (firstWord && !worker.flags.testFlag(WorkerFlag::NeverSeenAlive))
        note(handle, FleetEventKind::CountersLeft, sample.readAt);
}

/// Counters of a worker that ended unseen by this run's connection: somebody else may have seen it. True if that was in order, so
/// that it is on the shelf now. Nothing is told of it: that was done when it happened.
bool FleetStore::recallEnd(WorkerHandle handle)
{
    Worker &worker = m_workers[handle];
    const PastEnd *past = m_pastEnds.find(m_sources[worker.source].name, worker.id);
    if (!past)
        return false;
    worker.end = past->end;
    worker.flags.setFlag(WorkerFlag::NeverSeenAlive, false);
    const qint64 foundAt = worker.endedAt;
    if (past->at > 0)
        worker.endedAt = qMin(past->at, foundAt);
    if (!isOrderly(past->end))
        return false;
    worker.liveness = Liveness::Departed;
    m_nextChange[handle] = 0;
    --m_sources[worker.source].count;
    shelve(handle, foundAt);
    return true;
}

void FleetStore::takePastEnd(const QString &sourceName, const QByteArray &id, const PastEnd &end)
{
    if (end.end == WorkerEnd::None) {
        m_pastEnds.remove(sourceName, id);
        return;
    }
    for (const Source &source : m_sources) {
        const WorkerHandle handle = source.present ? source.byId.value(id, noWorker) : noWorker;
        if (handle != noWorker && m_workers[handle].endedAt == 0 && m_workers[handle].readAt > 0)
            return; // It is there, so that it came back.
    }
    m_pastEnds.add(sourceName, id, end);
    for (size_t number = 0; number < m_sources.size(); ++number) {
        const Source &source = m_sources[number];
        const WorkerHandle handle = source.present ? source.byId.value(id, noWorker) : noWorker;
        if (handle == noWorker)
            continue;
        Worker &worker = m_workers[handle];
        if (worker.endedAt == 0 || worker.end != WorkerEnd::Unseen || worker.liveness == Liveness::Departed)
            continue;
        m_tallies[number].add(worker, -1);
        recallEnd(handle);
        m_tallies[number].add(worker, 1);
        touch(handle);
    }
}

int FleetStore::unseenZombies() const
{
    int count = 0;
    for (const Tally &tally : m_tallies)
        count += tally.zombieUnseen;
    return count;
}

const PastEnd *FleetStore::pastEnd(SourceId source, const QByteArray &id) const
{
    const Source *known = sourceOf(source);
    return known ? m_pastEnds.find(known->name, id) : nullptr;
}

void FleetStore::applyRemoved(Source &source, WorkerNumber number, qint64 at)
{
    if (number >= source.handles.size() || source.handles[number] == noWorker)
        return;
    const WorkerHandle handle = source.handles[number];
    Worker &worker = m_workers[handle];
    m_tallies[worker.source].add(worker, -1);
    if (worker.flags.testFlag(WorkerFlag::CountersLeft)) {
        note(handle, FleetEventKind::CountersReaped, at);
        m_pastEnds.remove(source.name, worker.id);
    }
    worker.flags.setFlag(WorkerFlag::CountersLeft, false);
    worker.activeSessions = unknownValue;
    worker.lifetimeSessions = unknownValue;
    if (worker.liveness != Liveness::Departed) {
        if (worker.endedAt == 0)
            worker.endedAt = at;
        depart(handle, worker.end == WorkerEnd::None ? WorkerEnd::Expired : worker.end, worker.endedAt);
    }
    // The source forgets the number; should the id come back, it comes under a new one.
    source.handles[number] = noWorker;
    m_tallies[worker.source].add(worker, 1);
    touch(handle);
}

void FleetStore::depart(WorkerHandle handle, WorkerEnd end, qint64 at)
{
    Worker &worker = m_workers[handle];
    worker.liveness = Liveness::Departed;
    worker.end = end;
    worker.endedAt = at;
    m_nextChange[handle] = 0;
    --m_sources[worker.source].count;
    shelve(handle, at);
    // That its key expired was told when it did.
    if (end != WorkerEnd::Expired && end != WorkerEnd::Crashed)
        note(handle, FleetEventKind::Ended, at, int(end), int(worker.status)); // What it said last.
}

void FleetStore::shelve(WorkerHandle handle, qint64 shelvedAt)
{
    // One that waited for the reaper first may be older than the last.
    auto place = m_departed.end();
    while (place != m_departed.begin() && std::prev(place)->shelvedAt > shelvedAt)
        --place;
    m_departed.insert(place, {handle, m_workers[handle].endedAt, shelvedAt});
}

void FleetStore::derive(WorkerHandle handle, qint64 now)
{
    Worker &worker = m_workers[handle];
    const Source &source = m_sources[worker.source];
    const bool connected = source.status.isConnected() && worker.readAt >= source.connectedAt;
    const bool endKnown = source.status.isConnected() || source.status.lostAt == 0 || worker.endedAt <= source.status.lostAt;
    const LivenessResult result = deriveLiveness(worker, thresholdsIn(source, worker), connected, now, endKnown);
    m_nextChange[handle] = result.nextChangeAt;
    if (result.nextChangeAt != 0)
        m_nextInBlock[handle / changeBlock] = qMin(m_nextInBlock[handle / changeBlock], result.nextChangeAt);
    if (result.liveness == worker.liveness)
        return;
    worker.liveness = result.liveness;
    noteLiveness(handle, now);
    touch(handle);
}

/// What it just became, if that is news.
void FleetStore::noteLiveness(WorkerHandle handle, qint64 now)
{
    const Worker &worker = m_workers[handle];
    const qint64 since = worker.isAgeProven() ? worker.beatAt : worker.unbeatenSince;
    const qint32 age = since > 0 ? clamped(now - since) : 0;
    switch (worker.liveness) {
    case Liveness::Late:
        note(handle, FleetEventKind::WentLate, now, age);
        break;
    case Liveness::Stale:
        note(handle, FleetEventKind::WentStale, now, age);
        break;
    case Liveness::Hung:
        note(handle, FleetEventKind::WentHung, now, age);
        break;
    case Liveness::Crashed:
        m_crashedAt.insert(handle, now);
        note(handle, FleetEventKind::ListenerLost, now);
        break;
    default:
        break;
    }
}

void FleetStore::deriveAll(SourceId source, qint64 now)
{
    Tally &tally = m_tallies[source];
    for (const WorkerHandle handle : std::as_const(m_sources[source].byId)) {
        const Worker &worker = m_workers[handle];
        tally.add(worker, -1);
        derive(handle, now);
        tally.add(worker, 1);
        touch(handle);
    }
}

} // namespace pulsedeck
