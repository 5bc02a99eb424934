// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/saqfleet.h"

#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr qint64 saqBeatMs = 10'000;
constexpr qint64 saqTtlMs = 11'000;

} // namespace

SaqFleet::SaqFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
{ }

QByteArray SaqFleet::nameProcess(quint32)
{
    constexpr int idDigits = 32;
    return randomHex(idDigits);
}

QByteArray SaqFleet::queueOf(quint32 slot) const
{
    return queues()[qsizetype(slot) % queues().size()];
}

QByteArray SaqFleet::keyOf(quint32 slot) const
{
    return "saq:" + queueOf(slot) + ":worker_info:" + process(slot).id;
}

qint64 SaqFleet::beatMs(quint32) const
{
    return scaled(saqBeatMs);
}

void SaqFleet::enroll(quint32 slot)
{
    beat(slot);
}

void SaqFleet::beat(quint32 slot)
{
    const SimProcess &process = this->process(slot);
    const QByteArray text = R"({"stats":{"complete":)" + QByteArray::number(process.done)
                            + R"(,"failed":0,"retried":0,"aborted":0,"uptime":)"
                            + QByteArray::number(clock().nowMs() - process.startedMs) + R"(},"queue_key":"saq:)" + queueOf(slot)
                            + R"(","metadata":null})";
    const qint64 ttl = wholeSeconds(scaled(saqTtlMs));
    send({"ZADD", "saq:" + queueOf(slot) + ":stats", QByteArray::number(clock().wallNowMs() + ttl * 1000), keyOf(slot)});
    send({"SETEX", keyOf(slot), QByteArray::number(ttl), text});
}

/// Its key runs out.
void SaqFleet::leave(quint32)
{ }

void SaqFleet::loseKeys(quint32 slot)
{
    send({"DEL", keyOf(slot)});
    send({"ZREM", "saq:" + queueOf(slot) + ":stats", keyOf(slot)});
}

bool SaqFleet::mayTake(quint32 slot, const QByteArray &queue) const
{
    return SystemFleet::mayTake(slot, queue) && queue == queueOf(slot);
}

} // namespace pulsedeck::fleet
