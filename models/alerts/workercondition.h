// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertcondition.h"
#include "models/fleet/duetimes.h"
#include "models/fleet/fleetfilter.h"

#include <QHash>

namespace pulsedeck {

/// Workers that match a filter, or whose drain takes longer than its timeout. One that ended is found for endedForMs more, so
/// that an end that was not watched is seen; one whose liveness is not known stays as it was. All workers are looked at only
/// after lookAgain(), and where the filter asks for ages: then for at most sweepMs at a time, over several looks.
class WorkerCondition final : public AlertCondition
{
public:
    static constexpr qint64 endedForMs = 30'000;
    static constexpr qint64 sweepMs = 4; ///< Measured, whatever clock the store has.
    static constexpr qint64 sweepEveryMs = 250; ///< Filters that ask for ages.

    WorkerCondition(const AlertRule &rule, const AlertFleet &fleet);

    void take(const FleetChanges &changes) override;
    void lookAgain() override;
    void look(qint64 now, AlertFindings *findings) override;
    bool isWhole() const override { return !m_sweeping; }
    QString nameOf(const AlertFinding &finding) const override;
    QString systemOf(const AlertFinding &finding) const override;

private:
    /// When it has to be looked at again although nothing of it changes; 0: never. Whether it holds, and since when.
    struct Verdict
    {
        bool holds = false;
        qint64 since = 0;
        qint64 againAt = 0;
    };
    Verdict judge(WorkerHandle handle, qint64 now) const;
    void look(WorkerHandle handle, qint64 now, AlertFindings *findings);
    void sweep(qint64 now, AlertFindings *findings);
    void end(WorkerHandle handle, AlertFindings *findings);

    const FleetFilter m_match;
    const FleetFilter m_keep;
    const bool m_asksForTime;
    QHash<WorkerHandle, quint32> m_found; ///< Serials of those that hold.
    std::vector<WorkerHandle> m_changed;
    DueTimes m_due;
    bool m_sweeping = true;
    WorkerHandle m_next = 0; ///< Of the sweep.
    qint64 m_sweptAt = 0;
};

} // namespace pulsedeck
