// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/commandnote.h"

#include "models/core/enumtable.h"

#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// untranslated: the last text of a row is what earlier versions wrote into the journal.
constexpr auto noteRows = std::to_array<WordRow<CommandNote>>({
    {CommandNote::None, "", ""},
    {CommandNote::SourceRemovedUnsent, "source-removed-unsent",
     QT_TRANSLATE_NOOP("CommandNote", "the source was removed before it was sent")},
    {CommandNote::SourceRemoved, "source-removed",
     QT_TRANSLATE_NOOP("CommandNote", "the source was removed; the outcome is not known"),
     "the source was removed; what became of it is not known"},
    {CommandNote::WithdrawnUnsent, "withdrawn-unsent", QT_TRANSLATE_NOOP("CommandNote", "withdrawn before it was sent"),
     "taken back before it was sent"},
    {CommandNote::EarlierRun, "earlier-run", QT_TRANSLATE_NOOP("CommandNote", "sent by an earlier run of the console"),
     "given by an earlier run of the console"},
    {CommandNote::Reordered, "reordered", QT_TRANSLATE_NOOP("CommandNote", "it was forgotten and is sent again"),
     "it was forgotten, and is ordered again"},
    {CommandNote::DrainsAlready, "drains-already", QT_TRANSLATE_NOOP("CommandNote", "it is already draining"),
     "it drains already"},
    {CommandNote::CannotRecall, "cannot-recall", QT_TRANSLATE_NOOP("CommandNote", "it was announced, which cannot be undone"),
     "it was announced, which cannot be taken back"},
    {CommandNote::AnnouncedAndHeard, "announced-and-heard", QT_TRANSLATE_NOOP("CommandNote", "it was announced and received"),
     "it was announced, and somebody heard it"},
    {CommandNote::MaybeHeard, "maybe-heard",
     QT_TRANSLATE_NOOP("CommandNote", "it was sent by somebody else, and the worker may have received it"),
     "somebody else gave it, and the worker may have heard it"},
    {CommandNote::AnnouncedAndLeaves, "announced-and-leaves", QT_TRANSLATE_NOOP("CommandNote", "it was announced and is leaving"),
     "it was announced, and leaves"},
    {CommandNote::MaybeRead, "maybe-read", QT_TRANSLATE_NOOP("CommandNote", "whether the worker has read it is not known"),
     "whether it has read that cannot be told"},
    {CommandNote::KeyGone, "key-gone", QT_TRANSLATE_NOOP("CommandNote", "its key is gone")},
    {CommandNote::CommandKeyGone, "command-key-gone", QT_TRANSLATE_NOOP("CommandNote", "its command key is gone"),
     "its command key is not there any more"},
    {CommandNote::PublishNotPermitted, "publish-not-permitted",
     QT_TRANSLATE_NOOP("CommandNote", "PUBLISH not permitted: the command is read at the next heartbeat"),
     "PUBLISH not permitted: it is read at the next heartbeat"},
    {CommandNote::PublishRefused, "publish-refused",
     QT_TRANSLATE_NOOP("CommandNote", "PUBLISH refused: the command is read at the next heartbeat"),
     "PUBLISH refused: it is read at the next heartbeat"},
    {CommandNote::UnknownAnswer, "unknown-answer", QT_TRANSLATE_NOOP("CommandNote", "the server gave an unexpected answer"),
     "the server's answer is not one of the script's"},
    {CommandNote::KeyLost, "key-lost",
     QT_TRANSLATE_NOOP("CommandNote", "its key is lost: watched until it returns or is certainly gone"),
     "its key is lost: watched until it returns or is surely gone"},
    {CommandNote::KeyLostAndBack, "key-lost-and-back",
     QT_TRANSLATE_NOOP("CommandNote", "its key was lost for a while and is back")},
    {CommandNote::ReadWhileDraining, "read-while-draining",
     QT_TRANSLATE_NOOP("CommandNote", "it was already draining; its command key is gone, so the command was read"),
     "it drained already; that its command key is gone shows that it was read"},
    {CommandNote::ReadUnseen, "read-unseen",
     QT_TRANSLATE_NOOP("CommandNote", "whether it was read cannot be seen: the worker was already draining"),
     "read or not cannot be seen: it was draining already"},
    {CommandNote::VanishedUnread, "vanished-unread",
     QT_TRANSLATE_NOOP("CommandNote", "by somebody else: its command key is gone and it is not draining"),
     "by somebody else: its command key is gone and it does not drain"},
    {CommandNote::ByOther, "by-other", QT_TRANSLATE_NOOP("CommandNote", "by somebody else")},
    {CommandNote::StaleWhenRemoved, "stale-when-removed",
     QT_TRANSLATE_NOOP("CommandNote", "its heartbeats were stale when its key was removed")},
    {CommandNote::DeadWhenRemoved, "dead-when-removed", QT_TRANSLATE_NOOP("CommandNote", "it was dead and its key was removed"),
     "it was dead, and its key was removed"},
    {CommandNote::WentUnseen, "went-unseen",
     QT_TRANSLATE_NOOP("CommandNote", "it left unseen; whether by this command is not known"),
     "it went unseen; whether by this command is not known"},
    {CommandNote::NeverCameBack, "never-came-back", QT_TRANSLATE_NOOP("CommandNote", "its key was lost and it never came back")},
    {CommandNote::ReadLate, "read-late",
     QT_TRANSLATE_NOOP("CommandNote", "it read the announcement after the command key had expired")},
    {CommandNote::WentLate, "went-late",
     QT_TRANSLATE_NOOP("CommandNote", "it left on the announcement after the command key had expired"),
     "it went by the announcement after the command key had expired"},
    {CommandNote::KeyBack, "key-back", QT_TRANSLATE_NOOP("CommandNote", "its key was gone for a while and is back")},
    {CommandNote::Answered, "answered", QT_TRANSLATE_NOOP("CommandNote", "answered by the actor")},
    {CommandNote::NotAnswered, "not-answered", QT_TRANSLATE_NOOP("CommandNote", "delivered; the actor has not answered")},
    {CommandNote::ActorRefused, "actor-refused", QT_TRANSLATE_NOOP("CommandNote", "the actor refused")},
    {CommandNote::NoAnswerPossible, "no-answer-possible",
     QT_TRANSLATE_NOOP("CommandNote",
                       "delivered; no answer is possible because this console's address is not registered with the hub"),
     "delivered; no answer can come, since this console's address is not registered with the hub"},
    {CommandNote::RegistrationRanOut, "registration-ran-out",
     QT_TRANSLATE_NOOP("CommandNote", "it had answered; its registration expired"), "it had answered; its registration ran out"},
    {CommandNote::ExpiredUnanswered, "expired-unanswered",
     QT_TRANSLATE_NOOP("CommandNote", "its registration expired and it had not answered"),
     "its registration expired, and it had not answered"},
    {CommandNote::WentUnanswered, "went-unanswered",
     QT_TRANSLATE_NOOP("CommandNote", "it had not answered; whether it left by this command is not known"),
     "it had not answered; whether it went by this command is not known"},
    {CommandNote::WentAnswered, "went-answered", QT_TRANSLATE_NOOP("CommandNote", "it had answered")},
    {CommandNote::FoundRegistered, "found-registered",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: it is registered; whether the message reached it cannot be known")},
    {CommandNote::FoundUnregistered, "found-unregistered",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: it is no longer registered; whether by this command is not known"),
     "looked up: it is not registered any more; whether by this command is not known"},
    {CommandNote::FoundNoKeyYet, "found-no-key-yet",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: its key is gone, which does not prove yet that it ended"),
     "looked up: its key is gone, which is no end yet"},
    {CommandNote::FoundAvailable, "found-available", QT_TRANSLATE_NOOP("CommandNote", "looked up: it is available")},
    {CommandNote::FoundNotResumed, "found-not-resumed", QT_TRANSLATE_NOOP("CommandNote", "looked up: it was not resumed")},
    {CommandNote::FoundKey, "found-key", QT_TRANSLATE_NOOP("CommandNote", "looked up: its key is there")},
    {CommandNote::FoundCountersLeft, "found-counters-left",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: its counters are still there")},
    {CommandNote::FoundCountersGone, "found-counters-gone", QT_TRANSLATE_NOOP("CommandNote", "looked up: its counters are gone")},
    {CommandNote::FoundKeyLeft, "found-key-left", QT_TRANSLATE_NOOP("CommandNote", "looked up: its key is still there")},
    {CommandNote::FoundKeyGone, "found-key-gone", QT_TRANSLATE_NOOP("CommandNote", "looked up: its key is gone")},
    {CommandNote::FoundGone, "found-gone",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: its key is gone; whether by this command is not known")},
    {CommandNote::FoundDrainedOrGone, "found-drained-or-gone",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: its key is gone; whether it drained first is not known")},
    {CommandNote::FoundOtherCommand, "found-other-command",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: a command from somebody else is pending"),
     "looked up: a command of somebody else is there"},
    {CommandNote::FoundDraining, "found-draining",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: it is draining; whether by this command is not known"),
     "looked up: it drains; whether by this command is not known"},
    {CommandNote::FoundCommand, "found-command",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: a shutdown command is pending; it may be this one"),
     "looked up: a shutdown command is there; it may be this one"},
    {CommandNote::FoundDrainingBefore, "found-draining-before",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: it was already draining, so whether it received the shutdown is not known"),
     "looked up: it was draining already, so that it cannot be told whether it was told to shut down"}, // untranslated: former
                                                                                                        // words
    {CommandNote::FoundTimeOver, "found-time-over",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: nothing was found, and its time is over"),
     "looked up: nothing is there, and its time is over"},
    {CommandNote::FoundNoCommand, "found-no-command",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: nothing was found; it was not written or was withdrawn"),
     "looked up: nothing was found; it was not written or is withdrawn"},
    {CommandNote::FoundOwnDrain, "found-own-drain", QT_TRANSLATE_NOOP("CommandNote", "looked up: it is draining by this command"),
     "looked up: it drains by this command"},
    {CommandNote::FoundResumed, "found-resumed", QT_TRANSLATE_NOOP("CommandNote", "looked up: it was drained and then resumed"),
     "looked up: it was drained, and was resumed"},
    {CommandNote::FoundOtherDrain, "found-other-drain",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: it is draining, but not by this command"),
     "looked up: it drains, but not by this command"},
    {CommandNote::FoundNoDrain, "found-no-drain",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: nothing was found; it was not drained or was resumed"),
     "looked up: nothing was found; it was not drained or is resumed"},
    {CommandNote::FoundStillThere, "found-still-there",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: the command is still there")},
    {CommandNote::FoundWithdrawn, "found-withdrawn", QT_TRANSLATE_NOOP("CommandNote", "looked up: the command is gone"),
     "looked up: the command is not there any more"},
    {CommandNote::WentUnwatched, "went-unwatched", QT_TRANSLATE_NOOP("CommandNote", "it left while no console was watching"),
     "it went while no console looked"},
    {CommandNote::FoundAsWritten, "found-as-written",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: what it writes is there; whether by this command is not known")},
    {CommandNote::FoundNotWritten, "found-not-written",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: nothing was found; it was not written, or was taken")},
    {CommandNote::PickedUpAlready, "picked-up-already", QT_TRANSLATE_NOOP("CommandNote", "it was picked up already")},
    {CommandNote::NothingWasLeft, "nothing-was-left", QT_TRANSLATE_NOOP("CommandNote", "nothing was left for it")},
    {CommandNote::HeardNotObeyed, "heard-not-obeyed",
     QT_TRANSLATE_NOOP("CommandNote", "heard, not obeyed: a process received it and nothing came of it")},
    {CommandNote::HeardAndDeaf, "heard-and-deaf",
     QT_TRANSLATE_NOOP(
         "CommandNote",
         "heard, not obeyed: it is idle and did nothing; the thread that listens has ended, or its process is stopped"),
     "heard, not obeyed: it is idle and did nothing, so it no longer listens to commands"}, // untranslated: former words
    {CommandNote::TakenNotDraining, "taken-not-draining",
     QT_TRANSLATE_NOOP("CommandNote", "it was picked up, and is not seen to drain")},
    {CommandNote::WentUnread, "went-unread", QT_TRANSLATE_NOOP("CommandNote", "it left before it picked the command up")},
    {CommandNote::DiedUnread, "died-unread", QT_TRANSLATE_NOOP("CommandNote", "it died before it picked the command up")},
    {CommandNote::TakenUnseen, "taken-unseen", QT_TRANSLATE_NOOP("CommandNote", "whether it was picked up was not seen in time")},
    {CommandNote::FoundWaiting, "found-waiting", QT_TRANSLATE_NOOP("CommandNote", "looked up: it waits to be picked up")},
    {CommandNote::FoundPickedUp, "found-picked-up", QT_TRANSLATE_NOOP("CommandNote", "looked up: it was picked up")},
    {CommandNote::FoundTakenOrNot, "found-taken-or-not",
     QT_TRANSLATE_NOOP("CommandNote", "looked up: it is not waiting; it was picked up, or was never written")},
    {CommandNote::TakenOrWithdrawn, "taken-or-withdrawn",
     QT_TRANSLATE_NOOP("CommandNote", "all that is seen is that it does not wait any more")},
    {CommandNote::ResumedOrBegan, "resumed-or-began",
     QT_TRANSLATE_NOOP("CommandNote", "by another operator, or the worker was restarted")},
});

static_assert(isInOrder(noteRows, CommandNote::ResumedOrBegan), "one row per note, in the order of the enumeration");

} // namespace

QString commandNoteText(CommandNote note)
{
    return tableText("CommandNote", noteRows[size_t(note)].text);
}

QString commandNoteName(CommandNote note)
{
    return nameFromId(noteRows, note);
}

std::optional<CommandNote> commandNoteFromName(QStringView name)
{
    return idFromName(noteRows, name);
}

std::optional<CommandNote> commandNoteFromText(QStringView text)
{
    return idFromText(noteRows, text);
}

} // namespace pulsedeck
