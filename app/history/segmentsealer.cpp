// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/segmentsealer.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

bool SegmentSealer::addBlock(LaneId block, const QByteArray &states, const QByteArray &beats)
{
    const SegmentBlock decoded(block, m_info.begins, states, beats);
    Q_ASSERT(decoded.isSound());
    const SegmentLevels::Cells cells = m_levels.addBlock(decoded);
    // Again, with the usual gap of these five minutes: what came was packed before that was known.
    BeatBlock::Writer writer(block, m_info.begins);
    bool hasBeats = false;
    decoded.eachLane([&](LaneId lane, const LaneState &, auto, const PackedBeats *packed) {
        if (packed) {
            writer.addAgain(lane, *packed);
            hasBeats = true;
        }
    });
    using Part = HistoryFile::Part;
    return (!hasBeats || m_file.writePart(Part::Beats, m_info.id, block, writer.finish().view()))
           && m_file.writePart(Part::States, m_info.id, block, states)
           && m_file.writePart(Part::Fine, m_info.id, block, packCells(cells.fine, m_info.begins).view())
           && m_file.writePart(Part::Minute, m_info.id, block, packCells(cells.minutes, m_info.begins).view());
}

bool SegmentSealer::finish()
{
    return m_file.execute(u"INSERT OR REPLACE INTO coarse (key, packed) VALUES (?, ?)"_s,
                          {m_info.id, m_file.compression().compress(packCells(m_levels.coarse(), m_info.begins).view())})
           && m_file.execute(u"INSERT OR REPLACE INTO segment (id, run, begins, ends, earliest, latest, beats, overview) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s,
                             {m_info.id, m_info.run, m_info.begins, m_info.ends, m_info.earliest, m_info.latest, m_info.beats,
                              packOverview(m_levels.overview(), m_info.begins).toByteArray()});
}

} // namespace pulsedeck
