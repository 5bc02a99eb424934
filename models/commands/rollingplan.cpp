// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/rollingplan.h"

#include "models/commands/rollingwords.h"
#include "models/core/format.h"

#include <QCoreApplication>
#include <QSet>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class PlanTexts
{
    Q_DECLARE_TR_FUNCTIONS(RollingPlan)
};

using Presence = RollingView::Presence;
using StepState = RollingStep::State;

} // namespace

RollingPlan::RollingPlan(const QUuid &group, const RollingOptions &options, std::vector<RollingStep> steps,
                         const std::vector<RollingView::Capacity> &baseline, qint64 startedAt, const QString &by,
                         const QString &reason)
{
    m_data.group = group;
    m_data.options = options;
    m_data.options.atATime = qMax(1, options.atATime);
    m_data.options.floorPercent = qBound(0, options.floorPercent, 100);
    m_data.floors.percent = m_data.options.floorPercent;
    m_data.steps = std::move(steps);
    m_data.by = by;
    m_data.reason = reason;
    m_data.startedAt = startedAt;
    for (RollingStep &step : m_data.steps)
        step.typeIndex = m_data.floors.add(step.source, step.type, baseline, step.child);
}

std::optional<RollingPlan> RollingPlan::fromJson(const QJsonObject &json, qint64 wallOffset)
{
    std::optional<RollingPlanData> data = RollingPlanData::fromJson(json, wallOffset);
    if (!data)
        return std::nullopt;
    RollingPlan plan;
    plan.m_data = std::move(*data);
    return plan;
}

void RollingPlan::setState(State state, const QString &explanation)
{
    m_data.state = state;
    m_data.pausedByItself = false;
    m_data.explanation = explanation;
    m_causes.clear();
}

void RollingPlan::pause(const QString &why)
{
    if (m_data.state == State::Running)
        setState(State::Paused, why);
}

void RollingPlan::resume()
{
    if (m_data.state != State::Paused)
        return;
    for (const Cause &cause : m_causes)
        accept(cause);
    setState(State::Running, {});
    m_stuckSince = 0;
    m_seenAt = 0; // The pause is no part of the pace.
}

void RollingPlan::accept(const Cause &cause)
{
    const size_t index = size_t(cause.index);
    switch (cause.kind) {
    case Cause::Kind::Command:
        // It may have gone in the meantime.
        if (m_data.steps[index].state == StepState::Sent)
            m_data.steps[index].state = StepState::Failed;
        break;
    case Cause::Kind::Died:
        skip(cause.index);
        break;
    case Cause::Kind::Replacement:
        if (m_data.steps[index].state == StepState::WaitingReplacement)
            m_data.steps[index].state = StepState::Finished;
        break;
    case Cause::Kind::Type:
        m_data.floors.types[index].accepted = true;
        break;
    case Cause::Kind::Source:
        m_data.floors.sources[index].accepted = true;
        break;
    case Cause::Kind::Barred:
        break; // Nothing can be sent there whatever the operator accepts.
    }
}

void RollingPlan::abort()
{
    if (hasEnded())
        return;
    const int kept = queued();
    for (int i = 0; i < total(); ++i)
        skip(i);
    setState(State::Aborted, PlanTexts::tr("Stopped: %Ln queued worker(s) (stays/stay).", nullptr, kept));
}

void RollingPlan::skip(int step)
{
    if (step < 0 || step >= total() || m_data.steps[size_t(step)].state != StepState::Queued)
        return;
    m_data.steps[size_t(step)].state = StepState::Skipped;
    m_data.steps[size_t(step)].stage = CommandStage::Skipped;
}

void RollingPlan::passOver(int step)
{
    if (step < 0 || step >= total() || m_data.steps[size_t(step)].state != StepState::Queued)
        return;
    skip(step);
    m_data.steps[size_t(step)].left = true;
}

int RollingPlan::floorOf(SourceId source, const QString &type, bool child) const
{
    const int index = m_data.floors.typeIndex(m_data.floors.sourceIndex(source), type, child);
    return index < 0 ? 0 : m_data.floors.floorOf(index);
}

