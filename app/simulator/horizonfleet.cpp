// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/horizonfleet.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck::fleet {

namespace {

constexpr char horizonPrefix[] = "app_horizon:";
constexpr char commandClass[] = "Laravel\\Horizon\\SupervisorCommands\\";
constexpr qint64 masterTtlMs = 15'000;
constexpr qint64 supervisorTtlMs = 30'000;
constexpr qint64 masterLimitMs = 14'000; // Its own rule of who is alive.
constexpr qint64 supervisorLimitMs = 29'000;
constexpr qint64 noticeMs = 2'000; // Until supervisors see that their master is dead.

QByteArray horizonKey(const char *word, const QByteArray &name = {})
{
    return horizonPrefix + QByteArray(word) + name;
}

} // namespace

HorizonFleet::HorizonFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
    , m_supervisors(size_t(options.workers))
{ }

QByteArray HorizonFleet::nameProcess(quint32 slot)
{
    constexpr int randomLetters = 4;
    return process(slot).host + '-' + randomHex(randomLetters);
}

qint64 HorizonFleet::beatMs(quint32) const
{
    return scaled(1000);
}

void HorizonFleet::enroll(quint32 slot)
{
    m_supervisors[slot].clear();
    int number = 0;
    for (const QByteArray &queue : queues()) {
        Supervisor supervisor;
        supervisor.name = process(slot).id + ":supervisor-" + QByteArray::number(++number);
        supervisor.queue = queue;
        supervisor.pid = ++m_lastPid;
        supervisor.processes = options().slotsPerWorker;
        m_supervisors[slot].push_back(supervisor);
    }
    beat(slot);
}

void HorizonFleet::beat(quint32 slot)
{
    const SimProcess &master = process(slot);
    const QByteArray now = QByteArray::number(wallSeconds(), 'f', 4);
    QJsonArray names;
    for (const Supervisor &supervisor : m_supervisors[slot]) {
        if (!supervisor.gone)
            names.append(QString::fromUtf8(supervisor.name));
    }
    send({"HSET", horizonKey("master:", master.id), "name", master.id, "environment", "production", "pid",
          QByteArray::number(master.pid), "status", master.quiet ? "paused" : "running", "supervisors",
          QJsonDocument(names).toJson(QJsonDocument::Compact)});
    send({"ZADD", horizonKey("masters"), now, master.id});
    send({"EXPIRE", horizonKey("master:", master.id), ttlWord(masterTtlMs)});
    for (const Supervisor &supervisor : m_supervisors[slot]) {
        if (!supervisor.gone)
            writeSupervisor(master, supervisor);
    }
    // Each master that loops removes what is too old.
    const auto limit = [this](qint64 ms) { return QByteArray::number(wallSeconds() - double(scaled(ms)) / 1000.0, 'f', 4); };
    send({"ZREMRANGEBYSCORE", horizonKey("masters"), "-inf", '(' + limit(masterLimitMs)});
    send({"ZREMRANGEBYSCORE", horizonKey("supervisors"), "-inf", '(' + limit(supervisorLimitMs)});
    readCommands(slot, horizonKey("commands:master:", master.id),
                 [this, slot](const QString &command, const QJsonObject &) { obeyAsMaster(slot, command); });
    for (size_t i = 0; i < m_supervisors[slot].size(); ++i) {
        if (m_supervisors[slot][i].gone)
            continue;
        readCommands(
            slot, horizonKey("commands:", m_supervisors[slot][i].name),
            [this, slot, i](const QString &command, const QJsonObject &values) { obeyAsSupervisor(slot, i, command, values); });
    }
}

void HorizonFleet::writeSupervisor(const SimProcess &master, const Supervisor &supervisor)
{
    const QString queue = QString::fromUtf8(supervisor.queue);
    const QJsonObject processes{{u"redis:"_s + queue, supervisor.processes}};
    const QJsonObject settings{{u"queue"_s, queue}, {u"maxProcesses"_s, supervisor.processes}, {u"timeout"_s, 60}};
    const QByteArray hash = horizonKey("supervisor:", supervisor.name);
    send({"HSET", hash, "name", supervisor.name, "master", master.id, "pid", QByteArray::number(supervisor.pid), "status",
          supervisor.paused || master.quiet ? "paused" : "running", "processes",
          QJsonDocument(processes).toJson(QJsonDocument::Compact), "options",
          QJsonDocument(settings).toJson(QJsonDocument::Compact)});
    send({"ZADD", horizonKey("supervisors"), QByteArray::number(wallSeconds(), 'f', 4), supervisor.name});
    send({"EXPIRE", hash, ttlWord(supervisorTtlMs)});
}

