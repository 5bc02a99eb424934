// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace pulsedeck {

/// What else is known of a command, besides its stage and refusal. Code compares these; commandNoteText() has the words.
enum class CommandNote : quint8 {
    None,
    // Before it was sent:
    SourceRemovedUnsent,
    SourceRemoved, ///< After it was sent.
    WithdrawnUnsent,
    EarlierRun, ///< Given by an earlier run of the console, and its answer is not known.
    Reordered, ///< A drain that was forgotten: another drain takes its place.
    // A withdrawal came too late, or a resume is not possible:
    DrainsAlready,
    CannotRecall, ///< It was announced.
    AnnouncedAndHeard,
    MaybeHeard, ///< Another operator gave it, and the worker may have heard it.
    AnnouncedAndLeaves,
    MaybeRead,
    KeyGone,
    CommandKeyGone,
    // The server's answer:
    PublishNotPermitted,
    PublishRefused,
    UnknownAnswer,
    // What the worker shows:
    KeyLost,
    KeyLostAndBack,
    ReadWhileDraining,
    ReadUnseen,
    VanishedUnread,
    ByOther,
    StaleWhenRemoved,
    DeadWhenRemoved,
    WentUnseen,
    NeverCameBack,
    ReadLate,
    WentLate,
    KeyBack,
    // Actors of hubs:
    Answered,
    NotAnswered, ///< Delivered, and the time to answer is over.
    ActorRefused, ///< More of it stands behind a colon.
    NoAnswerPossible, ///< Delivered, and this console's address is not registered with the hub.
    RegistrationRanOut, ///< It had answered.
    ExpiredUnanswered,
    WentUnanswered,
    WentAnswered,
    // Looked up after a loss:
    FoundRegistered,
    FoundUnregistered,
    FoundNoKeyYet,
    FoundAvailable,
    FoundNotResumed,
    FoundKey,
    FoundCountersLeft,
    FoundCountersGone,
    FoundKeyLeft,
    FoundKeyGone,
    FoundGone,
    FoundDrainedOrGone,
    FoundOtherCommand,
    FoundDraining,
    FoundCommand,
    FoundDrainingBefore,
    FoundTimeOver,
    FoundNoCommand,
    FoundOwnDrain,
    FoundResumed,
    FoundOtherDrain,
    FoundNoDrain,
    FoundStillThere,
    FoundWithdrawn,
    WentUnwatched,
    // Acts on queues and fleets, and those that nothing of the worker shows:
    FoundAsWritten,
    FoundNotWritten,
    // Commands that are left for a worker to take:
    PickedUpAlready, ///< A withdrawal came too late.
    NothingWasLeft, ///< The same where it is not known whether there was any: for a worker that is gone, or of an earlier run.
    HeardNotObeyed,
    HeardAndDeaf, ///< And it is idle: its listening thread has ended.
    TakenNotDraining, ///< It was picked up, and is not seen to drain in the time that takes.
    WentUnread,
    DiedUnread,
    TakenUnseen, ///< Its time is over, and whether it was taken was not seen.
    FoundWaiting,
    FoundPickedUp,
    FoundTakenOrNot,
    TakenOrWithdrawn, ///< It is not where it was left: picked up, or withdrawn by someone else.
    ResumedOrBegan, ///< It drained and works again: another operator resumed it, or it began again, which looks the same.
};

/// "it is already draining": a clause for brackets behind the stage. Empty for None.
QString commandNoteText(CommandNote note);
/// The word for the journal: "drains-already".
QString commandNoteName(CommandNote note);
std::optional<CommandNote> commandNoteFromName(QStringView name);
/// The note with these words: entries that earlier versions wrote into the journal have no names of notes.
std::optional<CommandNote> commandNoteFromText(QStringView text);

/// Whether it says that an actor was given a message and has not answered.
constexpr bool saysUnanswered(CommandNote note)
{
    return note == CommandNote::NotAnswered || note == CommandNote::NoAnswerPossible;
}

/// A note with its words, or words alone where a system said them itself. One line, never a secret.
struct CommandRemark
{
    CommandNote note = CommandNote::None; ///< What code asks for.
    QString text; ///< What is shown; may be empty.

    /// \a more: the system's own words, behind a colon.
    void setNote(CommandNote given, const QString &more = {})
    {
        note = given;
        text = more.isEmpty() ? commandNoteText(given) : QString(commandNoteText(given) + QStringLiteral(": ") + more);
    }
    void setText(const QString &words)
    {
        note = CommandNote::None;
        text = words;
    }
    void setRemark(const CommandRemark &other) { *this = other; }
    bool saysNothing() const { return note == CommandNote::None && text.isEmpty(); }
};

} // namespace pulsedeck
