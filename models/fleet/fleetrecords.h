// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/chunkedvector.h"
#include "models/fleet/beathistory.h"
#include "models/fleet/beatrate.h"
#include "models/fleet/drainstanding.h"
#include "models/fleet/duetimes.h"
#include "models/fleet/fleetevents.h"
#include "models/fleet/fleettally.h"
#include "models/fleet/kindpace.h"
#include "models/fleet/layoutfacts.h"
#include "models/fleet/liveness.h"
#include "models/fleet/pastpaces.h"
#include "models/fleet/queuestore.h"
#include "models/fleet/workerindex.h"
#include "models/protocol/fleetbatch.h"
#include "models/protocol/sourcestatus.h"

#include <QHash>
#include <QSet>

#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace pulsedeck {

/// A drain that was ordered from a console, as its key says.
struct DrainNote
{
    QString by;
    QString reason;
    qint64 at = 0; ///< By the clock of that console's machine, Unix ms: Clock::fromWall() makes it comparable, roughly.
};

/// When this console's last command to a worker was written, and when it was read; 0: it was not, or that was not seen.
struct CommandTimes
{
    qint64 sentAt = 0;
    qint64 readAt = 0;
};

/// Who gave a command from this console, in this run or in an earlier one as the journal has it: for what keeps no note of it.
struct OrderNote
{
    QString by;
    QString reason;
    qint64 at = 0; ///< Console's clock.
};

/// A drain that this console gave to a worker of this system (SourceTraits::layout).
struct RecordedDrain
{
    QString system;
    OrderNote note;
};

/// What changed since the last publish; views learn of changes only from this.
struct FleetChanges
{
    std::vector<WorkerHandle> added;
    std::vector<WorkerHandle> changed; ///< Each once; those added are not repeated here.
    std::vector<WorkerHandle> removed; ///< Their places are free again after the signal returns.
    bool reset = false; ///< Everything may have changed: read all again.

    bool isEmpty() const { return added.empty() && changed.empty() && removed.empty() && !reset; }
};

/// What is known of one source.
struct SourceRecord
{
    QString name;
    SourceStatus status;
    std::vector<WorkerHandle> handles; ///< By WorkerNumber; noWorker where there is none.
    WorkerIndex byId;
    QSet<WorkerNumber> refused; ///< Those that have no place, as there are FleetRecords::mostWorkers.
    std::vector<UnknownSpan> unknown; ///< At most FleetRecords::maxUnknownSpans.
    FleetTally tally;
    int count = 0; ///< Workers but departed ones.
    qint64 connectedAt = 0; ///< What was read before is not true any more: those workers are unknown until read again.
    qint64 lostAt = 0;
    UnknownSpan away; ///< The last loss of its connection: from 0 before one, to 0 while it lasts.
    std::vector<KindPace> kinds; ///< By type number: intervals measured of late.
    qint64 lastCutMs = 0; ///< How long the last drain took that ended with sessions left.
    qint64 drainSeenMs = TimingProfile::unknownDrain; ///< The drain timeout as two such drains agreed on it.
    bool paceChanged = false; ///< Workers without an interval of their own are to be judged again.
    SourceId twin = 0; ///< See FleetStore::twinOf().
    qint64 intervalSince = 0; ///< When the source last changed its interval: gaps are counted from then.
    std::optional<TimingProfile> toldTiming; ///< The last that was reported, also while the connection is lost.
    bool visible = true;
    bool present = false;
    bool everLoaded = false; ///< The first full view was read: what appears now is newly registered.

    /// noWorker when the number is not known.
    WorkerHandle handleOf(WorkerNumber number) const { return number < handles.size() ? handles[number] : noWorker; }
    /// The timing in force for this worker: the values of one system in a Redis say nothing of another, whose are only assumed.
    const TimingProfile &timingOf(const Worker &worker) const;
    Thresholds thresholdsOf(const Worker &worker) const;
    /// What a gap between two of its beats is compared with now.
    GapLimits gapLimitsOf(const Worker &worker) const { return gapLimitsOf(worker, timingOf(worker), intervalSince > 0); }
    /// The same under this timing. \a changed: its interval was seen to come into force, so that not all have taken it over yet.
    GapLimits gapLimitsOf(const Worker &worker, const TimingProfile &timing, bool changed) const;
    void addUnknownSpan(const UnknownSpan &span);
};

