// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/bytecoding.h"
#include "models/history/lane.h"

#include <vector>

namespace pulsedeck {

/// The beats of one lane as bytes: the first time, a usual gap, and of each further beat by how much its gap differs from the
/// usual one. A worker that beats by a timer differs by a few milliseconds, so that nearly every beat is one byte, and one of few
/// values, which a compressor makes half of. Differences of gaps (deltas of deltas) would hold the jitter of three beats where
/// this holds that of two. Any times can be coded, also such that go back.
struct PackedBeats
{
    qint64 first = 0;
    qint64 gap = 0; ///< The usual one.
    quint32 count = 0;
    QByteArrayView bytes; ///< Of the count - 1 differences.
};

/// Adds the beats of one lane as they come, the usual gap being the first. Keeps only bytes. Plain data.
class BeatPacker
{
public:
    void append(qint64 at);
    bool isEmpty() const { return m_count == 0; }
    quint32 count() const { return m_count; }
    qint64 last() const { return m_last; }
    qint64 first() const { return m_first; }
    PackedBeats packed() const
    {
        return {m_first, m_gap, m_count, {reinterpret_cast<const char *>(m_bytes.data()), qsizetype(m_bytes.size())}};
    }
    size_t bytesHeld() const { return sizeof(*this) + m_bytes.capacity(); }

private:
    qint64 m_first = 0;
    qint64 m_last = 0;
    qint64 m_gap = 0;
    quint32 m_count = 0;
    std::vector<quint8> m_bytes;
};

namespace beatbytes {

constexpr quint8 escape = 0xff; ///< A difference too large for one byte follows as a number.

/// Appends one difference.
inline void put(std::vector<quint8> &bytes, qint64 difference)
{
    quint64 value = zigzag(difference);
    if (value < escape) {
        bytes.push_back(quint8(value));
        return;
    }
    bytes.push_back(escape);
    for (; value >= 0x80; value >>= 7)
        bytes.push_back(quint8(value) | 0x80);
    bytes.push_back(quint8(value));
}

/// The difference at \a at, which moves on; false if the bytes end within it.
inline bool take(const quint8 *&at, const quint8 *end, qint64 &difference)
{
    const quint8 byte = *at++;
    if (Q_LIKELY(byte != escape)) {
        difference = qint64(byte >> 1) ^ -qint64(byte & 1);
        return true;
    }
    quint64 value = 0;
    for (int shift = 0; shift < 64 && at != end; shift += 7) {
        const quint8 part = *at++;
        value |= quint64(part & 0x7f) << shift;
        if (part < 0x80) {
            difference = unzigzag(value);
            return true;
        }
    }
    return false;
}

} // namespace beatbytes

/// Calls \a each with the time of every beat. False if the bytes do not hold as many; what they hold was given.
template <typename Each> bool eachBeat(const PackedBeats &packed, Each &&each)
{
    if (packed.count == 0)
        return true;
    const auto *at = reinterpret_cast<const quint8 *>(packed.bytes.data());
    const quint8 *const end = at + packed.bytes.size();
    qint64 time = packed.first;
    each(time);
    for (quint32 i = 1; i < packed.count; ++i) {
        qint64 difference = 0;
        if (at == end || !beatbytes::take(at, end, difference))
            return false;
        // Unsigned, as a wrong file may hold anything.
        time = qint64(quint64(time) + quint64(packed.gap) + quint64(difference));
        each(time);
    }
    return true;
}

/// The beats of up to BeatBlock::lanes lanes with neighbouring numbers, as bytes to be compressed: a column of lane numbers, of
/// counts, of first times, of usual gaps, and the differences of all.
class BeatBlock
{
public:
    static constexpr LaneId lanes = 512;
    static constexpr LaneId blockOf(LaneId lane) { return lane / lanes; }

    /// Writes a block. Lanes are added in ascending order.
    class Writer
    {
    public:
        /// \a block: blockOf() its lanes. Times are kept as differences from \a base.
        Writer(LaneId block, qint64 base)
            : m_previous(block * lanes)
            , m_base(base)
        { }
        /// As they are.
        void add(LaneId lane, const PackedBeats &packed);
        /// Decoded first: with the gap that makes the bytes fewest.
        void addAgain(LaneId lane, const PackedBeats &packed);
        ByteWriter finish() const;

    private:
        LaneId m_previous;
        qint64 m_base;
        quint64 m_count = 0;
        ByteWriter m_lanes;
        ByteWriter m_counts;
        ByteWriter m_firsts;
        ByteWriter m_gaps;
        ByteWriter m_differences;
        std::vector<qint64> m_times; ///< Kept for its room.
        std::vector<qint64> m_ordered;
    };

    struct Lane
    {
        LaneId lane = noLane;
        PackedBeats beats;
    };

    /// Reads what Writer wrote; the bytes have to outlive it. Empty, and isSound() false, if they are wrong.
    BeatBlock(QByteArrayView bytes, LaneId block, qint64 base);

    bool isSound() const { return m_sound; }
    const std::vector<Lane> &all() const { return m_all; }
    /// Null if it has no beats in it.
    const Lane *find(LaneId lane) const;

private:
    std::vector<Lane> m_all;
    bool m_sound = false;
};

} // namespace pulsedeck
