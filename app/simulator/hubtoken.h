// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <optional>

namespace pulsedeck::fleet {

constexpr qint64 msInSecond = 1'000;

/// JSON Web Tokens as a Signal Hub takes them: HS256, issuer "signal-hub", at most a day old. Pure.
class HubToken
{
public:
    /// \a claims signed with \a secret.
    static QByteArray sign(const QJsonObject &claims, const QByteArray &secret);
    /// A token for \a actorId ("desktop/console-1") as the hub's own tools make one. \a lifeSeconds may be negative:
    /// expired already.
    static QByteArray issue(const QString &actorId, const QByteArray &secret, qint64 nowMs, qint64 lifeSeconds = 3'600);
    /// The claims of a sound token, or nothing and the hub's words in \a problem. "Bearer " before it is allowed.
    static std::optional<QJsonObject> verify(const QString &token, const QByteArray &secret, qint64 nowMs, QString *problem);
};

} // namespace pulsedeck::fleet
