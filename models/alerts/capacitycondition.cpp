// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/capacitycondition.h"

#include <algorithm>
#include <iterator>

namespace pulsedeck {

namespace {

/// Settling is no proof of anything yet: a console that was just started would find a fleet without capacity.
bool takesWork(const Worker &worker)
{
    return (worker.liveness == Liveness::Alive || worker.liveness == Liveness::Settling || worker.liveness == Liveness::Late)
           && worker.status != WorkerStatus::Draining && worker.status != WorkerStatus::ShuttingDown
           && worker.status != WorkerStatus::Paused;
}

/// What is left of a worker that may have been replaced long ago is no member.
bool isMember(const Worker &worker)
{
    return !worker.child && worker.liveness != Liveness::Departed && worker.liveness != Liveness::Zombie
           && worker.liveness != Liveness::Ghost;
}

} // namespace

CapacityCondition::CapacityCondition(const AlertRule &rule, const AlertFleet &fleet)
    : AlertCondition(rule, fleet)
    , m_filter(FleetFilter::parse(rule.match))
{ }

void CapacityCondition::take(const FleetChanges &changes)
{
    for (const auto *list : {&changes.removed, &changes.added, &changes.changed})
        m_changed.insert(m_changed.end(), list->begin(), list->end());
    m_all = m_all || changes.reset;
}

void CapacityCondition::look(qint64 now, AlertFindings *findings)
{
    if (m_all) {
        for (WorkerHandle handle = 0; handle < WorkerHandle(m_fleet.store().capacity()); ++handle)
            count(handle, now);
    } else {
        for (const WorkerHandle handle : m_changed)
            count(handle, now);
    }
    m_changed.clear();
    m_all = false;
    for (auto one = m_groups.begin(); one != m_groups.end();) {
        Group &group = *one;
        const int total = most(group, now);
        // Of a source that is lost nobody knows; of one that is hidden or removed nobody asks.
        const bool known = m_fleet.store().isInView(group.source) || !m_fleet.isWatched(m_rule, group.source);
        const bool holds = known ? isTooFew(group, total) : group.held;
        if (holds && (!group.held || group.saidTotal != total || group.saidWorking != group.working)) {
            group.saidTotal = total;
            group.saidWorking = group.working;
            AlertFinding finding{group.number, one.key(), group.source, noWorker, 0, total, group.working};
            std::copy_if(group.sources.cbegin(), group.sources.cend(), std::back_inserter(finding.sources),
                         [this](SourceId source) { return m_fleet.isWatched(m_rule, source); });
            findings->held.push_back(finding);
        } else if (!holds && group.held) {
            findings->over.push_back(group.number);
        }
        group.held = holds;
        if (total == 0 && !holds)
            one = m_groups.erase(one);
        else
            ++one;
    }
}

void CapacityCondition::count(WorkerHandle handle, qint64 now)
{
    if (handle >= WorkerHandle(m_fleet.store().capacity()))
        return;
    const Worker &worker = m_fleet.store().worker(handle);
    const auto known = m_members.constFind(handle);
    if (known != m_members.cend() && (!worker.used || known->serial != worker.serial))
        leave(handle);
    if (!worker.used)
        return;
    const bool watched = m_fleet.isWatched(m_rule, worker.source);
    if (watched && (!m_fleet.store().isInView(worker.source) || worker.liveness == Liveness::Unknown))
        return;
    const bool belongs = watched && isMember(worker) && m_filter.matches(m_fleet.store(), handle, now);
    if (!belongs) {
        leave(handle);
        return;
    }
    const bool works = takesWork(worker);
    const QString name = groupOf(worker);
    const auto before = m_members.constFind(handle);
    if (before != m_members.cend() && before->works == works && before->group == name)
        return;
    leave(handle);
    auto group = m_groups.find(name);
    if (group == m_groups.end()) {
        group = m_groups.insert(name, {});
        group->number = ++m_lastNumber;
    }
    group->source = worker.source;
    group->sources.insert(worker.source);
    ++group->there;
    group->working += works ? 1 : 0;
    m_members.insert(handle, {worker.serial, worker.source, group.key(), works});
}

void CapacityCondition::leave(WorkerHandle handle)
{
    const auto member = m_members.constFind(handle);
    if (member == m_members.cend())
        return;
    const auto group = m_groups.find(member->group);
    if (group != m_groups.end()) {
        --group->there;
        group->working -= member->works ? 1 : 0;
        // It is not missing where nobody looks any more.
        if (!m_fleet.isWatched(m_rule, member->source)) {
            for (auto &[minute, most] : group->minutes)
                most = std::max(0, most - 1);
        }
    }
    m_members.erase(member);
}

bool CapacityCondition::isTooFew(const Group &group, int total) const
{
    if (total == 0)
        return false;
    const bool keeps = group.held && m_rule.keepBelow != AlertRule::unset;
    if (m_rule.fewerThan != AlertRule::unset)
        return group.working < (keeps ? m_rule.keepBelow : m_rule.fewerThan);
    return qint64(group.working) * 100 < qint64(keeps ? m_rule.keepBelow : m_rule.belowPercent) * total;
}

/// The most workers that were in the group of late. Of a minute the last count is not less than the present one.
int CapacityCondition::most(Group &group, qint64 now)
{
    int &latest = group.minutes[now / stepMs];
    latest = std::max(latest, group.there);
    group.minutes.erase(group.minutes.begin(), group.minutes.lower_bound((now - rememberMs) / stepMs));
    return std::max_element(group.minutes.begin(), group.minutes.end(),
                            [](const auto &a, const auto &b) { return a.second < b.second; })
        ->second;
}

} // namespace pulsedeck
