// SPDX-License-Identifier: GPL-3.0-or-later
// One worker or actor in words and as JSON.
#include "models/fleet/fleetcolumns.h"

#include "models/core/format.h"
#include "models/core/jsonwriter.h"
#include "models/core/visibletext.h"
#include "models/fleet/drift.h"
#include "models/fleet/liveness.h"
#include "models/protocol/timingparameter.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class WorkerTexts
{
    Q_DECLARE_TR_FUNCTIONS(WorkerTexts)
};

/// A worker's members for a JsonWriter.
struct WrittenMembers
{
    JsonWriter &json;

    template <typename Value> void add(QLatin1StringView name, const Value &value) { json.member(name, value); }
};

/// The same for a QJsonObject.
struct ObjectMembers
{
    QJsonObject object;

    void add(QLatin1StringView name, std::nullptr_t) { object.insert(name, QJsonValue()); }
    void add(QLatin1StringView name, const QByteArray &utf8) { object.insert(name, QString::fromUtf8(utf8)); }
    void add(QLatin1StringView name, const QStringList &texts) { object.insert(name, QJsonArray::fromStringList(texts)); }
    void add(QLatin1StringView name, const QJsonValue &value) { object.insert(name, value); }
};

/// All that is known of a worker, in the order of the names.
template <typename Members>
void addMembers(Members &to, const FleetStore &store, WorkerHandle handle, qint64 now, WorkerFlags flags)
{
    const Worker &worker = store.worker(handle);
    const ActorFacts *facts = store.actor(handle);
    const LayoutFacts *more = store.facts(handle);
    const QByteArray host = hostName(worker);
    const qint64 age = worker.beatAgeAt(now);
    const qint32 ttl = worker.ttlLeftAt(now);
    const auto orNull = [&to](QLatin1StringView name, const auto &value, bool isKnown) {
        if (isKnown)
            to.add(name, value);
        else
            to.add(name, nullptr);
    };
    const auto number = [&orNull](QLatin1StringView name, qint32 value) { orNull(name, value, value != unknownValue); };
    const auto time = [&orNull](QLatin1StringView name, qint64 value) { orNull(name, value, value > 0); };

    number("activeSessions"_L1, worker.activeSessions);
    if (facts)
        to.add("address"_L1, worker.id);
    to.add("ageBy"_L1, ageBasisName(worker));
    // An estimate is no age: other programs act on this.
    orNull("beatAgeMs"_L1, age, age != qint64(unknownValue) && worker.isAgeProven());
    if (facts)
        to.add("capabilities"_L1, facts->capabilities);
    number("capacity"_L1, worker.capacity);
    number("clockSkewMs"_L1, worker.clockSkew);
    if (facts)
        orNull("displayName"_L1, facts->displayName, !facts->displayName.isEmpty());
    const DrainNote drain = store.knownDrain(handle);
    time("drainedAt"_L1, drain.at);
    orNull("drainedBy"_L1, drain.by, !drain.by.isEmpty());
    orNull("end"_L1, endName(worker.end), worker.end != WorkerEnd::None);
    orNull("endpointHost"_L1, worker.host, !worker.host.isEmpty());
    if (facts)
        time("expiresAt"_L1, store.clock().toWall(facts->expiresAt));
    to.add("flags"_L1, flagNames(flags));
    orNull("host"_L1, host, !host.isEmpty());
    to.add("id"_L1, bareId(worker));
    number("intervalMs"_L1, worker.interval);
    if (more && !more->jobs.isEmpty())
        to.add("jobs"_L1, more->jobs);
    else
        to.add("jobs"_L1, nullptr);
    const QByteArray &keyBegins = worker.traits->prefixOf(worker.child);
    orNull("key"_L1, QByteArray(keyBegins + worker.id), !keyBegins.isEmpty());
    to.add("kind"_L1, worker.traits->kindName());
    time("lastHeartbeat"_L1, worker.lastHeartbeat);
    number("lifetimeSessions"_L1, worker.lifetimeSessions);
    to.add("liveness"_L1, livenessName(worker));
    orNull("pendingCommand"_L1, worker.command == CommandState::Shutdown ? u"shutdown"_s : u"unknown"_s,
           worker.command != CommandState::None);
    number("pid"_L1, worker.pid);
    if (more && !more->queues.isEmpty())
        to.add("queues"_L1, more->queues);
    else
        to.add("queues"_L1, nullptr);
    if (facts)
        time("registeredAt"_L1, store.clock().toWall(facts->registeredAt));
    to.add("source"_L1, store.sourceName(worker.source));
    time("startedAt"_L1, facts ? 0 : worker.startedAt);
    orNull("status"_L1, store.statusText(handle),
           worker.status != WorkerStatus::Missing && !isStatusAssumed(worker) && worker.endedAt == 0);
    // Only where the system has a word of its own for it.
    orNull("statusWord"_L1, store.statusWord(handle), worker.statusWord > 0 && !isStatusAssumed(worker) && worker.endedAt == 0);
    to.add("system"_L1, worker.traits->layout);
    // Only where a key of the system says it for all of its workers; null: it could not be read.
    if (const FleetPause *pause = store.queues().fleetPause(worker.source, worker.traits->layout))
        orNull("systemPaused"_L1, pause->isPaused(), pause->latest.known);
    // Redis' own words for the two special cases: -1 a key without TTL, null where there is no key.
    orNull("ttlLeftMs"_L1, ttl, ttl != unknownValue && ttl != -2);
    const QString type = typeText(store, handle);
    orNull("type"_L1, type, !type.isEmpty());
    if (facts)
        to.add("version"_L1, facts->version);
    else
        orNull("version"_L1, more ? more->version : QString(), more && !more->version.isEmpty());
}

} // namespace

