// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/stoppedclock.h"
#include "models/fleet/sourcelistmodel.h"
#include "models/history/history.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace pulsedeck {

/// The times from \a from on in which a source was not connected, or nothing was recorded, by its track; one that lasts has no
/// end.
std::vector<UnknownSpan> unknownSpansOf(const LaneTrack &track, qint64 from);

/// The fleet as a history has it at one moment: a store and a list of sources of its own, which no source fills and nothing can
/// act on. What a history does not keep is unknown: process ids, start times, counts of beats, jobs done. GUI thread.
class PastFleet
{
public:
    static constexpr qint64 beatsOverMs = 20 * 60'000; ///< So far back the beats of a row are asked for.

    explicit PastFleet(const Clock &live);

    /// The lanes of the history, ascending by number; before the first show(), and when a moment has lanes that are not among
    /// them.
    void setLanes(std::vector<HistoryLane> lanes);
    /// All lanes of this moment are among those that were set, with the timings that were in force.
    bool knows(const MomentAnswer &moment) const;
    /// Whose line and rates come with the moment, and of how many those of the others are asked for at once.
    static constexpr size_t queuesAtOnce = 200;
    static constexpr qint64 linesOverMs = 6LL * 3'600'000; ///< So far back the line of a queue goes, as it does now.
    static constexpr qint64 lineStepMs = QueueHistory::coarseStepMs; ///< Its steps before beatsOverMs.
    /// So many queues in all have a line that goes back further than beatsOverMs. Meanwhile some 20 kB are kept for each; 70 kB
    /// for the first queuesAtOnce, as long as the moment is shown. Their lines themselves are as long as those of the present.
    static constexpr size_t mostLines = 2'000;
    static_assert(mostLines % queuesAtOnce == 0, "what is asked for at once has lines or has none");

    /// The lanes whose tracks show() takes for these rows: theirs, and those of all sources, which come first. With \a queues
    /// those of the first queuesAtOnce that were there, too.
    std::vector<LaneId> lanesOf(const std::vector<WorkerHandle> &workers, bool queues = false) const;
    /// Shows this moment. What is not known then is not there. A source that \a live has under the same name is shown with its
    /// settings: its mark, and whether it is hidden. \a tracks has what lanesOf() named, of the beatsOverMs before the moment; a
    /// row without has no beats. Without a moment only the tracks are taken, for the one that is shown.
    void show(const MomentAnswer *moment, const TracksAnswer &tracks, const SourceListModel &live);

    /// The queues of the moment, what a system counts for all of its queues first.
    const std::vector<LaneId> &queueLanes() const { return m_queueLanes; }
    /// How many of them have no line before beatsOverMs, as there are more than mostLines: the last ones.
    size_t queuesWithoutLines() const { return m_queueLanes.size() - std::min(m_queueLanes.size(), mostLines); }
    /// What is to be asked next for the lines of the moment that is shown: of those beyond queuesAtOnce what came lately, then of
    /// mostLines, in steps of lineStepMs, what goes on from beatsOverMs to linesOverMs before the moment. Nothing: all is there.
    std::optional<TracksQuery> wantedLines() const;
    /// \a asked was wantedLines(), and nothing else was shown since.
    void showLines(const TracksQuery &asked, const TracksAnswer &tracks);

    FleetStore &store() { return m_store; }
    const FleetStore &store() const { return m_store; }
    SourceListModel &sources() { return m_sources; }
    qint64 at() const { return m_clock.nowMs(); }
    const Clock &clock() const { return m_clock; }
    /// Something was recorded at that moment.
    bool isKnown() const { return m_known; }
    /// Of a row that is there; noLane for any other.
    LaneId laneOf(WorkerHandle worker) const { return worker < m_laneOf.size() ? m_laneOf[worker] : noLane; }
    /// Of the source itself; several where another kind of source once had its name.
    std::vector<LaneId> lanesOfSource(SourceId source) const;
    /// The worker of this id in the source of this name; noWorker where it was not there then.
    WorkerHandle find(const QString &source, const QByteArray &id, const QString &system) const;

private:
    /// What stays the same of a lane from moment to moment.
    struct alignas(64) Place
    {
        // First what is looked at at every moment, within one line of the cache: of a hundred thousand lanes the rest is best
        // left alone.
        LaneCore state; ///< As its row shows it.
        WorkerHandle handle = noWorker; ///< Its row; a parked one while no worker at all was there.
        quint32 version = 0; ///< The mark of its words.
        SourceId source = 0; ///< 0: it was not looked for yet.
        LaneKind kind = LaneKind::Worker; ///< Of the lane.
        bool versionShown = false;
        bool isDescribed = false; ///< Its row has the words of this lane.
        TraitsRef traits;
        HistoryLane lane;
    };

    const Place *placeOf(LaneId lane) const;
    Place *placeOf(LaneId lane) { return const_cast<Place *>(std::as_const(*this).placeOf(lane)); }
    SourceId sourceOf(const Place &place, const SourceListModel &live);
    void prefetchLane(LaneId lane, LaneId next) const;
    void showMoment(const MomentAnswer &moment, const SourceListModel &live);
    void showTracks(const TracksAnswer &answer);
    void showWorker(Place &place, const LaneState &state);
    void showQueue(const Place &place, const LaneTrack &track, bool keep);
    void showBefore(const Place &place, const LaneTrack &track);
    void restoreQueue(const Place &place);

    StoppedClock m_clock;
    FleetStore m_store;
    SourceListModel m_sources;
    std::vector<Place> m_places;
    std::vector<quint32> m_rounds; ///< Of each place, the moment in which it was last: by itself, as all are looked at each time.
    std::vector<quint32> m_placeOf; ///< By lane: its number in m_places, counted from 1.
    std::vector<LaneId> m_sourceLanes;
    std::vector<LaneId> m_queueLanes; ///< Of the moment that is shown.
    /// What is known of a queue over time: hours before, and up to the moment.
    struct Samples
    {
        std::vector<QueueSample> before;
        std::vector<QueueSample> lately;
    };
    std::map<LaneId, Samples> m_samples; ///< Of the moment that is shown: of those of which more is to come.
    size_t m_latelyShown = 0; ///< So many of m_queueLanes have what came lately.
    size_t m_linesShown = 0; ///< So many have their lines of before.
    std::map<QString, SourceId> m_sourceIds;
    std::vector<LaneId> m_laneOf; ///< By handle, as last shown.
    std::vector<WorkerHandle> m_beating; ///< Rows with beats.
    quint32 m_round = 0;
    bool m_known = false;
};

} // namespace pulsedeck
