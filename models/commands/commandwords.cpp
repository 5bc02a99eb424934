// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandwords.h"

#include "models/commands/pickupjudge.h"
#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/layouts/layoutwrite.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class CommandWords
{
    Q_DECLARE_TR_FUNCTIONS(CommandWords)
};

QString intentSentence(const CommandEntry &entry)
{
    const Command &command = entry.command;
    const ActRow &row = actRow(command.act);
    if (entry.isAnswered() && row.message)
        return CommandWords::tr("Send it %1.").arg(QLatin1StringView(row.message));
    if (command.act == Act::Cancel && command.commandUntil <= 0)
        return CommandWords::tr("Withdraw the command.");
    if (command.scope == ActScope::Queue)
        return placed(actText(row.intent), {visibleLine(QString::fromUtf8(command.queue)), entry.traits->system});
    if (command.scope == ActScope::Fleet)
        return placed(actText(row.intent), {entry.traits->system});
    if (entry.traits->hasOwnActs()) {
        // The acts of such a system are not what they are for browser workers.
        const QString means = entry.traits->of(command.act).means;
        const QString label = entry.traits->actLabel(command.act);
        return means.isEmpty() ? CommandWords::tr("%1.").arg(label) : CommandWords::tr("%1. %2").arg(label, means);
    }
    const qint64 value = isShutdown(command.act)      ? command.ttlMs / 1000
                         : command.act == Act::Cancel ? qMax<qint64>(0, command.commandUntil - entry.requestedAt)
                                                      : command.lastHeartbeat;
    return placed(actText(row.intent), {QString::number(value)});
}

QString goneSentence(const CommandEntry &entry)
{
    const QString after = endedAfterText(entry);
    const bool timed = !after.isEmpty();
    if (entry.traits->registers()) {
        return timed ? CommandWords::tr("Its registration ended %1.", "after 3 s").arg(after)
                     : CommandWords::tr("Its registration ended.");
    }
    if (entry.sessionsCut > 0 && entry.traits->isLaidOut()) {
        const QString left = entry.traits->countedJobs(entry.sessionsCut);
        return timed ? CommandWords::tr("Gone %1; %2 still at work.", "after 3 s, and 2 jobs").arg(after, left)
                     : CommandWords::tr("Gone, with %1 still at work.").arg(left);
    }
    if (entry.sessionsCut > 0) {
        return timed ? CommandWords::tr("Gone %1; %Ln session(s) (was/were) cut.", nullptr, entry.sessionsCut).arg(after)
                     : CommandWords::tr("Gone; %Ln session(s) (was/were) cut.", nullptr, entry.sessionsCut);
    }
    return timed ? CommandWords::tr("Gone %1.", "after 3 s").arg(after) : CommandWords::tr("Gone.");
}

QString announcedSentence(const CommandEntry &entry)
{
    return entry.receivers == 0 ? CommandWords::tr("The command key is set; no process received the announcement.")
                                : CommandWords::tr("The command key is set, and was announced to %Ln receiver(s).", nullptr,
                                                   qMax(0, entry.receivers));
}

/// Nothing waited that could have been withdrawn: all that is seen is that the job is gone.
bool isJobGone(const CommandEntry &entry)
{
    const bool taken = entry.stage == CommandStage::PickedUp || entry.stage == CommandStage::Done;
    return taken && entry.command.act == Act::KillJob && entry.note == CommandNote::TakenOrWithdrawn;
}

/// What shows that it was carried out.
QString doneSentence(const CommandEntry &entry)
{
    if (entry.command.act == Act::Resume && !entry.command.queues.isEmpty())
        return CommandWords::tr("It says that it serves %1 again.", "queues")
            .arg(visibleLine(entry.command.queues.join(u", "_s)));
    if (entry.command.act == Act::Resume && entry.traits->has(SourceFact::StatusWord))
        return CommandWords::tr("Its status shows that it takes work again.");
    if (entry.command.act != Act::Drain)
        return CommandWords::tr("It was picked up, which is all that is seen of it.");
    if (entry.sessionsBefore == 0 && entry.sessionsLeft == 0)
        return CommandWords::tr("It had nothing at work.");
    const QString after = endedAfterText(entry);
    if (after.isEmpty())
        return CommandWords::tr("It has nothing at work any more.");
    return entry.sessionsBefore > 0 ? CommandWords::tr("It had %1 at work, and nothing any more %2.", "2 jobs, and after 3 s")
                                          .arg(entry.traits->countedJobs(entry.sessionsBefore), after)
                                    : CommandWords::tr("Nothing was at work any more %1.", "after 3 s").arg(after);
}

