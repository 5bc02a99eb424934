// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/acttext.h"

#include "models/commands/commandexport.h"
#include "models/core/format.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString sessionsText(qint32 sessions)
{
    if (sessions == unknownValue)
        return u"sessions not known"_s;
    if (sessions <= 0)
        return u"idle"_s;
    return sessions == 1 ? u"1 session"_s : u"%1 sessions"_s.arg(sessions);
}

QString after(const CommandEntry &entry, qint64 end)
{
    return end >= entry.requestedAt && entry.requestedAt > 0 ? u" after "_s + durationText(end - entry.requestedAt) : QString();
}

QString doneText(const CommandEntry &entry)
{
    switch (entry.command.act) {
    case Act::Drain:
        return u"drained"_s + after(entry, entry.endedAt);
    case Act::Resume:
        return u"resumed"_s;
    case Act::Cancel:
        return u"command withdrawn"_s;
    case Act::Reap:
        return u"counters removed"_s;
    case Act::RemoveKey:
        return u"key removed"_s;
    case Act::Shutdown:
    case Act::ShutdownNow:
        break;
    }
    return u"done"_s;
}

/// The same as below where an actor says it otherwise: it is sent a message, and its sessions are nobody's business.
QString actorSentence(const CommandEntry &entry)
{
    switch (entry.stage) {
    case CommandStage::Delivered:
        return u"delivered; the actor has not answered"_s;
    case CommandStage::PickedUp:
        return u"answered by the actor"_s;
    case CommandStage::Overdue:
        return u"answered by the actor, and still registered"_s;
    case CommandStage::Gone:
        return u"gone"_s + after(entry, entry.endedAt);
    case CommandStage::Done:
        return entry.command.act == Act::Drain ? u"accepted by the actor"_s : QString();
    case CommandStage::Lost:
        return u"its registration expired"_s + after(entry, entry.endedAt);
    default:
        return {};
    }
}

QString stageSentence(const CommandEntry &entry)
{
    if (const QString sentence = entry.actor ? actorSentence(entry) : QString(); !sentence.isEmpty())
        return sentence;
    switch (entry.stage) {
    case CommandStage::Requested:
        return u"not answered"_s;
    case CommandStage::Written:
        return entry.command.act == Act::Drain
                   ? u"draining, "_s + sessionsText(entry.sessionsLeft)
                   : u"written, waits for the next heartbeat, at most "_s + exactText(entry.command.ttlMs);
    case CommandStage::Announced:
        return entry.receivers > 0 ? u"written and announced"_s : u"written; nobody heard the announcement"_s;
    case CommandStage::PickedUp:
    case CommandStage::Emptying:
        return u"picked up, "_s + sessionsText(entry.sessionsLeft);
    case CommandStage::Overdue:
        return u"overdue, "_s + sessionsText(entry.sessionsLeft);
    case CommandStage::Gone: {
        QString text = u"gone"_s + after(entry, entry.endedAt);
        if (entry.sessionsCut != unknownValue && entry.sessionsCut > 0)
            text += entry.sessionsCut == 1 ? u", 1 session cut"_s : u", %1 sessions cut"_s.arg(entry.sessionsCut);
        return text;
    }
    case CommandStage::Done:
        return doneText(entry);
    case CommandStage::Delivered:
        return u"delivered"_s;
    case CommandStage::Refused:
        return entry.refusal == Refusal::None ? u"refused"_s : u"refused: "_s + refusalText(entry);
    case CommandStage::Lost:
    case CommandStage::ExpiredUnread:
        return stageText(entry.stage) + after(entry, entry.endedAt);
    case CommandStage::Queued:
    case CommandStage::Forgotten:
    case CommandStage::Unknown:
    case CommandStage::Withdrawn:
    case CommandStage::TooLate:
    case CommandStage::Skipped:
    case CommandStage::Undone:
        break;
    }
    return stageText(entry.stage);
}

} // namespace

QString commandText(const CommandEntry &entry)
{
    const QString text = stageSentence(entry);
    if (entry.text.startsWith(text))
        return entry.text; // "delivered; the actor has not answered"
    const bool said = entry.actor && entry.stage == CommandStage::Done && entry.text == u"answered by the actor";
    return said || entry.text.isEmpty() ? text : QString(text + u" ("_s + entry.text + u')');
}

QString dryRunText(Act act, const Worker &worker)
{
    if (worker.traits->registers())
        return act == Act::Drain ? u"would be sent worker:drain"_s : u"would be sent worker:shutdown"_s;
    const QString sessions = u", "_s + sessionsText(worker.activeSessions);
    switch (act) {
    case Act::Shutdown:
        return u"would be shut down at its next heartbeat"_s + sessions;
    case Act::ShutdownNow:
        return u"would be shut down now"_s + sessions;
    case Act::Drain:
        return u"would be drained"_s + sessions;
    case Act::Resume:
        return worker.flags.testFlag(WorkerFlag::DrainUnseen)
                   ? u"would be resumed, if that drain is proven to stand or with --force"_s
                   : u"would be resumed"_s;
    case Act::Cancel:
        return u"its command would be withdrawn"_s;
    case Act::Reap:
        return u"its counters would be removed"_s;
    case Act::RemoveKey:
        return u"its key would be removed"_s;
    }
    return {};
}

QString capacityText(const FleetStore &store, const CapacityChange &change)
{
    const QString type = change.type.isEmpty() ? u"workers without a type"_s : change.type;
    return u"%1 on %2: %3 → %4 available"_s.arg(type, store.sourceName(change.source), QString::number(change.before),
                                                QString::number(change.after));
}

QJsonObject idleJson(const FleetStore &store, WorkerHandle handle, Act act, const QString &stage, const QString &text)
{
    const Worker &worker = store.worker(handle);
    CommandEntry entry;
    entry.command.act = act;
    entry.command.source = worker.source;
    entry.command.worker = worker.id;
    entry.sourceName = store.sourceName(worker.source);
    entry.type = store.typeName(worker.type);
    entry.host = worker.host;
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
