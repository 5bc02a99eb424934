// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"

#include <map>

namespace pulsedeck {

/// A history that keeps the frames it is given, and can say what they told of each lane.
class NoteHistory : public History
{
public:
    void write(HistoryFrame frame) override { frames.push_back(std::move(frame)); }
    void ask(HistoryQuery, quint64, quint64) override { }
    HistoryState state() const override { return held; }
    void setLimits(const HistoryLimits &limits) override
    {
        held.limits = limits;
        emit stateChanged(held);
    }
    void prune(qint64) override { }
    void exportSpan(qint64 from, qint64 to, const QString &path, quint64 token) override
    {
        exports.push_back({from, to, path, token});
    }
    void cancelExport(quint64 token) override { cancelled.push_back(token); }

    /// The latest description of each lane.
    std::map<LaneId, HistoryLane> lanes() const
    {
        std::map<LaneId, HistoryLane> all;
        for (const HistoryFrame &frame : frames) {
            for (const HistoryLane &lane : frame.lanes)
                all[lane.id] = lane;
        }
        return all;
    }
    /// noLane if there is none.
    LaneId laneOf(const QByteArray &name, LaneKind kind = LaneKind::Worker) const
    {
        LaneId found = noLane;
        for (const auto &[id, lane] : lanes()) {
            if (lane.name == name && lane.kind == kind)
                found = id;
        }
        return found;
    }
    std::vector<qint64> beatsOf(LaneId lane) const
    {
        std::vector<qint64> times;
        for (const HistoryFrame &frame : frames) {
            for (const HistoryBeat &beat : frame.beats) {
                if (beat.lane == lane)
                    times.push_back(frame.at + beat.offset);
            }
        }
        return times;
    }
    std::vector<LaneChange> changesOf(LaneId lane, LaneFact fact) const
    {
        std::vector<LaneChange> found;
        for (const HistoryFrame &frame : frames) {
            for (const LaneChange &change : frame.changes) {
                if (change.lane == lane && change.fact == fact)
                    found.push_back(change);
            }
        }
        return found;
    }
    LaneState stateOf(LaneId lane) const
    {
        LaneState state;
        for (const HistoryFrame &frame : frames) {
            for (const LaneChange &change : frame.changes) {
                if (change.lane == lane)
                    state.take(change.fact, change.value);
            }
        }
        if (const auto beats = beatsOf(lane); state.known && !beats.empty())
            state.beatAt = beats.back();
        return state;
    }
    std::vector<HistoryEvent> events() const
    {
        std::vector<HistoryEvent> all;
        for (const HistoryFrame &frame : frames)
            all.insert(all.end(), frame.events.begin(), frame.events.end());
        return all;
    }

    struct Export
    {
        qint64 from = 0;
        qint64 to = 0;
        QString path;
        quint64 token = 0;
    };

    std::vector<HistoryFrame> frames;
    std::vector<Export> exports; ///< That were asked for.
    std::vector<quint64> cancelled;
    HistoryState held; ///< What state() gives.
};

} // namespace pulsedeck