/// Of a command that its worker takes from where it was left; empty where that makes no difference.
QString pickUpSentence(const CommandEntry &entry)
{
    const bool heard = entry.receivers != unknownValue;
    const QString workLeft = workLeftText(*entry.traits, entry.sessionsLeft);
    if (isJobGone(entry))
        return CommandWords::tr("Its job is not at work any more: it was killed, or ended by itself.");
    switch (entry.stage) {
    case CommandStage::Written:
        if (heard && entry.traits->of(entry.command.act).messages)
            return CommandWords::tr("It was published to all %Ln worker(s) that are connected, for this one alone; nothing shows "
                                    "yet that it is obeyed.",
                                    nullptr, qMax(0, entry.receivers));
        return heard ? CommandWords::tr("It was published and received by %Ln process(es); nothing shows yet that it is obeyed.",
                                        nullptr, qMax(0, entry.receivers))
                     : CommandWords::tr("It waits to be picked up.");
    case CommandStage::PickedUp: {
        // It reports its work with its beats: what it has begun since is not known yet.
        const QString workThen = entry.traits->isLaidOut() && entry.sessionsLeft != unknownValue
                                     ? CommandWords::tr("%1 by its last report", "3 jobs at work").arg(workLeft)
                                     : workLeft;
        if (entry.note == CommandNote::TakenOrWithdrawn)
            return CommandWords::tr("It was taken, or withdrawn by another console; %1.").arg(workThen);
        return CommandWords::tr("It was picked up; %1.").arg(workThen);
    }
    case CommandStage::Overdue:
        if (entry.note == CommandNote::TakenOrWithdrawn)
            return CommandWords::tr("It was taken, or withdrawn by another console: its worker does not do it; %1.")
                .arg(workLeft);
        return CommandWords::tr("It was picked up, and its worker is still there; %1.").arg(workLeft);
    case CommandStage::ExpiredUnread:
        return CommandWords::tr("It was not picked up in time, and has expired.");
    case CommandStage::Emptying:
        return CommandWords::tr("It is finishing what it has; %1.").arg(workLeft);
    case CommandStage::Done:
        if (entry.note == CommandNote::TakenOrWithdrawn && entry.command.act != Act::Drain)
            return CommandWords::tr("It was taken, or withdrawn by another console.");
        return doneSentence(entry);
    default:
        return {};
    }
}

QString plainSentence(const CommandEntry &entry)
{
    if (const QString own = isPickedUp(entry) ? pickUpSentence(entry) : QString(); !own.isEmpty())
        return own;
    if (entry.stage == CommandStage::Requested)
        return intentSentence(entry);
    if (entry.stage == CommandStage::Announced)
        return announcedSentence(entry);
    if (entry.stage == CommandStage::Gone)
        return goneSentence(entry);
    if (entry.stage == CommandStage::Refused && saysWhy(entry))
        return CommandWords::tr("Nothing was done. %1").arg(entry.text);
    if (const QString why = refusalText(entry); entry.stage == CommandStage::Refused && !why.isEmpty())
        return CommandWords::tr("Nothing was done: %1.").arg(why);
    return placed(stageRow(entry.stage).sentence.text(entry.command.act == Act::Drain, entry.traits->registers()),
                  {workLeftText(*entry.traits, entry.sessionsLeft)});
}

} // namespace

QString workLeftText(const SourceTraits &traits, qint32 count)
{
    if (traits.isLaidOut()) {
        return count == unknownValue ? CommandWords::tr("how much is at work is not known")
                                     : CommandWords::tr("%1 at work", "a number of jobs").arg(traits.countedJobs(count));
    }
    return count == unknownValue ? CommandWords::tr("sessions not known")
                                 : CommandWords::tr("%Ln session(s) open", nullptr, count);
}

QString endedAfterText(const CommandEntry &entry)
{
    constexpr qint64 leastWaitMs = 100; // What a listener takes at once has not waited.
    const qint64 given = entry.writtenAt > 0 ? entry.writtenAt : entry.requestedAt;
    if (entry.endedAt <= 0 || entry.requestedAt <= 0 || entry.endedAt < entry.requestedAt)
        return {};
    const bool taken = entry.pickedUpAt >= given + leastWaitMs && entry.pickedUpAt <= entry.endedAt && !entry.timesFound;
    return taken ? CommandWords::tr("%1 after it took the command, which had waited for %2", "two times")
                       .arg(durationText(entry.endedAt - entry.pickedUpAt), durationText(entry.pickedUpAt - given))
                 : CommandWords::tr("after %1", "a time").arg(durationText(entry.endedAt - entry.requestedAt));
}

