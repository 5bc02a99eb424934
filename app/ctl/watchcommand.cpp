// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/watchcommand.h"

#include "app/ctl/fleettext.h"
#include "app/ctl/workerchoice.h"
#include "app/journal/readonlyjournal.h"
#include "app/journal/sqljournal.h"
#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/queuefacts.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace pulsedeck {

using namespace Qt::StringLiterals;

namespace {

/// \a forPeople: in its system's own word, as lists have it; else in the one that all systems share.
QString statusOf(const FleetStore &store, WorkerHandle handle, bool forPeople)
{
    if (store.worker(handle).status == WorkerStatus::Missing)
        return {};
    return forPeople ? shownStatus(store, handle) : store.statusText(handle);
}

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

constexpr qsizetype mostResumes = 20'000; ///< Of one look; of further ones it is not said who gave them.

bool isGarbled(const Worker &worker)
{
    return worker.flags.testAnyFlags(WorkerFlag::BadField | WorkerFlag::WrongType | WorkerFlag::TooLarge);
}

/// What neither its status nor its liveness says: deaf, consuming nothing, incomplete, leaving and perhaps at work.
WorkerTrouble toldTrouble(const Worker &worker)
{
    const WorkerTrouble trouble = troubleOf(worker);
    return trouble == WorkerTrouble::Paused || trouble == WorkerTrouble::NobodyListens ? WorkerTrouble::None : trouble;
}

} // namespace

WatchCommand::WatchCommand(const CtlOptions &options, Output &output)
    : FleetCommand(options, output, false, "pulsedeckctl-watch")
    , m_filter(FleetFilter::parse(options.where))
    , m_sourcesSeen(options.sources.size() + 1)
{
    connect(&m_sources, &SourceSet::sourceChanged, this, &WatchCommand::onSource);
    connect(&m_sources.store(), &FleetStore::published, this, &WatchCommand::onPublished);
    connect(&m_sources.store(), &FleetStore::sourceChanged, this, &WatchCommand::tellLimits);
    connect(&m_sources.store(), &FleetStore::sourceChanged, this, &WatchCommand::tellReason);
    connect(&m_sources.store(), &FleetStore::queuesChanged, this, &WatchCommand::tellPauses);
    connect(&m_limit, &QTimer::timeout, this, [this] {
        if (!m_everComplete)
            finish();
    });
}

void WatchCommand::start()
{
    FleetCommand::start();
    // What the journal has so far was taken from it before: see SourceSet::recallPast().
    if (m_options.journalFile == u"none"_s)
        return;
    m_followsFrom = m_sources.clock().nowMs();
    m_journal = std::make_unique<ReadOnlyJournal>(m_options.journalFile.isEmpty() ? defaultJournalPath() : m_options.journalFile);
    m_orders = std::make_unique<JournalOrders>(
        JournalOrders::Receiver{{}, [this](const std::vector<RecordedCommand> &orders) { takeOrders(orders); }}, *m_journal,
        m_sources.clock());
}

void WatchCommand::finish()
{
    if (!m_everComplete) {
        for (const SourceId source : m_sources.store().sources()) {
            if (!m_sourcesSeen[source].lost)
                Output::complain(printable(m_sources.trouble(source)));
        }
        end(CtlExit::NoConnection);
        return;
    }
    m_sources.store().publish();
    end(endCode());
}

/// What it ends with when it ends in order: a view that is not complete, or workers nothing is known of, are no quiet end.
CtlExit WatchCommand::endCode() const
{
    const FleetStore &store = m_sources.store();
    for (const SourceId source : store.sources()) {
        if (store.sourceStatus(source).isPartial())
            return CtlExit::NoConnection;
    }
    const std::vector<WorkerHandle> workers = presentWorkers(store);
    const bool unknown =
        std::any_of(workers.begin(), workers.end(), [&store](WorkerHandle handle) { return isUnknown(store.worker(handle)); });
    return m_findings || unknown ? CtlExit::Findings : CtlExit::Done;
}

/// Reports the limits of a source as soon as they are known, and again when they change.
void WatchCommand::tellLimits(SourceId source)
{
    if (isEnded() || source == 0 || source >= m_sourcesSeen.size())
        return;
    const QStringList limits = m_sources.limits(source);
    for (const QString &limit : limits) {
        if (!m_sourcesSeen[source].limits.contains(limit))
            Output::complain(printable(limit));
    }
    m_sourcesSeen[source].limits = limits;
}

