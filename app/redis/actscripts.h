// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/scriptcall.h"

namespace pulsedeck {

/// How a system carries out commands: the guarded script of each act, the rights these need, and what is looked up of a command
/// whose answer never came. Values and requests only; the caller keeps the order and the answers.
class ActScripts
{
public:
    struct Right
    {
        const char *keys = nullptr; ///< "worker:*": the keys it is needed for, or the channels.
        QByteArray key;
        std::vector<QByteArray> words; ///< A command on the key that changes nothing, as what it names does not exist.
        bool audible = false; ///< It publishes: others could receive it.
    };

    virtual ~ActScripts() = default;

    /// \a now: the console's clock, ms.
    virtual ScriptCall scriptFor(const Command &command, qint64 now) const = 0;
    /// The outcome that the script's answer reports; command, source and time are left to the caller.
    virtual CommandProgress decode(Act act, const RedisAnswer &answer, const RedisUrl &url) const = 0;
    /// Each right that any act needs, tried with a worker \a absent, which does not exist.
    virtual std::vector<Right> rights(const QByteArray &absent) const = 0;
    /// Those an act needs, as places in rights(). Empty: there is no such act.
    virtual std::vector<int> rightsFor(Act act) const = 0;
    bool carriesOut(Act act) const { return !rightsFor(act).empty(); }
    /// Answers once what is there now (Found), or Unknown. \a careful: a value may be larger than a reply may be, so sizes are
    /// asked first.
    virtual void lookUp(RedisConnection &connection, const Command &command, bool careful,
                        std::function<void(const CommandProgress &)> then) const = 0;
};

} // namespace pulsedeck
