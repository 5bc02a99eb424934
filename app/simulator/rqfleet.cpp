// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/rqfleet.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr QByteArrayView workersKey("rq:workers");
constexpr char suspendedKey[] = "rq:suspended";
constexpr qint64 waitMs = 405'000; // For a job: worker_ttl less 15 s.
constexpr qint64 idleTtlMs = 480'000; // worker_ttl and 60 s.
constexpr qint64 monitorMs = 30'000; // job_monitoring_interval.
constexpr qint64 workTtlMs = 90'000;
constexpr qint64 deathTtlMs = 60'000;
constexpr qint64 resultTtlMs = 500'000;
constexpr int cleanSeconds = 600;

QByteArray jobKey(const QByteArray &id)
{
    return "rq:job:" + id;
}

QByteArray channelOf(const QByteArray &id)
{
    return "rq:pubsub:" + id;
}

} // namespace

RqFleet::RqFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, true, parent)
    , m_lives(size_t(options.workers))
{ }

QByteArray RqFleet::nameProcess(quint32)
{
    constexpr int nameDigits = 32;
    return randomHex(nameDigits);
}

QByteArray RqFleet::keyOf(quint32 slot) const
{
    return "rq:worker:" + process(slot).id;
}

qint64 RqFleet::beatMs(quint32 slot) const
{
    if (m_lives[slot].suspended)
        return scaled(1000);
    return scaled(process(slot).jobs.empty() ? waitMs : monitorMs);
}

int RqFleet::capacity(quint32) const
{
    return 1;
}

qint64 RqFleet::graceMs() const
{
    constexpr qint64 noLimit = 24LL * 3600 * 1000;
    return noLimit;
}

QByteArrayList RqFleet::channelsOf(quint32 slot) const
{
    return {channelOf(process(slot).id)};
}

