// SPDX-License-Identifier: GPL-3.0-or-later
// The inside of CommandLedger, shared by the files that implement it and by nobody else.
#pragma once

#include "models/commands/commandledger.h"
#include "models/journal/journal.h"

#include <deque>
#include <set>
#include <unordered_map>

namespace pulsedeck {

/// How long after the drain timeout a command is overdue, milliseconds: a worker looks at its sessions once a second and
/// takes its time to close them, and an actor needs a moment more.
constexpr qint64 overdueGraceMs = 2'000;

inline bool drains(const Worker &worker)
{
    return worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown;
}

class CommandLedger::Private
{
public:
    /// An entry, and what is needed to judge it but is nobody else's business.
    struct Slot
    {
        CommandEntry entry;
        qint64 dueAt = 0; ///< When time alone may move it; 0 never.
        qint64 vanishedAt = 0; ///< When its command key was seen to be gone with no pick-up in sight.
        qint64 drainNoteBefore = 0; ///< A drain by a console that was noted before: not news.
        qint64 askAt = 0; ///< While Unknown: when to look it up, if its source is there.
        quint64 cancel = 0; ///< The newest Cancel for it.
        quint64 target = 0; ///< What a Cancel withdraws.
        CommandStage before = CommandStage::Written; ///< Where it stood when it ended, should its worker come back.
        qint32 sessionsHigh = unknownValue; ///< The most sessions since it was picked up.
        bool wasDraining = false; ///< Its worker drained before, so that a status of draining proves nothing.
        bool keyLost = false; ///< Its worker's key is lost, which is no end yet.
        bool keySeen = false; ///< The store has shown its command key.
        bool sent = false;
        bool asked = false; ///< A look-up is under way.
        bool restored = false; ///< Of an earlier run: when its worker did what it shows now nobody saw.
    };

    /// What is remembered of a worker for as long as the store shows it.
    struct Watch
    {
        quint64 shutdown = 0; ///< Key of the newest shutdown, open or ended.
        quint64 drain = 0;
        quint64 other = 0; ///< The newest Resume, Reap or RemoveKey.
        bool foreignDrain = false; ///< The drain it is in was ordered by another console, and has an entry.
        bool commandKnown = false; ///< The command key that is there has an entry.
        bool commandShown = false; ///< A sample of the worker has shown that key.
        qint64 commandKnownAt = 0; ///< When the key was found to be there, milliseconds of the console's clock.
        bool told = false;

        void knowCommand(qint64 at)
        {
            commandKnown = true;
            commandShown = false;
            commandKnownAt = at;
        }
    };

    struct UuidHash
    {
        size_t operator()(const QUuid &id) const { return qHash(id); }
    };

    /// What is remembered of a source, so that its status need not be copied for every worker.
    struct Seen
    {
        bool connected = false;
        bool live = false; ///< Live or Sweeping: what the store shows is whole, and time may be counted against a worker.
        qint64 drainTimeout = 0;
        qint64 sweepMs = 0;
        bool operator==(const Seen &) const = default;
    };

    struct Sending
    {
        std::vector<quint64> keys;
        bool sent = false; ///< The journal took too long; they went without it.
    };

    Private(CommandLedger &ledger, FleetStore &fleet, const Clock &theClock);

    // The book (commandledger.cpp)
    Slot *slotOf(quint64 key);
    const Slot *slotOf(quint64 key) const;
    Slot *openSlot(quint64 key);
    quint64 add(Slot &&slot);
    /// \a at: when it happened, for an end; 0 for now.
    void setStage(quint64 key, Slot &slot, CommandStage stage, qint64 at = 0);
    void setText(quint64 key, Slot &slot, const QString &text);
    void touch(quint64 key);
    void trim();
    void tidyGroups(const std::set<QUuid> &ids);
    void letGo(quint64 key);
    CommandGroup &groupOf(const Command &command, qint64 startedAt);
    JournalEntry lineOf(const Slot &slot, qint64 at) const;
    Watch &watch(const CommandEntry &entry);
    Watch *watchOf(quint32 serial);
    void tell(const Slot &slot); ///< Its worker was told to shut down, or may have been.
    /// Emits what has piled up: entries, groups, journal lines, commands to send, look-ups.
    void flush();

    // Requests (commandrequests.cpp)
    Slot fresh(const CommandRequest &request, WorkerHandle handle, const QUuid &group) const;
    void describe(Slot &slot, WorkerHandle handle) const;
    void request(quint64 key, Slot &slot, std::vector<quint64> &toSend);
    /// Whether a Cancel ended without being sent.
    bool settledHere(quint64 key, Slot &cancel);
    void enter(quint64 key, const Slot &slot);
    Refusal conflict(const Slot &slot, QString *text);
    void refuse(quint64 key, Slot &slot, Refusal refusal, const QString &text);
    void record(const std::vector<quint64> &keys);
    void onJournal(quint64 token, bool ok);
    void onJournalLate(quint64 token);
    void send(const std::vector<quint64> &keys);

