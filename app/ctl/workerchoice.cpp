// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/workerchoice.h"

#include "app/ctl/fleettext.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/fleetfilter.h"

#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostListed = 5; ///< Of the workers that share a beginning.

/// Without its type, or what its system writes around each id.
QByteArray idWithin(const Worker &worker)
{
    const IdForm &form = worker.traits->ids;
    const QByteArray &id = worker.id;
    if (form.before.isEmpty() || !id.startsWith(form.before) || !id.endsWith(form.after))
        return bareId(worker);
    return id.mid(form.before.size(), id.size() - form.before.size() - form.after.size());
}

std::vector<WorkerHandle> find(const FleetStore &store, const QByteArray &name)
{
    std::vector<WorkerHandle> whole;
    std::vector<WorkerHandle> beginning;
    for (const WorkerHandle handle : presentWorkers(store)) {
        const Worker &worker = store.worker(handle);
        const QByteArray bare = idWithin(worker);
        if (worker.id == name || bare == name)
            whole.push_back(handle);
        else if (worker.id.startsWith(name) || bare.startsWith(name))
            beginning.push_back(handle);
    }
    return whole.empty() ? beginning : whole;
}

} // namespace

std::vector<WorkerHandle> presentWorkers(const FleetStore &store)
{
    std::vector<WorkerHandle> workers;
    for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
        const Worker &worker = store.worker(handle);
        if (worker.used && worker.liveness != Liveness::Departed && store.twinOf(worker.source) == 0)
            workers.push_back(handle);
    }
    return workers;
}

void sortById(const FleetStore &store, std::vector<WorkerHandle> *workers)
{
    std::sort(workers->begin(), workers->end(), [&store](WorkerHandle a, WorkerHandle b) {
        const Worker &x = store.worker(a);
        const Worker &y = store.worker(b);
        return x.source != y.source ? x.source < y.source : x.id < y.id;
    });
}

WorkerChoice WorkerChoice::named(const FleetStore &store, const QStringList &names)
{
    WorkerChoice choice;
    QSet<WorkerHandle> seen;
    for (const QString &name : names) {
        const std::vector<WorkerHandle> found = find(store, name.toUtf8());
        if (found.empty()) {
            choice.missing.append(name);
            continue;
        }
        if (found.size() > 1) {
            // The same id on two sources, or in two systems, differs in nothing else.
            const bool oneSystem = std::all_of(found.begin(), found.end(), [&](WorkerHandle handle) {
                return store.worker(handle).traits->layout == store.worker(found.front()).traits->layout;
            });
            QStringList ids;
            for (size_t i = 0; i < found.size() && i < mostListed; ++i) {
                const Worker &worker = store.worker(found[i]);
                ids.append(printable(QString::fromUtf8(worker.id)) + u" on "_s + store.sourceName(worker.source)
                           + (oneSystem ? QString() : u" (%1)"_s.arg(worker.traits->layout)));
            }
            ids.sort();
            const QString more = found.size() > mostListed ? u" and %1 more"_s.arg(found.size() - mostListed) : QString();
            choice.problem = u"“%1” is ambiguous: %2%3."_s.arg(printable(name), ids.join(u", "_s), more);
            choice.workers.clear();
            return choice;
        }
        if (!seen.contains(found.front())) {
            seen.insert(found.front());
            choice.workers.push_back(found.front());
        }
    }
    return choice;
}

WorkerChoice WorkerChoice::matching(const FleetStore &store, const QString &filter)
{
    WorkerChoice choice;
    const FleetFilter wanted = FleetFilter::parse(filter);
    const qint64 now = store.viewNow();
    for (const WorkerHandle handle : presentWorkers(store)) {
        if (wanted.isUndecided(store, handle, now))
            choice.undecided.push_back(handle);
        else if (wanted.matches(store, handle, now))
            choice.workers.push_back(handle);
    }
    for (std::vector<WorkerHandle> *list : {&choice.workers, &choice.undecided})
        sortById(store, list);
    return choice;
}

} // namespace pulsedeck
