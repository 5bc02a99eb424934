// SPDX-License-Identifier: GPL-3.0-or-later
// What HubCore does with each request about sessions and the registry.
#include "app/fleet/hubcore.h"
#include "app/fleet/hubtoken.h"

#include <QUuid>

#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck::fleet {

namespace {

constexpr int closeNormal = 1000;
constexpr int pageLimit = 100;
constexpr double defaultTtl = 300;
constexpr double longestTtl = 3'600;
constexpr qint64 msInSecond = 1'000;
const QString serverVersion = u"0.1.0"_s;
const QString noCapabilities = u"capabilities must be a non-empty array"_s;

bool isFilledArray(const QJsonValue &value)
{
    return value.isArray() && !value.toArray().isEmpty();
}

/// Number(value) of JavaScript, as far as it matters here.
double numberOf(const QJsonValue &value)
{
    if (value.isDouble())
        return value.toDouble();
    bool ok = false;
    const double read = value.toString().toDouble(&ok);
    return ok ? read : HubRegistry::noNumber;
}

QString bareAddress(const QString &address)
{
    return address.startsWith("@("_L1) && address.endsWith(u')') ? address.mid(2, address.size() - 3) : address;
}

/// Only * means anything; it matches anything at all.
bool matches(QStringView pattern, QStringView text)
{
    qsizetype p = 0;
    qsizetype t = 0;
    qsizetype star = -1;
    qsizetype mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            mark = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star >= 0) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == u'*')
        ++p;
    return p == pattern.size();
}

} // namespace

