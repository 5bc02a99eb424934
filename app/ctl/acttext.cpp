// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/acttext.h"

#include "models/commands/commandexport.h"
#include "models/core/format.h"

#include <algorithm>

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

enum class After : quint8 { Nothing, Time, Sessions }; ///< What stands behind the words.

/// What is said of a stage here, where that is more than its name. Of an actor it may differ: it is sent a message, and its
/// sessions are not known.
struct StageLine
{
    CommandStage stage;
    const char *text;
    After after;
    const char *ofActor; ///< Null: as of a worker.
};

constexpr StageLine stageLines[]{
    {CommandStage::Requested, "not answered", After::Nothing, nullptr},
    {CommandStage::PickedUp, "picked up", After::Sessions, "answered by the actor"},
    {CommandStage::Emptying, "picked up", After::Sessions, nullptr},
    {CommandStage::Overdue, "overdue", After::Sessions, "answered by the actor, and still registered"},
    {CommandStage::Gone, "gone", After::Time, "gone"},
    {CommandStage::Delivered, "delivered", After::Nothing, "delivered; the actor has not answered"},
    {CommandStage::Lost, "lost", After::Time, "its registration expired"},
    {CommandStage::ExpiredUnread, "expired unread", After::Time, nullptr},
};

QString writtenText(const CommandEntry &entry)
{
    if (entry.command.act == Act::Drain)
        return u"draining, "_s + sessionsText(entry.sessionsLeft);
    return u"written, waits for the next heartbeat, at most "_s + exactText(entry.command.ttlMs);
}

QString stageSentence(const CommandEntry &entry)
{
    if (entry.stage == CommandStage::Written)
        return writtenText(entry);
    if (entry.stage == CommandStage::Announced)
        return entry.receivers > 0 ? u"written and announced"_s : u"written; the announcement had no receiver"_s;
    if (entry.stage == CommandStage::Done)
        return entry.registers() && entry.command.act == Act::Drain ? u"accepted by the actor"_s : doneText(entry);
    if (entry.stage == CommandStage::Refused && entry.refusal != Refusal::None)
        return u"refused: "_s + refusalText(entry);
    const auto line = std::find_if(std::begin(stageLines), std::end(stageLines),
                                   [&entry](const StageLine &one) { return one.stage == entry.stage; });
    if (line == std::end(stageLines))
        return stageText(entry.stage);
    const bool ofActor = entry.registers() && line->ofActor;
    QString text = QString::fromLatin1(ofActor ? line->ofActor : line->text);
    if (line->after == After::Time)
        text += after(entry, entry.endedAt);
    else if (line->after == After::Sessions && !ofActor)
        text += u", "_s + sessionsText(entry.sessionsLeft);
    if (entry.stage == CommandStage::Gone && !ofActor && entry.sessionsCut > 0)
        text += entry.sessionsCut == 1 ? u", 1 session cut"_s : u", %1 sessions cut"_s.arg(entry.sessionsCut);
    return text;
}

} // namespace

QString commandText(const CommandEntry &entry)
{
    const QString text = stageSentence(entry);
    if (entry.stage == CommandStage::Delivered && saysUnanswered(entry.note))
        return entry.text; // "delivered; the actor has not answered"
    const bool said = entry.registers() && entry.note == CommandNote::Answered
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
        text += u", if that drain is proven, or with --force"_s;
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
