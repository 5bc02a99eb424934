// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/segmentreader.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

SegmentReader::SegmentReader(const QString &path, HistoryShared &shared, qsizetype cacheBytes, Damaged damaged)
    : m_file(path, HistoryFile::Mode::Read)
    , m_shared(shared)
    , m_cache(cacheBytes)
    , m_damaged(std::move(damaged))
{ }

DatabaseTrouble SegmentReader::open()
{
    if (m_file.isOpen() && !m_file.isSameFile()) {
        m_file.closeFile();
        m_cache.clear();
        m_decoded.clear();
    }
    return m_file.open();
}

/// In the order they were recorded.
std::vector<HistorySegment> SegmentReader::segments(qint64 from, qint64 to)
{
    std::vector<HistorySegment> open;
    {
        // Before the file is asked: one that is sealed in between is met twice, and never missed.
        const QMutexLocker lock(&m_shared.mutex);
        for (const auto &segment : m_shared.open)
            open.push_back({segment->info(), segment});
    }
    std::vector<SegmentInfo> sealed;
    if (m_file.isOpen())
        m_file.readSegments(from, to, &sealed);
    std::vector<HistorySegment> all;
    for (const SegmentInfo &info : sealed) {
        if (std::none_of(open.begin(), open.end(), [&info](const HistorySegment &one) { return one.info.id == info.id; }))
            all.push_back({info, nullptr});
    }
    for (const HistorySegment &segment : open) {
        if (segment.info.touches(from, to))
            all.push_back(segment);
    }
    return all;
}

std::vector<LaneId> SegmentReader::blocksOf(const HistorySegment &segment)
{
    if (segment.open) {
        const QMutexLocker lock(&m_shared.mutex);
        return segment.open->blocks();
    }
    std::vector<LaneId> blocks;
    if (!m_file.readBlocks(segment.info.id, &blocks))
        noteDamage(segment);
    return blocks;
}

SegmentReader::Bytes SegmentReader::bytesOf(const HistorySegment &segment, HistoryFile::Part part, LaneId block)
{
    if (segment.open) {
        const QMutexLocker lock(&m_shared.mutex);
        return {HistoryFile::Found::Yes,
                part == HistoryFile::Part::Beats ? segment.open->beats(block) : segment.open->states(block)};
    }
    const QPair<qint64, int> key(HistoryFile::keyOf(segment.info.id, block), int(part));
    if (const Bytes *known = m_cache.object(key))
        return *known;
    auto bytes = std::make_unique<Bytes>();
    bytes->found = m_file.readPart(part, segment.info.id, block, &bytes->bytes);
    if (bytes->found == HistoryFile::Found::Damaged)
        noteDamage(segment);
    const Bytes result = *bytes;
    m_cache.insert(key, bytes.release(), qsizetype(sizeof(Bytes)) + result.bytes.size());
    return result;
}

QByteArray SegmentReader::part(const HistorySegment &segment, HistoryFile::Part part, LaneId block)
{
    return bytesOf(segment, part, block).bytes;
}

PackedBlock SegmentReader::packedBlock(const HistorySegment &segment, LaneId block)
{
    const Bytes states = bytesOf(segment, HistoryFile::Part::States, block);
    const Bytes beats = bytesOf(segment, HistoryFile::Part::Beats, block);
    if (states.found == HistoryFile::Found::Damaged || beats.found == HistoryFile::Found::Damaged)
        return {block, segment.info.begins, {}, {}};
    return {block, segment.info.begins, states.bytes, beats.bytes};
}

std::shared_ptr<const SegmentBlock> SegmentReader::block(const HistorySegment &segment, LaneId block)
{
    const qint64 key = segment.open ? 0 : HistoryFile::keyOf(segment.info.id, block);
    const Decoded *known = segment.open ? nullptr : m_decoded.object(key);
    if (known && known->begins == segment.info.begins)
        return known->block;
    const PackedBlock packed = packedBlock(segment, block);
    if (packed.isEmpty())
        return nullptr;
    auto decoded = std::make_shared<const SegmentBlock>(packed.number, packed.begins, packed.states, packed.beats);
    if (!decoded->isSound()) {
        noteDamage(segment);
        return nullptr;
    }
    if (!segment.open)
        m_decoded.insert(key, new Decoded{segment.info.begins, decoded}); // The cache owns it.
    return decoded;
}

std::vector<HistoryRun> SegmentReader::runs()
{
    std::vector<HistoryRun> runs;
    if (m_file.isOpen())
        m_file.readRuns(&runs);
    const QMutexLocker lock(&m_shared.mutex);
    const HistoryRun &now = m_shared.run;
    if (now.id == 0)
        return runs;
    const auto stored = std::find_if(runs.begin(), runs.end(), [&now](const HistoryRun &run) { return run.id == now.id; });
    if (stored == runs.end()) {
        runs.push_back(now);
    } else {
        stored->to = qMax(stored->to, now.to);
        stored->open = now.open;
    }
    return runs;
}

std::vector<HistoryLane> SegmentReader::lanes(qint64 from, qint64 to)
{
    std::vector<HistoryLane> found;
    const QMutexLocker lock(&m_shared.mutex);
    m_shared.states.eachKnown([this](LaneId lane, const LaneState &) { m_shared.book.extend(lane, m_shared.run.to); });
    for (LaneId id = 1; id < m_shared.book.next(); ++id) {
        if (!m_shared.book.has(id))
            continue;
        HistoryLane lane = m_shared.book.lane(id);
        if (lane.first < to && lane.last >= from)
            found.push_back(std::move(lane));
    }
    return found;
}

} // namespace pulsedeck
