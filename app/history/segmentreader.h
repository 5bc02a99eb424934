// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/history/historyfile.h"
#include "app/history/historyshared.h"
#include "models/history/history.h"

#include <QCache>

#include <functional>

namespace pulsedeck {

/// A segment of a history, sealed or still being recorded.
struct HistorySegment
{
    SegmentInfo info;
    std::shared_ptr<const OpenSegment> open; ///< Null if it is sealed.
};

/// A block of lanes of a segment as it is kept. A value, so that any thread can decode it.
struct PackedBlock
{
    LaneId number = 0;
    qint64 begins = 0; ///< SegmentInfo::begins.
    QByteArray states;
    QByteArray beats;

    bool isEmpty() const { return states.isEmpty() && beats.isEmpty(); }
    /// Whether it is sound is to be asked of what is returned.
    SegmentBlock decoded() const { return {number, begins, states, beats}; }
};

/// Reads a history through a connection of its own that cannot write: what is sealed from the file, its bytes kept in a cache,
/// and what is not sealed yet from HistoryShared. A part that is damaged is left out. One thread.
class SegmentReader
{
public:
    using Damaged = std::function<void(qint64 from, qint64 to)>;
    /// Blocks that are kept as they were decoded by block(), 5 MB: who scrubs or pans asks for the same lanes again and again.
    static constexpr qsizetype mostDecoded = 64;

    /// \a cacheBytes are kept at most. \a damaged is called with the time of each damaged part that is met.
    SegmentReader(const QString &path, HistoryShared &shared, qsizetype cacheBytes, Damaged damaged);

    /// Opens the file; again, if another one is at its path meanwhile.
    DatabaseTrouble open();
    HistoryFile &file() { return m_file; }

    /// Those that touch [from, to), in the order they were recorded.
    std::vector<HistorySegment> segments(qint64 from, qint64 to);
    std::vector<LaneId> blocksOf(const HistorySegment &segment);
    /// Empty if there is nothing, or it is damaged.
    QByteArray part(const HistorySegment &segment, HistoryFile::Part part, LaneId block);
    /// Empty if there is nothing, or one of its two parts is damaged: states without their beats would be gaps, and beats without
    /// states of no known worker. What it holds may be wrong all the same.
    PackedBlock packedBlock(const HistorySegment &segment, LaneId block);
    /// Null if there is nothing, or it is damaged.
    std::shared_ptr<const SegmentBlock> block(const HistorySegment &segment, LaneId block);
    std::vector<HistoryRun> runs();
    /// The lanes of which something is known in [from, to), by number.
    std::vector<HistoryLane> lanes(qint64 from, qint64 to);
    void noteDamage(const HistorySegment &segment) { m_damaged(segment.info.begins, segment.info.ends); }

private:
    struct Bytes
    {
        HistoryFile::Found found = HistoryFile::Found::No;
        QByteArray bytes;
    };

    struct Decoded
    {
        qint64 begins = 0; ///< SegmentInfo::begins: a file that was emptied numbers from the beginning again.
        std::shared_ptr<const SegmentBlock> block;
    };

    Bytes bytesOf(const HistorySegment &segment, HistoryFile::Part part, LaneId block);

    HistoryFile m_file;
    HistoryShared &m_shared;
    QCache<QPair<qint64, int>, Bytes> m_cache; ///< By HistoryFile::keyOf() and part.
    QCache<qint64, Decoded> m_decoded{mostDecoded}; ///< Of sealed segments, by HistoryFile::keyOf().
    const Damaged m_damaged;
};

} // namespace pulsedeck