/// All workers of a system are paused, also from the beginning, or not any more.
void WatchCommand::tellPauses()
{
    const FleetStore &store = m_sources.store();
    const qint64 now = m_sources.clock().nowMs();
    for (const SourceId source : store.sources()) {
        for (const FleetPause *pause : store.queues().fleetPauses(source)) {
            const SourceTraits &traits = *pause->latest.traits;
            bool &told = m_sourcesSeen[source].paused[traits.layout];
            if (isEnded() || !pause->latest.known || std::exchange(told, pause->isPaused()) == pause->isPaused())
                continue;
            const QString event = told ? u"system-paused"_s : u"system-resumed"_s;
            const QJsonObject json{{u"at"_s, m_sources.clock().toWall(now)},
                                   {u"event"_s, event},
                                   {u"source"_s, store.sourceName(source)},
                                   {u"system"_s, traits.layout}};
            add(json, u"%1  %2  %3 %4%5"_s.arg(wallClockText(m_sources.clock().toWall(now)), store.sourceName(source),
                                               traits.system, told ? QString() : u"not "_s, fleetPauseWord(*pause)));
        }
    }
    tellLines();
}

/// The store has who drained a worker; who resumed it is known here alone.
void WatchCommand::takeOrders(const std::vector<RecordedCommand> &orders)
{
    for (const RecordedCommand &order : orders) {
        const Command &command = order.entry.command;
        if (command.act == Act::Resume && order.entry.writtenAt > 0 && m_resumes.size() < mostResumes)
            m_resumes.insert({order.entry.sourceName, command.worker}, {command.by, command.reason, order.entry.writtenAt});
        noteOrder(m_sources.store(), order.entry);
    }
    m_sources.store().publish();
    m_resumes.clear();
}

/// A drain that the journal has is news, or it has it no more.
void WatchCommand::tellOrder(WorkerHandle handle, Seen &seen, bool tell)
{
    const FleetStore &store = m_sources.store();
    const Worker &worker = store.worker(handle);
    const OrderNote *drain = store.recordedDrain(handle);
    const qint64 before = std::exchange(seen.drainedAt, drain ? drain->at : 0);
    if (!tell || (before > 0) == (drain != nullptr) || worker.endedAt > 0)
        return; // A later step of the same drain is no news.
    // One that came back has forgotten its drain, and that it is back is a line of its own.
    if (!drain && worker.returnedAt >= before)
        return;
    const char *event = drain ? "drained" : "resumed";
    const OrderNote note = drain ? *drain : m_resumes.value({store.sourceName(worker.source), worker.id});
    if (m_options.json) {
        QJsonObject json = workerJson(worker, event);
        json["by"_L1] = textOrNull(note.by);
        json["reason"_L1] = textOrNull(note.reason);
        add(json, {});
        return;
    }
    QString line = workerLine(worker, event);
    if (!note.by.isEmpty())
        line += u" by "_s + note.by;
    if (!note.reason.isEmpty())
        line += u": "_s + note.reason;
    add({}, line + u" (journal)"_s);
}

void WatchCommand::onSource(SourceId source)
{
    SourceSeen &seen = m_sourcesSeen[source];
    const SourceStatus status = m_sources.store().sourceStatus(source);
    switch (status.state) {
    case SourceState::Live:
    case SourceState::Sweeping:
        m_everComplete = true;
        // Whatever it found is where watching starts from, so it is taken before this counts as begun.
        m_sources.store().publish();
        if (!seen.begun || seen.lost)
            tellSource(source, seen.lost ? "source-back" : "source-live", {});
        seen.begun = true;
        seen.lost = false;
        break;
    case SourceState::Failed:
    case SourceState::Waiting:
    case SourceState::Stalled:
        if (seen.lost)
            break;
        seen.lost = true;
        seen.lostAt = m_sources.clock().nowMs();
        seen.reasons = {status.message};
        if (seen.begun)
            tellSource(source, "source-lost", m_sources.trouble(source));
        else
            Output::complain(printable(m_sources.trouble(source)));
        break;
    case SourceState::Off:
    case SourceState::Connecting:
    case SourceState::Loading:
        break;
    }
    tellLines();
    if (m_sources.failedCount() == m_sources.count())
        end(CtlExit::NoConnection);
}

