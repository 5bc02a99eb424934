// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/history/historyfile.h"
#include "app/history/historyshared.h"
#include "models/history/history.h"

#include <QCache>
#include <QObject>

namespace pulsedeck {

/// The reading half of SqlHistory, on a thread and a connection of its own that cannot write. What is sealed comes from the file,
/// its bytes kept in a cache; what is not sealed yet from HistoryShared. A part that is damaged is left out, and unreadable()
/// names its time.
class HistoryReader : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype cacheBytes = 32 << 20;
    /// A view that needs more beats than this is made of the levels of detail.
    static constexpr quint64 mostBeats = 12'000'000;
    static constexpr double beatsOfCell = 4; ///< What adding one cell of a level costs, in beats.
    static constexpr qint64 openOverviewMs = 5'000; ///< So old the overview of the segment being recorded may be.

    HistoryReader(const QString &path, HistoryShared &shared);
    ~HistoryReader() override;

    void answer(const HistoryQuery &query, quint64 token);
    void exportSpan(qint64 from, qint64 to, const QString &path, quint64 token);

signals:
    void answered(quint64 token, const pulsedeck::SharedHistoryAnswer &answer);
    void exported(quint64 token, const QString &error);
    void unreadable(qint64 from, qint64 to);

private:
    struct Segment
    {
        SegmentInfo info;
        std::shared_ptr<const OpenSegment> open; ///< Null if it is sealed.
    };
    struct Bytes
    {
        HistoryFile::Found found = HistoryFile::Found::No;
        QByteArray bytes;
    };

    HistoryAnswer answerTo(const LanesQuery &query);
    HistoryAnswer answerTo(const TracksQuery &query);
    HistoryAnswer answerTo(const FoldQuery &query);
    HistoryAnswer answerTo(const EventsQuery &query);
    HistoryAnswer answerTo(const OverviewQuery &query);
    HistoryAnswer answerTo(const MomentQuery &query);
    HistoryAnswer answerTo(const SpansQuery &query);

    std::vector<Segment> segments(qint64 from, qint64 to);
    std::vector<LaneId> blocksOf(const Segment &segment);
    QByteArray part(const Segment &segment, HistoryFile::Part part, LaneId block);
    /// Null if there is nothing, or it is damaged.
    std::unique_ptr<SegmentBlock> block(const Segment &segment, LaneId block);
    void noteDamage(const Segment &segment);
    std::vector<HistoryRun> runs();
    std::vector<OverviewCell> overviewOf(const Segment &open);
    bool copySegment(HistoryFile &file, const Segment &segment);
    QString writeExport(HistoryFile &file, qint64 from, qint64 to);

    HistoryFile m_file;
    HistoryShared &m_shared;
    QCache<QPair<qint64, int>, Bytes> m_cache; ///< By HistoryFile::keyOf() and part.
    qint64 m_openSegment = 0; ///< Whose overview is kept.
    qint64 m_openUntil = 0;
    std::vector<OverviewCell> m_openOverview;
};

} // namespace pulsedeck
