// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/command.h"
#include "models/protocol/sourcetraits.h"
#include "models/protocol/stagetable.h"

#include <optional>

namespace pulsedeck {

class FleetStore;

/// One command in the ledger with everything that is known about it. Times are the console's clock in ms, 0 for "not (yet)". The
/// remark holds what else is known, in one line.
struct CommandEntry : CommandRemark
{
    Command command;
    CommandStage stage = CommandStage::Requested;
    bool theirs =
        false; ///< Seen in Redis: another operator's or the proxy's; command.by is who, or empty if that cannot be known.
    bool unrecorded = false; ///< The journal could not take it.
    bool timesFound = false; ///< Its times are those of a look-up after a loss: the writing or the pick-up itself was not seen.
    /// What its worker is. If the command isAnswered(), writtenAt is when the message had been delivered, and there is no command
    /// key.
    TraitsRef traits;
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
    qint32 sessionsBefore =
        unknownValue; ///< When it was requested; more if more was seen as a worker that took it began to drain.
    qint32 sessionsLeft = unknownValue;
    qint32 sessionsCut = unknownValue; ///< Sessions still open when it went; 0 for none, unknownValue if not known.
    Refusal refusal = Refusal::None;

    /// What the store shows of who the command is for.
    void takeWorker(const FleetStore &store, WorkerHandle shown);
    /// As many as it has now: when it is requested.
    void takeSessions(const Worker &worker);

    /// It is a message, and only an answer to it shows that it was carried out.
    bool isAnswered() const { return traits->of(command.act).proof == ActProof::Answer; }
    bool isOpen() const { return !isEnd(stage); }
    /// Whether its worker takes no other command for it: what can never be found out blocks nothing.
    bool isInTheWay() const { return isOpen() && lookedUpAt == 0; }
    /// Whether there is a way to withdraw such a command at all, before it is read.
    bool isWithdrawable() const
    {
        const ActTraits &act = traits->of(command.act);
        return act.proof == ActProof::PickUp ? act.withdrawable : isShutdown(command.act);
    }
    /// Whether a withdrawal can still succeed, as far as this console knows.
    bool canCancel() const
    {
        const bool unheard = stage == CommandStage::Written || (stage == CommandStage::Announced && receivers == 0);
        return unheard && tooLateAt == 0 && isWithdrawable();
    }
};

/// Why nothing was done, in the words of a key or of a registration: "key gone", "not registered", "refused by the actor".
QString refusalText(const CommandEntry &entry);
/// The same in English, whatever the language of the window is: for files.
const char *refusalWords(const CommandEntry &entry);
/// It was refused, and its text is a whole sentence of its system that says why: the refusal's own words would only repeat it.
bool saysWhy(const CommandEntry &entry);
/// Why nothing was done and what else is known of that, without a full stop: for the end of a sentence.
QString refusalReason(const CommandEntry &entry);

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
    std::optional<TraitsRef> system; ///< Of all of them, if they are of one that has acts of its own.
    std::array<int, stageCount> counts{}; ///< Of its entries, by stage.
    std::vector<quint64> entries; ///< CommandLedger keys, in order of issue.

    int total() const { return int(entries.size()); }
    int ended() const;
    int succeeded() const;
};

/// The worker that is meant; noWorker where the store has none such.
WorkerHandle workerOf(const FleetStore &store, const Command &command);

} // namespace pulsedeck
