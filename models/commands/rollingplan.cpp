// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/rollingplan.h"

#include "models/commands/formerjournal.h"
#include "models/commands/recordedcommand.h"
#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"

#include <QJsonArray>
#include <QSet>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using StepState = RollingStep::State;

QString keyWord(const RollingStep &step)
{
    return step.actor ? u"registration"_s : u"key"_s;
}

} // namespace

RollingPlan::RollingPlan(const QUuid &group, const RollingOptions &options, std::vector<RollingStep> steps,
                         const std::vector<RollingView::Capacity> &baseline, qint64 startedAt, const QString &by,
                         const QString &reason)
    : m_group(group)
    , m_options(options)
    , m_steps(std::move(steps))
    , m_by(by)
    , m_reason(reason)
    , m_startedAt(startedAt)
{
    m_options.atATime = qMax(1, m_options.atATime);
    m_options.floorPercent = qBound(0, m_options.floorPercent, 100);
    for (const RollingStep &step : m_steps) {
        int source = sourceIndex(step.source);
        if (source < 0) {
            source = int(m_sources.size());
            m_sources.push_back({step.source, u"source %1"_s.arg(step.source)});
        }
        int type = typeIndex(source, step.type);
        if (type < 0) {
            type = int(m_types.size());
            Type fresh;
            fresh.source = source;
            fresh.type = step.type;
            for (const RollingView::Capacity &capacity : baseline) {
                if (capacity.source == step.source && capacity.type == step.type)
                    fresh.baseline += capacity.available;
            }
            m_types.push_back(fresh);
        }
        m_stepTypes.push_back(type);
    }
}

void RollingPlan::pause(const QString &why)
{
    if (m_state != State::Running)
        return;
    m_state = State::Paused;
    m_pausedByItself = false;
    m_causes.clear();
    m_explanation = why;
}

void RollingPlan::resume()
{
    if (m_state != State::Paused)
        return;
    for (const Cause &cause : m_causes) {
        const size_t index = size_t(cause.index);
        switch (cause.kind) {
        case Cause::Kind::Command:
            // It may have gone in the meantime.
            if (m_steps[index].state == StepState::Sent)
                m_steps[index].state = StepState::Failed;
            break;
        case Cause::Kind::Died:
            skip(cause.index);
            break;
        case Cause::Kind::Replacement:
            if (m_steps[index].state == StepState::WaitingReplacement)
                m_steps[index].state = StepState::Finished;
            break;
        case Cause::Kind::Type:
            m_types[index].accepted = true;
            break;
        case Cause::Kind::Source:
            m_acceptedSources.push_back(m_sources[index].name);
            break;
        case Cause::Kind::Barred:
            break; // Nothing can be sent there whatever the operator accepts.
        }
    }
    m_causes.clear();
    m_stuckSince = 0;
    m_state = State::Running;
    m_pausedByItself = false;
    m_explanation.clear();
    m_seenAt = 0; // The pause is no part of the pace.
}

void RollingPlan::abort()
{
    if (hasEnded())
        return;
    const int kept = queued();
    for (int i = 0; i < int(m_steps.size()); ++i)
        skip(i);
    m_state = State::Aborted;
    m_pausedByItself = false;
    m_causes.clear();
    m_explanation = kept == 1 ? u"Stopped: 1 queued worker stays."_s : u"Stopped: %1 queued workers stay."_s.arg(kept);
}

void RollingPlan::skip(int step)
{
    if (step < 0 || step >= int(m_steps.size()) || m_steps[size_t(step)].state != StepState::Queued)
        return;
    m_steps[size_t(step)].state = StepState::Skipped;
    m_steps[size_t(step)].stage = CommandStage::Skipped;
}

void RollingPlan::passOver(int step)
{
    if (step < 0 || step >= int(m_steps.size()) || m_steps[size_t(step)].state != StepState::Queued)
        return;
    skip(step);
    m_steps[size_t(step)].left = true;
}

int RollingPlan::underway() const
{
    return int(std::count_if(m_steps.begin(), m_steps.end(), [](const RollingStep &step) {
        return step.state == StepState::Sent || step.state == StepState::WaitingReplacement;
    }));
}

