// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/pastbeats.h"

#include <algorithm>

namespace pulsedeck {

PastBeats::PastBeats(const PastFleet &fleet, History &history, QObject *parent)
    : QObject(parent)
    , m_fleet(fleet)
    , m_history(history)
{
    connect(&history, &History::answered, this, &PastBeats::answer);
}

void PastBeats::stop()
{
    m_token = 0;
    m_workers.clear();
    m_recording = {};
}

void PastBeats::take(SourceId source, const QString &system)
{
    stop();
    const FleetStore &store = m_fleet.store();
    m_recording.source = store.sourceName(source);
    m_recording.from = m_recording.to = m_fleet.at();
    m_recording.timing = store.timing(source);
    m_sourceLanes = m_fleet.lanesOfSource(source);
    for (int i = 0; i < store.capacity(); ++i) {
        const Worker &worker = store.worker(WorkerHandle(i));
        if (!worker.used || worker.source != source || (!system.isEmpty() && worker.traits->layout != system))
            continue;
        BeatRecording::Worker entry;
        entry.id = worker.id;
        entry.type = store.typeName(worker.type).toUtf8();
        entry.ttl = worker.learntTtl;
        m_workers.emplace_back(m_fleet.laneOf(WorkerHandle(i)), std::move(entry));
    }
    std::sort(m_workers.begin(), m_workers.end(), [](const auto &one, const auto &other) { return one.first < other.first; });
    m_next = 0;
    askNext();
}

void PastBeats::askNext()
{
    TracksQuery query;
    query.from = m_recording.to - spanMs;
    query.to = m_recording.to + 1;
    if (m_next == 0)
        query.lanes = m_sourceLanes;
    m_asked = m_next;
    for (; m_next < m_workers.size() && query.lanes.size() < size_t(History::mostTracks); ++m_next)
        query.lanes.push_back(m_workers[m_next].first);
    m_token = m_history.nextToken();
    m_history.ask(std::move(query), m_token, 0);
}

void PastBeats::answer(quint64 token, const SharedHistoryAnswer &answer)
{
    if (m_token == 0 || token != m_token || !answer)
        return;
    m_token = 0;
    const auto *tracks = std::get_if<TracksAnswer>(answer.get());
    if (!tracks) {
        const auto *failed = std::get_if<FailedAnswer>(answer.get());
        finish(failed ? failed->message : tr("The history gave no answer."));
        return;
    }
    size_t worker = m_asked;
    for (const LaneTrack &track : tracks->tracks) {
        if (worker < m_next && track.lane == m_workers[worker].first) {
            add(track, m_workers[worker].second);
            ++worker;
        } else if (track.before.known || !track.changes.empty()) {
            // Of its lanes the one that was known then.
            m_recording.unknown = unknownSpansOf(track, m_recording.to - spanMs);
        }
    }
    if (m_next < m_workers.size()) {
        askNext();
        return;
    }
    for (UnknownSpan &span : m_recording.unknown) {
        if (span.to == 0)
            span.to = m_recording.to;
    }
    finish({});
}

void PastBeats::add(const LaneTrack &track, const BeatRecording::Worker &worker)
{
    // The time a worker was gone is no gap between its beats.
    qint64 since = 0;
    for (const LaneChange &change : track.changes) {
        if (change.fact == LaneFact::Gone || (change.fact == LaneFact::End && WorkerEnd(change.value) != WorkerEnd::None))
            since = change.at;
    }
    auto begin = std::lower_bound(track.beats.begin(), track.beats.end(), since);
    if (track.beats.end() - begin > BeatHistory::capacity)
        begin = track.beats.end() - BeatHistory::capacity;
    if (track.beats.end() - begin < 2)
        return;
    m_gaps.clear();
    for (auto beat = begin + 1; beat != track.beats.end(); ++beat)
        m_gaps.push_back(*beat - *(beat - 1));
    const auto middle = m_gaps.begin() + qsizetype(m_gaps.size() / 2);
    std::nth_element(m_gaps.begin(), middle, m_gaps.end());
    BeatRecording::Worker entry = worker;
    entry.interval = storedMs(*middle);
    entry.first = quint32(m_recording.beats.size());
    entry.count = quint32(track.beats.end() - begin);
    m_recording.beats.insert(m_recording.beats.end(), begin, track.beats.end());
    m_recording.from = qMin(m_recording.from, *begin);
    m_recording.workers.push_back(std::move(entry));
}

void PastBeats::finish(const QString &trouble)
{
    auto recording = std::make_shared<const BeatRecording>(std::move(m_recording));
    stop();
    emit taken(recording, trouble);
}

} // namespace pulsedeck
