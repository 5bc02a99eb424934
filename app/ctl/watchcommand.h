// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctloptions.h"
#include "app/ctl/output.h"
#include "app/ctl/sourceset.h"
#include "models/fleet/fleetfilter.h"

#include <QHash>

class QJsonObject;

namespace pulsedeck {

/// pulsedeckctl watch: one line per change, as text or JSON. The workers that are there when a source is first read
/// are where it starts from and give one line together. So does a lost source, and not one per worker.
class WatchCommand : public QObject
{
    Q_OBJECT

public:
    WatchCommand(const CtlOptions &options, Output &output);
    void start();
    /// Ends it with what was seen so far.
    void finish();

signals:
    void finished(pulsedeck::CtlExit code);

private:
    /// A worker as it was last told of.
    struct Seen
    {
        quint32 serial = 0;
        QString status;
        Liveness liveness = Liveness::Unknown; ///< The last one that was known.
        bool garbled = false;
        bool matched = false;
    };
    struct SourceSeen
    {
        QStringList limits; ///< Told already.
        bool begun = false; ///< Its first full view is behind it.
        bool lost = false;
        qint64 lostAt = 0;
    };

    void onPublished(const FleetChanges &changes);
    void onSource(SourceId source);
    void onLimit();
    void look(WorkerHandle handle);
    void tellWorker(WorkerHandle handle, const char *event, const QString &from, const QString &to);
    void tellSource(SourceId source, const char *event, const QString &message);
    void add(const QJsonObject &json, const QString &text);
    void writeOut();
    void end(CtlExit code);
    CtlExit endCode() const;
    void tellLimits(SourceId source);

    const CtlOptions m_options;
    Output &m_output;
    const FleetFilter m_filter;
    SourceSet m_sources;
    QHash<WorkerHandle, Seen> m_seen;
    std::vector<SourceSeen> m_sourcesSeen; ///< By SourceId.
    QTimer m_limit;
    QTimer m_exit;
    QByteArray m_lines;
    bool m_findings = false;
    bool m_everComplete = false;
    bool m_ended = false;
};

} // namespace pulsedeck
