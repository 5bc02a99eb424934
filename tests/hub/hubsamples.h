// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubmessage.h"

#include <QJsonArray>
#include <QJsonDocument>

/// One sound message of each kind that a hub sends.
namespace pulsedeck::hubsamples {

using namespace Qt::StringLiterals;

inline QJsonObject envelope(const QString &type, const QJsonValue &payload, const QJsonObject &metadata = {})
{
    return {{u"id"_s, u"e872306c"_s},
            {u"from"_s, HubMessage::hubAddress()},
            {u"to"_s, u"@(desktop/console-1)"_s},
            {u"type"_s, type},
            {u"payload"_s, payload},
            {u"pattern"_s, u"tell"_s},
            {u"correlationId"_s, u"7e8b9cc6"_s},
            {u"timestamp"_s, qint64(1'795'288'894'334)},
            {u"metadata"_s, metadata},
            {u"ttl"_s, QJsonValue::Null},
            {u"signature"_s, QJsonValue::Null}};
}

inline std::optional<HubMessage> read(const QJsonObject &object, QString *problem = nullptr)
{
    return HubMessage::read(QJsonDocument(object).toJson(QJsonDocument::Compact), problem);
}

inline QJsonObject json(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

struct Sample
{
    const char *type;
    const char *payload;
};
inline constexpr Sample samples[] = {
    {"hub:connected",
     R"J({"sessionId":"session-d4308243","serverVersion":"0.1.0","maxMessageSize":1048576,"heartbeatInterval":300000,"capabilities":{"maxActorsPerInstance":50000,"supportsBackpressure":true,"supportedContentTypes":["application/json"]}})J"},
    {"hub:heartbeat_ack", R"J({"timestamp":1795288894336,"serverTime":1795288894337})J"},
    {"hub:registered",
     R"J({"actorAddress":"@(local/agent-1)","expiresAt":1795290174047,"renewalToken":"renewal-489da4e3","version":1})J"},
    {"hub:renewed", R"J({"expiresAt":1795289880598,"renewalToken":"renewal-77a7484b"})J"},
    {"hub:actor_list",
     R"J({"actors":[{"actorAddress":"@(local/p-0)","capabilities":["even","agent"],"metadata":{"displayName":"P zero"},"connectionId":"session-589d45b2","registeredAt":1795289583910,"expiresAt":1795289883910,"version":1,"renewalToken":"renewal-a9f35dbb"}],"total":7,"offset":0,"limit":2,"hasMore":true})J"},
    {"hub:discovered", R"J({"actors":[{"address":"@(local/p-1)","capabilities":["odd","agent"]}],"hasMore":false})J"},
    {"hub:delivery_ack", R"J({"messageId":"63d88b4b","deliveredAt":1795289654179,"status":"delivered"})J"},
    {"hub:unknown_actor", R"J({"actorAddress":"@(local/nobody)","message":"Actor registration expired"})J"},
    {"hub:broadcast_ack", R"J({"messageId":"8e7b8188","deliveredCount":3,"failedCount":0})J"},
    {"hub:subscribed", R"J({"topic":"events","subscriptionId":"sub-99ff9739"})J"},
    {"hub:published", R"J({"topic":"events","subscriberCount":2})J"},
    {"hub:queue_stats_response", R"J({"queueDepth":0,"processingRate":0.5,"pauseThreshold":1000,"resumeThreshold":100})J"},
    {"hub:metrics_response",
     R"J({"messages_received":8,"messages_sent":7,"errors":2,"connections_opened":6,"connections_closed":5,"windowStart":1795288874249,"timestamp":1795288894341})J"},
    {"hub:token_refreshed", R"J({"token":"eyJhbGciOiJIUzI1NiJ9.e30.abc","expiresAt":1795293717713})J"},
    {"hub:disconnect", R"J({"acknowledged":true})J"},
    {"hub:error",
     R"J({"code":"rate_limited","message":"Rate limit exceeded.","details":{"retryAfter":1,"limit":"10 msg/sec","code":"RATE_LIMIT_EXCEEDED"}})J"},
};

} // namespace pulsedeck::hubsamples