void RqFleet::writeBirth(quint32 slot)
{
    const SimProcess &process = this->process(slot);
    const bool isTwo = release(2) >= 2;
    constexpr int firstPort = 40'000;
    send({"HSET", keyOf(slot), "birth", isoTime(process.startedMs), "last_heartbeat", isoTime(clock().nowMs()), "queues",
          queues().join(','), "pid", QByteArray::number(process.pid), "hostname", process.host, "ip_address",
          "127.0.0.1:" + QByteArray::number(firstPort + int(slot % 20'000)), "version", isTwo ? "2.10.0" : "1.13.0",
          "python_version", "3.11.2 (main, Apr 28 2025, 14:11:48) [GCC 12.2.0]"});
}

void RqFleet::writeBeat(quint32 slot, qint64 ttlMs)
{
    send({"HSET", keyOf(slot), "last_heartbeat", isoTime(clock().nowMs())});
    send({"EXPIRE", keyOf(slot), ttlWord(ttlMs)});
}

void RqFleet::enroll(quint32 slot)
{
    m_lives[slot] = {};
    const QByteArray key = keyOf(slot);
    send({"MULTI"});
    send({"DEL", key});
    writeBirth(slot);
    send({"EXPIRE", key, ttlWord(idleTtlMs)});
    send({"SADD", workersKey, key});
    for (const QByteArray &queue : queues()) {
        send({"SADD", workersKey.toByteArray() + ':' + queue, key});
        send({"SADD", "rq:queues", queueKey(queue)});
    }
    send({"EXEC"});
    send({"HSET", key, "state", "started"});
    send({"HSET", key, "state", "idle"});
    askWhetherSuspended(slot);
}

void RqFleet::beat(quint32 slot)
{
    const SimProcess &process = this->process(slot);
    if (process.jobs.empty()) {
        writeBeat(slot, idleTtlMs);
        askWhetherSuspended(slot);
        return;
    }
    const double seconds = double(clock().nowMs() - process.jobs.front().startedMs) / 1000.0;
    if (release(2) >= 2) {
        send({"HEXISTS", keyOf(slot), "last_heartbeat"}, [this, slot, life = process.life](const RedisAnswer &answer) {
            if (answer.ok() && answer.reply.toInteger() == 0 && this->process(slot).life == life && !isStopping())
                writeBirth(slot); // 2.9 on; not in the set of workers, though.
        });
    }
    writeBeat(slot, workTtlMs);
    send({"HSET", keyOf(slot), "current_job_working_time", QByteArray::number(seconds, 'f', 6)});
}

void RqFleet::askWhetherSuspended(quint32 slot)
{
    m_lives[slot].asking = true;
    send({"EXISTS", suspendedKey}, [this, slot, life = process(slot).life](const RedisAnswer &answer) {
        if (process(slot).life != life || !process(slot).running || isStopping())
            return;
        Life &own = m_lives[slot];
        own.asking = false;
        const bool suspended = answer.ok() && answer.reply.toInteger() == 1;
        if (own.suspended != suspended) {
            own.suspended = suspended;
            send({"HSET", keyOf(slot), "state", suspended ? "suspended" : "idle"});
            beatIn(slot, beatMs(slot));
        }
        if (!suspended)
            takeJobs();
    });
}

void RqFleet::pushJob(const QByteArray &queue)
{
    send({"SADD", "rq:queues", queueKey(queue)});
    constexpr int idDigits = 32;
    const QByteArray id = randomHex(idDigits);
    const QByteArray now = isoTime(clock().nowMs());
    send({"HSET", jobKey(id), "created_at", now, "enqueued_at", now, "origin", queue, "status", "queued"});
    send({"RPUSH", queueKey(queue), id});
}

void RqFleet::popJob(const QByteArray &queue, RedisConnection::Handler handler)
{
    send({"LPOP", queueKey(queue)}, std::move(handler));
}

bool RqFleet::mayTake(quint32 slot, const QByteArray &queue) const
{
    return SystemFleet::mayTake(slot, queue) && !m_lives[slot].suspended && !m_lives[slot].asking;
}

void RqFleet::jobBegan(quint32 slot, const SimJob &job)
{
    send({"ZADD", "rq:wip:" + job.queue, QByteArray::number(clock().toWall(job.endsMs) / 1000 + 60), job.id});
    send({"HSET", keyOf(slot), "state", "busy", "current_job", job.id, "current_job_working_time", "0"});
    writeBeat(slot, workTtlMs);
    beatIn(slot, beatMs(slot));
}

void RqFleet::jobEnded(quint32 slot, const SimJob &job, bool failed)
{
    const QByteArray key = keyOf(slot);
    send({"ZREM", "rq:wip:" + job.queue, job.id});
    send({"EXPIRE", jobKey(job.id), ttlWord(resultTtlMs)});
    send({"HINCRBY", key, failed ? "failed_job_count" : "successful_job_count", "1"});
    send({"HINCRBYFLOAT", key, "total_working_time", QByteArray::number(double(job.endedMs - job.startedMs) / 1000.0, 'f', 6)});
    send({"HDEL", key, "current_job"});
    send({"HSET", key, "state", "idle", "current_job_working_time", "0"});
    writeBeat(slot, idleTtlMs);
    beatIn(slot, beatMs(slot));
    askWhetherSuspended(slot);
}

void RqFleet::leave(quint32 slot)
{
    const QByteArray key = keyOf(slot);
    send({"MULTI"});
    send({"SREM", workersKey, key});
    for (const QByteArray &queue : queues())
        send({"SREM", workersKey.toByteArray() + ':' + queue, key});
    send({"HSET", key, "death", isoTime(clock().nowMs())});
    send({"EXPIRE", key, ttlWord(deathTtlMs)});
    send({"EXEC"});
}

void RqFleet::loseKeys(quint32 slot)
{
    const QByteArray key = keyOf(slot);
    send({"DEL", key});
    send({"SREM", workersKey, key});
    for (const QByteArray &queue : queues())
        send({"SREM", workersKey.toByteArray() + ':' + queue, key});
}

/// The child that runs the job goes on, with the socket of the listener.
void RqFleet::killed(quint32 slot, const std::vector<SimJob> &jobs)
{
    if (jobs.empty()) {
        SystemFleet::killed(slot, jobs);
        return;
    }
    const SimJob &job = jobs.front();
    QTimer::singleShot(int(qMax<qint64>(0, job.endsMs - clock().nowMs())), this, [this, key = keyOf(slot), job] {
        if (isStopping())
            return;
        send({"ZREM", "rq:wip:" + job.queue, job.id});
        send({"HINCRBY", key, "successful_job_count", "1"});
        if (listener().state() == RedisConnection::State::Ready)
            listener().request({"UNSUBSCRIBE", channelOf(key.mid(QByteArrayView("rq:worker:").size()))}, {});
    });
}

void RqFleet::quieted(quint32 slot)
{
    m_lives[slot].stopAskedMs = clock().nowMs();
    if (!process(slot).jobs.empty())
        send({"HSET", keyOf(slot), "shutdown_requested_date", isoTime(clock().nowMs())});
}

/// The second one does not wait: the job's process is killed.
void RqFleet::stopAgain(quint32 slot)
{
    const bool isRepeat = clock().nowMs() - m_lives[slot].stopAskedMs < scaled(1000);
    if (release(2) >= 2 && isRepeat)
        return;
    endJobs(slot, true);
}

void RqFleet::heard(const QByteArray &channel, const QByteArray &message)
{
    const qint64 found = find(channel.mid(channelOf({}).size()));
    if (found < 0)
        return; // Only the socket of a killed worker.
    const auto slot = quint32(found);
    if (process(slot).frozen)
        m_lives[slot].held.append(message);
    else
        obeyMessage(slot, message);
}

void RqFleet::thawed(quint32 slot)
{
    for (const QByteArray &message : std::exchange(m_lives[slot].held, {})) {
        if (process(slot).running)
            obeyMessage(slot, message);
    }
}

void RqFleet::obeyMessage(quint32 slot, const QByteArray &message)
{
    SimProcess &process = this->process(slot);
    if (process.deaf)
        return;
    const QJsonDocument document = QJsonDocument::fromJson(message);
    const QString command = document.object().value(QStringLiteral("command")).toString();
    if (!document.isObject() || command.isEmpty()) {
        process.deaf = true; // An exception ends the thread that listens; its subscription stays.
        emit complained(QStringLiteral("worker %1: pubsub thread exiting").arg(QString::fromUtf8(process.id)));
    } else if (command == u"shutdown") {
        requestStop(slot);
    } else if (!process.jobs.empty()
               && (command == u"kill-horse"
                   || (command == u"stop-job"
                       && document.object().value(QStringLiteral("job_id")).toString().toUtf8() == process.jobs.front().id))) {
        endJobs(slot, true);
    }
}

void RqFleet::everySecond()
{
    if (++m_seconds % cleanSeconds == 0)
        removeMissing();
}

/// As some worker of each queue does now and then.
void RqFleet::removeMissing()
{
    send({"SMEMBERS", workersKey}, [this](const RedisAnswer &members) {
        for (int i = 0; members.ok() && !isStopping() && i < members.reply.size(); ++i) {
            const QByteArray key = members.reply.at(i).bytes().toByteArray();
            send({"EXISTS", key}, [this, key](const RedisAnswer &there) {
                if (!there.ok() || there.reply.toInteger() != 0 || isStopping())
                    return;
                send({"SREM", workersKey, key});
                for (const QByteArray &queue : queues())
                    send({"SREM", workersKey.toByteArray() + ':' + queue, key});
            });
        }
    });
}

bool RqFleet::act(const QByteArray &verb, quint32 slot, std::optional<double> seconds)
{
    if (verb == "deaf") {
        process(slot).deaf = true;
    } else if (verb == "half") {
        loseKeys(slot);
        writeBeat(slot, idleTtlMs);
    } else if (verb == "no-ttl") {
        send({"PERSIST", keyOf(slot)});
        kill(slot);
    } else { // "orphan"
        constexpr double usualSeconds = 30;
        if (process(slot).jobs.empty())
            startJob(slot, queues().first(), qint64(seconds.value_or(usualSeconds) * 1000));
        kill(slot);
    }
    return true;
}

} // namespace pulsedeck::fleet
