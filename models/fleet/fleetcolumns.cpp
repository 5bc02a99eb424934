// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetcolumns.h"

#include "models/core/enumtable.h"
#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/drift.h"
#include "models/fleet/liveness.h"

#include <QCoreApplication>

#include <array>
#include <cstring>
#include <limits>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class FleetColumnTexts
{
    Q_DECLARE_TR_FUNCTIONS(FleetColumnTexts)
};

// Workers for which a value is not known sort after all others, whichever value it is.
constexpr double last = std::numeric_limits<double>::max();

double known(qint32 value)
{
    return value == unknownValue ? last : double(value);
}

QString intervalText(const FleetStore &store, const Worker &worker)
{
    if (worker.interval == unknownValue)
        return worker.beatCount == 1 ? FleetColumnTexts::tr("%Ln beat(s)", nullptr, 1) : u"–"_s;
    const bool drifts = int(driftOf(worker, store.timingOf(worker))) & int(Drift::Interval);
    QString text = (drifts ? u"≠ "_s : QString()) + secondsNumber(worker.interval, 2) + u" s"_s;
    if (worker.jitter != unknownValue)
        text += u" ±"_s + secondsNumber(worker.jitter, 2);
    return text;
}

QString ttlText(const Worker &worker, qint64 now)
{
    const qint32 left = worker.ttlLeftAt(now);
    // What has no TTL cannot have lost it.
    if (!worker.traits->has(SourceFact::Ttl) && !worker.traits->registers() && left < 0)
        return u"–"_s;
    if (left <= 0 && (worker.endedAt > 0 || left == -2))
        return worker.end == WorkerEnd::Expired || worker.end == WorkerEnd::Crashed ? FleetColumnTexts::tr("expired")
                                                                                    : FleetColumnTexts::tr("gone");
    if (left == unknownValue)
        return u"–"_s;
    return left == -1 ? FleetColumnTexts::tr("no TTL") : durationText(left);
}

QString beatText(const Worker &worker, qint64 now)
{
    if (worker.endedAt > 0 && worker.beatAt == 0)
        return u"–"_s;
    const QString age = durationText(worker.beatAgeAt(now));
    // About: nothing proves it yet.
    return worker.isAgeProven() || worker.beatAt == 0 || worker.endedAt > 0 ? age : QString(u"~"_s + age);
}

QString stripText(const FleetStore &store, WorkerHandle handle, qint64 now)
{
    return FleetColumnTexts::tr("%Ln beat(s), the last %1 ago", nullptr, store.beats(handle).size())
        .arg(beatText(store.worker(handle), now));
}

QString commandText(const Worker &worker, qint64 now)
{
    switch (worker.command) {
    case CommandState::None:
        return {};
    case CommandState::Other:
        return FleetColumnTexts::tr("unknown word");
    case CommandState::Shutdown:
        break;
    }
    if (worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown)
        return FleetColumnTexts::tr("read");
    return worker.commandUntil > now ? FleetColumnTexts::tr("shutdown, %1 left").arg(durationText(worker.commandUntil - now))
                                     : FleetColumnTexts::tr("shutdown");
}

QString stateText(const Worker &worker)
{
    return isNew(worker) ? FleetColumnTexts::tr("new") : livenessLabel(worker);
}

QString dateText(qint64 ms)
{
    return ms > 0 ? dateTimeText(ms) : u"–"_s;
}

double timeKey(const ActorFacts *facts, qint64 ActorFacts::*member)
{
    return facts && facts->*member > 0 ? -double(facts->*member) : last;
}

/// Empty for all but actors: a dash in thousands of rows would say nothing.
QString actorTime(const ActorFacts *facts, qint64 ActorFacts::*member)
{
    return facts ? dateText(facts->*member) : QString();
}

const Worker &w(const FleetStore &store, WorkerHandle handle)
{
    return store.worker(handle);
}

/// The first eight bytes of the uuid as a number: ids sort as their text does, without comparing text.
double idKey(const FleetStore &store, WorkerHandle handle, qint64)
{
    // Ids without a type sort behind all others, and among each other as text: see FleetTableModel::wantedOrder().
    if (!store.worker(handle).traits->ids.typed)
        return 281'474'976'710'656.0;
    const QByteArrayView id = store.worker(handle).id;
    const void *mark = id.isEmpty() ? nullptr : std::memchr(id.data(), ':', size_t(id.size()));
    const qsizetype colon = mark ? static_cast<const char *>(mark) - id.data() : -1;
    double key = 0;
    for (qsizetype i = 0; i < 6; ++i)
        key = key * 256.0 + (colon + 1 + i < id.size() ? double(quint8(id[colon + 1 + i])) : 0.0);
    return key;
}