QString targetName(const Command &command, const SourceTraits &traits)
{
    if (command.scope == ActScope::Worker)
        return shortId(command.worker, traits);
    return command.scope == ActScope::Queue ? CommandWords::tr("queue %1").arg(visibleLine(QString::fromUtf8(command.queue)))
                                            : CommandWords::tr("whole fleet of %1").arg(traitText(traits.system));
}

QStringList commandBytes(const SourceTraits &traits, Act act, const QByteArray &worker, const QByteArray &queue,
                         const QStringList &queues)
{
    if (const ActTraits &own = traits.of(act); own.messages)
        return own.messages(own.channel, worker, queues);
    LayoutVariables values = idVariables(QRegularExpression(traits.idPattern), worker, traits.idsEscaped);
    if (!queue.isEmpty())
        values.insert("queue", queue);
    return writtenLines(traits.of(act).writes, values, queues);
}

QStringList queuesWritten(const FleetStore &store, WorkerHandle handle, Act act, const QStringList &drained)
{
    const Worker &worker = store.worker(handle);
    if (act == Act::Resume)
        return drained;
    if (act != Act::Reap) {
        const LayoutFacts *facts = store.facts(handle);
        return facts ? facts->queues : QStringList();
    }
    // The record that named its queues is gone with it, so what is left of it may be in any.
    QStringList queues;
    const std::map<QueueKey, QueueRecord> &all = store.queues().all();
    const QString &system = worker.traits->layout;
    for (auto one = all.lower_bound({worker.source, system, {}}); one != all.end(); ++one) {
        if (one->first.source != worker.source || one->first.system != system)
            break;
        queues.append(QString::fromUtf8(one->first.name));
    }
    return queues;
}

QString stageSentence(const CommandEntry &entry)
{
    const QString text = plainSentence(entry);
    // These notes are the sentence itself.
    const bool said = (entry.stage == CommandStage::Delivered && entry.note == CommandNote::NotAnswered)
                      || (entry.stage == CommandStage::Refused && saysWhy(entry))
                      || (entry.isAnswered() && entry.note == CommandNote::Answered) || isJobGone(entry);
    const bool more = !entry.text.isEmpty() && entry.stage != CommandStage::Requested && !said;
    return more ? CommandWords::tr("%1 (%2)").arg(text, entry.text) : text;
}

bool awaitsAnswer(const CommandEntry &entry, qint64 now)
{
    return entry.isAnswered() && entry.stage == CommandStage::Delivered && now - entry.writtenAt < answerWaitMs;
}

QString stageSentence(const CommandEntry &entry, qint64 now)
{
    return awaitsAnswer(entry, now) ? CommandWords::tr("The hub delivered it; waiting for the actor's answer.")
                                    : stageSentence(entry);
}

QString problemText(CommandStage stage, TraitsRef traits, const QByteArray &worker, qint64 ttlMs, const QString &why)
{
    const QString id = shortId(worker, *traits);
    if (stage == CommandStage::Refused && why.isEmpty())
        return CommandWords::tr("The command for %1 was refused.").arg(id);
    return placed(stageRow(stage).problem.text(false, traits->registers()), {id, exactText(ttlMs), why});
}

JournalEntry journalLine(const RecordedCommand &recorded, qint64 at, const Clock &clock)
{
    const CommandEntry &entry = recorded.entry;
    JournalEntry line;
    // To the millisecond what a drain writes into its worker's key.
    const bool intent = entry.stage == CommandStage::Requested && !entry.theirs;
    line.at = intent ? entry.command.issuedAt : clock.toWall(at);
    line.kind = JournalKind::Command;
    line.source = entry.sourceName;
    line.worker = entry.command.worker;
    line.command = entry.command.id;
    line.group = entry.command.group;
    line.act = actName(entry.command.act);
    line.step = stageName(entry.stage);
    line.by = entry.command.by;
    line.reason = entry.command.reason;
    line.seen = entry.theirs;
    line.text = entry.theirs ? CommandWords::tr("%1 Not from this console.").arg(stageSentence(entry)) : stageSentence(entry);
    line.facts = commandFacts(recorded, clock);
    return line;
}

} // namespace pulsedeck