int RollingPlan::queued() const
{
    return int(
        std::count_if(m_steps.begin(), m_steps.end(), [](const RollingStep &step) { return step.state == StepState::Queued; }));
}

int RollingPlan::finished() const
{
    return int(
        std::count_if(m_steps.begin(), m_steps.end(), [](const RollingStep &step) { return step.state == StepState::Finished; }));
}

int RollingPlan::floorOf(const Type &type) const
{
    return (type.baseline * m_options.floorPercent + 99) / 100;
}

int RollingPlan::floorOf(SourceId source, const QString &type) const
{
    const int index = typeIndex(sourceIndex(source), type);
    return index < 0 ? 0 : floorOf(m_types[size_t(index)]);
}

int RollingPlan::baselineOf(SourceId source, const QString &type) const
{
    const int index = typeIndex(sourceIndex(source), type);
    return index < 0 ? 0 : m_types[size_t(index)].baseline;
}

int RollingPlan::sourceIndex(SourceId source) const
{
    const auto found = std::find_if(m_sources.begin(), m_sources.end(), [source](const Source &s) { return s.id == source; });
    return found == m_sources.end() ? -1 : int(found - m_sources.begin());
}

int RollingPlan::typeIndex(int source, const QString &type) const
{
    const auto found =
        std::find_if(m_types.begin(), m_types.end(), [&](const Type &t) { return t.source == source && t.type == type; });
    return found == m_types.end() ? -1 : int(found - m_types.begin());
}

QString RollingPlan::typeText(const Type &type) const
{
    const QString name = type.type.isEmpty() ? u"The fleet without types"_s : type.type;
    return m_sources.size() < 2 ? name : QString(name % u" on "_s % m_sources[size_t(type.source)].name);
}

QStringList RollingPlan::sourceNames() const
{
    QStringList names;
    for (const Source &source : m_sources)
        names.append(source.name);
    return names;
}

std::vector<SourceId> RollingPlan::sourceIds() const
{
    std::vector<SourceId> ids;
    for (const Source &source : m_sources) {
        if (source.id != 0)
            ids.push_back(source.id);
    }
    return ids;
}

void RollingPlan::setSourceName(SourceId source, const QString &name)
{
    if (const int index = sourceIndex(source); index >= 0)
        m_sources[size_t(index)].name = name;
}

void RollingPlan::setSourceId(const QString &name, SourceId id)
{
    for (size_t i = 0; i < m_sources.size(); ++i) {
        if (m_sources[i].name != name)
            continue;
        m_sources[i].id = id;
        for (size_t step = 0; step < m_steps.size(); ++step) {
            if (m_types[size_t(m_stepTypes[step])].source == int(i))
                m_steps[step].source = id;
        }
    }
}

