// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/prefetch.h"

#include <QtGlobal>

#include <array>
#include <vector>

namespace pulsedeck {

/// The last beats of one worker: a fixed ring of 32-bit millisecond offsets, 480 bytes, no allocation. When it is
/// full the oldest beat is dropped. Offsets are taken modulo 2^32 ms (49 days), which is far longer than a ring is kept.
class BeatHistory
{
public:
    static constexpr int capacity = 120;

    /// Adds a beat at \a at (console's clock, ms). One that is not later than the last is ignored; returns whether it was kept.
    bool append(qint64 at);
    /// Prefetch what append() will touch: first where the ring ends, then the end itself.
    void prepareSize() const { prefetch(&m_first); }
    void prepareEnd() const
    {
        const int end = (m_first + m_size) % capacity;
        prefetch(&m_offsets[size_t(end)]);
        prefetch(&m_offsets[size_t(end == 0 ? capacity - 1 : end - 1)]);
    }
    int size() const { return m_size; }
    bool isEmpty() const { return m_size == 0; }
    /// Beat \a index, 0 the oldest, as absolute time; \a now is any time within 49 days after it.
    qint64 at(int index, qint64 now) const;
    /// The time of a beat whose lower 32 bits are \a offset, as at() gives it.
    static qint64 timeOf(quint32 offset, qint64 now)
    {
        // A beat may be a moment after now: its time is derived from TTLs, not read from our clock.
        return now - qint64(qint32(quint32(quint64(now)) - offset));
    }
    /// First index whose beat is at or after \a from, size() if none.
    int lowerBound(qint64 from, qint64 now) const;
    void clear();
    /// Calls \a found(before, beat) for all that are farther apart than \a longerThan ms, oldest first. Fast: it is for passes
    /// over the beats of a whole fleet.
    template <typename Found> void eachGap(qint64 longerThan, qint64 now, Found found) const
    {
        const auto limit = quint32(qBound(qint64(0), longerThan, qint64(0x7fff'ffff)));
        int place = m_first;
        for (int i = 1; i < m_size; ++i) {
            const quint32 before = m_offsets[size_t(place)];
            place = place + 1 == capacity ? 0 : place + 1;
            if (m_offsets[size_t(place)] - before > limit)
                found(at(i - 1, now), at(i, now));
        }
    }

private:
    quint16 m_first = 0; // These two before the ring: what every beat touches then lies together while the ring is young.
    quint16 m_size = 0;
    std::array<quint32, capacity> m_offsets{};
};

/// Median, 95th percentile, and greatest of the gaps between beats, in milliseconds; unknownValue with fewer than two beats.
struct GapStatistics
{
    qint32 median;
    qint32 p95;
    qint32 p99;
    qint32 longest;
    int gaps = 0;
};

/// A stretch of time for which it is not known what a source's workers did.
struct UnknownSpan
{
    qint64 from = 0;
    qint64 to = 0; ///< 0 while it lasts.
};

/// Statistics over the gaps of \a history that touch none of \a unknown and begin at or after \a since: the time a worker was
/// gone is no gap between its beats.
GapStatistics gapStatistics(const BeatHistory &history, const std::vector<UnknownSpan> &unknown, qint64 now, qint64 since = 0);

} // namespace pulsedeck
