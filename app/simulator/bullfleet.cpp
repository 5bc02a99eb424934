// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/bullfleet.h"

#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr qint64 stalledMs = 30'000;
constexpr int stalledSeconds = 30;

} // namespace

BullFleet::BullFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
{ }

QByteArray BullFleet::nameProcess(quint32 slot)
{
    return "worker-" + QByteArray::number(slot + 1);
}

QByteArray BullFleet::queueOf(quint32 slot) const
{
    return queues()[qsizetype(slot) % queues().size()];
}

/// It has none; this only looks whether it can wait for work again.
qint64 BullFleet::beatMs(quint32) const
{
    return scaled(1000);
}

void BullFleet::enroll(quint32 slot)
{
    m_waiting.resize(size());
    m_connections.resize(size());
    m_checks.resize(size());
    m_unnamed.resize(size());
    m_checks[slot] = true;
    m_unnamed[slot] = false;
    const QByteArray version = release(6) >= 6 ? "bullmq:6.7.0" : "bullmq:5.76.10";
    send({"HSET", "bull:" + queueOf(slot) + ":meta", "version", version});
    connectWorker(slot);
    if (slot < quint32(queues().size()))
        checkStalled(); // The first of each queue.
}

void BullFleet::connectWorker(quint32 slot)
{
    ++m_connections[slot];
    m_waiting[slot] = false;
    const QByteArray name = "bull:" + queueOf(slot).toBase64();
    openOwn(slot, m_unnamed[slot] ? name : QByteArray(name + ":w:" + process(slot).id), false);
}

void BullFleet::ownReady(quint32 slot)
{
    if (own(slot)->generation() == 1 && m_connections[slot] == 1)
        ownDone();
    m_waiting[slot] = false;
    waitForWork(slot);
}

void BullFleet::beat(quint32 slot)
{
    waitForWork(slot);
}

void BullFleet::thawed(quint32 slot)
{
    waitForWork(slot);
}

void BullFleet::waitForWork(quint32 slot)
{
    const SimProcess &process = this->process(slot);
    if (m_waiting[slot] || process.frozen || !own(slot) || int(process.jobs.size()) >= capacity(slot))
        return;
    m_waiting[slot] = true;
    const QByteArray marker = "bull:" + queueOf(slot) + ":marker";
    own(slot)->request({"BZPOPMIN", marker, "5"}, [this, slot, life = process.life,
                                                   connection = m_connections[slot]](const RedisAnswer &answer) {
        const SimProcess &now = this->process(slot);
        if (now.life != life || connection != m_connections[slot] || !now.running || isStopping() || !answer.ok())
            return;
        m_waiting[slot] = false;
        if (!answer.reply.isNil())
            takeJobs();
        waitForWork(slot);
    });
}

void BullFleet::leave(quint32)
{ }

/// Of its queue: it has none of its own.
void BullFleet::loseKeys(quint32 slot)
{
    send({"DEL", "bull:" + queueOf(slot) + ":stalled-check"});
}

void BullFleet::pushJob(const QByteArray &queue)
{
    SystemFleet::pushJob(queue);
    send({"ZADD", "bull:" + queue + ":marker", "0", "0"});
}

void BullFleet::popJob(const QByteArray &queue, RedisConnection::Handler handler)
{
    const QByteArray start = "bull:" + queue;
    send({"EVAL",
          "if redis.call('HEXISTS', KEYS[3], 'paused') == 1 then return false end "
          "return redis.call('RPOPLPUSH', KEYS[1], KEYS[2])",
          "3", start + ":wait", start + ":active", start + ":meta"},
         std::move(handler));
}

bool BullFleet::mayTake(quint32 slot, const QByteArray &queue) const
{
    return SystemFleet::mayTake(slot, queue) && queue == queueOf(slot);
}

void BullFleet::jobBegan(quint32 slot, const SimJob &job)
{
    const QByteArray key = "bull:" + job.queue + ':' + job.id;
    send({"HSET", key, "pb", process(slot).id, "processedOn", QByteArray::number(clock().toWall(job.startedMs)), "ats", "1"});
    send({"SET", key + ":lock", process(slot).id + ":1", "PX", QByteArray::number(scaled(stalledMs))});
}

void BullFleet::jobEnded(quint32 slot, const SimJob &job, bool failed)
{
    const QByteArray start = "bull:" + job.queue;
    send({"LREM", start + ":active", "1", "{}"});
    send({"DEL", start + ':' + job.id, start + ':' + job.id + ":lock"});
    send({"ZADD", start + (failed ? ":failed" : ":completed"), QByteArray::number(clock().wallNowMs()), job.id});
    send({"ZREMRANGEBYRANK", start + (failed ? ":failed" : ":completed"), "0", "-1001"}); // As removeOnComplete: 1000.
    waitForWork(slot);
}

void BullFleet::everySecond()
{
    if (++m_seconds % stalledSeconds == 0)
        checkStalled();
}

bool BullFleet::act(const QByteArray &verb, quint32 slot, std::optional<double>)
{
    if (verb == "no-check") {
        m_checks[slot] = false;
        return true;
    }
    m_unnamed[slot] = m_unnamed[slot] || verb == "unnamed";
    connectWorker(slot);
    return true;
}

/// By some worker of each queue that has one.
void BullFleet::checkStalled()
{
    for (const QByteArray &queue : queues()) {
        for (quint32 slot = 0; slot < size(); ++slot) {
            if (!process(slot).running || process(slot).frozen || !m_checks[slot] || queueOf(slot) != queue)
                continue;
            send({"SET", "bull:" + queue + ":stalled-check", QByteArray::number(clock().wallNowMs()), "PX",
                  QByteArray::number(scaled(stalledMs))});
            break;
        }
    }
}

} // namespace pulsedeck::fleet