/// An IPv4 address with its port sorts by number, any other host by the start of its text.
double hostKey(const FleetStore &store, WorkerHandle handle, qint64)
{
    const QByteArray &host = store.worker(handle).host;
    if (host.isEmpty())
        return last;
    double value = 0;
    int part = 0;
    int parts = 1;
    for (const char c : host) {
        if (c >= '0' && c <= '9') {
            part = qMin(part * 10 + (c - '0'), 65535);
        } else if (c == '.' || c == ':') {
            value = value * 256.0 + part;
            part = 0;
            ++parts;
        } else {
            double text = 0;
            for (qsizetype i = 0; i < 6; ++i)
                text = text * 256.0 + (i < host.size() ? double(quint8(host[i])) : 0.0);
            return 1e15 + text;
        }
    }
    return parts == 5 ? value * 65536.0 + part : value * 256.0 + part;
}

constexpr Qt::Alignment left = Qt::AlignLeft | Qt::AlignVCenter;
constexpr Qt::Alignment right = Qt::AlignRight | Qt::AlignVCenter;
constexpr Qt::Alignment centre = Qt::AlignCenter;

using Store = const FleetStore &;

constexpr std::array<FleetColumn, fleetColumnCount> columns{{
    {FleetColumnId::State, "state", QT_TRANSLATE_NOOP("FleetColumn", "State"),
     QT_TRANSLATE_NOOP("FleetColumn", "State, as a shape and a colour; F1 shows the legend"), centre, 3, false,
     [](Store s, WorkerHandle h, qint64) { return -double(severity(w(s, h))); },
     [](Store s, WorkerHandle h, qint64) { return stateText(w(s, h)); }},
    {FleetColumnId::Worker, "worker", QT_TRANSLATE_NOOP("FleetColumn", "Worker"),
     QT_TRANSLATE_NOOP("FleetColumn", "Start of the id, and host and port of the endpoint; for an actor its address and name"),
     left, 27, false, idKey, [](Store s, WorkerHandle h, qint64) { return workerName(s, h); }},
    {FleetColumnId::Type, "type", QT_TRANSLATE_NOOP("FleetColumn", "Type"), QT_TRANSLATE_NOOP("FleetColumn", "Browser type"),
     left, 10, false, [](Store, WorkerHandle, qint64) { return 0.0; },
     [](Store s, WorkerHandle h, qint64) { return typeText(s, h); }, true},
    {FleetColumnId::Source, "source", QT_TRANSLATE_NOOP("FleetColumn", "Source"),
     QT_TRANSLATE_NOOP("FleetColumn", "The source that reports it"), left, 10, false,
     [](Store, WorkerHandle, qint64) { return 0.0; },
     [](Store s, WorkerHandle h, qint64) { return s.sourceName(w(s, h).source); }, true},
    {FleetColumnId::System, "system", QT_TRANSLATE_NOOP("FleetColumn", "System"),
     QT_TRANSLATE_NOOP("FleetColumn", "The system that the worker belongs to"), left, 10, true,
     [](Store, WorkerHandle, qint64) { return 0.0; }, [](Store s, WorkerHandle h, qint64) { return systemTitle(w(s, h).traits); },
     true},
    {FleetColumnId::HostName, "hostName", QT_TRANSLATE_NOOP("FleetColumn", "Host"),
     QT_TRANSLATE_NOOP("FleetColumn", "The machine that the worker runs on"), left, 14, true, hostKey,
     [](Store s, WorkerHandle h, qint64) {
         const QByteArray host = hostName(w(s, h));
         return host.isEmpty() ? u"–"_s : QString::fromUtf8(host);
     }},
    {FleetColumnId::Pid, "pid", QT_TRANSLATE_NOOP("FleetColumn", "Pid"),
     QT_TRANSLATE_NOOP("FleetColumn", "The id of its process on its host"), right, 9, true,
     [](Store s, WorkerHandle h, qint64) { return known(w(s, h).pid); },
     [](Store s, WorkerHandle h, qint64) { return w(s, h).pid == unknownValue ? u"–"_s : QString::number(w(s, h).pid); }},
    {FleetColumnId::Status, "status", QT_TRANSLATE_NOOP("FleetColumn", "Status"),
     QT_TRANSLATE_NOOP("FleetColumn", "What the worker reports of itself"), left, 21, false,
     [](Store s, WorkerHandle h, qint64) { return double(w(s, h).status); },
     [](Store s, WorkerHandle h, qint64) { return reportedStatus(s, h); }},
    {FleetColumnId::LastBeat, "lastBeat", QT_TRANSLATE_NOOP("FleetColumn", "Last beat"),
     QT_TRANSLATE_NOOP(
         "FleetColumn",
         "Age of the last heartbeat, from the key's TTL and not from the worker's clock; for an actor, of the last renewal"),
     right, 10, false, [](Store s, WorkerHandle h, qint64) { return w(s, h).beatAt > 0 ? -double(w(s, h).beatAt) : last; },
     [](Store s, WorkerHandle h, qint64 now) { return beatText(w(s, h), now); }, false, true},
    {FleetColumnId::Interval, "interval", QT_TRANSLATE_NOOP("FleetColumn", "Interval"),
     QT_TRANSLATE_NOOP("FleetColumn", "Measured: the median of the gaps between beats, and ± how far the 95th percentile is "
                                      "above it; ≠ where it differs from the timing in force"),
     right, 14, false, [](Store s, WorkerHandle h, qint64) { return known(w(s, h).interval); },
     [](Store s, WorkerHandle h, qint64) { return intervalText(s, w(s, h)); }},
    {FleetColumnId::TtlLeft, "ttlLeft", QT_TRANSLATE_NOOP("FleetColumn", "TTL left"),
     QT_TRANSLATE_NOOP("FleetColumn", "Time until the key or registration expires; the notch marks where a heartbeat renews it"),
     left, 13, false,
     [](Store s, WorkerHandle h, qint64) {
         const Worker &worker = w(s, h);
         return worker.ttlAtRead >= 0 ? double(worker.readAt + worker.ttlAtRead) : last;
     },
     [](Store s, WorkerHandle h, qint64 now) { return ttlText(w(s, h), now); }, false, true},
    {FleetColumnId::Sessions, "sessions", QT_TRANSLATE_NOOP("FleetColumn", "Sessions"),
     QT_TRANSLATE_NOOP("FleetColumn", "Active sessions, or how much of what it takes at most is at work"), right, 9, false,
     [](Store s, WorkerHandle h, qint64) { return known(w(s, h).activeSessions); },
     [](Store s, WorkerHandle h, qint64) { return busyText(w(s, h)); }},
    {FleetColumnId::Queues, "queues", QT_TRANSLATE_NOOP("FleetColumn", "Queues"),
     QT_TRANSLATE_NOOP("FleetColumn", "The queues that the worker serves, in its order"), left, 14, true,
     [](Store, WorkerHandle, qint64) { return 0.0; }, [](Store s, WorkerHandle h, qint64) { return queuesText(s, h); }, true},
    {FleetColumnId::Command, "command", QT_TRANSLATE_NOOP("FleetColumn", "Command"),
     QT_TRANSLATE_NOOP("FleetColumn", "The pending command"), left, 11, false,
     [](Store s, WorkerHandle h, qint64) { return w(s, h).command == CommandState::None ? last : double(w(s, h).commandUntil); },
     [](Store s, WorkerHandle h, qint64 now) { return commandText(w(s, h), now); }, false, true},
    {FleetColumnId::Strip, "strip", QT_TRANSLATE_NOOP("FleetColumn", "Heartbeats"),
     QT_TRANSLATE_NOOP("FleetColumn", "The last two minutes"), left, 0, false,
     [](Store s, WorkerHandle h, qint64) { return w(s, h).beatAt > 0 ? -double(w(s, h).beatAt) : last; }, stripText, false, true},
    {FleetColumnId::Started, "started", QT_TRANSLATE_NOOP("FleetColumn", "Started"),
     QT_TRANSLATE_NOOP("FleetColumn", "Start time by the worker's own clock"), left, 19, true,
     [](Store s, WorkerHandle h, qint64) {
         return w(s, h).startedAt > 0 && w(s, h).traits->has(SourceFact::Process) ? -double(w(s, h).startedAt) : last;
     },
     [](Store s, WorkerHandle h, qint64) {
         return w(s, h).traits->has(SourceFact::Process) ? dateText(w(s, h).startedAt) : u"–"_s;
     }},
    {FleetColumnId::Lifetime, "lifetime", QT_TRANSLATE_NOOP("FleetColumn", "Lifetime"),
     QT_TRANSLATE_NOOP("FleetColumn", "Sessions since it registered"), right, 9, true,
     [](Store s, WorkerHandle h, qint64) { return known(w(s, h).lifetimeSessions); },
     [](Store s, WorkerHandle h, qint64) { return knownNumber(w(s, h).lifetimeSessions); }},
    {FleetColumnId::ClockSkew, "clockSkew", QT_TRANSLATE_NOOP("FleetColumn", "Clock"),
     QT_TRANSLATE_NOOP("FleetColumn", "The worker's clock compared to its source's: + is ahead"), right, 10, true,
     [](Store s, WorkerHandle h, qint64) { return w(s, h).clockSkew == unknownValue ? last : -double(w(s, h).clockSkew); },
     [](Store s, WorkerHandle h, qint64) {
         const qint32 skew = w(s, h).clockSkew;
         return skew == unknownValue ? u"–"_s : offsetText(-qint64(skew)); // Positive means behind.
     }},
    {FleetColumnId::Host, "host", QT_TRANSLATE_NOOP("FleetColumn", "Endpoint"),
     QT_TRANSLATE_NOOP("FleetColumn", "Host and port; the path is secret and never shown"), left, 18, true, hostKey,
     [](Store s, WorkerHandle h, qint64) {
         return w(s, h).traits->has(SourceFact::Process) ? QString::fromUtf8(w(s, h).host) : u"–"_s;
     }},
    {FleetColumnId::Release, "release", QT_TRANSLATE_NOOP("FleetColumn", "Release"),
     QT_TRANSLATE_NOOP("FleetColumn", "The version of its system, as the worker reports it"), left, 10, true,
     [](Store, WorkerHandle, qint64) { return 0.0; },
     [](Store s, WorkerHandle h, qint64) {
         const LayoutFacts *facts = s.facts(h);
         return facts && !facts->version.isEmpty() ? facts->version : u"–"_s;
     },
     true},
    {FleetColumnId::Flags, "flags", QT_TRANSLATE_NOOP("FleetColumn", "Notes"),
     QT_TRANSLATE_NOOP("FleetColumn", "What is unusual about the worker"), left, 20, true,
     [](Store s, WorkerHandle h, qint64) { return -double(w(s, h).flags.toInt()); },
     [](Store s, WorkerHandle h, qint64) { return (flagLabels(w(s, h).flags) + driftTexts(s, h)).join(u", "_s); }},
    {FleetColumnId::Capabilities, "capabilities", QT_TRANSLATE_NOOP("FleetColumn", "Capabilities"),
     QT_TRANSLATE_NOOP("FleetColumn", "What the actor reports it can do; the first one is its type"), left, 20, true,
     [](Store, WorkerHandle, qint64) { return 0.0; },
     [](Store s, WorkerHandle h, qint64) {
         const ActorFacts *facts = s.actor(h);
         return facts ? facts->capabilities.join(u", "_s) : QString();
     },
     true},
    {FleetColumnId::Registered, "registered", QT_TRANSLATE_NOOP("FleetColumn", "Registered"),
     QT_TRANSLATE_NOOP("FleetColumn", "When the actor last registered"), left, 19, true,
     [](Store s, WorkerHandle h, qint64) { return timeKey(s.actor(h), &ActorFacts::registeredAt); },
     [](Store s, WorkerHandle h, qint64) { return actorTime(s.actor(h), &ActorFacts::registeredAt); }},
    {FleetColumnId::Expires, "expires", QT_TRANSLATE_NOOP("FleetColumn", "Expires"),
     QT_TRANSLATE_NOOP("FleetColumn", "When the registration ends unless it is renewed"), left, 19, true,
     [](Store s, WorkerHandle h, qint64) { return timeKey(s.actor(h), &ActorFacts::expiresAt); },
     [](Store s, WorkerHandle h, qint64) { return actorTime(s.actor(h), &ActorFacts::expiresAt); }},
    {FleetColumnId::Version, "version", QT_TRANSLATE_NOOP("FleetColumn", "Version"),
     QT_TRANSLATE_NOOP("FleetColumn", "Registrations and renewals of this address, as the hub counts them"), right, 9, true,
     [](Store s, WorkerHandle h, qint64) {
         const ActorFacts *facts = s.actor(h);
         return facts ? double(facts->version) : last;
     },
     [](Store s, WorkerHandle h, qint64) {
         const ActorFacts *facts = s.actor(h);
         return facts ? QString::number(facts->version) : QString();
     }},
}};
static_assert(isInOrder(columns, FleetColumnId::Version));

