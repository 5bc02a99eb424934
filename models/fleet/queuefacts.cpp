// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/queuefacts.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/liveness.h"

#include <QCoreApplication>

#include <algorithm>
#include <numeric>
#include <tuple>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class QueueTexts
{
    Q_DECLARE_TR_FUNCTIONS(QueueTexts)
};

void addKnown(qint64 count, qint64 *sum)
{
    if (count >= 0)
        *sum = qMax<qint64>(0, *sum) + count;
}

void addKnown(double rate, double *sum)
{
    if (rate >= 0)
        *sum = qMax(0.0, *sum) + rate;
}

} // namespace

QueueWorker queueWorkerOf(const Worker &worker)
{
    if (worker.liveness == Liveness::Unknown && worker.flags.testFlag(WorkerFlag::Unheard))
        return QueueWorker::Silent;
    switch (worker.liveness) {
    case Liveness::Alive:
    case Liveness::Settling:
        break;
    case Liveness::Late:
    case Liveness::NoTtl:
    case Liveness::Unknown:
        return QueueWorker::Troubled;
    default:
        return QueueWorker::Lost;
    }
    switch (troubleOf(worker)) {
    case WorkerTrouble::None:
        break;
    case WorkerTrouble::Leaving:
        return QueueWorker::Leaving;
    case WorkerTrouble::Paused:
        return QueueWorker::Paused;
    default:
        return QueueWorker::Troubled;
    }
    const bool leaves = worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown;
    return leaves ? QueueWorker::Leaving : QueueWorker::TakesJobs;
}

int QueueFacts::workerCount() const
{
    return std::accumulate(workers.begin(), workers.end(), 0);
}

bool QueueFacts::isIdle() const
{
    return latest.waiting == 0 && latest.atWork <= 0;
}

std::optional<double> QueueFacts::growth() const
{
    return inPerMinute >= 0 && outPerMinute >= 0 ? std::optional(inPerMinute - outPerMinute) : std::nullopt;
}

bool QueueFacts::looksAs(const QueueFacts &other) const
{
    const auto look = [](const QueueFacts &one) {
        return std::tie(one.key, one.source, one.state, one.inPerMinute, one.outPerMinute, one.pausedSince, one.asOf,
                        one.workersKnown, one.workers, one.latest.waiting, one.latest.atWork, one.latest.delayed,
                        one.latest.failed, one.latest.oldestMs, one.latest.pausable, one.latest.paused, one.latest.served,
                        one.latest.unserved);
    };
    return look(*this) == look(other);
}

std::vector<QueueFacts> queueFacts(const FleetStore &store)
{
    std::vector<QueueFacts> all;
    all.reserve(store.queues().all().size());
    SourceId source = 0;
    bool visible = false;
    bool listening = false;
    bool unread = false;
    qint64 asOf = 0;
    for (const auto &[key, record] : store.queues().all()) {
        if (all.empty() || key.source != source) {
            source = key.source;
            visible = store.isSourceVisible(source);
            const SourceStatus status = store.sourceStatus(source);
            listening = status.listening;
            unread = status.gaps.testFlag(ViewGap::WorkersUnread);
            asOf = status.isConnected() ? 0 : status.lostAt > 0 ? status.lostAt : status.since;
        }
        if (!visible)
            continue;
        QueueFacts facts;
        facts.key = key;
        facts.name = visibleLine(QString::fromUtf8(key.name));
        facts.source = store.sourceName(source);
        facts.latest = record.latest;
        facts.state = store.queueState(record);
        // Those that serve it may not have made themselves known yet, or may not be seen at all.
        if (facts.state == QueueState::Unserved && (listening || unread) && !record.latest.unserved)
            facts.state = QueueState::Active;
        facts.inPerMinute = record.inPerMinute;
        facts.outPerMinute = record.outPerMinute;
        facts.pausedSince = record.latest.paused ? record.pausedSince : 0;
        facts.asOf = asOf;
        facts.workersKnown = record.latest.traits->has(SourceFact::Queues);
        for (const WorkerHandle handle : store.queues().servers(key)) {
            if (const Worker &worker = store.worker(handle); worker.liveness != Liveness::Departed)
                ++facts.workers[size_t(queueWorkerOf(worker))];
        }
        const auto lives = [&store](WorkerHandle handle) { return store.worker(handle).liveness != Liveness::Departed; };
        // None that says so is not none, while others do not say which they serve.
        const bool mayBeMore = unread || !store.queues().isToldByAll(key, lives);
        facts.workersKnown = facts.workersKnown && (!mayBeMore || facts.workerCount() > 0);
        all.push_back(std::move(facts));
    }
    return all;
}

