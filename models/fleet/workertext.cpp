// SPDX-License-Identifier: GPL-3.0-or-later
// One worker or actor in words and as JSON.
#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"

#include "models/core/visibletext.h"
#include "models/timing/measuredtiming.h"

#include <QJsonArray>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QJsonValue orNull(qint32 value)
{
    return value == unknownValue ? QJsonValue() : QJsonValue(value);
}

QJsonValue timeOrNull(qint64 value)
{
    return value > 0 ? QJsonValue(value) : QJsonValue();
}

} // namespace

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
    const TimingProfile &profile = store.timing(worker.source);
    const int drift = int(driftOf(worker, profile));
    QStringList texts;
    if (drift & int(Drift::Interval))
        texts.append(u"interval is not %1"_s.arg(timingText(profile.heartbeatInterval)));
    if (drift & int(Drift::Ttl))
        texts.append((worker.actor ? u"registered for other than the %1 of most here"_s : u"TTL is not %1"_s)
                         .arg(timingText(profile.workerKeyTtl)));
    return texts;
}

QString accessibleText(const FleetStore &store, WorkerHandle handle, qint64 now)
{
    const Worker &worker = store.worker(handle);
    QStringList parts{shortId(worker.id), livenessName(worker)};
    if (worker.liveness == Liveness::Zombie && worker.end == WorkerEnd::Crashed)
        parts.append(u"crashed"_s);
    const ActorFacts *facts = store.actor(handle);
    if (facts)
        parts.insert(1, facts->displayName.isEmpty() ? u"actor"_s : u"actor %1"_s.arg(facts->displayName));
    if (worker.endedAt == 0) {
        parts.append(store.statusText(handle));
        if (worker.activeSessions != unknownValue)
            parts.append(u"%1 sessions"_s.arg(worker.activeSessions));
        if (worker.beatAt > 0 && worker.isAgeProven())
            parts.append(
                (worker.actor ? u"last renewal %1 ago"_s : u"last beat %1 ago"_s).arg(durationText(worker.beatAgeAt(now))));
        const qint32 ttl = worker.ttlLeftAt(now);
        if (ttl >= 0)
            parts.append((worker.actor ? u"registered for %1 more"_s : u"%1 left"_s).arg(durationText(ttl)));
        if (facts && !facts->capabilities.isEmpty())
            parts.append(u"can %1"_s.arg(facts->capabilities.join(u", "_s)));
        parts += driftTexts(store, handle);
    }
    return parts.join(u", "_s);
}

QJsonObject workerJson(const FleetStore &store, WorkerHandle handle, qint64 now)
{
    const Worker &worker = store.worker(handle);
    const bool ended = worker.endedAt > 0;
    const qint64 age = worker.beatAgeAt(now);
    const qint32 ttl = worker.ttlLeftAt(now);
    QJsonObject object;
    object["source"_L1] = store.sourceName(worker.source);
    const ActorFacts *facts = store.actor(handle);
    object["kind"_L1] = facts ? u"actor"_s : u"worker"_s;
    object["key"_L1] = facts ? QJsonValue() : QJsonValue(u"worker:"_s + QString::fromUtf8(worker.id));
    object["id"_L1] = QString::fromUtf8(bareId(worker.id));
    object["type"_L1] = worker.type == 0 ? QJsonValue() : QJsonValue(store.typeName(worker.type));
    object["endpointHost"_L1] = worker.host.isEmpty() ? QJsonValue() : QJsonValue(QString::fromUtf8(worker.host));
    object["status"_L1] = worker.status == WorkerStatus::Missing || ended ? QJsonValue() : QJsonValue(store.statusText(handle));
    object["liveness"_L1] = livenessName(worker);
    object["end"_L1] = worker.end == WorkerEnd::None ? QJsonValue() : QJsonValue(endName(worker.end));
    object["startedAt"_L1] = facts ? QJsonValue() : timeOrNull(worker.startedAt);
    object["lastHeartbeat"_L1] = timeOrNull(worker.lastHeartbeat);
    // An estimate is no age: who reads this acts by it.
    object["beatAgeMs"_L1] = age == qint64(unknownValue) || !worker.isAgeProven() ? QJsonValue() : QJsonValue(age);
    // Redis' own words for the two special cases: -1 a key without TTL, null where there is no key.
    object["ttlLeftMs"_L1] = ttl == unknownValue || ttl == -2 ? QJsonValue() : QJsonValue(ttl);
    object["intervalMs"_L1] = orNull(worker.interval);
    object["activeSessions"_L1] = orNull(worker.activeSessions);
    object["lifetimeSessions"_L1] = orNull(worker.lifetimeSessions);
    object["pendingCommand"_L1] = worker.command == CommandState::None
                                      ? QJsonValue()
                                      : QJsonValue(worker.command == CommandState::Shutdown ? u"shutdown"_s : u"unknown"_s);
    object["clockSkewMs"_L1] = orNull(worker.clockSkew);
    object["flags"_L1] = QJsonArray::fromStringList(flagNames(worker.flags));
    if (facts) {
        object["address"_L1] = QString::fromUtf8(worker.id);
        object["displayName"_L1] = facts->displayName.isEmpty() ? QJsonValue() : QJsonValue(facts->displayName);
        object["capabilities"_L1] = QJsonArray::fromStringList(facts->capabilities);
        object["registeredAt"_L1] = timeOrNull(store.clock().toWall(facts->registeredAt));
        object["expiresAt"_L1] = timeOrNull(store.clock().toWall(facts->expiresAt));
        object["version"_L1] = facts->version;
    }
    return object;
}

} // namespace pulsedeck
