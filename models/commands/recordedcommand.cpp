// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/recordedcommand.h"

#include "models/commands/formerjournal.h"
#include "models/fleet/fleetstore.h"
#include "models/sources/sourcekind.h"

#include <QHash>
#include <QJsonArray>

#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// In the facts from the first version on that names the kind of the worker.
constexpr int factsVersion = 1;

template <typename T> struct EntryFact
{
    QLatin1StringView name;
    T CommandEntry::*member;
};
constexpr auto timeFacts = std::to_array<EntryFact<qint64>>({
    {"requestedAt"_L1, &CommandEntry::requestedAt},
    {"writtenAt"_L1, &CommandEntry::writtenAt},
    {"announcedAt"_L1, &CommandEntry::announcedAt},
    {"pickedUpAt"_L1, &CommandEntry::pickedUpAt},
    {"emptiedAt"_L1, &CommandEntry::emptiedAt},
    {"endedAt"_L1, &CommandEntry::endedAt},
    {"keyUntil"_L1, &CommandEntry::commandUntil},
    {"overdueAt"_L1, &CommandEntry::overdueAt},
    {"forgottenAt"_L1, &CommandEntry::forgottenAt},
    {"cancelAskedAt"_L1, &CommandEntry::cancelAskedAt},
    {"tooLateAt"_L1, &CommandEntry::tooLateAt},
});
constexpr auto countFacts = std::to_array<EntryFact<qint32>>({
    {"receivers"_L1, &CommandEntry::receivers},
    {"sessionsBefore"_L1, &CommandEntry::sessionsBefore},
    {"sessionsLeft"_L1, &CommandEntry::sessionsLeft},
    {"sessionsCut"_L1, &CommandEntry::sessionsCut},
});
constexpr auto flagFacts = std::to_array<EntryFact<bool>>({
    {"theirs"_L1, &CommandEntry::theirs},
    {"timesFound"_L1, &CommandEntry::timesFound},
});

/// A queue may be called anything; what is no text is kept as its bytes.
void putTarget(QJsonObject &facts, const Command &command)
{
    if (command.scope == ActScope::Worker)
        return;
    facts.insert("system"_L1, command.system);
    facts.insert("scope"_L1, actScopeName(command.scope));
    if (command.scope != ActScope::Queue)
        return;
    const QString queue = QString::fromUtf8(command.queue);
    if (queue.toUtf8() == command.queue)
        facts.insert("queue"_L1, queue);
    else
        facts.insert("queueBase64"_L1, QString::fromLatin1(command.queue.toBase64()));
}

void takeTarget(Command &command, const QJsonObject &facts)
{
    command.scope = actScopeFromName(facts["scope"_L1].toString());
    command.system = facts["system"_L1].toString();
    command.queue = facts.contains("queueBase64"_L1) ? QByteArray::fromBase64(facts["queueBase64"_L1].toString().toLatin1())
                                                     : facts["queue"_L1].toString().toUtf8();
}

QStringList queuesIn(const QJsonObject &facts)
{
    QStringList queues;
    const QJsonArray names = facts["queues"_L1].toArray();
    for (const QJsonValue &name : names)
        queues.append(name.toString());
    return queues;
}

void takeFacts(RecordedCommand *recorded, const QJsonObject &facts, const Clock &clock)
{
    CommandEntry &entry = recorded->entry;
    for (const auto &[name, member] : timeFacts)
        entry.*member = clock.fromWall(facts[name].toInteger());
    for (const auto &[name, member] : countFacts)
        entry.*member = facts.contains(name) ? facts[name].toInt(unknownValue) : unknownValue;
    for (const auto &[name, member] : flagFacts)
        entry.*member = facts[name].toBool();
    takeTarget(entry.command, facts);
    entry.command.queues = queuesIn(facts);
    entry.type = facts["type"_L1].toString();
    entry.host = facts["host"_L1].toString().toUtf8();
    entry.text = facts["text"_L1].toString();
    entry.note = commandNoteFromName(facts["note"_L1].toString()).value_or(CommandNote::None);
    entry.refusal = refusalFromName(facts["refusal"_L1].toString());
    entry.command.issuedAt = facts["issuedAt"_L1].toInteger();
    entry.command.ttlMs = facts["ttlMs"_L1].toInteger();
    entry.command.lastHeartbeat = facts["lastHeartbeat"_L1].toInteger();
    entry.command.commandUntil = clock.fromWall(facts["withdrawsUntil"_L1].toInteger());
    recorded->drainNoteBefore = facts["drainNoteBefore"_L1].toInteger();
    recorded->wasDraining = facts["wasDraining"_L1].toBool();
    if (facts.contains("version"_L1)) {
        entry.traits = SourceKind::workerKind(facts[journalKindFact].toString());
        if (entry.command.scope == ActScope::Worker)
            entry.command.system = entry.traits->layout;
    } else {
        entry.traits = formerKind(facts, entry.command.worker);
        takeFormerWords(&entry, facts);
    }
}

} // namespace

