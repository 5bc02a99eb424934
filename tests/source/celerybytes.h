// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace pulsedeck {

/// Bytes as Celery 5.2.6 with kombu 5.2.4 writes them.
struct CeleryBytes
{
    /// "\x06\x16\x06\x16w1@h.celery.pidbox": as in the set of bindings.
    static QByteArray binding(const QByteArray &node) { return "\x06\x16\x06\x16" + node + ".celery.pidbox"; }

    static QJsonObject eventBody(const QByteArray &node, const QByteArray &type, int active = 0, int processed = 0)
    {
        return {{QStringLiteral("hostname"), QString::fromUtf8(node)},
                {QStringLiteral("utcoffset"), 0},
                {QStringLiteral("pid"), 4'711},
                {QStringLiteral("clock"), 12},
                {QStringLiteral("freq"), 2.0},
                {QStringLiteral("active"), active},
                {QStringLiteral("processed"), processed},
                {QStringLiteral("loadavg"), QJsonArray{0.1, 0.2, 0.3}},
                {QStringLiteral("sw_ident"), QStringLiteral("py-celery")},
                {QStringLiteral("sw_ver"), QStringLiteral("5.2.6")},
                {QStringLiteral("sw_sys"), QStringLiteral("Linux")},
                {QStringLiteral("timestamp"), 1'764'240'000.25},
                {QStringLiteral("type"), QString::fromLatin1("worker-" + type)}};
    }

    static QByteArray envelope(const QByteArray &body, bool encoded = true)
    {
        QJsonObject properties{{QStringLiteral("delivery_mode"), 1},
                               {QStringLiteral("priority"), 0},
                               {QStringLiteral("delivery_tag"), QStringLiteral("7c5b4b9c-0d7c-4a38-8ab3-6a1b1d4f9d4e")}};
        if (encoded)
            properties.insert(QStringLiteral("body_encoding"), QStringLiteral("base64"));
        return QJsonDocument(QJsonObject{{QStringLiteral("body"), QString::fromUtf8(encoded ? body.toBase64() : body)},
                                         {QStringLiteral("content-encoding"), QStringLiteral("utf-8")},
                                         {QStringLiteral("content-type"), QStringLiteral("application/json")},
                                         {QStringLiteral("headers"), QJsonObject()},
                                         {QStringLiteral("properties"), properties}})
            .toJson(QJsonDocument::Compact);
    }

    static QByteArray event(const QJsonObject &body) { return envelope(QJsonDocument(body).toJson(QJsonDocument::Compact)); }
    static QByteArray event(const QByteArray &node, const QByteArray &type, int active = 0, int processed = 0)
    {
        return event(eventBody(node, type, active, processed));
    }

    /// A message in msgpack, as where event_serializer was changed: its envelope is JSON, and its body is not.
    static QByteArray packed()
    {
        QJsonObject outer = QJsonDocument::fromJson(envelope(QByteArray::fromHex("82a4747970 65a1 78"))).object();
        outer.insert(QStringLiteral("content-type"), QStringLiteral("application/x-msgpack"));
        outer.insert(QStringLiteral("content-encoding"), QStringLiteral("binary"));
        return QJsonDocument(outer).toJson(QJsonDocument::Compact);
    }
};

} // namespace pulsedeck
