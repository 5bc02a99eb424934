// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fleet/fleetprocess.h"

#include <QDeadlineTimer>

#include <algorithm>
#include <csignal>

namespace pulsedeck {

namespace {

constexpr int processLimitMs = 30'000;

} // namespace

FleetProcess::~FleetProcess()
{
    if (isRunning()) {
        m_process.kill();
        m_process.waitForFinished(processLimitMs);
    }
}

QString FleetProcess::program()
{
    return QStringLiteral(PULSEDECK_FLEET_PROGRAM);
}

bool FleetProcess::start(const QStringList &arguments)
{
    m_process.setProgram(program());
    m_process.setArguments(arguments);
    m_process.start();
    return m_process.waitForStarted(processLimitMs);
}

bool FleetProcess::startRegistered(const RedisServer &server, const QStringList &arguments)
{
    const QString url = QStringLiteral("unix://") + server.url().path;
    return start(QStringList(url) + arguments) && !waitForLine("registered").isEmpty();
}

QByteArray FleetProcess::waitForLine(const QByteArray &prefix)
{
    const QDeadlineTimer deadline(processLimitMs);
    do {
        while (m_process.canReadLine()) {
            const QByteArray line = m_process.readLine().trimmed();
            if (line.startsWith(prefix))
                return line;
        }
    } while (m_process.waitForReadyRead(int(deadline.remainingTime())));
    qWarning("No line beginning with %s; %s", prefix.constData(), errors().constData());
    return {};
}

void FleetProcess::tell(const QByteArray &line)
{
    m_process.write(line + '\n');
}

QByteArray FleetProcess::ask(const QByteArray &line)
{
    tell(line);
    const QByteArray word = line.split(' ').first();
    return waitForLine(word == "status" ? "beats=" : word);
}

QByteArrayList FleetProcess::idsOf(const QByteArray &line)
{
    return ask(line).split(' ').mid(2);
}

QByteArray FleetProcess::idOf(const QByteArray &line)
{
    const QByteArrayList ids = idsOf(line);
    return ids.size() == 1 ? ids.first() : QByteArray();
}

qint64 FleetProcess::figure(const QByteArray &key)
{
    const QByteArray start = key + '=';
    for (const QByteArray &pair : ask("status").split(' ')) {
        if (pair.startsWith(start))
            return pair.mid(start.size()).toLongLong();
    }
    return -1;
}

void FleetProcess::signal(int number)
{
    ::kill(pid_t(m_process.processId()), number);
}

int FleetProcess::waitForEnd()
{
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(processLimitMs))
        return -1;
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

int FleetProcess::stop()
{
    signal(SIGTERM);
    return waitForEnd();
}

QHash<QByteArray, QByteArray> FleetView::worker(const QByteArray &id)
{
    QHash<QByteArray, QByteArray> fields;
    const RedisValue value = ask({"HGETALL", "worker:" + id});
    for (size_t i = 0; i + 1 < value.elements.size(); i += 2)
        fields.insert(value.elements[i].text, value.elements[i + 1].text);
    return fields;
}

QByteArray FleetView::status(const QByteArray &id)
{
    return ask({"HGET", "worker:" + id, "status"}).text;
}

bool FleetView::exists(const QByteArray &id)
{
    return ask({"EXISTS", "worker:" + id}).integer == 1;
}

qint64 FleetView::pttl(const QByteArray &id)
{
    return ask({"PTTL", "worker:" + id}).integer;
}

qint64 FleetView::listeners(const QByteArray &id)
{
    const RedisValue value = ask({"PUBSUB", "NUMSUB", "worker:cmd:" + id});
    return value.elements.size() == 2 ? value.elements[1].integer : -1;
}

std::optional<qint64> FleetView::counter(const QByteArray &hash, const QByteArray &id)
{
    const RedisValue value = ask({"HGET", hash, id});
    if (value.type != RedisValue::Type::Text)
        return std::nullopt;
    return value.text.toLongLong();
}

std::optional<qint64> FleetView::active(const QByteArray &id)
{
    return counter("cluster:active_connections", id);
}

std::optional<qint64> FleetView::lifetime(const QByteArray &id)
{
    return counter("cluster:lifetime_connections", id);
}

QByteArray FleetView::pendingCommand(const QByteArray &id)
{
    return ask({"GET", "worker:cmd:" + id}).text;
}

QByteArrayList FleetView::ids()
{
    QByteArrayList found;
    for (const RedisValue &key : ask({"KEYS", "worker:*"}).elements) {
        if (!key.text.startsWith("worker:cmd:"))
            found.append(key.text.mid(7));
    }
    std::sort(found.begin(), found.end());
    return found;
}

QByteArray FleetView::anyAvailable()
{
    for (const QByteArray &id : ids()) {
        if (status(id) == "available" && listeners(id) == 1)
            return id;
    }
    return {};
}

qint64 FleetView::calls(const QByteArray &command)
{
    for (const QByteArray &line : ask({"INFO", "commandstats"}).text.split('\n')) {
        const QByteArray start = "cmdstat_" + command + ":calls=";
        if (line.startsWith(start))
            return line.mid(start.size(), line.indexOf(',') - start.size()).toLongLong();
    }
    return 0;
}

} // namespace pulsedeck