void WatchCommand::tellReason(SourceId source)
{
    // An outage may pass through several: ended, nothing listens, reads its data, wrong password.
    constexpr qsizetype mostReasons = 16;
    if (isEnded() || source == 0 || source >= m_sourcesSeen.size())
        return;
    SourceSeen &seen = m_sourcesSeen[source];
    const SourceStatus status = m_sources.store().sourceStatus(source);
    const bool away =
        status.state == SourceState::Waiting || status.state == SourceState::Failed || status.state == SourceState::Stalled;
    if (seen.lost && away && !status.message.isEmpty() && !seen.reasons.contains(status.message)
        && seen.reasons.size() < mostReasons) {
        seen.reasons.append(status.message);
        if (seen.begun)
            tellSource(source, "source-lost", m_sources.trouble(source));
        else
            Output::complain(printable(m_sources.trouble(source)));
        tellLines();
    }
    if (status.isUp() && std::exchange(seen.emptied, status.forgotten) != status.forgotten && status.forgotten) {
        tellSource(source, "source-emptied", m_sources.trouble(source));
        tellLines();
    }
}

void WatchCommand::onPublished(const FleetChanges &changes)
{
    const FleetStore &store = m_sources.store();
    if (changes.reset) {
        for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
            if (store.worker(handle).used)
                look(handle);
        }
    }
    for (const WorkerHandle handle : changes.added)
        look(handle);
    for (const WorkerHandle handle : changes.changed)
        look(handle);
    for (const WorkerHandle handle : changes.removed)
        m_seen.remove(handle);
    tellLines();
}

void WatchCommand::look(WorkerHandle handle)
{
    const FleetStore &store = m_sources.store();
    const Worker &worker = store.worker(handle);
    if (store.twinOf(worker.source) != 0)
        return; // Reported for the other source.
    const bool begun = m_sourcesSeen[worker.source].begun;
    auto it = m_seen.find(handle);
    const bool isNew = it == m_seen.end() || it->serial != worker.serial;
    if (isNew) {
        if (worker.liveness == Liveness::Unknown && !begun)
            return;
        const OrderNote *drain = store.recordedDrain(handle);
        const bool isOld = drain && drain->at < m_followsFrom; // One given before this worker was seen here is news, too.
        it = m_seen.insert(handle, Seen{worker.serial, statusOf(store, handle, !m_options.json), worker.liveness,
                                        nobodyListens(worker), false, toldTrouble(worker), false, isOld ? drain->at : 0});
    }
    Seen &seen = *it;
    const bool matches = m_filter.matches(store, handle, store.viewNow());
    const bool tell = begun && (matches || seen.matched);
    seen.matched = matches;
    if (matches && isFinding(worker))
        m_findings = true;
    if (isNew) {
        seen.garbled = isGarbled(worker);
        if (tell)
            tellWorker(handle, "appeared", {}, livenessName(worker));
        if (tell && seen.trouble != WorkerTrouble::None)
            tellWorker(handle, "trouble", {}, troubleName(seen.trouble));
        return;
    }
    // While its source is away nothing is known of a worker: no change of it.
    if (worker.liveness == Liveness::Unknown)
        return;
    if (seen.liveness == Liveness::Settling && worker.liveness == Liveness::Alive)
        seen.liveness = Liveness::Alive; // As one takes for granted.

    // The last status of one that is dead is no news, nor that nobody can ask it any more; nor is its drain over.
    const bool dead = worker.liveness == Liveness::Ghost;
    if (!dead && worker.status != WorkerStatus::ShuttingDown)
        tellOrder(handle, seen, tell);
    const bool over = worker.liveness == Liveness::Departed;
    const QString status = statusOf(store, handle, !m_options.json);
    if (!over && !dead && status != seen.status) {
        if (tell)
            tellWorker(handle, "status", seen.status, status);
        seen.status = status;
    }
    // Until its age is proven, only its status can have changed, or it has returned.
    const bool isSettling = worker.liveness == Liveness::Settling && seen.liveness != Liveness::Departed;
    const bool unheard = nobodyListens(worker);
    if (unheard != seen.unheard || (worker.liveness != seen.liveness && !isSettling)) {
        const bool wasOver = seen.liveness == Liveness::Departed;
        if (tell)
            tellWorker(handle,
                       over      ? "ended"
                       : wasOver ? "returned"
                                 : "liveness",
                       seen.unheard ? flagNames(WorkerFlag::NobodyListens).constFirst() : livenessName(seen.liveness),
                       livenessName(worker));
        seen.liveness = worker.liveness;
        seen.unheard = unheard;
    }
    tellTrouble(handle, seen, tell);
    const bool garbled = isGarbled(worker);
    if (!over && garbled != seen.garbled) {
        if (tell)
            tellWorker(handle, "garbled", seen.garbled ? u"garbled"_s : u"sound"_s, garbled ? u"garbled"_s : u"sound"_s);
        seen.garbled = garbled;
    }
}