int RollingPlan::baselineOf(SourceId source, const QString &type, bool child) const
{
    const int index = m_data.floors.typeIndex(m_data.floors.sourceIndex(source), type, child);
    return index < 0 ? 0 : m_data.floors.types[size_t(index)].baseline;
}

void RollingPlan::setSourceName(SourceId source, const QString &name)
{
    if (const int index = m_data.floors.sourceIndex(source); index >= 0)
        m_data.floors.sources[size_t(index)].name = name;
}

void RollingPlan::setSourceId(const QString &name, SourceId id)
{
    for (RollingFloors::Source &source : m_data.floors.sources) {
        if (source.name == name)
            source.id = id;
    }
    for (RollingStep &step : m_data.steps)
        step.source = m_data.floors.sourceOf(step).id;
}

qint64 RollingPlan::estimateMs(qint64 now, qint64 guessPerWorkerMs) const
{
    const qint64 remaining = queued() + underway();
    if (hasEnded() || remaining == 0)
        return 0;
    qint64 active = m_data.activeMs;
    if (m_data.state == State::Running && m_seenAt > 0)
        active += qMax<qint64>(0, now - m_seenAt);
    const qint64 gone = finished();
    const qint64 rounds = (remaining + m_data.options.atATime - 1) / m_data.options.atATime;
    const qint64 estimate =
        gone > 0 ? remaining * m_data.activeAtEnd / gone - (active - m_data.activeAtEnd) : rounds * guessPerWorkerMs - active;
    return qMax<qint64>(1'000, estimate);
}

std::vector<int> RollingPlan::advance(const RollingView &view)
{
    if (m_data.state == State::Finished)
        return {};
    if (view.frozen) {
        if (m_data.state == State::Running)
            m_data.explanation = PlanTexts::tr("The view is paused: nothing is sent until it is resumed.");
        return {};
    }
    if (m_data.state == State::Running && m_seenAt > 0)
        m_data.activeMs += qBound(qint64(0), view.now - m_seenAt, qint64(60'000)); // A longer time was spent asleep.
    m_seenAt = view.now;
    takeStages(view);
    takeReplacements(view);
    if (m_data.state == State::Aborted)
        return {};

    const std::vector<int> available = m_data.floors.available(view, m_data.steps);
    const std::vector<Cause> found = causes(view, available);
    std::vector<int> sent;
    if (m_data.state == State::Running) {
        m_data.explanation.clear();
        if (found.empty())
            sent = choose(view, available);
        else
            pauseFor(found);
    } else if (m_data.pausedByItself && !m_causes.empty() && !found.empty()) {
        // What comes on top is shown, and accepted with the rest.
        pauseFor(found);
    }
    settle(view);
    return sent;
}

/// How the commands went that were handed out.
void RollingPlan::takeStages(const RollingView &view)
{
    for (RollingStep &step : m_data.steps) {
        const auto seen = view.stages.constFind(step.command);
        if (seen == view.stages.constEnd() || step.state == StepState::Skipped)
            continue;
        const bool wasGone = step.isGone();
        if (wasGone && isSuccess(*seen))
            continue;
        // Only its key had been gone, and it is back.
        if (wasGone)
            step.state = StepState::Sent;
        step.stage = *seen;
        if (*seen == CommandStage::Skipped || (step.state == StepState::Queued && isEnd(*seen))) {
            step.state = StepState::Skipped;
            continue;
        }
        if (step.state == StepState::Queued || !isSuccess(*seen))
            continue;
        const bool waits = step.state == StepState::Sent && m_data.options.replacement != RollingOptions::Replacement::None;
        step.goneAt = view.now;
        step.state = waits ? StepState::WaitingReplacement : StepState::Finished;
        m_data.activeAtEnd = m_data.activeMs;
    }
}

/// Gives each newcomer that is healthy to the one that waits for it the longest. None counts twice.
void RollingPlan::takeReplacements(const RollingView &view)
{
    std::vector<RollingStep *> waiting;
    QSet<std::pair<SourceId, QByteArray>> taken;
    for (RollingStep &step : m_data.steps) {
        taken.insert({step.source, step.worker});
        if (!step.replacedBy.isEmpty())
            taken.insert({step.source, step.replacedBy});
        if (step.state == StepState::WaitingReplacement)
            waiting.push_back(&step);
    }
    if (waiting.empty())
        return;
    std::stable_sort(waiting.begin(), waiting.end(),
                     [](const RollingStep *a, const RollingStep *b) { return a->goneAt < b->goneAt; });
    for (RollingStep *step : waiting) {
        for (const RollingView::Newcomer &newcomer : view.newcomers) {
            const bool fits = newcomer.source == step->source && newcomer.child == step->child
                              && (m_data.options.replacement == RollingOptions::Replacement::SameHost
                                      ? !step->host.isEmpty() && newcomer.host == step->host
                                      : newcomer.type == step->type);
            if (!fits || newcomer.healthyBeats < m_data.options.healthyBeats || taken.contains({newcomer.source, newcomer.id}))
                continue;
            taken.insert({newcomer.source, newcomer.id});
            step->replacedBy = newcomer.id;
            step->state = StepState::Finished;
            m_data.activeAtEnd = m_data.activeMs;
            break;
        }
    }
}

/// Why the plan should not go on. Empty when nothing is queued: there is nothing left to hold back then.
std::vector<RollingPlan::Cause> RollingPlan::causes(const RollingView &view, const std::vector<int> &available)
{
    std::vector<Cause> found;
    if (queued() == 0)
        return found;
    addSourceCauses(view, found);
    for (int i = 0; i < total(); ++i) {
        const RollingStep &step = m_data.steps[size_t(i)];
        const qint64 wait = m_data.options.replacementWaitMs;
        if (step.state == StepState::Sent) {
            if (stageRow(step.stage).flags & StageRow::Pauses)
                found.push_back({Cause::Kind::Command, i, commandCause(step, view, m_data.options.ttlMs)});
        } else if (step.state == StepState::Queued && view.isConnected(step.source) && view.presenceOf(step) == Presence::Died) {
            found.push_back({Cause::Kind::Died, i, diedCause(step)});
        } else if (step.state == StepState::WaitingReplacement && view.now - step.goneAt >= wait) {
            found.push_back({Cause::Kind::Replacement, i,
                             PlanTexts::tr("No replacement for %1 came within %2.")
                                 .arg(shortId(step.worker, *step.traits), durationText(wait))});
        }
    }
    for (const int type : m_data.floors.fallen(view, available)) {
        found.push_back({Cause::Kind::Type, type,
                         PlanTexts::tr("%1 fell below its floor: %2 available of %3 that should stay.")
                             .arg(m_data.floors.typeText(type), QString::number(available[size_t(type)]),
                                  QString::number(m_data.floors.floorOf(type)))});
    }
    return found;
}

void RollingPlan::addSourceCauses(const RollingView &view, std::vector<Cause> &found)
{
    std::vector<bool> wanted(m_data.floors.sources.size(), false);
    std::vector<bool> sending(m_data.floors.sources.size(), false);
    for (const RollingStep &step : m_data.steps) {
        const size_t source = size_t(m_data.floors.types[size_t(step.typeIndex)].source);
        sending[source] = sending[source] || step.state == StepState::Queued;
        wanted[source] = wanted[source] || sending[source] || step.state == StepState::Sent;
    }
    for (size_t i = 0; i < wanted.size(); ++i) {
        RollingFloors::Source &source = m_data.floors.sources[i];
        if (view.isConnected(source.id)) {
            source.accepted = false;
            if (const QString why = view.barred.value(source.id); sending[i] && !why.isEmpty())
                found.push_back({Cause::Kind::Barred, int(i), why});
        } else if (wanted[i] && !source.accepted) {
            found.push_back({Cause::Kind::Source, int(i),
                             PlanTexts::tr("%1 is not connected: the state of its workers is not known.").arg(source.name)});
        }
    }
}

/// Whom to send now; queued workers that left by themselves are skipped. Sets explanation() for those that wait.
std::vector<int> RollingPlan::choose(const RollingView &view, std::vector<int> available)
{
    std::vector<int> sent;
    std::vector<int> blocked(available.size(), 0);
    int places = m_data.options.atATime - underway();
    QString waitsFor;
    for (size_t i = 0; i < m_data.steps.size(); ++i) {
        RollingStep &step = m_data.steps[i];
        if (step.state != StepState::Queued)
            continue;
        const size_t type = size_t(step.typeIndex);
        const RollingFloors::Source &source = m_data.floors.sourceOf(step);
        if (!view.isConnected(source.id)) {
            waitsFor = PlanTexts::tr("Waits for %1 to be connected again.").arg(source.name);
            continue;
        }
        const Presence presence = view.presenceOf(step);
        if (presence == Presence::Left || presence == Presence::Died) {
            passOver(int(i));
            continue;
        }
        // One that drains already, or is not alive, takes nothing away.
        const int cost = presence == Presence::Counted ? 1 : 0;
        if (cost > 0 && available[type] - cost < m_data.floors.floorOf(step.typeIndex)) {
            ++blocked[type];
            continue;
        }
        if (places <= 0)
            continue;
        --places;
        available[type] -= cost;
        step.state = StepState::Sent;
        step.sentAt = view.now;
        sent.push_back(int(i));
    }

    // Held by the floor with none under way, waiting alone changes nothing: then the plan pauses.
    const bool stuck = sent.empty() && underway() == 0 && queued() > 0 && waitsFor.isEmpty();
    m_stuckSince = !stuck ? 0 : m_stuckSince == 0 ? view.now : m_stuckSince;
    explainHeld(blocked, stuck && view.now - m_stuckSince >= patienceMs);
    if (m_data.explanation.isEmpty())
        m_data.explanation = waitsFor;
    return sent;
}

/// \a blocked: how many queued workers of each type its floor holds back.
void RollingPlan::explainHeld(const std::vector<int> &blocked, bool stuck)
{
    std::vector<Cause> held;
    for (int type = 0; type < int(blocked.size()); ++type) {
        if (blocked[size_t(type)] == 0)
            continue;
        const QString text = floorText(m_data.floors, type, blocked[size_t(type)], stuck);
        if (stuck && !m_data.floors.types[size_t(type)].accepted)
            held.push_back({Cause::Kind::Type, type, text});
        else if (m_data.explanation.isEmpty())
            m_data.explanation = text;
    }
    if (!held.empty())
        pauseFor(held);
}

/// Ends what can change no more.
void RollingPlan::settle(const RollingView &view)
{
    if (queued() > 0)
        return;
    for (RollingStep &step : m_data.steps) {
        if (step.state == StepState::Sent && isEnd(step.stage))
            step.state = StepState::Failed;
        else if (step.state == StepState::WaitingReplacement && view.now - step.goneAt >= m_data.options.replacementWaitMs)
            step.state = StepState::Finished;
    }
    if (underway() == 0) {
        setState(State::Finished, summaryOf(m_data));
        return;
    }
    if (m_data.state != State::Running)
        return;
    for (const RollingStep &step : m_data.steps) {
        if (step.state != StepState::Sent)
            continue;
        if (m_data.explanation = commandCause(step, view, m_data.options.ttlMs); !m_data.explanation.isEmpty())
            return;
    }
}

void RollingPlan::pauseFor(const std::vector<Cause> &found)
{
    if (m_data.state != State::Paused)
        m_causes.clear();
    for (const Cause &cause : found) {
        const auto known = std::find_if(m_causes.begin(), m_causes.end(),
                                        [&](const Cause &c) { return c.kind == cause.kind && c.index == cause.index; });
        if (known == m_causes.end())
            m_causes.push_back(cause);
        else
            known->text = cause.text;
    }
    m_data.state = State::Paused;
    m_data.pausedByItself = true;
    m_data.explanation = m_causes.front().text;
    if (m_causes.size() > 1)
        m_data.explanation =
            PlanTexts::tr("%1 And %2 more.", "a sentence").arg(m_data.explanation, QString::number(m_causes.size() - 1));
}

} // namespace pulsedeck
