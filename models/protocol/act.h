// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QtGlobal>

#include <array>
#include <map>
#include <optional>

namespace pulsedeck {

struct Worker;

/// What an operator can do to a worker, a queue or a fleet. How each is written stands in docs/commands.md.
enum class Act : quint8 {
    Shutdown, ///< At the next heartbeat: the command key is set. Can be withdrawn until the worker reads it.
    ShutdownNow, ///< The same, and announced on the worker's channel: cannot be undone.
    Drain, ///< Status draining: no new sessions, stays up. Resume undoes it.
    Resume, ///< Undoes a drain that was ordered from a console.
    Cancel, ///< Withdraws a shutdown command that has not been read yet.
    Reap, ///< Removes the counters of a worker whose key is gone, by the reaper's own rule.
    RemoveKey, ///< Removes a worker key without TTL whose heartbeat has not moved.
    // Only of systems that have them:
    Dump, ///< The worker writes what its threads do into its own log.
    KillJob, ///< The process of the running job is killed: the job fails, the worker stays.
    PauseFleet, ///< No worker of the system takes a new job until ResumeFleet.
    ResumeFleet,
    PauseQueue, ///< No worker takes a job from the queue until ResumeQueue.
    ResumeQueue,
};
constexpr int actCount = int(Act::ResumeQueue) + 1;
constexpr std::array<Act, actCount> allActs{Act::Shutdown,    Act::ShutdownNow, Act::Drain,      Act::Resume,  Act::Cancel,
                                            Act::Reap,        Act::RemoveKey,   Act::Dump,       Act::KillJob, Act::PauseFleet,
                                            Act::ResumeFleet, Act::PauseQueue,  Act::ResumeQueue};
/// Those of every system: where one of them is missing, that is worth a word. The others are named only where they are offered.
constexpr std::array<Act, 7> commonActs{Act::Shutdown, Act::ShutdownNow, Act::Drain,    Act::Resume,
                                        Act::Cancel,   Act::Reap,        Act::RemoveKey};

/// What an act applies to.
enum class ActScope : quint8 { Worker, Queue, Fleet };

/// A shutdown, whichever way it is given.
constexpr bool isShutdown(Act act)
{
    return act == Act::Shutdown || act == Act::ShutdownNow;
}

/// What can undo an act.
enum class Undo : quint8 {
    UntilRead, ///< Cancel, until the worker reads the command.
    ByOther, ///< Another act: a drain by Resume, and the other way round.
    ByRepeating, ///< What was withdrawn can be commanded again.
    Never,
};

/// What shows that an act has happened.
enum class Proof : quint8 {
    Gone, ///< The worker is gone after it read its command.
    Draining, ///< Its status is draining, by this command.
    Available, ///< Its status is available.
    CommandGone, ///< The command key is gone and was not read.
    CountersGone,
    KeyGone,
    Taken, ///< It was taken from where it was left; nothing else shows it.
    Written, ///< What was written is there: no operator has to read it first.
};

/// The mark of an act or a stage; the window has a glyph for each.
enum class CommandMark : quint8 {
    Power,
    Draining,
    Play,
    Undo,
    Zombie,
    NoTtl,
    Open,
    Sent,
    Late,
    Warning,
    Unknown,
    Ok,
    Expired,
    Error,
    Off
};
constexpr int commandMarkCount = int(CommandMark::Off) + 1;

/// A row of the table of acts: everything about an act except how a source carries it out. Words are English;
/// the functions below translate them.
struct ActRow
{
    Act id;
    const char *name; ///< For JSON, the journal and pulsedeckctl: "shutdown-now".
    const char *title; ///< For a menu or a sentence: "Shut down at next heartbeat".
    const char *brief = nullptr; ///< In as few words as possible; null: the title.
    const char *verb; ///< For a button, before what it acts on: "Shut down".
    const char *running; ///< For a title, before what it acts on: "Shutting down".
    const char *success; ///< What success is called in the window: "gone".
    const char *done = nullptr; ///< The same in pulsedeckctl, where it says more; null: as in the window.
    const char *wouldBe; ///< pulsedeckctl --dry-run: "would be drained".
    const char *intent; ///< What the journal says of the request. %1: TTL in s, left of it in ms, the heartbeat as shown,
                        ///< the queue and %2 its system, or the system.
    const char *things = nullptr; ///< What it acts on, with their number; null: workers, and actors.
    const char *offer = nullptr; ///< In a menu without a count; null: the title.
    const char *means; ///< What it means for so many workers; a text with a count.
    const char *message = nullptr; ///< To an actor: the type of the message, null if there is none …
    const char *actorMeans = nullptr; ///< … and what that means; a text with a count.
    const char *undoText; ///< What can undo it, in a sentence.
    Undo undo;
    Proof proof;
    CommandMark mark;
    bool (*concerns)(const Worker &worker); ///< Whether it makes sense for such a worker at all; fast, for large sets.
    qint8 capacity = 0; ///< -1: takes workers that take sessions away; 1: brings them back.
};
const ActRow &actRow(Act act);

/// "worker", "queue", "fleet": for JSON and the journal.
QString actScopeName(ActScope scope);
/// Worker for a word that no scope has.
ActScope actScopeFromName(QStringView name);

/// The word for JSON, the journal and pulsedeckctl.
QString actName(Act act);
std::optional<Act> actFromName(QStringView name);
/// "Shut down at next heartbeat", "Drain".
QString actTitle(Act act);
/// Words of a row in the user's language, as in actText(actRow(act).undoText).
QString actText(const char *words);

/// What a source can and may carry out, determined without changing anything. A value.
struct CommandRights
{
    bool known = false; ///< False while not asked: nothing is claimed then.
    std::array<QString, actCount>
        denied; ///< Why the act is not possible ("SET on worker:cmd:* is not permitted"); empty if it is.
    QStringList missing; ///< The rights this account lacks for any act, each once ("SET on worker:cmd:*").
    bool replica = false; ///< The server is a replica and takes no command at all.
    bool nothing = false; ///< No act at all is possible, for whatever reason.

    /// Where several systems share a source: the same by SourceTraits::layout. In denied then stands what none of them may do.
    std::map<QString, std::array<QString, actCount>> ofSystems;

    const QString &whyNot(Act act) const { return denied[size_t(act)]; }
    const QString &whyNot(Act act, const QString &system) const
    {
        const auto found = ofSystems.find(system);
        return found == ofSystems.end() ? whyNot(act) : found->second[size_t(act)];
    }
    bool operator==(const CommandRights &) const = default;
};

} // namespace pulsedeck
