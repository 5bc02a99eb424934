// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/drift.h"
#include "models/fleet/fleetstore.h"
#include "models/protocol/timingparameter.h"
#include "models/timing/hubtiming.h"
#include "models/timing/timinglibrary.h"

namespace pulsedeck {

class CommandLedger;

/// What was measured of one parameter in the running fleet: the systems do not publish their timing.
struct MeasuredValue
{
    qint64 ms = unknownValue; ///< Median over the samples; unknownValue when nothing was seen.
    qint64 p99Ms = unknownValue;
    qint64 jitterMs = unknownValue; ///< Median of the workers' jitter; intervals only.
    int samples = 0;
    QString note; ///< Translated: "right after a beat", "not visible from outside".
    bool known() const { return ms != qint64(unknownValue); }
};

/// All measured values of one source.
struct MeasuredTiming
{
    std::array<MeasuredValue, timingSlots> values;
    MeasuredValue pickUp; ///< From the writing of a command to the status draining.
    int workers = 0; ///< With a key.
    int drifting = 0; ///< Of them: driftOf() is not None.
    static constexpr qsizetype mostVersions = 16;
    QStringList versions; ///< Of a system: those its workers report, each once, at most mostVersions.
    bool polled = false; ///< Of a system: some beats are seen by polling, so an interval may be that of the reads.

    const MeasuredValue &of(TimingId id) const { return values[size_t(id)]; }
};

/// The times of one worker's last shutdown command; unknownValue for what was not seen.
struct WorkerPace
{
    qint64 pickUpMs = unknownValue; ///< From the writing of the command to the status draining.
    qint64 drainMs = unknownValue; ///< From there to gone.
};
/// \a ledger may be null. Looks at the ledger's newest commands alone.
WorkerPace paceOf(const FleetStore &store, const CommandLedger *ledger, WorkerHandle handle);

/// One pass over the source's workers; 100,000 take some milliseconds, so it is asked for once in a second or two. The
/// hub's values are those of \a hubs; of a source that is a hub itself the workers' values are not measured.
MeasuredTiming measureTiming(const FleetStore &store, const CommandLedger *ledger, SourceId source, const HubTiming &hubs = {});
/// The same for the workers of one system alone: the interval and the TTL of its own parameters. Nothing of it is drift, since
/// what is configured there is not known.
MeasuredTiming measureSystem(const FleetStore &store, SourceId source, const TimingLibrary &system);
/// A value that is fixed in the program of a system's workers, and is another one there than the default of the layout.
struct SeenTiming
{
    TimingId id = TimingId::FirstOwn;
    qint64 ms = 0; ///< In round numbers: what is measured is some milliseconds off.
    bool measured = false; ///< Else it is that of the versions that the workers report.
    bool operator==(const SeenTiming &) const = default;
};
/// Those of \a system, by what was measured of its workers, or else by their versions: of several the longest. Where beats are
/// polled no interval is taken as measured.
std::vector<SeenTiming> seenTiming(const TimingLibrary &system, const MeasuredTiming &measured);
/// Something was measured, and it is more than a tenth off \a assumedMs.
bool contradicts(const MeasuredValue &measured, qint64 assumedMs);
/// The words of the systems whose workers the source has, each once, in the order of their titles: "rq", "sidekiq".
QStringList systemsOf(const FleetStore &store, SourceId source);

} // namespace pulsedeck
