// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubmessage.h"

namespace pulsedeck {

/// One message to the hub, before it has an id. A value; pure. Some hold a token: there is no text of it but the one
/// for the wire.
class HubRequest
{
public:
    static constexpr qsizetype maxBytes = 1'048'576; ///< UTF-8 bytes the hub takes; one more and it ends the session.
    static constexpr int pageLimit = 100;

    static QString protocolVersion() { return QStringLiteral("0.1.0"); }

    /// \a token may be empty: a hub without authentication.
    static HubRequest connectWith(const QStringList &capabilities, const HubSecret &token);
    static HubRequest heartbeat(qint64 nowMs);
    /// The hub cuts \a ttlSeconds to an hour.
    static HubRequest registerActor(const QString &address, const QStringList &capabilities, const QJsonObject &metadata,
                                    int ttlSeconds);
    /// Always for 300 s from now, also where more is left. The answer holds another token.
    static HubRequest renew(const HubSecret &renewalToken);
    static HubRequest unregister(const QString &address);
    static HubRequest listActors(int offset, int limit = pageLimit);
    /// \a pattern with * for anything; \a capability may be empty.
    static HubRequest discover(const QString &pattern, const QString &capability, int limit = pageLimit);
    /// To one actor, with an answer of the hub whether it was delivered; \a data may be undefined.
    static HubRequest ask(const QString &to, const QString &messageType, const QJsonValue &data);
    /// The same without any answer: an unknown actor is not reported.
    static HubRequest tell(const QString &to, const QString &messageType, const QJsonValue &data);
    static HubRequest broadcast(const QString &messageType, const QJsonValue &data, bool excludeSelf, const QString &capability);
    static HubRequest subscribe(const QString &topic);
    static HubRequest unsubscribe(const QString &topic);
    static HubRequest publish(const QString &topic, const QString &messageType, const QJsonValue &data);
    static HubRequest queueStats();
    static HubRequest metrics();
    static HubRequest refreshToken(const HubSecret &token);
    static HubRequest disconnect(const QString &reason);

    /// \a json, compact and sound, in place of the data of a message to others: as it is, byte for byte. Nothing if
    /// empty.
    void setExactData(const QByteArray &json);

    const QString &type() const { return m_type; }
    /// False for what the hub never answers: unregister, unsubscribe and tell.
    bool expectsAnswer() const { return m_answer != noAnswer; }
    /// Whether \a body is what the hub answers this with. Its errors answer everything.
    bool isAnsweredBy(const HubMessage::Body &body) const;
    /// The whole envelope as JSON in UTF-8.
    QByteArray toWire(const QString &id, const QString &from, qint64 nowMs) const;

private:
    static constexpr size_t noAnswer = size_t(-1);

    HubRequest(QLatin1StringView type, QJsonObject payload, size_t answer);

    QString m_type;
    QString m_to = HubMessage::hubAddress();
    QLatin1StringView m_pattern = QLatin1StringView("ask");
    QJsonObject m_payload;
    QByteArray m_exactData;
    QJsonObject m_metadata;
    size_t m_answer = noAnswer; ///< Index in HubMessage::Body.
    bool m_mayBeUnknown = false; ///< hub:unknown_actor answers it too.
};

} // namespace pulsedeck
