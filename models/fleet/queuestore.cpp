// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/queuestore.h"

#include "models/core/enumtable.h"
#include "models/fleet/layoutfacts.h"

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto queueStateRows = std::to_array<WordRow<QueueState>>({
    {QueueState::Active, "active", ""},
    {QueueState::Paused, "paused", ""},
    {QueueState::Unserved, "unserved", ""},
    {QueueState::Growing, "growing", ""},
});
static_assert(isInOrder(queueStateRows, QueueState::Growing), "one row per state, in the order of the enumeration");

void addPoint(std::vector<QueuePoint> &points, QueuePoint point, qint64 step, size_t most)
{
    // A clock that was set back: what is later than now is not known any more.
    while (!points.empty() && points.back().at > point.at)
        points.pop_back();
    if (!points.empty() && points.back().at / step == point.at / step) {
        points.back() = point;
        return;
    }
    if (points.size() >= most)
        points.erase(points.begin(), points.begin() + qsizetype(points.size() - most + 1));
    points.push_back(point);
}

void addSorted(std::vector<WorkerHandle> &list, WorkerHandle worker)
{
    const auto at = std::lower_bound(list.begin(), list.end(), worker);
    if (at == list.end() || *at != worker)
        list.insert(at, worker);
}

void removeSorted(std::vector<WorkerHandle> &list, WorkerHandle worker)
{
    const auto at = std::lower_bound(list.begin(), list.end(), worker);
    if (at != list.end() && *at == worker)
        list.erase(at);
}

/// As workers name it: cut as their names are.
QString servedName(const QByteArray &queue)
{
    return QString::fromUtf8(queue).left(LayoutFacts::mostQueueName);
}

double perMinute(qint64 jobs, qint64 ms)
{
    return double(jobs) * 60'000.0 / double(ms);
}

} // namespace

QString queueStateName(QueueState state)
{
    return nameFromId(queueStateRows, state);
}

void QueueHistory::add(QueuePoint point)
{
    addPoint(m_fine, point, fineStepMs, mostFine);
    addPoint(m_coarse, point, coarseStepMs, mostCoarse);
}

const QueuePoint *QueueHistory::at(qint64 at) const
{
    const auto notAfter = [at](const std::vector<QueuePoint> &points) -> const QueuePoint * {
        const auto later = std::upper_bound(points.begin(), points.end(), at,
                                            [](qint64 time, const QueuePoint &point) { return time < point.at; });
        return later == points.begin() ? nullptr : &*(later - 1);
    };
    const QueuePoint *fine = notAfter(m_fine);
    return fine ? fine : notAfter(m_coarse);
}

bool QueueHistory::grows(qint64 overMs) const
{
    if (m_fine.empty())
        return false;
    const QueuePoint now = m_fine.back();
    const QueuePoint *then = at(now.at - overMs);
    const QueuePoint *between = at(now.at - overMs / 2);
    if (!then || !between)
        return false;
    const qint64 more = now.waiting - then->waiting;
    constexpr qint64 leastMore = 10; // A few more are what every queue has now and then.
    return more >= leastMore && more * 10 >= then->waiting && between->waiting >= then->waiting;
}

void QueueStore::apply(SourceId source, const QueueSample &sample, const DoneBy &doneBy)
{
    if (sample.whole) {
        const std::pair<SourceId, QString> of(source, sample.traits->layout);
        ++m_revision;
        if (sample.gone) {
            m_wholes.erase(of);
            return;
        }
        QueueRecord &whole = m_wholes[of];
        whole.latest = sample;
        takeCount(whole);
        return;
    }
    const QueueKey key{source, sample.traits->layout, sample.name};
    auto found = m_queues.find(key);
    if (sample.gone) {
        if (found != m_queues.end()) {
            m_queues.erase(found);
            ++m_revision;
        }
        return;
    }
    if (found == m_queues.end()) {
        const auto first = m_queues.lower_bound(QueueKey{source, {}, {}});
        const auto last = m_queues.lower_bound(QueueKey{SourceId(source + 1), {}, {}});
        if (sample.name.size() > mostName || size_t(std::distance(first, last)) >= mostQueues) {
            ++m_refused;
            return;
        }
        found = m_queues.emplace(key, QueueRecord()).first;
        found->second.key = key;
        found->second.firstAt = sample.readAt;
    } else {
        takePause(found->second, sample);
    }
    QueueRecord &queue = found->second;
    queue.latest = sample;
    if (sample.doneByWorkers && doneBy)
        countWorkers(queue, queue.latest, doneBy);
    if (sample.waiting >= 0)
        queue.history.add({sample.readAt, sample.waiting});
    takeCount(queue);
    ++m_revision;
}

