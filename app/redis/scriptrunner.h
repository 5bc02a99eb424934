// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/pickupwatch.h"
#include "app/redis/rightsprobe.h"
#include "models/core/clock.h"

#include <QPointer>

#include <deque>

namespace pulsedeck {

/// Carries out commands on a Redis: one guarded Lua script per command (resources/lua), sent by EVAL, so that no other right is
/// needed to call it and no script has to be loaded. Every command is answered by one progress, and none is sent
/// twice. At most mostUnderWay are sent and not answered; further ones wait here, in order, and are refused when the connection
/// ends or writing is locked before their turn. Lives on the I/O thread, belongs to a RedisSource.
class ScriptRunner final : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostUnderWay = 2'000;

    /// The scripts of the system a command is for; null if that takes no commands. \a after: what was left for a worker that is
    /// not known was not found by these; the next ones, or null. What it returns outlives the runner.
    using Route = std::function<const ActScripts *(const Command &command, const ActScripts *after)>;

    /// \a scripts: those of all systems that take commands; their rights are reported.
    ScriptRunner(SourceId source, const RedisUrl &url, const Clock &clock, const std::vector<const ActScripts *> &scripts,
                 Route route, QObject *parent);

    /// A system more, whose scripts outlive the runner; probeRights() asks for its rights.
    void add(const ActScripts &scripts);
    /// The connection commands go by, or null; the caller owns it. Commands still waiting are refused when it changes.
    void setConnection(RedisConnection *connection);
    /// A connection has been made, or rights may have changed: finds out what is permitted, if writable.
    void probeRights();
    /// The connection is lost: nothing is known of rights any more, and what waits for its turn is refused.
    void connectionLost();
    void setWritable(bool writable);
    const CommandRights &rights() const { return m_rights; }

    void carryOut(const QList<Command> &commands);
    /// \a careful: a field of some worker is larger than a reply may be, so sizes are asked before values.
    void lookUp(const QList<Command> &commands, bool careful);
    /// Emits at once what is collected.
    void flush();

signals:
    /// Once per turn of the event loop, in the order of the answers.
    void progressed(const QList<pulsedeck::CommandProgress> &progress);
    /// Redis has answered this command: the worker's keys have changed, or are not as they were thought to be. Also when it was
    /// seen to be picked up, or not to be obeyed. Comes before progressed().
    void answered(const pulsedeck::Command &command, pulsedeck::CommandProgress::Outcome outcome);
    void rightsChanged();

private:
    bool isReady() const;
    void pump();
    void send(const Command &command, const ActScripts *scripts);
    void take(const Command &command, const ActScripts &scripts, const CommandProgress &progress, bool wasAnswered);
    void refuse(const Command &command, Refusal refusal, const QString &text = {});
    void refuseWaiting(Refusal refusal);
    void report(const Command &command, CommandProgress progress);
    void setRights(const CommandRights &rights);
    void takeRights(size_t system, const CommandRights &rights);
    void follow(const Command &command, const ActScripts &scripts, const CommandProgress &progress);

    const SourceId m_source;
    const RedisUrl m_url;
    const Clock &m_clock;
    const Route m_route;
    /// The rights on the keys of one system.
    struct SystemRights
    {
        const ActScripts *scripts = nullptr;
        RightsProbe *probe = nullptr; ///< A child.
        CommandRights rights;
    };
    std::vector<SystemRights> m_systems;
    PickUpWatch *m_pickUps; ///< A child.
    QPointer<RedisConnection> m_connection;
    std::deque<Command> m_waiting;
    QList<CommandProgress> m_progress;
    CommandRights m_rights;
    int m_underWay = 0;
    bool m_writable = false;
    bool m_flushScheduled = false;
};

} // namespace pulsedeck
