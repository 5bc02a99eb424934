// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/listcommand.h"

#include "app/ctl/fleettext.h"
#include "app/ctl/workerchoice.h"
#include "models/fleet/fleetfilter.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ListCommand::ListCommand(const CtlOptions &options, Output &output)
    : FleetCommand(options, output, true, "pulsedeckctl-list")
    , m_settle(m_sources, options.settleMs)
{
    m_settle.alsoWeigh(options.settles ? 0 : SourceStatus::weighedMs);
    connect(&m_sources, &SourceSet::sourceChanged, this, &ListCommand::look);
    connect(&m_settle, &SettleWait::done, this, &ListCommand::finish);
    connect(&m_limit, &QTimer::timeout, this, &ListCommand::finish);
}

void ListCommand::look()
{
    if (m_sources.settledCount() < m_sources.count())
        return;
    m_limit.stop();
    // The last batch may come in the same turn of the event loop as the state does.
    QTimer::singleShot(0, &m_settle, &SettleWait::begin);
}

void ListCommand::finish()
{
    if (isEnded())
        return;
    FleetStore &store = m_sources.store();
    store.publish();

    const FleetFilter filter = FleetFilter::parse(m_options.where);
    const qint64 now = store.viewNow();
    std::vector<WorkerHandle> workers = presentWorkers(store);
    std::erase_if(workers, [&](WorkerHandle handle) { return !filter.matches(store, handle, now); });
    sortById(store, &workers);
    std::vector<WorkerHandle> unsettled;
    bool findings = false;
    bool unknown = false;
    for (const WorkerHandle handle : workers) {
        const Worker &worker = store.worker(handle);
        findings = findings || isFinding(worker);
        unknown = unknown || isUnknown(worker);
        if (worker.liveness == Liveness::Settling)
            unsettled.push_back(handle);
    }

    CtlExit code = findings || unknown || !unsettled.empty() ? CtlExit::Findings : CtlExit::Done;
    if (!unsettled.empty()) {
        const QString names = workerNames(store, unsettled);
        Output::complain(unsettled.size() == 1
                             ? u"No heartbeat of %1 was seen, so it is not proven that it is alive."_s.arg(names)
                             : u"No heartbeat of %1 was seen, so it is not proven that they are alive: %2."_s.arg(
                                 workersText(unsettled.size()), names));
    }
    bool missing = false;
    bool readable = false;
    for (const SourceId source : store.sources()) {
        if (const QString skew = fleetSkewText(store, source); !skew.isEmpty())
            Output::complain(m_sources.name(source) + u": "_s + skew);
        const SourceStatus status = store.sourceStatus(source);
        const bool read = m_sources.isComplete(source) || m_sources.isCutOff(source, false);
        readable = readable || read;
        // A view with whole kinds of things missing is no view of the fleet; single entries left out are a finding in it.
        missing = missing || !read || status.isPartial();
        if (status.gaps && code == CtlExit::Done)
            code = CtlExit::Findings;
        if (!m_sources.isComplete(source) || status.isCutOff())
            Output::complain(printable(m_sources.trouble(source)));
        for (const QString &pause : m_sources.pauses(source))
            Output::complain(printable(pause));
        for (const QString &limit : m_sources.limits(source))
            Output::complain(printable(limit));
        const HubView *view = m_sources.hubView(source);
        if (!view || view->skipped == 0)
            continue;
        Output::complain(
            u"%1: actors left out because they could not be read: %2."_s.arg(m_sources.name(source)).arg(view->skipped));
        if (code == CtlExit::Done)
            code = CtlExit::Findings;
    }
    if (missing)
        code = CtlExit::NoConnection;
    // Without a row a table that is not whole would look like an empty fleet.
    if (readable && !(missing && workers.empty())) {
        if (workers.empty() && !m_options.json)
            Output::complain(presentWorkers(store).empty()
                                 ? u"No workers. pulsedeckctl layouts detect URL says which systems are there."_s
                                 : u"No worker matches."_s);
        code = m_output.print(
            m_options.json ? fleetJson(store, workers, now) : fleetTable(store, workers, now, m_options.actorColumns), code);
    }
    end(code);
}

} // namespace pulsedeck
