// SPDX-License-Identifier: GPL-3.0-or-later
// How what the store shows of a worker, and time, move its commands up the ladder or to an end. Commands of others:
// commandtheirs.cpp.
#include "models/commands/commandledgerprivate.h"
#include "models/commands/commandwords.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// A command that is read in the last moment shows as draining a little after its key has run out.
constexpr qint64 unreadGraceMs = 1'500;
// A worker that reads its command deletes the key and writes its status, which may be read in two parts.
constexpr qint64 vanishGraceMs = 2'500;
// What vanishes so shortly before its end has run out: the two clocks and the reading of PTTL are not finer than that.
constexpr qint64 ranOutSlackMs = 500;
constexpr qint64 noDrainTimeout = 100LL * 365 * 24 * 3'600'000; // Longer than anybody waits.
constexpr qint64 lookAgainMs = 1'000;
// A worker whose time is over goes a little before or after the console counts it so.
constexpr qint64 timeOverSlackMs = 1'000;

bool isProcessGone(const Worker &worker)
{
    return worker.flags.testAnyFlags(WorkerFlag::NoListener | WorkerFlag::Silent);
}

} // namespace

// News ----------------------------------------------------------------------------------------------------------------

void CommandLedger::Private::onPublished(const FleetChanges &changes)
{
    for (const WorkerHandle handle : changes.removed) {
        if (handle < watched.size() && watched[handle]) {
            watched[handle] = 0;
            watches.remove(store.worker(handle).serial);
        }
    }
    const auto concerns = [this](WorkerHandle handle) {
        if (handle < watched.size() && watched[handle])
            return true;
        const Worker &worker = store.worker(handle);
        return worker.command != CommandState::None || worker.flags.testFlag(WorkerFlag::DrainedByOperator);
    };
    for (const WorkerHandle handle : changes.added) {
        if (!store.worker(handle).used)
            continue;
        if (!unbound.isEmpty())
            bind(handle);
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
    takeUpLater();
    const qint64 now = clock.nowMs();
    while (!due.empty() && due.begin()->first <= now) {
        const quint64 key = due.begin()->second;
        due.erase(due.begin());
        Slot *slot = slotOf(key);
        slot->dueAt = 0;
        if (slot->entry.stage == CommandStage::Unknown) {
            if (!slot->asked && seenOf(slot->entry.command.source).live)
                ask(key, *slot);
        } else {
            judge(key, *slot);
        }
    }
    flush();
}

void CommandLedger::Private::onSourceChanged(SourceId source)
{
    const SourceStatus status = store.sourceStatus(source);
    Seen now;
    now.connected = status.isConnected();
    now.live = status.state == SourceState::Live || status.state == SourceState::Sweeping;
    // Nothing is overdue by a timeout nobody told.
    const qint64 timeout = store.drainTimeoutMs(source);
    now.drainTimeout = timeout > 0 ? timeout : noDrainTimeout;
    now.sweepMs = status.state == SourceState::Sweeping ? status.sweepEveryMs : 0;
    const Seen before = seen.value(source);
    if (now == before)
        return;
    seen.insert(source, now);
    if (!now.live)
        return;
    // While it was away nothing was judged, and what was uncertain can be looked up now.
    const std::set<quint64> keys = openBySource.value(source);
    for (const quint64 key : keys) {
        Slot *slot = openSlot(key);
        if (!slot)
            continue;
        const Command &command = slot->entry.command;
        if (slot->restored && slot->entry.serial == 0) {
            if (const WorkerHandle handle = store.find(source, command.worker); handle != noWorker)
                bind(handle); // The views hear of it a moment later.
        }
        slot = openSlot(key);
        if (!slot)
            continue;
        // A worker that is not in a whole view went while no console looked.
        const bool left = slot->restored && slot->entry.serial == 0 && slot->entry.stage != CommandStage::Unknown;
        if (slot->entry.stage != CommandStage::Unknown && !left)
            judge(key, *slot);
        else if (!before.live || (!slot->asked && slot->entry.lookedUpAt == 0))
            ask(key, *slot);
    }
    flush();
}

void CommandLedger::Private::onSourceRemoved(SourceId source)
{
    seen.remove(source);
    const std::set<quint64> keys = openBySource.value(source);
    for (const quint64 key : keys) {
        Slot *slot = openSlot(key);
        if (!slot)
            continue;
        if (!slot->sent) {
            refuse(key, *slot, Refusal::NotConnected, u"the source was removed before it was sent"_s);
        } else {
            slot->entry.text = u"the source was removed; what became of it is not known"_s;
            setStage(key, *slot, CommandStage::Unknown);
            touch(key);
        }
    }
    flush();
}

/// A restored command meets its worker.
void CommandLedger::Private::bind(WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    const auto found = unbound.find({worker.source, worker.id});
    if (found == unbound.end())
        return;
    const std::vector<quint64> keys = *found;
    unbound.erase(found);
    for (const quint64 key : keys) {
        Slot *slot = slotOf(key);
        if (!slot)
            continue;
        CommandEntry &entry = slot->entry;
        entry.handle = handle;
        entry.serial = worker.serial;
        entry.type = store.typeName(worker.type);
        entry.host = worker.host;
        entry.sourceName = store.sourceName(worker.source);
        CommandGroup &group = groups.at(entry.command.group);
        group.actors -= entry.actor;
        entry.actor = isActor(entry.command, handle);
        group.actors += entry.actor;
        if (entry.isOpen() || (entry.command.act == Act::Drain && entry.stage == CommandStage::Done))
            enter(key, *slot);
        const bool answered = entry.isOpen() && entry.stage != CommandStage::Unknown;
        if (slot->restored && answered && isShutdown(entry.command.act)) {
            Watch &mine = watch(entry);
            mine.knowCommand(clock.nowMs()); // The key that is there is the one that was written.
            mine.told = mine.told || entry.pickedUpAt > 0 || entry.receivers > 0;
        }
        touch(key);
    }
}

void CommandLedger::Private::look(WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    if (const Watch *mine = watchOf(worker.serial)) {
        for (const quint64 key : {mine->shutdown, mine->drain}) {
            Slot *slot = slotOf(key);
            if (!slot)
                continue;
            if (slot->entry.isOpen())
                judge(key, *slot);
            else
                reopen(key, *slot, worker);
        }
    }
    notice(handle);
}

// Judging -------------------------------------------------------------------------------------------------------------

void CommandLedger::Private::judge(quint64 key, Slot &slot)
{
    const CommandEntry &entry = slot.entry;
    const bool lookedUp = entry.stage == CommandStage::Unknown && entry.lookedUpAt > 0;
    if (!entry.isOpen() || entry.stage == CommandStage::Queued || entry.stage == CommandStage::Requested
        || (entry.stage == CommandStage::Unknown && !lookedUp))
        return;
    const Seen source = seenOf(entry.command.source);
    const Worker *worker = workerOf(slot);
    // Nothing is guessed from a view that is not true any more, or not whole yet.
    if (!worker || !source.connected || (!source.live && worker->liveness == Liveness::Unknown))
        return;
    if (worker->endedAt > 0) {
        if (worker->endedAt >= entry.requestedAt)
            settleGone(key, slot, *worker);
    } else if (entry.actor) {
        judgeActor(key, slot, *worker, source);
    } else if (isShutdown(entry.command.act)) {
        judgeShutdown(key, slot, *worker, source);
    } else if (entry.command.act == Act::Drain) {
        judgeDrain(key, slot, *worker);
    }
    schedule(key, slot);
}

bool CommandLedger::Private::provesPickUp(const Slot &slot, const Worker &worker) const
{
    if (worker.status == WorkerStatus::ShuttingDown)
        return true;
    if (worker.status != WorkerStatus::Draining || slot.wasDraining)
        return false;
    // A drain ordered from a console since: it is not the worker that says so.
    return !worker.flags.testFlag(WorkerFlag::DrainedByOperator)
           || (slot.drainNoteBefore > 0 && store.drainNote(slot.entry.handle).at == slot.drainNoteBefore);
}

void CommandLedger::Private::pickUp(quint64 key, Slot &slot, qint64 at)
{
    slot.entry.pickedUpAt = at;
    slot.entry.timesFound = slot.entry.timesFound || slot.restored;
    slot.sessionsHigh = slot.entry.sessionsLeft;
    tell(slot);
    setStage(key, slot, CommandStage::PickedUp);
}

void CommandLedger::Private::takeSessions(quint64 key, Slot &slot, const Worker &worker)
{
    CommandEntry &entry = slot.entry;
    const qint32 sessions = worker.activeSessions == unknownValue ? unknownValue : qMax(0, worker.activeSessions);
    if (sessions != entry.sessionsLeft) {
        entry.sessionsLeft = sessions;
        touch(key);
    }
    if (entry.pickedUpAt == 0 || !drains(worker))
        return;
    slot.sessionsHigh = qMax(slot.sessionsHigh, sessions);
    if (sessions <= 0 && entry.emptiedAt == 0)
        entry.emptiedAt = slot.sessionsHigh > 0 ? clock.nowMs() : entry.pickedUpAt;
    const bool atStart =
        entry.stage == CommandStage::PickedUp || entry.stage == CommandStage::Written || entry.stage == CommandStage::Announced;
    if (atStart && sessions != unknownValue && sessions < slot.sessionsHigh)
        setStage(key, slot, CommandStage::Emptying);
}

void CommandLedger::Private::judgeShutdown(quint64 key, Slot &slot, const Worker &worker, const Seen &source)
{
    CommandEntry &entry = slot.entry;
    const bool lost = worker.liveness == Liveness::KeyLost;
    if (slot.keyLost != lost) {
        slot.keyLost = lost;
        setText(key, slot,
                lost ? u"its key is lost: watched until it returns or is surely gone"_s
                     : u"its key was lost for a while and is back"_s);
    }
    takeSessions(key, slot, worker);
    if (entry.pickedUpAt == 0) {
        if (provesPickUp(slot, worker))
            pickUp(key, slot, entry.theirs ? worker.statusSince : qMax(worker.statusSince, entry.writtenAt));
        else
            judgeUnread(key, slot, worker, source);
        if (entry.pickedUpAt == 0 || !entry.isOpen())
            return;
        takeSessions(key, slot, worker);
    }
    const bool says = worker.status == WorkerStatus::Available && worker.readAt > entry.pickedUpAt;
    if (says && entry.stage != CommandStage::Forgotten) {
        entry.forgottenAt = worker.statusSince > entry.pickedUpAt ? worker.statusSince : clock.nowMs();
        setStage(key, slot, CommandStage::Forgotten);
    }
    const bool underway = entry.stage == CommandStage::PickedUp || entry.stage == CommandStage::Emptying;
    if (underway && source.live && clock.nowMs() >= entry.pickedUpAt + source.drainTimeout + overdueGraceMs) {
        entry.overdueAt = clock.nowMs();
        setStage(key, slot, CommandStage::Overdue);
    }
}

/// It has been written and nothing proves yet that it was read.
void CommandLedger::Private::judgeUnread(quint64 key, Slot &slot, const Worker &worker, const Seen &source)
{
    CommandEntry &entry = slot.entry;
    const qint64 now = clock.nowMs();
    if (worker.command == CommandState::Shutdown) {
        slot.keySeen = true;
        slot.vanishedAt = 0;
        if (entry.theirs)
            entry.commandUntil = worker.commandUntil;
    } else if (slot.keySeen && slot.vanishedAt == 0) {
        slot.vanishedAt = now;
    }
    // What a withdrawal found out comes with its answer.
    if (openSlot(slot.cancel))
        return;
    const qint64 seenGoneAt = slot.vanishedAt > 0 ? slot.vanishedAt : now;
    const bool ranOut = entry.commandUntil > 0 && seenGoneAt >= entry.commandUntil - ranOutSlackMs;
    if (ranOut) {
        if (source.live && now >= entry.commandUntil + grace(entry.command.source, unreadGraceMs))
            judgeRunOut(key, slot, source);
        return;
    }
    if (slot.vanishedAt == 0 || !source.live)
        return;
    const bool published = entry.receivers > 0; // Who hears of it so leaves the key alone.
    if (slot.wasDraining && published)
        return;
    if (slot.wasDraining) {
        entry.text = u"it drained already; that its command key is gone shows that it was read"_s;
        pickUp(key, slot, slot.vanishedAt);
    } else if (now >= slot.vanishedAt + grace(entry.command.source, vanishGraceMs)) {
        entry.text = u"by somebody else: its command key is gone and it does not drain"_s;
        setStage(key, slot, CommandStage::Withdrawn, slot.vanishedAt);
    }
}

/// The command key's time is over, and no pick-up was seen.
void CommandLedger::Private::judgeRunOut(quint64 key, Slot &slot, const Seen &source)
{
    CommandEntry &entry = slot.entry;
    if (!slot.wasDraining || (entry.receivers <= 0 && !entry.theirs)) {
        setStage(key, slot, CommandStage::ExpiredUnread, entry.commandUntil);
        return;
    }
    if (entry.stage == CommandStage::Overdue)
        return;
    setText(key, slot, u"read or not cannot be seen: it was draining already"_s);
    if (clock.nowMs() >= entry.writtenAt + source.drainTimeout + overdueGraceMs) {
        entry.overdueAt = clock.nowMs();
        setStage(key, slot, CommandStage::Overdue);
    }
}

void CommandLedger::Private::judgeDrain(quint64 key, Slot &slot, const Worker &worker)
{
    CommandEntry &entry = slot.entry;
    if (drains(worker)) {
        takeSessions(key, slot, worker);
        if (entry.sessionsLeft <= 0)
            setStage(key, slot, CommandStage::Done);
        return;
    }
    // What was read before the drain was written says nothing of it.
    if (worker.status != WorkerStatus::Available || worker.readAt <= entry.writtenAt)
        return;
    const Watch *mine = watchOf(worker.serial);
    const Slot *resume = mine ? openSlot(mine->other) : nullptr;
    if (resume && resume->entry.command.act == Act::Resume)
        return;
    // Who resumes takes the note of the drain away; a worker that writes its status anew leaves it, or makes its key anew.
    const bool anew =
        worker.flags.testFlag(WorkerFlag::DrainUndone) || (worker.returnedAt > 0 && worker.returnedAt >= entry.writtenAt);
    if (worker.flags.testFlag(WorkerFlag::DrainForgotten)) {
        if (entry.stage != CommandStage::Forgotten) {
            entry.forgottenAt = worker.statusSince;
            setStage(key, slot, CommandStage::Forgotten);
        }
    } else if (anew) {
        setStage(key, slot, CommandStage::Undone, worker.statusSince);
    } else {
        entry.text = u"by somebody else"_s;
        setStage(key, slot, CommandStage::Withdrawn, worker.statusSince);
    }
}

// Ends ----------------------------------------------------------------------------------------------------------------

void CommandLedger::Private::settleGone(quint64 key, Slot &slot, const Worker &worker)
{
    CommandEntry &entry = slot.entry;
    if (entry.actor) {
        settleActor(key, slot, worker);
        return;
    }
    CommandStage stage = CommandStage::Gone;
    // One whose heartbeats are late and that was told may well take its own key away, unless its process is known to be gone.
    const bool heard = entry.pickedUpAt > 0 || entry.receivers > 0;
    if (worker.end == WorkerEnd::KeyRemoved && heard && !isProcessGone(worker)) {
        if (entry.text.isEmpty())
            entry.text = u"its heartbeats were stale when its key was removed"_s;
    } else if (worker.end == WorkerEnd::KeyRemoved) {
        stage = CommandStage::Lost;
        entry.text = u"it was dead, and its key was removed"_s;
    } else if (worker.end == WorkerEnd::Expired || worker.end == WorkerEnd::Crashed)
        stage = worker.status == WorkerStatus::ShuttingDown ? CommandStage::Gone : CommandStage::Lost;
    else if (worker.end != WorkerEnd::Drained && worker.end != WorkerEnd::Left)
        entry.text = u"it went unseen; whether by this command is not known"_s;
    if (slot.keyLost)
        entry.text = stage == CommandStage::Gone ? QString() : u"its key was lost and it never came back"_s;
    slot.keyLost = false;
    // It goes by itself when no session is left. What it still had when its time was over, or when it died, was cut.
    const Seen source = seenOf(entry.command.source);
    const bool timeOver = entry.pickedUpAt > 0 && worker.endedAt >= entry.pickedUpAt + source.drainTimeout - timeOverSlackMs;
    if (stage == CommandStage::Lost || timeOver || entry.overdueAt > 0)
        entry.sessionsCut = entry.sessionsLeft;
    else if (worker.activeSessions <= 0 && worker.activeSessions != unknownValue)
        entry.sessionsCut = 0;
    else
        entry.sessionsCut = unknownValue; // Counters are read a moment after they change: the last session may well have ended.
    setStage(key, slot, stage, worker.endedAt);
    // Whoever gave it may be the only one who looks: pulsedeckctl, that is.
    if (journal && worker.end != WorkerEnd::Unseen && worker.end != WorkerEnd::None)
        journal->writeEnds({{entry.sourceName, entry.command.worker, worker.end, clock.toWall(worker.endedAt)}});
}

/// What is over is not over after all: a worker that was gone is back under the same id, so that it was only its key that was
/// gone.
void CommandLedger::Private::reopen(quint64 key, Slot &slot, const Worker &worker)
{
    CommandEntry &entry = slot.entry;
    if (entry.actor) {
        // An address is a name: whoever registers it anew may be another process, so what went stays gone.
        if (entry.stage == CommandStage::Delivered && worker.endedAt > 0 && worker.endedAt >= entry.requestedAt)
            settleActor(key, slot, worker);
        return;
    }
    // An announcement waits in the socket of a worker that hangs, longer than the command key lives. Whether others announced
    // theirs is not seen, but the proxy does.
    const bool heard = entry.stage == CommandStage::ExpiredUnread && (entry.receivers > 0 || entry.theirs)
                       && worker.command == CommandState::None;
    if (heard && worker.endedAt == 0 && worker.statusSince >= entry.endedAt && provesPickUp(slot, worker)) {
        entry.text = u"it read the announcement after the command key had expired"_s;
        pickUp(key, slot, worker.statusSince);
        judge(key, slot);
        return;
    }
    // An idle one may be gone before anybody sees it drain.
    const bool inOrder = worker.end == WorkerEnd::Drained || worker.end == WorkerEnd::Left
                         || (worker.end == WorkerEnd::KeyRemoved && !isProcessGone(worker));
    if (heard && inOrder && worker.endedAt >= entry.endedAt) {
        entry.text = u"it went by the announcement after the command key had expired"_s;
        settleGone(key, slot, worker);
        return;
    }
    const bool wentAway = entry.stage == CommandStage::Gone || entry.stage == CommandStage::Lost;
    if (!wentAway || worker.endedAt > 0 || worker.returnedAt == 0 || worker.returnedAt < entry.endedAt)
        return;
    entry.sessionsCut = unknownValue;
    entry.text = u"its key was gone for a while and is back"_s;
    slot.vanishedAt = 0;
    if (entry.command.act == Act::Drain && worker.flags.testFlag(WorkerFlag::DrainUndone)) {
        setStage(key, slot, CommandStage::Undone, worker.returnedAt);
    } else if (entry.pickedUpAt > 0 && worker.status == WorkerStatus::Available) {
        entry.forgottenAt = worker.returnedAt;
        setStage(key, slot, CommandStage::Forgotten);
    } else {
        setStage(key, slot, slot.before);
        judge(key, slot);
    }
}

// Time ----------------------------------------------------------------------------------------------------------------

/// A source that is swept shows things later.
qint64 CommandLedger::Private::grace(SourceId source, qint64 ms) const
{
    return ms + seenOf(source).sweepMs;
}

qint64 CommandLedger::Private::nextDue(const Slot &slot) const
{
    const CommandEntry &entry = slot.entry;
    const SourceId source = entry.command.source;
    const qint64 now = clock.nowMs();
    if (entry.stage == CommandStage::Unknown)
        return slot.asked ? 0 : slot.askAt;
    const qint64 drainTimeout = seenOf(source).drainTimeout;
    if (!isShutdown(entry.command.act))
        return 0;
    switch (entry.stage) {
    case CommandStage::PickedUp:
    case CommandStage::Emptying:
        return entry.pickedUpAt + drainTimeout + overdueGraceMs;
    case CommandStage::Written:
    case CommandStage::Announced:
        break;
    default:
        return 0;
    }
    qint64 next = std::numeric_limits<qint64>::max();
    if (entry.commandUntil > 0) {
        next = entry.commandUntil + grace(source, unreadGraceMs);
        if (next <= now)
            next = qMax(next, entry.writtenAt + drainTimeout + overdueGraceMs);
    }
    if (slot.vanishedAt > 0 && !(slot.wasDraining && entry.receivers > 0))
        next = qMin(next, slot.vanishedAt + grace(source, vanishGraceMs));
    return next == std::numeric_limits<qint64>::max() ? 0 : next;
}

void CommandLedger::Private::schedule(quint64 key, Slot &slot)
{
    const qint64 now = clock.nowMs();
    qint64 next = slot.entry.isOpen() ? nextDue(slot) : 0;
    // What should have been judged and could not be (a withdrawal is under way) is looked at again soon.
    if (next > 0 && next <= now && slot.entry.stage != CommandStage::Unknown)
        next = now + lookAgainMs;
    if (next == slot.dueAt)
        return;
    if (slot.dueAt > 0)
        due.erase({slot.dueAt, key});
    slot.dueAt = next;
    if (next > 0)
        due.insert({next, key});
}

} // namespace pulsedeck
