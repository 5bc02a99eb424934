// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/lanepicture.h"
#include "ui/timeline/lanestory.h"

#include <QHash>
#include <QObject>

#include <map>
#include <memory>

namespace pulsedeck {

/// What a History has of the lanes that are looked at: asks for what is missing, keeps what came, and answers from that, so that
/// the page never waits. GUI thread. Of single lanes at most mostStories are kept, and of all of them mostBeats, those asked for
/// last.
class LanePast : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t mostStories = 2'000;
    static constexpr size_t mostBeats = 6'000'000; ///< 48 MB; what is shown is kept even if it has more.
    static constexpr size_t mostGone = 2'000; ///< Lanes without a worker that get a row, those that ended last.

    LanePast(const FleetStore &store, History &history, QObject *parent = nullptr);

    /// Asks which lanes and spans there are; again at most every ten seconds.
    void look(qint64 from, qint64 to);
    HistoryState state() const { return m_history.state(); }
    /// The first moment that was recorded; 0: none.
    qint64 earliest() const { return m_earliest; }
    /// Times between two recordings.
    const std::vector<LaneTimes> &unwatched() const { return m_unwatched; }
    /// The lane of a worker; noLane if the history has none.
    LaneId laneOf(WorkerHandle handle);
    /// Lanes that are in no row of the store, the last ones first, at most mostGone.
    const std::vector<HistoryLane> &gone() const { return m_gone; }
    /// There are more than mostGone of them: the others have no row.
    bool hasMoreGone() const { return m_moreGone; }
    /// All there were when they were asked for last, by id.
    const std::vector<HistoryLane> &lanes() const { return m_directory->lanes; }
    /// Null for one that was not there when lanes were asked for last.
    const HistoryLane *lane(LaneId id) const;

    /// What is known of the lane in this span; null while it is not, and then it is asked for by want().
    std::shared_ptr<const LaneStory> story(LaneId lane, qint64 from, qint64 to) const;
    void want(const std::vector<LaneId> &lanes, qint64 from, qint64 to);
    /// The answer to the last wantFold() whose rows were \a keys: a row for each of them.
    std::shared_ptr<const FoldAnswer> fold(const std::vector<quint64> &keys) const;
    void wantFold(const std::vector<LaneRange> &ranges, const std::vector<WorkerHandle> &order, qint64 from, qint64 bucketMs,
                  int buckets);
    const std::vector<HistoryEvent> &events() const { return m_events; }
    const OverviewAnswer &overview() const { return m_overview; }
    /// The same as the overview bar takes it, in its own steps: what the store remembers is in them.
    LaneOverview wholeTime() const;

signals:
    /// Something came that was asked for.
    void changed();
    void lanesChanged(); ///< gone() may be others.
    void eventsChanged();
    void overviewChanged();

private:
    struct Kept
    {
        std::shared_ptr<const LaneStory> story;
        qint64 from = 0;
        qint64 to = 0;
        quint64 used = 0;
    };
    using Stories = std::vector<std::pair<LaneId, std::shared_ptr<const LaneStory>>>;
    /// The lanes of a history, made findable: away from the GUI thread, as there may be a hundred thousand.
    struct Directory
    {
        std::vector<HistoryLane> lanes; ///< By id, sorted.
        QHash<QString, LaneId> byName;
        bool isCut = false; ///< More have ended than `ended` has.
        std::vector<HistoryLane> ended; ///< Of which nothing came from `before` on, the last ones first; twice mostGone at most.
    };
    static std::shared_ptr<const Directory> directoryOf(const SharedHistoryAnswer &answer, qint64 before);
    static QString nameOf(const QString &source, const QString &system, const QByteArray &id);
    void take(quint64 token, const SharedHistoryAnswer &answer);
    void takeDirectory(std::shared_ptr<const Directory> directory);
    void readTracks(const SharedHistoryAnswer &answer);
    void takeStories(const Stories &stories);
    void makeRoom();
    using FoldRows = std::vector<std::pair<size_t, size_t>>; ///< What of an answer each row is made of: its first row, and the
                                                             ///< one behind the last.
    static std::shared_ptr<const FoldAnswer> rowsOf(const FoldAnswer &answer, const FoldRows &rows);
    void readFold(const SharedHistoryAnswer &answer);
    void takeFold(quint64 token, std::shared_ptr<const FoldAnswer> fold);
    void takeOverview(const OverviewAnswer &answer);
    void askTracks();
    bool wasWatched(qint64 at) const;

    const FleetStore &m_store;
    History &m_history;
    qint64 m_earliest = 0;
    std::vector<LaneTimes> m_runs;
    std::vector<LaneTimes> m_unwatched;
    std::shared_ptr<const Directory> m_directory = std::make_shared<Directory>();
    std::vector<std::pair<quint32, LaneId>> m_laneOf; ///< By handle: the serial it is for, and its lane.
    std::vector<HistoryLane> m_gone;
    bool m_moreGone = false;
    std::map<LaneId, Kept> m_stories;
    quint64 m_used = 0;
    std::vector<LaneId> m_wanted; ///< Tracks to be asked for.
    qint64 m_wantedFrom = 0;
    qint64 m_wantedTo = 0;
    qint64 m_tracksFrom = 0; ///< Of the question under way.
    qint64 m_tracksTo = 0;
    std::shared_ptr<const FoldAnswer> m_fold;
    std::vector<quint64> m_foldKeys;
    std::vector<quint64> m_askedKeys;
    FoldRows m_askedRows; ///< For each of them.
    FoldQuery m_askedFold;
    std::vector<quint32> m_inFold; ///< By lane: the number of the fold that has it.
    quint32 m_foldNumber = 0;
    std::vector<HistoryEvent> m_events;
    qint64 m_eventsFrom = 0;
    qint64 m_eventsTo = 0;
    OverviewAnswer m_overview;
    qint64 m_lookedAt = 0;
    qint64 m_lanesAt = 0;
    bool m_strangers = false; ///< Workers were asked about that have no lane so far.
    qint64 m_eventsAt = 0;
    quint64 m_lanesToken = 0;
    quint64 m_tracksToken = 0; ///< 0: none is under way.
    quint64 m_foldToken = 0;
    quint64 m_eventsToken = 0;
    quint64 m_overviewToken = 0;
    const quint64 m_asker; ///< And the four numbers after it.
};

} // namespace pulsedeck
