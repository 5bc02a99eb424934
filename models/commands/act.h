// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <array>
#include <optional>

namespace pulsedeck {

/// What an operator can do to a worker. How each is written stands in docs/commands.md.
enum class Act : quint8 {
    Shutdown, ///< At the next heartbeat: the command key is set. Can be withdrawn until the worker reads it.
    ShutdownNow, ///< The same, and announced on the worker's channel: cannot be taken back.
    Drain, ///< Status draining: no new sessions, stays up. Resume takes it back.
    Resume, ///< Takes back a drain that was ordered from a console.
    Cancel, ///< Withdraws a shutdown command that nobody has read yet.
    Reap, ///< Removes the counters of a worker whose key is gone, by the reaper's own rule.
    RemoveKey, ///< Removes a worker key without TTL whose heartbeat has not moved.
};
constexpr int actCount = 7;
constexpr std::array<Act, actCount> allActs{Act::Shutdown, Act::ShutdownNow, Act::Drain,    Act::Resume,
                                            Act::Cancel,   Act::Reap,        Act::RemoveKey};

/// A shutdown, whichever way it is given.
constexpr bool isShutdown(Act act)
{
    return act == Act::Shutdown || act == Act::ShutdownNow;
}

/// The word for JSON, the journal and pulsedeckctl: "shutdown", "shutdown-now", "drain", "resume", "cancel", "reap",
/// "remove-key".
QString actName(Act act);
std::optional<Act> actFromName(QStringView name);
/// For a menu or a sentence: "Shut down at next heartbeat", "Shut down now", "Drain", "Resume", "Cancel command",
/// "Reap", "Remove key".
QString actTitle(Act act);

/// What a source can and may carry out, found out without changing anything. A value.
struct CommandRights
{
    bool known = false; ///< False while not asked: nothing is claimed then.
    std::array<QString, actCount>
        denied; ///< Why the act is not possible ("SET on worker:cmd:* is not permitted"); empty if it is.
    QStringList missing; ///< The rights this account lacks for any act, each once ("SET on worker:cmd:*").
    bool replica = false; ///< The server is a replica and takes no command at all.

    const QString &whyNot(Act act) const { return denied[size_t(act)]; }
    bool operator==(const CommandRights &) const = default;
};

} // namespace pulsedeck