void HorizonFleet::removeSupervisor(const Supervisor &supervisor)
{
    send({"DEL", horizonKey("supervisor:", supervisor.name)});
    send({"ZREM", horizonKey("supervisors"), supervisor.name});
}

void HorizonFleet::readCommands(quint32 slot, const QByteArray &list,
                                std::function<void(const QString &command, const QJsonObject &)> obey)
{
    send({"MULTI"});
    send({"LRANGE", list, "0", "-1"});
    send({"DEL", list});
    send({"EXEC"}, [this, slot, life = process(slot).life, obey = std::move(obey)](const RedisAnswer &answer) {
        const RedisReply commands = answer.reply.at(0);
        for (int i = 0; answer.ok() && i < commands.size(); ++i) {
            if (process(slot).life != life || !process(slot).running || isStopping())
                return;
            const QJsonObject object = QJsonDocument::fromJson(commands.at(i).bytes().toByteArray()).object();
            const QString name = object.value(u"command"_s).toString();
            const QString start = QString::fromLatin1(commandClass);
            if (name.startsWith(start))
                obey(name.mid(start.size()), object.value(u"options"_s).toObject());
            else
                emit complained(u"%1: the command cannot be carried out"_s.arg(QString::fromUtf8(process(slot).id)));
        }
    });
}

void HorizonFleet::obeyAsMaster(quint32 slot, const QString &command)
{
    if (command == u"Pause")
        process(slot).quiet = true;
    else if (command == u"ContinueWorking")
        process(slot).quiet = false;
    else if (command == u"Terminate")
        requestStop(slot);
}

void HorizonFleet::obeyAsSupervisor(quint32 slot, size_t index, const QString &command, const QJsonObject &values)
{
    Supervisor &supervisor = m_supervisors[slot][index];
    if (command == u"Pause") {
        supervisor.paused = true;
    } else if (command == u"ContinueWorking") {
        supervisor.paused = false;
    } else if (command == u"Scale") {
        supervisor.processes = qMax(1, values.value(u"scale"_s).toInt());
    } else if (command == u"Restart" || (command == u"Terminate" && values.value(u"status"_s).toInt() != 0)) {
        supervisor.pid = ++m_lastPid; // Its master starts it again.
    } else if (command == u"Terminate") {
        supervisor.gone = true;
        removeSupervisor(supervisor);
    }
}

void HorizonFleet::leave(quint32 slot)
{
    loseKeys(slot);
}

void HorizonFleet::loseKeys(quint32 slot)
{
    send({"DEL", horizonKey("master:", process(slot).id)});
    send({"ZREM", horizonKey("masters"), process(slot).id});
    for (const Supervisor &supervisor : m_supervisors[slot])
        removeSupervisor(supervisor);
}

/// The supervisors notice, end and remove themselves; what is written for the master is left to others.
void HorizonFleet::killed(quint32 slot, const std::vector<SimJob> &)
{
    QTimer::singleShot(int(scaled(noticeMs)), this, [this, supervisors = m_supervisors[slot]] {
        for (const Supervisor &supervisor : supervisors) {
            if (!isStopping())
                removeSupervisor(supervisor);
        }
    });
}

void HorizonFleet::pushJob(const QByteArray &queue)
{
    send({"RPUSH", queueKey(queue), "{}"});
}

void HorizonFleet::popJob(const QByteArray &queue, RedisConnection::Handler handler)
{
    send({"LPOP", queueKey(queue)}, std::move(handler));
}

bool HorizonFleet::mayTake(quint32 slot, const QByteArray &queue) const
{
    for (const Supervisor &supervisor : m_supervisors[slot]) {
        if (supervisor.queue == queue && !supervisor.gone && !supervisor.paused)
            return SystemFleet::mayTake(slot, queue);
    }
    return false;
}

} // namespace pulsedeck::fleet
