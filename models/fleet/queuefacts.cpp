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

/// \a text of a sum to which \a unknown queues add nothing: so many at least. None in those that say it is not none in all.
QString leastText(const QString &text, double sum, int unknown)
{
    if (unknown == 0 || sum < 0)
        return text;
    return sum > 0 ? QString(text + u'+') : queueCountText(-1);
}

/// Named by workers only: without them and without jobs it is no queue any more.
bool isOver(const FleetStore &store, const QueueRecord &record)
{
    const QueueSample &latest = record.latest;
    if (!latest.named || latest.waiting > 0 || latest.atWork > 0)
        return false;
    const std::vector<WorkerHandle> servers = store.queues().servers(record.key);
    return std::none_of(servers.begin(), servers.end(),
                        [&store](WorkerHandle handle) { return store.worker(handle).liveness != Liveness::Departed; });
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
    case WorkerTrouble::NobodyListens:
        return QueueWorker::Lost;
    default:
        return QueueWorker::Troubled;
    }
    const bool leaves = worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown;
    return leaves ? QueueWorker::Leaving : QueueWorker::TakesJobs;
}

int QueueFacts::workerCount() const
{
    // One that is crashed, hung or only left in a registry has a mark, and works nowhere.
    return std::accumulate(workers.begin(), workers.end(), 0) - workers[size_t(QueueWorker::Lost)];
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
        return std::tie(one.key, one.source, one.state, one.inPerMinute, one.outPerMinute, one.pausedSince, one.allPaused,
                        one.allPausedWord, one.asOf, one.workersKnown, one.workersMixed, one.counted, one.wholeIn, one.wholeOut,
                        one.workers, one.latest.waiting, one.latest.atWork, one.latest.delayed, one.latest.failed,
                        one.latest.oldestMs, one.latest.pausable, one.latest.paused, one.latest.served, one.latest.unserved,
                        one.latest.tellsOldest, one.latest.scriptRefused);
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
        if (!visible || isOver(store, record))
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
        if (const FleetPause *pause = store.queues().fleetPause(source, key.system); pause && pause->isPaused()) {
            facts.allPaused = true;
            facts.allPausedWord = pause->latest.word;
            if (!record.latest.paused)
                facts.pausedSince = pause->since;
        }
        facts.asOf = asOf;
        facts.workersKnown = record.latest.traits->has(SourceFact::Queues);
        qint64 busy = 0;
        for (const WorkerHandle handle : store.queues().servers(key)) {
            const Worker &worker = store.worker(handle);
            if (worker.liveness == Liveness::Departed)
                continue;
            const QueueWorker kind = queueWorkerOf(worker);
            // Whatever it reports: while all of them are suspended, none takes a job.
            ++facts.workers[size_t(kind == QueueWorker::TakesJobs && facts.allPaused ? QueueWorker::Paused : kind)];
            busy = busy < 0 || worker.activeSessions < 0 ? -1 : busy + worker.activeSessions;
        }
        const auto lives = [&store](WorkerHandle handle) { return store.worker(handle).liveness != Liveness::Departed; };
        // None that says so is not none, while others do not say which they serve.
        const bool mayBeMore = unread || !store.queues().isToldByAll(key, lives);
        facts.workersKnown = facts.workersKnown && (!mayBeMore || facts.workerCount() > 0);
        if (facts.state == QueueState::Unserved)
            facts.workersKnown = true; // That nobody works there is known, whatever shows it.
        facts.workersMixed = mayBeMore || !store.queues().isServedAlone(key);
        // What those have at work that serve this queue and no other is of this queue.
        if (facts.latest.atWork < 0 && !facts.workersMixed && facts.workerCount() > 0)
            facts.latest.atWork = busy;
        facts.counted = record.latest.taken >= 0 || record.latest.done >= 0 || record.latest.added >= 0;
        if (const QueueRecord *whole = store.queues().whole(source, key.system)) {
            facts.wholeIn = whole->inPerMinute;
            facts.wholeOut = whole->outPerMinute;
        }
        all.push_back(std::move(facts));
    }
    return all;
}

