// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/measuredtiming.h"

#include "models/commands/commandledger.h"

#include <QCoreApplication>
#include <QMap>
#include <QVersionNumber>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class MeasuredTexts
{
    Q_DECLARE_TR_FUNCTIONS(MeasuredTexts)
};

constexpr int fewestGaps = 3; // A median of fewer would be chance.
constexpr int mostCommands = 2'000; // The newest of the ledger are enough for a median.

/// Calls \a use for the newest shutdown commands that were given to workers, newest first, until it returns false.
template <typename Use> void eachShutdown(const CommandLedger *ledger, Use use)
{
    if (!ledger)
        return;
    const quint64 end = ledger->firstKey() + quint64(ledger->size());
    for (quint64 key = end; key-- > ledger->firstKey() && end - key <= mostCommands;) {
        const CommandEntry *entry = ledger->entry(key);
        if (entry && !entry->isAnswered() && (entry->command.act == Act::Shutdown || entry->command.act == Act::ShutdownNow)
            && !use(*entry))
            return;
    }
}

/// Only from moments that were observed: what was found by a look-up, or first seen some time after it was written, gives no
/// time.
WorkerPace paceOf(const CommandEntry &entry)
{
    WorkerPace pace;
    if (entry.timesFound)
        return pace;
    // A worker that listens reads it within the millisecond: 0 is a time, too.
    if (!entry.theirs && entry.writtenAt > 0 && entry.pickedUpAt >= entry.writtenAt)
        pace.pickUpMs = entry.pickedUpAt - entry.writtenAt;
    if (entry.stage == CommandStage::Gone && entry.pickedUpAt > 0 && entry.endedAt > entry.pickedUpAt)
        pace.drainMs = entry.endedAt - entry.pickedUpAt;
    return pace;
}

/// From draining to gone, as the store has seen it, whoever ordered it. Unknown for one that was draining when it was first seen.
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

QString unseenText()
{
    return MeasuredTexts::tr("not visible from outside");
}

void setMeasured(MeasuredTiming &measured, TimingId id, MeasuredValue value, const QString &note)
{
    value.note = note;
    measured.values[size_t(id)] = value;
}

/// Gaps of \a atLeastMs and more; not the time in which it was gone.
void addSlowGaps(std::vector<qint64> &gaps, const BeatHistory &beats, const Worker &worker, qint64 atLeastMs, qint64 now)
{
    for (int i = worker.returnedAt > 0 ? beats.lowerBound(worker.countedFrom(), now) + 1 : 1; i < beats.size(); ++i) {
        if (const qint64 gap = beats.at(i, now) - beats.at(i - 1, now); gap >= atLeastMs)
            gaps.push_back(gap);
    }
}

/// Heartbeats to the hub and registrations with it. The intervals of other clients and the hub's own limit are not visible.

void measureHubs(MeasuredTiming &measured, const HubTiming &hubs, std::vector<qint64> registrationTtls)
{
    const auto set = [&measured](TimingId id, const MeasuredValue &value, const QString &note) {
        setMeasured(measured, id, value, note);
    };
    if (hubs.hubs.empty()) {
        for (const TimingId id :
             {TimingId::HubClientHeartbeat, TimingId::HubServerHeartbeat, TimingId::HubTimeout, TimingId::HubActorTtl})
            set(id, {}, {});
        return;
    }
    set(TimingId::HubClientHeartbeat, summary(hubs.measured), MeasuredTexts::tr("by this console"));
    set(TimingId::HubServerHeartbeat, summary(hubs.advertised),
        hubs.kept.empty()
            ? MeasuredTexts::tr("advertised")
            : MeasuredTexts::tr("advertised, %1 kept").arg(timingText(*std::min_element(hubs.kept.begin(), hubs.kept.end()))));
    set(TimingId::HubTimeout, {}, unseenText());
    set(TimingId::HubActorTtl, summary(std::move(registrationTtls)), MeasuredTexts::tr("of registrations"));
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
        return pace.pickUpMs == qint64(unknownValue); // One that was never read gives no time: an older one may.
    });
    if (pace.drainMs == qint64(unknownValue))
        pace.drainMs = drainOf(worker);
    return pace;
}

MeasuredTiming measureTiming(const FleetStore &store, const CommandLedger *ledger, SourceId source, const HubTiming &hubs)
{
    MeasuredTiming measured;
    const auto isAmong = [&hubs](SourceId one) { return std::find(hubs.hubs.begin(), hubs.hubs.end(), one) != hubs.hubs.end(); };
    const bool ownHub = isAmong(source);
    std::vector<qint64> registrationTtls;
    const TimingProfile &profile = store.timing(source);
    std::vector<qint64> intervals;
    std::vector<qint64> jitters;
    std::vector<qint64> ttls;
    std::vector<qint64> drains;
    std::vector<qint64> pickUps;
    std::vector<quint32> counted; ///< Serials of workers whose drain is known from a command.
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
        if (worker.learntTtl > 0 && present && isAmong(worker.source))
            registrationTtls.push_back(worker.learntTtl);
        // The values in force of one system say nothing of another in the same Redis.
        if (worker.source != source || (store.timingOf(worker).assumed && !profile.assumed) || worker.traits->isLaidOut())
            continue;
        if (worker.liveness == Liveness::Departed) {
            const qint64 drain = drainOf(worker);
            // A command's own times are the better ones, and one worker is one sample.
            if (drain != qint64(unknownValue) && !std::binary_search(counted.begin(), counted.end(), worker.serial))
                drains.push_back(drain);
            continue;
        }
        if (worker.liveness == Liveness::Zombie || worker.liveness == Liveness::Ghost)
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
    setMeasured(measured, TimingId::HeartbeatInterval, summary(std::move(intervals)), {});
    measured.values[size_t(TimingId::HeartbeatInterval)].jitterMs = summary(std::move(jitters)).ms;
    setMeasured(measured, TimingId::WorkerKeyTtl, summary(std::move(ttls)), MeasuredTexts::tr("right after a beat"));
    setMeasured(measured, TimingId::ShutdownCommandTtl, summary(std::move(pickUps)), MeasuredTexts::tr("from written to read"));
    measured.pickUp = measured.of(TimingId::ShutdownCommandTtl);
    setMeasured(measured, TimingId::DrainTimeout, summary(std::move(drains)), MeasuredTexts::tr("from draining to gone"));
    for (const TimingId id : {TimingId::ReaperStaleThreshold, TimingId::ReaperRunInterval})
        setMeasured(measured, id, {}, unseenText());
    return measured;
}

