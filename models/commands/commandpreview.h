// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/commands/exclusion.h"
#include "models/commands/writeaccess.h"

#include <QStringList>

#include <vector>

namespace pulsedeck {

/// How much an act asks of the operator before it runs. Grows with the damage it can do.
enum class Friction : quint8 {
    Plain, ///< One idle worker, or an act that does no harm: a plain button.
    Reason, ///< Sessions end or several workers go: the dialog with a reason.
    TypeName, ///< A source is production, or a type would fall below its floor of available capacity: the source's name
              ///< has to be typed.
};

/// Capacity of one type on one source: workers that take new sessions.
struct CapacityChange
{
    SourceId source = 0;
    QString type; ///< Empty: workers without a type.
    TraitsRef traits; ///< Of its workers.
    int before = 0; ///< Available (and alive) now.
    int after = 0; ///< When the act is through.
    int unknown = 0; ///< Alive, and whether they are available is not known: they are in neither of the two.
    int unknownActing = 0; ///< Of these, those that the act would take away.
    int draining = 0; ///< Draining already, of all workers of the type.
    int total = 0; ///< All with a key.
    int floor = 0; ///< Fewest that should stay, from the floor in percent of most(), rounded up.
    /// As many as may be available now.
    int most() const { return before + unknown; }
    bool underFloor() const { return after < floor && (after < before || unknownActing > 0); }
    /// So few that their number says more than a share of them.
    bool isFew() const { return most() <= 5; }
    /// The type, or in words what has none: not every system knows types.
    QString name() const;
    bool operator==(const CapacityChange &) const = default;
};

/// What an act would do, worked out before it is done. Pure: a value made from the store as it is shown.
struct CommandPreview
{
    struct LeftOut
    {
        WorkerHandle worker;
        Exclusion why;
    };

    /// Those acting that belong to one system, which may have a name of its own for the act.
    struct SystemShare
    {
        TraitsRef traits;
        int count = 0;
    };

    Act act = Act::Shutdown;
    std::vector<SystemShare> systems; ///< Of those acting, in the order in which they were met.
    std::vector<WorkerHandle> acting; ///< In order of the request, each once.
    std::vector<LeftOut> leftOut;
    std::vector<CapacityChange> capacity; ///< By source and type, those that are touched.
    std::vector<SourceId> sources; ///< Of those acting.
    std::vector<SourceId> production; ///< Those of them that are production.
    qint64 sessions = 0; ///< Active on those acting, where known.
    int sessionsUnknown = 0; ///< Workers whose counter is not known.
    int idle = 0; ///< Acting workers without a session.
    int unseenDrains =
        0; ///< Resume: acting workers whose drain began before this console looked, so that it cannot be proven to hold.
    int alreadyDraining = 0; ///< Acting workers that drain already.
    int actors = 0; ///< Acting workers that are actors: they get a message. Sessions, heartbeat and timeouts do not count them.
    int ownWay = 0; ///< Acting workers of systems that name their acts themselves: what is written for them their layout says.
    qint64 intervalMs = 0; ///< Heartbeat measured on those acting: median over workers; 0 if none is measured.
    qint64 slowestBeatMs = 0; ///< 99th percentile of the gaps of those acting (the longest if fewer than 100 gaps); 0 if none.
    int measuredOn = 0; ///< Workers the two rest on.
    qint64 drainTimeoutMs = 0; ///< Longest of the sources'; TimingProfile::unknownDrain if one of them has none.
    Friction friction = Friction::Plain;
    bool undoable = false;
    QString undoText; ///< What can undo it, in a sentence.

    bool isEmpty() const { return acting.empty(); }
    void countSystem(TraitsRef traits);
    /// All that act belong to one system that a layout describes: it names the act itself. Null if not.
    const SourceTraits *ownSystem() const
    {
        return systems.size() == 1 && systems.front().traits->hasOwnActs() ? &*systems.front().traits : nullptr;
    }
    /// Whether a type would fall below its floor.
    bool isUnderFloor() const;
    /// Whether that stands in the way unless the operator confirms it. \a singled: the one worker was named by its id, which
    /// confirms it.
    bool breaksFloor(bool singled) const { return isUnderFloor() && !(singled && acting.size() == 1); }
    /// Whether a reason is required, for workers and actors alike, in the window and in pulsedeckctl: where several go or are
    /// drained, where a type would fall below its floor, where a key is removed, and where a drain is undone whose beginning was
    /// not seen. For a single worker it is optional.
    bool asksForReason() const;
    /// Acting workers that a command key is set for: not actors, nor those whose system has a way of its own.
    int withKey() const { return int(acting.size()) - actors - ownWay; }
    /// The smallest number of \a acting, taken from its end, that has to be left out so that no type falls below its
    /// floor; 0 if none.
    int overFloor = 0;
};

/// \a floorPercent: share of the available workers of each type that should stay, 0…100.
CommandPreview previewCommand(const FleetStore &store, const CommandLedger &ledger, const WriteAccess &access, Act act,
                              const std::vector<WorkerHandle> &workers, int floorPercent);

/// The fleets of \a source, or of all sources for 0: one for each system of which a worker or a queue is known. By source, then
/// by the name of the system.
std::vector<CommandTarget> fleetsIn(const FleetStore &store, SourceId source = 0);

/// What an act on queues or fleets would do. Pure.
struct TargetPreview
{
    struct LeftOut
    {
        CommandTarget target;
        Exclusion why;
    };

    Act act = Act::PauseQueue;
    std::vector<CommandTarget> acting;
    std::vector<LeftOut> leftOut;
    std::vector<SourceId> sources;
    std::vector<SourceId> production;
    Friction friction = Friction::Reason;
    bool fleetWide = false; ///< A whole fleet is meant.

    bool isEmpty() const { return acting.empty(); }
    /// As for workers: a single queue needs none; a whole fleet always does.
    bool asksForReason() const { return fleetWide || friction == Friction::TypeName || acting.size() > 1; }
};
TargetPreview previewTargets(const FleetStore &store, const WriteAccess &access, Act act,
                             const std::vector<CommandTarget> &targets);

/// The command TTL against the heartbeat measured (or configured where none is): the ladder's W3 and W4, in words.
struct TtlFinding
{
    enum class Level : quint8 { Ok, Warning, Error };
    Level level = Level::Ok;
    double ratio = 0; ///< TTL ÷ heartbeat.
    QString text; ///< "6 × the 10 s heartbeat", "shorter than the slowest beat (14.2 s): it can expire before it is read"
    qint64 betterMs = 0; ///< The smallest TTL that is Ok; 0 if it is.
};
TtlFinding checkCommandTtl(qint64 ttlMs, const CommandPreview &preview, qint64 configuredIntervalMs);

} // namespace pulsedeck
