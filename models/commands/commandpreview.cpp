// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandpreview.h"

#include "models/commands/rollingsurvey.h"
#include "models/core/format.h"
#include "models/core/visibletext.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class PreviewTexts
{
    Q_DECLARE_TR_FUNCTIONS(PreviewTexts)
};

// The heartbeat is measured on at most so many of those acting, spread evenly: more would not tell more.
constexpr size_t measureAtMost = 1'000;

using Reason = Exclusion::Reason;

Exclusion whyNotOnSource(const FleetStore &store, const WriteAccess &access, SourceId source, const TraitsRef &traits, Act act)
{
    if (access.isReadOnly(source))
        return Reason::ReadOnlySource;
    const SourceStatus status = store.sourceStatus(source);
    if (!status.isConnected())
        return Reason::NotConnected;
    // An act that does not exist there is no matter of permission.
    if (!traits->offers(act))
        return {Reason::NotOffered, traits->whyNot(act)};
    const QString &denied = status.rights.whyNot(act, traits->layout);
    return !status.rights.known || denied.isEmpty() ? Exclusion() : Exclusion(Reason::NotPermitted, denied);
}

/// For acts that a living worker has to answer to.
Exclusion whyNotAlive(const Worker &worker)
{
    if (worker.liveness == Liveness::Zombie)
        return Reason::OnlyCounters;
    if (worker.endedAt > 0 || worker.liveness == Liveness::Departed)
        return Reason::Gone;
    if (worker.flags.testFlag(WorkerFlag::WrongType))
        return Reason::NotAHash;
    if (worker.liveness == Liveness::KeyLost)
        return Reason::KeyLost;
    if (worker.liveness == Liveness::Crashed)
        return Reason::WouldNotRead;
    // A registration without any sign of life: whether its process is there is not known.
    if (worker.liveness == Liveness::Ghost)
        return worker.traits->basis == BeatBasis::Events ? Reason::NotHeard : Reason::OnlyRegistered;
    if (worker.ttlAtRead == -1 && worker.traits->has(SourceFact::Ttl) && !worker.traits->registers())
        return Reason::NotRenewed;
    return {};
}

Exclusion whyNotShutdown(const CommandEntry *open, const Worker &worker)
{
    if (worker.status == WorkerStatus::ShuttingDown)
        return Reason::ShuttingDown;
    if ((open && isShutdown(open->command.act)) || worker.command == CommandState::Shutdown)
        return Reason::HasCommand;
    if (worker.command == CommandState::Other)
        return Reason::OtherWord;
    return {};
}

Exclusion whyNotDrain(const FleetStore &store, const CommandEntry *open, const Worker &worker, WorkerHandle handle)
{
    if (worker.status == WorkerStatus::Draining)
        return Reason::Draining;
    if (open || worker.command == CommandState::Shutdown)
        return Reason::HasCommand;
    if (worker.status == WorkerStatus::ShuttingDown)
        return Reason::ShuttingDown;
    if (worker.status != WorkerStatus::Available && worker.status != WorkerStatus::Busy
        && worker.traits->has(SourceFact::StatusWord))
        return {Reason::NotAvailable, store.statusText(handle)};
    return {};
}

