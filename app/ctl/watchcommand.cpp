// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/watchcommand.h"

#include "app/ctl/fleettext.h"
#include "app/ctl/workerchoice.h"
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

bool isGarbled(const Worker &worker)
{
    return worker.flags.testAnyFlags(WorkerFlag::BadField | WorkerFlag::WrongType | WorkerFlag::TooLarge);
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
    connect(&m_sources.store(), &FleetStore::queuesChanged, this, &WatchCommand::tellPauses);
    connect(&m_limit, &QTimer::timeout, this, [this] {
        if (!m_everComplete)
            finish();
    });
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
        it = m_seen.insert(handle, Seen{worker.serial, statusOf(store, handle, !m_options.json), worker.liveness,
                                        nobodyListens(worker), false, false});
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
        return;
    }
    // While its source is away nothing is known of a worker: no change of it.
    if (worker.liveness == Liveness::Unknown)
        return;
    if (seen.liveness == Liveness::Settling && worker.liveness == Liveness::Alive)
        seen.liveness = Liveness::Alive; // As one takes for granted.

    const bool over = worker.liveness == Liveness::Departed;
    const QString status = statusOf(store, handle, !m_options.json);
    if (!over && status != seen.status) {
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
    const bool garbled = isGarbled(worker);
    if (!over && garbled != seen.garbled) {
        if (tell)
            tellWorker(handle, "garbled", seen.garbled ? u"garbled"_s : u"sound"_s, garbled ? u"garbled"_s : u"sound"_s);
        seen.garbled = garbled;
    }
}

void WatchCommand::tellWorker(WorkerHandle handle, const char *event, const QString &from, const QString &to)
{
    const FleetStore &store = m_sources.store();
    const Worker &worker = store.worker(handle);
    const qint64 now = m_sources.clock().nowMs();
    const QString source = store.sourceName(worker.source);
    const QString id = QString::fromUtf8(worker.id);
    if (m_options.json) {
        QJsonObject json;
        json["at"_L1] = m_sources.clock().toWall(now);
        json["event"_L1] = QLatin1String(event);
        json["source"_L1] = source;
        json["kind"_L1] = worker.traits->kindName();
        json["key"_L1] = worker.traits->recordName(worker.id);
        json["id"_L1] = QString::fromUtf8(bareId(worker));
        json["type"_L1] = textOrNull(store.typeName(worker.type));
        json["from"_L1] = textOrNull(from);
        json["to"_L1] = textOrNull(to);
        add(json, {});
        return;
    }
    QString line =
        wallClockText(m_sources.clock().toWall(now)) + u"  "_s + source + u"  "_s + id + u"  "_s + QLatin1String(event);
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
    QString text = u"live, "_s + count;
    QJsonObject json{{u"at"_s, m_sources.clock().toWall(now)}, {u"event"_s, QLatin1String(event)}, {u"source"_s, name}};
    if (!message.isEmpty()) {
        text = u"lost: "_s + message;
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
