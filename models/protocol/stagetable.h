// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/act.h"

#include <QString>

#include <optional>

namespace pulsedeck {

/// Where a command stands on its ladder, or how it ended.
enum class CommandStage : quint8 {
    Queued, ///< In a rolling shutdown: its turn has not come, nothing was written.
    Requested, ///< On its way: being recorded in the journal, or sent and not answered.
    Written, ///< The command key is set (shut down), or the status is draining (drain).
    Announced, ///< Published; receivers has how many.
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
    Withdrawn, ///< Withdrawn in time; a drain: resumed.
    TooLate, ///< Only for Act::Cancel: the command was read already.
    Refused, ///< Nothing was done; refusal and text say why.
    Skipped, ///< Taken out of a rolling shutdown by the operator, or left when it was stopped. Nothing was written.
    Undone, ///< Only a drain: the worker registered again and takes sessions; it never knew of the drain, and stays.
    NotObeyed, ///< A process heard it, and nothing came of it. Should it be obeyed after all, it moves on.
};
constexpr int stageCount = int(CommandStage::NotObeyed) + 1;

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

/// The words for a stage, in English: for a worker with a key; for a drain, and for an actor of a hub, where they differ. %1, %2
/// … are places for values; each has the same number in all three.
struct StageWords
{
    const char *plain = nullptr;
    const char *drain = nullptr; ///< Null: as plain.
    const char *registered = nullptr; ///< Null: as the others.

    bool isEmpty() const { return !plain && !drain && !registered; }
    /// In the user's language; empty if there are none.
    QString text(bool drain, bool registers) const;
};

/// A row of the table of stages: all words and properties of a stage. Words are English; the functions below translate them.
struct StageRow
{
    enum Flag : quint8 {
        Problem = 1, ///< An end or a state that needs attention.
        Pauses = 2, ///< A rolling shutdown pauses for it.
        Noted = 4, ///< A row of the list says it at its end.
        Repeatable = 8, ///< It had no effect: the same command can be given again.
        Concluding = 16, ///< The last column of the list says it.
        Timed = 32, ///< pulsedeckctl says after how long.
        Counted = 64, ///< pulsedeckctl says how many sessions are open.
    };
    CommandStage id;
    const char *name; ///< For JSON and the journal: "picked-up".
    const char *text; ///< "picked up".
    StagePart part;
    CommandTone tone = CommandTone::Ordinary; ///< Ordinary for what goes as it should.
    CommandMark mark;
    quint8 flags = 0;
    StageWords sentence = {}; ///< For the journal and tool tips. %1: how many sessions are open.
    StageWords brief = {}; ///< In a narrow column; null: the text.
    StageWords line = {}; ///< In a line of pulsedeckctl; null: the text.
    StageWords dock = {}; ///< Below the worker's details. %1: the act, %2: when, and by whom if another console gave it.
    StageWords problem = {}; ///< As a message. %1: the worker, %2: how long the command was kept, %3: why it was refused.
    const char *ofMany = nullptr; ///< For several commands of a group; null: the text.
};
const StageRow &stageRow(CommandStage stage);

/// "queued", "requested", "written", "announced", "picked up", "emptying", "overdue", "drain forgotten", "unknown", "gone",
/// "done", "delivered", "lost", "expired unread", "withdrawn", "too late", "refused", "skipped", "drain undone",
/// "not obeyed".
QString stageText(CommandStage stage);
/// The word for JSON and the journal, with hyphens: "picked-up".
QString stageName(CommandStage stage);
std::optional<CommandStage> stageFromName(QStringView name);
/// Of several at that stage: "sent, not read yet".
QString groupText(CommandStage stage);

} // namespace pulsedeck
