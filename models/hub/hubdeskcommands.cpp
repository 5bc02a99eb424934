// SPDX-License-Identifier: GPL-3.0-or-later
// What the ledger sends to actors of hubs, in the logs of the desk. The ledger has it in the journal already.
#include "models/commands/commandwords.h"
#include "models/hub/hubcommand.h"
#include "models/hub/hubdeskprivate.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// In the terms of a message: only what is amiss is told apart.
HubCallAnswer::Outcome outcomeOf(const CommandEntry &entry)
{
    using Outcome = HubCallAnswer::Outcome;
    switch (entry.stage) {
    case CommandStage::Refused:
        if (entry.refusal == Refusal::NotConnected || entry.refusal == Refusal::ReadOnlySource)
            return Outcome::NotSent;
        return entry.refusal == Refusal::KeyGone ? Outcome::UnknownActor : Outcome::Refused;
    case CommandStage::Unknown:
    case CommandStage::Lost:
    case CommandStage::Overdue:
        return Outcome::Unknown;
    default:
        return Outcome::Answered;
    }
}

/// "delivered", "picked up: answered by the actor", "refused: not registered".
QString resultOf(const CommandEntry &entry)
{
    QStringList words{stageText(entry.stage)};
    if (entry.stage == CommandStage::Refused && entry.text.isEmpty())
        words.append(refusalText(entry));
    else if (!entry.text.isEmpty() && !entry.text.startsWith(words.first()))
        words.append(entry.text);
    else if (!entry.text.isEmpty())
        words = {entry.text};
    return words.join(u": "_s);
}

} // namespace

void HubDesk::setLedger(CommandLedger *ledger)
{
    if (d->ledger)
        d->ledger->disconnect(this);
    d->ledger = ledger;
    if (!ledger)
        return;
    connect(ledger, &CommandLedger::carryOut, this,
            [this](SourceId source, const QList<Command> &commands) { d->noteCommands(source, commands); });
    connect(ledger, &CommandLedger::entriesChanged, this,
            [this](const std::vector<quint64> &keys) { d->noteStages(keys); });
}

void HubDesk::Private::noteCommands(SourceId source, const QList<Command> &all)
{
    for (const Command &command : all) {
        if (command.act != Act::Drain && command.act != Act::Shutdown && command.act != Act::ShutdownNow)
            continue; // There is no such message.
        if (!find(source)) // Looked for each time: whoever hears of one may remove its hub.
            return;
        HubLogEntry entry;
        entry.at = clock.nowMs();
        entry.way = HubLogEntry::Way::Command;
        entry.peer = QString::fromUtf8(command.worker);
        entry.type = hubCommandType(command.act);
        entry.payload = hubCommandData(command);
        entry.command = command.id;
        entry.waiting = true;
        const qint64 bytes = hubDataBytes(entry.payload);
        commands.insert(command.id, {source, lastKey + 1});
        append(source, std::move(entry), bytes);
    }
}

void HubDesk::Private::noteStages(const std::vector<quint64> &keys)
{
    for (const quint64 key : keys) {
        const CommandEntry *entry = ledger ? ledger->entry(key) : nullptr;
        const auto place = entry ? commands.constFind(entry->command.id) : commands.constEnd();
        if (place == commands.constEnd())
            continue;
        const SourceId source = place->first;
        Hub *hub = find(source);
        const int row = hub ? rowOf(*hub, place->second) : -1;
        if (row < 0)
            continue;
        HubLogEntry &line = hub->log[size_t(row)];
        line.waiting = entry->stage == CommandStage::Requested;
        line.outcome = outcomeOf(*entry);
        line.result = resultOf(*entry);
        emit q.logChanged(source, row);
    }
}

} // namespace pulsedeck