/// Everything the console knows of the fleet, as plain data in contiguous vectors, and what changed since the changes
/// were last taken. Judges nothing. On the thread of its owner; times are the console's clock in Unix milliseconds.
class FleetRecords
{
public:
    static constexpr int maxWorkers = 250'000; ///< Beyond it new workers get no place, and their source counts them.
    static constexpr int maxUnknownSpans = 256; ///< Per source.

    struct Notes
    {
        QString statusText;
        QStringList problems;
        DrainNote drain;
    };

    FleetRecords();

    /// Null for one that is not there.
    SourceRecord *source(SourceId id) { return id < sources.size() && sources[id].present ? &sources[id] : nullptr; }
    const SourceRecord *source(SourceId id) const { return const_cast<FleetRecords *>(this)->source(id); }
    SourceRecord &sourceOf(const Worker &worker) { return sources[worker.source]; }

    /// A new row, with an empty worker; noWorker when there are too many.
    WorkerHandle allocate(SourceId source);
    /// The row goes. Its place is free again after freeReleased().
    void release(WorkerHandle handle);
    void freeReleased();
    /// The recorded drain that this worker may still be in; null if there is none, or it began again or ended since.
    const OrderNote *recordedDrain(const Worker &worker) const;
    /// Gaps between beats count from then: it was there, at the interval in force and in the pace that it has now.
    qint64 measuredFrom(WorkerHandle handle) const;
    /// As if it had gone, but its place, id and serial are kept for unpark(). Only of a row that time derives nothing of.
    void park(WorkerHandle handle);
    void unpark(WorkerHandle handle);
    WorkerHandle findSerial(quint32 serial) const
    {
        const WorkerHandle handle = m_serials.value(serial, noWorker);
        return handle != noWorker && workers[handle].used ? handle : noWorker;
    }

    /// The worker counts as changed.
    void touch(WorkerHandle handle);
    void touchAll() { m_changes.reset = true; }
    bool hasChanges() const { return !m_changes.isEmpty(); }
    FleetChanges takeChanges();
    void note(WorkerHandle handle, FleetEventKind kind, qint64 at, qint32 a = 0, qint32 b = 0);

    /// 0 for a worker without a type, and for any beyond the thousandth.
    quint16 typeNumber(const QByteArray &type);
    const std::vector<QString> &typeNames() const { return m_typeNames; }
    /// 0 for none, and for any beyond the 255th.
    quint8 statusWordNumber(const QByteArray &word);
    const std::vector<QString> &statusWords() const { return m_statusWords; }

    int mostWorkers = maxWorkers; ///< Tests set a smaller limit.
    std::vector<SourceRecord> sources; ///< By SourceId.
    ChunkedVector<Worker> workers;
    ChunkedVector<BeatHistory> beats;
    DueTimes due; ///< When liveness must be derived again without news.
    QHash<WorkerHandle, Notes> notes;
    QHash<WorkerHandle, ActorFacts> actors;
    QHash<WorkerHandle, LayoutFacts> facts; ///< Of those that are Worker::described.
    QHash<WorkerHandle, CommandTimes> commandTimes; ///< Of those whose own record shows no command.
    QHash<WorkerHandle, WorkerJobs> jobsByQueue; ///< Of those that have any, where that is known.
    QueueStore queues;
    QHash<WorkerHandle, DrainStanding> drains; ///< Of those that have a note.
    QHash<std::pair<QString, QByteArray>, RecordedDrain> recordedDrains; ///< By name of the source, and worker.
    std::map<std::tuple<QString, QString, QByteArray>, OrderNote> recordedPauses; ///< By name of the source, system, and queue.
    QHash<WorkerHandle, qint64> crashedAt; ///< When it was last found so.
    QHash<WorkerHandle, PastPaces> pastPaces; ///< Of those whose pace has changed.
    FleetEvents events;
    BeatRate rate;

private:
    std::vector<quint8> m_touched; ///< By handle: 0 untouched, 1 changed, 2 added, since changes were taken.
    std::vector<WorkerHandle> m_free;
    std::vector<WorkerHandle> m_leaving; ///< Released, and their places are not free yet.
    std::vector<QString> m_typeNames;
    QHash<QByteArray, quint16> m_types;
    std::vector<QString> m_statusWords;
    QHash<quint32, WorkerHandle> m_serials;
    FleetChanges m_changes;
    quint32 m_nextSerial = 1;
};

/// A duration as events and rows hold it.
constexpr qint32 storedMs(qint64 ms)
{
    return qint32(qBound(-(qint64(1) << 30), ms, qint64(1) << 30));
}

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::FleetChanges)