qint64 RollingPlan::estimateMs(qint64 now, qint64 guessPerWorkerMs) const
{
    const qint64 remaining = queued() + underway();
    if (hasEnded() || remaining == 0)
        return 0;
    qint64 active = m_activeMs;
    if (m_state == State::Running && m_seenAt > 0)
        active += qMax<qint64>(0, now - m_seenAt);
    const qint64 gone = finished();
    const qint64 rounds = (remaining + m_options.atATime - 1) / m_options.atATime;
    const qint64 estimate =
        gone > 0 ? remaining * m_activeAtEnd / gone - (active - m_activeAtEnd) : rounds * guessPerWorkerMs - active;
    return qMax<qint64>(1'000, estimate);
}

/// What has to be said of a plan that is over; empty if everybody went.
QString RollingPlan::summary() const
{
    int failed = 0;
    int unreplaced = 0;
    int left = 0;
    QString first;
    for (const RollingStep &step : m_steps) {
        if (step.state == StepState::Failed && ++failed == 1)
            first = u"%1 (%2)"_s.arg(shortId(step.worker), stageText(step.stage));
        if (step.state == StepState::Finished && m_options.replacement != RollingOptions::Replacement::None
            && step.replacedBy.isEmpty())
            ++unreplaced;
        left += step.left;
    }
    QStringList parts;
    if (failed > 0)
        parts.append(u"%1 of %2 did not go: %3%4."_s.arg(QString::number(failed), QString::number(m_steps.size()), first,
                                                         failed > 1 ? u" and others"_s : QString()));
    if (unreplaced > 0)
        parts.append(u"%1 of %2 were not replaced."_s.arg(unreplaced).arg(m_steps.size()));
    if (left > 0)
        parts.append(left == 1 ? u"1 of %1 had already gone before its turn came."_s.arg(m_steps.size())
                     : left == int(m_steps.size())
                         ? u"All %1 had already gone before their turn came."_s.arg(left)
                         : u"%1 of %2 had already gone before their turn came."_s.arg(left).arg(m_steps.size()));
    return parts.join(u' ');
}

QString RollingPlan::endSentence() const
{
    if (!hasEnded())
        return {};
    QString text = m_state == State::Aborted ? u"Rolling shutdown stopped"_s : u"Rolling shutdown ended"_s;
    const auto count = [this](StepState state) {
        return std::count_if(m_steps.begin(), m_steps.end(), [state](const RollingStep &step) { return step.state == state; });
    };
    // Who waits for a replacement is gone: a plan that was stopped waits no longer.
    text += u", %1 of %2 gone"_s.arg(count(StepState::Finished) + count(StepState::WaitingReplacement)).arg(m_steps.size());
    if (const auto failed = count(StepState::Failed); failed > 0)
        text += u", %1 did not go"_s.arg(failed);
    if (const auto sent = count(StepState::Sent); sent > 0)
        text += u", %1 still under way"_s.arg(sent);
    if (const auto skipped = count(StepState::Skipped); skipped > 0)
        text += u", %1 skipped"_s.arg(skipped);
    const bool more = m_state == State::Finished && !m_explanation.isEmpty(); // What was stopped has been said above.
    return text % u'.' % (more ? QString(u' ' % m_explanation) : QString());
}

// What a rolling shutdown makes of one view of the fleet.

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
            if (!fits || newcomer.healthyBeats < m_options.healthyBeats || taken.contains({newcomer.source, newcomer.id}))
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
            found.push_back(
                {Cause::Kind::Source, int(i), u"%1 is not connected: what goes on there is not known."_s.arg(source.name)});
        }
    }
    for (size_t i = 0; i < m_steps.size(); ++i) {
        const RollingStep &step = m_steps[i];
        if (step.state == StepState::Sent) {
            if (stageRow(step.stage).flags & StageRow::Pauses)
                found.push_back({Cause::Kind::Command, int(i), commandCause(step, view)});
        } else if (step.state == StepState::Queued && isConnected(view, step.source)
                   && presenceOf(view, step) == Presence::Died) {
            found.push_back({Cause::Kind::Died, int(i),
                             u"%1 died before its turn came: its %2 expired."_s.arg(shortId(step.worker), keyWord(step))});
        } else if (step.state == StepState::WaitingReplacement && view.now - step.goneAt >= m_options.replacementWaitMs) {
            found.push_back({Cause::Kind::Replacement, int(i),
                             u"No replacement for %1 came within %2."_s.arg(shortId(step.worker),
                                                                            durationText(m_options.replacementWaitMs))});
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
        return u"%1: the connection was lost before the answer came, so nobody knows whether it was commanded."_s.arg(who);
    case CommandStage::Delivered:
        return u"%1 did not answer: the message was delivered, and whether it goes is not known."_s.arg(who);
    case CommandStage::Lost:
        return u"%1 died before it was through: its %2 expired."_s.arg(who, keyWord(step));
    case CommandStage::ExpiredUnread: {
        const bool takes = presenceOf(view, step) == Presence::Counted;
        return u"%1 did not read the command in %2.%3"_s.arg(who, exactText(m_options.ttlMs),
                                                             takes ? u" It still beats and takes sessions."_s : QString());
    }
    case CommandStage::Withdrawn:
        return u"The command for %1 was withdrawn."_s.arg(who);
    case CommandStage::Refused:
        return note.isEmpty() ? u"The command for %1 was refused."_s.arg(who)
                              : u"The command for %1 was refused: %2."_s.arg(who, note);
    default:
        return {};
    }
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
        const QString text =
            u"%1 is at its floor of %2: %3 %4"_s.arg(typeText(m_types[i]), QString::number(floorOf(m_types[i])), workers, verb);
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

// How a rolling shutdown is kept for the next start of the console.

namespace {

constexpr int formatVersion = 1;

template <typename T, size_t N> using Names = std::array<std::pair<T, QLatin1StringView>, N>;

constexpr Names<RollingStep::State, 6> stepStates{{
    {RollingStep::State::Queued, "queued"_L1},
    {RollingStep::State::Sent, "sent"_L1},
    {RollingStep::State::WaitingReplacement, "waiting-replacement"_L1},
    {RollingStep::State::Finished, "finished"_L1},
    {RollingStep::State::Failed, "failed"_L1},
    {RollingStep::State::Skipped, "skipped"_L1},
}};
constexpr Names<RollingPlan::State, 4> planStates{{
    {RollingPlan::State::Running, "running"_L1},
    {RollingPlan::State::Paused, "paused"_L1},
    {RollingPlan::State::Aborted, "aborted"_L1},
    {RollingPlan::State::Finished, "finished"_L1},
}};
constexpr Names<RollingOptions::Replacement, 3> replacements{{
    {RollingOptions::Replacement::None, "none"_L1},
    {RollingOptions::Replacement::SameHost, "same-host"_L1},
    {RollingOptions::Replacement::SameType, "same-type"_L1},
}};

template <typename T, size_t N> QString nameOf(const Names<T, N> &names, T value)
{
    for (const auto &[known, name] : names) {
        if (known == value)
            return name;
    }
    return {};
}

template <typename T, size_t N> std::optional<T> fromName(const Names<T, N> &names, const QJsonValue &text)
{
    for (const auto &[known, name] : names) {
        if (text.toString() == name)
            return known;
    }
    return std::nullopt;
}

// Ids are bytes; nearly all are plain ASCII and stay readable.
QString bytesText(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toPercentEncoding(":/@()[]"));
}

QByteArray bytesFrom(const QJsonValue &text)
{
    return QByteArray::fromPercentEncoding(text.toString().toLatin1());
}

} // namespace

