// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandbook.h"
#include "models/commands/intentrecorder.h"
#include "models/fleet/fleetstore.h"

#include <QObject>
#include <QSet>

#include <memory>
#include <vector>

namespace pulsedeck {

/// What an act applies to that is not for workers: a queue, or the whole fleet of a system.
struct CommandTarget
{
    SourceId source = 0;
    ActScope scope = ActScope::Fleet;
    QByteArray queue; ///< The name of the queue; empty for a fleet.
    TraitsRef traits; ///< Of the system that is meant.
    QByteArray worker = {}; ///< With the scope Worker: one that the store does not have any more.
    bool operator==(const CommandTarget &) const = default;
};

/// What an operator asks for, before it is split into commands.
struct CommandRequest
{
    Act act = Act::Shutdown;
    std::vector<WorkerHandle> workers;
    qint64 ttlMs = 60'000; ///< Of the command key; rounded up to whole seconds, at least 1 s.
    QString reason;
    bool unprovenToo = false; ///< Resume: also where the beginning of the drain was not seen; the operator has confirmed that.
    QUuid group; ///< Null: a new one.
    QStringList queues = {}; ///< Resume: see Command::queues; empty: those that drainedQueues() has.
    bool queuesForUnknown = false; ///< Those `queues` are only for workers of which drainedQueues() has none.
    std::vector<CommandTarget> targets = {}; ///< Of an act on queues or fleets; then there are no workers.
};

/// Owns every command from intent to end: its own, and those of others that it sees in Redis. An intent is recorded in the
/// journal first and sent when the journal has it (or has failed to take it). After that what the source answers and what the
/// store shows of the worker move it up its ladder. Nothing is ever sent twice: what is uncertain is Unknown and looked up when
/// its source is connected again. Lives on the GUI thread; looks at the store at each publish, and only at workers with an
/// open command or a command key. At most maxEntries are kept: the oldest ended give way and dropped() counts them; when that
/// many are open, further requests are refused. It joins its parts: CommandBook keeps the entries, stagejudge.h, lookupjudge.h
/// and actorjudge.h say what follows, ForeignCommands recognises others' commands, IntentRecorder has intents recorded.
class CommandLedger : public QObject
{
    Q_OBJECT

public:
    static constexpr int maxEntries = CommandBook::maxEntries;
    static constexpr qint64 journalWaitMs = IntentRecorder::waitMs; ///< So long the act waits for the journal; then it goes
                                                                    ///< unrecorded.

    CommandLedger(FleetStore &store, const Clock &clock, QObject *parent = nullptr);
    ~CommandLedger() override;

    /// Null, as at first: nothing is recorded and entries say so. The journal outlives the ledger.
    void setJournal(Journal *journal);
    /// "user@host", for everything issued from now on.
    void setOperator(const QString &by);
    QString operatorName() const;

    // Acting ------------------------------------------------------------------------------------------------------
    /// Makes one command for each worker (or target) and sends those that can be sent; a worker that has an open command which
    /// forbids it gets an entry Refused with HasCommand. (An open shutdown forbids all but Cancel; an open drain forbids another
    /// drain.) For Cancel the entry it withdraws moves too. Returns the group.
    QUuid issue(const CommandRequest &request);
    /// Cancel for these entries, those that are shutdown commands and open. Returns the group of the cancels.
    QUuid cancel(const std::vector<quint64> &keys, const QString &reason);

