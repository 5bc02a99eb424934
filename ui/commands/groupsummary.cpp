// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/groupsummary.h"

#include "models/commands/commandwords.h"
#include "models/commands/rollingsurvey.h"
#include "models/core/format.h"
#include "models/fleet/fleetevents.h"
#include "ui/common/commandtexts.h"

#include <QCoreApplication>

#include <algorithm>
#include <set>
#include <tuple>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class SummaryTexts
{
    Q_DECLARE_TR_FUNCTIONS(SummaryTexts)
};

StageShare::Kind kindOf(CommandStage stage, Act act)
{
    return act == Act::Drain && stage == CommandStage::Written ? StageShare::Kind::Draining : stageRow(stage).part;
}

QString wordOf(CommandStage stage, const CommandGroup &group)
{
    if (isSuccess(stage))
        return successWord(group.act);
    if (group.act == Act::Drain && stage == CommandStage::Written)
        return groupText(CommandStage::PickedUp);
    // An actor that answered says no more than that.
    if (stage == CommandStage::PickedUp && group.actors > 0)
        return group.actors == group.total() ? SummaryTexts::tr("answered") : SummaryTexts::tr("draining or answered");
    return groupText(stage);
}

/// Workers of the plan's types that can take sessions now.
void countCapacity(const CommandContext &context, const RollingPlan &plan, GroupSummary &summary)
{
    std::set<std::tuple<SourceId, QString, bool>> types;
    for (const RollingStep &step : plan.steps())
        types.insert({step.source, step.type, step.child});
    std::set<CapacityKey> numbers;
    summary.available = 0;
    summary.baseline = 0;
    for (const auto &[source, type, child] : types) {
        summary.baseline += plan.baselineOf(source, type, child);
        for (int number = 0; number < context.store.typeCount(); ++number) {
            if (context.store.typeName(quint16(number)) == type)
                numbers.insert({source, quint16(number), child});
        }
    }
    for (int handle = 0; handle < context.store.capacity(); ++handle) {
        const Worker &worker = context.store.worker(WorkerHandle(handle));
        const bool able = worker.used && takesSessions(worker);
        summary.available += able && numbers.contains(capacityKeyOf(worker));
    }
    summary.floorPercent = plan.options().floorPercent;
    if (plan.options().replacement != RollingOptions::Replacement::None) {
        summary.replacements = 0;
        for (const RollingStep &step : plan.steps())
            summary.replacements += !step.replacedBy.isEmpty();
    }
}

void lookAtPlan(const CommandContext &context, const RollingPlan &plan, GroupSummary &summary, QStringList &detail)
{
    const qint64 now = context.clock.nowMs();
    summary.rolling = true;
    detail.append(SummaryTexts::tr("rolling, %1 at a time").arg(plan.options().atATime));
    summary.paused = plan.state() == RollingPlan::State::Paused;
    summary.canPause = plan.state() == RollingPlan::State::Running || summary.paused;
    if (plan.state() == RollingPlan::State::Aborted)
        detail.append(SummaryTexts::tr("stopped"));
    if (summary.paused)
        detail.append(SummaryTexts::tr("paused"));
    else if (plan.state() == RollingPlan::State::Running) {
        // Before the first has gone it is a guess, and without a drain timeout not even that.
        const SourceId source = plan.steps().empty() ? SourceId(0) : plan.steps().front().source;
        const qint64 timeout = context.store.drainTimeoutMs(source);
        const qint64 left = plan.estimateMs(now, context.store.timing(source).heartbeatInterval + qMax<qint64>(0, timeout));
        if (left > 0 && (timeout > 0 || plan.finished() > 0))
            detail.append(SummaryTexts::tr("about %1 left").arg(estimateText(left)));
    }
    if (!plan.explanation().isEmpty()) {
        summary.message = plan.explanation();
        summary.messageGlyph = plan.pausedByItself() ? Glyph::Warning : Glyph::Info;
    }
    countCapacity(context, plan, summary);
}

/// Of those delivered some may still be answered: they are a share of their own.
void tellAwaited(std::vector<StageShare> &shares, int awaited)
{
    const auto share =
        std::find_if(shares.begin(), shares.end(), [](const StageShare &one) { return one.stage == CommandStage::Delivered; });
    if (share == shares.end() || awaited == 0)
        return;
    const StageShare waiting{share->kind, awaited, SummaryTexts::tr("waiting for (its/their) answer", nullptr, awaited),
                             CommandStage::Written};
    share->count -= awaited;
    if (share->count <= 0)
        *share = waiting;
    else
        shares.insert(share, waiting);
}

} // namespace

std::vector<StageShare> sharesOf(const CommandGroup &group, int awaited)
{
    std::vector<StageShare> shares;
    const auto add = [&](CommandStage stage) {
        const int count = group.counts[size_t(stage)];
        if (count == 0)
            return;
        const StageShare::Kind kind = kindOf(stage, group.act);
        const QString word = wordOf(stage, group);
        for (StageShare &share : shares) {
            if (share.kind == kind && share.word == word) {
                share.count += count;
                return;
            }
        }
        shares.push_back({kind, count, word, stage});
    };
    // From what is behind to what is still to come, as the bar fills.
    for (const StageShare::Kind kind : {StageShare::Kind::Success, StageShare::Kind::Draining, StageShare::Kind::Sent,
                                        StageShare::Kind::Problem, StageShare::Kind::Undone, StageShare::Kind::Queued}) {
        for (int stage = 0; stage < stageCount; ++stage) {
            if (kindOf(CommandStage(stage), group.act) == kind)
                add(CommandStage(stage));
        }
    }
    tellAwaited(shares, awaited);
    return shares;
}

