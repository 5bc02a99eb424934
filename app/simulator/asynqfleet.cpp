// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/asynqfleet.h"

#include <QDateTime>

#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr qint64 asynqTtlMs = 10'000;

QByteArray varint(quint64 value)
{
    constexpr int groupBits = 7;
    constexpr quint64 more = 0x80;
    QByteArray bytes;
    for (; value >= more; value >>= groupBits)
        bytes += char((value & (more - 1)) | more);
    return bytes + char(value);
}

/// Numbers that are zero are left out, as its library does.
QByteArray numberField(int number, qint64 value)
{
    constexpr int tagShift = 3;
    return value == 0 ? QByteArray() : varint(quint64(number) << tagShift) + varint(quint64(value));
}

QByteArray bytesField(int number, const QByteArray &bytes)
{
    constexpr int tagShift = 3;
    constexpr quint64 lengthDelimited = 2;
    return varint((quint64(number) << tagShift) | lengthDelimited) + varint(quint64(bytes.size())) + bytes;
}

QByteArray timeField(int number, qint64 unixMs)
{
    constexpr qint64 nanosPerMs = 1'000'000;
    return bytesField(number, numberField(1, unixMs / 1000) + numberField(2, unixMs % 1000 * nanosPerMs));
}

QByteArray serverKey(const QByteArray &id)
{
    return "asynq:servers:{" + id + '}';
}

QByteArray tasksKey(const QByteArray &id)
{
    return "asynq:workers:{" + id + '}';
}

QByteArray taskKey(const QByteArray &queue, const QByteArray &id)
{
    return "asynq:{" + queue + "}:t:" + id;
}

} // namespace

AsynqFleet::AsynqFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
{ }

QByteArray AsynqFleet::nameProcess(quint32 slot)
{
    constexpr int idDigits = 32;
    return process(slot).host + ':' + QByteArray::number(process(slot).pid) + ':' + randomHex(idDigits);
}

qint64 AsynqFleet::beatMs(quint32) const
{
    return scaled(5'000);
}

// Field numbers of its ServerInfo and WorkerInfo; the payload of a task, number 6, is never there.
QByteArray AsynqFleet::serverInfo(const SimProcess &process) const
{
    QByteArray bytes = bytesField(1, process.host) + numberField(2, process.pid)
                       + bytesField(3, process.id.mid(process.id.lastIndexOf(':') + 1))
                       + numberField(4, options().slotsPerWorker);
    for (const QByteArray &queue : queues())
        bytes += bytesField(5, bytesField(1, queue) + numberField(2, 1));
    bytes += bytesField(7, process.quiet ? "stopped" : "active") + timeField(8, clock().toWall(process.startedMs))
             + numberField(9, qint64(process.jobs.size()));
    return bytes;
}

QByteArray AsynqFleet::workerInfo(const SimProcess &process, const SimJob &job) const
{
    return bytesField(1, process.host) + numberField(2, process.pid)
           + bytesField(3, process.id.mid(process.id.lastIndexOf(':') + 1)) + bytesField(4, job.id) + bytesField(5, "job")
           + bytesField(7, job.queue) + timeField(8, clock().toWall(job.startedMs));
}

void AsynqFleet::enroll(quint32 slot)
{
    beat(slot);
    openOwn(slot, {}, true);
}

void AsynqFleet::ownReady(quint32 slot)
{
    own(slot)->request({"SUBSCRIBE", "asynq:cancel"}, [this, first = own(slot)->generation() == 1](const RedisAnswer &answer) {
        if (answer.ok() && first)
            ownDone();
    });
}

void AsynqFleet::beat(quint32 slot)
{
    const SimProcess &process = this->process(slot);
    const QByteArray expiry = QByteArray::number(qint64(wallSeconds()) + wholeSeconds(scaled(asynqTtlMs)));
    const QByteArray tasks = tasksKey(process.id);
    send({"ZADD", "asynq:servers", expiry, serverKey(process.id)});
    send({"SETEX", serverKey(process.id), ttlWord(asynqTtlMs), serverInfo(process)});
    send({"ZADD", "asynq:workers", expiry, tasks});
    send({"DEL", tasks});
    for (const SimJob &job : process.jobs)
        send({"HSET", tasks, job.id, workerInfo(process, job)});
    send({"EXPIRE", tasks, ttlWord(asynqTtlMs)});
}

void AsynqFleet::leave(quint32 slot)
{
    loseKeys(slot);
}

void AsynqFleet::loseKeys(quint32 slot)
{
    const QByteArray &id = process(slot).id;
    send({"ZREM", "asynq:servers", serverKey(id)});
    send({"ZREM", "asynq:workers", tasksKey(id)});
    send({"DEL", serverKey(id), tasksKey(id)});
}

void AsynqFleet::pushJob(const QByteArray &queue)
{
    constexpr int idDigits = 32;
    const QByteArray id = randomHex(idDigits);
    const QByteArray sinceNs = QByteArray::number(clock().wallNowMs()) + "000000";
    send({"SADD", "asynq:queues", queue});
    send({"HSET", taskKey(queue, id), "state", "pending", "pending_since", sinceNs});
    send({"LPUSH", queueKey(queue), id});
}

void AsynqFleet::popJob(const QByteArray &queue, RedisConnection::Handler handler)
{
    const QByteArray start = "asynq:{" + queue + '}';
    send({"EVAL", "if redis.call('EXISTS', KEYS[3]) == 1 then return false end return redis.call('RPOPLPUSH', KEYS[1], KEYS[2])",
          "3", start + ":pending", start + ":active", start + ":paused"},
         std::move(handler));
}

void AsynqFleet::jobBegan(quint32, const SimJob &job)
{
    send({"HSET", taskKey(job.queue, job.id), "state", "active"});
    send({"HDEL", taskKey(job.queue, job.id), "pending_since"});
}

void AsynqFleet::jobEnded(quint32, const SimJob &job, bool failed)
{
    const QByteArray start = "asynq:{" + job.queue + '}';
    const QByteArray day = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyy-MM-dd")).toLatin1();
    send({"LREM", start + ":active", "1", job.id});
    send({"DEL", taskKey(job.queue, job.id)});
    send({"INCR", start + ":processed"});
    send({"INCR", start + ":processed:" + day});
    if (failed)
        send({"INCR", start + ":failed:" + day});
}

} // namespace pulsedeck::fleet
