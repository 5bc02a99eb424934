// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QCoreApplication>

#include <map>

namespace pulsedeck {

/// What the heading of a system says at its right: which sources have how many of its workers, their version, how they beat.
/// A value that is filled with one worker after the other; GUI thread.
class SystemSummary
{
    Q_DECLARE_TR_FUNCTIONS(SystemSummary)

public:
    void add(const FleetStore &store, WorkerHandle handle);
    /// "prod-eu 412, staging 14 · 7.3.9 · beat 10 s, key TTL 60 s"; empty without workers.
    QString text(const FleetStore &store) const;

private:
    QString beatText(const Thresholds &thresholds) const;

    std::map<SourceId, int> m_bySource;
    WorkerHandle m_example = noWorker; ///< A healthy one, where there is any: it stands for how all of them beat.
    bool m_exampleIsHealthy = false;
    qint32 m_interval = unknownValue;
    qint32 m_ttl = unknownValue;
    TraitsRef m_traits;
    QString m_version;
    bool m_versionsDiffer = false;
};

} // namespace pulsedeck
