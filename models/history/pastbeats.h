// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/pastfleet.h"
#include "models/timing/beatrecording.h"

#include <QObject>

#include <memory>
#include <vector>

namespace pulsedeck {

/// The beats of one source's workers up to the moment that is shown, read from the history: what a what-if of that moment rests
/// on. It asks for some hundred workers at a time. GUI thread.
class PastBeats : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 spanMs = 30 * 60'000; ///< So far back; of each worker the last BeatHistory::capacity of them.

    /// Both outlive this.
    PastBeats(const PastFleet &fleet, History &history, QObject *parent = nullptr);

    /// taken() follows, unless another take(), or stop(), comes first. With a \a system, the word of a layout, only its workers.
    void take(SourceId source, const QString &system = {});
    void stop();

public slots:
    /// Another moment is shown: outdated() asks whoever wants beats to take them again.
    void renew() { emit outdated(); }

signals:
    /// \a trouble says in words why there are none; empty while all is well.
    void taken(const std::shared_ptr<const pulsedeck::BeatRecording> &recording, const QString &trouble);
    void outdated();

private:
    void askNext();
    void answer(quint64 token, const SharedHistoryAnswer &answer);
    void add(const LaneTrack &track, const BeatRecording::Worker &worker);
    void finish(const QString &trouble);

    const PastFleet &m_fleet;
    History &m_history;
    BeatRecording m_recording;
    std::vector<LaneId> m_sourceLanes; ///< Asked for with the first workers.
    std::vector<std::pair<LaneId, BeatRecording::Worker>> m_workers; ///< Ascending: neighbours lie together in the history.
    size_t m_next = 0; ///< Of them, which is asked for next.
    size_t m_asked = 0; ///< From which on is being answered.
    quint64 m_token = 0; ///< 0: nothing is under way.
    std::vector<qint64> m_gaps; ///< Of one worker.
};

} // namespace pulsedeck
