// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/hangfirefleet.h"

#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr QByteArrayView serversKey("{hangfire}:servers");
constexpr int watchdogSeconds = 300;
constexpr qint64 deadMs = 300'000;

} // namespace

HangfireFleet::HangfireFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
{ }

QByteArray HangfireFleet::nameProcess(quint32 slot)
{
    QByteArray guid = randomHex(32);
    for (const int at : {20, 16, 12, 8})
        guid.insert(at, '-');
    return process(slot).host + ':' + QByteArray::number(process(slot).pid) + ':' + guid;
}

qint64 HangfireFleet::beatMs(quint32) const
{
    return scaled(30'000);
}

void HangfireFleet::enroll(quint32 slot)
{
    for (const QByteArray &queue : queues()) {
        send({"SADD", "{hangfire}:queues", queue});
        send({"RPUSH", serverKey(slot) + ":queues", queue});
    }
    send({"SADD", serversKey, process(slot).id});
    send({"HSET", serverKey(slot), "WorkerCount", QByteArray::number(options().slotsPerWorker), "StartedAt",
          QByteArray::number(clock().toWall(process(slot).startedMs))});
    beat(slot);
}

void HangfireFleet::beat(quint32 slot)
{
    send({"HSET", serverKey(slot), "Heartbeat", QByteArray::number(clock().wallNowMs())});
}

void HangfireFleet::leave(quint32 slot)
{
    loseKeys(slot);
}

void HangfireFleet::loseKeys(quint32 slot)
{
    send({"SREM", serversKey, process(slot).id});
    send({"DEL", serverKey(slot), serverKey(slot) + ":queues"});
}

void HangfireFleet::pushJob(const QByteArray &queue)
{
    constexpr int idDigits = 32;
    const QByteArray id = randomHex(idDigits);
    send({"HSET", "{hangfire}:job:" + id, "CreatedAt", QByteArray::number(clock().wallNowMs())});
    send({"LPUSH", queueKey(queue), id});
}

void HangfireFleet::popJob(const QByteArray &queue, RedisConnection::Handler handler)
{
    send({"RPOPLPUSH", queueKey(queue), queueKey(queue) + ":dequeued"}, std::move(handler));
}

void HangfireFleet::jobEnded(quint32, const SimJob &job, bool)
{
    send({"LREM", queueKey(job.queue) + ":dequeued", "1", job.id});
    send({"DEL", "{hangfire}:job:" + job.id});
}

void HangfireFleet::everySecond()
{
    if (++m_seconds % watchdogSeconds == 0)
        watchdog();
}

/// Whoever has not beaten for five minutes.
void HangfireFleet::watchdog()
{
    send({"SMEMBERS", serversKey}, [this](const RedisAnswer &servers) {
        for (int i = 0; servers.ok() && !isStopping() && i < servers.reply.size(); ++i) {
            const QByteArray id = servers.reply.at(i).bytes().toByteArray();
            send({"HGET", "{hangfire}:server:" + id, "Heartbeat"}, [this, id](const RedisAnswer &beat) {
                if (!beat.ok() || isStopping() || beat.reply.bytes().toLongLong() + scaled(deadMs) > clock().wallNowMs())
                    return;
                send({"SREM", serversKey, id});
                send({"DEL", "{hangfire}:server:" + id, "{hangfire}:server:" + id + ":queues"});
            });
        }
    });
}

} // namespace pulsedeck::fleet
