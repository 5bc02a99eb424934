// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubmessage.h"

#include "app/hub/hubfields.h"
#include "app/hub/hubtext.h"

#include <QHash>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype longestType = 128;
constexpr qsizetype longestToken = 16 * 1024;
constexpr qsizetype longestName = 200;
constexpr qsizetype mostCapabilities = 64;
constexpr qint64 longestRetryMs = 3'600'000;
constexpr qint64 largest = HubFields::largest;

using Body = HubMessage::Body;

Body readConnected(HubFields &fields, const QJsonObject &payload)
{
    hub::Connected body;
    body.serverVersion = hubShownText(fields.optionalText("serverVersion"_L1, 64));
    body.maxMessageSize = fields.optionalWhole("maxMessageSize"_L1, 0, largest);
    body.heartbeatInterval = fields.optionalWhole("heartbeatInterval"_L1, 0, largest);
    const QJsonObject able = payload.value("capabilities"_L1).toObject();
    HubFields ableFields(able, nullptr);
    const qint64 actors = ableFields.optionalWhole("maxActorsPerInstance"_L1, 0, largest);
    body.maxActors = ableFields.isSound() ? actors : 0;
    return body;
}

Body readHeartbeatAck(HubFields &fields, const QJsonObject &)
{
    return hub::HeartbeatAck{fields.time("timestamp"_L1), fields.time("serverTime"_L1)};
}

Body readRegistered(HubFields &fields, const QJsonObject &)
{
    return hub::Registered{fields.text("actorAddress"_L1, HubMessage::maxAddress), fields.timeOrNull("expiresAt"_L1),
                           HubSecret(fields.text("renewalToken"_L1, longestToken)), fields.whole("version"_L1, 0, largest)};
}

Body readRenewed(HubFields &fields, const QJsonObject &)
{
    return hub::Renewed{fields.timeOrNull("expiresAt"_L1), HubSecret(fields.text("renewalToken"_L1, longestToken))};
}

/// What an actor says that it can do is shown everywhere: a token in it is not.
QStringList capabilitiesOf(HubFields &fields)
{
    QStringList capabilities = fields.texts("capabilities"_L1, mostCapabilities, longestName);
    for (QString &capability : capabilities)
        capability = hubWithoutTokens(capability);
    return capabilities;
}

std::optional<HubActor> readActor(const QJsonValue &value)
{
    if (!value.isObject())
        return std::nullopt;
    const QJsonObject object = value.toObject();
    HubFields fields(object, nullptr);
    HubActor actor;
    actor.address = fields.text("actorAddress"_L1, HubMessage::maxAddress);
    actor.capabilities = capabilitiesOf(fields);
    actor.connectionId = fields.optionalText("connectionId"_L1, HubMessage::maxAddress);
    actor.registeredAt = fields.time("registeredAt"_L1);
    actor.expiresAt = fields.timeOrNull("expiresAt"_L1);
    actor.version = fields.whole("version"_L1, 0, largest);
    if (!fields.isSound())
        return std::nullopt;
    // Metadata is the actor's own affair: a name of the wrong type is no name, and not a broken entry.
    const QJsonObject metadata = object.value("metadata"_L1).toObject();
    actor.displayName = hubShownText(metadata.value("displayName"_L1).toString(), longestName);
    if (const QByteArray status = metadata.value("status"_L1).toString().left(longestName).toUtf8(); !status.isEmpty())
        actor.status = statusFromText(status);
    return actor;
}

Body readActorList(HubFields &fields, const QJsonObject &)
{
    hub::ActorList body;
    body.total = fields.whole("total"_L1, 0, largest);
    body.offset = fields.whole("offset"_L1, 0, largest);
    body.limit = fields.whole("limit"_L1, -largest, largest);
    body.hasMore = fields.flag("hasMore"_L1);
    const QJsonArray entries = fields.array("actors"_L1);
    body.actors.reserve(qMin(entries.size(), HubMessage::maxActorsRead));
    for (const QJsonValue &entry : entries) {
        auto actor = body.actors.size() < HubMessage::maxActorsRead ? readActor(entry) : std::nullopt;
        if (actor)
            body.actors.append(std::move(*actor));
        else
            ++body.skipped;
    }
    return body;
}

Body readDiscovered(HubFields &fields, const QJsonObject &)
{
    hub::Discovered body;
    body.hasMore = fields.flag("hasMore"_L1);
    const QJsonArray entries = fields.array("actors"_L1);
    for (const QJsonValue &entry : entries) {
        const QJsonObject object = entry.toObject();
        HubFields one(object, nullptr);
        hub::Discovered::Found found{one.text("address"_L1, HubMessage::maxAddress), capabilitiesOf(one)};
        if (one.isSound() && body.actors.size() < HubMessage::maxActorsRead)
            body.actors.append(std::move(found));
        else
            ++body.skipped;
    }
    return body;
}