QJsonObject RollingOptions::toJson() const
{
    return {
        {u"atATime"_s, atATime},
        {u"floorPercent"_s, floorPercent},
        {u"replacement"_s, nameOf(replacements, replacement)},
        {u"healthyBeats"_s, healthyBeats},
        {u"replacementWaitMs"_s, replacementWaitMs},
        {u"now"_s, now},
        {u"ttlMs"_s, ttlMs},
    };
}

std::optional<RollingOptions> RollingOptions::fromJson(const QJsonObject &json)
{
    RollingOptions options;
    const auto replacement = fromName(replacements, json["replacement"_L1]);
    options.atATime = json["atATime"_L1].toInt(0);
    options.floorPercent = json["floorPercent"_L1].toInt(-1);
    options.healthyBeats = json["healthyBeats"_L1].toInt(-1);
    options.replacementWaitMs = json["replacementWaitMs"_L1].toInteger();
    options.now = json["now"_L1].toBool();
    options.ttlMs = json["ttlMs"_L1].toInteger();
    if (!replacement || options.atATime < 1 || options.floorPercent < 0 || options.floorPercent > 100 || options.healthyBeats < 0
        || options.replacementWaitMs < 0 || options.ttlMs < 1)
        return std::nullopt;
    options.replacement = *replacement;
    return options;
}

QJsonObject RollingPlan::toJson(qint64 wallOffset) const
{
    QJsonArray types;
    for (const Type &type : m_types) {
        types.append(QJsonObject{
            {u"source"_s, m_sources[size_t(type.source)].name}, {u"type"_s, type.type}, {u"baseline"_s, type.baseline}});
    }
    QJsonArray steps;
    for (size_t i = 0; i < m_steps.size(); ++i) {
        const RollingStep &step = m_steps[i];
        QJsonObject object{
            {u"command"_s, step.command.toString(QUuid::WithoutBraces)},
            {u"worker"_s, bytesText(step.worker)},
            {u"host"_s, bytesText(step.host)},
            {u"typeIndex"_s, m_stepTypes[i]},
            {u"state"_s, nameOf(stepStates, step.state)},
            {u"stage"_s, stageName(step.stage)},
        };
        if (step.sentAt > 0)
            object.insert(u"sentAt"_s, step.sentAt + wallOffset);
        if (step.goneAt > 0)
            object.insert(u"goneAt"_s, step.goneAt + wallOffset);
        if (!step.replacedBy.isEmpty())
            object.insert(u"replacedBy"_s, bytesText(step.replacedBy));
        if (step.actor)
            object.insert(u"actor"_s, true);
        if (step.left)
            object.insert(u"left"_s, true);
        steps.append(object);
    }
    return {
        {u"version"_s, formatVersion},
        {u"group"_s, m_group.toString(QUuid::WithoutBraces)},
        {u"options"_s, m_options.toJson()},
        {u"by"_s, m_by},
        {u"reason"_s, m_reason},
        {u"startedAt"_s, m_startedAt > 0 ? m_startedAt + wallOffset : 0},
        {u"state"_s, nameOf(planStates, m_state)},
        {u"explanation"_s, m_explanation},
        {u"activeMs"_s, m_activeMs},
        {u"activeAtEnd"_s, m_activeAtEnd},
        {u"types"_s, types},
        {u"steps"_s, steps},
    };
}

