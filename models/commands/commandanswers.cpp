// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandanswers.h"

#include "models/commands/actorjudge.h"
#include "models/commands/pickupjudge.h"

namespace pulsedeck {

CommandAnswers::CommandAnswers(FleetStore &store, CommandBook &book, CommandedWorkers &workers, CommandMover &mover,
                               const Clock &clock)
    : m_store(store)
    , m_book(book)
    , m_workers(workers)
    , m_mover(mover)
    , m_clock(clock)
{ }

WorkerHandle CommandAnswers::take(const CommandProgress &progress)
{
    using Outcome = CommandProgress::Outcome;
    const quint64 key = m_book.keyOf(progress.command);
    TrackedCommand *command = m_book.find(key);
    if (!command || command->entry.theirs)
        return noWorker;
    CommandEntry &entry = command->entry;
    const bool unknown = entry.stage == CommandStage::Unknown;
    if (progress.outcome == Outcome::PickedUp || progress.outcome == Outcome::NotObeyed) {
        if (isPickedUp(entry) && m_mover.apply(key, judgePickUpNews(*command, progress, m_mover.workerOf(entry))))
            m_mover.judge(key);
        return noWorker;
    }
    if (command->restored && command->asked && progress.outcome == Outcome::Found && !unknown) {
        command->asked = false;
        m_mover.apply(key, judgeFoundLeft(*command, progress, m_store.pastEnd(entry.command.source, entry.command.worker)));
        return noWorker;
    }
    // An actor may answer minutes after its command was delivered.
    const bool awaitsActor = entry.stage == CommandStage::Delivered
                             && (progress.outcome == Outcome::Acknowledged || progress.outcome == Outcome::Refused);
    if (entry.stage != CommandStage::Requested && !unknown && !awaitsActor)
        return noWorker; // It was answered before.
    switch (progress.outcome) {
    case Outcome::Written:
        takeWritten(key, *command, progress);
        break;
    case Outcome::Done:
        takeDone(key, *command, progress);
        break;
    case Outcome::TooLate:
        takeTooLate(key, *command, progress);
        break;
    case Outcome::Refused:
        m_mover.refuse(key, progress.refusal, progress);
        break;
    case Outcome::Unknown:
        command->asked = false;
        if (!progress.saysNothing())
            entry.setRemark(progress);
        command->askAt = m_clock.nowMs() + (unknown ? askAgainMs : 0);
        m_mover.setStage(key, CommandStage::Unknown);
        m_mover.schedule(key);
        break;
    case Outcome::Found:
        if (unknown)
            takeFound(key, *command, progress);
        break;
    case Outcome::PickedUp:
    case Outcome::NotObeyed:
        break; // Taken above.
    case Outcome::Delivered:
    case Outcome::Acknowledged:
        m_mover.apply(key, judgeActorAnswer(*command, progress));
        if (const Worker *worker = m_mover.workerOf(entry)) // It may have gone while the answer was waited for.
            entry.isOpen() ? m_mover.judge(key) : m_mover.judgeAgain(key, *worker);
        break;
    }
    // A shutdown that waits to be withdrawn is not judged meanwhile.
    if (m_book.findOpen(command->target))
        m_mover.judge(command->target);
    // Whoever was there first is shown as theirs.
    const bool taken = progress.outcome == Outcome::Refused || entry.refusal == Refusal::AlreadyCommanded;
    return taken && m_mover.workerOf(entry) ? entry.handle : noWorker;
}

void CommandAnswers::takeWritten(quint64 key, TrackedCommand &command, const CommandProgress &progress)
{
    CommandEntry &entry = command.entry;
    entry.writtenAt = progress.at;
    entry.setRemark(progress);
    if (!progress.queues.isEmpty())
        entry.command.queues = progress.queues;
    if (isPickedUp(entry)) {
        const qint32 lasts = entry.traits->of(entry.command.act).lastsMs;
        entry.commandUntil = lasts > 0 ? progress.at + lasts : 0;
        entry.receivers = progress.receivers;
        m_mover.setStage(key, CommandStage::Written);
        m_mover.judge(key);
        return;
    }
    entry.commandUntil = progress.at + entry.command.ttlMs;
    if (CommandedWorker *mine = m_workers.find(entry.serial))
        mine->knowCommand(progress.at);
    const bool announced = entry.command.act == Act::ShutdownNow && progress.receivers != unknownValue;
    if (announced) {
        entry.announcedAt = progress.at;
        entry.receivers = progress.receivers;
        if (entry.receivers > 0)
            m_mover.tell(entry);
    }
    m_mover.setStage(key, announced ? CommandStage::Announced : CommandStage::Written);
    m_mover.judge(key);
}

void CommandAnswers::takeDone(quint64 key, TrackedCommand &command, const CommandProgress &progress)
{
    CommandEntry &entry = command.entry;
    entry.writtenAt = progress.at;
    entry.setRemark(progress);
    if (entry.command.act == Act::Drain) {
        // The status is the drain itself: that it stands there is its own proof.
        entry.pickedUpAt = progress.at;
        m_mover.setStage(key, CommandStage::Written);
        m_mover.judge(key);
        return;
    }
    m_mover.setStage(key, CommandStage::Done, progress.at);
    const CommandedWorker *mine = m_workers.find(entry.serial);
    const quint64 undone = entry.command.act == Act::Cancel           ? command.target
                           : entry.command.act == Act::Resume && mine ? mine->drain
                                                                      : 0;
    if (m_book.findOpen(undone))
        m_mover.setStage(undone, CommandStage::Withdrawn, progress.at);
}

void CommandAnswers::takeTooLate(quint64 key, TrackedCommand &command, const CommandProgress &progress)
{
    if (drains(progress.status) || progress.heard)
        m_mover.tell(command.entry);
    m_mover.apply(key, judgeTooLate(command, progress));
    if (TrackedCommand *target = m_book.findOpen(command.target)) {
        target->entry.tooLateAt = progress.at;
        m_book.touch(command.target);
    }
}

void CommandAnswers::takeFound(quint64 key, TrackedCommand &command, const CommandProgress &found)
{
    command.asked = false;
    CommandEntry &entry = command.entry;
    const Worker *worker = m_mover.workerOf(entry);
    if (entry.isAnswered()) {
        m_mover.apply(key, judgeActorFound(command, found, worker));
        m_mover.schedule(key);
        return;
    }
    if (isPickedUp(entry)) {
        const LookupScene scene{worker, m_mover.factsOf(entry.command.source), m_clock.nowMs()};
        if (m_mover.apply(key, judgePickUpFound(command, found, scene)))
            m_mover.judge(key);
        m_mover.schedule(key);
        return;
    }
    const Judgement judgement =
        judgeFound(command, found,
                   {worker, m_mover.factsOf(entry.command.source), m_clock.nowMs(),
                    worker ? m_store.drainNote(entry.handle).at : 0, m_clock.fromWall(entry.command.issuedAt)});
    const Act act = entry.command.act;
    const bool written = judgement.stage == CommandStage::Written || judgement.stage == CommandStage::PickedUp;
    if (isShutdown(act) && written) {
        if (CommandedWorker *mine = m_workers.find(entry.serial)) {
            mine->commandKnown = false;
            if (found.commandPresent)
                mine->knowCommand(found.at);
        }
    }
    if ((act == Act::ShutdownNow && written) || entry.note == CommandNote::FoundDrainingBefore)
        m_mover.tell(entry); // It may have been announced.
    if (judgement.stage == CommandStage::TooLate) {
        takeTooLate(key, command, found);
        return;
    }
    m_mover.apply(key, judgement);
    if (written)
        m_mover.judge(key);
    else if (act == Act::Cancel && judgement.stage == CommandStage::Done && m_book.findOpen(command.target))
        m_mover.setStage(command.target, CommandStage::Withdrawn, found.at);
    m_mover.schedule(key);
}

} // namespace pulsedeck
