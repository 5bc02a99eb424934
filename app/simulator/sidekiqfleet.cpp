// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/sidekiqfleet.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr QByteArrayView processesKey("processes");
constexpr qint64 processTtlMs = 60'000; // Of everything that a beat writes, and of the lock of a sweep.

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace

SidekiqFleet::SidekiqFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
    , m_embedded(size_t(options.workers))
{ }

QByteArray SidekiqFleet::nameProcess(quint32 slot)
{
    const SimProcess &process = this->process(slot);
    constexpr int nonceDigits = 12;
    return process.host + ':' + QByteArray::number(process.pid) + ':' + randomHex(nonceDigits);
}

qint64 SidekiqFleet::beatMs(quint32) const
{
    return scaled(isSeven() ? 10'000 : 5'000);
}

QByteArray SidekiqFleet::infoOf(const SimProcess &process) const
{
    QJsonArray served;
    QJsonObject weights;
    for (const QByteArray &queue : queues()) {
        served.append(QString::fromUtf8(queue));
        weights.insert(QString::fromUtf8(queue), 0);
    }
    QJsonObject info{{QStringLiteral("hostname"), QString::fromUtf8(process.host)},
                     {QStringLiteral("started_at"), double(clock().toWall(process.startedMs)) / 1000.0},
                     {QStringLiteral("pid"), process.pid},
                     {QStringLiteral("tag"), QStringLiteral("shop")},
                     {QStringLiteral("concurrency"), options().slotsPerWorker},
                     {QStringLiteral("queues"), served},
                     {QStringLiteral("labels"), QJsonArray()},
                     {QStringLiteral("identity"), QString::fromUtf8(process.id)}};
    if (isSeven()) {
        info.insert(QStringLiteral("weights"), QJsonArray{weights});
        info.insert(QStringLiteral("version"), QStringLiteral("7.3.9"));
        const qint64 slot = find(process.id);
        info.insert(QStringLiteral("embedded"), slot >= 0 && m_embedded[size_t(slot)]);
    }
    return compact(info);
}

void SidekiqFleet::enroll(quint32 slot)
{
    m_embedded[slot] = false;
    sweep();
    beat(slot);
}

void SidekiqFleet::beat(quint32 slot)
{
    const SimProcess &process = this->process(slot);
    const QByteArray workKey = process.id + ":work";
    if (const quint64 count = std::exchange(m_processed, 0)) {
        const QByteArray day = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyy-MM-dd")).toLatin1();
        send({"INCRBY", "stat:processed", QByteArray::number(count)});
        send({"INCRBY", "stat:processed:" + day, QByteArray::number(count)});
        if (const quint64 failed = std::exchange(m_failed, 0)) {
            send({"INCRBY", "stat:failed", QByteArray::number(failed)});
            send({"INCRBY", "stat:failed:" + day, QByteArray::number(failed)});
        }
    }
    send({"MULTI"});
    send({"UNLINK", workKey});
    for (const SimJob &job : process.jobs) {
        const QJsonObject work{{QStringLiteral("queue"), QString::fromUtf8(job.queue)},
                               {QStringLiteral("payload"), QStringLiteral("{}")},
                               {QStringLiteral("run_at"), clock().toWall(job.startedMs) / 1000}};
        constexpr int threadDigits = 4;
        send({"HSET", workKey, job.id.first(threadDigits), compact(work)});
    }
    send({"EXPIRE", workKey, ttlWord(processTtlMs)});
    send({"EXEC"});

    constexpr double oneKib = 1024;
    const auto memory = qint64(random().between(90, 240, SeededRandom::Use::Host, slot) * oneKib);
    send({"MULTI"});
    send({"SADD", processesKey, process.id});
    send({"EXISTS", process.id});
    send({"HSET", process.id, "info", infoOf(process), "busy", QByteArray::number(qint64(process.jobs.size())), "beat",
          QByteArray::number(wallSeconds(), 'f', 6), "rtt_us", QByteArray::number(120 + slot % 90), "quiet",
          process.quiet ? "true" : "false", "rss", QByteArray::number(memory)});
    send({"EXPIRE", process.id, ttlWord(processTtlMs)});
    send({"RPOP", process.id + "-signals"});
    send({"EXEC"}, [this, slot, life = process.life](const RedisAnswer &answer) {
        constexpr int signalAt = 4;
        const SimProcess &now = this->process(slot);
        if (answer.ok() && answer.reply.at(signalAt).isText() && now.running && now.life == life && !isStopping())
            obeySignal(slot, answer.reply.at(signalAt).bytes().toByteArray());
    });
}

void SidekiqFleet::obeySignal(quint32 slot, const QByteArray &signal)
{
    SimProcess &process = this->process(slot);
    if (m_embedded[slot])
        return; // Taken from the list and ignored.
    if (signal == "TSTP") {
        process.quiet = true; // The next beat says so.
    } else if (signal == "TERM") {
        requestStop(slot);
    } else if (signal == "TTIN") {
        emit said("dump " + process.id);
    } else {
        emit complained(QStringLiteral("heartbeat: unsupported signal `SIG%1'").arg(QString::fromUtf8(signal)));
    }
}

void SidekiqFleet::leave(quint32 slot)
{
    const QByteArray &id = process(slot).id;
    send({"SREM", processesKey, id});
    send({"UNLINK", id + ":work"});
}

void SidekiqFleet::loseKeys(quint32 slot)
{
    const QByteArray &id = process(slot).id;
    send({"SREM", processesKey, id});
    send({"DEL", id, id + ":work", id + "-signals"});
}

void SidekiqFleet::sweep()
{
    send({"SET", "process_cleanup", "1", "NX", "EX", ttlWord(processTtlMs)}, [this](const RedisAnswer &mine) {
        if (!mine.ok() || mine.reply.isNil() || isStopping())
            return;
        send({"SMEMBERS", processesKey}, [this](const RedisAnswer &members) {
            for (int i = 0; members.ok() && !isStopping() && i < members.reply.size(); ++i) {
                const QByteArray id = members.reply.at(i).bytes().toByteArray();
                send({"HEXISTS", id, "info"}, [this, id](const RedisAnswer &there) {
                    if (there.ok() && there.reply.toInteger() == 0 && !isStopping())
                        send({"SREM", processesKey, id});
                });
            }
        });
    });
}

void SidekiqFleet::pushJob(const QByteArray &queue)
{
    send({"SADD", "queues", queue});
    // Seconds, as up to 7; what it is about is not simulated.
    constexpr int idDigits = 24;
    const QJsonObject job{{QStringLiteral("class"), QStringLiteral("Job")},
                          {QStringLiteral("args"), QJsonArray()},
                          {QStringLiteral("jid"), QString::fromLatin1(randomHex(idDigits))},
                          {QStringLiteral("queue"), QString::fromUtf8(queue)},
                          {QStringLiteral("created_at"), wallSeconds()},
                          {QStringLiteral("enqueued_at"), wallSeconds()}};
    send({"LPUSH", queueKey(queue), compact(job)});
}

void SidekiqFleet::jobEnded(quint32, const SimJob &, bool failed)
{
    ++m_processed;
    m_failed += failed ? 1 : 0;
}

bool SidekiqFleet::act(const QByteArray &, quint32 slot, std::optional<double>)
{
    m_embedded[slot] = true; // "embed" is the only one.
    return true;
}

} // namespace pulsedeck::fleet
