// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetcolumns.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/drift.h"
#include "models/fleet/liveness.h"

#include <QDateTime>

#include <array>
#include <cstring>
#include <limits>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// Workers for which a value is not known sort after all others, whichever value it is.
constexpr double last = std::numeric_limits<double>::max();

double known(qint32 value)
{
    return value == unknownValue ? last : double(value);
}

QString numberText(qint32 value)
{
    return value == unknownValue ? u"–"_s : QString::number(value);
}

QString intervalText(const FleetStore &store, const Worker &worker)
{
    if (worker.interval == unknownValue)
        return worker.beatCount == 1 ? u"1 beat"_s : u"–"_s;
    const bool drifts = int(driftOf(worker, store.timing(worker.source))) & int(Drift::Interval);
    QString text = (drifts ? u"≠ "_s : QString()) + secondsNumber(worker.interval, 2) + u" s"_s;
    if (worker.jitter != unknownValue)
        text += u" ±"_s + secondsNumber(worker.jitter, 2);
    return text;
}

QString ttlText(const Worker &worker, qint64 now)
{
    if (worker.endedAt > 0)
        return worker.end == WorkerEnd::Expired || worker.end == WorkerEnd::Crashed ? u"expired"_s : u"gone"_s;
    const qint32 left = worker.ttlLeftAt(now);
    if (left == unknownValue)
        return u"–"_s;
    if (left == -1)
        return u"no TTL"_s;
    return left == -2 ? u"gone"_s : durationText(left);
}

QString beatText(const Worker &worker, qint64 now)
{
    if (worker.endedAt > 0 && worker.beatAt == 0)
        return u"–"_s;
    const QString age = durationText(worker.beatAgeAt(now));
    // About: nothing proves it yet.
    return worker.isAgeProven() || worker.beatAt == 0 || worker.endedAt > 0 ? age : QString(u"~"_s + age);
}

QString commandText(const Worker &worker, qint64 now)
{
    switch (worker.command) {
    case CommandState::None:
        return {};
    case CommandState::Other:
        return u"unknown word"_s;
    case CommandState::Shutdown:
        break;
    }
    if (worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown)
        return u"read"_s;
    return worker.commandUntil > now ? QString(u"shutdown, "_s + durationText(worker.commandUntil - now) + u" left"_s)
                                     : u"shutdown"_s;
}

QString stateText(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    return isNew(worker) ? u"new"_s : livenessName(worker);
}

QString dateText(qint64 ms)
{
    return ms > 0 ? dateTimeText(ms) : u"–"_s;
}

double timeKey(const ActorFacts *facts, qint64 ActorFacts::*member)
{
    return facts && facts->*member > 0 ? -double(facts->*member) : last;
}

/// Empty for whoever is no actor: an em dash in thousands of rows would say nothing.
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
    const QByteArrayView id = store.worker(handle).id;
    const void *mark = id.isEmpty() ? nullptr : std::memchr(id.data(), ':', size_t(id.size()));
    // Addresses sort behind all ids of workers, and among each other as text: see FleetTableModel::wantedOrder().
    if (store.worker(handle).traits->registers())
        return 281'474'976'710'656.0;
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

