// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/measuredtiming.h"

#include "models/commands/commandledger.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int fewestGaps = 3; // A median of fewer says more about chance than about the worker.
constexpr int mostCommands = 2'000; // The newest of the ledger are enough to say how long a pick-up takes.

/// Calls \a use for the newest shutdown commands that were given to workers, newest first, until it returns false.
template <typename Use> void eachShutdown(const CommandLedger *ledger, Use use)
{
    if (!ledger)
        return;
    const quint64 end = ledger->firstKey() + quint64(ledger->size());
    for (quint64 key = end; key-- > ledger->firstKey() && end - key <= mostCommands;) {
        const CommandEntry *entry = ledger->entry(key);
        if (entry && !entry->registers() && (entry->command.act == Act::Shutdown || entry->command.act == Act::ShutdownNow)
            && !use(*entry))
            return;
    }
}

/// Only from moments somebody saw: what was found by looking, or first seen when it had been written for a while, gives no time.
WorkerPace paceOf(const CommandEntry &entry)
{
    WorkerPace pace;
    if (entry.timesFound)
        return pace;
    // Who listens reads it within the millisecond: no time at all is a time, too.
    if (!entry.theirs && entry.writtenAt > 0 && entry.pickedUpAt >= entry.writtenAt)
        pace.pickUpMs = entry.pickedUpAt - entry.writtenAt;
    if (entry.stage == CommandStage::Gone && entry.pickedUpAt > 0 && entry.endedAt > entry.pickedUpAt)
        pace.drainMs = entry.endedAt - entry.pickedUpAt;
    return pace;
}

/// From draining to gone, as the store has seen it, whoever ordered it. One that drained when it was first seen tells nothing.
qint64 drainOf(const Worker &worker)
{
    const bool drained = worker.liveness == Liveness::Departed && worker.end == WorkerEnd::Drained
                         && worker.status == WorkerStatus::Draining && worker.statusBefore != WorkerStatus::Missing;
    return drained && worker.statusSince > 0 && worker.endedAt > worker.statusSince ? worker.endedAt - worker.statusSince
                                                                                    : qint64(unknownValue);
}

MeasuredValue summary(std::vector<qint64> samples)
{
    MeasuredValue value;
    value.samples = int(samples.size());
    if (samples.empty())
        return value;
    const auto at = [&](double share) {
        const auto nth =
            samples.begin() + std::min<qsizetype>(qsizetype(samples.size()) - 1, qsizetype(share * double(samples.size())));
        std::nth_element(samples.begin(), nth, samples.end());
        return *nth;
    };
    value.ms = at(0.5);
    value.p99Ms = at(0.99);
    return value;
}

/// Heartbeats to the hub and registrations with it. What other clients keep, and the hub's own limit, nobody can see.
void measureHubs(MeasuredTiming &measured, const HubTiming &hubs, std::vector<qint64> registrationTtls)
{
    const auto set = [&measured](TimingId id, MeasuredValue value, const QString &note) {
        value.note = note;
        measured.values[size_t(id)] = value;
    };
    if (hubs.hubs.empty()) {
        for (const TimingId id :
             {TimingId::HubClientHeartbeat, TimingId::HubServerHeartbeat, TimingId::HubTimeout, TimingId::HubActorTtl})
            set(id, {}, {});
        return;
    }
    set(TimingId::HubClientHeartbeat, summary(hubs.measured), u"by this console"_s);
    QString kept;
    if (!hubs.kept.empty())
        kept = u", %1 kept"_s.arg(timingText(*std::min_element(hubs.kept.begin(), hubs.kept.end())));
    set(TimingId::HubServerHeartbeat, summary(hubs.advertised), u"advertised"_s + kept);
    set(TimingId::HubTimeout, {}, u"cannot be seen from outside"_s);
    set(TimingId::HubActorTtl, summary(std::move(registrationTtls)), u"of registrations"_s);
}

} // namespace

