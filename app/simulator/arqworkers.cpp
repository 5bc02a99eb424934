// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/arqworkers.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr qint64 healthMs = 3'600'000;
constexpr qint64 inProgressMs = 310'000;

} // namespace

ArqWorkers::ArqWorkers(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
{ }

/// It has no name in Redis.
QByteArray ArqWorkers::nameProcess(quint32 slot)
{
    return process(slot).host + ':' + QByteArray::number(process(slot).pid);
}

qint64 ArqWorkers::beatMs(quint32) const
{
    return scaled(healthMs);
}

void ArqWorkers::enroll(quint32 slot)
{
    beat(slot);
}

void ArqWorkers::beat(quint32 slot)
{
    const SimProcess &process = this->process(slot);
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(clock().wallNowMs(), QTimeZone::utc());
    const QByteArray text = QLocale::c().toString(now, QStringLiteral("MMM-dd HH:mm:ss")).toLatin1()
                            + " j_complete=" + QByteArray::number(process.done) + " j_failed=0 j_retried=0 j_ongoing="
                            + QByteArray::number(qint64(process.jobs.size())) + " queued=0";
    const QByteArray ttl = QByteArray::number(scaled(healthMs) + 1000);
    for (const QByteArray &queue : queues())
        send({"SET", queue + ":health-check", text, "PX", ttl});
}

/// Also for all the others.
void ArqWorkers::leave(quint32 slot)
{
    loseKeys(slot);
}

void ArqWorkers::loseKeys(quint32)
{
    for (const QByteArray &queue : queues())
        send({"DEL", queue + ":health-check"});
}

void ArqWorkers::pushJob(const QByteArray &queue)
{
    constexpr int idDigits = 32;
    send({"ZADD", queue, QByteArray::number(clock().wallNowMs()), randomHex(idDigits)});
}

/// The answer is an empty list where there is none.
void ArqWorkers::popJob(const QByteArray &queue, RedisConnection::Handler handler)
{
    send({"EVAL", "return redis.call('ZPOPMIN', KEYS[1])[1]", "1", queue}, std::move(handler));
}

void ArqWorkers::jobBegan(quint32, const SimJob &job)
{
    send({"SET", "arq:in-progress:" + job.id, "1", "PX", QByteArray::number(scaled(inProgressMs))});
}

void ArqWorkers::jobEnded(quint32, const SimJob &job, bool)
{
    send({"DEL", "arq:in-progress:" + job.id});
}

} // namespace pulsedeck::fleet