Exclusion whyNotResume(const FleetStore &store, const CommandLedger &ledger, const CommandEntry *open, const Worker &worker,
                       WorkerHandle handle, bool hasNote)
{
    // Where the worker itself takes the command, who drained it does not matter.
    if (worker.traits->of(Act::Resume).proof == ActProof::PickUp) {
        const bool stopped = worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::Paused;
        // Who has not said yet which queues it serves may serve none.
        const LayoutFacts *facts = store.facts(handle);
        const bool isToBeAsked = worker.traits->of(Act::Resume).asks && (!facts || facts->queues.isEmpty());
        if (!stopped && !isToBeAsked)
            return worker.traits->of(Act::Resume).asks && facts
                       ? Exclusion(Reason::Serves, visibleLine(facts->queues.join(u", "_s)))
                       : Exclusion(Reason::NotDraining);
        return open ? Reason::HasCommand : Reason::None;
    }
    // Undone already: only the note is taken away.
    const bool undone = worker.status == WorkerStatus::Available && worker.flags.testFlag(WorkerFlag::DrainUndone);
    if (worker.status != WorkerStatus::Draining && !undone)
        return Reason::NotDraining;
    if (ledger.wasToldToShutDown(handle) || (open && isShutdown(open->command.act)) || worker.command == CommandState::Shutdown
        || worker.flags.testFlag(WorkerFlag::Leaving))
        return Reason::ToldToShutDown;
    if (undone)
        return hasNote ? Reason::None : Reason::NotDraining;
    if (!worker.flags.testFlag(WorkerFlag::DrainedByOperator))
        return Reason::NotDrainedByOperator;
    if (open && open->command.act == Act::Resume)
        return Reason::HasCommand;
    return {};
}

Exclusion whyNotCancel(const CommandLedger &ledger, const CommandEntry *open, const Worker &worker, WorkerHandle handle)
{
    // Where commands are left in a list, nothing shows that one waits; whoever does not read it any more may have one that this
    // console gave in an earlier run, or another one; whoever lives may not have read yet what the journal has of an earlier run.
    // It is looked for, and withdrawn if it is there.
    if (!open && worker.traits->isLaidOut() && (isWorseThanLate(worker) || ledger.mayHaveLeftOrder(handle)))
        return Reason::None;
    const bool ownShutdown = open && open->isWithdrawable();
    if (ownShutdown && open->stage == CommandStage::Queued)
        return Reason::NothingWritten;
    if (worker.command != CommandState::Shutdown && !(ownShutdown && open->canCancel()))
        return ownShutdown ? Reason::ReadAlready : Reason::NoCommand;
    if (ownShutdown && worker.traits->of(open->command.act).proof == ActProof::PickUp)
        return Reason::None; // Its status says nothing of a command that waits.
    // The command key of one that was announced stays until its TTL, though it was read.
    const bool draining = worker.status == WorkerStatus::Draining && !worker.flags.testFlag(WorkerFlag::DrainedByOperator);
    if (draining || worker.status == WorkerStatus::ShuttingDown)
        return Reason::ReadAlready;
    if (ownShutdown && !open->canCancel())
        return open->stage == CommandStage::Announced ? Reason::Announced : Reason::NotCancellable;
    return {};
}

Exclusion whyNotReap(const Worker &worker)
{
    // Nothing shows that a consumer is gone. One that has nothing to lose is made again by its next call.
    if (worker.traits->basis == BeatBasis::Calls)
        return worker.flags.testFlag(WorkerFlag::Unheard) || (worker.liveness == Liveness::Stale && worker.activeSessions == 0)
                   ? Reason::None
                   : Reason::NotSilent;
    if (worker.traits->hasOwnActs())
        return actRow(Act::Reap).concerns(worker) ? Reason::None : Reason::NotAGhost;
    if (!worker.flags.testFlag(WorkerFlag::CountersLeft))
        return Reason::NoZombie;
    if (worker.lifetimeSessions == unknownValue)
        return Reason::NotInLifetime;
    return {};
}

/// Acts of which nothing shows in the worker's state.
Exclusion whyNotTaken(Act act, const CommandEntry *open, const Worker &worker)
{
    if (open)
        return Reason::HasCommand;
    const bool works = worker.status == WorkerStatus::Busy || worker.activeSessions > 0;
    return act == Act::KillJob && !works ? Reason::NoJob : Reason::None;
}

Exclusion whyNotRemoveKey(const Worker &worker)
{
    if (worker.endedAt > 0)
        return Reason::Gone;
    if (worker.flags.testFlag(WorkerFlag::WrongType))
        return Reason::NotAHash;
    return worker.ttlAtRead == -1 ? Reason::None : Reason::HasTtl;
}

