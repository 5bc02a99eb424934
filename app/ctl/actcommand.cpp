// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/actcommand.h"

#include "app/ctl/acttext.h"
#include "app/ctl/ctljournal.h"
#include "app/ctl/fleettext.h"
#include "app/ctl/leftcommands.h"
#include "app/ctl/queuescommand.h"
#include "app/ctl/workerchoice.h"
#include "models/commands/commandexport.h"
#include "models/commands/commandwords.h"
#include "models/commands/pickupjudge.h"
#include "models/commands/rollingoptions.h"
#include "models/commands/rollingsurvey.h"
#include "models/core/operatorname.h"
#include "models/fleet/fleetfilter.h"

#include <QDateTime>
#include <QJsonDocument>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// What is permitted is asked for on each connection; without an answer the act itself finds out.
constexpr int rightsWaitMs = 3'000;

/// A queue with its system: several may have one of that name.
QByteArray nameOfTarget(const Command &command, const SourceTraits &traits)
{
    if (command.scope == ActScope::Worker)
        return command.worker;
    const QString name = targetName(command, traits);
    return (command.scope == ActScope::Queue ? u"%1 of %2"_s.arg(name, traitText(traits.system)) : name).toUtf8();
}

} // namespace

ActCommand::ActCommand(const CtlOptions &options, Output &output)
    : FleetCommand(options, output, !options.wait, "pulsedeckctl-act")
    , m_list(m_sources.store())
    , m_access(m_sources.store(), m_list, m_sources.clock())
    , m_ledger(m_sources.store(), m_sources.clock())
    , m_settle(m_sources, options.settleMs)
{
    for (const SourceId id : m_sources.store().sources()) {
        SourceSettings settings = options.sources[id - 1];
        settings.id = id;
        settings.name = m_sources.name(id);
        m_list.setSource(settings);
    }
    m_access.unlock();
    m_sources.setWritable(!options.dryRun);
    m_ledger.setOperator(operatorName());
    connect(&m_ledger, &CommandLedger::carryOut, &m_sources, &SourceSet::carryOut);
    connect(&m_ledger, &CommandLedger::lookUp, &m_sources, &SourceSet::lookUp);
    connect(&m_sources, &SourceSet::commandsProgressed, &m_ledger, &CommandLedger::takeProgress);
    connect(&m_ledger, &CommandLedger::entriesChanged, this, &ActCommand::onEntries);
    connect(&m_sources, &SourceSet::sourceChanged, this, &ActCommand::onSource);
    connect(&m_sources.store(), &FleetStore::sourceChanged, this,
            &ActCommand::look); // Rights come without a change of state.
    m_rightsLimit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, &ActCommand::onLimit);
    connect(&m_rightsLimit, &QTimer::timeout, this, &ActCommand::settle);
    connect(&m_settle, &SettleWait::done, this, &ActCommand::awaitAnswers);
}

ActCommand::~ActCommand()
{
    // The journal is closed with all that was written, before the ledger it serves is gone.
    m_ledger.disconnect(this);
    m_ledger.setJournal(nullptr);
}

void ActCommand::start()
{
    if (!m_options.dryRun) {
        m_journal = openJournal(m_options.journalFile);
        m_ledger.setJournal(m_journal.get());
    }
    FleetCommand::start();
}

QString ActCommand::workerWord() const
{
    QStringList words;
    for (const SourceSettings &source : m_options.sources)
        words.append(source.traits()->worker);
    words.removeDuplicates();
    return words.size() == 1 ? words.front() : TraitsRef()->worker;
}

// Before --------------------------------------------------------------------------------------------------------------

void ActCommand::look()
{
    if (m_decided || isEnded() || (m_settle.isBegun() && m_sources.failedCount() == 0))
        return;
    if (m_sources.failedCount() > 0) {
        finish();
        return;
    }
    if (m_sources.completeCount() < m_sources.count())
        return;
    bool known = true;
    for (const SourceId id : m_sources.store().sources())
        known = known && (m_sources.isRegisteredAt(id) || m_sources.store().sourceStatus(id).rights.known);
    // The last batch may come in the same turn of the event loop as the state does.
    if (known)
        m_rightsLimit.start(0);
    else if (!m_rightsLimit.isActive())
        m_rightsLimit.start(rightsWaitMs);
}

void ActCommand::onLimit()
{
    if (!m_decided && m_sources.completeCount() == m_sources.count())
        settle(); // Only the rights are not known yet; the act itself shows them.
    else
        finish();
}

/// Before it is decided whom it is for: does that rest on ages that nothing proves yet?
void ActCommand::settle()
{
    if (m_decided || isEnded() || m_settle.isBegun())
        return;
    m_limit.stop();
    if (TraitsRef()->of(m_options.act).scope == ActScope::Queue)
        awaitQueues();
    else if (FleetFilter::parse(m_options.where).asksForAge())
        m_settle.begin();
    else if (m_answersAwaitedMs == 0)
        awaitAnswers();
}

/// Workers that say only when they are asked whether they take work count as available once they have said so. They are asked as
/// soon as they are seen; one that is busy may not answer.
void ActCommand::awaitAnswers()
{
    constexpr int lookEveryMs = 50;
    constexpr int answersWaitMs = 1'500;
    FleetStore &store = m_sources.store();
    store.publish();
    bool awaits = false;
    const bool asked = actRow(m_options.act).capacity < 0 && m_answersAwaitedMs < answersWaitMs;
    for (WorkerHandle handle = 0; asked && !awaits && handle < WorkerHandle(store.capacity()); ++handle) {
        const Worker &worker = store.worker(handle);
        awaits = worker.used && mayTakeSessions(worker) && m_access.whyNot(worker.source, Act::Drain).isEmpty();
    }
    if (!awaits) {
        decide();
        return;
    }
    m_answersAwaitedMs += lookEveryMs;
    QTimer::singleShot(lookEveryMs, this, &ActCommand::awaitAnswers);
}

/// Queues are looked for and counted after the workers were read. The first of that name may not be the only one: another system
/// may have one, too.
void ActCommand::awaitQueues()
{
    if (std::exchange(m_queuesAwaited, true))
        return;
    QTimer::singleShot(QueuesCommand::usualWaitMs, this, &ActCommand::decide);
}

/// \a system: only there; null: anywhere.
bool ActCommand::isQueueKnown(const QString &queue, const CommandTarget *system) const
{
    const auto &all = m_sources.store().queues().all();
    return std::any_of(all.begin(), all.end(), [&](const auto &one) {
        const QueueKey &key = one.first;
        return key.name == queue.toUtf8() && (!system || (key.source == system->source && key.system == system->traits->layout));
    });
}

void ActCommand::onSource(SourceId source)
{
    look();
    if (!m_issued || isEnded())
        return;
    // What was asked before the connection was lost is looked up after it is back; for so long one waits.
    const SourceState state = m_sources.store().sourceStatus(source).state;
    const bool away = state == SourceState::Waiting || state == SourceState::Failed || state == SourceState::Stalled;
    if (away && m_options.wait && !m_limit.isActive()) {
        Output::complain(printable(m_sources.trouble(source)));
        m_limit.start(m_options.timeoutMs);
    } else if (state == SourceState::Live || state == SourceState::Sweeping) {
        if (m_options.wait)
            m_limit.stop();
    }
}

