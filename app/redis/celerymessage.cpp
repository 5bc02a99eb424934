// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/celerymessage.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// The body of an envelope, decoded; undefined if it is none.
QJsonDocument bodyOf(const QJsonObject &envelope)
{
    if (envelope.value("content-type"_L1).toString() != "application/json"_L1)
        return {};
    const QByteArray body = envelope.value("body"_L1).toString().toUtf8();
    const bool encoded = envelope.value("properties"_L1).toObject().value("body_encoding"_L1).toString() == "base64"_L1;
    return QJsonDocument::fromJson(encoded ? QByteArray::fromBase64(body) : body);
}

bool isNode(const QByteArray &node)
{
    return !node.isEmpty() && node.size() <= CeleryMessage::longestNode && QUtf8StringView(node).isValidUtf8()
           && std::none_of(node.begin(), node.end(), [](char c) { return quint8(c) < 0x20 || quint8(c) == 0x7f; });
}

/// "cancel_consumer": as the worker's handlers are called.
bool isMethod(const QByteArray &method)
{
    return !method.isEmpty()
           && std::all_of(method.begin(), method.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

std::optional<CeleryEvent> eventOf(const QJsonObject &body)
{
    CeleryEvent event;
    const QString type = body.value("type"_L1).toString();
    if (type == "worker-online"_L1)
        event.kind = CeleryEvent::Kind::Online;
    else if (type == "worker-offline"_L1)
        event.kind = CeleryEvent::Kind::Offline;
    else if (type != "worker-heartbeat"_L1)
        return {};
    event.node = body.value("hostname"_L1).toString().toUtf8();
    if (!isNode(event.node))
        return {};
    const auto number = [&body](QLatin1StringView name, double none) {
        const double value = body.value(name).toDouble(none);
        return value >= 0 && value < 1e15 ? value : none;
    };
    event.at = qint64(number("timestamp"_L1, 0) * 1000);
    event.pid = qint64(number("pid"_L1, 0));
    event.frequency = std::clamp(number("freq"_L1, 2), 0.1, 3'600.0);
    event.active = qint32(qMin(number("active"_L1, -1), double(std::numeric_limits<qint32>::max())));
    event.processed = qint64(number("processed"_L1, -1));
    constexpr qsizetype longestVersion = 64;
    event.version = body.value("sw_ver"_L1).toString().left(longestVersion);
    return event;
}

} // namespace

std::optional<QList<CeleryEvent>> CeleryMessage::events(QByteArrayView message)
{
    if (message.size() > largest)
        return std::nullopt;
    const QJsonDocument envelope = QJsonDocument::fromJson(QByteArray::fromRawData(message.data(), message.size()));
    const QJsonDocument body = envelope.isObject() ? bodyOf(envelope.object()) : QJsonDocument();
    if (body.isNull())
        return std::nullopt;
    QList<CeleryEvent> found;
    if (body.isObject()) {
        if (const auto event = eventOf(body.object()))
            found.append(*event);
    }
    const QJsonArray several = body.array();
    for (const QJsonValue &one : several) {
        if (const auto event = eventOf(one.toObject()))
            found.append(*event);
    }
    return found;
}

QByteArray CeleryMessage::command(const QByteArrayList &nodes, const QByteArray &method, const QJsonObject &arguments,
                                  const std::optional<Reply> &reply, const QByteArray &deliveryTag)
{
    // An empty list would be for everybody, as none would.
    if (nodes.isEmpty() || nodes.size() > mostNodes || !std::all_of(nodes.begin(), nodes.end(), isNode) || !isMethod(method)
        || deliveryTag.isEmpty())
        return {};
    QJsonArray destination;
    for (const QByteArray &node : nodes)
        destination.append(QString::fromUtf8(node));
    // An answer without a place to go to is an error in the worker's log, and nothing here.
    if (reply && (reply->ticket.isEmpty() || reply->exchange.isEmpty() || reply->routingKey.isEmpty()))
        return {};
    QJsonObject body{{u"method"_s, QString::fromLatin1(method)},
                     {u"arguments"_s, arguments},
                     {u"destination"_s, destination},
                     {u"pattern"_s, QJsonValue::Null},
                     {u"matcher"_s, QJsonValue::Null}};
    if (reply) {
        body.insert(u"ticket"_s, QString::fromLatin1(reply->ticket));
        body.insert(u"reply_to"_s, QJsonObject{{u"exchange"_s, QString::fromUtf8(reply->exchange)},
                                               {u"routing_key"_s, QString::fromUtf8(reply->routingKey)}});
    }
    // All of these are read without a default by the worker: a message that lacks one ends it.
    const QJsonObject properties{
        {u"body_encoding"_s, u"base64"_s},
        {u"delivery_info"_s, QJsonObject{{u"exchange"_s, u"celery.pidbox"_s}, {u"routing_key"_s, QString()}}},
        {u"delivery_mode"_s, 2},
        {u"delivery_tag"_s, QString::fromLatin1(deliveryTag)},
        {u"priority"_s, 0}};
    const QJsonObject envelope{{u"body"_s, QString::fromLatin1(QJsonDocument(body).toJson(QJsonDocument::Compact).toBase64())},
                               {u"content-encoding"_s, u"utf-8"_s},
                               {u"content-type"_s, u"application/json"_s},
                               {u"headers"_s, QJsonObject{{u"clock"_s, 1}, {u"expires"_s, QJsonValue::Null}}},
                               {u"properties"_s, properties}};
    return QJsonDocument(envelope).toJson(QJsonDocument::Compact);
}

QJsonObject CeleryMessage::answer(QByteArrayView message, const QByteArray &ticket)
{
    if (message.size() > largest || ticket.isEmpty())
        return {};
    const QJsonObject envelope = QJsonDocument::fromJson(QByteArray::fromRawData(message.data(), message.size())).object();
    if (envelope.value("headers"_L1).toObject().value("ticket"_L1).toString().toLatin1() != ticket)
        return {};
    return bodyOf(envelope).object();
}

} // namespace pulsedeck
