// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetrecords.h"

namespace pulsedeck {

/// Keeps every worker's liveness up to date with its record and the time, and notes changes as events. All times are
/// the console's clock in Unix milliseconds.
class LivenessUpdate
{
public:
    explicit LivenessUpdate(FleetRecords &records)
        : m_records(records)
    { }

    /// The tally is the caller's.
    void derive(WorkerHandle handle, qint64 now);
    /// Of those whose liveness time alone has changed.
    void deriveDue(qint64 now);
    /// Of all workers of a source whose state or timing changed; each counts as changed.
    void deriveAll(SourceRecord &source, qint64 now);
    /// Of those without an interval of their own, after that of their type became known or changed.
    void deriveUnmeasured(SourceRecord &source, qint64 now);

private:
    void deriveCounted(WorkerHandle handle, qint64 now);
    void noteLiveness(WorkerHandle handle, qint64 now);

    FleetRecords &m_records;
};

} // namespace pulsedeck
