// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandentry.h"

#include "models/core/enumtable.h"
#include "models/fleet/fleetstore.h"

namespace pulsedeck {

namespace {

constexpr auto stageRows = std::to_array<StageRow>({
    {CommandStage::Queued, "queued", QT_TRANSLATE_NOOP("CommandStage", "queued"), StagePart::Queued, CommandTone::Gone,
     CommandMark::Open, StageRow::Noted},
    {CommandStage::Requested, "requested", QT_TRANSLATE_NOOP("CommandStage", "requested"), StagePart::Sent, CommandTone::Accent,
     CommandMark::Sent, 0, QT_TRANSLATE_NOOP("CommandStage", "on their way")},
    {CommandStage::Written, "written", QT_TRANSLATE_NOOP("CommandStage", "written"), StagePart::Sent, CommandTone::Accent,
     CommandMark::Sent, 0, QT_TRANSLATE_NOOP("CommandStage", "sent, not read yet")},
    {CommandStage::Announced, "announced", QT_TRANSLATE_NOOP("CommandStage", "announced"), StagePart::Sent, CommandTone::Accent,
     CommandMark::Sent, 0, QT_TRANSLATE_NOOP("CommandStage", "sent, not read yet")},
    {CommandStage::PickedUp, "picked-up", QT_TRANSLATE_NOOP("CommandStage", "picked up"), StagePart::Draining, CommandTone::Drain,
     CommandMark::Draining, 0, QT_TRANSLATE_NOOP("CommandStage", "draining")},
    {CommandStage::Emptying, "emptying", QT_TRANSLATE_NOOP("CommandStage", "emptying"), StagePart::Draining, CommandTone::Drain,
     CommandMark::Draining, 0, QT_TRANSLATE_NOOP("CommandStage", "draining")},
    {CommandStage::Overdue, "overdue", QT_TRANSLATE_NOOP("CommandStage", "overdue"), StagePart::Problem, CommandTone::Late,
     CommandMark::Late, StageRow::Problem | StageRow::Pauses | StageRow::Noted},
    {CommandStage::Forgotten, "drain-forgotten", QT_TRANSLATE_NOOP("CommandStage", "drain forgotten"), StagePart::Problem,
     CommandTone::Late, CommandMark::Warning, StageRow::Problem | StageRow::Pauses | StageRow::Noted},
    {CommandStage::Unknown, "unknown", QT_TRANSLATE_NOOP("CommandStage", "unknown"), StagePart::Problem, CommandTone::Late,
     CommandMark::Unknown, StageRow::Problem | StageRow::Pauses},
    {CommandStage::Gone, "gone", QT_TRANSLATE_NOOP("CommandStage", "gone"), StagePart::Success, CommandTone::Ordinary,
     CommandMark::Gone, 0},
    {CommandStage::Done, "done", QT_TRANSLATE_NOOP("CommandStage", "done"), StagePart::Success, CommandTone::Ordinary,
     CommandMark::Ok, 0},
    {CommandStage::Delivered, "delivered", QT_TRANSLATE_NOOP("CommandStage", "delivered"), StagePart::Sent, CommandTone::Ordinary,
     CommandMark::Sent, StageRow::Pauses, QT_TRANSLATE_NOOP("CommandStage", "delivered, not answered")},
    {CommandStage::Lost, "lost", QT_TRANSLATE_NOOP("CommandStage", "lost"), StagePart::Problem, CommandTone::Zombie,
     CommandMark::Zombie, StageRow::Problem | StageRow::Pauses | StageRow::Noted},
    {CommandStage::ExpiredUnread, "expired-unread", QT_TRANSLATE_NOOP("CommandStage", "expired unread"), StagePart::Problem,
     CommandTone::Stale, CommandMark::Expired, StageRow::Problem | StageRow::Pauses | StageRow::Noted},
    {CommandStage::Withdrawn, "withdrawn", QT_TRANSLATE_NOOP("CommandStage", "withdrawn"), StagePart::Undone,
     CommandTone::Ordinary, CommandMark::Undo, StageRow::Pauses | StageRow::Noted},
    {CommandStage::TooLate, "too-late", QT_TRANSLATE_NOOP("CommandStage", "too late"), StagePart::Problem, CommandTone::Late,
     CommandMark::Warning, StageRow::Problem | StageRow::Noted},
    {CommandStage::Refused, "refused", QT_TRANSLATE_NOOP("CommandStage", "refused"), StagePart::Problem, CommandTone::Stale,
     CommandMark::Error, StageRow::Problem | StageRow::Pauses},
    {CommandStage::Skipped, "skipped", QT_TRANSLATE_NOOP("CommandStage", "skipped"), StagePart::Undone, CommandTone::Gone,
     CommandMark::Off, StageRow::Noted},
    {CommandStage::Undone, "drain-undone", QT_TRANSLATE_NOOP("CommandStage", "drain undone"), StagePart::Problem,
     CommandTone::Stale, CommandMark::Warning, StageRow::Noted},
});
static_assert(isInOrder(stageRows, CommandStage::Undone), "one row per stage, in the order of the enumeration");

int countOf(const CommandGroup &group, bool (*counted)(CommandStage))
{
    int count = 0;
    for (const StageRow &row : stageRows)
        count += counted(row.id) ? group.counts[size_t(row.id)] : 0;
    return count;
}

} // namespace

const StageRow &stageRow(CommandStage stage)
{
    return stageRows[size_t(stage)];
}

QString stageText(CommandStage stage)
{
    return tableText("CommandStage", stageRow(stage).text);
}

QString stageName(CommandStage stage)
{
    return QString::fromLatin1(stageRow(stage).name);
}

std::optional<CommandStage> stageFromName(QStringView name)
{
    return idFromName(stageRows, name);
}

QString groupText(CommandStage stage)
{
    const StageRow &row = stageRow(stage);
    return tableText("CommandStage", row.ofMany ? row.ofMany : row.text);
}

QString refusalText(const CommandEntry &entry)
{
    if (entry.actor && entry.refusal == Refusal::KeyGone)
        return tableText("Refusal", "not registered");
    if (entry.actor && entry.refusal == Refusal::Server)
        return tableText("Refusal", "refused by the hub");
    return refusalText(entry.refusal);
}

void CommandEntry::takeWorker(const FleetStore &store, WorkerHandle shown)
{
    const Worker &worker = store.worker(shown);
    command.source = worker.source;
    command.worker = worker.id;
    sourceName = store.sourceName(worker.source);
    type = store.typeName(worker.type);
    host = worker.host;
    handle = shown;
    serial = worker.serial;
}

void CommandEntry::takeSessions(const Worker &worker)
{
    sessionsBefore = worker.activeSessions == unknownValue ? unknownValue : qMax(0, worker.activeSessions);
    sessionsLeft = sessionsBefore;
}

int CommandGroup::ended() const
{
    return countOf(*this, isEnd);
}

int CommandGroup::succeeded() const
{
    return countOf(*this, isSuccess);
}

} // namespace pulsedeck
