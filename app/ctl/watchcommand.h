// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/fleetcommand.h"
#include "models/commands/journalorders.h"
#include "models/fleet/fleetfilter.h"
#include "models/fleet/liveness.h"

#include <QHash>

#include <memory>

class QJsonObject;

namespace pulsedeck {

/// pulsedeckctl watch: one line per change, as text or JSON. The workers that are there when a source is first read
/// are where it starts from and give one line together. So does a lost source, and not one per worker. Of workers that say
/// whether they drain only when they are asked it reports what the journal has, as other consoles write it.
class WatchCommand final : public FleetCommand
{
    Q_OBJECT

public:
    WatchCommand(const CtlOptions &options, Output &output);
    void start() override;
    void finish() override;

private:
    /// A worker as it was last reported.
    struct Seen
    {
        quint32 serial = 0;
        QString status;
        Liveness liveness = Liveness::Unknown; ///< The last one that was known.
        bool unheard = false; ///< As nobodyListens() said.
        bool garbled = false;
        WorkerTrouble trouble = WorkerTrouble::None; ///< As toldTrouble() said.
        bool matched = false;
        qint64 drainedAt = 0; ///< By the drain that the journal has of it; 0: none.
    };
    struct SourceSeen
    {
        QStringList limits; ///< Told already.
        QHash<QString, bool> paused; ///< By system, as told last; none: not paused.
        bool begun = false; ///< Its first full view is behind it.
        bool lost = false;
        bool emptied = false; ///< It was told that the server has lost its keys, and workers are awaited still.
        QStringList reasons; ///< Of this loss, told already; at most mostReasons.
        qint64 lostAt = 0;
    };

    void onPublished(const FleetChanges &changes);
    void onSource(SourceId source);
    /// Why a lost source is not back yet is another reason than was told, or a source that is there has lost its keys.
    void tellReason(SourceId source);
    void look(WorkerHandle handle);
    /// What is wrong with it though it beats, is news, or is over.
    void tellTrouble(WorkerHandle handle, Seen &seen, bool tell);
    void tellWorker(WorkerHandle handle, const char *event, const QString &from, const QString &to);
    void tellSource(SourceId source, const char *event, const QString &message);
    void add(const QJsonObject &json, const QString &text);
    void tellLines();
    CtlExit endCode() const;
    void tellLimits(SourceId source);
    void tellPauses();
    void takeOrders(const std::vector<RecordedCommand> &orders);
    void tellOrder(WorkerHandle handle, Seen &seen, bool tell);
    /// What all lines on a worker have, and those in JSON alone.
    QJsonObject workerJson(const Worker &worker, const char *event) const;
    QString workerLine(const Worker &worker, const char *event) const;

    const FleetFilter m_filter;
    std::unique_ptr<Journal> m_journal; ///< Null: none is read.
    std::unique_ptr<JournalOrders> m_orders;
    QHash<std::pair<QString, QByteArray>, OrderNote> m_resumes; ///< The last ones, by name of the source and worker.
    QHash<WorkerHandle, Seen> m_seen;
    std::vector<SourceSeen> m_sourcesSeen; ///< By SourceId.
    qint64 m_followsFrom = 0; ///< By the clock of the sources: orders are told that are given from then on.
    bool m_findings = false;
    bool m_everComplete = false;
};

} // namespace pulsedeck
