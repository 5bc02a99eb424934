// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandledger.h"

#include "models/commands/commandanswers.h"
#include "models/commands/commandedworkers.h"
#include "models/commands/commandmaker.h"
#include "models/commands/commandmover.h"
#include "models/commands/commandwords.h"
#include "models/commands/conflictjudge.h"
#include "models/commands/foreigncommands.h"
#include "models/commands/ordermemory.h"
#include "models/commands/pickupjudge.h"
#include "models/commands/restoredcommands.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 noDrainTimeout = 100LL * 365 * 24 * 3'600'000; // Longer than anybody waits.

/// Commands of one source each, in the order they came.
using Parcels = std::vector<std::pair<SourceId, QList<Command>>>;

void append(Parcels &parcels, const Command &command)
{
    auto place = std::find_if(parcels.begin(), parcels.end(), [&](const auto &parcel) { return parcel.first == command.source; });
    if (place == parcels.end())
        place = parcels.insert(parcels.end(), {command.source, {}});
    place->second.append(command);
}

} // namespace

class CommandLedger::Private
{
public:
    Private(CommandLedger &ledger, FleetStore &fleet, const Clock &theClock);

    // Requests
    CommandedWorker *find(WorkerHandle handle)
    {
        return handle < WorkerHandle(store.capacity()) ? workers.find(store.worker(handle).serial) : nullptr;
    }
    bool isShown(WorkerHandle handle) const { return handle < WorkerHandle(store.capacity()) && store.worker(handle).used; }
    void request(quint64 key, std::vector<quint64> &toSend);
    /// Whether a Cancel ended without being sent.
    bool settledHere(quint64 key, TrackedCommand &cancel);
    void record(const std::vector<quint64> &keys);
    void onSettled(const std::vector<quint64> &keys, bool recorded, bool go);
    void takeOrder(const RecordedCommand &order);

    // News of the store, and time
    void onPublished(const FleetChanges &changes);
    void onTicked();
    void ask(quint64 key);
    void onSourceChanged(SourceId source);
    void onSourceRemoved(SourceId source);
    void look(WorkerHandle handle);
    void notice(WorkerHandle handle);
    void flush();

    CommandLedger &q;
    FleetStore &store;
    const Clock &clock;
    OrderMemory orders;
    CommandMaker maker;
    CommandBook book;
    CommandedWorkers workers;
    ConflictJudge conflicts;
    IntentRecorder recorder;
    CommandMover mover;
    RestoredCommands restored;
    CommandAnswers answers;
    ForeignCommands foreign;
    // Collected until flush().
    Parcels outgoing;
    Parcels lookUps;
};

CommandLedger::CommandLedger(FleetStore &store, const Clock &clock, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, store, clock))
{ }

CommandLedger::~CommandLedger() = default;

CommandLedger::Private::Private(CommandLedger &ledger, FleetStore &fleet, const Clock &theClock)
    : q(ledger)
    , store(fleet)
    , clock(theClock)
    , maker(fleet, orders, theClock)
    , book(theClock)
    , conflicts(book, workers)
    , mover(fleet, book, workers, recorder, theClock)
    , restored(fleet, book, workers, mover, theClock)
    , answers(fleet, book, workers, mover, theClock)
    , foreign(fleet, book, workers, theClock)
{
    connect(&store, &FleetStore::published, &q, [this](const FleetChanges &changes) { onPublished(changes); });
    connect(&store, &FleetStore::ticked, &q, [this] { onTicked(); });
    connect(&store, &FleetStore::sourceChanged, &q, [this](SourceId source) { onSourceChanged(source); });
    connect(&store, &FleetStore::sourceRemoved, &q, [this](SourceId source) { onSourceRemoved(source); });
    connect(&recorder, &IntentRecorder::settled, &q,
            [this](const std::vector<quint64> &keys, bool recorded, bool go) { onSettled(keys, recorded, go); });
    for (const SourceId source : store.sources())
        onSourceChanged(source);
}

void CommandLedger::setJournal(Journal *journal)
{
    d->book.setRecording(journal != nullptr);
    d->recorder.setJournal(journal);
}

void CommandLedger::setOperator(const QString &by)
{
    d->maker.setOperator(by);
}

QString CommandLedger::operatorName() const
{
    return d->maker.operatorName();
}

// Looking -------------------------------------------------------------------------------------------------------------

