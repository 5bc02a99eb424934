// SPDX-License-Identifier: GPL-3.0-or-later
// How a command comes into the ledger: what is asked for, what forbids it, and the journal that has to know of it first.
#include "models/commands/commandledgerprivate.h"
#include "models/commands/commandwords.h"

#include <QTimer>

using namespace Qt::StringLiterals;

namespace pulsedeck {

void CommandLedger::setJournal(Journal *journal)
{
    if (d->journal == journal)
        return;
    if (d->journal)
        disconnect(d->journal, nullptr, this, nullptr);
    d->journal = journal;
    // What waits for the old one goes without it.
    const QList<quint64> waiting = d->sendings.keys();
    for (const quint64 token : waiting)
        d->onJournalLate(token);
    d->sendings.clear();
    if (journal) {
        connect(journal, &Journal::written, this, [this](quint64 token, bool ok) { d->onJournal(token, ok); });
        connect(journal, &QObject::destroyed, this, [this] { d->journal = nullptr; });
    }
}

// Asking --------------------------------------------------------------------------------------------------------------

QUuid CommandLedger::issue(const CommandRequest &request)
{
    const QUuid group = request.group.isNull() ? QUuid::createUuid() : request.group;
    std::vector<quint64> toSend;
    toSend.reserve(request.workers.size());
    for (const WorkerHandle handle : request.workers) {
        if (handle >= WorkerHandle(d->store.capacity()) || !d->store.worker(handle).used)
            continue;
        const quint64 key = d->add(d->fresh(request, handle, group));
        d->request(key, *d->slotOf(key), toSend);
    }
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
        const Private::Slot *slot = d->openSlot(key);
        if (slot && isShutdown(slot->entry.command.act) && slot->entry.stage != CommandStage::Queued && d->workerOf(*slot))
            request.workers.push_back(slot->entry.handle);
    }
    return issue(request);
}

QUuid CommandLedger::enqueue(const CommandRequest &request, const std::vector<QUuid> &ids)
{
    const QUuid group = request.group.isNull() ? QUuid::createUuid() : request.group;
    for (size_t i = 0; i < request.workers.size(); ++i) {
        const WorkerHandle handle = request.workers[i];
        if (handle >= WorkerHandle(d->store.capacity()) || !d->store.worker(handle).used)
            continue;
        if (i < ids.size() && d->byCommand.contains(ids[i]))
            continue;
        Private::Slot slot = d->fresh(request, handle, group);
        slot.entry.stage = CommandStage::Queued;
        if (i < ids.size() && !ids[i].isNull())
            slot.entry.command.id = ids[i];
        d->add(std::move(slot));
    }
    if (const auto found = d->groups.find(group); found != d->groups.end())
        found->second.rolling = true;
    d->flush();
    return group;
}

void CommandLedger::release(const std::vector<quint64> &keys)
{
    std::vector<quint64> toSend;
    for (const quint64 key : keys) {
        Private::Slot *slot = d->slotOf(key);
        if (!slot || slot->entry.stage != CommandStage::Queued)
            continue;
        const Worker *worker = d->workerOf(*slot);
        if (!worker) {
            d->refuse(key, *slot, Refusal::KeyGone, {});
            continue;
        }
        d->describe(*slot, slot->entry.handle);
        d->setStage(key, *slot, CommandStage::Requested);
        d->request(key, *slot, toSend);
    }
    d->record(toSend);
    d->flush();
}