Exclusion whyNot(const FleetStore &store, const CommandLedger &ledger, Act act, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    const CommandEntry *open = ledger.openEntry(handle);
    if (const QString never = worker.traits->whyNot(act); !never.isEmpty())
        return {Reason::NotOffered, never};
    if (act == Act::Reap)
        return whyNotReap(worker);
    if (act == Act::RemoveKey)
        return whyNotRemoveKey(worker);
    // A command that will not be read can still be withdrawn.
    if (const Exclusion dead = whyNotAlive(worker); dead && (act != Act::Cancel || worker.endedAt > 0))
        return dead;
    if (act == Act::Drain)
        return whyNotDrain(store, open, worker, handle);
    if (act == Act::Resume)
        return whyNotResume(store, ledger, open, worker, handle, store.drainNote(handle).at > 0);
    if (act == Act::Cancel)
        return whyNotCancel(ledger, open, worker, handle);
    return isShutdown(act) ? whyNotShutdown(open, worker) : whyNotTaken(act, open, worker);
}

/// Counts capacity over the whole fleet for the types that are touched.
void countCapacity(const FleetStore &store, CommandPreview &preview, int floorPercent)
{
    std::map<CapacityKey, CapacityChange> changes;
    for (const WorkerHandle handle : preview.acting) {
        const Worker &worker = store.worker(handle);
        CapacityChange &change = changes[capacityKeyOf(worker)];
        change.source = worker.source;
        change.type = store.typeName(worker.type);
        change.traits = worker.traits;
    }
    for (int handle = 0; handle < store.capacity(); ++handle) {
        const Worker &worker = store.worker(WorkerHandle(handle));
        if (!worker.used || worker.endedAt > 0 || worker.flags.testFlag(WorkerFlag::NeverSeenAlive))
            continue;
        const auto change = changes.find(capacityKeyOf(worker));
        if (change == changes.end())
            continue;
        ++change->second.total;
        if (worker.status == WorkerStatus::Draining)
            ++change->second.draining;
        if (takesSessions(worker))
            ++change->second.before;
        else if (mayTakeSessions(worker))
            ++change->second.unknown;
    }
    for (auto &[key, change] : changes) {
        change.after = change.before;
        change.floor = (change.most() * qBound(0, floorPercent, 100) + 99) / 100;
    }
    const int effect = actRow(preview.act).capacity;
    for (const WorkerHandle handle : preview.acting) {
        const Worker &worker = store.worker(handle);
        CapacityChange &change = changes[capacityKeyOf(worker)];
        if (effect < 0 && takesSessions(worker))
            --change.after;
        else if (effect < 0 && mayTakeSessions(worker))
            ++change.unknownActing;
        else if (effect > 0 && !takesSessions(worker)
                 && (worker.liveness == Liveness::Alive || worker.liveness == Liveness::Settling))
            ++change.after;
    }
    // From the end of the request, as long as any type would fall too low.
    std::map<CapacityKey, CapacityChange> without = changes;
    auto tooLow = std::count_if(changes.begin(), changes.end(), [](const auto &one) { return one.second.underFloor(); });
    for (auto handle = preview.acting.rbegin(); tooLow > 0 && handle != preview.acting.rend(); ++handle) {
        ++preview.overFloor;
        const Worker &worker = store.worker(*handle);
        CapacityChange &change = without[capacityKeyOf(worker)];
        const bool wasTooLow = change.underFloor();
        if (takesSessions(worker))
            ++change.after;
        else if (mayTakeSessions(worker))
            --change.unknownActing;
        tooLow -= wasTooLow && !change.underFloor() ? 1 : 0;
    }
    for (auto &[key, change] : changes)
        preview.capacity.push_back(change);
}

