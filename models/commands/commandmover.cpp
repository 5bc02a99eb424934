// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandmover.h"

#include "models/commands/actorjudge.h"
#include "models/commands/pickupjudge.h"

namespace pulsedeck {

namespace {

constexpr qint64 lookAgainMs = 1'000;

} // namespace

CommandMover::CommandMover(FleetStore &store, CommandBook &book, CommandedWorkers &workers, IntentRecorder &recorder,
                           const Clock &clock)
    : m_store(store)
    , m_book(book)
    , m_workers(workers)
    , m_recorder(recorder)
    , m_clock(clock)
{ }

// Judging -------------------------------------------------------------------------------------------------------------

const Worker *CommandMover::workerOf(const CommandEntry &entry) const
{
    if (entry.serial == 0 || entry.handle >= WorkerHandle(m_store.capacity()))
        return nullptr;
    const Worker &worker = m_store.worker(entry.handle);
    return worker.used && worker.serial == entry.serial ? &worker : nullptr;
}

void CommandMover::tell(const CommandEntry &entry)
{
    if (CommandedWorker *worker = m_workers.find(entry.serial))
        worker->told = true;
}

CommandScene CommandMover::sceneOf(const TrackedCommand &command, const Worker &worker)
{
    const CommandedWorker *mine = m_workers.find(worker.serial);
    const TrackedCommand *other = mine ? m_book.findOpen(mine->other) : nullptr;
    return {worker,
            factsOf(command.entry.command.source),
            m_clock.nowMs(),
            worker.flags.testFlag(WorkerFlag::DrainedByOperator) ? m_store.drainNote(command.entry.handle).at : 0,
            m_book.findOpen(command.cancel) != nullptr,
            other && other->entry.command.act == Act::Resume};
}

void CommandMover::judge(quint64 key)
{
    for (;;) {
        TrackedCommand *command = m_book.findOpen(key);
        if (!command)
            return;
        const CommandEntry &entry = command->entry;
        const bool unknown = entry.stage == CommandStage::Unknown && entry.lookedUpAt == 0;
        if (entry.stage == CommandStage::Queued || entry.stage == CommandStage::Requested || unknown)
            return;
        const Worker *worker = workerOf(entry);
        const JudgedSource source = factsOf(entry.command.source);
        // Nothing is guessed from a view that is not true any more, or not whole yet.
        if (!worker || !source.connected || (!source.live && worker->liveness == Liveness::Unknown))
            return;
        const CommandScene scene = sceneOf(*command, *worker);
        if (!apply(key, entry.isAnswered()  ? judgeActor(*command, scene)
                        : isPickedUp(entry) ? judgePickUp(*command, scene)
                                            : judgeStage(*command, scene)))
            break;
    }
    schedule(key);
}

void CommandMover::judgeAgain(quint64 key, const Worker &worker)
{
    TrackedCommand &command = *m_book.find(key);
    const CommandScene scene = sceneOf(command, worker);
    if (apply(key, command.entry.isAnswered()  ? judgeActorAgain(command, scene)
                   : isPickedUp(command.entry) ? judgePickUpAgain(command, scene)
                                               : pulsedeck::judgeAgain(command, scene)))
        judge(key);
}

/// It becomes the newest of its kind for its worker.
void CommandMover::enter(quint64 key)
{
    const CommandEntry &entry = m_book.find(key)->entry;
    // One that the store does not have has nothing that could be in the way.
    if (entry.command.scope != ActScope::Worker || entry.serial == 0)
        return;
    CommandedWorker &mine = m_workers.of(entry);
    const Act act = entry.command.act;
    if (isShutdown(act)) {
        mine.shutdown = key;
    } else if (act == Act::Drain) {
        const quint64 olderKey = std::exchange(mine.drain, key);
        if (TrackedCommand *older = olderKey != key ? m_book.findOpen(olderKey) : nullptr; older && !older->entry.isAnswered()) {
            older->entry.setNote(CommandNote::Reordered);
            setStage(olderKey, CommandStage::Withdrawn);
        }
    } else if (act != Act::Cancel) {
        mine.other = key;
    }
}

/// Whether there is a next stage.
bool CommandMover::apply(quint64 key, const Judgement &judgement)
{
    if (!judgement.stage) {
        if (judgement.changed)
            m_book.touch(key);
        return false;
    }
    setStage(key, *judgement.stage, judgement.at);
    const CommandEntry &entry = m_book.find(key)->entry;
    const bool went = entry.stage == CommandStage::Gone || entry.stage == CommandStage::Lost;
    const Worker *worker = went ? workerOf(entry) : nullptr;
    if (!worker || worker->endedAt == 0)
        return true;
    if (entry.isAnswered()) {
        // An older command that was answered after this one was given is judged nowhere else.
        const std::set<quint64> others = m_book.openOf(entry.command.source);
        for (const quint64 other : others) {
            if (const TrackedCommand *one = m_book.findOpen(other); one && one->entry.serial == entry.serial)
                judge(other);
        }
    } else if (m_recorder.journal() && worker->end != WorkerEnd::Unseen && worker->end != WorkerEnd::None) {
        // Whoever gave it may be the only one who looks: pulsedeckctl, that is.
        m_recorder.journal()->writeEnds({{entry.sourceName, entry.command.worker, worker->end, m_clock.toWall(worker->endedAt)}});
    }
    return true;
}

void CommandMover::setStage(quint64 key, CommandStage stage, qint64 at)
{
    const CommandEntry &entry = m_book.find(key)->entry;
    if (entry.stage == stage)
        return;
    if (stage == CommandStage::PickedUp && isShutdown(entry.command.act))
        tell(entry);
    m_book.setStage(key, stage, at);
    // No field of the worker's record says that it was given a command: its lane has it from here.
    if (isPickedUp(entry) && entry.command.act != Act::Cancel && entry.writtenAt > 0)
        m_store.takeCommandTimes(entry.handle, entry.serial,
                                 stage == CommandStage::Withdrawn ? CommandTimes()
                                                                  : CommandTimes{entry.writtenAt, entry.pickedUpAt});
    if (entry.command.scope != ActScope::Worker || stage == CommandStage::Withdrawn)
        noteOrder(m_store, entry);
    schedule(key);
}

void CommandMover::schedule(quint64 key)
{
    const TrackedCommand &command = *m_book.find(key);
    const qint64 now = m_clock.nowMs();
    const JudgedSource source = factsOf(command.entry.command.source);
    qint64 next = isPickedUp(command.entry) ? nextPickUpAt(command, source) : nextJudgementAt(command, source, now);
    // What should have been judged and could not be (a withdrawal is under way) is looked at again soon.
    if (next > 0 && next <= now && command.entry.stage != CommandStage::Unknown)
        next = now + lookAgainMs;
    m_book.setDue(key, next);
}

void CommandMover::refuse(quint64 key, Refusal refusal, const CommandRemark &remark)
{
    CommandEntry &entry = m_book.find(key)->entry;
    entry.refusal = refusal;
    entry.setRemark(remark);
    setStage(key, CommandStage::Refused);
}

} // namespace pulsedeck