void QueueStore::applyPause(SourceId source, const PauseSample &sample)
{
    const auto [at, fresh] = m_pauses.try_emplace({source, sample.traits->layout});
    FleetPause &pause = at->second;
    const PauseSample before = std::exchange(pause.latest, sample);
    const bool changed = !fresh && before.known && sample.known && before.paused != sample.paused;
    if (changed && !sample.paused)
        pause.endedAt = sample.readAt;
    if (changed || !pause.isPaused())
        pause.since = pause.isPaused() ? sample.readAt : 0;
    ++m_revision;
}

void QueueStore::takePause(QueueRecord &queue, const QueueSample &sample)
{
    if (sample.paused == queue.latest.paused)
        return;
    if (!sample.paused) {
        if (queue.pauses.size() >= mostPauses)
            queue.pauses.erase(queue.pauses.begin());
        queue.pauses.push_back({queue.pausedSince, sample.readAt});
    }
    queue.pausedSince = sample.paused ? sample.readAt : 0;
}

/// Each worker that serves this queue alone adds what it has done since it was asked last. What one that was there already did
/// before it was seen is not counted, and one that counts from the beginning was started again.
void QueueStore::countWorkers(QueueRecord &queue, QueueSample &sample, const DoneBy &doneBy)
{
    queue.workersMixed = !isServedAlone(queue.key);
    if (queue.workersMixed) {
        queue.workersAt = 0;
        return;
    }
    if (queue.workersAt == 0 || sample.readAt - queue.workersAt >= workersEveryMs || sample.readAt < queue.workersAt) {
        queue.workersAt = sample.readAt;
        for (const WorkerHandle worker : servers(queue.key)) {
            const auto served = m_served.find(worker);
            const auto [done, isNew] = doneBy(worker);
            if (done < 0)
                continue;
            const qint64 before = std::exchange(served->done, done);
            if (before >= 0)
                queue.workersDone += done >= before ? done - before : done;
            else if (isNew)
                queue.workersDone += done;
        }
    }
    sample.done = queue.workersDone;
}