std::vector<WorkerHandle> queueWorkers(const FleetStore &store, const QueueKey &key)
{
    std::vector<WorkerHandle> workers = store.queues().servers(key);
    std::erase_if(workers, [&store](WorkerHandle handle) { return store.worker(handle).liveness == Liveness::Departed; });
    std::stable_sort(workers.begin(), workers.end(), [&store](WorkerHandle one, WorkerHandle other) {
        return queueWorkerOf(store.worker(one)) < queueWorkerOf(store.worker(other));
    });
    return workers;
}

QString queueStateText(const QueueFacts &queue)
{
    if (queue.asOf > 0)
        return QueueTexts::tr("as of %1").arg(clockText(queue.asOf));
    switch (queue.state) {
    case QueueState::Paused:
        return QueueTexts::tr("paused");
    case QueueState::Unserved:
        return QueueTexts::tr("jobs wait, nobody works here");
    case QueueState::Growing:
        return QueueTexts::tr("growing");
    case QueueState::Active:
        break;
    }
    const bool alone = queue.workerCount() == 0;
    if (queue.isIdle() && queue.latest.unserved && alone)
        return QueueTexts::tr("no jobs, nobody works here");
    if (!queue.isIdle() && queue.latest.served && alone)
        return QueueTexts::tr("active by its own beat, no worker seen");
    if (queue.isIdle() && queue.latest.atWork < 0)
        return QueueTexts::tr("active, none waiting"); // Whether any is at work is not reported.
    return queue.isIdle() ? QueueTexts::tr("active, no jobs") : QueueTexts::tr("active");
}

QString queueStateNote(const QueueFacts &queue, qint64 now)
{
    if (queue.asOf > 0)
        return {};
    if (queue.state == QueueState::Paused && queue.pausedSince > 0)
        return countText(qMax<qint64>(0, now - queue.pausedSince));
    if (const auto growth = queue.growth(); queue.state == QueueState::Growing && growth && *growth >= 1)
        return QueueTexts::tr("+%1/min").arg(groupedNumber(qRound64(*growth)));
    return {};
}

void QueueSums::add(const QueueFacts &queue)
{
    ++queues;
    if (queue.asOf > 0)
        return;
    unserved += queue.state == QueueState::Unserved;
    growing += queue.state == QueueState::Growing;
    paused += queue.state == QueueState::Paused;
    addKnown(queue.latest.waiting, &waiting);
    addKnown(queue.latest.atWork, &atWork);
    atWorkUnknown += queue.latest.atWork < 0;
    addKnown(queue.inPerMinute, &inPerMinute);
    addKnown(queue.outPerMinute, &outPerMinute);
}

QString QueueSums::atWorkText() const
{
    if (atWorkUnknown == 0 || atWork < 0)
        return queueCountText(atWork);
    return atWork == 0 ? queueCountText(-1) : QString(queueCountText(atWork) + u'+');
}

QString queueCountText(qint64 count)
{
    return count < 0 ? u"–"_s : groupedNumber(count);
}

QString queueRateText(double perMinute)
{
    if (perMinute < 0)
        return u"–"_s;
    return perMinute > 0 && perMinute < 9.95 ? amountText(perMinute) : groupedNumber(qRound64(perMinute));
}

QString queueAgeText(qint64 ms)
{
    if (ms < 0)
        return u"–"_s;
    return ms < 60'000 ? spanText(ms) : countText(ms);
}

} // namespace pulsedeck