Body readDeliveryAck(HubFields &fields, const QJsonObject &)
{
    return hub::DeliveryAck{fields.text("messageId"_L1, HubMessage::maxAddress), fields.text("status"_L1, longestType),
                            fields.time("deliveredAt"_L1)};
}

Body readUnknownActor(HubFields &fields, const QJsonObject &payload)
{
    hub::UnknownActor body;
    body.address = fields.text("actorAddress"_L1, HubMessage::maxAddress);
    body.message = hubShownText(payload.value("message"_L1).toString());
    body.expired = body.message.contains("expired"_L1, Qt::CaseInsensitive);
    return body;
}

Body readBroadcastAck(HubFields &fields, const QJsonObject &)
{
    return hub::BroadcastAck{fields.text("messageId"_L1, HubMessage::maxAddress), fields.whole("deliveredCount"_L1, 0, largest),
                             fields.whole("failedCount"_L1, 0, largest)};
}

Body readSubscribed(HubFields &fields, const QJsonObject &)
{
    return hub::Subscribed{fields.text("topic"_L1, HubMessage::maxAddress),
                           fields.text("subscriptionId"_L1, HubMessage::maxAddress)};
}

Body readPublished(HubFields &fields, const QJsonObject &)
{
    return hub::Published{fields.text("topic"_L1, HubMessage::maxAddress), fields.whole("subscriberCount"_L1, 0, largest)};
}

Body readQueueStats(HubFields &fields, const QJsonObject &)
{
    return hub::QueueStats{fields.whole("queueDepth"_L1, 0, largest), fields.number("processingRate"_L1),
                           fields.whole("pauseThreshold"_L1, 0, largest), fields.whole("resumeThreshold"_L1, 0, largest)};
}

Body readMetrics(HubFields &fields, const QJsonObject &)
{
    return hub::Metrics{fields.whole("messages_received"_L1, 0, largest),
                        fields.whole("messages_sent"_L1, 0, largest),
                        fields.whole("errors"_L1, 0, largest),
                        fields.whole("connections_opened"_L1, 0, largest),
                        fields.whole("connections_closed"_L1, 0, largest),
                        fields.time("windowStart"_L1),
                        fields.time("timestamp"_L1)};
}

Body readTokenRefreshed(HubFields &fields, const QJsonObject &)
{
    return hub::TokenRefreshed{HubSecret(fields.text("token"_L1, longestToken)), fields.time("expiresAt"_L1)};
}

Body readDisconnect(HubFields &fields, const QJsonObject &payload)
{
    hub::Disconnect body;
    body.acknowledged = payload.value("acknowledged"_L1).toBool();
    if (!body.acknowledged) {
        const QString reason = fields.text("reason"_L1, longestType);
        body.duplicate = reason == "duplicate_connection"_L1;
        body.reason = hubShownText(reason);
    }
    body.message = hubShownText(payload.value("message"_L1).toString());
    return body;
}

Body readError(HubFields &fields, const QJsonObject &payload)
{
    using Code = hub::Error::Code;
    hub::Error body;
    const QString code = fields.text("code"_L1, longestType);
    body.codeText = hubShownText(code);
    body.message = hubShownText(payload.value("message"_L1).toString());
    const QJsonObject details = payload.value("details"_L1).toObject();
    const double retryAfter = details.value("retryAfter"_L1).toDouble(0); // Seconds, whatever the documents say.
    if (retryAfter > 0)
        body.retryAfterMs = retryAfter * 1000 < double(longestRetryMs) ? qint64(retryAfter * 1000) : longestRetryMs;
    static const QHash<QString, Code> codes{{u"version_mismatch"_s, Code::VersionMismatch},
                                            {u"unauthorized"_s, Code::Unauthorized},
                                            {u"invalid_token"_s, Code::InvalidToken},
                                            {u"rate_limited"_s, Code::RateLimited},
                                            {u"message_too_large"_s, Code::MessageTooLarge},
                                            {u"BROADCAST_LIMIT_EXCEEDED"_s, Code::BroadcastLimit},
                                            {u"internal_error"_s, Code::Internal}};
    body.code = codes.value(code, Code::Other);
    if (body.code == Code::RateLimited && body.retryAfterMs == 0)
        body.code = Code::RegistryFull;
    return body;
}

using Reader = Body (*)(HubFields &, const QJsonObject &);

