// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctlcommand.h"
#include "app/ctl/history/historyctloptions.h"
#include "app/history/sqlhistory.h"

#include <map>
#include <memory>
#include <vector>

namespace pulsedeck {

/// pulsedeckctl history: which spans were recorded, one of them as a file, what happened in one as watch tells it, and what is
/// too old removed. It only reads, but for the last, for which no console may be recording.
class HistoryCommand : public CtlCommand
{
    Q_OBJECT

public:
    static constexpr qint64 replayStepMs = 600'000; ///< So much is read at a time.

    HistoryCommand(const HistoryCtlOptions &options, Output &output);
    ~HistoryCommand() override;

    void start() override;

protected:
    void close(CtlExit code) override;

private:
    /// What was told of a lane last.
    struct Told
    {
        LaneState state;
        qint64 lostAt = 0; ///< Of a source.
        QString liveness; ///< As it was told: how it ended may have changed before it is told that it returned.
        bool shown = false; ///< That it is there was told, or taken for granted.
    };

    void ask(HistoryQuery query);
    void take(const HistoryAnswer &answer);
    void printSpans(const SpansAnswer &spans);
    void takeLanes(const LanesAnswer &answer);
    void askTracks();
    void takeTracks(const TracksAnswer &answer);
    void tell(const LaneChange &change);
    void tellWorker(const HistoryLane &lane, qint64 at, const char *event, const QString &from, const QString &to);
    void tellSource(const HistoryLane &lane, Told &told, qint64 at, SourceState state);
    void prune();

    const HistoryCtlOptions m_options;
    std::unique_ptr<SqlHistory> m_history;
    quint64 m_token = 0;
    // Of a replay.
    std::map<LaneId, HistoryLane> m_lanes;
    std::map<LaneId, Told> m_told;
    std::vector<LaneId> m_order;
    std::vector<LaneChange> m_changes; ///< Of the present step.
    size_t m_next = 0; ///< In m_order.
    qint64 m_at = 0;
    qint64 m_last = 0;
    bool m_begun = false;
};

} // namespace pulsedeck
