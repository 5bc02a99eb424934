// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/dramatiqfleet.h"

#include <utility>

namespace pulsedeck::fleet {

DramatiqFleet::DramatiqFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
{ }

QByteArray DramatiqFleet::nameProcess(quint32)
{
    QByteArray id = randomHex(32);
    for (const int at : {20, 16, 12, 8})
        id.insert(at, '-');
    return id;
}

QByteArray DramatiqFleet::acksKey(quint32 slot, const QByteArray &queue) const
{
    return "dramatiq:__acks__." + process(slot).id + '.' + queue;
}

qint64 DramatiqFleet::beatMs(quint32) const
{
    return scaled(1000);
}

void DramatiqFleet::enroll(quint32 slot)
{
    beat(slot);
}

void DramatiqFleet::beat(quint32 slot)
{
    send({"ZADD", "dramatiq:__heartbeats__", QByteArray::number(clock().wallNowMs()), process(slot).id});
}

void DramatiqFleet::leave(quint32)
{ }

void DramatiqFleet::loseKeys(quint32 slot)
{
    send({"ZREM", "dramatiq:__heartbeats__", process(slot).id});
}

void DramatiqFleet::pushJob(const QByteArray &queue)
{
    send({"RPUSH", queueKey(queue), "{}"});
}

void DramatiqFleet::popJob(const QByteArray &queue, RedisConnection::Handler handler)
{
    send({"LPOP", queueKey(queue)}, std::move(handler));
}

void DramatiqFleet::jobBegan(quint32 slot, const SimJob &job)
{
    send({"SADD", acksKey(slot, job.queue), job.id});
}

void DramatiqFleet::jobEnded(quint32 slot, const SimJob &job, bool)
{
    send({"SREM", acksKey(slot, job.queue), job.id});
}

} // namespace pulsedeck::fleet