WorkerPace paceOf(const FleetStore &store, const CommandLedger *ledger, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    WorkerPace pace;
    eachShutdown(ledger, [&](const CommandEntry &entry) {
        if (entry.handle != handle || entry.serial != worker.serial)
            return true;
        pace = paceOf(entry);
        return pace.pickUpMs == qint64(unknownValue); // One that was never read says nothing: an older one may.
    });
    if (pace.drainMs == qint64(unknownValue))
        pace.drainMs = drainOf(worker);
    return pace;
}

MeasuredTiming measureTiming(const FleetStore &store, const CommandLedger *ledger, SourceId source, const HubTiming &hubs)
{
    MeasuredTiming measured;
    const auto isHub = [&hubs](SourceId one) { return std::find(hubs.hubs.begin(), hubs.hubs.end(), one) != hubs.hubs.end(); };
    const bool ownHub = isHub(source);
    std::vector<qint64> registrationTtls;
    const TimingProfile &profile = store.timing(source);
    std::vector<qint64> intervals;
    std::vector<qint64> jitters;
    std::vector<qint64> ttls;
    std::vector<qint64> drains;
    std::vector<qint64> pickUps;
    std::vector<quint32> counted; ///< Serials of workers whose drain a command has told.
    eachShutdown(ledger, [&](const CommandEntry &entry) {
        if (entry.command.source != source)
            return true;
        const WorkerPace pace = paceOf(entry);
        if (pace.pickUpMs != qint64(unknownValue))
            pickUps.push_back(pace.pickUpMs);
        if (pace.drainMs != qint64(unknownValue)) {
            drains.push_back(pace.drainMs);
            counted.push_back(entry.serial);
        }
        return true;
    });
    std::sort(counted.begin(), counted.end());
    for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
        const Worker &worker = store.worker(handle);
        if (!worker.used)
            continue;
        const bool present = worker.liveness != Liveness::Departed && worker.liveness != Liveness::Zombie;
        if (worker.learntTtl > 0 && present && isHub(worker.source))
            registrationTtls.push_back(worker.learntTtl);
        if (worker.source != source)
            continue;
        if (worker.liveness == Liveness::Departed) {
            const qint64 drain = drainOf(worker);
            // A command's own times are the better ones, and one worker is one sample.
            if (drain != qint64(unknownValue) && !std::binary_search(counted.begin(), counted.end(), worker.serial))
                drains.push_back(drain);
            continue;
        }
        if (worker.liveness == Liveness::Zombie)
            continue;
        ++measured.workers;
        measured.drifting += driftOf(worker, profile) != Drift::None;
        if (ownHub)
            continue; // Its actors have no heartbeat, key or drain of the workers' kind.
        if (worker.interval > 0 && worker.beatCount > fewestGaps) {
            intervals.push_back(worker.interval);
            if (worker.jitter >= 0)
                jitters.push_back(worker.jitter);
        }
        if (worker.learntTtl > 0 && worker.status != WorkerStatus::ShuttingDown)
            ttls.push_back(worker.learntTtl);
    }
    measureHubs(measured, hubs, std::move(registrationTtls));
    if (ownHub)
        return measured;
    const auto set = [&measured](TimingId id, const MeasuredValue &value) { measured.values[size_t(id)] = value; };
    MeasuredValue interval = summary(std::move(intervals));
    interval.jitterMs = summary(std::move(jitters)).ms;
    set(TimingId::HeartbeatInterval, interval);
    MeasuredValue ttl = summary(std::move(ttls));
    ttl.note = u"right after a beat"_s;
    set(TimingId::WorkerKeyTtl, ttl);
    measured.pickUp = summary(std::move(pickUps));
    measured.pickUp.note = u"from written to read"_s;
    set(TimingId::ShutdownCommandTtl, measured.pickUp);
    MeasuredValue drain = summary(std::move(drains));
    drain.note = u"from draining to gone"_s;
    set(TimingId::DrainTimeout, drain);
    for (const TimingId id : {TimingId::ReaperStaleThreshold, TimingId::ReaperRunInterval}) {
        MeasuredValue unseen;
        unseen.note = u"cannot be seen from outside"_s;
        set(id, unseen);
    }
    return measured;
}

} // namespace pulsedeck
