// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/chunkedvector.h"
#include "models/core/sleepgauge.h"
#include "models/fleet/beathistory.h"
#include "models/fleet/drainstanding.h"
#include "models/fleet/fleetbatch.h"
#include "models/fleet/fleetevents.h"
#include "models/fleet/kindpace.h"
#include "models/fleet/liveness.h"
#include "models/fleet/pastends.h"
#include "models/sources/sourcestatus.h"

#include <QHash>
#include <QObject>

#include <array>
#include <deque>
#include <variant>
#include <vector>

namespace pulsedeck {

/// Counts over the workers of the visible sources: the figures of the header.
struct FleetFigures
{
    int alive = 0; ///< Includes new ones; excludes draining and shutting down.
    int settling = 0; ///< No beat seen yet and no age proven.
    int late = 0;
    int stale = 0;
    int crashed = 0;
    int hung = 0;
    int keyLost = 0;
    int draining = 0; ///< Draining or shutting down, and alive.
    int zombie = 0; ///< Counters without a key, but for those of a worker that ended in order.
    int zombieUnseen = 0; ///< Of those: nobody saw the worker end.
    int noTtl = 0;
    int unknown = 0;
    int departed = 0;
    int total = 0; ///< All but departed.
    bool blind = false; ///< A source is lost or was never read: what is counted here is not all there is.
    bool sessionsUnknown = false; ///< No source is in view: there is no sum of sessions to give.
    int actors = 0; ///< Of total: registered at hubs.
    /// Those needsAttention() names: what headings, saved views and the filter liveness:attention count too.
    int attention = 0;
    /// Sum of the known, non-negative counters of workers whose key is there; not of sources that are lost.
    qint64 activeSessions = 0;
    double beatsPerSecond = 0; ///< Over the last five seconds.
};

/// A drain that was ordered from a console, as its key says.
struct DrainNote
{
    QString by;
    QString reason;
    qint64 at = 0; ///< By the clock of that console's machine, Unix ms: Clock::fromWall() makes it comparable, roughly.
};

/// What changed since the last publish: the views' only news.
struct FleetChanges
{
    std::vector<WorkerHandle> added;
    std::vector<WorkerHandle> changed; ///< Each once; those added are not repeated here.
    std::vector<WorkerHandle> removed; ///< Their places are free again after the signal returns.
    bool reset = false; ///< Everything may have changed: look anew.
};

/// Everything the console knows of the fleet, as plain data in contiguous vectors. Lives on the GUI thread. Batches
/// are applied as they come; views hear of it once per publish(), which the application calls every 50 to 100 ms.
/// A departed worker stays for departedForMs(); at most maxDeparted are kept, the oldest give way.
class FleetStore : public QObject
{
    Q_OBJECT

public:
    static constexpr int maxWorkers = 250'000; ///< Beyond it new workers are counted in refusedWorkers() and not shown.
    static constexpr int maxDeparted = 20'000;
    static constexpr int maxUnknownSpans = 256; ///< Per source.
    static constexpr int maxPausedSamples = 300'000; ///< A pause ends by itself when so much has come.
    static constexpr int rateSeconds = 60;
    static constexpr qsizetype maxCapabilities = 64; ///< Of one actor; more are not kept.
    static constexpr qsizetype maxActorText = 256; ///< Characters of a display name or one capability.

    explicit FleetStore(const Clock &clock, QObject *parent = nullptr);
    ~FleetStore() override;

