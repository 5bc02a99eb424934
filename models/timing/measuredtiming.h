// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/timing/hubtiming.h"
#include "models/timing/timingparameter.h"

namespace pulsedeck {

class CommandLedger;

/// What the running fleet shows of one parameter. The systems do not publish their timing: this is measured.
struct MeasuredValue
{
    qint64 ms = unknownValue; ///< Median over the samples; unknownValue when nothing was seen.
    qint64 p99Ms = unknownValue;
    qint64 jitterMs = unknownValue; ///< Median of the workers' jitter; intervals only.
    int samples = 0;
    QString note; ///< "right after a beat", "6 of 41 cut off", "cannot be seen from outside".
    bool known() const { return ms != qint64(unknownValue); }
};

/// Measured beside configured, for one source.
struct MeasuredTiming
{
    std::array<MeasuredValue, timingCount> values;
    MeasuredValue pickUp; ///< From the writing of a command to the status draining.
    int workers = 0; ///< With a key.
    int drifting = 0; ///< Of them: driftOf() is not None.

    const MeasuredValue &of(TimingId id) const { return values[size_t(id)]; }
};

/// How one worker took its last shutdown command; unknownValue for what was not seen.
struct WorkerPace
{
    qint64 pickUpMs = unknownValue; ///< From the writing of the command to the status draining.
    qint64 drainMs = unknownValue; ///< From there to gone.
};
/// \a ledger may be null. Looks at the ledger's newest commands alone.
WorkerPace paceOf(const FleetStore &store, const CommandLedger *ledger, WorkerHandle handle);

/// How a worker differs from the profile in force for its source.
enum class Drift : quint8 {
    None = 0,
    Interval = 1,
    Ttl = 2,
    Both = 3,
};
/// "interval", "ttl": the words of the filter language and of a row's tooltip; empty for None.
QStringList driftNames(Drift drift);
/// More than 8 % and more than \a slackMs off: a beat's jitter and a read's delay are no drift.
bool differsFromSet(qint64 measured, qint64 set, qint64 slackMs);
inline constexpr qint64 intervalSlackMs = 900;
inline constexpr qint64 ttlSlackMs = 1'500;
/// Measured interval more than 8 % and 0.9 s off (a beat's jitter is no drift), or a learnt TTL more than 8 % and 1.5 s off. None
/// where nothing is measured.
Drift driftOf(const Worker &worker, const TimingProfile &profile);

/// One pass over the source's workers; 100,000 take some milliseconds, so it is asked for once in a second or two. The
/// hub's values are those of \a hubs; of a source that is a hub itself the workers' values are not measured.
MeasuredTiming measureTiming(const FleetStore &store, const CommandLedger *ledger, SourceId source, const HubTiming &hubs = {});

} // namespace pulsedeck