quint64 CommandLedger::firstKey() const
{
    return d->book.firstKey();
}

int CommandLedger::size() const
{
    return d->book.span();
}

const CommandEntry *CommandLedger::entry(quint64 key) const
{
    const TrackedCommand *command = d->book.find(key);
    return command ? &command->entry : nullptr;
}

const CommandEntry *CommandLedger::entry(const QUuid &command) const
{
    return entry(d->book.keyOf(command));
}

quint64 CommandLedger::openKey(WorkerHandle handle) const
{
    const CommandedWorker *worker = d->find(handle);
    if (!worker)
        return 0;
    for (const quint64 key : {worker->shutdown, worker->drain, worker->other}) {
        if (const CommandEntry *open = entry(key); open && open->isInTheWay())
            return key;
    }
    return 0;
}

const CommandEntry *CommandLedger::openEntry(WorkerHandle handle) const
{
    return entry(openKey(handle));
}

const CommandGroup *CommandLedger::group(const QUuid &id) const
{
    return d->book.findGroup(id);
}

const std::vector<QUuid> &CommandLedger::groups() const
{
    return d->book.groups();
}

bool CommandLedger::wasToldToShutDown(WorkerHandle handle) const
{
    const CommandedWorker *worker = d->find(handle);
    return worker && worker->told;
}

int CommandLedger::openCount() const
{
    return d->book.openCount();
}

quint64 CommandLedger::dropped() const
{
    return d->book.dropped();
}

// Requests ------------------------------------------------------------------------------------------------------------

QUuid CommandLedger::issue(const CommandRequest &request)
{
    const QUuid group = request.group.isNull() ? QUuid::createUuid() : request.group;
    std::vector<quint64> toSend;
    toSend.reserve(request.workers.size());
    for (const WorkerHandle handle : request.workers) {
        if (d->isShown(handle))
            d->request(d->book.add(d->maker.make(request, handle, group)), toSend);
    }
    for (const CommandTarget &target : request.targets)
        d->request(d->book.add(d->maker.make(request, target, group)), toSend);
    d->record(toSend);
    d->flush();
    return group;
}

QUuid CommandLedger::cancel(const std::vector<quint64> &keys, const QString &reason)
{
    CommandRequest request;
    request.act = Act::Cancel;
    request.reason = reason;
    for (const quint64 key : keys) {
        const TrackedCommand *command = d->book.findOpen(key);
        if (command && command->entry.isWithdrawable() && command->entry.stage != CommandStage::Queued
            && d->mover.workerOf(command->entry))
            request.workers.push_back(command->entry.handle);
    }
    return issue(request);
}

QUuid CommandLedger::enqueue(const CommandRequest &request, const std::vector<QUuid> &ids)
{
    const QUuid group = request.group.isNull() ? QUuid::createUuid() : request.group;
    for (size_t i = 0; i < request.workers.size(); ++i) {
        const WorkerHandle handle = request.workers[i];
        const QUuid id = i < ids.size() ? ids[i] : QUuid();
        if (!d->isShown(handle) || d->book.keyOf(id) > 0)
            continue;
        TrackedCommand command = d->maker.make(request, handle, group);
        command.entry.stage = CommandStage::Queued;
        if (!id.isNull())
            command.entry.command.id = id;
        d->book.add(std::move(command));
    }
    if (CommandGroup *made = d->book.findGroup(group))
        made->rolling = true;
    d->flush();
    return group;
}

void CommandLedger::release(const std::vector<quint64> &keys)
{
    std::vector<quint64> toSend;
    for (const quint64 key : keys) {
        TrackedCommand *command = d->book.find(key);
        if (!command || command->entry.stage != CommandStage::Queued)
            continue;
        if (!d->mover.workerOf(command->entry)) {
            d->mover.refuse(key, Refusal::KeyGone, {});
            continue;
        }
        d->maker.describe(*command, command->entry.handle);
        d->mover.setStage(key, CommandStage::Requested);
        d->request(key, toSend);
    }
    d->record(toSend);
    d->flush();
}

void CommandLedger::skip(const std::vector<quint64> &keys, const QString &why)
{
    for (const quint64 key : keys) {
        TrackedCommand *command = d->book.find(key);
        if (!command || command->entry.stage != CommandStage::Queued)
            continue;
        command->entry.setText(why);
        d->mover.setStage(key, CommandStage::Skipped);
    }
    d->flush();
}

