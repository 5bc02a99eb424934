// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/beathistory.h"

#include "models/protocol/worker.h"

#include <algorithm>

namespace pulsedeck {

bool BeatHistory::append(qint64 at)
{
    const quint32 offset = quint32(quint64(at));
    if (m_size > 0) {
        const quint32 last = m_offsets[(m_first + m_size - 1) % capacity];
        // The difference modulo 2^32, read as signed, is right for beats less than 24 days apart.
        if (qint32(offset - last) <= 0)
            return false;
    }
    if (m_size < capacity) {
        m_offsets[(m_first + m_size) % capacity] = offset;
        ++m_size;
    } else {
        m_offsets[m_first] = offset;
        m_first = quint16((m_first + 1) % capacity);
    }
    return true;
}

qint64 BeatHistory::at(int index, qint64 now) const
{
    return timeOf(m_offsets[(m_first + index) % capacity], now);
}

int BeatHistory::lowerBound(qint64 from, qint64 now) const
{
    int low = 0;
    int high = m_size;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (at(middle, now) < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void BeatHistory::clear()
{
    m_first = 0;
    m_size = 0;
}

GapStatistics gapStatistics(const BeatHistory &history, const std::vector<UnknownSpan> &unknown, qint64 now, qint64 since)
{
    GapStatistics statistics{unknownValue, unknownValue, unknownValue, unknownValue, 0};
    if (history.size() < 2)
        return statistics;
    std::array<qint32, BeatHistory::capacity> gaps;
    int count = 0;
    qint64 before = history.at(0, now);
    for (int i = 1; i < history.size(); ++i) {
        const qint64 beat = history.at(i, now);
        const bool seenWhole = before >= since && std::none_of(unknown.begin(), unknown.end(), [&](const UnknownSpan &span) {
                                   return span.from < beat && (span.to == 0 || span.to > before);
                               });
        if (seenWhole)
            gaps[size_t(count++)] = qint32(beat - before);
        before = beat;
    }
    if (count == 0)
        return statistics;
    const auto end = gaps.begin() + count;
    std::sort(gaps.begin(), end);
    const auto quantile = [&](double share) { return gaps[size_t(qMin(count - 1, int(share * count)))]; };
    statistics.median = gaps[size_t(count / 2)];
    if (count % 2 == 0)
        statistics.median = qint32((qint64(gaps[size_t(count / 2 - 1)]) + gaps[size_t(count / 2)]) / 2);
    statistics.p95 = quantile(0.95);
    statistics.p99 = quantile(0.99);
    statistics.longest = gaps[size_t(count - 1)];
    statistics.gaps = count;
    return statistics;
}

} // namespace pulsedeck
