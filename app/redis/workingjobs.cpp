// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/workingjobs.h"

#include <algorithm>
#include <memory>
#include <numeric>

namespace pulsedeck {

namespace {

constexpr size_t hashesInOneCall = 20; // A script holds up everybody else.
constexpr auto mostJobsOfHash = "500";
constexpr auto longestJobText = "65536";

} // namespace

WorkingJobs::WorkingJobs(RedisSession &session, const LayoutQueues &queues, const LayoutVariables &variables)
    : m_session(session)
    , m_working(queues.working)
    , m_variables(variables)
{
    if (m_working.how == LayoutQueues::Working::How::Hashes)
        m_script = std::make_unique<ReadingScript>(session, "queue-jobs");
}

void WorkingJobs::lost()
{
    m_jobs.clear();
    m_sums.clear();
    m_fresh.clear();
    m_inFresh.clear();
    m_turn.clear();
    m_inTurn.clear();
    m_unknown = 0;
    m_firstLeft = -1;
    m_settled = false;
    if (m_script)
        m_script->lost();
}

void WorkingJobs::takeWorker(WorkerNumber worker, const QByteArray &id, qint32 busy)
{
    if (m_working.how != LayoutQueues::Working::How::Hashes && m_working.how != LayoutQueues::Working::How::Sets)
        return;
    if (busy == 0) {
        forget(worker);
        return;
    }
    if (m_jobs.contains(worker))
        return;
    m_jobs.insert(worker, {id, {}, 0, false});
    ++m_unknown;
    addFresh(worker);
}

void WorkingJobs::takeQueue(WorkerNumber worker, const QByteArray &queue)
{
    const bool isJob = m_working.how == LayoutQueues::Working::How::Records;
    if (m_working.how != LayoutQueues::Working::How::Field && !isJob)
        return;
    if (queue.isEmpty()) {
        forget(worker);
        return;
    }
    if (isJob) {
        takeJob(worker, queue);
        return;
    }
    if (!m_jobs.contains(worker)) {
        m_jobs.insert(worker, {});
        ++m_unknown;
    }
    set(worker, {{queue, 1}});
}

/// One that has another job before it was asked for the last has its place already.
void WorkingJobs::addFresh(WorkerNumber worker)
{
    if (m_inFresh.contains(worker))
        return;
    m_inFresh.insert(worker);
    m_fresh.push_back(worker);
}

/// The queue of a job does not change: it is asked once.
void WorkingJobs::takeJob(WorkerNumber worker, const QByteArray &job)
{
    const auto found = m_jobs.find(worker);
    if (found != m_jobs.end() && found->id == job)
        return;
    if (found != m_jobs.end())
        forget(worker);
    m_jobs.insert(worker, {job, {}, 0, false});
    ++m_unknown;
    addFresh(worker);
}

void WorkingJobs::forget(WorkerNumber worker)
{
    const auto found = m_jobs.constFind(worker);
    if (found == m_jobs.constEnd())
        return;
    set(worker, {});
    m_jobs.remove(worker);
}

void WorkingJobs::set(WorkerNumber worker, const QHash<QByteArray, qint64> &byQueue)
{
    const auto found = m_jobs.find(worker);
    if (found == m_jobs.end())
        return;
    for (auto one = found->byQueue.cbegin(); one != found->byQueue.cend(); ++one) {
        if (const auto sum = m_sums.find(one.key()); sum != m_sums.end() && (*sum -= one.value()) <= 0)
            m_sums.erase(sum);
    }
    // The first answer says something even where it is that there is nothing: what was known before a loss still stands.
    const bool changed = !found->known || found->byQueue != byQueue;
    found->byQueue = byQueue;
    for (auto one = byQueue.cbegin(); one != byQueue.cend(); ++one)
        m_sums[one.key()] += one.value();
    if (changed)
        tell(worker, byQueue);
    if (!std::exchange(found->known, true)) {
        --m_unknown;
        m_firstLeft -= m_firstLeft > 0 && found->askedAt > 0 ? 1 : 0;
    }
}

void WorkingJobs::tell(WorkerNumber worker, const QHash<QByteArray, qint64> &byQueue)
{
    WorkerJobs jobs{worker, {}};
    for (auto one = byQueue.cbegin(); one != byQueue.cend(); ++one) {
        if (one.value() > 0)
            jobs.byQueue.append({one.key().left(WorkerJobs::longestName), one.value()});
    }
    std::sort(jobs.byQueue.begin(), jobs.byQueue.end(),
              [](const auto &a, const auto &b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
    if (jobs.byQueue.size() > WorkerJobs::mostQueues)
        jobs.byQueue.resize(WorkerJobs::mostQueues);
    m_session.addWorkerJobs(jobs);
}

qint64 WorkingJobs::of(const QByteArray &queue) const
{
    return isKnown() ? m_sums.value(queue, 0) : -1;
}

qint64 WorkingJobs::total() const
{
    return isKnown() ? std::accumulate(m_sums.cbegin(), m_sums.cend(), qint64(0)) : -1;
}

/// Those never asked come first, then those that were asked longest ago.
std::vector<WorkerNumber> WorkingJobs::next(qint64 now, qsizetype each)
{
    std::vector<WorkerNumber> workers;
    qsizetype left = m_settled ? mostAsked : mostAtFirst;
    const auto take = [&](std::deque<WorkerNumber> &from) {
        const WorkerNumber worker = from.front();
        from.pop_front();
        workers.push_back(worker);
        Jobs &jobs = m_jobs[worker];
        jobs.askedAt = now;
        left -= jobs.key < 0 ? each : 1;
    };
    while (left > 0 && !m_fresh.empty()) {
        m_inFresh.remove(m_fresh.front());
        const auto found = m_jobs.constFind(m_fresh.front());
        if (found == m_jobs.cend() || found->askedAt > 0) {
            m_fresh.pop_front();
            m_firstLeft -= m_firstLeft > 0 ? 1 : 0;
        } else {
            take(m_fresh);
        }
    }
    while (left > 0 && !m_turn.empty()) {
        const auto found = m_jobs.constFind(m_turn.front());
        if (found == m_jobs.cend()) {
            m_inTurn.remove(m_turn.front());
            m_turn.pop_front();
            continue;
        }
        if (now - found->askedAt < againMs && now >= found->askedAt)
            break; // And so are all that come after it.
        m_inTurn.remove(m_turn.front());
        take(m_turn);
    }
    if (m_working.how == LayoutQueues::Working::How::Records)
        return workers;
    for (const WorkerNumber worker : workers) {
        if (!m_inTurn.contains(worker)) {
            m_inTurn.insert(worker);
            m_turn.push_back(worker);
        }
    }
    return workers;
}

void WorkingJobs::look(qint64 now, const QList<QByteArray> &queues)
{
    // Those that begin meanwhile are not waited for: where many do, there are always some.
    m_settled = m_settled || m_unknown == 0 || m_firstLeft == 0;
    if (m_firstLeft < 0)
        m_firstLeft = qsizetype(m_fresh.size());
    const bool sets = m_working.how == LayoutQueues::Working::How::Sets;
    const qsizetype each = qsizetype(m_working.keys.size()) * (sets ? qMax<qsizetype>(1, queues.size()) : 1);
    const std::vector<WorkerNumber> workers = next(now, each);
    if (workers.empty())
        return;
    if (m_working.how == LayoutQueues::Working::How::Records)
        askRecords(workers);
    else if (sets)
        askSets(workers, queues);
    else
        askHashes(workers);
}

void WorkingJobs::askRecords(const std::vector<WorkerNumber> &workers)
{
    for (const WorkerNumber worker : workers) {
        const QByteArray job = m_jobs.value(worker).id;
        LayoutVariables variables = m_variables;
        variables.insert("job", job);
        m_session.ask({"HGET", m_working.keys.front().resolve(variables), m_working.jobField},
                      [this, worker, job](const RedisAnswer &answer) {
                          const auto found = m_jobs.constFind(worker);
                          if (found == m_jobs.cend() || found->id != job)
                              return; // It has another one meanwhile.
                          const QByteArray queue = answer.ok() ? answer.reply.bytes().toByteArray() : QByteArray();
                          set(worker, queue.isEmpty() ? QHash<QByteArray, qint64>() : QHash<QByteArray, qint64>{{queue, 1}});
                          m_session.flushIfIdle();
                      });
    }
}

void WorkingJobs::askHashes(const std::vector<WorkerNumber> &workers)
{
    std::vector<WorkerNumber> some;
    std::vector<QByteArray> keys;
    std::vector<std::pair<size_t, int>> asked; // Of each key, whose it is in some, and which one.
    const auto call = [&] {
        if (keys.empty())
            return;
        m_script->call(keys, {m_working.field, mostJobsOfHash, longestJobText},
                       [this, some, asked](const RedisReply &reply) { takeHashes(some, asked, reply); });
        some.clear();
        keys.clear();
        asked.clear();
    };
    for (const WorkerNumber worker : workers) {
        const Jobs jobs = m_jobs.value(worker);
        LayoutVariables variables = m_variables;
        variables.insert("id", jobs.id);
        for (int key = 0; key < int(m_working.keys.size()); ++key) {
            if (jobs.key >= 0 && jobs.key != key)
                continue;
            asked.emplace_back(some.size(), key);
            keys.push_back(m_working.keys[size_t(key)].resolve(variables));
        }
        some.push_back(worker);
        if (keys.size() + m_working.keys.size() > hashesInOneCall)
            call();
    }
    call();
}

void WorkingJobs::takeHashes(const std::vector<WorkerNumber> &workers, const std::vector<std::pair<size_t, int>> &asked,
                             const RedisReply &reply)
{
    std::vector<QHash<QByteArray, qint64>> byQueue(workers.size());
    std::vector<int> keys(workers.size(), -1);
    for (size_t i = 0; i < asked.size(); ++i) {
        const auto [worker, key] = asked[i];
        const RedisReply jobs = reply.at(int(i));
        for (int pair = 0; pair + 1 < jobs.size(); pair += 2)
            byQueue[worker][jobs.at(pair).bytes().toByteArray()] += jobs.at(pair + 1).toInteger();
        if (jobs.size() > 1)
            keys[worker] = keys[worker] < 0 ? key : int(m_working.keys.size()); // In several: none is left out.
    }
    for (size_t i = 0; i < workers.size(); ++i) {
        set(workers[i], byQueue[i]);
        if (const auto found = m_jobs.find(workers[i]); found != m_jobs.end())
            found->key = keys[i] < int(m_working.keys.size()) ? keys[i] : -1;
    }
}

void WorkingJobs::askSets(const std::vector<WorkerNumber> &workers, const QList<QByteArray> &queues)
{
    for (const WorkerNumber worker : workers) {
        LayoutVariables variables = m_variables;
        variables.insert("id", m_jobs.value(worker).id);
        const auto byQueue = std::make_shared<QHash<QByteArray, qint64>>();
        for (const QByteArray &queue : queues) {
            variables.insert("queue", queue);
            for (const LayoutText &key : m_working.keys) {
                m_session.ask({"SCARD", key.resolve(variables)}, [byQueue, queue](const RedisAnswer &answer) {
                    if (answer.ok() && answer.reply.toInteger() > 0)
                        (*byQueue)[queue] += answer.reply.toInteger();
                });
            }
        }
        // What was asked before is answered before.
        m_session.ask({"TIME"}, [this, worker, byQueue](const RedisAnswer &) { set(worker, *byQueue); });
    }
}

} // namespace pulsedeck