    /// For a rolling shutdown: entries that stand Queued, in a group marked rolling, until release() or skip(). \a group may be
    /// given to continue one from before a restart; \a ids then are the command ids it had, so that they keep them.
    QUuid enqueue(const CommandRequest &request, const std::vector<QUuid> &ids = {});
    /// The turn of these Queued entries has come: they are recorded and sent like issued ones.
    void release(const std::vector<quint64> &keys);
    /// Queued entries become Skipped; \a why says more, if there is more to say.
    void skip(const std::vector<quint64> &keys, const QString &why = {});
    /// A command that an earlier run of the console had under way: added as Unknown and looked up. Never sent.
    quint64 restore(const Command &command, qint64 requestedAt, bool rolling);
    /// The same for one whose steps the journal has: it stands where it stood, with its true times. What was answered is not
    /// looked up unless its worker is not there any more. \a groupStartedAt: for a group that began before its first command;
    /// else 0.
    quint64 restore(const RecordedCommand &recorded, bool rolling, qint64 groupStartedAt = 0);
    /// From now until takePastDrains() nothing that Redis shows is taken for another console's: the journal is being asked.
    void expectHistory();
    /// Workers, each with the name of its source, whose commands a rolling shutdown of an earlier run will bring back by
    /// restore(): what Redis shows of them is not taken for another console's until they are not among these.
    void expectSteps(const QSet<std::pair<QString, QByteArray>> &workers);
    /// Drains of earlier runs whose workers may drain still: should one show such a note, it is this console's.
    void takePastDrains(const std::vector<RecordedCommand> &drains);
    /// What earlier commands took from their workers or gave back, oldest first. The store learns who drained workers and paused
    /// queues.
    void takePastQueues(const std::vector<RecordedCommand> &commands);
    /// What earlier runs ordered, oldest first: an order that its worker may not have read yet can be withdrawn in this run.
    void takeLeftOrders(const std::vector<RecordedCommand> &commands);
    /// Whether an order of an earlier run may wait for this worker still, and can be withdrawn; see takeLeftOrders().
    bool mayHaveLeftOrder(WorkerHandle handle) const;
    /// What other consoles ordered meanwhile, as a journal that is shared with them has it, oldest first. As takePastQueues();
    /// and workers that say what they do only when they are asked are looked up.
    void takeOrders(const std::vector<RecordedCommand> &orders);
    /// Another console has given its worker an order since, as takeOrders() has it: this one says nothing of now.
    bool isOvertaken(const CommandEntry &entry) const;
    /// The queues that the last drain took from a worker, in this run or as the journal has it; empty if that is not known.
    QStringList drainedQueues(WorkerHandle handle) const;
    /// Those that an earlier run of the console had queued in a rolling shutdown, each with its worker's type, and whose workers
    /// are gone: added as Skipped, with \a why. Never sent.
    void restoreSkipped(const std::vector<std::pair<Command, QString>> &commands, const QString &why);

    // Looking -----------------------------------------------------------------------------------------------------
    /// Keys grow by one per entry and are never used again. Entries are kept in order of key.
    quint64 firstKey() const;
    /// Of the span of keys from firstKey() on; an entry in it may have given way already, while an older one is still open.
    int size() const;
    /// Null if it gave way. The pointer holds until control returns to the event loop or a command is issued.
    const CommandEntry *entry(quint64 key) const;
    const CommandEntry *entry(const QUuid &command) const;
    /// The open command of a worker (a shutdown before a drain), or null.
    const CommandEntry *openEntry(WorkerHandle handle) const;
    quint64 openKey(WorkerHandle handle) const; ///< 0 if none.
    const CommandGroup *group(const QUuid &id) const;
    /// Groups in order of their start, newest last.
    const std::vector<QUuid> &groups() const;
    /// Whether a shutdown was given to this worker that may have been read: it cannot be resumed then.
    bool wasToldToShutDown(WorkerHandle handle) const;
    int openCount() const;
    quint64 dropped() const;

public slots:
    void takeProgress(const QList<pulsedeck::CommandProgress> &progress);

signals:
    /// To the source with this id.
    void carryOut(pulsedeck::SourceId source, const QList<pulsedeck::Command> &commands);
    void lookUp(pulsedeck::SourceId source, const QList<pulsedeck::Command> &commands);
    /// Entries with these keys were added at the end, [first, last].
    void entriesAdded(quint64 first, quint64 last);
    /// Once per publish or progress, each key once, ascending.
    void entriesChanged(const std::vector<quint64> &keys);
    /// The oldest gave way: firstKey() has grown.
    void entriesDropped();
    void groupAdded(const QUuid &group);
    void groupChanged(const QUuid &group);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck
