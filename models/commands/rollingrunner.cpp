// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/rollingrunner.h"

#include "models/commands/commandledger.h"
#include "models/commands/processmark.h"
#include "models/commands/rollingsurvey.h"
#include "models/commands/rollingwords.h"
#include "models/fleet/sourcelistmodel.h"

#include <QTimer>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 lookEveryMs = 250;
// What a plan has learnt since it last sent somebody is saved so often; a loss of it costs nothing but the look of the
// progress.
constexpr qint64 saveEveryMs = 2'000;

} // namespace

class RollingRunner::Private
{
public:
    /// Next to the plan in its record: which console runs it.
    static constexpr QLatin1StringView consoleKey{"console"};

    static bool isWhole(const SourceStatus &status)
    {
        return status.state == SourceState::Live || status.state == SourceState::Sweeping;
    }

    struct Run
    {
        RollingPlan plan;
        QHash<QUuid, quint64> keys; ///< Ledger keys of the plan's commands.
        bool restored = false;
        std::vector<SourceId> held; ///< Kept open for it.
        bool unsaved = false;
        bool endTold = false; ///< The journal has the line on its end.
        qint64 savedAt = 0;
    };

    Private(RollingRunner &owner, FleetStore &fleet, SourceListModel &sourceList, CommandLedger &commandLedger,
            WriteAccess &writeAccess)
        : q(owner)
        , store(fleet)
        , sources(sourceList)
        , ledger(commandLedger)
        , access(writeAccess)
    { }

    void onTicked();
    void change(const QUuid &group, const std::function<void(RollingPlan &)> &apply);
    void look();
    void advance(Run &run, RollingSurvey &survey);
    RollingView viewOf(const Run &run, const RollingSurvey &survey) const;
    RollingSurvey surveyNow() const;
    void settle(Run &run);
    RollingRecord recordOf(const Run &run) const;
    JournalEntry endLine(const RollingPlan &plan) const;
    void save(Run &run);
    void send(Run &run, const std::vector<int> &steps);
    void onWritten(quint64 token);
    void enter(Run &&run);
    void takePlans(const QList<RollingRecord> &records);
    bool findSources(RollingPlan &plan) const;
    void adoptWaiting();
    void expectSteps();
    void adopt(RollingPlan plan);
    RecordedCommand recordedStep(const RollingStep &step, const Command &command) const;
    Run *find(const QUuid &group);

    RollingRunner &q;
    FleetStore &store;
    SourceListModel &sources;
    CommandLedger &ledger;
    WriteAccess &access;
    Journal *journal = nullptr;
    std::map<QUuid, Run> runs;
    std::vector<RollingPlan> waiting; ///< Read back; their sources have not been seen whole yet.
    QHash<QUuid, RecordedCommand> history; ///< Of earlier runs, by command.
    bool historyAwaited = false;
    QHash<quint64, std::vector<quint64>> unwritten; ///< Ledger keys that wait for the journal, by token.
    std::set<quint64> open; ///< Ledger keys of commands that take capacity and have not ended.
    const QString ownMark = ownProcessMark();
    qint64 lookedAt = 0;
    bool due = false;
};

RollingRunner::RollingRunner(FleetStore &store, SourceListModel &sources, CommandLedger &ledger, WriteAccess &access,
                             QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, store, sources, ledger, access))
{
    connect(&store, &FleetStore::ticked, this, [this] { d->onTicked(); });
    connect(&store, &FleetStore::sourceChanged, this, [this] { d->due = true; });
    connect(&access, &WriteAccess::changed, this, [this] { d->due = true; });
    connect(&ledger, &CommandLedger::entriesAdded, this, [this](quint64 first, quint64 last) {
        for (quint64 key = first; key <= last; ++key) {
            if (const CommandEntry *entry = d->ledger.entry(key);
                entry && entry->isOpen() && actRow(entry->command.act).capacity < 0)
                d->open.insert(key);
        }
    });
    connect(&ledger, &CommandLedger::entriesChanged, this, [this](const std::vector<quint64> &keys) {
        for (const quint64 key : keys) {
            const CommandEntry *entry = d->ledger.entry(key);
            // One whose worker comes back after its end is open again.
            if (!entry || !entry->isOpen())
                d->open.erase(key);
            else if (actRow(entry->command.act).capacity < 0)
                d->open.insert(key);
            if (entry && d->runs.count(entry->command.group) > 0)
                d->due = true;
        }
    });
}

