// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/departedworkers.h"
#include "models/fleet/fleetrecords.h"
#include "models/fleet/pastends.h"

namespace pulsedeck {

/// How workers end: what a sample reports of an end, what an earlier run or another console saw of it, and for how long the
/// row stays. Tallies are the caller's unless said otherwise.
class WorkerEnds
{
public:
    explicit WorkerEnds(FleetRecords &records)
        : m_records(records)
    { }

    /// The key is gone, and \a sample says how.
    void takeEnd(WorkerHandle handle, const WorkerSample &sample);
    /// It ended, and nothing of it is left in its source.
    void depart(WorkerHandle handle, WorkerEnd end, qint64 at);
    /// Releases those that departed at \a departedUntil or before, and the oldest if there are too many. Keeps the tallies.
    void reviewDeparted(qint64 departedUntil);
    /// See FleetStore::takePastEnd(). Keeps the tallies.
    void takePastEnd(const QString &source, const QByteArray &id, const PastEnd &end);
    /// Null if its end was not seen; includes this run.
    const PastEnd *pastEnd(SourceId source, const QByteArray &id) const;
    /// It is back, or its counters are gone.
    void forget(const QString &source, const QByteArray &id) { m_pastEnds.remove(source, id); }

private:
    bool recallEnd(WorkerHandle handle);
    void keepDeparted(WorkerHandle handle, qint64 at);

    FleetRecords &m_records;
    DepartedWorkers m_departed;
    PastEnds m_pastEnds;
};

} // namespace pulsedeck
