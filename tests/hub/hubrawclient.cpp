// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hub/hubrawclient.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QTest>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace pulsedeck {

HubRawClient::HubRawClient(const QString &from)
    : m_from(from)
{
    connect(&m_socket, &QWebSocket::textMessageReceived, this,
            [this](const QString &text) { m_messages.append(QJsonDocument::fromJson(text.toUtf8()).object()); });
}

bool HubRawClient::open(quint16 port, const QString &path)
{
    m_socket.open(QUrl(u"ws://127.0.0.1:%1%2"_s.arg(port).arg(path)));
    return QTest::qWaitFor([this] { return m_socket.state() == QAbstractSocket::ConnectedState; }, limitMs);
}

bool HubRawClient::join(quint16 port, const QString &token)
{
    if (!open(port))
        return false;
    QJsonObject metadata{{u"protocolVersion"_s, u"0.1.0"_s}, {u"capabilities"_s, QJsonArray{u"console"_s}}};
    if (!token.isEmpty())
        metadata.insert(u"authToken"_s, token);
    return ask(u"hub:connect"_s, QJsonObject(), metadata).value(u"type"_s) == u"hub:connected"_s;
}

QJsonObject HubRawClient::envelope(const QString &type, const QJsonValue &payload, const QJsonObject &metadata,
                                   const QString &pattern) const
{
    return {{u"id"_s, QUuid::createUuid().toString(QUuid::WithoutBraces)},
            {u"from"_s, m_from},
            {u"to"_s, u"@(cloudflare/signal-hub)"_s},
            {u"type"_s, type},
            {u"payload"_s, payload},
            {u"pattern"_s, pattern},
            {u"correlationId"_s, QJsonValue::Null},
            {u"timestamp"_s, QDateTime::currentMSecsSinceEpoch()},
            {u"metadata"_s, metadata},
            {u"ttl"_s, QJsonValue::Null},
            {u"signature"_s, QJsonValue::Null}};
}

QString HubRawClient::send(const QJsonObject &envelope)
{
    sendText(QJsonDocument(envelope).toJson(QJsonDocument::Compact));
    return envelope.value(u"id"_s).toString();
}

QJsonObject HubRawClient::ask(const QJsonObject &envelope)
{
    const QString id = send(envelope);
    return take([id](const QJsonObject &message) {
        return message.value(u"correlationId"_s) == id && !message.value(u"metadata"_s).toObject().contains(u"via"_s);
    });
}

QJsonObject HubRawClient::ask(const QString &type, const QJsonValue &payload, const QJsonObject &metadata, const QString &pattern)
{
    return ask(envelope(type, payload, metadata, pattern));
}

QJsonObject HubRawClient::take(const std::function<bool(const QJsonObject &)> &wanted)
{
    QJsonObject found;
    const bool came = QTest::qWaitFor(
        [&] {
            const auto message = std::find_if(m_messages.begin(), m_messages.end(), wanted);
            if (message == m_messages.end())
                return false;
            found = *message;
            m_messages.erase(message);
            return true;
        },
        limitMs);
    return came ? found : QJsonObject();
}

QJsonObject HubRawClient::takeType(const QString &type)
{
    return take([&type](const QJsonObject &message) { return message.value(u"type"_s) == type; });
}

bool HubRawClient::nothingCame()
{
    sendText(R"J({"type":"ping"})J");
    return !takeType(u"pong"_s).isEmpty() && m_messages.isEmpty();
}

bool HubRawClient::waitClosed()
{
    return QTest::qWaitFor([this] { return m_socket.state() == QAbstractSocket::UnconnectedState; }, limitMs);
}

QJsonObject HubRawClient::registerActor(const QString &address, const QStringList &capabilities, const QJsonValue &ttl)
{
    return ask(u"hub:register"_s, QJsonObject{{u"actorAddress"_s, address},
                                              {u"capabilities"_s, QJsonArray::fromStringList(capabilities)},
                                              {u"metadata"_s, QJsonObject()},
                                              {u"ttlSeconds"_s, ttl}});
}

QString errorOf(const QJsonObject &message)
{
    if (message.value(u"type"_s) != u"hub:error"_s)
        return u"no error: "_s + message.value(u"type"_s).toString();
    const QJsonObject payload = message.value(u"payload"_s).toObject();
    return payload.value(u"code"_s).toString() + u": "_s + payload.value(u"message"_s).toString();
}

} // namespace pulsedeck