void ActCommand::decide()
{
    if (m_decided || isEnded())
        return;
    m_decided = true;
    m_rightsLimit.stop();
    FleetStore &store = m_sources.store();
    store.publish();
    if (TraitsRef()->of(m_options.act).scope != ActScope::Worker) {
        decideTargets();
        return;
    }

    const bool byName = !m_options.workers.isEmpty();
    WorkerChoice choice = byName ? WorkerChoice::named(store, m_options.workers) : WorkerChoice::matching(store, m_options.where);
    if (!choice.problem.isEmpty()) {
        Output::complain(choice.problem);
        end(CtlExit::Usage);
        return;
    }
    const std::vector<CommandTarget> left = m_options.act == Act::Cancel
                                                ? takeLeftFor(&choice.missing, m_sources, m_access, m_options.journalFile)
                                                : std::vector<CommandTarget>();
    for (const QString &name : std::as_const(choice.missing))
        Output::complain(u"There is no "_s + workerWord() + u" “"_s + printable(name) + u"”."_s);
    m_failed = !choice.missing.isEmpty();
    for (const WorkerHandle handle : choice.undecided)
        m_width = qMax(m_width, printable(QString::fromUtf8(store.worker(handle).id)).size());
    for (const WorkerHandle handle : choice.undecided) {
        const QString why = u"its age is not proven: no heartbeat was seen"_s;
        add(store.worker(handle).id, u"left out: "_s + why);
        m_idle.append(idleJson(store, handle, m_options.act, u"left-out"_s, why));
        m_failed = true;
    }
    // Without a name and a filter whatever can be reaped is meant: the others are not worth a line.
    if (!byName && m_options.where.isEmpty())
        std::erase_if(choice.workers, [&store](WorkerHandle handle) {
            const Liveness liveness = store.worker(handle).liveness;
            return liveness != Liveness::Zombie && liveness != Liveness::Ghost;
        });

    if (m_options.act == Act::Resume && m_options.queues.isEmpty() && m_options.journalFile != u"none"_s)
        m_ledger.takePastQueues(commandsFromHistory(readCommandHistoryOf(m_options.journalFile), m_sources.clock()));
    if (m_options.act == Act::Cancel && m_options.journalFile != u"none"_s)
        m_ledger.takeLeftOrders(commandsFromHistory(readCommandHistoryOf(m_options.journalFile), m_sources.clock()));
    const CommandPreview preview = previewCommand(store, m_ledger, m_access, m_options.act, choice.workers, defaultFloorPercent);
    for (const WorkerHandle handle : choice.workers)
        m_width = qMax(m_width, printable(QString::fromUtf8(store.worker(handle).id)).size());
    for (const CommandPreview::LeftOut &out : preview.leftOut) {
        const Worker &worker = store.worker(out.worker);
        // A filter takes in many, and those for whom there is nothing to do are no failure; a missing right is.
        m_failed = m_failed || byName || !m_access.whyNot(worker.source, m_options.act).isEmpty();
        add(worker.id, u"left out: "_s + exclusionText(out.why));
        m_idle.append(idleJson(store, out.worker, m_options.act, u"left-out"_s, exclusionText(out.why)));
    }
    if (preview.breaksFloor(byName) && !m_options.force) {
        for (const CapacityChange &change : preview.capacity) {
            if (change.underFloor())
                Output::complain(capacityText(store, change)
                                 + u", below the floor of %1 % (%2). Choose fewer, or add --force."_s.arg(defaultFloorPercent)
                                       .arg(change.floor));
        }
        end(CtlExit::Usage);
        return;
    }
    if (!m_options.dryRun && needsReason(preview) && m_options.reason.trimmed().isEmpty()) {
        Output::complain(preview.unseenDrains > 0
                             ? u"The beginning of that drain was not seen. To resume it anyway, add --reason."_s
                             : u"A reason is required, for the journal: add --reason."_s);
        end(CtlExit::Usage);
        return;
    }
    if (choice.workers.empty() && left.empty() && !m_options.json && choice.missing.isEmpty())
        Output::complain(m_options.where.isEmpty() ? u"There are no zombies and no ghosts."_s : u"No worker matches."_s);
    for (const CommandTarget &target : left)
        m_width = qMax(m_width, printable(QString::fromUtf8(target.worker)).size());
    if (m_options.dryRun) {
        for (const CommandTarget &target : left)
            add(target.worker, u"it is gone; what was left for it would be withdrawn"_s);
    }
    if (m_options.dryRun || (preview.isEmpty() && left.empty()))
        rehearse(preview);
    else
        issue(preview, left);
}

/// As in the window; but one that is named is meant, even if it is the last of its type, and of a drain that nobody saw begin the
/// server finds out first whether it can be proven.
bool ActCommand::needsReason(const CommandPreview &preview) const
{
    if (m_options.act == Act::Resume)
        return m_options.force && preview.asksForReason();
    const bool named = !m_options.workers.isEmpty() && preview.acting.size() == 1 && m_options.act != Act::RemoveKey;
    return !named && preview.asksForReason();
}

/// What the same without --dry-run would refuse.
void ActCommand::sayReasonIsNeeded()
{
    Output::complain(u"A reason will be required, for the journal: --reason."_s);
}

