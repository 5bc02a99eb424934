// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/actpolicy.h"
#include "models/commands/commandentry.h"

#include <QHash>
#include <QJsonObject>
#include <QStringList>

#include <optional>
#include <vector>

namespace pulsedeck {

struct RollingOptions
{
    enum class Replacement : quint8 {
        None,
        SameHost, ///< A new worker on the same host:port.
        SameType, ///< A new worker of the same type on the same source.
    };

    int atATime = 2; ///< At most so many under way, 1 or more.
    int floorPercent = defaultFloorPercent; ///< Of the available workers of a type when the plan began, 0…100.
    Replacement replacement = Replacement::None;
    int healthyBeats = 3; ///< A replacement counts when it has so many.
    qint64 replacementWaitMs = 5 * 60 * 1000; ///< Without one after so long the plan pauses.
    bool now = false; ///< ShutdownNow instead of Shutdown.
    qint64 ttlMs = 60'000;

    QJsonObject toJson() const;
    static std::optional<RollingOptions> fromJson(const QJsonObject &json);
    bool operator==(const RollingOptions &) const = default;
};

/// One worker of a plan, as the plan knows it.
struct RollingStep
{
    enum class State : quint8 {
        Queued,
        Sent, ///< Given to the ledger. Never given again, whatever happens.
        WaitingReplacement, ///< Gone; the replacement has not got its beats.
        Finished, ///< Gone, and replaced if that was asked for.
        Failed, ///< Did not go, or not in time: the plan paused for it, and the operator let it go on. Holds no place
                ///< any more; should it go after all it becomes Finished.
        Skipped,
    };
    QUuid command;
    SourceId source = 0;
    QByteArray worker;
    QString type;
    QByteArray host;
    State state = State::Queued;
    CommandStage stage = CommandStage::Queued; ///< As last seen.
    qint64 goneAt = 0;
    QByteArray replacedBy; ///< Id of the worker that counts as its replacement; each counts once.
    qint64 sentAt = 0; ///< When it was handed out, 0 while it was not.
    bool actor = false; ///< Its worker is an actor of a hub, which has a registration and no key.
    bool left = false; ///< Skipped because it had already gone before its turn came.
};

/// The world as a plan sees it at one moment.
struct RollingView
{
    struct Capacity
    {
        SourceId source = 0;
        QString type;
        int available = 0; ///< Alive and available now.
    };
    struct Newcomer ///< A worker that registered after the plan began.
    {
        SourceId source = 0;
        QByteArray id;
        QString type;
        QByteArray host;
        qint64 firstSeenAt = 0;
        int healthyBeats = 0; ///< Beats seen while it was alive and available.
    };
    enum class Presence : quint8 {
        Counted, ///< One of those counted in capacity.
        Uncounted, ///< There, but not counted: it drains already, or is not alive.
        Left, ///< Gone, in order as far as anybody saw.
        Died, ///< Its key expired.
    };
    qint64 now = 0;
    std::vector<Capacity> capacity;
    std::vector<Newcomer> newcomers;
    std::vector<SourceId> connected; ///< Sources whose view is whole and true.
    QHash<QUuid, CommandStage> stages; ///< Of the plan's commands that were sent.
    QHash<QUuid, QString> notes; ///< What else is known of those commands, for a refusal: "already commanded".
    QHash<QUuid, Presence> workers; ///< Of the plan's steps, by command; one that is missing counts as Counted.
    QHash<SourceId, QString> barred; ///< Sources that cannot be written to now, with the reason in a sentence.
    bool frozen = false; ///< The view stands still: nothing can be decided on it.
};

/// A rolling shutdown as a state machine: fed with views, it says whom to command next, and stops by itself when
/// something is not as it should be. Pure: no clock, no signals. A step is marked Sent when it is handed out, and the
/// caller makes that durable before it acts, so that a plan read back from its JSON never hands out a worker twice.
/// Once no step is queued any more there is nothing to hold back: then it does not pause, and says in explanation()
/// what went wrong.
class RollingPlan
{
public:
    enum class State : quint8 { Running, Paused, Aborted, Finished };

    /// A type may be at or below its floor for so long before the plan pauses for it (nothing is sent meanwhile): one
    /// late beat, or a replacement that is about to count, is no anomaly.
    static constexpr qint64 patienceMs = 5'000;

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
    /// As skip(), for one that had already gone before its turn came: what the plan says at its end tells of it.
    void passOver(int step);

