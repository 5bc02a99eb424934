// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"
#include "models/history/spanreport.h"

#include <QHash>
#include <QSet>

#include <map>

namespace pulsedeck {

/// Gathers what was changed in and before a span: commands (each group once), timing, versions that workers report, outages,
/// pauses of queues, the clock. What came of a change is not among them. Pure.
class SpanChanges
{
public:
    explicit SpanChanges(const SpanScope &scope)
        : m_scope(scope)
    { }

    void addEvent(const HistoryEvent &event);
    /// What the lane of a source or queue says.
    void addSource(const HistoryLane &lane, const LaneTrack &track);
    void addQueue(const HistoryLane &lane, const LaneTrack &track);
    /// A worker that reports a version, and when it appeared if it began in this time; else 0.
    void addWorker(const HistoryLane &lane, qint64 beganAt);

    /// Overlapping ones of a source as one, ascending.
    std::vector<SpanOutage> outages() const;
    /// All changes in the order of SpanReport::changes, measured from \a beginsAt.
    std::vector<SpanChange> changes(qint64 beginsAt) const;

private:
    struct Version
    {
        qint64 first = 0; ///< When a worker first reported it, in this time; 0: none began to.
        bool former = false; ///< A worker reported it before this time.
        int workers = 0; ///< That began to report it in this time.
    };
    using VersionKey = std::tuple<QString, QString, QString>; ///< Source, system, version.

    bool isInTime(qint64 at) const { return at >= m_scope.from - m_scope.leadMs && at < m_scope.to; }
    void addEntry(const HistoryEvent &event, SpanChangeKind kind);
    void addVersion(const VersionKey &key, qint64 at);

    const SpanScope &m_scope;
    std::vector<SpanChange> m_single;
    QHash<QString, SpanChange> m_groups; ///< Commands, by their group.
    QHash<QString, QSet<QByteArray>> m_groupWorkers;
    std::vector<SpanOutage> m_outages;
    std::map<VersionKey, Version> m_versions;
    QHash<LaneId, std::pair<qint64, QString>> m_changedVersions; ///< Of workers that went from one version to another: the first.
};

} // namespace pulsedeck