int visibleQueues(const FleetStore &store)
{
    const auto &all = store.queues().all();
    return int(std::count_if(all.begin(), all.end(), [&store](const auto &entry) {
        return store.isSourceVisible(entry.first.source) && !isOver(store, entry.second);
    }));
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

qint64 atWorkOn(const FleetStore &store, WorkerHandle handle, const QByteArray &queue)
{
    const Worker &worker = store.worker(handle);
    if (worker.activeSessions == 0)
        return 0;
    if (const WorkerJobs *jobs = store.jobsByQueue(handle)) {
        const auto found =
            std::find_if(jobs->byQueue.begin(), jobs->byQueue.end(), [&queue](const auto &one) { return one.first == queue; });
        if (found != jobs->byQueue.end())
            return found->second;
        // Of more, or by a longer name, nothing is kept.
        const bool cut = jobs->byQueue.size() >= WorkerJobs::mostQueues || queue.size() > WorkerJobs::longestName;
        return cut ? -1 : 0;
    }
    const LayoutFacts *facts = store.facts(handle);
    const bool alone = facts && facts->queues.size() == 1 && facts->queues.front().toUtf8() == queue;
    return alone && worker.activeSessions > 0 ? qint64(worker.activeSessions) : -1;
}

QString atWorkByQueueText(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    const auto part = [](const QByteArray &queue, qint64 count) {
        return QueueTexts::tr("%1 %2", "a queue, and how many jobs").arg(QString::fromUtf8(queue), groupedNumber(count));
    };
    if (worker.endedAt > 0 || worker.activeSessions == 0 || worker.liveness == Liveness::Unknown)
        return {};
    QStringList parts;
    if (const WorkerJobs *jobs = store.jobsByQueue(handle)) {
        for (const auto &[queue, count] : jobs->byQueue)
            parts.append(part(queue, count));
    } else if (const LayoutFacts *facts = store.facts(handle); facts && facts->queues.size() == 1) {
        const QByteArray queue = facts->queues.front().toUtf8();
        if (const qint64 count = atWorkOn(store, handle, queue); count > 0)
            parts.append(part(queue, count));
    }
    return parts.join(u", "_s);
}

QString fleetPauseWord(const FleetPause &pause)
{
    return pause.latest.word.isEmpty() ? QueueTexts::tr("paused") : traitText(pause.latest.word);
}

QString fleetPauseText(const FleetStore &store, SourceId source, const FleetPause &pause)
{
    if (!pause.isPaused())
        return {};
    const SourceTraits &traits = *pause.latest.traits;
    const QString word = fleetPauseWord(pause);
    const qint64 now = store.viewNow();
    QString text;
    if (const OrderNote *order = store.recordedFleetPause(source, traits.layout)) {
        const QString at = columnDayText(order->at, now);
        text = order->reason.isEmpty()
                   ? QueueTexts::tr("All workers of %1 are %2 since %3, by %4.", "… suspended …")
                         .arg(traits.system, word, at, order->by)
                   : QueueTexts::tr("All workers of %1 are %2 since %3, by %4: %5.", "… suspended …; a reason")
                         .arg(traits.system, word, at, order->by, order->reason);
    } else if (pause.since > 0) {
        text = QueueTexts::tr("All workers of %1 are %2 since %3.", "… suspended …")
                   .arg(traits.system, word, columnDayText(pause.since, now));
    } else {
        text = QueueTexts::tr("All workers of %1 are %2.", "… suspended").arg(traits.system, word);
    }
    if (pause.latest.until > 0)
        text = QueueTexts::tr("%1 That ends by itself at %2.").arg(text, columnDayText(pause.latest.until, now));
    return text;
}

QString fleetPauseLabel(const FleetPause &pause)
{
    return QueueTexts::tr("%1 %2", "a system, and that it is suspended or paused")
        .arg(pause.latest.traits->system, fleetPauseWord(pause));
}

qint64 fleetPausedSince(const FleetStore &store, SourceId source, const FleetPause &pause)
{
    if (!pause.isPaused())
        return 0;
    const OrderNote *order = store.recordedFleetPause(source, pause.latest.traits->layout);
    return order ? order->at : pause.since;
}

QString queueStateText(const QueueFacts &queue)
{
    if (queue.asOf > 0)
        return QueueTexts::tr("as of %1").arg(clockText(queue.asOf));
    switch (queue.state) {
    case QueueState::Paused:
        return queue.latest.paused || queue.allPausedWord.isEmpty() ? QueueTexts::tr("paused") : traitText(queue.allPausedWord);
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

QString whyUnknown(const QueueFacts &queue, QueueFigure figure)
{
    const QueueSample &latest = queue.latest;
    const QString system = latest.traits->system;
    const QString refused = QueueTexts::tr("A script in Redis would say it, and may not be called: the right to EVAL_RO, and to "
                                           "the commands in it, is missing.");
    switch (figure) {
    case QueueFigure::AtWork:
        if (latest.atWork >= 0)
            return {};
        return latest.scriptRefused ? refused
               : queue.workersMixed ? QueueTexts::tr("%1 does not say of which queue a job at work is. It would be known if each "
                                                     "worker served one queue.")
                                          .arg(system)
                                    : QueueTexts::tr("%1 does not count the jobs at work of a queue.").arg(system);
    case QueueFigure::Delayed:
        return latest.delayed >= 0 ? QString() : QueueTexts::tr("%1 does not count jobs for later by queue.").arg(system);
    case QueueFigure::Oldest:
        if (latest.oldestMs >= 0)
            return {};
        return latest.scriptRefused  ? refused
               : !latest.tellsOldest ? QueueTexts::tr("%1 does not say since when a job waits, or only inside the job, which is "
                                                      "not read.")
                                           .arg(system)
               : latest.waiting == 0 ? QueueTexts::tr("No job waits.")
                                     : QueueTexts::tr("The job that comes next does not say since when it waits.");
    case QueueFigure::In:
    case QueueFigure::Out:
        if ((figure == QueueFigure::In ? queue.inPerMinute : queue.outPerMinute) >= 0)
            return {};
        if (queue.outPerMinute >= 0 || queue.inPerMinute >= 0)
            return QueueTexts::tr("It would follow from the other rate if the jobs at work were known.");
        if (queue.counted)
            return QueueTexts::tr("Known once jobs were counted for five seconds.");
        if (latest.doneByWorkers)
            return QueueTexts::tr("Only the workers of %1 count the jobs they do, and some serve several queues, or do not say "
                                  "which.")
                .arg(system);
        if (figure == QueueFigure::In && queue.wholeIn >= 0)
            return QueueTexts::tr(
                       "What came is known only for all queues of %1 together, by what was done and what waits: %2 per "
                       "minute.")
                .arg(system, queueRateText(queue.wholeIn));
        if (queue.wholeOut >= 0)
            return QueueTexts::tr("%1 counts jobs done only for all of its queues together: %2 per minute.")
                .arg(system, queueRateText(queue.wholeOut));
        return QueueTexts::tr("%1 does not count the jobs that come and go.").arg(system);
    case QueueFigure::Workers:
        if (queue.workersKnown)
            return {};
        return latest.traits->of(Act::Resume).asks
                   ? QueueTexts::tr("Workers of %1 say which queues they serve only when they are asked, which is done where "
                                    "writing is unlocked.")
                         .arg(system)
                   : QueueTexts::tr("Not all workers of %1 say which queues they serve.").arg(system);
    }
    return {};
}

QString queueWholeText(const QueueRecord &whole, bool atWork)
{
    const QueueSample &latest = whole.latest;
    QStringList parts;
    if (latest.delayed >= 0)
        parts.append(QueueTexts::tr("%1 delayed", "how many jobs").arg(groupedNumber(latest.delayed)));
    if (latest.failed >= 0)
        parts.append(QueueTexts::tr("%1 failed", "how many jobs").arg(groupedNumber(latest.failed)));
    if (atWork && latest.atWork >= 0)
        parts.append(QueueTexts::tr("%1 at work", "how many jobs").arg(groupedNumber(latest.atWork)));
    if (atWork && latest.reserved >= 0)
        parts.append(QueueTexts::tr("%1 reserved or at work", "how many jobs").arg(groupedNumber(latest.reserved)));
    if (whole.inPerMinute >= 0)
        parts.append(QueueTexts::tr("%1 in per minute", "how many jobs").arg(queueRateText(whole.inPerMinute)));
    if (whole.outPerMinute >= 0)
        parts.append(QueueTexts::tr("%1 out per minute", "how many jobs").arg(queueRateText(whole.outPerMinute)));
    return parts.isEmpty() ? QString()
                           : QueueTexts::tr("%1: %2 in all its queues", "a system, and what it counts")
                                 .arg(latest.traits->system, parts.join(u", "_s));
}

void QueueSums::addWhole(const QueueRecord &whole, Without without)
{
    addKnown(whole.inPerMinute, &inPerMinute);
    addKnown(whole.outPerMinute, &outPerMinute);
    if (whole.inPerMinute >= 0)
        inUnknown -= without.in;
    if (whole.outPerMinute >= 0)
        outUnknown -= without.out;
}

void QueueSums::add(const QueueFacts &queue)
{
    ++queues;
    if (queue.asOf > 0)
        return;
    unserved += queue.state == QueueState::Unserved;
    growing += queue.state == QueueState::Growing;
    if (queue.state == QueueState::Paused) {
        const QString word = queueStateText(queue);
        pausedWord = paused == 0 || pausedWord == word ? word : QueueTexts::tr("paused");
        ++paused;
    }
    addKnown(queue.latest.waiting, &waiting);
    addKnown(queue.latest.atWork, &atWork);
    atWorkUnknown += queue.latest.atWork < 0;
    addKnown(queue.inPerMinute, &inPerMinute);
    addKnown(queue.outPerMinute, &outPerMinute);
    inUnknown += queue.inPerMinute < 0;
    outUnknown += queue.outPerMinute < 0;
}

QString QueueSums::pausedText() const
{
    return pausedWord.isEmpty() ? QueueTexts::tr("paused") : pausedWord;
}

QString QueueSums::atWorkText() const
{
    return leastText(queueCountText(atWork), double(atWork), atWorkUnknown);
}

QString QueueSums::inText() const
{
    return leastText(queueRateText(inPerMinute), inPerMinute, inUnknown);
}

QString QueueSums::outText() const
{
    return leastText(queueRateText(outPerMinute), outPerMinute, outUnknown);
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
