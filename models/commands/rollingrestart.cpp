// SPDX-License-Identifier: GPL-3.0-or-later
// How rolling shutdowns of an earlier run of the console are taken up again.
#include "models/commands/rollingrunnerprivate.h"

#include "models/commands/commandledger.h"
#include "models/sources/sourcelistmodel.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

void RollingRunner::Private::takePlans(const QList<RollingRecord> &records)
{
    for (const RollingRecord &record : records) {
        std::optional<RollingPlan> plan = RollingPlan::fromJson(record.plan, store.clock().wallOffsetMs());
        if (record.ended || !plan || plan->hasEnded() || find(plan->group()))
            continue;
        // Another console on the same journal is at it.
        const QString mark = record.plan[consoleKey].toString();
        if (mark != ownMark && isProcessRunning(mark))
            continue;
        const bool known = std::any_of(waiting.begin(), waiting.end(),
                                       [&plan](const RollingPlan &other) { return other.group() == plan->group(); });
        if (!known)
            waiting.push_back(std::move(*plan));
    }
    expectSteps();
    adoptWaiting();
    emit q.plansRead();
}

/// Sources have other numbers after a restart; their names stay. True if all are there and their view is whole.
bool RollingRunner::Private::findSources(RollingPlan &plan) const
{
    const QStringList names = plan.sourceNames();
    for (const QString &name : names) {
        const auto source = std::find_if(sources.all().begin(), sources.all().end(),
                                         [&name](const SourceSettings &settings) { return settings.name == name; });
        if (source == sources.all().end() || !isWhole(store.sourceStatus(source->id)))
            return false;
        plan.setSourceId(name, source->id);
    }
    return true;
}

void RollingRunner::Private::adoptWaiting()
{
    if (waiting.empty() || historyAwaited || store.isPaused())
        return;
    std::vector<RollingPlan> ready;
    std::erase_if(waiting, [&](RollingPlan &plan) {
        if (!findSources(plan))
            return false;
        ready.push_back(std::move(plan));
        return true;
    });
    for (RollingPlan &plan : ready)
        adopt(std::move(plan));
    if (!ready.empty())
        expectSteps();
}

/// What waits for its source is known to be this console's before its commands are back. Those that were never sent a command have
/// none of this console's.
void RollingRunner::Private::expectSteps()
{
    QSet<std::pair<QString, QByteArray>> workers;
    for (const RollingPlan &plan : waiting) {
        const QStringList names = plan.sourceNames();
        for (const RollingStep &step : plan.steps()) {
            if (step.state == RollingStep::State::Queued || step.state == RollingStep::State::Skipped)
                continue;
            for (const QString &name : names)
                workers.insert({name, step.worker});
        }
    }
    ledger.expectSteps(workers);
}

/// As the journal has it; where that has nothing of it, as the plan does.
RecordedCommand RollingRunner::Private::recordedStep(const RollingStep &step, const Command &command) const
{
    const bool underway =
        step.state == RollingStep::State::Sent || (step.state == RollingStep::State::Failed && !isEnd(step.stage));
    if (const auto known = history.constFind(step.command); known != history.cend()) {
        RecordedCommand recorded = *known;
        recorded.entry.command.source = step.source;
        return recorded;
    }
    RecordedCommand recorded;
    CommandEntry &entry = recorded.entry;
    entry.command = command;
    entry.type = step.type;
    entry.host = step.host;
    entry.requestedAt = store.clock().fromWall(command.issuedAt);
    // When it was written and read the plan does not know.
    entry.stage = underway ? CommandStage::Unknown : isEnd(step.stage) ? step.stage : CommandStage::Gone;
    entry.endedAt = underway ? 0 : qMax(step.goneAt, entry.requestedAt);
    return recorded;
}

void RollingRunner::Private::adopt(RollingPlan plan)
{
    const QUuid group = plan.group();
    CommandRequest request;
    request.act = plan.options().now ? Act::ShutdownNow : Act::Shutdown;
    request.ttlMs = plan.options().ttlMs;
    request.reason = plan.reason();
    request.group = group;
    std::vector<QUuid> ids;
    std::vector<std::pair<Command, QString>> gone;
    const auto commandOf = [&](const RollingStep &step, qint64 at) {
        Command command;
        command.id = step.command;
        command.group = group;
        command.act = request.act;
        command.source = step.source;
        command.worker = step.worker;
        command.issuedAt = store.clock().toWall(at);
        command.ttlMs = request.ttlMs;
        command.by = plan.by();
        command.reason = plan.reason();
        return command;
    };
    for (int i = 0; i < plan.total(); ++i) {
        const RollingStep step = plan.steps()[size_t(i)];
        if (step.state == RollingStep::State::Queued) {
            const WorkerHandle handle = store.find(step.source, step.worker);
            if (handle == noWorker) {
                plan.passOver(i);
                gone.emplace_back(commandOf(step, plan.startedAt()), step.type);
                continue;
            }
            request.workers.push_back(handle);
            ids.push_back(step.command);
        } else {
            ledger.restore(recordedStep(step, commandOf(step, step.sentAt > 0 ? step.sentAt : plan.startedAt())), true, plan.startedAt());
        }
    }
    if (!gone.empty())
        ledger.restoreSkipped(gone, u"it had gone when the console came back"_s);
    if (!ids.empty())
        ledger.enqueue(request, ids);
    Run run;
    run.plan = std::move(plan);
    run.restored = true;
    mapKeys(run);
    Run &kept = runs.emplace(group, std::move(run)).first->second;
    settle(kept);
    save(kept); // From now on it is this console's.
    due = true;
    emit q.planChanged(group);
}

} // namespace pulsedeck