    // Answers (commandanswers.cpp)
    void take(const CommandProgress &progress);
    void takeWritten(quint64 key, Slot &slot, const CommandProgress &progress);
    void takeDone(quint64 key, Slot &slot, const CommandProgress &progress);
    void takeTooLate(quint64 key, Slot &slot, const CommandProgress &progress);
    // Commands to actors (commandactors.cpp)
    bool awaitsActor(const Slot &slot, CommandProgress::Outcome outcome) const;
    void takeDelivered(quint64 key, Slot &slot, const CommandProgress &progress);
    void takeAcknowledged(quint64 key, Slot &slot, const CommandProgress &progress);
    void foundActor(quint64 key, Slot &slot, const CommandProgress &found);
    void judgeActor(quint64 key, Slot &slot, const Worker &worker, const Seen &source);
    void settleActor(quint64 key, Slot &slot, const Worker &worker);
    bool isActor(const Command &command, WorkerHandle handle) const;
    void foundLeft(quint64 key, Slot &slot, const CommandProgress &found);

    void takeFound(quint64 key, Slot &slot, const CommandProgress &progress);
    void foundShutdown(quint64 key, Slot &slot, const CommandProgress &found);
    void foundDrain(quint64 key, Slot &slot, const CommandProgress &found);
    void foundCancel(quint64 key, Slot &slot, const CommandProgress &found);
    void foundNoKey(quint64 key, Slot &slot);
    void nothingFound(quint64 key, Slot &slot, const QString &text);
    void ask(quint64 key, Slot &slot);

    // Commands of others (commandtheirs.cpp)
    void takeUpLater();
    void notice(WorkerHandle handle);
    void addTheirs(WorkerHandle handle, Act act);
    bool recallDrain(WorkerHandle handle, qint64 drainedAt);
    QUuid theirGroup(SourceId source, Act act, const QString &who, const QString &reason, qint64 now);

    // The ladder (commandladder.cpp)
    void onPublished(const FleetChanges &changes);
    void onTicked();
    void onSourceChanged(SourceId source);
    void onSourceRemoved(SourceId source);
    void look(WorkerHandle handle);
    void judge(quint64 key, Slot &slot);
    void judgeShutdown(quint64 key, Slot &slot, const Worker &worker, const Seen &source);
    void judgeDrain(quint64 key, Slot &slot, const Worker &worker);
    void judgeUnread(quint64 key, Slot &slot, const Worker &worker, const Seen &source);
    void judgeRunOut(quint64 key, Slot &slot, const Seen &source);
    bool provesPickUp(const Slot &slot, const Worker &worker) const;
    void pickUp(quint64 key, Slot &slot, qint64 at);
    void takeSessions(quint64 key, Slot &slot, const Worker &worker);
    void settleGone(quint64 key, Slot &slot, const Worker &worker);
    void reopen(quint64 key, Slot &slot, const Worker &worker);
    void bind(WorkerHandle handle);
    void schedule(quint64 key, Slot &slot);
    qint64 nextDue(const Slot &slot) const;
    qint64 grace(SourceId source, qint64 ms) const;
    const Worker *workerOf(const Slot &slot) const;
    Seen seenOf(SourceId source) const { return seen.value(source); }

    CommandLedger &q;
    FleetStore &store;
    const Clock &clock;
    Journal *journal = nullptr;
    QString by;

    std::deque<std::unique_ptr<Slot>> book; ///< By key - first; null where one gave way before older, open ones.
    quint64 first = 1;
    int kept = 0;
    int open = 0;
    quint64 dropped = 0;
    QHash<QUuid, quint64> byCommand;
    std::unordered_map<QUuid, CommandGroup, UuidHash> groups; ///< Its places do not move.
    std::vector<QUuid> groupOrder;
    QHash<quint32, Watch> watches; ///< By Worker::serial.
    std::vector<quint8> watched; ///< By handle, so that looking at a change costs nothing for nearly all workers.
    QHash<std::pair<SourceId, QByteArray>, std::vector<quint64>>
        unbound; ///< Restored, and their workers are not in the store yet.
    QHash<SourceId, std::set<quint64>> openBySource; ///< Open and not Queued.
    std::set<std::pair<qint64, quint64>> due;
    std::deque<std::pair<WorkerHandle, quint32>> later; ///< Workers with commands of others, put off to the next tick.
    QHash<SourceId, Seen> seen;
    std::unordered_map<QUuid, RecordedCommand, UuidHash> pastDrains; ///< Of earlier runs, ended there; by command.
    bool historyAwaited = false;
    QSet<std::pair<QString, QByteArray>> stepsAwaited; ///< By name of the source and worker.
    int theirsLeft = 0; ///< How many more entries of others may be made until the next tick.

    // Piled up until flush().
    quint64 addedFirst = 0;
    quint64 addedLast = 0;
    bool anyDropped = false;
    std::vector<quint64> changed;
    std::vector<QUuid> groupsAdded;
    std::vector<QUuid> groupsChanged;
    QList<JournalEntry> lines;
    std::vector<std::pair<SourceId, QList<Command>>> outgoing;
    std::vector<std::pair<SourceId, QList<Command>>> lookUps;
    QHash<quint64, Sending> sendings; ///< By journal token.
};

} // namespace pulsedeck