void ActCommand::rehearse(const CommandPreview &preview)
{
    const FleetStore &store = m_sources.store();
    for (const WorkerHandle handle : preview.acting) {
        const QString text = dryRunText(m_options.act, store.worker(handle));
        const Worker &worker = store.worker(handle);
        add(worker.id, text);
        const QStringList queues = !m_options.queues.isEmpty()
                                       ? m_options.queues
                                       : queuesWritten(store, handle, m_options.act, m_ledger.drainedQueues(handle));
        const QStringList bytes = commandBytes(*worker.traits, m_options.act, worker.id, {}, queues);
        for (const QString &line : bytes)
            add({}, line);
        QJsonObject object = idleJson(store, handle, m_options.act, u"dry-run"_s, text);
        if (!bytes.isEmpty())
            object.insert(u"bytes"_s, QJsonArray::fromStringList(bytes));
        m_idle.append(object);
    }
    if (!m_options.json) {
        for (const CapacityChange &change : preview.capacity) {
            if (change.before != change.after)
                m_lines += printable(capacityText(store, change)).toUtf8() + '\n';
        }
    }
    if (needsReason(preview) && m_options.reason.trimmed().isEmpty())
        sayReasonIsNeeded();
    conclude();
}

/// Queues as named, or fleets by the word of their system, on each source that has such a system.
std::vector<CommandTarget> ActCommand::targetsMeant()
{
    const FleetStore &store = m_sources.store();
    const ActScope scope = TraitsRef()->of(m_options.act).scope;
    std::vector<CommandTarget> systems;
    const auto addSystem = [&](SourceId source, TraitsRef traits) {
        const bool known = std::any_of(systems.begin(), systems.end(), [&](const CommandTarget &one) {
            return one.source == source && one.traits->layout == traits->layout;
        });
        if (!known)
            systems.push_back({source, scope, {}, traits});
    };
    for (const SourceId source : store.sources())
        addSystem(source, store.sourceStatus(source).traits);
    for (int handle = 0; handle < store.capacity(); ++handle) {
        if (const Worker &worker = store.worker(WorkerHandle(handle)); worker.used)
            addSystem(worker.source, worker.traits);
    }
    // A system whose workers are not seen, or that has none now, has its queues all the same.
    for (const SourceId source : store.sources()) {
        for (const TraitsRef &system : m_sources.systemsIn(source))
            addSystem(source, system);
    }
    QStringList unknown = m_options.workers;
    if (scope == ActScope::Queue)
        unknown.removeIf([this](const QString &queue) { return isQueueKnown(queue, nullptr); });
    std::vector<CommandTarget> meant;
    QString why;
    for (const CommandTarget &system : systems) {
        const bool named = unknown.removeAll(system.traits->layout) > 0 || m_options.workers.contains(system.traits->layout);
        if (scope == ActScope::Fleet && !m_options.workers.isEmpty() && !named)
            continue;
        QStringList queues = scope == ActScope::Queue ? m_options.workers : QStringList();
        queues.removeIf([&](const QString &queue) { return !isQueueKnown(queue, &system); });
        if (scope == ActScope::Queue && queues.isEmpty())
            continue;
        if (!system.traits->offers(m_options.act)) {
            why = system.traits->whyNot(m_options.act);
            continue;
        }
        CommandTarget target = system;
        if (scope == ActScope::Fleet)
            meant.push_back(target);
        for (const QString &queue : std::as_const(queues)) {
            target.queue = queue.toUtf8();
            meant.push_back(target);
        }
    }
    for (const QString &name : std::as_const(unknown))
        Output::complain((scope == ActScope::Queue ? u"No source has the queue “"_s : u"No source has the system “"_s)
                         + printable(name) + u"”."_s);
    m_failed = !unknown.isEmpty();
    if (meant.empty() && !why.isEmpty())
        Output::complain(printable(capitalised(why)) + (why.endsWith(u'.') ? u""_s : u"."_s));
    return meant;
}