void CommandLedger::Private::request(quint64 key, std::vector<quint64> &toSend)
{
    TrackedCommand &command = *book.find(key);
    CommandRemark remark;
    if (book.openCount() > maxEntries) {
        remark.setText(tr("%Ln command(s) (is/are) open already", nullptr, maxEntries));
        mover.refuse(key, Refusal::None, remark);
        return;
    }
    if (const Refusal refusal = conflicts.conflict(command.entry, &remark.text); refusal != Refusal::None) {
        mover.refuse(key, refusal, remark);
        return;
    }
    if (command.entry.command.act == Act::Cancel && settledHere(key, command))
        return;
    mover.enter(key);
    toSend.push_back(key);
}

bool CommandLedger::Private::settledHere(quint64 key, TrackedCommand &cancel)
{
    const CommandedWorker *mine = workers.find(cancel.entry.serial);
    const quint64 targetKey = mine ? conflicts.withdrawableOf(*mine) : 0;
    TrackedCommand *target = book.findOpen(targetKey);
    if (!target)
        return false; // Perhaps there is one that the store has not shown yet: the source finds out.
    cancel.entry.command.undoes = target->entry.command.act;
    CommandEntry &aim = target->entry;
    cancel.target = targetKey;
    cancel.entry.command.commandUntil = aim.commandUntil;
    target->cancel = key;
    aim.cancelAskedAt = cancel.entry.requestedAt;
    book.touch(targetKey);
    const bool now = aim.command.act == Act::ShutdownNow;
    if (aim.stage == CommandStage::Requested && !target->sent) {
        aim.setNote(CommandNote::WithdrawnUnsent);
        mover.setStage(targetKey, CommandStage::Withdrawn);
        mover.setStage(key, CommandStage::Done);
        return true;
    }
    if (aim.canCancel() || aim.stage == CommandStage::Unknown || (aim.stage == CommandStage::Requested && !now))
        return false;
    aim.tooLateAt = cancel.entry.requestedAt;
    cancel.entry.setNote(aim.pickedUpAt > 0 ? CommandNote::DrainsAlready : CommandNote::CannotRecall);
    mover.setStage(key, CommandStage::TooLate);
    return true;
}

void CommandLedger::Private::record(const std::vector<quint64> &keys)
{
    if (keys.empty())
        return;
    QList<JournalEntry> intents;
    if (recorder.journal()) {
        intents.reserve(qsizetype(keys.size()));
        for (const quint64 key : keys) {
            const TrackedCommand &command = *book.find(key);
            intents.append(journalLine(command, command.entry.requestedAt, clock));
        }
    }
    recorder.record(keys, intents);
}

void CommandLedger::Private::onSettled(const std::vector<quint64> &keys, bool recorded, bool go)
{
    for (const quint64 key : keys) {
        TrackedCommand *command = book.find(key);
        if (!command)
            continue;
        if (command->entry.unrecorded == recorded) {
            command->entry.unrecorded = !recorded;
            book.touch(key);
        }
        if (go && command->entry.stage == CommandStage::Requested && !command->sent) {
            command->sent = true;
            append(outgoing, command->entry.command);
        }
    }
    flush();
}

// Earlier runs --------------------------------------------------------------------------------------------------------

quint64 CommandLedger::restore(const Command &command, qint64 requestedAt, bool rolling)
{
    RecordedCommand recorded;
    recorded.entry.command = command;
    recorded.entry.stage = CommandStage::Unknown;
    recorded.entry.requestedAt = requestedAt;
    return restore(recorded, rolling);
}

quint64 CommandLedger::restore(const RecordedCommand &recorded, bool rolling, qint64 groupStartedAt)
{
    const quint64 key = d->restored.add(recorded, rolling, groupStartedAt);
    d->flush();
    return key;
}

void CommandLedger::restoreSkipped(const std::vector<std::pair<Command, QString>> &commands, const QString &why)
{
    d->restored.addSkipped(commands, why);
    d->flush();
}

void CommandLedger::expectHistory()
{
    d->foreign.expectHistory();
}

void CommandLedger::expectSteps(const QSet<std::pair<QString, QByteArray>> &workers)
{
    d->foreign.expectSteps(workers);
}

void CommandLedger::takePastDrains(const std::vector<RecordedCommand> &drains)
{
    d->foreign.takePastDrains(drains);
}

