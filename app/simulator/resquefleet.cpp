// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/resquefleet.h"

#include <QDateTime>
#include <QTimeZone>

#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr QByteArrayView registryKey("resque:workers");
constexpr QByteArrayView beatsKey("resque:workers:heartbeat");
constexpr qint64 resqueBeatMs = 60'000;
constexpr qint64 pruneMs = 300'000;
constexpr int pollSeconds = 5;

QByteArray withOffset(qint64 unixMs)
{
    return QDateTime::fromMSecsSinceEpoch(unixMs, QTimeZone::utc())
        .toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss+00:00"))
        .toLatin1();
}

} // namespace

ResqueFleet::ResqueFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
{ }

QByteArray ResqueFleet::nameProcess(quint32 slot)
{
    const SimProcess &process = this->process(slot);
    return process.host + ':' + QByteArray::number(process.pid) + ':' + queues().join(',');
}

qint64 ResqueFleet::beatMs(quint32) const
{
    return scaled(resqueBeatMs);
}

qint64 ResqueFleet::graceMs() const
{
    constexpr qint64 noLimit = 24LL * 3600 * 1000;
    return noLimit;
}

void ResqueFleet::enroll(quint32 slot)
{
    const SimProcess &process = this->process(slot);
    prune();
    const QDateTime started = QDateTime::fromMSecsSinceEpoch(clock().toWall(process.startedMs), QTimeZone::utc());
    send({"SADD", registryKey, process.id});
    send({"SET", "resque:worker:" + process.id + ":started",
          started.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss +0000")).toLatin1()});
    beat(slot);
}

/// The time is Redis' own, asked for each time.
void ResqueFleet::beat(quint32 slot)
{
    send({"TIME"}, [this, slot, life = process(slot).life](const RedisAnswer &answer) {
        const SimProcess &now = process(slot);
        if (answer.ok() && now.running && now.life == life && !isStopping())
            send({"HSET", beatsKey, now.id, withOffset(answer.reply.at(0).toInteger() * 1000)});
    });
}

void ResqueFleet::remove(const QByteArray &id)
{
    send({"SREM", registryKey, id});
    send({"DEL", "resque:worker:" + id, "resque:worker:" + id + ":started", "resque:stat:processed:" + id,
          "resque:stat:failed:" + id});
    send({"HDEL", beatsKey, id});
}

void ResqueFleet::leave(quint32 slot)
{
    remove(process(slot).id);
}

/// A living one comes back in the hash of beats only.
void ResqueFleet::loseKeys(quint32 slot)
{
    remove(process(slot).id);
}

void ResqueFleet::prune()
{
    send({"SET", "resque:pruning_dead_workers_in_progress", "pulsedeck-fleet", "EX", ttlWord(resqueBeatMs), "NX"},
         [this](const RedisAnswer &mine) {
             if (!mine.ok() || mine.reply.isNil() || isStopping())
                 return;
             send({"HGETALL", beatsKey}, [this](const RedisAnswer &beats) {
                 const qint64 oldest = clock().wallNowMs() - scaled(pruneMs);
                 for (int i = 0; beats.ok() && !isStopping() && i + 1 < beats.reply.size(); i += 2) {
                     const QString text = QString::fromUtf8(beats.reply.at(i + 1).bytes());
                     if (QDateTime::fromString(text, Qt::ISODate).toMSecsSinceEpoch() < oldest)
                         remove(beats.reply.at(i).bytes().toByteArray());
                 }
             });
         });
}

void ResqueFleet::pushJob(const QByteArray &queue)
{
    send({"SADD", "resque:queues", queue});
    send({"RPUSH", queueKey(queue), "{}"});
}

void ResqueFleet::popJob(const QByteArray &queue, RedisConnection::Handler handler)
{
    send({"LPOP", queueKey(queue)}, std::move(handler));
}

bool ResqueFleet::mayTake(quint32 slot, const QByteArray &queue) const
{
    return SystemFleet::mayTake(slot, queue) && !m_paused;
}

void ResqueFleet::jobBegan(quint32 slot, const SimJob &job)
{
    send({"SET", "resque:worker:" + process(slot).id,
          R"({"queue":")" + job.queue + R"(","run_at":")" + withOffset(clock().toWall(job.startedMs)) + R"(","payload":{}})"});
}

void ResqueFleet::jobEnded(quint32 slot, const SimJob &, bool failed)
{
    const QByteArray &id = process(slot).id;
    const QByteArray stat = failed ? "failed" : "processed";
    send({"INCR", "resque:stat:" + stat});
    send({"INCR", "resque:stat:" + stat + ':' + id});
    send({"DEL", "resque:worker:" + id});
}

/// Workers look before each poll of their queues.
void ResqueFleet::everySecond()
{
    if (++m_seconds % pollSeconds != 0)
        return;
    send({"GET", "resque:pause-all-workers"},
         [this](const RedisAnswer &answer) { m_paused = answer.ok() && answer.reply.bytes().toByteArray().toLower() == "true"; });
}

} // namespace pulsedeck::fleet
