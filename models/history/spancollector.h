// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"
#include "models/history/spanchanges.h"
#include "models/history/spanreport.h"
#include "models/history/spanwalk.h"

#include <QHash>

namespace pulsedeck {

/// Makes a SpanReport of lanes, tracks and events that are handed to it in pieces: nothing but figures is kept of a piece, so a
/// span of any length costs some 250 bytes for each worker. First the sources' lanes, then the queues', then the workers'; see
/// SpanReader. Pure; linear in lanes, beats and changes.
class SpanCollector
{
public:
    /// \a runs: of the history, for what was not recorded.
    SpanCollector(const SpanScope &scope, const std::vector<HistoryRun> &runs);
    Q_DISABLE_COPY_MOVE(SpanCollector)

    const SpanScope &scope() const { return m_scope; }
    void addEvents(const std::vector<HistoryEvent> &events);
    /// \a track: of the time from scope().from - scope().leadMs to scope().to. Each lane once.
    void addLane(const HistoryLane &lane, const LaneTrack &track);
    SpanReport finish();

private:
    /// What is kept of each worker.
    struct Worker
    {
        ExaminedWorker examined;
        std::array<qint64, spanGroupCount> at{}; ///< As SpanWalk::firstOf().
    };
    /// A worker in the order of how badly it fared.
    struct Ranked
    {
        int rank = 0;
        qint64 gapMs = 0;
        SpanLane lane;
    };

    bool isOfScope(const QString &source) const { return m_scope.source.isEmpty() || source == m_scope.source; }
    void takeRuns(const std::vector<HistoryRun> &runs);
    void addSource(const HistoryLane &lane, const LaneTrack &track);
    void addWorker(const HistoryLane &lane, const LaneTrack &track);
    bool began(const HistoryLane &lane) const;
    void countFacts(bool isBeginning, qint64 beganAt);
    void countBeats(const LaneTrack &track);
    void countStretches();
    void keepGaps(const SpanWorker &worker);
    void keepLane(const SpanWorker &worker, const LaneTrack &track, qint64 beganAt);
    QString hostText(const QByteArray &host);
    int stepAt(qint64 at) const;
    void findBeginning();
    void findCauses();
    void findTraits();
    void findOutage(SpanCause &cause) const;

    SpanScope m_scope;
    SpanReport m_report;
    SpanChanges m_changes;
    std::vector<HistoryRun> m_runs;
    std::vector<qint64> m_runEnds;
    SpanWalk m_walk;
    std::vector<Worker> m_workers;
    QHash<QByteArray, QString> m_hosts;
    QHash<QString, std::vector<std::pair<qint64, bool>>> m_sourceUp; ///< By source: when it became connected, or not.
    std::vector<Ranked> m_worst; ///< A heap, the best of them first.
    std::vector<quint8> m_worstInStep; ///< Of the worker being added: SpanStretch::Kind + 1; 0: it was well.
};

} // namespace pulsedeck