RollingRunner::~RollingRunner()
{
    for (auto &[group, run] : d->runs) {
        if (run.unsaved)
            d->save(run);
    }
}

void RollingRunner::setJournal(Journal *journal)
{
    if (d->journal)
        d->journal->disconnect(this);
    d->journal = journal;
    if (!journal)
        return;
    connect(journal, &Journal::written, this, [this](quint64 token) { d->onWritten(token); });
    connect(journal, &Journal::plansRead, this, [this](const QList<RollingRecord> &plans) { d->takePlans(plans); });
    journal->readPlans();
}

void RollingRunner::expectHistory()
{
    d->historyAwaited = true;
}

void RollingRunner::takeHistory(const std::vector<RecordedCommand> &commands)
{
    d->historyAwaited = false;
    for (const RecordedCommand &one : commands)
        d->history.insert(one.entry.command.id, one);
    d->adoptWaiting();
}

QUuid RollingRunner::begin(const std::vector<WorkerHandle> &workers, const RollingOptions &options, const QString &reason)
{
    const RollingSurvey survey = d->surveyNow();
    CommandRequest request;
    request.act = options.now ? Act::ShutdownNow : Act::Shutdown;
    request.workers = workers;
    request.ttlMs = options.ttlMs;
    request.reason = reason;
    const QUuid group = d->ledger.enqueue(request);

    std::vector<RollingStep> steps;
    if (const CommandGroup *entries = d->ledger.group(group)) {
        for (const quint64 key : entries->entries) {
            const CommandEntry *entry = d->ledger.entry(key);
            if (!entry || entry->stage != CommandStage::Queued)
                continue;
            RollingStep step;
            step.command = entry->command.id;
            step.source = entry->command.source;
            step.worker = entry->command.worker;
            step.type = entry->type;
            step.host = entry->host;
            step.traits = entry->traits;
            const WorkerHandle worker = workerOf(d->store, entry->command);
            step.child = worker != noWorker && d->store.worker(worker).child;
            steps.push_back(step);
        }
    }
    Private::Run run;
    run.plan =
        RollingPlan(group, options, std::move(steps), survey.capacity(), d->store.viewNow(), d->ledger.operatorName(), reason);
    for (const SourceSettings &source : d->sources.all())
        run.plan.setSourceName(source.id, source.name);
    d->enter(std::move(run));
    return group;
}

void RollingRunner::pause(const QUuid &group)
{
    d->change(group, [this](RollingPlan &plan) { plan.pause(tr("Paused by %1.").arg(d->ledger.operatorName())); });
}

void RollingRunner::resume(const QUuid &group)
{
    d->change(group, [](RollingPlan &plan) { plan.resume(); });
}

void RollingRunner::abort(const QUuid &group)
{
    d->change(group, [](RollingPlan &plan) { plan.abort(); });
}

void RollingRunner::skip(const QUuid &group, const QUuid &command)
{
    d->change(group, [&command](RollingPlan &plan) {
        for (int i = 0; i < plan.total(); ++i) {
            if (plan.steps()[size_t(i)].command == command)
                plan.skip(i);
        }
    });
}

const RollingPlan *RollingRunner::plan(const QUuid &group) const
{
    const Private::Run *run = d->find(group);
    return run ? &run->plan : nullptr;
}

bool RollingRunner::owns(const QUuid &group) const
{
    return d->find(group) || std::any_of(d->waiting.begin(), d->waiting.end(), [&group](const RollingPlan &plan) {
               return plan.group() == group;
           });
}

int RollingRunner::runningCount() const
{
    return int(std::count_if(d->runs.begin(), d->runs.end(),
                             [](const auto &run) { return run.second.plan.state() == RollingPlan::State::Running; }));
}

std::vector<RollingRunner::Unfinished> RollingRunner::unfinished() const
{
    std::vector<std::pair<qint64, Unfinished>> found;
    const auto add = [&found](const RollingPlan &plan, Unfinished::State state) {
        if (!plan.hasEnded()) {
            found.emplace_back(plan.startedAt(),
                               Unfinished{plan.group(), state, plan.sourceNames(), plan.total(), plan.queued(), plan.underway()});
        }
    };
    for (const auto &[group, run] : d->runs) {
        add(run.plan, run.plan.state() == RollingPlan::State::Running ? Unfinished::State::Running : Unfinished::State::Paused);
    }
    for (const RollingPlan &plan : d->waiting)
        add(plan, Unfinished::State::Waiting);
    std::stable_sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    std::vector<Unfinished> sorted;
    sorted.reserve(found.size());
    for (auto &one : found)
        sorted.push_back(std::move(one.second));
    return sorted;
}

// Looking -------------------------------------------------------------------------------------------------------------

RollingRunner::Private::Run *RollingRunner::Private::find(const QUuid &group)
{
    const auto found = runs.find(group);
    return found == runs.end() ? nullptr : &found->second;
}

/// What an operator changes is saved at once; nothing happens where the plan does not take it.
void RollingRunner::Private::change(const QUuid &group, const std::function<void(RollingPlan &)> &apply)
{
    Run *run = find(group);
    if (!run)
        return;
    const auto before = std::pair(run->plan.state(), run->plan.queued());
    apply(run->plan);
    if (before == std::pair(run->plan.state(), run->plan.queued()))
        return;
    settle(*run);
    save(*run);
    due = true;
    emit q.planChanged(group);
}

void RollingRunner::Private::onTicked()
{
    adoptWaiting();
    const qint64 now = store.viewNow();
    if (!due && now - lookedAt < lookEveryMs)
        return;
    due = false;
    lookedAt = now;
    look();
}

void RollingRunner::Private::look()
{
    std::vector<QUuid> live;
    for (const auto &[group, run] : runs) {
        if (!run.plan.hasEnded() || (run.plan.state() == RollingPlan::State::Aborted && run.plan.underway() > 0))
            live.push_back(group);
    }
    if (live.empty())
        return;
    RollingSurvey survey = surveyNow();
    for (const QUuid &group : live)
        advance(*find(group), survey);
}

RollingSurvey RollingRunner::Private::surveyNow() const
{
    // Whoever is on the way out, for whatever reason, is no capacity any more, though the store may not show it yet.
    std::vector<WorkerHandle> leaving;
    for (const quint64 key : open) {
        const CommandEntry *entry = ledger.entry(key);
        if (entry && entry->stage != CommandStage::Queued)
            leaving.push_back(workerOf(store, entry->command));
    }
    qint64 since = std::numeric_limits<qint64>::max();
    bool anyRestored = false;
    for (const auto &[group, run] : runs) {
        for (const RollingStep &step : run.plan.steps()) {
            if (step.state == RollingStep::State::Sent)
                leaving.push_back(store.find(step.source, step.worker, step.traits->layout));
        }
        if (!run.plan.hasEnded() && run.plan.options().replacement != RollingOptions::Replacement::None) {
            since = qMin(since, run.plan.startedAt());
            anyRestored = anyRestored || run.restored;
        }
    }
    return RollingSurvey(store, leaving, since, anyRestored);
}

RollingView RollingRunner::Private::viewOf(const Run &run, const RollingSurvey &survey) const
{
    RollingView view;
    view.now = store.viewNow();
    view.frozen = store.isPaused();
    view.capacity = survey.capacity();
    for (const RollingSurvey::Newcomer &newcomer : survey.newcomers()) {
        if (newcomer.view.firstSeenAt > run.plan.startedAt() && (newcomer.watched || run.restored))
            view.newcomers.push_back(newcomer.view);
    }
    const Act act = run.plan.options().now ? Act::ShutdownNow : Act::Shutdown;
    for (const SourceId source : store.sources()) {
        if (!isWhole(store.sourceStatus(source)))
            continue;
        view.connected.push_back(source);
        if (const QString why = access.whyNot(source, act); !why.isEmpty())
            view.barred.insert(source, why);
    }
    for (const RollingStep &step : run.plan.steps()) {
        // Thousands may be queued: only what differs from that is put into the view.
        const CommandEntry *entry = ledger.entry(run.keys.value(step.command));
        if (entry && entry->stage != CommandStage::Queued) {
            view.stages.insert(step.command, entry->stage);
            if (entry->refusal != Refusal::None)
                view.notes.insert(step.command, entry->text.isEmpty() ? refusalText(*entry) : entry->text);
        }
        if (step.state != RollingStep::State::Queued && step.state != RollingStep::State::Sent
            && step.state != RollingStep::State::Failed)
            continue;
        const RollingView::Presence presence = survey.presence(store.find(step.source, step.worker, step.traits->layout));
        if (presence != RollingView::Presence::Counted)
            view.workers.insert(step.command, presence);
    }
    return view;
}

void RollingRunner::Private::advance(Run &run, RollingSurvey &survey)
{
    const auto condition = [&run] {
        const RollingPlan &plan = run.plan;
        return std::tuple(plan.state(), plan.explanation(), plan.queued(), plan.underway(), plan.finished());
    };
    const auto before = condition();
    const std::vector<int> steps = run.plan.advance(viewOf(run, survey));
    // The next plan sees these as gone.
    for (const int step : steps) {
        const RollingStep &sent = run.plan.steps()[size_t(step)];
        survey.remove(store.find(sent.source, sent.worker, sent.traits->layout));
    }
    const auto after = condition();
    const QUuid group = run.plan.group();
    run.unsaved = run.unsaved || before != after;
    settle(run);
    if (!steps.empty())
        send(run, steps);
    else if (std::get<0>(before) != std::get<0>(after) || (run.unsaved && store.viewNow() - run.savedAt >= saveEveryMs))
        save(run);
    if (before != after)
        emit q.planChanged(group);
}

/// What follows from the plan's condition: write access is held while it runs, and the ledger knows who was skipped.
void RollingRunner::Private::settle(Run &run)
{
    const bool running = run.plan.state() == RollingPlan::State::Running;
    if (running == run.held.empty()) {
        const std::vector<SourceId> wanted = running ? run.plan.sourceIds() : std::vector<SourceId>();
        for (const SourceId source : wanted)
            access.hold(source);
        for (const SourceId source : std::exchange(run.held, wanted))
            access.letGo(source);
    }
    std::vector<quint64> skipped;
    std::vector<quint64> left;
    for (const RollingStep &step : run.plan.steps()) {
        if (step.state != RollingStep::State::Skipped)
            continue;
        const quint64 key = run.keys.value(step.command);
        if (const CommandEntry *entry = ledger.entry(key); entry && entry->stage == CommandStage::Queued)
            (step.left ? left : skipped).push_back(key);
    }
    if (!skipped.empty())
        ledger.skip(skipped);
    if (!left.empty())
        ledger.skip(left, tr("it had already gone before its turn came"));
}

// Sending and keeping -------------------------------------------------------------------------------------------------

/// A copy is all that is made here: writing thousands of steps down takes tens of milliseconds, and is the journal's affair.
RollingRecord RollingRunner::Private::recordOf(const Run &run) const
{
    const auto made = [plan = std::make_shared<const RollingPlan>(run.plan), mark = ownMark,
                       offset = store.clock().wallOffsetMs()] {
        QJsonObject json = plan->toJson(offset);
        json.insert(consoleKey, mark);
        return json;
    };
    return {run.plan.group(), {}, run.plan.hasEnded(), made};
}