void CommandLedger::takePastQueues(const std::vector<RecordedCommand> &commands)
{
    for (const RecordedCommand &recorded : commands) {
        d->orders.take(recorded.entry);
        noteOrder(d->store, recorded.entry);
    }
}

void CommandLedger::takeLeftOrders(const std::vector<RecordedCommand> &commands)
{
    for (const RecordedCommand &recorded : commands)
        d->orders.takeLeft(recorded.entry);
}

bool CommandLedger::mayHaveLeftOrder(WorkerHandle handle) const
{
    const Worker &worker = d->store.worker(handle);
    const std::optional<Act> left = d->orders.leftFor(d->store.sourceName(worker.source), worker.traits->layout, worker.id);
    return left && worker.traits->of(*left).withdrawable;
}

void CommandLedger::takeOrders(const std::vector<RecordedCommand> &orders)
{
    for (const RecordedCommand &order : orders)
        d->takeOrder(order);
    d->flush();
}

QStringList CommandLedger::drainedQueues(WorkerHandle handle) const
{
    const Worker &worker = d->store.worker(handle);
    return d->orders.drainedQueues(d->store.sourceName(worker.source), worker.id);
}

bool CommandLedger::isOvertaken(const CommandEntry &entry) const
{
    return d->orders.isOvertaken(entry);
}

/// A worker that says what it does only when it is asked is asked now, unless it shows already what was ordered.
void CommandLedger::Private::takeOrder(const RecordedCommand &order)
{
    orders.takeOther(order.entry);
    noteOrder(store, order.entry);
    Command asked = order.entry.command;
    if (asked.scope != ActScope::Worker || asked.queues.isEmpty() || order.entry.writtenAt == 0)
        return;
    for (const SourceId source : store.sources()) {
        if (store.sourceName(source) != order.entry.sourceName)
            continue;
        asked.source = source;
        const WorkerHandle handle = pulsedeck::workerOf(store, asked);
        if (handle == noWorker)
            continue;
        const Worker &worker = store.worker(handle);
        const bool shows = !isStatusAssumed(worker) && drains(worker.status) == (asked.act == Act::Drain);
        if (worker.endedAt == 0 && !shows)
            append(lookUps, asked);
    }
}

// Answers -------------------------------------------------------------------------------------------------------------

void CommandLedger::takeProgress(const QList<CommandProgress> &progress)
{
    for (const CommandProgress &one : progress) {
        if (const WorkerHandle handle = d->answers.take(one); handle != noWorker)
            d->notice(handle);
        if (const CommandEntry *known = one.queues.isEmpty() ? nullptr : entry(one.command)) {
            d->orders.take(*known);
            noteOrder(d->store, *known);
        }
    }
    d->flush();
}

// News ----------------------------------------------------------------------------------------------------------------

void CommandLedger::Private::onPublished(const FleetChanges &changes)
{
    for (const WorkerHandle handle : changes.removed) {
        if (workers.contains(handle))
            workers.remove(handle, store.worker(handle).serial);
    }
    const auto concerns = [this](WorkerHandle handle) {
        const Worker &worker = store.worker(handle);
        return workers.contains(handle) || worker.command != CommandState::None
               || worker.flags.testFlag(WorkerFlag::DrainedByOperator);
    };
    for (const WorkerHandle handle : changes.added) {
        if (!store.worker(handle).used)
            continue;
        restored.bind(handle);
        if (concerns(handle))
            look(handle);
    }
    for (const WorkerHandle handle : changes.changed) {
        if (store.worker(handle).used && concerns(handle))
            look(handle);
    }
    flush();
}

void CommandLedger::Private::onTicked()
{
    for (size_t count = foreign.beginTick(); count > 0; --count) {
        const std::optional<WorkerHandle> handle = foreign.takeWaiting();
        if (!handle)
            break;
        if (*handle != noWorker)
            look(*handle);
    }
    const qint64 now = clock.nowMs();
    while (const quint64 key = book.takeDue(now)) {
        const TrackedCommand &command = *book.find(key);
        if (command.entry.stage != CommandStage::Unknown)
            mover.judge(key);
        else if (!command.asked && mover.factsOf(command.entry.command.source).live)
            ask(key);
    }
    flush();
}

void CommandLedger::Private::ask(quint64 key)
{
    TrackedCommand &command = *book.find(key);
    command.asked = true;
    mover.schedule(key);
    append(lookUps, command.entry.command);
}