QJsonObject commandFacts(const RecordedCommand &recorded, const Clock &clock)
{
    const CommandEntry &entry = recorded.entry;
    const Command &command = entry.command;
    QJsonObject facts{{u"version"_s, factsVersion}, {journalKindFact, entry.traits->fullKind()}};
    const auto put = [&facts](QLatin1StringView name, qint64 value) {
        if (value != 0)
            facts.insert(name, value);
    };
    const auto putText = [&facts](QLatin1StringView name, const QString &text) {
        if (!text.isEmpty())
            facts.insert(name, text);
    };
    for (const auto &[name, member] : timeFacts)
        put(name, clock.toWall(entry.*member));
    for (const auto &[name, member] : countFacts) {
        if (entry.*member != unknownValue)
            facts.insert(name, entry.*member);
    }
    for (const auto &[name, member] : flagFacts) {
        if (entry.*member)
            facts.insert(name, true);
    }
    putText("type"_L1, entry.type);
    putText("host"_L1, QString::fromUtf8(entry.host));
    putText("text"_L1, entry.text);
    putText("note"_L1, commandNoteName(entry.note));
    putText("refusal"_L1, refusalName(entry.refusal));
    putTarget(facts, command);
    if (!command.queues.isEmpty())
        facts.insert("queues"_L1, QJsonArray::fromStringList(command.queues));
    put("issuedAt"_L1, command.issuedAt);
    put("ttlMs"_L1, command.ttlMs);
    put("lastHeartbeat"_L1, command.lastHeartbeat);
    put("withdrawsUntil"_L1, clock.toWall(command.commandUntil));
    put("drainNoteBefore"_L1, recorded.drainNoteBefore);
    if (recorded.wasDraining)
        facts.insert("wasDraining"_L1, true);
    return facts;
}

std::optional<Command> commandFromIntent(const JournalEntry &intent, SourceId source)
{
    const std::optional<Act> act = actFromName(intent.act);
    if (!act || intent.kind != JournalKind::Command || intent.command.isNull()
        || stageFromName(intent.step) != CommandStage::Requested)
        return std::nullopt;
    const bool forWorker = actScopeFromName(intent.facts["scope"_L1].toString()) == ActScope::Worker;
    if (forWorker == intent.worker.isEmpty())
        return std::nullopt;
    Command command;
    command.id = intent.command;
    command.group = intent.group.isNull() ? intent.command : intent.group;
    command.act = *act;
    command.source = source;
    command.worker = intent.worker;
    command.issuedAt = intent.at;
    command.by = intent.by;
    command.reason = intent.reason;
    if (intent.facts.isEmpty()) {
        takeFormerIntent(&command, intent);
    } else {
        command.ttlMs = intent.facts["ttlMs"_L1].toInteger();
        command.lastHeartbeat = intent.facts["lastHeartbeat"_L1].toInteger();
        command.commandUntil = intent.facts["withdrawsUntil"_L1].toInteger();
        takeTarget(command, intent.facts);
        command.queues = queuesIn(intent.facts);
    }
    return command;
}

std::vector<RecordedCommand> commandsFromHistory(const QList<JournalEntry> &entries, const Clock &clock)
{
    QHash<QUuid, QList<JournalEntry>> steps;
    QList<QUuid> order;
    for (const JournalEntry &entry : entries) {
        QList<JournalEntry> &of = steps[entry.command];
        if (of.isEmpty())
            order.append(entry.command);
        of.append(entry);
    }
    std::vector<RecordedCommand> all;
    for (const QUuid &command : std::as_const(order)) {
        const std::optional<RecordedCommand> recorded = commandFromHistory(steps.value(command), clock);
        if (recorded && !recorded->entry.theirs)
            all.push_back(*recorded);
    }
    return all;
}

std::optional<RecordedCommand> commandFromHistory(const QList<JournalEntry> &steps, const Clock &clock)
{
    std::optional<RecordedCommand> recorded;
    for (const JournalEntry &step : steps) {
        const std::optional<CommandStage> stage = stageFromName(step.step);
        if (!stage)
            continue;
        if (*stage == CommandStage::Requested) {
            const std::optional<Command> command = commandFromIntent(step, 0);
            if (!command)
                continue;
            recorded = RecordedCommand();
            recorded->entry.command = *command;
            recorded->entry.sourceName = step.source;
            recorded->entry.requestedAt = clock.fromWall(step.at);
        }
        if (!recorded)
            continue;
        recorded->entry.stage = *stage;
        if (!isEnd(*stage))
            recorded->entry.endedAt = 0;
        if (step.facts.isEmpty())
            takeFormerStep(&recorded->entry, *stage, clock.fromWall(step.at));
        else
            takeFacts(&*recorded, step.facts, clock);
    }
    return recorded;
}

void noteOrder(FleetStore &store, const CommandEntry &entry)
{
    const Command &command = entry.command;
    const OrderNote note{command.by, command.reason, qMax(entry.writtenAt, entry.pickedUpAt)};
    if (command.scope != ActScope::Worker && entry.stage == CommandStage::Done) {
        const qint64 at = note.at > 0 ? note.at : entry.endedAt;
        const bool pauses = command.act == Act::PauseQueue || command.act == Act::PauseFleet;
        if (pauses || command.act == Act::ResumeQueue || command.act == Act::ResumeFleet)
            store.takeRecordedPause(entry.sourceName, command.system, command.queue, {note.by, note.reason, pauses ? at : 0});
        return;
    }
    if (command.scope != ActScope::Worker || command.queues.isEmpty() || entry.writtenAt == 0)
        return;
    if (command.act == Act::Drain)
        store.takeRecordedDrain(entry.sourceName, entry.traits->layout, command.worker,
                                entry.stage == CommandStage::Withdrawn ? OrderNote() : note);
    else if (command.act == Act::Resume)
        store.takeRecordedDrain(entry.sourceName, entry.traits->layout, command.worker, {});
}

} // namespace pulsedeck
