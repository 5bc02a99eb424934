// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/bullfleet.h"

#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr qint64 stalledMs = 30'000;
constexpr int stalledSeconds = 30;
constexpr int renewSeconds = 15; // Half of what a lock lives.
constexpr quint32 delayedEvery = 8;
constexpr qint64 delayMs = 10'000;

/// The list where jobs wait. Bull, and BullMQ up to version 5, have another one while the queue is paused, and ARGV[1] is the
/// kind of what shows that. It stands before the scripts below, whose own keys begin with the fourth, and arguments with the
/// second.
constexpr char waitsScript[] = "local waits = KEYS[1] "
                               "if ARGV[1] == 'key' and redis.call('EXISTS', KEYS[3]) == 1 "
                               "or ARGV[1] == 'field' and redis.call('HEXISTS', KEYS[3], 'paused') == 1 "
                               "then waits = KEYS[2] end ";
/// A job with the next number of its queue, at the end of the list or, with a time, for later.
constexpr char addScript[] = "local id = redis.call('INCR', KEYS[4]) "
                             "redis.call('HSET', ARGV[2] .. id, 'name', 'job', 'timestamp', ARGV[3], 'delay', ARGV[4]) "
                             "if ARGV[4] == '0' then redis.call('LPUSH', waits, id) "
                             "else redis.call('ZADD', KEYS[5], (ARGV[3] + ARGV[4]) * 4096, id) end return id";
constexpr char promoteScript[] =
    "local due = redis.call('ZRANGEBYSCORE', KEYS[4], 0, ARGV[2] * 4096, 'LIMIT', 0, 100) "
    "for _, id in ipairs(due) do redis.call('ZREM', KEYS[4], id) redis.call('LPUSH', waits, id) end return #due";
/// Jobs at work without a lock: whoever had them is gone.
constexpr char stalledScript[] =
    "local moved = 0 for _, id in ipairs(redis.call('LRANGE', KEYS[4], 0, 999)) do "
    "if redis.call('EXISTS', ARGV[2] .. id .. ':lock') == 0 then "
    "redis.call('LREM', KEYS[4], 1, id) redis.call('RPUSH', waits, id) moved = moved + 1 end end return moved";

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
    writeMeta(queueOf(slot));
    connectWorker(slot);
    if (slot < quint32(queues().size()))
        checkStalled(); // The first of each queue.
}

/// Bull has none. Whoever adds jobs to a queue of BullMQ writes it as well.
void BullFleet::writeMeta(const QByteArray &queue)
{
    if (!isBull())
        send({"HSET", "bull:" + queue + ":meta", "version", release(6) >= 6 ? "bullmq:6.7.0" : "bullmq:5.76.10"});
}

void BullFleet::connectWorker(quint32 slot)
{
    ++m_connections[slot];
    m_waiting[slot] = false;
    const QByteArray name = "bull:" + queueOf(slot).toBase64();
    openOwn(slot, m_unnamed[slot] || isBull() ? name : QByteArray(name + ":w:" + process(slot).id), false);
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
    if (isBull()) {
        // It takes the job by what it waits with.
        const QByteArray wait = queueKey(queueOf(slot));
        const QByteArray active = "bull:" + queueOf(slot) + ":active";
        own(slot)->request({"BRPOPLPUSH", wait, active, "5"}, [this, slot, life = process.life,
                                                               connection = m_connections[slot]](const RedisAnswer &answer) {
            const SimProcess &now = this->process(slot);
            if (now.life != life || connection != m_connections[slot] || !now.running || isStopping() || !answer.ok())
                return;
            m_waiting[slot] = false;
            if (!answer.reply.isNil())
                startJob(slot, queueOf(slot), 0, answer.reply.bytes().toByteArray());
            waitForWork(slot);
        });
        return;
    }
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
    const QByteArray start = "bull:" + queue;
    writeMeta(queue);
    const bool later = ++m_pushed % delayedEvery == 0;
    sendToWaits(queue, addScript, {start + ":id", start + ":delayed"},
                {start + ':', QByteArray::number(clock().wallNowMs()), QByteArray::number(later ? scaled(delayMs) : 0)});
    if (!later && !isBull())
        send({"ZADD", start + ":marker", "0", "0"});
}

void BullFleet::sendToWaits(const QByteArray &queue, const char *script, const QByteArrayList &keys,
                            const QByteArrayList &arguments, RedisConnection::Handler handler)
{
    const QByteArray start = "bull:" + queue;
    QByteArrayList words{"EVAL",
                         QByteArray(waitsScript) + script,
                         QByteArray::number(3 + keys.size()),
                         start + ":wait",
                         start + ":paused",
                         start + (isBull() ? ":meta-paused" : ":meta")};
    words += keys;
    words.append(isBull() ? "key" : release(6) < 6 ? "field" : "no");
    words += arguments;
    send(words, std::move(handler));
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
    return !isBull() && SystemFleet::mayTake(slot, queue) && queue == queueOf(slot);
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
    send({"LREM", start + ":active", "1", job.id});
    send({"DEL", start + ':' + job.id, start + ':' + job.id + ":lock"});
    send({"ZADD", start + (failed ? ":failed" : ":completed"), QByteArray::number(clock().wallNowMs()), job.id});
    send({"ZREMRANGEBYRANK", start + (failed ? ":failed" : ":completed"), "0", "-1001"}); // As removeOnComplete: 1000.
    waitForWork(slot);
}

void BullFleet::everySecond()
{
    promoteDelayed();
    if (++m_seconds % stalledSeconds == 0)
        checkStalled();
    if (m_seconds % renewSeconds == 0)
        renewLocks();
}

void BullFleet::promoteDelayed()
{
    for (const QByteArray &queue : queues()) {
        const QByteArray start = "bull:" + queue;
        sendToWaits(queue, promoteScript, {start + ":delayed"}, {QByteArray::number(clock().wallNowMs())},
                    [this, start](const RedisAnswer &answer) {
                        if (answer.ok() && answer.reply.toInteger() > 0 && !isStopping() && !isBull())
                            send({"ZADD", start + ":marker", "0", "0"});
                    });
    }
    takeJobs();
}

void BullFleet::renewLocks()
{
    for (quint32 slot = 0; slot < size(); ++slot) {
        const SimProcess &process = this->process(slot);
        if (!process.running || process.frozen)
            continue;
        for (const SimJob &job : process.jobs)
            send({"SET", "bull:" + job.queue + ':' + job.id + ":lock", process.id + ":1", "PX",
                  QByteArray::number(scaled(stalledMs))});
    }
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
            sendToWaits(queue, stalledScript, {"bull:" + queue + ":active"}, {"bull:" + queue + ':'});
            break;
        }
    }
}

} // namespace pulsedeck::fleet
