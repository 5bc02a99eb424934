// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/formerjournal.h"

#include "models/sources/hubprotocol.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace pulsedeck {

TraitsRef formerKind(const QJsonObject &record, const QByteArray &worker)
{
    return record["actor"_L1].toBool() || worker.startsWith(hubTraits()->ids.before) ? hubTraits() : TraitsRef();
}

void takeFormerIntent(Command *command, const JournalEntry &intent)
{
    static const QRegularExpression number(u"(\\d+)(?: m?s)?\\.$"_s);
    const QRegularExpressionMatch match = number.match(intent.text);
    const qint64 value = match.hasMatch() ? match.captured(1).toLongLong() : 0;
    if (isShutdown(command->act) && value > 0)
        command->ttlMs = value * 1000;
    else if (command->act == Act::Cancel && value > 0)
        command->commandUntil = intent.at + value;
    else if (command->act == Act::RemoveKey)
        command->lastHeartbeat = value;
}

void takeFormerStep(CommandEntry *entry, CommandStage stage, qint64 at)
{
    entry->traits = formerKind({}, entry->command.worker);
    const bool written = stage == CommandStage::Written || stage == CommandStage::Announced;
    if (written) {
        entry->writtenAt = at;
        if (entry->command.act == Act::Drain)
            entry->pickedUpAt = at;
        else if (isShutdown(entry->command.act))
            entry->commandUntil = at + entry->command.ttlMs;
    }
    if (stage == CommandStage::Announced)
        entry->announcedAt = at;
    else if (stage == CommandStage::PickedUp)
        entry->pickedUpAt = at;
    else if (stage == CommandStage::Overdue)
        entry->overdueAt = at;
    else if (stage == CommandStage::Forgotten)
        entry->forgottenAt = at;
    if (isEnd(stage))
        entry->endedAt = at;
}

void takeFormerWords(CommandEntry *entry, const QJsonObject &facts)
{
    if (entry->note == CommandNote::None)
        entry->note = commandNoteFromText(entry->text).value_or(CommandNote::None);
    if (entry->refusal == Refusal::None)
        entry->refusal = refusalFromText(facts["refusal"_L1].toString());
    // untranslated: an actor's refusals differed only in their words.
    if (entry->traits->registers() && entry->refusal == Refusal::Server && entry->text.startsWith(u"the actor refused"_s))
        entry->refusal = Refusal::ActorRefused;
    else if (entry->traits->registers() && entry->refusal == Refusal::KeyGone && entry->text.contains(u"expired"_s))
        entry->refusal = Refusal::RegistrationExpired;
}

} // namespace pulsedeck
