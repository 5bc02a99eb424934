// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/scriptrunner.h"

#include <utility>

namespace pulsedeck {

ScriptRunner::ScriptRunner(SourceId source, const RedisUrl &url, const Clock &clock,
                           const std::vector<const ActScripts *> &scripts, Route route, QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_url(url)
    , m_clock(clock)
    , m_route(std::move(route))
    , m_pickUps(new PickUpWatch(clock, this))
{
    for (const ActScripts *one : scripts)
        add(*one);
    connect(m_pickUps, &PickUpWatch::seen, this, [this](const Command &command, CommandProgress::Outcome outcome, bool sure) {
        CommandProgress progress;
        progress.outcome = outcome;
        if (!sure)
            progress.setNote(CommandNote::TakenOrWithdrawn);
        report(command, progress);
        emit answered(command, outcome);
    });
}

void ScriptRunner::add(const ActScripts &scripts)
{
    auto *probe = new RightsProbe(scripts, this);
    const size_t place = m_systems.size();
    m_systems.push_back({&scripts, probe, {}});
    connect(probe, &RightsProbe::finished, this, [this, place](const CommandRights &rights) { takeRights(place, rights); });
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
    m_pickUps->setConnection(connection);
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
    if (!m_writable || !isReady())
        return;
    for (SystemRights &system : m_systems) {
        system.rights = {};
        system.probe->start(*m_connection, false);
    }
}

void ScriptRunner::setRights(const CommandRights &rights)
{
    for (SystemRights &system : m_systems) {
        if (!rights.known)
            system.probe->cancel();
    }
    if (m_rights == rights)
        return;
    m_rights = rights;
    emit rightsChanged();
}

/// They are known when those of all systems are.
void ScriptRunner::takeRights(size_t system, const CommandRights &rights)
{
    m_systems[system].rights = rights;
    if (m_systems.size() == 1) {
        setRights(rights);
        return;
    }
    CommandRights all;
    all.known = all.nothing = true;
    for (const SystemRights &one : m_systems) {
        if (!one.rights.known)
            return;
        all.replica = all.replica || one.rights.replica;
        all.nothing = all.nothing && one.rights.nothing;
        all.missing += one.rights.missing;
        all.ofSystems.emplace(one.scripts->system(), one.rights.denied);
    }
    all.missing.removeDuplicates();
    for (const Act act : allActs) {
        bool permitted = false;
        for (const SystemRights &one : m_systems) {
            const QString &why = one.rights.whyNot(act);
            permitted = permitted || (one.scripts->carriesOut(act) && why.isEmpty());
            if (!why.isEmpty())
                all.denied[size_t(act)] = why;
        }
        if (permitted)
            all.denied[size_t(act)].clear();
    }
    setRights(all);
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
        send(command, m_route(command, nullptr));
    }
}

void ScriptRunner::send(const Command &command, const ActScripts *scripts)
{
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
    scripts->carryOut(*m_connection, command, m_url, m_clock.nowMs(),
                      [self, scripts, command](const CommandProgress &progress, bool answered) {
                          if (self)
                              self->take(command, *scripts, progress, answered);
                      });
}

void ScriptRunner::take(const Command &command, const ActScripts &scripts, const CommandProgress &progress, bool wasAnswered)
{
    using Outcome = CommandProgress::Outcome;
    // It is in its turn still, and may wait under another prefix of the system.
    if (command.act == Act::Cancel && progress.outcome == Outcome::TooLate) {
        if (const ActScripts *next = m_route(command, &scripts)) {
            --m_underWay;
            if (!m_writable)
                refuse(command, Refusal::ReadOnlySource);
            else if (!isReady())
                refuse(command, Refusal::NotConnected);
            else
                send(command, next);
            pump();
            return;
        }
    }
    report(command, progress);
    if (progress.outcome == Outcome::PickedUp || progress.outcome == Outcome::NotObeyed) {
        emit answered(command, progress.outcome); // Seen later by whoever carried it out.
        return;
    }
    --m_underWay;
    follow(command, scripts, progress);
    if (wasAnswered)
        emit answered(command, progress.outcome);
    pump();
}

void ScriptRunner::follow(const Command &command, const ActScripts &scripts, const CommandProgress &progress)
{
    using Outcome = CommandProgress::Outcome;
    if (command.act == Act::Cancel && progress.outcome == Outcome::Done)
        m_pickUps->forget(command);
    const bool waits = progress.outcome == Outcome::Written || (progress.outcome == Outcome::Found && progress.commandPresent);
    if (!waits || command.act == Act::Cancel)
        return;
    std::optional<PickUpProof> proof = scripts.proofFor(command);
    if (!proof)
        return;
    if (progress.outcome == Outcome::Found && progress.commandTtl != unknownValue)
        proof->lastsMs = progress.commandTtl;
    m_pickUps->follow(command, *proof, progress.receivers);
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
        const ActScripts *scripts = isReady() ? m_route(command, nullptr) : nullptr;
        if (!scripts) {
            unknown.text = isReady() ? tr("its system has no commands") : tr("not connected");
            report(command, unknown);
            continue;
        }
        scripts->lookUp(*m_connection, command, careful,
                        [self = QPointer<ScriptRunner>(this), scripts, command](const CommandProgress &found) {
                            if (!self)
                                return;
                            self->report(command, found);
                            self->follow(command, *scripts, found);
                        });
    }
}

} // namespace pulsedeck