void HubCore::onConnect(const Request &request)
{
    const QJsonObject metadata = request.message.value("metadata"_L1).toObject();
    const QString version = metadata.value("protocolVersion"_L1).toString();
    if (version.isEmpty()) {
        refuse(request, u"version_mismatch"_s, u"Missing protocolVersion in metadata"_s);
        return;
    }
    if (version.section(u'.', 0, 0) != serverVersion.section(u'.', 0, 0)) {
        refuse(request, u"version_mismatch"_s,
               u"Protocol version mismatch: client=%1, server=%2"_s.arg(version, serverVersion));
        return;
    }
    QJsonValue identity = request.message.value("from"_L1);
    if (!m_rules.secret.isEmpty()) {
        const QString token = metadata.value("authToken"_L1).toString();
        if (token.isEmpty()) {
            refuse(request, u"unauthorized"_s, u"Authentication required but no authToken provided"_s);
            return;
        }
        QString problem;
        const auto claims = HubToken::verify(token, m_rules.secret, m_clock.nowMs(), &problem);
        if (!claims) {
            refuse(request, u"unauthorized"_s, problem);
            return;
        }
        // Whoever the message says it is from: a session belongs to the token's actor.
        const QString actor = claims->value("actorId"_L1).toString();
        identity = actor.startsWith("@("_L1) ? actor : QString(u"@("_s + actor + u')');
    }
    request.session.authenticated = true; // Also where the capabilities are refused below.
    if (!isFilledArray(metadata.value("capabilities"_L1))) {
        refuse(request, u"unauthorized"_s, noCapabilities);
        return;
    }
    request.session.deliverable = true;
    if (request.session.identity.isEmpty())
        setIdentity(request, identity.toString());
    answer(request, u"hub:connected"_s,
           {{u"sessionId"_s, request.session.id},
            {u"serverVersion"_s, serverVersion},
            {u"maxMessageSize"_s, largestMessage},
            {u"heartbeatInterval"_s, 300'000},
            {u"capabilities"_s, QJsonObject{{u"maxActorsPerInstance"_s, m_rules.mostActors},
                                            {u"supportsBackpressure"_s, true},
                                            {u"supportedContentTypes"_s, QJsonArray{u"application/json"_s}}}}},
           {{u"actorIdentity"_s, identity}});
}

void HubCore::onHeartbeat(const Request &request)
{
    if (!hasPayload(request, u"timestamp"_s))
        return;
    answer(request, u"hub:heartbeat_ack"_s,
           {{u"timestamp"_s, request.payload.toObject().value("timestamp"_L1)}, {u"serverTime"_s, m_clock.nowMs()}});
}

/// Duplicates are looked for here and nowhere else, before anything is checked: even a refused register ends the
/// other's session.
void HubCore::endDuplicates(const Request &request, const QString &address)
{
    const QList<SessionKey> holders = m_identities.values(address);
    for (const SessionKey victim : holders) {
        if (victim == request.key)
            continue;
        const QJsonObject notice{
            {u"id"_s, QUuid::createUuid().toString(QUuid::WithoutBraces)},
            {u"from"_s, u"@(cloudflare/signal-hub)"_s},
            {u"to"_s, address},
            {u"type"_s, u"hub:disconnect"_s},
            {u"payload"_s, QJsonObject{{u"reason"_s, u"duplicate_connection"_s},
                                       {u"message"_s, u"New connection established for this actor"_s}}},
            {u"pattern"_s, u"tell"_s},
            {u"correlationId"_s, QJsonValue::Null},
            {u"timestamp"_s, m_clock.nowMs()},
            {u"metadata"_s, QJsonObject()},
            {u"ttl"_s, QJsonValue::Null},
            {u"signature"_s, QJsonValue::Null}};
        deliver(m_sessions.at(victim), notice);
        endSession(victim, closeNormal, u"Duplicate connection - new session established"_s);
    }
}

void HubCore::onRegister(const Request &request)
{
    if (!hasPayload(request, u"actorAddress"_s))
        return;
    const QJsonObject payload = request.payload.toObject();
    const QString address = payload.value("actorAddress"_L1).toString();
    if (address.isEmpty()) {
        refuse(request, u"internal_error"_s, u"actorAddress is required"_s);
        return;
    }
    endDuplicates(request, address);
    const QJsonValue capabilities = payload.value("capabilities"_L1);
    if (!isFilledArray(capabilities)) {
        refuse(request, u"internal_error"_s, noCapabilities);
        return;
    }
    if (m_registry.size() >= m_rules.mostActors && !m_registry.find(address)) {
        m_registry.removeExpired(m_clock.nowMs());
        if (m_registry.size() >= m_rules.mostActors) {
            refuse(request, u"rate_limited"_s,
                   u"Registry at capacity (%1/%2 actors). Try again later."_s.arg(m_registry.size())
                       .arg(m_rules.mostActors),
                   {{u"details"_s, QJsonObject{{u"currentSize"_s, m_registry.size()},
                                               {u"limit"_s, m_rules.mostActors},
                                               {u"action"_s, u"wait for actors to expire"_s}}}});
            return;
        }
    }
    const QJsonValue wanted = payload.value("ttlSeconds"_L1);
    double ttl = wanted.isUndefined() || wanted.isNull() ? defaultTtl : numberOf(wanted);
    if (ttl > longestTtl)
        ttl = longestTtl;
    HubActorEntry entry;
    entry.address = address;
    entry.capabilities = capabilities.toArray();
    entry.metadata = payload.value("metadata"_L1).toObject();
    entry.session = request.key;
    entry.connectionId = request.session.id;
    entry.registeredAt = m_clock.nowMs();
    entry.expiresAt = std::isnan(ttl) ? ttl : double(entry.registeredAt) + std::trunc(ttl * double(msInSecond));
    const HubActorEntry &kept = m_registry.put(std::move(entry));
    setIdentity(request, address);
    answer(request, u"hub:registered"_s,
           {{u"actorAddress"_s, address},
            {u"expiresAt"_s, kept.expiry()},
            {u"renewalToken"_s, kept.renewalToken},
            {u"version"_s, kept.version}});
}

void HubCore::onRenew(const Request &request)
{
    if (!hasPayload(request, u"renewalToken"_s))
        return;
    const QString token = request.payload.toObject().value("renewalToken"_L1).toString();
    if (token.isEmpty()) {
        refuse(request, u"internal_error"_s, u"renewalToken is required"_s);
        return;
    }
    const HubActorEntry *entry =
        m_registry.renew(token, m_clock.nowMs()); // Also one that has expired and not been swept.
    if (!entry) {
        refuse(request, u"unauthorized"_s, u"Invalid or expired renewal token"_s);
        return;
    }
    answer(request, u"hub:renewed"_s, {{u"expiresAt"_s, entry->expiry()}, {u"renewalToken"_s, entry->renewalToken}});
}

void HubCore::onUnregister(const Request &request)
{
    if (hasPayload(request, u"actorAddress"_s))
        m_registry.remove(
            request.payload.toObject().value("actorAddress"_L1).toString()); // Whoever's it is; never answered.
}

void HubCore::onList(const Request &request)
{
    if (!hasPayload(request, u"limit"_s))
        return;
    m_registry.removeExpired(m_clock.nowMs());
    const QJsonObject payload = request.payload.toObject();
    const int limit = qMin(pageLimit, payload.value("limit"_L1).toInt(pageLimit));
    const int offset = qMax(0, payload.value("offset"_L1).toInt(0));
    const int total = m_registry.size();
    int end = offset + limit; // As slice() does: from the end where it is below zero.
    if (end < 0)
        end = qMax(0, total + end);
    QJsonArray actors;
    const auto &entries = m_registry.entries();
    auto entry = entries.begin();
    std::advance(entry, qMin(offset, total));
    for (int i = offset; i < qMin(end, total); ++i, ++entry) {
        const HubActorEntry &actor = entry->second;
        actors.append(QJsonObject{{u"actorAddress"_s, actor.address},
                                  {u"capabilities"_s, actor.capabilities},
                                  {u"metadata"_s, actor.metadata},
                                  {u"connectionId"_s, actor.connectionId},
                                  {u"registeredAt"_s, actor.registeredAt},
                                  {u"expiresAt"_s, actor.expiry()},
                                  {u"version"_s, actor.version},
                                  {u"renewalToken"_s, actor.renewalToken}});
    }
    answer(request, u"hub:actor_list"_s,
           {{u"actors"_s, actors},
            {u"total"_s, total},
            {u"offset"_s, offset},
            {u"limit"_s, limit},
            {u"hasMore"_s, offset + limit < total}});
}

void HubCore::onDiscover(const Request &request)
{
    if (!hasPayload(request, u"pattern"_s))
        return;
    const QJsonObject payload = request.payload.toObject();
    const QString pattern = payload.value("pattern"_L1).toString();
    if (pattern.isEmpty()) {
        refuse(request, u"internal_error"_s, u"pattern is required"_s);
        return;
    }
    const QString bare = bareAddress(pattern);
    const QString capability = payload.value("capability"_L1).toString();
    const int limit = qBound(1, payload.value("limit"_L1).toInt(pageLimit), pageLimit); // 0 gives one.
    const qint64 now = m_clock.nowMs();
    QJsonArray actors;
    for (const auto &[place, actor] : m_registry.entries()) {
        if (actor.isExpired(now) || (!capability.isEmpty() && !actor.hasCapability(capability))
            || !matches(bare, bareAddress(actor.address)))
            continue;
        actors.append(QJsonObject{{u"address"_s, actor.address}, {u"capabilities"_s, actor.capabilities}});
        if (actors.size() >= limit)
            break;
    }
    answer(request, u"hub:discovered"_s, {{u"actors"_s, actors}, {u"hasMore"_s, actors.size() >= limit}});
}

void HubCore::onQueueStats(const Request &request)
{
    answer(request, u"hub:queue_stats_response"_s,
           {{u"queueDepth"_s, 0}, {u"processingRate"_s, 0}, {u"pauseThreshold"_s, 1000}, {u"resumeThreshold"_s, 100}});
}

void HubCore::onMetrics(const Request &request)
{
    answer(request, u"hub:metrics_response"_s,
           {{u"messages_received"_s, qint64(m_received)},
            {u"messages_sent"_s, qint64(m_sent)},
            {u"errors"_s, qint64(m_errors)},
            {u"connections_opened"_s, qint64(m_opened)},
            {u"connections_closed"_s, qint64(m_closed)},
            {u"windowStart"_s, m_windowStart},
            {u"timestamp"_s, m_clock.nowMs()}});
}

void HubCore::onRefreshToken(const Request &request)
{
    if (!hasPayload(request, u"token"_s))
        return;
    const QString token = request.payload.toObject().value("token"_L1).toString();
    if (m_rules.secret.isEmpty()) { // It asks for tokens of a kind that it never issues.
        refuse(request, u"invalid_token"_s, u"Token is not a valid session token"_s);
        return;
    }
    QString problem;
    auto claims = HubToken::verify(token, m_rules.secret, m_clock.nowMs(), &problem);
    if (!claims) {
        refuse(request, u"invalid_token"_s, problem);
        return;
    }
    const qint64 now = m_clock.nowMs();
    constexpr qint64 lifeMs = 3'600'000;
    claims->insert("iat"_L1, now / msInSecond);
    claims->insert("exp"_L1, (now + lifeMs) / msInSecond);
    answer(
        request, u"hub:token_refreshed"_s,
        {{u"token"_s, QString::fromLatin1(HubToken::sign(*claims, m_rules.secret))}, {u"expiresAt"_s, now + lifeMs}});
}

void HubCore::onDisconnect(const Request &request)
{
    answer(request, u"hub:disconnect"_s, {{u"acknowledged"_s, true}});
    endSession(request.key, closeNormal, u"Client requested disconnect"_s);
}

} // namespace pulsedeck::fleet
