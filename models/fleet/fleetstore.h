// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/sleepgauge.h"
#include "models/fleet/workerupdate.h"

#include <QObject>

#include <variant>
#include <vector>

namespace pulsedeck {

/// What a worker said of itself at another time, for FleetStore::restore().
struct RestoredWords
{
    QByteArray type;
    LayoutFacts facts; ///< Empty for a worker without.
};

/// Everything the console knows of the fleet, as plain data in contiguous vectors. Lives on the GUI thread. Batches
/// are applied as they come; views hear of it once per publish(), which the application calls every 50 to 100 ms.
/// A departed worker stays for setDepartedForMs(); at most maxDeparted are kept, the oldest give way.
class FleetStore : public QObject
{
    Q_OBJECT

public:
    static constexpr int maxWorkers =
        FleetRecords::maxWorkers; ///< Beyond it new ones are counted in refusedWorkers() and not shown.
    static constexpr int maxDeparted = DepartedWorkers::mostKept;
    static constexpr int maxUnknownSpans = FleetRecords::maxUnknownSpans; ///< Per source.
    static constexpr int maxPausedSamples = 300'000; ///< A pause ends by itself when so much has come.
    static constexpr qsizetype maxCapabilities = WorkerUpdate::maxCapabilities; ///< Of one actor; more are not kept.
    static constexpr qsizetype maxActorText = WorkerUpdate::maxActorText; ///< Characters of a display name or one capability.

    explicit FleetStore(const Clock &clock, QObject *parent = nullptr);
    ~FleetStore() override;

    // Sources -----------------------------------------------------------------------------------------------------
    /// \a traits are used until the source has reported its own.
    void addSource(SourceId source, const QString &name, TraitsRef traits = {});
    /// Takes its workers away without calling them departed.
    void removeSource(SourceId source);
    void setSourceName(SourceId source, const QString &name);
    void setSourceVisible(SourceId source, bool visible);
    /// Its workers are shown and counted: it is not hidden, and no other visible source shows the same ones.
    bool isSourceVisible(SourceId source) const;
    /// The source before it that reads the same database of the same server and is shown instead of it; 0 for none.
    SourceId twinOf(SourceId source) const { return known(source).twin; }
    const QString &sourceName(SourceId source) const { return known(source).name; }
    SourceStatus sourceStatus(SourceId source) const { return known(source).status; }
    /// Milliseconds between the reads that see a worker's beats; 0 where each beat is announced, and while nothing is read.
    qint32 pollsEveryMs(WorkerHandle handle) const;
    std::vector<SourceId> sources() const;
    /// All workers of the source but departed ones; of a source that is lost, as they were then.
    int sourceWorkerCount(SourceId source) const { return known(source).count; }
    /// Whether sourceWorkerCount() says how many there are now: the source is connected, and some were read or all
    /// there are.
    bool isCountKnown(SourceId source) const;
    const std::vector<UnknownSpan> &unknownSpans(SourceId source) const { return known(source).unknown; }
    const TimingProfile &timing(SourceId source) const { return known(source).status.timing; }
    /// The same for one worker: assumed only, if it is of another system than its source.
    const TimingProfile &timingOf(const Worker &worker) const { return known(worker.source).timingOf(worker); }
    /// When the interval in force was last seen to change; 0 if it never was.
    qint64 intervalSince(SourceId source) const { return known(source).intervalSince; }
    /// What this worker's age is compared with: reported by the source's profile, or measured where none is reported.
    Thresholds thresholds(WorkerHandle handle) const;
    /// After how long a draining worker is forced out, in milliseconds: reported, or seen twice;
    /// TimingProfile::unknownDrain if neither.
    qint64 drainTimeoutMs(SourceId source) const;
    /// The source is connected and was read whole at least once: its counts say something.
    bool isInView(SourceId source) const;

