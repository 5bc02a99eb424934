// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"

#include <QTimer>

#include <map>

namespace pulsedeck {

/// A history that a test fills: it answers from what it was given, in the next turn of the event loop.
class MemoryHistory final : public History
{
public:
    void write(HistoryFrame) override { }
    void ask(HistoryQuery query, quint64 token, quint64) override
    {
        ++asked[query.index()];
        auto answer = std::make_shared<HistoryAnswer>(std::visit([this](const auto &one) { return answerTo(one); }, query));
        QTimer::singleShot(0, this, [this, token, answer] { emit answered(token, answer); });
    }
    HistoryState state() const override { return given; }
    void setLimits(const HistoryLimits &limits) override { given.limits = limits; }
    void prune(qint64) override { }
    void exportSpan(qint64, qint64, const QString &, quint64) override { }
    void cancelExport(quint64) override { }
    void setState(const HistoryState &state)
    {
        given = state;
        emit stateChanged(state);
    }

    HistoryState given;
    std::vector<HistoryLane> lanes;
    std::map<LaneId, LaneTrack> tracks; ///< All that is known of a lane, before its first change nothing.
    std::vector<HistoryEvent> events;
    OverviewAnswer overview;
    FoldCell cell; ///< What every lane is in every cell of a fold.
    std::map<size_t, int> asked; ///< How many questions of each kind.

private:
    HistoryAnswer answerTo(const LanesQuery &) const { return LanesAnswer{lanes}; }
    HistoryAnswer answerTo(const TracksQuery &query) const
    {
        TracksAnswer answer;
        for (const LaneId lane : query.lanes) {
            LaneTrack track;
            track.lane = lane;
            if (const auto known = tracks.find(lane); known != tracks.end()) {
                for (const LaneChange &change : known->second.changes) {
                    if (change.at < query.from)
                        track.before.take(change.fact, change.value);
                    else if (change.at < query.to)
                        track.changes.push_back(change);
                }
                for (const qint64 beat : known->second.beats) {
                    if (beat >= query.from && beat < query.to)
                        track.beats.push_back(beat);
                }
            }
            answer.tracks.push_back(track);
        }
        return answer;
    }
    HistoryAnswer answerTo(const FoldQuery &query) const
    {
        FoldAnswer answer;
        answer.from = query.from;
        answer.bucketMs = query.bucketMs;
        answer.buckets = query.buckets;
        answer.rows = int(query.rows.size());
        for (size_t row = 0; row < query.rows.size(); ++row) {
            const size_t end = row + 1 < query.rows.size() ? query.rows[row + 1] : query.order->size();
            const auto lanesInRow = quint32(end - query.rows[row]);
            FoldCell sum;
            if (lanesInRow > 0)
                sum = {cell.received * lanesInRow, cell.expected * lanesInRow, cell.worst, cell.marks};
            answer.cells.insert(answer.cells.end(), size_t(answer.buckets), sum);
        }
        return answer;
    }
    HistoryAnswer answerTo(const EventsQuery &query) const
    {
        EventsAnswer answer;
        for (const HistoryEvent &event : events) {
            if (event.at >= query.from && event.at < query.to)
                answer.events.push_back(event);
        }
        return answer;
    }
    HistoryAnswer answerTo(const OverviewQuery &) const { return overview; }
    HistoryAnswer answerTo(const MomentQuery &query) const
    {
        MomentAnswer answer;
        answer.at = query.at;
        for (const HistoryRun &run : overview.runs) {
            if (query.at >= run.from && query.at <= run.to)
                answer.run = run.id;
        }
        for (const auto &[lane, track] : tracks) {
            LaneState state;
            for (const LaneChange &change : track.changes) {
                if (change.at <= query.at)
                    state.take(change.fact, change.value);
            }
            for (const qint64 beat : track.beats) {
                if (beat <= query.at)
                    state.beatAt = beat;
            }
            if (!state.known || answer.run == 0)
                continue;
            answer.lanes.push_back(lane);
            answer.states.push_back(state);
        }
        return answer;
    }
    HistoryAnswer answerTo(const SpansQuery &) const { return SpansAnswer{overview.runs, {}}; }
};

} // namespace pulsedeck
