// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetstore.h"

#include <algorithm>
#include <array>

namespace pulsedeck {

namespace {

/// A source that is not there.
const SourceRecord noSource;

} // namespace

FleetStore::FleetStore(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_sleep(clock)
    , m_lookedAt(clock.nowMs())
    , m_liveness(m_records)
    , m_ends(m_records)
    , m_updates(m_records, m_liveness, m_ends)
{ }

FleetStore::~FleetStore() = default;

// Sources -------------------------------------------------------------------------------------------------------------

void FleetStore::addSource(SourceId source, const QString &name, TraitsRef traits)
{
    if (source >= m_records.sources.size())
        m_records.sources.resize(size_t(source) + 1);
    SourceRecord &entry = m_records.sources[source];
    if (entry.present)
        return;
    entry = SourceRecord();
    entry.present = true;
    entry.name = name;
    entry.status.source = source;
    entry.status.traits = traits;
    emit sourceAdded(source);
}

void FleetStore::removeSource(SourceId source)
{
    SourceRecord *entry = m_records.source(source);
    if (!entry)
        return;
    std::erase_if(m_heldBack, [source](const auto &news) {
        return std::visit([source](const auto &value) { return value.source == source; }, news);
    });
    entry->byId.forEach([this](WorkerHandle handle) { m_records.release(handle); });
    m_records.queues.removeSource(source);
    m_records.touchAll();
    entry->present = false;
    entry->byId.clear();
    entry->handles.clear();
    entry->refused.clear();
    entry->tally = FleetTally();
    reviewTwins();
    emit sourceRemoved(source);
}

int FleetStore::refusedWorkers(SourceId source) const
{
    const SourceRecord *entry = m_records.source(source);
    return entry ? int(entry->refused.size()) : 0;
}

void FleetStore::setSourceName(SourceId source, const QString &name)
{
    if (SourceRecord *entry = m_records.source(source); entry && entry->name != name) {
        entry->name = name;
        m_records.touchAll();
        emit sourceChanged(source);
    }
}

void FleetStore::setSourceVisible(SourceId source, bool visible)
{
    if (SourceRecord *entry = m_records.source(source); entry && entry->visible != visible) {
        entry->visible = visible;
        m_records.touchAll();
        reviewTwins();
        emit sourceChanged(source);
    }
}

/// Finds out which sources show what another shows already: the same database of a server with the same run id. The one that was
/// added first is shown, unless it is hidden or disconnected.
void FleetStore::reviewTwins()
{
    std::vector<SourceRecord> &sources = m_records.sources;
    for (size_t i = 0; i < sources.size(); ++i) {
        SourceRecord &later = sources[i];
        const SourceStatus &status = later.status;
        const auto showsTheSame = [&](const SourceRecord &other) {
            return other.present && other.visible && other.twin == 0 && other.status.state != SourceState::Off
                   && other.status.serverId == status.serverId && other.status.database == status.database;
        };
        SourceId twin = 0;
        if (later.present && later.visible && status.state != SourceState::Off && !status.serverId.isEmpty()) {
            const auto first = std::find_if(sources.begin(), sources.begin() + std::ptrdiff_t(i), showsTheSame);
            if (first != sources.begin() + std::ptrdiff_t(i))
                twin = SourceId(first - sources.begin());
        }
        if (std::exchange(later.twin, twin) == twin)
            continue;
        m_records.touchAll();
        if (later.present)
            emit sourceChanged(SourceId(i));
    }
}

// News ----------------------------------------------------------------------------------------------------------------

void FleetStore::apply(const FleetBatch &batch)
{
    if (!isPaused()) {
        applyNow(batch);
        return;
    }
    // Sooner or later an end to what is held back, whatever it consists of.
    m_pausedSamples += int(qMax(qMax(batch.samples.size(), batch.actors.size()), batch.queues.size()));
    m_heldBack.emplace_back(batch);
    if (m_pausedSamples > maxPausedSamples)
        setPaused(false);
}

void FleetStore::applyStatus(const SourceStatus &status)
{
    if (isPaused())
        m_heldBack.emplace_back(status);
    else
        applyStatusNow(status);
}

void FleetStore::setPaused(bool paused)
{
    if (paused == isPaused())
        return;
    m_pausedAt = paused ? m_clock.nowMs() : 0;
    if (!paused) {
        const auto heldBack = std::exchange(m_heldBack, {});
        m_pausedSamples = 0;
        for (const auto &news : heldBack) {
            if (const auto *batch = std::get_if<FleetBatch>(&news))
                applyNow(*batch);
            else
                applyStatusNow(std::get<SourceStatus>(news));
        }
    }
    emit pausedChanged(paused);
}

qint64 FleetStore::viewNow() const
{
    return m_pausedAt > 0 ? m_pausedAt : m_clock.nowMs();
}

/// While the machine slept nothing was received. What was read before says nothing about now: those workers are unknown until
/// they are read again, and the time in between counts as without connection.
void FleetStore::noticeSleep()
{
    const qint64 now = m_clock.nowMs();
    const qint64 before = std::exchange(m_lookedAt, now);
    const qint64 slept = m_sleep.take();
    if (slept == 0)
        return;
    for (SourceRecord &source : m_records.sources) {
        if (!source.present || !source.status.isConnected())
            continue;
        // A source wakes earlier than this thread may: what it has read since then counts.
        source.connectedAt = before + slept;
        source.addUnknownSpan({before, now});
        m_liveness.deriveAll(source, now);
    }
}

void FleetStore::applyNow(const FleetBatch &batch)
{
    noticeSleep();
    SourceRecord *source = m_records.source(batch.source);
    // What belongs to an older connection says nothing about now.
    if (source && batch.generation >= source->status.generation)
        m_updates.apply(*source, batch);
}

void FleetStore::applyStatusNow(const SourceStatus &status)
{
    noticeSleep();
    SourceRecord *source = m_records.source(status.source);
    if (!source)
        return;
    const SourceStatus before = std::exchange(source->status, status);
    if (before.generation != status.generation)
        source->refused.clear(); // Its workers get new numbers.
    const qint64 now = m_clock.nowMs();
    const bool lost = before.isConnected() && !status.isConnected();
    const bool found = !before.isConnected() && status.isConnected();
    if (lost) {
        source->lostAt = status.lostAt > 0 ? status.lostAt : now;
        source->away = {source->lostAt, 0};
        source->addUnknownSpan(source->away);
        m_records.events.append({source->lostAt, 0, 0, 0, status.source, FleetEventKind::SourceLost});
    }
    if (found) {
        // The I/O thread's time, not ours: samples read since then may already wait in the event queue.
        source->connectedAt = status.since > 0 ? status.since : now;
        if (source->away.from > 0 && source->away.to == 0)
            source->away.to = source->connectedAt;
        if (!source->unknown.empty() && source->unknown.back().to == 0) {
            source->unknown.back().to = now;
            m_records.events.append({now, 0, storedMs(now - source->lostAt), 0, status.source, FleetEventKind::SourceBack});
        }
    }
    const bool emptied = status.truthFrom > source->connectedAt && source->connectedAt > 0;
    if (emptied)
        source->connectedAt = status.truthFrom;
    const bool intervalSeen = source->intervalSince > 0;
    // What is read with the first full view was in force before the console came.
    if (source->everLoaded && !status.timing.assumed && before.timing.heartbeatInterval != status.timing.heartbeatInterval)
        source->intervalSince = now;
    if (!status.timing.assumed) {
        const TimingProfile held = source->toldTiming.value_or(before.timing);
        if (source->everLoaded && held != status.timing)
            m_updates.keepPaces(*source, held, intervalSeen, now);
        source->toldTiming = status.timing;
    }
    if (status.state == SourceState::Live || status.state == SourceState::Sweeping)
        source->everLoaded = true;
    if (lost || found || emptied || before.timing != status.timing)
        m_liveness.deriveAll(*source, now);
    const bool wasOff = before.state == SourceState::Off;
    if (before.serverId != status.serverId || before.database != status.database || wasOff != (status.state == SourceState::Off))
        reviewTwins();
    emit sourceChanged(status.source);
}

void FleetStore::restoreStatus(const SourceStatus &status)
{
    SourceRecord *source = m_records.source(status.source);
    if (!source)
        return;
    source->status = status;
    source->everLoaded = true;
    source->unknown.clear();
    m_records.touchAll();
    emit sourceChanged(status.source);
}

WorkerHandle FleetStore::restore(SourceId source, WorkerHandle handle, Worker row, const RestoredWords *words)
{
    SourceRecord *entry = m_records.source(source);
    if (!entry)
        return noWorker;
    if (handle == noWorker) {
        // Also by one that is parked.
        const auto isTaken = [&](WorkerHandle other) { return m_records.workers[other].traits->layout == row.traits->layout; };
        if (entry->byId.find(row.id, isTaken) != noWorker)
            return noWorker;
        handle = m_records.allocate(source);
        if (handle == noWorker)
            return noWorker;
        entry->byId.insert(row.id, handle);
    } else {
        Worker &before = m_records.workers[handle];
        if (before.used) {
            entry->tally.add(before, -1);
            entry->count -= before.liveness != Liveness::Departed;
        } else {
            m_records.unpark(handle);
        }
        if (!words) {
            row.id = std::move(before.id);
            row.host = std::move(before.host);
        }
    }
    Worker &worker = m_records.workers[handle];
    const quint32 serial = worker.serial;
    const quint16 type = worker.type;
    const bool described = worker.described;
    worker = std::move(row);
    worker.used = true;
    worker.source = source;
    worker.serial = serial;
    worker.type = type;
    worker.described = described;
    if (words) {
        worker.type = m_records.typeNumber(words->type);
        worker.described = !words->facts.isEmpty();
        if (worker.traits->has(SourceFact::Queues))
            m_records.queues.serve(handle, source, worker.traits, words->facts.queues);
        if (worker.described)
            m_records.facts.insert(handle, words->facts);
        else
            m_records.facts.remove(handle);
    }
    entry->tally.add(worker, 1);
    entry->count += worker.liveness != Liveness::Departed;
    return handle;
}

void FleetStore::restoreBeat(WorkerHandle handle, qint64 at)
{
    Worker &worker = m_records.workers[handle];
    worker.beatAt = at;
    if (worker.ttlAtRead != unknownValue)
        worker.readAt = at;
}

void FleetStore::forget(WorkerHandle handle)
{
    const Worker &worker = m_records.workers[handle];
    SourceRecord &source = m_records.sourceOf(worker);
    if (worker.used) { // Else it is parked, and not counted.
        source.tally.add(worker, -1);
        source.count -= worker.liveness != Liveness::Departed;
    }
    source.byId.remove(worker.id, handle);
    m_records.release(handle);
}

void FleetStore::park(WorkerHandle handle)
{
    const Worker &worker = m_records.workers[handle];
    if (!worker.used)
        return;
    SourceRecord &source = m_records.sourceOf(worker);
    source.tally.add(worker, -1);
    source.count -= worker.liveness != Liveness::Departed;
    m_records.park(handle);
}

void FleetStore::restoreQueues(const std::vector<std::pair<SourceId, QueueSample>> &samples)
{
    m_records.queues.forgetQueues();
    for (const auto &[source, sample] : samples)
        m_records.queues.apply(source, sample);
}

void FleetStore::restoreQueue(SourceId source, const std::vector<QueueSample> &samples)
{
    if (samples.empty())
        return;
    QueueSample before = samples.front();
    before.gone = true; // What is known of it begins again.
    m_records.queues.apply(source, before);
    for (const QueueSample &sample : samples)
        m_records.queues.apply(source, sample);
}

void FleetStore::restoreEvents(const std::vector<FleetEvent> &events)
{
    m_records.events = FleetEvents();
    for (const FleetEvent &event : events)
        m_records.events.append(event);
}

void FleetStore::restoreUnknown(SourceId source, const std::vector<UnknownSpan> &spans)
{
    SourceRecord *entry = m_records.source(source);
    if (!entry)
        return;
    entry->unknown.clear();
    for (const UnknownSpan &span : spans)
        entry->addUnknownSpan(span);
}

void FleetStore::restoreBeats(WorkerHandle handle, const std::vector<qint64> &beats)
{
    BeatHistory &ring = m_records.beats[handle];
    ring.clear();
    for (const qint64 at : beats)
        ring.append(at);
    m_records.touch(handle);
}

void FleetStore::publish()
{
    if (isPaused())
        return;
    noticeSleep();
    const qint64 now = m_clock.nowMs();
    m_liveness.deriveDue(now);
    for (SourceRecord &source : m_records.sources) {
        if (source.present && source.paceChanged)
            m_liveness.deriveUnmeasured(source, now);
    }
    m_ends.reviewDeparted(now - m_departedForMs);
    if (m_records.hasChanges()) {
        emit published(m_records.takeChanges());
        m_records.freeReleased();
    }
    if (m_records.queues.revision() != std::exchange(m_queuesSaid, m_records.queues.revision()))
        emit queuesChanged();
    emit ticked();
}

// Looking -------------------------------------------------------------------------------------------------------------

const SourceRecord &FleetStore::known(SourceId source) const
{
    const SourceRecord *entry = m_records.source(source);
    return entry ? *entry : noSource;
}

bool FleetStore::isSourceVisible(SourceId source) const
{
    const SourceRecord &entry = known(source);
    return entry.present && entry.visible && entry.twin == 0;
}

std::vector<SourceId> FleetStore::sources() const
{
    std::vector<SourceId> ids;
    for (size_t i = 0; i < m_records.sources.size(); ++i) {
        if (m_records.sources[i].present)
            ids.push_back(SourceId(i));
    }
    return ids;
}

bool FleetStore::isCountKnown(SourceId source) const
{
    const SourceRecord &entry = known(source);
    return entry.status.isConnected() && (entry.everLoaded || entry.count > 0);
}

bool FleetStore::isInView(SourceId source) const
{
    return known(source).everLoaded && known(source).status.isConnected();
}

qint64 FleetStore::drainTimeoutMs(SourceId source) const
{
    const SourceRecord &entry = known(source);
    const qint64 told = entry.present ? entry.status.timing.toldDrainTimeout() : 0;
    return told > 0 ? told : entry.drainSeenMs;
}

Thresholds FleetStore::thresholds(WorkerHandle handle) const
{
    const Worker &worker = m_records.workers[handle];
    const SourceRecord *source = m_records.source(worker.source);
    return source ? source->thresholdsOf(worker) : Thresholds();
}

QString FleetStore::statusText(WorkerHandle handle) const
{
    const Worker &worker = m_records.workers[handle];
    if (worker.status == WorkerStatus::Other)
        return statusWord(handle);
    if (isStatusAssumed(worker))
        return {};
    return statusName(worker.status);
}

WorkerHandle FleetStore::find(SourceId source, const QByteArray &id, const QString &system) const
{
    return known(source).byId.find(id, [&](WorkerHandle handle) {
        const Worker &worker = m_records.workers[handle];
        return worker.used && worker.traits->layout == system;
    });
}

WorkerHandle FleetStore::find(SourceId source, const QByteArray &id) const
{
    return known(source).byId.find(id, [&](WorkerHandle handle) { return m_records.workers[handle].used; });
}

qint32 FleetStore::pollsEveryMs(WorkerHandle handle) const
{
    const Worker &worker = m_records.workers[handle];
    if (!worker.flags.testFlag(WorkerFlag::PolledBeats))
        return 0;
    const SourceStatus &status = known(worker.source).status;
    return status.state == SourceState::Sweeping ? status.sweepEveryMs : 0;
}

const OrderNote *FleetStore::recordedDrain(WorkerHandle handle) const
{
    const Worker &worker = m_records.workers[handle];
    const bool mayDrain = worker.status == WorkerStatus::Draining || isStatusAssumed(worker);
    return mayDrain ? m_records.recordedDrain(worker) : nullptr;
}

DrainNote FleetStore::knownDrain(WorkerHandle handle) const
{
    const DrainNote noted = drainNote(handle);
    const OrderNote *recorded = noted.by.isEmpty() ? recordedDrain(handle) : nullptr;
    return recorded ? DrainNote{recorded->by, recorded->reason, m_clock.toWall(recorded->at)} : noted;
}

void FleetStore::takeRecordedPause(const QString &source, const QString &system, const QByteArray &queue, const OrderNote &pause)
{
    const std::tuple of(source, system, queue);
    if (pause.at == 0)
        m_records.recordedPauses.erase(of);
    else if (m_records.recordedPauses.size() < mostRecordedPauses || m_records.recordedPauses.contains(of))
        m_records.recordedPauses[of] = pause;
}

const OrderNote *FleetStore::recordedPause(const QueueKey &queue) const
{
    const QueueRecord *record = m_records.queues.find(queue);
    if (!record || !record->latest.paused)
        return nullptr;
    return pauseOrder(queue, record->pausedSince, record->pauses.empty() ? 0 : record->pauses.back().until);
}

const OrderNote *FleetStore::recordedFleetPause(SourceId source, const QString &system) const
{
    const FleetPause *pause = m_records.queues.fleetPause(source, system);
    return pause && pause->isPaused() ? pauseOrder({source, system, {}}, pause->since, pause->endedAt) : nullptr;
}

/// The recorded order that a pause comes from: none that was seen to end since, or that began only later.
const OrderNote *FleetStore::pauseOrder(const QueueKey &queue, qint64 since, qint64 endedAt) const
{
    // It is seen to be paused with the next reading after the command.
    constexpr qint64 seenWithinMs = 30'000;
    const auto found = m_records.recordedPauses.find({known(queue.source).name, queue.system, queue.name});
    if (found == m_records.recordedPauses.end())
        return nullptr;
    const qint64 at = found->second.at;
    return endedAt > at || since > at + seenWithinMs ? nullptr : &found->second;
}

void FleetStore::takePastEnd(const QString &source, const QByteArray &id, const PastEnd &end)
{
    // One that ended after its drain, or came back since, was not told by us to serve nothing.
    const auto drain = m_records.recordedDrains.constFind({source, id});
    if (drain != m_records.recordedDrains.cend() && end.at > drain->note.at)
        m_updates.takeRecordedDrain(source, QString(drain->system), id, {});
    m_ends.takePastEnd(source, id, end);
}

qint64 FleetStore::provenDrain(WorkerHandle handle) const
{
    const auto found = m_records.drains.constFind(handle);
    if (found == m_records.drains.constEnd() || found->kind() != DrainStanding::Kind::Seen)
        return 0;
    return found->at() > 0 ? found->at() : drainNote(handle).at;
}

const ActorFacts *FleetStore::actor(WorkerHandle handle) const
{
    if (handle >= m_records.workers.size() || !m_records.workers[handle].traits->has(SourceFact::Capabilities))
        return nullptr;
    const auto found = m_records.actors.constFind(handle);
    return found == m_records.actors.constEnd() ? nullptr : &found.value();
}

const LayoutFacts *FleetStore::facts(WorkerHandle handle) const
{
    if (handle >= m_records.workers.size() || !m_records.workers[handle].described)
        return nullptr;
    const auto found = m_records.facts.constFind(handle);
    return found == m_records.facts.constEnd() ? nullptr : &found.value();
}

qint64 FleetStore::crashedSince(WorkerHandle handle) const
{
    const Worker &worker = m_records.workers[handle];
    const bool dead = worker.liveness == Liveness::Crashed || worker.liveness == Liveness::Ghost;
    const qint64 at = dead ? m_records.crashedAt.value(handle) : 0;
    return at >= worker.beatAt ? at : 0; // It came back in between.
}

qint64 FleetStore::crashedBeforeEnd(WorkerHandle handle) const
{
    const Worker &worker = m_records.workers[handle];
    const bool ended = worker.liveness == Liveness::Departed || worker.liveness == Liveness::Zombie;
    const qint64 at = ended ? m_records.crashedAt.value(handle) : 0;
    return at >= worker.beatAt && at < worker.endedAt ? at : 0;
}

const CommandTimes *FleetStore::commandTimes(WorkerHandle handle) const
{
    const auto found = m_records.commandTimes.constFind(handle);
    return found == m_records.commandTimes.cend() ? nullptr : &*found;
}

void FleetStore::takeCommandTimes(WorkerHandle handle, quint32 serial, const CommandTimes &times)
{
    if (handle >= WorkerHandle(capacity()) || !worker(handle).used || worker(handle).serial != serial)
        return;
    if (times.sentAt > 0)
        m_records.commandTimes.insert(handle, times);
    else
        m_records.commandTimes.remove(handle);
    m_records.touch(handle);
}

const WorkerJobs *FleetStore::jobsByQueue(WorkerHandle handle) const
{
    const auto found = m_records.jobsByQueue.constFind(handle);
    return found == m_records.jobsByQueue.cend() ? nullptr : &*found;
}

QString FleetStore::statusWord(WorkerHandle handle) const
{
    const quint8 number = m_records.workers[handle].statusWord;
    return number > 0 ? m_records.statusWords()[number] : m_records.notes.value(handle).statusText;
}

QueueState FleetStore::queueState(const QueueRecord &queue) const
{
    return m_records.queues.state(queue, [this](WorkerHandle handle) {
        const Worker &worker = m_records.workers[handle];
        const Liveness liveness = worker.liveness;
        // It takes no further jobs.
        if (worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown || nobodyListens(worker))
            return false;
        return liveness == Liveness::Alive || liveness == Liveness::Settling || liveness == Liveness::Late;
    });
}

GapLimits FleetStore::gapLimitsOf(WorkerHandle handle) const
{
    const Worker &worker = m_records.workers[handle];
    return known(worker.source).gapLimitsOf(worker);
}

const PastPaces *FleetStore::pastPaces(WorkerHandle handle) const
{
    const auto found = m_records.pastPaces.constFind(handle);
    return found == m_records.pastPaces.cend() ? nullptr : &*found;
}

GapStatistics FleetStore::gaps(WorkerHandle handle) const
{
    const Worker &worker = m_records.workers[handle];
    return gapStatistics(m_records.beats[handle], unknownSpans(worker.source), viewNow(), m_records.measuredFrom(handle));
}

FleetFigures FleetStore::figures() const
{
    FleetFigures figures;
    bool anyInView = false;
    for (size_t i = 0; i < m_records.sources.size(); ++i) {
        if (!isSourceVisible(SourceId(i)))
            continue;
        const bool inView = isInView(SourceId(i));
        anyInView = anyInView || inView;
        figures.blind = figures.blind || !inView;
        m_records.sources[i].tally.addTo(&figures);
        figures.total += m_records.sources[i].count - m_records.sources[i].tally.children();
    }
    figures.sessionsUnknown = figures.blind && !anyInView;
    figures.beatsPerSecond = m_records.rate.recent(viewNow());
    return figures;
}

std::vector<TraitsRef> FleetStore::kinds() const
{
    std::array<bool, 256> seen{};
    std::vector<TraitsRef> kinds;
    for (size_t i = 0; i < m_records.sources.size(); ++i) {
        if (!isSourceVisible(SourceId(i)))
            continue;
        const std::vector<int> &counts = m_records.sources[i].tally.byTraits();
        for (size_t kind = 0; kind < counts.size(); ++kind) {
            if (counts[kind] > 0 && !std::exchange(seen[kind], true))
                kinds.push_back(TraitsRef::numbered(quint8(kind)));
        }
    }
    return kinds;
}

bool FleetStore::hasOtherSystems() const
{
    const std::vector<TraitsRef> all = kinds();
    return std::any_of(all.begin(), all.end(), [](TraitsRef kind) { return kind->isLaidOut(); });
}

int FleetStore::unseenZombies() const
{
    int count = 0;
    for (const SourceRecord &source : m_records.sources)
        count += source.tally.zombiesUnseen();
    return count;
}

} // namespace pulsedeck
