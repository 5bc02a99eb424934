// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/history/foldcache.h"
#include "app/history/segmentreader.h"
#include "models/history/lanefold.h"

#include <QObject>
#include <QSemaphore>
#include <QThreadPool>

namespace pulsedeck {

/// The reading half of SqlHistory: answers questions on a thread and a connection of its own. A part that is damaged is left
/// out, and unreadable() names its time.
class HistoryReader : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype cacheBytes = 32 << 20;
    /// A view that needs more beats than this is made of the levels of detail.
    static constexpr quint64 mostBeats = 12'000'000;
    static constexpr double beatsOfCell = 4; ///< What adding one cell of a level costs, in beats.
    /// A question about at least so many beats is shared with a second thread; a fold unless it has so many cells that adding up
    /// two of them costs as much.
    static constexpr quint64 sharedBeats = 500'000;
    static constexpr qint64 sharedCells = 4'000'000;
    /// Of a segment with more steps than this, as one that has a beat of long before, no rows are kept.
    static constexpr qint64 mostKeptSteps = 1'000;
    static constexpr qint64 openOverviewMs = 5'000; ///< So old the overview of the segment being recorded may be.

    /// \a exactBeats: instead of mostBeats.
    HistoryReader(const QString &path, HistoryShared &shared, quint64 exactBeats = mostBeats);
    ~HistoryReader() override;

    void answer(const HistoryQuery &query, quint64 token);

signals:
    void answered(quint64 token, const pulsedeck::SharedHistoryAnswer &answer);
    void unreadable(qint64 from, qint64 to);

private:
    HistoryAnswer answerTo(const LanesQuery &query);
    HistoryAnswer answerTo(const TracksQuery &query);
    HistoryAnswer answerTo(const FoldQuery &query);
    HistoryAnswer answerTo(const EventsQuery &query);
    HistoryAnswer answerTo(const OverviewQuery &query);
    HistoryAnswer answerTo(const MomentQuery &query);
    HistoryAnswer answerTo(const SpansQuery &query);

    /// Reads these blocks of a segment and calls \a work(half, std::vector<PackedBlock>), which says false if one of them is
    /// damaged: once with all of them, as half 0, or if they are \a shared twice at the same time, on a thread each.
    /// False if one of them is.
    template <typename Work>
    bool inHalves(const HistorySegment &segment, const std::vector<LaneId> &blocks, bool shared, Work work);
    std::vector<OverviewCell> overviewOf(const HistorySegment &open);
    /// A view that is being folded.
    struct FoldTask
    {
        qint64 levelMs = 0; ///< As FoldAnswer has it.
        bool isShared = false; ///< By two threads.
        std::vector<LaneId> blocks; ///< That have lanes of it.
        std::vector<qint32> rowOf; ///< By lane; -1 for none.
        std::vector<FoldCache::RowName> names; ///< Of its rows.
    };
    /// Of rows whose \a places is not negative, into that place of \a folds, which are two if the task is shared. False if a part
    /// of the segment is damaged; it is left out.
    bool foldSegment(const HistorySegment &segment, const FoldTask &task, const std::vector<qint32> &places,
                     std::vector<LaneFold> &folds);
    /// Adds a sealed segment from what is kept of its rows, in steps of \a stepMs; what is not kept is folded, and kept.
    void addKept(const HistorySegment &segment, const FoldTask &task, qint64 stepMs, LaneFold &fold);

    HistoryShared &m_shared;
    const quint64 m_exactBeats;
    SegmentReader m_segments;
    FoldCache m_kept;
    QThreadPool m_helper; ///< Of one thread, for one half of what is shared.
    QSemaphore m_helped; ///< Released when its half is done. Kept, as the thread may still be inside of release() then.
    qint64 m_openSegment = 0; ///< Whose overview is kept.
    qint64 m_openUntil = 0;
    std::vector<OverviewCell> m_openOverview;
};

} // namespace pulsedeck
