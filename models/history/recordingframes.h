// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/lane.h"
#include "models/timing/beatrecording.h"

#include <optional>

namespace pulsedeck {

/// A recording of the Timing page as frames for a history: its workers, their beats, and what follows from those by the console's
/// own rules: late after one and a half intervals, expired after the TTL, unknown while the source was not connected. Whatever
/// else they did was not recorded. Pure.
class RecordingFrames
{
public:
    static constexpr qint64 frameMs = 10'000;
    static constexpr qint64 longestMs =
        7LL * 24 * 3'600 * 1'000; ///< 120 beats of a worker that beats once an hour are five days.

    /// \a recording outlives it. isEmpty() if it has no beat, or times that cannot be.
    explicit RecordingFrames(const BeatRecording &recording);

    bool isEmpty() const { return m_empty; }
    /// The next ten seconds; nothing after the last.
    std::optional<HistoryFrame> next();

private:
    static LaneId laneOf(size_t worker) { return LaneId(worker) + 2; } // The source has the first.
    void tellWorker(size_t worker);
    bool wasUnknown(qint64 from, qint64 to, qint64 *since) const;

    const BeatRecording &m_recording;
    std::vector<HistoryLane> m_lanes;
    std::vector<LaneChange> m_changes; ///< Ascending.
    std::vector<std::pair<qint64, quint32>> m_beats; ///< Time and worker, ascending.
    qint64 m_next = 0;
    size_t m_change = 0;
    size_t m_beat = 0;
    bool m_empty = true;
};

} // namespace pulsedeck