MeasuredTiming measureSystem(const FleetStore &store, SourceId source, const TimingLibrary &system)
{
    MeasuredTiming measured;
    std::vector<qint64> intervals;
    std::vector<qint64> jitters;
    std::vector<qint64> ttls;
    qint64 beats = 0;
    for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
        const Worker &worker = store.worker(handle);
        const bool gone =
            worker.liveness == Liveness::Departed || worker.liveness == Liveness::Zombie || worker.liveness == Liveness::Ghost;
        if (!worker.used || worker.source != source || gone || worker.traits->layout != system.system)
            continue;
        ++measured.workers;
        beats += worker.beatCount;
        measured.polled = measured.polled || worker.flags.testFlag(WorkerFlag::PolledBeats);
        if (const LayoutFacts *facts = store.facts(handle); facts && !facts->version.isEmpty()
                                                            && measured.versions.size() < MeasuredTiming::mostVersions
                                                            && !measured.versions.contains(facts->version))
            measured.versions.append(facts->version);
        if (system.slowGapsFromMs > 0) {
            // The median of a worker would be that of how often it had work.
            addSlowGaps(intervals, store.beats(handle), worker, system.slowGapsFromMs, store.viewNow());
        } else if (worker.interval > 0 && worker.beatCount > fewestGaps) {
            intervals.push_back(worker.interval);
            if (worker.jitter >= 0)
                jitters.push_back(worker.jitter);
        }
        // Of two paces it is the slower one's: a key outlives the beat that is to renew it.
        // One tier under another has a TTL of its own.
        if (worker.learntTtl > system.slowGapsFromMs && !worker.child)
            ttls.push_back(worker.learntTtl);
    }
    for (const TimingParameter &parameter : system.parameters)
        setMeasured(measured, parameter.id, {}, unseenText());
    // Of two paces only the slower one is measured, which nobody may have while all are at work.
    const bool slowOnly = system.slowGapsFromMs > 0;
    if (system.interval) {
        // Beats are in sight, and not enough of one worker: that is not "none".
        const bool few = intervals.empty() && beats > 0;
        setMeasured(measured, *system.interval, summary(std::move(intervals)),
                    !few       ? QString()
                    : slowOnly ? MeasuredTexts::tr("no idle beats")
                               : MeasuredTexts::tr("too few beats"));
        measured.values[size_t(*system.interval)].jitterMs = summary(std::move(jitters)).ms;
    }
    if (system.keyTtl)
        setMeasured(measured, *system.keyTtl, summary(ttls),
                    !ttls.empty() ? MeasuredTexts::tr("right after a beat")
                    : beats == 0  ? QString()
                    : slowOnly    ? MeasuredTexts::tr("none was idle")
                                  : MeasuredTexts::tr("no new beat"));
    return measured;
}

bool contradicts(const MeasuredValue &measured, qint64 assumedMs)
{
    constexpr double tolerance = 0.1; // Of the value: a beat is never exact.
    return measured.known() && assumedMs > 0 && double(qAbs(measured.ms - assumedMs)) > tolerance * double(assumedMs);
}

std::vector<SeenTiming> seenTiming(const TimingLibrary &system, const MeasuredTiming &measured)
{
    constexpr qint64 stepMs = 500;
    std::vector<SeenTiming> seen;
    for (const TimingParameter &parameter : system.parameters) {
        if (!parameter.fixed || parameter.follows || parameter.defaultMs <= 0)
            continue;
        qint64 byVersion = 0;
        for (const QString &version : measured.versions) {
            const auto number = QVersionNumber::fromString(version);
            const auto older = std::find_if(parameter.byVersion.begin(), parameter.byVersion.end(), [&number](const auto &one) {
                return number < QVersionNumber::fromString(one.first);
            });
            byVersion = std::max(byVersion, older == parameter.byVersion.end() ? parameter.defaultMs : older->second);
        }
        const qint64 known = byVersion > 0 ? byVersion : parameter.defaultMs;
        const MeasuredValue &value = measured.of(parameter.id);
        const bool reliable = !measured.polled || parameter.id != system.interval;
        if (reliable && contradicts(value, known))
            seen.push_back({parameter.id, std::max(stepMs, (value.ms + stepMs / 2) / stepMs * stepMs), true});
        else if (known != parameter.defaultMs)
            seen.push_back({parameter.id, known, reliable && value.known()});
    }
    return seen;
}

QStringList systemsOf(const FleetStore &store, SourceId source)
{
    std::array<bool, 256> counted{};
    QMap<QString, QString> byTitle;
    for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
        const Worker &worker = store.worker(handle);
        if (!worker.used || worker.source != source || worker.liveness == Liveness::Departed || counted[worker.traits.number()])
            continue;
        counted[worker.traits.number()] = true;
        byTitle.insert(worker.traits->system + u' ' + worker.traits->layout, worker.traits->layout);
    }
    QStringList systems = byTitle.values();
    systems.removeDuplicates();
    return systems;
}

} // namespace pulsedeck