void CommandLedger::Private::onSourceChanged(SourceId source)
{
    const SourceStatus status = store.sourceStatus(source);
    JudgedSource now;
    now.connected = status.isConnected();
    now.live = status.state == SourceState::Live || status.state == SourceState::Sweeping;
    // Nothing is overdue by a timeout that is not known.
    const qint64 timeout = store.drainTimeoutMs(source);
    now.drainTimeout = timeout > 0 ? timeout : noDrainTimeout;
    now.sweepMs = status.state == SourceState::Sweeping ? status.sweepEveryMs : 0;
    const JudgedSource before = mover.factsOf(source);
    if (now == before)
        return;
    mover.setFacts(source, now);
    if (!now.live)
        return;
    // While it was away nothing was judged, and what was uncertain can be looked up now.
    const std::set<quint64> keys = book.openOf(source);
    for (const quint64 key : keys) {
        const TrackedCommand *command = book.findOpen(key);
        if (command && command->restored && command->entry.serial == 0) {
            if (const WorkerHandle handle = workerOf(store, command->entry.command); handle != noWorker)
                restored.bind(handle); // The views hear of it a moment later.
        }
        command = book.findOpen(key);
        if (!command)
            continue;
        // A worker that is not in a whole view went while no console looked.
        const bool unknown = command->entry.stage == CommandStage::Unknown;
        const bool left = command->restored && command->entry.serial == 0 && !unknown;
        if (!unknown && !left)
            mover.judge(key);
        else if (!before.live || (!command->asked && command->entry.lookedUpAt == 0))
            ask(key);
    }
    flush();
}

void CommandLedger::Private::onSourceRemoved(SourceId source)
{
    mover.removeFacts(source);
    const std::set<quint64> keys = book.openOf(source);
    for (const quint64 key : keys) {
        TrackedCommand *command = book.findOpen(key);
        if (!command)
            continue;
        command->entry.setNote(command->sent ? CommandNote::SourceRemoved : CommandNote::SourceRemovedUnsent);
        if (!command->sent)
            command->entry.refusal = Refusal::NotConnected;
        mover.setStage(key, command->sent ? CommandStage::Unknown : CommandStage::Refused);
        book.touch(key);
    }
    flush();
}

void CommandLedger::Private::look(WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    if (const CommandedWorker *mine = workers.find(worker.serial)) {
        for (const quint64 key : {mine->shutdown, mine->drain, mine->other}) {
            const TrackedCommand *command = book.find(key);
            if (!command)
                continue;
            // What else was done to a worker is not seen of it.
            if (key == mine->other && !isPickedUp(command->entry))
                continue;
            if (command->entry.isOpen())
                mover.judge(key);
            else
                mover.judgeAgain(key, worker);
        }
    }
    notice(handle);
}

void CommandLedger::Private::notice(WorkerHandle handle)
{
    const ForeignCommands::Noticed noticed = foreign.notice(handle);
    if (noticed.recalled) {
        const quint64 key = q.restore(*noticed.recalled, false);
        restored.bind(handle);
        mover.judge(key);
    }
    for (const quint64 key : noticed.added) {
        mover.judge(key);
        mover.schedule(key);
    }
}

/// Reports what has changed. Each kind is taken just before it is reported, so that a listener may issue the next command from
/// inside a signal.
void CommandLedger::Private::flush()
{
    book.trim();
    const std::vector<QUuid> groups = book.takeAddedGroups();
    for (const QUuid &id : groups)
        emit q.groupAdded(id);
    const CommandBook::Span added = book.takeAdded();
    if (added.first > 0)
        emit q.entriesAdded(added.first, added.last);
    if (book.takeDropped())
        emit q.entriesDropped();
    if (const std::vector<quint64> keys = book.takeChanged(added); !keys.empty())
        emit q.entriesChanged(keys);
    const std::vector<QUuid> changed = book.takeChangedGroups();
    for (const QUuid &id : changed) {
        if (book.findGroup(id))
            emit q.groupChanged(id);
    }
    const QList<JournalEntry> lines = book.takeLines();
    if (recorder.journal() && !lines.isEmpty())
        recorder.journal()->write(lines);
    for (const auto &[source, commands] : std::exchange(outgoing, {}))
        emit q.carryOut(source, commands);
    for (const auto &[source, commands] : std::exchange(lookUps, {}))
        emit q.lookUp(source, commands);
}

} // namespace pulsedeck
