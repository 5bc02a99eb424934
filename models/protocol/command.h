// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/act.h"
#include "models/protocol/commandnote.h"
#include "models/protocol/worker.h"

#include <QList>
#include <QMetaType>
#include <QUuid>

#include <optional>

namespace pulsedeck {

/// One act on one worker, on its way to the source. A value, queued from the ledger (GUI thread) to the source (I/O thread).
struct Command
{
    QUuid id;
    QUuid group; ///< Commands given together; never null.
    Act act = Act::Shutdown;
    SourceId source = 0;
    std::optional<Act> undoes; ///< For Cancel: the act of the command it withdraws; nothing: whichever waits.
    QByteArray worker; ///< Worker::id; empty for an act on a queue or a fleet.
    ActScope scope = ActScope::Worker;
    QByteArray queue; ///< For an act on a queue: its name, in the bytes of its system.
    QString
        system; ///< SourceTraits::layout of the system that is meant. Empty only for a worker, in records of earlier versions.
    qint64 issuedAt =
        0; ///< By the machine's clock, Unix ms. A drain writes it as drainedAt, which proves later whose drain it was.
    qint64 ttlMs = 60'000; ///< Of the command key; whole seconds. Only for Shutdown and ShutdownNow.
    qint64 lastHeartbeat = 0; ///< As shown to the operator (worker's clock, 0 none): RemoveKey acts only if it has not moved.
    qint64 commandUntil = 0; ///< For Cancel: when the command key is expected to expire (console's clock, 0 unknown), so
                             ///< that a later command of another operator is not withdrawn in its place.
    qint64 drainSeen = 0; ///< For Resume: drainedAt of the drain that this console saw begin and not end; 0 if it saw none.
    bool unprovenToo = false; ///< For Resume: the operator confirmed it although the drain was not seen to begin.
    QStringList queues; ///< Where a worker is drained of single queues: for Drain those that were taken from it; for Resume
                        ///< those that it is to serve again, empty: whichever its source knows.
    QString by; ///< Who: "user@host".
    QString reason; ///< Why; may be empty.
};

/// Why nothing was done.
enum class Refusal : quint8 {
    None,
    HasCommand, ///< This console already has a command for the worker under way.
    AlreadyCommanded, ///< A command key is there: the proxy's or another operator's.
    KeyGone, ///< The worker's key is not there any more.
    NotAvailable, ///< Drain: its status is not available; text holds the status.
    NotDrained, ///< Resume: it does not drain, or no console ordered the drain.
    ShutdownGiven, ///< Resume: a shutdown was sent to it.
    DrainUnproven, ///< Resume: that the drain noted is the one it is in cannot be proven.
    StillListening, ///< Reap, RemoveKey: its process listens on its command channel, so it is alive.
    KeyBack, ///< Reap: the key is there again.
    NotInLifetime, ///< Reap: only in the active hash, which the reaper's rule leaves alone; or in none.
    HasTtl, ///< RemoveKey: the key has got a TTL.
    HeartbeatMoved, ///< RemoveKey: it has beaten since it was shown.
    NotAHash, ///< The key is of another type.
    OtherCommand, ///< Cancel: another command key than the one meant is there.
    NotPermitted, ///< NOPERM.
    Replica, ///< READONLY: the server is a replica.
    ReadOnlySource, ///< The source may not be written to: by its settings, by --read-only, or because writing is locked.
    NotConnected, ///< Nothing was sent.
    Server, ///< The server refused in its own words (OOM, LOADING, MISCONF …).
    RegistrationExpired, ///< The actor's registration at the hub has expired.
    ActorRefused, ///< The actor itself refused.
    NotOffered, ///< Its system has no such act.
    SignalWaiting, ///< An earlier command waits to be read, and there is room for one only.
    NotRegistered, ///< Its record is there, and it is not among those registered: it has left.
    GuardFailed, ///< What has to be so is not; text says what was met.
    NobodyListens, ///< What was published no process received.
    AlreadyShuttingDown, ///< It obeys one already, and another one would do something else.
};
constexpr int refusalCount = int(Refusal::AlreadyShuttingDown) + 1;
/// "already commanded", "key gone", …: for a column.
QString refusalText(Refusal refusal);
/// The same in English, whatever the language of the window is: for files.
const char *refusalWords(Refusal refusal);
/// The word for the journal: "already-commanded".
QString refusalName(Refusal refusal);
/// The refusal with this English text, as journals of earlier versions hold it; else None.
Refusal refusalFromText(QStringView text);
/// None for a word that no refusal has.
Refusal refusalFromName(QStringView name);

/// What the source learned about a command. A value, from the I/O thread to the ledger. For each command carried out exactly
/// one comes that is not Found (and after a Delivered at most one Acknowledged or Refused more), and for each one looked up one
/// Found or Unknown.
/// The remark holds what is known besides: a note, or the server's own words or the status met.
struct CommandProgress : CommandRemark
{
    enum class Outcome : quint8 {
        Written, ///< Shutdown: the command key is set. ShutdownNow: and announced, see receivers.
        Done, ///< Drain, Resume, Reap, RemoveKey: it happened. Cancel: the command key is removed, unread.
        TooLate, ///< Cancel: it was read, or is not there any more; status tells which.
        Refused, ///< Nothing was changed; see refusal and text.
        Unknown, ///< The connection was lost, or no answer came: it may or may not have happened.
        Found, ///< Looked up; the fields below say what is there now.
        Delivered, ///< A hub wrote the message to the actor's socket, and the actor has not answered in the time given to it.
        PickedUp, ///< After Written: it was taken from where it was left, or the worker shows that it has read it.
        NotObeyed, ///< After Written: it was heard, and nothing came of it in the time that takes.
        Acknowledged, ///< The actor itself answered; also after Delivered, minutes later. Not accepted: a Refused after
                      ///< Delivered.
    };

    QUuid command;
    SourceId source = 0;
    qint64 at = 0; ///< Console's clock, ms.
    Outcome outcome = Outcome::Unknown;
    Refusal refusal = Refusal::None;
    qint32 receivers = unknownValue; ///< PUBLISH's answer; unknownValue if nothing was published or it was refused (see note).
    // For Found (and status for TooLate and Refused):
    WorkerStatus status = WorkerStatus::Missing; ///< Missing if the key is gone.
    bool keyPresent = false;
    bool commandPresent = false; ///< A command key saying shutdown is there.
    qint32 commandTtl = unknownValue; ///< Its PTTL in ms.
    bool heard = false; ///< For TooLate: it was announced, and was or may have been heard.
    bool pickedUp = false; ///< What proves that a command was read is there.
    bool ownDrain = false; ///< drainedBy and drainedAt are those of this command.
    QStringList queues; ///< For Written: see Command::queues.
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::Command)
Q_DECLARE_METATYPE(pulsedeck::CommandProgress)