// untranslated: they stand for words of any language.
constexpr ColumnSample sampleTable[] = {
    {FleetColumnId::State, "", "", 10},
    {FleetColumnId::Worker, "00000000", "10.242.217.117", 8},
    {FleetColumnId::Type, "chromium", "", 1},
    {FleetColumnId::Source, "prod-eu-1", "", 0},
    {FleetColumnId::Status, "available", "00:00:00", 7},
    {FleetColumnId::Status, "available", "returned", 7},
    {FleetColumnId::Status, "registered", "00:00:00", 7, ColumnSample::WideWithActors},
    {FleetColumnId::Status, "registered", "returned", 7, ColumnSample::WideWithActors},
    {FleetColumnId::Status, "available", "−178.2 s", 22, ColumnSample::Wide}, // A clock that is off has a mark of its own.
    {FleetColumnId::LastBeat, "100.0 s", "", 6},
    {FleetColumnId::LastBeat, "100.0 s", "", 21, ColumnSample::WithSystems},
    {FleetColumnId::System, "playwright", "", 0},
    {FleetColumnId::HostName, "228.228.228.228", "", 0}, // The widest there is: a 1 or a 7 next to a dot takes less.
    {FleetColumnId::Pid, "4194304", "", 0},
    {FleetColumnId::Queues, "critical +2", "", 4},
    {FleetColumnId::Sessions, "10 of 10", "", 32, ColumnSample::WithSystems},
    {FleetColumnId::Status, "beats, consumes nothing", "", 0, ColumnSample::WithSystems},
    {FleetColumnId::Interval, "10.02", "±0.04", 5},
    {FleetColumnId::Interval, "10.0", "· 2 beats", 5},
    {FleetColumnId::TtlLeft, "28.1 s", "", 38},
    {FleetColumnId::Sessions, "88", "", 36},
    {FleetColumnId::Command, "", "60 s left", 16},
    {FleetColumnId::Command, "", "read 10.0 s", 16},
    {FleetColumnId::Command, "", "delivered", 18, ColumnSample::WideWithActors},
    {FleetColumnId::Capabilities, "browser, screenshot", "", 0},
    {FleetColumnId::Registered, "00:00:00", "", 6},
    {FleetColumnId::Expires, "00:00:00", "", 6},
    {FleetColumnId::Version, "1000", "", 6},
};

} // namespace

