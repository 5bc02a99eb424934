// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/liveness.h"

#include "models/core/enumtable.h"

#include <QCoreApplication>

namespace pulsedeck {

namespace {

Thresholds actorThresholds(const Worker &worker, const TimingProfile &profile)
{
    Thresholds thresholds;
    thresholds.stale = worker.learntTtl > 0 ? qint64(worker.learntTtl) : profile.reaperStaleThreshold;
    // Three quarters of the registration without a renewal; whoever renews later than that is known by its own gaps.
    const qint64 byHabit = worker.interval > 0 ? qint64(worker.interval) * 5 / 4 : 0;
    thresholds.late = qBound(thresholds.stale * 3 / 4, byHabit, thresholds.stale);
    thresholds.interval = worker.interval > 0 ? qint64(worker.interval) : thresholds.stale / 2;
    return thresholds;
}

/// The interval that counts while none is reported.
qint64 measuredInterval(const Worker &worker, qint32 kindInterval)
{
    constexpr quint32 enoughBeats = 4; // Three gaps: a median of fewer says more about chance than about the worker.
    if (worker.interval > 0 && worker.beatCount >= enoughBeats)
        return worker.interval;
    const qint32 longer = qMax(worker.interval, kindInterval);
    return longer > 0 ? qint64(longer) : Thresholds::unknown;
}

constexpr auto troubleRows = std::to_array<WordRow<WorkerTrouble>>({
    {WorkerTrouble::None, "", ""},
    {WorkerTrouble::Deaf, "deaf", QT_TRANSLATE_NOOP("WorkerTrouble", "deaf")},
    {WorkerTrouble::NobodyListens, "nobody-listens", QT_TRANSLATE_NOOP("WorkerTrouble", "nobody listens")},
    {WorkerTrouble::NotConsuming, "not-consuming", QT_TRANSLATE_NOOP("WorkerTrouble", "consumes nothing")},
    {WorkerTrouble::Incomplete, "incomplete", QT_TRANSLATE_NOOP("WorkerTrouble", "incomplete")},
    {WorkerTrouble::Leaving, "leaving", QT_TRANSLATE_NOOP("WorkerTrouble", "leaving")},
    {WorkerTrouble::Paused, "paused", QT_TRANSLATE_NOOP("WorkerTrouble", "paused")},
});
static_assert(isInOrder(troubleRows, WorkerTrouble::Paused), "one row per trouble, in the order of the enumeration");

/// What the worker's system says of its pace takes the place of what is measured or configured for all workers of a source.
Thresholds pacedThresholds(const Worker &worker, const BeatPace &pace, bool onePace, Thresholds usual)
{
    // One pace for idle and busy workers is only the longest usual interval: the worker's own, once measured, is closer.
    constexpr quint32 enoughBeats = 4;
    const bool ownIsKnown = onePace && worker.interval > 0 && worker.beatCount >= enoughBeats;
    if (pace.intervalMs > 0 && !ownIsKnown)
        usual.interval = pace.intervalMs;
    if (pace.intervalMs > 0) {
        usual.measured = false;
        usual.late = qint64(pace.intervalMs) * 3 / 2;
        usual.stale = staleIntervals * pace.intervalMs;
    }
    if (pace.lateMs > 0)
        usual.late = pace.lateMs;
    if (pace.staleMs > 0)
        usual.stale = pace.staleMs;
    return usual;
}

Thresholds usualThresholds(const Worker &worker, const TimingProfile &profile, qint32 kindInterval)
{
    Thresholds thresholds;
    if (!profile.assumed) {
        thresholds.interval = worker.interval > 0 ? qint64(worker.interval) : profile.heartbeatInterval;
        thresholds.late = profile.lateAfterMs();
        thresholds.stale =
            profile.reaperStaleThreshold > 0 ? profile.reaperStaleThreshold : staleIntervals * profile.heartbeatInterval;
        return thresholds;
    }
    thresholds.measured = true;
    thresholds.interval = measuredInterval(worker, kindInterval);
    if (thresholds.interval > 0) {
        thresholds.late = thresholds.interval + thresholds.interval / 2;
        thresholds.stale = staleIntervals * thresholds.interval;
    } else if (worker.learntTtl > 0 && worker.isAgeProven()) {
        thresholds.late = qint64(worker.learntTtl) * 3 / 4;
        thresholds.stale = worker.learntTtl;
    }
    return thresholds;
}

} // namespace

const BeatPace &beatPaceOf(const Worker &worker)
{
    const SourceTraits &traits = *worker.traits;
    if (worker.isAtWork())
        return traits.busyPace;
    return worker.status == WorkerStatus::Paused && traits.pausedPace != BeatPace() ? traits.pausedPace : traits.idlePace;
}

Thresholds thresholdsOf(const Worker &worker, const TimingProfile &profile, qint32 kindInterval)
{
    const SourceTraits &traits = *worker.traits;
    if (traits.registers())
        return actorThresholds(worker, profile);
    const BeatPace &pace = beatPaceOf(worker);
    const Thresholds usual = usualThresholds(worker, profile, kindInterval);
    return pace == BeatPace() ? usual : pacedThresholds(worker, pace, !traits.changesPace(), usual);
}

LivenessResult deriveLiveness(const Worker &worker, const Thresholds &thresholds, bool connected, qint64 now, bool endKnown)
{
    if (worker.liveness == Liveness::Departed)
        return {Liveness::Departed, 0};
    // The key vanished and how it ended is not known yet: it may come back.
    if (worker.endedAt > 0 && worker.end == WorkerEnd::None)
        return {!connected                                      ? Liveness::Unknown
                : worker.flags.testFlag(WorkerFlag::Registered) ? Liveness::Ghost
                                                                : Liveness::KeyLost,
                0};
    // Known before the connection went, and nothing a beat could change.
    if (endKnown && worker.flags.testFlag(WorkerFlag::CountersLeft) && worker.end != WorkerEnd::None)
        return {Liveness::Zombie, 0};
    if (!connected)
        return {Liveness::Unknown, 0};
    if (worker.flags.testFlag(WorkerFlag::CountersLeft))
        return {Liveness::Zombie, 0};
    // A key of another type cannot be read, so nothing is known of its beats.
    if (worker.flags.testFlag(WorkerFlag::WrongType))
        return {Liveness::Unknown, 0};
    // It has nothing to do and need not call: it may wait for an entry, or be gone.
    if (worker.flags.testFlag(WorkerFlag::Unheard))
        return {Liveness::Unknown, 0};
    // It said that it leaves, and no beat is expected of it any more.
    if (worker.flags.testFlag(WorkerFlag::StillWorking))
        return {Liveness::Alive, 0};
    // The key is gone and no end was reported: it may be alive, and register again.
    const bool listens = worker.flags.testFlag(WorkerFlag::Incomplete) && worker.flags.testFlag(WorkerFlag::Listener);
    if (worker.ttlAtRead == -2 && listens)
        return {Liveness::Alive, 0}; // A listener without a key: of its beats nothing is known.
    if (worker.ttlAtRead == -2)
        return {worker.flags.testFlag(WorkerFlag::Registered) ? Liveness::Ghost : Liveness::KeyLost, 0};
    if (worker.ttlAtRead == -1 && worker.traits->has(SourceFact::Ttl))
        return {Liveness::NoTtl, 0};
    if (worker.flags.testFlag(WorkerFlag::NoListener))
        return {Liveness::Crashed, 0};

    // Without a proven age, it is at least the time it was watched without a beat.
    const bool proven = worker.isAgeProven();
    const qint64 since = proven ? worker.beatAt : worker.unbeatenSince;
    const Liveness calm = proven ? Liveness::Alive : Liveness::Settling;
    // That its connection stands is all there is.
    if (since == 0 && worker.traits->basis == BeatBasis::Connection && worker.readAt > 0)
        return {Liveness::Alive, 0};
    if (since == 0)
        return {worker.flags.testFlag(WorkerFlag::AgeEstimated) ? Liveness::Settling : Liveness::Unknown, 0};
    if (thresholds.late < 0 || thresholds.stale < 0)
        return {calm, 0};
    // Where nothing is announced, it may have beaten since it was last read: only the next read makes it late.
    const bool polled = worker.flags.testFlag(WorkerFlag::PolledBeats) && !worker.traits->registers();
    const qint64 age = (polled ? qMin(now, worker.readAt) : now) - since;
    if (age <= qMin(thresholds.late, thresholds.stale))
        return {calm, polled ? 0 : since + qMin(thresholds.late, thresholds.stale) + 1};
    // Late, and it does not listen while others do: it died.
    if (worker.flags.testFlag(WorkerFlag::Silent))
        return {Liveness::Crashed, 0};
    if (age <= thresholds.stale)
        return {Liveness::Late, polled ? 0 : since + thresholds.stale + 1};
    return {worker.flags.testFlag(WorkerFlag::Listener) ? Liveness::Hung : Liveness::Stale, 0};
}

LivenessResult deriveLiveness(const Worker &worker, const TimingProfile &profile, bool connected, qint64 now)
{
    return deriveLiveness(worker, thresholdsOf(worker, profile), connected, now);
}

qint64 settledBy(const Worker &worker, const Thresholds &thresholds)
{
    const qint64 byKey = worker.ttlAtRead > 0 ? worker.readAt + worker.ttlAtRead : 0;
    const qint64 byLate = worker.unbeatenSince > 0 && thresholds.late > 0 ? worker.unbeatenSince + thresholds.late : 0;
    return byKey > 0 && byLate > 0 ? qMin(byKey, byLate) : qMax(byKey, byLate);
}

int severity(const Worker &worker)
{
    constexpr WorkerFlags unreadable =
        WorkerFlags(WorkerFlag::WrongType) | WorkerFlag::BadField | WorkerFlag::TooLarge | WorkerFlag::BadCounter;
    switch (worker.liveness) {
    case Liveness::Crashed:
    case Liveness::Hung:
    case Liveness::Stale:
        return 100;
    case Liveness::Late:
        return 90;
    case Liveness::KeyLost:
        return 85;
    case Liveness::NoTtl:
        return 80;
    case Liveness::Zombie:
    case Liveness::Ghost:
        return 70;
    case Liveness::Departed:
        return 0;
    case Liveness::Unknown:
        // A lost source is one finding of its own, never one per worker; an unreadable worker is a finding.
        if (worker.flags & unreadable)
            return 60;
        return 0;
    case Liveness::Settling:
    case Liveness::Alive:
        break;
    }
    if (worker.flags.testFlag(WorkerFlag::NoListener))
        return 85;
    if (worker.flags & unreadable)
        return 60;
    if (worker.flags & (WorkerFlag::DrainForgotten | WorkerFlag::DrainUndone))
        return 55;
    switch (troubleOf(worker)) {
    case WorkerTrouble::Deaf:
        return 68;
    case WorkerTrouble::NobodyListens:
        return 67;
    case WorkerTrouble::NotConsuming:
        return 66;
    case WorkerTrouble::Incomplete:
        return 64;
    case WorkerTrouble::Leaving:
        return 48;
    case WorkerTrouble::Paused:
        return 40;
    case WorkerTrouble::None:
        break;
    }
    if (worker.status == WorkerStatus::Draining)
        return 50;
    if (worker.status == WorkerStatus::ShuttingDown)
        return 45;
    return 0;
}

bool needsAttention(const Worker &worker)
{
    return severity(worker) > 0;
}

bool endedInOrder(const Worker &worker)
{
    return worker.liveness == Liveness::Departed && (worker.end == WorkerEnd::Drained || worker.end == WorkerEnd::Left);
}

bool isWorseThanLate(const Worker &worker)
{
    switch (worker.liveness) {
    case Liveness::Stale:
    case Liveness::Crashed:
    case Liveness::Hung:
    case Liveness::KeyLost:
    case Liveness::NoTtl:
    case Liveness::Zombie:
    case Liveness::Ghost:
        return true;
    case Liveness::Alive:
    case Liveness::Settling:
    case Liveness::Late:
    case Liveness::Unknown:
    case Liveness::Departed:
        break;
    }
    return false;
}

WorkerTrouble troubleOf(const Worker &worker)
{
    if (worker.liveness != Liveness::Alive && worker.liveness != Liveness::Settling)
        return WorkerTrouble::None;
    constexpr WorkerFlags any = WorkerFlags(WorkerFlag::Deaf) | WorkerFlag::NobodyListens | WorkerFlag::NotConsuming
                                | WorkerFlag::Incomplete | WorkerFlag::StillWorking;
    if (worker.flags & any) {
        return worker.flags.testFlag(WorkerFlag::Deaf)           ? WorkerTrouble::Deaf
               : worker.flags.testFlag(WorkerFlag::StillWorking) ? WorkerTrouble::Leaving
               : nobodyListens(worker)                           ? WorkerTrouble::NobodyListens
               : worker.flags.testFlag(WorkerFlag::NotConsuming) ? WorkerTrouble::NotConsuming
                                                                 : WorkerTrouble::Incomplete;
    }
    return worker.status == WorkerStatus::Paused ? WorkerTrouble::Paused : WorkerTrouble::None;
}

QString troubleName(WorkerTrouble trouble)
{
    return nameFromId(troubleRows, trouble);
}

QString troubleLabel(WorkerTrouble trouble)
{
    return tableText("WorkerTrouble", troubleRows[size_t(trouble)].text);
}

bool isNew(const Worker &worker)
{
    // Where a connection is all there is, no beats are counted.
    return worker.beatCount < 3 && worker.firstSeenAt > 0 && worker.traits->basis != BeatBasis::Connection
           && !worker.flags.testFlag(WorkerFlag::Returned) && worker.liveness == Liveness::Alive && !nobodyListens(worker);
}

} // namespace pulsedeck
