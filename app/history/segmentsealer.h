// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/history/historyfile.h"

namespace pulsedeck {

/// Writes one segment into a file, block by block, so that other work goes on in between: blocks are there before the segment is,
/// and count only then. \a states and \a beats are as OpenSegment gives them.
class SegmentSealer
{
public:
    /// Under the segment's own number.
    SegmentSealer(HistoryFile &file, const SegmentInfo &info)
        : m_file(file)
        , m_info(info)
        , m_levels(info)
    { }

    /// In a transaction of the caller's. False if it cannot be written; HistoryFile::lastError() says why.
    bool addBlock(LaneId block, const QByteArray &states, const QByteArray &beats);
    /// Makes it count.
    bool finish();

private:
    HistoryFile &m_file;
    SegmentInfo m_info;
    SegmentLevels m_levels;
};

} // namespace pulsedeck
