// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/beatcoding.h"

#include <algorithm>
#include <cstring>

namespace pulsedeck {

void BeatPacker::append(qint64 at)
{
    const qint64 gap = qint64(quint64(at) - quint64(m_last));
    if (m_count == 0)
        m_first = at;
    else if (m_count == 1)
        m_gap = gap;
    if (m_count >= 1) {
        // Room for a minute at a time: 100,000 lanes with twice the room they need would be felt.
        if (m_bytes.size() == m_bytes.capacity())
            m_bytes.reserve(m_bytes.size() + qMax<size_t>(16, m_bytes.size() / 4));
        beatbytes::put(m_bytes, qint64(quint64(gap) - quint64(m_gap)));
    }
    m_last = at;
    ++m_count;
}

void BeatBlock::Writer::add(LaneId lane, const PackedBeats &packed)
{
    m_lanes.number(lane - m_previous);
    m_previous = lane;
    m_counts.number(packed.count);
    m_firsts.signedNumber(qint64(quint64(packed.first) - quint64(m_base)));
    m_gaps.signedNumber(packed.gap);
    m_differences.bytes(packed.bytes.data(), size_t(packed.bytes.size()));
    ++m_count;
}

void BeatBlock::Writer::addAgain(LaneId lane, const PackedBeats &packed)
{
    m_times.clear();
    eachBeat(packed, [this](qint64 at) { m_times.push_back(at); });
    m_ordered.clear();
    for (size_t i = 1; i < m_times.size(); ++i)
        m_ordered.push_back(qint64(quint64(m_times[i]) - quint64(m_times[i - 1])));
    qint64 gap = 0;
    if (!m_ordered.empty()) {
        const auto middle = m_ordered.begin() + qsizetype(m_ordered.size() / 2);
        std::nth_element(m_ordered.begin(), middle, m_ordered.end());
        gap = *middle;
    }
    ByteWriter differences;
    for (size_t i = 1; i < m_times.size(); ++i)
        beatbytes::put(differences.buffer(), qint64(quint64(m_times[i]) - quint64(m_times[i - 1]) - quint64(gap)));
    add(lane, {packed.first, gap, quint32(m_times.size()), differences.view()});
}

ByteWriter BeatBlock::Writer::finish() const
{
    ByteWriter all;
    all.reserve(16 + m_lanes.size() + m_counts.size() + m_firsts.size() + m_gaps.size() + m_differences.size());
    all.number(m_count);
    for (const ByteWriter *column : {&m_lanes, &m_counts, &m_firsts, &m_gaps, &m_differences})
        all.bytes(column->view().data(), column->size());
    return all;
}

BeatBlock::BeatBlock(QByteArrayView bytes, LaneId block, qint64 base)
{
    ByteReader reader(bytes);
    const size_t count = reader.count(4);
    if (!reader.isSound() || count > lanes)
        return;
    m_all.resize(count);
    quint64 number = quint64(block) * lanes;
    for (Lane &lane : m_all) {
        number += reader.number() & 0xffff;
        lane.lane = LaneId(number);
    }
    for (Lane &lane : m_all)
        lane.beats.count = quint32(reader.number());
    for (Lane &lane : m_all)
        lane.beats.first = qint64(quint64(reader.signedNumber()) + quint64(base));
    for (Lane &lane : m_all)
        lane.beats.gap = reader.signedNumber();
    // Where the differences of a lane end is found by walking them: one byte in 255 says how long it is.
    const QByteArrayView rest = reader.view(reader.left());
    const auto *at = reinterpret_cast<const quint8 *>(rest.data());
    const quint8 *const end = at + rest.size();
    m_sound = reader.isSound() && (count == 0 || number < quint64(block + 1) * lanes);
    for (Lane &lane : m_all) {
        const quint8 *const from = at;
        const quint32 differences = lane.beats.count > 0 ? lane.beats.count - 1 : 0;
        if (lane.beats.count == 0 || differences > size_t(end - at)) {
            m_sound = false;
            break;
        }
        // Mostly there is no escape among them, and the search for one is far faster than a walk.
        quint32 left = differences;
        while (left > 0) {
            const auto *found =
                left <= size_t(end - at) ? static_cast<const quint8 *>(std::memchr(at, beatbytes::escape, left)) : at;
            if (!found) {
                at += left;
                break;
            }
            if (found == at && at == end) {
                m_sound = false;
                break;
            }
            left -= quint32(found - at);
            at = found;
            qint64 ignored = 0;
            if (!beatbytes::take(at, end, ignored)) {
                m_sound = false;
                break;
            }
            --left;
        }
        lane.beats.bytes = {reinterpret_cast<const char *>(from), at - from};
        if (!m_sound)
            break;
    }
    if (at != end)
        m_sound = false;
    if (!m_sound)
        m_all.clear();
}

const BeatBlock::Lane *BeatBlock::find(LaneId lane) const
{
    const auto found =
        std::lower_bound(m_all.begin(), m_all.end(), lane, [](const Lane &one, LaneId number) { return one.lane < number; });
    return found != m_all.end() && found->lane == lane ? &*found : nullptr;
}

} // namespace pulsedeck