/// Heartbeat and slowest beat of those acting.
void measure(const FleetStore &store, CommandPreview &preview)
{
    std::vector<qint32> intervals;
    std::vector<qint32> gaps;
    const size_t stride = (preview.acting.size() + measureAtMost - 1) / measureAtMost;
    for (size_t i = 0; i < preview.acting.size(); i += stride) {
        const Worker &worker = store.worker(preview.acting[i]);
        if (worker.interval == unknownValue || worker.beatAt == 0 || worker.traits->registers())
            continue;
        intervals.push_back(worker.interval);
        const std::vector<UnknownSpan> &unknown = store.unknownSpans(worker.source);
        const BeatHistory &beats = store.beats(preview.acting[i]);
        // A time that was not observed is no gap.
        for (int beat = 1; beat < beats.size(); ++beat) {
            const qint64 from = beats.at(beat - 1, worker.beatAt);
            const qint64 to = beats.at(beat, worker.beatAt);
            const bool watched =
                from >= worker.countedFrom() && std::none_of(unknown.begin(), unknown.end(), [from, to](const UnknownSpan &span) {
                    return span.from < to && (span.to == 0 || span.to > from);
                });
            if (watched)
                gaps.push_back(qint32(to - from));
        }
    }
    preview.measuredOn = int(intervals.size());
    if (intervals.empty())
        return;
    const auto middle = intervals.begin() + std::ptrdiff_t(intervals.size() / 2);
    std::nth_element(intervals.begin(), middle, intervals.end());
    preview.intervalMs = *middle;
    if (gaps.empty())
        return;
    const size_t rank = gaps.size() < 100 ? gaps.size() - 1 : qMin(gaps.size() - 1, gaps.size() * 99 / 100);
    const auto slow = gaps.begin() + std::ptrdiff_t(rank);
    std::nth_element(gaps.begin(), slow, gaps.end());
    preview.slowestBeatMs = *slow;
}

Friction frictionOf(const CommandPreview &preview)
{
    // It cannot be proven that this drain still holds: the dialog says so, and asks for a reason.
    const bool unproven = preview.act == Act::Resume && preview.unseenDrains > 0;
    if (!unproven && (preview.isEmpty() || preview.act == Act::Resume || preview.act == Act::Cancel))
        return Friction::Plain;
    if (!preview.production.empty())
        return Friction::TypeName;
    if (unproven)
        return Friction::Reason;
    if (preview.act == Act::Reap)
        return Friction::Plain;
    if (preview.isUnderFloor())
        return Friction::TypeName;
    if (preview.act == Act::RemoveKey || preview.acting.size() > 1)
        return Friction::Reason;
    // What an actor is doing is not known: it is never idle for certain.
    // A drain ends no session.
    return preview.act == Act::Drain || preview.idle == 1 ? Friction::Plain : Friction::Reason;
}

} // namespace

bool CommandPreview::isUnderFloor() const
{
    return std::any_of(capacity.begin(), capacity.end(), [](const CapacityChange &change) { return change.underFloor(); });
}

void CommandPreview::countSystem(TraitsRef traits)
{
    const auto known = std::find_if(systems.begin(), systems.end(), [&traits](const SystemShare &one) {
        return one.traits == traits || one.traits->layout == traits->layout;
    });
    if (known == systems.end())
        systems.push_back({traits, 1});
    else
        ++known->count;
}

bool CommandPreview::asksForReason() const
{
    const bool one = acting.size() == 1 && act != Act::RemoveKey && unseenDrains == 0;
    return friction == Friction::TypeName || (friction == Friction::Reason && !one);
}