const QHash<QString, Reader> &readers()
{
    static const QHash<QString, Reader> all{
        {u"hub:connected"_s, readConnected},        {u"hub:heartbeat_ack"_s, readHeartbeatAck},
        {u"hub:registered"_s, readRegistered},      {u"hub:renewed"_s, readRenewed},
        {u"hub:actor_list"_s, readActorList},       {u"hub:discovered"_s, readDiscovered},
        {u"hub:delivery_ack"_s, readDeliveryAck},   {u"hub:unknown_actor"_s, readUnknownActor},
        {u"hub:broadcast_ack"_s, readBroadcastAck}, {u"hub:subscribed"_s, readSubscribed},
        {u"hub:published"_s, readPublished},        {u"hub:queue_stats_response"_s, readQueueStats},
        {u"hub:metrics_response"_s, readMetrics},   {u"hub:token_refreshed"_s, readTokenRefreshed},
        {u"hub:disconnect"_s, readDisconnect},      {u"hub:error"_s, readError},
    };
    return all;
}

/// How it came from another actor, or nothing if the hub itself speaks. The hub writes these marks last, over what the
/// sender wrote, so that a sender can add them but never take them away: any of them, whatever its value, is reason not
/// to trust.
std::optional<hub::Application::Way> wayOf(const QJsonObject &metadata)
{
    using Way = hub::Application::Way;
    if (metadata.contains("forwarded"_L1))
        return Way::Forwarded;
    if (metadata.contains("publication"_L1))
        return Way::Publication;
    if (metadata.contains("broadcast"_L1))
        return Way::Broadcast;
    return std::nullopt;
}

} // namespace

QString HubMessage::hubAddress()
{
    return u"@(cloudflare/signal-hub)"_s;
}

std::optional<HubMessage> HubMessage::read(QByteArrayView utf8, QString *problem)
{
    QString unheard;
    QString &why = problem ? *problem : unheard;
    why.clear();
    const auto wrong = [&why](const QString &text) {
        if (why.isEmpty())
            why = text;
        return std::nullopt;
    };
    if (utf8.size() > maxBytes)
        return wrong(tr("the message is larger than %1 MiB").arg(maxBytes / 1024 / 1024));
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromRawData(utf8.data(), utf8.size()), &error);
    if (error.error != QJsonParseError::NoError)
        return wrong(tr("the message is not JSON: %1").arg(error.errorString()));
    if (!document.isObject())
        return wrong(tr("the message is not a JSON object"));
    const QJsonObject object = document.object();

    HubMessage message;
    message.m_bytes = utf8.size();
    HubFields fields(object, &why);
    message.m_type = fields.text("type"_L1, longestType);
    if (!fields.isSound())
        return std::nullopt;
    if (message.m_type == "pong"_L1 && object.size() == 1) {
        message.m_body = hub::Pong{};
        return message;
    }
    message.m_id = fields.optionalText("id"_L1, maxAddress);
    message.m_from = fields.text("from"_L1, maxAddress);
    message.m_to = fields.optionalText("to"_L1, maxAddress); // Absent where the hub could not read whom it answers.
    message.m_correlationId = fields.optionalText("correlationId"_L1, maxAddress);
    message.m_timestamp = fields.optionalWhole("timestamp"_L1, 0, HubFields::latestMs);
    if (!fields.isSound())
        return std::nullopt;
    const QJsonValue metadataValue = object.value("metadata"_L1);
    if (!metadataValue.isUndefined() && !metadataValue.isNull() && !metadataValue.isObject())
        return wrong(tr("“%1” is not an object").arg("metadata"_L1));
    const QJsonObject metadata = metadataValue.toObject();
    if (const auto way = wayOf(metadata)) {
        hub::Application body;
        body.way = *way;
        if (*way == hub::Application::Way::Publication)
            body.topic = metadata.value("topic"_L1).toString().left(maxAddress);
        body.payload = object.contains("payload"_L1) ? object.value("payload"_L1) : QJsonValue(QJsonValue::Undefined);
        message.m_body = std::move(body);
        return message;
    }
    if (message.m_from != hubAddress())
        return wrong(tr("the message is neither from the hub nor marked as from an actor"));
    const Reader reader = readers().value(message.m_type);
    if (!reader) {
        message.m_body = hub::Unfamiliar{};
        return message;
    }
    const QJsonValue payloadValue = object.value("payload"_L1);
    if (!payloadValue.isObject())
        return wrong(tr("“%1” is not an object").arg("payload"_L1));
    const QJsonObject payload = payloadValue.toObject();
    HubFields payloadFields(payload, &why);
    message.m_body = reader(payloadFields, payload);
    if (!payloadFields.isSound())
        return std::nullopt;
    if (auto *connected = std::get_if<hub::Connected>(&message.m_body)) {
        const QString identity = metadata.value("actorIdentity"_L1).toString();
        if (identity.size() <= maxAddress)
            connected->identity = hubWithoutTokens(identity);
    }
    return message;
}

} // namespace pulsedeck