/// In and out are differences of what was counted within a minute. Where only one of them is counted, how the numbers of jobs
/// that wait and are at work moved gives the other.
void QueueStore::takeCount(QueueRecord &queue)
{
    const QueueSample &sample = queue.latest;
    const QueueRecord::Count now{sample.readAt, sample.waiting, sample.atWork, sample.delayed,
                                 sample.taken,  sample.done,    sample.added};
    std::vector<QueueRecord::Count> &counts = queue.counts;
    const auto fell = [](qint64 before, qint64 after) { return (before < 0) != (after < 0) || after < before; };
    // A counter that is smaller than before was taken away or begun again, as with a new day or an emptied Redis, and so was a
    // clock.
    if (!counts.empty()
        && (fell(counts.back().taken, now.taken) || fell(counts.back().done, now.done) || fell(counts.back().added, now.added)
            || counts.back().at >= now.at))
        counts.clear();
    const qint64 apart = rateOverMs / qint64(mostCounts - 2);
    if (counts.size() >= 2 && now.at - counts[counts.size() - 2].at < apart)
        counts.pop_back(); // The newest of those that are closer than that.
    counts.push_back(now);
    // The oldest is the last one that is a minute old.
    while (counts.size() > 2 && (counts.size() > mostCounts || now.at - counts[1].at >= rateOverMs))
        counts.erase(counts.begin());
    queue.inPerMinute = queue.outPerMinute = -1;
    using Count = QueueRecord::Count;
    constexpr qint64 leastMs = 5'000; // Two reads in one moment say nothing about a minute.
    // What is at work is known some seconds after what waits and what was done: compared is with the oldest count that has all
    // of today's, so that in and out are known together.
    const auto asFull = std::find_if(counts.begin(), counts.end(), [&now](const Count &one) {
        constexpr std::array parts{&Count::waiting, &Count::atWork, &Count::delayed};
        return now.at - one.at >= leastMs
               && std::all_of(parts.begin(), parts.end(), [&](auto part) { return now.*part < 0 || one.*part >= 0; });
    });
    const Count &then = asFull == counts.end() ? counts.front() : *asFull;
    const qint64 ms = now.at - then.at;
    if (ms < leastMs)
        return;
    // How a count has moved; nothing where it is not known at both ends.
    const auto moved = [&](qint64 Count::*count) {
        return now.*count >= 0 && then.*count >= 0 ? std::optional(now.*count - then.*count) : std::nullopt;
    };
    const std::optional<qint64> waiting = moved(&Count::waiting);
    const std::optional<qint64> added = moved(&Count::added);
    std::optional<qint64> in = added;
    std::optional<qint64> out = moved(&Count::taken);
    if (const auto done = moved(&Count::done); done && !out) {
        out = done;
        // Those that were taken and are not finished came, too.
        const auto atWork = moved(&Count::atWork);
        if (!in && waiting && atWork)
            in = *done + *waiting + *atWork;
    } else if (out && !in && waiting) {
        in = *out + *waiting;
    } else if (in && !out && waiting) {
        out = *in - *waiting - moved(&Count::delayed).value_or(0); // Those for later came as well, and wait elsewhere.
    }
    if (in)
        queue.inPerMinute = perMinute(qMax<qint64>(0, *in), ms);
    if (out)
        queue.outPerMinute = perMinute(qMax<qint64>(0, *out), ms);
    if (!in && !out)
        return;
    std::vector<QueueFlow> &flow = queue.flow;
    while (!flow.empty() && (flow.back().at > now.at || flow.back().at / flowStepMs == now.at / flowStepMs))
        flow.pop_back();
    if (flow.size() >= mostFlows)
        flow.erase(flow.begin());
    flow.push_back({now.at, queue.inPerMinute, queue.outPerMinute});
}

std::vector<WorkerHandle> &QueueStore::listOf(System &system, const QString &queue)
{
    return queue.contains(u'*') ? system.ofAll : system.byQueue[queue];
}

void QueueStore::serve(WorkerHandle worker, SourceId source, TraitsRef traits, const QStringList &queues)
{
    const auto known = m_served.constFind(worker);
    const std::pair<SourceId, QString> of(source, traits->layout);
    QStringList names = queues.mid(0, LayoutFacts::mostQueues);
    for (QString &name : names) {
        if (name.size() > LayoutFacts::mostQueueName)
            name.truncate(LayoutFacts::mostQueueName);
    }
    if (names.size() > 1)
        names.removeDuplicates(); // As weights may be written.
    if (known != m_served.constEnd() && known->system == of && known->queues == names)
        return; // As with nearly every text.
    unserve(worker);
    System &system = m_systems[of];
    if (names.isEmpty())
        addSorted(system.untold, worker);
    for (const QString &name : std::as_const(names)) {
        addSorted(listOf(system, name), worker);
        if (names.size() > 1)
            ++system.several[name];
    }
    m_served.insert(worker, {of, names});
    ++m_revision;
}