std::optional<RollingPlan> RollingPlan::fromJson(const QJsonObject &json, qint64 wallOffset)
{
    const auto moment = [wallOffset](const QJsonValue &value) {
        const qint64 wall = value.toInteger();
        return wall > 0 ? wall - wallOffset : 0;
    };
    RollingPlan plan;
    plan.m_group = QUuid::fromString(json["group"_L1].toString());
    const auto options = RollingOptions::fromJson(json["options"_L1].toObject());
    const auto state = fromName(planStates, json["state"_L1]);
    if (json["version"_L1].toInt() != formatVersion || plan.m_group.isNull() || !options || !state)
        return std::nullopt;
    plan.m_options = *options;
    plan.m_by = json["by"_L1].toString();
    plan.m_reason = json["reason"_L1].toString();
    plan.m_startedAt = moment(json["startedAt"_L1]);
    plan.m_activeMs = json["activeMs"_L1].toInteger();
    plan.m_activeAtEnd = json["activeAtEnd"_L1].toInteger();

    const QJsonArray types = json["types"_L1].toArray();
    for (const QJsonValue &value : types) {
        const QString name = value["source"_L1].toString();
        size_t source = 0;
        while (source < plan.m_sources.size() && plan.m_sources[source].name != name)
            ++source;
        if (source == plan.m_sources.size())
            plan.m_sources.push_back({0, name}); // Ids are given again by each start of the console.
        Type type;
        type.source = int(source);
        type.type = value["type"_L1].toString();
        type.baseline = value["baseline"_L1].toInt(-1);
        if (type.baseline < 0)
            return std::nullopt;
        plan.m_types.push_back(type);
    }
    QSet<QUuid> commands;
    const QJsonArray steps = json["steps"_L1].toArray();
    for (const QJsonValue &value : steps) {
        RollingStep step;
        step.command = QUuid::fromString(value["command"_L1].toString());
        step.worker = bytesFrom(value["worker"_L1]);
        step.host = bytesFrom(value["host"_L1]);
        step.sentAt = moment(value["sentAt"_L1]);
        step.goneAt = moment(value["goneAt"_L1]);
        step.replacedBy = bytesFrom(value["replacedBy"_L1]);
        step.actor = value["actor"_L1].toBool() || isFormerActor(step.worker);
        step.left = value["left"_L1].toBool();
        const auto stepState = fromName(stepStates, value["state"_L1]);
        const auto stage = stageFromName(value["stage"_L1].toString());
        const int type = value["typeIndex"_L1].toInt(-1);
        if (step.command.isNull() || commands.contains(step.command) || step.worker.isEmpty() || !stepState || !stage || type < 0
            || type >= int(plan.m_types.size()))
            return std::nullopt;
        commands.insert(step.command);
        step.type = plan.m_types[size_t(type)].type;
        step.state = *stepState;
        step.stage = *stage;
        plan.m_steps.push_back(step);
        plan.m_stepTypes.push_back(type);
    }
    plan.m_state = *state;
    plan.m_explanation = json["explanation"_L1].toString();
    if (!plan.hasEnded()) {
        plan.m_state = State::Paused;
        plan.m_pausedByItself = true;
        plan.m_explanation = u"The console was restarted."_s;
    }
    return plan;
}

} // namespace pulsedeck