    // Sources -----------------------------------------------------------------------------------------------------
    /// \a traits are taken for its own until it has told them.
    void addSource(SourceId source, const QString &name, TraitsRef traits = {});
    /// Takes its workers away without calling them departed.
    void removeSource(SourceId source);
    void setSourceName(SourceId source, const QString &name);
    void setSourceVisible(SourceId source, bool visible);
    /// Its workers are shown and counted: it is not hidden, and no other visible source shows the same ones.
    bool isSourceVisible(SourceId source) const;
    /// The source before it that reads the same database of the same server and is shown instead of it; 0 for none.
    SourceId twinOf(SourceId source) const;
    QString sourceName(SourceId source) const;
    SourceStatus sourceStatus(SourceId source) const;
    std::vector<SourceId> sources() const;
    /// All workers of the source but departed ones; of a source that is lost, as they were then.
    int sourceWorkerCount(SourceId source) const;
    /// Whether sourceWorkerCount() says how many there are now: the source is connected, and some were read or all
    /// there are.
    bool isCountKnown(SourceId source) const;
    const std::vector<UnknownSpan> &unknownSpans(SourceId source) const;
    const TimingProfile &timing(SourceId source) const;
    /// When the interval in force was last seen to change; 0 if it never was.
    qint64 intervalSince(SourceId source) const;
    /// What this worker's age is held against: told by the source's profile, or measured where nobody told it.
    Thresholds thresholds(WorkerHandle handle) const;
    /// After how long a draining worker is forced out, in milliseconds: told, or seen twice;
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
    /// Null if nobody saw it end; of this run, too.
    const PastEnd *pastEnd(SourceId source, const QByteArray &id) const;
    /// How many rows are counters of a worker that nobody saw end.
    int unseenZombies() const;
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
    int capacity() const { return int(m_workers.size()); }
    const Worker &worker(WorkerHandle handle) const { return m_workers[handle]; }
    const BeatHistory &beats(WorkerHandle handle) const { return m_beats[handle]; }
    /// noWorker when there is none.
    WorkerHandle find(SourceId source, const QByteArray &id) const;
    WorkerHandle findSerial(quint32 serial) const;
    /// "chromium"; empty for a worker without a type.
    const QString &typeName(quint16 type) const { return m_typeNames[type]; }
    int typeCount() const { return int(m_typeNames.size()); }
    /// The status in words, also for WorkerStatus::Other.
    QString statusText(WorkerHandle handle) const;
    /// What is wrong with its fields, in words; empty for nearly all.
    QStringList problems(WorkerHandle handle) const;
    /// Who ordered its drain, when and why; empty fields for nearly all.
    DrainNote drainNote(WorkerHandle handle) const;
    /// drainedAt of the operator's drain it is in, if that is proven to be the one its note tells of; 0 if it is not.
    qint64 provenDrain(WorkerHandle handle) const;
    /// What a hub's registry says of it; null for a worker that is no actor.
    const ActorFacts *actor(WorkerHandle handle) const;
    GapStatistics gaps(WorkerHandle handle) const;
    const FleetEvents &events() const { return m_events; }
    FleetFigures figures() const;
    /// Beats seen in each of the last rateSeconds whole seconds, oldest first.
    std::vector<int> beatRates() const;
    /// Of all sources together, since the store was made.
    quint64 beatsSeen() const { return m_beatsSeen; }
    int refusedWorkers() const { return m_refused; }

    qint64 departedForMs() const { return m_departedForMs; }
    void setDepartedForMs(qint64 ms) { m_departedForMs = ms; }

signals:
    void published(const pulsedeck::FleetChanges &changes);
    /// Every publish(), also when there was no news: for what time alone changes in a view.
    void ticked();
    /// State, name or visibility of a source changed.
    void sourceChanged(pulsedeck::SourceId source);
    void sourceAdded(pulsedeck::SourceId source);
    void sourceRemoved(pulsedeck::SourceId source);
    void pausedChanged(bool paused);

private:
    struct Source
    {
        QString name;
        SourceStatus status;
        std::vector<WorkerHandle> handles; ///< By WorkerNumber; noWorker where there is none.
        QHash<QByteArray, WorkerHandle> byId;
        std::vector<UnknownSpan> unknown;
        int count = 0;
        qint64 connectedAt = 0; ///< What was read before is not true any more: those workers are unknown until read again.
        qint64 lostAt = 0;
        std::vector<KindPace> kinds; ///< By type number: intervals measured of late.
        qint64 lastCutMs = 0; ///< How long the last drain took that ended with sessions left.
        qint64 drainSeenMs = TimingProfile::unknownDrain; ///< The drain timeout as two such drains agreed on it.
        bool paceChanged = false; ///< Workers without an interval of their own are to be judged anew.
        SourceId twin = 0; ///< See twinOf().
        qint64 intervalSince = 0; ///< When workers were told another interval: gaps are counted anew from there.
        bool visible = true;
        bool present = false;
        bool everLoaded = false; ///< The first full view is behind it: what appears now is newly registered.
    };
    struct Notes
    {
        QString statusText;
        QStringList problems;
        DrainNote drain;
    };
    struct Tally
    {
        int alive = 0, settling = 0, late = 0, stale = 0, crashed = 0, hung = 0, keyLost = 0, draining = 0, zombie = 0,
            zombieUnseen = 0, noTtl = 0, unknown = 0, departed = 0, actors = 0, attention = 0;
        qint64 sessions = 0;
        void add(const Worker &worker, int sign);
    };

