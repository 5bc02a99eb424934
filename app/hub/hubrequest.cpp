// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubrequest.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <type_traits>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// The place of T among the alternatives of HubMessage::Body.
template <typename T, size_t index = 0> constexpr size_t indexOf()
{
    if constexpr (std::is_same_v<std::variant_alternative_t<index, HubMessage::Body>, T>)
        return index;
    else
        return indexOf<T, index + 1>();
}

QJsonObject sending(QJsonObject head, const QString &messageType, const QJsonValue &data)
{
    head.insert("type"_L1, messageType);
    if (!data.isUndefined())
        head.insert("data"_L1, data);
    return head;
}

} // namespace

HubRequest::HubRequest(QLatin1StringView type, QJsonObject payload, size_t answer)
    : m_type(type)
    , m_payload(std::move(payload))
    , m_answer(answer)
{ }

HubRequest HubRequest::connectWith(const QStringList &capabilities, const HubSecret &token)
{
    HubRequest request("hub:connect"_L1, {}, indexOf<hub::Connected>());
    request.m_metadata = {{u"protocolVersion"_s, protocolVersion()},
                          {u"capabilities"_s, QJsonArray::fromStringList(capabilities)}};
    if (!token.isEmpty())
        request.m_metadata.insert("authToken"_L1, token.forTheWire());
    return request;
}

HubRequest HubRequest::heartbeat(qint64 nowMs)
{
    return {"hub:heartbeat"_L1, {{u"timestamp"_s, nowMs}}, indexOf<hub::HeartbeatAck>()};
}

HubRequest HubRequest::registerActor(const QString &address, const QStringList &capabilities, const QJsonObject &metadata,
                                     int ttlSeconds)
{
    return {"hub:register"_L1,
            {{u"actorAddress"_s, address},
             {u"capabilities"_s, QJsonArray::fromStringList(capabilities)},
             {u"metadata"_s, metadata},
             {u"ttlSeconds"_s, ttlSeconds}},
            indexOf<hub::Registered>()};
}

HubRequest HubRequest::renew(const HubSecret &renewalToken)
{
    return {"hub:renew"_L1, {{u"renewalToken"_s, renewalToken.forTheWire()}}, indexOf<hub::Renewed>()};
}

HubRequest HubRequest::unregister(const QString &address)
{
    return {"hub:unregister"_L1, {{u"actorAddress"_s, address}}, noAnswer};
}

HubRequest HubRequest::listActors(int offset, int limit)
{
    // A limit below 1 lists all or nothing, by a fault of the hub.
    return {"hub:list_actors"_L1,
            {{u"limit"_s, qBound(1, limit, pageLimit)}, {u"offset"_s, qMax(0, offset)}},
            indexOf<hub::ActorList>()};
}

HubRequest HubRequest::discover(const QString &pattern, const QString &capability, int limit)
{
    QJsonObject payload{{u"pattern"_s, pattern}, {u"limit"_s, qBound(1, limit, pageLimit)}};
    if (!capability.isEmpty())
        payload.insert("capability"_L1, capability);
    return {"hub:discover"_L1, payload, indexOf<hub::Discovered>()};
}

HubRequest HubRequest::ask(const QString &to, const QString &messageType, const QJsonValue &data)
{
    HubRequest request("hub:send"_L1, sending({{u"to"_s, to}}, messageType, data), indexOf<hub::DeliveryAck>());
    request.m_mayBeUnknown = true;
    return request;
}

HubRequest HubRequest::tell(const QString &to, const QString &messageType, const QJsonValue &data)
{
    HubRequest request("hub:send"_L1, sending({{u"to"_s, to}}, messageType, data), noAnswer);
    request.m_pattern = "tell"_L1;
    return request;
}

HubRequest HubRequest::broadcast(const QString &messageType, const QJsonValue &data, bool excludeSelf, const QString &capability)
{
    HubRequest request("hub:broadcast"_L1, sending({{u"excludeSelf"_s, excludeSelf}}, messageType, data),
                       indexOf<hub::BroadcastAck>());
    if (!capability.isEmpty())
        request.m_metadata.insert("targetCapability"_L1, capability);
    return request;
}

HubRequest HubRequest::subscribe(const QString &topic)
{
    return {"hub:subscribe"_L1, {{u"topic"_s, topic}}, indexOf<hub::Subscribed>()};
}

HubRequest HubRequest::unsubscribe(const QString &topic)
{
    return {"hub:unsubscribe"_L1, {{u"topic"_s, topic}}, noAnswer};
}

HubRequest HubRequest::publish(const QString &topic, const QString &messageType, const QJsonValue &data)
{
    return {"hub:publish"_L1, sending({{u"topic"_s, topic}}, messageType, data), indexOf<hub::Published>()};
}

HubRequest HubRequest::queueStats()
{
    return {"hub:queue_stats"_L1, {}, indexOf<hub::QueueStats>()};
}

HubRequest HubRequest::metrics()
{
    return {"hub:metrics"_L1, {}, indexOf<hub::Metrics>()};
}

HubRequest HubRequest::refreshToken(const HubSecret &token)
{
    return {"hub:refresh_token"_L1, {{u"token"_s, token.forTheWire()}}, indexOf<hub::TokenRefreshed>()};
}

HubRequest HubRequest::disconnect(const QString &reason)
{
    return {"hub:disconnect"_L1, {{u"reason"_s, reason}}, indexOf<hub::Disconnect>()};
}

void HubRequest::setExactData(const QByteArray &json)
{
    if (json.isEmpty())
        return;
    m_payload.remove("data"_L1);
    m_exactData = json;
}

bool HubRequest::isAnsweredBy(const HubMessage::Body &body) const
{
    if (body.index() == m_answer || std::holds_alternative<hub::Error>(body))
        return true;
    return m_mayBeUnknown && std::holds_alternative<hub::UnknownActor>(body);
}

QByteArray HubRequest::toWire(const QString &id, const QString &from, qint64 nowMs) const
{
    // The hub wants correlationId, ttl and signature there even where they are null.
    const QJsonObject envelope{{u"id"_s, id},
                               {u"from"_s, from},
                               {u"to"_s, m_to},
                               {u"type"_s, m_type},
                               {u"pattern"_s, QString(m_pattern)},
                               {u"correlationId"_s, QJsonValue::Null},
                               {u"timestamp"_s, nowMs},
                               {u"metadata"_s, m_metadata},
                               {u"ttl"_s, QJsonValue::Null},
                               {u"signature"_s, QJsonValue::Null}};
    // A document would write the data's numbers again, with 17 digits, and sort its keys.
    const auto with = [](const QJsonObject &object, QByteArrayView name, const QByteArray &json) {
        QByteArray text = QJsonDocument(object).toJson(QJsonDocument::Compact);
        text.chop(1);
        if (!object.isEmpty())
            text += ',';
        return QByteArray(text + '"' + name.toByteArray() + "\":" + json + '}');
    };
    const QByteArray payload =
        m_exactData.isEmpty() ? QJsonDocument(m_payload).toJson(QJsonDocument::Compact) : with(m_payload, "data", m_exactData);
    return with(envelope, "payload", payload);
}

} // namespace pulsedeck