CommandPreview previewCommand(const FleetStore &store, const CommandLedger &ledger, const WriteAccess &access, Act act,
                              const std::vector<WorkerHandle> &workers, int floorPercent)
{
    CommandPreview preview;
    preview.act = act;
    preview.undoable = actRow(act).undo == Undo::UntilRead || actRow(act).undo == Undo::ByOther;
    preview.undoText = actText(actRow(act).undoText);

    std::vector<bool> seen(size_t(store.capacity()), false);
    std::map<std::pair<SourceId, QString>, Exclusion> onSource;
    std::set<SourceId> sources;
    for (const WorkerHandle handle : workers) {
        if (handle >= seen.size() || seen[handle] || !store.worker(handle).used)
            continue;
        seen[handle] = true;
        const Worker &worker = store.worker(handle);
        const std::pair<SourceId, QString> system(worker.source, worker.traits->layout);
        auto known = onSource.find(system);
        if (known == onSource.end())
            known = onSource.emplace(system, whyNotOnSource(store, access, worker.source, worker.traits, act)).first;
        const Exclusion why = known->second ? known->second : whyNot(store, ledger, act, handle);
        if (why) {
            preview.leftOut.push_back({handle, why});
            continue;
        }
        preview.acting.push_back(handle);
        sources.insert(worker.source);
        preview.countSystem(worker.traits);
        preview.ownWay += worker.traits->hasOwnActs();
        if (!worker.traits->has(SourceFact::Sessions) && !worker.traits->hasOwnActs())
            ++preview.actors;
        else if (worker.activeSessions == unknownValue)
            ++preview.sessionsUnknown;
        else if (worker.activeSessions > 0)
            preview.sessions += worker.activeSessions;
        else
            ++preview.idle; // A counter that fell below zero means that there is no session, too.
        if (worker.status == WorkerStatus::Draining)
            ++preview.alreadyDraining;
        if (act == Act::Resume && worker.flags.testFlag(WorkerFlag::DrainUnseen))
            ++preview.unseenDrains;
    }
    preview.sources.assign(sources.begin(), sources.end());
    std::copy_if(sources.begin(), sources.end(), std::back_inserter(preview.production),
                 [&access](SourceId source) { return access.environment(source) == SourceEnvironment::Production; });
    for (const SourceId source : sources) {
        const qint64 timeout = store.drainTimeoutMs(source);
        if (timeout <= 0 || preview.drainTimeoutMs < 0)
            preview.drainTimeoutMs = TimingProfile::unknownDrain;
        else
            preview.drainTimeoutMs = qMax(preview.drainTimeoutMs, timeout);
    }
    if (preview.actors > 0) {
        preview.undoable = preview.undoable && preview.withKey() > 0;
        preview.undoText = preview.withKey() == 0
                               ? PreviewTexts::tr("A message that was delivered cannot be withdrawn.")
                               : PreviewTexts::tr("%1 A message to an actor cannot be withdrawn.").arg(preview.undoText);
    }
    if (const SourceTraits *own = preview.ownSystem()) {
        const ActTraits &traits = own->of(act);
        preview.undoable = traits.withdrawable || traits.undoable;
        preview.undoText = traits.undoable       ? preview.undoText
                           : traits.withdrawable ? PreviewTexts::tr("Until it is picked up, Cancel command withdraws it.")
                                                 : PreviewTexts::tr("It cannot be undone.");
    }
    if (act != Act::Reap && act != Act::RemoveKey)
        countCapacity(store, preview, floorPercent);
    measure(store, preview);
    preview.friction = frictionOf(preview);
    return preview;
}

QString CapacityChange::name() const
{
    if (!type.isEmpty())
        return type;
    return traits->isLaidOut() ? PreviewTexts::tr("%1 %2", "a system, and what it calls its workers")
                                     .arg(traitText(traits->system), traitText(traits->workers))
                               : PreviewTexts::tr("workers without a type");
}