QString systemTitle(TraitsRef traits)
{
    return traits->isLaidOut() || traits->registers() ? traitText(traits->system) : traits->layout;
}

QString workerName(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    if (!worker.traits->isLaidOut())
        return shortId(worker);
    const LayoutFacts *facts = store.facts(handle);
    if (facts && !facts->label.isEmpty())
        return visibleLine(facts->label);
    // Host and pid name a process; what its system puts behind them only keeps ids apart.
    const QString id = QString::fromUtf8(bareId(worker));
    const QString process = QString::fromUtf8(hostName(worker)) + u':' + QString::number(worker.pid);
    const bool named = worker.pid != unknownValue && !worker.host.isEmpty() && id.startsWith(process + u':');
    constexpr qsizetype longest = 40;
    return visibleLine(named ? process : id.left(longest));
}

QString queuesText(const FleetStore &store, WorkerHandle handle)
{
    const LayoutFacts *facts = store.facts(handle);
    if (!facts || facts->queues.isEmpty())
        return store.worker(handle).traits->has(SourceFact::Queues) ? u"–"_s : QString(); // Or its system has no queues.
    const qsizetype more = facts->queues.size() - 1;
    return more == 0 ? facts->queues.constFirst() : QString(facts->queues.constFirst() + u" +"_s + QString::number(more));
}

QString busyText(const Worker &worker)
{
    if (worker.capacity <= 0 || worker.activeSessions == unknownValue)
        return knownNumber(worker.activeSessions);
    return FleetColumnTexts::tr("%1 of %2", "7 of 10 are busy").arg(worker.activeSessions).arg(worker.capacity);
}

QString FleetColumn::name() const
{
    return tableText("FleetColumn", title);
}

QString FleetColumn::description() const
{
    return tableText("FleetColumn", toolTip);
}

std::span<const FleetColumn> fleetColumns()
{
    return columns;
}

std::span<const ColumnSample> columnSamples()
{
    return sampleTable;
}

const FleetColumn &fleetColumn(FleetColumnId id)
{
    return columns[size_t(id)];
}

} // namespace pulsedeck
