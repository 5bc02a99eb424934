// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/history/sqlhistory.h"
#include "models/history/historyrecorder.h"
#include "tests/models/modelfleet.h"
#include "tests/support/answerto.h"
#include "tests/support/patience.h"

#include <QSignalSpy>
#include <QTest>

namespace pulsedeck {

/// Asks and waits for the answer; FailedAnswer if none comes.
template <typename Answer> Answer askHistory(History &history, const HistoryQuery &query)
{
    QSignalSpy answered(&history, &History::answered);
    const quint64 token = history.nextToken();
    history.ask(query, token, 0);
    while (!answerTo(answered, token)) {
        if (!answered.wait(patience))
            return Answer();
    }
    const auto answer = answerTo(answered, token)->at(1).value<SharedHistoryAnswer>();
    const auto *found = std::get_if<Answer>(answer.get());
    return found ? *found : Answer();
}

inline std::vector<HistoryLane> lanesOf(History &history, qint64 from = 0, qint64 to = std::numeric_limits<qint64>::max())
{
    return askHistory<LanesAnswer>(history, LanesQuery{from, to}).lanes;
}

inline LaneId laneNamed(History &history, const QByteArray &name)
{
    for (const HistoryLane &lane : lanesOf(history)) {
        if (lane.name == name)
            return lane.id;
    }
    return noLane;
}

inline LaneTrack trackOf(History &history, const QByteArray &name, qint64 from = 0,
                         qint64 to = std::numeric_limits<qint64>::max())
{
    const auto answer = askHistory<TracksAnswer>(history, TracksQuery{from, to, {laneNamed(history, name)}});
    return answer.tracks.empty() ? LaneTrack() : answer.tracks.front();
}

inline std::vector<HistoryRun> runsOf(History &history)
{
    return askHistory<SpansAnswer>(history, SpansQuery()).runs;
}

/// A frame as a recorder makes it: one worker, told of when it is the first, with beats at these times.
inline HistoryFrame frameOf(LaneId lane, const std::vector<qint64> &beats, bool first)
{
    HistoryFrame frame;
    frame.at = beats.front();
    frame.until = beats.back();
    if (first) {
        HistoryLane told;
        told.id = lane;
        told.source = QStringLiteral("prod");
        told.name = "worker-" + QByteArray::number(lane);
        told.first = told.last = frame.at;
        frame.lanes.push_back(told);
        frame.changes.push_back({lane, LaneFact::Liveness, frame.at, qint64(Liveness::Alive)});
    }
    for (const qint64 at : beats)
        frame.beats.push_back({lane, qint32(at - frame.at)});
    return frame;
}

/// A fleet in a store that is recorded, on a clock that a test steps.
struct RecordedFleet
{
    ModelFleet fleet;
    SqlHistory history;
    HistoryRecorder recorder;

    explicit RecordedFleet(const QString &path, const HistoryLimits &limits = {})
        : history(path, limits)
        , recorder(fleet.store, history, nullptr)
    { }

    void step(qint64 ms)
    {
        fleet.clock.step(ms);
        fleet.store.publish();
    }
};

} // namespace pulsedeck