void WatchCommand::tellTrouble(WorkerHandle handle, Seen &seen, bool tell)
{
    const Worker &worker = m_sources.store().worker(handle);
    if (worker.liveness == Liveness::Departed)
        seen.trouble = WorkerTrouble::None; // Its end says so.
    // That it is late, dead or gone has a line of its own. Whether its trouble is over is seen when it beats again.
    if (worker.liveness != Liveness::Alive && worker.liveness != Liveness::Settling)
        return;
    const WorkerTrouble before = std::exchange(seen.trouble, toldTrouble(worker));
    if (tell && seen.trouble != before)
        tellWorker(handle, "trouble", troubleName(before), troubleName(seen.trouble));
}

QJsonObject WatchCommand::workerJson(const Worker &worker, const char *event) const
{
    const FleetStore &store = m_sources.store();
    return {{u"at"_s, m_sources.clock().toWall(m_sources.clock().nowMs())},
            {u"event"_s, QLatin1String(event)},
            {u"source"_s, store.sourceName(worker.source)},
            {u"kind"_s, worker.traits->kindName()},
            {u"key"_s, worker.traits->recordName(worker.id, worker.child)},
            {u"id"_s, QString::fromUtf8(bareId(worker))},
            {u"type"_s, textOrNull(store.typeName(worker.type))}};
}

QString WatchCommand::workerLine(const Worker &worker, const char *event) const
{
    return wallClockText(m_sources.clock().toWall(m_sources.clock().nowMs())) + u"  "_s
           + m_sources.store().sourceName(worker.source) + u"  "_s + QString::fromUtf8(worker.id) + u"  "_s
           + QLatin1String(event);
}

void WatchCommand::tellWorker(WorkerHandle handle, const char *event, const QString &from, const QString &to)
{
    const Worker &worker = m_sources.store().worker(handle);
    if (m_options.json) {
        QJsonObject json = workerJson(worker, event);
        json["from"_L1] = textOrNull(from);
        json["to"_L1] = textOrNull(to);
        add(json, {});
        return;
    }
    QString line = workerLine(worker, event);
    if (!from.isEmpty())
        line += u' ' + from + u" →"_s;
    line += u' ' + (to.isEmpty() ? u"–"_s : to);
    add({}, line);
}

void WatchCommand::tellSource(SourceId source, const char *event, const QString &message)
{
    const FleetStore &store = m_sources.store();
    const qint64 now = m_sources.clock().nowMs();
    const SourceSeen &seen = m_sourcesSeen[source];
    const QString name = store.sourceName(source);
    const int workers = store.sourceWorkerCount(source);
    const QString count = workersText(size_t(workers));
    const SourceStatus status = store.sourceStatus(source);
    QString text = u"live, "_s + count;
    QJsonObject json{{u"at"_s, m_sources.clock().toWall(now)}, {u"event"_s, QLatin1String(event)}, {u"source"_s, name}};
    if (!message.isEmpty()) {
        text = status.isConnected() ? message : u"lost: "_s + message;
        json["message"_L1] = message;
    } else {
        json["workers"_L1] = workers;
        if (seen.lost) {
            text = u"back after %1, %2"_s.arg(durationText(now - seen.lostAt), count);
            json["awayMs"_L1] = now - seen.lostAt;
        }
    }
    add(json, QString(wallClockText(m_sources.clock().toWall(now)) + u"  "_s + name + u"  source "_s + text));
}

void WatchCommand::add(const QJsonObject &json, const QString &text)
{
    m_lines += m_options.json ? printableJson(json) : printable(text).toUtf8();
    m_lines += '\n';
}

void WatchCommand::tellLines()
{
    if (!m_lines.isEmpty() && !isEnded())
        print(std::exchange(m_lines, {}), endCode());
}

} // namespace pulsedeck
