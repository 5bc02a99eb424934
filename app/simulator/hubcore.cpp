// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/hubcore.h"
#include "app/simulator/hubtoken.h"

#include <QJsonDocument>
#include <QUuid>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck::fleet {

namespace {

constexpr size_t mostTargets = 1'000;
constexpr int passedOnTtl = 30'000;
constexpr int closeNormal = 1000;
constexpr int pageLimit = 100;
constexpr double defaultTtl = 300;
constexpr double longestTtl = 3'600;
constexpr int closeInternal = 1011;
constexpr int closeTooLarge = 1009;
constexpr int alarmMs = 60'000;
constexpr qint64 newerRuntimeMost = 32LL * 1024 * 1024;
const QString self = u"@(cloudflare/signal-hub)"_s;
const QString serverVersion = u"0.1.0"_s;
const QString noCapabilities = u"capabilities must be a non-empty array"_s;

QString newId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

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

HubCore::HubCore(const HubRules &rules, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_rules(rules)
    , m_clock(clock)
    , m_lastMessageAt(clock.nowMs())
    , m_windowStart(clock.nowMs())
{
    m_alarm.setParent(this);
    m_alarm.start(alarmMs);
    connect(&m_alarm, &QTimer::timeout, this, [this] { m_registry.removeExpired(m_clock.nowMs()); });
}

HubCore::SessionKey HubCore::join(HubPeer *peer)
{
    wake();
    ++m_opened;
    m_sessions.emplace(++m_lastKey, Session{peer, u"session-"_s + newId(), {}, TokenBucket(m_rules.perSecond, m_rules.burst)});
    return m_lastKey;
}

void HubCore::leave(SessionKey key)
{
    const auto session = m_sessions.find(key);
    if (session == m_sessions.end())
        return;
    const QString identity = session->second.identity;
    m_identities.remove(identity, key);
    if (!session->second.forgotten) // Whoever registers the address next is not subscribed.
        std::erase_if(m_subscriptions, [&identity](const Subscription &one) { return one.address == identity; });
    m_sessions.erase(session);
    ++m_closed;
    m_registry.removeSession(key);
}

int HubCore::sessions() const
{
    return int(std::count_if(m_sessions.begin(), m_sessions.end(), [](const auto &one) { return !one.second.forgotten; }));
}

/// A real message has arrived: if the silence before it was long enough, everything is forgotten now.
void HubCore::wake()
{
    const qint64 now = m_clock.nowMs();
    if (m_rules.forgets && now - m_lastMessageAt >= m_rules.forgetAfterMs)
        wipe();
    m_lastMessageAt = now;
}

void HubCore::wipe()
{
    for (auto &[key, session] : m_sessions)
        session.forgotten = true;
    m_identities.clear();
    m_registry.clear();
    m_subscriptions.clear();
    resetMetrics(); // They are in the same memory.
    ++m_wipes;
    emit wiped();
}

void HubCore::resetMetrics()
{
    m_received = m_sent = m_errors = m_opened = m_closed = 0;
    m_windowStart = m_clock.nowMs();
}

void HubCore::countMessage()
{
    if (m_clock.nowMs() - m_windowStart >= alarmMs)
        resetMetrics();
    ++m_received;
}

void HubCore::receive(SessionKey key, const QByteArray &utf8)
{
    const auto found = m_sessions.find(key);
    if (found == m_sessions.end())
        return;
    Session *const session = &found->second;
    if (utf8 == R"({"type":"ping"})") { // Answered by the runtime: it neither wakes the hub nor proves that the session
                                        // lives.
        session->peer->deliver({{u"type"_s, u"pong"_s}});
        return;
    }
    if (utf8.size() > largestMessage && (!m_rules.newerRuntime || utf8.size() > newerRuntimeMost)) {
        endSession(key, closeTooLarge, u"Message is too large: %1 > %2"_s.arg(utf8.size()).arg(largestMessage));
        return;
    }
    wake();
    if (session->forgotten) {
        endSession(key, closeInternal, u"Unknown session"_s);
        return;
    }
    if (utf8.size() > largestMessage) {
        const QJsonObject nobody;
        refuse({key, *session, nobody, {}}, u"message_too_large"_s, u"Message exceeds the maximum size"_s,
               {{u"details"_s, QJsonObject{{u"actualSize"_s, qint64(utf8.size())}, {u"maxSize"_s, largestMessage}}}});
        return;
    }
    // In a list, since a lone number or text is JSON too.
    const QJsonArray read = QJsonDocument::fromJson('[' + utf8 + ']').array();
    if (read.size() != 1 || read.first().isNull()) {
        countMessage();
        ++m_errors;
        endSession(key, closeInternal, u"Internal error"_s);
        return;
    }
    dispatch(key, read.first().toObject());
}

void HubCore::receive(SessionKey key, const QJsonObject &message)
{
    const auto session = m_sessions.find(key);
    if (session == m_sessions.end())
        return;
    wake();
    if (session->second.forgotten)
        endSession(key, closeInternal, u"Unknown session"_s);
    else
        dispatch(key, message);
}

bool HubCore::isSound(const QJsonObject &message) const
{
    const auto isText = [&message](QLatin1StringView field) { return message.value(field).isString(); };
    const auto isAddress = [&message](QLatin1StringView field) { return message.value(field).toString().startsWith("@("_L1); };
    const auto isTextOrNull = [&message](QLatin1StringView field) {
        const QJsonValue value = message.value(field);
        return value.isNull() || value.isString();
    };
    const QString pattern = message.value("pattern"_L1).toString();
    const QJsonValue ttl = message.value("ttl"_L1);
    return isText("id"_L1) && isAddress("from"_L1) && isAddress("to"_L1) && isText("type"_L1)
           && (pattern == "tell"_L1 || pattern == "ask"_L1) && message.value("timestamp"_L1).isDouble()
           && isTextOrNull("correlationId"_L1) && (ttl.isNull() || ttl.isDouble()) && isTextOrNull("signature"_L1);
}

void HubCore::dispatch(SessionKey key, const QJsonObject &message)
{
    static const QHash<QString, Handler> handlers{{u"hub:connect"_s, &HubCore::onConnect},
                                                  {u"hub:heartbeat"_s, &HubCore::onHeartbeat},
                                                  {u"hub:register"_s, &HubCore::onRegister},
                                                  {u"hub:renew"_s, &HubCore::onRenew},
                                                  {u"hub:unregister"_s, &HubCore::onUnregister},
                                                  {u"hub:list_actors"_s, &HubCore::onList},
                                                  {u"hub:discover"_s, &HubCore::onDiscover},
                                                  {u"hub:send"_s, &HubCore::onSend},
                                                  {u"hub:broadcast"_s, &HubCore::onBroadcast},
                                                  {u"hub:subscribe"_s, &HubCore::onSubscribe},
                                                  {u"hub:unsubscribe"_s, &HubCore::onUnsubscribe},
                                                  {u"hub:publish"_s, &HubCore::onPublish},
                                                  {u"hub:queue_stats"_s, &HubCore::onQueueStats},
                                                  {u"hub:metrics"_s, &HubCore::onMetrics},
                                                  {u"hub:refresh_token"_s, &HubCore::onRefreshToken},
                                                  {u"hub:disconnect"_s, &HubCore::onDisconnect}};

    Session *const session = &m_sessions.at(key);
    const Request request{key, *session, message, message.value("payload"_L1)};
    countMessage();
    if (!isSound(message)) {
        refuse(request, u"internal_error"_s, u"Invalid SharedMessage structure"_s);
        return;
    }
    const QString type = message.value("type"_L1).toString();
    const bool connecting = type == "hub:connect"_L1;
    if (!connecting && !session->bucket.take(m_clock.nowMs())) {
        ++m_refused;
        refuse(request, u"rate_limited"_s, u"Rate limit exceeded. Max 10 messages per second per session."_s,
               {{u"resolution"_s, u"Try slowing down the rate of messages"_s},
                {u"details"_s,
                 QJsonObject{{u"retryAfter"_s, 1}, {u"limit"_s, u"10 msg/sec"_s}, {u"code"_s, u"RATE_LIMIT_EXCEEDED"_s}}}});
        return;
    }
    if (!connecting && !m_rules.secret.isEmpty() && !session->authenticated) {
        refuse(request, u"unauthorized"_s, u"Not authenticated - send hub:connect first"_s);
        return;
    }
    if (const Handler handler = handlers.value(type))
        (this->*handler)(request);
    else
        refuse(request, u"internal_error"_s, u"Unknown message type: "_s + type);
}

void HubCore::endSession(SessionKey key, int code, const QString &reason)
{
    HubPeer *const peer = m_sessions.at(key).peer;
    leave(key);
    peer->end(code, reason);
}

void HubCore::deliver(Session &session, const QJsonObject &message)
{
    ++m_sent;
    session.peer->deliver(message);
}

QJsonObject HubCore::newMessage(const QJsonValue &from, const QString &type, const QJsonObject &metadata) const
{
    return {{u"id"_s, newId()},
            {u"from"_s, from},
            {u"type"_s, type},
            {u"pattern"_s, u"tell"_s},
            {u"timestamp"_s, m_clock.nowMs()},
            {u"metadata"_s, metadata},
            {u"ttl"_s, QJsonValue::Null},
            {u"signature"_s, QJsonValue::Null}};
}

void HubCore::answer(const Request &request, const QString &type, const QJsonObject &payload, const QJsonObject &metadata)
{
    QJsonObject message = newMessage(self, type, metadata);
    message.insert("payload"_L1, payload);
    if (const QJsonValue to = request.message.value("from"_L1); !to.isUndefined())
        message.insert("to"_L1, to);
    if (const QJsonValue id = request.message.value("id"_L1); !id.isUndefined())
        message.insert("correlationId"_L1, id);
    deliver(request.session, message);
}

void HubCore::refuse(const Request &request, const QString &code, const QString &message, const QJsonObject &extra)
{
    ++m_errors;
    QJsonObject payload = extra;
    payload.insert("code"_L1, code);
    payload.insert("message"_L1, message);
    answer(request, u"hub:error"_s, payload);
}

bool HubCore::hasPayload(const Request &request, const QString &field)
{
    if (!request.payload.isNull() && !request.payload.isUndefined())
        return true;
    refuse(request, u"internal_error"_s,
           u"Cannot read properties of %1 (reading '%2')"_s.arg(request.payload.isNull() ? u"null"_s : u"undefined"_s, field));
    return false;
}

QString HubCore::required(const Request &request, const QString &field)
{
    if (!hasPayload(request, field))
        return {};
    const QString text = request.payload.toObject().value(field).toString();
    if (text.isEmpty())
        refuse(request, u"internal_error"_s, field + u" is required"_s);
    return text;
}

HubCore::Session *HubCore::sessionOf(const HubActorEntry &actor)
{
    const auto session = m_sessions.find(actor.session);
    return session != m_sessions.end() && session->second.deliverable && !session->second.forgotten ? &session->second : nullptr;
}

void HubCore::setIdentity(const Request &request, const QString &identity)
{
    m_identities.remove(request.session.identity, request.key);
    request.session.identity = identity;
    m_identities.insert(identity, request.key);
}

/// The sender's metadata with the hub's marks over it. Its correlationId is not carried.
bool HubCore::passOn(const Request &request, const HubActorEntry &actor, const QString &type, const QJsonObject &marks,
                     const QJsonValue &correlationId)
{
    Session *target = sessionOf(actor);
    if (!target)
        return false;
    QJsonObject metadata = request.message.value("metadata"_L1).toObject();
    for (auto mark = marks.begin(); mark != marks.end(); ++mark)
        metadata.insert(mark.key(), mark.value());
    metadata.insert("via"_L1, self);
    QJsonObject message = newMessage(request.message.value("from"_L1), type, metadata);
    message.insert("to"_L1, actor.address);
    message.insert("correlationId"_L1, correlationId);
    message.insert("ttl"_L1, passedOnTtl);
    const QJsonValue data = request.payload.toObject().value("data"_L1);
    if (!data.isUndefined())
        message.insert("payload"_L1, data);
    deliver(*target, message);
    return true;
}

void HubCore::onSend(const Request &request)
{
    if (!hasPayload(request, u"to"_s))
        return;
    const QJsonObject payload = request.payload.toObject();
    QString to = payload.value("to"_L1).toString();
    if (to.isEmpty())
        to = request.message.value("to"_L1).toString();
    const QString type = required(request, u"type"_s);
    if (type.isEmpty())
        return;
    const bool asked = request.message.value("pattern"_L1) == "ask"_L1;
    const HubActorEntry *actor = m_registry.find(to);
    const bool expired = actor && actor->isExpired(m_clock.nowMs());
    if (!actor || expired) {
        if (expired)
            m_registry.remove(to);
        if (asked) {
            answer(request, u"hub:unknown_actor"_s,
                   {{u"actorAddress"_s, to},
                    {u"message"_s, expired ? u"Actor registration expired"_s : u"Actor not registered with Signal Hub"_s}});
        }
        return;
    }
    const QString id = request.message.value("id"_L1).toString();
    if (!passOn(request, *actor, type, {{u"forwarded"_s, true}, {u"originalMessageId"_s, id}})) {
        refuse(request, u"internal_error"_s, u"Target actor connection not found"_s, {{u"retryable"_s, false}});
    } else if (asked) {
        answer(request, u"hub:delivery_ack"_s,
               {{u"messageId"_s, id}, {u"deliveredAt"_s, m_clock.nowMs()}, {u"status"_s, u"delivered"_s}});
    }
}

void HubCore::onBroadcast(const Request &request)
{
    const QString type = required(request, u"type"_s);
    if (type.isEmpty())
        return;
    const QString capability = request.message.value("metadata"_L1).toObject().value("targetCapability"_L1).toString();
    const QString from = request.message.value("from"_L1).toString();
    const bool excludeSelf = request.payload.toObject().value("excludeSelf"_L1).toBool();
    m_registry.removeExpired(m_clock.nowMs());
    std::vector<const HubActorEntry *> targets;
    for (const auto &[place, actor] : m_registry.entries()) {
        if ((capability.isEmpty() || actor.hasCapability(capability)) && !(excludeSelf && actor.address == from))
            targets.push_back(&actor);
    }
    if (targets.size() > mostTargets) {
        refuse(request, u"BROADCAST_LIMIT_EXCEEDED"_s,
               u"Broadcast target count %1 exceeds limit of %2"_s.arg(targets.size()).arg(mostTargets));
        return;
    }
    const QJsonValue id = request.message.value("id"_L1);
    int delivered = 0;
    for (const HubActorEntry *actor : targets) // One copy for each actor, also where two share a socket.
        delivered += passOn(request, *actor, type, {{u"broadcast"_s, true}}, id) ? 1 : 0;
    const int failed = int(targets.size()) - delivered;
    answer(request, u"hub:broadcast_ack"_s,
           QJsonObject{{u"messageId"_s, id}, {u"deliveredCount"_s, delivered}, {u"failedCount"_s, failed}});
}

/// Looked at before anything else of a subscription.
bool HubCore::hasIdentity(const Request &request)
{
    if (!request.session.identity.isEmpty())
        return true;
    refuse(request, u"unauthorized"_s, u"Actor identity required for subscriptions"_s);
    return false;
}

void HubCore::onSubscribe(const Request &request)
{
    const QString topic = hasIdentity(request) ? required(request, u"topic"_s) : QString();
    if (topic.isEmpty())
        return;
    const QString identity = request.session.identity;
    const bool known = std::any_of(m_subscriptions.begin(), m_subscriptions.end(),
                                   [&](const Subscription &one) { return one.topic == topic && one.address == identity; });
    if (!known)
        m_subscriptions.push_back({topic, identity});
    const QString id = u"sub-"_s + newId();
    answer(request, u"hub:subscribed"_s, {{u"topic"_s, topic}, {u"subscriptionId"_s, id}});
}

void HubCore::onUnsubscribe(const Request &request)
{
    const QString topic = hasIdentity(request) ? required(request, u"topic"_s) : QString();
    if (topic.isEmpty())
        return;
    std::erase_if(m_subscriptions,
                  [&](const Subscription &one) { return one.topic == topic && one.address == request.session.identity; });
}

void HubCore::onPublish(const Request &request)
{
    const QString topic = required(request, u"topic"_s);
    const QString type = topic.isEmpty() ? QString() : required(request, u"type"_s);
    if (type.isEmpty())
        return;
    int reached = 0;
    std::erase_if(m_subscriptions, [&](const Subscription &one) {
        if (one.topic != topic)
            return false;
        const HubActorEntry *actor = m_registry.find(one.address);
        if (!actor || actor->isExpired(m_clock.nowMs()))
            return true; // Silently.
        const QJsonObject marks{{u"topic"_s, topic}, {u"publication"_s, true}};
        reached += passOn(request, *actor, type, marks, request.message.value("id"_L1)) ? 1 : 0;
        return false;
    });
    answer(request, u"hub:published"_s, {{u"topic"_s, topic}, {u"subscriberCount"_s, reached}});
}

void HubCore::onConnect(const Request &request)
{
    const QJsonObject metadata = request.message.value("metadata"_L1).toObject();
    const QString version = metadata.value("protocolVersion"_L1).toString();
    if (version.isEmpty()) {
        refuse(request, u"version_mismatch"_s, u"Missing protocolVersion in metadata"_s);
        return;
    }
    if (version.section(u'.', 0, 0) != serverVersion.section(u'.', 0, 0)) {
        refuse(request, u"version_mismatch"_s, u"Protocol version mismatch: client=%1, server=%2"_s.arg(version, serverVersion));
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
        QJsonObject notice = newMessage(self, u"hub:disconnect"_s, {});
        notice.insert("to"_L1, address);
        notice.insert("correlationId"_L1, QJsonValue::Null);
        notice.insert("payload"_L1, QJsonObject{{u"reason"_s, u"duplicate_connection"_s},
                                                {u"message"_s, u"New connection established for this actor"_s}});
        deliver(m_sessions.at(victim), notice);
        endSession(victim, closeNormal, u"Duplicate connection - new session established"_s);
    }
}

void HubCore::onRegister(const Request &request)
{
    const QString address = required(request, u"actorAddress"_s);
    if (address.isEmpty())
        return;
    const QJsonObject payload = request.payload.toObject();
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
                   u"Registry at capacity (%1/%2 actors). Try again later."_s.arg(m_registry.size()).arg(m_rules.mostActors),
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
    const QString token = required(request, u"renewalToken"_s);
    if (token.isEmpty())
        return;
    const HubActorEntry *entry = m_registry.renew(token, m_clock.nowMs()); // Also one that has expired and not been swept.
    if (!entry) {
        refuse(request, u"unauthorized"_s, u"Invalid or expired renewal token"_s);
        return;
    }
    answer(request, u"hub:renewed"_s, {{u"expiresAt"_s, entry->expiry()}, {u"renewalToken"_s, entry->renewalToken}});
}

void HubCore::onUnregister(const Request &request)
{
    if (hasPayload(request, u"actorAddress"_s))
        m_registry.remove(request.payload.toObject().value("actorAddress"_L1).toString()); // Whoever's it is; never answered.
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
    const QString pattern = required(request, u"pattern"_s);
    if (pattern.isEmpty())
        return;
    const QJsonObject payload = request.payload.toObject();
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
    answer(request, u"hub:token_refreshed"_s,
           {{u"token"_s, QString::fromLatin1(HubToken::sign(*claims, m_rules.secret))}, {u"expiresAt"_s, now + lifeMs}});
}

void HubCore::onDisconnect(const Request &request)
{
    answer(request, u"hub:disconnect"_s, {{u"acknowledged"_s, true}});
    endSession(request.key, closeNormal, u"Client requested disconnect"_s);
}

} // namespace pulsedeck::fleet
