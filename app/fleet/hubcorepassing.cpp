// SPDX-License-Identifier: GPL-3.0-or-later
// How HubCore passes messages on: to one actor, to all, to the subscribers of a topic.
#include "app/fleet/hubcore.h"

#include <QUuid>

using namespace Qt::StringLiterals;

namespace pulsedeck::fleet {

namespace {

constexpr size_t mostTargets = 1'000;
constexpr int passedOnTtl = 30'000;
const QString hubAddress = u"@(cloudflare/signal-hub)"_s;

} // namespace

/// The sender's metadata with the hub's marks over it. Its correlationId is not carried.
QJsonObject HubCore::passedOn(const Request &request, const QString &to, const QString &type,
                              const QJsonObject &marks) const
{
    QJsonObject metadata = request.message.value("metadata"_L1).toObject();
    for (auto mark = marks.begin(); mark != marks.end(); ++mark)
        metadata.insert(mark.key(), mark.value());
    metadata.insert("via"_L1, hubAddress);
    QJsonObject message{{u"id"_s, QUuid::createUuid().toString(QUuid::WithoutBraces)},
                        {u"from"_s, request.message.value("from"_L1)},
                        {u"to"_s, to},
                        {u"type"_s, type},
                        {u"pattern"_s, u"tell"_s},
                        {u"correlationId"_s, QJsonValue::Null},
                        {u"timestamp"_s, m_clock.nowMs()},
                        {u"metadata"_s, metadata},
                        {u"ttl"_s, passedOnTtl},
                        {u"signature"_s, QJsonValue::Null}};
    const QJsonValue data = request.payload.toObject().value("data"_L1);
    if (!data.isUndefined())
        message.insert("payload"_L1, data);
    return message;
}

void HubCore::onSend(const Request &request)
{
    if (!hasPayload(request, u"to"_s))
        return;
    const QJsonObject payload = request.payload.toObject();
    QString to = payload.value("to"_L1).toString();
    if (to.isEmpty())
        to = request.message.value("to"_L1).toString();
    const QString type = payload.value("type"_L1).toString();
    if (type.isEmpty()) {
        refuse(request, u"internal_error"_s, u"type is required"_s);
        return;
    }
    const bool asked = request.message.value("pattern"_L1) == "ask"_L1;
    const HubActorEntry *actor = m_registry.find(to);
    const bool expired = actor && actor->isExpired(m_clock.nowMs());
    if (!actor || expired) {
        if (expired)
            m_registry.remove(to);
        if (asked) {
            answer(request, u"hub:unknown_actor"_s,
                   {{u"actorAddress"_s, to},
                    {u"message"_s,
                     expired ? u"Actor registration expired"_s : u"Actor not registered with Signal Hub"_s}});
        }
        return;
    }
    Session *target = sessionOf(*actor);
    if (!target) {
        refuse(request, u"internal_error"_s, u"Target actor connection not found"_s, {{u"retryable"_s, false}});
        return;
    }
    const QString id = request.message.value("id"_L1).toString();
    deliver(*target, passedOn(request, to, type, {{u"forwarded"_s, true}, {u"originalMessageId"_s, id}}));
    if (asked) {
        answer(request, u"hub:delivery_ack"_s,
               {{u"messageId"_s, id}, {u"deliveredAt"_s, m_clock.nowMs()}, {u"status"_s, u"delivered"_s}});
    }
}

void HubCore::onBroadcast(const Request &request)
{
    if (!hasPayload(request, u"type"_s))
        return;
    const QJsonObject payload = request.payload.toObject();
    const QString type = payload.value("type"_L1).toString();
    if (type.isEmpty()) {
        refuse(request, u"internal_error"_s, u"type is required"_s);
        return;
    }
    const QString capability = request.message.value("metadata"_L1).toObject().value("targetCapability"_L1).toString();
    const QString from = request.message.value("from"_L1).toString();
    const bool excludeSelf = payload.value("excludeSelf"_L1).toBool();
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
    for (const HubActorEntry *actor : targets) { // One copy for each actor, also where two share a socket.
        Session *target = sessionOf(*actor);
        if (!target)
            continue;
        QJsonObject copy = passedOn(request, actor->address, type, {{u"broadcast"_s, true}});
        copy.insert("correlationId"_L1, id);
        deliver(*target, copy);
        ++delivered;
    }
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
    if (!hasIdentity(request) || !hasPayload(request, u"topic"_s))
        return;
    const QString topic = request.payload.toObject().value("topic"_L1).toString();
    if (topic.isEmpty()) {
        refuse(request, u"internal_error"_s, u"topic is required"_s);
        return;
    }
    const QString identity = request.session.identity;
    const bool known = std::any_of(m_subscriptions.begin(), m_subscriptions.end(), [&](const Subscription &one) {
        return one.topic == topic && one.address == identity;
    });
    if (!known)
        m_subscriptions.push_back({topic, identity});
    const QString id = u"sub-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    answer(request, u"hub:subscribed"_s, {{u"topic"_s, topic}, {u"subscriptionId"_s, id}});
}

void HubCore::onUnsubscribe(const Request &request)
{
    if (!hasIdentity(request) || !hasPayload(request, u"topic"_s))
        return;
    const QString topic = request.payload.toObject().value("topic"_L1).toString();
    if (topic.isEmpty()) {
        refuse(request, u"internal_error"_s, u"topic is required"_s);
        return;
    }
    std::erase_if(m_subscriptions, [&](const Subscription &one) {
        return one.topic == topic && one.address == request.session.identity;
    });
}

void HubCore::onPublish(const Request &request)
{
    if (!hasPayload(request, u"topic"_s))
        return;
    const QJsonObject payload = request.payload.toObject();
    const QString topic = payload.value("topic"_L1).toString();
    const QString type = payload.value("type"_L1).toString();
    if (topic.isEmpty() || type.isEmpty()) {
        refuse(request, u"internal_error"_s, topic.isEmpty() ? u"topic is required"_s : u"type is required"_s);
        return;
    }
    int reached = 0;
    std::erase_if(m_subscriptions, [&](const Subscription &one) {
        if (one.topic != topic)
            return false;
        const HubActorEntry *actor = m_registry.find(one.address);
        if (!actor || actor->isExpired(m_clock.nowMs()))
            return true; // Silently.
        if (Session *target = sessionOf(*actor)) {
            QJsonObject copy = passedOn(request, one.address, type, {{u"topic"_s, topic}, {u"publication"_s, true}});
            copy.insert("correlationId"_L1, request.message.value("id"_L1));
            deliver(*target, copy);
            ++reached;
        }
        return false;
    });
    answer(request, u"hub:published"_s, {{u"topic"_s, topic}, {u"subscriberCount"_s, reached}});
}

} // namespace pulsedeck::fleet