    void reviewTwins();
    Source *sourceOf(SourceId source);
    const Source *sourceOf(SourceId source) const;
    void applyNow(const FleetBatch &batch);
    void applyStatusNow(const SourceStatus &status);
    void noticeSleep();
    void prepareFor(const Source &source, const QList<WorkerSample> &samples, qsizetype index) const;
    void applyText(SourceId sourceId, Source &source, const WorkerText &text, qint64 at);
    void applyActor(Source &source, const ActorFacts &facts);
    void applySample(Source &source, const WorkerSample &sample, qint64 at);
    void applyRemoved(Source &source, WorkerNumber number, qint64 at);
    WorkerHandle allocate(SourceId source);
    void release(WorkerHandle handle);
    void depart(WorkerHandle handle, WorkerEnd end, qint64 at);
    void shelve(WorkerHandle handle, qint64 shelvedAt);
    void derive(WorkerHandle handle, qint64 now);
    void noteLiveness(WorkerHandle handle, qint64 now);
    void deriveDue(size_t block, qint64 now);
    void deriveAll(SourceId source, qint64 now);
    void takeBeat(Source &source, WorkerHandle handle, const WorkerSample &sample);
    void takeEnd(WorkerHandle handle, const WorkerSample &sample);
    bool recallEnd(WorkerHandle handle);
    void takeStatus(WorkerHandle handle, const WorkerSample &sample, WorkerFlags before);
    void takeReturn(WorkerHandle handle, const WorkerSample &sample);
    void takeKeyLost(WorkerHandle handle, const WorkerSample &sample);
    void judgeDrain(const Source &source, WorkerHandle handle, const WorkerSample &sample, WorkerFlags before);
    void flagForgotten(WorkerHandle handle, WorkerFlag flag, FleetEventKind kind, qint64 at);
    void measure(Source &source, WorkerHandle handle);
    void noteCut(Source &source, qint64 drainMs);
    void deriveUnmeasured(Source &source, qint64 now);
    Thresholds thresholdsIn(const Source &source, const Worker &worker) const;
    void touch(WorkerHandle handle);
    void note(WorkerHandle handle, FleetEventKind kind, qint64 at, qint32 a = 0, qint32 b = 0);
    void countBeat(qint64 at);
    void reviewDeparted(qint64 now);
    quint16 internType(const QByteArray &type);

    static constexpr size_t changeBlock = 256;
    static constexpr qint64 never = std::numeric_limits<qint64>::max();

    const Clock &m_clock;
    SleepGauge m_sleep;
    qint64 m_lookedAt; ///< When noticeSleep() last looked.
    ChunkedVector<Worker> m_workers;
    ChunkedVector<BeatHistory> m_beats;
    std::vector<quint8> m_touched; ///< By handle: 0 untouched, 1 changed, 2 added, since the last publish.
    std::vector<WorkerHandle> m_free;
    std::vector<Source> m_sources; ///< By SourceId.
    std::vector<Tally> m_tallies; ///< By SourceId.
    std::vector<QString> m_typeNames;
    QHash<QByteArray, quint16> m_types;
    QHash<WorkerHandle, Notes> m_notes;
    QHash<WorkerHandle, qint64> m_crashedAt; ///< When it was last found so.
    QHash<WorkerHandle, DrainStanding> m_drains; ///< Of those that have a note.
    QHash<WorkerHandle, ActorFacts> m_actors;
    QHash<quint32, WorkerHandle> m_serials;
    std::vector<qint64> m_nextChange; ///< By handle: when liveness must be derived again without news, 0 for never.
    std::vector<qint64> m_nextInBlock; ///< Not later than the first of each changeBlock of them.
    struct Departed
    {
        WorkerHandle handle = noWorker;
        qint64 endedAt = 0;
        qint64 shelvedAt = 0; ///< When it ended; for one that an earlier run saw end, when it was found.
    };
    std::deque<Departed> m_departed; ///< In the order of shelvedAt.
    PastEnds m_pastEnds;
    std::vector<WorkerHandle> m_leaving; ///< Released since the last publish; their places are not free yet.
    FleetChanges m_changes;
    FleetEvents m_events;
    std::array<int, rateSeconds + 1> m_rates{};
    qint64 m_rateSecond = 0;
    quint64 m_beatsSeen = 0;
    qint64 m_departedForMs = 15 * 60 * 1000;
    qint64 m_pausedAt = 0;
    int m_pausedSamples = 0;
    std::vector<std::variant<FleetBatch, SourceStatus>> m_heldBack; ///< What came during a pause, in order.
    quint32 m_nextSerial = 1;
    int m_refused = 0;
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::FleetChanges)
