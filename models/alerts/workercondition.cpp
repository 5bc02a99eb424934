// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/workercondition.h"

#include "models/commands/stagejudge.h"

#include <QElapsedTimer>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 timeoutAgainMs = 5'000; ///< A drain timeout that is not known yet may become known.

QString filterOf(const AlertRule &rule)
{
    return rule.scope == AlertScope::Drains ? QString(u"status:draining,shutting-down "_s + rule.match) : rule.match;
}

} // namespace

WorkerCondition::WorkerCondition(const AlertRule &rule, const AlertFleet &fleet)
    : AlertCondition(rule, fleet)
    , m_match(FleetFilter::parse(filterOf(rule)))
    , m_keep(FleetFilter::parse(rule.keep.isEmpty() ? filterOf(rule) : rule.keep))
    , m_asksForTime(m_match.dependsOnTime() || m_keep.dependsOnTime())
{ }

void WorkerCondition::take(const FleetChanges &changes)
{
    // Of those removed the place may be free or another's: look() sees by the serial.
    for (const auto *list : {&changes.removed, &changes.added, &changes.changed})
        m_changed.insert(m_changed.end(), list->begin(), list->end());
    if (changes.reset)
        lookAgain();
}

void WorkerCondition::lookAgain()
{
    m_sweeping = true;
    m_next = 0;
}

void WorkerCondition::look(qint64 now, AlertFindings *findings)
{
    for (const WorkerHandle handle : m_changed)
        look(handle, now, findings);
    m_changed.clear();
    m_due.eachDue(now, [&](WorkerHandle handle) {
        m_due.set(handle, 0);
        look(handle, now, findings);
    });
    if (m_asksForTime && !m_sweeping && now - m_sweptAt >= sweepEveryMs)
        lookAgain();
    if (m_sweeping)
        sweep(now, findings);
}

void WorkerCondition::sweep(qint64 now, AlertFindings *findings)
{
    constexpr WorkerHandle step = 512; // Reading the time costs as much as looking at a worker.
    if (m_next == 0)
        m_sweptAt = now;
    QElapsedTimer spent;
    spent.start();
    const auto until = WorkerHandle(m_fleet.store().capacity());
    while (m_next < until) {
        look(m_next++, now, findings);
        if (m_next % step == 0 && spent.elapsed() >= sweepMs)
            return;
    }
    m_sweeping = false;
}

void WorkerCondition::look(WorkerHandle handle, qint64 now, AlertFindings *findings)
{
    if (handle >= WorkerHandle(m_fleet.store().capacity()))
        return;
    const Worker &worker = m_fleet.store().worker(handle);
    const auto found = m_found.constFind(handle);
    if (found != m_found.cend() && (!worker.used || *found != worker.serial))
        end(handle, findings);
    if (!worker.used)
        return;
    const bool isFound = m_found.contains(handle);
    if (!m_fleet.isWatched(m_rule, worker.source)) {
        end(handle, findings);
        return;
    }
    // Nobody knows what it is: what was found of it stays.
    if (!m_fleet.store().isInView(worker.source) || worker.liveness == Liveness::Unknown
        || (isFound && worker.liveness == Liveness::Settling))
        return;
    const Verdict verdict = judge(handle, now);
    m_due.set(handle, verdict.againAt);
    if (!verdict.holds) {
        end(handle, findings);
    } else if (!isFound) {
        m_found.insert(handle, worker.serial);
        findings->held.push_back({worker.serial, groupOf(worker), worker.source, handle, verdict.since, 0, 1});
    }
}

WorkerCondition::Verdict WorkerCondition::judge(WorkerHandle handle, qint64 now) const
{
    const FleetStore &store = m_fleet.store();
    const Worker &worker = store.worker(handle);
    const FleetFilter &filter = m_found.contains(handle) ? m_keep : m_match;
    Verdict verdict;
    if (worker.child || !filter.matches(store, handle, now))
        return verdict;
    if (worker.liveness == Liveness::Departed) {
        verdict.since = worker.endedAt;
        verdict.againAt = worker.endedAt + endedForMs;
        verdict.holds = worker.endedAt > 0 && now < verdict.againAt;
    } else if (m_rule.scope == AlertScope::Drains) {
        const qint64 timeout = store.drainTimeoutMs(worker.source);
        if (timeout == TimingProfile::unknownDrain || worker.statusSince == 0) {
            verdict.againAt = now + timeoutAgainMs;
            return verdict;
        }
        verdict.since = worker.statusSince + timeout + overdueGraceMs;
        verdict.againAt = verdict.since;
        verdict.holds = now >= verdict.since;
    } else {
        verdict.since = worker.liveness == Liveness::Zombie ? worker.endedAt : 0;
        verdict.holds = true;
    }
    if (verdict.againAt <= now)
        verdict.againAt = 0;
    return verdict;
}

void WorkerCondition::end(WorkerHandle handle, AlertFindings *findings)
{
    const auto found = m_found.constFind(handle);
    if (found == m_found.cend())
        return;
    findings->over.push_back(*found);
    m_found.erase(found);
}

QString WorkerCondition::nameOf(const AlertFinding &finding) const
{
    return shortId(m_fleet.store().worker(finding.worker));
}

QString WorkerCondition::systemOf(const AlertFinding &finding) const
{
    return meetSystem(m_fleet.store().worker(finding.worker).traits);
}

} // namespace pulsedeck
