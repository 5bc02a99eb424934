// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/lanemirror.h"
#include "ui/timeline/lanepast.h"

#include <QObject>

#include <optional>
#include <unordered_map>

namespace pulsedeck {

/// Who was late in a time that the store no longer remembers: read from the history, some hundred lanes at a time, once the page
/// rests there. GUI thread.
class PastLateness : public QObject
{
    Q_OBJECT

public:
    /// Lanes times their time, in ms: of more nothing is said, as reading it would take too long.
    static constexpr double mostLaneMs = 20'000.0 * 15 * 60'000;

    /// How many lanes were late with one.
    struct Others
    {
        int count = 0;
        int sameHost = 0;
        QByteArray host; ///< Of the one; empty where it is not known.
    };

    /// All outlive this.
    PastLateness(const FleetStore &store, LanePast &past, History &history, QObject *parent = nullptr);

    /// Reads this time and as much around it, unless it is there. What is being read is read to its end first.
    void want(qint64 from, qint64 to);
    bool covers(qint64 from, qint64 to) const { return m_to > 0 && from >= m_from && to <= m_to; }
    /// Who was late in this time besides \a lane; nothing where that was not read.
    std::optional<Others> others(LaneId lane, qint64 from, qint64 to) const;
    /// noLane where the history has none.
    LaneId laneOf(WorkerHandle worker) const { return m_past.laneOf(worker); }
    /// As findSourcePauses() has them, with the names of the sources: one that is not there now has no number.
    const std::vector<SourcePause> &pauses() const { return m_pauses; }
    /// These and, before the time that the store knows whole, those that were recorded. \a completeFrom: where that time begins;
    /// 0: nowhere.
    std::vector<SourcePause> joinedPauses(const std::vector<SourcePause> &stored, qint64 completeFrom) const;
    /// How many lanes each source had then.
    const std::vector<int> &there() const { return m_there; }

signals:
    void changed();

private:
    struct Late
    {
        LaneId lane = noLane;
        qint64 from = 0; ///< The beat was due.
        qint64 to = 0;
    };
    void askNext();
    void take(quint64 token, const SharedHistoryAnswer &answer);
    void finish();

    const FleetStore &m_store;
    LanePast &m_past;
    History &m_history;
    std::vector<LaneId> m_lanes; ///< To be asked for.
    size_t m_next = 0;
    std::vector<Late> m_reading;
    qint64 m_readFrom = 0;
    qint64 m_readTo = 0;
    quint64 m_token = 0; ///< 0: nothing is under way.
    std::vector<Late> m_late; ///< By when it began.
    qint64 m_from = 0;
    qint64 m_to = 0; ///< 0: nothing was read.
    std::vector<SourcePause> m_pauses;
    std::vector<int> m_there;
};

} // namespace pulsedeck