void ActCommand::decideTargets()
{
    const FleetStore &store = m_sources.store();
    const TargetPreview preview = previewTargets(store, m_access, m_options.act, targetsMeant());
    const auto nameOf = [](const CommandTarget &target) {
        Command command;
        command.scope = target.scope;
        command.queue = target.queue;
        return nameOfTarget(command, *target.traits);
    };
    for (const CommandTarget &target : preview.acting)
        m_width = qMax(m_width, printable(QString::fromUtf8(nameOf(target))).size());
    for (const TargetPreview::LeftOut &out : preview.leftOut) {
        add(nameOf(out.target), u"left out: "_s + exclusionText(out.why));
        m_failed = true;
    }
    if (preview.isEmpty()) {
        m_failed = true;
        conclude();
        return;
    }
    if (!m_options.dryRun && preview.asksForReason() && m_options.reason.trimmed().isEmpty()) {
        Output::complain(u"A reason is required, for the journal: add --reason."_s);
        end(CtlExit::Usage);
        return;
    }
    if (m_options.dryRun) {
        for (const CommandTarget &target : preview.acting) {
            const QStringList bytes = commandBytes(*target.traits, m_options.act, {}, target.queue);
            const QString text = actText(actRow(m_options.act).wouldBe);
            add(nameOf(target), text);
            for (const QString &line : bytes)
                add({}, line);
            m_idle.append(QJsonObject{{u"act"_s, actName(m_options.act)},
                                      {u"source"_s, store.sourceName(target.source)},
                                      {u"system"_s, target.traits->layout},
                                      {u"scope"_s, actScopeName(target.scope)},
                                      {u"queue"_s, QString::fromUtf8(target.queue)},
                                      {u"stage"_s, u"dry-run"_s},
                                      {u"text"_s, text},
                                      {u"bytes"_s, QJsonArray::fromStringList(bytes)}});
        }
        if (preview.asksForReason() && m_options.reason.trimmed().isEmpty())
            sayReasonIsNeeded();
        conclude();
        return;
    }
    CommandRequest request;
    request.act = m_options.act;
    request.targets = preview.acting;
    request.reason = m_options.reason;
    issue(request);
}

// Acting --------------------------------------------------------------------------------------------------------------

void ActCommand::issue(const CommandPreview &preview, const std::vector<CommandTarget> &left)
{
    CommandRequest request;
    request.act = m_options.act;
    request.workers = preview.acting;
    request.reason = m_options.reason;
    request.queues = m_options.queues;
    request.unprovenToo = m_options.force;
    request.targets = left;
    if (m_options.ttlMs > 0)
        request.ttlMs = m_options.ttlMs;
    else if (!preview.sources.empty())
        request.ttlMs = m_sources.store().timing(preview.sources.front()).shutdownCommandTtl;
    issue(request);
}

void ActCommand::issue(const CommandRequest &request)
{
    m_limit.start(m_options.timeoutMs); // From here on for the answers.
    m_group = m_ledger.issue(request);
    if (const CommandGroup *group = m_ledger.group(m_group))
        m_keys = group->entries;
    m_issued = true;
    onEntries(m_keys);
    writeOut();
}

void ActCommand::onEntries(const std::vector<quint64> &keys)
{
    if (!m_issued || isEnded())
        return;
    for (const quint64 key : keys) {
        const CommandEntry *entry = m_ledger.entry(key);
        if (entry && entry->command.group == m_group) {
            tell(key, *entry);
            tellLost(key, *entry);
        }
    }
    writeOut();
    const bool answered = std::all_of(m_keys.begin(), m_keys.end(), [this](quint64 key) {
        const CommandEntry *entry = m_ledger.entry(key);
        return !entry || entry->stage != CommandStage::Requested;
    });
    if (answered && m_options.wait)
        m_limit.stop();
    endIfSettled();
}

/// With --wait: that a worker's key is lost is no stage of its command, and an operator wants to know.
void ActCommand::tellLost(quint64 key, const CommandEntry &entry)
{
    const FleetStore &store = m_sources.store();
    const WorkerHandle handle = store.findSerial(entry.serial);
    const bool lost = handle != noWorker && entry.isOpen() && store.worker(handle).liveness == Liveness::KeyLost;
    if (!m_options.wait || lost == m_lost.contains(key))
        return;
    if (lost) {
        m_lost.insert(key);
        add(entry.command.worker, u"key lost, watching"_s);
    } else {
        m_lost.remove(key);
    }
}

