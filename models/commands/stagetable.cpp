// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/stagetable.h"

#include "models/core/enumtable.h"

#include <array>

namespace pulsedeck {

namespace {

constexpr auto stageRows = std::to_array<StageRow>({
    {.id = CommandStage::Queued,
     .name = "queued",
     .text = QT_TRANSLATE_NOOP("CommandStage", "queued"),
     .part = StagePart::Queued,
     .tone = CommandTone::Gone,
     .mark = CommandMark::Open,
     .flags = StageRow::Noted,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "Waits for its turn.")},
     .dock = {QT_TRANSLATE_NOOP("CommandStage", "Waits for its turn in a rolling shutdown; nothing is written yet.")}},
    {.id = CommandStage::Requested,
     .name = "requested",
     .text = QT_TRANSLATE_NOOP("CommandStage", "requested"),
     .part = StagePart::Sent,
     .tone = CommandTone::Accent,
     .mark = CommandMark::Sent,
     .brief = {QT_TRANSLATE_NOOP("CommandStage", "sending")},
     .dock = {QT_TRANSLATE_NOOP("CommandStage", "%1: on its way.")},
     .ofMany = QT_TRANSLATE_NOOP("CommandStage", "on their way")},
    {.id = CommandStage::Written,
     .name = "written",
     .text = QT_TRANSLATE_NOOP("CommandStage", "written"),
     .part = StagePart::Sent,
     .tone = CommandTone::Accent,
     .mark = CommandMark::Sent,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "The command key is set."),
                  QT_TRANSLATE_NOOP("CommandStage", "Its status is draining; %1.")},
     .brief = {QT_TRANSLATE_NOOP("CommandStage", "sent"), QT_TRANSLATE_NOOP("CommandStage", "drained")},
     .dock = {QT_TRANSLATE_NOOP("CommandStage", "Shutdown sent %2."), QT_TRANSLATE_NOOP("CommandStage", "Drained %2.")},
     .ofMany = QT_TRANSLATE_NOOP("CommandStage", "sent, not read yet")},
    {.id = CommandStage::Announced,
     .name = "announced",
     .text = QT_TRANSLATE_NOOP("CommandStage", "announced"),
     .part = StagePart::Sent,
     .tone = CommandTone::Accent,
     .mark = CommandMark::Sent,
     .brief = {QT_TRANSLATE_NOOP("CommandStage", "sent"), QT_TRANSLATE_NOOP("CommandStage", "drained")},
     .dock = {QT_TRANSLATE_NOOP("CommandStage", "Shutdown sent %2."), QT_TRANSLATE_NOOP("CommandStage", "Drained %2.")},
     .ofMany = QT_TRANSLATE_NOOP("CommandStage", "sent, not read yet")},
    {.id = CommandStage::PickedUp,
     .name = "picked-up",
     .text = QT_TRANSLATE_NOOP("CommandStage", "picked up"),
     .part = StagePart::Draining,
     .tone = CommandTone::Drain,
     .mark = CommandMark::Draining,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "It is draining; %1."), nullptr,
                  QT_TRANSLATE_NOOP("CommandStage", "The actor answered.")},
     .brief = {QT_TRANSLATE_NOOP("CommandStage", "read"), QT_TRANSLATE_NOOP("CommandStage", "drained"),
               QT_TRANSLATE_NOOP("CommandStage", "answered")},
     .dock = {QT_TRANSLATE_NOOP("CommandStage", "The command was read %2, too late to cancel."),
              QT_TRANSLATE_NOOP("CommandStage", "Drained %2."),
              QT_TRANSLATE_NOOP("CommandStage", "The actor answered %2: it is shutting down.")},
     .ofMany = QT_TRANSLATE_NOOP("CommandStage", "draining")},
    {.id = CommandStage::Emptying,
     .name = "emptying",
     .text = QT_TRANSLATE_NOOP("CommandStage", "emptying"),
     .part = StagePart::Draining,
     .tone = CommandTone::Drain,
     .mark = CommandMark::Draining,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "Its sessions are ending; %1.")},
     .brief = {QT_TRANSLATE_NOOP("CommandStage", "read"), QT_TRANSLATE_NOOP("CommandStage", "drained"),
               QT_TRANSLATE_NOOP("CommandStage", "answered")},
     .dock = {QT_TRANSLATE_NOOP("CommandStage", "The command was read %2, too late to cancel."),
              QT_TRANSLATE_NOOP("CommandStage", "Drained %2.")},
     .ofMany = QT_TRANSLATE_NOOP("CommandStage", "draining")},
    {.id = CommandStage::Overdue,
     .name = "overdue",
     .text = QT_TRANSLATE_NOOP("CommandStage", "overdue"),
     .part = StagePart::Problem,
     .tone = CommandTone::Late,
     .mark = CommandMark::Late,
     .flags = StageRow::Problem | StageRow::Pauses | StageRow::Noted | StageRow::Concluding,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "The drain timeout has passed and it is still there; %1."), nullptr,
                  QT_TRANSLATE_NOOP("CommandStage", "It answered, the drain timeout has passed, and it is still registered.")},
     .dock = {QT_TRANSLATE_NOOP("CommandStage", "Has been draining for longer than the drain timeout; it may still go."), nullptr,
              QT_TRANSLATE_NOOP("CommandStage", "The actor answered, and is still registered after the drain timeout.")},
     .problem = {QT_TRANSLATE_NOOP("CommandStage", "%1 is overdue: it has been draining for longer than the drain timeout."),
                 nullptr, QT_TRANSLATE_NOOP("CommandStage", "%1 answered, and is still registered after the drain timeout.")}},
    {.id = CommandStage::Forgotten,
     .name = "drain-forgotten",
     .text = QT_TRANSLATE_NOOP("CommandStage", "drain forgotten"),
     .part = StagePart::Problem,
     .tone = CommandTone::Late,
     .mark = CommandMark::Warning,
     .flags = StageRow::Problem | StageRow::Pauses | StageRow::Noted | StageRow::Concluding,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "It reports available again although it was draining.")},
     .brief = {QT_TRANSLATE_NOOP("CommandStage", "forgotten")},
     .dock = {QT_TRANSLATE_NOOP("CommandStage", "Reports available again although it is draining; it takes no further command.")},
     .problem = {QT_TRANSLATE_NOOP("CommandStage", "%1 has forgotten its drain: it reports available again.")}},
    {.id = CommandStage::Unknown,
     .name = "unknown",
     .text = QT_TRANSLATE_NOOP("CommandStage", "unknown"),
     .part = StagePart::Problem,
     .tone = CommandTone::Late,
     .mark = CommandMark::Unknown,
     .flags = StageRow::Problem | StageRow::Pauses,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "The connection was lost before the answer.")},
     .dock = {QT_TRANSLATE_NOOP("CommandStage",
                                "The connection was lost before the answer; looked up when it is back, never repeated.")},
     .problem = {QT_TRANSLATE_NOOP("CommandStage",
                                   "%1: the connection was lost before the answer. It is looked up, not repeated.")}},
    {.id = CommandStage::Gone,
     .name = "gone",
     .text = QT_TRANSLATE_NOOP("CommandStage", "gone"),
     .part = StagePart::Success,
     .mark = CommandMark::Gone,
     .dock = {nullptr, nullptr, QT_TRANSLATE_NOOP("CommandStage", "Its registration ended %2.")}},
    {.id = CommandStage::Done,
     .name = "done",
     .text = QT_TRANSLATE_NOOP("CommandStage", "done"),
     .part = StagePart::Success,
     .mark = CommandMark::Ok,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "It is done."), QT_TRANSLATE_NOOP("CommandStage", "No session is left."),
                  QT_TRANSLATE_NOOP("CommandStage", "The actor accepted the drain.")},
     .brief = {nullptr, nullptr, QT_TRANSLATE_NOOP("CommandStage", "accepted")},
     .dock = {nullptr, nullptr, QT_TRANSLATE_NOOP("CommandStage", "The actor accepted the drain %2.")}},
    {.id = CommandStage::Delivered,
     .name = "delivered",
     .text = QT_TRANSLATE_NOOP("CommandStage", "delivered"),
     .part = StagePart::Sent,
     .mark = CommandMark::Sent,
     .flags = StageRow::Pauses | StageRow::Repeatable,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "The hub delivered it; the actor has not answered.")},
     .dock = {nullptr, nullptr, QT_TRANSLATE_NOOP("CommandStage", "%1 delivered %2; the actor has not answered.")},
     .problem = {QT_TRANSLATE_NOOP("CommandStage",
                                   "%1 did not answer: the message was delivered, and whether it goes is not known.")},
     .ofMany = QT_TRANSLATE_NOOP("CommandStage", "delivered, not answered")},
    {.id = CommandStage::Lost,
     .name = "lost",
     .text = QT_TRANSLATE_NOOP("CommandStage", "lost"),
     .part = StagePart::Problem,
     .tone = CommandTone::Zombie,
     .mark = CommandMark::Zombie,
     .flags = StageRow::Problem | StageRow::Pauses | StageRow::Noted | StageRow::Concluding,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "Its key expired: it died before it had finished."), nullptr,
                  QT_TRANSLATE_NOOP("CommandStage", "Its registration expired.")},
     .dock = {nullptr, nullptr, QT_TRANSLATE_NOOP("CommandStage", "Its registration expired %2.")},
     .problem = {QT_TRANSLATE_NOOP("CommandStage", "%1 died before it had finished: its key expired."), nullptr,
                 QT_TRANSLATE_NOOP("CommandStage", "%1: its registration expired, and it had not answered.")}},
    {.id = CommandStage::ExpiredUnread,
     .name = "expired-unread",
     .text = QT_TRANSLATE_NOOP("CommandStage", "expired unread"),
     .part = StagePart::Problem,
     .tone = CommandTone::Stale,
     .mark = CommandMark::Expired,
     .flags = StageRow::Problem | StageRow::Pauses | StageRow::Noted | StageRow::Repeatable,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "The command expired and was not read.")},
     .dock = {QT_TRANSLATE_NOOP("CommandStage", "The shutdown command expired unread %2.")},
     .problem = {QT_TRANSLATE_NOOP("CommandStage", "%1 did not read the command in %2.")}},
    {.id = CommandStage::Withdrawn,
     .name = "withdrawn",
     .text = QT_TRANSLATE_NOOP("CommandStage", "withdrawn"),
     .part = StagePart::Undone,
     .mark = CommandMark::Undo,
     .flags = StageRow::Pauses | StageRow::Noted | StageRow::Repeatable,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "The command was withdrawn."),
                  QT_TRANSLATE_NOOP("CommandStage", "It was resumed.")},
     .dock = {QT_TRANSLATE_NOOP("CommandStage", "The command was withdrawn %2."),
              QT_TRANSLATE_NOOP("CommandStage", "The drain was undone %2.")},
     .problem = {QT_TRANSLATE_NOOP("CommandStage", "The command for %1 was withdrawn.")}},
    {.id = CommandStage::TooLate,
     .name = "too-late",
     .text = QT_TRANSLATE_NOOP("CommandStage", "too late"),
     .part = StagePart::Problem,
     .tone = CommandTone::Late,
     .mark = CommandMark::Warning,
     .flags = StageRow::Problem | StageRow::Noted,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "Too late to withdraw it.")},
     .dock = {QT_TRANSLATE_NOOP("CommandStage", "Too late to cancel: the command was read.")},
     .problem = {QT_TRANSLATE_NOOP("CommandStage", "%1 had read its command already.")}},
    {.id = CommandStage::Refused,
     .name = "refused",
     .text = QT_TRANSLATE_NOOP("CommandStage", "refused"),
     .part = StagePart::Problem,
     .tone = CommandTone::Stale,
     .mark = CommandMark::Error,
     .flags = StageRow::Problem | StageRow::Pauses | StageRow::Repeatable,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "Nothing was done.")},
     .problem = {QT_TRANSLATE_NOOP("CommandStage", "The command for %1 was refused: %3.")}},
    {.id = CommandStage::Skipped,
     .name = "skipped",
     .text = QT_TRANSLATE_NOOP("CommandStage", "skipped"),
     .part = StagePart::Undone,
     .tone = CommandTone::Gone,
     .mark = CommandMark::Off,
     .flags = StageRow::Noted,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "Removed from the plan; nothing was written.")}},
    {.id = CommandStage::Undone,
     .name = "drain-undone",
     .text = QT_TRANSLATE_NOOP("CommandStage", "drain undone"),
     .part = StagePart::Problem,
     .tone = CommandTone::Stale,
     .mark = CommandMark::Warning,
     .flags = StageRow::Noted | StageRow::Repeatable,
     .sentence = {QT_TRANSLATE_NOOP("CommandStage", "The worker registered again, which undid the drain: it takes sessions.")}},
});
static_assert(isInOrder(stageRows, CommandStage::Undone), "one row per stage, in the order of the enumeration");

} // namespace

QString StageWords::text(bool drains, bool registers) const
{
    return tableText("CommandStage", registers && registered ? registered : drains && drain ? drain : plain);
}

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

} // namespace pulsedeck