    // News --------------------------------------------------------------------------------------------------------
    void apply(const FleetBatch &batch);
    void applyStatus(const SourceStatus &status);
    /// An end that an earlier run or another console saw: counters without a key are judged by it, also those that are there
    /// already. WorkerEnd::None: it came back since.
    void takePastEnd(const QString &source, const QByteArray &id, const PastEnd &end);
    /// Null if its end was not seen; includes this run.
    const PastEnd *pastEnd(SourceId source, const QByteArray &id) const { return m_ends.pastEnd(source, id); }
    /// A drain that this console gave and has not taken back; one without a time: there is none any more. At most
    /// WorkerUpdate::mostRecordedDrains.
    void takeRecordedDrain(const QString &source, const QString &system, const QByteArray &id, const OrderNote &drain)
    {
        m_updates.takeRecordedDrain(source, system, id, drain);
    }
    /// A pause of a queue, or without one of all workers of the system, that this console gave and has not ended; one without a
    /// time: there is none any more. At most
    /// mostRecordedPauses.
    void takeRecordedPause(const QString &source, const QString &system, const QByteArray &queue, const OrderNote &pause);
    /// How many rows are counters of workers whose end was not seen.
    int unseenZombies() const;
    // For a store that shows another time and has no source. Nothing is derived again, and no event is noted; publish() shows it.
    /// The source as it was then. All rows are read again.
    void restoreStatus(const SourceStatus &status);
    /// A worker as it was judged then, in the row it has or, for noWorker, in a new one. Of \a row all counts but what the store
    /// gives: used, source, serial, type and described. \a words: null for a row whose words are as they were; its id and host
    /// stay as they are then, too. Returns its row; noWorker where there is none, as its id is there already or there are too
    /// many.
    WorkerHandle restore(SourceId source, WorkerHandle handle, Worker row, const RestoredWords *words);
    /// The same where nothing of the row is another but its last beat, with which its key was renewed if it has one.
    void restoreBeat(WorkerHandle handle, qint64 at);
    /// It was not there then.
    void forget(WorkerHandle handle);
    /// The same of a row that is likely to come back soon: for everybody it is gone, and restore() with \a handle and its words
    /// puts it where it was. forget() it once it is not expected any more.
    void park(WorkerHandle handle);
    /// The queues of all sources, with those who serve them: whoever is described.
    void restoreQueues(const std::vector<std::pair<SourceId, QueueSample>> &samples);
    /// One queue over time: samples of it, ascending; its rates and its line follow from them.
    void restoreQueue(SourceId source, const std::vector<QueueSample> &samples);
    /// What had happened until then, in place of what restoreEvents() had before; ascending.
    void restoreEvents(const std::vector<FleetEvent> &events);
    void restoreUnknown(SourceId source, const std::vector<UnknownSpan> &spans);
    /// The last beats of a worker, ascending.
    void restoreBeats(WorkerHandle handle, const std::vector<qint64> &beats);
    /// Derives what time alone changes, retires old departed workers, and emits published() if anything changed.
    void publish();

    /// While paused news is kept back and nothing changes; viewNow() stands still.
    void setPaused(bool paused);
    bool isPaused() const { return m_pausedAt > 0; }
    /// Samples kept back by the pause.
    int pausedSamples() const { return m_pausedSamples; }