QString reportedStatus(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    if (isStatusAssumed(worker))
        return u"–"_s;
    const bool ownWord = worker.statusWord > 0 || worker.status == WorkerStatus::Other;
    return ownWord ? store.statusWord(handle) : statusLabel(worker.status);
}

QString beatBasisText(const Worker &worker)
{
    switch (ageBasis(worker)) {
    case BeatBasis::KeyTtl:
        return WorkerTexts::tr("by its key's TTL");
    case BeatBasis::Stamp:
        return WorkerTexts::tr("by its own clock");
    case BeatBasis::Score:
        return WorkerTexts::tr("by the time in its registry");
    case BeatBasis::Events:
        return WorkerTexts::tr("by events");
    case BeatBasis::Connection:
        return WorkerTexts::tr("by its connection");
    case BeatBasis::Registration:
        return WorkerTexts::tr("by its registration");
    case BeatBasis::Calls:
        return WorkerTexts::tr("by its calls to Redis");
    }
    return {};
}

QString toolTipText(const QString &text)
{
    const QString seen = visibleText(text);
    if (!seen.contains(u'<'))
        return seen;
    return u"<span>"_s + seen.toHtmlEscaped().replace(u'\n', u"<br>"_s) + u"</span>"_s;
}

QStringList driftTexts(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    const TimingProfile &profile = store.timingOf(worker);
    const int drift = int(driftOf(worker, profile));
    QStringList texts;
    if (drift & int(Drift::Interval))
        texts.append(WorkerTexts::tr("interval is not %1").arg(timingText(profile.heartbeatInterval)));
    if (drift & int(Drift::Ttl))
        texts.append((worker.traits->registers() ? WorkerTexts::tr("not registered for %1 as most actors here are")
                                                 : WorkerTexts::tr("TTL is not %1"))
                         .arg(timingText(profile.workerKeyTtl)));
    return texts;
}

QString typeText(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    const QString &type = store.typeName(worker.type);
    return type == worker.traits->system ? QString() : type;
}

QString accessibleText(const FleetStore &store, WorkerHandle handle, qint64 now)
{
    const Worker &worker = store.worker(handle);
    QStringList parts{workerName(store, handle), livenessLabel(worker)};
    if (worker.liveness == Liveness::Zombie && worker.end == WorkerEnd::Crashed)
        parts.append(livenessLabel(Liveness::Crashed));
    const ActorFacts *facts = store.actor(handle);
    if (!worker.traits->registers() && worker.traits->layout != SourceTraits().layout)
        parts.insert(1, traitText(worker.traits->system));
    if (facts)
        parts.insert(1, facts->displayName.isEmpty() ? WorkerTexts::tr("actor")
                                                     : WorkerTexts::tr("actor %1").arg(facts->displayName));
    if (worker.endedAt == 0) {
        parts.append(isStatusAssumed(worker) ? flagLabels(WorkerFlag::NotAsked).constFirst() : reportedStatus(store, handle));
        const WorkerTrouble trouble = troubleOf(worker);
        if (trouble != WorkerTrouble::None && trouble != WorkerTrouble::NobodyListens) // That is in its liveness already.
            parts.append(troubleLabel(trouble));
        if (worker.activeSessions != unknownValue && worker.capacity > 0)
            parts.append(WorkerTexts::tr("%1 of %2 busy").arg(worker.activeSessions).arg(worker.capacity));
        else if (worker.activeSessions != unknownValue)
            parts.append(worker.traits->countedJobs(worker.activeSessions));
        if (worker.beatAt > 0 && worker.isAgeProven())
            parts.append(
                (worker.traits->registers() ? WorkerTexts::tr("last renewal %1 ago") : WorkerTexts::tr("last beat %1 ago"))
                    .arg(durationText(worker.beatAgeAt(now))));
        const qint32 ttl = worker.ttlLeftAt(now);
        if (ttl >= 0)
            parts.append((worker.traits->registers() ? WorkerTexts::tr("registered for %1 more") : WorkerTexts::tr("%1 left"))
                             .arg(durationText(ttl)));
        if (facts && !facts->capabilities.isEmpty())
            parts.append(WorkerTexts::tr("capabilities %1").arg(facts->capabilities.join(u", "_s)));
        parts += driftTexts(store, handle);
    }
    return parts.join(u", "_s);
}

QJsonObject workerJson(const FleetStore &store, WorkerHandle handle, qint64 now)
{
    ObjectMembers members;
    addMembers(members, store, handle, now, store.worker(handle).flags);
    return members.object;
}

void writeWorker(JsonWriter &json, const FleetStore &store, WorkerHandle handle, qint64 now, WorkerFlags hidden)
{
    json.beginObject();
    WrittenMembers members{json};
    addMembers(members, store, handle, now, store.worker(handle).flags & ~hidden);
    json.endObject();
}

} // namespace pulsedeck