const std::array<FleetColumn, 20> columns{{
    {FleetColumnId::State, "state", "", "State: shape and colour tell it, F1 shows the legend", centre, 3, false,
     [](Store s, WorkerHandle h, qint64) { return -double(severity(w(s, h))); },
     [](Store s, WorkerHandle h, qint64) { return stateText(s, h); }, false, false},
    {FleetColumnId::Worker, "worker", "Worker",
     "Start of the id, and host and port of the endpoint; an actor's address and its name", left, 27, false, idKey,
     [](Store s, WorkerHandle h, qint64) { return shortId(w(s, h).id); }, false, false},
    {FleetColumnId::Type, "type", "Type", "Browser type", left, 10, false, [](Store, WorkerHandle, qint64) { return 0.0; },
     [](Store s, WorkerHandle h, qint64) { return s.typeName(w(s, h).type); }, true, false},
    {FleetColumnId::Source, "source", "Source", "Where it was seen", left, 10, false,
     [](Store, WorkerHandle, qint64) { return 0.0; },
     [](Store s, WorkerHandle h, qint64) { return s.sourceName(w(s, h).source); }, true, false},
    {FleetColumnId::Status, "status", "Status", "What the worker says of itself", left, 21, false,
     [](Store s, WorkerHandle h, qint64) { return double(w(s, h).status); },
     [](Store s, WorkerHandle h, qint64) { return s.statusText(h); }, false, false},
    {FleetColumnId::LastBeat, "lastBeat", "Last beat",
     "Age of the last heartbeat, by the key's TTL and no worker's clock; of an actor the last renewal", right, 10, false,
     [](Store s, WorkerHandle h, qint64) { return w(s, h).beatAt > 0 ? -double(w(s, h).beatAt) : last; },
     [](Store s, WorkerHandle h, qint64 now) { return beatText(w(s, h), now); }, false, true},
    {FleetColumnId::Interval, "interval", "Interval",
     "Measured: median of the gaps between beats, and their 95th percentile minus it; ≠ where the profile in force says "
     "otherwise",
     right, 14, false, [](Store s, WorkerHandle h, qint64) { return known(w(s, h).interval); },
     [](Store s, WorkerHandle h, qint64) { return intervalText(s, w(s, h)); }, false, false},
    {FleetColumnId::TtlLeft, "ttlLeft", "TTL left",
     "Until the key or the registration expires; the notch is where a beat renews it", left, 13, false,
     [](Store s, WorkerHandle h, qint64) {
         const Worker &worker = w(s, h);
         return worker.ttlAtRead >= 0 ? double(worker.readAt + worker.ttlAtRead) : last;
     },
     [](Store s, WorkerHandle h, qint64 now) { return ttlText(w(s, h), now); }, false, true},
    {FleetColumnId::Sessions, "sessions", "Sessions", "Active sessions", right, 9, false,
     [](Store s, WorkerHandle h, qint64) { return known(w(s, h).activeSessions); },
     [](Store s, WorkerHandle h, qint64) { return numberText(w(s, h).activeSessions); }, false, false},
    {FleetColumnId::Command, "command", "Command", "The command waiting for it", left, 11, false,
     [](Store s, WorkerHandle h, qint64) { return w(s, h).command == CommandState::None ? last : double(w(s, h).commandUntil); },
     [](Store s, WorkerHandle h, qint64 now) { return commandText(w(s, h), now); }, false, true},
    {FleetColumnId::Strip, "strip", "Heartbeats", "The last two minutes", left, 0, false,
     [](Store s, WorkerHandle h, qint64) { return w(s, h).beatAt > 0 ? -double(w(s, h).beatAt) : last; },
     [](Store s, WorkerHandle h, qint64 now) {
         const QString age = beatText(w(s, h), now);
         return QString(QString::number(s.beats(h).size()) + u" beats, the last "_s + age + u" ago"_s);
     },
     false, true},
    {FleetColumnId::Started, "started", "Started", "By the worker's own clock", left, 19, true,
     [](Store s, WorkerHandle h, qint64) {
         return w(s, h).startedAt > 0 && w(s, h).traits->has(SourceFact::Process) ? -double(w(s, h).startedAt) : last;
     },
     [](Store s, WorkerHandle h, qint64) {
         return w(s, h).traits->has(SourceFact::Process) ? dateText(w(s, h).startedAt) : u"–"_s;
     },
     false, false},
    {FleetColumnId::Lifetime, "lifetime", "Lifetime", "Sessions since it registered", right, 9, true,
     [](Store s, WorkerHandle h, qint64) { return known(w(s, h).lifetimeSessions); },
     [](Store s, WorkerHandle h, qint64) { return numberText(w(s, h).lifetimeSessions); }, false, false},
    {FleetColumnId::ClockSkew, "clockSkew", "Clock", "The worker's clock against its source's: + is ahead", right, 10, true,
     [](Store s, WorkerHandle h, qint64) { return w(s, h).clockSkew == unknownValue ? last : -double(w(s, h).clockSkew); },
     [](Store s, WorkerHandle h, qint64) {
         const qint32 skew = w(s, h).clockSkew;
         return skew == unknownValue ? u"–"_s : offsetText(-qint64(skew)); // Positive means behind.
     },
     false, false},
    {FleetColumnId::Host, "host", "Endpoint", "Host and port; the path is a secret and never shown", left, 18, true, hostKey,
     [](Store s, WorkerHandle h, qint64) {
         return w(s, h).traits->has(SourceFact::Process) ? QString::fromUtf8(w(s, h).host) : u"–"_s;
     },
     false, false},
    {FleetColumnId::Flags, "flags", "Notes", "What is unusual about it", left, 20, true,
     [](Store s, WorkerHandle h, qint64) { return -double(w(s, h).flags.toInt()); },
     [](Store s, WorkerHandle h, qint64) { return (flagNames(w(s, h).flags) + driftTexts(s, h)).join(u", "_s); }, false, false},
    {FleetColumnId::Capabilities, "capabilities", "Capabilities", "What the actor says it can do; the first one is its type",
     left, 20, true, [](Store, WorkerHandle, qint64) { return 0.0; },
     [](Store s, WorkerHandle h, qint64) {
         const ActorFacts *facts = s.actor(h);
         return facts ? facts->capabilities.join(u", "_s) : QString();
     },
     true, false},
    {FleetColumnId::Registered, "registered", "Registered", "When the actor registered last", left, 19, true,
     [](Store s, WorkerHandle h, qint64) { return timeKey(s.actor(h), &ActorFacts::registeredAt); },
     [](Store s, WorkerHandle h, qint64) { return actorTime(s.actor(h), &ActorFacts::registeredAt); }, false, false},
    {FleetColumnId::Expires, "expires", "Expires", "When the registration ends unless it is renewed", left, 19, true,
     [](Store s, WorkerHandle h, qint64) { return timeKey(s.actor(h), &ActorFacts::expiresAt); },
     [](Store s, WorkerHandle h, qint64) { return actorTime(s.actor(h), &ActorFacts::expiresAt); }, false, false},
    {FleetColumnId::Version, "version", "Version", "Registrations and renewals of this address, as the hub counts them", right, 9,
     true,
     [](Store s, WorkerHandle h, qint64) {
         const ActorFacts *facts = s.actor(h);
         return facts ? double(facts->version) : last;
     },
     [](Store s, WorkerHandle h, qint64) {
         const ActorFacts *facts = s.actor(h);
         return facts ? QString::number(facts->version) : QString();
     },
     false, false},
}};

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