QString shareText(const StageShare &share)
{
    return SummaryTexts::tr("%1 %2", "a number, and a stage").arg(groupedNumber(share.count), share.word);
}

int awaitedOf(const CommandContext &context, const CommandGroup &group)
{
    const qint64 now = context.clock.nowMs();
    // Asked each second and for each row that is painted: of an old group no entry is looked at.
    if (group.counts[size_t(CommandStage::Delivered)] == 0 || now - group.deliveredAt >= answerWaitMs)
        return 0;
    return int(std::count_if(group.entries.begin(), group.entries.end(), [&](quint64 key) {
        const CommandEntry *entry = context.ledger.entry(key);
        return entry && awaitsAnswer(*entry, now);
    }));
}

bool isUnderway(const CommandGroup &group, int awaited)
{
    return group.ended() < group.total() || awaited > 0;
}

QString groupTitle(const CommandGroup &group, bool brief)
{
    const SourceTraits &traits = group.system ? **group.system : *TraitsRef();
    const bool named = group.system.has_value();
    const QString act = !named ? shortAct(group.act) : brief ? traits.actTitle(group.act) : traits.actLabel(group.act);
    if (traits.of(group.act).scope != ActScope::Worker)
        return SummaryTexts::tr("%1 · %2", "an act, and on what").arg(act, actedOnText(group.act, group.total()));
    return SummaryTexts::tr("%1 · %2", "an act, and on whom")
        .arg(act, named ? traits.counted(group.total()) : workersText(group.total(), group.actors));
}

GroupSummary summarise(const CommandContext &context, const QUuid &id)
{
    GroupSummary summary;
    const CommandGroup *group = context.ledger.group(id);
    if (!group)
        return summary;
    const qint64 now = context.clock.nowMs();
    summary.valid = true;
    summary.act = group->act;
    summary.theirs = group->theirs;
    summary.system = group->system;
    summary.total = group->total();
    summary.succeeded = group->succeeded();
    summary.queued = group->counts[size_t(CommandStage::Queued)];
    summary.awaited = awaitedOf(context, *group);
    summary.running = isUnderway(*group, summary.awaited);
    summary.title = SummaryTexts::tr("%1 of %2 %3", "so many of so many gone")
                        .arg(groupedNumber(summary.succeeded), groupedNumber(summary.total), successWord(group->act));
    summary.shares = sharesOf(*group, summary.awaited);

    QStringList detail;
    if (const RollingPlan *plan = context.rolling.plan(id))
        lookAtPlan(context, *plan, summary, detail);
    else if (group->rolling)
        detail.append(SummaryTexts::tr("rolling"));
    if (summary.running)
        detail.prepend(SummaryTexts::tr("running %1", "for a time").arg(countText(now - group->startedAt)));
    else if (group->endedAt > 0 && group->counts[size_t(CommandStage::Delivered)] == 0) // Else it is not known.
        detail.prepend(SummaryTexts::tr("took %1").arg(durationText(group->endedAt - group->startedAt)));
    summary.detail = detail.join(u" · "_s);

    const CommandEntry *problem = nullptr;
    for (const quint64 key : group->entries) {
        const CommandEntry *entry = context.ledger.entry(key);
        if (!entry)
            continue;
        summary.cancellable += entry->canCancel();
        if (entry->sessionsBefore != unknownValue && entry->sessionsBefore >= 0 && isShutdown(group->act)) {
            summary.sessionsKnown = true;
            // A command that ended without effect leaves its worker, and the sessions there.
            const bool went = entry->stage == CommandStage::Gone || entry->stage == CommandStage::Lost;
            const qint32 left = went                                  ? 0
                                : entry->sessionsLeft != unknownValue ? qMax(0, entry->sessionsLeft)
                                                                      : entry->sessionsBefore;
            const qint32 cut = entry->sessionsCut != unknownValue ? qMax(0, entry->sessionsCut) : 0;
            const bool touched = entry->pickedUpAt > 0 || entry->stage == CommandStage::Gone;
            summary.sessionsActive += touched || isEnd(entry->stage) ? left : entry->sessionsBefore;
            summary.sessionsCut += cut;
            if (touched)
                summary.sessionsEnded += qMax(0, entry->sessionsBefore - left - cut);
        }
        if (isProblem(*entry) && (!problem || entry->endedAt >= problem->endedAt))
            problem = entry;
    }
    if (problem && (summary.message.isEmpty() || summary.messageGlyph == Glyph::Info)) {
        summary.message = problemSentence(*problem);
        summary.messageGlyph = stageGlyph(*problem);
    }
    return summary;
}

} // namespace pulsedeck
