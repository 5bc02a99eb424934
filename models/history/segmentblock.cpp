// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/segmentblock.h"

#include <algorithm>

namespace pulsedeck {

const LaneState &SegmentBlock::unknownLane()
{
    static const LaneState unknown;
    return unknown;
}

SegmentBlock::SegmentBlock(LaneId block, qint64 begins, const QByteArray &states, QByteArray beats)
    : m_first(block * BeatBlock::lanes)
    , m_beatBytes(std::move(beats))
    , m_beats(m_beatBytes.isEmpty() ? QByteArrayView("\0", 1) : QByteArrayView(m_beatBytes), block, begins)
{
    if (!m_beats.isSound())
        return;
    if (!states.isEmpty()) {
        ByteReader reader(states);
        std::vector<LaneId> lanes;
        if (!unpackStates(reader, block, begins, &lanes, &m_states) || !unpackChanges(reader, block, begins, &m_changes)
            || !reader.isComplete())
            return;
        for (size_t i = 0; i < lanes.size(); ++i)
            m_slots[lanes[i] - m_first].state = qint16(i);
        orderChanges();
    }
    for (size_t i = 0; i < m_beats.all().size(); ++i)
        m_slots[m_beats.all()[i].lane - m_first].beats = qint16(i);
    m_sound = true;
}

/// Lane by lane. They are counted first: each then has its place, and of one lane they stay in order.
void SegmentBlock::orderChanges()
{
    if (m_changes.empty())
        return;
    for (const LaneChange &change : m_changes)
        ++m_slots[change.lane - m_first].changes;
    std::array<quint32, BeatBlock::lanes> next;
    quint32 first = 0;
    for (LaneId low = 0; low < BeatBlock::lanes; ++low) {
        next[low] = m_slots[low].firstChange = first;
        first += m_slots[low].changes;
    }
    std::vector<LaneChange> ordered(m_changes.size());
    for (const LaneChange &change : m_changes)
        ordered[next[change.lane - m_first]++] = change;
    m_changes = std::move(ordered);
}

LaneState LaneStates::Block::state(LaneId low) const
{
    LaneState state;
    static_cast<LaneCore &>(state) = cores[low];
    if (const auto queue = queues.find(low); queue != queues.end())
        static_cast<LaneQueue &>(state) = queue->second;
    return state;
}

void LaneStates::Block::set(LaneId low, const LaneState &state)
{
    cores[low] = static_cast<const LaneCore &>(state);
    const auto &queue = static_cast<const LaneQueue &>(state);
    if (queue == LaneQueue())
        queues.erase(low);
    else
        queues[low] = queue;
}

LaneStates::Block &LaneStates::block(LaneId lane)
{
    std::unique_ptr<Block> &block = m_blocks[BeatBlock::blockOf(lane)];
    if (!block)
        block = std::make_unique<Block>();
    return *block;
}

void LaneStates::take(const LaneChange &change)
{
    Block &block = this->block(change.lane);
    const LaneId low = change.lane % BeatBlock::lanes;
    LaneState state = block.state(low);
    state.take(change.fact, change.value);
    block.set(low, state);
}

void LaneStates::takeBeat(LaneId lane, qint64 at)
{
    LaneCore &core = block(lane).cores[lane % BeatBlock::lanes];
    core.beatAt = qMax(core.beatAt, at);
}

QByteArray LaneStates::pack(LaneId block, qint64 at) const
{
    const auto found = m_blocks.find(block);
    if (found == m_blocks.end())
        return {};
    std::vector<LaneId> lanes;
    std::vector<LaneState> states;
    for (LaneId low = 0; low < BeatBlock::lanes; ++low) {
        if (found->second->cores[low].known) {
            lanes.push_back(block * BeatBlock::lanes + low);
            states.push_back(found->second->state(low));
        }
    }
    return lanes.empty() ? QByteArray() : packStates(lanes, states, block, at).toByteArray();
}

std::vector<LaneId> LaneStates::blocks() const
{
    std::vector<LaneId> blocks;
    for (const auto &[block, states] : m_blocks)
        blocks.push_back(block);
    return blocks;
}

void LaneStates::tidy()
{
    std::erase_if(m_blocks, [](const auto &entry) {
        const auto &cores = entry.second->cores;
        return std::none_of(cores.begin(), cores.end(), [](const LaneCore &core) { return core.known; });
    });
}

OpenSegment::OpenSegment(qint64 id, qint64 run, qint64 begins, const LaneStates &states)
{
    m_info.id = id;
    m_info.run = run;
    m_info.begins = m_info.ends = begins;
    for (const LaneId number : states.blocks()) {
        if (QByteArray packed = states.pack(number, begins); !packed.isEmpty())
            block(number * BeatBlock::lanes).states = std::move(packed);
    }
}

OpenSegment::Block &OpenSegment::block(LaneId lane)
{
    std::unique_ptr<Block> &block = m_blocks[BeatBlock::blockOf(lane)];
    if (!block)
        block = std::make_unique<Block>();
    return *block;
}

void OpenSegment::takeBeat(LaneId lane, qint64 at)
{
    Block &block = this->block(lane);
    block.beats[lane % BeatBlock::lanes].append(at);
    block.packedBeats.clear();
    m_info.earliest = m_info.beats == 0 ? at : qMin(m_info.earliest, at);
    m_info.latest = m_info.beats == 0 ? at : qMax(m_info.latest, at);
    ++m_info.beats;
}

void OpenSegment::takeChange(const LaneChange &change)
{
    Block &block = this->block(change.lane);
    block.changes.push_back(change);
    block.packedStates.clear();
}

std::vector<LaneId> OpenSegment::blocks() const
{
    std::vector<LaneId> blocks;
    for (const auto &[number, block] : m_blocks)
        blocks.push_back(number);
    return blocks;
}

QByteArray OpenSegment::states(LaneId block) const
{
    const auto found = m_blocks.find(block);
    if (found == m_blocks.end())
        return {};
    QByteArray &packed = found->second->packedStates;
    if (packed.isEmpty()) {
        packed = found->second->states;
        if (packed.isEmpty())
            packed.append('\0'); // No lane.
        packed.append(packChanges(found->second->changes, block, m_info.begins).view());
    }
    return packed;
}

QByteArray OpenSegment::beats(LaneId block) const
{
    const auto found = m_blocks.find(block);
    if (found == m_blocks.end())
        return {};
    QByteArray &packed = found->second->packedBeats;
    if (packed.isEmpty()) {
        BeatBlock::Writer writer(block, m_info.begins);
        for (LaneId low = 0; low < BeatBlock::lanes; ++low) {
            if (const BeatPacker &beats = found->second->beats[low]; !beats.isEmpty())
                writer.add(block * BeatBlock::lanes + low, beats.packed());
        }
        packed = writer.finish().toByteArray();
    }
    return packed;
}

void OpenSegment::forgetPacked(LaneId block)
{
    if (const auto found = m_blocks.find(block); found != m_blocks.end()) {
        found->second->packedStates.clear();
        found->second->packedBeats.clear();
    }
}

size_t OpenSegment::bytesHeld() const
{
    size_t held = 0;
    for (const auto &[number, block] : m_blocks) {
        held += sizeof(Block) + size_t(block->states.capacity()) + block->changes.capacity() * sizeof(LaneChange)
                + size_t(block->packedStates.capacity() + block->packedBeats.capacity());
        for (const BeatPacker &beats : block->beats)
            held += beats.bytesHeld() - sizeof(beats);
    }
    return held;
}

SegmentLevels::SegmentLevels(const SegmentInfo &info)
    : m_info(info)
{
    m_coarse.from = floorTo(info.begins, coarseLevelMs);
    m_coarse.buckets = 1;
    const qint64 first = floorTo(info.begins, minuteLevelMs);
    for (qint64 at = first; at < info.ends || at == first; at += minuteLevelMs) {
        OverviewCell cell;
        cell.at = at;
        m_overview.push_back(cell);
    }
}

LaneCells SegmentLevels::coarser(const LaneCells &cells, qint64 levelMs, qint64 coarserMs, qint64 ends)
{
    LaneCells result;
    result.from = floorTo(cells.from, coarserMs);
    result.buckets = int(qMax<qint64>(1, (ends - result.from + coarserMs - 1) / coarserMs));
    result.lanes = cells.lanes;
    result.cells.resize(cells.lanes.size() * size_t(result.buckets));
    for (size_t lane = 0; lane < cells.lanes.size(); ++lane) {
        const auto fine = cells.of(lane);
        for (size_t i = 0; i < fine.size(); ++i) {
            const qint64 bucket = (cells.from + qint64(i) * levelMs - result.from) / coarserMs;
            mergeCells(result.cells[lane * size_t(result.buckets) + size_t(qMin<qint64>(bucket, result.buckets - 1))], fine[i]);
        }
    }
    return result;
}

SegmentLevels::Cells SegmentLevels::addBlock(const SegmentBlock &block)
{
    Cells cells;
    cells.fine.from = floorTo(m_info.begins, fineLevelMs);
    cells.fine.buckets = int(qMax<qint64>(1, (m_info.ends - cells.fine.from + fineLevelMs - 1) / fineLevelMs));
    block.eachLane([&cells](LaneId lane, const LaneState &, auto, const PackedBeats *) { cells.fine.lanes.push_back(lane); });
    LaneFold fold(cells.fine.from, fineLevelMs, int(cells.fine.lanes.size()), cells.fine.buckets);
    fold.beginSpan(m_info.begins, m_info.ends);
    int row = 0;
    const auto minuteOf = [this](qint64 at) {
        const qint64 minute = (at - m_overview.front().at) / minuteLevelMs;
        return size_t(qBound<qint64>(0, minute, qint64(m_overview.size()) - 1));
    };
    block.eachLane([&](LaneId, const LaneState &before, std::span<const LaneChange> changes, const PackedBeats *beats) {
        PackedBeats none;
        // A beat that was read late counts where the segment begins: its own time belongs to one that is sealed already.
        BeatPacker moved;
        if (beats && beats->first < m_info.begins) {
            eachBeat(*beats, [&](qint64 at) { moved.append(qMax(at, m_info.begins)); });
            none = moved.packed();
            beats = &none;
        }
        fold.addLane(row++, before, changes, beats);
        LaneState state = before;
        for (const LaneChange &change : changes) {
            if (change.fact == LaneFact::Liveness) {
                const auto liveness = Liveness(change.value);
                if ((liveness == Liveness::Late || liveness == Liveness::Stale) && state.liveness != Liveness::Late
                    && state.liveness != Liveness::Stale)
                    ++m_overview[minuteOf(change.at)].late;
            } else if (change.fact == LaneFact::End && isLoss(WorkerEnd(change.value))) {
                ++m_overview[minuteOf(change.at)].lost;
            }
            state.take(change.fact, change.value);
        }
    });
    fold.endSpan();
    cells.fine.cells = fold.takeCells();
    cells.minutes = coarser(cells.fine, fineLevelMs, minuteLevelMs, m_info.ends);
    for (size_t lane = 0; lane < cells.minutes.lanes.size(); ++lane) {
        const auto minutes = cells.minutes.of(lane);
        for (size_t i = 0; i < minutes.size() && i < m_overview.size(); ++i) {
            m_overview[i].received += minutes[i].received;
            m_overview[i].expected += minutes[i].expected;
            if (minutes[i].worst != FoldCell::nothing && (minutes[i].received > 0 || expectsBeats(Liveness(minutes[i].worst))))
                ++m_overview[i].lanes;
        }
    }
    const LaneCells coarse = coarser(cells.minutes, minuteLevelMs, coarseLevelMs, m_coarse.from + 1);
    m_coarse.lanes.insert(m_coarse.lanes.end(), coarse.lanes.begin(), coarse.lanes.end());
    m_coarse.cells.insert(m_coarse.cells.end(), coarse.cells.begin(), coarse.cells.end());
    return cells;
}

std::vector<OverviewCell> SegmentLevels::overview() const
{
    return m_overview;
}

} // namespace pulsedeck