/// A command that waits in Redis is read by nobody once its worker is dead, and stays there where it does not expire.
QString ActCommand::whyUnread(const CommandEntry &entry) const
{
    const FleetStore &store = m_sources.store();
    const WorkerHandle handle = store.findSerial(entry.serial);
    const bool waits = entry.stage == CommandStage::Written && isPickedUp(entry) && entry.receivers == unknownValue;
    if (!waits || (handle != noWorker && !isWorseThanLate(store.worker(handle))))
        return {};
    const QString worker = u"; its "_s + traitText(entry.traits->worker)
                           + (handle == noWorker ? u" is gone"_s : u" is shown as %1"_s.arg(livenessName(store.worker(handle))));
    return worker + u", so nobody reads it"_s
           + (entry.traits->of(entry.command.act).withdrawable ? u": pulsedeckctl cancel withdraws it"_s : QString());
}

/// One line when it is answered, and with --wait one for each end and for what an operator would want to know on the
/// way.
void ActCommand::tell(quint64 key, const CommandEntry &entry)
{
    if (entry.stage == CommandStage::Requested)
        return;
    const auto told = m_told.constFind(key);
    const bool first = told == m_told.constEnd();
    if (!first && *told == entry.stage)
        return;
    const bool onTheWay =
        entry.stage == CommandStage::Announced || entry.stage == CommandStage::PickedUp || entry.stage == CommandStage::Emptying;
    if (!first && (onTheWay || !m_options.wait))
        return;
    m_told.insert(key, entry.stage);
    add(nameOfTarget(entry.command, *entry.traits), commandText(entry));
}

bool ActCommand::isSettled(const CommandEntry &entry) const
{
    if (!m_options.wait)
        return entry.stage != CommandStage::Requested;
    // What was delivered may be answered minutes later, and is waited for as long as it was asked.
    return !entry.isOpen() && entry.stage != CommandStage::Delivered;
}

bool ActCommand::isFine(const CommandEntry &entry) const
{
    if (isSuccess(entry.stage))
        return true;
    if (m_options.wait)
        return false;
    if (entry.stage == CommandStage::Delivered)
        return true; // An end, without --wait.
    if (isEnd(entry.stage))
        return false;
    return entry.stage != CommandStage::Requested && entry.stage != CommandStage::Unknown;
}

void ActCommand::endIfSettled()
{
    const bool settled = std::all_of(m_keys.begin(), m_keys.end(), [this](quint64 key) {
        const CommandEntry *entry = m_ledger.entry(key);
        return !entry || isSettled(*entry);
    });
    if (settled)
        QTimer::singleShot(0, this, &ActCommand::conclude);
}

// After ---------------------------------------------------------------------------------------------------------------

void ActCommand::finish()
{
    if (isEnded())
        return;
    if (m_issued) {
        // Interrupted, or without answers: report what is not known.
        for (const quint64 key : m_keys) {
            const CommandEntry *entry = m_ledger.entry(key);
            if (entry && !isSettled(*entry))
                add(nameOfTarget(entry->command, *entry->traits), u"not completed: "_s + commandText(*entry) + whyUnread(*entry));
        }
        conclude();
        return;
    }
    complainOfMissing();
    // Interrupted with everything in view: nothing was done.
    end(m_sources.completeCount() == m_sources.count() ? CtlExit::Findings : CtlExit::NoConnection);
}

void ActCommand::conclude()
{
    if (isEnded())
        return;
    QJsonArray objects;
    for (const quint64 key : m_keys) {
        const CommandEntry *entry = m_ledger.entry(key);
        if (!entry)
            continue;
        m_failed = m_failed || !isFine(*entry);
        objects.append(commandJson(*entry));
    }
    for (const QJsonValue &idle : std::as_const(m_idle))
        objects.append(idle);
    if (m_options.json)
        m_lines = printableJson(QJsonDocument(objects).toJson());
    writeOut();
    end(m_failed ? CtlExit::Findings : CtlExit::Done);
}

void ActCommand::add(const QByteArray &worker, const QString &text)
{
    if (m_options.json)
        return;
    const QString id = printable(QString::fromUtf8(worker));
    m_lines += QString(id.leftJustified(m_width) + u"  "_s + printable(text) + u'\n').toUtf8();
}

/// A closed pipe does not end it: commands are still followed into the journal.
void ActCommand::writeOut()
{
    if (!m_lines.isEmpty() && !isEnded() && m_output.print(std::exchange(m_lines, {}), CtlExit::Done) != CtlExit::Done)
        end(CtlExit::Usage);
}

} // namespace pulsedeck
