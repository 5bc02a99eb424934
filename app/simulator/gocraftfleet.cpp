// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/gocraftfleet.h"

#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr QByteArrayView poolsKey("work:worker_pools");
constexpr int idDigits = 24;
constexpr int reapSeconds = 600;
constexpr int deadSeconds = 10;

} // namespace

GocraftFleet::GocraftFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
{ }

QByteArray GocraftFleet::nameProcess(quint32)
{
    return randomHex(idDigits);
}

qint64 GocraftFleet::beatMs(quint32) const
{
    return scaled(5'000);
}

void GocraftFleet::enroll(quint32 slot)
{
    for (const QByteArray &queue : queues())
        send({"SADD", "work:known_jobs", queue});
    beat(slot);
}

void GocraftFleet::beat(quint32 slot)
{
    const SimProcess &process = this->process(slot);
    send({"SADD", poolsKey, process.id});
    send({"HSET", poolKey(slot), "heartbeat_at", QByteArray::number(clock().wallNowMs() / 1000), "started_at",
          QByteArray::number(clock().toWall(process.startedMs) / 1000), "job_names", queues().join(','), "concurrency",
          QByteArray::number(options().slotsPerWorker), "worker_ids", process.id, "host", process.host, "pid",
          QByteArray::number(process.pid)});
}

void GocraftFleet::leave(quint32 slot)
{
    loseKeys(slot);
}

void GocraftFleet::loseKeys(quint32 slot)
{
    send({"SREM", poolsKey, process(slot).id});
    send({"DEL", poolKey(slot)});
}

void GocraftFleet::pushJob(const QByteArray &queue)
{
    send({"LPUSH", queueKey(queue),
          R"({"name":")" + queue + R"(","id":")" + randomHex(idDigits) + R"(","t":)"
              + QByteArray::number(clock().wallNowMs() / 1000) + R"(,"args":{}})"});
}

void GocraftFleet::popJob(const QByteArray &queue, RedisConnection::Handler handler)
{
    send({"EVAL", "if redis.call('GET', KEYS[2]) then return false end return redis.call('RPOP', KEYS[1])", "2", queueKey(queue),
          queueKey(queue) + ":paused"},
         std::move(handler));
}

void GocraftFleet::jobEnded(quint32, const SimJob &, bool)
{ }

void GocraftFleet::everySecond()
{
    takeJobs();
    if (++m_seconds % reapSeconds == 0)
        reap();
}

/// Whoever has not beaten for ten seconds.
void GocraftFleet::reap()
{
    send({"SMEMBERS", poolsKey}, [this](const RedisAnswer &pools) {
        for (int i = 0; pools.ok() && !isStopping() && i < pools.reply.size(); ++i) {
            const QByteArray id = pools.reply.at(i).bytes().toByteArray();
            send({"HGET", "work:worker_pools:" + id, "heartbeat_at"}, [this, id](const RedisAnswer &beat) {
                if (!beat.ok() || isStopping() || beat.reply.bytes().toLongLong() + deadSeconds > qint64(wallSeconds()))
                    return;
                send({"SREM", poolsKey, id});
                send({"DEL", "work:worker_pools:" + id});
            });
        }
    });
}

} // namespace pulsedeck::fleet
