// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/scriptrunner.h"

#include <utility>

namespace pulsedeck {

ScriptRunner::ScriptRunner(SourceId source, const RedisUrl &url, const Clock &clock, const ActScripts *scripts, Route route,
                           QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_url(url)
    , m_clock(clock)
    , m_route(std::move(route))
{
    if (!scripts)
        return;
    m_probe = new RightsProbe(*scripts, this);
    connect(m_probe, &RightsProbe::finished, this, &ScriptRunner::setRights);
}

bool ScriptRunner::isReady() const
{
    return m_connection && m_connection->state() == RedisConnection::State::Ready;
}

void ScriptRunner::setConnection(RedisConnection *connection)
{
    if (m_connection != connection)
        connectionLost();
    m_connection = connection;
}

void ScriptRunner::connectionLost()
{
    setRights({});
    refuseWaiting(Refusal::NotConnected);
}

void ScriptRunner::setWritable(bool writable)
{
    if (m_writable == writable)
        return;
    m_writable = writable;
    if (writable) {
        probeRights();
        return;
    }
    setRights({});
    refuseWaiting(Refusal::ReadOnlySource);
}

void ScriptRunner::probeRights()
{
    if (m_probe && m_writable && isReady())
        m_probe->start(*m_connection, false);
}

void ScriptRunner::setRights(const CommandRights &rights)
{
    if (!rights.known && m_probe)
        m_probe->cancel();
    if (m_rights == rights)
        return;
    m_rights = rights;
    emit rightsChanged();
}

// Acting --------------------------------------------------------------------------------------------------------------

void ScriptRunner::carryOut(const QList<Command> &commands)
{
    for (const Command &command : commands) {
        if (!m_writable)
            refuse(command, Refusal::ReadOnlySource);
        else if (!isReady())
            refuse(command, Refusal::NotConnected);
        else
            m_waiting.push_back(command);
    }
    pump();
}

void ScriptRunner::pump()
{
    // Not ready any more: the connection's owner reports the loss, and what waits is refused then.
    while (!m_waiting.empty() && m_underWay < mostUnderWay && isReady()) {
        const Command command = std::move(m_waiting.front());
        m_waiting.pop_front();
        send(command);
    }
}

void ScriptRunner::send(const Command &command)
{
    const ActScripts *scripts = m_route(command.worker);
    if (!scripts) {
        refuse(command, Refusal::Server, tr("its system has no commands"));
        return;
    }
    if (!scripts->carriesOut(command.act)) {
        refuse(command, Refusal::NotOffered);
        return;
    }
    ++m_underWay;
    const QPointer<ScriptRunner> self(this);
    scripts->scriptFor(command, m_clock.nowMs()).send(*m_connection, [self, scripts, command](const RedisAnswer &answer) {
        if (self)
            self->take(command, *scripts, answer);
    });
}

void ScriptRunner::take(const Command &command, const ActScripts &scripts, const RedisAnswer &answer)
{
    --m_underWay;
    const CommandProgress progress = scripts.decode(command.act, answer, m_url);
    report(command, progress);
    if (answer.ok())
        emit answered(command, progress.outcome);
    pump();
}

void ScriptRunner::refuse(const Command &command, Refusal refusal, const QString &text)
{
    CommandProgress progress;
    progress.outcome = CommandProgress::Outcome::Refused;
    progress.refusal = refusal;
    progress.text = text;
    report(command, std::move(progress));
}

void ScriptRunner::refuseWaiting(Refusal refusal)
{
    for (const Command &command : std::exchange(m_waiting, {}))
        refuse(command, refusal);
}

void ScriptRunner::report(const Command &command, CommandProgress progress)
{
    progress.command = command.id;
    progress.source = m_source;
    progress.at = m_clock.nowMs();
    m_progress.append(std::move(progress));
    if (m_flushScheduled)
        return;
    m_flushScheduled = true;
    QMetaObject::invokeMethod(
        this, [this] { flush(); }, Qt::QueuedConnection);
}

void ScriptRunner::flush()
{
    m_flushScheduled = false;
    if (!m_progress.isEmpty())
        emit progressed(std::exchange(m_progress, {}));
}

// Looking -------------------------------------------------------------------------------------------------------------

void ScriptRunner::lookUp(const QList<Command> &commands, bool careful)
{
    for (const Command &command : commands) {
        CommandProgress unknown;
        const ActScripts *scripts = isReady() ? m_route(command.worker) : nullptr;
        if (!scripts) {
            unknown.text = isReady() ? tr("its system has no commands") : tr("not connected");
            report(command, unknown);
            continue;
        }
        scripts->lookUp(*m_connection, command, careful,
                        [self = QPointer<ScriptRunner>(this), command](const CommandProgress &found) {
                            if (self)
                                self->report(command, found);
                        });
    }
}

} // namespace pulsedeck
