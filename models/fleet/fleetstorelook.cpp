// SPDX-License-Identifier: GPL-3.0-or-later
// What the store knows, for whoever asks: nothing here changes anything.
#include "models/fleet/fleetstore.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

bool FleetStore::isSourceVisible(SourceId source) const
{
    const Source *entry = sourceOf(source);
    return entry && entry->visible && entry->twin == 0;
}

SourceId FleetStore::twinOf(SourceId source) const
{
    const Source *entry = sourceOf(source);
    return entry ? entry->twin : SourceId(0);
}

QString FleetStore::sourceName(SourceId source) const
{
    const Source *entry = sourceOf(source);
    return entry ? entry->name : QString();
}

SourceStatus FleetStore::sourceStatus(SourceId source) const
{
    const Source *entry = sourceOf(source);
    return entry ? entry->status : SourceStatus();
}

std::vector<SourceId> FleetStore::sources() const
{
    std::vector<SourceId> ids;
    for (size_t i = 0; i < m_sources.size(); ++i) {
        if (m_sources[i].present)
            ids.push_back(SourceId(i));
    }
    return ids;
}

int FleetStore::sourceWorkerCount(SourceId source) const
{
    const Source *entry = sourceOf(source);
    return entry ? entry->count : 0;
}

bool FleetStore::isCountKnown(SourceId source) const
{
    const Source *entry = sourceOf(source);
    return entry && entry->status.isConnected() && (entry->everLoaded || entry->count > 0);
}

const std::vector<UnknownSpan> &FleetStore::unknownSpans(SourceId source) const
{
    static const std::vector<UnknownSpan> none;
    const Source *entry = sourceOf(source);
    return entry ? entry->unknown : none;
}

const TimingProfile &FleetStore::timing(SourceId source) const
{
    static const TimingProfile document;
    const Source *entry = sourceOf(source);
    return entry ? entry->status.timing : document;
}

WorkerHandle FleetStore::find(SourceId source, const QByteArray &id) const
{
    const Source *entry = sourceOf(source);
    return entry ? entry->byId.value(id, noWorker) : noWorker;
}

WorkerHandle FleetStore::findSerial(quint32 serial) const
{
    return m_serials.value(serial, noWorker);
}

QString FleetStore::statusText(WorkerHandle handle) const
{
    const Worker &worker = m_workers[handle];
    if (worker.status == WorkerStatus::Other)
        return m_notes.value(handle).statusText;
    return statusName(worker.status);
}

QStringList FleetStore::problems(WorkerHandle handle) const
{
    return m_notes.value(handle).problems;
}

DrainNote FleetStore::drainNote(WorkerHandle handle) const
{
    return m_notes.value(handle).drain;
}

qint64 FleetStore::provenDrain(WorkerHandle handle) const
{
    const auto found = m_drains.constFind(handle);
    if (found == m_drains.constEnd() || found->kind() != DrainStanding::Kind::Seen)
        return 0;
    return found->at() > 0 ? found->at() : drainNote(handle).at;
}

const ActorFacts *FleetStore::actor(WorkerHandle handle) const
{
    if (handle >= m_workers.size() || !m_workers[handle].traits->has(SourceFact::Capabilities))
        return nullptr;
    const auto found = m_actors.constFind(handle);
    return found == m_actors.constEnd() ? nullptr : &found.value();
}

qint64 FleetStore::intervalSince(SourceId source) const
{
    const Source *known = sourceOf(source);
    return known ? known->intervalSince : 0;
}

Thresholds FleetStore::thresholdsIn(const Source &source, const Worker &worker) const
{
    const qint32 kind = worker.type < source.kinds.size() ? source.kinds[worker.type].longest() : unknownValue;
    return thresholdsOf(worker, source.status.timing, kind);
}

Thresholds FleetStore::thresholds(WorkerHandle handle) const
{
    const Worker &worker = m_workers[handle];
    const Source *source = sourceOf(worker.source);
    return source ? thresholdsIn(*source, worker) : Thresholds();
}

qint64 FleetStore::drainTimeoutMs(SourceId source) const
{
    const Source *known = sourceOf(source);
    if (!known)
        return TimingProfile::unknownDrain;
    const qint64 told = known->status.timing.toldDrainTimeout();
    return told > 0 ? told : known->drainSeenMs;
}

bool FleetStore::isInView(SourceId source) const
{
    const Source *known = sourceOf(source);
    return known && known->everLoaded && known->status.isConnected();
}

GapStatistics FleetStore::gaps(WorkerHandle handle) const
{
    const Worker &worker = m_workers[handle];
    return gapStatistics(m_beats[handle], unknownSpans(worker.source), viewNow(),
                         qMax(worker.countedFrom(), intervalSince(worker.source)));
}

FleetFigures FleetStore::figures() const
{
    FleetFigures figures;
    bool anyInView = false;
    for (size_t i = 0; i < m_sources.size(); ++i) {
        if (!isSourceVisible(SourceId(i)))
            continue;
        const Tally &tally = m_tallies[i];
        const bool inView = isInView(SourceId(i));
        anyInView = anyInView || inView;
        figures.blind = figures.blind || !inView;
        figures.alive += tally.alive;
        figures.late += tally.late;
        figures.settling += tally.settling;
        figures.stale += tally.stale;
        figures.crashed += tally.crashed;
        figures.hung += tally.hung;
        figures.keyLost += tally.keyLost;
        figures.draining += tally.draining;
        figures.zombie += tally.zombie;
        figures.zombieUnseen += tally.zombieUnseen;
        figures.noTtl += tally.noTtl;
        figures.unknown += tally.unknown;
        figures.departed += tally.departed;
        figures.actors += tally.actors;
        figures.attention += tally.attention;
        figures.activeSessions += tally.sessions;
        figures.total += m_sources[i].count;
    }
    figures.sessionsUnknown = figures.blind && !anyInView;
    constexpr int seconds = 5;
    const std::vector<int> rates = beatRates();
    int sum = 0;
    for (size_t i = rates.size() - seconds; i < rates.size(); ++i)
        sum += rates[i];
    figures.beatsPerSecond = double(sum) / seconds;
    return figures;
}

std::vector<int> FleetStore::beatRates() const
{
    std::vector<int> rates(rateSeconds, 0);
    const qint64 present = viewNow() / 1000;
    for (int i = 0; i < rateSeconds; ++i) {
        const qint64 second = present - rateSeconds + i;
        if (second <= m_rateSecond && second > m_rateSecond - (rateSeconds + 1) && second >= 0)
            rates[size_t(i)] = m_rates[size_t(second % (rateSeconds + 1))];
    }
    return rates;
}

} // namespace pulsedeck