void CommandLedger::skip(const std::vector<quint64> &keys, const QString &why)
{
    for (const quint64 key : keys) {
        Private::Slot *slot = d->slotOf(key);
        if (!slot || slot->entry.stage != CommandStage::Queued)
            continue;
        slot->entry.text = why;
        d->setStage(key, *slot, CommandStage::Skipped);
    }
    d->flush();
}

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
    const Command &command = recorded.entry.command;
    if (const quint64 known = d->byCommand.value(command.id))
        return known;
    const WorkerHandle handle = d->store.find(command.source, command.worker);
    Private::Slot slot;
    CommandEntry &entry = slot.entry;
    entry = recorded.entry;
    entry.sourceName = d->store.sourceName(command.source);
    entry.actor = d->isActor(command, handle);
    slot.wasDraining = recorded.wasDraining;
    slot.drainNoteBefore = recorded.drainNoteBefore;
    slot.sessionsHigh = entry.pickedUpAt > 0 ? entry.sessionsLeft : unknownValue;
    slot.keySeen = entry.commandUntil > 0;
    slot.sent = true;
    slot.restored = true;
    // What was not answered is not known, nor is what an actor was sent.
    if (entry.isOpen() && (entry.stage == CommandStage::Requested || entry.stage == CommandStage::Queued || entry.actor))
        entry.stage = CommandStage::Unknown;
    if (entry.stage == CommandStage::Unknown) {
        entry.text = u"given by an earlier run of the console"_s;
        slot.askAt = d->clock.nowMs();
    }
    if (groupStartedAt > 0)
        d->groupOf(command, groupStartedAt);
    const quint64 key = d->add(std::move(slot));
    if (rolling)
        d->groups.at(command.group).rolling = true;
    d->unbound[{command.source, command.worker}].push_back(key);
    if (handle != noWorker)
        d->bind(handle);
    d->schedule(key, *d->slotOf(key));
    d->flush();
    return key;
}

void CommandLedger::expectHistory()
{
    d->historyAwaited = true;
}

void CommandLedger::expectSteps(const QSet<std::pair<QString, QByteArray>> &workers)
{
    d->stepsAwaited = workers;
}

void CommandLedger::takePastDrains(const std::vector<RecordedCommand> &drains)
{
    d->historyAwaited = false;
    for (const RecordedCommand &drain : drains)
        d->pastDrains.insert_or_assign(drain.entry.command.id, drain);
}

void CommandLedger::restoreSkipped(const std::vector<std::pair<Command, QString>> &commands, const QString &why)
{
    for (const auto &[command, type] : commands) {
        if (d->byCommand.contains(command.id))
            continue;
        Private::Slot slot;
        CommandEntry &entry = slot.entry;
        entry.command = command;
        entry.stage = CommandStage::Queued;
        entry.sourceName = d->store.sourceName(command.source);
        entry.type = type;
        entry.actor = d->isActor(command, noWorker);
        entry.requestedAt = command.issuedAt;
        entry.text = why;
        const quint64 key = d->add(std::move(slot));
        d->groups.at(command.group).rolling = true;
        d->setStage(key, *d->slotOf(key), CommandStage::Skipped); // Told to the journal as any other.
    }
    d->flush();
}

// Making one ----------------------------------------------------------------------------------------------------------

/// What the store shows of the worker at the moment of the request.
void CommandLedger::Private::describe(Slot &slot, WorkerHandle handle) const
{
    const Worker &worker = store.worker(handle);
    CommandEntry &entry = slot.entry;
    entry.requestedAt = clock.nowMs();
    entry.command.issuedAt = clock.toWall(entry.requestedAt);
    entry.command.lastHeartbeat = worker.lastHeartbeat;
    entry.command.drainSeen = store.provenDrain(handle);
    entry.sessionsBefore = worker.activeSessions == unknownValue ? unknownValue : qMax(0, worker.activeSessions);
    entry.sessionsLeft = entry.sessionsBefore;
    slot.wasDraining = drains(worker);
    slot.drainNoteBefore = worker.flags.testFlag(WorkerFlag::DrainedByOperator) ? store.drainNote(handle).at : 0;
}

