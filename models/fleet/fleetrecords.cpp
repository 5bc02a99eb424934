// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetrecords.h"

#include <algorithm>

namespace pulsedeck {

const TimingProfile &SourceRecord::timingOf(const Worker &worker) const
{
    static const TimingProfile assumed = [] {
        TimingProfile profile;
        profile.assumed = true;
        return profile;
    }();
    return worker.traits == status.traits || worker.traits->layout == status.traits->layout ? status.timing : assumed;
}

Thresholds SourceRecord::thresholdsOf(const Worker &worker) const
{
    const qint32 kind = worker.type < kinds.size() ? kinds[worker.type].longest() : unknownValue;
    return pulsedeck::thresholdsOf(worker, timingOf(worker), kind);
}

GapLimits SourceRecord::gapLimitsOf(const Worker &worker, const TimingProfile &timing, bool changed) const
{
    const qint32 kind = worker.type < kinds.size() ? kinds[worker.type].longest() : unknownValue;
    GapLimits limits = gapLimits(worker, pulsedeck::thresholdsOf(worker, timing, kind), timing);
    // One that still beats by a shorter interval goes over to the longer one at any time.
    if (changed && !timing.assumed && !worker.traits->registers() && beatPaceOf(worker) == BeatPace())
        limits.interval = qMax(limits.interval, timing.heartbeatInterval);
    return limits;
}

void SourceRecord::addUnknownSpan(const UnknownSpan &span)
{
    unknown.push_back(span);
    if (unknown.size() > size_t(FleetRecords::maxUnknownSpans))
        unknown.erase(unknown.begin());
}

qint64 FleetRecords::measuredFrom(WorkerHandle handle) const
{
    const Worker &worker = workers[handle];
    const SourceRecord *from = source(worker.source);
    const qint64 since = qMax(worker.countedFrom(), from ? from->intervalSince : 0);
    if (beatPaceOf(worker).intervalMs <= 0)
        return since;
    const auto past = pastPaces.constFind(handle);
    return past == pastPaces.cend() ? since : qMax(since, past->lastUntil());
}

FleetRecords::FleetRecords()
{
    m_typeNames.emplace_back(); // Type 0: none given.
    m_statusWords.emplace_back(); // The same for status words.
}

WorkerHandle FleetRecords::allocate(SourceId source)
{
    WorkerHandle handle;
    if (!m_free.empty()) {
        handle = m_free.back();
        m_free.pop_back();
    } else {
        if (workers.size() >= size_t(mostWorkers))
            return noWorker;
        handle = WorkerHandle(workers.size());
        workers.emplace_back();
        beats.emplace_back();
        m_touched.push_back(0);
    }
    Worker &worker = workers[handle];
    worker = Worker();
    worker.used = true;
    worker.source = source;
    worker.serial = m_nextSerial++;
    beats[handle].clear();
    due.set(handle, 0);
    m_serials.insert(worker.serial, handle);
    m_touched[handle] = 2;
    m_changes.added.push_back(handle);
    return handle;
}

void FleetRecords::release(WorkerHandle handle)
{
    Worker &worker = workers[handle];
    notes.remove(handle);
    drains.remove(handle);
    crashedAt.remove(handle);
    pastPaces.remove(handle);
    actors.remove(handle);
    jobsByQueue.remove(handle);
    commandTimes.remove(handle);
    if (worker.described) {
        facts.remove(handle);
        worker.described = false;
    }
    queues.unserve(handle);
    m_serials.remove(worker.serial);
    due.set(handle, 0);
    worker.used = false;
    m_leaving.push_back(handle);
    m_changes.removed.push_back(handle);
}

void FleetRecords::park(WorkerHandle handle)
{
    Worker &worker = workers[handle];
    if (worker.described) {
        facts.remove(handle);
        worker.described = false;
    }
    queues.unserve(handle);
    worker.used = false;
    m_changes.removed.push_back(handle);
}

void FleetRecords::unpark(WorkerHandle handle)
{
    workers[handle].used = true;
    m_touched[handle] = 2;
    m_changes.added.push_back(handle);
}

void FleetRecords::freeReleased()
{
    m_free.insert(m_free.end(), m_leaving.begin(), m_leaving.end());
    m_leaving.clear();
}

const OrderNote *FleetRecords::recordedDrain(const Worker &worker) const
{
    if (recordedDrains.isEmpty() || !source(worker.source) || worker.endedAt > 0)
        return nullptr;
    const auto found = recordedDrains.constFind({sources[worker.source].name, worker.id});
    if (found == recordedDrains.cend() || found->system != worker.traits->layout
        || found->note.at < qMax(worker.firstSeenAt, worker.returnedAt))
        return nullptr;
    return &found->note;
}

void FleetRecords::touch(WorkerHandle handle)
{
    if (m_touched[handle] == 0) {
        m_touched[handle] = 1;
        m_changes.changed.push_back(handle);
    }
}

FleetChanges FleetRecords::takeChanges()
{
    for (const std::vector<WorkerHandle> &handles : {std::cref(m_changes.added), std::cref(m_changes.changed)}) {
        for (const WorkerHandle handle : handles)
            m_touched[handle] = 0;
    }
    return std::exchange(m_changes, FleetChanges());
}

void FleetRecords::note(WorkerHandle handle, FleetEventKind kind, qint64 at, qint32 a, qint32 b)
{
    const Worker &worker = workers[handle];
    events.append({at, worker.serial, a, b, worker.source, kind});
}

quint8 FleetRecords::statusWordNumber(const QByteArray &word)
{
    if (word.isEmpty())
        return 0;
    // A system has a handful of words; a hostile one must not fill the table.
    constexpr size_t mostWords = 256;
    const QString text = QString::fromUtf8(word);
    const auto found = std::find(m_statusWords.begin(), m_statusWords.end(), text);
    if (found != m_statusWords.end())
        return quint8(found - m_statusWords.begin());
    if (m_statusWords.size() >= mostWords)
        return 0;
    m_statusWords.push_back(text);
    return quint8(m_statusWords.size() - 1);
}

quint16 FleetRecords::typeNumber(const QByteArray &type)
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

} // namespace pulsedeck
