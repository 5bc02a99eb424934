// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/history/compression.h"
#include "app/journal/databasefile.h"
#include "models/history/segmentblock.h"

#include <QCoreApplication>
#include <QSqlQuery>

#include <functional>
#include <map>
#include <memory>

namespace pulsedeck {

/// One connection to a history file. What is in it:
///   run      one row for each recording by one process
///   segment  one row for each five minutes of a run, with its overview by the minute
///   beats, states, fine, minute   of a segment, by blocks of 512 lanes: beats; states at its begin and changes; levels of detail
///   coarse   of a segment, one cell for each lane
///   lane     the lanes, by blocks of their numbers; lanelast until when each is known
///   tail     what came since the last segment was sealed, a row for each half second
///   event    what happened beyond the beats
///   exported only there if it is a span of another history: when it was made
/// Bytes are compressed. One thread.
class HistoryFile : public DatabaseFile
{
    Q_DECLARE_TR_FUNCTIONS(HistoryFile)

public:
    static constexpr int pageSize = 4'096;

    enum class Part { Beats, States, Fine, Minute };

    HistoryFile(const QString &path, Mode mode)
        : DatabaseFile(path, mode)
    { }
    ~HistoryFile() override { closeFile(); }

    /// Instead of close().
    void closeFile();
    /// A statement that is prepared once; its values are to be bound again. Valid until closeFile().
    QSqlQuery &statement(const QString &text);
    /// Runs \a work in one transaction; it gives false with its error in lastError().
    bool inTransaction(const std::function<bool()> &work);
    bool execute(const QString &text, const QVariantList &values = {});
    const QSqlError &lastError() const { return m_error; }
    Compression &compression() { return m_compression; }

    /// Bytes in use: pages that are free again do not count.
    qint64 bytesInUse();
    bool readRuns(std::vector<HistoryRun> *runs);
    /// Those that touch [from, to), in the order they were recorded.
    bool readSegments(qint64 from, qint64 to, std::vector<SegmentInfo> *segments);
    enum class Found { Yes, No, Damaged };
    /// Decompressed; No if the segment has nothing of that block.
    Found readPart(Part part, qint64 segment, LaneId block, QByteArray *bytes);
    Found readBlob(const QString &text, qint64 key, QByteArray *bytes);
    /// The blocks a segment has, ascending.
    bool readBlocks(qint64 segment, std::vector<LaneId> *blocks);
    bool writePart(Part part, qint64 segment, LaneId block, QByteArrayView bytes);
    bool readLanes(std::vector<HistoryLane> *lanes);
    /// Of one block of numbers.
    bool writeLanes(LaneId block, std::span<const HistoryLane> lanes, bool described);
    bool readEvents(const EventsQuery &query, EventsAnswer *answer);
    bool writeEvents(std::span<const HistoryEvent> events);
    /// Everything is in it: from now on it is only read, and needs no files next to it.
    DatabaseTrouble endExport();
    /// Removes what a segment has, in one transaction.
    bool removeSegment(qint64 segment);

    static qint64 keyOf(qint64 segment, LaneId block) { return (segment << 24) | qint64(block); }

protected:
    DatabaseTrouble say(Failure failure, const QString &detail) const override;
    DatabaseTrouble prepare(qint64 maxBytes) override;

private:
    DatabaseTrouble makeSchema();
    bool failed(const QSqlQuery &query);

    std::map<QString, std::unique_ptr<QSqlQuery>> m_statements;
    QSqlError m_error;
    Compression m_compression;
};

} // namespace pulsedeck
