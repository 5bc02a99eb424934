// SPDX-License-Identifier: GPL-3.0-or-later
// What a rolling shutdown makes of one view of the fleet.
#include "models/commands/rollingplan.h"

#include "models/fleet/fleetcolumns.h"
#include "models/fleet/fleetevents.h"

#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Presence = RollingView::Presence;
using StepState = RollingStep::State;

bool isConnected(const RollingView &view, SourceId source)
{
    return std::find(view.connected.begin(), view.connected.end(), source) != view.connected.end();
}

Presence presenceOf(const RollingView &view, const RollingStep &step)
{
    return view.workers.value(step.command, Presence::Counted);
}

/// Handed out and not known to stay: it may drain at any moment.
bool isLeaving(const RollingStep &step)
{
    const bool mayGo = !isEnd(step.stage) || step.stage == CommandStage::Delivered;
    return (step.state == StepState::Sent || step.state == StepState::Failed) && mayGo;
}

} // namespace

std::vector<int> RollingPlan::advance(const RollingView &view)
{
    if (m_state == State::Finished)
        return {};
    if (view.frozen) {
        if (m_state == State::Running)
            m_explanation = u"The view is paused: nothing is sent until it goes on."_s;
        return {};
    }
    if (m_state == State::Running && m_seenAt > 0)
        m_activeMs += qBound(qint64(0), view.now - m_seenAt, qint64(60'000)); // A longer time was spent asleep.
    m_seenAt = view.now;
    takeStages(view);
    takeReplacements(view);
    if (m_state == State::Aborted)
        return {};

    const std::vector<int> available = freeCapacity(view);
    const std::vector<Cause> found = causes(view, available);
    std::vector<int> sent;
    if (m_state == State::Running) {
        m_explanation.clear();
        if (found.empty())
            sent = choose(view, available);
        else
            pauseFor(found);
    } else if (m_pausedByItself && !m_causes.empty() && !found.empty()) {
        // What comes on top is shown, and accepted with the rest.
        pauseFor(found);
    }
    settle(view);
    return sent;
}

/// How the commands went that were handed out.
void RollingPlan::takeStages(const RollingView &view)
{
    for (RollingStep &step : m_steps) {
        const auto seen = view.stages.constFind(step.command);
        if (seen == view.stages.constEnd() || step.state == StepState::Skipped)
            continue;
        const bool wasGone = step.state == StepState::Finished || step.state == StepState::WaitingReplacement;
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
        const bool waits = step.state == StepState::Sent && m_options.replacement != RollingOptions::Replacement::None;
        step.goneAt = view.now;
        step.state = waits ? StepState::WaitingReplacement : StepState::Finished;
        m_activeAtEnd = m_activeMs;
    }
}

/// Gives each newcomer that is healthy to the one that waits for it the longest. Nobody counts twice.
void RollingPlan::takeReplacements(const RollingView &view)
{
    std::vector<RollingStep *> waiting;
    QSet<std::pair<SourceId, QByteArray>> taken;
    for (RollingStep &step : m_steps) {
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
            const bool fits = newcomer.source == step->source
                              && (m_options.replacement == RollingOptions::Replacement::SameHost
                                      ? !step->host.isEmpty() && newcomer.host == step->host
                                      : newcomer.type == step->type);
            if (!fits || newcomer.healthyBeats < m_options.healthyBeats
                || taken.contains({newcomer.source, newcomer.id}))
                continue;
            taken.insert({newcomer.source, newcomer.id});
            step->replacedBy = newcomer.id;
            step->state = StepState::Finished;
            m_activeAtEnd = m_activeMs;
            break;
        }
    }
}

/// By type: what would be left if everybody who was told to go had gone.
std::vector<int> RollingPlan::freeCapacity(const RollingView &view) const
{
    std::vector<int> available(m_types.size(), 0);
    for (size_t i = 0; i < m_types.size(); ++i) {
        for (const RollingView::Capacity &capacity : view.capacity) {
            if (capacity.source == m_sources[size_t(m_types[i].source)].id && capacity.type == m_types[i].type)
                available[i] += capacity.available;
        }
    }
    for (size_t i = 0; i < m_steps.size(); ++i) {
        if (isLeaving(m_steps[i]) && presenceOf(view, m_steps[i]) == Presence::Counted)
            --available[size_t(m_stepTypes[i])];
    }
    return available;
}

/// Why the plan should not go on. Empty when nothing is queued: there is nothing left to hold back then.
std::vector<RollingPlan::Cause> RollingPlan::causes(const RollingView &view, const std::vector<int> &available)
{
    std::vector<Cause> found;
    if (queued() == 0)
        return found;
    std::vector<bool> wanted(m_sources.size(), false);
    std::vector<bool> sending(m_sources.size(), false);
    for (size_t i = 0; i < m_steps.size(); ++i) {
        const size_t source = size_t(m_types[size_t(m_stepTypes[i])].source);
        sending[source] = sending[source] || m_steps[i].state == StepState::Queued;
        wanted[source] = wanted[source] || sending[source] || m_steps[i].state == StepState::Sent;
    }
    for (size_t i = 0; i < m_sources.size(); ++i) {
        const Source &source = m_sources[i];
        if (isConnected(view, source.id)) {
            std::erase(m_acceptedSources, source.name);
            if (const QString why = view.barred.value(source.id); sending[i] && !why.isEmpty())
                found.push_back({Cause::Kind::Barred, int(i), why});
        } else if (wanted[i] && std::count(m_acceptedSources.begin(), m_acceptedSources.end(), source.name) == 0) {
            found.push_back({Cause::Kind::Source, int(i),
                             u"%1 is not connected: what goes on there is not known."_s.arg(source.name)});
        }
    }
    for (size_t i = 0; i < m_steps.size(); ++i) {
        const RollingStep &step = m_steps[i];
        if (step.state == StepState::Sent) {
            if (const QString text = commandCause(step, view); !text.isEmpty())
                found.push_back({Cause::Kind::Command, int(i), text});
        } else if (step.state == StepState::Queued && isConnected(view, step.source)
                   && presenceOf(view, step) == Presence::Died) {
            found.push_back({Cause::Kind::Died, int(i),
                             u"%1 died before its turn came: its %2 expired."_s.arg(
                                 shortId(step.worker), step.worker.startsWith("@(") ? u"registration"_s : u"key"_s)});
        } else if (step.state == StepState::WaitingReplacement
                   && view.now - step.goneAt >= m_options.replacementWaitMs) {
            found.push_back({Cause::Kind::Replacement, int(i),
                             u"No replacement for %1 came within %2."_s.arg(
                                 shortId(step.worker), durationText(m_options.replacementWaitMs))});
        }
    }
    for (size_t i = 0; i < m_types.size(); ++i) {
        Type &type = m_types[i];
        const int floor = floorOf(type);
        if (!isConnected(view, m_sources[size_t(type.source)].id)) {
            type.lowSince = 0;
        } else if (available[i] >= floor) {
            type.lowSince = 0;
            // At the floor nothing can go yet: what was accepted stays so until something can.
            type.accepted = type.accepted && available[i] == floor;
        } else if (type.lowSince == 0) {
            type.lowSince = view.now;
        } else if (!type.accepted && view.now - type.lowSince >= patienceMs) {
            found.push_back({Cause::Kind::Type, int(i),
                             u"%1 fell below its floor: %2 available of %3 that should stay."_s.arg(
                                 typeText(type), QString::number(available[i]), QString::number(floor))});
        }
    }
    return found;
}

/// What is wrong with a command that was handed out; empty if nothing is.
QString RollingPlan::commandCause(const RollingStep &step, const RollingView &view) const
{
    const QString who = shortId(step.worker);
    const QString note = view.notes.value(step.command);
    switch (step.stage) {
    case CommandStage::Overdue:
        return u"%1 is overdue: it drains for longer than the drain timeout."_s.arg(who);
    case CommandStage::Forgotten:
        return u"%1 has forgotten its drain: it says available again."_s.arg(who);
    case CommandStage::Unknown:
        return u"%1: the connection was lost before the answer came, so nobody knows whether it was commanded."_s.arg(
            who);
    case CommandStage::Delivered:
        return u"%1 did not answer: the message was delivered, and whether it goes is not known."_s.arg(who);
    case CommandStage::Lost:
        return u"%1 died before it was through: its %2 expired."_s.arg(
            who, step.worker.startsWith("@(") ? u"registration"_s : u"key"_s);
    case CommandStage::ExpiredUnread: {
        const bool takes = presenceOf(view, step) == Presence::Counted;
        return u"%1 did not read the command in %2 s.%3"_s.arg(
            who, QString::number(m_options.ttlMs / 1000), takes ? u" It still beats and takes sessions."_s : QString());
    }
    case CommandStage::Withdrawn:
        return u"The command for %1 was withdrawn."_s.arg(who);
    case CommandStage::Refused:
        return note.isEmpty() ? u"The command for %1 was refused."_s.arg(who)
                              : u"The command for %1 was refused: %2."_s.arg(who, note);
    case CommandStage::TooLate:
    case CommandStage::Queued:
    case CommandStage::Requested:
    case CommandStage::Written:
    case CommandStage::Announced:
    case CommandStage::PickedUp:
    case CommandStage::Emptying:
    case CommandStage::Gone:
    case CommandStage::Done:
    case CommandStage::Skipped:
    case CommandStage::Undone:
        break;
    }
    return {};
}

/// Whom to send now; queued workers that left by themselves are skipped. Sets explanation() for those that wait.
std::vector<int> RollingPlan::choose(const RollingView &view, std::vector<int> available)
{
    std::vector<int> sent;
    std::vector<int> blocked(m_types.size(), 0);
    int places = m_options.atATime - underway();
    QString waitsFor;
    for (size_t i = 0; i < m_steps.size(); ++i) {
        RollingStep &step = m_steps[i];
        if (step.state != StepState::Queued)
            continue;
        const size_t type = size_t(m_stepTypes[i]);
        const Source &source = m_sources[size_t(m_types[type].source)];
        if (!isConnected(view, source.id)) {
            waitsFor = u"Waits for %1 to be connected again."_s.arg(source.name);
            continue;
        }
        const Presence presence = presenceOf(view, step);
        if (presence == Presence::Left || presence == Presence::Died) {
            passOver(int(i));
            continue;
        }
        // One that drains already, or is not alive, takes nothing away.
        const int cost = presence == Presence::Counted ? 1 : 0;
        if (cost > 0 && available[type] - cost < floorOf(m_types[type])) {
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

    // Held by the floor with nobody under way, waiting alone changes nothing: then it is said.
    const bool stuck = sent.empty() && underway() == 0 && queued() > 0 && waitsFor.isEmpty();
    m_stuckSince = !stuck ? 0 : m_stuckSince == 0 ? view.now : m_stuckSince;
    const bool forLong = stuck && view.now - m_stuckSince >= patienceMs;
    std::vector<Cause> held;
    for (size_t i = 0; i < m_types.size(); ++i) {
        if (blocked[i] == 0)
            continue;
        const QString workers = blocked[i] == 1 ? u"1 queued worker"_s : u"%1 queued workers"_s.arg(blocked[i]);
        const QString verb = forLong ? u"cannot go"_s : blocked[i] == 1 ? u"waits"_s : u"wait"_s;
        const QString text = u"%1 is at its floor of %2: %3 %4"_s.arg(
            typeText(m_types[i]), QString::number(floorOf(m_types[i])), workers, verb);
        if (forLong && !m_types[i].accepted)
            held.push_back({Cause::Kind::Type, int(i), text});
        else if (m_explanation.isEmpty())
            m_explanation = text;
    }
    if (!held.empty())
        pauseFor(held);
    if (m_explanation.isEmpty())
        m_explanation = waitsFor;
    return sent;
}

/// Ends what can change no more.
void RollingPlan::settle(const RollingView &view)
{
    if (queued() > 0)
        return;
    for (RollingStep &step : m_steps) {
        if (step.state == StepState::Sent && isEnd(step.stage))
            step.state = StepState::Failed;
        else if (step.state == StepState::WaitingReplacement && view.now - step.goneAt >= m_options.replacementWaitMs)
            step.state = StepState::Finished;
    }
    if (underway() == 0) {
        m_state = State::Finished;
        m_pausedByItself = false;
        m_causes.clear();
        m_explanation = summary();
        return;
    }
    if (m_state != State::Running)
        return;
    for (const RollingStep &step : m_steps) {
        if (step.state != StepState::Sent)
            continue;
        if (m_explanation = commandCause(step, view); !m_explanation.isEmpty())
            return;
    }
}

void RollingPlan::pauseFor(const std::vector<Cause> &found)
{
    if (m_state != State::Paused)
        m_causes.clear();
    for (const Cause &cause : found) {
        const auto known = std::find_if(m_causes.begin(), m_causes.end(),
                                        [&](const Cause &c) { return c.kind == cause.kind && c.index == cause.index; });
        if (known == m_causes.end())
            m_causes.push_back(cause);
        else
            known->text = cause.text;
    }
    m_state = State::Paused;
    m_pausedByItself = true;
    m_explanation = m_causes.front().text;
    if (m_causes.size() > 1)
        m_explanation += u" And %1 more."_s.arg(m_causes.size() - 1);
}

} // namespace pulsedeck
