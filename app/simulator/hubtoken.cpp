// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/hubtoken.h"

#include <QJsonDocument>
#include <QMessageAuthenticationCode>

using namespace Qt::StringLiterals;

namespace pulsedeck::fleet {

namespace {

constexpr qint64 oldestSeconds = 24 * 3'600;
constexpr auto encoding = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

QByteArray signatureOf(const QByteArray &signedPart, const QByteArray &secret)
{
    return QMessageAuthenticationCode::hash(signedPart, secret, QCryptographicHash::Sha256).toBase64(encoding);
}

std::optional<QJsonObject> decode(const QByteArray &part)
{
    const auto bytes = QByteArray::fromBase64Encoding(part, encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!bytes)
        return std::nullopt;
    const QJsonDocument document = QJsonDocument::fromJson(*bytes);
    return document.isObject() ? std::optional(document.object()) : std::nullopt;
}

} // namespace

QByteArray HubToken::sign(const QJsonObject &claims, const QByteArray &secret)
{
    const QJsonObject header{{u"alg"_s, u"HS256"_s}, {u"typ"_s, u"JWT"_s}};
    const QByteArray signedPart = QJsonDocument(header).toJson(QJsonDocument::Compact).toBase64(encoding) + '.'
                                  + QJsonDocument(claims).toJson(QJsonDocument::Compact).toBase64(encoding);
    return signedPart + '.' + signatureOf(signedPart, secret);
}

QByteArray HubToken::issue(const QString &actorId, const QByteArray &secret, qint64 nowMs, qint64 lifeSeconds)
{
    const qint64 now = nowMs / msInSecond;
    return sign({{u"iss"_s, u"signal-hub"_s},
                 {u"sub"_s, actorId},
                 {u"actorId"_s, actorId},
                 {u"iat"_s, now},
                 {u"exp"_s, now + lifeSeconds}},
                secret);
}

std::optional<QJsonObject> HubToken::verify(const QString &token, const QByteArray &secret, qint64 nowMs, QString *problem)
{
    const auto wrong = [problem](const QString &text) {
        *problem = text;
        return std::nullopt;
    };
    QString bare = token;
    if (bare.startsWith("Bearer "_L1))
        bare.remove(0, 7);
    const QList<QByteArray> parts = bare.toUtf8().split('.');
    if (parts.size() != 3)
        return wrong(u"JWT validation failed: Invalid Compact JWS"_s);
    const auto header = decode(parts[0]);
    if (!header || header->value("alg"_L1) != "HS256"_L1)
        return wrong(u"JWT validation failed: Invalid Compact JWS"_s);
    if (signatureOf(parts[0] + '.' + parts[1], secret) != parts[2])
        return wrong(u"JWT signature verification failed"_s);
    const auto claims = decode(parts[1]);
    if (!claims)
        return wrong(u"JWT validation failed: Invalid Compact JWS"_s);
    if (claims->value("iss"_L1) != "signal-hub"_L1)
        return wrong(u"JWT claim validation failed: unexpected \"iss\" claim value"_s);
    const QJsonValue issued = claims->value("iat"_L1);
    if (!issued.isDouble())
        return wrong(u"JWT claim validation failed: missing required \"iat\" claim"_s);
    const double now = double(nowMs) / double(msInSecond);
    const QJsonValue expires = claims->value("exp"_L1);
    if ((expires.isDouble() && expires.toDouble() <= now) || now - issued.toDouble() > double(oldestSeconds))
        return wrong(u"JWT token has expired"_s);
    if (!claims->value("sub"_L1).isString() || !claims->value("actorId"_L1).isString())
        return wrong(u"JWT missing required claims (sub, actorId)"_s);
    return claims;
}

} // namespace pulsedeck::fleet