void RollingRunner::Private::save(Run &run)
{
    run.unsaved = false;
    run.savedAt = store.viewNow();
    if (!journal)
        return;
    // By itself: a full journal refuses entries and all that comes with them, and a plan whose end it does not know would be
    // taken up again by the next console.
    journal->write({}, 0, {recordOf(run)});
    if (run.plan.hasEnded() && !std::exchange(run.endTold, true))
        journal->write({endLine(run.plan)});
}

/// No command's own line says that a plan is over, least of all when no worker was left to command.
JournalEntry RollingRunner::Private::endLine(const RollingPlan &plan) const
{
    JournalEntry line;
    line.at = store.clock().toWall(store.viewNow());
    line.kind = JournalKind::Command;
    line.source = plan.sourceNames().join(u", "_s);
    line.group = plan.group();
    line.act = actName(plan.options().now ? Act::ShutdownNow : Act::Shutdown);
    line.step = plan.state() == RollingPlan::State::Aborted ? u"stopped"_s : u"ended"_s;
    line.by = plan.by();
    line.reason = plan.reason();
    line.text = endSentence(plan.data());
    return line;
}

/// That these were sent is made durable first: a console that is killed in between never sends them again.
void RollingRunner::Private::send(Run &run, const std::vector<int> &steps)
{
    std::vector<quint64> keys;
    keys.reserve(steps.size());
    for (const int step : steps)
        keys.push_back(run.keys.value(run.plan.steps()[size_t(step)].command));
    run.unsaved = false;
    run.savedAt = store.viewNow();
    if (!journal) {
        ledger.release(keys);
        return;
    }
    const quint64 token = journal->nextToken();
    unwritten.insert(token, keys);
    // A journal that does not answer, as one that fails, must not keep an operator from acting.
    QTimer::singleShot(std::chrono::milliseconds(CommandLedger::journalWaitMs), &q, [this, token] { onWritten(token); });
    journal->write({}, token, {recordOf(run)});
}

void RollingRunner::Private::onWritten(quint64 token)
{
    if (unwritten.contains(token))
        ledger.release(unwritten.take(token));
}

/// From now on it is this console's.
void RollingRunner::Private::enter(Run &&run)
{
    const QUuid id = run.plan.group();
    if (const CommandGroup *group = ledger.group(id)) {
        for (const quint64 key : group->entries) {
            if (const CommandEntry *entry = ledger.entry(key))
                run.keys.insert(entry->command.id, key);
        }
    }
    Run &kept = runs.emplace(id, std::move(run)).first->second;
    settle(kept);
    save(kept);
    due = true;
    emit q.planChanged(id);
}

// How rolling shutdowns of an earlier run of the console are taken up again.

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

/// What waits for its source is known to be this console's before its commands are back. Those that were never sent a command
/// have none of this console's.
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
    entry.traits = step.traits;
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
        command.system = step.traits->layout;
        command.issuedAt = store.clock().toWall(at);
        command.ttlMs = request.ttlMs;
        command.by = plan.by();
        command.reason = plan.reason();
        return command;
    };
    for (int i = 0; i < plan.total(); ++i) {
        const RollingStep step = plan.steps()[size_t(i)];
        if (step.state == RollingStep::State::Queued) {
            const WorkerHandle handle = store.find(step.source, step.worker, step.traits->layout);
            if (handle == noWorker) {
                plan.passOver(i);
                gone.emplace_back(commandOf(step, plan.startedAt()), step.type);
                continue;
            }
            request.workers.push_back(handle);
            ids.push_back(step.command);
        } else {
            ledger.restore(recordedStep(step, commandOf(step, step.sentAt > 0 ? step.sentAt : plan.startedAt())), true,
                           plan.startedAt());
        }
    }
    if (!gone.empty())
        ledger.restoreSkipped(gone, tr("it was gone when the console was started again"));
    if (!ids.empty())
        ledger.enqueue(request, ids);
    Run run;
    run.plan = std::move(plan);
    run.restored = true;
    enter(std::move(run));
}

} // namespace pulsedeck