void QueueStore::unserve(WorkerHandle worker)
{
    const auto known = m_served.constFind(worker);
    if (known == m_served.constEnd())
        return;
    System &system = m_systems[known->system];
    if (known->queues.isEmpty())
        removeSorted(system.untold, worker);
    for (const QString &name : known->queues) {
        std::vector<WorkerHandle> &list = listOf(system, name);
        removeSorted(list, worker);
        if (known->queues.size() > 1) {
            if (const auto several = system.several.find(name); several != system.several.end() && --*several <= 0)
                system.several.erase(several);
        }
        if (list.empty() && &list != &system.ofAll)
            system.byQueue.remove(name);
    }
    m_served.erase(known);
    ++m_revision;
}

void QueueStore::removeSource(SourceId source)
{
    const auto isOfSource = [source](const auto &entry) { return entry.first.first == source; };
    const size_t removed = std::erase_if(m_queues, [source](const auto &entry) { return entry.first.source == source; })
                           + std::erase_if(m_wholes, isOfSource) + std::erase_if(m_pauses, isOfSource);
    if (removed > 0)
        ++m_revision;
}

void QueueStore::forgetQueues()
{
    if (m_queues.empty() && m_wholes.empty() && m_pauses.empty())
        return;
    m_queues.clear();
    m_wholes.clear();
    m_pauses.clear();
    ++m_revision;
}

const QueueRecord *QueueStore::find(const QueueKey &key) const
{
    const auto found = m_queues.find(key);
    return found == m_queues.end() ? nullptr : &found->second;
}

const QueueRecord *QueueStore::whole(SourceId source, const QString &system) const
{
    const auto found = m_wholes.find({source, system});
    return found == m_wholes.end() ? nullptr : &found->second;
}

const FleetPause *QueueStore::fleetPause(SourceId source, const QString &system) const
{
    const auto found = m_pauses.find({source, system});
    return found == m_pauses.end() ? nullptr : &found->second;
}

std::vector<const FleetPause *> QueueStore::fleetPauses(SourceId source) const
{
    std::vector<const FleetPause *> pauses;
    for (auto at = m_pauses.lower_bound({source, {}}); at != m_pauses.end() && at->first.first == source; ++at)
        pauses.push_back(&at->second);
    return pauses;
}

bool QueueStore::isServedAlone(const QueueKey &key) const
{
    const auto system = m_systems.find({key.source, key.system});
    return system == m_systems.end()
           || (system->second.ofAll.empty() && system->second.untold.empty()
               && !system->second.several.contains(servedName(key.name)));
}

std::vector<WorkerHandle> QueueStore::servers(const QueueKey &key) const
{
    const auto system = m_systems.find({key.source, key.system});
    if (system == m_systems.end())
        return {};
    const std::vector<WorkerHandle> named = system->second.byQueue.value(servedName(key.name));
    std::vector<WorkerHandle> all;
    std::set_union(named.begin(), named.end(), system->second.ofAll.begin(), system->second.ofAll.end(), std::back_inserter(all));
    return all;
}

bool QueueStore::isToldByAll(const QueueKey &key, const std::function<bool(WorkerHandle)> &lives) const
{
    const auto system = m_systems.find({key.source, key.system});
    return system == m_systems.end() || std::none_of(system->second.untold.begin(), system->second.untold.end(), lives);
}

QueueState QueueStore::state(const QueueRecord &queue, const std::function<bool(WorkerHandle)> &lives) const
{
    const QueueSample &latest = queue.latest;
    const FleetPause *all = fleetPause(queue.key.source, queue.key.system);
    if (latest.paused || (all && all->isPaused()))
        return QueueState::Paused;
    if (latest.waiting > 0) {
        const bool told = latest.traits->has(SourceFact::Queues) && isToldByAll(queue.key, lives);
        const std::vector<WorkerHandle> serving = servers(queue.key);
        const bool isServed = latest.served || std::any_of(serving.begin(), serving.end(), lives);
        if (!isServed && (latest.unserved || told))
            return QueueState::Unserved;
    }
    return queue.history.grows(growsOverMs) ? QueueState::Growing : QueueState::Active;
}

} // namespace pulsedeck