CommandLedger::Private::Slot CommandLedger::Private::fresh(const CommandRequest &request, WorkerHandle handle,
                                                           const QUuid &group) const
{
    const Worker &worker = store.worker(handle);
    Slot slot;
    CommandEntry &entry = slot.entry;
    Command &command = entry.command;
    command.id = QUuid::createUuid();
    command.group = group;
    command.act = request.act;
    command.source = worker.source;
    command.worker = worker.id;
    command.ttlMs = qMax<qint64>(1, (request.ttlMs + 999) / 1000) * 1000;
    if (request.act == Act::Cancel)
        command.commandUntil = worker.commandUntil;
    command.unprovenToo = request.unprovenToo;
    command.by = by;
    command.reason = request.reason;
    entry.sourceName = store.sourceName(worker.source);
    entry.type = store.typeName(worker.type);
    entry.host = worker.host;
    entry.handle = handle;
    entry.serial = worker.serial;
    entry.actor = worker.traits->registers();
    describe(slot, handle);
    return slot;
}

void CommandLedger::Private::request(quint64 key, Slot &slot, std::vector<quint64> &toSend)
{
    QString text;
    if (open > maxEntries) {
        refuse(key, slot, Refusal::None, QString::number(maxEntries) % u" commands are open already"_s);
        return;
    }
    if (const Refusal refusal = conflict(slot, &text); refusal != Refusal::None) {
        refuse(key, slot, refusal, text);
        return;
    }
    if (slot.entry.command.act == Act::Cancel && settledHere(key, slot))
        return;
    enter(key, slot);
    toSend.push_back(key);
}

Refusal CommandLedger::Private::conflict(const Slot &slot, QString *text)
{
    const Act act = slot.entry.command.act;
    const Watch *watch = watchOf(slot.entry.serial);
    if (!watch)
        return Refusal::None;
    if (Slot *shutdown = openSlot(watch->shutdown); shutdown && shutdown->entry.isInTheWay()) {
        if (act == Act::Cancel)
            return openSlot(shutdown->cancel) ? Refusal::HasCommand : Refusal::None;
        if (act == Act::Resume && watch->told)
            return Refusal::ShutdownGiven;
        *text = actTitle(shutdown->entry.command.act) % u": "_s % stageText(shutdown->entry.stage);
        return shutdown->entry.theirs ? Refusal::AlreadyCommanded : Refusal::HasCommand;
    }
    if (act == Act::Resume && watch->told)
        return Refusal::ShutdownGiven;
    if (const Slot *drain = openSlot(watch->drain);
        drain && act == Act::Drain && drain->entry.isInTheWay() && drain->entry.stage != CommandStage::Forgotten) {
        *text = actTitle(Act::Drain) % u": "_s % stageText(drain->entry.stage);
        return drain->entry.theirs ? Refusal::AlreadyCommanded : Refusal::HasCommand;
    }
    if (const Slot *other = openSlot(watch->other); other && other->entry.command.act == act) {
        *text = actTitle(act) % u": "_s % stageText(other->entry.stage);
        return Refusal::HasCommand;
    }
    return Refusal::None;
}

void CommandLedger::Private::refuse(quint64 key, Slot &slot, Refusal refusal, const QString &text)
{
    slot.entry.refusal = refusal;
    slot.entry.text = text;
    setStage(key, slot, CommandStage::Refused);
}

void CommandLedger::Private::enter(quint64 key, const Slot &slot)
{
    Watch &mine = watch(slot.entry);
    switch (slot.entry.command.act) {
    case Act::Shutdown:
    case Act::ShutdownNow:
        mine.shutdown = key;
        break;
    case Act::Drain:
        if (Slot *before = openSlot(mine.drain); before && mine.drain != key && !before->entry.actor) {
            before->entry.text = u"it was forgotten, and is ordered anew"_s;
            setStage(mine.drain, *before, CommandStage::Withdrawn);
        }
        mine.drain = key;
        break;
    case Act::Cancel:
        break;
    case Act::Resume:
    case Act::Reap:
    case Act::RemoveKey:
        mine.other = key;
        break;
    }
}

