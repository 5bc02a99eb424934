// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/settlewait.h"

#include "app/ctl/fleettext.h"
#include "app/ctl/output.h"

#include <algorithm>

namespace pulsedeck {

using namespace Qt::StringLiterals;

namespace {

// Who listens is asked as soon as the fleet was read, and a second later once more where a listener is missing. Where that is not
// answered the fleet is shown without it.
constexpr int listenersMs = 2'500;

} // namespace

SettleWait::SettleWait(SourceSet &sources, int mostMs, QObject *parent)
    : QObject(parent)
    , m_sources(sources)
    , m_mostMs(mostMs)
{
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, &SettleWait::end);
}

std::vector<WorkerHandle> SettleWait::unsettled(const FleetStore &store)
{
    std::vector<WorkerHandle> workers;
    for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
        const Worker &worker = store.worker(handle);
        if (worker.used && worker.liveness == Liveness::Settling)
            workers.push_back(handle);
    }
    return workers;
}

void SettleWait::begin()
{
    if (m_begun)
        return;
    m_begun = true;
    m_sources.store().publish();
    const std::vector<WorkerHandle> workers = unsettled(m_sources.store());
    if (!workers.empty() && m_mostMs > 0) {
        Output::complain(u"Waiting up to %1 s for a heartbeat of %2, to know the age of the last one. "
                         "--settle 0 does not wait."_s.arg(double(m_mostMs) / 1'000)
                             .arg(workersText(workers.size())));
    }
    m_limit.start(qMax(m_mostMs, listenersMs));
    // The store reports all changes with its tick, in their order.
    connect(&m_sources.store(), &FleetStore::ticked, this, &SettleWait::look);
    QTimer::singleShot(0, this, &SettleWait::look);
}

bool SettleWait::isSettled() const
{
    const FleetStore &store = m_sources.store();
    for (SourceId source = 1; source <= SourceId(m_sources.count()); ++source) {
        const SourceStatus status = store.sourceStatus(source);
        if (status.traits->has(SourceFact::Listeners) && status.isConnected() && !status.listenersKnown)
            return false;
        if (status.isConnected() && status.listenersAwaited > 0)
            return false;
        if (m_mostMs > 0 && status.isConnected() && (status.listening || (m_weighs && status.weighing)))
            return false;
    }
    return m_mostMs <= 0 || unsettled(store).empty();
}

/// A list that takes so much longer than usual says why.
void SettleWait::tellWeighing()
{
    const FleetStore &store = m_sources.store();
    for (SourceId source = 1; source <= SourceId(m_sources.count()); ++source) {
        const SourceStatus status = store.sourceStatus(source);
        if (m_weighs && !m_weighingTold && m_mostMs > 0 && status.isConnected() && status.weighing) {
            m_weighingTold = true;
            if (m_weighMs > m_mostMs)
                m_limit.start(m_weighMs);
            Output::complain(u"%1: jobs wait, and workers do nothing: waiting up to %2 s to see whether they take any. "
                             "--settle 0 does not wait."_s.arg(m_sources.name(source))
                                 .arg(double(m_weighMs) / 1'000));
        }
    }
}

void SettleWait::look()
{
    if (m_ended)
        return;
    if (isSettled())
        end();
    else
        tellWeighing();
}

void SettleWait::end()
{
    if (m_ended)
        return;
    m_ended = true;
    m_limit.stop();
    emit done();
}

QString workerNames(const FleetStore &store, const std::vector<WorkerHandle> &workers, int most)
{
    QStringList names;
    for (const WorkerHandle handle : workers)
        names.append(printable(QString::fromUtf8(store.worker(handle).id)));
    names.sort();
    const qsizetype rest = names.size() - most;
    if (rest <= 0)
        return names.join(u", "_s);
    return QStringList(names.first(most)).join(u", "_s) + u" and %1 more"_s.arg(rest);
}

} // namespace pulsedeck
