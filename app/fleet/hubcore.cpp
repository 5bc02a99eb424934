// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/fleet/hubcore.h"

#include <QJsonDocument>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck::fleet {

namespace {

constexpr int closeInternal = 1011;
constexpr int closeTooLarge = 1009;
constexpr int alarmMs = 60'000;
constexpr qint64 newerRuntimeMost = 32LL * 1024 * 1024;
const QString self = u"@(cloudflare/signal-hub)"_s;

QString newId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
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
    m_sessions.emplace(++m_lastKey,
                       Session{peer, u"session-"_s + newId(), {}, TokenBucket(m_rules.perSecond, m_rules.burst)});
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
    return int(
        std::count_if(m_sessions.begin(), m_sessions.end(), [](const auto &one) { return !one.second.forgotten; }));
}

/// Something real has come: what has been forgotten in the silence before it is found out now.
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
    const auto isAddress = [&message](QLatin1StringView field) {
        return message.value(field).toString().startsWith("@("_L1);
    };
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
                {u"details"_s, QJsonObject{{u"retryAfter"_s, 1},
                                           {u"limit"_s, u"10 msg/sec"_s},
                                           {u"code"_s, u"RATE_LIMIT_EXCEEDED"_s}}}});
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

void HubCore::answer(const Request &request, const QString &type, const QJsonObject &payload,
                     const QJsonObject &metadata)
{
    QJsonObject message{{u"id"_s, newId()},
                        {u"from"_s, self},
                        {u"type"_s, type},
                        {u"payload"_s, payload},
                        {u"pattern"_s, u"tell"_s},
                        {u"timestamp"_s, m_clock.nowMs()},
                        {u"metadata"_s, metadata},
                        {u"ttl"_s, QJsonValue::Null},
                        {u"signature"_s, QJsonValue::Null}};
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
           u"Cannot read properties of %1 (reading '%2')"_s.arg(request.payload.isNull() ? u"null"_s : u"undefined"_s,
                                                                field));
    return false;
}

HubCore::Session *HubCore::sessionOf(const HubActorEntry &actor)
{
    const auto session = m_sessions.find(actor.session);
    return session != m_sessions.end() && session->second.deliverable && !session->second.forgotten ? &session->second
                                                                                                    : nullptr;
}

void HubCore::setIdentity(const Request &request, const QString &identity)
{
    m_identities.remove(request.session.identity, request.key);
    request.session.identity = identity;
    m_identities.insert(identity, request.key);
}

} // namespace pulsedeck::fleet