bool CommandLedger::Private::settledHere(quint64 key, Slot &cancel)
{
    const Watch *mine = watchOf(cancel.entry.serial);
    Slot *target = mine ? openSlot(mine->shutdown) : nullptr;
    if (!target)
        return false; // Perhaps there is one that the store has not shown yet: the source finds out.
    const quint64 targetKey = mine->shutdown;
    CommandEntry &aim = target->entry;
    cancel.target = targetKey;
    cancel.entry.command.commandUntil = aim.commandUntil;
    target->cancel = key;
    aim.cancelAskedAt = cancel.entry.requestedAt;
    touch(targetKey);
    const bool now = aim.command.act == Act::ShutdownNow;
    if (aim.stage == CommandStage::Requested && !target->sent) {
        aim.text = u"taken back before it was sent"_s;
        setStage(targetKey, *target, CommandStage::Withdrawn);
        setStage(key, cancel, CommandStage::Done);
        return true;
    }
    if (aim.canCancel() || aim.stage == CommandStage::Unknown || (aim.stage == CommandStage::Requested && !now))
        return false;
    aim.tooLateAt = cancel.entry.requestedAt;
    if (aim.pickedUpAt > 0)
        cancel.entry.text = u"it drains already"_s;
    else
        cancel.entry.text = u"it was announced, which cannot be taken back"_s;
    setStage(key, cancel, CommandStage::TooLate);
    return true;
}

// Recording and sending -----------------------------------------------------------------------------------------------

void CommandLedger::Private::record(const std::vector<quint64> &keys)
{
    if (keys.empty())
        return;
    if (!journal) {
        for (const quint64 key : keys)
            slotOf(key)->entry.unrecorded = true;
        send(keys);
        return;
    }
    constexpr qsizetype mostLate = 256;
    if (sendings.size() > mostLate)
        erase_if(sendings, [](const auto &place) { return place.value().sent; });
    const quint64 token = journal->nextToken();
    QList<JournalEntry> intents;
    intents.reserve(qsizetype(keys.size()));
    for (const quint64 key : keys) {
        const Slot &slot = *slotOf(key);
        intents.append(lineOf(slot, slot.entry.requestedAt));
    }
    sendings.insert(token, {keys, false});
    QTimer::singleShot(std::chrono::milliseconds(journalWaitMs), &q, [this, token] { onJournalLate(token); });
    journal->write(intents, token);
}

void CommandLedger::Private::onJournal(quint64 token, bool ok)
{
    const auto found = sendings.find(token);
    if (found == sendings.end())
        return;
    const Sending sending = *found;
    sendings.erase(found);
    for (const quint64 key : sending.keys) {
        Slot *slot = slotOf(key);
        if (slot && slot->entry.unrecorded == ok) {
            slot->entry.unrecorded = !ok;
            touch(key);
        }
    }
    if (!sending.sent)
        send(sending.keys);
    flush();
}

void CommandLedger::Private::onJournalLate(quint64 token)
{
    const auto found = sendings.find(token);
    if (found == sendings.end() || found->sent)
        return;
    found->sent = true;
    const std::vector<quint64> keys = found->keys;
    for (const quint64 key : keys) {
        if (Slot *slot = slotOf(key)) {
            slot->entry.unrecorded = true;
            touch(key);
        }
    }
    send(keys);
    flush();
}

void CommandLedger::Private::send(const std::vector<quint64> &keys)
{
    for (const quint64 key : keys) {
        Slot *slot = slotOf(key);
        if (!slot || slot->entry.stage != CommandStage::Requested || slot->sent)
            continue;
        slot->sent = true;
        const Command &command = slot->entry.command;
        auto place =
            std::find_if(outgoing.begin(), outgoing.end(), [&](const auto &pair) { return pair.first == command.source; });
        if (place == outgoing.end())
            place = outgoing.insert(outgoing.end(), {command.source, {}});
        place->second.append(command);
    }
}

} // namespace pulsedeck
