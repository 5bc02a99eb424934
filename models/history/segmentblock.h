// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/beatcoding.h"
#include "models/history/lanefold.h"
#include "models/history/segmentcoding.h"

#include <array>
#include <map>
#include <memory>

namespace pulsedeck {

/// What is known of one segment: a time of one run, mostly five minutes.
struct SegmentInfo
{
    qint64 id = 0; ///< In the order they were recorded.
    qint64 run = 0;
    qint64 begins = 0; ///< When it was begun. States are those of this moment; changes are not before it.
    qint64 ends = 0; ///< Everything up to here is in it; the next one of its run begins there.
    qint64 earliest = 0; ///< Of its beats: one that was read late is older than the segment.
    qint64 latest = 0;
    quint64 beats = 0;

    /// Whether it says anything of [from, to).
    bool touches(qint64 from, qint64 to) const
    {
        return (begins < to && ends >= from) || (beats > 0 && earliest < to && latest >= from);
    }
    bool operator==(const SegmentInfo &) const = default;
};

/// One block of lanes of one segment, decoded as far as it is cheap: beats stay packed. Holds the bytes it was made of.
class SegmentBlock
{
public:
    /// \a states and \a beats as OpenSegment gives them; either may be empty. isSound() is false if they are wrong.
    SegmentBlock(LaneId block, qint64 begins, const QByteArray &states, QByteArray beats);

    bool isSound() const { return m_sound; }
    /// Calls \a each(LaneId, const LaneState &before, std::span<const LaneChange>, const PackedBeats *) of every lane of which
    /// something is known, ascending.
    template <typename Each> void eachLane(Each &&each) const
    {
        for (LaneId low = 0; low < BeatBlock::lanes; ++low) {
            const Slot &slot = m_slots[low];
            if (slot.state < 0 && slot.beats < 0 && slot.changes == 0)
                continue;
            each(m_first + low, slot.state < 0 ? unknownLane() : m_states[size_t(slot.state)],
                 std::span(m_changes).subspan(slot.firstChange, slot.changes),
                 slot.beats < 0 ? nullptr : &m_beats.all()[size_t(slot.beats)].beats);
        }
    }
    /// The same of one lane; false if nothing is known of it.
    template <typename Each> bool withLane(LaneId lane, Each &&each) const
    {
        const Slot &slot = m_slots[lane - m_first];
        if (slot.state < 0 && slot.beats < 0 && slot.changes == 0)
            return false;
        each(lane, slot.state < 0 ? unknownLane() : m_states[size_t(slot.state)],
             std::span(m_changes).subspan(slot.firstChange, slot.changes),
             slot.beats < 0 ? nullptr : &m_beats.all()[size_t(slot.beats)].beats);
        return true;
    }

private:
    struct Slot
    {
        qint16 state = -1;
        qint16 beats = -1;
        quint32 firstChange = 0;
        quint32 changes = 0;
    };
    static const LaneState &unknownLane();
    void orderChanges();

    LaneId m_first;
    QByteArray m_beatBytes;
    BeatBlock m_beats;
    std::vector<LaneState> m_states;
    std::vector<LaneChange> m_changes; ///< By lane, and of each in the order they came.
    std::array<Slot, BeatBlock::lanes> m_slots;
    bool m_sound = false;
};

/// The states of all lanes as they are now. A block of neighbouring numbers exists while one of them is known; of it only what
/// workers have is kept for each lane, and what queues have for those few that have it.
class LaneStates
{
public:
    void take(const LaneChange &change);
    void takeBeat(LaneId lane, qint64 at);
    /// The known lanes of a block at \a at, as packStates() makes it; empty if there are none.
    QByteArray pack(LaneId block, qint64 at) const;
    std::vector<LaneId> blocks() const;
    template <typename Each> void eachKnown(Each &&each) const
    {
        for (const auto &[number, block] : m_blocks) {
            for (LaneId low = 0; low < BeatBlock::lanes; ++low) {
                if (block->cores[low].known)
                    each(number * BeatBlock::lanes + low, block->state(low));
            }
        }
    }
    void set(LaneId lane, const LaneState &state) { block(lane).set(lane % BeatBlock::lanes, state); }
    /// Forgets blocks of which nothing is known any more.
    void tidy();
    void clear() { m_blocks.clear(); }

private:
    struct Block
    {
        std::array<LaneCore, BeatBlock::lanes> cores;
        std::map<LaneId, LaneQueue> queues; ///< By place in the block; of lanes that have anything of a queue.

        LaneState state(LaneId low) const;
        void set(LaneId low, const LaneState &state);
    };
    Block &block(LaneId lane);

    std::map<LaneId, std::unique_ptr<Block>> m_blocks;
};

/// The segment being recorded. Takes what comes and gives the same bytes a sealed one has; what it gave of a block it keeps until
/// something comes to that block. Not thread-safe, also where it is const.
class OpenSegment
{
public:
    /// \a states: of all lanes at its begin.
    OpenSegment(qint64 id, qint64 run, qint64 begins, const LaneStates &states);

    const SegmentInfo &info() const { return m_info; }
    void takeBeat(LaneId lane, qint64 at);
    void takeChange(const LaneChange &change);
    /// Everything up to \a at was taken.
    void setUntil(qint64 at) { m_info.ends = qMax(m_info.ends, at); }
    /// Ascending.
    std::vector<LaneId> blocks() const;
    QByteArray states(LaneId block) const;
    QByteArray beats(LaneId block) const;
    /// Of this block nothing is going to be asked again.
    void forgetPacked(LaneId block);
    size_t bytesHeld() const;

private:
    struct Block
    {
        QByteArray states;
        std::array<BeatPacker, BeatBlock::lanes> beats;
        std::vector<LaneChange> changes;
        // As it was asked for last; empty: something came since.
        mutable QByteArray packedStates;
        mutable QByteArray packedBeats;
    };
    Block &block(LaneId lane);

    SegmentInfo m_info;
    std::map<LaneId, std::unique_ptr<Block>> m_blocks;
};

/// The levels of detail, in ms, the finest first. Buckets begin at whole multiples.
inline constexpr qint64 fineLevelMs = 10'000;
inline constexpr qint64 minuteLevelMs = 60'000;
inline constexpr qint64 coarseLevelMs = 300'000;
/// How long a segment is: from one whole multiple to the next.
inline constexpr qint64 segmentMs = coarseLevelMs;

/// Makes the levels of detail of one segment, block by block.
class SegmentLevels
{
public:
    explicit SegmentLevels(const SegmentInfo &info);

    /// The cells of a block at 10 s and at one minute.
    struct Cells
    {
        LaneCells fine;
        LaneCells minutes;
    };
    Cells addBlock(const SegmentBlock &block);
    /// One cell of each lane of all blocks.
    const LaneCells &coarse() const { return m_coarse; }
    /// The minutes of the segment, all lanes together.
    std::vector<OverviewCell> overview() const;

private:
    static qint64 floorTo(qint64 at, qint64 levelMs) { return at - ((at % levelMs) + levelMs) % levelMs; }
    static LaneCells coarser(const LaneCells &cells, qint64 levelMs, qint64 coarserMs, qint64 ends);

    SegmentInfo m_info;
    LaneCells m_coarse;
    std::vector<OverviewCell> m_overview;
};

} // namespace pulsedeck
