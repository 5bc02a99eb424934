// SPDX-License-Identifier: GPL-3.0-or-later
// What comes into the store and when views hear of it. How a batch becomes what is known: fleetstorenews.cpp; what is known,
// for whoever asks: fleetstorelook.cpp.
#include "models/fleet/fleetstore.h"

#include "models/core/prefetch.h"
#include "models/fleet/liveness.h"

#include <algorithm>

namespace pulsedeck {

FleetStore::FleetStore(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_sleep(clock)
    , m_lookedAt(clock.nowMs())
{
    m_typeNames.emplace_back(); // Type 0: none given.
}

FleetStore::~FleetStore() = default;

void FleetStore::Tally::add(const Worker &worker, int sign)
{
    if (worker.traits->registers() && worker.liveness != Liveness::Departed)
        actors += sign;
    if (needsAttention(worker))
        attention += sign;
    switch (worker.liveness) {
    case Liveness::Alive:
        (worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown ? draining : alive) += sign;
        break;
    case Liveness::Settling:
        settling += sign;
        break;
    case Liveness::Late:
        late += sign;
        break;
    case Liveness::Crashed:
        crashed += sign;
        break;
    case Liveness::Hung:
        hung += sign;
        break;
    case Liveness::KeyLost:
        keyLost += sign;
        break;
    case Liveness::Stale:
        stale += sign;
        break;
    case Liveness::NoTtl:
        noTtl += sign;
        break;
    case Liveness::Zombie:
        zombie += sign;
        zombieUnseen += worker.end == WorkerEnd::Unseen ? sign : 0;
        break;
    case Liveness::Unknown:
        unknown += sign;
        break;
    case Liveness::Departed:
        departed += sign;
        break;
    }
    // What a lost source said last is no sum of today.
    if (worker.endedAt == 0 && worker.activeSessions > 0 && worker.liveness != Liveness::Unknown)
        sessions += sign * qint64(worker.activeSessions);
}

// Sources -------------------------------------------------------------------------------------------------------------

FleetStore::Source *FleetStore::sourceOf(SourceId source)
{
    return source < m_sources.size() && m_sources[source].present ? &m_sources[source] : nullptr;
}

const FleetStore::Source *FleetStore::sourceOf(SourceId source) const
{
    return source < m_sources.size() && m_sources[source].present ? &m_sources[source] : nullptr;
}

void FleetStore::addSource(SourceId source, const QString &name, TraitsRef traits)
{
    if (source >= m_sources.size()) {
        m_sources.resize(size_t(source) + 1);
        m_tallies.resize(size_t(source) + 1);
    }
    Source &entry = m_sources[source];
    if (entry.present)
        return;
    entry = Source();
    entry.present = true;
    entry.name = name;
    entry.status.source = source;
    entry.status.traits = traits;
    emit sourceAdded(source);
}

void FleetStore::removeSource(SourceId source)
{
    Source *entry = sourceOf(source);
    if (!entry)
        return;
    std::erase_if(m_heldBack, [source](const auto &news) {
        return std::visit([source](const auto &value) { return value.source == source; }, news);
    });
    for (const WorkerHandle handle : std::as_const(entry->byId))
        release(handle);
    m_changes.reset = true;
    entry->present = false;
    entry->byId.clear();
    entry->handles.clear();
    m_tallies[source] = Tally();
    reviewTwins();
    emit sourceRemoved(source);
}

void FleetStore::setSourceName(SourceId source, const QString &name)
{
    if (Source *entry = sourceOf(source); entry && entry->name != name) {
        entry->name = name;
        m_changes.reset = true;
        emit sourceChanged(source);
    }
}

void FleetStore::setSourceVisible(SourceId source, bool visible)
{
    if (Source *entry = sourceOf(source); entry && entry->visible != visible) {
        entry->visible = visible;
        m_changes.reset = true;
        reviewTwins();
        emit sourceChanged(source);
    }
}

/// Finds out which sources show what another shows already: the same database of a server with the same run id. The one that was
/// added first is shown, unless it is hidden or disconnected.
void FleetStore::reviewTwins()
{
    for (size_t i = 0; i < m_sources.size(); ++i) {
        Source &later = m_sources[i];
        const SourceStatus &status = later.status;
        const auto showsTheSame = [&](const Source &other) {
            return other.present && other.visible && other.twin == 0 && other.status.state != SourceState::Off
                   && other.status.serverId == status.serverId && other.status.database == status.database;
        };
        SourceId twin = 0;
        if (later.present && later.visible && status.state != SourceState::Off && !status.serverId.isEmpty()) {
            const auto first = std::find_if(m_sources.begin(), m_sources.begin() + std::ptrdiff_t(i), showsTheSame);
            if (first != m_sources.begin() + std::ptrdiff_t(i))
                twin = SourceId(first - m_sources.begin());
        }
        if (std::exchange(later.twin, twin) == twin)
            continue;
        m_changes.reset = true;
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
    m_pausedSamples += int(qMax(batch.samples.size(), batch.actors.size()));
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

/// While the machine slept nobody listened. What was read before says nothing about now: those workers are unknown until they are
/// read again, and the time in between counts as without connection.
void FleetStore::noticeSleep()
{
    const qint64 now = m_clock.nowMs();
    const qint64 before = std::exchange(m_lookedAt, now);
    const qint64 slept = m_sleep.take();
    if (slept == 0)
        return;
    for (size_t id = 0; id < m_sources.size(); ++id) {
        Source &source = m_sources[id];
        if (!source.present || !source.status.isConnected())
            continue;
        // A source wakes earlier than this thread may: what it has read since then counts.
        source.connectedAt = before + slept;
        source.unknown.push_back({before, now});
        if (source.unknown.size() > size_t(maxUnknownSpans))
            source.unknown.erase(source.unknown.begin());
        deriveAll(SourceId(id), now);
    }
}

void FleetStore::applyNow(const FleetBatch &batch)
{
    noticeSleep();
    Source *source = sourceOf(batch.source);
    // What belongs to an older connection says nothing about now.
    if (!source || batch.generation < source->status.generation)
        return;
    for (const WorkerText &text : batch.texts)
        applyText(batch.source, *source, text, batch.at);
    for (const ActorFacts &facts : batch.actors)
        applyActor(*source, facts);
    for (qsizetype i = 0; i < batch.samples.size(); ++i) {
        prepareFor(*source, batch.samples, i + 6);
        applySample(*source, batch.samples.at(i), batch.at);
    }
    for (const WorkerNumber number : batch.removed)
        applyRemoved(*source, number, batch.at);
}

/// Fetches what the sample at \a index, a few further on, will touch.
void FleetStore::prepareFor(const Source &source, const QList<WorkerSample> &samples, qsizetype index) const
{
    if (index >= samples.size() || samples.at(index).number >= source.handles.size())
        return;
    const WorkerHandle handle = source.handles[samples.at(index).number];
    if (handle == noWorker)
        return;
    prefetch(&m_workers[handle]);
    prefetch(&m_beats[handle]);
    prefetch(&m_nextChange[handle]);
}

void FleetStore::applyStatusNow(const SourceStatus &status)
{
    noticeSleep();
    Source *source = sourceOf(status.source);
    if (!source)
        return;
    const SourceStatus before = std::exchange(source->status, status);
    const qint64 now = m_clock.nowMs();
    const bool lost = before.isConnected() && !status.isConnected();
    const bool found = !before.isConnected() && status.isConnected();
    if (lost) {
        source->lostAt = status.lostAt > 0 ? status.lostAt : now;
        source->unknown.push_back({source->lostAt, 0});
        if (source->unknown.size() > size_t(maxUnknownSpans))
            source->unknown.erase(source->unknown.begin());
        m_events.append({source->lostAt, 0, 0, 0, status.source, FleetEventKind::SourceLost});
    }
    if (found) {
        // The I/O thread's time, not ours: samples read since then may already wait in the event queue.
        source->connectedAt = status.since > 0 ? status.since : now;
        if (!source->unknown.empty() && source->unknown.back().to == 0) {
            source->unknown.back().to = now;
            m_events.append(
                {now, 0, qint32(qMin<qint64>(now - source->lostAt, 1 << 30)), 0, status.source, FleetEventKind::SourceBack});
        }
    }
    const bool emptied = status.truthFrom > source->connectedAt && source->connectedAt > 0;
    if (emptied)
        source->connectedAt = status.truthFrom;
    // What is read with the first full view was in force before the console came.
    if (source->everLoaded && !status.timing.assumed && before.timing.heartbeatInterval != status.timing.heartbeatInterval)
        source->intervalSince = now;
    if (status.state == SourceState::Live || status.state == SourceState::Sweeping)
        source->everLoaded = true;
    if (lost || found || emptied || before.timing != status.timing)
        deriveAll(status.source, now);
    const bool wasOff = before.state == SourceState::Off;
    if (before.serverId != status.serverId || before.database != status.database || wasOff != (status.state == SourceState::Off))
        reviewTwins();
    emit sourceChanged(status.source);
}

quint16 FleetStore::internType(const QByteArray &type)
{
    if (type.isEmpty())
        return 0;
    const auto found = m_types.constFind(type);
    if (found != m_types.constEnd())
        return *found;
    // Types are few in a sound fleet; a hostile one must not fill the table.
    constexpr size_t mostTypes = 1'000;
    if (m_typeNames.size() >= mostTypes)
        return 0;
    const quint16 number = quint16(m_typeNames.size());
    m_typeNames.push_back(QString::fromUtf8(type));
    m_types.insert(type, number);
    return number;
}

WorkerHandle FleetStore::allocate(SourceId source)
{
    WorkerHandle handle;
    if (!m_free.empty()) {
        handle = m_free.back();
        m_free.pop_back();
    } else {
        if (m_workers.size() >= size_t(maxWorkers)) {
            ++m_refused;
            return noWorker;
        }
        handle = WorkerHandle(m_workers.size());
        m_workers.emplace_back();
        m_beats.emplace_back();
        m_touched.push_back(0);
        m_nextChange.push_back(0);
        if (m_nextInBlock.size() <= handle / changeBlock)
            m_nextInBlock.push_back(never);
    }
    Worker &worker = m_workers[handle];
    worker = Worker();
    worker.used = true;
    worker.source = source;
    worker.serial = m_nextSerial++;
    m_beats[handle].clear();
    m_nextChange[handle] = 0;
    m_serials.insert(worker.serial, handle);
    m_touched[handle] = 2;
    m_changes.added.push_back(handle);
    return handle;
}

void FleetStore::release(WorkerHandle handle)
{
    Worker &worker = m_workers[handle];
    m_notes.remove(handle);
    m_drains.remove(handle);
    m_crashedAt.remove(handle);
    m_actors.remove(handle);
    m_serials.remove(worker.serial);
    m_nextChange[handle] = 0;
    worker.used = false;
    m_leaving.push_back(handle);
    m_changes.removed.push_back(handle);
}

void FleetStore::touch(WorkerHandle handle)
{
    if (m_touched[handle] == 0) {
        m_touched[handle] = 1;
        m_changes.changed.push_back(handle);
    }
}

void FleetStore::note(WorkerHandle handle, FleetEventKind kind, qint64 at, qint32 a, qint32 b)
{
    const Worker &worker = m_workers[handle];
    m_events.append({at, worker.serial, a, b, worker.source, kind});
}

/// Derives those of a block whose liveness time alone has changed.
void FleetStore::deriveDue(size_t block, qint64 now)
{
    m_nextInBlock[block] = never;
    const size_t end = qMin(m_nextChange.size(), (block + 1) * changeBlock);
    for (size_t handle = block * changeBlock; handle < end; ++handle) {
        if (m_nextChange[handle] == 0)
            continue;
        if (m_nextChange[handle] > now) {
            m_nextInBlock[block] = qMin(m_nextInBlock[block], m_nextChange[handle]);
            continue;
        }
        Worker &worker = m_workers[handle];
        m_tallies[worker.source].add(worker, -1);
        derive(WorkerHandle(handle), now);
        m_tallies[worker.source].add(worker, 1);
    }
}

void FleetStore::publish()
{
    if (isPaused())
        return;
    noticeSleep();
    const qint64 now = m_clock.nowMs();
    for (size_t block = 0; block < m_nextInBlock.size(); ++block) {
        if (m_nextInBlock[block] <= now)
            deriveDue(block, now);
    }
    for (Source &source : m_sources) {
        if (source.present && source.paceChanged)
            deriveUnmeasured(source, now);
    }
    reviewDeparted(now);
    if (m_changes.added.empty() && m_changes.changed.empty() && m_changes.removed.empty() && !m_changes.reset) {
        emit ticked();
        return;
    }
    const FleetChanges changes = std::exchange(m_changes, FleetChanges());
    for (const WorkerHandle handle : changes.added)
        m_touched[handle] = 0;
    for (const WorkerHandle handle : changes.changed)
        m_touched[handle] = 0;
    emit published(changes);
    for (const WorkerHandle handle : std::as_const(m_leaving))
        m_free.push_back(handle);
    m_leaving.clear();
    emit ticked();
}

void FleetStore::reviewDeparted(qint64 now)
{
    while (!m_departed.empty()
           && (m_departed.front().shelvedAt + m_departedForMs <= now || m_departed.size() > size_t(maxDeparted))) {
        const auto [handle, endedAt, shelvedAt] = m_departed.front();
        m_departed.pop_front();
        Worker &worker = m_workers[handle];
        // It may have returned since, or its source may have been taken away and the place be another's.
        if (!worker.used || worker.liveness != Liveness::Departed || worker.endedAt != endedAt)
            continue;
        m_tallies[worker.source].add(worker, -1);
        Source &source = m_sources[worker.source];
        source.byId.remove(worker.id);
        if (worker.number < source.handles.size() && source.handles[worker.number] == handle)
            source.handles[worker.number] = noWorker;
        release(handle);
    }
}

void FleetStore::countBeat(qint64 at)
{
    ++m_beatsSeen;
    const qint64 second = at / 1000;
    if (second > m_rateSecond) {
        for (qint64 s = qMax(m_rateSecond + 1, second - rateSeconds); s <= second; ++s)
            m_rates[size_t(s % (rateSeconds + 1))] = 0;
        m_rateSecond = second;
    }
    if (second > m_rateSecond - rateSeconds)
        ++m_rates[size_t(second % (rateSeconds + 1))];
}

} // namespace pulsedeck
