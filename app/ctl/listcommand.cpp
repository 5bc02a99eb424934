// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/listcommand.h"

#include "app/ctl/fleettext.h"
#include "models/fleet/fleetfilter.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ListCommand::ListCommand(const CtlOptions &options, Output &output)
    : m_options(options)
    , m_output(output)
    , m_sources(options.sources, options.hubAccess, true, options.timeoutMs, "pulsedeckctl-list")
    , m_settle(m_sources, options.settleMs)
{
    connect(&m_sources, &SourceSet::sourceChanged, this, &ListCommand::look);
    connect(&m_settle, &SettleWait::done, this, &ListCommand::finish);
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, &ListCommand::finish);
}

void ListCommand::start()
{
    m_limit.start(m_options.timeoutMs);
    m_sources.recallEnds(m_options.journalFile);
    m_sources.start();
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
    if (m_finished)
        return;
    m_finished = true;
    FleetStore &store = m_sources.store();
    store.publish();

    const FleetFilter filter = FleetFilter::parse(m_options.where);
    const qint64 now = store.viewNow();
    std::vector<WorkerHandle> workers;
    std::vector<WorkerHandle> unsettled;
    bool findings = false;
    bool unknown = false;
    for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
        const Worker &worker = store.worker(handle);
        if (!worker.used || worker.liveness == Liveness::Departed || !filter.matches(store, handle, now))
            continue;
        if (store.twinOf(worker.source) != 0)
            continue; // It is listed as another source's already.
        workers.push_back(handle);
        findings = findings || isFinding(worker);
        unknown = unknown || worker.liveness == Liveness::Unknown;
        if (worker.liveness == Liveness::Settling)
            unsettled.push_back(handle);
    }
    std::sort(workers.begin(), workers.end(), [&](WorkerHandle a, WorkerHandle b) {
        const Worker &x = store.worker(a);
        const Worker &y = store.worker(b);
        return x.source != y.source ? x.source < y.source : x.id < y.id;
    });

    CtlExit code = findings || unknown || !unsettled.empty() ? CtlExit::Findings : CtlExit::Done;
    if (!unsettled.empty()) {
        Output::complain(u"No heartbeat was seen of %1, so nothing proves that they live: %2."_s.arg(
            unsettled.size() == 1 ? u"1 worker"_s : u"%1 workers"_s.arg(unsettled.size()), workerNames(store, unsettled)));
    }
    for (SourceId source = 1; source <= SourceId(m_sources.count()); ++source) {
        if (const QString skew = fleetSkewText(store, source); !skew.isEmpty())
            Output::complain(m_sources.name(source) + u": "_s + skew);
    }
    bool missing = false;
    bool readable = false;
    for (SourceId source = 1; source <= SourceId(m_sources.count()); ++source) {
        const SourceStatus status = store.sourceStatus(source);
        const bool read = m_sources.isComplete(source) || m_sources.isCutOff(source, false);
        readable = readable || read;
        // A view with whole kinds of things missing is no view of the fleet; single entries left out are a finding in it.
        missing = missing || !read || status.isPartial();
        if (status.gaps && code == CtlExit::Done)
            code = CtlExit::Findings;
        if (!m_sources.isComplete(source) || status.isCutOff())
            Output::complain(printable(m_sources.trouble(source)));
        for (const QString &limit : m_sources.limits(source))
            Output::complain(printable(limit));
    }
    for (SourceId source = 1; source <= SourceId(m_sources.count()); ++source) {
        const HubView *view = m_sources.hubView(source);
        if (!view || view->skipped == 0)
            continue;
        Output::complain(
            u"%1: %2 of its actors could not be read and are left out."_s.arg(m_sources.name(source)).arg(view->skipped));
        if (code == CtlExit::Done)
            code = CtlExit::Findings;
    }
    if (missing)
        code = CtlExit::NoConnection;
    // Without a row a table that is not whole would look like an empty fleet.
    if (readable && !(missing && workers.empty())) {
        const QByteArray text =
            m_options.json ? fleetJson(store, workers, now) : fleetTable(store, workers, now, m_options.actorColumns);
        if (m_output.write(text) == Output::Result::Failed) {
            Output::complain(m_output.errorString());
            code = CtlExit::Usage;
        }
    }
    connect(&m_sources, &SourceSet::closed, this, [this, code] { emit finished(code); });
    m_sources.close();
}

} // namespace pulsedeck
