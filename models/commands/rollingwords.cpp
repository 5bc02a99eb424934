// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/rollingwords.h"

#include "models/commands/commandwords.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class RollingWords
{
    Q_DECLARE_TR_FUNCTIONS(RollingWords)
};

using StepState = RollingStep::State;

} // namespace

QString commandCause(const RollingStep &step, const RollingView &view, qint64 ttlMs)
{
    const QString text = problemText(step.stage, step.traits, step.worker, ttlMs, view.notes.value(step.command));
    const bool takes = step.stage == CommandStage::ExpiredUnread && view.presenceOf(step) == RollingView::Presence::Counted;
    return takes ? RollingWords::tr("%1 It still sends heartbeats and takes work.").arg(text) : text;
}

QString diedCause(const RollingStep &step)
{
    return (step.traits->registers() ? RollingWords::tr("%1 died before its turn came: its registration expired.")
                                     : RollingWords::tr("%1 died before its turn came: its key expired."))
        .arg(shortId(step.worker, *step.traits));
}

QString floorText(const RollingFloors &floors, int type, int blocked, bool stuck)
{
    return (stuck ? RollingWords::tr("%1 is at its floor of %2: %Ln queued worker(s) cannot go", nullptr, blocked)
                  : RollingWords::tr("%1 is at its floor of %2: %Ln queued worker(s) (waits/wait)", nullptr, blocked))
        .arg(floors.typeText(type), QString::number(floors.floorOf(type)));
}

QString summaryOf(const RollingPlanData &plan)
{
    const QString total = QString::number(plan.steps.size());
    int unreplaced = 0;
    int left = 0;
    for (const RollingStep &step : plan.steps) {
        unreplaced += step.state == StepState::Finished && step.replacedBy.isEmpty();
        left += step.left;
    }
    QStringList parts;
    if (const int failed = plan.count(StepState::Failed); failed > 0) {
        const auto first = std::find_if(plan.steps.begin(), plan.steps.end(),
                                        [](const RollingStep &step) { return step.state == StepState::Failed; });
        parts.append((failed == 1 ? RollingWords::tr("%1 of %2 did not go: %3 (%4).")
                                  : RollingWords::tr("%1 of %2 did not go: %3 (%4) and others."))
                         .arg(QString::number(failed), total, shortId(first->worker, *first->traits), stageText(first->stage)));
    }
    if (unreplaced > 0 && plan.options.replacement != RollingOptions::Replacement::None)
        parts.append(RollingWords::tr("%Ln of %1 (was/were) not replaced.", nullptr, unreplaced).arg(total));
    if (left > 1 && left == int(plan.steps.size()))
        parts.append(RollingWords::tr("All %1 had already gone before their turn came.").arg(total));
    else if (left > 0)
        parts.append(RollingWords::tr("%Ln of %1 had already gone before (its/their) turn came.", nullptr, left).arg(total));
    return parts.join(u' ');
}

QString endSentence(const RollingPlanData &plan)
{
    if (!plan.hasEnded())
        return {};
    const bool stopped = plan.state == RollingState::Aborted;
    // A worker whose replacement is awaited is gone: a plan that was stopped waits no longer.
    const int gone = plan.count(StepState::Finished) + plan.count(StepState::WaitingReplacement);
    QStringList parts{stopped ? RollingWords::tr("Rolling shutdown stopped") : RollingWords::tr("Rolling shutdown ended"),
                      RollingWords::tr("%1 of %2 gone").arg(gone).arg(plan.steps.size())};
    if (const int failed = plan.count(StepState::Failed); failed > 0)
        parts.append(RollingWords::tr("%1 did not go").arg(failed));
    if (const int sent = plan.count(StepState::Sent); sent > 0)
        parts.append(RollingWords::tr("%1 still under way").arg(sent));
    if (const int skipped = plan.count(StepState::Skipped); skipped > 0)
        parts.append(RollingWords::tr("%1 skipped").arg(skipped));
    const QString counts = parts.join(u", "_s) + u'.';
    // What was stopped is among the counts.
    return stopped || plan.explanation.isEmpty() ? counts : QString(counts + u' ' + plan.explanation);
}

} // namespace pulsedeck
