// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/rollingplan.h"

#include "models/fleet/fleetcolumns.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using StepState = RollingStep::State;

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
    return int(std::count_if(m_steps.begin(), m_steps.end(),
                             [](const RollingStep &step) { return step.state == StepState::Queued; }));
}

int RollingPlan::finished() const
{
    return int(std::count_if(m_steps.begin(), m_steps.end(),
                             [](const RollingStep &step) { return step.state == StepState::Finished; }));
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
    const auto found =
        std::find_if(m_sources.begin(), m_sources.end(), [source](const Source &s) { return s.id == source; });
    return found == m_sources.end() ? -1 : int(found - m_sources.begin());
}

int RollingPlan::typeIndex(int source, const QString &type) const
{
    const auto found = std::find_if(m_types.begin(), m_types.end(),
                                    [&](const Type &t) { return t.source == source && t.type == type; });
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
        parts.append(u"%1 of %2 did not go: %3%4."_s.arg(QString::number(failed), QString::number(m_steps.size()),
                                                         first, failed > 1 ? u" and others"_s : QString()));
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

} // namespace pulsedeck
