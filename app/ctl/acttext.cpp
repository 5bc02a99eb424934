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
    const ActRow &row = actRow(entry.command.act);
    return actText(row.done ? row.done : row.success)
           + (entry.command.act == Act::Drain ? after(entry, entry.endedAt) : QString());
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
    default:
        return stageText(entry.stage);
    }
}

} // namespace

QString commandText(const CommandEntry &entry)
{
    const QString text = stageSentence(entry);
    if (entry.stage == CommandStage::Delivered && saysUnanswered(entry.note))
        return entry.text; // "delivered; the actor has not answered"
    const bool said = entry.actor && entry.note == CommandNote::Answered
                      && (entry.stage == CommandStage::Done || entry.stage == CommandStage::PickedUp);
    return said || entry.text.isEmpty() ? text : QString(text + u" ("_s + entry.text + u')');
}

QString dryRunText(Act act, const Worker &worker)
{
    const ActRow &row = actRow(act);
    if (worker.traits->registers())
        return u"would be sent "_s + QString::fromLatin1(row.message);
    QString text = actText(row.wouldBe);
    if (row.capacity < 0)
        text += u", "_s + sessionsText(worker.activeSessions);
    if (act == Act::Resume && worker.flags.testFlag(WorkerFlag::DrainUnseen))
        text += u", if that drain is proven to stand or with --force"_s;
    return text;
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
