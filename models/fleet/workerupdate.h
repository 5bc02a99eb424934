// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/livenessupdate.h"
#include "models/fleet/workerends.h"

namespace pulsedeck {

/// Applies the samples of a batch to what is known of each worker: text, status, beats and their intervals, drains, returns.
/// Keeps the tallies.
class WorkerUpdate
{
public:
    static constexpr qsizetype maxCapabilities = 64; ///< Of one actor; more are not kept.
    static constexpr qsizetype maxActorText = 256; ///< Characters of a display name or one capability.

    static constexpr qsizetype mostRecordedDrains = 20'000; ///< Further ones are not kept.

    WorkerUpdate(FleetRecords &records, LivenessUpdate &liveness, WorkerEnds &ends)
        : m_records(records)
        , m_liveness(liveness)
        , m_ends(ends)
    { }

    void apply(SourceRecord &source, const FleetBatch &batch);
    /// See FleetStore::takeRecordedDrain().
    void takeRecordedDrain(const QString &sourceName, const QString &system, const QByteArray &id, const OrderNote &drain);

    /// The timing in force of a source has changed, at \a at: what held under the one before, \a timing, stays known of its
    /// workers. \a changed: its interval was one that had been seen to come into force.
    void keepPaces(const SourceRecord &source, const TimingProfile &timing, bool changed, qint64 at);

private:
    void prepareFor(WorkerHandle handle) const;
    void applyText(SourceId sourceId, SourceRecord &source, const WorkerText &text, qint64 at);
    void takeFacts(WorkerHandle handle, const WorkerText &text);
    void applyActor(SourceRecord &source, const ActorFacts &facts);
    void applySample(SourceRecord &source, const WorkerSample &sample, qint64 at);
    void applyRemoved(SourceRecord &source, WorkerNumber number, qint64 at);
    void takeStatus(WorkerHandle handle, const WorkerSample &sample, WorkerFlags before);
    void takeReturn(WorkerHandle handle, const WorkerSample &sample);
    void takeKeyLost(WorkerHandle handle, const WorkerSample &sample, qint32 sessionsBefore);
    void takeBeat(SourceRecord &source, WorkerHandle handle, const WorkerSample &sample);
    void measure(SourceRecord &source, WorkerHandle handle);
    void keepPace(const SourceRecord &source, WorkerHandle handle, const GapLimits &held, qint32 intervalBefore,
                  qint32 ttlBefore);
    static void noteCut(SourceRecord &source, qint64 drainMs);
    void judgeDrain(const SourceRecord &source, WorkerHandle handle, const WorkerSample &sample, WorkerFlags before);
    void judgeIdle(Worker &worker) const;
    void flagForgotten(WorkerHandle handle, WorkerFlag flag, FleetEventKind kind, qint64 at);

    FleetRecords &m_records;
    LivenessUpdate &m_liveness;
    WorkerEnds &m_ends;
};

} // namespace pulsedeck
