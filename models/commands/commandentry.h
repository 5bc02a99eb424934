// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/command.h"

namespace pulsedeck {

class FleetStore;

/// Where a command stands on its ladder, or how it ended.
enum class CommandStage : quint8 {
    Queued, ///< In a rolling shutdown: its turn has not come, nothing was written.
    Requested, ///< On its way: being recorded in the journal, or sent and not answered.
    Written, ///< The command key is set (shut down), or the status is draining (drain).
    Announced, ///< Published; receivers tells to how many.
    PickedUp, ///< The worker says draining, or the actor answered: the only proof of receipt.
    Emptying, ///< Draining, and its active sessions fall.
    Overdue, ///< Draining for longer than the drain timeout; still watched, may still go.
    Forgotten, ///< Says available again though it drains; still watched, may still go.
    Unknown, ///< The connection was lost before the answer; looked up after the reconnect, never repeated.
    // Ends:
    Gone, ///< The key is gone after it was picked up (or an idle worker left faster than could be seen), or the registration
          ///< after it was delivered: success of a shutdown.
    Done, ///< Success of every other act; a drain when no session is left, or when an actor has accepted it.
    Delivered, ///< A hub wrote it to the actor's socket. Whether it was handled is not known; an answer or its going still moves
               ///< it on.
    Lost, ///< The key expired after the command was given: the worker died before it was through.
    ExpiredUnread, ///< The command key's TTL ran out before the worker read it.
    Withdrawn, ///< Taken back in time; a drain: resumed.
    TooLate, ///< Only for Act::Cancel: the command was read already.
    Refused, ///< Nothing was done; refusal and text say why.
    Skipped, ///< Taken out of a rolling shutdown by the operator, or left when it was stopped. Nothing was written.
    Undone, ///< Only a drain: the worker registered again and takes sessions; it never knew of the drain, and stays.
};
constexpr int stageCount = int(CommandStage::Undone) + 1;

constexpr bool isEnd(CommandStage stage)
{
    return stage >= CommandStage::Gone;
}
constexpr bool isSuccess(CommandStage stage)
{
    return stage == CommandStage::Gone || stage == CommandStage::Done;
}
/// Which part of a group's bar a stage is counted in.
enum class StagePart : quint8 { Success, Draining, Sent, Problem, Undone, Queued };
enum class CommandTone : quint8 { Ordinary, Accent, Drain, Late, Stale, Zombie, Gone };
constexpr int commandToneCount = int(CommandTone::Gone) + 1;

/// A row of the table of stages. Words are English; the functions below translate them.
struct StageRow
{
    enum Flag : quint8 {
        Problem = 1, ///< An end or a state that somebody should look at.
        Pauses = 2, ///< A rolling shutdown pauses for it.
        Noted = 4, ///< A row of the list says it at its end.
    };
    CommandStage id;
    const char *name; ///< For JSON and the journal: "picked-up".
    const char *text; ///< "picked up".
    StagePart part;
    CommandTone tone; ///< Ordinary for what goes as it should.
    CommandMark mark;
    quint8 flags;
    const char *ofMany = nullptr; ///< What is said of a group's commands; null: the text.
};
const StageRow &stageRow(CommandStage stage);

/// "queued", "requested", "written", "announced", "picked up", "emptying", "overdue", "drain forgotten", "unknown", "gone",
/// "done", "delivered", "lost", "expired unread", "withdrawn", "too late", "refused", "skipped", "drain undone".
QString stageText(CommandStage stage);
/// The word for JSON and the journal, with hyphens: "picked-up".
QString stageName(CommandStage stage);
std::optional<CommandStage> stageFromName(QStringView name);
/// Of several at that stage: "sent, not read yet".
QString groupText(CommandStage stage);

/// One command in the ledger with everything that is known of it. Times are the console's clock in ms, 0 for "not (yet)". The
/// remark holds what else is known, in one line.
struct CommandEntry : CommandRemark
{
    Command command;
    CommandStage stage = CommandStage::Requested;
    bool theirs = false; ///< Seen in Redis: another operator's or the proxy's; command.by is who, or empty if nobody can know.
    bool unrecorded = false; ///< The journal could not take it.
    bool timesFound = false; ///< Its times are those of a look-up after a loss: when it was written or picked up nobody saw.
    bool actor =
        false; ///< To an actor of a hub: a message. writtenAt is when the hub had delivered it, and there is no command key.
    QString sourceName;
    QString type; ///< Browser type, empty if none.
    QByteArray host;
    WorkerHandle handle = noWorker; ///< Only as long as the store shows the worker: check serial.
    quint32 serial = 0; ///< Worker::serial.
    qint64 requestedAt = 0;
    qint64 writtenAt = 0;
    qint64 announcedAt = 0;
    qint64 pickedUpAt = 0;
    qint64 emptiedAt = 0; ///< When the last session ended.
    qint64 endedAt = 0; ///< When stage became an end; a worker that goes later than Overdue or Forgotten ends as Gone.
    qint64 commandUntil = 0; ///< When the command key expires.
    qint64 overdueAt = 0; ///< When it became Overdue.
    qint64 forgottenAt = 0;
    qint64 cancelAskedAt = 0;
    qint64 tooLateAt = 0; ///< An attempt to withdraw came too late.
    qint64 lookedUpAt = 0; ///< An actor's command that is Unknown: the actor is registered, and nothing more can be found out.
    qint32 receivers = unknownValue;
    qint32 sessionsBefore = unknownValue; ///< When it was requested.
    qint32 sessionsLeft = unknownValue;
    qint32 sessionsCut = unknownValue; ///< Sessions still open when it went; 0 for none, unknownValue if not known.
    Refusal refusal = Refusal::None;

    /// What the store shows of who the command is for.
    void takeWorker(const FleetStore &store, WorkerHandle shown);
    /// As many as it has now: when it is requested.
    void takeSessions(const Worker &worker);

    bool isOpen() const { return !isEnd(stage); }
    /// Whether its worker takes no other command for it: what can never be found out stands in nobody's way.
    bool isInTheWay() const { return isOpen() && lookedUpAt == 0; }
    /// Whether a withdrawal can still succeed, as far as this console knows.
    bool canCancel() const
    {
        const bool unheard = stage == CommandStage::Written || (stage == CommandStage::Announced && receivers == 0);
        return unheard && tooLateAt == 0 && isShutdown(command.act);
    }
};

/// Why nothing was done, in the words of a key or of a registration: "key gone", "not registered", "refused by the actor".
QString refusalText(const CommandEntry &entry);

/// Commands given together.
struct CommandGroup
{
    QUuid id;
    Act act = Act::Shutdown;
    QString by;
    QString reason;
    qint64 startedAt = 0;
    qint64 endedAt = 0; ///< 0 while any of them is open.
    qint64 deliveredAt = 0; ///< When a hub delivered the last of them, 0 if none: answers are awaited from then on.
    bool theirs = false;
    bool rolling = false;
    int actors = 0; ///< Of its entries: commands to actors of hubs.
    std::array<int, stageCount> counts{}; ///< Of its entries, by stage.
    std::vector<quint64> entries; ///< CommandLedger keys, in order of issue.

    int total() const { return int(entries.size()); }
    int ended() const;
    int succeeded() const;
};

} // namespace pulsedeck
