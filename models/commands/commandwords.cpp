// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandwords.h"

#include "models/core/format.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString sessionsText(qint32 sessions)
{
    if (sessions == unknownValue)
        return u"sessions not known"_s;
    return sessions == 1 ? u"1 session open"_s : QString::number(sessions) % u" sessions open"_s;
}

/// The same as below for an actor: nothing is written for it to read, it is sent a message.
QString actorSentence(const CommandEntry &entry)
{
    const bool drain = entry.command.act == Act::Drain;
    switch (entry.stage) {
    case CommandStage::Requested:
        if (const char *message = actRow(entry.command.act).message)
            return u"Send it "_s % QLatin1StringView(message) % u'.';
        return {};
    case CommandStage::PickedUp:
        return u"The actor answered."_s;
    case CommandStage::Overdue:
        return u"It answered, the drain timeout has passed, and it is still registered."_s;
    case CommandStage::Gone:
        return entry.endedAt > 0 && entry.requestedAt > 0
                   ? QString(u"Its registration went after "_s % durationText(entry.endedAt - entry.requestedAt) % u'.')
                   : u"Its registration went."_s;
    case CommandStage::Done:
        return drain ? u"The actor accepted the drain."_s : QString();
    case CommandStage::Lost:
        return u"Its registration expired."_s;
    default:
        return {};
    }
}

QString intentSentence(const CommandEntry &entry)
{
    const Command &command = entry.command;
    if (command.act == Act::Cancel && command.commandUntil <= 0)
        return u"Withdraw the command."_s;
    const QString text = actText(actRow(command.act).intent);
    if (!text.contains(u"%1"_s))
        return text;
    return text.arg(isShutdown(command.act)      ? command.ttlMs / 1000
                    : command.act == Act::Cancel ? qMax<qint64>(0, command.commandUntil - entry.requestedAt)
                                                 : command.lastHeartbeat);
}

QString goneSentence(const CommandEntry &entry)
{
    QString text = u"Gone"_s;
    if (entry.endedAt > 0 && entry.requestedAt > 0)
        text += u" after "_s % durationText(entry.endedAt - entry.requestedAt);
    if (entry.sessionsCut != unknownValue && entry.sessionsCut > 0)
        text += u"; "_s % QString::number(entry.sessionsCut)
                % (entry.sessionsCut == 1 ? u" session was cut"_s : u" sessions were cut"_s);
    return text % u'.';
}

QString plainSentence(const CommandEntry &entry)
{
    const bool drain = entry.command.act == Act::Drain;
    if (entry.actor) {
        if (const QString text = actorSentence(entry); !text.isEmpty())
            return text;
    }
    switch (entry.stage) {
    case CommandStage::Queued:
        return u"Waits for its turn."_s;
    case CommandStage::Requested:
        return intentSentence(entry);
    case CommandStage::Written:
        if (drain)
            return u"Its status is draining; "_s % sessionsText(entry.sessionsLeft) % u'.';
        return u"The command key is set."_s;
    case CommandStage::Announced:
        if (entry.receivers == 0)
            return u"The command key is set; nobody listened to the announcement."_s;
        return u"The command key is set, and was announced to "_s % QString::number(qMax(0, entry.receivers))
               % (entry.receivers == 1 ? u" receiver."_s : u" receivers."_s);
    case CommandStage::PickedUp:
        return u"It drains; "_s % sessionsText(entry.sessionsLeft) % u'.';
    case CommandStage::Emptying:
        return u"It empties; "_s % sessionsText(entry.sessionsLeft) % u'.';
    case CommandStage::Overdue:
        return u"The drain timeout has passed and it is still there; "_s % sessionsText(entry.sessionsLeft) % u'.';
    case CommandStage::Forgotten:
        return u"It says available again though it was draining."_s;
    case CommandStage::Unknown:
        return u"The connection was lost before the answer."_s;
    case CommandStage::Gone:
        return goneSentence(entry);
    case CommandStage::Done:
        return drain ? u"No session is left."_s : u"It is done."_s;
    case CommandStage::Delivered:
        return u"The hub delivered it; the actor has not answered."_s;
    case CommandStage::Lost:
        return u"Its key expired: it died before it was through."_s;
    case CommandStage::ExpiredUnread:
        return u"The command expired and was not read."_s;
    case CommandStage::Withdrawn:
        return drain ? u"It was resumed."_s : u"The command was taken back."_s;
    case CommandStage::TooLate:
        return u"Too late to take it back."_s;
    case CommandStage::Refused: {
        const QString why = refusalText(entry);
        return why.isEmpty() ? u"Nothing was done."_s : QString(u"Nothing was done: "_s % why % u'.');
    }
    case CommandStage::Skipped:
        return u"Taken out of the plan; nothing was written."_s;
    case CommandStage::Undone:
        return u"The worker registered again, which undid the drain: it takes sessions."_s;
    }
    return {};
}

} // namespace

QString stageSentence(const CommandEntry &entry)
{
    QString text = plainSentence(entry);
    // These notes are the sentence itself.
    const bool said = (entry.stage == CommandStage::Delivered && entry.note == CommandNote::NotAnswered)
                      || (entry.actor && entry.note == CommandNote::Answered);
    if (!entry.text.isEmpty() && entry.stage != CommandStage::Requested && !said)
        text += u" ("_s % entry.text % u')';
    return text;
}

bool awaitsAnswer(const CommandEntry &entry, qint64 now)
{
    return entry.actor && entry.stage == CommandStage::Delivered && now - entry.writtenAt < answerWaitMs;
}

QString stageSentence(const CommandEntry &entry, qint64 now)
{
    return awaitsAnswer(entry, now) ? u"The hub delivered it; waiting for the actor's answer."_s : stageSentence(entry);
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
    line.text = stageSentence(entry);
    line.seen = entry.theirs;
    if (entry.theirs)
        line.text += u" Not from this console."_s;
    line.facts = commandFacts(recorded, clock);
    return line;
}

} // namespace pulsedeck