    State state() const { return m_state; }
    /// Why it is paused, or waits ("firefox is at its floor of 12"), or what was not as planned when it ended, in words; empty if
    /// there is nothing to say.
    QString explanation() const { return m_explanation; }
    bool pausedByItself() const { return m_pausedByItself; }
    const std::vector<RollingStep> &steps() const { return m_steps; }
    const RollingOptions &options() const { return m_options; }
    QUuid group() const { return m_group; }
    qint64 startedAt() const { return m_startedAt; }
    QString by() const { return m_by; }
    QString reason() const { return m_reason; }
    int underway() const;
    int queued() const;
    int finished() const;
    int total() const { return int(m_steps.size()); }
    bool hasEnded() const { return m_state == State::Aborted || m_state == State::Finished; }
    int floorOf(SourceId source, const QString &type) const;
    int baselineOf(SourceId source, const QString &type) const;
    /// The sources of its steps by name; read back from JSON the ids are 0 until they are set again.
    QStringList sourceNames() const;
    /// The same by number, without those that are not known yet.
    std::vector<SourceId> sourceIds() const;
    void setSourceName(SourceId source, const QString &name);
    void setSourceId(const QString &name, SourceId source);
    /// How it ended, for whoever was not there: "Rolling shutdown ended, 3 of 5 gone, 2 skipped. …"; empty while it has not.
    QString endSentence() const;
    /// Milliseconds until the end at the pace so far, or from \a guessPerWorkerMs before any went; 0 if over.
    qint64 estimateMs(qint64 now, qint64 guessPerWorkerMs) const;

    /// Its times are written by the machine's clock: \a wallOffset is Clock::wallOffsetMs().
    QJsonObject toJson(qint64 wallOffset = 0) const;
    /// Read back it is Paused ("The console was restarted."), unless it had ended.
    static std::optional<RollingPlan> fromJson(const QJsonObject &json, qint64 wallOffset = 0);

private:
    struct Source
    {
        SourceId id = 0;
        QString name;
    };
    struct Type
    {
        int source = 0; ///< Index into m_sources.
        QString type;
        int baseline = 0;
        qint64 lowSince = 0; ///< Below its floor since then, 0 if not.
        bool accepted = false; ///< That it is at or below its floor; until it has recovered.
    };
    /// Why it paused by itself, so that resume() knows what is accepted.
    struct Cause
    {
        enum class Kind : quint8 { Command, Died, Replacement, Type, Source, Barred };
        Kind kind = Kind::Command;
        int index = 0; ///< Of a step, a type or a source.
        QString text;
    };

    int sourceIndex(SourceId source) const;
    int typeIndex(int source, const QString &type) const;
    void takeStages(const RollingView &view);
    void takeReplacements(const RollingView &view);
    std::vector<int> freeCapacity(const RollingView &view) const;
    std::vector<Cause> causes(const RollingView &view, const std::vector<int> &available);
    std::vector<int> choose(const RollingView &view, std::vector<int> available);
    void settle(const RollingView &view);
    void pauseFor(const std::vector<Cause> &causes);
    int floorOf(const Type &type) const;
    QString typeText(const Type &type) const;
    QString commandCause(const RollingStep &step, const RollingView &view) const;
    QString summary() const;

    QUuid m_group;
    RollingOptions m_options;
    std::vector<RollingStep> m_steps;
    std::vector<int> m_stepTypes; ///< Index into m_types, for each step.
    std::vector<Source> m_sources;
    std::vector<Type> m_types;
    std::vector<QString> m_acceptedSources; ///< Names: that they are not connected is accepted, until they are.
    std::vector<Cause> m_causes; ///< Of the pause that lasts.
    QString m_by;
    QString m_reason;
    QString m_explanation;
    qint64 m_startedAt = 0;
    qint64 m_seenAt = 0; ///< The last view's time, 0 before the first.
    qint64 m_stuckSince = 0;
    qint64 m_activeMs = 0; ///< Time spent running.
    qint64 m_activeAtEnd = 0; ///< The same when the last worker went.
    State m_state = State::Running;
    bool m_pausedByItself = false;
};

} // namespace pulsedeck
