// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/scriptcall.h"

#include <optional>

namespace pulsedeck {

/// How it is seen that a command was read. A value.
struct PickUpProof
{
    ScriptCall call; ///< Reads, and answers {'looked', …, 1 or 0 of each group}: any 1 proves it.
    qint64 withinMs = 0; ///< It is read within so long; 0: not known.
    qint64 lastsMs = 0; ///< Nothing found after so long says anything: what was written has expired. 0: it does not.
    bool shows = true; ///< What proves it stays to be seen; else it is only that what was written is gone.
};

/// How a system carries out commands: the guarded script of each act, the rights these need, and what is looked up of a command
/// whose answer never came. Values and requests only; the caller keeps the order and the answers.
class ActScripts
{
public:
    struct Right
    {
        QByteArray keys; ///< "worker:*": the keys it is needed for, or the channels.
        QByteArray key; ///< One that the script is called with; may be empty.
        std::vector<QByteArray> words; ///< A command on the key that changes nothing, as what it names does not exist.
        bool audible = false; ///< It publishes: others could receive it.
        bool askOnly = false; ///< There is no form of it that changes nothing: where it cannot be asked about it is not tried.
    };

    virtual ~ActScripts() = default;

    /// What becomes of a command: first once what the script's answer, or whatever stands for it, says; where more is seen
    /// later by whoever carries it out, that as PickedUp or NotObeyed. \a answered: the server has answered.
    using Report = std::function<void(const CommandProgress &progress, bool answered)>;

    /// SourceTraits::layout of the system.
    virtual QString system() const { return QStringLiteral("playwright"); }

    /// One script, unless a system has no use for one: then this is another conversation, \a report outlives it, and scriptFor()
    /// and decode() are not called. \a report is called from the event loop.
    virtual void carryOut(RedisConnection &connection, const Command &command, const RedisUrl &url, qint64 now,
                          const Report &report) const
    {
        scriptFor(command, now).send(connection, [this, act = command.act, url, report](const RedisAnswer &answer) {
            report(decode(act, answer, url), answer.ok());
        });
    }
    /// Whether it needs EVAL: its rights are tried in a script then, and by themselves otherwise.
    virtual bool usesScripts() const { return true; }
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
    /// How to see that a worker has read a command that was written; nothing if that is not to be seen here.
    virtual std::optional<PickUpProof> proofFor(const Command &) const { return std::nullopt; }
    /// The words that would be written, a line for each write, for people. Never a secret. Empty where that is not told.
    virtual QStringList bytesFor(const Command &) const { return {}; }
};

} // namespace pulsedeck
