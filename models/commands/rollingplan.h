// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/rollingplandata.h"

namespace pulsedeck {

/// A rolling shutdown as a state machine: given views of the fleet, it returns which workers to command next, and pauses by
/// itself when something is not as planned. Pure: no clock, no signals. A step is marked Sent when it is handed out, and the
/// caller makes that durable before it acts, so that a plan read back from its JSON never hands out a worker twice. Once no step
/// is queued any more there is nothing to hold back: then it does not pause, and explanation() holds what went wrong.
class RollingPlan
{
public:
    using State = RollingState;
    static constexpr qint64 patienceMs = RollingFloors::patienceMs;

    RollingPlan() = default;
    /// \a baseline: available workers by source and type when it begins, which the floor is a share of.
    RollingPlan(const QUuid &group, const RollingOptions &options, std::vector<RollingStep> steps,
                const std::vector<RollingView::Capacity> &baseline, qint64 startedAt, const QString &by, const QString &reason);

    /// Takes in the view; returns the indexes of the steps to be sent now. Never lets a type fall below its floor: an
    /// available worker that is sent counts as gone at once. Pauses (and returns nothing) on an overdue, forgotten,
    /// lost, expired, delivered but not answered, withdrawn, refused or unknown command, a queued worker that died, a type below
    /// its floor or held at it by nothing that could change, a source that is not connected or cannot be written to, a
    /// replacement that does not come.
    std::vector<int> advance(const RollingView &view);

    void pause(const QString &why);
    /// Goes on; what it paused for is accepted and not a reason to pause again.
    void resume();
    /// Nothing more is sent; queued steps become Skipped. Those under way go on by themselves.
    void abort();
    void skip(int step);
    /// As skip(), for one that had already gone before its turn came: the summary at the end counts it.
    void passOver(int step);

    State state() const { return m_data.state; }
    /// Why it is paused, or waits ("firefox is at its floor of 12"), or what was not as planned when it ended, in words; empty if
    /// there is nothing to say.
    QString explanation() const { return m_data.explanation; }
    bool pausedByItself() const { return m_data.pausedByItself; }
    const RollingPlanData &data() const { return m_data; }
    const std::vector<RollingStep> &steps() const { return m_data.steps; }
    const RollingOptions &options() const { return m_data.options; }
    QUuid group() const { return m_data.group; }
    qint64 startedAt() const { return m_data.startedAt; }
    QString by() const { return m_data.by; }
    QString reason() const { return m_data.reason; }
    int underway() const { return m_data.underway(); }
    int queued() const { return m_data.count(RollingStep::State::Queued); }
    int finished() const { return m_data.count(RollingStep::State::Finished); }
    int total() const { return int(m_data.steps.size()); }
    bool hasEnded() const { return m_data.hasEnded(); }
    /// Workers that hang under others have floors of their own.
    int floorOf(SourceId source, const QString &type, bool child = false) const;
    int baselineOf(SourceId source, const QString &type, bool child = false) const;
    /// The sources of its steps by name; read back from JSON the ids are 0 until they are set again.
    QStringList sourceNames() const { return m_data.floors.sourceNames(); }
    /// The same by number, without those that are not known yet.
    std::vector<SourceId> sourceIds() const { return m_data.floors.knownSources(); }
    void setSourceName(SourceId source, const QString &name);
    void setSourceId(const QString &name, SourceId source);
    /// Milliseconds until the end at the pace so far, or from \a guessPerWorkerMs before any went; 0 if over.
    qint64 estimateMs(qint64 now, qint64 guessPerWorkerMs) const;

    /// See RollingPlanData.
    QJsonObject toJson(qint64 wallOffset = 0) const { return m_data.toJson(wallOffset); }
    static std::optional<RollingPlan> fromJson(const QJsonObject &json, qint64 wallOffset = 0);

private:
    /// Why it paused by itself, so that resume() knows what is accepted.
    struct Cause
    {
        enum class Kind : quint8 { Command, Died, Replacement, Type, Source, Barred };
        Kind kind = Kind::Command;
        int index = 0; ///< Of a step, a type or a source.
        QString text;
    };

    void takeStages(const RollingView &view);
    void takeReplacements(const RollingView &view);
    std::vector<Cause> causes(const RollingView &view, const std::vector<int> &available);
    void addSourceCauses(const RollingView &view, std::vector<Cause> &found);
    std::vector<int> choose(const RollingView &view, std::vector<int> available);
    void explainHeld(const std::vector<int> &blocked, bool stuck);
    void settle(const RollingView &view);
    void pauseFor(const std::vector<Cause> &causes);
    void accept(const Cause &cause);
    void setState(State state, const QString &explanation);

    RollingPlanData m_data;
    std::vector<Cause> m_causes; ///< Of the pause that lasts.
    qint64 m_seenAt = 0; ///< The last view's time, 0 before the first.
    qint64 m_stuckSince = 0;
};

} // namespace pulsedeck
