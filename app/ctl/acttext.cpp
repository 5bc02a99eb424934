// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/acttext.h"

#include "models/commands/commandexport.h"
#include "models/commands/commandwords.h"
#include "models/commands/pickupjudge.h"
#include "models/core/format.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString openText(const SourceTraits &traits, qint32 count)
{
    return count == 0 ? u"idle"_s : workLeftText(traits, count);
}

QString after(const CommandEntry &entry)
{
    const QString text = endedAfterText(entry);
    return text.isEmpty() ? text : u' ' + text;
}

QString doneText(const CommandEntry &entry)
{
    const ActRow &row = actRow(entry.command.act);
    if (entry.command.act == Act::Reap && entry.traits->isLaidOut())
        return u"removed"_s; // Only some fleets have counters.
    const QString text = actText(row.done ? row.done : row.success);
    if (entry.command.act == Act::Resume && isPickedUp(entry) && !entry.command.queues.isEmpty())
        return text + u", it serves %1 again"_s.arg(entry.command.queues.join(u", "_s));
    if (entry.command.act != Act::Drain)
        return text;
    // What it had then may have been more than its last beat said.
    return isPickedUp(entry) && entry.sessionsBefore > 0
               ? QString(text + after(entry) + u", %1 had been at work"_s.arg(entry.traits->countedJobs(entry.sessionsBefore)))
               : QString(text + after(entry));
}

QString writtenText(const CommandEntry &entry)
{
    if (isPickedUp(entry)) {
        // All hear what is meant for one.
        if (entry.receivers != unknownValue && entry.traits->of(entry.command.act).messages)
            return u"published for it alone; %1 heard it, nothing shows yet that it is obeyed"_s.arg(
                entry.receivers == 1 ? u"1 connected worker"_s : u"%1 connected workers"_s.arg(entry.receivers));
        return entry.receivers == unknownValue ? u"written, waits to be picked up"_s
                                               : u"published to %1, nothing shows yet that it is obeyed"_s.arg(entry.receivers);
    }
    if (entry.command.act == Act::Drain)
        return u"draining, "_s + openText(*entry.traits, entry.sessionsLeft);
    return u"written, waits for the next heartbeat, at most "_s + exactText(entry.command.ttlMs);
}

QString stageLine(const CommandEntry &entry)
{
    if (entry.stage == CommandStage::Written)
        return writtenText(entry);
    if (entry.stage == CommandStage::Announced)
        return entry.receivers > 0 ? u"written and announced"_s : u"written; the announcement had no receiver"_s;
    if (entry.stage == CommandStage::Done)
        return entry.isAnswered() && entry.command.act == Act::Drain ? u"accepted by the actor"_s : doneText(entry);
    if (entry.stage == CommandStage::Refused && entry.refusal != Refusal::None)
        return u"refused: "_s + (saysWhy(entry) ? entry.text : refusalText(entry));
    if (entry.stage == CommandStage::PickedUp && entry.note == CommandNote::TakenOrWithdrawn)
        return u"taken or withdrawn, "_s + openText(*entry.traits, entry.sessionsLeft);
    const StageRow &row = stageRow(entry.stage);
    QString text = row.line.text(false, entry.isAnswered());
    if (text.isEmpty())
        text = stageText(entry.stage);
    if (row.flags & StageRow::Timed)
        text += after(entry);
    // An actor is sent a message, and its sessions are not known.
    if ((row.flags & StageRow::Counted) && !(entry.isAnswered() && row.line.registered))
        text += u", "_s + openText(*entry.traits, entry.sessionsLeft);
    const bool cut = entry.stage == CommandStage::Gone && !entry.isAnswered() && entry.sessionsCut > 0;
    if (cut && entry.traits->isLaidOut())
        text += u", with %1 still at work"_s.arg(entry.traits->countedJobs(entry.sessionsCut));
    else if (cut)
        text += entry.sessionsCut == 1 ? u", 1 session cut"_s : u", %1 sessions cut"_s.arg(entry.sessionsCut);
    return text;
}

} // namespace

QString commandText(const CommandEntry &entry)
{
    const QString text = stageLine(entry);
    if (entry.stage == CommandStage::Delivered && saysUnanswered(entry.note))
        return entry.text; // "delivered; the actor has not answered"
    const bool said = entry.isAnswered() && entry.note == CommandNote::Answered
                      && (entry.stage == CommandStage::Done || entry.stage == CommandStage::PickedUp);
    const bool refused = entry.stage == CommandStage::Refused && saysWhy(entry);
    return said || refused || entry.text.isEmpty() ? text : QString(text + u" ("_s + entry.text + u')');
}

QString dryRunText(Act act, const Worker &worker)
{
    const ActRow &row = actRow(act);
    if (worker.traits->of(act).proof == ActProof::Answer)
        return u"would be sent "_s + QString::fromLatin1(row.message);
    QString text =
        worker.traits->hasOwnActs() ? QString(worker.traits->actLabel(act) + u": would be done"_s) : actText(row.wouldBe);
    if (row.capacity < 0)
        text += u", "_s + openText(*worker.traits, worker.activeSessions);
    if (act == Act::Resume && worker.flags.testFlag(WorkerFlag::DrainUnseen))
        text += u", if that drain is proven, or with --force"_s;
    return text;
}

QString capacityText(const FleetStore &store, const CapacityChange &change)
{
    const QString text = u"%1 on %2: %3 → %4 available"_s.arg(change.name(), store.sourceName(change.source),
                                                              QString::number(change.before), QString::number(change.after));
    return change.unknown == 0 ? text : text + u", not known of %1"_s.arg(change.unknown);
}

QJsonObject idleJson(const FleetStore &store, WorkerHandle handle, Act act, const QString &stage, const QString &text)
{
    const Worker &worker = store.worker(handle);
    CommandEntry entry;
    entry.command.act = act;
    entry.takeWorker(store, handle);
    entry.sessionsBefore = worker.activeSessions;
    entry.sessionsLeft = worker.activeSessions;
    entry.unrecorded = true;
    entry.text = text;
    QJsonObject object = commandJson(entry);
    object.insert(u"id"_s, QJsonValue());
    object.insert(u"group"_s, QJsonValue());
    object.insert(u"stage"_s, stage);
    return object;
}

} // namespace pulsedeck
