// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/recordingframes.h"

#include "models/protocol/sourcetraits.h"

#include <algorithm>
#include <utility>

namespace pulsedeck {

RecordingFrames::RecordingFrames(const BeatRecording &recording)
    : m_recording(recording)
{
    if (recording.beats.empty() || recording.from <= 0 || recording.to < recording.from
        || recording.to - recording.from > longestMs)
        return;
    for (size_t i = 0; i < recording.workers.size(); ++i) {
        const BeatRecording::Worker &worker = recording.workers[i];
        for (quint32 beat = 0; beat < worker.count; ++beat) {
            const qint64 at = recording.beats[worker.first + beat];
            if (at < recording.from || at > recording.to)
                return;
            m_beats.emplace_back(at, quint32(i));
        }
    }
    m_empty = false;
    m_next = recording.from;
    HistoryLane source;
    source.id = 1;
    source.kind = LaneKind::Source;
    source.source = recording.source;
    source.first = recording.from;
    source.last = recording.to;
    if (!recording.workers.empty())
        source.system = TraitsRef::ofId(recording.workers.front().id)->fullKind();
    m_lanes.push_back(source);
    m_changes.push_back({1, LaneFact::State, recording.from, qint64(SourceState::Live)});
    for (const UnknownSpan &span : recording.unknown) {
        if (span.from < recording.from || span.to > recording.to || span.to <= span.from)
            continue;
        m_changes.push_back({1, LaneFact::State, span.from, qint64(SourceState::Failed)});
        m_changes.push_back({1, LaneFact::State, span.to, qint64(SourceState::Live)});
    }
    for (size_t i = 0; i < recording.workers.size(); ++i)
        tellWorker(i);
    std::stable_sort(m_beats.begin(), m_beats.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    std::stable_sort(m_changes.begin(), m_changes.end(), [](const LaneChange &a, const LaneChange &b) { return a.at < b.at; });
}

bool RecordingFrames::wasUnknown(qint64 from, qint64 to, qint64 *since) const
{
    for (const UnknownSpan &span : m_recording.unknown) {
        if (span.from < to && span.to > from) {
            *since = std::max(from, span.from);
            return true;
        }
    }
    return false;
}

void RecordingFrames::tellWorker(size_t number)
{
    const BeatRecording::Worker &worker = m_recording.workers[number];
    if (worker.count == 0)
        return;
    const LaneId id = laneOf(number);
    const auto beatAt = [&](quint32 beat) { return m_recording.beats[worker.first + beat]; };
    HistoryLane lane;
    lane.id = id;
    lane.source = m_recording.source;
    lane.system = TraitsRef::ofId(worker.id)->fullKind();
    lane.name = worker.id;
    lane.type = QString::fromUtf8(worker.type);
    lane.first = beatAt(0);
    lane.last = m_recording.to;
    m_lanes.push_back(lane);
    const auto change = [&](LaneFact fact, qint64 at, qint64 value) { m_changes.push_back({id, fact, at, value}); };
    change(LaneFact::Liveness, beatAt(0), qint64(Liveness::Alive));
    if (worker.interval > 0)
        change(LaneFact::Interval, beatAt(0), worker.interval);
    if (worker.ttl > 0)
        change(LaneFact::LearntTtl, beatAt(0), worker.ttl);
    for (quint32 beat = 0; beat < worker.count; ++beat) {
        const qint64 at = beatAt(beat);
        const bool last = beat + 1 == worker.count;
        const qint64 until = last ? m_recording.to : beatAt(beat + 1);
        qint64 since = 0;
        bool changed = true;
        bool ended = false;
        if (wasUnknown(at, until, &since)) {
            change(LaneFact::Liveness, since, qint64(Liveness::Unknown));
        } else if (worker.interval > 0 && until - at > worker.interval + worker.interval / 2) {
            change(LaneFact::Liveness, at + worker.interval + worker.interval / 2, qint64(Liveness::Late));
            ended = worker.ttl > worker.interval && until - at > worker.ttl;
            if (ended) {
                change(LaneFact::End, at + worker.ttl, qint64(WorkerEnd::Expired));
                change(LaneFact::Liveness, at + worker.ttl, qint64(Liveness::Departed));
            }
        } else {
            changed = false;
        }
        if (!changed || last)
            continue;
        if (ended)
            change(LaneFact::End, until, qint64(WorkerEnd::None));
        change(LaneFact::Liveness, until, qint64(Liveness::Alive));
    }
}

std::optional<HistoryFrame> RecordingFrames::next()
{
    // Also where nothing happens: the source was watched all the same.
    if (m_empty || m_next > m_recording.to)
        return {};
    HistoryFrame frame;
    frame.at = m_next;
    m_next = std::min(m_next + frameMs, m_recording.to + 1);
    frame.until = m_next - 1;
    frame.lanes = std::exchange(m_lanes, {});
    for (; m_beat < m_beats.size() && m_beats[m_beat].first < m_next; ++m_beat)
        frame.beats.push_back({laneOf(m_beats[m_beat].second), qint32(m_beats[m_beat].first - frame.at)});
    for (; m_change < m_changes.size() && m_changes[m_change].at < m_next; ++m_change)
        frame.changes.push_back(m_changes[m_change]);
    return frame;
}

} // namespace pulsedeck
