// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertcondition.h"
#include "models/fleet/fleetfilter.h"

#include <QHash>
#include <QSet>

#include <map>

namespace pulsedeck {

/// Groups of workers of which too few can take work. How many there are in a group is the most that were there at once in the
/// last rememberMs: one that was lost is missing until it is back, or forgotten. Counted by changes. Of a source that is lost all
/// are counted as they were; those of one that was hidden or removed are forgotten at once.
class CapacityCondition final : public AlertCondition
{
public:
    static constexpr qint64 rememberMs = 15 * 60'000;
    static constexpr qint64 stepMs = 60'000;

    CapacityCondition(const AlertRule &rule, const AlertFleet &fleet);

    void take(const FleetChanges &changes) override;
    void lookAgain() override { m_all = true; }
    void look(qint64 now, AlertFindings *findings) override;
    QString nameOf(const AlertFinding &finding) const override { return finding.group; }

private:
    struct Member
    {
        quint32 serial = 0;
        SourceId source = 0;
        QString group;
        bool works = false;
    };
    struct Group
    {
        quint64 number = 0;
        SourceId source = 0; ///< Of a member.
        QSet<SourceId> sources; ///< Of all that were members: those that are missing count too.
        int there = 0;
        int working = 0;
        std::map<qint64, int> minutes; ///< The most that were there, by the minute.
        bool held = false;
        int saidTotal = 0;
        int saidWorking = 0;
    };

    void count(WorkerHandle handle, qint64 now);
    void leave(WorkerHandle handle);
    bool isTooFew(const Group &group, int total) const;
    static int most(Group &group, qint64 now);

    const FleetFilter m_filter;
    QHash<WorkerHandle, Member> m_members;
    QHash<QString, Group> m_groups;
    std::vector<WorkerHandle> m_changed;
    quint64 m_lastNumber = 0;
    bool m_all = true;
};

} // namespace pulsedeck