std::vector<CommandTarget> fleetsIn(const FleetStore &store, SourceId source)
{
    std::map<std::pair<SourceId, QString>, TraitsRef> found;
    std::set<std::pair<SourceId, quint8>> met; // Of so many workers nearly all are of one system.
    const auto take = [&](SourceId of, TraitsRef traits) {
        if ((source == 0 || of == source) && met.emplace(of, traits.number()).second)
            found.try_emplace({of, traits->system}, traits);
    };
    for (int handle = 0; handle < store.capacity(); ++handle) {
        if (const Worker &worker = store.worker(WorkerHandle(handle)); worker.used)
            take(worker.source, worker.traits);
    }
    for (const auto &[key, queue] : store.queues().all())
        take(key.source, queue.latest.traits);
    std::vector<CommandTarget> fleets;
    fleets.reserve(found.size());
    for (const auto &[place, traits] : found)
        fleets.push_back({place.first, ActScope::Fleet, {}, traits});
    return fleets;
}

TargetPreview previewTargets(const FleetStore &store, const WriteAccess &access, Act act,
                             const std::vector<CommandTarget> &targets)
{
    TargetPreview preview;
    preview.act = act;
    std::set<SourceId> sources;
    for (const CommandTarget &target : targets) {
        if (const Exclusion why = whyNotOnSource(store, access, target.source, target.traits, act)) {
            preview.leftOut.push_back({target, why});
            continue;
        }
        preview.acting.push_back(target);
        preview.fleetWide = preview.fleetWide || target.scope == ActScope::Fleet;
        sources.insert(target.source);
    }
    preview.sources.assign(sources.begin(), sources.end());
    std::copy_if(sources.begin(), sources.end(), std::back_inserter(preview.production),
                 [&access](SourceId source) { return access.environment(source) == SourceEnvironment::Production; });
    preview.friction = !preview.production.empty() ? Friction::TypeName : Friction::Reason;
    return preview;
}

TtlFinding checkCommandTtl(qint64 ttlMs, const CommandPreview &preview, qint64 configuredIntervalMs)
{
    constexpr qint64 second = 1'000;
    constexpr qint64 recommended = 4; // Transient trouble may cost a worker some beats.
    const bool measured = preview.intervalMs > 0;
    const qint64 interval = measured ? preview.intervalMs : configuredIntervalMs;
    const auto wholeSeconds = [](qint64 ms) { return (ms + second - 1) / second * second; };
    const qint64 enough = qMax(second, wholeSeconds(qMax(recommended * interval, preview.slowestBeatMs + 1)));

    TtlFinding finding;
    finding.ratio = interval > 0 ? double(ttlMs) / double(interval) : 0;
    const QString heartbeat =
        (measured ? PreviewTexts::tr("the %1 heartbeat") : PreviewTexts::tr("the %1 heartbeat (configured)"))
            .arg(roundText(interval));
    const double shown = std::floor(finding.ratio * 10) / 10; // Never rounded up to a mark that is not reached.
    const QString times = u"%1 × %2"_s.arg(significantText(shown, 6), heartbeat);
    if (ttlMs < second) {
        finding.level = TtlFinding::Level::Error;
        finding.text = PreviewTexts::tr("less than a second: Redis keeps it for whole seconds");
    } else if (interval <= 0) {
        finding.text = PreviewTexts::tr("no heartbeat has been measured yet");
    } else if (ttlMs <= interval) {
        finding.level = TtlFinding::Level::Error;
        finding.text = PreviewTexts::tr("not longer than %1: it can expire before it is read").arg(heartbeat);
    } else if (ttlMs <= preview.slowestBeatMs) {
        finding.level = TtlFinding::Level::Warning;
        finding.text = PreviewTexts::tr("shorter than the slowest beat (%1): it can expire before it is read")
                           .arg(durationText(preview.slowestBeatMs));
    } else if (ttlMs < recommended * interval) {
        finding.level = TtlFinding::Level::Warning;
        finding.text = PreviewTexts::tr("only %1: a few lost beats, and it expires unread").arg(times);
    } else {
        finding.text = times;
    }
    if (finding.level != TtlFinding::Level::Ok)
        finding.betterMs = enough;
    return finding;
}

} // namespace pulsedeck