    // Looking -----------------------------------------------------------------------------------------------------
    /// The time all views show: the clock's, or when the pause began.
    qint64 viewNow() const;
    const Clock &clock() const { return m_clock; }
    /// Size of the handle space; some places may be free (Worker::used false).
    int capacity() const { return int(m_records.workers.size()); }
    const Worker &worker(WorkerHandle handle) const { return m_records.workers[handle]; }
    const BeatHistory &beats(WorkerHandle handle) const { return m_records.beats[handle]; }
    /// The worker of this system (SourceTraits::layout): systems that share a Redis may share ids. noWorker when there is none.
    WorkerHandle find(SourceId source, const QByteArray &id, const QString &system) const;
    /// Of whichever system, where it is not known: the first with this id. noWorker when there is none.
    WorkerHandle find(SourceId source, const QByteArray &id) const;
    WorkerHandle findSerial(quint32 serial) const { return m_records.findSerial(serial); }
    /// "chromium"; empty for a worker without a type.
    const QString &typeName(quint16 type) const { return m_records.typeNames()[type]; }
    int typeCount() const { return int(m_records.typeNames().size()); }
    /// The status in words, also for WorkerStatus::Other.
    QString statusText(WorkerHandle handle) const;
    /// The system's own word for its status ("quiet"), for people; empty where ours says it all.
    QString statusWord(WorkerHandle handle) const;
    /// What is wrong with its fields, in words; empty for nearly all.
    QStringList problems(WorkerHandle handle) const { return m_records.notes.value(handle).problems; }
    /// Who ordered its drain, when and why; empty fields for nearly all.
    DrainNote drainNote(WorkerHandle handle) const { return m_records.notes.value(handle).drain; }
    /// The recorded drain that it is in: it drains, or does not say whether it does. Null for nearly all.
    const OrderNote *recordedDrain(WorkerHandle handle) const;
    /// Who ordered the drain that it is in, or may be in, when and why: by its own note, or else by recordedDrain().
    DrainNote knownDrain(WorkerHandle handle) const;
    /// drainedAt of the operator's drain it is in, if that is proven to be the one in its note; 0 if it is not.
    qint64 provenDrain(WorkerHandle handle) const;
    /// What a hub's registry says of it; null for a worker that is no actor.
    const ActorFacts *actor(WorkerHandle handle) const;
    /// What its system says of it beyond what every worker has; null where that is nothing.
    const LayoutFacts *facts(WorkerHandle handle) const;
    /// Its last command from here, where its system shows none in its record; null: none was given.
    const CommandTimes *commandTimes(WorkerHandle handle) const;
    /// Without a time none was given, or it was withdrawn. \a serial: the worker that is meant.
    void takeCommandTimes(WorkerHandle handle, quint32 serial, const CommandTimes &times);
    /// Of which queues the jobs are that it has at work; null: none, or that is not known.
    const WorkerJobs *jobsByQueue(WorkerHandle handle) const;
    /// The queues of all sources. Changes with apply(); see queuesChanged().
    const QueueStore &queues() const { return m_records.queues; }
    /// Who paused it; null if it is not paused, or that is not known.
    const OrderNote *recordedPause(const QueueKey &queue) const;
    /// Who paused all workers of a system; null if they are not paused, or that is not known.
    const OrderNote *recordedFleetPause(SourceId source, const QString &system) const;
    /// What is to be said of a queue now.
    QueueState queueState(const QueueRecord &queue) const;
    /// Since when its process is known to be dead, while it is crashed, or a ghost since; 0: it is not, or that was not seen.
    qint64 crashedSince(WorkerHandle handle) const;
    /// Since when its process had been known to be dead when it ended; 0: it has not ended, it beat again before it did, or that
    /// was not seen.
    qint64 crashedBeforeEnd(WorkerHandle handle) const;
    GapStatistics gaps(WorkerHandle handle) const;
    /// What a gap between two of its beats is compared with now.
    GapLimits gapLimitsOf(WorkerHandle handle) const;
    /// What it was before; null where that never changed.
    const PastPaces *pastPaces(WorkerHandle handle) const;
    const FleetEvents &events() const { return m_records.events; }
    FleetFigures figures() const;
    /// Of the workers of the visible sources but departed ones, each kind once.
    std::vector<TraitsRef> kinds() const;
    /// There are workers of systems other than the fleet that the console was made for and hubs: then rows have to say more.
    bool hasOtherSystems() const;
    /// Beats seen in each of the last 60 whole seconds, oldest first.
    std::vector<int> beatRates() const { return m_records.rate.perSecond(viewNow()); }
    /// Of all sources together, since the store was made.
    quint64 beatsSeen() const { return m_records.rate.seen(); }
    /// How many workers of a source are not shown, as the store is full; each counts once.
    int refusedWorkers(SourceId source) const;
    /// How many workers the store holds at most. A smaller limit is for tests.
    int mostWorkers() const { return m_records.mostWorkers; }
    void setMostWorkers(int most) { m_records.mostWorkers = most; }

    static constexpr size_t mostRecordedPauses = 10'000; ///< Further ones are not kept.

    void setDepartedForMs(qint64 ms) { m_departedForMs = ms; }

signals:
    void published(const pulsedeck::FleetChanges &changes);
    /// Every publish(), also when there was no news: for what time alone changes in a view.
    void ticked();
    /// Queues came, went or have other values; once per publish().
    void queuesChanged();
    /// State, name or visibility of a source changed.
    void sourceChanged(pulsedeck::SourceId source);
    void sourceAdded(pulsedeck::SourceId source);
    void sourceRemoved(pulsedeck::SourceId source);
    void pausedChanged(bool paused);

private:
    const SourceRecord &known(SourceId source) const;
    const OrderNote *pauseOrder(const QueueKey &queue, qint64 since, qint64 endedAt) const;
    void reviewTwins();
    void applyNow(const FleetBatch &batch);
    void applyStatusNow(const SourceStatus &status);
    void noticeSleep();

    const Clock &m_clock;
    SleepGauge m_sleep;
    qint64 m_lookedAt; ///< When noticeSleep() last looked.
    FleetRecords m_records;
    LivenessUpdate m_liveness;
    WorkerEnds m_ends;
    WorkerUpdate m_updates;
    qint64 m_departedForMs = 15 * 60 * 1000;
    qint64 m_pausedAt = 0;
    int m_pausedSamples = 0;
    quint64 m_queuesSaid = 0; ///< QueueStore::revision() as views heard of it last.
    std::vector<std::variant<FleetBatch, SourceStatus>> m_heldBack; ///< What came during a pause, in order.
};

} // namespace pulsedeck
